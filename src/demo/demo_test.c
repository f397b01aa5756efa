/* The demo is the same for the same day, nothing in it is damaged, and every state that pages show
 * occurs. Built twice on SQLite; on PostgreSQL the same code runs over the network for a minute, so
 * it is built there by `kontor demo` in the gate and not here. */
#include "approval/approval.h"
#include "attribute/attribute.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "crypt/crypt.h"
#include "demo/demo_int.h"
#include "import/import.h"
#include "ledger/ledger.h"
#include "mail/mail.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "reward/reward.h"
#include "setting/setting.h"
#include "tests/fixture.h"
#include "tests/tap.h"
#include "whatif/whatif.h"

static void write_nothing(void *self, bool is_error, struct str text)
{
    (void)self;
    if (is_error)
        printf("# " STR_FMT "\n", STR_ARG(text));
}

static void declare(void)
{
    static const uint8_t pid_key[CRYPT_KEY_BYTES] = {1, 2, 3};
    static const struct crypt_keys field_keys = {.len = 1, .at = {{.id = 1, .key = {4}}}};
    pid_key_set(pid_key);
    crypt_field_keys_set(&field_keys);
    conf_declare(http_settings);
    conf_declare(auth_conf);
    permission_declare(job_permissions, job_permissions_len);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(audit_permissions, audit_permissions_len);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    permission_declare(attribute_permissions, attribute_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(plan_permissions, plan_permissions_len);
    permission_declare(rate_permissions, rate_permissions_len);
    permission_declare(catalog_permissions, catalog_permissions_len);
    permission_declare(customer_permissions, customer_permissions_len);
    permission_declare(event_permissions, event_permissions_len);
    permission_declare(import_permissions, import_permissions_len);
    permission_declare(reward_permissions, reward_permissions_len);
    job_kind_declare(mail_job_kinds);
    job_kind_declare(auth_job_kinds);
    job_kind_declare(partner_job_kinds);
    job_kind_declare(import_job_kinds);
    job_kind_declare(reward_jobs);
    job_kind_declare(whatif_jobs);
    jobs_declare();
    mail_declare();
    audit_declare();
    org_start();
    auth_start();
    approval_start();
    attribute_start();
    scheme_start();
    partner_start();
    contract_start();
    plan_start();
    rate_start();
    catalog_start();
    customer_start();
    import_start();
    reward_start();
    whatif_start_module();
}

static bool build(struct fixture *f, struct arena *arena)
{
    struct cli cli = {.command = &demo_commands[0],
                      .op = f->op,
                      .database = f->database,
                      .arena = arena,
                      .option_values = {"2026-11-15"},
                      .sink = {.write = write_nothing}};
    cli.op.arena = arena;
    cli.op.fault.arena = arena;
    cli.op.now = (int64_t)date_of(2026, 11, 15).days * US_DAY + 17 * US_HOUR;
    enum rc rc = demo_commands[0].run(&cli);
    for (size_t i = 0; rc != RC_OK && i < cli.op.fault.entries_len; i++)
        printf("# %s\n", cli.op.fault.entries[i].message);
    event_forget();
    return rc == RC_OK;
}

/* Sums in which every number has its place; the runs' hashes stand for all results. */
static const struct {
    const char *what, *sql;
} digests[] = {
    {"partners",
     "select sum((id * 31 + length(name) * 7 + since / 1000000 + unicode(name)) % 1000003) "
     "from partner"},
    {"events", "select sum((seq * 31 + net_minor * 7 + occurred_at / 1000000 + partner_id * 13) "
               "% 1000003) from event_tail"},
    {"postings",
     "select sum((e.id * 31 + abs(e.amount_minor) * 7 + e.account_id * 13 + t.posting_day)"
     " % 1000003) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id"},
    {"results",
     "with recursive n (i) as (select 1 union all select i + 1 from n where i < 64) select "
     "sum(r.id * n.i * unicode(substr(r.sha256, n.i, 1)) % 1000003) from reward_run r, n"},
};

static const char *const occurs[] = {
    "partner where state = 'prospect'",
    "partner where state = 'applied'",
    "partner where state = 'approved'",
    "partner where state = 'active'",
    "partner where state = 'suspended'",
    "partner where state = 'terminated'",
    "partner where state = 'rejected'",
    "partner where archived_at is not null",
    "partner where is_sales_blocked",
    "partner where is_payouts_blocked and not is_sales_blocked",
    "contract where state = 'draft'",
    "contract where state = 'in_approval'",
    "contract where state = 'in_signature'",
    "contract where state = 'active'",
    "contract where state = 'suspended'",
    "contract where state = 'expired'",
    "contract where state = 'terminated'",
    "contract_suspension where to_day = 4000000",
    "contract_suspension where to_day < 4000000 and to_day > from_day",
    "contract_version where number > 1",
    "import_mapping",
    "scheme_version where state = 'draft'",
    "scheme_version where state = 'in_approval'",
    "scheme_version where state = 'published'",
    "scheme_version where state = 'retired'",
    "reward_run where state = 'calculated'",
    "reward_run where state = 'in_approval'",
    "reward_run where state = 'posted'",
    "reward_result where state = 'calculated'",
    "reward_result where state = 'incomplete'",
    "reward_result where state = 'posted'",
    "reward_result where state = 'rolled_back' and reason <> ''",
    "reward_result where replace(not_counted, '\"suspended\":0', '') like '%\"suspended\":%'",
    "statement where state = 'draft'",
    "statement where state = 'sent'",
    "statement where state = 'superseded'",
    "reward_line where state = 'due'",
    "reward_line where hold = 'window'",
    "approval where state = 'open'",
    "approval where state = 'approved'",
    "approval where state = 'rejected'",
    "auth_user where state = 3",
};

static void looks(struct fixture *f)
{
    for (size_t i = 0; i < LEN(occurs); i++) {
        const char *sql = str_printf(f->arena, "select count(*) from %s", occurs[i]).at;
        ok(fixture_i64(f, sql) > 0, occurs[i]);
    }
    struct reward_verified runs;
    struct ledger_report ledger;
    ok(reward_verify(&f->op, &runs) == RC_OK && runs.results > 1000, "its runs are computed again");
    is_str(runs.first_problem.at ? runs.first_problem : STR(""), "", "and nothing is damaged");
    ok(ledger_verify(&f->op, &ledger) == RC_OK && !ledger.first_problem.at, "the ledger balances");
}

int main(void)
{
    struct fixture f;
    int64_t first[LEN(digests)];
    declare();
    for (int round = 0; round < 2; round++) {
        AUTO_ARENA arena = arena_new((size_t)1 << 30);
        if (!fixture_open(&f, DB_SQLITE))
            return done_testing();
        ok(build(&f, arena), "the demo is built");
        for (size_t i = 0; i < LEN(digests); i++) {
            int64_t sum = fixture_i64(&f, digests[i].sql);
            if (round == 0)
                first[i] = sum;
            ok(sum > 0 && sum == first[i], digests[i].what);
        }
        if (round == 0)
            looks(&f);
        fixture_done(&f);
    }
    return done_testing();
}
