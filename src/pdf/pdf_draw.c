/* Drawing: the marks of each page onto cairo's PDF surface, then head and foot. Cairo 1.16 has no
 * way to say the document's language, which screen readers need, so it is written into the
 * catalogue afterwards: the last object of the file, behind which only the cross references stand,
 * whose own place is the one number that moves. */
#include <cairo-pdf.h>
#include <time.h>

#include "pdf/pdf_int.h"

static cairo_status_t stream_write(void *self, const unsigned char *data, unsigned len)
{
    struct buf *file = self;
    buf_put(file, (struct str){(const char *)data, len});
    return file->is_over ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void color_set(cairo_t *cairo, uint32_t color)
{
    cairo_set_source_rgb(cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                         (color & 255) / 255.0);
}

static void text_draw(struct pdf *pdf, cairo_t *cairo, const struct pdf__op *op)
{
    PangoLayout *layout = pdf->layouts[op->style];
    pango_layout_set_width(layout, -1);
    pango_layout_set_text(layout, op->text.at, (int)op->text.len);
    cairo_move_to(cairo, op->x, op->y);
    pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(layout, 0));
}

static void op_draw(struct pdf *pdf, cairo_t *cairo, const struct pdf__op *op)
{
    color_set(cairo, op->color);
    if (op->mark == PDF__TEXT) {
        text_draw(pdf, cairo, op);
        return;
    }
    cairo_set_line_width(cairo, op->weight > 0 ? op->weight : 0.5);
    cairo_move_to(cairo, op->x, op->y);
    cairo_rel_line_to(cairo, op->width, 0);
    cairo_stroke(cairo);
}

/* ---- head and foot ---- */

static void margin_text(struct pdf *pdf, cairo_t *cairo, struct str text, double x, double y,
                        uint32_t color, enum pdf_align align)
{
    double room = (pdf->right - pdf->left) * 0.62 - (x - pdf->left);
    struct pdf__lines lines = pdf__break(pdf, PDF__MARGIN, text, room);
    if (lines.len == 0)
        return;
    struct pdf__op op = {.mark = PDF__TEXT,
                         .style = PDF__MARGIN,
                         .color = color,
                         .x = align == PDF_RIGHT ? pdf->right - lines.at[0].width : x,
                         .y = y,
                         .text = lines.at[0].text};
    op_draw(pdf, cairo, &op);
}

static void margin_rule(struct pdf *pdf, cairo_t *cairo, double y, uint32_t color, double weight)
{
    struct pdf__op op = {.mark = PDF__LINE,
                         .color = color,
                         .x = pdf->left,
                         .y = y,
                         .width = pdf->right - pdf->left,
                         .weight = weight};
    op_draw(pdf, cairo, &op);
}

/* The logo, the name beside it, and what stands at right, over a line. */
static void head_draw(struct pdf *pdf, cairo_t *cairo, cairo_surface_t *logo)
{
    enum { LOGO_WIDTH = 150, LOGO_HEIGHT = 24, GAP = 9 };
    const struct pdf_options *options = &pdf->options;
    uint32_t quiet = pdf__color(PDF__MARGIN), accent = options->accent;
    double x = pdf->left;
    if (options->head_left.len > 0 || options->head_right.len > 0 || logo)
        margin_rule(pdf, cairo, pdf->top - 18, accent ? accent : PDF__HAIR, accent ? 1.2 : 0);
    if (logo) {
        double scale = pdf__picture_scale(&options->logo, LOGO_WIDTH, LOGO_HEIGHT);
        pdf__picture_draw(cairo, logo, x, pdf->top - 23 - options->logo.height * scale, scale);
        x += options->logo.width * scale + GAP;
    }
    margin_text(pdf, cairo, options->head_left, x, pdf->top - 25, accent ? accent : quiet,
                PDF_LEFT);
    margin_text(pdf, cairo, options->head_right, pdf->left, pdf->top - 25, quiet, PDF_RIGHT);
}

