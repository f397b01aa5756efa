/* The search of everything with the finders of all modules: what is found, who finds it, and where
 * a whole code leads. */
#include "auth/auth.h"
#include "crypt/crypt.h"
#include "main/modules.h"
#include "partner/partner.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const char *const records[] = {
    "insert into contract (code, code_fold, code_sort, partner_id, entity_id, nature, state, "
    "from_day, created_at) select 'AG-' || code, 'ag-' || lower(code), code, id, (select min(id) "
    "from legal_entity), 'agency', 'active', 0, 0 from partner",
    "insert into customer (code, name, name_fold, name_sort, since, created_at) values ('K-77', "
    "'Northern Lights', 'northern lights', 'n', 0, 0)",
    "insert into product (code, name, name_fold, name_sort, unit, is_commissionable, created_at) "
    "values ('P-5', 'Northern Plan', 'northern plan', 'n', '', true, 0)",
    "insert into reward_run (period, from_day, to_day, from_at, to_at, state, created_at) values "
    "('2026-09', 20697, 20727, 0, 1, 'posted', 0)",
    "insert into reward_result (run_id, contract_id, partner_id, entity_id, period, state, "
    "currency, total_minor, watermark_seq, events, lines, inputs, sha256, due_day, created_at) "
    "select r.id, c.id, c.partner_id, c.entity_id, '2026-09', 'posted', 'EUR', 123456, 0, 0, 0, "
    "'{}', 'x', 0, 0 from reward_run r, contract c",
    "insert into statement (number, result_id, contract_id, partner_id, entity_id, period, "
    "from_day, to_day, state, currency, total_minor, created_at) select 'ST-' || contract_id, id, "
    "contract_id, partner_id, entity_id, period, 20697, 20727, 'sent', 'EUR', total_minor, 0 from "
    "reward_result",
};

struct search {
    struct fx x;
    struct actor all, south, partners_only, nobody;
    int64_t north_partner, south_partner;
};

static int64_t add_branch(struct fixture *f, int64_t entity, const char *code)
{
    int64_t id = 0;
    struct org_branch branch = {.code = str_of(code), .name = str_of(code), .entity_id = entity};
    ok(org_branch_save(&f->op, &branch, &id) == RC_OK, code);
    return id;
}

static int64_t add_partner(struct fixture *f, int64_t branch, const char *code, const char *name)
{
    int64_t id = 0;
    struct partner p = {.code = str_of(code),
                        .name = str_of(name),
                        .state = STR("active"),
                        .kind = STR("company"),
                        .country = STR("ES"),
                        .branch_id = branch,
                        .since = f->op.now};
    ok(partner_save(&f->op, &p, &id) == RC_OK, name);
    return id;
}

static void open_search(struct fixture *f, struct search *s)
{
    int64_t entity_id = 0;
    struct org_entity entity = {.name = STR("Iberia"), .country = STR("ES")};
    ok(org_entity_save(&f->op, &entity, &entity_id) == RC_OK, "a company");
    int64_t north = add_branch(f, entity_id, "North"), south = add_branch(f, entity_id, "South");
    s->north_partner = add_partner(f, north, "N-1", "Northern Star");
    s->south_partner = add_partner(f, south, "S-1", "Southern Northern");
    for (size_t i = 0; i < LEN(records); i++)
        fixture_sql(f, records[i]);
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values (91, 1, 2, "
                   "'so@x.example', 'so@x.example', "
                   "'Northwood', 'northwood', 'n', 'en', false, 0)");
    fixture_sql(f, str_printf(f->arena,
                              "insert into user_branch (user_id, branch_id) values (91, %lld)",
                              (long long)south)
                       .at);
    s->all = fx_staff(1, (const char *const[]){"*", NULL});
    s->south = fx_staff(91, (const char *const[]){"*", NULL});
    s->south.has_all_branches = false;
    s->partners_only = fx_staff(1, (const char *const[]){"partner.read", NULL});
    s->nobody = fx_staff(1, (const char *const[]){NULL});
    fx_open(&s->x, f, modules_routes(), &auth_http_hooks);
}

