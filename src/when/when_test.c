/* Tests of when: the calendar against itself and ICU, clock changes at their edges, periods. */
#include <pthread.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "tests/tap.h"
#include "when/when.h"

static const struct zone *zone(const char *name)
{
    const struct zone *found = zone_find(str_of(name));
    assert(found);
    return found;
}

static int64_t at(const char *text)
{
    int64_t us = 0;
    bool is_read = instant_parse(str_of(text), &us);
    assert(is_read);
    return us;
}

static void test_dates(struct arena *arena)
{
    size_t wrong = 0;
    int32_t expected = date_of(1, 1, 1).days;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= date_month_days(year, month); day++) {
                struct date date = date_of(year, month, day);
                struct ymd back = date_ymd(date);
                wrong += date.days != expected++ || back.year != year || back.month != month ||
                         back.day != day;
            }
    is_i64((int64_t)wrong, 0, "days of all years follow one another and convert back");
    is_i64(date_of(1970, 1, 1).days, 0, "day 0 is 1970-01-01");
    struct date date;
    ok(!date_make(2026, 2, 29, &date) && date_make(2024, 2, 29, &date) &&
           !date_make(1900, 2, 29, &date) && date_make(2000, 2, 29, &date),
       "29 February exists in leap years only");
    ok(!date_parse(STR("2026-1-01"), &date) && !date_parse(STR("2026-13-01"), &date) &&
           !date_parse(STR("2026-01-01 "), &date) && !date_parse(STR("0000-01-01"), &date),
       "other shapes are no dates");
    is_str(date_print(arena, date_add_months(date_of(2026, 1, 31), 1)), "2026-02-28",
           "a month after 31 January is the end of February");
    is_str(date_print(arena, date_add_months(date_of(2024, 3, 31), -1)), "2024-02-29",
           "a month before 31 March is the end of February");
    is_str(date_print(arena, date_add_months(date_of(9999, 12, 1), 5)), "9999-12-31",
           "the calendar ends with 9999");
    is_str(date_print(arena, date_add_months(date_of(1, 2, 1), -5)), "0001-01-01",
           "and begins with 1");
    is_str(date_print(arena, date_add_months(date_of(2026, 2, 1), INT64_MAX)), "9999-12-31",
           "however many months are asked for");
    is_str(date_print(arena, date_add_months(date_of(2026, 2, 1), INT64_MIN)), "0001-01-01",
           "there or back");
    is_str(date_print(arena, date_add_days(date_of(2026, 2, 1), INT64_MAX)), "9999-12-31",
           "or days");
    is_str(date_print(arena, date_add_days(date_of(1, 1, 2), INT64_MIN)), "0001-01-01",
           "there and back too");
    is_i64(date_months_between(date_of(2026, 1, 31), date_of(2026, 2, 28)), 1,
           "31 January to 28 February is a month, as the addition says");
    is_i64(date_months_between(date_of(2026, 1, 15), date_of(2027, 1, 14)), 11,
           "eleven full months");
    is_i64(date_months_between(date_of(2026, 3, 1), date_of(2026, 2, 28)), -1,
           "backwards: negative");
    is_i64(date_weekday(date_of(2026, 11, 3)), 2, "3 November 2026 is a Tuesday");
    struct iso_week week = date_iso_week(date_of(2027, 1, 1));
    ok(week.year == 2026 && week.week == 53, "1 January 2027 is in week 53 of 2026");
}

static void is_time(struct arena *arena, const char *text, const char *want)
{
    int64_t us = -1;
    char name[96];
    (void)snprintf(name, sizeof(name), "%s is understood", text);
    if (ok(instant_parse(str_of(text), &us), name))
        is_str(instant_print(arena, us), want, "and is this moment");
}

