/* Reversals: each law over one sale, by hand; and many random histories, after which a sale and its
 * full refund come to nothing for everybody who was rewarded for it. */
#include "reward/reward_recipe_scene.h"
#include "reward/reward_web.h"

/* Of Anna's 100.00 in August. */
static int64_t sale_of(struct fixture *f, struct scene *s)
{
    struct recipe_event sale = {.type = EVENT_SALE,
                                .at = scene_at(2026, 8, 10),
                                .net_minor = 10000,
                                .shares = {EVENT_SHARE_WHOLE}};
    return recipe_event(f, s, &sale);
}

static int64_t reversed(struct fixture *f, struct scene *s, enum event_type type, int64_t at,
                        int64_t net_minor, int64_t original_seq)
{
    struct recipe_event back = {.type = type,
                                .at = at,
                                .net_minor = net_minor,
                                .original_seq = original_seq,
                                .shares = {EVENT_SHARE_WHOLE}};
    return recipe_event(f, s, &back);
}

static struct str sum_of(struct fixture *f, const char *key, int64_t event_seq)
{
    struct str where = str_printf(
        f->arena,
        "from reward_line l join reward_result r on r.id = l.result_id where r.state = 'posted' "
        "and l.key = '%s' and l.event_seq = %lld",
        key, (long long)event_seq);
    int64_t n = fixture_i64(f, str_c(f->arena, str_join(f->arena, STR("select count(*) "), where)));
    int64_t sum = fixture_i64(
        f, str_c(f->arena,
                 str_join(f->arena, STR("select cast(coalesce(sum(amount_minor), 0) as bigint) "),
                          where)));
    return n ? str_printf(f->arena, "%lld", (long long)sum) : STR("none");
}

#define ONLY_SALES "if event.type = \"sale\" then "
#define LAW(name, options, amount)                                                                 \
    {                                                                                              \
        name, "kind=\"line\" scope=\"event\" " options, "event", ONLY_SALES amount " else null"    \
    }

/* One partial refund of 30.00 after a month and four days, then the customer leaves. */
static void each_law(struct fixture *f)
{
    struct scene s;
    RECIPE(
        f, &s, "", LAW("mirror", "law=\"mirror\"", "event.net * 0.1"),
        LAW("window", "law=\"full within window\" term=\"@&quot;P40D&quot;\"", "event.net * 0.1"),
        LAW("line", "law=\"straight line\" term=\"10\"", "event.net * 0.1"),
        LAW("advance", "law=\"unearned advance\" term=\"@&quot;P10M&quot;\"", "event.net * 0.1"),
        LAW("table", "law=\"schedule\" schedule=\"[1, 0.5, 0.25]\"", "event.net * 0.1"),
        LAW("kept", "law=\"none\"", "event.net * 0.1"),
        LAW("whole", "law=\"mirror\" partial=\"full\"", "7"),
        LAW("later", "law=\"mirror\" partial=\"none\"", "7"), LAW("own", "", "1"));
    int64_t sale = sale_of(f, &s);
    int64_t refund = reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 14), -3000, sale);
    int64_t churn = reversed(f, &s, EVENT_CHURN, scene_at(2026, 10, 20), 0, sale);
    for (int month = 8; month <= 10; month++)
        (void)recipe_post(f, month);
    static const struct {
        const char *key, *refund, *churn, *why;
    } expected[] = {{"mirror", "-300", "-700", "mirror takes the part that is refunded"},
                    {"window", "-300", "0", "inside the window all, outside nothing"},
                    {"line", "-270", "-560", "nine and eight tenths are not served"},
                    {"advance", "-240", "-490", "a month that has begun is earned"},
                    {"table", "-150", "-175", "the table says what is taken in which month"},
                    {"kept", "0", "0", "what is kept is shown"},
                    {"whole", "-700", "none", "a fixed sum may go with the first part"},
                    {"later", "none", "-700", "or with the last"},
                    {"own", "none", "none", "without a law the formula decides"}};
    for (size_t i = 0; i < LEN(expected); i++) {
        is_str(sum_of(f, expected[i].key, refund), expected[i].refund, expected[i].why);
        is_str(sum_of(f, expected[i].key, churn), expected[i].churn,
               "and of the rest when it ends");
    }
    is_i64(fixture_i64(f, "select count(*) from reward_derivation where body like '%\"reversal\"%' "
                          "and body like '%straight line%' and body like '%\"served\":2%'"),
           1, "the law and what was served stay with the line");
}

