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

static bool refuses(struct op *op, const struct event_new *event, const char *field)
{
    bool is_refused = event_check(op, event) == RC_INVALID && op->fault.entries_len == 1 &&
                      strcmp(op->fault.entries[0].field, field) == 0;
    fault_clear(&op->fault);
    return is_refused;
}

static void refusing(struct fixture *f)
{
    struct op *op = &f->op;
    AUTO_BUF buf = BUF(EVENT_ATTRIBUTES_MAX + 10);
    buf_printf(&buf, "%0*d", EVENT_ATTRIBUTES_MAX + 1, 1);
    struct str text = buf_str(&buf);
    struct event_new e = sale(op, 1, 100);
    e.external_id = STR("");
    ok(refuses(op, &e, "external_id"), "an event without an id is no fact");
    e.external_id = str_sub(text, 0, EVENT_EXTERNAL_ID_MAX + 1);
    ok(refuses(op, &e, "external_id"), "nor one whose id is too long");
    e.external_id = str_sub(text, 0, EVENT_EXTERNAL_ID_MAX);
    ok(event_check(op, &e) == RC_OK, "the longest id is one");
    e.source = STR("");
    ok(refuses(op, &e, "source"), "it comes from somewhere");
    e.source = str_sub(text, 0, EVENT_SOURCE_MAX + 1);
    ok(refuses(op, &e, "source"), "in 60 bytes");
    e = sale(op, 1, 100);
    e.currency = NULL;
    ok(refuses(op, &e, "currency"), "amounts have a currency");
    e = sale(op, 1, 100);
    e.attributes = text;
    ok(refuses(op, &e, "attributes"), "attributes have a limit");
    e = sale(op, 1, 100);
    e.type = EVENT_VOID;
    ok(refuses(op, &e, "original"), "who voids says what");
    e.original_seq = 1;
    ok(event_check(op, &e) == RC_OK, "then it is a fact");
    e.type = EVENT_SALE;
    ok(refuses(op, &e, "original"), "a sale takes nothing back");
    static const enum event_type follow[] = {EVENT_REFUND,  EVENT_RETURN,  EVENT_CHARGEBACK,
                                             EVENT_RENEWAL, EVENT_PAYMENT, EVENT_CHURN};
    bool is_taken = true;
    for (size_t i = 0; i < LEN(follow); i++) {
        e.type = follow[i];
        is_taken = is_taken && event_check(op, &e) == RC_OK;
    }
    ok(is_taken, "what follows a sale may name it");
    struct event_credit two[] = {
        {.partner_id = 1, .role = STR("seller"), .share = INT64_MAX, .reason = STR("x")},
        {.partner_id = 2, .role = STR("seller"), .share = INT64_MAX, .reason = STR("x")}};
    e = sale(op, 1, 100);
    e.credits = two;
    e.credits_len = 2;
    ok(refuses(op, &e, "share"), "shares beyond all measure are refused");
    two[0].share = EVENT_SHARE_WHOLE + 1;
    two[1].share = -1;
    ok(refuses(op, &e, "share"), "nobody has less than nothing of an event");
    two[0].share = EVENT_SHARE_WHOLE;
    two[1].share = 0;
    ok(refuses(op, &e, "share"), "or nothing");
    struct event_credit many[EVENT_CREDITS_MAX + 1];
    for (size_t i = 0; i < LEN(many); i++)
        many[i] = one_credit[0];
    e.credits = many;
    e.credits_len = LEN(many);
    ok(refuses(op, &e, "partner"), "and an event has at most 32 credits");
}

enum { HALF = EVENT_SHARE_WHOLE / 2 };

static const struct event_credit halves[] = {
    {.partner_id = 1, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("file")},
    {.partner_id = 2, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("file")}};

/* The event with one thing changed; NULL when there is no such change. */
static const char *changed(struct op *op, int n, int change, struct event_new *out)
{
    static const struct event_credit swapped
        [] = {{.partner_id = 2,
               .role = STR_INIT("seller"),
               .share = HALF,
               .reason = STR_INIT("file")},
              {.partner_id = 1,
               .role = STR_INIT("seller"),
               .share = HALF,
               .reason = STR_INIT("file")}},
 other_partner[] =
        {{.partner_id = 1, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("a")},
         {.partner_id = 3, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("a")}},
 twice[] = {{.partner_id = 1, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("a")},
            {.partner_id = 1, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("a")}},
 other_role[] =
        {{.partner_id = 1, .role = STR_INIT("seller"), .share = HALF, .reason = STR_INIT("a")},
         {.partner_id = 2, .role = STR_INIT("referrer"), .share = HALF, .reason = STR_INIT("a")}},
 other_share[] = {
     {.partner_id = 1, .role = STR_INIT("seller"), .share = HALF - 1, .reason = STR_INIT("a")},
     {.partner_id = 2, .role = STR_INIT("seller"), .share = HALF + 1, .reason = STR_INIT("a")}};
    struct event_new e = sale(op, n, 100);
    const char *differs = NULL;
    e.credits = halves;
    e.credits_len = 2;
    switch (change) {
    case 0: differs = "type", e.type = EVENT_LEAD; break;
    case 1: differs = "occurred_at", e.occurred_at++; break;
    case 2: differs = "amount", e.amount_minor++; break;
    case 3: differs = "net", e.net_minor--; break;
    case 4: differs = "tax", e.tax_minor = 1; break;
    case 5: differs = "discount", e.discount_minor = 1; break;
    case 6: differs = "shipping", e.shipping_minor = 1; break;
    case 7: differs = "cost", e.cost_minor = SOME(0); break;
    case 8: differs = "quantity", e.quantity++; break;
    case 9: differs = "product", e.product_id = 1; break;
    case 10: differs = "customer", e.customer_id = 1; break;
    case 11: differs = "subscription", e.subscription_id = 1; break;
    case 12: differs = "outlet", e.outlet_id = 1; break;
    case 13: differs = "program", e.program_id = 1; break;
    case 14: differs = "original", e.original_seq = 1; break;
    case 15: differs = "currency", e.currency = currency_find(STR("USD")); break;
    case 16: differs = "attributes", e.attributes = STR("{}"); break;
    case 17: differs = "credits", e.credits = one_credit, e.credits_len = 1; break;
    case 18: differs = "credits", e.credits = other_partner; break;
    case 19: differs = "credits", e.credits = twice; break;
    case 20: differs = "credits", e.credits = other_role; break;
    case 21: differs = "credits", e.credits = other_share; break;
    case 22: differs = "", e.credits = swapped; break;
    default: break;
    }
    *out = e;
    return differs;
}

