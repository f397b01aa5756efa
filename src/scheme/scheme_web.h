/* What the page files of scheme and its views share. */
#ifndef KONTOR_SCHEME_WEB_H
#define KONTOR_SCHEME_WEB_H

#include "scheme/scheme_int.h"

/* ---- what is wrong with a file ---- */

struct scheme__problem {
    struct str decision, place, text;
    bool is_warning;
};
struct scheme__problems {
    struct scheme__problem *at;
    size_t len, cap;
};

/* ---- a version in words ---- */

struct scheme__rule {
    int64_t number;
    struct str_list inputs, outputs, notes; /* cells as written, by column */
};
struct scheme__decision {
    struct str name, label, description, uses;
    struct str output;        /* "Line · per event"; absent: no output */
    struct str text;          /* of a literal expression; absent: none */
    const char *hit_sentence; /* of a table; NULL: none */
    struct str_list input_heads, output_heads;
    bool has_notes;
    struct {
        struct scheme__rule *at;
        size_t len, cap;
    } rules;
};
struct scheme__words {
    struct ui_table attributes, outputs;
    struct scheme__problems findings;
    struct {
        struct scheme__decision *at;
        size_t len, cap;
    } decisions;
};
/* What the check of the model said and does not stop it, for people. */
void scheme__findings_add(struct op *op, const struct dmn_issue *issues, size_t len,
                          struct scheme__problems *out);
void scheme__words_make(struct op *op, const struct scheme *scheme, struct scheme__words *out);

struct scheme__page {
    struct scheme_info scheme;
    struct scheme_version shown; /* id 0: there is none */
    struct scheme_versions all;
    struct ui_head head;
    struct str shown_words; /* "Version 3, in force since 1 Jul 2026" */
    struct ui_hint hint;    /* text absent: none */
    struct ui_table versions;
    struct scheme__words words;
    struct ui_empty empty;
    struct safe_html usage;
    struct ui_timeline history;
};
void scheme__page_json(struct json_writer *w, const struct scheme__page *v);

struct scheme__version_page {
    struct scheme_version version;
    struct scheme_info scheme;
    const struct scheme *model;
    struct ui_head head;
    struct ui_defs facts;
    struct scheme__words words;
    struct approval approval;
};
void scheme__version_json(struct json_writer *w, const struct scheme__version_page *v);
void scheme__json_model(struct json_writer *w, const struct scheme *scheme);

/* ---- what differs between two versions ---- */

struct scheme__compare_page {
    struct ui_head head;
    struct str old_name, new_name;
    struct scheme_changes changes;
    struct str from;       /* "from 1 March 2027"; absent: not known yet */
    struct ui_tabs others; /* versions to compare with */
};

void scheme_compare_page_json(struct json_writer *w, const struct scheme__compare_page *v);

/* ---- pages of versions (scheme_version_web.c) ---- */

struct scheme__upload_form {
    struct upload file;
    struct str code, name, note;
};
struct scheme__submit_form {
    struct opt_date valid_from;
    struct opt_i64 revision;
};
struct scheme__compare_form {
    struct opt_i64 with;
};
extern const struct field scheme__new_fields[], scheme__upload_fields[], scheme__submit_fields[],
    scheme__compare_fields[];
enum rc scheme__page_new(struct req *r);
enum rc scheme__page_create(struct req *r);
enum rc scheme__page_upload(struct req *r);
enum rc scheme__page_add(struct req *r);
enum rc scheme__page_version(struct req *r);
enum rc scheme__page_file(struct req *r);
enum rc scheme__page_book(struct req *r);
enum rc scheme__page_compare(struct req *r);
enum rc scheme__page_ask_submit(struct req *r);
enum rc scheme__page_submit(struct req *r);
enum rc scheme__page_ask_retire(struct req *r);
enum rc scheme__page_retire(struct req *r);

/* "in force since 1 Jul 2026", "1 Jul – 1 Oct 2026"; by the version that follows. */
struct str scheme__span_words(struct op *op, const struct scheme_version *version,
                              const struct scheme_versions *all);
struct str scheme__day(struct op *op, int64_t at_us);

#endif
