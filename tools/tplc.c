/* tplc: compiles views (HTML with seven words: use view if for include end else) to typed C.
 *
 *     tplc MODULE OUT_DIR FILE.html…   writes OUT_DIR/MODULE_view.h, _view.c and _messages.txt
 *
 * Why a compiler: the place of every output is known at build time, so the escaping is chosen here
 * and cannot be forgotten, and a mistake is a build error at the template's line instead of a hole.
 * The tool walks the markup with the states of the HTML tokenizer and keeps a stack of the open
 * elements; whatever it cannot prove safe (script, style, event handlers, unquoted values, names,
 * comments, branches that leave the markup open) it refuses. Expressions are C and are checked by
 * the C compiler through #line. Rejected: a run-time template engine (errors appear in production),
 * and optional end tags (then nesting could not be checked without the HTML tree builder).
 *
 * It stands on libc alone because it is built before everything else; memory is never freed. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum { NAME_MAX_BYTES = 48, DEPTH_MAX = 128, BLOCKS_MAX = 64 };

struct text { /* growing bytes, NUL terminated */
    char *at;
    size_t len, cap;
};

/* Where in the markup the compiler stands. */
enum state {
    IN_TEXT = 1,
    IN_RCDATA, /* title, textarea: text without tags */
    IN_RAW,    /* style, and script with a src: never an output */
    IN_JSON,   /* script type="application/json" */
    IN_TAG_NAME,
    IN_TAG,       /* between attributes, a space was seen */
    IN_TAG_GLUED, /* between attributes, a space is needed before the next name */
    IN_ATTR_NAME,
    IN_VALUE_START, /* after '=' */
    IN_VALUE,       /* quoted */
    IN_TAG_SLASH,   /* '/' before '>' */
    IN_END_TAG,
    IN_DECLARATION
};

enum attr_kind { ATTR_TEXT = 1, ATTR_MACHINE, ATTR_URL, ATTR_STATIC };

struct element {
    char name[NAME_MAX_BYTES];
    long line;
};

struct place {
    enum state state;
    enum attr_kind attr_kind;
    char quote;
    bool is_url_begun;    /* something of the URL is already out */
    bool has_dynamic_url; /* and that was not static text */
    bool is_json_script;
    bool is_json_string; /* inside quotes of IN_JSON */
    bool has_src;
    bool is_squeezed;  /* the last thing out was a tag that eats white space around it */
    bool was_space;    /* the last thing out was white space of text */
    bool was_open_pre; /* the last thing out was <textarea> or <pre> */
    unsigned serial;   /* number of the tag that is open */
    unsigned value_serial;
    char tag[NAME_MAX_BYTES], attr[NAME_MAX_BYTES];
    char value[32];  /* beginning of the static value */
    char attrs[400]; /* names seen in this tag, each between spaces */
    size_t depth;    /* of open elements */
};

struct block {
    enum { BLOCK_IF = 1, BLOCK_FOR } kind;
    bool has_else;
    bool has_end; /* `end_place` is set */
    long line;
    struct place start, end_place;
};

struct compiler {
    const char *path;
    const char *at, *end; /* the rest of the source */
    long line;
    bool is_in_view;
    bool is_line_start; /* a block took its line with it: the line's end counts as seen */
    long view_line;
    struct place place;
    size_t floor; /* a branch may not close elements below this depth */
    struct element elements[DEPTH_MAX];
    struct block blocks[BLOCKS_MAX];
    size_t blocks_len;
    unsigned serial;
    struct text args;    /* of the message being compiled */
    struct text literal; /* static text not yet written */
    struct text code, head, uses, messages;
};

/* ---- small things ---- */

static void text_put(struct text *text, const char *at, size_t len)
{
    if (text->len + len + 1 > text->cap) {
        text->cap = (text->len + len + 1) * 2;
        text->at = realloc(text->at, text->cap);
        if (!text->at)
            abort();
    }
    memcpy(text->at + text->len, at, len);
    text->len += len;
    text->at[text->len] = 0;
}

__attribute__((format(printf, 2, 3))) static void text_printf(struct text *text, const char *format,
                                                              ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *line = malloc((size_t)len + 1);
    if (!line)
        abort();
    vsnprintf(line, (size_t)len + 1, format, again);
    va_end(again);
    text_put(text, line, (size_t)len);
    free(line);
}

#ifdef TPLC_INSIDE /* the tests and the fuzz target include this file and catch refusals */
#include <setjmp.h>
static jmp_buf tplc_refused;
static char tplc_error[1024];
#endif

__attribute__((format(printf, 3, 4), noreturn)) static void
error_at(const struct compiler *c, long line, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
#ifdef TPLC_INSIDE
    snprintf(tplc_error, sizeof(tplc_error), "%s:%ld: %.900s", c->path, line, message);
    longjmp(tplc_refused, 1);
#else
    fprintf(stderr, "%s:%ld: %s\n", c->path, line, message);
    exit(1);
#endif
}
#define error(c, ...) error_at((c), (c)->line, __VA_ARGS__)

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r' || ch == '\f';
}

