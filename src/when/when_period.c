/* Periods: how time is cut for settlement, plans and reports, and their short texts. A period is
 * two dates; a zone turns it into instants, so one period is the same month in every zone. */
#include "when/when_int.h"

enum { ANCHOR_DAY_MAX = 28 }; /* a start that every month has */

static const struct kind_info {
    const char *name;
    int months;
} kinds[] = {[PERIOD_DAY] = {"day", 0},
             [PERIOD_WEEK] = {"week", 0},
             [PERIOD_MONTH] = {"month", 1},
             [PERIOD_QUARTER] = {"quarter", 3},
             [PERIOD_YEAR] = {"year", 12}};

const char *period_kind_name(enum period_kind kind)
{
    assert(kind >= PERIOD_DAY && kind <= PERIOD_YEAR);
    return kinds[kind].name;
}

enum period_kind period_kind_find(struct str name)
{
    for (enum period_kind kind = PERIOD_DAY; kind <= PERIOD_YEAR; kind++)
        if (str_eq(name, str_of(kinds[kind].name)))
            return kind;
    return 0;
}

bool period_anchor_ok(enum period_kind kind, int anchor)
{
    if (anchor == 0)
        return true;
    switch (kind) {
    case PERIOD_DAY: return false;
    case PERIOD_WEEK: return anchor >= 1 && anchor <= 7;
    case PERIOD_MONTH: return anchor >= 1 && anchor <= ANCHOR_DAY_MAX;
    case PERIOD_QUARTER:
    case PERIOD_YEAR:
        return anchor / 100 >= 1 && anchor / 100 <= 12 && anchor % 100 >= 1 &&
               anchor % 100 <= ANCHOR_DAY_MAX;
    }
    return false;
}

static struct period with_end(enum period_kind kind, int anchor, struct date start)
{
    struct date end = kind == PERIOD_DAY    ? date_add_days(start, 1)
                      : kind == PERIOD_WEEK ? date_add_days(start, 7)
                                            : date_add_months(start, kinds[kind].months);
    return (struct period){kind, anchor, start, end};
}

/* A usual anchor is stored as 0, so that equal periods compare equal. */
static int tidy_anchor(enum period_kind kind, int anchor)
{
    assert(period_anchor_ok(kind, anchor));
    bool is_usual = anchor == (kind == PERIOD_WEEK || kind == PERIOD_MONTH ? 1 : 101);
    return is_usual ? 0 : anchor;
}

/* Months from the start of the period that holds the date, counted from its own calendar month. */
static struct date months_start(struct date date, int months, int anchor_month, int anchor_day)
{
    struct ymd ymd = date_ymd(date);
    int index = ymd.year * 12 + ymd.month - 1 - (ymd.day < anchor_day);
    index -= (index - (anchor_month - 1)) % months; /* year 1 is index 12: never below zero */
    if (index < 12)
        return (struct date){DAYS_FIRST};
    return date_of(index / 12, index % 12 + 1, anchor_day);
}

struct period period_of(enum period_kind kind, int anchor, struct date date)
{
    anchor = tidy_anchor(kind, anchor);
    if (kind == PERIOD_DAY)
        return with_end(kind, anchor, date);
    if (kind == PERIOD_WEEK) {
        int first = anchor ? anchor : 1;
        int back = (date_weekday(date) - first + 7) % 7;
        return with_end(kind, anchor, date_add_days(date, -back));
    }
    int month = kind == PERIOD_MONTH || anchor == 0 ? 1 : anchor / 100;
    int day = anchor == 0 ? 1 : kind == PERIOD_MONTH ? anchor : anchor % 100;
    return with_end(kind, anchor, months_start(date, kinds[kind].months, month, day));
}

struct period period_step(struct period period, int n)
{
    struct date start = period.kind == PERIOD_DAY ? date_add_days(period.start, n)
                        : period.kind == PERIOD_WEEK
                            ? date_add_days(period.start, 7 * (int64_t)n)
                            : date_add_months(period.start, (int64_t)kinds[period.kind].months * n);
    return with_end(period.kind, period.anchor, start);
}

struct span period_span(struct period period, const struct zone *zone)
{
    return (struct span){zone_day_start(zone, period.start), zone_day_start(zone, period.end)};
}

bool span_has(struct span span, int64_t at_us)
{
    return at_us >= span.start_us && at_us < span.end_us;
}

bool period_eq(struct period a, struct period b)
{
    return a.kind == b.kind && a.anchor == b.anchor && a.start.days == b.start.days &&
           a.end.days == b.end.days;
}

/* ---- texts ---- */

