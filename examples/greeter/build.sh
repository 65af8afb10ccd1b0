#!/usr/bin/env bash
# Builds greeter.wasm: needs Debian 12's clang-19, lld-19, wasi-libc and
# libclang-rt-19-dev-wasm32. It is a reactor, a module without _start.
set -euo pipefail
cd "$(dirname "$0")"

libc=/usr/lib/wasm32-wasi
object=$(mktemp)
trap 'rm -f "$object"' EXIT
clang-19 --target=wasm32-wasi -O2 -Wall -Wextra -c -o "$object" src/greeter.c
wasm-ld-19 -s --entry=_initialize -o greeter.wasm $libc/crt1-reactor.o "$object" -L$libc -lc \
	"$(clang-19 --target=wasm32-wasi -print-libgcc-file-name)"
