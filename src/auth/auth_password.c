/* Passwords: the rules for new ones, and argon2id on at most two threads at a time: each hash takes
 * 19 MiB and a core for tens of milliseconds, so a crowd at the sign-in page must wait its turn and
 * not push everything else from the machine. Bytes of a password are never cleaned or folded. */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "auth/auth_int.h"

enum { HASHES_AT_ONCE = 2, WAIT_S = 5 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_free;
static pthread_once_t gate_once = PTHREAD_ONCE_INIT;
static int hashing;
static struct crypt_cost chosen_cost; /* zero: what conf says */

static void gate_init(void)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&gate_free, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

static enum rc gate_enter(struct op *op)
{
    (void)pthread_once(&gate_once, gate_init);
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    int waited = 0;
    (void)pthread_mutex_lock(&gate);
    while (hashing >= HASHES_AT_ONCE && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&gate_free, &gate, &until);
    bool is_in = hashing < HASHES_AT_ONCE;
    hashing += is_in;
    (void)pthread_mutex_unlock(&gate);
    if (is_in)
        return RC_OK;
    return fail(op, RC_BUSY, NULL,
                M("Many people are signing in just now. Try again in a moment."));
}

static void gate_leave(void)
{
    (void)pthread_mutex_lock(&gate);
    hashing--;
    (void)pthread_cond_signal(&gate_free);
    (void)pthread_mutex_unlock(&gate);
}

void auth__cost_set(struct crypt_cost cost)
{
    chosen_cost = cost;
}

struct crypt_cost auth__cost(void)
{
    if (chosen_cost.memory_bytes)
        return chosen_cost;
    return (struct crypt_cost){conf_size_bytes("password_memory"), conf_int("password_passes")};
}

const char *auth_password_check(struct str password, struct str email)
{
    size_t characters = utf8_count(password);
    if (characters < AUTH_PASSWORD_MIN)
        return M("Use at least 8 characters.");
    if (characters > AUTH_PASSWORD_MAX || password.len > CRYPT_PASSWORD_MAX)
        return M("Use at most 128 characters.");
    if (email.len && str_eq_nocase(password, email))
        return M("Choose something else than your e-mail address.");
    if (auth__password_is_common(password))
        return M("This is one of the passwords that attackers try first. Choose another one.");
    return NULL;
}

enum rc auth__password_hash(struct op *op, struct str password, struct str *out_hash)
{
    char hash[CRYPT_HASH_MAX];
    TRY(gate_enter(op));
    enum rc rc = crypt_password_hash(password, auth__cost(), hash);
    gate_leave();
    TRY(rc);
    *out_hash = str_dup(op->arena, str_of(hash));
    return RC_OK;
}

enum rc auth__password_ok(struct op *op, struct str hash, struct str password, bool *out_is_ok)
{
    bool is_ok = false;
    TRY(gate_enter(op));
    if (hash.at)
        is_ok = crypt_password_ok(hash, password);
    else
        crypt_password_waste(password, auth__cost());
    gate_leave();
    *out_is_ok = is_ok;
    return RC_OK;
}

enum rc auth_password_set(struct op *op, int64_t user_id, struct str password,
                          int64_t keep_session_id)
{
    struct user_rec rec;
    struct auth_user user;
    struct str hash;
    TRY(q_user(op, &(struct q_user_in){.id = user_id}, &rec));
    const char *wrong = auth_password_check(password, rec.email);
    if (wrong)
        return fail(op, RC_INVALID, "password", wrong);
    TRY(auth__password_hash(op, password, &hash));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_user_password(op, &(struct q_user_password_in){.id = user_id, .password_hash = hash}));
    TRY(q_sessions_delete(
        op, &(struct q_sessions_delete_in){.user_id = user_id, .keep_id = keep_session_id}));
    TRY(q_tokens_clear(op, &(struct q_tokens_clear_in){.user_id = user_id}));
    auth__user_of(&rec, &user);
    TRY(auth__audit(op, "user.password", &user));
    if (user.state == AUTH_ACTIVE)
        TRY(auth__mail_password_changed(op, &user));
    return txn_commit(&txn);
}
