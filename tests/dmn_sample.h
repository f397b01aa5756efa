/* Models made by the grammar of DMN from a stream of bytes, for fuzzing: the same bytes give the
 * same file. Every element that the reader knows can come out, mostly where it belongs; now and
 * then something is missing, misspelt or doubled. */
#ifndef KONTOR_TESTS_DMN_SAMPLE_H
#define KONTOR_TESTS_DMN_SAMPLE_H

#include "tests/feel_sample.h"

/* Sample texts of formulas pass through here to become XML. */
static void sample_xml_text(struct sample *s, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '<': sample_put(s, "&lt;"); break;
        case '&': sample_put(s, "&amp;"); break;
        case '"': sample_put(s, "&quot;"); break;
        default: buf_put(s->out, (struct str){text.at + i, 1});
        }
    }
}

static bool sample_rarely(struct sample *s)
{
    return sample_byte(s) >= 240;
}

/* A formula or unary tests of FEEL's own grammar, as XML. */
static void sample_feel(struct sample *s, bool is_condition)
{
    struct buf text = BUF(4096), *out = s->out;
    s->out = &text;
    if (is_condition)
        sample_tests(s, 1);
    else
        sample_expression(s, 2);
    s->out = out;
    sample_xml_text(s, buf_str(&text));
    buf_done(&text);
}

static void sample_formula(struct sample *s)
{
    static const char *const texts[] = {"x0",
                                        "x1",
                                        "x2",
                                        "d0",
                                        "d1",
                                        "1",
                                        "\"a\"",
                                        "x0 + 1",
                                        "x0.a",
                                        "x1[a > 1]",
                                        "b0(x0)",
                                        "b0(p0: 1, p1: x1)",
                                        "s0(x0)",
                                        "if x0 > 1 then d0 else null",
                                        "for i in x1 return i.a",
                                        "count(x1)",
                                        "date(\"2024-01-31\")",
                                        "@\"P1D\"",
                                        "[1, 2, x0]",
                                        "{a: 1, b: x0}.a",
                                        "1 +",
                                        "no such name",
                                        "x0 + \"a\"",
                                        "some v in x1 satisfies v > 1",
                                        "m.x",
                                        "m.d",
                                        "e0 * 2",
                                        "function(v: number) v * 2",
                                        "x0 instance of t0",
                                        "string length(x2)",
                                        "1..3",
                                        "x0.nope"};
    if (sample_rarely(s))
        sample_feel(s, false);
    else
        sample_xml_text(s, str_of(texts[sample_one_of(s, LEN(texts))]));
}

static void sample_condition(struct sample *s)
{
    static const char *const texts[] = {"-",
                                        "",
                                        "1",
                                        "\"a\"",
                                        "< 10",
                                        ">= 10",
                                        "[1..5]",
                                        "(5..10]",
                                        "[10..1]",
                                        "1, 2, 3",
                                        "not(1)",
                                        "not(\"a\", \"b\")",
                                        "\"a\", \"b\"",
                                        "null",
                                        "true",
                                        "false",
                                        "? > x0",
                                        "x0",
                                        "@\"2024-01-01\"",
                                        "[@\"P1D\"..@\"P3D\"]",
                                        "< @\"2024-01-01\"",
                                        "1 2",
                                        "> \"a\"",
                                        "!= 3",
                                        "not(null)",
                                        "]1..3["};
    if (sample_rarely(s))
        sample_feel(s, true);
    else
        sample_xml_text(s, str_of(texts[sample_one_of(s, LEN(texts))]));
}

static void sample_type_ref(struct sample *s)
{
    SAMPLE_PICK(s, "", "", "", " typeRef=\"number\"", " typeRef=\"string\"", " typeRef=\"t0\"",
                " typeRef=\"t1\"", " typeRef=\"t2\"", " typeRef=\"boolean\"", " typeRef=\"Any\"",
                " typeRef=\"feel:number\"", " typeRef=\"m.t\"", " typeRef=\"nope\"",
                " typeRef=\"list&lt;number>\"", " typeRef=\"date\"", " typeRef=\"t0 \"");
}

static void sample_text_node(struct sample *s, bool is_condition)
{
    sample_put(s, "<text>");
    if (is_condition)
        sample_condition(s);
    else
        sample_formula(s);
    sample_put(s, "</text>");
}

static void sample_logic(struct sample *s, int depth);

static void sample_value_list(struct sample *s, const char *tag)
{
    static const char *const lists[] = {"1, 2, 3", "\"a\", \"b\"", "[0..10]", ">= 0",
                                        "1,,",     "true, false",  "not(1)"};
    if (sample_one_of(s, 3))
        return;
    buf_printf(s->out, "<%s><text>", tag);
    sample_xml_text(s, str_of(lists[sample_one_of(s, LEN(lists))]));
    buf_printf(s->out, "</text></%s>", tag);
}

