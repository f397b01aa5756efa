/* Laws that hold for every expression: printed and read again it is the same tree; and the truth
 * tables of three-valued logic, all of them. */
#include "feel/feel_int.h"
#include "tests/feel_sample.h"
#include "tests/tap.h"

enum { SAMPLES = 30000, SAMPLE_BYTES = 160 };

static bool same_nodes(const struct feel_node *a, const struct feel_node *b, struct arena *arena);

static bool same_type(const struct feel_type *a, const struct feel_type *b)
{
    if (!a || !b)
        return a == b;
    bool is_same = a->form == b->form && a->fields_len == b->fields_len &&
                   (a->form != FEEL_TYPE_KIND || a->kind == b->kind) && same_type(a->item, b->item);
    for (size_t i = 0; is_same && i < a->fields_len; i++)
        is_same = str_eq(a->fields[i].name, b->fields[i].name) &&
                  same_type(a->fields[i].type, b->fields[i].type);
    return is_same;
}

static bool same_plan(const struct feel_node *a, const struct feel_node *b)
{
    if (a->op == N_RANGE) {
        const struct range_plan *x = a->data, *y = b->data;
        return x->form == y->form && x->has_low == y->has_low && x->has_high == y->has_high;
    }
    if (a->op == N_CONTEXT) {
        const struct context_plan *x = a->data, *y = b->data;
        bool is_same = x->shape->len == y->shape->len;
        for (size_t i = 0; is_same && i < x->shape->len; i++)
            is_same = str_eq(x->shape->names[i], y->shape->names[i]) && x->slots[i] == y->slots[i];
        return is_same;
    }
    if (a->op == N_LOOP) {
        const struct loop_plan *x = a->data, *y = b->data;
        bool is_same = x->domains_len == y->domains_len && x->has_partial == y->has_partial;
        for (size_t i = 0; is_same && i < x->domains_len; i++)
            is_same = x->slots[i] == y->slots[i] && x->is_span[i] == y->is_span[i];
        return is_same;
    }
    if (a->op == N_FUNCTION) {
        const struct function_plan *x = a->data, *y = b->data;
        bool is_same = x->params_len == y->params_len && str_eq(x->external, y->external);
        for (size_t i = 0; is_same && i < x->params_len; i++)
            is_same = str_eq(x->params[i].name, y->params[i].name) &&
                      same_type(x->params[i].type, y->params[i].type);
        return is_same;
    }
    if (a->op == N_CALL) {
        const struct call_plan *x = a->data, *y = b->data;
        bool is_same = !x->names == !y->names;
        for (size_t i = 0; is_same && x->names && i + 1 < a->kids_len; i++)
            is_same = str_eq(x->names[i], y->names[i]);
        return is_same;
    }
    return a->op != N_BUILTIN || a->data == b->data;
}

static bool same_nodes(const struct feel_node *a, const struct feel_node *b, struct arena *arena)
{
    if (!a || !b)
        return a == b;
    if (a->op != b->op || a->code != b->code || a->hops != b->hops || a->slot != b->slot ||
        a->kids_len != b->kids_len || !str_eq(a->name, b->name) || !same_plan(a, b))
        return false;
    if (a->op == N_CONST && a->value->kind != FEEL_FUNCTION &&
        !feel_same(a->value, b->value, arena))
        return false;
    if (a->op == N_INSTANCE && !same_type(a->type, b->type))
        return false;
    for (size_t i = 0; i < a->kids_len; i++)
        if (!same_nodes(a->kids[i], b->kids[i], arena))
            return false;
    return true;
}

static const struct feel_node *read_text(struct arena *arena, struct str text, bool is_tests)
{
    struct feel_compiler *c = feel_compiler_new(arena, FEEL_KONTOR);
    const struct feel_node *node = NULL;
    for (size_t i = 0; i < LEN(sample_names); i++)
        (void)feel_declare(c, sample_names[i], NULL);
    enum rc rc =
        is_tests ? feel_parse_tests(c, text, 0, NULL, &node) : feel_parse(c, text, NULL, &node);
    return rc == RC_OK ? node : NULL;
}

static uint64_t next_random(uint64_t *state) /* xorshift64*: the same everywhere */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* 1: the same tree; 0: not; -1: the sample is no expression. */
static int round_trip(struct arena *arena, struct str text, bool is_tests)
{
    const struct feel_node *first = read_text(arena, text, is_tests);
    if (!first)
        return -1;
    struct str printed = is_tests ? feel_tests_source(arena, first) : feel_source(arena, first);
    const struct feel_node *second = read_text(arena, printed, is_tests);
    if (second && same_nodes(first, second, arena))
        return 1;
    printf("# " STR_FMT "\n# printed: " STR_FMT "\n", STR_ARG(text), STR_ARG(printed));
    return 0;
}

static void test_round_trips(bool is_tests, const char *rule)
{
    AUTO_ARENA arena = arena_new(0);
    uint64_t random = UINT64_C(88172645463325252);
    long same = 0, other = 0, none = 0;
    for (int i = 0; i < SAMPLES && other < 5; i++) {
        uint8_t bytes[SAMPLE_BYTES];
        AUTO_BUF text = BUF(1 << 16);
        for (size_t k = 0; k < sizeof(bytes); k++)
            bytes[k] = (uint8_t)(next_random(&random) >> 32);
        struct sample sample = {.at = bytes, .len = sizeof(bytes), .out = &text};
        if (is_tests)
            sample_tests(&sample, 2);
        else
            sample_expression(&sample, 4);
        int is = round_trip(arena, buf_str(&text), is_tests);
        same += is == 1;
        other += is == 0;
        none += is < 0;
        arena_reset(arena);
    }
    ok(other == 0 && same > SAMPLES / 2, rule);
    printf("# %ld the same, %ld other, %ld no expression\n", same, other, none);
}

