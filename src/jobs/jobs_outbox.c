/* jobs_outbox: what happened, told to the modules that asked. A message and one delivery row per
 * subscriber commit with the change; a worker calls the subscriber and deletes the row in one
 * transaction, so an effect inside the database happens exactly once.
 *
 * Order. The publisher locks topic and key until its commit, so of two messages of one key the one
 * with the smaller number was committed first; and only the first undelivered message of a key is
 * ever taken. */
#include "jobs/jobs_int.h"

enum { SUBSCRIBERS_MAX = 32, DELIVERY_TRIES_MAX = 12 };

static int64_t lock_key(const char *topic, struct str key)
{
    /* The same number in every process: a fixed key, not the process's own. */
    uint64_t hash = hash_bytes_keyed(key.at, key.len, 0x6f7574626f78, 1);
    hash ^= hash_bytes_keyed(topic, strlen(topic), 0x6f7574626f78, 2);
    return (int64_t)(hash >> 1);
}

enum rc outbox_publish(struct op *op, const char *topic, struct str key, struct str payload)
{
    const struct outbox_subscriber *subscribers[SUBSCRIBERS_MAX];
    size_t len = jobs__subscribers(topic, subscribers, LEN(subscribers));
    int64_t id;
    AUTO_TXN txn = {0};
    if (len == 0)
        return RC_OK;
    TRY(txn_begin(op, &txn));
    TRY(db_lock(op->db, lock_key(topic, key)));
    TRY(q_outbox_add(op,
                     &(struct q_outbox_add_in){
                         .topic = str_of(topic), .key = key, .payload = payload, .now = op->now},
                     &id));
    for (size_t i = 0; i < len; i++)
        TRY(q_delivery_add(op, &(struct q_delivery_add_in){
                                   .message_id = id,
                                   .subscriber = str_of(subscribers[i]->name),
                                   .topic = str_of(topic),
                                   .key = key,
                                   .now = op->now,
                               }));
    kill_point("outbox.published");
    op_signal(op, &jobs__signal);
    return txn_commit(&txn);
}

enum rc outbox_note(struct op *op, const char *action, const char *record, int64_t record_id,
                    struct str label)
{
    AUTO_BUF buf = BUF(16 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "action", str_of(action));
    json_pair_str(&w, "record", str_of(record));
    json_pair_i64(&w, "record_id", record_id);
    json_pair_str(&w, "label", utf8_cut(label, 500));
    json_pair_i64(&w, "actor_kind", (int64_t)op->actor.kind);
    json_pair_i64(&w, "user_id", op->actor.user_id);
    json_pair_str(&w, "actor", utf8_cut(op->actor.name, 500));
    json_pair_str(&w, "address", utf8_cut(op->actor.address, 100));
    json_pair_str(&w, "request_id", utf8_cut(op->request_id, 100));
    json_pair_instant(&w, "at", op->now);
    json_object_end(&w);
    assert(!buf.is_over);
    return outbox_publish(op, "audit.note", STR("all"), str_dup(op->arena, buf_str(&buf)));
}

static enum rc deliver(struct op *op, const struct delivery_row *row)
{
    const struct outbox_subscriber *subscriber = jobs__subscriber(row->subscriber);
    struct outbox_message message = {
        .id = row->message_id,
        .topic = row->topic,
        .key = row->key,
        .payload_text = row->payload,
        .created_at = row->created_at,
    };
    if (!subscriber)
        return fail(op, RC_MISSING, NULL, M("This version of the program has no such receiver."));
    TRY(json_parse(op->arena, row->payload, (struct json_limits){0}, &message.payload, NULL));
    return subscriber->deliver(op, &message);
}

static enum rc put_off(struct op *op, const struct delivery_row *row, enum rc why)
{
    int64_t tries = row->tries + 1;
    bool is_parked = tries >= DELIVERY_TRIES_MAX || !jobs__subscriber(row->subscriber);
    struct str words = str_of(rc_code(why));
    if (op->fault.entries_len)
        words = i18n_fault(op->arena, op->lang, &op->fault.entries[0]);
    log_event(is_parked ? LOG_ERROR : LOG_WARN,
              is_parked ? "message_parked" : "message_not_delivered", "subscriber", row->subscriber,
              "rc", str_of(rc_code(why)), NULL);
    fault_clear(&op->fault);
    enum rc rc = q_delivery_failed(op, &(struct q_delivery_failed_in){
                                           .id = row->id,
                                           .tries = tries,
                                           .next_at = op->now + jobs__backoff_us(US_SECOND, tries),
                                           .parked_at = is_parked ? SOME(op->now) : NONE,
                                           .error = words,
                                       });
    return rc == RC_CONFLICT ? RC_OK : rc;
}

/* Gives what the subscriber gave; RC_MISSING with *out_has false: nothing is due. */
static enum rc try_one(struct op *op, struct delivery_row *row, bool *out_has)
{
    struct job_id_row due;
    *out_has = false;
    TRY(q_delivery_is_due(op, &(struct q_delivery_is_due_in){.now = op->now}, &due));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_delivery_next(op, &(struct q_delivery_next_in){.now = op->now}, row));
    *out_has = true;
    TRY(deliver(op, row));
    TRY(q_delivery_done(op, &(struct q_delivery_done_in){.id = row->id}));
    kill_point("outbox.delivered");
    return txn_commit(&txn);
}

enum rc jobs__deliver_next(struct op *op, bool *out_did)
{
    struct delivery_row row;
    bool has;
    *out_did = false;
    enum rc rc = try_one(op, &row, &has);
    if (!has)
        return rc == RC_MISSING ? RC_OK : rc;
    *out_did = true;
    return rc == RC_OK ? RC_OK : put_off(op, &row, rc);
}
