/* Built-in functions on text (DMN 1.5 section 10.3.4.3). Lengths and positions count code points.
 */
#include <unicode/uchar.h>

#include "feel/feel_int.h"
#include "feel/feel_regex.h"

static struct feel_value fn_length(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return feel_i64((int64_t)feel__utf8_len(args[0].text));
}

/* Byte offset of a code point. */
static size_t offset_of(struct str s, size_t points)
{
    size_t i = 0;
    while (points-- > 0 && i < s.len)
        (void)feel__utf8_next(s, &i);
    return i;
}

static bool whole(const struct feel_value *value, int64_t *out)
{
    return dec_to_i64(dec_round(value->number, 0, DEC_DOWN), out);
}

static struct feel_value fn_substring(struct feel_run *run, const struct feel_value *args,
                                      size_t len)
{
    struct str s = args[0].text;
    int64_t start = 0, count = INT64_MAX, points = (int64_t)feel__utf8_len(s);
    if (!whole(&args[1], &start) || start == 0 || start > points || start < -points)
        return feel__expected(run, M("a position in the text"), &args[1]);
    if (len > 2 && !feel__is_null(&args[2]) && (!whole(&args[2], &count) || count < 1))
        return feel__expected(run, M("a length of at least 1"), &args[2]);
    size_t from = offset_of(s, (size_t)(start > 0 ? start - 1 : points + start));
    struct str rest = str_sub(s, from, s.len - from);
    return feel_text(str_sub(rest, 0, count >= points ? rest.len : offset_of(rest, (size_t)count)));
}

static struct feel_value cased(struct feel_run *run, struct str s, bool is_upper)
{
    char *out = feel__alloc(run, s.len * 3 + 4, 1); /* no simple mapping grows beyond that */
    size_t out_len = 0;
    if (!out)
        return feel_null();
    for (size_t i = 0; i < s.len;) {
        UChar32 code = (UChar32)feel__utf8_next(s, &i);
        code = is_upper ? u_toupper(code) : u_tolower(code);
        out_len += feel__utf8_put(out + out_len, (uint32_t)code);
    }
    return feel_text((struct str){out, out_len});
}

static struct feel_value fn_upper(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return cased(run, args[0].text, true);
}

static struct feel_value fn_lower(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return cased(run, args[0].text, false);
}

static struct feel_value fn_before(struct feel_run *run, const struct feel_value *args, size_t len)
{
    size_t at = str_find(args[0].text, args[1].text, 0);
    (void)run, (void)len;
    return feel_text(at == SIZE_MAX ? STR("") : str_sub(args[0].text, 0, at));
}

static struct feel_value fn_after(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct str s = args[0].text;
    size_t at = str_find(s, args[1].text, 0);
    (void)run, (void)len;
    if (at == SIZE_MAX || s.len == 0)
        return feel_text(STR(""));
    at += args[1].text.len;
    return feel_text(str_sub(s, at, s.len - at));
}

static struct feel_value fn_contains(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    (void)run, (void)len;
    return feel_bool(str_has(args[0].text, args[1].text));
}

static struct feel_value fn_starts(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return feel_bool(str_starts(args[0].text, args[1].text));
}

static struct feel_value fn_ends(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return feel_bool(str_ends(args[0].text, args[1].text));
}

static struct str flags_of(const struct feel_value *args, size_t len, size_t i)
{
    return len > i && !feel__is_null(&args[i]) ? args[i].text : STR("");
}

static struct feel_value fn_matches(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return feel__matches(run, args[0].text, args[1].text, flags_of(args, len, 2));
}

static struct feel_value fn_replace(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return feel__replace(run, args[0].text, args[1].text, args[2].text, flags_of(args, len, 3));
}

static struct feel_value fn_split(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return feel__split(run, args[0].text, args[1].text);
}

static struct feel_value fn_join(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct str between = flags_of(args, len, 1);
    AUTO_BUF buf = BUF(feel_limits()->text_bytes_max);
    bool is_first = true;
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value item = feel_item(&args[0], i, run->arena);
        if (!feel__steps(run, 1) || buf.is_over)
            break;
        if (feel__is_null(&item))
            continue;
        if (item.kind != FEEL_STRING)
            return feel__expected(run, M("string"), &item);
        if (!is_first)
            buf_put(&buf, between);
        buf_put(&buf, item.text);
        is_first = false;
    }
    return feel__text_of(run, &buf);
}

static const struct feel_builtin table[] = {
    {"string length", "string:s", fn_length},
    {"substring", "string:s,start position:n,length:n?", fn_substring},
    {"upper case", "string:s", fn_upper},
    {"lower case", "string:s", fn_lower},
    {"substring before", "string:s,match:s", fn_before},
    {"substring after", "string:s,match:s", fn_after},
    {"contains", "string:s,match:s", fn_contains},
    {"starts with", "string:s,match:s", fn_starts},
    {"ends with", "string:s,match:s", fn_ends},
    {"matches", "input:s,pattern:s,flags:s?", fn_matches},
    {"replace", "input:s,pattern:s,replacement:s,flags:s?", fn_replace},
    {"split", "string:s,delimiter:s", fn_split},
    {"string join", "list:l,delimiter:s?", fn_join},
};

const struct builtin_table feel__strings = {table, LEN(table)};
