/* db: what both engines promise alike: values, outcomes, transactions, streams, bulk inserts. */
#include "db/db_int.h"
#include "tests/scratch.h"

struct thing {
    int64_t id;
    struct str code, data;
    bool is_new;
    struct opt_i64 size;
    struct str note;
};

static const struct db_field thing_fields[] = {
    {"id", DB_I64, offsetof(struct thing, id)},
    {"code", DB_TEXT, offsetof(struct thing, code)},
    {"data", DB_BLOB, offsetof(struct thing, data)},
    {"is_new", DB_BOOL, offsetof(struct thing, is_new)},
    {"size", DB_OPT_I64, offsetof(struct thing, size)},
    {"note", DB_OPT_TEXT, offsetof(struct thing, note)},
};

#define QUERY(name_, text_, in_len_, row_len_, ...)                                                \
    static const struct db_part name_##_parts[] = {{DB_ALWAYS, 0, text_}, {0}};                    \
    static const struct db_query name_ = {.name = #name_,                                          \
                                          .parts = name_##_parts,                                  \
                                          .in = thing_fields,                                      \
                                          .in_len = (in_len_),                                     \
                                          .in_bytes = sizeof(struct thing),                        \
                                          .filters_from = (in_len_),                               \
                                          .row = thing_fields,                                     \
                                          .row_len = (row_len_),                                   \
                                          .row_bytes = sizeof(struct thing),                       \
                                          __VA_ARGS__}

#define COLUMNS "id, code, data, is_new, size, note"
QUERY(add, "insert into thing (" COLUMNS ") values (?1, ?2, ?3, ?4, ?5, ?6)", 6, 0,
      .is_write = true);
QUERY(add_new,
      "insert into thing (code, data, is_new, size, note) "
      "values (?2, ?3, ?4, ?5, ?6) returning id",
      6, 0, .is_write = true);
QUERY(by_id, "select " COLUMNS " from thing where id = ?1", 1, 6, .is_bulk = false);
QUERY(all, "select " COLUMNS " from thing order by id", 0, 6, .is_bulk = false);
QUERY(rename_all, "update thing set code = code || '!' where id >= ?1", 1, 0, .is_write = true);
QUERY(nothing_null, "select null, 'x', note, true, 1, 'x' from thing", 0, 6, .is_bulk = false);

static const struct db_part bulk_parts[] = {{DB_ALWAYS, 0,
                                             "insert into thing (" COLUMNS
                                             ") values (?1, ?2, ?3, ?4, ?5, ?6) "
                                             "on conflict (code) do nothing returning id"},
                                            {0}};
static const struct db_part bulk_pg_parts[] = {
    {DB_ALWAYS, 0,
     "insert into thing (" COLUMNS ") select v.id, v.code, v.data, v.is_new, v.size, v.note "
     "from unnest(?1, ?2, ?3, ?4, ?5, ?6) as v(" COLUMNS ") "
     "on conflict (code) do nothing returning id"},
    {0}};
static const struct db_query bulk = {.name = "bulk",
                                     .parts = bulk_parts,
                                     .pg_parts = bulk_pg_parts,
                                     .in = thing_fields,
                                     .in_len = 6,
                                     .in_bytes = sizeof(struct thing),
                                     .filters_from = 6,
                                     .is_write = true,
                                     .is_bulk = true};

static const char schema[] =
    "create table thing (id {{pk}}, code {{text}} not null unique, data {{blob}} not null,"
    " is_new {{bool}} not null, size {{i64}}, note {{text}});";

static struct thing thing_of(int64_t id, const char *code)
{
    return (struct thing){.id = id, .code = str_of(code), .data = STR("d")};
}

static enum rc put(struct scratch *s, int64_t id, const char *code)
{
    struct thing thing = thing_of(id, code);
    return db_exec(s->db, &add, NULL, &thing, NULL);
}

