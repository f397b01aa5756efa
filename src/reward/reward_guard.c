/* What is posted must stay what it was computed by: versions of contracts and schemes may begin
 * only after the last posted period that they had a part in. */
#include "reward/reward_int.h"
#include "reward/reward_q.h"

static enum rc contract_free_from(struct op *op, int64_t contract_id, int64_t *out_day)
{
    struct reward_free_row row;
    TRY(q_reward_free_of_contract(op, &(struct q_reward_free_of_contract_in){contract_id}, &row));
    *out_day = row.from_day;
    return RC_OK;
}

static enum rc scheme_free_from(struct op *op, int64_t scheme_id, int64_t *out_at)
{
    struct reward_free_row row;
    TRY(q_reward_free_of_scheme(op, &(struct q_reward_free_of_scheme_in){scheme_id}, &row));
    *out_at = row.from_at;
    return RC_OK;
}

void reward__guards_set(void)
{
    contract_version_guard_set(contract_free_from);
    scheme_version_guard_set(scheme_free_from);
}
