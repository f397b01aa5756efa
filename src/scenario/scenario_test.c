/* The format, its errors and its steps, on both engines. */
#include "approval/approval.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "crypt/crypt.h"
#include "customer/customer.h"
#include "event/event.h"
#include "mail/mail.h"
#include "partner/partner.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "reward/reward.h"
#include "scenario/scenario.h"
#include "setting/setting.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct scenario_outcome outcome;

/* A percent of each sale, and who sold how much. */
#define SCHEME(code, rate)                                                                         \
    "[scheme " code "]\n"                                                                          \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "                         \
    "xmlns:kontor=\"urn:kontor:dmn:1\" id=\"s\" name=\"" code "\" namespace=\"urn:s:" code "\">\n" \
    "<itemDefinition name=\"tTerms\"><itemComponent name=\"rate\"><extensionElements>"             \
    "<kontor:attribute default=\"" rate "\" min=\"0\" max=\"1\"/></extensionElements>"             \
    "<typeRef>number</typeRef></itemComponent></itemDefinition>\n"                                 \
    "<inputData id=\"event\" name=\"event\"><variable name=\"event\" typeRef=\"Any\"/>"            \
    "</inputData><inputData id=\"sales\" name=\"sales\"><variable name=\"sales\" "                 \
    "typeRef=\"Any\"/></inputData>\n"                                                              \
    "<inputData id=\"partner\" name=\"partner\"><variable name=\"partner\" typeRef=\"Any\"/>"      \
    "</inputData><inputData id=\"terms\" name=\"terms\"><variable name=\"terms\" "                 \
    "typeRef=\"tTerms\"/></inputData>\n"                                                           \
    "# this line is of the scheme's text, not a note\n"                                            \
    "<decision id=\"d1\" name=\"percent " code "\"><extensionElements><kontor:output "             \
    "kind=\"line\" scope=\"event\" key=\"" code "\"/></extensionElements>"                         \
    "<variable name=\"percent " code "\" typeRef=\"Any\"/><informationRequirement>"                \
    "<requiredInput href=\"#event\"/></informationRequirement><informationRequirement>"            \
    "<requiredInput href=\"#terms\"/></informationRequirement><literalExpression><text>"           \
    "{amount: event.credit.net * terms.rate * (if present(event.attributes.factor) then "          \
    "event.attributes.factor else 1), base: event.credit.net, rate: terms.rate, "                  \
    "note: event.product.category}</text></literalExpression></decision>\n"                        \
    "<decision id=\"d2\" name=\"who " code "\"><extensionElements><kontor:output "                 \
    "kind=\"measure\" key=\"who " code "\"/></extensionElements><variable name=\"who " code "\" "  \
    "typeRef=\"Any\"/><informationRequirement><requiredInput href=\"#partner\"/>"                  \
    "</informationRequirement><literalExpression><text>[partner.level, partner.roles, "            \
    "partner.groups, partner.tags, partner.country]</text></literalExpression></decision>\n"       \
    "<decision id=\"d3\" name=\"sold " code "\"><extensionElements><kontor:output "                \
    "kind=\"measure\" key=\"sold " code "\"/></extensionElements><variable name=\"sold " code      \
    "\" typeRef=\"Any\"/><informationRequirement><requiredInput href=\"#sales\"/>"                 \
    "</informationRequirement><literalExpression><text>total(for e in sales return e.credit.net)"  \
    "</text></literalExpression></decision>\n</definitions>\n"

#define USUAL                                                                                      \
    SCHEME("own", "0.1")                                                                           \
    "[partners]\ncode\nanna\n[events]\nid,at,partner,net\n1,2026-01-05,anna,100.00\n"              \
    "[runs]\nperiod\n2026-01\n"

static struct cli *cli_of(struct fixture *f)
{
    struct cli *cli = NEW(f->arena, struct cli);
    cli->arena = f->arena;
    cli->op = f->op;
    return cli;
}

static void play(struct fixture *f, const char *text)
{
    scenario_play(cli_of(f), STR("tests/some.scenario"), str_of(text), &outcome);
}

