/* See reward_branch.h. */
#include "reward/reward_branch.h"

#include <ctype.h>

#include "text/text.h"

enum { FORMULA_MAX_BYTES = 64 << 10 };

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

/* ---- taking ---- */

enum truth { UNKNOWN = 1, YES, NO };

struct taking {
    struct arena *arena;
    const struct reward__ways *ways;
    struct reward__branched *out;
    struct buf text;
};

/* Lines and columns from 1, in characters, as the language counts them. */
static void place_of(struct str text, size_t at, int64_t *out_line, int64_t *out_column)
{
    size_t from = 0;
    *out_line = 1;
    for (size_t i = 0; i < at; i++)
        if (text.at[i] == '\n') {
            from = i + 1;
            ++*out_line;
        }
    *out_column = (int64_t)utf8_count(str_sub(text, from, at - from)) + 1;
}

static enum truth way_of(const struct reward__ways *ways, int64_t line, int64_t column)
{
    enum truth truth = UNKNOWN;
    for (size_t i = 0; i < ways->len; i++) {
        if (ways->at[i].line != line || ways->at[i].column != column)
            continue;
        if (truth != UNKNOWN)
            return UNKNOWN; /* it went both ways */
        truth = ways->at[i].is_true ? YES : NO;
    }
    return truth;
}

static void add_test(struct taking *taking, struct str text, const struct choice *c, int64_t line,
                     int64_t column, bool is_true)
{
    struct reward__test test = {part(text, c->test_from, c->test_to), line, column, is_true};
    for (size_t i = 0; i < taking->out->tests.len; i++)
        if (str_eq(taking->out->tests.at[i].text, test.text) &&
            taking->out->tests.at[i].is_true == is_true)
            return;
    VEC_PUSH(taking->arena, &taking->out->tests, test);
}

/* The part of the text with its branches taken. */
static void take(struct taking *taking, struct str text, size_t from, size_t to)
{
    struct choice c;
    while (find_choice(text, from, &c) && c.from < to) {
        int64_t line = 0, column = 0;
        place_of(text, c.from, &line, &column);
        enum truth truth = way_of(taking->ways, line, column);
        buf_put(&taking->text, str_sub(text, from, c.from - from));
        if (truth == UNKNOWN) { /* those inside may be known */
            buf_put(&taking->text, str_sub(text, c.from, c.test_from - c.from));
            from = c.test_from;
            continue;
        }
        add_test(taking, text, &c, line, column, truth == YES);
        struct str taken =
            truth == YES ? part(text, c.yes_from, c.yes_to) : part(text, c.no_from, c.to);
        take(taking, text, (size_t)(taken.at - text.at), (size_t)(taken.at - text.at) + taken.len);
        from = c.to;
    }
    buf_put(&taking->text, str_sub(text, from, to - from));
}

void reward__branches_take(struct arena *arena, struct str text, const struct reward__ways *ways,
                           struct reward__branched *out)
{
    struct taking taking = {
        .arena = arena, .ways = ways, .out = out, .text = BUF(FORMULA_MAX_BYTES)};
    *out = (struct reward__branched){.text = text};
    take(&taking, text, 0, text.len);
    if (!taking.text.is_over)
        out->text = str_dup(arena, str_trim(buf_str(&taking.text)));
    buf_done(&taking.text);
}
