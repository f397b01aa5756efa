/* The list of comparisons, the form of a comparison, and that of a variant: drafts, values of
 * attributes, another scheme for a partner. */
#include "approval/approval.h"
#include "org/org.h"
#include "whatif/whatif_web.h"

enum { VALUES = 3 }; /* attributes that the form takes; the API takes more variants instead */

/* ---- list ---- */

struct list_query {
    UI_LIST_MEMBERS;
    struct str state;
};
static const struct field list_fields[] = {
    UI_LIST_FIELDS(list_query, q_whatif_list_sorts),
    F_STR(list_query, state, 0, 20),
    FIELDS_END,
};

enum { COL_NAME, COL_STATE, COL_MONTHS, COL_SEEN, COL_WHEN, COLS };
static const struct ui_column columns[] = {
    [COL_NAME] = {.name = "name",
                  .title = M("Comparison"),
                  .kind = UI_TEXT,
                  .sort = "name",
                  .place = UI_AT_NAME,
                  .sub_name = "note",
                  .sub_title = M("Note")},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "whatif",
                   .place = UI_AT_BADGE},
    [COL_MONTHS] = {.name = "months", .title = M("Months"), .kind = UI_TEXT, .place = UI_AT_SUB},
    [COL_SEEN] = {.name = "seen_by", .title = M("Seen by"), .kind = UI_TEXT},
    [COL_WHEN] = {.name = "created_at", .title = M("Added"), .kind = UI_TIME, .sort = "created"},
};
static const struct ui_filter filters[] = {UI_STATE_FILTER("whatif")};
static const struct ui_action actions[] = {
    UI_ADD_ACTION(M("New comparison"), "/what-if/new", "run.read"),
    {.label = NULL},
};

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct list_query *query = form(r);
    struct q_whatif_list_in in = {.me = op->actor.user_id,
                                  .sees_all = op->actor.kind == ACTOR_SYSTEM,
                                  .archived = SOME(str_eq(query->state, STR("archived")) ? 1 : 0),
                                  .page = list->page};
    struct whatif_rec_page page = {0};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    TRY(op_must(op, "scheme.read"));
    TRY(q_whatif_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct whatif_rec *rec = &page.at[i];
        const struct whatif w = {.from = {(int32_t)rec->from_day}, .to = {(int32_t)rec->to_day}};
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, wif(rec->id)));
        cells[COL_NAME] = ui_cell_link(rec->name, rec->note.len ? rec->note : STR_NONE,
                                       whatif__href(op, rec->id, ""));
        cells[COL_STATE] = ui_cell_state(rec->state);
        cells[COL_MONTHS] = ui_cell_text(whatif__months_words(op, &w));
        cells[COL_SEEN] = ui_cell_text(
            tr(op->lang, rec->is_shared ? M("Everybody who sees runs") : M("Only me")));
        cells[COL_WHEN] = ui_cell_time(SOME(rec->created_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec list_spec = {
    .name = "what-if",
    .title = M("What-if"),
    .icon = "scale",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_whatif_list_sorts,
    .sort = "-created",
    .search = M("Name"),
    .empty = M("No comparisons yet. One computes drafts over past months beside what was paid, and "
               "changes nothing."),
    .empty_action = &actions[0],
    .actions = actions,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &list_spec);
}

/* ---- a comparison ---- */

struct new_query {
    struct opt_i64 version; /* that is to be compared */
};
static const struct field new_fields[] = {F_OPT_ID(new_query, version, "scv"), FIELDS_END};

struct whatif_form {
    struct str name, from, to, partners, note;
    struct money budget;
    struct opt_i64 version, revision;
};
static const struct field whatif_fields[] = {
    F_STR(whatif_form, name, 1, 200),
    F_STR(whatif_form, from, 1, 12),
    F_STR(whatif_form, to, 1, 12),
    F_MONEY(whatif_form, budget),
    F_BLOCK(whatif_form, partners, 0, 20000),
    F_OPT_ID(whatif_form, version, "scv"),
    F_STR(whatif_form, note, 0, 200),
    F_OPT_I64(whatif_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    UI_NAME_FIELD(200),
    {.name = "from",
     .label = M("First month"),
     .kind = UI_FIELD_MONTH,
     .is_required = true,
     .is_half = true},
    {.name = "to",
     .label = M("Last month"),
     .kind = UI_FIELD_MONTH,
     .is_required = true,
     .is_half = true},
    {.name = "version",
     .label = M("Variant A: a version"),
     .hint = M("A draft, or a published version; more variants come later."),
     .kind = UI_FIELD_SELECT},
    {.name = "budget",
     .label = M("Budget"),
     .hint = M("For all these months together; empty: none."),
     .kind = UI_FIELD_MONEY},
    {.name = "partners",
     .label = M("Partners"),
     .hint = M("Codes, separated by commas or lines; empty: all."),
     .kind = UI_FIELD_AREA,
     .max_len = 20000},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_TEXT, .max_len = 200},
};

static enum rc whatif_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct whatif *w = NEW(op->arena, struct whatif);
    TRY(whatif_get(op, id, w));
    *out = UI_RECORD_OF(w, w);
    return RC_OK;
}

