/* feel: the expression language of DMN 1.5 (OMG formal/2024-01-01, chapter 10) on decimal128.
 *
 * Text is compiled once into a tree whose names are already slots of a frame, and the tree is
 * evaluated many times: every evaluation works on the caller's arena and allocates nothing for
 * numbers, booleans, texts of the input or temporal values. Pure: no database, no files, and the
 * only clock is the instant that the caller puts into `struct feel_env`.
 *
 * An error inside an expression is not a failure of the evaluation: it gives null and a warning
 * that says where it happened, what was expected and what was found. What does fail an evaluation
 * is a spent budget (steps, depth, memory): RC_LIMIT with a message that names which.
 *
 * A compiled tree is read-only: threads may evaluate one at the same time. */
#ifndef KONTOR_FEEL_H
#define KONTOR_FEEL_H

#include "base/base.h"

/* ---- values ---- */

enum feel_kind {
    FEEL_NULL = 1,
    FEEL_BOOL,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_DAYS,   /* days and time duration */
    FEEL_MONTHS, /* years and months duration */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION
};

enum feel_zoning { FEEL_LOCAL = 1, FEEL_OFFSET, FEEL_ZONE }; /* of times and dates and times */

struct zone;
struct feel_value;
struct feel_run;
struct feel_function;
struct feel_range;

/* The names of a context's entries, shared by all contexts of that form. Build it with feel_shape.
 * With `get` the entries are computed when they are asked for: `row` is whatever the caller put
 * into the value, so a million events need no million arrays of values. */
struct feel_shape {
    const struct str *names;
    size_t len;
    struct feel_value (*get)(const struct feel_shape *shape, const void *row, size_t i,
                             struct arena *arena);
    const void *owner; /* for `get` */
    const uint32_t *hashes;
    const uint16_t *buckets; /* open addressing: entry + 1, 0 is free */
    uint32_t buckets_mask;
};

/* A list whose items are made when they are asked for. */
struct feel_rows {
    struct feel_value (*get)(const struct feel_rows *rows, const void *at, size_t i,
                             struct arena *arena);
    const void *owner;
};

struct feel_value {
    uint8_t kind;     /* enum feel_kind */
    uint8_t zoning;   /* enum feel_zoning */
    int32_t offset_s; /* east of UTC; known for FEEL_OFFSET and, on dates and times, FEEL_ZONE */
    union {
        const struct zone *zone;      /* of FEEL_ZONE (when/when.h) */
        const struct feel_rows *rows; /* of a lazy list, else NULL */
    };
    union {
        bool is;
        struct dec number;
        struct str text;
        struct {
            int64_t days;  /* since 1970-01-01, proleptic Gregorian; of dates, dates and times */
            int64_t nanos; /* local, since midnight; of times, dates and times */
        };
        __int128 span_nanos; /* of FEEL_DAYS */
        int64_t months;
        struct {
            const struct feel_value *at; /* or what `rows` understands */
            size_t len;
        } list;
        struct {
            const struct feel_shape *shape;
            const void *row; /* array of shape->len values, or what shape->get understands */
        } context;
        const struct feel_range *range;
        const struct feel_function *function;
    };
};

enum feel_range_form { /* (<10) is not [null..10): they differ in equality and in bounds */
                       FEEL_RANGE_BOTH = 1,
                       FEEL_RANGE_BELOW, /* only `high` is a bound */
                       FEEL_RANGE_ABOVE, /* only `low` is a bound */
                       FEEL_RANGE_EQUAL,
                       FEEL_RANGE_NOT_EQUAL
};

struct feel_range {
    struct feel_value low, high;
    bool has_low, has_high; /* the bound itself belongs to the range */
    enum feel_range_form form;
};

struct feel_value feel_null(void);
struct feel_value feel_bool(bool is);
struct feel_value feel_number(struct dec number);
struct feel_value feel_i64(int64_t number);
struct feel_value feel_text(struct str text); /* borrowed; absent gives null */
struct feel_value feel_list(const struct feel_value *at, size_t len); /* borrowed */
struct feel_value feel_lazy_list(const struct feel_rows *rows, const void *at, size_t len);
struct feel_value feel_context(const struct feel_shape *shape, const void *row); /* borrowed */
struct feel_value feel_date(int64_t days);
/* False when the day does not exist; the year must be within ±999,999,999. */
MUST_USE bool feel_date_ymd(int64_t year, int month, int day, struct feel_value *out);
void feel_date_parts(int64_t days, int64_t *out_year, int *out_month, int *out_day);
/* An instant as seen at `offset_s`; with `zone` (may be NULL) it carries that. */
struct feel_value feel_instant(int64_t micros_utc, int32_t offset_s, const struct zone *zone);

