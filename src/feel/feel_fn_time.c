/* Built-in functions that make and question temporal values (DMN 1.5 sections 10.3.4.1, 10.3.4.7,
 * 10.3.4.10). */
#include "feel/feel_int.h"
#include "when/when.h"

static bool whole(const struct feel_value *value, int64_t *out)
{
    return dec_to_i64(value->number, out);
}

static struct feel_value fn_date(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value from = args[0], out;
    (void)len;
    if (from.kind == FEEL_LIST && from.list.len == 1)
        from = feel_item(&from, 0, run->arena);
    if (from.kind == FEEL_DATE || from.kind == FEEL_DATE_TIME)
        return feel_date(from.days);
    if (from.kind == FEEL_STRING && feel__parse_date(from.text, &out))
        return out;
    return feel__expected(run, M("a date as text, a date or a date and time"), &from);
}

static struct feel_value fn_date_parts(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    int64_t year = 0, month = 0, day = 0;
    struct feel_value out;
    (void)len;
    if (whole(&args[0], &year) && whole(&args[1], &month) && whole(&args[2], &day) && month > 0 &&
        month < 13 && day > 0 && day < 32 && feel_date_ymd(year, (int)month, (int)day, &out))
        return out;
    return feel__warn(run, M("There is no such day."), STR_NONE, STR_NONE, STR_NONE);
}

static struct feel_value fn_time(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value from = args[0], out;
    (void)len;
    if (from.kind == FEEL_LIST && from.list.len == 1)
        from = feel_item(&from, 0, run->arena);
    if (from.kind == FEEL_TIME)
        return from;
    if (from.kind == FEEL_DATE_TIME) {
        from.kind = FEEL_TIME;
        from.days = 0;
        return from;
    }
    if (from.kind == FEEL_DATE)
        return (struct feel_value){.kind = FEEL_TIME, .zoning = FEEL_OFFSET};
    if (from.kind == FEEL_STRING && feel__parse_time(run->arena, from.text, &out))
        return out;
    return feel__expected(run, M("a time as text, a time or a date and time"), &from);
}

static struct feel_value fn_time_parts(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    int64_t hour = 0, minute = 0, nanos = 0;
    struct feel_value out = {.kind = FEEL_TIME, .zoning = FEEL_LOCAL};
    if (!whole(&args[0], &hour) || !whole(&args[1], &minute) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || !dec_to_scaled(args[2].number, 9, DEC_DOWN, &nanos) ||
        nanos < 0 || nanos >= 60 * NANOS_S)
        return feel__warn(run, M("There is no such time."), STR_NONE, STR_NONE, STR_NONE);
    out.nanos = (hour * 3600 + minute * 60) * NANOS_S + nanos;
    if (len > 3 && !feel__is_null(&args[3])) {
        int64_t offset = args[3].kind == FEEL_DAYS ? (int64_t)(args[3].span_nanos / NANOS_S) : 0;
        if (args[3].kind != FEEL_DAYS || offset > 18 * 3600 || offset < -18 * 3600)
            return feel__expected(run, M("an offset of at most 18 hours"), &args[3]);
        out.zoning = FEEL_OFFSET;
        out.offset_s = (int32_t)offset;
    }
    return out;
}

static struct feel_value fn_date_time(struct feel_run *run, const struct feel_value *args,
                                      size_t len)
{
    struct feel_value from = args[0], out;
    (void)len;
    if (from.kind == FEEL_LIST && from.list.len == 1)
        from = feel_item(&from, 0, run->arena);
    if (from.kind == FEEL_DATE_TIME)
        return from;
    if (from.kind == FEEL_DATE)
        return (struct feel_value){
            .kind = FEEL_DATE_TIME, .zoning = FEEL_OFFSET, .days = from.days};
    if (from.kind == FEEL_STRING && feel__parse_date_time(run->arena, from.text, &out))
        return out;
    return feel__expected(run, M("a date and time as text"), &from);
}

static struct feel_value fn_date_with_time(struct feel_run *run, const struct feel_value *args,
                                           size_t len)
{
    struct feel_value out = args[1];
    (void)len;
    if (args[1].kind != FEEL_TIME)
        return feel__expected(run, M("time"), &args[1]);
    out.kind = FEEL_DATE_TIME;
    out.days = args[0].days;
    feel__settle(&out);
    return out;
}