static enum rc set_partners(struct op *op, struct ui_form *form, int64_t id)
{
    struct whatif_partner_row_rows rows;
    TRY(q_whatif_partners(op, &(struct q_whatif_partners_in){id}, &rows));
    AUTO_BUF text = BUF(64 << 10);
    for (size_t i = 0; i < rows.len; i++)
        buf_printf(&text, "%s" STR_FMT, i ? ", " : "", STR_ARG(rows.at[i].code));
    ui_form_set(form, "partners", str_dup(op->arena, buf_str(&text)));
    return RC_OK;
}

static void set_months(struct op *op, struct ui_form *form, const struct whatif *w)
{
    struct period last = period_step(period_of(PERIOD_MONTH, 0, zone_date(op->zone, op->now)), -1);
    struct period first = period_step(last, -2);
    if (w) {
        first = period_of(PERIOD_MONTH, 0, w->from);
        last = period_step(period_of(PERIOD_MONTH, 0, w->to), -1);
    }
    ui_form_set(form, "from", period_print(op->arena, first));
    ui_form_set(form, "to", period_print(op->arena, last));
}

static enum rc whatif_kind_form(struct req *r, const struct ui_record *record, struct ui_form *to)
{
    struct op *op = r->op;
    const struct whatif *w = record->own;
    struct org_locale locale;
    TRY(org_locale(op, &locale));
    ui_form_init(r, to, shown, LEN(shown));
    set_months(op, to, w);
    TRY(whatif__version_options(to, "version"));
    const struct new_query *query = w || req_is_again(r) ? NULL : form(r);
    if (query && query->version.has)
        ui_form_set(to, "version", ui_pid(op, pid_of("scv", query->version.v)));
    if (w) {
        ui_form_value(to, "version")->is_disabled = true;
        ui_form_set(to, "name", w->name);
        ui_form_set(to, "note", w->note);
        ui_form_set_money(to, "budget", w->budget);
        TRY(set_partners(op, to, w->id));
    }
    if ((!w || !w->budget.currency) && locale.currency)
        ui_form_value(to, "budget")->unit = str_of(locale.currency->code);
    return RC_OK;
}

/* The partners that the codes name; RC_INVALID names the first that there is not. */
static enum rc partners_of(struct op *op, struct str text, struct i64_list *out)
{
    struct str_list codes = {0};
    struct partner_list partners = {0};
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        bool is_end = i == text.len || strchr(", ;\n\r\t", text.at[i]);
        if (!is_end)
            continue;
        if (i > from)
            VEC_PUSH(op->arena, &codes, str_sub(text, from, i - from));
        from = i + 1;
    }
    if (codes.len == 0)
        return RC_OK;
    TRY(partner_by_codes(op, &codes, &partners));
    for (size_t i = 0; i < codes.len; i++) {
        size_t k = 0;
        while (k < partners.len && !str_eq(text_fold(op->arena, partners.at[k].code),
                                           text_fold(op->arena, codes.at[i])))
            k++;
        if (k == partners.len)
            return fail(op, RC_INVALID, "partners", M("There is no partner {0}."),
                        str_c(op->arena, codes.at[i]));
    }
    for (size_t k = 0; k < partners.len; k++)
        VEC_PUSH(op->arena, out, partners.at[k].id);
    return RC_OK;
}

