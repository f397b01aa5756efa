/* The directory: filters, saved views, columns also of attributes, export of what is shown. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"
#include "partner/partner_web.h"

enum { RARE_MAX = 2000 };

struct partner_query {
    UI_LIST_MEMBERS;
    struct i64_list branch, level, manager, role, group;
    struct str_list state, tag;
    struct str tax;
    struct field_pairs attr;
};
static const struct field partner_query_fields[] = {
    UI_LIST_FIELDS(partner_query, q_partner_list_sorts),
    F_IDS(partner_query, branch, "brn", UI_VALUES_MAX),
    F_IDS(partner_query, level, "lvl", UI_VALUES_MAX),
    F_IDS(partner_query, manager, "usr", UI_VALUES_MAX),
    F_IDS(partner_query, role, "prl", UI_VALUES_MAX),
    F_IDS(partner_query, group, "grp", UI_VALUES_MAX),
    F_STRS(partner_query, state, UI_VALUES_MAX),
    F_STRS(partner_query, tag, UI_VALUES_MAX),
    F_STR(partner_query, tax, 0, 3),
    F_PAIRS(partner_query, attr, 10),
    FIELDS_END,
};

enum {
    COL_NAME,
    COL_STATE,
    COL_LEVEL,
    COL_BRANCH,
    COL_SOLD,
    COL_CHANGE,
    COL_ACCRUED,
    COL_BALANCE,
    COL_SALE,
    COL_CREATED,
    COL_CODE,
    COL_KIND,
    COL_COUNTRY,
    COL_TAX,
    COL_EMAIL,
    COL_PHONE,
    COL_GROUPS,
    COL_TAGS,
    COLS
};
static const struct ui_column columns[COLS] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Partner"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "code_and_role",
                  .sub_title = M("Code and role")},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "partner",
                   .place = UI_AT_BADGE},
    [COL_LEVEL] = {.name = "level", .title = M("Level"), .kind = UI_TEXT, .place = UI_AT_FIGURE},
    [COL_BRANCH] = {.name = "branch",
                    .title = M("Branch, manager"),
                    .kind = UI_TEXT,
                    .place = UI_AT_SUB,
                    .sub_name = "manager",
                    .sub_title = M("Account manager")},
    [COL_SOLD] = {.name = "sales", .title = M("Sales"), .kind = UI_MONEY, .place = UI_AT_NONE},
    [COL_CHANGE] = {.name = "change",
                    .title = M("Change||of sales"),
                    .kind = UI_DECIMAL,
                    .place = UI_AT_NONE},
    [COL_ACCRUED] = {.name = "accrued",
                     .title = M("Accrued"),
                     .kind = UI_MONEY,
                     .place = UI_AT_NONE},
    [COL_BALANCE] = {.name = "balance", .title = M("Balance"), .kind = UI_MONEY},
    [COL_SALE] = {.name = "last_sale",
                  .title = M("Last sale"),
                  .kind = UI_DATE,
                  .sort = "last_sale",
                  .is_optional = true},
    [COL_CREATED] = {.name = "added",
                     .title = M("Added"),
                     .kind = UI_DATE,
                     .sort = "created",
                     .place = UI_AT_NONE,
                     .is_optional = true},
    [COL_CODE] =
        {.name = "code", .title = M("Code"), .kind = UI_TEXT, .sort = "code", .is_optional = true},
    [COL_KIND] = {.name = "kind", .title = M("Kind"), .kind = UI_TEXT, .is_optional = true},
    [COL_COUNTRY] = {.name = "country",
                     .title = M("Country"),
                     .kind = UI_TEXT,
                     .is_optional = true},
    [COL_TAX] = {.name = "tax_number",
                 .title = M("Tax number"),
                 .kind = UI_TEXT,
                 .is_optional = true},
    [COL_EMAIL] = {.name = "email", .title = M("E-mail"), .kind = UI_TEXT, .is_optional = true},
    [COL_PHONE] = {.name = "phone", .title = M("Phone"), .kind = UI_TEXT, .is_optional = true},
    [COL_GROUPS] = {.name = "groups", .title = M("Groups"), .kind = UI_TEXT, .is_optional = true},
    [COL_TAGS] = {.name = "tags", .title = M("Tags"), .kind = UI_TEXT, .is_optional = true},
};
static const char *const states[] = {"prospect",   "applied",  "approved", "active", "suspended",
                                     "terminated", "rejected", "archived", NULL};
static const struct ui_filter filters[] = {
    {.name = "branch", .label = M("Branch"), .kind = UI_PICK, .is_many = true},
    {.name = "state",
     .label = M("State"),
     .kind = UI_PICK,
     .is_many = true,
     .record = "partner",
     .states = states},
    {.name = "role", .label = M("Role"), .kind = UI_PICK, .is_many = true},
    {.name = "group", .label = M("Group"), .kind = UI_PICK, .is_many = true},
    {.name = "tag", .label = M("Tag"), .kind = UI_PICK, .is_many = true},
    {.name = "level", .label = M("Level"), .kind = UI_PICK, .is_many = true},
    {.name = "manager", .label = M("Account manager"), .kind = UI_PICK, .is_many = true},
    {.name = "tax", .label = M("Has a tax number"), .kind = UI_PICK},
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "partner.edit"},
    {.label = M("Add partner"),
     .icon = "plus",
     .kind = UI_PRIMARY,
     .href = STR_INIT("/partners/new"),
     .permission = "partner.edit"},
    {.label = NULL},
};
static const struct ui_action bulk[] = {
    {.label = M("Assign manager"),
     .icon = "user-cog",
     .href = STR_INIT("/partners/bulk/manager"),
     .permission = "partner.edit"},
    {.label = M("Change level"),
     .icon = "stairs-up",
     .href = STR_INIT("/partners/bulk/level"),
     .permission = "partner.edit"},
    {.label = M("Add to group"),
     .icon = "users-group",
     .href = STR_INIT("/partners/bulk/group"),
     .permission = "partner.edit"},
    {.label = M("Add tag"),
     .icon = "tag",
     .href = STR_INIT("/partners/bulk/tag"),
     .permission = "partner.edit"},
    {.label = M("Suspend…"),
     .icon = "player-pause",
     .kind = UI_DANGER,
     .href = STR_INIT("/partners/bulk/suspend"),
     .permission = "partner.edit"},
    {.label = NULL},
};

/* ---- names that rows and filters show ---- */

