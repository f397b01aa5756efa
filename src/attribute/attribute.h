/* attribute: fields that staff add to records: a text, a number, a date, yes or no, one of a list.
 * A definition belongs to a kind of record; its code is its name in FEEL. Values are kept as
 * canonical text, so that a formula, a filter and a file see the same thing.
 *
 * A module with such records extends its form by three calls: attribute_form_fields before
 * ui_form_init, attribute_form_set after it, attribute_values_save with what came back; its field
 * table has F_PAIRS(form, attr, ATTRIBUTES_MAX). */
#ifndef KONTOR_ATTRIBUTE_H
#define KONTOR_ATTRIBUTE_H

#include "audit/audit.h"
#include "http/http.h"
#include "op/op.h"
#include "ui/ui.h"

enum { ATTRIBUTES_MAX = 60 /* of a kind of record, not archived */ };

struct attribute {
    int64_t id, revision;
    struct str owner_kind; /* partner, contract, product, customer, outlet, event */
    struct str code;       /* FEEL name, unique in its kind */
    struct str type;       /* text, number, date, bool, choice */
    struct str label_en, label_ru, label_es;
    struct str choices;  /* of a choice: one value a line */
    struct str min, max; /* canonical: bounds of a number or date, lengths of a text; empty: none */
    bool is_required, is_shown_to_partner;
    int64_t position;
    struct opt_i64 archived_at;
};
struct attribute_list {
    struct attribute *at;
    size_t len, cap;
};

/* ---- definitions ---- */

enum rc attribute_get(struct op *op, int64_t id, struct attribute *out);
enum rc attribute_by_code(struct op *op, struct str owner_kind, struct str code,
                          struct attribute *out);
/* Those in use, in their order. */
enum rc attribute_all(struct op *op, const char *owner_kind, struct attribute_list *out);
/* id 0: a new one. Permission attribute.edit. Kind, code and type never change once stored.
 * RC_INVALID with fields; RC_CONFLICT: code taken, revision, too many. */
enum rc attribute_save(struct op *op, const struct attribute *in, int64_t *out_id);
enum rc attribute_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
struct str attribute_label(const struct lang *lang, const struct attribute *attribute);

/* ---- values ---- */

struct attribute_value {
    const struct attribute *attribute;
    struct str text; /* canonical; absent: no value */
};
struct attribute_values {
    struct attribute_value *at;
    size_t len, cap;
};
/* Whose values they are, for the journal. The caller has checked that the actor may. */
struct attribute_owner {
    const char *kind;
    int64_t record_id;
    struct str label;
    struct opt_i64 partner_id;
};

/* One for each attribute in use, with or without a value. */
enum rc attribute_values_get(struct op *op, const char *owner_kind, int64_t record_id,
                             struct attribute_values *out);
/* Of several records, the rows of a page, at once: (*out)[i] are those of records->at[i]. */
enum rc attribute_values_of(struct op *op, const char *owner_kind, const struct i64_list *records,
                            struct attribute_values **out);
/* One typed text made canonical; NULL when fine, else a message key. `is_plain`: written by a
 * program (1234.5), otherwise as people of op->lang write it. Empty is absent. */
const char *attribute_check(struct op *op, const struct attribute *attribute, struct str text,
                            bool is_plain, struct str *out);
/* Checks what was sent (RC_INVALID with fields "attr:CODE"; unknown codes and missing required
 * values too) and stores what differs, in the caller's transaction, with an entry in the journal.
 * What was not sent stays as it is, unless the record is new. `out_is_changed` (may be NULL): the
 * record then needs a new revision. */
enum rc attribute_values_save(struct op *op, const struct attribute_owner *owner,
                              const struct field_pairs *sent, bool is_plain, bool is_new,
                              bool *out_is_changed);
/* Anonymising: all values of a record go. */
enum rc attribute_values_erase(struct op *op, const char *owner_kind, int64_t record_id);
/* As people read it. */
struct str attribute_words(struct op *op, const struct attribute *attribute, struct str text);

/* ---- in pages ---- */

/* `base` and a field for each attribute of the kind, all in op's arena. */
enum rc attribute_form_fields(struct op *op, const char *owner_kind, const struct ui_field *base,
                              size_t base_len, const struct ui_field **out, size_t *out_len);
/* Options and values (record_id 0: none yet). */
enum rc attribute_form_set(struct op *op, const char *owner_kind, int64_t record_id,
                           struct ui_form *form);
/* Rows of a definition list for those that have a value; a partner sees only what is shown. */
enum rc attribute_defs(struct op *op, const char *owner_kind, int64_t record_id,
                       struct ui_defs *defs);
/* "attributes": {code: canonical text or null}. */
void attribute_json(struct json_writer *w, const struct attribute_values *values);

extern const struct route attribute_routes[];
extern const struct permission attribute_permissions[]; /* attribute.read, attribute.edit */
extern const size_t attribute_permissions_len;
void attribute_start(void); /* names for the audit, page of the navigation; once */

#endif
