/* Regular expressions of FEEL (those of XPath and XQuery functions 3.1, section 5.6). */
#ifndef KONTOR_FEEL_REGEX_H
#define KONTOR_FEEL_REGEX_H

#include "feel/feel_int.h"

struct feel_value feel__matches(struct feel_run *run, struct str input, struct str pattern,
                                struct str flags);
struct feel_value feel__replace(struct feel_run *run, struct str input, struct str pattern,
                                struct str replacement, struct str flags);
struct feel_value feel__split(struct feel_run *run, struct str input, struct str delimiter);

#endif
