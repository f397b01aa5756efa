/* The lexer: one token at a time from any place, because names hold spaces and symbols and only
 * the parser knows which names are in scope. White space and both kinds of comments separate. */
#include "feel/feel_int.h"

static bool is_space(uint32_t code)
{
    return code == ' ' || (code >= 9 && code <= 13) || code == 0x85 || code == 0xa0 ||
           code == 0x1680 || code == 0x180e || (code >= 0x2000 && code <= 0x200b) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000 ||
           code == 0xfeff;
}

static size_t skip_comment(struct str text, size_t at)
{
    if (text.at[at + 1] == '/') {
        while (at < text.len && text.at[at] != '\n')
            at++;
        return at;
    }
    size_t end = str_find(text, STR("*/"), at + 2);
    return end == SIZE_MAX ? at : end + 2; /* one that never ends is no space: the lexer says so */
}

size_t feel__skip_space(struct str text, size_t at)
{
    while (at < text.len) {
        size_t next = at;
        if (text.at[at] == '/' && at + 1 < text.len &&
            (text.at[at + 1] == '/' || text.at[at + 1] == '*')) {
            next = skip_comment(text, at);
            if (next == at)
                break;
            at = next;
            continue;
        }
        if (!is_space(feel__utf8_next(text, &next)))
            break;
        at = next;
    }
    return at;
}

