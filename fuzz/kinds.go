package fuzz

import (
	"strings"

	"github.com/icsplice/icsplice/abi"
)

// kinds follows what is behind each register, as the canister told it.
type kinds struct{ of [registers]string }

func (k *kinds) begin() {
	k.of = [registers]string{"stdin", "stdout", "stderr", "root"}
}

// annotate is a call's line with the kind of descriptor behind each register,
// "r4:file"; "closed" where there is none. Once a folder or a link was renamed or
// removed, what a folder was opened by may be another's: each is "directory+moved"
// then. A file that is
// appended to is "file+append".
func (k *kinds) annotate(c *Call) string {
	f := &functions[c.Op]
	b := append([]byte(nil), f.name...)
	for i := range f.shapes {
		b = append(b, ' ')
		b = c.Args[i].append(b, &f.shapes[i])
		if c.Args[i].Kind == Register {
			kind := k.of[c.Args[i].Num]
			if kind == "" {
				kind = "closed"
			}
			b = append(append(b, ':'), kind...)
		}
	}
	return string(b)
}

// appends notes whether writes of a file append to it.
func (k *kinds) appends(r, flags uint64) {
	kind, _, _ := strings.Cut(k.of[r], "+")
	if kind == "file" && flags&uint64(abi.FdflagAppend) != 0 {
		kind += "+append"
	}
	k.of[r] = kind
}

// follow takes note of what a call opened, closed or moved.
func (k *kinds) follow(c *Call, answer string) {
	if !strings.HasPrefix(answer, "success") {
		return
	}
	switch name := functions[c.Op].name; name {
	case "path_open":
		_, k.of[c.Reg], _ = strings.Cut(answer, " ")
		k.appends(uint64(c.Reg), c.Args[6].Num)
	case "fd_fdstat_set_flags":
		if a := c.Args[0]; a.Kind == Register {
			k.appends(a.Num, c.Args[1].Num)
		}
	case "path_rename", "path_remove_directory", "path_unlink_file", "list":
		if name == "list" && c.Args[2].Num != listUnlink {
			return
		}
		for r := range k.of {
			if k.of[r] == "directory" {
				k.of[r] = "directory+moved"
			}
		}
	case "fd_close":
		if a := c.Args[0]; a.Kind == Register {
			k.of[a.Num] = ""
		}
	case "fd_renumber":
		from, to := c.Args[0], c.Args[1]
		if from.Kind == Register && to.Kind == Register && from.Num != to.Num {
			k.of[to.Num] = "" // the register from holds the number of to now
		}
	}
}
