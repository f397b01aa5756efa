/* New contracts with their first terms, many at once: a file of them would otherwise ask a dozen
 * times a row. They are made in the state that they shall have, and told of by one entry each. */
#include "contract/contract_int.h"

/* ---- looked up once ---- */

struct scheme_on {
    struct scheme_info info;
    const struct scheme *scheme; /* NULL: no version yet */
};

struct contract_memo {
    struct arena *arena;
    struct map *partners; /* id to struct str, the code */
    struct map *entities; /* id to struct org_entity */
    struct map *schemes;  /* id and day to struct scheme_on */
};

struct contract_memo *contract_memo_new(struct arena *arena)
{
    struct contract_memo *memo = NEW(arena, struct contract_memo);
    *memo = (struct contract_memo){arena, map_new(arena), map_new(arena), map_new(arena)};
    return memo;
}

void contract_memo_partner(struct contract_memo *memo, int64_t partner_id, struct str code)
{
    struct str *kept = NEW(memo->arena, struct str);
    *kept = code;
    *map_put_i64(memo->partners, partner_id) = kept;
}

enum rc contract__partner_code(struct op *op, struct contract_memo *memo, int64_t id,
                               struct str *out)
{
    struct partner partner;
    const struct str *known = memo ? map_get_i64(memo->partners, id) : NULL;
    if (known) {
        *out = *known;
        return RC_OK;
    }
    TRY(partner_get(op, id, &partner));
    *out = partner.code;
    return RC_OK;
}

enum rc contract__entity(struct op *op, struct contract_memo *memo, int64_t id,
                         struct org_entity *out)
{
    const struct org_entity *known = memo ? map_get_i64(memo->entities, id) : NULL;
    if (known) {
        *out = *known;
        return RC_OK;
    }
    struct arena *own = op->arena;
    if (memo)
        op->arena = memo->arena; /* it stays for the rows that come */
    enum rc rc = org_entity_get(op, id, out);
    op->arena = own;
    if (rc == RC_OK && memo) {
        struct org_entity *kept = NEW(memo->arena, struct org_entity);
        *kept = *out;
        *map_put_i64(memo->entities, id) = kept;
    }
    return rc;
}

static enum rc ask_scheme(struct op *op, int64_t scheme_id, int64_t day, struct scheme_on *out)
{
    struct scheme_version version;
    out->scheme = NULL;
    TRY(scheme_get(op, scheme_id, &out->info));
    enum rc rc = scheme_version_for(
        op, scheme_id, zone_day_start(op->zone, (struct date){(int32_t)day}), &version);
    if (rc == RC_MISSING)
        return RC_OK;
    TRY(rc);
    return scheme_version_load(op, version.id, &out->scheme);
}

enum rc contract__scheme_on(struct op *op, struct contract_memo *memo, int64_t scheme_id,
                            int64_t day, struct scheme_info *out_info, const struct scheme **out)
{
    struct scheme_on asked, *kept = &asked;
    int64_t key = scheme_id * (2 * (int64_t)CONTRACT_NO_END) + day;
    const struct scheme_on *known = memo ? map_get_i64(memo->schemes, key) : NULL;
    if (!known) {
        struct arena *own = op->arena;
        if (memo) {
            op->arena = memo->arena;
            kept = NEW(memo->arena, struct scheme_on);
        }
        enum rc rc = ask_scheme(op, scheme_id, day, kept);
        op->arena = own;
        TRY(rc);
        if (memo)
            *map_put_i64(memo->schemes, key) = kept;
        known = kept;
    }
    *out_info = known->info;
    *out = known->scheme;
    return RC_OK;
}

enum rc contract_scheme_on(struct op *op, struct contract_memo *memo, int64_t scheme_id,
                           int64_t day, const struct scheme **out)
{
    struct scheme_info info;
    TRY(contract__scheme_on(op, memo, scheme_id, day, &info, out));
    return *out ? RC_OK : RC_MISSING;
}

/* ---- storing ---- */

