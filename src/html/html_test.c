/* Printers: the right text for each place, and no value that changes the page. */
#include "html/html.h"
#include "html/html_test_kit.h"
#include "tests/tap.h"

static struct arena *arena;

#define PRINTS(print, value, want, rule)                                                           \
    do {                                                                                           \
        AUTO_OUT o = OUT(arena, 65536);                                                            \
        o.lang = lang_of(LANG_EN);                                                                 \
        o.zone = zone_find(STR("Europe/Moscow"));                                                  \
        print(&o, value);                                                                          \
        is_str(buf_str(&o.buf), want, rule);                                                       \
    } while (0)

static void test_texts(void)
{
    const char *none = NULL;
    PRINTS(html_text, STR("<a href=\"x\" b='y'>&</a>"),
           "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&lt;/a&gt;",
           "five characters are escaped");
    PRINTS(html_text, "plain", "plain", "C strings print");
    PRINTS(html_text, none, "", "no C string prints nothing");
    PRINTS(html_text, STR_NONE, "", "an absent text prints nothing");
    PRINTS(html_text, STR("a\001b"),
           "a\xef\xbf\xbd"
           "b",
           "control characters do not reach the page");
    PRINTS(html_text, ((struct safe_html){STR("<b>x</b>")}), "<b>x</b>",
           "safe HTML prints as it is");
    PRINTS(html_attr, STR("it's \"x\""), "it&#39;s &quot;x&quot;", "both quotes are escaped");
}

static void test_numbers(void)
{
    const struct currency *eur = currency_find(STR("EUR"));
    size_t size = 18446744073709551615u;
    PRINTS(html_text, -5, "-5", "an int prints plain");
    PRINTS(html_text, INT64_MIN, "-9223372036854775808", "the least integer prints");
    PRINTS(html_text, size, "18446744073709551615", "the greatest size prints");
    PRINTS(html_text, NUMBER(1284310), "1,284,310", "a number for people is grouped");
    PRINTS(html_value, NUMBER(1284310), "1284310", "but not for a machine");
    PRINTS(html_text, MONEY(123450, eur), "€1,234.50", "money is formatted for people");
    PRINTS(html_value, MONEY(123450, eur), "1234.50", "and plain for machines");
    PRINTS(html_json, MONEY(123450, eur), "{\"amount\":\"1234.50\",\"currency\":\"EUR\"}",
           "in JSON with its currency");
    PRINTS(html_json, MONEY(1, NULL), "null", "no money is null");
    PRINTS(html_json, INT64_MAX, "\"9223372036854775807\"", "beyond 2^53 JSON numbers are texts");
    PRINTS(html_json, 42, "42", "small ones are numbers");
    PRINTS(html_value, dec_from_scaled(1250, 2), "12.5", "decimals print plain for machines");
}

static void test_times(void)
{
    struct date date = date_of(2026, 10, 31);
    struct instant instant = INSTANT(INT64_C(1793466000) * US_SECOND);
    PRINTS(html_text, date, "31\u00a0Oct 2026", "a date for people");
    PRINTS(html_value, date, "2026-10-31", "a date for a field");
    PRINTS(html_text, instant, "31\u00a0Oct 2026, 20:00", "an instant in the zone of the page");
    PRINTS(html_value, instant, "2026-10-31T17:00:00Z", "and in UTC for machines");
    PRINTS(html_json, instant, "\"2026-10-31T17:00:00Z\"", "and in JSON");
    PRINTS(html_url_part, instant, "2026-10-31T17%3A00%3A00Z", "and in a URL");
}

