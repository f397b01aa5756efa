#!/bin/sh
# Carries out CONTRIBUTING.md in a copy of the tree: writes the files of its blocks, runs its
# commands, in their order. TAP. usage: walkthrough.sh [MAKE ARGUMENTS]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# what git knows, as it is in the work tree, and what is built already (ccache makes the rest quick)
(cd "$root" && git ls-files -z | xargs -0 tar -cf - 2>/dev/null) | tar -xf - -C "$copy"
mkdir -p "$copy/build"
[ -d "$root/build/deps" ] && cp -r "$root/build/deps" "$copy/build/deps"
export CCACHE_NOHASHDIR=1
[ -d "$root/web/node_modules" ] && ln -s "$root/web/node_modules" "$copy/web/node_modules"

awk -v out="$copy/.steps" '
    /^```/ && !inside { inside = 1; n++; split($0, words, " ");
        path = ""; if (match($0, /file=[^ ]+/)) path = substr($0, RSTART + 5, RLENGTH - 5);
        shell = ($0 == "```sh");
        name = sprintf("%s.%02d", out, n); printf "" > name;
        if (shell) print name > (out ".run." sprintf("%02d", n)); else if (path != "") print path > (name ".path");
        next }
    /^```/ { inside = 0; close(name); next }
    inside { print > name }
' "$root/CONTRIBUTING.md"

cd "$copy" || exit 1
count=0
failed=0
for step in .steps.[0-9][0-9]; do
    number=${step#.steps.}
    if [ -f "$step.path" ]; then
        path=$(cat "$step.path")
        mkdir -p "$(dirname "$path")"
        cp "$step" "$path"
    elif [ -f ".steps.run.$number" ]; then
        count=$((count + 1))
        if sh -e "$step" >".steps.log" 2>&1; then
            echo "ok $count - the commands of step $number work"
        else
            failed=1
            echo "not ok $count - the commands of step $number work"
            tail -n 20 .steps.log | sed 's/^/# /'
        fi
    fi
done
count=$((count + 1))
if grep -q "Result: PASS" .steps.log; then
    echo "ok $count - the new module's own tests pass"
else
    failed=1
    echo "not ok $count - the new module's own tests pass"
fi
echo "1..$count"
exit $failed
