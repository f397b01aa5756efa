/* Calendar arithmetic, zones, and the properties of temporal values. The calendar is proleptic
 * Gregorian over years ±999,999,999; zone rules are asked of `when`, clamped to its years. */
#include "feel/feel_int.h"
#include "when/when.h"

/* ---- days and dates (civil calendar by eras of 400 years) ---- */

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void feel_date_parts(int64_t days, int64_t *out_year, int *out_month, int *out_day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *out_day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *out_month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *out_year = yoe + era * 400 + (*out_month <= 2);
}

int feel__days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

bool feel_date_ymd(int64_t year, int month, int day, struct feel_value *out)
{
    if (year < -FEEL_YEAR_MAX || year > FEEL_YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > feel__days_in_month(year, month))
        return false;
    *out = feel_date(days_of(year, month, day));
    return true;
}

static bool is_in_calendar(int64_t days)
{
    return days >= days_of(-FEEL_YEAR_MAX, 1, 1) && days <= days_of(FEEL_YEAR_MAX, 12, 31);
}

bool feel__add_months(int64_t days, int64_t months, int64_t *out_days)
{
    int64_t year = 0;
    int month = 0, day = 0;
    struct feel_value result;
    feel_date_parts(days, &year, &month, &day);
    if (months > 24LL * FEEL_YEAR_MAX || months < -24LL * FEEL_YEAR_MAX)
        return false;
    int64_t total = year * 12 + (month - 1) + months;
    int64_t new_year = total / 12 - (total % 12 < 0);
    int new_month = (int)(total - new_year * 12) + 1;
    int last = feel__days_in_month(new_year, new_month);
    if (!feel_date_ymd(new_year, new_month, day < last ? day : last, &result))
        return false;
    *out_days = result.days;
    return true;
}

/* ---- zones ---- */

static struct date clamped(int64_t days)
{
    int64_t low = days_of(2, 1, 1), high = days_of(9998, 12, 31);
    return (struct date){(int32_t)(days < low ? low : days > high ? high : days)};
}

void feel__settle(struct feel_value *value)
{
    if (value->zoning != FEEL_ZONE)
        return;
    int64_t instant = zone_instant(value->zone, clamped(value->days), value->nanos / 1000);
    value->offset_s = zone_offset_s(value->zone, instant);
}

bool feel__has_offset(const struct feel_value *value)
{
    return (value->kind == FEEL_TIME || value->kind == FEEL_DATE_TIME) &&
           value->zoning != FEEL_LOCAL && value->zoning != 0;
}

__int128 feel__instant_nanos(const struct feel_value *value)
{
    __int128 nanos = value->nanos;
    if (value->kind != FEEL_TIME)
        nanos += (__int128)value->days * NANOS_DAY;
    if (value->kind == FEEL_DATE)
        return (__int128)value->days * NANOS_DAY;
    return feel__has_offset(value) ? nanos - (__int128)value->offset_s * NANOS_S : nanos;
}

bool feel__shift(struct feel_value *value, __int128 nanos)
{
    bool is_zoned = value->kind == FEEL_DATE_TIME && value->zoning == FEEL_ZONE;
    __int128 total = (__int128)value->days * NANOS_DAY + value->nanos + nanos;
    if (is_zoned) { /* the instant moves; what the clocks of the zone show follows */
        __int128 utc = total - (__int128)value->offset_s * NANOS_S;
        __int128 day = utc / NANOS_DAY - (utc % NANOS_DAY < 0);
        if (day > INT64_MAX / 2 || day < INT64_MIN / 2)
            return false;
        int64_t us = (int64_t)clamped((int64_t)day).days * US_DAY +
                     (int64_t)((utc - day * NANOS_DAY) / 1000);
        value->offset_s = zone_offset_s(value->zone, us);
        total = utc + (__int128)value->offset_s * NANOS_S;
    }
    __int128 days = total / NANOS_DAY - (total % NANOS_DAY < 0);
    if (days > INT64_MAX / 2 || days < INT64_MIN / 2 || !is_in_calendar((int64_t)days))
        return false;
    value->days = (int64_t)days;
    value->nanos = (int64_t)(total - days * NANOS_DAY);
    return true;
}

/* ---- numbers wider than 64 bits ---- */

struct dec feel__dec_from_i128(__int128 value)
{
    bool is_negative = value < 0;
    unsigned __int128 size = is_negative ? -(unsigned __int128)value : (unsigned __int128)value;
    int64_t low = (int64_t)(size % 1000000000000000000U);
    int64_t high = (int64_t)(size / 1000000000000000000U);
    struct dec whole =
        dec_add(dec_mul(dec_from_i64(high), dec_from_i64(1000000000000000000)), dec_from_i64(low));
    return is_negative ? dec_neg(whole) : whole;
}

