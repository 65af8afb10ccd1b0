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
		RunE:          helpOrUnknown,

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return refuseEmpty(cmd) },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, err) })
	root.AddCommand(newBuild(), newRun(), newInspect(), newMerge(), newConform(), newFuzz(), newVersion(), exitCodesTopic)
	checkExtras(root)
	return root
}

// checkExtras makes wrong arguments of the commands that cobra adds errors of the
// command line, which they are not to cobra.
func checkExtras(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Args, completion.RunE = cobra.ArbitraryArgs, helpOrUnknown
	for _, shell := range completion.Commands() {
		shell.Args = exactArgs(0, "no arguments")
	}
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"})
	help.Args = func(_ *cobra.Command, args []string) error {
		if _, rest, _ := root.Find(args); len(rest) > 0 {
			return unknownCommand(root, rest[0])
		}
		return nil
	}
}

// helpOrUnknown is what a command does that only has others beneath it.
func helpOrUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknownCommand(cmd, args[0])
}

// nameFlags are the flags of all commands that name a file or a folder.
var nameFlags = []string{"output", "did", "candid", "map", "stdin", "state", "json", "native", "out", "junit", "markdown", "html"}

// refuseEmpty refuses names that are given but empty, which would otherwise count
// as not given.
func refuseEmpty(cmd *cobra.Command) error {
	for _, name := range nameFlags {
		if cmd.Flags().Changed(name) && cmd.Flags().Lookup(name).Value.String() == "" {
			return hinted(usage(cmd, fmt.Errorf("--%s is empty", name)), "its value may come from a variable that is not set")
		}
	}
	return nil
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
