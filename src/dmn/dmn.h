/* dmn: decision models of DMN 1.1 to 1.5, read from XML, checked, evaluated with a trace.
 *
 * A model is read once into an arena and never changes; threads may evaluate it at the same time,
 * each with a `struct dmn_run` of its own. A run keeps the values of its inputs and decisions: a
 * decision is computed when it is asked for and again only after an input that it depends on was
 * set anew, so a run over a million events computes a contract's tier once.
 *
 * Errors inside formulas give null and a warning, as in FEEL. A formula that cannot be read is an
 * issue of the model (dmn_issues) and gives null with a warning; whoever publishes models refuses
 * those with issues. Pure: no database, no clock, no files, no network. */
#ifndef KONTOR_DMN_H
#define KONTOR_DMN_H

#include "feel/feel.h"

#define DMN_NAMESPACE        "https://www.omg.org/spec/DMN/20230324/MODEL/" /* of DMN 1.5 */
#define DMN_KONTOR_NAMESPACE "urn:kontor:dmn:1"

enum { DMN_XML_MAX_BYTES = 16 << 20 };

/* ---- the file ---- */

struct dmn_attribute {
    struct str namespace, name, value;
    struct str prefix; /* as written; absent: none */
};

/* A model's file as it is: everything that was written, with places. */
struct dmn_node {
    enum dmn_node_kind {
        DMN_NODE_DOCUMENT = 1,
        DMN_NODE_ELEMENT,
        DMN_NODE_TEXT,
        DMN_NODE_COMMENT,
        DMN_NODE_INSTRUCTION
    } kind;
    uint32_t line, column; /* from 1; column 0: not known (a file that is not in UTF-8) */
    struct str prefix, namespace, name; /* of elements; of instructions the name */
    struct str text;                    /* of the others */
    struct dmn_attribute *declared;     /* namespaces: name is the prefix ("": default) */
    size_t declared_len;
    struct dmn_attribute *attributes;
    size_t attributes_len;
    struct dmn_node *parent, *first, *last, *next;
};

/* Parses XML and lifts models of DMN 1.1 to 1.4 to 1.5. RC_INVALID: not well-formed, a document
 * type, bytes that are no characters, elements that nest too deeply; RC_TOO_LARGE over
 * DMN_XML_MAX_BYTES or when the arena has no room. The fault has line and column. The bytes are
 * not needed afterwards. */
enum rc dmn_parse(struct arena *arena, struct str xml, struct fault *fault,
                  struct dmn_node **out_document);
/* Writes DMN 1.5 in one fixed form: UTF-8, two spaces a level, one element a line, texts as they
 * are. What a tool has written of its own (extensions, diagrams, comments, ids) stays; writing what
 * was written gives the same bytes. Look at buf->is_over. */
void dmn_write(struct buf *buf, const struct dmn_node *document);

/* Asking and changing the file, for editors. Elements are those of DMN, by their tags; NULL when
 * there is none. What is given is borrowed and must live as long as the file. */
struct dmn_node *dmn_tree_root(struct dmn_node *document);
bool dmn_tree_is(const struct dmn_node *node, const char *tag); /* node may be NULL */
struct dmn_node *dmn_tree_child(const struct dmn_node *node, const char *tag); /* NULL: any */
struct dmn_node *dmn_tree_next(const struct dmn_node *node, const char *tag);
struct str dmn_tree_attribute(const struct dmn_node *node, const char *name); /* absent: none */
/* Of the element, or of its child `tag`; absent without it. */
struct str dmn_tree_text(struct arena *arena, const struct dmn_node *node, const char *tag);
struct dmn_node *dmn_tree_extension(const struct dmn_node *node, const char *name); /* kontor:… */
void dmn_tree_attribute_set(struct arena *arena, struct dmn_node *node, const char *name,
                            struct str value); /* absent: away with it */
