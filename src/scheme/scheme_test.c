/* Schemes as records: versions, publishing, what is in force when, models kept by hash. */
#include <fcntl.h>
#include <unistd.h>

#include "scheme/scheme_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct str example;

static struct str read_example(struct arena *arena)
{
    AUTO_FD fd = open("examples/northwind/reps.dmn", O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* The example with its Beverages rate replaced: another text, another hash. */
static struct str with_rate(struct fixture *f, const char *rate)
{
    static const char was[] = "default=\"0.04\"";
    size_t at = str_find(example, STR("default=\"0.04\""), 0);
    return str_printf(f->arena, STR_FMT "default=\"%s\"" STR_FMT, STR_ARG(str_sub(example, 0, at)),
                      rate, STR_ARG(str_sub(example, at + sizeof was - 1, example.len)));
}

static int64_t add_scheme(struct fixture *f, const char *code)
{
    int64_t id = 0;
    struct scheme_info info = {.code = str_of(code), .name = STR("Sales representatives")};
    ok(scheme_save(&f->op, &info, &id) == RC_OK, "a scheme is added");
    return id;
}

static struct scheme_version add_version(struct fixture *f, int64_t scheme_id, const char *rate)
{
    int64_t id = 0;
    struct scheme_version version = {0};
    if (scheme_version_add(&f->op, scheme_id, with_rate(f, rate), STR(""), &id) != RC_OK ||
        scheme_version_get(&f->op, id, &version) != RC_OK)
        ok(false, "a version is added");
    return version;
}

static enum rc publish(struct fixture *f, const struct scheme_version *version, int64_t from)
{
    return scheme_version_submit(&f->op, version->id, version->revision, from);
}

static struct str state_of(struct fixture *f, int64_t version_id)
{
    struct scheme_version version = {.state = STR("?")};
    (void)!scheme_version_get(&f->op, version_id, &version);
    return version.state;
}

/* ---- records ---- */

static void saving(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), other = 0;
    struct scheme_info info = {0}, twin = {.code = STR("reps"), .name = STR("Another")};
    ok(scheme_save(&f->op, &twin, &other) == RC_CONFLICT, "a code is unique, whatever its case");
    is_str(str_of(f->op.fault.entries[0].field), "code", "the fault names the code");
    fault_clear(&f->op.fault);
    struct scheme_info nothing = {.code = STR("a b"), .name = STR("  ")};
    ok(scheme_save(&f->op, &nothing, &other) == RC_INVALID, "a code has no spaces");
    is_i64((int64_t)f->op.fault.entries_len, 2, "every wrong field is named at once");
    fault_clear(&f->op.fault);
    ok(scheme_by_code(&f->op, STR("Reps"), &info) == RC_OK, "a scheme is found by its code");
    info.name = STR("Reps of the north");
    ok(scheme_save(&f->op, &info, &id) == RC_OK, "its name changes");
    ok(scheme_save(&f->op, &info, &id) == RC_CONFLICT, "an older revision is a conflict");
    fault_clear(&f->op.fault);
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'scheme.edit'"), 1,
           "the change is in the journal once");
    ok(scheme_get(&f->op, id, &info) == RC_OK && info.revision == 2, "the revision counts");
    ok(scheme_archive(&f->op, id, info.revision, true) == RC_OK, "a scheme is archived");
    struct scheme_choices choices;
    ok(scheme_choices(&f->op, &choices) == RC_OK && choices.len == 0,
       "an archived scheme is not offered");
}

static void needs_permission(struct fixture *f)
{
    struct scheme_info info = {.code = STR("X"), .name = STR("X")};
    int64_t id = 0;
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1, .has_all_branches = true};
    ok(scheme_save(&f->op, &info, &id) == RC_DENIED, "saving needs scheme.edit");
    ok(scheme_version_add(&f->op, 1, example, STR(""), &id) == RC_DENIED, "so does a version");
    ok(scheme_version_submit(&f->op, 1, 1, 0) == RC_DENIED, "and submitting");
    ok(scheme_version_retire(&f->op, 1, 1) == RC_DENIED, "and retiring");
    ok(scheme_archive(&f->op, 1, 1, true) == RC_DENIED, "and archiving");
}

