/* Tests of CSV: what people's spreadsheets send, what breaks readers, and the guard on the way
 * out. */
#include "tests/tap.h"
#include "text/text.h"

static struct arena *arena;

/* The whole file as text: fields joined by "|", records by "/", errors as "!line:column". */
static struct str dump_with(struct str file, const struct csv_options *options)
{
    AUTO_BUF out = BUF(1 << 22);
    struct str rest = file;
    AUTO_CSV csv = NULL;
    if (csv_open(text_source_str(&rest), options, &csv) != RC_OK)
        return STR("open failed");
    for (;;) {
        struct csv_row row;
        enum rc rc = csv_next(csv, &row);
        if (rc == RC_MISSING)
            break;
        if (out.len > 0)
            buf_char(&out, '/');
        if (rc != RC_OK) {
            const struct csv_error *error = csv_failure(csv);
            buf_printf(&out, "!%ld:%ld%s", error->line, error->column,
                       error->is_fatal ? " fatal" : "");
            if (error->is_fatal)
                break;
            continue;
        }
        for (size_t i = 0; i < row.len; i++) {
            if (i > 0)
                buf_char(&out, '|');
            buf_put(&out, row.at[i]);
        }
    }
    return str_dup(arena, buf_str(&out));
}

static struct str dump(struct str file)
{
    return dump_with(file, NULL);
}

static void test_shapes(void)
{
    is_str(dump(STR("a,b\n1,2\n")), "a|b/1|2", "a plain file");
    is_str(dump(STR("a,b\r\n1,2")), "a|b/1|2", "Windows newlines, no newline at the end");
    is_str(dump(STR("a,b\r1,2\r")), "a|b/1|2", "old Macintosh newlines");
    is_str(dump(STR("a;b;c\n1,5;2,5;3\n")), "a|b|c/1,5|2,5|3", "semicolons with decimal commas");
    is_str(dump(STR("a\tb\n1\t2\n")), "a|b/1|2", "tabs");
    is_str(dump(STR("a|b\n1|2\n")), "a|b/1|2", "bars");
    is_str(dump(STR("sep=;\r\na;b\r\n")), "a|b", "the sep= line of spreadsheets");
    is_str(dump(STR("\xEF\xBB\xBFname,x\n")), "name|x", "a byte order mark is not part of a name");
    is_str(dump(STR("a,\"b \"\"c\"\", d\"\n")), "a|b \"c\", d", "quotes inside quotes");
    is_str(dump(STR("a,\"line 1\r\nline 2\"\nx,y")), "a|line 1\r\nline 2/x|y", "newlines inside");
    is_str(dump(STR("a,5\" pipe,b\n")), "a|5\" pipe|b", "a quote inside a plain cell is a quote");
    is_str(dump(STR("\"a\" ,b\n")), "a|b", "spaces after a closing quote");
    is_str(dump(STR("a,b\n\n  \n1,2\n\n")), "a|b/1|2", "blank lines are passed over");
    is_str(dump(STR("a\n\"\"\nb\n")), "a//b", "an empty quoted cell is a record");
    is_str(dump(STR(",,\n")), "||", "empty cells are cells");
    is_str(dump(STR("")), "", "an empty file has no records");
    is_str(dump(STR("\xEF\xBB\xBF")), "", "nor has a mark alone");
    is_str(dump(STR("\xCA\xEE\xE4;\xC8\xEC\xFF\n1;\xDF\xED\xE0\n")), "Код|Имя/1|Яна",
           "windows-1251 is recognised and decoded");
    struct csv_options options = {.delimiter = ';', .encoding = ENCODING_CP1252};
    is_str(dump_with(STR("a,b;\xF1\n"), &options), "a,b|ñ", "what is asked for is not sniffed");
}

