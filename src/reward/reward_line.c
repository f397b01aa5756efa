/* Values of outputs become lines and measures. Rounding happens here and nowhere else: the exact
 * decimal is kept beside the amount. A null without a warning is "no reward"; a null with one makes
 * the contract's result incomplete, because it is never silently zero. */
#include "json/json.h"
#include "reward/reward_original.h"

static void add_warning(struct reward__calc *calc, struct reward_result *result,
                        struct reward_warning warning)
{
    enum { WARNINGS_MAX = 100 };
    result->is_incomplete = true;
    for (size_t i = 0; i < result->warnings.len; i++)
        if (result->warnings.at[i].message == warning.message &&
            str_eq(result->warnings.at[i].decision, warning.decision) &&
            str_eq(result->warnings.at[i].args[0], warning.args[0]))
            return; /* said once, at the first event */
    if (result->warnings.len < WARNINGS_MAX)
        VEC_PUSH(calc->arena, &result->warnings, warning);
}

void reward__warn(struct reward__calc *calc, struct reward_result *result,
                  const struct feel_warning *warning, const struct reward__fact *fact)
{
    struct reward_warning kept = {.decision = str_dup(calc->arena, warning->where),
                                  .message = warning->message,
                                  .event_seq = fact ? fact->event_seq : 0};
    for (size_t i = 0; i < LEN(kept.args); i++)
        kept.args[i] = str_dup(calc->arena, warning->args[i]);
    add_warning(calc, result, kept);
}

void reward__warn_text(struct reward__calc *calc, struct reward_result *result, struct str decision,
                       const char *message, struct str arg, int64_t event_seq)
{
    struct reward_warning warning = {.decision = decision,
                                     .message = message,
                                     .args = {str_dup(calc->arena, arg)},
                                     .event_seq = event_seq};
    add_warning(calc, result, warning);
}

enum line_entry {
    LINE_AMOUNT,
    LINE_CURRENCY,
    LINE_UNIT,
    LINE_EVENT,
    LINE_CUSTOMER,
    LINE_OUTLET,
    LINE_PRODUCT,
    LINE_RECIPIENT,
    LINE_BASE,
    LINE_RATE,
    LINE_QUANTITY,
    LINE_NOTE,
    LINE_DUE,
    LINE_KEY,
    LINE_ENTRIES
};
static const struct str entry_names[LINE_ENTRIES] = {
    [LINE_AMOUNT] = STR_INIT("amount"),     [LINE_CURRENCY] = STR_INIT("currency"),
    [LINE_UNIT] = STR_INIT("unit"),         [LINE_EVENT] = STR_INIT("event"),
    [LINE_CUSTOMER] = STR_INIT("customer"), [LINE_OUTLET] = STR_INIT("outlet"),
    [LINE_PRODUCT] = STR_INIT("product"),   [LINE_RECIPIENT] = STR_INIT("recipient"),
    [LINE_BASE] = STR_INIT("base"),         [LINE_RATE] = STR_INIT("rate"),
    [LINE_QUANTITY] = STR_INIT("quantity"), [LINE_NOTE] = STR_INIT("note"),
    [LINE_DUE] = STR_INIT("due"),           [LINE_KEY] = STR_INIT("key")};

struct taking { /* what is the same for all lines of one value */
    struct reward__calc *calc;
    struct reward__contract *contract; /* where it is computed */
    const struct reward__site *site;
    const struct reward__scheme *scheme;
    struct map *seen; /* "key event recipient" of a list of lines */
};

struct wanted {                         /* a line as the scheme asks for it */
    struct feel_value at[LINE_ENTRIES]; /* kind 0: not given */
    const struct reward__fact *fact;    /* the event that it is of; NULL: of the period */
    struct reward__contract *to;        /* whose line it becomes; NULL: nobody can be paid */
    struct reward_line line;
    const struct currency *currency; /* NULL: the scheme's */
};

