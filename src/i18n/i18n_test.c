/* Tests of i18n: what people of three languages see, and what may be typed. No-break spaces are
 * written as such in the wanted texts. */
#include "i18n/i18n.h"
#include "tests/tap.h"

#define NB "\xC2\xA0"

static struct arena *arena;
static const struct lang *en, *ru, *es;

static const struct currency *currency(const char *code)
{
    return currency_find(str_of(code));
}

static void test_languages(void)
{
    ok(lang_find(STR("ru")) == ru && !lang_find(STR("de")) && !lang_find(STR("RU")),
       "languages are found by their code");
    ok(lang_negotiate(STR("ru-RU,ru;q=0.9,en;q=0.8")) == ru, "the first wish is heard");
    ok(lang_negotiate(STR("de;q=0.9, es;q=0.5, en;q=0.4")) == es, "of those that we speak");
    ok(lang_negotiate(STR("en;q=0.1,es-MX;q=0.7")) == es, "weights decide, not order");
    ok(lang_negotiate(STR("ru;q=0, *;q=0.5")) == en, "what is refused is not taken");
    ok(lang_negotiate(STR("de")) == en && lang_negotiate(STR("")) == en &&
           lang_negotiate(STR_NONE) == en && lang_negotiate(STR(";;,q=,")) == en,
       "English when nothing fits");
}

static void test_numbers(void)
{
    is_str(i18n_i64(arena, en, 1284310), "1,284,310", "thousands in English");
    is_str(i18n_i64(arena, ru, 1284310), "1" NB "284" NB "310", "in Russian");
    is_str(i18n_i64(arena, es, 6838), "6.838", "in Spanish, four digits too");
    is_str(i18n_i64(arena, en, INT64_MIN), "−9,223,372,036,854,775,808", "a true minus");
    is_str(i18n_i64(arena, en, 0), "0", "zero");
    is_str(i18n_scaled(arena, es, -5, 2), "−0,05", "small negative fractions");
    struct dec d;
    ok(dec_parse(STR("-1234567.89012345678901234567"), &d), "a long decimal");
    is_str(i18n_dec(arena, ru, d), "−1" NB "234" NB "567,89012345678901234567",
           "keeps all its digits");
    is_str(i18n_percent(arena, en, dec_from_scaled(973, 3), 1), "97.3%", "percent in English");
    is_str(i18n_percent(arena, ru, dec_from_scaled(8786, 4), 2), "87,86" NB "%", "in Russian");
    is_str(i18n_percent(arena, es, dec_from_scaled(93, 2), 0), "93" NB "%", "in Spanish");
    is_str(i18n_percent(arena, en, dec_from_scaled(-115, 3), 1), "−11.5%", "negative");
    is_str(i18n_size(arena, en, 1536000), "1.5" NB "MB", "sizes");
    is_str(i18n_size(arena, ru, 999), "999" NB "Б", "small sizes");
}

