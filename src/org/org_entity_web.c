/* Pages of legal entities: list, record with its bank accounts and branches, forms, archiving. */
#include "org/org.h"
#include "org/org_int.h"
#include "org/org_q.h"
#include "org/org_view.h"

/* ---- list ---- */

struct entity_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field entity_query_fields[] = {
    UI_LIST_FIELDS(entity_query, q_entity_list_sorts),
    F_STR(entity_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_COUNTRY, COL_TAX, COL_BRANCHES, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Legal entity"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "short_name",
                  .sub_title = M("Short name")},
    [COL_COUNTRY] = {.name = "country", .title = M("Country"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [COL_TAX] = {.name = "tax_number", .title = M("Tax number"), .kind = UI_TEXT},
    [COL_BRANCHES] = {.name = "branches", .title = M("Branches"), .kind = UI_COUNT},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "entity",
                   .place = UI_AT_BADGE},
};
static const char *const states[] = {"active", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "state", .label = M("State"), .kind = UI_PICK, .record = "entity", .states = states},
};
static const struct ui_action actions[] = {
    {.label = M("Add legal entity"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/settings/entities/new"),
     .permission = "org.edit"},
    {.label = NULL},
};

/* "active", "archived" or nothing, as the filter of a query. */
struct opt_i64 org__archived_filter(struct str state)
{
    if (str_eq(state, STR("archived")))
        return SOME(1);
    return str_eq(state, STR("active")) ? SOME(0) : NONE;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct entity_query *query = form(r);
    struct q_entity_list_in in = {.archived = org__archived_filter(query->state),
                                  .page = list->page};
    struct entity_row_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    TRY(q_entity_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct entity_row *e = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, ent(e->id)));
        cells[COL_NAME] = ui_cell_link(e->name, e->short_name,
                                       org__url(op, "/settings/entities", ent(e->id), ""));
        cells[COL_COUNTRY] = ui_cell_text(i18n_country_name(op->arena, op->lang, e->country));
        cells[COL_TAX] = ui_cell_text(e->tax_number);
        cells[COL_BRANCHES] = ui_cell_count(e->branches);
        cells[COL_STATE] = ui_cell_state(e->archived_at.has ? STR("archived") : STR("active"));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec entity_list = {
    .name = "entities",
    .title = M("Legal entities"),
    .icon = "building-bank",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_entity_list_sorts,
    .sort = "name",
    .search = M("Name"),
    .empty = M("No legal entities yet. Add the one that concludes your contracts."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &entity_list);
}

/* ---- form ---- */

struct entity_form {
    struct str name, short_name, country, tax_number, tax_reason_code, registration;
    struct str address_country, address_region, address_postcode, address_city, address_line;
    struct opt_i64 revision;
};
static const struct field entity_fields[] = {
    F_STR(entity_form, name, 1, 200),
    F_STR(entity_form, short_name, 0, 60),
    F_STR(entity_form, country, 2, 2),
    F_STR(entity_form, tax_number, 0, 40),
    F_STR(entity_form, tax_reason_code, 0, 20),
    F_STR(entity_form, registration, 0, 40),
    F_STR(entity_form, address_country, 0, 2),
    F_STR(entity_form, address_region, 0, 200),
    F_STR(entity_form, address_postcode, 0, 20),
    F_STR(entity_form, address_city, 0, 200),
    F_STR(entity_form, address_line, 0, 400),
    F_OPT_I64(entity_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field entity_shown[] = {
    {.name = "name",
     .label = M("Full name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "short_name",
     .label = M("Short name"),
     .hint = M("For lists and documents; the full name when empty."),
     .kind = UI_FIELD_TEXT,
     .max_len = 60},
    {.name = "country",
     .label = M("Country"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .section = M("Tax")},
    {.name = "tax_number",
     .label = M("Tax number"),
     .hint = M("INN in Russia, NIF in Spain, VAT number elsewhere."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "tax_reason_code",
     .label = M("KPP"),
     .hint = M("Only in Russia."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "registration",
     .label = M("Registration number"),
     .hint = M("OGRN in Russia, the company register elsewhere."),
     .kind = UI_FIELD_TEXT},
    {.name = "address_line",
     .label = M("Street and house"),
     .kind = UI_FIELD_TEXT,
     .section = M("Address")},
    {.name = "address_city", .label = M("City"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "address_postcode", .label = M("Postcode"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "address_region", .label = M("Region"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "address_country",
     .label = M("Country of the address"),
     .kind = UI_FIELD_SELECT,
     .is_half = true},
};

static enum rc show_form(struct req *r, struct ui_form *form, const struct org_entity *e)
{
    ui_crumb(r->op, &form->head, M("Legal entities"), STR("/settings/entities"));
    ui_form_init(r, form, entity_shown, LEN(entity_shown));
    org__country_options(r->op, form, "country");
    org__country_options(r->op, form, "address_country");
    ui_form_set(form, "name", e->name);
    ui_form_set(form, "short_name", e->short_name);
    ui_form_set(form, "country", e->country);
    ui_form_set(form, "tax_number", e->tax.number);
    ui_form_set(form, "tax_reason_code", e->tax.reason_code);
    ui_form_set(form, "registration", e->tax.registration);
    ui_form_set(form, "address_country", e->address.country);
    ui_form_set(form, "address_region", e->address.region);
    ui_form_set(form, "address_postcode", e->address.postcode);
    ui_form_set(form, "address_city", e->address.city);
    ui_form_set(form, "address_line", e->address.line);
    return ui_form_page(r, form);
}

static enum rc page_new(struct req *r)
{
    struct org_operator o;
    struct org_entity e = {0};
    enum rc rc = org_operator_get(r->op, &o);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_OK)
        e.country = o.country;
    struct ui_form form = {.submit = M("Add legal entity"),
                           .action = STR("/settings/entities"),
                           .cancel_href = STR("/settings/entities")};
    form.head.title = M("New legal entity");
    return show_form(r, &form, &e);
}

static enum rc page_edit(struct req *r)
{
    struct org_entity e;
    int64_t id = path_id(r, "ent");
    TRY(org_entity_get(r->op, id, &e));
    struct ui_form form = {.submit = M("Save"),
                           .revision = e.revision,
                           .cancel_href = org__url(r->op, "/settings/entities", ent(id), "")};
    form.head.name = e.name;
    return show_form(r, &form, &e);
}

static struct org_entity from_form(const struct entity_form *in, int64_t id)
{
    return (struct org_entity){
        .id = id,
        .revision = in->revision.v,
        .name = in->name,
        .short_name = in->short_name,
        .country = in->country,
        .tax = {in->tax_number, in->tax_reason_code, in->registration},
        .address = {in->address_country, in->address_region, in->address_postcode, in->address_city,
                    in->address_line},
    };
}

static enum rc page_create(struct req *r)
{
    struct org_entity e = from_form(form(r), 0);
    int64_t id;
    TRY(org_entity_save(r->op, &e, &id));
    answer_note(r, M("The legal entity was added."));
    return CREATED(r, "/settings/entities/{0}", ent(id));
}

static enum rc page_save(struct req *r)
{
    struct org_entity e = from_form(form(r), path_id(r, "ent"));
    int64_t id;
    TRY(org_entity_save(r->op, &e, &id));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/settings/entities/{0}", ent(id));
}

/* ---- record ---- */

static void entity_facts(struct op *op, const struct org_entity *e, struct ui_defs *facts)
{
    bool is_ru = str_eq(e->country, STR("RU"));
    const struct org_address *a = &e->address;
    struct str parts[5], country = STR("");
    size_t len = 0;
    if (a->country.len)
        country = i18n_country_name(op->arena, op->lang, a->country);
    const struct str all[] = {a->line, a->city, a->region, a->postcode, country};
    for (size_t i = 0; i < LEN(all); i++)
        if (all[i].len)
            parts[len++] = all[i];
    AUTO_BUF address = BUF(8192);
    for (size_t i = 0; i < len; i++)
        buf_printf(&address, "%s" STR_FMT, i ? ", " : "", STR_ARG(parts[i]));
    ui_def_text(op, facts, M("Short name"), e->short_name);
    ui_def_text(op, facts, M("Country"), i18n_country_name(op->arena, op->lang, e->country));
    ui_def_text(op, facts, is_ru ? M("INN") : M("Tax number"), e->tax.number);
    ui_def_text(op, facts, M("KPP"), e->tax.reason_code);
    ui_def_text(op, facts, is_ru ? M("OGRN") : M("Registration number"), e->tax.registration);
    ui_def_text(op, facts, M("Address"), str_dup(op->arena, buf_str(&address)));
}

static enum rc account_items(struct op *op, int64_t entity_id, struct ui_items *items)
{
    struct org_account_list accounts;
    TRY(org_accounts(op, entity_id, &accounts));
    for (size_t i = 0; i < accounts.len; i++) {
        const struct org_account *a = &accounts.at[i];
        struct ui_item item = {
            .icon = "credit-card",
            .title = str_printf(op->arena, STR_FMT " \xc2\xb7 " STR_FMT, STR_ARG(a->bank.number),
                                STR_ARG(a->bank.currency)),
            .note = a->bank.bank_name,
            .href = op_may(op, "org.edit") ? org__url(op, "/settings/accounts", bac(a->id), "/edit")
                                           : STR_NONE,
            .when = a->archived_at.has ? tr(op->lang, M("Archived"))
                    : a->is_main       ? tr(op->lang, M("Main account"))
                                       : STR_NONE,
        };
        VEC_PUSH(op->arena, items, item);
    }
    return RC_OK;
}

static enum rc branch_items(struct op *op, int64_t entity_id, struct ui_items *items)
{
    struct branch_row_rows rows;
    TRY(q_branches_of_entity(op, &(struct q_branches_of_entity_in){.entity_id = entity_id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct branch_row *b = &rows.at[i];
        struct ui_item item = {
            .icon = "building",
            .title = b->name,
            .note = b->code,
            .href = org__url(op, "/settings/branches", brn(b->id), ""),
            .when = b->archived_at.has ? tr(op->lang, M("Archived")) : STR_NONE,
        };
        VEC_PUSH(op->arena, items, item);
    }
    return RC_OK;
}

void org__archive_action(struct op *op, struct ui_actions *to, struct str url, bool is_archived)
{
    ui_act(op, to,
           (struct ui_action){
               .label = is_archived ? M("Restore…") : M("Archive…"),
               .icon = is_archived ? "archive-off" : "archive",
               .href = str_printf(op->arena, STR_FMT "/%s", STR_ARG(url),
                                  is_archived ? "restore" : "archive"),
               .kind = is_archived ? UI_SECONDARY : UI_DANGER,
               .is_dialog = true,
               .permission = "org.edit",
           });
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct org_entity e;
    int64_t id = path_id(r, "ent");
    TRY(org_entity_get(op, id, &e));
    struct str url = org__url(op, "/settings/entities", ent(id), "");
    struct org_entity_page v = {
        .entity = e,
        .head = {.name = e.name,
                 .record = "entity",
                 .state = e.archived_at.has ? STR("archived") : STR("active")},
        .add_account = {.label = M("Add account"),
                        .icon = "plus",
                        .href = str_printf(op->arena, STR_FMT "/accounts/new", STR_ARG(url)),
                        .permission = "org.edit"},
    };
    ui_crumb(op, &v.head, M("Legal entities"), STR("/settings/entities"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = str_printf(op->arena, STR_FMT "/edit", STR_ARG(url)),
                              .permission = "org.edit"});
    org__archive_action(op, &v.head.actions, url, e.archived_at.has);
    entity_facts(op, &e, &v.facts);
    ui_act(op, &v.account_actions, v.add_account);
    TRY(account_items(op, id, &v.accounts));
    TRY(branch_items(op, id, &v.branches));
    TRY(org__history(r, "entity", id, &v.history));
    page_title(r, e.name);
    answer_revision(r, e.revision);
    return REPLY(r, NULL, org_entity, &v);
}

void org_entity_json(struct json_writer *w, const struct org_entity_page *v)
{
    const struct org_entity *e = &v->entity;
    json_object(w);
    json_pair_str(w, "id", str_of(ent(e->id).text));
    json_pair_i64(w, "revision", e->revision);
    json_pair_str(w, "name", e->name);
    json_pair_str(w, "short_name", e->short_name);
    json_pair_str(w, "country", e->country);
    json_pair_str(w, "tax_number", e->tax.number);
    json_pair_str(w, "tax_reason_code", e->tax.reason_code);
    json_pair_str(w, "registration", e->tax.registration);
    json_pair_str(w, "address_country", e->address.country);
    json_pair_str(w, "address_region", e->address.region);
    json_pair_str(w, "address_postcode", e->address.postcode);
    json_pair_str(w, "address_city", e->address.city);
    json_pair_str(w, "address_line", e->address.line);
    json_pair_bool(w, "archived", e->archived_at.has);
    json_object_end(w);
}

/* ---- archiving ---- */

struct revision_form {
    struct opt_i64 revision;
};
static const struct field revision_fields[] = {
    F_OPT_I64(revision_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static enum rc ask(struct req *r, bool is_archived)
{
    struct org_entity e;
    int64_t id = path_id(r, "ent");
    TRY(org_entity_get(r->op, id, &e));
    struct str url = org__url(r->op, "/settings/entities", ent(id), "");
    return ui_confirm_page(
        r,
        &(struct ui_confirm){
            .title = is_archived ? M("Archive the legal entity?") : M("Restore the legal entity?"),
            .name = e.name,
            .text = is_archived ? M("{0} can no longer be chosen; contracts and documents keep "
                                    "it. It can be restored.")
                                : M("{0} can be chosen again."),
            .action = str_printf(r->op->arena, STR_FMT "/%s", STR_ARG(url),
                                 is_archived ? "archive" : "restore"),
            .button = is_archived ? M("Archive") : M("Restore"),
            .is_danger = is_archived,
            .cancel_href = url,
            .revision = e.revision,
        });
}

static enum rc page_ask_archive(struct req *r)
{
    return ask(r, true);
}

static enum rc page_ask_restore(struct req *r)
{
    return ask(r, false);
}

static enum rc archive(struct req *r, bool is_archived)
{
    const struct revision_form *in = form(r);
    int64_t id = path_id(r, "ent");
    TRY(org_entity_archive(r->op, id, in->revision.v, is_archived));
    answer_note(r, is_archived ? M("Archived.") : M("Restored."));
    return REDIRECT(r, "/settings/entities/{0}", ent(id));
}

static enum rc page_archive(struct req *r)
{
    return archive(r, true);
}

static enum rc page_restore(struct req *r)
{
    return archive(r, false);
}

const struct route org_entity_routes[] = {
    ROUTE(GET, "/settings/entities", page_list, "org.read", FORM(entity_query, entity_query_fields),
          API),
    ROUTE(GET, "/settings/entities/new", page_new, "org.edit"),
    ROUTE(POST, "/settings/entities", page_create, "org.edit", FORM(entity_form, entity_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/entities/:ent", page_show, "org.read", API),
    ROUTE(GET, "/settings/entities/:ent/edit", page_edit, "org.edit"),
    ROUTE(POST, "/settings/entities/:ent/edit", page_save, "org.edit",
          FORM(entity_form, entity_fields), FORM_PAGE(page_edit), API),
    ROUTE(GET, "/settings/entities/:ent/archive", page_ask_archive, "org.edit"),
    ROUTE(POST, "/settings/entities/:ent/archive", page_archive, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_archive), API),
    ROUTE(GET, "/settings/entities/:ent/restore", page_ask_restore, "org.edit"),
    ROUTE(POST, "/settings/entities/:ent/restore", page_restore, "org.edit",
          FORM(revision_form, revision_fields), FORM_PAGE(page_ask_restore), API),
    {0},
};