/* NULL: a pool. */
static struct reward__scheme *scheme_of(struct reward__contract *contract,
                                        const struct reward__segment *segment)
{
    for (size_t i = 0; i < contract->schemes.len; i++)
        if (contract->schemes.at[i].scheme_id == segment->scheme_version.scheme_id)
            return &contract->schemes.at[i];
    return NULL;
}

static void refuse(const struct taking *taking, const char *message, struct str arg)
{
    const struct reward__site *site = taking->site;
    reward__warn_text(taking->calc, taking->contract->result, site->output->decision, message, arg,
                      site->fact ? site->fact->event_seq : 0);
}

static void take_null(const struct taking *taking)
{
    const struct feel_warnings *warnings = &taking->calc->warnings;
    for (size_t i = 0; i < warnings->len; i++)
        reward__warn(taking->calc, taking->contract->result, &warnings->at[i], taking->site->fact);
}

/* ---- putting ---- */

static bool round_amount(const struct taking *taking, const struct reward__contract *to,
                         struct dec exact, int64_t *out_minor)
{
    const struct scheme_output *output = taking->site->output;
    int digits = to->result->currency->digits;
    struct dec rounded =
        dec_round(exact, output->scale >= 0 ? output->scale : digits, output->rounding);
    return dec_to_scaled(rounded, digits, output->rounding, out_minor);
}

void reward__sum_add(struct reward__calc *calc, struct reward_result *result,
                     const struct scheme_output *output, int64_t amount_minor)
{
    for (size_t i = 0; i < result->sums.len; i++)
        if (result->sums.at[i].phase == output->phase &&
            str_eq(result->sums.at[i].key, output->key)) {
            result->sums.at[i].amount_minor += amount_minor;
            return;
        }
    VEC_PUSH(calc->arena, &result->sums,
             ((struct reward_sum){output->key, output->phase, amount_minor}));
}

/* Into the total; false when that would not fit. */
static bool count_line(struct reward__calc *calc, struct reward_result *result,
                       const struct reward_line *line)
{
    if (line->aside)
        return true;
    if (__builtin_add_overflow(result->total_minor, line->amount_minor, &result->total_minor))
        return false;
    result->lines_len++;
    reward__sum_add(calc, result, line->output, line->amount_minor);
    return true;
}

bool reward__put_ready(struct reward__calc *calc, struct reward__contract *contract,
                       struct reward_line line)
{
    bool is_counted = count_line(calc, contract->result, &line);
    if (is_counted)
        VEC_PUSH(calc->work, &contract->details.lines, line);
    return is_counted;
}

static void put_line(const struct taking *taking, struct reward__contract *to,
                     struct reward_line line)
{
    struct reward__calc *calc = taking->calc;
    line.derivation_i =
        reward__derive(calc, taking->contract, taking->site->segment, taking->site->output, false);
    if (!count_line(calc, to->result, &line)) {
        refuse(taking, M("The amount {0} is too large."), dec_print(calc->scratch, line.exact));
        return;
    }
    if (calc->originals && !line.aside)
        reward__original_note(calc, to, &line);
    if (to == taking->contract)
        VEC_PUSH(calc->work, &to->details.lines, line);
    else if (calc->outcome == RC_OK)
        calc->outcome = reward__send(calc, to, line,
                                     &taking->contract->details.derivations.at[line.derivation_i]);
}

static const struct reward__verdict *find_verdict(const struct reward__verdict *verdicts,
                                                  size_t len, struct str key)
{
    for (size_t i = 0; i < len; i++)
        if (verdicts[i].of.len == 0 || str_eq(verdicts[i].of, key))
            return &verdicts[i];
    return NULL;
}

/* That of the contract goes before that of the event. */
static const struct reward__verdict *verdict_of(const struct reward__scheme *scheme, struct str key)
{
    if (!scheme)
        return NULL;
    const struct reward__verdict *whole =
        find_verdict(scheme->verdicts.at, scheme->verdicts.len, key);
    return whole ? whole
                 : find_verdict(scheme->verdicts_of_event.at, scheme->verdicts_of_event.len, key);
}

