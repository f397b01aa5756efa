/* ui_record: the pages that every kind of record has: the record itself, the forms of a new one and
 * of one that is there, archiving and restoring. A module declares the kind once, as a table with
 * its words and four to six small functions that know its own struct; pages, crumbs, buttons,
 * confirmations, revisions, notes, redirects, history and JSON are made from it.
 * docs/internals/ui.md shows one from end to end. Included by ui/ui.h. */
#ifndef KONTOR_UI_RECORD_H
#define KONTOR_UI_RECORD_H

#include "ui/ui.h"

/* One record as its pages need it; filled by the kind's `get`. */
struct ui_record {
    int64_t id, revision;
    struct str name; /* as people know it */
    struct opt_i64 archived_at;
    struct str state; /* absent: active or archived */
    bool is_locked;   /* nobody edits it any more: no button */
    void *own;        /* the module's struct, in op's arena; NULL: of the form of a new one */
};

/* For `get`: of a struct with the usual members. */
#define UI_RECORD_OF(p_, own_)                                                                     \
    ((struct ui_record){.id = (p_)->id,                                                            \
                        .revision = (p_)->revision,                                                \
                        .name = (p_)->name,                                                        \
                        .archived_at = (p_)->archived_at,                                          \
                        .own = (own_)})

/* The record's page; `show` adds to it. */
struct ui_record_page {
    struct ui_record record;
    struct ui_head head;
    struct ui_hint hint; /* text absent: none */
    struct ui_defs facts;
    struct safe_html below;  /* cards under the facts */
    struct safe_html beside; /* cards at right; the history then stands under the facts */
    struct safe_html history;
};

/* What is known of changes: audit_journal of audit/audit.h, which ui may not name. */
struct ui_journal {
    enum rc (*history)(struct req *r, const char *record, int64_t id, struct safe_html *out);
    enum rc (*conflict)(struct req *r, struct ui_form *form, const char *record, int64_t id);
};

struct ui_record_kind {
    const char *record; /* "product": of states and of the journal */
    const char *path;   /* "/products"; a record stands at "/products/prd_…" */
    const char *prefix; /* "prd" */
    const char *permission_edit;
    const char *plural; /* the crumb: M("Products"), leading to the path or to: */
    const char *list;
    const char *title_new, *add, *added; /* M("New product"), M("Add product"), M("The product was
                                            added.") */
    struct ui_record_words {
        const char *title, *text;     /* M("Archive the product?"), what happens; {0} is the name */
    } archive_words, restore_words;   /* no restore_words: there is no way back */
    bool has_own_page;                /* the module writes it: a record with tabs */
    bool is_archive_in_menu;          /* the button stands in the "⋯" menu */
    const struct ui_journal *journal; /* NULL: without a page, its changes stand elsewhere */

    /* RC_MISSING: no such record, or none that the actor sees. */
    enum rc (*get)(struct op *op, int64_t id, struct ui_record *out);
    /* ui_form_init, options and values; revision, buttons and crumbs are set. */
    enum rc (*form)(struct req *r, const struct ui_record *record, struct ui_form *form);
    /* form(r) as a record; id 0: a new one. */
    enum rc (*save)(struct req *r, int64_t id, int64_t *out_id);
    enum rc (*archive)(struct op *op, int64_t id, int64_t revision, bool is_archived);
    /* Facts, cards, more buttons. NULL: the kind has no page, or its own. */
    enum rc (*show)(struct req *r, struct ui_record_page *page);
    /* The members between "revision" and "archived". */
    void (*json)(struct json_writer *w, const struct ui_record *record);
    /* Where one goes after a change and by Cancel; NULL: the record's page, or without one the
     * list. */
    struct str (*home)(struct op *op, const struct ui_record *record);
};

/* "/products/prd_…" and a tail: "", "/edit". */
struct str ui_url(struct op *op, const char *path, struct pid id, const char *tail);
struct str ui_archive_state(struct opt_i64 archived_at); /* "active" or "archived" */
/* "Archive…" or "Restore…", for the head of a kind that has no page of its own. */
void ui_record_archive_action(struct op *op, const struct ui_record_kind *kind,
                              const struct ui_record *record, struct ui_actions *to);

/* A POST that carries nothing but the revision. */
struct ui_revision_form {
    struct opt_i64 revision;
};
extern const struct field ui_revision_fields[];
int64_t ui_revision(struct req *r); /* of such a form */

/* The marked rows of a list. */
struct ui_bulk_form {
    UI_CHOSEN_MEMBERS;
    struct str go; /* "1": it was asked */
};
extern const struct field ui_bulk_fields[];

