/* For the test and the fuzz target of html: a page that prints hostile values in every place, and
 * its skeleton (tags and attribute names as a browser's tokenizer sees them). No value may change
 * the skeleton. */
#ifndef KONTOR_HTML_TEST_KIT_H
#define KONTOR_HTML_TEST_KIT_H

#include "html/html.h"

static void kit_page(struct out *o, struct str a, struct str b)
{
    html_put(o, STR("<p title=\""));
    html_attr(o, a);
    html_put(o, STR("\" data-x='"));
    html_value(o, b);
    html_put(o, STR("'>"));
    html_text(o, a);
    html_text(o, b);
    html_put(o, STR("</p><a href=\""));
    html_url(o, a);
    html_put(o, STR("\">x</a><a href=\"/a/"));
    html_url_part(o, a);
    html_put(o, STR("?b="));
    html_url_part(o, b);
    html_put(o, STR("\">y</a><textarea>\n"));
    html_attr(o, a);
    html_put(o, STR("</textarea><script type=\"application/json\">["));
    html_json(o, a);
    html_put(o, STR(","));
    html_json(o, ((struct safe_json){STR("{\"k\":\"</script><!--\"}")}));
    html_put(o, STR("]</script><b>z</b>"));
}

static bool kit_is_name(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-';
}

/* One tag; returns the offset behind it. */
static size_t kit_tag(struct str page, size_t at, struct buf *out)
{
    buf_char(out, '<');
    if (page.at[at] == '/')
        buf_char(out, page.at[at++]);
    while (at < page.len && page.at[at] != '>') {
        if (kit_is_name(page.at[at])) {
            while (at < page.len && kit_is_name(page.at[at]))
                buf_char(out, page.at[at++]);
            buf_char(out, ' ');
        } else if (page.at[at] == '"' || page.at[at] == '\'') {
            char quote = page.at[at++];
            while (at < page.len && page.at[at] != quote)
                at++;
            at++;
        } else {
            at++;
        }
    }
    buf_char(out, '>');
    return at + 1;
}

static void kit_skeleton(struct str page, struct buf *out)
{
    for (size_t at = 0; at < page.len;) {
        char next = (char)(at + 1 < page.len ? page.at[at + 1] : 0);
        if (page.at[at] != '<' || !(kit_is_name(next) || next == '/' || next == '!')) {
            at++;
            continue;
        }
        size_t start = at + 1;
        at = kit_tag(page, start, out);
        struct str rest = str_sub(page, start, page.len);
        const struct str raw[] = {STR("textarea"), STR("script")};
        for (size_t i = 0; i < LEN(raw); i++) { /* nothing but the end tag is markup in them */
            if (!str_starts(rest, raw[i]))
                continue;
            size_t end =
                str_find(page, str_sub((i ? STR("</script") : STR("</textarea")), 0, 20), at);
            at = end == SIZE_MAX ? page.len : end;
        }
    }
}

#endif
