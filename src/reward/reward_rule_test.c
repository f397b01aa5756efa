/* What schemes can say about one contract: lines in full, levels of rounding, running totals, what
 * is handed to the next period, outlets and customers. Figures by hand from the sales of the scene.
 */
#include "reward/reward_recipe_scene.h"

static const struct reward_result *anna(const struct scene *s,
                                        const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[0]);
}

static const struct reward_result *boris(const struct scene *s,
                                         const struct reward_calculation *calculation)
{
    return recipe_result(calculation, s->contract_ids[1]);
}

static void line_entries(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"own", "kind=\"line\" scope=\"event\"", "event",
            "{amount: event.credit.net * 0.1, base: event.credit.net, rate: 0.1, quantity: "
            "event.quantity, product: event.product, customer: event.customer, note: \"n\", due: "
            "{after: @\"P1M\"}, unit: \"USD\"}"},
           {"once", "kind=\"line\"", "sales",
            "for e in sales return {key: e.id, amount: 1, event: e, due: {on: @\"2026-12-24\"}}"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    const struct reward_result *result = boris(&s, september);
    ok(!result->is_incomplete, "a line may have all its entries");
    is_str(recipe_amounts(f, september, result), "100 100 100 10000 5000 1003",
           "lines of the contract come before those of its events");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, result, &details), "details");
    const struct reward_line *own = &details.lines.at[3], *once = &details.lines.at[0];
    is_str(own->about, "{\"customer\":\"C-1\",\"product\":\"Beverages\",\"quantity\":\"1\"}",
           "what it is about is kept");
    is_i64(own->due_day.v, date_of(2026, 10, 2).days, "due a duration after the event");
    is_str(once->key, "once:S-0005", "an item has its own key: rule and item");
    ok(once->event_seq > 0 && once->due_day.v == date_of(2026, 12, 24).days,
       "a line of the contract may name its event and day");
    is_i64(reward_key_minor(result, STR("once")), 300, "items sum under their rule");
    int64_t run_id = scene_run(f, 9);
    is_i64(fixture_i64(f, "select count(*) from reward_line where key = 'once:S-0005' and "
                          "due_day = 20811"),
           1, "key and day are stored");
    ok(run_id > 0, "a run is stored");
}

static void line_mistakes(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"twice", "kind=\"line\" scope=\"event\"", "event", "[{amount: 1}, {amount: 2}]"},
           {"items", "kind=\"line\" scope=\"event\"", "event",
            "[{amount: 1, key: \"a\"}, {amount: 2, key: \"b\"}]"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    ok(boris(&s, september)->is_incomplete, "several lines of one key for one event are a mistake");
    is_str(str_of(boris(&s, september)->warnings.at[0].message),
           "One event gave several lines of one key.", "and it is said");
    is_i64(reward_key_minor(boris(&s, september), STR("items")), 900, "with items they are not");
}

static void other_lines(struct fixture *f)
{
    struct scene other;
    RECIPE(f, &other, "", {"euro", "kind=\"line\"", "sales", "{amount: 5, currency: \"EUR\"}"},
           {"other", "kind=\"line\"", "sales", "{amount: 5, recipient: \"2\"}"},
           {"points", "kind=\"line\"", "sales", "{amount: 12.5, unit: \"PV\"}"});
    AUTO_CALCULATION second = recipe_calculate(f, 9, 0);
    const struct reward_result *result = anna(&other, second);
    is_i64((int64_t)result->warnings.len, 2, "another currency and another partner are refused");
    is_i64(result->total_minor, 0, "and give nothing");
    is_str(recipe_amounts(f, second, result), "!1250", "points stand aside from the total");
    is_i64(boris(&other, second)->total_minor, 500, "oneself is no other partner");
}

static void levels(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "scale=\"0\"",
           {"line", "kind=\"line\" scope=\"event\"", "event", "event.credit.net * 0.0055"},
           {"rule", "kind=\"line\" scope=\"event\" level=\"rule and period\"", "event",
            "event.credit.net * 0.0055"},
           {"a", "kind=\"line\" scope=\"event\" level=\"recipient and period\"", "event",
            "event.credit.net * 0.0025"},
           {"b", "kind=\"line\" scope=\"event\" level=\"recipient and period\"", "event",
            "event.credit.net * 0.003"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    const struct reward_result *result = boris(&s, september);
    is_i64(reward_key_minor(result, STR("line")), 1000, "5.5, 2.75 and 0.55 are 6, 3 and 1");
    is_i64(reward_key_minor(result, STR("rule")), 900, "8.80 as a whole is 9");
    is_i64(reward_key_minor(result, STR("a")) + reward_key_minor(result, STR("b")), 900,
           "so it is over two rules of one recipient");
    is_str(recipe_amounts(f, september, result), "600 600 300 300 300 300 100 200 100 0 0 0",
           "the difference is on the last line of its level");
    is_i64(result->total_minor, 2800, "the total is the sum of the lines");
    (void)recipe_post(f, 9);
}

static void running(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"volume", "kind=\"accumulator\"", "event", "event.credit.net"},
           {"seen",
            "kind=\"accumulator\" key=\"product\" where=\"event.product.code = "
            "&quot;Seafood&quot;\"",
            "event", "1"},
           {"own", "kind=\"line\" scope=\"event\"", "event,running",
            "{amount: tier marginal(running.volume.closing, [{from: 0, rate: 0.01}, {from: 1200, "
            "rate: 0.1}]).amount - tier marginal(running.volume.opening, [{from: 0, rate: 0.01}, "
            "{from: 1200, rate: 0.1}]).amount, base: running.volume.opening, rate: "
            "running.seen.closing}"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, boris(&s, september)), "1000 3200 1003",
           "each sale takes the tiers that the running total passes: 10; 2 + 30; 10.03");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, boris(&s, september), &details), "details");
    ok(dec_is_zero(details.lines.at[0].rate) && dec_eq(details.lines.at[1].rate, dec_from_i64(1)) &&
           dec_is_zero(details.lines.at[2].rate),
       "a total counts apart by product, and only what its condition lets in");
    is_i64(fixture_i64(f, "select count(*) from reward_carry"), 0, "nothing goes on");
}

