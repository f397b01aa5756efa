/* Schemes and their versions as records: what may be changed when, and what the audit is told. A
 * file becomes a draft; a draft is submitted with the instant from which it is to be in force;
 * once approved its text, number and instant stand for ever, so that what was computed by it can
 * be computed again. What is wrong with a published version is put right by the next one. */
#include "scheme/scheme_int.h"

enum { NAME_CHARS_MAX = 200, TEXT_CHARS_MAX = 2000 };

const struct permission scheme_permissions[] = {
    {"scheme.read", M("See schemes"), ACTOR_STAFF},
    {"scheme.edit", M("Edit schemes and submit their versions"), ACTOR_STAFF},
    {"scheme.approve", M("Approve versions of schemes"), ACTOR_STAFF},
};
const size_t scheme_permissions_len = LEN(scheme_permissions);

static enum rc (*known_guard)(struct op *op, int64_t scheme_id, int64_t *out_free_from);

void scheme_version_guard_set(enum rc (*guard)(struct op *op, int64_t scheme_id,
                                               int64_t *out_free_from))
{
    known_guard = guard;
}

static const struct scheme_usage *known_usage;

void scheme_usage_set(const struct scheme_usage *usage)
{
    known_usage = usage;
}

const struct scheme_usage *scheme__usage(void)
{
    return known_usage;
}

enum rc scheme__uses(struct op *op, int64_t scheme_id, int64_t *out)
{
    *out = 0;
    return known_usage ? known_usage->count(op, scheme_id, out) : RC_OK;
}

/* ---- schemes ---- */

static void info_of(const struct scheme_rec *rec, struct scheme_info *out)
{
    *out = (struct scheme_info){.id = rec->id,
                                .revision = rec->revision,
                                .code = rec->code,
                                .name = rec->name,
                                .description = rec->description,
                                .archived_at = rec->archived_at};
}

enum rc scheme_get(struct op *op, int64_t id, struct scheme_info *out)
{
    struct scheme_rec rec;
    TRY(q_scheme(op, &(struct q_scheme_in){.id = id}, &rec));
    info_of(&rec, out);
    return RC_OK;
}

enum rc scheme_by_code(struct op *op, struct str code, struct scheme_info *out)
{
    struct scheme_rec rec;
    struct q_scheme_by_code_in in = {.code_fold = text_fold(op->arena, code)};
    TRY(q_scheme_by_code(op, &in, &rec));
    info_of(&rec, out);
    return RC_OK;
}

static enum rc check_text(struct op *op, const char *field, struct str *text, int chars_max,
                          bool is_needed)
{
    char max[16];
    *text = text_clean_block(op->arena, *text);
    if (!text->at)
        *text = STR("");
    if (text->len == 0)
        return is_needed ? fail(op, RC_INVALID, field, M("This field is required.")) : RC_OK;
    if (utf8_count(*text) <= (size_t)chars_max)
        return RC_OK;
    (void)snprintf(max, sizeof max, "%d", chars_max);
    return fail(op, RC_INVALID, field, M("This is too long: at most {0} characters."), max);
}

/* Every field is looked at before the answer. */
static enum rc check_info(struct op *op, struct scheme_info *s)
{
    const char *wrong = check_code(op->arena, s->code, &s->code);
    enum rc rc = wrong ? fail(op, RC_INVALID, "code", wrong) : RC_OK;
    enum rc name = check_text(op, "name", &s->name, NAME_CHARS_MAX, true);
    enum rc text = check_text(op, "description", &s->description, TEXT_CHARS_MAX, false);
    return rc != RC_OK ? rc : name != RC_OK ? name : text;
}

