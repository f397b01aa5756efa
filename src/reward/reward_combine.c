/* Schemes of a contract that compete: of each event, or of the period, the lines of one of them
 * count. What does not is kept beside the total, with the scheme that counts instead. Compared is
 * what they gave in phase 1, before anybody else sees it. */
#include "reward/reward_original.h"

struct contest {      /* of one event, or of the period */
    struct dec *sums; /* by scheme of the contract */
    bool *has;
    size_t winner;
};

struct judging {
    struct reward__calc *calc;
    struct reward__contract *contract;
    enum contract_combine how;
    struct map *contests; /* by event_seq; 0: of the period */
    VEC(struct contest *) list;
};

static enum contract_combine combine_of(const struct reward__scheme *scheme)
{
    const struct reward__segment *last = reward__last_segment(scheme);
    return last && last->bound ? last->bound->combine : CONTRACT_ADD;
}

/* The scheme of the contract that gave the line; false: none that competes in this way. */
static bool rival_of(const struct judging *j, const struct reward_line *line, size_t *out)
{
    for (size_t i = 0; i < j->contract->schemes.len; i++)
        if (j->contract->schemes.at[i].scheme_id == line->scheme_id) {
            *out = i;
            return combine_of(&j->contract->schemes.at[i]) == j->how;
        }
    return false;
}

static struct contest *contest_of(struct judging *j, const struct reward_line *line)
{
    struct arena *arena = j->calc->work;
    size_t len = j->contract->schemes.len;
    void **slot =
        map_put_i64(j->contests, j->how == CONTRACT_HIGHEST_IN_PERIOD ? 0 : line->event_seq);
    if (*slot)
        return *slot;
    struct contest *contest = NEW(arena, struct contest);
    contest->sums = NEW_ARRAY(arena, struct dec, len);
    contest->has = NEW_ARRAY(arena, bool, len);
    for (size_t i = 0; i < len; i++)
        contest->sums[i] = dec_from_i64(0);
    *slot = contest;
    VEC_PUSH(arena, &j->list, contest);
    return contest;
}

static bool is_competing(const struct judging *j, const struct reward_line *line, size_t *out)
{
    return line->aside == 0 && rival_of(j, line, out);
}

static void add_up(struct judging *j)
{
    size_t scheme = 0;
    for (size_t i = 0; i < j->contract->details.lines.len; i++) {
        const struct reward_line *line = &j->contract->details.lines.at[i];
        if (!is_competing(j, line, &scheme))
            continue;
        struct contest *contest = contest_of(j, line);
        contest->sums[scheme] = dec_add(contest->sums[scheme], line->exact);
        contest->has[scheme] = true;
    }
}

/* More is better; where all take back, who gave the most takes the most. Ties go to the earlier. */
static bool is_better(const struct judging *j, struct dec a, struct dec b, bool is_back)
{
    if (j->how == CONTRACT_FIRST)
        return dec_is_zero(b) && !dec_is_zero(a);
    return is_back ? dec_cmp(a, b) < 0 : dec_cmp(a, b) > 0;
}

static void decide(const struct judging *j, struct contest *contest)
{
    size_t len = j->contract->schemes.len, winner = len;
    bool is_back = true;
    for (size_t i = 0; i < len; i++)
        is_back = is_back && dec_sign(contest->sums[i]) <= 0;
    for (size_t i = 0; i < len; i++)
        if (contest->has[i] &&
            (winner == len || is_better(j, contest->sums[i], contest->sums[winner], is_back)))
            winner = i;
    contest->winner = winner;
}

static void set_aside(struct judging *j, struct reward_line *line, size_t winner)
{
    struct reward_result *result = j->contract->result;
    const struct reward__segment *segment = reward__last_segment(&j->contract->schemes.at[winner]);
    line->aside = REWARD_OUTDONE;
    line->recipient = segment->bound->scheme_name;
    result->total_minor -= line->amount_minor;
    result->lines_len--;
    reward__sum_add(j->calc, result, line->output, -line->amount_minor);
    if (j->calc->originals)
        reward__original_unnote(j->calc, j->contract, line);
}

static void compete(struct reward__calc *calc, struct reward__contract *contract,
                    enum contract_combine how)
{
    struct judging j = {
        .calc = calc, .contract = contract, .how = how, .contests = map_new(calc->work)};
    size_t rivals = 0, scheme = 0;
    for (size_t i = 0; i < contract->schemes.len; i++)
        rivals += combine_of(&contract->schemes.at[i]) == how;
    if (rivals < 2)
        return;
    add_up(&j);
    for (size_t i = 0; i < j.list.len; i++)
        decide(&j, j.list.at[i]);
    for (size_t i = 0; i < contract->details.lines.len; i++) {
        struct reward_line *line = &contract->details.lines.at[i];
        if (!is_competing(&j, line, &scheme))
            continue;
        const struct contest *contest = contest_of(&j, line);
        if (contest->winner != scheme)
            set_aside(&j, line, contest->winner);
    }
}

void reward__combine(struct reward__calc *calc, struct reward__contract *contract)
{
    for (enum contract_combine how = CONTRACT_HIGHEST; how <= CONTRACT_FIRST; how++)
        compete(calc, contract, how);
}