static void differing(struct fixture *f)
{
    struct op *op = &f->op;
    event_forget();
    const char *differs;
    struct event_new pair[2];
    struct event_answer in_batch[2], later;
    size_t wrong = 0, changes = 0;
    for (int i = 0; (differs = changed(op, i, i, &pair[1])) != NULL; i++, changes++) {
        enum event_outcome want = *differs ? EVENT_DIFFERS : EVENT_DUPLICATE;
        (void)changed(op, i, -1, &pair[0]);
        bool is_stored = event_store(op, pair, 2, in_batch) == RC_OK &&
                         event_store(op, &pair[1], 1, &later) == RC_OK;
        bool is_right = is_stored && in_batch[0].outcome == EVENT_STORED &&
                        in_batch[1].outcome == want && later.outcome == want;
        if (is_right && *differs)
            is_right =
                strcmp(in_batch[1].differs, differs) == 0 && strcmp(later.differs, differs) == 0;
        if (!is_right)
            printf("# %s\n", differs);
        wrong += !is_right;
    }
    is_i64((int64_t)changes, 23, "every figure and credit is changed once");
    is_i64((int64_t)wrong, 0, "and named, in the batch and later; the order of credits is nothing");
    is_i64(rows(f), 2 * 23, "nothing of it is stored");
}

static void finding(struct fixture *f)
{
    struct op *op = &f->op;
    event_forget();
    struct event_new events[] = {sale(op, 1, 100), sale(op, 2, 200)};
    struct event_answer answers[2];
    int64_t seq = 0, last = 0;
    ok(event_store(op, events, 2, answers) == RC_OK, "two events");
    event_forget();
    AUTO_TXN txn = {0};
    ok(txn_begin(op, &txn) == RC_OK && event_find(op, STR("shop"), STR("order-2"), &seq) == RC_OK &&
           seq == answers[1].event_seq,
       "one is found by its id");
    ok(event_find(op, STR("web"), STR("order-2"), &seq) == RC_MISSING, "of its own source");
    ok(event_find(op, STR("shop"), STR("order-3"), &seq) == RC_MISSING, "or not at all");
    ok(txn_commit(&txn) == RC_OK && event_watermark(op, &last) == RC_OK &&
           last == answers[1].event_seq,
       "the watermark is the newest");
    ok(event_store(op, events, 0, answers) == RC_OK && rows(f) == 2,
       "nothing is stored of nothing");
    enum event_type type;
    ok(event_type_find(STR("refund"), &type) && type == EVENT_REFUND &&
           !event_type_find(STR("gift"), &type),
       "types have names");
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

/* Sale 1 is refunded twice, once for nothing because that was voided; sale 2 is left alone. */
static void families(struct fixture *f)
{
    event_forget();
    struct event_new events[6] = {sale(&f->op, 1, 100),  sale(&f->op, 2, 200),
                                  sale(&f->op, 10, -30), sale(&f->op, 11, -40),
                                  sale(&f->op, 12, 0),   sale(&f->op, 20, -9)};
    struct event_answer answers[6];
    ok(event_store(&f->op, events, 2, answers) == RC_OK, "two sales are stored");
    events[2].type = events[3].type = events[5].type = EVENT_REFUND;
    events[4].type = EVENT_VOID;
    events[2].original_seq = events[3].original_seq = answers[0].event_seq;
    events[5].original_seq = answers[1].event_seq;
    ok(event_store(&f->op, events + 2, 2, answers + 2) == RC_OK, "refunds name their sale");
    events[4].original_seq = answers[3].event_seq;
    ok(event_store(&f->op, events + 4, 2, answers + 4) == RC_OK, "one is voided");
    int64_t net = 0;
    struct event_filter filter = {
        .families = true, .from_at = f->op.now + 11, .to_at = f->op.now + 12};
    is_i64(scanned(&f->op, filter, &net), 4, "a refund brings its sale, what else names it, voids");
    is_i64(net, 100 - 30 - 40, "whenever they were");
    filter.watermark_seq = answers[3].event_seq;
    is_i64(scanned(&f->op, filter, &net), 3, "nothing after the watermark");
    filter.from_at = f->op.now + 12;
    is_i64(scanned(&f->op, filter, &net), 0, "a void alone brings nothing");
    filter = (struct event_filter){.families = true, .from_at = 0, .to_at = f->op.now + 3};
    is_i64(scanned(&f->op, filter, &net), 0, "nor do sales");
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
    fixture_each(refusing);
    fixture_each(differing);
    fixture_each(finding);
    fixture_each(scanning);
    fixture_each(families);
    fixture_each(half_done);
    fixture_each(group_commit);
    return done_testing();
}
