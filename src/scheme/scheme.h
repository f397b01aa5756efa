/* scheme: how rewards are computed. A scheme has a code and versions; a version is a DMN file known
 * by its hash, and published text never changes. This module reads what a file says about itself
 * (outputs, attributes, rounding: elements of urn:kontor:dmn:1), checks it, stores it, finds the
 * version in force, and shows it. Evaluating it over facts is reward's.
 *
 * A file that can be published has at least one output; every input that it asks for is one that
 * its scopes offer; every attribute has a default that fits its type and bounds. */
#ifndef KONTOR_SCHEME_H
#define KONTOR_SCHEME_H

#include "cli/cli.h"
#include "dmn/dmn.h"
#include "http/http.h"
#include "money/money.h"
#include "op/op.h"
#include "setting/setting.h"

/* What an output gives (kontor:output kind), with the word of the file. */
#define SCHEME_KINDS(X)                                                                            \
    X(SCHEME_MEASURE, 1, "measure", M("Measure"))                                                  \
    X(SCHEME_LINE, 2, "line", M("Reward line"))                                                    \
    X(SCHEME_ACCUMULATOR, 3, "accumulator", M("Running total"))                                    \
    X(SCHEME_CARRY, 4, "carry", M("Handed to the next period"))                                    \
    X(SCHEME_CHARGE, 5, "charge", M("Charge to the partner"))                                      \
    X(SCHEME_CLAWBACK, 6, "clawback", M("Share taken back"))                                       \
    X(SCHEME_REFERRED, 7, "referred", M("For the referred customer"))                              \
    X(SCHEME_ELIGIBLE, 8, "eligible", M("Condition of a reward"))                                  \
    X(SCHEME_DUE, 9, "due", M("When it is due"))                                                   \
    X(SCHEME_ADJUST, 10, "adjust", M("Correction of lines"))

enum scheme_kind {
#define X(kind, number, word, label) kind = (number),
    SCHEME_KINDS(X)
#undef X
};

/* Over what it is evaluated (kontor:output scope), its phase, and what a person calls it. */
#define SCHEME_SCOPES(X)                                                                           \
    X(SCHEME_EVENT, 1, 1, "event", M("each event"))                                                \
    X(SCHEME_CONTRACT, 2, 1, "contract", M("contract and period"))                                 \
    X(SCHEME_UPWARD, 3, 3, "upward", M("contract, from its network"))                              \
    X(SCHEME_OUTLET, 4, 1, "outlet", M("each point of sale"))                                      \
    X(SCHEME_CUSTOMER, 5, 1, "customer", M("each customer"))                                       \
    X(SCHEME_RANK, 6, 2, "rank", M("contract, its rank"))                                          \
    X(SCHEME_MATCHING, 7, 4, "matching", M("contract, from what its network earned"))              \
    X(SCHEME_POOL, 8, 5, "pool", M("all contracts together"))                                      \
    X(SCHEME_CLOSING, 9, 6, "closing", M("contract, after all else"))

enum scheme_scope {
#define X(scope, number, phase, word, label) scope = (number),
    SCHEME_SCOPES(X)
#undef X
};

enum { SCHEME_PHASE_LAST = 6 };

const char *scheme_kind_name(enum scheme_kind kind);  /* the word of the file */
const char *scheme_kind_label(enum scheme_kind kind); /* message key */
const char *scheme_scope_name(enum scheme_scope scope);
const char *scheme_scope_label(enum scheme_scope scope);
int scheme_scope_phase(enum scheme_scope scope);

enum scheme_rate_moment { /* of which day rates of currencies are */
                          SCHEME_RATE_EVENT = 1,
                          SCHEME_RATE_PERIOD_END
};

enum scheme_level {                      /* what is rounded as a whole */
                    SCHEME_PER_LINE = 1, /* also "each step": the formulas round themselves */
                    SCHEME_PER_RULE,     /* all lines of a key in the period */
                    SCHEME_PER_RECIPIENT /* all lines of the contract in the period */
};

