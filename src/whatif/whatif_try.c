/* Values tried on one month: an attribute is moved and the totals of the newest month of the
 * comparison are computed again at once, in the request; nothing is stored. */
#include "whatif/whatif_view.h"
#include "whatif/whatif_web.h"

enum { SLIDES_MAX = 8, ARENA_BYTES_LOG2 = 34 };

const struct field whatif__try_fields[] = {
    F_OPT_I64(whatif__try_query, variant, 1, WHATIF_VARIANTS_MAX),
    F_PAIRS(whatif__try_query, set, 4 * SLIDES_MAX),
    FIELDS_END,
};

/* ---- which values ---- */

/* What a variant gives the attribute for everybody, else the default. */
static struct str value_of(const struct whatif_variant *variant, int64_t scheme_id,
                           const struct scheme_attribute *attribute)
{
    struct str value = attribute->fallback;
    for (size_t i = 0; i < variant->changes.len; i++) {
        const struct reward_supposition *change = &variant->changes.at[i];
        if (change->what == REWARD_SUPPOSE_VALUE && change->scheme_id == scheme_id &&
            change->partner_id == 0 && str_eq(change->name, attribute->name))
            value = change->value;
    }
    return value;
}

static struct dec percent_of(const struct scheme_attribute *attribute, struct dec value)
{
    return str_eq(attribute->unit, STR("percent")) ? dec_mul(value, dec_from_i64(100)) : value;
}

/* As the browser's slider wants it: a point, no grouping. */
static struct str plain(struct op *op, const struct scheme_attribute *attribute, struct str text,
                        struct str fallback)
{
    struct dec value;
    if (!text.len || !dec_parse(text, &value))
        return fallback;
    return dec_print(op->arena, percent_of(attribute, value));
}

/* From the lower bound to twice the value, within the upper bound; a hundred steps and more. */
static void set_range(struct op *op, const struct scheme_attribute *attribute,
                      struct whatif__slide *slide)
{
    struct dec value, max, step = dec_from_scaled(1, 2), hundred = dec_from_i64(100);
    if (!dec_parse(slide->at, &value))
        value = dec_from_i64(0);
    struct dec top =
        dec_mul(dec_cmp(value, dec_from_i64(0)) > 0 ? value : dec_from_i64(5), dec_from_i64(2));
    if (dec_parse(plain(op, attribute, attribute->max, STR("")), &max) && dec_cmp(max, top) < 0)
        top = max;
    while (dec_cmp(dec_mul(step, dec_from_i64(200)), top) < 0)
        step = dec_mul(step, dec_from_i64(10));
    if (str_eq(attribute->unit, STR("percent")) && dec_cmp(step, dec_from_scaled(1, 1)) > 0 &&
        dec_cmp(top, hundred) <= 0)
        step = dec_from_scaled(1, 1);
    slide->from = plain(op, attribute, attribute->min, STR("0"));
    slide->to = dec_print(op->arena, top);
    slide->step = dec_print(op->arena, step);
}

static void add_slide(struct op *op, const struct whatif_variant *variant, int64_t scheme_id,
                      const struct scheme_attribute *attribute, const struct field_pairs *typed,
                      struct whatif__page *v)
{
    struct str value = value_of(variant, scheme_id, attribute), canonical;
    struct whatif__slide slide = {
        .name = str_printf(op->arena, "set:%s:" STR_FMT, pid_of("sch", scheme_id).text,
                           STR_ARG(attribute->name)),
        .label = attribute->label,
        .unit = str_eq(attribute->unit, STR("percent")) ? STR("%") : STR(""),
        .number = (int64_t)v->slides.len};
    slide.value = scheme_value_input(op, attribute, value);
    for (size_t i = 0; typed && i < typed->len; i++)
        if (str_eq(str_join(op->arena, STR("set:"), typed->at[i].name), slide.name)) {
            slide.value = typed->at[i].value;
            if (!scheme_value_typed(op, attribute, typed->at[i].value, &canonical))
                value = canonical;
        }
    slide.at = plain(op, attribute, value, STR("0"));
    set_range(op, attribute, &slide);
    VEC_PUSH(op->arena, &v->slides, slide);
}

