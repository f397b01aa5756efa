/* Findings: one small model for each, with what it says and where; models in order say nothing;
 * hostile files end in a named error. */
#include "dmn/dmn.h"
#include "tests/tap.h"
#include "tests/words.h"

#define HEAD "<definitions xmlns='" DMN_NAMESPACE "' namespace='n' name='t'>\n"
#define TAIL "</definitions>"
#define INPUT(name, type)                                                                          \
    "<inputData id='" name "' name='" name "'><variable name='" name "' typeRef='" type "'/>"      \
    "</inputData>\n"
#define NEEDS(name)                                                                                \
    "<informationRequirement><requiredInput href='#" name "'/></informationRequirement>"
#define COLUMN(name)   "<input><inputExpression><text>" name "</text></inputExpression></input>"
#define CELL(text)     "<inputEntry><text>" text "</text></inputEntry>"
#define RESULT(text)   "<outputEntry><text>" text "</text></outputEntry>"
#define RULE(a, b)     "<rule>" CELL(a) RESULT(b) "</rule>\n"
#define RULE2(a, b, c) "<rule>" CELL(a) CELL(b) RESULT(c) "</rule>\n"
#define TABLE(policy, rules)                                                                       \
    HEAD INPUT("x", "number") "<decision id='d' name='d'><variable name='d'/>" NEEDS(              \
        "x") "<decisionTable hitPolicy='" policy                                                   \
             "'>" COLUMN("x") "<output name='o'/>" rules "</decisionTable></decision>" TAIL
#define FORMULA(type, text)                                                                        \
    HEAD INPUT("x", "number")                                                                      \
        INPUT("s", "string") "<decision id='d' name='d'><variable name='d'" type "/>" NEEDS("x")   \
            NEEDS("s") "<literalExpression><text>" text                                            \
                       "</text></literalExpression></decision>" TAIL

static const struct dmn_model *read_model(struct arena *arena, struct str xml, struct fault *fault)
{
    const struct dmn_model *model = NULL;
    *fault = (struct fault){.arena = arena};
    return dmn_read(arena, xml, NULL, 0, FEEL_STANDARD, fault, &model) == RC_OK ? model : NULL;
}

static struct str text_of(struct arena *arena, const struct dmn_issue *issue)
{
    struct str args[] = {str_of(issue->args[0]), str_of(issue->args[1]), str_of(issue->args[2])};
    return words_of(arena, issue->message, args);
}

/* "overlap 2: This rule …; gap: …" : finding, rule, text of each. */
static struct str findings(struct arena *arena, const char *xml)
{
    AUTO_BUF buf = BUF(100000);
    struct fault fault;
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    const struct dmn_model *model = read_model(arena, str_of(xml), &fault);
    if (!model)
        return STR("not read");
    dmn_check(arena, model, &issues, &len);
    for (size_t i = 0; i < len; i++) {
        buf_printf(&buf, "%s%s", buf.len ? "; " : "", dmn_finding_name(issues[i].kind));
        if (issues[i].rule)
            buf_printf(&buf, " %zu", issues[i].rule);
        buf_printf(&buf, ": " STR_FMT, STR_ARG(text_of(arena, &issues[i])));
    }
    return str_dup(arena, buf_str(&buf));
}

static void says(const char *xml, const char *wanted, const char *name)
{
    AUTO_ARENA arena = arena_new(0);
    is_str(findings(arena, xml), wanted, name);
}

