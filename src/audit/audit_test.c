/* Tests of the journal: it commits with the change, its chain shows any tampering, and erasing a
 * person's data does not break it. */
#include "audit/audit_int.h"
#include "jobs/jobs.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static const struct audit_name names[] = {
    {"partner", "Partner", "/partners/", "prt"},
    {"partner.edit", "Partner changed", NULL, NULL},
    {"partner:name", "Name", NULL, NULL},
    {0},
};

static void begin(struct fixture *f)
{
    jobs_forget();
    permission_declare(job_permissions, job_permissions_len);
    audit_declare();
    audit_name_declare(names);
    f->op.actor = (struct actor){.kind = ACTOR_STAFF,
                                 .user_id = 7,
                                 .has_all_branches = true,
                                 .name = STR("Vera Novak"),
                                 .address = STR("10.0.0.1")};
    f->op.request_id = STR("req-1");
}

static enum rc edit(struct fixture *f, int64_t id, const char *was, const char *is)
{
    struct audit_change change = {"name", str_of(was), str_of(is)};
    return audit_add(&f->op, &(struct audit_entry){.action = "partner.edit",
                                                   .record = "partner",
                                                   .record_id = id,
                                                   .label = STR("P-1"),
                                                   .partner_id = SOME(id),
                                                   .changes = &change,
                                                   .changes_len = 1});
}

static void writing(struct fixture *f)
{
    struct audit_rows rows = {0};
    begin(f);
    ok(edit(f, 5, "Old", "New") == RC_OK, "a change is written down");
    ok(audit_history(&f->op, "partner", 5, 10, &rows) == RC_OK && rows.len == 1,
       "and found at its record");
    is_str(rows.at[0].actor, "Vera Novak", "with who");
    is_str(rows.at[0].address, "10.0.0.1", "from where");
    is_str(rows.at[0].request_id, "req-1", "in which request");
    is_i64(rows.at[0].at, FIXTURE_NOW, "when");
    ok(rows.at[0].changes.len == 1, "and what");
    is_str(rows.at[0].changes.at[0].before, "Old", "before");
    is_str(rows.at[0].changes.at[0].after, "New", "and after");
    {
        AUTO_TXN txn = {0};
        ok(txn_begin(&f->op, &txn) == RC_OK && edit(f, 5, "New", "Newer") == RC_OK,
           "a change that is rolled back");
    }
    ok(audit_history(&f->op, "partner", 5, 10, &rows) == RC_OK && rows.len == 1,
       "takes its entry with it");
}

static void differences(struct fixture *f)
{
    struct audit_value before[] = {{"name", STR("A")}, {"note", STR_NONE}, {"city", STR("Oslo")}};
    struct audit_value after[] = {{"name", STR("B")}, {"note", STR("")}, {"city", STR("Oslo")}};
    struct audit_entry entry = {
        .action = "partner.edit", .record = "partner", .record_id = 1, .label = STR("P-1")};
    begin(f);
    struct audit_changes changes = audit_diff(&f->op, before, after, 3);
    ok(changes.len == 1 && strcmp(changes.at[0].field, "name") == 0,
       "only what differs is a change; absent and empty are the same");
    changes = audit_diff(&f->op, NULL, after, 3);
    ok(changes.len == 2 && !changes.at[0].before.at, "a new record has no old values");
    ok(audit_add_diff(&f->op, &entry, before, before, 3) == RC_OK &&
           fixture_i64(f, "select count(*) from audit") == 0,
       "an edit that changed nothing is not written down");
    ok(audit_add_diff(&f->op, &entry, before, after, 3) == RC_OK &&
           fixture_i64(f, "select count(*) from audit") == 1,
       "one that did is");
}

static struct audit_verified verify(struct fixture *f)
{
    struct audit_verified verified = {0};
    ok(audit_verify(&f->op, &verified) == RC_OK, "the chain is verified");
    return verified;
}

static void chaining(struct fixture *f)
{
    begin(f);
    ok(audit_chain(&f->op) == RC_MISSING, "an empty journal has nothing to chain");
    for (int64_t i = 1; i <= 5; i++)
        ok(edit(f, i, "a", "b") == RC_OK, "a change");
    struct audit_verified v = verify(f);
    ok(v.is_whole && v.rows == 0 && v.waiting == 5, "entries wait to be chained");
    ok(audit_chain(&f->op) == RC_OK, "they are chained");
    v = verify(f);
    ok(v.is_whole && v.rows == 5 && v.waiting == 0 && v.head.len == 64, "and the chain holds");
    ok(edit(f, 6, "a", "b") == RC_OK && audit_chain(&f->op) == RC_OK, "the chain goes on");
    struct audit_verified longer = verify(f);
    ok(longer.is_whole && longer.rows == 6 && !str_eq(longer.head, v.head), "with another head");
    ok(audit_chain(&f->op) == RC_MISSING, "and rests when there is nothing");
}

