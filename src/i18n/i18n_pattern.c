/* The parser of message patterns: recursive descent over bytes, bounded in depth. */
#include "i18n/i18n_pattern.h"

struct parser {
    struct arena *arena;
    struct str text;
    size_t i;
    int depth;
    bool is_in_plural;
    struct pattern_error error;
};

static bool fail_at(struct parser *p, const char *why)
{
    if (!p->error.why)
        p->error = (struct pattern_error){why, p->i};
    return false;
}

static char peek(const struct parser *p)
{
    return (char)(p->i < p->text.len ? p->text.at[p->i] : '\0');
}

static void skip_space(struct parser *p)
{
    while (p->i < p->text.len && strchr(" \t\r\n", p->text.at[p->i]))
        p->i++;
}

static bool take(struct parser *p, char c)
{
    skip_space(p);
    if (peek(p) != c || p->i >= p->text.len)
        return false;
    p->i++;
    return true;
}

static struct str take_word(struct parser *p)
{
    skip_space(p);
    size_t start = p->i;
    while (p->i < p->text.len && !strchr(" \t\r\n,{}", p->text.at[p->i]))
        p->i++;
    return str_sub(p->text, start, p->i - start);
}

static bool parse_parts(struct parser *p, const struct pattern **out);

/* ---- literal text ---- */

static bool is_quotable(const struct parser *p, char c)
{
    return c == '{' || c == '}' || (c == '#' && p->is_in_plural);
}

/* After the opening apostrophe: up to the closing one, or the end. */
static void take_quoted(struct parser *p, struct buf *out)
{
    for (; p->i < p->text.len; p->i++) {
        char c = p->text.at[p->i];
        if (c == '\'') {
            if (p->i + 1 >= p->text.len || p->text.at[p->i + 1] != '\'') {
                p->i++;
                return;
            }
            p->i++;
        }
        buf_char(out, c);
    }
}

static struct str take_text(struct parser *p)
{
    AUTO_BUF out = BUF(p->text.len + 1);
    while (p->i < p->text.len) {
        char c = p->text.at[p->i];
        if (is_quotable(p, c))
            break;
        p->i++;
        char next = peek(p);
        if (c == '\'' && next == '\'') {
            p->i++;
            buf_char(&out, '\'');
        } else if (c == '\'' && p->i < p->text.len && is_quotable(p, next)) {
            take_quoted(p, &out);
        } else {
            buf_char(&out, c);
        }
    }
    return str_dup(p->arena, buf_str(&out));
}

/* ---- {…} ---- */

static enum plural plural_of(struct str word)
{
    static const struct {
        const char *word;
        enum plural plural;
    } words[] = {{"one", PLURAL_ONE},     {"few", PLURAL_FEW}, {"many", PLURAL_MANY},
                 {"other", PLURAL_OTHER}, {"two", PLURAL_TWO}, {"zero", PLURAL_ZERO}};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq(word, str_of(words[i].word)))
            return words[i].plural;
    return 0;
}

static bool parse_case(struct parser *p, enum pattern_kind kind, struct pattern_case *out)
{
    out->name = take_word(p);
    if (out->name.len == 0)
        return fail_at(p, "a case needs a name");
    if (kind == PATTERN_PLURAL && out->name.at[0] == '=') {
        if (!str_to_i64(str_sub(out->name, 1, out->name.len), &out->exact))
            return fail_at(p, "= needs a whole number");
    } else if (kind == PATTERN_PLURAL) {
        out->plural = plural_of(out->name);
        if (!out->plural)
            return fail_at(p, "a plural has the cases zero, one, two, few, many, other or =N");
    }
    if (!take(p, '{'))
        return fail_at(p, "a case needs its text in braces");
    bool was_in_plural = p->is_in_plural;
    p->is_in_plural = p->is_in_plural || kind == PATTERN_PLURAL;
    bool is_fine = parse_parts(p, &out->pattern);
    p->is_in_plural = was_in_plural;
    if (!is_fine)
        return false;
    return take(p, '}') || fail_at(p, "a closing brace is missing");
}

