/* Tests of who comes in and what they may do: users and roles, grants, passwords, sign-in and its
 * limits, links of letters, second factor, keys. */
#include <liboath/oath.h>
#include <qrencode.h>

#include "auth/auth_int.h"
#include "auth/auth_scene.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static bool blames(struct fixture *f, const char *field)
{
    for (size_t i = 0; i < f->op.fault.entries_len; i++)
        if (f->op.fault.entries[i].field && strcmp(f->op.fault.entries[i].field, field) == 0)
            return true;
    return false;
}

static enum rc sign_in(struct fixture *f, const char *email, const char *password,
                       const char *address, struct auth_signed_in *out)
{
    return auth_sign_in(&f->op,
                        &(struct auth_sign_in){.email = str_of(email),
                                               .password = str_of(password),
                                               .address = str_of(address),
                                               .agent = STR("Firefox/1 Windows")},
                        out);
}

static void later(struct fixture *f, int64_t us)
{
    f->op.now += us;
}

/* ---- roles ---- */

static bool role_has(struct fixture *f, const char *role, const char *permission)
{
    struct auth_role found;
    struct permission_set set = {{0}};
    size_t i;
    return auth_role_find(&f->op, str_of(role), &found) == RC_OK &&
           auth_role_permissions(&f->op, &found, set.bits) == RC_OK &&
           permission_find(str_of(permission), &i) && auth__set_has(&set, i);
}

static void built_in_roles(struct fixture *f)
{
    scene_begin(f);
    ok(role_has(f, "administrator", "user.edit") && role_has(f, "administrator", "mail.secret"),
       "the administrator may everything of staff");
    ok(!role_has(f, "administrator", "team.edit"), "and nothing of the portal");
    ok(role_has(f, "auditor", "user.read") && !role_has(f, "auditor", "user.edit") &&
           !role_has(f, "auditor", "mail.secret"),
       "the auditor sees and changes nothing");
    ok(role_has(f, "portal_owner", "team.edit") && !role_has(f, "portal_owner", "user.read"),
       "the owner of the portal may everything there and nothing here");
    ok(!role_has(f, "portal_seller", "team.read"), "a seller does not see the team");
}

static void own_roles(struct fixture *f)
{
    struct auth_role role, copy = {.side = AUTH_STAFF, .name = STR("Reader")};
    struct str names[2] = {STR("user.read"), STR("org.read")};
    struct str_list list = {names, 2, 2};
    int64_t id = 0, copied = 0;
    scene_begin(f);
    ok(auth__role_save(&f->op, &copy, &list, &id) == RC_OK, "an own role is a list of permissions");
    ok(role_has(f, "reader", "user.read") && !role_has(f, "reader", "user.edit"),
       "and holds these");
    names[0] = STR("user.reed");
    copy.name = STR("Another");
    ok(auth__role_save(&f->op, &copy, &list, &id) == RC_INVALID && blames(f, "permissions"),
       "a permission that nobody declared is refused");
    names[0] = STR("team.edit");
    ok(auth__role_save(&f->op, &copy, &list, &id) == RC_INVALID, "as is one of the other side");
    fault_clear(&f->op.fault);
    ok(auth_role_find(&f->op, STR("auditor"), &role) == RC_OK &&
           auth__role_copy(&f->op, role.id, &copied) == RC_OK,
       "a built-in role is copied");
    ok(role_has(f, "Auditor (copy)", "audit.read") || role_has(f, "Auditor (copy)", "user.read"),
       "with what it holds");
    role.name = STR("My auditor");
    ok(auth__role_save(&f->op, &role, &list, &id) == RC_DENIED, "but never changed");
    fault_clear(&f->op.fault);
    ok(auth__role_delete(&f->op, copied, 1) == RC_OK, "a role that nobody has is deleted");
}

/* ---- rights ---- */

