/* Contracts on pages of other records, and in the portal, where a partner reads its own: the terms
 * in plain words, never edited there. */
#include "contract/contract_view.h"
#include "contract/contract_web.h"

enum { CARD_MAX = 20, PORTAL_MAX = 200 };

static struct ui_item item_of(struct op *op, const struct contract_row *c, struct str href)
{
    struct ui_item item = {
        .icon = "writing",
        .title = c->code,
        .note = c->scheme_name.len ? c->scheme_name : contract_nature_word(op->lang, c->nature),
        .href = href,
        .figure = ui_state_word(op->arena, op->lang, "contract", c->state),
        .when = contract__span_words(op, c->from_day, c->to_day),
    };
    return item;
}

static enum rc rows_of_partner(struct op *op, int64_t partner_id, int limit,
                               struct contract_row_page *out)
{
    struct q_contract_list_in in = {.today = contract__today(op),
                                    .partner = SOME(partner_id),
                                    .archived = SOME(0),
                                    .page = {.limit = limit, .is_descending = true}};
    in.page.sort_i = list_sort_find(q_contract_list_sorts, STR("start"));
    return q_contract_list(op, &in, out);
}

enum rc contract_of_partner(struct req *r, int64_t partner_id, struct safe_html *out)
{
    struct op *op = r->op;
    struct contract_row_page page = {0};
    struct contract__card card = {.title = M("Contracts"),
                                  .empty = M("No contracts yet. Rewards need one.")};
    TRY(rows_of_partner(op, partner_id, CARD_MAX, &page));
    struct str id = ui_pid(op, pid_of("prt", partner_id));
    for (size_t i = 0; i < page.len; i++) {
        struct ui_item item = item_of(op, &page.at[i], contract_href(op, page.at[i].id));
        VEC_PUSH(op->arena, &card.items, item);
    }
    card.all_href = str_printf(op->arena, "/contracts?partner=" STR_FMT, STR_ARG(id));
    ui_act(op, &card.actions,
           (struct ui_action){
               .label = M("Add contract"),
               .icon = "plus",
               .href = str_printf(op->arena, "/contracts/new?partner=" STR_FMT, STR_ARG(id)),
               .permission = "contract.edit"});
    AUTO_OUT o = contract__part(r);
    if (op_may(op, "contract.read"))
        contract_card_view(&o, &card);
    *out = out_html(&o);
    return RC_OK;
}

/* ---- who uses a scheme ---- */

static enum rc count_uses(struct op *op, int64_t scheme_id, int64_t *out)
{
    struct use_count count;
    TRY(q_contract_uses(op, &(struct q_contract_uses_in){.scheme_id = scheme_id}, &count));
    *out = count.n;
    return RC_OK;
}

static enum rc usage_card(struct req *r, int64_t scheme_id, int64_t total, struct safe_html *out)
{
    struct op *op = r->op;
    struct using_row_rows rows;
    struct contract__card card = {.title = M("Contracts that use it"),
                                  .empty = M("No contract uses it yet.")};
    TRY(q_contracts_using(op, &(struct q_contracts_using_in){.scheme_id = scheme_id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct ui_item item = {
            .icon = "writing",
            .title = rows.at[i].code,
            .note = rows.at[i].partner_name,
            .href = contract_href(op, rows.at[i].id),
            .figure = ui_state_word(op->arena, op->lang, "contract", rows.at[i].state)};
        VEC_PUSH(op->arena, &card.items, item);
    }
    if (total)
        card.note = i18n_i64(op->arena, op->lang, total);
    if (total > (int64_t)rows.len)
        card.all_href =
            str_printf(op->arena, "/contracts?scheme=%s", pid_of("sch", scheme_id).text);
    AUTO_OUT o = contract__part(r);
    if (op_may(op, "contract.read"))
        contract_card_view(&o, &card);
    *out = out_html(&o);
    return RC_OK;
}

const struct scheme_usage contract__usage = {.count = count_uses, .card = usage_card};

/* ---- portal ---- */

/* What is still being prepared is not shown to the other side. */
static bool is_shown_to_partner(struct str state)
{
    return !str_eq(state, STR("draft")) && !str_eq(state, STR("in_approval"));
}

/* "changes from 1 Mar 2027" under the contract. */
static enum rc tell_changes(struct op *op, int64_t contract_id, struct ui_item *item)
{
    struct contract_versions all;
    struct contract__news news;
    TRY(contract_versions(op, contract_id, &all));
    TRY(contract__news(op, &all, &news));
    if (news.len) {
        item->icon = "alert-circle";
        item->tint = UI_INFO;
        item->note =
            i18n_format(op->arena, op->lang, M("{0} · changes {1}"), item->note, news.at[0].from);
    }
    return RC_OK;
}

enum rc contract__page_portal(struct req *r)
{
    struct op *op = r->op;
    struct contract_row_page page = {0};
    struct contract__portal_page v = {.head = {.title = M("Contracts")}};
    TRY(rows_of_partner(op, op->actor.partner_id, PORTAL_MAX, &page));
    for (size_t i = 0; i < page.len; i++) {
        struct str href = str_printf(op->arena, "/portal/contracts/%s", ctr(page.at[i].id).text);
        struct ui_item item = item_of(op, &page.at[i], href);
        if (!is_shown_to_partner(page.at[i].state))
            continue;
        TRY(tell_changes(op, page.at[i].id, &item));
        VEC_PUSH(op->arena, &v.items, item);
    }
    v.empty = (struct ui_empty){.icon = "writing",
                                .text = M("You have no contracts yet. Your manager prepares "
                                          "them.")};
    return PAGE(r, M("Contracts"), contract_portal, &v);
}

enum rc contract__page_portal_one(struct req *r)
{
    struct op *op = r->op;
    struct contract c;
    struct org_entity entity;
    struct contract_versions all;
    struct contract__portal_page v = {0};
    TRY(contract_get(op, path_id(r, "ctr"), &c));
    if (!is_shown_to_partner(c.state) || c.archived_at.has)
        return RC_MISSING;
    TRY(org_entity_get(op, c.entity_id, &entity));
    TRY(contract_versions(op, c.id, &all));
    v.head = (struct ui_head){.name = c.code, .record = "contract", .state = c.state};
    ui_crumb(op, &v.head, M("Contracts"), STR("/portal/contracts"));
    ui_def_text(op, &v.facts, M("Concluded with"), entity.name);
    ui_def_text(op, &v.facts, M("Nature"), contract_nature_word(op->lang, c.nature));
    ui_def_text(op, &v.facts, M("In force"), contract__span_words(op, c.from_day, c.to_day));
    if (c.signed_day.has)
        ui_def_text(op, &v.facts, M("Signed on"), contract__day_words(op, c.signed_day.v));
    const struct contract_version *now = contract_version_on(&all, contract__today(op));
    TRY(contract__news(op, &all, &v.news));
    v.has_terms = now != NULL;
    if (now)
        TRY(contract__terms_make(op, now, true, &v.terms));
    page_title(r, c.code);
    return PAGE(r, NULL, contract_portal_one, &v);
}
