/* A statement as a file: CSV and XLSX hold every line with its event, for people who compute on;
 * PDF is the document: who, to whom, lines, measures, total, and how it was rounded. */
#include "brand/brand.h"
#include "pdf/pdf.h"
#include "reward/reward_web.h"
#include "sheet/sheet.h"

struct str reward__file_name(struct op *op, const struct reward__paper *paper, const char *suffix)
{
    struct str name = paper->statement.id ? paper->statement.number
                                          : str_printf(op->arena, STR_FMT "-" STR_FMT,
                                                       STR_ARG(paper->names.contract_code),
                                                       STR_ARG(paper->result.period));
    struct str slug = text_slug(op->arena, name);
    return str_printf(op->arena, STR_FMT ".%s", STR_ARG(slug.len ? slug : STR("statement")),
                      suffix);
}

/* ---- tables ---- */

enum {
    OUT_RULE,
    OUT_DATE,
    OUT_EVENT,
    OUT_WHAT,
    OUT_BASE,
    OUT_RATE,
    OUT_EXACT,
    OUT_AMOUNT,
    OUT_STATE,
    OUT_DUE,
    OUTS
};
static const struct {
    const char *title;
    enum sheet_column_kind kind;
} outs[OUTS] = {
    [OUT_RULE] = {M("Rule"), SHEET_COLUMN_TEXT},
    [OUT_DATE] = {M("Date"), SHEET_COLUMN_DATE},
    [OUT_EVENT] = {M("Event"), SHEET_COLUMN_TEXT},
    [OUT_WHAT] = {M("Note"), SHEET_COLUMN_TEXT},
    [OUT_BASE] = {M("Base"), SHEET_COLUMN_NUMBER},
    [OUT_RATE] = {M("Rate"), SHEET_COLUMN_NUMBER},
    [OUT_EXACT] = {M("Exact"), SHEET_COLUMN_NUMBER},
    [OUT_AMOUNT] = {M("Amount"), SHEET_COLUMN_MONEY},
    [OUT_STATE] = {M("State"), SHEET_COLUMN_TEXT},
    [OUT_DUE] = {M("Due day"), SHEET_COLUMN_DATE},
};

struct sheeting {
    struct op *op;
    const struct reward__paper *paper;
    struct sheet_writer *writer;
    struct map *labels;
};

static struct sheet_value decimal(struct str text)
{
    struct dec value;
    int64_t unscaled = 0;
    for (int scale = 0; dec_parse(text, &value) && scale <= 12; scale++)
        if (dec_cmp(dec_round(value, scale, DEC_HALF_UP), value) == 0 &&
            dec_to_scaled(value, scale, DEC_HALF_UP, &unscaled))
            return sheet_number(unscaled, scale);
    return text.len ? sheet_text(text) : SHEET_NOTHING;
}

static enum rc label_of(struct sheeting *s, const struct reward_line_row *line, struct str *out)
{
    struct str key = str_printf(s->op->arena, "%lld " STR_FMT, (long long)line->scheme_version_id,
                                STR_ARG(line->key));
    void **slot = map_put(s->labels, key);
    if (!*slot) {
        struct str *label = NEW(s->op->arena, struct str);
        TRY(reward__label(s->op, line->scheme_version_id, str_dup(s->op->arena, line->key), label));
        *slot = label;
    }
    *out = *(const struct str *)*slot;
    return RC_OK;
}