static bool is_one_of(const char *name, const char *const *names, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(name, names) is_one_of((name), (names), LEN(names))

static bool starts(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static void name_add(struct compiler *c, char *name, char ch)
{
    size_t len = strlen(name);
    if (len + 1 >= NAME_MAX_BYTES)
        error(c, "the name \"%s…\" is too long", name);
    name[len] = (char)tolower((unsigned char)ch);
    name[len + 1] = 0;
}

/* ---- what HTML says about names ---- */

static const char *const void_elements[] = {"area",   "br",    "col",  "embed", "hr",
                                            "img",    "input", "link", "meta",  "param",
                                            "source", "track", "wbr"};
/* They run code, change what URLs mean, or hold text that no escaping reaches. */
static const char *const refused_elements[] = {
    "base",     "object",           "embed",         "applet",        "frame",    "frameset", "xmp",
    "param",    "listing",          "plaintext",     "noembed",       "noframes", "animate",  "set",
    "noscript", "animatetransform", "animatemotion", "foreignobject", "math"};
/* The tokenizer treats them otherwise inside svg. */
static const char *const html_only_elements[] = {"script", "style", "textarea", "iframe"};
/* An open <p> ends by itself where one of these begins. */
static const char *const p_closing_elements[] = {
    "address", "article", "aside", "blockquote", "details", "div", "dl",      "fieldset", "figure",
    "footer",  "form",    "h1",    "h2",         "h3",      "h4",  "h5",      "h6",       "header",
    "hr",      "main",    "nav",   "ol",         "p",       "pre", "section", "table",    "ul"};
static const char *const unnestable_elements[] = {"a", "button", "form", "option", "select"};
static const char *const squeezing_elements[] = {
    "table", "thead", "tbody",  "tfoot",    "tr",   "td",   "th",   "caption", "colgroup",
    "col",   "html",  "option", "optgroup", "head", "body", "meta", "link",    "title"};
static const char *const url_attrs[] = {
    "href",           "src",    "action",     "formaction", "poster",   "cite",      "data",
    "background",     "hx-get", "hx-post",    "hx-put",     "hx-patch", "hx-delete", "hx-push-url",
    "hx-replace-url", "ping",   "xlink:href", "manifest",   "longdesc"};
/* For machines, not for people: dates and amounts are printed plain. */
static const char *const machine_attrs[] = {"value", "datetime", "min", "max", "step"};
/* The browser or htmx gives their content a meaning of its own. */
static const char *const static_attrs[] = {
    "srcset", "imagesrcset", "hx-vals", "hx-vars",   "hx-headers", "hx-trigger",   "hx-request",
    "hx-ext", "hx-params",   "target",  "type",      "rel",        "values",       "to",
    "from",   "by",          "sandbox", "integrity", "language",   "attributename"};

static enum attr_kind attr_kind_of(struct compiler *c, const char *name)
{
    char spaced[NAME_MAX_BYTES + 2], *seen = c->place.attrs;
    snprintf(spaced, sizeof(spaced), " %s ", name);
    if (strstr(seen, spaced))
        error(c, "a second attribute %s: the browser ignores it", name);
    if (strlen(seen) + strlen(name) + 2 > sizeof(c->place.attrs))
        error(c, "too many attributes");
    strcat(seen, spaced + 1);
    if (strcmp(name, "style") == 0)
        error(c, "no style attribute: the content security policy refuses it; use a class");
    if (starts(name, "on") || starts(name, "hx-on"))
        error(c, "no event handler attribute (%s): scripts live in files", name);
    if (strcmp(name, "srcdoc") == 0 || strcmp(name, "http-equiv") == 0)
        error(c, "the attribute %s is not allowed in a view", name);
    if (IS_ONE_OF(name, url_attrs))
        return ATTR_URL;
    if (IS_ONE_OF(name, static_attrs))
        return ATTR_STATIC;
    if (IS_ONE_OF(name, machine_attrs) || starts(name, "data-"))
        return ATTR_MACHINE;
    return ATTR_TEXT;
}

static bool is_inside(const struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->place.depth; i++)
        if (strcmp(c->elements[i].name, name) == 0)
            return true;
    return false;
}

/* ---- writing code ---- */

static void put_c_string(struct text *out, const char *at, size_t len)
{
    text_put(out, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)at[i];
        if (ch == '\n')
            text_put(out, "\\n", 2);
        else if (ch == '"' || ch == '\\' || ch == '?')
            text_printf(out, "\\%c", ch); /* '?' because of trigraphs */
        else if (ch < 0x20 || ch == 0x7f)
            text_printf(out, "\\%03o", ch);
        else
            text_put(out, at + i, 1);
    }
    text_put(out, "\"", 1);
}

static void flush_literal(struct compiler *c)
{
    if (c->literal.len == 0)
        return;
    text_put(&c->code, "    html_put(o, STR(", 20);
    put_c_string(&c->code, c->literal.at, c->literal.len);
    text_put(&c->code, "));\n", 4);
    c->literal.len = 0;
}

__attribute__((format(printf, 2, 3))) static void put_code(struct compiler *c, const char *format,
                                                           ...)
{
    flush_literal(c);
    text_printf(&c->code, "#line %ld ", c->line);
    put_c_string(&c->code, c->path, strlen(c->path));
    text_put(&c->code, "\n", 1);
    va_list args;
    va_start(args, format);
    char line[8192];
    int len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof(line))
        error(c, "the expression is too long");
    text_put(&c->code, line, (size_t)len);
    text_put(&c->code, "\n", 1);
}

