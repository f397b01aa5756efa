/* Expectations: a row names what it looks at (a line by key and event, all lines of a key, the
 * total, a measure, a balance) and what should be there; every cell that is filled is compared. A
 * row is one expectation: it passes when all of its cells agree. */
#include "ledger/ledger.h"
#include "partner/partner.h"
#include "scenario/scenario_int.h"

struct looking { /* at one row */
    struct scenario__play *play;
    const struct scenario__row *row;
    struct str what; /* what is looked at, for people */
    long failed;
};

const struct scenario__contract *scenario__contract_of(struct scenario__world *world,
                                                       const struct scenario__row *row,
                                                       int contract_column, int partner_column)
{
    const struct scenario__contract *found = NULL;
    if (scenario__has(row, contract_column)) {
        int64_t id = scenario__id_of(world, &world->contracts, row, contract_column, "contract");
        for (size_t i = 0; i < world->contract_list.len; i++)
            if (world->contract_list.at[i].id == id)
                found = &world->contract_list.at[i];
        return found;
    }
    if (partner_column < 0 || !scenario__has(row, partner_column)) {
        scenario__complain(world->file, row, contract_column, "the row does not say whose it is");
        return NULL;
    }
    int64_t partner_id = scenario__id_of(world, &world->partners, row, partner_column, "partner");
    size_t len = 0;
    for (size_t i = 0; partner_id != 0 && i < world->contract_list.len; i++)
        if (world->contract_list.at[i].partner_id == partner_id) {
            found = &world->contract_list.at[i];
            len++;
        }
    if (len == 1)
        return found;
    if (partner_id != 0)
        scenario__complain(world->file, row, partner_column,
                           len ? "the partner has several contracts: name one"
                               : "the partner has no contract");
    return NULL;
}

/* ---- comparing ---- */

static void differ(struct looking *looking, int column, const char *name, struct str expected,
                   struct str found)
{
    looking->failed++;
    scenario__complain(looking->play->world->file, looking->row, column,
                       STR_FMT "%s%s: expected " STR_FMT ", found " STR_FMT, STR_ARG(looking->what),
                       name[0] ? ", " : "", name, STR_ARG(expected), STR_ARG(found));
}

static void compare_number(struct looking *looking, int column, const char *name, bool has,
                           struct dec found)
{
    struct arena *arena = looking->play->world->arena;
    struct str expected = looking->row->cells[column];
    struct dec number;
    if (expected.len == 0)
        return;
    bool is_none = !dec_parse(expected, &number);
    if (is_none != !has || (has && dec_cmp(number, found) != 0))
        differ(looking, column, name, expected, has ? dec_print(arena, found) : STR("none"));
}

static void compare_text(struct looking *looking, int column, const char *name, struct str found)
{
    struct str expected = looking->row->cells[column];
    if (expected.len > 0 && !str_eq(expected, found))
        differ(looking, column, name, expected, found);
}

/* ---- lines ---- */

struct wanted { /* which lines a row speaks of */
    struct str key, note, aside;
    int64_t event_seq, from_partner_id; /* 0: any */
};
struct lines { /* the sum of these */
    int64_t len, amount_minor;
    struct dec exact, base, rate;
    bool has_base, is_one_rate;
    struct opt_i64 due_day;
    bool is_one_due;
};

/* "" for a line that is part of the total. */
static const char *aside_word(enum reward_aside aside)
{
    static const char *const words[] = {
        [REWARD_NO_CONTRACT] = "no contract", [REWARD_POINTS] = "points",
        [REWARD_CHARGE] = "charge",           [REWARD_REFERRED] = "referred",
        [REWARD_OUTDONE] = "outdone",         [REWARD_NOTHING] = "nothing"};
    assert((size_t)aside < LEN(words));
    return aside ? words[aside] : "";
}

