/* A scene for the tests of whatif: the company of reward's scene with August posted and September
 * computed by nobody yet; a draft that pays 5 % instead of 4 % for Beverages.
 *
 *   paid, August    1: 237.64   2: 40.00    3: -
 *   in force, Sept. 1: 185.60   2: 106.01   3: 330.02
 *   draft           1: 297.05 and 228.70   2: 50.00 and 116.01   3: the same */
#ifndef KONTOR_WHATIF_SCENE_H
#define KONTOR_WHATIF_SCENE_H

#include "reward/reward_recipe_scene.h"
#include "whatif/whatif.h"

struct what_scene {
    struct scene s;
    int64_t draft_id; /* scheme_version */
};

SCENE struct str what_replaced(struct fixture *f, struct str text, const char *from, const char *to)
{
    AUTO_BUF buf = BUF(1 << 20);
    size_t at = str_find(text, str_of(from), 0);
    buf_put(&buf, str_sub(text, 0, at));
    buf_put(&buf, str_of(to));
    buf_put(&buf, str_sub(text, at + strlen(from), SIZE_MAX));
    return str_dup(f->arena, buf_str(&buf));
}

SCENE void what_begin(struct fixture *f, struct what_scene *w)
{
    static bool is_declared;
    scene_begin(f, &w->s);
    if (!is_declared) {
        job_kind_declare(whatif_jobs);
        whatif_start_module();
    }
    is_declared = true;
    reward_forget();
    struct str xml = what_replaced(f, scene_file(f->arena, "examples/northwind/reps.dmn"),
                                   "default=\"0.04\"", "default=\"0.05\"");
    scene_must(f, scheme_version_add(&f->op, w->s.scheme_id, xml, STR(""), &w->draft_id),
               "a draft");
    (void)recipe_post(f, 8);
}

SCENE struct reward_supposition what_draft(const struct what_scene *w)
{
    return (struct reward_supposition){.what = REWARD_SUPPOSE_VERSION, .version_id = w->draft_id};
}

/* August and September, not computed yet. */
SCENE int64_t what_add(struct fixture *f, const char *name)
{
    int64_t id = 0;
    struct whatif w = {.name = str_of(name),
                       .from = date_of(2026, 8, 1),
                       .to = date_of(2026, 10, 1),
                       .budget = MONEY(100000, currency_find(STR("USD")))};
    scene_must(f, whatif_save(&f->op, &w, &id), "a comparison");
    return id;
}

SCENE void what_variant(struct fixture *f, int64_t id, struct reward_supposition *changes,
                        size_t len)
{
    struct whatif_variant variant = {.name = STR("higher"), .changes = {changes, len, len}};
    scene_must(f, whatif_variant_save(&f->op, id, &variant), "a variant");
}

#endif
