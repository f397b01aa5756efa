/* Random decision tables: what the looked-up columns give is what trying each rule gives, warnings
 * too; and what the check says of gaps, overlaps and hidden rules is what trying values shows. */
#include "dmn/dmn.h"
#include "tests/tap.h"

enum { INPUTS_MAX = 3, RULES_MAX = 70 };

static uint64_t seed;

static unsigned any(unsigned below)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(seed >> 33) % below;
}

enum column_kind { NUMBERS = 0, WORDS, TRUTHS, DAYS };
static const char *const type_names[] = {"number", "string", "boolean", "date"};

struct draft {
    unsigned inputs_len, rules_len;
    enum column_kind kinds[INPUTS_MAX];
    struct str cells[RULES_MAX][INPUTS_MAX];
    unsigned results[RULES_MAX];
};

static struct str point(struct arena *arena, enum column_kind kind)
{
    static const char *const words[] = {"\"a\"", "\"b\"", "\"c\"", "\"d\""};
    switch (kind) {
    case NUMBERS: return str_printf(arena, "%u", any(6));
    case WORDS: return str_of(words[any(LEN(words))]);
    case TRUTHS: return str_of(any(2) ? "true" : "false");
    case DAYS: return str_printf(arena, "date(\"2026-01-0%u\")", 1 + any(5));
    }
    return STR("");
}

/* A cell of constants, as XML text. */
static struct str constant_cell(struct arena *arena, enum column_kind kind)
{
    struct str a = point(arena, kind), b = point(arena, kind);
    unsigned form = any(kind == NUMBERS || kind == DAYS ? 9 : 5);
    switch (form) {
    case 0:
    case 1: return STR("-");
    case 2: return a;
    case 3: return str_printf(arena, STR_FMT ", " STR_FMT, STR_ARG(a), STR_ARG(b));
    case 4: return str_printf(arena, "not(" STR_FMT ")", STR_ARG(a));
    case 5: return str_printf(arena, "&lt; " STR_FMT, STR_ARG(a));
    case 6: return str_printf(arena, "&gt;= " STR_FMT, STR_ARG(a));
    default:
        if (str_cmp(a, b) > 0) {
            struct str c = a;
            a = b;
            b = c;
        }
        return str_printf(arena, "%s" STR_FMT ".." STR_FMT "%s", any(2) ? "[" : "(", STR_ARG(a),
                          STR_ARG(b), any(2) ? "]" : ")");
    }
}

/* Also cells that compute, name other inputs, warn or mean nothing. */
static struct str wild_cell(struct arena *arena, enum column_kind kind)
{
    static const char *const cells[] = {"null",      "? = i0",     "i0",          "&gt; i0 + 1",
                                        "\"a\" + 1", "[5..\"x\"]", "not(&lt; 3)", "nobody"};
    return any(4) ? constant_cell(arena, kind) : str_of(cells[any(LEN(cells))]);
}

static struct draft *make(struct arena *arena, unsigned rules_max, bool is_wild)
{
    struct draft *d = NEW(arena, struct draft);
    d->inputs_len = 1 + any(INPUTS_MAX);
    d->rules_len = 1 + any(rules_max);
    for (unsigned i = 0; i < d->inputs_len; i++)
        d->kinds[i] = (enum column_kind)any(4);
    for (unsigned r = 0; r < d->rules_len; r++) {
        d->results[r] = any(3);
        for (unsigned i = 0; i < d->inputs_len; i++)
            d->cells[r][i] =
                is_wild ? wild_cell(arena, d->kinds[i]) : constant_cell(arena, d->kinds[i]);
    }
    return d;
}

/* With `is_slow` a first column that is no constant makes every rule be tried. */
static const struct dmn_model *model_of(struct arena *arena, const struct draft *d,
                                        const char *policy, bool is_typed, bool is_slow)
{
    AUTO_BUF buf = BUF(1 << 20);
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    buf_put(&buf, STR("<definitions xmlns='" DMN_NAMESPACE "' namespace='n' name='t'>"));
    for (unsigned i = 0; i < d->inputs_len; i++)
        buf_printf(&buf, "<inputData id='i%u' name='i%u'><variable name='i%u'%s%s%s/></inputData>",
                   i, i, i, is_typed ? " typeRef='" : "", is_typed ? type_names[d->kinds[i]] : "",
                   is_typed ? "'" : "");
    buf_put(&buf, STR("<decision id='d' name='d'><variable name='d'/>"));
    for (unsigned i = 0; i < d->inputs_len; i++)
        buf_printf(&buf,
                   "<informationRequirement><requiredInput href='#i%u'/></informationRequirement>",
                   i);
    buf_printf(&buf, "<decisionTable %s>", policy);
    if (is_slow)
        buf_put(&buf, STR("<input><inputExpression><text>1</text></inputExpression></input>"));
    for (unsigned i = 0; i < d->inputs_len; i++)
        buf_printf(&buf, "<input><inputExpression><text>i%u</text></inputExpression></input>", i);
    buf_put(&buf, STR("<output><outputValues><text>1, 0, 2</text></outputValues></output>"));
    for (unsigned r = 0; r < d->rules_len; r++) {
        buf_put(&buf, STR("<rule>"));
        if (is_slow)
            buf_put(&buf, STR("<inputEntry><text>? = 1</text></inputEntry>"));
        for (unsigned i = 0; i < d->inputs_len; i++)
            buf_printf(&buf, "<inputEntry><text>" STR_FMT "</text></inputEntry>",
                       STR_ARG(d->cells[r][i]));
        buf_printf(&buf, "<outputEntry><text>%u</text></outputEntry></rule>", d->results[r]);
    }
    buf_put(&buf, STR("</decisionTable></decision></definitions>"));
    assert(!buf.is_over);
    if (dmn_read(arena, buf_str(&buf), NULL, 0, FEEL_STANDARD, &fault, &model) != RC_OK)
        return NULL;
    return model;
}

