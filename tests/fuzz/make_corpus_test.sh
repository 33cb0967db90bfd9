#!/bin/bash
# make_corpus writes the bytes that its text says, and refuses text that says none.
set -euo pipefail
MAKE="$PWD/$1"
cd "$TEST_TMPDIR"

printf '# two seeds\nfirst: 00 1b\n  FF\n\nsecond:\n' > good.hex
printf 'raw' > other
"$MAKE" corpus good.hex other
[[ "$(od -An -tx1 corpus/good_first)" == " 00 1b ff" ]]
[[ -f corpus/good_second && ! -s corpus/good_second ]]
[[ "$(cat corpus/other)" == raw ]]

for bad in 'x: 0' 'x: zz' '  00' 'no colon' $'x: 00\nx: 01'; do
  printf '%s\n' "$bad" > bad.hex
  if "$MAKE" bad_corpus bad.hex 2> message; then
    echo "accepted: $bad"
    exit 1
  fi
  grep -q 'bad.hex:[12]: ' message
  rm -rf bad_corpus
done