void dmn_tree_text_set(struct arena *arena, struct dmn_node *node, struct str text);
/* A new element behind those that come before it in the schema of DMN. */
struct dmn_node *dmn_tree_add(struct arena *arena, struct dmn_node *parent, const char *tag);
/* kontor:NAME of the element, made when there is none. */
struct dmn_node *dmn_tree_extend(struct arena *arena, struct dmn_node *node, const char *name);
/* `before` is a child of the parent; NULL: as the last. */
void dmn_tree_insert(struct dmn_node *parent, struct dmn_node *node, struct dmn_node *before);
void dmn_tree_remove(struct dmn_node *node); /* it can be inserted again */
struct dmn_node *dmn_tree_copy(struct arena *arena, const struct dmn_node *node); /* without ids */
/* The file is written as DMN 1.3, which all modelers read, if it has nothing newer; else as before.
 * It is good for dmn_write alone then. */
void dmn_tree_lower(struct dmn_node *document);

/* ---- the model ---- */

/* A child of extensionElements, of any namespace. */
struct dmn_extension {
    struct str namespace, name, text;
    const struct dmn_attribute *attributes;
    size_t attributes_len;
    const struct dmn_extension *children;
    size_t children_len;
};

struct dmn_extensions {
    const struct dmn_extension *at;
    size_t len;
};

/* The first Kontor extension of that name; NULL when there is none. */
const struct dmn_extension *dmn_extension(const struct dmn_extensions *extensions,
                                          const char *name);
/* Absent (at NULL) when there is no such attribute. */
struct str dmn_attribute(const struct dmn_extension *extension, const char *name);

enum dmn_hit_policy {
    DMN_UNIQUE = 1,
    DMN_ANY,
    DMN_PRIORITY,
    DMN_FIRST,
    DMN_RULE_ORDER,
    DMN_OUTPUT_ORDER,
    DMN_COLLECT,
    DMN_COLLECT_SUM,
    DMN_COLLECT_MIN,
    DMN_COLLECT_MAX,
    DMN_COLLECT_COUNT
};

struct dmn_input {
    struct str label;  /* as written, else the expression */
    struct str text;   /* of the expression */
    struct str values; /* allowed values; absent: any */
};

struct dmn_output {
    struct str label, name;
    struct str values;       /* allowed values, by priority */
    struct str default_text; /* absent: none */
    struct str type_name;
};

struct dmn_rule {
    struct str id, description;
    const struct str *inputs;  /* texts of the cells, by input */
    const struct str *outputs; /* and by output */
    const struct str *annotations;
    size_t annotations_len;
    long line, file_column; /* in the file */
};

/* What a person reads of a decision table. */
struct dmn_table {
    const struct dmn_element *owner;
    enum dmn_hit_policy hit_policy;
    const struct dmn_input *inputs;
    size_t inputs_len;
    const struct dmn_output *outputs;
    size_t outputs_len;
    const struct dmn_rule *rules;
    size_t rules_len;
    long line, file_column; /* in the file */
    const struct dmn__table *compiled;
};

enum dmn_kind { DMN_INPUT = 1, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE };

struct dmn_element {
    enum dmn_kind kind;
    struct str id, name;
    struct str namespace; /* of the model it stands in */
    struct str label, description, question, allowed_answers;
    struct str type_name;
    const struct feel_type *type;
    struct str text; /* of a literal expression, else absent */
    struct dmn_extensions extensions;
    struct dmn_attribute *attributes; /* of foreign namespaces on the element itself */
    size_t attributes_len;
    const struct dmn_element **requires; /* inputs, decisions, knowledge */
    size_t requires_len;
    const struct dmn_table *table; /* of a decision whose logic is one */
    size_t index;                  /* among the model's elements; its slot */
    long line, column;             /* in the file */
};

struct dmn_type {
    struct str name, type_name;
    bool is_list;
    struct str allowed; /* text of allowed values; absent: any */
    struct dmn_extensions extensions;
    const struct dmn_type *fields; /* components */
    size_t fields_len;
    const struct feel_type *type;
};