static void running_on(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"volume", "kind=\"accumulator\" reset=\"year\"", "event", "event.credit.net"},
           {"month", "kind=\"accumulator\" reset=\"month\"", "event", "event.credit.net"},
           {"own", "kind=\"line\" scope=\"event\"", "event,running",
            "{amount: running.volume.opening, base: running.month.opening}"});
    AUTO_CALCULATION before = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, before, anna(&s, before)), "0 221000", "a year begins at nothing");
    int64_t august = recipe_post(f, 8);
    AUTO_CALCULATION after = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, after, anna(&s, after)), "531000 752000",
           "it goes on from what was posted");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, after, anna(&s, after), &details), "details");
    ok(dec_is_zero(details.lines.at[0].base), "a month does not");
    int64_t id = fixture_i64(
        f, "select id from reward_result where total_minor = 0 and events = 1 order by id limit 1");
    ok(august > 0 && reward_result_roll_back(&f->op, id, STR("a mistake")) == RC_OK,
       "the first month of Anna is rolled back");
    AUTO_CALCULATION rolled = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, rolled, anna(&s, rolled)), "0 221000", "and does not count any more");
}

static void carrying(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           {"debt", "kind=\"carry\" initial=\"{left: 3, since: @&quot;2026-01-01&quot;}\"",
            "carried", "{left: carried.debt.left - 1, since: carried.debt.since}"},
           {"fresh", "kind=\"carry\" initial=\"7\" expiresAfter=\"P1M\"", "carried",
            "carried.fresh + 1"},
           {"volume", "kind=\"measure\"", "sales", "total(for e in sales return e.credit.net)"},
           {"line", "kind=\"line\"", "carried,previous",
            "{amount: carried.debt.left, base: carried.fresh, rate: if previous[1].posted then "
            "previous[1].measures.volume else -1, note: string(carried.debt.since)}"});
    AUTO_CALCULATION first = recipe_calculate(f, 8, 0);
    is_i64(anna(&s, first)->total_minor, 300, "at first a carry has its initial value");
    int64_t august = recipe_post(f, 8);
    ok(august > 0, "August is posted");
    AUTO_CALCULATION second = recipe_calculate(f, 9, 0);
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, second, anna(&s, second), &details), "details");
    const struct reward_line *line = &details.lines.at[0];
    is_i64(line->amount_minor, 200, "then what the last posted period handed over");
    is_str(line->note, "2026-01-01", "contexts and dates come back as they were");
    ok(dec_eq(line->rate, dec_from_i64(5310)), "a posted period is there with its measures");
    ok(dec_eq(line->base, dec_from_i64(8)), "a value lives until it expires");
    AUTO_CALCULATION october = recipe_calculate(f, 10, 0);
    scene_must(f, reward_details_of(&f->op, october, anna(&s, october), &details), "details");
    ok(dec_eq(details.lines.at[0].rate, dec_from_i64(-1)),
       "a period that was not posted is there too, as not posted");
    ok(dec_eq(details.lines.at[0].base, dec_from_i64(7)), "an expired value is the initial again");
    fixture_sql(f, "update reward_result set state = 'rolled_back'");
    AUTO_CALCULATION third = recipe_calculate(f, 9, 0);
    is_i64(anna(&s, third)->total_minor, 300, "what is rolled back hands over nothing");
}

