/* Every route crossed with every kind of actor. The table is what the program registers, so a new
 * route is tested by existing; a route with a new kind of id in its path must be given an object
 * here (`kinds`), or the test fails and says so.
 *
 * What is demanded:
 *   nobody                     401 on everything that is not public
 *   signed in, no permission   403 where a permission is named; an API key without scope alike
 *   the other side             403
 *   all permissions            neither 401 nor 403; a page of an object that exists is there
 *   staff of another branch,   404 on objects of partner Alpha, and no page of theirs ever holds
 *   another partner            Alpha's name
 *   anybody, anywhere          no 5xx */
#include "auth/auth.h"
#include "crypt/crypt.h"
#include "main/modules.h"
#include "partner/partner.h"
#include "tests/fixture.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

#define CANARY     "Canary-Alpha-7431"
#define MISSING_ID INT64_C(900000001)

/* ---- objects by the prefix of their ids ---- */

static const struct kind {
    const char *prefix, *table;
    const char *owner; /* column that holds the partner; NULL: the operator's */
} kinds[] = {
    {"apr", "approval", NULL},
    {"att", "attribute", NULL},
    {"aud", "audit", NULL},
    {"bac", "entity_account", NULL},
    {"bin", "customer_binding", "partner_id"},
    {"bnk", "partner_bank", "partner_id"},
    {"brn", "branch", NULL},
    {"cat", "product_category", NULL},
    {"con", "partner_contact", "partner_id"},
    {"ctr", "contract", "partner_id"},
    {"ctv", "contract_version", "partner_id"},
    {"cus", "customer", NULL},
    {"der", "reward_derivation", "partner_id"},
    {"dlv", "outbox_delivery", NULL},
    {"ent", "legal_entity", NULL},
    {"evt", "event_tail", "partner_id"},
    {"grp", "partner_group", NULL},
    {"imm", "import_mapping", NULL},
    {"imp", "import", NULL},
    {"job", "job", NULL},
    {"key", "api_key", NULL},
    {"lvl", "partner_level", NULL},
    {"mml", "mail", NULL},
    {"out", "outlet", "partner_id"},
    {"pln", "plan", "partner_id"},
    {"prd", "product", NULL},
    {"prt", "partner", "id"},
    {"rat", "currency_rate", NULL},
    {"rel", "partner_relation", "partner_id"},
    {"res", "reward_result", "partner_id"},
    {"rol", "role", NULL},
    {"run", "reward_run", NULL},
    {"sch", "scheme", NULL},
    {"scv", "scheme_version", NULL},
    {"sdr", "studio_draft", NULL},
    {"ses", "auth_session", NULL},
    {"sta", "statement", "partner_id"},
    {"svw", "saved_view", NULL},
    {"usr", "auth_user", NULL},
    {"wif", "whatif", NULL},
};

static const struct kind *kind_find(struct str prefix)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(prefix, str_of(kinds[i].prefix)))
            return &kinds[i];
    return NULL;
}

/* ---- the scene ---- */

enum { NOBODY, NO_RIGHTS, OTHER_BRANCH, ALL_STAFF, ALPHA, BETA, KEY, ACTORS };
static const char *const actor_names[] = {"nobody",
                                          "staff without permissions",
                                          "staff of another branch",
                                          "staff with everything",
                                          "partner Alpha",
                                          "partner Beta",
                                          "an API key without scope"};

static struct scene {
    struct fixture *f;
    struct fx x;
    struct actor actors[ACTORS];
    int64_t alpha, beta;
    int failures, canaries_seen;
} s;

static int64_t add_branch(const char *code)
{
    int64_t entity = 0, id = 0;
    struct org_entity e = {.name = str_of(code), .country = STR("ES")};
    struct org_branch b = {.code = str_of(code), .name = str_of(code)};
    enum rc rc = org_entity_save(&s.f->op, &e, &entity);
    b.entity_id = entity;
    if (rc == RC_OK)
        rc = org_branch_save(&s.f->op, &b, &id);
    ok(rc == RC_OK, "a branch");
    return id;
}

