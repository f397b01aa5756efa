/* What a worksheet's cell says, as the text a person would have typed. A workbook holds binary
 * doubles in decimal: Excel writes 12.3 as 12.300000000000001, a sum as 36.900000000000006, while
 * it shows and takes at most 15 significant digits. So: up to 15 digits, whole numbers, and more
 * digits than a double needs (then another program wrote a true decimal) stay as they are; of 16
 * and 17 digits the shortest that gives the same double counts, cut to 15 when it still has more
 * than six decimals, because nobody typed those. Dates are serial days whose cell format alone
 * tells them from numbers. */
#include <math.h>

#include "sheet/sheet_int.h"

enum {
    DIGITS_SHOWN = 15,  /* that a spreadsheet shows */
    DIGITS_DOUBLE = 17, /* that tell any two doubles apart */
    DIGITS_MAX = 64,
    DECIMALS_TYPED = 6,
    EXPONENT_MAX = 60 /* beyond it the exponent stays: nobody counts zeros */
};

/* digits × 10^(point - digits_len): "123" with point 1 is 1.23. */
struct decimal {
    bool is_negative;
    char digits[DIGITS_MAX + 1];
    int digits_len, point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Plain digits with at most one sign and point, nothing else; counts the significant ones. */
static bool is_plain(struct str raw, int *out_digits_len, bool *out_is_whole)
{
    size_t i = raw.len > 0 && raw.at[0] == '-' ? 1 : 0, start = i;
    int digits_len = 0;
    bool is_whole = true;
    for (; i < raw.len; i++) {
        if (raw.at[i] == '.' && is_whole && i > start)
            is_whole = false;
        else if (!is_digit(raw.at[i]))
            return false;
        else if (digits_len > 0 || raw.at[i] != '0')
            digits_len++;
    }
    if (raw.len == start || raw.at[raw.len - 1] == '.')
        return false;
    *out_digits_len = digits_len;
    *out_is_whole = is_whole;
    return true;
}

static bool exponent_parse(struct str text, int *out)
{
    int64_t exponent;
    if (text.len > 0 && text.at[0] == '+')
        text = str_sub(text, 1, text.len);
    if (!str_to_i64(text, &exponent) || exponent > 400 || exponent < -400)
        return false;
    *out = (int)exponent;
    return true;
}

static bool decimal_parse(struct str raw, struct decimal *out)
{
    struct decimal d = {0};
    size_t i = 0;
    if (raw.len > 0 && (raw.at[0] == '-' || raw.at[0] == '+'))
        d.is_negative = raw.at[i++] == '-';
    bool has_point = false, has_digit = false;
    int exponent = 0;
    for (; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == 'e' || c == 'E') {
            if (!exponent_parse(str_sub(raw, i + 1, raw.len), &exponent))
                return false;
            break;
        }
        if (c == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (!is_digit(c))
            return false;
        has_digit = true;
        if (!has_point && (d.digits_len > 0 || c != '0'))
            d.point++;
        if (has_point && d.digits_len == 0 && c == '0')
            d.point--;
        if (d.digits_len == DIGITS_MAX)
            return false;
        if (d.digits_len > 0 || c != '0')
            d.digits[d.digits_len++] = c;
    }
    d.point += exponent;
    while (d.digits_len > 0 && d.digits[d.digits_len - 1] == '0')
        d.digits_len--;
    *out = d;
    return has_digit;
}

/* The fewest digits that give the same double; false when the number is out of its range. */
static bool decimal_shorten(struct str raw, struct decimal *d)
{
    char text[DIGITS_MAX * 2];
    if (raw.len >= sizeof(text))
        return false;
    memcpy(text, raw.at, raw.len);
    text[raw.len] = 0;
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    char shortest[48];
    for (int len = DIGITS_SHOWN; len <= DIGITS_DOUBLE; len++) {
        (void)snprintf(shortest, sizeof(shortest), "%.*e", len - 1, value);
        if (strtod(shortest, NULL) == value)
            break;
    }
    if (!decimal_parse(str_of(shortest), d))
        return false;
    if (d->digits_len <= DIGITS_SHOWN || d->digits_len - d->point <= DECIMALS_TYPED)
        return true;
    (void)snprintf(shortest, sizeof(shortest), "%.*e", DIGITS_SHOWN - 1, value);
    return decimal_parse(str_of(shortest), d);
}

static void zeros_put(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_char(out, '0');
}

static void decimal_put(const struct decimal *d, struct buf *out)
{
    if (d->digits_len == 0) {
        buf_char(out, '0');
        return;
    }
    if (d->is_negative)
        buf_char(out, '-');
    struct str digits = {d->digits, (size_t)d->digits_len};
    if (d->point <= 0) {
        buf_put(out, STR("0."));
        zeros_put(out, -d->point);
        buf_put(out, digits);
    } else if (d->point >= d->digits_len) {
        buf_put(out, digits);
        zeros_put(out, d->point - d->digits_len);
    } else {
        buf_put(out, str_sub(digits, 0, (size_t)d->point));
        buf_char(out, '.');
        buf_put(out, str_sub(digits, (size_t)d->point, digits.len));
    }
}

void sheet__number_put(struct str raw, struct buf *out)
{
    int digits_len;
    bool is_whole;
    if (is_plain(raw, &digits_len, &is_whole) &&
        (is_whole || digits_len <= DIGITS_SHOWN || digits_len > DIGITS_DOUBLE)) {
        buf_put(out, raw);
        return;
    }
    struct decimal d;
    bool is_good = decimal_parse(raw, &d);
    if (is_good && d.digits_len > DIGITS_SHOWN && d.digits_len <= DIGITS_DOUBLE)
        is_good = decimal_shorten(raw, &d);
    if (is_good && d.point > -EXPONENT_MAX && d.point < EXPONENT_MAX)
        decimal_put(&d, out);
    else
        buf_put(out, raw);
}

/* ---- dates ---- */

enum { MS_DAY = 86400000, SERIAL_MAX = 2958466 /* 10000-01-01 */, DAYS_1900 = -25569 };

void sheet__civil(int64_t days, int *out_year, int *out_month, int *out_day)
{
    /* H. Hinnant, "chrono-compatible low-level date algorithms": eras of 400 years from March. */
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    *out_day = (int)(of_year - (153 * month + 2) / 5 + 1);
    *out_month = (int)(month < 10 ? month + 3 : month - 9);
    *out_year = (int)(year + era * 400 + (*out_month <= 2));
}

static void time_put(int64_t ms, struct buf *out)
{
    buf_printf(out, "%02d:%02d:%02d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
               (int)(ms / 1000 % 60));
    if (ms % 1000 != 0)
        buf_printf(out, ".%03d", (int)(ms % 1000));
}

/* Days since 1970 of a serial day. Excel's 1900 calendar has a 29 February 1900 (serial 60) that
 * never was, so the days before it are off by one. */
static int64_t days_of_serial(int64_t serial, bool is_1904)
{
    if (is_1904)
        return serial - 24107;
    return serial + DAYS_1900 + (serial < 60 ? 1 : 0);
}

bool sheet__date_put(struct str raw, enum sheet__style style, bool is_1904, struct buf *out)
{
    struct decimal d;
    char text[DIGITS_MAX * 2];
    if (!decimal_parse(raw, &d) || raw.len >= sizeof(text) || d.is_negative)
        return false;
    memcpy(text, raw.at, raw.len);
    text[raw.len] = 0;
    double value = strtod(text, NULL);
    if (!(value < SERIAL_MAX))
        return false;
    int64_t ms = llround(value * MS_DAY), serial = ms / MS_DAY;
    ms %= MS_DAY;
    if (style == SHEET__ELAPSED) {
        time_put(serial * MS_DAY + ms, out);
        return true;
    }
    if (serial == 0 && !is_1904) {
        if (style != SHEET__TIME)
            return false;
        time_put(ms, out);
        return true;
    }
    if (serial == 0 && style == SHEET__TIME) {
        time_put(ms, out);
        return true;
    }
    int year, month, day;
    sheet__civil(days_of_serial(serial, is_1904), &year, &month, &day);
    if (serial == 60 && !is_1904)
        buf_put(out, STR("1900-02-29"));
    else
        buf_printf(out, "%04d-%02d-%02d", year, month, day);
    if (style != SHEET__DATE || ms != 0) {
        buf_char(out, 'T');
        time_put(ms, out);
    }
    return true;
}

/* ---- format codes ---- */

struct code_parts {
    bool has_day, has_month, has_time, has_elapsed;
};

/* [h], [mm], [ss] count hours on past a day; [Red], [$-419] and [>100] mean nothing here. */
static bool is_elapsed(struct str inside)
{
    for (size_t i = 0; i < inside.len; i++)
        if (inside.at[i] != inside.at[0])
            return false;
    return inside.len > 0 && strchr("hHmMsS", inside.at[0]) != NULL;
}

static size_t bracket_skip(struct str code, size_t i, struct code_parts *parts)
{
    size_t end = str_find(code, STR("]"), i);
    if (end == SIZE_MAX)
        return code.len;
    if (is_elapsed(str_sub(code, i + 1, end - i - 1)))
        parts->has_elapsed = true;
    return end;
}

static void letter_take(char c, struct code_parts *parts)
{
    if (strchr("yYdD", c))
        parts->has_day = true;
    else if (strchr("mM", c))
        parts->has_month = true; /* or minutes: beside hours or seconds it is no month */
    else if (strchr("hHsS", c))
        parts->has_time = true;
}

enum sheet__style sheet__style_of_code(struct str code)
{
    struct code_parts parts = {0};
    if (str_eq_nocase(str_trim(code), STR("general")))
        return SHEET__PLAIN;
    for (size_t i = 0; i < code.len && code.at[i] != ';'; i++) {
        char c = code.at[i];
        if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '"') {
            i = str_find(code, STR("\""), i + 1);
            if (i == SIZE_MAX)
                break;
        } else if (c == '[') {
            i = bracket_skip(code, i, &parts);
        } else if (str_eq_nocase(str_sub(code, i, 7), STR("general"))) {
            i += 6;
        } else if (c != 0) {
            letter_take(c, &parts);
        }
    }
    if (parts.has_elapsed)
        return SHEET__ELAPSED;
    if (parts.has_time)
        return parts.has_day ? SHEET__DATE_TIME : SHEET__TIME;
    return parts.has_day || parts.has_month ? SHEET__DATE : SHEET__PLAIN;
}

