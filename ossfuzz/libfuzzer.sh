#!/usr/bin/env bash
# Builds every fuzz target of this module into a libFuzzer binary in $OUT, with
# its seeds beside it, under OSS-Fuzz, ClusterFuzzLite and tools/libfuzzer.sh.
# The work is done in a copy; the tree that the script stands in is left alone.
# Of the environment it takes OUT, WORK, CXX, CXXFLAGS, LIB_FUZZING_ENGINE and
# SANITIZER, as they are set there.
set -euo pipefail

# The newest version of go-118-fuzz-build, which has no releases. Its own x/tools
# is too old for today's Go.
builder=github.com/AdamKorcz/go-118-fuzz-build@v0.0.0-20250520111509-a70c2aa677fa
builder_tools=golang.org/x/tools@v0.26.0

if [[ ${SANITIZER:-address} = *coverage* ]]; then
	echo "coverage of Go is measured by go test -cover, not by this build" >&2
	exit 1
fi

source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d -p "${WORK:-${TMPDIR:-/tmp}}")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir -p "$OUT" "$work/bin" "$work/builder"
tar -C "$source" --exclude=.git -cf - . | tar -C "$work" --one-top-level=module -xf -
cd "$work/module"
go build -o "$work/bin/targets" ./ossfuzz/targets

(
	cd "$work/builder"
	go mod init builder.local
	go get "$builder" "$builder_tools"
	go build -o "$work/bin/go-118-fuzz-build" "${builder%@*}"
)
GOFLAGS=-mod=mod go get "${builder%@*}/testing@${builder#*@}"

# Targets read seeds and programs where go test would. Nothing among them may
# look like a binary to the engines.
tar --exclude='*.go' --exclude='*.sh' -cf - . | tar -C "$OUT" --one-top-level=icsplice -xf -
find "$OUT/icsplice" -type f -exec chmod a-x {} +

# build FOLDER FUNCTION BINARY
build() {
	"$work/bin/go-118-fuzz-build" -func "$2" -o "$work/$3.a" \
		-include "github.com/icsplice/*" -preserve "github.com/icsplice/icsplice/ossfuzz/*" "./$1"
	# An archive does not have the libraries that engines in C need.
	local libraries
	libraries=$(go list -deps -f '{{join .CgoLDFLAGS " "}}' "./$1" | xargs)
	# shellcheck disable=SC2086 # lists of flags
	$CXX ${CXXFLAGS:-} "$work/$3.a" $LIB_FUZZING_ENGINE $libraries -o "$OUT/$3"
	rm "$work/$3.a"
}

# seeds BINARY: the target writes them when it gets its first input.
seeds() {
	local folder=$work/seeds/$1
	mkdir -p "$folder"
	LIBFUZZER_SEEDS=$folder "$OUT/$1" -runs=0 >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
	[ -z "$(ls "$folder")" ] || (cd "$folder" && zip -q -r "$OUT/$1_seed_corpus.zip" .)
}

"$work/bin/targets" list | while read -r package; do
	"$work/bin/targets" open "$package" >"$work/opened"
	while read -r folder name binary; do
		echo "building $binary"
		build "$folder" "$name" "$binary"
		seeds "$binary"
	done <"$work/opened"
	"$work/bin/targets" close "$package"
done