struct known { /* of one request: small tables are read once */
    struct org_choices branches;
    struct partner_levels levels;
    struct partner_roles roles;
};

static enum rc known_read(struct op *op, struct known *known)
{
    TRY(org_branch_choices(op, 0, &known->branches));
    TRY(partner_levels_all(op, &known->levels));
    return partner_roles_all(op, &known->roles);
}

static struct str level_name(const struct known *known, struct opt_i64 id)
{
    for (size_t i = 0; id.has && i < known->levels.len; i++)
        if (known->levels.at[i].id == id.v)
            return known->levels.at[i].name;
    return STR_NONE;
}

static struct str code_and_role(struct op *op, const struct known *known,
                                const struct partner_row *p)
{
    for (size_t i = 0; p->role_id.has && i < known->roles.len; i++)
        if (known->roles.at[i].id == p->role_id.v)
            return str_printf(op->arena, STR_FMT " · " STR_FMT, STR_ARG(p->code),
                              STR_ARG(partner_role_label(op->lang, &known->roles.at[i])));
    return p->code;
}

static enum rc options(struct op *op, struct ui_list *list, const struct known *known)
{
    struct partner_groups groups;
    struct str_list tags;
    struct auth_user_list people;
    for (size_t i = 0; i < known->branches.len; i++)
        ui_list_option(list, "branch", ui_pid(op, pid_of("brn", known->branches.at[i].id)),
                       known->branches.at[i].name);
    for (size_t i = 0; i < known->levels.len; i++)
        ui_list_option(list, "level", ui_pid(op, lvl(known->levels.at[i].id)),
                       known->levels.at[i].name);
    for (size_t i = 0; i < known->roles.len; i++)
        ui_list_option(list, "role", ui_pid(op, prl(known->roles.at[i].id)),
                       partner_role_label(op->lang, &known->roles.at[i]));
    TRY(partner_groups_all(op, &groups));
    for (size_t i = 0; i < groups.len; i++)
        ui_list_option(list, "group", ui_pid(op, grp(groups.at[i].id)), groups.at[i].name);
    TRY(partner_tags_all(op, &tags));
    for (size_t i = 0; i < tags.len; i++)
        ui_list_option(list, "tag", tags.at[i], tags.at[i]);
    TRY(auth_users_who_may(op, "partner.read", &people));
    for (size_t i = 0; i < people.len; i++)
        ui_list_option(list, "manager", ui_pid(op, pid_of("usr", people.at[i].id)),
                       people.at[i].name);
    ui_list_option(list, "tax", STR("yes"), tr(op->lang, M("Yes")));
    ui_list_option(list, "tax", STR("no"), tr(op->lang, M("No")));
    return RC_OK;
}

