#!/usr/bin/env bash
# Rebuilds the programs of the suites: all of them, those of some languages, or
# single cases.
#
#   build.sh [LANGUAGE | LANGUAGE/CASE]...
#   build.sh --version     print the compilers that would be used
#
# Compilers' output is kept as it is: what is stripped, the compiler's own
# linker strips. Debian 12's packages are expected on the system; the other
# toolchains share the private folder of corpus/build.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=$here/suite
tools=${ICSPLICE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/icsplice}
libc=/usr/lib/wasm32-wasi

zig_version=0.17.1
asc_version=0.28.20
shim_version=0.1.0
binaryen_version=132.0.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

languages="c cpp rust go tinygo assemblyscript zig"
declare -A ending=([c]=c [cpp]=cpp [rust]=rs [go]=go [tinygo]=go [assemblyscript]=ts [zig]=zig)

# need FILE PACKAGE... says what to install where FILE is not there.
need() {
	local file=$1
	shift
	[ -e "$file" ] || command -v "$file" >/dev/null || {
		echo "missing $file; install it with: apt-get install $*" >&2
		return 1
	}
}

builtins() { clang-19 --target=wasm32-wasi -print-libgcc-file-name; }

need_clang() {
	need clang-19 clang-19 && need wasm-ld-19 lld-19 &&
		need $libc/libc.a wasi-libc && need "$(builtins)" libclang-rt-19-dev-wasm32
}

npm_tools() { # FOLDER PACKAGE@VERSION...
	local folder=$tools/$1
	shift
	need npm nodejs npm
	if ! [ -d "$folder/node_modules" ]; then
		echo "installing $* to $folder" >&2
		mkdir -p "$folder"
		(cd "$folder" && npm install --silent --no-audit --no-fund --save-exact "$@" >&2)
	fi
}

# ---- one function a language: SOURCE OUTPUT ----

build_c() {
	need_clang
	clang-19 --target=wasm32-wasi -O2 -Wall -Wextra -s -o "$2" "$1"
}

build_cpp() {
	need_clang
	need $libc/libc++.a libc++-19-dev-wasm32 libc++abi-19-dev-wasm32
	clang++-19 --target=wasm32-wasi -fno-exceptions -O2 -std=c++20 -Wall -Wextra -s -o "$2" "$1"
}

build_go() {
	need go "golang-go (1.26)"
	GOOS=wasip1 GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o "$2" "$1" "$(dirname "$1")/check.go"
}

# Debian's libc stands in for TinyGo's own, which its Go module lacks. TinyGo
# brings malloc and free, so libc's are left out. It builds folders only.
build_tinygo() {
	local root folder=$work/tinygo
	rm -rf "$folder"
	mkdir "$folder"
	for source in "$1" "$(dirname "$1")/check.go"; do
		grep -v '^//go:build ignore$' "$source" >"$folder/$(basename "$source")"
	done
	printf 'module suite\n\ngo 1.25\n' >"$folder/go.mod"
	need_clang
	need llvm-ar-19 llvm-19
	root=$("$here/../tools/install-tinygo.sh")
	npm_tools binaryen "binaryen@$binaryen_version"
	cp $libc/libc.a "$work/libc.a"
	chmod u+w "$work/libc.a"
	llvm-ar-19 d "$work/libc.a" dlmalloc.o
	sed "s|@LIBC@|$work/libc.a|; s|@BUILTINS@|$(builtins)|" "$here/../corpus/src/tinykit/target.json" >"$work/target.json"
	(cd "$folder" && TINYGOROOT=$root PATH=$root/linkers:$PATH WASMOPT=$tools/binaryen/node_modules/.bin/wasm-opt \
		"$root/bin/tinygo" build -target="$work/target.json" -opt=z -no-debug -o "$2" .)
}

# corpus/build.sh unpacks the compiler.
build_rust() {
	local root=$tools/rust-1.63
	need wasm-ld-14 lld-14
	[ -x "$root/usr/bin/rustc" ] || { echo "no rustc 1.63 in $root; run corpus/build.sh rust163 first" >&2; return 1; }
	LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu "$root/usr/bin/rustc" --sysroot "$root/usr" --edition 2021 \
		--target wasm32-wasi -C linker=wasm-ld-14 -C opt-level=s -C lto -C panic=abort -C strip=symbols \
		--remap-path-prefix="$suite/rust=." -o "$2" "$1"
}

# The library is found beside the source only, and the source's path ends up in the module.
build_assemblyscript() {
	npm_tools assemblyscript "assemblyscript@$asc_version" "@assemblyscript/wasi-shim@$shim_version"
	cp "$suite"/assemblyscript/*.ts "$tools/assemblyscript/"
	(cd "$tools/assemblyscript" && node_modules/.bin/asc "$(basename "$1")" \
		--config node_modules/@assemblyscript/wasi-shim/asconfig.json -O --noColors -o "$2")
}

build_zig() {
	if ! [ -x "$tools/zig/bin/python" ]; then
		echo "installing ziglang $zig_version to $tools/zig" >&2
		need python3 python3-venv
		python3 -m venv "$tools/zig" && "$tools/zig/bin/pip" install -q "ziglang==$zig_version" >&2
	fi
	(cd "$(dirname "$1")" && "$tools/zig/bin/python" -m ziglang build-exe -target wasm32-wasi -O ReleaseSmall \
		-fstrip "-femit-bin=$2" "$(basename "$1")")
}

# ---- what to build ----

versions() {
	clang-19 --version | head -n 1
	dpkg-query -W -f '${Package} ${Version}\n' wasi-libc libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 || true
	go version
	echo "rustc 1.63.0, ziglang $zig_version, assemblyscript $asc_version, wasi-shim $shim_version, binaryen $binaryen_version"
	sed -n 's/^version=/tinygo /p' "$here/../tools/install-tinygo.sh"
}

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
	local what one failed=
	for what in ${*:-$languages}; do
		[ -n "${ending[${what%%/*}]-}" ] || { echo "build.sh: no language ${what%%/*}" >&2; exit 2; }
		[[ $what = */* ]] || what=$(cases "$what")
		for one in $what; do
			echo "$one" >&2
			# A subshell of its own keeps -e in force, which a condition would switch off.
			set +e
			(set -e; build_case "$one")
			local status=$?
			set -e
			[ $status = 0 ] || failed+=" $one"
		done
	done
	[ -z "$failed" ] || { echo "not built:$failed" >&2; exit 1; }
}

main "$@"
