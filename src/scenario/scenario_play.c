/* A file from its text to its outcome. What happens comes in order of time: events when they are
 * recorded, runs after their period, expectations with a day at the end of that day, the others at
 * the end. All of it is one transaction that is rolled back. */
#include "event/event.h"
#include "scenario/scenario_int.h"
#include "setting/setting.h"

enum { HOURS_AFTER = 12 /* a run without a time is at noon of the day after its period */ };

/* ---- judging ---- */

void scenario__judge(struct scenario__file *file, const struct scenario__row *row, int column,
                     struct str expected, struct str found, const char *what, bool was_asked)
{
    if (str_eq(expected, found)) {
        file->outcome->passed += was_asked;
        return;
    }
    file->outcome->failed++;
    scenario__complain(file, row, column, "%s: expected " STR_FMT ", found " STR_FMT, what,
                       STR_ARG(expected), STR_ARG(found));
}

/* ---- steps ---- */

enum step_kind { STEP_EVENT = 1, STEP_RUN, STEP_EXPECT };

struct step {
    int64_t at;
    enum step_kind kind;
    size_t order, first, len; /* rows */
};
struct steps {
    struct step *at;
    size_t len, cap;
};

static void add_step(struct scenario__world *world, struct steps *steps, struct step step)
{
    step.order = steps->len;
    VEC_PUSH(world->arena, steps, step);
}

static void add_events(struct scenario__world *world, struct steps *steps)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_EVENTS];
    for (size_t i = 0; i < rows->len;) {
        const struct scenario__row *row = &rows->at[i];
        size_t len = 1;
        while (i + len < rows->len && !scenario__has(&rows->at[i + len], COL_EVENT_AT) &&
               str_eq(rows->at[i + len].cells[COL_EVENT_ID], row->cells[COL_EVENT_ID]))
            len++;
        int64_t at = scenario__moment(world->file, row, COL_EVENT_AT, 0);
        add_step(world, steps,
                 (struct step){
                     .at = scenario__moment(world->file, row, COL_EVENT_RECORDED, at),
                     .kind = STEP_EVENT,
                     .first = i,
                     .len = len,
                 });
        i += len;
    }
}

static void add_runs(struct scenario__world *world, struct steps *steps)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_RUNS];
    for (size_t i = 0; i < rows->len; i++) {
        const struct scenario__row *row = &rows->at[i];
        struct period period = scenario__period(row, COL_RUN_PERIOD);
        int64_t after = zone_instant(world->op->zone, period.end, HOURS_AFTER * US_HOUR);
        add_step(world, steps,
                 (struct step){.at = scenario__moment(world->file, row, COL_RUN_ON, after),
                               .kind = STEP_RUN,
                               .first = i,
                               .len = 1});
    }
}

static void add_expectations(struct scenario__world *world, struct steps *steps)
{
    const struct scenario__rows *rows = &world->file->tables[SCENARIO_EXPECT];
    for (size_t i = 0; i < rows->len; i++) {
        int64_t at = scenario__moment(world->file, &rows->at[i], COL_EXPECT_ON, 0);
        bool is_day = scenario__has(&rows->at[i], COL_EXPECT_ON);
        add_step(world, steps,
                 (struct step){.at = is_day ? at + US_DAY - 1 : INT64_MAX,
                               .kind = STEP_EXPECT,
                               .first = i,
                               .len = 1});
    }
}

