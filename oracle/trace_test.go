package oracle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icsplice/icsplice/oracle"
)

// TestTrace: the canister tells its WASI calls, with paths and results, and the
// files outlast a traced run as they do any other.
func TestTrace(t *testing.T) {
	module, err := os.ReadFile(filepath.Join("..", "conformance", "suite", "c", "path_open-trunc.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := oracle.NewCanister().Load(module)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	session, err := program.Start("")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	plain, err := session.Run(oracle.Run{Args: []string{"x"}})
	if err != nil || len(plain.Calls) > 0 {
		t.Fatal(plain, err)
	}
	o, err := session.Run(oracle.Run{Args: []string{"x"}, Trace: true})
	if err != nil || o.Exit != 0 {
		t.Fatal(o, err)
	}
	got := strings.Join(o.Calls, "\n")
	want := `fd_prestat_get(fd 3) = success
fd_prestat_dir_name(fd 3) = success
fd_prestat_get(fd 4) = badf
path_open(dirfd 3, lookupflags 1, "file", oflags 9, rights_base 0x8e001ff, rights_inheriting 0x8e001ff, fdflags 0) = success, fd 4
fd_write(fd 4, iovs, iovs_len 1) = success, nwritten 13
fd_close(fd 4) = success
path_open(dirfd 3, lookupflags 1, "file", oflags 8, rights_base 0x8e001ff, rights_inheriting 0x8e001ff, fdflags 0) = success, fd 4
fd_filestat_get(fd 4) = success
fd_write(fd 4, iovs, iovs_len 1) = success, nwritten 5
path_open(dirfd 3, lookupflags 1, "file", oflags 0, rights_base 0x8e001ff, rights_inheriting 0x8e001ff, fdflags 0) = success, fd 5
fd_read(fd 5, iovs, iovs_len 1) = success, nread 5
fd_read(fd 5, iovs, iovs_len 1) = success, nread 0
fd_close(fd 5) = success`
	if got != want {
		t.Errorf("got\n%s", got)
	}
	tree, err := session.Tree()
	if err != nil || len(tree) == 0 {
		t.Error(tree, err)
	}
}
