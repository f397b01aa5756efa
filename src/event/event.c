/* Intake of facts: checking, refusing what is there already, storing an event with its credits.
 * Numbers are allocated in the storing transaction from one row, whose lock lasts to the commit, so
 * the order of numbers is the order of commits on both engines. */
#include "event/event.h"

#include "event/event_int.h"
#include "event/event_q.h"

struct type_row {
    enum event_type type;
    const char *name, *label;
};

static const struct type_row types[] = {
#define X(type, stored, name, label) {type, name, label},
    EVENT_TYPES(X)
#undef X
};

static const struct type_row *type_row(enum event_type type)
{
    size_t i = (size_t)type - 1;
    assert(i < LEN(types) && types[i].type == type);
    return &types[i];
}

const char *event_type_name(enum event_type type)
{
    return type_row(type)->name;
}

const char *event_type_label(enum event_type type)
{
    return type_row(type)->label;
}

bool event_type_find(struct str name, enum event_type *out)
{
    for (size_t i = 0; i < LEN(types); i++)
        if (str_eq(str_of(types[i].name), name)) {
            *out = types[i].type;
            return true;
        }
    return false;
}

/* ---- checking ---- */

static bool takes_back(enum event_type type)
{
    return type == EVENT_REFUND || type == EVENT_RETURN || type == EVENT_CHARGEBACK ||
           type == EVENT_VOID;
}

static void check_credits(struct op *op, const struct event_new *event)
{
    if (event->credits_len == 0 || event->credits_len > EVENT_CREDITS_MAX) {
        (void)!fail(op, RC_INVALID, "partner", "An event belongs to 1 to 32 partners.");
        return;
    }
    bool is_each_a_part = true; /* known first: the sum of any numbers might not fit */
    for (size_t i = 0; i < event->credits_len; i++)
        is_each_a_part &=
            event->credits[i].share > 0 && event->credits[i].share <= EVENT_SHARE_WHOLE;
    for (size_t i = 0; i < event->credits_len; i++) {
        const struct event_credit *credit = &event->credits[i];
        int64_t sum = 0;
        for (size_t j = 0; is_each_a_part && j < event->credits_len; j++)
            if (str_eq(event->credits[j].role, credit->role))
                sum += event->credits[j].share;
        if (sum != EVENT_SHARE_WHOLE) {
            (void)!fail(op, RC_INVALID, "share",
                        "The shares of the role {0} must be positive and sum to 1.",
                        str_c(op->arena, credit->role));
            return;
        }
    }
}

enum rc event_check(struct op *op, const struct event_new *event)
{
    if (event->external_id.len == 0)
        (void)!fail(op, RC_INVALID, "external_id",
                    "An event needs the id it has where it comes from.");
    if (event->external_id.len > EVENT_EXTERNAL_ID_MAX)
        (void)!fail(op, RC_INVALID, "external_id", "This id is longer than 200 bytes.");
    if (event->source.len == 0 || event->source.len > EVENT_SOURCE_MAX)
        (void)!fail(op, RC_INVALID, "source", "The source has 1 to 60 bytes.");
    if (!event->currency)
        (void)!fail(op, RC_INVALID, "currency", "An event needs its currency.");
    if (event->attributes.len > EVENT_ATTRIBUTES_MAX)
        (void)!fail(op, RC_INVALID, "attributes", "The attributes are longer than 8192 bytes.");
    if (event->type == EVENT_VOID && event->original_seq == 0)
        (void)!fail(op, RC_INVALID, "original", "Say which event is voided.");
    if (event->original_seq != 0 && !takes_back(event->type) && event->type != EVENT_RENEWAL &&
        event->type != EVENT_PAYMENT && event->type != EVENT_CHURN)
        (void)!fail(op, RC_INVALID, "original", "An event of this type has no original.");
    check_credits(op, event);
    return op->fault.rc;
}

/* ---- words ---- */

