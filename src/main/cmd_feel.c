/* Commands about formulas, and what the commands about decision models share with them: values from
 * and to JSON, warnings. They need no database; files are read by cli, because feel is pure. */
#include "main/cmd_feel.h"

#include "conf/conf.h"
#include "i18n/i18n.h"
#include "json/json.h"
#include "main/program.h"
#include "when/when.h"

/* ---- settings ---- */

const struct conf_def feel_settings[] = {
    {.name = "feel_steps_max",
     .type = CONF_INT,
     .fallback = "50000000",
     .min = 10000,
     .max = 100000000000,
     .help = "Steps that one calculation of a formula may take."},
    {.name = "feel_depth_max",
     .type = CONF_INT,
     .fallback = "2000",
     .min = 50,
     .max = 2000,
     .help = "How deeply calls and parts of a formula may nest."},
    {.name = "feel_memory_max",
     .type = CONF_SIZE,
     .fallback = "32MiB",
     .min = 1 << 20,
     .max = 1 << 30,
     .help = "Memory that one calculation of a formula may use."},
    {.name = "feel_text_max",
     .type = CONF_SIZE,
     .fallback = "4MiB",
     .min = 1 << 10,
     .max = 256 << 20,
     .help = "The longest text that a formula may make, and the longest result printed."},
    {0}};

void formula_limits_apply(void)
{
    feel_limits_set(
        (struct feel_limits){.steps_max = conf_int("feel_steps_max"),
                             .depth_max = (int)conf_int("feel_depth_max"),
                             .bytes_max = (size_t)conf_size_bytes("feel_memory_max"),
                             .text_bytes_max = (size_t)conf_size_bytes("feel_text_max")});
}

/* ---- values from and to JSON ---- */

/* A text that begins with "@" is a date, time or duration, as in FEEL itself. */
static struct feel_value from_json(struct arena *arena, const struct json_value *json)
{
    struct dec number;
    struct feel_value *values = NULL;
    struct str *names = NULL;
    switch (json->kind) {
    case JSON_BOOL: return feel_bool(json->is_true);
    case JSON_NUMBER: return dec_parse(json->text, &number) ? feel_number(number) : feel_null();
    case JSON_STRING:
        if (json->text.len > 1 && json->text.at[0] == '@')
            return feel_parse_temporal(arena, str_sub(json->text, 1, json->text.len));
        return feel_text(json->text);
    case JSON_ARRAY:
        values = NEW_ARRAY(arena, struct feel_value, json->len + 1);
        for (size_t i = 0; i < json->len; i++)
            values[i] = from_json(arena, &json->items[i]);
        return feel_list(values, json->len);
    case JSON_OBJECT:
        values = NEW_ARRAY(arena, struct feel_value, json->len + 1);
        names = NEW_ARRAY(arena, struct str, json->len + 1);
        for (size_t i = 0; i < json->len; i++) {
            names[i] = json->members[i].key;
            values[i] = from_json(arena, &json->members[i].value);
        }
        return feel_context(feel_shape(arena, names, json->len), values);
    default: return feel_null();
    }
}

static void to_json(struct json_writer *w, const struct feel_value *value, struct arena *arena,
                    int depth)
{
    if (depth > JSON_WRITE_DEPTH_MAX - 4 || w->buf->is_over) {
        json_put_null(w);
        return;
    }
    switch ((enum feel_kind)value->kind) {
    case FEEL_NULL: json_put_null(w); return;
    case FEEL_BOOL: json_put_bool(w, value->is); return;
    case FEEL_LIST:
        json_array(w);
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, arena);
            to_json(w, &item, arena, depth + 1);
        }
        json_array_end(w);
        return;
    case FEEL_CONTEXT:
        json_object(w);
        for (size_t i = 0; i < value->context.shape->len; i++) {
            struct feel_value entry = feel_entry_at(value, i, arena);
            json_key_str(w, value->context.shape->names[i]);
            to_json(w, &entry, arena, depth + 1);
        }
        json_object_end(w);
        return;
    default: /* numbers too travel as text, so that no reader rounds them */
        json_put_str(w, feel_print(arena, value));
    }
}

void formula_json(struct json_writer *w, const struct feel_value *value, struct arena *arena)
{
    to_json(w, value, arena, 0);
}

enum rc formula_read_context(struct cli *cli, const char *given, struct feel_value *out)
{
    const struct json_value *json = NULL;
    struct json_error error = {0};
    struct str text = STR("{}"), written = str_trim(str_of(given));
    bool is_text = written.len && written.at[0] == '{';
    if (is_text)
        text = written;
    else if (given)
        TRY(cli_read_file(cli, str_of(given), FORMULA_FILE_MAX_BYTES, &text));
    struct json_limits limits = {.bytes_max = FORMULA_FILE_MAX_BYTES, .values_max = 2000000};
    enum rc rc = json_parse(cli->arena, text, limits, &json, &error);
    if (rc != RC_OK) {
        cli_error(cli, "%s:%ld:%ld: %s", is_text ? "context" : given, error.line, error.column,
                  error.message);
        return rc;
    }
    if (!json_is(json, JSON_OBJECT))
        return fail(&cli->op, RC_INVALID, NULL, "The file {0} must hold an object.", given);
    *out = from_json(cli->arena, json);
    return RC_OK;
}

