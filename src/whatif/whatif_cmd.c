/* kontor whatif: compares from the command line and prints the totals that the page shows. */
#include "whatif/whatif_web.h"

enum { TEXT_MAX = 4 << 20 };

static void draw(void *self, int64_t done, int64_t total)
{
    cli_progress(self, M("Comparing"), done, total);
}

static void print_totals(struct cli *cli, const struct whatif *w,
                         const struct whatif_totals *totals)
{
    for (size_t i = 0; i < totals->len; i++) {
        const struct whatif_figures *f = &totals->at[i];
        const struct currency *currency = f->currency;
        struct arena *arena = cli->arena;
        if (i == 0 || totals->at[i - 1].position != f->position)
            cli_print(cli, "Variant " STR_FMT " " STR_FMT "\n",
                      STR_ARG(whatif__letter(f->position)),
                      STR_ARG(w->variants[f->position - 1].name));
        const struct {
            const char *what;
            int64_t minor, partners;
        } lines[] = {{"paid", f->base_minor, -1},
                     {"total", f->total_minor, -1},
                     {"difference", f->total_minor - f->base_minor, -1},
                     {"more", f->more_minor, f->more},
                     {"less", f->less_minor, f->less},
                     {"same", 0, f->same}};
        for (size_t k = 0; k < LEN(lines); k++) {
            struct str money = money_print(arena, MONEY(lines[k].minor, currency));
            if (lines[k].partners < 0)
                cli_print(cli, "  %-10s " STR_FMT " %s\n", lines[k].what, STR_ARG(money),
                          currency->code);
            else
                cli_print(cli, "  %-10s " STR_FMT " %s, partners: %lld\n", lines[k].what,
                          STR_ARG(money), currency->code, (long long)lines[k].partners);
        }
    }
    if (totals->len == 0)
        cli_print(cli, "Not calculated yet.\n");
}

static enum rc show(struct cli *cli, int64_t id)
{
    struct op *op = &cli->op;
    struct whatif w;
    struct whatif_totals totals;
    TRY(whatif_get(op, id, &w));
    TRY(whatif_totals(op, id, &totals));
    if (!cli->is_json) {
        print_totals(cli, &w, &totals);
        return RC_OK;
    }
    AUTO_BUF text = BUF(TEXT_MAX);
    struct json_writer json = JSON_WRITER(&text);
    json_object(&json);
    whatif__put(&json, &w);
    whatif__put_totals(&json, &totals);
    json_object_end(&json);
    cli_put(cli, buf_str(&text));
    cli_put(cli, STR("\n"));
    return RC_OK;
}

static enum rc find_named(struct cli *cli, struct whatif *out)
{
    enum rc rc = whatif_by_name(&cli->op, cli->args[0], out);
    return rc == RC_MISSING ? fail(&cli->op, RC_MISSING, NULL, M("There is no comparison {0}."),
                                   str_c(cli->arena, cli->args[0]))
                            : rc;
}

static enum rc whatif_show(struct cli *cli)
{
    struct whatif w;
    TRY(find_named(cli, &w));
    return show(cli, w.id);
}

static enum rc whatif_again(struct cli *cli)
{
    struct whatif w;
    TRY(find_named(cli, &w));
    enum rc rc = whatif_calculate(&cli->op, w.id, draw, cli);
    cli_progress_end(cli);
    TRY(rc);
    return show(cli, w.id);
}

/* ---- a new one ---- */

static enum rc month_of(struct cli *cli, const char *option, struct period *out)
{
    const char *text = cli_option(cli, option);
    if (text && period_parse(str_of(text), 0, out) && out->kind == PERIOD_MONTH)
        return RC_OK;
    return fail(&cli->op, RC_INVALID, option, M("Write a month like 2026-10."));
}

/* "CODE" is the newest version, "CODE:3" that one. */
static enum rc version_of(struct op *op, struct str text, struct scheme_version *out)
{
    struct scheme_info scheme;
    struct scheme_versions versions;
    int64_t number = 0;
    struct str rest = text, code = str_cut(&rest, ':');
    enum rc rc = scheme_by_code(op, code, &scheme);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, NULL, M("There is no scheme {0}."), str_c(op->arena, code));
    TRY(rc);
    if (rest.at && str_to_i64(rest, &number)) {
        rc = scheme_version_by_number(op, scheme.id, number, out);
        return rc == RC_MISSING ? fail(op, RC_INVALID, NULL, M("The scheme has no version {0}."),
                                       str_c(op->arena, rest))
                                : rc;
    }
    TRY(scheme_versions(op, scheme.id, &versions));
    if (versions.len == 0)
        return fail(op, RC_INVALID, NULL, M("The scheme has no version yet."));
    *out = versions.at[0];
    return RC_OK;
}

