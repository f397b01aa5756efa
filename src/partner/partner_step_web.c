/* What is done to a partner from its page: steps of its life, blocking, relations. */
#include "partner/partner_q.h"
#include "partner/partner_view.h"
#include "partner/partner_web.h"

/* ---- steps ---- */

struct step {
    const char *state, *title, *text, *button;
    bool is_danger;
};
static const struct step steps[] = {
    {"applied", M("Take the application?"), M("{0} waits for a decision then."), M("Take"), false},
    {"approved", M("Approve the partner?"), M("{0} may get a contract."), M("Approve"), false},
    {"active", M("Activate the partner?"), M("Sales of {0} count from now on."), M("Activate"),
     false},
    {"rejected", M("Reject the partner?"), M("{0} does not become a partner; it may apply again."),
     M("Reject"), true},
    {"suspended", M("Suspend the partner?"),
     M("{0} stops working with us for a while; what it has earned stays."), M("Suspend"), true},
    {"terminated", M("Terminate the partner?"),
     M("{0} stops working with us for good. Records and payouts of the past stay."), M("Terminate"),
     true},
};

static const struct step *step_of(struct str state)
{
    for (size_t i = 0; i < LEN(steps); i++)
        if (str_eq(str_of(steps[i].state), state))
            return &steps[i];
    return NULL;
}

static enum rc page_ask_state(struct req *r)
{
    struct partner p;
    const struct step *step = step_of(path_str(r, "state"));
    if (!step)
        return RC_MISSING;
    TRY(partner_get(r->op, path_id(r, "prt"), &p));
    struct str tail = str_printf(r->op->arena, "/state/%s", step->state);
    struct ui_confirm confirm = {.title = step->title,
                                 .name = p.name,
                                 .text = step->text,
                                 .action = partner__url(r->op, p.id, str_c(r->op->arena, tail)),
                                 .button = step->button,
                                 .is_danger = step->is_danger,
                                 .cancel_href = partner__url(r->op, p.id, ""),
                                 .revision = p.revision};
    return ui_confirm_page(r, &confirm);
}

static enum rc page_state(struct req *r)
{
    int64_t id = path_id(r, "prt");
    TRY(partner_state_set(r->op, id, ui_revision(r), path_str(r, "state")));
    answer_note(r, M("The state was changed."));
    return REDIRECT(r, "/partners/{0}", prt(id));
}

/* ---- blocking ---- */

struct block_form {
    bool is_sales_blocked, is_links_blocked, is_payouts_blocked;
    struct str reason;
    struct opt_i64 revision;
};
static const struct field block_fields[] = {
    F_BOOL(block_form, is_sales_blocked),          F_BOOL(block_form, is_links_blocked),
    F_BOOL(block_form, is_payouts_blocked),        F_STR(block_form, reason, 0, 500),
    F_OPT_I64(block_form, revision, 0, INT64_MAX), FIELDS_END,
};
static const struct ui_field block_shown[] = {
    {.name = "is_sales_blocked",
     .label = M("Sales: new sales do not count"),
     .kind = UI_FIELD_CHECK},
    {.name = "is_links_blocked",
     .label = M("Links: links and codes lead nowhere"),
     .kind = UI_FIELD_CHECK},
    {.name = "is_payouts_blocked",
     .label = M("Payouts: nothing is paid out"),
     .kind = UI_FIELD_CHECK},
    {.name = "reason",
     .label = M("Reason"),
     .hint = M("The partner sees it. Needed while anything is blocked."),
     .kind = UI_FIELD_AREA,
     .max_len = 500},
};

static enum rc page_ask_block(struct req *r)
{
    struct partner p;
    TRY(partner_get(r->op, path_id(r, "prt"), &p));
    struct ui_form form = {.submit = M("Save"),
                           .revision = p.revision,
                           .intro = M("Blocking does not change the state of the partner."),
                           .cancel_href = partner__url(r->op, p.id, "")};
    form.head.title = M("Block");
    partner__crumbs(r->op, &form.head, &p);
    ui_form_init(r, &form, block_shown, LEN(block_shown));
    ui_form_set_check(&form, "is_sales_blocked", p.is_sales_blocked);
    ui_form_set_check(&form, "is_links_blocked", p.is_links_blocked);
    ui_form_set_check(&form, "is_payouts_blocked", p.is_payouts_blocked);
    ui_form_set(&form, "reason", p.block_reason);
    TRY(audit_conflict(r, &form, "partner", p.id));
    return ui_form_page(r, &form);
}

