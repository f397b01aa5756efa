/* A scheme's file changed step by step: what the outline shows, what each change does to the text,
 * what formulas and requirements follow, what is refused and how it says so. */
#include "i18n/i18n.h"
#include "scheme/scheme_edit.h"
#include "tests/tap.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "                         \
    "xmlns:kontor=\"urn:kontor:dmn:1\" xmlns:other=\"urn:other\" id=\"m\" name=\"Model\" "         \
    "namespace=\"urn:m\">"                                                                         \
    "<extensionElements><other:thing a=\"1\"/><kontor:scheme currency=\"EUR\"/>"                   \
    "</extensionElements>"                                                                         \
    "<itemDefinition name=\"tTerms\"><itemComponent name=\"top rate\"><extensionElements>"         \
    "<kontor:attribute default=\"0.07\" min=\"0\" max=\"1\" unit=\"percent\" label=\"Top\"/>"      \
    "</extensionElements><typeRef>number</typeRef></itemComponent></itemDefinition>"               \
    "<inputData id=\"sales\" name=\"sales\"><variable name=\"sales\" "                             \
    "typeRef=\"Any\"/></inputData>"                                                                \
    "<inputData id=\"terms\" name=\"terms\"><variable name=\"terms\" typeRef=\"tTerms\"/>"         \
    "</inputData><!-- kept -->"
#define VOLUME                                                                                     \
    "<decision id=\"v\" name=\"own volume\" other:colour=\"red\"><extensionElements>"              \
    "<kontor:output kind=\"measure\" label=\"Volume\"/></extensionElements>"                       \
    "<variable name=\"own volume\" typeRef=\"number\"/>"                                           \
    "<informationRequirement id=\"r1\"><requiredInput href=\"#sales\"/></informationRequirement>"  \
    "<literalExpression><text>total(for e in sales return e.credit.net)</text>"                    \
    "</literalExpression></decision>"
#define TABLE                                                                                      \
    "<decision id=\"t\" name=\"rate\" label=\"Rates\"><variable name=\"rate\"/>"                   \
    "<informationRequirement><requiredDecision href=\"#v\"/></informationRequirement>"             \
    "<informationRequirement><requiredInput href=\"#terms\"/></informationRequirement>"            \
    "<decisionTable hitPolicy=\"FIRST\"><input label=\"Volume\"><inputExpression><text>own volume" \
    "</text></inputExpression></input><output name=\"rate\"/>"                                     \
    "<rule><inputEntry><text>&gt;= 100</text></inputEntry><outputEntry><text>terms.top rate"       \
    "</text></outputEntry></rule>"                                                                 \
    "<rule><description>the rest</description><inputEntry><text>-</text></inputEntry>"             \
    "<outputEntry><text>0.05</text></outputEntry></rule></decisionTable></decision>"
#define PAY                                                                                        \
    "<decision id=\"p\" name=\"pay\"><extensionElements><kontor:output kind=\"line\" "             \
    "scope=\"contract\"/></extensionElements><variable name=\"pay\"/>"                             \
    "<informationRequirement><requiredDecision href=\"#v\"/></informationRequirement>"             \
    "<informationRequirement><requiredDecision href=\"#t\"/></informationRequirement>"             \
    "<literalExpression><text>{own volume: 3, x: own volume * rate, y: \"own volume\"}.x + "       \
    "own  volume * rate /* own volume */</text></literalExpression></decision>"
static const char model[] = HEAD VOLUME TABLE PAY
    "<businessKnowledgeModel id=\"b\" name=\"unused\"/><dmndi:DMNDI "
    "xmlns:dmndi=\"https://www.omg.org/spec/DMN/20230324/DMNDI/\"><dmndi:DMNEdge "
    "dmnElementRef=\"r1\"/><dmndi:DMNShape dmnElementRef=\"v\"/></dmndi:DMNDI></definitions>";

struct desk { /* a text that is edited */
    struct arena *arena;
    struct fault fault;
    struct str xml;
    struct scheme_edit_words words;
};

