/* A line that takes back, explained: of what, by which law, what was served, what is kept. Drawn
 * from what was stored when it was computed. */
#include "reward/reward_web.h"

static struct str number_of(const struct json_value *reversal, const char *name)
{
    return json_text(json_get(reversal, name));
}

static struct str span_words(struct op *op, const struct json_value *reversal, const char *name)
{
    const struct json_value *is_in_days = json_get(reversal, "days");
    int64_t n = 0;
    (void)!json_i64(json_get(reversal, name), &n);
    return i18n_format(op->arena, op->lang,
                       is_in_days && is_in_days->is_true
                           ? M("{0, plural, one {# day} other {# days}}")
                           : M("{0, plural, one {# month} other {# months}}"),
                       n);
}

static struct str money_words(struct op *op, const struct json_value *reversal, const char *name,
                              const struct currency *currency)
{
    return reward__number(op, number_of(reversal, name), STR("money"), currency);
}

static struct str law_words(struct op *op, const struct json_value *reversal)
{
    int64_t day = 0;
    (void)!json_i64(json_get(reversal, "day"), &day);
    struct str name = number_of(reversal, "law");
    const char *label = scheme_law_label(scheme_law_find(name));
    return i18n_format(op->arena, op->lang, M("Taken back of {0} from {1}: {2}."),
                       number_of(reversal, "original"), reward__day_words(op, day),
                       label ? tr(op->lang, label) : name);
}

static struct str served_words(struct op *op, const struct json_value *reversal)
{
    int64_t term = 0;
    (void)!json_i64(json_get(reversal, "term"), &term);
    if (term == 0)
        return i18n_format(op->arena, op->lang, M("Served: {0}."),
                           span_words(op, reversal, "served"));
    return i18n_format(op->arena, op->lang, M("Served: {0} of {1}."),
                       span_words(op, reversal, "served"), span_words(op, reversal, "term"));
}

void reward__reversal_words(struct op *op, const struct reward__explanation *e,
                            const struct currency *currency, struct str_list *out)
{
    struct arena *arena = op->arena;
    struct dec before, kept;
    VEC_PUSH(arena, out, law_words(op, e->reversal));
    if (json_get(e->reversal, "served"))
        VEC_PUSH(arena, out, served_words(op, e->reversal));
    if (dec_parse(number_of(e->reversal, "before"), &before) && !dec_is_zero(before))
        VEC_PUSH(arena, out,
                 i18n_format(arena, op->lang, M("Taken back before: {0}."),
                             money_words(op, e->reversal, "before", currency)));
    if (dec_parse(number_of(e->reversal, "kept"), &kept) && !dec_is_zero(kept))
        VEC_PUSH(arena, out,
                 i18n_format(arena, op->lang, M("What is kept: {0}."),
                             money_words(op, e->reversal, "kept", currency)));
    VEC_PUSH(
        arena, out,
        i18n_format(arena, op->lang, M("{0}: {1} of it is refunded, of that {2} is taken back"),
                    money_words(op, e->reversal, "amount", currency),
                    reward__number(op, number_of(e->reversal, "part"), STR("percent"), currency),
                    reward__number(op, number_of(e->reversal, "share"), STR("percent"), currency)));
    VEC_PUSH(arena, out,
             str_printf(arena, "= " STR_FMT, STR_ARG(i18n_money(arena, op->lang, e->amount))));
}
