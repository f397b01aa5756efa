/* What the tests of sheet share: archives made by hand, a reader that prints what it got. */
#ifndef KONTOR_SHEET_TEST_KIT_H
#define KONTOR_SHEET_TEST_KIT_H

#include <zip.h>

#include "sheet/sheet_int.h"

#define KIT __attribute__((unused)) static

struct part {
    const char *path;
    struct str content;
    bool is_stored;
};

#define PART(path_text, content_text)                                                              \
    {                                                                                              \
        .path = (path_text), .content = STR_INIT(content_text)                                     \
    }

#define MAIN_NS     "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATION_NS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE_NS  "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""

#define ROOT_RELS                                                                                  \
    "<Relationships " PACKAGE_NS "><Relationship Id=\"rId1\" Type=\"" RELATION_NS                  \
    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
#define BOOK                                                                                       \
    "<workbook " MAIN_NS " xmlns:r=\"" RELATION_NS                                                 \
    "\"><sheets><sheet name=\"Sales\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
#define BOOK_RELS                                                                                  \
    "<Relationships " PACKAGE_NS "><Relationship Id=\"rId1\" Type=\"" RELATION_NS                  \
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" RELATION_NS \
    "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" RELATION_NS \
    "/styles\" Target=\"styles.xml\"/></Relationships>"
#define STRINGS(items) "<sst " MAIN_NS ">" items "</sst>"
#define STYLES(inside) "<styleSheet " MAIN_NS ">" inside "</styleSheet>"
#define SHEET(rows)    "<worksheet " MAIN_NS "><sheetData>" rows "</sheetData></worksheet>"

/* The parts of an ordinary workbook; the last one is the worksheet. */
#define ORDINARY(strings, styles, sheet)                                                           \
    {                                                                                              \
        PART("_rels/.rels", ROOT_RELS), PART("xl/workbook.xml", BOOK),                             \
            PART("xl/_rels/workbook.xml.rels", BOOK_RELS), PART("xl/sharedStrings.xml", strings),  \
            PART("xl/styles.xml", styles), PART("xl/worksheets/sheet1.xml", sheet),                \
    }

KIT struct str zip_of(struct arena *arena, const struct part *parts, size_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    assert(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < len; i++) {
        zip_source_t *content =
            zip_source_buffer(zip, parts[i].content.at, parts[i].content.len, 0);
        zip_int64_t index = zip_file_add(zip, parts[i].path, content, 0);
        assert(index >= 0);
        int rc = zip_set_file_compression(zip, (zip_uint64_t)index,
                                          parts[i].is_stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
        assert(rc == 0);
    }
    int closed = zip_close(zip);
    assert(closed == 0);
    zip_stat_t stat;
    zip_stat_init(&stat);
    (void)zip_source_stat(source, &stat);
    char *at = arena_alloc(arena, stat.size);
    (void)zip_source_open(source);
    zip_int64_t read = zip_source_read(source, at, stat.size);
    assert(read == (zip_int64_t)stat.size);
    (void)zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&error);
    return (struct str){at, stat.size};
}

/* "1:a|b" for each row; kinds, when asked for, as n d b e after the text; then what ended it. */
KIT struct str rows_of_with(struct arena *arena, struct str bytes,
                            const struct sheet_options *options, bool has_kinds)
{
    static const char letters[] = "?_tndbe";
    struct fault fault = {.arena = arena};
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    AUTO_BUF text = BUF(16 << 20);
    enum rc rc = sheet_open(sheet_source_str(&bytes), options, &fault, &sheet);
    while (rc == RC_OK && (rc = sheet_next(sheet, &row)) == RC_OK) {
        buf_printf(&text, "%ld:", row.number);
        if (row.problem)
            buf_printf(&text, "!%s", row.problem);
        for (size_t i = 0; i < row.len; i++) {
            buf_put(&text, i > 0 ? STR("|") : STR(""));
            buf_put(&text, row.cells[i]);
            if (has_kinds)
                buf_char(&text, letters[row.kinds[i]]);
        }
        buf_char(&text, '\n');
    }
    if (rc != RC_MISSING || !sheet)
        buf_printf(&text, "%s: %s", rc_code(rc), fault.entries_len ? fault.entries[0].message : "");
    return str_dup(arena, buf_str(&text));
}

KIT struct str rows_of(struct arena *arena, struct str bytes)
{
    return rows_of_with(arena, bytes, NULL, false);
}

#endif
