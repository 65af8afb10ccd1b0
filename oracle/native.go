package oracle

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// BuildNative compiles the program that runs an engine, "wasmtime" or "wasmer".
// It needs Go with cgo, and the sources of this module around the working
// directory. The file is the caller's.
func BuildNative(engine, file string) error {
	c := exec.Command("go", "build", "-o", file, "github.com/icsplice/icsplice/oracle/native/"+engine)
	c.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program with %s: %w: %s", engine, err, out)
	}
	return nil
}

// NewWasmtime is wasmtime in a process of the program that BuildNative makes.
func NewWasmtime(program string) (*Child, error) { return newChild("wasmtime", 3, program) }

// NewWasmer is wasmer in a process of the program that BuildNative makes. It
// opens a folder of its own before the one that it is given.
func NewWasmer(program string) (*Child, error) { return newChild("wasmer", 4, program) }

//go:embed node.mjs
var nodeScript []byte

// NewNode is the WASI of Node.js, whose program node must be on the path. dir is
// where its script goes, which must stay there while the oracle is used.
func NewNode(dir string) (*Child, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	script := filepath.Join(dir, "icsplice-oracle.mjs")
	if err := os.WriteFile(script, nodeScript, 0o600); err != nil {
		return nil, errors.Join(errors.New("node"), err)
	}
	return newChild("node", 3, node, "--no-warnings", script)
}
