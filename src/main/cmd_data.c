/* Commands about the database as a whole: migrate, backup, verify; and about the program: version,
 * config, routes, man. */
#include "audit/audit.h"
#include "event/event.h"
#include "files/files.h"
#include "ledger/ledger.h"
#include "main/program.h"
#include "reward/reward.h"

struct migrate_options program_migrations(struct arena *arena)
{
    const struct db_module_migrations **list = NULL;
    size_t len = 0;
    db_modules(arena, &list, &len);
    return (struct migrate_options){
        .modules = list, .modules_len = len, .version = KONTOR_VERSION, .now = when_now()};
}

enum rc program_migrate(struct cli *cli, struct db *db, int *out_applied)
{
    struct migrate_options options = program_migrations(cli->arena);
    if (cli->command->needs == CLI_READS) {
        int pending = 0;
        TRY(db_migrate_pending(db, &options, &cli->op.fault, &pending));
        *out_applied = 0;
        return pending == 0 ? RC_OK
                            : fail(&cli->op, RC_CONFLICT, NULL,
                                   "The database is of an older version: run kontor migrate.");
    }
    return db_migrate(db, &options, &cli->op.fault, out_applied);
}

static enum rc run_migrate(struct cli *cli)
{
    if (cli->is_json) /* every writing command migrates first */
        cli_print(cli, "{\"is_up_to_date\":true}\n");
    else
        cli_print(cli, "the schema is up to date\n");
    return RC_OK;
}

static enum rc run_backup(struct cli *cli)
{
    struct str file = cli_path(cli, cli->args[0]);
    struct str key = program_key_path(cli->arena, conf_str("db"));
    TRY(database_backup(cli->database, file, &cli->op.fault));
    if (cli->is_json) {
        AUTO_BUF text = BUF(64 * 1024);
        struct json_writer json = JSON_WRITER(&text);
        json_object(&json);
        json_pair_str(&json, "file", file);
        json_pair_str(&json, "key_file", key);
        json_object_end(&json);
        cli_put(cli, buf_str(&text));
        cli_put(cli, STR("\n"));
        return RC_OK;
    }
    cli_print(cli,
              "backup written to " STR_FMT "\nit is of use only with the key file " STR_FMT
              ": keep a copy of that elsewhere\n",
              STR_ARG(file), STR_ARG(key));
    return RC_OK;
}

/* ---- verify ---- */

struct check {
    const char *name;
    bool is_ok;
    struct str says;
};

static enum rc check_ledger(struct cli *cli, struct check *out)
{
    struct ledger_report report;
    TRY(ledger_verify(&cli->op, &report));
    out->is_ok = !report.first_problem.at;
    out->says = out->is_ok ? str_printf(cli->arena,
                                        "%lld transfers sum to zero, %lld balances equal their "
                                        "entries",
                                        (long long)report.transfers, (long long)report.accounts)
                           : report.first_problem;
    return RC_OK;
}

static enum rc check_audit(struct cli *cli, struct check *out)
{
    struct audit_verified verified;
    TRY(audit_verify(&cli->op, &verified));
    out->is_ok = verified.is_whole;
    out->says = out->is_ok
                    ? str_printf(cli->arena, "%lld rows chained, %lld waiting, head " STR_FMT,
                                 (long long)verified.rows, (long long)verified.waiting,
                                 STR_ARG(verified.head))
                    : str_printf(cli->arena, "broken at row %lld: %s",
                                 (long long)verified.first_break.seq, verified.first_break.why);
    return RC_OK;
}

static enum rc check_files(struct cli *cli, struct check *out)
{
    int64_t bad_id = 0;
    TRY(file_verify(&cli->op, &bad_id));
    out->is_ok = bad_id == 0;
    out->says = out->is_ok ? STR("every file has its digest")
                           : str_printf(cli->arena, "file %lld is damaged", (long long)bad_id);
    return RC_OK;
}

