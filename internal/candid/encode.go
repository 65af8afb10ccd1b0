package candid

import "encoding/binary"

// runTypes is the type table and the types of the arguments of run:
// 0 vec text, 1 vec nat8, 2 vec of 3, 3 record { text; text }.
var runTypes = []byte{
	4,
	0x6d, 0x71,
	0x6d, 0x7b,
	0x6d, 3,
	0x6c, 2, 0, 0x71, 1, 0x71,
	3, 0, 1, 2,
}

// EncodeRun encodes the argument of run. Names and values are sent as they
// are; the receiver refuses what is not UTF-8.
func EncodeRun(args []string, stdin []byte, env []EnvVar) []byte {
	b := make([]byte, 0, len(magic)+len(runTypes)+sizeHint(args, env)+len(stdin)+10)
	b = append(b, magic...)
	b = append(b, runTypes...)
	b = binary.AppendUvarint(b, uint64(len(args)))
	for _, a := range args {
		b = appendText(b, a)
	}
	b = binary.AppendUvarint(b, uint64(len(stdin)))
	b = append(b, stdin...)
	b = binary.AppendUvarint(b, uint64(len(env)))
	for _, e := range env {
		b = appendText(b, e.Name)
		b = appendText(b, e.Value)
	}
	return b
}

func sizeHint(args []string, env []EnvVar) int {
	n := 10
	for _, a := range args {
		n += len(a) + 5
	}
	for _, e := range env {
		n += len(e.Name) + len(e.Value) + 10
	}
	return n
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