/* Of a condition that does not hold: the line stays, with nothing and the reason. */
static void apply_verdict(const struct taking *taking, struct reward_line *line)
{
    const struct reward__verdict *verdict = verdict_of(taking->scheme, taking->site->output->key);
    if (!verdict)
        return;
    line->exact = dec_from_i64(0);
    line->note = str_dup(taking->calc->work, verdict->reason);
}

static void put_exact(const struct taking *taking, struct reward__contract *to,
                      struct reward_line line)
{
    apply_verdict(taking, &line);
    if (taking->scheme)
        reward__apply_due(taking->scheme, taking->site->output, &line);
    if (taking->site->output->kind == SCHEME_CHARGE)
        line.aside = REWARD_CHARGE;
    if (!round_amount(taking, to, line.exact, &line.amount_minor)) {
        refuse(taking, M("The amount {0} is too large."),
               dec_print(taking->calc->scratch, line.exact));
        return;
    }
    line.output = taking->site->output;
    if (!line.key.at)
        line.key = line.output->key;
    if (!line.unit.at)
        line.unit = STR("");
    if (!line.about.at)
        line.about = STR("");
    if (!line.recipient.at)
        line.recipient = STR("");
    line.version_id = taking->site->segment->scheme_version.id;
    line.scheme_id = taking->site->segment->scheme_version.scheme_id;
    put_line(taking, to, line);
}

void reward__put_exact(struct reward__calc *calc, struct reward__contract *contract,
                       const struct reward__site *site, struct reward__contract *to,
                       struct reward_line line)
{
    struct taking taking = {.calc = calc, .contract = contract, .site = site};
    put_exact(&taking, to, line);
}

/* From the line's currency, usually the scheme's, to that in which its recipient is paid. */
static bool turn_amount(const struct taking *taking, const struct wanted *wanted, struct dec *exact)
{
    struct reward__calc *calc = taking->calc;
    const struct reward__contract *to = wanted->to ? wanted->to : taking->contract;
    const struct scheme *scheme = taking->site->segment->scheme;
    int64_t at = wanted->fact ? wanted->fact->occurred_at : calc->calculation->span.end_us - 1;
    int64_t day = reward__rate_day(calc, scheme, at);
    struct reward__exchange exchange = {
        .from = wanted->currency ? wanted->currency : reward__currency_of(taking->contract, scheme),
        .to = to->result->currency};
    if (exchange.from == exchange.to || wanted->line.aside == REWARD_POINTS)
        return true;
    if (!reward__rate_on(calc, taking->contract, scheme, &exchange, day)) {
        refuse(taking, M("There is no exchange rate {0}."),
               reward__rate_words(calc->scratch, &exchange, day));
        return false;
    }
    *exact = dec_mul(*exact, exchange.rate);
    return true;
}

/* A sum of the period for the part of it in which the scheme was in force. The line says both,
 * unless the scheme gave it a base and rate of its own. */
static struct dec prorated(const struct taking *taking, struct dec exact, struct reward_line *line)
{
    struct dec part;
    if (!taking->scheme || !reward__active_share(taking->calc, taking->contract, taking->scheme,
                                                 taking->site->output->prorate, &part))
        return exact;
    if (!line->has_base && !line->has_rate) {
        line->base = exact;
        line->rate = part;
        line->has_base = line->has_rate = true;
    }
    return dec_mul(exact, part);
}

static void add_line(const struct taking *taking, struct dec exact, struct wanted *wanted)
{
    exact = prorated(taking, exact, &wanted->line);
    if (!turn_amount(taking, wanted, &exact))
        return;
    struct reward_line line = wanted->line;
    struct reward__contract *to = wanted->to;
    line.event_seq = wanted->fact ? wanted->fact->event_seq : 0;
    line.occurred_at = wanted->fact ? wanted->fact->occurred_at : 0;
    line.exact = exact;
    if (!to) {
        line.aside = REWARD_NO_CONTRACT;
        to = taking->contract;
    }
    put_exact(taking, to, line);
}

