/* Part of the gallery of ui: a list of shops with filters, bulk actions and pages, and the form of
 * one shop. Sample data only. */
#ifndef KONTOR_UI_SHOP_SCENE_H
#define KONTOR_UI_SHOP_SCENE_H

#include "tests/fixture_http.h"
#include "ui/ui.h"

static const struct currency *eur(void)
{
    return currency_find(STR("EUR"));
}

/* ---- a list ---- */

struct shop_query {
    UI_LIST_MEMBERS;
    struct str state, branch;
};
static const char *const shop_sorts[] = {"name", "balance", "created", NULL};
static const struct field shop_fields[] = {
    UI_LIST_FIELDS(shop_query, shop_sorts),
    F_STR(shop_query, state, 0, 20),
    F_STR(shop_query, branch, 0, 20),
    FIELDS_END,
};
enum { COL_NAME, COL_STATE, COL_LEVEL, COL_BRANCH, COL_SALES, COL_BALANCE, COL_SINCE, COLS };
static const struct ui_column shop_columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Partner"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code",
                  .sub_title = M("Code")},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "partner",
                   .place = UI_AT_BADGE},
    [COL_LEVEL] = {.name = "level", .title = M("Level"), .kind = UI_TEXT, .place = UI_AT_NONE},
    [COL_BRANCH] = {.name = "branch", .title = M("Branch"), .kind = UI_TEXT, .place = UI_AT_LINE},
    [COL_SALES] = {.name = "sales", .title = M("Sales"), .kind = UI_COUNT, .place = UI_AT_NONE},
    [COL_BALANCE] = {.name = "balance",
                     .title = M("Balance"),
                     .kind = UI_MONEY,
                     .sort = "balance",
                     .place = UI_AT_FIGURE},
    [COL_SINCE] = {.name = "created_at",
                   .title = M("Since"),
                   .kind = UI_TIME,
                   .sort = "created",
                   .place = UI_AT_LINE},
};
static const char *const shop_states[] = {"prospect", "applied", "active", "suspended", NULL};
static const struct ui_filter shop_filters[] = {
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .record = "partner",
     .states = shop_states},
    {.name = "branch", .label = M("Branch"), .kind = UI_PICK},
};
static const struct ui_action shop_actions[] = {
    {.label = M("Import"), .icon = "table-import", .href = STR_INIT("/imports/new")},
    {.label = M("Add partner"), .icon = "plus", .kind = UI_PRIMARY, .href = STR_INIT("/form")},
    {.label = NULL},
};
static const struct ui_action shop_bulk[] = {
    {.label = M("Change level"), .icon = "stairs-up", .href = STR_INIT("/list/level")},
    {.label = M("Suspend…"),
     .icon = "player-pause",
     .kind = UI_DANGER,
     .href = STR_INIT("/list/suspend")},
    {.label = NULL},
};
static const struct shop {
    const char *name, *code, *state, *level, *branch, *flag;
    int64_t sales, balance;
} shops[] = {
    {"Aldaba Móvil SL", "D-0012 · Dealer", "active", "Gold", "Madrid", NULL, 8421050, 821430},
    {"Boreal Redes SL", "A-0208 · Agent", "active", "Silver", "Valencia", NULL, 22318, 143200},
    {"Costa Digital SL", "D-0391 · Dealer", "applied", "", "Valencia", NULL, 0, 0},
    {"Dos Orillas Servicios y Comunicaciones del Mediterráneo SL", "A-0144 · Agent", "suspended",
     "Bronze", "Valencia", "Payouts blocked", 1204, -21240},
    {"ООО «ТелекомПлюс»", "АГ-2024/117", "active", "Gold", "Поволжье", NULL, 12384, 2580503},
    {"Puerta Norte Telecom", "D-0410 · Dealer", "prospect", "", "Madrid", NULL, 0, 0},
};

