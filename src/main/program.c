/* From words on the command line to an exit code. Settings are read first (default < file <
 * environment < command line); then the command says what it needs of the database. */
#include "main/program.h"

#include <signal.h>
#include <unistd.h>

#include "main/cmd_feel.h"
#include "org/org.h"

extern char **environ;

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78 }; /* of sysexits.h, where no outcome maps to them */

const struct conf_def program_settings[] = {
    {.name = "db",
     .type = CONF_STR,
     .fallback = "kontor.db",
     .help = "The database: a SQLite file, or postgres://user@host/name."},
    {.name = "key_file",
     .type = CONF_STR,
     .fallback = "",
     .help = "The master key; empty: beside a SQLite database (FILE.key), else kontor.key."},
    {.name = "log_level",
     .type = CONF_STR,
     .fallback = "info",
     .help = "What is logged: debug, info, warn or error."},
    {0}};

static void write_to_terminal(void *self, bool is_error, struct str text)
{
    (void)self;
    FILE *file = is_error ? stderr : stdout;
    (void)fwrite(text.at, 1, text.len, file);
    if (is_error)
        (void)fflush(file);
}

/* ---- settings ---- */

/* Words that settle the process: --config FILE, --db URL, --set NAME=VALUE. They may stand anywhere
 * before "--". */
static enum rc read_common(struct arena *arena, const struct str *words, size_t len,
                           struct str option, bool is_assignment, struct str *out_error)
{
    for (size_t i = 0; i < len && !str_eq(words[i], STR("--")); i++) {
        struct str value = str_sub(words[i], 2, SIZE_MAX);
        if (!str_starts(words[i], STR("--")) || !str_eq(str_cut(&value, '='), option))
            continue;
        if (!value.at && i + 1 < len)
            value = words[++i];
        if (!value.at)
            continue; /* cli_parse says that the value is missing */
        if (is_assignment)
            TRY(conf_set_arg(arena, value, out_error));
        else if (str_eq(option, STR("config")))
            TRY(conf_load_file(arena, str_c(arena, value), out_error));
        else
            TRY(conf_set(arena, option, value, CONF_FROM_ARGS, out_error));
    }
    return RC_OK;
}

static enum rc read_settings(struct arena *arena, const struct str *words, size_t len,
                             struct str *out_error)
{
    static const char usual_file[] = "kontor.conf";
    if (access(usual_file, R_OK) == 0)
        TRY(conf_load_file(arena, usual_file, out_error));
    TRY(read_common(arena, words, len, STR("config"), false, out_error));
    TRY(conf_load_env(arena, environ, out_error));
    TRY(read_common(arena, words, len, STR("db"), false, out_error));
    return read_common(arena, words, len, STR("set"), true, out_error);
}

static void set_log_level(void)
{
    static const char *const names[] = {"", "debug", "info", "warn", "error"};
    for (size_t i = 1; i < LEN(names); i++)
        if (str_eq(conf_str("log_level"), str_of(names[i])))
            log_level_set((enum log_level)i);
}

/* ---- running a command ---- */

void program_prepare(struct op *op)
{
    struct org_locale locale;
    op->lang = lang_of(LANG_EN);
    op->zone = zone_utc();
    if (org_locale(op, &locale) == RC_OK) {
        op->lang = locale.lang;
        op->zone = locale.zone;
    }
    fault_clear(&op->fault);
}

/* What the database alone knows comes without words; other outcomes were said by the command. */
static const char *words_of(enum rc rc)
{
    switch (rc) {
    case RC_FULL: return M("There is no room left on the storage.");
    case RC_BUSY: return M("The database or another service was busy.");
    case RC_UNSURE: return M("The connection to the database was lost.");
    default: return NULL;
    }
}

static int outcome(struct cli *cli, enum rc rc)
{
    cli_progress_end(cli);
    if (rc != RC_OK && cli->op.fault.entries_len == 0 && words_of(rc))
        (void)!fail(&cli->op, rc, NULL, words_of(rc));
    if (rc != RC_OK && cli->op.fault.entries_len > 0)
        cli_fault(cli, &cli->op.fault);
    return rc_exit_code(rc);
}

static int run_on(struct cli *cli, struct database *database)
{
    struct db *db = NULL;
    enum rc rc = db_open(database, &db);
    if (rc != RC_OK) {
        cli_error(cli, "the database cannot be opened (%s)", rc_code(rc));
        return rc_exit_code(rc);
    }
    cli->database = database;
    op_init(&cli->op, cli->arena, db, when_now());
    int applied = 0;
    rc = program_migrate(cli, db, &applied);
    if (rc == RC_OK)
        rc = program_keys(cli, NULL);
    if (rc == RC_OK) {
        program_prepare(&cli->op);
        rc = cli->command->run(cli);
    }
    int code = outcome(cli, rc);
    db_close(db);
    return code;
}

static int run_pure(struct cli *cli)
{
    op_init(&cli->op, cli->arena, NULL, when_now());
    cli->op.lang = lang_of(LANG_EN);
    cli->op.zone = zone_utc();
    return outcome(cli, cli->command->run(cli));
}

