# The compilers of WASI programs, for scripts to source; not a command.
#
# Debian 12's packages are expected on the system. The other toolchains are put
# into the private folder $tools on first use. $work is a scratch folder that
# goes when the script ends. Functions that compile take OUTPUT first, whose
# path is absolute, and keep what the compiler gives as it is.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${ICSPLICE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/icsplice}
libc=/usr/lib/wasm32-wasi

zig_version=0.17.1
asc_version=0.28.20
shim_version=0.1.0
binaryen_version=132.0.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# need FILE PACKAGE... says what to install where FILE is not there.
need() {
	local file=$1
	shift
	[ -e "$file" ] || command -v "$file" >/dev/null || {
		echo "missing $file; install it with: apt-get install $*" >&2
		return 1
	}
}

# ---- C and C++ ----

builtins() { clang-19 --target=wasm32-wasi -print-libgcc-file-name; }

need_clang() {
	need clang-19 clang-19 && need wasm-ld-19 lld-19 &&
		need $libc/libc.a wasi-libc && need "$(builtins)" libclang-rt-19-dev-wasm32
}

c_flags="--target=wasm32-wasi -O2 -Wall -Wextra"

c() { # OUTPUT [FLAG...] SOURCE...
	need_clang
	clang-19 $c_flags -s -o "$@"
}

cxx() { # OUTPUT SOURCE
	need_clang
	need $libc/libc++.a libc++-19-dev-wasm32 libc++abi-19-dev-wasm32
	clang++-19 $c_flags -fno-exceptions -std=c++20 -s -o "$1" "$2"
}

# ---- Go ----

go_wasi() { # OUTPUT [FLAG...] SOURCE...
	need go "golang-go (1.26)"
	GOOS=wasip1 GOARCH=wasm go build -trimpath -ldflags='-s -w -buildid=' -o "$@"
}

# Debian's libc stands in for TinyGo's own, which its Go module lacks. TinyGo
# brings malloc and free, so libc's are left out. It builds folders only.
tinygo() { # OUTPUT FOLDER LEVEL
	local root
	need_clang
	need llvm-ar-19 llvm-19
	root=$("$repository/tools/install-tinygo.sh")
	npm_tools binaryen "binaryen@$binaryen_version"
	cp $libc/libc.a "$work/libc.a"
	chmod u+w "$work/libc.a"
	llvm-ar-19 d "$work/libc.a" dlmalloc.o
	sed "s|@LIBC@|$work/libc.a|; s|@BUILTINS@|$(builtins)|" "$repository/corpus/src/tinykit/target.json" >"$work/target.json"
	(cd "$2" && TINYGOROOT=$root PATH=$root/linkers:$PATH WASMOPT=$tools/binaryen/node_modules/.bin/wasm-opt \
		"$root/bin/tinygo" build -target="$work/target.json" -opt="$3" -no-debug -o "$1" .)
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

rustc163() { # FLAG...
	local root
	root=$(rust163_root)
	LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu "$root/usr/bin/rustc" --sysroot "$root/usr" "$@"
}

rust163() { # OUTPUT [FLAG...] SOURCE
	need wasm-ld-14 lld-14
	rustc163 --edition 2021 --target wasm32-wasi -C linker=wasm-ld-14 -C strip=symbols -o "$@"
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

# The shim is found beside the source only, and the source's path ends up in the
# module, so that the sources are copied to the compiler.
assemblyscript() { # OUTPUT SOURCE [WHAT IT IMPORTS...]
	npm_tools assemblyscript "assemblyscript@$asc_version" "@assemblyscript/wasi-shim@$shim_version"
	cp "${@:2}" "$tools/assemblyscript/"
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

zig_exe() { # OUTPUT SOURCE
	(cd "$(dirname "$2")" && zig build-exe -target wasm32-wasi -O ReleaseSmall -fstrip "-femit-bin=$1" "$(basename "$2")")
}

# ---- all together ----

first_line() { "$@" 2>&1 | head -n 1 || true; }

versions() {
	first_line clang-19 --version
	first_line wasm-ld-19 --version
	dpkg-query -W -f '${Package} ${Version}\n' wasi-libc libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 || true
	first_line go version
	first_line rustc163 --version
	echo "ziglang $zig_version, assemblyscript $asc_version, wasi-shim $shim_version, binaryen $binaryen_version"
	sed -n 's/^version=/tinygo /p' "$repository/tools/install-tinygo.sh"
}

# build_each COMMAND NAME... runs COMMAND with each name, and goes on where one
# fails.
build_each() {
	local command=$1 name status failed=
	shift
	for name in "$@"; do
		echo "$name" >&2
		# A subshell of its own keeps -e in force, which a condition would switch off.
		set +e
		(set -e; "$command" "$name")
		status=$?
		set -e
		[ $status = 0 ] || failed+=" $name"
	done
	[ -z "$failed" ] || { echo "not built:$failed" >&2; return 1; }
}