static void margins_draw(struct pdf *pdf, cairo_t *cairo, cairo_surface_t *logo, size_t page_i)
{
    struct arena_mark mark = arena_mark(pdf->arena);
    uint32_t quiet = pdf__color(PDF__MARGIN);
    struct str number =
        i18n_format(pdf->arena, pdf->options.lang, "Page {0} of {1}", page_i + 1, pdf->pages.len);
    head_draw(pdf, cairo, logo);
    margin_rule(pdf, cairo, pdf->bottom + 14, PDF__HAIR, 0);
    margin_text(pdf, cairo, pdf->options.foot_left, pdf->left, pdf->bottom + 26, quiet, PDF_LEFT);
    margin_text(pdf, cairo, number, pdf->left, pdf->bottom + 26, quiet, PDF_RIGHT);
    arena_rewind(pdf->arena, mark);
}

static void pages_draw(struct pdf *pdf, cairo_t *cairo)
{
    cairo_surface_t *logo = pdf__picture_open(&pdf->options.logo);
    for (size_t i = 0; i < pdf->pages.len; i++) {
        size_t end = i + 1 < pdf->pages.len ? pdf->pages.at[i + 1].ops_from : pdf->ops.len;
        margins_draw(pdf, cairo, logo, i);
        for (size_t k = pdf->pages.at[i].ops_from; k < end; k++)
            op_draw(pdf, cairo, &pdf->ops.at[k]);
        cairo_show_page(cairo);
    }
    if (logo)
        cairo_surface_destroy(logo);
}

/* ---- properties ---- */

static void metadata_set(struct pdf *pdf, cairo_surface_t *surface)
{
    const struct pdf_options *options = &pdf->options;
    time_t seconds = (time_t)(options->made_at / 1000000);
    struct tm tm;
    char made_at[40];
    (void)gmtime_r(&seconds, &tm);
    (void)strftime(made_at, sizeof(made_at), "%Y-%m-%dT%H:%M:%SZ", &tm);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made_at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made_at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Kontor");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   str_c(pdf->arena, options->title));
    if (options->author.len > 0)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR,
                                       str_c(pdf->arena, options->author));
    if (options->subject.len > 0)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT,
                                       str_c(pdf->arena, options->subject));
}

static size_t find_last(struct str text, struct str part)
{
    for (size_t i = text.len; i >= part.len; i--)
        if (memcmp(text.at + i - part.len, part.at, part.len) == 0)
            return i - part.len;
    return SIZE_MAX;
}

/* The file with the language in its catalogue; as it is when it is not laid out as expected. */
static void language_put(const struct pdf *pdf, struct str file, struct buf *out)
{
    struct str catalog = STR("/Type /Catalog"), start = STR("startxref\n");
    size_t at = find_last(file, catalog), xref = find_last(file, STR("\nxref\n"));
    size_t number_at = find_last(file, start);
    AUTO_BUF more = BUF(128);
    buf_printf(&more, "\n   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>",
               pdf->options.lang->code);
    if (at == SIZE_MAX || xref == SIZE_MAX || number_at == SIZE_MAX || at > xref ||
        str_find(file, STR(" obj\n"), at) != SIZE_MAX) {
        buf_put(out, file);
        return;
    }
    at += catalog.len;
    buf_put(out, str_sub(file, 0, at));
    buf_put(out, buf_str(&more));
    buf_put(out, str_sub(file, at, number_at + start.len - at));
    buf_printf(out, "%zu\n%%%%EOF\n", xref + 1 + more.len);
}

enum rc pdf_finish(struct pdf *pdf, struct buf *out)
{
    assert(pdf->pages_done == 0);
    pdf__table_close(pdf);
    if (pdf->is_over)
        return RC_TOO_LARGE;
    if (pdf->unknown_glyphs > 0)
        log_event(LOG_WARN, "pdf_font_lacks_letters", "advice",
                  STR("install fonts-inter or fonts-dejavu-core"), NULL);
    AUTO_BUF file = BUF(out->max_bytes);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(stream_write, &file, pdf->width, pdf->height);
    metadata_set(pdf, surface);
    cairo_t *cairo = cairo_create(surface);
    pages_draw(pdf, cairo);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t written = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (file.is_over)
        return RC_TOO_LARGE;
    if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
        return RC_BROKEN;
    language_put(pdf, buf_str(&file), out);
    pdf->pages_done = pdf->pages.len;
    return out->is_over ? RC_TOO_LARGE : RC_OK;
}
