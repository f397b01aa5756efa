/* sqlc: turns a module's .sql files into typed C. It migrates an empty SQLite database with every
 * module's migrations, prepares each query there in each of its variants, compares names and types
 * of the columns with the declared row, and writes MODULE_q.h and MODULE_q.c. With --pg it prepares
 * the same texts on a PostgreSQL server instead and writes nothing. The language stands in
 * src/db/README.md. A full SQL parser was rejected: the engines are the parsers; this only looks at
 * words, quotes and parentheses.
 *
 * usage: sqlc MODULE OUT_DIR [-m MIGRATION]… FILE.sql…
 *        sqlc --pg URL [-m MIGRATION]… FILE.sql… */
#include "tools/sqlc.h"

#include <unistd.h>

struct tool t;

void complain(const char *file, long line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%ld: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    t.errors++;
}

struct str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        complain(path, 1, "cannot be read");
        return STR("");
    }
    AUTO_BUF all = BUF(TEXT_MAX);
    char piece[4096];
    size_t len;
    while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_put(&all, (struct str){piece, len});
    fclose(file);
    if (all.is_over)
        complain(path, 1, "is too long");
    return str_dup(t.arena, buf_str(&all));
}

static bool migrate_all(void)
{
    struct db_module_migrations const *const *modules = (const void *)t.schema.at;
    for (size_t i = 0; i < t.schema.len; i++) {
        struct fault fault = {.arena = t.arena};
        struct migrate_options options = {modules, i + 1, "sqlc", 0}; /* one more each time */
        int applied;
        if (db_migrate(t.db, &options, &fault, &applied) == RC_OK)
            continue;
        complain(t.migrations.at[i], 1, "%s", db_message(t.db));
        return false;
    }
    return true;
}

/* ---- checking a query on an engine ---- */

static bool is_type(const struct field *field, const char *type)
{
    const char *want = plain_type(field->type)->stored;
    if (!type || str_eq_nocase(str_of(type), str_of(want)))
        return true;
    /* SQLite keeps truth values as integers. */
    return !t.pg_url.at && str_eq(str_of(want), STR("boolean")) &&
           str_eq_nocase(str_of(type), STR("integer"));
}

static bool may_be_null(enum db_type type)
{
    return type == DB_OPT_I64 || type == DB_OPT_TEXT || type == DB_OPT_BLOB || type == DB_OPT_BOOL;
}

static void check_column(const struct query *query, size_t i,
                         const struct db_described_column *column)
{
    const struct field *field = &query->row->fields[i];
    const char *word = plain_type(field->type)->word;
    if (!str_eq(field->name, str_of(column->name)))
        COMPLAIN(query, "column %zu is \"%s\", but the row says \"" STR_FMT "\"", i + 1,
                 column->name, STR_ARG(field->name));
    else if (!is_type(field, column->type))
        COMPLAIN(query, "column \"%s\" is %s, but the row says %s", column->name, column->type,
                 word);
    else if (column->is_nullable && !may_be_null(field->type))
        COMPLAIN(query, "column \"%s\" may be null, but the row says %s", column->name, word);
}

static void check_columns(const struct query *query, const struct db_variant *variant,
                          const struct db_described *told)
{
    if (variant->kind == DB_TEXT_COUNT || !query->row)
        return;
    size_t extra = variant->kind == DB_TEXT_PAGE ? 2 : 0;
    if (told->columns_len != query->row->len + extra) {
        COMPLAIN(query, "the query gives %zu columns, but the row \"" STR_FMT "\" has %zu",
                 told->columns_len - (told->columns_len ? extra : 0), STR_ARG(query->row->name),
                 query->row->len);
        return;
    }
    for (size_t i = 0; i < query->row->len; i++)
        check_column(query, i, &told->columns[i]);
    if (!extra)
        return;
    const struct sort *sort = &query->sorts.at[variant->sort_i];
    const struct field key = {.name = sort->name, .type = sort->type};
    const struct db_described_column *column = &told->columns[query->row->len];
    if (column->is_nullable)
        COMPLAIN(query, "the key of sort \"" STR_FMT "\" may be null", STR_ARG(sort->name));
    if (!is_type(&key, column->type))
        COMPLAIN(query, "the key of sort \"" STR_FMT "\" is %s", STR_ARG(sort->name), column->type);
}