enum rc event_word_id(struct op *op, const char *kind, struct str word, int64_t *out_id)
{
    return q_event_word_add(op, &(struct q_event_word_add_in){str_of(kind), word}, out_id);
}

/* The words of this transaction. A process-wide cache would keep words of a rolled back one. */
struct words {
    struct event_word_row_rows known;
    VEC(struct event_word_row) added;
};

static bool find_word(const struct event_word_row *at, size_t len, const char *kind,
                      struct str word, int64_t *out_id)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(at[i].word, word) && str_eq(at[i].kind, str_of(kind))) {
            *out_id = at[i].id;
            return true;
        }
    return false;
}

static enum rc word_id(struct op *op, struct words *words, const char *kind, struct str word,
                       int64_t *out_id)
{
    if (find_word(words->known.at, words->known.len, kind, word, out_id) ||
        find_word(words->added.at, words->added.len, kind, word, out_id))
        return RC_OK;
    TRY(event_word_id(op, kind, word, out_id));
    VEC_PUSH(op->arena, &words->added,
             ((struct event_word_row){.id = *out_id, .kind = str_of(kind), .word = word}));
    return RC_OK;
}

/* ---- storing ---- */

struct intake {
    struct op *op;
    const struct event_new *events;
    struct event_answer *answers;
    size_t len;
    struct words words;
    int64_t first_seq, next_seq; /* numbers of this transaction */
    struct map *batch;           /* "source\0id" to the index + 1 of the event in this batch */
    struct q_event_head_add_in *heads; /* of events to insert */
    size_t *head_events;               /* their indexes */
    size_t heads_len;
};

/* Sets the answer of an event whose id has the stored row `seq`; *out_is_known false when the row
 * has another id (a hash met by chance, or a number used again after a rollback). */
static enum rc answer_known(struct intake *intake, size_t i, int64_t seq, bool *out_is_known)
{
    const struct event_new *event = &intake->events[i];
    struct event_fact_rows rows;
    *out_is_known = false;
    /* one more than it has credits: the stored one may have more */
    TRY(q_event_facts(intake->op, &(struct q_event_facts_in){seq, (int64_t)event->credits_len + 1},
                      &rows));
    if (rows.len == 0 || rows.at[0].seq != seq ||
        !str_eq(rows.at[0].external_id, event->external_id) ||
        !str_eq(rows.at[0].source, event->source))
        return RC_OK;
    *out_is_known = true;
    int64_t roles[EVENT_CREDITS_MAX];
    for (size_t k = 0; k < event->credits_len; k++)
        TRY(word_id(intake->op, &intake->words, "role", event->credits[k].role, &roles[k]));
    const char *differs = event__differs_stored(rows.at, rows.len, event, roles);
    intake->answers[i] = (struct event_answer){
        .outcome = differs ? EVENT_DIFFERS : EVENT_DUPLICATE, .event_seq = seq, .differs = differs};
    return RC_OK;
}

/* An id that stands twice in one batch: the second is answered by the first. */
static bool answer_in_batch(struct intake *intake, size_t i)
{
    const struct event_new *event = &intake->events[i];
    struct str key = str_printf(intake->op->arena, STR_FMT "%c" STR_FMT, STR_ARG(event->source), 0,
                                STR_ARG(event->external_id));
    void **slot = map_put(intake->batch, key);
    if (!*slot) {
        *slot = &intake->answers[i];
        return false;
    }
    struct event_answer *first = *slot;
    const char *differs = event__differs(event, &intake->events[first - intake->answers]);
    intake->answers[i] = (struct event_answer){.outcome = differs ? EVENT_DIFFERS : EVENT_DUPLICATE,
                                               .event_seq = first->event_seq,
                                               .differs = differs};
    return true;
}