static bool is_digit(struct str text, size_t at)
{
    return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

static size_t digits_end(struct str text, size_t at)
{
    while (is_digit(text, at))
        at++;
    return at;
}

static struct token lex_number(struct str text, size_t at)
{
    size_t end = digits_end(text, at);
    if (end < text.len && text.at[end] == '.' && is_digit(text, end + 1))
        end = digits_end(text, end + 1);
    if (end < text.len && (text.at[end] == 'e' || text.at[end] == 'E')) {
        size_t exponent = end + 1;
        if (exponent < text.len && (text.at[exponent] == '+' || text.at[exponent] == '-'))
            exponent++;
        if (is_digit(text, exponent))
            end = digits_end(text, exponent);
    }
    return (struct token){.kind = T_NUMBER, .from = at, .to = end};
}

static struct token lex_string(struct str text, size_t at, enum token_kind kind)
{
    size_t end = at + (kind == T_AT ? 2 : 1);
    while (end < text.len && text.at[end] != '"')
        end += text.at[end] == '\\' && end + 1 < text.len ? 2 : 1;
    if (end >= text.len)
        return (struct token){
            .kind = T_BAD, .from = at, .to = text.len, .error = M("a closing quote")};
    return (struct token){.kind = kind, .from = at, .to = end + 1};
}

static struct token lex_symbol(struct str text, size_t at)
{
    static const char singles[] = "+-*/<>=()[]{},:.";
    static const char pairs[][3] = {"..", "**", "<=", ">=", "!=", "->"};
    for (size_t i = 0; i < LEN(pairs); i++)
        if (at + 1 < text.len && text.at[at] == pairs[i][0] && text.at[at + 1] == pairs[i][1])
            return (struct token){.kind = T_SYMBOL,
                                  .symbol = SYM2(pairs[i][0], pairs[i][1]),
                                  .from = at,
                                  .to = at + 2};
    if (!memchr(singles, text.at[at], sizeof(singles) - 1)) {
        size_t end = at;
        (void)feel__utf8_next(text, &end);
        return (struct token){
            .kind = T_BAD, .from = at, .to = end, .error = M("a character of the language")};
    }
    return (struct token){
        .kind = T_SYMBOL, .symbol = (unsigned char)text.at[at], .from = at, .to = at + 1};
}

struct token feel__lex(struct str text, size_t at)
{
    at = feel__skip_space(text, at);
    size_t end = at;
    if (at >= text.len)
        return (struct token){.kind = T_END, .from = text.len, .to = text.len};
    if (is_digit(text, at) || (text.at[at] == '.' && is_digit(text, at + 1)))
        return lex_number(text, at);
    if (text.at[at] == '/' && at + 1 < text.len && text.at[at + 1] == '*')
        return (struct token){.kind = T_BAD, .from = at, .to = text.len, .error = "\"*/\""};
    if (text.at[at] == '"')
        return lex_string(text, at, T_STRING);
    if (text.at[at] == '@' && at + 1 < text.len && text.at[at + 1] == '"')
        return lex_string(text, at, T_AT);
    if (!feel__is_name_start(feel__utf8_next(text, &end)))
        return lex_symbol(text, at);
    while (end < text.len) {
        size_t next = end;
        if (!feel__is_name_part(feel__utf8_next(text, &next)))
            break;
        end = next;
    }
    return (struct token){.kind = T_NAME, .from = at, .to = end};
}

bool feel__is_keyword(struct str word)
{
    static const struct str words[] = {
        STR_INIT("and"),      STR_INIT("or"),       STR_INIT("in"),        STR_INIT("between"),
        STR_INIT("instance"), STR_INIT("then"),     STR_INIT("else"),      STR_INIT("return"),
        STR_INIT("if"),       STR_INIT("for"),      STR_INIT("satisfies"), STR_INIT("some"),
        STR_INIT("every"),    STR_INIT("true"),     STR_INIT("false"),     STR_INIT("null"),
        STR_INIT("function"), STR_INIT("external"), STR_INIT("of"),
    };
    for (size_t i = 0; i < LEN(words) && word.len > 1; i++)
        if (words[i].at[0] == word.at[0] && str_eq(word, words[i]))
            return true;
    return false;
}

static bool read_hex(struct str raw, size_t at, size_t count, uint32_t *out)
{
    uint32_t code = 0;
    for (size_t i = at; i < at + count; i++) {
        char c = (char)(i < raw.len ? raw.at[i] : 'x');
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        if (digit == 16)
            return false;
        code = code << 4 | digit;
    }
    *out = code;
    return true;
}

/* A \uXXXX (perhaps with the second half of a surrogate pair) or \UXXXXXX escape at `at`; bytes
 * read, 0 when it is none. */
static size_t read_code(struct str raw, size_t at, uint32_t *out)
{
    uint32_t low = 0;
    if (raw.at[at + 1] == 'U')
        return read_hex(raw, at + 2, 6, out) && *out <= 0x10ffff ? 8 : 0;
    if (!read_hex(raw, at + 2, 4, out))
        return 0;
    if (*out < 0xd800 || *out > 0xdfff)
        return 6;
    if (*out < 0xdc00 && at + 7 < raw.len && raw.at[at + 6] == '\\' && raw.at[at + 7] == 'u' &&
        read_hex(raw, at + 8, 4, &low) && low >= 0xdc00 && low <= 0xdfff) {
        *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
        return 12;
    }
    *out = 0xfffd;
    return 6;
}

struct str feel__unescape(struct arena *arena, struct str raw)
{
    char *out = arena_alloc(arena, raw.len + 4);
    size_t len = 0;
    for (size_t i = 0; i < raw.len;) {
        uint32_t code = 0;
        size_t used = 0;
        static const char from[] = "nrtbf\"'\\", to[] = "\n\r\t\b\f\"'\\";
        const char *simple = NULL;
        if (raw.at[i] != '\\' || i + 1 >= raw.len) {
            out[len++] = raw.at[i++];
            continue;
        }
        simple = strchr(from, raw.at[i + 1]);
        if (simple && *simple) {
            out[len++] = to[simple - from];
            i += 2;
            continue;
        }
        if (raw.at[i + 1] == 'u' || raw.at[i + 1] == 'U')
            used = read_code(raw, i, &code);
        if (used) {
            len += feel__utf8_put(out + len, code);
            i += used;
            continue;
        }
        out[len++] = raw.at[i++]; /* \s and \d belong to regular expressions: kept as written */
    }
    return (struct str){out, len};
}