static void grants(struct fixture *f)
{
    int64_t id = 0;
    scene_begin(f);
    int64_t manager = scene_user(f, "manager@example.com", "partner_manager", true);
    int64_t admin = scene_user(f, "admin@example.com", "administrator", true);
    struct auth_user_new new = scene_new(f, "new@example.com", "administrator");
    scene_act(f, manager);
    ok(auth_user_invite(&f->op, &new, &id) == RC_DENIED, "who may not edit people invites nobody");
    struct auth_role role = {.side = AUTH_STAFF, .name = STR("People")};
    struct str names[2] = {STR("user.read"), STR("user.edit")};
    struct str_list list = {names, 2, 2};
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(auth__role_save(&f->op, &role, &list, &id) == RC_OK, "somebody edits people only");
    int64_t hr = scene_user(f, "hr@example.com", "People", true);
    scene_act(f, hr);
    ok(auth_user_invite(&f->op, &new, &id) == RC_DENIED && blames(f, "roles"),
       "they cannot give a role that may more than they");
    fault_clear(&f->op.fault);
    struct auth_user user;
    ok(auth_user_get(&f->op, admin, &user) == RC_OK &&
           auth_user_block(&f->op, admin, user.revision, true) == RC_DENIED,
       "nor block somebody who may more");
    fault_clear(&f->op.fault);
    new = scene_new(f, "new@example.com", "People");
    ok(auth_user_invite(&f->op, &new, &id) == RC_OK, "they give what they have");
    ok(auth_user_get(&f->op, id, &user) == RC_OK && user.state == AUTH_INVITED, "as an invitation");
    ok(auth_user_invite(&f->op, &new, &id) == RC_CONFLICT && blames(f, "email"),
       "an e-mail address has one account");
}

static void branch_scope(struct fixture *f)
{
    int64_t id = 0;
    scene_begin(f);
    int64_t north = scene_branch(f, "N"), south = scene_branch(f, "S");
    int64_t boss = scene_user(f, "boss@example.com", "administrator", true);
    struct auth_user_new in = scene_new(f, "north@example.com", "administrator");
    in.has_all_branches = false;
    ok(auth_user_add(&f->op, &in, STR(SCENE_PASSWORD), &id) == RC_INVALID && blames(f, "branches"),
       "staff have branches, or all of them");
    fault_clear(&f->op.fault);
    VEC_PUSH(f->arena, &in.branches, north);
    int64_t northerner = 0;
    ok(auth_user_add(&f->op, &in, STR(SCENE_PASSWORD), &northerner) == RC_OK, "some have one");
    scene_act(f, northerner);
    ok(!f->op.actor.has_all_branches, "which their actor says");
    in = scene_new(f, "two@example.com", "auditor");
    ok(auth_user_invite(&f->op, &in, &id) == RC_DENIED && blames(f, "branches"),
       "they cannot give all branches");
    fault_clear(&f->op.fault);
    in.has_all_branches = false;
    VEC_PUSH(f->arena, &in.branches, south);
    ok(auth_user_invite(&f->op, &in, &id) == RC_DENIED, "nor another one");
    fault_clear(&f->op.fault);
    in.branches.at[0] = north;
    ok(auth_user_invite(&f->op, &in, &id) == RC_OK, "but their own");
    struct auth_user user;
    ok(auth__user_seen(&f->op, boss, &user) == RC_MISSING,
       "they do not see people of no branch of theirs");
    ok(auth__user_seen(&f->op, id, &user) == RC_OK, "and see those who share one");
    struct org_choices choices;
    ok(org_branch_choices(&f->op, 0, &choices) == RC_OK && choices.len == 1,
       "forms offer them their branch only");
}

static void last_administrator(struct fixture *f)
{
    struct auth_user user;
    scene_begin(f);
    int64_t admin = scene_user(f, "admin@example.com", "administrator", true);
    ok(auth_user_get(&f->op, admin, &user) == RC_OK &&
           auth_user_block(&f->op, admin, user.revision, true) == RC_CONFLICT,
       "the last who may edit people is not blocked");
    fault_clear(&f->op.fault);
    struct auth_user_new in = scene_new(f, "admin@example.com", "auditor");
    ok(auth_user_save(&f->op, admin, user.revision, &in) == RC_CONFLICT, "nor loses the right");
    fault_clear(&f->op.fault);
    int64_t other = scene_user(f, "other@example.com", "administrator", true);
    scene_act(f, other);
    ok(auth_user_block(&f->op, other, 1, true) == RC_CONFLICT, "nobody blocks themselves");
    fault_clear(&f->op.fault);
    ok(auth_user_block(&f->op, admin, user.revision, true) == RC_OK, "one of two may go");
    struct actor actor;
    ok(auth_actor(&f->op, admin, &actor) == RC_MISSING, "and acts no more");
}