static enum rc slides_of(struct op *op, const struct whatif_variant *variant, int64_t scheme_id,
                         const struct field_pairs *typed, struct whatif__page *v)
{
    const struct scheme *scheme = NULL;
    enum rc rc = whatif__model(op, variant, scheme_id, &scheme);
    if (rc == RC_MISSING)
        return RC_OK; /* a scheme without a version has no attributes */
    TRY(rc);
    for (size_t i = 0; i < scheme->attributes_len && v->slides.len < SLIDES_MAX; i++)
        if (str_eq(scheme->attributes[i].type, STR("number")))
            add_slide(op, variant, scheme_id, &scheme->attributes[i], typed, v);
    return RC_OK;
}

static int64_t scheme_of(const struct reward_supposition *change)
{
    return change->what == REWARD_SUPPOSE_BOUND ? change->other_id : change->scheme_id;
}

static enum rc add_slides(struct op *op, const struct whatif *w, int64_t position,
                          const struct field_pairs *typed, struct whatif__page *v)
{
    const struct whatif_variant *variant = &w->variants[position - 1];
    for (size_t i = 0; i < variant->changes.len; i++) {
        int64_t scheme_id = scheme_of(&variant->changes.at[i]);
        size_t k = 0;
        while (k < i && scheme_of(&variant->changes.at[k]) != scheme_id)
            k++;
        if (k == i)
            TRY(slides_of(op, variant, scheme_id, typed, v));
    }
    v->try_href = whatif__href(op, w->id, "/try");
    v->decimal = str_sub(i18n_scaled(op->arena, op->lang, 1, 1), 1, 1);
    return RC_OK;
}

enum rc whatif__slides(struct op *op, const struct whatif *w, int64_t position,
                       struct whatif__page *v)
{
    return add_slides(op, w, position, NULL, v);
}

/* ---- what they give ---- */