static void long_chains(struct fixture *f)
{
    bool is_fine = true;
    begin(f);
    for (int i = 0; i < 2300; i++) {
        struct arena_mark mark = arena_mark(f->op.arena);
        is_fine = edit(f, i, "a", NULL) == RC_OK && is_fine;
        arena_rewind(f->op.arena, mark);
    }
    ok(is_fine && jobs_drain(&f->op) == RC_OK, "more entries than one part takes");
    struct audit_verified v = verify(f);
    ok(v.is_whole && v.rows == 2300, "are chained and verified");
}

/* Entries put in by one statement: their digests are whatever, the chain is over them as they are.
 */
static void fill(struct fixture *f, int count)
{
    const char *blob = f->engine == DB_SQLITE ? "x'00'" : "'\\x00'::bytea";
    struct str sql = str_printf(
        f->arena,
        "insert into audit (at, actor_kind, request_id, action, record, record_id, actor, address,"
        " actor_digest, label, label_digest) with recursive n(i) as (select 1 union all"
        " select i + 1 from n where i < %d) select i, 1, 'r', 'a', 'b', i, 'c', 'd', %s, 'e', %s"
        " from n; insert into audit_pending (audit_id) select id from audit;",
        count, blob, blob);
    fixture_sql(f, str_c(f->arena, sql));
}

/* After a large import, or under an old database, very many wait at once. */
static void chaining_by_parts(struct fixture *f)
{
    int count = f->engine == DB_SQLITE ? 200000 : 5000;
    int64_t before = 0, most = 0;
    int parts = 0;
    begin(f);
    fill(f, count);
    for (enum rc rc = RC_OK; rc == RC_OK; parts++) {
        struct arena_mark mark = arena_mark(f->op.arena);
        rc = audit_chain(&f->op);
        arena_rewind(f->op.arena, mark);
        int64_t now = fixture_i64(f, "select seq from audit_chain order by seq desc limit 1");
        most = now - before > most ? now - before : most;
        before = now;
    }
    is_i64(before, count, "a great many entries are chained");
    is_i64(most, AUDIT_CHAIN_BATCH, "no transaction chains more than its part");
    is_i64(parts, count / AUDIT_CHAIN_BATCH + 1, "one after the other, until nothing waits");
    is_i64(fixture_i64(f, "select count(*) from audit_pending"), 0, "nothing is left over");
}

static void tampering(struct fixture *f)
{
    static const struct {
        const char *sql, *what;
        int64_t audit_id;
    } cases[] = {
        {"update audit set at = at + 1 where id = 3", "a changed time", 3},
        {"update audit set record_id = 9 where id = 3", "a changed record", 3},
        {"update audit set action = 'x' where id = 2", "a changed action", 2},
        {"update audit set user_id = null where id = 2", "a changed user", 2},
        {"update audit set actor = 'Eve' where id = 4", "a changed name of who did it", 4},
        {"update audit set label = 'P-2' where id = 4", "a changed label", 4},
        {"update audit set changes = replace(changes, '\"b\"', '\"c\"') where id = 2",
         "a changed new value", 2},
        {"update audit set changes = null where id = 2", "values that are gone", 2},
        {"update audit set changes = 'no list' where id = 2", "values that are no values", 2},
        {"update audit set label = null, label_salt = null where id = 2",
         "an entry that is erased in part", 2},
        {"update audit set changes_digest = (select changes_digest from audit where id = 4)"
         " where id = 3",
         "a commitment of another entry", 3},
        {"update audit set changes = null, changes_digest = null where id = 3", "removed values",
         3},
        {"delete from audit_chain where seq = 3", "a removed link", 0},
        {"update audit_chain set audit_id = 6 where seq = 3", "a link to another row", 6},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        fixture_fresh_op(f);
        begin(f);
        for (int64_t id = 1; id <= 6; id++)
            if (edit(f, id, "a", "b") != RC_OK)
                ok(false, "a change");
        fixture_sql(f, "delete from audit_pending where audit_id = 6");
        ok(audit_chain(&f->op) == RC_OK, "five entries are chained");
        fixture_sql(f, cases[i].sql);
        struct audit_verified v = verify(f);
        ok(!v.is_whole, cases[i].what);
        if (cases[i].audit_id)
            is_i64(v.first_break.audit_id, cases[i].audit_id, "is found where it is");
        fixture_done(f);
        if (!fixture_open(f, f->engine))
            return;
    }
}

static void strays(struct fixture *f)
{
    begin(f);
    ok(edit(f, 1, "a", "b") == RC_OK && audit_chain(&f->op) == RC_OK &&
           edit(f, 2, "a", "b") == RC_OK,
       "an entry");
    fixture_sql(f, "delete from audit_pending");
    struct audit_verified v = verify(f);
    ok(!v.is_whole && v.first_break.audit_id == 2, "that is put in beside the chain is found");
}

