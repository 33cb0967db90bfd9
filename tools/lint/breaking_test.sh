#!/bin/bash
# Plants changes of an API in a repository of its own and sees whether tools/lint/breaking lets them through.
#   breaking_test.sh BREAKING BUF
set -euo pipefail

BREAKING="$PWD/$1"
BUF="$PWD/$2"
FAILED=0

# repository: a small API of one commit, in a new folder that becomes the working one.
repository() {
  cd "$(mktemp -d -p "$TEST_TMPDIR")"
  git init -q .
  git config user.name test
  git config user.email test@example.invalid
  mkdir -p tools/lint node_modules/.bin node_modules/google-proto-files proto/robot/v1
  echo node_modules >.gitignore
  cp "$BREAKING" tools/lint/breaking
  ln -s "$BUF" node_modules/.bin/buf
  printf 'version: v2\nmodules:\n  - path: proto\n' >buf.yaml
  printf '# Changelog\n' >CHANGELOG.md
  api 'string name = 1;' 'int64 slots = 2;'
  commit
}

# api FIELD...: the message has these fields.
api() {
  { printf 'syntax = "proto3";\npackage robot.v1;\nmessage Robot {\n'; printf '  %s\n' "$@"; printf '}\n'; } >proto/robot/v1/robot.proto
}

commit() {
  git add -A
  git commit -q --allow-empty -m change
}

# expect TEXT CODE PATTERN
expect() {
  local output code=0
  output="$(tools/lint/breaking 2>&1)" || code=$?
  if [[ "$code" == "$2" ]] && grep -qE -- "$3" <<<"$output"; then return 0; fi
  printf 'FAILED: %s\n   exit code %s, expected %s and a line with: %s\n%s\n' "$1" "$code" "$2" "$3" "$output" >&2
  FAILED=1
}

export HOME="$TEST_TMPDIR"

repository
expect "a first commit has nothing to be compared with" 0 "no commit HEAD~1"

repository
api 'string name = 1;' 'int64 slots = 2;' 'int64 drives = 3;'
commit
expect "a new field breaks nobody" 0 '^$'

repository
api 'string name = 1;'
commit
expect "a field that goes is a break" 1 'Previously present field "2"'
expect "a break needs a line of the changelog" 1 'CHANGELOG.md has no new line'

repository
api 'string name = 1;'
printf -- '- API break: Robot.slots is gone.\n' >>CHANGELOG.md
commit
expect "a break that the changelog tells is let through before the first release" 0 'CHANGELOG.md says so'
commit
api 'string name = 1;' 'string slots = 2;'
commit
api 'string name = 1;' 'bytes slots = 2;'
commit
expect "the line of an earlier break does not cover a later one" 1 'CHANGELOG.md has no new line'

repository
node_modules/.bin/buf build proto -o proto/released.binpb
commit
api 'string name = 1;'
printf -- '- API break: Robot.slots is gone.\n' >>CHANGELOG.md
commit
expect "no line covers a break of a release" 100 'Previously present field "2"'

exit "$FAILED"
