# Who owns the file: a second process is told, and a process that died leaves nothing in the way.

refused() { # WORDS…: exit code 75 and the sentence
    k "$dir/lock.db" "$@" > "$dir/second" 2>&1
    [ $? -eq 75 ] && grep -q "another process uses" "$dir/second"
}

lock_all() {
    copy "$dir/sold.db" "$dir/lock.db"
    serve "$dir/lock.db"
    result "a server starts on the file" || return
    refused --set http_listen=127.0.0.1:0 serve
    result "a second server on the file is told that another process uses it" || note < "$dir/second"
    refused migrate
    result "so is a command that needs the file for itself" || note < "$dir/second"
    k "$dir/lock.db" import partners "$dir/partners.csv" > "$dir/second" 2>&1
    result "a writing command goes through the server" || note < "$dir/second"
    k "$dir/lock.db" verify > "$dir/second" 2>&1
    result "a reading command works beside it" || note < "$dir/second"
    stop KILL
    [ -e "$dir/lock.db.lock" ] && [ -S "$dir/lock.db.sock" ] &&
        k "$dir/lock.db" import partners "$dir/partners.csv" > "$dir/second" 2>&1
    result "after kill -9 a command works although lock and socket files are left" ||
        note < "$dir/second"
    serve "$dir/lock.db"
    result "after kill -9 a server starts" || return
    stop TERM
    result "and stops with exit code 0 when asked to"
}
