#!/bin/sh
# The published commission cases, the templates and the examples as scenarios, on SQLite, and on PostgreSQL when
# KONTOR_TEST_PG holds the URL of a server. Prints TAP, a test a file.
# usage: tests/golden.sh [KONTOR]
set -u
kontor=${1:-build/release/kontor}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$work/all"

play() { # play NAME [OPTION…]
    name=$1
    shift
    "$kontor" "$@" scenario --json tests/golden/cases src/scheme/templates \
        examples/northwind/team.scenario >"$work/json" 2>"$work/said"
    tr '{' '\n' <"$work/json" | sed -n \
        -e "s/^\"file\":\"\([^\"]*\)\",\"passed\":\([0-9]*\),\"failed\":0,.*/ok - $name: \1, \2 expectations/p" \
        -e "s/^\"file\":\"\([^\"]*\)\",\"passed\":[0-9]*,\"failed\":[1-9].*/not ok - $name: \1/p" \
        -e 's/^\("line":.*"text":".*"\)}.*/# \1/p' >"$work/lines"
    # a test for each file that there is, so that none is passed over silently
    played=$(grep -c '^\(not \)\{0,1\}ok ' "$work/lines")
    files=$(($(ls tests/golden/cases/*.scenario src/scheme/templates/*.scenario | wc -l) + 1))
    [ "$played" -eq "$files" ] || {
        echo "not ok - $name: $played of $files files were played"
        sed 's/^/# /' "$work/said"
    } >>"$work/lines"
    cat "$work/lines" >>"$work/all"
}

# The example of the document is the file that is played.
sed -n '/^```scenario$/,/^```$/p' docs/scenario.md | sed '/^```/d' >"$work/example"
if cmp -s "$work/example" examples/northwind/team.scenario; then
    echo "ok - docs/scenario.md shows the example as it is" >>"$work/all"
else
    echo "not ok - docs/scenario.md shows the example as it is" >>"$work/all"
fi
play SQLite
if [ -n "${KONTOR_TEST_PG:-}" ]; then
    play PostgreSQL --db "$KONTOR_TEST_PG"
else
    echo "ok - PostgreSQL # SKIP KONTOR_TEST_PG is not set" >>"$work/all"
fi
awk '/^(not )?ok / { n++; sub(/ok -/, "ok " n " -") } { print } END { print "1.." n }' "$work/all"
! grep -q '^not ok' "$work/all"
