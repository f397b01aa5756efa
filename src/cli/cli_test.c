/* Tests of the command line: words become a command, its options and arguments, or a refusal that
 * says what to type; help comes from the same table; progress is for terminals only. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "tests/tap.h"

static enum rc run_nothing(struct cli *cli)
{
    (void)cli;
    return RC_OK;
}

static const struct command first_table[] = {
    {.name = "load",
     .args = "KIND FILE…",
     .args_min = 2,
     .args_max = 4,
     .summary = "Load files",
     .help = "  kontor load sales a.csv",
     .needs = CLI_WRITES,
     .options = {{"from", "DATE", "not before"}, {"dry-run", NULL, "write nothing"}},
     .run = run_nothing},
    {.name = "list", .summary = "List things", .needs = CLI_READS, .run = run_nothing},
    {0}};
static const struct command second_table[] = {
    {.name = "user add",
     .args = "EMAIL",
     .args_min = 1,
     .args_max = 1,
     .summary = "Add a user",
     .needs = CLI_WRITES,
     .run = run_nothing},
    {.name = "user list", .summary = "List users", .needs = CLI_READS, .run = run_nothing},
    {.name = "demo", .summary = "Fill it", .needs = CLI_OWNS, .run = run_nothing},
    {.name = "demo names", .summary = "Who is in it", .needs = CLI_PURE, .run = run_nothing},
    {0}};
static const struct command *const tables[] = {first_table, second_table, NULL};

/* ---- what a command prints ---- */

struct sink {
    struct buf out, error;
};

static void write_to(void *self, bool is_error, struct str text)
{
    struct sink *sink = self;
    buf_put(is_error ? &sink->error : &sink->out, text);
}

static struct sink sink = {.out = BUF(1 << 20), .error = BUF(1 << 20)};

static struct cli *fresh(struct arena *arena)
{
    struct cli *cli = NEW(arena, struct cli);
    buf_reset(&sink.out);
    buf_reset(&sink.error);
    *cli = (struct cli){.arena = arena,
                        .sink = {write_to, &sink},
                        .tables = tables,
                        .folder = STR("/home/ann"),
                        .command = &first_table[0]};
    op_init(&cli->op, arena, NULL, 0);
    return cli;
}

static bool said(const char *part)
{
    return str_has(buf_str(&sink.error), str_of(part));
}

static bool printed(const char *part)
{
    return str_has(buf_str(&sink.out), str_of(part));
}

/* Parses "a b c" as what follows the command's words. */
static enum rc parse(struct cli *cli, const struct command *command, const char *line,
                     bool *out_is_help)
{
    struct str_list words = {0};
    struct str rest = str_of(line);
    while (rest.at && rest.len > 0)
        VEC_PUSH(cli->arena, &words, str_cut(&rest, ' '));
    return cli_parse(cli, command, words.at, words.len, out_is_help);
}

/* ---- finding ---- */

static const struct command *find(const char *first, const char *second, size_t *out_words,
                                  struct str *out_nearest)
{
    return cli_find(tables, str_of(first), str_of(second), out_words, out_nearest);
}

static void finding(struct arena *arena)
{
    size_t words = 0;
    struct str nearest = STR_NONE;
    (void)arena;
    ok(find("list", NULL, &words, &nearest) == &first_table[1] && words == 1,
       "a command is found by its word");
    ok(find("user", "add", &words, &nearest) == &second_table[0] && words == 2,
       "one of a group by both of its words");
    ok(find("demo", "names", &words, &nearest) == &second_table[3] && words == 2,
       "the longer name wins");
    ok(find("demo", "--json", &words, &nearest) == &second_table[2] && words == 1,
       "and the shorter one stands alone");
    ok(!find("lsit", NULL, &words, &nearest), "a mistyped command is not found");
    is_str(nearest, "list", "the nearest is offered");
    ok(!find("user", "ad", &words, &nearest), "a mistyped word of a group is not found");
    is_str(nearest, "user add", "the nearest of the group is offered, whole");
    ok(!find("user", NULL, &words, &nearest), "a group alone is no command");
    ok(!find("quux", "add", &words, &nearest) && !nearest.at,
       "what is like nothing is offered nothing");
}

/* ---- parsing ---- */