/* ---- what is asked ---- */

enum { BY_BRANCH, BY_LEVEL, BY_MANAGER, BY_STATE, BY_COLUMNS };

static size_t values_of(const struct q_partner_list_in *in, int column)
{
    return column == BY_BRANCH    ? in->branch.len
           : column == BY_LEVEL   ? in->level.len
           : column == BY_MANAGER ? in->manager.len
                                  : in->state.len;
}

static void copy_column(const struct q_partner_list_in *from, int column,
                        struct q_partner_list_in *to)
{
    switch (column) {
    case BY_BRANCH: to->branch = from->branch; break;
    case BY_LEVEL: to->level = from->level; break;
    case BY_MANAGER: to->manager = from->manager; break;
    default: to->state = from->state; break;
    }
}

/* Its values are looked at on the way through another index. */
static void walk_column(struct q_partner_list_in *in, int column)
{
    static const struct q_partner_list_in none;
    switch (column) {
    case BY_BRANCH: in->branch_walk = in->branch; break;
    case BY_LEVEL: in->level_walk = in->level; break;
    case BY_MANAGER: in->manager_walk = in->manager; break;
    default: in->state_walk = in->state; break;
    }
    copy_column(&none, column, in);
}

/* Which of the columns with several values is read by value: the one that fewest partners are of.
 */
static enum rc column_to_read(struct op *op, const struct q_partner_list_in *in, int *out)
{
    int64_t fewest = INT64_MAX;
    int several = 0;
    for (int i = 0; i < BY_COLUMNS; i++)
        several += values_of(in, i) > 1;
    for (int i = 0; i < BY_COLUMNS; i++) {
        struct q_partner_list_in one = {.live = in->live, .attribute_value = STR("")};
        int64_t n = 0;
        if (values_of(in, i) < 2)
            continue;
        copy_column(in, i, &one);
        if (several > 1)
            TRY(q_partner_list_count(op, &one, RARE_MAX, &n));
        *out = n < fewest ? i : *out;
        fewest = n < fewest ? n : fewest;
    }
    return RC_OK;
}

/* A rare set is read by itself, and then no column is. */
static enum rc set_columns(struct op *op, const struct partner_query *query,
                           const struct str_list *state, struct q_partner_list_in *in)
{
    int read = BY_COLUMNS;
    in->branch = query->branch;
    in->level = query->level;
    in->manager = query->manager;
    in->state = *state;
    if (!in->role_rare.len && !in->grp_rare.len && !in->tag_rare.len && !in->q_rare.at)
        TRY(column_to_read(op, in, &read));
    for (int i = 0; i < BY_COLUMNS; i++)
        if (i != read && values_of(in, i) > 1)
            walk_column(in, i);
    return RC_OK;
}

static enum rc set_sets(struct op *op, const struct partner_query *query,
                        struct q_partner_list_in *in)
{
    struct partner_weight weight = {0};
    int64_t n = 0;
    for (size_t i = 0; i < query->role.len; i++) {
        TRY(q_partner_role_weight(
            op, &(struct q_partner_role_weight_in){query->role.at[i], RARE_MAX}, &weight));
        n += weight.n;
    }
    *(n < RARE_MAX ? &in->role_rare : &in->role) = query->role;
    n = 0;
    for (size_t i = 0; i < query->group.len; i++) {
        TRY(q_partner_group_weight(
            op, &(struct q_partner_group_weight_in){query->group.at[i], RARE_MAX}, &weight));
        n += weight.n;
    }
    *(n < RARE_MAX ? &in->grp_rare : &in->grp) = query->group;
    n = 0;
    for (size_t i = 0; i < query->tag.len; i++) {
        TRY(q_partner_tag_weight(op, &(struct q_partner_tag_weight_in){query->tag.at[i], RARE_MAX},
                                 &weight));
        n += weight.n;
    }
    *(n < RARE_MAX ? &in->tag_rare : &in->tag) = query->tag;
    return RC_OK;
}

