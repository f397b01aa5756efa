/* feel repl: formulas tried out line by line, with names that stay. On a terminal lines are edited
 * and remembered (libedit); from a file or a pipe they are simply read. A formula that is not
 * finished at the end of its line goes on in the next one. */
#include <histedit.h>
#include <locale.h>
#include <unistd.h>

#include "main/cmd_feel.h"
#include "main/program.h"

enum { LINE_MAX_BYTES = 64 << 10, NAMES_MAX = 1000, HISTORY_LEN = 500 };

struct repl {
    struct cli *cli;
    EditLine *line; /* NULL: no terminal */
    History *history;
    struct str history_file; /* absent: history is not kept */
    struct str names[NAMES_MAX];
    struct feel_value values[NAMES_MAX];
    /* Arenas of values that were given names, also of those since replaced: another value may be
     * made of their parts. */
    VEC(struct arena *) kept;
    size_t len;
    bool is_going_on; /* the formula began on a line before */
    bool had_error;
};

/* ---- lines ---- */

static const char *prompt(EditLine *line)
{
    struct repl *repl = NULL;
    (void)el_get(line, EL_CLIENTDATA, &repl);
    return repl && repl->is_going_on ? "  ... " : "feel> ";
}

static void open_history(struct repl *repl)
{
    HistEvent event;
    const char *home = getenv("HOME");
    repl->history = history_init();
    if (!repl->history)
        return;
    (void)history(repl->history, &event, H_SETSIZE, HISTORY_LEN);
    (void)history(repl->history, &event, H_SETUNIQUE, 1);
    (void)el_set(repl->line, EL_HIST, history, repl->history);
    if (!home || !*home)
        return;
    repl->history_file = str_printf(repl->cli->arena, "%s/.kontor_feel_history", home);
    (void)history(repl->history, &event, H_LOAD, str_c(repl->cli->arena, repl->history_file));
}

static void open_terminal(struct repl *repl)
{
    if (!repl->cli->is_terminal || !isatty(STDIN_FILENO))
        return;
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* only how wide characters are on the terminal */
    repl->line = el_init("kontor", stdin, stdout, stderr);
    if (!repl->line)
        return;
    (void)el_set(repl->line, EL_CLIENTDATA, repl);
    (void)el_set(repl->line, EL_PROMPT, prompt);
    (void)el_set(repl->line, EL_EDITOR, "emacs");
    (void)el_set(repl->line, EL_SIGNAL, 1);
    open_history(repl);
}

static void close_terminal(struct repl *repl)
{
    HistEvent event;
    if (repl->history && repl->history_file.at)
        (void)history(repl->history, &event, H_SAVE, str_c(repl->cli->arena, repl->history_file));
    if (repl->line)
        el_end(repl->line);
    if (repl->history)
        history_end(repl->history);
}

/* False at the end of the input. */
static bool read_line(struct repl *repl, struct buf *out)
{
    char text[4096];
    int len = 0;
    if (repl->line) {
        const char *line = el_gets(repl->line, &len);
        if (!line || len <= 0)
            return false;
        buf_put(out, (struct str){line, (size_t)len});
        return true;
    }
    bool is_any = false;
    while (fgets(text, sizeof(text), stdin)) {
        is_any = true;
        buf_put(out, str_of(text));
        if (strchr(text, '\n'))
            break;
    }
    return is_any;
}

/* ---- what is said ---- */

static struct str line_of(struct str text, long wanted)
{
    struct str line = STR("");
    for (long i = 0; i < wanted && text.at; i++)
        line = str_cut(&text, '\n');
    return line;
}

/* The line, and a caret under the place; columns count characters. */
static void point_at(struct repl *repl, struct str text, long line, long column)
{
    if (line < 1 || column < 1)
        return;
    cli_print(repl->cli, "  " STR_FMT "\n  %*s\n", STR_ARG(line_of(text, line)), (int)column, "^");
}

