package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxModule bounds what is read of a module file and what a compressed one may
// unfold to, in bytes. Modules with debug information reach some hundred MiB.
const maxModule = 256 << 20

var (
	wasmMagic = []byte("\x00asm")
	gzipMagic = []byte("\x1f\x8b")
)

// readModule reads a core module, plain or compressed by gzip.
func readModule(path string) ([]byte, error) {
	b, err := readBytes(path)
	if err != nil {
		return nil, err
	}
	return b, componentError(path, b)
}

// readBytes reads a module or component, plain or compressed by gzip, and
// refuses what cannot be one by its first bytes. What is wrong inside of it is
// said by the reader of modules.
func readBytes(path string) ([]byte, error) {
	b, err := readFile(path, maxModule)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(b, gzipMagic) {
		if b, err = gunzip(b, maxModule); err != nil {
			return nil, hinted(fmt.Errorf("%s: %w", path, err), "compress the module anew, or give it uncompressed")
		}
	}
	if bytes.HasPrefix(b, wasmMagic) {
		return b, nil
	}
	return nil, notWasm(path, b)
}

// readFile reads a regular file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, notOpened(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, hinted(fmt.Errorf("%s is a folder", path), "give a file"+example(path))
	}
	return readSized(path, f, info.Size(), limit)
}

// readAll reads at most limit bytes.
// notOpened says why a file cannot be read and what to do.
func notOpened(path string, err error) error {
	switch {
	case path == "":
		return hinted(errors.New("the name of a file is empty"), "it may come from a variable that is not set")
	case !errors.Is(err, fs.ErrNotExist):
		return hinted(err, "check the path and that the file can be read")
	case path == "-":
		return hinted(errors.New("-: there is no such file"), "modules are read from files; /dev/stdin is standard input where the system has it")
	}
	return hinted(fmt.Errorf("%s: there is no such file", path), "check the path; the working folder is "+workingFolder())
}

func readAll(path string, r io.Reader, limit int64) ([]byte, error) {
	return readSized(path, r, 0, limit)
}

// readSized reads about size bytes, at most limit. A buffer that is grown step by
// step would take twice the memory.
func readSized(path string, r io.Reader, size, limit int64) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(int(min(size, limit)) + bytes.MinRead)
	_, err := buf.ReadFrom(io.LimitReader(r, limit+1))
	b := buf.Bytes()
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s: larger than %s bytes", path, thousands(limit))
	}
	return b, err
}

func workingFolder() string {
	wd, err := os.Getwd()
	if err != nil {
		return "unknown"
	}
	return wd
}

// example names a module in the folder, if there is one.
func example(folder string) string {
	found, err := filepath.Glob(filepath.Join(folder, "*.wasm"))
	if err != nil || len(found) == 0 {
		return ""
	}
	return ", such as " + found[0]
}

func gunzip(b []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("gzip header: %w", err)
	}
	out, err := readAll("the unpacked module", z, limit)
	if err != nil {
		return nil, fmt.Errorf("gzip data: %w", err)
	}
	return out, nil
}

// notWasm names the common wrong inputs.
func notWasm(path string, b []byte) error {
	if len(b) == 0 {
		return hinted(fmt.Errorf("%s is empty", path), "the build that should have written it has probably failed")
	}
	for _, k := range otherFormats {
		if bytes.HasPrefix(b, []byte(k.magic)) {
			return hinted(fmt.Errorf("%s is not a Wasm module but %s", path, k.name), k.hint)
		}
	}
	if text := bytes.TrimLeft(b, " \t\r\n"); bytes.HasPrefix(text, []byte("(")) || bytes.HasPrefix(text, []byte(";;")) {
		return hinted(fmt.Errorf("%s is a module in text form", path), "make it binary first: wat2wasm "+filepath.Base(path))
	}
	return hinted(fmt.Errorf("%s is not a Wasm module: it begins with % x instead of 00 61 73 6d", path, b[:min(4, len(b))]),
		"give the .wasm file that the compiler wrote for wasm32-wasi")
}

var otherFormats = []struct{ magic, name, hint string }{
	{"\x7fELF", "a native program (ELF)", "build it for wasm32-wasi"},
	{"\xcf\xfa\xed\xfe", "a native program (Mach-O)", "build it for wasm32-wasi"},
	{"MZ", "a native program (PE)", "build it for wasm32-wasi"},
	{"!<arch>\n", "a library of object files", "link it into a program"},
	{"BC\xc0\xde", "LLVM bitcode", "link it into a program"},
	{"PK\x03\x04", "a zip archive", "unpack it and give the .wasm file"},
	{"\x28\xb5\x2f\xfd", "a file compressed by zstd", "unpack it, or compress it by gzip"},
}

// componentError refuses components, whose header is that of a module with
// another version and layer.
func componentError(path string, b []byte) error {
	if len(b) < 8 || binary.LittleEndian.Uint16(b[6:]) != 1 {
		return nil
	}
	return hinted(fmt.Errorf("%s is a component, at byte 4: icsplice takes core modules", path),
		"build for wasm32-wasip1 instead of wasip2, or take the core module out of it")
}
