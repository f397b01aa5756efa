/* Lines and derivations of a result, put away when a part of it is done and read back when they are
 * needed: those of a large run do not fit into memory together. */
#include "reward/reward_calc.h"

/* The texts of its own that a line has, in the order in which they stand behind it. */
#define LINE_TEXTS(line)                                                                           \
    {                                                                                              \
        &(line)->key, &(line)->note, &(line)->about, &(line)->recipient, &(line)->unit             \
    }

/* Most lines have few of them, and the key of their output, which lives on. */
static enum rc put_line(struct op *op, struct reward__spill *spill, int64_t key,
                        const struct reward_line *line)
{
    struct reward_line kept = *line;
    if (str_eq(kept.key, kept.output->key))
        kept.key = STR_NONE;
    const struct str *const texts[] = LINE_TEXTS(&kept);
    TRY(reward__spill_put(op, spill, key, (struct str){(const char *)&kept, sizeof(kept)}));
    for (size_t i = 0; i < LEN(texts); i++)
        if (texts[i]->len > 0)
            TRY(reward__spill_put(op, spill, key, *texts[i]));
    return RC_OK;
}

enum rc reward__details_put(struct reward__calc *calc, struct reward__spill *spill,
                            const struct reward_result *result,
                            const struct reward_details *details)
{
    int64_t key = result - calc->calculation->results;
    const size_t counts[] = {details->lines.len, details->derivations.len};
    TRY(reward__spill_put(calc->op, spill, key,
                          (struct str){(const char *)counts, sizeof(counts)}));
    for (size_t i = 0; i < details->derivations.len; i++) {
        const struct reward_derivation *derivation = &details->derivations.at[i];
        TRY(reward__spill_put(calc->op, spill, key,
                              (struct str){(const char *)derivation, sizeof(*derivation)}));
        TRY(reward__spill_put(calc->op, spill, key, derivation->body));
    }
    for (size_t i = 0; i < details->lines.len; i++)
        TRY(put_line(calc->op, spill, key, &details->lines.at[i]));
    return RC_OK;
}

/* What was put away is a struct followed by the texts of its own that it has. */
static const char *take(const char **at, void *out, size_t bytes)
{
    memcpy(out, *at, bytes);
    return *at += bytes;
}

struct merging {
    struct arena *arena;
    struct reward_details details;
    struct map *bodies; /* of derivations, to their index; NULL: there is one part */
};

static size_t merge_derivation(struct merging *m, const struct reward_derivation *derivation)
{
    if (m->bodies) {
        void **slot = map_put(m->bodies, derivation->body);
        if (*slot)
            return *(size_t *)*slot;
        size_t *place = NEW(m->arena, size_t);
        *place = m->details.derivations.len;
        *slot = place;
    }
    VEC_PUSH(m->arena, &m->details.derivations, *derivation);
    return m->details.derivations.len - 1;
}

/* One part: its derivations get the numbers that they have in the whole. */
static const char *merge_part(struct merging *m, const char *at)
{
    size_t counts[2] = {0, 0};
    (void)take(&at, counts, sizeof(counts));
    size_t *numbers = NEW_ARRAY(m->arena, size_t, counts[1] + 1);
    for (size_t i = 0; i < counts[1]; i++) {
        struct reward_derivation derivation;
        derivation.body.at = take(&at, &derivation, sizeof(derivation));
        at += derivation.body.len;
        numbers[i] = merge_derivation(m, &derivation);
    }
    for (size_t i = 0; i < counts[0]; i++) {
        struct reward_line line;
        (void)take(&at, &line, sizeof(line));
        struct str *const texts[] = LINE_TEXTS(&line);
        for (size_t k = 0; k < LEN(texts); k++) {
            texts[k]->at = at;
            at += texts[k]->len;
        }
        if (line.key.len == 0)
            line.key = line.output->key;
        line.derivation_i = numbers[line.derivation_i];
        VEC_PUSH(m->arena, &m->details.lines, line);
    }
    return at;
}

enum rc reward__details_get(struct op *op, const struct reward__spill *spill, int64_t key,
                            struct arena *arena, struct reward_details *out)
{
    struct str bytes;
    struct merging merging = {.arena = arena};
    size_t counts[2] = {0, 0};
    TRY(reward__spill_get(op, spill, key, arena, &bytes));
    if (bytes.len > 0) { /* else not computed: nobody asked for it */
        memcpy(counts, bytes.at, sizeof(counts));
        merging.details.lines.at = NEW_ARRAY(arena, struct reward_line, counts[0] + 1);
        merging.details.lines.cap = counts[0] + 1;
    }
    const char *at = bytes.at, *end = bytes.at + bytes.len;
    while (at < end) {
        at = merge_part(&merging, at);
        if (at < end && !merging.bodies) { /* there are more */
            merging.bodies = map_new(arena);
            for (size_t i = 0; i < merging.details.derivations.len; i++) {
                size_t *place = NEW(arena, size_t);
                *place = i;
                *map_put(merging.bodies, merging.details.derivations.at[i].body) = place;
            }
        }
    }
    assert(at == end);
    *out = merging.details;
    return RC_OK;
}

enum rc reward_details_of(struct op *op, const struct reward_calculation *calculation,
                          const struct reward_result *result, struct reward_details *out)
{
    return reward__details_get(op, calculation->details, result - calculation->all_results,
                               op->arena, out);
}

void reward_calculation_cleanup(const struct reward_calculation **calculation)
{
    if (*calculation)
        reward__spill_done((*calculation)->details);
}
