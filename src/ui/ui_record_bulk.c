/* Archiving and restoring the marked rows of a list: two steps of ui_bulk.h for every kind of
 * record. What is so already stays as it is. */
#include "ui/ui.h"
#include "ui/ui_bulk.h"

const struct field ui_bulk_fields[] = {
    UI_CHOSEN_FIELDS(ui_bulk_form),
    F_STR(ui_bulk_form, go, 0, 1),
    FIELDS_END,
};

static enum rc name_of(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str *out)
{
    const struct ui_record_kind *kind = bulk->own;
    struct ui_record record = {0};
    TRY(kind->get(op, id, &record));
    *out = record.name;
    return RC_OK;
}

static enum rc set(struct op *op, const struct ui_bulk *bulk, int64_t id, bool is_archived)
{
    const struct ui_record_kind *kind = bulk->own;
    struct ui_record record = {0};
    TRY(kind->get(op, id, &record));
    if (record.archived_at.has == is_archived)
        return RC_OK;
    return kind->archive(op, record.id, record.revision, is_archived);
}

static enum rc archive(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)value;
    return set(op, bulk, id, true);
}

static enum rc restore(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)value;
    return set(op, bulk, id, false);
}

static const struct ui_bulk_step steps[] = {
    {.name = "archive",
     .title = M("Archive what is marked?"),
     .submit = M("Archive"),
     .done = M("Archived."),
     .is_danger = true,
     .change = archive},
    {.name = "restore",
     .title = M("Restore what is marked?"),
     .submit = M("Restore"),
     .done = M("Restored."),
     .change = restore},
    {.name = NULL},
};

static struct ui_bulk bulk_of(const struct ui_record_kind *kind)
{
    return (struct ui_bulk){.path = kind->list ? kind->list : kind->path,
                            .prefix = kind->prefix,
                            .plural = kind->plural,
                            .count = M("{0, plural, one {# record} other {# records}}"),
                            .name = name_of,
                            .steps = steps,
                            .own = kind};
}

enum rc ui_record_ask_bulk_archive(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_bulk bulk = bulk_of(kind);
    return ui_bulk_ask(r, &bulk, STR("archive"));
}

enum rc ui_record_bulk_archive(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_bulk bulk = bulk_of(kind);
    return ui_bulk_page(r, &bulk, STR("archive"));
}

enum rc ui_record_ask_bulk_restore(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_bulk bulk = bulk_of(kind);
    return ui_bulk_ask(r, &bulk, STR("restore"));
}

enum rc ui_record_bulk_restore(struct req *r, const struct ui_record_kind *kind)
{
    struct ui_bulk bulk = bulk_of(kind);
    return ui_bulk_page(r, &bulk, STR("restore"));
}