static void same_period(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "law=\"mirror\"", LAW("a", "", "event.net * 0.0333"),
           {"seen", "kind=\"measure\"", "sales",
            "for e in sales[type = \"refund\"] return [e.original.id, e.original.fraction, "
            "e.original.net, e.original.months served, e.original.type]"});
    struct recipe_event sale = {.type = EVENT_SALE,
                                .at = scene_at(2026, 9, 10),
                                .net_minor = 10000,
                                .shares = {EVENT_SHARE_WHOLE}};
    int64_t seq = recipe_event(f, &s, &sale);
    int64_t first = reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 11), -5000, seq);
    int64_t second = reversed(f, &s, EVENT_CHARGEBACK, scene_at(2026, 9, 12), 9000, seq);
    int64_t third = reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 13), -5000, seq);
    (void)recipe_post(f, 9);
    is_str(sum_of(f, "a", first), "-167", "half of 3.33, rounded");
    is_str(sum_of(f, "a", second), "-166", "whatever the sign: the rest, never more");
    is_str(sum_of(f, "a", third), "none", "nothing is left to take");
    AUTO_CALCULATION september = recipe_calculate(f, 9, s.contract_ids[0]);
    is_str(recipe_result(september, s.contract_ids[0])->measures.at[0].value,
           "[[\"B-0010\", 0.5, 100, 0, \"sale\"], [\"B-0010\", 0, 100, 0, \"sale\"]]",
           "a formula sees the original");
}

static void by_a_rule(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", LAW("a", "", "event.net * 0.1"), LAW("b", "", "event.net * 0.2"),
           {"back", "kind=\"clawback\"", "event",
            "if event.original.months served < 2 then {a: event.original.fraction, b: 0.25} else "
            "0.5"});
    int64_t sale = sale_of(f, &s);
    int64_t refund = reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 14), -4000, sale);
    int64_t churn = reversed(f, &s, EVENT_CHURN, scene_at(2026, 10, 20), 0, sale);
    for (int month = 8; month <= 10; month++)
        (void)recipe_post(f, month);
    is_str(sum_of(f, "a", refund), "-400", "a rule says what part is taken back");
    is_str(sum_of(f, "b", refund), "-500", "by key");
    is_str(sum_of(f, "a", churn), "-500", "or of all lines: half of what was given");
    is_str(sum_of(f, "b", churn), "-1000", "of each");
    is_i64(fixture_i64(f, "select count(*) from reward_derivation where body like '%\"clawback\"%' "
                          "and body like '%\"name\":\"back\"%'"),
           4, "the decision stays with the lines");
}

static void mistakes(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", LAW("a", "law=\"straight line\" term=\"0\"", "1"),
           LAW("b", "law=\"schedule\" schedule=\"[2]\"", "1"), LAW("c", "", "1"),
           {"back", "kind=\"clawback\" of=\"c\"", "event", "1.5"});
    int64_t sale = sale_of(f, &s);
    (void)reversed(f, &s, EVENT_REFUND, scene_at(2026, 8, 14), -4000, sale);
    AUTO_CALCULATION august = recipe_calculate(f, 8, 0);
    const struct reward_result *anna = recipe_result(august, s.contract_ids[0]);
    static const char *const said[] = {
        "The term of the law of {0} is a number of months or a duration.",
        "The schedule of the law of {0} is a list of parts from 0 to 1.",
        "What is taken back is a part from 0 to 1, not {0}."};
    is_i64((int64_t)anna->warnings.len, LEN(said), "each mistake of a law is said");
    for (size_t i = 0; i < LEN(said) && i < anna->warnings.len; i++)
        is_str(str_of(anna->warnings.at[i].message), said[i], "by name");
    AUTO_CALCULATION september = NULL;
    (void)reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 14), -1000, sale);
    september = recipe_calculate(f, 9, 0);
    anna = recipe_result(september, s.contract_ids[0]);
    ok(anna->is_incomplete && str_eq(str_of(anna->warnings.at[0].message),
                                     STR("What {0} was rewarded with is not posted yet: nothing "
                                         "can be taken back of it.")),
       "what is not posted cannot be taken back");
}

