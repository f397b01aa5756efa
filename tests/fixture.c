/* fixture: see fixture.h. The SQLite template lies in memory-backed storage where there is some. */
#include "tests/fixture.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <unistd.h>

#include "tests/tap.h"

enum { PATH_BYTES = 200 };

static char folder[PATH_BYTES]; /* of this program's SQLite files */
static char template_name[64];  /* on the PostgreSQL server */
static int made;

static void die(const char *what, const struct fault *fault)
{
    printf("Bail out! fixture: %s", what);
    for (size_t i = 0; fault && i < fault->entries_len; i++)
        printf(": %s (%s)", fault->entries[i].message,
               fault->entries[i].args[0] ? fault->entries[i].args[0] : "");
    printf("\n");
    exit(1);
}

static void migrate(struct database *database)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    const struct db_module_migrations **modules;
    struct migrate_options options = {.version = "test", .now = FIXTURE_NOW};
    struct db *db;
    int applied;
    if (db_open(database, &db) != RC_OK)
        die("connecting", NULL);
    db_modules(arena, &modules, &options.modules_len);
    options.modules = modules;
    if (db_migrate(db, &options, &fault, &applied) != RC_OK)
        die(db_message(db), &fault);
    db_close(db);
}

static struct database *open_url(struct str url)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database_options options = {.url = url, .is_scratch = true};
    struct database *database;
    if (database_open(&options, &fault, &database) != RC_OK)
        die("opening", &fault);
    return database;
}

/* ---- SQLite ---- */

