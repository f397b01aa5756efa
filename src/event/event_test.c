/* event: a fact enters once with all its credits, and is read back as it came. */
#include <pthread.h>

#include "event/event.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static const struct event_credit one_credit[] = {{.partner_id = 1,
                                                  .role = STR_INIT("seller"),
                                                  .share = EVENT_SHARE_WHOLE,
                                                  .reason = STR_INIT("file")}};

static struct event_new sale(struct op *op, int n, int64_t net_minor)
{
    return (struct event_new){.source = STR("shop"),
                              .external_id = str_printf(op->arena, "order-%d", n),
                              .type = EVENT_SALE,
                              .occurred_at = op->now + n,
                              .currency = currency_find(STR("EUR")),
                              .amount_minor = net_minor,
                              .net_minor = net_minor,
                              .quantity = EVENT_QUANTITY_ONE,
                              .credits = one_credit,
                              .credits_len = 1};
}

static int64_t rows(struct fixture *f)
{
    return fixture_i64(f, "select count(*) from event_tail");
}

static void storing(struct fixture *f)
{
    event_forget();
    struct event_new events[3] = {sale(&f->op, 1, 100), sale(&f->op, 2, 200), sale(&f->op, 1, 100)};
    struct event_answer answers[3];
    ok(event_check(&f->op, &events[0]) == RC_OK, "a sale can be a fact");
    ok(event_store(&f->op, events, 3, answers) == RC_OK, "a batch is stored");
    ok(answers[0].outcome == EVENT_STORED && answers[1].outcome == EVENT_STORED,
       "new ids are stored");
    ok(answers[2].outcome == EVENT_DUPLICATE && answers[2].event_seq == answers[0].event_seq,
       "an id that stands twice in a batch is stored once");
    ok(event_store(&f->op, events, 3, answers) == RC_OK && answers[0].outcome == EVENT_DUPLICATE &&
           answers[1].outcome == EVENT_DUPLICATE,
       "repeating a batch stores nothing");
    is_i64(rows(f), 2, "and the facts are the same");
    struct event_new other = sale(&f->op, 2, 201);
    ok(event_store(&f->op, &other, 1, answers) == RC_OK && answers[0].outcome == EVENT_DIFFERS,
       "the same id with other figures is told apart");
    other.source = STR("web");
    ok(event_store(&f->op, &other, 1, answers) == RC_OK && answers[0].outcome == EVENT_STORED,
       "the same id of another source is another event");
    event_forget();
    ok(event_store(&f->op, events, 2, answers) == RC_OK && answers[1].outcome == EVENT_DUPLICATE,
       "a restarted process knows the ids");
}

static void credits(struct fixture *f)
{
    event_forget();
    const struct event_credit thirds[] = {
        {.partner_id = 1, .role = STR("seller"), .share = 333334, .reason = STR("file")},
        {.partner_id = 2, .role = STR("seller"), .share = 333333, .reason = STR("file")},
        {.partner_id = 3, .role = STR("seller"), .share = 333333, .reason = STR("file")},
        {.partner_id = 1,
         .role = STR("referrer"),
         .share = EVENT_SHARE_WHOLE,
         .reason = STR("link")}};
    struct event_new event = sale(&f->op, 1, 100);
    event.credits = thirds;
    event.credits_len = 4;
    struct event_answer answer;
    ok(event_check(&f->op, &event) == RC_OK, "shares sum to one per role");
    ok(event_store(&f->op, &event, 1, &answer) == RC_OK, "an event is stored with its credits");
    is_i64(rows(f), 4, "one row a credit");
    int64_t shares[] = {333334, 333333, 333333}, sum = 0;
    for (size_t i = 0; i < 3; i++)
        sum += event_part(f->op.arena, 100, shares, 3, i);
    is_i64(sum, 100, "the parts of a split sum to the whole");
    event.credits_len = 2;
    ok(event_check(&f->op, &event) == RC_INVALID, "shares that do not sum to one are refused");
    fault_clear(&f->op.fault);
    event.credits_len = 0;
    ok(event_check(&f->op, &event) == RC_INVALID, "an event belongs to somebody");
}

