/* Temporal values as text: ISO 8601 forms of XML Schema Part 2 as DMN narrows them (section
 * 10.3.4.1), with "@Zone/Name" after a time, read and printed. */
#include "feel/feel_int.h"
#include "when/when.h"

struct scan {
    struct str s;
    size_t at;
};

static bool take(struct scan *scan, char c)
{
    bool is = scan->at < scan->s.len && scan->s.at[scan->at] == c;
    scan->at += is;
    return is;
}

/* Digits up to `max`; their count, and the number. */
static size_t take_digits(struct scan *scan, size_t max, int64_t *out)
{
    size_t count = 0;
    *out = 0;
    while (count < max && scan->at < scan->s.len && scan->s.at[scan->at] >= '0' &&
           scan->s.at[scan->at] <= '9') {
        *out = *out * 10 + (scan->s.at[scan->at++] - '0');
        count++;
    }
    return count;
}

static bool two_digits(struct scan *scan, int max, int *out)
{
    int64_t value = 0;
    if (take_digits(scan, 2, &value) != 2 || value > max)
        return false;
    *out = (int)value;
    return true;
}

/* A fraction of a second after its point, cut to nanoseconds. */
static bool fraction(struct scan *scan, int64_t *out_nanos)
{
    int64_t value = 0, rest = 0;
    size_t count = take_digits(scan, 9, &value);
    for (size_t i = count; i < 9; i++)
        value *= 10;
    while (take_digits(scan, 18, &rest) > 0)
        continue;
    *out_nanos = value;
    return count > 0;
}

static bool scan_date(struct scan *scan, struct feel_value *out)
{
    int64_t year = 0;
    int month = 0, day = 0;
    bool is_negative = take(scan, '-');
    size_t from = scan->at;
    size_t digits = take_digits(scan, 9, &year);
    if (digits < 4 || (digits > 4 && scan->s.at[from] == '0'))
        return false;
    return take(scan, '-') && two_digits(scan, 12, &month) && take(scan, '-') &&
           two_digits(scan, 31, &day) && feel_date_ymd(is_negative ? -year : year, month, day, out);
}

static bool scan_offset(struct scan *scan, int sign, int32_t *out_s)
{
    int hours = 0, minutes = 0, seconds = 0;
    if (!two_digits(scan, 18, &hours) || !take(scan, ':') || !two_digits(scan, 59, &minutes))
        return false;
    if (take(scan, ':') && !two_digits(scan, 59, &seconds))
        return false;
    *out_s = sign * (hours * 3600 + minutes * 60 + seconds);
    return *out_s <= 18 * 3600 && *out_s >= -18 * 3600;
}

static bool scan_zone(struct scan *scan, struct feel_value *out)
{
    out->zoning = FEEL_OFFSET;
    if (scan->at == scan->s.len) {
        out->zoning = FEEL_LOCAL;
        return true;
    }
    if (take(scan, 'Z') || take(scan, 'z'))
        return true;
    if (take(scan, '+'))
        return scan_offset(scan, 1, &out->offset_s);
    if (take(scan, '-'))
        return scan_offset(scan, -1, &out->offset_s);
    if (!take(scan, '@'))
        return false;
    out->zoning = FEEL_ZONE;
    out->zone = zone_find(str_sub(scan->s, scan->at, scan->s.len - scan->at));
    scan->at = scan->s.len;
    return out->zone != NULL;
}

/* 24:00:00 is the next midnight. */
static bool scan_time(struct scan *scan, struct feel_value *out)
{
    int hour = 0, minute = 0, second = 0;
    int64_t nanos = 0;
    if (!two_digits(scan, 24, &hour) || !take(scan, ':') || !two_digits(scan, 59, &minute) ||
        !take(scan, ':') || !two_digits(scan, 59, &second))
        return false;
    if (take(scan, '.') && !fraction(scan, &nanos))
        return false;
    out->nanos = (int64_t)(hour * 3600 + minute * 60 + second) * NANOS_S + nanos;
    return out->nanos <= NANOS_DAY && scan_zone(scan, out) && scan->at == scan->s.len;
}

