/* How many rows each saved view of a list shows. The view's own query is asked, as the list would:
 * a list that counts cheaply counts, of any other at most a page of UI_COUNT_MAX and one rows is
 * made. Counts are kept for some seconds: a table of places that later views overwrite, in this
 * process only. Of a person with many views some are counted with this page and the others with the
 * next ones, so that no page waits for all of them. */
#include <pthread.h>

#include "ui/ui.h"
#include "ui/ui_int.h"

enum { KEPT = 1024, KEEP_US = 10 * US_SECOND, FRESH_MAX = 6 };

struct kept {
    const struct database *database; /* every worker has a connection of its own to it */
    int64_t user_id, view_id, at, count, limit;
};
static struct kept kept[KEPT];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static bool find_kept(const struct op *op, int64_t view_id, struct kept *out)
{
    (void)pthread_mutex_lock(&mutex);
    *out = kept[(uint64_t)view_id % KEPT];
    (void)pthread_mutex_unlock(&mutex);
    return out->database == db_database(op->db) && out->user_id == op->actor.user_id &&
           out->view_id == view_id && op->now >= out->at && op->now - out->at < KEEP_US;
}

static void keep(const struct kept *count)
{
    (void)pthread_mutex_lock(&mutex);
    kept[(uint64_t)count->view_id % KEPT] = *count;
    (void)pthread_mutex_unlock(&mutex);
}

static enum rc count_rows(struct req *r, const struct ui_list *shown, struct str address,
                          struct kept *out)
{
    struct req *aside = NEW(r->op->arena, struct req);
    struct ui_list list;
    TRY(req_aside(r, address, aside));
    TRY(ui__list_prepare(aside, shown->spec, &list));
    list.is_bare = list.is_tally = true;
    list.page.cursor = STR_NONE;
    list.page.is_backward = false;
    list.page.limit = UI_COUNT_MAX + 1;
    TRY(shown->spec->fill(aside, &list));
    if (list.count.has) {
        out->count = list.count.v;
        out->limit = list.count_limit;
        return RC_OK;
    }
    out->count = list.rows.len < UI_COUNT_MAX ? (int64_t)list.rows.len : UI_COUNT_MAX;
    out->limit = list.next.at || list.rows.len > UI_COUNT_MAX ? out->count : 0;
    return RC_OK;
}

/* A view that cannot be counted (a filter that is gone) shows no figure. */
void ui__tally(struct req *r, const struct ui_list *list, int64_t view_id, struct ui_tab *tab,
               int *fresh)
{
    struct op *op = r->op;
    struct kept now;
    if (!find_kept(op, view_id, &now)) {
        now = (struct kept){.database = db_database(op->db),
                            .user_id = op->actor.user_id,
                            .view_id = view_id,
                            .at = op->now};
        if (tab->is_on && list->count.has) {
            now.count = list->count.v;
            now.limit = list->count_limit;
        } else if (++*fresh > FRESH_MAX) {
            return;
        } else if (count_rows(r, list, tab->href, &now) != RC_OK) {
            fault_clear(&op->fault);
            return;
        }
        keep(&now);
    }
    tab->count = SOME(now.count);
    tab->count_limit = now.limit;
}
