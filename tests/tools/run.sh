#!/bin/sh
# The tests of the build's own tools. usage: tests/tools/run.sh TOOLS_DIR
set -u
here=$(dirname "$0")
code=0
for test in "$here"/*_test.sh; do
    name=$(basename "$test" _test.sh)
    sh "$test" "$1/$name" || code=1
done
exit $code
