/* Cells as values: dates by a pattern or as people usually write them, numbers with a decimal comma
 * or point, yes and no in three languages. What could mean two things is refused with a hint at
 * `format`, because a date or an amount that was read wrongly is found only in the statement. */
#include "import/import_int.h"

enum { DEC_BYTES_MAX = 60 };

static const char bad_format[] =
    M("This format is not understood. Examples: dd.MM.yyyy, yyyy-MM-dd HH:mm:ss, 1.234,56.");

/* ---- patterns ---- */

static bool is_pattern_char(char c)
{
    return strchr("yMdHmsS", c) != NULL;
}

static size_t run_of(const char *at, size_t len)
{
    size_t n = 1;
    while (n < len && at[n] == at[0])
        n++;
    return n;
}

/* yyyy or yy, MM or M, dd or d, HH or H, mm, ss, S…: nothing else, and a whole date. */
static bool is_time_pattern(struct str text)
{
    bool has_year = false, has_month = false, has_day = false;
    for (size_t i = 0; i < text.len;) {
        char c = text.at[i];
        size_t run = run_of(text.at + i, text.len - i);
        if (!is_pattern_char(c)) {
            bool is_letter =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z' && c != 'T' && c != 'Z');
            if (is_letter || (c >= '0' && c <= '9'))
                return false;
            i++;
            continue;
        }
        if (c == 'y' ? run != 4 && run != 2 : c == 'S' ? run > 9 : run > 2)
            return false;
        has_year = has_year || c == 'y';
        has_month = has_month || c == 'M';
        has_day = has_day || c == 'd';
        i += run;
    }
    return has_year && has_month && has_day;
}

/* "1.234,56": the last of point and comma is the decimal mark; only digits and marks else. */
static char decimal_mark(struct str text)
{
    char mark = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.' || c == ',')
            mark = c;
        else if ((c < '0' || c > '9') && c != ' ' && c != '#' && c != '\'')
            return 0;
    }
    return mark;
}

const char *import__format(struct str text, enum import_type type, struct import_format *out)
{
    *out = (struct import_format){0};
    if (text.len == 0)
        return NULL;
    if (type == IMPORT_DEC || type == IMPORT_WHOLE) {
        out->decimal = decimal_mark(text);
        return out->decimal ? NULL : bad_format;
    }
    if (type != IMPORT_DAY && type != IMPORT_INSTANT)
        return M("Only dates, times and numbers have a format.");
    if (text.len >= sizeof(out->pattern) || !is_time_pattern(text))
        return bad_format;
    memcpy(out->pattern, text.at, text.len);
    out->len = text.len;
    return NULL;
}

struct parts {
    int64_t year, month, day, hour, minute, second, micros;
};

static int64_t take_digits(struct str *text, size_t min, size_t max)
{
    int64_t n = 0;
    size_t i = 0;
    for (; i < max && i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++)
        n = n * 10 + (text->at[i] - '0');
    if (i < min)
        return -1;
    *text = str_sub(*text, i, SIZE_MAX);
    return n;
}

/* Digits after the second, as many as there are, cut to microseconds. */
static int64_t take_fraction(struct str *text, size_t max)
{
    int64_t micros = 0, unit = 100000;
    size_t i = 0;
    for (; i < max && i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++) {
        micros += (text->at[i] - '0') * unit;
        unit /= 10;
    }
    if (i == 0)
        return -1;
    *text = str_sub(*text, i, SIZE_MAX);
    return micros;
}

static bool take_part(char c, size_t run, struct str *text, struct parts *out)
{
    int64_t n = c == 'S' ? take_fraction(text, 9) : take_digits(text, run, run == 1 ? 2 : run);
    switch (c) {
    case 'y': out->year = run == 2 && n >= 0 ? n + (n < 70 ? 2000 : 1900) : n; break;
    case 'M': out->month = n; break;
    case 'd': out->day = n; break;
    case 'H': out->hour = n; break;
    case 'm': out->minute = n; break;
    case 's': out->second = n; break;
    default: out->micros = n;
    }
    return n >= 0;
}

static bool by_pattern(const struct import_format *format, struct str text, struct date *out_date,
                       int64_t *out_us_of_day)
{
    struct parts p = {0};
    for (size_t i = 0; i < format->len;) {
        char c = format->pattern[i];
        size_t run = run_of(format->pattern + i, format->len - i);
        if (is_pattern_char(c)) {
            if (!take_part(c, run, &text, &p))
                return false;
            i += run;
            continue;
        }
        if (text.len == 0 || text.at[0] != c)
            return false;
        text = str_sub(text, 1, SIZE_MAX);
        i++;
    }
    if (str_trim(text).len > 0 || p.hour > 23 || p.minute > 59 || p.second > 59)
        return false;
    *out_us_of_day = p.hour * US_HOUR + p.minute * US_MINUTE + p.second * US_SECOND + p.micros;
    return date_make((int)p.year, (int)p.month, (int)p.day, out_date);
}

/* ---- days and instants ---- */

static const char *bad_date(const struct import_format *format)
{
    return format->len ? M("This is not a date in the format {0}.")
                       : M("This is not a date. Write it like 2026-10-31, or give the format.");
}

