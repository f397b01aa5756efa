/* Customers: rules of the record. */
#include "customer/customer.h"

#include "audit/audit.h"
#include "customer/customer_q.h"
#include "text/text.h"

enum { NAME_CHARS_MAX = 200, VALUES = 9 };

const struct permission customer_permissions[] = {
    {"customer.read", M("See customers"), ACTOR_STAFF},
    {"customer.edit", M("Edit customers"), ACTOR_STAFF},
};
const size_t customer_permissions_len = LEN(customer_permissions);

static const struct audit_name names[] = {{"customer", M("Customer"), "/customers/", "cus"},
                                          {"customer.add", M("Customer added"), NULL, NULL},
                                          {"customer.edit", M("Customer changed"), NULL, NULL},
                                          {"customer:code", M("Code"), NULL, NULL},
                                          {"customer:name", M("Name"), NULL, NULL},
                                          {"customer:country", M("Country"), NULL, NULL},
                                          {"customer:region", M("Region"), NULL, NULL},
                                          {"customer:city", M("City"), NULL, NULL},
                                          {"customer:email", M("E-mail"), NULL, NULL},
                                          {"customer:phone", M("Phone"), NULL, NULL},
                                          {"customer:tax_number", M("Tax number"), NULL, NULL},
                                          {"customer:is_fraud", M("Fraud flag"), NULL, NULL},
                                          {0}};

void customer_start(void)
{
    audit_name_declare(names);
}

static void from_row(const struct customer_rec *row, struct customer *out)
{
    *out = (struct customer){.id = row->id,
                             .revision = row->revision,
                             .code = row->code,
                             .name = row->name,
                             .country = row->country,
                             .region = row->region,
                             .city = row->city,
                             .email = row->email,
                             .phone = row->phone,
                             .tax_number = row->tax_number,
                             .since = row->since,
                             .is_fraud = row->is_fraud,
                             .anonymised_at = row->anonymised_at,
                             .archived_at = row->archived_at};
}

enum rc customer_get(struct op *op, int64_t id, struct customer *out)
{
    struct customer_rec row;
    TRY(q_customer(op, &(struct q_customer_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc customer_by_code(struct op *op, struct str code, struct customer *out)
{
    struct customer_rec row;
    TRY(q_customer_by_code(op, &(struct q_customer_by_code_in){code}, &row));
    from_row(&row, out);
    return RC_OK;
}

static void values_of(const struct customer *c, struct audit_value out[VALUES])
{
    out[0] = (struct audit_value){"code", c->code};
    out[1] = (struct audit_value){"name", c->name};
    out[2] = (struct audit_value){"country", c->country};
    out[3] = (struct audit_value){"region", c->region};
    out[4] = (struct audit_value){"city", c->city};
    out[5] = (struct audit_value){"email", c->email};
    out[6] = (struct audit_value){"phone", c->phone};
    out[7] = (struct audit_value){"tax_number", c->tax_number};
    out[8] = (struct audit_value){"is_fraud", audit_text_bool(c->is_fraud)};
}

static enum rc note(struct op *op, const struct customer *before, const struct customer *after)
{
    struct audit_value old[VALUES], new[VALUES];
    if (before)
        values_of(before, old);
    values_of(after, new);
    return audit_add_diff(op,
                          &(struct audit_entry){.action = before ? "customer.edit" : "customer.add",
                                                .record = "customer",
                                                .record_id = after->id,
                                                .label = after->code},
                          before ? old : NULL, new, VALUES);
}

static struct str line(struct op *op, struct str text)
{
    return text_clean_line(op->arena, text.at ? text : STR(""));
}

static enum rc clean(struct op *op, struct customer *c)
{
    const char *problem = check_code(op->arena, c->code.at ? c->code : STR(""), &c->code);
    if (problem)
        (void)!fail(op, RC_INVALID, "code", problem);
    c->name = line(op, c->name);
    c->country = line(op, c->country);
    c->region = line(op, c->region);
    c->city = line(op, c->city);
    c->email = line(op, c->email);
    c->phone = line(op, c->phone);
    c->tax_number = line(op, c->tax_number);
    if (c->name.len == 0 || utf8_count(c->name) > NAME_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "name", "A name has 1 to 200 characters.");
    if (c->country.len > 0 && (problem = check_country(op->arena, c->country, &c->country)))
        (void)!fail(op, RC_INVALID, "country", problem);
    if (c->email.len > 0 && (problem = check_email(op->arena, c->email, &c->email)))
        (void)!fail(op, RC_INVALID, "email", problem);
    if (c->phone.len > 0 && (problem = check_phone(op->arena, c->phone, &c->phone)))
        (void)!fail(op, RC_INVALID, "phone", problem);
    return op->fault.rc;
}

static enum rc write(struct op *op, struct customer *c)
{
    struct customer before;
    struct str fold = text_fold(op->arena, c->name), sort = text_sort_key(op->arena, c->name);
    if (c->id == 0) {
        enum rc rc = q_customer_add(
            op,
            &(struct q_customer_add_in){c->code, c->name, fold, sort, c->country, c->region,
                                        c->city, c->email, c->phone, c->tax_number,
                                        c->since ? c->since : op->now, c->is_fraud, op->now},
            &c->id);
        TRY(op_code_taken(op, rc, c->code));
        return note(op, NULL, c);
    }
    TRY(customer_get(op, c->id, &before));
    if (before.revision != c->revision)
        return op_stale(op);
    if (before.anonymised_at.has)
        return fail(op, RC_CONFLICT, NULL,
                    "This customer was anonymised: there is nothing to edit.");
    enum rc rc = q_customer_edit(
        op,
        &(struct q_customer_edit_in){c->id, c->revision, c->code, c->name, fold, sort, c->country,
                                     c->region, c->city, c->email, c->phone, c->tax_number,
                                     c->since ? c->since : before.since, c->is_fraud});
    TRY(op_code_taken(op, rc, c->code));
    return note(op, &before, c);
}

enum rc customer_save(struct op *op, const struct customer *in, int64_t *out_id)
{
    struct customer c = *in;
    TRY(op_must(op, "customer.edit"));
    TRY(clean(op, &c));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(write(op, &c));
    TRY(txn_commit(&txn));
    *out_id = c.id;
    return RC_OK;
}

const struct route customer_routes[] = {{0}};
