/* The front door of both sides and the pages of the navigation. */
#include "reward/reward_web.h"

struct home_query {
    struct str period;
};
static const struct field home_fields[] = {
    F_STR(home_query, period, 0, 12),
    FIELDS_END,
};

static enum rc page_home(struct req *r)
{
    const struct home_query *query = form(r);
    if (r->op->actor.kind == ACTOR_PARTNER)
        return reward__home_page(r);
    return reward__desk_page(r, query->period);
}

const struct route reward_routes[] = {
    ROUTE(GET, "/", page_home, PERM_SIGNED_IN, FORM(home_query, home_fields)),
    {0},
};

const struct ui_page reward_pages[] = {
    {UI_HOME, M("Month-end"), "/", NULL},
    {UI_RUNS, M("Runs"), "/runs", "run.read"},
    {UI_RUNS, M("Reward statements"), "/statements", "run.read"},
    {UI_MY_HOME, M("Home"), "/", NULL},
    {UI_MY_STATEMENTS, M("Statements"), "/portal/statements", "portal.statement"},
};
const size_t reward_pages_len = LEN(reward_pages);
