/* Statements as files: CSV and XLSX hold every line and the total, the PDF can be read as text, in
 * Russian too. */
#include "brand/brand.h"
#include "reward/reward_scene.h"
#include "sheet/sheet.h"

static const char *const everything[] = {"*", NULL};
static const struct route *const routes[] = {reward_statement_routes, NULL};

struct files {
    struct fixture *f;
    struct fx x;
    struct scene s;
    struct actor staff;
    int64_t statement_id;
};

static void open_files(struct fixture *f, struct files *p)
{
    struct reward_run run;
    p->f = f;
    scene_begin(f, &p->s);
    fixture_sql(f, "update partner set legal_name = 'ООО «Анна и сыновья»' where code = '1'");
    scene_must(f, setting_set(&f->op, "approval.run", STR("false")), "a setting");
    int64_t id = scene_run(f, 9);
    scene_must(f, reward_run_get(&f->op, id, &run), "the run");
    scene_must(f, reward_run_submit(&f->op, id, run.revision, STR("")), "submit");
    scene_must(f, reward_run_post(&f->op, id), "post");
    p->statement_id = fixture_i64(f, "select min(id) from statement");
    p->staff = scene_staff(f, 1, everything);
    fx_open(&p->x, f, routes, NULL);
}

static int get(struct files *p, const char *kind, const char *lang)
{
    const char *target = str_c(p->f->arena, str_printf(p->f->arena, "/statements/%s/%s",
                                                       pid_of("sta", p->statement_id).text, kind));
    const char *header = str_c(p->f->arena, str_printf(p->f->arena, "Accept-Language: %s", lang));
    return fx_send(&p->x, &p->staff, "GET", target, (const char *const[]){header, NULL}, STR(""));
}

static void csv(struct fixture *f)
{
    struct files p;
    open_files(f, &p);
    is_i64(get(&p, "csv", "en"), 200, "a statement as CSV");
    ok(str_starts(fx_header(&p.x, "Content-Type"), STR("text/csv")), "is told to be CSV");
    ok(str_has(fx_header(&p.x, "Content-Disposition"), STR("st-2026-09-1-00001.csv")),
       "has the statement's number as name");
    ok(fx_has(&p.x, "Own sales,2026-09-01,S-0003,,2210,0.04,88.4,88.40,"),
       "each line with its event, base, rate, exact and rounded");
    ok(fx_has(&p.x, "Override on reports,,,Carla,330.02,0.03,9.9006,9.90,"),
       "also those without an event");
    ok(fx_has(&p.x, "Accrued in all,,,,,,,185.60"), "and the total");
    fx_done(&p.x);
}

static void xlsx(struct fixture *f)
{
    struct files p;
    struct sheet *sheet = NULL;
    struct sheet_row row;
    struct fault fault = {.arena = f->arena};
    int64_t rows = 0;
    bool has_total = false;
    open_files(f, &p);
    is_i64(get(&p, "xlsx", "ru"), 200, "a statement as a workbook");
    struct str body = p.x.answer.body;
    enum rc rc = sheet_open(sheet_source_str(&body), &(struct sheet_options){0}, &fault, &sheet);
    if (!ok(rc == RC_OK, "that can be read back"))
        return;
    while (sheet_next(sheet, &row) == RC_OK) {
        rows++;
        has_total = has_total || (row.len > 7 && str_eq(row.cells[0], STR("Начислено всего")) &&
                                  str_starts(row.cells[7], STR("185.6")));
    }
    sheet_close(sheet);
    is_i64(rows, 6, "a head, four lines and a total");
    ok(has_total, "the total in words of the language");
    fx_done(&p.x);
}

static struct str text_of_pdf(struct fixture *f, struct str pdf)
{
    char path[] = "/tmp/kontor-statement-XXXXXX";
    AUTO_FD fd = mkstemp(path);
    char *text = arena_alloc(f->arena, 1 << 20);
    size_t len = 0;
    if (fd >= 0 && write(fd, pdf.at, pdf.len) == (ssize_t)pdf.len) {
        const char *command =
            str_c(f->arena, str_printf(f->arena, "pdftotext -layout %s - 2>/dev/null", path));
        FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c): the path is ours, of mkstemp */
        len = pipe ? fread(text, 1, (1 << 20) - 1, pipe) : 0;
        if (pipe)
            (void)pclose(pipe);
    }
    (void)unlink(path);
    return (struct str){text, len};
}

/* 8 x 8 points of one colour. */
static const unsigned char png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
    0x52, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x08, 0x08, 0x02, 0x00, 0x00, 0x00, 0x4b,
    0x6d, 0x29, 0xdc, 0x00, 0x00, 0x00, 0x11, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xd8,
    0x69, 0xc5, 0x87, 0x15, 0x31, 0x0c, 0x2d, 0x09, 0x00, 0x45, 0xff, 0x40, 0x41, 0xf0, 0xc6,
    0x35, 0xe2, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static void branded_pdf(struct fixture *f)
{
    struct files p;
    struct brand b = {.portal_name = STR("Solaria"), .accent = STR("#b93a0e")};
    struct brand_logos logos = {.light = {(const char *)png, sizeof png}};
    open_files(f, &p);
    is_i64(get(&p, "pdf", "ru"), 200, "a statement of a company without a brand");
    ok(!fx_has(&p.x, "/Subtype /Image"), "has no picture");
    scene_must(f, brand_save(&f->op, &b, &logos), "a brand");
    is_i64(get(&p, "pdf", "ru"), 200, "with one");
    ok(fx_has(&p.x, "/Subtype /Image"), "its logo is in the document");
    struct str text = text_of_pdf(f, p.x.answer.body);
    if (text.len == 0)
        skip("its text", "pdftotext is not installed");
    else
        ok(str_has(text, STR("Solaria")) && str_has(text, STR("Northwind Traders Inc")),
           "its name in the head, the legal entity where it was");
    fx_done(&p.x);
}

static void pdf(struct fixture *f)
{
    struct files p;
    open_files(f, &p);
    is_i64(get(&p, "pdf", "ru"), 200, "a statement as PDF");
    ok(str_starts(p.x.answer.body, STR("%PDF-")), "is one");
    ok(str_eq(fx_header(&p.x, "Content-Type"), STR("application/pdf")), "and is told to be one");
    struct str text = text_of_pdf(f, p.x.answer.body);
    if (text.len == 0) {
        skip("its text", "pdftotext is not installed");
    } else {
        ok(str_has(text, STR("ООО «Анна и сыновья»")), "names the partner, in Cyrillic");
        ok(str_has(text, STR("Northwind Traders Inc")), "and the legal entity");
        ok(str_has(text, STR("Начислено всего")) && str_has(text, STR("185,60")), "the total");
        ok(str_has(text, STR("Own volume")) && str_has(text, STR("R-1")), "measures, contract");
        ok(str_has(text, STR("округлена по правилу")), "and how it was rounded");
    }
    fx_done(&p.x);
}

int main(void)
{
    static const struct audit_name names[] = {{"brand", "Portal's look", NULL, NULL},
                                              {"brand.edit", "Portal's look changed", NULL, NULL},
                                              {0}};
    permission_declare(brand_permissions, brand_permissions_len);
    audit_name_declare(names);
    fixture_each(csv);
    fixture_each(xlsx);
    fixture_each(pdf);
    fixture_each(branded_pdf);
    return done_testing();
}
