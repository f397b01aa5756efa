/* sqlc_read: reads migrations and .sql files: lines that begin with "--" and a word of the language
 * declare, everything else is the text of the query above. */
#include <ctype.h>

#include "tools/sqlc.h"

const char *const kind_names[] = {
    [KIND_ONE] = ":one",   [KIND_MANY] = ":many",       [KIND_EACH] = ":each",
    [KIND_EXEC] = ":exec", [KIND_CHANGED] = ":changed", [KIND_ID] = ":id",
    [KIND_BULK] = ":bulk",
};

static const struct type types[] = {
    {"i64", DB_I64, DB_OPT_I64, "int64_t ", "DB_I64", "integer"},
    {"str", DB_TEXT, DB_OPT_TEXT, "struct str ", "DB_TEXT", "text"},
    {"blob", DB_BLOB, DB_OPT_BLOB, "struct str ", "DB_BLOB", "blob"},
    {"bool", DB_BOOL, DB_OPT_BOOL, "bool ", "DB_BOOL", "boolean"},
    {"i64?", DB_OPT_I64, 0, "struct opt_i64 ", "DB_OPT_I64", "integer"},
    {"str?", DB_OPT_TEXT, 0, "struct str ", "DB_OPT_TEXT", "text"},
    {"blob?", DB_OPT_BLOB, 0, "struct str ", "DB_OPT_BLOB", "blob"},
    {"bool?", DB_OPT_BOOL, 0, "struct opt_i64 ", "DB_OPT_BOOL", "boolean"},
    {"str[]", 0, DB_TEXT_LIST, "struct str_list ", "DB_TEXT_LIST", "text"},
    {"i64[]", 0, DB_I64_LIST, "struct i64_list ", "DB_I64_LIST", "integer"},
};

/* ---- words of SQL ---- */

bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool next_token(struct str sql, struct token *token)
{
    size_t at = token->end, end = at + 1;
    if (at >= sql.len)
        return false;
    char c = sql.at[at], next = end < sql.len ? sql.at[end] : '\0';
    if (token->kind == TOKEN_OTHER && token->text.len == 1)
        token->depth += (token->text.at[0] == '(') - (token->text.at[0] == ')');
    token->kind = TOKEN_OTHER;
    if (c == '\'' || c == '"') {
        token->kind = TOKEN_QUOTED;
        end = str_find(sql, c == '"' ? STR("\"") : STR("'"), end);
        end = end == SIZE_MAX ? sql.len : end + 1;
    } else if (c == '{' && next == '{' && str_find(sql, STR("}}"), end) != SIZE_MAX) {
        token->kind = TOKEN_BRACES;
        end = str_find(sql, STR("}}"), end) + 2;
    } else if (is_name_char(c) ||
               (c == ':' && isalpha((unsigned char)next) && (at == 0 || sql.at[at - 1] != ':'))) {
        token->kind = c == ':' ? TOKEN_PARAM : TOKEN_WORD;
        while (end < sql.len && is_name_char(sql.at[end]))
            end++;
    }
    token->at = at;
    token->end = end;
    token->text = str_sub(sql, at, end - at);
    if (token->kind == TOKEN_PARAM)
        token->text = str_sub(token->text, 1, token->text.len - 1);
    if (token->kind == TOKEN_BRACES)
        token->text = str_trim(str_sub(token->text, 2, token->text.len - 4));
    return true;
}

size_t find_top(struct str sql, struct str word, size_t from)
{
    struct token token = {0};
    while (next_token(sql, &token))
        if (token.at >= from && token.depth == 0 && token.kind == TOKEN_WORD &&
            str_eq_nocase(token.text, word))
            return token.at;
    return SIZE_MAX;
}

/* ---- reading migrations ---- */

static void note_owners(const char *file, struct str text)
{
    struct str column = STR_NONE;
    for (long line = 1; text.at; line++) {
        struct str rest = str_trim(str_cut(&text, '\n'));
        if (str_starts(rest, STR("-- owner:"))) {
            column = str_trim(str_sub(rest, 9, rest.len));
            continue;
        }
        if (!column.at || rest.len == 0)
            continue;
        struct str table = STR_NONE;
        if (str_starts(rest, STR("create table ")))
            table = str_sub(rest, 13, rest.len);
        size_t len = 0;
        while (len < table.len && is_name_char(table.at[len]))
            len++;
        if (len == 0)
            complain(file, line, "\"-- owner:\" must stand right before a create table");
        struct owned owned = {str_sub(table, 0, len), column};
        VEC_PUSH(t.arena, &t.owned, owned);
        column = STR_NONE;
    }
}