static void test_money(void)
{
    struct money big = MONEY(128431000, currency("EUR"));
    struct money rub = MONEY(25805503, currency("RUB")), eur = MONEY(683800, currency("EUR"));
    is_str(i18n_money(arena, en, big), "€1,284,310.00", "English");
    is_str(i18n_money_whole(arena, en, big), "€1,284,310", "whole units for key figures");
    is_str(i18n_money(arena, ru, rub), "258" NB "055,03" NB "₽", "Russian");
    is_str(i18n_money(arena, es, eur), "6.838,00" NB "€", "Spanish");
    is_str(i18n_money(arena, en, MONEY(911596, currency("USD"))), "$9,115.96", "dollars");
    is_str(i18n_money(arena, en, rub), "₽258,055.03", "roubles in English");
    is_str(i18n_money(arena, ru, MONEY(-100, currency("USD"))), "−1,00" NB "$",
           "the minus stands before all");
    is_str(i18n_money(arena, en, MONEY(-1200, currency("EUR"))), "−€12.00", "in English too");
    is_str(i18n_money(arena, en, MONEY(5000, currency("JPY"))), "¥5,000", "no minor digits");
    is_str(i18n_money(arena, es, MONEY(1234567, currency("TND"))), "1.234,567" NB "TND",
           "three digits, and the code where there is no sign");
    is_str(i18n_money(arena, en, MONEY(100, currency("CHF"))), "CHF" NB "1.00",
           "a code before the amount keeps a distance");
    is_str(i18n_amount(arena, ru, rub), "258" NB "055,03", "without the sign for columns");
    is_str(i18n_money_delta(arena, en, MONEY(3824000, currency("EUR"))), "+€38,240.00",
           "a delta has its sign");
    is_str(i18n_money_delta(arena, es, MONEY(0, currency("EUR"))), "0,00" NB "€", "zero has none");
    is_str(i18n_money(arena, en, (struct money){0}), "–", "no amount is a dash, never 0");
    is_str(i18n_money_whole(arena, en, MONEY(-50, currency("EUR"))), "−€1",
           "half up is away from zero");
    is_str(i18n_currency_name(arena, ru, currency("RUB")), "российский рубль", "names");
    is_str(i18n_country_name(arena, es, STR("DE")), "Alemania", "of countries too");
    struct str_list codes;
    i18n_countries(arena, ru, &codes);
    ok(codes.len > 200 && str_eq(codes.at[0], STR("AU")), "countries in order of the language");
}

static bool reads(const struct lang *lang, const char *text, int year, int month, int day)
{
    struct date date = {0};
    return i18n_date_parse(lang, str_of(text), &date) &&
           date.days == date_of(year, month, day).days;
}

static void test_typed_dates(void)
{
    struct date d = date_of(2026, 10, 5), out;
    static const char *const refused[] = {
        "",           "31.02.2026", "5.10",       "2026",      "5.10.2026.1", "5 foo 2026",
        "5 10 20260", "5 m 2026",   "+5.10.2026", "5.13.2026", "-5.10.-2026a"};
    for (int id = LANG_EN; id <= LANG_ES; id++) {
        const struct lang *lang = lang_of((enum lang_id)id);
        int lost = 0, taken = 0;
        for (int day = 0; day < 366; day++) {
            struct date one = date_add_days(date_of(2028, 1, 1), day);
            bool is_back = i18n_date_parse(lang, i18n_date_field(arena, lang, one), &out) &&
                           out.days == one.days;
            lost += !is_back;
            is_back =
                i18n_date_parse(lang, i18n_date(arena, lang, one, DATE_LONG, PLACE_INSIDE), &out) &&
                out.days == one.days;
            lost += !is_back;
        }
        is_i64(lost, 0, "each day of a year is read back as a field or a sentence shows it");
        ok(reads(lang, "2026-10-05", 2026, 10, 5), "the ISO form is taken");
        ok(reads(lang, " 5.10.2026 ", 2026, 10, 5), "points are day first");
        ok(reads(lang, "5.10.26", 2026, 10, 5), "two digits are a year of ours");
        for (size_t i = 0; i < LEN(refused); i++)
            taken += i18n_date_parse(lang, str_of(refused[i]), &out);
        is_i64(taken, 0, "what is no date is refused");
    }
    is_str(i18n_date_field(arena, en, d), "5 Oct 2026", "a field in English");
    is_str(i18n_date_field(arena, ru, d), "05.10.2026", "a field in Russian");
    is_str(i18n_date_field(arena, es, d), "05/10/2026", "a field in Spanish");
    ok(reads(es, "5/10/2026", 2026, 10, 5), "slashes are day first in Spanish");
    ok(!i18n_date_parse(en, STR("5/10/2026"), &out), "in English slashes leave it open");
    ok(reads(en, "31/10/2026", 2026, 10, 31), "unless only one reading is a date");
    ok(reads(en, "October 5, 2026", 2026, 10, 5), "the month may stand first as a word");
    ok(reads(en, "5 sept 2026", 2026, 9, 5), "a month may be cut short");
    ok(reads(ru, "5 окт 2026 г.", 2026, 10, 5), "also in Russian");
    ok(!i18n_date_parse(en, STR("5 ma 2026"), &out), "two letters are no month");
}