static void test_texts(struct arena *arena)
{
    is_time(arena, "2026-10-01T10:00:00Z", "2026-10-01T10:00:00Z");
    is_time(arena, "2026-10-01t10:00:00.25+03:00", "2026-10-01T07:00:00.250Z");
    is_time(arena, "2026-10-01 00:30:00.123456789-05:30", "2026-10-01T06:00:00.123456Z");
    is_time(arena, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
    is_time(arena, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
    static const char *const bad[] = {"2026-10-01T10:00:00",
                                      "2026-10-01",
                                      "2026-10-01T24:00:00Z",
                                      "2026-10-01T10:60:00Z",
                                      "2026-10-01T10:00Z",
                                      "2026-10-01T10:00:00.Z",
                                      "2026-10-01T10:00:00+3:00",
                                      "2026-10-01T10:00:00ZZ",
                                      "2026-10-01T10:00:00+24:00",
                                      "2026-02-30T10:00:00Z",
                                      "2026-10-01x10:00:00Z",
                                      "2026-10-01T1:00:00Z",
                                      "2026-10-01T10-00:00Z",
                                      "2026-10-01T10:0:00Z",
                                      "2026-10-01T10:00:0Z",
                                      "2026-10-01T10:00:61Z",
                                      "2026-10-01T10:00:00+03-00",
                                      "2026-10-01T10:00:00+03:0",
                                      "2026-10-01T10:00:00+03:60",
                                      "2026-10-01T10:00:00+03:00x",
                                      "2026-10-01T10:00:00.1234567890Z"};
    int64_t us = 5;
    bool is_refused = true;
    for (size_t i = 0; i < LEN(bad); i++)
        is_refused = is_refused && !instant_parse(str_of(bad[i]), &us);
    ok(is_refused && us == 5, "what RFC 3339 does not allow is refused");

    const struct zone *madrid = zone("Europe/Madrid");
    ok(instant_parse_in(STR("2026-07-01 10:00"), madrid, &us) && us == at("2026-07-01T08:00:00Z"),
       "a time without offset is local");
    ok(instant_parse_in(STR("2026-07-01"), madrid, &us) && us == at("2026-06-30T22:00:00Z"),
       "a date is the start of the local day");
    ok(instant_parse_in(STR("2026-07-01T10:00:00Z"), madrid, &us) &&
           us == at("2026-07-01T10:00:00Z"),
       "an offset wins over the zone");
    ok(instant_parse_in(STR(" 2026-07-01 10:00z "), madrid, &us) &&
           us == at("2026-07-01T10:00:00Z"),
       "in small letters too");
    us = 5;
    ok(!instant_parse_in(STR("1 July"), madrid, &us) &&
           !instant_parse_in(STR("2026-07-01,10:00"), madrid, &us) &&
           !instant_parse_in(STR("2026-07-01 25:00"), madrid, &us) &&
           !instant_parse_in(STR("2026-07-01 10:00 in the morning"), madrid, &us) && us == 5,
       "what is no time is refused");
    is_str(instant_print(arena, INT64_MAX), "9999-12-31T04:00:54.775807Z",
           "what is beyond the calendar prints its last day");
    ok(!zone_find(STR("")) && !zone_find(STR("Europe/Mad rid")) && !zone_find(STR("Madrid\xc3")) &&
           !zone_find(STR("Europe/Atlantis")),
       "zones have the names of IANA");
}

/* Compares our tables with ICU itself at instants spread over centuries. */
static size_t differences_from_icu(const char *name)
{
    UErrorCode failed = U_ZERO_ERROR;
    UChar id[64];
    u_uastrcpy(id, name);
    UCalendar *calendar = ucal_open(id, -1, "en_US", UCAL_GREGORIAN, &failed);
    assert(U_SUCCESS(failed));
    const struct zone *tested = zone(name);
    size_t wrong = 0;
    int64_t step = INT64_C(1234567) * 1009 * US_SECOND / 600;
    for (int64_t us = at("1850-01-01T00:00:00Z"); us < at("2900-01-01T00:00:00Z"); us += step) {
        int64_t ms = us / US_MS;
        ucal_setMillis(calendar, (UDate)ms, &failed);
        int32_t offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &failed) +
                            ucal_get(calendar, UCAL_DST_OFFSET, &failed);
        wrong += zone_offset_s(tested, ms * US_MS) != offset_ms / 1000;
    }
    assert(U_SUCCESS(failed));
    ucal_close(calendar);
    return wrong;
}

static void test_zones(struct arena *arena)
{
    static const char *const names[] = {
        "Europe/Madrid",  "Europe/Moscow",     "America/Sao_Paulo", "Australia/Sydney",
        "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia",      "UTC"};
    size_t wrong = 0;
    for (size_t i = 0; i < LEN(names); i++)
        wrong += differences_from_icu(names[i]);
    is_i64((int64_t)wrong, 0, "offsets of 1,050 years equal ICU's");

    const struct zone *madrid = zone("Europe/Madrid");
    is_i64(zone_offset_s(madrid, at("2026-03-29T00:59:59Z")), 3600, "a second before summer time");
    is_i64(zone_offset_s(madrid, at("2026-03-29T01:00:00Z")), 7200, "the first second of it");
    is_str(instant_print(arena, zone_instant(madrid, date_of(2026, 3, 29), 150 * US_MINUTE)),
           "2026-03-29T01:30:00Z", "a skipped local time moves forward by the gap");
    is_str(instant_print(arena, zone_instant(madrid, date_of(2026, 10, 25), 150 * US_MINUTE)),
           "2026-10-25T00:30:00Z", "a local time that happens twice means the first");
    int64_t start = zone_day_start(madrid, date_of(2026, 10, 25));
    is_i64(zone_day_start(madrid, date_of(2026, 10, 26)) - start, 25 * US_HOUR,
           "the day of the change to winter has 25 hours");
    const struct zone *paulo = zone("America/Sao_Paulo");
    is_str(instant_print(arena, zone_day_start(paulo, date_of(2017, 10, 15))),
           "2017-10-15T03:00:00Z", "a day without midnight starts when the gap ends");
    is_i64(zone_date(paulo, at("2017-10-15T02:59:59Z")).days, date_of(2017, 10, 14).days,
           "and the second before it is the day before");
    const struct zone *apia = zone("Pacific/Apia");
    is_i64(zone_day_start(apia, date_of(2011, 12, 31)) -
               zone_day_start(apia, date_of(2011, 12, 30)),
           0, "a date that never was is empty");
    is_str(instant_print(arena, zone_day_start(zone("America/Toronto"), date_of(1919, 3, 31))),
           "1919-03-31T04:30:00Z", "a gap that swallows midnight from before: the gap's end");

    ok(!zone_find(STR("Mars/Olympus")) && !zone_find(STR("")) && !zone_find(STR("GMT+3")) &&
           !zone_find(STR_NONE),
       "an unknown zone is no zone");
    ok(zone("Europe/Madrid") == madrid, "a zone is read once");
    ok(zone_find(STR("UTC")) == zone_utc(), "UTC is a zone");
    struct str_list list;
    zone_list(arena, &list);
    bool is_sorted = list.len > 300;
    for (size_t i = 1; i < list.len; i++)
        is_sorted = is_sorted && str_cmp(list.at[i - 1], list.at[i]) < 0;
    ok(is_sorted, "the list to choose from is sorted, each once");
}

static void *find_many(void *names)
{
    const char *const *name = names;
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; name[i]; i++)
            if (!zone_find(str_of(name[i])))
                return names;
    return NULL;
}