static void test_tables(void)
{
    says(TABLE("UNIQUE", RULE("&lt; 10", "1") RULE("&gt;= 10", "2")), "",
         "a table in order says nothing");
    says(TABLE("UNIQUE", RULE("&lt;= 10", "1") RULE("&gt;= 10", "2")),
         "overlap 2: This rule and rule 1 match together, but only one may: x = 10",
         "rules that overlap under UNIQUE, with the value");
    says(TABLE("ANY", RULE("&lt;= 10", "1") RULE("&gt;= 10", "1")), "",
         "under ANY rules may overlap when they agree");
    says(TABLE("ANY", RULE("&lt;= 10", "1") RULE("&gt;= 10", "2")),
         "conflict 2: This rule and rule 1 match together with different results: x = 10",
         "and may not when they differ");
    says(TABLE("FIRST", RULE("&lt; 10", "1") RULE("[2..5]", "2") RULE("-", "3")),
         "hidden 2: This rule is never reached: rule 1 takes all its cases.",
         "a rule behind a wider one");
    says(TABLE("FIRST", RULE("&lt; 10", "1") RULE("&gt;= 10", "2") RULE("[5..15]", "3")),
         "hidden 3: This rule is never reached: other rules together take all its cases.",
         "a rule behind several");
    says(TABLE("FIRST", RULE("&lt; 10", "1") RULE("&gt;= 10", "2") RULE("-", "3")), "",
         "a last rule for everything is reached by null");
    says(TABLE("UNIQUE", RULE("&lt; 10", "1") RULE("&gt; 11", "2")),
         "gap: No rule takes the case: x = 10", "values that no rule takes, with one of them");
    says(TABLE("UNIQUE", RULE("&lt; 10", "1") RULE("&gt; 10", "2") RULE("null", "3")),
         "gap: No rule takes the case: x = 10", "a gap of one value");
    says(TABLE("COLLECT", RULE("&lt; 10", "1")), "", "collecting nothing is an answer");
    says(TABLE("UNIQUE", RULE("\"a\"", "1") RULE("-", "2")),
         "types 1: number and string cannot be compared.; unreachable 1: This rule is never "
         "reached: no value of \"x\" satisfies \"a\".",
         "a cell that no value of the column satisfies");
    says(TABLE("PRIORITY", RULE("-", "1")),
         "policy: The hit policy PRIORITY needs the allowed results, the strongest first.",
         "PRIORITY without an order");
    says(TABLE("UNIQUE", RULE2("-", "-", "1")),
         "wrong 1: This rule has 2 conditions, but the table has 1 inputs.",
         "a rule with a condition too many");
    says(TABLE("UNIQUE", RULE("&lt; x + 1", "1") RULE("&gt; 5", "2")), "",
         "tests that are no constants prove nothing");
}

static void test_columns(void)
{
    says(HEAD "<itemDefinition name='tSize'><typeRef>string</typeRef><allowedValues><text>\"S\", "
              "\"M\"</text></allowedValues></itemDefinition>" INPUT("x", "tSize")
                  INPUT("b", "boolean") "<decision id='d' name='d'><variable name='d'/>" NEEDS("x")
                      NEEDS("b") "<decisionTable>" COLUMN("x") COLUMN(
                          "b") "<output name='o'><outputValues><text>1, "
                               "2</text></outputValues></output>" RULE2("\"S\"", "true", "1")
                                   RULE2("\"M\"", "-", "2")
                                       RULE2("\"XL\"", "-", "3") "</decisionTable></decision>" TAIL,
         "result 3: The result 3 is not among those allowed.; unreachable 3: This rule is never "
         "reached: no value of \"x\" satisfies \"XL\".; gap: No rule takes the case: x = \"S\", b "
         "= false",
         "what a type allows bounds the columns");
    says(HEAD INPUT("x", "date") "<decision id='d' name='d'><variable name='d'/>" NEEDS(
             "x") "<decisionTable>" COLUMN("x") "<output name='o'/>" RULE("&lt;= "
                                                                          "date(\"2026-01-31\")",
                                                                          "1")
             RULE("&gt;= date(\"2026-02-01\")", "2") "</decisionTable></decision>" TAIL,
         "", "between one day and the next there is nothing");
    says(HEAD INPUT("x", "string") "<decision id='d' name='d'><variable name='d'/>" NEEDS(
             "x") "<decisionTable>" COLUMN("x") "<output name='o'/>" RULE("\"a\"", "1")
             RULE("not(\"a\", \"b\")", "2") "</decisionTable></decision>" TAIL,
         "gap: No rule takes the case: x = \"b\"", "not(…) is everything else");
}

