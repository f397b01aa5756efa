/* Bank accounts of a legal entity. At most one of an entity and currency is the main one; making
 * another one main takes it from the first in the same transaction. */
#include "org/org.h"
#include "org/org_int.h"
#include "org/org_q.h"

enum { ACCOUNT_VALUES = 7 };

static const char *kind_name(enum org_bank_kind kind)
{
    switch (kind) {
    case ORG_BANK_RU: return "ru";
    case ORG_BANK_IBAN: return "iban";
    case ORG_BANK_OTHER: return "other";
    }
    return "";
}

static void account_values(const struct org_account *a, struct audit_value out[ACCOUNT_VALUES])
{
    out[0] = (struct audit_value){"kind", str_of(kind_name(a->bank.kind))};
    out[1] = (struct audit_value){"bank_name", a->bank.bank_name};
    out[2] = (struct audit_value){"bank_code", a->bank.bank_code};
    out[3] = (struct audit_value){"number", a->bank.number};
    out[4] = (struct audit_value){"corr_number", a->bank.corr_number};
    out[5] = (struct audit_value){"currency", a->bank.currency};
    out[6] = (struct audit_value){"is_main", audit_text_bool(a->is_main)};
}

static void account_of(const struct account_rec *rec, struct org_account *out)
{
    *out = (struct org_account){
        .id = rec->id,
        .entity_id = rec->entity_id,
        .revision = rec->revision,
        .bank = {.kind = (enum org_bank_kind)rec->kind,
                 .bank_name = rec->bank_name,
                 .bank_code = rec->bank_code,
                 .number = rec->number,
                 .corr_number = rec->corr_number,
                 .currency = rec->currency},
        .is_main = rec->is_main,
        .archived_at = rec->archived_at,
    };
}

enum rc org_account_get(struct op *op, int64_t id, struct org_account *out)
{
    struct account_rec rec;
    TRY(q_account(op, &(struct q_account_in){.id = id}, &rec));
    account_of(&rec, out);
    return RC_OK;
}

enum rc org_accounts(struct op *op, int64_t entity_id, struct org_account_list *out)
{
    struct account_rec_rows rows;
    TRY(q_accounts(op, &(struct q_accounts_in){.entity_id = entity_id}, &rows));
    *out = (struct org_account_list){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct org_account account;
        account_of(&rows.at[i], &account);
        VEC_PUSH(op->arena, out, account);
    }
    return RC_OK;
}

static enum rc store_account(struct op *op, struct org_account *a)
{
    const struct org_bank *bank = &a->bank;
    if (a->is_main)
        TRY(q_account_unmain(op, &(struct q_account_unmain_in){.entity_id = a->entity_id,
                                                               .currency = bank->currency,
                                                               .but_id = a->id}));
    if (a->id == 0)
        return q_account_insert(op,
                                &(struct q_account_insert_in){
                                    .entity_id = a->entity_id,
                                    .kind = (int64_t)bank->kind,
                                    .bank_name = bank->bank_name,
                                    .bank_code = bank->bank_code,
                                    .number = bank->number,
                                    .corr_number = bank->corr_number,
                                    .currency = bank->currency,
                                    .is_main = a->is_main,
                                    .now = op->now,
                                },
                                &a->id);
    return q_account_update(op, &(struct q_account_update_in){
                                    .id = a->id,
                                    .revision = a->revision,
                                    .kind = (int64_t)bank->kind,
                                    .bank_name = bank->bank_name,
                                    .bank_code = bank->bank_code,
                                    .number = bank->number,
                                    .corr_number = bank->corr_number,
                                    .currency = bank->currency,
                                    .is_main = a->is_main,
                                });
}

enum rc org_account_save(struct op *op, const struct org_account *in, int64_t *out_id)
{
    TRY(op_must(op, "org.edit"));
    struct org_account a = *in, old;
    struct org_entity entity;
    TRY(org_bank_check(op, &a.bank));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(org_entity_get(op, a.entity_id, &entity));
    bool is_new = a.id == 0;
    if (!is_new) {
        TRY(org_account_get(op, a.id, &old));
        if (old.entity_id != a.entity_id)
            return fail(op, RC_MISSING, NULL, M("There is no such account."));
        a.is_main = a.is_main && !old.archived_at.has;
    }
    enum rc rc = op_taken(op, store_account(op, &a), "number", "number",
                          M("This account is in the list already."));
    TRY(op_stale_if(op, rc));
    struct audit_value before[ACCOUNT_VALUES], after[ACCOUNT_VALUES];
    account_values(&a, after);
    if (!is_new)
        account_values(&old, before);
    TRY(audit_add_diff(op,
                       &(struct audit_entry){.action = is_new ? "account.add" : "account.edit",
                                             .record = "account",
                                             .record_id = a.id,
                                             .label = entity.short_name},
                       is_new ? NULL : before, after, ACCOUNT_VALUES));
    TRY(txn_commit(&txn));
    *out_id = a.id;
    return RC_OK;
}

enum rc org_account_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    TRY(op_must(op, "org.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct org_account old;
    struct org_entity entity;
    TRY(org_account_get(op, id, &old));
    TRY(org_entity_get(op, old.entity_id, &entity));
    TRY(op_stale_if(op, q_account_archive(op, &(struct q_account_archive_in){
                                                  .id = id,
                                                  .revision = revision,
                                                  .archived_at = org__archived(op, is_archived),
                                              })));
    TRY(org__audit_archive(op, is_archived ? "account.archive" : "account.restore", "account", id,
                           entity.short_name, old.archived_at, is_archived));
    return txn_commit(&txn);
}
