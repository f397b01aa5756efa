/* What is wrong inside decision tables, as far as it can be proved from cells of constants: rules
 * that both match under UNIQUE, rules that an earlier one hides under FIRST, values that no rule
 * takes. A cell that names something proves nothing and is left out. */
#include "dmn/dmn_int.h"

enum { REGIONS_MAX = 20000, TABLE_RULES_MAX = 500, POINTS_MAX = 200 };

struct cell_set {
    struct feel_accepted accepted;
    bool is_any, is_known;
    struct str text;
};

struct table_sets {
    const struct dmn_table *table;
    struct cell_set *cells; /* rules x inputs */
};

struct checker {
    struct arena *arena;
    VEC(struct dmn_issue) issues;
    const struct dmn_table *table;
};

static void add_issue(struct checker *c, size_t rule, const char *message, const char *a,
                      const char *b, bool is_warning)
{
    struct dmn_issue issue = {.element = c->table->owner,
                              .file_line = rule              ? c->table->rules[rule - 1].line
                                           : c->table->owner ? c->table->owner->line
                                                             : 0,
                              .rule = rule,
                              .message = message,
                              .args = {a, b},
                              .is_warning = is_warning};
    VEC_PUSH(c->arena, &c->issues, issue);
}

static struct table_sets sets_of(struct arena *arena, const struct dmn_table *table)
{
    struct table_sets sets = {.table = table};
    size_t count = table->rules_len * table->inputs_len;
    sets.cells = NEW_ARRAY(arena, struct cell_set, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct dmn__cell *cell = &table->compiled->cells[i];
        struct cell_set *set = &sets.cells[i];
        set->text = table->rules[i / table->inputs_len].inputs[i % table->inputs_len];
        set->is_any = cell->is_any;
        set->is_known = cell->is_any || feel_accepts(arena, cell->node, &set->accepted);
    }
    return sets;
}

/* ---- two ranges ---- */

static bool has_low(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_BELOW;
}

static bool has_high(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_ABOVE;
}

static const struct feel_value *high_of(const struct feel_range *r)
{
    return r->form == FEEL_RANGE_EQUAL ? &r->low : &r->high;
}

/* Is a's low end above b's high end, so that they cannot meet? */
static bool is_apart(const struct feel_range *a, const struct feel_range *b)
{
    int order = 0;
    if (!has_low(a) || !has_high(b))
        return false;
    if (!feel_order(&a->low, high_of(b), &order))
        return true;
    return order > 0 || (order == 0 && !(a->has_low && b->has_high));
}

static bool both_plain(const struct feel_range *a, const struct feel_range *b)
{
    return a->form == FEEL_RANGE_EQUAL && b->form == FEEL_RANGE_EQUAL;
}

static bool ranges_meet(const struct feel_range *a, const struct feel_range *b, struct arena *arena)
{
    if (both_plain(a, b)) /* booleans have no order */
        return feel_same(&a->low, &b->low, arena);
    return !is_apart(a, b) && !is_apart(b, a);
}

/* Does a hold all of b? */
static bool range_holds(const struct feel_range *a, const struct feel_range *b, struct arena *arena)
{
    int order = 0;
    if (both_plain(a, b))
        return feel_same(&a->low, &b->low, arena);
    if (has_low(a)) {
        if (!has_low(b) || !feel_order(&a->low, &b->low, &order) || order > 0 ||
            (order == 0 && !a->has_low && b->has_low))
            return false;
    }
    if (has_high(a)) {
        if (!has_high(b) || !feel_order(high_of(a), high_of(b), &order) || order < 0 ||
            (order == 0 && !a->has_high && b->has_high))
            return false;
    }
    return true;
}

/* ---- two cells ---- */

static bool cells_meet(const struct cell_set *a, const struct cell_set *b, struct arena *arena)
{
    if (a->is_any || b->is_any || str_eq(a->text, b->text))
        return true;
    for (size_t i = 0; a->is_known && b->is_known && i < a->accepted.len; i++)
        for (size_t j = 0; j < b->accepted.len; j++)
            if (ranges_meet(&a->accepted.at[i], &b->accepted.at[j], arena))
                return true;
    return false;
}

static bool cell_holds(const struct cell_set *a, const struct cell_set *b, struct arena *arena)
{
    if (a->is_any || str_eq(a->text, b->text))
        return true;
    if (b->is_any || !a->is_known || !b->is_known)
        return false;
    for (size_t j = 0; j < b->accepted.len; j++) {
        bool is_held = false;
        for (size_t i = 0; i < a->accepted.len && !is_held; i++)
            is_held = range_holds(&a->accepted.at[i], &b->accepted.at[j], arena);
        if (!is_held)
            return false;
    }
    return true;
}