static void test_types(void)
{
    says(FORMULA("", "s + string(x)"), "", "formulas in order say nothing");
    says(FORMULA("", "x + s"), "types: \"+\" does not apply to number and string.",
         "an operator between types that it does not know");
    says(FORMULA("", "if x = s then 1 else 2"), "types: number and string cannot be compared.",
         "sides that do not compare");
    says(FORMULA(" typeRef='number'", "if x &gt; 1 then s else s"),
         "types: The value is string, but number is declared.",
         "a result that is not of the declared type");
    says(FORMULA("", "upper case(x) + s"),
         "types: The argument is number, but the function needs string.", "an argument");
    says(FORMULA("", "strng(x) + s"),
         "wrong: The name \"strng\" is not known here. Did you mean \"string\"?",
         "a name that is not known, with the nearest one");
    says(FORMULA("", "count([1, 2][item &gt; s]) + x"),
         "types: number and string cannot be compared.", "types go into filters");
    says(FORMULA("", "1 + x"), "unused: \"s\" is required, but the logic does not name it.",
         "a requirement that nothing names");
}

#define ITEM(name, body) "<itemDefinition name='" name "'>" body "</itemDefinition>"
#define BASE(type)       "<typeRef>" type "</typeRef>"
#define ALLOWED(text)    "<allowedValues><text>" text "</text></allowedValues>"
#define DECISION(name, needs, text)                                                                \
    "<decision id='" name "' name='" name "'><variable name='" name "'/>" needs                    \
    "<literalExpression><text>" text "</text></literalExpression></decision>"
#define KNOWS(name)                                                                                \
    "<knowledgeRequirement><requiredKnowledge href='#" name "'/></knowledgeRequirement>"
#define DOUBLE                                                                                     \
    "<businessKnowledgeModel id='twice' name='twice'><encapsulatedLogic><formalParameter "         \
    "name='n' typeRef='number'/><literalExpression><text>n * 2</text></literalExpression>"         \
    "</encapsulatedLogic></businessKnowledgeModel>"
#define SERVICE                                                                                    \
    "<decisionService id='s' name='s'><variable name='s' typeRef='number'/><outputDecision "       \
    "href='#d'/><inputData href='#x'/></decisionService>"

static void test_unused(void)
{
    says(HEAD INPUT("x", "number") DECISION("d", "", "1") TAIL,
         "unused: Nothing in the model uses it.", "an input that nothing requires");
    says(HEAD DOUBLE DECISION("d", "", "1") TAIL, "unused: Nothing in the model uses it.",
         "knowledge that nothing requires");
    says(HEAD DECISION("d", "", "1") DECISION("e", "", "2") TAIL, "",
         "decisions that nothing requires are what the model is for");
    says(HEAD INPUT("x", "number") DECISION("d", NEEDS("x"), "x") DECISION("e", "", "2")
             SERVICE TAIL,
         "unused: Nothing in the model uses it.", "unless a service says what that is");
    says(HEAD "<decision id='d' name='d'><extensionElements><o:output "
              "xmlns:o='" DMN_KONTOR_NAMESPACE
              "' kind='line'/></extensionElements><literalExpression>"
              "<text>1</text></literalExpression></decision>" DECISION("e", "", "2") TAIL,
         "unused: Nothing in the model uses it.", "or an output of a scheme does");
}

