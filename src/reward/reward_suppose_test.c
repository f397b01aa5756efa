/* Hypotheses: drafts, other schemes, other values, and what one supposed period hands to the next.
 * Nothing that is stored changes. */
#include "reward/reward_recipe_scene.h"

/* September of the scene: 185.60, 106.01 and 330.02. */
static struct str totals(struct fixture *f, const struct reward_calculation *calculation)
{
    AUTO_BUF text = BUF(1 << 12);
    for (size_t i = 0; i < calculation->results_len; i++)
        buf_printf(&text, "%s%lld", i ? " " : "", (long long)calculation->results[i].total_minor);
    return str_dup(f->arena, buf_str(&text));
}

static const struct reward_calculation *supposing(struct fixture *f, int month,
                                                  const struct reward_supposition *suppositions,
                                                  size_t len, const struct reward_trail *trail)
{
    const struct reward_calculation *calculation = NULL;
    struct reward_ask ask = {.period = scene_month(month),
                             .suppositions = suppositions,
                             .suppositions_len = len,
                             .trail = trail};
    scene_must(f, reward_calculate(&f->op, f->arena, &ask, &calculation), "supposing");
    return calculation;
}

static struct str replaced(struct fixture *f, struct str text, const char *from, const char *to)
{
    AUTO_BUF buf = BUF(1 << 20);
    size_t at = 0, len = strlen(from);
    while (at + len <= text.len && memcmp(text.at + at, from, len) != 0)
        at++;
    buf_put(&buf, str_sub(text, 0, at));
    buf_put(&buf, str_of(to));
    buf_put(&buf, str_sub(text, at + len, text.len));
    return str_dup(f->arena, buf_str(&buf));
}

static const struct scheme *draft_of(struct fixture *f, struct str xml)
{
    const struct scheme *scheme = NULL;
    scene_must(f, scheme_read(f->arena, xml, &f->op.fault, &scheme), "a draft");
    return scheme;
}

static int64_t stored(struct fixture *f)
{
    return fixture_i64(f, "select (select count(*) from reward_run) + "
                          "(select count(*) from reward_result) + (select count(*) from "
                          "reward_line) + (select count(*) from ledger_transfer) + (select "
                          "count(*) from scheme_version) + (select count(*) from contract_term)");
}

static void drafts(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    int64_t before = stored(f);
    struct str xml = scene_file(f->arena, "examples/northwind/reps.dmn");
    struct reward_supposition draft = {
        .what = REWARD_SUPPOSE_VERSION,
        .scheme_id = s.scheme_id,
        .scheme = draft_of(f, replaced(f, xml, "default=\"0.04\"", "default=\"0.05\""))};
    AUTO_CALCULATION now = supposing(f, 9, NULL, 0, NULL);
    is_str(totals(f, now), "18560 10601 33002", "without a hypothesis it is what is in force");
    AUTO_CALCULATION then = supposing(f, 9, &draft, 1, NULL);
    is_str(totals(f, then), "22870 11601 33002",
           "a draft stands for all versions, also where an upline gets a part");
    ok(!str_eq(now->sha256, then->sha256), "and it is another calculation");
    is_i64(stored(f), before, "nothing is stored");
    struct reward_ask ask = {.period = scene_month(9),
                             .contract_id = s.contract_ids[0],
                             .suppositions = &draft,
                             .suppositions_len = 1};
    AUTO_CALCULATION one = NULL;
    scene_must(f, reward_calculate(&f->op, f->arena, &ask, &one), "one");
    ok(one->results_len == 1 && str_eq(one->results[0].sha256, then->results[0].sha256),
       "of one contract it is the same");
}

static void as_published(struct fixture *f)
{
    struct scene s;
    struct scheme_version version;
    int64_t version_id = 0;
    scene_begin(f, &s);
    struct str xml = replaced(f, scene_file(f->arena, "examples/northwind/reps.dmn"),
                              "default=\"0.05\"", "default=\"0.07\"");
    struct reward_supposition draft = {
        .what = REWARD_SUPPOSE_VERSION, .scheme_id = s.scheme_id, .scheme = draft_of(f, xml)};
    AUTO_CALCULATION supposed = supposing(f, 9, &draft, 1, NULL);
    scene_must(f, scheme_version_add(&f->op, s.scheme_id, xml, STR(""), &version_id), "a version");
    scene_must(f, scheme_version_get(&f->op, version_id, &version), "a version");
    scene_must(f, scheme_version_submit(&f->op, version_id, version.revision, scene_at(2026, 7, 1)),
               "publishing");
    AUTO_CALCULATION published = supposing(f, 9, NULL, 0, NULL);
    is_str(totals(f, supposed), str_c(f->arena, totals(f, published)),
           "a draft gives what it gives once it is published");
    ok(!str_eq(totals(f, published), STR("18560 10601 33002")), "which is not what was before");
}