static const struct scheme_attribute *find(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

/* "sch_…:rate of seafood" and what was typed. */
static enum rc take_value(struct op *op, const struct whatif_variant *variant,
                          const struct field_pair *pair, struct whatif_changes *out)
{
    struct str rest = pair->name, id = str_cut(&rest, ':');
    int64_t scheme_id = 0;
    const struct scheme *scheme = NULL;
    if (!rest.at || !pid_parse("sch", id, &scheme_id))
        return fail(op, RC_INVALID, "set", M("Choose an attribute from the list."));
    TRY(whatif__model(op, variant, scheme_id, &scheme));
    const struct scheme_attribute *attribute = find(scheme, rest);
    if (!attribute)
        return fail(op, RC_INVALID, "set", M("The scheme has no attribute {0}."),
                    str_c(op->arena, rest));
    struct reward_supposition change = {
        .what = REWARD_SUPPOSE_VALUE, .scheme_id = scheme_id, .name = attribute->name};
    const char *wrong = scheme_value_typed(op, attribute, pair->value, &change.value);
    if (wrong)
        return fail(op, RC_INVALID, "set", wrong);
    if (!str_eq(change.value, value_of(variant, scheme_id, attribute)))
        VEC_PUSH(op->arena, out, change);
    return RC_OK;
}

struct person { /* of one partner: what was paid, what it would be */
    int64_t base_minor, total_minor;
    const struct currency *currency;
    bool is_incomplete, is_seen;
};

static enum rc read_base(struct op *op, const struct whatif *w, struct period month,
                         int64_t position, struct map *people)
{
    struct whatif_base_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    TRY(q_whatif_base_open(op, &(struct q_whatif_base_in){w->id, month.start.days, position},
                           &cursor));
    while ((rc = q_whatif_base_next(&cursor, &row)) == RC_OK) {
        struct person *person = NEW(op->arena, struct person);
        *person =
            (struct person){.base_minor = row.total_minor, .currency = currency_find(row.currency)};
        *map_put_i64(people, row.partner_id) = person;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Only of partners that the comparison has and the actor sees: those that have a base. */
static void add_results(struct op *op, const struct reward_calculation *calculation,
                        struct map *people, struct whatif_totals *out)
{
    VEC(struct person *) seen = {0};
    for (size_t i = 0; i < calculation->results_len; i++) {
        const struct reward_result *result = &calculation->results[i];
        struct person *person = map_get_i64(people, result->contract->partner_id);
        if (!person || person->currency != result->currency)
            continue;
        person->total_minor += result->total_minor;
        person->is_incomplete = person->is_incomplete || result->is_incomplete;
        if (!person->is_seen)
            VEC_PUSH(op->arena, &seen, person);
        person->is_seen = true;
    }
    for (size_t i = 0; i < seen.len; i++)
        whatif__figure(op->arena, out, 1, seen.at[i]->currency, seen.at[i]->base_minor,
                       seen.at[i]->total_minor, seen.at[i]->is_incomplete);
}

static void say(struct op *op, const struct whatif_totals *totals, struct period month,
                struct whatif__tried *out)
{
    const struct whatif_figures *f = NULL;
    for (size_t i = 0; i < totals->len; i++)
        if (!f || totals->at[i].deltas.len > f->deltas.len)
            f = &totals->at[i];
    out->title = i18n_period(op->arena, op->lang, month, PLACE_START);
    if (!f) {
        out->note = tr(op->lang, M("Nobody of this comparison has a contract in this month."));
        return;
    }
    int64_t delta = f->total_minor - f->base_minor;
    out->base = MONEY(f->base_minor, f->currency);
    out->amount = MONEY(f->total_minor, f->currency);
    out->total = i18n_money(op->arena, op->lang, MONEY(f->total_minor, f->currency));
    out->paid = i18n_money(op->arena, op->lang, MONEY(f->base_minor, f->currency));
    out->delta = i18n_money_delta(op->arena, op->lang, MONEY(delta, f->currency));
    out->is_up = delta > 0;
    out->is_down = delta < 0;
    whatif__counts(op, f, &out->counts);
}

static enum rc try_month(struct op *op, const struct whatif *w, int64_t position,
                         const struct whatif_changes *besides, struct whatif__tried *out)
{
    struct period month = period_step(period_of(PERIOD_MONTH, 0, w->to), -1);
    struct map *people = map_new(op->arena);
    struct whatif_totals totals = {0};
    AUTO_ARENA arena = arena_new((size_t)1 << ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL; /* lives in the arena, so it goes first */
    TRY(read_base(op, w, month, 0, people));
    struct whatif__month what = {
        .whatif = w, .position = position, .period = month, .besides = besides};
    TRY(whatif__month_calculate(op, arena, &what, &calculation));
    add_results(op, calculation, people, &totals);
    say(op, &totals, month, out);
    return RC_OK;
}

/* What was typed wrongly is said in the place of the figures. */
static enum rc tried(struct op *op, const struct whatif *w, int64_t position,
                     const struct field_pairs *typed, struct whatif__tried *out)
{
    struct whatif_changes besides = {0};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < typed->len; i++)
        rc = take_value(op, &w->variants[position - 1], &typed->at[i], &besides);
    if (rc == RC_OK)
        rc = try_month(op, w, position, &besides, out);
    if (rc != RC_INVALID)
        return rc;
    out->note =
        op->fault.entries_len ? i18n_fault(op->arena, op->lang, &op->fault.entries[0]) : STR("");
    fault_clear(&op->fault);
    return RC_OK;
}

enum rc whatif__page_try(struct req *r)
{
    struct op *op = r->op;
    const struct whatif__try_query *query = form(r);
    struct whatif__page v = {0};
    int64_t position = query->variant.has ? query->variant.v : 1;
    TRY(whatif_get(op, path_id(r, "wif"), &v.w));
    if (position > (int64_t)v.w.variants_len)
        return RC_MISSING;
    TRY(tried(op, &v.w, position, &query->set, &v.tried));
    if (r->is_htmx)
        return PAGE(r, NULL, whatif_tried, &v.tried);
    v.variant_pid = str_printf(op->arena, "%lld", (long long)position);
    TRY(add_slides(op, &v.w, position, &query->set, &v));
    v.head.name =
        i18n_format(op->arena, op->lang, M("Try values of variant {0}"), whatif__letter(position));
    ui_crumb(op, &v.head, M("What-if"), STR("/what-if"));
    ui_crumb_text(op, &v.head, v.w.name, whatif__href(op, v.w.id, ""));
    page_title(r, v.head.name);
    return REPLY(r, NULL, whatif__try, &v);
}
