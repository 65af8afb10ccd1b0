package wasi

import (
	"bytes"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

func TestRunRepliesAsWrittenInCandid(t *testing.T) {
	s := start(t)
	run(t, s, unhex(t, golden), func() {
		want(t, "fd_write", write(t, s, 2, "e"), abi.ErrnoSuccess)
		want(t, "fd_write", write(t, s, 1, "ok"), abi.ErrnoSuccess)
		s.CommandProcExit(7)
	})
	ran(t)
	want := unhex(t, "4449444c 02 6c03 a2cdb03f01 cbffce3f01 ae92b5eb0679 6d7b 01 00 01 65 02 6f6b 07000000")
	if !bytes.Equal(Platform.Reply, want) {
		t.Errorf("reply\n% x, want\n% x", Platform.Reply, want)
	}
	if !Platform.Unwinding {
		t.Error("proc_exit did not raise the unwinding flag")
	}
}

func TestRunStartsAfresh(t *testing.T) {
	s := start(t)
	for range 2 {
		instantiated := false
		Platform.Instantiate = func() { instantiated = true }
		run(t, s, unhex(t, golden), func() {
			if Platform.Unwinding || !instantiated {
				t.Error("the program began while unwinding or without its initial state")
			}
			if text, _ := read(t, s, 0, 100); text != "hi\n" {
				t.Errorf("standard input %q", text)
			}
			want(t, "fd_close", s.FdClose(0), abi.ErrnoSuccess)
			want(t, "fd_write", write(t, s, 1, "x"), abi.ErrnoSuccess)
			s.CommandProcExit(3)
		})
		if code, out, _ := result(t); code != 3 || out != "x" {
			t.Errorf("code %d, output %q", code, out)
		}
	}
}

func TestRunDoesNotStartAProgramThatExitedWhileInstantiated(t *testing.T) {
	s := start(t)
	Platform.Instantiate = func() { s.CommandProcExit(5) }
	run(t, s, unhex(t, golden), func() { t.Error("_start ran") })
	if code, _, _ := result(t); code != 5 {
		t.Errorf("code %d", code)
	}
}

func TestRunRejects(t *testing.T) {
	for _, test := range []struct{ name, message, want string }{
		{"nothing", "", "the argument ends early"},
		{"magic", "4449444d 00 00", "the argument is not Candid"},
		{"no arguments", "4449444c 00 00", "expected (vec text, blob, vec record { text; text })"},
		{"two arguments", "4449444c 02 6d71 6d7b 02 00 01 00 00", "expected (vec text, blob, vec record { text; text })"},
		{"args of nat", "4449444c 03 6d7d 6d7b 6d6f 03 00 01 02 00 00 00", "args is not a vec text"},
		{"args a text", "4449444c 02 6d7b 6d6f 03 71 00 01 00 00 00", "args is not a vec text"},
		{"stdin of text", "4449444c 02 6d71 6d6f 03 00 00 01 00 00 00", "stdin is not a blob"},
		{"env of text", "4449444c 02 6d71 6d7b 03 00 01 00 00 00 00", "env is not a vec record { text; text }"},
		{"env of one field", "4449444c 04 6d71 6d7b 6d03 6c01 0071 03 00 01 02 00 00 00", "env is not a vec record { text; text }"},
		{"env of nat field", "4449444c 04 6d71 6d7b 6d03 6c02 0071 017d 03 00 01 02 00 00 00", "env is not a vec record { text; text }"},
		{"fields out of order", "4449444c 04 6d71 6d7b 6d03 6c02 0171 0071 03 00 01 02 00 00 00", "a record's fields are out of order"},
		{"field twice", "4449444c 04 6d71 6d7b 6d03 6c02 0071 0071 03 00 01 02 00 00 00", "a record's fields are out of order"},
		{"a value of empty", "4449444c 02 6d6f 6d7b 03 00 01 00 01 00 00", "a value has the type empty"},
		{"type index", "4449444c 01 6d05 03 00 00 00 00 00 00", "a type is out of range"},
		{"primitive in the table", "4449444c 01 71 03 00 00 00 00 00 00", "a type is unknown"},
		{"too many types", "4449444c 8102", "the argument has too many types"},
		{"huge count of types", "4449444c ffffffffff0f", "a number is out of range"},
		{"huge count of texts", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 ffffffff0f", "the argument ends early"},
		{"huge text", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 01 ffffffff0f", "the argument ends early"},
		{"huge stdin", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 00 ffffffff0f", "the argument ends early"},
		{"not UTF-8", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 01 02 c080 00 00", "a text is not UTF-8"},
		{"cut UTF-8", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 01 01 c3 00 00", "a text is not UTF-8"},
		{"NUL", "4449444c 03 6d71 6d7b 6d6f 03 00 01 02 01 01 00 00 00", "a text holds a character that it must not"},
		{"no name", "4449444c 04 6d71 6d7b 6d03 6c02 0071 0171 03 00 01 02 00 00 01 00 00", "a variable has no name"},
		{"equals in a name", "4449444c 04 6d71 6d7b 6d03 6c02 0071 0171 03 00 01 02 00 00 01 01 3d 00", "a text holds a character that it must not"},
		{"bytes behind", golden + "00", "bytes follow the last value"},
		{"cut", golden[:len(golden)-2], "the argument ends early"},
		{"space bomb", "4449444c 04 6d71 6d7b 6d6f 6d7f 04 00 01 02 03 00 00 00 ffffffff0f", "the argument has too many values"},
		{"endless type", "4449444c 04 6d71 6d7b 6d6f 6c01 0003 04 00 01 02 03 00 00 00", "the argument has too many values"},
		{"opaque reference", "4449444c 03 6d71 6d7b 6d6f 04 00 01 02 68 00 00 00 00", "a reference is opaque"},
		{"boolean", "4449444c 03 6d71 6d7b 6d6f 04 00 01 02 7e 00 00 00 02", "a boolean is neither 0 nor 1"},
		{"variant index", "4449444c 04 6d71 6d7b 6d6f 6b01 007f 04 00 01 02 03 00 00 00 01", "a variant's index is out of range"},
		{"option", "4449444c 04 6d71 6d7b 6d6f 6e7f 04 00 01 02 03 00 00 00 02", "an option is neither 0 nor 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t)
			run(t, s, unhex(t, test.message), func() { t.Error("the program ran") })
			if got := Platform.Rejection; got != "icsplice: "+test.want || Platform.Replied {
				t.Errorf("rejection %q, want %q", got, test.want)
			}
		})
	}
}

// Arguments behind the third are walked by their type and not used; a record may
// have more fields than expected.
func TestRunTakesSubtypes(t *testing.T) {
	for _, test := range []struct{ name, message string }{
		{"more arguments", "4449444c 0b 6d71 6d7b 6d03 6c02 0071 0171" +
			"6e71 6b02 007f 0171 6a 01 71 00 01 01 69 01 03 616263 06 6c02 0004 017c 67 02 ffff 6d7e" +
			"0d 00 01 02 04 05 06 07 08 09 0a 68 74 7f" +
			"02 04 70726f67 02 2d78 03 68690a 01 01 41 01 31" +
			"01 01 7a" + "01 01 79" + "01 01 02 aabb 01 6d" + "01 01 cc" + "00 ff7f" + "01 00 ee" + "02 00 01" +
			"01 01 cc" + "0102030405060708"},
		{"more fields", "4449444c 05 6d71 6d7b 6d03 6c04 0071 0171 027c 0304 6e71 03 00 01 02" +
			"02 04 70726f67 02 2d78 03 68690a 01 01 41 01 31 ff7f 01 01 7a"},
		{"padded numbers", "4449444c 8400 6d71 6d7b 6d8300 6c02 0071 0171 8300 00 01 02" +
			"8200 04 70726f67 02 2d78 8300 68690a 8100 01 41 01 31"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t)
			run(t, s, unhex(t, test.message), func() {
				if got := argv(t, s); got != "prog|-x" {
					t.Errorf("arguments %q", got)
				}
				if got := environ(t, s); got != "A=1" {
					t.Errorf("environment %q", got)
				}
			})
			ran(t)
		})
	}
}

func TestRunAsksForAController(t *testing.T) {
	s := start(t)
	Platform.Caller = []byte{4}
	run(t, s, unhex(t, golden), func() { t.Error("the program ran") })
	if !strings.Contains(Platform.Rejection, "controller") || Platform.Replied {
		t.Errorf("rejection %q", Platform.Rejection)
	}
	Platform.Public = true
	run(t, s, unhex(t, golden), func() {})
	ran(t)
}

func TestLibraryEntryPoints(t *testing.T) {
	s := start(t)
	var order []string
	note := func(name string) func() { return func() { order = append(order, name) } }
	Platform.Initialize, Platform.Init, Platform.PostUpgrade = note("initialize"), note("init"), note("post_upgrade")
	Platform.StartSection = note("start")
	s.LibraryInit()
	s.LibraryPostUpgrade()
	if got := strings.Join(order, " "); got != "start initialize init start initialize post_upgrade" {
		t.Errorf("order %q", got)
	}
}

func FuzzRunArgument(f *testing.F) {
	f.Fuzz(func(t *testing.T, message []byte) {
		s := start(t)
		ranProgram := false
		run(t, s, message, func() {
			ranProgram = true
			argv(t, s)
			environ(t, s)
			for {
				text, errno := read(t, s, 0, 4096)
				want(t, "fd_read", errno, abi.ErrnoSuccess)
				if text == "" {
					break
				}
			}
		})
		if ranProgram == (Platform.Rejection != "") || ranProgram != Platform.Replied {
			t.Errorf("ran %v, replied %v, rejection %q", ranProgram, Platform.Replied, Platform.Rejection)
		}
	})
}