/* ---- static markup ---- */

/* Static text of JSON: an output is a whole value, so it may not stand inside quotes. */
static void track_json(struct compiler *c, const char *at)
{
    size_t slashes = 0;
    while (slashes < c->literal.len && c->literal.at[c->literal.len - 1 - slashes] == '\\')
        slashes++;
    if (*at == '"' && (!c->place.is_json_string || slashes % 2 == 0))
        c->place.is_json_string = !c->place.is_json_string;
}

static void put_literal(struct compiler *c, char ch)
{
    text_put(&c->literal, &ch, 1);
    c->place.is_squeezed = c->place.was_space = c->place.was_open_pre = false;
}

static void open_value(struct compiler *c, char quote)
{
    struct place *p = &c->place;
    p->state = IN_VALUE;
    p->quote = quote;
    p->value_serial = ++c->serial;
    p->is_url_begun = p->has_dynamic_url = false;
    p->value[0] = 0;
}

/* A URL that begins with a static scheme may only have a harmless one. */
static void check_static_url(struct compiler *c, char ch)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel", "data"};
    struct place *p = &c->place;
    if (ch == ':' && !p->has_dynamic_url && !strpbrk(p->value, "/?#") &&
        !IS_ONE_OF(p->value, schemes))
        error(c, "the scheme \"%s:\" is not allowed in %s", p->value, p->attr);
    if (ch == ':' && strcmp(p->value, "data") == 0 && strcmp(p->tag, "img") != 0)
        error(c, "data: URLs are for images only");
    p->is_url_begun = true;
}

static void close_value(struct compiler *c)
{
    struct place *p = &c->place;
    if (strcmp(p->tag, "script") == 0 && strcmp(p->attr, "type") == 0)
        p->is_json_script = strcmp(p->value, "application/json") == 0;
    p->has_src = p->has_src || strcmp(p->attr, "src") == 0;
    p->state = IN_TAG_GLUED;
}

static void feed_value(struct compiler *c, char ch)
{
    struct place *p = &c->place;
    if (ch == p->quote) {
        close_value(c);
        p->is_url_begun = false; /* only a value that is open compares it */
    } else {
        if (p->attr_kind == ATTR_URL)
            check_static_url(c, ch);
        size_t len = strlen(p->value);
        if (len + 1 < sizeof(p->value)) {
            p->value[len] = (char)tolower((unsigned char)ch);
            p->value[len + 1] = 0;
        }
    }
    put_literal(c, ch);
}

/* The HTML parser repairs some nestings in its own way: refuse them. */
static void check_nesting(struct compiler *c, const char *tag)
{
    if (is_inside(c, "p") && IS_ONE_OF(tag, p_closing_elements))
        error(c, "<%s> would close the open <p>", tag);
    if (is_inside(c, tag) && IS_ONE_OF(tag, unnestable_elements))
        error(c, "<%s> inside <%s>", tag, tag);
    if (is_inside(c, "svg") && IS_ONE_OF(tag, html_only_elements))
        error(c, "<%s> inside <svg>", tag);
}

/* The tag whose '>' was just read is an element now. */
static void open_element(struct compiler *c, bool is_self_closed)
{
    struct place *p = &c->place;
    p->state = IN_TEXT;
    check_nesting(c, p->tag);
    if (IS_ONE_OF(p->tag, void_elements)) {
        p->is_squeezed = IS_ONE_OF(p->tag, squeezing_elements);
        return;
    }
    if (is_self_closed) {
        if (!is_inside(c, "svg"))
            error(c, "<%s/> does not close itself in HTML", p->tag);
        return;
    }
    if (p->depth == DEPTH_MAX)
        error(c, "elements are nested too deeply");
    struct element *element = &c->elements[p->depth++];
    strcpy(element->name, p->tag);
    element->line = c->line;
    p->is_squeezed = IS_ONE_OF(p->tag, squeezing_elements);
    p->was_open_pre = strcmp(p->tag, "textarea") == 0 || strcmp(p->tag, "pre") == 0;
    if (strcmp(p->tag, "script") == 0) {
        if (!p->is_json_script && !p->has_src)
            error(c, "no inline script: only <script src> and type=\"application/json\"");
        p->state = p->is_json_script ? IN_JSON : IN_RAW;
    } else if (strcmp(p->tag, "style") == 0 || strcmp(p->tag, "iframe") == 0) {
        p->state = IN_RAW;
    } else if ((strcmp(p->tag, "title") == 0 && !is_inside(c, "svg")) ||
               strcmp(p->tag, "textarea") == 0) {
        p->state = IN_RCDATA;
    }
}

static void close_element(struct compiler *c)
{
    struct place *p = &c->place;
    if (p->depth == 0)
        error(c, "</%s> closes nothing", p->tag);
    struct element *top = &c->elements[p->depth - 1];
    if (strcmp(top->name, p->tag) != 0)
        error(c, "</%s> stands where </%s> is expected (opened in line %ld)", p->tag, top->name,
              top->line);
    if (p->depth <= c->floor)
        error(c, "</%s> closes an element that was opened outside this branch (line %ld)", p->tag,
              top->line);
    p->depth--;
    p->state = IN_TEXT;
    p->is_squeezed = IS_ONE_OF(p->tag, squeezing_elements);
}