enum sheet__style sheet__style_of_id(int64_t format_id)
{
    /* 27-36 and 50-58 are the dates of East Asian versions. */
    if ((format_id >= 14 && format_id <= 17) || (format_id >= 27 && format_id <= 31) ||
        format_id == 36 || (format_id >= 50 && format_id <= 54) || format_id == 57 ||
        format_id == 58)
        return SHEET__DATE;
    if ((format_id >= 18 && format_id <= 21) || (format_id >= 32 && format_id <= 35) ||
        format_id == 45 || format_id == 47 || format_id == 55 || format_id == 56)
        return SHEET__TIME;
    if (format_id == 22)
        return SHEET__DATE_TIME;
    return format_id == 46 ? SHEET__ELAPSED : SHEET__PLAIN;
}

/* ---- text and references ---- */

static int hex_of(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _xHHHH_ as a character; NUL and halves of surrogate pairs stay as they are written. */
static bool escape_parse(struct str text, uint32_t *out)
{
    if (text.len < 7 || text.at[0] != '_' || text.at[1] != 'x' || text.at[6] != '_')
        return false;
    uint32_t character = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_of(text.at[i]);
        if (digit < 0)
            return false;
        character = character * 16 + (uint32_t)digit;
    }
    *out = character;
    return character != 0 && (character < 0xD800 || character > 0xDFFF);
}

void sheet__text_put(struct str raw, struct buf *out)
{
    size_t from = 0;
    for (;;) {
        size_t at = str_find(raw, STR("_x"), from);
        if (at == SIZE_MAX)
            break;
        uint32_t character;
        bool is_escape = escape_parse(str_sub(raw, at, raw.len), &character);
        buf_put(out, str_sub(raw, from, at - from + (is_escape ? 0 : 1)));
        if (is_escape)
            utf8_put(out, character);
        from = at + (is_escape ? 7 : 1);
    }
    buf_put(out, str_sub(raw, from, raw.len));
}

bool sheet__reference(struct str text, int64_t *out_column, int64_t *out_row)
{
    int64_t column = 0, row = 0;
    size_t i = 0;
    for (; i < text.len && i < 4; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if (c < 'A' || c > 'Z')
            break;
        column = column * 26 + (c - 'A' + 1);
    }
    for (size_t digits = 0; i < text.len; i++, digits++) {
        if (!is_digit(text.at[i]) || digits == 7)
            return false;
        row = row * 10 + (text.at[i] - '0');
    }
    *out_column = column;
    *out_row = row;
    return column > 0;
}
