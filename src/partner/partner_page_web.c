/* The page of a partner: head with state and blocking, tabs with its parts, steps of its life. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

/* ---- words ---- */

struct str partner__bank_words(struct op *op, const struct partner_bank *bank)
{
    return i18n_format(op->arena, op->lang, M("Account {0}, {1}"), bank->bank.number,
                       bank->bank.currency);
}

struct str partner__day_words(struct op *op, struct opt_i64 day)
{
    if (!day.has || day.v >= PARTNER_NO_END)
        return STR_NONE;
    return i18n_date(op->arena, op->lang, (struct date){(int32_t)day.v}, DATE_MEDIUM, PLACE_START);
}

/* ---- head and tabs ---- */

struct step {
    const char *state, *label, *icon;
    enum ui_action_kind kind;
};
static const struct step steps[] = {
    {"applied", M("Take the application"), "inbox", UI_SECONDARY},
    {"approved", M("Approve"), "check", UI_SECONDARY},
    {"active", M("Activate"), "player-play", UI_SECONDARY},
    {"rejected", M("Reject…"), "x", UI_DANGER},
    {"suspended", M("Suspend…"), "player-pause", UI_DANGER},
    {"terminated", M("Terminate…"), "player-stop", UI_DANGER},
};

static void head_actions(struct op *op, const struct partner *p, struct ui_actions *actions)
{
    ui_act(op, actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = partner__url(op, p->id, "/edit"),
                              .permission = "partner.edit"});
    for (size_t i = 0; i < LEN(steps); i++)
        if (partner_may_become(p->state, str_of(steps[i].state)) && !p->archived_at.has)
            ui_act(op, actions,
                   (struct ui_action){.label = steps[i].label,
                                      .icon = steps[i].icon,
                                      .href = str_printf(op->arena, STR_FMT "/state/%s",
                                                         STR_ARG(partner__url(op, p->id, "")),
                                                         steps[i].state),
                                      .kind = UI_MORE,
                                      .is_dialog = true,
                                      .permission = "partner.edit"});
    ui_act(op, actions,
           (struct ui_action){.label = M("Block…"),
                              .icon = "ban",
                              .href = partner__url(op, p->id, "/block"),
                              .kind = UI_MORE,
                              .permission = "partner.block"});
    ui_act(op, actions,
           (struct ui_action){
               .label = p->archived_at.has ? M("Restore…") : M("Archive…"),
               .icon = p->archived_at.has ? "archive-off" : "archive",
               .href = partner__url(op, p->id, p->archived_at.has ? "/restore" : "/archive"),
               .kind = UI_MORE,
               .is_dialog = true,
               .permission = "partner.edit"});
}

struct ui_hint partner__block_hint(struct op *op, const struct partner *p)
{
    struct str_list what = {0};
    if (p->is_sales_blocked)
        VEC_PUSH(op->arena, &what, tr(op->lang, M("Sales blocked")));
    if (p->is_links_blocked)
        VEC_PUSH(op->arena, &what, tr(op->lang, M("Links blocked")));
    if (p->is_payouts_blocked)
        VEC_PUSH(op->arena, &what, tr(op->lang, M("Payouts blocked")));
    if (what.len == 0)
        return (struct ui_hint){.tint = UI_BAD};
    return (struct ui_hint){
        .tint = UI_BAD, .icon = "ban", .title = partner__join(op, &what), .text = p->block_reason};
}