static enum rc store_info(struct op *op, struct scheme_info *s)
{
    struct str code_fold = text_fold(op->arena, s->code);
    struct str fold = text_fold(op->arena, s->name), sort = text_sort_key(op->arena, s->name);
    if (s->id == 0)
        return q_scheme_insert(op,
                               &(struct q_scheme_insert_in){.code = s->code,
                                                            .code_fold = code_fold,
                                                            .name = s->name,
                                                            .name_fold = fold,
                                                            .name_sort = sort,
                                                            .description = s->description,
                                                            .now = op->now},
                               &s->id);
    return q_scheme_update(op, &(struct q_scheme_update_in){.id = s->id,
                                                            .revision = s->revision,
                                                            .code = s->code,
                                                            .code_fold = code_fold,
                                                            .name = s->name,
                                                            .name_fold = fold,
                                                            .name_sort = sort,
                                                            .description = s->description});
}

enum { INFO_VALUES = 3 };

static void info_values(const struct scheme_info *s, struct audit_value out[INFO_VALUES])
{
    out[0] = (struct audit_value){"code", s->code};
    out[1] = (struct audit_value){"name", s->name};
    out[2] = (struct audit_value){"description", s->description};
}

enum rc scheme_save(struct op *op, const struct scheme_info *in, int64_t *out_id)
{
    struct audit_value before[INFO_VALUES], after[INFO_VALUES];
    struct scheme_info s = *in, old;
    bool is_new = s.id == 0;
    TRY(op_must(op, "scheme.edit"));
    TRY(check_info(op, &s));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (!is_new) {
        TRY(scheme_get(op, s.id, &old));
        info_values(&old, before);
    }
    TRY(op_stale_if(op, op_code_taken(op, store_info(op, &s), s.code)));
    info_values(&s, after);
    struct audit_entry entry = {.action = is_new ? "scheme.add" : "scheme.edit",
                                .record = "scheme",
                                .record_id = s.id,
                                .label = s.code};
    TRY(audit_add_diff(op, &entry, is_new ? NULL : before, after, INFO_VALUES));
    TRY(txn_commit(&txn));
    *out_id = s.id;
    return RC_OK;
}

