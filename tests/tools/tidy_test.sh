#!/bin/sh
# tidy: each rule is shown by a tree that breaks it and no other. usage: tidy_test.sh TIDY
set -u
tidy=$1
n=0
failed=0
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

start() {
    rm -rf "$tree"
    mkdir -p "$tree/src/base" "$tree/src/money" "$tree/src/db" "$tree/tools"
    printf 'base:\nmoney: base\ndb: base\n' > "$tree/tools/layers"
    for m in base money db; do echo "# $m" > "$tree/src/$m/README.md"; done
}

# says SENTENCE EXPECTED: the linter fails and prints EXPECTED
says() {
    n=$((n + 1))
    out=$("$tidy" "$tree")
    if [ $? -eq 1 ] && printf '%s' "$out" | grep -qF "$2"; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        printf '%s\n' "$out" | sed 's/^/# /'
        failed=1
    fi
}

quiet() {
    n=$((n + 1))
    if out=$("$tidy" "$tree") && [ -z "$out" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        printf '%s\n' "$out" | sed 's/^/# /'
        failed=1
    fi
}

write() {
    { echo '/* A file. */'; cat; } > "$tree/src/$1"
}

start
echo '#include "base/base.h"' | write money/money.c
quiet "a clean tree has no complaint"

start
echo '#include "db/db.h"' | write money/money.c
says "an include against the layers is refused" "src/money/money.c:2: money may not include db/db.h"

start
echo '#include "money/money_int.h"' | write db/db.c
says "a module not named in the layers may not be seen" "db may not include money/money_int.h"

start
printf 'base:\nmoney: base\ndb: base money\n' > "$tree/tools/layers"
echo '#include "money/money_int.h"' | write db/db.c
says "a private header stays private" "money/money_int.h is private"

start
echo 'char *x(void) { return malloc(3); }' | write money/money.c
says "malloc is banned outside base and drivers" "malloc is banned"

start
echo '/* malloc (3) in words */' | write money/money.c
quiet "a banned word in a comment is no call"

start
echo 'static double rate;' | write money/money.c
says "floating point near money is refused" "no floating point"

start
echo 'static const char *q = "select a from b";' | write money/money.c
says "SQL outside .sql files is refused" "SQL stands in .sql files"

start
echo 'static const char *q = "<div>x</div>";' | write money/money.c
says "HTML outside views is refused" "HTML stands in views"

start
echo 'int x; // why' | write money/money.c
says "line comments are refused" "a comment stands between"

start
echo '    AUTO_BUF out;' | write money/money.c
says "an AUTO_ variable without a value is refused" "needs its initial value"

start
{ echo 'int f(void)'; echo '{'; for i in $(seq 71); do echo '    f();'; done; echo '}'; } | write money/money.c
says "a function over 70 lines is refused" "the function has 71 lines"

start
{ echo 'int f(void)'; echo '{'; for i in $(seq 70); do echo '    f();'; done; echo '}'; } | write money/money.c
quiet "a function of 70 lines is fine"

start
seq 900 | sed 's/.*/int x&;/' | write money/money.c
says "a file over 800 lines is refused" "the file has 901 lines"

start
printf '/* %0110d */\n' 1 | write money/money.c
says "a line over 100 columns is refused" "columns, 100 are allowed"

start
echo 'int x; /* TODO later */' | write money/money.c
says "a mark for later is refused" "does not belong in a commit"

start
rm "$tree/src/money/README.md"
echo 'int x;' | write money/money.c
says "a module without a README is refused" "has no README.md"

start
mkdir -p "$tree/src/extra"
echo '# extra' > "$tree/src/extra/README.md"
echo 'int x;' | write extra/extra.c
says "a module missing in the layers is refused" "missing in tools/layers"

echo "1..$n"
exit $failed
