/* sqlc_make: cuts the text of a query into the parts that db/db_text.c puts together: parameters
 * get their numbers, {{visible}} its texts for each kind of viewer, a list its filters and page. */
#include <ctype.h>

#include "tools/sqlc.h"

static struct str keep(const struct buf *buf)
{
    return str_of(str_c(t.arena, buf_str(buf)));
}

struct maker {
    struct query *query;
    enum db_engine engine;
    struct buf text;
    enum db_when when; /* of the text that is being gathered */
    int arg;
    VEC(struct db_part) parts;
    VEC(struct owned) tables; /* aliases of owned tables that the text reads */
    bool is_scoped, has_filters, has_page, is_values, is_rowid;
};

static void flush(struct maker *maker)
{
    if (maker->text.len) {
        struct db_part part = {maker->when, maker->arg, keep(&maker->text).at};
        VEC_PUSH(t.arena, &maker->parts, part);
    }
    buf_reset(&maker->text);
}

static void switch_to(struct maker *maker, enum db_when when, int arg)
{
    flush(maker);
    maker->when = when;
    maker->arg = arg;
}

static void put_mark(struct maker *maker, enum db_when when, int arg)
{
    flush(maker);
    struct db_part part = {when, arg, NULL};
    VEC_PUSH(t.arena, &maker->parts, part);
}

static int slot_of(const struct query *query, size_t field_i)
{
    int slot = 1;
    for (size_t i = 0; i < field_i; i++) {
        enum db_type type = query->in.at[i].type;
        slot += type == DB_TEXT_LIST || type == DB_I64_LIST ? DB_LIST_MAX : 1;
    }
    return slot;
}

static void put_param(struct maker *maker, struct str name)
{
    struct query *query = maker->query;
    for (size_t i = 0; i < query->in.len; i++) {
        struct field *field = &query->in.at[i];
        if (!str_eq(field->name, name))
            continue;
        bool is_list = field->type == DB_TEXT_LIST || field->type == DB_I64_LIST;
        field->is_used = true;
        if (is_list)
            put_mark(maker, DB_FILTER_VALUES, (int)(i - query->filters_from));
        else if (maker->is_values)
            buf_printf(&maker->text, "v." STR_FMT, STR_ARG(name));
        else
            buf_printf(&maker->text, "?%d", slot_of(query, i));
        return;
    }
    COMPLAIN(query, "parameter :" STR_FMT " is not declared", STR_ARG(name));
}

static void put_sql(struct maker *maker, struct str sql);

static void put_filters(struct maker *maker)
{
    struct query *query = maker->query;
    enum db_when when = maker->when;
    int arg = maker->arg;
    buf_put(&maker->text, STR("true"));
    for (size_t i = query->filters_from; i < query->in.len; i++) {
        switch_to(maker, DB_WHEN_FILTER, (int)(i - query->filters_from));
        buf_put(&maker->text, STR(" and ("));
        put_sql(maker, query->in.at[i].sql[maker->engine == DB_POSTGRES]);
        buf_char(&maker->text, ')');
    }
    switch_to(maker, when, arg);
}