/* A year in front, or day.month.year with points: neither can be mistaken. */
static bool usual_date(struct str text, struct date *out, struct str *out_rest)
{
    static const struct import_format usual[] = {{"yyyy-MM-dd", 10, 0}, {"dd.MM.yyyy", 10, 0}};
    int64_t us = 0;
    *out_rest = str_sub(text, 10, SIZE_MAX);
    for (size_t i = 0; i < LEN(usual); i++)
        if (by_pattern(&usual[i], str_sub(text, 0, 10), out, &us))
            return true;
    return false;
}

const char *import__parse_day(const struct import_format *format, struct str text, int64_t *out)
{
    struct date date = {0};
    int64_t us = 0;
    struct str rest = STR_NONE;
    bool is_date = format->len ? by_pattern(format, text, &date, &us)
                               : usual_date(text, &date, &rest) &&
                                     (rest.len == 0 || rest.at[0] == ' ' || rest.at[0] == 'T');
    if (!is_date)
        return bad_date(format);
    *out = date.days;
    return NULL;
}

const char *import__parse_instant(const struct import_format *format, const struct zone *zone,
                                  struct str text, int64_t *out)
{
    struct date date = {0};
    int64_t us = 0;
    struct str rest = STR_NONE;
    if (format->len) {
        if (!by_pattern(format, text, &date, &us))
            return bad_date(format);
        *out = zone_instant(zone, date, us);
        return NULL;
    }
    if (instant_parse_in(text, zone, out))
        return NULL;
    static const struct import_format times[] = {{"dd.MM.yyyy HH:mm:ss", 19, 0},
                                                 {"dd.MM.yyyy HH:mm", 16, 0}};
    bool is_date = usual_date(text, &date, &rest) && rest.len == 0;
    for (size_t i = 0; !is_date && i < LEN(times); i++)
        is_date = by_pattern(&times[i], text, &date, &us);
    if (!is_date)
        return bad_date(format);
    *out = zone_instant(zone, date, us);
    return NULL;
}

/* ---- numbers ---- */

bool import__looks_like_number(struct str text)
{
    size_t i = text.len > 0 && text.at[0] == '-' ? 1 : 0, digits = i;
    while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    if (i == digits || (i > digits + 1 && text.at[digits] == '0') || i > 30)
        return false;
    if (i == text.len)
        return true;
    if (text.at[i] != '.')
        return false;
    size_t fraction = ++i;
    while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    return i == text.len && i > fraction && i - fraction <= 30;
}

/* Blanks (also U+00A0 and U+202F) and apostrophes stand between digits only. */
static size_t grouping_at(struct str text)
{
    if (text.at[0] == ' ' || text.at[0] == '\'')
        return 1;
    if (str_starts(text, STR("\xc2\xa0")))
        return 2;
    return str_starts(text, STR("\xe2\x80\xaf")) ? 3 : 0;
}

/* Which sign is the decimal mark when no format says it; 0: it could be either. */
static char guess_mark(struct str text)
{
    size_t comma = str_find(text, STR(","), 0), point = str_find(text, STR("."), 0);
    if (comma == SIZE_MAX)
        return '.';
    if (point != SIZE_MAX)
        return (char)(comma > point ? ',' : '.');
    bool is_twice = str_find(text, STR(","), comma + 1) != SIZE_MAX;
    return (char)(is_twice ? '.' : text.len - comma - 1 == 3 ? 0 : ',');
}

const char *import__parse_dec(const struct import_format *format, struct str text, struct dec *out)
{
    static const char bad[] = M("This is not a number.");
    char plain[DEC_BYTES_MAX];
    size_t len = 0;
    char mark = (char)(format->decimal ? format->decimal : guess_mark(text));
    if (!mark)
        return M("“{0}” can be read in two ways: give the format, like 1,234.56 or 1.234,56.");
    for (struct str rest = text; rest.len > 0;) {
        size_t grouping = grouping_at(rest);
        char c = rest.at[0];
        if (grouping == 0) {
            bool is_mark = c == mark, is_group = !is_mark && (c == '.' || c == ',');
            if (len + 1 >= sizeof(plain))
                return bad;
            if (!is_group)
                plain[len++] = (char)(is_mark ? '.' : c);
            grouping = 1;
        }
        rest = str_sub(rest, grouping, SIZE_MAX);
    }
    if (len == 0 || plain[0] == '.' || !dec_parse((struct str){plain, len}, out) ||
        !dec_is_finite(*out))
        return bad;
    return NULL;
}

const char *import__parse_bool(struct str text, bool *out)
{
    static const char *const yes[] = {"1", "true", "yes", "y", "да", "истина", "sí", "si"};
    static const char *const no[] = {"0", "false", "no", "n", "нет", "ложь"};
    AUTO_ARENA arena = arena_new(0);
    struct str word = text_fold(arena, text);
    for (size_t i = 0; i < LEN(yes); i++)
        if (str_eq(word, str_of(yes[i]))) {
            *out = true;
            return NULL;
        }
    for (size_t i = 0; i < LEN(no); i++)
        if (str_eq(word, str_of(no[i]))) {
            *out = false;
            return NULL;
        }
    return M("Write yes or no, 1 or 0.");
}