static void sample_table(struct sample *s)
{
    size_t inputs = sample_one_of(s, 4), outputs = 1 + sample_one_of(s, 2);
    sample_put(s, "<decisionTable");
    SAMPLE_PICK(s, "", " hitPolicy=\"UNIQUE\"", " hitPolicy=\"ANY\"", " hitPolicy=\"PRIORITY\"",
                " hitPolicy=\"FIRST\"", " hitPolicy=\"RULE ORDER\"", " hitPolicy=\"OUTPUT ORDER\"",
                " hitPolicy=\"COLLECT\"", " hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
                " hitPolicy=\"COLLECT\" aggregation=\"MIN\"",
                " hitPolicy=\"COLLECT\" aggregation=\"MAX\"",
                " hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", " hitPolicy=\"NOPE\"");
    sample_put(s, ">");
    for (size_t i = 0; i < inputs; i++) {
        sample_put(s, sample_rarely(s) ? "<input label=\"L\"><inputExpression"
                                       : "<input><inputExpression");
        sample_type_ref(s);
        buf_printf(s->out, "><text>x%zu</text></inputExpression>", i);
        sample_value_list(s, "inputValues");
        sample_put(s, "</input>");
    }
    for (size_t i = 0; i < outputs; i++) {
        buf_printf(s->out, "<output name=\"o%zu\"", i);
        sample_type_ref(s);
        sample_put(s, ">");
        sample_value_list(s, "outputValues");
        if (sample_one_of(s, 4) == 0)
            sample_put(s, "<defaultOutputEntry><text>1</text></defaultOutputEntry>");
        sample_put(s, "</output>");
    }
    if (sample_rarely(s))
        sample_put(s, "<annotation name=\"n\"/>");
    for (size_t k = 0, rules = sample_one_of(s, 6); k < rules; k++) {
        size_t cells = sample_rarely(s) ? sample_one_of(s, 4) : inputs;
        sample_put(s, "<rule>");
        for (size_t i = 0; i < cells; i++) {
            sample_put(s, "<inputEntry>");
            sample_text_node(s, true);
            sample_put(s, "</inputEntry>");
        }
        for (size_t i = 0; i < outputs; i++) {
            sample_put(s, "<outputEntry>");
            sample_text_node(s, false);
            sample_put(s, "</outputEntry>");
        }
        if (sample_rarely(s))
            sample_put(s, "<annotationEntry><text>n</text></annotationEntry>");
        sample_put(s, "</rule>");
    }
    sample_put(s, "</decisionTable>");
}

/* `tag` around any logic. */
static void sample_inside(struct sample *s, const char *tag, int depth)
{
    if (sample_rarely(s))
        return;
    buf_printf(s->out, "<%s>", tag);
    sample_logic(s, depth);
    buf_printf(s->out, "</%s>", tag);
}

static void sample_boxed_context(struct sample *s, int depth)
{
    sample_put(s, "<context>");
    for (size_t i = 0, len = sample_one_of(s, 4); i < len; i++) {
        sample_put(s, "<contextEntry>");
        if (i + 1 < len || sample_one_of(s, 2)) {
            buf_printf(s->out, "<variable name=\"e%zu\"", i);
            sample_type_ref(s);
            sample_put(s, "/>");
        }
        sample_logic(s, depth);
        sample_put(s, "</contextEntry>");
    }
    sample_put(s, "</context>");
}

static void sample_boxed_function(struct sample *s, const char *tag, int depth)
{
    buf_printf(s->out, "<%s", tag);
    if (sample_rarely(s))
        SAMPLE_PICK(s, " kind=\"Java\"", " kind=\"PMML\"", " kind=\"FEEL\"");
    sample_type_ref(s);
    sample_put(s, ">");
    for (size_t i = 0, len = sample_one_of(s, 3); i < len; i++) {
        buf_printf(s->out, "<formalParameter name=\"p%zu\"", i);
        sample_type_ref(s);
        sample_put(s, "/>");
    }
    sample_logic(s, depth);
    buf_printf(s->out, "</%s>", tag);
}

static void sample_invocation(struct sample *s, int depth)
{
    sample_put(s, "<invocation><literalExpression><text>");
    SAMPLE_PICK(s, "b0", "b1", "s0", "count", "nope", "m.b");
    sample_put(s, "</text></literalExpression>");
    for (size_t i = 0, len = sample_one_of(s, 3); i < len; i++) {
        buf_printf(s->out, "<binding><parameter name=\"p%zu\"/>", i);
        sample_logic(s, depth);
        sample_put(s, "</binding>");
    }
    sample_put(s, "</invocation>");
}

