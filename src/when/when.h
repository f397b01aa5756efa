/* when: instants, dates, periods, time zones, and the only clock. An instant is int64
 * microseconds UTC since 1970 wherever it is stored or computed with; `struct instant` is the
 * same number wearing a type, for places that choose by type (views, JSON). Intervals are
 * half-open. The calendar is proleptic Gregorian, years 1 to 9999.
 *
 * A zone is a table of offset changes read from ICU once, then plain data: looking up an offset
 * takes no lock and costs nanoseconds, so a million events are cut into days without a cache. */
#ifndef KONTOR_WHEN_H
#define KONTOR_WHEN_H

#include "base/base.h"

#define US_MS     INT64_C(1000)
#define US_SECOND INT64_C(1000000)
#define US_MINUTE (60 * US_SECOND)
#define US_HOUR   (3600 * US_SECOND)
#define US_DAY    (86400 * US_SECOND)

struct instant {
    int64_t us;
};
#define INSTANT(microseconds) ((struct instant){(microseconds)})

/* ---- the clock ---- */

int64_t when_now(void);          /* microseconds UTC; what the test clock says, if one is set */
void when_clock_set(int64_t us); /* tests: time stands still at `us` until set again */
void when_clock_real(void);
int64_t when_mono_us(void); /* monotonic, never the test clock */

struct deadline { /* a moment of the monotonic clock */
    int64_t mono_us;
};
struct deadline deadline_in_ms(int64_t ms);
int64_t deadline_left_ms(struct deadline deadline); /* 0 when passed; rounded up */
bool deadline_passed(struct deadline deadline);

/* ---- dates ---- */

struct date {
    int32_t days; /* since 1970-01-01 */
};

struct ymd {
    int year, month, day; /* month and day from 1 */
};

enum { DATE_TEXT_MAX = 16, INSTANT_TEXT_MAX = 32, PERIOD_TEXT_MAX = 16 };

MUST_USE bool date_make(int year, int month, int day, struct date *out); /* false: no such day */
struct date date_of(int year, int month, int day); /* asserts that it exists */
struct ymd date_ymd(struct date date);
MUST_USE bool date_parse(struct str text, struct date *out); /* "2026-10-01" only */
struct str date_print(struct arena *arena, struct date date);
size_t date_print_to(char out[DATE_TEXT_MAX], struct date date);
struct date date_add_days(struct date date, int64_t days); /* clamped to years 1…9999 */
struct date date_add_months(struct date date,
                            int64_t months); /* the day clamped to the month's end */
/* The greatest n with a + n months <= b (month ends clamped); negative when b < a. */
int64_t date_months_between(struct date a, struct date b);
int date_weekday(struct date date); /* 1 = Monday … 7 = Sunday */
int date_month_days(int year, int month);
struct iso_week {
    int year, week;
};
struct iso_week date_iso_week(struct date date);

/* ---- zones ---- */

struct zone;

/* By IANA name ("Europe/Moscow", "UTC"); NULL when ICU has none of that name. Cached for the
 * life of the process; any thread may call. */
const struct zone *zone_find(struct str iana_name);
const struct zone *zone_utc(void);
struct str zone_name(const struct zone *zone);
/* Names of all zones with a country, sorted, for a list to choose from. */
void zone_list(struct arena *arena, struct str_list *out);

struct local_time {
    struct date date;
    int64_t us_of_day;
    int32_t offset_s; /* east of UTC */
};
int32_t zone_offset_s(const struct zone *zone, int64_t at_us);
struct date zone_date(const struct zone *zone, int64_t at_us);
struct local_time zone_local(const struct zone *zone, int64_t at_us);
/* The first instant of the local date, whatever the clock shows then. */
int64_t zone_day_start(const struct zone *zone, struct date date);
/* Local clock time to instant. A time that the clocks skipped moves forward by the gap; a time
 * that happened twice means the first. */
int64_t zone_instant(const struct zone *zone, struct date date, int64_t us_of_day);

/* ---- RFC 3339 ---- */

/* Date, 'T' or space, time with seconds and up to nine digits of fraction (beyond six cut), then
 * 'Z' or an offset; an offset is required. A leap second counts as the next second. */
MUST_USE bool instant_parse(struct str text, int64_t *out_us);
/* Also accepts what people type: no offset (then local in `zone`), no seconds, a bare date. */
MUST_USE bool instant_parse_in(struct str text, const struct zone *zone, int64_t *out_us);
/* "2026-10-01T10:00:00Z", with a fraction of 3 or 6 digits only when there is one. */
struct str instant_print(struct arena *arena, int64_t at_us);
size_t instant_print_to(char out[INSTANT_TEXT_MAX], int64_t at_us);

/* ---- periods ---- */

enum period_kind { PERIOD_DAY = 1, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

/* `anchor` says where periods start; 0 is the usual place.
 *   week            weekday 1…7 (usual: 1, Monday)
 *   month           day 1…28 (usual: 1)
 *   quarter, year   month * 100 + day, day 1…28 (usual: 101): 401 is a year from 1 April
 * A month from the 15th is named by the month it starts in; the fiscal year by the calendar year
 * it starts in; a week by the ISO week that holds its first day. */
struct period {
    enum period_kind kind;
    int anchor;
    struct date start, end; /* [start, end) */
};

struct span {
    int64_t start_us, end_us; /* [start, end) */
};

bool period_anchor_ok(enum period_kind kind, int anchor);
struct period period_of(enum period_kind kind, int anchor, struct date date); /* that holds date */
struct period period_step(struct period period, int n); /* n periods later, or earlier */
struct span period_span(struct period period, const struct zone *zone);
bool span_has(struct span span, int64_t at_us);
/* "2026-10-01" day, "2026-W42" week, "1997-05" month, "2026-Q3" quarter, "2026" year; the kind
 * follows from the shape. */
MUST_USE bool period_parse(struct str text, int anchor, struct period *out);
struct str period_print(struct arena *arena, struct period period);
size_t period_print_to(char out[PERIOD_TEXT_MAX], struct period period);
/* "day", "week", "month", "quarter", "year": as stored and sent; 0 when unknown. */
const char *period_kind_name(enum period_kind kind);
enum period_kind period_kind_find(struct str name);
bool period_eq(struct period a, struct period b);

#endif
