/* See reward_tier.h. Reading formulas as text is enough here: names in a checked scheme are known,
 * and a formula that is more than a product is simply not scaled. */
#include "reward/reward_tier.h"

#include <ctype.h>

enum { TEXT_MAX = 64 << 10 };

/* ---- words in the place of names ---- */

static bool is_name_char(char c)
{
    return c == '_' || isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool stands_at(struct str text, size_t at, struct str name)
{
    if (!str_starts(str_sub(text, at, SIZE_MAX), name))
        return false;
    size_t end = at + name.len;
    return (at == 0 || !is_name_char(text.at[at - 1])) &&
           (end == text.len || !is_name_char(text.at[end]));
}

bool reward__names(struct str text, struct str name)
{
    for (size_t at = str_find(text, name, 0); at != SIZE_MAX; at = str_find(text, name, at + 1))
        if (stands_at(text, at, name))
            return true;
    return false;
}

void reward__words_add(struct arena *arena, struct reward__words *words, struct str name,
                       struct str value)
{
    if (name.len > 0 && value.at)
        VEC_PUSH(arena, words, ((struct reward__word){name, value}));
}

static const struct reward__word *word_at(const struct reward__words *words, struct str text,
                                          size_t at)
{
    const struct reward__word *best = NULL;
    for (size_t i = 0; i < words->len; i++)
        if ((!best || words->at[i].name.len > best->name.len) &&
            stands_at(text, at, words->at[i].name))
            best = &words->at[i];
    return best;
}

struct str reward__words_put(struct arena *arena, const struct reward__words *words,
                             struct str text)
{
    AUTO_BUF out = BUF(TEXT_MAX);
    bool is_string = false;
    for (size_t at = 0; at < text.len;) {
        const struct reward__word *found = is_string ? NULL : word_at(words, text, at);
        is_string ^= text.at[at] == '"';
        if (found) {
            buf_put(&out, found->value);
            at += found->name.len;
            continue;
        }
        buf_char(&out, text.at[at++]);
    }
    return out.is_over ? text : str_dup(arena, buf_str(&out));
}

/* ---- formulas ---- */

/* Where the value that begins at `from` ends: at a comma or bracket of its own level. */
static size_t value_end(struct str text, size_t from)
{
    int depth = 0;
    size_t end = from;
    for (; end < text.len; end++) {
        char c = text.at[end];
        if (depth == 0 && (c == ',' || c == '}'))
            break;
        depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    }
    return end;
}

struct str reward__amount_text(struct str text)
{
    struct str trimmed = str_trim(text), loop = STR("return {");
    size_t context = str_starts(trimmed, STR("{")) ? 0 : str_find(trimmed, loop, 0);
    if (context == SIZE_MAX)
        return trimmed;
    size_t at = str_find(trimmed, STR("amount:"), context);
    if (at == SIZE_MAX)
        return trimmed;
    size_t from = at + STR("amount:").len;
    return str_trim(str_sub(trimmed, from, value_end(trimmed, from) - from));
}

static bool is_factor(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_name_char(text.at[i]) && text.at[i] != ' ' && text.at[i] != '.')
            return false;
    return text.len > 0;
}

bool reward__factors(struct arena *arena, struct str amount, struct str_list *out)
{
    while (amount.at) {
        struct str factor = str_trim(str_cut(&amount, '*'));
        if (!is_factor(factor))
            return false;
        VEC_PUSH(arena, out, factor);
    }
    return out->len > 0;
}

static struct str fallback_of(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return scheme->attributes[i].fallback;
    return STR_NONE;
}

struct str reward__term_of(const struct json_value *inputs, const struct scheme *scheme,
                           struct str name)
{
    const struct json_value *segments = json_get(inputs, "segments");
    for (size_t i = segments ? segments->len : 0; i > 0; i--) {
        const struct json_value *terms = json_get(&segments->items[i - 1], "terms");
        for (size_t k = 0; k < (terms ? terms->len : 0); k++)
            if (str_eq(terms->members[k].key, name))
                return json_text(&terms->members[k].value);
    }
    return fallback_of(scheme, name);
}

/* Does the text, or a table, name an attribute in percent? */
static bool names_percent(const struct scheme *scheme, struct arena *arena, struct str text)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].unit, STR("percent")) &&
            reward__names(text, str_join(arena, STR("terms."), scheme->attributes[i].name)))
            return true;
    return false;
}

static bool element_is_percent(const struct scheme *scheme, struct arena *arena,
                               const struct dmn_element *element, int depth)
{
    enum { DEPTH_MAX = 8 };
    const struct dmn_table *table = element->table;
    if (names_percent(scheme, arena, element->text.at ? element->text : STR("")))
        return true;
    for (size_t r = 0; r < (table ? table->rules_len : 0); r++)
        for (size_t i = 0; i < table->outputs_len; i++)
            if (names_percent(scheme, arena, table->rules[r].outputs[i]))
                return true;
    for (size_t i = 0; i < element->requires_len && depth < DEPTH_MAX; i++)
        if (element->requires[i] -> kind == DMN_DECISION &&
                                        element_is_percent(scheme, arena, element->requires[i],
                                                           depth + 1))
            return true;
    return false;
}

