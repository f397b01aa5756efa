#!/bin/sh
# Changes each rate, bound and expected number of each scenario in turn and plays the mutants: every
# one must fail. Survivors are printed; ends with "N killed, N survived".
# usage: tests/mutate.sh [KONTOR [FOLDER]]
set -u
kontor=${1:-build/release/kontor}
cases=${2:-tests/golden/cases}
case $kontor in /*) ;; *) kontor=$PWD/$kontor ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/mutants"
for beside in "$(cd "$cases" && pwd)"/*; do # schemes, wherever they are beside the scenarios
    case $beside in *.scenario) ;; *) ln -s "$beside" "$work/mutants/" ;; esac
done
"$kontor" scenario "$cases" >"$work/first" || {
    cat "$work/first"
    echo "the scenarios themselves must pass first" >&2
    exit 1
}
set -- "$cases"/*.scenario
for scheme in "$cases"/schemes/*.dmn; do [ ! -f "$scheme" ] || set -- "$@" "$scheme"; done
made=$(awk -v OUT="$work/mutants" -f tests/mutate.awk "$@")
# beside a changed scheme stand the others, and the scenarios that use it
touch "$work/mutants/schemes.list"
while read -r folder name; do
    cp -n "$cases"/schemes/*.dmn "$folder/schemes/"
    grep -l "schemes/$name" "$cases"/*.scenario | xargs -I{} cp {} "$folder/"
done <"$work/mutants/schemes.list"
"$kontor" scenario --json "$work/mutants" >"$work/played.json"
tr '{' '\n' <"$work/played.json" |
    sed -n 's/^"file":"\([^"]*\)","passed":[0-9]*,"failed":\([0-9]*\),.*/\1|\2/p' >"$work/played"
awk -F'|' -v made="$made" '
    NR == FNR { failed[$1] = $2; sub(/\/[^\/]*$/, "", $1); failed[$1] += $2; next }
    !($1 in failed) || failed[$1] == 0 { print "survived: " $2; survivors++ }
    END { printf "%d killed, %d survived\n", made - survivors, survivors; exit survivors > 0 }
' "$work/played" "$work/mutants/list"