static void feed_tag(struct compiler *c, char ch)
{
    struct place *p = &c->place;
    put_literal(c, ch);
    if (is_space(ch)) {
        c->literal.at[c->literal.len - 1] = ' ';
        if (p->state == IN_TAG && c->literal.len > 1 && c->literal.at[c->literal.len - 2] == ' ')
            c->literal.len--;
        p->state = IN_TAG;
    } else if (ch == '>') {
        open_element(c, false);
    } else if (ch == '/') {
        p->state = IN_TAG_SLASH;
    } else if (p->state == IN_TAG_GLUED) {
        error(c, "a space is needed before the next attribute");
    } else if (isalpha((unsigned char)ch)) {
        p->attr[0] = 0;
        name_add(c, p->attr, ch);
        p->state = IN_ATTR_NAME;
    } else {
        error(c, "unexpected '%c' in <%s>", ch, p->tag);
    }
}

static void end_tag_name(struct compiler *c)
{
    if (IS_ONE_OF(c->place.tag, refused_elements))
        error(c, "<%s> is not allowed in a view", c->place.tag);
    c->place.state = IN_TAG_GLUED;
}

static void feed_attr_name(struct compiler *c, char ch)
{
    struct place *p = &c->place;
    if (isalnum((unsigned char)ch) || ch == '-' || ch == '_' || ch == ':' || ch == '.') {
        name_add(c, p->attr, ch);
        put_literal(c, ch);
        return;
    }
    p->attr_kind = attr_kind_of(c, p->attr);
    if (ch == '=') {
        p->state = IN_VALUE_START;
        put_literal(c, ch);
        return;
    }
    p->state = IN_TAG_GLUED;
    feed_tag(c, ch);
}

static void feed_tag_name(struct compiler *c, char ch)
{
    if (isalnum((unsigned char)ch) || ch == '-') {
        name_add(c, c->place.tag, ch);
        put_literal(c, ch);
        return;
    }
    end_tag_name(c);
    feed_tag(c, ch);
}

static void feed_end_tag(struct compiler *c, char ch)
{
    struct place *p = &c->place;
    if (ch == '>') {
        put_literal(c, ch);
        close_element(c);
    } else if (isalnum((unsigned char)ch) || ch == '-') {
        name_add(c, p->tag, ch);
        put_literal(c, ch);
    } else if (!is_space(ch)) {
        error(c, "unexpected '%c' in </%s>", ch, p->tag);
    }
}

/* True when the static text at `at` is a tag (opening or closing) that eats white space. */
static bool is_squeezing_tag_at(const char *at, const char *end)
{
    if (at == end || *at++ != '<')
        return false;
    if (at < end && *at == '/')
        at++;
    char name[NAME_MAX_BYTES] = {0};
    for (size_t i = 0; at < end && isalnum((unsigned char)*at) && i + 1 < sizeof(name); i++)
        name[i] = (char)tolower((unsigned char)*at++);
    return IS_ONE_OF(name, squeezing_elements);
}

/* White space of text: one character for a run, none beside tags that ignore it. */
static const char *feed_space(struct compiler *c, const char *at, const char *end)
{
    bool has_newline = c->is_line_start;
    for (; at < end && is_space(*at); at++) {
        has_newline = has_newline || *at == '\n';
        c->line += *at == '\n';
    }
    struct place *p = &c->place;
    if (p->was_space || (has_newline && (p->is_squeezed || is_squeezing_tag_at(at, end))))
        return at;
    text_put(&c->literal, has_newline ? "\n" : " ", 1);
    p->was_space = true;
    p->is_squeezed = false;
    return at;
}

static const char *skip_comment(struct compiler *c, const char *at, const char *end)
{
    const char *close = strstr(at + 4, "-->");
    if (!close || close >= end)
        error(c, "a comment must be closed and may not contain {{ or {%%");
    for (; at < close; at++)
        c->line += *at == '\n';
    return close + 3;
}

static const char *feed_less_than(struct compiler *c, const char *at, const char *end)
{
    struct place *p = &c->place;
    if (end - at >= 4 && memcmp(at, "<!--", 4) == 0)
        return skip_comment(c, at, end);
    char next = at + 1 < end ? at[1] : 0;
    p->tag[0] = 0;
    p->is_json_script = p->is_json_string = p->has_src = false;
    p->serial = ++c->serial;
    strcpy(p->attrs, " ");
    put_literal(c, '<');
    if (next == '/') {
        p->state = IN_END_TAG;
        put_literal(c, '/');
        return at + 2;
    }
    if (next == '!' && end - at > 9 && strncasecmp(at, "<!doctype", 9) == 0) {
        p->state = IN_DECLARATION;
        return at + 1;
    }
    if (!isalpha((unsigned char)next))
        error(c, "a bare '<': write &lt;, or is an output used as a tag name?");
    p->state = IN_TAG_NAME;
    return at + 1;
}

