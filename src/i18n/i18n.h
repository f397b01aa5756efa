/* i18n: how the product speaks: messages, numbers, money, dates in English, Russian and Spanish.
 *
 * The English text is the key. It is a pattern in the syntax of ICU's MessageFormat with
 * positional arguments: {0}, {0, number}, {0, plural, one {# row} other {# rows}},
 * {0, select, a {…} other {…}}. Patterns are parsed once and kept; plural rules, month names and
 * symbols come from ICU, once, at first use. After that everything here is plain data, so any
 * thread may call and a page of fifty rows costs microseconds. ICU's own formatters were left
 * out: they are not thread-safe, take doubles and cost some microseconds each.
 *
 * Results live in the given arena. */
#ifndef KONTOR_I18N_H
#define KONTOR_I18N_H

#include "base/base.h"
#include "money/money.h"
#include "text/text.h"
#include "when/when.h"

/* ---- languages ---- */

enum lang_id { LANG_EN = 1, LANG_RU, LANG_ES };
enum { LANG_COUNT = 3 };

struct lang {
    enum lang_id id;
    char code[4];       /* "ru": html lang, stored, sent */
    const char *name;   /* in itself: "Русский" */
    const char *locale; /* ICU's: "ru_RU" */
};

const struct lang *lang_of(enum lang_id id);
const struct lang *lang_find(struct str code); /* exactly "en", "ru", "es"; NULL otherwise */
/* The best for an Accept-Language header; English when nothing fits. */
const struct lang *lang_negotiate(struct str accept_language);

/* ---- messages ---- */

enum i18n_arg_kind { ARG_STR = 1, ARG_I64, ARG_MONEY, ARG_DATE, ARG_INSTANT, ARG_DEC };

struct i18n_arg {
    enum i18n_arg_kind kind;
    union {
        struct str str;
        int64_t i64;
        struct money money;
        struct date date;
        struct instant instant; /* shown in UTC; format it yourself where the zone matters */
        struct dec dec;
    };
};

struct i18n_arg i18n_arg_str(struct str v);
struct i18n_arg i18n_arg_c(const char *v); /* NULL: empty */
struct i18n_arg i18n_arg_i64(int64_t v);
struct i18n_arg i18n_arg_u64(uint64_t v);
struct i18n_arg i18n_arg_money(struct money v);
struct i18n_arg i18n_arg_date(struct date v);
struct i18n_arg i18n_arg_instant(struct instant v);
struct i18n_arg i18n_arg_dec(struct dec v);
struct i18n_arg i18n_arg_pid(struct pid v);

/* Any value a message may show, by its type. */
#define I18N_ARG(v)                                                                                \
    _Generic((v), struct str                                                                       \
             : i18n_arg_str, const char *                                                          \
             : i18n_arg_c, char *                                                                  \
             : i18n_arg_c, struct money                                                            \
             : i18n_arg_money, struct date                                                         \
             : i18n_arg_date, struct instant                                                       \
             : i18n_arg_instant, struct dec                                                        \
             : i18n_arg_dec, struct pid                                                            \
             : i18n_arg_pid, size_t                                                                \
             : i18n_arg_u64, unsigned long long                                                    \
             : i18n_arg_u64, default                                                               \
             : i18n_arg_i64)(v)

/* The text in `lang`; a key without a translation comes back as it is. Not for keys with
 * arguments. Lives as long as the process (or the key). */
struct str tr(const struct lang *lang, const char *key);

/* i18n_format(arena, lang, "{0} of {1} rows", done, all): up to eight arguments of any type that
 * I18N_ARG knows. Whole numbers and money are shown as the language does; a plural may take a
 * number or a string that holds one. */
#define i18n_format(arena, lang, ...) I18N_FORMAT_(arena, lang, __VA_ARGS__)
struct str i18n_format_args(struct arena *arena, const struct lang *lang, const char *key,
                            const struct i18n_arg *args, size_t args_len);

/* A recorded failure in words. */
struct str i18n_fault(struct arena *arena, const struct lang *lang,
                      const struct fault_entry *entry);
