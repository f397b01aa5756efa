/* Comparisons: what is computed beside what was paid, who wins and loses, what is kept and dropped,
 * who sees them. */
#include "whatif/whatif_scene.h"

static int64_t ledger(struct fixture *f)
{
    return fixture_i64(f, "select (select count(*) from ledger_transfer) * 1000000 + (select "
                          "count(*) from reward_result) * 1000 + (select count(*) from "
                          "reward_line) + (select count(*) from reward_run)");
}

static void computing(struct fixture *f)
{
    struct what_scene w;
    struct whatif_totals totals;
    what_begin(f, &w);
    int64_t before = ledger(f), id = what_add(f, "Beverages");
    is_i64(whatif_calculate(&f->op, id, NULL, NULL), RC_CONFLICT,
           "without a variant there is "
           "nothing to compute");
    fault_clear(&f->op.fault);
    struct reward_supposition draft = what_draft(&w);
    what_variant(f, id, &draft, 1);
    scene_must(f, whatif_calculate(&f->op, id, NULL, NULL), "computing");
    scene_must(f, whatif_totals(&f->op, id, &totals), "totals");
    is_i64((int64_t)totals.len, 1, "one variant in one currency");
    const struct whatif_figures *figures = &totals.at[0];
    is_i64(figures->base_minor, 23764 + 4000 + 18560 + 10601 + 33002,
           "the base is what was posted, and what is in force where nothing was");
    is_i64(figures->total_minor, 29705 + 5000 + 22870 + 11601 + 33002,
           "the draft is computed over both months");
    ok(figures->more == 2 && figures->less == 0 && figures->same == 1,
       "two get more, one the same");
    is_i64(figures->more_minor, figures->total_minor - figures->base_minor,
           "what they get more is the difference");
    is_i64(ledger(f), before, "nothing was posted or stored as a result");
    is_i64(fixture_i64(f, "select count(*) from whatif_row where position = 0 and is_posted"), 3,
           "rows of a posted month say so");
    is_i64(fixture_i64(f, "select count(*) from whatif_row"), 12,
           "a row a contract, month and variant, and of what was paid");
}

static void several(struct fixture *f)
{
    struct what_scene w;
    struct whatif_totals totals;
    what_begin(f, &w);
    int64_t id = what_add(f, "Several");
    struct reward_supposition draft = what_draft(&w);
    struct reward_supposition less[] = {{.what = REWARD_SUPPOSE_VALUE,
                                         .scheme_id = w.s.scheme_id,
                                         .name = STR("confections rate"),
                                         .value = STR("0.01"),
                                         .is_for_all = true}};
    what_variant(f, id, &draft, 1);
    what_variant(f, id, less, 1);
    scene_must(f, whatif_calculate(&f->op, id, NULL, NULL), "computing");
    scene_must(f, whatif_totals(&f->op, id, &totals), "totals");
    is_i64((int64_t)totals.len, 2, "variants stand beside each other");
    ok(totals.at[1].less == 3 && totals.at[1].more == 0,
       "a lower rate takes from the seller and from those above");
    is_i64(totals.at[0].base_minor, totals.at[1].base_minor, "beside the same base");
    struct whatif now;
    scene_must(f, whatif_variant_remove(&f->op, id, 1), "removing");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    ok(now.variants_len == 1 && now.variants[0].position == 1 &&
           now.variants[0].changes.at[0].what == REWARD_SUPPOSE_VALUE,
       "what was B is A when A goes");
    is_str(now.state, "draft", "and it is to be computed again");
    is_i64(fixture_i64(f, "select count(*) from whatif_sum"), 0, "what was computed is dropped");
    is_i64(whatif_variant_remove(&f->op, id, 7), RC_MISSING, "a variant that is not there");
    fault_clear(&f->op.fault);
}

