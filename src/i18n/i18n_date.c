/* Dates, times, periods and lists in words. The orders and small words of three languages are
 * plain code; the names of months and days are ICU's. */
#include "i18n/i18n_int.h"

enum { DATE_SHOWN_MAX = 160 };

static struct str placed(struct arena *arena, struct str text, enum i18n_place place)
{
    return place == PLACE_START ? i18n__capital(arena, text) : text;
}

static struct str date_short(struct arena *arena, const struct lang *lang, struct ymd d)
{
    struct str month = i18n__data(lang)->months_short_of[d.month - 1];
    if (lang->id == LANG_RU)
        return str_printf(arena, "%02d.%02d", d.day, d.month);
    return str_printf(arena, "%d" I18N__NBSP STR_FMT, d.day, STR_ARG(month));
}

static struct str date_medium(struct arena *arena, const struct lang *lang, struct ymd d)
{
    struct str month = i18n__data(lang)->months_short_of[d.month - 1];
    if (lang->id == LANG_RU)
        return str_printf(arena, "%02d.%02d.%04d", d.day, d.month, d.year);
    return str_printf(arena, "%d" I18N__NBSP STR_FMT " %d", d.day, STR_ARG(month), d.year);
}

static struct str date_long(struct arena *arena, const struct lang *lang, struct ymd d)
{
    struct str month = i18n__data(lang)->months_of[d.month - 1];
    switch (lang->id) {
    case LANG_EN:
        return str_printf(arena, "%d" I18N__NBSP STR_FMT " %d", d.day, STR_ARG(month), d.year);
    case LANG_RU:
        return str_printf(arena, "%d" I18N__NBSP STR_FMT " %d" I18N__NBSP "г.", d.day,
                          STR_ARG(month), d.year);
    case LANG_ES:
        return str_printf(arena, "%d de " STR_FMT " de %d", d.day, STR_ARG(month), d.year);
    }
    return STR_NONE;
}

struct str i18n_date(struct arena *arena, const struct lang *lang, struct date date,
                     enum i18n_date_style style, enum i18n_place place)
{
    struct ymd d = date_ymd(date);
    switch (style) {
    case DATE_SHORT: return date_short(arena, lang, d);
    case DATE_MEDIUM: return date_medium(arena, lang, d);
    case DATE_LONG: return date_long(arena, lang, d);
    case DATE_FULL: break;
    }
    struct str weekday = i18n_weekday(lang, date_weekday(date), false);
    struct str rest = date_long(arena, lang, d);
    struct str text = str_printf(arena, STR_FMT "%s " STR_FMT, STR_ARG(weekday),
                                 lang->id == LANG_EN ? "" : ",", STR_ARG(rest));
    return placed(arena, text, place);
}

