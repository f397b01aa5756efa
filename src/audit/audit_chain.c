/* audit_chain: the chain and its proof. A link is SHA-256 over the link before and the row's bytes:
 * its plain columns as they are, its texts by their commitments. Numbers are written in eight
 * bytes, texts with their length in front, so that no two rows have the same bytes.
 *
 * What the chain shows: a row changed, put in, moved or taken out of the middle. What it cannot
 * show by itself: that the newest links were cut off, or that somebody with the database computed
 * the whole chain anew; against that the head stands in the log every time it moves by a day, and
 * in the answer of `kontor verify`. */
#include "audit/audit_int.h"

struct str audit__bytes(const struct audit__digest *digest)
{
    return (struct str){(const char *)digest->at, sizeof(digest->at)};
}

static void put_i64(struct crypt_sha256_state *sha, int64_t value)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)((uint64_t)value >> (56 - 8 * i) & 0xff);
    crypt_sha256_more(sha, (struct str){bytes, sizeof(bytes)});
}

static void put_opt(struct crypt_sha256_state *sha, struct opt_i64 value)
{
    put_i64(sha, value.has);
    put_i64(sha, value.has ? value.v : 0);
}

static void put_text(struct crypt_sha256_state *sha, struct str text)
{
    put_i64(sha, text.at ? (int64_t)text.len : -1);
    crypt_sha256_more(sha, text.at ? text : STR(""));
}

struct audit__digest audit__commit(struct str salt, const struct str *texts, size_t len)
{
    struct crypt_sha256_state sha;
    struct audit__digest digest = {0};
    crypt_sha256_start(&sha);
    put_text(&sha, salt);
    for (size_t i = 0; i < len; i++)
        put_text(&sha, texts[i]);
    crypt_sha256_end(&sha, digest.at);
    return digest;
}

static struct audit__digest link_of(struct str before, const struct audit_full *row,
                                    const struct str *changes, size_t changes_len)
{
    struct crypt_sha256_state sha;
    struct audit__digest digest;
    crypt_sha256_start(&sha);
    put_text(&sha, STR("kontor-audit/1"));
    put_text(&sha, before);
    put_i64(&sha, row->id);
    put_i64(&sha, row->at);
    put_i64(&sha, row->actor_kind);
    put_opt(&sha, row->user_id);
    put_opt(&sha, row->partner_id);
    put_text(&sha, row->request_id);
    put_text(&sha, row->action);
    put_text(&sha, row->record);
    put_i64(&sha, row->record_id);
    put_opt(&sha, row->message_id);
    put_text(&sha, row->actor_digest);
    put_text(&sha, row->label_digest);
    put_i64(&sha, (int64_t)changes_len);
    for (size_t i = 0; i < changes_len; i++)
        put_text(&sha, changes[i]);
    crypt_sha256_end(&sha, digest.at);
    return digest;
}

struct digests {
    struct str at[AUDIT_CHANGES_MAX];
    size_t len;
    struct audit__changes changes; /* of entries from before */
};

static struct str genesis(void)
{
    return STR("");
}

/* ---- chaining ---- */

struct head {
    int64_t seq;
    struct str hash;
};

static enum rc find_head(struct op *op, struct head *out)
{
    struct audit_link link;
    enum rc rc = q_audit_head(op, &link);
    if (rc == RC_MISSING) {
        *out = (struct head){.hash = genesis()};
        return RC_OK;
    }
    TRY(rc);
    *out = (struct head){.seq = link.seq, .hash = link.hash};
    return RC_OK;
}

static void log_head(struct op *op, const struct head *head, const struct audit_full *row)
{
    if (head->seq % 1000 != 1)
        return;
    log_event(LOG_INFO, "audit_head", "seq", str_printf(op->arena, "%lld", (long long)head->seq),
              "row", str_printf(op->arena, "%lld", (long long)row->id), "hash",
              crypt_hex(op->arena, head->hash), NULL);
}

/* The commitments to the values of an entry: one to all of them, or, of entries from before, one to
 * each. False: the list of those cannot be read. */
