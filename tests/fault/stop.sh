# SIGTERM, then kill -9, while a file that was uploaded in the browser is imported: each time the job
# goes on after the start, from where it was.

browse() { curl -s -m 20 -b "$dir/cookies" -c "$dir/cookies" "$@"; }

form_token() { # PATH: of the page's forms
    browse "$url$1" | sed -n 's/.*name="csrf" content="\([^"]*\)".*/\1/p' | head -n 1
}

sign_in() { # DB
    password=$(k "$1" user add stop@example.com --json | sed 's/.*"password":"\([^"]*\)".*/\1/')
    browse -o /dev/null --data-urlencode "_csrf=$(form_token /sign-in)" \
        --data-urlencode email=stop@example.com --data-urlencode "password=$password" \
        "$url/sign-in"
}

# Uploads a file of partners and starts the import with the columns that were suggested.
upload() { # FILE
    import_url=$(browse -o /dev/null -w '%{redirect_url}' -F "_csrf=$(form_token /imports/new)" \
        -F kind=partners -F "file=@$1;type=text/csv" -F saved= -F source= "$url/imports")
    set -- --data-urlencode "_csrf=$(form_token "${import_url#"$url"}")" -d revision=1 -d go=start
    for column in code name kind state country; do
        set -- "$@" -d "from=$column" -d "to=$column" -d format=
    done
    browse -o "$dir/upload.out" -w '%{http_code}' "$@" -d encoding= -d delimiter= -d save_as= \
        "$import_url/mapping"
}

import_says() { # WHAT
    "$ask" "$dir/stop.db" -c "select '' || $1 from import where kind = 'partners' and file_id is not null"
}

# until_import CONDITION: a query that becomes 1; at most 30 s
until_import() {
    for i in $(seq 1 600); do
        [ "$(import_says "($1)")" = 1 ] && return 0
        sleep 0.05
    done
    return 1
}

stop_all() {
    copy "$dir/company.db" "$dir/stop.db"
    awk 'BEGIN { print "code,name,kind,state,country"
        for (i = 1; i <= 40000; i++) printf "X%d,Extra %d,individual,active,US\n", i, i }' \
        > "$dir/extra.csv"
    serve "$dir/stop.db" && sign_in "$dir/stop.db"
    code=$(upload "$dir/extra.csv")
    test "$code" = 303
    result "an import of 40,000 rows is started in the browser" || echo "# $code"
    until_import "position > 0"
    result "and has begun" || return
    stop TERM
    result "SIGTERM under work ends the server with exit code 0"
    test "$(import_says state)" != done && test "$(import_says position)" -lt 40000
    result "before the import was done, at a row between its ends" ||
        echo "# $(import_says state) $(import_says position)"
    k "$dir/stop.db" verify > "$dir/verify" 2>&1
    result "what is there is whole" || note < "$dir/verify"
    reached=$(import_says position)
    serve "$dir/stop.db"
    until_import "position > $reached"
    result "after the start the job goes on from there" || import_says state | note
    stop KILL
    serve "$dir/stop.db"
    until_import "state = 'done'"
    result "after kill -9 and another start the job goes on to its end" || import_says state | note
    stop TERM
    test "$(import_says added)" = 40000 &&
        test "$("$ask" "$dir/stop.db" -c "select '' || count(*) from partner")" = 40003
    result "and every row is there once"
}
