/* reward: runs. A run computes a period for a set of contracts: facts up to a watermark, schemes in
 * force, individual terms, the network as at the end of the period; it gives each contract a result
 * with measures, lines and their derivation, and posts results to the ledger. The same inputs give
 * the same bytes, so verify recomputes and compares.
 *
 * Calculating is apart from storing: reward_calculate changes nothing. */
#ifndef KONTOR_REWARD_H
#define KONTOR_REWARD_H

#include "contract/contract.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "ui/ui.h"

/* ---- calculating ---- */

/* What a calculation supposes instead of what is stored. */
enum reward_suppose {
    REWARD_SUPPOSE_VERSION = 1, /* `scheme` stands for all versions of scheme_id, at any time */
    REWARD_SUPPOSE_BOUND,       /* who is bound to scheme_id (0: to whatever) is bound to other_id
                                   instead; individual values of the first one are not taken over */
    REWARD_SUPPOSE_VALUE        /* the attribute `name` of scheme_id has `value` */
};

struct reward_supposition {
    enum reward_suppose what;
    int64_t scheme_id;
    int64_t contract_id, partner_id; /* of BOUND and VALUE: of whom; both 0: of everybody */
    const struct scheme *scheme;     /* of VERSION: lives as long as the calculation */
    int64_t version_id;              /* of VERSION: the draft that it is; 0: it was never stored */
    int64_t other_id;                /* of BOUND */
    struct str name, value;          /* of VALUE; the value as it is stored: "0.05" */
    bool is_for_all; /* of VALUE of everybody: also where a contract has a value of its own; else
                        only the default is another one */
};

struct reward_trail;   /* see reward_trail_new */
struct reward_reading; /* see reward_reading_new */

struct reward_ask {
    struct period period;
    int64_t watermark_seq; /* 0: all facts that are there */
    int64_t contract_id;   /* 0: all; else one, with what of the network it needs */
    /* Taken in this order, a later one wins; all versions are there before anything is bound, all
     * are bound before values are looked at. RC_INVALID on "scheme" for an attribute that the
     * scheme has not, or a value that it cannot have. */
    const struct reward_supposition *suppositions;
    size_t suppositions_len;
    const struct reward_trail *trail; /* NULL: earlier periods are as posted */
    struct reward_reading *reading;   /* NULL: reads facts for itself */
    void (*progress)(void *self, int64_t done, int64_t total); /* contracts; may be NULL */
    void *self;
};

struct reward_derivation { /* how an amount came about; shared by lines that differ only in numbers
                            */
    struct str key;        /* of the output */
    struct str body;       /* JSON, see docs/internals/derivation.md */
};

enum reward_aside {                         /* what a rule gave that is not part of the total */
                    REWARD_NO_CONTRACT = 1, /* not payable: the recipient has no contract */
                    REWARD_POINTS,          /* not money: of the line's unit */
                    REWARD_CHARGE,          /* owed by the partner, posted on its own account */
                    REWARD_REFERRED,        /* for the customer that was referred */
                    REWARD_OUTDONE,         /* another scheme of the contract counts instead */
                    REWARD_NOTHING = 9      /* no reward: the rule gave nothing, and why */
};

struct reward_gate {      /* what a line waits for beside its day */
    struct str decision;  /* a later event must meet its condition; empty: none */
    int64_t event_seq;    /* of which it was made */
    struct opt_i64 until; /* the day from which it is too late */
    struct opt_i64 minor; /* a balance that must be reached */
};

struct reward_line {
    const struct scheme_output *output;
    enum reward_aside aside; /* 0: a line like any other */
    struct str key;          /* of the output, or "rule:item" */
    int64_t version_id, scheme_id;
    int64_t from_partner_id;        /* whose contract computed it; 0: its own */
    int64_t event_seq, occurred_at; /* 0: of the period */
    struct dec exact;
    int64_t amount_minor;
    struct dec base, rate; /* as the scheme gave them */
    bool has_base, has_rate;
    struct str note;
    struct str about;          /* JSON: customer, outlet, product, quantity; empty: nothing */
    struct opt_i64 due_day;    /* of its own */
    struct str recipient;      /* code of the partner it was pushed to; empty: of its own */
    struct str unit;           /* of points; empty: the currency of the result */
    int64_t times;             /* of REWARD_NOTHING: how often it came out so; 0: not after all */
    struct reward_gate gate;   /* that it waits for */
    bool is_reversal;          /* takes back what an earlier line gave */
    struct opt_i64 hold_until; /* of a reversal: as long as what it takes back */
    size_t derivation_i;
};

