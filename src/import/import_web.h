/* What the pages of import share with their views. */
#ifndef KONTOR_IMPORT_WEB_H
#define KONTOR_IMPORT_WEB_H

#include "import/import_int.h"

struct import__target { /* something a column can become */
    struct str value, label;
    bool is_required, is_on;
};
struct import__targets {
    struct import__target *at;
    size_t len, cap;
};
struct import__line { /* a column of the file, or a formula */
    struct str name;
    struct str samples; /* "12, 7, 3" */
    struct str format, feel;
    size_t number;
    struct import__targets targets;
};
struct import__lines {
    struct import__line *at;
    size_t len, cap;
};
struct import__problem {
    struct str field, text;
};
struct import__draft_page {
    struct ui_head head;
    int64_t id, revision;
    struct import__lines columns, formulas;
    struct {
        struct import__problem *at;
        size_t len, cap;
    } problems;
    struct import__targets encodings, delimiters, sheets;
    struct str source;
    bool is_events, is_csv;
    struct ui_table preview;
    struct ui_column preview_columns[13];
};
struct import__page {
    struct ui_head head;
    struct import_rec rec;
    struct ui_kpis counts;
    struct ui_defs facts;
    struct safe_html job; /* while it is under way */
    bool has_job;
    struct ui_hint hint;
    struct ui_table errors;
    struct str errors_note;
    struct ui_timeline history;
    struct str again_href; /* absent: it has ended, nothing changes any more */
};
struct import__new_form {
    struct str kind, saved, source;
    struct upload file;
};
struct import__draft_form {
    struct str_list from, to, format; /* one of each a column of the file */
    struct str_list feel_to, feel;
    struct str encoding, delimiter, sheet, source, save_as, go;
    int64_t revision;
};
struct import__again_form {
    struct str go;
};

extern const struct field import__new_fields[], import__draft_fields[], import__again_fields[];

/* RC_MISSING also when these staff may not see it. */
enum rc import__seen_by(struct op *op, int64_t id, struct import_rec *out);
struct str import__href(struct op *op, int64_t id, const char *tail);
const char *import__kind_label(struct str kind); /* message key */

void import__page_json(struct json_writer *w, const struct import__page *v);
enum rc import__page_new(struct req *r);
enum rc import__page_create(struct req *r);
enum rc import__page_draft(struct req *r, const struct import_rec *rec);
enum rc import__page_remap(struct req *r);

/* ---- saved mappings (import_mapping_web.c) ---- */

struct import__mapping_query {
    UI_LIST_MEMBERS;
    struct str kind;
};
struct import__mapping_form {
    struct str name;
    struct opt_i64 revision;
};
extern const struct field import__mapping_query_fields[];
extern const struct field import__mapping_fields[];
enum rc import__mapping_list_page(struct req *r);
enum rc import__mapping_edit_page(struct req *r);
enum rc import__mapping_save_page(struct req *r);
enum rc import__mapping_ask_page(struct req *r);
enum rc import__mapping_delete_page(struct req *r);

#endif
