#!/bin/sh
# Faults: kill -9 at every marked point and at random, SIGTERM under work, a full disk, a stale lock.
# Prints TAP; ends what it starts. Needs nothing but the project.
# usage: tests/fault/run.sh [BUILD_DIR]     (default build/kill; builds it; KEEP=1 keeps the files,
# PARTS="sweep kill" runs some parts)
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-build/kill}
cd "$root" || exit 1
make --no-print-directory -j 2 FLAVOR=kill B="$build" all "$build/fault/ask" >&2 || {
    echo "not ok 1 - the flavour with marked points is built"
    exit 1
}
case $build in /*) ;; *) build=$root/$build ;; esac
kontor=${KONTOR:-$build/kontor}
ask=$build/fault/ask
# Death of a process needs no disk: what was written is in the kernel's hands.
shm=/dev/shm
[ -w $shm ] && [ "$(df -Pk $shm | awk 'NR == 2 { print $4 }')" -gt 200000 ] || shm=${TMPDIR:-/tmp}
dir=$(mktemp -d "$shm/kontor-fault.XXXXXX")
here=$root/tests/fault
. "$here/lib.sh"
trap clean_up EXIT
trap 'exit 130' INT TERM
for part in sweep kill stop disk lock pg; do
    [ ! -f "$here/$part.sh" ] || . "$here/$part.sh"
done

write_files
prepare() {
    k "$dir/bare.db" org init --name Bare --country US --currency USD &&
        company "$dir/company.db" &&
        copy "$dir/company.db" "$dir/sold.db" &&
        k "$dir/sold.db" import events "$dir/sales1.csv" "$dir/sales2.csv" "$dir/sales3.csv" \
            --source shop
}
prepare > "$dir/prepared" 2>&1
result "a company is made from files" || note < "$dir/prepared"
for part in ${PARTS:-sweep kill stop disk lock pg}; do
    "${part}_all"
done
echo "1..$tests"
[ "$failures" -eq 0 ]
