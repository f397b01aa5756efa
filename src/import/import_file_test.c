/* Files as people send them: odd texts, broken tables, and what of them is imported all the same.
 * What is wrong is said with row, column and reason; the rest of the file goes in. */
#include "auth/auth.h"
#include "import/import_scene.h"

static const char head[] = "external id,occurred at,partner,net,currency\n";

static void some_partners(struct fixture *f)
{
    scene_set(f);
    struct trial t =
        scene_import(f, &import__partners, "code,name\n1,Ana\n2,Bo\n3,Cy\n", NULL, false);
    ok(counted(&t, 3, 0, 0, 0), "three partners");
}

/* ---- texts ---- */

struct shape {
    const char *text, *name;
    int64_t added, refused;
    const char *reason;
};

static void shapes(struct fixture *f)
{
    static const struct shape rows[] = {
        {"code;name\nA1;Ana\n", "semicolons", 1, 0, NULL},
        {"code\tname\nA2\tAna\n", "tabs", 1, 0, NULL},
        {"code|name\nA3|Ana\n", "bars", 1, 0, NULL},
        {"\xef\xbb\xbf"
         "code,name\r\nA4,Ana\r\n",
         "a byte order mark and CRLF", 1, 0, NULL},
        {"code,name\rA5,Ana\rA6,Bo\r", "lines that end with CR", 2, 0, NULL},
        {"code,name\nA7,\"Ana\nMaría\"\nA8,Bo\n", "a new line in quotes", 2, 0, NULL},
        {"code,name\nA9,Ana", "no end of line at the end", 1, 0, NULL},
        {"code,name\n\n\nB1,Ana\n\n", "empty lines", 1, 0, NULL},
        {"code,name\ncode,name\nB2,Bo\n", "the header once more", 1, 1,
         "This row is the header once more."},
        {"code,name\nB3\n", "a row that is too short", 0, 1, "This must not be empty."},
        {"code,name\nB4,Ana,more,cells\n", "a row that is too long", 1, 0, NULL},
    };
    scene_set(f);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct trial t = scene_import(f, &import__partners, rows[i].text, NULL, false);
        ok(counted(&t, rows[i].added, 0, 0, rows[i].refused), rows[i].name);
        if (rows[i].reason)
            is_str(t.reason, rows[i].reason, "with the reason");
    }
    struct trial t =
        scene_import(f, &import__partners, "code,name\n\"B5,Ana\nB6,Bo\n", NULL, false);
    ok(t.rc == RC_INVALID && f->op.fault.entries_len == 1,
       "a quote that is never closed is refused with words");
    fault_clear(&f->op.fault);
}

static void encodings(struct fixture *f)
{
    static const char wide[] = "\xff\xfe"
                               "c\0o\0d\0e\0,\0n\0a\0m\0e\0\n\0"
                               "U\0"
                               "1\0,\0\x18\x04\x32\x04\n";
    static const char nuls[] = "code,name\nN1,A\0na\nN2,Bo\n";
    static const char old[] = "code,name\nK1,\xc8\xe2\xe0\xed\n";
    static const char broken[] = "code,name\nZ1,\xff\xc3\nZ2,Bo\n";
    struct str files[] = {{wide, sizeof(wide)},
                          {nuls, sizeof(nuls) - 1},
                          {old, sizeof(old) - 1},
                          {broken, sizeof(broken) - 1}};
    static const char *const names[] = {"UTF-16", "a NUL byte", "windows-1251", "no encoding"};
    scene_set(f);
    for (size_t i = 0; i < LEN(files); i++) {
        struct trial t = {.reason = STR(""), .column = STR("")};
        struct import_new what = {
            .kind = &import__partners,
            .name = STR("x.csv"),
            .mapping = scene_mapping(f, &import__partners, files[i],
                                     "{\"format\":\"kontor-mapping/1\",\"kind\":\"partners\","
                                     "\"columns\":[{\"to\":\"code\",\"from\":\"code\"},"
                                     "{\"to\":\"name\",\"from\":\"name\"}]}"),
            .state = "waiting"};
        ok(import__add(&f->op, &what, &t.id) == RC_OK, names[i]);
        scene_run(f, files[i], &t);
        if (i == 1)
            ok(t.rc == RC_INVALID && f->op.fault.entries_len == 1, "it is no text, and said so");
        else
            ok(t.rc == RC_OK && t.counts.added >= 1, "is read as far as it can be");
        fault_clear(&f->op.fault);
    }
    is_i64(fixture_i64(f, "select count(*) from partner where name = 'Ив'"), 1,
           "UTF-16 becomes what it says");
    is_i64(fixture_i64(f, "select count(*) from partner where name = 'Иван'"), 1,
           "and so does windows-1251");
}

