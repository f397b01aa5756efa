/* Customers: rules of the record. */
#include "customer/customer.h"

#include "customer/customer_int.h"
#include "customer/customer_q.h"
#include "text/text.h"

enum { NAME_CHARS_MAX = 200, VALUES = 9 };

const struct permission customer_permissions[] = {
    {"customer.read", M("See customers"), ACTOR_STAFF},
    {"customer.edit", M("Edit customers"), ACTOR_STAFF},
};
const size_t customer_permissions_len = LEN(customer_permissions);

static const struct audit_name names[] = {
    {"customer", M("Customer"), "/customers/", "cus"},
    {"customer.add", M("Customer added"), NULL, NULL},
    {"customer.edit", M("Customer changed"), NULL, NULL},
    {"customer.archive", M("Customer archived or restored"), NULL, NULL},
    {"customer.anonymise", M("Customer anonymised"), NULL, NULL},
    {"customer.binding", M("Binding changed"), NULL, NULL},
    {"customer:code", M("Code"), NULL, NULL},
    {"customer:name", M("Name"), NULL, NULL},
    {"customer:country", M("Country"), NULL, NULL},
    {"customer:region", M("Region"), NULL, NULL},
    {"customer:city", M("City"), NULL, NULL},
    {"customer:email", M("E-mail"), NULL, NULL},
    {"customer:phone", M("Phone"), NULL, NULL},
    {"customer:tax_number", M("Tax number"), NULL, NULL},
    {"customer:is_fraud", M("Fraud flag"), NULL, NULL},
    {"customer:archived", M("Archived"), NULL, NULL},
    {"customer:anonymised", M("Anonymised"), NULL, NULL},
    {"customer:partner", M("Partner"), NULL, NULL},
    {"customer:role", M("Role"), NULL, NULL},
    {"customer:from", M("From"), NULL, NULL},
    {"customer:until", M("Until"), NULL, NULL},
    {"customer:reason", M("Reason"), NULL, NULL},
    {0}};

static const struct ui_page pages[] = {
    {UI_SALES, M("Customers"), "/customers", "customer.read"},
};

void customer_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
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

enum rc customer_by_codes(struct op *op, const struct str_list *codes, struct customer_list *out)
{
    struct customer_rec_rows rows;
    struct q_customers_by_codes_in in = {json_list(op->arena, codes)};
    *out = (struct customer_list){0};
    TRY(q_customers_by_codes(op, &in, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct customer customer;
        from_row(&rows.at[i], &customer);
        VEC_PUSH(op->arena, out, customer);
    }
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
    values_of(before, old);
    values_of(after, new);
    return audit_add_diff(op,
                          &(struct audit_entry){.action = "customer.edit",
                                                .record = "customer",
                                                .record_id = after->id,
                                                .label = after->code},
                          old, new, VALUES);
}

static struct str line(struct op *op, struct str text)
{
    return text_clean_line(op->arena, text.at ? text : STR(""));
}

enum rc customer_check(struct op *op, struct customer *c)
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

/* ---- new ones ---- */

static struct q_customer_add_in row_of(struct op *op, const struct customer *c, struct str sort)
{
    return (struct q_customer_add_in){c->code,       c->name,    text_fold(op->arena, c->name),
                                      sort,          c->country, c->region,
                                      c->city,       c->email,   c->phone,
                                      c->tax_number, c->since,   c->is_fraud,
                                      op->now};
}

static enum rc note_added(struct op *op, struct customer *const *customers, size_t len)
{
    struct audit_entry *entries = NEW_ARRAY(op->arena, struct audit_entry, len);
    for (size_t i = 0; i < len; i++) {
        struct audit_value values[VALUES];
        values_of(customers[i], values);
        struct audit_changes changes = audit_diff(op, NULL, values, VALUES);
        entries[i] = (struct audit_entry){.action = "customer.add",
                                          .record = "customer",
                                          .record_id = customers[i]->id,
                                          .label = customers[i]->code,
                                          .changes = changes.at,
                                          .changes_len = changes.len};
    }
    return audit_add_all(op, entries, len);
}

enum rc customer_add_all(struct op *op, struct customer *const *customers, size_t len)
{
    struct i64_list ids = {0};
    TRY(op_must(op, "customer.edit"));
    if (len == 0)
        return RC_OK;
    struct text_sorted *sorted = NEW_ARRAY(op->arena, struct text_sorted, len);
    struct customer **in_order = NEW_ARRAY(op->arena, struct customer *, len);
    struct q_customer_add_in *rows = NEW_ARRAY(op->arena, struct q_customer_add_in, len);
    for (size_t i = 0; i < len; i++) {
        customers[i]->since = customers[i]->since ? customers[i]->since : op->now;
        sorted[i] = (struct text_sorted){text_sort_key(op->arena, customers[i]->name), i};
    }
    text_sort_many(sorted, len);
    for (size_t i = 0; i < len; i++) {
        in_order[i] = customers[sorted[i].i];
        rows[i] = row_of(op, in_order[i], sorted[i].key);
    }
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_customer_add(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        in_order[i]->id = ids.at[i];
    TRY(note_added(op, in_order, len));
    return txn_commit(&txn);
}

static enum rc write(struct op *op, struct customer *c)
{
    struct customer before;
    if (c->id == 0)
        return op_code_taken(op, customer_add_all(op, &c, 1), c->code);
    struct str fold = text_fold(op->arena, c->name), sort = text_sort_key(op->arena, c->name);
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
    TRY(customer_check(op, &c));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(write(op, &c));
    TRY(txn_commit(&txn));
    *out_id = c.id;
    return RC_OK;
}

/* ---- archiving, anonymising ---- */

static enum rc note_flag(struct op *op, const struct customer *c, const char *action,
                         const char *field, bool was, bool is)
{
    struct audit_entry entry = {
        .action = action, .record = "customer", .record_id = c->id, .label = c->code};
    return audit_add_flag(op, &entry, field, was, is);
}

static enum rc open_customer(struct op *op, struct txn *txn, int64_t id, int64_t revision,
                             struct customer *out)
{
    TRY(op_must(op, "customer.edit"));
    TRY(txn_begin(op, txn));
    TRY(customer_get(op, id, out));
    return out->revision == revision ? RC_OK : op_stale(op);
}

enum rc customer_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct customer c;
    AUTO_TXN txn = {0};
    TRY(open_customer(op, &txn, id, revision, &c));
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_customer_archive(op, &(struct q_customer_archive_in){id, revision, at}));
    TRY(note_flag(op, &c, "customer.archive", "archived", c.archived_at.has, is_archived));
    return txn_commit(&txn);
}

