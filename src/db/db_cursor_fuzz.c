/* The cursor of a list is what a browser sends: any bytes must give a page or RC_INVALID. */
#include "db/db_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct item {
    int64_t id;
};

static const struct db_field fields[] = {{"id", DB_I64, offsetof(struct item, id)}};
static const struct db_sort sorts[] = {{"n", "t.n", DB_I64}, {"name", "t.name", DB_TEXT}};
static const struct db_part parts[] = {
    {DB_ALWAYS, 0, "select "}, {DB_SELECT_LIST, 0, "t.id"},
    {DB_PAGE_KEYS, 0, NULL},   {DB_ALWAYS, 0, " from t where true"},
    {DB_PAGE, 0, NULL},        {0}};
static const struct db_query list = {.name = "list",
                                     .parts = parts,
                                     .row = fields,
                                     .row_len = 1,
                                     .row_bytes = sizeof(struct item),
                                     .sorts = sorts,
                                     .sorts_len = LEN(sorts),
                                     .id = "t.id"};

static struct db *open_once(struct arena *arena)
{
    static struct database *database;
    static struct db *db;
    struct database_options options = {.url = STR(":memory:")};
    struct fault fault = {.arena = arena};
    if (db)
        return db;
    if (database_open(&options, &fault, &database) != RC_OK || db_open(database, &db) != RC_OK ||
        db_script(db, "table",
                  "create table t (id integer primary key, n integer not null, name text not null);"
                  "insert into t values (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')") != RC_OK)
        abort();
    return db;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 1)
        return 0;
    AUTO_ARENA arena = arena_new(0);
    struct db *db = open_once(arena);
    struct fault fault = {.arena = arena};
    struct list_page page = {.sort_i = data[0] & 1,
                             .is_descending = data[0] & 2,
                             .is_backward = data[0] & 4,
                             .limit = 2,
                             .cursor = {(const char *)data + 1, len - 1}};
    struct db_page out;
    enum rc rc = db_list(db, &list, NULL, NULL, &page, arena, &fault, &out);
    assert(rc == RC_OK || rc == RC_INVALID);
    assert(rc != RC_OK || out.len <= 2);
    return 0;
}
