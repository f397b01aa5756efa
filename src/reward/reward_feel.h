/* FEEL's view of facts and records: lazy contexts over what the calculation holds in memory, so a
 * million events make no million contexts. Names and meaning: docs/schemes.md. */
#ifndef KONTOR_REWARD_FEEL_H
#define KONTOR_REWARD_FEEL_H

#include "reward/reward_int.h"

struct reward__originals;

struct reward__view {
    const struct zone *zone; /* dates are local dates in it */
    int64_t last_day;        /* of the period: how old partners are then */
    const struct reward__dims *dims;
    const struct feel_shape *event, *credit, *original_money, *product, *customer, *outlet,
        *partner;
    struct feel_rows events;                   /* items of `sales` */
    const struct reward__originals *originals; /* of refunds; NULL: there are none */
};

/* Shapes for one calculation; `view` must stay where it is. */
void reward__view_init(struct reward__view *view, struct arena *arena, const struct zone *zone,
                       const struct reward__dims *dims, int64_t last_day);
struct feel_value reward__view_event(const struct reward__view *view,
                                     const struct reward__fact *fact);
/* `facts` are those of one partner, in order: all, or chosen ones. */
struct feel_value reward__view_sales(const struct reward__view *view,
                                     const struct reward__fact *const *facts, size_t len);
struct feel_value reward__view_partner(const struct reward__view *view,
                                       const struct reward__partner *partner); /* NULL: null */
struct feel_value reward__view_outlet(const struct reward__view *view,
                                      const struct reward__outlet *outlet); /* NULL: null */
/* The customer of a fact, as on its day and seen by its partner; without one: null. */
struct feel_value reward__view_customer(const struct reward__view *view,
                                        const struct reward__fact *fact);
/* The attributes that staff has added to records of a kind; each is there. */
struct feel_value reward__traits_of(const struct reward__traits *traits, const char *kind_name,
                                    int64_t record_id, struct arena *arena);
/* A context of ready values; names and values are copied into the arena. */
struct reward__entry {
    const char *name;
    struct feel_value value;
};
struct feel_value reward__view_context(struct arena *arena, const struct reward__entry *entries,
                                       size_t len);
struct feel_value reward__view_texts(struct arena *arena, const struct str_list *texts);
struct feel_value reward__view_money(int64_t minor, const struct currency *currency);
struct feel_value reward__view_quantity(int64_t millionths);
/* An amount of a fact in the fact's currency, exact (reward_money.c). */
struct feel_value reward__fact_money(const struct reward__fact *fact, int64_t minor);
struct feel_value reward__view_day(int64_t day);

#endif