static void values(struct fixture *f)
{
    struct scene s;
    scene_begin(f, &s);
    fixture_sql(
        f, str_c(f->arena, str_printf(f->arena,
                                      "insert into contract_term (contract_scheme_id, partner_id, "
                                      "name, value) select cs.id, cs.partner_id, 'beverages rate', "
                                      "'0.10' from contract_scheme cs where cs.contract_id = %lld",
                                      (long long)s.contract_ids[1])));
    struct reward_supposition value = {.what = REWARD_SUPPOSE_VALUE,
                                       .scheme_id = s.scheme_id,
                                       .name = STR("beverages rate"),
                                       .value = STR("0.050")};
    AUTO_CALCULATION now = supposing(f, 9, NULL, 0, NULL);
    is_str(totals(f, now), "19160 16601 33002", "one has a rate of his own");
    AUTO_CALCULATION of_default = supposing(f, 9, &value, 1, NULL);
    is_str(totals(f, of_default), "23370 16601 33002", "another default leaves it alone");
    value.is_for_all = true;
    AUTO_CALCULATION of_all = supposing(f, 9, &value, 1, NULL);
    is_str(totals(f, of_all), "22870 11601 33002", "unless it is for all");
    struct reward_supposition both[] = {value, value};
    both[1].contract_id = s.contract_ids[0];
    both[1].value = STR("0");
    AUTO_CALCULATION of_one = supposing(f, 9, both, 2, NULL);
    is_str(totals(f, of_one), "1820 11601 33002", "a later one wins, for the contract it names");
    both[1].contract_id = 0;
    both[1].partner_id = s.partner_ids[1];
    AUTO_CALCULATION of_partner = supposing(f, 9, both, 2, NULL);
    is_str(totals(f, of_partner), "22370 6601 33002", "or the partner");
}

static void refused(struct fixture *f)
{
    static const struct {
        const char *name, *value, *why;
    } wrong[] = {{"no such rate", "1", "an attribute that the scheme has not is refused"},
                 {"beverages rate", "much", "so is a value of another type"},
                 {"beverages rate", "2", "and one out of bounds"}};
    struct scene s;
    scene_begin(f, &s);
    for (size_t i = 0; i < LEN(wrong); i++) {
        const struct reward_calculation *none = NULL;
        struct reward_supposition value = {.what = REWARD_SUPPOSE_VALUE,
                                           .scheme_id = s.scheme_id,
                                           .name = str_of(wrong[i].name),
                                           .value = str_of(wrong[i].value)};
        struct reward_ask ask = {
            .period = scene_month(9), .suppositions = &value, .suppositions_len = 1};
        fault_clear(&f->op.fault);
        ok(reward_calculate(&f->op, f->arena, &ask, &none) == RC_INVALID &&
               strcmp(f->op.fault.entries[0].field, "scheme") == 0,
           wrong[i].why);
    }
    fault_clear(&f->op.fault);
}

static void bindings(struct fixture *f)
{
    static const struct recipe flat[] = {
        {"own", "kind=\"line\"", "sales", "if count(sales) > 0 then 7 else null"}};
    struct scene s;
    struct scheme_info info = {.code = STR("FLAT"), .name = STR("Flat")};
    int64_t other_id = 0, version_id = 0;
    scene_begin(f, &s);
    struct str xml = recipe_dmn(f, "", flat, LEN(flat));
    scene_must(f, scheme_save(&f->op, &info, &other_id), "a scheme");
    scene_must(f, scheme_version_add(&f->op, other_id, xml, STR(""), &version_id), "a version");
    struct reward_supposition suppositions[] = {{.what = REWARD_SUPPOSE_BOUND,
                                                 .scheme_id = s.scheme_id,
                                                 .other_id = other_id,
                                                 .contract_id = s.contract_ids[2]},
                                                {.what = REWARD_SUPPOSE_VERSION,
                                                 .scheme_id = other_id,
                                                 .scheme = draft_of(f, xml),
                                                 .version_id = version_id}};
    AUTO_CALCULATION none = supposing(f, 9, suppositions, 1, NULL);
    is_str(totals(f, none), "17570 7301 0", "a scheme that was never published gives nothing");
    ok(none->results[2].is_incomplete, "and says so");
    AUTO_CALCULATION one = supposing(f, 9, suppositions, 2, NULL);
    is_str(totals(f, one), "17591 7371 700",
           "a contract moved to another scheme is paid by it, and its uplines from that");
    suppositions[0].contract_id = 0;
    suppositions[0].scheme_id = 0;
    AUTO_CALCULATION all = supposing(f, 9, suppositions, 2, NULL);
    is_str(totals(f, all), "700 700 700", "or everybody is, whatever they have");
    suppositions[0].other_id = s.scheme_id;
    AUTO_CALCULATION same = supposing(f, 9, suppositions, 1, NULL);
    is_str(totals(f, same), "18560 10601 33002", "who is bound to it already keeps what there is");
}