/* A step of one's own that asks first, beside archiving: its page, and the end of its POST. */
struct ui_record_step {
    const char *name; /* "anonymise": last part of the path */
    const char *title, *text, *button;
    bool is_danger;
};
enum rc ui_record_ask(struct req *r, const struct ui_record_kind *kind,
                      const struct ui_record_step *step);
enum rc ui_record_done(struct req *r, const struct ui_record_kind *kind, int64_t id,
                       const char *note);

/* ---- routes ---- */

/* UI_RECORD_PAGES(product); after `static const struct ui_record_kind product_kind` makes the
 * functions of its routes: page_product_show, page_product_new, page_product_create, … */
#define UI_RECORD_PAGES(name_)                                                                     \
    UI_RECORD_PAGE_(name_, show)                                                                   \
    UI_RECORD_PAGE_(name_, new)                                                                    \
    UI_RECORD_PAGE_(name_, create)                                                                 \
    UI_RECORD_PAGE_(name_, edit)                                                                   \
    UI_RECORD_PAGE_(name_, save)                                                                   \
    UI_RECORD_PAGE_(name_, ask_archive)                                                            \
    UI_RECORD_PAGE_(name_, archive)                                                                \
    UI_RECORD_PAGE_(name_, ask_restore)                                                            \
    UI_RECORD_PAGE_(name_, restore)                                                                \
    UI_RECORD_PAGE_(name_, ask_bulk_archive)                                                       \
    UI_RECORD_PAGE_(name_, bulk_archive)                                                           \
    UI_RECORD_PAGE_(name_, ask_bulk_restore)                                                       \
    UI_RECORD_PAGE_(name_, bulk_restore)
#define UI_RECORD_PAGE_(name_, what_)                                                              \
    __attribute__((unused)) static enum rc page_##name_##_##what_(struct req *r)                   \
    {                                                                                              \
        return ui_record_##what_(r, &name_##_kind);                                                \
    }
/* All routes of a kind but its list: UI_RECORD_ROUTES(product, "/products", "prd", "catalog.read",
 * "catalog.edit", FORM(product_form, product_fields)). */