static void values_come_back(struct scratch *s)
{
    scratch_schema(s, schema);
    struct thing in = {.id = INT64_MAX,
                       .code = STR("ёж \xF0\x9F\xA6\x94"),
                       .data = {"\0\xFF\0", 3},
                       .is_new = true,
                       .size = SOME(INT64_MIN),
                       .note = STR("")},
                 row = {0};
    ok(db_exec(s->db, &add, NULL, &in, NULL) == RC_OK, "a row goes in");
    ok(db_one(s->db, &by_id, NULL, &in, s->arena, &row) == RC_OK, "and is found by its id");
    is_i64(row.id, INT64_MAX, "an integer keeps all its bits");
    is_str(row.code, "ёж \xF0\x9F\xA6\x94", "text is UTF-8");
    ok(row.data.len == 3 && memcmp(row.data.at, "\0\xFF\0", 3) == 0, "bytes stay bytes");
    ok(row.is_new, "a truth value comes back");
    ok(row.size.has && row.size.v == INT64_MIN, "so does the smallest integer");
    ok(row.note.at && row.note.len == 0, "an empty text is not null");
    in = thing_of(2, "b");
    in.data = STR("");
    ok(db_exec(s->db, &add, NULL, &in, NULL) == RC_OK &&
           db_one(s->db, &by_id, NULL, &in, s->arena, &row) == RC_OK,
       "a row with nothing in it goes in");
    ok(!row.note.at && !row.size.has && !row.is_new, "nulls are absent");
    ok(row.data.at && row.data.len == 0, "empty bytes are not null");
    in.id = 3;
    ok(db_one(s->db, &by_id, NULL, &in, s->arena, &row) == RC_MISSING, "no row is RC_MISSING");
    is_i64(row.id, 2, "and leaves the output alone");
}

static void outcomes(struct scratch *s)
{
    AUTO_BUF log = BUF(1 << 20);
    struct thing row, new = thing_of(0, "first");
    struct db_rows rows;
    int64_t id = 0, changed = 0;
    scratch_schema(s, schema);
    ok(db_id(s->db, &add_new, NULL, &new, &id) == RC_OK && id == 1, "an insert gives the new id");
    ok(put(s, 7, "first") == RC_CONFLICT, "a second use of a unique value is RC_CONFLICT");
    is_str(db_conflict(s->db), "thing.code", "which names what it collided with");
    must_ok(put(s, 8, "second"));
    ok(db_many(s->db, &all, NULL, NULL, s->arena, &rows) == RC_OK && rows.len == 2, "many rows");
    new.id = 8;
    ok(db_exec(s->db, &rename_all, NULL, &new, &changed) == RC_OK && changed == 1,
       "a change tells how many rows it met");
    log_to(&log);
    ok(db_one(s->db, &all, NULL, NULL, s->arena, &row) == RC_BROKEN,
       "two rows where one is expected are an error of ours");
    ok(db_one(s->db, &nothing_null, NULL, NULL, s->arena, &row) == RC_BROKEN,
       "so is a null that the row does not allow");
    ok(db_script(s->db, "bad", "select nowhere from nothing") == RC_BROKEN, "and wrong SQL");
    log_to(NULL);
    ok(str_has(buf_str(&log), STR("\"query\":\"nothing_null\"")), "the log names the query");
    ok(!str_has(buf_str(&log), STR("second")), "and no value");
}