static void teams(struct fixture *f)
{
    int64_t id = 0;
    struct auth_user user;
    scene_begin(f);
    int64_t owner = scene_partner_user(f, "owner@a.example.com", "portal_owner", 5);
    int64_t other = scene_partner_user(f, "owner@b.example.com", "portal_owner", 6);
    scene_act(f, owner);
    is_i64(f->op.actor.partner_id, 5, "a partner's person acts for the partner");
    struct auth_user_new in = scene_new(f, "seller@a.example.com", "portal_seller");
    in.side = AUTH_PARTNER;
    in.partner_id = 5;
    ok(auth_user_invite(&f->op, &in, &id) == RC_OK, "an owner invites to the own team");
    in.partner_id = 6;
    in.email = STR("spy@a.example.com");
    ok(auth_user_invite(&f->op, &in, &id) == RC_MISSING, "not to another one");
    fault_clear(&f->op.fault);
    ok(auth__user_seen(&f->op, other, &user) == RC_MISSING, "whose people do not exist for them");
    ok(auth_user_block(&f->op, other, 1, true) == RC_MISSING, "and cannot be blocked");
    fault_clear(&f->op.fault);
    in = scene_new(f, "boss@example.com", "administrator");
    ok(auth_user_invite(&f->op, &in, &id) == RC_MISSING, "a partner makes no staff");
}

/* ---- passwords ---- */

static void passwords(struct fixture *f)
{
    struct str email = STR("ann@example.com");
    scene_begin(f);
    ok(auth_password_check(STR("correct horse 7"), email) == NULL,
       "a long enough password is fine");
    ok(auth_password_check(STR("\xd0\xb3\xd1\x80\xd0\xbe\xd0\xbc\xd0\xba\xd0\xb8\xd0\xb9"), email),
       "characters count, not bytes");
    ok(auth_password_check(STR("seven77"), email) != NULL, "seven characters are too few");
    ok(auth_password_check(STR("Ann@example.com"), email) != NULL, "the e-mail is none");
    ok(auth_password_check(STR("PassWord"), email) &&
           auth_password_check(STR("password123!"), email),
       "common ones are refused, in any case and with digits after them");
    ok(auth_password_check(STR("abcdefgh"), email) && auth_password_check(STR("99999999"), email),
       "so are runs");
    char text[200];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof text; i += 3)
        text[i] = (char)('a' + i % 20);
    ok(auth_password_check((struct str){text, 128}, email) == NULL, "128 characters are fine");
    ok(auth_password_check((struct str){text, 129}, email) != NULL, "129 are too many");
}

/* ---- signing in ---- */

static void signing_in(struct fixture *f)
{
    struct auth_signed_in session, other;
    struct session_rec rec;
    scene_begin(f);
    int64_t ann = scene_user(f, "Ann@Example.com", "auditor", true);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK,
       "the right password opens a session, in any case of the address");
    ok(session.user_id == ann && strlen(session.token) == 43, "with a token of 256 bits");
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_OK && rec.user_id == ann,
       "that finds it");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'user.sign_in'"), 1,
           "signing in is recorded");
    enum rc wrong = sign_in(f, "ann@example.com", "wrong password", "10.0.0.1", &other);
    const char *message = f->op.fault.entries[0].message;
    fault_clear(&f->op.fault);
    enum rc nobody = sign_in(f, "nobody@example.com", "wrong password", "10.0.0.1", &other);
    ok(wrong == RC_INVALID && nobody == RC_INVALID &&
           strcmp(message, f->op.fault.entries[0].message) == 0,
       "a wrong password and a wrong address are refused with the same words");
    fault_clear(&f->op.fault);
    struct auth_user user;
    scene_user(f, "admin@example.com", "administrator", true);
    ok(auth_user_get(&f->op, ann, &user) == RC_OK &&
           auth_user_block(&f->op, ann, user.revision, true) == RC_OK,
       "she is blocked");
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_MISSING,
       "which ends her sessions");
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &other) == RC_INVALID,
       "and the right password is a wrong one");
}

