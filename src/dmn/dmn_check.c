/* What is wrong inside decision tables, as far as it can be proved: rules that match together where
 * only one may, rules that are never reached, cells that no value satisfies, values that no rule
 * takes, each with an example. A cell that is no constant proves nothing and is left out. */
#include "dmn/dmn_grid.h"

enum {
    GAPS_MAX = DMN_SWEEP_FOUND_MAX,
    WORK_PER_TABLE = 150000000,
    WORK_ALL = 400000000,
    TABLE_ISSUES_MAX = 200,
    RANKS_MAX = 8
};

struct checker {
    struct arena *arena; /* of what is told */
    struct arena *work;  /* of one table */
    VEC(struct dmn_issue) issues;
    const struct dmn_table *table;
    struct dmn__grid grid;
    struct feel_value *results; /* rules x outputs, where they are constants */
    bool *is_result;
    int64_t work_left, all_left;
    size_t table_issues;
    bool is_stopped;
};

static void add_issue(struct checker *c, enum dmn_finding kind, size_t rule, size_t column,
                      const char *message, const char *a, const char *b)
{
    const struct dmn_table *table = c->table;
    const struct dmn_rule *at = rule ? &table->rules[rule - 1] : NULL;
    struct dmn_issue issue = {.kind = kind,
                              .element = table->owner,
                              .file_line = at ? at->line : table->line,
                              .file_column = at ? at->file_column : table->file_column,
                              .rule = rule,
                              .column = column,
                              .message = message,
                              .args = {a, b},
                              .is_warning = kind != DMN_OVERLAP && kind != DMN_CONFLICT};
    if (c->table_issues++ < TABLE_ISSUES_MAX)
        VEC_PUSH(c->arena, &c->issues, issue);
}

static const char *number_text(struct checker *c, size_t number)
{
    return str_c(c->arena, str_printf(c->arena, "%zu", number));
}

/* "age = 17, grade = "A"": the atoms of an example. SIZE_MAX: whatever, or what passes the test of
 * `rule` (from 1; 0: none), which is no constant. */
static const char *example(struct checker *c, const size_t *atoms, size_t rule)
{
    AUTO_BUF buf = BUF(4000);
    for (size_t d = 0; d < c->grid.dims_len; d++) {
        const struct dmn__dim *dim = &c->grid.dims[d];
        bool is_free = atoms[d] == SIZE_MAX || dim->atoms[atoms[d]].form == DMN_ATOM_ALL;
        const struct dmn__set *set = rule ? dmn__grid_set(&c->grid, rule - 1, d) : NULL;
        if (is_free && (!set || set->is_known))
            continue;
        struct str text = is_free ? str_printf(c->work, "(" STR_FMT ")", STR_ARG(set->text))
                                  : dmn__atom_text(&c->grid, d, atoms[d]);
        bool is_test = str_starts(text, STR("<")) || str_starts(text, STR(">"));
        bool is_set = str_starts(text, STR("(")) || str_starts(text, STR("not("));
        if (buf.len)
            buf_put(&buf, STR(", "));
        buf_put(&buf, c->table->inputs[dim->column].label);
        buf_put(&buf, is_test ? STR(" ") : is_set ? STR(" in ") : STR(" = "));
        buf_put(&buf, text);
    }
    return str_c(c->arena, buf_str(&buf));
}

const char *dmn_finding_name(enum dmn_finding kind)
{
    static const char *const names[] = {
        [DMN_WRONG] = "wrong",       [DMN_TYPES] = "types",    [DMN_OVERLAP] = "overlap",
        [DMN_CONFLICT] = "conflict", [DMN_HIDDEN] = "hidden",  [DMN_UNREACHABLE] = "unreachable",
        [DMN_GAP] = "gap",           [DMN_RESULT] = "result",  [DMN_POLICY] = "policy",
        [DMN_UNUSED] = "unused",     [DMN_STOPPED] = "stopped"};
    return (size_t)kind < LEN(names) && names[kind] ? names[kind] : "wrong";
}

