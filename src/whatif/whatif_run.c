/* Computing a comparison: month by month, each variant after the other, so that a month's facts are
 * read once for all of them. A variant hands its own carried values from month to month. What was
 * posted is the base; contracts without a posted result get what is in force now beside it. */
#include "json/json.h"
#include "whatif/whatif_int.h"

enum { ARENA_BYTES_LOG2 = 34 };

/* ---- one month ---- */

/* The version's text comes from the store; the supposition says which. */
static enum rc add_supposition(struct op *op, struct whatif_changes *out, struct arena *arena,
                               struct reward_supposition change)
{
    if (change.what == REWARD_SUPPOSE_VERSION)
        TRY(scheme_version_load(op, change.version_id, &change.scheme));
    VEC_PUSH(arena, out, change);
    return RC_OK;
}

static enum rc suppositions_of(struct op *op, struct arena *arena,
                               const struct whatif__month *month, struct whatif_changes *out)
{
    *out = (struct whatif_changes){0};
    if (month->position > 0) {
        const struct whatif_changes *changes =
            &month->whatif->variants[month->position - 1].changes;
        for (size_t i = 0; i < changes->len; i++)
            TRY(add_supposition(op, out, arena, changes->at[i]));
    }
    for (size_t i = 0; month->besides && i < month->besides->len; i++)
        TRY(add_supposition(op, out, arena, month->besides->at[i]));
    return RC_OK;
}

enum rc whatif__month_calculate(struct op *op, struct arena *arena,
                                const struct whatif__month *month,
                                const struct reward_calculation **out)
{
    struct whatif_changes changes;
    TRY(suppositions_of(op, arena, month, &changes));
    struct reward_ask ask = {.period = month->period,
                             .contract_id = month->contract_id,
                             .suppositions = changes.at,
                             .suppositions_len = changes.len,
                             .reading = month->reading,
                             .trail = month->trail};
    return reward_try(op, arena, &ask, out);
}

/* ---- all months ---- */

struct calculating {
    struct op *op;
    struct job *job; /* NULL: in the caller's thread */
    struct whatif w;
    struct arena *kept, *passing; /* of the comparison; of a month */
    struct map *chosen;           /* partner ids; NULL: all */
    struct reward_trail *trails[WHATIF_VARIANTS_MAX + 1];
    bool has_trail; /* position 0: some month was not posted */
    struct whatif__rows rows;
    int64_t done, total;
    void (*progress)(void *self, int64_t done, int64_t total);
    void *self;
};

static enum rc tell(struct calculating *c)
{
    c->done++;
    if (c->progress)
        c->progress(c->self, c->done, c->total);
    return c->job ? job_check(c->job) : RC_OK;
}

static void add_row(struct calculating *c, struct whatif__row row)
{
    if (!c->chosen || map_get_i64(c->chosen, row.partner_id))
        VEC_PUSH(c->kept, &c->rows, row);
}

static void add_results(struct calculating *c, const struct reward_calculation *calculation,
                        int64_t position, const struct map *posted)
{
    for (size_t i = 0; i < calculation->results_len; i++) {
        const struct reward_result *result = &calculation->results[i];
        if (posted && map_get_i64(posted, result->contract->id))
            continue;
        add_row(c, (struct whatif__row){.position = position,
                                        .partner_id = result->contract->partner_id,
                                        .contract_id = result->contract->id,
                                        .from_day = calculation->period.start.days,
                                        .total_minor = result->total_minor,
                                        .currency = result->currency,
                                        .is_incomplete = result->is_incomplete});
    }
}

static enum rc variant_month(struct calculating *c, struct reward_reading *reading,
                             struct period period, int64_t position, const struct map *posted)
{
    AUTO_ARENA arena = arena_new((size_t)1 << ARENA_BYTES_LOG2);
    AUTO_CALCULATION calculation = NULL; /* lives in the arena, so it goes first */
    struct whatif__month month = {.whatif = &c->w,
                                  .position = position,
                                  .period = period,
                                  .trail = c->trails[position],
                                  .reading = reading};
    TRY(whatif__month_calculate(c->op, arena, &month, &calculation));
    add_results(c, calculation, position, posted);
    reward_trail_add(c->trails[position], calculation);
    return tell(c);
}

/* Whether some contract of the month has no posted result. */
static bool lacks_posted(const struct contract_terms_list *contracts, const struct map *posted)
{
    for (size_t i = 0; i < contracts->len; i++)
        if (!map_get_i64(posted, contracts->at[i].id))
            return true;
    return false;
}

