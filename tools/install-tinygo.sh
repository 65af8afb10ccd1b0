#!/usr/bin/env bash
# Installs TinyGo, the compiler of the polyfill, from its Go module and
# Debian's LLVM 19, and prints the folder that it stands in.
# The result is kept; a second run only prints the folder.
set -euo pipefail

version=v0.41.1
root=${ICSPLICE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/icsplice}/tinygo-$version
if [ -x "$root/bin/tinygo" ]; then
	echo "$root"
	exit 0
fi

if ! [ -e /usr/lib/llvm-19/include/llvm-c/Core.h ] || ! command -v wasm-ld-19 >/dev/null; then
	echo "installing LLVM 19 from Debian" >&2
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	{
		$sudo apt-get update
		DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends \
			llvm-19-dev libclang-19-dev clang-19 lld-19
	} >&2
fi

echo "building TinyGo $version" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >go.mod <<GOMOD
module tinygo.local/build

go 1.25

require github.com/tinygo-org/tinygo $version
GOMOD
# The module is not tidy from outside, so its own requirements are resolved here.
GOFLAGS=-mod=mod go build -tags=llvm19 -o tinygo github.com/tinygo-org/tinygo >&2
module=$(GOFLAGS=-mod=mod go list -m -f '{{.Dir}}' github.com/tinygo-org/tinygo)

rm -rf "$root.part"
mkdir -p "$root.part/bin" "$root.part/linkers"
cp -r "$module/." "$root.part/"
chmod -R u+w "$root.part"
mkdir -p "$root.part/src/net"
cp tinygo "$root.part/bin/tinygo"
ln -sf "$(command -v wasm-ld-19)" "$root.part/linkers/wasm-ld"
mkdir -p "$(dirname "$root")"
mv "$root.part" "$root"
echo "$root"
