/* The network of a day: edges of one tree, walked downwards breadth first. */
#include "partner/partner.h"
#include "reward/reward_int.h"

struct children {
    VEC(const struct partner_relation *) edges;
};

struct reward__network {
    struct map *below; /* parent id to struct children */
    struct map *above; /* partner id to the edge to its first parent */
};

enum rc reward__network_load(struct op *op, struct str tree, int64_t day,
                             const struct reward__network **out)
{
    struct partner_edges edges = {0};
    TRY(partner_edges_on(op, tree, day, &edges));
    struct reward__network *network = NEW(op->arena, struct reward__network);
    network->below = map_new(op->arena);
    network->above = map_new(op->arena);
    for (size_t i = 0; i < edges.len; i++) {
        void **slot = map_put_i64(network->below, edges.at[i].parent_id);
        if (!*slot)
            *slot = NEW(op->arena, struct children);
        struct children *children = *slot;
        VEC_PUSH(op->arena, &children->edges, &edges.at[i]);
        void **above = map_put_i64(network->above, edges.at[i].partner_id);
        if (!*above)
            *above = &edges.at[i];
    }
    *out = network;
    return RC_OK;
}

int64_t reward__network_parent(const struct reward__network *network, int64_t partner_id)
{
    const struct partner_relation *edge = map_get_i64(network->above, partner_id);
    return edge ? edge->parent_id : 0;
}

static int by_depth_and_partner(const void *left, const void *right)
{
    const struct reward__below *a = left, *b = right;
    if (a->depth != b->depth)
        return a->depth < b->depth ? -1 : 1;
    return a->partner_id < b->partner_id ? -1 : a->partner_id > b->partner_id;
}

void reward__network_below(const struct reward__network *network, struct arena *arena,
                           int64_t partner_id, struct reward__belows *out)
{
    struct reward__belows found = {0};
    struct map *seen = map_new(arena);
    *map_put_i64(seen, partner_id) = out;
    int64_t parent_id = partner_id, depth = 1, leg_id = 0;
    for (size_t next = 0;; next++) {
        const struct children *children = map_get_i64(network->below, parent_id);
        for (size_t i = 0; children && i < children->edges.len; i++) {
            const struct partner_relation *edge = children->edges.at[i];
            if (map_get_i64(seen, edge->partner_id))
                continue;
            *map_put_i64(seen, edge->partner_id) = out;
            VEC_PUSH(arena, &found,
                     ((struct reward__below){.partner_id = edge->partner_id,
                                             .leg_id = leg_id ? leg_id : edge->partner_id,
                                             .depth = depth,
                                             .since_day = edge->from_day}));
        }
        if (next == found.len)
            break;
        parent_id = found.at[next].partner_id;
        leg_id = found.at[next].leg_id;
        depth = found.at[next].depth + 1;
    }
    if (found.len > 0)
        qsort(found.at, found.len, sizeof(*found.at), by_depth_and_partner);
    *out = found;
}
