/* Workbooks as different programs write them, and what is refused. */
#include <unistd.h>

#include "sheet/sheet_test_kit.h"
#include "tests/tap.h"

#define ROWS(parts_list, want, name)                                                               \
    do {                                                                                           \
        AUTO_ARENA arena = arena_new(0);                                                           \
        static const struct part parts[] = parts_list;                                             \
        is_str(rows_of(arena, zip_of(arena, parts, LEN(parts))), want, name);                      \
    } while (0)

#define EXCEL_STYLES                                                                               \
    STYLES("<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/>"     \
           "<numFmt numFmtId=\"165\" formatCode=\"#,##0.00\\ &quot;руб.&quot;\"/></numFmts>"    \
           "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"                                    \
           "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"              \
           "<xf numFmtId=\"165\"/></cellXfs>")

static void test_excel(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const struct part parts[] = ORDINARY(
        STRINGS("<si><t>Дилер</t></si><si><t xml:space=\"preserve\"> Sum </t></si>"
                "<si><r><rPr><b/></rPr><t>ООО </t></r><r><t>«Ромашка»</t></r></si>"
                "<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si><si/>"),
        EXCEL_STYLES,
        SHEET(
            "<row r=\"1\" spans=\"1:2\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
            "<c r=\"B1\" t=\"s\"><v>1</v></c></row>"
            "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c>"
            "<c r=\"B3\" s=\"3\"><v>9115.9599999999991</v></c><c r=\"C3\" s=\"1\"><v>45000</v></c>"
            "<c r=\"D3\" s=\"2\"><v>45000.586805555555</v></c><c r=\"E3\" t=\"b\"><v>1</v></c>"
            "<c r=\"F3\" t=\"e\"><v>#N/A</v></c><c r=\"H3\" t=\"str\"><f>A1&amp;B1</f><v>a_x000A_b"
            "</v></c><c r=\"I3\" s=\"1\"/><c r=\"J3\" t=\"s\"><v>4</v></c></row>"
            "<row r=\"4\"><c r=\"A4\" s=\"1\"/></row>"
            "<row r=\"5\"><c r=\"B5\" t=\"s\"><v>3</v></c></row>"));
    struct str bytes = zip_of(arena, parts, LEN(parts));
    is_str(rows_of_with(arena, bytes, NULL, true),
           "1:Дилерt| Sum t\n"
           "3:ООО «Ромашка»t|9115.96n|2023-03-15d|2023-03-15T14:05:00d|trueb|#N/Ae|_|a\nbt\n"
           "5:_|東京t\n",
           "cells come at their columns with what their types and formats make of them");
}

