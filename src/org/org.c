/* The operator, its legal entities and branches: rules, checks and what the audit records of them.
 * A change is one transaction: row and audit together. Concurrent edits are caught by the revision
 * that the form carried. */
#include "org/org.h"

#include "org/org_int.h"
#include "org/org_q.h"

enum { NAME_CHARS_MAX = 200, SHORT_NAME_CHARS_MAX = 60 };

static const struct org_people *known_people;

const struct permission org_permissions[] = {
    {"org.read", M("See the company, its legal entities and branches"), ACTOR_STAFF},
    {"org.edit", M("Edit the company, its legal entities and branches"), ACTOR_STAFF},
    {0},
};
const size_t org_permissions_len = LEN(org_permissions) - 1;

static const struct audit_name names[] = {
    {"operator", M("Company"), "/settings/company", NULL},
    {"entity", M("Legal entity"), "/settings/entities/", "ent"},
    {"account", M("Bank account"), NULL, NULL},
    {"branch", M("Branch"), "/settings/branches/", "brn"},
    {"operator.add", M("Company set up"), NULL, NULL},
    {"operator.edit", M("Company changed"), NULL, NULL},
    {"entity.add", M("Legal entity added"), NULL, NULL},
    {"entity.edit", M("Legal entity changed"), NULL, NULL},
    {"entity.archive", M("Legal entity archived"), NULL, NULL},
    {"entity.restore", M("Legal entity restored"), NULL, NULL},
    {"account.add", M("Bank account added"), NULL, NULL},
    {"account.edit", M("Bank account changed"), NULL, NULL},
    {"account.archive", M("Bank account archived"), NULL, NULL},
    {"account.restore", M("Bank account restored"), NULL, NULL},
    {"branch.add", M("Branch added"), NULL, NULL},
    {"branch.edit", M("Branch changed"), NULL, NULL},
    {"branch.archive", M("Branch archived"), NULL, NULL},
    {"branch.restore", M("Branch restored"), NULL, NULL},
    {"operator:name", M("Name"), NULL, NULL},
    {"operator:country", M("Country"), NULL, NULL},
    {"operator:currency", M("Currency"), NULL, NULL},
    {"operator:zone", M("Time zone"), NULL, NULL},
    {"operator:lang", M("Language"), NULL, NULL},
    {"operator:languages", M("Languages"), NULL, NULL},
    {"entity:name", M("Name"), NULL, NULL},
    {"entity:short_name", M("Short name"), NULL, NULL},
    {"entity:country", M("Country"), NULL, NULL},
    {"entity:tax_number", M("Tax number"), NULL, NULL},
    {"entity:tax_reason_code", M("KPP"), NULL, NULL},
    {"entity:registration", M("Registration number"), NULL, NULL},
    {"entity:address_country", M("Country of the address"), NULL, NULL},
    {"entity:address_region", M("Region"), NULL, NULL},
    {"entity:address_postcode", M("Postcode"), NULL, NULL},
    {"entity:address_city", M("City"), NULL, NULL},
    {"entity:address_line", M("Address"), NULL, NULL},
    {"entity:archived", M("Archived"), NULL, NULL},
    {"account:kind", M("Kind"), NULL, NULL},
    {"account:bank_name", M("Bank"), NULL, NULL},
    {"account:bank_code", M("Bank code"), NULL, NULL},
    {"account:number", M("Account"), NULL, NULL},
    {"account:corr_number", M("Correspondent account"), NULL, NULL},
    {"account:currency", M("Currency"), NULL, NULL},
    {"account:is_main", M("Main account"), NULL, NULL},
    {"account:archived", M("Archived"), NULL, NULL},
    {"branch:code", M("Code"), NULL, NULL},
    {"branch:name", M("Name"), NULL, NULL},
    {"branch:entity", M("Legal entity"), NULL, NULL},
    {"branch:manager", M("Manager"), NULL, NULL},
    {"branch:archived", M("Archived"), NULL, NULL},
    {0},
};

static const struct ui_page pages[] = {
    {UI_SETTINGS, M("Company"), "/settings/company", "org.read"},
    {UI_SETTINGS, M("Legal entities"), "/settings/entities", "org.read"},
    {UI_SETTINGS, M("Branches"), "/settings/branches", "org.read"},
};

void org_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
}

void org_people_set(const struct org_people *people)
{
    known_people = people;
}

enum rc org__people(struct op *op, struct org_choices *out)
{
    *out = (struct org_choices){0};
    return known_people ? known_people->list(op, out) : RC_OK;
}

