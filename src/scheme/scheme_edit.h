/* scheme_edit: a scheme's file seen as what it is made of, and changed one step at a time. Pure
 * functions over the text of a draft: no database, no pages. The file may be wrong in every formula
 * and still be edited; only well-formed XML is asked for. What is not known here (diagrams, other
 * tools' extensions, comments) stays as it is.
 *
 * Nobody draws arrows: which inputs and decisions a decision requires follows from the names in its
 * formulas, and is written anew after each change.
 *
 * A change gives a whole new text, so undoing one is taking the former text. */
#ifndef KONTOR_SCHEME_EDIT_H
#define KONTOR_SCHEME_EDIT_H

#include "scheme/scheme.h"

/* ---- what a file is made of ---- */

enum scheme_logic {
    SCHEME_FORMULA = 1, /* also a decision that has no logic yet: the text is empty */
    SCHEME_TABLE,
    SCHEME_BOXED /* another boxed expression of DMN: shown as text, not edited */
};

struct scheme_option { /* an attribute of kontor:scheme or kontor:output */
    struct str name, value;
};
struct scheme_options {
    const struct scheme_option *at;
    size_t len;
};
/* Absent when there is no such option. */
struct str scheme_option(const struct scheme_options *options, const char *name);

struct scheme_column {
    struct str label;    /* as written; empty: none */
    struct str text;     /* of a condition: the formula; of a result: its name */
    struct str type;     /* "number", "string"…; empty: not stated */
    struct str values;   /* allowed values: `"A", "B"`; empty: any */
    struct str fallback; /* of a result: when no row applies; empty: none */
};

struct scheme_grid_row {
    const struct str *cells; /* conditions, then results; empty ones are "" */
    struct str note;
    long line; /* in the file */
};

struct scheme_grid {
    enum dmn_hit_policy policy;
    const struct scheme_column *columns; /* conditions, then results */
    size_t inputs_len, columns_len;
    const struct scheme_grid_row *rows;
    size_t rows_len;
    struct str note_title; /* of the column of notes; empty: as usual */
    bool has_notes;        /* some row has one */
};

struct scheme_use { /* of an input or another decision, by a formula */
    size_t i;
    bool is_input;
};

struct scheme_part { /* a decision */
    struct str id, name;
    struct str label; /* of its output, else of the decision, else the name */
    struct str description;
    struct str type;               /* of the result, as written; empty: not stated */
    bool is_output;                /* it has kontor:output; else it helps others */
    enum scheme_kind kind;         /* 0: it helps, or the word is not known */
    enum scheme_scope scope;       /* the usual one when the file does not say; 0: not known */
    struct scheme_options options; /* of kontor:output, all as written */
    enum scheme_logic logic;
    struct str text; /* of a formula; of a boxed expression what is inside */
    struct scheme_grid grid;
    const struct scheme_use *uses;
    size_t uses_len;
    long line; /* in the file */
};

struct scheme_outline {
    struct str id, name, description;
    struct scheme_options options; /* currency, rounding, scale, level, tree, as written */
    const struct scheme_attribute *attributes; /* as written: a default may be wrong or absent */
    size_t attributes_len;
    const struct str *inputs; /* what formulas may read: those of the file, then of schemes */
    size_t inputs_len;
    const struct scheme_part *parts; /* in the order of the file */
    size_t parts_len;
};

/* RC_INVALID: not well-formed, or no DMN; RC_TOO_LARGE. Everything lives in the arena. */
enum rc scheme_outline(struct arena *arena, struct str xml, struct fault *fault,
                       struct scheme_outline *out);
/* NULL when there is no decision with the id. */
const struct scheme_part *scheme_part(const struct scheme_outline *outline, struct str id);

/* ---- what may stand where ---- */

bool scheme_kind_has_scope(enum scheme_kind kind, enum scheme_scope scope);
bool scheme_kind_has_option(enum scheme_kind kind, const char *option);
/* The i-th word that an option may have: of "rounding", "level", "tree", "reset", "direction", and
 * "key" of an accumulator. NULL: there is none further; without a first one any text will do. */