void add_migration(const char *path)
{
    struct str text = read_file(path), rest = str_of(path), module = STR(""), part,
               folder = STR("");
    while (rest.at) { /* …/MODULE/migrations/NAME.sql */
        part = str_cut(&rest, '/');
        if (rest.at) {
            module = folder;
            folder = part;
        }
    }
    struct str name = str_ends(part, STR(".sql")) ? str_sub(part, 0, part.len - 4) : part;
    note_owners(path, text);
    struct db_module_migrations *one = NEW(t.arena, struct db_module_migrations);
    struct db_migration *file = NEW(t.arena, struct db_migration);
    *file = (struct db_migration){str_c(t.arena, name), text.at, text.at + text.len};
    *one = (struct db_module_migrations){str_c(t.arena, module), file, 1, (int)t.schema.len};
    VEC_PUSH(t.arena, &t.schema, one);
}

/* ---- reading queries ---- */

static bool is_directive(struct str line, const char *word, struct str *out_rest)
{
    struct str text = str_trim(line);
    if (!str_starts(text, STR("--")))
        return false;
    text = str_trim(str_sub(text, 2, text.len));
    if (!str_starts(text, str_of(word)))
        return false;
    struct str rest = str_sub(text, strlen(word), text.len);
    bool is_whole = word[0] == '\0' || rest.len == 0 || str_ends(str_of(word), STR(":"));
    if (!is_whole && !isspace((unsigned char)rest.at[0]))
        return false;
    *out_rest = str_trim(rest);
    return true;
}

struct str cut_word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t len = 0;
    while (len < rest->len && !isspace((unsigned char)rest->at[len]))
        len++;
    struct str word = str_sub(*rest, 0, len);
    *rest = str_trim(str_sub(*rest, len, rest->len));
    return word;
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!islower((unsigned char)name.at[i]) && !(i && is_name_char(name.at[i])))
            return false;
    return name.len > 0;
}

static enum db_type type_of(struct str word, bool is_filter)
{
    for (size_t i = 0; i < LEN(types); i++)
        if (str_eq(word, str_of(types[i].word)))
            return is_filter ? types[i].filter : types[i].plain;
    return 0;
}

const struct type *plain_type(enum db_type type)
{
    for (size_t i = 0; i < LEN(types); i++)
        if (types[i].plain == type || (!types[i].plain && types[i].filter == type))
            return &types[i];
    abort();
}

/* "id i64, code str": true when the line ends with a comma and goes on in the next one. */
static bool read_fields(const char *file, long line, struct str rest, struct field *fields,
                        size_t *len)
{
    while (rest.at) {
        struct str piece = str_trim(str_cut(&rest, ','));
        if (piece.len == 0 && (!rest.at || str_trim(rest).len == 0))
            return true;
        struct str name = cut_word(&piece);
        struct field field = {.name = name, .type = type_of(piece, false)};
        if (!is_name(name) || !field.type || *len == FIELDS_MAX) {
            complain(file, line, "not a name and a type: \"" STR_FMT " " STR_FMT "\"",
                     STR_ARG(name), STR_ARG(piece));
            return false;
        }
        fields[(*len)++] = field;
    }
    return false;
}

static const struct row *find_row(struct str name)
{
    for (size_t i = 0; i < t.rows.len; i++)
        if (str_eq(t.rows.at[i]->name, name))
            return t.rows.at[i];
    return NULL;
}

static bool kind_has_row(enum kind kind)
{
    return kind == KIND_ONE || kind == KIND_MANY || kind == KIND_EACH || kind == KIND_LIST;
}

static struct query *start_query(const char *file, long line, struct str rest, bool is_list)
{
    struct query *query = NEW(t.arena, struct query);
    *query = (struct query){
        .file = file, .line = line, .kind = is_list ? KIND_LIST : 0, .text = BUF(TEXT_MAX)};
    query->name = cut_word(&rest);
    struct str kind = is_list ? STR_NONE : cut_word(&rest);
    for (enum kind k = KIND_ONE; !is_list && k < KIND_LIST; k++)
        if (str_eq(kind, str_of(kind_names[k])))
            query->kind = k;
    query->row = rest.len ? find_row(rest) : NULL;
    if (!is_name(query->name) || !str_starts(query->name, STR("q_")))
        COMPLAIN(query, "a query needs a name that begins with q_");
    if (!query->kind)
        COMPLAIN(query,
                 "unknown kind \"" STR_FMT "\": one of :one :many :each :exec :changed :id "
                 ":bulk",
                 STR_ARG(kind));
    else if (kind_has_row(query->kind) && !query->row)
        COMPLAIN(query, "no row named \"" STR_FMT "\" is declared above", STR_ARG(rest));
    else if (!kind_has_row(query->kind) && rest.len)
        COMPLAIN(query, "%s has no row", kind_names[query->kind]);
    for (size_t i = 0; i < t.queries.len; i++)
        if (str_eq(t.queries.at[i]->name, query->name))
            COMPLAIN(query, STR_FMT " is declared twice", STR_ARG(query->name));
    VEC_PUSH(t.arena, &t.queries, query);
    return query;
}