static void months_follow(struct fixture *f)
{
    static const struct recipe counting[] = {
        {"count", "kind=\"carry\" initial=\"1\"", "carried", "carried.count + 1"},
        {"step", "kind=\"line\"", "carried", "carried.count"}};
    struct what_scene w;
    struct whatif_totals totals;
    int64_t version_id = 0;
    what_begin(f, &w);
    scene_must(f,
               scheme_version_add(&f->op, w.s.scheme_id, recipe_dmn(f, "", counting, LEN(counting)),
                                  STR(""), &version_id),
               "a draft");
    int64_t id = what_add(f, "Carried");
    struct reward_supposition draft = {.what = REWARD_SUPPOSE_VERSION, .version_id = version_id};
    what_variant(f, id, &draft, 1);
    scene_must(f, whatif_calculate(&f->op, id, NULL, NULL), "computing");
    scene_must(f, whatif_totals(&f->op, id, &totals), "totals");
    is_i64(totals.at[0].total_minor, 3 * 100 + 3 * 200,
           "a draft carries from month to month what it gave itself");
}

static void some_partners(struct fixture *f)
{
    struct what_scene w;
    struct whatif_totals totals;
    struct whatif now;
    what_begin(f, &w);
    int64_t id = what_add(f, "One");
    struct reward_supposition draft = what_draft(&w);
    what_variant(f, id, &draft, 1);
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    VEC_PUSH(f->arena, &now.partner_ids, w.s.partner_ids[1]);
    scene_must(f, whatif_save(&f->op, &now, &id), "saving");
    scene_must(f, whatif_calculate(&f->op, id, NULL, NULL), "computing");
    scene_must(f, whatif_totals(&f->op, id, &totals), "totals");
    is_i64(totals.at[0].base_minor, 4000 + 10601, "only the chosen partner counts");
    is_i64(totals.at[0].total_minor, 5000 + 11601, "with all that his network gives him");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    now.note = STR("seen");
    scene_must(f, whatif_save(&f->op, &now, &id), "saving");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    is_str(now.state, "calculated", "a new note drops nothing");
    now.to = date_of(2026, 9, 1);
    scene_must(f, whatif_save(&f->op, &now, &id), "saving");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    is_str(now.state, "draft", "other months do");
}

static void other_scheme(struct fixture *f)
{
    static const struct recipe flat[] = {{"own", "kind=\"line\"", "sales", "7"}};
    struct what_scene w;
    struct scheme_info info = {.code = STR("FLAT"), .name = STR("Flat")};
    int64_t other_id = 0, version_id = 0;
    struct whatif_totals totals;
    what_begin(f, &w);
    scene_must(f, scheme_save(&f->op, &info, &other_id), "a scheme");
    scene_must(f,
               scheme_version_add(&f->op, other_id, recipe_dmn(f, "", flat, LEN(flat)), STR(""),
                                  &version_id),
               "a draft");
    int64_t id = what_add(f, "Moved");
    struct reward_supposition changes[] = {
        {.what = REWARD_SUPPOSE_VERSION, .version_id = version_id},
        {.what = REWARD_SUPPOSE_BOUND, .other_id = other_id, .partner_id = w.s.partner_ids[2]}};
    what_variant(f, id, changes, 2);
    scene_must(f, whatif_calculate(&f->op, id, NULL, NULL), "computing");
    scene_must(f, whatif_totals(&f->op, id, &totals), "totals");
    ok(totals.at[0].less == 3 && totals.at[0].more == 0,
       "a dealer moved to another scheme loses, and those above with her");
    is_i64(totals.at[0].total_minor, 23764 + 21 + 4000 + 70 + 700 + 17591 + 7371 + 700,
           "everybody else stays where they are");
}

static void as_job(struct fixture *f)
{
    struct what_scene w;
    struct whatif now;
    int64_t job_id = 0;
    what_begin(f, &w);
    int64_t id = what_add(f, "Job");
    struct reward_supposition draft = what_draft(&w);
    what_variant(f, id, &draft, 1);
    scene_must(f, whatif_start(&f->op, id, &job_id), "starting");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    is_str(now.state, "calculating", "it is under way");
    scene_must(f, jobs_drain(&f->op), "the job");
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    is_str(now.state, "calculated", "and then it is there");
    ok(now.calculated_at.has, "with its time");
}

