package fuzz

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/icsplice/icsplice/abi"
)

// faults are the answers that refuse a call for what its arguments show, whatever
// the files are: for each fault the errnos of the specification and of POSIX, and
// other words that engines have for the same.
func (k *kinds) faults(c *Call) []string {
	var list []string
	f := &functions[c.Op]
	for i := range f.shapes {
		switch s, a := &f.shapes[i], &c.Args[i]; {
		case s.fd:
			list = append(list, k.descriptorFaults(f.name, a)...)
		case s.kind == Text:
			list = append(list, textFaults(f.name == "path_symlink" && s.name == "old_path", a)...)
		case s.kind == Number:
			list = append(list, numberFaults(s, a.Num)...)
		}
	}
	return list
}

// descriptorFaults are those of a descriptor that is closed, or of another kind
// than the function works on. Rights are of the kind: specification, rights.
func (k *kinds) descriptorFaults(function string, a *Arg) []string {
	kind := "" // also of a number, which is beyond those of open ones
	if a.Kind == Register {
		kind, _, _ = strings.Cut(k.of[a.Num], "+")
	}
	folder := kind == "root" || kind == "directory"
	switch {
	case kind == "":
		return []string{"badf"}
	case strings.HasPrefix(function, "sock_"):
		return []string{"notsock", "badf", "notcapable"}
	case !folder && (strings.HasPrefix(function, "path_") || function == "fd_readdir" || function == "list"):
		return []string{"notdir", "badf", "notcapable", "acces"}
	case folder && (places[function] || transfers[function]):
		return []string{"isdir", "badf", "notcapable", "acces"}
	case strings.HasPrefix(kind, "std") && places[function]:
		return []string{"spipe", "inval", "badf", "notcapable", "acces"}
	}
	return nil
}

var (
	// places are functions of files that have places, and transfers those of what
	// is read or written.
	places = map[string]bool{
		"fd_seek": true, "fd_tell": true, "fd_pread": true, "fd_pwrite": true, "fd_allocate": true,
		"fd_advise": true, "fd_filestat_set_size": true,
	}
	transfers = map[string]bool{"fd_read": true, "fd_write": true}
)

// maxName and maxPath are the lengths that every host has room for, in bytes.
const (
	maxName = 255
	maxPath = 4095
)

// textFaults are those of a path, or of the target of a link, which may lead out
// as long as nobody follows it.
func textFaults(target bool, a *Arg) []string {
	if a.Ptr.Kind != Chosen {
		return nil // whatever stands there
	}
	var list []string
	if bytes.IndexByte(a.Text, 0) >= 0 {
		list = append(list, "inval")
	}
	if !utf8.Valid(a.Text) {
		list = append(list, "ilseq", "inval")
	}
	if len(a.Text) == 0 {
		return append(list, "noent", "inval")
	}
	parts := strings.Split(string(a.Text), "/")
	if len(a.Text) > maxPath || !target && slices.ContainsFunc(parts, func(p string) bool { return len(p) > maxName }) {
		list = append(list, "nametoolong")
	}
	if parts[0] == "" || !target && leavesAtOnce(parts) {
		list = append(list, "notcapable", "perm")
	}
	return list
}

// leavesAtOnce says that nothing but dots stands before the first dot dot: no link
// can make it lead anywhere else.
func leavesAtOnce(parts []string) bool {
	for _, p := range parts {
		if p != "." && p != "" {
			return p == ".."
		}
	}
	return false
}

// numberFaults are those of places beyond the largest, of bits and of values that
// mean nothing, and of times that are to be set twice.
func numberFaults(s *shape, n uint64) []string {
	const both = uint64(abi.FstflagAtim | abi.FstflagAtimNow)
	const last = uint64(abi.FstflagMtim | abi.FstflagMtimNow)
	switch {
	case !s.signed && n > 1<<63-1 && (s.name == "offset" || s.name == "len" || s.name == "size"):
		return []string{"inval", "fbig"}
	case s.enum && n >= uint64(len(s.names)):
		return []string{"inval"}
	case !s.enum && len(s.names) > 0 && n>>len(s.names) != 0:
		return []string{"inval", "notcapable"}
	case s.name == "fstflags" && (n&both == both || n&last == last):
		return []string{"inval"}
	}
	return nil
}

// ofFiles are the answers that the files and the rights of descriptors may ask for.
var ofFiles = map[string]bool{
	"noent": true, "notdir": true, "isdir": true, "exist": true, "notempty": true, "loop": true,
	"nametoolong": true, "notcapable": true, "badf": true,
}

// eitherFault says that a call was refused twice for one of its faults, of which
// the arguments show at least one, and the files may have the other.
func eitherFault(shown []string, ours, theirs string) bool {
	a, b := slices.Contains(shown, ours), slices.Contains(shown, theirs)
	return a && (b || ofFiles[theirs]) || b && ofFiles[ours]
}
