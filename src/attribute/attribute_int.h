/* What the files of attribute share. */
#ifndef KONTOR_ATTRIBUTE_INT_H
#define KONTOR_ATTRIBUTE_INT_H

#include "attribute/attribute.h"

#define att(id) pid_of("att", (id))

extern const struct ui_word attribute__kinds[], attribute__types[];
/* Bounds and choices of a definition, cleaned and checked against its type. */
enum rc attribute__check_bounds(struct op *op, struct attribute *attribute);
bool attribute__has_choice(const struct attribute *attribute, struct str value);

#endif
