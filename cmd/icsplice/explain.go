package main

import (
	"errors"
	"fmt"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
)

// explain names the file that an error is about and adds the way out where the
// error itself does not say it.
func explain(path string, err error) error {
	var (
		fault      *wasm.Error
		refused    *icsplice.CheckError
		unresolved *link.UnresolvedError
		output     *icsplice.OutputError
		option     *icsplice.OptionError
	)
	named := fmt.Errorf("%s: %w", path, err)
	switch {
	case errors.As(err, &refused):
		return hinted(named, "--no-check goes on all the same")
	case errors.As(err, &unresolved):
		return hinted(named, "build the program for wasm32-wasip1 without these imports; icsplice inspect lists what is linked")
	case errors.As(err, &option) && option.Option == "Methods":
		return hinted(named, "--method wants another name; icsplice inspect lists what the module exports")
	case errors.As(err, &output):
		return hinted(named, "the program is near a limit of Wasm engines, or this is a fault of icsplice; please report it")
	case errors.As(err, &fault):
		return hinted(named, "the module is damaged or cut short; build it or fetch it again")
	}
	return named
}