enum dmn_finding {
    DMN_WRONG = 1,   /* a formula, a name, a type, a reference: found while reading */
    DMN_TYPES,       /* a formula whose types cannot be right */
    DMN_OVERLAP,     /* rules that match together where only one may */
    DMN_CONFLICT,    /* rules that match together with different results (ANY) */
    DMN_HIDDEN,      /* a rule that stronger ones leave nothing */
    DMN_UNREACHABLE, /* a cell that no value satisfies */
    DMN_GAP,         /* values that no rule takes */
    DMN_RESULT,      /* a result that is not allowed */
    DMN_POLICY,      /* a hit policy without what it needs */
    DMN_UNUSED,      /* an input or a requirement that nothing uses */
    DMN_STOPPED      /* a table that is too large to be looked at whole */
};

struct dmn_issue {
    enum dmn_finding kind;
    const struct dmn_element *element; /* NULL: the model */
    long file_line, file_column;       /* of the XML element; 0: not known */
    size_t rule, column;               /* of a table, from 1; 0: not in a cell */
    long line, at;                     /* in the formula, from 1; 0: the whole */
    const char *message;               /* static text, a message key */
    const char *args[3];               /* NULL: none; some are keys themselves: see KEY_MARK */
    bool is_warning;                   /* can be published all the same */
};

struct dmn_model {
    struct str name, namespace, id, description;
    const struct dmn_node *document; /* for dmn_write */
    struct dmn_extensions extensions;
    const struct dmn_element *const *elements;
    size_t elements_len;
    const struct dmn_type *types;
    size_t types_len;
    const struct dmn_table *const *tables; /* all, also of knowledge and inside boxed logic */
    size_t tables_len;
    const struct dmn_issue *issues; /* found while reading; dmn_check finds more */
    size_t issues_len;
    const struct dmn__model *compiled;
};

/* Reads a model; `others` are texts of models it may import (matched by namespace), `library` the
 * functions its formulas may use. RC_INVALID: no XML, no DMN, a cycle, a requirement that leads
 * nowhere; RC_TOO_LARGE over DMN_XML_MAX_BYTES. The fault names the place. The bytes are not
 * needed afterwards. */
enum rc dmn_read(struct arena *arena, struct str xml, const struct str *others, size_t others_len,
                 enum feel_library library, struct fault *fault, const struct dmn_model **out);
/* By name, of the main model; NULL when there is none of that kind. */
const struct dmn_element *dmn_find(const struct dmn_model *model, enum dmn_kind kind,
                                   struct str name);
/* Does `element` depend on `other`, directly or not? */
bool dmn_depends(const struct dmn_model *model, const struct dmn_element *element,
                 const struct dmn_element *other);
const char *dmn_hit_policy_name(enum dmn_hit_policy policy); /* "FIRST", "COLLECT SUM" … */

const char *dmn_finding_name(enum dmn_finding kind); /* "overlap", "gap" …, for programs */

/* The issues of reading, and what is wrong inside tables as far as it can be proved: cells that
 * are no constants prove nothing. The work is bounded; a table that is too large gives DMN_STOPPED.
 * Texts live on the arena; the search itself has memory of its own. */
void dmn_check(struct arena *arena, const struct dmn_model *model, const struct dmn_issue **out,
               size_t *out_len);

/* ---- evaluating ---- */

struct dmn_hit { /* a table that was evaluated */
    const struct dmn_table *table;
    const struct feel_value *inputs; /* values seen, by input */
    const uint32_t *matched;         /* rules, from 0, in the order of the table */
    size_t matched_len;
    struct feel_value value;
};

struct dmn_step { /* a decision that was computed */
    const struct dmn_element *decision;
    struct feel_value value;
    size_t hits_from, hits_to; /* tables evaluated inside it */
    size_t formula;            /* of the trace's choices that are its own */
};

