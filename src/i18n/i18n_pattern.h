/* Message patterns as trees. Knows base only, so that tools/poc checks translations with the very
 * parser that shows them. Syntax: ICU MessageFormat with positional arguments and the default
 * apostrophe rule (an apostrophe quotes only before { } and, inside a plural, #; two are one). */
#ifndef KONTOR_I18N_PATTERN_H
#define KONTOR_I18N_PATTERN_H

#include "base/base.h"

enum { PATTERN_ARGS_MAX = 8, PATTERN_DEPTH_MAX = 8 };

enum plural { PLURAL_OTHER = 1, PLURAL_ONE, PLURAL_FEW, PLURAL_MANY, PLURAL_ZERO, PLURAL_TWO };

enum pattern_kind {
    PATTERN_TEXT = 1,
    PATTERN_ARG,    /* {0} and {0, number}: shown by its type */
    PATTERN_HASH,   /* # inside a plural: the number less the offset */
    PATTERN_PLURAL, /* {0, plural, …} */
    PATTERN_SELECT  /* {0, select, …} */
};

struct pattern_case {
    struct str name;    /* of select, and the word of a plural */
    enum plural plural; /* 0: an exact number (=1) or a select */
    int64_t exact;
    const struct pattern *pattern;
};

struct pattern_part {
    enum pattern_kind kind;
    int arg;
    int64_t offset;
    struct str text;
    const struct pattern_case *cases;
    size_t cases_len;
};

struct pattern {
    const struct pattern_part *parts;
    size_t parts_len;
};

struct pattern_error {
    const char *why; /* English */
    size_t at;       /* byte offset */
};

/* NULL and *out_error when it is no correct pattern. Texts point into the arena. */
const struct pattern *pattern_parse(struct arena *arena, struct str text,
                                    struct pattern_error *out_error);
/* Bit i: argument i is shown or decides something. */
unsigned pattern_args(const struct pattern *pattern);
/* Bit of each plural word that every plural inside has; all bits when there is none. */
unsigned pattern_plurals(const struct pattern *pattern);

#endif
