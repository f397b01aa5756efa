/* html: the run time under compiled templates (tools/tplc). A view writes into a `struct out`;
 * tplc chooses one of the printers below by the place of each output, so a value can never change
 * the structure of the page. Only `struct safe_html` is printed as it is.
 *
 * Values are printed for people (amounts, dates and times as o->lang and o->zone want them) in
 * text and in attributes that people read, and plainly ("1234.50", "2026-10-01", RFC 3339) where a
 * machine reads: value, datetime, min, max, step, data-*, URLs and JSON. */
#ifndef KONTOR_HTML_H
#define KONTOR_HTML_H

#include "base/base.h"
#include "i18n/i18n.h"
#include "money/money.h"
#include "text/text.h"
#include "when/when.h"

/* A page being written. Whoever makes one sets all fields; `buf` is bounded, and when `buf.is_over`
 * the page must not be sent. */
struct out {
    struct buf buf;
    struct arena *arena; /* for what the views and printers need on the way */
    const struct lang *lang;
    const struct zone *zone; /* where instants are shown */
    struct date today;       /* in `zone` */
    struct str nonce;        /* of the content security policy: <style nonce> */
    struct str csrf;         /* value of the hidden field _csrf of every form that posts */
    struct str path;         /* of the page being shown, without the query */
};

struct safe_html { /* HTML that was made by a view (html_capture) or is static text */
    struct str html;
};
struct safe_json { /* one whole JSON value; printed in <script type="application/json"> only */
    struct str json;
};
struct html_number { /* a whole number that people read: grouped as the language does */
    int64_t value;
};
#define NUMBER(n) ((struct html_number){(n)})

/* A page in memory: `arena` for what is made on the way, `max_bytes` for the page. */
#define OUT(arena_, max_bytes_)                                                                    \
    {                                                                                              \
        .buf = BUF(max_bytes_), .arena = (arena_), .nonce = STR_INIT(""), .csrf = STR_INIT(""),    \
        .path = STR_INIT("/")                                                                      \
    }
void out_done(struct out *o);
#define AUTO_OUT CLEANUP(out_done) struct out

/* Another page buffer with the same language, zone and tokens: for a part that is made first and
 * put into a larger view afterwards. */
struct out out_like(const struct out *o);
/* What was written, as a value for other views; copied to o->arena. */
struct safe_html out_html(const struct out *o);

/* Static text of a template. */
void html_put(struct out *o, struct str trusted);
/* A message of o->lang with its arguments, not yet escaped. */
struct str html_message(struct out *o, const char *key, const struct i18n_arg *args,
                        size_t args_len);
#define HTML_ARG(o, v)                                                                             \
    _Generic((v), struct instant : html__arg_instant, default : html__arg_same)((o), I18N_ARG(v))

/* ---- printers; tplc writes these calls ---- */

#define html_text(o, x)     html__put((o), HTML_IN_TEXT, HTML_ANY_(x, HTML_TEXT_ONLY_))
#define html_attr(o, x)     html__put((o), HTML_IN_ATTR, HTML_ANY_(x, ))
#define html_value(o, x)    html__put((o), HTML_IN_VALUE, HTML_ANY_(x, ))
#define html_url(o, x)      html__put((o), HTML_IN_URL, HTML_ANY_(x, ))
#define html_url_part(o, x) html__put((o), HTML_IN_URL_PART, HTML_ANY_(x, ))
#define html_json(o, x)     html__put((o), HTML_IN_JSON, HTML_ANY_(x, HTML_JSON_ONLY_))

/* A URL as it may stand in an attribute: "#" when its scheme is not http, https, mailto or tel;
 * white space, control characters, quotes and non-ASCII bytes percent-encoded. Not HTML-escaped. */
struct str url_clean(struct arena *arena, struct str url);
/* One path segment or query value: everything but letters, digits and -._~ percent-encoded. */
struct str url_part(struct arena *arena, struct str part);

/* ---- what stands behind the printers ---- */

enum html_place {
    HTML_IN_TEXT = 1,
    HTML_IN_ATTR,     /* read by people */
    HTML_IN_VALUE,    /* read by machines */
    HTML_IN_URL,      /* a whole URL, its scheme checked */
    HTML_IN_URL_PART, /* after the beginning of a URL: one segment or query value */
    HTML_IN_JSON
};

enum html_kind {
    HTML_STR = 1,
    HTML_I64,
    HTML_U64,
    HTML_NUMBER,
    HTML_MONEY,
    HTML_DATE,
    HTML_INSTANT,
    HTML_PERIOD,
    HTML_DEC,
    HTML_PID,
    HTML_SAFE,
    HTML_SAFE_JSON
};

struct html_any {
    enum html_kind kind;
    union {
        struct str str;
        int64_t i64;
        uint64_t u64;
        struct money money;
        struct date date;
        struct instant instant;
        struct period period;
        struct dec dec;
        struct pid pid;
    };
};

/* clang-format off */
#define HTML_TEXT_ONLY_ struct safe_html : html__of_safe,
#define HTML_JSON_ONLY_ struct safe_json : html__of_json,
#define HTML_ANY_(x, ...)                                                                          \
    _Generic((x), __VA_ARGS__                                                                      \
             struct str : html__of_str, const char * : html__of_c, char * : html__of_c,            \
             signed char : html__of_i64, short : html__of_i64, int : html__of_i64,                 \
             long : html__of_i64, long long : html__of_i64,                                        \
             unsigned char : html__of_u64, unsigned short : html__of_u64,                          \
             unsigned : html__of_u64, unsigned long : html__of_u64,                                \
             unsigned long long : html__of_u64, struct html_number : html__of_number,              \
             struct money : html__of_money, struct date : html__of_date,                           \
             struct instant : html__of_instant, struct period : html__of_period,                   \
             struct dec : html__of_dec, struct pid : html__of_pid)(x)
/* clang-format on */

void html__put(struct out *o, enum html_place place, struct html_any any);
struct html_any html__of_str(struct str v); /* absent prints nothing (JSON: null) */
struct html_any html__of_c(const char *v);  /* NULL prints nothing */
struct html_any html__of_i64(int64_t v);
struct html_any html__of_u64(uint64_t v);
struct html_any html__of_number(struct html_number v);
struct html_any html__of_money(struct money v);
struct html_any html__of_date(struct date v);
struct html_any html__of_instant(struct instant v);
struct html_any html__of_period(struct period v);
struct html_any html__of_dec(struct dec v);
struct html_any html__of_pid(struct pid v);
struct html_any html__of_safe(struct safe_html v);
struct html_any html__of_json(struct safe_json v);
struct i18n_arg html__arg_instant(struct out *o, struct i18n_arg arg);
struct i18n_arg html__arg_same(struct out *o, struct i18n_arg arg);

#endif
