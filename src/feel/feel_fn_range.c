/* Built-in functions that relate points and ranges (DMN 1.5 table 78), and range(). */
#include "feel/feel_int.h"

/* A point is the closed range of itself. */
struct side {
    const struct feel_value *low, *high;
    bool has_low, has_high, is_point;
};

static struct side side_of(const struct feel_value *value)
{
    if (value->kind != FEEL_RANGE)
        return (struct side){value, value, true, true, true};
    const struct feel_range *range = value->range;
    return (struct side){&range->low, &range->high, range->has_low, range->has_high, false};
}

/* How two ends lie: -2 when they do not compare. */
static int ends(const struct feel_value *a, const struct feel_value *b)
{
    int order = 0;
    if (!feel_order(a, b, &order))
        return -2;
    return (order > 0) - (order < 0);
}

/* Every relation takes the ends' orders as they are; `bad` is set when some do not compare. */
static int order_of(const struct feel_value *a, const struct feel_value *b, bool *bad)
{
    int order = ends(a, b);
    *bad = *bad || order == -2;
    return order;
}

static bool is_before(struct side a, struct side b, bool *bad)
{
    int order = order_of(a.high, b.low, bad);
    return order < 0 || (order == 0 && !(a.is_point && b.is_point) && !(a.has_high && b.has_low));
}

static bool is_meeting(struct side a, struct side b, bool *bad)
{
    return order_of(a.high, b.low, bad) == 0 && a.has_high && b.has_low;
}

static bool is_overlapping(struct side a, struct side b, bool *bad)
{
    int left = order_of(a.high, b.low, bad), right = order_of(a.low, b.high, bad);
    return (left > 0 || (left == 0 && a.has_high && b.has_low)) &&
           (right < 0 || (right == 0 && a.has_low && b.has_high));
}

static bool is_overlapping_before(struct side a, struct side b, bool *bad)
{
    int lows = order_of(a.low, b.low, bad), touch = order_of(a.high, b.low, bad);
    int highs = order_of(a.high, b.high, bad);
    return (lows < 0 || (lows == 0 && a.has_low && !b.has_low)) &&
           (touch > 0 || (touch == 0 && a.has_high && b.has_low)) &&
           (highs < 0 || (highs == 0 && (!a.has_high || b.has_high)));
}

static bool is_finishing(struct side a, struct side b, bool *bad)
{
    int highs = order_of(a.high, b.high, bad), lows = order_of(a.low, b.low, bad);
    if (a.is_point)
        return highs == 0 && b.has_high;
    return highs == 0 && a.has_high == b.has_high &&
           (lows > 0 || (lows == 0 && (!a.has_low || b.has_low)));
}

static bool is_starting(struct side a, struct side b, bool *bad)
{
    int lows = order_of(a.low, b.low, bad), highs = order_of(a.high, b.high, bad);
    if (a.is_point)
        return lows == 0 && b.has_low;
    return lows == 0 && a.has_low == b.has_low &&
           (highs < 0 || (highs == 0 && (!a.has_high || b.has_high)));
}

static bool is_including(struct side a, struct side b, bool *bad)
{
    int lows = order_of(a.low, b.low, bad), highs = order_of(a.high, b.high, bad);
    return (lows < 0 || (lows == 0 && (a.has_low || !b.has_low))) &&
           (highs > 0 || (highs == 0 && (a.has_high || !b.has_high)));
}

static bool is_coinciding(struct side a, struct side b, bool *bad)
{
    return order_of(a.low, b.low, bad) == 0 && order_of(a.high, b.high, bad) == 0 &&
           a.has_low == b.has_low && a.has_high == b.has_high;
}

static struct feel_value relation(struct feel_run *run, const struct feel_value *a,
                                  const struct feel_value *b,
                                  bool (*holds)(struct side a, struct side b, bool *bad))
{
    bool is_bad = false;
    bool is = holds(side_of(a), side_of(b), &is_bad);
    if (is_bad)
        return feel__expected(run, M("a point or range of the same kind"), b);
    return feel_bool(is);
}

#define RELATION(name, holds, first, second)                                                       \
    static struct feel_value name(struct feel_run *run, const struct feel_value *args, size_t len) \
    {                                                                                              \
        (void)len;                                                                                 \
        return relation(run, &args[first], &args[second], holds);                                  \
    }

