/* customer: who pays. A person is anonymised in place, never deleted. Whose the customer is, is a
 * dated record (binding). */
#ifndef KONTOR_CUSTOMER_H
#define KONTOR_CUSTOMER_H

#include "http/http.h"
#include "op/op.h"
#include "ui/ui.h"

enum { CUSTOMER_NO_END = 4000000 }; /* day: without end */

struct customer {
    int64_t id, revision;
    struct str code, name, country, region, city, email, phone, tax_number;
    int64_t since;
    bool is_fraud;
    struct opt_i64 anonymised_at, archived_at;
};

enum rc customer_get(struct op *op, int64_t id, struct customer *out);
enum rc customer_by_code(struct op *op, struct str code, struct customer *out);
struct customer_list {
    struct customer *at;
    size_t len, cap;
};
/* Those of the codes that there are, in one query. */
enum rc customer_by_codes(struct op *op, const struct str_list *codes, struct customer_list *out);
/* Cleans a new customer in place; RC_INVALID with fields. */
enum rc customer_check(struct op *op, struct customer *customer);
/* Adds customers that were checked, in a handful of statements; they get their ids. RC_CONFLICT
 * when one of the codes is taken. More than a thousand are stored in the order of their names. */
enum rc customer_add_all(struct op *op, struct customer *const *customers, size_t len);
/* id 0: a new one. Permission customer.edit. RC_INVALID with fields; RC_CONFLICT: code, revision.
 */
enum rc customer_save(struct op *op, const struct customer *in, int64_t *out_id);
enum rc customer_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
/* Name, place, ways to reach it, tax number and attributes go, here and in the journal; code, sums
 * and bindings stay. There is no way back. */
enum rc customer_anonymise(struct op *op, int64_t id, int64_t revision);

struct customer_binding {
    int64_t id, customer_id, partner_id;
    struct str role;          /* seller, referrer, servicing… */
    int64_t from_day, to_day; /* half-open */
    struct str reason;
};
/* RC_CONFLICT: somebody has the customer in that role in these days. Permission customer.edit. */
enum rc customer_bind(struct op *op, const struct customer_binding *in, int64_t *out_id);
enum rc customer_unbind(struct op *op, int64_t binding_id, int64_t to_day);

extern const struct route customer_routes[];
extern const struct ui_finder customer_finders[];      /* of the search; ended by {0} */
extern const struct permission customer_permissions[]; /* customer.read, customer.edit */
extern const size_t customer_permissions_len;
void customer_start(void);

#endif
