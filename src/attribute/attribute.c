/* Definitions of attributes: what a code may be, which bounds fit a type, what may change later. */
#include "attribute/attribute_int.h"
#include "attribute/attribute_q.h"
#include "text/text.h"

enum { CODE_CHARS_MAX = 64, LABEL_CHARS_MAX = 100, CHOICES_MAX = 200, VALUES = 12 };

const struct ui_word attribute__kinds[] = {{"partner", M("Partner")},
                                           {"contract", M("Contract")},
                                           {"product", M("Product")},
                                           {"customer", M("Customer")},
                                           {"outlet", M("Outlet")},
                                           {"event", M("Event")},
                                           {0}};
const struct ui_word attribute__types[] = {
    {"text", M("Text")},      {"number", M("Number")},        {"date", M("Date")},
    {"bool", M("Yes or no")}, {"choice", M("One of a list")}, {0}};

/* Words of FEEL that cannot be names. */
static const char *const reserved[] = {
    "if",   "then", "else",      "for",     "return", "in",      "some",     "every",   "and",
    "or",   "not",  "satisfies", "between", "of",     "true",    "false",    "null",    "external",
    "date", "time", "duration",  "list",    "range",  "context", "function", "instance"};

const struct permission attribute_permissions[] = {
    {"attribute.read", M("See definitions of attributes"), ACTOR_STAFF},
    {"attribute.edit", M("Define attributes of records"), ACTOR_STAFF},
};
const size_t attribute_permissions_len = LEN(attribute_permissions);

static const struct audit_name names[] = {
    {"attribute", M("Attribute"), "/settings/attributes/", "att"},
    {"attribute.add", M("Attribute added"), NULL, NULL},
    {"attribute.edit", M("Attribute changed"), NULL, NULL},
    {"attribute.archive", M("Attribute archived or restored"), NULL, NULL},
    {"attribute.values", M("Attributes changed"), NULL, NULL},
    {"attribute:owner_kind", M("Record"), NULL, NULL},
    {"attribute:code", M("Code"), NULL, NULL},
    {"attribute:type", M("Type"), NULL, NULL},
    {"attribute:label_en", M("Label in English"), NULL, NULL},
    {"attribute:label_ru", M("Label in Russian"), NULL, NULL},
    {"attribute:label_es", M("Label in Spanish"), NULL, NULL},
    {"attribute:choices", M("Values to choose from"), NULL, NULL},
    {"attribute:min", M("At least"), NULL, NULL},
    {"attribute:max", M("At most"), NULL, NULL},
    {"attribute:is_required", M("Required"), NULL, NULL},
    {"attribute:is_shown_to_partner", M("Shown to the partner"), NULL, NULL},
    {"attribute:position", M("Place in the form"), NULL, NULL},
    {"attribute:archived", M("Archived"), NULL, NULL},
    {0}};

static const struct ui_page pages[] = {
    {UI_SETTINGS, M("Record attributes"), "/settings/attributes", "attribute.read"},
};

void attribute_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
}

static void from_row(const struct attribute_rec *row, struct attribute *out)
{
    *out = (struct attribute){.id = row->id,
                              .revision = row->revision,
                              .owner_kind = row->owner_kind,
                              .code = row->code,
                              .type = row->type,
                              .label_en = row->label_en,
                              .label_ru = row->label_ru,
                              .label_es = row->label_es,
                              .choices = row->choices,
                              .min = row->min_value,
                              .max = row->max_value,
                              .is_required = row->is_required,
                              .is_shown_to_partner = row->is_shown_to_partner,
                              .position = row->position,
                              .archived_at = row->archived_at};
}

