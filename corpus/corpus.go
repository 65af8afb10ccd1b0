// Package corpus holds finished WASI preview1 modules of many compilers, with
// their sources, and cases that say what each of them does.
//
// The modules are compilers' unmodified output, built by build.sh. What a case
// expects was recorded on a native WASI runtime; see README.md.
package corpus

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

//go:embed bin/*.wasm bin/*.wasm.gz golden/*.json
var stored embed.FS

// MaxModule is the size in bytes above which Module refuses to unpack.
const MaxModule = 32 << 20

// digestAbove is the size in bytes above which a recorded file is a digest.
const digestAbove = 512

// Case is one run of one program: what it is given and what must come of it.
type Case struct {
	Program string `json:"-"`    // name of the module, also its argument 0
	Name    string `json:"name"` // unique among the program's cases
	// Args follow argument 0. Env holds KEY=VALUE, in order.
	Args  []string `json:"args,omitempty"`
	Env   []string `json:"env,omitempty"`
	Stdin string   `json:"stdin,omitempty"`
	// Files is the tree before the run: slash-separated paths without a
	// leading slash. A path that ends in a slash is a folder; parents of
	// files are made as needed.
	Files map[string]string `json:"files,omitempty"`
	// Calls are made in order on a program without _start, after its
	// _initialize and canister_init; for others there are none.
	Calls []Call `json:"calls,omitempty"`
	Want  Result `json:"want"`
}

// Call is one message to a canister.
type Call struct {
	// Method is the export's name, as "canister_query count". gocounter's lack
	// the kind, as Go allows no space there: count is a query, increment an update.
	Method string `json:"method"`
	Arg    []byte `json:"arg,omitempty"`
	// Reply is what the method must reply, Reject the message that it must
	// reject with instead.
	Reply  []byte `json:"reply,omitempty"`
	Reject string `json:"reject,omitempty"`
}

// Result is what is seen of a run from outside.
type Result struct {
	Exit uint32 `json:"exit"` // exit code; 0 where Trap is set
	// Trap tells that the run ended in a trap. Files are then what a native
	// runtime leaves; on the IC a trap rolls them back to Case.Files.
	Trap   bool   `json:"trap,omitempty"`
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
	// Files is the whole tree after the run: folders end in a slash and hold
	// nothing, contents are in the form of Content, symbolic links in that of
	// Link.
	Files map[string]string `json:"files,omitempty"`
}

// Content gives the form in which a Result holds a file: its bytes, or size
// and SHA-256 where they are long or no text.
func Content(data []byte) string {
	if len(data) <= digestAbove && utf8.Valid(data) {
		return string(data)
	}
	return fmt.Sprintf("%d bytes, sha256 %x", len(data), sha256.Sum256(data))
}

// Link gives the form in which a Result holds a symbolic link.
func Link(target string) string { return "-> " + target }

// Names gives the names of all programs, sorted.
func Names() []string {
	entries, err := stored.ReadDir("bin")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i], _, _ = strings.Cut(entry.Name(), ".")
	}
	return names
}

// Module gives the bytes of the program's module; they are the caller's.
// An unknown name gives an error that wraps fs.ErrNotExist.
func Module(name string) ([]byte, error) {
	data, err := stored.ReadFile("bin/" + name + ".wasm")
	if err == nil {
		return data, nil
	}
	packed, err := stored.ReadFile("bin/" + name + ".wasm.gz")
	if err != nil {
		return nil, fmt.Errorf("corpus: program %q: %w", name, fs.ErrNotExist)
	}
	data, err = unpack(packed, MaxModule)
	if err != nil {
		return nil, fmt.Errorf("corpus: program %q: %w", name, err)
	}
	return data, nil
}

// unpack reads a gzip stream that holds at most limit bytes.
func unpack(packed []byte, limit int64) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return data, nil
}

// Cases gives all cases, those of one program together and in their order.
// The slice and what it holds are the caller's.
func Cases() []Case {
	var all []Case
	files, err := fs.Glob(stored, "golden/*.json")
	if err != nil {
		panic("BUG: " + err.Error())
	}
	for _, file := range files {
		cases, err := readCases(file)
		if err != nil {
			panic("BUG: " + err.Error())
		}
		all = append(all, cases...)
	}
	return all
}

func readCases(file string) ([]Case, error) {
	data, err := stored.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var cases []Case
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&cases); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i := range cases {
		cases[i].Program = strings.TrimSuffix(path.Base(file), ".json")
	}
	return cases, nil
}