/* ---- results that are constants ---- */

static void read_results(struct checker *c)
{
    size_t len = c->table->rules_len * c->table->outputs_len;
    c->results = NEW_ARRAY(c->work, struct feel_value, len + 1);
    c->is_result = NEW_ARRAY(c->work, bool, len + 1);
    for (size_t i = 0; i < len; i++)
        c->is_result[i] = feel_constant(c->work, c->table->compiled->outputs[i], &c->results[i]);
}

static bool results_differ(struct checker *c, size_t a, size_t b)
{
    size_t len = c->table->outputs_len;
    for (size_t i = 0; i < len; i++)
        if (c->is_result[a * len + i] && c->is_result[b * len + i] &&
            !feel_same(&c->results[a * len + i], &c->results[b * len + i], c->work))
            return true;
    return false;
}

/* ---- pairs of rules ---- */

/* One input: the atom that both surely take; SIZE_MAX when they share a test that is no constant.
 */
static bool share_atom(struct checker *c, size_t d, const struct dmn__set *a,
                       const struct dmn__set *b, size_t *out_atom)
{
    for (size_t w = 0; w < c->grid.dims[d].words; w++) {
        uint64_t common = a->sure[w] & b->sure[w];
        if (!common)
            continue;
        *out_atom = w * 64 + (size_t)__builtin_ctzll(common);
        return true;
    }
    *out_atom = SIZE_MAX;
    bool is_same = str_eq(a->text, b->text);
    return (!a->is_known || !b->is_known) &&
           (is_same || (a->is_any && !b->is_never) || (b->is_any && !a->is_never));
}

static bool rules_meet(struct checker *c, size_t a, size_t b, size_t *atoms)
{
    c->work_left -= 4;
    for (size_t d = 0; d < c->grid.dims_len; d++)
        if (!share_atom(c, d, dmn__grid_set(&c->grid, a, d), dmn__grid_set(&c->grid, b, d),
                        &atoms[d]))
            return false;
    return true;
}

static void check_pairs(struct checker *c)
{
    size_t *atoms = NEW_ARRAY(c->work, size_t, c->grid.dims_len + 1);
    bool is_unique = c->table->hit_policy == DMN_UNIQUE;
    for (size_t b = 1; b < c->table->rules_len; b++)
        for (size_t a = 0; a < b && c->work_left > 0; a++) {
            if (!is_unique && !results_differ(c, a, b))
                continue;
            if (!rules_meet(c, a, b, atoms))
                continue;
            add_issue(c, is_unique ? DMN_OVERLAP : DMN_CONFLICT, b + 1, 0,
                      is_unique
                          ? M("This rule and rule {0} match together, but only one may: {1}")
                          : M("This rule and rule {0} match together with different results: {1}"),
                      number_text(c, a + 1), example(c, atoms, b + 1));
            break;
        }
}

/* ---- rules that are never reached ---- */

/* Places of constant results in the order of priority; false when it is not known. */
static bool ranks_of(struct checker *c, size_t rule, size_t ranks[RANKS_MAX])
{
    size_t len = c->table->outputs_len;
    for (size_t i = 0; i < len; i++) {
        struct feel_value list;
        const struct feel_node *node = c->table->compiled->ranks[i];
        if (i >= RANKS_MAX || !c->is_result[rule * len + i])
            return false;
        ranks[i] = 0;
        if (!node || !feel_constant(c->work, node, &list) || list.kind != FEEL_LIST)
            continue;
        for (; ranks[i] < list.list.len; ranks[i]++) {
            struct feel_value item = feel_item(&list, ranks[i], c->work);
            if (feel_same(&item, &c->results[rule * len + i], c->work))
                break;
        }
    }
    return true;
}

struct order {
    size_t ranks[RANKS_MAX];
    bool is_known;
};