void partner__page_begin(struct op *op, const struct partner *p, const char *tab,
                         struct partner__page *v)
{
    static const struct {
        const char *label, *tail;
    } tabs[] = {{M("Overview"), ""},
                {M("Relations"), "/relations"},
                {M("Outlets"), "/outlets"},
                {M("Portal users"), "/users"},
                {M("History"), "/history"}};
    v->partner = *p;
    v->head = (struct ui_head){.name = p->name,
                               .record = "partner",
                               .state = p->archived_at.has ? STR("archived") : p->state};
    v->head.below = (struct safe_html){STR_NONE};
    v->head.note = p->code;
    partner__crumbs(op, &v->head, NULL);
    head_actions(op, p, &v->head.actions);
    v->block = partner__block_hint(op, p);
    v->tabs.name = M("Parts of the partner");
    for (size_t i = 0; i < LEN(tabs); i++) {
        struct ui_tab item = {.label = tabs[i].label,
                              .href = partner__url(op, p->id, tabs[i].tail),
                              .is_on = strcmp(tabs[i].tail, tab) == 0};
        VEC_PUSH(op->arena, &v->tabs, item);
        if (i > 0)
            continue;
        struct ui_tab contracts = {
            .label = M("Contracts"),
            .href = str_printf(op->arena, "/contracts?partner=%s", prt(p->id).text)};
        struct ui_tab statements = {
            .label = M("Statements"),
            .href = str_printf(op->arena, "/statements?partner=%s", prt(p->id).text)};
        VEC_PUSH(op->arena, &v->tabs, contracts);
        VEC_PUSH(op->arena, &v->tabs, statements);
    }
}

/* ---- overview ---- */

static enum rc facts_of(struct op *op, const struct partner *p, struct partner__page *v)
{
    struct org_branch branch;
    struct partner_level level;
    struct partner_groups groups;
    struct str_list roles = {0};
    TRY(org_branch_get(op, p->branch_id, &branch));
    TRY(partner_roles_of(op, p->id, &v->role_list));
    for (size_t i = 0; i < v->role_list.len; i++)
        VEC_PUSH(op->arena, &roles, partner_role_label(op->lang, &v->role_list.at[i]));
    v->roles = partner__join(op, &roles);
    ui_def_text(op, &v->facts, M("Code"), p->code);
    ui_def_text(op, &v->facts, M("Roles"), v->roles.len ? v->roles : STR_NONE);
    ui_def_text(op, &v->facts, M("Branch"), branch.name);
    if (p->manager_id.has) {
        struct str name;
        TRY(auth_user_name(op, p->manager_id.v, &name));
        ui_def_text(op, &v->facts, M("Account manager"), name);
    }
    if (p->level_id.has) {
        TRY(partner_level_get(op, p->level_id.v, &level));
        ui_def_text(op, &v->facts, M("Level"), level.name);
    }
    ui_def_text(op, &v->facts, M("E-mail"), p->email.len ? p->email : STR_NONE);
    ui_def_text(op, &v->facts, M("Phone"), p->phone.len ? p->phone : STR_NONE);
    ui_def_text(op, &v->facts, M("Web site"), p->site.len ? p->site : STR_NONE);
    ui_def_text(op, &v->facts, M("Partner since"),
                partner__day_words(op, SOME(zone_date(op->zone, p->since).days)));
    if (p->last_sale_at)
        ui_def_text(op, &v->facts, M("Last sale"),
                    i18n_date_time(op->arena, op->lang, p->last_sale_at, op->zone));
    TRY(partner_tags_of(op, p->id, &v->tags));
    TRY(partner_groups_of(op, p->id, &groups));
    for (size_t i = 0; i < groups.len; i++)
        VEC_PUSH(op->arena, &v->groups, groups.at[i].name);
    return RC_OK;
}

void partner__tax_defs(struct op *op, const struct partner *p, struct ui_defs *defs)
{
    const char *vat = ui_word_label(partner__vat_modes, p->vat_mode);
    ui_def_text(op, defs, M("Kind"), tr(op->lang, partner__kind_label(p->kind)));
    ui_def_text(op, defs, M("Legal name"), p->legal_name.len ? p->legal_name : STR_NONE);
    if (p->country.len)
        ui_def_text(op, defs, M("Country"), i18n_country_name(op->arena, op->lang, p->country));
    ui_def_text(op, defs, M("Tax number"), p->tax.number.len ? p->tax.number : STR_NONE);
    ui_def_text(op, defs, M("KPP"), p->tax.reason_code.len ? p->tax.reason_code : STR_NONE);
    ui_def_text(op, defs, M("Registration number"),
                p->tax.registration.len ? p->tax.registration : STR_NONE);
    if (vat)
        ui_def_text(op, defs, M("VAT mode"), tr(op->lang, vat));
}

