/* Time zones: each is a sorted table of offset changes, read from ICU once. ICU's own calendars
 * were not used for look-ups: a calendar is not shared between threads and takes microseconds.
 * The table ends at 2500; by then only yearly rules are left, and those repeat with the calendar
 * every 400 years, so later instants are looked up 400 years earlier. */
#include <pthread.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "when/when_int.h"

enum { ZONE_NAME_MAX = 64, ZONE_CHANGES_MAX = 4096 };

#define CYCLE_US       (INT64_C(146097) * US_DAY)
#define TABLE_START_US (INT64_C(-719162) * US_DAY)
#define TABLE_END_US   (INT64_C(193579) * US_DAY) /* 2500-01-01 */

struct change {
    int64_t at_us; /* from this instant on */
    int32_t offset_s;
};

struct zone {
    struct str name;
    const struct change *changes; /* the first is at INT64_MIN */
    size_t changes_len;
    const struct zone *next;
};

static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena *zones_arena; /* lives as long as the process */
static const struct zone *zones;
static const struct change utc_changes[] = {{INT64_MIN, 0}};
static const struct zone utc = {STR_INIT("UTC"), utc_changes, 1, NULL};

const struct zone *zone_utc(void)
{
    return &utc;
}

struct str zone_name(const struct zone *zone)
{
    return zone->name;
}

/* ---- building the table ---- */

static int32_t offset_now(UCalendar *calendar, UErrorCode *failed)
{
    int32_t raw_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, failed);
    int32_t summer_ms = ucal_get(calendar, UCAL_DST_OFFSET, failed);
    return (raw_ms + summer_ms) / 1000;
}

static size_t read_changes(UCalendar *calendar, struct change *changes, UErrorCode *failed)
{
    size_t len = 0;
    int64_t start_ms = TABLE_START_US / US_MS;
    UDate at_ms = (UDate)start_ms;
    ucal_setMillis(calendar, at_ms, failed);
    changes[len++] = (struct change){INT64_MIN, offset_now(calendar, failed)};
    while (U_SUCCESS(*failed) && len < ZONE_CHANGES_MAX &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at_ms, failed)) {
        int64_t at_us = (int64_t)at_ms * US_MS;
        if (at_us >= TABLE_END_US)
            break;
        ucal_setMillis(calendar, at_ms, failed);
        int32_t offset_s = offset_now(calendar, failed);
        if (offset_s != changes[len - 1].offset_s)
            changes[len++] = (struct change){at_us, offset_s};
    }
    return len;
}

static const struct zone *zone_read(struct str name)
{
    UErrorCode failed = U_ZERO_ERROR;
    UChar id[ZONE_NAME_MAX + 1], canonical[ZONE_NAME_MAX + 1];
    for (size_t i = 0; i < name.len; i++)
        id[i] = (UChar)(unsigned char)name.at[i];
    id[name.len] = 0;
    UBool is_known = false;
    (void)ucal_getCanonicalTimeZoneID(id, (int32_t)name.len, canonical, ZONE_NAME_MAX, &is_known,
                                      &failed);
    if (U_FAILURE(failed) || !is_known)
        return NULL;
    UCalendar *calendar = ucal_open(id, (int32_t)name.len, "en_US", UCAL_GREGORIAN, &failed);
    if (U_FAILURE(failed))
        return NULL;
    struct change changes[ZONE_CHANGES_MAX];
    size_t len = read_changes(calendar, changes, &failed);
    ucal_close(calendar);
    if (U_FAILURE(failed))
        return NULL;
    struct change *kept = NEW_ARRAY(zones_arena, struct change, len);
    memcpy(kept, changes, len * sizeof(*kept));
    struct zone *zone = NEW(zones_arena, struct zone);
    *zone = (struct zone){str_dup(zones_arena, name), kept, len, zones};
    return zones = zone;
}

static bool is_plausible(struct str name)
{
    if (name.len == 0 || name.len > ZONE_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] <= ' ' || name.at[i] > '~')
            return false;
    return true;
}