static void session_limits(struct fixture *f)
{
    struct auth_signed_in session;
    struct session_rec rec;
    scene_begin(f);
    scene_user(f, "ann@example.com", "auditor", true);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK, "a session");
    later(f, 12 * US_HOUR - US_SECOND);
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_OK,
       "lives when it is used again in time");
    later(f, 2 * US_SECOND);
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_MISSING,
       "and is over after twelve idle hours");
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK, "another one");
    fixture_sql(f, "update auth_session set seen_at = seen_at + 3000000000000");
    later(f, 30 * US_DAY + US_SECOND);
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_MISSING,
       "is over after thirty days, however busy");
    ok(auth_sweep(&f->op) == RC_OK && fixture_i64(f, "select count(*) from auth_session") == 0,
       "what is over is swept away");
    ok(auth__session_find(&f->op, STR("made up"), &rec) == RC_MISSING, "a made-up token is none");
}

static void account_limit(struct fixture *f)
{
    struct auth_signed_in session;
    int refused = 0;
    scene_begin(f);
    scene_user(f, "ann@example.com", "auditor", true);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK,
       "she signs in from home");
    for (int i = 0; i < 20; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "192.0.%d.1", i);
        refused += sign_in(f, "ann@example.com", "guess guess", address, &session) == RC_LIMIT;
        fault_clear(&f->op.fault);
    }
    is_i64(refused, 10, "a stranger has ten tries of an account, from however many networks");
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "203.0.113.5", &session) == RC_LIMIT,
       "then a new network has none");
    fault_clear(&f->op.fault);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.77", &session) == RC_OK,
       "but her own network still has: nobody locks her out");
    later(f, 61 * US_SECOND);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "203.0.113.5", &session) == RC_OK,
       "and tries come back one a minute");
}

static void network_limit(struct fixture *f)
{
    struct auth_signed_in session;
    int refused = 0;
    scene_begin(f);
    for (int i = 0; i < 70; i++) {
        char email[40];
        (void)snprintf(email, sizeof email, "p%d@example.com", i);
        refused += sign_in(f, email, "guess guess", "2001:db8:1:2::9", &session) == RC_LIMIT;
        fault_clear(&f->op.fault);
    }
    is_i64(refused, 10, "a network has sixty tries over all accounts");
    ok(sign_in(f, "x@example.com", "guess guess", "2001:db8:1:2:ffff::1", &session) == RC_LIMIT,
       "an IPv6 network is a /64");
    fault_clear(&f->op.fault);
    is_str(auth__network(&f->op, STR("::ffff:203.0.113.77")), "203.0.113.0/24",
           "an IPv4 address in IPv6 clothes is an IPv4 network");
    is_str(auth__network(&f->op, STR("2001:db8::1")), "2001:db8:0:0::/64", "and a short one whole");
}

static void limits_last(struct fixture *f)
{
    scene_begin(f);
    struct db *other = fixture_connect(f);
    struct op op = f->op;
    op.db = other;
    int taken = 0;
    for (int i = 0; i < 10; i++)
        taken += auth_limit_take(i % 2 ? &op : &f->op, STR("k"), 3, US_MINUTE) == RC_OK;
    db_close(other);
    is_i64(taken, 3, "a bucket is one, whoever takes from it");
    later(f, US_MINUTE);
    fault_clear(&f->op.fault);
    ok(auth_limit_take(&f->op, STR("k"), 3, US_MINUTE) == RC_OK, "a try comes back in its time");
    ok(auth_limit_take(&f->op, STR("k"), 3, US_MINUTE) == RC_LIMIT, "one, not more");
}

/* ---- links of letters ---- */

