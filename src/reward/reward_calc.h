/* What the files that calculate share: one calculation, one contract in it, and a segment (a
 * contract version x scheme version x values, in force for a part of the period). */
#ifndef KONTOR_REWARD_CALC_H
#define KONTOR_REWARD_CALC_H

#include "reward/reward_feel.h"

struct reward__step {        /* a decision's last computation */
    struct str json;         /* {"name":…,"value":…,"tables":[…],"choices":[…]} */
    struct str choices_json; /* where each "if" went; absent: it has none */
    bool is_passing;         /* depends on what is at hand: lives in scratch */
    VEC(struct dmn_hit) hits;
    VEC(struct feel_choice) choices;
};

struct reward__eval {                 /* a scheme version being evaluated */
    struct dmn_run *run;              /* NULL: not opened */
    const bool *is_passing;           /* by element: depends on the event, outlet… at hand */
    const struct reward__step **last; /* by element: how its value came about */
};

struct reward__segment {
    int64_t from_at, to_at;                          /* [from_at, to_at) */
    const struct contract_version *contract_version; /* NULL, as bound: of a pool */
    const struct contract_bound *bound;
    struct scheme_version scheme_version;
    const struct scheme *scheme;
    struct reward__eval whole; /* of the contract and its events */
    struct reward__eval item;  /* of one outlet or customer after the other */
    struct reward__eval *eval; /* the one in use */
    struct feel_value terms;
};

struct reward__site { /* where an output is being evaluated */
    struct reward__segment *segment;
    const struct scheme_output *output;
    const struct reward__fact *fact;         /* NULL outside events */
    const struct reward__outlet *outlet;     /* NULL outside outlets */
    const struct reward__customer *customer; /* NULL outside customers */
    bool is_pool;
};

/* reward_running.c: what accumulators have come to. */
struct reward__tally {
    const struct scheme_output *output;
    struct map *items; /* by what is counted apart: struct reward__count */
    VEC(struct reward__count *) counts;
};

struct reward__verdict { /* why lines are kept at nothing */
    struct str of;       /* key of the lines; empty: all */
    struct str reason;
};

struct reward__due { /* when lines are due, unless they say it themselves */
    struct str of;   /* key of the lines; empty: all */
    struct opt_i64 day;
    struct reward_gate gate;
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
    VEC(struct reward__tally) tallies;
    VEC(struct reward__verdict) verdicts;          /* of the contract */
    VEC(struct reward__verdict) verdicts_of_event; /* at hand: in scratch */
    VEC(struct reward__due) dues, dues_of_event;   /* likewise */
};

struct reward__span { /* [from_at, to_at) */
    int64_t from_at, to_at;
};

struct reward__past { /* a line of an earlier phase, kept small: what matching and pools see */
    struct str key;
    int64_t event_seq, occurred_at, amount_minor;
    int32_t number, phase; /* of the line in its result, from 1 */
};

struct reward__item_value { /* of a measure of outlets or customers */
    size_t measure_i;
    struct str code, value;
};

struct reward__late { /* a measure whose derivation has no number yet */
    size_t measure_i;
    struct reward_derivation derivation;
};

struct reward__original; /* reward_original.h: what refunds take back */
struct reward__planned { /* a plan that a scheme asked for; target absent: there is none */
    struct str metric, kind, outlet, full, target;
};

struct reward__unpaid {
    const struct reward__fact *fact;
    size_t line_i; /* that says so */
};

struct reward__before; /* reward_before.c: posted results of earlier periods */

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
    struct map *nothings;          /* derivation to size_t *, the index in details.lines */
    VEC(const struct scheme_output *) nothings_of_event; /* in scratch */
    size_t lines_before_event;
    VEC(struct reward__unpaid) unpaid; /* events that no rule of one of its schemes paid */
    struct str below_sha;   /* of what it saw of its downline; absent: it looked at none */
    uint64_t records;       /* mark of the records that its facts name */
    size_t warnings_opened; /* those that opening it gave */
    size_t belows_len;      /* partners below it in the trees that its schemes ask for */
    VEC(struct reward__item_value) item_values; /* while its outlets are computed */
    VEC(struct reward__late) late;              /* measures that a part after the first gave */
    VEC(struct reward__past) past;              /* when somebody asks for lines */
    VEC(struct reward__exchange) exchanges;     /* used, in order */
    VEC(struct reward__planned) planned;        /* asked for, in order */
    const struct reward__before *before;        /* NULL: not asked for yet */
    const struct reward__sales *history;        /* while it is loaded; NULL: not asked for */
    int64_t lines_put;                          /* put away as pending */
    size_t parts, measures_put;                 /* so are parts, with the measures until then */
    VEC(struct reward__original *) touched;     /* that it or its events have to do with */
    struct map *touched_set;
    int64_t generation;         /* how often it was computed */
    bool is_needed;             /* false: not asked for and nobody's downline */
    bool is_summing, is_looped; /* looped: trees run against each other */
    bool is_summed;             /* phases 1 and 2 are known: what uplines see */
};

