package stablefs

import (
	"strings"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// TestPrefix: what was learned of a path is true, or forgotten.
func TestPrefix(t *testing.T) {
	fs := New(newMemory())
	a := create(t, fs, Root, "a", dirType)
	b := create(t, fs, a, "folder-b", dirType)
	file := create(t, fs, b, "file", fileType)
	other := create(t, fs, Root, "z", dirType)
	deep := strings.Repeat("d", 70)
	far := create(t, fs, create(t, fs, Root, deep, dirType), "x", fileType)
	var r Resolved
	leads := func(base Ino, path string, ino Ino, errno abi.Errno) {
		t.Helper()
		for range 2 { // the second time by what was kept
			want(t, path, fs.Resolve(base, []byte(path), FollowAlways, &r), errno)
			if errno == 0 && r.Ino != ino {
				t.Errorf("%s leads to %d, want %d", path, r.Ino, ino)
			}
		}
	}
	leads(Root, "a/folder-b/file", file, 0)
	leads(Root, "a/folder-b//file", file, 0)
	leads(Root, "a/folder-b/../folder-b/file", file, 0)
	leads(Root, "a/folder-b/..", a, 0)
	leads(Root, "a/folder-b/../../..", 0, abi.ErrnoNotcapable)
	leads(Root, "a/folder-b/../../a", a, 0)
	leads(Root, "a/folder-b", b, 0)
	leads(Root, "a/folder-c/file", 0, abi.ErrnoNoent)
	leads(Root, deep+"/x", far, 0)
	leads(a, "folder-b/file", file, 0)
	leads(Root, "folder-b/file", 0, abi.ErrnoNoent)
	leads(other, "folder-b/file", 0, abi.ErrnoNoent)
	leads(Root, "a/folder-b/file", file, 0)

	want(t, "rename", fs.Rename(a, []byte("folder-b"), other, []byte("folder-b"), 2), 0)
	leads(Root, "a/folder-b/file", 0, abi.ErrnoNoent)
	leads(Root, "z/folder-b/file", file, 0)
	want(t, "unlink", fs.Unlink(b, []byte("file"), 3), 0)
	leads(Root, "z/folder-b/file", 0, 0)
	want(t, "rmdir", fs.Rmdir(other, []byte("folder-b"), 4), 0)
	leads(Root, "z/folder-b/file", 0, abi.ErrnoNoent)
}

// TestPrefixLengths walks in turn through folders whose names are equally long,
// and differ in one byte.
func TestPrefixLengths(t *testing.T) {
	fs := New(newMemory())
	var r Resolved
	for n := 1; n < maxPrefix+4; n++ {
		for i := range n {
			name := named(n)
			here := create(t, fs, create(t, fs, Root, string(name), dirType), "file", fileType)
			name[i] ^= 0x20
			there := create(t, fs, create(t, fs, Root, string(name), dirType), "file", fileType)
			for range 2 {
				want(t, "resolve", fs.Resolve(Root, append(named(n), "/file"...), FollowSlash, &r), 0)
				if r.Ino != here {
					t.Fatalf("%d bytes, other at %d: %d, want %d", n, i, r.Ino, here)
				}
				want(t, "resolve", fs.Resolve(Root, append(name[:n:n], "/file"...), FollowSlash, &r), 0)
				if r.Ino != there {
					t.Fatalf("%d bytes, other at %d: %d, want %d", n, i, r.Ino, there)
				}
			}
			fs = New(newMemory())
		}
	}
}

// TestLongWalks passes through more folders than the cache has places, and
// through folders that share one.
func TestLongWalks(t *testing.T) {
	fs := New(newMemory())
	dir, path := Root, ""
	for i := range 200 {
		dir = create(t, fs, dir, "d", dirType)
		path += "d/"
		for k := range cacheSize - 1 {
			if i%10 == 0 {
				create(t, fs, dir, string(rune('e'+k)), fileType)
			}
		}
	}
	want(t, "symlink", fs.Symlink(Root, []byte("link"), []byte(path[:len(path)-1]), 1), 0)
	leaf := create(t, fs, dir, "leaf", fileType)
	var r Resolved
	for _, p := range []string{path + "leaf", "link/leaf", path + strings.Repeat("../", 150) + path[:300] + "leaf"} {
		fs.prefix.n = 0
		want(t, p, fs.Resolve(Root, []byte(p), FollowAlways, &r), 0)
		if r.Ino != leaf {
			t.Errorf("%.20s... leads to %d, want %d", p, r.Ino, leaf)
		}
	}
}
