/* for, some, every and filters: everything that runs a subtree once an item. */
#include "feel/feel_int.h"

/* One iteration domain: a list, or numbers or dates from one end to the other. */
struct domain {
    struct feel_value list, from;
    struct feel_value room;
    size_t len;
    int step; /* 0: a list */
};

static bool span_domain(struct feel_run *run, const struct feel_value *from,
                        const struct feel_value *to, struct domain *out)
{
    int64_t a = 0, b = 0;
    if (from->kind == FEEL_DATE && to->kind == FEEL_DATE) {
        a = from->days;
        b = to->days;
    } else if (from->kind != FEEL_NUMBER || to->kind != FEEL_NUMBER ||
               !dec_to_i64(from->number, &a) || !dec_to_i64(to->number, &b)) {
        feel__expected(run, M("whole numbers or dates to count through"),
                       from->kind == FEEL_NUMBER ? to : from);
        return false;
    }
    __int128 count = a <= b ? (__int128)b - a + 1 : (__int128)a - b + 1;
    if (count > run->steps_left) {
        feel__stop(run, M("The calculation takes too many steps."));
        return false;
    }
    out->from = from->kind == FEEL_DATE ? *from : feel_i64(a);
    out->step = a <= b ? 1 : -1;
    out->len = (size_t)count;
    return true;
}

/* The whole numbers or days of a range, its open ends left out. */
static bool range_domain(struct feel_run *run, const struct feel_range *range, struct domain *out)
{
    if (range->form != FEEL_RANGE_BOTH || !span_domain(run, &range->low, &range->high, out))
        return false;
    size_t cut = (size_t)!range->has_low + (size_t)!range->has_high;
    if (!range->has_low)
        out->from = range->low.kind == FEEL_DATE
                        ? feel_date(range->low.days + 1)
                        : feel_number(dec_add(range->low.number, dec_from_i64(1)));
    out->len = out->len > cut ? out->len - cut : 0;
    return true;
}

static struct feel_value domain_item(struct feel_run *run, const struct domain *domain, size_t i)
{
    int64_t by = (int64_t)i * domain->step;
    if (domain->step == 0)
        return feel_item(&domain->list, i, run->arena);
    if (domain->from.kind == FEEL_DATE)
        return feel_date(domain->from.days + by);
    return feel_number(dec_add(domain->from.number, dec_from_i64(by)));
}

struct loop_state {
    const struct feel_node *node;
    const struct loop_plan *plan;
    struct feel__items results;
    int truth; /* of some and every so far */
    bool is_bad;
};

static bool open_domain(struct feel_run *run, struct loop_state *state, size_t level, size_t kid,
                        struct domain *out)
{
    struct feel_value value = feel__eval(run, state->node->kids[kid]);
    if (state->plan->is_span[level]) {
        struct feel_value to = feel__eval(run, state->node->kids[kid + 1]);
        run->node = state->node;
        return span_domain(run, &value, &to, out);
    }
    run->node = state->node;
    if (value.kind == FEEL_RANGE)
        return range_domain(run, value.range, out);
    if (feel__is_null(&value)) {
        feel__expected(run, M("a list"), &value);
        return false;
    }
    out->list = feel__as_list(&value, &out->room);
    out->len = out->list.list.len;
    return true;
}

static void body(struct feel_run *run, struct loop_state *state)
{
    const struct feel_node *node = state->node;
    if (state->plan->has_partial)
        run->frame->slots[state->plan->partial_slot] = feel__items_list(&state->results);
    struct feel_value value = feel__eval(run, node->kids[node->kids_len - 1]);
    if (node->code == FEEL_LOOP_FOR) {
        state->is_bad = !feel__push(run, &state->results, value);
        return;
    }
    int truth = feel__truth(&value);
    if (truth < 0 && !feel__is_null(&value)) {
        run->node = node;
        feel__expected(run, M("boolean"), &value);
        state->is_bad = true;
        return;
    }
    int deciding = node->code == FEEL_LOOP_SOME;
    if (state->truth == deciding)
        return;
    if (truth == deciding || truth < 0)
        state->truth = truth;
}

static void iterate(struct feel_run *run, struct loop_state *state, size_t level, size_t kid)
{
    struct domain domain = {0};
    if (level == state->plan->domains_len) {
        body(run, state);
        return;
    }
    if (!open_domain(run, state, level, kid, &domain)) {
        state->is_bad = true;
        return;
    }
    size_t next = kid + (state->plan->is_span[level] ? 2 : 1);
    bool is_whole = state->node->code == FEEL_LOOP_FOR && state->plan->domains_len == 1;
    if (is_whole && !feel__reserve(run, &state->results, domain.len)) {
        state->is_bad = true;
        return;
    }
    int deciding = state->node->code == FEEL_LOOP_SOME;
    for (size_t i = 0; i < domain.len && !state->is_bad && !run->stopped; i++) {
        run->frame->slots[state->plan->slots[level]] = domain_item(run, &domain, i);
        iterate(run, state, level + 1, next);
        if (state->node->code != FEEL_LOOP_FOR && state->truth == deciding)
            return;
    }
}

struct feel_value feel__loop(struct feel_run *run, const struct feel_node *node)
{
    struct loop_state state = {
        .node = node, .plan = node->data, .truth = node->code != FEEL_LOOP_SOME};
    iterate(run, &state, 0, 0);
    if (state.is_bad || run->stopped)
        return feel_null();
    if (node->code == FEEL_LOOP_FOR)
        return feel__items_list(&state.results);
    return feel__truth_value(state.truth);
}

/* ---- filters ---- */

static struct feel_value by_index(struct feel_run *run, const struct feel_value *list,
                                  struct dec number)
{
    int64_t i = 0;
    size_t len = list->list.len;
    if (!dec_to_i64(number, &i) || i == 0 || i > (int64_t)len || i < -(int64_t)len) {
        struct feel_value index = feel_number(number);
        return feel__expected(run, M("a position in the list"), &index);
    }
    return feel_item(list, i > 0 ? (size_t)i - 1 : (size_t)((int64_t)len + i), run->arena);
}

struct feel_value feel__filter(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value room, value = feel__eval(run, node->kids[0]);
    struct feel_value list = feel__as_list(&value, &room);
    struct feel__items kept = {0};
    const struct feel_node *match = node->kids[1];
    if (list.list.len == 0 && (match->op == N_CONST || match->op == N_NEGATE)) {
        struct feel_value index = feel__eval(run, match);
        if (index.kind == FEEL_NUMBER)
            return by_index(run, &list, index.number);
    }
    for (size_t i = 0; i < list.list.len && !run->stopped; i++) {
        struct feel_value is;
        struct feel_value *item = &run->frame->slots[node->slot];
        *item = feel_item(&list, i, run->arena);
        int truth = feel__truth_of(run, match, &is);
        run->node = node;
        if (truth == 0)
            continue;
        if (truth == 1) {
            if (!feel__push(run, &kept, feel_item(&list, i, run->arena)))
                return feel_null();
            continue;
        }
        if (i == 0 && is.kind == FEEL_NUMBER)
            return by_index(run, &list, is.number);
        if (!feel__is_null(&is))
            return feel__expected(run, M("boolean or number"), &is);
    }
    return feel__items_list(&kept);
}
