/* Forms of a contract: adding, editing, and the steps that ask first. */
#include "contract/contract_view.h"
#include "contract/contract_web.h"

const struct field contract__fields[] = {
    F_STR(contract__form, code, 1, 64),
    F_STR(contract__form, partner, 0, 64),
    F_STR(contract__form, nature, 1, 20),
    F_ID(contract__form, entity, "ent"),
    F_OPT_DATE(contract__form, signed_day),
    F_DATE(contract__form, from_day),
    F_OPT_DATE(contract__form, last_day),
    F_OPT_I64(contract__form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const struct field contract__new_fields[] = {
    F_OPT_ID(contract__new_query, partner, "prt"),
    FIELDS_END,
};
const struct field contract__state_fields[] = {
    F_STR(contract__state_form, state, 1, 20),
    F_OPT_I64(contract__state_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
const struct field contract__end_fields[] = {
    F_DATE(contract__end_form, last_day),
    F_OPT_I64(contract__end_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

struct out contract__part(struct req *r)
{
    struct out o = OUT(r->op->arena, 1 << 20);
    o.lang = r->op->lang;
    o.zone = r->op->zone;
    o.today = zone_date(r->op->zone, r->op->now);
    o.path = r->path;
    return o;
}

/* ---- the record ---- */

#define FIELDS_OF_CONTRACT                                                                         \
    {.name = "code",                                                                               \
     .label = M("Number of the contract"),                                                         \
     .hint = M("Unique; files and the command line use it."),                                      \
     .kind = UI_FIELD_TEXT,                                                                        \
     .is_required = true,                                                                          \
     .max_len = 64},                                                                               \
        {.name = "entity",                                                                         \
         .label = M("Legal entity"),                                                               \
         .hint = M("Ours, which concludes the contract."),                                         \
         .kind = UI_FIELD_SELECT,                                                                  \
         .is_required = true},                                                                     \
        {.name = "nature", .label = M("Nature"), .kind = UI_FIELD_SELECT, .is_required = true},    \
        {.name = "from_day",                                                                       \
         .label = M("First day"),                                                                  \
         .kind = UI_FIELD_DATE,                                                                    \
         .is_required = true,                                                                      \
         .is_half = true,                                                                          \
         .section = M("Dates")},                                                                   \
        {.name = "last_day",                                                                       \
         .label = M("Last day"),                                                                   \
         .hint = M("Empty: without end."),                                                         \
         .kind = UI_FIELD_DATE,                                                                    \
         .is_half = true},                                                                         \
    {                                                                                              \
        .name = "signed_day", .label = M("Signed on"), .kind = UI_FIELD_DATE, .is_half = true      \
    }

static const struct ui_field new_shown[] = {
    {.name = "partner",
     .label = M("Partner"),
     .hint = M("The partner's code."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 64},
    FIELDS_OF_CONTRACT,
};
static const struct ui_field edit_shown[] = {
    {.name = "partner", .label = M("Partner"), .kind = UI_FIELD_SHOWN},
    FIELDS_OF_CONTRACT,
};

static enum rc fill_options(struct op *op, struct ui_form *form, int64_t keep_entity)
{
    struct org_choices entities;
    TRY(org_entity_choices(op, keep_entity, &entities));
    for (size_t i = 0; i < entities.len; i++)
        ui_form_option(form, "entity", ui_pid(op, pid_of("ent", entities.at[i].id)),
                       entities.at[i].name);
    if (entities.len == 1)
        ui_form_set(form, "entity", ui_pid(op, pid_of("ent", entities.at[0].id)));
    ui_form_words(form, "nature", contract__natures);
    return RC_OK;
}

enum rc contract__page_new(struct req *r)
{
    struct op *op = r->op;
    struct ui_form f = {.submit = M("Add contract"),
                        .action = STR("/contracts"),
                        .cancel_href = STR("/contracts"),
                        .intro = M("Terms (currency, period, schemes) come next.")};
    f.head.title = M("New contract");
    ui_crumb(op, &f.head, M("Contracts"), STR("/contracts"));
    ui_form_init(r, &f, new_shown, LEN(new_shown));
    TRY(fill_options(op, &f, 0));
    ui_form_set_date(&f, "from_day", SOME(contract__today(op)));
    if (req_is_again(r))
        return ui_form_page(r, &f);
    const struct contract__new_query *query = form(r);
    struct partner partner;
    if (query->partner.has) {
        TRY(partner_get(op, query->partner.v, &partner));
        ui_form_set(&f, "partner", partner.code);
    }
    return ui_form_page(r, &f);
}

/* A public id, as programs have, or a code, as people type. */
static enum rc find_partner(struct op *op, struct str text, int64_t *out)
{
    struct partner partner;
    int64_t id;
    enum rc rc = pid_parse("prt", text, &id) ? partner_get(op, id, &partner)
                                             : partner_by_code(op, text, &partner);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "partner", M("There is no partner with this code."));
    TRY(rc);
    *out = partner.id;
    return RC_OK;
}

static struct contract from_form(const struct contract__form *in)
{
    return (struct contract){
        .revision = in->revision.v,
        .code = in->code,
        .entity_id = in->entity,
        .nature = in->nature,
        .signed_day = in->signed_day.has ? SOME(in->signed_day.v.days) : NONE,
        .from_day = in->from_day.days,
        .to_day = in->last_day.has ? in->last_day.v.days + 1 : CONTRACT_NO_END,
    };
}

/* The record has the first day without the contract; people see the last day with it. */
static enum rc by_last_day(struct op *op, enum rc rc)
{
    for (size_t i = 0; i < op->fault.entries_len; i++)
        if (op->fault.entries[i].field && strcmp(op->fault.entries[i].field, "to_day") == 0)
            op->fault.entries[i].field = "last_day";
    return rc;
}

enum rc contract__page_create(struct req *r)
{
    const struct contract__form *in = form(r);
    struct contract c = from_form(in);
    int64_t id;
    TRY(find_partner(r->op, in->partner.at ? in->partner : STR(""), &c.partner_id));
    TRY(by_last_day(r->op, contract_save(r->op, &c, &id)));
    answer_note(r, M("The contract was added as a draft. Add its terms now."));
    if (r->is_api)
        return CREATED(r, "/contracts/{0}", ctr(id));
    return REDIRECT(r, "/contracts/{0}/versions/new", ctr(id));
}

static enum rc contract_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct contract *c = NEW(op->arena, struct contract);
    TRY(contract_get(op, id, c));
    *out = (struct ui_record){.id = c->id,
                              .revision = c->revision,
                              .name = c->code,
                              .archived_at = c->archived_at,
                              .own = c};
    return RC_OK;
}

static enum rc contract_kind_form(struct req *r, const struct ui_record *record,
                                  struct ui_form *form)
{
    struct op *op = r->op;
    const struct contract *c = record->own;
    struct partner partner;
    TRY(partner_get(op, c->partner_id, &partner));
    ui_form_init(r, form, edit_shown, LEN(edit_shown));
    TRY(fill_options(op, form, c->entity_id));
    ui_form_set(form, "partner", partner.name);
    ui_form_set(form, "code", c->code);
    ui_form_set(form, "entity", ui_pid(op, pid_of("ent", c->entity_id)));
    ui_form_set(form, "nature", c->nature);
    ui_form_set_date(form, "from_day", SOME(c->from_day));
    ui_form_set_date(form, "last_day", c->to_day < CONTRACT_NO_END ? SOME(c->to_day - 1) : NONE);
    ui_form_set_date(form, "signed_day", c->signed_day);
    return RC_OK;
}

static enum rc contract_kind_save(struct req *r, int64_t id, int64_t *out_id)
{
    const struct contract__form *in = form(r);
    struct contract c = from_form(in), old;
    TRY(contract_get(r->op, id, &old));
    c.id = old.id;
    c.partner_id = old.partner_id;
    return by_last_day(r->op, contract_save(r->op, &c, out_id));
}

/* Restoring does not ask, so its button sends no revision: 0 is the one that is there. */
static enum rc contract_kind_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct contract c;
    TRY(contract_get(op, id, &c));
    return contract_archive(op, id, revision ? revision : c.revision, is_archived);
}

/* What comes after adding (its terms) is no part of the kind: contract__page_create. */
static const struct ui_record_kind contract_kind = {
    .record = "contract",
    .path = "/contracts",
    .prefix = "ctr",
    .permission_edit = "contract.edit",
    .plural = M("Contracts"),
    .archive_words = {M("Archive the contract?"),
                      M("{0} leaves the lists; everything that belongs to it stays. It can be "
                        "restored.")},
    .has_own_page = true,
    .journal = &audit_journal,
    .get = contract_kind_get,
    .form = contract_kind_form,
    .save = contract_kind_save,
    .archive = contract_kind_archive,
};

enum rc contract__page_edit(struct req *r)
{
    return ui_record_edit(r, &contract_kind);
}

enum rc contract__page_save(struct req *r)
{
    return ui_record_save(r, &contract_kind);
}

enum rc contract__page_ask_archive(struct req *r)
{
    return ui_record_ask_archive(r, &contract_kind);
}

enum rc contract__page_archive(struct req *r)
{
    return ui_record_archive(r, &contract_kind);
}

enum rc contract__page_restore(struct req *r)
{
    return ui_record_restore(r, &contract_kind);
}

/* ---- steps ---- */

static enum rc set_state(struct req *r, struct str state, struct opt_i64 revision)
{
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(contract_state_set(r->op, c.id, revision.has ? revision.v : c.revision, state));
    answer_note(r, M("Done."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
}

enum rc contract__page_state(struct req *r)
{
    const struct contract__state_form *in = form(r);
    return set_state(r, in->state, in->revision);
}

static const struct ui_field end_shown[] = {
    {.name = "last_day",
     .label = M("Last day"),
     .hint = M("Events up to the end of this day are rewarded still."),
     .kind = UI_FIELD_DATE,
     .is_required = true},
};

enum rc contract__page_ask_end(struct req *r)
{
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    struct ui_form form = {.submit = M("Terminate"),
                           .is_danger = true,
                           .revision = c.revision,
                           .cancel_href = contract_href(r->op, c.id),
                           .intro = M("A terminated contract cannot be resumed.")};
    form.head.title = M("Terminate the contract");
    ui_crumb(r->op, &form.head, M("Contracts"), STR("/contracts"));
    ui_crumb_text(r->op, &form.head, c.code, contract_href(r->op, c.id));
    ui_form_init(r, &form, end_shown, LEN(end_shown));
    ui_form_set_date(&form, "last_day", SOME(contract__today(r->op)));
    return ui_form_page(r, &form);
}

static int64_t revision_of(struct opt_i64 given, const struct contract *c)
{
    return given.has ? given.v : c->revision;
}

enum rc contract__page_end(struct req *r)
{
    const struct contract__end_form *in = form(r);
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(by_last_day(
        r->op, contract_end(r->op, c.id, revision_of(in->revision, &c), in->last_day.days + 1)));
    answer_note(r, M("The contract is terminated."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
}