struct reward_measure {
    const struct scheme_output *output;
    int64_t version_id;
    struct str value; /* as FEEL prints it */
    size_t derivation_i;
};

struct reward_sum {
    struct str key;
    int64_t phase, amount_minor;
};

enum reward_carry_kind { REWARD_CARRY_VALUE = 1, REWARD_CARRY_RUNNING };

struct reward_carry { /* handed to the next period, once the result is posted */
    int64_t scheme_id;
    enum reward_carry_kind kind; /* an output of kind carry; what an accumulator came to */
    struct str name, item;       /* of the output; what an accumulator counts apart, else empty */
    struct str value;            /* a formula of a constant; empty: null */
    int64_t bucket;              /* the month, year… of an accumulator */
};

struct reward_warning { /* why a result is incomplete */
    struct str decision;
    const char *message; /* key */
    struct str args[3];
    int64_t event_seq; /* 0: not at one event */
};

struct reward_result {
    const struct contract_terms *contract;
    const struct contract_version *version; /* in force at the end of `active` */
    const struct currency *currency;
    bool is_incomplete;
    int64_t events; /* credited and inside the contract's days, none of them suspended */
    struct reward_uncounted {
        int64_t outside;   /* credited, but outside the contract's days */
        int64_t suspended; /* on days on which the contract was suspended */
        int64_t voided;    /* taken back by a correction */
        int64_t unbound;   /* when no scheme of the contract was in force */
    } uncounted;
    int64_t total_minor, lines_len;
    int64_t sales_minor; /* sold, less what was given back: net, in `currency` */
    int64_t due_day;
    struct str inputs; /* JSON: versions and values that it was computed with */
    struct str sha256;
    struct { /* of its lines, in order of the first */
        struct reward_sum *at;
        size_t len, cap;
    } sums;
    struct {
        struct reward_measure *at;
        size_t len, cap;
    } measures;
    struct {
        struct reward_carry *at;
        size_t len, cap;
    } carries;
    struct {
        struct reward_warning *at;
        size_t len, cap;
    } warnings;
};

struct reward_calculation {
    struct period period;
    struct span span;
    int64_t watermark_seq;
    struct reward_result *results; /* in order of contract code */
    size_t results_len;
    const struct reward_result *all_results; /* also those that were not asked for */
    size_t all_results_len;
    struct str sha256;             /* of all results */
    struct reward__spill *details; /* lines and derivations: see reward_details_of */
};
/* Closes what a calculation put away. */
void reward_calculation_cleanup(const struct reward_calculation **calculation);
#define AUTO_CALCULATION CLEANUP(reward_calculation_cleanup) const struct reward_calculation *

/* The actor must be the system: splits and networks need every credit. RC_INVALID when a version
 * in force cannot be read. Everything lives in `arena`, which must be large; facts and lines do
 * not, they are put away contract by contract. */
enum rc reward_calculate(struct op *op, struct arena *arena, const struct reward_ask *ask,
                         const struct reward_calculation **out);

/* The same for a person who may see runs (run.read, else RC_DENIED; RC_MISSING: the asked contract
 * is not theirs to see). It is still everybody's results: who shows them asks who may see whom. */
enum rc reward_try(struct op *op, struct arena *arena, const struct reward_ask *ask,
                   const struct reward_calculation **out);

/* What calculations of following periods hand on when nothing is posted: measures, rewards, carried
 * values and running totals. From the first period that was added these stand, and what is posted
 * is not looked at; of earlier ones stands what is posted. */
struct reward_trail *reward_trail_new(struct arena *arena);
/* In order of time. Of a calculation for one contract only that contract goes on. */
void reward_trail_add(struct reward_trail *trail, const struct reward_calculation *calculation);

/* Facts that several calculations of one period have in common: the first one reads them, of all
 * partners, and the others take them. One of another period (or watermark) reads for itself. */
struct reward_reading *reward_reading_new(void);
void reward_reading_cleanup(struct reward_reading **reading);
#define AUTO_READING CLEANUP(reward_reading_cleanup) struct reward_reading *

struct reward_details { /* of one result */
    struct {
        struct reward_line *at;
        size_t len, cap;
    } lines;
    struct {
        struct reward_derivation *at;
        size_t len, cap;
    } derivations;
};
/* The lines of a result in their order, and how they came about, read into op->arena. */
enum rc reward_details_of(struct op *op, const struct reward_calculation *calculation,
                          const struct reward_result *result, struct reward_details *out);

/* Sum of a result's lines of one key. */
int64_t reward_key_minor(const struct reward_result *result, struct str key);