const char *scheme_option_word(const char *option, size_t i);
/* The inputs of schemes; false at the end. */
bool scheme_input_at(size_t i, const char **out_name);
bool scheme_input_has_scope(const char *name, enum scheme_scope scope);

/* ---- changes ---- */

#define SCHEME_LAST SIZE_MAX /* as a place: behind all others */

enum scheme_edit_kind {
    /* The file. name, description, options; what is absent stays. An option with an empty value
     * is taken away. */
    SCHEME_SET = 1,

    /* Attributes (components of terms). */
    SCHEME_ATTRIBUTE_ADD,    /* attribute, to */
    SCHEME_ATTRIBUTE_SET,    /* name: which; attribute: all of it anew; formulas follow its name */
    SCHEME_ATTRIBUTE_REMOVE, /* name; refused while a formula reads it */
    SCHEME_ATTRIBUTE_MOVE,   /* name, to */

    /* Decisions. */
    SCHEME_PART_ADD,    /* name, label, description, logic, text (of a formula), options, to */
    SCHEME_PART_SET,    /* part; label, description, options as of SCHEME_SET; the option kind made
                         * empty leaves a decision that helps others. Options that the new kind
                         * does not have go, and a scope that it does not have changes. */
    SCHEME_PART_RENAME, /* part, name; formulas follow, by names and not by text */
    SCHEME_PART_REMOVE, /* part; refused while a formula reads it */
    SCHEME_PART_MOVE,   /* part, to */
    SCHEME_FORMULA_SET, /* part, text */
    SCHEME_LOGIC_SET,   /* part, logic. A formula becomes the only row of a table; a table in which
                         * one row applies becomes if … then … else. */

    /* Tables. Rows and columns count from 0, conditions before results. */
    SCHEME_POLICY_SET,    /* part, policy */
    SCHEME_COLUMN_ADD,    /* part, column_now, is_result, to (among conditions or results), text:
                           * what its cells hold; empty: "-", or nothing for a result */
    SCHEME_COLUMN_SET,    /* part, column, column_now; what is absent in it stays */
    SCHEME_COLUMN_REMOVE, /* part, column */
    SCHEME_COLUMN_MOVE,   /* part, column, to (among all; stays on its side) */
    SCHEME_ROW_ADD,       /* part, to */
    SCHEME_ROW_COPY,      /* part, row, to */
    SCHEME_ROW_REMOVE,    /* part, row */
    SCHEME_ROW_MOVE,      /* part, row, to */
    SCHEME_CELL_SET,      /* part, row, column, text */
    SCHEME_NOTE_SET,      /* part, row, text */
    SCHEME_PASTE /* part, row, column, text: lines with tabs, as spreadsheets copy them; the
                  * table grows downwards; the column behind the last is that of notes */
};

struct scheme_edit {
    enum scheme_edit_kind kind;
    struct str part; /* id of a decision */
    struct str name, label, description, text;
    struct scheme_options options;
    struct scheme_attribute attribute;
    enum scheme_logic logic;
    enum dmn_hit_policy policy;
    struct scheme_column column_now;
    bool is_result;
    size_t row, column, to;
};

/* What a change was, for a list of changes: i18n_format_c(arena, lang, key, args, LEN(args)). */
struct scheme_edit_words {
    const char *key;
    const char *args[5]; /* NULL: none; some are keys themselves: see KEY_MARK */
};

enum { SCHEME_ROWS_MAX = 5000, SCHEME_COLUMNS_MAX = 100 };

/* The text after the change. Cells are taken as people write them: 7 % is 0.07, a word that no
 * formula knows is a text (Seafood: "Seafood"), any is "-".
 * RC_INVALID: what was wrong with the change, with the name of the decision or attribute as field;
 * several entries when a pasted block has several faults. RC_MISSING: no such decision. */
enum rc scheme_edit(struct arena *arena, struct str xml, const struct scheme_edit *edit,
                    struct fault *fault, struct str *out_xml, struct scheme_edit_words *out_words);

/* A scheme without attributes and decisions: a file that can be edited, but not published yet. */
struct str scheme_edit_new(struct arena *arena, struct str id, struct str name);

#endif
