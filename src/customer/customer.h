/* customer: who pays. A person is anonymised in place, never deleted. Whose the customer is, is a
 * dated record (binding). */
#ifndef KONTOR_CUSTOMER_H
#define KONTOR_CUSTOMER_H

#include "http/http.h"
#include "op/op.h"

struct customer {
    int64_t id, revision;
    struct str code, name, country, region, city, email, phone, tax_number;
    int64_t since;
    bool is_fraud;
    struct opt_i64 anonymised_at, archived_at;
};

enum rc customer_get(struct op *op, int64_t id, struct customer *out);
enum rc customer_by_code(struct op *op, struct str code, struct customer *out);
/* id 0: a new one. Permission customer.edit. RC_INVALID with fields; RC_CONFLICT: code, revision.
 */
enum rc customer_save(struct op *op, const struct customer *in, int64_t *out_id);

extern const struct route customer_routes[];
extern const struct permission customer_permissions[]; /* customer.read, customer.edit */
extern const size_t customer_permissions_len;
void customer_start(void);

#endif
