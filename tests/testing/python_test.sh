#!/bin/bash
# Runs a Python test with Debian's interpreter, which has Debian's grpc and protobuf. The first
# argument is the test's file; NAME=FILE arguments become environment variables with absolute paths.
set -euo pipefail
test_file=$1
shift
for argument in "$@"; do
  export "${argument%%=*}=$PWD/${argument#*=}"
done
exec /usr/bin/python3 "$test_file"