static bool parse_cases(struct parser *p, struct pattern_part *part)
{
    VEC(struct pattern_case) cases = {0};
    bool has_other = false;
    if (!take(p, ','))
        return fail_at(p, "a comma is missing after plural or select");
    skip_space(p);
    if (part->kind == PATTERN_PLURAL &&
        str_starts(str_sub(p->text, p->i, p->text.len), STR("offset:"))) {
        p->i += strlen("offset:");
        if (!str_to_i64(take_word(p), &part->offset))
            return fail_at(p, "offset: needs a whole number");
    }
    for (skip_space(p); p->i < p->text.len && peek(p) != '}'; skip_space(p)) {
        struct pattern_case item = {0};
        if (!parse_case(p, part->kind, &item))
            return false;
        has_other = has_other || str_eq(item.name, STR("other"));
        VEC_PUSH(p->arena, &cases, item);
    }
    if (!has_other)
        return fail_at(p, "the case \"other\" is missing");
    part->cases = cases.at;
    part->cases_len = cases.len;
    return true;
}

static bool parse_argument(struct parser *p, struct pattern_part *part)
{
    int64_t index;
    if (!str_to_i64(take_word(p), &index) || index < 0 || index >= PATTERN_ARGS_MAX)
        return fail_at(p, "an argument is a number from 0 to 7");
    *part = (struct pattern_part){.kind = PATTERN_ARG, .arg = (int)index};
    if (take(p, '}'))
        return true;
    if (!take(p, ','))
        return fail_at(p, "a comma or a closing brace is missing");
    struct str type = take_word(p);
    if (str_eq(type, STR("plural")) || str_eq(type, STR("select"))) {
        part->kind = str_eq(type, STR("plural")) ? PATTERN_PLURAL : PATTERN_SELECT;
        if (!parse_cases(p, part))
            return false;
    } else if (!str_eq(type, STR("number"))) {
        return fail_at(p, "an argument's type is number, plural or select");
    }
    return take(p, '}') || fail_at(p, "a closing brace is missing");
}

static bool parse_parts(struct parser *p, const struct pattern **out)
{
    VEC(struct pattern_part) parts = {0};
    if (++p->depth > PATTERN_DEPTH_MAX)
        return fail_at(p, "plurals and selects are nested too deep");
    while (p->i < p->text.len && peek(p) != '}') {
        struct pattern_part part = {.kind = PATTERN_TEXT};
        if (peek(p) == '{') {
            p->i++;
            if (!parse_argument(p, &part))
                return false;
        } else if (peek(p) == '#' && p->is_in_plural) {
            p->i++;
            part.kind = PATTERN_HASH;
        } else {
            part.text = take_text(p);
        }
        VEC_PUSH(p->arena, &parts, part);
    }
    p->depth--;
    struct pattern *pattern = NEW(p->arena, struct pattern);
    *pattern = (struct pattern){parts.at, parts.len};
    *out = pattern;
    return true;
}

const struct pattern *pattern_parse(struct arena *arena, struct str text,
                                    struct pattern_error *out_error)
{
    struct parser p = {.arena = arena, .text = text};
    const struct pattern *pattern = NULL;
    if (parse_parts(&p, &pattern) && p.i < text.len)
        (void)fail_at(&p, "a closing brace without an opening one");
    if (!p.error.why)
        return pattern;
    if (out_error)
        *out_error = p.error;
    return NULL;
}

/* ---- what a pattern uses ---- */

unsigned pattern_args(const struct pattern *pattern)
{
    unsigned used = 0;
    for (size_t i = 0; i < pattern->parts_len; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        if (part->kind != PATTERN_TEXT && part->kind != PATTERN_HASH)
            used |= 1u << part->arg;
        for (size_t k = 0; k < part->cases_len; k++)
            used |= pattern_args(part->cases[k].pattern);
    }
    return used;
}

unsigned pattern_plurals(const struct pattern *pattern)
{
    unsigned common = ~0u;
    for (size_t i = 0; i < pattern->parts_len; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        unsigned here = 0;
        for (size_t k = 0; k < part->cases_len; k++) {
            here |= 1u << part->cases[k].plural;
            common &= pattern_plurals(part->cases[k].pattern);
        }
        if (part->kind == PATTERN_PLURAL)
            common &= here;
    }
    return common;
}
