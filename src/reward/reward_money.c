/* Currencies: a scheme sees all amounts in its own currency and gives lines in that of the
 * contract. What was reported in another one is turned by the rate of the day, from the scheme's
 * source; a rate that is missing is named, never guessed. Nothing is rounded on the way: amounts
 * stay as they were reported, and are multiplied when a formula reads them. Rates that were used
 * stand in the inputs.
 */
#include "rate/rate.h"
#include "reward/reward_calc.h"

enum rc reward__rates_load(struct reward__calc *calc)
{
    return rates_load(calc->op, calc->ask->period.end.days - 1, &calc->rates);
}

const struct currency *reward__currency_of(const struct reward__contract *contract,
                                           const struct scheme *scheme)
{
    return scheme->currency ? scheme->currency : contract->result->currency;
}

static int64_t last_day(const struct reward__calc *calc)
{
    return calc->ask->period.end.days - 1;
}

static void note(struct reward__calc *calc, struct reward__contract *contract,
                 const struct reward__exchange *used)
{
    for (size_t i = 0; i < contract->exchanges.len; i++) {
        const struct reward__exchange *known = &contract->exchanges.at[i];
        if (known->from == used->from && known->to == used->to && known->day == used->day &&
            str_eq(known->source, used->source))
            return;
    }
    VEC_PUSH(calc->arena, &contract->exchanges, *used);
}

bool reward__rate_on(struct reward__calc *calc, struct reward__contract *contract,
                     const struct scheme *scheme, struct reward__exchange *exchange, int64_t day)
{
    exchange->source = scheme->rate_source;
    if (day > last_day(calc))
        day = last_day(calc);
    if (!rates_find(calc->rates, exchange->source, str_of(exchange->from->code),
                    str_of(exchange->to->code), day, &exchange->rate, &exchange->day))
        return false;
    note(calc, contract, exchange);
    return true;
}

/* "GBP/USD 2026-01-05 (default)": the rate that is not there. */
struct str reward__rate_words(struct arena *arena, const struct reward__exchange *exchange,
                              int64_t day)
{
    return str_printf(arena, "%s/%s " STR_FMT " (" STR_FMT ")", exchange->from->code,
                      exchange->to->code, STR_ARG(date_print(arena, (struct date){(int32_t)day})),
                      STR_ARG(exchange->source));
}

int64_t reward__rate_day(const struct reward__calc *calc, const struct scheme *scheme, int64_t at)
{
    return scheme->rate_moment == SCHEME_RATE_PERIOD_END ? last_day(calc)
                                                         : zone_date(calc->view.zone, at).days;
}

/* ---- amounts of facts ---- */

struct feel_value reward__fact_money(const struct reward__fact *fact, int64_t minor)
{
    const struct reward__exchange *exchange = fact->exchange;
    if (!exchange)
        return reward__view_money(minor, fact->currency);
    return feel_number(dec_mul(dec_from_scaled(minor, exchange->from->digits), exchange->rate));
}

const struct reward__fact *reward__fact_in(struct reward__calc *calc,
                                           struct reward__contract *contract,
                                           const struct scheme *scheme,
                                           const struct reward__fact *fact)
{
    const struct currency *to = reward__currency_of(contract, scheme);
    struct reward__exchange exchange = {.from = fact->currency, .to = to};
    int64_t day = reward__rate_day(calc, scheme, fact->occurred_at);
    if (fact->currency == to)
        return fact;
    if (!reward__rate_on(calc, contract, scheme, &exchange, day)) {
        reward__warn_text(calc, contract->result, STR("sales"), M("There is no exchange rate {0}."),
                          reward__rate_words(calc->scratch, &exchange, day), fact->event_seq);
        return NULL;
    }
    struct reward__fact *turned = NEW(calc->work, struct reward__fact);
    struct reward__exchange *kept = NEW(calc->work, struct reward__exchange);
    *turned = *fact;
    *kept = exchange;
    turned->currency = to;
    turned->exchange = kept;
    return turned;
}

/* ---- the function `convert` ---- */

static bool rate_for(const void *self, struct str from, struct str to, int64_t day, struct dec *out)
{
    const struct reward__at_hand *at_hand = self;
    struct reward__exchange exchange = {.from = currency_find(from), .to = currency_find(to)};
    if (!exchange.from || !exchange.to ||
        !reward__rate_on(at_hand->calc, at_hand->contract, at_hand->scheme, &exchange, day))
        return false;
    *out = exchange.rate;
    return true;
}

void reward__exchange_open(struct reward__calc *calc)
{
    calc->at_hand.calc = calc;
    calc->exchange = (struct feel_exchange){.rate = rate_for, .self = &calc->at_hand};
    calc->env.exchange = &calc->exchange;
}

void reward__exchanges_json(struct json_writer *json, const struct reward__contract *contract)
{
    AUTO_ARENA arena = arena_new(0);
    if (contract->exchanges.len == 0)
        return;
    json_key(json, "rates");
    json_array(json);
    for (size_t i = 0; i < contract->exchanges.len; i++) {
        const struct reward__exchange *used = &contract->exchanges.at[i];
        json_object(json);
        json_pair_str(json, "from", str_of(used->from->code));
        json_pair_str(json, "to", str_of(used->to->code));
        json_pair_str(json, "source", used->source);
        json_pair_str(json, "day", date_print(arena, (struct date){(int32_t)used->day}));
        json_pair_str(json, "rate", dec_print(arena, used->rate));
        json_object_end(json);
    }
    json_array_end(json);
}
