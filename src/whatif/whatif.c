/* Comparisons as records: who made them, what their variants suppose, who sees them. */
#include "whatif/whatif_int.h"

static bool sees_all(const struct op *op)
{
    return op->actor.kind == ACTOR_SYSTEM;
}

static enum rc must(struct op *op)
{
    TRY(op_must(op, "run.read"));
    return op_must(op, "scheme.read");
}

/* ---- reading ---- */

static void from_rec(const struct whatif_rec *rec, struct whatif *out)
{
    *out = (struct whatif){.id = rec->id,
                           .revision = rec->revision,
                           .name = rec->name,
                           .note = rec->note,
                           .from = {(int32_t)rec->from_day},
                           .to = {(int32_t)rec->to_day},
                           .is_shared = rec->is_shared,
                           .state = rec->state,
                           .failure = rec->failure,
                           .created_by = rec->created_by,
                           .created_at = rec->created_at,
                           .calculated_at = rec->calculated_at,
                           .archived_at = rec->archived_at};
    if (rec->budget_minor.has)
        out->budget = MONEY(rec->budget_minor.v, currency_find(rec->budget_currency));
}

static enum rc load_changes(struct op *op, struct whatif *w)
{
    struct whatif_change_row_rows rows;
    TRY(q_whatif_changes(op, &(struct q_whatif_changes_in){w->id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct whatif_change_row *row = &rows.at[i];
        struct reward_supposition change = {.what = (enum reward_suppose)row->what,
                                            .scheme_id = row->scheme_id,
                                            .version_id = row->version_id,
                                            .other_id = row->other_id,
                                            .partner_id = row->of_partner_id,
                                            .name = row->name,
                                            .value = row->value,
                                            .is_for_all = row->is_for_all};
        for (size_t v = 0; v < w->variants_len; v++)
            if (w->variants[v].id == row->variant_id)
                VEC_PUSH(op->arena, &w->variants[v].changes, change);
    }
    return RC_OK;
}

static enum rc load(struct op *op, const struct whatif_rec *rec, struct whatif *out)
{
    struct whatif_variant_row_rows variants;
    struct whatif_partner_row_rows partners;
    from_rec(rec, out);
    TRY(q_whatif_variants(op, &(struct q_whatif_variants_in){rec->id}, &variants));
    for (size_t i = 0; i < variants.len && i < WHATIF_VARIANTS_MAX; i++)
        out->variants[out->variants_len++] = (struct whatif_variant){
            variants.at[i].id, variants.at[i].position, variants.at[i].name, {0}};
    TRY(load_changes(op, out));
    TRY(q_whatif_partner_ids(op, &(struct q_whatif_partner_ids_in){rec->id}, &partners));
    for (size_t i = 0; i < partners.len; i++)
        VEC_PUSH(op->arena, &out->partner_ids, partners.at[i].partner_id);
    return RC_OK;
}

enum rc whatif_get(struct op *op, int64_t id, struct whatif *out)
{
    struct whatif_rec rec;
    TRY(must(op));
    TRY(q_whatif(op, &(struct q_whatif_in){id, op->actor.user_id, sees_all(op)}, &rec));
    return load(op, &rec, out);
}

enum rc whatif_by_name(struct op *op, struct str name, struct whatif *out)
{
    struct whatif_rec rec;
    TRY(must(op));
    TRY(q_whatif_by_name(op, &(struct q_whatif_by_name_in){text_fold(op->arena, name)}, &rec));
    return whatif_get(op, rec.id, out);
}

/* ---- changing ---- */

static enum rc note(struct op *op, const char *action, const struct whatif *w)
{
    return audit_add(
        op, &(struct audit_entry){
                .action = action, .record = "whatif", .record_id = w->id, .label = w->name});
}

static enum rc drop_results(struct op *op, int64_t id)
{
    TRY(q_whatif_rows_drop(op, &(struct q_whatif_rows_drop_in){id}));
    TRY(q_whatif_sums_drop(op, &(struct q_whatif_sums_drop_in){id}));
    return q_whatif_state(op, &(struct q_whatif_state_in){id, STR("draft"), STR(""), NONE});
}

static int64_t months_between(struct date from, struct date to)
{
    return date_months_between(from, to);
}

static enum rc check(struct op *op, struct whatif *w)
{
    w->name = str_trim(w->name.at ? w->name : STR(""));
    if (w->name.len == 0)
        return fail(op, RC_INVALID, "name", M("This field is required."));
    if (w->to.days <= w->from.days)
        return fail(op, RC_INVALID, "to", M("The last month must not be before the first."));
    if (months_between(w->from, w->to) > WHATIF_MONTHS_MAX)
        return fail(op, RC_INVALID, "to", M("At most 36 months can be compared at once."));
    if (w->budget.currency && w->budget.minor < 0)
        return fail(op, RC_INVALID, "budget", M("A budget is not negative."));
    return RC_OK;
}

static bool same_ids(const struct i64_list *a, const struct i64_list *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        size_t k = 0;
        while (k < b->len && b->at[k] != a->at[i])
            k++;
        if (k == b->len)
            return false;
    }
    return true;
}

static enum rc set_partners(struct op *op, int64_t id, const struct i64_list *ids)
{
    TRY(q_whatif_partners_drop(op, &(struct q_whatif_partners_drop_in){id}));
    for (size_t i = 0; i < ids->len; i++)
        TRY(q_whatif_partner_add(op, &(struct q_whatif_partner_add_in){id, ids->at[i]}));
    return RC_OK;
}

static struct str budget_code(const struct whatif *w)
{
    return w->budget.currency ? str_of(w->budget.currency->code) : STR("");
}

static enum rc add(struct op *op, struct whatif *w)
{
    TRY(q_whatif_add(
        op,
        &(struct q_whatif_add_in){.name = w->name,
                                  .name_fold = text_fold(op->arena, w->name),
                                  .note = w->note.at ? w->note : STR(""),
                                  .from_day = w->from.days,
                                  .to_day = w->to.days,
                                  .budget_minor = w->budget.currency ? SOME(w->budget.minor) : NONE,
                                  .budget_currency = budget_code(w),
                                  .created_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                                  .created_at = op->now},
        &w->id));
    TRY(set_partners(op, w->id, &w->partner_ids));
    return note(op, "whatif.add", w);
}

static enum rc edit(struct op *op, struct whatif *w)
{
    struct whatif old;
    TRY(whatif_get(op, w->id, &old));
    TRY(op_stale_if(
        op, q_whatif_edit(op, &(struct q_whatif_edit_in){
                                  .id = w->id,
                                  .revision = w->revision,
                                  .name = w->name,
                                  .name_fold = text_fold(op->arena, w->name),
                                  .note = w->note.at ? w->note : STR(""),
                                  .from_day = w->from.days,
                                  .to_day = w->to.days,
                                  .budget_minor = w->budget.currency ? SOME(w->budget.minor) : NONE,
                                  .budget_currency = budget_code(w)})));
    if (w->from.days == old.from.days && w->to.days == old.to.days &&
        same_ids(&w->partner_ids, &old.partner_ids))
        return RC_OK;
    TRY(set_partners(op, w->id, &w->partner_ids));
    return drop_results(op, w->id);
}

enum rc whatif_save(struct op *op, const struct whatif *in, int64_t *out_id)
{
    struct whatif w = *in;
    TRY(must(op));
    TRY(check(op, &w));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(w.id ? edit(op, &w) : add(op, &w));
    *out_id = w.id;
    return txn_commit(&txn);
}

/* ---- variants ---- */

static enum rc check_value(struct op *op, const struct whatif_variant *variant,
                           struct reward_supposition *change)
{
    const struct scheme *scheme = NULL;
    TRY(whatif__model(op, variant, change->scheme_id, &scheme));
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        if (!str_eq(scheme->attributes[i].name, change->name))
            continue;
        const char *wrong =
            scheme_value_check(op->arena, &scheme->attributes[i], change->value, &change->value);
        return wrong ? fail(op, RC_INVALID, "value", wrong) : RC_OK;
    }
    return fail(op, RC_INVALID, "value", M("The scheme has no attribute {0}."),
                str_c(op->arena, change->name));
}

