# Mutants of scenario files: each number of an attribute, a plan, a day count or an expectation is
# changed in its last digit, one at a time; attributes up and down, expectations up. Every mutant is
# a file of its own in OUT; OUT/list names what was changed in it. Of schemes (.dmn) the numbers that
# stand alone in the cells of tables are changed, up and down; such a mutant is a folder in OUT.
# usage: awk -v OUT=FOLDER -f tests/mutate.awk FILE…

function name_of(path) { sub(/.*\//, "", path); sub(/\.scenario$/, "", path); return path }

# Splits a line into cell[1…], which keep their quotes and blanks.
function split_cells(line, cell,    i, c, n, quoted, here) {
    n = 0; quoted = 0; here = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quoted = !quoted
        if (c == "," && !quoted) { cell[++n] = here; here = "" } else here = here c
    }
    cell[++n] = here
    return n
}

function trim(s) { gsub(/^[ \t"]+|[ \t"\r]+$/, "", s); return s }

# The number with its last digit one more or less: 0.05 -> 0.06.
function changed(number, by,    point, digits, scale, text) {
    point = index(number, ".")
    scale = point ? length(number) - point : 0
    digits = number
    sub(/\./, "", digits)
    text = sprintf("%.0f", (digits + 0) + by)
    sign = ""
    if (substr(text, 1, 1) == "-") { sign = "-"; text = substr(text, 2) }
    if (text == "0") sign = ""
    if (!scale) return sign text
    while (length(text) <= scale) text = "0" text
    return sign substr(text, 1, length(text) - scale) "." substr(text, length(text) - scale + 1)
}

function write_mutant(number_of_line, line, old, new,    i, path) {
    count++
    path = sprintf("%s/%s-%04d.scenario", OUT, name_of(file), count)
    for (i = 1; i <= lines; i++) print (i == number_of_line ? line : text[i]) > path
    close(path)
    printf "%s|%s:%d: %s becomes %s\n", path, file, number_of_line, old, new > (OUT "/list")
}

# Every number of the cell, in turn.
function mutate_cell(n, cells, at, by,    before, rest, number, i, line, cell) {
    before = ""; rest = cell_of[at]
    while (match(rest, /-?[0-9]+(\.[0-9]+)?/)) {
        number = substr(rest, RSTART, RLENGTH)
        cell = before substr(rest, 1, RSTART - 1) changed(number, by) substr(rest, RSTART + RLENGTH)
        line = ""
        for (i = 1; i <= cells; i++) line = line (i > 1 ? "," : "") (i == at ? cell : cell_of[i])
        write_mutant(n, line, number, changed(number, by))
        before = before substr(rest, 1, RSTART + RLENGTH - 1)
        rest = substr(rest, RSTART + RLENGTH)
    }
}

function is_mutable(table, column) {
    if (table == "attributes") return column == "value"
    if (table == "plan") return column == "target"
    if (table == "rates") return column == "rate"
    if (table == "contracts") return column == "due days" || column == "hold days"
    if (table == "expect")
        return column ~ /^(amount|exact|base|rate|lines|value)$/
    return 0
}

function mutate_file(    i, k, n, cells, table, has_head, column, value) {
    table = ""
    for (i = 1; i <= lines; i++) {
        if (text[i] ~ /^[ \t]*#/ || trim(text[i]) == "") continue
        if (text[i] ~ /^\[[^\]]*\][ \t\r]*$/ && substr(text[i], 1, 1) == "[") {
            table = text[i]; gsub(/[][ \t\r]/, "", table); has_head = 0
            continue
        }
        delete cell_of
        cells = split_cells(text[i], cell_of)
        if (!has_head) {
            delete head
            for (k = 1; k <= cells; k++) head[k] = trim(cell_of[k])
            has_head = 1
            continue
        }
        for (k = 1; k <= cells; k++) {
            value = trim(cell_of[k])
            if (!is_mutable(table, head[k]) || value !~ /^(-?[0-9]+(\.[0-9]+)?|\[[-0-9., ]*\])$/)
                continue
            mutate_cell(i, cells, k, 1)
            if (table != "expect") mutate_cell(i, cells, k, -1)
        }
    }
}

function write_scheme(number_of_line, line, old, new,    i, folder, name, path) {
    count++
    folder = sprintf("%s/d%04d", OUT, count)
    name = file
    sub(/.*\//, "", name)
    path = folder "/schemes/" name
    system("mkdir -p " folder "/schemes")
    for (i = 1; i <= lines; i++) print (i == number_of_line ? line : text[i]) > path
    close(path)
    printf "%s|%s:%d: %s becomes %s\n", folder, file, number_of_line, old, new > (OUT "/list")
    print folder, name > (OUT "/schemes.list")
}

function mutate_scheme(    i, by, before, rest, cell, number, start, len) {
    for (i = 1; i <= lines; i++) {
        before = ""; rest = text[i]
        while (match(rest, /Entry><text>[^<]*<\/text>/)) {
            start = RSTART; len = RLENGTH
            cell = substr(rest, start + 12, len - 19)
            number = cell
            sub(/^&[lg]t;=? */, "", number)
            if (number ~ /^-?[0-9]+(\.[0-9]+)?$/)
                for (by = -1; by <= 1; by += 2)
                    write_scheme(i, before substr(rest, 1, start + 11) \
                        substr(cell, 1, length(cell) - length(number)) changed(number, by) \
                        substr(rest, start + len - 7), number, changed(number, by))
            before = before substr(rest, 1, start + len - 1)
            rest = substr(rest, start + len)
        }
    }
}

function finish() { if (file ~ /\.dmn$/) mutate_scheme(); else if (file) mutate_file() }

FNR == 1 { finish(); file = FILENAME; lines = 0; delete text }
{ text[++lines] = $0 }
END { finish(); printf "%d\n", count }
