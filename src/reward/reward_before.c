/* State across periods: what posted results of earlier periods gave (`previous`), what the last of
 * them handed over (`carried`), and where running totals begin. Read once a contract, and only for
 * schemes that ask. */
#include "crypt/crypt.h"
#include "reward/reward_calc.h"
#include "reward/reward_q.h"

enum { PERIODS_MAX = 24, VALUE_BYTES_MAX = 64 << 10 };

struct posted {
    struct reward_before_row row;
    struct reward_measure_row_rows measures;
    struct reward_key_row_rows keys;
    struct reward_carry_row_rows carries;
};

struct handed { /* what a calculation handed on */
    int64_t contract_id;
    struct posted posted;
    struct reward_carry_row_rows running;
};
struct handed_of { /* a partner, in order of time */
    VEC(struct handed) list;
};
struct reward_trail {
    struct arena *arena;
    struct map *of_partner; /* id to struct handed_of */
    int64_t from_day;       /* of the first period; INT64_MAX: none */
};

struct reward__before {
    VEC(struct posted) posted; /* nearest first */
    struct map *running;       /* "scheme contract name item" to struct reward_carry_row */
    struct str sha;            /* of all that was found; absent: nothing */
};

/* ---- values as constants of the language ---- */

static void put_text(struct buf *buf, struct str text)
{
    buf_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            buf_char(buf, '\\');
        if (text.at[i] == '\n')
            buf_put(buf, STR("\\n"));
        else
            buf_char(buf, text.at[i]);
    }
    buf_char(buf, '"');
}

/* False: a function or a range cannot be handed over. */
static bool put_value(struct buf *buf, struct arena *arena, const struct feel_value *value)
{
    bool is_fine = true;
    switch ((enum feel_kind)value->kind) {
    case FEEL_NULL:
    case FEEL_BOOL:
    case FEEL_NUMBER: buf_put(buf, feel_print(arena, value)); return true;
    case FEEL_STRING: put_text(buf, value->text); return true;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS:
    case FEEL_MONTHS:
        buf_char(buf, '@');
        put_text(buf, feel_print(arena, value));
        return true;
    case FEEL_LIST:
        buf_char(buf, '[');
        for (size_t i = 0; i < value->list.len; i++) {
            struct feel_value item = feel_item(value, i, arena);
            buf_put(buf, i ? STR(", ") : STR(""));
            is_fine = put_value(buf, arena, &item) && is_fine;
        }
        buf_char(buf, ']');
        return is_fine;
    case FEEL_CONTEXT:
        buf_char(buf, '{');
        for (size_t i = 0; i < value->context.shape->len; i++) {
            struct feel_value entry = feel_entry_at(value, i, arena);
            buf_put(buf, i ? STR(", ") : STR(""));
            put_text(buf, value->context.shape->names[i]);
            buf_put(buf, STR(": "));
            is_fine = put_value(buf, arena, &entry) && is_fine;
        }
        buf_char(buf, '}');
        return is_fine;
    case FEEL_RANGE:
    case FEEL_FUNCTION: break;
    }
    return false;
}

static struct feel_value value_of(struct arena *arena, struct str text)
{
    struct feel_expr expr;
    struct feel_value value = feel_null();
    if (text.len == 0 || feel_compile(arena, text, NULL, 0, FEEL_STANDARD, NULL, &expr) != RC_OK ||
        feel_eval(&expr, &(struct feel_env){0}, arena, NULL, NULL, &value) != RC_OK)
        return feel_null();
    return value;
}

void reward__take_carry(struct reward__calc *calc, struct reward__contract *contract,
                        const struct reward__site *site, const struct feel_value *value)
{
    AUTO_BUF text = BUF(VALUE_BYTES_MAX);
    if (!put_value(&text, calc->scratch, value) || text.is_over) {
        reward__warn_text(calc, contract->result, site->output->decision,
                          M("This value cannot be handed to the next period: {0}."),
                          feel_kind_word((enum feel_kind)value->kind), 0);
        return;
    }
    struct reward_carry carry = {.scheme_id = site->segment->scheme_version.scheme_id,
                                 .kind = REWARD_CARRY_VALUE,
                                 .name = site->output->key,
                                 .item = STR(""),
                                 .value = str_dup(calc->arena, buf_str(&text))};
    VEC_PUSH(calc->arena, &contract->result->carries, carry);
}

