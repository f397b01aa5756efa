/* What schemes can say across contracts: ranks, lines pushed to those above, matching, pools,
 * closing. Own sales at 10 %: Anna 421.00, Boris 100.00 + 50.00 + 10.03, Carla 600.00 + 0.05; Anna
 * stands over Boris, Boris over Carla. */
#include "reward/reward_recipe_scene.h"

#define VOLUME                                                                                     \
    {                                                                                              \
        "volume", "kind=\"measure\"", "sales", "total(for e in sales return e.credit.net)"         \
    }
#define OWN                                                                                        \
    {                                                                                              \
        "own", "kind=\"line\" scope=\"event\"", "event", "event.credit.net * 0.1"                  \
    }

static const struct reward_result *of(const struct scene *s, int who,
                                      const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[who]);
}

/* Asked for alone a contract has the same result. */
static void alone(struct fixture *f, const struct scene *s,
                  const struct reward_calculation *calculation)
{
    for (int who = 0; who < 3; who++) {
        AUTO_CALCULATION one = recipe_calculate(f, 9, s->contract_ids[who]);
        ok(one->results_len == 1 && str_eq(one->results[0].sha256, of(s, who, calculation)->sha256),
           "asked for alone it is the same");
    }
}

static void ranks(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", VOLUME, OWN,
           {"rank", "kind=\"measure\" scope=\"rank\"", "downline,volume",
            "count(downline[measures.rank >= 1]) + (if volume > 1000 then 1 else 0)"},
           {"qualified", "kind=\"measure\" scope=\"rank\"", "rank", "rank >= 2"},
           {"upward", "kind=\"line\" scope=\"upward\"", "downline,legs,rank",
            "if rank >= 3 then [{key: \"group\", amount: total(downline[qualified = "
            "true].measures.volume)}, {key: \"leg\", amount: legs[1].measures.volume, rate: "
            "legs[1].partners, base: legs[1].rewards.own}] else null"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(of(&s, 2, september)->measures.at[1].value, "1", "nobody below: own volume alone");
    is_str(of(&s, 1, september)->measures.at[1].value, "2", "one qualified below");
    is_str(of(&s, 0, september)->measures.at[1].value, "3", "ranks are computed from below");
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "22100 20000 160033 760083",
           "uplines see ranks of those below, and legs with what their subtrees sum to");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, of(&s, 0, september), &details), "details");
    ok(dec_eq(details.lines.at[3].rate, dec_from_i64(2)) &&
           str_eq(dec_print(f->arena, details.lines.at[3].base), STR("760.08")),
       "a leg counts its partners and sums their rewards");
    alone(f, &s, september);
    (void)recipe_post(f, 9);
}

static void pushing(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", VOLUME, OWN,
           {"rank", "kind=\"measure\" scope=\"rank\"", "downline", "count(downline)"},
           {"over", "kind=\"line\" scope=\"event\" direction=\"push\"", "event,chain",
            "for c in chain return {recipient: c.partner, amount: event.credit.net * (if c.level = "
            "1 then 0.05 else 0.01), base: event.credit.net, rate: c.rank}"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_i64(reward_key_minor(of(&s, 1, september), STR("over")), 30003,
           "the nearest gets 5 % of each sale");
    is_i64(reward_key_minor(of(&s, 0, september), STR("over")), 8002 + 6001,
           "the next gets 1 %, and 5 % of those of her own");
    is_i64(of(&s, 2, september)->total_minor, 60005, "the seller has her own only");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, of(&s, 1, september), &details), "details");
    const struct reward_line *over = &details.lines.at[3];
    ok(over->from_partner_id == s.partner_ids[2] && over->event_seq > 0 &&
           dec_eq(over->rate, dec_from_i64(1)),
       "a pushed line says whose sale it is of, and saw the rank of who gets it");
    ok(over->derivation_i < details.derivations.len, "and how it came about");
    alone(f, &s, september);
    (void)recipe_post(f, 9);
    is_i64(fixture_i64(f, "select count(*) from reward_line l join reward_derivation d on d.id = "
                          "l.derivation_id and d.result_id = l.result_id where l.key = 'over'"),
           7, "lines and derivations are stored with whoever gets them");
}

static void not_payable(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", OWN,
           {"over", "kind=\"line\" scope=\"event\" direction=\"push\"", "event,chain",
            "for c in chain return {recipient: c.partner.code, amount: 10}"});
    struct contract contract;
    scene_must(f, contract_get(&f->op, s.contract_ids[1], &contract), "a contract");
    scene_must(f, contract_end(&f->op, contract.id, contract.revision, date_of(2026, 9, 5).days),
               "end");
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, of(&s, 2, september)), "60000 5 !1000",
           "who has no contract on the day of the sale cannot be paid; it stays to be seen");
    is_i64(of(&s, 2, september)->total_minor, 60005, "aside from the total");
    is_i64(reward_key_minor(of(&s, 1, september), STR("over")), 1000,
           "on the day before he still had one");
    (void)recipe_post(f, 9);
    is_i64(fixture_i64(f, "select count(*) from reward_aside where kind = 1 and recipient = '2'"),
           1, "it is stored with the name of who was meant");
}

