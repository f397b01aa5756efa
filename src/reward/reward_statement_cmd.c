/* kontor statement: a statement on the terminal, as JSON, or as the same files that people take
 * from the pages. */
#include "json/json.h"
#include "reward/reward_store.h"
#include "reward/reward_web.h"
#include "text/text.h"

enum { OUTPUT_MAX = 256 << 20 };

/* ---- which one ---- */

static enum rc say_which(struct cli *cli, const struct statement_found_rows *found)
{
    AUTO_BUF numbers = BUF(64 << 10);
    for (size_t i = 0; i < found->len; i++)
        buf_printf(&numbers, "%s" STR_FMT, i ? ", " : "", STR_ARG(found->at[i].number));
    return fail(&cli->op, RC_CONFLICT, "PERIOD",
                M("The partner has several statements for this period: {0}. Give one number."),
                str_c(cli->arena, buf_str(&numbers)));
}

static enum rc by_period(struct cli *cli, struct str code, struct str period, int64_t *out_id)
{
    struct op *op = &cli->op;
    struct partner partner;
    struct period parsed;
    struct statement_found_rows found;
    if (!period_parse(period, 0, &parsed))
        return fail(op, RC_INVALID, "PERIOD",
                    "This is not a period: write a month like 2026-10, a quarter like 2026-Q4 or "
                    "a year.");
    enum rc rc = partner_by_code(op, code, &partner);
    if (rc == RC_MISSING)
        return fail(op, rc, "PARTNER", M("There is no partner with the code {0}."),
                    str_c(op->arena, code));
    TRY(rc);
    TRY(q_statements_of_partner(
        op, &(struct q_statements_of_partner_in){partner.id, period_print(op->arena, parsed)},
        &found));
    if (found.len == 0)
        return fail(op, RC_MISSING, "PERIOD", M("The partner has no statement for this period."));
    if (found.len > 1)
        return say_which(cli, &found);
    *out_id = found.at[0].id;
    return RC_OK;
}

static enum rc by_number(struct cli *cli, struct str number, int64_t *out_id)
{
    struct op *op = &cli->op;
    struct reward_id_row row;
    enum rc rc = q_statement_of_number(op, &(struct q_statement_of_number_in){number}, &row);
    if (rc == RC_MISSING)
        return fail(op, rc, "NUMBER", M("There is no statement {0}."), str_c(op->arena, number));
    *out_id = row.id;
    return rc;
}

/* ---- as text ---- */

static void print_row(struct cli *cli, struct str figure, struct str label, struct str note)
{
    enum { FIGURE_COLUMNS = 18 };
    int pad = FIGURE_COLUMNS - (int)utf8_columns(figure);
    cli_print(cli, "%*s" STR_FMT "  " STR_FMT, pad > 0 ? pad : 0, "", STR_ARG(figure),
              STR_ARG(label));
    if (note.len)
        cli_print(cli, " · " STR_FMT, STR_ARG(note));
    cli_print(cli, "\n");
}

static void print_paper(struct cli *cli, const struct reward__paper *v)
{
    const struct op *op = &cli->op;
    cli_print(cli, STR_FMT "\n" STR_FMT " " STR_FMT ", " STR_FMT "\n\n",
              STR_ARG(v->statement.number), STR_ARG(v->names.partner_code),
              STR_ARG(v->names.partner_name),
              STR_ARG(i18n_period(cli->arena, op->lang, v->period, PLACE_INSIDE)));
    for (size_t i = 0; i < v->lines.len; i++)
        print_row(cli, i18n_money(cli->arena, op->lang, v->lines.at[i].amount),
                  v->lines.at[i].label, v->lines.at[i].note);
    struct money total = MONEY(v->result.total_minor, v->currency);
    print_row(cli, i18n_money(cli->arena, op->lang, total), tr(op->lang, M("Accrued in all")),
              STR(""));
    for (size_t i = 0; i < v->measures.len; i++)
        print_row(cli, v->measures.at[i].value, v->measures.at[i].label, STR(""));
}

/* ---- the command ---- */

static enum rc put_file(struct cli *cli, const struct reward__paper *paper, struct str format)
{
    struct op *op = &cli->op;
    AUTO_BUF out = BUF(OUTPUT_MAX);
    bool is_pdf = str_eq(format, STR("pdf")), is_xlsx = str_eq(format, STR("xlsx"));
    if (!is_pdf && !is_xlsx && !str_eq(format, STR("csv")))
        return fail(op, RC_INVALID, "format", M("A format is csv, xlsx or pdf."));
    if (cli->is_terminal && (is_pdf || is_xlsx))
        return fail(op, RC_INVALID, "format",
                    M("This is no text: write it to a file, with > FILE."));
    TRY(is_pdf ? reward__pdf(op, paper, &out) : reward__sheet(op, paper, is_xlsx, &out));
    cli_put(cli, buf_str(&out));
    return RC_OK;
}

static void put_json(struct cli *cli, const struct reward__paper *paper)
{
    AUTO_BUF text = BUF(OUTPUT_MAX);
    struct json_writer json = JSON_WRITER(&text);
    reward_paper_json(&json, paper);
    buf_char(&text, '\n');
    cli_put(cli, buf_str(&text));
}

enum rc reward__statement_command(struct cli *cli)
{
    int64_t id = 0;
    struct reward__paper paper;
    const char *format = cli_option(cli, "format");
    TRY(cli->args_len == 2 ? by_period(cli, cli->args[0], cli->args[1], &id)
                           : by_number(cli, cli->args[0], &id));
    TRY(reward__paper_load(&cli->op, REWARD_STATEMENT, id, &paper));
    if (format)
        return put_file(cli, &paper, str_of(format));
    if (cli->is_json)
        put_json(cli, &paper);
    else
        print_paper(cli, &paper);
    return RC_OK;
}
