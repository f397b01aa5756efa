/* See reward_branch.h. A condition is decided when its comparisons are of known numbers; else the
 * branches are: null gives no line, and a rate is the value of only one of them. */
#include "reward/reward_branch.h"

#include <ctype.h>

enum { BRANCHES_MAX = 8 };

struct choice { /* "if A then B else C", offsets into the text */
    size_t from, test_from, test_to, yes_from, yes_to, no_from, to;
};

static bool is_word_char(char c)
{
    return c == '_' || c == '.' || isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_word(struct str text, size_t at, const char *word)
{
    size_t len = strlen(word);
    return str_starts(str_sub(text, at, SIZE_MAX), str_of(word)) &&
           (at == 0 || !is_word_char(text.at[at - 1])) &&
           (at + len == text.len || !is_word_char(text.at[at + len]));
}

/* Behind a string that begins at `at`; the next character otherwise. */
static size_t step_over(struct str text, size_t at)
{
    if (text.at[at] != '"')
        return at + 1;
    for (at++; at < text.len && text.at[at] != '"'; at++)
        at += text.at[at] == '\\' ? 1 : 0;
    return at < text.len ? at + 1 : text.len;
}

/* Where the part that begins at `from` ends: before the word of its own level, or (no word) at the
 * comma or bracket that closes it. SIZE_MAX: the word does not come. */
static size_t part_end(struct str text, size_t from, const char *word)
{
    int depth = 0, nested = 0;
    for (size_t at = from; at < text.len; at = step_over(text, at)) {
        char c = text.at[at];
        bool is_close = c == ')' || c == ']' || c == '}';
        if (depth == 0 && (is_close || (c == ',' && !word)))
            return word ? SIZE_MAX : at;
        if (depth == 0 && nested == 0 && word && is_word(text, at, word))
            return at;
        nested += is_word(text, at, "if") ? 1 : is_word(text, at, "else") ? -1 : 0;
        depth += c == '(' || c == '[' || c == '{' ? 1 : is_close ? -1 : 0;
    }
    return word ? SIZE_MAX : text.len;
}

static bool find_choice(struct str text, size_t from, struct choice *out)
{
    size_t at = from;
    while (at < text.len && !is_word(text, at, "if"))
        at = step_over(text, at);
    if (at >= text.len)
        return false;
    struct choice c = {.from = at, .test_from = at + 2};
    c.test_to = part_end(text, c.test_from, "then");
    if (c.test_to == SIZE_MAX)
        return false;
    c.yes_from = c.test_to + 4;
    c.yes_to = part_end(text, c.yes_from, "else");
    if (c.yes_to == SIZE_MAX)
        return false;
    c.no_from = c.yes_to + 4;
    c.to = part_end(text, c.no_from, NULL);
    *out = c;
    return true;
}

static struct str part(struct str text, size_t from, size_t to)
{
    return str_trim(str_sub(text, from, to - from));
}

/* ---- deciding ---- */

enum truth { UNKNOWN = 1, YES, NO };

static bool number_of(const struct reward__known *known, struct str text, struct dec *out)
{
    struct str value = known->value(known->self, text);
    return dec_parse(value.at ? value : text, out);
}

static enum truth compare(const struct reward__known *known, struct str text)
{
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "="};
    struct dec left, right;
    for (size_t i = 0; i < LEN(signs); i++) {
        size_t at = str_find(text, str_of(signs[i]), 0), len = strlen(signs[i]);
        if (at == SIZE_MAX)
            continue;
        if (!number_of(known, part(text, 0, at), &left) ||
            !number_of(known, part(text, at + len, text.len), &right))
            return UNKNOWN;
        int order = dec_cmp(left, right);
        bool is_equal_sign = signs[i][len - 1] == '=';
        bool is_so = signs[i][0] == '<'   ? order < 0 || (is_equal_sign && order == 0)
                     : signs[i][0] == '>' ? order > 0 || (is_equal_sign && order == 0)
                     : signs[i][0] == '!' ? order != 0
                                          : order == 0;
        return is_so ? YES : NO;
    }
    return UNKNOWN;
}

/* Comparisons joined by "and". */
static enum truth decide_test(const struct reward__known *known, struct str text)
{
    enum truth all = YES;
    for (size_t from = 0; from < text.len;) {
        size_t end = from;
        while (end < text.len && !is_word(text, end, "and"))
            end = step_over(text, end);
        enum truth one = compare(known, part(text, from, end));
        if (one == NO)
            return NO;
        all = one == UNKNOWN ? UNKNOWN : all;
        from = end < text.len ? end + 3 : end;
    }
    return all;
}

static enum truth decide(const struct reward__known *known, struct str text, const struct choice *c)
{
    struct str yes = part(text, c->yes_from, c->yes_to), no = part(text, c->no_from, c->to);
    struct dec of_yes, of_no, rate;
    enum truth by_test = decide_test(known, part(text, c->test_from, c->test_to));
    if (by_test != UNKNOWN)
        return by_test;
    if (str_eq(no, STR("null")) != str_eq(yes, STR("null")))
        return str_eq(no, STR("null")) ? YES : NO;
    if (known->rate.len == 0 || !dec_parse(known->rate, &rate) || !number_of(known, yes, &of_yes) ||
        !number_of(known, no, &of_no) || dec_eq(of_yes, of_no))
        return UNKNOWN;
    return dec_eq(of_yes, rate) ? YES : dec_eq(of_no, rate) ? NO : UNKNOWN;
}

void reward__branches_take(struct arena *arena, struct str text, const struct reward__known *known,
                           struct reward__branched *out)
{
    struct choice c;
    size_t from = 0;
    *out = (struct reward__branched){.text = text};
    for (int i = 0; i < BRANCHES_MAX && find_choice(out->text, from, &c); i++) {
        struct str whole = out->text, test = part(whole, c.test_from, c.test_to);
        enum truth truth = decide(known, whole, &c);
        if (truth == UNKNOWN) {
            from = c.test_from;
            continue;
        }
        struct str taken =
            truth == YES ? part(whole, c.yes_from, c.yes_to) : part(whole, c.no_from, c.to);
        if (truth == NO)
            test = str_printf(arena, "not (" STR_FMT ")", STR_ARG(test));
        bool is_said = false;
        for (size_t k = 0; k < out->conditions.len; k++)
            is_said = is_said || str_eq(out->conditions.at[k], test);
        if (!is_said)
            VEC_PUSH(arena, &out->conditions, test);
        out->text = str_printf(arena, STR_FMT STR_FMT STR_FMT, STR_ARG(str_sub(whole, 0, c.from)),
                               STR_ARG(taken), STR_ARG(str_sub(whole, c.to, SIZE_MAX)));
        from = c.from;
    }
    out->text = str_trim(out->text);
}
