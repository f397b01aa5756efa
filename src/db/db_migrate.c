/* db_migrate: brings the schema of a database up to what the program expects. Each migration is one
 * transaction, remembered with the SHA-256 of its text, so a process killed between two of them
 * goes on with the next, and a text that was changed after it was applied is refused instead of
 * being silently different. Going down was rejected: a backup is made before going up. */
#include <sodium.h>
#include <time.h>
#include <unistd.h>

#include "db/db_int.h"

enum { SHA_TEXT = 65, MIGRATION_LOCK = 0x4B4F4E54 };

struct applied_in {
    struct str module, name, sha;
    int64_t at;
};

struct applied {
    struct str module, name, sha;
};

static const struct db_field applied_in[] = {
    {"module", DB_TEXT, offsetof(struct applied_in, module)},
    {"name", DB_TEXT, offsetof(struct applied_in, name)},
    {"sha256", DB_TEXT, offsetof(struct applied_in, sha)},
    {"applied_at", DB_I64, offsetof(struct applied_in, at)},
};
static const struct db_field applied_row[] = {
    {"module", DB_TEXT, offsetof(struct applied, module)},
    {"name", DB_TEXT, offsetof(struct applied, name)},
    {"sha256", DB_TEXT, offsetof(struct applied, sha)},
};
static const struct db_part insert_parts[] = {
    {DB_ALWAYS, 0,
     "insert into schema_migration (module, name, sha256, applied_at) values (?1, ?2, ?3, ?4)"},
    {0}};
static const struct db_part select_parts[] = {
    {DB_ALWAYS, 0, "select module, name, sha256 from schema_migration order by module, name"}, {0}};
static const struct db_query insert_applied = {.name = "migration_add",
                                               .parts = insert_parts,
                                               .in = applied_in,
                                               .in_len = LEN(applied_in),
                                               .filters_from = LEN(applied_in),
                                               .is_write = true};
static const struct db_query select_applied = {.name = "migrations",
                                               .parts = select_parts,
                                               .row = applied_row,
                                               .row_len = LEN(applied_row),
                                               .row_bytes = sizeof(struct applied)};

static const char own_table[] =
    "create table if not exists schema_migration (module {{text}} not null, name {{text}} not null,"
    " sha256 {{text}} not null, applied_at {{i64}} not null, primary key (module, name));";

/* ---- what is linked in ---- */

/* tools/embed.sh puts a pointer to each module's migrations into this section; the linker marks
 * its ends. A module that is not linked is simply not there. */
extern const struct db_module_migrations *const __start_kontor_schema[] __attribute__((weak));
extern const struct db_module_migrations *const __stop_kontor_schema[] __attribute__((weak));

void db_modules(struct arena *arena, const struct db_module_migrations ***out, size_t *out_len)
{
    VEC(const struct db_module_migrations *) found = {0};
    const struct db_module_migrations *const *at = __start_kontor_schema;
    /* cppcheck-suppress comparePointers; both are marks of one section */
    for (; at && at < __stop_kontor_schema; at++) {
        VEC_PUSH(arena, &found, *at);
        for (size_t i = found.len - 1; i > 0 && found.at[i]->layer < found.at[i - 1]->layer; i--) {
            const struct db_module_migrations *above = found.at[i];
            found.at[i] = found.at[i - 1];
            found.at[i - 1] = above;
        }
    }
    *out = found.at;
    *out_len = found.len;
}

/* ---- what was applied ---- */

static struct str sha_of(struct arena *arena, struct str text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(arena, SHA_TEXT);
    (void)crypto_hash_sha256(hash, (const unsigned char *)text.at, text.len);
    (void)sodium_bin2hex(hex, SHA_TEXT, hash, sizeof(hash));
    return str_of(hex);
}

static struct str text_of(const struct db_migration *file)
{
    return (struct str){file->at, (size_t)(file->end - file->at)};
}

static enum rc has_own_table(struct db *db, bool *out)
{
    int64_t count;
    TRY(db_ask_i64(db,
                   db_engine(db) == DB_SQLITE
                       ? "select count(*) from sqlite_schema where name = 'schema_migration'"
                       : "select count(*) from pg_tables where tablename = 'schema_migration' and "
                         "schemaname = current_schema()",
                   &count));
    *out = count > 0;
    return RC_OK;
}