static void test_forms(void)
{
    static const char *const texts[] = {
        "( not)",
        "(not) = 1",
        "(not) in (1, 2)",
        "-",
        "< 5, [1..3], not(2)",
        "not(1, < 2)",
        "? + 1 > 2",
        "{f: function(a: number, b: list<string>) a, r: f(b: [\"x\"], a: 1)}.r",
        "for x in 1..3, y in rows return x * partial[-1]",
        "rows[net amount > 5 and item.rate = 1][1].a+b",
        "-(1 + 2) ** -3 instance of number",
        "(1 - (2 - 3)) * 4 - 5 - 6 / (7 / 8)",
        "function(x) external {java: {class: \"c\"}}",
        "{a: 1, a: 2}",
        "substring(\"abc\")",
        "5 in (? > 3, [1..2), (< 4))",
        "(1 instance of date) and time(1) = 2",
    };
    AUTO_ARENA arena = arena_new(0);
    bool is_ok = true;
    for (size_t i = 0; i < LEN(texts); i++)
        is_ok = round_trip(arena, str_of(texts[i]), i < 7) == 1 && is_ok;
    ok(is_ok, "forms that samples seldom make are printed and read too");
    const struct feel_node *node = read_text(arena, STR("((1)+(2*3))*((4))"), false);
    is_str(feel_source(arena, node), "(1 + 2 * 3) * 4", "only needed parentheses are printed");
}

/* ---- three-valued logic ---- */

static const char *const truths[] = {"false", "null", "true"}; /* -1, 0, 1 */

static bool gives(struct arena *arena, const char *text, int want)
{
    struct feel_expr expr;
    struct feel_value value;
    struct feel_env env = {0};
    bool is_ok = feel_compile(arena, str_of(text), NULL, 0, FEEL_STANDARD, NULL, &expr) == RC_OK &&
                 feel_eval(&expr, &env, arena, NULL, NULL, &value) == RC_OK &&
                 feel__truth(&value) == (want < 0   ? 0
                                         : want > 0 ? 1
                                                    : -1);
    if (!is_ok)
        printf("# %s\n", text);
    return is_ok;
}

/* The strong logic of Kleene: "and" is the lesser, "or" the greater of false < unknown < true. */
static void test_logic(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const char *const values[] = {"false", "null", "true", "1", "\"x\""};
    static const int meanings[] = {-1, 0, 1, 0, 0}; /* what is no truth value is unknown */
    bool is_ok = true;
    for (size_t i = 0; i < LEN(values); i++) {
        char text[200];
        (void)snprintf(text, sizeof(text), "not(%s)", values[i]);
        is_ok = gives(arena, text, -meanings[i]) && is_ok;
        (void)snprintf(text, sizeof(text), "if %s then true else false", truths[i % 3]);
        is_ok = gives(arena, text, (int)(i % 3) == 2 ? 1 : -1) && is_ok;
        for (size_t k = 0; k < LEN(values); k++) {
            int low = meanings[i] < meanings[k] ? meanings[i] : meanings[k];
            int high = meanings[i] > meanings[k] ? meanings[i] : meanings[k];
            (void)snprintf(text, sizeof(text), "%s and %s", values[i], values[k]);
            is_ok = gives(arena, text, low) && is_ok;
            (void)snprintf(text, sizeof(text), "%s or %s", values[i], values[k]);
            is_ok = gives(arena, text, high) && is_ok;
        }
    }
    ok(is_ok, "and, or, not, if: every table of three values, and values that are none");
    is_ok = true;
    for (int i = 0; i < 27; i++) { /* all and any over lists of three, and the same by operators */
        const char *a = truths[i % 3], *b = truths[i / 3 % 3], *c = truths[i / 9];
        int low = i % 3 - 1, high = low;
        for (int k = 0, rest = i / 3; k < 2; k++, rest /= 3) {
            low = rest % 3 - 1 < low ? rest % 3 - 1 : low;
            high = rest % 3 - 1 > high ? rest % 3 - 1 : high;
        }
        static const struct {
            const char *before, *between, *after;
            bool is_low;
        } forms[] = {{"all([", ", ", "])", true},
                     {"", " and ", "", true},
                     {"every x in [", ", ", "] satisfies x", true},
                     {"any([", ", ", "])", false},
                     {"", " or ", "", false},
                     {"some x in [", ", ", "] satisfies x", false}};
        for (size_t k = 0; k < LEN(forms); k++) {
            char text[200];
            (void)snprintf(text, sizeof(text), "%s%s%s%s%s%s%s", forms[k].before, a,
                           forms[k].between, b, forms[k].between, c, forms[k].after);
            is_ok = gives(arena, text, forms[k].is_low ? low : high) && is_ok;
        }
    }
    ok(is_ok, "all, any, every, some: every list of three values");
}

int main(void)
{
    test_forms();
    test_round_trips(false, "an expression printed and read again is the same tree");
    test_round_trips(true, "unary tests printed and read again are the same tree");
    test_logic();
    return done_testing();
}
