#!/usr/bin/env bash
# Builds the fuzz targets as OSS-Fuzz does, with Debian's libFuzzer, and runs
# each of them on its seeds for a bounded number of executions, or for a minute
# where that is less. What is built is the last commit. Prints a line for each target and fails where one has a finding;
# the input that shows it is kept in the folder that is named then.
#
#	tools/libfuzzer.sh [EXECUTIONS [TARGET...]]
set -euo pipefail

executions=${1:-20000}
shift || true
repository=$(cd "$(dirname "$0")/.." && pwd)

missing=()
command -v clang++-19 >/dev/null || missing+=(clang-19)
command -v zip >/dev/null || missing+=(zip)
command -v unzip >/dev/null || missing+=(unzip)
compgen -G '/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-*.a' >/dev/null || missing+=(libclang-rt-19-dev)
if [ ${#missing[@]} -gt 0 ]; then
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends "${missing[@]}"
fi

work=$(mktemp -d)
findings=0
trap '[ $findings -gt 0 ] || rm -rf "$work"' EXIT
mkdir "$work/src" "$work/out" "$work/corpus" "$work/findings" "$work/log"
git -C "$repository" archive --prefix=icsplice/ HEAD | tar -C "$work/src" -xf -
SRC=$work/src OUT=$work/out WORK=$work CXX=clang++-19 CXXFLAGS=-O1 LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
	"$work/src/icsplice/ossfuzz/build.sh" >"$work/log/build" 2>&1 || { cat "$work/log/build"; exit 1; }

targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(find "$work/out" -maxdepth 1 -type f -executable -printf '%f\n' | sort)

printf '%-36s %6s %10s %8s %8s %7s\n' target seeds executions rate edges MiB
for target in "${targets[@]}"; do
	corpus=$work/corpus/$target
	log=$work/log/$target
	mkdir "$corpus"
	[ ! -e "$work/out/${target}_seed_corpus.zip" ] || unzip -q "$work/out/${target}_seed_corpus.zip" -d "$corpus"
	seeds=$(find "$corpus" -type f | wc -l)
	verdict=
	"$work/out/$target" -runs="$executions" -max_total_time=60 -seed=1 -timeout=25 -rss_limit_mb=2560 -print_final_stats=1 \
		-artifact_prefix="$work/findings/$target-" "$corpus" >"$log" 2>&1 || verdict=FINDING
	printf '%-36s %6d %10s %8s %8s %7s %s\n' "$target" "$seeds" \
		"$(awk '/^stat::number_of_executed_units/ {print $2}' "$log")" \
		"$(awk '/^stat::average_exec_per_sec/ {print $2}' "$log")" \
		"$(awk '{for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1)} END {print edges}' "$log")" \
		"$(awk '/^stat::peak_rss_mb/ {print $2}' "$log")" "$verdict"
	if [ -n "$verdict" ]; then
		findings=$((findings + 1))
		tail -n 40 "$log"
	fi
done
[ $findings -eq 0 ] || { echo "the inputs are in $work/findings"; exit 1; }