static struct feel_value fn_duration(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    struct feel_value from = args[0], out;
    (void)len;
    if (from.kind == FEEL_LIST && from.list.len == 1)
        from = feel_item(&from, 0, run->arena);
    if (from.kind == FEEL_DAYS || from.kind == FEEL_MONTHS)
        return from;
    if (from.kind == FEEL_STRING && feel__parse_duration(from.text, &out))
        return out;
    return feel__expected(run, M("a duration as text"), &from);
}

/* Whole months from one day to the other, toward zero. */
static struct feel_value fn_months_between(struct feel_run *run, const struct feel_value *args,
                                           size_t len)
{
    int64_t year[2];
    int month[2], day[2];
    (void)run, (void)len;
    for (int i = 0; i < 2; i++)
        feel_date_parts(args[i].days, &year[i], &month[i], &day[i]);
    int64_t months = (year[1] - year[0]) * 12 + (month[1] - month[0]);
    if (months > 0 && day[1] < day[0])
        months--;
    if (months < 0 && day[1] > day[0])
        months++;
    return (struct feel_value){.kind = FEEL_MONTHS, .months = months};
}

static struct feel_value fn_now(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)args, (void)len;
    if (!run->now.has)
        return feel__warn(run, M("There is no clock here."), STR_NONE, STR_NONE, STR_NONE);
    return feel_instant(run->now.v, run->now_offset_s, run->now_zone);
}

static struct feel_value fn_today(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value now = fn_now(run, args, len);
    return feel__is_null(&now) ? now : feel_date(now.days);
}

static int weekday(int64_t days) /* 0 = Monday */
{
    return (int)((days % 7 + 10) % 7);
}

static struct feel_value fn_day_of_week(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    (void)run, (void)len;
    return feel_text(str_of(names[weekday(args[0].days)]));
}

static struct feel_value fn_month_of_year(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    int64_t year = 0;
    int month = 0, day = 0;
    (void)run, (void)len;
    feel_date_parts(args[0].days, &year, &month, &day);
    return feel_text(str_of(names[month - 1]));
}

static int64_t first_of(int64_t year)
{
    struct feel_value first = feel_date(0);
    return feel_date_ymd(year, 1, 1, &first) ? first.days : 0;
}

static int64_t year_of(int64_t days)
{
    int64_t year = 0;
    int month = 0, day = 0;
    feel_date_parts(days, &year, &month, &day);
    return year;
}

static struct feel_value fn_day_of_year(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    (void)run, (void)len;
    return feel_i64(args[0].days - first_of(year_of(args[0].days)) + 1);
}

/* ISO 8601: the week belongs to the year of its Thursday. */
static struct feel_value fn_week_of_year(struct feel_run *run, const struct feel_value *args,
                                         size_t len)
{
    int64_t thursday = args[0].days - weekday(args[0].days) + 3;
    (void)run, (void)len;
    return feel_i64((thursday - first_of(year_of(thursday))) / 7 + 1);
}

static struct feel_value fn_is(struct feel_run *run, const struct feel_value *args, size_t len)
{
    const struct feel_value *a = &args[0], *b = &args[1];
    (void)len;
    if (a->kind != b->kind)
        return feel_bool(false);
    if (a->kind == FEEL_TIME || a->kind == FEEL_DATE_TIME)
        return feel_bool(a->days == b->days && a->nanos == b->nanos && a->zoning == b->zoning &&
                         a->offset_s == b->offset_s &&
                         (a->zoning != FEEL_ZONE || a->zone == b->zone));
    return feel_bool(feel_same(a, b, run->arena));
}

static const struct feel_builtin table[] = {
    {"date and time", "from:a", fn_date_time},
    {"date and time", "date:d,time:a", fn_date_with_time},
    {"date", "from:a", fn_date},
    {"date", "year:n,month:n,day:n", fn_date_parts},
    {"time", "from:a", fn_time},
    {"time", "hour:n,minute:n,second:n,offset:a?", fn_time_parts},
    {"duration", "from:a", fn_duration},
    {"years and months duration", "from:d,to:d", fn_months_between},
    {"now", "", fn_now},
    {"today", "", fn_today},
    {"day of week", "date:d", fn_day_of_week},
    {"month of year", "date:d", fn_month_of_year},
    {"day of year", "date:d", fn_day_of_year},
    {"week of year", "date:d", fn_week_of_year},
    {"is", "value1:a?,value2:a?", fn_is},
};

const struct builtin_table feel__temporals = {table, LEN(table)};
