/* The JSON reader: RFC 8259 to the letter, one pass, bounded in bytes, depth and number of values.
 * Numbers are checked but not converted. Keys of an object are kept until its end, so that a
 * second one of the same name is refused: two parts of a program reading different ones of them is
 * how checks are passed by. */
#include "json/json_int.h"

enum {
    BYTES_DEFAULT = 1 << 20,
    DEPTH_DEFAULT = 32,
    DEPTH_MAX = 256,
    VALUES_DEFAULT = 100000,
    KEYS_LINEAR_MAX = 16 /* above that many a map finds doubles */
};

enum expect { VALUE = 1, VALUE_OR_END, KEY, KEY_OR_END, COMMA_OR_END, NOTHING };

struct keys {
    struct str_list list;
    struct map *map;
};

struct level {
    bool is_object;
    struct keys *keys;
};

struct json_reader {
    struct arena *arena;
    struct str text;
    size_t i, line_start;
    long line;
    enum expect expect;
    struct level *levels;
    size_t depth, depth_max, values_left;
    enum rc failed; /* RC_OK while nothing did */
    struct json_error error;
};

struct json_reader *json_reader_new(struct arena *arena, struct str text, struct json_limits limits)
{
    struct json_reader *r = NEW(arena, struct json_reader);
    size_t depth_max = limits.depth_max ? limits.depth_max : DEPTH_DEFAULT;
    assert(depth_max <= DEPTH_MAX);
    *r = (struct json_reader){.arena = arena,
                              .text = text.at ? text : STR(""),
                              .line = 1,
                              .expect = VALUE,
                              .levels = NEW_ARRAY(arena, struct level, depth_max),
                              .depth_max = depth_max,
                              .values_left = limits.values_max ? limits.values_max : VALUES_DEFAULT,
                              .failed = RC_OK};
    if (text.len > (limits.bytes_max ? limits.bytes_max : BYTES_DEFAULT)) {
        r->failed = RC_TOO_LARGE;
        r->error = (struct json_error){M("This JSON text is too large."), 1, 1};
    }
    return r;
}

struct json_error json_failure(const struct json_reader *r)
{
    return r->error;
}

static enum rc fail_rc(struct json_reader *r, enum rc rc, const char *message)
{
    r->failed = rc;
    r->error = (struct json_error){message, r->line, (long)(r->i - r->line_start) + 1};
    return rc;
}

static enum rc fail_at(struct json_reader *r, const char *message)
{
    return fail_rc(r, RC_INVALID, message);
}

static char peek(const struct json_reader *r)
{
    return (char)(r->i < r->text.len ? r->text.at[r->i] : '\0');
}

