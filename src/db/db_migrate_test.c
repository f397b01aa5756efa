/* db: migrations on both engines: order, checksums, downgrades, faults between them, the backup. */
#include <glob.h>
#include <sys/stat.h>

#include "tests/scratch.h"

#define TEXT(name, text)                                                                           \
    {                                                                                              \
        name, text, text + sizeof(text) - 1                                                        \
    }

static const char branch_text[] = "create table branch (id {{pk}}, name {{text}} not null);";
static const char user_text[] =
    "create table person (id {{pk}}, branch_id {{i64}} not null references branch (id),\n"
    "  is_new {{bool}} not null default false, -- a ) in a comment\n"
    "  note {{text}} not null default 'it''s (')\n;";
static const char index_text[] = "-- sqlite:\n"
                                 "create index person_lite on person (branch_id);\n"
                                 "-- pg:\n"
                                 "create index person_pg on person (branch_id);\n"
                                 "-- both:\n"
                                 "insert into branch (name) values ('first');";
static const char broken_text[] =
    "create table extra (id {{pk}});\ncreate table extra (id {{pk}});";

static const struct db_migration org_files[] = {TEXT("0001_branch", branch_text)};
static const struct db_migration auth_files[] = {TEXT("0001_user", user_text),
                                                 TEXT("0002_index", index_text)};
static const struct db_migration changed_files[] = {TEXT("0001_user", branch_text),
                                                    TEXT("0002_index", index_text)};
static const struct db_migration broken_files[] = {TEXT("0001_broken", broken_text)};

static const struct db_module_migrations org = {"org", org_files, 1, 1};
static const struct db_module_migrations auth = {"auth", auth_files, 2, 2};
static const struct db_module_migrations auth_old = {"auth", auth_files, 1, 2};
static const struct db_module_migrations auth_changed = {"auth", changed_files, 2, 2};
static const struct db_module_migrations broken = {"broken", broken_files, 1, 3};

static enum rc migrate(struct scratch *s, const struct db_module_migrations *a,
                       const struct db_module_migrations *b, const struct db_module_migrations *c,
                       int *out_applied)
{
    const struct db_module_migrations *modules[] = {a, b, c};
    struct migrate_options options = {modules, LEN(modules), "1.2.0", INT64_C(1790856000000000)};
    fault_clear(&s->fault);
    return db_migrate(s->db, &options, &s->fault, out_applied);
}

static void from_nothing(struct scratch *s)
{
    int applied = -1, pending = -1;
    const struct db_module_migrations *modules[] = {&org, NULL, &auth};
    struct migrate_options options = {modules, LEN(modules), "1.2.0", 1};
    ok(db_migrate_pending(s->db, &options, &s->fault, &pending) == RC_OK && pending == 3,
       "what is missing is counted without changing anything");
    ok(migrate(s, &org, NULL, &auth, &applied) == RC_OK, "an empty database is migrated");
    is_i64(applied, 3, "by all the migrations");
    is_i64(scratch_i64(s, "select count(*) from branch"), 1, "in the order of the modules");
    ok(migrate(s, &org, NULL, &auth, &applied) == RC_OK && applied == 0, "once");
    is_i64(scratch_i64(s, "select count(*) from schema_migration where length(sha256) = 64 and "
                          "applied_at = 1790856000000000"),
           3, "each with its checksum and time");
    is_i64(scratch_i64(s, s->engine == DB_SQLITE
                              ? "select count(*) from sqlite_schema where name = 'person_lite'"
                              : "select count(*) from pg_class where relname = 'person_pg'"),
           1, "sections are for their engine");
    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    ok(db_script(s->db, "bad", "insert into person (branch_id) values ('text')") == RC_BROKEN,
       "a text in a number's place is refused");
    ok(db_script(s->db, "bad", "insert into person (branch_id) values (77)") == RC_BROKEN,
       "and a reference to nothing");
    log_to(NULL);
}

