/* The catalogue compiler: what it finds in sources and files, and what it refuses. The tool is
 * included whole, so that each case is one call. */
#include "tests/tap.h"

#define POC_INSIDE
#include "tools/poc.c" /* NOLINT(bugprone-suspicious-include): see above */

struct input {
    const char *path, *text;
};

/* The complaints about these files, one a line. */
static struct str check(struct arena *arena, const struct input *inputs, size_t len)
{
    AUTO_BUF complaints = BUF(1 << 20);
    struct poc poc = {.arena = arena, .by_key = map_new(arena), .complaints = &complaints};
    for (size_t i = 0; i < len; i++)
        read_file(&poc, inputs[i].path, str_of(inputs[i].text));
    check_all(&poc);
    return str_dup(arena, complaints.len > 0 ? buf_str(&complaints) : STR(""));
}

#define CHECK(...)                                                                                 \
    check(arena, (const struct input[]){__VA_ARGS__}, LEN(((const struct input[]){__VA_ARGS__})))
#define RU_PO "src/a/lang/ru.po"
#define ES_PO "src/a/lang/es.po"

static void test_sources(struct arena *arena)
{
    is_str(CHECK({"a.c", "M(\"One\")"}),
           "a.c:1: no ru translation of \"One\"\na.c:1: no es translation of \"One\"\n",
           "a message used and not translated");
    is_str(CHECK({"a.c", "x = tr(lang, \"One\"\n \"Two\");"},
                 {RU_PO, "msgid \"OneTwo\"\nmsgstr \"a\"\n\nmsgid \"Three\"\nmsgstr \"b\"\n"},
                 {ES_PO, "msgid \"OneTwo\"\nmsgstr \"b\"\n"}),
           "src/a/lang/ru.po:4: warning: \"Three\" is not used\n",
           "neighbouring strings are one; what nobody uses is a warning");
    static const char *const used[] = {
        "return fail(op, RC_INVALID, \"f\", \"One\");",
        "fault_add(&f, RC_X, NULL,\n\"One\", NULL);",
        "i18n_format(a, l, is ? \"One\" : \"One\", x);",
        "struct t t = {\"x\", M(\"One\"), g(1, \"y\")};",
        "fail(op, f(1, (2)), \"f\", \"On\" \n  \"e\", \"arg\")",
        "char c = '\"'; M(\"One\")",
        "char c = '\\''; /* \" */ tr(g(1, 2), \"One\")",
    };
    bool is_found = true;
    for (size_t i = 0; i < LEN(used); i++)
        is_found =
            is_found && str_has(CHECK({"a.c", used[i]}), STR("no ru translation of \"One\""));
    ok(is_found, "all ways to name a message are seen");
    is_str(CHECK({"a.c", "f(\"One\"); strcmp(a, \"tr\"); /* M(\"no\") */ // M(\"no\")\n"
                         "fail(op, RC_X, \"field\", M2(\"x\")); xM(\"no\")"}),
           "", "other strings and comments are not messages");
    is_str(CHECK({"b_messages.txt", "\"One\"\tsrc/b/views/v.html:7\n"}),
           "src/b/views/v.html:7: no ru translation of \"One\"\n"
           "src/b/views/v.html:7: no es translation of \"One\"\n",
           "messages of views are reported where they stand");
}

/* Both languages with the same text. */
static struct str check_po(struct arena *arena, const char *key, const char *ru, const char *es)
{
    char *c = str_c(arena, str_printf(arena, "M(\"%s\")", key));
    char *a = str_c(arena, str_printf(arena, "msgid \"%s\"\nmsgstr \"%s\"\n", key, ru));
    char *b = str_c(arena, str_printf(arena, "msgid \"%s\"\nmsgstr \"%s\"\n", key, es));
    return CHECK({"a.c", c}, {RU_PO, a}, {ES_PO, b});
}