static void show(void)
{
    for (size_t i = 0; i < outcome.problems.len; i++)
        printf("# %ld:%ld: " STR_FMT "\n", outcome.problems.at[i].line,
               outcome.problems.at[i].column, STR_ARG(outcome.problems.at[i].text));
}

/* What is played passes, with so many expectations. */
static void passes(struct fixture *f, const char *text, long passed, const char *name)
{
    play(f, text);
    bool is_so = outcome.passed == passed && outcome.failed == 0 && outcome.problems.len == 0;
    ok(is_so, name);
    if (!is_so)
        show();
}

/* The first problem stands there and holds the words. */
static void says(struct fixture *f, const char *text, long line, long column, const char *words,
                 const char *name)
{
    play(f, text);
    const struct scenario_problem *first = outcome.problems.at;
    bool is_so = outcome.problems.len > 0 && outcome.failed > 0 && first->line == line &&
                 first->column == column && str_has(first->text, str_of(words));
    ok(is_so, name);
    if (!is_so)
        show();
}

#define PERMISSIONS(module) permission_declare(module##_permissions, module##_permissions_len)

/* What main declares at start, as far as a scenario comes by it. */
static void declare(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {1, 2, 3};
    pid_key_set(key);
    PERMISSIONS(org);
    PERMISSIONS(setting);
    PERMISSIONS(auth);
    PERMISSIONS(approval);
    PERMISSIONS(scheme);
    PERMISSIONS(partner);
    PERMISSIONS(contract);
    PERMISSIONS(plan);
    PERMISSIONS(rate);
    PERMISSIONS(catalog);
    PERMISSIONS(customer);
    PERMISSIONS(event);
    PERMISSIONS(reward);
    jobs_declare();
    mail_declare();
    audit_declare();
    job_kind_declare(mail_job_kinds);
    job_kind_declare(reward_jobs);
    org_start();
    approval_start();
    scheme_start();
    partner_start();
    contract_start();
    plan_start();
    rate_start();
    catalog_start();
    customer_start();
    reward_start();
}

static void begin(struct fixture *f)
{
    static bool is_declared;
    if (!is_declared)
        declare();
    is_declared = true;
    event_forget();
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM, .name = STR("scenario")};
    ok(scenario_prepare(&f->op) == RC_OK, "nothing waits for an approval");
}

static void comparing(struct fixture *f)
{
    passes(f, USUAL "[expect]\npartner,amount,lines\nanna,10.00,1\n", 1, "what agrees passes");
    passes(f,
           USUAL "[expect]\npartner,key,event,amount,exact,base,rate\n"
                 "anna,own,1,10,10.0,100,0.1\nanna,own,,10,,,\n",
           2, "a line is compared by amount, exact amount, base and rate, as numbers");
    passes(f, USUAL "[expect]\npartner,key,amount\nanna,other,none\n", 1,
           "that there is no line of a rule can be expected");
    passes(f, USUAL "[expect]\npartner,measure,value\nanna,sold own,100.00\n", 1,
           "a measure is compared as a number");
    play(f, USUAL "[expect]\npartner,key,event,amount\nanna,own,1,10.01\nanna,own,1,10.00\n");
    ok(outcome.passed == 1 && outcome.failed == 1, "each row counts by itself");
    is_str(outcome.problems.at[0].text, "own of anna, event 1: expected 10.01, found 10",
           "a difference says what was expected and found");
    says(f, USUAL "[expect]\npartner,key,amount\nanna,own,none\n", 22, 10, "expected none",
         "a line that should not be there is a difference");
    says(f, USUAL "[expect]\npartner,key,amount\nanna,other,5\n", 22, 12, "found none",
         "so is a line that is missing");
    ok(fixture_i64(f, "select count(*) from partner") == 0 &&
           fixture_i64(f, "select count(*) from reward_run") == 0,
       "a file leaves nothing behind");
}

