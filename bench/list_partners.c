/* The directory of partners with a million of them: 50 rows as a page and as JSON, for every order
 * with every indexed filter, at the first page and 10,000 pages deep; then the filters that may be
 * rare or common, and the search. Through the real router and pages, without a socket: what is
 * measured is ours and the engine's. The database is filled by SQL when it is empty.
 * usage: list_partners DB [ROWS [REQUESTS [ONLY]]]      prints one line a case in milliseconds: p50
 * and p99 by the clock, and of the work: what this thread computed and, for a server of PostgreSQL
 * on this machine, what its process for the connection did
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "partner/partner_scene.h"

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int server = -1; /* /proc/PID/schedstat of the server's process */

/* What this thread has computed (SQLite works in it) and the server's process for it: on a busy
 * machine the only honest figure. */
static int64_t work_us(void)
{
    struct timespec t;
    char text[64] = "";
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    ssize_t len = server >= 0 ? pread(server, text, sizeof text - 1, 0) : 0;
    int64_t theirs = len > 0 ? strtoll(text, NULL, 10) / 1000 : 0;
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 + theirs;
}

static _Noreturn void stop(const char *why, struct db *db)
{
    (void)fprintf(stderr, "list_partners: %s %s\n", why, db ? db_message(db) : "");
    exit(70);
}

static void find_server(struct db *db)
{
    int64_t pid;
    char path[64];
    if (db_engine(db) != DB_POSTGRES || db_ask_i64(db, "select pg_backend_pid()", &pid) != RC_OK)
        return;
    (void)snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)pid);
    server = open(path, O_RDONLY | O_CLOEXEC);
}

static void run(struct db *db, const char *sql)
{
    if (db_script(db, "bench", sql) != RC_OK)
        stop(sql, db);
}

/* ---- data ---- */

/* The same rows on both engines, in no order of name: a multiplicative walk over 2^31 - 1. */
static const char rows_sql[] =
    "insert into partner (code, name, name_fold, name_sort, search, state, branch_id, manager_id, "
    "level_id, kind, country, tax_number, last_sale_at, since, created_at, is_payouts_blocked) "
    "select 'P' || n, 'Partner ' || r, 'partner ' || r, cast(10000000000 + r as text), "
    "'partner ' || r || ' p' || n || ' ' || (1000000000 + r), "
    "case when r % 1009 = 0 then 'applied' when r % 1013 = 0 then 'rejected' when r % 101 = 0 then "
    "'approved' when r % 7 < 4 then 'active' when r % 7 = 4 then 'suspended' when r % 7 = 5 then "
    "'prospect' else 'terminated' end, 1 + r % 20, 1 + r % 40, 1 + r % 5, 'company', 'ES', "
    "case when r % 3 = 0 then '' else cast(1000000000 + r as text) end, "
    "1700000000000000 + (r % 1000) * 86400000000, 0, 1600000000000000 + n % 5000, ";

static void fill(struct db *db, int64_t rows)
{
    char sql[4000], from[400];
    bool is_pg = db_engine(db) == DB_POSTGRES;
    const char *yes = is_pg ? "true" : "1", *no = is_pg ? "false" : "0";
    (void)snprintf(from, sizeof from,
                   is_pg ? "(select n, (n * 48271 %% 2147483647) as r from generate_series(1, "
                           "cast(%lld as bigint)) as g(n)) x"
                         : "(with recursive g(n) as (select 1 union all select n + 1 from g where "
                           "n < %lld) select n, (n * 48271 %% 2147483647) as r from g) x",
                   (long long)rows);
    run(db,
        "insert into legal_entity (name, name_fold, name_sort, short_name, country, tax_number, "
        "tax_reason_code, registration, address_country, address_region, address_postcode, "
        "address_city, address_line, created_at) values ('E','e','e','E','ES','','','','','','',"
        "'','',0)");
    for (int i = 1; i <= 20; i++) {
        (void)snprintf(
            sql, sizeof sql,
            "insert into branch (code, code_fold, name, name_fold, name_sort, entity_id, "
            "created_at) values ('B%d', 'b%d', 'Branch %d', 'b', 'b%02d', 1, 0)",
            i, i, i, i);
        run(db, sql);
    }
    for (int i = 1; i <= 5; i++) {
        (void)snprintf(sql, sizeof sql,
                       "insert into partner_level (code, name, position) values ('L%d', 'L%d', %d)",
                       i, i, i);
        run(db, sql);
    }
    for (int i = 1; i <= 40; i++) {
        (void)snprintf(sql, sizeof sql,
                       "insert into auth_user (side, state, email, email_fold, name, name_fold, "
                       "name_sort, lang, has_all_branches, created_at) values (1, 2, 'u%d@x', "
                       "'u%d@x', 'Manager %d', 'm', 'm%02d', 'en', %s, 0)",
                       i, i, i, i, yes);
        run(db, sql);
    }
    int64_t begun = now_us();
    (void)snprintf(sql, sizeof sql, "%s case when r %% 50 = 0 then %s else %s end from %s",
                   rows_sql, yes, no, from);
    run(db, sql);
    if (!is_pg)
        run(db, "insert into partner_text (rowid, search) select id, search from partner");
    run(db,
        "insert into partner_has_role (partner_id, role_id) select id, 1 + id % 3 from partner");
    run(db,
        "insert into partner_has_role (partner_id, role_id) select id, 9 from partner where id % "
        "9973 = 0");
    run(db,
        "insert into partner_tag (partner_id, tag) select id, 'common' from partner where id % 4 "
        "= 0");
    run(db, "insert into partner_tag (partner_id, tag) select id, 'rare' from partner where id % "
            "9973 = 0");
    printf("%lld partners made in %lld s\n", (long long)rows,
           (long long)((now_us() - begun) / 1000000));
    if (db_optimize(db) != RC_OK)
        stop("the statistics", db);
    if (is_pg)
        run(db, "vacuum analyze partner");
}