/* ---- looked up and tried ---- */

static struct feel_value any_value(struct arena *arena, enum column_kind kind)
{
    struct feel_value value = feel_null();
    if (any(12) == 0)
        return value;
    if (any(12) == 0) /* something that does not belong there */
        kind = (enum column_kind)any(4);
    switch (kind) {
    case NUMBERS: return feel_number(dec_div(dec_from_i64((int64_t)any(14) - 1), dec_from_i64(2)));
    case WORDS: return feel_text(str_printf(arena, "%c", 'a' + (int)any(5)));
    case TRUTHS: return feel_bool(any(2));
    case DAYS: (void)!feel_date_ymd(2026, 1, 1 + (int)any(6), &value); return value;
    }
    return value;
}

static struct str outcome(struct arena *arena, const struct dmn_model *model,
                          const struct feel_value *inputs)
{
    AUTO_BUF buf = BUF(1 << 20);
    struct feel_warnings *warnings = NEW(arena, struct feel_warnings);
    struct feel_env env = {0};
    struct feel_value value;
    if (dmn_eval(model, dmn_find(model, DMN_DECISION, STR("d")), inputs, &env, arena, warnings,
                 NULL, NULL, &value) != RC_OK)
        return STR("failed");
    buf_put(&buf, feel_print(arena, &value));
    buf_printf(&buf, " %zu", warnings->total);
    for (size_t i = 0; i < warnings->len; i++) {
        const struct feel_warning *w = &warnings->at[i];
        buf_printf(&buf, "\n%ld:%ld %s " STR_FMT " " STR_FMT, w->line, w->column, w->message,
                   STR_ARG(w->args[0]), STR_ARG(w->args[1]));
    }
    return str_dup(arena, buf_str(&buf));
}

static const char *const policies[] = {
    "hitPolicy='UNIQUE'",
    "hitPolicy='ANY'",
    "hitPolicy='PRIORITY'",
    "hitPolicy='FIRST'",
    "hitPolicy='RULE ORDER'",
    "hitPolicy='OUTPUT ORDER'",
    "hitPolicy='COLLECT'",
    "hitPolicy='COLLECT' aggregation='SUM'",
    "hitPolicy='COLLECT' aggregation='MIN'",
    "hitPolicy='COLLECT' aggregation='COUNT'",
};

static bool same_outcomes(unsigned number)
{
    AUTO_ARENA arena = arena_new((size_t)256 << 20);
    seed = number * 7919U;
    struct draft *d = make(arena, RULES_MAX, true);
    const char *policy = policies[any(LEN(policies))];
    bool is_typed = any(2);
    const struct dmn_model *fast = model_of(arena, d, policy, is_typed, false);
    const struct dmn_model *slow = model_of(arena, d, policy, is_typed, true);
    struct str names[INPUTS_MAX];
    for (unsigned i = 0; i < d->inputs_len; i++)
        names[i] = str_printf(arena, "i%u", i);
    const struct feel_shape *shape = feel_shape(arena, names, d->inputs_len);
    for (int round = 0; fast && slow && round < 12; round++) {
        struct feel_value *values = NEW_ARRAY(arena, struct feel_value, INPUTS_MAX);
        for (unsigned i = 0; i < d->inputs_len; i++)
            values[i] = any_value(arena, d->kinds[i]);
        struct feel_value inputs = feel_context(shape, values);
        struct str a = outcome(arena, fast, &inputs), b = outcome(arena, slow, &inputs);
        if (str_eq(a, b))
            continue;
        printf("# table %u: " STR_FMT "\n# against " STR_FMT "\n", number, STR_ARG(a), STR_ARG(b));
        return false;
    }
    return fast && slow;
}

static void test_lookup(void)
{
    int wrong = 0;
    for (unsigned i = 1; i <= 600; i++)
        wrong += !same_outcomes(i);
    is_i64(wrong, 0, "looked-up tables give results and warnings as if each rule was tried");
}

/* ---- checked and tried ---- */

struct trial {
    const struct draft *draft;
    const struct dmn_model *model; /* of all rules that match */
    struct arena *arena;
    bool has_gap;
    bool meets_earlier[RULES_MAX], is_first[RULES_MAX], conflicts[RULES_MAX];
};

