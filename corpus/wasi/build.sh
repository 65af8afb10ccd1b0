#!/usr/bin/env bash
# Rebuilds the transcript programs into bin/, and for wasi_unstable into unstable/
# (Debian's clang-19 and lld-19).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/src"
build() { # FOLDER [OPTION]
	for source in *.c; do
		[ "$source" = lines.c ] && continue
		clang-19 --target=wasm32-unknown-unknown -Oz -Wall -Wextra -ffreestanding -nostdlib \
			"${@:2}" -Wl,--no-entry -Wl,-s -o "../$1/${source%.c}.wasm" "$source" lines.c
		chmod 644 "../$1/${source%.c}.wasm"
	done
}
build bin
build unstable -DUNSTABLE