/* ---- reading tLine ---- */

static void read_entries(const struct taking *taking, const struct feel_value *context,
                         struct wanted *out)
{
    const struct feel_shape *shape = context->context.shape;
    for (size_t i = 0; i < shape->len; i++)
        for (size_t k = 0; k < LINE_ENTRIES; k++)
            if (shape->names[i].len == entry_names[k].len &&
                str_eq(shape->names[i], entry_names[k])) {
                out->at[k] = feel_entry_at(context, i, taking->calc->scratch);
                break;
            }
}

static bool is_number(const struct wanted *wanted, enum line_entry entry, struct dec *out)
{
    if (wanted->at[entry].kind != FEEL_NUMBER)
        return false;
    *out = wanted->at[entry].number;
    return true;
}

/* A text, or the code of a record: "O-1" and event.outlet are the same. */
struct str reward__code_of(struct arena *arena, const struct feel_value *value)
{
    struct feel_value code;
    if (value->kind == FEEL_STRING)
        return value->text;
    if (value->kind == FEEL_NUMBER)
        return feel_print(arena, value);
    if (value->kind != FEEL_CONTEXT)
        return STR_NONE;
    static const struct str names[] = {STR_INIT("code"), STR_INIT("key"), STR_INIT("partner"),
                                       STR_INIT("id")};
    for (size_t i = 0; i < LEN(names); i++)
        if (feel_entry(value, names[i], arena, &code) && code.kind != FEEL_NULL)
            return reward__code_of(arena, &code);
    return STR_NONE;
}

static struct str code_entry(const struct taking *taking, const struct wanted *wanted,
                             enum line_entry entry)
{
    return wanted->at[entry].kind ? reward__code_of(taking->calc->scratch, &wanted->at[entry])
                                  : STR_NONE;
}

/* What the line is about, beside its event. */
static struct str about_json(const struct taking *taking, const struct wanted *wanted)
{
    const struct reward__site *site = taking->site;
    struct str customer = code_entry(taking, wanted, LINE_CUSTOMER);
    struct str outlet = code_entry(taking, wanted, LINE_OUTLET);
    struct str product = code_entry(taking, wanted, LINE_PRODUCT);
    struct dec quantity;
    bool has_quantity = is_number(wanted, LINE_QUANTITY, &quantity);
    if (!customer.at && site->customer)
        customer = site->customer->code;
    if (!outlet.at && site->outlet)
        outlet = site->outlet->code;
    if (!customer.at && !outlet.at && !product.at && !has_quantity)
        return STR("");
    AUTO_BUF text = BUF(16 << 10);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    if (customer.at)
        json_pair_str(&json, "customer", customer);
    if (outlet.at)
        json_pair_str(&json, "outlet", outlet);
    if (product.at)
        json_pair_str(&json, "product", product);
    if (has_quantity)
        json_pair_str(&json, "quantity", dec_print(taking->calc->scratch, quantity));
    json_object_end(&json);
    return str_dup(taking->calc->work, buf_str(&text));
}

/* The day of {on} or of {after}; a date alone is {on}. */
bool reward__due_day(struct reward__calc *calc, const struct feel_value *due, int64_t from_day,
                     struct opt_i64 *out)
{
    struct feel_value entry;
    if (due->kind == FEEL_DATE || due->kind == FEEL_DATE_TIME) {
        *out = SOME(due->days);
        return true;
    }
    if (due->kind != FEEL_CONTEXT)
        return false;
    if (feel_entry(due, STR("on"), calc->scratch, &entry) &&
        (entry.kind == FEEL_DATE || entry.kind == FEEL_DATE_TIME)) {
        *out = SOME(entry.days);
        return true;
    }
    if (!feel_entry(due, STR("after"), calc->scratch, &entry))
        return false;
    if (entry.kind == FEEL_MONTHS)
        *out = SOME(date_add_months((struct date){(int32_t)from_day}, entry.months).days);
    else if (entry.kind == FEEL_DAYS)
        *out = SOME(from_day + (int64_t)(entry.span_nanos / ((__int128)US_DAY * 1000)));
    else
        return false;
    return true;
}