static void reading(struct fixture *f)
{
    says(f, "[partner]\ncode\n", 1, 1, "did you mean partners?",
         "an unknown table is named with the nearest one");
    says(f, "[events]\nid, partner, ammount\n", 2, 13, "did you mean amount?",
         "an unknown column is named with its place and the nearest one");
    says(f, USUAL "[expect]\npartner,amount\nana,1\n", 22, 1, "did you mean anna?",
         "an unknown partner is named with the nearest one");
    says(f, USUAL "[expect]\npartner,event,amount\nanna,2,1\n", 22, 6, "there is no event",
         "so is an unknown event");
    says(f, USUAL "[attributes]\nattribute,value\nrat,0.2\n[expect]\npartner,amount\nanna,1\n", 22,
         1, "did you mean rate?", "and an unknown attribute");
    says(f, USUAL "[attributes]\nattribute,value\nrate,2\n[expect]\npartner,amount\nanna,1\n", 22,
         6, "more than the scheme allows", "a value outside its bounds is told at its cell");
    says(f, "[events]\nid,at,partner\n1,2026-13-01,a\n", 3, 3, "is not a day or moment",
         "a cell that is no day is told at its place");
    says(f, "[events]\nid,partner,net\n1,a,1.2.3\n", 3, 5, "is not a number", "or no number");
    says(f, "[events]\nid,partner,net\n1,,5\n", 3, 3, "must not be empty",
         "a cell that is needed is missed");
    says(f, "[partners]\ncode\na,b\n", 3, 3, "more cells", "a line has no more cells than columns");
    says(f, "[partners]\n", 1, 0, "has no columns", "a table has columns");
    says(f, "[partners]\ncode\n[expect\n", 3, 1, "alone on its line", "its name ends in a bracket");
    says(f, "code\n", 1, 1, "belongs to no table", "a line stands in a table");
    says(f, "[partners]\ncode,name\na,\"b\n", 3, 3, "quote", "a quote is closed");
    says(f, "[partners]\ncode\na\n", 0, 0, "expects nothing", "a file expects something");
    says(f, USUAL "[runs]\nperiod,do\n2026-01,pots\n[expect]\npartner,amount\nanna,1\n", 22, 9,
         "did you mean post?", "a step is one that there is");
    says(f, "[scheme]\nfile\nthere-is-none.dmn\n[expect]\npartner,amount\na,1\n", 3, 0,
         "cannot be read", "a scheme's file is there");
    says(f, "[scheme x]\n<definitions/>\n[expect]\npartner,amount\na,1\n", 1, 0, "",
         "a scheme that is none is told at its head");
    says(f, "\xff\n", 0, 0, "UTF-8", "the file is UTF-8");
    passes(f,
           "# a note\r\n" USUAL "\r\n[expect]\r\npartner , measure, value \r\n# another\r\n"
           "anna, who own,  \"[null, [], [], [], \"\"ES\"\"]\" \r\n",
           1, "notes, blanks around cells and other ends of lines do not matter");
}