enum rc org__person(struct op *op, struct opt_i64 user_id, struct str *out)
{
    *out = STR("");
    if (!user_id.has || !known_people)
        return RC_OK;
    enum rc rc = known_people->name(op, user_id.v, out);
    return rc == RC_MISSING ? RC_OK : rc;
}

struct opt_i64 org__archived(const struct op *op, bool is_archived)
{
    return is_archived ? SOME(op->now) : NONE;
}

/* ---- the operator ---- */

enum { OPERATOR_VALUES = 6 };

static void operator_values(const struct org_operator *o, struct audit_value out[OPERATOR_VALUES])
{
    out[0] = (struct audit_value){"name", o->name};
    out[1] = (struct audit_value){"country", o->country};
    out[2] = (struct audit_value){"currency", o->currency};
    out[3] = (struct audit_value){"zone", o->zone};
    out[4] = (struct audit_value){"lang", o->lang};
    out[5] = (struct audit_value){"languages", o->languages};
}

enum rc org_operator_get(struct op *op, struct org_operator *out)
{
    struct operator_rec rec;
    TRY(q_operator(op, &rec));
    *out = (struct org_operator){
        .revision = rec.revision,
        .name = rec.name,
        .country = rec.country,
        .currency = rec.currency,
        .zone = rec.zone,
        .lang = rec.lang,
        .languages = rec.languages,
    };
    return RC_OK;
}

enum rc org_locale(struct op *op, struct org_locale *out)
{
    struct org_operator o;
    *out = (struct org_locale){
        .name = STR(""),
        .zone = zone_utc(),
        .lang = lang_of(LANG_EN),
        .speaks = {false, true, true, true},
    };
    enum rc rc = org_operator_get(op, &o);
    if (rc != RC_OK)
        return rc == RC_MISSING ? RC_OK : rc;
    const struct zone *zone = zone_find(o.zone);
    const struct lang *lang = lang_find(o.lang);
    out->name = o.name;
    out->zone = zone ? zone : zone_utc();
    out->lang = lang ? lang : out->lang;
    out->currency = currency_find(o.currency);
    for (int i = 1; i <= LANG_COUNT; i++)
        out->speaks[i] = str_has(o.languages, str_of(lang_of((enum lang_id)i)->code));
    return RC_OK;
}

/* "ru en ru" becomes "en ru": known languages in their fixed order. */
static enum rc check_languages(struct op *op, struct org_operator *o)
{
    static const char choose[] = M("Choose at least one language.");
    bool has[LANG_COUNT + 1] = {false};
    struct str rest = o->languages;
    while (rest.at) {
        const struct lang *lang = lang_find(str_cut(&rest, ' '));
        if (lang)
            has[lang->id] = true;
    }
    AUTO_BUF buf = BUF(64);
    for (int i = 1; i <= LANG_COUNT; i++)
        if (has[i])
            buf_printf(&buf, "%s%s", buf.len ? " " : "", lang_of((enum lang_id)i)->code);
    o->languages = str_dup(op->arena, buf_str(&buf));
    if (o->languages.len == 0)
        return fail(op, RC_INVALID, "languages", choose);
    const struct lang *lang = lang_find(o->lang);
    if (!lang || !has[lang->id])
        return fail(op, RC_INVALID, "lang", M("Choose one of the company's languages."));
    return RC_OK;
}

static enum rc check_operator(struct op *op, struct org_operator *o)
{
    enum rc rc = org__line(op, "name", &o->name, NAME_CHARS_MAX, true);
    const char *wrong = check_country(op->arena, o->country, &o->country);
    if (wrong)
        rc = org__worst(rc, fail(op, RC_INVALID, "country", wrong));
    if (!currency_find(o->currency))
        rc =
            org__worst(rc, fail(op, RC_INVALID, "currency", M("Choose a currency from the list.")));
    if (!zone_find(o->zone))
        rc = org__worst(rc, fail(op, RC_INVALID, "zone", M("Choose a time zone from the list.")));
    return org__worst(rc, check_languages(op, o));
}

static enum rc store_operator(struct op *op, const struct org_operator *o, bool is_new)
{
    if (is_new)
        return q_operator_insert(op, &(struct q_operator_insert_in){
                                         .name = o->name,
                                         .country = o->country,
                                         .currency = o->currency,
                                         .zone = o->zone,
                                         .lang = o->lang,
                                         .languages = o->languages,
                                         .now = op->now,
                                     });
    return q_operator_update(op, &(struct q_operator_update_in){
                                     .revision = o->revision,
                                     .name = o->name,
                                     .country = o->country,
                                     .currency = o->currency,
                                     .zone = o->zone,
                                     .lang = o->lang,
                                     .languages = o->languages,
                                 });
}

