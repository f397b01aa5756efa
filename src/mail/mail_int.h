/* mail_int: what the files of mail share. */
#ifndef KONTOR_MAIL_INT_H
#define KONTOR_MAIL_INT_H

#include "html/html.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "mail/mail_q.h"
#include "ui/ui.h"

enum { MAIL_BYTES_MAX = 512 * 1024, MAIL_ERROR_MAX = 300 };

#define MAIL_ACCENT STR("#2f55d4") /* where no brand has its own */

/* What the views draw. */
struct mail__letter {
    struct str brand, accent, subject, lang;
    struct str logo_src; /* cid: of the picture in the head; absent: the name stands there */
    int64_t logo_width, logo_height;
    struct {
        const struct mail_block *at;
        size_t len;
    } blocks;
};

struct mail__page {
    struct ui_head head;
    struct ui_hint hint; /* text absent: none */
    struct ui_defs facts;
    struct str text; /* absent: not to be shown */
    const char *why_no_text;
};

/* A letter as it goes over the wire: headers and both bodies, CRLF. */
struct mail__wire {
    struct str from, from_name, to, to_name, subject, message_id, text, html;
    int64_t at_us;
    struct mail_picture logo; /* which html shows; bytes absent: none */
};
/* The logo's Content-ID: each letter has its own. */
struct str mail__logo_cid(struct arena *arena, struct str message_id);
/* The whole message. Nothing in the texts can add a header or a part: header texts are encoded
 * words, bodies are base64. */
struct str mail__message(struct arena *arena, const struct mail__wire *wire);

struct mail__server {
    struct str url, user, password, from, tls; /* tls: off, try, require */
};
struct mail__server mail__server(void); /* from conf; url empty: none */
/* RC_OK: the server has taken it. RC_INVALID: refused for good. RC_BUSY: try again. out_error
 * (from arena) is the server's answer or curl's words. */
enum rc mail__reach(struct arena *arena, const struct mail__server *server, struct str *out_error);
enum rc mail__send(struct arena *arena, const struct mail__server *server, struct str to,
                   struct str message, struct str *out_error);

#endif