static bool change(struct desk *desk, struct scheme_edit edit)
{
    fault_clear(&desk->fault);
    struct str out = {0};
    bool is_ok =
        scheme_edit(desk->arena, desk->xml, &edit, &desk->fault, &out, &desk->words) == RC_OK;
    if (is_ok)
        desk->xml = out;
    return is_ok;
}

static struct scheme_outline outline_of(struct desk *desk)
{
    struct scheme_outline outline = {0};
    fault_clear(&desk->fault);
    if (scheme_outline(desk->arena, desk->xml, &desk->fault, &outline) != RC_OK)
        outline.name = STR("not read");
    return outline;
}

static struct str said(struct desk *desk)
{
    if (!desk->fault.entries_len)
        return STR("nothing");
    return i18n_fault(desk->arena, lang_of(LANG_EN), &desk->fault.entries[0]);
}

static struct str told(struct desk *desk)
{
    return i18n_format_c(desk->arena, lang_of(LANG_EN), desk->words.key, desk->words.args,
                         LEN(desk->words.args));
}

static bool has(struct desk *desk, const char *part)
{
    return str_find(desk->xml, str_of(part), 0) != SIZE_MAX;
}

static struct desk fresh(struct arena *arena)
{
    struct desk desk = {.arena = arena, .fault = {.arena = arena}, .xml = str_of(model)};
    (void)change(&desk, (struct scheme_edit){.kind = SCHEME_SET}); /* into the fixed form */
    return desk;
}

static struct str cell(struct desk *desk, const char *part, size_t row, size_t column)
{
    struct scheme_outline outline = outline_of(desk);
    const struct scheme_part *found = scheme_part(&outline, str_of(part));
    return found && row < found->grid.rows_len ? found->grid.rows[row].cells[column]
                                               : STR("no row");
}

static struct str formula(struct desk *desk, const char *part)
{
    struct scheme_outline outline = outline_of(desk);
    const struct scheme_part *found = scheme_part(&outline, str_of(part));
    return found ? found->text : STR("no part");
}

/* What a decision uses, as text: "terms, own volume". */
static struct str uses(struct desk *desk, const char *part)
{
    struct scheme_outline outline = outline_of(desk);
    const struct scheme_part *found = scheme_part(&outline, str_of(part));
    AUTO_BUF buf = BUF(1024);
    for (size_t i = 0; found && i < found->uses_len; i++) {
        const struct scheme_use *use = &found->uses[i];
        struct str name = use->is_input ? outline.inputs[use->i] : outline.parts[use->i].name;
        buf_printf(&buf, "%s" STR_FMT, i ? ", " : "", STR_ARG(name));
    }
    return str_dup(desk->arena, buf_str(&buf));
}

/* ---- reading ---- */

static void outline(struct arena *arena)
{
    struct desk desk = {.arena = arena, .fault = {.arena = arena}, .xml = str_of(model)};
    struct scheme_outline o = outline_of(&desk);
    is_str(o.name, "Model", "the outline has the name");
    is_str(scheme_option(&o.options, "currency"), "EUR", "and the money options");
    is_i64((int64_t)o.attributes_len, 1, "and the attributes");
    is_str(o.attributes[0].label, "Top", "with their labels");
    is_i64((int64_t)o.parts_len, 3, "and the decisions in the order of the file");
    is_str(o.parts[0].label, "Volume", "an output is called by its label");
    ok(o.parts[0].kind == SCHEME_MEASURE && o.parts[0].scope == SCHEME_CONTRACT,
       "an output without a scope has the usual one");
    ok(!o.parts[1].is_output && o.parts[1].logic == SCHEME_TABLE,
       "a decision without kontor:output helps others");
    is_str(o.parts[1].grid.rows[1].note, "the rest", "a row's description is its note");
    is_str(uses(&desk, "t"), "own volume, terms", "a table uses what its cells name");
    is_str(uses(&desk, "p"), "own volume, rate", "and a formula what is not a name of its own");
    desk.xml = STR("<a><b></a>");
    ok(scheme_outline(arena, desk.xml, &desk.fault, &o) == RC_INVALID, "broken XML is refused");
    desk.xml = STR("<a/>");
    fault_clear(&desk.fault);
    ok(scheme_outline(arena, desk.xml, &desk.fault, &o) == RC_INVALID, "and XML that is no model");
    is_str(said(&desk), "This is not a DMN model.", "and says so");
}

