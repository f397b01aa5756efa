/* kontor org init: the company of an empty database, from a script. A person does the same in the
 * browser, where the first administrator is made as well. */
#include "main/program.h"
#include "org/org.h"

static struct str option_or(const struct cli *cli, const char *name, struct str otherwise)
{
    const char *value = cli_option(cli, name);
    return value ? str_of(value) : otherwise;
}

static enum rc add_parts(struct cli *cli, const struct org_operator *company)
{
    int64_t entity_id = 0, branch_id = 0;
    struct str name = option_or(cli, "entity", company->name);
    struct org_entity entity = {.name = name,
                                .short_name = utf8_cut(name, 60),
                                .country = company->country,
                                .tax.number = option_or(cli, "tax-number", STR("")),
                                .tax.reason_code = option_or(cli, "tax-reason-code", STR("")),
                                .tax.registration = option_or(cli, "registration", STR(""))};
    TRY(org_entity_save(&cli->op, &entity, &entity_id));
    struct org_branch branch = {.code = option_or(cli, "branch", STR("main")),
                                .name = option_or(cli, "branch-name", STR("Head office")),
                                .entity_id = entity_id};
    return org_branch_save(&cli->op, &branch, &branch_id);
}

static enum rc run_init(struct cli *cli)
{
    struct op *op = &cli->op;
    struct org_operator known;
    struct org_operator company = {
        .name = option_or(cli, "name", STR("")),
        .country = option_or(cli, "country", STR("")),
        .currency = option_or(cli, "currency", STR("")),
        .zone = option_or(cli, "zone", STR("UTC")),
        .lang = option_or(cli, "lang", STR("en")),
        .languages = STR("en ru es"),
    };
    enum rc rc = org_operator_get(op, &known);
    if (rc == RC_OK) {
        cli_print(cli, "already set up: " STR_FMT "\n", STR_ARG(known.name));
        return RC_OK;
    }
    if (rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(org_operator_save(op, &company));
    TRY(add_parts(cli, &company));
    TRY(txn_commit(&txn));
    cli_print(cli, "set up: " STR_FMT "\n", STR_ARG(company.name));
    return RC_OK;
}

const struct command org_commands[] = {
    {.name = "org init",
     .summary = "Set up the company, its legal entity and a branch in an empty database",
     .help = "Changes nothing when it is set up already. The first administrator is made with "
             "kontor user add.\n\n"
             "  kontor org init --name \"Acme\" --country ES --currency EUR --zone Europe/Madrid",
     .needs = CLI_WRITES,
     .options = {{"name", "NAME", "of the company"},
                 {"country", "CODE", "two letters: ES"},
                 {"currency", "CODE", "what contracts and screens begin with: EUR"},
                 {"zone", "ZONE", "time zone in which periods are cut: Europe/Madrid; else UTC"},
                 {"lang", "CODE", "language of the company: en, ru or es"},
                 {"entity", "NAME", "of the legal entity; the company's when not given"},
                 {"tax-number", "NUMBER", "of the legal entity"},
                 {"tax-reason-code", "NUMBER", "of the legal entity (KPP)"},
                 {"registration", "NUMBER", "of the legal entity"},
                 {"branch", "CODE", "of the branch; main when not given"},
                 {"branch-name", "NAME", "of the branch; Head office when not given"}},
     .run = run_init},
    {0},
};
