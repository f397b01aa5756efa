/* auth: who may come in and what they may do. Users of both sides, roles, sessions, sign-in with
 * its limits, second factor, passwords, invitations, API keys, stored answers of repeated POSTs.
 *
 * An actor is built anew for every request, so a changed role, a blocked user or a revoked key
 * takes effect at once. Tokens are 256 random bits and only their SHA-256 is stored. */
#ifndef KONTOR_AUTH_H
#define KONTOR_AUTH_H

#include "cli/cli.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "org/org.h"
#include "ui/ui.h"

/* ---- users ---- */

enum auth_side { AUTH_STAFF = 1, AUTH_PARTNER };
enum auth_user_state { AUTH_INVITED = 1, AUTH_ACTIVE, AUTH_BLOCKED };
enum { AUTH_PASSWORD_MIN = 8, AUTH_PASSWORD_MAX = 128 };

struct auth_user {
    int64_t id, revision;
    enum auth_side side;
    enum auth_user_state state;
    struct str email, name, lang; /* lang: code */
    struct opt_i64 partner_id;    /* of AUTH_PARTNER, always */
    bool has_all_branches;        /* of AUTH_STAFF; else its rows in user_branch */
    bool has_second_factor;
    struct opt_i64 signed_in_at;
    int64_t created_at;
};

struct auth_user_new {
    enum auth_side side;
    struct str email, name;
    struct str lang;       /* absent: the operator's */
    int64_t partner_id;    /* of AUTH_PARTNER; the caller has checked that the actor sees it */
    bool has_all_branches; /* of AUTH_STAFF */
    struct i64_list branches, roles;
};

enum rc auth_user_get(struct op *op, int64_t id, struct auth_user *out);
enum rc auth_user_by_email(struct op *op, struct str email, struct auth_user *out);
/* Makes a user in state invited and queues the mail with the link (7 days) in the same
 * transaction. Permission user.edit, or team.edit for the actor's own partner. Nobody can give a
 * role that holds more than their own permissions, nor branches that they do not see: RC_DENIED.
 * A taken e-mail is RC_INVALID on "email". */
enum rc auth_user_invite(struct op *op, const struct auth_user_new *in, int64_t *out_id);
enum rc auth_user_invite_again(struct op *op, int64_t id);
/* An active user with a password: set-up, the command line, the demo. Same checks. */
enum rc auth_user_add(struct op *op, const struct auth_user_new *in, struct str password,
                      int64_t *out_id);
/* Name, roles and branches (side, e-mail and partner stay). Ends the user's sessions when rights
 * change. RC_CONFLICT: the revision is older, or nobody would be left who can edit users. */
enum rc auth_user_save(struct op *op, int64_t id, int64_t revision, const struct auth_user_new *in);
enum rc auth_user_block(struct op *op, int64_t id, int64_t revision, bool is_blocked);
/* People of a partner, for its page and the portal's team; the caller has checked the scope. */
struct auth_user_list {
    struct auth_user *at;
    size_t len, cap;
};
enum rc auth_users_of_partner(struct op *op, int64_t partner_id, struct auth_user_list *out);
/* Who holds the permission and is active, to whom notices go; at most 200. */
enum rc auth_users_who_may(struct op *op, const char *permission, struct auth_user_list *out);
/* Display name; "–" when there is no such user or id is 0. */
enum rc auth_user_name(struct op *op, int64_t id, struct str *out);

/* Partners live in a module above; it says here which of them the actor sees. Without it partner
 * users are seen by staff of all branches only, and have no partner's name. */
struct auth_partners {
    enum rc (*name)(struct op *op, int64_t partner_id, struct str *out); /* RC_MISSING: not seen */
    struct str (*url)(struct op *op, int64_t partner_id);
};
void auth_partners_set(const struct auth_partners *partners);

/* ---- roles ---- */

struct auth_role {
    int64_t id, revision;
    struct str builtin; /* "administrator", "portal_owner"…: not editable; empty: own */
    struct str name;    /* of an own role; a built-in one is named by its table */
    enum auth_side side;
};
/* Names: administrator, partner_manager, accountant, auditor, portal_owner, portal_accountant,
 * portal_seller, or the name of an own role. RC_MISSING. */
enum rc auth_role_find(struct op *op, struct str name, struct auth_role *out);
struct str auth_role_label(struct op *op, const struct auth_role *role);
/* Adds the permissions that the role holds to the set. Built-in roles are patterns over whatever
 * modules declare, so a new permission reaches the administrator by itself. */
enum rc auth_role_permissions(struct op *op, const struct auth_role *role,
                              uint64_t set[PERMISSIONS_MAX / 64]);

/* ---- actors ---- */

/* The actor of an active user: RC_MISSING when there is none or it is blocked or invited. `name`
 * lives in the op's arena. */
enum rc auth_actor(struct op *op, int64_t user_id, struct actor *out);

