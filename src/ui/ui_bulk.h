/* ui_bulk: a change of many rows of a list. The list posts the marked rows, or that all rows of its
 * filters are meant; a page says what happens, to which and to how many, and takes what is chosen
 * with it; then they are changed: in one transaction or not at all, and more than LIST_LIMIT_MAX of
 * them in a job, where those that cannot be changed are counted. All rows of a filter are found
 * again when it is confirmed, and asked about again when they have become others in number. */
#ifndef KONTOR_UI_BULK_H
#define KONTOR_UI_BULK_H

#include "ui/ui.h"

struct ui_bulk;
struct ui_bulk_step {
    const char *name;           /* "suspend": in the address and in jobs; NULL ends a table */
    const char *title, *submit; /* M("Suspend partners"), M("Suspend") */
    const char *text;           /* what it means; NULL: the title says it */
    const char *done;           /* M("Archived."); NULL: M("Done.") */
    bool is_danger;
    struct ui_field field; /* what is chosen with it; name NULL: nothing */
    enum rc (*options)(struct ui_form *form, const char *field);
    /* What was chosen, as `change` takes it; NULL: as it was sent. */
    enum rc (*value)(struct req *r, struct str *out);
    /* RC_OK also for a row that is as wanted already. */
    enum rc (*change)(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value);
};
struct ui_bulk {
    const char *path;   /* of the list: "/partners" */
    const char *prefix; /* of ids: "prt" */
    const char *plural; /* M("Partners") */
    const char *count;  /* M("{0, plural, one {# partner} other {# partners}}") */
    /* The list, for "all that match"; NULL: marked rows alone. */
    enum rc (*spec)(struct op *op, struct ui_list_spec *out);
    enum rc (*name)(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str *out);
    const struct ui_bulk_step *steps;
    const char *job; /* kind of the job for many, which must exist with `spec` */
    const void *own;
};
const struct ui_bulk_step *ui_bulk_find(const struct ui_bulk *bulk, struct str step); /* or NULL */

/* A POST of the list, and of the page that asks: RC_MISSING without such a step. Routes declare
 * UI_CHOSEN_FIELDS, `go` and the field of the step; ui_bulk_form has the first two. */
enum rc ui_bulk_page(struct req *r, const struct ui_bulk *bulk, struct str step);
/* Their FORM_PAGE. */
enum rc ui_bulk_ask(struct req *r, const struct ui_bulk *bulk, struct str step);

/* What a job does; where it is watched comes back. Set once at start by the module of jobs. */
struct ui_bulk_work {
    const struct ui_bulk *bulk;
    const struct ui_bulk_step *step;
    const struct i64_list *ids;
    struct str value;
};
typedef enum rc ui_bulk_later_fn(struct op *op, const struct ui_bulk_work *work,
                                 struct str *out_href);
void ui_bulk_later_set(ui_bulk_later_fn *later);

#endif