static enum rc answer_by_table(struct intake *intake, size_t i, uint64_t hash, bool *out_is_known)
{
    int64_t seq = 0;
    *out_is_known = false;
    for (size_t step = 0; !*out_is_known && event__known_next(hash, &step, &seq);)
        if (seq < intake->first_seq) /* a later one was left by a rollback: no row can be there */
            TRY(answer_known(intake, i, seq, out_is_known));
    return RC_OK;
}

static enum rc credit_row(struct intake *intake, const struct event_new *event, size_t credit_no,
                          int64_t event_seq, struct q_event_head_add_in *out)
{
    const struct event_credit *credit = &event->credits[credit_no];
    int64_t role = 0, reason = 0;
    TRY(word_id(intake->op, &intake->words, "role", credit->role, &role));
    TRY(word_id(intake->op, &intake->words, "reason", credit->reason, &reason));
    *out = (struct q_event_head_add_in){
        .seq = event_seq + (int64_t)credit_no,
        .event_seq = event_seq,
        .credit_no = (int64_t)credit_no,
        .source = event->source,
        .external_id = event->external_id,
        .type = event->type,
        .occurred_at = event->occurred_at,
        .recorded_at = intake->op->now,
        .currency = str_of(event->currency->code),
        .amount_minor = event->amount_minor,
        .net_minor = event->net_minor,
        .tax_minor = event->tax_minor,
        .discount_minor = event->discount_minor,
        .shipping_minor = event->shipping_minor,
        .cost_minor = event->cost_minor,
        .quantity = event->quantity,
        .product_id = event->product_id,
        .customer_id = event->customer_id,
        .subscription_id = event->subscription_id,
        .outlet_id = event->outlet_id,
        .program_id = event->program_id,
        .original_seq = event->original_seq,
        .partner_id = credit->partner_id,
        .role = role,
        .share = credit->share,
        .reason = reason,
        .attributes = event->attributes.at ? event->attributes : STR(""),
    };
    return RC_OK;
}

/* Decides which events are new and makes their first rows. */
static enum rc gather_heads(struct intake *intake, bool uses_table)
{
    for (size_t i = 0; i < intake->len; i++) {
        const struct event_new *event = &intake->events[i];
        if (answer_in_batch(intake, i))
            continue;
        if (uses_table) {
            uint64_t hash = event__id_hash(event->source, event->external_id);
            bool is_known = false;
            TRY(answer_by_table(intake, i, hash, &is_known));
            if (is_known)
                continue;
            event__known_add(hash, intake->next_seq);
        }
        intake->answers[i] =
            (struct event_answer){.outcome = EVENT_STORED, .event_seq = intake->next_seq};
        TRY(credit_row(intake, event, 0, intake->next_seq, &intake->heads[intake->heads_len]));
        intake->head_events[intake->heads_len++] = i;
        intake->next_seq += (int64_t)event->credits_len;
    }
    return RC_OK;
}

/* PostgreSQL's index left some heads out: their ids are stored already, and that row answers. */
static enum rc answer_refused(struct intake *intake, const struct i64_list *stored)
{
    struct map *is_stored = map_new(intake->op->arena);
    for (size_t i = 0; i < stored->len; i++)
        *map_put_i64(is_stored, stored->at[i]) = intake;
    for (size_t h = 0; h < intake->heads_len; h++) {
        size_t i = intake->head_events[h];
        if (map_get_i64(is_stored, intake->heads[h].seq))
            continue;
        const struct event_new *event = &intake->events[i];
        struct event_seq_row row;
        TRY(q_event_head_by_id(
            intake->op, &(struct q_event_head_by_id_in){event->source, event->external_id}, &row));
        bool is_known = false;
        TRY(answer_known(intake, i, row.seq, &is_known));
        assert(is_known);
    }
    return RC_OK;
}

