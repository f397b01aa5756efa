/* The second factor: codes of an app (TOTP, RFC 6238) and ten recovery codes, each of which works
 * once. A code's time step must be later than the last one used, and one statement moves it, so a
 * code seen on the way is worth nothing, also when two requests bring it at once. The secret is
 * sealed under the process's keys and bound to its person. */
#include "auth/auth_int.h"

enum { RECOVERY_CODES = 10, RECOVERY_BYTES = 10, PASSWORD_BURST = 10 };

static const char wrong_code[] = M("This code is wrong or was used already.");

static struct str context_of(struct op *op, int64_t user_id)
{
    return str_printf(op->arena, "auth_user.totp:%lld", (long long)user_id);
}

/* "ABCDE-12345" as people retype it: letters in any case, without what stands between. */
static struct str recovery_hash(struct op *op, int64_t user_id, struct str code)
{
    AUTO_BUF buf = BUF(128);
    buf_printf(&buf, "%lld:", (long long)user_id);
    for (size_t i = 0; i < code.len && i < 40; i++) {
        char c = code.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&buf, c);
    }
    return auth__hash(op, buf_str(&buf));
}

static enum rc use_recovery(struct op *op, int64_t user_id, struct str code)
{
    enum rc rc =
        q_recovery_use(op, &(struct q_recovery_use_in){
                               .user_id = user_id, .code_hash = recovery_hash(op, user_id, code)});
    return rc == RC_CONFLICT ? fail(op, RC_INVALID, "code", wrong_code) : rc;
}

enum rc auth__code_use(struct op *op, int64_t user_id, struct str code)
{
    struct user_secret user;
    struct str secret;
    int64_t step;
    code = str_trim(code);
    TRY(q_user_secret_by_id(op, &(struct q_user_secret_by_id_in){.id = user_id}, &user));
    if (!user.totp_sealed.at)
        return fail(op, RC_INVALID, "code", wrong_code);
    if (code.len != 6)
        return use_recovery(op, user_id, code);
    TRY(crypt_open(op->arena, crypt_field_keys(), context_of(op, user_id), user.totp_sealed,
                   &secret));
    if (!crypt_totp_ok(secret, code, op->now, user.totp_step, &step))
        return fail(op, RC_INVALID, "code", wrong_code);
    enum rc rc = q_user_totp_step(op, &(struct q_user_totp_step_in){.id = user_id, .step = step});
    return rc == RC_CONFLICT ? fail(op, RC_INVALID, "code", wrong_code) : rc;
}

static enum rc new_recovery_codes(struct op *op, int64_t user_id, struct str_list *out)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x"; /* 32, none alike */
    *out = (struct str_list){0};
    TRY(q_recovery_clear(op, &(struct q_recovery_clear_in){.user_id = user_id}));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        uint8_t bytes[RECOVERY_BYTES];
        char text[RECOVERY_BYTES];
        random_bytes(bytes, sizeof bytes);
        for (size_t c = 0; c < sizeof text; c++)
            text[c] = letters[bytes[c] % 32];
        struct str code = str_printf(op->arena, "%.5s-%.5s", text, text + 5);
        TRY(q_recovery_add(
            op, &(struct q_recovery_add_in){.user_id = user_id,
                                            .code_hash = recovery_hash(op, user_id, code)}));
        VEC_PUSH(op->arena, out, code);
    }
    return RC_OK;
}

enum rc auth__factor_on(struct op *op, struct str secret, struct str code,
                        struct str_list *out_recovery)
{
    struct str bytes;
    struct auth_user user;
    int64_t step, id = op->actor.user_id;
    if (!crypt_unbase32(op->arena, secret, &bytes) || bytes.len != CRYPT_TOTP_SECRET_BYTES ||
        !crypt_totp_ok(bytes, str_trim(code), op->now, 0, &step))
        return fail(op, RC_INVALID, "code", M("This code does not fit. Is the clock right?"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, id, &user));
    struct str sealed = crypt_seal(op->arena, crypt_field_keys(), context_of(op, id), bytes);
    TRY(q_user_totp(op,
                    &(struct q_user_totp_in){.id = id, .totp_sealed = sealed, .totp_step = step}));
    TRY(new_recovery_codes(op, id, out_recovery));
    TRY(auth__audit(op, "user.factor_on", &user));
    return txn_commit(&txn);
}

enum rc auth__factor_off(struct op *op, int64_t user_id)
{
    struct auth_user user;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(auth_user_get(op, user_id, &user));
    TRY(q_user_totp(op, &(struct q_user_totp_in){.id = user_id, .totp_sealed = STR_NONE}));
    TRY(q_recovery_clear(op, &(struct q_recovery_clear_in){.user_id = user_id}));
    TRY(auth__audit(op, "user.factor_off", &user));
    return txn_commit(&txn);
}

enum rc auth__must_know_password(struct op *op, struct str password)
{
    struct user_secret user;
    bool is_ok;
    int64_t id = op->actor.user_id;
    TRY(auth_limit_take(op, str_printf(op->arena, "password:%lld", (long long)id), PASSWORD_BURST,
                        US_MINUTE));
    TRY(q_user_secret_by_id(op, &(struct q_user_secret_by_id_in){.id = id}, &user));
    if (password.len == 0 || password.len > CRYPT_PASSWORD_MAX)
        return fail(op, RC_INVALID, "current", M("This is not your present password."));
    TRY(auth__password_ok(op, user.password_hash, password, &is_ok));
    return is_ok ? RC_OK : fail(op, RC_INVALID, "current", M("This is not your present password."));
}
