package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/icsplice/icsplice"
	"github.com/spf13/cobra"
)

func newInspect() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect MODULE.wasm",
		Short: "Say what a module is, what it needs and what stands in its way",
		Args:  exactArgs(1, "one module"),
		RunE: func(cmd *cobra.Command, args []string) error {
			info, err := inspectFile(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), info)
			}
			return printInfo(printable{cmd.OutOrStdout()}, args[0], info)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func inspectFile(path string) (*icsplice.Info, error) {
	b, err := readBytes(path)
	if err != nil {
		return nil, err
	}
	info, err := icsplice.Inspect(b)
	if err != nil {
		return nil, explain(path, err)
	}
	return info, nil
}

func printInfo(w io.Writer, path string, info *icsplice.Info) error {
	fmt.Fprintf(w, "%s: %s\n", path, info.Kind)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "next\t%s\n", info.Next)
	fmt.Fprintf(t, "size\t%s bytes, %s of them code in %s functions\n",
		thousands(info.Size), thousands(info.CodeSize), thousands(info.Functions))
	if len(info.Features) > 0 {
		fmt.Fprintf(t, "features\t%s\n", strings.Join(info.Features, ", "))
	}
	for _, m := range info.Memories {
		fmt.Fprintf(t, "memory\t%s\n", limitsText(m, "pages"))
	}
	for _, m := range info.Tables {
		fmt.Fprintf(t, "table\t%s\n", limitsText(m, "elements"))
	}
	printImports(t, info.Imports)
	printExports(t, info.Exports)
	for _, s := range info.Sections {
		fmt.Fprintf(t, "section\t%s, %s bytes\n", s.Name, thousands(s.Bytes))
	}
	for _, u := range info.Limits {
		fmt.Fprintf(t, "limit\t%s: %s of %s, %.1f %%\n", u.What, thousands(u.Used), thousands(u.Limit), u.Percent)
	}
	for _, v := range info.Problems {
		fmt.Fprintf(t, "problem\t%s\n", v)
	}
	return t.Flush()
}

func limitsText(l icsplice.LimitsInfo, unit string) string {
	s := fmt.Sprintf("%s %s", thousands(l.Min), unit)
	if l.Max != nil {
		s += fmt.Sprintf(", at most %s", thousands(*l.Max))
	}
	for _, f := range []struct {
		on   bool
		name string
	}{{l.Shared, "shared"}, {l.Is64, "64-bit"}, {l.Imported, "imported"}} {
		if f.on {
			s += ", " + f.name
		}
	}
	return s
}

// printImports writes the names of each module and status on one line.
func printImports(w io.Writer, imports []icsplice.ImportInfo) {
	type group struct{ module, status string }
	var groups []group
	names := map[group][]string{}
	seen := map[icsplice.ImportInfo]bool{}
	for _, im := range imports {
		g := group{im.Module, im.Status}
		if names[g] == nil {
			groups = append(groups, g)
		}
		if !seen[im] {
			seen[im] = true
			names[g] = append(names[g], im.Name)
		}
	}
	for i, g := range groups {
		if i == maxGroups {
			fmt.Fprintf(w, "import\tand %d more modules\n", len(groups)-i)
			break
		}
		fmt.Fprintf(w, "import\t%s (%s): %s\n", g.module, g.status, strings.Join(names[g], " "))
	}
}

// maxGroups bounds the lines on imports that are printed; --json has them all.
const maxGroups = 50

// maxExports bounds the exports that are printed; --json has them all.
const maxExports = 20

func printExports(w io.Writer, exports []icsplice.ExportInfo) {
	var names []string
	for _, e := range exports {
		names = append(names, fmt.Sprintf("%q", e.Name))
	}
	if more := len(names) - maxExports; more > 0 {
		names = append(names[:maxExports], fmt.Sprintf("and %d more", more))
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "export\t%s\n", strings.Join(names, " "))
	}
}
