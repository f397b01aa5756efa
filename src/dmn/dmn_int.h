/* Shared inside the module: XML as the reader sees it, compiled tables, the model being built. */
#ifndef KONTOR_DMN_INT_H
#define KONTOR_DMN_INT_H

#include "dmn/dmn.h"

struct dmn__cell {
    const struct feel_node *node;
    bool is_any; /* "-": matches whatever comes */
};

/* Which rules take a value of a column: see dmn_index.c. */
struct dmn__index {
    uint8_t kind; /* of values that are looked up here */
    bool is_any;  /* no cell asks */
    const struct feel_value *points;
    size_t points_len;
    uint64_t *rules; /* a set for each stretch and point */
};

struct dmn__table {
    const struct dmn_table *table;
    const struct feel_node **inputs;
    size_t *slots;                         /* where each input's value is put */
    const struct feel_node **input_values; /* constraint over the slot, or NULL */
    const struct feel_type **input_types;  /* as far as it is known, or NULL */
    struct dmn__cell *cells;               /* rules x inputs */
    const struct feel_node **outputs;      /* rules x outputs */
    const struct feel_node **defaults;     /* by output; NULL: none */
    const struct feel_node **ranks;        /* list of allowed values by output; NULL: none */
    struct dmn__index *index;              /* of the first index_len inputs */
    size_t index_len, index_words;
    const struct feel_shape *shape;    /* of more than one output */
    const struct feel_node *aggregate; /* over the list in aggregate_slot */
    size_t aggregate_slot;
};

struct dmn__service {
    const struct dmn_element **outputs;
    size_t outputs_len;
    const struct dmn_element **params; /* input data and input decisions, in order */
    size_t params_len;
    const struct feel_shape *shape; /* of more than one output */
    const struct dmn_model *model;
};

struct dmn__element {
    const struct feel_node *node; /* of decisions */
    struct dmn__service *service;
    struct feel_value function; /* of knowledge and services */
    uint64_t *depends;          /* bits by element index */
};

struct dmn__model {
    struct dmn__element *elements;
    size_t words;             /* of a depends set */
    struct feel_value *slots; /* functions set, the rest null */
    size_t slots_len;
};

/* An item definition: what FEEL sees and what people read. */
struct dmn__definition {
    const struct dmn_node *node;
    struct feel_type type;
    struct dmn_type told;
    enum { DEFINITION_OPEN = 1, DEFINITION_FILLED } state; /* 0: not looked at yet */
};

/* A model file among those that import one another. */
struct dmn__doc {
    struct dmn_node *document;
    const struct dmn_node *root;
    struct str namespace;
    bool is_loading, is_loaded;
    struct map *types; /* name to struct dmn__definition */
};

struct dmn__import {
    struct str name;
    struct dmn__doc *doc;
};

struct dmn__source { /* where an element's logic stands */
    const struct dmn_node *node;
    struct dmn__doc *doc;
};

struct dmn__reader {
    struct arena *arena;
    struct fault *fault;
    struct feel_compiler *compiler;
    struct feel_inference *types; /* what follows of formulas read so far */
    struct dmn__doc *docs;        /* the main one first */
    size_t docs_len;
    VEC(struct dmn__doc *) order; /* what is imported before what imports it */
    VEC(struct dmn_element *) elements;
    VEC(struct dmn__source) sources;
    VEC(struct dmn_issue) issues;
    VEC(const struct dmn_table *) tables;
    struct map *ids, *names; /* of elements: "namespace#id" */
    struct dmn__doc *doc;    /* whose types are seen */
    bool is_full;            /* the arena has no room for more, or the work is spent */
    size_t types_open;       /* definitions being read inside one another */
    size_t outer_names;      /* in scope outside the function being read */
    size_t names_work;       /* names compared with formulas so far, about */
    struct dmn_model *model;
    struct dmn__model *compiled;
    const struct dmn_element *element; /* being compiled */
    const struct dmn_node *place;      /* XML element being compiled */
    size_t rule, column;
};

/* ---- XML ---- */

