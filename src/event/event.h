/* event: the facts that rewards are computed from: sales, payments, activations, refunds. A fact is
 * immutable; a correction voids and adds. One event enters with all its credits (whose it is), once
 * per (source, external id), and its credits are rows that follow each other.
 *
 * Reading has one way, whoever asks: event_scan gives batches of columns. Today facts are rows of a
 * tail in order of seq; sealed column chunks come behind the same interface. */
#ifndef KONTOR_EVENT_H
#define KONTOR_EVENT_H

#include "http/http.h"
#include "money/money.h"
#include "op/op.h"
#include "ui/ui.h"

/*    type               stored  name            label of one */
#define EVENT_TYPES(X)                                                                             \
    X(EVENT_CLICK, 1, "click", M("Click"))                                                         \
    X(EVENT_LEAD, 2, "lead", M("Lead"))                                                            \
    X(EVENT_REGISTRATION, 3, "registration", M("Registration"))                                    \
    X(EVENT_ORDER, 4, "order", M("Order"))                                                         \
    X(EVENT_SALE, 5, "sale", M("Sale"))                                                            \
    X(EVENT_PAYMENT, 6, "payment", M("Payment||by a customer"))                                    \
    X(EVENT_COLLECTION, 7, "collection", M("Collection"))                                          \
    X(EVENT_ACTIVATION, 8, "activation", M("Activation"))                                          \
    X(EVENT_USAGE, 9, "usage", M("Usage"))                                                         \
    X(EVENT_RECHARGE, 10, "recharge", M("Top-up"))                                                 \
    X(EVENT_RENEWAL, 11, "renewal", M("Renewal"))                                                  \
    X(EVENT_TARIFF_CHANGE, 12, "tariff change", M("Tariff change"))                                \
    X(EVENT_SUSPENSION, 13, "suspension", M("Suspension"))                                         \
    X(EVENT_RESUMPTION, 14, "resumption", M("Resumption"))                                         \
    X(EVENT_CHURN, 15, "churn", M("Churn"))                                                        \
    X(EVENT_REFUND, 16, "refund", M("Refund"))                                                     \
    X(EVENT_RETURN, 17, "return", M("Return of goods"))                                            \
    X(EVENT_CHARGEBACK, 18, "chargeback", M("Chargeback"))                                         \
    X(EVENT_VOID, 19, "void", M("Voided"))                                                         \
    X(EVENT_CUSTOM, 20, "custom", M("Other event"))

enum event_type {
#define X(type, stored, name, label) type = (stored),
    EVENT_TYPES(X)
#undef X
};

enum { EVENT_SHARE_WHOLE = 1000000, EVENT_QUANTITY_ONE = 1000000, EVENT_CREDITS_MAX = 32 };
enum { EVENT_EXTERNAL_ID_MAX = 200, EVENT_SOURCE_MAX = 60, EVENT_ATTRIBUTES_MAX = 8192 };

const char *event_type_name(enum event_type type);  /* "sale": stored in files, FEEL, the API */
const char *event_type_label(enum event_type type); /* message key */
MUST_USE bool event_type_find(struct str name, enum event_type *out);

/* ---- intake ---- */

struct event_credit {
    int64_t partner_id;
    struct str role;   /* "seller", "referrer"… */
    int64_t share;     /* millionths; the shares of one role sum to EVENT_SHARE_WHOLE */
    struct str reason; /* "link", "code", "manual", "file"… */
};

struct event_new {
    struct str source, external_id; /* unique together */
    enum event_type type;
    int64_t occurred_at;
    const struct currency *currency;
    int64_t amount_minor, net_minor, tax_minor, discount_minor, shipping_minor;
    struct opt_i64 cost_minor;
    int64_t quantity; /* millionths of a unit */
    int64_t product_id, customer_id, subscription_id, outlet_id, program_id; /* 0: none */
    int64_t original_seq;  /* of a refund, void…: event_seq of what it takes back; 0: none */
    struct str attributes; /* JSON object of attribute codes, or empty */
    const struct event_credit *credits;
    size_t credits_len; /* 1…EVENT_CREDITS_MAX */
};

