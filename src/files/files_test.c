/* Tests of files: what is written comes back whole, once, to whom it belongs. */
#include <unistd.h>

#include "files/files.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct file_new plain = {.name = STR_INIT("prices.csv"), .purpose = "test"};

/* Bytes that differ from part to part and do not repeat. */
static struct str bytes_of(struct arena *arena, size_t len)
{
    char *at = arena_alloc(arena, len + 1);
    uint32_t x = 12345;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        at[i] = (char)(x >> 24);
    }
    return (struct str){at, len};
}

static void writing_and_reading(struct fixture *f)
{
    static const size_t lengths[] = {0,
                                     1,
                                     1000,
                                     FILE_PART_BYTES - 1,
                                     FILE_PART_BYTES,
                                     FILE_PART_BYTES + 1,
                                     3 * FILE_PART_BYTES + 77};
    for (size_t i = 0; i < LEN(lengths); i++) {
        struct str in = bytes_of(f->arena, lengths[i]), out;
        struct file_info info;
        int64_t id = 0;
        ok(file_add(&f->op, &plain, in, &id) == RC_OK, "a file is stored");
        ok(file_load(&f->op, id, FILE_BYTES_MAX, &out) == RC_OK && str_eq(in, out),
           "what was stored comes back byte for byte");
        ok(file_find(&f->op, id, &info) == RC_OK && info.size_bytes == (int64_t)lengths[i],
           "its size is known");
    }
}

static void writing_in_small_pieces(struct fixture *f)
{
    struct str in = bytes_of(f->arena, FILE_PART_BYTES + 5000), out;
    struct file_writer *writer;
    int64_t id = 0;
    ok(file_create(&f->op, &plain, &writer) == RC_OK, "a writer is made");
    enum rc rc = RC_OK;
    for (size_t at = 0; at < in.len && rc == RC_OK; at += 777)
        rc = file_write(writer, str_sub(in, at, 777));
    ok(rc == RC_OK && file_finish(writer, &id) == RC_OK, "pieces of any size are taken");
    ok(file_load(&f->op, id, FILE_BYTES_MAX, &out) == RC_OK && str_eq(in, out),
       "and make the same file");
}

static void same_bytes_once(struct fixture *f)
{
    struct str in = bytes_of(f->arena, FILE_PART_BYTES + 10);
    int64_t a = 0, b = 0;
    ok(file_add(&f->op, &plain, in, &a) == RC_OK && file_add(&f->op, &plain, in, &b) == RC_OK,
       "the same content is stored twice");
    ok(a != b, "as two files");
    is_i64(fixture_i64(f, "select count(*) from file_part"), 2, "whose parts are kept once");
    ok(file_remove(&f->op, a) == RC_OK, "one is removed");
    f->op.now += 2 * US_DAY;
    struct file_tidied tidied;
    ok(file_tidy(&f->op, &tidied) == RC_OK && tidied.parts == 0, "parts of the other stay");
    struct str out;
    ok(file_load(&f->op, b, FILE_BYTES_MAX, &out) == RC_OK && str_eq(in, out),
       "and it can be read");
}

static void reading_at_an_offset(struct fixture *f)
{
    struct str in = bytes_of(f->arena, 2 * FILE_PART_BYTES + 500), out;
    struct file_reader *reader = NULL;
    int64_t id = 0;
    ok(file_add(&f->op, &plain, in, &id) == RC_OK && file_open(&f->op, id, NULL, &reader) == RC_OK,
       "a file is open");
    int64_t at = FILE_PART_BYTES + 100;
    ok(file_read_at(reader, at, &out) == RC_OK &&
           str_eq(out, str_sub(in, (size_t)at, FILE_PART_BYTES - 100)),
       "reading at an offset gives the rest of its part");
    ok(file_read_at(reader, 2 * FILE_PART_BYTES + 500, &out) == RC_OK && out.len == 0,
       "and nothing past the end");
}

static void text_source(struct fixture *f)
{
    struct str in = bytes_of(f->arena, FILE_PART_BYTES + 3000);
    struct file_reader *reader = NULL;
    int64_t id = 0;
    size_t len = 0, n = 1;
    bool is_same = true;
    ok(file_add(&f->op, &plain, in, &id) == RC_OK && file_open(&f->op, id, NULL, &reader) == RC_OK,
       "a file is open");
    struct text_source source = file_text_source(reader);
    char at[1000];
    while (n > 0 && source.read(source.self, at, sizeof(at), &n) == RC_OK) {
        is_same = is_same && str_eq((struct str){at, n}, str_sub(in, len, n));
        len += n;
    }
    ok(is_same && len == in.len, "a text source gives the same bytes");
}