static int64_t scanned(struct op *op, struct event_filter filter, int64_t *out_net)
{
    AUTO_EVENT_SCAN scan = NULL;
    const struct event_batch *batch = NULL;
    int64_t count = 0, last = 0;
    *out_net = 0;
    if (event_scan_open(op, &filter, &scan) != RC_OK)
        return -1;
    while (event_scan_next(scan, &batch) == RC_OK)
        for (size_t i = 0; i < batch->len; i++) {
            count += batch->seq[i] > last ? 1 : 1000000; /* out of order shows */
            last = batch->seq[i];
            *out_net += batch->net_minor[i];
        }
    return count;
}

static void scanning(struct fixture *f)
{
    event_forget();
    enum { MANY = 5000 };
    struct event_new *events = NEW_ARRAY(f->op.arena, struct event_new, MANY);
    struct event_answer *answers = NEW_ARRAY(f->op.arena, struct event_answer, MANY);
    for (int i = 0; i < MANY; i++)
        events[i] = sale(&f->op, i, i);
    ok(event_store(&f->op, events, MANY, answers) == RC_OK, "thousands are stored at once");
    int64_t net = 0;
    is_i64(scanned(&f->op, (struct event_filter){0}, &net), MANY, "a scan gives every fact once");
    is_i64(net, (int64_t)MANY * (MANY - 1) / 2, "with its amounts");
    struct event_filter window = {.from_at = f->op.now + 10, .to_at = f->op.now + 20};
    is_i64(scanned(&f->op, window, &net), 10, "bounds of time are half-open");
    struct event_filter until = {.watermark_seq = answers[99].event_seq};
    is_i64(scanned(&f->op, until, &net), 100, "nothing after the watermark is seen");
    struct event_filter partner = {.partner_id = 2};
    is_i64(scanned(&f->op, partner, &net), 0, "other partners' facts are left out");
    struct event_filter single = {.event_seq = answers[7].event_seq};
    is_i64(scanned(&f->op, single, &net), 1, "one event is found by its number");
    f->op.actor = (struct actor){.kind = ACTOR_PARTNER, .partner_id = 2};
    is_i64(scanned(&f->op, (struct event_filter){0}, &net), 0, "a partner sees only its own");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
}

static void half_done(struct fixture *f)
{
    event_forget();
    struct event_new events[] = {sale(&f->op, 1, 100), sale(&f->op, 2, 200)};
    struct event_answer answers[2];
    int n = 1;
    for (bool has_fired = true; n < 100; n++) {
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = event_store(&f->op, events, 2, answers);
        has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        if (!has_fired)
            break;
        if (rc == RC_OK || rows(f) != 0)
            ok(false, "a failed statement stores nothing");
    }
    ok(n > 3 && n < 100, "every statement of an intake was failed once");
    ok(rows(f) == 2 && answers[0].outcome == EVENT_STORED && answers[1].outcome == EVENT_STORED,
       "after failures the same events are stored, not taken for duplicates");
}

struct sender {
    struct fixture *f;
    int from;
    int stored;
};

static void *send_some(void *argument)
{
    struct sender *sender = argument;
    AUTO_ARENA arena = arena_new(0);
    struct op op;
    op_init(&op, arena, NULL, sender->f->op.now);
    for (int i = 0; i < 50; i++) {
        struct event_new event = sale(&op, sender->from + i, 10);
        struct event_answer answer;
        if (event_submit(&op, &event, 1, &answer) == RC_OK && answer.outcome == EVENT_STORED)
            sender->stored++;
    }
    return NULL;
}

static void group_commit(struct fixture *f)
{
    enum { SENDERS = 8 };
    event_forget();
    pthread_t threads[SENDERS];
    struct sender senders[SENDERS];
    ok(event_committer_start(f->database) == RC_OK, "the committer starts");
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.f = f, .from = i / 2 * 50}; /* pairs send the same ids */
        (void)pthread_create(&threads[i], NULL, send_some, &senders[i]);
    }
    int stored = 0;
    for (int i = 0; i < SENDERS; i++) {
        (void)pthread_join(threads[i], NULL);
        stored += senders[i].stored;
    }
    event_committer_stop();
    is_i64(stored, 200, "of senders of the same ids exactly one stores each");
    is_i64(rows(f), 200, "and each is there once");
    struct event_new late = sale(&f->op, 999, 1);
    struct event_answer answer;
    ok(event_submit(&f->op, &late, 1, &answer) == RC_BUSY, "without a committer nothing is taken");
}

int main(void)
{
    fixture_each(storing);
    fixture_each(credits);
    fixture_each(scanning);
    fixture_each(half_done);
    fixture_each(group_commit);
    return done_testing();
}