static void put_visible(struct maker *maker, struct str alias)
{
    struct query *query = maker->query;
    const struct owned *table = NULL;
    for (size_t i = 0; i < maker->tables.len; i++)
        if (str_eq(maker->tables.at[i].table, alias))
            table = &maker->tables.at[i];
    maker->is_scoped = true;
    if (!table) {
        COMPLAIN(query, "{{visible " STR_FMT "}}: no owned table of that name is read here",
                 STR_ARG(alias));
        return;
    }
    enum db_when when = maker->when;
    int arg = maker->arg, hidden = slot_of(query, query->in.len) - 1;
    struct str column = table->column;
    bool is_partner = str_eq(column, STR("id"));
    switch_to(maker, DB_WHEN_SCOPE, DB_SEE_ALL);
    buf_put(&maker->text, STR("true"));
    switch_to(maker, DB_WHEN_SCOPE, DB_SEE_BRANCHES);
    if (is_partner)
        buf_printf(&maker->text,
                   STR_FMT ".branch_id in (select ub.branch_id from user_branch ub "
                           "where ub.user_id = ?%d)",
                   STR_ARG(alias), hidden + 1);
    else
        buf_printf(&maker->text,
                   STR_FMT "." STR_FMT " in (select seen.id from partner seen where "
                           "seen.branch_id in (select ub.branch_id from user_branch ub where "
                           "ub.user_id = ?%d))",
                   STR_ARG(alias), STR_ARG(column), hidden + 1);
    switch_to(maker, DB_WHEN_SCOPE, DB_SEE_PARTNER);
    buf_printf(&maker->text, STR_FMT "." STR_FMT " = ?%d", STR_ARG(alias), STR_ARG(column),
               hidden + 2);
    switch_to(maker, DB_WHEN_SCOPE, DB_SEE_NOTHING);
    buf_put(&maker->text, STR("false"));
    switch_to(maker, when, arg);
}

static void put_braces(struct maker *maker, struct str word)
{
    struct str first = cut_word(&word);
    bool is_list = maker->query->kind == KIND_LIST;
    if (str_eq(first, STR("visible"))) {
        put_visible(maker, word);
    } else if (is_list && str_eq(first, STR("filters"))) {
        maker->has_filters = true;
        put_filters(maker);
    } else if (is_list && str_eq(first, STR("page"))) {
        maker->has_page = true;
        put_mark(maker, DB_PAGE, 0);
    } else {
        COMPLAIN(maker->query, "unknown {{" STR_FMT "}}", STR_ARG(first));
    }
}

static void put_sql(struct maker *maker, struct str sql)
{
    struct token token = {0};
    while (next_token(sql, &token)) {
        if (maker->has_page && token.kind != TOKEN_OTHER)
            COMPLAIN(maker->query, "{{page}} must be the last");
        if (token.kind == TOKEN_PARAM)
            put_param(maker, token.text);
        else if (token.kind == TOKEN_BRACES)
            put_braces(maker, token.text);
        else if (!maker->has_page)
            buf_put(&maker->text, token.text);
        if (token.kind == TOKEN_OTHER && token.text.at[0] == '?')
            COMPLAIN(maker->query, "\"?\": parameters are written as :name");
    }
}

static bool names_a_table(struct str before)
{
    static const char *const words[] = {"from", "join", "update", ","};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq_nocase(before, str_of(words[i])))
            return true;
    return false;
}

static bool is_clause(struct str word)
{
    static const char *const words[] = {"where", "set", "join",     "left",  "inner",
                                        "cross", "on",  "order",    "group", "limit",
                                        "union", "for", "returning"};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq_nocase(word, str_of(words[i])))
            return true;
    return false;
}

/* Which owned tables the text reads or changes, under which alias. */
static void find_tables(struct maker *maker, struct str sql)
{
    struct token token = {0};
    struct str before = STR("");
    const struct owned *pending = NULL;
    while (next_token(sql, &token)) {
        if (token.kind == TOKEN_OTHER && isspace((unsigned char)token.text.at[0]))
            continue;
        bool is_word = token.kind == TOKEN_WORD;
        if (pending && is_word && str_eq_nocase(token.text, STR("as")))
            continue;
        if (pending) {
            bool has_alias = is_word && !is_clause(token.text);
            struct owned found = {has_alias ? token.text : pending->table, pending->column};
            VEC_PUSH(t.arena, &maker->tables, found);
            pending = NULL;
        } else if (is_word && names_a_table(before)) {
            for (size_t i = 0; i < t.owned.len; i++)
                if (str_eq(t.owned.at[i].table, token.text))
                    pending = &t.owned.at[i];
        }
        before = token.text;
    }
    if (pending)
        VEC_PUSH(t.arena, &maker->tables, *pending);
}

