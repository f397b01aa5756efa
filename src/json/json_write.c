/* The JSON writer: appends to a buffer and asserts that what comes out is one correct value. */
#include "json/json_int.h"

/* ---- UTF-8 ---- */

size_t json__put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)((len == 2 ? 0xC0 : len == 3 ? 0xE0 : 0xF0) | c);
    return len;
}

size_t json__utf8_len(struct str s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    if (at[0] < 0x80)
        return 1;
    size_t len = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || s.len < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool is_bad = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
                  (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F);
    return is_bad ? 0 : len;
}

bool json__is_utf8(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t len = json__utf8_len(str_sub(s, i, s.len - i));
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

/* ---- nesting ---- */

static uint64_t level_bit(const struct json_writer *w)
{
    return UINT64_C(1) << (w->depth - 1);
}

static void before_value(struct json_writer *w)
{
    if (w->depth == 0) {
        assert(!w->has_root); /* a second value */
        w->has_root = true;
        return;
    }
    bool is_object = (w->is_object_bits & level_bit(w)) != 0;
    assert(is_object == w->wants_value); /* a value without its key, or a key in an array */
    if (!is_object && (w->has_items_bits & level_bit(w)))
        buf_char(w->buf, ',');
    w->has_items_bits |= level_bit(w);
    w->wants_value = false;
}

static void open_level(struct json_writer *w, bool is_object)
{
    before_value(w);
    assert(w->depth < JSON_WRITE_DEPTH_MAX);
    w->depth++;
    w->has_items_bits &= ~level_bit(w);
    if (is_object)
        w->is_object_bits |= level_bit(w);
    else
        w->is_object_bits &= ~level_bit(w);
    buf_char(w->buf, is_object ? '{' : '[');
}

static void close_level(struct json_writer *w, bool is_object)
{
    assert(w->depth > 0 && !w->wants_value);
    assert(((w->is_object_bits & level_bit(w)) != 0) == is_object);
    w->depth--;
    buf_char(w->buf, is_object ? '}' : ']');
}

void json_object(struct json_writer *w)
{
    open_level(w, true);
}

void json_object_end(struct json_writer *w)
{
    close_level(w, true);
}

void json_array(struct json_writer *w)
{
    open_level(w, false);
}

void json_array_end(struct json_writer *w)
{
    close_level(w, false);
}

bool json_is_done(const struct json_writer *w)
{
    return w->has_root && w->depth == 0;
}

/* ---- values ---- */

static void put_escape(struct buf *buf, unsigned char c)
{
    switch (c) {
    case '"': buf_put(buf, STR("\\\"")); break;
    case '\\': buf_put(buf, STR("\\\\")); break;
    case '\n': buf_put(buf, STR("\\n")); break;
    case '\r': buf_put(buf, STR("\\r")); break;
    case '\t': buf_put(buf, STR("\\t")); break;
    default: buf_printf(buf, "\\u%04x", c); break;
    }
}

/* How many bytes from i on need no care. */
static size_t plain_run(struct str s, size_t i)
{
    size_t start = i;
    while (i < s.len) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < 0x20 || c == '"' || c == '\\' || c == '/' || c >= 0x7F)
            break;
        i++;
    }
    return i - start;
}

static void put_quoted(struct buf *buf, struct str s)
{
    buf_char(buf, '"');
    for (size_t i = 0; i < s.len;) {
        size_t run = plain_run(s, i);
        buf_put(buf, str_sub(s, i, run));
        i += run;
        if (i == s.len)
            break;
        unsigned char c = (unsigned char)s.at[i];
        size_t len = json__utf8_len(str_sub(s, i, s.len - i));
        struct str character = str_sub(s, i, len);
        if (c == '/') /* "</script" must not appear inside a page */
            buf_put(buf, i > 0 && s.at[i - 1] == '<' ? STR("\\/") : STR("/"));
        else if (len == 0)
            buf_put(buf, STR("\xEF\xBF\xBD"));
        else if (len == 1)
            put_escape(buf, c);
        else if (str_eq(character, STR("\xE2\x80\xA8")) || str_eq(character, STR("\xE2\x80\xA9")))
            buf_printf(buf, "\\u20%02x", character.at[2] == '\xA8' ? 0x28 : 0x29);
        else
            buf_put(buf, character);
        i += len ? len : 1;
    }
    buf_char(buf, '"');
}