static void test_variants(void)
{
    ROWS(ORDINARY(STRINGS(""), STYLES(""),
                  SHEET("<row><c t=\"inlineStr\"><is><t>code</t></is></c><c><v>1</v></c></row>"
                        "<row><c t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r></is></c>"
                        "<c t=\"n\"><v>2.5</v></c></row>")),
         "1:code|1\n2:ab|2.5\n", "inline strings and cells without references are read in order");
    ROWS(ORDINARY(STRINGS(""), STYLES(""),
                  SHEET("<row r=\"2\"><c r=\"C2\"><v>3</v></c><c r=\"A2\"><v>1</v></c>"
                        "<c><v>2</v></c></row>")),
         "2:1|2|3\n", "cells out of order stand where their references say");
    static const struct part absolute[] = {
        PART("/_rels/.rels",
             "<Relationships " PACKAGE_NS "><Relationship Id=\"a\" Type=\"" RELATION_NS
             "/officeDocument\" Target=\"/Book/wb.xml\"/></Relationships>"),
        PART("Book\\WB.xml", BOOK),
        PART("book/_rels/wb.xml.rels",
             "<Relationships " PACKAGE_NS "><Relationship Id=\"rId1\" Type=\"" RELATION_NS
             "/worksheet\" Target=\"/Book/./x/../Cells.xml\"/></Relationships>"),
        PART("Book/Cells.xml", SHEET("<row r=\"1\"><c r=\"A1\"><v>7</v></c></row>")),
    };
    AUTO_ARENA arena = arena_new(0);
    is_str(rows_of(arena, zip_of(arena, absolute, LEN(absolute))), "1:7\n",
           "parts are found by absolute targets, any case, dots and backslashes");
    static const struct part strict[] = {
        PART("_rels/.rels",
             "<Relationships " PACKAGE_NS
             "><Relationship Id=\"r\" Type=\"http://purl.oclc.org/ooxml/"
             "officeDocument/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
             "</Relationships>"),
        PART("xl/workbook.xml",
             "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
             "xmlns:q=\"http://"
             "purl.oclc.org/ooxml/officeDocument/relationships\"><x:workbookPr date1904=\"true\"/>"
             "<x:sheets><x:sheet name=\"S\" q:id=\"w\"/></x:sheets></x:workbook>"),
        PART("xl/_rels/workbook.xml.rels",
             "<Relationships " PACKAGE_NS
             "><Relationship Id=\"w\" Type=\"http://purl.oclc.org/ooxml/"
             "officeDocument/relationships/worksheet\" Target=\"s.xml\"/><Relationship Id=\"t\" "
             "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/styles\" "
             "Target=\"styles.xml\"/></Relationships>"),
        PART("xl/styles.xml", "<styleSheet xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\">"
                              "<cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        PART("xl/s.xml",
             "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
             "xmlns:e=\"urn:e\"><x:sheetData><x:row><e:c><e:v>9</e:v></e:c>"
             "<x:c s=\"0\"><x:v>0</x:v></x:c><x:c s=\"0\" t=\"d\"><x:v>2026-08-03T00:00:00"
             "</x:v></x:c></x:row></x:sheetData></x:worksheet>"),
    };
    is_str(rows_of(arena, zip_of(arena, strict, LEN(strict))), "1:1904-01-01|2026-08-03\n",
           "strict namespaces with prefixes, the 1904 calendar and ISO dates are read");
}

static void test_sheets(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const struct part parts[] = {
        PART("_rels/.rels", ROOT_RELS),
        PART("xl/workbook.xml",
             "<workbook " MAIN_NS " xmlns:r=\"" RELATION_NS "\"><sheets>"
             "<sheet name=\"Chart\" r:id=\"c\"/><sheet name=\"Old\" state=\"hidden\" r:id=\"h\"/>"
             "<sheet name=\"Продажи\" r:id=\"a\"/><sheet name=\"B\" r:id=\"b\"/></sheets>"
             "</workbook>"),
        PART("xl/_rels/workbook.xml.rels",
             "<Relationships " PACKAGE_NS "><Relationship Id=\"c\" Type=\"" RELATION_NS
             "/chartsheet\" Target=\"c.xml\"/><Relationship Id=\"h\" Type=\"" RELATION_NS
             "/worksheet\" Target=\"h.xml\"/><Relationship Id=\"a\" Type=\"" RELATION_NS
             "/worksheet\" Target=\"a.xml\"/><Relationship Id=\"b\" Type=\"" RELATION_NS
             "/worksheet\" Target=\"b.xml\"/></Relationships>"),
        PART("xl/c.xml", "<chartsheet " MAIN_NS "/>"),
        PART("xl/h.xml", SHEET("<row><c><v>1</v></c></row>")),
        PART("xl/a.xml", SHEET("<row><c><v>2</v></c></row>")),
        PART("xl/b.xml", SHEET("<row><c><v>3</v></c></row>")),
    };
    struct str bytes = zip_of(arena, parts, LEN(parts));
    is_str(rows_of(arena, bytes), "1:2\n", "the first visible sheet with cells is read");
    struct sheet_options options = {.sheet_name = STR("продажи ")};
    is_str(rows_of_with(arena, bytes, &options, false), "1:2\n", "a sheet is found in any case");
    options.sheet_name = STR("old");
    is_str(rows_of_with(arena, bytes, &options, false), "1:1\n", "a hidden sheet is read by name");
    options.sheet_name = STR("Chart");
    is_str(rows_of_with(arena, bytes, &options, false),
           "missing: The workbook has no sheet named {0}. Its sheets: {1}.",
           "a sheet without cells is not offered");
    struct fault fault = {.arena = arena};
    AUTO_SHEET sheet = NULL;
    ok(sheet_open(sheet_source_str(&bytes), NULL, &fault, &sheet) == RC_OK &&
           sheet_about(sheet)->names_len == 3 &&
           str_eq(sheet_about(sheet)->names[1], STR("Продажи")) &&
           sheet_about(sheet)->kind == SHEET_XLSX,
       "the names of the sheets are told");
}