static void limits(struct fixture *f)
{
    struct file_new small = {.name = STR("a.txt"), .purpose = "test", .bytes_max = 1000};
    int64_t id = 0;
    ok(file_add(&f->op, &small, bytes_of(f->arena, 1000), &id) == RC_OK,
       "a file of the largest size is taken");
    ok(file_add(&f->op, &small, bytes_of(f->arena, 1001), &id) == RC_TOO_LARGE,
       "a byte more is refused");
    ok(f->op.fault.entries_len == 1, "with a message");
    struct str out;
    ok(file_load(&f->op, id, 999, &out) == RC_TOO_LARGE, "loading more than wanted is refused");
}

static void names(struct fixture *f)
{
    static const struct {
        struct str in;
        const char *want;
    } cases[] = {
        {STR_INIT("../../etc/passwd"), "passwd"},
        {STR_INIT("C:\\Users\\me\\отчёт.xlsx"), "отчёт.xlsx"},
        {STR_INIT(""), "file"},
        {STR_INIT(".."), "file"},
        {STR_INIT("a\r\nSet-Cookie: x"), "a Set-Cookie: x"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct file_new what = {.name = cases[i].in, .purpose = "test"};
        struct file_info info = {0};
        int64_t id = 0;
        ok(file_add(&f->op, &what, STR("x"), &id) == RC_OK && file_find(&f->op, id, &info) == RC_OK,
           "a file with a strange name is stored");
        is_str(info.name, cases[i].want, "under what is left of the name");
    }
}

static void owners(struct fixture *f)
{
    struct file_new of_five = {.name = STR("a"), .purpose = "test", .partner_id = SOME(5)};
    struct file_info info;
    int64_t theirs = 0, ours = 0;
    ok(file_add(&f->op, &of_five, STR("x"), &theirs) == RC_OK &&
           file_add(&f->op, &plain, STR("y"), &ours) == RC_OK,
       "a partner's file and one of the operator");
    f->op.actor = (struct actor){.kind = ACTOR_PARTNER, .partner_id = 5};
    ok(file_find(&f->op, theirs, &info) == RC_OK, "a partner sees its own file");
    ok(file_find(&f->op, ours, &info) == RC_MISSING, "but none of the operator's");
    f->op.actor.partner_id = 6;
    ok(file_find(&f->op, theirs, &info) == RC_MISSING, "and none of another partner's");
    ok(file_remove(&f->op, theirs) == RC_MISSING, "nor can it remove one");
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .has_all_branches = true};
    ok(file_find(&f->op, theirs, &info) == RC_OK && file_find(&f->op, ours, &info) == RC_OK,
       "staff of all branches see both");
    f->op.actor = (struct actor){.kind = ACTOR_NOBODY};
    ok(file_find(&f->op, theirs, &info) == RC_MISSING &&
           file_find(&f->op, ours, &info) == RC_MISSING,
       "nobody sees nothing");
}

static void tidying(struct fixture *f)
{
    struct file_new temporary = {
        .name = STR("a"), .purpose = "export", .expires_at = SOME(f->op.now + US_HOUR)};
    struct file_info info;
    struct file_tidied tidied = {0};
    struct file_writer *writer;
    int64_t id = 0;
    ok(file_add(&f->op, &temporary, STR("x"), &id) == RC_OK, "a temporary file");
    ok(file_create(&f->op, &plain, &writer) == RC_OK &&
           file_write(writer, bytes_of(f->arena, FILE_PART_BYTES)) == RC_OK,
       "and an upload that never ended");
    is_i64(fixture_i64(f, "select count(*) from file_part"), 2, "have a part each");
    ok(file_tidy(&f->op, &tidied) == RC_OK && tidied.files == 0 && tidied.parts == 0,
       "at first nothing is tidied");
    f->op.now += US_HOUR;
    ok(file_find(&f->op, id, &info) == RC_MISSING, "when its time is over the file is not shown");
    f->op.now += 2 * US_DAY;
    ok(file_tidy(&f->op, &tidied) == RC_OK && tidied.files == 1 && tidied.parts == 2,
       "tidying removes it and all parts that nobody uses");
    is_i64(fixture_i64(f, "select count(*) from file_part"), 0, "so nothing is left");
}