/* The first attribute with a value, as people of the language write it. */
static enum rc set_attribute(struct op *op, const struct field_pairs *pairs, bool is_plain,
                             struct q_partner_list_in *in)
{
    for (size_t i = 0; i < pairs->len; i++) {
        struct attribute attribute;
        if (str_trim(pairs->at[i].value).len == 0)
            continue;
        enum rc rc = attribute_by_code(op, STR("partner"), pairs->at[i].name, &attribute);
        if (rc == RC_MISSING)
            return fail(op, RC_INVALID, "attr", M("There is no attribute “{0}”."),
                        str_c(op->arena, pairs->at[i].name));
        TRY(rc);
        const char *problem =
            attribute_check(op, &attribute, pairs->at[i].value, is_plain, &in->attribute_value);
        in->attribute = SOME(attribute.id);
        return problem ? fail(op, RC_INVALID, "attr", problem) : RC_OK;
    }
    return RC_OK;
}

static enum rc read_query(struct req *r, struct ui_list *list, const struct known *known,
                          struct q_partner_list_in *in)
{
    struct op *op = r->op;
    const struct partner_query *query = form(r);
    struct str_list state = {0};
    bool is_archived = false; /* shown apart: of all states, or of those chosen beside it */
    for (size_t i = 0; i < query->state.len; i++)
        if (str_eq(query->state.at[i], STR("archived")))
            is_archived = true;
        else
            VEC_PUSH(op->arena, &state, query->state.at[i]);
    *in = (struct q_partner_list_in){
        .live = SOME(!is_archived), .attribute_value = STR(""), .page = list->page};
    if (query->tax.len)
        in->has_tax = SOME(str_eq(query->tax, STR("yes")));
    if (list->search.len) {
        struct partner__search search;
        TRY(partner__search_plan(op, list->search, &search));
        in->q = search.phrase.at ? STR_NONE : search.text;
        in->q_rare = search.phrase;
        if (db_engine(op->db) == DB_POSTGRES)
            in->q = search.text;
    }
    TRY(set_sets(op, query, in));
    TRY(set_columns(op, query, &state, in));
    /* Who sees one branch alone is served by the indexes of that branch. */
    if (query->branch.len == 0 && known->branches.len == 1 && op->actor.kind == ACTOR_STAFF &&
        !op->actor.has_all_branches)
        VEC_PUSH(op->arena, &in->branch, known->branches.at[0].id);
    return set_attribute(op, &query->attr, r->is_api, in);
}

/* ---- rows ---- */

static struct str flags_of(struct op *op, const struct partner_row *p)
{
    const struct {
        bool is_on;
        const char *alone, *among;
    } flags[] = {{p->is_payouts_blocked, M("Payouts blocked"), M("payouts")},
                 {p->is_sales_blocked, M("Sales blocked"), M("sales")},
                 {p->is_links_blocked, M("Links blocked"), M("links")}};
    struct str_list words = {0};
    const char *alone = NULL;
    for (size_t i = 0; i < LEN(flags); i++) {
        if (!flags[i].is_on)
            continue;
        alone = flags[i].alone;
        VEC_PUSH(op->arena, &words, tr(op->lang, flags[i].among));
    }
    if (words.len > 1) /* a cell is narrow */
        return i18n_format(op->arena, op->lang, M("Blocked: {0}"), partner__join(op, &words));
    return alone ? tr(op->lang, alone) : STR_NONE;
}

static struct str or_none(struct str text)
{
    return text.len ? text : STR_NONE;
}

