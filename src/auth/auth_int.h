/* What the files of auth share: hashes of tokens, sets of permissions, grants, the session of a
 * request. */
#ifndef KONTOR_AUTH_INT_H
#define KONTOR_AUTH_INT_H

#include "audit/audit.h"
#include "auth/auth.h"
#include "auth/auth_q.h"
#include "cli/cli.h"
#include "crypt/crypt.h"
#include "mail/mail.h"
#include "text/text.h"
#include "ui/ui.h"

#define AUTH_COOKIE      "kontor_session"
#define AUTH_HALF_COOKIE "kontor_half" /* between password and code: no session of any kind */

enum { AUTH_EMAIL_CHARS_MAX = 254, AUTH_NAME_CHARS_MAX = 120 };

enum auth__token { AUTH_TOKEN_INVITE = 1, AUTH_TOKEN_RESET, AUTH_TOKEN_SETUP };

#define AUTH_RESET_US  (60 * US_MINUTE)
#define AUTH_INVITE_US (7 * US_DAY)
#define AUTH_SETUP_US  US_DAY
#define AUTH_HALF_US   (10 * US_MINUTE)

struct permission_set {
    uint64_t bits[PERMISSIONS_MAX / 64];
};

/* What authenticate puts into r->session. */
struct auth_request {
    int64_t session_id, key_id; /* one of them, or neither */
    struct txn txn;             /* of a POST with an Idempotency-Key */
    struct str answer_key, answer_actor, answer_digest;
    int flight; /* place among the keys under way in this process; 0: none */
};

/* ---- tokens ---- */

/* SHA-256 of a token, as bytes. */
struct str auth__hash(struct op *op, struct str token);
/* A new token of 43 characters; only its hash is stored. */
enum rc auth__token_new(struct op *op, enum auth__token purpose, struct opt_i64 user_id,
                        int64_t lives_us, struct str *out_token);
/* RC_MISSING: unknown, used or over. Changes nothing. */
enum rc auth__token_find(struct op *op, enum auth__token purpose, struct str token,
                         struct token_rec *out);
/* The link with its token in the query, in public_url. */
struct str auth__token_url(struct op *op, const char *path, struct str token);
/* Letters of the module, in the person's language. */
enum rc auth__mail_invite(struct op *op, const struct auth_user *user, struct str token);
enum rc auth__mail_reset(struct op *op, const struct auth_user *user, struct str token);
enum rc auth__mail_password_changed(struct op *op, const struct auth_user *user);
/* The invited or forgetful person sets a password: the link is used up, the user active, all other
 * sessions over. RC_MISSING: the link; RC_INVALID: the password. */
enum rc auth__password_by_token(struct op *op, enum auth__token purpose, struct str token,
                                struct str password, int64_t *out_user_id);
/* Queues the work behind "forgot password": the same for every address, known or not. */
enum rc auth__reset_ask(struct op *op, struct str email, struct str address);

/* ---- people ---- */

extern const struct org_people auth__people;

void auth__user_of(const struct user_rec *rec, struct auth_user *out);
/* RC_MISSING unless the actor may see the person. */
enum rc auth__user_seen(struct op *op, int64_t id, struct auth_user *out);
/* RC_DENIED unless the actor may change the person. */
enum rc auth__must_manage(struct op *op, const struct auth_user *user);
enum rc auth__roles_of(struct op *op, int64_t user_id, struct i64_list *out);
enum rc auth__branches_of(struct op *op, int64_t user_id, struct i64_list *out);
bool auth__list_has(const struct i64_list *list, int64_t id);
/* RC_DENIED when the roles hold more than the actor, or branches that the actor does not see;
 * RC_INVALID on fields "roles", "branches". */
enum rc auth__may_give(struct op *op, const struct auth_user_new *in);
enum rc auth__grant(struct op *op, int64_t user_id, const struct auth_user_new *in);
/* Whether an active person may edit users; a change that takes the last one away is refused by
 * keeps_administrator (RC_CONFLICT), which is told what there was before it. */
enum rc auth__has_administrator(struct op *op, bool *out);
enum rc auth__keeps_administrator(struct op *op, bool had_one);
enum rc auth__audit(struct op *op, const char *action, const struct auth_user *user);
/* RC_MISSING: the actor does not see the partner; empty: nobody knows partners. */
enum rc auth__partner_name(struct op *op, int64_t partner_id, struct str *out);
struct str auth__partner_url(struct op *op, int64_t partner_id);

/* ---- roles ---- */

struct auth__builtin {
    const char *name, *label, *help;
    enum auth_side side;
    const char *const *patterns; /* "partner.*", "*.read", ended by NULL */
};
const struct auth__builtin *auth__builtin_find(struct str name); /* NULL: none */
enum rc auth__permissions_of(struct op *op, int64_t user_id, struct permission_set *out);
bool auth__set_has(const struct permission_set *set, size_t permission_i);
void auth__set_add(struct permission_set *set, size_t permission_i);
/* Every one of `part` is in `whole`; ACTOR_SYSTEM holds all. */
bool auth__actor_holds(const struct op *op, const struct permission_set *part);
enum actor_kind auth__kind_of(enum auth_side side);
const char *auth__noun_label(struct str noun); /* message key of a group; NULL: none known */
enum rc auth__role_save(struct op *op, const struct auth_role *in, const struct str_list *names,
                        int64_t *out_id);
enum rc auth__role_delete(struct op *op, int64_t id, int64_t revision);
/* An own role with the permissions that the other one holds now. */
enum rc auth__role_copy(struct op *op, int64_t id, int64_t *out_id);
void auth__role_of(const struct role_rec *rec, struct auth_role *out);

