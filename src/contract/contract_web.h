/* What the page files of contract and its views share. */
#ifndef KONTOR_CONTRACT_WEB_H
#define KONTOR_CONTRACT_WEB_H

#include "contract/contract_int.h"

/* ---- a version in words ---- */

struct contract__value { /* an attribute of a bound scheme */
    struct str label, shown, fallback;
    bool is_own; /* differs by agreement */
};
struct contract__scheme {
    struct str name, code, href, description;
    struct str_list gives; /* labels of what is paid */
    struct {
        struct contract__value *at;
        size_t len, cap;
    } values;
};
struct contract__schemes {
    struct contract__scheme *at;
    size_t len, cap;
};
struct contract__terms { /* of one version */
    struct str title, note;
    struct ui_defs facts;
    struct contract__schemes schemes;
    struct str edit_href; /* absent: not editable by this actor */
};
/* `for_partner`: without links into the console. */
enum rc contract__terms_make(struct op *op, const struct contract_version *version,
                             bool for_partner, struct contract__terms *out);
/* "from 1 Jul 2026", "1 Jul 2026 – 1 Oct 2026" with the last day. */
struct str contract__span_words(struct op *op, int64_t from_day, int64_t to_day);

/* ---- what will change (contract_announce.c) ---- */

struct contract__announcement {
    struct str title, from; /* "from 1 Mar 2027" */
    int64_t day;
    int64_t version_id; /* of the scheme; 0: terms of the contract itself */
    struct scheme_changes changes;
};
struct contract__news { /* in order of day */
    struct contract__announcement *at;
    size_t len, cap;
};
enum rc contract__news(struct op *op, const struct contract_versions *all,
                       struct contract__news *out);
enum rc contract__announce_job(struct job *job);
enum rc contract__page_affected(struct req *r);
struct contract__affected_query {
    UI_LIST_MEMBERS;
    struct str own;
};
extern const struct field contract__affected_fields[];

struct contract__page {
    struct contract contract;
    struct contract_versions all;
    const struct contract_version *shown; /* NULL: no terms yet */
    struct ui_head head;
    struct ui_defs facts;
    struct ui_hint hint;
    struct ui_table versions, suspensions;
    struct contract_suspensions suspended;
    bool is_pausing; /* a suspension lasts, or is to begin */
    struct contract__terms terms;
    struct ui_empty empty;
    struct approval approval;
    struct ui_timeline history;
};
void contract__page_json(struct json_writer *w, const struct contract__page *v);

struct contract__version_page {
    struct contract_version version;
    struct contract contract;
    struct ui_head head;
    struct contract__terms terms;
};
void contract__version_json(struct json_writer *w, const struct contract__version_page *v);

/* ---- fields of individual values in the form of a version ---- */

struct contract__input {
    struct str key; /* "CODE:attribute name": hidden, beside its value */
    struct str id;  /* of the element */
    struct str label, text, hint, problem;
    bool is_percent, is_number;
    bool is_choice; /* true or false */
    bool is_date;
};
void contract__term_date(struct out *o, const struct contract__input *v);
struct contract__inputs {
    struct str title;
    struct {
        struct contract__input *at;
        size_t len, cap;
    } fields;
};
struct contract__input_groups {
    struct contract__inputs *at;
    size_t len, cap;
};

/* ---- cards ---- */

struct contract__card {
    const char *title, *empty;
    struct str note;
    struct ui_items items;
    struct ui_actions actions;
    struct str all_href; /* absent: no link */
};

struct out contract__part(struct req *r); /* a buffer for a part of the page */

/* ---- pages of other files, for the one table of routes ---- */

struct contract__version_form {
    struct date from_day;
    struct str currency, pay_currency, period_kind, vat_mode, documents_by, note;
    struct opt_i64 period_anchor, due_days, hold_days, accept_days, revision;
    struct opt_dec minimum;
    bool netting;
    struct i64_list schemes, rivals;
    struct str combine;
    struct str_list term_of, term;
};
extern const struct field contract__version_fields[];
enum rc contract__page_version_new(struct req *r);
enum rc contract__page_version_add(struct req *r);
enum rc contract__page_version(struct req *r);
enum rc contract__page_version_edit(struct req *r);
enum rc contract__page_version_save(struct req *r);
enum rc contract__page_version_ask_remove(struct req *r);
enum rc contract__page_version_remove(struct req *r);

struct contract__form {
    struct str code, partner, nature;
    int64_t entity;
    struct opt_date signed_day;
    struct date from_day;
    struct opt_date last_day;
    struct opt_i64 revision;
};
struct contract__new_query {
    struct opt_i64 partner;
};
struct contract__state_form {
    struct str state;
    struct opt_i64 revision;
};
struct contract__end_form {
    struct date last_day;
    struct opt_i64 revision;
};
struct contract__suspend_form {
    struct opt_date from_day; /* absent: today */
    struct str reason;
    struct opt_i64 revision;
};
struct contract__resume_form {
    struct opt_date day; /* absent: today */
    struct opt_i64 revision;
};
extern const struct field contract__fields[], contract__new_fields[], contract__state_fields[],
    contract__end_fields[], contract__suspend_fields[], contract__resume_fields[];
enum rc contract__suspensions_make(struct op *op, struct contract__page *v);
enum rc contract__page_ask_resume(struct req *r);
enum rc contract__page_resume(struct req *r);
enum rc contract__page_new(struct req *r);
enum rc contract__page_create(struct req *r);
enum rc contract__page_edit(struct req *r);
enum rc contract__page_save(struct req *r);
enum rc contract__page_state(struct req *r);
enum rc contract__page_ask_suspend(struct req *r);
enum rc contract__page_suspend(struct req *r);
enum rc contract__page_ask_end(struct req *r);
enum rc contract__page_end(struct req *r);
enum rc contract__page_ask_archive(struct req *r);
enum rc contract__page_archive(struct req *r);
enum rc contract__page_restore(struct req *r);

enum rc contract__page_portal(struct req *r);
enum rc contract__page_portal_one(struct req *r);
struct contract__portal_page {
    struct ui_head head;
    struct ui_items items;
    struct ui_empty empty;
    struct ui_defs facts;
    struct contract__terms terms;
    bool has_terms;
    struct contract__news news;
};

#endif