bool feel__dec_to_i128(struct dec value, __int128 *out)
{
    struct dec whole = dec_round(value, 0, DEC_DOWN);
    struct dec unit = dec_from_i64(1000000000000000000);
    struct dec high = dec_round(dec_div(whole, unit), 0, DEC_DOWN);
    int64_t h = 0, l = 0;
    if (!dec_to_i64(high, &h) || !dec_to_i64(dec_sub(whole, dec_mul(high, unit)), &l))
        return false;
    *out = (__int128)h * 1000000000000000000 + l;
    return true;
}

/* ---- properties ---- */

static bool is_name(struct str name, const char *property)
{
    return str_eq(name, str_of(property));
}

static bool date_property(const struct feel_value *value, struct str name, struct feel_value *out)
{
    int64_t year = 0;
    int month = 0, day = 0;
    feel_date_parts(value->days, &year, &month, &day);
    if (is_name(name, "year"))
        *out = feel_i64(year);
    else if (is_name(name, "month"))
        *out = feel_i64(month);
    else if (is_name(name, "day"))
        *out = feel_i64(day);
    else if (is_name(name, "weekday"))
        *out = feel_i64((value->days % 7 + 10) % 7 + 1); /* 1970-01-01 was a Thursday */
    else
        return false;
    return true;
}

static bool time_property(const struct feel_value *value, struct str name, struct feel_value *out)
{
    int64_t seconds = value->nanos / NANOS_S;
    if (is_name(name, "hour"))
        *out = feel_i64(seconds / 3600);
    else if (is_name(name, "minute"))
        *out = feel_i64(seconds / 60 % 60);
    else if (is_name(name, "second"))
        *out = feel_i64(seconds % 60);
    else if (is_name(name, "time offset"))
        *out = feel__has_offset(value)
                   ? (struct feel_value){.kind = FEEL_DAYS,
                                         .span_nanos = (__int128)value->offset_s * NANOS_S}
                   : feel_null();
    else if (is_name(name, "timezone"))
        *out = value->zoning == FEEL_ZONE ? feel_text(zone_name(value->zone)) : feel_null();
    else
        return false;
    return true;
}

static bool days_property(const struct feel_value *value, struct str name, struct feel_value *out)
{
    int64_t seconds = (int64_t)(value->span_nanos / NANOS_S);
    if (is_name(name, "days"))
        *out = feel_i64(seconds / 86400);
    else if (is_name(name, "hours"))
        *out = feel_i64(seconds / 3600 % 24);
    else if (is_name(name, "minutes"))
        *out = feel_i64(seconds / 60 % 60);
    else if (is_name(name, "seconds"))
        *out = feel_i64(seconds % 60);
    else
        return false;
    return true;
}

static bool range_property(const struct feel_range *range, struct str name, struct feel_value *out)
{
    bool is_equal = range->form == FEEL_RANGE_EQUAL;
    if (is_name(name, "start"))
        *out = range->low;
    else if (is_name(name, "end"))
        *out = is_equal ? range->low : range->high;
    else if (is_name(name, "start included"))
        *out = feel_bool(range->has_low);
    else if (is_name(name, "end included"))
        *out = feel_bool(range->has_high);
    else
        return false;
    return true;
}

static bool property(struct feel_run *run, const struct feel_value *value, struct str name,
                     struct feel_value *out)
{
    (void)run;
    switch ((enum feel_kind)value->kind) {
    case FEEL_DATE: return date_property(value, name, out);
    case FEEL_TIME: return time_property(value, name, out);
    case FEEL_DATE_TIME: return date_property(value, name, out) || time_property(value, name, out);
    case FEEL_DAYS: return days_property(value, name, out);
    case FEEL_MONTHS:
        *out = feel_i64(is_name(name, "years") ? value->months / 12 : value->months % 12);
        return is_name(name, "years") || is_name(name, "months");
    case FEEL_RANGE: return range_property(value->range, name, out);
    default: return false;
    }
}

struct feel_value feel__path(struct feel_run *run, const struct feel_value *value, struct str name,
                             uint32_t hash)
{
    struct feel_value out;
    if (value->kind == FEEL_CONTEXT) {
        if (feel__entry(value, name, hash, run->arena, &out))
            return out;
        return feel__no_entry(run, value, name);
    }
    if (value->kind == FEEL_LIST) {
        struct feel_value *items = feel__alloc(run, value->list.len, sizeof(*items));
        if (!items || !feel__steps(run, value->list.len))
            return feel_null();
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, run->arena), room;
            const struct feel_value *at =
                item.kind == FEEL_CONTEXT ? feel__entry_ref(&item, name, hash, run->arena, &room)
                                          : NULL;
            if (at) {
                items[i] = *at;
                continue;
            }
            items[i] = item.kind == FEEL_LIST ? feel_null() : feel__path(run, &item, name, hash);
        }
        return feel_list(items, value->list.len);
    }
    if (property(run, value, name, &out))
        return out;
    return feel__warn(run, M("A value of type {1} has no \"{0}\"."), name,
                      feel_kind_word(value->kind), STR_NONE);
}
