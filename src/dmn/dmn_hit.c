/* Decision tables at run time: which rules match, and what the hit policy makes of them. */
#include "dmn/dmn_int.h"

struct scan {
    struct feel_run *run;
    const struct dmn__table *compiled;
    const struct dmn_table *table;
    uint32_t *matched;
    size_t matched_len;
};

static struct feel_value warn(struct scan *scan, const char *message, size_t a, size_t b)
{
    char first[24], second[24];
    (void)snprintf(first, sizeof(first), "%zu", a);
    (void)snprintf(second, sizeof(second), "%zu", b);
    return feel_run_warn(scan->run, message, str_of(first), str_of(second));
}

static bool is_true(const struct feel_value *value)
{
    return value->kind == FEEL_BOOL && value->is;
}

/* False when a value is not among those that the column allows. */
static bool read_inputs(struct scan *scan, struct feel_value *values)
{
    const struct dmn__table *compiled = scan->compiled;
    for (size_t i = 0; i < scan->table->inputs_len; i++)
        values[i] = feel_run_node(scan->run, compiled->inputs[i]);
    for (size_t i = 0; i < scan->table->inputs_len; i++) {
        *feel_run_slot(scan->run, compiled->slots[i]) = values[i];
        if (!compiled->input_values[i] || values[i].kind == FEEL_NULL)
            continue;
        struct feel_value is = feel_run_node(scan->run, compiled->input_values[i]);
        if (!is_true(&is)) {
            feel_run_warn(scan->run, M("The value of \"{0}\" is not among those allowed: {1}"),
                          scan->table->inputs[i].label,
                          feel_print(feel_run_arena(scan->run), &values[i]));
            return false;
        }
    }
    return true;
}

/* `from`: the first input that is not known to match. */
static bool matches(struct scan *scan, size_t rule, size_t from)
{
    const struct dmn__cell *cells = scan->compiled->cells + rule * scan->table->inputs_len;
    for (size_t i = from; i < scan->table->inputs_len; i++) {
        if (cells[i].is_any)
            continue;
        struct feel_value is = feel_run_node(scan->run, cells[i].node);
        if (!is_true(&is))
            return false;
    }
    return true;
}

/* False: the search ends. */
static bool try_rule(struct scan *scan, size_t rule, size_t from)
{
    if (!matches(scan, rule, from))
        return true;
    scan->matched[scan->matched_len++] = (uint32_t)rule;
    return scan->table->hit_policy != DMN_FIRST;
}

/* One by one, or those alone that the index leaves. */
static void find_rules(struct scan *scan, const struct feel_value *inputs)
{
    const struct dmn__table *compiled = scan->compiled;
    uint64_t few[8], *left = few;
    if (compiled->index_words > LEN(few))
        left = NEW_ARRAY(feel_run_arena(scan->run), uint64_t, compiled->index_words);
    if (!compiled->index_len || !dmn__index_find(compiled, inputs, left)) {
        for (size_t rule = 0; rule < scan->table->rules_len; rule++)
            if (!try_rule(scan, rule, 0))
                return;
        return;
    }
    for (size_t w = 0; w < compiled->index_words; w++)
        for (uint64_t set = left[w]; set; set &= set - 1)
            if (!try_rule(scan, w * 64 + (size_t)__builtin_ctzll(set), compiled->index_len))
                return;
}

static struct feel_value output_of(struct scan *scan, const struct feel_node *const *nodes)
{
    size_t len = scan->table->outputs_len;
    if (len == 1)
        return nodes[0] ? feel_run_node(scan->run, nodes[0]) : feel_null();
    struct feel_value *values = NEW_ARRAY(feel_run_arena(scan->run), struct feel_value, len + 1);
    for (size_t i = 0; i < len; i++)
        values[i] = nodes[i] ? feel_run_node(scan->run, nodes[i]) : feel_null();
    return len ? feel_context(scan->compiled->shape, values) : feel_null();
}

