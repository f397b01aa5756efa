/* What a file may say of its outputs: kinds in their scopes, options of their kinds, inputs of
 * their scopes, and nothing that is computed later. */
#include "scheme/scheme_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "                         \
    "xmlns:kontor=\"urn:kontor:dmn:1\" id=\"m\" name=\"M\" namespace=\"urn:m\">"                   \
    "<inputData id=\"x\" name=\"%s\"><variable name=\"%s\"/></inputData>"
#define DECISION                                                                                   \
    "<decision id=\"%s\" name=\"%s\"><extensionElements><kontor:output %s/></extensionElements>"   \
    "<variable name=\"%s\"/>%s<literalExpression><text>1</text></literalExpression></decision>"
#define NEEDS_X "<informationRequirement><requiredInput href=\"#x\"/></informationRequirement>"
#define NEEDS_B "<informationRequirement><requiredDecision href=\"#b\"/></informationRequirement>"

/* Reads a scheme with one output that needs the input. */
static const struct scheme *scheme_of(struct fixture *f, const char *options, const char *input)
{
    const struct scheme *scheme = NULL;
    struct str xml = str_printf(f->arena, HEAD DECISION "</definitions>", input, input, "a", "a",
                                options, "a", NEEDS_X);
    fault_clear(&f->op.fault);
    return scheme_read(f->arena, xml, &f->op.fault, &scheme) == RC_OK ? scheme : NULL;
}

static struct str said(struct fixture *f)
{
    if (f->op.fault.entries_len == 0)
        return STR("nothing");
    return i18n_fault(f->arena, lang_of(LANG_EN), &f->op.fault.entries[0]);
}

static void refused(struct fixture *f, const char *options, const char *input, const char *message)
{
    ok(scheme_of(f, options, input) == NULL,
       str_c(f->arena, str_printf(f->arena, "%s over %s is refused", options, input)));
    is_str(said(f), message, "and the message says what is allowed");
}

static void kinds_and_scopes(struct fixture *f)
{
    static const struct {
        const char *scope, *input;
        int phase;
    } fine[] = {{"event", "running", 1},     {"contract", "previous", 1}, {"outlet", "outlet", 1},
                {"customer", "customer", 1}, {"rank", "legs", 2},         {"upward", "downline", 3},
                {"matching", "lines", 4},    {"pool", "members", 5},      {"closing", "lines", 6}};
    for (size_t i = 0; i < LEN(fine); i++) {
        struct str options = str_printf(f->arena, "kind=\"line\" scope=\"%s\"", fine[i].scope);
        const struct scheme *scheme = scheme_of(f, str_c(f->arena, options), fine[i].input);
        ok(scheme && scheme->outputs[0].phase == fine[i].phase &&
               scheme->last_phase == fine[i].phase,
           fine[i].scope);
    }
    refused(f, "kind=\"line\" scope=\"contract\"", "lines",
            "The input lines is not there in the scope contract, only in: matching, closing.");
    refused(f, "kind=\"line\" scope=\"pool\"", "sales",
            "The input sales is not there in the scope pool, only in: event, contract, upward, "
            "outlet, customer, rank, matching, closing.");
    refused(f, "kind=\"line\"", "weather", "There is no input weather for schemes.");
    refused(f, "kind=\"adjust\" scope=\"event\"", "event",
            "The kind adjust has no scope event, only: pool, closing.");
    refused(f, "kind=\"measure\" scope=\"event\"", "event",
            "The kind measure has no scope event, only: contract, upward, outlet, customer, rank, "
            "matching, pool, closing.");
    refused(f, "scope=\"event\"", "event", "An output says its kind, for example line or measure.");
    refused(f, "kind=\"line\" scope=\"event\"", "chain",
            "The input chain is there for lines with the direction push.");
}

