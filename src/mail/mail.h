/* mail: letters to people. A module says to whom, in which language and what; the letter is a row
 * written in the caller's transaction, and a job sends it by SMTP. The text and the simple HTML
 * alternative come from the same blocks, so they cannot differ. Nothing a person typed can become a
 * header: names and subjects are encoded, addresses checked.
 *
 * Without the setting smtp_url letters are kept in state "not sent" and shown to staff, who can
 * send them again once it is set. */
#ifndef KONTOR_MAIL_H
#define KONTOR_MAIL_H

#include "base/base.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "ui/ui.h"

enum mail_state {
    MAIL_QUEUED = 1,
    MAIL_SENT,
    MAIL_FAILED,  /* refused for good, or given up; `error` says why */
    MAIL_NOT_SENT /* no mail server is set */
};

enum mail_block_kind {
    MAIL_TEXT = 1, /* a paragraph */
    MAIL_FACT,     /* label and value on a line */
    MAIL_BUTTON,   /* label and an address of our own */
    MAIL_SMALL     /* a paragraph in small print */
};

struct mail_block { /* texts are ready, in the recipient's language */
    enum mail_block_kind kind;
    struct str text;  /* paragraph, label */
    struct str value; /* of a fact; URL of a button */
};

enum { MAIL_BLOCKS_MAX = 24, MAIL_SUBJECT_MAX = 200 };

struct mail_new {
    const char *kind;       /* "auth.reset": for the list of letters */
    struct str to, to_name; /* an e-mail address; the name may be empty */
    const struct lang *lang;
    struct str subject;
    struct mail_block blocks[MAIL_BLOCKS_MAX]; /* ended by {0} */
    struct str brand; /* the operator's name, in the head and as sender's name */
    bool is_portal;   /* to a partner: with the portal's name, colour and logo */
    /* Holds a link that opens something (a password reset): the body goes as soon as it was sent,
     * and until then is shown only with mail.secret. */
    bool is_secret;
};
/* How letters to partners look, from the module that keeps the brand: what it leaves empty is ours.
 * Set once at start; NULL: none. */
struct mail_brand {
    struct str name;   /* instead of `brand` */
    struct str accent; /* "#2f55d4": of buttons */
    struct mail_picture {
        struct str bytes; /* absent: none */
        const char *mime; /* "image/png", "image/jpeg" */
        int width, height;
    } logo; /* travels with the letter: nothing is loaded when it is read */
};
typedef enum rc mail_brand_fn(struct op *op, struct mail_brand *out);
void mail_brand_set(mail_brand_fn *read);
/* In the caller's transaction. RC_INVALID on "to": no correct address. */
enum rc mail_add(struct op *op, const struct mail_new *mail, int64_t *out_id);

struct mail_info {
    int64_t id;
    enum mail_state state;
    struct str kind, to, to_name, subject;
    struct str text; /* absent when it is gone or not this actor's to read */
    bool is_secret;
    struct str error; /* of the mail server, or a message key */
    int64_t tries;
    int64_t created_at;
    struct opt_i64 sent_at;
};
enum rc mail_find(struct op *op, int64_t id, struct mail_info *out); /* permission mail.read */
/* Sends a letter that failed or was not sent. RC_CONFLICT: it is queued or sent, or its body is
 * gone. Permission mail.edit. */
enum rc mail_again(struct op *op, int64_t id);
/* A letter to this address, at once, telling whether sending works: `kontor doctor`, the settings
 * page. RC_INVALID or RC_BUSY with the server's words. */
enum rc mail_probe(struct op *op, struct str to);
/* Connects to the mail server and signs in, sending nothing. RC_BUSY or RC_INVALID with its words.
 */
enum rc mail_reach(struct arena *arena, struct str *out_error);
bool mail_is_configured(void);

extern const struct route mail_routes[];
extern const struct permission mail_permissions[]; /* mail.read, mail.edit, mail.secret */
extern const size_t mail_permissions_len;
extern const struct ui_page mail_pages[];
extern const size_t mail_pages_len;
extern const struct job_kind mail_job_kinds[];
extern const struct job_schedule mail_schedules[];
/* Declares conf settings: smtp_url, smtp_user, smtp_password, smtp_from, smtp_tls. Once. */
void mail_declare(void);

#endif
