/* The layout: things are placed from the top of a page to its bottom as they are described, and
 * kept as a list of marks until the number of pages is known. Drawing at once onto the surface was
 * rejected because "page 1 of 7" stands on page 1. */
#include "pdf/pdf_int.h"

enum { A4_SHORT = 595, A4_LONG = 842, SIDE = 48, HEAD = 62, FOOT = 56 };

static const size_t arena_limit_bytes = 512u << 20, description_max_bytes = 256u << 20;
static const double pair_gap = 8, gutter = 16;

/* ---- pages and marks ---- */

void pdf__page_new(struct pdf *pdf)
{
    pdf->y = pdf->top;
    if (pdf->pages.len >= PDF_PAGES_MAX || arena_used_bytes(pdf->arena) > description_max_bytes)
        pdf->is_over = true;
    if (!pdf->is_over)
        VEC_PUSH(pdf->arena, &pdf->pages, (struct pdf__page){pdf->ops.len});
}

bool pdf__room(struct pdf *pdf, double height)
{
    if (pdf->y + height <= pdf->bottom || pdf->y <= pdf->top)
        return false;
    pdf__page_new(pdf);
    return true;
}

void pdf__put(struct pdf *pdf, struct pdf__op op)
{
    if (!pdf->is_over)
        VEC_PUSH(pdf->arena, &pdf->ops, op);
}

void pdf__hairline(struct pdf *pdf, double y, uint32_t color)
{
    pdf__put(pdf, (struct pdf__op){.mark = PDF__LINE,
                                   .color = color,
                                   .x = pdf->left,
                                   .y = y,
                                   .width = pdf->right - pdf->left});
}

void pdf__line_put(struct pdf *pdf, enum pdf__style style, const struct pdf__line *line, double x,
                   double y, double width, enum pdf_align align)
{
    double free_width = width - line->width;
    double shift = align == PDF_RIGHT ? free_width : align == PDF_CENTER ? free_width / 2 : 0;
    pdf__put(pdf, (struct pdf__op){
                      .mark = PDF__TEXT,
                      .style = style,
                      .color = pdf__color(style),
                      .x = x + (shift > 0 ? shift : 0),
                      .y = y + pdf__line_height(style) * 0.77, /* where the baseline looks even */
                      .text = line->text,
                  });
}

/* ---- blocks ---- */

static void flow(struct pdf *pdf, enum pdf__style style, struct str text)
{
    struct pdf__lines lines = pdf__break(pdf, style, text, pdf->right - pdf->left);
    for (size_t i = 0; i < lines.len && !pdf->is_over; i++) {
        (void)pdf__room(pdf, pdf__line_height(style));
        pdf__line_put(pdf, style, &lines.at[i], pdf->left, pdf->y, pdf->right - pdf->left,
                      PDF_LEFT);
        pdf->y += pdf__line_height(style);
    }
}

void pdf_heading(struct pdf *pdf, int level, struct str text)
{
    static const double before[] = {0, 0, 14, 8}, after[] = {0, 6, 4, 2};
    enum { KEEP_WITH_NEXT = 48 };
    assert(level >= 1 && level <= 3);
    pdf__table_close(pdf);
    enum pdf__style style = (enum pdf__style)level;
    if (!pdf__room(pdf, before[level] + pdf__line_height(style) + KEEP_WITH_NEXT) &&
        pdf->y > pdf->top)
        pdf->y += before[level];
    flow(pdf, style, text);
    pdf->y += after[level];
}

void pdf_paragraph(struct pdf *pdf, struct str text)
{
    pdf__table_close(pdf);
    flow(pdf, PDF__BODY, text);
    pdf->y += 6;
}

void pdf_note(struct pdf *pdf, struct str text)
{
    pdf__table_close(pdf);
    flow(pdf, PDF__NOTE, text);
    pdf->y += 4;
}

