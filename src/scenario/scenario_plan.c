/* Plans of a file: of a partner, or of the contract or outlet that the row names. Exchange rates.
 */
#include "partner/partner.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "scenario/scenario_int.h"

static const struct scenario__contract *contract_of(struct scenario__world *world, int64_t id)
{
    for (size_t i = 0; i < world->contract_list.len; i++)
        if (world->contract_list.at[i].id == id)
            return &world->contract_list.at[i];
    return NULL;
}

/* False with a problem when the row names nobody, or somebody who is not there. */
static bool find_owner(struct scenario__world *world, const struct scenario__row *row,
                       struct plan *plan)
{
    struct partner_outlet outlet;
    int64_t id;
    if (scenario__has(row, COL_PLAN_CONTRACT)) {
        id = scenario__id_of(world, &world->contracts, row, COL_PLAN_CONTRACT, "contract");
        if (id == 0)
            return false;
        plan->contract_id = SOME(id);
        plan->partner_id = contract_of(world, id)->partner_id;
    } else if (scenario__has(row, COL_PLAN_OUTLET)) {
        id = scenario__id_of(world, &world->outlets, row, COL_PLAN_OUTLET, "outlet");
        if (id == 0 || !scenario__did(world, row, partner_outlet_get(world->op, id, &outlet)))
            return false;
        plan->outlet_id = SOME(id);
        plan->partner_id = outlet.partner_id;
    } else if (scenario__has(row, COL_PLAN_PARTNER)) {
        plan->partner_id =
            scenario__id_of(world, &world->partners, row, COL_PLAN_PARTNER, "partner");
    } else {
        scenario__complain(world->file, row, COL_PLAN_PARTNER,
                           "a plan names a partner, a contract or an outlet");
    }
    return plan->partner_id != 0;
}

bool scenario__make_plans(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_PLAN];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        int64_t id = 0;
        struct plan plan = {
            .metric = row->cells[COL_PLAN_METRIC],
            .period = period_print(world->arena, scenario__period(row, COL_PLAN_PERIOD)),
            .target = dec_print(world->arena, scenario__number(row, COL_PLAN_TARGET)),
            .unit = row->cells[COL_PLAN_UNIT],
            .kind = row->cells[COL_PLAN_KIND],
            .proration = row->cells[COL_PLAN_PRORATION],
            .profile = row->cells[COL_PLAN_PROFILE],
            .rounding = row->cells[COL_PLAN_ROUNDING],
            .scale = scenario__count(row, COL_PLAN_SCALE, 0)};
        if (!find_owner(world, row, &plan) ||
            !scenario__did(world, row, plan_save(world->op, &plan, &id)))
            return false;
    }
    return true;
}

bool scenario__make_rates(struct scenario__world *world)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_RATES];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        int64_t id = 0;
        struct rate rate = {.source = row->cells[COL_RATE_SOURCE],
                            .from = row->cells[COL_RATE_FROM],
                            .to = row->cells[COL_RATE_TO],
                            .day = scenario__day(row, COL_RATE_DAY, 0),
                            .value = dec_print(world->arena, scenario__number(row, COL_RATE_RATE))};
        if (!scenario__did(world, row, rate_save(world->op, &rate, &id)))
            return false;
    }
    return true;
}
