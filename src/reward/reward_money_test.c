/* Sales, lines and partners in other currencies. The contracts of the scene are in dollars. */
#include "reward/reward_recipe_scene.h"

static void rate(struct fixture *f, const char *from, const char *to, int64_t day,
                 const char *value, const char *source)
{
    int64_t id = 0;
    struct rate r = {.from = str_of(from),
                     .to = str_of(to),
                     .day = day,
                     .value = str_of(value),
                     .source = str_of(source)};
    scene_must(f, rate_save(&f->op, &r, &id), "a rate");
}

static const struct reward_result *of(const struct scene *s, int who,
                                      const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[who]);
}

/* Is this the first thing that is wrong? */
static bool warns(const struct reward_result *result, const char *message, const char *arg)
{
    bool is = result->is_incomplete && result->warnings.len > 0 &&
              strcmp(result->warnings.at[0].message, message) == 0 &&
              str_eq(result->warnings.at[0].args[0], str_of(arg));
    for (size_t i = 0; !is && i < result->warnings.len; i++)
        printf("# %s " STR_FMT "\n", result->warnings.at[i].message,
               STR_ARG(result->warnings.at[i].args[0]));
    return is;
}

#define MONEY_SEEN                                                                                 \
    {                                                                                              \
        "seen", "kind=\"measure\"", "sales",                                                       \
            "for e in sales[original money.currency = \"GBP\"] return [e.net, e.credit.net, "      \
            "e.currency, e.original money.amount, e.original money.rate, e.original money.rate "   \
            "date, e.original money.source]"                                                       \
    }

static void sales(struct fixture *f)
{
    struct scene s;
    struct reward_verified verified;
    RECIPE(f, &s, "", MONEY_SEEN,
           {"own", "kind=\"line\" scope=\"event\"", "event",
            "if event.original money.currency = \"GBP\" then event.credit.net * 0.5 else null"});
    rate(f, "GBP", "USD", date_of(2026, 9, 1).days, "1.22", "");
    rate(f, "GBP", "USD", date_of(2026, 9, 12).days, "1.25", "");
    scene_sale_of(f, &s, 0, BEVERAGE, scene_at(2026, 9, 11), 3980, "GBP");
    scene_sale_of(f, &s, 0, BEVERAGE, scene_at(2026, 9, 12), 10000, "GBP");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value,
           "[[48.556, 48.556, \"USD\", 39.8, 1.22, 2026-09-01, \"default\"], [125, 125, \"USD\", "
           "100, 1.25, 2026-09-12, \"default\"]]",
           "a sale is seen in the contract's currency, by the rate of its day, exactly");
    is_i64(of(&s, 0, september)->total_minor, 2428 + 6250, "and rounded in its line alone");
    ok(str_find(of(&s, 0, september)->inputs,
                STR("\"rates\":[{\"from\":\"GBP\",\"to\":\"USD\",\"source\":\"default\",\"day\":"
                    "\"2026-09-01\",\"rate\":\"1.22\"},"),
                0) != SIZE_MAX,
       "the rates stand with the result");
    (void)recipe_post(f, 9);
    fixture_sql(f, "update currency_rate set rate = '1.3' where rate = '1.25'");
    ok(reward_verify(&f->op, &verified) == RC_OK && !verified.first_problem.at &&
           verified.changed == 1,
       "a rate that was changed since is told from damage");
}

static void moments(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "rateMoment=\"period end\" rateSource=\"ECB\"", MONEY_SEEN,
           {"turned", "kind=\"measure\"", "sales",
            "[convert(10, \"GBP\", \"USD\", date(2026, 9, 3)), convert(10, \"USD\", \"USD\", "
            "date(2026, 9, 3))]"});
    rate(f, "GBP", "USD", date_of(2026, 9, 1).days, "9", "");
    rate(f, "GBP", "USD", date_of(2026, 9, 1).days, "2", "ECB");
    rate(f, "GBP", "USD", date_of(2026, 9, 30).days, "3", "ECB");
    rate(f, "GBP", "USD", date_of(2026, 10, 1).days, "4", "ECB");
    scene_sale_of(f, &s, 0, BEVERAGE, scene_at(2026, 9, 2), 10000, "GBP");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value,
           "[[300, 300, \"USD\", 100, 3, 2026-09-30, \"ECB\"]]",
           "the rate of the last day of the period, from the scheme's source");
    is_str(of(&s, 0, september)->measures.at[1].value, "[20, 10]",
           "a formula says the day by itself");
}