/* A computed result as the page of a stored one, with how an amount came about: it is written in a
 * transaction that is rolled back, so that the same code reads it. All versions that it was
 * computed with are stored ones. RC_MISSING: the partner is not the actor's to see. */
struct reward_trial {
    const struct reward_calculation *calculation;
    const struct reward_result *result;
    struct str address; /* of the page, with a query: "&amount=3" is added */
    int64_t amount;     /* that is open, from 1; 0: none */
    struct ui_head head;
    struct ui_hint hint;
};
enum rc reward_trial_page(struct req *r, const struct reward_trial *trial);

/* ---- runs ---- */

/* What is posted of a period, in order of contract. For the system: of all partners. */
struct reward_posted {
    int64_t result_id, contract_id, partner_id, total_minor;
    const struct currency *currency;
};
struct reward_posted_list {
    struct reward_posted *at;
    size_t len, cap;
};
enum rc reward_posted_in(struct op *op, struct period period, struct reward_posted_list *out);

struct reward_run {
    int64_t id, revision;
    struct period period;
    struct str state; /* draft, calculating, calculated, in_approval, approved, posted, failed,
                         superseded */
    int64_t watermark_seq, contracts, incomplete;
    struct str sha256, note;
    int64_t created_at;
    struct opt_i64 created_by, calculated_at, posted_at;
};

/* A draft; one that is not posted yet may exist per period (RC_CONFLICT names it). */
enum rc reward_run_add(struct op *op, struct period period, struct str note, int64_t *out_id);
enum rc reward_run_get(struct op *op, int64_t id, struct reward_run *out);
/* Calculates and stores in this thread: draft, calculated or failed -> calculated. Replaces what
 * was stored. Committed in one transaction. */
enum rc reward_run_calculate(struct op *op, int64_t id,
                             void (*progress)(void *self, int64_t done, int64_t total), void *self);
/* The same as a job; the page follows it. */
enum rc reward_run_start(struct op *op, int64_t id, int64_t *out_job_id);
/* calculated -> in approval (or approved, when runs need none). RC_CONFLICT while results are
 * incomplete. */
enum rc reward_run_submit(struct op *op, int64_t id, int64_t revision, struct str note);
/* Posting as a job. */
enum rc reward_run_post_start(struct op *op, int64_t id, int64_t *out_job_id);
/* approved -> posted: each result accrued in the ledger and a statement made, result by result in
 * transactions of their own; continues where it was interrupted. */
enum rc reward_run_post(struct op *op, int64_t id);

/* Takes a result back: reverses its posting while the period is open and its statement is not sent;
 * the result stays as rolled back. */
enum rc reward_result_roll_back(struct op *op, int64_t result_id, struct str reason);
/* A new result of the same contract and run from the facts of now; posted at once when the run is.
 * The reason stays with both results and in the journal; RC_INVALID on "reason" without one. */
enum rc reward_result_repeat(struct op *op, int64_t result_id, struct str reason,
                             int64_t *out_result_id);

/* ---- statements ---- */

/* draft -> sent; the partner's people who see statements get a letter. Permission statement.send.
 * RC_CONFLICT: not a draft. */
enum rc reward_statement_send(struct op *op, int64_t statement_id);
/* All drafts of a run. */
enum rc reward_statements_send(struct op *op, int64_t run_id, int64_t *out_sent);

/* ---- due ---- */

/* Moves what has become due (and has no hold) from accrued to payable, holds what must be held.
 * Called daily by a job and after posting. */
enum rc reward_due_tick(struct op *op, int64_t *out_moved);

/* ---- checking ---- */

struct reward_verified {
    int64_t results;          /* computed again */
    int64_t changed;          /* with other inputs than then: master data was edited since */
    struct str first_problem; /* English; absent when nothing is damaged */
};
enum rc reward_verify(struct op *op, struct reward_verified *out);

extern const struct route reward_routes[];
extern const struct route reward_run_routes[];
extern const struct route reward_statement_routes[];
extern const struct ui_page reward_pages[];
extern const size_t reward_pages_len;
extern const struct ui_finder reward_finders[];    /* of the search; ended by {0} */
extern const struct ui_record_card reward_cards[]; /* on pages of partners and events */
extern const struct permission reward_permissions[];
extern const size_t reward_permissions_len;
extern const struct command reward_commands[];
extern const struct job_kind reward_jobs[];
extern const struct job_schedule reward_schedules[];
void reward_start(void);
void reward_forget(void); /* tests: what is remembered of another database */

#endif
