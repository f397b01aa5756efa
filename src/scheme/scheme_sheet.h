/* scheme_sheet: schemes and their tables as spreadsheets, for people who never open a DMN file.
 *
 * One decision table is a table: a line of titles, then its rows, notes last. A whole scheme is a
 * workbook: the sheet Scheme (name and money options), the sheet Attributes, the sheet Measures and
 * rewards (every decision), and one sheet for each decision table, its hit policy in words in the
 * first cell. Titles and words are written in one language and understood in all of them. What was
 * written and is read again computes the same. */
#ifndef KONTOR_SCHEME_SHEET_H
#define KONTOR_SCHEME_SHEET_H

#include "i18n/i18n.h"
#include "scheme/scheme_edit.h"
#include "sheet/sheet.h"

/* One table. RC_MISSING: no such decision; RC_INVALID: it is no table. */
enum rc scheme_sheet_table_put(struct arena *arena, const struct lang *lang, struct str xml,
                               struct str part, enum sheet_kind kind, struct fault *fault,
                               struct sheet_sink sink);
/* The rows of a table from a CSV or XLSX file: columns by their titles, in any order. All that is
 * wrong is said at once, with the cell ("B7") as field. */
enum rc scheme_sheet_table_take(struct arena *arena, struct str xml, struct str part,
                                struct str file, struct fault *fault, struct str *out_xml,
                                struct scheme_edit_words *out_words);

/* A whole scheme. RC_INVALID: it has what only a DMN file holds (boxed logic, functions, imports).
 */
enum rc scheme_sheet_put(struct arena *arena, const struct lang *lang, struct str xml,
                         struct fault *fault, struct sheet_sink sink);
/* The scheme that a workbook says; faults name sheet and cell ("Rates B7"). Formulas are not
 * judged: scheme_read does that. */
enum rc scheme_sheet_take(struct arena *arena, struct str file, struct fault *fault,
                          struct str *out_xml);

/* What was sent as a scheme: a workbook becomes its DMN text, anything else is taken as one. */
enum rc scheme_sheet_or_dmn(struct arena *arena, struct str file, struct fault *fault,
                            struct str *out_xml);

#endif