static void say_warnings(struct repl *repl, struct str text, const struct feel_warnings *warnings)
{
    for (size_t i = 0; i < warnings->len; i++) {
        const struct feel_warning *w = &warnings->at[i];
        point_at(repl, text, w->line, w->column);
        cli_print(repl->cli, "  " STR_FMT "\n",
                  STR_ARG(formula_filled(repl->cli, w->message, w->args, LEN(w->args))));
    }
    if (warnings->total > warnings->len)
        cli_print(repl->cli, "  " STR_FMT "\n", STR_ARG(formula_more(repl->cli, warnings)));
}

static void say_fault(struct repl *repl, struct str text, const struct fault *fault)
{
    repl->had_error = true;
    for (size_t i = 0; i < fault->entries_len; i++) {
        const struct fault_entry *e = &fault->entries[i];
        struct str args[FAULT_ARGS_MAX] = {0};
        for (size_t k = 0; k < FAULT_ARGS_MAX; k++)
            args[k] = str_of(e->args[k]);
        point_at(repl, text, e->line, e->column);
        cli_print(repl->cli, "  " STR_FMT "\n",
                  STR_ARG(formula_filled(repl->cli, e->message, args, FAULT_ARGS_MAX)));
    }
}

/* As it would be written: texts in quotes. */
static void say_value(struct repl *repl, struct arena *arena, const struct feel_value *value)
{
    struct feel_value list = feel_list(value, 1);
    struct str text = feel_print(arena, value->kind == FEEL_STRING ? &list : value);
    if (value->kind == FEEL_STRING && text.len > 1)
        text = str_sub(text, 1, text.len - 2);
    cli_put(repl->cli, text);
    cli_put(repl->cli, STR("\n"));
}

/* ---- names ---- */

static void keep(struct repl *repl, struct str name, struct feel_value value, struct arena *arena)
{
    size_t i = 0;
    while (i < repl->len && !str_eq(repl->names[i], name))
        i++;
    VEC_PUSH(repl->cli->arena, &repl->kept, arena);
    if (i == NAMES_MAX) {
        cli_print(repl->cli, "  There is no room for another name.\n");
        return;
    }
    if (i == repl->len)
        repl->names[repl->len++] = str_dup(repl->cli->arena, name);
    repl->values[i] = value;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ' ' || (unsigned char)c > 127;
}

/* "net amount = 12": what stands before the first "=" when it can be nothing but a name. */
static struct str assigned_name(struct str text, struct str *out_rest)
{
    size_t i = 0;
    while (i < text.len && is_name_byte(text.at[i]))
        i++;
    struct str name = str_trim(str_sub(text, 0, i));
    bool is_digit = name.len && name.at[0] >= '0' && name.at[0] <= '9';
    if (!name.len || is_digit || i >= text.len || text.at[i] != '=')
        return STR_NONE;
    *out_rest = str_sub(text, i + 1, text.len);
    return name;
}

/* ---- evaluating ---- */

/* Did the text end where more was expected? */
static bool is_unfinished(const struct fault *fault)
{
    return fault->entries_len && fault->entries[0].args[0] &&
           (!fault->entries[0].args[1] || !*fault->entries[0].args[1] ||
            strstr(fault->entries[0].args[0], "closing quote") ||
            strcmp(fault->entries[0].args[0], KEY_MARK "\"*/\"") == 0);
}

/* False when the formula goes on and another line may come. */
static bool evaluate(struct repl *repl, struct str text, bool may_go_on)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct fault fault = {.arena = arena};
    struct feel_warnings warnings = {0};
    struct feel_field fields[NAMES_MAX];
    struct feel_env env = formula_env();
    struct feel_expr expr;
    struct feel_value value;
    struct str formula = text, name = assigned_name(text, &formula);
    for (size_t i = 0; i < repl->len; i++)
        fields[i] = (struct feel_field){.name = repl->names[i]};
    env.slots = repl->values;
    env.slots_len = repl->len;
    enum rc rc = feel_compile(arena, formula, fields, repl->len, FEEL_KONTOR, &fault, &expr);
    if (rc != RC_OK && may_go_on && is_unfinished(&fault)) {
        arena_free(arena);
        return false;
    }
    if (rc == RC_OK)
        rc = feel_eval(&expr, &env, arena, &warnings, &fault, &value);
    if (rc != RC_OK) {
        say_fault(repl, formula, &fault);
        arena_free(arena);
        return true;
    }
    say_warnings(repl, formula, &warnings);
    say_value(repl, arena, &value);
    if (name.at)
        keep(repl, name, value, arena);
    else
        arena_free(arena);
    return true;
}

