package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes besides those of a program that was run.
const (
	exitRefused = 1   // the input cannot be read or spliced, or an operation failed
	exitUsage   = 2   // the command line is wrong
	exitTrap    = 134 // the program trapped, as after SIGABRT in a shell
)

var exitCodesTopic = &cobra.Command{
	Use:   "exit-codes",
	Short: "What the exit codes mean",
	Long: `icsplice run exits with the exit code of the program, of which the operating
system keeps the lowest 8 bits. Otherwise:

  0    done
  1    the input cannot be read or spliced, a result of icsplice conform is not
       as expected, or something else failed
  2    the command line is wrong
  3    icsplice fuzz has found a difference
  134  the program trapped; what it had changed is rolled back

A program may use these codes itself; a message of icsplice on standard error
begins with "icsplice:".`,
}

// usageError is a fault of the command line.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(cmd *cobra.Command, err error) error {
	return &usageError{command: cmd.CommandPath(), err: err}
}

// hintedError says what to do next.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }
func (e *hintedError) Unwrap() error { return e.err }

func hinted(err error, hint string) error { return &hintedError{err: err, hint: hint} }

// exitStatus ends the command with a code and without a further message.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// report writes err, if there is one to write, and returns the exit code.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	var (
		status exitStatus
		hint   *hintedError
		wrong  *usageError
	)
	if errors.As(err, &status) {
		return int(status)
	}
	stderr = printable{stderr}
	fmt.Fprintf(stderr, "icsplice: %v\n", err)
	if errors.As(err, &hint) {
		fmt.Fprintf(stderr, "  hint: %s\n", hint.hint)
	}
	if errors.As(err, &wrong) {
		fmt.Fprintf(stderr, "  see: %s --help\n", wrong.command)
		return exitUsage
	}
	return exitRefused
}
