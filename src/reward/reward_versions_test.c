/* Versions of a scheme over time: rewards follow the one in force at the event, whatever the zone;
 * who is affected by a version that comes, and what they are told before it does. */
#include "reward/reward_scene.h"

static const char *const owns[] = {"contract.own", NULL};
static const char *const reads[] = {"contract.read", "scheme.read", NULL};

static void begin(struct fixture *f, struct scene *s)
{
    static bool is_declared;
    scene_begin(f, s);
    if (!is_declared) {
        setting_declare(contract_settings);
        job_kind_declare(contract_job_kinds);
        outbox_subscriber_declare(contract_subscribers);
    }
    is_declared = true;
}

static struct str replaced(struct fixture *f, const char *from, const char *to)
{
    struct str text = scene_file(f->arena, "examples/northwind/reps.dmn");
    AUTO_BUF buf = BUF(1 << 20);
    size_t at = str_find(text, str_of(from), 0);
    buf_put(&buf, str_sub(text, 0, at));
    buf_put(&buf, str_of(to));
    buf_put(&buf, str_sub(text, at + strlen(from), SIZE_MAX));
    return str_dup(f->arena, buf_str(&buf));
}

static int64_t publish(struct fixture *f, const struct scene *s, struct str xml, int64_t at)
{
    int64_t id = 0;
    struct scheme_version version;
    scene_must(f, scheme_version_add(&f->op, s->scheme_id, xml, STR(""), &id), "a version");
    scene_must(f, scheme_version_get(&f->op, id, &version), "a version");
    scene_must(f, scheme_version_submit(&f->op, id, version.revision, at), "publishing");
    return id;
}

/* Beverages pay 5 % instead of 4 % from midnight of 16 September in the operator's zone. Two sales
 * of 100.00 stand an hour before and after midnight in Moscow; in Madrid both are of the 15th. */
static int64_t total_in(struct fixture *f, const char *zone)
{
    struct scene s;
    const struct reward_calculation *calculation = NULL;
    begin(f, &s);
    f->op.zone = zone_find(str_of(zone));
    int64_t midnight = zone_day_start(zone_find(STR("Europe/Moscow")), date_of(2026, 9, 16));
    scene_sale(f, &s, 2, BEVERAGE, midnight - US_HOUR / 2, 10000);
    scene_sale(f, &s, 2, BEVERAGE, midnight + US_HOUR / 2, 10000);
    (void)publish(f, &s, replaced(f, "default=\"0.04\"", "default=\"0.05\""),
                  zone_day_start(f->op.zone, date_of(2026, 9, 16)));
    struct reward_ask ask = {.period = scene_month(9), .contract_id = s.contract_ids[2]};
    scene_must(f, reward_calculate(&f->op, f->arena, &ask, &calculation), "calculate");
    int64_t total = calculation->results[0].total_minor;
    reward_calculation_cleanup(&calculation);
    f->op.zone = zone_utc();
    return total;
}

/* 6,200.50 is in the middle tier: factor 1.1; the other sales of the month give 330.02. */
static void mid_period(struct fixture *f)
{
    is_i64(total_in(f, "Europe/Moscow"), 33002 + 440 + 550,
           "a sale has the rate of the version that was in force at its instant");
}

static void mid_period_elsewhere(struct fixture *f)
{
    is_i64(total_in(f, "Europe/Madrid"), 33002 + 440 + 440,
           "in another zone the day begins at another instant");
}

/* ---- who is affected ---- */

static void give_value(struct fixture *f, const struct scene *s, int who)
{
    struct str sql = str_printf(
        f->arena,
        "insert into contract_term (contract_scheme_id, partner_id, name, value) select cs.id, "
        "cs.partner_id, 'beverages rate', '0.10' from contract_scheme cs where cs.contract_id = "
        "%lld",
        (long long)s->contract_ids[who]);
    fixture_sql(f, str_c(f->arena, sql));
}

static void affected(struct fixture *f)
{
    static const struct route *const routes[] = {contract_routes, NULL};
    struct scene s;
    struct fx x;
    begin(f, &s);
    give_value(f, &s, 1);
    int64_t day = zone_date(f->op.zone, f->op.now).days + 30;
    int64_t id = publish(f, &s, replaced(f, "default=\"0.04\"", "default=\"0.05\""),
                         zone_day_start(f->op.zone, (struct date){(int32_t)day}));
    struct contract contract;
    scene_must(f, contract_get(&f->op, s.contract_ids[2], &contract), "a contract");
    scene_must(f, contract_end(&f->op, contract.id, contract.revision, day - 5), "ending");
    when_clock_set(f->op.now);
    struct actor reader = scene_staff(f, 61, reads);
    fx_open(&x, f, routes, NULL);
    const char *path = str_c(
        f->arena, str_printf(f->arena, "/schemes/versions/%s/affected", pid_of("scv", id).text));
    is_i64(fx_get(&x, &reader, path), 200, "who is affected");
    ok(fx_has(&x, "2 contracts of 2 partners"), "is counted");
    ok(fx_has(&x, "R-1") && fx_has(&x, "R-2") && !fx_has(&x, "R-3"),
       "by who has the scheme from its day on");
    ok(fx_has(&x, "Rate of Beverages: 10%"), "with the values of their own");
    is_i64(
        fx_get(&x, &reader, str_c(f->arena, str_printf(f->arena, "%s?own=yes&export=csv", path))),
        200, "as a file of what is shown");
    ok(fx_has(&x, "R-2") && !fx_has(&x, "R-1"), "with its filter");
    fx_done(&x);
    when_clock_real();
}

/* ---- what they are told ---- */

