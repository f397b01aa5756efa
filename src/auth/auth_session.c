/* Signing in and what follows from it. Every refusal of a password looks and lasts the same,
 * whoever was named. Tries are counted before the hash is computed, in three buckets: the network
 * that asks, the account, and, for a network from which this person has signed in before, the two
 * together instead of the account: so a stranger can use up the tries of an account without
 * keeping its owner out. */
#include "auth/auth_int.h"

enum { NETWORK_BURST = 60, ACCOUNT_BURST = 10, CODE_BURST = 5 };
#define NETWORK_EVERY (10 * US_SECOND)
#define ACCOUNT_EVERY US_MINUTE
#define KNOWN_FOR     (180 * US_DAY)
#define SEEN_EVERY    US_MINUTE
#define ANSWERS_FOR   US_DAY

static const char refused[] = M("The e-mail address or the password is wrong.");

/* ---- sessions ---- */

int64_t auth__idle_us(void)
{
    return conf_duration_us("session_idle");
}

static struct str cut(struct op *op, struct str text, size_t bytes)
{
    return str_dup(op->arena, text.at ? utf8_cut_bytes(text, bytes) : STR(""));
}

enum rc auth__session_new(struct op *op, int64_t user_id, bool is_half, struct str address,
                          struct str agent, struct auth_signed_in *out)
{
    char csrf[CRYPT_TOKEN_MAX];
    struct auth_signed_in session = {.user_id = user_id, .needs_second_factor = is_half};
    _Static_assert(sizeof session.token >= CRYPT_TOKEN_MAX, "a token fits");
    crypt_token(session.token);
    crypt_token(csrf);
    TRY(q_session_insert(
        op,
        &(struct q_session_insert_in){
            .token_hash = auth__hash(op, str_of(session.token)),
            .user_id = user_id,
            .csrf = str_of(csrf),
            .is_half = is_half,
            .address = cut(op, address, 64),
            .agent = text_clean_line(op->arena, cut(op, agent, 300)),
            .now = op->now,
            .expires_at = op->now + (is_half ? AUTH_HALF_US : conf_duration_us("session_max")),
        },
        &session.session_id));
    *out = session;
    return RC_OK;
}

/* A whole session, with what signing in leaves behind. */
static enum rc session_begin(struct op *op, int64_t user_id, struct str address, struct str agent,
                             struct auth_signed_in *out)
{
    struct auth_user user;
    struct auth_signed_in session;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, user_id, &user));
    if (user.state != AUTH_ACTIVE)
        return fail(op, RC_INVALID, NULL, refused);
    TRY(auth__session_new(op, user_id, false, address, agent, &session));
    TRY(q_user_signed_in(op, &(struct q_user_signed_in_in){.id = user_id, .now = op->now}));
    TRY(q_network_learn(op, &(struct q_network_learn_in){.user_id = user_id,
                                                         .network = auth__network(op, address),
                                                         .now = op->now}));
    struct actor before = op->actor;
    op->actor.user_id = user_id;
    op->actor.name = user.name;
    enum rc rc = auth__audit(op, "user.sign_in", &user);
    op->actor = before;
    TRY(rc);
    TRY(txn_commit(&txn));
    *out = session;
    return RC_OK;
}

enum rc auth_session_open(struct op *op, int64_t user_id, struct str address, struct str agent,
                          struct auth_signed_in *out)
{
    return session_begin(op, user_id, address, agent, out);
}

enum rc auth_session_end(struct op *op, int64_t session_id)
{
    return q_session_delete_by_id(op, &(struct q_session_delete_by_id_in){.id = session_id});
}

enum rc auth__session_find(struct op *op, struct str token, struct session_rec *out)
{
    struct session_rec session;
    if (token.len == 0 || token.len >= CRYPT_TOKEN_MAX)
        return RC_MISSING;
    TRY(q_session(op, &(struct q_session_in){.token_hash = auth__hash(op, token)}, &session));
    if (session.is_half || session.expires_at <= op->now ||
        session.seen_at + auth__idle_us() <= op->now)
        return RC_MISSING;
    *out = session;
    return RC_OK;
}

/* ---- signing in ---- */