bool feel__parse_date(struct str s, struct feel_value *out)
{
    struct scan scan = {s, 0};
    struct feel_value value;
    if (!scan_date(&scan, &value) || scan.at != s.len)
        return false;
    *out = value;
    return true;
}

bool feel__parse_time(struct arena *arena, struct str s, struct feel_value *out)
{
    struct scan scan = {s, 0};
    struct feel_value value = {.kind = FEEL_TIME};
    (void)arena;
    if (!scan_time(&scan, &value))
        return false;
    value.nanos %= NANOS_DAY;
    /* The rules of a zone need a day; times of day take those of 1970's first. */
    feel__settle(&value);
    *out = value;
    return true;
}

bool feel__parse_date_time(struct arena *arena, struct str s, struct feel_value *out)
{
    struct scan scan = {s, 0};
    struct feel_value day, value = {.kind = FEEL_DATE_TIME, .zoning = FEEL_LOCAL};
    (void)arena;
    if (!scan_date(&scan, &day))
        return false;
    if (scan.at < s.len && (!take(&scan, 'T') || !scan_time(&scan, &value)))
        return false;
    value.days = day.days + value.nanos / NANOS_DAY;
    value.nanos %= NANOS_DAY;
    feel__settle(&value);
    *out = value;
    return true;
}

/* ---- durations ---- */

struct amounts {
    int64_t years, months, days, hours, minutes, seconds, nanos;
    bool has_months, has_days, has_time;
};

static bool scan_date_part(struct scan *scan, struct amounts *a)
{
    const char *order = "YMD";
    int64_t value = 0;
    while (scan->at < scan->s.len && scan->s.at[scan->at] != 'T') {
        if (!take_digits(scan, 18, &value) || scan->at >= scan->s.len)
            return false;
        const char *unit = scan->s.at[scan->at] ? strchr(order, scan->s.at[scan->at]) : NULL;
        if (!unit)
            return false;
        scan->at++;
        if (*unit == 'Y')
            a->years = value;
        else if (*unit == 'M')
            a->months = value;
        else
            a->days = value;
        a->has_days = a->has_days || *unit == 'D';
        a->has_months = a->has_months || *unit != 'D';
        order = unit + 1;
    }
    return true;
}

static bool scan_time_part(struct scan *scan, struct amounts *a)
{
    const char *order = "HMS";
    int64_t value = 0;
    if (!take(scan, 'T'))
        return true;
    a->has_time = scan->at < scan->s.len;
    while (scan->at < scan->s.len) {
        bool has_point = false;
        if (!take_digits(scan, 18, &value))
            return false;
        if (take(scan, '.')) {
            has_point = true;
            if (!fraction(scan, &a->nanos))
                return false;
        }
        char c = (char)(scan->at < scan->s.len ? scan->s.at[scan->at] : 0);
        const char *unit = c ? strchr(order, c) : NULL;
        if (!unit || (has_point && c != 'S'))
            return false;
        scan->at++;
        if (c == 'H')
            a->hours = value;
        else if (c == 'M')
            a->minutes = value;
        else
            a->seconds = value;
        order = unit + 1;
    }
    return a->has_time;
}

bool feel__parse_duration(struct str s, struct feel_value *out)
{
    struct scan scan = {s, 0};
    struct amounts a = {0};
    bool is_negative = take(&scan, '-');
    if (!take(&scan, 'P') || !scan_date_part(&scan, &a) || !scan_time_part(&scan, &a))
        return false;
    bool has_days = a.has_days || a.has_time;
    if (a.has_months == has_days || a.years > 100000000000000000)
        return false;
    if (a.has_months) {
        int64_t months = a.years * 12 + a.months;
        *out = (struct feel_value){.kind = FEEL_MONTHS, .months = is_negative ? -months : months};
        return true;
    }
    __int128 seconds =
        (__int128)a.days * 86400 + (__int128)a.hours * 3600 + (__int128)a.minutes * 60 + a.seconds;
    if (seconds > INT64_MAX)
        return false;
    __int128 nanos = seconds * NANOS_S + a.nanos;
    *out = (struct feel_value){.kind = FEEL_DAYS, .span_nanos = is_negative ? -nanos : nanos};
    return true;
}