static void transactions(struct scratch *s)
{
    AUTO_BUF log = BUF(1 << 20);
    struct db *db = s->db;
    scratch_schema(s, schema);
    must_ok(db_begin(db));
    must_ok(put(s, 1, "a"));
    db_rollback(db);
    is_i64(scratch_i64(s, "select count(*) from thing"), 0, "a rollback leaves nothing");
    must_ok(db_begin(db));
    must_ok(db_begin(db));
    must_ok(put(s, 1, "a"));
    must_ok(db_commit(db));
    ok(db_in_transaction(db), "an inner commit joins the outer transaction");
    must_ok(db_commit(db));
    is_i64(scratch_i64(s, "select count(*) from thing"), 1, "which the outer commit ends");

    log_to(&log);
    must_ok(db_begin(db));
    must_ok(db_begin(db));
    must_ok(put(s, 2, "b"));
    db_rollback(db);
    ok(put(s, 3, "c") == RC_BROKEN, "after an inner rollback nothing more is done");
    ok(db_commit(db) == RC_BROKEN, "and the outer one cannot commit");
    must_ok(db_begin(db));
    must_ok(put(s, 2, "b"));
    ok(put(s, 3, "a") == RC_CONFLICT, "a conflict inside a transaction");
    ok(put(s, 4, "d") == RC_BROKEN, "dooms it on both engines");
    ok(db_commit(db) == RC_BROKEN, "so it does not commit");
    ok(!db_in_transaction(db), "but ends");
    log_to(NULL);
    is_i64(scratch_i64(s, "select count(*) from thing"), 1, "and leaves nothing");

    must_ok(db_begin(db));
    must_ok(put(s, 2, "b"));
    must_ok(db_savepoint(db));
    ok(put(s, 3, "a") == RC_CONFLICT, "a conflict after a savepoint");
    must_ok(db_savepoint_rollback(db));
    must_ok(db_savepoint(db));
    must_ok(put(s, 3, "c"));
    must_ok(db_savepoint_release(db));
    ok(db_commit(db) == RC_OK, "is undone by going back to it");
    is_i64(scratch_i64(s, "select count(*) from thing"), 3, "what stood before and after stays");

    log_to(&log);
    must_ok(db_begin_read(db));
    ok(put(s, 9, "z") == RC_BROKEN, "a reading transaction refuses to write");
    db_rollback(db);
    log_to(NULL);
    must_ok(db_begin(db));
    ok(db_lock(db, 42) == RC_OK && db_lock_shared(db, 43) == RC_OK, "a lock of the transaction");
    must_ok(db_commit(db));
}

static void a_snapshot_stands_still(struct scratch *s)
{
    struct db *other;
    int64_t count = 0;
    scratch_schema(s, schema);
    must_ok(put(s, 1, "a"));
    must_ok(db_open(s->database, &other));
    must_ok(db_begin_read(other));
    must_ok(db_ask_i64(other, "select count(*) from thing", &count));
    must_ok(put(s, 2, "b"));
    must_ok(db_ask_i64(other, "select count(*) from thing", &count));
    is_i64(count, 1, "a reading transaction sees one state of the data");
    must_ok(db_commit(other));
    must_ok(db_ask_i64(other, "select count(*) from thing", &count));
    is_i64(count, 2, "and the next one the newest");
    db_close(other);
}

enum { MANY = 12345 };

static struct thing *make_many(struct arena *arena)
{
    struct thing *things = NEW_ARRAY(arena, struct thing, MANY);
    for (int i = 0; i < MANY; i++) {
        things[i] = thing_of(i + 1, str_printf(arena, "c%d", i).at);
        things[i].note = i % 2 ? STR("odd") : STR_NONE;
        things[i].size = i % 3 ? SOME(i) : NONE;
    }
    return things;
}

static void bulk_and_streams(struct scratch *s)
{
    AUTO_BUF log = BUF(1 << 20);
    struct thing *things = make_many(s->arena), row, again;
    struct i64_list ids = {0};
    int64_t changed = 0;
    scratch_schema(s, schema);
    must_ok(put(s, 100000, "c77"));
    ok(db_bulk(s->db, &bulk, things, MANY, s->arena, &ids, &changed) == RC_OK, "a bulk insert");
    is_i64(changed, MANY - 1, "leaves out what its target says");
    is_i64((int64_t)ids.len, MANY - 1, "gives back what it returns");
    ok(ids.at[0] == 1 && ids.at[MANY - 2] == MANY, "in order");
    is_i64(scratch_i64(s, "select count(*) from thing where note is null"), (MANY + 1) / 2 + 1,
           "with its nulls"); /* the row that was first has none either */
    {
        AUTO_CURSOR cursor = {0};
        int64_t len = 0;
        must_ok(db_each(s->db, &all, NULL, NULL, &cursor));
        while (cursor_next(&cursor, &row) == RC_OK && row.id == things[len].id + (len >= 77))
            if (++len % 1000 == 0)
                must_ok(db_one(s->db, &by_id, NULL, &row, s->arena, &again));
        is_i64(len, MANY - 1, "a stream gives every row while other queries run");
        log_to(&log);
        ok(put(s, 5000000, "x") == RC_BROKEN, "no write while a stream is open");
        ok(db_begin(s->db) == RC_BROKEN, "and no transaction");
        log_to(NULL);
    }
    ok(put(s, 5000000, "x") == RC_OK, "closing it frees the connection");
    must_ok(db_begin(s->db));
    {
        AUTO_CURSOR cursor = {0};
        must_ok(db_each(s->db, &all, NULL, NULL, &cursor));
        must_ok(cursor_next(&cursor, &row));
        ok(put(s, 5000001, "y") == RC_OK, "inside a transaction a stream and writes mix");
        ok(cursor_next(&cursor, &row) == RC_OK, "and the stream goes on");
    }
    must_ok(db_commit(s->db));
}