static bool digests_of(struct arena *arena, const struct audit_full *row, struct digests *out)
{
    out->len = 0;
    if (row->changes_digest.at) {
        out->at[out->len++] = row->changes_digest;
        return true;
    }
    if (!audit__changes_read(arena, row->changes, &out->changes))
        return false;
    for (size_t i = 0; i < out->changes.len; i++)
        out->at[out->len++] = out->changes.at[i].digest;
    return true;
}

static void add_link(struct op *op, struct head *head, const struct audit_full *row,
                     struct q_audit_chain_add_in *out)
{
    struct digests digests;
    struct arena_mark mark = arena_mark(op->arena);
    if (!digests_of(op->arena, row, &digests)) /* chained as it is: verifying names it */
        digests.len = 0;
    struct audit__digest digest = link_of(head->hash, row, digests.at, digests.len);
    arena_rewind(op->arena, mark);
    head->seq++;
    head->hash = str_dup(op->arena, audit__bytes(&digest));
    *out = (struct q_audit_chain_add_in){.seq = head->seq, .audit_id = row->id, .hash = head->hash};
    log_head(op, head, row);
}

enum rc audit_chain(struct op *op)
{
    struct audit_full_rows rows;
    struct q_audit_chain_add_in links[AUDIT_CHAIN_BATCH];
    struct head head;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_audit_pending(op, &rows));
    if (rows.len == 0)
        return RC_MISSING;
    assert(rows.len <= LEN(links));
    TRY(find_head(op, &head));
    for (size_t i = 0; i < rows.len; i++)
        add_link(op, &head, &rows.at[i], &links[i]);
    TRY(q_audit_chain_add(op, links, rows.len, NULL));
    TRY(q_audit_pending_remove(
        op, &(struct q_audit_pending_remove_in){.first = links[0].seq, .last = head.seq}));
    kill_point("audit.chained");
    return txn_commit(&txn);
}

const struct job_tick audit_ticks[] = {
    {.name = "audit.chain", .every_us = US_SECOND, .run = audit_chain, .is_by_parts = true},
    {0},
};

/* ---- verifying ---- */

static bool is_whole_text(struct str salt, struct str digest, const struct str *texts, size_t len)
{
    if (!salt.at) { /* erased: then all of it is gone */
        for (size_t i = 0; i < len; i++)
            if (texts[i].at)
                return false;
        return true;
    }
    struct audit__digest again = audit__commit(salt, texts, len);
    return str_eq(digest, audit__bytes(&again));
}

static bool is_whole_change(const struct audit__change *c)
{
    struct str texts[] = {c->field, c->before, c->after};
    if (!c->salt.at)
        return is_whole_text(c->salt, c->digest, texts + 1, 2);
    return is_whole_text(c->salt, c->digest, texts, LEN(texts));
}

/* Under one commitment; without the salt the text is erased, and then it has no values. */
static bool is_whole_list(struct arena *arena, const struct audit_full *row)
{
    struct audit__changes changes;
    if (row->label_salt.at)
        return is_whole_text(row->label_salt, row->changes_digest, &row->changes, 1);
    if (!audit__changes_read(arena, row->changes, &changes))
        return false;
    for (size_t i = 0; i < changes.len; i++)
        if (changes.at[i].before.at || changes.at[i].after.at)
            return false;
    return true;
}

static const char *check_texts(struct arena *arena, const struct audit_full *row,
                               const struct audit__changes *of_before)
{
    struct str who[] = {row->actor, row->address};
    if (!is_whole_text(row->actor_salt, row->actor_digest, who, LEN(who)))
        return M("Who did it was altered.");
    if (!is_whole_text(row->label_salt, row->label_digest, &row->label, 1))
        return M("The name of the record was altered.");
    if (row->changes_digest.at)
        return is_whole_list(arena, row) ? NULL : M("An old or new value was altered.");
    for (size_t i = 0; i < of_before->len; i++)
        if (!is_whole_change(&of_before->at[i]))
            return M("An old or new value was altered.");
    return NULL;
}

