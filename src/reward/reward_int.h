/* What the files of reward share: facts with their dimensions, the network, and FEEL's view of
 * them. */
#ifndef KONTOR_REWARD_INT_H
#define KONTOR_REWARD_INT_H

#include "event/event.h"
#include "feel/feel.h"
#include "reward/reward.h"
#include "reward/reward_spill.h"

/* ---- dimensions: read once a calculation, by id ---- */

struct reward__product {
    int64_t id;
    struct str code, name, tags;
    struct str category; /* code; absent: none */
    struct str category_name;
    struct str_list category_path; /* codes from the root */
    bool is_commissionable;
    uint64_t mark; /* of all that it says, here and below: another after it was edited */
};
struct reward__customer {
    int64_t id, since;
    struct str code, name, country;
    bool is_fraud;
    uint64_t mark;
};
struct reward__outlet {
    int64_t id;
    struct str code, name;
    uint64_t mark;
};
struct reward__partner {
    int64_t id, since;
    struct str code, name, country, state, level;
    struct str_list roles, groups, tags;
    uint64_t mark;
};

struct reward__dims {
    struct map *products, *customers, *outlets, *partners; /* by id */
    struct map *words;                                     /* struct str * by id */
    const struct reward__traits *traits; /* what some scheme asks of them beside */
};
enum rc reward__dims_load(struct op *op, struct reward__dims *out);
uint64_t reward__mark(uint64_t mark, struct str text);             /* one more of what is marked */
uint64_t reward__traits_mark(const struct reward__traits *traits); /* 0: none are asked for */
/* reward_traits.c: attributes that staff has added, and bindings of customers, when asked for. */
enum rc reward__traits_load(struct op *op, bool has_attributes, bool has_bindings,
                            const struct reward__traits **out);
/* The first binding of a customer that holds on a day, to this partner (0: to any). */
bool reward__bound(const struct reward__traits *traits, int64_t customer_id, int64_t partner_id,
                   int64_t day, int64_t *out_from_day, struct str *out_partner);

/* ---- facts ---- */

struct reward__exchange { /* a rate that was used */
    const struct currency *from, *to;
    struct str source;
    int64_t day; /* since when it holds */
    struct dec rate;
};

struct reward__fact { /* one credit of one event */
    int64_t seq, event_seq, occurred_at, recorded_at;
    int64_t amount_minor, net_minor, tax_minor, discount_minor, shipping_minor, cost_minor;
    int64_t quantity;
    int64_t part_amount_minor, part_net_minor, part_quantity; /* this partner's, split exactly */
    int64_t partner_id, share, original_seq;
    const struct currency *currency;
    const struct reward__exchange *exchange; /* amounts are in its `from`; NULL: in `currency` */
    const struct reward__product *product;   /* NULL: none */
    const struct reward__customer *customer; /* NULL: none */
    const struct reward__outlet *outlet;     /* NULL: none */
    struct str role, reason, source, external_id, attributes;
    enum event_type type;
    int32_t partner_count; /* of this role */
    bool has_cost, is_late;
};

struct reward__facts { /* of the period, put away by partner */
    const struct reward__dims *dims;
    struct reward__spill *spill;
    const struct map *wanted; /* partners whose facts are kept; NULL: all */
    struct map *voided;       /* event_seq of events that were taken back */
    struct map *texts;        /* sources: each once */
};
/* Reads the facts of the span once, in order of seq. `facts` has its spill. */
enum rc reward__facts_scan(struct op *op, struct span span, int64_t watermark_seq,
                           struct reward__facts *facts);
struct reward__fact_list {
    struct reward__fact *at;
    size_t len, cap;
};
/* The first credit of each event that the filter lets through (heads_only, families or one event),
 * in order of seq; texts live in `texts`, parts of partners are not known. */
enum rc reward__heads_scan(struct op *op, const struct event_filter *filter,
                           const struct reward__dims *dims, struct arena *texts,
                           enum rc (*each)(void *self, const struct reward__fact *fact),
                           void *self);
/* The families of the span (event_filter), in order of seq; parts of partners are not known. */
enum rc reward__families_scan(struct op *op, struct span span, int64_t watermark_seq,
                              const struct reward__dims *dims, struct reward__fact_list *out);
struct reward__sales { /* of one partner, in order of time, then seq */
    struct reward__fact *at;
    size_t len;
    int64_t voided; /* events that do not count because they were taken back */
};
enum rc reward__facts_of(struct op *op, const struct reward__facts *facts, int64_t partner_id,
                         struct arena *arena, struct reward__sales *out);

/* reward_guard.c: versions of contracts and schemes do not begin in posted periods. */
void reward__guards_set(void);

/* ---- network ---- */

struct reward__below {          /* a partner under another one */
    int64_t partner_id, leg_id; /* leg: the direct child through which it hangs */
    int64_t depth;              /* from 1 */
    int64_t since_day;
};
struct reward__belows {
    struct reward__below *at;
    size_t len, cap;
};
/* Everybody below `partner_id` in the tree, nearest first, then by partner id. A loop in the edges
 * (which partner refuses) would end at the first repetition. */
struct reward__network;
enum rc reward__network_load(struct op *op, struct str tree, int64_t day,
                             const struct reward__network **out);
int64_t reward__network_parent(const struct reward__network *network,
                               int64_t partner_id); /* 0: none */
void reward__network_below(const struct reward__network *network, struct arena *arena,
                           int64_t partner_id, struct reward__belows *out);

#endif