static void remove_folder(void)
{
    char path[PATH_BYTES + 64];
    for (int i = 0; i <= made; i++) {
        (void)snprintf(path, sizeof(path), "%s/%d.db", folder, i);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* What test programs that crashed have left. */
static void remove_dead(const char *base)
{
    char path[PATH_BYTES + 64];
    glob_t found;
    (void)snprintf(path, sizeof(path), "%s/kontor-test-*/*", base);
    if (glob(path, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strstr(found.gl_pathv[i], "/kontor-test-") + 13;
        int pid = (int)strtol(name, NULL, 10);
        if (pid > 0 && kill(pid, 0) != 0 && errno == ESRCH) {
            (void)unlink(found.gl_pathv[i]);
            *strrchr(found.gl_pathv[i], '/') = '\0';
            (void)rmdir(found.gl_pathv[i]);
        }
    }
    globfree(&found);
}

static void make_folder(void)
{
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char path[PATH_BYTES + 64];
    remove_dead(base);
    (void)snprintf(folder, sizeof(folder), "%s/kontor-test-%d-XXXXXX", base, (int)getpid());
    if (!mkdtemp(folder))
        die("no folder for test databases", NULL);
    (void)atexit(remove_folder);
    (void)snprintf(path, sizeof(path), "%s/0.db", folder);
    struct database *database = open_url(str_of(path));
    migrate(database);
    database_close(database);
}

static void copy_file(const char *from, const char *to)
{
    char piece[65536];
    size_t len;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out)
        die("copying the template", NULL);
    while ((len = fread(piece, 1, sizeof(piece), in)) > 0)
        if (fwrite(piece, 1, len, out) != len)
            die("copying the template", NULL);
    (void)fclose(in);
    if (fclose(out) != 0)
        die("copying the template", NULL);
}

static void open_sqlite(struct fixture *f)
{
    char from[PATH_BYTES + 64];
    if (!folder[0])
        make_folder();
    (void)snprintf(from, sizeof(from), "%s/0.db", folder);
    (void)snprintf(f->name, sizeof(f->name), "%s/%d.db", folder, ++made);
    copy_file(from, f->name);
    f->database = open_url(str_of(f->name));
}

/* ---- PostgreSQL ---- */

static const char *server(void)
{
    const char *url = getenv("KONTOR_TEST_PG");
    return url && url[0] ? url : NULL;
}

/* The server's URL with another database. */
static struct str url_of(struct arena *arena, const char *name)
{
    struct str url = str_of(server());
    size_t host = str_find(url, STR("://"), 0);
    size_t query = str_find(url, STR("?"), 0);
    size_t slash = host == SIZE_MAX ? SIZE_MAX : str_find(url, STR("/"), host + 3);
    size_t end = query == SIZE_MAX ? url.len : query;
    size_t path = slash < end ? slash : end;
    return str_printf(arena, STR_FMT "/%s" STR_FMT, STR_ARG(str_sub(url, 0, path)), name,
                      STR_ARG(str_sub(url, end, url.len)));
}

static void on_server(const char *format, const char *a, const char *b)
{
    AUTO_ARENA arena = arena_new(0);
    struct database *database = open_url(str_of(server()));
    struct db *db;
    struct str sql = STR("");
    if (str_eq(str_of(format), STR("create")))
        sql = str_printf(arena, "create database \"%s\" template %s", a, b);
    else
        sql = str_printf(arena, "drop database if exists \"%s\" with (force)", a);
    if (db_open(database, &db) != RC_OK)
        die("connecting", NULL);
    if (db_script(db, format, str_c(arena, sql)) != RC_OK)
        die(db_message(db), NULL);
    db_close(db);
    database_close(database);
}

static void drop_template(void)
{
    on_server("drop", template_name, NULL);
}

static void make_template(void)
{
    AUTO_ARENA arena = arena_new(0);
    (void)snprintf(template_name, sizeof(template_name), "kontor_test_%d", (int)getpid());
    on_server("create", template_name, "template0");
    (void)atexit(drop_template);
    struct database *database = open_url(url_of(arena, template_name));
    migrate(database);
    database_close(database);
}

static void open_postgres(struct fixture *f)
{
    AUTO_ARENA arena = arena_new(0);
    if (!template_name[0])
        make_template();
    (void)snprintf(f->name, sizeof(f->name), "%s_%d", template_name, ++made);
    on_server("create", f->name, template_name);
    f->database = open_url(url_of(arena, f->name));
}

/* ---- both ---- */

bool fixture_open(struct fixture *f, enum db_engine engine)
{
    *f = (struct fixture){.engine = engine};
    if (engine == DB_POSTGRES && !server()) {
        skip("the same on PostgreSQL", "KONTOR_TEST_PG is not set");
        return false;
    }
    if (engine == DB_POSTGRES)
        open_postgres(f);
    else
        open_sqlite(f);
    if (db_open(f->database, &f->db) != RC_OK)
        die("connecting", NULL);
    f->arena = arena_new(256 << 20);
    op_init(&f->op, f->arena, f->db, FIXTURE_NOW);
    return true;
}

void fixture_done(struct fixture *f)
{
    db_close(f->db);
    database_close(f->database);
    arena_free(f->arena);
    if (f->engine == DB_POSTGRES)
        on_server("drop", f->name, NULL);
    else
        (void)unlink(f->name);
}

void fixture_each(void (*test)(struct fixture *f))
{
    for (enum db_engine engine = DB_SQLITE; engine <= DB_POSTGRES; engine++) {
        struct fixture f;
        if (!fixture_open(&f, engine))
            continue;
        printf("# on %s\n", database_version(f.database));
        test(&f);
        fixture_done(&f);
    }
}

struct db *fixture_connect(struct fixture *f)
{
    struct db *db;
    if (db_open(f->database, &db) != RC_OK)
        die("connecting", NULL);
    return db;
}

int64_t fixture_i64(struct fixture *f, const char *sql)
{
    int64_t value;
    return db_ask_i64(f->db, sql, &value) == RC_OK ? value : -1;
}

void fixture_sql(struct fixture *f, const char *sql)
{
    if (db_script(f->db, "fixture", sql) != RC_OK)
        die(db_message(f->db), NULL);
}

void fixture_fresh_op(struct fixture *f)
{
    arena_reset(f->arena);
    op_init(&f->op, f->arena, f->db, FIXTURE_NOW);
}