/* Every value that the cells can tell apart, then null. */
static bool sample(struct arena *arena, enum column_kind kind, unsigned i, struct feel_value *out)
{
    static const unsigned counts[] = {13, 5, 2, 7};
    *out = feel_null();
    if (i >= counts[kind])
        return i == counts[kind];
    switch (kind) {
    case NUMBERS: *out = feel_number(dec_div(dec_from_i64((int64_t)i - 1), dec_from_i64(2))); break;
    case WORDS: *out = feel_text(str_printf(arena, "%c", 'a' + (int)i)); break;
    case TRUTHS: *out = feel_bool(i); break;
    case DAYS: (void)!feel_date_ymd(2026, 1, (int)i, out); break;
    }
    if (kind == DAYS && i == 0)
        (void)!feel_date_ymd(2025, 12, 31, out);
    return true;
}

static void note(struct trial *t, const struct dmn_hit *hit, bool has_null)
{
    t->has_gap = t->has_gap || (!has_null && hit->matched_len == 0);
    if (hit->matched_len)
        t->is_first[hit->matched[0]] = true;
    for (size_t i = 1; i < hit->matched_len; i++) {
        t->meets_earlier[hit->matched[i]] = true;
        for (size_t k = 0; k < i; k++)
            if (t->draft->results[hit->matched[i]] != t->draft->results[hit->matched[k]])
                t->conflicts[hit->matched[i]] = true;
    }
}

static void try_from(struct trial *t, struct dmn_run *run, unsigned input, bool has_null)
{
    struct feel_value value;
    if (input == t->draft->inputs_len) {
        struct dmn_trace trace = {0};
        dmn_run_watch(run, NULL, &trace);
        if (dmn_run_value(run, dmn_find(t->model, DMN_DECISION, STR("d")), NULL, &value) == RC_OK &&
            trace.hits.len)
            note(t, &trace.hits.at[0], has_null);
        return;
    }
    for (unsigned i = 0; sample(t->arena, t->draft->kinds[input], i, &value); i++) {
        struct str name = str_printf(t->arena, "i%u", input);
        dmn_run_set(run, dmn_find(t->model, DMN_INPUT, name), value);
        try_from(t, run, input + 1, has_null || value.kind == FEEL_NULL);
    }
}

struct said {
    bool has_gap, is_stopped, overlap[RULES_MAX], hidden[RULES_MAX], conflict[RULES_MAX];
};

static struct said check(struct arena *arena, const struct dmn_model *model)
{
    struct said said = {0};
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    dmn_check(arena, model, &issues, &len);
    for (size_t i = 0; i < len; i++) {
        size_t rule = issues[i].rule ? issues[i].rule - 1 : 0;
        said.has_gap = said.has_gap || issues[i].kind == DMN_GAP;
        said.is_stopped = said.is_stopped || issues[i].kind == DMN_STOPPED;
        if (issues[i].kind == DMN_OVERLAP)
            said.overlap[rule] = true;
        if (issues[i].kind == DMN_CONFLICT)
            said.conflict[rule] = true;
        if (issues[i].kind == DMN_HIDDEN || issues[i].kind == DMN_UNREACHABLE)
            said.hidden[rule] = true;
    }
    return said;
}

static bool check_is_true(unsigned number)
{
    AUTO_ARENA arena = arena_new((size_t)512 << 20);
    struct feel_env env = {0};
    seed = number * 104729U;
    struct draft *d = make(arena, number % 3 ? 6 : 14, false);
    struct trial t = {.draft = d, .arena = arena};
    t.model = model_of(arena, d, "hitPolicy='RULE ORDER'", true, false);
    struct said unique = check(arena, model_of(arena, d, policies[0], true, false));
    struct said all = check(arena, model_of(arena, d, policies[1], true, false));
    struct said first = check(arena, model_of(arena, d, policies[3], true, false));
    try_from(&t, dmn_run_new(t.model, &env, arena, NULL), 0, false);
    bool is_true = unique.has_gap == t.has_gap && first.has_gap == t.has_gap &&
                   !unique.is_stopped && !first.is_stopped;
    for (unsigned r = 0; r < d->rules_len; r++)
        is_true = is_true && unique.overlap[r] == t.meets_earlier[r] &&
                  all.conflict[r] == t.conflicts[r] && first.hidden[r] == !t.is_first[r];
    for (unsigned r = 0; r < d->rules_len && !is_true; r++)
        printf("# table %u rule %u: " STR_FMT " | " STR_FMT " | " STR_FMT
               ": overlaps %d %d, conflicts %d %d, hidden %d %d\n",
               number, r + 1, STR_ARG(d->cells[r][0]), STR_ARG(d->cells[r][1]),
               STR_ARG(d->cells[r][2]), unique.overlap[r], t.meets_earlier[r], all.conflict[r],
               t.conflicts[r], first.hidden[r], !t.is_first[r]);
    return is_true;
}

static void test_check(void)
{
    int wrong = 0;
    for (unsigned i = 1; i <= 250; i++)
        wrong += !check_is_true(i);
    is_i64(wrong, 0, "what the check says of tables of constants is what trying values shows");
}

int main(void)
{
    test_lookup();
    test_check();
    return done_testing();
}