bool reward__is_percent(const struct scheme *scheme, struct str decision)
{
    AUTO_ARENA arena = arena_new(0);
    const struct dmn_element *element = dmn_find(scheme->model, DMN_DECISION, decision);
    return element && element_is_percent(scheme, arena, element, 0);
}

/* ---- cells ---- */

static bool compared(struct str cell, struct reward__bounds *out)
{
    static const struct {
        const char *sign;
        bool is_from, is_to, is_open;
    } signs[] = {{">=", true, false, false},
                 {"<=", false, true, false},
                 {">", true, false, true},
                 {"<", false, true, true},
                 {"", true, true, false}};
    for (size_t i = 0; i < LEN(signs); i++) {
        struct str sign = str_of(signs[i].sign);
        struct dec number;
        if (!str_starts(cell, sign) ||
            !dec_parse(str_trim(str_sub(cell, sign.len, SIZE_MAX)), &number))
            continue;
        *out = (struct reward__bounds){.has_from = signs[i].is_from,
                                       .has_to = signs[i].is_to,
                                       .is_from_open = signs[i].is_open,
                                       .is_to_open = signs[i].is_open,
                                       .from = number,
                                       .to = number};
        return true;
    }
    return false;
}

static bool ranged(struct str cell, struct reward__bounds *out)
{
    size_t dots = str_find(cell, STR(".."), 0);
    if (cell.len < 5 || dots == SIZE_MAX)
        return false;
    char first = cell.at[0], last = cell.at[cell.len - 1];
    struct reward__bounds found = {.has_from = true,
                                   .has_to = true,
                                   .is_from_open = first == '(' || first == ']',
                                   .is_to_open = last == ')' || last == '['};
    if (!dec_parse(str_trim(str_sub(cell, 1, dots - 1)), &found.from) ||
        !dec_parse(str_trim(str_sub(cell, dots + 2, cell.len - dots - 3)), &found.to))
        return false;
    *out = found;
    return true;
}

bool reward__bounds(struct str cell, struct reward__bounds *out)
{
    cell = str_trim(cell);
    return compared(cell, out) || ranged(cell, out);
}

/* ---- the next tier ---- */

struct finding {
    struct arena *arena;
    const struct reward__tier_in *in;
    const struct dmn_element *table_of; /* the decision whose table is looked at */
    struct str seen;
    size_t column;
    int64_t row; /* that matched */
};

static struct str with_terms(const struct finding *f, struct str cell)
{
    const struct scheme *scheme = f->in->scheme;
    struct reward__words words = {0};
    for (size_t i = 0; i < scheme->attributes_len; i++)
        reward__words_add(f->arena, &words,
                          str_join(f->arena, STR("terms."), scheme->attributes[i].name),
                          reward__term_of(f->in->inputs, scheme, scheme->attributes[i].name));
    return reward__words_put(f->arena, &words, cell);
}

static struct str unit_of_cell(const struct finding *f, struct str cell)
{
    const struct scheme *scheme = f->in->scheme;
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (reward__names(cell, str_join(f->arena, STR("terms."), scheme->attributes[i].name)))
            return scheme->attributes[i].unit;
    return STR("");
}

/* The table's values in a stored derivation; NULL when it was not evaluated there. */
static const struct json_value *table_in(const struct finding *f, struct str derivation)
{
    const struct json_value *json = NULL;
    struct json_limits limits = {.bytes_max = 1 << 20};
    if (json_parse(f->arena, derivation, limits, &json, NULL) != RC_OK)
        return NULL;
    const struct json_value *steps = json_get(json, "steps");
    for (size_t i = 0; i < (steps ? steps->len : 0); i++) {
        const struct json_value *table = json_at(json_get(&steps->items[i], "tables"), 0);
        if (str_eq(json_text(json_get(table, "owner")), f->table_of->name))
            return table;
    }
    return NULL;
}

/* All lines must have seen the same value and row: then it is of the period. */
static bool is_common(struct finding *f)
{
    struct str before = STR_NONE;
    for (size_t i = 0; i < f->in->lines.len; i++) {
        struct str derivation = f->in->lines.at[i].derivation;
        int64_t row = -1;
        if (before.at == derivation.at && before.len == derivation.len)
            continue;
        const struct json_value *table = table_in(f, derivation);
        const struct json_value *matched = json_get(table, "matched");
        struct str seen = json_text(json_at(json_get(table, "inputs"), f->column));
        if (!seen.at || !matched || matched->len != 1 || !json_i64(json_at(matched, 0), &row))
            return false;
        if (before.at && (!str_eq(seen, f->seen) || row != f->row))
            return false;
        f->seen = seen;
        f->row = row;
        before = derivation;
    }
    return before.at != NULL;
}

