/* What a scheme says in words: values, bounds and sentences, and what differs between versions. */
#include <fcntl.h>
#include <unistd.h>

#include "scheme/scheme_web.h"
#include "tests/tap.h"

static struct str read_example(struct arena *arena)
{
    AUTO_FD fd = open("examples/northwind/reps.dmn", O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* The example with one text replaced, the first time it stands there. */
static const struct scheme *with(struct arena *arena, const char *was, const char *is)
{
    struct str file = read_example(arena);
    size_t at = str_find(file, str_of(was), 0);
    struct fault fault = {.arena = arena};
    const struct scheme *scheme = NULL;
    assert(at != SIZE_MAX);
    struct str text = str_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(file, 0, at)), is,
                                 STR_ARG(str_sub(file, at + strlen(was), file.len)));
    enum rc rc = scheme_read(arena, text, &fault, &scheme);
    assert(rc == RC_OK);
    return scheme;
}

/* ---- values ---- */

static const struct scheme_attribute percent = {.type = STR_INIT("number"),
                                                .unit = STR_INIT("percent"),
                                                .min = STR_INIT("0"),
                                                .max = STR_INIT("1")},
                                     number = {.type = STR_INIT("number"), .min = STR_INIT("-5")},
                                     flag = {.type = STR_INIT("boolean")},
                                     day = {.type = STR_INIT("date")},
                                     text = {.type = STR_INIT("string")};

static void reads(struct op *op, const struct scheme_attribute *attribute, const char *typed,
                  const char *stored, const char *shown)
{
    struct str canonical = STR("?");
    const char *wrong = scheme_value_typed(op, attribute, str_of(typed), &canonical);
    ok(!wrong && str_eq(canonical, str_of(stored)), typed);
    is_str(scheme_value_words(op, attribute, canonical), shown, "and this is how it is shown");
}

static void refuses(struct op *op, const struct scheme_attribute *attribute, const char *typed,
                    const char *says)
{
    struct str canonical = STR("?");
    const char *wrong = scheme_value_typed(op, attribute, str_of(typed), &canonical);
    ok(wrong && strstr(wrong, says) && str_eq(canonical, STR("?")), says);
}

static void values(struct op *op)
{
    reads(op, &percent, "4", "0.04", "4%");
    reads(op, &percent, " 2.50 %", "0.025", "2.5%");
    reads(op, &percent, "100", "1", "100%");
    reads(op, &number, "-1.50", "-1.5", "−1.5");
    reads(op, &flag, "true", "true", "Yes");
    reads(op, &flag, "false", "false", "No");
    reads(op, &day, "2026-10-01", "2026-10-01", "1\u00a0Oct 2026");
    reads(op, &text, "gold", "gold", "gold");
    refuses(op, &percent, "101", "more than the scheme allows");
    refuses(op, &percent, "-1", "less than the scheme allows");
    refuses(op, &number, "-6", "less than the scheme allows");
    refuses(op, &flag, "perhaps", "true or false");
    refuses(op, &day, "1st of May", "not a date");
    refuses(op, &number, "many", "number");
    is_str(scheme_value_input(op, &percent, STR("0.04")), "4", "a field has a percent as typed");
    is_str(scheme_value_input(op, &percent, STR("")), "", "or nothing");
    is_str(scheme_value_input(op, &text, STR("gold")), "gold", "or a word");
    is_str(scheme_bounds_words(op, &percent), "from 0% to 100%", "bounds on both sides");
    is_str(scheme_bounds_words(op, &number), "at least −5", "on one");
    struct scheme_attribute most = {.type = STR("number"), .max = STR("9")};
    is_str(scheme_bounds_words(op, &most), "at most 9", "on the other");
    ok(!scheme_bounds_words(op, &text).at, "or on none");
}

static void sentences(void)
{
    static const enum dmn_hit_policy policies[] = {
        DMN_UNIQUE,      DMN_ANY,          DMN_PRIORITY,     DMN_FIRST,
        DMN_RULE_ORDER,  DMN_OUTPUT_ORDER, DMN_COLLECT,      DMN_COLLECT_SUM,
        DMN_COLLECT_MIN, DMN_COLLECT_MAX,  DMN_COLLECT_COUNT};
    bool is_each_its_own = true;
    for (size_t i = 0; i < LEN(policies); i++)
        for (size_t k = 0; k < i; k++)
            is_each_its_own &=
                strcmp(scheme__hit_sentence(policies[i]), scheme__hit_sentence(policies[k])) != 0;
    ok(is_each_its_own, "each hit policy has a sentence of its own");
    const struct lang *es = lang_of(LANG_ES);
    bool is_translated = true;
    for (size_t i = 0; i < LEN(policies); i++)
        is_translated &= !str_eq(tr(es, scheme__hit_sentence(policies[i])),
                                 str_of(scheme__hit_sentence(policies[i])));
    ok(is_translated, "in every language");
}