static void erasing(struct fixture *f)
{
    struct audit_rows rows;
    begin(f);
    ok(edit(f, 5, "Anna Secret", "Anna Hidden") == RC_OK && edit(f, 6, "x", "y") == RC_OK &&
           audit_chain(&f->op) == RC_OK,
       "entries with a person's data");
    ok(audit_erase_record(&f->op, "partner", 5) == RC_OK && audit_erase_actor(&f->op, 7) == RC_OK,
       "the person is forgotten");
    is_i64(fixture_i64(f, "select count(*) from audit where changes like '%Anna%'"), 0,
           "the data is gone");
    is_i64(fixture_i64(f, "select count(*) from audit where actor is not null"), 0,
           "with the name");
    struct audit_verified v = verify(f);
    ok(v.is_whole && v.rows == 2, "and the chain holds");
    ok(audit_history(&f->op, "partner", 5, 10, &rows) == RC_OK && rows.len == 1 &&
           !rows.at[0].actor.at,
       "the entry is still there");
    is_str(rows.at[0].changes.at[0].after, "Erased", "and says that its values were erased");
    is_str(str_of(rows.at[0].changes.at[0].field), "name", "of which fields");
    fixture_sql(f, "update audit set changes = replace(changes, 'null', '\"Forged\"') where "
                   "record_id = 5");
    ok(!verify(f).is_whole, "an erased value cannot be replaced by another");
}

/* ---- a database from before an entry held its changes ---- */

static struct str hex_of(struct fixture *f, const struct audit__digest *digest)
{
    return crypt_hex(f->arena, audit__bytes(digest));
}

/* One entry as the first version stored it: a row for each field, each with its own commitment. */
static void add_as_before(struct fixture *f, int64_t id)
{
    struct str salt = STR("0123456789abcdef"), empty = STR("");
    struct str who[] = {empty, empty}, label = STR("P-1");
    struct str texts[][3] = {{STR("name"), STR("Old"), STR("Anna \"A\"")},
                             {STR("city"), STR_NONE, STR("")}};
    const char *head = f->engine == DB_SQLITE ? "x'" : "'\\x";
    struct audit__digest of_who = audit__commit(salt, who, 2), of_label;
    of_label = audit__commit(salt, &label, 1);
    struct str salt_hex = crypt_hex(f->arena, salt);
    struct str sql = str_printf(
        f->arena,
        "insert into audit (at, actor_kind, request_id, action, record, record_id, actor, address,"
        " actor_salt, actor_digest, label, label_salt, label_digest) values (1, 1, '', "
        "'partner.edit',"
        " 'partner', %lld, '', '', %s" STR_FMT "', %s" STR_FMT "', 'P-1', %s" STR_FMT
        "', %s" STR_FMT "'); insert into audit_pending (audit_id) values (%lld);",
        (long long)id, head, STR_ARG(salt_hex), head, STR_ARG(hex_of(f, &of_who)), head,
        STR_ARG(salt_hex), head, STR_ARG(hex_of(f, &of_label)), (long long)id);
    fixture_sql(f, str_c(f->arena, sql));
    for (size_t i = 0; i < LEN(texts); i++) {
        struct audit__digest digest = audit__commit(salt, texts[i], 3);
        sql = str_printf(f->arena,
                         "insert into audit_change (audit_id, place, field, before, after, salt,"
                         " digest) values (%lld, %zu, '" STR_FMT "', %s, '" STR_FMT "', %s" STR_FMT
                         "', %s" STR_FMT "');",
                         (long long)id, i, STR_ARG(texts[i][0]), i == 0 ? "'Old'" : "null",
                         STR_ARG(texts[i][2]), head, STR_ARG(salt_hex), head,
                         STR_ARG(hex_of(f, &digest)));
        fixture_sql(f, str_c(f->arena, sql));
    }
}

extern const struct db_module_migrations audit_migrations; /* by tools/embed.sh */

static void migrate_from_before(struct fixture *f)
{
    AUTO_BUF text = BUF(64 << 10);
    fixture_sql(f, "drop view audit_change; alter table audit drop column changes;"
                   "alter table audit drop column changes_digest;");
    db_schema_text(
        STR("create table audit_change (id {{pk}}, audit_id {{i64}} not null, place {{i64}}"
            " not null, field {{text}} not null, before {{text}}, after {{text}}, salt "
            "{{blob}}, digest {{blob}} not null);"),
        f->engine, &text);
    fixture_sql(f, str_c(f->arena, buf_str(&text)));
    add_as_before(f, 1);
    add_as_before(f, 2);
    fixture_sql(f, "update audit_change set before = null, after = null, salt = null"
                   " where audit_id = 2; update audit set label = null, label_salt = null"
                   " where id = 2;");
    const struct db_migration *migration = &audit_migrations.files[1];
    buf_reset(&text);
    db_schema_text((struct str){migration->at, (size_t)(migration->end - migration->at)}, f->engine,
                   &text);
    fixture_sql(f, str_c(f->arena, buf_str(&text)));
}