/* Key and up to four C strings, as faults carry them (NULL: unused). A text that begins with
 * KEY_MARK is a key too, here and wherever a message takes a text. */
struct str i18n_format_c(struct arena *arena, const struct lang *lang, const char *key,
                         const char *const *args, size_t args_len);

/* How many arguments the pattern names (highest index + 1); -1 when it is not a correct pattern,
 * and then *out_why (may be NULL) says why in English. */
int i18n_pattern_args(const char *pattern, const char **out_why);

/* ---- numbers; the minus is always U+2212 ---- */

struct str i18n_i64(struct arena *arena, const struct lang *lang, int64_t value); /* "1,284,310" */
/* value / 10^digits, all digits shown: (123450, 2) is "1,234.50". */
struct str i18n_scaled(struct arena *arena, const struct lang *lang, int64_t value, int digits);
/* Exact plain decimal with the language's separators; no digit is added or lost. */
struct str i18n_dec(struct arena *arena, const struct lang *lang, struct dec value);
/* Ratio to percent: (0.8786, 2) is "87.86%", "87,86 %" with a no-break space. */
struct str i18n_percent(struct arena *arena, const struct lang *lang, struct dec ratio, int digits);
struct str i18n_size(struct arena *arena, const struct lang *lang, int64_t bytes); /* "1.5 MB" */

/* "€1,284,310.00", "258 055,03 ₽", "6.838,00 €". No currency: "–". */
struct str i18n_money(struct arena *arena, const struct lang *lang, struct money money);
/* Whole units, rounded half up, for key figures: "€1,284,310". */
struct str i18n_money_whole(struct arena *arena, const struct lang *lang, struct money money);
/* Without the symbol, for a column whose head names the currency: "258 055,03". */
struct str i18n_amount(struct arena *arena, const struct lang *lang, struct money money);
/* With its sign always: "+€38,240.00", "−€12.00"; zero has none. */
struct str i18n_money_delta(struct arena *arena, const struct lang *lang, struct money money);
/* "€", "₽", or the code where the language has no sign of its own for it. */
struct str i18n_currency_symbol(const struct lang *lang, const struct currency *currency);
struct str i18n_currency_name(struct arena *arena, const struct lang *lang,
                              const struct currency *currency);
struct str i18n_country_name(struct arena *arena, const struct lang *lang, struct str code);
/* ISO 3166 codes ordered by their names in the language. */
void i18n_countries(struct arena *arena, const struct lang *lang, struct str_list *out_codes);

/* What people type: "1 234,50", "1,234.50", "−3". The language decides what a single comma or
 * point means; grouping must be in threes. NULL when fine, else a message key. */
MUST_USE const char *i18n_parse_scaled(const struct lang *lang, struct str text, int digits,
                                       int64_t *out);
MUST_USE const char *i18n_parse_dec(const struct lang *lang, struct str text, struct dec *out);

/* ---- dates ---- */

enum i18n_date_style {
    DATE_SHORT = 1, /* without the year: "18 Oct", "18.10", "18 oct" */
    DATE_MEDIUM,    /* "18 Oct 2026", "18.10.2026", "18 oct 2026" */
    DATE_LONG,      /* "18 October 2026", "18 октября 2026 г.", "18 de octubre de 2026" */
    DATE_FULL /* "Sunday 18 October 2026", "воскресенье, 18 октября 2026 г."… */
};
enum i18n_place {
    PLACE_START = 1, /* begins a title, a cell or a sentence: capitalised */
    PLACE_INSIDE     /* stands inside a sentence: as the language writes it there */
};

struct str i18n_date(struct arena *arena, const struct lang *lang, struct date date,
                     enum i18n_date_style style, enum i18n_place place);
struct str i18n_time(struct arena *arena, const struct lang *lang, int64_t at_us,
                     const struct zone *zone); /* "17:40" */
/* DATE_MEDIUM and time, in the zone. */
struct str i18n_date_time(struct arena *arena, const struct lang *lang, int64_t at_us,
                          const struct zone *zone);
