/* FEEL beside feelin (JavaScript): the cases of bench/feelin/cases.tsv over the same context, read
 * and evaluated at each call, and evaluated alone. The other side's rates come on standard input
 * (bench/feelin/feelin.mjs prints them); results must agree. Scalar arithmetic is also compared
 * with the same calls of the decimal library in a plain loop. Both sides count the time that the
 * processor worked for them, and keep the best of some rounds, so that other work on the machine
 * counts less. usage: node feelin.mjs | feel CASES.tsv */
#define DECIMAL_CALL_BY_REFERENCE                0
#define DECIMAL_GLOBAL_ROUNDING                  0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS           0
#define DECIMAL_GLOBAL_ROUNDING_ACCESS_FUNCTIONS 0
#define UNCHANGED_BINARY_STATUS_FLAGS            0
#include "feel/feel.h"

#include <bid_conf.h>
#include <bid_functions.h>
#include <math.h>
#include <time.h>

enum { ROUNDS = 5, ROUND_NS = 60000000, ITEMS = 10000, RULES = 200, NAMES = 7, CASES_MAX = 64 };

#define NAMES_LIST                                                                                 \
    {                                                                                              \
        {.name = STR("net")}, {.name = STR("rate")}, {.name = STR("a")}, {.name = STR("b")},       \
            {.name = STR("days")}, {.name = STR("name")}, {.name = STR("items")},                  \
    }

struct bench {
    struct arena *arena;
    struct feel_field names[NAMES];
    struct feel_value slots[NAMES];
    struct str rule_tests[RULES][2];
    struct feel_expr rule_exprs[RULES][2];
    struct str text; /* of the case */
    struct feel_expr expr;
    struct feel_value result;
};

static int64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail_with(const char *what, struct str text)
{
    (void)fprintf(stderr, "%s: " STR_FMT "\n", what, STR_ARG(text));
    exit(1);
}

static struct feel_value number_of(const char *text)
{
    struct dec number;
    if (!dec_parse(str_of(text), &number))
        fail_with("no number", str_of(text));
    return feel_number(number);
}

static void fill(struct bench *bench)
{
    static const char *const regions[] = {"north", "south", "east", "west"};
    static const struct str names[] = {STR_INIT("amount"), STR_INIT("region"), STR_INIT("code")};
    const struct feel_shape *shape = feel_shape(bench->arena, names, 3);
    struct feel_value *items = NEW_ARRAY(bench->arena, struct feel_value, ITEMS);
    for (int i = 0; i < ITEMS; i++) {
        struct feel_value *row = NEW_ARRAY(bench->arena, struct feel_value, 3);
        row[0] = feel_i64(i * 37 % 1000);
        row[1] = feel_text(str_of(regions[i % 4]));
        row[2] = feel_text(str_printf(bench->arena, "P%d", i));
        items[i] = feel_context(shape, row);
    }
    struct feel_field fields[NAMES] = NAMES_LIST;
    struct feel_value slots[NAMES] = {number_of("1250.5"),
                                      number_of("0.07"),
                                      feel_i64(3),
                                      feel_i64(8),
                                      feel_i64(12),
                                      feel_text(STR("Aurora Trading")),
                                      feel_list(items, ITEMS)};
    memcpy(bench->names, fields, sizeof(fields));
    memcpy(bench->slots, slots, sizeof(slots));
    for (int i = 0; i < RULES; i++) {
        bench->rule_tests[i][0] = str_printf(bench->arena, "[%d..%d)", i * 10, i * 10 + 10);
        bench->rule_tests[i][1] = i % 2 ? STR("\"east\", \"west\"") : STR("not(\"north\")");
    }
}

/* ---- what is measured ---- */

static void read_case(struct bench *bench)
{
    struct fault fault = {.arena = bench->arena};
    if (feel_compile(bench->arena, bench->text, bench->names, NAMES, FEEL_STANDARD, &fault,
                     &bench->expr) != RC_OK)
        fail_with("does not compile", bench->text);
}

static void evaluate_case(struct bench *bench)
{
    struct feel_env env = {.slots = bench->slots, .slots_len = NAMES};
    if (feel_eval(&bench->expr, &env, bench->arena, NULL, NULL, &bench->result) != RC_OK)
        fail_with("does not evaluate", bench->text);
}

