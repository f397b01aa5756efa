/* What the files of `when` share: the range of the calendar and fixed-width number reading. */
#ifndef KONTOR_WHEN_INT_H
#define KONTOR_WHEN_INT_H

#include "when/when.h"

enum { DAYS_FIRST = -719162, DAYS_LAST = 2932896 }; /* 0001-01-01 and 9999-12-31 */

/* Takes exactly `digits` decimal digits off the front of *s. */
MUST_USE bool when__digits(struct str *s, int digits, int *out);
/* Takes the character off the front of *s. */
MUST_USE bool when__char(struct str *s, char c);
int64_t when__floor_div(int64_t a, int64_t b); /* b > 0 */

#endif