static bool shows(struct search *s, const char *path, const char *prefix, int64_t id)
{
    char href[96];
    snprintf(href, sizeof(href), "href=\"%s%s\"", path, pid_of(prefix, id).text);
    return fx_has(&s->x, href);
}

static void found(struct fixture *f)
{
    struct search s;
    open_search(f, &s);
    is_i64(fx_get(&s.x, &s.all, "/search?q=northern"), 200, "one word is looked for everywhere");
    ok(shows(&s, "/partners/", "prt", s.north_partner) &&
           shows(&s, "/partners/", "prt", s.south_partner),
       "partners by any part of the name");
    ok(fx_has(&s.x, "Northern Lights") && fx_has(&s.x, "Northern Plan"),
       "customers and products by its beginning");
    ok(fx_has(&s.x, "href=\"/partners?q=northern\""), "each kind leads to its list, filtered");
    fx_get(&s.x, &s.all, "/search?q=1%2C234.56");
    ok(fx_has(&s.x, "€1,234.56") && fx_has(&s.x, "/statements/sta_"),
       "an amount finds the statements of that amount");
    is_i64(fx_get(&s.x, &s.all, "/search?q=n-1"), 303, "a whole code leads there at once");
    ok(str_starts(fx_header(&s.x, "Location"), STR("/partners/prt_")), "to the partner");
    is_i64(fx_get(&s.x, &s.all, "/search?q=AG-n-1"), 303, "in either case");
    ok(str_starts(fx_header(&s.x, "Location"), STR("/contracts/ctr_")), "to the contract");
    is_i64(fx_get(&s.x, &s.all, "/search?q=AG-"), 200, "a part of a code does not");
    fx_get(&s.x, &s.all, "/search?q=zzzz");
    ok(fx_has(&s.x, "Nothing begins with") && fx_has(&s.x, "href=\"/customers?q=zzzz\""),
       "nothing found says so and offers the lists");
    is_i64(fx_get(&s.x, &s.all, "/search?q=%25"), 200, "one character finds nothing");
    ok(fx_has(&s.x, "Type two characters") && !fx_has(&s.x, "/partners/prt_"), "and asks for more");
    is_i64(fx_htmx(&s.x, &s.all, "/search/suggest?q=n-1"), 200,
           "suggestions lead nowhere by themselves");
    ok(shows(&s, "/partners/", "prt", s.north_partner) && !fx_has(&s.x, "<html"),
       "they are a fragment");
    fx_done(&s.x);
}

static void hidden(struct fixture *f)
{
    struct search s;
    open_search(f, &s);
    fx_get(&s.x, &s.south, "/search?q=northern");
    ok(shows(&s, "/partners/", "prt", s.south_partner) &&
           !shows(&s, "/partners/", "prt", s.north_partner),
       "whoever has one branch finds the partners of that branch");
    is_i64(fx_get(&s.x, &s.south, "/search?q=AG-N-1"), 200, "a contract of another is not there");
    ok(!fx_has(&s.x, "/contracts/ctr_"), "by no code");
    fx_get(&s.x, &s.south, "/search?q=1234.56");
    ok(fx_has(&s.x, "Southern Northern") && !fx_has(&s.x, "Northern Star"),
       "nor statements by their amount");
    fx_get(&s.x, &s.partners_only, "/search?q=northern");
    ok(shows(&s, "/partners/", "prt", s.north_partner) && !fx_has(&s.x, "Northern Lights") &&
           !fx_has(&s.x, "/customers?q="),
       "kinds without the permission are neither looked for nor offered");
    fx_get(&s.x, &s.nobody, "/search?q=northern");
    ok(!fx_has(&s.x, "data-search") && !fx_has(&s.x, "/partners?q="),
       "whoever may see no kind has no search");
    fx_done(&s.x);
}

int main(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(pid_key);
    modules_start();
    fixture_each(found);
    fixture_each(hidden);
    return done_testing();
}