/* ---- passwords ---- */

/* argon2id on at most two threads at a time. RC_BUSY: no place within five seconds. */
enum rc auth__password_hash(struct op *op, struct str password, struct str *out_hash);
/* `hash` absent: takes the same time and says no. */
enum rc auth__password_ok(struct op *op, struct str hash, struct str password, bool *out_is_ok);
struct crypt_cost auth__cost(void);          /* what conf says */
void auth__cost_set(struct crypt_cost cost); /* tests: cheap hashes */
bool auth__password_is_common(struct str password);

/* ---- sessions ---- */

int64_t auth__idle_us(void);
/* A whole session that is neither idle nor over; RC_MISSING otherwise. */
enum rc auth__session_find(struct op *op, struct str token, struct session_rec *out);
enum rc auth__session_new(struct op *op, int64_t user_id, bool is_half, struct str address,
                          struct str agent, struct auth_signed_in *out);
/* "203.0.113.0/24", "2001:db8:1:2::/64"; another text as it is. */
struct str auth__network(struct op *op, struct str address);
/* The request goes on as this session: cookie, actor, CSRF secret. */
enum rc auth__adopt(struct req *r, const struct auth_signed_in *session);
/* Hook of http: the sign-in form in place of the page that was asked for. */
enum rc auth__ask_sign_in(struct req *r, struct str to, struct str stash);
/* Of this request; NULL when a test acts in place of authenticate. */
const struct auth_request *auth__request(const struct req *r);

/* ---- second factor ---- */

/* Right code of the app (a later step than the last one) or an unused recovery code. RC_INVALID. */
enum rc auth__code_use(struct op *op, int64_t user_id, struct str code);
/* Switches it on once `code` shows that the app has the secret (base32); gives ten recovery codes.
 * RC_INVALID on "code". */
enum rc auth__factor_on(struct op *op, struct str secret, struct str code,
                        struct str_list *out_recovery);
enum rc auth__factor_off(struct op *op, int64_t user_id);
/* RC_INVALID on "password" unless it is the password of the op's actor; counted by limits. */
enum rc auth__must_know_password(struct op *op, struct str password);

/* ---- stored answers: the hooks of http ---- */

enum rc auth__answer_begin(struct req *r, struct str key, struct str digest, bool *out_is_repeat,
                           struct http_saved *out_saved);
enum rc auth__answer_end(struct req *r, const struct http_saved *answer);
void auth__answer_drop(struct req *r);

/* ---- pages ---- */

#define usr(id) pid_of("usr", (id))
#define rol(id) pid_of("rol", (id))
#define ses(id) pid_of("ses", (id))
#define key(id) pid_of("key", (id))

struct auth_door_page {
    const struct ui_form *form;
    bool has_forgot, is_not_set_up, is_letter_sent, is_dead_link;
};

struct auth_setup_page {
    struct ui_form *form;
    struct ui_stages stages;
    bool is_refused;
};

struct auth_profile_page {
    struct ui_head head;
    const struct ui_form *form;
    struct ui_items sessions;
    bool has_factor;
};
enum { AUTH_QR_QUIET = 4 }; /* light modules around the code that scanners ask for */
struct auth_qr {
    int side;        /* of the square drawing, in modules, with the quiet zone */
    struct str path; /* of the dark modules */
};
enum rc auth__qr(struct op *op, struct str text, struct auth_qr *out);

struct auth_factor_page {
    const struct ui_form *form;
    struct auth_qr qr;
    struct str secret, uri;
    struct str_list recovery; /* shown once, in place of the form */
};

struct auth_user_page {
    struct auth_user user;
    struct ui_head head;
    struct ui_defs facts;
    struct safe_html history;
    bool sees_history;
};
void auth_user_json(struct json_writer *w, const struct auth_user_page *v);

/* Many people at once (auth_user_bulk_web.c). */
enum rc auth__user_list_spec(struct op *op, struct ui_list_spec *out);
enum rc auth__user_ask_bulk(struct req *r);
enum rc auth__user_bulk(struct req *r);
enum rc auth__user_bulk_run(struct job *job);

struct auth_roles_page {
    struct ui_head head;
    struct ui_items staff, portal;
};
struct auth_matrix_item {
    struct str name, label;
    bool is_on;
};
struct auth_matrix_group { /* permissions of one noun */
    struct str noun, label;
    size_t on_len;
    struct auth_matrix_item *at;
    size_t len, cap;
};
struct auth_matrix {
    struct auth_matrix_group *at;
    size_t len, cap;
};
struct auth_role_page {
    struct auth_role role;
    const struct ui_form *form;
    struct auth_matrix matrix;
    struct str help, problem;
    bool is_editable, is_scopes;
};
struct auth_key_row {
    struct str name, note, state, expires, revoke_href;
};
struct auth_keys_page {
    struct ui_head head;
    struct auth_key_row *at;
    size_t len, cap;
};
struct auth_key_page {
    struct str name, secret;
};
/* Permissions of a side by noun; `offered` NULL: all of them. */
void auth__matrix(struct op *op, enum auth_side side, const struct permission_set *chosen,
                  const struct permission_set *offered, struct auth_matrix *out);
/* What a form that comes back has ticked. */
void auth__matrix_sent(struct req *r, const char *field, struct permission_set *out);

/* ---- keys ---- */

enum rc auth__key_actor(struct op *op, struct str secret, struct actor *out, int64_t *out_key_id);

#endif