struct reward__at_hand { /* whose output is being evaluated */
    struct reward__calc *calc;
    struct reward__contract *contract;
    const struct scheme *scheme;
};

struct reward__calc {
    struct op *op;
    struct arena *arena;   /* of the calculation */
    struct arena *work;    /* of the contract at hand: facts, runs, lines */
    struct arena *scratch; /* of the event at hand */
    const struct reward_ask *ask;
    VEC(struct reward_supposition) supposed; /* of the ask, values in canonical form */
    struct reward_calculation *calculation;
    struct reward__dims dims;
    struct reward__facts facts;
    const struct reward_reading *shared; /* whose facts and dimensions are used; NULL: own */
    struct reward__view view;
    struct feel_env env;
    struct feel_warnings warnings;
    struct dmn_trace trace;
    struct reward__contract *contracts; /* as calculation->results */
    struct map *networks;               /* "tree day" to network */
    enum rc outcome;                    /* of putting lines away, where nothing else returns it */
    struct reward__spill *pending;      /* lines of results that later phases may add to */
    struct reward__features {           /* of all schemes in force */
        int last_phase;
        bool has_push, has_rank, has_matching, has_pool;
        bool has_lines; /* somebody reads lines of earlier phases */
        bool has_back;  /* lines that others gave are taken back */
        bool reads_original, reads_attributes, reads_bindings, has_plan, has_metrics;
    } features;
    struct reward__originals *originals; /* NULL: no event of the period names another one */
    struct map *of_partner;              /* partner id to struct reward__indexes */
    struct map *of_partner_code;         /* likewise */
    struct reward__facts history;        /* of all periods up to this one, when somebody asks */
    struct map *lifetimes;               /* by contract: struct contract_terms of its whole life */
    const struct rates *rates;
    struct feel_exchange exchange; /* `convert` of formulas */
    struct reward__at_hand at_hand;
    const struct reward__plans *plans; /* NULL: no scheme asks */
};

struct reward__indexes { /* contracts of a partner */
    VEC(size_t) list;
};

/* Whether one contract can be computed without most others. */
static inline bool reward__is_wide(const struct reward__features *features)
{
    return features->has_push || features->has_rank || features->has_matching ||
           features->has_pool || features->has_back;
}

/* reward_suppose.c: hypotheses of the ask, and what is stored where there are none. */
/* Checks them and binds what they bind, in `list`. */
enum rc reward__suppose(struct reward__calc *calc, struct contract_terms_list *list);
enum rc reward__versions(struct reward__calc *calc, int64_t scheme_id, int64_t from_at,
                         int64_t to_at, struct scheme_versions *out);
enum rc reward__model_of(struct reward__calc *calc, const struct scheme_version *version,
                         const struct scheme **out);
/* The value of an attribute: individual, else the default. */
struct str reward__term_text(const struct reward__calc *calc, const struct reward__segment *segment,
                             const struct scheme_attribute *attribute);

/* reward_contract.c. Opening finds segments; everybody's comes first. */
enum rc reward__contract_open(struct reward__calc *calc, struct reward__contract *contract);
/* The contract's facts and inputs into calc->work, which is emptied before. `is_anew`: nothing was
 * computed of it yet, or is to be forgotten. */
enum rc reward__contract_load(struct reward__calc *calc, struct reward__contract *contract,
                              bool is_anew);
struct reward__segment *reward__last_segment(const struct reward__scheme *scheme);
/* Opens the evaluation of a segment with the inputs that stay. */
void reward__eval_open(struct reward__calc *calc, struct reward__contract *contract,
                       const struct reward__scheme *scheme, struct reward__segment *segment,
                       struct reward__eval *eval);
void reward__set_input(const struct reward__segment *segment, const char *name,
                       struct feel_value value);