/* Does rule a win whenever both match? */
static bool is_stronger(const struct checker *c, const struct order *orders, size_t a, size_t b)
{
    if (c->table->hit_policy == DMN_FIRST)
        return a < b;
    if (!orders[a].is_known || !orders[b].is_known)
        return false;
    for (size_t i = 0; i < c->table->outputs_len && i < RANKS_MAX; i++)
        if (orders[a].ranks[i] != orders[b].ranks[i])
            return orders[a].ranks[i] < orders[b].ranks[i];
    return a < b;
}

static bool holds(const struct checker *c, size_t a, size_t b)
{
    for (size_t d = 0; d < c->grid.dims_len; d++) {
        const struct dmn__set *x = dmn__grid_set(&c->grid, a, d);
        const struct dmn__set *y = dmn__grid_set(&c->grid, b, d);
        if (x->is_any || str_eq(x->text, y->text))
            continue;
        for (size_t w = 0; w < c->grid.dims[d].words; w++)
            if (y->maybe[w] & ~x->sure[w])
                return false;
    }
    return true;
}

/* Do the stronger rules together take all that rule b takes? */
static bool is_covered(struct checker *c, const uint64_t *stronger, size_t b)
{
    size_t dims = c->grid.dims_len;
    const uint64_t **allowed = NEW_ARRAY(c->work, const uint64_t *, dims + 1);
    const uint64_t **always = NEW_ARRAY(c->work, const uint64_t *, dims + 1);
    for (size_t d = 0; d < dims; d++) {
        const struct dmn__set *own = dmn__grid_set(&c->grid, b, d);
        uint64_t *same = NEW_ARRAY(c->work, uint64_t, c->grid.words);
        allowed[d] = own->maybe;
        always[d] = same;
        for (size_t a = 0; !own->is_known && a < c->table->rules_len; a++)
            if (str_eq(dmn__grid_set(&c->grid, a, d)->text, own->text))
                dmn__bit_set(same, a);
    }
    struct dmn__sweep sweep = {.grid = &c->grid,
                               .is_sure = true,
                               .allowed = allowed,
                               .always = always,
                               .rules = stronger,
                               .found_max = 1,
                               .work_left = &c->work_left};
    dmn__sweep(&sweep);
    c->is_stopped = c->is_stopped || sweep.is_stopped;
    return !sweep.is_stopped && sweep.found_len == 0;
}

static bool is_never(const struct checker *c, size_t rule)
{
    for (size_t d = 0; d < c->grid.dims_len; d++)
        if (dmn__grid_set(&c->grid, rule, d)->is_never)
            return true;
    return false;
}

static void check_rule_hidden(struct checker *c, const struct order *orders, size_t b)
{
    struct arena_mark mark = arena_mark(c->work);
    uint64_t *stronger = NEW_ARRAY(c->work, uint64_t, c->grid.words);
    size_t count = 0, holder = SIZE_MAX;
    for (size_t a = 0; a < c->table->rules_len; a++) {
        if (a == b || !is_stronger(c, orders, a, b))
            continue;
        dmn__bit_set(stronger, a);
        count++;
        if (holder == SIZE_MAX && holds(c, a, b))
            holder = a;
    }
    c->work_left -= (int64_t)(c->table->rules_len * c->grid.dims_len);
    if (holder != SIZE_MAX)
        add_issue(c, DMN_HIDDEN, b + 1, 0,
                  M("This rule is never reached: rule {0} takes all its cases."),
                  number_text(c, holder + 1), NULL);
    else if (count > 1 && is_covered(c, stronger, b))
        add_issue(c, DMN_HIDDEN, b + 1, 0,
                  M("This rule is never reached: other rules together take all its cases."), NULL,
                  NULL);
    arena_rewind(c->work, mark);
}

static void check_hidden(struct checker *c)
{
    struct order *orders = NEW_ARRAY(c->work, struct order, c->table->rules_len + 1);
    for (size_t i = 0; c->table->hit_policy == DMN_PRIORITY && i < c->table->rules_len; i++)
        orders[i].is_known = ranks_of(c, i, orders[i].ranks);
    for (size_t b = 0; b < c->table->rules_len && c->work_left > 0; b++)
        if (!is_never(c, b))
            check_rule_hidden(c, orders, b);
}

