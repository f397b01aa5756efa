/* The live pane: the draft computed for one contract and period in the request, beside what is
 * stored for them. Nothing is kept. */
#include "studio/studio_live.h"

#include "json/json.h"
#include "studio/studio_q.h"
#include "studio/studio_view.h"

enum { ARENA_MAX = 192 << 20, LINES_MAX = 60, TROUBLES_MAX = 3 };

const struct field studio__live_fields[] = {
    F_STR(studio__live_query, contract, 0, 64),
    F_STR(studio__live_query, period, 0, 7),
    FIELDS_END,
};

/* ---- who and when ---- */

static enum rc fill_contracts(struct op *op, int64_t scheme_id, struct studio__live *v)
{
    struct try_contract_rows rows;
    TRY(q_try_bound(op, &(struct q_try_bound_in){.scheme_id = scheme_id}, &rows));
    if (!rows.len)
        TRY(q_try_any(op, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct ui_option option = {.value = rows.at[i].code, .label = rows.at[i].partner_name};
        VEC_PUSH(op->arena, &v->contracts, option);
    }
    if (!v->code.len && rows.len)
        v->code = rows.at[0].code;
    return RC_OK;
}

static bool is_bound(const struct try_contract_rows *rows, int64_t id)
{
    for (size_t i = 0; i < rows->len; i++)
        if (rows->at[i].id == id)
            return true;
    return false;
}

/* The month before this one, unless another is asked for. */
static bool period_asked(struct op *op, struct str text, struct period *out)
{
    if (text.len)
        return period_parse(text, 0, out) && out->kind == PERIOD_MONTH;
    *out = period_step(period_of(PERIOD_MONTH, 0, zone_date(op->zone, op->now)), -1);
    return true;
}

/* ---- the result in words ---- */

static struct str joined(struct op *op, struct str a, struct str b)
{
    if (!a.at || !b.at)
        return a.at ? a : b;
    return str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(a), STR_ARG(b));
}

/* "rate, row 3"; absent when none matched. */
static struct str row_words(struct op *op, const struct json_value *table)
{
    int64_t row;
    if (!json_i64(json_at(json_get(table, "matched"), 0), &row))
        return STR_NONE;
    return i18n_format(op->arena, op->lang, M("{0}, row {1}"), json_text(json_get(table, "owner")),
                       row + 1);
}

static struct str rows_words(struct op *op, struct str body)
{
    const struct json_value *json = NULL;
    struct str text = STR_NONE;
    if (json_parse(op->arena, body, (struct json_limits){0}, &json, NULL) != RC_OK)
        return STR_NONE;
    const struct json_value *steps = json_get(json, "steps");
    for (size_t i = 0; steps && i < steps->len; i++) {
        const struct json_value *tables = json_get(&steps->items[i], "tables");
        for (size_t t = 0; tables && t < tables->len; t++)
            text = joined(op, text, row_words(op, &tables->items[t]));
    }
    return text;
}

struct group { /* lines of one rule that came about alike */
    size_t derivation_i;
    const struct scheme_output *output;
    int64_t lines, amount_minor;
    struct dec rate;
    bool has_rate;
};
struct groups {
    struct group *at;
    size_t len, cap;
};

static void gather(struct op *op, const struct reward_details *details, struct groups *out)
{
    for (size_t i = 0; i < details->lines.len; i++) {
        const struct reward_line *line = &details->lines.at[i];
        struct group *group = NULL;
        if (line->aside)
            continue;
        for (size_t g = 0; g < out->len && !group; g++)
            if (out->at[g].derivation_i == line->derivation_i && out->at[g].output == line->output)
                group = &out->at[g];
        if (!group) {
            struct group new = {.derivation_i = line->derivation_i,
                                .output = line->output,
                                .rate = line->rate,
                                .has_rate = line->has_rate};
            VEC_PUSH(op->arena, out, new);
            group = &out->at[out->len - 1];
        }
        group->has_rate = group->has_rate && line->has_rate && dec_eq(group->rate, line->rate);
        group->lines++;
        group->amount_minor += line->amount_minor;
    }
}

static struct str group_note(struct op *op, const struct group *group, struct str rows)
{
    struct str count = i18n_format(op->arena, op->lang,
                                   M("{0, plural, one {# line} other {# lines}}"), group->lines);
    if (group->has_rate)
        count = i18n_format(op->arena, op->lang, M("{0} at {1}"), count,
                            i18n_dec(op->arena, op->lang, group->rate));
    return joined(op, rows, count);
}

/* A line's key is that of its rule, or "rule:item". */
static bool is_of_rule(struct str key, struct str rule)
{
    return str_eq(str_cut(&key, ':'), rule);
}

static int64_t stored_minor(const struct try_sum_rows *sums, struct str rule)
{
    int64_t minor = 0;
    for (size_t i = 0; i < sums->len; i++)
        if (is_of_rule(sums->at[i].key, rule))
            minor += sums->at[i].amount_minor;
    return minor;
}

