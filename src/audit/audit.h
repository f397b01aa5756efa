/* audit: who changed what, when and from where, append-only. A row commits with the change that it
 * tells of; a tick chains committed rows by hashes, so that a row that was altered, put in or taken
 * away later is found by audit_verify. Chaining inline was rejected: it would make every writer
 * wait for the one before.
 *
 * Values are not hashed themselves but through commitments: SHA-256 over a random salt and the
 * value. Erasing a person's data takes value and salt away and leaves the commitment, so the chain
 * still holds and nobody can guess the value from it. */
#ifndef KONTOR_AUDIT_H
#define KONTOR_AUDIT_H

#include "base/base.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "ui/ui.h"

/* ---- names: what records, actions and fields are called on screens ---- */

struct audit_name {
    const char *name;  /* "partner", "partner.edit", or "partner:name" for a field of a record */
    const char *label; /* message key: M("Partner"), M("Partner changed"), M("Name") */
    /* Of a record only: how to link to it. "/partners/" and "prt" give /partners/prt_…. */
    const char *path, *prefix;
};
/* Ended by {0}, lives as long as the process. Records and actions must be declared before they are
 * used (or the process stops); a field without a name is shown as it is. */
void audit_name_declare(const struct audit_name *names);

/* How the values of a field read that are names: {"partner:kind", partner__kinds}. States, days,
 * times, yes and no are known without. Ended by {0}, lives as long as the process. */
struct audit_words {
    const char *field;
    const struct ui_word *words;
};
void audit_words_declare(const struct audit_words *sets);

/* How the labels of a record's entries read that are stored as files and addresses have them:
 * {"run", words} makes "October 2026" of "2026-10". Ended by {0}, lives as long as the process. */
struct audit_label {
    const char *record;
    struct str (*words)(struct op *op, struct str label);
};
void audit_label_declare(const struct audit_label *labels);

/* ---- writing ---- */

struct audit_change {
    const char *field;
    struct str before, after; /* as text; absent: there was none */
};

struct audit_entry {
    const char *action; /* "partner.edit" */
    const char *record; /* "partner" */
    int64_t record_id;
    struct str label;          /* how people know the record: its code or name */
    struct opt_i64 partner_id; /* whose record it is: scopes who sees the row */
    const struct audit_change *changes;
    size_t changes_len;
};
/* In the caller's transaction. Who, when, from where and the request come from op. */
enum rc audit_add(struct op *op, const struct audit_entry *entry);
/* Many at once, in their order: two statements, where one by one each would be two trips to
 * PostgreSQL. */
enum rc audit_add_all(struct op *op, const struct audit_entry *entries, size_t len);

/* ---- the usual case in one call ---- */

/* A record as named texts; made by the module once for old and once for new. */
struct audit_value {
    const char *field;
    struct str text; /* absent: empty */
};
struct str audit_text_i64(struct op *op, int64_t value);
struct str audit_text_opt(struct op *op, struct opt_i64 value);
struct str audit_text_bool(bool value);
struct str audit_text_instant(struct op *op, int64_t at_us);

/* Fields that differ between two arrays of the same fields in the same order; before NULL: a new
 * record, after NULL: a removed one. In op->arena. */
struct audit_changes {
    const struct audit_change *at;
    size_t len;
};
struct audit_changes audit_diff(struct op *op, const struct audit_value *before,
                                const struct audit_value *after, size_t len);
/* audit_diff into entry->changes, then audit_add; nothing when an edit changed nothing. */
enum rc audit_add_diff(struct op *op, const struct audit_entry *entry,
                       const struct audit_value *before, const struct audit_value *after,
                       size_t len);
/* The one field that such a step changes: "archived", "anonymised". */
enum rc audit_add_flag(struct op *op, const struct audit_entry *entry, const char *field, bool was,
                       bool is);

/* ---- reading ---- */

struct audit_row {
    int64_t id, at;
    enum actor_kind actor_kind;
    struct opt_i64 user_id;
    struct str actor, address, request_id; /* absent: erased */
    struct str action, record, label;
    int64_t record_id;
    struct audit_changes changes;
};
struct audit_rows {
    struct audit_row *at;
    size_t len;
};
/* The newest entries of a record. The caller has checked that the actor sees the record. */
enum rc audit_history(struct op *op, const char *record, int64_t record_id, int limit,
                      struct audit_rows *out);
/* The same as a timeline card for the record's page. */
enum rc audit_timeline(struct op *op, const char *record, int64_t record_id, int limit,
                       struct out *o);

/* The last twenty as that card, for the page that answers `r`. */
enum rc audit_card(struct req *r, const char *record, int64_t record_id, struct safe_html *out);

/* The same as data, to put elsewhere. */
enum rc audit_events(struct op *op, const char *record, int64_t record_id, int limit,
                     struct ui_timeline *out);

/* A form that comes back because somebody else saved first (RC_CONFLICT, an older revision): puts a
 * table of what they changed, theirs beside yours, above the fields. Call it last, when the options
 * are set; fields are matched by name with those of the journal. Nothing otherwise. */
enum rc audit_conflict(struct req *r, struct ui_form *form, const char *record, int64_t record_id);

/* Both for the pages of kinds of records (ui/ui_record.h). */
extern const struct ui_journal audit_journal;

/* ---- chain ---- */

/* Chains the oldest part of what is committed and not chained, in a short transaction; RC_MISSING:
 * there is nothing. The tick calls it every second, until there is nothing. */
enum rc audit_chain(struct op *op);

struct audit_break {
    int64_t seq, audit_id; /* 0: none */
    const char *why;       /* message key */
};
struct audit_verified {
    int64_t rows;    /* chained and read */
    int64_t waiting; /* committed, not yet chained */
    struct str head; /* hash of the last row, hex: worth writing down elsewhere */
    bool is_whole;
    struct audit_break first_break; /* when not */
};
enum rc audit_verify(struct op *op, struct audit_verified *out);

/* ---- erasing personal data; the chain holds ---- */

/* Name and address in rows of what this user did. */
enum rc audit_erase_actor(struct op *op, int64_t user_id);
/* Label and values in rows about a record; that its fields were changed stays. */
enum rc audit_erase_record(struct op *op, const char *record, int64_t record_id);

/* ---- what main registers ---- */

/* Names of what jobs and mail report. Once. */
void audit_declare(void);
extern const struct route audit_routes[];
extern const struct permission audit_permissions[]; /* audit.read */
extern const size_t audit_permissions_len;
extern const struct job_tick audit_ticks[];
extern const struct ui_page audit_pages[];
extern const size_t audit_pages_len;
extern const struct outbox_subscriber audit_subscribers[]; /* what jobs and mail report */

#endif