static const struct reward__fact *fact_of(const struct taking *taking, struct str id)
{
    for (size_t i = 0; i < taking->scheme->facts_len; i++)
        if (str_eq(taking->scheme->facts[i]->external_id, id))
            return taking->scheme->facts[i];
    return NULL;
}

static bool read_fact(const struct taking *taking, struct wanted *wanted)
{
    struct str id = code_entry(taking, wanted, LINE_EVENT);
    wanted->fact = taking->site->fact;
    if (!id.at || (wanted->fact && str_eq(wanted->fact->external_id, id)))
        return true;
    wanted->fact = taking->scheme ? fact_of(taking, id) : NULL;
    if (!wanted->fact)
        refuse(taking, M("A line names the event {0}, which is none of these sales."), id);
    return wanted->fact != NULL;
}

static bool read_money(const struct taking *taking, struct wanted *wanted)
{
    struct str code = code_entry(taking, wanted, LINE_CURRENCY);
    struct str unit = code_entry(taking, wanted, LINE_UNIT);
    wanted->line.unit = STR("");
    if (unit.at && !currency_find(unit)) {
        wanted->line.unit = str_dup(taking->calc->work, unit);
        wanted->line.aside = REWARD_POINTS;
        return true;
    }
    if (!code.at)
        code = unit;
    wanted->currency = code.at ? currency_find(code) : NULL;
    if (code.at && !wanted->currency)
        refuse(taking, M("There is no currency {0}."), code);
    return !code.at || wanted->currency;
}

static bool is_for_others(const struct reward__site *site)
{
    return site->is_pool || site->output->is_push;
}

static bool read_member(const struct taking *taking, struct wanted *wanted, struct str code)
{
    int64_t scheme_id = taking->site->segment->scheme_version.scheme_id;
    wanted->to = reward__member(taking->calc, code, scheme_id);
    if (!wanted->to)
        refuse(taking, M("A pool gives to {0}, who has no part in it."), code);
    return wanted->to != NULL;
}

static bool read_pushed(const struct taking *taking, struct wanted *wanted, struct str code)
{
    struct reward__calc *calc = taking->calc;
    int64_t scheme_id = taking->site->segment->scheme_version.scheme_id;
    int64_t at = wanted->fact ? wanted->fact->occurred_at : calc->calculation->span.end_us - 1;
    wanted->line.recipient = str_dup(calc->work, code);
    wanted->line.from_partner_id = taking->contract->result->contract->partner_id;
    wanted->to = reward__recipient(calc, code, scheme_id, at);
    return true;
}

/* Whose line it is: of the contract at hand, or of the one that the recipient has. */
static bool read_recipient(const struct taking *taking, struct wanted *wanted)
{
    const struct reward__site *site = taking->site;
    struct str code = code_entry(taking, wanted, LINE_RECIPIENT);
    wanted->to = taking->contract;
    wanted->line.recipient = STR("");
    if (!code.at && is_for_others(site)) {
        refuse(taking, M("A line for others needs its recipient."), STR_NONE);
        return false;
    }
    if (site->is_pool)
        return read_member(taking, wanted, code);
    if (!code.at || str_eq(code, taking->contract->result->contract->partner_code))
        return true;
    if (site->output->is_push)
        return read_pushed(taking, wanted, code);
    refuse(taking, M("A line for another partner needs the direction push."), code);
    return false;
}

