/* People to talk to, addresses, bank details. An account number is sealed before it reaches the
 * database, bound to its partner; only its tail can be read without the permission, and whoever
 * reads it whole stands in the journal. */
#include "crypt/crypt.h"
#include "partner/partner_int.h"
#include "partner/partner_q.h"

enum { TEXT_CHARS_MAX = 200, NOTE_CHARS_MAX = 500, TAIL = 4 };

/* ---- contacts ---- */

static void contact_from(const struct contact_rec *row, struct partner_contact *out)
{
    *out = (struct partner_contact){.id = row->id,
                                    .partner_id = row->partner_id,
                                    .revision = row->revision,
                                    .name = row->name,
                                    .position = row->position,
                                    .email = row->email,
                                    .phone = row->phone,
                                    .note = row->note,
                                    .is_main = row->is_main,
                                    .archived_at = row->archived_at};
}

enum rc partner_contact_get(struct op *op, int64_t id, struct partner_contact *out)
{
    struct contact_rec row;
    TRY(q_partner_contact(op, &(struct q_partner_contact_in){id}, &row));
    contact_from(&row, out);
    return RC_OK;
}

enum rc partner_contacts_of(struct op *op, int64_t partner_id, struct partner_contacts *out)
{
    struct contact_rec_rows rows;
    TRY(q_partner_contacts(op, &(struct q_partner_contacts_in){partner_id}, &rows));
    *out = (struct partner_contacts){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct partner_contact contact;
        contact_from(&rows.at[i], &contact);
        VEC_PUSH(op->arena, out, contact);
    }
    return RC_OK;
}

enum { CONTACT_VALUES = 6 };

static void contact_values(const struct partner_contact *c, struct audit_value out[CONTACT_VALUES])
{
    out[0] = (struct audit_value){"contact_name", c->name};
    out[1] = (struct audit_value){"contact_position", c->position};
    out[2] = (struct audit_value){"contact_email", c->email};
    out[3] = (struct audit_value){"contact_phone", c->phone};
    out[4] = (struct audit_value){"contact_note", c->note};
    out[5] = (struct audit_value){"contact_is_main", audit_text_bool(c->is_main)};
}

static enum rc clean_contact(struct op *op, struct partner_contact *c)
{
    const char *problem;
    (void)!partner__line(op, "name", &c->name, TEXT_CHARS_MAX, true);
    (void)!partner__line(op, "position", &c->position, TEXT_CHARS_MAX, false);
    (void)!partner__line(op, "note", &c->note, NOTE_CHARS_MAX, false);
    c->email = c->email.at ? c->email : STR("");
    c->phone = c->phone.at ? c->phone : STR("");
    if (c->email.len > 0 && (problem = check_email(op->arena, c->email, &c->email)))
        (void)!fail(op, RC_INVALID, "email", problem);
    if (c->phone.len > 0 && (problem = check_phone(op->arena, c->phone, &c->phone)))
        (void)!fail(op, RC_INVALID, "phone", problem);
    return op->fault.rc;
}

static enum rc write_contact(struct op *op, struct partner_contact *c)
{
    if (c->id == 0)
        return q_partner_contact_add(
            op,
            &(struct q_partner_contact_add_in){c->partner_id, c->name, c->position, c->email,
                                               c->phone, c->is_main, c->note, op->now},
            &c->id);
    return q_partner_contact_edit(
        op, &(struct q_partner_contact_edit_in){c->id, c->revision, c->name, c->position, c->email,
                                                c->phone, c->is_main, c->note});
}

enum rc partner_contact_save(struct op *op, const struct partner_contact *in, int64_t *out_id)
{
    struct partner partner;
    struct partner_contact c = *in, before = {0};
    struct audit_value old[CONTACT_VALUES], new[CONTACT_VALUES];
    AUTO_TXN txn = {0};
    if (c.id != 0) {
        TRY(partner_contact_get(op, c.id, &before));
        c.partner_id = before.partner_id;
    }
    TRY(partner__open(op, &txn, c.partner_id, &partner));
    TRY(clean_contact(op, &c));
    if (c.id != 0 && before.revision != c.revision)
        return op_stale(op);
    TRY(write_contact(op, &c));
    if (c.is_main)
        TRY(q_partner_contact_unmain(op,
                                     &(struct q_partner_contact_unmain_in){c.partner_id, c.id}));
    contact_values(&before, old);
    contact_values(&c, new);
    TRY(partner__note(op, &partner, "partner.contact", in->id ? old : NULL, new, CONTACT_VALUES));
    TRY(txn_commit(&txn));
    *out_id = c.id;
    return RC_OK;
}

