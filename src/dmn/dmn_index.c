/* Tables that find their rules without trying each: the cells of a column, when they are constants
 * of one kind, cut its values into stretches, and each stretch has the set of rules that take it.
 * A value is looked up by halving and the sets of the columns are intersected.
 *
 * What is given must be what the tests one by one would give, warnings too. So only columns left of
 * the first cell that is no constant are looked up (a test that is not reached cannot warn), and
 * only values of the column's kind (others, and null, are left to the tests). */
#include "dmn/dmn_int.h"

enum { INDEX_RULES_MIN = 4, INDEX_WORDS_MAX = 1 << 20 };

static bool is_kind(uint8_t kind)
{
    return kind == FEEL_NUMBER || kind == FEEL_STRING || kind == FEEL_BOOL || kind == FEEL_DATE ||
           kind == FEEL_DAYS || kind == FEEL_MONTHS;
}

static int by_order(const void *a, const void *b)
{
    const struct feel_value *x = a, *y = b;
    int order = 0;
    if (x->kind == FEEL_BOOL)
        return (int)x->is - (int)y->is;
    return feel_order(x, y, &order) ? order : 0;
}

static bool has_low(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_BELOW;
}

static bool has_high(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_ABOVE && r->form != FEEL_RANGE_EQUAL;
}

struct column {
    struct feel_accepted *cells; /* by rule; `at` NULL: whatever comes */
    struct feel_value *points;
    size_t points_len;
    uint8_t kind;
};

/* Truth values have no order; a range of them means nothing. */
static bool take_point(struct column *c, const struct feel_range *r, const struct feel_value *v)
{
    if (!c->kind && is_kind(v->kind))
        c->kind = v->kind;
    if (v->kind != c->kind || (c->kind == FEEL_BOOL && r->form != FEEL_RANGE_EQUAL))
        return false;
    c->points[c->points_len++] = *v;
    return true;
}

static bool take_points(struct column *c, size_t rules_len)
{
    for (size_t rule = 0; rule < rules_len; rule++)
        for (size_t i = 0; c->cells[rule].at && i < c->cells[rule].len; i++) {
            const struct feel_range *r = &c->cells[rule].at[i];
            if ((has_low(r) && !take_point(c, r, &r->low)) ||
                (has_high(r) && !take_point(c, r, &r->high)))
                return false;
        }
    return true;
}

static size_t lower_bound(const struct feel_value *points, size_t len,
                          const struct feel_value *value)
{
    size_t low = 0;
    while (low < len) {
        size_t middle = (low + len) / 2;
        if (by_order(&points[middle], value) < 0)
            low = middle + 1;
        else
            len = middle;
    }
    return low;
}

static void sort_points(struct column *c)
{
    size_t kept = 0;
    if (c->points_len)
        qsort(c->points, c->points_len, sizeof(*c->points), by_order);
    for (size_t i = 0; i < c->points_len; i++)
        if (kept == 0 || by_order(&c->points[kept - 1], &c->points[i]) != 0)
            c->points[kept++] = c->points[i];
    c->points_len = kept;
}

static void put_rule(struct dmn__index *index, size_t words, size_t rule, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++)
        index->rules[i * words + rule / 64] |= UINT64_C(1) << (rule % 64);
}

/* Stretch 2i lies below point i, 2i + 1 is the point. */
static void put_cell(struct dmn__index *index, size_t words, size_t rule,
                     const struct feel_accepted *cell)
{
    size_t last = 2 * index->points_len;
    if (!cell->at)
        put_rule(index, words, rule, 0, last);
    for (size_t i = 0; cell->at && i < cell->len; i++) {
        const struct feel_range *r = &cell->at[i];
        size_t from = 0, to = last;
        if (has_low(r))
            from = 2 * lower_bound(index->points, index->points_len, &r->low) + 1 + !r->has_low;
        if (r->form == FEEL_RANGE_EQUAL)
            to = from;
        else if (has_high(r))
            to = 2 * lower_bound(index->points, index->points_len, &r->high) + r->has_high;
        put_rule(index, words, rule, from, to);
    }
}

/* False when the column cannot be looked up. */
static bool index_column(struct dmn__reader *r, const struct dmn__table *compiled, size_t at,
                         size_t words, size_t *words_left, struct dmn__index *out)
{
    const struct dmn_table *table = compiled->table;
    struct column c = {.cells = NEW_ARRAY(r->arena, struct feel_accepted, table->rules_len)};
    size_t count = 0;
    for (size_t rule = 0; rule < table->rules_len; rule++) {
        const struct dmn__cell *cell = &compiled->cells[rule * table->inputs_len + at];
        if (cell->is_any)
            continue;
        if (!feel_accepts(r->arena, cell->node, &c.cells[rule]) || !c.cells[rule].len)
            return false;
        count += c.cells[rule].len * 2;
    }
    *out = (struct dmn__index){.is_any = count == 0};
    if (count == 0)
        return true;
    if ((count * 2 + 1) * words > *words_left ||
        !dmn__has_room(r, (count * 2 + 1) * (words * 8 + sizeof(struct feel_value))))
        return false;
    c.points = NEW_ARRAY(r->arena, struct feel_value, count);
    if (!take_points(&c, table->rules_len))
        return false;
    sort_points(&c);
    *out = (struct dmn__index){.kind = c.kind, .points = c.points, .points_len = c.points_len};
    out->rules = NEW_ARRAY(r->arena, uint64_t, (2 * c.points_len + 1) * words);
    *words_left -= (2 * c.points_len + 1) * words;
    for (size_t rule = 0; rule < table->rules_len; rule++)
        put_cell(out, words, rule, &c.cells[rule]);
    return true;
}

void dmn__index_table(struct dmn__reader *r, struct dmn__table *compiled)
{
    const struct dmn_table *table = compiled->table;
    size_t words = table->rules_len / 64 + 1, words_left = INDEX_WORDS_MAX;
    if (table->rules_len < INDEX_RULES_MIN ||
        !dmn__has_room(r, table->rules_len * sizeof(struct feel_accepted) * 4))
        return;
    compiled->index = NEW_ARRAY(r->arena, struct dmn__index, table->inputs_len + 1);
    compiled->index_words = words;
    while (compiled->index_len < table->inputs_len &&
           index_column(r, compiled, compiled->index_len, words, &words_left,
                        &compiled->index[compiled->index_len]))
        compiled->index_len++;
}

bool dmn__index_find(const struct dmn__table *compiled, const struct feel_value *inputs,
                     uint64_t *rules)
{
    size_t words = compiled->index_words, rules_len = compiled->table->rules_len;
    memset(rules, 0xFF, words * sizeof(*rules));
    rules[words - 1] = (UINT64_C(1) << (rules_len % 64)) - 1;
    for (size_t i = 0; i < compiled->index_len; i++) {
        const struct dmn__index *index = &compiled->index[i];
        if (index->is_any)
            continue;
        if (inputs[i].kind != index->kind)
            return false;
        size_t at = lower_bound(index->points, index->points_len, &inputs[i]);
        bool is_point = at < index->points_len && by_order(&index->points[at], &inputs[i]) == 0;
        const uint64_t *of = index->rules + (2 * at + is_point) * words;
        for (size_t w = 0; w < words; w++)
            rules[w] &= of[w];
    }
    return true;
}
