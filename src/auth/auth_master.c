/* Which master key a database was made with. With another key its sealed fields cannot be opened
 * and its links lead nowhere, so the program must notice before it writes anything. */
#include "auth/auth_int.h"

enum rc auth_master_key(struct op *op, struct str print, enum auth_master *out)
{
    struct master_key_row row;
    struct master_key_use use;
    TRY(q_master_key_use(op, &use));
    enum rc rc = q_master_key(op, &row);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_OK && print.at && str_eq(row.print, print))
        *out = AUTH_MASTER_SAME;
    else if (use.n == 0)
        *out = AUTH_MASTER_UNUSED;
    else
        *out = rc == RC_OK ? AUTH_MASTER_OTHER : AUTH_MASTER_UNKNOWN;
    return RC_OK;
}

enum rc auth_master_key_keep(struct op *op, struct str print)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_master_key_put(op, &(struct q_master_key_put_in){print}));
    return txn_commit(&txn);
}
