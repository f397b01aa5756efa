/* Relations: dated edges of named trees. A tree has no loop on any day, and in it a partner has at
 * most one parent a day (the trees are what overrides walk). A loop is looked for by walking up
 * from the new parent through every edge that overlaps the new one's days: exact for one day, and
 * never missing a loop for many. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"

static const char *const trees[] = {"owner", "sponsor", "placement", "territory", "supply"};

static void edge_from_row(const struct partner_edge_row *row, struct partner_relation *out)
{
    *out = (struct partner_relation){.id = row->id,
                                     .revision = row->revision,
                                     .tree = row->tree,
                                     .parent_id = row->parent_id,
                                     .partner_id = row->partner_id,
                                     .from_day = row->from_day,
                                     .to_day = row->to_day,
                                     .share = row->share};
}

enum rc partner_edges_on(struct op *op, struct str tree, int64_t day, struct partner_edges *out)
{
    AUTO_CURSOR cursor = {0};
    TRY(q_partner_edges_on_open(op, &(struct q_partner_edges_on_in){tree, day}, &cursor));
    struct partner_edges edges = {0};
    struct partner_edge_row row;
    enum rc rc;
    while ((rc = q_partner_edges_on_next(&cursor, &row)) == RC_OK) {
        struct partner_relation edge;
        edge_from_row(&row, &edge);
        edge.tree = tree;
        VEC_PUSH(op->arena, &edges, edge);
    }
    if (rc != RC_MISSING)
        return rc;
    *out = edges;
    return RC_OK;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct walk {
    struct op *op;
    const struct partner_relation *edge; /* the new one */
    size_t steps;
};

/* Does a way upwards from `partner_id`, by edges that are in force together on some day of
 * [from_day, to_day), lead to the child of the new edge? */
static enum rc walk_up(struct walk *walk, int64_t partner_id, int64_t from_day, int64_t to_day,
                       int depth, bool *out_is_loop)
{
    enum { DEPTH_MAX = 100, STEPS_MAX = 100000 };
    if (partner_id == walk->edge->partner_id) {
        *out_is_loop = true;
        return RC_OK;
    }
    if (depth == DEPTH_MAX || ++walk->steps > STEPS_MAX)
        return fail(walk->op, RC_INVALID, "parent_id", "The tree is deeper than 100 levels.");
    struct partner_edge_row_rows up;
    TRY(q_partner_parents_between(walk->op,
                                  &(struct q_partner_parents_between_in){walk->edge->tree,
                                                                         partner_id, from_day,
                                                                         to_day, walk->edge->id},
                                  &up));
    for (size_t i = 0; i < up.len && !*out_is_loop; i++)
        TRY(walk_up(walk, up.at[i].parent_id, later(from_day, up.at[i].from_day),
                    sooner(to_day, up.at[i].to_day), depth + 1, out_is_loop));
    return RC_OK;
}

static enum rc code_of(struct op *op, int64_t partner_id, const char **out)
{
    struct partner partner;
    TRY(partner_get(op, partner_id, &partner));
    *out = str_c(op->arena, partner.code);
    return RC_OK;
}

static bool is_tree(struct str tree)
{
    for (size_t i = 0; i < LEN(trees); i++)
        if (str_eq(str_of(trees[i]), tree))
            return true;
    return false;
}

static enum rc check_relation(struct op *op, const struct partner_relation *in)
{
    const char *child = NULL, *parent = NULL;
    if (!is_tree(in->tree))
        return fail(op, RC_INVALID, "tree",
                    "The tree is one of: owner, sponsor, placement, territory, supply.");
    if (in->from_day >= in->to_day)
        return fail(op, RC_INVALID, "to_day", "The end must be after the beginning.");
    if (in->share <= 0 || in->share > 1000000)
        return fail(op, RC_INVALID, "share", "The share is more than 0 and at most 1.");
    TRY(code_of(op, in->partner_id, &child));
    TRY(code_of(op, in->parent_id, &parent));
    struct partner_edge_row_rows others;
    TRY(q_partner_parents_between(op,
                                  &(struct q_partner_parents_between_in){
                                      in->tree, in->partner_id, in->from_day, in->to_day, in->id},
                                  &others));
    if (others.len > 0)
        return fail(op, RC_CONFLICT, "parent_id",
                    "{0} has another parent in this tree in these days: end that relation first.",
                    child);
    struct walk walk = {.op = op, .edge = in};
    bool is_loop = false;
    TRY(walk_up(&walk, in->parent_id, in->from_day, in->to_day, 0, &is_loop));
    if (is_loop)
        return fail(op, RC_CONFLICT, "parent_id", "{0} already stands above {1} in this tree.",
                    child, parent);
    return RC_OK;
}

enum { RELATION_VALUES = 5 };

static void relation_values(struct op *op, const struct partner_relation *r,
                            struct audit_value out[RELATION_VALUES])
{
    out[0] = (struct audit_value){"tree", r->tree};
    out[1] = (struct audit_value){"parent_id", audit_text_i64(op, r->parent_id)};
    out[2] = (struct audit_value){"from_day",
                                  date_print(op->arena, (struct date){(int32_t)r->from_day})};
    out[3] = (struct audit_value){"to_day",
                                  r->to_day >= PARTNER_NO_END
                                      ? STR("")
                                      : date_print(op->arena, (struct date){(int32_t)r->to_day})};
    out[4] = (struct audit_value){"share", dec_print(op->arena, dec_from_scaled(r->share, 6))};
}

static enum rc note_relation(struct op *op, const struct partner_relation *before,
                             const struct partner_relation *after)
{
    struct audit_value old[RELATION_VALUES], new[RELATION_VALUES];
    struct partner partner;
    TRY(partner_get(op, after->partner_id, &partner));
    if (before)
        relation_values(op, before, old);
    relation_values(op, after, new);
    return audit_add_diff(op,
                          &(struct audit_entry){.action = "partner.relation",
                                                .record = "partner",
                                                .record_id = after->partner_id,
                                                .label = partner.code,
                                                .partner_id = SOME(after->partner_id)},
                          before ? old : NULL, new, RELATION_VALUES);
}

enum rc partner_relation_save(struct op *op, const struct partner_relation *in, int64_t *out_id)
{
    TRY(op_must(op, "partner.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(check_relation(op, in));
    struct partner_relation before = {0};
    if (in->id != 0) {
        struct partner_edge_row row;
        TRY(q_partner_relation(op, &(struct q_partner_relation_in){in->id}, &row));
        edge_from_row(&row, &before);
        TRY(q_partner_relation_edit(
            op, &(struct q_partner_relation_edit_in){in->id, in->revision, in->parent_id,
                                                     in->from_day, in->to_day, in->share}));
        *out_id = in->id;
    } else {
        TRY(q_partner_relation_add(
            op,
            &(struct q_partner_relation_add_in){in->tree, in->parent_id, in->partner_id,
                                                in->from_day, in->to_day, in->share, op->now},
            out_id));
    }
    TRY(note_relation(op, in->id ? &before : NULL, in));
    return txn_commit(&txn);
}

enum rc partner_relation_end(struct op *op, int64_t id, int64_t revision, int64_t to_day)
{
    struct partner_edge_row row;
    struct partner_relation relation;
    TRY(q_partner_relation(op, &(struct q_partner_relation_in){id}, &row));
    edge_from_row(&row, &relation);
    relation.revision = revision;
    relation.to_day = to_day;
    return partner_relation_save(op, &relation, &id);
}