static enum rc month_of(struct op *op, const char *field, struct str text, struct period *out)
{
    if (period_parse(text, 0, out) && out->kind == PERIOD_MONTH)
        return RC_OK;
    return fail(op, RC_INVALID, field, M("Write a month like 2026-10."));
}

static enum rc start(struct op *op, int64_t id)
{
    int64_t job_id = 0;
    return whatif_start(op, id, &job_id);
}

static enum rc whatif_kind_save(struct req *r, int64_t id, int64_t *out_id)
{
    struct op *op = r->op;
    const struct whatif_form *in = form(r);
    struct period first, last;
    TRY(month_of(op, "from", in->from, &first));
    TRY(month_of(op, "to", in->to, &last));
    struct whatif w = {.id = id,
                       .revision = in->revision.v,
                       .name = in->name,
                       .note = in->note.at ? in->note : STR(""),
                       .from = first.start,
                       .to = last.end,
                       .budget = in->budget};
    if (in->partners.len)
        TRY(partners_of(op, in->partners, &w.partner_ids));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_save(op, &w, out_id));
    if (!id && in->version.has) {
        struct reward_supposition change = {.what = REWARD_SUPPOSE_VERSION,
                                            .version_id = in->version.v};
        struct whatif_variant variant = {.name = STR(""), .changes = {&change, 1, 1}};
        TRY(whatif_variant_save(op, *out_id, &variant));
        TRY(start(op, *out_id));
    }
    return txn_commit(&txn);
}

static const struct ui_record_kind whatif_kind = {
    .record = "whatif",
    .path = "/what-if",
    .prefix = "wif",
    .permission_edit = "run.read",
    .plural = M("What-if"),
    .title_new = M("New comparison"),
    .add = M("Compare"),
    .added = M("The comparison was added."),
    .archive_words = {M("Archive the comparison?"), M("{0} leaves the list; it can be restored.")},
    .restore_words = {M("Restore the comparison?"), M("{0} stands in the list again.")},
    .has_own_page = true,
    .is_archive_in_menu = true,
    .journal = &audit_journal,
    .get = whatif_kind_get,
    .form = whatif_kind_form,
    .save = whatif_kind_save,
    .archive = whatif_archive,
};
UI_RECORD_PAGES(whatif)

/* ---- a variant ---- */

const struct field whatif__variant_fields[] = {
    F_STR(whatif__variant_form, name, 0, 100),
    F_OPT_I64(whatif__variant_form, variant, 1, WHATIF_VARIANTS_MAX),
    F_OPT_ID(whatif__variant_form, version, "scv"),
    F_OPT_ID(whatif__variant_form, version2, "scv"),
    F_STR(whatif__variant_form, attribute1, 0, 300),
    F_STR(whatif__variant_form, value1, 0, 200),
    F_STR(whatif__variant_form, attribute2, 0, 300),
    F_STR(whatif__variant_form, value2, 0, 200),
    F_STR(whatif__variant_form, attribute3, 0, 300),
    F_STR(whatif__variant_form, value3, 0, 200),
    F_BOOL(whatif__variant_form, for_all),
    F_STR(whatif__variant_form, partner, 0, 64),
    F_OPT_ID(whatif__variant_form, from_scheme, "sch"),
    F_OPT_ID(whatif__variant_form, scheme, "sch"),
    FIELDS_END,
};
const struct field whatif__variant_query_fields[] = {
    F_OPT_I64(whatif__variant_query, variant, 1, WHATIF_VARIANTS_MAX),
    FIELDS_END,
};

#define ATTRIBUTE(name_, label_)                                                                   \
    {                                                                                              \
        .name = (name_), .label = (label_), .kind = UI_FIELD_SELECT, .is_half = true               \
    }
#define VALUE(name_)                                                                               \
    {                                                                                              \
        .name = (name_), .label = M("Value"), .kind = UI_FIELD_TEXT, .is_half = true,              \
        .max_len = 200                                                                             \
    }