static void set_delta(struct op *op, struct money delta, struct studio__live_line *line)
{
    if (delta.minor == 0)
        return;
    line->delta = i18n_money_delta(op->arena, op->lang, delta);
    line->is_more = delta.minor > 0;
    line->is_less = delta.minor < 0;
}

static void put_line(struct op *op, const struct reward_result *result, const struct group *group,
                     struct str body, int64_t delta, struct studio__live *v)
{
    struct studio__live_line line = {
        .label = group->output->label,
        .note = group_note(op, group, rows_words(op, body)),
        .amount = i18n_amount(op->arena, op->lang, MONEY(group->amount_minor, result->currency))};
    set_delta(op, MONEY(delta, result->currency), &line);
    VEC_PUSH(op->arena, &v->lines, line);
}

/* What is stored of rules that give nothing any more. */
static void put_gone(struct op *op, const struct reward_result *result,
                     const struct try_sum_rows *sums, struct studio__live *v)
{
    for (size_t i = 0; i < sums->len; i++) {
        struct str rest = sums->at[i].key, rule = str_cut(&rest, ':');
        bool is_there = false;
        for (size_t s = 0; s < result->sums.len; s++)
            is_there = is_there || is_of_rule(result->sums.at[s].key, rule);
        if (is_there || !sums->at[i].amount_minor)
            continue;
        struct studio__live_line gone = {
            .label = sums->at[i].key,
            .note = tr(op->lang, M("not given any more")),
            .amount = i18n_amount(op->arena, op->lang, MONEY(0, result->currency))};
        set_delta(op, MONEY(-sums->at[i].amount_minor, result->currency), &gone);
        VEC_PUSH(op->arena, &v->lines, gone);
    }
}

/* A rule's difference stands at its first line. */
static void put_lines(struct op *op, const struct reward_result *result,
                      const struct reward_details *details, const struct try_sum_rows *sums,
                      bool has_stored, struct studio__live *v)
{
    struct groups groups = {0};
    gather(op, details, &groups);
    for (size_t i = 0; i < groups.len && i < LINES_MAX; i++) {
        const struct group *group = &groups.at[i];
        struct str rule = group->output->key;
        bool is_first = has_stored;
        for (size_t g = 0; g < i; g++)
            is_first = is_first && groups.at[g].output != group->output;
        int64_t delta = is_first ? reward_key_minor(result, rule) - stored_minor(sums, rule) : 0;
        put_line(op, result, group, details->derivations.at[group->derivation_i].body, delta, v);
    }
    if (has_stored)
        put_gone(op, result, sums, v);
}

static void put_measures(struct op *op, const struct reward_result *result, struct studio__live *v)
{
    for (size_t i = 0; i < result->measures.len; i++) {
        const struct reward_measure *measure = &result->measures.at[i];
        struct dec number;
        struct str value = measure->value;
        if (dec_parse(value, &number))
            value = str_eq(measure->output->unit, STR("percent"))
                        ? i18n_percent(op->arena, op->lang, number, 1)
                        : i18n_dec(op->arena, op->lang, number);
        struct ui_def def = {.label_text = measure->output->label, .text = value};
        VEC_PUSH(op->arena, &v->measures, def);
    }
    for (size_t i = 0; i < result->warnings.len && i < TROUBLES_MAX; i++) {
        const struct reward_warning *warning = &result->warnings.at[i];
        const char *args[] = {str_c(op->arena, warning->args[0]),
                              str_c(op->arena, warning->args[1]),
                              str_c(op->arena, warning->args[2])};
        struct str text = i18n_format_c(op->arena, op->lang, warning->message, args, LEN(args));
        VEC_PUSH(op->arena, &v->warnings,
                 i18n_format(op->arena, op->lang, M("{0}: {1}"), warning->decision, text));
    }
}

static void put_total(struct op *op, const struct reward_result *result,
                      const struct try_stored *stored, struct studio__live *v)
{
    struct money total = {result->total_minor, result->currency};
    v->total = i18n_money(op->arena, op->lang, total);
    v->events = i18n_format(op->arena, op->lang, M("{0, plural, one {# event} other {# events}}"),
                            result->events);
    if (!stored || !str_eq(stored->currency, str_of(result->currency->code)))
        return;
    struct money old = {stored->total_minor, result->currency};
    struct money delta = {total.minor - old.minor, result->currency};
    v->delta = delta.minor ? i18n_money_delta(op->arena, op->lang, delta)
                           : tr(op->lang, M("no difference"));
    v->is_more = delta.minor > 0;
    v->is_less = delta.minor < 0;
    v->stored =
        i18n_format(op->arena, op->lang, M("stored: {0}"), i18n_money(op->arena, op->lang, old));
}

/* ---- computing ---- */