enum rc org_operator_save(struct op *op, const struct org_operator *in)
{
    TRY(op_must(op, "org.edit"));
    struct org_operator o = *in, old;
    TRY(check_operator(op, &o));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    enum rc rc = org_operator_get(op, &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    bool is_new = rc == RC_MISSING;
    TRY(op_stale_if(op, store_operator(op, &o, is_new)));
    struct audit_value before[OPERATOR_VALUES], after[OPERATOR_VALUES];
    operator_values(&o, after);
    if (!is_new)
        operator_values(&old, before);
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = is_new ? "operator.add" : "operator.edit",
                                             .record = "operator",
                                             .record_id = 1,
                                             .label = o.name},
                       is_new ? NULL : before, after, OPERATOR_VALUES));
    TRY(txn_commit(&txn));
    op->zone = zone_find(o.zone);
    return RC_OK;
}

/* ---- legal entities ---- */

enum { ENTITY_VALUES = 6 + ORG_ADDRESS_PARTS };

static void entity_values(const struct org_entity *e, struct audit_value out[ENTITY_VALUES])
{
    out[0] = (struct audit_value){"name", e->name};
    out[1] = (struct audit_value){"short_name", e->short_name};
    out[2] = (struct audit_value){"country", e->country};
    out[3] = (struct audit_value){"tax_number", e->tax.number};
    out[4] = (struct audit_value){"tax_reason_code", e->tax.reason_code};
    out[5] = (struct audit_value){"registration", e->tax.registration};
    org_address_values(&e->address, out + 6);
}

enum rc org_entity_get(struct op *op, int64_t id, struct org_entity *out)
{
    struct entity_rec rec;
    TRY(q_entity(op, &(struct q_entity_in){.id = id}, &rec));
    *out = (struct org_entity){
        .id = rec.id,
        .revision = rec.revision,
        .name = rec.name,
        .short_name = rec.short_name,
        .country = rec.country,
        .tax = {rec.tax_number, rec.tax_reason_code, rec.registration},
        .address = {rec.address_country, rec.address_region, rec.address_postcode, rec.address_city,
                    rec.address_line},
        .archived_at = rec.archived_at,
    };
    return RC_OK;
}

static enum rc check_entity(struct op *op, struct org_entity *e)
{
    enum rc rc = org__line(op, "name", &e->name, NAME_CHARS_MAX, true);
    rc = org__worst(rc, org__line(op, "short_name", &e->short_name, SHORT_NAME_CHARS_MAX, false));
    if (e->short_name.len == 0)
        e->short_name = utf8_cut(e->name, SHORT_NAME_CHARS_MAX);
    const char *wrong = check_country(op->arena, e->country, &e->country);
    if (wrong)
        rc = org__worst(rc, fail(op, RC_INVALID, "country", wrong));
    rc = org__worst(rc, org_tax_check(op, e->country, &e->tax));
    return org__worst(rc, org_address_check(op, &e->address));
}

static enum rc store_entity(struct op *op, struct org_entity *e)
{
    struct str fold = text_fold(op->arena, e->name), sort = text_sort_key(op->arena, e->name);
    if (e->id == 0)
        return q_entity_insert(op,
                               &(struct q_entity_insert_in){
                                   .name = e->name,
                                   .name_fold = fold,
                                   .name_sort = sort,
                                   .short_name = e->short_name,
                                   .country = e->country,
                                   .tax_number = e->tax.number,
                                   .tax_reason_code = e->tax.reason_code,
                                   .registration = e->tax.registration,
                                   .address_country = e->address.country,
                                   .address_region = e->address.region,
                                   .address_postcode = e->address.postcode,
                                   .address_city = e->address.city,
                                   .address_line = e->address.line,
                                   .now = op->now,
                               },
                               &e->id);
    return q_entity_update(op, &(struct q_entity_update_in){
                                   .id = e->id,
                                   .revision = e->revision,
                                   .name = e->name,
                                   .name_fold = fold,
                                   .name_sort = sort,
                                   .short_name = e->short_name,
                                   .country = e->country,
                                   .tax_number = e->tax.number,
                                   .tax_reason_code = e->tax.reason_code,
                                   .registration = e->tax.registration,
                                   .address_country = e->address.country,
                                   .address_region = e->address.region,
                                   .address_postcode = e->address.postcode,
                                   .address_city = e->address.city,
                                   .address_line = e->address.line,
                               });
}