static void new_scheme(struct arena *arena)
{
    struct desk desk = {.arena = arena, .fault = {.arena = arena}};
    static const struct scheme_option line[] = {{STR_INIT("kind"), STR_INIT("line")},
                                                {STR_INIT("scope"), STR_INIT("event")},
                                                {STR_INIT("level"), STR_INIT("line")}};
    const struct scheme *scheme = NULL;
    desk.xml = scheme_edit_new(arena, STR("NEW"), STR("A new one"));
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_ADD,
                                          .to = SCHEME_LAST,
                                          .attribute = {.name = STR("rate"),
                                                        .type = STR("number"),
                                                        .unit = STR("percent"),
                                                        .fallback = STR("0.1")}}),
       "a new scheme takes an attribute");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_ADD,
                                          .to = SCHEME_LAST,
                                          .name = STR("reward"),
                                          .label = STR("Reward"),
                                          .logic = SCHEME_FORMULA,
                                          .text = STR("event.credit.net * terms.rate"),
                                          .options = {line, LEN(line)}}),
       "and a decision");
    is_str(told(&desk), "Reward was added", "which is said in words");
    ok(has(&desk, "<inputData id=\"input_event\" name=\"event\">") &&
           has(&desk, "typeRef=\"tTerms\""),
       "inputs come with the formulas that name them, terms with its type");
    ok(scheme_read(arena, desk.xml, &desk.fault, &scheme) == RC_OK && scheme->outputs_len == 1,
       "what was made from nothing is a scheme that can be published");
}

/* ---- names ---- */

static void renaming(struct arena *arena)
{
    struct desk desk = fresh(arena);
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_RENAME,
                                          .part = STR("v"),
                                          .name = STR("turnover")}),
       "a decision gets another name");
    is_str(formula(&desk, "p"),
           "{own volume: 3, x: own volume * rate, y: \"own volume\"}.x + turnover * rate /* own "
           "volume */",
           "formulas follow, but not texts, comments and names of their own");
    struct scheme_outline o = outline_of(&desk);
    is_str(o.parts[1].grid.columns[0].text, "turnover", "nor is a table's column left behind");
    is_str(uses(&desk, "p"), "turnover, rate", "requirements stay");
    ok(has(&desk, "<!-- kept -->") && has(&desk, "other:colour=\"red\"") &&
           has(&desk, "<other:thing a=\"1\"/>") && has(&desk, "dmnElementRef=\"r1\""),
       "comments, other tools' extensions and diagrams stay");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_PART_RENAME,
                                           .part = STR("v"),
                                           .name = STR("sales")}),
       "an input's name is refused");
    is_str(said(&desk), "An input of formulas has this name.", "and says so");
    static const char *const bad[] = {"", "1st", "a  b", "share of plan", "a-b", "sum", "rate"};
    for (size_t i = 0; i < LEN(bad); i++)
        ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_PART_RENAME,
                                               .part = STR("v"),
                                               .name = str_of(bad[i])}),
           str_c(arena, str_printf(arena, "the name \"%s\" is refused", bad[i])));
    struct scheme_attribute a = {
        .name = STR("best rate"), .type = STR("number"), .fallback = STR("0.08"), .max = STR("1")};
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_SET,
                                          .name = STR("top rate"),
                                          .attribute = a}),
       "an attribute gets another name");
    is_str(cell(&desk, "t", 0, 1), "terms.best rate", "and formulas follow");
    a.fallback = STR("2");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_SET,
                                           .name = STR("best rate"),
                                           .attribute = a}),
       "a default beyond the bounds is refused");
    is_str(said(&desk), "This is more than the scheme allows.", "and says why");
}

