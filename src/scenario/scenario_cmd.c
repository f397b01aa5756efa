/* kontor scenario FILE…: files, or folders of them, on a database of its own. */
#include <dirent.h>
#include <sys/stat.h>

#include "conf/conf.h"
#include "crypt/crypt.h"
#include "json/json.h"
#include "scenario/scenario.h"

enum { FILE_BYTES_MAX = 1 << 20, ARENA_BYTES = 1 << 30, DEPTH_MAX = 16, JSON_MAX = 256 << 20 };

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_folder(struct cli *cli, struct str path)
{
    struct stat stat_of;
    return stat(str_c(cli->arena, path), &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
}

/* Files whose name ends in .scenario, in order; those in folders inside too. */
static void find_in_folder(struct cli *cli, struct str path, int depth, struct str_list *out)
{
    struct str_list names = {0};
    DIR *dir = opendir(str_c(cli->arena, path));
    if (!dir)
        return;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (entry->d_name[0] != '.')
            VEC_PUSH(cli->arena, &names, str_dup(cli->arena, str_of(entry->d_name)));
    (void)closedir(dir);
    if (names.len > 0)
        qsort(names.at, names.len, sizeof(names.at[0]), by_name);
    for (size_t i = 0; i < names.len; i++) {
        struct str inner =
            str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names.at[i]));
        if (str_ends(inner, STR(".scenario")))
            VEC_PUSH(cli->arena, out, inner);
        else if (depth < DEPTH_MAX && is_folder(cli, inner))
            find_in_folder(cli, inner, depth + 1, out);
    }
}

static void find_files(struct cli *cli, struct str_list *out)
{
    for (size_t i = 0; i < cli->args_len; i++) {
        struct str path = cli_path(cli, cli->args[i]);
        while (path.len > 1 && path.at[path.len - 1] == '/')
            path.len--;
        if (is_folder(cli, path))
            find_in_folder(cli, path, 0, out);
        else
            VEC_PUSH(cli->arena, out, path);
    }
}

/* ---- saying what came out ---- */

static void print_problem(struct cli *cli, struct str path, const struct scenario_problem *problem)
{
    if (problem->column > 0)
        cli_print(cli, STR_FMT ":%ld:%ld: " STR_FMT "\n", STR_ARG(path), problem->line,
                  problem->column, STR_ARG(problem->text));
    else if (problem->line > 0)
        cli_print(cli, STR_FMT ":%ld: " STR_FMT "\n", STR_ARG(path), problem->line,
                  STR_ARG(problem->text));
    else
        cli_print(cli, STR_FMT ": " STR_FMT "\n", STR_ARG(path), STR_ARG(problem->text));
}