static bool other_cells_agree(const struct finding *f, const struct dmn_rule *rule,
                              const struct dmn_rule *matched)
{
    for (size_t i = 0; i < f->table_of->table->inputs_len; i++)
        if (i != f->column && !str_eq(rule->inputs[i], matched->inputs[i]))
            return false;
    return true;
}

static bool is_nearer(const struct finding *f, const struct dmn_rule *rule,
                      struct reward__tier *tier, bool has_one)
{
    struct reward__bounds bounds;
    struct dec next;
    if (!reward__bounds(with_terms(f, rule->inputs[f->column]), &bounds) || !bounds.has_from ||
        !dec_parse(with_terms(f, rule->outputs[0]), &next))
        return false;
    if (dec_cmp(bounds.from, tier->seen) <= 0 || dec_cmp(next, tier->value) <= 0)
        return false;
    if (has_one && dec_cmp(bounds.from, tier->bound) >= 0)
        return false;
    tier->bound = bounds.from;
    tier->next = next;
    tier->input_unit = unit_of_cell(f, rule->inputs[f->column]);
    tier->result_unit = unit_of_cell(f, rule->outputs[0]);
    return true;
}

/* What the lines would have come to with the other value as factor. */
static void add_money(const struct finding *f, struct str amount, struct reward__tier *tier)
{
    const struct scheme_output *output = f->in->output;
    int digits = f->in->currency->digits, scale = output->scale >= 0 ? output->scale : digits;
    struct str_list factors = {0};
    size_t times = 0;
    int64_t minor = 0;
    if (!reward__factors(f->arena, amount, &factors) || dec_is_zero(tier->value))
        return;
    for (size_t i = 0; i < factors.len; i++)
        times += str_eq(factors.at[i], f->table_of->name) ? 1 : 0;
    if (times != 1)
        return;
    for (size_t i = 0; i < f->in->lines.len; i++) {
        struct dec exact = dec_div(dec_mul(f->in->lines.at[i].exact, tier->next), tier->value);
        if (!dec_to_scaled(dec_round(exact, scale, output->rounding), digits, output->rounding,
                           &minor) ||
            __builtin_add_overflow(tier->then_minor, minor, &tier->then_minor))
            return;
        tier->now_minor += f->in->lines.at[i].amount_minor;
    }
    tier->has_money = true;
}

static bool next_in_table(struct finding *f, struct str amount, struct reward__tier *out)
{
    const struct dmn_table *table = f->table_of->table;
    bool has_one = false;
    struct reward__tier tier = {.table = f->table_of->name,
                                .input = table->inputs[f->column].label,
                                .result = table->outputs[0].label};
    if (!is_common(f) || f->row < 0 || f->row >= (int64_t)table->rules_len ||
        !dec_parse(f->seen, &tier.seen) ||
        !dec_parse(with_terms(f, table->rules[f->row].outputs[0]), &tier.value))
        return false;
    for (size_t r = 0; r < table->rules_len; r++)
        if ((int64_t)r != f->row && other_cells_agree(f, &table->rules[r], &table->rules[f->row]) &&
            is_nearer(f, &table->rules[r], &tier, has_one))
            has_one = true;
    if (!has_one)
        return false;
    tier.missing = dec_sub(tier.bound, tier.seen);
    if (!tier.result.len)
        tier.result = f->table_of->name;
    add_money(f, amount, &tier);
    *out = tier;
    return true;
}

bool reward__tier_next(struct arena *arena, const struct reward__tier_in *in,
                       struct reward__tier *out)
{
    const struct dmn_model *model = in->scheme->model;
    const struct dmn_element *decision = dmn_find(model, DMN_DECISION, in->output->decision);
    const struct dmn_element *event = dmn_find(model, DMN_INPUT, STR("event"));
    if (!decision || !decision->text.at || in->lines.len == 0)
        return false;
    struct str amount = reward__amount_text(decision->text);
    for (size_t i = 0; i < decision->requires_len; i++) {
        const struct dmn_element *needed = decision->requires[i];
        bool is_of_event = event && dmn_depends(model, needed, event);
        if (needed->kind != DMN_DECISION || !needed->table || needed->table->outputs_len != 1 ||
            is_of_event)
            continue;
        for (size_t c = 0; c < needed->table->inputs_len; c++) {
            struct finding finding = {
                .arena = arena, .in = in, .table_of = needed, .column = c, .row = -1};
            if (next_in_table(&finding, amount, out))
                return true;
        }
    }
    return false;
}