static int64_t add_partner(const char *code, const char *name, int64_t branch)
{
    int64_t id = 0;
    struct partner p = {.code = str_of(code),
                        .name = str_of(name),
                        .state = STR("active"),
                        .kind = STR("company"),
                        .country = STR("ES"),
                        .branch_id = branch,
                        .since = s.f->op.now};
    ok(partner_save(&s.f->op, &p, &id) == RC_OK, "a partner");
    return id;
}

/* Somebody real, so that branches and sessions are those of the tables. */
static void add_actor(int which, const char *role, int64_t branch, int64_t partner)
{
    struct op *op = &s.f->op;
    struct auth_role found;
    struct auth_user_new in = {.side = partner ? AUTH_PARTNER : AUTH_STAFF,
                               .name = str_of(actor_names[which]),
                               .partner_id = partner,
                               .has_all_branches = branch == 0 && partner == 0};
    int64_t id = 0;
    in.email = str_printf(op->arena, "actor%d@example.com", which);
    if (branch)
        VEC_PUSH(op->arena, &in.branches, branch);
    bool is_made = auth_role_find(op, str_of(role), &found) == RC_OK;
    VEC_PUSH(op->arena, &in.roles, found.id);
    is_made = is_made && auth_user_invite(op, &in, &id) == RC_OK;
    /* Active without a password: hashing one for each actor would take longer than the test. */
    fixture_sql(
        s.f,
        str_printf(op->arena, "update auth_user set state = 2 where id = %lld", (long long)id).at);
    ok(is_made && auth_actor(op, id, &s.actors[which]) == RC_OK, actor_names[which]);
}

/* The text with its three ids put in: %1$lld, %2$lld, %3$lld. */
static const char *with_ids(const char *text, int64_t first, int64_t second, int64_t third)
{
    const int64_t ids[] = {first, second, third};
    AUTO_BUF out = BUF(4096);
    for (struct str rest = str_of(text); rest.len > 0;) {
        bool is_place = str_starts(rest, STR("%")) && rest.len >= 6;
        if (is_place)
            buf_i64(&out, ids[rest.at[1] - '1']);
        else
            buf_char(&out, rest.at[0]);
        rest = str_sub(rest, is_place ? strlen("%1$lld") : 1, SIZE_MAX);
    }
    return str_c(s.f->arena, buf_str(&out));
}

/* Objects of Alpha, as rows: what matters here is who may reach them, not how they came about. */
static void add_objects(int64_t entity, int64_t alpha, int64_t beta)
{
    static const char *const rows[] = {
        "insert into partner_contact (partner_id, name, created_at) values (%1$lld, '" CANARY
        "', 0)",
        "insert into outlet (partner_id, code, name, name_fold, name_sort, created_at) values "
        "(%1$lld, 'O-1', '" CANARY "', 'o', 'o', 0)",
        "insert into partner_relation (tree, parent_id, partner_id, from_day, created_at) values "
        "('owner', %2$lld, %1$lld, 0, 0)",
        "insert into contract (code, code_fold, code_sort, partner_id, entity_id, nature, state, "
        "from_day, created_at) values ('C-1', 'c-1', 'c', %1$lld, %3$lld, 'agency', 'active', 0, "
        "0)",
        "insert into contract_version (contract_id, partner_id, number, from_day, currency, "
        "pay_currency, period_kind, created_at) select id, partner_id, 1, 0, 'EUR', 'EUR', "
        "'month', "
        "0 from contract",
        "insert into reward_run (period, from_day, to_day, from_at, to_at, state, created_at) "
        "values "
        "('2026-09', 20697, 20727, 0, 1, 'posted', 0)",
        "insert into reward_result (run_id, contract_id, partner_id, entity_id, period, state, "
        "currency, total_minor, watermark_seq, events, lines, inputs, sha256, due_day, created_at) "
        "select r.id, c.id, c.partner_id, c.entity_id, '2026-09', 'posted', 'EUR', 0, 0, 0, 0, "
        "'{}', "
        "'x', 0, 0 from reward_run r, contract c",
        "insert into statement (number, result_id, contract_id, partner_id, entity_id, period, "
        "from_day, to_day, state, currency, total_minor, created_at) select '" CANARY "', id, "
        "contract_id, partner_id, entity_id, period, 20697, 20727, 'sent', 'EUR', 0, 0 from "
        "reward_result"};
    for (size_t i = 0; i < LEN(rows); i++)
        fixture_sql(s.f, with_ids(rows[i], alpha, beta, entity));
}