/* ---- versions ---- */

static bool has(const struct scheme_changes *changes, const char *where, const char *was,
                const char *is)
{
    for (size_t i = 0; i < changes->len; i++) {
        const struct scheme_change *c = &changes->at[i];
        if (str_eq(c->where, str_of(where)) && (was ? str_eq(c->was, str_of(was)) : !c->was.at) &&
            (is ? str_eq(c->is, str_of(is)) : !c->is.at))
            return true;
    }
    for (size_t i = 0; i < changes->len; i++)
        printf("# " STR_FMT ": " STR_FMT " -> " STR_FMT "\n", STR_ARG(changes->at[i].where),
               STR_ARG(changes->at[i].was), STR_ARG(changes->at[i].is));
    return false;
}

static void comparing(struct op *op)
{
    static const char component[] = "  </itemDefinition>";
    static const char spare[] = "<itemComponent name=\"spare\"><extensionElements>"
                                "<kontor:attribute default=\"7\" label=\"Spare\"/>"
                                "</extensionElements><typeRef>number</typeRef></itemComponent>"
                                "</itemDefinition>";
    static const char line[] =
        "<decision id=\"d_bonus\" name=\"bonus\"><extensionElements><kontor:output kind=\"line\" "
        "scope=\"contract\" key=\"bonus\" label=\"Bonus\"/></extensionElements>"
        "<variable name=\"bonus\" typeRef=\"Any\"/>"
        "<literalExpression><text>{amount: 10}</text></literalExpression></decision></definitions>";
    struct arena *arena = op->arena;
    struct scheme_changes changes;
    const struct scheme *old = with(arena, "", "");
    scheme_compare(op, old, old, &changes);
    is_i64((int64_t)changes.len, 0, "a version does not differ from itself");
    scheme_compare(op, old, with(arena, "currency=\"USD\"", "currency=\"EUR\""), &changes);
    ok(has(&changes, "Currency", "USD", "EUR"), "another currency is a change");
    scheme_compare(op, old, with(arena, "currency=\"USD\" ", ""), &changes);
    ok(has(&changes, "Currency", "USD", "of the contract"), "and so is none");
    scheme_compare(op, with(arena, "currency=\"USD\" ", ""), old, &changes);
    ok(has(&changes, "Currency", "of the contract", "USD"), "there and back");
    scheme_compare(op, old, with(arena, "default=\"0.04\"", "default=\"0.05\""), &changes);
    ok(changes.len == 1 && has(&changes, "Rate of Beverages", "4%", "5%"), "a default");
    const struct scheme *more = with(arena, component, spare);
    scheme_compare(op, old, more, &changes);
    ok(changes.len == 1 && has(&changes, "Spare", NULL, "7"), "a new attribute");
    scheme_compare(op, more, old, &changes);
    ok(changes.len == 1 && has(&changes, "Spare", "7", NULL), "and one that is gone");
    more = with(arena, "</definitions>", line);
    scheme_compare(op, old, more, &changes);
    ok(changes.len == 2 && has(&changes, "bonus", NULL, "{amount: 10}"),
       "a new line and its formula");
    scheme_compare(op, more, old, &changes);
    ok(changes.len == 2 && has(&changes, "bonus", "{amount: 10}", NULL), "and when they are gone");
    scheme_compare(op, old, with(arena, "hitPolicy=\"FIRST\"", "hitPolicy=\"RULE ORDER\""),
                   &changes);
    ok(has(&changes, "tier factor", "The first row that applies wins.",
           "All rows that apply, in their order."),
       "another hit policy");
    scheme_compare(op, old, with(arena, "<text>terms.top tier factor</text>", "<text>2</text>"),
                   &changes);
    ok(changes.len == 1 &&
           has(&changes, "tier factor: ≥ Top tier: volume from", "Top tier: factor", "2"),
       "a cell of a table");
}

