/* The editor: what a draft is made of at left, the chosen element in the middle, the live result at
 * right. Everything that is shown follows from the text of the draft. */
#include "studio/studio_forms.h"
#include "studio/studio_int.h"
#include "studio/studio_live.h"
#include "studio/studio_picture.h"
#include "studio/studio_view.h"

const struct field studio__query_fields[] = {
    F_STR(studio__query, part, 0, 200),
    F_STR(studio__query, view, 0, 20),
    F_STR(studio__query, add, 0, 20),
    F_STR(studio__query, contract, 0, 64),
    F_STR(studio__query, period, 0, 7),
    F_OPT_I64(studio__query, row, 0, SCHEME_ROWS_MAX),
    F_OPT_I64(studio__query, column, 0, SCHEME_COLUMNS_MAX),
    FIELDS_END,
};

struct str studio__href(struct op *op, int64_t draft_id, const char *tail)
{
    return str_printf(op->arena, "/schemes/drafts/%s%s", sdr(draft_id).text, tail);
}

struct str studio__part_href(struct op *op, int64_t draft_id, struct str part_id)
{
    struct str id = url_part(op->arena, part_id);
    return str_printf(op->arena, "/schemes/drafts/%s?part=" STR_FMT, sdr(draft_id).text,
                      STR_ARG(id));
}

/* ---- the list at left ---- */

enum { GROUP_ATTRIBUTES, GROUP_MEASURES, GROUP_TABLES, GROUP_REWARDS, GROUP_CHECKS, GROUPS };

static bool is_reward(const struct scheme_part *part)
{
    switch (part->is_output ? part->kind : 0) {
    case SCHEME_LINE:
    case SCHEME_CHARGE:
    case SCHEME_CLAWBACK:
    case SCHEME_REFERRED:
    case SCHEME_ELIGIBLE:
    case SCHEME_DUE:
    case SCHEME_ADJUST: return true;
    default: return false;
    }
}

static int group_of(const struct scheme_part *part)
{
    if (is_reward(part))
        return GROUP_REWARDS;
    return part->logic == SCHEME_TABLE ? GROUP_TABLES : GROUP_MEASURES;
}

static const char *icon_of(const struct scheme_part *part)
{
    if (part->logic == SCHEME_TABLE)
        return "table";
    switch (part->is_output ? part->kind : 0) {
    case SCHEME_LINE: return "coins";
    case SCHEME_CHARGE: return "receipt";
    case SCHEME_CLAWBACK: return "receipt-refund";
    case SCHEME_REFERRED: return "gift";
    case SCHEME_ELIGIBLE: return "shield-check";
    case SCHEME_DUE: return "calendar";
    case SCHEME_ADJUST: return "adjustments";
    case SCHEME_CARRY: return "arrow-right";
    case SCHEME_ACCUMULATOR: return "stairs-up";
    case SCHEME_MEASURE: return "sum";
    default: return "math-function";
    }
}

static bool has_problem(const struct studio__page *v, const struct scheme_part *part)
{
    for (size_t i = 0; i < v->problems.len; i++)
        if (v->problems.at[i].part == part && !v->problems.at[i].is_meant)
            return true;
    return false;
}

static struct str unit_sign(struct str unit)
{
    return str_eq(unit, STR("percent")) ? STR("%") : STR_NONE;
}

static void add_part(struct op *op, struct studio__page *v, const struct scheme_part *part)
{
    struct studio__link link = {.icon = icon_of(part),
                                .text = part->label,
                                .href = studio__part_href(op, v->draft.id, part->id),
                                .is_on = v->part == part,
                                .is_warn = has_problem(v, part)};
    if (part->logic == SCHEME_TABLE && !link.is_warn)
        link.note = str_printf(op->arena, "%zu", part->grid.rows_len);
    else if (!link.is_warn)
        link.note = unit_sign(scheme_option(&part->options, "unit"));
    VEC_PUSH(op->arena, &v->groups.at[group_of(part)].links, link);
}

