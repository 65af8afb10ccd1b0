#!/usr/bin/env bash
# Rebuilds the programs of the corpus into bin/: all of them, or those named.
#
#   build.sh [NAME...]     build
#   build.sh --list        print the names
#   build.sh --version     print the compilers that would be used
#
# Compilers' output is kept as it is: what is stripped, the compiler's own
# linker strips. tools/toolchains.sh says what is needed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
src=$here/src
bin=$here/bin
gzip_above=200000

. "$here/../tools/toolchains.sh"

c_commands="notes sort alloc wc env exits traps files clocks walk links fib nbody sha"
names="$c_commands simd workloads workloads_canister scale counter cppkit gokit gocounter rust163 rust196 tinykit askit zignotes zigkit"

# traps recurses without end on purpose.
c_flags+=" -Wno-infinite-recursion"

c_here() { (cd "$src/c" && c "$@"); }

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

# ---- the programs ----

compile() { # NAME OUTPUT
	case $1 in
	simd) c_here "$2" -msimd128 -mbulk-memory -msign-ext -mnontrapping-fptoint simd.c ;;
	workloads) c_here "$2" workloads.c workloads_main.c ;;
	workloads_canister) c_reactor "$2" workloads.c workloads_canister.c ;;
	counter) c_reactor "$2" counter.c ;;
	scale) c_reactor "$2" scale.c ;;
	cppkit) cxx "$2" "$src/cpp/kit.cpp" ;;
	gokit) (cd "$src/gokit" && go_wasi "$2" .) ;;
	gocounter) (cd "$src/gocounter" && go_wasi "$2" -buildmode=c-shared .) ;;
	tinykit) tinygo "$2" "$src/tinykit" 2 ;;
	rust163) (cd "$src/rust" && rust163 "$2" -O kit.rs) ;;
	rust196) rust196 "$2" "$src/rust/kit.rs" ;;
	askit) assemblyscript "$2" "$src/as/kit.ts" ;;
	zignotes) (cd "$src/c" && zig cc -target wasm32-wasi -O2 -s -o "$2" notes.c) ;;
	zigkit) zig_exe "$2" "$src/zig/kit.zig" ;;
	*) c_here "$2" "$1.c" ;;
	esac
}

build() { # NAME
	compile "$1" "$work/$1.wasm"
	install_binary "$1" "$work/$1.wasm"
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

main() {
	case ${1-} in
	--list) printf '%s\n' $names; return ;;
	--version) versions; first_line /usr/bin/rustc --version; return ;;
	esac
	local name
	for name in ${*:-$names}; do
		[[ " $names " == *" $name "* ]] || { echo "build.sh: no program $name" >&2; exit 2; }
	done
	build_each build ${*:-$names}
}

main "$@"