static void test_references(void)
{
    says(FORMULA("", "[10..1] = null or x in [s..s] = (s = \"a\")"),
         "types: A range must not begin after its end.; types: number and string cannot be "
         "compared.",
         "a range that begins after its end");
    says(TABLE("UNIQUE", RULE("[10..1]", "1") RULE("-", "2")),
         "types 1: A range must not begin after its end.; unreachable 1: This rule is never "
         "reached: "
         "no value of \"x\" satisfies [10..1].",
         "the same in a cell");
    says(FORMULA("", "count(for i in 10..1 return i) + x + number(s)"), "",
         "a loop may count down");
    says(HEAD ITEM("tSale", "<itemComponent name='net amount'>" BASE("number") "</itemComponent>")
             INPUT("x", "tSale") DECISION("d", NEEDS("x"), "x.net amuont") TAIL,
         "types: tSale has no entry \"net amuont\". Did you mean \"net amount\"?",
         "an entry that the context lacks, with the nearest");
    says(HEAD ITEM("tSale", BASE("number")) INPUT("x", "tSlae") DECISION("d", NEEDS("x"), "x") TAIL,
         "wrong: The type \"tSlae\" is not known. Did you mean \"tSale\"?",
         "a type that is not there, with the nearest");
    says(HEAD ITEM("tKind", BASE("strng")) DECISION("d", "", "1") TAIL,
         "wrong: The type \"strng\" is not known. Did you mean \"string\"?",
         "an item definition whose type is not there");
    says(HEAD ITEM("tKind", BASE("string") ALLOWED("Business, \"Private\"")) DECISION("d", "", "1")
             TAIL,
         "wrong: The name \"Business\" is not known here.", "an allowed value without quotes");
    says(HEAD ITEM("tSize", BASE("number") ALLOWED("\"S\", \"M\"")) DECISION("d", "", "1") TAIL,
         "types: number and string cannot be compared.; types: number and string cannot be "
         "compared.",
         "allowed values of another type");
}

static void test_calls(void)
{
    says(HEAD INPUT("x", "number") INPUT("t", "string") DECISION("d", NEEDS("x"), "x * 2")
             SERVICE DECISION("e", KNOWS("s") NEEDS("t"), "s(t)")
                 DECISION("f", KNOWS("s") NEEDS("t"), "s(1) + t") TAIL,
         "types: The argument is string, but the function needs number.; types: \"+\" does not "
         "apply "
         "to number and string.; unused: Nothing in the model uses it.; unused: Nothing in the "
         "model "
         "uses it.",
         "what a service is called with, and what it gives");
    says(HEAD DOUBLE DECISION("d", KNOWS("twice"), "twice(m: 1)") TAIL,
         "types: The function has no parameter \"m\".", "an argument for no parameter");
    says(HEAD DOUBLE DECISION("d", KNOWS("twice"), "twice(1, 2)") TAIL,
         "types: The function takes 1 arguments, but 2 are given.", "one too many");
}

static void test_places(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault;
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    const struct dmn_model *model = read_model(
        arena,
        STR(HEAD INPUT("x", "number") "<decision id='d' name='d'>\n<variable name='d'/>" NEEDS(
            "x") "\n  <literalExpression><text>x +\n nobody</text></literalExpression>"
                 "</decision>\n  <decision id='d' name='e'/>" TAIL),
        &fault);
    dmn_check(arena, model, &issues, &len);
    ok(len == 2 && issues[0].file_line == 7 && issues[0].file_column == 3,
       "an issue has line and column of its element");
    ok(len == 2 && issues[1].file_line == 5 && issues[1].file_column == 3 && issues[1].line == 2 &&
           issues[1].at == 2,
       "and of its place in the formula");
}

static const char *refusal(struct arena *arena, struct str xml, const struct str *others,
                           size_t others_len, long *out_line)
{
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    if (dmn_read(arena, xml, others, others_len, FEEL_STANDARD, &fault, &model) == RC_OK)
        return "read";
    *out_line = fault.entries[0].line;
    return fault.entries[0].message;
}

static struct str repeated(struct arena *arena, const char *head, const char *part, size_t times)
{
    AUTO_BUF buf = BUF(20 << 20);
    buf_put(&buf, str_of(head));
    for (size_t i = 0; i < times; i++)
        buf_put(&buf, str_of(part));
    assert(!buf.is_over);
    return str_dup(arena, buf_str(&buf));
}