enum rc partner_contact_archive(struct op *op, int64_t id, int64_t revision)
{
    struct partner partner;
    struct partner_contact c;
    struct audit_value old[CONTACT_VALUES];
    AUTO_TXN txn = {0};
    TRY(partner_contact_get(op, id, &c));
    TRY(partner__open(op, &txn, c.partner_id, &partner));
    if (c.revision != revision)
        return op_stale(op);
    TRY(q_partner_contact_archive(
        op, &(struct q_partner_contact_archive_in){id, revision, SOME(op->now)}));
    contact_values(&c, old);
    TRY(partner__note(op, &partner, "partner.contact", old, NULL, CONTACT_VALUES));
    return txn_commit(&txn);
}

/* ---- addresses ---- */

static const char *const address_kinds[] = {"legal", "postal", "actual"};

enum rc partner_addresses_of(struct op *op, int64_t partner_id, struct partner_addresses *out)
{
    struct address_rec_rows rows;
    TRY(q_partner_addresses(op, &(struct q_partner_addresses_in){partner_id}, &rows));
    *out = (struct partner_addresses){0};
    for (size_t i = 0; i < rows.len; i++) {
        const struct address_rec *row = &rows.at[i];
        struct partner_address address = {
            row->kind, {row->country, row->region, row->postcode, row->city, row->line}};
        VEC_PUSH(op->arena, out, address);
    }
    return RC_OK;
}

static bool is_empty(const struct org_address *a)
{
    return a->country.len + a->region.len + a->postcode.len + a->city.len + a->line.len == 0;
}

enum rc partner_address_set(struct op *op, int64_t partner_id, const struct partner_address *in)
{
    struct partner partner;
    struct partner_addresses all;
    struct org_address a = in->at, before = {0};
    const char *field = NULL;
    AUTO_TXN txn = {0};
    TRY(partner__open(op, &txn, partner_id, &partner));
    TRY(org_address_check(op, &a));
    for (size_t i = 0; i < LEN(address_kinds); i++)
        if (str_eq(in->kind, str_of(address_kinds[i])))
            field = (const char *const[]){"address_legal", "address_postal", "address_actual"}[i];
    if (!field)
        return fail(op, RC_INVALID, "kind", M("Choose one of the offered values."));
    if (!is_empty(&a) && a.country.len == 0)
        return fail(op, RC_INVALID, "address_country", M("This field is required."));
    TRY(partner_addresses_of(op, partner_id, &all));
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.at[i].kind, in->kind))
            before = all.at[i].at;
    if (is_empty(&a))
        TRY(q_partner_address_drop(op, &(struct q_partner_address_drop_in){partner_id, in->kind}));
    else
        TRY(q_partner_address_put(
            op, &(struct q_partner_address_put_in){partner_id, in->kind, a.country, a.region,
                                                   a.postcode, a.city, a.line}));
    struct audit_value old = {field, org_address_words(op, NULL, &before)};
    struct audit_value new = {field, org_address_words(op, NULL, &a)};
    TRY(partner__note(op, &partner, "partner.address", &old, &new, 1));
    return txn_commit(&txn);
}

/* ---- bank details ---- */

static struct str seal_context(struct op *op, int64_t partner_id)
{
    return str_printf(op->arena, "partner_bank.number:%lld", (long long)partner_id);
}

static struct str tail_of(struct str number)
{
    return str_sub(number, number.len > TAIL ? number.len - TAIL : 0, TAIL);
}

static void bank_from(struct op *op, const struct bank_rec *row, struct partner_bank *out)
{
    *out = (struct partner_bank){
        .id = row->id,
        .partner_id = row->partner_id,
        .revision = row->revision,
        .bank = {.kind = (enum org_bank_kind)row->kind,
                 .bank_name = row->bank_name,
                 .bank_code = row->bank_code,
                 .number = str_join(op->arena, STR("…"), row->number_tail),
                 .corr_number = row->corr_number,
                 .currency = row->currency},
        .is_main = row->is_main,
        .archived_at = row->archived_at,
    };
}

enum rc partner_bank_get(struct op *op, int64_t id, struct partner_bank *out)
{
    struct bank_rec row;
    TRY(q_partner_bank(op, &(struct q_partner_bank_in){id}, &row));
    bank_from(op, &row, out);
    return RC_OK;
}

enum rc partner_banks_of(struct op *op, int64_t partner_id, struct partner_banks *out)
{
    struct bank_rec_rows rows;
    TRY(q_partner_banks(op, &(struct q_partner_banks_in){partner_id}, &rows));
    *out = (struct partner_banks){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct partner_bank bank;
        bank_from(op, &rows.at[i], &bank);
        VEC_PUSH(op->arena, out, bank);
    }
    return RC_OK;
}