static struct ui_action small(const char *label, const char *icon, struct str href,
                              const char *permission)
{
    return (struct ui_action){
        .label = label, .icon = icon, .href = href, .kind = UI_QUIET, .permission = permission};
}

enum rc partner__contact_parts(struct op *op, int64_t partner_id, struct partner__parts *out)
{
    struct partner_contacts contacts;
    TRY(partner_contacts_of(op, partner_id, &contacts));
    for (size_t i = 0; i < contacts.len; i++) {
        const struct partner_contact *c = &contacts.at[i];
        struct partner__part part = {.title = c->name,
                                     .note = c->position.len ? c->position : STR_NONE,
                                     .tag = c->is_main ? tr(op->lang, M("Main contact")) : STR_NONE,
                                     .lines = {c->email, c->phone}};
        if (op->actor.kind != ACTOR_PARTNER) { /* notes are ours */
            part.lines[2] = c->note;
            ui_act(op, &part.actions,
                   small(M("Edit"), "pencil",
                         str_printf(op->arena, "/contacts/%s/edit", con(c->id).text),
                         "partner.edit"));
        }
        VEC_PUSH(op->arena, out, part);
    }
    return RC_OK;
}

enum rc partner__address_parts(struct op *op, int64_t partner_id, struct partner__parts *out)
{
    struct partner_addresses addresses;
    TRY(partner_addresses_of(op, partner_id, &addresses));
    for (size_t i = 0; i < addresses.len; i++) {
        const struct partner_address *a = &addresses.at[i];
        const char *label = ui_word_label(partner__address_kinds, a->kind);
        struct partner__part part = {.title = tr(op->lang, label),
                                     .lines = {org_address_words(op, op->lang, &a->at)}};
        VEC_PUSH(op->arena, out, part);
    }
    return RC_OK;
}

enum rc partner__bank_parts(struct op *op, int64_t partner_id, struct partner__parts *out)
{
    struct partner_banks banks;
    TRY(partner_banks_of(op, partner_id, &banks));
    for (size_t i = 0; i < banks.len; i++) {
        const struct partner_bank *b = &banks.at[i];
        struct partner__part part = {
            .title = b->bank.bank_name,
            .note = b->bank.bank_code.len ? b->bank.bank_code : STR_NONE,
            .tag = b->is_main ? tr(op->lang, M("Main account")) : STR_NONE,
            .lines = {partner__bank_words(op, b)},
        };
        if (op->actor.kind != ACTOR_PARTNER) {
            ui_act(op, &part.actions,
                   small(M("Show the number"), "eye",
                         str_printf(op->arena, "/bank-details/%s/reveal", bnk(b->id).text),
                         "partner.bank"));
            ui_act(op, &part.actions,
                   small(M("Edit"), "pencil",
                         str_printf(op->arena, "/bank-details/%s/edit", bnk(b->id).text),
                         "partner.bank"));
        }
        VEC_PUSH(op->arena, out, part);
    }
    return RC_OK;
}

static enum rc page_show(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner__page v = {0};
    int64_t id = path_id(r, "prt");
    TRY(partner_get(op, id, &p));
    partner__page_begin(op, &p, "", &v);
    TRY(facts_of(op, &p, &v));
    TRY(attribute_defs(op, "partner", id, &v.facts));
    TRY(attribute_values_get(op, "partner", id, &v.attributes));
    partner__tax_defs(op, &p, &v.tax);
    TRY(partner__contact_parts(op, id, &v.contacts));
    TRY(partner__address_parts(op, id, &v.addresses));
    TRY(partner__bank_parts(op, id, &v.banks));
    ui_act(op, &v.contact_actions,
           small(M("Add contact"), "plus", partner__url(op, id, "/contacts/new"), "partner.edit"));
    ui_act(op, &v.address_actions,
           small(M("Edit"), "pencil", partner__url(op, id, "/addresses"), "partner.edit"));
    ui_act(
        op, &v.bank_actions,
        small(M("Add account"), "plus", partner__url(op, id, "/bank-details/new"), "partner.bank"));
    if (!http_wants_json(r))
        TRY(ui_record_cards(op, "partner", id, &v.cards));
    page_title(r, p.name);
    answer_revision(r, p.revision);
    return REPLY(r, NULL, partner__page, &v);
}

