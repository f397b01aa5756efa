/* Explanations. Nothing is computed again: the derivation says which rules matched and what values
 * were seen; the scheme version, which never changes, gives words and table rows. */
#include "reward/reward_explain.h"

#include "json/json.h"
#include "reward/reward_q.h"

enum { LINES_SHOWN_MAX = 500 };

struct explaining {
    struct op *op;
    struct reward__explanation *out;
    const struct scheme *scheme;
    const struct dmn_element *decision;
    const struct scheme_output *output;
    struct reward_result_row result;
    const struct json_value *derivation, *inputs;
    const struct currency *currency;
    struct dec exact_sum, base_sum;
    struct str common_rate; /* of all lines; absent when they differ */
    bool has_base;
};

const struct scheme_output *reward__output_of(const struct scheme *scheme, struct str key,
                                              struct str *out_item)
{
    *out_item = STR("");
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (str_eq(scheme->outputs[i].key, key))
            return &scheme->outputs[i];
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        struct str rule = scheme->outputs[i].key;
        if (key.len > rule.len && key.at[rule.len] == ':' && str_starts(key, rule)) {
            *out_item = str_sub(key, rule.len + 1, SIZE_MAX);
            return &scheme->outputs[i];
        }
    }
    return NULL;
}

enum rc reward__label(struct op *op, int64_t version_id, struct str key, struct str *out)
{
    struct str item;
    const struct scheme *scheme = NULL;
    TRY(scheme_version_load(op, version_id, &scheme));
    const struct scheme_output *output = reward__output_of(scheme, key, &item);
    *out = output ? output->label : key;
    if (output && item.len > 0)
        *out = str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(output->label), STR_ARG(item));
    return RC_OK;
}

/* ---- scheme ---- */

static const char *rounding_words(enum dec_round mode)
{
    switch (mode) {
    case DEC_HALF_EVEN: return M("Each line is rounded half to even.");
    case DEC_HALF_UP: return M("Each line is rounded half up, away from zero.");
    case DEC_HALF_DOWN: return M("Each line is rounded half down.");
    case DEC_UP: return M("Each line is rounded up, away from zero.");
    case DEC_DOWN: return M("Each line is rounded down, towards zero.");
    case DEC_FLOOR: return M("Each line is rounded to the lower value.");
    case DEC_CEILING: return M("Each line is rounded to the higher value.");
    }
    return NULL;
}

static enum rc load_scheme(struct explaining *e, int64_t version_id)
{
    struct scheme_version version;
    struct scheme_info info;
    TRY(scheme_version_get(e->op, version_id, &version));
    TRY(scheme_get(e->op, version.scheme_id, &info));
    TRY(scheme_version_load(e->op, version_id, &e->scheme));
    for (size_t i = 0; i < e->scheme->outputs_len; i++)
        if (str_eq(e->scheme->outputs[i].key, e->out->key))
            e->output = &e->scheme->outputs[i];
    if (!e->output)
        return RC_MISSING;
    e->decision = dmn_find(e->scheme->model, DMN_DECISION, e->output->decision);
    e->out->label = e->output->label;
    e->out->scheme_name = info.name;
    e->out->scheme_id = info.id;
    e->out->version_number = version.number;
    e->out->valid_from = version.valid_from;
    e->out->description = e->decision->description;
    e->out->rounding = rounding_words(e->output->rounding);
    e->out->scale = e->output->scale >= 0 ? e->output->scale : e->currency->digits;
    return RC_OK;
}

/* ---- tables ---- */

