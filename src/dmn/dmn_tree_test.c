/* A model's file changed by others: new elements stand where the schema of DMN wants them, texts
 * and attributes are set and taken away, and a file that has nothing newer is written as DMN 1.3.
 */
#include "dmn/dmn.h"
#include "tests/tap.h"

#define FILE_OF(inside)                                                                            \
    "<definitions xmlns=\"" DMN_NAMESPACE "\" namespace=\"n\" name=\"m\" "                         \
    "expressionLanguage=\"https://www.omg.org/spec/DMN/20230324/FEEL/\">" inside "</definitions>"

static struct dmn_node *parse(struct arena *arena, const char *xml)
{
    struct fault fault = {.arena = arena};
    struct dmn_node *document = NULL;
    return dmn_parse(arena, str_of(xml), &fault, &document) == RC_OK ? document : NULL;
}

static struct str written(struct arena *arena, const struct dmn_node *document)
{
    AUTO_BUF buf = BUF(1 << 20);
    dmn_write(&buf, document);
    return str_dup(arena, buf_str(&buf));
}

static bool has(struct arena *arena, const struct dmn_node *document, const char *part)
{
    return str_find(written(arena, document), str_of(part), 0) != SIZE_MAX;
}

static void placing(struct arena *arena)
{
    struct dmn_node *document =
        parse(arena, FILE_OF("<decision id=\"a\" name=\"a\"><literalExpression><text>1</text>"
                             "</literalExpression></decision>"));
    struct dmn_node *root = dmn_tree_root(document), *decision = dmn_tree_child(root, "decision");
    struct dmn_node *variable = dmn_tree_add(arena, decision, "variable");
    (void)dmn_tree_add(arena, decision, "description");
    (void)dmn_tree_add(arena, decision, "informationRequirement");
    struct dmn_node *output = dmn_tree_extend(arena, decision, "output");
    dmn_tree_attribute_set(arena, variable, "name", STR("a"));
    dmn_tree_attribute_set(arena, output, "kind", STR("line"));
    dmn_tree_attribute_set(arena, output, "scope", STR("event"));
    dmn_tree_attribute_set(arena, output, "scope", STR_NONE);
    ok(has(arena, document,
           "    <description/>\n    <extensionElements>\n      <kontor:output kind=\"line\"/>\n"
           "    </extensionElements>\n    <variable name=\"a\"/>\n    <informationRequirement/>\n"
           "    <literalExpression>"),
       "children stand in the order of the schema");
    ok(has(arena, document, "xmlns:kontor=\"urn:kontor:dmn:1\""), "the prefix is declared");
    ok(dmn_tree_extend(arena, decision, "output") == output, "an extension is made once");
    struct dmn_node *copy = dmn_tree_copy(arena, decision);
    dmn_tree_insert(root, copy, decision);
    ok(dmn_tree_child(root, "decision") == copy && dmn_tree_next(copy, "decision") == decision &&
           !dmn_tree_attribute(copy, "id").at,
       "a copy has no id and stands where it was put");
    dmn_tree_remove(decision);
    ok(dmn_tree_next(copy, "decision") == NULL, "what was removed is gone");
}

static void versions(struct arena *arena)
{
    struct dmn_node *plain = parse(arena, FILE_OF("<decision id=\"a\" name=\"a\"/>"));
    struct dmn_node *newer =
        parse(arena, FILE_OF("<decision id=\"a\" name=\"a\"><conditional/></decision>"));
    dmn_tree_lower(plain);
    dmn_tree_lower(newer);
    ok(has(arena, plain, "xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"") &&
           has(arena, plain, "expressionLanguage=\"https://www.omg.org/spec/DMN/20191111/FEEL/\""),
       "a file with nothing newer is written as DMN 1.3");
    ok(has(arena, newer, "xmlns=\"" DMN_NAMESPACE "\""), "one with boxes of 1.4 stays 1.5");
    struct str lowered = written(arena, plain);
    struct dmn_node *again = parse(arena, str_c(arena, lowered));
    ok(has(arena, again, "xmlns=\"" DMN_NAMESPACE "\""), "and is 1.5 again when it is read");
    dmn_tree_lower(again);
    ok(str_eq(written(arena, again), lowered), "back and forth gives the same bytes");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    placing(arena);
    versions(arena);
    return done_testing();
}