static enum rc show_result(struct op *op, const struct reward_calculation *calculation,
                           const struct try_contract *contract, struct studio__live *v)
{
    struct reward_details details;
    struct try_stored stored;
    struct try_sum_rows sums = {0};
    const struct reward_result *result = NULL;
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == contract->id)
            result = &calculation->results[i];
    if (!result) {
        v->trouble = tr(op->lang, M("The contract was not in force in that month."));
        return RC_OK;
    }
    TRY(reward_details_of(op, calculation, result, &details));
    enum rc rc = q_try_stored(
        op, &(struct q_try_stored_in){.contract_id = contract->id, .period = v->period}, &stored);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    bool has_stored = rc == RC_OK;
    if (has_stored)
        TRY(q_try_sums(op, &(struct q_try_sums_in){.result_id = stored.id}, &sums));
    put_total(op, result, has_stored ? &stored : NULL, v);
    put_lines(op, result, &details, &sums, has_stored, v);
    put_measures(op, result, v);
    return RC_OK;
}

static enum rc compute(struct op *op, const struct studio_draft *draft, const struct scheme *scheme,
                       const struct try_contract *contract, const struct period *period,
                       struct studio__live *v)
{
    AUTO_ARENA arena = arena_new(ARENA_MAX);
    AUTO_CALCULATION calculation = NULL;
    struct reward_supposition suppositions[] = {
        {.what = REWARD_SUPPOSE_VERSION, .scheme_id = draft->scheme_id, .scheme = scheme},
        {.what = REWARD_SUPPOSE_BOUND, .contract_id = contract->id, .other_id = draft->scheme_id},
    };
    struct reward_ask ask = {.period = *period,
                             .contract_id = contract->id,
                             .suppositions = suppositions,
                             .suppositions_len = v->is_unbound ? 2 : 1};
    TRY(reward_try(op, arena, &ask, &calculation));
    return show_result(op, calculation, contract, v);
}

/* A draft that is wrong has no result; what is wrong is said in words. */
static bool read_draft(struct op *op, const struct studio_draft *draft, const struct scheme **out,
                       struct studio__live *v)
{
    struct fault fault = {.arena = op->arena};
    if (scheme_read(op->arena, draft->xml, &fault, out) == RC_OK)
        return true;
    v->trouble = tr(op->lang, M("There is no result yet, because the draft has problems:"));
    for (size_t i = 0; i < fault.entries_len && i < TROUBLES_MAX; i++) {
        struct str text = i18n_fault(op->arena, op->lang, &fault.entries[i]);
        if (fault.entries[i].field)
            text = i18n_format(op->arena, op->lang, M("{0}: {1}"), str_of(fault.entries[i].field),
                               text);
        VEC_PUSH(op->arena, &v->problems, text);
    }
    return false;
}

static enum rc make(struct op *op, const struct studio_draft *draft, bool is_wanted,
                    struct studio__live *v)
{
    struct try_contract contract;
    struct try_contract_rows bound;
    const struct scheme *scheme = NULL;
    struct period period;
    if (!period_asked(op, v->period, &period)) {
        v->trouble = tr(op->lang, M("This is no month."));
        return RC_OK;
    }
    v->period = period_print(op->arena, period);
    TRY(fill_contracts(op, draft->scheme_id, v));
    if (!v->code.len) {
        v->trouble = tr(op->lang, M("There is no contract to try it on."));
        return RC_OK;
    }
    enum rc rc = q_try_code(op, &(struct q_try_code_in){.code_fold = text_fold(op->arena, v->code)},
                            &contract);
    if (rc == RC_MISSING)
        v->trouble = tr(op->lang, M("There is no such contract."));
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    v->who = contract.partner_name;
    if (!is_wanted || !read_draft(op, draft, &scheme, v))
        return RC_OK;
    TRY(q_try_bound(op, &(struct q_try_bound_in){.scheme_id = draft->scheme_id}, &bound));
    v->is_unbound = !is_bound(&bound, contract.id);
    rc = compute(op, draft, scheme, &contract, &period, v);
    if (rc != RC_INVALID && rc != RC_LIMIT && rc != RC_TOO_LARGE && rc != RC_DENIED)
        return rc;
    v->trouble = op->fault.entries_len ? i18n_fault(op->arena, op->lang, &op->fault.entries[0])
                                       : tr(op->lang, M("This is too much to compute here."));
    fault_clear(&op->fault);
    return RC_OK;
}

static enum rc load(struct op *op, const struct studio_draft *draft, struct str contract,
                    struct str period, bool is_wanted, struct studio__live *v)
{
    *v = (struct studio__live){.path = studio__href(op, draft->id, "/live"),
                               .code = contract.len ? contract : STR(""),
                               .period = period};
    return make(op, draft, is_wanted, v);
}

enum rc studio__live_of(struct req *r, const struct studio_draft *draft, struct str contract,
                        struct str period, struct safe_html *out)
{
    struct studio__live v;
    TRY(load(r->op, draft, contract, period, contract.len > 0, &v));
    v.path = r->path;
    struct studio__live_pane pane = {&v, studio__href(r->op, draft->id, "/live")};
    *out = ui_capture(http_out(r), studio_live_view, &pane);
    return RC_OK;
}

enum rc studio__page_live(struct req *r)
{
    const struct studio__live_query *in = form(r);
    struct studio_draft draft;
    struct studio__live v;
    TRY(studio_get(r->op, path_id(r, "sdr"), &draft));
    TRY(load(r->op, &draft, in->contract, in->period, true, &v));
    return PAGE(r, M("Live result"), studio_live_result, &v);
}