static void declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(pid_key);
    modules_start();
}

static void set_scene(struct fixture *f)
{
    static bool is_declared;
    if (!is_declared)
        declare();
    is_declared = true;
    s = (struct scene){.f = f};
    when_clock_set(f->op.now);
    struct org_operator o = {.name = STR("Meridian"),
                             .country = STR("ES"),
                             .currency = STR("EUR"),
                             .zone = STR("Europe/Madrid"),
                             .lang = STR("en"),
                             .languages = STR("en ru es")};
    ok(org_operator_save(&f->op, &o) == RC_OK, "a company");
    int64_t north = add_branch("North"), south = add_branch("South");
    s.alpha = add_partner(CANARY, CANARY, north);
    s.beta = add_partner("B-1", "Beta", south);
    add_objects(1, s.alpha, s.beta);
    s.actors[NOBODY] = (struct actor){.kind = ACTOR_NOBODY, .name = STR("")};
    add_actor(NO_RIGHTS, "auditor", 0, 0);
    memset(s.actors[NO_RIGHTS].permissions, 0, sizeof s.actors[NO_RIGHTS].permissions);
    add_actor(OTHER_BRANCH, "administrator", south, 0);
    add_actor(ALL_STAFF, "administrator", 0, 0);
    add_actor(ALPHA, "portal_owner", 0, s.alpha);
    add_actor(BETA, "portal_owner", 0, s.beta);
    s.actors[KEY] = s.actors[NO_RIGHTS];
    fx_open(&s.x, f, modules_routes(), &auth_http_hooks);
}

/* ---- one request ---- */

struct target {
    char path[400];
    bool has_ids, all_exist; /* every id of the path is that of an object */
    bool is_alphas;          /* one of them is an object of Alpha */
    bool is_unknown;         /* a prefix that is not in kinds */
};

static int64_t object_of(const struct kind *kind)
{
    const char *id_column = strcmp(kind->prefix, "evt") == 0 ? "event_seq" : "id";
    struct str sql = kind->owner
                         ? str_printf(s.f->arena, "select min(%s) from %s where %s = %lld",
                                      id_column, kind->table, kind->owner, (long long)s.alpha)
                         : str_printf(s.f->arena, "select min(id) from %s", kind->table);
    int64_t id = 0;
    return db_ask_i64(s.f->db, sql.at, &id) == RC_OK ? id : 0;
}

static void put_id(struct str segment, bool is_real, struct buf *path, struct target *out)
{
    struct str name = str_sub(segment, 1, segment.len), prefix = name;
    size_t at = str_find(name, STR("="), 0);
    if (at != SIZE_MAX)
        prefix = str_sub(name, at + 1, name.len);
    const struct kind *kind = kind_find(prefix);
    int64_t id = kind && is_real ? object_of(kind) : 0;
    out->has_ids = true;
    out->is_unknown = out->is_unknown || !kind;
    out->all_exist = out->all_exist && id > 0;
    out->is_alphas = out->is_alphas || (id > 0 && kind->owner);
    buf_put(path, str_of(pid_of(str_c(s.f->arena, prefix), id ? id : MISSING_ID).text));
}

static void make_target(const struct route *route, bool is_api, bool is_real, struct target *out)
{
    AUTO_BUF path = BUF(390);
    struct str rest = str_of(route->path);
    *out = (struct target){.all_exist = true};
    if (is_api)
        buf_put(&path, STR("/api/v1"));
    (void)str_cut(&rest, '/');
    while (rest.at) {
        struct str segment = str_cut(&rest, '/');
        buf_char(&path, '/');
        if (segment.len && segment.at[0] == ':')
            put_id(segment, is_real, &path, out);
        else if (segment.len && segment.at[0] == '{')
            buf_put(&path, STR("x"));
        else
            buf_put(&path, segment);
    }
    (void)snprintf(out->path, sizeof out->path, STR_FMT, STR_ARG(buf_str(&path)));
}

static const char *const methods[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};

static int ask(const struct route *route, const struct target *target, int who, bool is_api)
{
    const struct actor *actor = &s.actors[who];
    if (is_api)
        return fx_api(&s.x, actor, methods[route->method], target->path,
                      route->method == HTTP_GET ? NULL : "{}");
    if (route->method == HTTP_GET)
        return fx_get(&s.x, actor, target->path);
    return fx_send(&s.x, actor, methods[route->method], target->path, NULL, STR(""));
}

