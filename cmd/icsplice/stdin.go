package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// maxStdin bounds the program's standard input, in bytes. It travels in the
// message, for which the IC itself allows 2 MiB.
const maxStdin = 1 << 30

// readStdin reads the program's standard input: that of --stdin, or a file
// that ours is redirected from. A pipe is left alone without the flag, as what
// is read from it would be lost to others that share it.
func (f *runFlags) readStdin(cmd *cobra.Command) ([]byte, error) {
	in := cmd.InOrStdin()
	switch f.stdin {
	case "-":
		return readAll("standard input", in, maxStdin)
	case "":
	default:
		return readFile(f.stdin, maxStdin)
	}
	file, ok := in.(*os.File)
	if !ok {
		return nil, nil
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil // closed, which is no input
	}
	if info.Mode().IsRegular() {
		return readAll("standard input", file, maxStdin)
	}
	if info.Mode()&os.ModeNamedPipe != 0 && dataWaits(file) {
		fmt.Fprintln(cmd.ErrOrStderr(), "icsplice: data waits on standard input; --stdin - gives it to the program")
	}
	return nil, nil
}
