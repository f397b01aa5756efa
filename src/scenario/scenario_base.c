/* A database for scenarios alone, which goes when it is closed: SQLite in memory, or a new database
 * on a server. A schema inside an existing database was rejected: names in migrations are not
 * qualified, and a mistake would touch somebody's data. */
#include <unistd.h>

#include "scenario/scenario.h"

/* The server's URL with another database. */
static struct str url_of(struct arena *arena, struct str url, struct str name)
{
    size_t host = str_find(url, STR("://"), 0);
    size_t query = str_find(url, STR("?"), 0);
    size_t end = query == SIZE_MAX ? url.len : query;
    size_t slash = host == SIZE_MAX ? SIZE_MAX : str_find(url, STR("/"), host + 3);
    size_t path = slash < end ? slash : end;
    return str_printf(arena, STR_FMT "/" STR_FMT STR_FMT, STR_ARG(str_sub(url, 0, path)),
                      STR_ARG(name), STR_ARG(str_sub(url, end, url.len)));
}

static enum rc on_server(struct arena *arena, struct str url, const char *sql, struct fault *fault)
{
    struct database *database = NULL;
    struct db *db = NULL;
    TRY(database_open(&(struct database_options){.url = url}, fault, &database));
    enum rc rc = db_open(database, &db);
    if (rc == RC_OK)
        rc = db_script(db, "scenario", sql);
    if (rc != RC_OK && db)
        log_event(LOG_ERROR, "scenario_database", "why", str_dup(arena, str_of(db_message(db))),
                  NULL);
    db_close(db);
    database_close(database);
    return rc;
}

static enum rc create(struct arena *arena, struct scenario_base *base, struct fault *fault)
{
    uint32_t dice = 0;
    random_bytes(&dice, sizeof(dice));
    struct str name = str_printf(arena, "kontor_scenario_%d_%08x", (int)getpid(), dice);
    struct str sql =
        str_printf(arena, "create database " STR_FMT " template template0", STR_ARG(name));
    TRY(on_server(arena, base->server_url, str_c(arena, sql), fault));
    base->name = name;
    return RC_OK;
}

static enum rc migrate(struct arena *arena, struct db *db, struct fault *fault)
{
    const struct db_module_migrations **modules = NULL;
    struct migrate_options options = {.version = "scenario", .now = when_now()};
    int applied = 0;
    db_modules(arena, &modules, &options.modules_len);
    options.modules = modules;
    return db_migrate(db, &options, fault, &applied);
}

static enum rc prepare(struct arena *arena, struct db *db)
{
    struct op op;
    op_init(&op, arena, db, when_now());
    op.lang = lang_of(LANG_EN);
    op.zone = zone_utc();
    return scenario_prepare(&op);
}

enum rc scenario_base_open(struct arena *arena, struct str server_url, struct fault *fault,
                           struct scenario_base *out)
{
    struct scenario_base base = {.server_url = server_url};
    struct database_options options = {.url = STR(":memory:"), .is_scratch = true};
    if (server_url.at) {
        TRY(create(arena, &base, fault));
        options.url = url_of(arena, server_url, base.name);
    }
    enum rc rc = database_open(&options, fault, &base.database);
    if (rc == RC_OK)
        rc = db_open(base.database, &base.db);
    if (rc == RC_OK)
        rc = migrate(arena, base.db, fault);
    if (rc == RC_OK)
        rc = prepare(arena, base.db);
    if (rc != RC_OK) {
        scenario_base_close(&base);
        return rc;
    }
    *out = base;
    return RC_OK;
}

void scenario_base_close(struct scenario_base *base)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    db_close(base->db);
    database_close(base->database);
    base->db = NULL;
    base->database = NULL;
    if (!base->name.at)
        return;
    struct str sql =
        str_printf(arena, "drop database if exists " STR_FMT " with (force)", STR_ARG(base->name));
    enum rc rc = on_server(arena, base->server_url, str_c(arena, sql), &fault);
    if (rc != RC_OK)
        log_event(LOG_WARN, "scenario_database_left", "name", base->name, NULL);
}