RELATION(fn_before, is_before, 0, 1)
RELATION(fn_after, is_before, 1, 0)
RELATION(fn_meets, is_meeting, 0, 1)
RELATION(fn_met_by, is_meeting, 1, 0)
RELATION(fn_overlaps, is_overlapping, 0, 1)
RELATION(fn_overlaps_before, is_overlapping_before, 0, 1)
RELATION(fn_overlaps_after, is_overlapping_before, 1, 0)
RELATION(fn_finishes, is_finishing, 0, 1)
RELATION(fn_finished_by, is_finishing, 1, 0)
RELATION(fn_includes, is_including, 0, 1)
RELATION(fn_during, is_including, 1, 0)
RELATION(fn_starts, is_starting, 0, 1)
RELATION(fn_started_by, is_starting, 1, 0)
RELATION(fn_coincides, is_coinciding, 0, 1)

/* ---- range("[1..3]") ---- */

static bool is_literal(const struct feel_node *node)
{
    static const char *const makers[] = {"date", "time", "date and time", "duration"};
    if (node->op == N_CONST)
        return node->value->kind != FEEL_FUNCTION;
    if (node->op == N_NEGATE)
        return is_literal(node->kids[0]);
    if (node->op != N_BUILTIN)
        return false;
    bool is_maker = false;
    for (size_t i = 0; i < LEN(makers); i++)
        is_maker = is_maker || str_eq(node->name, str_of(makers[i]));
    for (size_t i = 0; i < node->kids_len; i++)
        if (!node->kids[i] || node->kids[i]->op != N_CONST)
            return false;
    return is_maker;
}

static struct feel_value fn_range(struct feel_run *run, const struct feel_value *args, size_t len)
{
    const struct feel_node *node = NULL;
    struct str text = args[0].text;
    (void)len;
    /* The tree of the text counts against the budget, roughly. */
    if (text.len > 1024 || !feel__alloc(run, text.len + 64, 64))
        return feel__expected(run, M("a range as text"), &args[0]);
    struct feel_compiler *c = feel_compiler_new(run->arena, FEEL_STANDARD);
    if (feel_parse(c, text, NULL, &node) != RC_OK || node->op != N_RANGE ||
        ((const struct range_plan *)node->data)->form != FEEL_RANGE_BOTH ||
        !is_literal(node->kids[0]) || !is_literal(node->kids[1]))
        return feel__expected(run, M("a range as text"), &args[0]);
    struct feel_value range = feel__eval(run, node);
    if (range.kind != FEEL_RANGE ||
        (feel__is_null(&range.range->low) && feel__is_null(&range.range->high)))
        return feel__expected(run, M("a range as text"), &args[0]);
    return range;
}

#define POINTS_TOO(name, fn)                                                                       \
    {name, "point1:a,point2:a", fn}, {name, "point:a,range:a", fn}, {name, "range:a,point:a", fn}, \
    {                                                                                              \
        name, "range1:a,range2:a", fn                                                              \
    }
#define POINT_FIRST(name, fn)                                                                      \
    {name, "point:a,range:r", fn},                                                                 \
    {                                                                                              \
        name, "range1:a,range2:r", fn                                                              \
    }
#define POINT_LAST(name, fn)                                                                       \
    {name, "range:r,point:a", fn},                                                                 \
    {                                                                                              \
        name, "range1:r,range2:a", fn                                                              \
    }

static const struct feel_builtin table[] = {
    POINTS_TOO("before", fn_before),
    POINTS_TOO("after", fn_after),
    {"meets", "range1:r,range2:r", fn_meets},
    {"met by", "range1:r,range2:r", fn_met_by},
    {"overlaps", "range1:r,range2:r", fn_overlaps},
    {"overlaps before", "range1:r,range2:r", fn_overlaps_before},
    {"overlaps after", "range1:r,range2:r", fn_overlaps_after},
    POINT_FIRST("finishes", fn_finishes),
    POINT_LAST("finished by", fn_finished_by),
    POINT_LAST("includes", fn_includes),
    POINT_FIRST("during", fn_during),
    POINT_FIRST("starts", fn_starts),
    POINT_LAST("started by", fn_started_by),
    {"coincides", "point1:a,point2:a", fn_coincides},
    {"coincides", "range1:a,range2:a", fn_coincides},
    {"range", "from:s", fn_range},
};

const struct builtin_table feel__ranges = {table, LEN(table)};