static void refused(struct str xml, const char *wanted, const char *name)
{
    AUTO_ARENA arena = arena_new(0);
    long line = 0;
    is_str(str_of(refusal(arena, xml, NULL, 0, &line)), wanted, name);
}

static void test_hostile(void)
{
    AUTO_ARENA arena = arena_new(64 << 20);
    static const char doctype[] = "A model must not have a document type.";
    refused(STR("<!DOCTYPE a [<!ENTITY b 'c'>]>" HEAD TAIL), doctype, "entities");
    refused(STR("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" HEAD TAIL), doctype, "external ones");
    refused((struct str){"\xff\xfe<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>\0<\0a\0/\0>\0", 34}, doctype,
            "a document type in another encoding");
    refused(STR(HEAD "\xff" TAIL), "The file holds bytes that are no characters of its encoding.",
            "broken UTF-8");
    refused(STR("<a:b/>"), "This is not well-formed XML.", "a prefix without a namespace");
    refused(repeated(arena, "", "<a>", 1000), "The elements nest too deeply.", "deep nesting");
    refused(repeated(arena, HEAD, "<decision name='a'/>", 900000),
            "The model is larger than 16 MB.", "a large file");
    refused(repeated(arena, HEAD, "<a/>", 800000), "The model needs more memory than it may have.",
            "very many elements");
    ok(str_has(findings(arena, str_c(arena, str_printf(arena, HEAD STR_FMT TAIL,
                                                       STR_ARG(repeated(arena, "",
                                                                        "<itemDefinition name='a'>"
                                                                        "<typeRef>a</typeRef>"
                                                                        "</itemDefinition>",
                                                                        1))))),
               STR("The type \"a\" is defined by itself.")),
       "a type that names itself");
}

static void test_chain_of_types(void)
{
    AUTO_ARENA arena = arena_new(64 << 20);
    AUTO_BUF buf = BUF(10 << 20);
    buf_put(&buf, STR(HEAD));
    for (int i = 0; i < 20000; i++)
        buf_printf(&buf, "<itemDefinition name='t%d'><typeRef>t%d</typeRef></itemDefinition>", i,
                   i + 1);
    buf_put(&buf, STR(TAIL));
    ok(str_has(findings(arena, str_c(arena, buf_str(&buf))),
               STR("The types name each other too deeply.")),
       "a long chain of types ends");
}

#define IMPORT(space, to)                                                                          \
    "<definitions xmlns='" DMN_NAMESPACE "' namespace='" space "' name='" space "'>\n"             \
    "<import name='" to "' namespace='" to                                                         \
    "' locationURI='../../etc/passwd' importType='" DMN_NAMESPACE "'/></definitions>"

static void test_imports(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str b = STR(IMPORT("b", "a"));
    long line = 0;
    is_str(str_of(refusal(arena, STR(IMPORT("a", "b")), &b, 1, &line)),
           "The models import each other in a circle: \"{0}\".", "models that import each other");
    is_i64(line, 2, "with the line of the import");
    says(IMPORT("a", "c"), "wrong: The imported model \"c\" is not there.",
         "a model that is not there: nothing is looked for where it says it lies");
    says(HEAD "<decision id='a' name='a'><knowledgeRequirement><requiredKnowledge href='#b'/>"
              "</knowledgeRequirement><literalExpression><text>b</text></literalExpression>"
              "</decision><decision id='b' name='b'/>" TAIL,
         "wrong: \"b\" is not an element of the kind that requiredKnowledge asks for.",
         "a requirement of another kind");
    says(HEAD "<decision id='a' name='a'/><decision id='b' name='a'/>" TAIL,
         "wrong: Another element has the name \"a\" too.", "two elements of one name");
}

int main(void)
{
    test_tables();
    test_columns();
    test_types();
    test_unused();
    test_references();
    test_calls();
    test_places();
    test_hostile();
    test_chain_of_types();
    test_imports();
    return done_testing();
}