static void read_rules(struct bench *bench)
{
    struct feel_compiler *compiler = feel_compiler_new(bench->arena, FEEL_STANDARD);
    size_t slot = feel_declare(compiler, STR("?"), NULL);
    for (int i = 0; i < RULES; i++)
        for (int k = 0; k < 2; k++) {
            struct feel_expr *expr = &bench->rule_exprs[i][k];
            if (feel_parse_tests(compiler, bench->rule_tests[i][k], slot, NULL, &expr->node) !=
                RC_OK)
                fail_with("does not compile", bench->rule_tests[i][k]);
            expr->slots_len = feel_slots_len(compiler);
        }
}

static bool holds(struct bench *bench, const struct feel_expr *expr, struct feel_value input)
{
    struct feel_env env = {.slots = &input, .slots_len = 1};
    struct feel_value is;
    if (feel_eval(expr, &env, bench->arena, NULL, NULL, &is) != RC_OK)
        fail_with("does not evaluate", STR("a rule"));
    return is.kind == FEEL_BOOL && is.is;
}

static void evaluate_rules(struct bench *bench)
{
    bench->result = feel_null();
    for (int i = 0; i < RULES; i++)
        if (holds(bench, &bench->rule_exprs[i][0], feel_i64(1995)) &&
            holds(bench, &bench->rule_exprs[i][1], feel_text(STR("west")))) {
            bench->result = feel_i64(i + 1);
            return;
        }
}

struct work {
    void (*read)(struct bench *bench), (*evaluate)(struct bench *bench);
};

static double rate(struct bench *bench, struct work work, bool reads)
{
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t from = now_ns(), spent = 0;
        long count = 0;
        for (; spent < ROUND_NS; spent = now_ns() - from)
            for (int i = 0; i < 32; i++, count++) {
                struct arena_mark mark = arena_mark(bench->arena);
                if (reads)
                    work.read(bench);
                work.evaluate(bench);
                arena_rewind(bench->arena, mark);
            }
        double is = (double)count * 1e9 / (double)spent;
        best = is > best ? is : best;
    }
    return best;
}

/* ---- the library alone: the scalar cases written by hand ---- */

static BID_UINT128 bid_of(struct feel_value value)
{
    BID_UINT128 bid;
    memcpy(&bid, &value.number, sizeof(bid));
    return bid;
}

static BID_UINT128 plain_first(const BID_UINT128 *v, _IDEC_flags *f)
{
    BID_UINT128 x = bid128_mul(v[0], v[1], BID_ROUNDING_TO_NEAREST, f);
    x = bid128_add(x, bid128_div(v[2], v[3], BID_ROUNDING_TO_NEAREST, f), BID_ROUNDING_TO_NEAREST,
                   f);
    return bid128_sub(x, v[5], BID_ROUNDING_TO_NEAREST, f);
}

static BID_UINT128 plain_second(const BID_UINT128 *v, _IDEC_flags *f)
{
    BID_UINT128 x = bid128_sub(v[0], v[6], BID_ROUNDING_TO_NEAREST, f);
    x = bid128_mul(x, bid128_sub(v[5], v[1], BID_ROUNDING_TO_NEAREST, f), BID_ROUNDING_TO_NEAREST,
                   f);
    x = bid128_mul(x, v[4], BID_ROUNDING_TO_NEAREST, f);
    x = bid128_div(x, v[7], BID_ROUNDING_TO_NEAREST, f);
    x = bid128_add(x, bid128_mul(v[2], v[2], BID_ROUNDING_TO_NEAREST, f), BID_ROUNDING_TO_NEAREST,
                   f);
    return bid128_sub(x, v[3], BID_ROUNDING_TO_NEAREST, f);
}

static BID_UINT128 plain_third(const BID_UINT128 *v, _IDEC_flags *f)
{
    bool is_over = bid128_quiet_greater(v[0], v[8], f) && bid128_quiet_less(v[1], v[9], f);
    return bid128_mul(v[0], is_over ? v[1] : v[10], BID_ROUNDING_TO_NEAREST, f);
}