/* Names are copied into the arena. At most 65,535; a repeated name keeps its first place. */
struct feel_shape *feel_shape(struct arena *arena, const struct str *names, size_t len);

/* Any value as a list item and as an entry, lazy or not. */
struct feel_value feel_item(const struct feel_value *list, size_t i, struct arena *arena);
bool feel_entry(const struct feel_value *context, struct str name, struct arena *arena,
                struct feel_value *out);
struct feel_value feel_entry_at(const struct feel_value *context, size_t i, struct arena *arena);

const char *feel_kind_name(enum feel_kind kind); /* "number", "years and months duration" … */
struct str feel_kind_word(enum feel_kind kind);  /* the same for a message: with KEY_MARK */
/* As `string()` gives it; texts inside lists and contexts are quoted. What is longer than the limit
 * of texts ends with "…". */
struct str feel_print(struct arena *arena, const struct feel_value *value);
/* Equality of results, not of the language: null equals null, kinds that differ are unequal. */
bool feel_same(const struct feel_value *a, const struct feel_value *b, struct arena *arena);
/* A text as the temporal value it spells (date, time, date and time, duration); null otherwise. */
struct feel_value feel_parse_temporal(struct arena *arena, struct str text);

/* ---- types ---- */

struct feel_type;
struct feel_node;
struct feel_compiler;

struct feel_field {
    struct str name;
    const struct feel_type *type;
};

struct feel_type {
    enum feel_type_form {
        FEEL_TYPE_ANY = 1,
        FEEL_TYPE_KIND, /* of one enum feel_kind */
        FEEL_TYPE_LIST,
        FEEL_TYPE_CONTEXT,
        FEEL_TYPE_RANGE,
        FEEL_TYPE_FUNCTION
    } form;
    enum feel_kind kind;          /* of FEEL_TYPE_KIND */
    struct str name;              /* of a declared type, else absent */
    const struct feel_type *item; /* of lists and ranges; result of functions; NULL: Any */
    struct feel_field *fields;    /* entries of contexts, parameters of functions */
    size_t fields_len;
    const struct feel_type *base; /* one that constrains the value too; NULL: none */
    /* Constraint on the value (on each item of a list when it is the item type's). */
    const struct feel_node *allowed;
    const struct feel_expr *allowed_expr; /* `allowed` ready to run; its only slot is the value */
};

/* A type by its text: "number", "list<string>", "context<a: number>", or a declared name; NULL
 * when unknown. */
const struct feel_type *feel_type_find(struct feel_compiler *compiler, struct str text);
void feel_type_declare(struct feel_compiler *compiler, struct str name,
                       const struct feel_type *type);
/* The known type whose name was probably meant; absent when none is near. */
struct str feel_type_near(struct feel_compiler *compiler, struct str text);

/* ---- compiling ---- */

enum feel_library {
    FEEL_STANDARD = 1, /* the functions of DMN 1.5 */
    FEEL_KONTOR        /* and those of schemes: total, present, tier whole… */
};

struct feel_issue { /* something that compiles but cannot be right: an unknown name or type */
    long line, column;
    const char *message; /* static text with {0} {1}, a message key */
    struct str arg;
    struct str hint; /* {1}: the name that was probably meant; absent when the message has none */
};

/* Texts, names and nodes live on the arena; issues are gathered until taken. */
struct feel_compiler *feel_compiler_new(struct arena *arena, enum feel_library library);
/* Declares a name in the current scope and gives its slot. Names may hold spaces and symbols. */
size_t feel_declare(struct feel_compiler *compiler, struct str name, const struct feel_type *type);
/* The same name for a slot that exists already (a decision seen by those who require it). */
void feel_declare_at(struct feel_compiler *compiler, struct str name, size_t slot,
                     const struct feel_type *type);
/* A scope: names declared after the mark go at rewind; slots are used again. */
struct feel_scope {
    size_t names_len, slot;
};
struct feel_scope feel_scope_open(struct feel_compiler *compiler);
void feel_scope_close(struct feel_compiler *compiler, struct feel_scope scope);
/* Makes the parser know a name with spaces or symbols that may follow a dot. */
void feel_know_name(struct feel_compiler *compiler, struct str name);
/* How many slots a frame of this compiler needs, over everything compiled so far. */
size_t feel_slots_len(const struct feel_compiler *compiler);
const struct feel_issue *feel_issues(const struct feel_compiler *compiler, size_t *out_len);
void feel_issues_clear(struct feel_compiler *compiler);

