/* Printers of values by place. Escaping is one pass with a table: runs without special characters
 * are copied whole, which is what makes a list of fifty rows cost a few microseconds. Text and
 * attributes share one table (the five characters), because two would differ only by mistakes. */
#include "html/html.h"

void out_done(struct out *o)
{
    buf_done(&o->buf);
}

struct out out_like(const struct out *o)
{
    struct out part = *o;
    part.buf = (struct buf)BUF(o->buf.max_bytes);
    return part;
}

struct safe_html out_html(const struct out *o)
{
    return (struct safe_html){str_dup(o->arena, buf_str(&o->buf))};
}

void html_put(struct out *o, struct str trusted)
{
    buf_put(&o->buf, trusted);
}

struct str html_message(struct out *o, const char *key, const struct i18n_arg *args,
                        size_t args_len)
{
    if (args_len == 0)
        return tr(o->lang, key);
    return i18n_format_args(o->arena, o->lang, key, args, args_len);
}

/* A message shows instants in the zone of the page. */
struct i18n_arg html__arg_instant(struct out *o, struct i18n_arg arg)
{
    return i18n_arg_str(i18n_date_time(o->arena, o->lang, arg.instant.us, o->zone));
}

struct i18n_arg html__arg_same(struct out *o, struct i18n_arg arg)
{
    (void)o;
    return arg;
}

/* ---- escaping ---- */

/* NUL would be dropped by the browser and other control characters mean nothing in a page. */
static const char *const escapes[256] = {
    ['&'] = "&amp;",   ['<'] = "&lt;",    ['>'] = "&gt;",    ['"'] = "&quot;",  ['\''] = "&#39;",
    [0x00] = "\uFFFD", [0x01] = "\uFFFD", [0x02] = "\uFFFD", [0x03] = "\uFFFD", [0x04] = "\uFFFD",
    [0x05] = "\uFFFD", [0x06] = "\uFFFD", [0x07] = "\uFFFD", [0x08] = "\uFFFD", [0x0b] = "\uFFFD",
    [0x0c] = "\uFFFD", [0x0e] = "\uFFFD", [0x0f] = "\uFFFD", [0x10] = "\uFFFD", [0x11] = "\uFFFD",
    [0x12] = "\uFFFD", [0x13] = "\uFFFD", [0x14] = "\uFFFD", [0x15] = "\uFFFD", [0x16] = "\uFFFD",
    [0x17] = "\uFFFD", [0x18] = "\uFFFD", [0x19] = "\uFFFD", [0x1a] = "\uFFFD", [0x1b] = "\uFFFD",
    [0x1c] = "\uFFFD", [0x1d] = "\uFFFD", [0x1e] = "\uFFFD", [0x1f] = "\uFFFD", [0x7f] = "\uFFFD"};

static void put_escaped(struct buf *buf, struct str s)
{
    size_t start = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *escape = escapes[(unsigned char)s.at[i]];
        if (!escape)
            continue;
        buf_put(buf, str_sub(s, start, i - start));
        buf_put(buf, str_of(escape));
        start = i + 1;
    }
    if (start < s.len)
        buf_put(buf, str_sub(s, start, s.len - start));
}

static void put_json_string(struct buf *buf, struct str s)
{
    uint32_t ch;
    buf_char(buf, '"');
    while (utf8_next(&s, &ch)) {
        if (ch < 0x20 || ch == '<' || ch == '>' || ch == '&' || ch == '\'' || ch == 0x7f ||
            ch == 0x2028 || ch == 0x2029) {
            buf_printf(buf, "\\u%04x", (unsigned)ch);
        } else {
            if (ch == '"' || ch == '\\')
                buf_char(buf, '\\');
            utf8_put(buf, ch);
        }
    }
    buf_char(buf, '"');
}

/* In a correct JSON text these three stand inside strings only. */
static void put_safe_json(struct buf *buf, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '<' || s.at[i] == '>' || s.at[i] == '&')
            buf_printf(buf, "\\u%04x", (unsigned)s.at[i]);
        else
            buf_char(buf, s.at[i]);
    }
}

