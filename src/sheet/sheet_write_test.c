/* What is written comes back as it was, and nothing in it runs as a formula. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sheet/sheet_test_kit.h"
#include "tests/tap.h"

static const struct sheet_column columns[] = {
    {STR_INIT("Партнёр"), SHEET_COLUMN_TEXT, 0},
    {STR_INIT("Quantity"), SHEET_COLUMN_NUMBER, 0},
    {STR_INIT("Amount, RUB"), SHEET_COLUMN_MONEY, 0},
    {STR_INIT("Due"), SHEET_COLUMN_DATE, 0},
    {STR_INIT("At (UTC)"), SHEET_COLUMN_INSTANT, 0},
};

static enum rc write_rows(const struct sheet_writer_options *options, struct sheet_sink sink)
{
    AUTO_SHEET_WRITER writer = NULL;
    TRY(sheet_writer_open(options, sink, &writer));
    struct sheet_value row[] = {
        sheet_text(STR("ООО «Ромашка», \"1\" & <b>")),
        sheet_number(1500000, 6),
        sheet_number(-123456, 2),
        sheet_days(20668),
        sheet_micros(INT64_C(1785765900000000)),
    };
    TRY(sheet_writer_row(writer, row, LEN(row)));
    struct sheet_value odd[] = {
        sheet_text(STR("=1+1")), sheet_number(INT64_C(1234567890123456789), 4),
        sheet_number(1200, 0),   sheet_days(-30000),
        sheet_micros(-1000000),
    };
    TRY(sheet_writer_row(writer, odd, LEN(odd)));
    struct sheet_value total[] = {
        sheet_text(STR("a\nb_x0041_\001")),
        SHEET_NOTHING,
        sheet_number(5, 3),
    };
    TRY(sheet_writer_total(writer, total, LEN(total)));
    return sheet_writer_finish(writer);
}

static struct sheet_writer_options options_of(enum sheet_kind kind)
{
    return (struct sheet_writer_options){
        .kind = kind,
        .columns = columns,
        .columns_len = LEN(columns),
        .sheet_name = STR("Выплаты [2026/08]: 'итог' и очень длинное имя"),
        .title = STR("Payouts"),
        .made_at = INT64_C(1785765900000000),
    };
}

static void test_xlsx(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF file = BUF(1 << 20);
    AUTO_BUF again = BUF(1 << 20);
    struct sheet_writer_options options = options_of(SHEET_XLSX);
    ok(write_rows(&options, sheet_sink_buf(&file)) == RC_OK, "a workbook is written");
    is_str(rows_of_with(arena, buf_str(&file), NULL, true),
           "1:Партнёрt|Quantityt|Amount, RUBt|Duet|At (UTC)t\n"
           "2:ООО «Ромашка», \"1\" & <b>t|1.5n|-1234.56n|2026-08-03d|2026-08-03T14:05:00d\n"
           "3:=1+1t|123456789012345.6789t|1200n|1887-11-12t|1969-12-31T23:59:59d\n"
           "4:a\nb_x0041_t|_|0.005n\n",
           "typed cells come back as they were, and text that looks like a formula is text");
    ok(write_rows(&options, sheet_sink_buf(&again)) == RC_OK &&
           str_eq(buf_str(&file), buf_str(&again)),
       "the same rows and the same time give the same bytes");
    struct str bytes = buf_str(&file);
    struct fault fault = {.arena = arena};
    AUTO_SHEET sheet = NULL;
    ok(sheet_open(sheet_source_str(&bytes), NULL, &fault, &sheet) == RC_OK, "it opens");
    is_str(sheet_about(sheet)->name, "Выплаты  2026 08    итог  и оче",
           "the name of a sheet is made valid");
}

static void test_csv(void)
{
    AUTO_BUF file = BUF(1 << 20);
    struct sheet_writer_options options = options_of(SHEET_CSV);
    options.delimiter = ';';
    options.has_bom = true;
    ok(write_rows(&options, sheet_sink_buf(&file)) == RC_OK, "CSV is written");
    is_str(buf_str(&file),
           "\xef\xbb\xbfПартнёр;Quantity;Amount, RUB;Due;At (UTC)\r\n"
           "\"ООО «Ромашка», \"\"1\"\" & <b>\";1.500000;-1234.56;2026-08-03;2026-08-03 14:05:00\r\n"
           "\"'=1+1\";123456789012345.6789;1200;1887-11-12;1969-12-31 23:59:59\r\n"
           "\"a\nb_x0041_\001\";;0.005;;\r\n",
           "CSV has decimals exactly, formulas neutralised and every column in each row");
}

static void test_sheets(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF file = BUF(1 << 20);
    struct sheet_writer_options options = options_of(SHEET_XLSX);
    options.sheet_rows = 3;
    options.columns_len = 1;
    options.sheet_name = STR("");
    AUTO_SHEET_WRITER writer = NULL;
    enum rc rc = sheet_writer_open(&options, sheet_sink_buf(&file), &writer);
    for (int i = 1; rc == RC_OK && i <= 5; i++)
        rc =
            sheet_writer_row(writer, &(struct sheet_value){.text = str_printf(arena, "r%d", i)}, 1);
    ok(rc == RC_OK && sheet_writer_finish(writer) == RC_OK, "more rows than fit are written");
    struct sheet_options third = {.sheet_name = STR("Sheet1 3")};
    is_str(rows_of(arena, buf_str(&file)), "1:Партнёр\n2:r1\n3:r2\n", "the first sheet is full");
    is_str(rows_of_with(arena, buf_str(&file), &third, false), "1:Партнёр\n2:r5\n",
           "the rest goes on in further sheets with the head again");
}

static void test_long_text(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF file = BUF(1 << 20);
    AUTO_BUF text = BUF(1 << 20);
    for (int i = 0; i < 40000; i++)
        buf_put(&text, STR("ж"));
    buf_put(&text, STR("\xff"));
    struct sheet_writer_options options = options_of(SHEET_XLSX);
    AUTO_SHEET_WRITER writer = NULL;
    enum rc rc = sheet_writer_open(&options, sheet_sink_buf(&file), &writer);
    struct sheet_value row[] = {{.text = buf_str(&text)}};
    ok(rc == RC_OK && sheet_writer_row(writer, row, 1) == RC_OK &&
           sheet_writer_finish(writer) == RC_OK,
       "a text longer than a cell can hold is written");
    struct str rows = rows_of(arena, buf_str(&file));
    ok(rows.len > 65000 && str_ends(rows, STR("жж…\n")), "it is cut and the cut is shown");
}

static void test_no_room(void)
{
    struct sheet_writer_options options = options_of(SHEET_XLSX);
    AUTO_SHEET_WRITER writer = NULL;
    AUTO_BUF file = BUF(64 << 20);
    options.folder = "/nonexistent";
    ok(sheet_writer_open(&options, sheet_sink_buf(&file), &writer) == RC_FULL,
       "no place for temporary files is told at once");
    options.folder = NULL;
    ok(write_rows(&options, sheet_sink_buf(&(struct buf)BUF(100))) == RC_TOO_LARGE,
       "what the sink says is passed on");
    options = options_of(SHEET_CSV);
    AUTO_FD full = open("/dev/full", O_WRONLY);
    ok(write_rows(&options, sheet_sink_fd(&full)) == RC_FULL, "a full disk under CSV is told");
}

/* A limit on the size of files stands for a full disk: the library under us does not notice. */
static void test_full_disk(void)
{
    AUTO_BUF file = BUF(64 << 20);
    struct sheet_writer_options options = options_of(SHEET_XLSX);
    struct rlimit before, small;
    (void)getrlimit(RLIMIT_FSIZE, &before);
    (void)signal(SIGXFSZ, SIG_IGN);
    int wrong = 0;
    for (rlim_t kib = 4; kib <= 1024; kib *= 4) {
        small = (struct rlimit){kib * 1024, before.rlim_max};
        (void)setrlimit(RLIMIT_FSIZE, &small);
        AUTO_SHEET_WRITER writer = NULL;
        enum rc rc = sheet_writer_open(&options, sheet_sink_buf(&file), &writer);
        struct sheet_value row[] = {sheet_text(STR("a partner with a rather long name")),
                                    sheet_number(1, 0)};
        for (int i = 0; rc == RC_OK && i < 20000; i++)
            rc = sheet_writer_row(writer, row, LEN(row));
        rc = rc == RC_OK ? sheet_writer_finish(writer) : rc;
        (void)setrlimit(RLIMIT_FSIZE, &before);
        wrong += rc != RC_FULL;
    }
    is_i64(wrong, 0, "a workbook cut short by a full disk is never handed out");
}

int main(void)
{
    test_xlsx();
    test_csv();
    test_sheets();
    test_long_text();
    test_no_room();
    test_full_disk();
    return done_testing();
}