static void parsing(struct arena *arena)
{
    bool is_help;
    struct cli *cli = fresh(arena);
    ok(parse(cli, &first_table[0], "sales --from 2026-01-01 a.csv --dry-run b.csv", &is_help) ==
           RC_OK,
       "options may stand between arguments");
    ok(cli->args_len == 3 && str_eq(cli->args[2], STR("b.csv")), "which keep their order");
    ok(strcmp(cli_option(cli, "from"), "2026-01-01") == 0 && cli_switch(cli, "dry-run"),
       "values and switches are known by name");
    ok(!cli->is_json && !is_help, "and nothing else is on");

    cli = fresh(arena);
    ok(parse(cli, &first_table[0], "sales --from=x a.csv --json", &is_help) == RC_OK &&
           strcmp(cli_option(cli, "from"), "x") == 0 && cli->is_json,
       "a value may be joined by =, and --json is everywhere");
    ok(!cli_option(cli, "dry-run"), "an option that was not given is absent");

    cli = fresh(arena);
    ok(parse(cli, &first_table[0], "sales -- --from --json", &is_help) == RC_OK &&
           cli->args_len == 3 && str_eq(cli->args[1], STR("--from")) && !cli->is_json,
       "after -- everything is an argument");
}

static void refusing(struct arena *arena)
{
    static const struct {
        const char *line, *says, *rule;
    } cases[] = {
        {"sales a.csv --form x", "--form: there is no such option", "an unknown option"},
        {"sales a.csv --from", "--from: this option needs a value", "an option without its value"},
        {"sales a.csv --dry-run=yes", "--dry-run=yes: this option takes no value",
         "a value for a switch"},
        {"sales", "KIND FILE…: an argument is missing", "too few arguments"},
        {"sales a b c d", "d: there is one argument too many", "too many arguments"},
        {"sales a.csv --json=1", "--json=1: this option takes no value",
         "a value for a common switch"},
    };
    bool is_help;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct cli *cli = fresh(arena);
        enum rc rc = parse(cli, &first_table[0], cases[i].line, &is_help);
        ok(rc == RC_INVALID && said(cases[i].says) && said("try 'kontor load --help'"),
           cases[i].rule);
        is_str(buf_str(&sink.out), "", "nothing of it goes to the output");
    }
}

static void many_arguments(struct arena *arena)
{
    static const struct command any = {
        .name = "any", .args = "FILE…", .args_max = -1, .summary = "Any", .run = run_nothing};
    struct str *words = NEW_ARRAY(arena, struct str, CLI_ARGS_MAX + 1);
    bool is_help;
    for (size_t i = 0; i <= CLI_ARGS_MAX; i++)
        words[i] = STR("a");
    struct cli *cli = fresh(arena);
    ok(cli_parse(cli, &any, words, CLI_ARGS_MAX, &is_help) == RC_OK, "4096 arguments are taken");
    cli = fresh(arena);
    ok(cli_parse(cli, &any, words, CLI_ARGS_MAX + 1, &is_help) == RC_INVALID &&
           said("there are too many arguments"),
       "one more is refused");
}

/* ---- help ---- */

static void helping(struct arena *arena)
{
    bool is_help;
    struct cli *cli = fresh(arena);
    ok(parse(cli, &first_table[0], "--help", &is_help) == RC_OK && is_help,
       "help is given also where arguments are missing");
    ok(printed("usage: kontor load [OPTIONS] KIND FILE…") && printed("Load files.") &&
           printed("kontor load sales a.csv") && printed("--from DATE") && printed("--json"),
       "with usage, example, and all options");
    cli = fresh(arena);
    cli_help_all(cli);
    ok(printed("  load ") && printed("  user add ") && printed("  demo names "),
       "the list has every command");
    cli = fresh(arena);
    ok(cli_help_group(cli, STR("user")) && printed("user add") && printed("user list") &&
           !printed("demo"),
       "a group lists its own commands");
    cli = fresh(arena);
    ok(!cli_help_group(cli, STR("list")) && buf_str(&sink.out).len == 0,
       "a command that is no group has no list");
    cli = fresh(arena);
    cli_man(cli);
    ok(printed(".TH KONTOR 1") && printed(".SS user add EMAIL") && printed("\\-\\-from DATE"),
       "the manual page comes from the same tables");
}

/* ---- exit codes ---- */

