/* What `kontor doctor` and `kontor restore` ask an engine about itself. */
#include "db/db_int.h"

enum rc db_damage(struct db *db, struct arena *arena, bool is_deep, struct str *out)
{
    struct str answer = STR_NONE;
    *out = STR_NONE;
    if (db_engine(db) != DB_SQLITE) /* the server looks after its own pages */
        return RC_OK;
    TRY(db_ask_text(db, arena, is_deep ? "pragma integrity_check(1)" : "pragma quick_check(1)",
                    &answer));
    if (!str_eq(answer, STR("ok")))
        *out = answer;
    return RC_OK;
}

enum rc db_extension(struct db *db, enum db_extension *out)
{
    int64_t installed = 0, available = 0;
    *out = DB_EXTENSION_NOT_NEEDED;
    if (db_engine(db) != DB_POSTGRES)
        return RC_OK;
    TRY(db_ask_i64(db, "select count(*) from pg_extension where extname = 'pg_trgm'", &installed));
    TRY(db_ask_i64(db, "select count(*) from pg_available_extensions where name = 'pg_trgm'",
                   &available));
    *out = installed > 0   ? DB_EXTENSION_INSTALLED
           : available > 0 ? DB_EXTENSION_AVAILABLE
                           : DB_EXTENSION_MISSING;
    return RC_OK;
}

enum rc db_clock(struct db *db, int64_t *out_us)
{
    if (db_engine(db) != DB_POSTGRES)
        return RC_MISSING;
    return db_ask_i64(db, "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)",
                      out_us);
}

enum rc db_changes_applied(struct db *db, int64_t *out)
{
    return db_ask_i64(db, "select count(*) from schema_migration", out);
}