static bool is_wanted(const struct wanted *wanted, const struct reward_line *line)
{
    return (wanted->key.len == 0 || str_eq(line->output->key, wanted->key) ||
            str_eq(line->key, wanted->key)) &&
           str_eq(str_of(aside_word(line->aside)), wanted->aside) &&
           (wanted->note.len == 0 || str_eq(line->note, wanted->note)) &&
           (wanted->event_seq == 0 || line->event_seq == wanted->event_seq) &&
           (wanted->from_partner_id == 0 || line->from_partner_id == wanted->from_partner_id);
}

static bool read_wanted(struct looking *looking, struct wanted *out)
{
    struct scenario__world *world = looking->play->world;
    const struct scenario__row *row = looking->row;
    *out = (struct wanted){.key = row->cells[COL_EXPECT_KEY],
                           .note = row->cells[COL_EXPECT_NOTE],
                           .aside = row->cells[COL_EXPECT_ASIDE]};
    if (scenario__has(row, COL_EXPECT_EVENT)) {
        out->event_seq = scenario__id_of(world, &world->events, row, COL_EXPECT_EVENT, "event");
        if (out->event_seq == 0)
            return false;
    }
    if (scenario__has(row, COL_EXPECT_FROM)) {
        out->from_partner_id =
            scenario__id_of(world, &world->partners, row, COL_EXPECT_FROM, "partner");
        if (out->from_partner_id == 0)
            return false;
    }
    return true;
}

static void add_line(struct lines *lines, const struct reward_line *line)
{
    lines->amount_minor += line->amount_minor;
    lines->exact = lines->len ? dec_add(lines->exact, line->exact) : line->exact;
    if (line->has_base)
        lines->base = lines->has_base ? dec_add(lines->base, line->base) : line->base;
    lines->has_base = lines->has_base || line->has_base;
    bool is_other = lines->len > 0 && line->has_rate && dec_cmp(lines->rate, line->rate) != 0;
    lines->is_one_rate = line->has_rate && (lines->len == 0 || lines->is_one_rate) && !is_other;
    if (line->has_rate)
        lines->rate = line->rate;
    bool is_same_due =
        line->due_day.has == lines->due_day.has && line->due_day.v == lines->due_day.v;
    lines->is_one_due = lines->len == 0 || (lines->is_one_due && is_same_due);
    lines->due_day = line->due_day;
    lines->len += line->aside == REWARD_NOTHING ? line->times : 1;
}

static bool sum_lines(struct looking *looking, const struct reward_calculation *calculation,
                      const struct reward_result *result, struct lines *out)
{
    struct scenario__world *world = looking->play->world;
    struct reward_details details;
    struct wanted wanted;
    *out = (struct lines){0};
    if (!read_wanted(looking, &wanted) ||
        !scenario__did(world, looking->row,
                       reward_details_of(world->op, calculation, result, &details)))
        return false;
    for (size_t i = 0; i < details.lines.len; i++)
        if (is_wanted(&wanted, &details.lines.at[i]))
            add_line(out, &details.lines.at[i]);
    return true;
}

static bool expect_lines(struct looking *looking, const struct reward_calculation *calculation,
                         const struct reward_result *result)
{
    struct lines lines;
    if (!sum_lines(looking, calculation, result, &lines))
        return false;
    bool has = lines.len > 0;
    compare_number(looking, COL_EXPECT_AMOUNT, "", has,
                   dec_from_scaled(lines.amount_minor, result->currency->digits));
    compare_number(looking, COL_EXPECT_EXACT, "exact", has, lines.exact);
    compare_number(looking, COL_EXPECT_BASE, "base", has && lines.has_base, lines.base);
    compare_number(looking, COL_EXPECT_RATE, "rate", has && lines.is_one_rate, lines.rate);
    compare_number(looking, COL_EXPECT_LINES, "lines", true, dec_from_i64(lines.len));
    bool has_due = has && lines.is_one_due && lines.due_day.has;
    struct date due = {.days = (int32_t)(has_due ? lines.due_day.v : 0)};
    compare_text(looking, COL_EXPECT_DUE, "due",
                 has_due ? date_print(looking->play->world->arena, due) : STR("no one day"));
    return true;
}

