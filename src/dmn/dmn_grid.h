/* Decision tables as sets, for checking: every input is cut at all the bounds that the rules name
 * into atoms, inside which no rule can tell two values apart; a cell is a set of atoms, a rule is
 * a box of them. What holds for boxes then holds for all values. Shared inside the module. */
#ifndef KONTOR_DMN_GRID_H
#define KONTOR_DMN_GRID_H

#include "dmn/dmn_int.h"

struct dmn__atom {
    enum dmn__atom_form {
        DMN_ATOM_POINT = 1,
        DMN_ATOM_BELOW, /* of low */
        DMN_ATOM_BETWEEN,
        DMN_ATOM_ABOVE,
        DMN_ATOM_OTHER, /* any text that is not named */
        DMN_ATOM_ALL,   /* of an input that no cell looks at */
        DMN_ATOM_NULL
    } form;
    struct feel_value low, high;
};

struct dmn__set {
    const uint64_t *sure;  /* atoms that surely match */
    const uint64_t *maybe; /* atoms that may match: more than `sure` when a cell is no constant */
    struct str text;
    bool is_any, is_known;
    bool is_never; /* no value at all satisfies it */
};

struct dmn__dim {
    size_t column; /* the first of those that ask the same */
    struct dmn__atom *atoms;
    size_t atoms_len, words; /* of a set of atoms */
    uint64_t *domain;        /* atoms that can occur, null too */
    bool is_closed;          /* nothing outside the domain can occur, as far as is declared */
};

struct dmn__grid {
    struct arena *arena;
    const struct dmn_table *table;
    struct dmn__dim *dims;
    size_t dims_len;
    struct dmn__set *sets; /* rules x dims */
    bool *is_never;        /* rules x columns: the cell alone can never match */
    size_t words;          /* of a set of rules */
};

static inline bool dmn__bit(const uint64_t *set, size_t i)
{
    return (set[i / 64] >> (i % 64)) & 1;
}

static inline void dmn__bit_set(uint64_t *set, size_t i)
{
    set[i / 64] |= UINT64_C(1) << (i % 64);
}

/* False when the table is too large to be looked at. */
bool dmn__grid(struct arena *arena, const struct dmn_table *table, struct dmn__grid *out);
const struct dmn__set *dmn__grid_set(const struct dmn__grid *grid, size_t rule, size_t dim);
/* A value inside the atom, or a FEEL test that only its values pass. */
struct str dmn__atom_text(const struct dmn__grid *grid, size_t dim, size_t atom);

enum { DMN_SWEEP_FOUND_MAX = 5 };

/* A search for values that no rule of a set takes. */
struct dmn__sweep {
    const struct dmn__grid *grid;
    bool is_sure;             /* by what rules surely take, else by what they may take */
    const uint64_t **allowed; /* by dim: where to look */
    const uint64_t *rules;    /* which count */
    const uint64_t **always;  /* by dim, or NULL: rules that take the whole of it */
    size_t found_max;
    int64_t *work_left;
    /* results */
    size_t found_len;
    size_t *found[DMN_SWEEP_FOUND_MAX]; /* by dim: an atom, SIZE_MAX: whatever */
    bool is_stopped;                    /* the work was spent first */
};
void dmn__sweep(struct dmn__sweep *sweep);

#endif
