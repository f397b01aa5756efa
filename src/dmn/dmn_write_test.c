/* What is read and written again is the same model: every node, attribute, text and comment, on
 * models of ours and on those of the conformance kit where it is present; older versions are lifted
 * to 1.5 without a change of meaning. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dmn/dmn.h"
#include "tests/tap.h"

enum { FILE_MAX_BYTES = 8 << 20 };

static struct dmn_node *parse(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct dmn_node *document = NULL;
    return dmn_parse(arena, xml, &fault, &document) == RC_OK ? document : NULL;
}

static struct str written(struct arena *arena, const struct dmn_node *document)
{
    AUTO_BUF buf = BUF(FILE_MAX_BYTES);
    if (!document)
        return STR("not read");
    dmn_write(&buf, document);
    return buf.is_over ? STR("over") : str_dup(arena, buf_str(&buf));
}

/* ---- the same tree ---- */

static const struct dmn_node *skip_blank(const struct dmn_node *node)
{
    while (node && node->kind == DMN_NODE_TEXT && !str_trim(node->text).len)
        node = node->next;
    return node;
}

static bool has_attribute(const struct dmn_node *node, const struct dmn_attribute *a)
{
    for (size_t i = 0; i < node->attributes_len; i++)
        if (str_eq(node->attributes[i].name, a->name) &&
            str_eq(node->attributes[i].namespace, a->namespace) &&
            str_eq(node->attributes[i].value, a->value))
            return true;
    return false;
}

static bool same_node(const struct dmn_node *a, const struct dmn_node *b)
{
    if (a->kind != b->kind || !str_eq(a->name, b->name) || !str_eq(a->namespace, b->namespace) ||
        !str_eq(a->prefix, b->prefix) || !str_eq(a->text, b->text) ||
        a->attributes_len != b->attributes_len || a->declared_len != b->declared_len)
        return false;
    for (size_t i = 0; i < a->attributes_len; i++)
        if (!has_attribute(b, &a->attributes[i]))
            return false;
    for (size_t i = 0; i < a->declared_len; i++)
        if (!str_eq(a->declared[i].name, b->declared[i].name) ||
            !str_eq(a->declared[i].value, b->declared[i].value))
            return false;
    return true;
}

/* White space between elements is the writer's, all other nodes are the author's. */
static bool same_tree(const struct dmn_node *a, const struct dmn_node *b)
{
    const struct dmn_node *x = skip_blank(a->first), *y = skip_blank(b->first);
    if (!same_node(a, b))
        return false;
    for (; x && y; x = skip_blank(x->next), y = skip_blank(y->next))
        if (!same_tree(x, y))
            return false;
    return !x && !y;
}

static bool survives(struct arena *arena, struct str xml)
{
    struct dmn_node *first = parse(arena, xml);
    struct str once = written(arena, first);
    struct dmn_node *second = parse(arena, once);
    return first && second && same_tree(first, second) && str_eq(once, written(arena, second));
}

/* ---- files ---- */

static struct str read_file(struct arena *arena, const char *path)
{
    struct stat stat;
    AUTO_FD fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &stat) != 0 || stat.st_size > FILE_MAX_BYTES)
        return STR_NONE;
    char *at = arena_alloc(arena, (size_t)stat.st_size + 1);
    ssize_t got = read(fd, at, (size_t)stat.st_size);
    return got < 0 ? STR_NONE : (struct str){at, (size_t)got};
}

/* Models below the folder; those that did not survive are printed. */
static void walk(const char *path, int depth, int *models, int *broken)
{
    AUTO_ARENA arena = arena_new((size_t)256 << 20);
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        struct str inner = str_printf(arena, "%s/%s", path, e->d_name);
        if (e->d_name[0] == '.')
            continue;
        if (!str_ends(inner, STR(".dmn"))) {
            if (depth < 4 && !str_ends(inner, STR(".xml")))
                walk(str_c(arena, inner), depth + 1, models, broken);
            continue;
        }
        ++*models;
        if (survives(arena, read_file(arena, str_c(arena, inner))))
            continue;
        ++*broken;
        printf("# not the same: " STR_FMT "\n", STR_ARG(inner));
    }
    if (dir)
        (void)closedir(dir);
}

