/* What multi-level plans do with those above a seller and with the legs below a partner: levels
 * without those who are not qualified, differences of rates, a base that shrinks, pairs of legs. */
#include "feel/feel_int.h"

static bool numbers_of(struct feel_run *run, const struct feel_value *list, struct dec **out)
{
    *out = feel__alloc(run, list->list.len, sizeof(**out));
    if (!*out || !feel__steps(run, list->list.len))
        return false;
    for (size_t i = 0; i < list->list.len; i++) {
        struct feel_value item = feel_item(list, i, run->arena);
        if (item.kind != FEEL_NUMBER) {
            feel__expected(run, M("number"), &item);
            return false;
        }
        (*out)[i] = item.number;
    }
    return true;
}

static struct feel_value numbers_list(struct feel_run *run, const struct dec *numbers, size_t len)
{
    struct feel_value *out = feel__alloc(run, len, sizeof(*out));
    for (size_t i = 0; out && i < len; i++)
        out[i] = feel_number(numbers[i]);
    return out ? feel_list(out, len) : feel_null();
}

/* ---- levels ---- */

/* 1 qualified, 0 not, also one who has no contract that would say so (null); -1: a mistake. */
static int is_qualified(struct feel_run *run, const struct feel_value *member)
{
    struct feel_value value;
    if (member->kind != FEEL_CONTEXT) {
        feel__expected(run, M("context"), member);
        return -1;
    }
    if (!feel_entry(member, STR("qualified"), run->arena, &value)) {
        feel__no_entry(run, member, STR("qualified"));
        return -1;
    }
    if (feel__is_null(&value))
        return 0;
    if (value.kind == FEEL_BOOL)
        return value.is ? 1 : 0;
    feel__expected(run, M("boolean"), &value);
    return -1;
}

static bool level_of(struct feel_run *run, const struct feel_value *member, struct dec *out)
{
    struct feel_value value;
    if (!feel_entry(member, STR("level"), run->arena, &value)) {
        feel__no_entry(run, member, STR("level"));
        return false;
    }
    if (value.kind != FEEL_NUMBER) {
        feel__expected(run, M("number"), &value);
        return false;
    }
    *out = value.number;
    return true;
}

static bool is_renumbering(struct feel_run *run, const struct feel_value *method, bool *out)
{
    *out = feel__is_null(method) || str_eq(method->text, STR("standard"));
    if (*out || str_eq(method->text, STR("none")))
        return true;
    feel__expected(run, M("\"standard\" or \"none\""), method);
    return false;
}

static struct feel_value fn_roll_up(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel__items out = {0};
    struct feel_value method = feel__argument(args, len, 2);
    struct dec level;
    bool renumbers = false;
    if (!is_renumbering(run, &method, &renumbers) || !feel__steps(run, args[0].list.len))
        return feel_null();
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value member = feel_item(&args[0], i, run->arena);
        int is = is_qualified(run, &member);
        if (is < 0 || !level_of(run, &member, &level))
            return feel_null();
        if (renumbers)
            level = dec_from_i64((int64_t)out.len + 1);
        if (is == 0 || dec_cmp(level, args[1].number) > 0)
            continue;
        if (renumbers)
            member = feel__context_put(run, &member, STR("level"), feel_number(level));
        if (!feel__push(run, &out, member))
            return feel_null();
    }
    return feel__items_list(&out);
}

/* ---- rates ---- */

static struct feel_value fn_differential(struct feel_run *run, const struct feel_value *args,
                                         size_t len)
{
    struct dec *rates = NULL, highest = dec_from_i64(0);
    (void)len;
    if (!numbers_of(run, &args[0], &rates))
        return feel_null();
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct dec rate = rates[i];
        bool is_above = dec_cmp(rate, highest) > 0;
        rates[i] = is_above ? dec_sub(rate, highest) : dec_from_i64(0);
        highest = is_above ? rate : highest;
    }
    return numbers_list(run, rates, args[0].list.len);
}

static struct feel_value fn_subtract_down(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    struct dec *rates = NULL, left = args[0].number;
    (void)len;
    if (!numbers_of(run, &args[1], &rates))
        return feel_null();
    for (size_t i = 0; i < args[1].list.len; i++) {
        rates[i] = dec_mul(left, rates[i]);
        left = dec_sub(left, rates[i]);
    }
    return numbers_list(run, rates, args[1].list.len);
}

/* ---- legs ---- */

/* A leg that is at nothing or below has nothing in common with the other. */
static struct feel_value fn_match_legs(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    static const struct str names[] = {STR_INIT("matched"), STR_INIT("carry left"),
                                       STR_INIT("carry right")};
    struct dec left = args[0].number, right = args[1].number;
    struct dec matched = dec_cmp(left, right) < 0 ? left : right;
    (void)len;
    if (dec_sign(matched) < 0)
        matched = dec_from_i64(0);
    struct feel_value values[] = {feel_number(matched), feel_number(dec_sub(left, matched)),
                                  feel_number(dec_sub(right, matched))};
    return feel__context_of(run, names, values, LEN(values));
}

static const struct feel_builtin table[] = {
    {"roll up", "chain:l,depth:n,method:s?", fn_roll_up},
    {"differential", "rates:l", fn_differential},
    {"subtract down", "base:n,rates:l", fn_subtract_down},
    {"match legs", "left:n,right:n", fn_match_legs},
};

const struct builtin_table feel__chains = {table, LEN(table)};
