#!/usr/bin/env bash
# Rebuilds the programs of the corpus into bin/: all of them, or those named.
#
#   build.sh [NAME...]     build
#   build.sh --list        print the names
#   build.sh --version     print the compilers that would be used
#
# Compilers' output is kept as it is: what is stripped, the compiler's own
# linker strips. Debian 12's packages are expected on the system; the other
# toolchains are put into a private folder on first use.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$here/src
bin=$here/bin
tools=${ICSPLICE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/icsplice}
libc=/usr/lib/wasm32-wasi
gzip_above=200000

zig_version=0.17.1
asc_version=0.28.20
shim_version=0.1.0
binaryen_version=132.0.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

c_commands="notes sort alloc wc env exits traps files clocks walk links fib nbody sha"
names="$c_commands simd workloads workloads_canister scale counter cppkit gokit gocounter rust163 rust196 tinykit askit zignotes zigkit"

# need FILE PACKAGE... says what to install where FILE is not there.
need() {
	local file=$1
	shift
	[ -e "$file" ] || command -v "$file" >/dev/null || {
		echo "missing $file; install it with: apt-get install $*" >&2
		return 1
	}
}

need_clang() {
	need clang-19 clang-19 && need wasm-ld-19 lld-19 &&
		need $libc/libc.a wasi-libc && need "$(builtins)" libclang-rt-19-dev-wasm32
}

builtins() { clang-19 --target=wasm32-wasi -print-libgcc-file-name; }

# ---- C and C++ ----

c_flags="--target=wasm32-wasi -O2 -Wall -Wextra -Wno-infinite-recursion"

c() { # OUTPUT [FLAG...] SOURCE...
	local out=$1
	shift
	need_clang
	(cd "$src/c" && clang-19 $c_flags -s -o "$out" "$@")
}

# Clang 19 refuses -mexec-model=reactor for this target, so the linker is called.
c_reactor() { # OUTPUT SOURCE...
	local out=$1 source objects=()
	shift
	need_clang
	for source in "$@"; do
		objects+=("$work/${source%.c}.o")
		(cd "$src/c" && clang-19 $c_flags -c -o "$work/${source%.c}.o" "$source")
	done
	wasm-ld-19 -s --entry=_initialize -o "$out" $libc/crt1-reactor.o "${objects[@]}" -L$libc -lc "$(builtins)"
}

cxx() { # OUTPUT SOURCE
	need_clang
	need $libc/libc++.a libc++-19-dev-wasm32 libc++abi-19-dev-wasm32
	clang++-19 --target=wasm32-wasi -fno-exceptions -O2 -std=c++20 -Wall -Wextra -s -o "$1" "$2"
}

# ---- Go ----

go_wasi() { # OUTPUT FOLDER [FLAG...]
	local out=$1 folder=$2
	shift 2
	need go "golang-go (1.26)"
	(cd "$folder" && GOOS=wasip1 GOARCH=wasm go build "$@" -trimpath -ldflags='-s -w -buildid=' -o "$out" .)
}

# Debian's libc stands in for TinyGo's own, which its Go module lacks. TinyGo
# brings malloc and free, so libc's are left out.
tinygo() { # OUTPUT FOLDER
	local root
	need_clang
	need llvm-ar-19 llvm-19
	root=$("$here/../tools/install-tinygo.sh")
	npm_tools binaryen "binaryen@$binaryen_version"
	cp $libc/libc.a "$work/libc.a"
	chmod u+w "$work/libc.a"
	llvm-ar-19 d "$work/libc.a" dlmalloc.o
	sed "s|@LIBC@|$work/libc.a|; s|@BUILTINS@|$(builtins)|" "$src/tinykit/target.json" >"$work/target.json"
	(cd "$2" && TINYGOROOT=$root PATH=$root/linkers:$PATH WASMOPT=$tools/binaryen/node_modules/.bin/wasm-opt \
		"$root/bin/tinygo" build -target="$work/target.json" -opt=2 -no-debug -o "$1" .)
}

# ---- Rust ----