static const char *policy_words(enum dmn_hit_policy policy)
{
    switch (policy) {
    case DMN_UNIQUE: return M("Exactly one rule may fit.");
    case DMN_ANY: return M("All rules that fit agree.");
    case DMN_PRIORITY: return M("The rule with the highest priority counts.");
    case DMN_FIRST: return M("The first rule that fits counts.");
    case DMN_RULE_ORDER:
    case DMN_OUTPUT_ORDER:
    case DMN_COLLECT: return M("All rules that fit count.");
    case DMN_COLLECT_SUM: return M("All rules that fit are added.");
    case DMN_COLLECT_MIN: return M("The lowest of the rules that fit counts.");
    case DMN_COLLECT_MAX: return M("The highest of the rules that fit counts.");
    case DMN_COLLECT_COUNT: return M("The rules that fit are counted.");
    }
    return NULL;
}

static bool is_matched(const struct json_value *matched, size_t rule)
{
    for (size_t i = 0; i < (matched ? matched->len : 0); i++) {
        int64_t n = -1;
        if (json_i64(&matched->items[i], &n) && n == (int64_t)rule)
            return true;
    }
    return false;
}

/* A cell with individual values put in: a dealer knows 4 %, not a name; the unit is that of the
 * attribute it names, else that of the measure its column looks at. */
static struct reward__cell cell_of(const struct explaining *e, struct str text, struct str unit,
                                   bool is_output)
{
    struct reward__cell cell = {.unit = unit, .is_output = is_output};
    struct reward__words words = {0};
    for (size_t i = 0; i < e->scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &e->scheme->attributes[i];
        struct str name = str_join(e->op->arena, STR("terms."), attribute->name);
        reward__words_add(e->op->arena, &words, name,
                          reward__term_of(e->inputs, e->scheme, attribute->name));
        if (reward__names(text, name))
            cell.unit = attribute->unit;
    }
    cell.text = reward__words_put(e->op->arena, &words, text);
    return cell;
}

static struct str unit_of_input(const struct explaining *e, struct str text)
{
    for (size_t i = 0; i < e->scheme->outputs_len; i++)
        if (e->scheme->outputs[i].kind == SCHEME_MEASURE &&
            str_eq(e->scheme->outputs[i].decision, str_trim(text)))
            return e->scheme->outputs[i].unit;
    return STR("");
}

static void add_table(struct explaining *e, const struct json_value *stored)
{
    const struct dmn_element *owner =
        dmn_find(e->scheme->model, DMN_DECISION, json_text(json_get(stored, "owner")));
    const struct dmn_table *table = owner ? owner->table : NULL;
    const struct json_value *inputs = json_get(stored, "inputs");
    struct arena *arena = e->op->arena;
    if (!table)
        return;
    struct reward__table shown = {.name = owner->label.len ? owner->label : owner->name,
                                  .owner = owner->name,
                                  .policy = policy_words(table->hit_policy)};
    shown.heads_len = table->inputs_len + table->outputs_len;
    shown.heads = NEW_ARRAY(arena, struct reward__cell, shown.heads_len);
    for (size_t i = 0; i < table->inputs_len; i++)
        shown.heads[i] = (struct reward__cell){.text = table->inputs[i].label,
                                               .unit = unit_of_input(e, table->inputs[i].text)};
    for (size_t i = 0; i < table->outputs_len; i++) {
        struct str label = table->outputs[i].label.len ? table->outputs[i].label : owner->name;
        shown.heads[table->inputs_len + i] =
            (struct reward__cell){.text = label, .is_output = true};
    }
    shown.seen_len = inputs ? inputs->len : 0;
    shown.seen = NEW_ARRAY(arena, struct str, shown.seen_len);
    for (size_t i = 0; i < shown.seen_len; i++)
        shown.seen[i] = json_text(&inputs->items[i]);
    for (size_t r = 0; r < table->rules_len; r++) {
        struct reward__row row = {.cells = NEW_ARRAY(arena, struct reward__cell, shown.heads_len),
                                  .cells_len = shown.heads_len,
                                  .is_matched = is_matched(json_get(stored, "matched"), r)};
        for (size_t i = 0; i < table->inputs_len; i++)
            row.cells[i] = cell_of(e, table->rules[r].inputs[i], shown.heads[i].unit, false);
        for (size_t i = 0; i < table->outputs_len; i++)
            row.cells[table->inputs_len + i] =
                cell_of(e, table->rules[r].outputs[i], STR(""), true);
        VEC_PUSH(arena, &shown.rows, row);
    }
    VEC_PUSH(arena, &e->out->tables, shown);
}

