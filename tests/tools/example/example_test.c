/* The language of tools/sqlc by example: code that sqlc wrote, run on both engines. */
#include "example/example_q.h"
#include "tests/fixture.h"
#include "tests/tap.h"

enum { PARTNERS = 120, STAFF = 7 };

static void must_ok(enum rc rc)
{
    if (rc == RC_OK)
        return;
    printf("Bail out! %s\n", rc_code(rc));
    exit(1);
}

static struct actor staff(bool has_all_branches)
{
    return (struct actor){
        .kind = ACTOR_STAFF, .user_id = STAFF, .has_all_branches = has_all_branches};
}

/* Partners 1…120 in two branches; names in tens that are equal, so that the id must decide. */
static void fill(struct fixture *f)
{
    int64_t branch, id;
    for (int i = 0; i < 2; i++)
        must_ok(q_example_branch_add(
            &f->op, &(struct q_example_branch_add_in){.name = STR("Branch")}, &branch));
    must_ok(q_example_see_branch(
        &f->op, &(struct q_example_see_branch_in){.user_id = STAFF, .branch_id = 2}));
    AUTO_TXN txn = {0};
    must_ok(txn_begin(&f->op, &txn));
    for (int i = 0; i < PARTNERS; i++) {
        struct q_example_partner_add_in in = {
            .branch_id = i % 3 ? 1 : 2,
            .code = str_printf(f->arena, "P%03d", i * 7 % PARTNERS),
            .name = i % 10 ? STR("Плюс Центр") : STR("Север"),
            .name_sort = str_printf(f->arena, "%c\xFF", 'a' + i / 10),
            .state = i % 4 ? STR("active") : STR("paused"),
            .level_id = i % 5 ? SOME(i % 5) : NONE,
            .note = i ? STR_NONE : STR("first"),
            .is_vip = i % 2,
            .created_at = 1000 - i / 3,
        };
        must_ok(q_example_partner_add(&f->op, &in, &id));
    }
    must_ok(txn_commit(&txn));
}

static void kinds(struct fixture *f)
{
    struct op *op = &f->op;
    struct example_partner p;
    struct example_partner_rows rows;
    fill(f);
    ok(q_example_partner(op, &(struct q_example_partner_in){1}, &p) == RC_OK, ":one gives the row");
    is_str(p.note, "first", "with its values");
    ok(q_example_partner(op, &(struct q_example_partner_in){999}, &p) == RC_MISSING,
       "or RC_MISSING");
    must_ok(q_example_partners(op, &(struct q_example_partners_in){STR("paused")}, &rows));
    ok(rows.len == 30 && rows.at[29].id == 117, ":many gives them all");
    struct q_example_rename_in rename = {.id = 1, .revision = p.revision, .name = STR("New")};
    ok(q_example_rename(op, &rename) == RC_OK, ":changed changes");
    ok(q_example_rename(op, &rename) == RC_CONFLICT, "and a second editor is told");
    struct q_example_contract_add_in contracts[] = {
        {1, STR("a")}, {1, STR("b")}, {2, STR("a")}, {1, STR("a")}, {4, STR("c")}};
    struct i64_list ids;
    ok(q_example_contract_add(op, contracts, LEN(contracts), &ids) == RC_OK && ids.len == 4,
       ":bulk inserts and returns what is new");
    AUTO_CURSOR cursor = {0};
    struct example_contract contract;
    size_t len = 0;
    must_ok(q_example_contracts_open(op, &cursor));
    while (q_example_contracts_next(&cursor, &contract) == RC_OK)
        len += str_starts(contract.code, STR("C-"));
    is_i64((int64_t)len, 4, ":each gives them one by one");
    cursor_close(&cursor);
    must_ok(q_example_engine(op, &contract));
    is_str(contract.code, f->engine == DB_SQLITE ? "sqlite" : "pg", "each engine has its own text");
}