static void sample_relation(struct sample *s, int depth)
{
    size_t columns = sample_one_of(s, 3);
    sample_put(s, "<relation>");
    for (size_t i = 0; i < columns; i++) {
        buf_printf(s->out, "<column name=\"c d%zu\"", i);
        sample_type_ref(s);
        sample_put(s, "/>");
    }
    for (size_t k = 0, rows = sample_one_of(s, 3); k < rows; k++) {
        sample_put(s, "<row>");
        for (size_t i = 0; i < columns; i++)
            sample_logic(s, depth);
        sample_put(s, "</row>");
    }
    sample_put(s, "</relation>");
}

static void sample_iterator(struct sample *s, const char *tag, const char *body, int depth)
{
    buf_printf(s->out, "<%s iteratorVariable=\"v\">", tag);
    sample_inside(s, "in", depth);
    sample_inside(s, body, depth);
    buf_printf(s->out, "</%s>", tag);
}

static void sample_logic(struct sample *s, int depth)
{
    switch (depth > 0 && s->out->len < 6000 ? sample_one_of(s, 16) : 0) {
    case 1:
    case 2:
    case 3: sample_table(s); return;
    case 4: sample_boxed_context(s, depth - 1); return;
    case 5:
        sample_put(s, "<list>");
        for (size_t i = 0, len = sample_one_of(s, 3); i < len; i++)
            sample_logic(s, depth - 1);
        sample_put(s, "</list>");
        return;
    case 6: sample_relation(s, depth - 1); return;
    case 7: sample_invocation(s, depth - 1); return;
    case 8: sample_boxed_function(s, "functionDefinition", depth - 1); return;
    case 9:
        sample_put(s, "<conditional>");
        sample_inside(s, "if", depth - 1);
        sample_inside(s, "then", depth - 1);
        sample_inside(s, "else", depth - 1);
        sample_put(s, "</conditional>");
        return;
    case 10:
        sample_put(s, "<filter>");
        sample_inside(s, "in", depth - 1);
        sample_inside(s, "match", depth - 1);
        sample_put(s, "</filter>");
        return;
    case 11: sample_iterator(s, "for", "return", depth - 1); return;
    case 12: sample_iterator(s, "some", "satisfies", depth - 1); return;
    case 13: sample_iterator(s, "every", "satisfies", depth - 1); return;
    default:
        sample_put(s, "<literalExpression");
        sample_type_ref(s);
        sample_put(s, ">");
        sample_text_node(s, false);
        sample_put(s, "</literalExpression>");
    }
}

static void sample_item_body(struct sample *s, int depth)
{
    size_t form = sample_one_of(s, 6);
    if (form == 0 && depth > 0) {
        for (size_t i = 0, len = 1 + sample_one_of(s, 3); i < len; i++) {
            buf_printf(s->out, "<itemComponent name=\"%c\"%s>", (int)('a' + i),
                       sample_rarely(s) ? " isCollection=\"true\"" : "");
            sample_item_body(s, depth - 1);
            sample_put(s, "</itemComponent>");
        }
        return;
    }
    if (form == 1 && depth > 0) {
        sample_put(s, "<functionItem outputTypeRef=\"number\"><parameters name=\"p\" "
                      "typeRef=\"number\"/></functionItem>");
        return;
    }
    sample_put(s, "<typeRef>");
    SAMPLE_PICK(s, "number", "string", "boolean", "date", "t0", "t1", "t2", "Any", "feel:string",
                "f:number", "time", "nope");
    sample_put(s, "</typeRef>");
    sample_value_list(s, "allowedValues");
    sample_value_list(s, "typeConstraint");
}

static void sample_definition(struct sample *s, size_t i)
{
    buf_printf(s->out, "<itemDefinition name=\"t%zu\"%s>", sample_rarely(s) ? 0 : i,
               sample_one_of(s, 4) == 0 ? " isCollection=\"true\"" : "");
    sample_item_body(s, 2);
    sample_put(s, "</itemDefinition>");
}

static void sample_requirement(struct sample *s, const char *tag, const char *inner, const char *to,
                               size_t i)
{
    buf_printf(s->out, "<%s><%s href=\"%s#%s%zu\"/></%s>", tag, inner, sample_rarely(s) ? "m" : "",
               sample_rarely(s) ? "d" : to, i, tag);
}