/* Inside title, textarea, script and style only the element's own end tag is markup. */
static const char *feed_opaque(struct compiler *c, const char *at, const char *end)
{
    struct place *p = &c->place;
    const char *name = c->elements[p->depth - 1].name;
    size_t len = strlen(name);
    if (*at == '<') {
        if ((size_t)(end - at) > len + 2 && at[1] == '/' && strncasecmp(at + 2, name, len) == 0 &&
            (at[len + 2] == '>' || is_space(at[len + 2]))) {
            p->tag[0] = 0;
            p->state = IN_END_TAG;
            text_put(&c->literal, "</", 2);
            return at + 2;
        }
        error(c, "a bare '<' in <%s>", name);
    }
    if (p->state == IN_RAW && strcmp(name, "style") != 0 && !is_space(*at))
        error(c, "<%s> must be empty", name);
    if (p->state == IN_JSON)
        track_json(c, at);
    put_literal(c, *at);
    return at + 1;
}

static const char *feed_one(struct compiler *c, const char *at, const char *end)
{
    switch (c->place.state) {
    case IN_TEXT:
        if (is_space(*at) && !is_inside(c, "pre"))
            return feed_space(c, at, end);
        if (*at == '<')
            return feed_less_than(c, at, end);
        put_literal(c, *at);
        break;
    case IN_RCDATA:
    case IN_RAW:
    case IN_JSON: c->line += *at == '\n'; return feed_opaque(c, at, end);
    case IN_TAG_NAME: feed_tag_name(c, *at); break;
    case IN_TAG:
    case IN_TAG_GLUED: feed_tag(c, *at); break;
    case IN_ATTR_NAME: feed_attr_name(c, *at); break;
    case IN_VALUE_START:
        if (*at != '"' && *at != '\'')
            error(c, "the value of %s must be quoted", c->place.attr);
        put_literal(c, *at);
        open_value(c, *at);
        break;
    case IN_VALUE: feed_value(c, *at); break;
    case IN_TAG_SLASH:
        if (*at != '>')
            error(c, "unexpected '/' in <%s>", c->place.tag);
        put_literal(c, *at);
        open_element(c, true);
        break;
    case IN_END_TAG: feed_end_tag(c, *at); break;
    case IN_DECLARATION:
        put_literal(c, *at);
        if (*at == '>')
            c->place.state = IN_TEXT;
        break;
    }
    c->line += *at == '\n';
    return at + 1;
}

static void feed_static(struct compiler *c, const char *at, const char *end)
{
    while (at < end) {
        if (!c->is_in_view) { /* between views: white space and comments */
            if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
                at = skip_comment(c, at, end);
                continue;
            }
            if (!is_space(*at))
                error(c, "text outside a view");
            c->line += *at == '\n';
            at++;
            continue;
        }
        if ((unsigned char)*at < 0x20 && !is_space(*at))
            error(c, "a control character");
        at = feed_one(c, at, end);
        c->is_line_start = false;
    }
}

/* ---- outputs ---- */

/* Cuts the next argument (up to white space outside brackets and quotes) from *at. */
static bool next_word(const char **at, const char *end, const char **out_word, size_t *out_len)
{
    while (*at < end && is_space(**at))
        (*at)++;
    const char *start = *at;
    int depth = 0;
    for (; *at < end && (depth > 0 || !is_space(**at)); (*at)++) {
        char ch = **at;
        if (ch == '"' || ch == '\'') {
            for ((*at)++; *at < end && **at != ch; (*at)++)
                if (**at == '\\' && *at + 1 < end)
                    (*at)++;
            if (*at == end)
                break;
        } else if (strchr("([{", ch)) {
            depth++;
        } else if (strchr(")]}", ch)) {
            depth--;
        }
    }
    *out_word = start;
    *out_len = (size_t)(*at - start);
    return *out_len > 0;
}

/* The number of arguments that an ICU pattern asks for: the highest {N} plus one. */
static size_t args_wanted(const char *at, size_t len)
{
    size_t wanted = 0;
    for (size_t i = 0; i + 1 < len; i++)
        if (at[i] == '{' && isdigit((unsigned char)at[i + 1])) {
            size_t n = (size_t)(at[i + 1] - '0') + 1;
            wanted = n > wanted ? n : wanted;
        }
    return wanted;
}

static void put_message(struct compiler *c, const char *printer, const char *at, const char *end)
{
    const char *key = NULL, *word = NULL;
    size_t key_len = 0, word_len = 0, args_len = 0;
    if (!next_word(&at, end, &key, &key_len) || key_len < 3 || key[0] != '"' ||
        key[key_len - 1] != '"')
        error(c, "t needs a static text: {{ t \"…\" }}");
    c->args.len = 0;
    text_put(&c->args, "", 0);
    while (next_word(&at, end, &word, &word_len)) {
        text_printf(&c->args, "%sHTML_ARG(o, (%.*s))", args_len ? ", " : "", (int)word_len, word);
        args_len++;
    }
    size_t wanted = args_wanted(key, key_len);
    if (wanted != args_len)
        error(c, "the message wants %zu arguments and gets %zu", wanted, args_len);
    text_printf(&c->messages, "%.*s\t%s:%ld\n", (int)key_len, key, c->path, c->line);
    if (args_len)
        put_code(c, "    %s(o, html_message(o, %.*s, (const struct i18n_arg[]){%s}, %zu));",
                 printer, (int)key_len, key, c->args.at, args_len);
    else
        put_code(c, "    %s(o, html_message(o, %.*s, NULL, 0));", printer, (int)key_len, key);
}