static int64_t seen(struct fixture *f, struct actor actor)
{
    int64_t count = -1;
    f->op.actor = actor;
    must_ok(q_example_list_count(&f->op, &(struct q_example_list_in){0}, LIST_COUNT_LIMIT, &count));
    return count;
}

static void scopes(struct fixture *f)
{
    struct example_partner p;
    struct actor partner = {.kind = ACTOR_PARTNER, .user_id = 1, .partner_id = 5};
    struct actor nobody = {.kind = ACTOR_NOBODY}, stranger = staff(false);
    stranger.user_id = STAFF + 1;
    fill(f);
    is_i64(seen(f, staff(true)), PARTNERS, "staff with all branches see every partner");
    is_i64(seen(f, staff(false)), PARTNERS / 3, "staff see the partners of their branches");
    is_i64(seen(f, stranger), 0, "staff without a branch see none");
    is_i64(seen(f, partner), 1, "a partner sees itself");
    is_i64(seen(f, nobody), 0, "nobody sees nothing");
    f->op.actor = partner;
    ok(q_example_partner(&f->op, &(struct q_example_partner_in){4}, &p) == RC_MISSING,
       "another's row is missing");
    struct q_example_rename_in rename = {.id = 4, .revision = 1, .name = STR("Mine")};
    ok(q_example_rename(&f->op, &rename) == RC_CONFLICT, "and cannot be changed");
    struct q_example_contract_add_in contracts[] = {{4, STR("a")}, {5, STR("b")}, {5, STR("c")}};
    struct i64_list ids;
    must_ok(q_example_contract_add(&f->op, contracts, LEN(contracts), &ids));
    static const struct {
        enum actor_kind kind;
        size_t want;
        const char *name;
    } cases[] = {{ACTOR_SYSTEM, 3, "the system sees every child row"},
                 {ACTOR_STAFF, 1, "staff those of the partners of their branches"},
                 {ACTOR_PARTNER, 2, "a partner its own"},
                 {ACTOR_NOBODY, 0, "nobody none"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        AUTO_CURSOR cursor = {0};
        struct example_contract contract;
        size_t len = 0;
        f->op.actor = (struct actor){.kind = cases[i].kind, .user_id = STAFF, .partner_id = 5};
        must_ok(q_example_contracts_open(&f->op, &cursor));
        while (q_example_contracts_next(&cursor, &contract) == RC_OK)
            len++;
        is_i64((int64_t)len, (int64_t)cases[i].want, cases[i].name);
    }
}

/* Walks all pages forward and back again and compares with one page of everything. */
static bool walk(struct fixture *f, struct q_example_list_in in, int limit)
{
    struct example_row_page all, page;
    size_t at = 0;
    in.page.limit = 1000;
    must_ok(q_example_list(&f->op, &in, &all));
    bool is_same = !all.has_next && !all.has_prev;
    in.page.limit = limit;
    do {
        must_ok(q_example_list(&f->op, &in, &page));
        is_same = is_same && page.has_prev == (at > 0);
        for (size_t i = 0; i < page.len; i++, at++)
            is_same = is_same && at < all.len && page.at[i].id == all.at[at].id;
        in.page.cursor = page.next;
    } while (page.has_next && is_same);
    is_same = is_same && at == all.len;
    at -= page.len;
    in.page.is_backward = true;
    while (page.has_prev && is_same) {
        in.page.cursor = page.prev;
        must_ok(q_example_list(&f->op, &in, &page));
        at -= page.len;
        is_same = is_same && page.has_next;
        for (size_t i = 0; i < page.len; i++)
            is_same = is_same && page.at[i].id == all.at[at + i].id;
    }
    return is_same && at == 0;
}

static void lists(struct fixture *f)
{
    struct op *op = &f->op;
    struct example_row_page page, again;
    int64_t count;
    fill(f);
    bool is_same = true;
    for (int sort = 0; q_example_list_sorts[sort]; sort++)
        for (int limit = 1; limit <= 130; limit += limit < 8 ? 1 : 61)
            for (int down = 0; down < 2; down++)
                is_same = is_same && walk(f,
                                          (struct q_example_list_in){
                                              .page = {.sort_i = sort, .is_descending = down}},
                                          limit);
    ok(is_same, "pages of every size lead through the list and back, in each sort and direction");
    struct q_example_list_in in = {.today = 1000, .page = {.limit = 10}};
    in.page.sort_i = list_sort_find(q_example_list_sorts, STR("code"));
    must_ok(q_example_list(op, &in, &page));
    ok(page.len == 10 && str_eq(page.at[0].code, STR("P000")), "the sort is what it says");
    ok(page.has_next && !page.has_prev && !page.prev.at, "the first page has only a next one");
    in.page.is_backward = true;
    must_ok(q_example_list(op, &in, &page));
    ok(page.len == 10 && str_eq(page.at[9].code, STR("P119")) && page.has_prev && !page.has_next,
       "backward without a cursor is the last page");
    ok(list_sort_find(q_example_list_sorts, STR("x")) == -1, "an unknown sort is not found");

    in = (struct q_example_list_in){.today = 1000, .page = {.limit = 50}};
    must_ok(q_example_list(op, &in, &page));
    fixture_sql(f, "update partner set state = 'closed' where id <= 50");
    fixture_sql(f, "insert into partner (branch_id, code, name, name_sort, created_at) select 1, "
                   "'Q' || id, 'new', name_sort, 5 from partner where id <= 50");
    in.page.cursor = page.next;
    must_ok(q_example_list(op, &in, &again));
    ok(again.at[0].id > 50, "rows that come meanwhile do not shift the next page");
    must_ok(q_example_list_count(op, &in, 100, &count));
    is_i64(count, 100, "a count stops where it is told to");
    must_ok(q_example_list_count(op, &in, LIST_COUNT_LIMIT, &count));
    is_i64(count, PARTNERS + 50, "and else counts all");
}

static int64_t filtered(struct fixture *f, struct q_example_list_in in)
{
    int64_t count = 0;
    must_ok(q_example_list_count(&f->op, &in, LIST_COUNT_LIMIT, &count));
    AUTO_CURSOR cursor = {0};
    struct example_row row;
    int64_t streamed = 0;
    must_ok(q_example_list_each_open(&f->op, &in, &cursor));
    while (q_example_list_each_next(&cursor, &row) == RC_OK)
        streamed++;
    return walk(f, in, 7) && streamed == count ? count : -1;
}

static void filters(struct fixture *f)
{
    struct str states[] = {STR("paused"), STR("closed"), STR("x"), STR("y"), STR("z")};
    int64_t levels[] = {1, 2, 3};
    fill(f);
    struct q_example_list_in none = {.today = 1000}, in = none;
    is_i64(filtered(f, in), PARTNERS, "an absent filter filters nothing");
    in.state = (struct str_list){states, 1, 0};
    is_i64(filtered(f, in), 30, "one value of a set");
    in.state.len = 5;
    is_i64(filtered(f, in), 30, "five values of a set");
    in.branch = SOME(2);
    is_i64(filtered(f, in), 10, "two filters together");
    in = none;
    in.level = (struct i64_list){levels, 3, 0};
    is_i64(filtered(f, in), 72, "a set of numbers");
    in = none;
    in.vip = SOME(1);
    is_i64(filtered(f, in), 60, "a truth value");
    in.vip = SOME(0);
    is_i64(filtered(f, in), 60, "that is false is a filter too");
    in = none;
    in.older = SOME(20);
    is_i64(filtered(f, in), 57, "a filter that uses an input");
    in.q = STR("Север");
    is_i64(filtered(f, in), 5, "a text, with a text of its own for each engine");
    f->op.actor = staff(false);
    is_i64(filtered(f, in), 1, "filters narrow what the actor may see");
}

/* One page of everything has the rows of the stream, which sorts them all, in the same order. */
static bool is_as_streamed(struct fixture *f, struct q_example_list_in in)
{
    struct example_row_page all;
    struct example_row row;
    AUTO_CURSOR cursor = {0};
    size_t at = 0;
    bool is_same = true;
    in.page.limit = 1000;
    must_ok(q_example_list(&f->op, &in, &all));
    must_ok(q_example_list_each_open(&f->op, &in, &cursor));
    for (; q_example_list_each_next(&cursor, &row) == RC_OK; at++)
        is_same = is_same && at < all.len && all.at[at].id == row.id;
    return is_same && at == all.len && at > 0;
}

static bool several_values(struct fixture *f, struct q_example_list_in in)
{
    bool is_same = true;
    for (int sort = 0; q_example_list_sorts[sort]; sort++)
        for (int down = 0; down < 2; down++) {
            in.page.sort_i = sort;
            in.page.is_descending = down;
            is_same = is_same && is_as_streamed(f, in);
            for (int limit = 1; limit <= 31; limit += 5)
                is_same = is_same && walk(f, in, limit);
        }
    return is_same;
}

static void filters_read_by_value(struct fixture *f)
{
    struct str states[] = {STR("paused"), STR("closed"), STR("active")};
    int64_t levels[] = {1, 2, 3};
    fill(f);
    fixture_sql(f, "update partner set state = 'closed' where id % 4 = 0");
    struct q_example_list_in in = {.today = 1000, .state = {states, 2, 0}};
    ok(several_values(f, in), "rows of two values come in the order of the list");
    in.state.len = 3;
    ok(several_values(f, in), "so do those of three");
    in.level = (struct i64_list){levels, 2, 0};
    ok(several_values(f, in), "and of two filters with several values each");
    in.branch = SOME(2);
    f->op.actor = staff(false);
    ok(several_values(f, in), "narrowed to what the actor may see");
    in.vip = SOME(1);
    ok(filtered(f, in) >= 0, "with every kind of filter beside them");
}

static void broken_cursors(struct fixture *f)
{
    struct example_row_page page;
    struct q_example_list_in in = {.today = 1000, .page = {.limit = 5}};
    fill(f);
    must_ok(q_example_list(&f->op, &in, &page));
    struct str good = page.next;
    bool is_refused = true;
    for (size_t i = 0; i < good.len; i++) {
        char *bad = str_c(f->arena, good);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        in.page.cursor = (struct str){bad, good.len};
        is_refused = is_refused && q_example_list(&f->op, &in, &page) == RC_INVALID;
        in.page.cursor.len = i;
        is_refused = is_refused && q_example_list(&f->op, &in, &page) == RC_INVALID;
    }
    ok(is_refused, "a cursor that was changed or cut in any place is refused");
    in.page.cursor = STR("../../etc/passwd\n");
    ok(q_example_list(&f->op, &in, &page) == RC_INVALID, "so is anything else");
    in.page.cursor = good;
    in.page.sort_i = 1;
    ok(q_example_list(&f->op, &in, &page) == RC_INVALID, "and one of another sort");
    is_str(str_of(f->op.fault.entries[0].field), "cursor", "the fault says which field");
    in.page.sort_i = 0;
    ok(q_example_list(&f->op, &in, &page) == RC_OK, "the right one is taken");
    in.page.sort_i = 99;
    ok(q_example_list(&f->op, &in, &page) == RC_INVALID, "an unknown sort is refused");
    in.page = (struct list_page){.limit = 1001};
    ok(q_example_list(&f->op, &in, &page) == RC_INVALID, "and a page too long");
}

int main(void)
{
    fixture_each(kinds);
    fixture_each(scopes);
    fixture_each(lists);
    fixture_each(filters);
    fixture_each(filters_read_by_value);
    fixture_each(broken_cursors);
    return done_testing();
}