/* The columns of attributes, of all rows at once. */
static enum rc attribute_cells(struct op *op, struct ui_list *list,
                               const struct partner_row_page *page)
{
    struct i64_list ids = {0};
    struct attribute_values *values;
    if (list->spec->columns_len == COLS)
        return RC_OK;
    for (size_t i = 0; i < page->len; i++)
        VEC_PUSH(op->arena, &ids, page->at[i].id);
    TRY(attribute_values_of(op, "partner", &ids, &values));
    for (size_t n = 0; n < page->len; n++) {
        struct ui_cell *cells = list->rows.at[list->rows.len - page->len + n].cells;
        for (size_t i = 0; i < values[n].len && COLS + i < list->spec->columns_len; i++)
            cells[COLS + i] =
                ui_cell_text(attribute_words(op, values[n].at[i].attribute, values[n].at[i].text));
    }
    return RC_OK;
}

static void fill_row(struct op *op, struct ui_list *list, const struct known *known,
                     const struct partner_row *p)
{
    struct ui_cell *cells = ui_list_row(list, ui_pid(op, prt(p->id)));
    cells[COL_NAME] =
        ui_cell_link(p->name, code_and_role(op, known, p), partner__url(op, p->id, ""));
    cells[COL_STATE] = ui_cell_state(p->state);
    cells[COL_STATE].flag = flags_of(op, p);
    cells[COL_STATE].tint = UI_BAD;
    cells[COL_LEVEL] = ui_cell_text(level_name(known, p->level_id));
    cells[COL_BRANCH] = ui_cell_two(p->branch, p->manager);
    cells[COL_SALE] = ui_cell_day_ago(op, p->last_sale_at);
    cells[COL_CREATED] = ui_cell_date(SOME(zone_date(op->zone, p->created_at).days));
    cells[COL_CODE] = ui_cell_text(p->code);
    cells[COL_KIND] = ui_cell_text(tr(op->lang, partner__kind_label(p->kind)));
    cells[COL_COUNTRY] = ui_cell_text(
        p->country.len ? i18n_country_name(op->arena, op->lang, p->country) : STR_NONE);
    cells[COL_TAX] = ui_cell_text(or_none(p->tax_number));
    cells[COL_EMAIL] = ui_cell_text(or_none(p->email));
    cells[COL_PHONE] = ui_cell_text(or_none(p->phone));
    cells[COL_GROUPS] = ui_cell_text(or_none(p->groups));
    cells[COL_TAGS] = ui_cell_text(or_none(p->tags));
}

/* ---- figures ---- */

static const struct partner_figures *source;

void partner_figures_set(const struct partner_figures *figures)
{
    source = figures;
}

static enum rc figures_period(struct op *op, struct period *out)
{
    return source && op_may(op, source->permission) ? source->period(op, out) : RC_MISSING;
}

/* "+4.1%", from the period before to this one; a fall by more than a tenth is told apart. */
static struct ui_cell change_cell(struct op *op, const struct partner_figure *figure)
{
    struct money is = figure->sales, was = figure->sales_before;
    if (!is.currency || is.currency != was.currency || was.minor <= 0)
        return (struct ui_cell){0};
    struct dec ratio = dec_div(dec_from_i64(is.minor - was.minor), dec_from_i64(was.minor));
    struct str percent = i18n_percent(op->arena, op->lang, dec_abs(ratio), 1);
    bool is_fall = is.minor < was.minor - was.minor / 10;
    return (struct ui_cell){
        .text = str_join(op->arena, is.minor < was.minor ? STR("−") : STR("+"), percent),
        .dec = ratio,
        .has_dec = true,
        .tint = is_fall ? UI_BAD : 0,
        .is_context = !is_fall};
}

/* Of all rows of the page at once, and only when one of the columns is shown. */
static enum rc figure_cells(struct op *op, struct ui_list *list,
                            const struct partner_row_page *page)
{
    struct i64_list ids = {0};
    struct period period;
    bool is_wanted = false;
    for (size_t i = COL_SOLD; i <= COL_BALANCE; i++)
        is_wanted = is_wanted || ui_list_shows(list, i);
    if (!is_wanted || page->len == 0)
        return RC_OK;
    TRY(figures_period(op, &period));
    for (size_t i = 0; i < page->len; i++)
        VEC_PUSH(op->arena, &ids, page->at[i].id);
    struct partner_figure *figures = NEW_ARRAY(op->arena, struct partner_figure, page->len);
    TRY(source->read(op, &ids, period, figures));
    for (size_t i = 0; i < page->len; i++) {
        struct ui_cell *cells = list->rows.at[list->rows.len - page->len + i].cells;
        struct str statements =
            str_printf(op->arena, "/statements?partner=%s", prt(page->at[i].id).text);
        cells[COL_SOLD] = ui_cell_money(figures[i].sales, STR_NONE);
        cells[COL_CHANGE] = change_cell(op, &figures[i]);
        cells[COL_ACCRUED] = ui_cell_money(figures[i].accrued, statements);
        cells[COL_BALANCE] =
            ui_cell_money(figures[i].balance, partner__url(op, page->at[i].id, ""));
        cells[COL_BALANCE].tint = figures[i].balance.minor < 0 ? UI_BAD : 0;
    }
    return RC_OK;
}