static enum rc put_line(struct sheeting *s, const struct reward_line_row *line)
{
    struct op *op = s->op;
    struct reward_event_id event;
    struct sheet_value row[OUTS] = {SHEET_NOTHING};
    struct str label;
    TRY(label_of(s, line, &label));
    row[OUT_RULE] = sheet_text(label);
    if (line->event_seq) {
        row[OUT_DATE] = sheet_days(zone_date(op->zone, line->occurred_at).days);
        enum rc rc = q_reward_event(op, &(struct q_reward_event_in){line->event_seq}, &event);
        if (rc == RC_OK)
            row[OUT_EVENT] = sheet_text(event.external_id);
        else if (rc != RC_MISSING)
            return rc;
    }
    row[OUT_WHAT] = line->note.len ? sheet_text(line->note) : SHEET_NOTHING;
    row[OUT_BASE] = decimal(line->base);
    row[OUT_RATE] = decimal(line->rate);
    row[OUT_EXACT] = decimal(line->exact);
    row[OUT_AMOUNT] = sheet_number(line->amount_minor, s->paper->currency->digits);
    struct str state = line->hold.len ? STR("held") : line->state;
    row[OUT_STATE] = sheet_text(ui_state_word(op->arena, op->lang, "line", state));
    row[OUT_DUE] = sheet_days(line->due_day);
    return sheet_writer_row(s->writer, row, OUTS);
}

/* Ids of the lines first: a cursor stays open over queries that look at events otherwise. */
static enum rc put_lines(struct sheeting *s)
{
    AUTO_CURSOR cursor = {0};
    struct reward_line_row row;
    VEC(struct reward_line_row) lines = {0};
    struct arena *arena = s->op->arena;
    enum rc rc;
    TRY(q_reward_lines_of_result_open(
        s->op, &(struct q_reward_lines_of_result_in){s->paper->result.id}, &cursor));
    while ((rc = q_reward_lines_of_result_next(&cursor, &row)) == RC_OK) {
        row.key = str_dup(arena, row.key);
        row.base = str_dup(arena, row.base);
        row.rate = str_dup(arena, row.rate);
        row.exact = str_dup(arena, row.exact);
        row.state = str_dup(arena, row.state);
        row.hold = str_dup(arena, row.hold);
        row.note = str_dup(arena, row.note);
        VEC_PUSH(arena, &lines, row);
    }
    if (rc != RC_MISSING)
        return rc;
    cursor_close(&cursor);
    for (size_t i = 0; i < lines.len; i++)
        TRY(put_line(s, &lines.at[i]));
    return RC_OK;
}

static enum rc put_total(struct sheeting *s)
{
    struct sheet_value row[OUTS] = {SHEET_NOTHING};
    row[OUT_RULE] = sheet_text(tr(s->op->lang, M("Accrued in all")));
    row[OUT_AMOUNT] = sheet_number(s->paper->result.total_minor, s->paper->currency->digits);
    return sheet_writer_total(s->writer, row, OUTS);
}

enum rc reward__sheet(struct op *op, const struct reward__paper *paper, bool is_xlsx,
                      struct buf *out)
{
    struct sheet_column columns[OUTS];
    struct sheeting s = {.op = op, .paper = paper, .labels = map_new(op->arena)};
    for (size_t i = 0; i < OUTS; i++) {
        struct str title = tr(op->lang, outs[i].title);
        if (i == OUT_AMOUNT)
            title = str_printf(op->arena, STR_FMT ", %s", STR_ARG(title), paper->currency->code);
        columns[i] = (struct sheet_column){.title = title, .kind = outs[i].kind};
    }
    struct sheet_writer_options options = {
        .kind = is_xlsx ? SHEET_XLSX : SHEET_CSV,
        .columns = columns,
        .columns_len = OUTS,
        .sheet_name = paper->statement.id ? paper->statement.number : paper->names.contract_code,
        .title = reward__note_line(op, paper->names.partner_name,
                                   i18n_period(op->arena, op->lang, paper->period, PLACE_START)),
        .made_at = paper->statement.id ? paper->statement.created_at : paper->result.created_at,
        .has_bom = true};
    TRY(sheet_writer_open(&options, sheet_sink_buf(out), &s.writer));
    enum rc rc = put_lines(&s);
    if (rc == RC_OK)
        rc = put_total(&s);
    if (rc == RC_OK)
        rc = sheet_writer_finish(s.writer);
    sheet_writer_close(s.writer);
    return rc;
}

/* ---- the document ---- */