static void test_threads(void)
{
    static const char *names[] = {"Asia/Tokyo", "Asia/Almaty", "Europe/Paris", "Asia/Omsk", NULL};
    pthread_t threads[4];
    bool is_fine = true;
    for (size_t i = 0; i < LEN(threads); i++)
        is_fine = pthread_create(&threads[i], NULL, find_many, names) == 0 && is_fine;
    for (size_t i = 0; i < LEN(threads); i++) {
        void *failed = NULL;
        (void)pthread_join(threads[i], &failed);
        is_fine = is_fine && !failed;
    }
    ok(is_fine, "threads find zones at the same time");
}

static void is_period(struct arena *arena, const char *text, int anchor, const char *start,
                      const char *end)
{
    struct period period;
    char name[96];
    (void)snprintf(name, sizeof(name), "%s with anchor %d", text, anchor);
    if (!ok(period_parse(str_of(text), anchor, &period), name))
        return;
    is_str(date_print(arena, period.start), start, "starts on");
    is_str(date_print(arena, period.end), end, "ends before");
    is_str(period_print(arena, period), text, "prints as it was written");
}

static void test_periods(struct arena *arena)
{
    is_period(arena, "1997-05", 0, "1997-05-01", "1997-06-01");
    is_period(arena, "1997-05", 15, "1997-05-15", "1997-06-15");
    is_period(arena, "2026-Q3", 0, "2026-07-01", "2026-10-01");
    is_period(arena, "2026-Q4", 401, "2027-01-01", "2027-04-01");
    is_period(arena, "2026", 0, "2026-01-01", "2027-01-01");
    is_period(arena, "2026", 406, "2026-04-06", "2027-04-06");
    is_period(arena, "2026-W53", 0, "2026-12-28", "2027-01-04");
    is_period(arena, "2026-W42", 7, "2026-10-18", "2026-10-25");
    is_period(arena, "2026-02-28", 0, "2026-02-28", "2026-03-01");
    static const char *const bad[] = {"2026-13",  "2026-Q5",  "2026-W54", "26-05",    "2026-5",
                                      "2026-Q",   "",         "2026-",    "2026-05x", "0000",
                                      "2025-W53", "9999-W53", "2026x",    "2026/05",  "2026-W1",
                                      "2026-W00", "0000-W01", "0000-Q1",  "2026-Q0",  "2026-Q1x"};
    struct period period;
    bool is_refused = true;
    for (size_t i = 0; i < LEN(bad); i++)
        is_refused = is_refused && !period_parse(str_of(bad[i]), 0, &period);
    ok(is_refused, "other texts are no periods");
    ok(!period_parse(STR("2026-05"), 31, &period), "a month cannot start on the 31st");
    ok(!period_parse(STR("2026-W05"), 8, &period), "nor a week on an eighth day");
    ok(!period_parse(STR("2026-Q1"), 1301, &period) && !period_parse(STR("2026"), 129, &period) &&
           !period_parse(STR("2026"), 99, &period) && !period_parse(STR("2026-Q1"), 100, &period),
       "nor a quarter or a year on a day that not all have");
    ok(!period_parse(STR("2026-05-01"), 15, &period) && !period_anchor_ok(PERIOD_DAY, 1) &&
           period_anchor_ok(PERIOD_DAY, 0) && !period_anchor_ok((enum period_kind)9, 1),
       "a day starts nowhere else");
    is_str(date_print(arena, period_of(PERIOD_MONTH, 15, date_of(1, 1, 3)).start), "0001-01-01",
           "the first period begins with the calendar");

    static const int anchors[][3] = {{PERIOD_DAY, 0, 0},        {PERIOD_WEEK, 0, 3},
                                     {PERIOD_MONTH, 0, 28},     {PERIOD_QUARTER, 0, 215},
                                     {PERIOD_YEAR, 1001, 1228}, {PERIOD_QUARTER, 101, 1131 - 3}};
    size_t wrong = 0;
    for (size_t i = 0; i < LEN(anchors); i++)
        for (int k = 1; k < 3; k++)
            for (int32_t day = date_of(2019, 1, 1).days; day < date_of(2025, 1, 1).days; day++) {
                enum period_kind kind = (enum period_kind)anchors[i][0];
                struct period is = period_of(kind, anchors[i][k], (struct date){day});
                struct period next = period_step(is, 1), back = period_step(next, -1), read;
                bool is_same =
                    period_parse(period_print(arena, is), is.anchor, &read) && period_eq(read, is);
                wrong += day < is.start.days || day >= is.end.days ||
                         next.start.days != is.end.days || !period_eq(back, is) || !is_same;
            }
    is_i64((int64_t)wrong, 0, "every day is in one period; periods touch, print and read back");

    period = period_of(PERIOD_MONTH, 0, date_of(2026, 10, 5));
    struct span span = period_span(period, zone("Europe/Madrid"));
    ok(span.start_us == at("2026-09-30T22:00:00Z") && span.end_us == at("2026-10-31T23:00:00Z"),
       "a month is cut by local midnights on both sides of a clock change");
    ok(span_has(span, span.start_us) && !span_has(span, span.end_us), "spans are half-open");
    ok(period_kind_find(STR("quarter")) == PERIOD_QUARTER && !period_kind_find(STR("fortnight")),
       "kinds have names");
}

static void test_clock(void)
{
    int64_t real = when_now();
    when_clock_set(at("2026-10-01T10:00:00Z"));
    ok(when_now() == at("2026-10-01T10:00:00Z"), "a test sets the clock");
    int64_t mono = when_mono_us();
    when_clock_real();
    ok(when_now() >= real && when_mono_us() >= mono, "and lets it go on");
    ok(deadline_passed(deadline_in_ms(0)) && deadline_left_ms(deadline_in_ms(-5)) == 0,
       "a deadline of now has passed");
    int64_t left = deadline_left_ms(deadline_in_ms(60000));
    ok(left > 59000 && left <= 60000, "a deadline tells what is left");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    test_dates(arena);
    test_texts(arena);
    test_zones(arena);
    test_threads();
    test_periods(arena);
    test_clock();
    return done_testing();
}