static void exit_codes(void)
{
    static const struct {
        enum rc rc;
        int code;
    } cases[] = {{RC_OK, 0},        {RC_INVALID, 65}, {RC_DENIED, 77},    {RC_MISSING, 66},
                 {RC_CONFLICT, 65}, {RC_BUSY, 75},    {RC_UNSURE, 75},    {RC_FULL, 74},
                 {RC_BROKEN, 70},   {RC_LIMIT, 75},   {RC_TOO_LARGE, 65}, {RC_SIGN_IN, 77}};
    int wrong = 0;
    for (size_t i = 0; i < LEN(cases); i++)
        wrong += rc_exit_code(cases[i].rc) != cases[i].code;
    is_i64(wrong, 0, "outcomes leave the process as sysexits say");
}

static void faults(struct arena *arena)
{
    struct cli *cli = fresh(arena);
    (void)!fail(&cli->op, RC_INVALID, "email", "The file {0} cannot be read.", "a.csv");
    cli->op.fault.entries[0].line = 3;
    cli->op.fault.entries[0].column = 7;
    cli_fault(cli, &cli->op.fault);
    is_str(buf_str(&sink.error), "kontor: 3:7: email: The file a.csv cannot be read.\n",
           "a failure says where, which field, and what");
    cli = fresh(arena);
    cli->op.fault.rc = RC_BUSY;
    cli_fault(cli, &cli->op.fault);
    is_str(buf_str(&sink.error), "kontor: busy\n", "one without words has its code");
}

/* ---- files ---- */

static void files(struct arena *arena)
{
    char path[] = "/tmp/kontor-cli-test-XXXXXX";
    struct str text = STR_NONE;
    AUTO_FD fd = mkstemp(path);
    assert(fd >= 0);
    ssize_t wrote = write(fd, "hello", 5);
    assert(wrote == 5);
    struct cli *cli = fresh(arena);
    is_str(cli_path(cli, STR("a.csv")), "/home/ann/a.csv",
           "a path is taken from the caller's folder");
    is_str(cli_path(cli, STR("/tmp/a.csv")), "/tmp/a.csv", "a whole one stays");
    ok(cli_read_file(cli, str_of(path), 5, &text) == RC_OK && str_eq(text, STR("hello")),
       "a file is read whole");
    ok(cli_read_file(cli, str_of(path), 4, &text) == RC_TOO_LARGE, "one over the limit is refused");
    ok(cli_read_file(cli, STR("/nowhere/x"), 10, &text) == RC_MISSING, "a missing one is said");
    ok(cli_read_file(cli, STR("/tmp"), 10, &text) == RC_MISSING, "a folder is no file");
    ok(cli_read_file(cli, STR("/dev/zero"), 10, &text) == RC_MISSING, "and neither is a device");
    (void)unlink(path);
}

/* ---- progress ---- */

static void progress(struct arena *arena)
{
    struct cli *cli = fresh(arena);
    cli_progress(cli, "Importing", 5, 10);
    cli_progress_end(cli);
    is_str(buf_str(&sink.error), "", "no progress is drawn where nobody looks");
    cli->is_terminal = true;
    cli_progress(cli, "Importing", 5, 10);
    ok(said("\rImporting [###############...............] 5 / 10"), "on a terminal a bar is");
    size_t len = sink.error.len;
    cli_progress(cli, "Importing", 6, 10);
    is_i64((int64_t)(sink.error.len - len), 0, "at most ten times a second");
    cli_error(cli, "something");
    ok(str_ends(buf_str(&sink.error), STR("\r\033[Kkontor: something\n")),
       "an error clears the line first");
    is_str(buf_str(&sink.out), "", "nothing of it goes to the output");
    cli = fresh(arena);
    cli->is_terminal = true;
    cli_progress(cli, "Importing", 7, 0);
    ok(said("\rImporting 7\033[K"), "without a known end there is a count");
    cli_progress_end(cli);
    cli = fresh(arena);
    cli->is_terminal = true;
    cli_progress(cli, "Importing", 20, 10);
    ok(said("[##############################] 20 / 10"), "more than all does not leave the bar");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    finding(arena);
    parsing(arena);
    refusing(arena);
    many_arguments(arena);
    helping(arena);
    exit_codes();
    faults(arena);
    files(arena);
    progress(arena);
    buf_done(&sink.out);
    buf_done(&sink.error);
    return done_testing();
}