static void add_user(struct fixture *f, const struct scene *s, int who, const char *email,
                     const char *lang)
{
    struct auth_role role;
    int64_t id = 0;
    scene_must(f, auth_role_find(&f->op, STR("portal_owner"), &role), "a role");
    struct auth_user_new user = {.side = AUTH_PARTNER,
                                 .email = str_of(email),
                                 .name = str_of(email),
                                 .lang = str_of(lang),
                                 .partner_id = s->partner_ids[who]};
    VEC_PUSH(f->arena, &user.roles, role.id);
    scene_must(f, auth_user_add(&f->op, &user, STR("correct horse 7"), &id), "a user");
}

static int64_t letters(struct fixture *f)
{
    return fixture_i64(f, "select count(*) from mail where kind = 'contract.announced'");
}

static int64_t publish_later(struct fixture *f, const struct scene *s, const char *rate)
{
    int64_t day = zone_date(f->op.zone, f->op.now).days + 30;
    return publish(f, s,
                   replaced(f, "default=\"0.04\"",
                            str_c(f->arena, str_printf(f->arena, "default=\"%s\"", rate))),
                   zone_day_start(f->op.zone, (struct date){(int32_t)day}));
}

static void telling(struct fixture *f)
{
    struct scene s;
    struct mail_info mail;
    begin(f, &s);
    give_value(f, &s, 1);
    add_user(f, &s, 0, "anna@example.org", "ru");
    add_user(f, &s, 1, "boris@example.org", "en");
    (void)publish_later(f, &s, "0.07");
    scene_must(f, jobs_drain(&f->op), "the letters");
    is_i64(letters(f), 1, "who has a rate of his own is not concerned");
    scene_must(f, mail_find(&f->op, fixture_i64(f, "select max(id) from mail"), &mail), "mail");
    is_str(mail.to, "anna@example.org", "the others are told");
    ok(str_has(mail.subject, STR("Ваши условия меняются")), "in their language");
    ok(str_has(mail.text, STR("4\u00a0% → 7\u00a0%")) || str_has(mail.text, STR("4 % → 7 %")),
       "what changes");
    ok(str_has(mail.text, STR("/portal/contracts/ctr_")), "and where it stands");
    is_i64(fixture_i64(f, "select count(*) from contract_announcement"), 3, "everybody once");
    scene_must(f, jobs_drain(&f->op), "again");
    is_i64(letters(f), 1, "and not again");
}

static void silent(struct fixture *f)
{
    struct scene s;
    begin(f, &s);
    add_user(f, &s, 0, "anna@example.org", "ru");
    scene_must(f, setting_set(&f->op, "contract.announce", STR("false")), "a setting");
    (void)publish_later(f, &s, "0.07");
    scene_must(f, jobs_drain(&f->op), "no letters");
    is_i64(letters(f), 0, "letters can be switched off");
    scene_must(f, setting_set(&f->op, "contract.announce", STR("true")), "a setting");
    (void)publish(f, &s, replaced(f, "default=\"0.05\"", "default=\"0.06\""), f->op.now - US_DAY);
    scene_must(f, jobs_drain(&f->op), "no letters");
    is_i64(letters(f), 0, "what is in force at once is not announced");
}

static void in_portal(struct fixture *f)
{
    static const struct route *const routes[] = {contract_routes, NULL};
    struct scene s;
    struct fx x;
    begin(f, &s);
    give_value(f, &s, 1);
    struct contract_versions versions;
    scene_must(f, contract_versions(&f->op, s.contract_ids[1], &versions), "terms");
    struct contract_version next = versions.at[0];
    struct contract_term term = {STR("beverages rate"), STR("0.12")};
    next.id = next.revision = 0;
    next.from_day = zone_date(f->op.zone, f->op.now).days + 40;
    next.due_days = 5;
    next.schemes[0].terms = &term;
    next.schemes[0].terms_len = 1;
    int64_t id = 0;
    scene_must(f, contract_version_save(&f->op, &next, &id), "new terms");
    (void)publish_later(f, &s, "0.07");
    when_clock_set(f->op.now);
    struct actor anna = fx_partner(71, s.partner_ids[0], owns);
    struct actor boris = fx_partner(72, s.partner_ids[1], owns);
    fx_open(&x, f, routes, NULL);
    const char *hers = str_c(f->arena, str_printf(f->arena, "/portal/contracts/%s",
                                                  pid_of("ctr", s.contract_ids[0]).text));
    const char *his = str_c(f->arena, str_printf(f->arena, "/portal/contracts/%s",
                                                 pid_of("ctr", s.contract_ids[1]).text));
    is_i64(fx_get(&x, &anna, hers), 200, "the contract in the portal");
    ok(fx_has(&x, "<del>4%</del>") && fx_has(&x, "<ins>7%</ins>"), "says what a version changes");
    is_i64(fx_get(&x, &anna, "/portal/contracts"), 200, "the list of contracts");
    ok(fx_has(&x, "changes from"), "says that something does");
    is_i64(fx_get(&x, &boris, his), 200, "one with terms of his own");
    ok(!fx_has(&x, "<ins>7%</ins>"), "does not read what does not concern him");
    ok(fx_has(&x, "<del>10%</del>") && fx_has(&x, "<ins>12%</ins>"),
       "but what changes in his terms");
    ok(fx_has(&x, "<del>10 days</del>") && fx_has(&x, "<ins>5 days</ins>"),
       "also how it is settled");
    fx_done(&x);
    when_clock_real();
}

int main(void)
{
    fixture_each(mid_period);
    fixture_each(mid_period_elsewhere);
    fixture_each(affected);
    fixture_each(telling);
    fixture_each(silent);
    fixture_each(in_portal);
    return done_testing();
}