static bool read_due(const struct taking *taking, struct wanted *wanted)
{
    const struct feel_value *due = &wanted->at[LINE_DUE];
    struct reward__calc *calc = taking->calc;
    int64_t from_day = wanted->fact ? zone_date(calc->view.zone, wanted->fact->occurred_at).days
                                    : (int64_t)calc->ask->period.end.days;
    if (due->kind == 0 || due->kind == FEEL_NULL ||
        reward__due_day(calc, due, from_day, &wanted->line.due_day))
        return true;
    refuse(taking, M("When a line is due is a date, or says on or after."), STR_NONE);
    return false;
}

/* One of several lines must differ from the others. */
static bool is_new(struct taking *taking, const struct wanted *wanted)
{
    if (!taking->seen || !wanted->fact)
        return true;
    struct str key =
        str_printf(taking->calc->scratch, STR_FMT " %lld " STR_FMT, STR_ARG(wanted->line.key),
                   (long long)wanted->fact->event_seq, STR_ARG(wanted->line.recipient));
    void **slot = map_put(taking->seen, key);
    bool is_known = *slot != NULL;
    *slot = taking;
    if (is_known)
        refuse(taking, M("One event gave several lines of one key."), STR_NONE);
    return !is_known;
}

/* tLine; only the amount is needed. */
static void take_context(struct taking *taking, const struct feel_value *context)
{
    struct wanted wanted = {.line = {.note = STR(""), .about = STR("")}};
    struct dec amount;
    read_entries(taking, context, &wanted);
    if (!is_number(&wanted, LINE_AMOUNT, &amount)) {
        if (taking->calc->warnings.len > 0)
            take_null(taking);
        else
            refuse(taking, M("A line needs its amount as a number."), STR_NONE);
        return;
    }
    struct reward_line *line = &wanted.line;
    struct str item = code_entry(taking, &wanted, LINE_KEY);
    line->has_base = is_number(&wanted, LINE_BASE, &line->base);
    line->has_rate = is_number(&wanted, LINE_RATE, &line->rate);
    line->key = taking->site->output->key;
    if (item.len > 0)
        line->key =
            str_printf(taking->calc->work, STR_FMT ":" STR_FMT, STR_ARG(line->key), STR_ARG(item));
    if (wanted.at[LINE_NOTE].kind == FEEL_STRING)
        line->note = str_dup(taking->calc->work, wanted.at[LINE_NOTE].text);
    line->about = about_json(taking, &wanted);
    if (read_fact(taking, &wanted) && read_money(taking, &wanted) &&
        read_recipient(taking, &wanted) && read_due(taking, &wanted) && is_new(taking, &wanted))
        add_line(taking, amount, &wanted);
}

static void take_number(struct taking *taking, struct dec amount)
{
    const struct reward__site *site = taking->site;
    struct wanted wanted = {.fact = site->fact,
                            .to = taking->contract,
                            .line = {.key = site->output->key,
                                     .note = STR(""),
                                     .about = STR(""),
                                     .unit = STR(""),
                                     .recipient = STR("")}};
    if (is_for_others(site)) {
        refuse(taking, M("A line for others needs its recipient."), STR_NONE);
        return;
    }
    if (site->outlet || site->customer)
        wanted.line.about = about_json(taking, &wanted);
    if (is_new(taking, &wanted))
        add_line(taking, amount, &wanted);
}

struct str reward__about_of(struct reward__calc *calc, const struct reward__site *site)
{
    return about_json(&(struct taking){.calc = calc, .site = site}, &(struct wanted){0});
}

static void take_line(struct taking *taking, const struct feel_value *value)
{
    switch (value->kind) {
    case FEEL_NULL: take_null(taking); return;
    case FEEL_NUMBER: take_number(taking, value->number); return;
    case FEEL_CONTEXT: take_context(taking, value); return;
    case FEEL_LIST:
        if (value->list.len > 1 && !taking->seen)
            taking->seen = map_new(taking->calc->scratch);
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, taking->calc->scratch);
            if (item.kind == FEEL_LIST)
                refuse(taking, M("A line is a number or a context, not a list in a list."),
                       STR_NONE);
            else
                take_line(taking, &item);
        }
        return;
    default:
        refuse(taking, M("A line is a number or a context, not {0}."),
               feel_kind_word((enum feel_kind)value->kind));
    }
}