bool reward__has_input(const struct scheme *scheme, const char *name);
struct feel_value reward__term_value(struct arena *arena, const struct scheme_attribute *attribute,
                                     struct str text);
struct feel_value reward__terms_of(struct reward__calc *calc, struct arena *arena,
                                   const struct reward__segment *segment);
bool reward__is_suspended(const struct reward__contract *contract, int64_t at);
void reward__eval_bare(struct reward__calc *calc, struct reward__segment *segment,
                       struct reward__eval *eval); /* without inputs */
struct feel_value reward__period_context(struct reward__calc *calc, struct period period);

/* reward_active.c: the part of the period in which a contract had a scheme. */
struct reward__active {
    int64_t from_day, to_day; /* half-open */
    int64_t days;             /* that were not suspended */
    int64_t months;           /* whole ones */
};
struct reward__active reward__active_of(const struct reward__calc *calc,
                                        const struct reward__contract *contract,
                                        const struct reward__scheme *scheme);
/* What part of the period that is; false: nothing is prorated, or it is the whole of it. */
bool reward__active_share(const struct reward__calc *calc, const struct reward__contract *contract,
                          const struct reward__scheme *scheme, enum scheme_prorate by,
                          struct dec *out);
struct feel_value reward__active_context(struct reward__calc *calc,
                                         const struct reward__contract *contract,
                                         const struct reward__scheme *scheme);

/* reward_plan.c: the input `plan`, and what was asked of it as part of the result's inputs. */
struct reward__plans;
enum rc reward__plans_load(struct reward__calc *calc);
struct feel_value reward__plan_input(struct reward__calc *calc, struct reward__contract *contract,
                                     const struct reward__scheme *scheme,
                                     const struct reward__outlet *outlet); /* NULL: the whole */
void reward__plans_json(struct json_writer *json, const struct reward__contract *contract);

/* reward_metrics.c: the input `metrics`, over facts far before the period. */
enum rc reward__metrics_scan(struct reward__calc *calc, size_t spill_bytes);
enum rc reward__metrics_load(struct reward__calc *calc, struct reward__contract *contract);
struct feel_value reward__metrics_input(struct reward__calc *calc,
                                        struct reward__contract *contract,
                                        const struct scheme *scheme,
                                        const struct reward__outlet *outlet,      /* NULL: all */
                                        const struct reward__customer *customer); /* NULL: all */

/* reward_money.c: other currencies. */
enum rc reward__rates_load(struct reward__calc *calc);
/* In which the scheme computes: its own, else the contract's. */
const struct currency *reward__currency_of(const struct reward__contract *contract,
                                           const struct scheme *scheme);
/* Fills the rate of from and to; false: there is none. It then stands in the result's inputs. */
bool reward__rate_on(struct reward__calc *calc, struct reward__contract *contract,
                     const struct scheme *scheme, struct reward__exchange *exchange, int64_t day);
int64_t reward__rate_day(const struct reward__calc *calc, const struct scheme *scheme, int64_t at);
struct str reward__rate_words(struct arena *arena, const struct reward__exchange *exchange,
                              int64_t day);
/* The fact in the scheme's currency; NULL with a warning when it cannot be turned. */
const struct reward__fact *reward__fact_in(struct reward__calc *calc,
                                           struct reward__contract *contract,
                                           const struct scheme *scheme,
                                           const struct reward__fact *fact);
void reward__exchange_open(struct reward__calc *calc);
void reward__exchanges_json(struct json_writer *json, const struct reward__contract *contract);

/* reward_phase.c: the outputs of a phase, of one contract that is loaded. Phases 2 and later come
 * when what they see is known; a phase in another round needs its contract loaded again. */
enum rc reward__phase(struct reward__calc *calc, struct reward__contract *contract, int phase);
enum rc reward__phase_push(struct reward__calc *calc, struct reward__contract *contract);
/* What an event gives to those above the contract's partner: outputs with direction push. */
bool reward__has_phase(const struct reward__contract *contract, int phase, bool is_push);
/* One output at one place: its value becomes lines, a measure… */
enum rc reward__evaluate(struct reward__calc *calc, struct reward__contract *contract,
                         const struct reward__site *site);

/* reward_push.c: lines for other contracts. */
enum rc reward__chain(struct reward__calc *calc, const struct reward__contract *contract,
                      const struct reward__segment *segment, const struct reward__fact *fact,
                      struct feel_value *out);
