/* The template compiler: what it refuses and which printer it chooses. The tool is included whole,
 * so that each case is one call and a refusal is a value. */
#include "base/base.h"
#include "tests/tap.h"

#define TPLC_INSIDE
#include "tools/tplc.c" /* NOLINT(bugprone-suspicious-include): see above */
#undef error
#undef starts

static struct compiler compiler;

/* The code that a template compiles to, or the refusal. */
static const char *compile(const char *source)
{
    free(compiler.literal.at);
    free(compiler.code.at);
    free(compiler.head.at);
    free(compiler.uses.at);
    free(compiler.messages.at);
    free(compiler.args.at);
    compiler = (struct compiler){.path = "v.html"};
    tplc_error[0] = 0;
    if (setjmp(tplc_refused) == 0) {
        compile_source(&compiler, source, strlen(source));
        return compiler.code.at ? compiler.code.at : "";
    }
    return tplc_error;
}

static const char *compile_in_view(const char *body)
{
    static char source[4096];
    snprintf(source, sizeof(source), "{%% view a(int x) %%}\n%s\n{%% end %%}\n", body);
    return compile(source);
}

struct tplc_case {
    const char *rule, *body;
    const char *want; /* a part of the code or of the message */
};

static const struct tplc_case choices[] = {
    {"text is printed by html_text", "<p>{{ x }}</p>", "html_text(o, (x));"},
    {"a quoted attribute is printed by html_attr", "<p title=\"{{ x }}\"></p>", "html_attr(o, (x)"},
    {"single quotes quote, too", "<p title='{{ x }}'></p>", "html_attr(o, (x)"},
    {"value= is read by machines", "<input value=\"{{ x }}\">", "html_value(o, (x)"},
    {"data-* is read by machines", "<i data-a=\"{{ x }}\"></i>", "html_value(o, (x)"},
    {"a whole URL has its scheme checked", "<a href=\"{{ x }}\">x</a>", "html_url(o, (x)"},
    {"htmx attributes hold URLs", "<a hx-get=\"{{ x }}\">x</a>", "html_url(o, (x)"},
    {"attribute names have no case", "<a HREF=\"{{ x }}\">x</a>", "html_url(o, (x)"},
    {"later parts of a URL are components", "<a href=\"/a/{{ x }}\">x</a>", "html_url_part(o, (x)"},
    {"the second output of a URL is a component", "<a href=\"{{ x }}{{ y }}\">x</a>",
     "html_url_part(o, (y)"},
    {"JSON in its script is printed by html_json",
     "<script type=\"application/json\">{\"a\":{{ x }}}</script>", "html_json(o, (x)"},
    {"a textarea is text, and its first line feed is kept", "<textarea>{{ x }}</textarea>",
     "<textarea>\\n\"));\n#line 2 \"v.html\"\n    html_attr(o, (x)"},
    {"static text between outputs is one put", "<p>a <b>b</b>\n c</p>",
     "html_put(o, STR(\"<p>a <b>b</b>\\nc</p>\"));"},
    {"white space of tables disappears", "<table>\n  <tr>\n  <td> a </td>\n</tr>\n</table>",
     "\"<table><tr><td> a </td></tr></table>\""},
    {"white space of pre stays", "<pre>a\n  b</pre>", "a\\n  b"},
    {"a block alone on its line leaves no line",
     "<table>\n{% for r in v->rows %}\n  <tr></tr>\n"
     "{% end %}\n</table>",
     "html_put(o, STR(\"<tr></tr>\"));"},
    {"comments do not reach the page", "<p>a<!-- secret\n -->b</p>", "\"<p>ab</p>\""},
    {"a for walks anything with at and len", "{% for r in v->rows %}<p>{{ r->x }}</p>{% end %}",
     "*r = &r_list.at[r_i];"},
    {"else if is an else with an if", "{% if x %}a{% else if y > 1 %}b{% else %}c{% end %}",
     "} else if (y > 1) {"},
    {"include hands the page on", "{% include other_view(&v->part, 1) %}",
     "other_view(o, &v->part, 1);"},
    {"include without arguments", "{% include other_view() %}", "other_view(o);"},
    {"an if may stand between attributes", "<option {% if x %}selected{% end %}>a</option>",
     "html_put(o, STR(\"selected\"));"},
    {"both branches may begin a URL", "<a href=\"{% if x %}/a{% else %}/b{% end %}/{{ y }}\">x</a>",
     "html_url_part(o, (y)"},
    {"a message takes its arguments by type", "{{ t \"{0} of {1}\" f(1, 2) (a + b) }}",
     "html_message(o, \"{0} of {1}\", (const struct i18n_arg[]){HTML_ARG(o, (f(1, 2))), "
     "HTML_ARG(o, ((a + b)))}, 2)"},
    {"a message in an attribute is escaped for it", "<a title=\"{{ t \"Edit\" }}\">x</a>",
     "html_attr(o, html_message(o, \"Edit\", NULL, 0));"},
    {"code errors point to the template", "<p>\n{{ x }}</p>", "#line 3 \"v.html\""},
    {"svg closes itself", "<svg viewBox=\"0 0 1 1\"><path d=\"{{ x }}\"/></svg>", "html_attr(o"},
};

