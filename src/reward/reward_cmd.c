/* kontor run PERIOD: computes a period and prints it. Without --post nothing is changed, also when
 * the period was posted before. */
#include "json/json.h"
#include "reward/reward_q.h"
#include "reward/reward_store.h"

enum { OUTPUT_MAX = 256 << 20 };

/* ---- what a partner's line of the answer holds: measures, then sums by key ---- */

struct column {
    struct str name;
    bool is_measure, is_money;
};
struct columns {
    struct column *at;
    size_t len, cap;
};

static void column_need(struct arena *arena, struct columns *columns,
                        const struct scheme_output *output)
{
    for (size_t i = 0; i < columns->len; i++)
        if (str_eq(columns->at[i].name, output->key))
            return;
    if (output->kind != SCHEME_MEASURE && output->kind != SCHEME_LINE &&
        output->kind != SCHEME_ADJUST)
        return; /* no figure of its own */
    struct column column = {.name = output->key,
                            .is_measure = output->kind == SCHEME_MEASURE,
                            .is_money = str_eq(output->unit, STR("money"))};
    VEC_PUSH(arena, columns, column);
}

/* The outputs of every version that was used, measures before lines. */
static enum rc find_columns(struct op *op, const struct reward_calculation *calculation,
                            struct columns *out)
{
    struct columns lines = {0};
    for (size_t i = 0; i < calculation->results_len; i++) {
        const struct contract_version *version = calculation->results[i].version;
        for (size_t k = 0; k < version->schemes_len; k++) {
            struct scheme_versions versions = {0};
            const struct scheme *scheme = NULL;
            TRY(scheme_versions_in_force(op, version->schemes[k].scheme_id,
                                         calculation->span.start_us, calculation->span.end_us,
                                         &versions));
            for (size_t v = 0; v < versions.len; v++) {
                TRY(scheme_version_load(op, versions.at[v].id, &scheme));
                for (size_t o = 0; o < scheme->outputs_len; o++)
                    column_need(op->arena, scheme->outputs[o].kind == SCHEME_MEASURE ? out : &lines,
                                &scheme->outputs[o]);
            }
        }
    }
    for (size_t i = 0; i < lines.len; i++)
        VEC_PUSH(op->arena, out, lines.at[i]);
    return RC_OK;
}

static struct str measure_text(struct arena *arena, const struct reward_result *result,
                               const struct column *column)
{
    struct dec number;
    int64_t minor = 0;
    for (size_t i = 0; i < result->measures.len; i++) {
        struct str value = result->measures.at[i].value;
        if (!str_eq(result->measures.at[i].output->key, column->name))
            continue;
        if (column->is_money && dec_parse(value, &number) &&
            dec_to_scaled(number, result->currency->digits, DEC_HALF_UP, &minor))
            return money_print(arena, MONEY(minor, result->currency));
        return value;
    }
    return STR("");
}

static struct str column_text(struct arena *arena, const struct reward_result *result,
                              const struct column *column)
{
    if (column->is_measure)
        return measure_text(arena, result, column);
    return money_print(arena, MONEY(reward_key_minor(result, column->name), result->currency));
}

/* ---- JSON ---- */

static void put_partner(struct json_writer *json, struct arena *arena,
                        const struct reward_result *result, const struct columns *columns)
{
    json_object(json);
    json_pair_str(json, "code", result->contract->partner_code);
    json_pair_str(json, "name", result->contract->partner_name);
    json_pair_i64(json, "events", result->events);
    for (size_t i = 0; i < columns->len; i++) {
        json_key_str(json, columns->at[i].name);
        json_put_str(json, column_text(arena, result, &columns->at[i]));
    }
    json_pair_str(json, "total", money_print(arena, MONEY(result->total_minor, result->currency)));
    if (result->is_incomplete)
        json_pair_bool(json, "incomplete", true);
    json_object_end(json);
}