/* ---- figures ---- */

static void figures(struct fixture *f)
{
    static const struct shape rows[] = {
        {"E1,31.12.2026,1,\"1 234,50\",EUR\n", "a decimal comma, a blank, points in the date", 1, 0,
         NULL},
        {"E2,12/31/2026,1,1,EUR\n", "a date with slashes", 0, 1,
         "This is not a date. Write it like 2026-10-31, or give the format."},
        {"E3,2026-02-30,1,1,EUR\n", "a day that there is not", 0, 1,
         "This is not a date. Write it like 2026-10-31, or give the format."},
        {"E4,2026-05-01,1,\"1,234\",EUR\n", "a number that could be two", 0, 1,
         "“1,234” can be read in two ways: give the format, like 1,234.56 or 1.234,56."},
        {"E5,2026-05-01,1,-5,EUR\n", "a negative amount", 1, 0, NULL},
        {"E6,2026-05-01,1,5,USD\nE7,2026-05-01,1,5,EUR\n", "two currencies in one file", 2, 0,
         NULL},
        {"E8,2026-05-01,1,5,XXQ\n", "no currency", 0, 1, "There is no currency “XXQ”."},
        {"E9,2026-05-01,1,5.005,EUR\n", "half a cent", 0, 1,
         "The amount has more decimals than EUR has, or is too large."},
        {"F1,2026-05-01,1,99999999999999999999,EUR\n", "more than there is", 0, 1,
         "The amount has more decimals than EUR has, or is too large."},
        {"F2,2026-05-01,9,5,EUR\nF3,2026-05-01,2,5,EUR\n", "nobody's sale and somebody's", 1, 1,
         NULL},
        {"F4,2026-05-01,1,5,EUR\nF4,2026-05-01,1,6,EUR\n", "one id with two figures", 1, 1,
         "This event is already stored with other figures (Amount). To correct it, void it and add "
         "it under a new id."},
    };
    some_partners(f);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct str csv = str_printf(f->arena, "%s%s", head, rows[i].text);
        struct trial t = scene_import(f, &import__events, str_c(f->arena, csv), NULL, false);
        ok(counted(&t, rows[i].added, 0, 0, rows[i].refused), rows[i].name);
        if (rows[i].reason)
            is_str(t.reason, rows[i].reason, "with the reason");
    }
}

/* An event that comes again with one other thing: which one is said. */
static void differing(struct fixture *f)
{
    static const char first[] = "external id,occurred at,partner,partner 2,net,cost,product,role\n"
                                "D1,2026-05-01,1,2,10,4,,seller\n";
    static const struct {
        const char *row, *column;
    } others[] = {
        {"D1,2026-05-01,1,2,10,5,,seller\n", "cost"},
        {"D1,2026-05-01,1,3,10,4,,seller\n", "partner"},
        {"D1,2026-05-01,1,,10,4,,seller\n", "partner"},
        {"D1,2026-05-01,1,2,10,4,,referrer\n", "partner"},
        {"D1,2026-05-01,1,2,11,4,,seller\n", "external id"},
        {"D1,2026-05-02,1,2,10,4,,seller\n", "occurred at"},
    };
    some_partners(f);
    struct trial t = scene_import(f, &import__events, first, NULL, false);
    ok(counted(&t, 1, 0, 0, 0), "a sale of two partners with its cost");
    t = scene_import(f, &import__events, first, NULL, false);
    ok(counted(&t, 0, 0, 1, 0), "again: it is known");
    for (size_t i = 0; i < LEN(others); i++) {
        struct str csv = str_printf(
            f->arena, "external id,occurred at,partner,partner 2,net,cost,product,role\n%s",
            others[i].row);
        t = scene_import(f, &import__events, str_c(f->arena, csv), NULL, false);
        ok(counted(&t, 0, 0, 0, 1), "with another figure it is refused");
        if (strcmp(others[i].column, "external id") != 0)
            is_str(t.column, others[i].column, "at the column that differs");
    }
}

/* ---- refusals in the midst of a batch ---- */