static void put_json(struct json_writer *json, struct str path,
                     const struct scenario_outcome *outcome)
{
    json_object(json);
    json_pair_str(json, "file", path);
    json_pair_i64(json, "passed", outcome->passed);
    json_pair_i64(json, "failed", outcome->failed);
    json_key(json, "problems");
    json_array(json);
    for (size_t i = 0; i < outcome->problems.len; i++) {
        const struct scenario_problem *problem = &outcome->problems.at[i];
        json_object(json);
        json_pair_i64(json, "line", problem->line);
        json_pair_i64(json, "column", problem->column);
        json_pair_str(json, "text", problem->text);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

/* ---- the command ---- */

struct telling {
    struct json_writer *json; /* NULL: for people */
    long passed, failed;
};

static void play_one(struct cli *cli, struct arena *arena, struct str path, struct telling *telling)
{
    struct scenario_outcome outcome = {0};
    struct str text = STR_NONE;
    struct arena *before = cli->arena;
    cli->arena = arena;
    cli->op.arena = arena;
    cli->op.fault.arena = arena;
    if (cli_read_file(cli, path, FILE_BYTES_MAX, &text) == RC_OK) {
        scenario_play(cli, path, text, &outcome);
    } else {
        struct scenario_problem problem = {.text = STR("the file cannot be read")};
        VEC_PUSH(arena, &outcome.problems, problem);
        outcome.failed = 1;
        fault_clear(&cli->op.fault);
    }
    telling->passed += outcome.passed;
    telling->failed += outcome.failed;
    for (size_t i = 0; !telling->json && i < outcome.problems.len; i++)
        print_problem(cli, path, &outcome.problems.at[i]);
    if (telling->json)
        put_json(telling->json, path, &outcome);
    cli->arena = before;
    cli->op.arena = before;
    cli->op.fault.arena = before;
    arena_reset(arena);
}

static void play_all(struct cli *cli, const struct str_list *files, struct telling *telling)
{
    AUTO_ARENA arena = arena_new(ARENA_BYTES);
    for (size_t i = 0; i < files->len; i++) {
        cli_progress(cli, M("Scenarios"), (int64_t)i, (int64_t)files->len);
        play_one(cli, arena, files->at[i], telling);
    }
    cli_progress_end(cli);
}

/* Only what this command was told: a server named in a settings file is somebody's. */
static struct str server_url(struct cli *cli)
{
    for (size_t i = 0; i < conf_count(); i++) {
        struct conf_item item = conf_item(cli->arena, i);
        if (str_eq(str_of(item.def->name), STR("db")) && item.source == CONF_FROM_ARGS &&
            (str_starts(item.value, STR("postgres://")) ||
             str_starts(item.value, STR("postgresql://"))))
            return conf_str("db");
    }
    return STR_NONE;
}

static enum rc tell(struct cli *cli, const struct str_list *files)
{
    AUTO_BUF text = BUF(JSON_MAX);
    struct json_writer json = JSON_WRITER(&text);
    struct telling telling = {.json = cli->is_json ? &json : NULL};
    if (cli->is_json) {
        json_object(&json);
        json_key(&json, "files");
        json_array(&json);
    }
    play_all(cli, files, &telling);
    if (cli->is_json) {
        json_array_end(&json);
        json_pair_i64(&json, "passed", telling.passed);
        json_pair_i64(&json, "failed", telling.failed);
        json_object_end(&json);
        cli_put(cli, buf_str(&text));
        cli_put(cli, STR("\n"));
    } else {
        cli_print(cli, "%ld passed, %ld failed\n", telling.passed, telling.failed);
    }
    return telling.failed ? RC_INVALID : RC_OK;
}

static enum rc run_scenario(struct cli *cli)
{
    struct scenario_base base;
    struct str_list files = {0};
    uint8_t key[CRYPT_KEY_BYTES];
    random_bytes(key, sizeof(key));
    pid_key_set(key);
    find_files(cli, &files);
    if (files.len == 0) {
        cli_error(cli, "there is no file whose name ends in .scenario");
        return RC_MISSING;
    }
    TRY(scenario_base_open(cli->arena, server_url(cli), &cli->op.fault, &base));
    op_init(&cli->op, cli->arena, base.db, when_now());
    cli->op.lang = lang_of(LANG_EN);
    cli->op.zone = zone_utc();
    cli->op.actor.name = STR("scenario");
    enum rc rc = tell(cli, &files);
    scenario_base_close(&base);
    return rc;
}

const struct command scenario_commands[] = {
    {.name = "scenario",
     .args = "FILE…",
     .args_min = 1,
     .args_max = -1,
     .summary = "Play scenario files and compare what partners earn with what they should",
     .help =
         "A scenario is a text file of tables: schemes, partners, events, runs, and what is "
         "expected. It is played on an empty database of its own, in memory, or with --db URL of "
         "a PostgreSQL server in a new database there, which goes afterwards; your data is not "
         "touched. Of a folder all files that end in .scenario are played. The format is in "
         "docs/scenario.md.\n\n"
         "Each row of [expect] counts as one that passed or failed; a file that cannot be played "
         "counts as one that failed, and the others go on. What failed is printed as "
         "FILE:LINE:COLUMN with what was expected and what was found. The exit code is 0 when "
         "nothing failed, 65 otherwise.\n\n"
         "  kontor scenario examples/northwind/team.scenario\n"
         "  kontor scenario tests/golden/cases\n"
         "  kontor --db postgres://kontor@localhost/postgres scenario cases/",
     .needs = CLI_PURE,
     .run = run_scenario},
    {0}};
