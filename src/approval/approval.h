/* approval: somebody else says yes. A module asks for the approval of one of its records; holders
 * of the kind's permission find it in their inbox; one who did not ask for it decides; the module
 * is told in the same transaction, so a decision without its effect cannot exist.
 *
 * A request has stages, each with its permission and decision. Today every request is opened with
 * one stage; routes with several only insert more of them. */
#ifndef KONTOR_APPROVAL_H
#define KONTOR_APPROVAL_H

#include "http/http.h"
#include "money/money.h"
#include "op/op.h"

enum approval_state {
    APPROVAL_NONE = 1, /* never asked */
    APPROVAL_OPEN,
    APPROVAL_APPROVED,
    APPROVAL_REJECTED,
    APPROVAL_WITHDRAWN
};

struct approval_outcome {
    int64_t approval_id, record_id;
    enum approval_state state; /* APPROVED, REJECTED or WITHDRAWN */
    bool was_needed;           /* false: the setting of the kind is off, it passed by itself */
    int64_t decided_by;        /* user; 0 when it passed by itself */
    struct str comment;
};

struct approval_kind {
    const char *name;       /* "run": stored */
    const char *label;      /* message key: M("Run") */
    const char *permission; /* whose holders decide: "run.approve" */
    bool is_optional;       /* by default it passes by itself; "approval.run" is the setting */
    /* In the transaction of the decision; what it returns other than RC_OK undoes the decision. */
    enum rc (*on_decided)(struct op *op, const struct approval_outcome *outcome);
    /* Page of the record. */
    struct str (*url)(struct op *op, int64_t record_id);
    /* The stored label as people of the op's language read it; NULL: as it is. */
    struct str (*words)(struct op *op, struct str label);
};
/* At start, once a kind; lives as long as the process. Declares the setting "approval.NAME", a
 * choice of the Approvals card, and the permission must be declared by then. */
void approval_kind_declare(const struct approval_kind *kind);

struct approval_new {
    const char *kind;
    int64_t record_id;
    struct str label;         /* how people know the record: "May 1997 · 9 partners" */
    struct money amount;      /* no currency: none */
    struct opt_i64 branch_id; /* only deciders who see this branch; none: any */
    struct str note;          /* of who asks; may be empty */
};

/* Asks; the caller has checked that the actor may. When the kind needs no approval, on_decided is
 * called before this returns: so set the record's own state first and call this last, in your
 * transaction. RC_CONFLICT: one is open. */
enum rc approval_request(struct op *op, const struct approval_new *in, int64_t *out_id);
/* RC_DENIED: no permission, or the actor asked for it; RC_CONFLICT: no longer open; RC_INVALID on
 * "comment": a rejection says why. */
enum rc approval_approve(struct op *op, int64_t id, struct str comment);
enum rc approval_reject(struct op *op, int64_t id, struct str comment);
/* By who asked (or the system): takes it back. */
enum rc approval_withdraw(struct op *op, int64_t id, struct str comment);
enum rc approval_is_needed(struct op *op, const char *kind, bool *out);

struct approval {
    int64_t id, record_id;
    const struct approval_kind *kind;
    enum approval_state state;
    struct str label; /* in words of the op's language */
    struct str stored_label, note, comment;
    struct money amount;
    int64_t requested_by;
    struct str requested_by_name;
    int64_t requested_at;
    struct opt_i64 decided_by, decided_at;
    struct str decided_by_name;
    bool may_decide, may_withdraw; /* of the op's actor */
};
/* The last one of a record; state APPROVAL_NONE (and the rest empty) when never asked. */
enum rc approval_state(struct op *op, const char *kind, int64_t record_id, struct approval *out);
enum rc approval_get(struct op *op, int64_t id, struct approval *out);
/* What waits for this actor, for the badge; counts no further than 100. */
enum rc approval_inbox_count(struct op *op, int64_t *out);

/* {% include approval_card(&state) %}: who asked, who decided, the buttons of who may. Nothing for
 * APPROVAL_NONE. */
void approval_card(struct out *o, const struct approval *approval);

extern const struct route approval_routes[]; /* ended by {0} */
extern const struct permission approval_permissions[];
extern const size_t approval_permissions_len;
void approval_start(void);  /* names for the audit, page and badge of the navigation; once */
void approval_forget(void); /* tests: no kinds */

#endif
