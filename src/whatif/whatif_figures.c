/* Figures of variants for people: totals beside what was paid and the budget, winners and losers,
 * how the differences are distributed. */
#include "whatif/whatif_web.h"

/* ---- cards ---- */

static void count(struct op *op, struct ui_defs *out, const char *label, int64_t n, int64_t minor,
                  const struct currency *currency)
{
    struct ui_def def = {.label_text = i18n_format(op->arena, op->lang, label, n),
                         .text = currency && minor
                                     ? i18n_money_delta(op->arena, op->lang, MONEY(minor, currency))
                                     : STR("")};
    VEC_PUSH(op->arena, out, def);
}

void whatif__counts(struct op *op, const struct whatif_figures *f, struct ui_defs *out)
{
    count(op, out, M("More for {0, plural, one {# partner} other {# partners}}"), f->more,
          f->more_minor, f->currency);
    count(op, out, M("Less for {0, plural, one {# partner} other {# partners}}"), f->less,
          f->less_minor, f->currency);
    count(op, out, M("The same for {0, plural, one {# partner} other {# partners}}"), f->same, 0,
          NULL);
    if (f->incomplete)
        count(op, out, M("Incomplete for {0, plural, one {# partner} other {# partners}}"),
              f->incomplete, 0, NULL);
}

static void set_budget(struct op *op, const struct whatif *w, const struct whatif_figures *f,
                       struct whatif__card *card)
{
    if (!w->budget.currency || w->budget.currency != f->currency)
        return;
    int64_t over = f->total_minor - w->budget.minor;
    struct str amount =
        i18n_money(op->arena, op->lang, MONEY(over < 0 ? -over : over, f->currency));
    card->is_over = over > 0;
    card->budget = over > 0 ? i18n_format(op->arena, op->lang, M("{0} over the budget"), amount)
                            : i18n_format(op->arena, op->lang, M("{0} under the budget"), amount);
}

/* "+€38.20 (+3.1%)" */
static struct str delta_words(struct op *op, const struct whatif_figures *f)
{
    int64_t delta = f->total_minor - f->base_minor;
    struct str money = i18n_money_delta(op->arena, op->lang, MONEY(delta, f->currency));
    if (delta == 0 || f->base_minor <= 0)
        return money;
    struct dec ratio = dec_div(dec_from_i64(delta), dec_from_i64(f->base_minor));
    struct str percent = i18n_percent(op->arena, op->lang, ratio, 1);
    return str_printf(op->arena, STR_FMT " (" STR_FMT ")", STR_ARG(money), STR_ARG(percent));
}

static enum rc change_words(struct op *op, const struct whatif_variant *variant,
                            struct str_list *out)
{
    for (size_t i = 0; i < variant->changes.len; i++) {
        struct str words;
        TRY(whatif__change_words(op, variant, &variant->changes.at[i], &words));
        VEC_PUSH(op->arena, out, words);
    }
    return RC_OK;
}

/* The currency of most partners comes first and is shown large, others below it. */
static void set_figures(struct op *op, const struct whatif *w, const struct whatif_figures *f,
                        struct whatif__card *card)
{
    if (card->total.at) {
        struct ui_def def = {
            .label_text = i18n_money(op->arena, op->lang, MONEY(f->total_minor, f->currency)),
            .text = delta_words(op, f)};
        VEC_PUSH(op->arena, &card->others, def);
        return;
    }
    card->total = i18n_money(op->arena, op->lang, MONEY(f->total_minor, f->currency));
    card->delta = delta_words(op, f);
    card->is_up = f->total_minor > f->base_minor;
    card->is_down = f->total_minor < f->base_minor;
    set_budget(op, w, f, card);
    whatif__counts(op, f, &card->counts);
}

static struct str variant_href(struct op *op, const struct whatif *w, const char *tail,
                               int64_t position)
{
    return str_printf(op->arena, STR_FMT "?variant=%lld", STR_ARG(whatif__href(op, w->id, tail)),
                      (long long)position);
}