static void reset(struct fixture *f)
{
    struct auth_signed_in session, after;
    struct session_rec rec;
    struct token_rec found;
    int64_t id = 0;
    scene_begin(f);
    int64_t ann = scene_user(f, "ann@example.com", "auditor", true);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK, "a session");
    ok(auth__reset_ask(&f->op, STR("ANN@example.com"), STR("10.0.0.1")) == RC_OK &&
           auth__reset_ask(&f->op, STR("nobody@example.com"), STR("10.0.0.1")) == RC_OK,
       "known and unknown addresses are answered alike");
    is_i64(fixture_i64(f, "select count(*) from mail where kind = 'auth.reset'"), 0,
           "and nothing is looked up before the answer");
    scene_jobs(f);
    is_i64(fixture_i64(f, "select count(*) from mail where kind = 'auth.reset'"), 1,
           "then one letter is written");
    struct str token = scene_mail_token(f);
    is_i64((int64_t)token.len, 43, "with a link of 256 bits");
    ok(str_has(scene_mail_text(f), STR("/reset?token=")), "to the page that sets a password");
    ok(auth__token_find(&f->op, AUTH_TOKEN_RESET, token, &found) == RC_OK &&
           auth__token_find(&f->op, AUTH_TOKEN_RESET, token, &found) == RC_OK,
       "opening it (as mail scanners do) uses nothing up");
    ok(auth__token_find(&f->op, AUTH_TOKEN_INVITE, token, &found) == RC_MISSING,
       "it is no invitation");
    ok(auth__password_by_token(&f->op, AUTH_TOKEN_RESET, token, STR("short"), &id) == RC_INVALID,
       "a bad password is refused and the link lives");
    fault_clear(&f->op.fault);
    ok(auth__password_by_token(&f->op, AUTH_TOKEN_RESET, token, STR("brand new words"), &id) ==
               RC_OK &&
           id == ann,
       "a good one is set");
    ok(auth__password_by_token(&f->op, AUTH_TOKEN_RESET, token, STR("second new words"), &id) ==
           RC_MISSING,
       "once");
    ok(auth__session_find(&f->op, str_of(session.token), &rec) == RC_MISSING,
       "the sessions of before are over");
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &after) == RC_INVALID,
       "the old password too");
    fault_clear(&f->op.fault);
    ok(sign_in(f, "ann@example.com", "brand new words", "10.0.0.1", &after) == RC_OK,
       "the new one works");
    is_i64(fixture_i64(f, "select count(*) from mail where kind = 'auth.password'"), 1,
           "and she is told by mail");
}

static void reset_in_time(struct fixture *f)
{
    struct token_rec found;
    scene_begin(f);
    scene_user(f, "ann@example.com", "auditor", true);
    ok(auth__reset_ask(&f->op, STR("ann@example.com"), STR("10.0.0.1")) == RC_OK, "a link");
    scene_jobs(f);
    struct str first = scene_mail_token(f);
    later(f, 59 * US_MINUTE);
    ok(auth__token_find(&f->op, AUTH_TOKEN_RESET, first, &found) == RC_OK, "works for an hour");
    later(f, 2 * US_MINUTE);
    ok(auth__token_find(&f->op, AUTH_TOKEN_RESET, first, &found) == RC_MISSING, "not longer");
    for (int i = 0; i < 9; i++)
        ok(auth__reset_ask(&f->op, STR("ann@example.com"), STR("10.0.0.1")) == RC_OK,
           "asking often is answered as ever");
    scene_jobs(f);
    int64_t letters = fixture_i64(f, "select count(*) from mail where kind = 'auth.reset'");
    ok(letters <= 4, "but does not flood the mailbox");
}