static enum rc check_change(struct op *op, const struct whatif_variant *variant,
                            struct reward_supposition *change)
{
    struct scheme_version version;
    struct scheme_info other;
    struct partner partner;
    if (change->partner_id)
        TRY(partner_get(op, change->partner_id, &partner));
    switch (change->what) {
    case REWARD_SUPPOSE_VERSION:
        TRY(scheme_version_get(op, change->version_id, &version));
        change->scheme_id = version.scheme_id;
        return RC_OK;
    case REWARD_SUPPOSE_BOUND: return scheme_get(op, change->other_id, &other);
    case REWARD_SUPPOSE_VALUE: break;
    }
    return check_value(op, variant, change);
}

static enum rc set_changes(struct op *op, int64_t variant_id, const struct whatif_changes *changes)
{
    TRY(q_whatif_changes_drop(op, &(struct q_whatif_changes_drop_in){variant_id}));
    for (size_t i = 0; i < changes->len; i++) {
        const struct reward_supposition *change = &changes->at[i];
        TRY(q_whatif_change_add(op, &(struct q_whatif_change_add_in){
                                        .variant_id = variant_id,
                                        .what = (int64_t)change->what,
                                        .scheme_id = change->scheme_id,
                                        .version_id = change->version_id,
                                        .other_id = change->other_id,
                                        .of_partner_id = change->partner_id,
                                        .name = change->name.at ? change->name : STR(""),
                                        .value = change->value.at ? change->value : STR(""),
                                        .is_for_all = change->is_for_all}));
    }
    return RC_OK;
}