static void people(struct fixture *f)
{
    passes(f,
           SCHEME("own", "0.1") "[levels]\ncode\nsilver\ngold\n"
                                "[partners]\ncode,parent,tree,level,roles,groups,tags,country\n"
                                "a,,,gold,dealer;agent,north;big,new,RU\nb,a,sponsor,,,,,\n"
                                "b,a,owner,,,,,\n[runs]\nperiod\n2026-01\n"
                                "[expect]\npartner,measure,value\n"
                                "a,who own,\"[\"\"gold\"\", [\"\"agent\"\", \"\"dealer\"\"], "
                                "[\"\"big\"\", \"\"north\"\"], [\"\"new\"\"], \"\"RU\"\"]\"\n",
           1, "partners have level, roles, groups, tags and country");
    says(
        f,
        "[levels]\ncode\nsilver\n[partners]\ncode,level\na,silber\n[expect]\npartner,amount\na,1\n",
        6, 3, "did you mean silver?", "a level that is not declared is named");
    says(f, "[partners]\ncode,roles\na,deeler\n[expect]\npartner,amount\na,1\n", 3, 3,
         "there is no role", "a role is one of the house");
    passes(
        f,
        SCHEME("own", "0.1") "[partners]\ncode\na\nb\nc\n[events]\nid,at,partner,role,share,net\n"
                             "1,2026-01-05,a,,0.5,10.00\n1,,b,,,\n1,,c,,,\n"
                             "2,2026-01-05,a,seller,,10.00\n2,,b,helper,,\n"
                             "[runs]\nperiod\n2026-01\n[expect]\npartner,event,amount\n"
                             "a,1,0.50\nb,1,0.25\nc,1,0.25\na,2,1.00\nb,2,1.00\n",
        5, "rows of one id share an event; roles are whole each");
    passes(
        f,
        SCHEME("own", "0.1") "[categories]\ncode,parent\nfood,\nfish,food\n"
                             "[products]\ncode,category,commissionable,tags\nikura,fish,no,x y\n"
                             "nori,plants,,\n[customers]\ncode,country,since,fraud\n"
                             "k,RU,2025-01-01,yes\n[partners]\ncode\na\n"
                             "[outlets]\ncode,partner\nshop,a\n[events]\n"
                             "id,at,partner,product,customer,outlet,amount,tax,attribute.factor\n"
                             "1,2026-01-05,a,ikura,k,shop,12.00,2.00,1.5\n"
                             "2,2026-01-05,a,nori,,,10.00,,\n[runs]\nperiod\n2026-01\n"
                             "[expect]\npartner,note,amount,base\na,fish,1.50,10.00\n"
                             "a,plants,1.00,10.00\n",
        2, "an event has product, customer, outlet and facts of its own; net is without tax");
}

static void contracts(struct fixture *f)
{
    passes(f,
           SCHEME("own", "0.1") SCHEME(
               "two", "0.02") "[partners]\ncode\na\n[contracts]\ncode,partner,scheme,from,to,"
                              "currency\nK-1,a,own;two,2026-01-10,2026-02-01,USD\n"
                              "K-2,a,none,,,\n[attributes]\nattribute,value,contract,scheme,from\n"
                              "rate,0.03,,two,\nrate,0.5,K-1,own,2026-01-20\n"
                              "[events]\nid,at,partner,net,currency\n1,2026-01-05,a,10.00,USD\n"
                              "2,2026-01-15,a,10.00,USD\n3,2026-01-25,a,10.00,USD\n"
                              "[runs]\nperiod\n2026-01\n[expect]\ncontract,key,event,amount\n"
                              "K-1,own,1,none\nK-1,own,2,1.00\nK-1,own,3,5.00\nK-1,two,2,0.30\n"
                              "K-2,,,none\n",
           5, "a contract has its days, schemes and values that begin later");
    says(f,
         SCHEME("own", "0.1") "[partners]\ncode\na\n[contracts]\ncode,partner\nK-1,a\nK-2,a\n"
                              "[runs]\nperiod\n2026-01\n[expect]\npartner,amount\na,none\n",
         23, 1, "several contracts", "of several contracts one is named");
    passes(f,
           "[company]\nzone,currency\nEurope/Madrid,EUR\n" USUAL
           "[events]\nid,at,partner,net\n2,2026-01-01 00:30,anna,1.00\n"
           "3,2026-02-01T00:30:00Z,anna,1.00\n[expect]\npartner,lines\nanna,2\n",
           1, "moments and periods are of the company's zone");
    says(f, "[company]\nzone\nEurope/Nowhere\n[expect]\npartner,amount\na,1\n", 3, 1,
         "no such zone", "a zone that there is not is told");
}