enum event_outcome {
    EVENT_STORED = 1,
    EVENT_DUPLICATE, /* it is there already, and says the same */
    EVENT_DIFFERS /* it is there already with other figures: refused, a correction voids and adds */
};

struct event_answer {
    enum event_outcome outcome;
    int64_t event_seq; /* of the stored one, old or new */
    /* EVENT_DIFFERS: the first field that has another value, as the API names it; "credits" for
     * another partner, role or share. */
    const char *differs;
};

/* RC_INVALID with the field when the event cannot be a fact (shares, lengths, a void without its
 * original…). Touches no database. */
enum rc event_check(struct op *op, const struct event_new *event);

/* Stores checked events in one transaction (or the caller's); all or none. `out` has room for
 * `len` answers. */
enum rc event_store(struct op *op, const struct event_new *events, size_t len,
                    struct event_answer *out);

/* The event that has this id, inside a transaction that may write. RC_MISSING: there is none. */
enum rc event_find(struct op *op, struct str source, struct str external_id,
                   int64_t *out_event_seq);

/* Group commit: waits until the committer has written and synced these events together with what
 * else has gathered (at most 2 ms), then answers. Any thread. The committer runs between
 * event_committer_start and _stop. RC_BUSY when it does not run. */
enum rc event_submit(struct op *op, const struct event_new *events, size_t len,
                     struct event_answer *out);
enum rc event_committer_start(struct database *database);
void event_committer_stop(void);

/* Forgets what the process remembers of known ids (another database was opened). */
void event_forget(void);

/* The greatest seq that is committed: a run's watermark. 0: no facts. */
enum rc event_watermark(struct op *op, int64_t *out_seq);

/* ---- reading ---- */

struct event_filter {
    int64_t from_at, to_at; /* occurred, half-open; to_at 0: no bounds */
    int64_t after_seq;      /* seq > after_seq */
    int64_t watermark_seq;  /* seq <= watermark_seq; 0: everything */
    int64_t partner_id;     /* 0: all that the actor sees */
    int64_t event_seq;      /* one event; 0: all */
    bool heads_only;        /* one row an event (credit_no 0): totals of the network */
    /* Of the events of the span that name an original: the originals, all that names these, and
     * voids of any, whenever they were; one row an event. For the system. */
    bool families;
};

/* Columns of a batch; arrays of `len`. Texts live until the next batch. */
struct event_batch {
    size_t len;
    int64_t *seq, *event_seq, *credit_no;
    int64_t *type, *occurred_at, *recorded_at;
    struct str *currency, *source, *external_id, *attributes;
    int64_t *amount_minor, *net_minor, *tax_minor, *discount_minor, *shipping_minor;
    struct opt_i64 *cost_minor;
    int64_t *quantity;
    int64_t *product_id, *customer_id, *subscription_id, *outlet_id, *program_id;
    int64_t *original_seq, *partner_id, *role, *share, *reason;
};

struct event_scan;
#define AUTO_EVENT_SCAN CLEANUP(event_scan_cleanup) struct event_scan *
/* In order of seq. The scan lives in op->arena; close it before the operation ends. */
enum rc event_scan_open(struct op *op, const struct event_filter *filter, struct event_scan **out);
enum rc event_scan_next(struct event_scan *scan,
                        const struct event_batch **out); /* RC_MISSING: end */
void event_scan_cleanup(struct event_scan **scan);

/* The number of a role's, reason's or source's word; made when new. */
enum rc event_word_id(struct op *op, const char *kind, struct str word, int64_t *out_id);

/* A partner's exact part of an amount of an event: the parts of all credits of the role sum to the
 * whole (largest remainder, ties to the earlier credit). `shares` are those of the role in order of
 * credit_no; `i` is the credit asked for. */
int64_t event_part(struct arena *arena, int64_t whole, const int64_t *shares, size_t len, size_t i);

/* ---- what main registers ---- */

extern const struct route event_routes[]; /* ended by {0} */
extern const struct route event_api_routes[];
extern const struct ui_finder event_finders[];      /* of the search; ended by {0} */
extern const struct permission event_permissions[]; /* sale.read, sale.add; portal.sales */
extern const size_t event_permissions_len;
extern const struct ui_page event_pages[];
extern const size_t event_pages_len;

#endif