static void test_dates(void)
{
    struct date d = date_of(2026, 10, 18), november = date_of(2026, 11, 3);
    is_str(i18n_date(arena, en, d, DATE_SHORT, PLACE_INSIDE), "18" NB "Oct", "short");
    is_str(i18n_date(arena, ru, d, DATE_SHORT, PLACE_INSIDE), "18.10", "short in Russian");
    is_str(i18n_date(arena, es, d, DATE_SHORT, PLACE_INSIDE), "18" NB "oct", "short in Spanish");
    is_str(i18n_date(arena, en, d, DATE_MEDIUM, PLACE_INSIDE), "18" NB "Oct 2026", "medium");
    is_str(i18n_date(arena, ru, d, DATE_MEDIUM, PLACE_INSIDE), "18.10.2026", "medium in Russian");
    is_str(i18n_date(arena, ru, d, DATE_LONG, PLACE_INSIDE), "18" NB "октября 2026" NB "г.",
           "long in Russian");
    is_str(i18n_date(arena, en, november, DATE_FULL, PLACE_START), "Tuesday 3" NB "November 2026",
           "full");
    is_str(i18n_date(arena, es, november, DATE_FULL, PLACE_START), "Martes, 3 de noviembre de 2026",
           "full in Spanish begins a line");
    is_str(i18n_date(arena, ru, november, DATE_FULL, PLACE_INSIDE),
           "вторник, 3" NB "ноября 2026" NB "г.", "full in Russian inside a sentence");
    int64_t at = 0;
    ok(instant_parse(STR("2026-11-03T16:40:00Z"), &at), "a moment");
    is_str(i18n_date_time(arena, es, at, zone_find(STR("Europe/Madrid"))), "3" NB "nov 2026, 17:40",
           "is shown in the zone");

    struct period p;
    ok(period_parse(STR("2026-10"), 0, &p), "a month");
    is_str(i18n_period(arena, en, p, PLACE_START), "October 2026", "in English");
    is_str(i18n_period(arena, ru, p, PLACE_START), "Октябрь 2026", "in Russian, in a title");
    is_str(i18n_period(arena, ru, p, PLACE_INSIDE), "октябрь 2026", "in a sentence");
    is_str(i18n_period(arena, es, p, PLACE_START), "Octubre de 2026", "in Spanish");
    ok(period_parse(STR("2026-Q3"), 0, &p), "a quarter");
    is_str(i18n_period(arena, ru, p, PLACE_START), "III квартал 2026", "in Russian");
    ok(period_parse(STR("2026-10"), 15, &p), "a month from the 15th");
    is_str(i18n_period(arena, en, p, PLACE_START), "15" NB "Oct 2026 – 14" NB "Nov 2026",
           "is shown by its days");

    is_str(i18n_relative_day(arena, ru, d, d, PLACE_START), "Сегодня", "today");
    is_str(i18n_relative_day(arena, es, date_add_days(d, -1), d, PLACE_INSIDE), "ayer",
           "yesterday");
    is_str(i18n_relative_day(arena, ru, date_add_days(d, 3), d, PLACE_INSIDE), "через 3 дня",
           "soon");
    is_str(i18n_relative_day(arena, en, date_add_days(d, -5), d, PLACE_INSIDE), "5 days ago",
           "lately");
    is_str(i18n_relative_day(arena, en, date_add_days(d, -20), d, PLACE_INSIDE), "28" NB "Sep",
           "longer ago");
    is_str(i18n_relative_day(arena, en, date_add_days(d, -400), d, PLACE_INSIDE),
           "13" NB "Sep 2025", "in another year");
    struct str items[] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("India")};
    is_str(i18n_list(arena, en, items, 3), "a, b and India", "lists");
    is_str(i18n_list(arena, ru, items, 2), "a и b", "of two");
    is_str(i18n_list(arena, es, items, 3), "a, b e India", "y before the sound i");
    is_str(i18n_list(arena, es, items, 1), "a", "of one");
}