static int by_time(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool take_step(struct scenario__play *play, const struct step *step)
{
    struct scenario__world *world = play->world;
    const struct scenario__rows *tables = world->file->tables;
    if (step->at != INT64_MAX)
        world->op->now = step->at;
    switch (step->kind) {
    case STEP_EVENT:
        return scenario__event_store(world, &tables[SCENARIO_EVENTS].at[step->first], step->len);
    case STEP_RUN: return scenario__run(play, &tables[SCENARIO_RUNS].at[step->first]);
    case STEP_EXPECT: scenario__expect(play, &tables[SCENARIO_EXPECT].at[step->first]); return true;
    }
    return false;
}

bool scenario__play_steps(struct scenario__play *play)
{
    struct steps steps = {0};
    add_events(play->world, &steps);
    add_runs(play->world, &steps);
    add_expectations(play->world, &steps);
    if (steps.len > 0)
        qsort(steps.at, steps.len, sizeof(steps.at[0]), by_time);
    for (size_t i = 0; i < steps.len; i++)
        if (!take_step(play, &steps.at[i]))
            return false;
    return true;
}

void scenario__play_done(struct scenario__play *play)
{
    for (size_t i = 0; i < play->results.len; i++)
        reward_calculation_cleanup(&play->results.at[i].calculation);
}

/* ---- a file ---- */

/* When the company is set up: before everything that happens. */
static int64_t first_moment(const struct scenario__file *file)
{
    const struct scenario__rows *events = &file->tables[SCENARIO_EVENTS];
    const struct scenario__rows *runs = &file->tables[SCENARIO_RUNS];
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < events->len; i++) {
        int64_t at = scenario__moment(file, &events->at[i], COL_EVENT_AT, INT64_MAX);
        first = at < first ? at : first;
    }
    for (size_t i = 0; i < runs->len; i++)
        if (scenario__has(&runs->at[i], COL_RUN_PERIOD)) {
            struct period period = scenario__period(&runs->at[i], COL_RUN_PERIOD);
            int64_t at = zone_day_start(file->zone, period.start);
            first = at < first ? at : first;
        }
    return first == INT64_MAX ? 0 : first;
}

/* Whether a cell holds a moment does not depend on the zone; which one it is does. */
static bool find_zone(struct scenario__file *file)
{
    const struct scenario__rows *company = &file->tables[SCENARIO_COMPANY];
    if (company->len == 0 || !scenario__has(&company->at[0], COL_COMPANY_ZONE))
        return true;
    const struct zone *zone = zone_find(company->at[0].cells[COL_COMPANY_ZONE]);
    if (zone)
        file->zone = zone;
    else
        scenario__complain(file, &company->at[0], COL_COMPANY_ZONE,
                           "there is no such zone: write it like Europe/Madrid");
    return zone != NULL;
}

static void play_file(struct scenario__world *world)
{
    struct scenario__play play = {.world = world};
    bool is_played = scenario__make_company(world) && scenario__make_schemes(world) &&
                     scenario__make_goods(world) && scenario__make_partners(world) &&
                     scenario__make_contracts(world) && scenario__make_plans(world) &&
                     scenario__make_rates(world) && scenario__play_steps(&play);
    if (!is_played)
        world->file->outcome->failed++;
    scenario__play_done(&play);
}

void scenario_play(struct cli *cli, struct str path, struct str text, struct scenario_outcome *out)
{
    struct op *op = &cli->op;
    *out = (struct scenario_outcome){0};
    struct scenario__file *file = NEW(op->arena, struct scenario__file);
    *file = (struct scenario__file){
        .arena = op->arena, .path = path, .text = text, .outcome = out, .zone = zone_utc()};
    if (!scenario__read(file) || !find_zone(file)) {
        out->failed = 1;
        return;
    }
    struct scenario__world *world = NEW(op->arena, struct scenario__world);
    *world = (struct scenario__world){.cli = cli, .op = op, .arena = op->arena, .file = file};
    const struct zone *zone = op->zone;
    int64_t now = op->now;
    op->now = first_moment(file);
    event_forget();
    AUTO_TXN txn = {0};
    if (txn_begin(op, &txn) == RC_OK)
        play_file(world);
    else
        out->failed++;
    txn_cleanup(&txn);
    fault_clear(&op->fault);
    op->zone = zone;
    op->now = now;
}

enum rc scenario_prepare(struct op *op)
{
    static const char *const kinds[] = {"approval.contract", "approval.scheme", "approval.run"};
    for (size_t i = 0; i < LEN(kinds); i++)
        TRY(setting_set(op, kinds[i], STR("false")));
    return RC_OK;
}
