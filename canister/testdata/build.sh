#!/bin/sh
# Translates the text modules beside it with wat2wasm of wabt.
set -e
cd "$(dirname "$0")"
for wat in *.wat; do
	wat2wasm --enable-tail-call --debug-names "$wat" -o "${wat%.wat}.wasm"
done