/* Whoever may not see figures, or has none yet, is offered no column of them. */
static enum rc name_figures(struct op *op, struct ui_column *named)
{
    struct period period;
    enum rc rc = figures_period(op, &period);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_MISSING) {
        for (size_t i = COL_SOLD; i <= COL_BALANCE; i++)
            named[i].name = NULL;
        return RC_OK;
    }
    struct str when = period.kind == PERIOD_MONTH
                          ? i18n_month(op->lang, date_ymd(period.start).month, true)
                          : i18n_period(op->arena, op->lang, period, PLACE_INSIDE);
    static const size_t of_period[] = {COL_SOLD, COL_ACCRUED};
    for (size_t i = 0; i < LEN(of_period); i++)
        named[of_period[i]].title = str_c(
            op->arena, str_printf(op->arena, STR_FMT ", " STR_FMT,
                                  STR_ARG(tr(op->lang, named[of_period[i]].title)), STR_ARG(when)));
    return RC_OK;
}

static bool is_counted_by_index(struct op *op, const struct q_partner_list_in *in)
{
    int columns_asked =
        (in->branch.len > 0) + (in->level.len > 0) + (in->manager.len > 0) + (in->state.len > 0);
    bool is_looked_up = in->role.len || in->grp.len || in->tag.len || in->branch_walk.len ||
                        in->level_walk.len || in->manager_walk.len || in->state_walk.len ||
                        in->q.at || in->has_tax.has || in->attribute.has;
    return !is_looked_up && columns_asked <= 1 && op_viewer(op).scope == DB_SEE_ALL;
}

/* For the tab of a saved view: as far as an index counts, or to the first hundred. */
static enum rc tally(struct op *op, struct ui_list *list, const struct q_partner_list_in *in)
{
    int64_t most = is_counted_by_index(op, in) ? LIST_COUNT_LIMIT : UI_COUNT_MAX + 1, n;
    TRY(q_partner_list_count(op, in, most, &n));
    list->count = SOME(n < most ? n : most - 1);
    list->count_limit = n < most ? 0 : most - 1;
    return RC_OK;
}

/* How many there are is said where it costs nothing: on the first page, when it is the only one or
 * an index alone can count it. */
static enum rc count(struct op *op, struct ui_list *list, const struct q_partner_list_in *in,
                     size_t rows, bool has_more)
{
    if (list->page.cursor.at)
        return RC_OK;
    if (!has_more) {
        list->count = SOME((int64_t)rows);
        return RC_OK;
    }
    if (!is_counted_by_index(op, in))
        return RC_OK;
    int64_t n;
    TRY(q_partner_list_count(op, in, LIST_COUNT_LIMIT, &n));
    list->count = SOME(n < LIST_COUNT_LIMIT ? n : LIST_COUNT_LIMIT - 1);
    list->count_limit = LIST_COUNT_LIMIT - 1;
    return RC_OK;
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct known known = {0};
    struct q_partner_list_in in;
    struct partner_row_page page = {0};
    TRY(known_read(op, &known));
    TRY(read_query(r, list, &known, &in));
    if (list->is_tally)
        return tally(op, list, &in);
    bool is_bare = list->is_bare || http_wants_json(r);
    if (!is_bare) {
        TRY(options(op, list, &known));
        TRY(partner__attribute_options(op, list));
    }
    TRY(q_partner_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++)
        fill_row(op, list, &known, &page.at[i]);
    TRY(attribute_cells(op, list, &page));
    TRY(figure_cells(op, list, &page));
    ui_list_cursors(list, &page);
    if (!is_bare)
        TRY(count(op, list, &in, page.len, page.next.at));
    return RC_OK;
}