/* One document a currency is what people add up; a run of several prints each with its partners. */
static void put_currency(struct json_writer *json, struct arena *arena,
                         const struct reward_calculation *calculation,
                         const struct currency *currency, const struct columns *columns)
{
    int64_t total = 0;
    json_object(json);
    json_pair_str(json, "period", period_print(arena, calculation->period));
    json_pair_str(json, "currency", str_of(currency->code));
    json_key(json, "partners");
    json_array(json);
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].currency == currency) {
            put_partner(json, arena, &calculation->results[i], columns);
            total += calculation->results[i].total_minor;
        }
    json_array_end(json);
    json_pair_str(json, "total", money_print(arena, MONEY(total, currency)));
    json_object_end(json);
}

struct currencies {
    const struct currency **at;
    size_t len, cap;
};

static void find_currencies(struct arena *arena, const struct reward_calculation *calculation,
                            struct currencies *out)
{
    for (size_t i = 0; i < calculation->results_len; i++) {
        size_t k = 0;
        while (k < out->len && out->at[k] != calculation->results[i].currency)
            k++;
        if (k == out->len)
            VEC_PUSH(arena, out, calculation->results[i].currency);
    }
}

static void print_json(struct cli *cli, const struct reward_calculation *calculation,
                       const struct columns *columns)
{
    AUTO_BUF text = BUF(OUTPUT_MAX);
    struct currencies currencies = {0};
    find_currencies(cli->arena, calculation, &currencies);
    for (size_t i = 0; i < currencies.len; i++) {
        struct json_writer json = JSON_WRITER(&text);
        put_currency(&json, cli->arena, calculation, currencies.at[i], columns);
        buf_char(&text, '\n');
    }
    cli_put(cli, buf_str(&text));
}

/* ---- a table for people ---- */

static void print_text(struct cli *cli, const struct reward_calculation *calculation,
                       const struct columns *columns)
{
    cli_print(cli, "%-8s %-28s %8s", "partner", "name", "events");
    for (size_t i = 0; i < columns->len; i++)
        cli_print(cli, " %14.*s", (int)columns->at[i].name.len, columns->at[i].name.at);
    cli_print(cli, " %14s\n", "total");
    for (size_t i = 0; i < calculation->results_len; i++) {
        const struct reward_result *result = &calculation->results[i];
        cli_print(cli, "%-8.*s %-28.*s %8lld", STR_ARG(result->contract->partner_code),
                  STR_ARG(result->contract->partner_name), (long long)result->events);
        for (size_t k = 0; k < columns->len; k++) {
            struct str value = column_text(cli->arena, result, &columns->at[k]);
            cli_print(cli, " %14.*s", STR_ARG(value));
        }
        struct str total = money_print(cli->arena, MONEY(result->total_minor, result->currency));
        cli_print(cli, " %14.*s %s%s\n", STR_ARG(total), result->currency->code,
                  result->is_incomplete ? "  incomplete" : "");
    }
}

static void print_warnings(struct cli *cli, const struct reward_calculation *calculation)
{
    for (size_t i = 0; i < calculation->results_len; i++) {
        const struct reward_result *result = &calculation->results[i];
        for (size_t k = 0; k < result->warnings.len; k++) {
            const struct reward_warning *warning = &result->warnings.at[k];
            struct i18n_arg args[3];
            for (size_t a = 0; a < LEN(args); a++)
                args[a] = i18n_arg_str(warning->args[a].at ? warning->args[a] : STR(""));
            struct str words =
                i18n_format_args(cli->arena, cli->op.lang, warning->message, args, LEN(args));
            cli_error(cli, STR_FMT ": " STR_FMT ": " STR_FMT, STR_ARG(result->contract->code),
                      STR_ARG(warning->decision), STR_ARG(words));
        }
    }
}

/* ---- the command ---- */

static void show_progress(void *self, int64_t done, int64_t total)
{
    cli_progress(self, M("Calculating"), done, total);
}