static enum rc check_variant(struct op *op, struct whatif_variant *variant)
{
    if (variant->changes.len == 0)
        return fail(op, RC_INVALID, "version",
                    M("Say what is different: a version, a value, or another scheme."));
    if (variant->changes.len > WHATIF_CHANGES_MAX)
        return fail(op, RC_TOO_LARGE, "version", M("A variant has at most 12 changes."));
    struct reward_supposition *changes =
        NEW_ARRAY(op->arena, struct reward_supposition, variant->changes.len);
    memcpy(changes, variant->changes.at, variant->changes.len * sizeof(*changes));
    variant->changes.at = changes;
    for (size_t i = 0; i < variant->changes.len; i++)
        TRY(check_change(op, variant, &changes[i]));
    return RC_OK;
}

static enum rc put_variant(struct op *op, const struct whatif *w, struct whatif_variant *variant)
{
    struct str name = variant->name.at ? str_trim(variant->name) : STR("");
    bool is_old = variant->position > 0 && variant->position <= (int64_t)w->variants_len;
    if (!is_old && w->variants_len == WHATIF_VARIANTS_MAX)
        return fail(op, RC_CONFLICT, NULL, M("A comparison has at most four variants."));
    if (is_old) {
        variant->id = w->variants[variant->position - 1].id;
        return q_whatif_variant_edit(op, &(struct q_whatif_variant_edit_in){variant->id, name});
    }
    return q_whatif_variant_add(
        op, &(struct q_whatif_variant_add_in){w->id, (int64_t)w->variants_len + 1, name},
        &variant->id);
}

enum rc whatif_variant_save(struct op *op, int64_t whatif_id, const struct whatif_variant *in)
{
    struct whatif w;
    struct whatif_variant variant = *in;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, whatif_id, &w));
    TRY(check_variant(op, &variant));
    TRY(put_variant(op, &w, &variant));
    TRY(set_changes(op, variant.id, &variant.changes));
    TRY(drop_results(op, whatif_id));
    return txn_commit(&txn);
}

enum rc whatif_variant_remove(struct op *op, int64_t whatif_id, int64_t position)
{
    struct whatif w;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, whatif_id, &w));
    if (position < 1 || position > (int64_t)w.variants_len)
        return RC_MISSING;
    int64_t id = w.variants[position - 1].id;
    TRY(q_whatif_changes_drop(op, &(struct q_whatif_changes_drop_in){id}));
    TRY(q_whatif_variant_drop(op, &(struct q_whatif_variant_drop_in){id}));
    for (int64_t at = position + 1; at <= (int64_t)w.variants_len; at++)
        TRY(q_whatif_variants_up(op, &(struct q_whatif_variants_up_in){whatif_id, at}));
    TRY(drop_results(op, whatif_id));
    return txn_commit(&txn);
}

/* ---- sharing, archiving, removing ---- */

enum rc whatif_share(struct op *op, int64_t id, int64_t revision, bool is_shared)
{
    struct whatif w;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, id, &w));
    TRY(op_stale_if(op, q_whatif_share(op, &(struct q_whatif_share_in){id, revision, is_shared})));
    TRY(note(op, is_shared ? "whatif.share" : "whatif.unshare", &w));
    return txn_commit(&txn);
}