static void check_cells(struct checker *c)
{
    size_t width = c->table->inputs_len;
    for (size_t i = 0; i < c->table->rules_len * width; i++)
        if (c->grid.is_never[i])
            add_issue(c, DMN_UNREACHABLE, i / width + 1, i % width + 1,
                      M("This rule is never reached: no value of \"{0}\" satisfies {1}."),
                      str_c(c->arena, c->table->inputs[i % width].label),
                      str_c(c->arena, c->table->rules[i / width].inputs[i % width]));
}

/* ---- gaps ---- */

static bool has_default(const struct dmn_table *table)
{
    for (size_t i = 0; i < table->outputs_len; i++)
        if (table->compiled->defaults[i])
            return true;
    return false;
}

/* Where values may stand: what is declared, without null. */
static const uint64_t **without_null(struct checker *c)
{
    const uint64_t **allowed = NEW_ARRAY(c->work, const uint64_t *, c->grid.dims_len + 1);
    for (size_t d = 0; d < c->grid.dims_len; d++) {
        const struct dmn__dim *dim = &c->grid.dims[d];
        size_t null_atom = dim->atoms_len - 1;
        uint64_t *set = NEW_ARRAY(c->work, uint64_t, dim->words);
        memcpy(set, dim->domain, dim->words * sizeof(*set));
        set[null_atom / 64] &= ~(UINT64_C(1) << (null_atom % 64));
        allowed[d] = set;
    }
    return allowed;
}

static void check_gaps(struct checker *c)
{
    uint64_t *rules = NEW_ARRAY(c->work, uint64_t, c->grid.words);
    for (size_t d = 0; d < c->grid.dims_len; d++)
        if (!c->grid.dims[d].is_closed)
            return;
    for (size_t i = 0; i < c->table->rules_len; i++)
        dmn__bit_set(rules, i);
    struct dmn__sweep sweep = {.grid = &c->grid,
                               .allowed = without_null(c),
                               .rules = rules,
                               .found_max = GAPS_MAX,
                               .work_left = &c->work_left};
    dmn__sweep(&sweep);
    c->is_stopped = c->is_stopped || sweep.is_stopped;
    for (size_t i = 0; i < sweep.found_len; i++)
        add_issue(c, DMN_GAP, 0, 0, M("No rule takes the case: {0}"), example(c, sweep.found[i], 0),
                  NULL);
}

/* ---- results ---- */

static void check_results(struct checker *c)
{
    size_t len = c->table->outputs_len;
    for (size_t i = 0; i < c->table->rules_len * len; i++) {
        struct feel_value list;
        const struct feel_node *node = c->table->compiled->ranks[i % len];
        bool is_there = false, is_plain = true;
        if (!c->is_result[i] || c->results[i].kind == FEEL_NULL || !node ||
            !feel_constant(c->work, node, &list) || list.kind != FEEL_LIST ||
            c->results[i].kind == FEEL_LIST)
            continue;
        c->work_left -= (int64_t)list.list.len;
        for (size_t k = 0; k < list.list.len && c->work_left > 0 && !is_there; k++) {
            struct feel_value item = feel_item(&list, k, c->work);
            is_plain = is_plain && item.kind == c->results[i].kind;
            is_there = feel_same(&item, &c->results[i], c->work);
        }
        if (is_plain && !is_there && c->work_left > 0)
            add_issue(c, DMN_RESULT, i / len + 1, c->table->inputs_len + i % len + 1,
                      M("The result {0} is not among those allowed."),
                      str_c(c->arena, c->table->rules[i / len].outputs[i % len]), NULL);
    }
}

