/* Unary tests seen as sets: which values a test accepts when it is made of constants. This is what
 * makes overlaps and gaps of decision tables provable. */
#include "feel/feel_int.h"

static bool is_constant(const struct feel_node *node)
{
    switch ((enum node_op)node->op) {
    case N_CONST: return node->value->kind != FEEL_FUNCTION;
    case N_LIST:
    case N_RANGE:
    case N_NEGATE:
    case N_ARITHMETIC: break;
    case N_BUILTIN:
        if (str_eq(node->name, STR("now")) || str_eq(node->name, STR("today")))
            return false;
        break;
    default: return false;
    }
    for (size_t i = 0; i < node->kids_len; i++)
        if (!node->kids[i] || !is_constant(node->kids[i]))
            return false;
    return true;
}

static bool constant_of(struct arena *arena, const struct feel_node *node, struct feel_value *out)
{
    struct feel_env env = {.steps_max = 10000, .bytes_max = 1 << 20};
    struct feel_expr expr = {.node = node};
    if (!is_constant(node))
        return false;
    return feel_eval(&expr, &env, arena, NULL, NULL, out) == RC_OK && !feel__is_null(out);
}

struct ranges {
    struct feel_range *at;
    size_t len, cap;
};

static void add_equal(struct arena *arena, struct ranges *out, struct feel_value value)
{
    struct feel_range range = {
        .low = value, .high = value, .has_low = true, .has_high = true, .form = FEEL_RANGE_EQUAL};
    VEC_PUSH(arena, out, range);
}

static bool add_value(struct arena *arena, struct ranges *out, const struct feel_value *value)
{
    if (value->kind == FEEL_RANGE) {
        if (value->range->form == FEEL_RANGE_NOT_EQUAL || feel__is_null(&value->range->low) ||
            (value->range->form == FEEL_RANGE_BOTH && feel__is_null(&value->range->high)))
            return false;
        VEC_PUSH(arena, out, *value->range);
        return true;
    }
    if (value->kind == FEEL_LIST) {
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, arena);
            if (!add_value(arena, out, &item))
                return false;
        }
        return true;
    }
    if (value->kind == FEEL_CONTEXT)
        return false;
    add_equal(arena, out, *value);
    return true;
}

static bool add_compare(struct arena *arena, const struct feel_node *node, struct ranges *out)
{
    struct feel_value bound;
    struct feel_range range = {.low = feel_null(), .high = feel_null()};
    if (node->kids[0]->op != N_SLOT || !constant_of(arena, node->kids[1], &bound))
        return false;
    switch ((enum comparison)node->code) {
    case OP_EQ: add_equal(arena, out, bound); return true;
    case OP_LT:
    case OP_LE:
        range.form = FEEL_RANGE_BELOW;
        range.high = bound;
        range.has_high = node->code == OP_LE;
        break;
    case OP_GT:
    case OP_GE:
        range.form = FEEL_RANGE_ABOVE;
        range.low = bound;
        range.has_low = node->code == OP_GE;
        break;
    case OP_NE: return false;
    }
    VEC_PUSH(arena, out, range);
    return true;
}

static bool add_test(struct arena *arena, const struct feel_node *node, struct ranges *out)
{
    struct feel_value value;
    switch ((enum node_op)node->op) {
    case N_COMPARE: return add_compare(arena, node, out);
    case N_TEST:
        if (constant_of(arena, node->kids[0], &value))
            return add_value(arena, out, &value);
        return node->kids[0]->op == N_RANGE && is_constant(node->kids[0]); /* in error: nothing */
    case N_IN:
        for (size_t i = 1; i < node->kids_len; i++)
            if (!add_test(arena, node->kids[i], out))
                return false;
        return true;
    default: return false;
    }
}

bool feel_accepts(struct arena *arena, const struct feel_node *test, struct feel_accepted *out)
{
    struct ranges ranges = {0};
    if (!add_test(arena, test, &ranges))
        return false;
    *out = (struct feel_accepted){ranges.at, ranges.len};
    return true;
}

bool feel_excludes(struct arena *arena, const struct feel_node *test, struct feel_accepted *out)
{
    struct ranges ranges = {0};
    if (test->op != N_NOT)
        return false;
    for (size_t i = 0; i < test->kids_len; i++)
        if (!add_test(arena, test->kids[i], &ranges))
            return false;
    *out = (struct feel_accepted){ranges.at, ranges.len};
    return true;
}

bool feel_constant(struct arena *arena, const struct feel_node *node, struct feel_value *out)
{
    struct feel_env env = {.steps_max = 10000, .bytes_max = 1 << 20};
    struct feel_expr expr = {.node = node};
    while (expr.node->op == N_COERCE)
        expr.node = expr.node->kids[0];
    return is_constant(expr.node) && feel_eval(&expr, &env, arena, NULL, NULL, out) == RC_OK;
}