/* Opens the database and runs; takes the lock when the command writes. */
static int run_with_database(struct cli *cli, const struct str *words, size_t words_len)
{
    struct str url = conf_str("db");
    struct owner owner = OWNER_NONE;
    enum rc rc = cli->command->needs == CLI_READS ? RC_OK : owner_take(url, &owner);
    int code = 0;
    if (rc == RC_BUSY && cli->command->needs == CLI_WRITES &&
        owner_forward(cli->arena, url, words, words_len, &code) == RC_OK)
        return code;
    if (rc != RC_OK) {
        cli_error(cli,
                  rc == RC_BUSY ? "another process uses " STR_FMT
                                : STR_FMT ".lock cannot be made: is the folder there?",
                  STR_ARG(url));
        return rc_exit_code(rc);
    }
    struct fault fault = {.arena = cli->arena};
    struct database *database = NULL;
    rc = database_open(
        &(struct database_options){.url = url, .must_exist = cli->command->needs == CLI_READS},
        &fault, &database);
    if (rc != RC_OK)
        cli_fault(cli, &fault);
    code = rc == RC_OK ? run_on(cli, database) : rc_exit_code(rc);
    database_close(database);
    owner_release(&owner);
    return code;
}

static void unknown_command(struct cli *cli, struct str first, struct str second,
                            struct str nearest)
{
    struct str what = first;
    if (str_has(nearest, STR(" ")) && second.at)
        what = str_printf(cli->arena, STR_FMT " " STR_FMT, STR_ARG(first), STR_ARG(second));
    if (nearest.at)
        cli_error(cli, "there is no command " STR_FMT "; did you mean " STR_FMT "?", STR_ARG(what),
                  STR_ARG(nearest));
    else
        cli_error(cli, "there is no command " STR_FMT "; 'kontor help' lists them", STR_ARG(what));
}

/* Finds the command and reads its words; *out_code is set when there is nothing to run. */
static bool prepare(struct cli *cli, const struct str *words, size_t len, int *out_code)
{
    struct str first = len > 0 ? words[0] : STR_NONE, second = len > 1 ? words[1] : STR_NONE;
    cli->tables = modules_commands();
    size_t used = 0;
    struct str nearest = STR_NONE;
    *out_code = 0;
    if (len == 0 || str_eq(first, STR("--help")) || str_eq(first, STR("help"))) {
        cli_help_all(cli);
        return false;
    }
    const struct command *command = cli_find(cli->tables, first, second, &used, &nearest);
    if (!command) {
        bool is_asked = len == 1 || str_eq(second, STR("--help")) || str_eq(second, STR("help"));
        bool is_group = is_asked && cli_help_group(cli, first);
        if (!is_group)
            unknown_command(cli, first, second, nearest);
        *out_code = is_group && len > 1 ? 0 : EXIT_USAGE;
        return false;
    }
    bool is_help = false;
    if (cli_parse(cli, command, words + used, len - used, &is_help) != RC_OK) {
        *out_code = EXIT_USAGE;
        return false;
    }
    return !is_help;
}

/* How many words of common options stand before the command; --json is taken from them. */
static size_t skip_leading(struct cli *cli, const struct str *words, size_t len)
{
    size_t i = 0;
    while (i < len && str_starts(words[i], STR("--")) && !str_eq(words[i], STR("--help"))) {
        bool is_json = str_eq(words[i], STR("--json"));
        cli->is_json = cli->is_json || is_json;
        i += is_json || str_has(words[i], STR("=")) ? 1 : 2;
    }
    return i < len ? i : len;
}

int program_run_words(struct database *database, const struct owner_client_words *words,
                      struct cli_sink sink)
{
    AUTO_ARENA arena = arena_new((size_t)4 << 30);
    struct cli *cli = NEW(arena, struct cli);
    *cli = (struct cli){.arena = arena,
                        .sink = sink,
                        .folder = words->folder,
                        .is_terminal = words->is_terminal,
                        .program = STR("kontor")};
    int code = 0;
    size_t skipped = skip_leading(cli, words->words, words->len);
    if (!prepare(cli, words->words + skipped, words->len - skipped, &code))
        return code;
    if (cli->command->needs == CLI_OWNS) {
        cli_error(cli, "%s cannot run while the server does", cli->command->name);
        return rc_exit_code(RC_BUSY);
    }
    return cli->command->needs == CLI_PURE ? run_pure(cli) : run_on(cli, database);
}

int program_main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_new((size_t)4 << 30);
    (void)signal(SIGPIPE, SIG_IGN);
    modules_start();
    size_t len = (size_t)argc - 1;
    struct str *words = NEW_ARRAY(arena, struct str, len + 1);
    for (size_t i = 0; i < len; i++)
        words[i] = str_of(argv[i + 1]);
    struct cli *cli = NEW(arena, struct cli);
    *cli = (struct cli){.arena = arena,
                        .sink = {write_to_terminal, NULL},
                        .is_terminal = isatty(STDERR_FILENO),
                        .program = str_of(argv[0])};
    struct str error = STR_NONE;
    size_t skipped = skip_leading(cli, words, len);
    if (read_settings(arena, words, len, &error) != RC_OK) {
        cli_error(cli, STR_FMT, STR_ARG(error));
        return EXIT_CONFIG;
    }
    set_log_level();
    formula_limits_apply();
    int code = 0;
    if (prepare(cli, words + skipped, len - skipped, &code))
        code = cli->command->needs == CLI_PURE ? run_pure(cli) : run_with_database(cli, words, len);
    (void)fflush(stdout);
    return code;
}
