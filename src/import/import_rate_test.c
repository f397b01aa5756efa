/* Exchange rates from files. */
#include "import/import_scene.h"

static void rates(struct fixture *f)
{
    struct trial t;
    scene_set(f);
    t = scene_import(f, &import__rates,
                     "from,to,date,rate\nGBP,USD,2026-01-01,1.22\nGBP,USD,2026-02-01,1.3\n", NULL,
                     false);
    ok(counted(&t, 2, 0, 0, 0), "rates of several days");
    t = scene_import(f, &import__rates,
                     "from,to,date,rate,source\nGBP,USD,2026-01-01,1.220,\n"
                     "GBP,USD,2026-02-01,1.31,\nGBP,USD,2026-02-01,1.4,ECB\n",
                     NULL, false);
    ok(counted(&t, 1, 1, 1, 0), "the same again is unchanged, another figure a change");
    t = scene_import(f, &import__rates, "from,to,date,rate\nGBP,GBP,2026-01-01,1\n", NULL, false);
    ok(counted(&t, 0, 0, 0, 1), "a rate of a currency to itself is refused");
    t = scene_import(f, &import__rates, "from,to,date,rate\nGBP,USD,2026-01-01,0\n", NULL, true);
    ok(counted(&t, 0, 0, 0, 1), "so is nothing");
}

int main(void)
{
    scene_start();
    fixture_each(rates);
    return done_testing();
}