static void invitation(struct fixture *f)
{
    struct auth_signed_in session;
    int64_t id = 0, accepted = 0;
    struct auth_user user;
    scene_begin(f);
    struct auth_user_new in = scene_new(f, "eva@example.com", "auditor");
    ok(auth_user_invite(&f->op, &in, &id) == RC_OK, "somebody is invited");
    struct str first = scene_mail_token(f);
    ok(sign_in(f, "eva@example.com", "any password", "10.0.0.1", &session) == RC_INVALID,
       "an invited person cannot sign in");
    fault_clear(&f->op.fault);
    ok(auth_user_invite_again(&f->op, id) == RC_OK, "is invited again");
    struct str second = scene_mail_token(f);
    ok(auth__password_by_token(&f->op, AUTH_TOKEN_INVITE, first, STR("eva's own words"),
                               &accepted) == RC_MISSING,
       "which ends the first link");
    ok(auth__password_by_token(&f->op, AUTH_TOKEN_INVITE, second, STR("eva's own words"),
                               &accepted) == RC_OK &&
           accepted == id,
       "and accepts by the second");
    ok(auth_user_get(&f->op, id, &user) == RC_OK && user.state == AUTH_ACTIVE, "now active");
    ok(auth_user_invite_again(&f->op, id) == RC_CONFLICT, "nobody invites her a third time");
}

/* ---- second factor ---- */

static struct str code_at(struct fixture *f, struct str secret, int64_t now)
{
    char code[8];
    int rc = oath_totp_generate(secret.at, secret.len, (time_t)(now / US_SECOND), 30, 0, 6, code);
    assert(rc == OATH_OK);
    return str_dup(f->arena, str_of(code));
}

static void second_factor(struct fixture *f)
{
    struct auth_signed_in half, whole;
    struct session_rec rec;
    struct str_list recovery;
    uint8_t bytes[CRYPT_TOTP_SECRET_BYTES];
    scene_begin(f);
    int64_t ann = scene_user(f, "ann@example.com", "auditor", true);
    scene_act(f, ann);
    memset(bytes, 5, sizeof bytes);
    struct str raw = {(const char *)bytes, sizeof bytes};
    struct str secret = crypt_base32(f->arena, raw);
    struct str code = code_at(f, raw, f->op.now);
    ok(auth__factor_on(&f->op, secret, STR("000000x"), &recovery) == RC_INVALID,
       "a second factor needs the app to be right first");
    fault_clear(&f->op.fault);
    ok(auth__factor_on(&f->op, secret, code, &recovery) == RC_OK && recovery.len == 10,
       "then it is on, with ten recovery codes");
    struct str spare = str_dup(f->arena, recovery.at[3]);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &half) == RC_OK &&
           half.needs_second_factor,
       "the password alone opens half a session");
    ok(auth__session_find(&f->op, str_of(half.token), &rec) == RC_MISSING,
       "which is nobody anywhere");
    struct auth_code try = {str_of(half.token), code, STR("10.0.0.1"), STR("")};
    ok(auth_second_factor(&f->op, &try, &whole) == RC_INVALID, "a code works once");
    fault_clear(&f->op.fault);
    later(f, 30 * US_SECOND);
    try.code = code_at(f, raw, f->op.now);
    ok(auth_second_factor(&f->op, &try, &whole) == RC_OK, "the next one opens the session");
    ok(strcmp(whole.token, half.token) != 0 &&
           auth__session_find(&f->op, str_of(whole.token), &rec) == RC_OK,
       "under a new token");
    ok(auth_second_factor(&f->op, &try, &whole) == RC_SIGN_IN, "half a session is used up");
    fault_clear(&f->op.fault);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &half) == RC_OK,
       "without a phone");
    try = (struct auth_code){str_of(half.token), spare, STR("10.0.0.1"), STR("")};
    ok(auth_second_factor(&f->op, &try, &whole) == RC_OK, "a recovery code does");
    ok(auth__code_use(&f->op, ann, spare) == RC_INVALID, "once");
}

/* ---- keys ---- */