static void json_parts(struct json_writer *w, const struct partner__page *v)
{
    json_key(w, "roles");
    json_array(w);
    for (size_t i = 0; i < v->role_list.len; i++)
        json_put_str(w, v->role_list.at[i].code);
    json_array_end(w);
    json_key(w, "tags");
    json_array(w);
    for (size_t i = 0; i < v->tags.len; i++)
        json_put_str(w, v->tags.at[i]);
    json_array_end(w);
    attribute_json(w, &v->attributes);
}

void partner__page_json(struct json_writer *w, const struct partner__page *v)
{
    const struct partner *p = &v->partner;
    json_object(w);
    json_pair_str(w, "id", str_of(prt(p->id).text));
    json_pair_i64(w, "revision", p->revision);
    json_pair_str(w, "code", p->code);
    json_pair_str(w, "name", p->name);
    json_pair_str(w, "legal_name", p->legal_name);
    json_pair_str(w, "state", p->state);
    json_pair_str(w, "branch_id", str_of(pid_of("brn", p->branch_id).text));
    json_pair_str(w, "manager_id",
                  p->manager_id.has ? str_of(usr(p->manager_id.v).text) : STR_NONE);
    json_pair_str(w, "level_id", p->level_id.has ? str_of(lvl(p->level_id.v).text) : STR_NONE);
    json_pair_str(w, "kind", p->kind);
    json_pair_str(w, "country", p->country);
    json_pair_str(w, "tax_number", p->tax.number);
    json_pair_str(w, "tax_reason_code", p->tax.reason_code);
    json_pair_str(w, "registration", p->tax.registration);
    json_pair_str(w, "vat_mode", p->vat_mode);
    json_pair_str(w, "email", p->email);
    json_pair_str(w, "phone", p->phone);
    json_pair_str(w, "site", p->site);
    json_pair_bool(w, "is_sales_blocked", p->is_sales_blocked);
    json_pair_bool(w, "is_links_blocked", p->is_links_blocked);
    json_pair_bool(w, "is_payouts_blocked", p->is_payouts_blocked);
    json_pair_str(w, "block_reason", p->block_reason);
    json_pair_instant(w, "since", p->since);
    json_pair_bool(w, "archived", p->archived_at.has);
    json_parts(w, v);
    json_object_end(w);
}

/* ---- other tabs ---- */

static enum rc open_tab(struct req *r, const char *tail, struct partner__tab *v)
{
    struct partner p;
    TRY(partner_get(r->op, path_id(r, "prt"), &p));
    partner__page_begin(r->op, &p, tail, &v->page);
    page_title(r, p.name);
    return RC_OK;
}

static enum rc page_history(struct req *r)
{
    struct partner__tab v = {0};
    TRY(open_tab(r, "/history", &v));
    AUTO_OUT history = out_like(http_out(r));
    TRY(audit_timeline(r->op, "partner", v.page.partner.id, 100, &history));
    v.history = out_html(&history);
    return PAGE(r, NULL, partner__history, &v);
}