/* ---- the faulty driver ---- */

static enum rc add_pair(struct scratch *s)
{
    TRY(db_begin(s->db));
    enum rc rc = put(s, 1, "a");
    if (rc == RC_OK)
        rc = put(s, 2, "b");
    if (rc == RC_OK)
        return db_commit(s->db);
    db_rollback(s->db);
    return rc;
}

static void every_statement_may_fail(struct scratch *s)
{
    static const enum db_failure failures[] = {DB_FAIL_BUSY, DB_FAIL_FULL, DB_FAIL_LOST,
                                               DB_FAIL_COMMIT_APPLIED};
    scratch_schema(s, schema);
    bool is_whole = true, is_told = true;
    int tried = 0, unsure = 0;
    for (size_t f = 0; f < LEN(failures); f++) {
        for (int n = 1;; n++) {
            db_faulty_arm(s->db, n, failures[f]);
            enum rc rc = add_pair(s);
            bool has_fired = db_faulty_fired(s->db);
            db_faulty_arm(s->db, 0, DB_FAIL_BUSY);
            int64_t count = scratch_i64(s, "select count(*) from thing");
            is_whole = is_whole && (count == 0 || count == 2);
            is_told = is_told && (rc == RC_OK ? count == 2 : rc == RC_UNSURE || count == 0);
            unsure += rc == RC_UNSURE;
            must_ok(db_script(s->db, "empty", "delete from thing"));
            if (!has_fired)
                break;
            tried++;
        }
    }
    is_i64(tried, 16, "begin, two inserts and commit fail in four ways");
    ok(is_whole, "and nothing is ever half-done");
    ok(is_told, "nor called done when it was not");
    is_i64(unsure, 2, "a lost commit is unsure, whether it was applied or not");
}

/* ---- a server that goes away ---- */

static void cut_connections(struct scratch *s)
{
    char text[200];
    (void)snprintf(text, sizeof(text),
                   "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'",
                   s->name);
    scratch_on_server(text);
    usleep(100000);
}

static void lost_connections(struct scratch *s)
{
    if (s->engine == DB_SQLITE)
        return;
    scratch_schema(s, schema);
    must_ok(put(s, 1, "a"));
    cut_connections(s);
    ok(put(s, 2, "b") == RC_OK, "a connection that was lost while idle is opened again");
    must_ok(db_begin(s->db));
    must_ok(put(s, 3, "c"));
    cut_connections(s);
    ok(put(s, 4, "d") == RC_BUSY, "lost inside a transaction: nothing happened, try again");
    db_rollback(s->db);
    is_i64(scratch_i64(s, "select count(*) from thing"), 2, "and so it is");
    must_ok(db_begin(s->db));
    must_ok(put(s, 3, "c"));
    cut_connections(s);
    ok(db_commit(s->db) == RC_UNSURE, "lost at the commit: unsure");
    ok(add_pair(s) == RC_CONFLICT, "the next transaction has a new connection");
    must_ok(db_begin(s->db));
    AUTO_CURSOR cursor = {0};
    struct thing row;
    must_ok(db_each(s->db, &all, NULL, NULL, &cursor));
    must_ok(cursor_next(&cursor, &row));
    cut_connections(s);
    ok(put(s, 5, "e") == RC_BUSY, "with a stream open too");
    db_rollback(s->db);
    cursor_close(&cursor);
    is_i64(scratch_i64(s, "select count(*) from thing"), 2, "the connection goes on after it");
}

int main(void)
{
    scratch_each(values_come_back);
    scratch_each(outcomes);
    scratch_each(transactions);
    scratch_each(a_snapshot_stands_still);
    scratch_each(bulk_and_streams);
    scratch_each(every_statement_may_fail);
    scratch_each(lost_connections);
    return done_testing();
}
