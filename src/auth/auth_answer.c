/* Stored answers of API POSTs that carry an Idempotency-Key: kept for a day per actor and key, and
 * written in the transaction of the effect, so there is no answer without its effect and no effect
 * whose repetition would act again. Two requests with one key at the same time: the later one is
 * told so at once instead of waiting. Within a process a table of keys under way knows it; between
 * processes PostgreSQL's unique key does, and the loser's transaction goes. */
#include <pthread.h>

#include "auth/auth_int.h"

enum { FLIGHTS_MAX = 256 };
#define ANSWERS_FOR US_DAY

static pthread_mutex_t flights_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct flight {
    bool is_used;
    const void *database;
    uint64_t low, high;
} flights[FLIGHTS_MAX];

static const char under_way[] =
    M("A request with this Idempotency-Key is under way. Repeat it in a moment.");

/* Number of the flight from 1, 0 when the key is under way, -1 when there is no place. */
static int flight_begin(struct op *op, struct str actor, struct str key)
{
    struct str whole = str_printf(op->arena, STR_FMT "\n" STR_FMT, STR_ARG(actor), STR_ARG(key));
    struct flight wanted = {
        .is_used = true,
        .database = db_database(op->db),
        .low = hash_bytes_keyed(whole.at, whole.len, 1, 2),
        .high = hash_bytes_keyed(whole.at, whole.len, 3, 4),
    };
    int place = -1;
    (void)pthread_mutex_lock(&flights_mutex);
    for (int i = 0; i < FLIGHTS_MAX && place != 0; i++) {
        const struct flight *f = &flights[i];
        if (!f->is_used && place < 0)
            place = i + 1;
        if (f->is_used && f->database == wanted.database && f->low == wanted.low &&
            f->high == wanted.high)
            place = 0;
    }
    if (place > 0)
        flights[place - 1] = wanted;
    (void)pthread_mutex_unlock(&flights_mutex);
    return place;
}

static void flight_end(struct auth_request *request)
{
    if (request->flight == 0)
        return;
    (void)pthread_mutex_lock(&flights_mutex);
    flights[request->flight - 1] = (struct flight){0};
    (void)pthread_mutex_unlock(&flights_mutex);
    request->flight = 0;
}

/* Answers may hold secrets (a new key), so they are sealed and bound to their request. */
static struct str context_of(struct op *op, const struct auth_request *request)
{
    return str_printf(op->arena, "stored_answer:" STR_FMT ":" STR_FMT,
                      STR_ARG(request->answer_actor), STR_ARG(request->answer_key));
}

/* What was answered before: RC_OK with *out_is_repeat, or RC_INVALID for another request. */
static enum rc look_up(struct op *op, const struct auth_request *request, bool *out_is_repeat,
                       struct http_saved *out)
{
    struct answer_rec rec;
    *out_is_repeat = false;
    enum rc rc = q_answer(op,
                          &(struct q_answer_in){.actor = request->answer_actor,
                                                .idempotency_key = request->answer_key},
                          &rec);
    if (rc == RC_MISSING || (rc == RC_OK && rec.created_at + ANSWERS_FOR <= op->now))
        return RC_OK;
    TRY(rc);
    if (!crypt_eq(rec.request_hash, request->answer_digest))
        return fail(op, RC_INVALID, NULL, M("This Idempotency-Key was used for another request."));
    *out_is_repeat = true;
    *out = (struct http_saved){(int)rec.status, rec.content_type, rec.location, rec.body};
    struct str plain; /* an answer of a version that did not seal them is as it is */
    if (crypt_open(op->arena, crypt_field_keys(), context_of(op, request), rec.body, &plain) ==
        RC_OK)
        out->body = plain;
    return RC_OK;
}

enum rc auth__answer_begin(struct req *r, struct str key, struct str digest, bool *out_is_repeat,
                           struct http_saved *out_saved)
{
    struct op *op = r->op;
    struct auth_request *request = r->session;
    assert(request);
    *out_is_repeat = false;
    if (key.len == 0 || key.len > 255)
        return fail(op, RC_INVALID, NULL, M("An Idempotency-Key has 1 to 255 characters."));
    request->answer_actor = request->key_id
                                ? str_printf(op->arena, "key:%lld", (long long)request->key_id)
                                : str_printf(op->arena, "user:%lld", (long long)op->actor.user_id);
    request->answer_key = key;
    request->answer_digest = auth__hash(op, digest);
    int flight = flight_begin(op, request->answer_actor, key);
    if (flight == 0)
        return fail(op, RC_CONFLICT, NULL, under_way);
    if (flight < 0)
        return fail(op, RC_BUSY, NULL, M("There is too much to do just now. Try again."));
    request->flight = flight;
    enum rc rc = txn_begin(op, &request->txn);
    if (rc == RC_OK)
        rc = look_up(op, request, out_is_repeat, out_saved);
    if (rc != RC_OK || *out_is_repeat)
        auth__answer_drop(r);
    return rc;
}

enum rc auth__answer_end(struct req *r, const struct http_saved *answer)
{
    struct op *op = r->op;
    struct auth_request *request = r->session;
    struct str none = STR("");
    enum rc rc =
        q_answer_expire(op, &(struct q_answer_expire_in){.actor = request->answer_actor,
                                                         .idempotency_key = request->answer_key,
                                                         .before = op->now - ANSWERS_FOR});
    if (rc == RC_OK)
        rc = q_answer_insert(
            op, &(struct q_answer_insert_in){
                    .actor = request->answer_actor,
                    .idempotency_key = request->answer_key,
                    .request_hash = request->answer_digest,
                    .status = answer->status,
                    .content_type = answer->type.at ? answer->type : none,
                    .location = answer->location.at ? answer->location : none,
                    .body = crypt_seal(op->arena, crypt_field_keys(), context_of(op, request),
                                       answer->body.at ? answer->body : none),
                    .now = op->now,
                });
    if (rc == RC_OK)
        rc = txn_commit(&request->txn);
    else if (rc == RC_CONFLICT)
        rc = fail(op, RC_CONFLICT, NULL, under_way);
    auth__answer_drop(r);
    return rc;
}

void auth__answer_drop(struct req *r)
{
    struct auth_request *request = r->session;
    if (!request)
        return;
    txn_cleanup(&request->txn);
    flight_end(request);
}