/* RC_INVALID with line, column and what was expected in `fault` (its `field` is left to the
 * caller); RC_TOO_LARGE over 256 KiB of text. */
enum rc feel_parse(struct feel_compiler *compiler, struct str text, struct fault *fault,
                   const struct feel_node **out);
/* Unary tests ("< 5, [7..9]", "-", "not(…)") over the value in `input_slot`. */
enum rc feel_parse_tests(struct feel_compiler *compiler, struct str text, size_t input_slot,
                         struct fault *fault, const struct feel_node **out);

/* The tree as text: reading it gives the same tree. Nodes of the host have none. */
struct str feel_source(struct arena *arena, const struct feel_node *node);
struct str feel_tests_source(struct arena *arena, const struct feel_node *tests);

/* Where a text mentions names. */
struct feel_mention {
    size_t from, to;  /* bytes of the text */
    struct str name;  /* with single spaces */
    struct str owner; /* of a name behind a dot: the name before the dot; absent: a name in scope */
};
struct feel_mentions { /* in the order of the text */
    struct feel_mention *at;
    size_t len, cap;
};
/* Of a formula, or of unary tests: those of `names` that are not hidden by names of its own, and
 * whatever stands behind dots, where `parts` are known. A text with a mistake is read as far as
 * it goes, and word by word from there on; one over 256 KiB mentions nothing. */
void feel_mentions(struct arena *arena, struct str text, bool is_tests,
                   const struct str_list *names, const struct str_list *parts,
                   struct feel_mentions *out);

/* The reference of built-in functions in Markdown, as in docs/feel.md. */
struct str feel_reference(struct arena *arena);
struct feel_reference {
    const char *name; /* a heading begins with '#' and has nothing else */
    const char *example, *result;
};
bool feel_reference_at(size_t i, struct feel_reference *out); /* false at the end */

/* Nodes without text, for DMN's boxed expressions. Children may not be NULL. */
const struct feel_node *feel_build_const(struct feel_compiler *compiler, struct feel_value value);
const struct feel_node *feel_build_slot(struct feel_compiler *compiler, size_t slot);
const struct feel_node *feel_build_list(struct feel_compiler *compiler,
                                        const struct feel_node *const *kids, size_t len);
/* Entry i is also stored in slots[i] so that later entries see it. With `result` that is the
 * value of the whole, else the context of the entries. */
const struct feel_node *feel_build_context(struct feel_compiler *compiler, const struct str *names,
                                           const size_t *slots, const struct feel_node *const *kids,
                                           size_t len, const struct feel_node *result);
const struct feel_node *feel_build_if(struct feel_compiler *compiler, const struct feel_node *test,
                                      const struct feel_node *yes, const struct feel_node *no);
enum feel_loop { FEEL_LOOP_FOR = 1, FEEL_LOOP_SOME, FEEL_LOOP_EVERY };
/* `body` was parsed with `slot` declared (and `partial` in slot + 1 for FEEL_LOOP_FOR). */
const struct feel_node *feel_build_loop(struct feel_compiler *compiler, enum feel_loop loop,
                                        size_t slot, const struct feel_node *in,
                                        const struct feel_node *body);
/* Between open and close names of the item and "item" itself are known to the parser. */
size_t feel_filter_open(struct feel_compiler *compiler, struct feel_scope *out_scope);
const struct feel_node *feel_build_filter(struct feel_compiler *compiler, size_t item_slot,
                                          const struct feel_node *in, const struct feel_node *match,
                                          struct feel_scope scope);
/* Calls `callee` with named arguments. */
const struct feel_node *feel_build_call(struct feel_compiler *compiler,
                                        const struct feel_node *callee, const struct str *names,
                                        const struct feel_node *const *args, size_t len);
/* A function: open, parse the body, close. */
void feel_function_open(struct feel_compiler *compiler, const struct feel_field *params,
                        size_t len);
const struct feel_node *feel_function_close(struct feel_compiler *compiler,
                                            const struct feel_node *body,
                                            const struct feel_type *result);
/* Null with a warning unless the value conforms; singleton lists are unwrapped or wrapped. */
const struct feel_node *feel_build_coerce(struct feel_compiler *compiler,
                                          const struct feel_node *kid,
                                          const struct feel_type *type);
/* A node of another module: `run` is called with `data`. */
struct feel_host {
    struct feel_value (*run)(struct feel_run *run, const void *data);
    const void *data;
};
/* Null with the warning "This formula could not be read.": what stands for a text in error. */
const struct feel_node *feel_build_bad(struct feel_compiler *compiler, struct str text);
const struct feel_node *feel_build_host(struct feel_compiler *compiler, struct feel_host host);

