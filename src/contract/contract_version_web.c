/* Pages of the versions of a contract: reading one, adding a supplementary agreement, changing one.
 * The fields of individual values are made from the attributes of the schemes that are ticked; a
 * scheme that has just been ticked shows its attributes after the first save, so that the form
 * needs no script. */
#include "contract/contract_view.h"
#include "contract/contract_web.h"

enum { DAYS_MAX = 3660, SCHEMES_MAX = 50, TERMS_MAX = 2000 };

const struct field contract__version_fields[] = {
    F_DATE(contract__version_form, from_day),
    F_STR(contract__version_form, currency, 3, 3),
    F_STR(contract__version_form, pay_currency, 0, 3),
    F_STR(contract__version_form, period_kind, 1, 10),
    F_OPT_I64(contract__version_form, period_anchor, 0, 1231),
    F_OPT_I64(contract__version_form, due_days, 0, DAYS_MAX),
    F_OPT_I64(contract__version_form, hold_days, 0, DAYS_MAX),
    F_OPT_I64(contract__version_form, accept_days, 0, DAYS_MAX),
    F_DEC(contract__version_form, minimum),
    F_STR(contract__version_form, vat_mode, 1, 10),
    F_STR(contract__version_form, documents_by, 1, 10),
    F_BOOL(contract__version_form, netting),
    F_BLOCK(contract__version_form, note, 0, 2000),
    F_IDS(contract__version_form, schemes, "sch", SCHEMES_MAX),
    F_STR(contract__version_form, combine, 0, 20),
    F_IDS(contract__version_form, rivals, "sch", SCHEMES_MAX),
    F_STRS(contract__version_form, term_of, TERMS_MAX),
    F_STRS(contract__version_form, term, TERMS_MAX),
    F_OPT_I64(contract__version_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

static const struct ui_field shown[] = {
    {.name = "from_day",
     .label = M("In force from"),
     .hint = M("Everything before this day stays by the earlier terms."),
     .kind = UI_FIELD_DATE,
     .is_required = true,
     .is_half = true},
    {.name = "schemes",
     .label = M("Schemes"),
     .hint = M("How rewards are computed."),
     .kind = UI_FIELD_CHECKS},
    {.name = "combine",
     .label = M("When several schemes reward the same"),
     .hint = M("What does not count is shown with the result. Ties go to the earlier scheme."),
     .kind = UI_FIELD_SELECT},
    {.name = "rivals",
     .label = M("Schemes of which one counts"),
     .hint = M("None ticked: all of them. The others are added."),
     .kind = UI_FIELD_CHECKS},
    {.name = "currency",
     .label = M("Currency of accrual"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true,
     .section = M("Settlement")},
    {.name = "pay_currency",
     .label = M("Currency of payment"),
     .kind = UI_FIELD_SELECT,
     .is_half = true},
    {.name = "period_kind",
     .label = M("Settlement period"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "period_anchor",
     .label = M("Beginning of the period"),
     .hint = M("Empty: as usual. Month: day 1–28. Week: 1 is Monday. Year: 401 is "
               "1 April."),
     .kind = UI_FIELD_TEXT,
     .is_half = true,
     .max_len = 4},
    {.name = "due_days",
     .label = M("Due, days after the period"),
     .kind = UI_FIELD_NUMBER,
     .unit = M("days"),
     .is_half = true},
    {.name = "hold_days",
     .label = M("Held, days after the event"),
     .hint = M("The return window; 0: not held."),
     .kind = UI_FIELD_NUMBER,
     .unit = M("days"),
     .is_half = true},
    {.name = "minimum",
     .label = M("Smallest payout"),
     .hint = M("In the currency of payment."),
     .kind = UI_FIELD_NUMBER,
     .is_half = true},
    {.name = "accept_days",
     .label = M("Accepted by silence after, days"),
     .hint = M("0: never."),
     .kind = UI_FIELD_NUMBER,
     .unit = M("days"),
     .is_half = true},
    {.name = "vat_mode",
     .label = M("VAT"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true,
     .section = M("Documents")},
    {.name = "documents_by",
     .label = M("Documents are issued by"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "netting",
     .label = M("Mutual claims may be set off (netting clause)"),
     .kind = UI_FIELD_CHECK},
    {.name = "note", .label = M("Note"), .kind = UI_FIELD_AREA, .max_len = 2000},
};

/* ---- the fields of individual values ---- */

static struct str record_value(const struct contract_version *v, int64_t scheme_id, struct str name)
{
    for (size_t i = 0; i < v->schemes_len; i++)
        for (size_t k = 0; v->schemes[i].scheme_id == scheme_id && k < v->schemes[i].terms_len; k++)
            if (str_eq(v->schemes[i].terms[k].name, name))
                return v->schemes[i].terms[k].value;
    return STR_NONE;
}

/* What the person typed when the form comes back, found by the hidden name beside it. */
static struct str typed_value(struct req *r, struct str key)
{
    for (size_t n = 0; req_raw_at(r, "term_of", n).at; n++)
        if (str_eq(req_raw_at(r, "term_of", n), key))
            return req_raw_at(r, "term", n);
    return STR_NONE;
}

static struct str hint_words(struct op *op, const struct scheme_attribute *a)
{
    struct str usual = scheme_value_words(op, a, a->fallback);
    struct str bounds = scheme_bounds_words(op, a);
    if (!bounds.at)
        return i18n_format(op->arena, op->lang, M("Empty: {0}."), usual);
    return i18n_format(op->arena, op->lang, M("Empty: {0}. Allowed: {1}."), usual, bounds);
}

void contract__term_date(struct out *o, const struct contract__input *v)
{
    ui_date_input(
        o, &(struct ui_date_input){.name = "term",
                                   .id = v->id,
                                   .text = v->text,
                                   .sayer = str_printf(o->arena, "e-" STR_FMT, STR_ARG(v->id)),
                                   .is_wrong = v->problem.at != NULL});
}

static struct contract__input input_of(struct req *r, const struct contract_version *v,
                                       const struct scheme_info *info,
                                       const struct scheme_attribute *a, size_t number)
{
    struct op *op = r->op;
    struct contract__input input = {
        .key = str_printf(op->arena, STR_FMT ":" STR_FMT, STR_ARG(info->code), STR_ARG(a->name)),
        .id = str_printf(op->arena, "t-%s-%zu", pid_of("sch", info->id).text, number),
        .label = a->label,
        .hint = hint_words(op, a),
        .problem = req_problem(r, contract_term_field(op, info->code, a->name)),
        .is_number = str_eq(a->type, STR("number")),
        .is_choice = str_eq(a->type, STR("boolean")),
        .is_date = str_eq(a->type, STR("date")),
        .is_percent = str_eq(a->unit, STR("percent")) && str_eq(a->type, STR("number"))};
    struct str own = record_value(v, info->id, a->name);
    input.text = req_is_again(r) ? typed_value(r, input.key)
                                 : scheme_value_input(op, a, own.at ? own : STR(""));
    return input;
}

static enum rc add_inputs(struct req *r, const struct contract_version *v, int64_t scheme_id,
                          struct contract__input_groups *out)
{
    struct op *op = r->op;
    struct scheme_info info;
    struct scheme_version version;
    const struct scheme *scheme;
    struct contract__inputs group = {0};
    int64_t at = zone_day_start(op->zone, (struct date){(int32_t)v->from_day});
    TRY(scheme_get(op, scheme_id, &info));
    enum rc rc = scheme_version_for(op, scheme_id, at, &version);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    TRY(scheme_version_load(op, version.id, &scheme));
    group.title = info.name;
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        struct contract__input input = input_of(r, v, &info, &scheme->attributes[i], i);
        VEC_PUSH(op->arena, &group.fields, input);
    }
    if (group.fields.len)
        VEC_PUSH(op->arena, out, group);
    return RC_OK;
}

/* Of the schemes that are ticked: in what came back, else in the record. */
static enum rc term_inputs(struct req *r, struct ui_form *form, const struct contract_version *v)
{
    struct contract__input_groups groups = {0};
    for (size_t n = 0; req_is_again(r) && req_raw_at(r, "schemes", n).at; n++) {
        int64_t id;
        if (pid_parse("sch", req_raw_at(r, "schemes", n), &id)) {
            enum rc rc = add_inputs(r, v, id, &groups);
            if (rc != RC_OK && rc != RC_MISSING)
                return rc;
        }
    }
    for (size_t i = 0; !req_is_again(r) && i < v->schemes_len; i++)
        TRY(add_inputs(r, v, v->schemes[i].scheme_id, &groups));
    AUTO_OUT o = contract__part(r);
    contract_inputs_view(&o, &groups);
    form->below = out_html(&o);
    return RC_OK;
}

/* ---- the form ---- */

static enum rc scheme_options(struct op *op, struct ui_form *form, const struct contract_version *v)
{
    struct scheme_choices choices;
    TRY(scheme_choices(op, &choices));
    for (size_t i = 0; i < choices.len; i++)
        ui_form_option(form, "schemes", ui_pid(op, pid_of("sch", choices.at[i].id)),
                       choices.at[i].name);
    for (size_t i = 0; i < v->schemes_len; i++) {
        bool is_there = false;
        struct str id = ui_pid(op, pid_of("sch", v->schemes[i].scheme_id));
        for (size_t k = 0; k < choices.len; k++)
            is_there = is_there || choices.at[k].id == v->schemes[i].scheme_id;
        if (!is_there)
            ui_form_option(form, "schemes", id, v->schemes[i].scheme_name);
        ui_form_add(form, "schemes", id);
    }
    for (size_t i = 0; i < choices.len; i++)
        ui_form_option(form, "rivals", ui_pid(op, pid_of("sch", choices.at[i].id)),
                       choices.at[i].name);
    for (size_t i = 0; i < v->schemes_len; i++)
        if (v->schemes[i].combine > CONTRACT_ADD)
            ui_form_add(form, "rivals", ui_pid(op, pid_of("sch", v->schemes[i].scheme_id)));
    return RC_OK;
}

static void set_fields(struct op *op, struct ui_form *form, const struct contract_version *v)
{
    ui_form_set_date(form, "from_day", SOME(v->from_day));
    ui_form_set(form, "currency", v->currency ? str_of(v->currency->code) : STR(""));
    ui_form_set(form, "pay_currency", v->pay_currency ? str_of(v->pay_currency->code) : STR(""));
    ui_form_set(form, "period_kind", str_of(period_kind_name(v->period_kind)));
    if (v->period_anchor)
        ui_form_set_i64(form, "period_anchor", v->period_anchor);
    ui_form_set_i64(form, "due_days", v->due_days);
    ui_form_set_i64(form, "hold_days", v->hold_days);
    ui_form_set_i64(form, "accept_days", v->accept_days);
    if (v->minimum_minor && v->pay_currency)
        ui_form_set(form, "minimum",
                    i18n_scaled(op->arena, op->lang, v->minimum_minor, v->pay_currency->digits));
    ui_form_set(form, "vat_mode", v->vat_mode);
    ui_form_set(form, "documents_by", v->documents_by);
    ui_form_set(form, "combine", STR("add"));
    for (size_t i = 0; i < v->schemes_len; i++)
        if (v->schemes[i].combine > CONTRACT_ADD)
            ui_form_set(form, "combine", str_of(contract_combine_name(v->schemes[i].combine)));
    ui_form_set_check(form, "netting", v->has_netting);
    ui_form_set(form, "note", v->note);
}

static enum rc show_form(struct req *r, struct ui_form *form, const struct contract *c,
                         const struct contract_version *v)
{
    struct op *op = r->op;
    ui_crumb(op, &form->head, M("Contracts"), STR("/contracts"));
    ui_crumb_text(op, &form->head, c->code, contract_href(op, c->id));
    ui_form_init(r, form, shown, LEN(shown));
    TRY(audit_conflict(r, form, "contract", c->id));
    TRY(scheme_options(op, form, v));
    ui_form_currencies(form, "currency");
    ui_form_currencies(form, "pay_currency");
    ui_form_words(form, "period_kind", contract__periods);
    ui_form_words(form, "vat_mode", contract__vat_modes);
    ui_form_words(form, "documents_by", contract__issuers);
    ui_form_words(form, "combine", contract__combines);
    set_fields(op, form, v);
    TRY(term_inputs(r, form, v));
    return ui_form_page(r, form);
}

/* A new version begins as a copy of the last one; the first with what is usual. */
static enum rc draft_version(struct op *op, const struct contract *c, struct contract_version *out)
{
    struct contract_versions all;
    struct org_locale locale;
    int64_t free_from;
    TRY(contract_versions(op, c->id, &all));
    TRY(org_locale(op, &locale));
    TRY(contract__free_from(op, c->id, &free_from));
    *out = (struct contract_version){.contract_id = c->id,
                                     .from_day = c->from_day,
                                     .currency = locale.currency,
                                     .pay_currency = locale.currency,
                                     .period_kind = PERIOD_MONTH,
                                     .due_days = 10,
                                     .vat_mode = STR("none"),
                                     .documents_by = STR("partner"),
                                     .note = STR("")};
    if (all.len == 0)
        return RC_OK;
    *out = all.at[all.len - 1];
    out->id = out->revision = 0;
    out->note = STR("");
    int64_t day =
        period_step(period_of(PERIOD_MONTH, 0, (struct date){(int32_t)contract__today(op)}), 1)
            .start.days;
    out->from_day = day > out->from_day ? day : out->from_day + 1;
    if (out->from_day < free_from)
        out->from_day = free_from;
    return RC_OK;
}

enum rc contract__page_version_new(struct req *r)
{
    struct contract c;
    struct contract_version v;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    TRY(draft_version(r->op, &c, &v));
    bool is_first = v.number == 0;
    struct ui_form form = {
        .submit = is_first ? M("Add terms") : M("Add supplementary agreement"),
        .action = contract__href(r->op, c.id, "/versions"),
        .cancel_href = contract_href(r->op, c.id),
        .intro = is_first ? M("These terms are in force from the first day of the contract.")
                          : M("A supplementary agreement: from its first day these terms replace "
                              "the ones before. Rewards of earlier days do not change.")};
    form.head.title = is_first ? M("Terms of the contract") : M("Supplementary agreement");
    return show_form(r, &form, &c, &v);
}

enum rc contract__page_version_edit(struct req *r)
{
    struct contract c;
    struct contract_version v;
    TRY(contract_version_get(r->op, path_id(r, "ctv"), &v));
    TRY(contract_get(r->op, v.contract_id, &c));
    struct ui_form form = {
        .submit = M("Save"),
        .revision = v.revision,
        .cancel_href = contract__version_href(r->op, v.id, ""),
        .intro = M("This corrects the terms as if they had always been so: rewards that are not "
                   "posted yet are calculated anew. For a change from a later day add a "
                   "supplementary agreement.")};
    form.head.name = i18n_format(r->op->arena, r->op->lang, M("Version {0}"), v.number);
    return show_form(r, &form, &c, &v);
}

/* ---- taking the form ---- */

/* The values typed for one scheme: programs send them as they are stored, people as they write. */
static enum rc take_terms(struct req *r, const struct contract__version_form *in,
                          struct contract_bound *bound, const struct scheme *scheme)
{
    struct op *op = r->op;
    enum rc worst = RC_OK;
    bound->terms = NEW_ARRAY(op->arena, struct contract_term, in->term_of.len + 1);
    for (size_t i = 0; i < in->term_of.len && i < in->term.len; i++) {
        struct str name = in->term_of.at[i], code = str_cut(&name, ':');
        struct contract_term term = {.name = name, .value = str_trim(in->term.at[i])};
        if (!name.at || !str_eq(code, bound->scheme_code) || term.value.len == 0)
            continue;
        for (size_t k = 0; !r->is_api && k < scheme->attributes_len; k++) {
            const struct scheme_attribute *a = &scheme->attributes[k];
            const char *wrong = NULL;
            if (str_eq(a->name, name))
                wrong = scheme_value_typed(op, a, term.value, &term.value);
            if (wrong)
                worst = fail(op, RC_INVALID, contract_term_field(op, code, name), wrong);
        }
        bound->terms[bound->terms_len++] = term;
    }
    return worst;
}

/* Of the ticked schemes those that compete; all when none is named. */
static enum contract_combine combine_of(const struct contract__version_form *in, int64_t scheme_id)
{
    bool is_rival = in->rivals.len == 0;
    for (size_t i = 0; i < in->rivals.len; i++)
        is_rival = is_rival || in->rivals.at[i] == scheme_id;
    return is_rival && in->combine.len ? contract_combine_find(in->combine) : CONTRACT_ADD;
}

static enum rc take_schemes(struct req *r, const struct contract__version_form *in,
                            struct contract_version *v)
{
    struct op *op = r->op;
    enum rc worst = RC_OK;
    int64_t at = zone_day_start(op->zone, in->from_day);
    v->schemes = NEW_ARRAY(op->arena, struct contract_bound, in->schemes.len + 1);
    for (size_t i = 0; i < in->schemes.len; i++) {
        struct contract_bound *bound = &v->schemes[v->schemes_len++];
        struct scheme_info info;
        struct scheme_version version;
        const struct scheme *scheme;
        *bound = (struct contract_bound){.scheme_id = in->schemes.at[i],
                                         .combine = combine_of(in, in->schemes.at[i])};
        enum rc rc = scheme_get(op, bound->scheme_id, &info);
        if (rc == RC_OK)
            rc = scheme_version_for(op, info.id, at, &version);
        if (rc == RC_MISSING)
            continue; /* saving says it in words */
        TRY(rc);
        TRY(scheme_version_load(op, version.id, &scheme));
        bound->scheme_code = info.code;
        rc = take_terms(r, in, bound, scheme);
        worst = rc != RC_OK ? rc : worst;
    }
    return worst;
}

static enum rc take_form(struct req *r, struct contract_version *v)
{
    const struct contract__version_form *in = form(r);
    v->from_day = in->from_day.days;
    v->currency = currency_find(in->currency);
    v->pay_currency = in->pay_currency.len ? currency_find(in->pay_currency) : v->currency;
    v->period_kind = period_kind_find(in->period_kind);
    v->period_anchor = (int)in->period_anchor.v;
    v->due_days = in->due_days.v;
    v->hold_days = in->hold_days.v;
    v->accept_days = in->accept_days.v;
    v->vat_mode = in->vat_mode;
    v->documents_by = in->documents_by;
    v->has_netting = in->netting;
    v->note = in->note;
    v->schemes_len = 0;
    if (in->combine.len && !contract_combine_find(in->combine))
        return fail(r->op, RC_INVALID, "combine", M("Choose one of the list."));
    if (!v->pay_currency)
        return fail(r->op, RC_INVALID, "pay_currency", M("Choose a currency from the list."));
    if (in->minimum.has &&
        !dec_to_scaled(in->minimum.v, v->pay_currency->digits, DEC_HALF_UP, &v->minimum_minor))
        return fail(r->op, RC_INVALID, "minimum", M("This amount is too large."));
    if (!in->minimum.has)
        v->minimum_minor = 0;
    return take_schemes(r, in, v);
}

/* Schemes just ticked came without fields for their attributes: the form is shown once more. */
static bool has_new_fields(struct req *r, const struct contract_version *v)
{
    const struct contract__version_form *in = form(r);
    for (size_t i = 0; i < v->schemes_len; i++) {
        bool was_shown = false;
        for (size_t k = 0; k < in->term_of.len; k++) {
            struct str rest = in->term_of.at[k];
            was_shown = was_shown || str_eq(str_cut(&rest, ':'), v->schemes[i].scheme_code);
        }
        if (!was_shown)
            return true;
    }
    return false;
}

static enum rc saved(struct req *r, const struct contract_version *v, int64_t id)
{
    if (!r->is_api && has_new_fields(r, v)) {
        answer_note(r, M("Saved. Individual values of the schemes can be given at the end of the "
                         "form; empty fields follow the scheme."));
        return REDIRECT(r, "/contracts/versions/{0}/edit", ctv(id));
    }
    answer_note(r, M("Saved."));
    if (r->is_api)
        return CREATED(r, "/contracts/versions/{0}", ctv(id));
    return REDIRECT(r, "/contracts/{0}", ctr(v->contract_id));
}

enum rc contract__page_version_add(struct req *r)
{
    struct contract c;
    struct contract_version v = {0};
    int64_t id;
    TRY(contract_get(r->op, path_id(r, "ctr"), &c));
    v.contract_id = c.id;
    TRY(take_form(r, &v));
    TRY(contract_version_save(r->op, &v, &id));
    return saved(r, &v, id);
}

enum rc contract__page_version_save(struct req *r)
{
    const struct contract__version_form *in = form(r);
    struct contract_version v;
    int64_t id;
    TRY(contract_version_get(r->op, path_id(r, "ctv"), &v));
    if (in->revision.has)
        v.revision = in->revision.v;
    TRY(take_form(r, &v));
    TRY(contract_version_save(r->op, &v, &id));
    return saved(r, &v, id);
}

/* ---- one version ---- */

enum rc contract__page_version(struct req *r)
{
    struct op *op = r->op;
    struct contract__version_page v = {0};
    TRY(contract_version_get(op, path_id(r, "ctv"), &v.version));
    TRY(contract_get(op, v.version.contract_id, &v.contract));
    TRY(contract__terms_make(op, &v.version, false, &v.terms));
    v.head.name = i18n_format(op->arena, op->lang, M("Version {0}"), v.version.number);
    ui_crumb(op, &v.head, M("Contracts"), STR("/contracts"));
    ui_crumb_text(op, &v.head, v.contract.code, contract_href(op, v.contract.id));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Edit"),
                              .icon = "pencil",
                              .href = contract__version_href(op, v.version.id, "/edit"),
                              .permission = "contract.edit"});
    if (v.version.from_day > contract__today(op) && v.version.from_day > v.contract.from_day)
        ui_act(op, &v.head.actions,
               (struct ui_action){.label = M("Remove…"),
                                  .icon = "trash",
                                  .kind = UI_MORE,
                                  .is_dialog = true,
                                  .href = contract__version_href(op, v.version.id, "/remove"),
                                  .permission = "contract.edit"});
    page_title(r, str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(v.contract.code),
                             STR_ARG(v.head.name)));
    answer_revision(r, v.version.revision);
    return REPLY(r, NULL, contract__version, &v);
}

static void json_schemes(struct json_writer *w, const struct contract_version *v)
{
    json_key(w, "schemes");
    json_array(w);
    for (size_t i = 0; i < v->schemes_len; i++) {
        const struct contract_bound *bound = &v->schemes[i];
        json_object(w);
        json_pair_str(w, "scheme", str_of(pid_of("sch", bound->scheme_id).text));
        json_pair_str(w, "code", bound->scheme_code);
        json_pair_str(w, "combine",
                      bound->combine > CONTRACT_ADD ? str_of(contract_combine_name(bound->combine))
                                                    : STR("add"));
        json_key(w, "terms");
        json_object(w);
        for (size_t k = 0; k < bound->terms_len; k++) {
            json_key_str(w, bound->terms[k].name);
            json_put_str(w, bound->terms[k].value);
        }
        json_object_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

void contract__version_json(struct json_writer *w, const struct contract__version_page *page)
{
    const struct contract_version *v = &page->version;
    json_object(w);
    json_pair_str(w, "id", str_of(ctv(v->id).text));
    json_pair_str(w, "contract", str_of(ctr(v->contract_id).text));
    json_pair_i64(w, "revision", v->revision);
    json_pair_i64(w, "version", v->number);
    json_key(w, "from_day");
    json_put_date(w, (struct date){(int32_t)v->from_day});
    json_pair_str(w, "currency", str_of(v->currency->code));
    json_pair_str(w, "pay_currency", str_of(v->pay_currency->code));
    json_pair_str(w, "period_kind", str_of(period_kind_name(v->period_kind)));
    json_pair_i64(w, "period_anchor", v->period_anchor);
    json_pair_i64(w, "due_days", v->due_days);
    json_pair_i64(w, "hold_days", v->hold_days);
    json_pair_i64(w, "accept_days", v->accept_days);
    json_pair_money(w, "minimum", MONEY(v->minimum_minor, v->pay_currency));
    json_pair_str(w, "vat_mode", v->vat_mode);
    json_pair_str(w, "documents_by", v->documents_by);
    json_pair_bool(w, "netting", v->has_netting);
    json_pair_str(w, "note", v->note);
    json_schemes(w, v);
    json_object_end(w);
}

static enum rc version_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct contract_version v;
    TRY(contract_version_get(op, id, &v));
    *out = (struct ui_record){.id = id,
                              .revision = v.revision,
                              .name = i18n_format(op->arena, op->lang, M("Version {0}"), v.number)};
    return RC_OK;
}

static const struct ui_record_kind version_kind = {
    .path = "/contracts/versions", .prefix = "ctv", .has_own_page = true, .get = version_kind_get};

enum rc contract__page_version_ask_remove(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "remove",
        .title = M("Remove the supplementary agreement?"),
        .text = M("{0} has not begun; the terms before it stay in force."),
        .button = M("Remove"),
        .is_danger = true,
    };
    return ui_record_ask(r, &version_kind, &step);
}

enum rc contract__page_version_remove(struct req *r)
{
    const struct ui_revision_form *in = form(r);
    struct contract_version v;
    TRY(contract_version_get(r->op, path_id(r, "ctv"), &v));
    TRY(contract_version_remove(r->op, v.id, in->revision.has ? in->revision.v : v.revision));
    answer_note(r, M("Removed."));
    return REDIRECT(r, "/contracts/{0}", ctr(v.contract_id));
}