/* ---- the page ---- */

static const struct ui_list_spec spec = {
    .name = "partners",
    .title = M("Partners"),
    .icon = "users",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_partner_list_sorts,
    .sort = "name",
    .search = M("Name, code, tax number"),
    .empty = M("No partners yet. Add the first one, or import them from a file."),
    .empty_action = &actions[1],
    .actions = actions,
    .bulk = bulk,
    .has_all = true,
    .permission_export = "partner.export",
    .fill = fill,
};

static const char *filter_name(struct op *op, const struct attribute *a)
{
    return str_c(op->arena, str_join(op->arena, STR("attr:"), a->code));
}

/* Attributes of partners as optional columns and as filters. */
enum rc partner__list_spec(struct op *op, struct ui_list_spec *out)
{
    struct attribute_list all;
    *out = spec;
    TRY(attribute_all(op, "partner", &all));
    struct ui_column *more = NEW_ARRAY(op->arena, struct ui_column, COLS + all.len);
    struct ui_filter *asked = NEW_ARRAY(op->arena, struct ui_filter, LEN(filters) + all.len);
    memcpy(more, columns, sizeof columns);
    memcpy(asked, filters, sizeof filters);
    TRY(name_figures(op, more));
    for (size_t i = 0; i < all.len; i++) {
        const char *label = str_c(op->arena, attribute_label(op->lang, &all.at[i]));
        bool is_pick = str_eq(all.at[i].type, STR("choice")) || str_eq(all.at[i].type, STR("bool"));
        more[COLS + i] = (struct ui_column){.name = filter_name(op, &all.at[i]),
                                            .title = label,
                                            .kind = UI_TEXT,
                                            .is_optional = true};
        asked[LEN(filters) + i] =
            (struct ui_filter){.name = filter_name(op, &all.at[i]),
                               .label = label,
                               .kind = is_pick                               ? UI_PICK
                                       : str_eq(all.at[i].type, STR("date")) ? UI_DAY
                                                                             : UI_WORDS};
    }
    out->columns = more;
    out->columns_len = COLS + all.len;
    out->filters = asked;
    out->filters_len = LEN(filters) + all.len;
    return RC_OK;
}

enum rc partner__attribute_options(struct op *op, struct ui_list *list)
{
    struct attribute_list all;
    if (list->spec->filters_len == LEN(filters))
        return RC_OK;
    TRY(attribute_all(op, "partner", &all));
    for (size_t i = 0; i < all.len; i++) {
        const char *name = filter_name(op, &all.at[i]);
        struct str rest = all.at[i].choices;
        while (rest.len) {
            struct str value = str_cut(&rest, '\n');
            ui_list_option(list, name, value, value);
        }
        if (!str_eq(all.at[i].type, STR("bool")))
            continue;
        ui_list_option(list, name, STR("true"), tr(op->lang, M("Yes")));
        ui_list_option(list, name, STR("false"), tr(op->lang, M("No")));
    }
    return RC_OK;
}

static enum rc page_list(struct req *r)
{
    struct ui_list_spec *extended = NEW(r->op->arena, struct ui_list_spec);
    TRY(partner__list_spec(r->op, extended));
    return ui_list_page(r, extended);
}

/* ---- choosing a partner in another form ---- */

struct search_query {
    struct str q;
};
static const struct field search_fields[] = {
    F_STR(search_query, q, 0, 200),
    FIELDS_END,
};

static void choices_json(struct json_writer *w, const struct partner_choices *v)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t i = 0; i < v->len; i++) {
        json_object(w);
        json_pair_str(w, "id", str_of(prt(v->at[i].id).text));
        json_pair_str(w, "code", v->at[i].code);
        json_pair_str(w, "name", v->at[i].name);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static enum rc page_search(struct req *r)
{
    const struct search_query *in = form(r);
    struct partner_choices found;
    TRY(partner_search(r->op, in->q.at ? in->q : STR(""), &found));
    return JSON(r, choices, &found);
}

const struct route partner_routes[] = {
    ROUTE(GET, "/partners", page_list, "partner.read", FORM(partner_query, partner_query_fields),
          API),
    ROUTE(GET, "/partners/search", page_search, "partner.read", FORM(search_query, search_fields),
          API),
    {0},
};
