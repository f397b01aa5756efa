/* Pages of legal entities: their list, and what the pages of a record ask of its kind; bank
 * accounts and branches stand beside it. */
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
    [COL_STATE] = UI_STATE_COLUMN("entity"),
};
static const struct ui_filter filters[] = {
    UI_STATE_FILTER("entity"),
};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("Add legal entity"), "/settings/entities/new", "org.edit"),
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
        cells[COL_NAME] =
            ui_cell_link(e->name, e->short_name, ui_url(op, "/settings/entities", ent(e->id), ""));
        cells[COL_COUNTRY] = ui_cell_text(i18n_country_name(op->arena, op->lang, e->country));
        cells[COL_TAX] = ui_cell_text(e->tax_number);
        cells[COL_BRANCHES] = ui_cell_count(e->branches);
        cells[COL_STATE] = ui_cell_state(ui_archive_state(e->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/settings/entities", "org.edit")};

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
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &entity_list);
}

/* ---- form ---- */

struct entity_form {
    struct str name, short_name, country, tax_number, tax_reason_code, registration;
    struct org_address address;
    struct opt_i64 revision;
};
static const struct field entity_fields[] = {
    F_STR(entity_form, name, 1, 200),
    F_STR(entity_form, short_name, 0, 60),
    F_STR(entity_form, country, 2, 2),
    F_STR(entity_form, tax_number, 0, 40),
    F_STR(entity_form, tax_reason_code, 0, 20),
    F_STR(entity_form, registration, 0, 40),
    ORG_ADDRESS_FIELDS(entity_form),
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
    ORG_ADDRESS_SHOWN(M("Country of the address"), M("Address"), NULL),
};

static enum rc entity_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct org_entity *e = NEW(op->arena, struct org_entity);
    TRY(org_entity_get(op, id, e));
    *out = UI_RECORD_OF(e, e);
    return RC_OK;
}

/* A new one begins in the country of the operator. */
static enum rc entity_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    struct org_operator o = {0};
    enum rc rc = org_operator_get(r->op, &o);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    const struct org_entity fresh = {.country = o.country};
    const struct org_entity *e = record->own ? record->own : &fresh;
    ui_form_init(r, form, entity_shown, LEN(entity_shown));
    ui_form_countries(form, "country");
    ui_form_set(form, "name", e->name);
    ui_form_set(form, "short_name", e->short_name);
    ui_form_set(form, "country", e->country);
    ui_form_set(form, "tax_number", e->tax.number);
    ui_form_set(form, "tax_reason_code", e->tax.reason_code);
    ui_form_set(form, "registration", e->tax.registration);
    org_address_form(form, &e->address);
    return RC_OK;
}

static enum rc entity_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct entity_form *in = form(r);
    struct org_entity e = {
        .id = id,
        .revision = in->revision.v,
        .name = in->name,
        .short_name = in->short_name,
        .country = in->country,
        .tax = {in->tax_number, in->tax_reason_code, in->registration},
        .address = in->address,
    };
    return org_entity_save(r->op, &e, out_id);
}

/* ---- record ---- */

static void entity_facts(struct op *op, const struct org_entity *e, struct ui_defs *facts)
{
    bool is_ru = str_eq(e->country, STR("RU"));
    ui_def_text(op, facts, M("Short name"), e->short_name);
    ui_def_text(op, facts, M("Country"), i18n_country_name(op->arena, op->lang, e->country));
    ui_def_text(op, facts, is_ru ? M("INN") : M("Tax number"), e->tax.number);
    ui_def_text(op, facts, M("KPP"), e->tax.reason_code);
    ui_def_text(op, facts, is_ru ? M("OGRN") : M("Registration number"), e->tax.registration);
    ui_def_text(op, facts, M("Address"), org_address_words(op, op->lang, &e->address));
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
            .href = op_may(op, "org.edit") ? ui_url(op, "/settings/accounts", bac(a->id), "/edit")
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
            .href = ui_url(op, "/settings/branches", brn(b->id), ""),
            .when = b->archived_at.has ? tr(op->lang, M("Archived")) : STR_NONE,
        };
        VEC_PUSH(op->arena, items, item);
    }
    return RC_OK;
}

static enum rc entity_show(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct org_entity *e = v->record.own;
    struct org__entity_cards cards = {0};
    struct ui_action add = {.label = M("Add account"),
                            .icon = "plus",
                            .href = ui_url(op, "/settings/entities", ent(e->id), "/accounts/new"),
                            .permission = "org.edit"};
    entity_facts(op, e, &v->facts);
    ui_act(op, &cards.account_actions, add);
    TRY(account_items(op, e->id, &cards.accounts));
    TRY(branch_items(op, e->id, &cards.branches));
    v->beside = ui_capture(http_out(r), org__entity_cards_view, &cards);
    return RC_OK;
}

static void entity_json(struct json_writer *w, const struct ui_record *record)
{
    const struct org_entity *e = record->own;
    json_pair_str(w, "name", e->name);
    json_pair_str(w, "short_name", e->short_name);
    json_pair_str(w, "country", e->country);
    json_pair_str(w, "tax_number", e->tax.number);
    json_pair_str(w, "tax_reason_code", e->tax.reason_code);
    json_pair_str(w, "registration", e->tax.registration);
    org_address_json(w, &e->address);
}

static const struct ui_record_kind entity_kind = {
    .record = "entity",
    .path = "/settings/entities",
    .prefix = "ent",
    .permission_edit = "org.edit",
    .plural = M("Legal entities"),
    .title_new = M("New legal entity"),
    .add = M("Add legal entity"),
    .added = M("The legal entity was added."),
    .archive_words = {M("Archive the legal entity?"),
                      M("{0} can no longer be chosen; contracts and documents keep it. It can be "
                        "restored.")},
    .restore_words = {M("Restore the legal entity?"), M("{0} can be chosen again.")},
    .journal = &audit_journal,
    .get = entity_get,
    .form = entity_fill,
    .save = entity_store,
    .archive = org_entity_archive,
    .show = entity_show,
    .json = entity_json,
};
UI_RECORD_PAGES(entity)

const struct route org_entity_routes[] = {
    ROUTE(GET, "/settings/entities", page_list, "org.read", FORM(entity_query, entity_query_fields),
          API),
    UI_RECORD_ROUTES(entity, "/settings/entities", "ent", "org.read", "org.edit",
                     FORM(entity_form, entity_fields)),
    {0},
};