static void test_patterns(struct arena *arena)
{
    is_str(check_po(arena, "{0} of {1}", "{1}: {0}", "{0} de {1}"), "", "arguments may move");
    ok(str_has(check_po(arena, "{0} of {1}", "{0}", "{0} de {1}"),
               STR("ru.po:1: the translation "
                   "does not name the arguments")),
       "but none may be lost");
    ok(str_has(check_po(arena, "Plain", "Просто {0}", "x"), STR("does not name the arguments")),
       "nor added");
    ok(str_has(check_po(arena, "{0", "x", "y"), STR("a.c:1: a comma or a closing brace")),
       "a broken key is told");
    ok(str_has(check_po(arena, "{0}", "{0", "{0}"), STR("ru.po:1: a comma or a closing brace")),
       "a broken translation, too");
    static const char key[] = "{0, plural, one {# row} other {# rows}}";
    ok(str_has(check_po(arena, key, "{0, plural, one {# а} other {# б}}",
                        "{0, plural, one {# a} other {# b}}"),
               STR("ru.po:1: a ru plural needs the cases one, few, many and other")),
       "Russian plurals need their four cases");
    is_str(check_po(arena, key, "{0, plural, one {# а} few {# б} many {# в} other {# г}}",
                    "{0, plural, one {# a} other {# b}}"),
           "", "and are fine with them");
    is_str(check_po(arena, "Say \\\"{0}\\\"\\n", "Скажи «{0}»\\n", "Di «{0}»\\n"), "",
           "escapes of C and .po agree");
}

static void test_po_files(struct arena *arena)
{
    is_str(CHECK({"a.c", "M(\"One line and another\")"},
                 {RU_PO, "# comment\nmsgid \"\"\nmsgstr \"Language: ru\\n\"\n\n#: a.c:1\nmsgid "
                         "\"One line \"\n\"and another\"\nmsgstr \"\"\n\"Одна \"\n\"и другая\"\n"},
                 {ES_PO, "msgid \"One line and another\"\r\nmsgstr \"Una y otra\"\r\n"}),
           "", "headers, comments, continued lines and CRLF are read");
    ok(str_has(CHECK({"a.c", "M(\"One\")"}, {RU_PO, "#, fuzzy\nmsgid \"One\"\nmsgstr \"x\"\n"}),
               STR("no ru translation")),
       "a fuzzy entry is no translation");
    ok(str_has(CHECK({RU_PO, "msgid \"One\"\nmsgstr \"x\"\n\nmsgid \"One\"\nmsgstr \"y\"\n"}),
               STR("ru.po:4: \"One\" stands twice")),
       "a double is told");
    ok(str_has(CHECK({RU_PO, "msgid \"One\"\nmsgstr \"x\"\n"},
                     {"src/b/lang/ru.po", "msgid \"One\"\nmsgstr \"y\"\n"}),
               STR("src/b/lang/ru.po:1: \"One\" is translated otherwise at src/a/lang/ru.po:1")),
       "so are two translations of one key");
    ok(str_has(CHECK({RU_PO, "msgid \"One\nmsgstr \"x\"\n"}),
               STR("ru.po:1: a string is not closed")),
       "an open string");
    ok(str_has(CHECK({RU_PO, "msgid \"a\"\nmsgid_plural \"b\"\n"}), STR("ru.po:2: expected msgid")),
       "words of gettext that are not used here");
}

static void test_table(struct arena *arena)
{
    AUTO_BUF complaints = BUF(1 << 16), table = BUF(1 << 16);
    struct poc poc = {.arena = arena, .by_key = map_new(arena), .complaints = &complaints};
    read_file(&poc, RU_PO,
              STR("msgid \"Name||of a person\"\nmsgstr \"Имя\"\n\n"
                  "msgid \"{0} x\"\nmsgstr \"нет аргумента\"\n"));
    check_all(&poc);
    write_table(&poc, &table);
    struct str text = buf_str(&table);
    ok(str_has(text, STR("{STR_INIT(\"Name||of a person\"),\n     {STR_INIT(\"Name\"),\n      "
                         "STR_INIT(\"Имя\"),\n      {0, 0}}}")),
       "a context is part of the key and not of the text");
    ok(!str_has(text, STR("нет аргумента")), "a faulty translation is left out");
    ok(str_has(text, STR("i18n__catalog_len = 1;")), "and is not counted");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    test_sources(arena);
    test_patterns(arena);
    test_po_files(arena);
    test_table(arena);
    return done_testing();
}
