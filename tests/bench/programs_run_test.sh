#!/bin/bash
# The programs that tools/bench runs still do: one short round of each, and none of their benchmarks ends in an error. Measures nothing.
#   programs_run_test.sh WRITE_ARCHIVE_IMAGE ISO_READ IMPORT_BENCH SET_MULTISESSION_BENCH IMAGE_STREAM UPLOAD_BENCH BURN_BENCH
set -euo pipefail

WRITE_ARCHIVE_IMAGE="$PWD/$1" ISO_READ="$PWD/$2" IMPORT_BENCH="$PWD/$3" SET_MULTISESSION_BENCH="$PWD/$4" IMAGE_STREAM="$PWD/$5" UPLOAD_BENCH="$PWD/$6"
BURN_BENCH="$PWD/$7"
cd "$TEST_TMPDIR"

# ran NAME COUNT: the results in NAME.json are of COUNT benchmarks, all without an error.
ran() {
  [[ "$(grep -c '"run_type": "iteration"' "$1.json")" == "$2" ]] || { echo "$1: not $2 benchmarks"; cat "$1.json"; exit 1; }
  ! grep -B8 '"error_occurred": true' "$1.json" || { echo "$1: a benchmark has failed"; exit 1; }
}

image="$("$WRITE_ARCHIVE_IMAGE" "$PWD/image" 1000)"
[[ "$("$ISO_READ" "$image")" == "1000 entries" ]] || { echo "iso_read: not 1000 entries"; exit 1; }
"$IMPORT_BENCH" --benchmark_min_time=0.001 --benchmark_out=import.json "$image" "$PWD/drives"
ran import 3
"$SET_MULTISESSION_BENCH" --benchmark_min_time=0.001 --benchmark_out=calls.json "$PWD/calls"
ran calls 4
mkdir files
head -c 3000000 /dev/zero >files/zeros
said="$("$IMAGE_STREAM" files --sha256 2>&1 >stream)"
[[ "$said" == "$(sha256sum <stream | cut -d' ' -f1)" ]] || { echo "image_stream: says $said of other bytes"; exit 1; }
"$UPLOAD_BENCH" --benchmark_min_time=0.001 --benchmark_out=upload.json "$PWD/upload"
ran upload 3
"$BURN_BENCH" --benchmark_out=burn.json "$PWD/contents" 0.1
ran burn 1