static enum rc check_runs(struct cli *cli, struct check *out)
{
    struct reward_verified verified;
    TRY(reward_verify(&cli->op, &verified));
    out->is_ok = !verified.first_problem.at;
    out->says = out->is_ok ? str_printf(cli->arena,
                                        "%lld results computed again, %lld of them with master "
                                        "data that was edited since",
                                        (long long)verified.results, (long long)verified.changed)
                           : verified.first_problem;
    return RC_OK;
}

static void print_checks(struct cli *cli, const struct check *checks, size_t len)
{
    AUTO_BUF text = BUF(1 << 20);
    struct json_writer json = JSON_WRITER(&text);
    if (cli->is_json)
        json_array(&json);
    for (size_t i = 0; i < len; i++) {
        if (!cli->is_json) {
            cli_print(cli, "%-8s %s  " STR_FMT "\n", checks[i].name,
                      checks[i].is_ok ? "ok    " : "BROKEN", STR_ARG(checks[i].says));
            continue;
        }
        json_object(&json);
        json_pair_str(&json, "check", str_of(checks[i].name));
        json_pair_bool(&json, "ok", checks[i].is_ok);
        json_pair_str(&json, "says", checks[i].says);
        json_object_end(&json);
    }
    if (cli->is_json) {
        json_array_end(&json);
        cli_put(cli, buf_str(&text));
        cli_put(cli, STR("\n"));
    }
}

static enum rc run_verify(struct cli *cli)
{
    struct check checks[] = {
        {.name = "ledger"}, {.name = "audit"}, {.name = "files"}, {.name = "runs"}};
    TRY(check_ledger(cli, &checks[0]));
    TRY(check_audit(cli, &checks[1]));
    TRY(check_files(cli, &checks[2]));
    TRY(check_runs(cli, &checks[3]));
    print_checks(cli, checks, LEN(checks));
    for (size_t i = 0; i < LEN(checks); i++)
        if (!checks[i].is_ok)
            return RC_BROKEN;
    return RC_OK;
}

/* ---- the program ---- */

static enum rc run_version(struct cli *cli)
{
    if (cli->is_json)
        cli_print(cli, "{\"version\":\"%s\"}\n", KONTOR_VERSION);
    else
        cli_print(cli, "kontor %s\n", KONTOR_VERSION);
    return RC_OK;
}

/* A list of objects, of which `put` writes the i-th; false at its end. */
static void put_list(struct cli *cli, bool (*put)(struct cli *cli, struct json_writer *w, size_t i))
{
    AUTO_BUF text = BUF(4 << 20);
    struct json_writer json = JSON_WRITER(&text);
    json_array(&json);
    for (size_t i = 0; put(cli, &json, i); i++)
        ;
    json_array_end(&json);
    buf_char(&text, '\n');
    assert(!text.is_over);
    cli_put(cli, buf_str(&text));
}

static struct str where_of(const struct conf_item *item)
{
    return item->where.len ? item->where : str_of(conf_source_name(item->source));
}

static bool put_setting(struct cli *cli, struct json_writer *w, size_t i)
{
    if (i >= conf_count())
        return false;
    struct conf_item item = conf_item(cli->arena, i);
    json_object(w);
    json_pair_str(w, "name", str_of(item.def->name));
    json_pair_str(w, "value", item.value);
    json_pair_str(w, "type", str_of(conf_type_name(item.def->type)));
    json_pair_str(w, "from", where_of(&item));
    json_pair_str(w, "help", str_of(item.def->help));
    json_object_end(w);
    return true;
}

static enum rc run_config(struct cli *cli)
{
    if (cli->is_json) {
        put_list(cli, put_setting);
        return RC_OK;
    }
    for (size_t i = 0; i < conf_count(); i++) {
        struct conf_item item = conf_item(cli->arena, i);
        struct str where = where_of(&item);
        cli_print(cli, "%-24s " STR_FMT "\n    %s (%s, from " STR_FMT ")\n", item.def->name,
                  STR_ARG(item.value), item.def->help, conf_type_name(item.def->type),
                  STR_ARG(where));
    }
    return RC_OK;
}

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[method];
}