static void remove_backups(struct scratch *s)
{
    glob_t found;
    char pattern[200];
    (void)snprintf(pattern, sizeof(pattern), "%s.before-*", s->file);
    if (s->engine != DB_SQLITE || glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        (void)unlink(found.gl_pathv[i]);
    globfree(&found);
}

static void refusals(struct scratch *s)
{
    int applied;
    must_ok(migrate(s, &org, &auth, NULL, &applied));
    ok(migrate(s, &org, &auth_changed, NULL, &applied) == RC_INVALID,
       "a migration that was changed after it was applied is refused");
    is_str(str_of(s->fault.entries[0].args[0]), "0001_user", "by its name");
    ok(str_has(str_of(s->fault.entries[0].message), STR("must stay as it was")), "saying why");
    ok(migrate(s, &org, &auth_old, NULL, &applied) == RC_INVALID,
       "a database with a migration that the program does not know is refused");
    is_str(str_of(s->fault.entries[0].args[0]), "0002_index", "naming what it is");
    ok(str_has(str_of(s->fault.entries[0].message), STR("newer than this program")), "saying why");
    ok(migrate(s, &org, NULL, NULL, &applied) == RC_INVALID, "so is one with an unknown module");
    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    ok(migrate(s, &org, &auth, &broken, &applied) == RC_BROKEN, "a migration that fails");
    log_to(NULL);
    is_i64(scratch_i64(s, s->engine == DB_SQLITE
                              ? "select count(*) from sqlite_schema where name = 'extra'"
                              : "select count(*) from pg_class where relname = 'extra'"),
           0, "leaves nothing of itself");
    remove_backups(s);
    is_str(str_of(s->fault.entries[0].args[0]), "0001_broken", "and is named");
}

static void stopped_anywhere(struct scratch *s)
{
    bool has_fired = true, is_fine = true;
    int n = 0, applied;
    const char *drop = "drop table if exists person; drop table if exists branch;"
                       "drop table if exists schema_migration";
    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    while (has_fired) {
        db_faulty_arm(s->db, ++n, DB_FAIL_LOST);
        enum rc rc = migrate(s, &org, &auth, NULL, &applied);
        has_fired = db_faulty_fired(s->db);
        db_faulty_arm(s->db, 0, DB_FAIL_LOST);
        is_fine = is_fine && (rc == RC_OK) == !has_fired;
        must_ok(migrate(s, &org, &auth, NULL, &applied));
        is_fine = is_fine && scratch_i64(s, "select count(*) from branch") == 1;
        must_ok(db_script(s->db, "drop", drop));
    }
    log_to(NULL);
    remove_backups(s);
    ok(n > 15, "stopping at each statement in turn");
    ok(is_fine, "never leaves a migration half-done: the next start goes on");
}

static void a_backup_comes_first(void)
{
    struct scratch s;
    glob_t found;
    int applied;
    char pattern[200];
    (void)scratch_open(&s, DB_SQLITE);
    (void)snprintf(pattern, sizeof(pattern), "%s.before-*", s.file);
    must_ok(migrate(&s, &org, NULL, NULL, &applied));
    ok(glob(pattern, 0, NULL, &found) == GLOB_NOMATCH, "a new database needs no backup");
    must_ok(db_script(s.db, "row", "insert into branch (name) values ('kept')"));
    must_ok(migrate(&s, &org, &auth, NULL, &applied));
    ok(glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc == 1,
       "before an existing database is migrated it is copied");
    ok(str_ends(str_of(found.gl_pathv[0]), STR(".db.before-1.2.0-20261001T120000Z.bak")),
       "under the version and the time");
    struct database_options options = {.url = str_of(found.gl_pathv[0]), .must_exist = true};
    struct database *copy;
    struct db *db;
    int64_t count = 0;
    must_ok(database_open(&options, &s.fault, &copy));
    must_ok(db_open(copy, &db));
    must_ok(db_ask_i64(db, "select count(*) from branch where name = 'kept'", &count));
    is_i64(count, 1, "with its data");
    ok(db_ask_i64(db, "select count(*) from sqlite_schema where name = 'person'", &count) ==
               RC_OK &&
           count == 0,
       "as they were before");
    db_close(db);
    database_close(copy);
    globfree(&found);
    ok(migrate(&s, &org, &auth, NULL, &applied) == RC_OK && glob(pattern, 0, NULL, &found) == 0 &&
           found.gl_pathc == 1,
       "with nothing to migrate no copy is made");
    (void)unlink(found.gl_pathv[0]);
    globfree(&found);
    scratch_done(&s);
}

/* A user who may make tables and no extensions, as many hosting companies give. */
static void no_extension(struct scratch *s)
{
    static const char text[] = "-- pg:\ncreate extension if not exists pg_trgm;\n-- both:\n"
                               "create table late (id {{pk}});";
    static const struct db_migration files[] = {TEXT("0001_search", text)};
    static const struct db_module_migrations search = {"search", files, 1, 1};
    int applied = 0;
    if (s->engine != DB_POSTGRES)
        return;
    must_ok(db_script(s->db, "role",
                      "drop extension if exists pg_trgm; grant all on schema public to public;"
                      "do $$ begin create role kontor_test_plain; "
                      "exception when duplicate_object then null; end $$;"
                      "set role kontor_test_plain"));
    AUTO_BUF log = BUF(1 << 20);
    log_to(&log);
    ok(migrate(s, &search, NULL, NULL, &applied) == RC_DENIED,
       "a user who may not create the extension is told");
    log_to(NULL);
    ok(strstr(s->fault.entries[0].message, "create extension pg_trgm;") != NULL,
       "what a superuser must run");
    must_ok(db_script(s->db, "role",
                      "reset role; create extension pg_trgm; "
                      "set role kontor_test_plain"));
    ok(migrate(s, &search, NULL, NULL, &applied) == RC_OK, "after that it goes on");
    must_ok(db_script(s->db, "role", "reset role"));
}

static void same_text(const char *text, const char *want, enum db_engine engine, const char *name)
{
    AUTO_BUF out = BUF(1 << 20);
    db_schema_text(str_of(text), engine, &out);
    is_str(buf_str(&out), want, name);
}

static void texts(void)
{
    same_text("create table a (b {{i64}});", "create table a (b integer) strict;", DB_SQLITE,
              "tables are strict on SQLite");
    same_text("create table a (b {{text}})", "create table a (b text collate \"C\")", DB_POSTGRES,
              "texts compare by bytes on PostgreSQL");
    same_text("CREATE TABLE if not exists a (b {{blob}} check (length(b) < 3), c {{bool}})",
              "CREATE TABLE if not exists a (b blob check (length(b) < 3), c integer) strict",
              DB_SQLITE, "whatever stands in the parentheses");
    same_text("insert into t values ('create table a (b)', \")\"); -- create table x (y)\n",
              "insert into t values ('create table a (b)', \")\"); -- create table x (y)\n",
              DB_SQLITE, "texts and comments are left alone");
    same_text("create table a (b {{pk}}); create table c (d {{i64}});",
              "create table a (b integer primary key autoincrement) strict; "
              "create table c (d integer) strict;",
              DB_SQLITE, "every table of a text");
    same_text("a\n-- sqlite:\nb\n-- pg:\nc\n-- both:\nd", "a\n\nb\n\n\n\nd", DB_SQLITE,
              "lines keep their numbers");
    same_text("create virtual table f using fts5(a); create index recreate on t (table_x)",
              "create virtual table f using fts5(a); create index recreate on t (table_x)",
              DB_SQLITE, "other things than tables are left alone");
}

int main(void)
{
    scratch_each(from_nothing);
    scratch_each(refusals);
    scratch_each(stopped_anywhere);
    scratch_each(no_extension);
    a_backup_comes_first();
    texts();
    return done_testing();
}