/* A variant that was not computed has no figures. */
enum rc whatif__cards(struct op *op, const struct whatif *w, int64_t chosen, struct whatif__page *v)
{
    for (size_t i = 0; i < w->variants_len; i++) {
        const struct whatif_variant *variant = &w->variants[i];
        struct whatif__card card = {.position = variant->position,
                                    .letter = whatif__letter(variant->position),
                                    .name = variant->name,
                                    .href = variant_href(op, w, "", variant->position),
                                    .edit_href = variant_href(op, w, "/variant", variant->position),
                                    .remove_href =
                                        variant_href(op, w, "/drop-variant", variant->position),
                                    .is_on = variant->position == chosen};
        TRY(change_words(op, variant, &card.changes));
        for (size_t k = 0; k < v->totals.len; k++)
            if (v->totals.at[k].position == variant->position)
                set_figures(op, w, &v->totals.at[k], &card);
        VEC_PUSH(op->arena, &v->cards, card);
    }
    return RC_OK;
}

/* ---- the distribution ---- */

enum { SIDES = 5 }; /* at most so many steps to each side */

/* 1, 2 or 5 times a power of ten: so large that all differences lie within SIDES steps. */
static int64_t step_for(const struct i64_list *deltas)
{
    int64_t largest = 0, step = 1;
    for (size_t i = 0; i < deltas->len; i++) {
        int64_t size = deltas->at[i] < 0 ? -deltas->at[i] : deltas->at[i];
        largest = size > largest ? size : largest;
    }
    for (int i = 0; step * SIDES < largest && step < INT64_MAX / 100; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

struct tally {
    int64_t partners[2 * SIDES + 1], sums[2 * SIDES + 1];
};

/* 0…4: less, 5: the same, 6…10: more. */
static size_t bucket_of(int64_t delta, int64_t step)
{
    if (delta == 0)
        return SIDES;
    int64_t size = delta < 0 ? -delta : delta;
    int64_t n = (size - 1) / step;
    if (n >= SIDES)
        n = SIDES - 1;
    return delta < 0 ? (size_t)(SIDES - 1 - n) : (size_t)(SIDES + 1 + n);
}

static struct str bucket_label(struct op *op, size_t bucket, int64_t step,
                               const struct currency *currency)
{
    if (bucket == SIDES)
        return tr(op->lang, M("no difference"));
    int64_t n = bucket < SIDES ? SIDES - 1 - (int64_t)bucket : (int64_t)bucket - SIDES - 1;
    int64_t sign = bucket < SIDES ? -1 : 1;
    struct str near = i18n_money_delta(op->arena, op->lang, MONEY(sign * n * step, currency));
    struct str far = i18n_money_delta(op->arena, op->lang, MONEY(sign * (n + 1) * step, currency));
    if (n == 0)
        return i18n_format(op->arena, op->lang, M("up to {0}"), far);
    return i18n_format(op->arena, op->lang, M("{0} to {1}"), near, far);
}

/* From the first step that somebody is in to the last. */
static void show_range(const struct tally *tally, size_t *out_from, size_t *out_to)
{
    *out_from = 0;
    *out_to = 2 * SIDES + 1;
    while (*out_from < SIDES && tally->partners[*out_from] == 0)
        ++*out_from;
    while (*out_to > SIDES + 1 && tally->partners[*out_to - 1] == 0)
        --*out_to;
}

void whatif__buckets(struct op *op, const struct whatif_figures *f, struct whatif__page *v)
{
    struct tally tally = {0};
    int64_t step = step_for(&f->deltas), most = 1;
    size_t from, to;
    for (size_t i = 0; i < f->deltas.len; i++) {
        size_t bucket = bucket_of(f->deltas.at[i], step);
        tally.partners[bucket]++;
        tally.sums[bucket] += f->deltas.at[i];
        most = tally.partners[bucket] > most ? tally.partners[bucket] : most;
    }
    show_range(&tally, &from, &to);
    for (size_t i = from; i < to; i++) {
        struct whatif__bucket bucket = {
            .label = bucket_label(op, i, step, f->currency),
            .sum = tally.sums[i]
                       ? i18n_money_delta(op->arena, op->lang, MONEY(tally.sums[i], f->currency))
                       : STR_NONE,
            .partners = tally.partners[i],
            .width = tally.partners[i] * 100 / most,
            .classes = i < SIDES   ? "bad"
                       : i > SIDES ? "ok"
                                   : "mute"};
        VEC_PUSH(op->arena, &v->buckets, bucket);
    }
    v->buckets_title = i18n_format(op->arena, op->lang, M("Differences per partner, variant {0}"),
                                   whatif__letter(f->position));
}