static void skip_space(struct json_reader *r)
{
    for (; r->i < r->text.len; r->i++) {
        char c = r->text.at[r->i];
        if (c == '\n') {
            r->line++;
            r->line_start = r->i + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

/* ---- strings ---- */

static bool take_hex4(struct json_reader *r, uint32_t *out)
{
    uint32_t value = 0;
    if (r->text.len - r->i < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = r->text.at[r->i++];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit > 15)
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static enum rc take_unicode(struct json_reader *r, char *out, size_t *len)
{
    uint32_t c, low;
    if (!take_hex4(r, &c))
        return fail_at(r, M("After \\u four hexadecimal digits are expected."));
    if (c >= 0xD800 && c <= 0xDBFF) {
        if (peek(r) != '\\' || r->i + 1 >= r->text.len || r->text.at[r->i + 1] != 'u')
            return fail_at(r, M("Half of a character (a surrogate) stands alone."));
        r->i += 2;
        if (!take_hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
            return fail_at(r, M("Half of a character (a surrogate) stands alone."));
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xDC00 && c <= 0xDFFF) {
        return fail_at(r, M("Half of a character (a surrogate) stands alone."));
    }
    if (c == 0)
        return fail_at(r, M("A NUL character is not accepted in texts."));
    *len += json__put_utf8(out + *len, c);
    return RC_OK;
}

static enum rc take_escape(struct json_reader *r, char *out, size_t *len)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);
    if (c == 'u') {
        r->i++;
        return take_unicode(r, out, len);
    }
    const char *name = c ? strchr(names, c) : NULL;
    if (!name)
        return fail_at(r, M("This escape is not known in JSON."));
    out[(*len)++] = meant[name - names];
    r->i++;
    return RC_OK;
}

/* The offset of the closing quote, or of the end. */
static size_t string_end(const struct json_reader *r, size_t i)
{
    while (i < r->text.len && r->text.at[i] != '"')
        i += r->text.at[i] == '\\' ? 2 : 1;
    return i < r->text.len ? i : r->text.len;
}

static enum rc unescape(struct json_reader *r, size_t end, struct str *out)
{
    char *copy = arena_alloc(r->arena, end - r->i + 1); /* escapes only shrink */
    size_t len = 0;
    while (r->i < end) {
        size_t run = 0;
        while (r->i + run < end && r->text.at[r->i + run] != '\\')
            run++;
        memcpy(copy + len, r->text.at + r->i, run);
        len += run;
        r->i += run;
        if (r->i == end)
            break;
        r->i++;
        TRY(take_escape(r, copy, &len));
    }
    *out = (struct str){copy, len};
    return RC_OK;
}

/* From the opening quote to after the closing one. Without escapes the text itself is the value. */
static enum rc take_string(struct json_reader *r, struct str *out)
{
    size_t start = ++r->i, end = string_end(r, start);
    bool has_escapes = false;
    for (r->i = start; r->i < end; r->i++) {
        if ((unsigned char)r->text.at[r->i] < 0x20)
            return fail_at(r, M("A line break or control character stands inside a text."));
        has_escapes = has_escapes || r->text.at[r->i] == '\\';
    }
    r->i = start;
    if (end == r->text.len)
        return fail_at(r, M("The text is not closed by a quote."));
    struct str value = str_sub(r->text, start, end - start);
    if (has_escapes)
        TRY(unescape(r, end, &value));
    if (!json__is_utf8(value))
        return fail_at(r, M("This text is not valid UTF-8."));
    r->i = end + 1;
    *out = value;
    return RC_OK;
}

/* ---- numbers and words ---- */

static size_t digits_at(const struct json_reader *r, size_t i)
{
    size_t len = 0;
    while (i + len < r->text.len && r->text.at[i + len] >= '0' && r->text.at[i + len] <= '9')
        len++;
    return len;
}

static enum rc take_number(struct json_reader *r, struct str *out)
{
    size_t start = r->i, digits;
    if (peek(r) == '-')
        r->i++;
    digits = digits_at(r, r->i);
    if (digits == 0 || (digits > 1 && peek(r) == '0'))
        return fail_at(r, M("This is not a number as JSON writes it."));
    r->i += digits;
    if (peek(r) == '.') {
        r->i++;
        digits = digits_at(r, r->i);
        if (digits == 0)
            return fail_at(r, M("This is not a number as JSON writes it."));
        r->i += digits;
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->i++;
        if (peek(r) == '+' || peek(r) == '-')
            r->i++;
        digits = digits_at(r, r->i);
        if (digits == 0)
            return fail_at(r, M("This is not a number as JSON writes it."));
        r->i += digits;
    }
    *out = str_sub(r->text, start, r->i - start);
    return RC_OK;
}

static enum rc take_word(struct json_reader *r, struct json_event *out)
{
    static const struct {
        struct str word;
        enum json_kind kind;
    } words[] = {{STR_INIT("null"), JSON_NULL},
                 {STR_INIT("true"), JSON_BOOL},
                 {STR_INIT("false"), JSON_BOOL}};
    for (size_t i = 0; i < LEN(words); i++) {
        if (!str_starts(str_sub(r->text, r->i, r->text.len), words[i].word))
            continue;
        r->i += words[i].word.len;
        out->kind = words[i].kind;
        out->text = words[i].word;
        return RC_OK;
    }
    return fail_at(r, M("A value is expected here."));
}

/* ---- structure ---- */

static enum rc open_level(struct json_reader *r, bool is_object)
{
    if (r->depth == r->depth_max)
        return fail_rc(r, RC_TOO_LARGE, M("This JSON text is nested too deep."));
    r->levels[r->depth++] = (struct level){is_object, NEW(r->arena, struct keys)};
    r->expect = is_object ? KEY_OR_END : VALUE_OR_END;
    r->i++;
    return RC_OK;
}

static void after_value(struct json_reader *r)
{
    r->expect = r->depth > 0 ? COMMA_OR_END : NOTHING;
}

static void close_level(struct json_reader *r, struct json_event *out)
{
    out->what = r->levels[--r->depth].is_object ? JSON_EV_OBJECT_END : JSON_EV_ARRAY_END;
    r->i++;
    after_value(r);
}

static bool is_seen(struct json_reader *r, struct keys *keys, struct str key)
{
    if (!keys->map) {
        for (size_t i = 0; i < keys->list.len; i++)
            if (str_eq(keys->list.at[i], key))
                return true;
        VEC_PUSH(r->arena, &keys->list, key);
        if (keys->list.len < KEYS_LINEAR_MAX)
            return false;
        keys->map = map_new(r->arena);
        for (size_t i = 0; i < keys->list.len; i++)
            *map_put(keys->map, keys->list.at[i]) = keys;
        return false;
    }
    void **slot = map_put(keys->map, key);
    bool was_there = *slot != NULL;
    *slot = keys;
    return was_there;
}

static enum rc take_key(struct json_reader *r, struct json_event *out)
{
    if (peek(r) != '"')
        return fail_at(r, M("A name in quotes is expected here."));
    if (r->values_left-- == 0)
        return fail_rc(r, RC_TOO_LARGE, M("This JSON text has too many values."));
    TRY(take_string(r, &out->text));
    if (is_seen(r, r->levels[r->depth - 1].keys, out->text))
        return fail_at(r, M("This name stands twice in one object."));
    skip_space(r);
    if (peek(r) != ':')
        return fail_at(r, M("A colon is expected after the name."));
    r->i++;
    r->expect = VALUE;
    out->what = JSON_EV_KEY;
    return RC_OK;
}

static enum rc take_value(struct json_reader *r, struct json_event *out)
{
    char c = peek(r);
    if (r->values_left-- == 0)
        return fail_rc(r, RC_TOO_LARGE, M("This JSON text has too many values."));
    if (c == '{' || c == '[') {
        out->what = c == '{' ? JSON_EV_OBJECT : JSON_EV_ARRAY;
        return open_level(r, c == '{');
    }
    out->what = JSON_EV_VALUE;
    if (c == '"') {
        out->kind = JSON_STRING;
        TRY(take_string(r, &out->text));
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        out->kind = JSON_NUMBER;
        TRY(take_number(r, &out->text));
    } else {
        TRY(take_word(r, out));
    }
    after_value(r);
    return RC_OK;
}

/* Eats the comma when one belongs here; tells whether a level ends instead. */
static enum rc take_comma(struct json_reader *r, bool *out_is_end)
{
    bool is_object = r->depth > 0 && r->levels[r->depth - 1].is_object;
    char end = is_object ? '}' : ']';
    bool may_end =
        r->expect == VALUE_OR_END || r->expect == KEY_OR_END || r->expect == COMMA_OR_END;
    *out_is_end = may_end && peek(r) == end;
    if (*out_is_end || r->expect != COMMA_OR_END)
        return RC_OK;
    if (peek(r) != ',')
        return fail_at(r, is_object ? M("A comma or the end of the object is expected here.")
                                    : M("A comma or the end of the list is expected here."));
    r->i++;
    r->expect = is_object ? KEY : VALUE;
    skip_space(r);
    return RC_OK;
}

enum rc json_next(struct json_reader *r, struct json_event *out)
{
    if (r->failed != RC_OK)
        return r->failed;
    skip_space(r);
    if (r->expect == NOTHING) {
        if (r->i == r->text.len)
            return RC_MISSING;
        return fail_at(r, M("Something follows after the end of the JSON text."));
    }
    if (r->i >= r->text.len)
        return fail_at(r, M("The JSON text ends too early."));
    bool is_end;
    TRY(take_comma(r, &is_end));
    *out = (struct json_event){.line = r->line, .column = (long)(r->i - r->line_start) + 1};
    if (is_end) {
        close_level(r, out);
        return RC_OK;
    }
    bool wants_key = r->expect == KEY || r->expect == KEY_OR_END;
    return wants_key ? take_key(r, out) : take_value(r, out);
}

enum rc json_skip(struct json_reader *r)
{
    size_t depth = r->depth;
    struct json_event event;
    assert(depth > 0);
    while (r->depth >= depth)
        TRY(json_next(r, &event));
    return RC_OK;
}