static void options(struct fixture *f)
{
    refused(f, "kind=\"measure\" level=\"line\"", "sales",
            "There is no option level here; there are: kind, scope, label, key, unit, shown, "
            "rounding, scale.");
    refused(f, "kind=\"line\" lable=\"Own\"", "sales",
            "There is no option lable here; there are: kind, scope, label, key, unit, shown, "
            "rounding, scale, level, prorate, direction, law, partial, term, schedule.");
    refused(f, "kind=\"line\" level=\"month\"", "sales",
            "level cannot be month; it is one of: line, rule and period, recipient and period, "
            "each step.");
    refused(f, "kind=\"accumulator\" reset=\"week\"", "event",
            "reset cannot be week; it is one of: period, month, quarter, year, contract, never.");
    refused(f, "kind=\"accumulator\" where=\"event.net &gt;\"", "event",
            "This formula could not be read: event.net >");
    refused(f, "kind=\"accumulator\" where=\"sales.net\"", "event",
            "This formula could not be read: sales.net");
    refused(f, "kind=\"accumulator\"", "running",
            "A running total cannot be added up from running totals.");
    refused(f, "kind=\"carry\" initial=\"x + 1\"", "carried",
            "This is not a constant of the formula language: x + 1");
    refused(f, "kind=\"carry\" expiresAfter=\"6 months\"", "carried",
            "This is not a duration like P6M or P30D: 6 months");
    refused(f, "kind=\"eligible\" of=\"b\"", "sales", "No line has the key b.");
    refused(f, "kind=\"line\" scope=\"upward\" direction=\"push\"", "downline",
            "Lines are pushed to others in the scope event.");
    refused(f, "kind=\"line\" scope=\"event\" prorate=\"days\"", "event",
            "Sums of the period are prorated, not those of events or pools.");
    const struct scheme *scheme = scheme_of(
        f, "kind=\"accumulator\" reset=\"year\" key=\"customer\" where=\"event.net &gt; 0\"",
        "event");
    ok(scheme && scheme->outputs[0].reset == SCHEME_RESET_YEAR &&
           scheme->outputs[0].item == SCHEME_OF_CUSTOMER && scheme->outputs[0].where &&
           str_eq(scheme->outputs[0].key, STR("a")),
       "an accumulator has its options, and its own name");
    scheme = scheme_of(f, "kind=\"carry\" initial=\"{a: 1}\" expiresAfter=\"P6M\" reset=\"year\"",
                       "carried");
    ok(scheme && scheme->outputs[0].initial && scheme->outputs[0].expires_months == 6 &&
           scheme->outputs[0].reset == SCHEME_RESET_YEAR,
       "so has a carry");
    scheme = scheme_of(f, "kind=\"line\" scope=\"event\" direction=\"push\"", "chain");
    ok(scheme && scheme->outputs[0].is_push && scheme->outputs[0].phase == 3,
       "what is pushed comes after ranks");
}

