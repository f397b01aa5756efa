/* What staff has added to records (their own attributes) and whose customers are: read whole, once,
 * and only for schemes whose text asks for it. */
#include "reward/reward_feel.h"
#include "reward/reward_q.h"

struct kind { /* of records: its attributes in their order */
    struct str name;
    struct str_list codes, types;
    struct map *records; /* by id: struct str *, one for each code; absent: no value */
};

struct binding {
    int64_t partner_id, from_day, to_day;
    struct str partner_code;
    const struct binding *next;
};

struct reward__traits {
    VEC(struct kind) kinds;
    struct map *bindings; /* by customer: struct binding, the first one */
    uint64_t mark;        /* of all of them */
};

uint64_t reward__traits_mark(const struct reward__traits *traits)
{
    return traits ? traits->mark : 0;
}

static struct kind *kind_of(const struct reward__traits *traits, struct str name)
{
    for (size_t i = 0; i < traits->kinds.len; i++)
        if (str_eq(traits->kinds.at[i].name, name))
            return &traits->kinds.at[i];
    return NULL;
}

static enum rc load_kinds(struct op *op, struct reward__traits *traits)
{
    struct reward_trait_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_traits_open(op, &cursor));
    while ((rc = q_reward_traits_next(&cursor, &row)) == RC_OK) {
        struct kind *kind = kind_of(traits, row.kind);
        if (!kind) {
            struct kind fresh = {.name = str_dup(op->arena, row.kind),
                                 .records = map_new(op->arena)};
            VEC_PUSH(op->arena, &traits->kinds, fresh);
            kind = &traits->kinds.at[traits->kinds.len - 1];
        }
        VEC_PUSH(op->arena, &kind->codes, str_dup(op->arena, row.code));
        VEC_PUSH(op->arena, &kind->types, str_dup(op->arena, row.type));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_values(struct op *op, struct reward__traits *traits)
{
    struct reward_trait_value_row row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    TRY(q_reward_trait_values_open(op, &cursor));
    while ((rc = q_reward_trait_values_next(&cursor, &row)) == RC_OK) {
        const struct kind *kind = kind_of(traits, row.kind);
        size_t i = 0;
        while (kind && i < kind->codes.len && !str_eq(kind->codes.at[i], row.code))
            i++;
        if (!kind || i == kind->codes.len)
            continue;
        void **slot = map_put_i64(kind->records, row.record_id);
        if (!*slot)
            *slot = NEW_ARRAY(op->arena, struct str, kind->codes.len);
        ((struct str *)*slot)[i] = str_dup(op->arena, row.value);
        traits->mark = reward__mark(traits->mark + (uint64_t)row.record_id + i, row.value);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_bindings(struct op *op, struct reward__traits *traits)
{
    struct reward_binding_row row;
    struct binding *last = NULL;
    int64_t last_id = 0;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    traits->bindings = map_new(op->arena);
    TRY(q_reward_bindings_open(op, &cursor));
    while ((rc = q_reward_bindings_next(&cursor, &row)) == RC_OK) {
        struct binding *binding = NEW(op->arena, struct binding);
        *binding = (struct binding){row.partner_id, row.from_day, row.to_day,
                                    str_dup(op->arena, row.partner_code), NULL};
        traits->mark = reward__mark(traits->mark + (uint64_t)row.customer_id +
                                        ((uint64_t)row.from_day << 20) + (uint64_t)row.to_day,
                                    row.partner_code);
        if (last && last_id == row.customer_id)
            last->next = binding;
        else
            *map_put_i64(traits->bindings, row.customer_id) = binding;
        last = binding;
        last_id = row.customer_id;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc reward__traits_load(struct op *op, bool has_attributes, bool has_bindings,
                            const struct reward__traits **out)
{
    struct reward__traits *traits = NEW(op->arena, struct reward__traits);
    if (has_attributes) {
        TRY(load_kinds(op, traits));
        TRY(load_values(op, traits));
    }
    if (has_bindings)
        TRY(load_bindings(op, traits));
    *out = traits;
    return RC_OK;
}

/* ---- for formulas ---- */

static struct feel_value value_of(struct arena *arena, struct str type, struct str text)
{
    struct dec number;
    if (!text.at)
        return feel_null();
    if (str_eq(type, STR("number")))
        return dec_parse(text, &number) ? feel_number(number) : feel_null();
    if (str_eq(type, STR("bool")))
        return feel_bool(str_eq(text, STR("true")));
    if (str_eq(type, STR("date")))
        return feel_parse_temporal(arena, text);
    return feel_text(text);
}

/* Every attribute of the kind is there; who has no value has null. */
struct feel_value reward__traits_of(const struct reward__traits *traits, const char *kind_name,
                                    int64_t record_id, struct arena *arena)
{
    const struct kind *kind = kind_of(traits, str_of(kind_name));
    if (!kind)
        return reward__view_context(arena, NULL, 0);
    const struct str *texts = map_get_i64(kind->records, record_id);
    struct feel_value *values = NEW_ARRAY(arena, struct feel_value, kind->codes.len);
    for (size_t i = 0; i < kind->codes.len; i++)
        values[i] = value_of(arena, kind->types.at[i], texts ? texts[i] : STR_NONE);
    return feel_context(feel_shape(arena, kind->codes.at, kind->codes.len), values);
}

bool reward__bound(const struct reward__traits *traits, int64_t customer_id, int64_t partner_id,
                   int64_t day, int64_t *out_from_day, struct str *out_partner)
{
    const struct binding *at = traits->bindings ? map_get_i64(traits->bindings, customer_id) : NULL;
    for (; at; at = at->next)
        if (at->from_day <= day && day < at->to_day &&
            (partner_id == 0 || at->partner_id == partner_id)) {
            *out_from_day = at->from_day;
            *out_partner = at->partner_code;
            return true;
        }
    return false;
}