/* NAME TYPE [sqlite|pg|each]: SQL */
static void read_filter(struct query *query, long line, struct str rest)
{
    struct str sql = rest, head = str_cut(&sql, ':');
    struct str name = cut_word(&head), type = cut_word(&head), engine = str_trim(head);
    bool is_pg = str_eq(engine, STR("pg")), is_sqlite = str_eq(engine, STR("sqlite"));
    bool is_each = str_eq(engine, STR("each"));
    struct field *field = NULL;
    for (size_t i = query->filters_from; i < query->in.len; i++)
        if (str_eq(query->in.at[i].name, name))
            field = &query->in.at[i];
    if (!field) {
        struct field one = {.name = name, .type = type_of(type, true)};
        VEC_PUSH(t.arena, &query->in, one);
        field = &query->in.at[query->in.len - 1];
    }
    if (!is_name(name) || !field->type || !sql.at ||
        (engine.len && !is_pg && !is_sqlite && !is_each))
        complain(query->file, line, "a filter is: NAME TYPE: SQL");
    if (is_each && field->type != DB_TEXT_LIST && field->type != DB_I64_LIST)
        complain(query->file, line, "each is for filters of several values");
    field->is_each = is_each;
    if (query->in.len - query->filters_from > DB_FILTERS_MAX)
        complain(query->file, line, "more than %d filters", DB_FILTERS_MAX);
    if (!is_pg)
        field->sql[0] = str_trim(sql);
    if (!is_sqlite)
        field->sql[1] = str_trim(sql);
}

static void read_sort(struct query *query, long line, struct str rest)
{
    struct str key = rest, head = str_cut(&key, ':');
    struct str name = cut_word(&head);
    struct sort sort = {name, str_trim(key), type_of(str_trim(head), false)};
    if (!is_name(name) || !key.at ||
        (sort.type != DB_I64 && sort.type != DB_TEXT && sort.type != DB_BLOB))
        complain(query->file, line, "a sort is: NAME i64|str|blob: SQL");
    if (query->sorts.len == DB_SORTS_MAX)
        complain(query->file, line, "more than %d sorts", DB_SORTS_MAX);
    VEC_PUSH(t.arena, &query->sorts, sort);
}

/* A line inside a query; false when it is part of its text. */
static bool read_property(struct query *query, long line, struct str text)
{
    struct str rest;
    if (is_directive(text, "filter", &rest))
        read_filter(query, line, rest);
    else if (is_directive(text, "sort", &rest))
        read_sort(query, line, rest);
    else if (is_directive(text, "id", &rest))
        query->id = rest;
    else if (is_directive(text, "unscoped:", &rest))
        query->unscoped = rest;
    else if (is_directive(text, "bounded:", &rest))
        query->bounded = rest;
    else if (is_directive(text, "unindexed:", &rest))
        query->unindexed = rest;
    else
        return is_directive(text, "", &rest) && !is_directive(text, "sqlite:", &rest) &&
               !is_directive(text, "pg:", &rest) && !is_directive(text, "both:", &rest);
    return true;
}

static void push_inputs(struct query *query, long line, const struct field *fields, size_t len)
{
    for (size_t i = 0; i < len; i++)
        VEC_PUSH(t.arena, &query->in, fields[i]);
    if (query->filters_from + len != query->in.len)
        complain(query->file, line, "\"-- in\" must stand before the filters");
    query->filters_from = query->in.len;
}

/* Rows belong to a module: with --pg the files of several are read at once. */
static void forget_rows_of_others(const char *file)
{
    static size_t folder_len = SIZE_MAX;
    static const char *last = "";
    const char *slash = strrchr(file, '/');
    size_t len = slash ? (size_t)(slash - file) : 0;
    if (len != folder_len || strncmp(file, last, len) != 0)
        t.rows.len = 0;
    folder_len = len;
    last = file;
}

void read_queries(const char *file)
{
    struct str text = read_file(file), rest;
    struct query *query = NULL;
    forget_rows_of_others(file);
    for (long line = 1; text.at; line++) {
        struct str one = str_cut(&text, '\n');
        bool is_row = is_directive(one, "row", &rest);
        if (is_row || (query && is_directive(one, "in", &rest))) {
            long first = line;
            struct field *fields = NEW_ARRAY(t.arena, struct field, FIELDS_MAX);
            struct str name = is_row ? cut_word(&rest) : STR_NONE;
            size_t len = 0;
            while (read_fields(file, line, rest, fields, &len) && text.at) {
                (void)is_directive(str_cut(&text, '\n'), "", &rest);
                line++;
            }
            if (is_row && (!is_name(name) || find_row(name)))
                complain(file, first, "a row needs a name of its own");
            struct row *row = NEW(t.arena, struct row);
            *row = (struct row){name, fields, len};
            if (is_row)
                VEC_PUSH(t.arena, &t.rows, row);
            else
                push_inputs(query, first, fields, len);
        } else if (is_directive(one, "query", &rest) || is_directive(one, "list", &rest)) {
            query = start_query(file, line, rest, is_directive(one, "list", &rest));
        } else if (query && !read_property(query, line, one)) {
            buf_put(&query->text, one);
            buf_char(&query->text, '\n');
        } else if (!query && str_trim(one).len && !is_directive(one, "", &rest)) {
            complain(file, line, "text before the first query");
        }
    }
}
