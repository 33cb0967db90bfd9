#!/bin/bash
# What carouselctl does without a service: help, mistakes on the command line, an address where nobody listens. $1: carouselctl.
set -uo pipefail

CAROUSELCTL="$1"
FAILURES=0
unset CAROUSEL_ADDRESS

# expect NAME EXIT_CODE PATTERN ARGUMENT...: the exit code, and a line of either output that matches.
expect() {
  local name="$1" code="$2" pattern="$3" output status=0
  shift 3
  output="$("$CAROUSELCTL" "$@" 2>&1)" || status=$?
  if [[ "$status" != "$code" ]] || ! grep -qE -- "$pattern" <<<"$output"; then
    FAILURES=$((FAILURES + 1))
    printf 'FAILED: %s\n  exit code %d, not %d, or no line matches %s in:\n%s\n' "$name" "$status" "$code" "$pattern" "$output"
  fi
}

for command in robot drives slots discs ports load unload move exchange import export inventory doctor media multisession burn disc verify erase close repair image operations completion; do
  expect "help lists $command" 0 "^ +$command " --help
done
for command in create list show delete set-multisession get-multisession import ls identify rm mv mkdir symlink lock rollback update \
  result cat add add-tree; do
  expect "help of image lists $command" 0 "^ +$command " image --help
done
expect "help tells the exit codes" 0 "^Exit code: 0 success; 2 command line; 3 refused" --help
expect "no command is a mistake" 2 "^carouselctl: a command is missing$"
expect "and the commands are listed" 2 "^Commands: robot, drives, .*, doctor, completion$"
expect "a word that is no command is named" 2 "^carouselctl: there is no command 'frobnicate'$" frobnicate
expect "and what there is instead" 2 "^Commands: robot, drives, .*, doctor, completion$" frobnicate
expect "options before the word make no difference" 2 "there is no command 'frobnicate'" -o json frobnicate now
expect "a group's unknown command is named, too" 2 "^carouselctl image: there is no command 'frobnicate'$" image frobnicate
expect "with the group's own commands" 2 "^Commands: create, list, .*, update$" image frobnicate
expect "a group alone is a mistake" 2 "^carouselctl operations: a command is missing$" operations
expect "an unknown option is named" 2 "there is no option '--frobnicate'" --frobnicate
expect "so is one behind a command" 2 "not expected: --frobnicate" drives --frobnicate
expect "a wrong value is told before a missing command" 2 "xml not in" --output xml image
expect "and a word too many" 2 "not expected: frobnicate" drives frobnicate
expect "a missing argument is named" 2 "drive is required" media
expect "an update changes something" 2 "an option that says what to change is required" image update x
expect "an erasure names the disc that is meant" 2 "--confirm is required" erase drive0
expect "and how" 2 "--mode: twice not in" erase drive0 --confirm A1 --mode twice
expect "so does the end of a disc" 2 "--disc requires --confirm" close drive0 --disc
expect "a session has a number" 2 "--session" verify drive0 --session 0
expect "a burn needs its drive" 2 "--drive is required" burn image1
expect "and a verification that there is" 2 "not in" burn image1 --drive drive0 --verify most
expect "an acknowledgement needs a name" 2 "--who is required" disc acknowledge A1
expect "an unknown output format is refused" 2 "not in" --output xml drives
# Relative: an absolute path of a sandbox can be longer than the 107 characters of a socket's.
nobody="unix:nobody"
expect "nobody listening is told as UNAVAILABLE" 4 "^error: UNAVAILABLE" --address "$nobody" drives
expect "and what to do next" 4 "next: is carouseld running" --address "$nobody" drives
expect "the doctor looks at this machine even so" 4 "^(good|warning|problem): " --address "$nobody" doctor
expect "an option may follow the command" 4 "^error: UNAVAILABLE" drives --address "$nobody"
expect "a program reads the code as JSON" 4 '"code": "UNAVAILABLE"' -o json --address "$nobody" image list
CAROUSEL_ADDRESS="$nobody" expect "the environment gives the address" 4 "nobody" robot

[[ "$FAILURES" == 0 ]]