const struct zone *zone_find(struct str iana_name)
{
    if (str_eq(iana_name, utc.name))
        return &utc;
    if (!is_plausible(iana_name))
        return NULL;
    (void)pthread_mutex_lock(&zones_lock);
    if (!zones_arena)
        zones_arena = arena_new(0);
    const struct zone *zone = zones;
    while (zone && !str_eq(zone->name, iana_name))
        zone = zone->next;
    if (!zone)
        zone = zone_read(iana_name);
    (void)pthread_mutex_unlock(&zones_lock);
    return zone;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void zone_list(struct arena *arena, struct str_list *out)
{
    UErrorCode failed = U_ZERO_ERROR;
    UEnumeration *ids =
        ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL, NULL, &failed);
    assert(U_SUCCESS(failed));
    struct str_list list = {0};
    VEC_PUSH(arena, &list, STR("UTC"));
    int32_t len;
    for (const char *id = uenum_next(ids, &len, &failed); id && U_SUCCESS(failed);
         id = uenum_next(ids, &len, &failed))
        VEC_PUSH(arena, &list, str_dup(arena, (struct str){id, (size_t)len}));
    uenum_close(ids);
    qsort(list.at, list.len, sizeof(*list.at), by_text);
    *out = list;
}

/* ---- looking up ---- */

/* Where the table answers for the instant: itself, or whole cycles earlier. */
static int64_t in_table(int64_t at_us)
{
    if (at_us < TABLE_END_US)
        return at_us;
    return at_us - ((at_us - TABLE_END_US) / CYCLE_US + 1) * CYCLE_US;
}

static const struct change *change_at(const struct zone *zone, int64_t table_us)
{
    size_t low = 0, high = zone->changes_len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at_us <= table_us)
            low = middle;
        else
            high = middle;
    }
    return &zone->changes[low];
}

int32_t zone_offset_s(const struct zone *zone, int64_t at_us)
{
    return change_at(zone, in_table(at_us))->offset_s;
}

struct local_time zone_local(const struct zone *zone, int64_t at_us)
{
    int32_t offset_s = zone_offset_s(zone, at_us);
    int64_t local_us = at_us + offset_s * US_SECOND;
    int64_t days = when__floor_div(local_us, US_DAY);
    return (struct local_time){.date = date_add_days((struct date){0}, days),
                               .us_of_day = local_us - days * US_DAY,
                               .offset_s = offset_s};
}

struct date zone_date(const struct zone *zone, int64_t at_us)
{
    return zone_local(zone, at_us).date;
}

/* The local time under the offset in force a day before it; if that does not hold, a day after.
 * False when neither holds: the clocks skipped this time, and *out is as before the gap. */
static bool local_to_utc(const struct zone *zone, int64_t local_us, int64_t *out_us)
{
    int32_t before_s = zone_offset_s(zone, local_us - US_DAY);
    int64_t early_us = local_us - before_s * US_SECOND;
    *out_us = early_us;
    if (zone_offset_s(zone, early_us) == before_s)
        return true;
    int32_t after_s = zone_offset_s(zone, local_us + US_DAY);
    int64_t late_us = local_us - after_s * US_SECOND;
    if (zone_offset_s(zone, late_us) != after_s)
        return false;
    *out_us = late_us;
    return true;
}

int64_t zone_instant(const struct zone *zone, struct date date, int64_t us_of_day)
{
    int64_t at_us;
    (void)local_to_utc(zone, date.days * US_DAY + us_of_day, &at_us);
    return at_us;
}

int64_t zone_day_start(const struct zone *zone, struct date date)
{
    int64_t at_us;
    if (local_to_utc(zone, date.days * US_DAY, &at_us))
        return at_us;
    /* Midnight was skipped: the day begins where the gap ends, which is the change itself. */
    int64_t table_us = in_table(at_us);
    return change_at(zone, table_us)->at_us + (at_us - table_us);
}