static struct str entity_address(struct op *op, const struct reward_paper_row *names)
{
    struct str_list parts = {0};
    const struct str all[] = {names->entity_postcode, names->entity_city, names->entity_line};
    for (size_t i = 0; i < LEN(all); i++)
        if (all[i].len)
            VEC_PUSH(op->arena, &parts, all[i]);
    AUTO_BUF out = BUF(4096);
    for (size_t i = 0; i < parts.len; i++)
        buf_printf(&out, "%s" STR_FMT, i ? ", " : "", STR_ARG(parts.at[i]));
    return str_dup(op->arena, buf_str(&out));
}

static struct str party(struct op *op, struct str name, struct str tax_number, struct str address)
{
    struct str text = name;
    if (tax_number.len)
        text = str_printf(op->arena, STR_FMT "\n" STR_FMT " " STR_FMT, STR_ARG(text),
                          STR_ARG(tr(op->lang, M("Tax number"))), STR_ARG(tax_number));
    if (address.len)
        text = str_printf(op->arena, STR_FMT "\n" STR_FMT, STR_ARG(text), STR_ARG(address));
    return text;
}

static void put_parties(struct op *op, struct pdf *pdf, const struct reward__paper *paper)
{
    const struct reward_paper_row *names = &paper->names;
    struct str partner =
        names->partner_legal_name.len ? names->partner_legal_name : names->partner_name;
    const struct pdf_pair pairs[] = {
        {tr(op->lang, M("From||party")),
         party(op, names->entity_name, names->entity_tax_number, entity_address(op, names))},
        {tr(op->lang, M("To||party")), party(op, partner, names->partner_tax_number, STR(""))},
        {tr(op->lang, M("Contract")), names->contract_code},
        {tr(op->lang, M("Period")), i18n_period(op->arena, op->lang, paper->period, PLACE_START)},
    };
    pdf_pairs(pdf, pairs, LEN(pairs), 2);
}

static void put_figures(struct op *op, struct pdf *pdf, const struct reward__paper *paper)
{
    struct pdf_pair pairs[8];
    size_t len = 0;
    for (size_t i = 0; i < paper->figures.kpis.len && len < LEN(pairs); i++) {
        const struct ui_kpi *kpi = &paper->figures.kpis.at[i];
        pairs[len++] = (struct pdf_pair){kpi->label_text,
                                         str_printf(op->arena, STR_FMT " " STR_FMT,
                                                    STR_ARG(kpi->figure), STR_ARG(paper->symbol))};
    }
    pdf_pairs(pdf, pairs, len, 4);
}

static void put_table(struct op *op, struct pdf *pdf, const struct reward__paper *paper)
{
    struct str amount_title =
        str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(tr(op->lang, M("Amount"))),
                   STR_ARG(paper->symbol));
    const struct pdf_column columns[] = {
        {tr(op->lang, M("Ground and calculation")), PDF_LEFT, 0},
        {amount_title, PDF_RIGHT, 90},
        {tr(op->lang, M("State")), PDF_LEFT, 120},
    };
    pdf_heading(pdf, 2, tr(op->lang, M("Lines")));
    pdf_table(pdf, columns, LEN(columns));
    for (size_t i = 0; i < paper->lines.len; i++) {
        const struct reward__paper_line *line = &paper->lines.at[i];
        struct str cells[] = {line->label, i18n_amount(op->arena, op->lang, line->amount),
                              line->badge};
        pdf_row(pdf, cells, LEN(cells));
        if (line->note.len)
            pdf_row_note(pdf, line->note);
    }
    struct money total = MONEY(paper->result.total_minor, paper->currency);
    struct str foot[] = {tr(op->lang, M("Accrued in all")), i18n_amount(op->arena, op->lang, total),
                         STR("")};
    pdf_total(pdf, foot, LEN(foot));
    pdf_table_end(pdf);
}

