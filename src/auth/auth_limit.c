/* Limits on tries that a restart does not forget and parallel requests do not pass: a bucket is one
 * number, the time at which it will be full again, and one statement moves it or refuses (the
 * generic cell rate algorithm, ITU-T I.371). Counting rows of tries was rejected: it reads before
 * it writes. */
#include <arpa/inet.h>

#include "auth/auth_int.h"

enum rc auth_limit_take(struct op *op, struct str key, int burst, int64_t every_us)
{
    assert(!db_in_transaction(op->db));
    assert(burst > 0 && every_us > 0);
    enum rc rc = q_limit_take(op, &(struct q_limit_take_in){
                                      .bucket = key,
                                      .now = op->now,
                                      .every_us = every_us,
                                      .horizon = op->now + (burst - 1) * every_us,
                                  });
    if (rc == RC_CONFLICT)
        return fail(op, RC_LIMIT, NULL, M("Too many tries. Wait a few minutes and try again."));
    return rc;
}

struct str auth__network(struct op *op, struct str address)
{
    unsigned char bytes[16];
    const char *text = str_c(op->arena, address);
    if (inet_pton(AF_INET, text, bytes) == 1)
        return str_printf(op->arena, "%d.%d.%d.0/24", bytes[0], bytes[1], bytes[2]);
    if (inet_pton(AF_INET6, text, bytes) != 1)
        return address.at ? address : STR("");
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return str_printf(op->arena, "%d.%d.%d.0/24", bytes[12], bytes[13], bytes[14]);
    return str_printf(op->arena, "%x:%x:%x:%x::/64", bytes[0] << 8 | bytes[1],
                      bytes[2] << 8 | bytes[3], bytes[4] << 8 | bytes[5], bytes[6] << 8 | bytes[7]);
}