/* ---- versions ---- */

static void versions(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), again = 0;
    struct scheme_version first = add_version(f, id, "0.04");
    is_i64(first.number, 1, "the first version has the number 1");
    is_str(first.state, "draft", "a file becomes a draft");
    ok(scheme_version_add(&f->op, id, with_rate(f, "0.04"), STR(""), &again) == RC_OK &&
           again == first.id,
       "the same text is the same version");
    struct scheme_version second = add_version(f, id, "0.05");
    ok(second.number == 2 && !str_eq(second.sha256, first.sha256), "another text is another");
    ok(scheme_version_add(&f->op, id, with_rate(f, "0.04"), STR("back"), &again) == RC_OK &&
           again != first.id,
       "a text of an older version becomes a new one");
    struct str xml;
    ok(scheme_version_file(&f->op, second.id, &xml) == RC_OK && str_eq(xml, with_rate(f, "0.05")),
       "the file comes back byte by byte");
    ok(scheme_version_retire(&f->op, second.id, second.revision) == RC_OK, "a draft is retired");
    is_str(state_of(f, second.id), "retired", "and stays in the list of versions");
}

static void refused_files(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), version;
    ok(scheme_version_add(&f->op, id, STR(""), STR(""), &version) == RC_INVALID, "an empty file");
    fault_clear(&f->op.fault);
    ok(scheme_version_add(&f->op, id, STR("<a/>"), STR(""), &version) == RC_INVALID, "no DMN");
    fault_clear(&f->op.fault);
    ok(scheme_version_add(&f->op, id, STR("\xff\xfe<a/>"), STR(""), &version) == RC_INVALID,
       "no UTF-8");
    fault_clear(&f->op.fault);
    size_t at = str_find(example, STR("e.credit.net)</text>"), 0);
    struct str broken = str_printf(f->arena, STR_FMT "e.credit.net +)</text>" STR_FMT,
                                   STR_ARG(str_sub(example, 0, at)),
                                   STR_ARG(str_sub(example, at + 20, example.len)));
    ok(scheme_version_add(&f->op, id, broken, STR(""), &version) == RC_INVALID,
       "a formula that cannot be read");
    is_str(str_of(f->op.fault.entries[0].field), "volume", "the fault names the decision");
    ok(f->op.fault.entries[0].line > 0, "and the line of the file");
    is_i64(fixture_i64(f, "select count(*) from scheme_version"), 0, "nothing was stored");
    fault_clear(&f->op.fault);
    char *huge = arena_alloc(f->arena, SCHEME_FILE_MAX + 1);
    memset(huge, ' ', SCHEME_FILE_MAX + 1);
    struct str too_large = {huge, SCHEME_FILE_MAX + 1};
    ok(scheme_version_add(&f->op, id, too_large, STR(""), &version) == RC_TOO_LARGE,
       "a file that is too large");
}