static void add_attributes(struct op *op, struct studio__page *v)
{
    struct studio__group *group = &v->groups.at[GROUP_ATTRIBUTES];
    for (size_t i = 0; i < v->outline.attributes_len; i++) {
        const struct scheme_attribute *attribute = &v->outline.attributes[i];
        struct str tail = str_printf(op->arena, "?view=attributes&row=%zu#a-%zu", i, i);
        struct studio__link link = {.icon = str_eq(attribute->unit, STR("percent")) ? "percentage"
                                            : str_eq(attribute->unit, STR("money")) ? "coins"
                                                                                    : "variable",
                                    .text =
                                        attribute->label.len ? attribute->label : attribute->name,
                                    .note = unit_sign(attribute->unit),
                                    .href = studio__href(op, v->draft.id, str_c(op->arena, tail))};
        VEC_PUSH(op->arena, &group->links, link);
    }
}

static void add_check(struct op *op, struct studio__page *v, const char *icon, enum ui_tint tint,
                      struct str text, const char *view, bool is_on)
{
    struct str tail = str_printf(op->arena, "?view=%s", view);
    struct studio__link link = {.icon = icon,
                                .tint = tint,
                                .text = text,
                                .is_on = is_on,
                                .href = studio__href(op, v->draft.id, str_c(op->arena, tail))};
    VEC_PUSH(op->arena, &v->groups.at[GROUP_CHECKS].links, link);
}

static void add_checks(struct op *op, struct studio__page *v)
{
    bool is_on = v->view == STUDIO_CHECKS;
    if (v->problems.errors)
        add_check(op, v, "alert-circle", UI_BAD,
                  i18n_format(op->arena, op->lang,
                              M("{0, plural, one {# problem} other {# problems}}"),
                              v->problems.errors),
                  "checks", is_on);
    if (v->problems.warnings)
        add_check(op, v, "alert-triangle", UI_WARN,
                  i18n_format(op->arena, op->lang,
                              M("{0, plural, one {# warning} other {# warnings}}"),
                              v->problems.warnings),
                  "checks", is_on && !v->problems.errors);
    if (!v->problems.errors && !v->problems.warnings)
        add_check(op, v, "circle-check", UI_OK, tr(op->lang, M("No problems")), "checks", is_on);
    add_check(op, v, "sitemap", 0, tr(op->lang, M("How it hangs together")), "picture",
              v->view == STUDIO_PICTURE);
    add_check(op, v, "history", 0, tr(op->lang, M("Steps")), "steps", v->view == STUDIO_STEPS);
    add_check(op, v, "settings", 0, tr(op->lang, M("Scheme and files")), "file",
              v->view == STUDIO_FILE);
}

static void make_groups(struct op *op, struct studio__page *v)
{
    static const struct {
        const char *title, *add, *label;
    } groups[GROUPS] = {
        [GROUP_ATTRIBUTES] = {M("Attributes"), "?view=attributes&add=attribute#a-new",
                              M("Add an attribute")},
        [GROUP_MEASURES] = {M("Measures"), "?view=add&add=measure", M("Add a measure")},
        [GROUP_TABLES] = {M("Tables"), "?view=add&add=table", M("Add a table")},
        [GROUP_REWARDS] = {M("Rewards"), "?view=add&add=reward", M("Add a reward")},
        [GROUP_CHECKS] = {M("Checks"), NULL, NULL},
    };
    v->groups.at = NEW_ARRAY(op->arena, struct studio__group, GROUPS);
    v->groups.len = GROUPS;
    for (size_t i = 0; i < GROUPS; i++) {
        v->groups.at[i] = (struct studio__group){0};
        v->groups.at[i].title = groups[i].title;
        v->groups.at[i].add_label = groups[i].label;
        if (groups[i].add && v->may_edit)
            v->groups.at[i].add_href = studio__href(op, v->draft.id, groups[i].add);
    }
    add_attributes(op, v);
    for (size_t i = 0; i < v->outline.parts_len; i++)
        add_part(op, v, &v->outline.parts[i]);
    add_checks(op, v);
}

/* ---- the middle ---- */