static enum rc create_own_table(struct db *db)
{
    AUTO_BUF text = BUF(4096);
    db_schema_text(str_of(own_table), db_engine(db), &text);
    buf_char(&text, '\0');
    TRY(db_lock(db, MIGRATION_LOCK)); /* `if not exists` alone is a race on PostgreSQL */
    return db_script(db, "schema_migration", text.at);
}

static enum rc make_own_table(struct db *db)
{
    bool has_table;
    TRY(has_own_table(db, &has_table));
    if (has_table)
        return RC_OK;
    TRY(db_begin(db));
    enum rc rc = create_own_table(db);
    if (rc == RC_OK)
        return db_commit(db);
    db_rollback(db);
    return rc;
}

static const struct applied *find_applied(const struct db_rows *rows, const char *module,
                                          const char *name)
{
    const struct applied *at = rows->at;
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(at[i].module, str_of(module)) && str_eq(at[i].name, str_of(name)))
            return &at[i];
    return NULL;
}

static bool is_known(const struct migrate_options *options, const struct applied *applied)
{
    for (size_t m = 0; m < options->modules_len; m++) {
        const struct db_module_migrations *module = options->modules[m];
        if (!module || !str_eq(applied->module, str_of(module->module)))
            continue;
        for (size_t i = 0; i < module->len; i++)
            if (str_eq(applied->name, str_of(module->files[i].name)))
                return true;
    }
    return false;
}

static enum rc check_known(const struct migrate_options *options, const struct db_rows *rows,
                           struct arena *arena, struct fault *fault)
{
    const struct applied *at = rows->at;
    for (size_t i = 0; i < rows->len; i++)
        if (!is_known(options, &at[i]))
            return fault_add(fault, RC_INVALID, NULL,
                             "The database is newer than this program: it has the change {0} of "
                             "{1}. Start the newer program, or restore the backup made before it.",
                             str_c(arena, at[i].name), str_c(arena, at[i].module), NULL);
    return RC_OK;
}

/* RC_OK: applied with the same text; RC_MISSING: not yet. */
static enum rc check_one(const struct db_rows *rows, const char *module,
                         const struct db_migration *file, struct arena *arena, struct fault *fault)
{
    const struct applied *applied = find_applied(rows, module, file->name);
    if (!applied)
        return RC_MISSING;
    if (str_eq(applied->sha, sha_of(arena, text_of(file))))
        return RC_OK;
    return fault_add(fault, RC_INVALID, NULL,
                     "The change {0} of {1} is not the one that was applied to this database. An "
                     "applied change must stay as it was: add a new one.",
                     file->name, module, NULL);
}

static enum rc count_pending(const struct migrate_options *options, const struct db_rows *rows,
                             struct arena *arena, struct fault *fault, int *out_pending)
{
    int pending = 0;
    TRY(check_known(options, rows, arena, fault));
    for (size_t m = 0; m < options->modules_len; m++) {
        const struct db_module_migrations *module = options->modules[m];
        for (size_t i = 0; module && i < module->len; i++) {
            enum rc rc = check_one(rows, module->module, &module->files[i], arena, fault);
            if (rc != RC_OK && rc != RC_MISSING)
                return rc;
            pending += rc == RC_MISSING;
        }
    }
    *out_pending = pending;
    return RC_OK;
}

enum rc db_migrate_pending(struct db *db, const struct migrate_options *options,
                           struct fault *fault, int *out_pending)
{
    AUTO_ARENA arena = arena_new(0);
    struct db_rows rows = {0};
    bool has_table = false;
    TRY(has_own_table(db, &has_table));
    if (has_table)
        TRY(db_many(db, &select_applied, NULL, NULL, arena, &rows));
    return count_pending(options, &rows, arena, fault, out_pending);
}

/* ---- applying ---- */