struct str i18n_time(struct arena *arena, const struct lang *lang, int64_t at_us,
                     const struct zone *zone)
{
    (void)lang; /* all three write 17:40 */
    int64_t minutes = zone_local(zone, at_us).us_of_day / US_MINUTE;
    return str_printf(arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

struct str i18n_date_time(struct arena *arena, const struct lang *lang, int64_t at_us,
                          const struct zone *zone)
{
    struct str date = i18n_date(arena, lang, zone_date(zone, at_us), DATE_MEDIUM, PLACE_INSIDE);
    struct str time = i18n_time(arena, lang, at_us, zone);
    return str_printf(arena, STR_FMT ", " STR_FMT, STR_ARG(date), STR_ARG(time));
}

struct str i18n_month(const struct lang *lang, int month, bool is_short)
{
    assert(month >= 1 && month <= 12);
    const struct i18n__data *data = i18n__data(lang);
    return is_short ? data->months_short[month - 1] : data->months[month - 1];
}

struct str i18n_weekday(const struct lang *lang, int weekday, bool is_short)
{
    assert(weekday >= 1 && weekday <= 7);
    const struct i18n__data *data = i18n__data(lang);
    return is_short ? data->weekdays_short[weekday - 1] : data->weekdays[weekday - 1];
}

/* ---- periods ---- */

static struct str period_range(struct arena *arena, const struct lang *lang, struct period period)
{
    struct date last = date_add_days(period.end, -1);
    struct str from = i18n_date(arena, lang, period.start, DATE_MEDIUM, PLACE_INSIDE);
    struct str to = i18n_date(arena, lang, last, DATE_MEDIUM, PLACE_INSIDE);
    return str_printf(arena, STR_FMT " – " STR_FMT, STR_ARG(from), STR_ARG(to));
}

static struct str period_week(struct arena *arena, const struct lang *lang, struct date start)
{
    struct iso_week w = date_iso_week(start);
    switch (lang->id) {
    case LANG_EN: return str_printf(arena, "week %d, %d", w.week, w.year);
    case LANG_RU: return str_printf(arena, "%d-я неделя %d" I18N__NBSP "г.", w.week, w.year);
    case LANG_ES: return str_printf(arena, "semana %d de %d", w.week, w.year);
    }
    return STR_NONE;
}

static struct str period_month(struct arena *arena, const struct lang *lang, struct ymd start)
{
    struct str month = i18n_month(lang, start.month, false);
    return str_printf(arena, lang->id == LANG_ES ? STR_FMT " de %d" : STR_FMT " %d", STR_ARG(month),
                      start.year);
}

static struct str period_quarter(struct arena *arena, const struct lang *lang, struct ymd start)
{
    static const char *const roman[] = {"I", "II", "III", "IV"};
    int quarter = (start.month - 1) / 3;
    switch (lang->id) {
    case LANG_EN: return str_printf(arena, "Q%d %d", quarter + 1, start.year);
    case LANG_RU: return str_printf(arena, "%s квартал %d", roman[quarter], start.year);
    case LANG_ES: return str_printf(arena, "T%d %d", quarter + 1, start.year);
    }
    return STR_NONE;
}

struct str i18n_period(struct arena *arena, const struct lang *lang, struct period period,
                       enum i18n_place place)
{
    struct ymd start = date_ymd(period.start);
    if (period.kind == PERIOD_DAY)
        return i18n_date(arena, lang, period.start, DATE_LONG, place);
    if (period.anchor != 0)
        return period_range(arena, lang, period);
    switch (period.kind) {
    case PERIOD_DAY: break;
    case PERIOD_WEEK: return placed(arena, period_week(arena, lang, period.start), place);
    case PERIOD_MONTH: return placed(arena, period_month(arena, lang, start), place);
    case PERIOD_QUARTER: return period_quarter(arena, lang, start);
    case PERIOD_YEAR: return str_printf(arena, "%d", start.year);
    }
    return STR_NONE;
}

/* ---- days from today, lists ---- */

struct str i18n_relative_day(struct arena *arena, const struct lang *lang, struct date date,
                             struct date today, enum i18n_place place)
{
    int32_t days = date.days - today.days;
    struct str text;
    if (days == 0)
        text = tr(lang, M("today"));
    else if (days == -1)
        text = tr(lang, M("yesterday"));
    else if (days == 1)
        text = tr(lang, M("tomorrow"));
    else if (days > 0 && days <= 7)
        text = i18n_format(arena, lang, M("in {0, plural, one {# day} other {# days}}"), days);
    else if (days < 0 && days >= -7)
        text = i18n_format(arena, lang, M("{0, plural, one {# day} other {# days}} ago"), -days);
    else
        return i18n_date(arena, lang, date,
                         date_ymd(date).year == date_ymd(today).year ? DATE_SHORT : DATE_MEDIUM,
                         place);
    return placed(arena, text, place);
}

/* Spanish y becomes e before the sound i: "agua e hielo", but "nieve y hierba". */
static bool is_before_i(struct arena *arena, struct str word)
{
    struct str folded = text_fold(arena, utf8_cut(word, 3));
    bool is_glide = str_starts(folded, STR("hie")) || str_starts(folded, STR("ia")) ||
                    str_starts(folded, STR("io"));
    return !is_glide && (str_starts(folded, STR("i")) || str_starts(folded, STR("í")) ||
                         str_starts(folded, STR("hi")) || str_starts(folded, STR("hí")));
}

struct str i18n_list(struct arena *arena, const struct lang *lang, const struct str *items,
                     size_t len)
{
    size_t bytes = 1;
    for (size_t i = 0; i < len; i++)
        bytes += items[i].len + 8;
    AUTO_BUF out = BUF(bytes);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && i + 1 < len)
            buf_put(&out, STR(", "));
        else if (i > 0 && lang->id == LANG_ES)
            buf_put(&out, is_before_i(arena, items[i]) ? STR(" e ") : STR(" y "));
        else if (i > 0)
            buf_put(&out, lang->id == LANG_RU ? STR(" и ") : STR(" and "));
        buf_put(&out, items[i]);
    }
    return str_dup(arena, out.len > 0 ? buf_str(&out) : STR(""));
}