static void check_kind(struct query *query, const struct db_described *told)
{
    enum kind kind = query->kind;
    bool must_write =
        kind == KIND_EXEC || kind == KIND_CHANGED || kind == KIND_ID || kind == KIND_BULK;
    bool must_read = kind == KIND_EACH || kind == KIND_LIST;
    if (must_write && !told->is_write)
        COMPLAIN(query, "%s is for statements that change something", kind_names[kind]);
    if (must_read && told->is_write)
        COMPLAIN(query, "a query that changes something cannot be read piece by piece");
    bool is_rowid = query->made.is_rowid && db_engine(t.db) == DB_SQLITE;
    if (kind == KIND_ID && !is_rowid && told->columns_len != 1)
        COMPLAIN(query, ":id needs \"returning id\"");
    if (kind == KIND_BULK && told->columns_len > 1)
        COMPLAIN(query, ":bulk may return one column");
    query->made.is_write = told->is_write;
}

static bool check_variant(struct query *query, const struct db_variant *variant)
{
    struct db_described told;
    int before = t.errors;
    if (db_describe(t.db, &query->made, variant, t.arena, &told) != RC_OK) {
        COMPLAIN(query, STR_FMT, STR_ARG(told.error));
        return false;
    }
    check_columns(query, variant, &told);
    if (variant->kind != DB_TEXT_COUNT && t.errors == before && !t.pg_url.at)
        check_kind(query, &told);
    return t.errors == before;
}

struct plan_step {
    struct str detail;
};

/* A page must come out of an index in its order, or its cost grows with the table. */
static void check_index(struct query *query, const struct db_variant *variant)
{
    static const struct db_field fields[] = {
        {"id", DB_I64, 0}, {"parent", DB_I64, 8}, {"notused", DB_I64, 16}, {"detail", DB_TEXT, 24}};
    AUTO_BUF text = BUF(TEXT_MAX);
    buf_put(&text, STR("explain query plan "));
    db_query_text(&query->made, variant, DB_SQLITE, &text);
    const struct db_part parts[] = {{DB_ALWAYS, 0, str_c(t.arena, buf_str(&text))}, {0}};
    const struct db_query explain = {
        .name = "explain", .parts = parts, .row = fields, .row_len = 4, .row_bytes = 40};
    struct db_rows rows;
    if (db_many(t.db, &explain, NULL, NULL, t.arena, &rows) != RC_OK)
        return;
    for (size_t i = 0; i < rows.len; i++) {
        struct str detail;
        memcpy(&detail, (const char *)rows.at + i * 40 + 24, sizeof(detail));
        if (str_has(detail, STR("TEMP B-TREE")) && str_has(detail, STR("ORDER BY")))
            COMPLAIN(query,
                     "sort \"" STR_FMT "\" needs an index that ends with its key and " STR_FMT
                     ", or say \"-- unindexed: why\"",
                     STR_ARG(query->sorts.at[variant->sort_i].name), STR_ARG(query->id));
    }
}

static void check_list(struct query *query)
{
    struct db_variant variant = {.scope = DB_SEE_ALL, .kind = DB_TEXT_PAGE};
    bool is_fine = true;
    for (size_t i = 0; i < query->sorts.len && is_fine; i++) {
        variant.sort_i = (int)i;
        variant.has_cursor = variant.is_descending = false;
        is_fine = check_variant(query, &variant);
        if (is_fine && !query->unindexed.len && !t.pg_url.at)
            check_index(query, &variant);
        variant.has_cursor = variant.is_descending = true;
        is_fine = is_fine && check_variant(query, &variant);
    }
    size_t filters = query->in.len - query->filters_from;
    for (size_t i = 0; i < filters && is_fine; i++) {
        memset(variant.filters, 0, sizeof(variant.filters));
        variant.filters[i] = 1;
        is_fine = check_variant(query, &variant);
    }
    for (size_t i = 0; i < filters; i++) {
        enum db_type type = query->in.at[query->filters_from + i].type;
        variant.filters[i] = type == DB_TEXT_LIST || type == DB_I64_LIST ? 5 : 1;
    }
    for (enum db_text_kind kind = DB_TEXT_PAGE; kind <= DB_TEXT_EACH && is_fine; kind++) {
        variant.kind = kind;
        is_fine = check_variant(query, &variant);
    }
}

