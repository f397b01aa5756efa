/* db: what is SQLite's alone: safe versions and settings, the write lane, the bounded log, copies
 * while others write, a full disk. */
#include <sys/stat.h>

#include "db/db_int.h"
#include "sqlite3.h"
#include "tests/scratch.h"

static void versions(void)
{
    static const struct {
        int version;
        bool is_safe;
    } cases[] = {{3040001, false}, {3044005, false}, {3044006, true},  {3045000, false},
                 {3050006, false}, {3050007, true},  {3051000, false}, {3051002, false},
                 {3051003, true},  {3053002, true},  {4000000, true}};
    bool is_right = true;
    for (size_t i = 0; i < LEN(cases); i++)
        is_right = is_right && sqlite__version_is_safe(cases[i].version) == cases[i].is_safe;
    ok(is_right, "versions that can lose commits are refused");
    ok(sqlite__version_is_safe(sqlite3_libversion_number()), "the one that is linked is not one");
    ok(sqlite3_compileoption_used("OMIT_LOAD_EXTENSION"), "it cannot load code");
    ok(sqlite3_compileoption_used("ENABLE_FTS5"), "it has full-text search");
    ok(sqlite3_compileoption_used("DQS=0"), "a quoted name is never a text");
    ok(sqlite3_threadsafe() > 0, "it is safe with threads");
}

static void settings(void)
{
    struct database_options options = {.url = STR("/tmp/kontor-db-settings.db")};
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database *database;
    struct db *db;
    struct str mode = STR("");
    int64_t value;
    static const struct {
        const char *pragma;
        int64_t want;
    } cases[] = {{"pragma synchronous", 2},    {"pragma foreign_keys", 1},
                 {"pragma trusted_schema", 0}, {"pragma cell_size_check", 1},
                 {"pragma page_size", 8192},   {"pragma journal_size_limit", 64 << 20}};
    (void)unlink("/tmp/kontor-db-settings.db");
    must_ok(database_open(&options, &fault, &database));
    must_ok(db_open(database, &db));
    for (size_t i = 0; i < LEN(cases); i++)
        ok(db_ask_i64(db, cases[i].pragma, &value) == RC_OK && value == cases[i].want,
           cases[i].pragma);
    must_ok(db_ask_text(db, arena, "pragma journal_mode", &mode));
    is_str(mode, "wal", "the log is written ahead");
    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    ok(db_ask_i64(db, "select \"no_such\"", &value) == RC_BROKEN, "a misspelt name is an error");
    log_to(NULL);
    db_close(db);
    database_close(database);
    (void)unlink("/tmp/kontor-db-settings.db");
    options.must_exist = true;
    ok(database_open(&options, &fault, &database) == RC_MISSING, "a missing file can be refused");
    fault_clear(&fault);
    options.url = STR("/proc/version");
    log_to(&log);
    ok(database_open(&options, &fault, &database) == RC_BROKEN, "a file that is no database is");
    log_to(NULL);
}

/* ---- the lane ---- */

struct writer {
    struct scratch *s;
    struct db *db;
    int writes;
    pthread_t thread;
};

static void *write_often(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < 200; i++) {
        if (db_begin(writer->db) != RC_OK)
            return NULL;
        (void)db_script(writer->db, "add", "insert into t (n) values (1)");
        if (db_commit(writer->db) == RC_OK)
            writer->writes++;
    }
    return NULL;
}

static void many_writers(void)
{
    struct scratch s;
    struct writer writers[8];
    (void)scratch_open(&s, DB_SQLITE);
    scratch_schema(&s, "create table t (id {{pk}}, n {{i64}} not null)");
    int64_t sum = 0;
    for (size_t i = 0; i < LEN(writers); i++) {
        writers[i] = (struct writer){.s = &s};
        must_ok(db_open(s.database, &writers[i].db));
        (void)pthread_create(&writers[i].thread, NULL, write_often, &writers[i]);
    }
    for (size_t i = 0; i < LEN(writers); i++) {
        (void)pthread_join(writers[i].thread, NULL);
        sum += writers[i].writes;
        db_close(writers[i].db);
    }
    is_i64(sum, 1600, "eight writers take turns and none is refused");
    is_i64(scratch_i64(&s, "select count(*) from t"), 1600, "and nothing is lost");
    scratch_done(&s);
}

