package wasi

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// Addresses in the program's memory that the tests use.
const (
	memorySize = 1 << 20
	iovsAt     = 0x1000
	dataAt     = 0x2000
	pathAt     = 0x8000
	outAt      = 0xf001 // not aligned: programs need not align
	beyond     = memorySize - 1
)

const testTime = 1_700_000_000_000_000_000

// start gives a fresh System over a fresh host.
func start(t *testing.T) *System {
	t.Helper()
	Platform = Host{
		Memory:      make([]byte, memorySize),
		Caller:      []byte{1, 2, 3},
		Self:        []byte{9, 9, 1, 1},
		Controllers: [][]byte{{1, 2, 3}},
		Time:        testTime,
		Step:        10,
		ReplyLimit:  2 << 20,
		Preopens:    "/\x00",
		NoFiles:     true,
	}
	return new(System)
}

func want(t *testing.T, what string, got, errno abi.Errno) {
	t.Helper()
	if got != errno {
		t.Fatalf("%s: got %v, want %v", what, got, errno)
	}
}

func peek32(p uint32) uint32 { return binary.LittleEndian.Uint32(Platform.Memory[p:]) }

func peek64(p uint32) uint64 { return binary.LittleEndian.Uint64(Platform.Memory[p:]) }

func poke(p uint32, s string) { copy(Platform.Memory[p:], s) }

// iovec puts vectors at iovsAt and gives their count.
func iovec(pairs ...uint32) uint32 {
	for i, v := range pairs {
		binary.LittleEndian.PutUint32(Platform.Memory[iovsAt+4*i:], v)
	}
	return uint32(len(pairs) / 2)
}

// write prints s through fd_write.
func write(t *testing.T, s *System, fd uint32, text string) abi.Errno {
	t.Helper()
	poke(dataAt, text)
	return s.FdWrite(fd, iovsAt, iovec(dataAt, uint32(len(text))), outAt)
}

// read reads n bytes through fd_read.
func read(t *testing.T, s *System, fd, n uint32) (string, abi.Errno) {
	t.Helper()
	errno := s.FdRead(fd, iovsAt, iovec(dataAt, n), outAt)
	if errno != abi.ErrnoSuccess {
		return "", errno
	}
	return string(Platform.Memory[dataAt : dataAt+peek32(outAt)]), errno
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// golden is the message ({"prog"; "-x"}, "hi\n", {("A", "1")}).
const golden = "4449444c 04 6d71 6d7b 6d03 6c02 0071 0171 03 00 01 02" +
	"02 04 70726f67 02 2d78 03 68690a 01 01 41 01 31"

// run runs body as the program of command mode.
func run(t *testing.T, s *System, message []byte, body func()) {
	t.Helper()
	Platform.Argument = message
	Platform.Start = body
	Platform.Reply, Platform.Replied, Platform.Rejection = nil, false, ""
	s.CommandRun()
}

func ran(t *testing.T) {
	t.Helper()
	if !Platform.Replied || Platform.Rejection != "" {
		t.Fatalf("no reply; rejection %q", Platform.Rejection)
	}
}

// result takes a reply apart.
func result(t *testing.T) (code uint32, out, errs string) {
	t.Helper()
	ran(t)
	b := []byte(strings.TrimPrefix(string(Platform.Reply), replyHeader))
	if len(b) == len(Platform.Reply) {
		t.Fatalf("reply % x has another header", Platform.Reply)
	}
	var parts [2]string
	for i := range parts {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)-k) {
			t.Fatalf("reply % x is cut", Platform.Reply)
		}
		parts[i], b = string(b[k:k+int(n)]), b[k+int(n):]
	}
	if len(b) != 4 {
		t.Fatalf("reply % x ends with % x", Platform.Reply, b)
	}
	return binary.LittleEndian.Uint32(b), parts[1], parts[0]
}