static void test_messages(void)
{
    is_str(tr(ru, "today"), "сегодня", "a message is translated");
    is_str(tr(en, "today"), "today", "in English it is its key");
    is_str(tr(ru, "no such message"), "no such message", "an unknown key is shown as it is");
    is_str(i18n_format(arena, ru, "The quote opened on line {0} is never closed.", 1234),
           "Кавычка, открытая в строке 1" NB "234, так и не закрыта.", "with arguments");
    is_str(i18n_format(arena, ru, "Expected {0}, found {1} {2}.", KEY_MARK "a position in the list",
                       KEY_MARK "number", "7"),
           "Ожидалось: позиция в пределах списка; найдено: число 7.", "an argument that is a key");
    is_str(i18n_format(arena, es, "Expected {0}, found {1}.", KEY_MARK "list<tOrder>",
                       KEY_MARK "null"),
           "Se esperaba: list<tOrder>; se encontró: ausencia de valor (null).",
           "and one that only looks like it");
    static const char days[] = "in {0, plural, one {# day} other {# days}}";
    static const struct {
        int n;
        const char *want;
    } cases[] = {{1, "через 1 день"},   {2, "через 2 дня"},
                 {5, "через 5 дней"},   {11, "через 11 дней"},
                 {21, "через 21 день"}, {104, "через 104 дня"},
                 {0, "через 0 дней"},   {1000001, "через 1" NB "000" NB "001 день"}};
    for (size_t i = 0; i < LEN(cases); i++)
        is_str(i18n_format(arena, ru, days, cases[i].n), cases[i].want, "Russian plurals");
    is_str(i18n_format(arena, ru, days, "22"), "через 22 дня", "also of a number as text");
    is_str(i18n_format(arena, en, days, (size_t)1), "in 1 day", "English plurals");
    is_str(i18n_format(arena, es, days, INT64_C(3)), "dentro de 3 días", "Spanish plurals");

    is_str(i18n_format(arena, en, "{1} of {0}", STR("a"), "b"), "b of a", "places are free");
    is_str(i18n_format(arena, es, "{0}: {1}, {2}", MONEY(683800, currency("EUR")),
                       date_of(2026, 10, 18), dec_from_scaled(15, 1)),
           "6.838,00" NB "€: 18" NB "oct 2026, 1,5", "every type is shown as the language does");
    is_str(i18n_format(arena, en, "{0, select, a {first} other {else}}", "a"), "first", "select");
    is_str(i18n_format(arena, en, "{0, select, a {first} other {else}}", "b"), "else", "or else");
    is_str(i18n_format(arena, en, "{0, plural, =0 {none} one {one} other {#}}", 0), "none",
           "an exact number wins");
    is_str(i18n_format(arena, en, "{0, plural, offset:1 one {you and # more} other {# more}}", 2),
           "you and 1 more", "an offset is taken off");
    is_str(i18n_format(arena, en, "don't '{0}' it''s {0}", 1), "don't {0} it's 1",
           "apostrophes quote only braces");
    is_str(i18n_format(arena, en, "{0} {1}", 1), "1 {1}", "a missing argument is seen");
    is_str(i18n_format(arena, en, "broken {0", 1), "broken {0", "no pattern: shown as it is");
    struct fault_entry entry = {.message = "The quote opened on line {0} is never closed.",
                                .args = {"7"}};
    is_str(i18n_fault(arena, es, &entry), "Las comillas abiertas en la línea 7 no se cierran.",
           "failures speak the reader's language");
    const char *why = NULL;
    ok(i18n_pattern_args("{0} {2}", NULL) == 3 && i18n_pattern_args("plain", NULL) == 0,
       "a pattern tells how many arguments it takes");
    static const char *const broken[] = {"{",
                                         "}",
                                         "{a}",
                                         "{9}",
                                         "{0",
                                         "{0, plural, one {x}}",
                                         "{0, date}",
                                         "{0, plural}",
                                         "{0, plural, lots {x} other {y}}",
                                         "{0, select, a}"};
    size_t accepted = 0;
    for (size_t i = 0; i < LEN(broken); i++)
        accepted += i18n_pattern_args(broken[i], &why) != -1 || !why;
    is_i64((int64_t)accepted, 0, "broken patterns are told with the reason");
}

