/* Which names a text mentions: those in scope and not hidden, parts behind dots with what they
 * belong to, in texts that are right and in those that are not. */
#include "feel/feel.h"
#include "tests/tap.h"

static struct str found(struct arena *arena, const char *text, bool is_tests)
{
    struct str names[] = {STR("volume"), STR("own volume"), STR("terms"), STR("rate"), STR("d")};
    struct str parts[] = {STR("tier 1 rate")};
    struct feel_mentions list;
    AUTO_BUF buf = BUF(4096);
    feel_mentions(arena, str_of(text), is_tests, &(struct str_list){names, LEN(names), LEN(names)},
                  &(struct str_list){parts, LEN(parts), LEN(parts)}, &list);
    for (size_t i = 0; i < list.len; i++)
        buf_printf(&buf, "%s%zu-%zu " STR_FMT "." STR_FMT, i ? "; " : "", list.at[i].from,
                   list.at[i].to, STR_ARG(list.at[i].owner), STR_ARG(list.at[i].name));
    return str_dup(arena, buf_str(&buf));
}

int main(void)
{
    static const struct {
        const char *text, *want, *rule;
        bool is_tests;
    } cases[] = {
        {"own  volume * rate", "0-11 .own volume; 14-18 .rate", "the longest name counts", false},
        {"\"rate\" + 1 /* rate */", "", "texts and comments name nothing", false},
        {"for rate in [1] return rate", "", "a variable of a loop hides a name", false},
        {"for x in [rate] return rate", "10-14 .rate; 23-27 .rate", "another does not", false},
        {"{rate: 1, b: rate}.rate + rate", "19-23 .rate; 26-30 .rate",
         "an entry hides it inside its context", false},
        {"function(rate) rate + volume", "22-28 .volume", "and a parameter inside its function",
         false},
        {"decimal(n: rate, scale: 2)", "11-15 .rate", "names of arguments are none", false},
        {"terms.tier 1 rate + 1", "0-5 .terms; 6-17 terms.tier 1 rate",
         "a known name with digits stands behind a dot", false},
        {"[d][item.x > rate].y", "1-2 .d; 9-10 item.x; 13-17 .rate; 19-20 .y",
         "inside a filter too", false},
        {"d[x = 1].measures.rate", "0-1 .d; 9-17 d.measures; 18-22 measures.rate",
         "a part belongs to what is before the dot", false},
        {">= rate, [volume..terms.x)", "3-7 .rate; 10-16 .volume; 18-23 .terms; 24-25 terms.x",
         "tests are read as tests", true},
        {"if rate then ) volume + terms.tier 1 rate",
         "3-7 .rate; 15-21 .volume; 24-29 .terms; 30-41 terms.tier 1 rate",
         "behind a mistake it is read word by word", false},
        {"", "", "an empty text names nothing", false},
    };
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < LEN(cases); i++)
        is_str(found(arena, cases[i].text, cases[i].is_tests), cases[i].want, cases[i].rule);
    return done_testing();
}