static struct audit_full full_of(const struct audit_chained *c)
{
    return (struct audit_full){
        .id = c->id.v,
        .at = c->at.v,
        .actor_kind = c->actor_kind.v,
        .user_id = c->user_id,
        .partner_id = c->partner_id,
        .request_id = c->request_id,
        .action = c->action,
        .record = c->record,
        .record_id = c->record_id.v,
        .message_id = c->message_id,
        .actor = c->actor,
        .address = c->address,
        .actor_salt = c->actor_salt,
        .actor_digest = c->actor_digest,
        .label = c->label,
        .label_salt = c->label_salt,
        .label_digest = c->label_digest,
        .changes = c->changes,
        .changes_digest = c->changes_digest,
    };
}

struct walk {
    int64_t seq;
    struct audit__digest hash;
    size_t hash_len;
    struct audit_verified *out;
};

static bool broken(struct walk *walk, int64_t seq, int64_t audit_id, const char *why)
{
    walk->out->is_whole = false;
    walk->out->first_break = (struct audit_break){.seq = seq, .audit_id = audit_id, .why = why};
    return false;
}

static bool check_link(struct arena *arena, struct walk *walk, const struct audit_chained *c)
{
    struct digests digests = {0};
    struct str before = {(const char *)walk->hash.at, walk->hash_len};
    if (c->seq != walk->seq + 1)
        return broken(walk, walk->seq + 1, 0, M("A link of the chain is missing."));
    if (!c->id.has)
        return broken(walk, c->seq, c->audit_id, M("A row of the journal is missing."));
    struct audit_full row = full_of(c);
    if (!digests_of(arena, &row, &digests))
        return broken(walk, c->seq, c->audit_id, M("An old or new value was altered."));
    struct audit__digest again =
        link_of(walk->hash_len ? before : genesis(), &row, digests.at, digests.len);
    if (!str_eq(c->hash, audit__bytes(&again)))
        return broken(walk, c->seq, c->audit_id, M("The row does not fit the chain."));
    const char *why = check_texts(arena, &row, &digests.changes);
    if (why)
        return broken(walk, c->seq, c->audit_id, why);
    walk->seq = c->seq;
    walk->hash = again;
    walk->hash_len = sizeof(again.at);
    walk->out->rows++;
    return true;
}

/* RC_MISSING: the end of the chain, or its first break. */
static enum rc walk_some(struct op *op, struct walk *walk)
{
    struct audit_chained_rows rows;
    TRY(q_audit_chained(op, &(struct q_audit_chained_in){.after = walk->seq}, &rows));
    if (rows.len == 0)
        return RC_MISSING;
    for (size_t i = 0; i < rows.len; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        bool is_fine = check_link(op->arena, walk, &rows.at[i]);
        arena_rewind(op->arena, mark);
        if (!is_fine)
            return RC_MISSING;
    }
    return RC_OK;
}

static enum rc check_strays(struct op *op, struct walk *walk)
{
    struct audit_id_row stray;
    enum rc rc = q_audit_stray(op, &stray);
    if (rc == RC_OK)
        (void)broken(walk, 0, stray.id, M("A row was put in beside the chain."));
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc audit_verify(struct op *op, struct audit_verified *out)
{
    struct audit_verified verified = {.is_whole = true};
    struct walk walk = {.out = &verified};
    struct audit_count waiting;
    enum rc rc = RC_OK;
    AUTO_TXN txn = {0};
    TRY(txn_begin_read(op, &txn)); /* one snapshot: the chain grows meanwhile */
    while (rc == RC_OK) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = walk_some(op, &walk);
        arena_rewind(op->arena, mark);
    }
    if (rc != RC_MISSING)
        return rc;
    if (verified.is_whole)
        TRY(check_strays(op, &walk));
    TRY(q_audit_count_pending(op, &waiting));
    verified.waiting = waiting.n;
    verified.head = crypt_hex(op->arena, (struct str){(const char *)walk.hash.at, walk.hash_len});
    *out = verified;
    return txn_commit(&txn);
}