static const char *printer_here(struct compiler *c)
{
    struct place *p = &c->place;
    switch (p->state) {
    case IN_TEXT: return "html_text";
    case IN_RCDATA: return "html_attr";
    case IN_JSON:
        if (p->is_json_string)
            error(c, "an output is a whole JSON value: no quotes around it");
        return "html_json";
    case IN_VALUE:
        if (p->attr_kind == ATTR_STATIC)
            error(c, "no output in the attribute %s", p->attr);
        if (p->attr_kind == ATTR_URL) {
            bool is_first = !p->is_url_begun;
            p->is_url_begun = p->has_dynamic_url = true;
            return is_first ? "html_url" : "html_url_part";
        }
        return p->attr_kind == ATTR_MACHINE ? "html_value" : "html_attr";
    case IN_VALUE_START: error(c, "an output needs a quoted value: %s=\"{{ … }}\"", p->attr);
    case IN_RAW: error(c, "no output inside <%s>", c->elements[p->depth - 1].name);
    default: error(c, "no output inside a tag, only in a quoted value or in text");
    }
}

static void compile_output(struct compiler *c, const char *at, const char *end)
{
    if (!c->is_in_view)
        error(c, "output outside a view");
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    if (at == end)
        error(c, "an empty output");
    if (c->place.was_open_pre) /* the parser drops one line feed here, which may be the value's */
        put_literal(c, '\n');
    const char *printer = printer_here(c);
    if (end - at > 1 && at[0] == 't' && (is_space(at[1]) || at[1] == '"'))
        put_message(c, printer, at + 1, end);
    else
        put_code(c, "    %s(o, (%.*s));", printer, (int)(end - at), at);
    c->place.is_squeezed = c->place.was_space = c->place.was_open_pre = false;
}

/* ---- blocks ---- */

/* A block inside a tag stands between attributes: finish the name that touches it. */
static void settle(struct compiler *c)
{
    struct place *p = &c->place;
    if (p->state == IN_TAG_NAME)
        end_tag_name(c);
    if (p->state == IN_ATTR_NAME) {
        p->attr_kind = attr_kind_of(c, p->attr);
        p->state = IN_TAG_GLUED;
    }
}

static void begin_block(struct compiler *c, int kind)
{
    settle(c);
    struct place *p = &c->place;
    bool is_between = p->state == IN_TAG || p->state == IN_TAG_GLUED;
    bool is_content = p->state == IN_TEXT || p->state == IN_RCDATA || p->state == IN_JSON ||
                      (p->state == IN_VALUE && p->attr_kind != ATTR_STATIC);
    if (!is_content && !(is_between && kind == BLOCK_IF))
        error(c, "a block may stand in text, in a quoted value, or (if) between attributes");
    if (c->blocks_len == BLOCKS_MAX)
        error(c, "blocks are nested too deeply");
    struct block *block = &c->blocks[c->blocks_len++];
    *block = (struct block){.line = c->line, .start = *p};
    block->kind = kind == BLOCK_IF ? BLOCK_IF : BLOCK_FOR;
    c->floor = p->depth;
    if (kind == BLOCK_FOR) /* the body follows itself, too */
        p->was_space = p->is_squeezed = false;
}

/* The place after a branch must be the place after every other branch. */
static void end_branch(struct compiler *c, struct block *block)
{
    settle(c);
    struct place *p = &c->place, *want = block->has_end ? &block->end_place : &block->start;
    if (p->depth != block->start.depth)
        error(c, "this branch leaves <%s> open (line %ld)", c->elements[p->depth - 1].name,
              c->elements[p->depth - 1].line);
    bool is_between = p->state == IN_TAG || p->state == IN_TAG_GLUED;
    if (is_between && (want->state == IN_TAG || want->state == IN_TAG_GLUED))
        p->state = p->state == IN_TAG && want->state == IN_TAG ? IN_TAG : IN_TAG_GLUED;
    bool is_inside_tag = is_between || p->state == IN_VALUE;
    if ((p->state != want->state && !is_between) || (is_inside_tag && p->serial != want->serial) ||
        (p->state == IN_VALUE && p->value_serial != want->value_serial) ||
        p->is_json_string != want->is_json_string)
        error(c,
              "this branch leaves the markup in another place than it found it (block of line "
              "%ld)",
              block->line);
    if (is_between && strcmp(p->tag, "script") == 0 &&
        (p->is_json_script != want->is_json_script || p->has_src != want->has_src))
        error(c, "type and src of a script cannot depend on a condition");
    if (block->has_end && p->is_url_begun != want->is_url_begun)
        error(c, "only one of the branches begins the URL (block of line %ld)", block->line);
    p->has_dynamic_url = p->has_dynamic_url || want->has_dynamic_url;
    block->end_place = *p;
    block->has_end = true;
}