/* ---- messages ---- */

enum rc formula_speak(struct cli *cli)
{
    const char *code = cli_option(cli, "lang");
    const struct lang *lang = code ? lang_find(str_of(code)) : cli->op.lang;
    if (!lang)
        return fail(&cli->op, RC_INVALID, "lang", "There is no language {0}.", code);
    cli->op.lang = lang;
    return RC_OK;
}

struct str formula_filled(const struct cli *cli, const char *message, const struct str *args,
                          size_t args_len)
{
    struct i18n_arg typed[FAULT_ARGS_MAX];
    assert(args_len <= LEN(typed));
    for (size_t i = 0; i < args_len; i++)
        typed[i] = i18n_arg_str(args[i].at ? args[i] : STR(""));
    return str_trim(i18n_format_args(cli->arena, cli->op.lang, message, typed, args_len));
}

struct str formula_more(const struct cli *cli, const struct feel_warnings *warnings)
{
    return i18n_format(cli->arena, cli->op.lang,
                       M("{0, plural, one {and # warning more} other {and # warnings more}}"),
                       warnings->total - warnings->len);
}

void formula_print_warnings(struct cli *cli, const struct feel_warnings *warnings)
{
    struct str head = i18n_format(cli->arena, cli->op.lang, M("warning"));
    for (size_t i = 0; i < warnings->len; i++) {
        const struct feel_warning *w = &warnings->at[i];
        struct str text = formula_filled(cli, w->message, w->args, LEN(w->args));
        struct str place =
            w->line ? str_printf(cli->arena, "%ld:%ld: ", w->line, w->column) : STR("");
        cli_error(cli, STR_FMT ": " STR_FMT "%s" STR_FMT STR_FMT, STR_ARG(head), STR_ARG(w->where),
                  w->where.len ? " " : "", STR_ARG(place), STR_ARG(text));
    }
    if (warnings->total > warnings->len)
        cli_error(cli, STR_FMT, STR_ARG(formula_more(cli, warnings)));
}

void formula_print_value(struct cli *cli, const struct feel_value *value)
{
    AUTO_BUF buf = BUF(64 << 20);
    if (!cli->is_json) {
        struct str text = feel_print(cli->arena, value);
        cli_put(cli, text);
        cli_put(cli, STR("\n"));
        return;
    }
    struct json_writer w = JSON_WRITER(&buf);
    to_json(&w, value, cli->arena, 0);
    buf_char(&buf, '\n');
    if (buf.is_over)
        cli_error(cli, "The result is too long to be printed as JSON.");
    else
        cli_put(cli, buf_str(&buf));
}

struct feel_env formula_env(void)
{
    return (struct feel_env){.now = SOME(when_now()), .now_zone = zone_utc()};
}

/* ---- feel eval ---- */

static enum rc run_feel_eval(struct cli *cli)
{
    struct feel_value context, value;
    struct feel_expr expr;
    struct feel_warnings warnings = {0};
    struct feel_env env = formula_env();
    TRY(formula_speak(cli));
    TRY(formula_read_context(cli, cli_option(cli, "context"), &context));
    const struct feel_shape *shape = context.context.shape;
    struct feel_field *names = NEW_ARRAY(cli->arena, struct feel_field, shape->len + 1);
    for (size_t i = 0; i < shape->len; i++)
        names[i].name = shape->names[i];
    TRY(feel_compile(cli->arena, cli->args[0], names, shape->len, FEEL_KONTOR, &cli->op.fault,
                     &expr));
    env.slots = context.context.row;
    env.slots_len = shape->len;
    TRY(feel_eval(&expr, &env, cli->arena, &warnings, &cli->op.fault, &value));
    formula_print_value(cli, &value);
    formula_print_warnings(cli, &warnings);
    return RC_OK;
}

static enum rc run_feel_functions(struct cli *cli)
{
    cli_put(cli, feel_reference(cli->arena));
    return RC_OK;
}

const struct command feel_commands[] = {
    {.name = "feel eval",
     .args = "EXPR",
     .args_min = 1,
     .args_max = 1,
     .summary = "Evaluate a FEEL expression",
     .help = "Names come from the entries of the context file. A text that begins with @ is a "
             "date, time or duration. Warnings go to standard error.\n\n"
             "  kontor feel eval 'for x in [1,2,3] return x * 2'\n"
             "  kontor feel eval 'net * rate' --context sale.json",
     .needs = CLI_PURE,
     .options = {{"context", "FILE", "JSON object whose entries are the names"}, FORMULA_LANG},
     .run = run_feel_eval},
    {.name = "feel functions",
     .summary = "The reference of FEEL's built-in functions, in Markdown",
     .help = "  kontor feel functions > functions.md",
     .needs = CLI_PURE,
     .run = run_feel_functions},
    {.name = "feel repl",
     .summary = "Try formulas line by line, with names that stay",
     .help = "On a terminal lines are edited and remembered; otherwise formulas are read from the "
             "standard input, and the exit code tells whether all could be read. :help in a "
             "session tells more.\n\n"
             "  kontor feel repl --context sale.json\n"
             "  echo 'net = 120\n  net * 0.21' | kontor feel repl",
     .needs = CLI_PURE,
     .options = {{"context", "FILE", "JSON object whose entries are the names"}, FORMULA_LANG},
     .run = formula_repl},
    {0}};