static void refused(struct fixture *f)
{
    struct what_scene w;
    int64_t id = 0;
    what_begin(f, &w);
    struct whatif bad = {.name = STR(" "), .from = date_of(2026, 8, 1), .to = date_of(2026, 9, 1)};
    is_i64(whatif_save(&f->op, &bad, &id), RC_INVALID, "a comparison has a name");
    is_str(str_of(f->op.fault.entries[0].field), "name", "it says which field");
    fault_clear(&f->op.fault);
    bad.name = STR("Backwards");
    bad.to = bad.from;
    is_i64(whatif_save(&f->op, &bad, &id), RC_INVALID, "months do not run backwards");
    fault_clear(&f->op.fault);
    bad.to = date_of(2036, 9, 1);
    is_i64(whatif_save(&f->op, &bad, &id), RC_INVALID, "not more than 36 of them");
    fault_clear(&f->op.fault);
    id = what_add(f, "Fine");
    struct reward_supposition value = {.what = REWARD_SUPPOSE_VALUE,
                                       .scheme_id = w.s.scheme_id,
                                       .name = STR("beverages rate"),
                                       .value = STR("7")};
    struct whatif_variant variant = {.name = STR(""), .changes = {NULL, 0, 0}};
    is_i64(whatif_variant_save(&f->op, id, &variant), RC_INVALID, "a variant changes something");
    fault_clear(&f->op.fault);
    variant.changes = (struct whatif_changes){&value, 1, 1};
    is_i64(whatif_variant_save(&f->op, id, &variant), RC_INVALID,
           "to a value that the attribute can have");
    fault_clear(&f->op.fault);
    value.name = STR("nothing");
    is_i64(whatif_variant_save(&f->op, id, &variant), RC_INVALID, "of an attribute that there is");
    fault_clear(&f->op.fault);
    struct reward_supposition draft = what_draft(&w);
    for (int i = 0; i < WHATIF_VARIANTS_MAX; i++)
        what_variant(f, id, &draft, 1);
    variant.changes = (struct whatif_changes){&draft, 1, 1};
    is_i64(whatif_variant_save(&f->op, id, &variant), RC_CONFLICT, "there are four at most");
    fault_clear(&f->op.fault);
}

static void who_sees(struct fixture *f)
{
    static const char *const may[] = {"run.read", "scheme.read", "partner.read", NULL};
    static const char *const runs_only[] = {"run.read", NULL};
    struct what_scene w;
    struct whatif now;
    what_begin(f, &w);
    f->op.actor = scene_staff(f, 81, may);
    int64_t id = what_add(f, "Mine");
    f->op.actor = scene_staff(f, 82, may);
    is_i64(whatif_get(&f->op, id, &now), RC_MISSING, "a comparison is its maker's");
    f->op.actor = scene_staff(f, 81, may);
    scene_must(f, whatif_get(&f->op, id, &now), "its own");
    scene_must(f, whatif_share(&f->op, id, now.revision, true), "sharing");
    f->op.actor = scene_staff(f, 82, may);
    is_i64(whatif_get(&f->op, id, &now), RC_OK, "until it is shared");
    is_i64(whatif_remove(&f->op, id, now.revision), RC_DENIED, "others cannot delete it");
    fault_clear(&f->op.fault);
    f->op.actor = scene_staff(f, 83, runs_only);
    is_i64(whatif_get(&f->op, id, &now), RC_DENIED, "who sees no schemes sees none");
    fault_clear(&f->op.fault);
    f->op.actor = scene_staff(f, 81, may);
    scene_must(f, whatif_archive(&f->op, id, now.revision, true), "archiving");
    is_i64(whatif_archive(&f->op, id, now.revision, false), RC_CONFLICT,
           "with an old revision nothing happens");
    fault_clear(&f->op.fault);
    scene_must(f, whatif_get(&f->op, id, &now), "reading");
    scene_must(f, whatif_remove(&f->op, id, now.revision), "its maker deletes it");
    is_i64(whatif_get(&f->op, id, &now), RC_MISSING, "and then it is gone");
    is_i64(fixture_i64(f, "select count(*) from whatif"), 0, "for good");
}

int main(void)
{
    fixture_each(computing);
    fixture_each(several);
    fixture_each(months_follow);
    fixture_each(some_partners);
    fixture_each(other_scheme);
    fixture_each(as_job);
    fixture_each(refused);
    fixture_each(who_sees);
    return done_testing();
}