/* What a unary test accepts, when that follows from constants alone: the union of the ranges. False
 * when it does not (it names something, negates, calls). The node comes from feel_parse_tests. */
struct feel_accepted {
    const struct feel_range *at;
    size_t len;
};
bool feel_accepts(struct arena *arena, const struct feel_node *test, struct feel_accepted *out);
/* The same of a test not(…): what it refuses; everything else, null too, is accepted. */
bool feel_excludes(struct arena *arena, const struct feel_node *test, struct feel_accepted *out);
/* The value of a formula that is made of constants alone, as it is before it is coerced. */
bool feel_constant(struct arena *arena, const struct feel_node *node, struct feel_value *out);

/* ---- types that follow ---- */

struct feel_finding { /* what cannot be right under the types that are known */
    long line, column;
    const char *message; /* static text with {0} {1} {2}, a message key */
    struct str args[3];  /* some are keys themselves: see KEY_MARK */
};

/* What is known of slots, in frames as the compiler has them. */
struct feel_inference;
struct feel_inference *feel_inference_new(struct arena *arena);
/* The type of a slot of the innermost frame from now on; NULL: not known. */
void feel_inference_slot(struct feel_inference *inference, size_t slot,
                         const struct feel_type *type);
/* Beside feel_function_open and feel_function_close. */
void feel_inference_open(struct feel_inference *inference, const struct feel_field *params,
                         size_t len);
void feel_inference_close(struct feel_inference *inference);
/* The type of a node, NULL when it does not follow. It is walked once: what it was known as then is
 * known when it is met inside another node. */
const struct feel_type *feel_infer(struct feel_inference *inference, const struct feel_node *node);
void feel_inference_know(struct feel_inference *inference, const struct feel_node *node,
                         const struct feel_type *type);
/* Unary tests over the value in `slot`, which is of `type`. */
void feel_infer_tests(struct feel_inference *inference, const struct feel_node *test, size_t slot,
                      const struct feel_type *type);
const struct feel_finding *feel_inference_findings(const struct feel_inference *inference,
                                                   size_t *out_len);
void feel_inference_clear(struct feel_inference *inference); /* the findings */
/* Was the slot of the outermost frame named since the last forget? */
bool feel_inference_used(const struct feel_inference *inference, size_t slot);
void feel_inference_forget(struct feel_inference *inference);

/* ---- evaluating ---- */

/* What an evaluation may spend unless its environment says otherwise. */
struct feel_limits {
    int64_t steps_max;
    int depth_max; /* at most 2,000: the stack of a thread */
    size_t bytes_max;
    size_t text_bytes_max; /* of one text that a function makes, and of a printed result */
};
#define FEEL_LIMITS_USUAL                                                                          \
    {                                                                                              \
        .steps_max = 50000000, .depth_max = 2000, .bytes_max = 32 << 20, .text_bytes_max = 4 << 20 \
    }
const struct feel_limits *feel_limits(void);
/* For the whole process, before other threads begin. */
void feel_limits_set(struct feel_limits limits);

enum { FEEL_WARNINGS_MAX = 64 };

struct feel_warning {
    struct str where; /* the element being evaluated (a decision's name); absent for plain FEEL */
    long line, column;
    const char *message; /* static text with {0} {1} {2}, a message key */
    struct str args[3];  /* some are keys themselves: see KEY_MARK */
};

struct feel_warnings {
    struct feel_warning at[FEEL_WARNINGS_MAX];
    size_t len;   /* kept */
    size_t total; /* happened */
};

/* Which way each "if" went, by its place in its formula: each way once a formula. */
struct feel_choice {
    size_t formula;        /* as feel_run_formula_begin numbered it */
    uint32_t line, column; /* of the word */
    bool is_true;          /* the condition */
    const struct feel_node *node;
};
struct feel_choices {
    struct feel_choice *at;
    size_t len, cap, formulas_len;
    struct feel_formula { /* being evaluated */
        size_t number, from;
        const struct feel_frame *frame; /* its own: what it calls has another */
    } formula;
};

/* Rates of currencies, of the host. False: there is none for that day. */
struct feel_exchange {
    bool (*rate)(const void *self, struct str from, struct str to, int64_t day, struct dec *out);
    const void *self;
};

struct feel_env {
    const struct feel_value *slots; /* of declared names, by slot */
    size_t slots_len;
    struct opt_i64 now; /* microseconds UTC; without it now() and today() are null */
    int32_t now_offset_s;
    const struct zone *now_zone;          /* NULL: only the offset is known */
    const struct feel_exchange *exchange; /* for `convert`; NULL: there are no rates */
    int64_t steps_max;                    /* 0: as feel_limits says, here and below */
    int depth_max;                        /* of evaluations inside evaluations */
    size_t bytes_max;                     /* never more than the arena has left */
};

