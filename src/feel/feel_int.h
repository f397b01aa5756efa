/* Shared inside the module: the tree, the compiler's scopes, the running evaluation. */
#ifndef KONTOR_FEEL_INT_H
#define KONTOR_FEEL_INT_H

#include "feel/feel.h"

enum {
    FEEL_TEXT_MAX_BYTES = 256 * 1024,
    FEEL_PARSE_DEPTH_MAX = 200, /* nesting of parentheses and the like */
    FEEL_TREE_DEPTH_MAX = 1900, /* below the depth budget of evaluations */
    FEEL_PARSE_BYTES_MAX = 32 << 20,
    FEEL_SPARE_BYTES = 1 << 20, /* left in every arena for what is not counted: warnings' texts… */
    FEEL_VALUE_DEPTH_MAX = 1000, /* lists in lists that are walked */
    FEEL_ARGS_FAST = 8,
    FEEL_YEAR_MAX = 999999999
};

#define NANOS_S   1000000000LL
#define NANOS_DAY (86400LL * NANOS_S)

/* ---- tree ---- */

enum node_op {
    N_CONST = 1,  /* value */
    N_SLOT,       /* hops, slot */
    N_ENTRY,      /* name of the item of a filter around, else kids[0]; data: struct entry_sites */
    N_UNKNOWN,    /* name; data: struct str of a name that is near, or NULL */
    N_PATH,       /* kids[0], name */
    N_LIST,       /* kids */
    N_CONTEXT,    /* data: struct context_plan; kids */
    N_RANGE,      /* kids[0..1], data: struct range_plan */
    N_NEGATE,     /* kids[0] */
    N_ARITHMETIC, /* code: enum arithmetic */
    N_COMPARE,    /* code: enum comparison */
    N_AND,
    N_OR,
    N_BETWEEN,
    N_IN,       /* kids[0] value; slot; kids[1..] tests over the slot */
    N_INSTANCE, /* kids[0], type */
    N_IF,
    N_LOOP,     /* code: enum feel_loop; kids: domains then body; data: struct loop_plan */
    N_FILTER,   /* kids[0] list, kids[1] match; slot of the item */
    N_CALL,     /* kids[0] callee, kids[1..] arguments; data: struct call_plan or NULL */
    N_BUILTIN,  /* kids arguments by parameter (NULL: left out); data: const struct builtin_info */
    N_FUNCTION, /* data: struct function_plan; kids[0] body */
    N_TEST,     /* kids[0]; slot of the input; code: uses the input itself */
    N_NOT,      /* kids: tests */
    N_COERCE,   /* kids[0], type */
    N_BAD,      /* code: enum bad_form, name: the text; gives null with a warning */
    N_HOST      /* fn, data */
};