static const struct scheme_part *base_of(const struct studio__page *v)
{
    for (size_t i = 0; i < v->base_outline.parts_len; i++)
        if (str_eq(v->base_outline.parts[i].id, v->part->id))
            return &v->base_outline.parts[i];
    return NULL;
}

static struct str gives_words(struct op *op, const struct scheme_part *part)
{
    if (!part->is_output || !part->kind)
        return tr(op->lang, M("helps other decisions"));
    struct str kind = tr(op->lang, scheme_kind_label(part->kind));
    if (!part->scope)
        return kind;
    return i18n_format(op->arena, op->lang, M("{0}, over {1}"), kind,
                       tr(op->lang, scheme_scope_label(part->scope)));
}

static struct str uses_words(struct op *op, const struct studio__page *v)
{
    struct str text = STR_NONE;
    for (size_t i = 0; i < v->part->uses_len; i++) {
        const struct scheme_use *use = &v->part->uses[i];
        struct str name = use->is_input ? v->outline.inputs[use->i] : v->outline.parts[use->i].name;
        text = text.at ? str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(text), STR_ARG(name))
                       : name;
    }
    return text;
}

static void make_part(struct op *op, struct studio__page *v, const struct studio__ask *ask)
{
    for (size_t i = 0; i < v->problems.len; i++)
        if (v->problems.at[i].part == v->part)
            VEC_PUSH(op->arena, &v->here, v->problems.at[i]);
    v->part_words = gives_words(op, v->part);
    v->uses = uses_words(op, v);
    if (v->part->logic != SCHEME_TABLE)
        return;
    struct str since = STR_NONE;
    if (v->base.id)
        since = i18n_format(op->arena, op->lang, M("Since version {0}"), v->base.number);
    studio__grid_make(op, v->part, base_of(v), since, &v->problems, &v->grid);
    if (ask->row.has && (size_t)ask->row.v < v->grid.rows.len) {
        v->grid.rows.at[ask->row.v].is_open = true;
        v->grid.open_row = &v->grid.rows.at[ask->row.v];
    } else if (ask->column.has && (size_t)ask->column.v < v->grid.heads.len) {
        v->grid.heads.at[ask->column.v].is_open = true;
        v->grid.open_head = &v->grid.heads.at[ask->column.v];
    }
}

static void make_attributes(struct op *op, struct studio__page *v)
{
    for (size_t i = 0; i < v->outline.attributes_len; i++) {
        const struct scheme_attribute *from = &v->outline.attributes[i];
        struct studio__attribute to = {
            .name = from->name,
            .label = from->label,
            .type = from->type,
            .unit = from->unit,
            .fallback = scheme_value_input(op, from, from->fallback),
            .min = scheme_value_input(op, from, from->min),
            .max = scheme_value_input(op, from, from->max),
            .may_differ = from->may_differ_per_outlet,
            .form = str_printf(op->arena, "a-%zu", i),
            .text = str_printf(op->arena, "%zu", i),
        };
        VEC_PUSH(op->arena, &v->attributes, to);
    }
}

/* ---- the whole ---- */

static enum studio__view view_of(const struct studio__ask *ask)
{
    static const struct {
        const char *word;
        enum studio__view view;
    } words[] = {
        {"attributes", STUDIO_ATTRIBUTES}, {"checks", STUDIO_CHECKS}, {"picture", STUDIO_PICTURE},
        {"steps", STUDIO_STEPS},           {"file", STUDIO_FILE},     {"add", STUDIO_ADD}};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq(ask->view, str_of(words[i].word)))
            return words[i].view;
    return STUDIO_PART;
}

/* Without a choice: the first table, else the first decision, else the form of adding one. */
static void choose(struct studio__page *v, const struct studio__ask *ask)
{
    v->view = view_of(ask);
    v->view_word = v->view == STUDIO_PART ? STR("") : ask->view;
    if (v->view != STUDIO_PART)
        return;
    v->part = ask->part.len ? scheme_part(&v->outline, ask->part) : NULL;
    for (size_t i = 0; i < v->outline.parts_len && !v->part; i++)
        if (v->outline.parts[i].logic == SCHEME_TABLE)
            v->part = &v->outline.parts[i];
    if (!v->part && v->outline.parts_len)
        v->part = &v->outline.parts[0];
    if (!v->part)
        v->view = STUDIO_ADD;
}