static const struct tplc_case refusals[] = {
    {"no output in a script", "<script src=\"a.js\">{{ x }}</script>", "no output inside <script>"},
    {"no inline script", "<script>alert(1)</script>", "no inline script"},
    {"no output in a style", "<style>{{ x }}</style>", "no output inside <style>"},
    {"no event handlers", "<a onclick=\"f()\">x</a>", "no event handler"},
    {"no event handlers of htmx", "<a hx-on:click=\"f()\">x</a>", "no event handler"},
    {"no style attribute", "<a style=\"color:red\">x</a>", "no style attribute"},
    {"values are quoted", "<a href={{ x }}>x</a>", "needs a quoted value"},
    {"also static values are quoted", "<a href=x>x</a>", "must be quoted"},
    {"no output as a tag name", "<{{ x }}>", "bare '<'"},
    {"no output within a tag name", "<a{{ x }}>", "inside a tag"},
    {"no output as an attribute", "<a {{ x }}>x</a>", "inside a tag"},
    {"no output in an attribute's name", "<a data-{{ x }}=\"1\">x</a>", "inside a tag"},
    {"no output in a comment", "<!-- {{ x }} -->", "a comment must be closed"},
    {"no output where htmx reads code", "<a hx-trigger=\"{{ x }}\">x</a>", "no output in"},
    {"no output in srcset", "<img srcset=\"{{ x }}\">", "no output in the attribute srcset"},
    {"no block there either", "<a hx-vals=\"{% if x %}a{% end %}\">x</a>", "a block may stand"},
    {"no javascript: in a static URL", "<a href=\"JavaScript:f()\">x</a>", "the scheme"},
    {"no data: beyond images", "<a href=\"data:text/html,x\">x</a>", "images only"},
    {"no srcdoc", "<iframe srcdoc=\"x\"></iframe>", "srcdoc is not allowed"},
    {"no base", "<base href=\"/\">", "<base> is not allowed"},
    {"no object", "<object></object>", "<object> is not allowed"},
    {"no quotes around a JSON value", "<script type=\"application/json\">\"{{ x }}\"</script>",
     "no quotes around it"},
    {"a branch may not leave the markup open", "{% if x %}<b>{% end %}</b>", "leaves <b> open"},
    {"a branch may not close what stands outside", "<b>{% if x %}</b>{% end %}",
     "opened outside this branch"},
    {"a branch may not open a quote", "<a title=\"{% if x %}a\" id=\"{% end %}b\">x</a>",
     "another place"},
    {"a branch may not end in a tag", "{% if x %}<b {% end %}></b>", "another place"},
    {"a URL begins in all branches or in none", "<a href=\"{% if x %}/a{% end %}{{ y }}\">x</a>",
     "use else"},
    {"a script's type may not depend",
     "<script src=\"a\" {% if x %}type=\"application/json\"{% end %}></script>", "cannot depend"},
    {"no loop between attributes", "<a {% for r in x %}b{% end %}>x</a>", "a block may stand"},
    {"elements are closed", "<p>a", "leaves <p> open"},
    {"elements nest", "<p><b>a</p></b>", "stands where </b> is expected"},
    {"a void element has no end", "<br></br>", "closes nothing"},
    {"p may not hold a div", "<p><div></div></p>", "would close the open <p>"},
    {"forms do not nest", "<form><form></form></form>", "<form> inside <form>"},
    {"an attribute stands once", "<a class=\"a\" class=\"b\">x</a>", "a second attribute"},
    {"no self-closing in HTML", "<div/>", "does not close itself"},
    {"no script inside svg", "<svg><script src=\"a\"></script></svg>", "inside <svg>"},
    {"a message is a static text", "{{ t v->name }}", "needs a static text"},
    {"a message gets all its arguments", "{{ t \"{0} of {1}\" x }}",
     "wants 2 arguments and gets 1"},
    {"a message gets no more arguments", "{{ t \"none\" x }}", "wants 0 arguments and gets 1"},
    {"there are seven words", "{% while x %}", "unknown word \"while\""},
    {"raw does not exist", "{% raw %}", "unknown word \"raw\""},
    {"an output is not empty", "{{ }}", "an empty output"},
    {"an else has an if", "{% else %}", "else without if"},
    {"blocks end", "{% if x %}a", "the view has no end"},
    {"outputs end", "{{ x", "\"}}\" is missing"},
    {"two attributes need a space", "<a class=\"a\"id=\"b\">x</a>", "a space is needed"},
    {"a bare less-than is written &lt;", "a < b", "bare '<'"},
    {"includes stand in text", "<a title=\"{% include x_view() %}\">x</a>", "in text only"},
};

static void test_outside_of_views(void)
{
    ok(strstr(compile("text"), "v.html:1: text outside a view"), "text stands in views");
    ok(strstr(compile("{{ x }}"), "output outside a view"), "outputs stand in views");
    ok(strstr(compile("\n\n{% view a() %}<p>"), "v.html:3: the view has no end"),
       "an unclosed view is named by its line");
    ok(strstr(compile("{% view a() %}\n<p></b>\n{% end %}"), "v.html:2:"),
       "a refusal names file and line");
    (void)compile("{% use \"a/a.h\" %}\n{% use \"a/a.h\" %}\n{% view b(const struct b *v) %}\n"
                  "{{ t \"Hi\" }}{% end %}");
    is_str(str_of(compiler.uses.at), "#include \"a/a.h\"\n", "use includes a header once");
    is_str(str_of(compiler.head.at), "void b_view(struct out *o, const struct b *v);\n",
           "a view has a prototype");
    is_str(str_of(compiler.messages.at), "\"Hi\"\tv.html:4\n", "used messages are listed");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        const char *code = compile_in_view(choices[i].body);
        if (!ok(!tplc_error[0] && strstr(code, choices[i].want), choices[i].rule))
            printf("# %s\n", code);
    }
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const char *message = compile_in_view(refusals[i].body);
        if (!ok(tplc_error[0] && strstr(message, refusals[i].want), refusals[i].rule))
            printf("# %s\n", message);
    }
    test_outside_of_views();
    (void)compile("");
    return done_testing();
}