static void publishing(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), now = f->op.now;
    struct scheme_version first = add_version(f, id, "0.04"), second = add_version(f, id, "0.05");
    ok(publish(f, &first, now) == RC_OK, "without approvals a draft is published at once");
    is_str(state_of(f, first.id), "published", "it is published");
    ok(publish(f, &first, now + US_DAY) == RC_CONFLICT, "it cannot be submitted twice");
    fault_clear(&f->op.fault);
    ok(publish(f, &second, now) == RC_CONFLICT, "two versions cannot begin at one instant");
    is_str(str_of(f->op.fault.entries[0].field), "valid_from", "the fault names the date");
    fault_clear(&f->op.fault);
    second.revision--;
    ok(publish(f, &second, now + US_DAY) == RC_CONFLICT, "an older revision is a conflict");
    fault_clear(&f->op.fault);
    second.revision++;
    ok(publish(f, &second, now + US_DAY) == RC_OK, "from another instant it is published");
    struct scheme_version got;
    ok(scheme_version_get(&f->op, first.id, &got) == RC_OK &&
           scheme_version_retire(&f->op, got.id, got.revision) == RC_CONFLICT,
       "a version that has begun stays");
    fault_clear(&f->op.fault);
    ok(scheme_version_get(&f->op, second.id, &got) == RC_OK &&
           scheme_version_retire(&f->op, got.id, got.revision) == RC_OK,
       "one that has not begun can be retired");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'scheme.publish'"), 2,
           "each publishing is in the journal");
}

static void approving(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS");
    struct scheme_version first = add_version(f, id, "0.04");
    struct approval approval;
    ok(setting_set(&f->op, "approval.scheme", STR("true")) == RC_OK, "approvals are switched on");
    ok(publish(f, &first, f->op.now) == RC_OK, "the draft is submitted");
    is_str(state_of(f, first.id), "in_approval", "and waits");
    struct scheme_versions in_force;
    ok(scheme_versions_in_force(&f->op, id, 0, INT64_MAX, &in_force) == RC_OK && in_force.len == 0,
       "what waits is not in force");
    ok(approval_state(&f->op, "scheme", first.id, &approval) == RC_OK, "the request is there");
    ok(approval_reject(&f->op, approval.id, STR("too much")) == RC_OK, "it is rejected");
    is_str(state_of(f, first.id), "draft", "and is a draft again");
    ok(scheme_version_get(&f->op, first.id, &first) == RC_OK && !first.valid_from.has,
       "without a date");
    ok(publish(f, &first, f->op.now) == RC_OK &&
           approval_state(&f->op, "scheme", first.id, &approval) == RC_OK &&
           approval_approve(&f->op, approval.id, STR("")) == RC_OK,
       "it is submitted again and approved");
    is_str(state_of(f, first.id), "published", "then it is published");
}

/* ---- in force ---- */

static bool force(struct fixture *f, int64_t id, int64_t from, int64_t to, const char *numbers)
{
    struct scheme_versions found;
    AUTO_BUF buf = BUF(100);
    if (scheme_versions_in_force(&f->op, id, from, to, &found) != RC_OK)
        return false;
    for (size_t i = 0; i < found.len; i++)
        buf_printf(&buf, "%s%lld", i ? " " : "", (long long)found.at[i].number);
    if (!str_eq(buf_str(&buf), str_of(numbers)))
        printf("# found: " STR_FMT "\n", STR_ARG(buf_str(&buf)));
    return str_eq(buf_str(&buf), str_of(numbers));
}

static void in_force(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), t = 1000 * US_DAY, day = US_DAY;
    struct scheme_version first = add_version(f, id, "0.04"), second = add_version(f, id, "0.05"),
                          third = add_version(f, id, "0.06");
    ok(publish(f, &third, t + 20 * day) == RC_OK && publish(f, &first, t) == RC_OK &&
           publish(f, &second, t + 10 * day) == RC_OK,
       "three versions are published, not in order");
    ok(force(f, id, t - 5 * day, t, ""), "before the first one nothing is in force");
    ok(force(f, id, t - 5 * day, t + 1, "1"), "the first one is in force from its instant");
    ok(force(f, id, t + 10 * day - 1, t + 10 * day, "1"), "until the second begins");
    ok(force(f, id, t + 10 * day, t + 10 * day + 1, "2"), "which is in force at its instant");
    ok(force(f, id, t + 5 * day, t + 15 * day, "1 2"), "a period is cut where one begins");
    ok(force(f, id, t - day, t + 100 * day, "1 2 3"), "the last one has no end");
    ok(force(f, id, t + 50 * day, t + 60 * day, "3"), "long after, the last one is in force");
    ok(force(f, id, t + 5 * day, t + 5 * day, ""), "an empty period has none");
    struct scheme_version found;
    ok(scheme_version_for(&f->op, id, t + 12 * day, &found) == RC_OK && found.number == 2,
       "values are given for the version in force");
    ok(scheme_version_for(&f->op, id, t - day, &found) == RC_OK && found.number == 1,
       "before the first one, for the first");
    int64_t other = add_scheme(f, "OTHER");
    ok(scheme_version_for(&f->op, other, t, &found) == RC_MISSING, "without versions, for none");
    (void)add_version(f, other, "0.01");
    (void)add_version(f, other, "0.02");
    ok(scheme_version_for(&f->op, other, t, &found) == RC_OK && found.number == 2,
       "with drafts alone, for the newest");
}