/* ---- of calculations that are not posted ---- */

struct reward_trail *reward_trail_new(struct arena *arena)
{
    struct reward_trail *trail = NEW(arena, struct reward_trail);
    *trail = (struct reward_trail){arena, map_new(arena), INT64_MAX};
    return trail;
}

static void hand_carries(struct arena *arena, const struct reward_result *result,
                         struct handed *handed)
{
    size_t len = result->carries.len;
    struct reward_carry_row_rows *values = &handed->posted.carries, *running = &handed->running;
    values->at = NEW_ARRAY(arena, struct reward_carry_row, len);
    running->at = NEW_ARRAY(arena, struct reward_carry_row, len);
    for (size_t i = 0; i < len; i++) {
        const struct reward_carry *carry = &result->carries.at[i];
        struct reward_carry_row_rows *to = carry->kind == REWARD_CARRY_VALUE ? values : running;
        to->at[to->len++] = (struct reward_carry_row){.scheme_id = carry->scheme_id,
                                                      .kind = (int64_t)carry->kind,
                                                      .name = str_dup(arena, carry->name),
                                                      .item = str_dup(arena, carry->item),
                                                      .value = str_dup(arena, carry->value),
                                                      .bucket = carry->bucket,
                                                      .contract_id = result->contract->id};
    }
}

/* Once a rule, whatever the phases that gave lines of it. */
static void hand_sums(struct arena *arena, const struct reward_result *result,
                      struct reward_key_row_rows *out)
{
    out->at = NEW_ARRAY(arena, struct reward_key_row, result->sums.len);
    for (size_t i = 0; i < result->sums.len; i++) {
        struct str key = result->sums.at[i].key;
        size_t k = 0;
        while (k < out->len && !str_eq(out->at[k].key, key))
            k++;
        if (k == out->len)
            out->at[out->len++] =
                (struct reward_key_row){str_dup(arena, key), reward_key_minor(result, key)};
    }
}

static void hand_measures(struct arena *arena, const struct reward_result *result,
                          struct reward_measure_row_rows *out)
{
    out->at = NEW_ARRAY(arena, struct reward_measure_row, result->measures.len);
    for (size_t i = 0; i < result->measures.len; i++)
        out->at[out->len++] =
            (struct reward_measure_row){.name = str_dup(arena, result->measures.at[i].output->key),
                                        .value = str_dup(arena, result->measures.at[i].value)};
}

static void hand_on(struct reward_trail *trail, struct period period,
                    const struct reward_result *result)
{
    struct arena *arena = trail->arena;
    void **slot = map_put_i64(trail->of_partner, result->contract->partner_id);
    if (!*slot)
        *slot = NEW(arena, struct handed_of);
    struct handed_of *of = *slot;
    struct handed handed = {.contract_id = result->contract->id,
                            .posted.row = {.period = period_print(arena, period),
                                           .from_day = period.start.days,
                                           .to_day = period.end.days}};
    hand_measures(arena, result, &handed.posted.measures);
    hand_sums(arena, result, &handed.posted.keys);
    hand_carries(arena, result, &handed);
    VEC_PUSH(arena, &of->list, handed);
}

void reward_trail_add(struct reward_trail *trail, const struct reward_calculation *calculation)
{
    if (calculation->period.start.days < trail->from_day)
        trail->from_day = calculation->period.start.days;
    for (size_t i = 0; i < calculation->results_len; i++)
        hand_on(trail, calculation->period, &calculation->results[i]);
}

static const struct handed_of *handed_to(const struct reward__calc *calc,
                                         const struct reward__contract *contract)
{
    const struct reward_trail *trail = calc->ask->trail;
    return trail ? map_get_i64(trail->of_partner, contract->result->contract->partner_id) : NULL;
}

/* What is posted counts up to this day. */
static int64_t posted_until(const struct reward__calc *calc)
{
    int64_t from_day = calc->ask->period.start.days;
    return calc->ask->trail && calc->ask->trail->from_day < from_day ? calc->ask->trail->from_day
                                                                     : from_day;
}

