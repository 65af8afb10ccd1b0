#!/usr/bin/env bash
# Rebuilds the driver (Debian's clang-19 and lld-19); with --check, compares it
# with the one in the tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=driver.wasm
if [ "${1-}" = --check ]; then
	out=$(mktemp)
	trap 'rm -f "$out"' EXIT
fi
clang-19 --target=wasm32-unknown-unknown -O2 -mbulk-memory -Wall -Wextra -ffreestanding -nostdlib \
	-Wl,--no-entry -Wl,-s -Wl,--stack-first -Wl,-z,stack-size=4096 \
	-Wl,--initial-memory=131072 -Wl,--max-memory=131072 -Wl,--export-memory -o "$out" driver.c
chmod 644 "$out"
[ "$out" = driver.wasm ] || cmp "$out" driver.wasm