enum rc whatif_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct whatif w;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, id, &w));
    if (w.archived_at.has == is_archived)
        return txn_commit(&txn);
    TRY(op_stale_if(op,
                    q_whatif_archive(op, &(struct q_whatif_archive_in){
                                             id, revision, is_archived ? SOME(op->now) : NONE})));
    TRY(note(op, is_archived ? "whatif.archive" : "whatif.restore", &w));
    return txn_commit(&txn);
}

enum rc whatif_remove(struct op *op, int64_t id, int64_t revision)
{
    struct whatif w;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, id, &w));
    bool is_own = w.created_by.has && w.created_by.v == op->actor.user_id;
    if (!is_own)
        TRY(op_must(op, "scheme.edit"));
    if (w.revision != revision)
        return op_stale(op);
    TRY(drop_results(op, id));
    TRY(q_whatif_changes_drop_all(op, &(struct q_whatif_changes_drop_all_in){id}));
    TRY(q_whatif_variants_drop(op, &(struct q_whatif_variants_drop_in){id}));
    TRY(q_whatif_partners_drop(op, &(struct q_whatif_partners_drop_in){id}));
    TRY(q_whatif_drop(op, &(struct q_whatif_drop_in){id}));
    TRY(note(op, "whatif.remove", &w));
    return txn_commit(&txn);
}

/* ---- figures ---- */

void whatif__figure(struct arena *arena, struct whatif_totals *totals, int64_t position,
                    const struct currency *currency, int64_t base_minor, int64_t total_minor,
                    bool is_incomplete)
{
    size_t i = 0;
    int64_t delta = total_minor - base_minor;
    while (i < totals->len &&
           (totals->at[i].position != position || totals->at[i].currency != currency))
        i++;
    if (i == totals->len)
        VEC_PUSH(arena, totals,
                 ((struct whatif_figures){.position = position, .currency = currency}));
    struct whatif_figures *figures = &totals->at[i];
    figures->base_minor += base_minor;
    figures->total_minor += total_minor;
    figures->more += delta > 0 ? 1 : 0;
    figures->more_minor += delta > 0 ? delta : 0;
    figures->less += delta < 0 ? 1 : 0;
    figures->less_minor += delta < 0 ? delta : 0;
    figures->same += delta == 0 ? 1 : 0;
    figures->incomplete += is_incomplete ? 1 : 0;
    VEC_PUSH(arena, &figures->deltas, delta);
}

static int by_weight(const void *left, const void *right)
{
    const struct whatif_figures *a = left, *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    if (a->deltas.len != b->deltas.len)
        return a->deltas.len > b->deltas.len ? -1 : 1;
    return strcmp(a->currency->code, b->currency->code);
}

enum rc whatif_totals(struct op *op, int64_t id, struct whatif_totals *out)
{
    struct whatif_sum_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    *out = (struct whatif_totals){0};
    TRY(q_whatif_sums_all_open(op, &(struct q_whatif_sums_all_in){id}, &cursor));
    while ((rc = q_whatif_sums_all_next(&cursor, &row)) == RC_OK)
        whatif__figure(op->arena, out, row.position, currency_find(row.currency), row.base_minor,
                       row.total_minor, row.incomplete > 0);
    if (out->len > 0)
        qsort(out->at, out->len, sizeof(*out->at), by_weight);
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- at start ---- */

static const struct audit_name names[] = {
    {"whatif", M("Comparison"), "/what-if/", "wif"},
    {"whatif.add", M("Comparison added"), NULL, NULL},
    {"whatif.share", M("Comparison shared"), NULL, NULL},
    {"whatif.unshare", M("Comparison no longer shared"), NULL, NULL},
    {"whatif.archive", M("Comparison archived"), NULL, NULL},
    {"whatif.restore", M("Comparison restored"), NULL, NULL},
    {"whatif.remove", M("Comparison deleted"), NULL, NULL},
    {0},
};

void whatif_start_module(void)
{
    audit_name_declare(names);
}

const struct ui_page whatif_pages[] = {{UI_SCHEMES, M("What-if"), "/what-if", "run.read"}};
const size_t whatif_pages_len = LEN(whatif_pages);
