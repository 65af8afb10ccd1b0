#!/bin/bash -eu
# OSS-Fuzz and ClusterFuzzLite call this with the module in $SRC/icsplice.
exec "$SRC/icsplice/ossfuzz/libfuzzer.sh"
