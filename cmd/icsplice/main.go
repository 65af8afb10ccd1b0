// Command icsplice makes a finished WASI program a canister of the Internet
// Computer, and runs it on an embedded one.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes the command line args, without the program's name, and returns
// the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return report(stderr, root.Execute())
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "icsplice",
		Short:         "Make a WASI program a canister of the Internet Computer",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, err) })
	root.AddCommand(newBuild(), newRun(), newInspect(), newMerge(), newConform(), newFuzz(), newVersion(), exitCodesTopic)
	checkHelp(root)
	return root
}

// checkHelp makes help on what is not there an error, which it is not to cobra.
func checkHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"})
	help.Args = func(_ *cobra.Command, args []string) error {
		if _, rest, _ := root.Find(args); len(rest) > 0 {
			return unknownCommand(root, rest[0])
		}
		return nil
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	err := fmt.Errorf("there is no command %q", name)
	if similar := cmd.SuggestionsFor(name); len(similar) > 0 {
		return hinted(usage(cmd, err), "did you mean icsplice "+similar[0]+"?")
	}
	return usage(cmd, err)
}

// exactArgs demands n arguments, which names describes.
func exactArgs(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(cmd, fmt.Errorf("wants %s, has %d arguments", names, len(args)))
		}
		return nil
	}
}
