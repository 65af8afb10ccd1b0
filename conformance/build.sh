#!/usr/bin/env bash
# Rebuilds the programs of the suites: all of them, those of some languages, or
# single cases.
#
#   build.sh [LANGUAGE | LANGUAGE/CASE]...
#   build.sh --version     print the compilers that would be used
#
# Compilers' output is kept as it is: what is stripped, the compiler's own
# linker strips. tools/toolchains.sh says what is needed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=$here/suite

. "$here/../tools/toolchains.sh"

languages="c cpp rust go tinygo assemblyscript zig"
declare -A ending=([c]=c [cpp]=cpp [rust]=rs [go]=go [tinygo]=go [assemblyscript]=ts [zig]=zig)

# ---- one function a language: SOURCE OUTPUT ----

build_c() { c "$2" "$1"; }
build_cpp() { cxx "$2" "$1"; }
build_go() { go_wasi "$2" "$1" "$(dirname "$1")/check.go"; }
build_rust() { rust163 "$2" -C opt-level=s -C lto -C panic=abort "--remap-path-prefix=$suite/rust=." "$1"; }
build_assemblyscript() { assemblyscript "$2" "$1" "$suite"/assemblyscript/{check,wasi}.ts; }
build_zig() { zig_exe "$2" "$1"; }

build_tinygo() {
	local source folder=$work/tinygo
	rm -rf "$folder"
	mkdir "$folder"
	for source in "$1" "$(dirname "$1")/check.go"; do
		grep -v '^//go:build ignore$' "$source" >"$folder/$(basename "$source")"
	done
	printf 'module suite\n\ngo 1.25\n' >"$folder/go.mod"
	tinygo "$2" "$folder" z
}

# ---- what to build ----

# cases LANGUAGE names the sources that are not shared by others.
cases() {
	local source
	for source in "$suite/$1"/*-*."${ending[$1]}"; do
		source=$(basename "$source")
		echo "$1/${source%.*}"
	done
}

# build_case LANGUAGE/CASE replaces the module where the compiler gives another one.
build_case() {
	local language=${1%%/*} out="$suite/$1.wasm"
	"build_$language" "$suite/$1.${ending[$language]}" "$work/out.wasm"
	chmod 644 "$work/out.wasm"
	cmp -s "$work/out.wasm" "$out" || mv "$work/out.wasm" "$out"
}

main() {
	[ "${1-}" != --version ] || { versions; return; }
	local what all=()
	for what in ${*:-$languages}; do
		[ -n "${ending[${what%%/*}]-}" ] || { echo "build.sh: no language ${what%%/*}" >&2; exit 2; }
		[[ $what = */* ]] || what=$(cases "$what")
		all+=($what)
	done
	build_each build_case "${all[@]}"
}

main "$@"