static const struct route *route_at(size_t i)
{
    for (const struct route *const *table = modules_routes(); *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (i-- == 0)
                return route;
    return NULL;
}

static bool put_route(struct cli *cli, struct json_writer *w, size_t i)
{
    const struct route *route = route_at(i);
    (void)cli;
    if (!route)
        return false;
    json_object(w);
    json_pair_str(w, "method", str_of(method_name(route->method)));
    json_pair_str(w, "path", str_of(route->path));
    json_pair_str(w, "permission", str_of(route->permission));
    json_pair_bool(w, "api", route->is_api);
    json_object_end(w);
    return true;
}

static enum rc run_routes(struct cli *cli)
{
    if (cli->is_json) {
        put_list(cli, put_route);
        return RC_OK;
    }
    for (const struct route *const *table = modules_routes(); *table; table++)
        for (const struct route *route = *table; route->path; route++)
            cli_print(cli, "%-6s %-48s %-24s%s\n", method_name(route->method), route->path,
                      route->permission, route->is_api ? " api" : "");
    return RC_OK;
}

static enum rc run_openapi(struct cli *cli)
{
    AUTO_BUF text = BUF(16 << 20);
    http_openapi(modules_routes(), KONTOR_VERSION, &text);
    assert(!text.is_over);
    cli_put(cli, buf_str(&text));
    return RC_OK;
}

static enum rc run_man(struct cli *cli)
{
    cli_man(cli);
    return RC_OK;
}

const struct command program_commands[] = {
    {.name = "serve",
     .summary = "Serve the console, the portal and the API, and run jobs",
     .help = "Stops gracefully on SIGTERM or Ctrl-C. On an empty database it prints the address of "
             "the set-up.\n\n  kontor --db /var/lib/kontor/kontor.db serve\n  kontor --set "
             "http_listen=0.0.0.0:8080 serve",
     .needs = CLI_OWNS,
     .run = program_serve},
    {.name = "migrate",
     .summary = "Bring the database to the version of this program",
     .help = "A SQLite database is copied beside itself first.\n\n  kontor --db kontor.db migrate",
     .needs = CLI_OWNS,
     .run = run_migrate},
    {.name = "backup",
     .args = "FILE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Write a consistent copy of a SQLite database, also while the server runs",
     .help = "The key file is not in it: keep a copy of that elsewhere. kontor restore brings the "
             "copy back.\n\n  kontor --db kontor.db backup /backup/kontor-$(date +%F).db",
     .needs = CLI_READS,
     .run = run_backup},
    {.name = "verify",
     .summary = "Check the ledger, the audit chain, the files, and recompute posted runs",
     .help = "Changes nothing. Exit code 0: all is well; 70: something is broken.\n\n"
             "  kontor --db kontor.db verify\n  kontor --db kontor.db verify --json",
     .needs = CLI_READS,
     .run = run_verify},
    {.name = "config",
     .summary = "List the settings, their values and where these come from",
     .help = "Passwords are not shown.\n\n  kontor --config /etc/kontor.conf config\n"
             "  kontor config --json",
     .needs = CLI_PURE,
     .run = run_config},
    {.name = "routes",
     .summary = "List every route with its permission",
     .help = "  kontor routes\n  kontor routes --json",
     .needs = CLI_PURE,
     .run = run_routes},
    {.name = "openapi",
     .summary = "Print the description of the API (OpenAPI 3.1)",
     .help = "A server gives the same at /api/v1/openapi.json.\n\n  kontor openapi > kontor.json",
     .needs = CLI_PURE,
     .run = run_openapi},
    {.name = "man",
     .summary = "Print the manual page",
     .help = "  kontor man | man -l -",
     .needs = CLI_PURE,
     .run = run_man},
    {.name = "version",
     .summary = "Print the version",
     .help = "  kontor version\n  kontor version --json",
     .needs = CLI_PURE,
     .run = run_version},
    {0}};
