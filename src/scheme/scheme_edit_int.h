/* What the files of scheme_edit share: a draft that is open, and the names inside its formulas. */
#ifndef KONTOR_SCHEME_EDIT_INT_H
#define KONTOR_SCHEME_EDIT_INT_H

#include "scheme/scheme_edit.h"

enum { SCHEME__PARTS_MAX = 500, SCHEME__ATTRIBUTES_MAX = 200, SCHEME__NAME_MAX = 100 };

struct scheme__element { /* what has a name that formulas can use */
    struct str id, name;
    struct dmn_node *node; /* NULL: an input of schemes that the file does not declare */
    bool is_decision, is_input;
};
struct scheme__elements {
    struct scheme__element *at;
    size_t len, cap;
};

struct scheme__draft {
    struct arena *arena;
    struct arena *scratch; /* for reading one formula */
    struct fault *fault;
    struct dmn_node *document, *root;
    struct scheme_edit_words *words;
    bool is_import;  /* names are as somebody has chosen them */
    struct map *ids; /* of the file, once a new one was needed */
    size_t ids_made;
};

enum rc scheme__draft_open(struct scheme__draft *draft, struct str xml);
/* The draft as text. */
enum rc scheme__draft_write(struct scheme__draft *draft, struct str *out_xml);

/* A fault about `where`, with up to three arguments; always `rc`. */
enum rc scheme__refuse(struct scheme__draft *draft, enum rc rc, struct str where,
                       const char *message, const char *a, const char *b, const char *c);
const char *scheme__number_c(struct scheme__draft *draft, size_t number);

/* ---- elements ---- */

struct str scheme__id_of(const struct dmn_node *node); /* its name when it has none */
struct str scheme__name_of(const struct dmn_node *node);
/* What people call a decision. */
struct str scheme__label_of(const struct dmn_node *decision);
struct dmn_node *scheme__decision(struct scheme__draft *draft, struct str id);
struct dmn_node *scheme__decision_named(struct scheme__draft *draft, struct str name);
/* The boxed expression of a decision; NULL: none. */
struct dmn_node *scheme__logic(const struct dmn_node *decision);
enum scheme_logic scheme__logic_kind(const struct dmn_node *logic);
/* Components of the type of terms, or NULL. */
struct dmn_node *scheme__terms_type(struct scheme__draft *draft);
struct dmn_node *scheme__attribute_node(struct scheme__draft *draft, struct str name);
struct str scheme__new_id(struct scheme__draft *draft, const char *prefix);
/* Away with an element, and with its shape in diagrams. */
void scheme__drop(struct scheme__draft *draft, struct dmn_node *node);
/* kontor:output's key, which is the name when it does not say. */
bool scheme__is_key_implied(const struct dmn_node *decision);

/* ---- names in formulas (scheme_edit_names.c) ---- */

void scheme__elements(struct scheme__draft *draft, struct scheme__elements *out);

/* One FEEL text of a decision. */
struct scheme__text {
    struct dmn_node *node; /* the element `text`, or what holds the text; NULL: an attribute */
    struct str text;
    bool is_tests;
};
struct scheme__texts {
    struct scheme__text *at;
    size_t len, cap;
};
void scheme__texts(struct scheme__draft *draft, struct dmn_node *decision,
                   struct scheme__texts *out);
/* By element: does a formula of the decision name it? */
void scheme__part_uses(struct scheme__draft *draft, struct dmn_node *decision,
                       const struct scheme__elements *elements, bool *out_used);
/* Replaces names in all formulas: of a name in scope, or behind a dot after one of `owners`, which
 * end with NULL (NULL: none). */
void scheme__rename(struct scheme__draft *draft, bool is_in_scope, const char *const *owners,
                    struct str old, struct str new);
/* The decision whose formula reads terms.NAME, or NULL. */
struct dmn_node *scheme__reader_of(struct scheme__draft *draft, struct str attribute);
/* NULL when a new thing may have the name, else a message key. Behind a dot it hides no function.
 */
const char *scheme__name_check(struct scheme__draft *draft, struct str name, bool is_in_scope);
/* Requirements as the formulas have them; inputs come and go. `before`: what was required. */
void scheme__settle(struct scheme__draft *draft, const struct map *required_before);
struct map *scheme__required(struct scheme__draft *draft);

/* ---- cells as people write them (scheme_edit_cell.c) ---- */

struct scheme__words_known { /* names that a word in a cell may be */
    struct str_list names;
};
struct scheme__words_known scheme__words_known(struct scheme__draft *draft);
/* The cell in the language: 7 % is 0.07, a word that is no name is a text, any is "-" or, of a
 * result, nothing. */
struct str scheme__cell_text(struct scheme__draft *draft, const struct scheme__words_known *known,
                             struct str text, bool is_result);
/* NULL, or what is doubtful about it: a message key with the text as its argument. */
const char *scheme__cell_check(struct str text, bool is_result);

/* ---- changes of tables (scheme_edit_table.c, scheme_edit_paste.c, scheme_edit_logic.c) ---- */

struct scheme__table { /* a decision table that is open */
    struct dmn_node *decision, *node;
    size_t inputs_len, outputs_len, rows_len;
};
enum rc scheme__table_open(struct scheme__draft *draft, const struct scheme_edit *edit,
                           struct scheme__table *out);
struct dmn_node *scheme__nth(const struct dmn_node *parent, const char *tag, size_t n);
struct dmn_node *scheme__cell(struct scheme__draft *draft, const struct scheme__table *table,
                              size_t row, size_t column);
struct str scheme__text_in(struct scheme__draft *draft, const struct dmn_node *node);
void scheme__text_put(struct scheme__draft *draft, struct dmn_node *node, struct str text);
/* The child that gets the text; NULL: an absent text changes nothing, an empty one took the child
 * away. */
struct dmn_node *scheme__child_for(struct scheme__draft *draft, struct dmn_node *node,
                                   const char *tag, struct str text);
struct dmn_node *scheme__row_cell(struct scheme__draft *draft, const struct scheme__table *table,
                                  struct dmn_node *rule, size_t column);
struct dmn_node *scheme__row_new(struct scheme__draft *draft, const struct scheme__table *table);
struct str scheme__note_of(struct scheme__draft *draft, const struct dmn_node *rule);
/* A table with one result, and one row with that formula unless it is empty. */
void scheme__table_new(struct scheme__draft *draft, struct dmn_node *decision, struct str text);
void scheme__note_put(struct scheme__draft *draft, const struct scheme__table *table,
                      struct dmn_node *rule, struct str text);
enum rc scheme__edit_table(struct scheme__draft *draft, const struct scheme_edit *edit);
enum rc scheme__edit_attribute(struct scheme__draft *draft, const struct scheme_edit *edit);
enum rc scheme__paste(struct scheme__draft *draft, const struct scheme_edit *edit);
enum rc scheme__logic_set(struct scheme__draft *draft, const struct scheme_edit *edit);
/* A change of an open draft, its texts checked; requirements are not written yet. */
enum rc scheme__apply(struct scheme__draft *draft, const struct scheme_edit *edit);
/* Away with all money options. */
void scheme__options_clear(struct scheme__draft *draft);
/* Moves the n-th child with the tag to another place among them. */
void scheme__move(struct dmn_node *parent, const char *tag, size_t from, size_t to);
size_t scheme__count(const struct dmn_node *parent, const char *tag);

/* What was done: up to five arguments that end with NULL. */
void scheme__say(struct scheme__draft *draft, const char *key, ...) __attribute__((sentinel));

#endif