/* ---- conditions ---- */

/* {ok, reason}, or a boolean alone. */
static void take_eligible(struct taking *taking, const struct feel_value *value)
{
    struct reward__calc *calc = taking->calc;
    const struct reward__site *site = taking->site;
    struct feel_value is_ok = *value, reason = feel_null();
    if (value->kind == FEEL_CONTEXT) {
        is_ok = feel_null();
        (void)feel_entry(value, STR("ok"), calc->scratch, &is_ok);
        (void)feel_entry(value, STR("reason"), calc->scratch, &reason);
    }
    if (is_ok.kind != FEEL_BOOL) {
        if (calc->warnings.len > 0)
            take_null(taking);
        else
            refuse(taking, M("A condition is true or false, or says ok and reason."), STR_NONE);
        return;
    }
    if (is_ok.is)
        return;
    struct reward__verdict verdict = {.of = site->output->of,
                                      .reason = reason.kind == FEEL_STRING ? reason.text
                                                                           : site->output->label};
    struct reward__scheme *scheme = scheme_of(taking->contract, site->segment);
    if (site->fact) {
        VEC_PUSH(calc->scratch, &scheme->verdicts_of_event, verdict);
        return;
    }
    verdict.reason = str_dup(calc->arena, verdict.reason);
    VEC_PUSH(calc->arena, &scheme->verdicts, verdict);
}

/* ---- for the customer ---- */

static const struct str referred_names[] = {STR_INIT("form"), STR_INIT("percent"),
                                            STR_INIT("months"), STR_INIT("code")};

/* {form, amount, percent, months, code}: what is no amount is kept with the line. */
static void take_referred_one(struct taking *taking, const struct feel_value *value)
{
    struct reward__calc *calc = taking->calc;
    const struct reward__site *site = taking->site;
    struct wanted wanted = {.fact = site->fact, .to = taking->contract};
    struct feel_value entry;
    AUTO_BUF text = BUF(16 << 10);
    struct json_writer json = JSON_WRITER(&text);
    read_entries(taking, value, &wanted);
    struct str customer = code_entry(taking, &wanted, LINE_CUSTOMER);
    if (!customer.at && site->customer)
        customer = site->customer->code;
    if (!customer.at && site->fact && site->fact->customer)
        customer = site->fact->customer->code;
    if (!customer.at) {
        refuse(taking, M("What a customer gets needs the customer."), STR_NONE);
        return;
    }
    json_object(&json);
    for (size_t i = 0; i < LEN(referred_names); i++)
        if (feel_entry(value, referred_names[i], calc->scratch, &entry) &&
            entry.kind != FEEL_NULL) {
            json_key_str(&json, referred_names[i]);
            json_put_str(&json, entry.kind == FEEL_STRING ? entry.text
                                                          : feel_print(calc->scratch, &entry));
        }
    json_object_end(&json);
    struct dec amount = dec_from_i64(0);
    (void)is_number(&wanted, LINE_AMOUNT, &amount);
    wanted.line = (struct reward_line){.aside = REWARD_REFERRED,
                                       .note = STR(""),
                                       .recipient = str_dup(calc->work, customer),
                                       .about = str_dup(calc->work, buf_str(&text))};
    add_line(taking, amount, &wanted);
}

static void take_referred(struct taking *taking, const struct feel_value *value)
{
    if (value->kind == FEEL_NULL) {
        take_null(taking);
        return;
    }
    if (value->kind == FEEL_CONTEXT) {
        take_referred_one(taking, value);
        return;
    }
    for (size_t i = 0; value->kind == FEEL_LIST && i < value->list.len; i++) {
        struct feel_value item = feel_item(value, i, taking->calc->scratch);
        if (item.kind == FEEL_CONTEXT)
            take_referred_one(taking, &item);
    }
    if (value->kind != FEEL_LIST)
        refuse(taking, M("What a customer gets is a context, not {0}."),
               feel_kind_word((enum feel_kind)value->kind));
}