static void steps(struct fixture *f)
{
    passes(f,
           USUAL "[events]\nid,at,partner,net,outcome\n2,2026-01-06,anna,5.00,stored\n"
                 "2,2026-01-06,anna,5.00,duplicate\n2,2026-01-06,anna,6.00,differs\n"
                 "[expect]\npartner,amount\nanna,10.50\n",
           4, "what intake answers can be expected");
    says(f,
         USUAL "[events]\nid,at,partner,net\n1,2026-01-05,anna,5.00\n[expect]\npartner,amount\n"
               "anna,10.00\n",
         22, 0, "expected stored, found differs", "and an event that is not stored is told");
    passes(f,
           USUAL "[contracts]\ncode,partner,due days\nK,anna,10\n[runs]\nperiod,do,on,contract,"
                 "reason,refused\n2026-01,post,,,,\n,due,2026-02-12,,,\n"
                 "[expect]\npartner,balance,amount,on\nanna,payable,0,2026-02-10\n"
                 "anna,accrued,10.00,2026-02-10\nanna,payable,10.00,2026-02-12\n"
                 "anna,payable,10.00,\n",
           4, "balances are looked at on a day, and at the end");
    passes(f,
           USUAL "[runs]\nperiod,do,on,contract,reason,refused\n2026-01,post,2026-02-01 13:00,,,\n"
                 "2026-01,post,2026-02-02,,,roll it back first\n"
                 "2026-01,roll back,2026-02-03,anna,a mistake,\n"
                 "[events]\nid,at,recorded,partner,net\n9,2026-01-07,2026-02-04,anna,1.00\n"
                 "[runs]\nperiod,do,on,contract,reason\n2026-01,repeat,2026-02-05,anna,again\n,due,"
                 "2026-02-06,,\n"
                 "[expect]\npartner,amount,balance,on\nanna,10.00,payable,2026-02-01\n"
                 "anna,0.00,payable,2026-02-03\nanna,10.10,payable,\nanna,10.10,,\n",
           5, "a result is rolled back and repeated with what came since");
    passes(f,
           USUAL "[events]\nid,at,partner,net,text.factor\n2,2026-01-05,anna,5.00,much\n[expect]\n"
                 "partner,state,reason\nanna,incomplete,number\n",
           1, "an incomplete result and its reason can be expected");
    says(f, USUAL "[expect]\npartner,period,amount\nanna,2026-02,1\n", 22, 6,
         "no run in [runs] has computed this period",
         "a period is computed before it is looked at");
}

#define LEVELS                                                                                     \
    "[scheme]\nfile\ngolden/cases/schemes/"                                                        \
    "levels-by-sale.dmn\n[partners]\ncode,parent,tree\ntop,,\n"                                    \
    "anna,top,sponsor\n[attributes]\nattribute,value\nrate 1,0.1\nrate 2,0.02\n[events]\n"         \
    "id,at,partner,net\n1,2026-01-05,anna,100.00\n[runs]\nperiod\n2026-01\n"

static void lines(struct fixture *f)
{
    passes(f,
           LEVELS "[expect]\npartner,key,from,amount\ntop,override,anna,2.00\ntop,override,,2.00\n"
                  "anna,own,,10.00\n",
           3, "a line that somebody else's sale gave is looked at by from");
    says(f, LEVELS "[expect]\npartner,key,from,amount\ntop,override,top,2.00\n", 20, 18,
         "found none", "and is not found with another partner");
    passes(f,
           LEVELS "[contracts]\ncode,partner\nK,anna\n[expect]\npartner,amount,aside,exact\n"
                  "anna,10.00,,\nanna,,no contract,2\n",
           2, "what stands aside is looked at by aside, and is no part of the total");
    passes(f,
           "[scheme]\nfile\ngolden/cases/schemes/three-parts.dmn\n[partners]\ncode\nanna\n"
           "[attributes]\nattribute,value\nrate,0.3\nparts,2\n[events]\nid,at,partner,net\n"
           "1,2026-01-05,anna,10.00\n[runs]\nperiod\n2026-01\n[expect]\npartner,note,due,amount\n"
           "anna,month 2,2026-02-05,1.50\nanna,,,3.00\n",
           2, "lines have due days of their own");
}

static void of_each(struct fixture *f)
{
    begin(f);
    comparing(f);
    reading(f);
    people(f);
    contracts(f);
    steps(f);
    lines(f);
}

int main(void)
{
    fixture_each(of_each);
    return done_testing();
}