static void damage(struct fixture *f)
{
    struct str out;
    int64_t id = 0, bad = -1;
    ok(file_add(&f->op, &plain, bytes_of(f->arena, 3000), &id) == RC_OK, "a file");
    ok(file_verify(&f->op, &bad) == RC_OK && bad == 0, "is whole");
    fixture_sql(f, f->engine == DB_SQLITE ? "update file_part set bytes = x'00'"
                                          : "update file_part set bytes = '\\x00'");
    ok(file_load(&f->op, id, FILE_BYTES_MAX, &out) == RC_BROKEN,
       "stored bytes that have changed are not passed on");
    ok(file_verify(&f->op, &bad) == RC_OK && bad == id, "and verifying names the file");
}

static void descriptors(struct fixture *f)
{
    struct str in = bytes_of(f->arena, 70000), out;
    char path[] = "/tmp/kontor-files-XXXXXX";
    AUTO_FD fd = mkstemp(path);
    int64_t id = 0, copy = 0;
    (void)unlink(path);
    ok(file_add(&f->op, &plain, in, &id) == RC_OK && file_copy_to_fd(&f->op, id, fd) == RC_OK,
       "a file is written to a descriptor");
    (void)lseek(fd, 0, SEEK_SET);
    ok(file_add_fd(&f->op, &plain, fd, &copy) == RC_OK &&
           file_load(&f->op, copy, FILE_BYTES_MAX, &out) == RC_OK && str_eq(in, out),
       "and read from one");
}

/* Whatever statement fails, there is the whole file or none. */
static void faults(struct fixture *f)
{
    struct str in, out;
    bool is_fine = true;
    int n = 1;
    for (;; n++) {
        int64_t id = 0;
        fixture_fresh_op(f);
        in = bytes_of(f->op.arena, FILE_PART_BYTES + 10);
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = file_add(&f->op, &plain, in, &id);
        bool has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        if (!has_fired)
            break;
        is_fine = is_fine && rc == RC_FULL && fixture_i64(f, "select count(*) from file") == 0 &&
                  fixture_i64(f, "select count(*) from file_piece") == 0;
        if (n > 50)
            break;
    }
    ok(is_fine && n > 4 && n < 50, "a failure of any statement leaves no half file");
    ok(file_load(&f->op, fixture_i64(f, "select max(id) from file"), FILE_BYTES_MAX, &out) ==
               RC_OK &&
           str_eq(in, out),
       "and the first try that meets none stores it");
}

static void sniffing(void)
{
    static const struct {
        struct str head, name;
        const char *want;
    } cases[] = {
        {STR_INIT("%PDF-1.7\n"), STR_INIT("a.txt"), "application/pdf"},
        {STR_INIT("\x89PNG\r\n\x1a\n...."), STR_INIT("a.html"), "image/png"},
        {STR_INIT("PK\x03\x04....[Content_Types].xml...xl/workbook.xml"), STR_INIT("a.zip"),
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {STR_INIT("PK\x03\x04....a.txt"), STR_INIT("a.xlsx"), "application/zip"},
        {STR_INIT("a;b;c\n1;2;3\n"), STR_INIT("A.CSV"), "text/csv"},
        {STR_INIT("\xef\xbb\xbf"
                  "a;b\n"),
         STR_INIT("a.csv"), "text/csv"},
        {STR_INIT("\xcf\xf0\xe8\xe2\xe5\xf2"), STR_INIT("a.txt"), "text/plain"},
        {STR_INIT("<html><script>alert(1)</script>"), STR_INIT("a.html"), "text/plain"},
        {STR_INIT("<svg xmlns='http://www.w3.org/2000/svg'/>"), STR_INIT("a.svg"), "text/plain"},
        {STR_INIT("<?xml version='1.0'?><svg/>"), STR_INIT("a.xml"), "text/plain"},
        {STR_INIT("<?xml version='1.0'?><definitions/>"), STR_INIT("a.dmn"), "application/xml"},
        {STR_INIT("\x7f"
                  "ELF\x02\x01\x01\x00"),
         STR_INIT("a.csv"), "application/octet-stream"},
        {STR_INIT("{\"a\":1}"), STR_INIT("a.json"), "application/json"},
        {STR_INIT(""), STR_INIT(""), "text/plain"},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        is_str(str_of(file_sniff(cases[i].head, cases[i].name)), cases[i].want,
               "a file is called what its bytes are");
}

int main(void)
{
    sniffing();
    fixture_each(writing_and_reading);
    fixture_each(writing_in_small_pieces);
    fixture_each(same_bytes_once);
    fixture_each(reading_at_an_offset);
    fixture_each(text_source);
    fixture_each(limits);
    fixture_each(names);
    fixture_each(owners);
    fixture_each(tidying);
    fixture_each(damage);
    fixture_each(descriptors);
    fixture_each(faults);
    return done_testing();
}
