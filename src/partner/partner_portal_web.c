/* The portal: a partner sees its own record as we have it; account numbers only by their tails. */
#include "partner/partner_view.h"
#include "partner/partner_web.h"

static const char *const user_words[] = {"", M("invited"), M("active"), M("blocked")};

static enum rc team(struct op *op, int64_t partner_id, struct ui_items *out)
{
    struct auth_user_list users;
    TRY(auth_users_of_partner(op, partner_id, &users));
    for (size_t i = 0; i < users.len; i++) {
        const struct auth_user *u = &users.at[i];
        struct ui_item item = {.icon = "user",
                               .title = u->name,
                               .note =
                                   str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(u->email),
                                              STR_ARG(tr(op->lang, user_words[u->state])))};
        if (op_may(op, "team.read"))
            item.href = str_printf(op->arena, "/team/%s", usr(u->id).text);
        VEC_PUSH(op->arena, out, item);
    }
    return RC_OK;
}

static enum rc page_profile(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner_level level;
    struct partner__profile v = {0};
    if (op->actor.kind != ACTOR_PARTNER)
        return RC_MISSING;
    TRY(partner_get(op, op->actor.partner_id, &p));
    v.head = (struct ui_head){.name = p.name, .record = "partner", .state = p.state};
    v.block = partner__block_hint(op, &p);
    ui_def_text(op, &v.facts, M("Code"), p.code);
    if (p.level_id.has) {
        TRY(partner_level_get(op, p.level_id.v, &level));
        ui_def_text(op, &v.facts, M("Level"), level.name);
    }
    if (p.manager_id.has) {
        struct str name;
        TRY(auth_user_name(op, p.manager_id.v, &name));
        ui_def_text(op, &v.facts, M("Your manager"), name);
    }
    ui_def_text(op, &v.facts, M("E-mail"), p.email.len ? p.email : STR_NONE);
    ui_def_text(op, &v.facts, M("Phone"), p.phone.len ? p.phone : STR_NONE);
    ui_def_text(op, &v.facts, M("Web site"), p.site.len ? p.site : STR_NONE);
    ui_def_text(op, &v.facts, M("Partner since"),
                partner__day_words(op, SOME(zone_date(op->zone, p.since).days)));
    TRY(attribute_defs(op, "partner", p.id, &v.facts));
    partner__tax_defs(op, &p, &v.tax);
    TRY(partner__contact_parts(op, p.id, &v.contacts));
    TRY(partner__address_parts(op, p.id, &v.addresses));
    TRY(partner__bank_parts(op, p.id, &v.banks));
    TRY(team(op, p.id, &v.team));
    page_title(r, p.name);
    return PAGE(r, NULL, partner__profile, &v);
}

const struct route partner_portal_routes[] = {
    ROUTE(GET, "/portal/profile", page_profile, "portal.profile.read"),
    {0},
};