/* ---- measures ---- */

static size_t measure_need(const struct taking *taking)
{
    struct reward__calc *calc = taking->calc;
    const struct reward__site *site = taking->site;
    struct reward_result *result = taking->contract->result;
    bool is_of_item = site->outlet || site->customer;
    for (size_t i = 0; is_of_item && i < result->measures.len; i++)
        if (result->measures.at[i].output == site->output)
            return i;
    struct reward_measure measure = {
        .output = site->output,
        .version_id = site->segment->scheme_version.id,
        .value = STR(""),
        .derivation_i = reward__derive(calc, taking->contract, site->segment, site->output, false)};
    VEC_PUSH(calc->arena, &result->measures, measure);
    return result->measures.len - 1;
}

static void take_measure(const struct taking *taking, const struct feel_value *value)
{
    struct reward__calc *calc = taking->calc;
    const struct reward__site *site = taking->site;
    if (value->kind == FEEL_NULL)
        take_null(taking);
    size_t i = measure_need(taking);
    if (!site->outlet && !site->customer) {
        struct str text = value->kind == FEEL_STRING ? value->text : feel_print(calc->arena, value);
        taking->contract->result->measures.at[i].value = str_dup(calc->arena, text);
        return;
    }
    struct reward__item_value item = {
        .measure_i = i, .code = site->outlet ? site->outlet->code : site->customer->code};
    const struct feel_value list = feel_list(value, 1); /* so that texts are quoted */
    struct str text = feel_print(calc->work, &list);
    item.value = str_sub(text, 1, text.len - 2);
    VEC_PUSH(calc->work, &taking->contract->item_values, item);
}

/* Of outlets and customers one measure holds the values of all: {"O-1": 120, "O-2": 30}. */
void reward__measures_close(struct reward__calc *calc, struct reward__contract *contract)
{
    enum { TEXT_MAX = 64 << 20 };
    struct reward_result *result = contract->result;
    for (size_t i = 0; contract->item_values.len > 0 && i < result->measures.len; i++) {
        AUTO_BUF text = BUF(TEXT_MAX);
        for (size_t k = 0; k < contract->item_values.len; k++) {
            const struct reward__item_value *item = &contract->item_values.at[k];
            if (item->measure_i == i)
                buf_printf(&text, "%s\"" STR_FMT "\": " STR_FMT, text.len ? ", " : "{",
                           STR_ARG(item->code), STR_ARG(item->value));
        }
        if (text.len > 0)
            result->measures.at[i].value = str_join(calc->arena, buf_str(&text), STR("}"));
    }
    memset(&contract->item_values, 0, sizeof(contract->item_values));
}

void reward__take(struct reward__calc *calc, struct reward__contract *contract,
                  const struct reward__site *site, const struct feel_value *value)
{
    struct taking taking = {.calc = calc, .contract = contract, .site = site};
    taking.scheme = scheme_of(contract, site->segment);
    switch (site->output->kind) {
    case SCHEME_MEASURE: take_measure(&taking, value); return;
    case SCHEME_CARRY:
        if (value->kind == FEEL_NULL)
            take_null(&taking);
        reward__take_carry(calc, contract, site, value);
        return;
    case SCHEME_ELIGIBLE: take_eligible(&taking, value); return;
    case SCHEME_DUE:
        if (value->kind == FEEL_NULL)
            take_null(&taking);
        else
            reward__take_due(calc, contract, scheme_of(contract, site->segment), site, value);
        return;
    case SCHEME_REFERRED: take_referred(&taking, value); return;
    case SCHEME_ADJUST: reward__take_adjust(calc, contract, site, value); return;
    default:
        take_line(&taking, value);
        if (value->kind == FEEL_NULL && calc->warnings.len == 0)
            reward__nothing(calc, contract, site);
    }
}
