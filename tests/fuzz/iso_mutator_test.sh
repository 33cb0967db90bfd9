#!/bin/bash
# The mutator passes over the reader, does the same again for the same seed, and says so when it has nothing to work on.
set -euo pipefail
MUTATOR="$PWD/$1"
IMAGES="$PWD/$(dirname "$2")"

run() { "$MUTATOR" --images="$IMAGES" --seed=7 "$@"; }

cd "$TEST_TMPDIR"
run --mutants=1500 | tee first
[[ "$(tail -1 first)" == "1500 passed, 0 failed, 0 skipped" ]]
for outcome in tree IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR IMAPI_E_INVALID_PATH IMAPI_E_IMPORT_READ_FAILURE E_OUTOFMEMORY \
  E_IMAPI_REQUEST_CANCELLED IMAPI_E_NO_SUPPORTED_FILE_SYSTEM; do
  grep -q "mutants:.* $outcome [1-9]" first || { echo "$outcome was never reached"; exit 1; }
done

run --mutants=1500 >second
cmp first second

if "$MUTATOR" --images=/nonexistent --mutants=1 >none; then
  echo "it passes without images"
  exit 1
fi
grep -q 'images are missing' none
[[ "$(tail -1 none)" == "0 passed, 1 failed, 0 skipped" ]]