enum rc scheme_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct scheme_info old;
    TRY(op_must(op, "scheme.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_get(op, id, &old));
    struct q_scheme_archive_in in = {
        .id = id, .revision = revision, .archived_at = is_archived ? SOME(op->now) : NONE};
    TRY(op_stale_if(op, q_scheme_archive(op, &in)));
    struct audit_entry entry = {.action = is_archived ? "scheme.archive" : "scheme.restore",
                                .record = "scheme",
                                .record_id = id,
                                .label = old.code};
    TRY(audit_add_flag(op, &entry, "archived", old.archived_at.has, is_archived));
    return txn_commit(&txn);
}

enum rc scheme_choices(struct op *op, struct scheme_choices *out)
{
    struct scheme_choice_rows rows;
    TRY(q_scheme_choices(op, &rows));
    *out = (struct scheme_choices){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct scheme_info info = {
            .id = rows.at[i].id, .code = rows.at[i].code, .name = rows.at[i].name};
        VEC_PUSH(op->arena, out, info);
    }
    return RC_OK;
}

/* ---- versions ---- */

static struct scheme_version version_of(const struct version_rec *rec)
{
    return (struct scheme_version){.id = rec->id,
                                   .scheme_id = rec->scheme_id,
                                   .number = rec->number,
                                   .revision = rec->revision,
                                   .state = rec->state,
                                   .sha256 = rec->sha256,
                                   .note = rec->note,
                                   .valid_from = rec->valid_from,
                                   .created_at = rec->created_at,
                                   .published_at = rec->published_at};
}

static void versions_of(struct op *op, const struct version_rec_rows *rows,
                        struct scheme_versions *out)
{
    *out = (struct scheme_versions){0};
    for (size_t i = 0; i < rows->len; i++)
        VEC_PUSH(op->arena, out, version_of(&rows->at[i]));
}

enum rc scheme_version_get(struct op *op, int64_t version_id, struct scheme_version *out)
{
    struct version_rec rec;
    TRY(q_scheme_version(op, &(struct q_scheme_version_in){.id = version_id}, &rec));
    *out = version_of(&rec);
    return RC_OK;
}

enum rc scheme_version_by_number(struct op *op, int64_t scheme_id, int64_t number,
                                 struct scheme_version *out)
{
    struct version_rec rec;
    struct q_scheme_version_by_number_in in = {.scheme_id = scheme_id, .number = number};
    TRY(q_scheme_version_by_number(op, &in, &rec));
    *out = version_of(&rec);
    return RC_OK;
}

enum rc scheme_versions(struct op *op, int64_t scheme_id, struct scheme_versions *out)
{
    struct version_rec_rows rows;
    TRY(q_scheme_versions(op, &(struct q_scheme_versions_in){.scheme_id = scheme_id}, &rows));
    versions_of(op, &rows, out);
    return RC_OK;
}

enum rc scheme_versions_in_force(struct op *op, int64_t scheme_id, int64_t from, int64_t to,
                                 struct scheme_versions *out)
{
    struct q_scheme_versions_in_force_in in = {
        .scheme_id = scheme_id, .from_at = from, .to_at = to};
    struct version_rec_rows rows;
    *out = (struct scheme_versions){0};
    if (from >= to)
        return RC_OK;
    TRY(q_scheme_versions_in_force(op, &in, &rows));
    versions_of(op, &rows, out);
    return RC_OK;
}

enum rc scheme_version_for(struct op *op, int64_t scheme_id, int64_t at, struct scheme_version *out)
{
    struct version_rec rec;
    TRY(q_scheme_version_for(
        op, &(struct q_scheme_version_for_in){.scheme_id = scheme_id, .at = at}, &rec));
    *out = version_of(&rec);
    return RC_OK;
}

enum rc scheme__version_with(struct op *op, int64_t version_id, struct scheme_version *out,
                             struct scheme_info *out_scheme)
{
    TRY(scheme_version_get(op, version_id, out));
    return scheme_get(op, out->scheme_id, out_scheme);
}

struct str scheme__version_label(struct op *op, const struct scheme_info *scheme, int64_t number)
{
    return i18n_format(op->arena, op->lang, M("{0}, version {1}"), scheme->code, number);
}

/* In the audit a version is told of under its scheme, so that one history has everything. */
static enum rc audit_version(struct op *op, const char *action, const struct scheme_info *scheme,
                             const struct scheme_version *version, const struct audit_value *before,
                             const struct audit_value *after, size_t len)
{
    struct audit_entry entry = {
        .action = action,
        .record = "scheme",
        .record_id = scheme->id,
        .label = scheme__version_label(op, scheme, version->number),
    };
    return audit_add_diff(op, &entry, before, after, len);
}

static enum rc check_file(struct op *op, struct str xml)
{
    const struct scheme *unused;
    if (xml.len == 0)
        return fail(op, RC_INVALID, "file", M("The file is empty."));
    if (xml.len > SCHEME_FILE_MAX)
        return fail(op, RC_TOO_LARGE, "file", M("The file is larger than {0}."),
                    str_c(op->arena, i18n_size(op->arena, op->lang, SCHEME_FILE_MAX)));
    if (!utf8_valid(xml))
        return fail(op, RC_INVALID, "file", M("The file is not in UTF-8; save it in UTF-8."));
    return scheme_read(op->arena, xml, &op->fault, &unused);
}

static enum rc insert_version(struct op *op, const struct scheme_info *scheme,
                              const struct scheme_version *version, struct str xml, int64_t *out_id)
{
    struct q_scheme_version_insert_in in = {
        .scheme_id = scheme->id,
        .number = version->number,
        .sha256 = version->sha256,
        .xml = xml,
        .note = version->note,
        .created_by = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
        .now = op->now,
    };
    enum rc rc = q_scheme_version_insert(op, &in, out_id);
    if (rc == RC_CONFLICT)
        return fail(op, rc, NULL,
                    M("Somebody else has just added a version. Look at it and add yours again."));
    TRY(rc);
    struct audit_value after[] = {{"version", audit_text_i64(op, version->number)},
                                  {"sha256", version->sha256},
                                  {"note", version->note}};
    return audit_version(op, "scheme.version", scheme, version, NULL, after, LEN(after));
}

enum rc scheme_version_add(struct op *op, int64_t scheme_id, struct str dmn_xml, struct str note,
                           int64_t *out_version_id)
{
    struct scheme_info scheme;
    struct version_rec newest = {0};
    TRY(op_must(op, "scheme.edit"));
    TRY(check_text(op, "note", &note, TEXT_CHARS_MAX, false));
    TRY(check_file(op, dmn_xml));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_get(op, scheme_id, &scheme));
    enum rc rc = q_scheme_version_newest(
        op, &(struct q_scheme_version_newest_in){.scheme_id = scheme_id}, &newest);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    struct scheme_version version = {.scheme_id = scheme_id,
                                     .number = newest.number + 1,
                                     .sha256 = crypt_sha256_hex(op->arena, dmn_xml),
                                     .note = note,
                                     .id = newest.id};
    bool is_same = rc == RC_OK && str_eq(newest.sha256, version.sha256) &&
                   !str_eq(newest.state, STR("retired"));
    if (!is_same)
        TRY(insert_version(op, &scheme, &version, dmn_xml, &version.id));
    TRY(txn_commit(&txn));
    *out_version_id = version.id;
    return RC_OK;
}

