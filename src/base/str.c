/* Strings with a length. Everything here works on bytes; what knows UTF-8 stands in text/. */
#include "base/base.h"

struct str str_of(const char *c_string)
{
    if (!c_string)
        return STR_NONE;
    return (struct str){c_string, strlen(c_string)};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return (char)(c >= 'A' && c <= 'Z' ? letters[c - 'A'] : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t str_find(struct str s, struct str part, size_t from)
{
    if (from > s.len || part.len > s.len - from)
        return SIZE_MAX;
    if (part.len == 0)
        return from;
    const char *hit = memmem(s.at + from, s.len - from, part.at, part.len);
    return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

bool str_has(struct str s, struct str part)
{
    return str_find(s, part, 0) != SIZE_MAX;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (!s.at)
        return s;
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.at + from, len};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct str str_cut(struct str *s, char sep)
{
    struct str whole = *s;
    const char *hit = whole.len ? memchr(whole.at, sep, whole.len) : NULL;
    if (!hit) {
        *s = STR_NONE;
        return whole;
    }
    size_t before = (size_t)(hit - whole.at);
    *s = (struct str){hit + 1, whole.len - before - 1};
    return (struct str){whole.at, before};
}

bool str_to_i64(struct str s, int64_t *out)
{
    bool is_negative = s.len > 0 && s.at[0] == '-';
    size_t i = is_negative ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t value = 0;
    for (; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        int64_t digit = s.at[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, is_negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

struct str str_dup(struct arena *arena, struct str s)
{
    if (!s.at)
        return s;
    char *at = arena_alloc(arena, s.len + 1);
    if (s.len > 0)
        memcpy(at, s.at, s.len);
    return (struct str){at, s.len};
}

char *str_c(struct arena *arena, struct str s)
{
    char *at = arena_alloc(arena, s.len + 1);
    if (s.len > 0)
        memcpy(at, s.at, s.len);
    return at;
}

struct str str_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    assert(len >= 0);
    char *at = arena_alloc(arena, (size_t)len + 1);
    int written = vsnprintf(at, (size_t)len + 1, format, again);
    assert(written == len);
    va_end(again);
    return (struct str){at, (size_t)len};
}

struct str str_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vprintf(arena, format, args);
    va_end(args);
    return text;
}

struct str str_join(struct arena *arena, struct str a, struct str b)
{
    char *at = arena_alloc(arena, a.len + b.len + 1);
    if (a.len > 0)
        memcpy(at, a.at, a.len);
    if (b.len > 0)
        memcpy(at + a.len, b.at, b.len);
    return (struct str){at, a.len + b.len};
}