static enum rc fill_shops(struct req *r, struct ui_list *list)
{
    const struct shop_query *query = form(r);
    ui_list_option(list, "branch", STR("mad"), STR("Madrid"));
    ui_list_option(list, "branch", STR("val"), STR("Valencia"));
    list->count = SOME(10000);
    list->count_limit = 10000;
    for (size_t i = 0; i < LEN(shops) && !str_eq(query->branch, STR("val")); i++) {
        const struct shop *shop = &shops[i];
        struct ui_cell *cells = ui_list_row(list, str_printf(r->op->arena, "prt_%zu", i));
        cells[COL_NAME] = ui_cell_link(str_of(shop->name), str_of(shop->code), STR("/detail"));
        cells[COL_STATE] = ui_cell_state(str_of(shop->state));
        cells[COL_STATE].flag = str_of(shop->flag);
        cells[COL_STATE].tint = UI_BAD;
        cells[COL_LEVEL] = ui_cell_text(str_of(shop->level));
        cells[COL_BRANCH] = ui_cell_two(str_of(shop->branch), STR("Lucía Ferrer"));
        cells[COL_SALES] = ui_cell_count(shop->sales);
        cells[COL_BALANCE] = ui_cell_money(
            shop->balance ? MONEY(shop->balance, eur()) : MONEY(0, NULL), STR("/statement"));
        cells[COL_SINCE] = ui_cell_time(SOME(INT64_C(1763000000000000) + (int64_t)i * US_DAY));
    }
    if (list->rows.len)
        list->next = STR("opaque");
    return RC_OK;
}

static const struct ui_list_spec shop_list = {
    .name = "shops",
    .title = M("Partners"),
    .icon = "users",
    .columns = shop_columns,
    .columns_len = COLS,
    .filters = shop_filters,
    .filters_len = LEN(shop_filters),
    .sorts = shop_sorts,
    .sort = "name",
    .search = M("Name, code, tax number"),
    .actions = shop_actions,
    .bulk = shop_bulk,
    .fill = fill_shops,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &shop_list);
}

static enum rc fill_nothing(struct req *r, struct ui_list *list)
{
    (void)r, (void)list;
    return RC_OK;
}

static enum rc page_empty(struct req *r)
{
    struct ui_list_spec spec = shop_list;
    spec.fill = fill_nothing;
    spec.empty = M("No partners yet. Add the first one, or import them from a file.");
    spec.empty_action = &shop_actions[1];
    return ui_list_page(r, &spec);
}

/* ---- a form ---- */

struct shop_form {
    struct str name, code, level, about, roles;
    struct money minimum;
    struct opt_date since;
    bool is_resident;
};
static const struct field shop_form_fields[] = {
    F_STR(shop_form, name, 1, 60),    F_STR(shop_form, code, 1, 12),  F_STR(shop_form, level, 0, 9),
    F_BLOCK(shop_form, about, 0, 99), F_MONEY(shop_form, minimum),    F_OPT_DATE(shop_form, since),
    F_BOOL(shop_form, is_resident),   F_STR(shop_form, roles, 0, 20), FIELDS_END,
};
static const struct ui_field form_fields[] = {
    {.name = "name",
     .label = M("Legal name"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .section = M("Company")},
    {.name = "code",
     .label = M("Code"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .is_half = true,
     .hint = M("Files and the command line use it.")},
    {.name = "level", .label = M("Level"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "is_resident", .label = M("Pays taxes in this country"), .kind = UI_FIELD_CHECK},
    {.name = "minimum",
     .label = M("Smallest payout"),
     .kind = UI_FIELD_MONEY,
     .is_half = true,
     .section = M("Terms"),
     .section_hint = M("What the contract does not say otherwise.")},
    {.name = "since", .label = M("Since"), .kind = UI_FIELD_DATE, .is_half = true},
    {.name = "roles", .label = M("Roles"), .kind = UI_FIELD_CHECKS},
    {.name = "about", .label = M("Note"), .kind = UI_FIELD_AREA},
};

static enum rc page_form(struct req *r)
{
    struct ui_form form = {.submit = M("Add partner"),
                           .submit_icon = "plus",
                           .cancel_href = STR("/list"),
                           .revision = 3};
    form.head.title = M("Add partner");
    ui_crumb(r->op, &form.head, M("Partners"), STR("/list"));
    ui_form_init(r, &form, form_fields, LEN(form_fields));
    ui_form_set(&form, "name", STR("Boreal \"Redes\" <SL>"));
    ui_form_set_money(&form, "minimum", MONEY(5000, eur()));
    ui_form_set_check(&form, "is_resident", true);
    ui_form_option(&form, "level", STR("gold"), STR("Gold"));
    ui_form_option(&form, "level", STR("silver"), STR("Silver"));
    ui_form_option(&form, "roles", STR("dealer"), STR("Dealer"));
    ui_form_option(&form, "roles", STR("agent"), STR("Agent"));
    ui_form_add(&form, "roles", STR("agent"));
    return ui_form_page(r, &form);
}

static enum rc page_form_post(struct req *r)
{
    return fail(r->op, RC_INVALID, "code", M("This field is required."));
}

#endif