static void test_long_rows(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF xml = BUF(8 << 20);
    AUTO_BUF want = BUF(8 << 20);
    buf_put(&xml, STR("<worksheet " MAIN_NS "><sheetData>"));
    for (int row = 1; row <= 40; row++) {
        buf_printf(&xml, "<row r=\"%d\">", row * 2);
        buf_printf(&want, "%d:", row * 2);
        for (int column = 0; column < 1024; column++) {
            buf_printf(&xml, "<c t=\"inlineStr\"><is><t>cell %d &amp; %d</t></is></c>", row,
                       column);
            buf_printf(&want, "%scell %d & %d", column > 0 ? "|" : "", row, column);
        }
        buf_put(&xml, STR("</row>"));
        buf_char(&want, '\n');
    }
    buf_put(&xml, STR("</sheetData></worksheet>"));
    struct part parts[] = ORDINARY(STRINGS(""), STYLES(""), "");
    parts[LEN(parts) - 1].content = buf_str(&xml);
    ok(str_eq(rows_of(arena, zip_of(arena, parts, LEN(parts))), buf_str(&want)),
       "rows that are longer than a piece of the file come whole");
}

static void test_many_strings(void)
{
    enum { STRINGS_LEN = 60000 };
    AUTO_ARENA arena = arena_new(256 << 20);
    AUTO_BUF strings = BUF(128 << 20);
    AUTO_BUF xml = BUF(64 << 20);
    buf_put(&strings, STR("<sst " MAIN_NS ">"));
    for (int i = 0; i < STRINGS_LEN; i++)
        buf_printf(&strings, "<si><t>%0*d</t></si>", i % 50 == 0 ? 9000 : 700, i);
    buf_put(&strings, STR("</sst>"));
    buf_put(&xml, STR("<worksheet " MAIN_NS "><sheetData>"));
    for (int64_t i = 0; i < STRINGS_LEN; i++)
        buf_printf(&xml, "<row><c t=\"s\"><v>%d</v></c><c t=\"s\"><v>%d</v></c></row>", (int)i,
                   (int)(i * 7919 % STRINGS_LEN));
    buf_put(&xml, STR("</sheetData></worksheet>"));
    struct part parts[] = ORDINARY("", STYLES(""), "");
    parts[3] = (struct part){"xl/sharedStrings.xml", buf_str(&strings), true};
    parts[5].content = buf_str(&xml);
    struct str bytes = zip_of(arena, parts, LEN(parts));
    struct fault fault = {.arena = arena};
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    int64_t i = 0, number, wrong = 0;
    enum rc rc = sheet_open(sheet_source_str(&bytes), NULL, &fault, &sheet);
    for (; rc == RC_OK && (rc = sheet_next(sheet, &row)) == RC_OK; i++) {
        wrong += row.len != 2 || !str_to_i64(row.cells[0], &number) || number != i;
        wrong +=
            row.len != 2 || !str_to_i64(row.cells[1], &number) || number != i * 7919 % STRINGS_LEN;
    }
    ok(rc == RC_MISSING && i == STRINGS_LEN && wrong == 0,
       "texts beyond the memory for them come back from the temporary file, in any order");
}

/* ---- refusals ---- */

static void refused(struct part *parts, size_t len, const char *want, const char *name)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    is_str(rows_of(arena, zip_of(arena, parts, len)), want, name);
}

#define DAMAGED                                                                                    \
    "invalid: The workbook is damaged or was not sent whole. Open it in a spreadsheet program, "   \
    "save it as .xlsx and send it again."