static void compile_else(struct compiler *c, const char *at, const char *end)
{
    if (c->blocks_len == 0 || c->blocks[c->blocks_len - 1].kind != BLOCK_IF ||
        c->blocks[c->blocks_len - 1].has_else)
        error(c, "else without if");
    struct block *block = &c->blocks[c->blocks_len - 1];
    end_branch(c, block);
    while (at < end && is_space(*at))
        at++;
    bool is_else_if = end - at > 3 && memcmp(at, "if", 2) == 0 && is_space(at[2]);
    if (at < end && !is_else_if)
        error(c, "after else stands nothing or if");
    if (is_else_if)
        put_code(c, "    } else if (%.*s) {", (int)(end - at - 3), at + 3);
    else
        put_code(c, "    } else {");
    block->has_else = !is_else_if;
    c->place = block->start;
}

static void end_view(struct compiler *c)
{
    struct place *p = &c->place;
    if (p->depth > 0)
        error(c, "the view leaves <%s> open (line %ld)", c->elements[p->depth - 1].name,
              c->elements[p->depth - 1].line);
    if (p->state != IN_TEXT)
        error(c, "the view ends inside a tag");
    if (p->was_space && c->literal.len)
        c->literal.len--;
    flush_literal(c);
    text_put(&c->code, "}\n\n", 3);
    c->is_in_view = false;
}

static void compile_end(struct compiler *c)
{
    if (!c->is_in_view)
        error(c, "end without view");
    if (c->blocks_len == 0) {
        end_view(c);
        return;
    }
    struct block *block = &c->blocks[c->blocks_len - 1];
    bool is_joined = block->has_else;
    end_branch(c, block);
    if (!is_joined) { /* the branch that is not there leaves everything as it was */
        if (c->place.is_url_begun != block->start.is_url_begun)
            error(c, "the URL may begin in this block or not (line %ld): use else", block->line);
    }
    put_code(c, block->kind == BLOCK_FOR ? "    }}" : "    }");
    c->blocks_len--;
    c->floor = c->blocks_len ? c->blocks[c->blocks_len - 1].start.depth : 0;
    c->place.was_space = c->place.is_squeezed = false;
}

static void compile_view(struct compiler *c, const char *at, const char *end)
{
    if (c->is_in_view)
        error(c, "a view inside the view of line %ld: its end is missing", c->view_line);
    const char *name = at;
    while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
        at++;
    int name_len = (int)(at - name);
    while (end > at && is_space(end[-1]))
        end--;
    if (name_len == 0 || at == end || *at != '(' || end[-1] != ')')
        error(c, "write {%% view name(const struct thing *v) %%}");
    const char *params = at + 1;
    while (params < end - 1 && is_space(*params))
        params++;
    int params_len = (int)(end - 1 - params);
    const char *comma = params_len ? ", " : "";
    text_printf(&c->head, "void %.*s_view(struct out *o%s%.*s);\n", name_len, name, comma,
                params_len, params);
    c->literal.len = 0;
    put_code(c, "void %.*s_view(struct out *o%s%.*s)\n{\n    (void)o;", name_len, name, comma,
             params_len, params);
    c->is_in_view = true;
    c->view_line = c->line;
    c->place = (struct place){.state = IN_TEXT, .was_space = true};
    c->floor = 0;
}

static void compile_for(struct compiler *c, const char *at, const char *end)
{
    const char *name = at;
    while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
        at++;
    int len = (int)(at - name);
    while (at < end && is_space(*at))
        at++;
    if (len == 0 || end - at < 4 || memcmp(at, "in", 2) != 0 || !is_space(at[2]))
        error(c, "write {%% for row in v->rows %%}");
    begin_block(c, BLOCK_FOR);
    put_code(c,
             "    { __auto_type %.*s_list = (%.*s); for (size_t %.*s_i = 0; %.*s_i < %.*s_list.len;"
             " %.*s_i++) { const __typeof__(*%.*s_list.at) *%.*s = &%.*s_list.at[%.*s_i];",
             len, name, (int)(end - at - 3), at + 3, len, name, len, name, len, name, len, name,
             len, name, len, name, len, name, len, name);
}

static void compile_include(struct compiler *c, const char *at, const char *end)
{
    const char *paren = memchr(at, '(', (size_t)(end - at));
    if (!paren)
        error(c, "write {%% include other_view(&v->part) %%}");
    if (c->place.state != IN_TEXT)
        error(c, "a view is included in text only");
    if (c->place.was_open_pre)
        put_literal(c, '\n');
    const char *args = paren + 1;
    while (args < end && is_space(*args))
        args++;
    put_code(c, "    %.*s(o%s%.*s;", (int)(paren - at), at, args < end && *args != ')' ? ", " : "",
             (int)(end - args), args);
    c->place.is_squeezed = c->place.was_space = false;
}

static void compile_use(struct compiler *c, const char *at, const char *end)
{
    while (end > at && is_space(end[-1]))
        end--;
    if (c->is_in_view || end - at < 3 || *at != '"' || end[-1] != '"')
        error(c, "write {%% use \"module/module.h\" %%} before the views");
    struct text line = {0};
    text_printf(&line, "#include %.*s\n", (int)(end - at), at);
    if (!c->uses.at || !strstr(c->uses.at, line.at))
        text_put(&c->uses, line.at, line.len);
    free(line.at);
}