static enum rc base_month(struct calculating *c, struct reward_reading *reading,
                          struct period period)
{
    struct reward_posted_list list;
    struct contract_terms_list contracts = {0};
    struct map *posted = map_new(c->passing);
    TRY(reward_posted_in(c->op, period, &list));
    for (size_t i = 0; i < list.len; i++) {
        const struct reward_posted *result = &list.at[i];
        *map_put_i64(posted, result->contract_id) = c;
        add_row(c, (struct whatif__row){.partner_id = result->partner_id,
                                        .contract_id = result->contract_id,
                                        .from_day = period.start.days,
                                        .total_minor = result->total_minor,
                                        .currency = result->currency,
                                        .result_id = result->result_id,
                                        .is_posted = true});
    }
    TRY(contract_terms_in(c->op, period.start.days, period.end.days, 0, &contracts));
    if (!lacks_posted(&contracts, posted))
        return tell(c);
    return variant_month(c, reading, period, 0, posted);
}

static enum rc one_month(struct calculating *c, struct period period)
{
    struct arena *before = c->op->arena;
    AUTO_READING reading = reward_reading_new();
    arena_reset(c->passing);
    c->op->arena = c->passing;
    enum rc rc = base_month(c, reading, period);
    for (size_t v = 1; rc == RC_OK && v <= c->w.variants_len; v++)
        rc = variant_month(c, reading, period, (int64_t)v, NULL);
    c->op->arena = before;
    return rc;
}

static enum rc all_months(struct calculating *c)
{
    struct period period = period_of(PERIOD_MONTH, 0, c->w.from);
    for (size_t v = 0; v <= c->w.variants_len; v++)
        c->trails[v] = reward_trail_new(c->kept);
    c->total = date_months_between(c->w.from, c->w.to) * ((int64_t)c->w.variants_len + 1);
    for (; period.start.days < c->w.to.days; period = period_step(period, 1))
        TRY(one_month(c, period));
    return RC_OK;
}

/* ---- storing ---- */

struct sum {
    int64_t partner_id;
    const struct currency *currency;
    int64_t minor[WHATIF_VARIANTS_MAX + 1], incomplete[WHATIF_VARIANTS_MAX + 1];
};
struct sums {
    VEC(struct sum *) list;
    struct map *found; /* "partner currency" */
};

static void add_sum(struct arena *arena, struct sums *sums, const struct whatif__row *row)
{
    struct str key = str_printf(arena, "%lld %s", (long long)row->partner_id, row->currency->code);
    void **slot = map_put(sums->found, key);
    if (!*slot) {
        struct sum *sum = NEW(arena, struct sum);
        *sum = (struct sum){.partner_id = row->partner_id, .currency = row->currency};
        VEC_PUSH(arena, &sums->list, sum);
        *slot = sum;
    }
    struct sum *sum = *slot;
    sum->minor[row->position] += row->total_minor;
    sum->incomplete[row->position] += row->is_incomplete ? 1 : 0;
}

static enum rc store_sums(struct calculating *c)
{
    struct sums sums = {.found = map_new(c->kept)};
    size_t len = 0;
    for (size_t i = 0; i < c->rows.len; i++)
        add_sum(c->kept, &sums, &c->rows.at[i]);
    struct q_whatif_sum_add_in *rows =
        NEW_ARRAY(c->kept, struct q_whatif_sum_add_in, sums.list.len * c->w.variants_len);
    for (size_t v = 1; v <= c->w.variants_len; v++)
        for (size_t i = 0; i < sums.list.len; i++) {
            const struct sum *sum = sums.list.at[i];
            rows[len++] = (struct q_whatif_sum_add_in){.whatif_id = c->w.id,
                                                       .position = (int64_t)v,
                                                       .partner_id = sum->partner_id,
                                                       .currency = str_of(sum->currency->code),
                                                       .base_minor = sum->minor[0],
                                                       .total_minor = sum->minor[v],
                                                       .delta_minor = sum->minor[v] - sum->minor[0],
                                                       .incomplete = sum->incomplete[v]};
        }
    return len ? q_whatif_sum_add(c->op, rows, len, NULL) : RC_OK;
}

static enum rc store_rows(struct calculating *c)
{
    struct q_whatif_row_add_in *rows = NEW_ARRAY(c->kept, struct q_whatif_row_add_in, c->rows.len);
    for (size_t i = 0; i < c->rows.len; i++) {
        const struct whatif__row *row = &c->rows.at[i];
        rows[i] = (struct q_whatif_row_add_in){.whatif_id = c->w.id,
                                               .partner_id = row->partner_id,
                                               .contract_id = row->contract_id,
                                               .from_day = row->from_day,
                                               .position = row->position,
                                               .currency = str_of(row->currency->code),
                                               .total_minor = row->total_minor,
                                               .is_posted = row->is_posted,
                                               .is_incomplete = row->is_incomplete,
                                               .result_id = row->result_id};
    }
    return c->rows.len ? q_whatif_row_add(c->op, rows, c->rows.len, NULL) : RC_OK;
}

