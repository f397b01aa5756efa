/* Tables over pages. A row waits until the next one has come, so that a totals row or a note never
 * stands alone on a new page. Head: quiet words over a hairline, the same look as on screen. */
#include "pdf/pdf_int.h"

static const double cell_gap = 8, row_padding = 3;

static void columns_place(struct pdf *pdf)
{
    double fixed = 0, x = pdf->left, whole = pdf->right - pdf->left;
    size_t shares = 0;
    for (size_t i = 0; i < pdf->columns_len; i++) {
        fixed += pdf->columns[i].width;
        shares += pdf->columns[i].width == 0;
    }
    double share = shares > 0 && fixed < whole ? (whole - fixed) / (double)shares : 0;
    double given = fixed + share * (double)shares, scale = given > whole ? whole / given : 1;
    for (size_t i = 0; i < pdf->columns_len; i++) {
        double width = pdf->columns[i].width > 0 ? pdf->columns[i].width : share;
        pdf->columns_x[i] = x;
        pdf->columns_width[i] = width * scale;
        x += width * scale;
    }
}

static enum pdf__style style_of(enum pdf__row_kind kind)
{
    return kind == PDF__TOTAL ? PDF__CELL_TOTAL : kind == PDF__ROW_NOTE ? PDF__NOTE : PDF__CELL;
}

static void cell_break(struct pdf *pdf, struct pdf__row *row, enum pdf__style style, size_t i,
                       struct str text, double width)
{
    row->cells[i] = pdf__break(pdf, style, text, width - cell_gap);
    row->lines_max = row->cells[i].len > row->lines_max ? row->cells[i].len : row->lines_max;
}

static double row_height(const struct pdf__row *row, enum pdf__style style)
{
    return (double)row->lines_max * pdf__line_height(style) + 2 * row_padding;
}

/* One line of each cell at y. */
static void cells_line_put(struct pdf *pdf, const struct pdf__row *row, enum pdf__style style,
                           size_t line_i)
{
    for (size_t i = 0; i < row->cells_len; i++) {
        if (line_i >= row->cells[i].len)
            continue;
        bool is_wide = row->kind == PDF__ROW_NOTE;
        double width = is_wide ? pdf->right - pdf->left : pdf->columns_width[i];
        bool is_right = pdf->columns[i].align == PDF_RIGHT;
        /* The gap stands on the inner side, so that outer edges align with the text above, and
         * between figures and the words after them. */
        bool is_after_right = i > 0 && !is_wide && pdf->columns[i - 1].align == PDF_RIGHT;
        double x = pdf->columns_x[i] + (i > 0 && (is_right || is_after_right) ? cell_gap : 0);
        pdf__line_put(pdf, style, &row->cells[i].at[line_i], x, pdf->y,
                      width - (i > 0 || !is_right ? cell_gap : 0),
                      is_wide ? PDF_LEFT : pdf->columns[i].align);
    }
}

static void head_put(struct pdf *pdf)
{
    pdf->y += row_padding;
    for (size_t k = 0; k < pdf->head.lines_max; k++) {
        cells_line_put(pdf, &pdf->head, PDF__CELL_HEAD, k);
        pdf->y += pdf__line_height(PDF__CELL_HEAD);
    }
    pdf->y += row_padding;
    pdf__hairline(pdf, pdf->y, PDF__QUIET);
}

static double head_height(const struct pdf *pdf)
{
    return row_height(&pdf->head, PDF__CELL_HEAD);
}

static void row_put(struct pdf *pdf, const struct pdf__row *row, bool has_note)
{
    enum pdf__style style = style_of(row->kind);
    double line = pdf__line_height(style);
    if (row->kind == PDF__TOTAL)
        pdf__hairline(pdf, pdf->y, PDF__QUIET);
    pdf->y += row->kind == PDF__ROW_NOTE ? -row_padding : row_padding;
    for (size_t k = 0; k < row->lines_max && !pdf->is_over; k++) {
        if (pdf__room(pdf, line)) /* only a row that is higher than a page */
            head_put(pdf);
        cells_line_put(pdf, row, style, k);
        pdf->y += line;
    }
    pdf->y += row_padding;
    if (row->kind != PDF__TOTAL && !has_note)
        pdf__hairline(pdf, pdf->y, PDF__HAIR);
}

/* Everything that waits goes on one page together, when one page can hold it. */
static void waiting_put(struct pdf *pdf)
{
    double height = 0;
    for (size_t i = 0; i < pdf->waiting_len; i++)
        height += row_height(&pdf->waiting[i], style_of(pdf->waiting[i].kind));
    if (pdf->waiting_len > 0 && height + head_height(pdf) <= pdf->bottom - pdf->top &&
        pdf__room(pdf, height))
        head_put(pdf);
    for (size_t i = 0; i < pdf->waiting_len && !pdf->is_over; i++)
        row_put(pdf, &pdf->waiting[i],
                i + 1 < pdf->waiting_len && pdf->waiting[i + 1].kind == PDF__ROW_NOTE);
    pdf->waiting_len = 0;
}

static void row_add(struct pdf *pdf, enum pdf__row_kind kind, const struct str *cells, size_t len)
{
    assert(pdf->columns_len > 0 && len <= pdf->columns_len);
    if (pdf->is_over)
        return;
    bool stays = kind != PDF__ROW && pdf->waiting_len > 0 && pdf->waiting_len < PDF__WAITING_MAX;
    if (!stays)
        waiting_put(pdf);
    struct pdf__row *row = &pdf->waiting[pdf->waiting_len++];
    *row = (struct pdf__row){.kind = kind, .cells_len = len, .lines_max = 1};
    for (size_t i = 0; i < len; i++)
        cell_break(pdf, row, style_of(kind), i, cells[i],
                   kind == PDF__ROW_NOTE ? pdf->right - pdf->left : pdf->columns_width[i]);
}

void pdf_table(struct pdf *pdf, const struct pdf_column *columns, size_t columns_len)
{
    assert(columns_len >= 1 && columns_len <= PDF_COLUMNS_MAX);
    pdf__table_close(pdf);
    memcpy(pdf->columns, columns, columns_len * sizeof(*columns));
    pdf->columns_len = columns_len;
    columns_place(pdf);
    pdf->head = (struct pdf__row){.kind = PDF__ROW, .cells_len = columns_len, .lines_max = 1};
    for (size_t i = 0; i < columns_len; i++)
        cell_break(pdf, &pdf->head, PDF__CELL_HEAD, i, columns[i].title, pdf->columns_width[i]);
    (void)pdf__room(pdf, head_height(pdf) + 3 * pdf__line_height(PDF__CELL));
    head_put(pdf);
}

void pdf_row(struct pdf *pdf, const struct str *cells, size_t len)
{
    row_add(pdf, PDF__ROW, cells, len);
}

void pdf_row_note(struct pdf *pdf, struct str text)
{
    row_add(pdf, PDF__ROW_NOTE, &text, 1);
}

void pdf_total(struct pdf *pdf, const struct str *cells, size_t len)
{
    row_add(pdf, PDF__TOTAL, cells, len);
}

void pdf__table_close(struct pdf *pdf)
{
    if (pdf->columns_len == 0)
        return;
    waiting_put(pdf);
    pdf->columns_len = 0;
    pdf->y += 10;
}

void pdf_table_end(struct pdf *pdf)
{
    pdf__table_close(pdf);
}
