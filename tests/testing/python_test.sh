#!/bin/bash
# Runs a Python test with Debian's interpreter, which has Debian's grpc and protobuf. The first
# argument is the test's file; NAME=FILE arguments become environment variables with absolute paths,
# NAME:=VALUE arguments such as they are, unless the variable is set.
set -euo pipefail
test_file=$1
shift
for argument in "$@"; do
  name="${argument%%[:=]*}"
  if [[ "$argument" == *:=* ]]; then
    export "$name=${!name-${argument#*:=}}"
  else
    export "$name=$PWD/${argument#*=}"
  fi
done
exec /usr/bin/python3 "$test_file"