/* [[line, column, is true], …] */
static void add_ways(struct explaining *e, struct str name, const struct json_value *choices)
{
    struct reward__reasoned reasoned = {.name = name};
    for (size_t i = 0; i < (choices ? choices->len : 0); i++) {
        struct reward__way way;
        const struct json_value *is = json_at(&choices->items[i], 2);
        if (!json_i64(json_at(&choices->items[i], 0), &way.line) ||
            !json_i64(json_at(&choices->items[i], 1), &way.column) || !json_is(is, JSON_BOOL))
            continue;
        way.is_true = is->is_true;
        VEC_PUSH(e->op->arena, &reasoned.ways, way);
    }
    if (reasoned.ways.len > 0)
        VEC_PUSH(e->op->arena, &e->out->reasoned, reasoned);
}

static void add_seen(struct explaining *e)
{
    const struct json_value *seen = json_get(e->derivation, "seen");
    for (size_t i = 0; i < (seen ? seen->len : 0); i++) {
        struct reward__seen s = {json_text(json_get(&seen->items[i], "owner")),
                                 json_text(json_get(&seen->items[i], "text")), 0, 0};
        if (json_i64(json_get(&seen->items[i], "line"), &s.line) &&
            json_i64(json_get(&seen->items[i], "column"), &s.column))
            VEC_PUSH(e->op->arena, &e->out->seen, s);
    }
}

/* Marks the rows that were nearest in tables without a match. */
static void mark_nearest(struct explaining *e)
{
    const struct json_value *nearest = json_get(e->derivation, "nearest");
    for (size_t i = 0; i < (nearest ? nearest->len : 0); i++) {
        struct str owner = json_text(json_get(&nearest->items[i], "owner"));
        const struct json_value *failed = json_get(&nearest->items[i], "failed");
        int64_t rule = -1, input = 0;
        (void)!json_i64(json_get(&nearest->items[i], "rule"), &rule);
        for (size_t t = 0; t < e->out->tables.len; t++) {
            struct reward__table *table = &e->out->tables.at[t];
            if (!str_eq(table->owner, owner) || rule < 0 || (size_t)rule >= table->rows.len)
                continue;
            struct reward__row *row = &table->rows.at[rule];
            row->is_nearest = true;
            for (size_t k = 0; k < (failed ? failed->len : 0); k++)
                if (json_i64(&failed->items[k], &input) && input >= 0 && input < 64)
                    row->failed |= (uint64_t)1 << input;
        }
    }
}

static void add_steps(struct explaining *e)
{
    const struct json_value *steps = json_get(e->derivation, "steps");
    add_ways(e, json_text(json_get(e->derivation, "output")), json_get(e->derivation, "choices"));
    for (size_t i = 0; i < (steps ? steps->len : 0); i++) {
        const struct json_value *step = &steps->items[i];
        const struct json_value *tables = json_get(step, "tables");
        struct reward__value value = {json_text(json_get(step, "name")),
                                      json_text(json_get(step, "value"))};
        VEC_PUSH(e->op->arena, &e->out->values, value);
        add_ways(e, value.name, json_get(step, "choices"));
        for (size_t k = 0; k < (tables ? tables->len : 0); k++)
            add_table(e, &tables->items[k]);
    }
    add_seen(e);
    mark_nearest(e);
}

/* ---- lines ---- */

