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
const struct field contract__revision_fields[] = {
    F_OPT_I64(contract__revision_form, revision, 0, INT64_MAX),
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

enum rc contract__what_changed(struct req *r, struct ui_form *form, int64_t contract_id)
{
    struct ui_timeline history = {0};
    if (!req_problem(r, "revision").at)
        return RC_OK;
    TRY(audit_events(r->op, "contract", contract_id, 1, &history));
    AUTO_OUT o = contract__part(r);
    ui_timeline_view(&o, &history);
    form->above = out_html(&o);
    return RC_OK;
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
    contract__options(op, form, "nature", CONTRACT_NATURES);
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

enum rc contract__page_edit(struct req *r)
{
    struct op *op = r->op;
    struct contract c;
    struct partner partner;
    TRY(contract_get(op, path_id(r, "ctr"), &c));
    TRY(partner_get(op, c.partner_id, &partner));
    struct ui_form form = {
        .submit = M("Save"), .revision = c.revision, .cancel_href = contract_href(op, c.id)};
    form.head.name = c.code;
    ui_crumb(op, &form.head, M("Contracts"), STR("/contracts"));
    ui_form_init(r, &form, edit_shown, LEN(edit_shown));
    TRY(contract__what_changed(r, &form, c.id));
    TRY(fill_options(op, &form, c.entity_id));
    ui_form_set(&form, "partner", partner.name);
    ui_form_set(&form, "code", c.code);
    ui_form_set(&form, "entity", ui_pid(op, pid_of("ent", c.entity_id)));
    ui_form_set(&form, "nature", c.nature);
    ui_form_set_date(&form, "from_day", SOME(c.from_day));
    ui_form_set_date(&form, "last_day", c.to_day < CONTRACT_NO_END ? SOME(c.to_day - 1) : NONE);
    ui_form_set_date(&form, "signed_day", c.signed_day);
    return ui_form_page(r, &form);
}

enum rc contract__page_save(struct req *r)
{
    const struct contract__form *in = form(r);
    struct contract c = from_form(in), old;
    TRY(contract_get(r->op, path_id(r, "ctr"), &old));
    c.id = old.id;
    c.partner_id = old.partner_id;
    TRY(by_last_day(r->op, contract_save(r->op, &c, &c.id)));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
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

enum rc contract__page_ask_archive(struct req *r)
{
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    struct ui_confirm confirm = {
        .title = M("Archive the contract?"),
        .name = c.code,
        .text = M("{0} leaves the lists; everything that belongs to it stays. It can be "
                  "restored."),
        .action = contract__href(r->op, c.id, "/archive"),
        .button = M("Archive"),
        .is_danger = true,
        .cancel_href = contract_href(r->op, c.id),
        .revision = c.revision,
    };
    return ui_confirm_page(r, &confirm);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct contract__revision_form *in = form(r);
    struct contract c;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(contract_archive(r->op, c.id, revision_of(in->revision, &c), is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/contracts/{0}", ctr(c.id));
}

enum rc contract__page_archive(struct req *r)
{
    return archive(r, true);
}

enum rc contract__page_restore(struct req *r)
{
    return archive(r, false);
}
