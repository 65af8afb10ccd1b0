package candid

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unhex reads hexadecimal digits and ignores the space between them.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFieldID(t *testing.T) {
	for name, want := range map[string]uint32{
		"exit_code": 1835878702, "stdout": 133414859, "stderr": 132916898,
		"args": 1081380189, "stdin": 2215490376, "env": 5047277, "": 0,
	} {
		if got := FieldID(name); got != want {
			t.Errorf("FieldID(%q) = %d, want %d", name, got, want)
		}
	}
}

func TestEncodeRun(t *testing.T) {
	tests := []struct {
		name  string
		args  []string
		stdin string
		env   []EnvVar
		want  string
	}{
		{"all", []string{"prog", "-x"}, "hi\n", []EnvVar{{"A", "1"}},
			"4449444c 04 6d71 6d7b 6d03 6c02 0071 0171 03 00 01 02 02 04 70726f67 02 2d78 03 68690a 01 01 41 01 31"},
		{"nothing", nil, "", nil,
			"4449444c 04 6d71 6d7b 6d03 6c02 0071 0171 03 00 01 02 00 00 00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := EncodeRun(tt.args, []byte(tt.stdin), tt.env)
			if want := unhex(t, tt.want); !bytes.Equal(got, want) {
				t.Errorf("got  %x\nwant %x", got, want)
			}
		})
	}
}

func TestEncodeRunLongLengths(t *testing.T) {
	got := EncodeRun([]string{strings.Repeat("a", 300)}, make([]byte, 128), nil)
	value := got[len(magic)+len(runTypes):]
	if !bytes.HasPrefix(value, []byte{1, 0xac, 0x02, 'a'}) {
		t.Errorf("argument of 300 bytes begins with %x", value[:4])
	}
	if !bytes.HasPrefix(value[1+2+300:], []byte{0x80, 0x01, 0}) {
		t.Errorf("standard input of 128 bytes begins with %x", value[303:306])
	}
}

const (
	// stderr "e", stdout "ok", exit_code 7 in two orders of the type table.
	reply      = "4449444c 02 6c03 a2cdb03f 01 cbffce3f 01 ae92b5eb06 79 6d7b 01 00 01 65 02 6f6b 07000000"
	replyOther = "4449444c 02 6d7b 6c03 a2cdb03f 00 cbffce3f 00 ae92b5eb06 79 01 01 01 65 02 6f6b 07000000"
)