/* ---- reading ---- */

struct asked {
    bool previous, carried, running;
};

static struct asked asked_by(const struct reward__contract *contract)
{
    struct asked asked = {0};
    for (size_t i = 0; i < contract->schemes.len; i++)
        for (size_t k = 0; k < contract->schemes.at[i].segments.len; k++) {
            const struct scheme *scheme = contract->schemes.at[i].segments.at[k].scheme;
            asked.previous = asked.previous || reward__has_input(scheme, "previous");
            asked.carried = asked.carried || reward__has_input(scheme, "carried");
            for (size_t n = 0; n < scheme->outputs_len; n++)
                if (scheme->outputs[n].kind == SCHEME_ACCUMULATOR &&
                    scheme->outputs[n].reset != SCHEME_RESET_PERIOD)
                    asked.running = true;
        }
    return asked;
}

static struct str running_key(struct arena *arena, int64_t scheme_id, int64_t contract_id,
                              struct str name, struct str item)
{
    return str_printf(arena, "%lld %lld " STR_FMT " " STR_FMT, (long long)scheme_id,
                      (long long)contract_id, STR_ARG(name), STR_ARG(item));
}

/* Kept for the contract, and for whatever contract of the partner came last. */
static void keep_running(struct reward__calc *calc, struct reward__before *before,
                         const struct reward_carry_row *row)
{
    struct reward_carry_row *kept = NEW(calc->arena, struct reward_carry_row);
    *kept = *row;
    kept->name = str_dup(calc->arena, row->name);
    kept->item = str_dup(calc->arena, row->item);
    kept->value = str_dup(calc->arena, row->value);
    const int64_t contract_ids[] = {row->contract_id, 0};
    for (size_t i = 0; i < LEN(contract_ids); i++) {
        struct str key =
            running_key(calc->arena, row->scheme_id, contract_ids[i], kept->name, kept->item);
        *map_put(before->running, key) = kept;
    }
}

static void take_running(struct reward__calc *calc, struct reward__before *before,
                         const struct reward_carry_row *row, struct crypt_sha256_state *sha)
{
    keep_running(calc, before, row);
    crypt_sha256_more(sha, str_printf(calc->scratch,
                                      "running " STR_FMT " " STR_FMT " " STR_FMT " %lld\n",
                                      STR_ARG(row->name), STR_ARG(row->item), STR_ARG(row->value),
                                      (long long)row->bucket));
}

static enum rc load_running(struct reward__calc *calc, const struct reward__contract *contract,
                            struct reward__before *before, struct crypt_sha256_state *sha)
{
    struct reward_carry_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_running_open(
        calc->op,
        &(struct q_reward_running_in){contract->result->contract->partner_id, posted_until(calc)},
        &cursor));
    while ((rc = q_reward_running_next(&cursor, &row)) == RC_OK)
        take_running(calc, before, &row, sha);
    TRY(rc == RC_MISSING ? RC_OK : rc);
    const struct handed_of *handed = handed_to(calc, contract);
    for (size_t i = 0; i < (handed ? handed->list.len : 0); i++)
        for (size_t k = 0; k < handed->list.at[i].running.len; k++)
            take_running(calc, before, &handed->list.at[i].running.at[k], sha);
    return RC_OK;
}

static void take_posted(struct reward__calc *calc, struct reward__before *before,
                        const struct posted *posted, struct crypt_sha256_state *sha)
{
    VEC_PUSH(calc->arena, &before->posted, *posted);
    crypt_sha256_more(sha, posted->row.period);
    for (size_t k = 0; k < posted->measures.len; k++)
        crypt_sha256_more(sha, posted->measures.at[k].value);
    for (size_t k = 0; k < posted->keys.len; k++)
        crypt_sha256_more(sha, str_printf(calc->scratch, STR_FMT " %lld\n",
                                          STR_ARG(posted->keys.at[k].key),
                                          (long long)posted->keys.at[k].amount_minor));
    for (size_t k = 0; k < posted->carries.len; k++)
        crypt_sha256_more(sha, posted->carries.at[k].value);
}

