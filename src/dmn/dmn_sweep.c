/* The search for values that no rule takes: input by input, with the set of rules that are still
 * in play. A branch ends as covered when one of them takes all that is left; sets that were seen
 * to be covered are remembered, so that a table which is complete does not cost its whole product.
 * The work is counted and bounded: who asks is told when it was not enough. */
#include "dmn/dmn_grid.h"

enum { COVERED_MAX = 100000 };

struct search {
    struct dmn__sweep *sweep;
    const struct dmn__grid *grid;
    struct arena *arena;
    uint64_t ***by_atom;   /* dim, atom: rules that take it */
    uint64_t **whole_from; /* by dim: rules that take all of it and of those behind it */
    struct map **covered;  /* by dim: sets of rules that were seen to cover the rest */
    size_t covered_len;
    uint64_t **next; /* by dim: rules in play behind it */
    size_t *at;
};

static const uint64_t *taken(const struct search *s, const struct dmn__set *set)
{
    return s->sweep->is_sure ? set->sure : set->maybe;
}

static bool takes_whole(const struct search *s, size_t rule, size_t d)
{
    const struct dmn__sweep *sweep = s->sweep;
    const uint64_t *set = taken(s, dmn__grid_set(s->grid, rule, d));
    if (sweep->always && dmn__bit(sweep->always[d], rule))
        return true;
    for (size_t w = 0; w < s->grid->dims[d].words; w++)
        if (sweep->allowed[d][w] & ~set[w])
            return false;
    return true;
}

static void prepare(struct search *s)
{
    const struct dmn__grid *grid = s->grid;
    s->by_atom = NEW_ARRAY(s->arena, uint64_t **, grid->dims_len + 1);
    s->whole_from = NEW_ARRAY(s->arena, uint64_t *, grid->dims_len + 1);
    s->covered = NEW_ARRAY(s->arena, struct map *, grid->dims_len + 1);
    s->next = NEW_ARRAY(s->arena, uint64_t *, grid->dims_len + 1);
    s->at = NEW_ARRAY(s->arena, size_t, grid->dims_len + 1);
    s->whole_from[grid->dims_len] = NEW_ARRAY(s->arena, uint64_t, grid->words);
    memset(s->whole_from[grid->dims_len], 0xFF, grid->words * sizeof(uint64_t));
    for (size_t d = grid->dims_len; d-- > 0;) {
        const struct dmn__dim *dim = &grid->dims[d];
        s->covered[d] = map_new(s->arena);
        s->next[d] = NEW_ARRAY(s->arena, uint64_t, grid->words);
        s->whole_from[d] = NEW_ARRAY(s->arena, uint64_t, grid->words);
        s->by_atom[d] = NEW_ARRAY(s->arena, uint64_t *, dim->atoms_len);
        for (size_t a = 0; a < dim->atoms_len; a++)
            s->by_atom[d][a] = NEW_ARRAY(s->arena, uint64_t, grid->words);
        *s->sweep->work_left -= (int64_t)(grid->table->rules_len * dim->atoms_len / 8);
        for (size_t rule = 0; rule < grid->table->rules_len; rule++) {
            const uint64_t *set = taken(s, dmn__grid_set(grid, rule, d));
            bool is_always = s->sweep->always && dmn__bit(s->sweep->always[d], rule);
            for (size_t a = 0; a < dim->atoms_len; a++)
                if (is_always || dmn__bit(set, a))
                    dmn__bit_set(s->by_atom[d][a], rule);
            if (dmn__bit(s->whole_from[d + 1], rule) && takes_whole(s, rule, d))
                dmn__bit_set(s->whole_from[d], rule);
        }
    }
}

static void found(struct search *s, size_t depth)
{
    struct dmn__sweep *sweep = s->sweep;
    size_t *at = NEW_ARRAY(s->grid->arena, size_t, s->grid->dims_len + 1);
    for (size_t d = 0; d < s->grid->dims_len; d++)
        at[d] = d < depth ? s->at[d] : SIZE_MAX;
    sweep->found[sweep->found_len++] = at;
}

static bool meets(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (a[w] & b[w])
            return true;
    return false;
}

static bool go_on(struct search *s, size_t cost)
{
    *s->sweep->work_left -= (int64_t)cost;
    if (*s->sweep->work_left <= 0)
        s->sweep->is_stopped = true;
    return !s->sweep->is_stopped && s->sweep->found_len < s->sweep->found_max;
}

/* Was this set seen at this depth? 64 bits of a keyed hash stand for it. */
static bool is_known(struct search *s, size_t d, const uint64_t *active)
{
    uint64_t hash = hash_bytes(active, s->grid->words * sizeof(*active));
    if (map_get_i64(s->covered[d], (int64_t)hash))
        return true;
    if (s->covered_len < COVERED_MAX) {
        *map_put_i64(s->covered[d], (int64_t)hash) = s;
        s->covered_len++;
    }
    return false;
}

/* As deep as the table has inputs: few hundred at most (dmn__grid). */
static void look(struct search *s, size_t d, const uint64_t *active)
{
    const struct dmn__grid *grid = s->grid;
    if (!meets(active, active, grid->words)) {
        found(s, d);
        return;
    }
    if (d == grid->dims_len || meets(active, s->whole_from[d], grid->words) ||
        is_known(s, d, active))
        return;
    uint64_t *next = s->next[d];
    bool was_empty = false; /* neighbours that nobody takes are one finding */
    for (size_t a = 0; a < grid->dims[d].atoms_len; a++) {
        if (!dmn__bit(s->sweep->allowed[d], a))
            continue;
        if (!go_on(s, grid->words + 4))
            return;
        for (size_t w = 0; w < grid->words; w++)
            next[w] = active[w] & s->by_atom[d][a][w];
        s->at[d] = a;
        bool is_empty = !meets(next, next, grid->words);
        if (!is_empty || !was_empty || grid->dims[d].atoms[a].form == DMN_ATOM_OTHER ||
            grid->dims[d].atoms[0].form != DMN_ATOM_BELOW)
            look(s, d + 1, next);
        was_empty = is_empty;
    }
}

void dmn__sweep(struct dmn__sweep *sweep)
{
    AUTO_ARENA arena = arena_new((size_t)256 << 20);
    struct search s = {.sweep = sweep, .grid = sweep->grid, .arena = arena};
    if (!go_on(&s, sweep->grid->words))
        return;
    prepare(&s);
    look(&s, 0, sweep->rules);
}