func TestDecodeRunReply(t *testing.T) {
	want := &RunReply{ExitCode: 7, Stdout: []byte("ok"), Stderr: []byte("e")}
	tests := []struct{ name, msg string }{
		{"plain", reply},
		{"other order of types", replyOther},
		{"padded lengths", strings.Replace(reply, "02 6f6b", "8200 6f6b", 1)},
		{"extra argument", strings.Replace(reply, "01 00 01 65", "02 00 71 01 65", 1) + "0161"},
		{"extra fields of each kind",
			"4449444c 09" +
				"6c0e 00 02 01 03 02 04 03 05 04 06 05 07 06 7e 07 7d 08 75 09 68 0a 08 a2cdb03f 01 cbffce3f 01 ae92b5eb06 79" +
				"6d7b 6e71 6d7f 6b02 00 71 01 7f 6a 00 00 01 01 69 01 01 61 05 6d78 67 01 ff 01 00" +
				"0101 61" + // opt text
				"03" + // vec null
				"01" + // variant, the second
				"01 01 00 01 6d" + // func
				"01 00" + // service
				"01 0102030405060708" + // vec nat64
				"01" + "8001" + "ffffffff" + "01 00" + // bool, nat, int32, principal
				"02 00 abcd" + // a type of a later version
				"01 65 02 6f6b 07000000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := DecodeRunReply(unhex(t, tt.msg))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeRunReplyRefuses(t *testing.T) {
	tests := []struct{ name, msg, want string }{
		{"empty", "", "at byte 0: does not begin with DIDL"},
		{"other magic", "4449444d 00 00", "does not begin with DIDL"},
		{"no arguments", "4449444c 00 00", "the reply is not a record"},
		{"text instead of a record", "4449444c 00 01 71 00", "the reply is not a record"},
		{"table shorter than its count", "4449444c ffffffff0f 6d7b", "the message ends too early"},
		{"primitive in the table", "4449444c 01 7b", "type code -5 does not belong in the type table"},
		{"index past the table", "4449444c 01 6d 05 00", "type 5 of a table of 1"},
		{"constructor as a reference", "4449444c 01 6d 6d 00", "type code -19 is not a primitive type"},
		{"fields out of order", "4449444c 01 6c02 0171 0071 00", "field 0 does not come after field 1"},
		{"field number of 33 bits", "4449444c 01 6c01 8080808010 71 00", "field number 4294967296 is above 32 bits"},
		{"int32 exit code", strings.Replace(reply, "79", "75", 1), "exit_code is not a nat32"},
		{"text as stdout", strings.Replace(reply, "cbffce3f 01", "cbffce3f 71", 1), "stdout or stderr is not a blob"},
		{"no stdout", "4449444c 02 6c02 a2cdb03f 01 ae92b5eb06 79 6d7b 01 00 01 65 07000000", "the reply lacks"},
		{"blob longer than the message", strings.Replace(reply, "02 6f6b", "ffff03 6f6b", 1), "65535 bytes claimed, 6 left"},
		{"number of more than 64 bits", strings.Replace(reply, "02 6f6b", "ffffffffffffffffffff01", 1), "number of more than 64 bits"},
		{"bytes after the last value", reply + "00", "1 bytes after the last value"},
		{"space bomb", extraArgument("6d7f", "ffffffff0f"), "more than 65536 values without bytes"},
		{"endless record", extraArgument("6c01 00 02", ""), "values nested more than 64 deep"},
		{"vector longer than the message", extraArgument("6d78", "ffffffffffffffff3f"), "vector of 4611686018427387903 elements, 0 bytes left"},
		{"bad bool", strings.Replace(reply, "01 00 01 65", "02 00 7e 01 65", 1) + "02", "a bool is neither 0 nor 1"},
		{"bad opt tag", extraArgument("6e7b", "02"), "the tag of an opt"},
		{"bad variant", extraArgument("6b01 00 7f", "01"), "alternative 1 of a variant of 1"},
		{"empty type", strings.Replace(reply, "01 00 01 65", "02 00 6f 01 65", 1), "a value of the empty type"},
		{"text that is not UTF-8", strings.Replace(reply, "01 00 01 65", "02 00 71 01 65", 1) + "01ff", "text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := DecodeRunReply(unhex(t, tt.msg))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, error %v; want an *Error", got, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not contain %q", err, tt.want)
			}
		})
	}
}

// extraArgument is the reply followed by a second value of a third type.
func extraArgument(typ, value string) string {
	s := strings.Replace(reply, "4c 02", "4c 03", 1)
	s = strings.Replace(s, "6d7b 01 00", "6d7b "+typ+" 02 00 02", 1)
	return s + value
}

func TestDecodeRunReplyTruncated(t *testing.T) {
	msg := unhex(t, reply)
	for n := range msg {
		if got, err := DecodeRunReply(msg[:n]); err == nil {
			t.Errorf("the first %d bytes decode to %v", n, got)
		}
	}
}

func FuzzDecodeRunReply(f *testing.F) {
	f.Fuzz(func(t *testing.T, msg []byte) {
		reply, err := DecodeRunReply(msg)
		if (reply == nil) == (err == nil) {
			t.Fatalf("reply %v, error %v", reply, err)
		}
		if err != nil {
			return
		}
		// What was read must be readable again from our own encoding of it.
		again, err := DecodeRunReply(encodeReply(reply))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Stdout, reply.Stdout) || !bytes.Equal(again.Stderr, reply.Stderr) || again.ExitCode != reply.ExitCode {
			t.Fatalf("%v became %v", reply, again)
		}
	})
}

func encodeReply(r *RunReply) []byte {
	b := []byte("DIDL\x02\x6c\x03\xa2\xcd\xb0\x3f\x01\xcb\xff\xce\x3f\x01\xae\x92\xb5\xeb\x06\x79\x6d\x7b\x01\x00")
	b = appendText(b, string(r.Stderr))
	b = appendText(b, string(r.Stdout))
	return append(b, byte(r.ExitCode), byte(r.ExitCode>>8), byte(r.ExitCode>>16), byte(r.ExitCode>>24))
}
