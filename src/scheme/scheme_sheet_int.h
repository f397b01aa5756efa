/* What writing and reading schemes as spreadsheets share: titles and words, which are written in
 * one language and understood in all of them. */
#ifndef KONTOR_SCHEME_SHEET_INT_H
#define KONTOR_SCHEME_SHEET_INT_H

#include "scheme/scheme_edit_int.h"
#include "scheme/scheme_sheet.h"

#define SCHEME_SHEET_SCHEME     M("Scheme")
#define SCHEME_SHEET_ATTRIBUTES M("Attributes")
#define SCHEME_SHEET_PARTS      M("Measures and rewards")
#define SCHEME_SHEET_NOTE       M("Note")

enum scheme__attribute_column {
    ATTRIBUTE_NAME = 0,
    ATTRIBUTE_LABEL,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_UNIT,
    ATTRIBUTE_DEFAULT,
    ATTRIBUTE_LEAST,
    ATTRIBUTE_MOST,
    ATTRIBUTE_OUTLET,
    ATTRIBUTE_COLUMNS
};
enum scheme__part_column {
    PART_NAME = 0,
    PART_LABEL,
    PART_KIND,
    PART_SCOPE,
    PART_LOGIC,
    PART_TEXT, /* of a table the name of its sheet */
    PART_OPTIONS,
    PART_DESCRIPTION,
    PART_COLUMNS
};
/* What the first lines of a table's sheet say, each in its first cell. */
enum scheme__table_line {
    TABLE_SIDE = 0, /* condition, result or note */
    TABLE_TEXT,
    TABLE_TYPE,
    TABLE_VALUES,
    TABLE_FALLBACK,
    TABLE_LINES
};
extern const char *const scheme__setting_titles[2],
    *const scheme__attribute_titles[],
        *const scheme__part_titles[], *const scheme__table_lines[], *const scheme__table_sides[3];
extern const char *const scheme__logic_words[]; /* by enum scheme_logic */

/* Is the text this message, in any language? */
bool scheme__is_words(struct arena *arena, struct str text, const char *key);
/* Of a list of messages; -1: none. */
int scheme__words_at(struct arena *arena, struct str text, const char *const *keys, size_t len);
/* The hit policy that the text names: a sentence or DMN's own word; 0: none. */
enum dmn_hit_policy scheme__policy_of(struct arena *arena, struct str text);
enum scheme_kind scheme__kind_of_words(struct arena *arena, struct str text);
enum scheme_scope scheme__scope_of_words(struct arena *arena, struct str text);
/* What a column is called: its label, else its formula or name. */
struct str scheme__column_title(const struct scheme_column *column);

#endif