static void test_damage(void)
{
    struct part parts[] = ORDINARY(STRINGS(""), STYLES(""), SHEET("<row><c><v>1</v></c></row>"));
    parts[5].content = STR("<worksheet " MAIN_NS "><sheetData><row><c><v>1</v></row>");
    refused(parts, LEN(parts), DAMAGED, "broken XML is refused");
    parts[5].content = STR("<worksheet " MAIN_NS "><sheetData><row><c><v>&what;</v></c></row>"
                           "</sheetData></worksheet>");
    refused(parts, LEN(parts), DAMAGED, "an unknown entity is refused");
    parts[5].content = STR(SHEET("<row><c t=\"s\"><v>5</v></c></row>"));
    refused(parts, LEN(parts), DAMAGED, "a text that is not there is refused");
    parts[5].content = STR("");
    refused(parts, LEN(parts), DAMAGED, "an empty part is refused");
    parts[5].path = "xl/worksheets/other.xml";
    refused(parts, LEN(parts), DAMAGED, "a missing worksheet is refused");
    parts[5].path = "xl/worksheets/sheet1.xml";
    parts[5].content = STR(SHEET("<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/>"));
    refused(parts, LEN(parts),
            "invalid: The rows of the workbook are numbered out of order. Open it in a spreadsheet "
            "program, save it as .xlsx and send it again.",
            "a row number that comes twice is refused");
    parts[5].content = STR("<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" SHEET(
        "<row><c t=\"inlineStr\"><is><t>&x;</t></is></c></row>"));
    refused(
        parts, LEN(parts),
        "invalid: The workbook holds a document type or external entities, which no spreadsheet "
        "program writes. Save it again as .xlsx in such a program.",
        "external entities are refused");
    AUTO_ARENA arena = arena_new(0);
    parts[5].content = STR(SHEET("<row><c><v>1</v></c></row>"));
    struct str bytes = zip_of(arena, parts, LEN(parts));
    is_str(rows_of(arena, str_sub(bytes, 0, bytes.len / 2)), DAMAGED, "half a file is refused");
    int accepted = 0;
    for (size_t i = 4; i < bytes.len; i++)
        accepted += str_eq(rows_of(arena, str_sub(bytes, 0, i)), STR("1:1\n"));
    is_i64(accepted, 0, "a file cut anywhere is refused");
    parts[5].is_stored = true;
    bytes = zip_of(arena, parts, LEN(parts));
    char *changed = arena_alloc(arena, bytes.len);
    memcpy(changed, bytes.at, bytes.len);
    size_t at = str_find(bytes, STR("<v>1</v>"), 0);
    changed[at + 3] = '2';
    is_str(rows_of(arena, (struct str){changed, bytes.len}), "1:2\n" DAMAGED,
           "a changed byte is seen by its checksum at the end");
}

static void test_bombs(void)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    enum { BOMB_BYTES = 20 << 20 };
    char *blanks = arena_alloc(arena, BOMB_BYTES);
    memset(blanks, ' ', BOMB_BYTES);
    static const char bomb[] = "too_large: The workbook unpacks to far more than its size, as no "
                               "table does. Copy the values into a new workbook, or send them as "
                               "CSV.";
    struct part parts[] = ORDINARY(STRINGS(""), STYLES(""), "");
    parts[5].content = (struct str){blanks, BOMB_BYTES};
    struct str bytes = zip_of(arena, parts, LEN(parts));
    is_str(rows_of(arena, bytes), bomb, "a part that unpacks more than a hundredfold is refused");

    /* The directory lies about the size: the count while unpacking finds it. */
    char *lying = arena_alloc(arena, bytes.len);
    memcpy(lying, bytes.at, bytes.len);
    static const char size[] = {0, 0, 0x40, 1};
    for (size_t i = 0; i + 4 <= bytes.len; i++)
        if (memcmp(lying + i, size, 4) == 0)
            memcpy(lying + i, "\x10\0\0\0", 4);
    is_str(rows_of(arena, (struct str){lying, bytes.len}), bomb,
           "a part that unpacks to more than the directory says is refused");

    parts[5].content = STR(SHEET("<row><c><v>1</v></c></row>"));
    bytes = zip_of(arena, parts, LEN(parts));
    struct sheet_options options = {.unpacked_max = 500};
    is_str(rows_of_with(arena, bytes, &options, false), bomb,
           "more bytes in all than allowed are refused");

    struct part nested[] = ORDINARY(STRINGS(""), STYLES(""), "");
    nested[5] = (struct part){"xl/embeddings/inner.xlsx", bytes, false};
    refused(nested, LEN(nested),
            "invalid: The archive holds another archive or an embedded document. Send a workbook "
            "with nothing but the table.",
            "an archive in the archive is refused");

    struct part *many = NEW_ARRAY(arena, struct part, 4200);
    for (int i = 0; i < 4200; i++)
        many[i] = (struct part){str_c(arena, str_printf(arena, "p%d", i)), STR("x"), true};
    refused(
        many, 4200,
        "too_large: The workbook consists of too many parts. Copy the table into a new workbook "
        "and send that.",
        "an archive of thousands of parts is refused");
}

