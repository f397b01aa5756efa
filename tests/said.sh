# What tests of commands share: a folder for their files, and one sentence for each output compared.
# Sourced; the output is in $work/out.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

is() { # NAME WANTED: compares with the last output
    count=$((count + 1))
    printf '%s\n' "$2" >"$work/want"
    if cmp -s "$work/out" "$work/want"; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        diff "$work/want" "$work/out" | sed 's/^/# /'
        failed=$((failed + 1))
    fi
}

said_all() {
    echo "1..$count"
    [ $failed = 0 ]
}