static void list_names(struct repl *repl)
{
    for (size_t i = 0; i < repl->len; i++) {
        cli_put(repl->cli, repl->names[i]);
        cli_put(repl->cli, STR(" = "));
        say_value(repl, repl->cli->arena, &repl->values[i]);
    }
}

static enum rc load_names(struct repl *repl, const char *path)
{
    struct feel_value context;
    TRY(formula_read_context(repl->cli, path, &context));
    for (size_t i = 0; i < context.context.shape->len; i++)
        keep(repl, context.context.shape->names[i], feel_entry_at(&context, i, repl->cli->arena),
             NULL);
    return RC_OK;
}

static void help(struct repl *repl)
{
    cli_put(repl->cli, STR("  2 + 3 * 4             a formula: its value is shown\n"
                           "  net amount = 120      keeps the value under a name\n"
                           "  (net amount = 120)    compares: true or false\n"
                           "  :names                the names and their values\n"
                           "  :load FILE            the entries of a JSON object as names\n"
                           "  :quit                 the end (or Ctrl-D)\n"
                           "  A formula that is not finished goes on in the next line; an empty "
                           "line ends it.\n"));
}

/* False at ":quit". */
static bool obey(struct repl *repl, struct str words)
{
    struct str rest = words;
    struct str word = str_cut(&rest, ' ');
    if (str_eq(word, STR(":quit")) || str_eq(word, STR(":q")))
        return false;
    if (str_eq(word, STR(":help")))
        help(repl);
    else if (str_eq(word, STR(":names")))
        list_names(repl);
    else if (!str_eq(word, STR(":load")))
        cli_print(repl->cli, "  There is no " STR_FMT ". :help tells what there is.\n",
                  STR_ARG(word));
    else if (!rest.at || load_names(repl, str_c(repl->cli->arena, str_trim(rest))) != RC_OK) {
        cli_fault(repl->cli, &repl->cli->op.fault);
        fault_clear(&repl->cli->op.fault);
        repl->had_error = true;
    }
    return true;
}

static void remember(struct repl *repl, struct str text)
{
    HistEvent event;
    if (repl->history && text.len)
        (void)history(repl->history, &event, H_ENTER, str_c(repl->cli->arena, text));
}

static void converse(struct repl *repl)
{
    AUTO_BUF text = BUF(LINE_MAX_BYTES);
    bool has_more = true;
    while (has_more) {
        size_t before = text.len;
        has_more = read_line(repl, &text);
        struct str all = str_trim(buf_str(&text));
        bool is_empty_line = text.len > 0 && text.len - before <= 1;
        if (!all.len) {
            buf_reset(&text);
            continue;
        }
        if (!repl->is_going_on && all.at[0] == ':') {
            remember(repl, all);
            if (!obey(repl, all))
                return;
        } else if (!evaluate(repl, all, has_more && !is_empty_line && !text.is_over)) {
            repl->is_going_on = true;
            continue;
        } else {
            remember(repl, all);
        }
        repl->is_going_on = false;
        buf_reset(&text);
    }
}

enum rc formula_repl(struct cli *cli)
{
    struct repl *repl = NEW(cli->arena, struct repl);
    repl->cli = cli;
    TRY(formula_speak(cli));
    if (cli_option(cli, "context"))
        TRY(load_names(repl, cli_option(cli, "context")));
    open_terminal(repl);
    if (repl->line)
        cli_print(cli, "Formulas in FEEL; :help tells more.\n");
    converse(repl);
    close_terminal(repl);
    for (size_t i = 0; i < repl->kept.len; i++)
        arena_free(repl->kept.at[i]);
    /* On a terminal people saw what was wrong; a script must be told. */
    return repl->had_error && !repl->line ? RC_INVALID : RC_OK;
}