static void check_query(struct query *query)
{
    struct db_variant variant = {.kind = query->kind == KIND_LIST ? DB_TEXT_PAGE : DB_TEXT_PLAIN};
    for (enum db_scope scope = DB_SEE_ALL; scope <= DB_SEE_NOTHING; scope++) {
        variant.scope = scope;
        if (!check_variant(query, &variant))
            return;
    }
    if (query->kind == KIND_LIST)
        check_list(query);
}

/* ---- the program ---- */

static bool read_arguments(int argc, char **argv)
{
    int i = 1;
    if (argc > 2 && str_eq(str_of(argv[1]), STR("--pg"))) {
        t.pg_url = str_of(argv[2]);
        i = 3;
    } else if (argc > 2) {
        t.module = str_of(argv[1]);
        t.dir = str_of(argv[2]);
        i = 3;
    } else {
        return false;
    }
    for (; i < argc; i++) {
        const char *path = argv[i];
        bool is_migration = str_eq(str_of(path), STR("-m"));
        if (is_migration && ++i == argc)
            return false;
        path = argv[i];
        if (is_migration)
            VEC_PUSH(t.arena, &t.migrations, path);
        else
            VEC_PUSH(t.arena, &t.files, path);
    }
    return true;
}

static void run(struct database *database)
{
    char schema[64];
    (void)snprintf(schema, sizeof(schema), "create schema sqlc_%d; set search_path to sqlc_%d",
                   (int)getpid(), (int)getpid());
    if (db_open(database, &t.db) != RC_OK)
        return;
    if (!t.pg_url.at || db_script(t.db, "schema", schema) == RC_OK) {
        bool is_migrated = migrate_all();
        for (size_t i = 0; i < t.queries.len; i++)
            if (make_query(t.queries.at[i]) && is_migrated)
                check_query(t.queries.at[i]);
    } else {
        complain("sqlc", 1, "%s", db_message(t.db));
    }
    (void)snprintf(schema, sizeof(schema), "drop schema if exists sqlc_%d cascade", (int)getpid());
    if (t.pg_url.at && db_script(t.db, "schema", schema) != RC_OK)
        complain("sqlc", 1, "%s", db_message(t.db));
    db_close(t.db);
}

int main(int argc, char **argv)
{
    struct buf quiet = BUF(1 << 20); /* what db logs is said in our own words */
    struct database *database = NULL;
    t.arena = arena_new(512 << 20);
    struct fault fault = {.arena = t.arena};
    if (!read_arguments(argc, argv)) {
        fprintf(stderr, "usage: sqlc MODULE OUT_DIR [-m MIGRATION]... FILE.sql...\n"
                        "       sqlc --pg URL [-m MIGRATION]... FILE.sql...\n");
        return 2;
    }
    log_to(&quiet);
    for (size_t i = 0; i < t.migrations.len; i++)
        add_migration(t.migrations.at[i]);
    for (size_t i = 0; i < t.files.len; i++)
        read_queries(t.files.at[i]);
    struct database_options options = {.url = t.pg_url.at ? t.pg_url : STR(":memory:")};
    if (database_open(&options, &fault, &database) == RC_OK)
        run(database);
    else
        complain("sqlc", 1, "%s", fault.entries[0].message);
    database_close(database);
    if (t.errors == 0 && !t.pg_url.at)
        write_code();
    log_to(NULL);
    buf_done(&quiet);
    arena_free(t.arena);
    return t.errors ? 1 : 0;
}