struct feel_expr {
    const struct feel_node *node;
    size_t slots_len;
};

/* One expression with plain names: name i is in slot i of the environment. */
enum rc feel_compile(struct arena *arena, struct str text, const struct feel_field *names,
                     size_t names_len, enum feel_library library, struct fault *fault,
                     struct feel_expr *out);
/* Unary tests; name 0 is the input value ("?"). */
enum rc feel_compile_tests(struct arena *arena, struct str text, const struct feel_field *names,
                           size_t names_len, enum feel_library library, struct fault *fault,
                           struct feel_expr *out);
/* RC_LIMIT when a budget was spent; else *out, perhaps null with warnings. `warnings` and `fault`
 * may be NULL. The result lives on the arena and borrows from the environment. */
enum rc feel_eval(const struct feel_expr *expr, const struct feel_env *env, struct arena *arena,
                  struct feel_warnings *warnings, struct fault *fault, struct feel_value *out);

/* For host nodes and for those who evaluate many nodes over one frame. */
struct feel_run *feel_run_new(const struct feel_env *env, size_t slots_len, struct arena *arena,
                              struct feel_warnings *warnings);
struct feel_value feel_run_node(struct feel_run *run, const struct feel_node *node);
struct feel_value *feel_run_slot(struct feel_run *run, size_t slot); /* of the current frame */
/* Runs the host with a new outermost frame whose slots are copied from `slots`. */
struct feel_value feel_run_framed(struct feel_run *run, const struct feel_value *slots, size_t len,
                                  struct feel_host host);
struct arena *feel_run_arena(struct feel_run *run);
/* From now on memory is taken from `arena`, with the whole memory budget anew. Returns the former.
 */
struct arena *feel_run_arena_set(struct feel_run *run, struct arena *arena);
/* All budgets anew, for the next evaluation over the same frame. */
void feel_run_restart(struct feel_run *run, const struct feel_env *env);
void *feel_run_user(const struct feel_run *run);
void feel_run_user_set(struct feel_run *run, void *user);
void feel_run_warnings_set(struct feel_run *run, struct feel_warnings *warnings);
/* From now on the ways that "if" goes are noted, between a formula's begin and its end; NULL: no
 * more. Functions that a formula calls are not gone into. */
void feel_run_choices_set(struct feel_run *run, struct feel_choices *choices);
/* Returns the formula that was being evaluated, for the end. */
struct feel_formula feel_run_formula_begin(struct feel_run *run);
void feel_run_formula_end(struct feel_run *run, struct feel_formula former);
/* The condition of an "if" as text, with values in the place of names: "0.8 >= 1"; of one that did
 * not hold only the parts that did not. While the formula's frame is there and its names have their
 * values. */
struct str feel_run_seen(struct feel_run *run, const struct feel_choice *choice);
/* Returns the former text, to be set back. */
struct str feel_run_where_set(struct feel_run *run, struct str where);
/* Null, with a warning of the host's: it has no place in a formula. */
struct feel_value feel_run_warn(struct feel_run *run, const char *message, struct str a,
                                struct str b);
enum rc feel_run_outcome(const struct feel_run *run, struct fault *fault); /* RC_OK or RC_LIMIT */
struct feel_value feel_run_call(struct feel_run *run, const struct feel_value *function,
                                const struct feel_value *args, size_t args_len);
/* The language's own equality: 1 equal, 0 not, -1 null (kinds do not compare). */
int feel_equal(struct feel_run *run, const struct feel_value *a, const struct feel_value *b);
/* <0, 0, >0; false when the kinds do not compare. */
MUST_USE bool feel_order(const struct feel_value *a, const struct feel_value *b, int *out);
/* As feel_build_coerce at run time; false (and *value untouched) when it does not conform. */
MUST_USE bool feel_coerce(struct feel_run *run, struct feel_value *value,
                          const struct feel_type *type);
/* A function implemented by the host (a decision service): parameters are checked and coerced. */
struct feel_value
feel_host_function(struct arena *arena, struct str name, const struct feel_field *params,
                   size_t params_len, const struct feel_type *result,
                   struct feel_value (*fn)(struct feel_run *run, const void *data,
                                           const struct feel_value *args, size_t args_len),
                   const void *data);
/* A function node as a value that needs no frame but `slots` (not copied). */
struct feel_value feel_function_value(struct arena *arena, const struct feel_node *function_node,
                                      struct feel_value *slots);

#endif
