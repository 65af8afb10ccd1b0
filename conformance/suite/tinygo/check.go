//go:build ignore

package main

import "os"

// expect ends the program with exit code 1 where got is not want.
func expect(what, got, want string) {
	if got != want {
		os.Stderr.WriteString(what + ": expected " + want + ", got " + got + "\n")
		os.Exit(1)
	}
}

// text gives an error's text, "none" for no error.
func text(err error) string {
	if err == nil {
		return "none"
	}
	return err.Error()
}

func succeed(what string, err error) { expect(what, text(err), "none") }

func truth(what string, holds bool) {
	if !holds {
		expect(what, "false", "true")
	}
}
