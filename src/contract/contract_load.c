/* Versions with their schemes and individual values, of one contract or of all that a run needs:
 * each kind of row in one query, in order of what it belongs to, put together by ids. So a run
 * over any number of contracts costs four queries. */
#include "contract/contract_int.h"

struct loader {
    struct op *op;
    struct map *texts; /* names repeat by the thousand; one copy each */
    VEC(struct contract_version) versions;
    VEC(int64_t) bound_versions; /* of each bound scheme: its version */
    VEC(struct contract_bound) bound;
    VEC(int64_t) term_bound; /* of each term: its bound scheme */
    VEC(struct contract_term) terms;
    VEC(int64_t) span_owner; /* of each suspension: its contract */
    VEC(struct contract_span) spans;
};

static struct str kept(struct loader *loader, struct str text)
{
    char *at = map_get(loader->texts, text);
    if (!at) {
        at = str_c(loader->op->arena, text);
        *map_put(loader->texts, (struct str){at, text.len}) = at;
    }
    return (struct str){at, text.len};
}

static enum rc read_versions(struct loader *loader, struct cursor *cursor)
{
    struct version_row row;
    enum rc rc;
    while ((rc = cursor_next(cursor, &row)) == RC_OK) {
        struct contract_version version = {
            .id = row.id,
            .contract_id = row.contract_id,
            .number = row.number,
            .revision = row.revision,
            .from_day = row.from_day,
            .currency = currency_find(row.currency),
            .pay_currency = currency_find(row.pay_currency),
            .period_kind = period_kind_find(row.period_kind),
            .period_anchor = (int)row.period_anchor,
            .due_days = row.due_days,
            .hold_days = row.hold_days,
            .accept_days = row.accept_days,
            .minimum_minor = row.minimum_minor,
            .vat_mode = kept(loader, row.vat_mode),
            .documents_by = kept(loader, row.documents_by),
            .note = kept(loader, row.note),
            .has_netting = row.netting_clause,
        };
        VEC_PUSH(loader->op->arena, &loader->versions, version);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc read_bound(struct loader *loader, struct cursor *cursor)
{
    struct bound_row row;
    enum rc rc;
    while ((rc = cursor_next(cursor, &row)) == RC_OK) {
        struct contract_bound bound = {.id = row.id,
                                       .scheme_id = row.scheme_id,
                                       .scheme_code = kept(loader, row.code),
                                       .scheme_name = kept(loader, row.name),
                                       .combine = contract_combine_find(row.combine)};
        VEC_PUSH(loader->op->arena, &loader->bound, bound);
        VEC_PUSH(loader->op->arena, &loader->bound_versions, row.version_id);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc read_terms(struct loader *loader, struct cursor *cursor)
{
    struct term_row row;
    enum rc rc;
    while ((rc = cursor_next(cursor, &row)) == RC_OK) {
        struct contract_term term = {.name = kept(loader, row.name),
                                     .value = kept(loader, row.value)};
        VEC_PUSH(loader->op->arena, &loader->terms, term);
        VEC_PUSH(loader->op->arena, &loader->term_bound, row.contract_scheme_id);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The rows of one owner stand together, so an owner needs only the first and a count. */
static void link_rows(struct loader *loader)
{
    struct map *by_id = map_new(loader->op->arena);
    for (size_t i = 0; i < loader->bound.len; i++)
        *map_put_i64(by_id, loader->bound.at[i].id) = &loader->bound.at[i];
    for (size_t i = 0; i < loader->terms.len; i++) {
        struct contract_bound *owner = map_get_i64(by_id, loader->term_bound.at[i]);
        if (!owner)
            continue;
        if (!owner->terms)
            owner->terms = &loader->terms.at[i];
        owner->terms_len++;
    }
    by_id = map_new(loader->op->arena);
    for (size_t i = 0; i < loader->versions.len; i++)
        *map_put_i64(by_id, loader->versions.at[i].id) = &loader->versions.at[i];
    for (size_t i = 0; i < loader->bound.len; i++) {
        struct contract_version *owner = map_get_i64(by_id, loader->bound_versions.at[i]);
        if (!owner)
            continue;
        if (!owner->schemes)
            owner->schemes = &loader->bound.at[i];
        owner->schemes_len++;
    }
}

/* ---- one contract ---- */

static enum rc read_of_contract(struct loader *loader, int64_t contract_id)
{
    struct op *op = loader->op;
    {
        AUTO_CURSOR cursor = {0};
        TRY(q_contract_versions_of_open(
            op, &(struct q_contract_versions_of_in){.contract_id = contract_id}, &cursor));
        TRY(read_versions(loader, &cursor));
    }
    {
        AUTO_CURSOR cursor = {0};
        TRY(q_contract_bound_of_open(
            op, &(struct q_contract_bound_of_in){.contract_id = contract_id}, &cursor));
        TRY(read_bound(loader, &cursor));
    }
    AUTO_CURSOR cursor = {0};
    TRY(q_contract_terms_of_open(op, &(struct q_contract_terms_of_in){.contract_id = contract_id},
                                 &cursor));
    TRY(read_terms(loader, &cursor));
    link_rows(loader);
    return RC_OK;
}

/* Where each version ends: at the next one, or with the contract. */
static void set_ends(struct contract_version *versions, size_t len, int64_t to_day)
{
    for (size_t i = 0; i < len; i++)
        versions[i].to_day =
            i + 1 < len && versions[i + 1].from_day < to_day ? versions[i + 1].from_day : to_day;
}

enum rc contract_versions(struct op *op, int64_t contract_id, struct contract_versions *out)
{
    struct loader loader = {.op = op, .texts = map_new(op->arena)};
    struct contract contract;
    TRY(contract_get(op, contract_id, &contract));
    TRY(read_of_contract(&loader, contract_id));
    set_ends(loader.versions.at, loader.versions.len, contract.to_day);
    *out = (struct contract_versions){loader.versions.at, loader.versions.len, loader.versions.cap};
    return RC_OK;
}

enum rc contract_version_get(struct op *op, int64_t version_id, struct contract_version *out)
{
    struct version_row row;
    struct contract_versions versions;
    TRY(q_contract_version(op, &(struct q_contract_version_in){.id = version_id}, &row));
    TRY(contract_versions(op, row.contract_id, &versions));
    for (size_t i = 0; i < versions.len; i++)
        if (versions.at[i].id == version_id) {
            *out = versions.at[i];
            return RC_OK;
        }
    return RC_MISSING;
}

const struct contract_version *contract_version_on(const struct contract_versions *versions,
                                                   int64_t day)
{
    const struct contract_version *found = versions->len ? &versions->at[0] : NULL;
    for (size_t i = 0; i < versions->len && versions->at[i].from_day <= day; i++)
        found = &versions->at[i];
    return found;
}

/* ---- all of a run ---- */

static enum rc read_contracts(struct loader *loader, struct cursor *cursor,
                              struct contract_terms_list *out)
{
    struct op *op = loader->op;
    struct run_row row;
    enum rc rc;
    while ((rc = cursor_next(cursor, &row)) == RC_OK) {
        struct contract_terms terms = {.id = row.id,
                                       .partner_id = row.partner_id,
                                       .entity_id = row.entity_id,
                                       .branch_id = row.branch_id,
                                       .code = str_dup(op->arena, row.code),
                                       .nature = kept(loader, row.nature),
                                       .partner_code = str_dup(op->arena, row.partner_code),
                                       .partner_name = str_dup(op->arena, row.partner_name),
                                       .from_day = row.from_day,
                                       .to_day = row.to_day};
        VEC_PUSH(op->arena, out, terms);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc open_contracts(struct op *op, int64_t from_day, int64_t to_day, int64_t contract_id,
                              struct cursor *out)
{
    if (contract_id == 0)
        return q_contract_run_contracts_open(
            op, &(struct q_contract_run_contracts_in){.from_day = from_day, .to_day = to_day}, out);
    return q_contract_run_contract_open(op,
                                        &(struct q_contract_run_contract_in){.id = contract_id,
                                                                             .from_day = from_day,
                                                                             .to_day = to_day},
                                        out);
}

static enum rc read_of_run(struct loader *loader, int64_t from_day, int64_t to_day)
{
    struct op *op = loader->op;
    {
        struct q_contract_run_versions_in in = {.from_day = from_day, .to_day = to_day};
        AUTO_CURSOR cursor = {0};
        TRY(q_contract_run_versions_open(op, &in, &cursor));
        TRY(read_versions(loader, &cursor));
    }
    {
        struct q_contract_run_bound_in in = {.from_day = from_day, .to_day = to_day};
        AUTO_CURSOR cursor = {0};
        TRY(q_contract_run_bound_open(op, &in, &cursor));
        TRY(read_bound(loader, &cursor));
    }
    struct q_contract_run_terms_in in = {.from_day = from_day, .to_day = to_day};
    AUTO_CURSOR cursor = {0};
    TRY(q_contract_run_terms_open(op, &in, &cursor));
    TRY(read_terms(loader, &cursor));
    link_rows(loader);
    return RC_OK;
}

/* Versions of one contract stand together in order; those that are over before the first day or
 * begin after the last are left out at both ends. */
static void give_versions(struct loader *loader, int64_t from_day, int64_t to_day,
                          struct contract_terms_list *list)
{
    struct map *by_id = map_new(loader->op->arena);
    for (size_t i = 0; i < list->len; i++)
        *map_put_i64(by_id, list->at[i].id) = &list->at[i];
    for (size_t i = 0; i < loader->versions.len;) {
        struct contract_version *first = &loader->versions.at[i];
        size_t len = 0;
        while (i + len < loader->versions.len && first[len].contract_id == first->contract_id)
            len++;
        i += len;
        struct contract_terms *owner = map_get_i64(by_id, first->contract_id);
        if (!owner)
            continue;
        set_ends(first, len, owner->to_day);
        for (; len > 0 && first->to_day <= from_day; len--)
            first++;
        while (len > 0 && first[len - 1].from_day >= to_day)
            len--;
        owner->versions = len ? first : NULL;
        owner->versions_len = len;
    }
}

static enum rc read_suspensions(struct loader *loader, int64_t from_day, int64_t to_day)
{
    struct q_contract_run_suspensions_in in = {.from_day = from_day, .to_day = to_day};
    struct span_row row;
    AUTO_CURSOR cursor = {0};
    enum rc rc;
    TRY(q_contract_run_suspensions_open(loader->op, &in, &cursor));
    while ((rc = cursor_next(&cursor, &row)) == RC_OK) {
        VEC_PUSH(loader->op->arena, &loader->span_owner, row.contract_id);
        VEC_PUSH(loader->op->arena, &loader->spans,
                 ((struct contract_span){row.from_day, row.to_day}));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Spans of a contract stand together, in order, and do not overlap. */
static bool has_free_day(const struct contract_terms *terms, int64_t from_day, int64_t to_day)
{
    int64_t day = terms->from_day > from_day ? terms->from_day : from_day;
    int64_t end = terms->to_day < to_day ? terms->to_day : to_day;
    for (size_t i = 0; i < terms->suspensions_len && terms->suspensions[i].from_day <= day; i++)
        if (terms->suspensions[i].to_day > day)
            day = terms->suspensions[i].to_day;
    return day < end;
}

static void give_suspensions(struct loader *loader, int64_t from_day, int64_t to_day,
                             struct contract_terms_list *list)
{
    struct map *first = map_new(loader->op->arena); /* contract to its first span */
    size_t kept = 0;
    for (size_t i = loader->spans.len; i-- > 0;)
        *map_put_i64(first, loader->span_owner.at[i]) = &loader->spans.at[i];
    for (size_t i = 0; i < list->len; i++) {
        struct contract_terms *terms = &list->at[i];
        struct contract_span *span = map_get_i64(first, terms->id);
        size_t at = span ? (size_t)(span - loader->spans.at) : loader->spans.len;
        terms->suspensions = span;
        while (at < loader->spans.len && loader->span_owner.at[at] == terms->id)
            at++, terms->suspensions_len++;
        if (has_free_day(terms, from_day, to_day))
            list->at[kept++] = *terms;
    }
    list->len = kept;
}

enum rc contract_terms_in(struct op *op, int64_t from_day, int64_t to_day, int64_t contract_id,
                          struct contract_terms_list *out)
{
    struct loader loader = {.op = op, .texts = map_new(op->arena)};
    struct contract_terms_list list = {0};
    {
        AUTO_CURSOR cursor = {0};
        TRY(open_contracts(op, from_day, to_day, contract_id, &cursor));
        TRY(read_contracts(&loader, &cursor, &list));
    }
    if (contract_id == 0)
        TRY(read_of_run(&loader, from_day, to_day));
    else if (list.len)
        TRY(read_of_contract(&loader, contract_id));
    TRY(read_suspensions(&loader, from_day, to_day));
    give_suspensions(&loader, from_day, to_day, &list);
    give_versions(&loader, from_day, to_day, &list);
    *out = list;
    return RC_OK;
}