/* Names that are results' keys are read by others behind a dot. */
static void keys(struct arena *arena)
{
    struct desk desk = fresh(arena);
    (void)change(&desk, (struct scheme_edit){
                            .kind = SCHEME_PART_ADD,
                            .to = SCHEME_LAST,
                            .name = STR("above"),
                            .text = STR("for d in downline return d.measures.own volume + d.x")});
    (void)change(&desk, (struct scheme_edit){
                            .kind = SCHEME_PART_RENAME, .part = STR("v"), .name = STR("vol")});
    is_str(formula(&desk, "decision_1"), "for d in downline return d.measures.vol + d.x",
           "a measure of others has its new name behind the dot");
    ok(has(&desk, "name=\"downline\""), "an input is declared when a formula names it");
    (void)change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                             .part = STR("decision_1"),
                                             .text = STR("1")});
    ok(!has(&desk, "name=\"downline\""), "and goes with the last formula that named it");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                          .part = STR("decision_1"),
                                          .text = STR("if vol then (rate +")}),
       "a formula in error is kept");
    is_str(uses(&desk, "decision_1"), "vol, rate", "and what it names is known all the same");
    (void)change(&desk, (struct scheme_edit){
                            .kind = SCHEME_PART_RENAME, .part = STR("t"), .name = STR("factor")});
    is_str(formula(&desk, "decision_1"), "if vol then (factor +", "and can be renamed");
}

/* ---- decisions ---- */

static void decisions(struct arena *arena)
{
    struct desk desk = fresh(arena);
    static const struct scheme_option none[] = {{STR_INIT("kind"), STR_INIT("")}};
    static const struct scheme_option pool[] = {{STR_INIT("kind"), STR_INIT("adjust")},
                                                {STR_INIT("level"), STR_INIT("line")}};
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_PART_REMOVE, .part = STR("v")}),
       "a decision that others read stays");
    is_str(said(&desk), "Rates reads it; change that first.", "and who reads it is said");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_REMOVE, .part = STR("p")}),
       "one that nobody reads goes");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_MOVE, .part = STR("t"), .to = 0}),
       "a decision moves");
    struct scheme_outline o = outline_of(&desk);
    is_str(o.parts[0].name, "rate", "to the top");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_SET,
                                          .part = STR("v"),
                                          .options = {pool, LEN(pool)}}),
       "another kind");
    o = outline_of(&desk);
    ok(o.parts[1].kind == SCHEME_ADJUST && o.parts[1].scope == SCHEME_POOL &&
           !scheme_option(&o.parts[1].options, "level").at,
       "brings a scope that it has and leaves options that it has not");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_PART_SET,
                                          .part = STR("v"),
                                          .options = {none, LEN(none)}}),
       "an output becomes a helper");
    o = outline_of(&desk);
    ok(!o.parts[1].is_output && str_eq(o.parts[1].label, STR("Volume")), "and keeps its label");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_PART_MOVE, .part = STR("none")}),
       "a decision that is not there is missed");
    ok(!change(&desk,
               (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_REMOVE, .name = STR("top rate")}),
       "an attribute that a formula reads stays");
    (void)change(
        &desk,
        (struct scheme_edit){
            .kind = SCHEME_CELL_SET, .part = STR("t"), .row = 0, .column = 1, .text = STR("7 %")});
    is_str(cell(&desk, "t", 0, 1), "0.07", "a percent is its ratio");
    is_str(told(&desk), "Rates, row 1, rate: from terms.top rate to 0.07", "as the words say");
    (void)change(&desk, (struct scheme_edit){.kind = SCHEME_CELL_SET,
                                             .part = STR("t"),
                                             .row = 0,
                                             .column = 1,
                                             .text = STR("12,5%")});
    is_str(cell(&desk, "t", 0, 1), "0.125", "a fraction of a result may have a comma");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_CELL_SET,
                                           .part = STR("t"),
                                           .row = 0,
                                           .column = 0,
                                           .text = STR(">= 0,05")}),
       "in a condition a comma between digits is refused");
    is_str(said(&desk),
           ">= 0,05 is read as several numbers: write 1234.5 without commas, or a space behind "
           "each comma.",
           "and how to write it is said");
    ok(change(&desk,
              (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_REMOVE, .name = STR("top rate")}) &&
           !has(&desk, "terms"),
       "one that nobody reads goes, the last with its type and input");
}