static void a_held_lane(void)
{
    struct scratch s;
    struct db *writer = NULL, *reader = NULL;
    (void)scratch_open(&s, DB_SQLITE);
    must_ok(db_open(s.database, &writer));
    must_ok(db_open(s.database, &reader));
    must_ok(db_begin(writer));
    ok(!db_may_write_now(reader), "a write that need not be waited for sees that it would wait");
    ok(db_may_write_now(writer), "whoever holds the lane may write");
    db_rollback(writer);
    ok(db_may_write_now(reader), "and anybody when it is given back");
    db_close(reader);
    db_close(writer);
    scratch_done(&s);
}

static void *hold_lane(void *context)
{
    struct lane *lane = context;
    must_ok(lane__take(lane, 1000));
    lane__give(lane);
    return NULL;
}

static bool somebody_waits(struct lane *lane)
{
    (void)pthread_mutex_lock(&lane->mutex);
    bool is_so = lane->first != NULL;
    (void)pthread_mutex_unlock(&lane->mutex);
    return is_so;
}

static void the_lane(void)
{
    struct scratch s;
    struct db *other;
    pthread_t thread;
    (void)scratch_open(&s, DB_SQLITE);
    s.database->wait_ms = 50;
    scratch_schema(&s, "create table t (id {{pk}}, n {{i64}} not null)");
    must_ok(db_open(s.database, &other));
    must_ok(db_begin(s.db));
    int64_t before = db__mono_ms(), count;
    ok(db_begin(other) == RC_BUSY, "who waits too long for the lane is told that it is busy");
    int64_t waited = db__mono_ms() - before;
    ok(waited >= 50 && waited < 1000, "after the time that was set");
    ok(db_ask_i64(other, "select count(*) from t", &count) == RC_OK, "readers do not wait");
    must_ok(db_commit(s.db));
    ok(db_begin(other) == RC_OK && db_commit(other) == RC_OK, "later it is free again");
    struct lane lane;
    lane__init(&lane);
    must_ok(lane__take(&lane, 10));
    (void)pthread_create(&thread, NULL, hold_lane, &lane);
    while (!somebody_waits(&lane))
        usleep(100);
    lane__give(&lane);
    ok(lane__take(&lane, 1000) == RC_OK, "who gives the lane does not get it before who waited");
    lane__give(&lane);
    (void)pthread_join(thread, NULL);
    lane__done(&lane);
    db_close(other);
    scratch_done(&s);
}

/* ---- the log ---- */

static int64_t log_bytes(const struct scratch *s)
{
    char path[160];
    struct stat stat_of;
    (void)snprintf(path, sizeof(path), "%s-wal", s->file);
    return stat(path, &stat_of) == 0 ? stat_of.st_size : 0;
}

static void write_bytes(struct scratch *s, int rounds)
{
    for (int i = 0; i < rounds; i++)
        must_ok(db_script(s->db, "add", "insert into t (data) values (zeroblob(100000))"));
}

static void the_log_is_bounded(void)
{
    struct scratch s;
    struct db *reader;
    int64_t count;
    (void)scratch_open(&s, DB_SQLITE);
    s.database->wal_max_bytes = 4 << 20;
    db_close(s.db);
    database_close(s.database);
    struct database_options options = {
        .url = str_of(s.file), .is_scratch = true, .wal_max_bytes = 4 << 20};
    must_ok(database_open(&options, &s.fault, &s.database));
    must_ok(db_open(s.database, &s.db));
    scratch_schema(&s, "create table t (id {{pk}}, data {{blob}} not null)");
    int64_t most = 0;
    for (int i = 0; i < 60; i++) {
        write_bytes(&s, 10);
        usleep(1000);
        most = log_bytes(&s) > most ? log_bytes(&s) : most;
    }
    ok(most < 24 << 20, "60 MB of writes leave a log of a few MB");
    if (most >= 24 << 20)
        printf("#   it reached %lld\n", (long long)most);

    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    must_ok(db_open(s.database, &reader));
    must_ok(db_begin_read(reader));
    must_ok(db_ask_i64(reader, "select count(*) from t", &count));
    write_bytes(&s, 100);
    for (int i = 0; i < 300 && !atomic_load(&s.database->checkpointer.is_stuck); i++)
        usleep(10000);
    log_to(NULL);
    ok(str_has(buf_str(&log), STR("log_not_cut")), "a long read holds the log, which is said");
    int64_t again = 0;
    must_ok(db_ask_i64(reader, "select count(*) from t", &again));
    is_i64(again, count, "while its view of the data stands");
    must_ok(db_commit(reader));
    db_close(reader);
    for (int i = 0; i < 300 && log_bytes(&s) > 4 << 20; i++)
        usleep(10000);
    ok(log_bytes(&s) <= 4 << 20, "when it ends the log is cut");
    scratch_done(&s);
}