static void check_policy(struct checker *c)
{
    const struct dmn_table *table = c->table;
    bool is_ranked = false;
    for (size_t i = 0; i < table->outputs_len; i++)
        is_ranked = is_ranked || table->compiled->ranks[i];
    if ((table->hit_policy == DMN_PRIORITY || table->hit_policy == DMN_OUTPUT_ORDER) && !is_ranked)
        add_issue(c, DMN_POLICY, 0, 0,
                  M("The hit policy {0} needs the allowed results, the strongest first."),
                  dmn_hit_policy_name(table->hit_policy), NULL);
    if (table->hit_policy >= DMN_COLLECT_SUM && table->outputs_len > 1)
        add_issue(c, DMN_POLICY, 0, 0, M("The hit policy {0} needs exactly one output."),
                  dmn_hit_policy_name(table->hit_policy), NULL);
}

static void check_grid(struct checker *c)
{
    enum dmn_hit_policy policy = c->table->hit_policy;
    check_cells(c);
    if (policy == DMN_UNIQUE || policy == DMN_ANY)
        check_pairs(c);
    if (policy == DMN_FIRST || policy == DMN_PRIORITY)
        check_hidden(c);
    if (policy < DMN_RULE_ORDER && !has_default(c->table)) /* an empty list is an answer */
        check_gaps(c);
}

static void check_table(struct checker *c, const struct dmn_table *table)
{
    c->table = table;
    c->table_issues = 0;
    c->work_left = WORK_PER_TABLE < c->all_left ? WORK_PER_TABLE : c->all_left;
    c->is_stopped = false;
    int64_t before = c->work_left;
    check_policy(c);
    if (table->rules_len == 0)
        return;
    AUTO_ARENA work = arena_new((size_t)512 << 20);
    c->work = work;
    if (dmn__grid(work, table, &c->grid)) {
        read_results(c);
        check_results(c);
        check_grid(c);
    } else {
        c->is_stopped = true;
    }
    if (c->is_stopped || c->work_left <= 0)
        add_issue(c, DMN_STOPPED, 0, 0,
                  M("The table is too large to be checked to its end: {0} rules, {1} inputs."),
                  number_text(c, table->rules_len), number_text(c, table->inputs_len));
    c->all_left -= before - c->work_left;
}

/* ---- elements that nothing uses ---- */

static void mark_used(bool *used, const struct dmn_element *const *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        used[at[i]->index] = true;
}

/* Who says what the model gives: a service, or a decision that is an output of a scheme. */
static bool names_outputs(const struct dmn_element *element)
{
    return element->kind == DMN_SERVICE ||
           (element->kind == DMN_DECISION && dmn_extension(&element->extensions, "output"));
}

/* A decision that nothing requires is what the model is for, unless the model says what that is.
 * Imported models may have more than is asked of them. */
static void check_unused(struct checker *c, const struct dmn_model *model)
{
    bool *used = NEW_ARRAY(c->arena, bool, model->elements_len + 1), has_outputs = false;
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *e = model->elements[i];
        const struct dmn__service *service = model->compiled->elements[i].service;
        mark_used(used, e->requires, e->requires_len);
        if (service)
            mark_used(used, service->params, service->params_len);
        has_outputs = has_outputs || (names_outputs(e) && str_eq(e->namespace, model->namespace));
    }
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *e = model->elements[i];
        bool is_output = names_outputs(e) || (e->kind == DMN_DECISION && !has_outputs);
        if (used[i] || is_output || !str_eq(e->namespace, model->namespace))
            continue;
        struct dmn_issue issue = {.kind = DMN_UNUSED,
                                  .element = e,
                                  .file_line = e->line,
                                  .file_column = e->column,
                                  .message = M("Nothing in the model uses it."),
                                  .is_warning = true};
        VEC_PUSH(c->arena, &c->issues, issue);
    }
}

void dmn_check(struct arena *arena, const struct dmn_model *model, const struct dmn_issue **out,
               size_t *out_len)
{
    struct checker c = {.arena = arena, .all_left = WORK_ALL};
    for (size_t i = 0; i < model->issues_len; i++)
        VEC_PUSH(arena, &c.issues, model->issues[i]);
    check_unused(&c, model);
    for (size_t i = 0; i < model->tables_len; i++)
        check_table(&c, model->tables[i]);
    *out = c.issues.at;
    *out_len = c.issues.len;
}
