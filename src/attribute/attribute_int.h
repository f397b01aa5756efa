/* What the files of attribute share. */
#ifndef KONTOR_ATTRIBUTE_INT_H
#define KONTOR_ATTRIBUTE_INT_H

#include "attribute/attribute.h"

#define att(id) pid_of("att", (id))

struct attribute__word {
    const char *name, *label; /* as stored; message key */
};
extern const struct attribute__word attribute__kinds[]; /* ended by {0} */
extern const struct attribute__word attribute__types[];
const char *attribute__label_of(const struct attribute__word *words, struct str name);
/* Bounds and choices of a definition, cleaned and checked against its type. */
enum rc attribute__check_bounds(struct op *op, struct attribute *attribute);
bool attribute__has_choice(const struct attribute *attribute, struct str value);

#endif