/* Four parts of 25.00, a month after each other: what is not due yet goes first. */
static void instalments(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "",
           LAW("part", "law=\"mirror\"",
               "for i in 1..4 return {key: i, amount: 25, due: {on: @\"2026-08-31\" + "
               "@\"P1M\" * i}}"));
    int64_t sale = sale_of(f, &s);
    int64_t refund = reversed(f, &s, EVENT_REFUND, scene_at(2026, 10, 14), -4000, sale);
    (void)recipe_post(f, 8);
    (void)recipe_post(f, 10);
    is_str(sum_of(f, "part:4", refund), "-2500", "the last part goes first");
    is_str(sum_of(f, "part:3", refund), "-1500", "then the one before it");
    is_str(sum_of(f, "part:1", refund), "none", "what was due stays while others are left");
    struct str same_day = str_printf(
        f->arena,
        "select count(*) from reward_line a join reward_line b on b.key = a.key and b.due_day = "
        "a.due_day where a.event_seq = %lld and b.event_seq = %lld",
        (long long)refund, (long long)sale);
    is_i64(fixture_i64(f, str_c(f->arena, same_day)), 2,
           "and is due when what it takes back would have been");
}

/* The panel of the line that an event gave, in a language. */
static struct str explained(struct fixture *f, int64_t event_seq, int lang)
{
    struct reward__paper paper;
    struct reward__panel panel;
    AUTO_BUF text = BUF(4096);
    struct str where =
        str_printf(f->arena, "from reward_line where event_seq = %lld", (long long)event_seq);
    int64_t result_id =
        fixture_i64(f, str_c(f->arena, str_join(f->arena, STR("select max(result_id) "), where)));
    int64_t derivation_id = fixture_i64(
        f, str_c(f->arena, str_join(f->arena, STR("select max(derivation_id) "), where)));
    f->op.lang = lang_of(lang);
    scene_must(f, reward__paper_load(&f->op, REWARD_RESULT, result_id, &paper), "the paper");
    scene_must(f, reward__panel_load(&f->op, &paper, derivation_id, 0, 12, &panel), "the panel");
    f->op.lang = lang_of(LANG_EN);
    for (size_t i = 0; i < panel.formula.len; i++)
        buf_printf(&text, "%s" STR_FMT, i ? " | " : "", STR_ARG(panel.formula.at[i]));
    return str_dup(f->arena, buf_str(&text));
}

static void explanations(struct fixture *f)
{
    struct scene s;
    RECIPE(f, &s, "", LAW("a", "law=\"straight line\" term=\"10\"", "event.net * 0.1"));
    int64_t sale = sale_of(f, &s);
    int64_t refund = reversed(f, &s, EVENT_REFUND, scene_at(2026, 9, 14), -3000, sale);
    int64_t churn = reversed(f, &s, EVENT_CHURN, scene_at(2026, 10, 20), 0, sale);
    for (int month = 8; month <= 10; month++)
        (void)recipe_post(f, month);
    is_str(explained(f, refund, LANG_EN),
           "Taken back of B-0010 from 10 Aug: the part that was not served. | Served: 1 month of "
           "10 months. | What is kept: 7.30. | 10.00: 30% of it is refunded, of that 90% is taken "
           "back | = −$2.70",
           "the law stands in the explanation");
    is_str(explained(f, churn, LANG_RU),
           "Удержано за B-0010 от 10.08: неотработанная часть. | Прошло: 2 месяца из 10 месяцев. | "
           "Удержано раньше: 2,70. | Остаётся: 1,70. | 10,00: возвращено 70 %, из этого "
           "удерживается 80 % | = −5,60 $",
           "in every language");
    is_str(explained(f, churn, LANG_ES),
           "Recuperado de B-0010 del 10 ago: la parte no cumplida. | Cumplido: 2 meses de 10 "
           "meses. | Recuperado antes: 2,70. | Se conserva: 1,70. | 10,00: se reembolsa el 70 %, "
           "de eso se recupera el 80 % | = −5,60 US$",
           "and what was taken back before");
}

/* ---- histories ---- */

static uint64_t seed;
static int64_t random_below(int64_t n)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int64_t)((seed >> 33) % (uint64_t)n);
}

static int64_t random_at(int month)
{
    return scene_at(2026, month, 1 + (int)random_below(28)) + random_below(1000);
}

enum { HISTORIES = 60, FIRST = 8, LAST = 11 };

