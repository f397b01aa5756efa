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

enum rc reward__label(struct op *op, int64_t version_id, struct str key, struct str *out)
{
    const struct scheme *scheme = NULL;
    TRY(scheme_version_load(op, version_id, &scheme));
    *out = key;
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (str_eq(scheme->outputs[i].key, key))
            *out = scheme->outputs[i].label;
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

/* "terms.beverages rate" is shown with its value: a dealer knows 4 %, not a name. */
static struct str term_value(const struct explaining *e, struct str name)
{
    const struct json_value *segments = json_get(e->inputs, "segments");
    for (size_t i = 0; i < (segments ? segments->len : 0); i++) {
        const struct json_value *terms = json_get(&segments->items[i], "terms");
        for (size_t k = 0; k < (terms ? terms->len : 0); k++)
            if (str_eq(terms->members[k].key, name))
                return json_text(&terms->members[k].value);
    }
    return STR_NONE;
}

static bool is_name_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* Is `name` at `at` of the text, standing alone? */
static bool stands_at(struct str text, size_t at, struct str name)
{
    if (!str_starts(str_sub(text, at, SIZE_MAX), name))
        return false;
    size_t end = at + name.len;
    return (at == 0 || !is_name_char(text.at[at - 1])) &&
           (end == text.len || !is_name_char(text.at[end]));
}

struct substitution {
    struct str name, value;
};
struct substitutions {
    struct substitution *at;
    size_t len, cap;
};

/* The longest name that stands there. */
static const struct substitution *find_at(const struct substitutions *list, struct str text,
                                          size_t at)
{
    const struct substitution *best = NULL;
    for (size_t i = 0; i < list->len; i++)
        if (stands_at(text, at, list->at[i].name) &&
            (!best || list->at[i].name.len > best->name.len))
            best = &list->at[i];
    return best;
}

static struct str substitute(struct arena *arena, const struct substitutions *list, struct str text)
{
    AUTO_BUF out = BUF(64 << 10);
    bool is_string = false;
    for (size_t at = 0; at < text.len;) {
        const struct substitution *found = is_string ? NULL : find_at(list, text, at);
        if (text.at[at] == '"')
            is_string = !is_string;
        if (found) {
            buf_put(&out, found->value);
            at += found->name.len;
            continue;
        }
        buf_char(&out, text.at[at++]);
    }
    return str_dup(arena, buf_str(&out));
}

static void add_substitution(struct arena *arena, struct substitutions *list, struct str name,
                             struct str value)
{
    if (name.len > 0 && value.at)
        VEC_PUSH(arena, list, ((struct substitution){name, value}));
}

static void add_terms(const struct explaining *e, struct substitutions *list)
{
    for (size_t i = 0; i < e->scheme->attributes_len; i++) {
        struct str name = e->scheme->attributes[i].name;
        add_substitution(e->op->arena, list, str_join(e->op->arena, STR("terms."), name),
                         term_value(e, name));
    }
}

static void add_table(struct explaining *e, const struct json_value *stored)
{
    const struct dmn_element *owner =
        dmn_find(e->scheme->model, DMN_DECISION, json_text(json_get(stored, "owner")));
    const struct dmn_table *table = owner ? owner->table : NULL;
    const struct json_value *inputs = json_get(stored, "inputs");
    struct arena *arena = e->op->arena;
    struct substitutions terms = {0};
    if (!table)
        return;
    add_terms(e, &terms);
    struct reward__table shown = {.name = owner->name, .policy = policy_words(table->hit_policy)};
    shown.heads_len = table->inputs_len + table->outputs_len;
    shown.heads = NEW_ARRAY(arena, struct reward__cell, shown.heads_len);
    for (size_t i = 0; i < table->inputs_len; i++)
        shown.heads[i].text = table->inputs[i].label;
    for (size_t i = 0; i < table->outputs_len; i++) {
        struct str label = table->outputs[i].label.len ? table->outputs[i].label : owner->name;
        shown.heads[table->inputs_len + i] = (struct reward__cell){label, true};
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
            row.cells[i].text = substitute(arena, &terms, table->rules[r].inputs[i]);
        for (size_t i = 0; i < table->outputs_len; i++)
            row.cells[table->inputs_len + i] =
                (struct reward__cell){substitute(arena, &terms, table->rules[r].outputs[i]), true};
        VEC_PUSH(arena, &shown.rows, row);
    }
    VEC_PUSH(arena, &e->out->tables, shown);
}

static void add_steps(struct explaining *e)
{
    const struct json_value *steps = json_get(e->derivation, "steps");
    for (size_t i = 0; i < (steps ? steps->len : 0); i++) {
        const struct json_value *step = &steps->items[i];
        const struct json_value *tables = json_get(step, "tables");
        struct reward__value value = {json_text(json_get(step, "name")),
                                      json_text(json_get(step, "value"))};
        VEC_PUSH(e->op->arena, &e->out->values, value);
        for (size_t k = 0; k < (tables ? tables->len : 0); k++)
            add_table(e, &tables->items[k]);
    }
}

/* ---- formula ---- */

/* Of "{amount: X, base: …}" the X; another text as it is. */
static struct str amount_part(struct str text)
{
    size_t at = str_find(text, STR("amount:"), 0);
    if (!str_starts(str_trim(text), STR("{")) || at == SIZE_MAX)
        return str_trim(text);
    int depth = 0;
    size_t from = at + strlen("amount:"), end = from;
    for (; end < text.len; end++) {
        char c = text.at[end];
        if (depth == 0 && (c == ',' || c == '}'))
            break;
        depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    }
    return str_trim(str_sub(text, from, end - from));
}

/* For people: × and ÷ in place of * and /. */
static struct str with_signs(struct arena *arena, struct str text)
{
    AUTO_BUF out = BUF(64 << 10);
    bool is_string = false;
    for (size_t i = 0; i < text.len; i++) {
        is_string ^= text.at[i] == '"';
        if (!is_string && text.at[i] == '*')
            buf_put(&out, STR("×"));
        else if (!is_string && text.at[i] == '/')
            buf_put(&out, STR("÷"));
        else
            buf_char(&out, text.at[i]);
    }
    return str_dup(arena, buf_str(&out));
}

/* Of one rate and a known base the sum of many lines can be shown like one line. */
static void add_event_values(const struct explaining *e, struct substitutions *list)
{
    struct arena *arena = e->op->arena;
    if (e->has_base) {
        struct str base = dec_print(arena, e->base_sum);
        add_substitution(arena, list, STR("event.credit.net"), base);
        add_substitution(arena, list, STR("event.net"), base);
        add_substitution(arena, list, STR("d.rewards.own"), base);
    }
}

static void make_formula(struct explaining *e)
{
    struct arena *arena = e->op->arena;
    struct substitutions list = {0};
    if (!e->decision->text.at)
        return;
    struct str amount = amount_part(e->decision->text);
    e->out->formula = with_signs(arena, amount);
    add_terms(e, &list);
    for (size_t i = 0; i < e->out->values.len; i++)
        add_substitution(arena, &list, e->out->values.at[i].name, e->out->values.at[i].value);
    add_event_values(e, &list);
    if (e->has_base && e->common_rate.len > 0)
        e->out->with_values =
            str_printf(arena, STR_FMT " × " STR_FMT, STR_ARG(dec_print(arena, e->base_sum)),
                       STR_ARG(e->common_rate));
    else if (e->out->lines_len == 1)
        e->out->with_values = with_signs(arena, substitute(arena, &list, amount));
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
                                          .rate = str_dup(arena, row->rate),
                                          .exact = str_dup(arena, row->exact),
                                          .note = str_dup(arena, row->note),
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
        e->common_rate = line.rate;
    else if (!str_eq(e->common_rate, line.rate))
        e->common_rate = STR_NONE;
    e->out->amount.minor += row->amount_minor;
    if (e->out->lines_len++ < LINES_SHOWN_MAX)
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

static enum rc add_events(struct explaining *e)
{
    for (size_t i = 0; i < e->out->lines.len; i++)
        if (e->out->lines.at[i].event_seq != 0)
            TRY(add_event(e, &e->out->lines.at[i]));
    return RC_OK;
}

static enum rc add_before(struct explaining *e)
{
    struct period period;
    struct reward_key_sum sum;
    if (!period_parse(e->result.period, 0, &period))
        return RC_OK;
    TRY(q_reward_key_before(e->op,
                            &(struct q_reward_key_before_in){
                                e->result.contract_id,
                                period_print(e->op->arena, period_step(period, -1)), e->out->key},
                            &sum));
    if (sum.lines > 0)
        e->out->before = MONEY(sum.amount_minor, e->currency);
    return RC_OK;
}

enum rc reward__explain(struct op *op, int64_t derivation_id, int64_t line_id,
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
    (void)!json_i64(json_get(e.inputs, "events_outside"), &out->events_outside);
    TRY(load_scheme(&e, version_id));
    TRY(add_lines(&e, line_id));
    out->exact = dec_print(op->arena, e.exact_sum);
    add_steps(&e);
    make_formula(&e);
    TRY(add_events(&e));
    return add_before(&e);
}