/* ---- URLs ---- */

static bool is_unreserved(unsigned char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '-' || ch == '.' || ch == '_' || ch == '~';
}

static void put_percent(struct buf *buf, unsigned char ch)
{
    static const char digits[] = "0123456789ABCDEF";
    const char text[3] = {'%', digits[ch >> 4], digits[ch & 15]};
    buf_put(buf, (struct str){text, 3});
}

static void put_url_part(struct buf *buf, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_unreserved((unsigned char)s.at[i]))
            buf_char(buf, s.at[i]);
        else
            put_percent(buf, (unsigned char)s.at[i]);
    }
}

static bool is_scheme_fine(struct str url)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel", "cid"};
    size_t colon = 0;
    while (colon < url.len && !strchr(":/?#", url.at[colon]))
        colon++;
    if (colon == url.len || url.at[colon] != ':')
        return true; /* relative */
    for (size_t i = 0; i < LEN(schemes); i++)
        if (str_eq_nocase(str_sub(url, 0, colon), str_of(schemes[i])))
            return true;
    return false;
}

static void put_url(struct buf *buf, struct str url)
{
    if (!is_scheme_fine(url)) {
        buf_char(buf, '#');
        return;
    }
    for (size_t i = 0; i < url.len; i++) {
        unsigned char ch = (unsigned char)url.at[i];
        if (is_unreserved(ch) || (ch > 0x20 && ch < 0x7f && !strchr("\"'<>\\^`{|}", ch)))
            buf_char(buf, (char)ch);
        else
            put_percent(buf, ch);
    }
}

struct str url_clean(struct arena *arena, struct str url)
{
    AUTO_BUF buf = BUF(url.len * 3 + 1);
    put_url(&buf, url);
    return str_dup(arena, buf_str(&buf));
}

struct str url_part(struct arena *arena, struct str part)
{
    AUTO_BUF buf = BUF(part.len * 3 + 1);
    put_url_part(&buf, part);
    return str_dup(arena, buf_str(&buf));
}

/* ---- values in words ---- */

static struct str for_people(struct out *o, const struct html_any *any)
{
    switch (any->kind) {
    case HTML_NUMBER: return i18n_i64(o->arena, o->lang, any->i64);
    case HTML_MONEY: return i18n_money(o->arena, o->lang, any->money);
    case HTML_DATE: return i18n_date(o->arena, o->lang, any->date, DATE_MEDIUM, PLACE_INSIDE);
    case HTML_INSTANT: return i18n_date_time(o->arena, o->lang, any->instant.us, o->zone);
    case HTML_PERIOD: return i18n_period(o->arena, o->lang, any->period, PLACE_START);
    case HTML_DEC: return i18n_dec(o->arena, o->lang, any->dec);
    default: return STR_NONE;
    }
}

static struct str for_machines(struct out *o, const struct html_any *any)
{
    switch (any->kind) {
    case HTML_I64:
    case HTML_NUMBER: return str_printf(o->arena, "%lld", (long long)any->i64);
    case HTML_U64: return str_printf(o->arena, "%llu", (unsigned long long)any->u64);
    case HTML_MONEY: return any->money.currency ? money_print(o->arena, any->money) : STR_NONE;
    case HTML_DATE: return date_print(o->arena, any->date);
    case HTML_INSTANT: return instant_print(o->arena, any->instant.us);
    case HTML_PERIOD: return period_print(o->arena, any->period);
    case HTML_DEC: return dec_print(o->arena, any->dec);
    default: return STR_NONE;
    }
}