void pdf_space(struct pdf *pdf, int points)
{
    pdf__table_close(pdf);
    if (pdf->y > pdf->top)
        pdf->y += points;
}

void pdf_rule(struct pdf *pdf)
{
    pdf__table_close(pdf);
    (void)pdf__room(pdf, 8);
    pdf__hairline(pdf, pdf->y + 4, PDF__HAIR);
    pdf->y += 8;
}

void pdf_page_break(struct pdf *pdf)
{
    pdf__table_close(pdf);
    if (pdf->y > pdf->top)
        pdf__page_new(pdf);
}

/* One row of labelled values; returns nothing because it moves y itself. */
static void pairs_row(struct pdf *pdf, const struct pdf_pair *pairs, size_t len, double width)
{
    struct pdf__lines values[4];
    size_t most = 1;
    for (size_t i = 0; i < len; i++) {
        values[i] = pdf__break(pdf, PDF__VALUE, pairs[i].value, width - gutter);
        most = values[i].len > most ? values[i].len : most;
    }
    double label_height = pdf__line_height(PDF__LABEL), line = pdf__line_height(PDF__VALUE);
    (void)pdf__room(pdf, label_height + (double)most * line);
    for (size_t i = 0; i < len; i++) {
        struct pdf__lines label = pdf__break(pdf, PDF__LABEL, pairs[i].label, width - gutter);
        double x = pdf->left + (double)i * width;
        if (label.len > 0)
            pdf__line_put(pdf, PDF__LABEL, &label.at[0], x, pdf->y, width, PDF_LEFT);
    }
    pdf->y += label_height;
    for (size_t k = 0; k < most; k++) {
        (void)pdf__room(pdf, line);
        for (size_t i = 0; i < len; i++)
            if (k < values[i].len)
                pdf__line_put(pdf, PDF__VALUE, &values[i].at[k], pdf->left + (double)i * width,
                              pdf->y, width, PDF_LEFT);
        pdf->y += line;
    }
    pdf->y += pair_gap;
}

void pdf_pairs(struct pdf *pdf, const struct pdf_pair *pairs, size_t len, int across)
{
    assert(across >= 1 && across <= 4);
    pdf__table_close(pdf);
    double width = (pdf->right - pdf->left) / across;
    for (size_t i = 0; i < len && !pdf->is_over; i += (size_t)across)
        pairs_row(pdf, pairs + i, len - i < (size_t)across ? len - i : (size_t)across, width);
}

/* ---- life ---- */

struct pdf *pdf_new(const struct pdf_options *options)
{
    struct arena *arena = arena_new(arena_limit_bytes);
    struct pdf *pdf = NEW(arena, struct pdf);
    pdf->arena = arena;
    pdf->options = *options;
    struct str *texts[] = {&pdf->options.title,      &pdf->options.author,
                           &pdf->options.subject,    &pdf->options.head_left,
                           &pdf->options.head_right, &pdf->options.foot_left};
    for (size_t i = 0; i < LEN(texts); i++)
        *texts[i] = text_clean_line(arena, texts[i]->at ? *texts[i] : STR(""));
    pdf->options.logo.bytes =
        str_dup(arena, options->logo.bytes.at ? options->logo.bytes : STR(""));
    pdf->width = options->is_landscape ? A4_LONG : A4_SHORT;
    pdf->height = options->is_landscape ? A4_SHORT : A4_LONG;
    pdf->left = SIDE;
    pdf->right = pdf->width - SIDE;
    pdf->top = HEAD;
    pdf->bottom = pdf->height - FOOT;
    pdf__text_init(pdf);
    pdf__page_new(pdf);
    return pdf;
}

void pdf_free(struct pdf *pdf)
{
    if (!pdf)
        return;
    pdf__text_done(pdf);
    arena_free(pdf->arena);
}

void pdf_cleanup(struct pdf **pdf)
{
    pdf_free(*pdf);
}

size_t pdf_pages(const struct pdf *pdf)
{
    return pdf->pages_done;
}