static void compile_block(struct compiler *c, const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    const char *word = at;
    while (at < end && isalpha((unsigned char)*at))
        at++;
    size_t len = (size_t)(at - word);
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
#define IS(name) (len == sizeof(name) - 1 && memcmp(word, name, len) == 0)
    if (IS("use")) {
        compile_use(c, at, end);
    } else if (IS("view")) {
        compile_view(c, at, end);
    } else if (!c->is_in_view) {
        error(c, "only use and view stand outside a view");
    } else if (IS("if")) {
        if (at == end)
            error(c, "if what?");
        begin_block(c, BLOCK_IF);
        put_code(c, "    if (%.*s) {", (int)(end - at), at);
    } else if (IS("else")) {
        compile_else(c, at, end);
    } else if (IS("for")) {
        compile_for(c, at, end);
    } else if (IS("include")) {
        compile_include(c, at, end);
    } else if (IS("end") && at == end) {
        compile_end(c);
    } else {
        error(c, "unknown word \"%.*s\": use view if for include end else", (int)len, word);
    }
#undef IS
}

/* ---- source ---- */

/* The end of an output or a block: `close` outside of quotes. */
static const char *find_close(struct compiler *c, const char *at, const char *close)
{
    for (; at + 1 < c->end; at++) {
        if (*at == '"') {
            for (at++; at < c->end && *at != '"' && *at != '\n'; at++)
                if (*at == '\\')
                    at++;
            if (at >= c->end || *at != '"')
                error(c, "a text is not closed");
        } else if (at[0] == close[0] && at[1] == close[1]) {
            return at;
        }
    }
    error(c, "\"%s\" is missing", close);
}

/* A block alone on its line takes the line's white space with it. */
static bool is_alone(const char *start, const char *open, const char *after, const char *end)
{
    while (open > start && (open[-1] == ' ' || open[-1] == '\t'))
        open--;
    while (after < end && (*after == ' ' || *after == '\t' || *after == '\r'))
        after++;
    return (open == start || open[-1] == '\n') && (after == end || *after == '\n');
}

static const char *find_open(const char *at, const char *end)
{
    while (at < end && !(at[0] == '{' && at + 1 < end && (at[1] == '{' || at[1] == '%')))
        at++;
    return at;
}

static void compile_source(struct compiler *c, const char *source, size_t len)
{
    c->at = source;
    c->end = source + len;
    c->line = 1;
    c->is_in_view = false;
    c->blocks_len = 0;
    while (c->at < c->end) {
        const char *open = find_open(c->at, c->end);
        if (open == c->end) {
            feed_static(c, c->at, c->end);
            break;
        }
        bool is_block = open[1] == '%';
        const char *close = find_close(c, open + 2, is_block ? "%}" : "}}");
        const char *text_end = open, *next = close + 2;
        if (is_block && is_alone(source, open, next, c->end)) {
            while (text_end > c->at && (text_end[-1] == ' ' || text_end[-1] == '\t'))
                text_end--;
            while (next < c->end && next[-1] != '\n')
                next++;
        }
        feed_static(c, c->at, text_end);
        c->is_line_start = next > close + 2;
        if (is_block)
            compile_block(c, open + 2, close);
        else
            compile_output(c, open + 2, close);
        for (const char *at = open; at < next; at++)
            c->line += *at == '\n';
        c->at = next;
    }
    if (c->is_in_view)
        error_at(c, c->view_line, "the view has no end");
}

#ifndef TPLC_INSIDE
static char *read_file(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    struct text text = {0};
    char part[65536];
    size_t got;
    if (!file) {
        fprintf(stderr, "%s:1: cannot be read\n", path);
        exit(1);
    }
    text_put(&text, "", 0);
    while ((got = fread(part, 1, sizeof(part), file)) > 0)
        text_put(&text, part, got);
    fclose(file);
    if (strlen(text.at) != text.len) {
        fprintf(stderr, "%s:1: a NUL byte\n", path);
        exit(1);
    }
    *out_len = text.len;
    return text.at;
}

__attribute__((format(printf, 4, 5))) static void
write_file(const char *dir, const char *module, const char *suffix, const char *format, ...)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s_%s", dir, module, suffix);
    FILE *file = fopen(path, "wb");
    va_list args;
    va_start(args, format);
    if (!file || vfprintf(file, format, args) < 0 || fclose(file) != 0) {
        fprintf(stderr, "%s:1: cannot be written\n", path);
        exit(1);
    }
    va_end(args);
}

static const char *text_or_empty(const struct text *text)
{
    return text->at ? text->at : "";
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: tplc MODULE OUT_DIR FILE.html...\n");
        return 2;
    }
    static struct compiler c;
    const char *module = argv[1], *dir = argv[2];
    for (int i = 3; i < argc; i++) {
        size_t len = 0;
        c.path = argv[i];
        char *source = read_file(c.path, &len);
        compile_source(&c, source, len);
        free(source);
    }
    write_file(dir, module, "view.h",
               "/* written by tplc */\n#pragma once\n#include \"html/html.h\"\n%s\n%s",
               text_or_empty(&c.uses), text_or_empty(&c.head));
    write_file(dir, module, "view.c",
               "/* written by tplc */\n#include \"%s/%s_view.h\"\n\n"
               "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"
               "#pragma GCC diagnostic ignored \"-Wunused-variable\"\n\n%s",
               module, module, text_or_empty(&c.code));
    write_file(dir, module, "messages.txt", "%s", text_or_empty(&c.messages));
    return 0;
}
#endif