static void test_errors(void)
{
    is_str(dump(STR("a,b\n\"x\"y,2\n3,4\n")), "a|b/!2:1/3|4",
           "text after a closing quote: the row is refused, the next is read");
    is_str(dump(STR("a,b\n1,\"2\n3,4\n")), "a|b/!2:2 fatal", "an open quote ends the reading");
    is_str(dump(STR("a,b\n1,\0\n3,4\n")), "a|b/!2:2 fatal", "so does a NUL");
    is_str(dump_with(STR("a,b\n1,\xFF\n3,4\n"), &(struct csv_options){.encoding = ENCODING_UTF8}),
           "a|b/!2:0/3|4", "a row in another encoding is refused alone");
    is_str(dump(STR("a,b\n\"1\n2\n3\",x\n\"y\"z\n")), "a|b/1\n2\n3|x/!5:1",
           "line numbers count newlines inside cells");

    struct str rest = STR("a,b\n1,\"2\n3,4\n");
    AUTO_CSV csv = NULL;
    struct csv_row row;
    bool is_open = csv_open(text_source_str(&rest), NULL, &csv) == RC_OK;
    ok(is_open && csv_next(csv, &row) == RC_OK && csv_next(csv, &row) == RC_INVALID &&
           strcmp(csv_failure(csv)->arg, "2") == 0,
       "an open quote says on which line it was opened");
    ok(csv_next(csv, &row) == RC_INVALID, "a fatal error stays");
}

static struct str repeat(const char *before, char c, size_t count, const char *after)
{
    struct str head = str_of(before), tail = str_of(after);
    char *at = arena_alloc(arena, head.len + count + tail.len);
    memcpy(at, head.at, head.len);
    memset(at + head.len, c, count);
    memcpy(at + head.len + count, tail.at, tail.len);
    return (struct str){at, head.len + count + tail.len};
}

static void test_bounds(void)
{
    struct str out = dump(repeat("a\n", 'x', CSV_FIELD_MAX, "\nb\n"));
    ok(out.len == CSV_FIELD_MAX + 4 && str_ends(out, STR("/b")), "a cell of 64 KiB is read");
    is_str(dump(repeat("a\n", 'x', CSV_FIELD_MAX + 1, "\nb\n")), "a/!2:1/b",
           "a longer one is refused, the next row is read");
    out = dump(repeat("a,b\n", ',', CSV_COLUMNS_MAX - 1, "\nx,y\n"));
    is_i64((int64_t)out.len, 3 + 1 + CSV_COLUMNS_MAX - 1 + 1 + 3, "1,024 columns are read");
    is_str(dump(repeat("a,b\n", ',', CSV_COLUMNS_MAX, "\nx,y\n")), "a|b/!2:1025/x|y",
           "one more is refused");
    is_str(dump(repeat("a\n", ',', CSV_LINE_MAX + 1, "\nb\n")), "a/!2:1025 fatal",
           "a line above 1 MiB ends the reading");
    is_str(dump(repeat("a\n\"", 'x', CSV_LINE_MAX + 1, "\nb\n")), "a/!2:1 fatal",
           "so does a quote that swallows the file");
}

/* A source that gives one byte at a time, and fails after `fail_after` bytes when that is >= 0. */
struct drip {
    struct str rest;
    int64_t fail_after;
};

static enum rc read_drip(void *self, char *at, size_t cap, size_t *out_len)
{
    struct drip *drip = self;
    if (drip->fail_after-- == 0)
        return RC_BROKEN;
    size_t len = cap > 0 && drip->rest.len > 0 ? 1 : 0;
    if (len > 0)
        *at = drip->rest.at[0];
    drip->rest = str_sub(drip->rest, len, drip->rest.len);
    *out_len = len;
    return RC_OK;
}