static const struct ui_field variant_shown[] = {
    {.name = "variant", .kind = UI_FIELD_HIDDEN},
    {.name = "name",
     .label = M("Name"),
     .hint = M("What it is about, in a word: “higher tiers”."),
     .kind = UI_FIELD_TEXT,
     .max_len = 100},
    {.name = "version",
     .label = M("Version"),
     .hint = M("Stands for the versions in force, over all the months."),
     .kind = UI_FIELD_SELECT,
     .section = M("Drafts and versions")},
    {.name = "version2", .label = M("A version of another scheme"), .kind = UI_FIELD_SELECT},
    {.name = "attribute1",
     .label = M("Attribute"),
     .kind = UI_FIELD_SELECT,
     .is_half = true,
     .section = M("Other values")},
    VALUE("value1"),
    ATTRIBUTE("attribute2", M("Attribute")),
    VALUE("value2"),
    ATTRIBUTE("attribute3", M("Attribute")),
    VALUE("value3"),
    {.name = "for_all",
     .label = M("Also for contracts that have a value of their own"),
     .kind = UI_FIELD_CHECK},
    {.name = "partner",
     .label = M("Partner"),
     .hint = M("Code; empty: everybody."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 64,
     .section = M("Another scheme")},
    {.name = "scheme", .label = M("Paid by"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "from_scheme",
     .label = M("Instead of"),
     .hint = M("Empty: instead of whatever they have."),
     .kind = UI_FIELD_SELECT},
};

enum rc whatif__version_options(struct ui_form *form, const char *field)
{
    struct op *op = form->op;
    struct scheme_choices schemes;
    TRY(scheme_choices(op, &schemes));
    for (size_t i = 0; i < schemes.len; i++) {
        struct scheme_versions versions;
        TRY(scheme_versions(op, schemes.at[i].id, &versions));
        for (size_t k = 0; k < versions.len; k++) {
            const struct scheme_version *version = &versions.at[k];
            if (!str_eq(version->state, STR("draft")) && !str_eq(version->state, STR("published")))
                continue;
            struct str label = i18n_format(
                op->arena, op->lang, M("{0}, version {1} ({2})"), schemes.at[i].name,
                version->number, ui_state_word(op->arena, op->lang, "version", version->state));
            ui_form_option(form, field, ui_pid(op, pid_of("scv", version->id)), label);
        }
    }
    return RC_OK;
}

static struct str attribute_value(struct op *op, int64_t scheme_id, struct str name)
{
    return str_printf(op->arena, "%s:" STR_FMT, pid_of("sch", scheme_id).text, STR_ARG(name));
}

static enum rc attribute_options(struct ui_form *form)
{
    static const char *const fields[] = {"attribute1", "attribute2", "attribute3"};
    struct op *op = form->op;
    struct scheme_choices schemes;
    TRY(scheme_choices(op, &schemes));
    for (size_t i = 0; i < schemes.len; i++) {
        const struct scheme *scheme = NULL;
        struct whatif_variant none = {0};
        enum rc rc = whatif__model(op, &none, schemes.at[i].id, &scheme);
        if (rc == RC_MISSING)
            continue; /* no version yet */
        TRY(rc);
        for (size_t k = 0; k < scheme->attributes_len; k++)
            for (size_t n = 0; n < LEN(fields); n++)
                ui_form_option(form, fields[n],
                               attribute_value(op, schemes.at[i].id, scheme->attributes[k].name),
                               i18n_format(op->arena, op->lang, M("{0}: {1}"), schemes.at[i].name,
                                           scheme->attributes[k].label));
    }
    return RC_OK;
}

static enum rc scheme_options(struct ui_form *form, const char *field)
{
    struct scheme_choices schemes;
    TRY(scheme_choices(form->op, &schemes));
    for (size_t i = 0; i < schemes.len; i++)
        ui_form_option(form, field, ui_pid(form->op, pid_of("sch", schemes.at[i].id)),
                       schemes.at[i].name);
    return RC_OK;
}

static enum rc set_value(struct ui_form *form, const struct whatif_variant *variant,
                         const struct reward_supposition *change, int n)
{
    struct op *op = form->op;
    const struct scheme *scheme = NULL;
    const char *field = str_c(op->arena, str_printf(op->arena, "attribute%d", n));
    const char *value = str_c(op->arena, str_printf(op->arena, "value%d", n));
    ui_form_set(form, field, attribute_value(op, change->scheme_id, change->name));
    TRY(whatif__model(op, variant, change->scheme_id, &scheme));
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, change->name))
            ui_form_set(form, value, scheme_value_input(op, &scheme->attributes[i], change->value));
    ui_form_set_check(form, "for_all", change->is_for_all);
    return RC_OK;
}