static void sample_requirements(struct sample *s, size_t decisions)
{
    size_t wanted = sample_byte(s);
    for (size_t i = 0; i < 3; i++)
        if (wanted & (1U << i))
            sample_requirement(s, "informationRequirement", "requiredInput", "x", i);
    for (size_t i = 0; i < decisions; i++)
        if (wanted & (8U << i))
            sample_requirement(s, "informationRequirement", "requiredDecision", "d", i);
    if (wanted & 64)
        sample_requirement(s, "knowledgeRequirement", "requiredKnowledge", "b", 0);
    if (wanted & 128)
        sample_requirement(s, "knowledgeRequirement", "requiredKnowledge", "s", 0);
}

static void sample_decision(struct sample *s, size_t i)
{
    buf_printf(s->out, "<decision id=\"d%zu\" name=\"d%zu\"%s>", i, i,
               sample_rarely(s) ? " k:a=\"1\"" : "");
    if (sample_rarely(s))
        sample_put(s, "<description>what &#x2014; why</description><question>?</question>"
                      "<allowedAnswers>1</allowedAnswers>");
    if (sample_rarely(s))
        sample_put(s, "<extensionElements><k:output kind=\"line\"><k:b>t</k:b></k:output>"
                      "</extensionElements>");
    buf_printf(s->out, "<variable name=\"d%zu\"", i);
    sample_type_ref(s);
    sample_put(s, "/>");
    sample_requirements(s, i);
    sample_logic(s, 3);
    sample_put(s, "</decision>");
}

static void sample_service(struct sample *s)
{
    sample_put(s, "<decisionService id=\"s0\" name=\"s0\"><variable name=\"s0\"");
    sample_type_ref(s);
    sample_put(s, "/><outputDecision href=\"#d0\"/>");
    if (sample_one_of(s, 2))
        sample_put(s, "<outputDecision href=\"#d1\"/>");
    if (sample_one_of(s, 2))
        sample_put(s, "<encapsulatedDecision href=\"#d1\"/>");
    if (sample_one_of(s, 2))
        sample_put(s, "<inputDecision href=\"#d1\"/>");
    sample_put(s, "<inputData href=\"#x0\"/></decisionService>");
}

static void sample_misc(struct sample *s)
{
    if (sample_rarely(s))
        SAMPLE_PICK(s, "<!-- c -->", "<?pi data?>", "<![CDATA[ x ]]>", "\n  ", "text", "&#10;",
                    "<k:own a=\"&lt;\"/>", "<element/>", "<!DOCTYPE d>", "<unclosed>", "&nope;",
                    "<dmndi:DMNDI xmlns:dmndi=\""
                    "https://www.omg.org/spec/DMN/20191111/DMNDI/"
                    "\"/>");
}

static void sample_model(struct sample *s)
{
    sample_put(s, "<definitions xmlns=\"");
    SAMPLE_PICK(s, "https://www.omg.org/spec/DMN/20230324/MODEL/",
                "https://www.omg.org/spec/DMN/20211108/MODEL/",
                "https://www.omg.org/spec/DMN/20191111/MODEL/",
                "http://www.omg.org/spec/DMN/20180521/MODEL/",
                "http://www.omg.org/spec/DMN/20151101/dmn.xsd");
    sample_put(s, "\" xmlns:feel=\"http://www.omg.org/spec/FEEL/20140401\" xmlns:f=\"n\" "
                  "xmlns:k=\"urn:kontor:dmn:1\" namespace=\"n\" name=\"n\">");
    if (sample_one_of(s, 4) == 0)
        SAMPLE_PICK(s,
                    "<import name=\"m\" namespace=\"m\" "
                    "importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>",
                    "<import name=\"m\" namespace=\"n\"/>", "<import namespace=\"nope\"/>",
                    "<import name=\"m\" namespace=\"m\" importType=\"http://www.w3.org/xsd\"/>");
    sample_misc(s);
    for (size_t i = 0, len = sample_one_of(s, 4); i < len; i++)
        sample_definition(s, i);
    for (size_t i = 0; i < 3; i++) {
        buf_printf(s->out, "<inputData id=\"x%zu\" name=\"x%zu\"><variable name=\"x%zu\"", i,
                   sample_rarely(s) ? 0 : i, i);
        sample_type_ref(s);
        sample_put(s, "/></inputData>");
    }
    sample_misc(s);
    for (size_t i = 0, len = sample_one_of(s, 3); i < len; i++) {
        buf_printf(s->out, "<businessKnowledgeModel id=\"b%zu\" name=\"b%zu\">", i, i);
        sample_boxed_function(s, "encapsulatedLogic", 2);
        sample_put(s, "</businessKnowledgeModel>");
    }
    for (size_t i = 0, len = 1 + sample_one_of(s, 3); i < len; i++) {
        sample_decision(s, i);
        sample_misc(s);
    }
    if (sample_one_of(s, 3) == 0)
        sample_service(s);
    sample_put(s, sample_rarely(s) ? "" : "</definitions>");
}

#endif
