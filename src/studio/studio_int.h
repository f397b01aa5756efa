/* What the files of studio and its views share. */
#ifndef KONTOR_STUDIO_INT_H
#define KONTOR_STUDIO_INT_H

#include "approval/approval.h"
#include "auth/auth.h"
#include "studio/studio.h"
#include "text/text.h"
#include "ui/ui.h"

#define sdr(id)         pid_of("sdr", (id))
#define studio__sch(id) pid_of("sch", (id))
#define studio__scv(id) pid_of("scv", (id))

/* "/schemes/drafts/sdr_…" and a tail. */
struct str studio__href(struct op *op, int64_t draft_id, const char *tail);
/* The editor with a decision selected. */
struct str studio__part_href(struct op *op, int64_t draft_id, struct str part_id);

/* ---- what is wrong with a draft (studio_check.c) ---- */

struct studio__problem {
    const struct scheme_part *part; /* NULL: the file or an attribute */
    struct str where, text;
    struct str href;
    struct str sign;       /* of warnings: the hash of what it says */
    size_t row, other_row; /* of a table, from 1; 0: not at one */
    size_t column;
    bool is_warning;
    bool is_meant; /* somebody has said so */
};
struct studio__problems {
    struct studio__problem *at;
    size_t len, cap;
    int64_t errors, warnings; /* warnings: those that are not meant so */
};
enum rc studio__check(struct op *op, const struct studio_draft *draft,
                      const struct scheme_outline *outline, struct studio__problems *out);
enum rc studio__meant(struct op *op, int64_t scheme_id, struct str sign);

/* ---- a table as a grid (studio_grid.c) ---- */

struct studio__cell {
    struct str text, address; /* address: "2,0", row and column from 0 */
    struct str label;         /* for readers: "Row 3, Plan share" */
    bool is_any, is_text, is_out, is_note;
};
struct studio__row {
    int64_t number;
    struct str index; /* from 0, as text */
    struct {
        struct studio__cell *at;
        size_t len, cap;
    } cells;
    struct str since; /* "was 28.00", "new row": against the base version */
    bool is_warn, is_open;
};
struct studio__head {
    struct str title, text, index;
    struct scheme_column column;
    bool is_out, is_open;
};
struct studio__grid {
    struct {
        struct studio__head *at;
        size_t len, cap;
    } heads;
    struct {
        struct studio__row *at;
        size_t len, cap;
    } rows;
    struct str since_title; /* "Since version 7"; absent: nothing differs */
    struct ui_options policies;
    struct str policy; /* the word of the chosen one */
    bool has_notes;
    const struct studio__row *open_row;
    const struct studio__head *open_head;
};
void studio__grid_make(struct op *op, const struct scheme_part *part,
                       const struct scheme_part *base, struct str since,
                       const struct studio__problems *problems, struct studio__grid *out);
bool studio__policy_of(struct str word, enum dmn_hit_policy *out);

/* ---- the page (studio_page.c) ---- */

enum studio__view {
    STUDIO_PART = 1,
    STUDIO_ATTRIBUTES,
    STUDIO_CHECKS,
    STUDIO_PICTURE,
    STUDIO_STEPS,
    STUDIO_FILE,
    STUDIO_ADD
};

struct studio__link { /* of the list at left */
    const char *icon;
    struct str text, note, href;
    enum ui_tint tint; /* of the icon; 0: quiet */
    bool is_on, is_warn;
};
struct studio__group {
    const char *title;
    struct str add_href;
    const char *add_label;
    struct {
        struct studio__link *at;
        size_t len, cap;
    } links;
};
struct studio__attribute {
    struct str name, label, type, unit, fallback, min, max, form, text;
    bool may_differ;
};
struct studio__live;
struct studio__picture;

struct studio__page {
    struct studio_draft draft;
    struct scheme_info scheme;
    struct scheme_version base; /* id 0: none */
    struct scheme_outline outline, base_outline;
    struct studio__problems problems, here; /* here: of what is selected */
    enum studio__view view;
    struct str view_word; /* empty: a decision */
    const struct scheme_part *part;
    struct {
        struct studio__group *at;
        size_t len;
    } groups;
    struct studio__grid grid;
    struct {
        struct studio__attribute *at;
        size_t len, cap;
    } attributes;
    struct studio_steps steps;
    struct ui_form form; /* of what a part gives, of the file, of adding */
    struct str path, edit_href, live_href, here_href;
    struct str state_words; /* "on version 7, in force since 1 Jul 2026 · saved 14:02" */
    struct str others;      /* who else is there */
    struct str note;        /* what was wrong with the change; absent: nothing */
    struct ui_hint conflict;
    struct {
        struct studio__kept {
            struct str name, value;
        } * at;
        size_t len, cap;
    } kept; /* what was typed, when it was refused */
    struct str part_words, result_words, uses;
    struct safe_json names; /* for completion */
    const struct studio__picture *picture;
    struct safe_html live;
    int64_t checked; /* decisions without a finding */
    bool may_edit;
};
/* What the address asks for. */
struct studio__ask {
    struct str part, view, add;
    struct opt_i64 row, column;
    struct str contract, period;
};
struct studio__query {
    struct str part, view, add, contract, period;
    struct opt_i64 row, column;
};
extern const struct field studio__query_fields[];
enum rc studio__page_load(struct req *r, int64_t id, const struct studio__ask *ask,
                          struct studio__page *out);
enum rc studio__page_answer(struct req *r, struct studio__page *v);
enum rc studio__page_show(struct req *r);

/* ---- changes (studio_edit.c) ---- */

enum { STUDIO_OPTIONS_MAX = 24 };
struct studio__edit_form {
    struct str what, part, name, label, description, text, logic, policy;
    struct str column_label, column_text, column_type, column_values, column_fallback;
    struct str attribute_name, attribute_label, attribute_unit, attribute_type, attribute_default,
        attribute_min, attribute_max;
    struct str view, sign;
    bool is_result, attribute_outlet;
    bool is_open; /* the row's or column's own form stays open */
    struct opt_i64 row, column, to, revision;
    struct field_pairs option;
};
extern const struct field studio__edit_fields[];
enum rc studio__page_edit(struct req *r);
enum rc studio__page_edit_again(struct req *r);

/* ---- files and who is there (studio_web.c) ---- */

struct studio__upload_form {
    struct upload file;
    struct str part; /* of a table alone; empty: the whole scheme */
    struct opt_i64 revision;
};
extern const struct field studio__upload_fields[];
enum rc studio__page_file_again(struct req *r);
struct studio__revision_form {
    struct opt_i64 revision;
};
extern const struct field studio__revision_fields[];
struct studio__presence {
    struct str text, news;
    int64_t revision;
};

#endif