static enum rc add_event(struct explaining *e, struct reward__explained_line *line)
{
    struct reward_name_row name;
    AUTO_EVENT_SCAN scan = NULL;
    const struct event_batch *batch = NULL;
    TRY(event_scan_open(e->op, &(struct event_filter){.event_seq = line->event_seq}, &scan));
    enum rc rc = event_scan_next(scan, &batch);
    if (rc == RC_MISSING)
        return RC_OK;
    TRY(rc);
    line->external_id = str_dup(e->op->arena, batch->external_id[0]);
    line->product = line->customer = STR("");
    if (q_reward_product_name(e->op, &(struct q_reward_product_name_in){batch->product_id[0]},
                              &name) == RC_OK)
        line->product = name.name;
    if (q_reward_customer_name(e->op, &(struct q_reward_customer_name_in){batch->customer_id[0]},
                               &name) == RC_OK)
        line->customer = name.name;
    return RC_OK;
}

static void add_line(struct explaining *e, const struct reward_line_row *row)
{
    struct arena *arena = e->op->arena;
    struct reward__explained_line line = {.id = row->id,
                                          .event_seq = row->event_seq,
                                          .occurred_at = row->occurred_at,
                                          .amount = MONEY(row->amount_minor, e->currency)};
    struct dec base, exact;
    int64_t minor = 0;
    if (dec_parse(row->base, &base)) {
        e->base_sum = dec_add(e->base_sum, base);
        if (dec_to_scaled(base, e->currency->digits, DEC_HALF_UP, &minor))
            line.base = MONEY(minor, e->currency);
    } else {
        e->has_base = false;
    }
    if (dec_parse(row->exact, &exact))
        e->exact_sum = dec_add(e->exact_sum, exact);
    if (e->out->lines_len == 0)
        e->common_rate = str_dup(arena, row->rate);
    else if (!str_eq(e->common_rate, row->rate))
        e->common_rate = STR_NONE;
    e->out->amount.minor += row->amount_minor;
    if (e->out->lines_len++ >= LINES_SHOWN_MAX)
        return;
    line.rate = str_dup(arena, row->rate);
    line.exact = str_dup(arena, row->exact);
    line.note = str_dup(arena, row->note);
    VEC_PUSH(arena, &e->out->lines, line);
}

static enum rc add_lines(struct explaining *e, int64_t line_id)
{
    struct reward_line_row row;
    e->has_base = true;
    if (line_id != 0) {
        TRY(q_reward_line(e->op, &(struct q_reward_line_in){line_id}, &row));
        if (row.derivation_id != e->out->derivation_id)
            return RC_MISSING;
        add_line(e, &row);
        return RC_OK;
    }
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_lines_of_derivation_open(
        e->op, &(struct q_reward_lines_of_derivation_in){e->out->derivation_id}, &cursor));
    enum rc rc;
    while ((rc = q_reward_lines_of_derivation_next(&cursor, &row)) == RC_OK)
        add_line(e, &row);
    return rc == RC_MISSING ? RC_OK : rc;
}

/* What came out alike is one: the event shown is the first of them. */
static void add_nothing(struct explaining *e, const struct reward_aside_row *aside)
{
    struct reward__explained_line line = {.event_seq = aside->event_seq,
                                          .occurred_at = aside->occurred_at,
                                          .amount = MONEY(0, e->currency),
                                          .exact = STR("0"),
                                          .note = STR(""),
                                          .rate = STR("")};
    e->out->is_nothing = true;
    e->out->times = aside->times;
    if (aside->event_seq != 0)
        VEC_PUSH(e->op->arena, &e->out->lines, line);
}