enum rc org_entity_save(struct op *op, const struct org_entity *in, int64_t *out_id)
{
    TRY(op_must(op, "org.edit"));
    struct org_entity e = *in, old;
    TRY(check_entity(op, &e));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    bool is_new = e.id == 0;
    if (!is_new)
        TRY(org_entity_get(op, e.id, &old));
    enum rc rc = op_taken(op, store_entity(op, &e), "name_fold", "name",
                          M("Another legal entity has this name."));
    TRY(op_stale_if(op, rc));
    struct audit_value before[ENTITY_VALUES], after[ENTITY_VALUES];
    entity_values(&e, after);
    if (!is_new)
        entity_values(&old, before);
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = is_new ? "entity.add" : "entity.edit",
                                             .record = "entity",
                                             .record_id = e.id,
                                             .label = e.name},
                       is_new ? NULL : before, after, ENTITY_VALUES));
    TRY(txn_commit(&txn));
    *out_id = e.id;
    return RC_OK;
}

/* The one field that archiving changes, in the audit. */
enum rc org__audit_archive(struct op *op, const char *action, const char *record, int64_t id,
                           struct str label, struct opt_i64 was, bool is_archived)
{
    struct audit_entry entry = {
        .action = action, .record = record, .record_id = id, .label = label};
    return audit_add_flag(op, &entry, "archived", was.has, is_archived);
}