/* The nearest first. */
static void take_handed(struct reward__calc *calc, const struct reward__contract *contract,
                        struct reward__before *before, struct crypt_sha256_state *sha)
{
    const struct handed_of *handed = handed_to(calc, contract);
    for (size_t i = handed ? handed->list.len : 0; i > 0; i--)
        if (handed->list.at[i - 1].contract_id == contract->result->contract->id)
            take_posted(calc, before, &handed->list.at[i - 1].posted, sha);
}

static enum rc load_posted(struct reward__calc *calc, const struct reward__contract *contract,
                           struct reward__before *before, struct crypt_sha256_state *sha)
{
    struct reward_before_row_rows rows;
    take_handed(calc, contract, before, sha);
    TRY(q_reward_results_before(
        calc->op,
        &(struct q_reward_results_before_in){contract->result->contract->id, posted_until(calc)},
        &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct posted posted = {.row = rows.at[i]};
        int64_t id = rows.at[i].id;
        TRY(q_reward_measures(calc->op, &(struct q_reward_measures_in){id}, &posted.measures));
        TRY(q_reward_keys_of_result(calc->op, &(struct q_reward_keys_of_result_in){id},
                                    &posted.keys));
        TRY(q_reward_carries(calc->op, &(struct q_reward_carries_in){id}, &posted.carries));
        take_posted(calc, before, &posted, sha);
    }
    return RC_OK;
}

enum rc reward__before_load(struct reward__calc *calc, struct reward__contract *contract)
{
    struct asked asked = asked_by(contract);
    struct crypt_sha256_state sha;
    uint8_t digest[CRYPT_SHA256_BYTES];
    if (contract->before || !(asked.previous || asked.carried || asked.running))
        return RC_OK;
    struct reward__before *before = NEW(calc->arena, struct reward__before);
    before->running = map_new(calc->arena);
    crypt_sha256_start(&sha);
    if (asked.previous || asked.carried)
        TRY(load_posted(calc, contract, before, &sha));
    if (asked.running)
        TRY(load_running(calc, contract, before, &sha));
    crypt_sha256_end(&sha, digest);
    before->sha = crypt_hex(calc->arena, (struct str){(const char *)digest, sizeof(digest)});
    contract->before = before;
    return RC_OK;
}

struct str reward__before_sha(const struct reward__contract *contract)
{
    return contract->before ? contract->before->sha : STR_NONE;
}

/* ---- the inputs ---- */

bool reward__opening(const struct reward__contract *contract, int64_t scheme_id,
                     const struct scheme_output *output, struct str item, int64_t bucket,
                     struct dec *out)
{
    AUTO_BUF key = BUF(4096);
    if (!contract->before || output->reset == SCHEME_RESET_PERIOD)
        return false;
    bool is_any = output->reset == SCHEME_RESET_NEVER;
    buf_printf(&key, "%lld %lld " STR_FMT " " STR_FMT, (long long)scheme_id,
               is_any ? 0LL : (long long)contract->result->contract->id, STR_ARG(output->key),
               STR_ARG(item));
    const struct reward_carry_row *row = map_get(contract->before->running, buf_str(&key));
    return row && row->bucket == bucket && dec_parse(row->value, out);
}

/* Of the nearest posted period; a value that has expired, or of another month, quarter or year, is
 * gone, and so is a value that was handed over as null. */
static bool is_alive(const struct reward__calc *calc, const struct scheme_output *output,
                     const struct reward_before_row *row)
{
    struct date then = {(int32_t)row->from_day}, ended = {(int32_t)row->to_day};
    struct date now = calc->ask->period.start;
    struct ymd a = date_ymd(then), b = date_ymd(now);
    if (output->expires_days > 0 && now.days - ended.days >= output->expires_days)
        return false;
    if (output->expires_months > 0 && date_months_between(ended, now) >= output->expires_months)
        return false;
    switch (output->reset) {
    case SCHEME_RESET_PERIOD: return false;
    case SCHEME_RESET_MONTH: return a.year == b.year && a.month == b.month;
    case SCHEME_RESET_QUARTER: return a.year == b.year && (a.month - 1) / 3 == (b.month - 1) / 3;
    case SCHEME_RESET_YEAR: return a.year == b.year;
    case SCHEME_RESET_CONTRACT:
    case SCHEME_RESET_NEVER: break;
    }
    return true;
}

static struct feel_value carried_value(struct reward__calc *calc,
                                       const struct reward__before *before, int64_t scheme_id,
                                       const struct scheme_output *output)
{
    const struct posted *posted = before && before->posted.len ? &before->posted.at[0] : NULL;
    for (size_t i = 0; posted && i < posted->carries.len; i++) {
        const struct reward_carry_row *row = &posted->carries.at[i];
        if (row->scheme_id == scheme_id && str_eq(row->name, output->key) &&
            is_alive(calc, output, &posted->row))
            return value_of(calc->work, row->value);
    }
    return output->initial ? *output->initial : feel_null();
}

struct feel_value reward__carried(struct reward__calc *calc,
                                  const struct reward__contract *contract,
                                  const struct reward__scheme *scheme)
{
    const struct scheme *last = reward__last_segment(scheme)->scheme;
    struct reward__entry *entries =
        NEW_ARRAY(calc->work, struct reward__entry, last->outputs_len + 1);
    size_t len = 0;
    for (size_t i = 0; i < last->outputs_len; i++)
        if (last->outputs[i].kind == SCHEME_CARRY)
            entries[len++] = (struct reward__entry){
                str_c(calc->work, last->outputs[i].key),
                carried_value(calc, contract->before, scheme->scheme_id, &last->outputs[i])};
    return reward__view_context(calc->work, entries, len);
}

static struct feel_value measures_of(struct reward__calc *calc, const struct posted *posted)
{
    struct reward__entry *entries =
        NEW_ARRAY(calc->work, struct reward__entry, posted->measures.len + 1);
    for (size_t i = 0; i < posted->measures.len; i++)
        entries[i] =
            (struct reward__entry){str_c(calc->work, posted->measures.at[i].name),
                                   reward__measure_value(calc->work, posted->measures.at[i].value)};
    return reward__view_context(calc->work, entries, posted->measures.len);
}

static struct feel_value rewards_of(struct reward__calc *calc,
                                    const struct reward__contract *contract,
                                    const struct posted *posted)
{
    struct reward__entry *entries =
        NEW_ARRAY(calc->work, struct reward__entry, posted->keys.len + 1);
    for (size_t i = 0; i < posted->keys.len; i++)
        entries[i] = (struct reward__entry){
            str_c(calc->work, posted->keys.at[i].key),
            reward__view_money(posted->keys.at[i].amount_minor, contract->result->currency)};
    return reward__view_context(calc->work, entries, posted->keys.len);
}

static struct feel_value carries_of(struct reward__calc *calc, const struct posted *posted)
{
    struct reward__entry *entries =
        NEW_ARRAY(calc->work, struct reward__entry, posted->carries.len + 1);
    for (size_t i = 0; i < posted->carries.len; i++)
        entries[i] = (struct reward__entry){str_c(calc->work, posted->carries.at[i].name),
                                            value_of(calc->work, posted->carries.at[i].value)};
    return reward__view_context(calc->work, entries, posted->carries.len);
}

/* One entry a period back to the beginning of the contract, also where nothing was posted. */
struct feel_value reward__previous(struct reward__calc *calc,
                                   const struct reward__contract *contract)
{
    struct feel_value *items = NEW_ARRAY(calc->work, struct feel_value, PERIODS_MAX);
    const struct reward__before *before = contract->before;
    struct period period = period_step(calc->ask->period, -1);
    size_t len = 0;
    for (; len < PERIODS_MAX && period.end.days > contract->result->contract->from_day;
         period = period_step(period, -1)) {
        const struct posted *posted = NULL;
        for (size_t i = 0; before && i < before->posted.len; i++)
            if (before->posted.at[i].row.from_day == period.start.days)
                posted = &before->posted.at[i];
        const struct reward__entry entries[] = {
            {"period", reward__period_context(calc, period)},
            {"posted", feel_bool(posted != NULL)},
            {"measures", posted ? measures_of(calc, posted) : feel_null()},
            {"rewards", posted ? rewards_of(calc, contract, posted) : feel_null()},
            {"carried", posted ? carries_of(calc, posted) : feel_null()}};
        items[len++] = reward__view_context(calc->work, entries, LEN(entries));
    }
    return feel_list(items, len);
}