static void entries_from_before(struct fixture *f)
{
    struct audit_rows rows;
    begin(f);
    migrate_from_before(f);
    ok(audit_chain(&f->op) == RC_OK && edit(f, 3, "a", "b") == RC_OK &&
           audit_chain(&f->op) == RC_OK,
       "entries of the first version and of this one are chained");
    struct audit_verified v = verify(f);
    ok(v.is_whole && v.rows == 3, "and the chain holds");
    ok(audit_history(&f->op, "partner", 1, 10, &rows) == RC_OK && rows.len == 1 &&
           rows.at[0].changes.len == 2,
       "an old entry has its changes");
    is_str(rows.at[0].changes.at[0].before, "Old", "with the value before");
    is_str(rows.at[0].changes.at[0].after, "Anna \"A\"", "and after");
    ok(!rows.at[0].changes.at[1].before.at && rows.at[0].changes.at[1].after.at,
       "absent apart from empty");
    ok(audit_history(&f->op, "partner", 2, 10, &rows) == RC_OK && rows.at[0].changes.len == 2,
       "one that was erased has them too");
    is_str(rows.at[0].changes.at[0].after, "Erased", "and says so");
    is_i64(fixture_i64(f, "select count(*) from audit_change where field = 'name'"), 3,
           "a field is found in all of them");
    ok(audit_erase_record(&f->op, "partner", 1) == RC_OK && verify(f).is_whole,
       "an old entry can be erased and the chain holds");
    is_i64(fixture_i64(f, "select count(*) from audit where changes like '%Anna%'"), 0,
           "without its values");
    fixture_sql(f, "update audit set changes = replace(changes, '[\"name\",null,null',"
                   " '[\"name\",null,\"Forged\"') where id = 1");
    ok(!verify(f).is_whole, "an erased value of it cannot be replaced");
}

/* What modules below report by a message is written down once, as of then and by whom. */
static void notes(struct fixture *f)
{
    struct audit_rows rows = {0};
    begin(f);
    ok(outbox_note(&f->op, "job.retry", "job", 3, STR("import.run")) == RC_OK, "a note");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    f->op.now += US_MINUTE;
    ok(jobs_drain(&f->op) == RC_OK && audit_history(&f->op, "job", 3, 10, &rows) == RC_OK &&
           rows.len == 1,
       "becomes an entry");
    if (rows.len != 1)
        return;
    is_str(rows.at[0].actor, "Vera Novak", "by who did it");
    is_i64(rows.at[0].at, FIXTURE_NOW, "when it was done");
    fixture_sql(f, "insert into outbox_delivery (message_id, subscriber, topic, key, next_at) "
                   "select id, 'audit.note', topic, key, 0 from outbox");
    ok(jobs_drain(&f->op) == RC_OK && fixture_i64(f, "select count(*) from audit") == 1,
       "a repeated delivery changes nothing");
    ok(verify(f).is_whole && fixture_i64(f, "select count(*) from audit_chain") == 1,
       "draining has chained it");
}

static void chaining_under_faults(struct fixture *f)
{
    bool is_fine = true, is_past_end = false;
    int n = 1;
    begin(f);
    for (; !is_past_end && n < 80; n++) {
        struct audit_verified v;
        is_fine = edit(f, n, "a", "b") == RC_OK && is_fine;
        db_faulty_arm(f->db, n, DB_FAIL_LOST);
        (void)(audit_chain(&f->op) == RC_OK);
        is_past_end = db_faulty_seen(f->db) < n;
        db_faulty_arm(f->db, 0, DB_FAIL_LOST);
        enum rc rc = audit_chain(&f->op);
        is_fine = is_fine && (rc == RC_OK || rc == RC_MISSING) &&
                  audit_verify(&f->op, &v) == RC_OK && v.is_whole && v.rows == n && v.waiting == 0;
    }
    ok(is_fine && n > 5 && n < 80, "whatever statement fails, the chain has each entry once");
}

int main(void)
{
    fixture_each(writing);
    fixture_each(differences);
    fixture_each(chaining);
    fixture_each(long_chains);
    fixture_each(chaining_by_parts);
    fixture_each(tampering);
    fixture_each(strays);
    fixture_each(erasing);
    fixture_each(entries_from_before);
    fixture_each(notes);
    fixture_each(chaining_under_faults);
    return done_testing();
}
