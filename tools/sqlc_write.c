/* sqlc_write: writes MODULE_q.h and MODULE_q.c. The C is data, a descriptor for each query, and a
 * one-line function that gives it types; db runs the descriptors, so the code stays small. */
#include "tools/sqlc.h"

static FILE *out;

static void put_struct(struct str name, const char *suffix, const struct field *fields, size_t len,
                       bool is_list)
{
    fprintf(out, "struct " STR_FMT "%s {\n", STR_ARG(name), suffix);
    for (size_t i = 0; i < len; i++)
        fprintf(out, "    %s" STR_FMT ";\n", plain_type(fields[i].type)->c,
                STR_ARG(fields[i].name));
    if (is_list)
        fprintf(out, "    struct list_page page;\n");
    fprintf(out, "};\n");
}

static bool has_in(const struct query *query)
{
    return query->in.len > 0 || query->kind == KIND_LIST;
}

/* "q_x(struct op *op, const struct q_x_in *in" */
static void put_head(const struct query *query, const char *suffix)
{
    fprintf(out, "enum rc " STR_FMT "%s(struct op *op", STR_ARG(query->name), suffix);
    if (query->kind == KIND_BULK)
        fprintf(out, ", const struct " STR_FMT "_in *rows, size_t rows_len", STR_ARG(query->name));
    else if (has_in(query))
        fprintf(out, ", const struct " STR_FMT "_in *in", STR_ARG(query->name));
}

static bool is_returning(const struct query *query)
{
    return find_top(buf_str(&query->text), STR("returning"), 0) != SIZE_MAX;
}

static void put_prototype(const struct query *query)
{
    struct str row = query->row ? query->row->name : STR("");
    const char *suffix = query->kind == KIND_EACH ? "_open" : "";
    put_head(query, suffix);
    switch (query->kind) {
    case KIND_ONE: fprintf(out, ", struct " STR_FMT " *out)", STR_ARG(row)); break;
    case KIND_MANY: fprintf(out, ", struct " STR_FMT "_rows *out)", STR_ARG(row)); break;
    case KIND_LIST: fprintf(out, ", struct " STR_FMT "_page *out)", STR_ARG(row)); break;
    case KIND_EACH: fprintf(out, ", struct cursor *out)"); break;
    case KIND_ID: fprintf(out, ", int64_t *out_id)"); break;
    case KIND_BULK:
        fprintf(out, is_returning(query) ? ", struct i64_list *out)" : ", int64_t *out_changed)");
        break;
    default: fprintf(out, ")");
    }
}

static void put_next_prototype(const struct query *query, const char *suffix)
{
    fprintf(out, "enum rc " STR_FMT "%s(struct cursor *cursor, struct " STR_FMT " *out)",
            STR_ARG(query->name), suffix, STR_ARG(query->row->name));
}

static void put_count_prototype(const struct query *query)
{
    put_head(query, "_count");
    fprintf(out, ", int64_t limit, int64_t *out)");
}

static void put_each_prototype(const struct query *query)
{
    put_head(query, "_each_open");
    fprintf(out, ", struct cursor *out)");
}

static void put_declarations(const struct query *query)
{
    fprintf(out, "\n");
    if (has_in(query))
        put_struct(query->name, "_in", query->in.at, query->in.len, query->kind == KIND_LIST);
    put_prototype(query);
    fprintf(out, ";\n");
    if (query->kind == KIND_EACH) {
        put_next_prototype(query, "_next");
        fprintf(out, ";\n");
    }
    if (query->kind != KIND_LIST)
        return;
    put_count_prototype(query);
    fprintf(out, ";\n");
    put_each_prototype(query);
    fprintf(out, ";\n");
    put_next_prototype(query, "_each_next");
    fprintf(out, ";\nextern const char *const " STR_FMT "_sorts[]; /* ended by NULL */\n",
            STR_ARG(query->name));
}

static void write_header(void)
{
    fprintf(out,
            "/* Written by tools/sqlc from the .sql files of src/" STR_FMT ". */\n"
            "#ifndef KONTOR_" STR_FMT "_Q_H\n#define KONTOR_" STR_FMT "_Q_H\n\n#include "
            "\"op/op.h\"\n",
            STR_ARG(t.module), STR_ARG(t.module), STR_ARG(t.module));
    for (size_t i = 0; i < t.rows.len; i++) {
        const struct row *row = t.rows.at[i];
        fprintf(out, "\n");
        put_struct(row->name, "", row->fields, row->len, false);
        fprintf(out,
                "struct " STR_FMT "_rows {\n    struct " STR_FMT " *at;\n    size_t len;\n};\n",
                STR_ARG(row->name), STR_ARG(row->name));
        fprintf(out,
                "struct " STR_FMT "_page {\n    struct " STR_FMT " *at;\n    size_t len;\n"
                "    struct str next, prev;\n    bool has_next, has_prev;\n};\n",
                STR_ARG(row->name), STR_ARG(row->name));
    }
    for (size_t i = 0; i < t.queries.len; i++)
        put_declarations(t.queries.at[i]);
    fprintf(out, "\n#endif\n");
}

