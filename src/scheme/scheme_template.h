/* scheme_template: schemes to begin with. Each is a file of its own (templates/CODE.dmn) that can
 * be published as it is, with attributes to fill, and a worked example (templates/CODE.scenario)
 * that is played by every check. Files are in English; who takes one has its words in their own
 * language. */
#ifndef KONTOR_SCHEME_TEMPLATE_H
#define KONTOR_SCHEME_TEMPLATE_H

#include "scheme/scheme_edit.h"

struct scheme_template {
    const char *code;    /* "tiered-whole" */
    const char *file;    /* DMN, in English */
    const char *example; /* a scenario */
};

/* In the order of the gallery: the simplest first. */
const struct scheme_template *scheme_templates(size_t *out_len);
const struct scheme_template *scheme_template_find(struct str code); /* NULL: none */
/* The template as a scheme of that language: its name, its description (one sentence: what it is
 * for), attributes to fill, decisions. */
void scheme_template_outline(struct arena *arena, const struct lang *lang,
                             const struct scheme_template *template, struct scheme_outline *out);

/* The worked example, for people: what happens in it, and its tables (partners, events, what is
 * expected) without those that say how it is played. */
struct scheme_example_table {
    struct str name; /* "events", "expect" … */
    struct str_list head;
    struct {
        struct str_list *at;
        size_t len, cap;
    } rows;
};
struct scheme_example {
    struct str words; /* in the language */
    struct {
        struct scheme_example_table *at;
        size_t len, cap;
    } tables;
};
void scheme_template_example(struct arena *arena, const struct lang *lang,
                             const struct scheme_template *template, struct scheme_example *out);

/* ---- a scheme from a template ---- */

struct scheme_template_value {
    struct str name; /* of the attribute */
    struct str text; /* as it is typed in the language of op: "5%" */
};
struct scheme_template_order {
    const struct scheme_template *template;
    struct str code;                            /* of the scheme to be made */
    struct str name;                            /* empty: that of the template */
    const struct scheme_template_value *values; /* the others keep the template's */
    size_t values_len;
};

/* The file as it will be. RC_INVALID: an attribute that there is not, or a value that does not fit
 * (its name as field). */
enum rc scheme_template_text(struct op *op, const struct scheme_template_order *order,
                             struct str *out_xml);
/* Makes the scheme with a draft version. Permission scheme.edit; RC_INVALID as above, or the code
 * is taken. */
enum rc scheme_template_make(struct op *op, const struct scheme_template_order *order,
                             int64_t *out_scheme_id, int64_t *out_version_id);

#endif