enum scheme_reset { /* when an accumulator begins again */
                    SCHEME_RESET_PERIOD = 1,
                    SCHEME_RESET_MONTH,
                    SCHEME_RESET_QUARTER,
                    SCHEME_RESET_YEAR,
                    SCHEME_RESET_CONTRACT, /* with another contract */
                    SCHEME_RESET_NEVER     /* goes on over all contracts of the partner */
};

enum scheme_prorate { /* what a sum of the period is for who was there for a part of it */
                      SCHEME_PRORATE_NONE = 1,
                      SCHEME_PRORATE_DAYS,
                      SCHEME_PRORATE_MONTHS /* whole ones */
};

enum scheme_item { /* what an accumulator counts apart */
                   SCHEME_OF_CONTRACT = 1,
                   SCHEME_OF_CUSTOMER,
                   SCHEME_OF_OUTLET,
                   SCHEME_OF_PRODUCT,
                   SCHEME_OF_CATEGORY
};

/* What is taken back of a line when its event is (kontor:output law), and how it is explained. */
#define SCHEME_LAWS(X)                                                                             \
    X(SCHEME_LAW_FORMULA, 1, "formula", M("by the formula itself"))                                \
    X(SCHEME_LAW_MIRROR, 2, "mirror", M("the same part as of the sale"))                           \
    X(SCHEME_LAW_WINDOW, 3, "full within window", M("all within a window, then nothing"))          \
    X(SCHEME_LAW_STRAIGHT, 4, "straight line", M("the part that was not served"))                  \
    X(SCHEME_LAW_UNEARNED, 5, "unearned advance", M("the part of the advance not earned yet"))     \
    X(SCHEME_LAW_SCHEDULE, 6, "schedule", M("by a table of months"))                               \
    X(SCHEME_LAW_NONE, 7, "none", M("nothing, it is kept"))

enum scheme_law {
#define X(law, number, word, label) law = (number),
    SCHEME_LAWS(X)
#undef X
        SCHEME_LAW_DECISION /* an output of kind clawback says it */
};

enum scheme_partial { /* what a partial refund takes of a fixed sum */
                      SCHEME_PARTIAL_PROPORTIONAL = 1,
                      SCHEME_PARTIAL_FULL,
                      SCHEME_PARTIAL_NONE
};

struct scheme_output {
    struct str decision; /* name in the model */
    struct str key;      /* of lines: identifies the rule; of measures: the name */
    struct str label;    /* as people read it; the key when the file gives none */
    struct str unit;     /* "money", "percent", "pieces"; empty: a plain number */
    struct str of;       /* of eligible and due: the key of the lines they are about; empty: all */
    enum scheme_kind kind;
    enum scheme_scope scope;
    int phase; /* of the scope */
    enum dec_round rounding;
    int scale; /* digits after the point; -1: the minor units of the currency */
    enum scheme_level level;
    bool is_shown; /* to the partner */
    bool is_push;  /* lines for others, from `chain` */
    enum scheme_prorate prorate;
    /* of accumulators */
    enum scheme_reset reset;
    enum scheme_item item;
    const struct feel_expr *where; /* over event and terms; NULL: every event */
    /* of lines of events: what is taken back of them */
    enum scheme_law law;
    enum scheme_partial partial;
    bool has_own_law;                        /* not that of the scheme */
    struct str clawback;                     /* the decision that says it; empty: none does */
    const struct feel_expr *term, *schedule; /* over event and terms; NULL: the law needs none */
    /* of carries */
    const struct feel_value *initial;     /* NULL: null until something was handed over */
    int64_t expires_months, expires_days; /* both 0: never */
};

