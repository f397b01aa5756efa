/* Whole imports: each kind, rows that wait, repeating, refusals, trial runs, faults. */
#include "import/import_scene.h"

/* ---- records ---- */

static void records(struct fixture *f)
{
    scene_set(f);
    struct trial t =
        scene_import(f, &import__categories,
                     "code,name,parent\nphones,Phones,goods\ngoods,Goods,\n", NULL, false);
    ok(counted(&t, 2, 0, 0, 0), "a category may stand before its parent");
    t = scene_import(f, &import__products,
                     "Артикул;Наименование;Категория;Цена\nA-1;Телефон;phones;1 990,50\n"
                     "A-2;Чехол;phone;10\n",
                     NULL, false);
    ok(counted(&t, 1, 0, 0, 1), "columns are found by their Russian names, a wrong row is refused");
    is_str(t.reason, "There is no category with the code “phone”. Did you mean “phones”?",
           "with the nearest code");
    ok(t.row == 3 && str_eq(t.column, STR("Категория")), "and the row and column of the file");
    is_i64(fixture_i64(f, "select price_minor from product where code = 'A-1'"), 199050,
           "a decimal comma and a blank between thousands are understood");
    t = scene_import(f, &import__customers,
                     "code,name,country,email\nC1,Ana,Spain,ANA@example.com\nC2,Bo,Atlantis,\n",
                     NULL, false);
    ok(counted(&t, 1, 0, 0, 1), "customers");
    is_str(t.reason, "There is no country “Atlantis”.", "a country that there is not");
    is_i64(fixture_i64(f, "select count(*) from customer where country = 'ES'"), 1,
           "a country's name becomes its code");
    t = scene_import(f, &import__customers,
                     "code,name,country,email\nC1,Ana,Spain,ANA@example.com\n", NULL, false);
    ok(counted(&t, 0, 0, 1, 0), "the same values again change nothing");
    t = scene_import(f, &import__customers, "code,name\nC1,Ana María\n", NULL, false);
    ok(counted(&t, 0, 1, 0, 0), "another value changes the record");
    is_i64(fixture_i64(f, "select count(*) from customer where country = 'ES' and revision = 2"), 1,
           "and a field that the file does not have stays");
}

static const char partners_csv[] = "code,name,parent,since\n"
                                   "1,Nancy,2,2026-01-01\n"
                                   "2,Andrew,,2026-01-01\n"
                                   "6,Michael,5,2026-01-01\n"
                                   "5,Steven,2,2026-01-01\n";