/* A command that was killed between posting and the moves to payable is called again: these are
 * made up for before it is said that the period is posted. */
static enum rc must_not_be_posted(struct op *op, struct str period)
{
    struct reward_run_row posted;
    int64_t moved = 0;
    enum rc rc = q_reward_run_posted_of(op, &(struct q_reward_run_posted_of_in){period}, &posted);
    if (rc == RC_OK)
        TRY(reward_due_tick(op, &moved));
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, NULL,
                    "The period {0} is posted: roll results back to compute them again.",
                    str_c(op->arena, period));
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Calculates and posts what is not posted yet: with the rights of the system, so without waiting
 * for an approval, which the audit says. *out is what was stored; NULL when a command before this
 * one had stored and approved it. */
static enum rc post(struct cli *cli, struct arena *arena, struct period period,
                    const struct reward_calculation **out)
{
    struct op *op = &cli->op;
    int64_t id = 0;
    struct reward_run_row open;
    enum rc rc = q_reward_run_unposted(
        op, &(struct q_reward_run_unposted_in){period_print(op->arena, period)}, &open);
    bool is_new = rc == RC_MISSING;
    if (is_new) {
        TRY(must_not_be_posted(op, period_print(op->arena, period)));
        TRY(reward_run_add(op, period, STR("kontor run --post"), &id));
    } else {
        TRY(rc);
        id = open.id;
    }
    if (is_new || !str_eq(open.state, STR("approved"))) {
        TRY(reward__run_calculate_in(op, arena, id, NULL, show_progress, cli, out));
        TRY(reward__approve_as_system(op, id));
    }
    return reward_run_post(op, id);
}

static enum rc run_period(struct cli *cli)
{
    struct period period;
    struct op *op = &cli->op;
    if (!period_parse(cli->args[0], 0, &period))
        return fail(op, RC_INVALID, "PERIOD",
                    "This is not a period: write a month like 2026-10, a quarter like 2026-Q4 or "
                    "a year.");
    AUTO_ARENA arena = arena_new((size_t)1 << REWARD_ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL;
    struct reward_ask ask = {.period = period, .progress = show_progress, .self = cli};
    if (cli_option(cli, "post"))
        TRY(post(cli, arena, period, &calculation));
    if (!calculation)
        TRY(reward_calculate(op, arena, &ask, &calculation));
    cli_progress_end(cli);
    struct columns columns = {0};
    TRY(find_columns(op, calculation, &columns));
    if (cli->is_json)
        print_json(cli, calculation, &columns);
    else
        print_text(cli, calculation, &columns);
    print_warnings(cli, calculation);
    return RC_OK;
}

const struct command reward_commands[] = {
    {.name = "run",
     .args = "PERIOD",
     .args_min = 1,
     .args_max = 1,
     .summary = "Compute the rewards of a period, and with --post put them into the ledger",
     .help = "Without --post nothing is changed, also when the period was posted before.\n\n"
             "  kontor run 2026-10\n  kontor run 2026-10 --json\n  kontor run 2026-10 --post",
     .needs = CLI_WRITES,
     .options = {{"post", NULL, "store, approve and post the results"}},
     .run = run_period},
    {.name = "statement",
     .args = "NUMBER | PARTNER PERIOD",
     .args_min = 1,
     .args_max = 2,
     .summary = "Print a reward statement, or write it as CSV, XLSX or PDF",
     .help = "The statement with this number, or the current one of a partner for a period.\n\n"
             "  kontor statement ST-2026-10-1-00001\n"
             "  kontor statement N-0001 2026-10 --json\n"
             "  kontor statement N-0001 2026-10 --format pdf > statement.pdf",
     .needs = CLI_READS,
     .options = {{"format", "FORMAT", "csv, xlsx or pdf, to standard output"}},
     .run = reward__statement_command},
    {0}};