static enum rc insert_credits(struct intake *intake)
{
    VEC(struct q_event_credit_add_in) rows = {0};
    for (size_t h = 0; h < intake->heads_len; h++) {
        size_t i = intake->head_events[h];
        if (intake->answers[i].outcome != EVENT_STORED)
            continue;
        for (size_t c = 1; c < intake->events[i].credits_len; c++) {
            union { /* both queries have the same inputs */
                struct q_event_head_add_in head;
                struct q_event_credit_add_in credit;
            } row;
            _Static_assert(sizeof(row.head) == sizeof(row.credit), "the same columns");
            TRY(credit_row(intake, &intake->events[i], c, intake->answers[i].event_seq, &row.head));
            VEC_PUSH(intake->op->arena, &rows, row.credit);
        }
    }
    return rows.len ? q_event_credit_add(intake->op, rows.at, rows.len, NULL) : RC_OK;
}

static size_t credits_of(const struct event_new *events, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += events[i].credits_len;
    return count;
}

static enum rc store(struct intake *intake)
{
    struct op *op = intake->op;
    bool uses_table = db_engine(op->db) == DB_SQLITE;
    struct event_seq_row first;
    int64_t count = (int64_t)credits_of(intake->events, intake->len);
    TRY(q_event_allocate(op, &(struct q_event_allocate_in){count}, &first));
    if (uses_table)
        TRY(event__known_load(op));
    TRY(q_event_words(op, &intake->words.known));
    intake->first_seq = intake->next_seq = first.seq;
    TRY(gather_heads(intake, uses_table));
    if (intake->heads_len == 0)
        return RC_OK;
    struct i64_list stored = {0};
    TRY(q_event_head_add(op, intake->heads, intake->heads_len, &stored));
    if (!uses_table && stored.len < intake->heads_len)
        TRY(answer_refused(intake, &stored));
    kill_point("event_store");
    return insert_credits(intake);
}

enum rc event_store(struct op *op, const struct event_new *events, size_t len,
                    struct event_answer *out)
{
    if (len == 0)
        return RC_OK;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct intake intake = {
        .op = op,
        .events = events,
        .answers = out,
        .len = len,
        .batch = map_new(op->arena),
        .heads = NEW_ARRAY(op->arena, struct q_event_head_add_in, len),
        .head_events = NEW_ARRAY(op->arena, size_t, len),
    };
    TRY(store(&intake));
    return txn_commit(&txn);
}

enum rc event_find(struct op *op, struct str source, struct str external_id, int64_t *out_event_seq)
{
    struct event_seq_row row;
    struct event_fact_rows facts;
    assert(db_in_transaction(op->db)); /* the table of known ids belongs to the write lane */
    if (db_engine(op->db) != DB_SQLITE) {
        TRY(q_event_head_by_id(op, &(struct q_event_head_by_id_in){source, external_id}, &row));
        *out_event_seq = row.seq;
        return RC_OK;
    }
    uint64_t hash = event__id_hash(source, external_id);
    int64_t seq = 0;
    TRY(event__known_load(op));
    for (size_t step = 0; event__known_next(hash, &step, &seq);) {
        TRY(q_event_facts(op, &(struct q_event_facts_in){seq, 1}, &facts));
        if (facts.len == 1 && str_eq(facts.at[0].external_id, external_id) &&
            str_eq(facts.at[0].source, source)) {
            *out_event_seq = seq;
            return RC_OK;
        }
    }
    return RC_MISSING;
}

enum rc event_watermark(struct op *op, int64_t *out_seq)
{
    struct event_seq_row row;
    TRY(q_event_watermark(op, &row));
    *out_seq = row.seq;
    return RC_OK;
}

int64_t event_part(struct arena *arena, int64_t whole, const int64_t *shares, size_t len, size_t i)
{
    assert(i < len);
    if (len == 1)
        return whole;
    struct arena_mark mark = arena_mark(arena);
    int64_t *parts = NEW_ARRAY(arena, int64_t, len);
    bool is_split = money_split(arena, whole, shares, len, parts);
    assert(is_split);
    int64_t part = parts[i];
    arena_rewind(arena, mark);
    return part;
}
