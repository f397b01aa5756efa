/* Plans from files: added, changed in place, refused with their reasons. */
#include "import/import_scene.h"

static void plans(struct fixture *f)
{
    struct trial t;
    scene_set(f);
    t = scene_import(f, &import__partners,
                     "code,name,branch,country,kind\nP1,One,N,ES,company\nP2,Two,N,ES,company\n",
                     NULL, false);
    ok(counted(&t, 2, 0, 0, 0), "two partners");
    t = scene_import(f, &import__outlets, "code,name,partner\nO-1,Centro,P1\n", NULL, false);
    ok(counted(&t, 1, 0, 0, 0), "and a place");
    t = scene_import(f, &import__plans,
                     "partner,metric,period,plan,unit,profile\n"
                     "P1,net sales,2026-Q4,50000,EUR,25 25 50\nP1,net sales,2026-10,1,,\n"
                     "P2,units,2026,120.5,pieces,\n",
                     NULL, false);
    ok(counted(&t, 3, 0, 0, 0), "plans of the same partner are told apart by what they are of");
    is_i64(fixture_i64(f, "select count(*) from plan where target = '120.5' and scale = 0"), 1,
           "figures are stored exactly");
    t = scene_import(f, &import__plans,
                     "partner,metric,period,plan,outlet\nP1,net sales,2026-Q4,50000,\n"
                     "P2,units,2026,130,\nP1,net sales,2026-Q4,9000,O-1\n",
                     NULL, false);
    ok(counted(&t, 1, 1, 1, 0), "the same again is unchanged, another figure a change");
    is_i64(fixture_i64(f, "select count(*) from plan where profile = '25 25 50' and unit = 'EUR'"),
           1, "what a file has no column for stays");
    t = scene_import(f, &import__plans, "partner,metric,period,plan,kind\nP1,units,2026-Q5,10,\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 0, 1) && t.row == 2 && str_find(t.reason, STR("2026-Q4"), 0) != SIZE_MAX,
       "a period that is none is refused with its row");
    t = scene_import(f, &import__plans, "partner,metric,period,plan,contract\nP1,units,2026,1,C9\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 0, 1), "so is a contract that is not there");
    t = scene_import(f, &import__plans, "partner,metric,period,plan,outlet\nP2,units,2026,1,O-1\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 0, 1), "and an outlet of somebody else");
    t = scene_import(f, &import__plans, "partner,metric,period,plan\nP2,units,2025,0\n", NULL,
                     true);
    ok(counted(&t, 0, 0, 0, 1), "a dry run finds it as well");
}

int main(void)
{
    scene_start();
    fixture_each(plans);
    return done_testing();
}