static void put_json(struct out *o, const struct html_any *any)
{
    const int64_t exact_max = INT64_C(1) << 53; /* what a double of the reader can hold */
    switch (any->kind) {
    case HTML_SAFE_JSON: put_safe_json(&o->buf, any->str); return;
    case HTML_STR:
        if (any->str.at)
            put_json_string(&o->buf, any->str);
        else
            buf_put(&o->buf, STR("null"));
        return;
    case HTML_PID: put_json_string(&o->buf, str_of(any->pid.text)); return;
    case HTML_I64:
    case HTML_NUMBER:
        if (any->i64 >= -exact_max && any->i64 <= exact_max)
            buf_i64(&o->buf, any->i64);
        else
            put_json_string(&o->buf, for_machines(o, any));
        return;
    case HTML_U64:
        if (any->u64 <= (uint64_t)exact_max)
            buf_i64(&o->buf, (int64_t)any->u64);
        else
            put_json_string(&o->buf, for_machines(o, any));
        return;
    case HTML_MONEY:
        if (!any->money.currency) {
            buf_put(&o->buf, STR("null"));
            return;
        }
        buf_printf(&o->buf, "{\"amount\":\"" STR_FMT "\",\"currency\":\"%s\"}",
                   STR_ARG(for_machines(o, any)), any->money.currency->code);
        return;
    default: put_json_string(&o->buf, for_machines(o, any)); return;
    }
}

static struct str value_text(struct out *o, enum html_place place, const struct html_any *any)
{
    if (any->kind == HTML_STR)
        return any->str;
    if (any->kind == HTML_PID)
        return str_of(any->pid.text);
    bool is_read = place == HTML_IN_TEXT || place == HTML_IN_ATTR;
    if (is_read && any->kind != HTML_I64 && any->kind != HTML_U64)
        return for_people(o, any);
    return for_machines(o, any);
}

void html__put(struct out *o, enum html_place place, struct html_any any)
{
    if (any.kind == HTML_SAFE) {
        buf_put(&o->buf, any.str);
        return;
    }
    struct arena_mark mark = arena_mark(o->arena);
    if (place == HTML_IN_JSON) {
        put_json(o, &any);
    } else if (place == HTML_IN_URL) {
        AUTO_BUF url = BUF(o->buf.max_bytes);
        put_url(&url, value_text(o, place, &any));
        o->buf.is_over = o->buf.is_over || url.is_over;
        put_escaped(&o->buf, buf_str(&url));
    } else if (place == HTML_IN_URL_PART) {
        put_url_part(&o->buf, value_text(o, place, &any));
    } else {
        put_escaped(&o->buf, value_text(o, place, &any));
    }
    arena_rewind(o->arena, mark);
}

/* ---- values by type ---- */

struct html_any html__of_str(struct str v)
{
    return (struct html_any){.kind = HTML_STR, .str = v};
}

struct html_any html__of_c(const char *v)
{
    return html__of_str(str_of(v));
}

struct html_any html__of_i64(int64_t v)
{
    return (struct html_any){.kind = HTML_I64, .i64 = v};
}

struct html_any html__of_u64(uint64_t v)
{
    return (struct html_any){.kind = HTML_U64, .u64 = v};
}

struct html_any html__of_number(struct html_number v)
{
    return (struct html_any){.kind = HTML_NUMBER, .i64 = v.value};
}

struct html_any html__of_money(struct money v)
{
    return (struct html_any){.kind = HTML_MONEY, .money = v};
}

struct html_any html__of_date(struct date v)
{
    return (struct html_any){.kind = HTML_DATE, .date = v};
}

struct html_any html__of_instant(struct instant v)
{
    return (struct html_any){.kind = HTML_INSTANT, .instant = v};
}

struct html_any html__of_period(struct period v)
{
    return (struct html_any){.kind = HTML_PERIOD, .period = v};
}

struct html_any html__of_dec(struct dec v)
{
    return (struct html_any){.kind = HTML_DEC, .dec = v};
}

struct html_any html__of_pid(struct pid v)
{
    return (struct html_any){.kind = HTML_PID, .pid = v};
}

struct html_any html__of_safe(struct safe_html v)
{
    return (struct html_any){.kind = HTML_SAFE, .str = v.html};
}

struct html_any html__of_json(struct safe_json v)
{
    return (struct html_any){.kind = HTML_SAFE_JSON, .str = v.json};
}