/* The contract of a partner that is bound to the scheme at an instant; NULL: none. */
struct reward__contract *reward__recipient(struct reward__calc *calc, struct str partner_code,
                                           int64_t scheme_id, int64_t at);
/* Puts a line away with the result of another contract. */
enum rc reward__send(struct reward__calc *calc, struct reward__contract *to,
                     struct reward_line line, const struct reward_derivation *derivation);

/* reward_pool.c */
/* The contract that is bound to the scheme, by its code or its partner's; NULL: none. */
struct reward__contract *reward__member(struct reward__calc *calc, struct str code,
                                        int64_t scheme_id);
enum rc reward__pools(struct reward__calc *calc);

/* reward_law.c: the values of a scheme version's attributes when a result was posted. */
enum rc reward__terms_then(struct op *op, struct arena *arena, int64_t result_id,
                           int64_t version_id, struct feel_value *out);

/* reward_combine.c: schemes of the contract of which one counts; after phase 1. */
void reward__combine(struct reward__calc *calc, struct reward__contract *contract);

/* reward_due.c: an output of kind due, and what it says of a line. */
void reward__take_due(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__scheme *scheme, const struct reward__site *site,
                      const struct feel_value *value);
void reward__apply_due(const struct reward__scheme *scheme, const struct scheme_output *output,
                       struct reward_line *line);

/* reward_clawback.c: what reversing events take back of lines, by the law of each. */
bool reward__is_by_law(const struct reward__calc *calc, const struct scheme_output *output,
                       const struct reward__fact *fact);
/* Of a contract that is loaded: its own lines, or those that others gave it. */
enum rc reward__take_back(struct reward__calc *calc, struct reward__contract *contract,
                          bool is_pushed);
/* A line that is ready, into the result of the contract at hand. */
bool reward__put_ready(struct reward__calc *calc, struct reward__contract *contract,
                       struct reward_line line);

/* reward_adjust.c: corrections of a pool or closing. */
void reward__take_adjust(struct reward__calc *calc, struct reward__contract *contract,
                         const struct reward__site *site, const struct feel_value *value);

/* reward_round.c: phases in rounds over all contracts. */
enum rc reward__rounds(struct reward__calc *calc, struct reward__contract **order, size_t len);
/* What is in contract->details becomes the result: inputs, hash, lines put away (reward_calc.c). */
enum rc reward__finish(struct reward__calc *calc, struct reward__contract *contract);
enum rc reward__survey(struct reward__calc *calc, const struct contract_terms_list *list);

/* reward_level.c: differences of coarser rounding go to the last line. */
void reward__round_rules(struct reward__calc *calc, struct reward__contract *contract);
void reward__round_recipient(struct reward__calc *calc, struct reward__contract *contract);

/* reward_running.c */
void reward__tallies_open(struct reward__calc *calc, struct reward__contract *contract,
                          struct reward__scheme *scheme);
/* Adds the event to the accumulators and sets the input `running`. */
enum rc reward__tallies_add(struct reward__calc *calc, struct reward__contract *contract,
                            struct reward__scheme *scheme, struct reward__segment *segment,
                            const struct reward__fact *fact);
/* What the next period goes on from, into the result. */
void reward__tallies_close(struct reward__calc *calc, struct reward__contract *contract,
                           struct reward__scheme *scheme);

/* reward_before.c: the inputs `previous` and `carried`, and the accumulators' openings. */
struct str reward__before_sha(const struct reward__contract *contract); /* absent: not asked */
enum rc reward__before_load(struct reward__calc *calc, struct reward__contract *contract);
struct feel_value reward__previous(struct reward__calc *calc,
                                   const struct reward__contract *contract);
struct feel_value reward__carried(struct reward__calc *calc,
                                  const struct reward__contract *contract,
                                  const struct reward__scheme *scheme);
/* What an accumulator had come to, by item; false: nothing that still counts. */
bool reward__opening(const struct reward__contract *contract, int64_t scheme_id,
                     const struct scheme_output *output, struct str item, int64_t bucket,
                     struct dec *out);
/* An output of kind carry; numbers, texts, lists and contexts come back as they were. */
void reward__take_carry(struct reward__calc *calc, struct reward__contract *contract,
                        const struct reward__site *site, const struct feel_value *value);

/* reward_below.c: who is below a contract's partner, and what later phases see of them. */
enum rc reward__network_of(struct reward__calc *calc, struct str tree, int64_t day,
                           const struct reward__network **out);
