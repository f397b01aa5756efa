/* Events that take others back, and what these were rewarded with. The families of a period are
 * read once (an original and everything that names it, whenever it was); lines of the original come
 * from posted results, and from this calculation as they are put. */
#ifndef KONTOR_REWARD_ORIGINAL_H
#define KONTOR_REWARD_ORIGINAL_H

#include "reward/reward_calc.h"

struct reward__rewarded {              /* an original's lines of one key, for one recipient */
    struct reward__contract *contract; /* where they are taken back */
    struct str partner_code;           /* the recipient */
    struct str key;                    /* of the line */
    const struct scheme_output *output;
    int64_t version_id, scheme_id;
    int64_t contract_id, from_partner_id;
    int64_t result_id; /* posted; 0: of this calculation */
    bool is_orphan;    /* its contract is not in force any more: nobody to take from */
    struct dec exact;  /* the sums of the lines */
    int64_t amount_minor;
    int64_t due_day;
    struct opt_i64 hold_until;
    struct reward_gate gate; /* that it still waits for */
    struct opt_i64 gone_day; /* when its gate was closed for good */
    int64_t posted_minor;    /* taken back by posted results, with the sign of the amount */
    int64_t now_minor;       /* and by this calculation, in this generation of the contract */
    int64_t generation;
};

struct reward__reversal { /* an event that takes back a part of another one */
    const struct reward__fact *fact;
    struct reward__original *original;
    struct dec from, to; /* what part of the original was gone before it and after it */
    bool is_now;         /* of the period that is computed */
};

struct reward__original {
    const struct reward__fact *fact;
    VEC(struct reward__reversal *) reversals; /* in order of time */
    VEC(struct reward__rewarded *) lines;
    bool is_taken_back; /* in this period */
};

struct reward__originals {
    struct reward__calc *calc;
    struct map *by_seq;    /* original's event_seq to struct reward__original */
    struct map *of_event;  /* event_seq of a reversal to struct reward__reversal */
    struct map *contracts; /* by id */
    struct map *shares;    /* "reversal partner scheme": what a clawback gave, see reward_share.c */
    bool has_pushed;       /* posted lines that others gave are taken back */
};

/* NULL in calc->originals where no event of the period names another one. */
enum rc reward__originals_load(struct reward__calc *calc);
struct reward__original *reward__original_of(const struct reward__calc *calc,
                                             const struct reward__fact *fact);
struct reward__reversal *reward__reversal_of(const struct reward__calc *calc,
                                             const struct reward__fact *fact);
/* Contracts look at the originals that they or their events have to do with. */
void reward__touch(struct reward__calc *calc, struct reward__contract *contract,
                   struct reward__original *original);
/* A line of an event that is taken back in the same period. */
void reward__original_note(struct reward__calc *calc, struct reward__contract *to,
                           const struct reward_line *line);
/* It does not count after all. */
void reward__original_unnote(const struct reward__calc *calc,
                             const struct reward__contract *contract,
                             const struct reward_line *line);
bool reward__is_valid(const struct reward__rewarded *line);
int64_t reward__taken_minor(const struct reward__rewarded *line);
/* A hash of what was posted for these originals; absent: nothing. */
struct str reward__originals_sha(struct reward__calc *calc,
                                 const struct reward__contract *contract);
/* The input event.original. */
struct feel_value reward__original_view(const struct reward__view *view,
                                        const struct reward__fact *fact, struct arena *arena);

#endif
