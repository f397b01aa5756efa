/* The clock and RFC 3339. Nothing else in the product asks the system for the time, so a test that
 * sets the clock sets it for everything. */
#include <stdatomic.h>
#include <time.h>

#include "when/when_int.h"

static _Atomic int64_t test_clock_us;
static atomic_bool is_test_clock;

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    int failed = clock_gettime(id, &now);
    assert(failed == 0);
    return (int64_t)now.tv_sec * US_SECOND + now.tv_nsec / 1000;
}

int64_t when_now(void)
{
    return atomic_load(&is_test_clock) ? atomic_load(&test_clock_us) : read_clock(CLOCK_REALTIME);
}

void when_clock_set(int64_t us)
{
    atomic_store(&test_clock_us, us);
    atomic_store(&is_test_clock, true);
}

void when_clock_real(void)
{
    atomic_store(&is_test_clock, false);
}

int64_t when_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

struct deadline deadline_in_ms(int64_t ms)
{
    return (struct deadline){when_mono_us() + ms * US_MS};
}

int64_t deadline_left_ms(struct deadline deadline)
{
    int64_t left_us = deadline.mono_us - when_mono_us();
    return left_us <= 0 ? 0 : (left_us + US_MS - 1) / US_MS;
}

bool deadline_passed(struct deadline deadline)
{
    return deadline.mono_us <= when_mono_us();
}

/* ---- reading texts of fixed width ---- */

bool when__digits(struct str *s, int digits, int *out)
{
    int value = 0;
    if (s->len < (size_t)digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return false;
        value = value * 10 + (s->at[i] - '0');
    }
    *s = (struct str){s->at + digits, s->len - (size_t)digits};
    *out = value;
    return true;
}

bool when__char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = (struct str){s->at + 1, s->len - 1};
    return true;
}

int64_t when__floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* ---- RFC 3339 ---- */

static bool take_fraction(struct str *s, int64_t *out_us)
{
    int64_t us = 0;
    int digits = 0;
    for (; s->len > 0 && s->at[0] >= '0' && s->at[0] <= '9'; digits++) {
        if (digits < 6)
            us = us * 10 + (s->at[0] - '0');
        *s = (struct str){s->at + 1, s->len - 1};
    }
    for (int i = digits; i < 6; i++)
        us *= 10;
    *out_us = us;
    return digits >= 1 && digits <= 9;
}

/* "10:00", "10:00:00", "10:00:00.5" */
static bool take_time(struct str *s, bool needs_seconds, int64_t *out_us)
{
    int hour, minute, second = 0;
    int64_t fraction_us = 0;
    if (!when__digits(s, 2, &hour) || !when__char(s, ':') || !when__digits(s, 2, &minute))
        return false;
    if (when__char(s, ':')) {
        if (!when__digits(s, 2, &second))
            return false;
        if (when__char(s, '.') && !take_fraction(s, &fraction_us))
            return false;
    } else if (needs_seconds) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *out_us = hour * US_HOUR + minute * US_MINUTE + second * US_SECOND + fraction_us;
    return true;
}

/* "Z", "z", "+03:00", and nothing after it */
static bool take_offset(struct str *s, int64_t *out_us)
{
    int hour, minute;
    if (when__char(s, 'Z') || when__char(s, 'z')) {
        *out_us = 0;
        return s->len == 0;
    }
    bool is_west = s->len > 0 && s->at[0] == '-';
    if (!when__char(s, is_west ? '-' : '+') || !when__digits(s, 2, &hour) || !when__char(s, ':') ||
        !when__digits(s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    int64_t offset_us = hour * US_HOUR + minute * US_MINUTE;
    *out_us = is_west ? -offset_us : offset_us;
    return s->len == 0;
}

static bool take_date(struct str *s, struct date *out)
{
    if (s->len < 10 || !date_parse(str_sub(*s, 0, 10), out))
        return false;
    *s = str_sub(*s, 10, s->len);
    return true;
}

static bool take_separator(struct str *s)
{
    return when__char(s, 'T') || when__char(s, 't') || when__char(s, ' ');
}

bool instant_parse(struct str text, int64_t *out_us)
{
    struct date date;
    int64_t time_us, offset_us;
    if (!take_date(&text, &date) || !take_separator(&text) || !take_time(&text, true, &time_us) ||
        !take_offset(&text, &offset_us))
        return false;
    *out_us = date.days * US_DAY + time_us - offset_us;
    return true;
}

bool instant_parse_in(struct str text, const struct zone *zone, int64_t *out_us)
{
    struct date date;
    int64_t time_us, offset_us;
    text = str_trim(text);
    if (!take_date(&text, &date))
        return false;
    if (text.len == 0) {
        *out_us = zone_day_start(zone, date);
        return true;
    }
    if (!take_separator(&text) || !take_time(&text, false, &time_us))
        return false;
    if (text.len == 0) {
        *out_us = zone_instant(zone, date, time_us);
        return true;
    }
    if (!take_offset(&text, &offset_us))
        return false;
    *out_us = date.days * US_DAY + time_us - offset_us;
    return true;
}

size_t instant_print_to(char out[INSTANT_TEXT_MAX], int64_t at_us)
{
    int64_t days = when__floor_div(at_us, US_DAY);
    days = days < DAYS_FIRST ? DAYS_FIRST : days > DAYS_LAST ? DAYS_LAST : days;
    int64_t rest = at_us - when__floor_div(at_us, US_DAY) * US_DAY;
    int seconds = (int)(rest / US_SECOND), fraction = (int)(rest % US_SECOND);
    size_t len = date_print_to(out, (struct date){(int32_t)days});
    len += (size_t)snprintf(out + len, INSTANT_TEXT_MAX - len, "T%02d:%02d:%02d", seconds / 3600,
                            seconds / 60 % 60, seconds % 60);
    if (fraction % 1000 != 0)
        len += (size_t)snprintf(out + len, INSTANT_TEXT_MAX - len, ".%06d", fraction);
    else if (fraction != 0)
        len += (size_t)snprintf(out + len, INSTANT_TEXT_MAX - len, ".%03d", fraction / 1000);
    out[len++] = 'Z';
    out[len] = '\0';
    return len;
}

struct str instant_print(struct arena *arena, int64_t at_us)
{
    char text[INSTANT_TEXT_MAX];
    size_t len = instant_print_to(text, at_us);
    return str_dup(arena, (struct str){text, len});
}