/* Of a derivation that gave no part of the total. */
static enum rc add_asides(struct explaining *e)
{
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    struct reward_aside_row row;
    TRY(q_reward_asides_of_derivation_open(
        e->op, &(struct q_reward_asides_of_derivation_in){e->out->derivation_id}, &cursor));
    while ((rc = q_reward_asides_of_derivation_next(&cursor, &row)) == RC_OK) {
        if (row.kind == REWARD_NOTHING)
            add_nothing(e, &row);
        else
            add_line(e, &(struct reward_line_row){.event_seq = row.event_seq,
                                                  .occurred_at = row.occurred_at,
                                                  .base = row.base,
                                                  .rate = row.rate,
                                                  .exact = row.exact,
                                                  .amount_minor = row.amount_minor,
                                                  .note = row.note});
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc add_events(struct explaining *e, size_t events_max)
{
    for (size_t i = 0; i < e->out->lines.len && i < events_max; i++)
        if (e->out->lines.at[i].event_seq != 0)
            TRY(add_event(e, &e->out->lines.at[i]));
    return RC_OK;
}

static enum rc add_before(struct explaining *e)
{
    struct period period;
    struct reward_key_sum sum;
    struct reward_id_row before;
    if (!period_parse(e->result.period, 0, &period))
        return RC_OK;
    struct str name = period_print(e->op->arena, period_step(period, -1));
    enum rc rc = q_reward_result_of_period(
        e->op, &(struct q_reward_result_of_period_in){e->result.contract_id, name}, &before);
    if (rc == RC_MISSING)
        return RC_OK;
    TRY(rc);
    TRY(q_reward_key_sum(e->op, &(struct q_reward_key_sum_in){before.id, e->out->key}, &sum));
    if (sum.lines > 0)
        e->out->before = MONEY(sum.amount_minor, e->currency);
    return RC_OK;
}

/* A result of an earlier version of the program knows only those outside. */
static void read_uncounted(struct explaining *e)
{
    const struct json_value *counts = NULL;
    struct json_limits limits = {.bytes_max = 4096};
    struct reward_uncounted *n = &e->out->uncounted;
    (void)!json_i64(json_get(e->inputs, "events_outside"), &n->outside);
    if (e->result.not_counted.len == 0 ||
        json_parse(e->op->arena, e->result.not_counted, limits, &counts, NULL) != RC_OK)
        return;
    (void)!json_i64(json_get(counts, "suspended"), &n->suspended);
    (void)!json_i64(json_get(counts, "voided"), &n->voided);
    (void)!json_i64(json_get(counts, "unbound"), &n->unbound);
}

enum rc reward__explain(struct op *op, int64_t derivation_id, int64_t line_id, size_t events_max,
                        struct reward__explanation *out)
{
    struct reward_derivation_row row;
    struct explaining e = {.op = op, .out = out};
    int64_t version_id = 0;
    *out = (struct reward__explanation){.derivation_id = derivation_id, .line_id = line_id};
    TRY(q_reward_derivation(op, &(struct q_reward_derivation_in){derivation_id}, &row));
    TRY(q_reward_result(op, &(struct q_reward_result_in){row.result_id}, &e.result));
    out->result_id = row.result_id;
    out->key = row.key;
    e.currency = currency_find(e.result.currency);
    out->amount = MONEY(0, e.currency);
    e.exact_sum = e.base_sum = dec_from_i64(0);
    struct json_limits limits = {.bytes_max = 16 << 20, .values_max = 1 << 20};
    if (json_parse(op->arena, row.body, limits, &e.derivation, NULL) != RC_OK ||
        json_parse(op->arena, e.result.inputs, limits, &e.inputs, NULL) != RC_OK ||
        !json_i64(json_get(e.derivation, "version"), &version_id))
        return RC_BROKEN;
    (void)!json_i64(json_get(e.inputs, "events"), &out->events);
    read_uncounted(&e);
    TRY(load_scheme(&e, version_id));
    TRY(add_lines(&e, line_id));
    if (out->lines_len == 0)
        TRY(add_asides(&e));
    out->exact = dec_print(op->arena, e.exact_sum);
    out->base = e.has_base && out->lines_len > 0 ? dec_print(op->arena, e.base_sum) : STR("");
    out->rate = e.common_rate.at ? e.common_rate : STR("");
    out->scheme = e.scheme;
    out->output = e.output;
    out->inputs = e.inputs;
    out->reversal = json_get(e.derivation, "reversal");
    add_steps(&e);
    TRY(add_events(&e, events_max));
    return add_before(&e);
}
