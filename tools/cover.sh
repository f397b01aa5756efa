#!/bin/sh
# What the tests ran, after `make cover`.
#   tools/cover.sh BUILD            lines and branches of every module
#   tools/cover.sh BUILD MODULE…    the lines of these modules that no test ran, and branches (B)
#                                   that only ever went one way
# Tests, fuzz targets and generated code do not count; a branch of TRY is a failure passed on, and
# is listed by nothing but its number.
set -eu
build=$1
shift
list=$([ $# -gt 0 ] && echo 1 || echo 0)
[ $# -gt 0 ] || set -- $(ls "$build/obj")
for module in "$@"; do
    for notes in "$build/obj/$module"/*.gcno; do
        case $notes in *_test.gcno | *_fuzz.gcno | *\*.gcno) continue ;; esac
        gcov -b -t "$notes" 2>/dev/null || true
    done | awk -v module="$module" -v list="$list" '
        function hole() {
            if (list && ran && one_way && text !~ /TRY\(|assert\(/)
                print file ":" number ": B " text
            one_way = 0
        }
        /^ *-: *0:Source:/ {
            hole()
            file = $0
            sub(/^.*Source:/, "", file)
            is_own = file ~ ("^src/" module "/.*\\.c$")
            ran = 0
            next
        }
        !is_own { next }
        /^branch/ {
            branches++
            if ($0 ~ /never executed|taken 0%/) one_way = 1
            else taken++
            next
        }
        /^ *(#####|=====|[0-9]+\*?): *[0-9]+:/ {
            hole()
            text = $0
            sub(/^[^:]*: *[0-9]+: */, "", text)
            split($0, part, ":")
            number = part[2] + 0
            lines++
            ran = part[1] !~ /#|=/
            covered += ran
            if (list && !ran) print file ":" number ":   " text
        }
        END {
            hole()
            if (lines)
                printf "%-10s %6d lines %5.1f%%  %6d branches %5.1f%%\n", module, lines,
                    100 * covered / lines, branches, branches ? 100 * taken / branches : 100
        }'
done