# Debian's two compilers exclude each other, so the old one is only unpacked.
rust163_root() {
	local root=$tools/rust-1.63
	if ! [ -x "$root/usr/bin/rustc" ]; then
		echo "unpacking rustc 1.63 to $root" >&2
		mkdir -p "$root" "$work/deb"
		(cd "$work/deb" && apt-get download rustc libstd-rust-1.63 libstd-rust-dev-wasm32 >&2)
		for deb in "$work"/deb/*.deb; do
			dpkg -x "$deb" "$root"
		done
	fi
	echo "$root"
}

rustc163() {
	local root
	root=$(rust163_root)
	LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu "$root/usr/bin/rustc" --sysroot "$root/usr" "$@"
}

rust163() { # OUTPUT SOURCE
	need wasm-ld-14 lld-14
	(cd "$(dirname "$2")" && rustc163 --edition 2021 --target wasm32-wasi -C linker=wasm-ld-14 \
		-O -C strip=symbols -o "$1" "$(basename "$2")")
}

# Debian has no library of Rust 1.96 for WASI, so it is built from its sources.
rust196() { # OUTPUT SOURCE
	need_clang
	need /usr/lib/rustlib/src/rust/library rust-web-src
	need /usr/bin/cargo cargo-web
	need /usr/bin/rustc rustc-web
	local vendor=/usr/lib/rustlib/src/rust/library/vendor
	mkdir -p "$work/rust/src"
	cp "$2" "$work/rust/src/main.rs"
	cp "$src/rust/Cargo.toml" "$work/rust/"
	(cd "$work/rust" && RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/rust/target \
		RUSTFLAGS="-C linker=wasm-ld-19 -C link-self-contained=no -C link-args=$libc/crt1-command.o -L$libc --remap-path-prefix=$work/rust/src=src" \
		/usr/bin/cargo build --quiet --offline --release -Zbuild-std=std,panic_abort --target wasm32-wasip1 \
		--config 'source.crates-io.replace-with="vendor"' --config "source.vendor.directory=\"$vendor\"")
	cp "$work/rust/target/wasm32-wasip1/release/kit.wasm" "$1"
}

# ---- AssemblyScript and Zig ----

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

assemblyscript() { # OUTPUT SOURCE
	npm_tools assemblyscript "assemblyscript@$asc_version" "@assemblyscript/wasi-shim@$shim_version"
	# It finds the shim beside the source only, and writes the source's path into the module.
	cp "$2" "$tools/assemblyscript/"
	(cd "$tools/assemblyscript" && node_modules/.bin/asc "$(basename "$2")" \
		--config node_modules/@assemblyscript/wasi-shim/asconfig.json -O --noColors -o "$1")
}

zig() {
	if ! [ -x "$tools/zig/bin/python" ]; then
		echo "installing ziglang $zig_version to $tools/zig" >&2
		need python3 python3-venv
		python3 -m venv "$tools/zig" && "$tools/zig/bin/pip" install -q "ziglang==$zig_version" >&2
	fi
	"$tools/zig/bin/python" -m ziglang "$@"
}

zig_cc() { (cd "$src/c" && zig cc -target wasm32-wasi -O2 -s -o "$1" "$2"); }
zig_exe() { (cd "$src/zig" && zig build-exe -target wasm32-wasi -O ReleaseSmall -fstrip "-femit-bin=$1" "$2"); }

# ---- the programs ----

build() { # NAME OUTPUT
	case $1 in
	simd) c "$2" -msimd128 -mbulk-memory -msign-ext -mnontrapping-fptoint simd.c ;;
	workloads) c "$2" workloads.c workloads_main.c ;;
	workloads_canister) c_reactor "$2" workloads.c workloads_canister.c ;;
	counter) c_reactor "$2" counter.c ;;
	scale) c_reactor "$2" scale.c ;;
	cppkit) cxx "$2" "$src/cpp/kit.cpp" ;;
	gokit) go_wasi "$2" "$src/gokit" ;;
	gocounter) go_wasi "$2" "$src/gocounter" -buildmode=c-shared ;;
	tinykit) tinygo "$2" "$src/tinykit" ;;
	rust163) rust163 "$2" "$src/rust/kit.rs" ;;
	rust196) rust196 "$2" "$src/rust/kit.rs" ;;
	askit) assemblyscript "$2" "$src/as/kit.ts" ;;
	zignotes) zig_cc "$2" notes.c ;;
	zigkit) zig_exe "$2" kit.zig ;;
	*) c "$2" "$1.c" ;;
	esac
}

# install_binary NAME FILE puts the module into bin/, compressed where it is large.
install_binary() {
	rm -f "$bin/$1.wasm" "$bin/$1.wasm.gz"
	if [ "$(wc -c <"$2")" -gt $gzip_above ]; then
		gzip -9 -n -c "$2" >"$bin/$1.wasm.gz"
	else
		cp "$2" "$bin/$1.wasm"
		chmod 644 "$bin/$1.wasm"
	fi
}

first_line() { "$@" 2>&1 | head -n 1 || true; }

versions() {
	first_line clang-19 --version
	first_line wasm-ld-19 --version
	dpkg-query -W -f '${Package} ${Version}\n' wasi-libc libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 || true
	first_line go version
	first_line rustc163 --version
	first_line /usr/bin/rustc --version
	echo "ziglang $zig_version, assemblyscript $asc_version, wasi-shim $shim_version, binaryen $binaryen_version"
	sed -n 's/^version=/tinygo /p' "$here/../tools/install-tinygo.sh"
}

main() {
	case ${1-} in
	--list) printf '%s\n' $names; return ;;
	--version) versions; return ;;
	esac
	local name failed=
	for name in ${*:-$names}; do
		[[ " $names " == *" $name "* ]] || { echo "build.sh: no program $name" >&2; exit 2; }
	done
	for name in ${*:-$names}; do
		echo "$name" >&2
		# A subshell of its own keeps -e in force, which a condition would switch off.
		set +e
		(set -e; build "$name" "$work/$name.wasm")
		local status=$?
		set -e
		if [ $status = 0 ]; then install_binary "$name" "$work/$name.wasm"; else failed+=" $name"; fi
	done
	[ -z "$failed" ] || { echo "not built:$failed" >&2; exit 1; }
}

main "$@"