/* RC_LIMIT, or the account's bucket, to be emptied on success. */
static enum rc take_tries(struct op *op, int64_t user_id, struct str fold, struct str network,
                          struct str *out_bucket)
{
    TRY(auth_limit_take(op, str_printf(op->arena, "sign_in:net:" STR_FMT, STR_ARG(network)),
                        NETWORK_BURST, NETWORK_EVERY));
    struct counted known;
    TRY(q_network_known(op,
                        &(struct q_network_known_in){
                            .user_id = user_id, .network = network, .since = op->now - KNOWN_FOR},
                        &known));
    struct str account = crypt_hex(op->arena, auth__hash(op, fold));
    *out_bucket = known.n ? str_printf(op->arena, "sign_in:home:" STR_FMT ":" STR_FMT,
                                       STR_ARG(account), STR_ARG(network))
                          : str_printf(op->arena, "sign_in:account:" STR_FMT, STR_ARG(account));
    return auth_limit_take(op, *out_bucket, ACCOUNT_BURST, ACCOUNT_EVERY);
}

/* A hash made under a cheaper setting is made anew while the password is at hand. */
static enum rc rehash(struct op *op, const struct user_secret *user, struct str password)
{
    struct str hash;
    if (!crypt_password_is_stale(user->password_hash, auth__cost()))
        return RC_OK;
    TRY(auth__password_hash(op, password, &hash));
    return q_user_rehash(op, &(struct q_user_rehash_in){.id = user->id,
                                                        .old_hash = user->password_hash,
                                                        .password_hash = hash});
}

enum rc auth_sign_in(struct op *op, const struct auth_sign_in *in, struct auth_signed_in *out)
{
    assert(!db_in_transaction(op->db));
    struct user_secret user;
    struct str email = text_clean_line(op->arena, utf8_cut(in->email, AUTH_EMAIL_CHARS_MAX));
    struct str fold = text_fold(op->arena, email), bucket;
    struct str network = auth__network(op, in->address);
    enum rc rc = q_user_secret(op, &(struct q_user_secret_in){.email_fold = fold}, &user);
    if (rc == RC_MISSING)
        user = (struct user_secret){.email = STR("")};
    else
        TRY(rc);
    TRY(take_tries(op, user.id, fold, network, &bucket));
    bool is_ok = false;
    bool is_whole = in->password.len > 0 && in->password.len <= CRYPT_PASSWORD_MAX;
    struct str password = is_whole ? in->password : STR("-");
    TRY(auth__password_ok(op, user.state == AUTH_ACTIVE ? user.password_hash : STR_NONE, password,
                          &is_ok));
    if (!is_ok || !is_whole) {
        log_event(LOG_INFO, "sign_in_refused", NULL);
        return fail(op, RC_INVALID, NULL, refused);
    }
    TRY(rehash(op, &user, password));
    TRY(q_limit_forget(op, &(struct q_limit_forget_in){.bucket = bucket}));
    if (!user.totp_sealed.at)
        return session_begin(op, user.id, in->address, in->agent, out);
    return auth__session_new(op, user.id, true, in->address, in->agent, out);
}

enum rc auth_second_factor(struct op *op, const struct auth_code *in, struct auth_signed_in *out)
{
    struct session_rec half;
    struct str half_token = in->half_token;
    if (half_token.len == 0 || half_token.len >= CRYPT_TOKEN_MAX)
        return RC_SIGN_IN;
    enum rc rc =
        q_session(op, &(struct q_session_in){.token_hash = auth__hash(op, half_token)}, &half);
    if (rc == RC_MISSING || (rc == RC_OK && (!half.is_half || half.expires_at <= op->now)))
        return fail(op, RC_SIGN_IN, NULL, M("This took too long. Sign in again."));
    TRY(rc);
    TRY(auth_limit_take(op, str_printf(op->arena, "code:%lld", (long long)half.user_id), CODE_BURST,
                        US_MINUTE));
    TRY(auth__code_use(op, half.user_id, in->code));
    TRY(auth_session_end(op, half.id));
    return session_begin(op, half.user_id, in->address, in->agent, out);
}

/* ---- housekeeping ---- */

enum rc auth_sweep(struct op *op)
{
    int64_t now = op->now;
    TRY(q_sessions_sweep(
        op, &(struct q_sessions_sweep_in){.now = now, .idle_from = now - auth__idle_us()}));
    TRY(q_tokens_sweep(op, &(struct q_tokens_sweep_in){.now = now}));
    TRY(q_networks_sweep(op, &(struct q_networks_sweep_in){.since = now - KNOWN_FOR}));
    TRY(q_answers_sweep(op, &(struct q_answers_sweep_in){.before = now - ANSWERS_FOR}));
    return q_limits_sweep(op, &(struct q_limits_sweep_in){.now = now});
}