enum bad_form { BAD_ARGUMENTS = 1, BAD_TEMPORAL, BAD_TEXT, BAD_ENTRY };
enum arithmetic { OP_ADD = 1, OP_SUB, OP_MUL, OP_DIV, OP_POW };
enum comparison { OP_EQ = 1, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

struct feel_node {
    uint8_t op;
    uint8_t code;
    uint16_t hops; /* frames outwards */
    uint32_t slot;
    uint32_t line, column;
    uint32_t hash; /* of name */
    uint32_t kids_len;
    struct str name;
    struct str source; /* of N_BAD: the text that is wrong */
    const struct feel_node **kids;
    const struct feel_type *type; /* N_INSTANCE, N_COERCE; elsewhere what is known, or NULL */
    union {
        const void *data;
        const struct feel_value *value;
    };
    struct feel_value (*fn)(struct feel_run *run, const void *data);
};

struct entry_site { /* the item of one filter around a name, innermost first */
    uint32_t hops, slot;
};
struct entry_sites {
    struct entry_site *at;
    size_t len;
};

struct context_plan {
    const struct feel_shape *shape;
    const uint32_t *slots;
    const struct feel_node *result; /* NULL: the context itself */
};

struct range_plan {
    bool has_low, has_high;
    enum feel_range_form form;
};

struct loop_plan {
    uint32_t *slots;         /* one a domain */
    const struct str *names; /* as written; NULL of DMN's boxed loops */
    bool *is_span;           /* the domain is `from..to`: kids come in pairs */
    size_t domains_len;
    uint32_t partial_slot;
    bool has_partial;
};

struct call_plan {
    const struct str *names; /* of arguments; NULL: by position */
};

struct function_plan {
    const struct feel_field *params;
    size_t params_len;
    const struct feel_type *result;
    uint32_t slots_len;
    struct str external; /* text of `external {…}`: cannot be called here */
};

/* ---- functions ---- */

/* Parameters in `spec`: "name:letter" joined by commas. Letters: n number, s text, b boolean,
 * l list (a single value is wrapped), c context, d date, t time, u duration, f function,
 * r range, a anything; '?' after it: may be left out or null; '*' (last): the rest as one list. */
struct feel_builtin {
    const char *name;
    const char *spec;
    struct feel_value (*fn)(struct feel_run *run, const struct feel_value *args, size_t args_len);
};

enum { FEEL_PARAMS_MAX = 8 };
struct builtin_param {
    struct str name;
    char letter;
    bool is_optional, is_rest;
};

/* One way to call a built-in function, its specification read. Those of one name stand together. */
struct builtin_info {
    struct str name;
    struct builtin_param params[FEEL_PARAMS_MAX];
    size_t params_len;
    bool has_rest, is_ours; /* ours: not of the standard */
    struct feel_value (*fn)(struct feel_run *run, const struct feel_value *args, size_t args_len);
};

struct builtin_table {
    const struct feel_builtin *at;
    size_t len;
};
extern const struct builtin_table feel__numbers, feel__strings, feel__lists, feel__list_edits,
    feel__temporals, feel__ranges, feel__contexts, feel__kontor, feel__tiers, feel__shares,
    feel__chains;
/* The first of the name; further overloads follow it. NULL when there is none. */
const struct builtin_info *feel__builtin_find(enum feel_library library, struct str name,
                                              const struct builtin_info **out_end);
/* All of them, ordered by the first letter. */
const struct builtin_info *feel__builtins(size_t *out_len);
/* The overload that takes so many arguments by position; NULL when none does. */
const struct builtin_info *feel__builtin_fit(const struct builtin_info *first,
                                             const struct builtin_info *end, size_t len);
/* All function names, each once; how many were written. */
size_t feel__builtin_names(enum feel_library library, struct str *out, size_t max);
/* Length of the longest function name that `text` begins with; 0: none. */
size_t feel__builtin_match(enum feel_library library, struct str text);

struct feel_frame {
    const struct feel_frame *parent;
    struct feel_value *slots;
    size_t len;
};

enum function_form { FN_BUILTIN = 1, FN_USER, FN_HOST };
struct feel_function {
    enum function_form form;
    const struct builtin_info *builtin, *builtin_end;
    const struct feel_node *node; /* N_FUNCTION */
    struct feel_frame *frame;     /* where it was made */
    struct str name;
    const struct feel_field *params;
    size_t params_len;
    const struct feel_type *result;
    struct feel_value (*host)(struct feel_run *run, const void *data, const struct feel_value *args,
                              size_t args_len);
    const void *data;
};

/* ---- running ---- */

struct feel_run {
    struct arena *arena;
    struct feel_warnings *warnings;
    struct feel_choices *choices; /* NULL: not asked for */
    struct feel_frame *frame;
    const struct feel_node *node; /* being evaluated, for positions */
    int64_t steps_left;
    int depth_left;
    size_t bytes_start, bytes_max;
    const char *stopped; /* message key once a budget is spent */
    struct opt_i64 now;
    int32_t now_offset_s;
    const struct zone *now_zone;
    const struct feel_exchange *exchange;
    struct str where;
    void *user;
};

struct feel_value feel__eval(struct feel_run *run, const struct feel_node *node);
/* The same without a copy when the value lies somewhere (a constant, a slot, an entry); else it is
 * computed into *room. Good until the scope's next item. */
const struct feel_value *feel__operand(struct feel_run *run, const struct feel_node *node,
                                       struct feel_value *room);
/* A condition: 1, 0, or -1 with the value that is no boolean in *out (else *out may stay unset). */
int feel__truth_of(struct feel_run *run, const struct feel_node *node, struct feel_value *out);
/* NULL (and the run is stopped) when the memory budget is spent. */
void *feel__alloc(struct feel_run *run, size_t count, size_t item_bytes) MUST_USE;
/* One step of work outside nodes (an item copied, a value compared). False: stop now. */
MUST_USE bool feel__steps(struct feel_run *run, size_t steps);
/* Steps for walking a long text once. */
MUST_USE bool feel__text_steps(struct feel_run *run, size_t bytes);
/* A copy of the buffer as a value, within the budgets; make it with BUF(feel_limits()->…). */
struct feel_value feel__text_of(struct feel_run *run, const struct buf *buf);
struct feel_value feel__stop(struct feel_run *run, const char *message);
struct feel_value feel__stop_deep(struct feel_run *run); /* values or calls nest too deeply */
/* Null and a warning with up to three arguments. */
struct feel_value feel__warn(struct feel_run *run, const char *message, struct str a, struct str b,
                             struct str c);
/* `expected` is a message key; what is no key is shown as it is. */
struct feel_value feel__expected(struct feel_run *run, const char *expected,
                                 const struct feel_value *found);

/* An argument that may be left out: then null. */
static inline struct feel_value feel__argument(const struct feel_value *args, size_t len, size_t i)
{
    return i < len ? args[i] : feel_null();
}
/* An argument that says how many digits there are behind the point; left out: *out stays. */
MUST_USE bool feel__scale_of(struct feel_run *run, const struct feel_value *arg, int64_t *out);
/* A context of these names; the values are copied. */
struct feel_value feel__context_of(struct feel_run *run, const struct str *names,
                                   const struct feel_value *values, size_t len);

/* The context with one entry set. */
struct feel_value feel__context_put(struct feel_run *run, const struct feel_value *context,
                                    struct str name, struct feel_value value);

/* An argument of a message that is a key itself. */
struct str feel__key(struct arena *arena, const char *key);
/* Null and a warning that the context lacks the entry. */
struct feel_value feel__no_entry(struct feel_run *run, const struct feel_value *context,
                                 struct str name);

struct feel_value feel__arithmetic(struct feel_run *run, enum arithmetic op,
                                   const struct feel_value *a, const struct feel_value *b);
struct feel_value feel__negate(struct feel_run *run, const struct feel_value *a);
struct feel_value feel__compare(struct feel_run *run, enum comparison op,
                                const struct feel_value *a, const struct feel_value *b);
/* 1, 0 or -1 (unknown). */
int feel__in_range(struct feel_run *run, const struct feel_value *value,
                   const struct feel_range *range);
/* Does `value` satisfy `test` (equal, in the range, among the list)? 1, 0 or -1. */
int feel__satisfies(struct feel_run *run, const struct feel_value *value,
                    const struct feel_value *test);
struct feel_value feel__path(struct feel_run *run, const struct feel_value *value, struct str name,
                             uint32_t hash);
struct feel_value feel__loop(struct feel_run *run, const struct feel_node *node);
struct feel_value feel__filter(struct feel_run *run, const struct feel_node *node);
struct feel_value feel__call(struct feel_run *run, const struct feel_node *node);
struct feel_value feel__builtin(struct feel_run *run, const struct feel_node *node);
struct feel_value feel__closure(struct feel_run *run, const struct feel_node *node);
struct feel_value feel__apply(struct feel_run *run, const struct feel_value *function,
                              const struct feel_value *args, size_t args_len);
/* `is_strict`: allowed values count too, which "instance of" does not ask. */
bool feel__type_has(struct feel_run *run, const struct feel_type *type,
                    const struct feel_value *value, bool is_strict);
/* A type as it is written: "list<number>". */
const char *feel__type_text(struct arena *arena, const struct feel_type *type);
/* Three truth values from a value: 1, 0, -1. */
int feel__truth(const struct feel_value *value);
struct feel_value feel__truth_value(int truth);
bool feel__is_null(const struct feel_value *value);

/* ---- values ---- */

uint32_t feel__hash(struct str name);
bool feel__shape_find(const struct feel_shape *shape, struct str name, uint32_t hash,
                      size_t *out_i);
bool feel__entry(const struct feel_value *context, struct str name, uint32_t hash,
                 struct arena *arena, struct feel_value *out);
/* Where the entry lies; lazy ones are made in *room. NULL when the context has none such. */
const struct feel_value *feel__entry_ref(const struct feel_value *context, struct str name,
                                         uint32_t hash, struct arena *arena,
                                         struct feel_value *room);
/* A list being filled, under the run's memory budget. */
struct feel__items {
    struct feel_value *at;
    size_t len, cap;
};
/* Room for as many as will come, in one piece. */
MUST_USE bool feel__reserve(struct feel_run *run, struct feel__items *items, size_t cap);
MUST_USE bool feel__push(struct feel_run *run, struct feel__items *items, struct feel_value value);
struct feel_value feel__items_list(const struct feel__items *items);
/* The value as a list: itself, or one item; `room` holds that item. */
struct feel_value feel__as_list(const struct feel_value *value, struct feel_value *room);
void feel__print(struct buf *buf, const struct feel_value *value, bool is_inside, int depth,
                 struct arena *arena);

/* ---- UTF-8 ---- */

/* One code point at *i, moved behind it; broken bytes come out one by one as U+FFFD. */
uint32_t feel__utf8_next(struct str s, size_t *i);
size_t feel__utf8_put(char *out, uint32_t code);
size_t feel__utf8_len(struct str s); /* code points */

/* ---- time ---- */

bool feel__parse_date(struct str s, struct feel_value *out);
bool feel__parse_time(struct arena *arena, struct str s, struct feel_value *out);
bool feel__parse_date_time(struct arena *arena, struct str s, struct feel_value *out);
bool feel__parse_duration(struct str s, struct feel_value *out);
void feel__print_temporal(struct buf *buf, const struct feel_value *value);
int feel__days_in_month(int64_t year, int month);
/* months added, the day clamped to the month's end; false outside the calendar. */
bool feel__add_months(int64_t days, int64_t months, int64_t *out_days);
/* Nanoseconds since 1970-01-01T00:00 UTC (local when there is no zone). */
__int128 feel__instant_nanos(const struct feel_value *value);
/* Moves a date and time by a span; zones keep their rules. False outside the calendar. */
bool feel__shift(struct feel_value *value, __int128 nanos);
/* Fills offset_s of a FEEL_ZONE date and time from its local time. */
void feel__settle(struct feel_value *value);
struct dec feel__dec_from_i128(__int128 value);
MUST_USE bool feel__dec_to_i128(struct dec value, __int128 *out); /* toward zero */
bool feel__has_offset(const struct feel_value *value);

/* ---- compiler ---- */

struct known_name {
    struct str name;
    uint32_t slot;
    const struct feel_type *type;
    bool is_item; /* marks a filter: `slot` holds its item */
};

struct scope_frame {
    struct scope_frame *parent;
    VEC(struct known_name) names;
    size_t slot, slots_max;
    const struct feel_field *params;
    size_t params_len;
};

struct feel_compiler {
    struct arena *arena;
    enum feel_library library;
    struct scope_frame *frame;
    struct map *types;
    struct map *parts;         /* names that may follow a dot */
    struct str_list part_list; /* those with spaces or symbols */
    VEC(struct feel_issue) issues;
    size_t partial_uses; /* how often "partial" was named */
    size_t hints_len;    /* suggestions made: few, because each compares with every name */
    struct feel_mentions *mentions; /* of the first `mentioned_len` slots; NULL: nobody asks */
    size_t mentioned_len;
};

struct feel_node *feel__node(struct feel_compiler *c, enum node_op op, size_t kids_len);
struct feel_node *feel__name_node(struct feel_compiler *c, struct str name);
uint32_t feel__slot_new(struct feel_compiler *c);
void feel__issue(struct feel_compiler *c, long line, long column, const char *message,
                 struct str arg);
/* An unknown name, with the nearest known one when there is one. */
void feel__issue_near(struct feel_compiler *c, struct feel_node *unknown);
/* The name that was probably meant by one that the context lacks; absent when none is near. */
struct str feel__near_entry(const struct feel_shape *shape, struct str name);
/* How a function is called: "date(from); date(year, month, day)". */
struct str feel__signatures(struct arena *arena, const struct builtin_info *first,
                            const struct builtin_info *end);
/* Squeezes white space as names are compared. */
struct str feel__squeeze(struct arena *arena, struct str name);
/* Bytes of `text` that spell `name` (white space free), ending at a name's boundary; 0: none. */
size_t feel__match_name(struct str text, struct str name);
size_t feel__match_scope(const struct feel_compiler *c, struct str text, struct str *out_name);
/* Links an argument list to a built-in function; gives N_BUILTIN or N_BAD. */
struct feel_node *feel__link_builtin(struct feel_compiler *c, const struct builtin_info *first,
                                     const struct builtin_info *end, const struct str *names,
                                     const struct feel_node *const *args, size_t len);
const struct feel_type *feel__type_any(void);
const struct feel_type *feel__type_of_kind(enum feel_kind kind);

/* ---- lexer ---- */

enum token_kind {
    T_END = 1,
    T_NUMBER,
    T_STRING,
    T_AT,     /* @"…" */
    T_NAME,   /* one word; names of several are the parser's business */
    T_SYMBOL, /* code: the characters packed, e.g. '<' or '<' << 8 | '=' */
    T_BAD
};

struct token {
    enum token_kind kind;
    uint32_t symbol;
    size_t from, to; /* bytes in the text */
    const char *error;
};

#define SYM2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))

bool feel__is_name_start(uint32_t code);
bool feel__is_name_part(uint32_t code);
/* Skips white space and comments. */
size_t feel__skip_space(struct str text, size_t at);
struct token feel__lex(struct str text, size_t at);
bool feel__is_keyword(struct str word);
/* The characters of a string literal between its quotes, escapes replaced. */
struct str feel__unescape(struct arena *arena, struct str raw);

/* ---- parser ---- */

struct parser {
    struct feel_compiler *c;
    struct str text;
    struct token token; /* current */
    size_t last_to;     /* end of the token before */
    struct fault *fault;
    int depth_left;
    size_t bytes_start; /* what the arena held before */
    size_t input_slot;  /* of "?", SIZE_MAX outside unary tests */
    size_t input_uses;
    bool is_failed, is_ascii;
    bool is_endpoint;      /* of a range: '[' closes it and is no filter */
    const uint32_t *lines; /* where each line starts */
    size_t lines_len;
};

/* Starts on `text`; RC_TOO_LARGE when it is too long. */
enum rc feel__parser_init(struct parser *p, struct feel_compiler *c, struct str text,
                          struct fault *fault);
void feel__next(struct parser *p);
void feel__seek(struct parser *p, size_t at);
bool feel__is_symbol(const struct parser *p, uint32_t symbol);
bool feel__is_word(const struct parser *p, const char *word);
bool feel__take_symbol(struct parser *p, uint32_t symbol);
bool feel__take_word(struct parser *p, const char *word);
/* A comma between two of a list that ends with `closing`. False at the last one. */
bool feel__take_comma(struct parser *p, uint32_t closing);
/* Reports once what was expected here, a message key or a sign in quotes; always NULL. */
struct feel_node *feel__fail(struct parser *p, const char *expected);
struct feel_node *feel__at(struct parser *p, struct feel_node *node, size_t from);
struct feel_node *feel__new(struct parser *p, enum node_op op, size_t kids_len, size_t from);
struct feel_node *feel__expression(struct parser *p);
struct feel_node *feel__additive(struct parser *p);
struct feel_node *feel__primary(struct parser *p);
struct feel_node *feel__for(struct parser *p);
struct feel_node *feel__quantified(struct parser *p, enum feel_loop loop);
struct feel_node *feel__function(struct parser *p);
struct feel_node *feel__context(struct parser *p);
struct feel_node *feel__postfix(struct parser *p);
struct feel_node *feel__variable(struct parser *p);
const struct feel_type *feel__type(struct parser *p);
/* What the parser has found, for those who ask (feel_mentions). */
void feel__mention_name(struct parser *p, const struct feel_node *node, size_t from, size_t to);
void feel__mention_part(struct parser *p, const struct feel_node *path, size_t from, size_t to);
/* A name written freely up to one of `stops` (":" of an entry) or a word ("in" of a loop), which
 * stays the current token. Absent, and failed, when there is none. */
struct str feel__free_name(struct parser *p, const char *stops, const char *stop_word);
/* The rest of a range after its low end and "..". */
struct feel_node *feel__range_tail(struct parser *p, struct feel_node *low, bool has_low,
                                   size_t from);
/* What a dot followed by `name` gives of a type; NULL when unknown. */
const struct feel_type *feel__field_type(const struct feel_type *type, struct str name);
struct feel_node *feel__test(struct parser *p, size_t slot, bool is_cell);
struct feel_node *feel__tests(struct parser *p, size_t slot);

#endif