/* What was computed, innermost first. Lives where the values live: with a scratch arena it must be
 * read before dmn_run_next, and zeroed for the next event. */
struct dmn_trace {
    VEC(struct dmn_step) steps;
    VEC(struct dmn_hit) hits;
    struct feel_choices choices; /* of literal expressions */
};

struct dmn_run;

/* Of a table of a decision no rule of which matched: the rule that fails in the fewest inputs (the
 * first of these) and which inputs those are (bit i: input i, of the first 64). Read like a trace,
 * while its inputs are set. False: there is none, or a budget is spent. */
bool dmn_hit_nearest(struct dmn_run *run, const struct dmn_hit *hit, size_t *out_rule,
                     uint64_t *out_failed);
/* feel_run_seen, likewise. */
struct str dmn_choice_seen(struct dmn_run *run, const struct feel_choice *choice);

/* `env` brings the time and the budgets (its slots are not used); it must outlive the run. With
 * `scratch`, decisions that depend on a passing input (dmn_run_passing) are computed there. */
struct dmn_run *dmn_run_new(const struct dmn_model *model, const struct feel_env *env,
                            struct arena *arena, struct arena *scratch);
/* Declares that the input changes often (the event): see dmn_run_next. */
void dmn_run_passing(struct dmn_run *run, const struct dmn_element *input);
/* Empties the scratch arena and forgets what depends on passing inputs. */
void dmn_run_next(struct dmn_run *run);
/* Sets an input (or pins a decision) to a value, which is borrowed. A value that is not of the
 * declared type becomes null with a warning. What depends on it is forgotten. */
void dmn_run_set(struct dmn_run *run, const struct dmn_element *element, struct feel_value value);
/* The same without looking at the type: for inputs made by the engine in the declared form, whose
 * lazy lists must not be walked. */
void dmn_run_put(struct dmn_run *run, const struct dmn_element *element, struct feel_value value);
/* Gathers warnings and steps from now on; NULL: neither. */
void dmn_run_watch(struct dmn_run *run, struct feel_warnings *warnings, struct dmn_trace *trace);
/* RC_LIMIT when a budget was spent; RC_OK with a value, perhaps null with warnings. */
enum rc dmn_run_value(struct dmn_run *run, const struct dmn_element *decision, struct fault *fault,
                      struct feel_value *out);
/* Calls a decision service or knowledge model with arguments in the order of its parameters. */
enum rc dmn_run_invoke(struct dmn_run *run, const struct dmn_element *element,
                       const struct feel_value *args, size_t args_len, struct fault *fault,
                       struct feel_value *out);

/* What a decision service is called with, in order; none of other elements. */
const struct dmn_element *const *dmn_service_params(const struct dmn_model *model,
                                                    const struct dmn_element *service,
                                                    size_t *out_len);

/* Inputs by the entries of a context, one decision; `warnings`, `trace` and `fault` may be NULL. */
enum rc dmn_eval(const struct dmn_model *model, const struct dmn_element *decision,
                 const struct feel_value *inputs, const struct feel_env *env, struct arena *arena,
                 struct feel_warnings *warnings, struct dmn_trace *trace, struct fault *fault,
                 struct feel_value *out);

/* ---- conformance cases (DMN TCK) ---- */

struct dmn_case_result {
    struct str case_id, node;
    bool is_ok;
    struct str expected, found;
    struct feel_warning warning; /* the first; its message is NULL when there was none */
};

/* Runs the cases of one file against a model. RC_INVALID when the file is no test file. */
enum rc dmn_run_cases(struct arena *arena, const struct dmn_model *model, struct str xml,
                      struct fault *fault, const struct dmn_case_result **out, size_t *out_len);
/* The file name of the model that a test file is about; absent when it is no test file. */
struct str dmn_cases_model(struct arena *arena, struct str xml);

#endif