enum rc org_entity_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    static const char has_branches[] =
        M("{0, plural, one {# branch still belongs} other {# branches still belong}} to it. "
          "Archive them or give them to another legal entity first.");
    TRY(op_must(op, "org.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct org_entity old;
    TRY(org_entity_get(op, id, &old));
    struct counted live;
    TRY(q_entity_live_branches(op, &(struct q_entity_live_branches_in){.id = id}, &live));
    if (is_archived && live.n > 0)
        return fail(op, RC_CONFLICT, NULL, has_branches,
                    str_printf(op->arena, "%lld", (long long)live.n).at);
    TRY(op_stale_if(op, q_entity_archive(op, &(struct q_entity_archive_in){
                                                 .id = id,
                                                 .revision = revision,
                                                 .archived_at = org__archived(op, is_archived),
                                             })));
    TRY(org__audit_archive(op, is_archived ? "entity.archive" : "entity.restore", "entity", id,
                           old.name, old.archived_at, is_archived));
    return txn_commit(&txn);
}

static enum rc choices_of(struct op *op, const struct choice_rows *rows, struct org_choices *out)
{
    *out = (struct org_choices){0};
    for (size_t i = 0; i < rows->len; i++) {
        struct org_choice one = {rows->at[i].id, rows->at[i].code, rows->at[i].name};
        VEC_PUSH(op->arena, out, one);
    }
    return RC_OK;
}

enum rc org_entity_choices(struct op *op, int64_t keep_id, struct org_choices *out)
{
    struct choice_rows rows;
    TRY(q_entity_choices(op, &(struct q_entity_choices_in){.keep_id = keep_id}, &rows));
    return choices_of(op, &rows, out);
}

/* ---- branches ---- */

enum { BRANCH_VALUES = 4 };

static enum rc branch_values(struct op *op, const struct org_branch *b,
                             struct audit_value out[BRANCH_VALUES])
{
    struct org_entity entity;
    struct str manager;
    TRY(org_entity_get(op, b->entity_id, &entity));
    TRY(org__person(op, b->manager_id, &manager));
    out[0] = (struct audit_value){"code", b->code};
    out[1] = (struct audit_value){"name", b->name};
    out[2] = (struct audit_value){"entity", entity.short_name};
    out[3] = (struct audit_value){"manager", manager};
    return RC_OK;
}

static void branch_of(const struct branch_rec *rec, struct org_branch *out)
{
    *out = (struct org_branch){
        .id = rec->id,
        .revision = rec->revision,
        .code = rec->code,
        .name = rec->name,
        .entity_id = rec->entity_id,
        .manager_id = rec->manager_id,
        .archived_at = rec->archived_at,
    };
}

enum rc org_branch_get(struct op *op, int64_t id, struct org_branch *out)
{
    struct branch_rec rec;
    TRY(q_branch(op, &(struct q_branch_in){.id = id}, &rec));
    branch_of(&rec, out);
    return RC_OK;
}

enum rc org_branch_by_code(struct op *op, struct str code, struct org_branch *out)
{
    struct branch_rec rec;
    struct str fold = text_fold(op->arena, code);
    TRY(q_branch_by_code(op, &(struct q_branch_by_code_in){.code_fold = fold}, &rec));
    branch_of(&rec, out);
    return RC_OK;
}

static enum rc check_branch(struct op *op, struct org_branch *b)
{
    enum rc rc = RC_OK;
    const char *wrong = check_code(op->arena, b->code, &b->code);
    if (wrong)
        rc = fail(op, RC_INVALID, "code", wrong);
    rc = org__worst(rc, org__line(op, "name", &b->name, NAME_CHARS_MAX, true));
    struct org_entity entity;
    enum rc found = org_entity_get(op, b->entity_id, &entity);
    if (found != RC_OK && found != RC_MISSING)
        return found;
    if (found == RC_MISSING)
        rc = org__worst(rc, fail(op, RC_INVALID, "entity", M("Choose a legal entity.")));
    if (b->manager_id.has && known_people) {
        struct str name;
        found = known_people->name(op, b->manager_id.v, &name);
        if (found == RC_MISSING)
            return org__worst(rc,
                              fail(op, RC_INVALID, "manager", M("Choose a person from the list.")));
        TRY(found);
    }
    return rc;
}

static enum rc store_branch(struct op *op, struct org_branch *b)
{
    struct str code_fold = text_fold(op->arena, b->code);
    struct str fold = text_fold(op->arena, b->name), sort = text_sort_key(op->arena, b->name);
    if (b->id == 0)
        return q_branch_insert(op,
                               &(struct q_branch_insert_in){
                                   .code = b->code,
                                   .code_fold = code_fold,
                                   .name = b->name,
                                   .name_fold = fold,
                                   .name_sort = sort,
                                   .entity_id = b->entity_id,
                                   .manager_id = b->manager_id,
                                   .now = op->now,
                               },
                               &b->id);
    return q_branch_update(op, &(struct q_branch_update_in){
                                   .id = b->id,
                                   .revision = b->revision,
                                   .code = b->code,
                                   .code_fold = code_fold,
                                   .name = b->name,
                                   .name_fold = fold,
                                   .name_sort = sort,
                                   .entity_id = b->entity_id,
                                   .manager_id = b->manager_id,
                               });
}

enum rc org_branch_save(struct op *op, const struct org_branch *in, int64_t *out_id)
{
    TRY(op_must(op, "org.edit"));
    struct org_branch b = *in, old;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(check_branch(op, &b));
    bool is_new = b.id == 0;
    struct audit_value before[BRANCH_VALUES], after[BRANCH_VALUES];
    if (!is_new) {
        TRY(org_branch_get(op, b.id, &old));
        TRY(branch_values(op, &old, before));
    }
    TRY(op_stale_if(op, op_code_taken(op, store_branch(op, &b), b.code)));
    TRY(branch_values(op, &b, after));
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = is_new ? "branch.add" : "branch.edit",
                                             .record = "branch",
                                             .record_id = b.id,
                                             .label = b.name},
                       is_new ? NULL : before, after, BRANCH_VALUES));
    TRY(txn_commit(&txn));
    *out_id = b.id;
    return RC_OK;
}

enum rc org_branch_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    TRY(op_must(op, "org.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct org_branch old;
    TRY(org_branch_get(op, id, &old));
    TRY(op_stale_if(op, q_branch_archive(op, &(struct q_branch_archive_in){
                                                 .id = id,
                                                 .revision = revision,
                                                 .archived_at = org__archived(op, is_archived),
                                             })));
    TRY(org__audit_archive(op, is_archived ? "branch.archive" : "branch.restore", "branch", id,
                           old.name, old.archived_at, is_archived));
    return txn_commit(&txn);
}

static bool list_has(const struct i64_list *list, int64_t id)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

enum rc org_branch_choices(struct op *op, int64_t keep_id, struct org_choices *out)
{
    struct choice_rows rows;
    TRY(q_branch_choices(op, &(struct q_branch_choices_in){.keep_id = keep_id}, &rows));
    TRY(choices_of(op, &rows, out));
    if (op->actor.kind != ACTOR_STAFF || op->actor.has_all_branches || !known_people)
        return RC_OK;
    struct i64_list own = {0};
    TRY(known_people->branches(op, &own));
    size_t kept = 0;
    for (size_t i = 0; i < out->len; i++)
        if (list_has(&own, out->at[i].id) || out->at[i].id == keep_id)
            out->at[kept++] = out->at[i];
    out->len = kept;
    return RC_OK;
}