static bool rules_relate(const struct table_sets *sets, size_t a, size_t b, struct arena *arena,
                         bool (*relate)(const struct cell_set *a, const struct cell_set *b,
                                        struct arena *arena))
{
    size_t len = sets->table->inputs_len;
    for (size_t i = 0; i < len; i++)
        if (!relate(&sets->cells[a * len + i], &sets->cells[b * len + i], arena))
            return false;
    return true;
}

static const char *number_text(struct arena *arena, size_t number)
{
    return str_c(arena, str_printf(arena, "%zu", number));
}

static void check_overlaps(struct checker *c, const struct table_sets *sets)
{
    for (size_t b = 1; b < c->table->rules_len; b++)
        for (size_t a = 0; a < b; a++)
            if (rules_relate(sets, a, b, c->arena, cells_meet)) {
                add_issue(c, b + 1,
                          M("This rule and rule {0} can match together, but only one may."),
                          number_text(c->arena, a + 1), NULL, false);
                break;
            }
}

static void check_hidden(struct checker *c, const struct table_sets *sets)
{
    for (size_t b = 1; b < c->table->rules_len; b++)
        for (size_t a = 0; a < b; a++)
            if (rules_relate(sets, a, b, c->arena, cell_holds)) {
                add_issue(c, b + 1, M("This rule is never reached: rule {0} takes all its cases."),
                          number_text(c->arena, a + 1), NULL, true);
                break;
            }
}

/* ---- gaps ---- */

struct column { /* the points and the stretches between them, as ranges */
    struct feel_range *at;
    size_t len, cap;
};

static int by_order(const void *a, const void *b)
{
    int order = 0;
    return feel_order(a, b, &order) ? order : 0;
}

static bool gather_points(struct checker *c, const struct table_sets *sets, size_t column,
                          struct feel_value *points, size_t *len)
{
    size_t width = sets->table->inputs_len;
    int order = 0;
    for (size_t rule = 0; rule < sets->table->rules_len; rule++) {
        const struct cell_set *cell = &sets->cells[rule * width + column];
        if (!cell->is_known)
            return false;
        for (size_t i = 0; !cell->is_any && i < cell->accepted.len; i++) {
            const struct feel_range *r = &cell->accepted.at[i];
            if (*len + 2 > POINTS_MAX)
                return false;
            if (has_low(r))
                points[(*len)++] = r->low;
            if (has_high(r) && r->form != FEEL_RANGE_EQUAL)
                points[(*len)++] = r->high;
        }
    }
    for (size_t i = 0; i < *len; i++)
        if (points[i].kind != points[0].kind ||
            (points[i].kind != FEEL_BOOL && !feel_order(&points[i], &points[0], &order)))
            return false;
    (void)c;
    return true;
}

static void add_region(struct checker *c, struct column *out, const struct feel_value *low,
                       const struct feel_value *high)
{
    struct feel_range region = {.low = low ? *low : feel_null(),
                                .high = high ? *high : feel_null(),
                                .form = low && high ? FEEL_RANGE_BOTH
                                        : low       ? FEEL_RANGE_ABOVE
                                                    : FEEL_RANGE_BELOW};
    VEC_PUSH(c->arena, out, region);
}

static void add_point(struct checker *c, struct column *out, struct feel_value value)
{
    struct feel_range region = {
        .low = value, .high = value, .has_low = true, .has_high = true, .form = FEEL_RANGE_EQUAL};
    VEC_PUSH(c->arena, out, region);
}

/* Whole words are listed, not ordered: where the column says what is allowed, only that counts. */
static bool allowed_regions(struct checker *c, size_t column, struct column *out)
{
    const struct feel_node *values = c->table->compiled->input_values[column];
    struct feel_accepted allowed;
    if (!values || !feel_accepts(c->arena, values, &allowed))
        return false;
    for (size_t i = 0; i < allowed.len; i++)
        if (allowed.at[i].form != FEEL_RANGE_EQUAL)
            return false;
    for (size_t i = 0; i < allowed.len; i++)
        add_point(c, out, allowed.at[i].low);
    return true;
}