/* ---- publishing ---- */

static enum rc check_from(struct op *op, int64_t scheme_id, int64_t valid_from)
{
    int64_t free_from = INT64_MIN;
    if (known_guard)
        TRY(known_guard(op, scheme_id, &free_from));
    if (valid_from >= free_from)
        return RC_OK;
    return fail(op, RC_CONFLICT, "valid_from",
                M("Rewards of that time are posted. The earliest possible beginning is {0}."),
                str_c(op->arena, i18n_date_time(op->arena, op->lang, free_from, op->zone)));
}

static enum rc mark_submitted(struct op *op, const struct scheme_version *version, int64_t revision,
                              int64_t valid_from)
{
    struct q_scheme_version_submit_in in = {
        .id = version->id, .revision = revision, .valid_from = valid_from};
    if (!str_eq(version->state, STR("draft")))
        return fail(op, RC_CONFLICT, NULL, M("Only a draft can be submitted."));
    enum rc rc = op_taken(op, q_scheme_version_submit(op, &in), "valid_from", "valid_from",
                          M("Another version of this scheme begins at that moment already."));
    return op_stale_if(op, rc);
}

enum rc scheme_version_submit(struct op *op, int64_t version_id, int64_t revision,
                              int64_t valid_from)
{
    struct scheme_version version;
    struct scheme_info scheme;
    int64_t approval_id;
    TRY(op_must(op, "scheme.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme__version_with(op, version_id, &version, &scheme));
    if (scheme.archived_at.has)
        return fail(op, RC_CONFLICT, NULL, M("The scheme is archived. Restore it first."));
    TRY(check_from(op, scheme.id, valid_from));
    TRY(mark_submitted(op, &version, revision, valid_from));
    struct audit_value before[] = {{"state", version.state}, {"valid_from", STR_NONE}};
    struct audit_value after[] = {{"state", STR("in_approval")},
                                  {"valid_from", audit_text_instant(op, valid_from)}};
    TRY(audit_version(op, "scheme.submit", &scheme, &version, before, after, LEN(after)));
    struct approval_new ask = {.kind = "scheme",
                               .record_id = version_id,
                               .label = scheme__version_label(op, &scheme, version.number),
                               .note = version.note};
    TRY(approval_request(op, &ask, &approval_id));
    return txn_commit(&txn);
}

/* For modules above: a version that begins later is announced. */
static enum rc tell(struct op *op, const struct scheme_version *version)
{
    if (version->valid_from.v <= op->now)
        return RC_OK;
    return outbox_publish(op, "scheme.published",
                          str_printf(op->arena, "scheme:%lld", (long long)version->scheme_id),
                          str_printf(op->arena, "{\"version\":%lld}", (long long)version->id));
}

static enum rc on_decided(struct op *op, const struct approval_outcome *outcome)
{
    struct scheme_version version;
    struct scheme_info scheme;
    bool is_yes = outcome->state == APPROVAL_APPROVED;
    TRY(scheme__version_with(op, outcome->record_id, &version, &scheme));
    if (is_yes) {
        TRY(check_from(op, scheme.id, version.valid_from.v));
        TRY(q_scheme_version_publish(
            op, &(struct q_scheme_version_publish_in){.id = version.id, .now = op->now}));
        TRY(tell(op, &version));
    } else {
        TRY(q_scheme_version_back(op, &(struct q_scheme_version_back_in){.id = version.id}));
    }
    struct str began =
        version.valid_from.has ? audit_text_instant(op, version.valid_from.v) : STR_NONE;
    struct audit_value before[] = {{"state", version.state}, {"valid_from", began}};
    struct audit_value after[] = {{"state", is_yes ? STR("published") : STR("draft")},
                                  {"valid_from", is_yes ? began : STR_NONE}};
    return audit_version(op, is_yes ? "scheme.publish" : "scheme.return", &scheme, &version, before,
                         after, LEN(after));
}

enum rc scheme_version_retire(struct op *op, int64_t version_id, int64_t revision)
{
    struct scheme_version version;
    struct scheme_info scheme;
    TRY(op_must(op, "scheme.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme__version_with(op, version_id, &version, &scheme));
    bool is_draft = str_eq(version.state, STR("draft"));
    bool is_future = str_eq(version.state, STR("published")) && version.valid_from.v > op->now;
    if (!is_draft && !is_future)
        return fail(op, RC_CONFLICT, NULL,
                    M("Only a draft, or a version that has not begun, can be retired."));
    struct q_scheme_version_retire_in in = {.id = version_id, .revision = revision};
    TRY(op_stale_if(op, q_scheme_version_retire(op, &in)));
    struct audit_value before = {"state", version.state}, after = {"state", STR("retired")};
    TRY(audit_version(op, "scheme.retire", &scheme, &version, &before, &after, 1));
    return txn_commit(&txn);
}

/* ---- at start ---- */

static struct str approval_url(struct op *op, int64_t record_id)
{
    return scheme__version_href(op, record_id, "");
}

static const struct approval_kind approval = {
    .name = "scheme",
    .label = M("Version of a scheme"),
    .permission = "scheme.approve",
    .is_optional = true,
    .on_decided = on_decided,
    .url = approval_url,
};

static const struct audit_name names[] = {
    {"scheme", M("Scheme"), "/schemes/", "sch"},
    {"scheme.add", M("Scheme added"), NULL, NULL},
    {"scheme.edit", M("Scheme changed"), NULL, NULL},
    {"scheme.archive", M("Scheme archived"), NULL, NULL},
    {"scheme.restore", M("Scheme restored"), NULL, NULL},
    {"scheme.version", M("Version of the scheme added"), NULL, NULL},
    {"scheme.submit", M("Version of the scheme submitted"), NULL, NULL},
    {"scheme.publish", M("Version of the scheme published"), NULL, NULL},
    {"scheme.return", M("Version of the scheme returned to draft"), NULL, NULL},
    {"scheme.retire", M("Version of the scheme retired"), NULL, NULL},
    {"scheme:code", M("Code"), NULL, NULL},
    {"scheme:name", M("Name"), NULL, NULL},
    {"scheme:description", M("Description"), NULL, NULL},
    {"scheme:archived", M("Archived"), NULL, NULL},
    {"scheme:version", M("Version"), NULL, NULL},
    {"scheme:sha256", M("Fingerprint of the file"), NULL, NULL},
    {"scheme:note", M("Note"), NULL, NULL},
    {"scheme:state", M("State"), NULL, NULL},
    {"scheme:valid_from", M("In force from"), NULL, NULL},
    {0},
};

static const struct ui_page pages[] = {
    {UI_SCHEMES, M("Schemes"), "/schemes", "scheme.read"},
};

void scheme_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
    approval_kind_declare(&approval);
}
