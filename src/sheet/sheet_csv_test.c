/* CSV through the common interface, and files that are no tables at all. */
#include <fcntl.h>
#include <unistd.h>

#include "sheet/sheet_test_kit.h"
#include "tests/tap.h"

static void test_csv(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str bytes = STR("code;name;note\r\n1;\"Иванов; \"\"и\"\" сын\";\r\n\r\n;;\r\n2;Петров;"
                           "\"two\nlines\"\r\n3;x;y");
    is_str(rows_of_with(arena, bytes, NULL, true),
           "1:codet|namet|notet\n2:1t|Иванов; \"и\" сынt|_\n5:2t|Петровt|two\nlinest\n7:3t|xt|yt\n",
           "CSV comes with its line numbers, without its blank rows");
    bytes = STR("a|b\n1|2\n");
    is_str(rows_of(arena, bytes), "1:a|b\n2:1|2\n", "the delimiter is sniffed");
    struct fault fault = {.arena = arena};
    struct sheet_options options = {.delimiter = ',', .encoding = ENCODING_CP1251};
    bytes = STR("\xca\xee\xe4;x\n");
    AUTO_SHEET sheet = NULL;
    struct sheet_row row = {0};
    ok(sheet_open(sheet_source_str(&bytes), &options, &fault, &sheet) == RC_OK &&
           sheet_next(sheet, &row) == RC_OK && row.len == 1 && str_eq(row.cells[0], STR("Код;x")) &&
           sheet_about(sheet)->kind == SHEET_CSV &&
           sheet_about(sheet)->encoding == ENCODING_CP1251 && sheet_about(sheet)->delimiter == ',',
       "delimiter and encoding that were asked for win over the sniffed ones");
    ok(sheet_next(sheet, &row) == RC_MISSING && sheet_next(sheet, &row) == RC_MISSING &&
           sheet_progress(sheet) == 1000,
       "the end stays the end");
}

static void test_not_tables(void)
{
    static const struct {
        struct str bytes;
        const char *want, *name;
    } rows[] = {
        {STR_INIT(""),
         "invalid: The file is empty. Send one with a header row and at least one row of data.",
         "an empty file is refused"},
        {STR_INIT("%PDF-1.7\n%"), "invalid: This file is no table. Send a table as .xlsx or CSV.",
         "a PDF file is refused"},
        {STR_INIT("\x1f\x8b\x08"), "invalid: This file is no table. Send a table as .xlsx or CSV.",
         "a gzip file is refused"},
        {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 W\0o\0r\0k\0b\0o\0o\0k\0"),
         "invalid: This is an old Excel workbook (.xls). Save it as .xlsx or CSV and send that.",
         "an old workbook is refused with what to do"},
        {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0"
                  "e\0"),
         "invalid: The workbook is protected by a password. Take the password off and send it "
         "again.",
         "an encrypted workbook is refused with what to do"},
        {STR_INIT("\xef\xbb\xbf \n<HTML><table><tr><td>1"),
         "invalid: This is a web page or an XML file with the name of a workbook. Open it in a "
         "spreadsheet program, save it as .xlsx and send that.",
         "a web page is refused with what to do"},
        {STR_INIT("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"),
         "invalid: This is a web page or an XML file with the name of a workbook. Open it in a "
         "spreadsheet program, save it as .xlsx and send that.",
         "an XML spreadsheet is refused with what to do"},
        {STR_INIT("PK\3\4 and nothing more"),
         "invalid: The workbook is damaged or was not sent whole. Open it in a spreadsheet "
         "program, save it as .xlsx and send it again.",
         "the mere beginning of an archive is refused"},
    };
    for (size_t i = 0; i < LEN(rows); i++) {
        AUTO_ARENA arena = arena_new(0);
        is_str(rows_of(arena, rows[i].bytes), rows[i].want, rows[i].name);
    }
}

/* The encrypted container's directory may stand anywhere, also across two reads. */
static void test_far_directory(void)
{
    AUTO_ARENA arena = arena_new(0);
    static const uint8_t ole2[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    enum { SIZE = 200000 };
    int wrong = 0;
    for (size_t at = 65450; at < 65560; at += 3) {
        char *bytes = arena_alloc(arena, SIZE);
        memcpy(bytes, ole2, sizeof(ole2));
        memcpy(bytes + at, name, sizeof(name));
        wrong += !str_has(rows_of(arena, (struct str){bytes, SIZE}), STR("password"));
    }
    is_i64(wrong, 0, "the sign of encryption is found wherever it stands");
}

static void test_bad_rows(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF bytes = BUF(4 << 20);
    buf_put(&bytes, STR("a,b\n1,2\n3,"));
    for (int i = 0; i < CSV_FIELD_MAX + 10; i++)
        buf_char(&bytes, 'x');
    buf_put(&bytes, STR("\n5,6\n"));
    struct str text = rows_of(arena, buf_str(&bytes));
    ok(str_starts(text, STR("1:a|b\n2:1|2\n3:!")) && str_ends(text, STR("\n4:5|6\n")),
       "a field that is too long is a problem of its row and the rest goes on");
    text = rows_of(arena, STR("code,name\n1,one\n2,t\000wo\n3,three\n"));
    is_str(text,
           "1:code|name\n2:1|one\n"
           "invalid: The file contains a NUL byte: it is not a text file.",
           "NUL bytes are refused");
    buf_reset(&bytes);
    for (int i = 0; i < 3 << 20; i++)
        buf_char(&bytes, 'x');
    text = rows_of(arena, buf_str(&bytes));
    ok(!str_starts(text, STR("1:x")), "a line without end is refused");
}

static void test_files(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    char path[] = "/tmp/kontor-sheet-test-XXXXXX";
    AUTO_FD fd = mkstemp(path);
    bool is_written = write(fd, "a,b\n1,2\n", 8) == 8;
    (void)unlink(path);
    struct sheet_source source;
    AUTO_SHEET sheet = NULL;
    struct sheet_row row = {0};
    ok(is_written && sheet_source_fd(&fd, &fault, &source) == RC_OK &&
           sheet_open(source, NULL, &fault, &sheet) == RC_OK && sheet_next(sheet, &row) == RC_OK &&
           sheet_next(sheet, &row) == RC_OK && row.number == 2 && str_eq(row.cells[1], STR("2")),
       "a file is read through its descriptor");
    AUTO_FD folder = open("/tmp", O_RDONLY);
    ok(sheet_source_fd(&folder, &fault, &source) == RC_INVALID && fault.entries_len == 1,
       "a folder is no table");
}

int main(void)
{
    test_csv();
    test_not_tables();
    test_far_directory();
    test_bad_rows();
    test_files();
    return done_testing();
}
