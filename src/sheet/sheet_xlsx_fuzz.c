/* Workbooks from anywhere. Checksums keep a fuzzer out of the inside of an archive, so the first
 * byte of the input says which part of a good workbook the rest replaces; 'z' takes it as the
 * whole file. */
#include "sheet/sheet_test_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char letters[] = "rwlstc"; /* root relations … cells, in the order of the parts */
    if (size < 1)
        return 0;
    AUTO_ARENA arena = arena_new(256 << 20);
    struct str bytes = {(const char *)data + 1, size - 1};
    const char *letter = strchr(letters, data[0]);
    if (letter && data[0] != 0) {
        struct part parts[] = ORDINARY(STRINGS("<si><t>a</t></si><si><t>b</t></si>"),
                                       STYLES("<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
                                              "</cellXfs>"),
                                       SHEET("<row><c t=\"s\"><v>1</v></c><c s=\"1\"><v>45000.5</v>"
                                             "</c></row>"));
        parts[letter - letters].content = bytes;
        for (size_t i = 0; i < LEN(parts); i++)
            parts[i].is_stored = true;
        bytes = zip_of(arena, parts, LEN(parts));
    }
    struct fault fault = {.arena = arena};
    struct sheet_options options = {.unpacked_max = 1 << 20, .rows_max = 10000};
    AUTO_SHEET sheet = NULL;
    struct sheet_row row;
    enum rc rc = sheet_open(sheet_source_str(&bytes), &options, &fault, &sheet);
    while (rc == RC_OK && (rc = sheet_next(sheet, &row)) == RC_OK) {
        assert(row.number > 0 && row.len <= SHEET_COLUMNS_MAX);
        for (size_t i = 0; i < row.len; i++)
            assert(row.cells[i].at && utf8_valid(row.cells[i]) &&
                   (row.kinds[i] == SHEET_BLANK) == (row.cells[i].len == 0));
    }
    assert(rc == RC_MISSING || fault.entries_len > 0);
    return 0;
}