enum { BANK_VALUES = 6 };

/* The number itself never reaches the journal. */
static void bank_values(struct op *op, const struct partner_bank *b,
                        struct audit_value out[BANK_VALUES])
{
    struct str tail = b->bank.number.len ? tail_of(b->bank.number) : STR("");
    out[0] = (struct audit_value){"bank_name", b->bank.bank_name};
    out[1] = (struct audit_value){"bank_code", b->bank.bank_code};
    out[2] =
        (struct audit_value){"bank_number", tail.len ? str_join(op->arena, STR("…"), tail) : tail};
    out[3] = (struct audit_value){"bank_corr_number", b->bank.corr_number};
    out[4] = (struct audit_value){"bank_currency", b->bank.currency};
    out[5] = (struct audit_value){"bank_is_main", audit_text_bool(b->is_main)};
}

static enum rc write_bank(struct op *op, struct partner_bank *b)
{
    const struct org_bank *bank = &b->bank;
    struct str sealed =
        crypt_seal(op->arena, crypt_field_keys(), seal_context(op, b->partner_id), bank->number);
    struct str tail = tail_of(bank->number);
    if (b->id == 0)
        return q_partner_bank_add(
            op,
            &(struct q_partner_bank_add_in){b->partner_id, (int64_t)bank->kind, bank->bank_name,
                                            bank->bank_code, sealed, tail, bank->corr_number,
                                            bank->currency, b->is_main, op->now},
            &b->id);
    return q_partner_bank_edit(
        op, &(struct q_partner_bank_edit_in){b->id, b->revision, (int64_t)bank->kind,
                                             bank->bank_name, bank->bank_code, sealed, tail,
                                             bank->corr_number, bank->currency, b->is_main});
}

static enum rc open_bank(struct op *op, struct txn *txn, int64_t partner_id, struct partner *out)
{
    TRY(op_must(op, "partner.bank"));
    TRY(txn_begin(op, txn));
    return partner_get(op, partner_id, out);
}

enum rc partner_bank_save(struct op *op, const struct partner_bank *in, int64_t *out_id)
{
    struct partner partner;
    struct partner_bank b = *in, before = {0};
    struct audit_value old[BANK_VALUES], new[BANK_VALUES];
    AUTO_TXN txn = {0};
    if (b.id != 0) {
        TRY(partner_bank_get(op, b.id, &before));
        b.partner_id = before.partner_id;
    }
    TRY(open_bank(op, &txn, b.partner_id, &partner));
    TRY(org_bank_check(op, &b.bank));
    if (b.id != 0 && before.revision != b.revision)
        return op_stale(op);
    TRY(write_bank(op, &b));
    if (b.is_main)
        TRY(q_partner_bank_unmain(op, &(struct q_partner_bank_unmain_in){b.partner_id, b.id}));
    bank_values(op, &before, old);
    bank_values(op, &b, new);
    TRY(partner__note(op, &partner, "partner.bank", in->id ? old : NULL, new, BANK_VALUES));
    TRY(txn_commit(&txn));
    *out_id = b.id;
    return RC_OK;
}

enum rc partner_bank_archive(struct op *op, int64_t id, int64_t revision)
{
    struct partner partner;
    struct partner_bank b;
    struct audit_value old[BANK_VALUES];
    AUTO_TXN txn = {0};
    TRY(partner_bank_get(op, id, &b));
    TRY(open_bank(op, &txn, b.partner_id, &partner));
    if (b.revision != revision)
        return op_stale(op);
    TRY(q_partner_bank_archive(op,
                               &(struct q_partner_bank_archive_in){id, revision, SOME(op->now)}));
    bank_values(op, &b, old);
    TRY(partner__note(op, &partner, "partner.bank", old, NULL, BANK_VALUES));
    return txn_commit(&txn);
}

enum rc partner_bank_reveal(struct op *op, int64_t id, struct str *out_number)
{
    struct bank_rec row;
    struct partner partner;
    AUTO_TXN txn = {0};
    TRY(q_partner_bank(op, &(struct q_partner_bank_in){id}, &row));
    TRY(open_bank(op, &txn, row.partner_id, &partner));
    TRY(crypt_open(op->arena, crypt_field_keys(), seal_context(op, row.partner_id),
                   row.number_sealed, out_number));
    struct audit_entry entry = {.action = "partner.bank_read",
                                .record = "partner",
                                .record_id = partner.id,
                                .label = partner.code,
                                .partner_id = SOME(partner.id)};
    TRY(audit_add(op, &entry));
    return txn_commit(&txn);
}