static enum rc set_bound(struct ui_form *form, const struct reward_supposition *change)
{
    struct op *op = form->op;
    struct partner partner;
    ui_form_set(form, "scheme", ui_pid(op, pid_of("sch", change->other_id)));
    if (change->scheme_id)
        ui_form_set(form, "from_scheme", ui_pid(op, pid_of("sch", change->scheme_id)));
    if (change->partner_id == 0)
        return RC_OK;
    TRY(partner_get(op, change->partner_id, &partner));
    ui_form_set(form, "partner", partner.code);
    return RC_OK;
}

static enum rc set_changes(struct ui_form *form, const struct whatif_variant *variant)
{
    int values = 0, versions = 0;
    ui_form_set(form, "name", variant->name);
    ui_form_set_i64(form, "variant", variant->position);
    for (size_t i = 0; i < variant->changes.len; i++) {
        const struct reward_supposition *change = &variant->changes.at[i];
        if (change->what == REWARD_SUPPOSE_VERSION && versions < 2)
            ui_form_set(form, versions++ ? "version2" : "version",
                        ui_pid(form->op, pid_of("scv", change->version_id)));
        else if (change->what == REWARD_SUPPOSE_VALUE && values < VALUES)
            TRY(set_value(form, variant, change, ++values));
        else if (change->what == REWARD_SUPPOSE_BOUND)
            TRY(set_bound(form, change));
    }
    return RC_OK;
}

enum rc whatif__page_ask_variant(struct req *r)
{
    struct op *op = r->op;
    const struct whatif__variant_query *query = req_is_again(r) ? NULL : form(r);
    struct str again = req_is_again(r) ? req_raw(r, "variant") : STR_NONE;
    int64_t position = query && query->variant.has ? query->variant.v : 0;
    struct whatif w;
    if (again.len && !str_to_i64(again, &position))
        position = 0;
    TRY(whatif_get(op, path_id(r, "wif"), &w));
    bool is_old = position > 0 && position <= (int64_t)w.variants_len;
    struct ui_form form = {.submit = is_old ? M("Save") : M("Add variant"),
                           .action = whatif__href(op, w.id, "/variant"),
                           .cancel_href = whatif__href(op, w.id, ""),
                           .intro = M("What would be different? At least one of these.")};
    form.head.name = i18n_format(op->arena, op->lang, M("Variant {0}"),
                                 whatif__letter(is_old ? position : (int64_t)w.variants_len + 1));
    ui_crumb(op, &form.head, M("What-if"), STR("/what-if"));
    ui_crumb_text(op, &form.head, w.name, whatif__href(op, w.id, ""));
    ui_form_init(r, &form, variant_shown, LEN(variant_shown));
    TRY(whatif__version_options(&form, "version"));
    TRY(whatif__version_options(&form, "version2"));
    TRY(attribute_options(&form));
    TRY(scheme_options(&form, "scheme"));
    TRY(scheme_options(&form, "from_scheme"));
    if (is_old)
        TRY(set_changes(&form, &w.variants[position - 1]));
    return ui_form_page(r, &form);
}

static void add_version(struct op *op, struct opt_i64 version, struct whatif_variant *variant)
{
    if (version.has)
        VEC_PUSH(
            op->arena, &variant->changes,
            ((struct reward_supposition){.what = REWARD_SUPPOSE_VERSION, .version_id = version.v}));
}

