/* Dates: days since 1970 and the proleptic Gregorian calendar, without a library, because runs cut
 * millions of events into days. The conversion counts years from 1 March, so that the leap day is
 * the last of the year, in eras of 400 years. */
#include "when/when_int.h"

enum { ERA_DAYS = 146097, MARCH_0000 = -719468 };

static int32_t days_from(int year, int month, int day)
{
    year -= month <= 2;
    int era = (int)when__floor_div(year, 400);
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era + MARCH_0000;
}

struct ymd date_ymd(struct date date)
{
    int days = date.days - MARCH_0000;
    int era = (int)when__floor_div(days, ERA_DAYS);
    int day_of_era = days - era * ERA_DAYS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (struct ymd){.year = year_of_era + era * 400 + (month <= 2),
                        .month = month,
                        .day = day_of_year - (153 * shifted + 2) / 5 + 1};
}

int date_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

bool date_make(int year, int month, int day, struct date *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > date_month_days(year, month))
        return false;
    *out = (struct date){days_from(year, month, day)};
    return true;
}

struct date date_of(int year, int month, int day)
{
    struct date date = {0};
    bool exists = date_make(year, month, day, &date);
    assert(exists);
    return date;
}

bool date_parse(struct str text, struct date *out)
{
    int year, month, day;
    return when__digits(&text, 4, &year) && when__char(&text, '-') &&
           when__digits(&text, 2, &month) && when__char(&text, '-') &&
           when__digits(&text, 2, &day) && text.len == 0 && date_make(year, month, day, out);
}

size_t date_print_to(char out[DATE_TEXT_MAX], struct date date)
{
    struct ymd ymd = date_ymd(date);
    int len = snprintf(out, DATE_TEXT_MAX, "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
    assert(len > 0 && len < DATE_TEXT_MAX);
    return (size_t)len;
}

struct str date_print(struct arena *arena, struct date date)
{
    char text[DATE_TEXT_MAX];
    size_t len = date_print_to(text, date);
    return str_dup(arena, (struct str){text, len});
}

struct date date_add_days(struct date date, int64_t days)
{
    int64_t sum;
    if (__builtin_add_overflow((int64_t)date.days, days, &sum))
        sum = days < 0 ? DAYS_FIRST : DAYS_LAST;
    sum = sum < DAYS_FIRST ? DAYS_FIRST : sum > DAYS_LAST ? DAYS_LAST : sum;
    return (struct date){(int32_t)sum};
}

struct date date_add_months(struct date date, int64_t months)
{
    enum { MONTHS_FAR = 200000 }; /* more than the calendar has: keeps the sum in range */
    months = months < -MONTHS_FAR ? -MONTHS_FAR : months > MONTHS_FAR ? MONTHS_FAR : months;
    struct ymd ymd = date_ymd(date);
    int64_t index = (int64_t)ymd.year * 12 + ymd.month - 1 + months;
    int year = (int)when__floor_div(index, 12);
    int month = (int)(index - (int64_t)year * 12) + 1;
    if (year < 1)
        return (struct date){DAYS_FIRST};
    if (year > 9999)
        return (struct date){DAYS_LAST};
    int last = date_month_days(year, month);
    return (struct date){days_from(year, month, ymd.day < last ? ymd.day : last)};
}

int64_t date_months_between(struct date a, struct date b)
{
    struct ymd from = date_ymd(a), to = date_ymd(b);
    int64_t months = (int64_t)(to.year - from.year) * 12 + (to.month - from.month);
    /* The guess is right or one too many: b may stand earlier in its month than a in its own. */
    if (date_add_months(a, months).days > b.days)
        months--;
    return months;
}

int date_weekday(struct date date)
{
    int64_t from_monday = (int64_t)date.days + 3; /* 1970-01-01 was a Thursday */
    return (int)(from_monday - when__floor_div(from_monday, 7) * 7) + 1;
}

struct iso_week date_iso_week(struct date date)
{
    /* A week belongs to the year of its Thursday. */
    int32_t thursday = date.days - date_weekday(date) + 4;
    int year = date_ymd((struct date){thursday}).year;
    return (struct iso_week){year, (thursday - days_from(year, 1, 1)) / 7 + 1};
}