static void copies(void)
{
    struct scratch s;
    (void)scratch_open(&s, DB_SQLITE);
    scratch_schema(&s, "create table t (id {{pk}}, data {{blob}} not null)");
    write_bytes(&s, 5);
    char file[160];
    (void)snprintf(file, sizeof(file), "%s.copy", s.file);
    struct db *other;
    must_ok(db_open(s.database, &other));
    must_ok(db_begin(s.db));
    must_ok(db_script(s.db, "open", "insert into t (data) values (x'00')"));
    ok(database_backup(s.database, str_of(file), &s.fault) == RC_OK,
       "a copy is made while a transaction is open");
    must_ok(db_commit(s.db));
    ok(database_backup(s.database, str_of(file), &s.fault) == RC_INVALID,
       "a file that exists is not overwritten");
    struct database_options options = {.url = str_of(file), .must_exist = true};
    struct database *copy;
    struct db *db;
    int64_t count = 0;
    must_ok(database_open(&options, &s.fault, &copy));
    must_ok(db_open(copy, &db));
    must_ok(db_ask_i64(db, "select count(*) from t", &count));
    is_i64(count, 5, "the copy holds what was committed");
    db_close(db);
    database_close(copy);
    db_close(other);
    (void)unlink(file);
    scratch_done(&s);
}

static void plans_follow_the_data(struct scratch *s)
{
    scratch_schema(s, "create table t (id {{pk}}, n {{i64}} not null); create index t_n on t (n)");
    must_ok(db_script(s->db, "rows",
                      "insert into t (n) with recursive c (i) as (select 1 union all select i + 1 "
                      "from c where i < 5000) select 1 from c"));
    ok(db_optimize(s->db) == RC_OK, "after an import the engine is told to look at the tables");
    is_i64(scratch_i64(s, s->engine == DB_SQLITE
                              ? "select count(*) from sqlite_stat1 where idx = 't_n'"
                              : "select count(*) from pg_stats where tablename = 't' and "
                                "attname = 'n' and n_distinct = 1"),
           1, "and then knows how their values are spread");
}

static void a_full_disk(void)
{
    struct scratch s;
    (void)scratch_open(&s, DB_SQLITE);
    scratch_schema(&s, "create table t (id {{pk}}, data {{blob}} not null)");
    write_bytes(&s, 2);
    int64_t limit;
    must_ok(db_ask_i64(s.db, "pragma max_page_count = 40", &limit));
    must_ok(db_begin(s.db));
    enum rc rc = db_script(s.db, "add", "insert into t (data) values (zeroblob(1000000))");
    ok(rc == RC_FULL, "no room is RC_FULL");
    db_rollback(s.db);
    is_i64(scratch_i64(&s, "select count(*) from t"), 2, "reads go on");
    must_ok(db_ask_i64(s.db, "pragma max_page_count = 4000", &limit));
    write_bytes(&s, 1);
    is_i64(scratch_i64(&s, "select count(*) from t"), 3, "and with room again writes too");
    scratch_done(&s);
}

int main(void)
{
    versions();
    settings();
    many_writers();
    a_held_lane();
    the_lane();
    the_log_is_bounded();
    copies();
    scratch_each(plans_follow_the_data);
    a_full_disk();
    return done_testing();
}