/* What is chosen is "sch_…:name"; people type "7" for 7 %, programs "0.07". */
static enum rc add_value(struct req *r, const char *field, struct str chosen, struct str typed,
                         bool is_for_all, struct whatif_variant *variant)
{
    struct op *op = r->op;
    struct str name = chosen, id = str_cut(&name, ':');
    const struct scheme *scheme = NULL;
    struct reward_supposition change = {.what = REWARD_SUPPOSE_VALUE, .is_for_all = is_for_all};
    if (!chosen.len)
        return RC_OK;
    if (!name.at || !pid_parse("sch", id, &change.scheme_id))
        return fail(op, RC_INVALID, field, M("Choose an attribute from the list."));
    change.name = name;
    TRY(whatif__model(op, variant, change.scheme_id, &scheme));
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &scheme->attributes[i];
        if (!str_eq(attribute->name, name))
            continue;
        struct str text = typed.at ? typed : STR("");
        const char *wrong = r->is_api
                                ? scheme_value_check(op->arena, attribute, text, &change.value)
                                : scheme_value_typed(op, attribute, text, &change.value);
        if (wrong)
            return fail(op, RC_INVALID, field, wrong);
        VEC_PUSH(op->arena, &variant->changes, change);
        return RC_OK;
    }
    return fail(op, RC_INVALID, field, M("The scheme has no attribute {0}."),
                str_c(op->arena, name));
}

static enum rc add_bound(struct op *op, const struct whatif__variant_form *in,
                         struct whatif_variant *variant)
{
    struct partner partner = {0};
    if (!in->scheme.has)
        return in->partner.len ? fail(op, RC_INVALID, "scheme", M("Choose the other scheme."))
                               : RC_OK;
    if (in->partner.len)
        TRY(partner_named(op, in->partner, &partner));
    VEC_PUSH(op->arena, &variant->changes,
             ((struct reward_supposition){.what = REWARD_SUPPOSE_BOUND,
                                          .scheme_id = in->from_scheme.has ? in->from_scheme.v : 0,
                                          .other_id = in->scheme.v,
                                          .partner_id = partner.id}));
    return RC_OK;
}

enum rc whatif__page_variant(struct req *r)
{
    struct op *op = r->op;
    const struct whatif__variant_form *in = form(r);
    struct whatif_variant variant = {.name = in->name.at ? in->name : STR(""),
                                     .position = in->variant.has ? in->variant.v : 0};
    add_version(op, in->version, &variant);
    add_version(op, in->version2, &variant);
    TRY(add_value(r, "value1", in->attribute1, in->value1, in->for_all, &variant));
    TRY(add_value(r, "value2", in->attribute2, in->value2, in->for_all, &variant));
    TRY(add_value(r, "value3", in->attribute3, in->value3, in->for_all, &variant));
    TRY(add_bound(op, in, &variant));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_variant_save(op, path_id(r, "wif"), &variant));
    TRY(start(op, path_id(r, "wif")));
    TRY(txn_commit(&txn));
    return REDIRECT(r, "/what-if/{0}", wif(path_id(r, "wif")));
}

enum rc whatif__page_ask_drop_variant(struct req *r)
{
    struct op *op = r->op;
    const struct whatif__variant_query *query = form(r);
    struct whatif w;
    TRY(whatif_get(op, path_id(r, "wif"), &w));
    int64_t position = query->variant.has ? query->variant.v : 1;
    struct str tail = str_printf(op->arena, "/drop-variant/%lld", (long long)position);
    struct ui_confirm confirm = {
        .title = M("Remove the variant?"),
        .name = i18n_format(op->arena, op->lang, M("Variant {0}"), whatif__letter(position)),
        .text = M("{0} goes, with what was computed; the others are computed again."),
        .action = whatif__href(op, w.id, str_c(op->arena, tail)),
        .button = M("Remove"),
        .is_danger = true,
        .cancel_href = whatif__href(op, w.id, "")};
    return ui_confirm_page(r, &confirm);
}

enum rc whatif__page_drop_variant(struct req *r)
{
    struct op *op = r->op;
    struct whatif w;
    int64_t position = 0;
    if (!str_to_i64(path_str(r, "variant"), &position))
        return RC_MISSING;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_variant_remove(op, path_id(r, "wif"), position));
    TRY(whatif_get(op, path_id(r, "wif"), &w));
    if (w.variants_len > 0)
        TRY(start(op, w.id));
    TRY(txn_commit(&txn));
    answer_note(r, M("Removed."));
    return REDIRECT(r, "/what-if/{0}", wif(w.id));
}

/* ---- steps ---- */