static void test_urls(void)
{
    PRINTS(html_url, STR("/a/b?c=d&e=f#g"), "/a/b?c=d&amp;e=f#g", "a path of ours");
    PRINTS(html_url, STR("https://x.example/ы"), "https://x.example/%D1%8B", "letters are encoded");
    PRINTS(html_url, STR("javascript:alert(1)"), "#", "no javascript:");
    PRINTS(html_url, STR("JaVaScRiPt:alert(1)"), "#", "in any case");
    PRINTS(html_url, STR(" javascript:alert(1)"), "#", "nor behind a space");
    PRINTS(html_url, STR("java\tscript:alert(1)"), "#", "nor with a tab inside");
    PRINTS(html_url, STR("data:text/html,x"), "#", "no data:");
    PRINTS(html_url, STR("vbscript:x"), "#", "no vbscript:");
    PRINTS(html_url, STR("mailto:a@b.example"), "mailto:a@b.example", "mailto: is fine");
    PRINTS(html_url, STR("cid:logo@a.b"), "cid:logo@a.b", "a part of the same letter is fine");
    PRINTS(html_url, STR("/a:b"), "/a:b", "a colon in a path is no scheme");
    PRINTS(html_url_part, STR("a/b?c&d=\"ы"), "a%2Fb%3Fc%26d%3D%22%D1%8B",
           "a part is one component");
    PRINTS(html_url_part, STR("../.."), "..%2F..", "and cannot climb");
}

static void test_json(void)
{
    PRINTS(html_json, STR("</script>'\"\\\n"), "\"\\u003c/script\\u003e\\u0027\\\"\\\\\\u000a\"",
           "a JSON text cannot end its script");
    PRINTS(html_json, STR("\xe2\x80\xa8\xff"), "\"\\u2028\xef\xbf\xbd\"", "nor break a line");
    PRINTS(html_json, STR_NONE, "null", "an absent text is null");
    PRINTS(html_json, ((struct safe_json){STR("{\"a\":\"<b>\"}")}), "{\"a\":\"\\u003cb\\u003e\"}",
           "safe JSON keeps its structure");
}

static void test_structure(void)
{
    static const char *const hostile[] = {"\"><script>alert(1)</script>",
                                          "' onmouseover='x",
                                          "</textarea><img src=x onerror=y>",
                                          "</script><script>x</script>",
                                          "<!--",
                                          "-->",
                                          "]]>",
                                          "javascript:x",
                                          "`${x}`",
                                          "\xff<b",
                                          "&quot;&lt;",
                                          "\\\"",
                                          "<plaintext>"};
    AUTO_BUF want = BUF(65536);
    AUTO_OUT plain = OUT(arena, 65536);
    kit_page(&plain, STR("a"), STR("b"));
    kit_skeleton(buf_str(&plain.buf), &want);
    ok(str_has(buf_str(&want), STR("<p title data-x ><")), "the skeleton sees tags and attributes");
    for (size_t i = 0; i < LEN(hostile); i++) {
        AUTO_OUT o = OUT(arena, 65536);
        AUTO_BUF skeleton = BUF(65536);
        kit_page(&o, str_of(hostile[i]), str_of(hostile[LEN(hostile) - 1 - i]));
        kit_skeleton(buf_str(&o.buf), &skeleton);
        ok(str_eq(buf_str(&skeleton), buf_str(&want)), "a hostile value changes no structure");
    }
}

static void test_pages(void)
{
    AUTO_OUT small = OUT(arena, 16);
    html_text(&small, STR("more than sixteen bytes"));
    ok(small.buf.is_over, "a page over its limit is known to be broken");
    AUTO_OUT o = OUT(arena, 1000);
    o.lang = lang_of(LANG_EN);
    o.zone = zone_utc();
    AUTO_OUT part = out_like(&o);
    html_put(&part, STR("<i>x</i>"));
    html_text(&o, out_html(&part));
    is_str(buf_str(&o.buf), "<i>x</i>", "a part that was made first goes into a page");
    struct str text = html_message(
        &o, "{0} of {1}", (const struct i18n_arg[]){HTML_ARG(&o, 3), HTML_ARG(&o, INSTANT(0))}, 2);
    is_str(text, "3 of 1\u00a0Jan 1970, 00:00", "a message shows instants in the page's zone");
}

int main(void)
{
    arena = arena_new(0);
    test_texts();
    test_numbers();
    test_times();
    test_urls();
    test_json();
    test_structure();
    test_pages();
    arena_free(arena);
    return done_testing();
}