static void typed(const struct lang *lang, const char *text, int64_t want)
{
    int64_t value = -99;
    const char *wrong = i18n_parse_scaled(lang, str_of(text), 2, &value);
    char name[96];
    (void)snprintf(name, sizeof(name), "%s: \"%s\"", lang->code, text);
    if (!ok(!wrong && value == want, name))
        printf("# %lld %s\n", (long long)value, wrong ? wrong : "");
}

static void mistyped(const struct lang *lang, const char *text, const char *words)
{
    int64_t value = -99;
    const char *wrong = i18n_parse_scaled(lang, str_of(text), 2, &value);
    char name[96];
    (void)snprintf(name, sizeof(name), "%s: \"%s\" is refused", lang->code, text);
    if (!ok(wrong && strstr(wrong, words) && value == -99, name))
        printf("# %lld %s\n", (long long)value, wrong ? wrong : "");
}

static void test_typing(void)
{
    typed(en, "1,234.50", 123450);
    typed(en, "1,500", 150000);
    typed(en, "1.50", 150);
    typed(en, " 12 ", 1200);
    typed(en, "1,50", 150);
    typed(en, "1,234,567", 123456700);
    typed(es, "1.234,50", 123450);
    typed(es, "1.500", 150000);
    typed(es, "1.50", 150);
    typed(es, "0,5", 50);
    typed(ru, "1 234,50", 123450);
    typed(ru, "1" NB "234,50", 123450);
    typed(ru, "−3", -300);
    typed(ru, "1234.5", 123450);
    typed(ru, "0.500", 50);
    typed(en, "1'234.50", 123450);
    typed(es, ",5", 50);
    mistyped(ru, "1.500", "not clear");
    mistyped(en, "12,34,567", "not a number");
    mistyped(en, "1,2345.00", "not a number");
    mistyped(ru, "12 34", "not a number");
    mistyped(en, "1.2.3.4", "not a number");
    mistyped(en, "", "not a number");
    mistyped(en, "-", "not a number");
    mistyped(en, "12a", "not a number");
    mistyped(en, "1,234 567.00", "not a number");
    mistyped(en, "1.505", "Too many digits");
    mistyped(en, "5.", "not a number");
    struct dec d;
    ok(!i18n_parse_dec(es, STR("1.234,5678901"), &d) && dec_eq(d, dec_from_scaled(12345678901, 7)),
       "decimals keep what was typed");
    size_t wrong = 0;
    for (int64_t value = -123456789; value < 123456789; value += 98765) {
        const struct lang *langs[] = {en, ru, es};
        for (size_t i = 0; i < LEN(langs); i++) {
            int64_t back = 0;
            wrong += i18n_parse_scaled(langs[i], i18n_scaled(arena, langs[i], value, 2), 2,
                                       &back) != NULL ||
                     back != value;
        }
    }
    is_i64((int64_t)wrong, 0, "what is shown can be typed back in each language");
}

static void test_speed(void)
{
    /* A page of 50 rows with 6 amounts each; the limit is far above what it takes, so that a slow
     * machine does not fail and a formatter of some microseconds does. */
    int64_t best = INT64_MAX;
    for (int round = 0; round < 20; round++) {
        AUTO_ARENA page = arena_new(0);
        int64_t start = when_mono_us();
        for (int i = 0; i < 300; i++)
            (void)i18n_money(page, ru, MONEY(123456789 + i, currency("RUB")));
        int64_t took = when_mono_us() - start;
        best = took < best ? took : best;
    }
    printf("# 300 amounts: %lld us\n", (long long)best);
    ok(best < 1000, "a page of amounts is formatted in well under a millisecond");
}

int main(void)
{
    arena = arena_new(0);
    en = lang_of(LANG_EN);
    ru = lang_of(LANG_RU);
    es = lang_of(LANG_ES);
    test_languages();
    test_numbers();
    test_money();
    test_dates();
    test_typed_dates();
    test_messages();
    test_typing();
    test_speed();
    arena_free(arena);
    return done_testing();
}