enum { OUT_NAME, OUT_ADDRESS, OUT_OPENED, OUT_STATE, OUT_COLS };
static const struct ui_column outlet_columns[] = {
    [OUT_NAME] = {.name = "name", .title = M("Outlet"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [OUT_ADDRESS] = {.name = "address", .title = M("Address"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [OUT_OPENED] = {.name = "opened", .title = M("Opened"), .kind = UI_DATE},
    [OUT_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "outlet",
                   .place = UI_AT_BADGE},
};

static enum rc page_outlets(struct req *r)
{
    struct op *op = r->op;
    struct partner_outlets outlets;
    struct partner__tab v = {
        .title = M("Outlets"),
        .table = {.columns = outlet_columns, .columns_len = OUT_COLS, .caption = M("Outlets")},
        .empty = {.icon = "building-store", .text = M("No outlets yet.")}};
    TRY(open_tab(r, "/outlets", &v));
    TRY(partner_outlets_of(op, v.page.partner.id, &outlets));
    for (size_t i = 0; i < outlets.len; i++) {
        const struct partner_outlet *o = &outlets.at[i];
        bool is_closed = o->closed_day.has && o->closed_day.v <= zone_date(op->zone, op->now).days;
        struct ui_cell *cells = ui_table_row(op, &v.table, STR_NONE);
        cells[OUT_NAME] =
            ui_cell_link(o->name, o->code, str_printf(op->arena, "/outlets/%s", out_(o->id).text));
        cells[OUT_ADDRESS] = ui_cell_text(org_address_words(op, op->lang, &o->address));
        cells[OUT_OPENED] = ui_cell_date(o->opened_day);
        cells[OUT_STATE] = ui_cell_state(is_closed ? STR("closed") : STR("active"));
    }
    ui_act(op, &v.actions,
           small(M("Add outlet"), "plus",
                 str_printf(op->arena, "/outlets/new?partner=%s", prt(v.page.partner.id).text),
                 "partner.edit"));
    return PAGE(r, NULL, partner__list_tab, &v);
}

enum { USER_NAME, USER_STATE, USER_SIGNED_IN, USER_COLS };
static const struct ui_column user_columns[] = {
    [USER_NAME] = {.name = "name", .title = M("Person"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [USER_STATE] = {.name = "state",
                    .title = M("State"),
                    .kind = UI_STATE,
                    .record = "user",
                    .place = UI_AT_BADGE},
    [USER_SIGNED_IN] = {.name = "signed_in_at",
                        .title = M("Last sign-in"),
                        .kind = UI_TIME,
                        .place = UI_AT_SUB},
};
static const char *const user_states[] = {"", "invited", "active", "blocked"};

static enum rc page_users(struct req *r)
{
    struct op *op = r->op;
    struct auth_user_list users;
    struct partner__tab v = {
        .title = M("Portal users"),
        .table = {.columns = user_columns, .columns_len = USER_COLS, .caption = M("Portal users")},
        .empty = {.icon = "users", .text = M("Nobody of this partner can sign in yet.")}};
    TRY(open_tab(r, "/users", &v));
    TRY(auth_users_of_partner(op, v.page.partner.id, &users));
    for (size_t i = 0; i < users.len; i++) {
        const struct auth_user *u = &users.at[i];
        struct str href = op_may(op, "user.read")
                              ? str_printf(op->arena, "/settings/users/%s", usr(u->id).text)
                              : STR_NONE;
        struct ui_cell *cells = ui_table_row(op, &v.table, STR_NONE);
        cells[USER_NAME] = ui_cell_link(u->name, u->email, href);
        cells[USER_STATE] = ui_cell_state(str_of(user_states[u->state]));
        cells[USER_SIGNED_IN] = ui_cell_time(u->signed_in_at);
    }
    ui_act(
        op, &v.actions,
        small(M("Invite"), "user-plus",
              str_printf(op->arena, "/settings/users/new?partner=%s", prt(v.page.partner.id).text),
              "user.edit"));
    return PAGE(r, NULL, partner__list_tab, &v);
}

const struct route partner_page_routes[] = {
    ROUTE(GET, "/partners/:prt", page_show, "partner.read", API),
    ROUTE(GET, "/partners/:prt/history", page_history, "partner.read"),
    ROUTE(GET, "/partners/:prt/outlets", page_outlets, "partner.read"),
    ROUTE(GET, "/partners/:prt/users", page_users, "partner.read"),
    {0},
};