static void partners(struct fixture *f)
{
    scene_set(f);
    struct trial t = scene_import(f, &import__partners, partners_csv, NULL, false);
    ok(counted(&t, 4, 0, 0, 0), "partners may stand before their superiors");
    is_i64(fixture_i64(f, "select count(*) from partner_relation where tree = 'owner'"), 3,
           "and get them");
    is_i64(fixture_i64(f, "select count(*) from import_waiting"), 0, "nothing waits any more");
    t = scene_import(f, &import__partners, partners_csv, NULL, false);
    ok(counted(&t, 0, 0, 4, 0), "the same file again changes nothing");
    t = scene_import(f, &import__partners, "code,name,parent\n7,Robert,99\n8,Laura,7\n9,Anne,\n",
                     NULL, false);
    ok(counted(&t, 1, 0, 0, 2), "a superior who is nowhere, and whoever stands below, are refused");
    is_str(t.reason, "There is no partner with the code “99”. Did you mean “9”?",
           "by the superior's code");
    t = scene_import(f, &import__partners, "code,name,parent,parent from\n2,Andrew,6,2026-01-01\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 0, 1), "a loop is refused");
    t = scene_import(f, &import__partners, "code,name,parent,parent from\n1,Nancy,5,2026-06-01\n",
                     NULL, false);
    ok(counted(&t, 0, 1, 0, 0), "another superior from a day on");
    is_i64(fixture_i64(f, "select count(*) from partner_relation r join partner p on p.id = "
                          "r.partner_id where p.code = '1'"),
           2, "leaves the one before in force until then");
    t = scene_import(f, &import__relations, "partner,parent,tree,from\n1,2,sponsor,2026-01-01\n",
                     NULL, false);
    ok(counted(&t, 1, 0, 0, 0), "relations have a file of their own");
    t = scene_import(f, &import__relations, "partner,parent,tree,from\n1,2,sponsor,2026-01-01\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 1, 0), "which changes nothing when repeated");
}

static void parts(struct fixture *f)
{
    static const char csv[] =
        "code,name,country,tags,contact,contact email,city,address,bank,account,bank code\n"
        "P1,Aurora,ES,\"gold, north\",Ana,ana@example.com,Madrid,Calle 1,Banco,"
        "ES9121000418450200051332,CAIXESBB\n";
    scene_set(f);
    struct trial t = scene_import(f, &import__partners, csv, NULL, false);
    ok(counted(&t, 1, 0, 0, 0), "a partner with tags, contact, address and bank account");
    is_i64(fixture_i64(f, "select count(*) from partner_tag"), 2, "has its tags");
    is_i64(fixture_i64(f, "select count(*) from partner_contact where is_main"), 1, "its contact");
    is_i64(fixture_i64(f, "select count(*) from partner_address where city = 'Madrid'"), 1,
           "its address");
    is_i64(fixture_i64(f, "select count(*) from partner_bank where number_tail = '1332'"), 1,
           "and its account");
    t = scene_import(f, &import__partners, csv, NULL, false);
    ok(counted(&t, 0, 0, 1, 0), "again: nothing changes");
    t = scene_import(f, &import__partners, "code,name,tags,roles\nP1,Aurora,gold,emperor\n", NULL,
                     false);
    ok(counted(&t, 0, 0, 0, 1), "an unknown role refuses the row");
    is_i64(fixture_i64(f, "select count(*) from partner_tag"), 2, "with all of it");
    t = scene_import(f, &import__outlets, "code,name,partner,city\nO-1,Centro,P1,Madrid\n", NULL,
                     false);
    ok(counted(&t, 1, 0, 0, 0), "a point of sale");
    t = scene_import(f, &import__outlets, "code,name,partner,city\nO-1,Centro,P1,Madrid\n", NULL,
                     false);
    ok(counted(&t, 0, 0, 1, 0), "again: nothing changes");
}

/* ---- events ---- */

static const char sales_csv[] = "external id,occurred at,partner,net,quantity,attr:channel\n"
                                "S-1,2026-05-01 10:00,1,100.50,2,web\n"
                                "S-2,2026-05-02,2,7,,\n";

static void events(struct fixture *f)
{
    scene_set(f);
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    struct trial t = scene_import(f, &import__events, sales_csv, NULL, false);
    ok(counted(&t, 2, 0, 0, 0), "events are stored");
    is_i64(fixture_i64(f, "select count(*) from event_tail where net_minor = 10050 and quantity = "
                          "2000000 and attributes = '{\"channel\":\"web\"}' and source = 'test'"),
           1, "with amount, quantity, attributes and source");
    is_i64(fixture_i64(f, "select last_sale_at from partner where code = '1'"),
           date_of(2026, 5, 1).days * US_DAY + 10 * US_HOUR, "the partner's last sale is known");
    t = scene_import(f, &import__events, sales_csv, NULL, false);
    ok(counted(&t, 0, 0, 2, 0), "the same events again change nothing");
    t = scene_import(f, &import__events,
                     "external id,occurred at,partner,net\nS-1,2026-05-01 10:00,1,999\n", NULL,
                     false);
    ok(counted(&t, 0, 0, 0, 1) && str_has(t.reason, STR("other figures")),
       "other figures under a known id are refused");
    t = scene_import(f, &import__events,
                     "external id,occurred at,partner,net,type,original external id\n"
                     "S-3,2026-05-03,1,10,sale,\nR-3,2026-05-04,1,-10,refund,S-3\n"
                     "R-9,2026-05-04,1,-10,refund,S-9\n",
                     NULL, false);
    ok(counted(&t, 2, 0, 0, 1), "a refund finds its sale, also one of the same batch");
    is_str(t.reason, "There is no event “S-9” of this source.", "or is refused");
    t = scene_import(
        f, &import__events,
        "external id,occurred at,net,partner,partner 2,partner 3\nS-4,2026-05-01,1,1,2,5\n", NULL,
        false);
    is_i64(fixture_i64(
               f, "select cast(sum(share) as bigint) from event_tail where external_id = 'S-4'"),
           1000000, "several partners share equally, and the shares sum to one");
    is_i64(fixture_i64(f, "select count(*) from event_tail where external_id = 'S-4'"), 3,
           "each with a credit");
    t = scene_import(
        f, &import__events,
        "external id,occurred at,partner,net\nS-5,2026-05-01,1,1.005\nS-6,31/12/2026,1,1\n", NULL,
        false);
    ok(counted(&t, 0, 0, 0, 2), "half a cent and an unclear date are refused");
}

/* ---- contracts ---- */

static void contracts(struct fixture *f)
{
    scene_set(f);
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    const char *csv = "code,partner,from,currency,due days\nD-1,1,2026-01-01,EUR,15\n";
    ok(setting_set(&f->op, "approval.contract", STR("false")) == RC_OK, "without approval");
    struct trial t = scene_import(f, &import__contracts, csv, NULL, false);
    ok(counted(&t, 1, 0, 0, 0), "a contract");
    is_i64(fixture_i64(f, "select count(*) from contract where state = 'active'"), 1, "is active");
    is_i64(fixture_i64(f, "select due_days from contract_version"), 15, "with its terms");
    t = scene_import(f, &import__contracts, csv, NULL, false);
    ok(counted(&t, 0, 0, 1, 0), "again: nothing changes");
    t = scene_import(f, &import__contracts,
                     "code,partner,from,terms from,due days\nD-1,1,2026-01-01,2026-07-01,5\n", NULL,
                     false);
    ok(counted(&t, 0, 1, 0, 0), "terms of a later day are a new version");
    is_i64(fixture_i64(f, "select count(*) from contract_version"), 2, "of the same contract");
    t = scene_import(f, &import__contracts, "code,partner,from,scheme\nD-2,1,2026-01-01,NONE\n",
                     NULL, false);
    is_str(t.reason, "There is no scheme with the code “NONE”.", "an unknown scheme is refused");
    t = scene_import(f, &import__contracts, "code,partner,from,combine\nD-2,1,2026-01-01,lowest\n",
                     NULL, false);
    ok(counted(&t, 0, 0, 0, 1), "so is another way to combine schemes than there is");
}

/* ---- many at once ---- */

static void many_contracts(struct fixture *f)
{
    scene_set(f);
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    ok(setting_set(&f->op, "approval.contract", STR("false")) == RC_OK, "without approval");
    const char *csv = "code,partner,from,currency,state\nE-1,1,2026-01-01,EUR,\n"
                      "E-2,2,2026-01-01,EUR,draft\ne-1,1,2026-01-01,EUR,\n"
                      "E-3,2,2026-01-01,EUR,in_signature\nE-4,nobody,2026-01-01,EUR,\n"
                      "E-5,1,2026-01-01,EUR,\nE-6,1,2026-05-01,USD,\n";
    struct trial t = scene_import(f, &import__contracts, csv, NULL, false);
    ok(counted(&t, 5, 0, 1, 1), "new contracts, one that is named again, one that is wrong");
    is_i64(fixture_i64(f, "select count(*) from contract where state = 'active'"), 3,
           "they are active");
    is_i64(fixture_i64(f, "select count(*) from contract where state = 'draft'"), 1, "or a draft");
    is_i64(fixture_i64(f, "select count(*) from contract where state = 'in_signature'"), 1,
           "or one step further");
    is_i64(fixture_i64(f, "select count(*) from contract_version where number = 1"), 5,
           "each with its first terms");
    is_i64(fixture_i64(f, "select count(*) from audit_change c join audit a on a.id = c.audit_id "
                          "where a.label = 'E-5' and c.field in ('code', 'partner', 'currency', "
                          "'state')"),
           4, "and one entry in the journal says what they are");
    t = scene_import(f, &import__contracts, csv, NULL, false);
    ok(counted(&t, 0, 0, 6, 1), "again: nothing changes");
}

/* Stored in the order of their names, so that the index is written page by page. */
static void many_by_name(struct fixture *f)
{
    enum { MANY = 1200 };
    AUTO_BUF buf = BUF(1 << 20);
    scene_set(f);
    buf_put(&buf, STR("code,name\n"));
    for (int i = 0; i < MANY; i++)
        buf_printf(&buf, "N%d,Name %d\n", i, 100000 + i * 7919 % MANY);
    const char *csv = str_c(f->arena, buf_str(&buf));
    const struct import_kind *kinds[] = {&import__products, &import__customers, &import__partners};
    const char *tables[] = {"product", "customer", "partner"};
    for (size_t i = 0; i < LEN(kinds); i++) {
        struct trial t = scene_import(f, kinds[i], csv, NULL, false);
        ok(counted(&t, MANY, 0, 0, 0), tables[i]);
        struct str sql = str_printf(f->arena,
                                    "select count(*) from %s a join %s b on b.id = a.id + 1 and "
                                    "b.name_sort < a.name_sort",
                                    tables[i], tables[i]);
        is_i64(fixture_i64(f, str_c(f->arena, sql)), 0, "stand in the order of their names");
        sql = str_printf(f->arena,
                         "select count(*) from audit a join %s t on t.id = a.record_id and "
                         "t.code = a.label where a.record = '%s'",
                         tables[i], tables[i]);
        is_i64(fixture_i64(f, str_c(f->arena, sql)), MANY, "each with its own entry");
        t = scene_import(f, kinds[i], csv, NULL, false);
        ok(counted(&t, 0, 0, MANY, 0), "again: nothing changes");
    }
    (void)scene_import(f, &import__partners, "code,name\nA,Wanted\n", NULL, false);
    if (f->engine == DB_SQLITE)
        is_i64(fixture_i64(f, "select count(*) from partner_text where partner_text match 'want'"),
               1, "and the search finds a new partner");
}

/* ---- trial runs ---- */

static void trial_runs(struct fixture *f)
{
    scene_set(f);
    struct trial t = scene_import(f, &import__partners, partners_csv, NULL, true);
    ok(counted(&t, 4, 0, 0, 0), "a trial run says what would happen");
    is_i64(fixture_i64(f, "select count(*) from partner"), 0, "and changes nothing");
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    AUTO_BUF buf = BUF(1 << 20);
    buf_put(&buf, STR("external id,occurred at,partner,net\n"));
    for (int i = 0; i < 2500; i++)
        buf_printf(&buf, "S-%d,2026-05-01,1,%d\n", i, i % 7);
    buf_put(&buf, STR("S-1,2026-05-01,1,1\nS-2,2026-05-01,1,77\nS-x,2026-05-01,nobody,1\n"));
    const char *csv = str_c(f->arena, buf_str(&buf));
    t = scene_import(f, &import__events, csv, NULL, true);
    struct import_counts trial = t.counts;
    is_i64(fixture_i64(f, "select count(*) from event_tail"), 0, "no event stays");
    t = scene_import(f, &import__events, csv, NULL, false);
    ok(t.counts.added + t.counts.unchanged == trial.added + trial.unchanged &&
           t.counts.refused == trial.refused && trial.refused == 2,
       "a trial run over several batches refuses what the import refuses");
}

/* ---- the file of refused rows ---- */

static void error_file(struct fixture *f)
{
    struct import_rec rec;
    struct str text = STR("");
    scene_set(f);
    struct trial t = scene_import(
        f, &import__customers, "code,name,email\nC1,Ana,nonsense\nC2,\"B, o\",also bad\nC3,Eva,\n",
        NULL, false);
    ok(counted(&t, 1, 0, 0, 2), "two rows are refused");
    ok(q_import(&f->op, &(struct q_import_in){t.id}, &rec) == RC_OK && rec.error_file_id.has,
       "they are in a file");
    ok(file_load(&f->op, rec.error_file_id.v, 1 << 20, &text) == RC_OK, "which can be read");
    ok(str_has(text, STR("Row,Column,Value,Reason,code,name,email\r\n2,email,nonsense,")),
       "with row, column, value and reason");
    ok(str_has(text, STR(",C2,\"B, o\",also bad\r\n")), "and the row as it was");
}

/* ---- going on ---- */

static const char two_batches_head[] = "external id,occurred at,partner,net\n";

static struct str many_sales(struct fixture *f, int rows)
{
    AUTO_BUF buf = BUF(4 << 20);
    buf_put(&buf, str_of(two_batches_head));
    for (int i = 0; i < rows; i++)
        buf_printf(&buf, "S-%d,2026-05-01,%s,%d\n", i, i % 100 == 7 ? "nobody" : "1", i);
    return str_dup(f->arena, buf_str(&buf));
}

/* The n-th statement fails, for every n: what was committed stays, and going on ends as if nothing
 * had happened. */
static void every_fault(struct fixture *f)
{
    enum { ROWS = 1100, STEP = 31 };
    bool is_right = true, is_past_end = false;
    scene_set(f);
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    struct str csv = many_sales(f, ROWS);
    for (int n = 1; !is_past_end && is_right; n += n < 40 ? 1 : STEP) {
        struct trial t = {0};
        struct import_new what = {.kind = &import__events,
                                  .name = STR("test.csv"),
                                  .mapping = scene_mapping(f, &import__events, csv, NULL),
                                  .source = str_printf(f->arena, "source %d", n),
                                  .state = "waiting"};
        fixture_fresh_op(f);
        csv = many_sales(f, ROWS);
        what.mapping = scene_mapping(f, &import__events, csv, NULL);
        what.source = str_printf(f->op.arena, "source %d", n);
        is_right = import__add(&f->op, &what, &t.id) == RC_OK;
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        scene_run(f, csv, &t);
        is_past_end = !db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        fault_clear(&f->op.fault);
        if (t.rc != RC_OK)
            scene_run(f, csv, &t);
        is_right = is_right && counted(&t, ROWS - 11, 0, 0, 11);
        if (!is_right)
            printf("# statement %d\n", n);
        is_right = is_right &&
                   fixture_i64(f, "select count(*) from event_tail t where t.source = (select max("
                                  "i.source) from import i where i.id = (select max(id) from "
                                  "import))") == ROWS - 11 &&
                   fixture_i64(f, "select count(*) from import_error where import_id = (select "
                                  "max(id) from import)") == 11;
    }
    ok(is_right, "an import that any statement stops goes on and counts each row once");
}

static void going_on(struct fixture *f)
{
    struct import_rec rec;
    scene_set(f);
    (void)scene_import(f, &import__partners, partners_csv, NULL, false);
    struct str csv = many_sales(f, 2500);
    struct trial t = {0};
    struct import_new what = {.kind = &import__events,
                              .name = STR("test.csv"),
                              .mapping = scene_mapping(f, &import__events, csv, NULL),
                              .source = STR("test"),
                              .state = "waiting"};
    ok(import__add(&f->op, &what, &t.id) == RC_OK, "an import");
    db_faulty_arm(f->db, 300, DB_FAIL_LOST);
    scene_run(f, csv, &t);
    db_faulty_arm(f->db, 0, DB_FAIL_LOST);
    if (t.rc == RC_OK)
        skip("it is stopped in the middle", "fewer statements than expected");
    fault_clear(&f->op.fault);
    ok(q_import(&f->op, &(struct q_import_in){t.id}, &rec) == RC_OK, "its record is there");
    is_i64(fixture_i64(f, "select count(*) from event_tail"), rec.added,
           "the record counts exactly the rows that are in");
    scene_run(f, csv, &t);
    ok(counted(&t, 2475, 0, 0, 25), "and it goes on from there");
}

/* ---- bad files ---- */

static void bad_files(struct fixture *f)
{
    static const struct {
        const char *bytes, *name;
        size_t len;
    } files[] = {
        {"", "an empty file is refused", 0},
        {"PK\x03\x04 this is no workbook", "a broken workbook is refused", 24},
        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "an old binary workbook is refused", 12},
        {"\x00\x00\x00\x00\x00\x00", "a file of NUL bytes is refused", 6},
    };
    scene_set(f);
    for (size_t i = 0; i < LEN(files); i++) {
        struct trial t = {0};
        struct str bytes = {files[i].bytes, files[i].len};
        struct import_new what = {
            .kind = &import__customers,
            .name = STR("bad"),
            .mapping =
                STR("{\"format\":\"kontor-mapping/1\",\"kind\":\"customers\",\"columns\":[{"
                    "\"to\":\"code\",\"from\":\"code\"},{\"to\":\"name\",\"from\":\"name\"}]}"),
            .state = "waiting"};
        fault_clear(&f->op.fault);
        t.rc = import__add(&f->op, &what, &t.id);
        scene_run(f, bytes, &t);
        ok(t.rc == RC_INVALID && f->op.fault.entries_len > 0, files[i].name);
    }
    struct trial t = scene_import(f, &import__customers, "code,name\nC1,An\x01na\nC2,Bo,too,many\n",
                                  NULL, false);
    ok(t.rc == RC_OK && t.counts.added >= 1, "odd cells do not stop the rest");
    t = scene_import(f, &import__customers, "nom,prix\nC1,Ana\n", NULL, false);
    ok(t.rc == RC_INVALID, "a file without the columns that are needed is refused");
    AUTO_BUF buf = BUF(8 << 20);
    buf_put(&buf, STR("code,name\nC4,"));
    for (int i = 0; i < 3 << 20; i++)
        buf_char(&buf, 'x');
    buf_put(&buf, STR("\nC5,Eva\n"));
    t = scene_import(f, &import__customers, str_c(f->arena, buf_str(&buf)), NULL, false);
    ok(t.rc != RC_OK || t.counts.refused == 1, "a line of megabytes is refused");
}

int main(void)
{
    scene_start();
    fixture_each(records);
    fixture_each(partners);
    fixture_each(parts);
    fixture_each(events);
    fixture_each(contracts);
    fixture_each(many_contracts);
    fixture_each(many_by_name);
    fixture_each(trial_runs);
    fixture_each(error_file);
    fixture_each(bad_files);
    fixture_each(going_on);
    fixture_each(every_fault);
    return done_testing();
}