static void keys(struct fixture *f)
{
    struct str secret, names[2] = {STR("user.read"), STR("user.edit")};
    struct actor actor;
    int64_t id = 0, key_id = 0;
    scene_begin(f);
    int64_t ann = scene_user(f, "ann@example.com", "auditor", true);
    int64_t boss = scene_user(f, "boss@example.com", "administrator", true);
    scene_act(f, boss);
    struct auth_key_new in = {.user_id = boss, .name = STR("Export"), .scopes = {names, 1, 1}};
    ok(auth_key_add(&f->op, &in, &id, &secret) == RC_OK && str_starts(secret, STR("kontor_sk_")),
       "a key is made");
    is_i64(fixture_i64(f, "select count(*) from api_key where scopes = 'user.read'"), 1,
           "with its scope");
    ok(auth__key_actor(&f->op, secret, &actor, &key_id) == RC_OK && key_id == id, "it acts");
    f->op.actor = actor;
    ok(op_may(&f->op, "user.read") && !op_may(&f->op, "user.edit"),
       "with what its scope names and nothing else");
    ok(auth__key_actor(&f->op, STR("kontor_sk_made_up"), &actor, &key_id) == RC_MISSING,
       "a made-up one does not");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    in = (struct auth_key_new){.user_id = ann, .name = STR("More"), .scopes = {names, 2, 2}};
    struct str unused;
    ok(auth_key_add(&f->op, &in, &key_id, &unused) == RC_DENIED,
       "a key may not more than its person");
    fault_clear(&f->op.fault);
    names[0] = STR("*");
    in.scopes.len = 1;
    in.expires_at = SOME(f->op.now + US_DAY);
    struct str other;
    ok(auth_key_add(&f->op, &in, &key_id, &other) == RC_OK, "one may all that the person may");
    ok(auth__key_actor(&f->op, other, &actor, &key_id) == RC_OK, "today");
    later(f, US_DAY);
    ok(auth__key_actor(&f->op, other, &actor, &key_id) == RC_MISSING, "and not after its last day");
    ok(auth_key_revoke(&f->op, id) == RC_OK &&
           auth__key_actor(&f->op, secret, &actor, &key_id) == RC_MISSING,
       "a revoked key is refused at once");
    ok(auth_key_revoke(&f->op, id) == RC_CONFLICT, "revoking it twice is told");
}

static void secrets_at_rest(struct fixture *f)
{
    struct auth_signed_in session;
    scene_begin(f);
    scene_user(f, "ann@example.com", "auditor", true);
    ok(sign_in(f, "ann@example.com", SCENE_PASSWORD, "10.0.0.1", &session) == RC_OK, "a session");
    is_i64(fixture_i64(f, "select min(length(token_hash)) from auth_session"), 32,
           "the database knows the hash of its token");
    is_i64(fixture_i64(f, "select count(*) from auth_user where password_hash like '$argon2id$%'"),
           1, "and argon2id of the password");
}

/* ---- faults ---- */

static void faults(struct fixture *f)
{
    bool is_whole = true;
    int n = 1;
    scene_begin(f);
    scene_user(f, "admin@example.com", "administrator", true);
    int64_t before = fixture_i64(f, "select count(*) from audit");
    for (; n < 200; n++) {
        int64_t id;
        struct auth_user_new in = scene_new(f, "eva@example.com", "auditor");
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = auth_user_invite(&f->op, &in, &id);
        bool has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        if (!has_fired)
            break;
        is_whole = is_whole && rc == RC_FULL &&
                   fixture_i64(f, "select count(*) from auth_user") == 1 &&
                   fixture_i64(f, "select count(*) from user_role") == 1 &&
                   fixture_i64(f, "select count(*) from auth_token") == 0 &&
                   fixture_i64(f, "select count(*) from mail") == 0 &&
                   fixture_i64(f, "select count(*) from audit") == before;
        fault_clear(&f->op.fault);
    }
    ok(is_whole && n > 8, "whichever statement fails, no half of an invitation remains");
}

/* The path drawn again into a square of modules. */
static bool draw(struct str path, char *grid, int side)
{
    memset(grid, ' ', (size_t)side * (size_t)side);
    while (path.at && path.len > 0) {
        struct str piece = str_cut(&path, 'z');
        struct str rest = piece;
        int64_t x, y, run;
        struct str head = str_cut(&rest, ' ');
        if (!str_to_i64(str_sub(head, 1, 9), &x) || !str_to_i64(str_cut(&rest, 'h'), &y) ||
            !str_to_i64(str_cut(&rest, 'v'), &run) || x + run > side || y >= side)
            return false;
        memset(grid + y * side + x, '#', (size_t)run);
    }
    return true;
}