static void midst(struct fixture *f)
{
    enum { ROWS = 300 };
    AUTO_BUF csv = BUF(1 << 20);
    scene_set(f);
    buf_put(&csv, STR("code,name,tags,roles\n"));
    for (int i = 0; i < ROWS; i++)
        buf_printf(&csv, "M%03d,Name %d,\"a, b\",%s\n", i, i, i % 50 == 49 ? "emperor" : "");
    struct trial t =
        scene_import(f, &import__partners, str_c(f->arena, buf_str(&csv)), NULL, false);
    ok(counted(&t, ROWS - 6, 0, 0, 6), "rows that are wrong only when they are applied");
    is_i64(fixture_i64(f, "select count(*) from partner"), ROWS - 6, "leave no partner");
    is_i64(fixture_i64(f, "select count(*) from partner_tag"), 2 * (ROWS - 6), "and no tag");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'partner.add'"), ROWS - 6,
           "and no entry of the journal");
    t = scene_import(f, &import__partners, str_c(f->arena, buf_str(&csv)), NULL, false);
    ok(counted(&t, 0, 0, ROWS - 6, 6), "again: the same are refused, nothing changes");
    t = scene_import(f, &import__partners, "code,name\nT1,Ana\nT1,Ana\nT1,Bo\nM000,Name 0\n", NULL,
                     false);
    ok(counted(&t, 1, 1, 2, 0), "a code that stands three times in a file is one partner");
}

static void managers(struct fixture *f)
{
    static const char csv[] = "code,name,manager\n1,Ana,BOSS@example.com\n2,Bo,nobody@example.com\n"
                              "3,Cy,\n";
    scene_set(f);
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values (77, 1, 2, "
                   "'boss@example.com', 'boss@example.com', 'Boss', 'boss', '00', 'en', true, 0)");
    int64_t id = 77;
    struct trial t = scene_import(f, &import__partners, csv, NULL, false);
    ok(counted(&t, 2, 0, 0, 1), "partners with managers");
    is_str(t.reason, "Nobody of the staff has the e-mail “nobody@example.com”.",
           "an unknown e-mail refuses its row");
    is_str(t.column, "manager", "at its column");
    ok(fixture_i64(f, "select manager_id from partner where code = '1'") == id,
       "who looks after it");
    t = scene_import(f, &import__partners, "code,name,manager\n1,Ana,boss@example.com\n", NULL,
                     false);
    ok(counted(&t, 0, 0, 1, 0), "again: nothing changes");
    t = scene_import(f, &import__partners, "code,name,manager\n1,Ana,\n", NULL, false);
    ok(counted(&t, 0, 1, 0, 0), "an empty cell takes the manager away");
}

/* ---- columns that are left out ---- */

static void unused(struct fixture *f)
{
    struct str heads[] = {STR_INIT("code"), STR_INIT("nmae"), STR_INIT("Weight of a zebra"),
                          STR_INIT("contry")};
    struct import_mapping *mapping =
        import__mapping_suggest(f->arena, &import__partners, heads, LEN(heads));
    struct import_unused_list list;
    struct fault fault = {.arena = f->arena};
    (void)!import__mapping_bind(f->arena, mapping, heads, LEN(heads), &fault);
    import__mapping_unused(f->arena, mapping, heads, LEN(heads), &list);
    ok(list.len == 3 && str_eq(list.at[0].name, STR("nmae")) &&
           str_eq(list.at[0].nearest, STR("name")),
       "columns that no field takes are named, with the nearest field");
    ok(list.len == 3 && !list.at[1].nearest.at && str_eq(list.at[2].nearest, STR("country")),
       "and without one when none is near");
}

/* ---- the file of refused rows, corrected ---- */

struct bytes {
    struct buf *buf;
};

static enum rc put_bytes(void *self, struct str bytes)
{
    struct bytes *to = self;
    buf_put(to->buf, bytes);
    return RC_OK;
}

static struct str replaced(struct arena *arena, struct str text, struct str from, struct str to)
{
    size_t at = str_find(text, from, 0);
    return at == SIZE_MAX
               ? text
               : str_printf(arena, STR_FMT STR_FMT STR_FMT, STR_ARG(str_sub(text, 0, at)),
                            STR_ARG(to), STR_ARG(str_sub(text, at + from.len, SIZE_MAX)));
}

