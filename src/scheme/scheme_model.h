/* What the two halves of reading a scheme share: the file itself and its outputs. */
#ifndef KONTOR_SCHEME_MODEL_H
#define KONTOR_SCHEME_MODEL_H

#include "scheme/scheme.h"

struct scheme__reader {
    struct arena *arena;
    struct fault *fault;
    struct scheme *scheme;
    enum dec_round rounding; /* of the file, unless an output has its own */
    int scale;
    enum scheme_level level;
    enum scheme_law law;
};

struct scheme__word { /* lists end with {0} */
    const char *word;
    int value;
};
extern const struct scheme__word scheme__rounding_words[], scheme__level_words[],
    scheme__tree_words[];
enum scheme_kind scheme__kind_find(struct str word); /* 0: none */
enum scheme_scope scheme__scope_find(struct str word);
/* The scope of an output that does not say. */
enum scheme_scope scheme__scope_usual(enum scheme_kind kind);

/* 0 when it is none of them. */
int scheme__word_find(const struct scheme__word *words, struct str word);
/* A word of an attribute; absent gives `fallback`; an unknown one is a fault that lists the rest.
 */
int scheme__read_word(struct scheme__reader *reader, const char *where,
                      const struct dmn_extension *extension, const char *name,
                      const struct scheme__word *words, int fallback);
int scheme__read_scale(struct scheme__reader *reader, const char *where,
                       const struct dmn_extension *extension, int fallback);
/* A fault for each attribute whose name is not among these, which end with NULL. */
void scheme__check_options(struct scheme__reader *reader, const char *where,
                           const struct dmn_extension *extension, const char *const *names);
struct str scheme__or_empty(struct str text);

/* scheme_output.c */
/* An option that is a formula over event and terms; NULL when it is not there. */
const struct feel_expr *scheme__read_formula(struct scheme__reader *reader, const char *where,
                                             const struct dmn_extension *extension,
                                             const char *name);

/* scheme_law.c */
enum scheme_law scheme__read_law_word(struct scheme__reader *reader, const char *where,
                                      const struct dmn_extension *extension,
                                      enum scheme_law fallback);
void scheme__read_law(struct scheme__reader *reader, const char *where,
                      const struct dmn_extension *extension, struct scheme_output *out);
void scheme__check_laws(struct scheme__reader *reader);
void scheme__read_outputs(struct scheme__reader *reader);

#endif