static enum rc page_calculate(struct req *r)
{
    TRY(start(r->op, path_id(r, "wif")));
    return REDIRECT(r, "/what-if/{0}", wif(path_id(r, "wif")));
}

static enum rc share(struct req *r, bool is_shared)
{
    const struct ui_revision_form *in = form(r);
    struct whatif w;
    TRY(whatif_get(r->op, path_id(r, "wif"), &w));
    TRY(whatif_share(r->op, w.id, in->revision.has ? in->revision.v : w.revision, is_shared));
    answer_note(r, is_shared ? M("Everybody who sees runs and schemes can open this page now.")
                             : M("Only you see it now."));
    return REDIRECT(r, "/what-if/{0}", wif(w.id));
}

static enum rc page_share(struct req *r)
{
    return share(r, true);
}

static enum rc page_unshare(struct req *r)
{
    return share(r, false);
}

static const struct ui_record_step remove_step = {
    .name = "delete",
    .title = M("Delete the comparison?"),
    .text = M("{0} and all that was computed for it goes. This cannot be undone."),
    .button = M("Delete"),
    .is_danger = true,
};

static enum rc page_ask_remove(struct req *r)
{
    return ui_record_ask(r, &whatif_kind, &remove_step);
}

static enum rc page_remove(struct req *r)
{
    TRY(whatif_remove(r->op, path_id(r, "wif"), ui_revision(r)));
    answer_note(r, M("Deleted."));
    return REDIRECT(r, "/what-if");
}

#define VARIANT       FORM(whatif__variant_form, whatif__variant_fields)
#define VARIANT_QUERY FORM(whatif__variant_query, whatif__variant_query_fields)
#define QUERY         FORM(whatif__query, whatif__query_fields), API

const struct route whatif_routes[] = {
    ROUTE(GET, "/what-if", page_list, "run.read", FORM(list_query, list_fields), API),
    ROUTE(GET, "/what-if/new", page_whatif_new, "run.read", FORM(new_query, new_fields)),
    ROUTE(POST, "/what-if", page_whatif_create, "run.read", FORM(whatif_form, whatif_fields),
          FORM_PAGE(page_whatif_new), API),
    ROUTE(GET, "/what-if/:wif", whatif__page_show, "run.read", QUERY),
    ROUTE(GET, "/what-if/:wif/partners", whatif__page_partners, "run.read", QUERY),
    ROUTE(GET, "/what-if/:wif/partners/:prt", whatif__page_partner, "run.read", API),
    ROUTE(GET, "/what-if/:wif/why", whatif__page_why, "run.read",
          FORM(whatif__why_query, whatif__why_fields), API),
    ROUTE(GET, "/what-if/:wif/try", whatif__page_try, "run.read",
          FORM(whatif__try_query, whatif__try_fields), API),
    ROUTE(GET, "/what-if/:wif/edit", page_whatif_edit, "run.read"),
    ROUTE(POST, "/what-if/:wif/edit", page_whatif_save, "run.read",
          FORM(whatif_form, whatif_fields), FORM_PAGE(page_whatif_edit), API),
    ROUTE(GET, "/what-if/:wif/variant", whatif__page_ask_variant, "run.read", VARIANT_QUERY),
    ROUTE(POST, "/what-if/:wif/variant", whatif__page_variant, "run.read", VARIANT,
          FORM_PAGE(whatif__page_ask_variant), API),
    ROUTE(GET, "/what-if/:wif/drop-variant", whatif__page_ask_drop_variant, "run.read",
          VARIANT_QUERY),
    ROUTE(POST, "/what-if/:wif/drop-variant/{variant}", whatif__page_drop_variant, "run.read", API),
    ROUTE(POST, "/what-if/:wif/calculate", page_calculate, "run.read", API),
    ROUTE(POST, "/what-if/:wif/share", page_share, "run.read",
          FORM(ui_revision_form, ui_revision_fields), API),
    ROUTE(POST, "/what-if/:wif/unshare", page_unshare, "run.read",
          FORM(ui_revision_form, ui_revision_fields), API),
    UI_ARCHIVE_ROUTES(whatif, "/what-if", "wif", "run.read"),
    UI_ASKING_ROUTES("/what-if/:wif/delete", page_ask_remove, page_remove, "run.read"),
    {0},
};