/* On PostgreSQL the rows of a bulk insert come as one array a column. */
static void put_bulk_pg(struct maker *maker, struct str sql)
{
    struct query *query = maker->query;
    size_t at = find_top(sql, STR("values"), 0);
    struct token token = {.end = at == SIZE_MAX ? 0 : at + 6};
    while (next_token(sql, &token) && !(token.depth == 1 && token.text.at[0] == ')'))
        ;
    size_t open = at == SIZE_MAX ? SIZE_MAX : str_find(sql, STR("("), at);
    if (open == SIZE_MAX || token.end >= sql.len + 1) {
        COMPLAIN(query, "a :bulk query is: insert into … (…) values (…) …");
        return;
    }
    put_sql(maker, str_sub(sql, 0, at));
    buf_put(&maker->text, STR("select "));
    maker->is_values = true;
    put_sql(maker, str_sub(sql, open + 1, token.at - open - 1));
    maker->is_values = false;
    buf_put(&maker->text, STR(" from unnest("));
    for (size_t i = 0; i < query->in.len; i++)
        buf_printf(&maker->text, "%s?%zu", i ? ", " : "", i + 1);
    buf_put(&maker->text, STR(") as v("));
    for (size_t i = 0; i < query->in.len; i++)
        buf_printf(&maker->text, "%s" STR_FMT, i ? ", " : "", STR_ARG(query->in.at[i].name));
    buf_char(&maker->text, ')');
    put_sql(maker, str_sub(sql, token.end, sql.len));
}

/* "insert … values (…) returning id": one row, always. On SQLite the clause goes: it would keep its
 * rows in a table and a journal of the statement, which costs a third of a plain insert. */
static bool is_plain_insert(const struct query *query, struct str sql, size_t *out_returning)
{
    if (query->kind != KIND_ID && query->kind != KIND_BULK)
        return false;
    *out_returning = find_top(sql, STR("returning"), 0);
    return *out_returning != SIZE_MAX && str_starts(sql, STR("insert into ")) &&
           find_top(sql, STR("values"), 0) != SIZE_MAX &&
           find_top(sql, STR("conflict"), 0) == SIZE_MAX &&
           str_eq(str_trim(str_sub(sql, *out_returning, SIZE_MAX)), STR("returning id"));
}

static void put_list(struct maker *maker, struct str sql)
{
    size_t select = find_top(sql, STR("select"), 0);
    size_t from = select == SIZE_MAX ? SIZE_MAX : find_top(sql, STR("from"), select);
    if (from == SIZE_MAX) {
        COMPLAIN(maker->query, "a list is: select … from … where … {{filters}} {{page}}");
        return;
    }
    put_sql(maker, str_sub(sql, 0, select + 6));
    buf_char(&maker->text, ' ');
    switch_to(maker, DB_SELECT_LIST, 0);
    put_sql(maker, str_trim(str_sub(sql, select + 6, from - select - 6)));
    put_mark(maker, DB_PAGE_KEYS, 0);
    switch_to(maker, DB_ALWAYS, 0);
    buf_char(&maker->text, '\n');
    put_sql(maker, str_sub(sql, from, sql.len));
    if (find_top(sql, STR("distinct"), select) < from)
        COMPLAIN(maker->query, "a list cannot be distinct: the sort key would count as a column");
}