/* ---- measures, states ---- */

static bool expect_measure(struct looking *looking, const struct reward_result *result)
{
    struct str name = looking->row->cells[COL_EXPECT_MEASURE];
    struct str expected = looking->row->cells[COL_EXPECT_VALUE];
    struct str_list known = {0};
    for (size_t i = 0; i < result->measures.len; i++) {
        const struct reward_measure *measure = &result->measures.at[i];
        struct dec a, b;
        VEC_PUSH(looking->play->world->arena, &known, measure->output->key);
        if (!str_eq(measure->output->key, name))
            continue;
        if (!(dec_parse(expected, &a) && dec_parse(measure->value, &b) && dec_cmp(a, b) == 0))
            compare_text(looking, COL_EXPECT_VALUE, "", measure->value);
        return true;
    }
    scenario__unknown(looking->play->world->file, looking->row, COL_EXPECT_MEASURE, "measure",
                      &known);
    return false;
}

static struct str warning_text(struct scenario__world *world, const struct reward_warning *warning)
{
    struct i18n_arg args[LEN(warning->args)];
    for (size_t i = 0; i < LEN(args); i++)
        args[i] = i18n_arg_str(warning->args[i].at ? warning->args[i] : STR(""));
    return i18n_format_args(world->arena, world->op->lang, warning->message, args, LEN(args));
}

/* Why a result is incomplete; one of the reasons must hold the words. */
static void expect_reason(struct looking *looking, const struct reward_result *result)
{
    struct str words = looking->row->cells[COL_EXPECT_REASON], last = STR("no reason");
    for (size_t i = 0; i < result->warnings.len; i++) {
        last = warning_text(looking->play->world, &result->warnings.at[i]);
        if (str_has(last, words))
            return;
    }
    differ(looking, COL_EXPECT_REASON, "reason", words, last);
}

/* ---- balances ---- */

static int64_t balance_of(const struct ledger_position *position, struct str name)
{
    const struct {
        const char *name;
        int64_t minor;
    } balances[] = {{"accrued", position->accrued_minor},
                    {"held", position->held_minor},
                    {"payable", position->payable_minor},
                    {"in payment", position->in_payment_minor},
                    {"receivable", position->receivable_minor}};
    for (size_t i = 0; i < LEN(balances); i++)
        if (str_eq(name, str_of(balances[i].name)))
            return balances[i].minor;
    return 0;
}

static bool expect_balance(struct looking *looking, const struct scenario__contract *contract)
{
    struct scenario__world *world = looking->play->world;
    const struct scenario__row *row = looking->row;
    const struct currency *currency = contract->currency;
    struct ledger_positions positions = {0};
    int64_t minor = 0;
    if (scenario__has(row, COL_EXPECT_CURRENCY))
        currency = currency_find(row->cells[COL_EXPECT_CURRENCY]);
    if (!scenario__did(world, row,
                       ledger_positions(world->op, contract->partner_id, contract->id, &positions)))
        return false;
    for (size_t i = 0; i < positions.len; i++)
        if (positions.at[i].currency == currency)
            minor = balance_of(&positions.at[i], row->cells[COL_EXPECT_BALANCE]);
    compare_number(looking, COL_EXPECT_AMOUNT, "", true, dec_from_scaled(minor, currency->digits));
    return true;
}

/* ---- a row ---- */