static void matching(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", OWN,
           {"match", "kind=\"line\" scope=\"matching\"", "lines",
            "{amount: 0.1 * total(for l in lines return l.amount), rate: count(lines), base: "
            "max(lines.depth)}"},
           {"matched", "kind=\"measure\" scope=\"matching\"", "lines",
            "count(lines[key = \"own\" and amount > 100])"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_i64(reward_key_minor(of(&s, 0, september), STR("match")), 7601,
           "a tenth of what all below earned, never of their own matching");
    is_i64(reward_key_minor(of(&s, 1, september), STR("match")), 6001, "and of the one below");
    is_i64(of(&s, 2, september)->total_minor, 60005, "with nobody below there is nothing to match");
    is_str(of(&s, 1, september)->measures.at[0].value, "1", "a measure may come this late");
    alone(f, &s, september);
    (void)recipe_post(f, 9);
}

static void pools(struct fixture *f)
{
    struct scene s;
    RECIPE(
        f, &s, "", VOLUME, OWN,
        {"shares", NULL, "members", "allocate(1000, for m in members return m.measures.volume, 2)"},
        {"pool", "kind=\"line\" scope=\"pool\"", "members,shares",
         "for i in 1..count(members) return {recipient: members[i].key, amount: shares[i], "
         "base: members[i].measures.volume}"},
        {"budget", "kind=\"measure\" scope=\"pool\"", "members",
         "total(for m in members return total(for l in m.lines return l.amount))"},
        {"cut", "kind=\"adjust\" scope=\"pool\"", "members,budget",
         "for m in members return {member: m.key, key: \"own\", factor: 1000 / budget, reason: "
         "\"budget\"}"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "22100 20000 35645 -6455",
           "a share by volume, and a correction down to the budget");
    is_str(recipe_amounts(f, september, of(&s, 1, september)), "10000 5000 1003 13550 -2454",
           "a pool gives every member its part");
    is_str(recipe_amounts(f, september, of(&s, 2, september)), "60000 5 50805 -9200",
           "the shares sum to the whole");
    is_str(of(&s, 2, september)->measures.at[1].value, "1181.08", "its measures are everybody's");
    alone(f, &s, september);
    (void)recipe_post(f, 9);
}

static void pool_mistakes(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", OWN,
           {"pool", "kind=\"line\" scope=\"pool\"", "members",
            "[{recipient: \"nobody\", amount: 1}, {amount: 2}]"},
           {"cut", "kind=\"adjust\" scope=\"pool\"", "members",
            "[{member: \"R-1\", amount: 1}, {member: \"R-9\", key: \"own\", amount: 1}, {line: "
            "\"R-1#99\", amount: 1}, {member: \"R-1\", key: \"own\"}]"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    for (int who = 0; who < 3; who++)
        is_i64((int64_t)of(&s, who, september)->warnings.len, 6,
               "what goes wrong in a pool leaves every member incomplete");
}

static void closing(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", OWN,
           {"sum", "kind=\"measure\" scope=\"closing\"", "lines",
            "total(for l in lines return l.amount)"},
           {"guarantee", "kind=\"line\" scope=\"closing\"", "sum",
            "if sum < 200 then 200 - sum else null"},
           {"cap", "kind=\"adjust\" scope=\"closing\"", "lines,sum",
            "if sum > 500 then {key: \"own\", amount: 500 - sum, reason: \"cap\"} else if sum > "
            "300 then [{line: lines[1], factor: 0.5, reason: \"half\"}] else []"},
           {"debt", "kind=\"carry\" scope=\"closing\" initial=\"0\"", "sum,carried",
            "carried.debt + sum"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, of(&s, 0, september)), "22100 20000 - -11050",
           "one line is corrected, and stays as it was computed");
    is_str(recipe_amounts(f, september, of(&s, 1, september)), "10000 5000 1003 3997",
           "a guarantee fills up what is missing");
    is_str(recipe_amounts(f, september, of(&s, 2, september)), "60000 5 - -10005",
           "a cap takes off what is too much");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, of(&s, 0, september), &details), "details");
    const struct reward_line *half = &details.lines.at[3];
    ok(half->event_seq == details.lines.at[0].event_seq && str_eq(half->note, STR("half")),
       "a correction has the event of its line, and a reason");
    is_i64((int64_t)of(&s, 0, september)->carries.len, 1, "a closing may hand over");
    alone(f, &s, september);
    (void)recipe_post(f, 9);
}

int main(void)
{
    fixture_each(ranks);
    fixture_each(pushing);
    fixture_each(not_payable);
    fixture_each(matching);
    fixture_each(pools);
    fixture_each(pool_mistakes);
    fixture_each(closing);
    return done_testing();
}
