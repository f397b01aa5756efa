/* What a reader of the file finds: text by pdftotext, properties by pdfinfo, fonts by pdffonts
 * (package poppler-utils; skipped without it). */
#include <fcntl.h>
#include <unistd.h>

#include "pdf/pdf.h"
#include "tests/tap.h"

static struct pdf_options options_of(enum lang_id lang)
{
    return (struct pdf_options){
        .lang = lang_of(lang),
        .title = STR("Отчёт агента № 17"),
        .author = STR("ООО «ТелекомПлюс»"),
        .head_left = STR("ООО «ТелекомПлюс»"),
        .head_right = STR("Отчёт агента № 17"),
        .foot_left = STR("Сформировано 03.08.2026"),
        .made_at = INT64_C(1785765900000000),
    };
}

static const struct pdf_column columns[] = {
    {STR_INIT("Продажа"), PDF_LEFT, 120},
    {STR_INIT("Условие"), PDF_LEFT, 0},
    {STR_INIT("Сумма, ₽"), PDF_RIGHT, 90},
};

static void describe(struct pdf *pdf, int rows)
{
    AUTO_ARENA arena = arena_new(0);
    pdf_heading(pdf, 1, STR("Отчёт агента № 17"));
    pdf_paragraph(pdf, STR("Ёжик съел щуку — ¿dónde está el año? — résumé."));
    struct pdf_pair pairs[] = {
        {STR("Партнёр"), STR("ИП Иванов И. И.")},
        {STR("Договор"), STR("А-2026/17")},
        {STR("Период"), STR("июль 2026")},
        {STR("К выплате"), STR("258\u00a0055,03\u00a0₽")},
    };
    pdf_pairs(pdf, pairs, LEN(pairs), 3);
    pdf_heading(pdf, 2, STR("Строки"));
    pdf_table(pdf, columns, LEN(columns));
    for (int i = 1; i <= rows; i++) {
        struct str cells[] = {str_printf(arena, "Продажа %04d", i), STR("3\u00a0% от суммы"),
                              str_printf(arena, "1\u00a0%03d,50", i)};
        pdf_row(pdf, cells, LEN(cells));
    }
    struct str total[] = {STR("Итого"), STR(""), STR("9\u00a0999,00")};
    pdf_total(pdf, total, LEN(total));
    pdf_table_end(pdf);
    pdf_note(pdf, STR("Сверка до 10 августа."));
}

/* Runs a program of poppler on the document; absent when there is no such program. */
static struct str seen_by(struct arena *arena, const char *program, struct str file)
{
    char path[] = "/tmp/kontor-pdf-test-XXXXXX", line[200];
    AUTO_FD fd = mkstemp(path);
    bool is_written = write(fd, file.at, file.len) == (ssize_t)file.len;
    assert(is_written);
    (void)snprintf(line, sizeof(line), "%s %s -", program, path);
    AUTO_BUF seen = BUF(8 << 20);
    FILE *pipe = popen(line, "r"); /* NOLINT(cert-env33-c): fixed words and our own path */
    char block[4096];
    for (size_t len; (len = fread(block, 1, sizeof(block), pipe)) > 0;)
        buf_put(&seen, (struct str){block, len});
    int status = pclose(pipe);
    (void)unlink(path);
    return status == 0 ? str_dup(arena, buf_str(&seen)) : STR_NONE;
}

#define TEXT  "2>&1 pdftotext -layout"
#define INFO  "info() { pdfinfo $1 2>&1; }; info"
#define FONTS "fonts() { pdffonts $1 2>&1; }; fonts"

static bool has_poppler(void)
{
    /* NOLINTNEXTLINE(cert-env33-c): the text is fixed */
    return pclose(popen("pdftotext -v >/dev/null 2>&1", "r")) == 0;
}

static size_t count(struct str text, struct str part)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(text, part, at)) != SIZE_MAX; at += part.len)
        n++;
    return n;
}