static enum rc begin(struct calculating *c, struct txn *txn)
{
    return c->job ? job_txn(c->job, txn) : txn_begin(c->op, txn);
}

static enum rc store(struct calculating *c)
{
    struct whatif now;
    AUTO_TXN txn = {0};
    TRY(begin(c, &txn));
    TRY(whatif_get(c->op, c->w.id, &now));
    if (now.revision != c->w.revision)
        return fail(c->op, RC_INVALID, NULL,
                    M("The comparison was changed meanwhile; calculate it again."));
    TRY(q_whatif_rows_drop(c->op, &(struct q_whatif_rows_drop_in){c->w.id}));
    TRY(q_whatif_sums_drop(c->op, &(struct q_whatif_sums_drop_in){c->w.id}));
    TRY(store_rows(c));
    TRY(store_sums(c));
    TRY(q_whatif_state(
        c->op, &(struct q_whatif_state_in){c->w.id, STR("calculated"), STR(""), SOME(c->op->now)}));
    return txn_commit(&txn);
}

static enum rc calculate(struct op *op, int64_t id, struct job *job,
                         void (*progress)(void *self, int64_t done, int64_t total), void *self)
{
    AUTO_ARENA kept = arena_new((size_t)1 << ARENA_BYTES_LOG2);
    AUTO_ARENA passing = arena_new((size_t)1 << ARENA_BYTES_LOG2);
    struct calculating *c = NEW(kept, struct calculating);
    *c = (struct calculating){
        .op = op, .job = job, .kept = kept, .passing = passing, .progress = progress, .self = self};
    TRY(whatif_get(op, id, &c->w));
    if (c->w.variants_len == 0)
        return fail(op, RC_CONFLICT, NULL, M("Add a variant first: what would be different?"));
    if (c->w.partner_ids.len > 0)
        c->chosen = map_new(kept);
    for (size_t i = 0; i < c->w.partner_ids.len; i++)
        *map_put_i64(c->chosen, c->w.partner_ids.at[i]) = c;
    TRY(all_months(c));
    return store(c);
}

enum rc whatif_calculate(struct op *op, int64_t id,
                         void (*progress)(void *self, int64_t done, int64_t total), void *self)
{
    return calculate(op, id, NULL, progress, self);
}

/* ---- as a job ---- */

static void job_tell(void *self, int64_t done, int64_t total)
{
    job_progress(self, done, total,
                 M("{0} of {1, plural, one {# calculation} other {# calculations}}"));
}

static enum rc note_failure(struct job *job, int64_t id)
{
    struct fault kept = job->op->fault;
    struct str words =
        kept.entries_len ? i18n_fault(job->op->arena, job->op->lang, &kept.entries[0]) : STR("");
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(q_whatif_state(job->op, &(struct q_whatif_state_in){id, STR("failed"), words, NONE}));
    TRY(txn_commit(&txn));
    job->op->fault = kept;
    return RC_OK;
}

static enum rc run(struct job *job)
{
    int64_t id = 0;
    if (!json_i64(json_get(job->args, "whatif"), &id))
        return RC_INVALID;
    enum rc rc = calculate(job->op, id, job, job_tell, job);
    if (rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_DENIED || rc == RC_CONFLICT) {
        enum rc noted = note_failure(job, id);
        return noted == RC_OK ? RC_INVALID : noted;
    }
    TRY(rc);
    struct job_result result = {.message = M("The comparison is there."),
                                .link = whatif__href(job->op, id, "")};
    job_result_set(job, &result);
    return RC_OK;
}

const struct job_kind whatif_jobs[] = {
    {.name = "whatif.calculate",
     .label = M("What-if comparison"),
     .run = run,
     .lane = JOB_LONG,
     .permission = "run.read"},
    {.name = NULL},
};

enum rc whatif_start(struct op *op, int64_t id, int64_t *out_job_id)
{
    struct whatif w;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_get(op, id, &w));
    if (w.variants_len == 0)
        return fail(op, RC_CONFLICT, NULL, M("Add a variant first: what would be different?"));
    TRY(q_whatif_state(op, &(struct q_whatif_state_in){id, STR("calculating"), STR(""), NONE}));
    struct job_new what = {
        .kind = "whatif.calculate",
        .payload = str_printf(op->arena, "{\"whatif\":%lld}", (long long)id),
        .title = w.name,
        .once_key = str_printf(op->arena, "whatif:%lld", (long long)id),
    };
    TRY(job_enqueue(op, &what, out_job_id));
    return txn_commit(&txn);
}