/* The quarter's number and the year of its first quarter, counted from the anchor's month. */
static void quarter_of(struct period period, int *out_year, int *out_quarter)
{
    int first = period.anchor ? period.anchor / 100 : 1;
    struct ymd start = date_ymd(period.start);
    int months = start.month - first;
    *out_year = start.year - (months < 0);
    *out_quarter = (months + 12) % 12 / 3 + 1;
}

size_t period_print_to(char out[PERIOD_TEXT_MAX], struct period period)
{
    struct ymd start = date_ymd(period.start);
    int len = 0;
    switch (period.kind) {
    case PERIOD_DAY: return date_print_to(out, period.start);
    case PERIOD_WEEK: {
        struct iso_week week = date_iso_week(period.start);
        len = snprintf(out, PERIOD_TEXT_MAX, "%04d-W%02d", week.year, week.week);
        break;
    }
    case PERIOD_MONTH:
        len = snprintf(out, PERIOD_TEXT_MAX, "%04d-%02d", start.year, start.month);
        break;
    case PERIOD_QUARTER: {
        int year, quarter;
        quarter_of(period, &year, &quarter);
        len = snprintf(out, PERIOD_TEXT_MAX, "%04d-Q%d", year, quarter);
        break;
    }
    case PERIOD_YEAR: len = snprintf(out, PERIOD_TEXT_MAX, "%04d", start.year); break;
    }
    assert(len > 0 && len < PERIOD_TEXT_MAX);
    return (size_t)len;
}

struct str period_print(struct arena *arena, struct period period)
{
    char text[PERIOD_TEXT_MAX];
    size_t len = period_print_to(text, period);
    return str_dup(arena, (struct str){text, len});
}

static bool parse_week(int year, struct str rest, int anchor, struct period *out)
{
    int week;
    struct date fourth;
    if (!when__digits(&rest, 2, &week) || rest.len > 0 || week < 1 ||
        !date_make(year, 1, 4, &fourth) || !period_anchor_ok(PERIOD_WEEK, anchor))
        return false;
    /* 4 January is always in week 1. */
    struct date monday = date_add_days(fourth, 1 - date_weekday(fourth) + 7 * (week - 1));
    struct date start = date_add_days(monday, (anchor ? anchor : 1) - 1);
    *out = period_of(PERIOD_WEEK, anchor, start);
    return true;
}

static bool parse_quarter(int year, struct str rest, int anchor, struct period *out)
{
    int quarter;
    if (!when__digits(&rest, 1, &quarter) || rest.len > 0 || quarter < 1 || quarter > 4 ||
        year < 1 || !period_anchor_ok(PERIOD_QUARTER, anchor))
        return false;
    struct date first = anchor ? date_of(year, anchor / 100, anchor % 100) : date_of(year, 1, 1);
    *out = period_of(PERIOD_QUARTER, anchor, date_add_months(first, (quarter - 1) * 3));
    return true;
}

static bool parse_year(int year, int anchor, struct period *out)
{
    if (year < 1 || !period_anchor_ok(PERIOD_YEAR, anchor))
        return false;
    struct date start = anchor ? date_of(year, anchor / 100, anchor % 100) : date_of(year, 1, 1);
    *out = period_of(PERIOD_YEAR, anchor, start);
    return true;
}

static bool parse_any(struct str text, int anchor, struct period *out)
{
    struct str rest = text;
    struct date date;
    int year, month;
    if (!when__digits(&rest, 4, &year))
        return false;
    if (rest.len == 0)
        return parse_year(year, anchor, out);
    if (!when__char(&rest, '-'))
        return false;
    if (when__char(&rest, 'W'))
        return parse_week(year, rest, anchor, out);
    if (when__char(&rest, 'Q'))
        return parse_quarter(year, rest, anchor, out);
    if (text.len == 10 && anchor == 0 && date_parse(text, &date)) {
        *out = period_of(PERIOD_DAY, 0, date);
        return true;
    }
    if (!when__digits(&rest, 2, &month) || rest.len > 0 ||
        !period_anchor_ok(PERIOD_MONTH, anchor) ||
        !date_make(year, month, anchor ? anchor : 1, &date))
        return false;
    *out = period_of(PERIOD_MONTH, anchor, date);
    return true;
}

bool period_parse(struct str text, int anchor, struct period *out)
{
    struct period period;
    char printed[PERIOD_TEXT_MAX];
    /* A week 53 that the year has not, or one beyond the calendar, prints as another. */
    if (!parse_any(text, anchor, &period))
        return false;
    size_t len = period_print_to(printed, period);
    if (!str_eq(text, (struct str){printed, len}))
        return false;
    *out = period;
    return true;
}