/* ---- tables ---- */

static void rows_and_columns(struct arena *arena)
{
    struct desk desk = fresh(arena);
    struct str before = desk.xml;
    struct scheme_edit e = {.kind = SCHEME_ROW_COPY, .part = STR("t"), .row = 0, .to = 1};
    ok(change(&desk, e), "a row is copied");
    is_str(cell(&desk, "t", 1, 1), "terms.top rate", "with its cells");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_ROW_REMOVE, .part = STR("t"), .row = 1}) &&
           str_eq(desk.xml, before),
       "and removed, which leaves the text as it was");
    ok(change(&desk,
              (struct scheme_edit){.kind = SCHEME_ROW_MOVE, .part = STR("t"), .row = 1, .to = 0}),
       "a row moves");
    is_str(cell(&desk, "t", 0, 1), "0.05", "to the top");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_COLUMN_ADD,
                                          .part = STR("t"),
                                          .to = 0,
                                          .text = STR("Spain, \"France\""),
                                          .column_now = {.label = STR("Country"),
                                                         .text = STR("partner.country")}}),
       "a condition is added");
    is_str(cell(&desk, "t", 1, 0), "\"Spain\", \"France\"",
           "its cells are filled, words that are no names become texts");
    ok(has(&desk, "<requiredInput href=\"#input_partner\"/>"), "its input is required");
    ok(change(&desk,
              (struct scheme_edit){
                  .kind = SCHEME_COLUMN_MOVE, .part = STR("t"), .column = 0, .to = SCHEME_LAST}),
       "a condition moves");
    is_str(cell(&desk, "t", 1, 1), "\"Spain\", \"France\"", "and stays among the conditions");
    ok(!change(&desk,
               (struct scheme_edit){.kind = SCHEME_COLUMN_REMOVE, .part = STR("t"), .column = 2}),
       "the only result stays");
    ok(change(&desk,
              (struct scheme_edit){.kind = SCHEME_COLUMN_ADD,
                                   .part = STR("t"),
                                   .is_result = true,
                                   .to = SCHEME_LAST,
                                   .column_now = {.text = STR("bonus"), .fallback = STR("0")}}),
       "a second result is added");
    ok(!change(
           &desk,
           (struct scheme_edit){.kind = SCHEME_CELL_SET, .part = STR("t"), .row = 7, .column = 0}),
       "a row that is not there");
    is_str(said(&desk), "Rates has no row 8.", "is named");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_POLICY_SET,
                                          .part = STR("t"),
                                          .policy = DMN_COLLECT_MAX}) &&
           has(&desk, "hitPolicy=\"COLLECT\" aggregation=\"MAX\""),
       "the policy is set");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_ROW_ADD, .part = STR("v")}),
       "a formula has no rows");
}