static void test_text(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF file = BUF(8 << 20);
    struct pdf_options options = options_of(LANG_RU);
    AUTO_PDF pdf = pdf_new(&options);
    describe(pdf, 120);
    ok(pdf_finish(pdf, &file) == RC_OK && pdf_pages(pdf) == 4, "a table runs over four pages");
    ok(str_starts(buf_str(&file), STR("%PDF-1.")) && str_ends(buf_str(&file), STR("%%EOF\n")),
       "the file is a PDF file");
    ok(str_has(buf_str(&file), STR("/Lang (ru)")), "it says its language");
    if (!has_poppler()) {
        skip("what poppler reads", "no pdftotext here");
        return;
    }
    struct str text = seen_by(arena, TEXT, buf_str(&file));
    ok(!str_has(text, STR("Error")), "no reader complains");
    ok(str_has(text, STR("Ёжик съел щуку — ¿dónde está el año? — résumé.")),
       "letters of all three languages come back as text");
    ok(str_has(text, STR("258 055,03 ₽")) && str_has(text, STR("ИП Иванов И. И.")),
       "labelled values come back");
    is_i64((int64_t)count(text, STR("Сумма, ₽")), 4, "the head of a table is on each page");
    is_i64((int64_t)count(text, STR(",50\n")), 120, "each row is there once, its figure last");
    ok(str_has(text, STR("Продажа 0001")) && str_has(text, STR("Продажа 0120")) &&
           str_has(text, STR("Итого")),
       "from the first row to the total");
    ok(str_has(text, STR("Страница 1 из 4")) && str_has(text, STR("Страница 4 из 4")),
       "pages are numbered in the reader's language");
    struct str info = seen_by(arena, INFO, buf_str(&file));
    ok(str_has(info, STR("Отчёт агента № 17")) && str_has(info, STR("A4")) &&
           str_has(info, STR("2026")),
       "title, size and date are in the properties");
    struct str fonts = seen_by(arena, FONTS, buf_str(&file));
    ok(!str_has(fonts, STR(" no  ")) &&
           (str_has(fonts, STR("Inter")) || str_has(fonts, STR("Deja"))),
       "fonts are embedded as subsets");
}

static void test_same_bytes(void)
{
    struct buf files[] = {BUF(8 << 20), BUF(8 << 20)};
    struct pdf_options options = options_of(LANG_ES);
    for (size_t i = 0; i < LEN(files); i++) {
        AUTO_PDF pdf = pdf_new(&options);
        describe(pdf, 60);
        ok(pdf_finish(pdf, &files[i]) == RC_OK, "a document is drawn");
    }
    ok(str_eq(buf_str(&files[0]), buf_str(&files[1])), "the same description gives the same bytes");
    buf_done(&files[0]);
    buf_done(&files[1]);
}

/* Where a page ends must not part what belongs together. */
static void test_breaks(void)
{
    AUTO_ARENA arena = arena_new(0);
    if (!has_poppler()) {
        skip("page breaks", "no pdftotext here");
        return;
    }
    int alone_totals = 0, alone_headings = 0, lost = 0;
    for (int rows = 28; rows < 48; rows++) {
        AUTO_BUF file = BUF(8 << 20);
        struct pdf_options options = options_of(LANG_EN);
        AUTO_PDF pdf = pdf_new(&options);
        describe(pdf, rows);
        pdf_heading(pdf, 2, STR("Заголовок"));
        pdf_paragraph(pdf, STR("Следом за ним"));
        ok(pdf_finish(pdf, &file) == RC_OK, "a document is drawn");
        struct str rest = seen_by(arena, TEXT, buf_str(&file));
        lost += !str_has(rest, STR("Page 1 of ")) || !str_has(rest, STR("Итого"));
        while (rest.at && rest.len > 0) {
            struct str page = str_cut(&rest, '\f');
            alone_totals += str_has(page, STR("Итого")) && !str_has(page, STR(",50\n"));
            alone_headings +=
                str_has(page, STR("Заголовок")) && !str_has(page, STR("Следом за ним"));
        }
    }
    is_i64(lost, 0, "nothing is lost at the end of a page");
    is_i64(alone_totals, 0, "a total stands on the page of its last row");
    is_i64(alone_headings, 0, "a heading stands on the page of what follows");
}

static void test_long(void)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUF file = BUF(8 << 20);
    AUTO_BUF long_text = BUF(1 << 20);
    for (int i = 1; i <= 3000; i++)
        buf_printf(&long_text, "слово%04d ", i);
    struct pdf_options options = options_of(LANG_RU);
    options.is_landscape = true;
    AUTO_PDF pdf = pdf_new(&options);
    pdf_paragraph(pdf, buf_str(&long_text));
    pdf_table(pdf, columns, LEN(columns));
    struct str cells[] = {STR("высокая"), buf_str(&long_text), STR("1,00")};
    pdf_row(pdf, cells, LEN(cells));
    pdf_row_note(pdf, STR("3\u00a0% × 1\u00a0000 = 30"));
    pdf_row(pdf, (struct str[]){STR("только имя"), STR("\xff\x01 битое")}, 2);
    ok(pdf_finish(pdf, &file) == RC_OK, "texts longer than a page are drawn");
    if (!has_poppler()) {
        skip("long texts", "no pdftotext here");
        return;
    }
    struct str text = seen_by(arena, TEXT, buf_str(&file));
    int lost = 0;
    char word[32];
    for (int i = 1; i <= 3000; i++) {
        (void)snprintf(word, sizeof(word), "слово%04d", i);
        lost += count(text, str_of(word)) != 2;
    }
    is_i64(lost, 0, "a paragraph and a row that are higher than a page lose no word");
    ok(str_has(text, STR("× 1 000 = 30")) && str_has(text, STR("битое")),
       "a note under a row and cells that are missing or broken do no harm");
}