static enum rc back_up(struct db *db, const struct migrate_options *options, struct fault *fault)
{
    struct database *database = db_database(db);
    if (database->engine == DB_POSTGRES) {
        log_event(LOG_WARN, "migrating", "advice",
                  STR("make a backup with pg_dump or a snapshot before upgrading"), NULL);
        return RC_OK;
    }
    if (database->file.len == 0)
        return RC_OK;
    AUTO_ARENA arena = arena_new(0);
    time_t seconds = (time_t)(options->now / 1000000);
    struct tm tm;
    char when[32];
    (void)strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", gmtime_r(&seconds, &tm));
    struct str file = str_printf(arena, STR_FMT ".before-%s-%s.bak", STR_ARG(database->file),
                                 options->version, when);
    if (access(str_c(arena, file), F_OK) == 0)
        return RC_OK; /* made by a start that was stopped just now */
    TRY(database_backup(database, file, fault));
    log_event(LOG_INFO, "backup_made", "file", file, NULL);
    return RC_OK;
}

static enum rc not_applied(struct db *db, struct fault *fault, enum rc rc, const char *module,
                           const struct db_migration *file)
{
    enum db_extension extension = DB_EXTENSION_NOT_NEEDED;
    if (rc == RC_OK || fault->rc != RC_OK)
        return rc;
    /* Creating it is the one thing that a plain user of a database may not be allowed to do. */
    bool is_known =
        str_has(text_of(file), STR("create extension")) && db_extension(db, &extension) == RC_OK;
    if (is_known && extension == DB_EXTENSION_AVAILABLE)
        return fault_add(fault, RC_DENIED, NULL,
                         "The database needs the extension pg_trgm, which this user may not "
                         "create. Run once as a superuser in this database: create extension "
                         "pg_trgm;",
                         NULL);
    if (is_known && extension == DB_EXTENSION_MISSING)
        return fault_add(fault, RC_MISSING, NULL,
                         "The database server has no extension pg_trgm. Install the package "
                         "postgresql-contrib there, then run in this database: create extension "
                         "pg_trgm;",
                         NULL);
    return fault_add(fault, rc, NULL, "The change {0} of {1} could not be applied.", file->name,
                     module, NULL);
}

static enum rc apply_locked(struct db *db, const char *module, const struct db_migration *file,
                            int64_t now, struct arena *arena, struct fault *fault, bool *out_did)
{
    struct db_rows rows;
    TRY(db_lock(db, MIGRATION_LOCK));
    TRY(db_many(db, &select_applied, NULL, NULL, arena, &rows));
    enum rc rc = check_one(&rows, module, file, arena, fault); /* another process may be first */
    if (rc != RC_MISSING)
        return rc;
    AUTO_BUF text = BUF(16 << 20);
    db_schema_text(text_of(file), db_engine(db), &text);
    buf_char(&text, '\0');
    TRY(db_script(db, file->name, text.at));
    struct applied_in in = {str_of(module), str_of(file->name), sha_of(arena, text_of(file)), now};
    TRY(db_exec(db, &insert_applied, NULL, &in, NULL));
    *out_did = true;
    return RC_OK;
}

static enum rc apply(struct db *db, const char *module, const struct db_migration *file,
                     int64_t now, struct fault *fault, bool *out_did)
{
    AUTO_ARENA arena = arena_new(64 << 20);
    TRY(db_begin(db));
    enum rc rc = apply_locked(db, module, file, now, arena, fault, out_did);
    if (rc == RC_OK)
        return db_commit(db);
    db_rollback(db);
    return rc;
}

enum rc db_migrate(struct db *db, const struct migrate_options *options, struct fault *fault,
                   int *out_applied)
{
    AUTO_ARENA arena = arena_new(0);
    struct db_rows rows;
    int pending = 0, applied = 0;
    enum rc rc = make_own_table(db);
    if (rc != RC_OK)
        return not_applied(db, fault, rc, "db", &(struct db_migration){.name = "schema_migration"});
    TRY(db_many(db, &select_applied, NULL, NULL, arena, &rows));
    TRY(count_pending(options, &rows, arena, fault, &pending));
    if (pending > 0 && rows.len > 0)
        TRY(back_up(db, options, fault));
    for (size_t m = 0; m < options->modules_len && pending > 0; m++) {
        const struct db_module_migrations *module = options->modules[m];
        for (size_t i = 0; module && i < module->len; i++) {
            bool did = false;
            rc = apply(db, module->module, &module->files[i], options->now, fault, &did);
            if (rc != RC_OK)
                return not_applied(db, fault, rc, module->module, &module->files[i]);
            applied += did;
        }
    }
    *out_applied = applied;
    return RC_OK;
}