/* "October 2026", "Октябрь 2026", "Octubre de 2026"; "Q3 2026", "III квартал 2026", "T3 2026" A
 * month, quarter or year with an anchor of its own is shown as its first and last day. */
struct str i18n_period(struct arena *arena, const struct lang *lang, struct period period,
                       enum i18n_place place);
/* month 1…12, as it stands alone: "October"; short: "Oct". */
struct str i18n_month(const struct lang *lang, int month, bool is_short);
struct str i18n_weekday(const struct lang *lang, int weekday, bool is_short); /* 1 = Monday */
/* "today", "yesterday", "tomorrow", "in 3 days", "3 days ago" up to a week, then DATE_SHORT, in
 * another year DATE_MEDIUM. */
struct str i18n_relative_day(struct arena *arena, const struct lang *lang, struct date date,
                             struct date today, enum i18n_place place);
/* A date as a form field holds it, to be typed over: "18 Oct 2026", "18.10.2026", "18/10/2026". */
struct str i18n_date_field(struct arena *arena, const struct lang *lang, struct date date);
/* What people type: that form, the ISO form, months in words of the language, a year of two digits
 * (20xx). False when it is no date, or when day and month cannot be told apart ("10/11/2026" in
 * English). */
MUST_USE bool i18n_date_parse(const struct lang *lang, struct str text, struct date *out);
/* "a, b and c". */
struct str i18n_list(struct arena *arena, const struct lang *lang, const struct str *items,
                     size_t len);

/* ---- the macro behind i18n_format ---- */

#define I18N_FORMAT_(arena, lang, ...)                                                             \
    I18N_PICK_(__VA_ARGS__, I18N_F8_, I18N_F7_, I18N_F6_, I18N_F5_, I18N_F4_, I18N_F3_, I18N_F2_,  \
               I18N_F1_, I18N_F0_, 0)                                                              \
    (arena, lang, __VA_ARGS__)
#define I18N_PICK_(k, a, b, c, d, e, f, g, h, name, ...) name
#define I18N_CALL_(arena, lang, key, n, ...)                                                       \
    i18n_format_args((arena), (lang), (key), (const struct i18n_arg[]){__VA_ARGS__}, (n))
#define I18N_F0_(ar, l, k)          i18n_format_args((ar), (l), (k), NULL, 0)
#define I18N_F1_(ar, l, k, a)       I18N_CALL_(ar, l, k, 1, I18N_ARG(a))
#define I18N_F2_(ar, l, k, a, b)    I18N_CALL_(ar, l, k, 2, I18N_ARG(a), I18N_ARG(b))
#define I18N_F3_(ar, l, k, a, b, c) I18N_CALL_(ar, l, k, 3, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c))
#define I18N_F4_(ar, l, k, a, b, c, d)                                                             \
    I18N_CALL_(ar, l, k, 4, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c), I18N_ARG(d))
#define I18N_F5_(ar, l, k, a, b, c, d, e)                                                          \
    I18N_CALL_(ar, l, k, 5, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c), I18N_ARG(d), I18N_ARG(e))
#define I18N_F6_(ar, l, k, a, b, c, d, e, f)                                                       \
    I18N_CALL_(ar, l, k, 6, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c), I18N_ARG(d), I18N_ARG(e),       \
               I18N_ARG(f))
#define I18N_F7_(ar, l, k, a, b, c, d, e, f, g)                                                    \
    I18N_CALL_(ar, l, k, 7, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c), I18N_ARG(d), I18N_ARG(e),       \
               I18N_ARG(f), I18N_ARG(g))
#define I18N_F8_(ar, l, k, a, b, c, d, e, f, g, h)                                                 \
    I18N_CALL_(ar, l, k, 8, I18N_ARG(a), I18N_ARG(b), I18N_ARG(c), I18N_ARG(d), I18N_ARG(e),       \
               I18N_ARG(f), I18N_ARG(g), I18N_ARG(h))

#endif