struct feel_value feel_parse_temporal(struct arena *arena, struct str text)
{
    struct feel_value value;
    if (feel__parse_date(text, &value) || feel__parse_date_time(arena, text, &value) ||
        feel__parse_time(arena, text, &value) || feel__parse_duration(text, &value))
        return value;
    return feel_null();
}

/* ---- printing ---- */

static void print_date(struct buf *buf, int64_t days)
{
    int64_t year = 0;
    int month = 0, day = 0;
    feel_date_parts(days, &year, &month, &day);
    buf_printf(buf, "%s%04lld-%02d-%02d", year < 0 ? "-" : "", (long long)(year < 0 ? -year : year),
               month, day);
}

static void print_fraction(struct buf *buf, int64_t nanos)
{
    int digits = 9;
    if (nanos == 0)
        return;
    while (nanos % 10 == 0) {
        nanos /= 10;
        digits--;
    }
    buf_printf(buf, ".%0*lld", digits, (long long)nanos);
}

static void print_zone(struct buf *buf, const struct feel_value *value)
{
    int32_t offset = value->offset_s < 0 ? -value->offset_s : value->offset_s;
    if (value->zoning == FEEL_ZONE) {
        buf_char(buf, '@');
        buf_put(buf, zone_name(value->zone));
        return;
    }
    if (value->zoning != FEEL_OFFSET)
        return;
    if (offset == 0) {
        buf_char(buf, 'Z');
        return;
    }
    buf_printf(buf, "%c%02d:%02d", value->offset_s < 0 ? '-' : '+', offset / 3600,
               offset / 60 % 60);
    if (offset % 60)
        buf_printf(buf, ":%02d", offset % 60);
}

static void print_time(struct buf *buf, const struct feel_value *value)
{
    int seconds = (int)(value->nanos / NANOS_S);
    buf_printf(buf, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    print_fraction(buf, value->nanos % NANOS_S);
    print_zone(buf, value);
}

static void print_days(struct buf *buf, __int128 nanos)
{
    bool is_negative = nanos < 0;
    __int128 size = is_negative ? -nanos : nanos;
    int64_t seconds = (int64_t)(size / NANOS_S), rest = (int64_t)(size % NANOS_S);
    int64_t days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
    if (size == 0) {
        buf_put(buf, STR("PT0S"));
        return;
    }
    buf_put(buf, is_negative ? STR("-P") : STR("P"));
    if (days)
        buf_printf(buf, "%lldD", (long long)days);
    if (hours || minutes || seconds % 60 || rest)
        buf_char(buf, 'T');
    if (hours)
        buf_printf(buf, "%lldH", (long long)hours);
    if (minutes)
        buf_printf(buf, "%lldM", (long long)minutes);
    if (seconds % 60 || rest) {
        buf_i64(buf, seconds % 60);
        print_fraction(buf, rest);
        buf_char(buf, 'S');
    }
}

static void print_months(struct buf *buf, int64_t months)
{
    uint64_t size = months < 0 ? 0 - (uint64_t)months : (uint64_t)months;
    buf_put(buf, months < 0 ? STR("-P") : STR("P"));
    if (size / 12)
        buf_printf(buf, "%lluY", (unsigned long long)(size / 12));
    if (size % 12 || size == 0)
        buf_printf(buf, "%lluM", (unsigned long long)(size % 12));
}

void feel__print_temporal(struct buf *buf, const struct feel_value *value)
{
    switch ((enum feel_kind)value->kind) {
    case FEEL_DATE: print_date(buf, value->days); return;
    case FEEL_TIME: print_time(buf, value); return;
    case FEEL_DATE_TIME:
        print_date(buf, value->days);
        buf_char(buf, 'T');
        print_time(buf, value);
        return;
    case FEEL_DAYS: print_days(buf, value->span_nanos); return;
    case FEEL_MONTHS: print_months(buf, value->months); return;
    default: buf_put(buf, STR("null"));
    }
}
