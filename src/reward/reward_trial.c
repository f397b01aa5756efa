/* A result that is not stored, shown as a stored one: it is written in a transaction that is rolled
 * back, and read by the code that reads every other. So there is one explanation of an amount, also
 * of a hypothetical one. Numbers of derivations stand in addresses instead of ids, which live no
 * longer than the transaction. */
#include "reward/reward_q.h"
#include "reward/reward_store.h"
#include "reward/reward_view.h"
#include "reward/reward_web.h"

enum { LINES_SHOWN = 20 };

static enum rc write(struct op *op, const struct reward_trial *trial, int64_t *out_id)
{
    struct period period = trial->calculation->period;
    struct span span = period_span(period, op->zone);
    struct reward_run run = {.period = period};
    struct actor before = reward__as_system(op);
    enum rc rc =
        q_reward_run_add(op,
                         &(struct q_reward_run_add_in){.period = period_print(op->arena, period),
                                                       .from_day = period.start.days,
                                                       .to_day = period.end.days,
                                                       .from_at = span.start_us,
                                                       .to_at = span.end_us,
                                                       .note = STR(""),
                                                       .created_at = op->now},
                         &run.id);
    if (rc == RC_OK)
        rc = reward__store_result(op, &run, trial->calculation, trial->result, 1, out_id);
    op->actor = before;
    return rc;
}

static struct str amount_href(struct op *op, const struct reward_trial *trial, size_t n)
{
    return str_printf(op->arena, STR_FMT "&amount=%zu", STR_ARG(trial->address), n);
}

/* Addresses name the derivation by its place among those of the result. */
static void number_lines(struct op *op, const struct reward_trial *trial,
                         const struct reward_id_row_rows *ids, struct reward__paper *v)
{
    for (size_t i = 0; i < v->lines.len; i++)
        for (size_t k = 0; k < ids->len; k++)
            if (ids->at[k].id == v->lines.at[i].derivation_id) {
                v->lines.at[i].href = amount_href(op, trial, k + 1);
                v->lines.at[i].is_open = (int64_t)k + 1 == trial->amount;
            }
}

static enum rc open_panel(struct op *op, const struct reward_trial *trial,
                          const struct reward_id_row_rows *ids, struct reward__paper *v)
{
    if (trial->amount < 1)
        return RC_OK;
    if (trial->amount > (int64_t)ids->len)
        return RC_MISSING;
    struct reward__panel *panel = NEW(op->arena, struct reward__panel);
    TRY(reward__panel_load(op, v, ids->at[trial->amount - 1].id, 0, LINES_SHOWN, panel));
    panel->close_href = trial->address;
    panel->copy_href = amount_href(op, trial, (size_t)trial->amount);
    panel->more_href = STR_NONE;
    for (size_t i = 0; i < panel->events.len; i++)
        panel->events.at[i].href = STR_NONE;
    v->panel = panel;
    return RC_OK;
}

/* Everything is read into the arena before the transaction goes. */
static enum rc read_back(struct op *op, const struct reward_trial *trial, struct reward__paper *v)
{
    int64_t id = 0;
    struct reward_id_row_rows ids;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(write(op, trial, &id));
    TRY(reward__paper_load(op, REWARD_RESULT, id, v));
    TRY(q_reward_derivation_ids(op, &(struct q_reward_derivation_ids_in){id}, &ids));
    number_lines(op, trial, &ids, v);
    return open_panel(op, trial, &ids, v);
}

enum rc reward_trial_page(struct req *r, const struct reward_trial *trial)
{
    struct reward__paper v;
    TRY(read_back(r->op, trial, &v));
    v.base = trial->address;
    v.head = trial->head;
    v.hint = trial->hint;
    page_title(r, v.head.name);
    return REPLY(r, NULL, reward_paper, &v);
}