/* ---- asking ---- */

struct bench {
    struct http_test *test;
    struct actor staff;
    int requests;
};

static struct str ask(struct bench *b, struct arena *arena, struct str target, int64_t *out_us)
{
    struct http_test_answer answer = {0};
    const char *const headers[] = {NULL};
    struct http_test_request request = {.method = "GET",
                                        .target = target,
                                        .headers = headers,
                                        .actor = &b->staff,
                                        .csrf_secret = STR("secret")};
    int64_t begun = now_us();
    http_test_send(b->test, arena, &request, &answer);
    *out_us = now_us() - begun;
    if (answer.status != 200) {
        printf("%d for " STR_FMT "\n" STR_FMT "\n", answer.status, STR_ARG(target),
               STR_ARG(str_sub(answer.body, 0, 600)));
        exit(70);
    }
    return answer.body;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int slow;
static const char *only = ""; /* cases whose names have this */

static void measure(struct bench *b, const char *name, const char *query, struct str cursor,
                    bool is_page)
{
    int64_t taken[2000], worked[2000];
    if (!strstr(name, only))
        return;
    AUTO_ARENA arena = arena_new(0);
    struct str target =
        str_printf(arena, "%s/partners?limit=50&%s%s" STR_FMT, is_page ? "" : "/api/v1", query,
                   cursor.at ? "&after=" : "", STR_ARG(cursor));
    target = str_of(str_c(arena, target));
    for (int i = -3; i < b->requests; i++) { /* three to warm up */
        AUTO_ARENA one = arena_new(0);
        int64_t us, begun = work_us();
        (void)ask(b, one, target, &us);
        if (i < 0)
            continue;
        taken[i] = us;
        worked[i] = work_us() - begun;
    }
    qsort(taken, (size_t)b->requests, sizeof taken[0], by_size);
    qsort(worked, (size_t)b->requests, sizeof worked[0], by_size);
    int64_t p50 = taken[b->requests / 2], p99 = taken[b->requests * 99 / 100];
    printf("%-40s p50 %6.2f  p99 %6.2f  work: p50 %6.2f  p99 %6.2f ms%s\n", name,
           (double)p50 / 1000, (double)p99 / 1000, (double)worked[b->requests / 2] / 1000,
           (double)worked[b->requests * 99 / 100] / 1000, p99 > 10000 ? "  SLOW" : "");
    (void)fflush(stdout);
    slow += p99 > 10000;
}

/* The cursor `pages` pages of 50 rows further, by pages of 1,000. */
static struct str deep(struct bench *b, struct arena *arena, const char *query, int pages)
{
    struct str cursor = STR_NONE;
    for (int i = 0; i < pages / 20 && strstr(", deep", only); i++) {
        AUTO_ARENA one = arena_new(0);
        int64_t us;
        struct str target = str_printf(one, "/api/v1/partners?limit=1000&%s%s" STR_FMT, query,
                                       cursor.at ? "&after=" : "", STR_ARG(cursor));
        struct str body = ask(b, one, target, &us), mark = STR("\"next_cursor\":\"");
        size_t at = str_find(body, mark, 0);
        if (at == SIZE_MAX)
            break;
        struct str rest = str_sub(body, at + mark.len, body.len);
        cursor = str_dup(arena, str_cut(&rest, '"'));
    }
    return cursor;
}

static void measure_all(struct bench *b, int64_t rows)
{
    static const char *const sorts[] = {"name", "created", "last_sale"};
    static const char *const ids[][2] = {
        {"", ""}, {"branch", "brn"}, {"level", "lvl"}, {"manager", "usr"}};
    int pages = (int)(rows / 100);
    for (size_t s = 0; s < LEN(sorts); s++)
        for (size_t i = 0; i <= LEN(ids); i++)
            for (int k = 0; k < 2; k++) {
                AUTO_ARENA arena = arena_new(0);
                char query[200], name[200];
                const char *filter = i == LEN(ids) ? "state" : ids[i][0];
                struct pid pid = i > 0 && i < LEN(ids) ? pid_of(ids[i][1], 3) : (struct pid){""};
                (void)snprintf(query, sizeof query, "sort=%s%s%s%s%s%s", sorts[s],
                               k ? "&dir=desc" : "", i ? "&" : "", i ? filter : "", i ? "=" : "",
                               i == LEN(ids) ? "active" : pid.text);
                (void)snprintf(name, sizeof name, "%s %s %s", sorts[s], k ? "down" : "up", filter);
                measure(b, name, query, STR_NONE, true);
                if (k == 0 && (i == 0 || i == LEN(ids))) {
                    struct str cursor = deep(b, arena, query, i ? pages / 2 : pages);
                    (void)snprintf(name, sizeof name, "%s up %s, deep", sorts[s], filter);
                    measure(b, name, query, cursor, true);
                    (void)snprintf(name, sizeof name, "%s up %s, deep, JSON", sorts[s], filter);
                    measure(b, name, query, cursor, false);
                }
            }
}

static void measure_others(struct bench *b)
{
    char query[200];
    (void)snprintf(query, sizeof query, "role=%s", pid_of("prl", 2).text);
    measure(b, "a role that a third has", query, STR_NONE, true);
    (void)snprintf(query, sizeof query, "role=%s", pid_of("prl", 9).text);
    measure(b, "a role that one in ten thousand has", query, STR_NONE, true);
    measure(b, "a tag that a quarter has", "tag=common", STR_NONE, true);
    measure(b, "a tag that one in ten thousand has", "tag=rare", STR_NONE, true);
    measure(b, "with a tax number", "tax=yes", STR_NONE, true);
    measure(b, "two states that many have", "state=active&state=suspended", STR_NONE, true);
    measure(b, "two states, one in a hundred has", "state=approved&state=rejected", STR_NONE, true);
    measure(b, "two states that 2,000 have", "state=applied&state=rejected", STR_NONE, true);
    measure(b, "a state that 1,000 have", "state=applied", STR_NONE, true);
    (void)snprintf(query, sizeof query, "branch=%s&branch=%s", pid_of("brn", 3).text,
                   pid_of("brn", 4).text);
    measure(b, "two branches", query, STR_NONE, true);
    (void)snprintf(query, sizeof query, "manager=%s&branch=%s", pid_of("usr", 4).text,
                   pid_of("brn", 4).text);
    measure(b, "a manager and a branch", query, STR_NONE, true);
    measure(b, "search: a part that all have", "q=artner", STR_NONE, true);
    measure(b, "search: a code", "q=p77777", STR_NONE, true);
    measure(b, "search: nobody has it", "q=zzzzz", STR_NONE, true);
    measure(b, "search: two letters that all have", "q=pa", STR_NONE, true);
}

static void migrate(struct db *db)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    const struct db_module_migrations **modules;
    struct migrate_options options = {.version = "bench", .now = when_now()};
    int applied;
    db_modules(arena, &modules, &options.modules_len);
    options.modules = modules;
    if (db_migrate(db, &options, &fault, &applied) != RC_OK)
        stop(fault.entries_len ? fault.entries[0].message : "migrations", db);
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database *database = NULL;
    struct db *db = NULL;
    int64_t rows = argc > 2 ? atoll(argv[2]) : 1000000, found = 0;
    if (argc < 2)
        stop("usage: list_partners DB [ROWS [REQUESTS [ONLY]]]", NULL);
    log_level_set(LOG_ERROR);
    scene_declare();
    struct database_options options = {.url = str_of(argv[1])};
    if (database_open(&options, &fault, &database) != RC_OK || db_open(database, &db) != RC_OK)
        stop("the database", NULL);
    migrate(db);
    if (db_ask_i64(db, "select count(*) from branch", &found) != RC_OK)
        stop("the database", db);
    if (found == 0)
        fill(db, rows);
    static const struct route *const routes[] = {partner_routes, NULL};
    struct http_hooks hooks = {.shell = ui_shell};
    struct http_options site = {.public_url = STR("http://localhost"),
                                .temp_dir = STR("/tmp"),
                                .database = database,
                                .routes = routes,
                                .hooks = &hooks,
                                .zone = zone_utc()};
    only = argc > 4 ? argv[4] : only;
    struct bench b = {.requests = argc > 3 ? atoi(argv[3]) : 200};
    b.requests = b.requests > 2000 ? 2000 : b.requests;
    b.test = http_test_new(&site, db);
    b.staff = (struct actor){.kind = ACTOR_STAFF, .user_id = 1, .has_all_branches = true};
    memset(b.staff.permissions, 0xff, sizeof b.staff.permissions);
    find_server(db);
    printf("%s\n", database_engine(database) == DB_POSTGRES ? "PostgreSQL" : "SQLite");
    measure_all(&b, rows);
    measure_others(&b);
    http_test_free(b.test);
    db_close(db);
    database_close(database);
    return slow ? 1 : 0;
}