static int64_t free_from;

static enum rc guard(struct op *op, int64_t scheme_id, int64_t *out)
{
    (void)op;
    (void)scheme_id;
    *out = free_from;
    return RC_OK;
}

static void guarded(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS");
    struct scheme_version first = add_version(f, id, "0.04");
    free_from = f->op.now;
    scheme_version_guard_set(guard);
    ok(publish(f, &first, f->op.now - 1) == RC_CONFLICT,
       "no version begins in a time whose rewards are posted");
    is_str(state_of(f, first.id), "draft", "and it is a draft still");
    fault_clear(&f->op.fault);
    ok(publish(f, &first, f->op.now) == RC_OK, "from the first free instant on it can");
    scheme_version_guard_set(NULL);
}

/* ---- models ---- */

static void loading(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS");
    struct scheme_version first = add_version(f, id, "0.041"), second = add_version(f, id, "0.042");
    const struct scheme *a = NULL, *b = NULL, *c = NULL;
    ok(scheme_version_load(&f->op, first.id, &a) == RC_OK &&
           scheme_version_load(&f->op, first.id, &b) == RC_OK && a == b,
       "a version is compiled once");
    ok(scheme_version_load(&f->op, second.id, &c) == RC_OK && c != a, "another one apart");
    is_str(a->attributes[0].fallback, "0.041", "each has its own text");
    is_str(c->attributes[0].fallback, "0.042", "with its own defaults");
    struct scheme_version damaged = add_version(f, id, "0.043");
    fixture_sql(f, "update scheme_version set xml = '<a/>' where number = 3");
    ok(scheme_version_load(&f->op, damaged.id, &c) == RC_BROKEN, "damage is noticed");
    fault_clear(&f->op.fault);
    ok(scheme_version_load(&f->op, 12345, &c) == RC_MISSING, "a version that is not there");
}

/* Whatever statement fails, a version is whole or not there. */
static void faults(struct fixture *f)
{
    int64_t id = add_scheme(f, "REPS"), version_id;
    for (int n = 1;; n++) {
        db_faulty_arm(f->db, n, DB_FAIL_BUSY);
        enum rc rc = scheme_version_add(&f->op, id, example, STR(""), &version_id);
        bool fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_BUSY);
        fault_clear(&f->op.fault);
        if (!fired) {
            ok(rc == RC_OK && n > 3, "without a failure it is added");
            break;
        }
        if (fixture_i64(f, "select count(*) from scheme_version") != 0 || rc == RC_OK)
            ok(false, "a failed statement leaves no version");
    }
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'scheme.version'"), 1,
           "and one entry in the journal");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    example = read_example(arena);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    approval_start();
    scheme_start();
    ok(example.len > 1000, "the example is there");
    fixture_each(saving);
    fixture_each(needs_permission);
    fixture_each(versions);
    fixture_each(refused_files);
    fixture_each(publishing);
    fixture_each(approving);
    fixture_each(in_force);
    fixture_each(guarded);
    fixture_each(loading);
    fixture_each(faults);
    return done_testing();
}
