/* json: a bounded reader whose numbers stay text, and a writer that cannot write nonsense. Every
 * C library at hand reads numbers as doubles, which loses money and FEEL digits. Format: RFC 8259,
 * strictly: UTF-8, no comments, no trailing commas; duplicate keys of one object are refused. */
#ifndef KONTOR_JSON_H
#define KONTOR_JSON_H

#include "base/base.h"
#include "money/money.h"
#include "when/when.h"

/* ---- reading ---- */

struct json_limits {
    size_t bytes_max;  /* 0: 1 MiB */
    size_t depth_max;  /* 0: 32; at most 256 */
    size_t values_max; /* 0: 100,000: values in all, so that memory is bounded */
};

struct json_error {
    const char *message; /* key */
    long line, column;   /* from 1; column counts bytes */
};

enum json_kind { JSON_NULL = 1, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum json_event_kind {
    JSON_EV_VALUE = 1, /* null, bool, number or string: kind and text say what */
    JSON_EV_KEY,       /* the next event begins its value */
    JSON_EV_OBJECT,
    JSON_EV_OBJECT_END,
    JSON_EV_ARRAY,
    JSON_EV_ARRAY_END
};

struct json_event {
    enum json_event_kind what;
    enum json_kind kind; /* of JSON_EV_VALUE */
    struct str text;     /* number as written, string or key decoded; "true" / "false" */
    long line, column;
};

struct json_reader;
/* Pull reader over a text that outlives it. Decoded strings live in the arena (or in the text). */
struct json_reader *json_reader_new(struct arena *arena, struct str text,
                                    struct json_limits limits);
/* RC_OK an event; RC_MISSING the end of a whole, correct text; RC_INVALID or RC_TOO_LARGE with
 * json_failure(). */
enum rc json_next(struct json_reader *reader, struct json_event *out);
/* After JSON_EV_OBJECT or JSON_EV_ARRAY: passes over all that is inside, with the end. */
enum rc json_skip(struct json_reader *reader);
struct json_error json_failure(const struct json_reader *reader);

/* ---- the same as a tree ---- */

struct json_member;
struct json_value {
    enum json_kind kind;
    bool is_true;                      /* JSON_BOOL */
    struct str text;                   /* JSON_NUMBER as written, JSON_STRING decoded */
    size_t len;                        /* of items or members */
    const struct json_value *items;    /* JSON_ARRAY */
    const struct json_member *members; /* JSON_OBJECT, in order of the text */
    long line, column;
};
struct json_member {
    struct str key;
    struct json_value value;
};

/* RC_INVALID, RC_TOO_LARGE: *out_error (may be NULL) says where and why. */
enum rc json_parse(struct arena *arena, struct str text, struct json_limits limits,
                   const struct json_value **out, struct json_error *out_error);
/* NULL when `value` is NULL, no object, or has no such key; so gets can be chained. */
const struct json_value *json_get(const struct json_value *value, const char *key);
const struct json_value *json_at(const struct json_value *value, size_t i);
bool json_is(const struct json_value *value, enum json_kind kind); /* false for NULL */
struct str json_text(const struct json_value *value); /* of a string; STR_NONE for anything else */
MUST_USE bool json_i64(const struct json_value *value, int64_t *out); /* whole numbers only */
MUST_USE bool json_bool(const struct json_value *value, bool *out);
/* A number or a string that holds one: decimals travel as strings. */
MUST_USE bool json_dec(const struct json_value *value, struct dec *out);
/* {"amount":"123.45","currency":"RUB"}. */
MUST_USE bool json_money(const struct json_value *value, struct money *out);

/* ---- writing ---- */

enum { JSON_WRITE_DEPTH_MAX = 64 };

/* Nesting is asserted: a key without a value, two values of one key or an end that does not fit
 * stop the process. Strings that are no UTF-8 get U+FFFD. `</` is written `<\/` and U+2028/9 are
 * escaped, so the text may stand inside an HTML script of type application/json. */
struct json_writer {
    struct buf *buf;
    int depth;
    bool wants_value; /* after a key */
    bool has_root;
    uint64_t is_object_bits, has_items_bits; /* one bit a level */
};
#define JSON_WRITER(buffer) ((struct json_writer){.buf = (buffer)})

void json_object(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array(struct json_writer *w);
void json_array_end(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
void json_key_str(struct json_writer *w, struct str key);
void json_put_null(struct json_writer *w);
void json_put_bool(struct json_writer *w, bool value);
void json_put_i64(struct json_writer *w, int64_t value);        /* asserts |value| <= 2^53 */
void json_put_str(struct json_writer *w, struct str value);     /* absent: null */
void json_put_number(struct json_writer *w, struct str text);   /* asserts JSON number syntax */
void json_put_dec(struct json_writer *w, struct dec value);     /* as a string; null: not finite */
void json_put_money(struct json_writer *w, struct money value); /* no currency: null */
void json_put_instant(struct json_writer *w, int64_t at_us);    /* RFC 3339 UTC */
void json_put_date(struct json_writer *w, struct date value);
void json_put_raw(struct json_writer *w, struct str json); /* a whole value made by this writer */
/* A key with its value. */
void json_pair_str(struct json_writer *w, const char *key, struct str value);
void json_pair_i64(struct json_writer *w, const char *key, int64_t value);
void json_pair_bool(struct json_writer *w, const char *key, bool value);
void json_pair_money(struct json_writer *w, const char *key, struct money value);
void json_pair_instant(struct json_writer *w, const char *key, int64_t at_us);
/* A list of texts as one text: what a query gets that asks for many codes at once. */
struct str json_list(struct arena *arena, const struct str_list *texts);
bool json_is_done(const struct json_writer *w); /* one whole value has been written */

#endif
