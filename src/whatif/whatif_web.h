/* What the page files of whatif and its views share. */
#ifndef KONTOR_WHATIF_WEB_H
#define KONTOR_WHATIF_WEB_H

#include "json/json.h"
#include "whatif/whatif_int.h"

struct whatif__card { /* a variant beside what was paid */
    int64_t position;
    struct str letter, name, total, delta, href, edit_href, remove_href;
    bool is_up, is_down; /* against what was paid */
    struct str budget;   /* "€1,200 over the budget"; absent: none */
    bool is_over, is_on;
    struct str_list changes;
    struct ui_defs counts; /* in the first currency */
    struct ui_defs others; /* totals in other currencies */
};

struct whatif__bucket { /* partners whose difference lies between two bounds */
    struct str label, sum;
    int64_t partners, width; /* of the bar, in percent of the largest */
    const char *classes;     /* "ok", "bad" or "" */
};

struct whatif__slide { /* an attribute that can be tried */
    struct str name, label, unit, value, from, to, step, at;
    int64_t number;
};

struct whatif__tried { /* one month with other values */
    struct str title, total, delta, paid;
    struct money base, amount;
    bool is_up, is_down;
    struct str note; /* what went wrong; absent: nothing */
    struct ui_defs counts;
};

struct whatif__page {
    struct whatif w;
    struct ui_head head;
    struct ui_hint hint;
    struct safe_html job;
    struct str paid, paid_note, months;
    struct str budget;
    struct {
        struct whatif__card *at;
        size_t len, cap;
    } cards;
    struct whatif_totals totals;
    struct {
        struct whatif__bucket *at;
        size_t len, cap;
    } buckets;
    struct str buckets_title;
    struct {
        struct whatif__slide *at;
        size_t len, cap;
    } slides;
    struct str try_href, variant_pid, decimal;
    struct whatif__tried tried;
    struct ui_list list;
    struct ui_empty empty;
    bool has_results;
};

struct whatif__query {
    UI_LIST_MEMBERS;
    struct opt_i64 variant;
    struct str way;
};
extern const struct field whatif__query_fields[];
struct whatif__try_query {
    struct opt_i64 variant;
    struct field_pairs set;
};
extern const struct field whatif__try_fields[];

struct whatif__why_query {
    struct opt_i64 variant, contract, amount;
    struct str month;
};
extern const struct field whatif__why_fields[];

enum rc whatif__page_show(struct req *r);
enum rc whatif__page_partners(struct req *r);
enum rc whatif__page_try(struct req *r);
enum rc whatif__page_partner(struct req *r);
enum rc whatif__page_why(struct req *r);

/* whatif_figures.c */
enum rc whatif__cards(struct op *op, const struct whatif *w, int64_t chosen,
                      struct whatif__page *v);
void whatif__buckets(struct op *op, const struct whatif_figures *figures, struct whatif__page *v);
void whatif__counts(struct op *op, const struct whatif_figures *figures, struct ui_defs *out);
/* whatif_try.c: which values can be tried, and what they give. */
enum rc whatif__slides(struct op *op, const struct whatif *w, int64_t position,
                       struct whatif__page *v);

/* whatif_form_web.c */
enum rc whatif__page_ask_variant(struct req *r);
enum rc whatif__page_variant(struct req *r);
enum rc whatif__page_edit_variant(struct req *r);
enum rc whatif__page_ask_drop_variant(struct req *r);
enum rc whatif__page_drop_variant(struct req *r);
struct whatif__variant_form {
    struct str name, attribute1, value1, attribute2, value2, attribute3, value3, partner;
    struct opt_i64 version, version2, scheme, from_scheme, variant;
    bool for_all;
};
extern const struct field whatif__variant_fields[];
struct whatif__variant_query {
    struct opt_i64 variant;
};
extern const struct field whatif__variant_query_fields[];
/* Versions to choose from: drafts and published ones, of schemes that are not archived. */
enum rc whatif__version_options(struct ui_form *form, const char *field);

void whatif__page_json(struct json_writer *w, const struct whatif__page *v);
void whatif__try_json(struct json_writer *w, const struct whatif__page *v);
void whatif__put(struct json_writer *w, const struct whatif *whatif);
void whatif__put_totals(struct json_writer *w, const struct whatif_totals *totals);

struct whatif__partner_page {
    struct whatif w;
    struct ui_head head;
    struct ui_table rows;
};
void whatif__partner_json(struct json_writer *w, const struct whatif__partner_page *v);

#endif