#define UI_RECORD_ROUTES(name_, path_, prefix_, read_, edit_, ...)                                 \
    ROUTE(GET, path_ "/new", page_##name_##_new, edit_),                                           \
        UI_RECORD_OLD_ROUTES(name_, path_, prefix_, read_, edit_, __VA_ARGS__)
/* The same without ".../new", for one whose query says more. */
#define UI_RECORD_OLD_ROUTES(name_, path_, prefix_, read_, edit_, ...)                             \
    ROUTE(POST, path_, page_##name_##_create, edit_, __VA_ARGS__, FORM_PAGE(page_##name_##_new),   \
          API),                                                                                    \
        ROUTE(GET, path_ "/:" prefix_, page_##name_##_show, read_, API),                           \
        ROUTE(GET, path_ "/:" prefix_ "/edit", page_##name_##_edit, edit_),                        \
        ROUTE(POST, path_ "/:" prefix_ "/edit", page_##name_##_save, edit_, __VA_ARGS__,           \
              FORM_PAGE(page_##name_##_edit), API),                                                \
        UI_ARCHIVE_ROUTES(name_, path_, prefix_, edit_),                                           \
        UI_ARCHIVE_BULK_ROUTES(name_, path_, edit_)
#define UI_ARCHIVE_ROUTES(name_, path_, prefix_, edit_)                                            \
    UI_ASKING_ROUTES(path_ "/:" prefix_ "/archive", page_##name_##_ask_archive,                    \
                     page_##name_##_archive, edit_),                                               \
        UI_ASKING_ROUTES(path_ "/:" prefix_ "/restore", page_##name_##_ask_restore,                \
                         page_##name_##_restore, edit_)
/* Of the marked rows of the list; UI_ARCHIVE_BULK are its buttons. */
#define UI_ARCHIVE_BULK_ROUTES(name_, path_, edit_)                                                \
    ROUTE(POST, path_ "/bulk/archive", page_##name_##_bulk_archive, edit_,                         \
          FORM(ui_bulk_form, ui_bulk_fields), FORM_PAGE(page_##name_##_ask_bulk_archive), API),    \
        ROUTE(POST, path_ "/bulk/restore", page_##name_##_bulk_restore, edit_,                     \
              FORM(ui_bulk_form, ui_bulk_fields), FORM_PAGE(page_##name_##_ask_bulk_restore), API)
#define UI_ASKING_ROUTES(path_, ask_, do_, edit_)                                                  \
    ROUTE(GET, path_, ask_, edit_),                                                                \
        ROUTE(POST, path_, do_, edit_, FORM(ui_revision_form, ui_revision_fields),                 \
              FORM_PAGE(ask_), API)

enum rc ui_record_show(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_new(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_create(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_edit(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_save(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_ask_archive(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_archive(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_ask_restore(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_restore(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_ask_bulk_archive(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_bulk_archive(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_ask_bulk_restore(struct req *r, const struct ui_record_kind *kind);
enum rc ui_record_bulk_restore(struct req *r, const struct ui_record_kind *kind);

/* ---- the usual parts of their pages, lists and forms ---- */

/* Cards: definitions under a title (a message key), the history. */
void ui_defs_card_view(struct out *o, const char *title, const struct ui_defs *v);
void ui_history_card_view(struct out *o, const struct ui_timeline *v);

#define UI_NAME_COLUMN(title_)                                                                     \
    {                                                                                              \
        .name = "name", .title = (title_), .kind = UI_TEXT, .sort = "name", .place = UI_AT_NAME,   \
        .sub_name = "code", .sub_title = M("Code")                                                 \
    }
#define UI_STATE_COLUMN(record_)                                                                   \
    {                                                                                              \
        .name = "state", .title = M("State"), .kind = UI_STATE, .record = (record_),               \
        .place = UI_AT_BADGE                                                                       \
    }
#define UI_ADDED_COLUMN                                                                            \
    {                                                                                              \
        .name = "created_at", .title = M("Added"), .kind = UI_TIME, .sort = "created",             \
        .is_optional = true                                                                        \
    }
/* Active or archived. */
#define UI_STATE_FILTER(record_)                                                                   \
    {                                                                                              \
        .name = "state", .label = M("State"), .kind = UI_PICK, .record = (record_),                \
        .states = ui_archive_states                                                                \
    }
extern const char *const ui_archive_states[];
#define UI_ADD_ACTION(label_, href_, permission_)                                                  \
    {                                                                                              \
        .label = (label_), .icon = "plus", .kind = UI_PRIMARY, .href = STR_INIT(href_),            \
        .permission = (permission_)                                                                \
    }
/* For `bulk` of the list; after a list's own steps. */
#define UI_ARCHIVE_BULK(path_, permission_)                                                        \
    {.label = M("Restore…"),                                                                       \
     .icon = "archive-off",                                                                        \
     .href = STR_INIT(path_ "/bulk/restore"),                                                      \
     .permission = (permission_)},                                                                 \
        {.label = M("Archive…"),                                                                   \
         .icon = "archive",                                                                        \
         .kind = UI_DANGER,                                                                        \
         .href = STR_INIT(path_ "/bulk/archive"),                                                  \
         .permission = (permission_)},                                                             \
    {                                                                                              \
        .label = NULL                                                                              \
    }
#define UI_NAME_FIELD(max_len_)                                                                    \
    {                                                                                              \
        .name = "name", .label = M("Name"), .kind = UI_FIELD_TEXT, .is_required = true,            \
        .max_len = (max_len_)                                                                      \
    }
#define UI_CODE_FIELD(hint_, is_half_)                                                             \
    {                                                                                              \
        .name = "code", .label = M("Code"), .hint = (hint_), .kind = UI_FIELD_TEXT,                \
        .is_required = true, .is_half = (is_half_), .max_len = 64                                  \
    }
/* Days of what begins and may end: F_DATE(x, from), F_OPT_DATE(x, to). */
#define UI_FROM_UNTIL_FIELDS                                                                       \
    {.name = "from",                                                                               \
     .label = M("From"),                                                                           \
     .kind = UI_FIELD_DATE,                                                                        \
     .is_required = true,                                                                          \
     .is_half = true},                                                                             \
    {                                                                                              \
        .name = "to", .label = M("Until"),                                                         \
        .hint = M("The first day without it; empty: without end."), .kind = UI_FIELD_DATE,         \
        .is_half = true                                                                            \
    }
/* The day that ends it: F_DATE(x, to). */
#define UI_UNTIL_FIELD(is_half_)                                                                   \
    {                                                                                              \
        .name = "to", .label = M("Until"), .hint = M("The first day without it."),                 \
        .kind = UI_FIELD_DATE, .is_required = true, .is_half = (is_half_)                          \
    }
void ui_form_countries(struct ui_form *form, const char *field);  /* options, by code */
void ui_form_currencies(struct ui_form *form, const char *field); /* "EUR – Euro" */

#endif
