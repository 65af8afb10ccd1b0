#!/usr/bin/env bash
# Builds programs of others for the tests of this folder:
#
#   build.sh FOLDER [NAME...]    build all of them, or those named, into FOLDER
#   build.sh --list              print the names
#
# The sources come from crates that carry them and stay out of this repository.
# Needed are cargo and Debian 12's clang-19, lld-19, wasi-libc and
# libclang-rt-19-dev-wasm32.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$here/src
names="sqlite lua quickjs zlib bzip2"

# What each crate is needed for: its C sources, of which this is the licence.
crates() {
	cat <<-'END'
		libsqlite3-sys = "=0.40.0"   # SQLite 3.54.1, public domain
		lua-src = "=551.1.0"         # Lua 5.4.9, MIT
		libquickjs-sys = "=0.10.0"   # QuickJS 2021-03-27, MIT
		libz-sys = "=1.1.31"         # zlib, zlib licence
		bzip2-sys = "=0.1.13"        # bzip2 1.0.8, BSD
	END
}

case ${1-} in
--list) printf '%s\n' $names; exit ;;
"") sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
for tool in cargo clang-19 wasm-ld-19; do
	command -v $tool >/dev/null || { echo "build.sh: missing $tool" >&2; exit 1; }
done

vendor=$out/vendor
fetch() {
	[ -d "$vendor" ] && cmp -s <(crates) "$out/crates" && return
	rm -rf "$vendor" "$out/scratch"
	mkdir -p "$out/scratch/src"
	touch "$out/scratch/src/lib.rs"
	{
		printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n'
		crates
	} >"$out/scratch/Cargo.toml"
	(cd "$out/scratch" && cargo vendor --quiet "$vendor" >/dev/null)
	crates >"$out/crates"
}

emulated="signal mman getpid process-clocks"

# Warnings are the authors' business, errors ours.
c() { # OUTPUT FLAG... SOURCE...
	local to=$1 flags=() name
	shift
	for name in $emulated; do
		flags+=("-D_WASI_EMULATED_$(tr a-z- A-Z_ <<<"$name")" "-lwasi-emulated-$name")
	done
	clang-19 --target=wasm32-wasi -O2 -s -w "${flags[@]}" -Wl,--stack-first,-z,stack-size=4194304 -o "$to" "$@"
}

sqlite() {
	local from=$vendor/libsqlite3-sys/sqlite3
	c "$1" -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL \
		-I"$from" "$src/sqlite.c" "$from/sqlite3.c"
}

lua() {
	local from=$vendor/lua-src/lua-5.4.9
	c "$1" -I"$src/include" -I"$from" -include luafail.h "$src/lua.c" $(ls "$from"/*.c | grep -vE '/luac?\.c$')
}

# QuickJS asks for POSIX threads if it has atomics, and for rounding modes,
# which WebAssembly lacks; without them it rounds to nearest, as it should.
quickjs() {
	local from=$vendor/libquickjs-sys/embed/quickjs copy=$out/quickjs
	mkdir -p "$copy"
	sed "s/^#define CONFIG_ATOMICS\$//; s/return malloc_usable_size(ptr)/return 0/; s/^    malloc_usable_size,/    NULL,/" "$from/quickjs.c" >"$copy/quickjs.c"
	c "$1" -D_GNU_SOURCE -DCONFIG_VERSION='"2021-03-27"' -DFE_DOWNWARD=1 -DFE_UPWARD=2 -I"$from" \
		"$src/quickjs.c" "$copy/quickjs.c" "$from"/{cutils,libregexp,libunicode}.c
}

zlib() {
	local from=$vendor/libz-sys/src/zlib
	c "$1" -DHAVE_UNISTD_H -I"$from" "$src/zlib.c" "$from"/*.c
}

# WASI has no owners and permissions, so there are none to carry over.
bzip2() {
	local from=$vendor/bzip2-sys/bzip2-1.0.8
	c "$1" -I"$from" '-Dfchmod(f, m)=0' '-Dfchown(f, u, g)=0' \
		"$from"/{bzip2,blocksort,huffman,crctable,randtable,compress,decompress,bzlib}.c
}

fetch
for name in ${*:-$names}; do
	[[ " $names " == *" $name "* ]] || { echo "build.sh: no program $name" >&2; exit 2; }
	echo "$name" >&2
	"$name" "$out/$name.wasm"
done