static void missing(struct fixture *f)
{
    struct scene s;
    RECIPE(
        f, &s, "", {"count", "kind=\"measure\"", "sales", "count(sales)"},
        {"turned", "kind=\"measure\"", "sales", "convert(1, \"EUR\", \"USD\", date(2026, 9, 3))"});
    rate(f, "GBP", "USD", date_of(2026, 9, 12).days, "1.25", "");
    scene_sale_of(f, &s, 0, BEVERAGE, scene_at(2026, 9, 11), 100, "GBP");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "2", "what cannot be turned is not counted");
    ok(warns(of(&s, 0, september), "There is no exchange rate {0}.",
             "GBP/USD 2026-09-11 (default)"),
       "and the missing rate is named");
    ok(warns(of(&s, 1, september), "There is no rate from {0} to {1} on {2}.", "EUR"),
       "so does a formula");
}

static void lines(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"fee", "kind=\"line\"", "sales",
            "[{key: \"a\", amount: 10, currency: \"GBP\"}, {key: \"b\", amount: 10, unit: "
            "\"GBP\"}, {key: \"c\", amount: 10}, {key: \"d\", amount: 10, unit: \"PV\"}]"},
           {"odd", "kind=\"line\"", "sales", "{amount: 1, currency: \"QQQ\"}"},
           {"far", "kind=\"line\"", "sales", "{amount: 1, currency: \"EUR\"}"});
    rate(f, "GBP", "USD", date_of(2026, 9, 30).days, "1.2345", "");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "1235 1235 1000 !1000",
           "a line in another currency is turned at the end of the period; points are not");
    ok(of(&s, 0, september)->warnings.len == 2 &&
           strcmp(of(&s, 0, september)->warnings.at[0].message, "There is no currency {0}.") == 0,
       "a currency that is none, or has no rate, is said");
}

static void pushed(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"over", "kind=\"line\" scope=\"event\" direction=\"push\"", "event,chain",
            "for c in chain return {recipient: c.partner.code, amount: 10}"});
    rate(f, "USD", "JPY", date_of(2026, 9, 1).days, "150.25", "");
    fixture_sql(f, "update contract_version set currency = 'JPY', pay_currency = 'JPY' where "
                   "contract_id = (select id from contract where code = 'R-1')");
    rate(f, "USD", "GBP", date_of(2026, 9, 1).days, "0.8", "");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_i64(of(&s, 1, september)->total_minor, 2000, "in the recipient's currency nothing changes");
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "1503 1503 1503 1503 1503",
           "in another one it is turned, and rounded as that one is");
}

static void own_currency(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"own", "kind=\"line\" scope=\"event\"", "event",
            "{amount: event.credit.net * 0.1, note: event.currency}"},
           {"net", "kind=\"measure\"", "metrics", "metrics.get(\"net sales\", \"period\")"});
    rate(f, "USD", "EUR", date_of(2026, 9, 1).days, "0.8", "");
    rate(f, "EUR", "USD", date_of(2026, 9, 1).days, "1.3", "");
    fixture_sql(f, "update contract_version set currency = 'EUR', pay_currency = 'EUR' where "
                   "contract_id = (select id from contract where code = 'R-1')");
    scene_sale_of(f, &s, 0, BEVERAGE, scene_at(2026, 9, 3), 1000, "EUR");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 0, september)->measures.at[0].value, "4223",
           "a scheme with a currency of its own sees everything in it");
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "17680 104 16000",
           "and its lines are turned into that of the contract");
}

int main(void)
{
    fixture_each(sales);
    fixture_each(moments);
    fixture_each(missing);
    fixture_each(lines);
    fixture_each(pushed);
    fixture_each(own_currency);
    return done_testing();
}