bool reward__asks_network(const struct reward__scheme *scheme);
enum rc reward__belows_load(struct reward__calc *calc, struct reward__contract *contract);
struct feel_value reward__downline(struct reward__calc *calc, const struct reward_result *result,
                                   const struct reward__scheme *scheme);
struct feel_value reward__legs(struct reward__calc *calc, const struct reward_result *result,
                               const struct reward__scheme *scheme);
struct feel_value reward__measures_of(struct reward__calc *calc, struct arena *arena,
                                      const struct reward__indexes *indexes);
struct feel_value reward__measures_of_result(struct arena *arena,
                                             const struct reward_result *result);
struct feel_value reward__measure_value(struct arena *arena, struct str text);

/* reward_lines.c: lines of earlier phases as later ones see them. */
void reward__past_add(struct reward__calc *calc, struct reward__contract *contract,
                      const struct reward_line *line);
struct feel_value reward__lines_own(struct reward__calc *calc,
                                    const struct reward__contract *contract, int phase);
struct feel_value reward__lines_below(struct reward__calc *calc,
                                      const struct reward__scheme *scheme);

/* reward_details.c: lines and derivations are put away under the number of the result. */
enum rc reward__details_put(struct reward__calc *calc, struct reward__spill *spill,
                            const struct reward_result *result,
                            const struct reward_details *details);
/* What was put there in parts, as one; derivations once each. */
enum rc reward__details_get(struct op *op, const struct reward__spill *spill, int64_t key,
                            struct arena *arena, struct reward_details *out);

/* reward_line.c: an output's value becomes lines or a measure of the result. */
void reward__take(struct reward__calc *calc, struct reward__contract *contract,
                  const struct reward__site *site, const struct feel_value *value);
void reward__sum_add(struct reward__calc *calc, struct reward_result *result,
                     const struct scheme_output *output, int64_t amount_minor);
/* A line with an exact amount, rounded and added to the result of `to`. */
void reward__put_exact(struct reward__calc *calc, struct reward__contract *contract,
                       const struct reward__site *site, struct reward__contract *to,
                       struct reward_line line);
/* After the outlets or customers of a scheme. */
void reward__measures_close(struct reward__calc *calc, struct reward__contract *contract);
/* A text, or the code of a record; absent: neither. */
struct str reward__code_of(struct arena *arena, const struct feel_value *value);
/* A date, {on: date} or {after: duration}; false: none of them. */
bool reward__due_day(struct reward__calc *calc, const struct feel_value *due, int64_t from_day,
                     struct opt_i64 *out);
void reward__warn(struct reward__calc *calc, struct reward_result *result,
                  const struct feel_warning *warning, const struct reward__fact *fact);
/* A warning of our own: static message and one argument. */
void reward__warn_text(struct reward__calc *calc, struct reward_result *result, struct str decision,
                       const char *message, struct str arg, int64_t event_seq);

struct str reward__about_of(struct reward__calc *calc, const struct reward__site *site); /* JSON */

/* reward_nothing.c: a rule gave null, without a warning; of an event that is told where it ends,
 * unless another rule of the scheme gave a line of it. */
void reward__nothing(struct reward__calc *calc, struct reward__contract *contract,
                     const struct reward__site *site);
void reward__event_begins(struct reward__contract *contract);
void reward__event_ends(struct reward__calc *calc, struct reward__contract *contract,
                        struct reward__segment *segment, const struct reward__fact *fact);
/* After the events of all schemes; what is not unpaid after all stays with 0 times. */
void reward__nothings_close(struct reward__calc *calc, struct reward__contract *contract);

/* reward_derive.c: keeps the steps of the trace; gives the derivation of an output as JSON. */
void reward__derive_keep(struct reward__calc *calc, struct reward__segment *segment);
struct reward_derivation reward__derivation_kept(struct reward__calc *calc,
                                                 const struct reward_derivation *derivation);
/* `is_nothing`: it gave nothing, and the derivation tells what was missing. */
size_t reward__derive(struct reward__calc *calc, struct reward__contract *contract,
                      struct reward__segment *segment, const struct scheme_output *output,
                      bool is_nothing);
/* Of what is taken back; `segment` NULL: no decision was computed. `reversal` is a JSON object. */
size_t reward__derive_reversal(struct reward__calc *calc, struct reward__contract *contract,
                               const struct reward__segment *segment, int64_t version_id,
                               const struct scheme_output *output, struct str reversal);

#endif
