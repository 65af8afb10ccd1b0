#!/usr/bin/env bash
# Rebuilds polyfill/polyfill.wasm from polyfill/module with TinyGo. The bytes
# depend on the sources and on the pinned toolchain alone.
# With --check it changes nothing, and fails where the bytes would change.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
tinygo=$("$repository/tools/install-tinygo.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$repository"
go build -o "$work/trimpolyfill" ./tools/trimpolyfill
TINYGOROOT=$tinygo WASMOPT=$work/trimpolyfill PATH=$tinygo/linkers:$PATH \
	"$tinygo/bin/tinygo" build -target="$repository/polyfill/target.json" \
	-opt=s -panic=trap -no-debug -o "$work/polyfill.wasm" ./polyfill/module

if [ "${1:-}" = --check ]; then
	cmp "$work/polyfill.wasm" polyfill/polyfill.wasm
	exit
fi
cp "$work/polyfill.wasm" polyfill/polyfill.wasm
chmod 644 polyfill/polyfill.wasm