/* ---- descriptors ---- */

static void put_literal(struct str text)
{
    fputc('"', out);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\n' && i + 1 < text.len)
            fprintf(out, "\\n\"\n     \"");
        else if (c == '\n')
            fprintf(out, "\\n");
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void put_parts(const struct query *query, const struct db_part *part, const char *suffix)
{
    static const char *const whens[] = {
        [DB_ALWAYS] = "DB_ALWAYS",
        [DB_WHEN_SCOPE] = "DB_WHEN_SCOPE",
        [DB_WHEN_FILTER] = "DB_WHEN_FILTER",
        [DB_FILTER_VALUES] = "DB_FILTER_VALUES",
        [DB_SELECT_LIST] = "DB_SELECT_LIST",
        [DB_PAGE_KEYS] = "DB_PAGE_KEYS",
        [DB_PAGE] = "DB_PAGE",
    };
    static const char *const scopes[] = {
        [DB_SEE_ALL] = "DB_SEE_ALL",
        [DB_SEE_BRANCHES] = "DB_SEE_BRANCHES",
        [DB_SEE_PARTNER] = "DB_SEE_PARTNER",
        [DB_SEE_NOTHING] = "DB_SEE_NOTHING",
    };
    fprintf(out, "static const struct db_part " STR_FMT "_%s[] = {\n", STR_ARG(query->name),
            suffix);
    for (; part->when; part++) {
        fprintf(out, "    {%s, ", whens[part->when]);
        if (part->when == DB_WHEN_SCOPE)
            fprintf(out, "%s, ", scopes[part->arg]);
        else
            fprintf(out, "%d, ", part->arg);
        if (part->text)
            put_literal(str_of(part->text));
        else
            fprintf(out, "NULL");
        fprintf(out, "},\n");
    }
    fprintf(out, "    {0}};\n");
}

static void put_fields(struct str name, const char *suffix, const char *of, const struct field *at,
                       size_t len)
{
    fprintf(out, "static const struct db_field " STR_FMT "_%s[] = {\n", STR_ARG(name), suffix);
    for (size_t i = 0; i < len; i++)
        fprintf(out, "    {\"" STR_FMT "\", %s, offsetof(struct " STR_FMT "%s, " STR_FMT ")},\n",
                STR_ARG(at[i].name), plain_type(at[i].type)->constant, STR_ARG(name), of,
                STR_ARG(at[i].name));
    fprintf(out, "};\n");
}

static void put_sorts(const struct query *query)
{
    fprintf(out, "const char *const " STR_FMT "_sorts[] = {", STR_ARG(query->name));
    for (size_t i = 0; i < query->sorts.len; i++)
        fprintf(out, "\"" STR_FMT "\", ", STR_ARG(query->sorts.at[i].name));
    fprintf(out, "NULL};\nstatic const struct db_sort " STR_FMT "_sort_keys[] = {\n",
            STR_ARG(query->name));
    for (size_t i = 0; i < query->sorts.len; i++) {
        const struct sort *sort = &query->sorts.at[i];
        fprintf(out, "    {\"" STR_FMT "\", ", STR_ARG(sort->name));
        put_literal(sort->key);
        fprintf(out, ", %s},\n", plain_type(sort->type)->constant);
    }
    fprintf(out, "};\n");
}

static void put_descriptor(const struct query *query)
{
    const struct db_query *made = &query->made;
    struct str name = query->name;
    put_parts(query, made->parts, "parts");
    if (made->pg_parts)
        put_parts(query, made->pg_parts, "pg_parts");
    if (made->in_len)
        put_fields(name, "in_fields", "_in", query->in.at, query->in.len);
    if (query->kind == KIND_LIST)
        put_sorts(query);
    fprintf(out,
            "static const struct db_query " STR_FMT "_query = {\n    .name = \"" STR_FMT
            "\",\n    .parts = " STR_FMT "_parts,\n",
            STR_ARG(name), STR_ARG(name), STR_ARG(name));
    if (made->pg_parts)
        fprintf(out, "    .pg_parts = " STR_FMT "_pg_parts,\n", STR_ARG(name));
    if (made->in_len)
        fprintf(out,
                "    .in = " STR_FMT "_in_fields,\n    .in_len = %zu,\n    .in_bytes = "
                "sizeof(struct " STR_FMT "_in),\n    .filters_from = %zu,\n",
                STR_ARG(name), made->in_len, STR_ARG(name), made->filters_from);
    if (query->row)
        fprintf(out,
                "    .row = " STR_FMT "_fields,\n    .row_len = %zu,\n    .row_bytes = "
                "sizeof(struct " STR_FMT "),\n",
                STR_ARG(query->row->name), made->row_len, STR_ARG(query->row->name));
    if (query->kind == KIND_LIST) {
        fprintf(out, "    .sorts = " STR_FMT "_sort_keys,\n    .sorts_len = %zu,\n    .id = ",
                STR_ARG(name), made->sorts_len);
        put_literal(query->id);
        fprintf(out, ",\n    .each = 0x%x,\n", (unsigned)made->each);
    }
    fprintf(out, "    .is_write = %s,\n    .is_bulk = %s,\n    .is_rowid = %s,\n};\n",
            made->is_write ? "true" : "false", made->is_bulk ? "true" : "false",
            made->is_rowid ? "true" : "false");
}

/* ---- functions ---- */

static void put_body(const struct query *query)
{
    struct str name = query->name, row = query->row ? query->row->name : STR("");
    const char *in = has_in(query) ? "in" : "NULL";
    fprintf(out, "\n{\n");
    switch (query->kind) {
    case KIND_ONE:
        fprintf(out, "    return op_one(op, &" STR_FMT "_query, %s, out);\n", STR_ARG(name), in);
        break;
    case KIND_MANY:
        fprintf(out,
                "    struct db_rows rows;\n    TRY(op_many(op, &" STR_FMT "_query, %s, &rows));"
                "\n    *out = (struct " STR_FMT "_rows){rows.at, rows.len};\n    return RC_OK;\n",
                STR_ARG(name), in, STR_ARG(row));
        break;
    case KIND_EACH:
        fprintf(out, "    return op_each(op, &" STR_FMT "_query, %s, out);\n", STR_ARG(name), in);
        break;
    case KIND_EXEC:
    case KIND_CHANGED:
        fprintf(out, "    return op_%s(op, &" STR_FMT "_query, %s);\n",
                query->kind == KIND_EXEC ? "exec" : "changed", STR_ARG(name), in);
        break;
    case KIND_ID:
        fprintf(out, "    return op_id(op, &" STR_FMT "_query, %s, out_id);\n", STR_ARG(name), in);
        break;
    case KIND_BULK:
        fprintf(out, "    return op_bulk(op, &" STR_FMT "_query, rows, rows_len, %s);\n",
                STR_ARG(name), is_returning(query) ? "out, NULL" : "NULL, out_changed");
        break;
    case KIND_LIST:
        fprintf(out,
                "    struct db_page page;\n    TRY(op_list(op, &" STR_FMT "_query, in, "
                "&in->page, &page));\n    *out = (struct " STR_FMT "_page){\n        page.at, "
                "page.len, page.next, page.prev, page.has_next, page.has_prev,\n    };\n"
                "    return RC_OK;\n",
                STR_ARG(name), STR_ARG(row));
        break;
    }
    fprintf(out, "}\n");
}

static void put_list_functions(const struct query *query)
{
    struct str name = query->name;
    fprintf(out, "\n");
    put_count_prototype(query);
    fprintf(out, "\n{\n    return op_list_count(op, &" STR_FMT "_query, in, limit, out);\n}\n\n",
            STR_ARG(name));
    put_each_prototype(query);
    fprintf(out, "\n{\n    return op_list_each(op, &" STR_FMT "_query, in, &in->page, out);\n}\n\n",
            STR_ARG(name));
    put_next_prototype(query, "_each_next");
    fprintf(out, "\n{\n    return cursor_next(cursor, out);\n}\n");
}

static bool is_row_used(const struct row *row)
{
    for (size_t i = 0; i < t.queries.len; i++)
        if (t.queries.at[i]->row == row)
            return true;
    return false;
}

static void write_source(void)
{
    fprintf(out,
            "/* Written by tools/sqlc from the .sql files of src/" STR_FMT
            ". */\n#include \"" STR_FMT "/" STR_FMT "_q.h\"\n\n",
            STR_ARG(t.module), STR_ARG(t.module), STR_ARG(t.module));
    for (size_t i = 0; i < t.rows.len; i++)
        if (is_row_used(t.rows.at[i]))
            put_fields(t.rows.at[i]->name, "fields", "", t.rows.at[i]->fields, t.rows.at[i]->len);
    for (size_t i = 0; i < t.queries.len; i++) {
        const struct query *query = t.queries.at[i];
        fprintf(out, "\n");
        put_descriptor(query);
        put_prototype(query);
        put_body(query);
        if (query->kind == KIND_LIST)
            put_list_functions(query);
        if (query->kind != KIND_EACH)
            continue;
        fprintf(out, "\n");
        put_next_prototype(query, "_next");
        fprintf(out, "\n{\n    return cursor_next(cursor, out);\n}\n");
    }
}

static bool open_out(const char *suffix)
{
    struct str path =
        str_printf(t.arena, STR_FMT "/" STR_FMT "_q.%s", STR_ARG(t.dir), STR_ARG(t.module), suffix);
    out = fopen(str_c(t.arena, path), "wb");
    if (!out)
        complain(str_c(t.arena, path), 1, "cannot be written");
    return out != NULL;
}

void write_code(void)
{
    if (!open_out("h"))
        return;
    write_header();
    bool is_done = fclose(out) == 0;
    if (!open_out("c"))
        return;
    write_source();
    if (fclose(out) != 0 || !is_done)
        complain(str_c(t.arena, t.dir), 1, "cannot be written");
}
