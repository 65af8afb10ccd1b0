// Package real runs programs that are in daily use elsewhere – SQLite, Lua,
// QuickJS, zlib, bzip2 – as canisters, and compares each step with a native
// WASI runtime: output, exit code and every file.
//
// build.sh builds the programs from the sources that crates carry; none of
// that is kept in this repository. The tests run where ICSPLICE_REAL names the
// folder that build.sh was given:
//
//	corpus/real/build.sh /tmp/real
//	ICSPLICE_REAL=/tmp/real go test ./corpus/real
//
// A case is an archive under testdata: its first lines are the steps, one
// program each with its arguments, then come the files to begin with and, last,
// what the steps print. Steps share a folder and the canister's stable memory,
// as if each program were an upgrade of the one before.
package real
