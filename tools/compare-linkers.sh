#!/bin/sh
# Times icsplice merge, Binaryen's wasm-merge and ic-wasm on the same module,
# in one run on one machine: tools/compare-linkers.sh FILE.wasm... The two others
# come from npm. Each figure is the best of three runs, in seconds of wall time.
set -eu
cd "$(dirname "$0")/.."
dir=${XDG_CACHE_HOME:-$HOME/.cache}/icsplice/compare
bin=$dir/node_modules
mkdir -p "$dir"
[ -d "$bin/binaryen" ] && [ -d "$bin/@icp-sdk/ic-wasm-linux-x64" ] ||
	npm --prefix "$dir" install --silent --no-audit --no-fund binaryen@132 @icp-sdk/ic-wasm-linux-x64 >/dev/null
go build -o "$dir/icsplice" ./cmd/icsplice
icwasm=$(find "$bin/@icp-sdk/ic-wasm-linux-x64/" -type f -perm -u+x -name 'ic-wasm*' | head -n 1)

# The bystander is (module (func (export "bystander.f"))).
printf '\0asm\1\0\0\0\1\4\1\140\0\0\3\2\1\0\7\17\1\13bystander.f\0\0\12\4\1\2\0\13' >"$dir/bystander.wasm"

# best COMMAND... prints the best wall time of three runs in seconds.
best() {
	least=
	for _ in 1 2 3; do
		from=$(date +%s%N)
		"$@" >"$dir/log" 2>&1 || { cat "$dir/log" >&2; echo failed; return; }
		ms=$((($(date +%s%N) - from) / 1000000))
		[ -n "$least" ] && [ "$least" -le "$ms" ] || least=$ms
	done
	awk "BEGIN { printf \"%.3f\", $least / 1000 }"
}

printf '%-28s %8s %12s %12s %12s %10s\n' module MB 'icsplice' '+validation' wasm-merge ic-wasm
for file in "$@"; do
	mb=$(wc -c <"$file" | awk '{ printf "%.1f", $1 / 1e6 }')
	inputs="$file=user $dir/bystander.wasm=bystander"
	ours=$(best "$dir/icsplice" merge --trusted $inputs -o "$dir/out.wasm")
	checked=$(best "$dir/icsplice" merge $inputs -o "$dir/out.wasm")
	theirs=$(best "$bin/.bin/wasm-merge" --all-features "$file" user "$dir/bystander.wasm" bystander -o "$dir/out2.wasm")
	shrink=$(best "$icwasm" "$file" -o "$dir/out3.wasm" shrink)
	printf '%-28s %8s %12s %12s %12s %10s\n' "$(basename "$file")" "$mb" "$ours" "$checked" "$theirs" "$shrink"
done