/* What is not part of the total, or what gave nothing and why. */
static void put_asides(struct op *op, struct pdf *pdf, const struct reward__paper *paper,
                       bool is_nothing)
{
    const struct pdf_column columns[] = {
        {tr(op->lang, M("Ground and calculation")), PDF_LEFT, 0},
        {is_nothing ? STR("") : tr(op->lang, M("Amount")), PDF_RIGHT, is_nothing ? 10 : 90},
        {tr(op->lang, M("Reason")), PDF_LEFT, 160},
    };
    if (!(is_nothing ? paper->has_nothings : paper->has_asides))
        return;
    pdf_heading(pdf, 2,
                is_nothing ? tr(op->lang, M("What gave nothing"))
                           : tr(op->lang, M("Not part of the total")));
    pdf_table(pdf, columns, LEN(columns));
    for (size_t i = 0; i < paper->asides.len; i++) {
        const struct reward__paper_aside *aside = &paper->asides.at[i];
        struct str cells[] = {aside->label, is_nothing ? STR("") : aside->amount, aside->reason};
        if (aside->is_nothing != is_nothing)
            continue;
        pdf_row(pdf, cells, LEN(cells));
        if (aside->note.len)
            pdf_row_note(pdf, aside->note);
    }
    pdf_table_end(pdf);
}

static void put_measures(struct op *op, struct pdf *pdf, const struct reward__paper *paper)
{
    struct pdf_pair *pairs = NEW_ARRAY(op->arena, struct pdf_pair, paper->measures.len + 1);
    for (size_t i = 0; i < paper->measures.len; i++)
        pairs[i] = (struct pdf_pair){paper->measures.at[i].label, paper->measures.at[i].value};
    if (!paper->measures.len)
        return;
    pdf_heading(pdf, 2, tr(op->lang, M("Measures")));
    pdf_pairs(pdf, pairs, paper->measures.len, 3);
}

/* The portal's name, colour and logo: a statement is read by partners. */
static enum rc put_brand(struct op *op, struct pdf_options *options)
{
    struct brand b;
    struct brand_picture logo;
    struct brand_colour accent;
    TRY(brand_get(op, &b));
    TRY(brand_logo(op, &logo));
    if (b.portal_name.len)
        options->head_left = b.portal_name;
    if (brand_colour_parse(b.accent, &accent))
        options->accent = (uint32_t)(accent.r << 16 | accent.g << 8 | accent.b);
    if (logo.bytes.len)
        options->logo = (struct pdf_picture){.bytes = logo.bytes,
                                             .is_jpeg = strcmp(logo.mime, "image/jpeg") == 0,
                                             .width = logo.width,
                                             .height = logo.height};
    return RC_OK;
}

enum rc reward__pdf(struct op *op, const struct reward__paper *paper, struct buf *out)
{
    struct str period = i18n_period(op->arena, op->lang, paper->period, PLACE_INSIDE);
    struct str title = i18n_format(op->arena, op->lang, M("Draft of a statement for {0}"), period);
    if (paper->statement.id)
        title = i18n_format(op->arena, op->lang, M("Statement {0} for {1}"),
                            paper->statement.number, period);
    struct pdf_options options = {
        .lang = op->lang,
        .title = title,
        .author = paper->names.entity_name,
        .head_left = paper->names.entity_name,
        .head_right = paper->statement.id ? paper->statement.number : STR_NONE,
        .foot_left = paper->names.partner_name,
        .made_at = paper->statement.id ? paper->statement.created_at : paper->result.created_at};
    TRY(put_brand(op, &options));
    AUTO_PDF pdf = pdf_new(&options);
    pdf_heading(pdf, 1, title);
    put_parties(op, pdf, paper);
    pdf_rule(pdf);
    put_figures(op, pdf, paper);
    put_table(op, pdf, paper);
    put_asides(op, pdf, paper, false);
    put_asides(op, pdf, paper, true);
    put_measures(op, pdf, paper);
    pdf_note(pdf, tr(op->lang, M("Each line is rounded by the rule of its scheme; the exact values "
                                 "before rounding stand in the table files and in the explanation "
                                 "of each amount.")));
    return pdf_finish(pdf, out);
}