static void make_parts(struct maker *maker)
{
    struct query *query = maker->query;
    AUTO_BUF own = BUF(TEXT_MAX);
    db_engine_text(buf_str(&query->text), maker->engine, &own);
    struct str sql = str_dup(t.arena, str_trim(buf_str(&own)));
    if (str_ends(sql, STR(";")))
        sql = str_trim(str_sub(sql, 0, sql.len - 1));
    if (sql.len == 0)
        COMPLAIN(query, "the query has no text");
    find_tables(maker, sql);
    size_t returning;
    maker->is_rowid = is_plain_insert(query, sql, &returning);
    if (maker->is_rowid && maker->engine == DB_SQLITE)
        sql = str_trim(str_sub(sql, 0, returning));
    maker->when = DB_ALWAYS;
    if (query->kind == KIND_LIST)
        put_list(maker, sql);
    else if (query->kind == KIND_BULK && maker->engine == DB_POSTGRES)
        put_bulk_pg(maker, sql);
    else
        put_sql(maker, sql);
    flush(maker);
    struct db_part end = {0};
    VEC_PUSH(t.arena, &maker->parts, end);
    if (maker->tables.len && !maker->is_scoped && !query->unscoped.len)
        COMPLAIN(query,
                 "it reads an owned table: say {{visible " STR_FMT "}} or \"-- unscoped: "
                 "why\"",
                 STR_ARG(maker->tables.at[0].table));
    if (query->kind == KIND_MANY && !query->bounded.len &&
        find_top(sql, STR("limit"), 0) == SIZE_MAX)
        COMPLAIN(query, ":many needs a limit or \"-- bounded: why\"");
    if (query->kind == KIND_LIST && (!maker->has_page || !maker->has_filters))
        COMPLAIN(query, "a list needs {{filters}} and {{page}}");
}

static bool is_same_parts(const struct db_part *a, const struct db_part *b)
{
    for (; a->when && b->when; a++, b++)
        if (a->when != b->when || a->arg != b->arg || !str_eq(str_of(a->text), str_of(b->text)))
            return false;
    return a->when == b->when;
}

static struct db_field *make_fields(const struct field *fields, size_t len)
{
    struct db_field *made = NEW_ARRAY(t.arena, struct db_field, len);
    for (size_t i = 0; i < len; i++)
        made[i] = (struct db_field){str_c(t.arena, fields[i].name), fields[i].type, 0};
    return made;
}

static uint32_t each_bits(const struct query *query)
{
    uint32_t bits = 0;
    for (size_t i = query->filters_from; i < query->in.len; i++)
        if (query->in.at[i].is_each)
            bits |= UINT32_C(1) << (i - query->filters_from);
    return bits;
}

bool make_query(struct query *query)
{
    int before = t.errors;
    struct maker sqlite = {.query = query, .engine = DB_SQLITE, .text = BUF(TEXT_MAX)};
    struct maker pg = {.query = query, .engine = DB_POSTGRES, .text = BUF(TEXT_MAX)};
    make_parts(&sqlite);
    if (t.errors == before)
        make_parts(&pg);
    buf_done(&sqlite.text);
    buf_done(&pg.text);
    for (size_t i = 0; i < query->in.len; i++)
        if (t.errors == before && !query->in.at[i].is_used)
            COMPLAIN(query, "input " STR_FMT " is not used", STR_ARG(query->in.at[i].name));
    if (query->kind == KIND_LIST && (!query->sorts.len || !query->id.len))
        COMPLAIN(query, "a list needs \"-- sort\" and \"-- id\"");
    if (t.errors > before)
        return false;
    struct db_sort *sorts = NEW_ARRAY(t.arena, struct db_sort, query->sorts.len);
    for (size_t i = 0; i < query->sorts.len; i++)
        sorts[i] =
            (struct db_sort){str_c(t.arena, query->sorts.at[i].name),
                             str_c(t.arena, query->sorts.at[i].key), query->sorts.at[i].type};
    query->made = (struct db_query){
        .name = str_c(t.arena, query->name),
        .parts = sqlite.parts.at,
        .pg_parts = is_same_parts(sqlite.parts.at, pg.parts.at) ? NULL : pg.parts.at,
        .in = make_fields(query->in.at, query->in.len),
        .in_len = query->in.len,
        .filters_from = query->filters_from,
        .row = query->row ? make_fields(query->row->fields, query->row->len) : NULL,
        .row_len = query->row ? query->row->len : 0,
        .sorts = sorts,
        .sorts_len = query->sorts.len,
        .each = each_bits(query),
        .id = query->id.len ? str_c(t.arena, query->id) : NULL,
        .is_bulk = query->kind == KIND_BULK,
        .is_rowid = sqlite.is_rowid,
    };
    return true;
}
