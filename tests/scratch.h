/* scratch: an empty database of its own for each test of the db module, on each engine. Modules
 * above op use fixture.h. */
#ifndef KONTOR_SCRATCH_H
#define KONTOR_SCRATCH_H

#include <unistd.h>

#include "db/db.h"
#include "tests/tap.h"

struct scratch {
    enum db_engine engine;
    struct arena *arena;
    struct fault fault;
    struct database *database;
    struct db *db;
    char file[128], name[64];
};

__attribute__((unused)) static void must_ok(enum rc rc)
{
    if (rc == RC_OK)
        return;
    printf("Bail out! %s\n", rc_code(rc));
    exit(1);
}

__attribute__((unused)) static void scratch_on_server(const char *text)
{
    struct database_options options = {.url = str_of(getenv("KONTOR_TEST_PG"))};
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database *database;
    struct db *db;
    must_ok(database_open(&options, &fault, &database));
    must_ok(db_open(database, &db));
    must_ok(db_script(db, "scratch", text));
    db_close(db);
    database_close(database);
}

__attribute__((unused)) static struct str scratch_pg_url(struct scratch *s)
{
    struct str url = str_of(getenv("KONTOR_TEST_PG"));
    size_t slash = str_find(url, STR("/"), str_find(url, STR("://"), 0) + 3);
    size_t query = str_find(url, STR("?"), 0);
    struct str rest = query == SIZE_MAX ? STR("") : str_sub(url, query, url.len);
    slash = slash == SIZE_MAX ? url.len - rest.len : slash;
    return str_printf(s->arena, STR_FMT "/%s" STR_FMT, STR_ARG(str_sub(url, 0, slash)), s->name,
                      STR_ARG(rest));
}

/* False when the engine is not there. */
__attribute__((unused)) static bool scratch_open(struct scratch *s, enum db_engine engine)
{
    static int made;
    char text[128];
    *s = (struct scratch){.engine = engine, .arena = arena_new(256 << 20)};
    s->fault.arena = s->arena;
    const char *server = getenv("KONTOR_TEST_PG");
    if (engine == DB_POSTGRES && !(server && server[0])) {
        skip("the same on PostgreSQL", "KONTOR_TEST_PG is not set");
        arena_free(s->arena);
        return false;
    }
    struct database_options options = {.is_scratch = true, .wait_ms = 2000};
    if (engine == DB_SQLITE) {
        (void)snprintf(s->file, sizeof(s->file), "/tmp/kontor-db-%d-%d.db", (int)getpid(), ++made);
        options.url = str_of(s->file);
    } else {
        (void)snprintf(s->name, sizeof(s->name), "kontor_db_%d_%d", (int)getpid(), ++made);
        (void)snprintf(text, sizeof(text), "create database %s template template0", s->name);
        scratch_on_server(text);
        options.url = scratch_pg_url(s);
    }
    must_ok(database_open(&options, &s->fault, &s->database));
    must_ok(db_open(s->database, &s->db));
    return true;
}

__attribute__((unused)) static void scratch_done(struct scratch *s)
{
    char text[160];
    db_close(s->db);
    database_close(s->database);
    if (s->engine == DB_SQLITE) {
        (void)unlink(s->file);
    } else {
        (void)snprintf(text, sizeof(text), "drop database %s with (force)", s->name);
        scratch_on_server(text);
    }
    arena_free(s->arena);
}

__attribute__((unused)) static void scratch_each(void (*test)(struct scratch *s))
{
    for (enum db_engine engine = DB_SQLITE; engine <= DB_POSTGRES; engine++) {
        struct scratch s;
        if (!scratch_open(&s, engine))
            continue;
        printf("# on %s\n", database_version(s.database));
        test(&s);
        scratch_done(&s);
    }
}

/* Runs a migration's text as it is, type words and all. */
__attribute__((unused)) static void scratch_schema(struct scratch *s, const char *text)
{
    AUTO_BUF made = BUF(1 << 20);
    db_schema_text(str_of(text), s->engine, &made);
    buf_char(&made, '\0');
    must_ok(db_script(s->db, "schema", made.at));
}

__attribute__((unused)) static int64_t scratch_i64(struct scratch *s, const char *text)
{
    int64_t value;
    return db_ask_i64(s->db, text, &value) == RC_OK ? value : -1;
}

#endif
