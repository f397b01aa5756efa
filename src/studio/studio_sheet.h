/* Tables of a draft as spreadsheets, both ways. */
#ifndef KONTOR_STUDIO_SHEET_H
#define KONTOR_STUDIO_SHEET_H

#include "studio/studio_int.h"

struct studio__table_query {
    struct str part, format; /* no part: the whole scheme; "csv" or a workbook */
};
extern const struct field studio__table_fields[];
enum rc studio__page_table(struct req *r);
enum rc studio__page_sheet(struct req *r);

#endif
