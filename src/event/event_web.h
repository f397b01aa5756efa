/* What the pages of event share with their views. */
#ifndef KONTOR_EVENT_WEB_H
#define KONTOR_EVENT_WEB_H

#include "event/event_int.h"
#include "event/event_q.h"

#define evt(seq) pid_of("evt", (seq))

struct event__page {
    struct ui_head head;
    struct event_seen fact;
    struct event_credit_row_rows credits;
    struct ui_kpis figures;
    struct ui_defs facts;
    struct ui_table shares;
    struct safe_html cards; /* of other modules: what it earned */
};
void event__page_json(struct json_writer *w, const struct event__page *v);

/* Words of roles, reasons: once a page. */
struct str event__word_of(const struct event_word_row_rows *words, int64_t id);
/* "Seller" for the roles that everybody knows; others as they were sent. */
struct str event__role_words(const struct lang *lang, struct str role);
enum rc event__api_add(struct req *r);

#endif