/* A sale with one to three sellers, and refunds in up to four steps in any of the months after it;
 * the last takes the rest. */
static int64_t history(struct fixture *f, struct scene *s)
{
    int64_t net = 1 + random_below(100000), gone = 0,
            share = 1 + random_below(EVENT_SHARE_WHOLE - 2);
    int month = FIRST + (int)random_below(LAST - FIRST + 1);
    struct recipe_event sale = {.type = EVENT_SALE, .at = random_at(month), .net_minor = net};
    sale.shares[random_below(3)] = EVENT_SHARE_WHOLE;
    if (random_below(2)) {
        memset(sale.shares, 0, sizeof(sale.shares));
        sale.shares[0] = share;
        sale.shares[1 + random_below(2)] = EVENT_SHARE_WHOLE - share;
    }
    struct recipe_event back = sale;
    back.original_seq = recipe_event(f, s, &sale);
    for (int64_t steps = 1 + random_below(4); steps > 0; steps--) {
        int64_t part = steps == 1 ? net - gone : random_below(net - gone + 1);
        gone += part;
        month += (int)random_below(LAST - month + 1);
        back.at = random_at(month) + US_DAY / 2;
        back.at = back.at > sale.at ? back.at : sale.at + 1;
        back.type = random_below(2) ? EVENT_REFUND : EVENT_RETURN;
        back.net_minor = random_below(2) ? -part : part;
        (void)recipe_event(f, s, &back);
    }
    return back.original_seq;
}

static void comes_to_nothing(struct fixture *f)
{
    int64_t rows = fixture_i64(f, "select count(*) from reward_line where amount_minor <> 0");
    ok(rows > 2 * (int64_t)HISTORIES, "there are lines of sales and of refunds");
    is_i64(fixture_i64(
               f, "select count(*) from (select l.partner_id, l.key, l.from_partner_id, "
                  "coalesce(nullif(e.original_seq, 0), e.event_seq) as family from reward_line l "
                  "join event_tail e on e.seq = l.event_seq where l.event_seq > 0 group by "
                  "l.partner_id, l.key, l.from_partner_id, coalesce(nullif(e.original_seq, 0), "
                  "e.event_seq) having sum(l.amount_minor) <> 0) t"),
           0, "every sale and its refunds come to nothing, for every recipient and rule");
    is_i64(fixture_i64(f, "select count(*) from reward_result where total_minor <> (select "
                          "coalesce(sum(amount_minor), 0) from reward_line where result_id = "
                          "reward_result.id)"),
           0, "totals are the sums of lines");
}

static void histories(struct fixture *f, const char *scheme, uint64_t from)
{
    struct scene s;
    static const struct recipe recipes[] = {
        LAW("own", "", "event.credit.net * 0.0777"),
        LAW("fixed", "partial=\"full\"", "3.33"),
        LAW("late", "partial=\"none\"",
            "[{key: \"x\", amount: 1.11}, {key: \"y\", amount: "
            "event.credit.net / 300, due: {after: @\"P45D\"}}]"),
        {"up", "kind=\"line\" scope=\"event\" direction=\"push\"", "event,chain",
         ONLY_SALES
         "for c in chain return {recipient: c.partner, amount: event.credit.net * 0.0123 "
         "/ c.level} else null"}};
    seed = from;
    recipe_begin(f, &s, scheme, recipes, LEN(recipes));
    fixture_sql(f, "delete from event_tail"); /* the scene's sales are not refunded */
    for (int i = 0; i < HISTORIES; i++)
        (void)history(f, &s);
    for (int month = FIRST; month <= LAST; month++)
        (void)recipe_post(f, month);
    comes_to_nothing(f);
}

static void random_histories(struct fixture *f)
{
    histories(f, "law=\"mirror\"", 20260901);
}

static void random_whole_units(struct fixture *f)
{
    histories(f, "law=\"mirror\" scale=\"0\" rounding=\"half even\"", 7);
}

static void random_lower_values(struct fixture *f)
{
    histories(f, "law=\"mirror\" rounding=\"floor\"", 1234567);
}

int main(void)
{
    fixture_each(each_law);
    fixture_each(same_period);
    fixture_each(by_a_rule);
    fixture_each(mistakes);
    fixture_each(instalments);
    fixture_each(explanations);
    fixture_each(random_histories);
    fixture_each(random_whole_units);
    fixture_each(random_lower_values);
    return done_testing();
}
