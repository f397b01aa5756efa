#!/bin/sh
# Builds and runs all test programs of a flavour, two at a time; prints their TAP.
# usage: tests/run.sh FLAVOR [MAKE ARGUMENTS]
set -u
flavor=$1
shift
make --no-print-directory -j 2 FLAVOR="$flavor" "$@" test-programs || { echo "not ok 0 - the tests of $flavor are built"; exit 1; }
prove -j 2 -v --merge --exec '' $(find "build/$flavor/test" -type f -perm -u+x | sort)
