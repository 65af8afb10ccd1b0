#!/usr/bin/env bash
# Rebuilds the transcript programs into bin/ (Debian's clang-19 and lld-19).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/src"
for source in *.c; do
	[ "$source" = lines.c ] && continue
	clang-19 --target=wasm32-unknown-unknown -Oz -Wall -Wextra -ffreestanding -nostdlib \
		-Wl,--no-entry -Wl,-s -o "../bin/${source%.c}.wasm" "$source" lines.c
	chmod 644 "../bin/${source%.c}.wasm"
done