static double plain_rate(struct bench *bench,
                         BID_UINT128 (*plain)(const BID_UINT128 *v, _IDEC_flags *f))
{
    static const char *const constants[] = {"1", "100", "30", "1000", "0.1", "0.05"};
    BID_UINT128 v[11];
    _IDEC_flags flags = 0;
    double best = 0;
    volatile uint64_t sink = 0;
    for (int i = 0; i < 5; i++)
        v[i] = bid_of(bench->slots[i]);
    for (int i = 0; i < 6; i++)
        v[5 + i] = bid_of(number_of(constants[i]));
    for (int round = 0; round < ROUNDS; round++) {
        int64_t from = now_ns(), spent = 0;
        long count = 0;
        for (; spent < ROUND_NS; spent = now_ns() - from)
            for (int i = 0; i < 1000; i++, count++)
                sink += plain(v, &flags).w[0];
        double is = (double)count * 1e9 / (double)spent;
        best = is > best ? is : best;
    }
    return best;
}

/* ---- both sides ---- */

static bool agrees(struct bench *bench, const char *theirs)
{
    struct str ours = feel_print(bench->arena, &bench->result);
    char *end = NULL;
    double is = strtod(str_c(bench->arena, ours), &end), want = strtod(theirs, NULL);
    if (bench->result.kind == FEEL_NUMBER)
        return fabs(is - want) <= fabs(want) * 1e-11;
    return str_eq(ours, str_of(theirs));
}

struct sums { /* the worst ratio of each aim */
    double whole, lists, plain;
};

static double ratio_least(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

static void compare(struct bench *bench, const char *group, int case_i, double theirs,
                    const char *result, struct sums *sums)
{
    static BID_UINT128 (*const plain[])(const BID_UINT128 *v,
                                        _IDEC_flags *f) = {plain_first, plain_second, plain_third};
    bool is_table = strcmp(group, "table") == 0;
    struct work work = is_table ? (struct work){read_rules, evaluate_rules}
                                : (struct work){read_case, evaluate_case};
    work.read(bench);
    work.evaluate(bench);
    if (!agrees(bench, result))
        fail_with("results differ", feel_print(bench->arena, &bench->result));
    double alone = rate(bench, work, false); /* before reading again rewinds what was read */
    double whole = rate(bench, work, true);
    printf("feel %-6s %12.0f/s read and evaluated, %12.0f/s evaluated; feelin %9.1f/s: %.0f and "
           "%.0f times",
           group, whole, alone, theirs, whole / theirs, alone / theirs);
    sums->whole = ratio_least(sums->whole, whole / theirs);
    if (strcmp(group, "list") == 0)
        sums->lists = ratio_least(sums->lists, alone / theirs);
    if (case_i < (int)LEN(plain)) {
        double bare = plain_rate(bench, plain[case_i]);
        printf("; the library alone %.0f/s: %.2f times its time", bare, bare / alone);
        sums->plain = bare / alone > sums->plain ? bare / alone : sums->plain;
    }
    printf("  " STR_FMT "\n", STR_ARG(bench->text));
}

static struct str case_text(struct arena *arena, const char *path, int wanted)
{
    char line[1000];
    struct str text = STR_NONE;
    FILE *file = fopen(path, "r");
    if (!file)
        fail_with("cannot read", str_of(path));
    for (int i = 0; file && fgets(line, sizeof(line), file); i++) {
        struct str rest = str_trim(str_of(line));
        (void)str_cut(&rest, '\t');
        if (i == wanted)
            text = str_dup(arena, rest);
    }
    (void)fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    char line[1000], group[32], result[200];
    double theirs = 0;
    int i = 0;
    struct sums sums = {0};
    struct bench bench = {.arena = arena_new((size_t)256 << 20)};
    if (argc != 2)
        fail_with("usage", STR("feel CASES.tsv < RATES"));
    fill(&bench);
    while (fgets(line, sizeof(line), stdin) &&
           sscanf(line, "%31s\t%d\t%lf\t%199[^\n]", group, &i, &theirs, result) == 4) {
        bench.text = case_text(bench.arena, argv[1], i);
        compare(&bench, group, i, theirs, result, &sums);
    }
    printf(
        "feel: at least %.0f times feelin's rate read and evaluated (aim 50); lists evaluated at "
        "least %.0f times (aim 20); scalar arithmetic at most %.2f times the library (aim 4)\n",
        sums.whole, sums.lists, sums.plain);
    arena_free(bench.arena);
    return 0;
}
