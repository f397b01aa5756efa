#!/bin/sh
# make check: every stage in order, each said in one line; counts what passed and what failed.
# A stage that fails does not stop the later ones, so one run shows everything.
set -u
passed=0
failed=0
skipped=0
logs=build/check
mkdir -p "$logs"
started=$(date +%s)

say() { echo "kontor: $*"; }

# stage NAME COMMAND…: one check that passes or fails as a whole
stage() {
    name=$1
    shift
    say "$name"
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        say "$name FAILED; the end of $logs/$name.log:"
        tail -n 25 "$logs/$name.log"
    fi
}

# tap NAME COMMAND…: a stage of TAP programs, counted test by test (tests/count.awk)
tap() {
    name=$1
    shift
    say "$name"
    "$@" >"$logs/$name.log" 2>&1
    code=$?
    set -- $(awk -f tests/count.awk "$logs/$name.log")
    passed=$((passed + $1))
    skipped=$((skipped + $3))
    bad=$2
    [ "$code" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    failed=$((failed + bad))
    if [ "$bad" -gt 0 ]; then
        say "$name: $bad FAILED; see $logs/$name.log:"
        grep -nE '^not ok|Bail out|error:|\*\*\*|Dubious|ERROR|FAILED' "$logs/$name.log" | head -n 25
    fi
}

stage build make --no-print-directory -j 2 all
[ "$failed" -eq 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
url=$(tools/pg start "${TMPDIR:-/tmp}/kontor-check-pg.$$") || { say "PostgreSQL does not start"; failed=1; url=; }
trap 'tools/pg stop "${TMPDIR:-/tmp}/kontor-check-pg.$$"' EXIT
trap 'exit 130' INT TERM
export KONTOR_TEST_PG="$url"

stage rules make --no-print-directory rules
tap tools make --no-print-directory tools-test
tap test sh tests/run.sh release
stage sql-on-postgres make --no-print-directory sql-pg
tap walkthrough sh tests/walkthrough.sh
tap examples sh tests/examples.sh
tap golden sh tests/golden.sh
tap feel sh tests/feel.sh
tap dmn sh tests/dmn.sh
tap modeler sh tests/modeler.sh
tap browser make --no-print-directory e2e
# the engine's own part is the same in every flavour: the sanitizers look at ours, on SQLite
tap sanitizers env -u KONTOR_TEST_PG sh tests/run.sh asan
tap faults sh tests/fault/run.sh
tap pictures make --no-print-directory shots

say "took $(( $(date +%s) - started )) s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