enum rc attribute_get(struct op *op, int64_t id, struct attribute *out)
{
    struct attribute_rec row;
    TRY(q_attribute(op, &(struct q_attribute_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc attribute_by_code(struct op *op, struct str owner_kind, struct str code,
                          struct attribute *out)
{
    struct attribute_rec row;
    TRY(q_attribute_by_code(op, &(struct q_attribute_by_code_in){owner_kind, code}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc attribute_all(struct op *op, const char *owner_kind, struct attribute_list *out)
{
    struct attribute_rec_rows rows;
    TRY(q_attributes(op, &(struct q_attributes_in){str_of(owner_kind)}, &rows));
    *out = (struct attribute_list){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct attribute attribute;
        from_row(&rows.at[i], &attribute);
        VEC_PUSH(op->arena, out, attribute);
    }
    return RC_OK;
}

struct str attribute_label(const struct lang *lang, const struct attribute *attribute)
{
    if (lang->id == LANG_RU)
        return attribute->label_ru;
    return lang->id == LANG_ES ? attribute->label_es : attribute->label_en;
}

/* ---- journal ---- */

static void values_of(struct op *op, const struct attribute *a, struct audit_value out[VALUES])
{
    size_t n = 0;
    out[n++] = (struct audit_value){"owner_kind", a->owner_kind};
    out[n++] = (struct audit_value){"code", a->code};
    out[n++] = (struct audit_value){"type", a->type};
    out[n++] = (struct audit_value){"label_en", a->label_en};
    out[n++] = (struct audit_value){"label_ru", a->label_ru};
    out[n++] = (struct audit_value){"label_es", a->label_es};
    out[n++] = (struct audit_value){"choices", a->choices};
    out[n++] = (struct audit_value){"min", a->min};
    out[n++] = (struct audit_value){"max", a->max};
    out[n++] = (struct audit_value){"is_required", audit_text_bool(a->is_required)};
    out[n++] = (struct audit_value){"is_shown_to_partner", audit_text_bool(a->is_shown_to_partner)};
    out[n++] = (struct audit_value){"position", audit_text_i64(op, a->position)};
    assert(n == VALUES);
}

static enum rc note(struct op *op, const struct attribute *before, const struct attribute *after)
{
    struct audit_value old[VALUES], new[VALUES];
    struct audit_entry entry = {.action = before ? "attribute.edit" : "attribute.add",
                                .record = "attribute",
                                .record_id = after->id,
                                .label = after->code};
    if (before)
        values_of(op, before, old);
    values_of(op, after, new);
    return audit_add_diff(op, &entry, before ? old : NULL, new, VALUES);
}

/* ---- checking ---- */

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0xC0;
}

static bool is_name(struct str code)
{
    struct str rest = code;
    uint32_t c;
    for (bool is_first = true; utf8_next(&rest, &c); is_first = false)
        if (!is_letter(c) && (is_first || c < '0' || c > '9'))
            return false;
    for (size_t i = 0; i < LEN(reserved); i++)
        if (str_eq(code, str_of(reserved[i])))
            return false;
    return code.len > 0;
}

static void check_code_of(struct op *op, struct attribute *a)
{
    a->code = text_clean_line(op->arena, a->code);
    if (!is_name(a->code) || utf8_count(a->code) > CODE_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "code",
                    M("A code is a name in formulas: letters, digits and _, beginning with a "
                      "letter, at most 64, and no word of the formula language."));
}

static void check_label(struct op *op, const char *field, struct str *label)
{
    *label = text_clean_line(op->arena, *label);
    if (label->len == 0 || utf8_count(*label) > LABEL_CHARS_MAX)
        (void)!fail(op, RC_INVALID, field, M("A label has 1 to 100 characters."));
}

static enum rc clean(struct op *op, struct attribute *a)
{
    if (!ui_word_label(attribute__kinds, a->owner_kind))
        (void)!fail(op, RC_INVALID, "owner_kind", M("Choose one of the offered values."));
    if (!ui_word_label(attribute__types, a->type))
        return fail(op, RC_INVALID, "type", M("Choose one of the offered values."));
    check_code_of(op, a);
    check_label(op, "label_en", &a->label_en);
    check_label(op, "label_ru", &a->label_ru);
    check_label(op, "label_es", &a->label_es);
    TRY(attribute__check_bounds(op, a));
    return op->fault.rc;
}

/* Values that records may already have cannot be taken from the list: their text would mean
 * nothing. */
static enum rc check_kept_choices(struct op *op, const struct attribute *before,
                                  const struct attribute *after)
{
    struct str rest = before->choices;
    while (rest.len) {
        struct str value = str_cut(&rest, '\n');
        if (!attribute__has_choice(after, value))
            return fail(op, RC_INVALID, "choices",
                        M("“{0}” cannot be taken away: records may have it."),
                        str_c(op->arena, value));
    }
    return RC_OK;
}

/* ---- writing ---- */

static enum rc add(struct op *op, struct attribute *a)
{
    struct attribute_list all;
    TRY(attribute_all(op, str_c(op->arena, a->owner_kind), &all));
    if (all.len >= ATTRIBUTES_MAX)
        return fail(op, RC_CONFLICT, NULL, M("There are {0} attributes already. Archive one."),
                    "60");
    struct q_attribute_add_in in = {a->owner_kind,
                                    a->code,
                                    a->type,
                                    a->label_en,
                                    a->label_ru,
                                    a->label_es,
                                    a->choices,
                                    a->min,
                                    a->max,
                                    a->is_required,
                                    a->is_shown_to_partner,
                                    a->position,
                                    op->now};
    TRY(op_code_taken(op, q_attribute_add(op, &in, &a->id), a->code));
    return note(op, NULL, a);
}

static enum rc edit(struct op *op, struct attribute *a)
{
    struct attribute before;
    TRY(attribute_get(op, a->id, &before));
    if (before.revision != a->revision)
        return op_stale(op);
    TRY(check_kept_choices(op, &before, a));
    TRY(q_attribute_edit(op, &(struct q_attribute_edit_in){a->id, a->revision, a->label_en,
                                                           a->label_ru, a->label_es, a->choices,
                                                           a->min, a->max, a->is_required,
                                                           a->is_shown_to_partner, a->position}));
    return note(op, &before, a);
}

enum rc attribute_save(struct op *op, const struct attribute *in, int64_t *out_id)
{
    struct attribute a = *in, stored;
    TRY(op_must(op, "attribute.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (a.id != 0) { /* what records and formulas stand on stays */
        TRY(attribute_get(op, a.id, &stored));
        a.owner_kind = stored.owner_kind;
        a.code = stored.code;
        a.type = stored.type;
    }
    TRY(clean(op, &a));
    TRY(a.id == 0 ? add(op, &a) : edit(op, &a));
    TRY(txn_commit(&txn));
    *out_id = a.id;
    return RC_OK;
}

enum rc attribute_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct attribute a;
    TRY(op_must(op, "attribute.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(attribute_get(op, id, &a));
    if (a.revision != revision)
        return op_stale(op);
    TRY(q_attribute_archive(
        op, &(struct q_attribute_archive_in){id, revision, is_archived ? SOME(op->now) : NONE}));
    struct audit_entry entry = {
        .action = "attribute.archive", .record = "attribute", .record_id = id, .label = a.code};
    TRY(audit_add_flag(op, &entry, "archived", a.archived_at.has, is_archived));
    return txn_commit(&txn);
}