/* One shared text of 100,000 bytes, referred to again and again. */
static void test_text_bomb(void)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    AUTO_BUF strings = BUF(1 << 20);
    AUTO_BUF xml = BUF(8 << 20);
    buf_put(&strings, STR("<sst " MAIN_NS "><si><t>"));
    for (uint32_t i = 0, seed = 1; i < 100000; i++, seed = seed * 1664525 + 1013904223)
        buf_char(&strings, (char)('a' + (seed >> 24) % 26));
    buf_put(&strings, STR("</t></si></sst>"));
    buf_put(&xml, STR("<worksheet " MAIN_NS "><sheetData>"));
    for (int i = 0; i < 2000; i++)
        buf_put(&xml, STR("<row><c t=\"s\"><v>0</v></c></row>"));
    buf_put(&xml, STR("</sheetData></worksheet>"));
    struct part parts[] = ORDINARY("", STYLES(""), "");
    parts[3].content = buf_str(&strings);
    parts[5].content = buf_str(&xml);
    struct str bytes = zip_of(arena, parts, LEN(parts));
    struct fault fault = {.arena = arena};
    struct sheet_options options = {.unpacked_max = 8 << 20};
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    int rows = 0;
    enum rc rc = sheet_open(sheet_source_str(&bytes), &options, &fault, &sheet);
    for (; rc == RC_OK && (rc = sheet_next(sheet, &row)) == RC_OK;)
        rows++;
    ok(rc == RC_TOO_LARGE && rows == 83 && sheet_next(sheet, &row) == RC_TOO_LARGE,
       "texts that repeat into far more than the file are refused");
    AUTO_BUF wide = BUF(1 << 20);
    buf_put(&wide, STR("<worksheet " MAIN_NS "><sheetData><row>"));
    for (int i = 0; i < 11; i++)
        buf_put(&wide, STR("<c t=\"s\"><v>0</v></c>"));
    buf_put(&wide, STR("</row></sheetData></worksheet>"));
    parts[5].content = buf_str(&wide);
    refused(parts, LEN(parts),
            "too_large: A row holds more than {0} KiB. Shorten its texts and send the file again.",
            "a row of more than a mebibyte is refused");
}