enum rc customer_anonymise(struct op *op, int64_t id, int64_t revision)
{
    struct customer c;
    AUTO_TXN txn = {0};
    TRY(open_customer(op, &txn, id, revision, &c));
    if (c.anonymised_at.has)
        return fail(op, RC_CONFLICT, NULL, M("This customer was anonymised already."));
    struct str name = STR("–");
    TRY(q_customer_anonymise(
        op, &(struct q_customer_anonymise_in){id, revision, name, text_fold(op->arena, name),
                                              text_sort_key(op->arena, name), op->now}));
    TRY(attribute_values_erase(op, "customer", id));
    TRY(audit_erase_record(op, "customer", id));
    TRY(note_flag(op, &c, "customer.anonymise", "anonymised", false, true));
    return txn_commit(&txn);
}

/* ---- whose it is ---- */

static enum rc note_binding(struct op *op, const struct customer *c, const struct partner *p,
                            const struct customer_binding *b, int64_t was_day, bool is_new)
{
    struct str from = date_print(op->arena, (struct date){(int32_t)b->from_day});
    struct str was = was_day >= CUSTOMER_NO_END
                         ? STR("")
                         : date_print(op->arena, (struct date){(int32_t)was_day});
    struct str is = b->to_day >= CUSTOMER_NO_END
                        ? STR("")
                        : date_print(op->arena, (struct date){(int32_t)b->to_day});
    struct audit_value old[] = {
        {"partner", p->code}, {"role", b->role}, {"from", from}, {"until", was}};
    struct audit_value new[] = {
        {"partner", p->code}, {"role", b->role}, {"from", from}, {"until", is}};
    struct audit_entry entry = {.action = "customer.binding",
                                .record = "customer",
                                .record_id = c->id,
                                .label = c->code,
                                .partner_id = SOME(p->id)};
    return audit_add_diff(op, &entry, is_new ? NULL : old, new, LEN(new));
}

enum rc customer_bind(struct op *op, const struct customer_binding *in, int64_t *out_id)
{
    struct customer c;
    struct partner p;
    struct customer_binding b = *in;
    struct binding_clash_rows clashes;
    TRY(op_must(op, "customer.edit"));
    b.role = line(op, b.role);
    b.reason = line(op, b.reason);
    if (b.role.len == 0 || utf8_count(b.role) > 60)
        (void)!fail(op, RC_INVALID, "role", M("A role has 1 to 60 characters."));
    if (b.from_day >= b.to_day)
        (void)!fail(op, RC_INVALID, "to", M("The end must be after the beginning."));
    if (op->fault.rc != RC_OK)
        return op->fault.rc;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(customer_get(op, b.customer_id, &c));
    TRY(partner_get(op, b.partner_id, &p));
    TRY(q_customer_binding_clash(
        op, &(struct q_customer_binding_clash_in){c.id, b.role, b.from_day, b.to_day}, &clashes));
    if (clashes.len)
        return fail(op, RC_CONFLICT, "partner",
                    M("Another partner has this customer in this role in these days: end that "
                      "first."));
    TRY(q_customer_touch(op, &(struct q_customer_touch_in){c.id, c.revision}));
    TRY(q_customer_binding_add(op,
                               &(struct q_customer_binding_add_in){
                                   c.id, p.id, b.role, b.from_day, b.to_day, b.reason,
                                   op->actor.user_id ? SOME(op->actor.user_id) : NONE, op->now},
                               out_id));
    TRY(note_binding(op, &c, &p, &b, CUSTOMER_NO_END, true));
    return txn_commit(&txn);
}

enum rc customer_unbind(struct op *op, int64_t binding_id, int64_t to_day)
{
    struct customer c;
    struct partner p;
    struct binding_rec row;
    TRY(op_must(op, "customer.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_customer_binding(op, &(struct q_customer_binding_in){binding_id}, &row));
    TRY(customer_get(op, row.customer_id, &c));
    TRY(partner_get(op, row.partner_id, &p));
    if (to_day <= row.from_day || to_day > row.to_day)
        return fail(op, RC_INVALID, "to", M("The end must be after the beginning."));
    TRY(q_customer_binding_end(
        op, &(struct q_customer_binding_end_in){binding_id, row.to_day, to_day}));
    TRY(q_customer_touch(op, &(struct q_customer_touch_in){c.id, c.revision}));
    struct customer_binding b = {.role = row.role, .from_day = row.from_day, .to_day = to_day};
    TRY(note_binding(op, &c, &p, &b, row.to_day, false));
    return txn_commit(&txn);
}