static void test_files(void)
{
    const char *given = getenv("TCK_DIR");
    int models = 0, broken = 0;
    walk("examples", 0, &models, &broken);
    ok(models >= 10 && broken == 0, "the models of the examples survive reading and writing");
    models = 0;
    walk(given ? given : "../shared/tck", 0, &models, &broken);
    if (models == 0)
        skip("the kit's models survive reading and writing", "the kit is not here (TCK_DIR)");
    else
        ok(models >= 100 && broken == 0, "the kit's models survive reading and writing");
}

/* ---- the form ---- */

static void test_form(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str xml = STR(
        "<?xml version='1.0'?><!-- before -->\n"
        "<d:definitions namespace='n' name='a &amp; &quot;b&quot;' id='x' "
        "xmlns:d='https://www.omg.org/spec/DMN/20230324/MODEL/' xmlns:o='urn:other'>\n\n"
        "<d:decision name='e' id='i'><d:description>two\n  lines </d:description>"
        "<d:extensionElements><o:p q='1'>mixed <o:b>text</o:b> <o:b/></o:p><o:s> </o:s>"
        "</d:extensionElements><d:literalExpression><d:text><![CDATA[a < b and \"c\"]]></d:text>"
        "</d:literalExpression><!-- inside --></d:decision></d:definitions>");
    is_str(written(arena, parse(arena, xml)),
           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!-- before -->\n"
           "<d:definitions xmlns:d=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
           "xmlns:o=\"urn:other\" id=\"x\" name=\"a &amp; &quot;b&quot;\" namespace=\"n\">\n"
           "  <d:decision id=\"i\" name=\"e\">\n"
           "    <d:description>two\n  lines </d:description>\n"
           "    <d:extensionElements>\n"
           "      <o:p q=\"1\">mixed <o:b>text</o:b> <o:b/></o:p>\n"
           "      <o:s> </o:s>\n"
           "    </d:extensionElements>\n"
           "    <d:literalExpression>\n"
           "      <d:text>a &lt; b and \"c\"</d:text>\n"
           "    </d:literalExpression>\n"
           "    <!-- inside -->\n"
           "  </d:decision>\n"
           "</d:definitions>\n",
           "a model has one form: a line an element, texts as they were");
    ok(survives(arena, xml), "and writing it again changes nothing");
    ok(survives(arena, STR("<a b='&#10;&#9;&#13; &lt;>'>&#13;\n]]&gt;<?p q?></a>")),
       "line ends that were written as numbers stay");
}

static void test_versions(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    struct str xml =
        STR("<definitions xmlns='http://www.omg.org/spec/DMN/20151101/dmn.xsd' "
            "xmlns:feel='http://www.omg.org/spec/FEEL/20140401' xmlns:own='urn:own' name='old' "
            "namespace='urn:own' expressionLanguage='http://www.omg.org/spec/FEEL/20140401'>"
            "<itemDefinition name='tMoney'><typeRef>feel:number</typeRef></itemDefinition>"
            "<inputData id='x' name='x'><variable name='x' typeRef='own:tMoney'/></inputData>"
            "</definitions>");
    struct str text = written(arena, parse(arena, xml));
    ok(str_has(text, STR("xmlns=\"" DMN_NAMESPACE "\"")), "a model of 1.1 is written as 1.5");
    ok(str_has(text, STR("<typeRef>number</typeRef>")) && str_has(text, STR("typeRef=\"tMoney\"")),
       "type names lose the prefixes of 1.1");
    ok(!str_has(text, STR("20140401")), "the language is that of 1.5");
    ok(dmn_read(arena, xml, NULL, 0, FEEL_STANDARD, &fault, &model) == RC_OK &&
           model->issues_len == 0 && model->elements[0]->type &&
           model->elements[0]->type->kind == FEEL_NUMBER,
       "and its types are known");
    ok(survives(arena, xml), "an old model survives too");
}

int main(void)
{
    test_form();
    test_versions();
    test_files();
    return done_testing();
}
