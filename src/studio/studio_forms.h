/* Forms and small words of the editor's views. */
#ifndef KONTOR_STUDIO_FORMS_H
#define KONTOR_STUDIO_FORMS_H

#include "studio/studio_int.h"

struct str studio__next(struct out *o, struct str index); /* "3" -> "4" */
struct str studio__before(struct out *o, struct str index);
struct str studio__column_of(const struct studio__cell *cell);
struct str studio__inputs(struct out *o, const struct studio__page *v);
struct str studio__columns(struct out *o, const struct studio__page *v);
bool studio__has_before(const struct studio__page *v, const struct studio__head *head);
bool studio__has_next(const struct studio__page *v, const struct studio__head *head);
const struct ui_options *studio__types(struct out *o, struct str now);
const struct ui_options *studio__attribute_types(struct out *o, struct str now);
const struct ui_options *studio__units(struct out *o, struct str now);
const struct studio__attribute *studio__attribute_new(void);

/* A new decision: "measure", "table", "reward" as asked for. */
void studio__add_form(struct req *r, struct studio__page *v, struct str what);
/* What the chosen decision gives. */
void studio__gives_form(struct req *r, struct studio__page *v);
/* Name, currency, rounding of the scheme. */
void studio__file_form(struct req *r, struct studio__page *v);

#endif