/* ---- passwords and sessions ---- */

/* Length 8…128, none of the most common ones, not the e-mail: NULL or a message key. */
const char *auth_password_check(struct str password, struct str email);
/* Sets it and ends all sessions but `keep_session_id` (0: all). */
enum rc auth_password_set(struct op *op, int64_t user_id, struct str password,
                          int64_t keep_session_id);

struct auth_sign_in {
    struct str email, password;
    struct str address; /* of the client, as http tells it */
    struct str agent;   /* User-Agent, shown in the list of sessions */
};
struct auth_signed_in {
    int64_t user_id, session_id;
    char token[64];           /* for the cookie, NUL terminated; exists nowhere else */
    bool needs_second_factor; /* the session has no identity until auth_second_factor */
};
/* RC_INVALID with one and the same message for an unknown e-mail, a wrong password, a blocked or
 * invited user, in the same time; RC_LIMIT: too many tries of this account or address; RC_BUSY:
 * too many people sign in at once. Never inside a transaction. */
enum rc auth_sign_in(struct op *op, const struct auth_sign_in *in, struct auth_signed_in *out);
/* The code of the app, or a recovery code, turns a half session into a whole one with a new token.
 * RC_INVALID: wrong or used; RC_LIMIT; RC_SIGN_IN: the half session is gone. */
struct auth_code {
    struct str half_token, code;
    struct str address, agent;
};
enum rc auth_second_factor(struct op *op, const struct auth_code *in, struct auth_signed_in *out);
/* A session without a password: after set-up or an accepted invitation. */
enum rc auth_session_open(struct op *op, int64_t user_id, struct str address, struct str agent,
                          struct auth_signed_in *out);
enum rc auth_session_end(struct op *op, int64_t session_id);
/* Deletes what is over: sessions, tokens, stored answers, old limits. A job calls it. */
enum rc auth_sweep(struct op *op);

/* ---- limits that survive a restart ---- */

/* Takes one of `burst` tries of `key` that come back at one per `every_us`: RC_OK or RC_LIMIT. One
 * statement decides, so parallel requests cannot slip through. Not inside a transaction that may
 * roll back. */
enum rc auth_limit_take(struct op *op, struct str key, int burst, int64_t every_us);

/* ---- API keys ---- */

struct auth_key_new {
    int64_t user_id;        /* whose: the key never may more than this user */
    struct str name;        /* what it is for */
    struct str_list scopes; /* permission names; "*" alone: all of the user's */
    struct opt_i64 expires_at;
};
/* The secret "kontor_sk_…" is in the op's arena and can never be read again. */
enum rc auth_key_add(struct op *op, const struct auth_key_new *in, int64_t *out_id,
                     struct str *out_secret);
enum rc auth_key_revoke(struct op *op, int64_t id);

/* ---- first run ---- */

/* True until the wizard has been finished. */
enum rc auth_setup_is_open(struct op *op, bool *out_is_open);
/* A new one-time token for the wizard, printed by `kontor serve` as PUBLIC_URL/setup?token=…;
 * RC_MISSING when set-up is done. Valid for 24 hours, or until it is done. */
enum rc auth_setup_token(struct op *op, struct str *out_token);

/* ---- what main registers ---- */

/* ---- master key: main owns the key, this remembers which one it was ---- */

enum auth_master {
    AUTH_MASTER_SAME = 1, /* the database was made with the key of this print */
    AUTH_MASTER_OTHER,    /* with another one */
    AUTH_MASTER_UNKNOWN,  /* with some key: by a version that did not remember which */
    AUTH_MASTER_UNUSED    /* nothing was made with a key yet */
};
/* `print` is derived from the key; absent when there is no key. */
enum rc auth_master_key(struct op *op, struct str print, enum auth_master *out);
enum rc auth_master_key_keep(struct op *op, struct str print);

extern const struct route auth_routes[]; /* each ended by {0} */
extern const struct route auth_setup_routes[];
extern const struct route auth_profile_routes[];
extern const struct route auth_user_routes[];
extern const struct route auth_role_routes[];
extern const struct route auth_key_routes[];
extern const struct ui_finder auth_finders[]; /* of the search; ended by {0} */
extern const struct permission auth_permissions[];
extern const size_t auth_permissions_len;
extern const struct command auth_commands[];
extern const struct job_kind auth_job_kinds[]; /* ended by {0}, as the schedules */
extern const struct job_schedule auth_job_schedules[];
/* Sessions, keys, CSRF and stored answers for the server. */
extern const struct http_hooks auth_http_hooks;
extern const struct conf_def auth_conf[]; /* session limits, cost of passwords; ended by {0} */
/* What the shell says about the person: the module above may wrap it. */
extern const struct ui_hooks auth_ui_hooks;
void auth_start(void); /* names for the audit, people of org, pages of the navigation; once */

#endif