static void pasting(struct arena *arena)
{
    struct desk desk = fresh(arena);
    ok(change(&desk,
              (struct scheme_edit){
                  .kind = SCHEME_PASTE,
                  .part = STR("t"),
                  .row = 1,
                  .column = 0,
                  .text = STR(">= 50\t5%\t\"said \"\"so\"\"\"\r\n\r\nSeafood\town volume * 2")}),
       "a block is pasted and the table grows");
    is_str(cell(&desk, "t", 1, 1), "0.05", "percents are ratios");
    struct scheme_outline o = outline_of(&desk);
    is_str(o.parts[1].grid.rows[1].note, "said \"so\"", "the column behind the last is notes");
    is_str(cell(&desk, "t", 2, 0), "-", "an empty line is a row");
    is_str(cell(&desk, "t", 3, 0), "\"Seafood\"", "a word is a text");
    is_str(cell(&desk, "t", 3, 1), "own volume * 2", "a formula is a formula");
    ok(!change(
           &desk,
           (struct scheme_edit){.kind = SCHEME_PASTE, .part = STR("t"), .text = STR("a\tb\tc\td")}),
       "a block that is too wide is refused");
    is_str(said(&desk), "The block has 4 columns; from column 1 on the table has 2, and the notes.",
           "and says how wide it may be");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_PASTE,
                                           .part = STR("t"),
                                           .text = STR(">= 10,000\t1\n5\t2\n< 1,234,567.50\t3")}),
       "numbers with digits in groups are refused");
    ok(desk.fault.entries_len == 2 && desk.fault.entries[1].line == 3 &&
           desk.fault.entries[1].column == 1,
       "all of them, with row and column");
}

static void conversions(struct arena *arena)
{
    struct desk desk = fresh(arena);
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_LOGIC_SET,
                                          .part = STR("t"),
                                          .logic = SCHEME_FORMULA}),
       "a table in which one row applies becomes a formula");
    is_str(formula(&desk, "t"), "if (own volume) in (>= 100)\nthen terms.top rate\nelse 0.05",
           "with its rows one after the other");
    ok(change(
           &desk,
           (struct scheme_edit){.kind = SCHEME_LOGIC_SET, .part = STR("v"), .logic = SCHEME_TABLE}),
       "a formula becomes a table");
    is_str(cell(&desk, "v", 0, 0), "total(for e in sales return e.credit.net)", "of one row");
    const struct scheme *scheme = NULL;
    ok(scheme_read(arena, desk.xml, &desk.fault, &scheme) == RC_OK, "and both are still a scheme");
}

/* ---- what nobody should send ---- */

static void hostile(struct arena *arena)
{
    struct desk desk = fresh(arena);
    struct str before = desk.xml;
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                           .part = STR("v"),
                                           .text = (struct str){"a\0b", 3}}),
       "a text that XML cannot hold is refused");
    ok(!change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                           .part = STR("v"),
                                           .text = STR("\xff\xfe")}),
       "and bytes that are no UTF-8");
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                          .part = STR("v"),
                                          .text = STR("]]> & <x> \"' &amp; <!-- --> ]]")}),
       "markup in a formula is text");
    is_str(formula(&desk, "v"), "]]> & <x> \"' &amp; <!-- --> ]]", "and comes back as it was");
    static const struct scheme_option odd[] = {{STR_INIT("a b"), STR_INIT("c")}};
    ok(!change(
           &desk,
           (struct scheme_edit){.kind = SCHEME_PART_SET, .part = STR("v"), .options = {odd, 1}}),
       "an option's name is a word");
    ok(!change(&desk, (struct scheme_edit){.kind = (enum scheme_edit_kind)99}),
       "a change that there is not is refused");
    char *deep = arena_alloc(arena, 60001);
    memset(deep, '(', 60000);
    ok(change(&desk, (struct scheme_edit){.kind = SCHEME_FORMULA_SET,
                                          .part = STR("v"),
                                          .text = (struct str){deep, 60000}}),
       "a formula of brackets is kept");
    desk.xml = before;
}

int main(void)
{
    AUTO_ARENA arena = arena_new(512 << 20);
    void (*const tests[])(struct arena *) = {outline, new_scheme,  renaming,
                                             keys,    decisions,   rows_and_columns,
                                             pasting, conversions, hostile};
    for (size_t i = 0; i < LEN(tests); i++) {
        tests[i](arena);
        arena_reset(arena);
    }
    return done_testing();
}
