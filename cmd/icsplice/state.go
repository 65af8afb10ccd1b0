package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/icsplice/icsplice/canister"
)

// openState opens the stable memory that the module's runs share and returns
// the path of its file.
func (f *runFlags) openState(module string) (*canister.StableFile, string, error) {
	path, err := f.statePath(module)
	if err != nil {
		return nil, "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, "", hinted(err, elsewhere)
	}
	stable, err := openStable(path)
	if f.fresh && errors.Is(err, canister.ErrStableSize) {
		// What is no image cannot be begun afresh from either.
		if err := os.Truncate(path, 0); err != nil {
			return nil, "", err
		}
		stable, err = openStable(path)
	}
	if err == nil && f.fresh {
		stable.Clear() // which lasts when the run has succeeded
	}
	return stable, path, err
}

func openStable(path string) (*canister.StableFile, error) {
	stable, err := canister.OpenStableFile(path)
	if errors.Is(err, canister.ErrStableLocked) {
		return nil, hinted(err, "another run has it open; wait for that one, or give another file with --state")
	}
	if err != nil {
		return nil, hinted(err, elsewhere)
	}
	return stable, nil
}

const elsewhere = "--state FILE keeps the files elsewhere, --fresh begins with none"

// statePath is the file given with --state, or one named after the module and
// the path that it lies at, so that modules do not share files by chance.
func (f *runFlags) statePath(module string) (string, error) {
	if f.state != "" {
		return f.state, nil
	}
	folder, err := stateFolder()
	if err != nil {
		return "", err
	}
	abs, err := filepath.Abs(module)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(abs))
	return filepath.Join(folder, fmt.Sprintf("%s-%x.stable", filepath.Base(moduleStem(module)), sum[:4])), nil
}

func stateFolder() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "icsplice"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", hinted(fmt.Errorf("no place for the state: %w", err), "give a file with --state")
	}
	return filepath.Join(home, ".local", "state", "icsplice"), nil
}
