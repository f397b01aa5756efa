/* Lines of earlier phases as matching, pools and closing see them: kept small, one short record
 * each, and only when a scheme asks for them. */
#include "reward/reward_calc.h"

struct row { /* what a lazy context stands for */
    const struct reward__past *past;
    const struct reward__contract *contract;
    int64_t depth; /* of its partner below the one that looks; 0: own */
};

static const struct str names[] = {STR_INIT("id"),      STR_INIT("key"),      STR_INIT("phase"),
                                   STR_INIT("amount"),  STR_INIT("date"),     STR_INIT("event"),
                                   STR_INIT("partner"), STR_INIT("contract"), STR_INIT("depth")};

static struct feel_value line_get(const struct feel_shape *shape, const void *at, size_t i,
                                  struct arena *arena)
{
    const struct reward__view *view = shape->owner;
    const struct row *row = at;
    const struct contract_terms *contract = row->contract->result->contract;
    switch (i) {
    case 0:
        return feel_text(
            str_printf(arena, STR_FMT "#%d", STR_ARG(contract->code), row->past->number));
    case 1: return feel_text(row->past->key);
    case 2: return feel_i64(row->past->phase);
    case 3: return reward__view_money(row->past->amount_minor, row->contract->result->currency);
    case 4:
        return row->past->event_seq ? feel_date(zone_date(view->zone, row->past->occurred_at).days)
                                    : feel_null();
    case 5: return row->past->event_seq ? feel_i64(row->past->event_seq) : feel_null();
    case 6: return feel_text(contract->partner_code);
    case 7: return feel_text(contract->code);
    default: return feel_i64(row->depth);
    }
}

static struct feel_value row_get(const struct feel_rows *rows, const void *at, size_t i,
                                 struct arena *arena)
{
    const struct feel_shape *shape = rows->owner;
    (void)arena;
    return feel_context(shape, (const struct row *)at + i);
}

struct rows {
    struct row *at;
    size_t len;
};

static struct feel_value list_of(struct reward__calc *calc, const struct rows *rows)
{
    struct feel_shape *shape = feel_shape(calc->work, names, LEN(names));
    struct feel_rows *lazy = NEW(calc->work, struct feel_rows);
    shape->get = line_get;
    shape->owner = &calc->view;
    *lazy = (struct feel_rows){.get = row_get, .owner = shape};
    return feel_lazy_list(lazy, rows->at, rows->len);
}

/* Only lines of earlier phases: those of the phase that looks may be there of some and not of
 * others. */
static void add_rows(struct rows *rows, const struct reward__contract *contract, int phase,
                     int64_t depth)
{
    for (size_t i = 0; i < contract->past.len; i++)
        if (contract->past.at[i].phase < phase)
            rows->at[rows->len++] =
                (struct row){.past = &contract->past.at[i], .contract = contract, .depth = depth};
}

struct feel_value reward__lines_own(struct reward__calc *calc,
                                    const struct reward__contract *contract, int phase)
{
    struct rows rows = {.at = NEW_ARRAY(calc->work, struct row, contract->past.len + 1)};
    add_rows(&rows, contract, phase, 0);
    return list_of(calc, &rows);
}

struct feel_value reward__lines_below(struct reward__calc *calc,
                                      const struct reward__scheme *scheme)
{
    struct rows rows = {0};
    size_t len = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < scheme->belows.len; i++) {
            const struct reward__indexes *indexes =
                map_get_i64(calc->of_partner, scheme->belows.at[i].partner_id);
            for (size_t c = 0; indexes && c < indexes->list.len; c++) {
                const struct reward__contract *below = &calc->contracts[indexes->list.at[c]];
                if (pass == 0)
                    len += below->past.len;
                else
                    add_rows(&rows, below, 4, scheme->belows.at[i].depth);
            }
        }
        if (pass == 0)
            rows.at = NEW_ARRAY(calc->work, struct row, len + 1);
    }
    return list_of(calc, &rows);
}

void reward__past_add(struct reward__calc *calc, struct reward__contract *contract,
                      const struct reward_line *line)
{
    int64_t number = ++contract->lines_put;
    if (!calc->features.has_lines || line->aside)
        return;
    struct reward__past past = {.key = line->output->key,
                                .event_seq = line->event_seq,
                                .occurred_at = line->occurred_at,
                                .amount_minor = line->amount_minor,
                                .number = (int32_t)number,
                                .phase = line->output->phase};
    if (!str_eq(line->key, line->output->key))
        past.key = str_dup(calc->arena, line->key);
    VEC_PUSH(calc->arena, &contract->past, past);
}