static void items(struct fixture *f)
{
    struct scene s;
    int64_t outlet_id = 0, customer_id = 0;
    RECIPE(f, &s, "",
           {"outlet volume", "kind=\"measure\" scope=\"outlet\"", "sales",
            "total(for e in sales return e.credit.net)"},
           {"capped", "kind=\"line\" scope=\"customer\"", "sales,customer",
            "{key: customer.code, amount: min(100, total(for e in sales return e.credit.net * "
            "0.1))}"},
           {"per outlet", "kind=\"line\" scope=\"outlet\"", "outlet volume,outlet",
            "if outlet volume > 200 then 20 else 5"});
    struct partner_outlet outlet = {
        .partner_id = s.partner_ids[1], .code = STR("O-1"), .name = STR("First")};
    scene_must(f, partner_outlet_save(&f->op, &outlet, &outlet_id), "an outlet");
    struct customer customer = {
        .code = STR("C-2"), .name = STR("Second"), .since = scene_at(2026, 1, 1)};
    scene_must(f, customer_save(&f->op, &customer, &customer_id), "a customer");
    (void)recipe_sale(f, &s, 1, outlet_id, customer_id, 12000);
    (void)recipe_sale(f, &s, 1, outlet_id, s.customer_id, 20000);
    outlet = (struct partner_outlet){
        .partner_id = s.partner_ids[1], .code = STR("O-2"), .name = STR("Second")};
    scene_must(f, partner_outlet_save(&f->op, &outlet, &outlet_id), "an outlet");
    (void)recipe_sale(f, &s, 1, outlet_id, 0, 5000);
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    const struct reward_result *result = boris(&s, september);
    is_str(result->measures.at[0].value, "{\"O-1\": 320, \"O-2\": 50}",
           "a measure of outlets has a value for each");
    is_str(recipe_amounts(f, september, result), "2000 500 10000 1200",
           "each outlet and customer is computed by itself; who has none is in neither");
    is_i64(reward_key_minor(result, STR("capped")), 11200, "a cap holds per customer");
    int64_t run_id = scene_run(f, 9);
    ok(run_id > 0, "a run is stored");
    is_i64(fixture_i64(f, "select count(*) from reward_line where about = '{\"outlet\":\"O-2\"}'"),
           1, "a line says its outlet");
}

static void conditions(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"own", "kind=\"line\" scope=\"event\"", "event", "event.credit.net * 0.1"},
           {"bonus", "kind=\"line\"", "sales", "25"},
           {"big enough", "kind=\"eligible\" scope=\"event\" of=\"own\"", "event",
            "{ok: event.credit.net >= 500, reason: \"below 500\"}"},
           {"enough sales", "kind=\"eligible\" of=\"bonus\"", "sales", "count(sales) > 2"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, boris(&s, september)), "2500 10000 5000 0",
           "a sale that does not meet the condition keeps its line at nothing");
    is_str(recipe_amounts(f, september, anna(&s, september)), "0 22100 20000",
           "a condition of the contract is about all lines of its key");
    struct reward_details details;
    scene_must(f, reward_details_of(&f->op, september, boris(&s, september), &details), "details");
    is_str(details.lines.at[3].note, "below 500", "the line says why");
    (void)recipe_post(f, 9);
}

static int64_t balance(struct fixture *f, const char *kind)
{
    return fixture_i64(
        f, str_c(f->arena, str_printf(f->arena,
                                      "select cast(coalesce(sum(b.balance_minor), 0) as bigint) "
                                      "from ledger_balance b join "
                                      "ledger_account a on a.id = b.account_id where a.kind = '%s'",
                                      kind)));
}

static void charges(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", {"own", "kind=\"line\" scope=\"event\"", "event", "event.credit.net * 0.1"},
           {"licence", "kind=\"charge\"", "sales", "{amount: 12.5, note: \"per month\"}"},
           {"welcome", "kind=\"referred\" scope=\"event\"", "event",
            "if event.credit.net > 5000 then {form: \"credit\", amount: 20, months: 3} else null"});
    AUTO_CALCULATION september = recipe_calculate(f, 9, 0);
    is_str(recipe_amounts(f, september, boris(&s, september)), "!1250 10000 5000 1003",
           "a charge is never a negative reward: it stands aside");
    is_i64(boris(&s, september)->total_minor, 16003, "and the total is what was earned");
    (void)recipe_post(f, 9);
    is_i64(balance(f, "partner:receivable"), 3750, "each partner owes the charge");
    is_i64(balance(f, "income:service"), -3750, "which is income");
    is_i64(balance(f, "customer:credit"), -2000, "a customer's credit is owed to the customer");
    is_i64(fixture_i64(f, "select count(*) from reward_aside where kind = 4 and recipient = 'C-1' "
                          "and about = '{\"form\":\"credit\",\"months\":\"3\"}'"),
           1, "with its form");
    int64_t id = fixture_i64(f, "select max(id) from reward_result");
    scene_must(f, reward_result_roll_back(&f->op, id, STR("a mistake")), "rolling back");
    is_i64(balance(f, "partner:receivable"), 2500, "what is rolled back is not owed any more");
    is_i64(balance(f, "customer:credit"), 0, "neither to the customer");
}

int main(void)
{
    fixture_each(conditions);
    fixture_each(charges);
    fixture_each(line_entries);
    fixture_each(line_mistakes);
    fixture_each(other_lines);
    fixture_each(levels);
    fixture_each(running);
    fixture_each(running_on);
    fixture_each(carrying);
    fixture_each(items);
    return done_testing();
}