static const struct reward_result *find_result(struct looking *looking,
                                               const struct scenario__contract *contract,
                                               const struct reward_calculation **out_calculation)
{
    struct scenario__play *play = looking->play;
    const struct scenario__row *row = looking->row;
    const struct reward_calculation *calculation = NULL;
    struct period period = scenario__period(row, COL_EXPECT_PERIOD);
    for (size_t i = 0; i < play->results.len; i++)
        if (!scenario__has(row, COL_EXPECT_PERIOD) ? play->results.len == 1
                                                   : period_eq(play->results.at[i].period, period))
            calculation = play->results.at[i].calculation;
    if (!calculation) {
        scenario__complain(play->world->file, row, COL_EXPECT_PERIOD,
                           "no run in [runs] has computed this period; say the period");
        return NULL;
    }
    *out_calculation = calculation;
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == contract->id)
            return &calculation->results[i];
    scenario__complain(play->world->file, row, COL_EXPECT_CONTRACT,
                       "the contract was not in force in this period");
    return NULL;
}

/* "own of A, event E-1, in 2026-10". */
static struct str words_for(struct scenario__world *world, const struct scenario__row *row,
                            const struct scenario__contract *contract)
{
    AUTO_BUF text = BUF(1024);
    static const int parts[] = {COL_EXPECT_MEASURE, COL_EXPECT_BALANCE, COL_EXPECT_KEY};
    struct str name = STR("total");
    for (size_t i = 0; i < LEN(parts); i++)
        if (scenario__has(row, parts[i]))
            name = row->cells[parts[i]];
    buf_printf(&text, STR_FMT " of " STR_FMT, STR_ARG(name), STR_ARG(contract->code));
    if (scenario__has(row, COL_EXPECT_EVENT))
        buf_printf(&text, ", event " STR_FMT, STR_ARG(row->cells[COL_EXPECT_EVENT]));
    if (scenario__has(row, COL_EXPECT_NOTE))
        buf_printf(&text, ", " STR_FMT, STR_ARG(row->cells[COL_EXPECT_NOTE]));
    if (scenario__has(row, COL_EXPECT_PERIOD))
        buf_printf(&text, ", in " STR_FMT, STR_ARG(row->cells[COL_EXPECT_PERIOD]));
    return str_dup(world->arena, buf_str(&text));
}

static bool expects_something(const struct scenario__row *row)
{
    static const int values[] = {COL_EXPECT_AMOUNT, COL_EXPECT_EXACT, COL_EXPECT_BASE,
                                 COL_EXPECT_RATE,   COL_EXPECT_LINES, COL_EXPECT_VALUE,
                                 COL_EXPECT_DUE,    COL_EXPECT_STATE, COL_EXPECT_REASON};
    for (size_t i = 0; i < LEN(values); i++)
        if (scenario__has(row, values[i]))
            return true;
    return false;
}

static bool look(struct looking *looking)
{
    struct scenario__world *world = looking->play->world;
    const struct scenario__row *row = looking->row;
    const struct reward_calculation *calculation = NULL;
    if (!expects_something(row)) {
        scenario__complain(world->file, row, -1, "the row does not say what is expected");
        return false;
    }
    const struct scenario__contract *contract =
        scenario__contract_of(world, row, COL_EXPECT_CONTRACT, COL_EXPECT_PARTNER);
    if (!contract)
        return false;
    looking->what = words_for(world, row, contract);
    if (scenario__has(row, COL_EXPECT_BALANCE))
        return expect_balance(looking, contract);
    const struct reward_result *result = find_result(looking, contract, &calculation);
    if (!result)
        return false;
    compare_text(looking, COL_EXPECT_STATE, "state",
                 result->is_incomplete ? STR("incomplete") : STR("complete"));
    if (scenario__has(row, COL_EXPECT_REASON))
        expect_reason(looking, result);
    if (scenario__has(row, COL_EXPECT_MEASURE))
        return expect_measure(looking, result);
    return expect_lines(looking, calculation, result);
}

void scenario__expect(struct scenario__play *play, const struct scenario__row *row)
{
    struct looking looking = {.play = play, .row = row};
    bool is_good = look(&looking) && looking.failed == 0;
    play->world->file->outcome->passed += is_good;
    play->world->file->outcome->failed += !is_good;
}