static struct str day_words(struct op *op, int64_t at_us)
{
    return i18n_date(op->arena, op->lang, zone_date(op->zone, at_us), DATE_MEDIUM, PLACE_INSIDE);
}

static struct str state_words(struct op *op, const struct studio__page *v)
{
    struct str saved = i18n_date_time(op->arena, op->lang, v->draft.updated_at, op->zone);
    if (!v->base.id)
        return i18n_format(op->arena, op->lang, M("new · saved {0}"), saved);
    if (!v->base.valid_from.has || !str_eq(v->base.state, STR("published")))
        return i18n_format(op->arena, op->lang, M("on version {0} · saved {1}"), v->base.number,
                           saved);
    return i18n_format(op->arena, op->lang, M("on version {0}, in force from {1} · saved {2}"),
                       v->base.number, day_words(op, v->base.valid_from.v), saved);
}

static enum rc load_base(struct op *op, struct studio__page *v)
{
    struct str xml;
    struct fault unused = {.arena = op->arena};
    if (!v->draft.base_version_id.has)
        return RC_OK;
    TRY(scheme_version_get(op, v->draft.base_version_id.v, &v->base));
    TRY(scheme_version_file(op, v->base.id, &xml));
    return scheme_outline(op->arena, xml, &unused, &v->base_outline);
}

static void count_good(struct studio__page *v)
{
    for (size_t i = 0; i < v->outline.parts_len; i++)
        v->checked += !has_problem(v, &v->outline.parts[i]);
}

enum rc studio__page_load(struct req *r, int64_t id, const struct studio__ask *ask,
                          struct studio__page *v)
{
    struct op *op = r->op;
    struct fault fault = {.arena = op->arena};
    *v = (struct studio__page){.may_edit = op_may(op, "scheme.edit")};
    TRY(studio_get(op, id, &v->draft));
    TRY(scheme_get(op, v->draft.scheme_id, &v->scheme));
    TRY(load_base(op, v));
    TRY(scheme_outline(op->arena, v->draft.xml, &fault, &v->outline));
    TRY(studio__check(op, &v->draft, &v->outline, &v->problems));
    TRY(studio_steps(op, &v->draft, &v->steps));
    TRY(studio_present(op, id, &v->others));
    choose(v, ask);
    count_good(v);
    v->path = studio__href(op, id, "");
    v->edit_href = studio__href(op, id, "/edit");
    v->state_words = state_words(op, v);
    if (v->part) {
        make_part(op, v, ask);
        v->here_href = studio__part_href(op, id, v->part->id);
    }
    if (v->view == STUDIO_ATTRIBUTES)
        make_attributes(op, v);
    if (v->view == STUDIO_PICTURE)
        v->picture = studio__picture_make(op, v);
    if (v->view == STUDIO_ADD)
        studio__add_form(r, v, ask->add);
    if (v->part)
        studio__gives_form(r, v);
    if (v->view == STUDIO_FILE)
        studio__file_form(r, v);
    v->names = studio__names(op, v);
    make_groups(op, v);
    return RC_OK;
}

enum rc studio__page_answer(struct req *r, struct studio__page *v)
{
    page_title(r, v->scheme.name);
    return PAGE(r, NULL, studio_page, v);
}

enum rc studio__page_show(struct req *r)
{
    const struct studio__query *in = form(r);
    struct studio__page v;
    struct studio__ask ask = {.part = in->part,
                              .view = in->view,
                              .add = in->add,
                              .row = in->row,
                              .column = in->column,
                              .contract = in->contract,
                              .period = in->period};
    TRY(studio__page_load(r, path_id(r, "sdr"), &ask, &v));
    if (!r->is_htmx)
        TRY(studio__live_of(r, &v.draft, in->contract, in->period, &v.live));
    return studio__page_answer(r, &v);
}