static struct feel_value rule_output(struct scan *scan, size_t rule)
{
    return output_of(scan, scan->compiled->outputs + rule * scan->table->outputs_len);
}

static bool has_default(const struct scan *scan)
{
    for (size_t i = 0; i < scan->table->outputs_len; i++)
        if (scan->compiled->defaults[i])
            return true;
    return false;
}

/* ---- order of outputs by their allowed values ---- */

struct ranked {
    struct feel_value value;
    size_t ranks[8]; /* of the first outputs; later ones do not order */
    size_t ranks_len, place;
};

static size_t rank_of(struct scan *scan, size_t output, const struct feel_value *value)
{
    const struct feel_node *node = scan->compiled->ranks[output];
    struct feel_value list = node ? feel_run_node(scan->run, node) : feel_null();
    if (list.kind != FEEL_LIST)
        return 0;
    for (size_t i = 0; i < list.list.len; i++) {
        struct feel_value allowed = feel_item(&list, i, feel_run_arena(scan->run));
        if (feel_equal(scan->run, &allowed, value) == 1)
            return i;
    }
    return list.list.len;
}

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    for (size_t i = 0; i < x->ranks_len; i++)
        if (x->ranks[i] != y->ranks[i])
            return x->ranks[i] < y->ranks[i] ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static struct ranked *ranked_outputs(struct scan *scan)
{
    struct arena *arena = feel_run_arena(scan->run);
    struct ranked *list = NEW_ARRAY(arena, struct ranked, scan->matched_len + 1);
    size_t len = scan->table->outputs_len;
    for (size_t i = 0; i < scan->matched_len; i++) {
        list[i].value = rule_output(scan, scan->matched[i]);
        list[i].place = i;
        list[i].ranks_len = len < LEN(list[i].ranks) ? len : LEN(list[i].ranks);
        for (size_t j = 0; j < list[i].ranks_len; j++) {
            struct feel_value one =
                len == 1 ? list[i].value : feel_entry_at(&list[i].value, j, arena);
            list[i].ranks[j] = rank_of(scan, j, &one);
        }
    }
    qsort(list, scan->matched_len, sizeof(*list), by_rank);
    return list;
}

/* ---- policies ---- */

static struct feel_value unique(struct scan *scan)
{
    if (scan->matched_len > 1)
        return warn(scan, M("Rules {0} and {1} both match, but only one may."),
                    scan->matched[0] + 1UL, scan->matched[1] + 1UL);
    return rule_output(scan, scan->matched[0]);
}

static struct feel_value any(struct scan *scan)
{
    struct feel_value first = rule_output(scan, scan->matched[0]);
    for (size_t i = 1; i < scan->matched_len; i++) {
        struct feel_value other = rule_output(scan, scan->matched[i]);
        if (!feel_same(&first, &other, feel_run_arena(scan->run)))
            return warn(scan, M("Rules {0} and {1} match with different results."),
                        scan->matched[0] + 1UL, scan->matched[i] + 1UL);
    }
    return first;
}

static struct feel_value list_of(struct scan *scan, bool is_ranked)
{
    struct feel_value *values =
        NEW_ARRAY(feel_run_arena(scan->run), struct feel_value, scan->matched_len + 1);
    const struct ranked *ranked = is_ranked ? ranked_outputs(scan) : NULL;
    for (size_t i = 0; i < scan->matched_len; i++)
        values[i] = ranked ? ranked[i].value : rule_output(scan, scan->matched[i]);
    return feel_list(values, scan->matched_len);
}

static struct feel_value aggregated(struct scan *scan)
{
    *feel_run_slot(scan->run, scan->compiled->aggregate_slot) = list_of(scan, false);
    return feel_run_node(scan->run, scan->compiled->aggregate);
}

/* Nobody matches: the defaults; 0 for what is counted or added; an empty list for lists that were
 * collected; otherwise null without a warning, which is "no reward". */