static bool regions_of(struct checker *c, const struct table_sets *sets, size_t column,
                       struct column *out)
{
    struct feel_value points[POINTS_MAX];
    size_t len = 0;
    if (!gather_points(c, sets, column, points, &len))
        return false;
    if (allowed_regions(c, column, out))
        return true;
    if (len && points[0].kind == FEEL_BOOL) {
        add_point(c, out, feel_bool(true));
        add_point(c, out, feel_bool(false));
        return true;
    }
    if (len == 0) { /* a column of dashes: any one region will do */
        add_point(c, out, feel_null());
        return true;
    }
    qsort(points, len, sizeof(*points), by_order);
    add_region(c, out, NULL, &points[0]);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && by_order(&points[i - 1], &points[i]) == 0)
            continue;
        if (i > 0)
            add_region(c, out, &points[i - 1], &points[i]);
        add_point(c, out, points[i]);
    }
    add_region(c, out, &points[len - 1], NULL);
    return true;
}

static bool takes(const struct cell_set *cell, const struct feel_range *region, struct arena *arena)
{
    if (cell->is_any)
        return true;
    for (size_t i = 0; i < cell->accepted.len; i++)
        if (range_holds(&cell->accepted.at[i], region, arena))
            return true;
    return false;
}

static struct str describe(struct checker *c, const struct column *columns, const size_t *at)
{
    AUTO_BUF buf = BUF(2000);
    for (size_t i = 0; i < c->table->inputs_len; i++) {
        const struct feel_range *region = &columns[i].at[at[i]];
        struct feel_value value = {.kind = FEEL_RANGE, .range = region};
        if (region->form == FEEL_RANGE_EQUAL)
            value = region->low;
        if (value.kind == FEEL_NULL)
            continue;
        if (buf.len)
            buf_put(&buf, STR(", "));
        buf_put(&buf, c->table->inputs[i].label);
        buf_put(&buf, STR(" = "));
        buf_put(&buf, feel_print(c->arena, &value));
    }
    return str_dup(c->arena, buf_str(&buf));
}

static bool is_taken(struct checker *c, const struct table_sets *sets, const struct column *columns,
                     const size_t *at)
{
    size_t width = c->table->inputs_len;
    for (size_t rule = 0; rule < c->table->rules_len; rule++) {
        bool is_all = true;
        for (size_t i = 0; i < width && is_all; i++)
            is_all = takes(&sets->cells[rule * width + i], &columns[i].at[at[i]], c->arena);
        if (is_all)
            return true;
    }
    return false;
}

/* The first combination of regions that no rule takes. */
static void check_gaps(struct checker *c, const struct table_sets *sets)
{
    size_t width = c->table->inputs_len, total = 1;
    struct column *columns = NEW_ARRAY(c->arena, struct column, width + 1);
    size_t *at = NEW_ARRAY(c->arena, size_t, width + 1);
    for (size_t i = 0; i < c->table->outputs_len; i++)
        if (c->table->compiled->defaults[i])
            return;
    for (size_t i = 0; i < width; i++) {
        if (!regions_of(c, sets, i, &columns[i]) || columns[i].len == 0)
            return;
        total *= columns[i].len;
        if (total > REGIONS_MAX)
            return;
    }
    for (size_t n = 0; n < total; n++) {
        size_t rest = n;
        for (size_t i = 0; i < width; i++) {
            at[i] = rest % columns[i].len;
            rest /= columns[i].len;
        }
        if (is_taken(c, sets, columns, at))
            continue;
        add_issue(c, 0, M("No rule takes the case: {0}"), str_c(c->arena, describe(c, columns, at)),
                  NULL, true);
        return;
    }
}

static void check_table(struct checker *c, const struct dmn_table *table)
{
    if (table->rules_len == 0 || table->rules_len > TABLE_RULES_MAX)
        return;
    struct table_sets sets = sets_of(c->arena, table);
    c->table = table;
    if (table->hit_policy == DMN_UNIQUE)
        check_overlaps(c, &sets);
    if (table->hit_policy == DMN_FIRST)
        check_hidden(c, &sets);
    if (table->hit_policy < DMN_RULE_ORDER) /* an empty list is an answer */
        check_gaps(c, &sets);
}

void dmn_check(struct arena *arena, const struct dmn_model *model, const struct dmn_issue **out,
               size_t *out_len)
{
    struct checker c = {.arena = arena};
    for (size_t i = 0; i < model->issues_len; i++)
        VEC_PUSH(arena, &c.issues, model->issues[i]);
    for (size_t i = 0; i < model->tables_len; i++)
        check_table(&c, model->tables[i]);
    *out = c.issues.at;
    *out_len = c.issues.len;
}