static void laws(struct fixture *f)
{
    refused(f, "kind=\"line\" scope=\"event\" law=\"half\"", "event",
            "law cannot be half; it is one of: formula, mirror, full within window, straight line, "
            "unearned advance, schedule, none.");
    refused(f, "kind=\"line\" scope=\"event\" law=\"straight line\"", "event",
            "The law straight line needs the option term.");
    refused(f, "kind=\"line\" scope=\"event\" law=\"schedule\"", "event",
            "The law schedule needs the option schedule.");
    refused(f, "kind=\"line\" law=\"mirror\"", "sales", "A law is for lines of the scope event.");
    refused(f, "kind=\"line\" scope=\"event\" law=\"straight line\" term=\"12 +\"", "event",
            "This formula could not be read: 12 +");
    refused(f, "kind=\"line\" scope=\"event\" partial=\"half\"", "event",
            "partial cannot be half; it is one of: proportional, full, none.");
    refused(f, "kind=\"clawback\"", "event",
            "A clawback is about lines of the scope event; there are none.");
    refused(f, "kind=\"clawback\" of=\"b\"", "event", "No line has the key b.");
    refused(f, "kind=\"clawback\" scope=\"contract\"", "sales",
            "The kind clawback has no scope contract, only: event.");
    refused(f, "kind=\"clawback\"", "running",
            "A clawback is about lines of the scope event; there are none.");
    const struct scheme *scheme =
        scheme_of(f, "kind=\"line\" scope=\"event\" law=\"unearned advance\" term=\"9\"", "event");
    ok(scheme && scheme->outputs[0].law == SCHEME_LAW_UNEARNED && scheme->outputs[0].term &&
           scheme->outputs[0].partial == SCHEME_PARTIAL_PROPORTIONAL,
       "a line has its law");
    scheme = scheme_of(f, "kind=\"line\" scope=\"event\"", "event");
    ok(scheme && scheme->outputs[0].law == SCHEME_LAW_FORMULA,
       "without one the formula sees what is taken back");
    for (enum scheme_law law = SCHEME_LAW_FORMULA; law <= SCHEME_LAW_DECISION; law++)
        ok(scheme_law_find(str_of(scheme_law_name(law))) == law && scheme_law_label(law),
           "a law is known by its word");
    ok(scheme_law_find(STR("half")) == 0 && !scheme_law_name((enum scheme_law)0),
       "what is no law has none");
}

/* Two outputs: a line b of events, and a clawback a over an input. */
static const struct scheme *clawback_of(struct fixture *f, const char *clawback, const char *line,
                                        const char *input)
{
    const struct scheme *scheme = NULL;
    struct str xml = str_printf(f->arena, HEAD DECISION DECISION "</definitions>", input, input,
                                "a", "a", clawback, "a", NEEDS_X, "b", "b", line, "b", "");
    fault_clear(&f->op.fault);
    return scheme_read(f->arena, xml, &f->op.fault, &scheme) == RC_OK ? scheme : NULL;
}

static void clawbacks(struct fixture *f)
{
    const char *line = "kind=\"line\" scope=\"event\"";
    const struct scheme *scheme = clawback_of(f, "kind=\"clawback\"", line, "event");
    const struct scheme_output *b = scheme ? &scheme->outputs[1] : NULL;
    if (b && b->kind != SCHEME_LINE)
        b = &scheme->outputs[0];
    ok(b && b->law == SCHEME_LAW_DECISION && str_eq(b->clawback, STR("a")),
       "a clawback is the law of the lines of its scheme");
    ok(clawback_of(f, "kind=\"clawback\" of=\"b\"", line, "event") != NULL, "or of one key");
    ok(!clawback_of(f, "kind=\"clawback\"", "kind=\"line\" scope=\"event\" law=\"mirror\"",
                    "event"),
       "a line with a law of its own needs no other");
    is_str(said(f), "What is taken back of b is said twice.", "and it is said");
    ok(!clawback_of(f, "kind=\"clawback\"", line, "running"), "running totals are refused");
    is_str(said(f), "What is taken back cannot depend on running totals.", "by name");
}

static void later_phases(struct fixture *f)
{
    const struct scheme *scheme = NULL;
    struct str xml = str_printf(f->arena, HEAD DECISION DECISION "</definitions>", "sales", "sales",
                                "a", "a", "kind=\"line\" scope=\"upward\"", "a", NEEDS_B, "b", "b",
                                "kind=\"measure\" scope=\"closing\"", "b", NEEDS_X);
    ok(scheme_read(f->arena, xml, &f->op.fault, &scheme) == RC_INVALID,
       "an earlier phase may not read a later one");
    is_str(said(f), "It reads b, which is computed in a later phase.", "and it is named");
}

int main(void)
{
    fixture_each(kinds_and_scopes);
    fixture_each(options);
    fixture_each(laws);
    fixture_each(clawbacks);
    fixture_each(later_phases);
    return done_testing();
}