struct scheme_attribute {
    struct str name; /* FEEL name inside `terms` */
    struct str label;
    struct str unit;     /* "percent", "money" or empty */
    struct str type;     /* "number", "string", "boolean", "date" */
    struct str fallback; /* the default, canonical text */
    struct str min, max; /* of numbers; empty: none */
    bool may_differ_per_outlet;
};

struct scheme {
    const struct dmn_model *model;
    struct str name, description;    /* of the file */
    const struct currency *currency; /* NULL: the contract's */
    enum scheme_rate_moment rate_moment;
    struct str rate_source;        /* "default" unless the file names another one */
    struct str tree;               /* of relations that the upward scope follows: "owner" */
    struct scheme_output *outputs; /* in order of evaluation: phase, then contract before event */
    size_t outputs_len;
    int last_phase;      /* of its outputs */
    bool reads_original; /* its text has the word: it may ask what refunds take back */
    bool reads_attributes,
        reads_bindings; /* likewise: fields of staff's own; whose customers are */
    struct scheme_attribute *attributes;
    size_t attributes_len;
    const struct dmn_issue *warnings; /* of dmn_check: what may be published all the same */
    size_t warnings_len;
};

const char *scheme_law_name(enum scheme_law law);  /* the word of the file */
const char *scheme_law_label(enum scheme_law law); /* message key */
enum scheme_law scheme_law_find(struct str name);  /* 0: none of them */

/* Reads and checks a file. RC_INVALID with one entry a problem (decision as field, line, column).
 * Everything lives in the arena. */
enum rc scheme_read(struct arena *arena, struct str dmn_xml, struct fault *fault,
                    const struct scheme **out);
/* A value of an attribute as it is stored: checked against type and bounds ("0,05" is not a number;
 * "0.050" becomes "0.05"). NULL when fine, else a message key. */
const char *scheme_value_check(struct arena *arena, const struct scheme_attribute *attribute,
                               struct str text, struct str *out_canonical);

/* The same for people, in the language of op: a percent is typed and shown as "4" and "4%". */
const char *scheme_value_typed(struct op *op, const struct scheme_attribute *attribute,
                               struct str text, struct str *out_canonical);
struct str scheme_value_input(struct op *op, const struct scheme_attribute *attribute,
                              struct str text); /* what stands in the field */
struct str scheme_value_words(struct op *op, const struct scheme_attribute *attribute,
                              struct str text);
/* "from 0% to 100%"; absent without bounds. */
struct str scheme_bounds_words(struct op *op, const struct scheme_attribute *attribute);

/* ---- what differs between two versions, in words ---- */

enum scheme_change_kind { SCHEME_CHANGED = 1, SCHEME_ADDED, SCHEME_REMOVED, SCHEME_MOVED };
struct scheme_change {
    enum scheme_change_kind kind;
    struct str where;     /* "Rate of Seafood", "tier factor: ≥ 5,000" */
    struct str was, is;   /* absent: not there */
    struct str attribute; /* of a default: the attribute's name; else absent */
    bool is_formula;      /* was and is are as they are written */
    /* was = before gone after, is = before come after */
    struct str before, gone, come, after;
};
struct scheme_changes {
    struct scheme_change *at;
    size_t len, cap;
};
void scheme_compare(struct op *op, const struct scheme *old, const struct scheme *new,
                    struct scheme_changes *out);

/* ---- stored schemes ---- */

struct scheme_info {
    int64_t id, revision;
    struct str code, name, description;
    struct opt_i64 archived_at;
};

struct scheme_version {
    int64_t id, scheme_id, number, revision;
    struct str state; /* draft, in_approval, published, retired */
    struct str sha256;
    struct str note;
    struct opt_i64 valid_from; /* instant; of published ones */
    int64_t created_at;
    struct opt_i64 published_at;
};
struct scheme_versions {
    struct scheme_version *at;
    size_t len, cap;
};

enum { SCHEME_FILE_MAX = 4 << 20 }; /* bytes of a file */

