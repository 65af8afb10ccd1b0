package fuzz

import (
	"strings"

	"github.com/icsplice/icsplice/abi"
)

// shape is one argument of a call as a script writes it. It stands for one
// parameter of the function, or for an address and the length behind it.
type shape struct {
	name  string
	kind  ArgKind // Number also for descriptors and cookies, see fd and cookie
	param int     // of the address or number
	size  int     // of the length, -1 if there is none

	fd, cookie bool
	signed     bool
	write      bool     // Vectors whose text is written
	room       uint32   // of Out, bytes
	names      []string // of the bits or, where enum, of the values
	enum       bool
}

// The driver's own steps, and functions that the code names.
var (
	opList = Op(len(abi.Preview1))
	opTrap = opList + 1
	opSpin = opList + 2
)

type function struct {
	name   string
	shapes []shape
	params int
	opens  bool // gives a descriptor
}

var functions = makeFunctions()

var opByName = func() map[string]Op {
	m := map[string]Op{}
	for i, f := range functions {
		m[f.name] = Op(i)
	}
	return m
}()

// op finds a function that must exist.
func op(name string) Op {
	o, ok := opByName[name]
	if !ok {
		panic("BUG: no function " + name)
	}
	return o
}

// listUnlink is the mode of the step list that removes each entry.
const listUnlink = 1

func makeFunctions() []function {
	var list []function
	for i := range abi.Preview1 {
		list = append(list, makeFunction(&abi.Preview1[i]))
	}
	number := func(name string, param int) shape { return shape{name: name, param: param, size: -1} }
	fd := number("fd", 0)
	fd.fd = true
	mode := number("mode", 2)
	mode.names, mode.enum = []string{"read", "unlink"}, true
	return append(list,
		function{name: "list", params: 3, shapes: []shape{fd, number("buf_len", 1), mode}},
		function{name: "trap"},
		function{name: "spin"})
}

func makeFunction(f *abi.Function) function {
	out := function{name: f.Name, params: len(f.Params), opens: f.Name == "path_open" || f.Name == "sock_accept"}
	lengths := map[int]bool{}
	for i, p := range f.Params {
		if lengths[i] {
			continue
		}
		s := shape{name: p.Name, param: i, size: -1}
		s.describe(f, p)
		if s.kind == Text || s.kind == Buffer || s.kind == Vectors || s.kind == Subscriptions {
			s.size = i + 1
			if s.kind == Subscriptions {
				s.size = i + 2
			}
			lengths[s.size] = true
		}
		out.shapes = append(out.shapes, s)
	}
	return out
}

func (s *shape) describe(f *abi.Function, p abi.Param) {
	switch {
	case p.Kind == abi.Out && (p.Name == "buf" || p.Name == "path") && f.Name != "fd_filestat_get" &&
		f.Name != "path_filestat_get" && f.Name != "fd_prestat_get":
		s.kind = Buffer
	case p.Kind == abi.Out:
		s.kind, s.room = Out, room(f.Name, p.Name)
	case p.Name == "iovs":
		s.kind = Vectors
		s.write = strings.HasSuffix(f.Name, "write") || f.Name == "sock_send"
	case p.Name == "in":
		s.kind = Subscriptions
	case p.Kind == abi.In:
		s.kind = Text
	case p.Name == "fd", p.Name == "dirfd", p.Name == "old_fd", p.Name == "new_fd", p.Name == "from", p.Name == "to":
		s.fd = true
	default:
		s.cookie = p.Name == "cookie"
		s.signed = f.Name == "fd_seek" && p.Name == "offset"
		s.names, s.enum = symbols[p.Name], enums[p.Name]
	}
}

// room is how many bytes a function writes at an address at most.
func room(function, param string) uint32 {
	switch param {
	case "stat":
		return abi.FdstatSize
	case "buf":
		if function == "fd_prestat_get" {
			return abi.PrestatSize
		}
		return abi.FilestatSize
	case "res", "time", "newoffset", "offset":
		return 8
	case "argv", "argv_buf", "environ", "environ_buf":
		return 256
	case "out":
		return maxSubs * abi.EventSize
	case "roflags":
		return 2
	}
	return 4
}

// maxSubs is the most subscriptions of one poll_oneoff whose events have room.
const maxSubs = 8

var enums = map[string]bool{"whence": true, "id": true, "advice": true}

var rightNames = strings.Fields(`fd_datasync fd_read fd_seek fd_fdstat_set_flags fd_sync fd_tell fd_write fd_advise
	fd_allocate path_create_directory path_create_file path_link_source path_link_target path_open fd_readdir
	path_readlink path_rename_source path_rename_target path_filestat_get path_filestat_set_size
	path_filestat_set_times fd_filestat_get fd_filestat_set_size fd_filestat_set_times path_symlink
	path_remove_directory path_unlink_file poll_fd_readwrite sock_shutdown sock_accept`)

// rightSets are names of sets of rights, the largest first: all that there are,
// those that are not about sockets, and those of them that a folder may have.
var rightSets = []struct {
	name   string
	rights abi.Rights
}{{"all", abi.RightsAll}, {"most", mostRights}, {"folder", folderRights}}

const (
	mostRights   = abi.RightsAll &^ (abi.RightSockShutdown | abi.RightSockAccept)
	folderRights = mostRights &^ (abi.RightFdDatasync | abi.RightFdRead | abi.RightFdSeek | abi.RightFdTell |
		abi.RightFdWrite | abi.RightFdAllocate | abi.RightFdFilestatSetSize)
)

var symbols = map[string][]string{
	"lookupflags":       {"follow"},
	"old_lookupflags":   {"follow"},
	"oflags":            {"creat", "directory", "excl", "trunc"},
	"fdflags":           {"append", "dsync", "nonblock", "rsync", "sync"},
	"fstflags":          {"atim", "atim_now", "mtim", "mtim_now"},
	"rights_base":       rightNames,
	"rights_inheriting": rightNames,
	"base":              rightNames,
	"inheriting":        rightNames,
	"whence":            {"set", "cur", "end"},
	"id":                {"realtime", "monotonic", "process_cputime", "thread_cputime"},
	"advice":            {"normal", "sequential", "random", "willneed", "dontneed", "noreuse"},
}