/* Each month gives one more than the last; the year's volume is paid at a hundredth. */
static void over_periods(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"count", "kind=\"carry\" initial=\"1\"", "carried", "carried.count + 1"},
           {"before", "kind=\"measure\"", "previous",
            "if count(previous) > 0 and previous[1].posted then previous[1].rewards.step else 0"},
           {"step", "kind=\"line\"", "carried", "carried.count"},
           {"volume", "kind=\"accumulator\" reset=\"year\"", "event", "event.credit.net"},
           {"part", "kind=\"line\" scope=\"event\"", "running", "running.volume.closing * 0.01"});
    struct reward_trail *trail = reward_trail_new(f->arena);
    AUTO_CALCULATION posted_only = supposing(f, 9, NULL, 0, NULL);
    is_str(recipe_amounts(f, posted_only, recipe_result(posted_only, s.contract_ids[0])),
           "100 2210 4210", "without anything before it begins anew");
    AUTO_CALCULATION august = supposing(f, 8, NULL, 0, trail);
    reward_trail_add(trail, august);
    AUTO_CALCULATION september = supposing(f, 9, NULL, 0, trail);
    const struct reward_result *anna = recipe_result(september, s.contract_ids[0]);
    is_str(recipe_amounts(f, september, anna), "200 7520 9520",
           "what a supposed month hands over is what the next begins with");
    is_str(anna->measures.at[0].value, "1", "and its rewards are there to be seen");
    (void)recipe_post(f, 7);
    (void)recipe_post(f, 8);
    AUTO_CALCULATION as_posted = supposing(f, 9, NULL, 0, NULL);
    is_str(recipe_amounts(f, as_posted, recipe_result(as_posted, s.contract_ids[0])),
           "300 7520 9520", "posted months hand over too");
    AUTO_CALCULATION apart = supposing(f, 9, NULL, 0, trail);
    is_str(recipe_amounts(f, apart, recipe_result(apart, s.contract_ids[0])), "200 7520 9520",
           "but not where a supposed month stands for them");
    struct reward_trail *later = reward_trail_new(f->arena);
    AUTO_CALCULATION again = supposing(f, 8, NULL, 0, later);
    reward_trail_add(later, again);
    AUTO_CALCULATION after = supposing(f, 9, NULL, 0, later);
    is_str(recipe_amounts(f, after, recipe_result(after, s.contract_ids[0])), "300 7520 9520",
           "before the first supposed month stands what is posted");
}

static void people(struct fixture *f)
{
    static const char *const none[] = {NULL}, *const some[] = {"run.read", "contract.read", NULL};
    struct scene s;
    const struct reward_calculation *calculation = NULL;
    scene_begin(f, &s);
    struct reward_ask ask = {.period = scene_month(9), .contract_id = s.contract_ids[1]};
    f->op.actor = scene_staff(f, 71, none);
    is_i64(reward_try(&f->op, f->arena, &ask, &calculation), RC_DENIED,
           "who may not see runs cannot try one");
    fault_clear(&f->op.fault);
    f->op.actor = scene_staff(f, 72, some);
    AUTO_CALCULATION tried = NULL;
    is_i64(reward_try(&f->op, f->arena, &ask, &tried), RC_OK, "who may sees it computed");
    is_i64(tried->results[0].total_minor, 10601, "by the same rules");
    is_i64(f->op.actor.user_id, 72, "and stays who they are");
    ask.contract_id = 999999;
    is_i64(reward_try(&f->op, f->arena, &ask, &calculation), RC_MISSING,
           "a contract that is not there is missing");
    fault_clear(&f->op.fault);
}

int main(void)
{
    fixture_each(drafts);
    fixture_each(as_published);
    fixture_each(values);
    fixture_each(refused);
    fixture_each(bindings);
    fixture_each(over_periods);
    fixture_each(people);
    return done_testing();
}