static void test_limits(void)
{
    struct pdf_options options = options_of(LANG_RU);
    AUTO_BUF small = BUF(1000);
    AUTO_PDF first = pdf_new(&options);
    describe(first, 10);
    ok(pdf_finish(first, &small) == RC_TOO_LARGE, "a buffer that is too small is told");
    AUTO_BUF file = BUF(8 << 20);
    AUTO_PDF second = pdf_new(&options);
    for (int i = 0; i < PDF_PAGES_MAX + 5; i++) {
        pdf_paragraph(second, STR("страница"));
        pdf_page_break(second);
    }
    ok(pdf_finish(second, &file) == RC_TOO_LARGE && file.len == 0, "too many pages are told");
    AUTO_PDF empty = pdf_new(&options);
    ok(pdf_finish(empty, &file) == RC_OK && pdf_pages(empty) == 1, "an empty document has a page");
}

/* 40 x 20 points of one colour. */
static const unsigned char png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x28, 0x00, 0x00, 0x00, 0x14, 0x08, 0x02, 0x00, 0x00, 0x00, 0x70, 0x24, 0xe8,
    0xec, 0x00, 0x00, 0x00, 0x24, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xd8, 0x69, 0xc5, 0x37,
    0x20, 0x88, 0x61, 0xd4, 0xe2, 0x51, 0x8b, 0x47, 0x2d, 0x1e, 0xb5, 0x78, 0xd4, 0xe2, 0x51, 0x8b,
    0x47, 0x2d, 0x1e, 0xb5, 0x78, 0xe4, 0x58, 0x0c, 0x00, 0x03, 0xad, 0x23, 0x4e, 0x17, 0xd3, 0x80,
    0xb5, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
static const char jpeg[] = "\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x11\x08\x00\x40\x01\x00\x03xxxx";

static struct str with_logo(struct arena *arena, struct pdf_picture logo, int rows)
{
    AUTO_BUF file = BUF(8 << 20);
    struct pdf_options options = options_of(LANG_RU);
    options.logo = logo;
    options.accent = 0xb93a0e;
    AUTO_PDF pdf = pdf_new(&options);
    describe(pdf, rows);
    ok(pdf_finish(pdf, &file) == RC_OK, "a document with a picture");
    return str_dup(arena, buf_str(&file));
}

static void test_logo(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct pdf_picture logo = {{(const char *)png, sizeof png}, false, 40, 20};
    struct str file = with_logo(arena, logo, 120);
    is_i64((int64_t)count(file, STR("/Subtype /Image")), 1,
           "a logo is in the file once, however many pages show it");
    if (has_poppler()) {
        struct str text = seen_by(arena, TEXT, file);
        ok(!str_has(text, STR("Error")), "no reader complains");
        is_i64((int64_t)count(text, STR("ООО «ТелекомПлюс»")), 4, "the name stands beside it");
    } else {
        skip("what poppler reads", "no pdftotext here");
    }
    struct pdf_picture photo = {{jpeg, sizeof jpeg - 1}, true, 256, 64};
    ok(str_has(with_logo(arena, photo, 3), STR("/DCTDecode")), "a JPEG goes in as it is");
    struct pdf_picture cut = {{(const char *)png, 40}, false, 40, 20};
    ok(!str_has(with_logo(arena, cut, 3), STR("/Subtype /Image")), "a damaged one is left out");
    struct pdf_picture huge = {{jpeg, sizeof jpeg - 1}, true, 100000, 64};
    ok(!str_has(with_logo(arena, huge, 3), STR("/Subtype /Image")), "so is one beyond measure");
}

int main(void)
{
    test_text();
    test_logo();
    test_same_bytes();
    test_breaks();
    test_long();
    test_limits();
    return done_testing();
}