static void test_sources(void)
{
    struct drip drip = {STR("a,b\n1,2\n"), -1};
    AUTO_CSV csv = NULL;
    struct csv_row row = {0};
    int rows = 0;
    if (csv_open((struct text_source){read_drip, &drip}, NULL, &csv) == RC_OK)
        while (csv_next(csv, &row) == RC_OK)
            rows++;
    ok(rows == 2 && csv_bytes_read(csv) == 8, "a source may give as little as it likes");
    struct drip broken = {STR("a,b\n1,2\n"), 3};
    AUTO_CSV second = NULL;
    ok(csv_open((struct text_source){read_drip, &broken}, NULL, &second) == RC_BROKEN,
       "an error of the source is passed on");

    /* Many pieces: records that cross their borders come out whole. */
    AUTO_BUF file = BUF(4 << 20);
    for (int i = 0; i < 60000; i++)
        buf_printf(&file, "%d;\"имя %d; \"\"x\"\"\";%d\n", i, i, i * 7);
    struct str rest = buf_str(&file);
    AUTO_CSV large = NULL;
    int good = 0;
    if (csv_open(text_source_str(&rest), NULL, &large) == RC_OK)
        for (int i = 0; csv_next(large, &row) == RC_OK; i++) {
            char want[64];
            (void)snprintf(want, sizeof(want), "имя %d; \"x\"", i);
            good += row.len == 3 && row.line == i + 1 && str_eq(row.at[1], str_of(want));
        }
    is_i64(good, 60000, "records across pieces come out whole, with their lines");
    ok(csv_delimiter(large) == ';' && csv_encoding(large) == ENCODING_UTF8, "as sniffed");
}

static void is_guarded(const char *text)
{
    char name[64];
    (void)snprintf(name, sizeof(name), "\"%s\" is guarded", text);
    ok(text_is_formula(str_of(text)), name);
}

static void test_writer(void)
{
    is_guarded("=1+1");
    is_guarded("+7 916");
    is_guarded("-2+3");
    is_guarded("@SUM(A1)");
    is_guarded("  =1");
    is_guarded("\t1");
    is_guarded("\xEF\xBB\xBF=1");
    is_guarded("\xC2\xA0=1");
    is_guarded("\x01=1");
    is_guarded("＝1");
    is_guarded("\xE2\x80\x8B-cmd");
    ok(!text_is_formula(STR("-12.50")) && !text_is_formula(STR("-1 234,5")) &&
           !text_is_formula(STR("a=b")) && !text_is_formula(STR("")) && !text_is_formula(STR("–5")),
       "negative numbers and ordinary texts are not");

    AUTO_BUF buf = BUF(1024);
    struct csv_writer writer = {.buf = &buf};
    csv_put(&writer, STR("a,b"));
    csv_put(&writer, STR("say \"hi\""));
    csv_put(&writer, STR("=cmd"));
    csv_put_number(&writer, STR("-12.50"));
    csv_end_row(&writer);
    csv_put(&writer, STR(""));
    csv_end_row(&writer);
    is_str(buf_str(&buf), "\"a,b\",\"say \"\"hi\"\"\",\"'=cmd\",-12.50\r\n\"\"\r\n",
           "rows are written by RFC 4180, formulas disarmed");

    static const char *const cells[] = {"=x",  "'=x", "''=x", "'x", "a\nb", " a ",
                                        "\"q", "",    "+1",   "-5", ";",    "'"};
    buf_reset(&buf);
    writer.delimiter = ';';
    for (size_t i = 0; i < LEN(cells); i++)
        csv_put(&writer, str_of(cells[i]));
    csv_end_row(&writer);
    struct str rest = buf_str(&buf);
    AUTO_CSV csv = NULL;
    struct csv_row row = {0};
    bool is_same =
        csv_open(text_source_str(&rest), &(struct csv_options){.delimiter = ';'}, &csv) == RC_OK &&
        csv_next(csv, &row) == RC_OK && row.len == LEN(cells);
    for (size_t i = 0; i < row.len && is_same; i++)
        is_same = str_eq(text_unguard(row.at[i]), str_of(cells[i]));
    ok(is_same, "what is exported is imported again, guard or not");
}

int main(void)
{
    arena = arena_new(0);
    test_shapes();
    test_errors();
    test_bounds();
    test_sources();
    test_writer();
    arena_free(arena);
    return done_testing();
}