/* "CODE:attribute=value" */
static enum rc value_of(struct op *op, struct str text, struct reward_supposition *out)
{
    struct scheme_info scheme;
    struct str value = text, left = str_cut(&value, '=');
    struct str name = left, code = str_cut(&name, ':');
    if (!value.at || !name.at)
        return fail(op, RC_INVALID, NULL, M("Write a value as SCHEME:attribute=value."));
    enum rc rc = scheme_by_code(op, code, &scheme);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, NULL, M("There is no scheme {0}."), str_c(op->arena, code));
    TRY(rc);
    *out = (struct reward_supposition){.what = REWARD_SUPPOSE_VALUE,
                                       .scheme_id = scheme.id,
                                       .name = str_trim(name),
                                       .value = str_trim(value)};
    return RC_OK;
}

/* Each argument is a variant: changes separated by ";". */
static enum rc variant_of(struct op *op, struct str text, struct whatif_variant *out)
{
    *out = (struct whatif_variant){.name = text};
    for (struct str rest = text; rest.at;) {
        struct str part = str_trim(str_cut(&rest, ';'));
        struct reward_supposition change = {0};
        struct scheme_version version;
        if (part.len == 0)
            continue;
        if (str_find(part, STR("="), 0) != SIZE_MAX) {
            TRY(value_of(op, part, &change));
        } else {
            TRY(version_of(op, part, &version));
            change = (struct reward_supposition){.what = REWARD_SUPPOSE_VERSION,
                                                 .scheme_id = version.scheme_id,
                                                 .version_id = version.id};
        }
        VEC_PUSH(op->arena, &out->changes, change);
    }
    return RC_OK;
}

static enum rc add(struct cli *cli, int64_t *out_id)
{
    struct op *op = &cli->op;
    struct period first, last;
    const char *name = cli_option(cli, "name");
    TRY(month_of(cli, "from", &first));
    TRY(month_of(cli, "to", &last));
    struct whatif w = {
        .name = name ? str_of(name) : cli->args[0], .from = first.start, .to = last.end};
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(whatif_save(op, &w, out_id));
    for (size_t i = 0; i < cli->args_len; i++) {
        struct whatif_variant variant;
        TRY(variant_of(op, cli->args[i], &variant));
        TRY(whatif_variant_save(op, *out_id, &variant));
    }
    return txn_commit(&txn);
}

static enum rc whatif_new(struct cli *cli)
{
    int64_t id = 0;
    TRY(add(cli, &id));
    enum rc rc = whatif_calculate(&cli->op, id, draw, cli);
    cli_progress_end(cli);
    TRY(rc);
    return show(cli, id);
}

const struct command whatif_commands[] = {
    {.name = "whatif new",
     .args = "VARIANT…",
     .args_min = 1,
     .args_max = WHATIF_VARIANTS_MAX,
     .summary = "compute variants over past months beside what was paid",
     .help = "A variant is one or more changes separated by \";\": a scheme's newest version\n"
             "(SCHEME), one of its versions (SCHEME:3), or another value of an attribute\n"
             "(SCHEME:attribute=0.07). The comparison is saved; nothing else is touched.\n\n"
             "  kontor whatif new REPS:4 'REPS:seafood rate=0.07' --from 2026-01 --to 2026-09\n",
     .needs = CLI_WRITES,
     .options = {{"from", "MONTH", "the first month"},
                 {"to", "MONTH", "the last month"},
                 {"name", "TEXT", "what the comparison is called"}},
     .run = whatif_new},
    {.name = "whatif show",
     .args = "NAME",
     .args_min = 1,
     .args_max = 1,
     .summary = "print the totals of a comparison",
     .help = "The same totals as on its page.\n\n"
             "  kontor whatif show 'Higher tiers'\n",
     .needs = CLI_READS,
     .run = whatif_show},
    {.name = "whatif calculate",
     .args = "NAME",
     .args_min = 1,
     .args_max = 1,
     .summary = "compute a comparison again and print its totals",
     .help = "With the facts and versions of now.\n\n"
             "  kontor whatif calculate 'Higher tiers'\n",
     .needs = CLI_WRITES,
     .run = whatif_again},
    {.name = NULL},
};
