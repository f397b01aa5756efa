/* What the files that calculate share: one calculation, one contract in it, and a segment (a
 * contract version x scheme version x values, in force for a part of the period). */
#ifndef KONTOR_REWARD_CALC_H
#define KONTOR_REWARD_CALC_H

#include "reward/reward_feel.h"

struct reward__segment {
    int64_t from_at, to_at; /* [from_at, to_at) */
    const struct contract_version *contract_version;
    const struct contract_bound *bound;
    struct scheme_version scheme_version;
    const struct scheme *scheme;
    struct dmn_run *run; /* made when first needed */
    struct feel_value terms;
    const struct reward__step **latest; /* by element: how its value came about */
};

struct reward__step { /* a decision's last computation, in printed form */
    struct str json;  /* {"name":…,"value":…,"table":{…}} */
    bool is_passing;  /* depends on the event at hand: lives in scratch */
};

struct reward__scheme { /* a scheme bound during the period, with its segments in order of time */
    int64_t scheme_id;
    struct {
        struct reward__segment *at;
        size_t len, cap;
    } segments;
    struct feel_value sales; /* of the part of the period in which it was in force */
    const struct reward__fact **facts;
    size_t facts_len;
    struct reward__belows belows; /* when it asks for its downline */
};

struct reward__span { /* [from_at, to_at) */
    int64_t from_at, to_at;
};

struct reward__contract {
    struct reward_result *result;
    int64_t active_from_at, active_to_at;
    VEC(struct reward__span) suspended; /* in order */
    struct {
        struct reward__scheme *at;
        size_t len, cap;
    } schemes;
    struct reward_details details; /* while it is computed */
    struct map *derivations;       /* body to size_t *, the index in details.derivations */
    struct str below_sha;          /* of what it saw of its downline; absent: it looked at none */
    size_t warnings_opened;        /* those that opening it gave */
    size_t belows_len;             /* partners below it in the trees that its schemes ask for */
    bool is_needed;                /* false: not asked for and nobody's downline */
    bool is_summed;                /* phase 1 is known: what uplines see */
};

struct reward__calc {
    struct op *op;
    struct arena *arena;   /* of the calculation */
    struct arena *work;    /* of the contract at hand: facts, runs, lines */
    struct arena *scratch; /* of the event at hand */
    const struct reward_ask *ask;
    struct reward_calculation *calculation;
    struct reward__dims dims;
    struct reward__facts facts;
    struct reward__view view;
    struct feel_env env;
    struct feel_warnings warnings;
    struct dmn_trace trace;
    struct reward__contract *contracts; /* as calculation->results */
    struct map *networks;               /* tree to network */
    struct map *of_partner;             /* partner id to struct reward__indexes */
};

struct reward__indexes { /* contracts of a partner */
    VEC(size_t) list;
};

/* reward_contract.c. Opening finds segments; everybody's comes first. */
enum rc reward__contract_open(struct reward__calc *calc, struct reward__contract *contract);
/* Phase 1 into result and details, in calc->work, which is emptied before. */
enum rc reward__contract_phase_1(struct reward__calc *calc, struct reward__contract *contract);
/* After phase 1 of the same contract, when everybody below it is summed. */
enum rc reward__contract_phase_3(struct reward__calc *calc, struct reward__contract *contract);

/* reward_below.c: who is below a contract's partner, and what phase 3 sees of them. */
bool reward__asks_upward(const struct reward__scheme *scheme);
enum rc reward__belows_load(struct reward__calc *calc, struct reward__contract *contract);
struct feel_value reward__downline(struct reward__calc *calc, const struct reward_result *result,
                                   const struct reward__scheme *scheme);

/* reward_details.c: lines and derivations are put away under the number of the result. */
enum rc reward__details_put(struct reward__calc *calc, const struct reward__contract *contract);

/* reward_line.c: an output's value becomes lines or a measure of the result. `fact` is NULL outside
 * event scope. */
void reward__take(struct reward__calc *calc, struct reward__contract *contract,
                  struct reward__segment *segment, const struct scheme_output *output,
                  const struct reward__fact *fact, const struct feel_value *value);
void reward__warn(struct reward__calc *calc, struct reward_result *result,
                  const struct feel_warning *warning, const struct reward__fact *fact);
/* A warning of our own: static message and one argument. */
void reward__warn_text(struct reward__calc *calc, struct reward_result *result, struct str decision,
                       const char *message, struct str arg, int64_t event_seq);

/* reward_derive.c: keeps the steps of the trace; gives the derivation of an output as JSON. */
void reward__derive_keep(struct reward__calc *calc, struct reward__segment *segment);
size_t reward__derive(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__segment *segment, const struct scheme_output *output);

#endif