static void qr_code(struct fixture *f)
{
    enum { SIDE_MAX = 200 };
    static const char *const finder[] = {"#######", "#     #", "# ### #", "# ### #",
                                         "# ### #", "#     #", "#######"};
    static char grid[SIDE_MAX * SIDE_MAX];
    struct str text = STR("otpauth://totp/Acme:ann%40example.com?secret=ABCDEFGH&issuer=Acme");
    struct auth_qr qr;
    ok(auth__qr(&f->op, text, &qr) == RC_OK && qr.side < SIDE_MAX, "an address becomes a QR code");
    ok(draw(qr.path, grid, qr.side), "drawn within its square");
    bool has_finders = true;
    int far = qr.side - AUTH_QR_QUIET - 7;
    for (int y = 0; y < 7; y++)
        has_finders =
            has_finders &&
            memcmp(grid + (y + AUTH_QR_QUIET) * qr.side + AUTH_QR_QUIET, finder[y], 7) == 0 &&
            memcmp(grid + (y + AUTH_QR_QUIET) * qr.side + far, finder[y], 7) == 0 &&
            memcmp(grid + (y + far) * qr.side + AUTH_QR_QUIET, finder[y], 7) == 0;
    ok(has_finders, "with the three marks that a camera looks for");
    QRcode *code = QRcode_encodeString8bit(str_c(f->arena, text), 0, QR_ECLEVEL_M);
    int wrong = 0;
    for (int y = 0; y < qr.side; y++)
        for (int x = 0; x < qr.side; x++) {
            int cx = x - AUTH_QR_QUIET, cy = y - AUTH_QR_QUIET;
            bool is_inside = cx >= 0 && cy >= 0 && cx < code->width && cy < code->width;
            bool is_dark = is_inside && (code->data[cy * code->width + cx] & 1);
            wrong += (grid[y * qr.side + x] == '#') != is_dark;
        }
    QRcode_free(code);
    is_i64(wrong, 0, "each module dark or light as the encoder says, with a quiet zone");
}

static void master_key(struct fixture *f)
{
    enum auth_master state;
    struct str one = STR("print of one"), other = STR("print of other");
    scene_begin(f);
    fixture_sql(f, "delete from auth_user");
    fixture_sql(f, "delete from operator");
    ok(auth_master_key(&f->op, one, &state) == RC_OK && state == AUTH_MASTER_UNUSED,
       "nothing was made with a key in an empty database");
    ok(auth_master_key_keep(&f->op, one) == RC_OK && auth_master_key_keep(&f->op, other) == RC_OK,
       "as long as nothing was, another key may take its place");
    ok(auth_master_key(&f->op, other, &state) == RC_OK && state == AUTH_MASTER_SAME,
       "and is known");
    scene_user(f, "ann@example.com", "administrator", true);
    ok(auth_master_key(&f->op, one, &state) == RC_OK && state == AUTH_MASTER_OTHER,
       "with a person in it, another key is told apart");
    ok(auth_master_key(&f->op, STR_NONE, &state) == RC_OK && state == AUTH_MASTER_OTHER,
       "so is none");
    fixture_sql(f, "delete from master_key");
    ok(auth_master_key(&f->op, one, &state) == RC_OK && state == AUTH_MASTER_UNKNOWN,
       "a database of an older version does not say which key it was");
}

int main(void)
{
    fixture_each(master_key);
    fixture_each(qr_code);
    fixture_each(built_in_roles);
    fixture_each(own_roles);
    fixture_each(grants);
    fixture_each(branch_scope);
    fixture_each(last_administrator);
    fixture_each(teams);
    fixture_each(passwords);
    fixture_each(signing_in);
    fixture_each(session_limits);
    fixture_each(account_limit);
    fixture_each(network_limit);
    fixture_each(limits_last);
    fixture_each(reset);
    fixture_each(reset_in_time);
    fixture_each(invitation);
    fixture_each(second_factor);
    fixture_each(keys);
    fixture_each(secrets_at_rest);
    fixture_each(faults);
    return done_testing();
}