static struct feel_value no_hit(struct scan *scan)
{
    if (has_default(scan))
        return output_of(scan, scan->compiled->defaults);
    if (scan->table->hit_policy == DMN_COLLECT_SUM || scan->table->hit_policy == DMN_COLLECT_COUNT)
        return feel_i64(0);
    return feel_null();
}

static struct feel_value by_policy(struct scan *scan)
{
    if (scan->matched_len == 0)
        return no_hit(scan);
    switch (scan->table->hit_policy) {
    case DMN_UNIQUE: return unique(scan);
    case DMN_ANY: return any(scan);
    case DMN_PRIORITY: return ranked_outputs(scan)[0].value;
    case DMN_FIRST: return rule_output(scan, scan->matched[0]);
    case DMN_RULE_ORDER:
    case DMN_COLLECT: return list_of(scan, false);
    case DMN_OUTPUT_ORDER: return list_of(scan, true);
    default: return aggregated(scan);
    }
}

struct feel_value dmn__table_run(struct feel_run *run, const void *data)
{
    const struct dmn__table *compiled = data;
    const struct dmn_table *table = compiled->table;
    struct dmn_run *dmn = feel_run_user(run);
    struct arena *arena = feel_run_arena(run);
    struct scan scan = {.run = run, .compiled = compiled, .table = table};
    uint32_t few[64];
    struct feel_value fast[16], *inputs = fast;
    bool is_traced = dmn && dmn->trace;
    scan.matched = few;
    if (is_traced || table->rules_len > LEN(few))
        scan.matched = NEW_ARRAY(arena, uint32_t, table->rules_len + 1);
    if (is_traced || table->inputs_len > LEN(fast))
        inputs = NEW_ARRAY(arena, struct feel_value, table->inputs_len + 1);
    struct feel_value value = feel_null();
    if (read_inputs(&scan, inputs)) {
        find_rules(&scan, inputs);
        value = by_policy(&scan);
    }
    if (is_traced) {
        struct dmn_hit hit = {table, inputs, scan.matched, scan.matched_len, value};
        VEC_PUSH(arena, &dmn->trace->hits, hit);
    }
    return value;
}

/* Inputs of a rule that do not fit, as bits. */
static uint64_t failed_of(struct scan *scan, size_t rule)
{
    const struct dmn__cell *cells = scan->compiled->cells + rule * scan->table->inputs_len;
    uint64_t failed = 0;
    for (size_t i = 0; i < scan->table->inputs_len && i < 64; i++) {
        struct feel_value is =
            cells[i].is_any ? feel_bool(true) : feel_run_node(scan->run, cells[i].node);
        failed |= is_true(&is) ? 0 : (uint64_t)1 << i;
    }
    return failed;
}

bool dmn_hit_nearest(struct dmn_run *run, const struct dmn_hit *hit, size_t *out_rule,
                     uint64_t *out_failed)
{
    const struct dmn_table *table = hit->table;
    struct scan scan = {.run = run->run, .compiled = table->compiled, .table = table};
    int fewest = 65;
    if (hit->matched_len > 0 || table->owner->kind != DMN_DECISION)
        return false;
    struct feel_warnings *warnings = run->warnings;
    feel_run_warnings_set(run->run, NULL);
    feel_run_restart(run->run, run->env);
    for (size_t i = 0; i < table->inputs_len; i++)
        *feel_run_slot(run->run, scan.compiled->slots[i]) = hit->inputs[i];
    for (size_t rule = 0; rule < table->rules_len; rule++) {
        uint64_t failed = failed_of(&scan, rule);
        if (__builtin_popcountll(failed) >= fewest)
            continue;
        fewest = __builtin_popcountll(failed);
        *out_rule = rule;
        *out_failed = failed;
    }
    bool is_known = feel_run_outcome(run->run, NULL) == RC_OK;
    feel_run_restart(run->run, run->env);
    feel_run_warnings_set(run->run, warnings);
    return is_known && fewest < 65;
}