enum rc contract_new_check(struct op *op, struct contract_memo *memo, struct contract_new *new)
{
    TRY(contract__check(op, memo, &new->contract, NULL));
    return contract__check_first(op, memo, &new->contract, &new->version);
}

static enum rc store_contracts(struct op *op, struct contract_new *const *news, size_t len)
{
    struct i64_list ids = {0};
    struct q_contract_insert_in *rows = NEW_ARRAY(op->arena, struct q_contract_insert_in, len);
    for (size_t i = 0; i < len; i++)
        rows[i] = contract__row(op, &news[i]->contract);
    TRY(q_contract_insert(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        news[i]->contract.id = news[i]->version.contract_id = ids.at[i];
    return RC_OK;
}

static enum rc store_versions(struct op *op, struct contract_new *const *news, size_t len)
{
    struct i64_list ids = {0};
    struct q_contract_version_insert_in *rows =
        NEW_ARRAY(op->arena, struct q_contract_version_insert_in, len);
    for (size_t i = 0; i < len; i++) {
        news[i]->version.number = 1;
        rows[i] = contract__version_row(op, &news[i]->contract, &news[i]->version);
    }
    TRY(q_contract_version_insert(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        news[i]->version.id = ids.at[i];
    return RC_OK;
}

static enum rc store_bounds(struct op *op, struct contract_new *const *news, size_t len)
{
    VEC(struct q_contract_bound_insert_in) rows = {0};
    struct i64_list ids = {0};
    size_t at = 0;
    for (size_t i = 0; i < len; i++)
        for (size_t k = 0; k < news[i]->version.schemes_len; k++) {
            struct q_contract_bound_insert_in row = {
                .version_id = news[i]->version.id,
                .contract_id = news[i]->contract.id,
                .partner_id = news[i]->contract.partner_id,
                .scheme_id = news[i]->version.schemes[k].scheme_id,
                .position = (int64_t)k,
                .combine = str_of(contract_combine_name(news[i]->version.schemes[k].combine))};
            VEC_PUSH(op->arena, &rows, row);
        }
    if (rows.len == 0)
        return RC_OK;
    TRY(q_contract_bound_insert(op, rows.at, rows.len, &ids));
    assert(ids.len == rows.len);
    for (size_t i = 0; i < len; i++)
        for (size_t k = 0; k < news[i]->version.schemes_len; k++)
            news[i]->version.schemes[k].id = ids.at[at++];
    return RC_OK;
}

static enum rc store_terms(struct op *op, struct contract_new *const *news, size_t len)
{
    struct contract__term_rows rows = {0};
    for (size_t i = 0; i < len; i++)
        for (size_t k = 0; k < news[i]->version.schemes_len; k++)
            contract__term_rows_add(op, &news[i]->contract, &news[i]->version.schemes[k], &rows);
    return rows.len ? q_contract_term_insert(op, rows.at, rows.len, NULL) : RC_OK;
}

static enum rc note_added(struct op *op, struct contract_memo *memo,
                          struct contract_new *const *news, size_t len)
{
    struct audit_entry *entries = NEW_ARRAY(op->arena, struct audit_entry, len);
    for (size_t i = 0; i < len; i++) {
        struct contract__values values = {0};
        TRY(contract__values_of(op, memo, &news[i]->contract, &values));
        contract__version_values(op, &news[i]->version, &values);
        struct audit_changes changes = audit_diff(op, NULL, values.at, values.len);
        entries[i] = contract__entry(&news[i]->contract, "contract.add");
        entries[i].changes = changes.at;
        entries[i].changes_len = changes.len;
    }
    return audit_add_all(op, entries, len);
}

enum rc contract_add_all(struct op *op, struct contract_memo *memo,
                         struct contract_new *const *news, size_t len)
{
    TRY(op_must(op, "contract.edit"));
    if (len == 0)
        return RC_OK;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(store_contracts(op, news, len));
    TRY(store_versions(op, news, len));
    TRY(store_bounds(op, news, len));
    TRY(store_terms(op, news, len));
    TRY(note_added(op, memo, news, len));
    return txn_commit(&txn);
}