/* The example with other rows in the table of rates by category. */
static const struct scheme *rated(struct arena *arena, const char *rules)
{
    struct str file = read_example(arena);
    struct fault fault = {.arena = arena};
    const struct scheme *scheme = NULL;
    size_t from = str_find(file, STR("<rule><inputEntry><text>\"Beverages\""), 0);
    size_t to = str_find(file, STR("</decisionTable>"), from);
    struct str xml = str_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(file, 0, from)), rules,
                                STR_ARG(str_sub(file, to, SIZE_MAX)));
    enum rc rc = scheme_read(arena, xml, &fault, &scheme);
    assert(rc == RC_OK);
    return scheme;
}

#define RULE(cell_, rate_)                                                                         \
    "<rule><inputEntry><text>" cell_ "</text></inputEntry><outputEntry><text>" rate_               \
    "</text></outputEntry></rule>"

static bool has_kind(const struct scheme_changes *changes, enum scheme_change_kind kind,
                     const char *where)
{
    for (size_t i = 0; i < changes->len; i++)
        if (changes->at[i].kind == kind && str_eq(changes->at[i].where, str_of(where)))
            return true;
    for (size_t i = 0; i < changes->len; i++)
        printf("# %d " STR_FMT "\n", (int)changes->at[i].kind, STR_ARG(changes->at[i].where));
    return false;
}

static void comparing_rows(struct op *op)
{
    struct arena *arena = op->arena;
    struct scheme_changes changes;
    const struct scheme *old =
        rated(arena, RULE("\"Beverages\"", "0.04") RULE("\"Seafood\"", "0.06")
                         RULE("\"Produce\"", "0.02") RULE("-", "0.03"));
    scheme_compare(op, old,
                   rated(arena, RULE("\"Beverages\"", "0.04") RULE("\"Seafood\"", "0.07")
                                    RULE("\"Produce\"", "0.02") RULE("-", "0.03")),
                   &changes);
    ok(changes.len == 1 && has(&changes, "category rate: Seafood", "0.06", "0.07"),
       "a row is known by its condition");
    scheme_compare(op, old,
                   rated(arena, RULE("\"Confections\"", "0.05") RULE("\"Beverages\"", "0.04")
                                    RULE("\"Seafood\"", "0.06") RULE("\"Produce\"", "0.02")
                                        RULE("-", "0.03")),
                   &changes);
    ok(changes.len == 1 && has_kind(&changes, SCHEME_ADDED, "category rate: Confections"),
       "a row that is put before the others leaves them alone");
    scheme_compare(
        op, old,
        rated(arena, RULE("\"Beverages\"", "0.04") RULE("\"Produce\"", "0.02") RULE("-", "0.03")),
        &changes);
    ok(changes.len == 1 && has_kind(&changes, SCHEME_REMOVED, "category rate: Seafood"),
       "a row that goes");
    scheme_compare(op, old,
                   rated(arena, RULE("\"Seafood\"", "0.06") RULE("\"Produce\"", "0.02")
                                    RULE("\"Beverages\"", "0.04") RULE("-", "0.03")),
                   &changes);
    ok(changes.len == 1 && has_kind(&changes, SCHEME_MOVED, "category rate: Beverages") &&
           has(&changes, "category rate: Beverages", "row 1", "row 3"),
       "a row that was moved");
    scheme_compare(op, old,
                   rated(arena, RULE("\"Beverages\"", "0.04") RULE("\"Sea\"", "0.06")
                                    RULE("\"Produce\"", "0.02") RULE("-", "0.03")),
                   &changes);
    ok(changes.len == 1 && has(&changes, "category rate, row 2", "Seafood", "Sea"),
       "a row with another condition");
}

static void comparing_formulas(struct op *op)
{
    struct arena *arena = op->arena;
    struct scheme_changes changes;
    scheme_compare(op, with(arena, "", ""),
                   with(arena, "terms.direct override else", "terms.second override else"),
                   &changes);
    ok(changes.len > 0 && changes.at[0].is_formula, "a formula is shown as it is written");
    is_str(changes.at[0].gone, "direct", "with what went");
    is_str(changes.at[0].come, "second", "and what came");
    ok(str_ends(changes.at[0].before, STR("then terms.")) &&
           str_starts(changes.at[0].after, STR(" override else")),
       "between what stayed");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(64 << 20);
    struct op op;
    op_init(&op, arena, NULL, date_of(2026, 10, 1).days * US_DAY);
    permission_declare(scheme_permissions, scheme_permissions_len);
    values(&op);
    sentences();
    comparing(&op);
    comparing_rows(&op);
    comparing_formulas(&op);
    return done_testing();
}