static void test_limits(void)
{
    AUTO_ARENA arena = arena_new(256 << 20);
    struct part parts[] = ORDINARY(STRINGS(""), STYLES(""), "");
    parts[5].content = STR(SHEET("<row><c r=\"AMK1\"><v>1</v></c></row>"));
    refused(parts, LEN(parts),
            "too_large: The table has more than {0} columns. Delete those that are not needed.",
            "a cell beyond the last column is refused");
    parts[5].content = STR(SHEET("<row><c r=\"A1\"><v>1</v></c><c r=\"XFD1\" s=\"0\"/></row>"));
    is_str(rows_of(arena, zip_of(arena, parts, LEN(parts))), "1:1\n",
           "an empty formatted cell beyond the last column does not matter");
    parts[5].content = STR(SHEET("<row r=\"1048577\"><c><v>1</v></c></row>"));
    refused(parts, LEN(parts), DAMAGED, "a row that cannot be is refused");
    AUTO_BUF xml = BUF(1 << 20);
    buf_put(&xml, STR("<worksheet " MAIN_NS "><sheetData><row><c t=\"str\"><v>"));
    for (int i = 0; i < 140000; i++)
        buf_char(&xml, (char)('a' + i % 89 % 26));
    buf_put(&xml, STR("</v></c></row></sheetData></worksheet>"));
    parts[5].content = buf_str(&xml);
    refused(parts, LEN(parts),
            "too_large: A cell holds more than {0} KiB of text. Shorten it and send the file "
            "again.",
            "a text that no spreadsheet can hold is refused");
    parts[5].content = STR(SHEET("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"));
    struct sheet_options options = {.rows_max = 1};
    is_str(rows_of_with(arena, zip_of(arena, parts, LEN(parts)), &options, false),
           "1:1\ntoo_large: The table has more than {0} rows. Split it into several files.",
           "more rows than allowed are refused");
    options = (struct sheet_options){.folder = "/nonexistent"};
    is_str(rows_of_with(arena, zip_of(arena, parts, LEN(parts)), &options, false), "1:1\n2:2\n",
           "a small workbook needs no temporary file");
}

static void test_other_archives(void)
{
    struct part plain[] = {PART("sales.csv", "a,b\n1,2\n")};
    refused(plain, LEN(plain),
            "invalid: This is a ZIP archive, not a workbook. Unpack it and send the CSV or .xlsx "
            "file that is inside.",
            "a zipped CSV file is refused with what to do");
    struct part ods[] = {PART("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                         PART("content.xml", "<x/>")};
    refused(ods, LEN(ods),
            "invalid: This is an OpenDocument file (.ods). Save it as .xlsx or CSV and send that.",
            "an OpenDocument file is refused with what to do");
    struct part xlsb[] = {PART("_rels/.rels", "<Relationships " PACKAGE_NS "/>"),
                          PART("xl/workbook.bin", "\x83\x01")};
    refused(xlsb, LEN(xlsb),
            "invalid: This is a binary workbook (.xlsb). Save it as .xlsx or CSV and send that.",
            "a binary workbook is refused with what to do");
    struct part word[] = {PART("word/document.xml", "<w/>")};
    refused(word, LEN(word),
            "invalid: This is a text document or a presentation. Send a table as .xlsx or CSV.",
            "a text document is refused with what to do");
}

/* ---- a source that fails ---- */

struct failing {
    struct str bytes;
    int reads_left;
};

static enum rc failing_read(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    struct failing *failing = self;
    if (failing->reads_left-- <= 0)
        return RC_BUSY;
    struct str piece = str_sub(failing->bytes, (size_t)offset, cap);
    memcpy(at, piece.at, piece.len);
    *out_len = piece.len;
    return RC_OK;
}

static void test_failing_source(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const struct part parts[] = ORDINARY(STRINGS("<si><t>a</t></si>"), STYLES(""),
                                                SHEET("<row><c t=\"s\"><v>0</v></c></row>"));
    struct str bytes = zip_of(arena, parts, LEN(parts));
    int wrong = 0, n = 0;
    enum rc rc = RC_BUSY;
    for (; rc != RC_MISSING && n < 1000; n++) {
        struct fault fault = {.arena = arena};
        struct failing failing = {bytes, n};
        struct sheet_source source = {failing_read, &failing, (int64_t)bytes.len};
        AUTO_SHEET sheet = NULL;
        struct sheet_row row;
        rc = sheet_open(source, NULL, &fault, &sheet);
        while (rc == RC_OK)
            rc = sheet_next(sheet, &row);
        wrong += rc != RC_MISSING && (rc != RC_BUSY || fault.rc != RC_BUSY);
    }
    ok(rc == RC_MISSING && wrong == 0 && n > 5,
       "whichever read of the source fails, its outcome is told and nothing leaks");
}

int main(void)
{
    test_excel();
    test_variants();
    test_sheets();
    test_long_rows();
    test_many_strings();
    test_damage();
    test_bombs();
    test_text_bomb();
    test_limits();
    test_other_archives();
    test_failing_source();
    return done_testing();
}
