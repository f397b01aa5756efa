/* What waits in the sections of the navigation. Every page of the console shows these figures, so
 * each is one bounded count, and a person's figures are kept for a few seconds: a table of places
 * that later people overwrite, in this process only. After a change of one's own (a page that shows
 * a message) they are counted again, so that nobody sees an old figure beside the work just done.
 */
#include <pthread.h>

#include "ui/ui.h"
#include "ui/ui_int.h"

enum { COUNTERS_MAX = 16, KEPT = 256, KEEP_US = 5 * US_SECOND };

struct kept {
    const struct database *database; /* every worker has a connection of its own to it */
    int64_t user_id, at;
    int64_t counts[COUNTERS_MAX];
};

static const struct ui_counter *counters[COUNTERS_MAX];
static size_t counters_len;
static struct kept kept[KEPT];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void ui_counters_declare(const struct ui_counter *declared, size_t len)
{
    assert(counters_len + len <= COUNTERS_MAX);
    for (size_t i = 0; i < len; i++)
        counters[counters_len++] = &declared[i];
}

static struct kept *place_of(const struct op *op)
{
    return &kept[(uint64_t)op->actor.user_id % KEPT];
}

static bool find_kept(const struct op *op, struct kept *out)
{
    (void)pthread_mutex_lock(&mutex);
    *out = *place_of(op);
    (void)pthread_mutex_unlock(&mutex);
    return out->database == db_database(op->db) && out->user_id == op->actor.user_id &&
           op->now >= out->at && op->now - out->at < KEEP_US;
}

/* A count that fails shows nothing: the page matters more than a figure beside it. */
static void count_again(struct req *r, struct kept *out)
{
    struct op *op = r->op;
    *out =
        (struct kept){.database = db_database(op->db), .user_id = op->actor.user_id, .at = op->now};
    for (size_t i = 0; i < counters_len; i++) {
        int64_t n = 0;
        if (ui__may_see_href(r, counters[i]->href) &&
            counters[i]->count(op, UI_COUNT_MAX + 1, &n) == RC_OK)
            out->counts[i] = n;
    }
    (void)pthread_mutex_lock(&mutex);
    *place_of(op) = *out;
    (void)pthread_mutex_unlock(&mutex);
}

void ui__counts(struct req *r, bool is_fresh, struct ui_counts *out)
{
    struct kept now;
    *out = (struct ui_counts){0};
    if (counters_len == 0 || r->op->actor.kind != ACTOR_STAFF)
        return;
    if (is_fresh || !find_kept(r->op, &now))
        count_again(r, &now);
    for (size_t i = 0; i < counters_len; i++) {
        struct ui_count count = {counters[i], now.counts[i]};
        VEC_PUSH(r->op->arena, out, count);
    }
}

void ui__count_item(struct op *op, const struct ui_counts *counts, const char *href,
                    struct ui_nav_item *item)
{
    for (size_t i = 0; i < counts->len; i++) {
        int64_t n = counts->at[i].n;
        if (n <= 0 || strcmp(counts->at[i].counter->href, href) != 0)
            continue;
        struct str shown =
            str_printf(op->arena, "%lld%s", (long long)(n > UI_COUNT_MAX ? UI_COUNT_MAX : n),
                       n > UI_COUNT_MAX ? "+" : "");
        struct str words = i18n_format(op->arena, op->lang, counts->at[i].counter->label, shown);
        item->count_words = item->count.at ? i18n_list(op->arena, op->lang,
                                                       (struct str[]){item->count_words, words}, 2)
                                           : words;
        item->total += n;
        item->count = item->total > UI_COUNT_MAX
                          ? str_printf(op->arena, "%d+", UI_COUNT_MAX)
                          : str_printf(op->arena, "%lld", (long long)item->total);
    }
}