void json_key_str(struct json_writer *w, struct str key)
{
    assert(w->depth > 0 && (w->is_object_bits & level_bit(w)) && !w->wants_value);
    if (w->has_items_bits & level_bit(w))
        buf_char(w->buf, ',');
    put_quoted(w->buf, key);
    buf_char(w->buf, ':');
    w->wants_value = true;
}

void json_key(struct json_writer *w, const char *key)
{
    json_key_str(w, str_of(key));
}

static void put_bare(struct json_writer *w, struct str text)
{
    before_value(w);
    buf_put(w->buf, text);
}

void json_put_null(struct json_writer *w)
{
    put_bare(w, STR("null"));
}

void json_put_bool(struct json_writer *w, bool value)
{
    put_bare(w, value ? STR("true") : STR("false"));
}

void json_put_i64(struct json_writer *w, int64_t value)
{
    enum { EXACT_BITS = 53 }; /* what other languages' numbers hold exactly */
    assert(value <= INT64_C(1) << EXACT_BITS && value >= -(INT64_C(1) << EXACT_BITS));
    before_value(w);
    buf_i64(w->buf, value);
}

void json_put_str(struct json_writer *w, struct str value)
{
    if (!value.at) {
        json_put_null(w);
        return;
    }
    before_value(w);
    put_quoted(w->buf, value);
}

bool json__is_number(struct str s)
{
    size_t i = 0, digits;
    i += i < s.len && s.at[i] == '-';
    for (digits = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; digits++)
        i++;
    if (digits == 0 || (digits > 1 && s.at[i - digits] == '0'))
        return false;
    if (i < s.len && s.at[i] == '.') {
        i++;
        for (digits = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; digits++)
            i++;
        if (digits == 0)
            return false;
    }
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        i++;
        i += i < s.len && (s.at[i] == '+' || s.at[i] == '-');
        for (digits = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; digits++)
            i++;
        if (digits == 0)
            return false;
    }
    return i == s.len;
}

void json_put_number(struct json_writer *w, struct str text)
{
    assert(json__is_number(text));
    put_bare(w, text);
}

void json_put_dec(struct json_writer *w, struct dec value)
{
    if (!dec_is_finite(value)) {
        json_put_null(w);
        return;
    }
    AUTO_ARENA arena = arena_new(0);
    json_put_str(w, dec_print(arena, value));
}

void json_put_money(struct json_writer *w, struct money value)
{
    if (!value.currency) {
        json_put_null(w);
        return;
    }
    char amount[MONEY_TEXT_MAX];
    size_t len = money_print_to(amount, value.minor, value.currency->digits);
    json_object(w);
    json_pair_str(w, "amount", (struct str){amount, len});
    json_pair_str(w, "currency", str_of(value.currency->code));
    json_object_end(w);
}

void json_put_instant(struct json_writer *w, int64_t at_us)
{
    char text[INSTANT_TEXT_MAX];
    size_t len = instant_print_to(text, at_us);
    json_put_str(w, (struct str){text, len});
}

void json_put_date(struct json_writer *w, struct date value)
{
    char text[DATE_TEXT_MAX];
    size_t len = date_print_to(text, value);
    json_put_str(w, (struct str){text, len});
}

void json_put_raw(struct json_writer *w, struct str json)
{
    assert(json.len > 0);
    put_bare(w, json);
}

void json_pair_str(struct json_writer *w, const char *key, struct str value)
{
    json_key(w, key);
    json_put_str(w, value);
}

void json_pair_i64(struct json_writer *w, const char *key, int64_t value)
{
    json_key(w, key);
    json_put_i64(w, value);
}

void json_pair_bool(struct json_writer *w, const char *key, bool value)
{
    json_key(w, key);
    json_put_bool(w, value);
}

void json_pair_money(struct json_writer *w, const char *key, struct money value)
{
    json_key(w, key);
    json_put_money(w, value);
}

void json_pair_instant(struct json_writer *w, const char *key, int64_t at_us)
{
    json_key(w, key);
    json_put_instant(w, at_us);
}

struct str json_list(struct arena *arena, const struct str_list *texts)
{
    enum { LIST_BYTES_MAX = 64 << 20 };
    AUTO_BUF buf = BUF(LIST_BYTES_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    json_array(&w);
    for (size_t i = 0; i < texts->len; i++)
        json_put_str(&w, texts->at[i]);
    json_array_end(&w);
    assert(!buf.is_over);
    return str_dup(arena, buf_str(&buf));
}