enum rc scheme_get(struct op *op, int64_t id, struct scheme_info *out);
enum rc scheme_by_code(struct op *op, struct str code, struct scheme_info *out);
/* id 0: a new one. Permission scheme.edit. */
enum rc scheme_save(struct op *op, const struct scheme_info *in, int64_t *out_id);
/* An archived scheme cannot be bound any more; contracts that have it keep it. */
enum rc scheme_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
/* For forms: id, code and name of those that are not archived, in order of name. */
struct scheme_choices {
    struct scheme_info *at;
    size_t len, cap;
};
enum rc scheme_choices(struct op *op, struct scheme_choices *out);

/* A file becomes a draft version; the same text as the newest version gives that one (same hash).
 * RC_INVALID as scheme_read; RC_TOO_LARGE over SCHEME_FILE_MAX. */
enum rc scheme_version_add(struct op *op, int64_t scheme_id, struct str dmn_xml, struct str note,
                           int64_t *out_version_id);
enum rc scheme_version_get(struct op *op, int64_t version_id, struct scheme_version *out);
enum rc scheme_version_by_number(struct op *op, int64_t scheme_id, int64_t number,
                                 struct scheme_version *out);
enum rc scheme_version_file(struct op *op, int64_t version_id, struct str *out_xml);
enum rc scheme_versions(struct op *op, int64_t scheme_id,
                        struct scheme_versions *out); /* newest first */
/* Asks for approval (approval kind "scheme"); when the kind needs none it is published at once. In
 * force from `valid_from` (an instant). RC_CONFLICT: not a draft, or a version is in force from
 * that instant already. */
enum rc scheme_version_submit(struct op *op, int64_t version_id, int64_t revision,
                              int64_t valid_from);
/* Away with a draft, or with a published version that has not begun; any other is RC_CONFLICT. */
enum rc scheme_version_retire(struct op *op, int64_t version_id, int64_t revision);
/* Reward stands above and knows what is posted; it says here from which instant versions of a
 * scheme may still begin, so that nobody changes what posted rewards were computed by. Without it
 * any instant will do. */
void scheme_version_guard_set(enum rc (*guard)(struct op *op, int64_t scheme_id,
                                               int64_t *out_free_from));
/* Published versions that are in force in [from, to), in order of time; for the segments of a
 * period. */
enum rc scheme_versions_in_force(struct op *op, int64_t scheme_id, int64_t from, int64_t to,
                                 struct scheme_versions *out);
/* Whose attributes people give values for from an instant on: the version in force then, else the
 * first that begins later, else the newest draft. RC_MISSING: the scheme has no version. */
enum rc scheme_version_for(struct op *op, int64_t scheme_id, int64_t at,
                           struct scheme_version *out);
/* The compiled model of a version; kept by the process, read-only, for any thread, for ever. */
enum rc scheme_version_load(struct op *op, int64_t version_id, const struct scheme **out);

/* Contracts live in a module above; it says here who uses a scheme. Without it nobody does. */
struct scheme_usage {
    /* How many contracts bind it, in any version. */
    enum rc (*count)(struct op *op, int64_t scheme_id, int64_t *out);
    /* Those that the actor sees, at most 20, as a card; `total` is what count gave. */
    enum rc (*card)(struct req *r, int64_t scheme_id, int64_t total, struct safe_html *out);
};
void scheme_usage_set(const struct scheme_usage *usage);

extern const struct route scheme_routes[];
extern const struct permission scheme_permissions[]; /* scheme.read, scheme.edit, scheme.approve */
extern const size_t scheme_permissions_len;
extern const struct command scheme_commands[];
void scheme_start(void); /* the approval kind, names for the audit */

struct scheme_outline; /* whichever of these is read first */
struct scheme_edit_words;
#include "scheme/scheme_edit.h"
#include "scheme/scheme_sheet.h"
#include "scheme/scheme_template.h"

#endif