const struct dmn_node *dmn__root(const struct dmn_node *document);
/* Namespaces, type names and languages of DMN 1.1 to 1.4 become those of 1.5. */
void dmn__lift(struct arena *arena, struct dmn_node *document);
/* The local name, or absent for elements of foreign namespaces. */
struct str dmn__tag(const struct dmn_node *node);
bool dmn__is(const struct dmn_node *node, const char *tag);
/* First child element with the tag; with NULL the first of the model's namespace. */
const struct dmn_node *dmn__child(const struct dmn_node *node, const char *tag);
const struct dmn_node *dmn__next(const struct dmn_node *node, const char *tag); /* sibling */
struct str dmn__attr(const struct dmn_node *node, const char *name); /* absent: there is none */
/* Text of the element; of its child `text` when `tag` names one; absent without it. */
struct str dmn__text(struct arena *arena, const struct dmn_node *node, const char *tag);
struct dmn_extensions dmn__extensions(struct arena *arena, const struct dmn_node *node);
void dmn__foreign(struct arena *arena, const struct dmn_node *node, struct dmn_attribute **out,
                  size_t *out_len);

/* ---- reading ---- */

/* `message` and up to two NUL terminated arguments. */
void dmn__issue(struct dmn__reader *r, const char *message, const char *a, const char *b);
/* The same as the reader's failure, with the element's place. */
enum rc dmn__refuse(struct dmn__reader *r, const struct dmn_node *place, enum rc rc,
                    const char *message, const char *a, const char *b);
/* False, and refused as too large, when the arena could not take so much more. */
bool dmn__has_room(struct dmn__reader *r, size_t bytes) MUST_USE;
size_t dmn__names_len(const struct dmn__reader *r); /* declared in the frame being read */
/* The same for a formula: its nodes, and looking for every name in scope at its words. */
bool dmn__may_read(struct dmn__reader *r, struct str text) MUST_USE;
struct dmn__doc *dmn__doc_by_namespace(struct dmn__reader *r, struct str namespace);
/* Item definitions of a document and of its imports, declared to the compiler; gone at close. */
void dmn__types_open(struct dmn__reader *r, struct dmn__doc *doc);
void dmn__types_close(struct dmn__reader *r, struct dmn__doc *doc);
/* The text of the allowed values of a declared type; absent when it states none. */
struct str dmn__type_values(struct dmn__reader *r, struct str type_name);
const struct feel_type *dmn__type(struct dmn__reader *r, struct str name);
/* What the inference has found since, as issues of the place being read. */
void dmn__findings(struct dmn__reader *r);
/* What the compiler gathered since `before`, with the place inside the formula; it is emptied. */
void dmn__formula_issues(struct dmn__reader *r, struct feel_compiler *compiler, size_t before);
/* A formula, or the node that stands for one in error. */
const struct feel_node *dmn__formula(struct dmn__reader *r, struct str text);
/* A boxed expression of any kind; NULL when `node` is none. */
const struct feel_node *dmn__boxed(struct dmn__reader *r, const struct dmn_node *node);
/* The boxed expression among the children of `node`; NULL when there is none. */
const struct feel_node *dmn__boxed_in(struct dmn__reader *r, const struct dmn_node *node);
const struct feel_node *dmn__function(struct dmn__reader *r, const struct dmn_node *node);
const struct feel_node *dmn__table_node(struct dmn__reader *r, const struct dmn_node *node);
void dmn__index_table(struct dmn__reader *r, struct dmn__table *compiled);
/* The rules whose first index_len cells take the values; false when the tests must say. `rules` has
 * room for index_words. */
bool dmn__index_find(const struct dmn__table *compiled, const struct feel_value *inputs,
                     uint64_t *rules) MUST_USE;
enum rc dmn__compile(struct dmn__reader *r, struct dmn__doc *doc);
/* The document's elements, with names, requirements not yet. */
void dmn__elements(struct dmn__reader *r, struct dmn__doc *doc);
enum rc dmn__requirements(struct dmn__reader *r);
struct feel_value dmn__service_call(struct feel_run *run, const void *data,
                                    const struct feel_value *args, size_t args_len);
struct feel_value dmn__table_run(struct feel_run *run, const void *data);

/* ---- running ---- */

struct dmn_run {
    const struct dmn_model *model;
    const struct feel_env *env;
    struct arena *arena, *scratch;
    struct feel_run *run;
    bool *is_done;
    bool *is_passing; /* by element: depends on a passing input */
    struct feel_warnings *warnings;
    struct dmn_trace *trace;
    size_t depth;
};

struct feel_value dmn__decide(struct dmn_run *run, const struct dmn_element *decision);

#endif