static void demand(bool is_met, const struct route *route, const char *path, int who, int status,
                   const char *what)
{
    if (is_met)
        return;
    s.failures++;
    printf("# %s %s as %s gave %d: %s\n", methods[route->method], path, actor_names[who], status,
           what);
}

/* ---- what is demanded ---- */

static bool is_public(const struct route *route)
{
    return strcmp(route->permission, PERM_PUBLIC) == 0;
}

/* Whether the permission that the route names is on the actor's side and held. */
static bool may(const struct route *route, int who)
{
    size_t i;
    if (is_public(route) || strcmp(route->permission, PERM_SIGNED_IN) == 0)
        return true;
    return permission_find(str_of(route->permission), &i) &&
           (s.actors[who].permissions[i / 64] >> (i % 64) & 1);
}

static void judge(const struct route *route, const struct target *target, int who, int status)
{
    const char *path = target->path;
    demand(status < 500, route, path, who, status, "nothing that is asked may break it");
    if (is_public(route))
        return;
    if (who == NOBODY) {
        demand(status == 401, route, path, who, status, "somebody unknown must sign in");
        return;
    }
    if (!may(route, who)) {
        demand(status == 403, route, path, who, status, "the permission is lacking");
        return;
    }
    bool is_stranger = who == OTHER_BRANCH || who == BETA;
    if (is_stranger && target->is_alphas) {
        demand(route->method == HTTP_GET ? status == 404 : status >= 400, route, path, who, status,
               "an object of Alpha does not exist for strangers");
        return;
    }
    demand(status != 401, route, path, who, status, "this person is signed in");
    if (who == ALL_STAFF || who == ALPHA)
        demand(status != 403 || strcmp(route->permission, PERM_SIGNED_IN) == 0, route, path, who,
               status, "this person may do everything of the side");
    if (who == ALL_STAFF && route->method == HTTP_GET && target->all_exist)
        demand(status == 200 || status == 303 || status == 204 || status == 404, route, path, who,
               status, "a page of something that exists opens");
}

static void cross(const struct route *route, bool is_api)
{
    struct target real, made_up;
    make_target(route, is_api, true, &real);
    make_target(route, is_api, false, &made_up);
    demand(!real.is_unknown, route, route->path, NOBODY, 0,
           "add the prefix of its ids to the table of this test");
    for (int who = 0; who < ACTORS; who++) {
        if ((who == KEY) != is_api && (who == KEY || who == NO_RIGHTS))
            continue;
        /* Who may everything changes nothing that the next route needs: made-up objects. */
        bool spares = route->method != HTTP_GET && (who == ALL_STAFF || who == ALPHA);
        const struct target *target = spares ? &made_up : &real;
        int status = ask(route, target, who, is_api);
        judge(route, target, who, status);
        if (who == ALL_STAFF)
            s.canaries_seen += fx_has(&s.x, CANARY);
        else if (who != ALPHA)
            demand(!fx_has(&s.x, CANARY), route, target->path, who, status,
                   "the answer tells Alpha's name to a stranger");
        fault_clear(&s.f->op.fault);
    }
}

static void crossing(struct fixture *f)
{
    size_t routes = 0;
    set_scene(f);
    const struct route *route;
    for (size_t i = 0; (route = http_route_at(i)) != NULL; i++) {
        char name[500];
        if (route->hot)
            continue;
        s.failures = 0;
        if (!route->is_api_only)
            cross(route, false);
        if (route->is_api)
            cross(route, true);
        (void)snprintf(name, sizeof name,
                       "%s %s answers each actor as its permission and scope say",
                       methods[route->method], route->path);
        ok(s.failures == 0, name);
        routes++;
    }
    ok(s.canaries_seen > 0, "who may see Alpha does: strangers would be noticed");
    ok(routes > 50, "the program's own table was crossed");
    ok(fx_get(&s.x, &s.actors[ALL_STAFF], "/settings/users") == 200 && s.alpha > 0,
       "and the scene is still whole");
    fx_done(&s.x);
}

int main(void)
{
    fixture_each(crossing);
    return done_testing();
}