static enum rc page_block(struct req *r)
{
    const struct block_form *in = form(r);
    int64_t id = path_id(r, "prt");
    struct partner_block block = {in->is_sales_blocked, in->is_links_blocked,
                                  in->is_payouts_blocked, in->reason};
    TRY(partner_block_set(r->op, id, in->revision.v, &block));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/partners/{0}", prt(id));
}

/* ---- relations ---- */

enum { REL_WHO, REL_SIDE, REL_FROM, REL_TO, REL_SHARE, REL_END, REL_COLS };
static const struct ui_column relation_columns[] = {
    [REL_WHO] = {.name = "partner", .title = M("Partner"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [REL_SIDE] = {.name = "side", .title = M("Stands"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [REL_FROM] = {.name = "from", .title = M("From"), .kind = UI_DATE},
    [REL_TO] = {.name = "to", .title = M("Until"), .kind = UI_DATE},
    [REL_SHARE] = {.name = "share", .title = M("Share"), .kind = UI_TEXT, .place = UI_AT_FIGURE},
    [REL_END] = {.name = "end", .title = M("End"), .kind = UI_TEXT},
};

static struct str share_words(struct op *op, int64_t share)
{
    return i18n_percent(op->arena, op->lang, dec_from_scaled(share, 6),
                        share % 10000 == 0 ? 0
                        : share % 100 == 0 ? 2
                                           : 4);
}

static void relation_row(struct op *op, struct ui_table *table,
                         const struct partner_relation_shown *row)
{
    struct ui_cell *cells = ui_table_row(op, table, STR_NONE);
    cells[REL_WHO] = ui_cell_link(row->other_name, row->other_code,
                                  partner__url(op, row->other_id, "/relations"));
    cells[REL_SIDE] = ui_cell_text(tr(op->lang, row->is_up ? M("Above") : M("Below")));
    cells[REL_FROM] = ui_cell_date(SOME(row->from_day));
    cells[REL_TO] = ui_cell_date(row->to_day >= PARTNER_NO_END ? NONE : SOME(row->to_day));
    cells[REL_SHARE] = ui_cell_text(share_words(op, row->share));
    if (op_may(op, "partner.edit"))
        cells[REL_END] = ui_cell_link(tr(op->lang, M("End")), STR_NONE,
                                      str_printf(op->arena, "/relations/%s", rel(row->id).text));
}

static struct ui_node node_of(struct op *op, const struct partner_relation_shown *row)
{
    return (struct ui_node){.text = row->other_name,
                            .note = row->other_code,
                            .href = partner__url(op, row->other_id, "/relations"),
                            .record = "partner",
                            .state = row->other_state};
}

/* Those above today hold the partner, which holds those below. */
static void draw_tree(struct op *op, const struct partner *p, int64_t today,
                      const struct partner_relation_shown_rows *rows, const char *name,
                      struct ui_nodes *out)
{
    struct ui_node own = {.text = p->name, .note = p->code, .is_on = true};
    struct ui_nodes above = {0};
    for (size_t i = 0; i < rows->len; i++) {
        const struct partner_relation_shown *row = &rows->at[i];
        if (!str_eq(row->tree, str_of(name)) || row->from_day > today || row->to_day <= today)
            continue;
        struct ui_node node = node_of(op, row);
        if (row->is_up)
            VEC_PUSH(op->arena, &above, node);
        else
            VEC_PUSH(op->arena, &own.nodes, node);
    }
    if (above.len == 0)
        VEC_PUSH(op->arena, out, own);
    for (size_t i = 0; i < above.len; i++) {
        VEC_PUSH(op->arena, &above.at[i].nodes, own);
        VEC_PUSH(op->arena, out, above.at[i]);
    }
}

static enum rc page_relations(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    struct partner_relation_shown_rows rows;
    struct partner__tab v = {
        .empty = {.icon = "sitemap", .text = M("No relations to other partners yet.")}};
    TRY(partner_get(op, path_id(r, "prt"), &p));
    partner__page_begin(op, &p, "/relations", &v.page);
    TRY(q_partner_relations_of(op, &(struct q_partner_relations_of_in){p.id}, &rows));
    int64_t today = zone_date(op->zone, op->now).days;
    for (const struct ui_word *tree = partner__trees; tree->name; tree++) {
        struct partner__tree shown = {.label = tree->label,
                                      .table = {.columns = relation_columns,
                                                .columns_len = REL_COLS,
                                                .caption = tree->label}};
        for (size_t i = 0; i < rows.len; i++)
            if (str_eq(rows.at[i].tree, str_of(tree->name)))
                relation_row(op, &shown.table, &rows.at[i]);
        if (shown.table.rows.len == 0)
            continue;
        draw_tree(op, &p, today, &rows, tree->name, &shown.nodes);
        VEC_PUSH(op->arena, &v.trees, shown);
    }
    ui_act(op, &v.actions,
           (struct ui_action){.label = M("Add relation"),
                              .icon = "plus",
                              .href = partner__url(op, p.id, "/relations/new"),
                              .permission = "partner.edit"});
    page_title(r, p.name);
    return PAGE(r, NULL, partner__relations, &v);
}

struct relation_form {
    struct str tree, partner, side;
    struct date from;
    struct opt_date to;
    struct opt_dec share;
};
static const struct field relation_fields[] = {
    F_STR(relation_form, tree, 1, 20),
    F_STR(relation_form, partner, 1, 64),
    F_STR(relation_form, side, 1, 10),
    F_DATE(relation_form, from),
    F_OPT_DATE(relation_form, to),
    F_DEC(relation_form, share),
    FIELDS_END,
};
static const struct ui_field relation_shown[] = {
    {.name = "tree",
     .label = M("Tree"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "side",
     .label = M("The other partner stands"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    PARTNER_CODE_FIELD(M("Code of the other partner"), false),
    UI_FROM_UNTIL_FIELDS,
    {.name = "share",
     .label = M("Share"),
     .hint = M("Of the whole, when several hold it."),
     .kind = UI_FIELD_NUMBER,
     .unit = "%",
     .is_half = true},
};

static enum rc page_relation_new(struct req *r)
{
    struct op *op = r->op;
    struct partner p;
    TRY(partner_get(op, path_id(r, "prt"), &p));
    struct ui_form form = {.submit = M("Add relation"),
                           .action = partner__url(op, p.id, "/relations"),
                           .cancel_href = partner__url(op, p.id, "/relations")};
    form.head.title = M("New relation");
    partner__crumbs(op, &form.head, &p);
    ui_form_init(r, &form, relation_shown, LEN(relation_shown));
    ui_form_words(&form, "tree", partner__trees);
    ui_form_option(&form, "side", STR("above"), tr(op->lang, M("Above")));
    ui_form_option(&form, "side", STR("below"), tr(op->lang, M("Below")));
    ui_form_set(&form, "side", STR("above"));
    ui_form_set(&form, "tree", STR("owner"));
    ui_form_set(&form, "share", STR("100"));
    ui_form_set_date(&form, "from", SOME(zone_date(op->zone, op->now).days));
    return ui_form_page(r, &form);
}

static enum rc page_relation_add(struct req *r)
{
    struct op *op = r->op;
    const struct relation_form *in = form(r);
    struct partner own, other;
    struct partner_relation relation = {.tree = in->tree,
                                        .from_day = in->from.days,
                                        .to_day = in->to.has ? in->to.v.days : PARTNER_NO_END,
                                        .share = 1000000};
    TRY(partner_get(op, path_id(r, "prt"), &own));
    TRY(partner_named(op, in->partner, &other));
    if (other.id == own.id)
        return fail(op, RC_INVALID, "partner", M("A partner cannot stand above itself."));
    if (in->share.has && !dec_to_scaled(in->share.v, 4, DEC_HALF_UP, &relation.share))
        return fail(op, RC_INVALID, "share", M("The share is more than 0 and at most 100%."));
    bool is_above = str_eq(in->side, STR("above"));
    relation.parent_id = is_above ? other.id : own.id;
    relation.partner_id = is_above ? own.id : other.id;
    int64_t id;
    TRY(partner_relation_save(op, &relation, &id));
    answer_note(r, M("The relation was added."));
    return CREATED(r, "/partners/{0}/relations", prt(own.id));
}

struct end_form {
    struct date to;
    struct opt_i64 revision;
};
static const struct field end_fields[] = {
    F_DATE(end_form, to),
    F_OPT_I64(end_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field end_shown[] = {
    {.name = "tree", .label = M("Tree"), .kind = UI_FIELD_SHOWN, .is_half = true},
    {.name = "parent", .label = M("Above"), .kind = UI_FIELD_SHOWN, .is_half = true},
    {.name = "from", .label = M("From"), .kind = UI_FIELD_SHOWN, .is_half = true},
    UI_UNTIL_FIELD(true),
};

static enum rc page_relation_edit(struct req *r)
{
    struct op *op = r->op;
    struct partner_edge_row row;
    struct partner child, parent;
    TRY(q_partner_relation(op, &(struct q_partner_relation_in){path_id(r, "rel")}, &row));
    TRY(partner_get(op, row.partner_id, &child));
    TRY(partner_get(op, row.parent_id, &parent));
    struct ui_form form = {.submit = M("End the relation"),
                           .is_danger = true,
                           .revision = row.revision,
                           .cancel_href = partner__url(op, child.id, "/relations")};
    form.head.title = M("Relation");
    partner__crumbs(op, &form.head, &child);
    ui_form_init(r, &form, end_shown, LEN(end_shown));
    ui_form_set(&form, "tree", tr(op->lang, ui_word_label(partner__trees, row.tree)));
    ui_form_set(&form, "parent", parent.name);
    ui_form_set(&form, "from", partner__day_words(op, SOME(row.from_day)));
    ui_form_set_date(&form, "to",
                     row.to_day < PARTNER_NO_END ? SOME(row.to_day)
                                                 : SOME(zone_date(op->zone, op->now).days));
    return ui_form_page(r, &form);
}

static enum rc page_relation_end(struct req *r)
{
    const struct end_form *in = form(r);
    struct partner_edge_row row;
    TRY(q_partner_relation(r->op, &(struct q_partner_relation_in){path_id(r, "rel")}, &row));
    TRY(partner_relation_end(r->op, row.id, in->revision.v, in->to.days));
    answer_note(r, M("Saved."));
    return REDIRECT(r, "/partners/{0}/relations", prt(row.partner_id));
}

const struct route partner_step_routes[] = {
    UI_ASKING_ROUTES("/partners/:prt/state/{state}", page_ask_state, page_state, "partner.edit"),
    ROUTE(GET, "/partners/:prt/block", page_ask_block, "partner.block"),
    ROUTE(POST, "/partners/:prt/block", page_block, "partner.block", FORM(block_form, block_fields),
          FORM_PAGE(page_ask_block), API),
    ROUTE(GET, "/partners/:prt/relations", page_relations, "partner.read"),
    ROUTE(GET, "/partners/:prt/relations/new", page_relation_new, "partner.edit"),
    ROUTE(POST, "/partners/:prt/relations", page_relation_add, "partner.edit",
          FORM(relation_form, relation_fields), FORM_PAGE(page_relation_new), API),
    ROUTE(GET, "/relations/:rel", page_relation_edit, "partner.edit"),
    ROUTE(POST, "/relations/:rel", page_relation_end, "partner.edit", FORM(end_form, end_fields),
          FORM_PAGE(page_relation_edit), API),
    {0},
};