static void round_trip(struct fixture *f)
{
    static const char mapping[] =
        "{\"format\":\"kontor-mapping/1\",\"kind\":\"partners\",\"encoding\":\"windows-1251\","
        "\"delimiter\":\";\",\"columns\":[{\"to\":\"code\",\"from\":\"Code\"},"
        "{\"to\":\"name\",\"from\":\"Name\"},{\"to\":\"email\",\"from\":\"Mail\"},"
        "{\"to\":\"country\",\"from\":\"Land\"}]}";
    static const char csv[] = "Code;Name;Mail;Land\nR1;Ana;ana@example.com;ES\n"
                              "R2;\"Bo; \"\"Co\"\"\";wrong;Nowhere\n";
    struct import_rec rec;
    struct str text = STR("");
    scene_set(f);
    struct trial t = scene_import(f, &import__partners, csv, mapping, false);
    ok(counted(&t, 1, 0, 0, 1), "a row with two mistakes is refused once");
    ok(q_import(&f->op, &(struct q_import_in){t.id}, &rec) == RC_OK && rec.error_file_id.has &&
           file_load(&f->op, rec.error_file_id.v, 1 << 20, &text) == RC_OK,
       "its row comes back");
    AUTO_BUF buf = BUF(1 << 20);
    struct bytes to = {&buf};
    ok(import__errors_as_workbook(&f->op, rec.error_file_id.v, ';',
                                  (struct sheet_sink){put_bytes, &to}) == RC_OK &&
           str_starts(buf_str(&buf), STR("PK")),
       "as a workbook too");
    struct import_preview preview = {0};
    struct str book = buf_str(&buf);
    struct import_mapping none = {.kind = &import__partners};
    ok(import__preview(f->arena, sheet_source_str(&book), &none, &f->op.fault, &preview) == RC_OK &&
           preview.heads.len == 8 && preview.rows.len == 1 &&
           str_eq(preview.rows.at[0].at[5], STR("Bo; \"Co\"")),
       "which has the row as it was after the reason");
    text = replaced(f->arena, text, STR(";wrong;Nowhere"), STR(";bo@example.com;Spain"));
    t = scene_import(f, &import__partners, str_c(f->arena, text), mapping, false);
    ok(counted(&t, 1, 0, 0, 0), "corrected, it is imported with the same mapping");
    is_i64(fixture_i64(f, "select count(*) from partner where code = 'R2' and country = 'ES'"), 1,
           "and is there");
}

/* ---- lines without end ---- */

struct endless {
    int64_t bytes;
    int64_t asked;
};

static enum rc read_endless(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    static const char first[] = "code,name\nA,";
    struct endless *endless = self;
    size_t len = offset >= endless->bytes ? 0 : cap;
    memset(at, 'x', len);
    for (size_t i = 0; i < len && offset + (int64_t)i < (int64_t)sizeof(first) - 1; i++)
        at[i] = first[offset + (int64_t)i];
    endless->asked = offset + (int64_t)len;
    *out_len = len;
    return RC_OK;
}

static void endless_line(struct fixture *f)
{
    struct endless endless = {.bytes = INT64_C(10) << 30};
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = &import__partners};
    struct fault fault = {.arena = f->arena};
    struct sheet_source source = {read_endless, &endless, endless.bytes};
    enum rc rc = import__preview(f->arena, source, &none, &fault, &preview);
    ok(rc == RC_INVALID && fault.entries_len == 1, "a line of ten gigabytes is refused");
    ok(endless.asked < (64 << 20), "after a few megabytes of it");
}

static void wide(struct fixture *f)
{
    AUTO_BUF csv = BUF(4 << 20);
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = &import__partners};
    struct fault fault = {.arena = f->arena};
    buf_put(&csv, STR("code,name"));
    for (int i = 0; i < 100000; i++)
        buf_printf(&csv, ",c%d", i);
    buf_put(&csv, STR("\nA,Ana\n"));
    struct str bytes = buf_str(&csv);
    ok(import__preview(f->arena, sheet_source_str(&bytes), &none, &fault, &preview) == RC_INVALID &&
           fault.entries_len == 1,
       "a hundred thousand columns are refused with a message");
}

static void empty(struct fixture *f)
{
    scene_set(f);
    struct trial t = scene_import(f, &import__partners, "code,name\n", NULL, false);
    ok(counted(&t, 0, 0, 0, 0), "only a header: nothing to do");
    t = scene_import(f, &import__partners, "", NULL, false);
    ok(t.rc == RC_INVALID && f->op.fault.entries_len > 0, "an empty file is refused with words");
    fault_clear(&f->op.fault);
}

int main(void)
{
    scene_start();
    permission_declare(auth_permissions, auth_permissions_len);
    fixture_each(shapes);
    fixture_each(encodings);
    fixture_each(figures);
    fixture_each(differing);
    fixture_each(midst);
    fixture_each(managers);
    fixture_each(unused);
    fixture_each(round_trip);
    fixture_each(endless_line);
    fixture_each(wide);
    fixture_each(empty);
    return done_testing();
}
