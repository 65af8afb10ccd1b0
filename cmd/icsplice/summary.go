package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
	"github.com/spf13/cobra"
)

// runReport is what run --json writes. Sizes are in bytes.
type runReport struct {
	Module       string  `json:"module"`
	ModuleSize   int     `json:"module_size"`
	PolyfillCode int     `json:"polyfill_code"`
	CanisterSize int     `json:"canister_size"`
	ExitCode     *uint32 `json:"exit_code,omitempty"` // the program's own, not cut to 8 bits
	Trap         string  `json:"trap,omitempty"`
	Instructions uint64  `json:"instructions"`
	StablePages  uint64  `json:"stable_pages"` // of 64 KiB, in the state file
	StableReads  uint64  `json:"stable_read_bytes"`
	StableWrites uint64  `json:"stable_written_bytes"`
	State        string  `json:"state"`
}

func newRunReport(path, state string, spliced *icsplice.Result, stable *canister.StableFile, o *outcome) *runReport {
	r := &runReport{
		Module:       filepath.Base(path),
		ModuleSize:   spliced.Report.Inputs[0].Size,
		PolyfillCode: spliced.Report.CodePolyfill,
		CanisterSize: spliced.Report.Size,
		StablePages:  stable.Size(),
		State:        state,
	}
	if o.trap != nil {
		r.Trap = o.trap.Error()
	} else {
		r.ExitCode = &o.reply.ExitCode
	}
	if o.result != nil {
		r.Instructions = o.result.Instructions
		r.StableReads, r.StableWrites = o.result.StableReadBytes, o.result.StableWriteBytes
	}
	return r
}

func (f *runFlags) writeReport(cmd *cobra.Command, r *runReport) error {
	switch {
	case f.json == "-":
		return writeJSON(cmd.ErrOrStderr(), r)
	case f.json != "":
		var b bytes.Buffer
		if err := writeJSON(&b, r); err != nil {
			return err
		}
		return writeFile(f.json, b.Bytes())
	case f.quiet:
		return nil
	}
	_, err := fmt.Fprintf(cmd.ErrOrStderr(), "icsplice: %s %s B + polyfill %s B code → %s B canister · %s instructions · %s stable pages\n",
		r.Module, thousands(r.ModuleSize), thousands(r.PolyfillCode), thousands(r.CanisterSize),
		thousands(r.Instructions), thousands(r.StablePages))
	if most := canister.ICLimits.Update; r.Instructions > most && err == nil {
		_, err = fmt.Fprintf(cmd.ErrOrStderr(), "icsplice: on the IC a message ends after %s instructions\n", thousands(most))
	}
	return err
}

// exit is the error that ends icsplice as the program ended.
func (o *outcome) exit(stderr io.Writer) error {
	if o.trap != nil {
		stderr.Write(o.log)
		fmt.Fprintf(stderr, "icsplice: %v\n%s", o.trap, indent(o.trap.Stack))
		if errors.Is(o.trap, canister.ErrOutOfInstructions) {
			fmt.Fprintln(stderr, "  hint: --limit N allows N instructions, --limit 0 any number")
		}
		fmt.Fprintln(stderr, "icsplice: files are as they were before the run")
		return exitStatus(exitTrap)
	}
	code := o.reply.ExitCode
	if code > 255 {
		fmt.Fprintf(stderr, "icsplice: exit code %d becomes %d, as the operating system keeps 8 bits of it\n", code, code&255)
	}
	if code&255 != 0 {
		return exitStatus(code & 255)
	}
	return nil
}

// maxFrames bounds the backtrace that is printed.
const maxFrames = 30

func indent(stack []canister.Frame) string {
	var b bytes.Buffer
	for i, f := range stack {
		if i == maxFrames {
			fmt.Fprintf(&b, "    and %d more\n", len(stack)-i)
			break
		}
		fmt.Fprintf(&b, "    %s\n", f)
	}
	return b.String()
}
