/* Text through pango: it shapes any script and says where lines break. Each style has one layout
 * that is used for measuring and for drawing, with metrics that do not depend on a screen, so what
 * was measured is what is drawn. Figures are tabular everywhere: columns of them must align. */
#include "pdf/pdf_int.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECK 1
#endif
#endif
#ifdef HAS_LEAK_CHECK
/* fontconfig keeps its patterns behind offsets, which the leak checker cannot follow: what it
 * still holds looks lost. What is allocated here, in pango or in cairo is checked all the same. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}
#endif

struct style_row {
    double size, line_height;
    PangoWeight weight;
    uint32_t color;
};

static const struct style_row style_rows[PDF__STYLES] = {
    [PDF__H1] = {18, 24, PANGO_WEIGHT_SEMIBOLD, PDF__INK},
    [PDF__H2] = {12.5, 18, PANGO_WEIGHT_SEMIBOLD, PDF__INK},
    [PDF__H3] = {10, 15, PANGO_WEIGHT_SEMIBOLD, PDF__INK},
    [PDF__BODY] = {9.5, 14, PANGO_WEIGHT_NORMAL, PDF__INK},
    [PDF__NOTE] = {8, 11.5, PANGO_WEIGHT_NORMAL, PDF__QUIET},
    [PDF__LABEL] = {8, 11.5, PANGO_WEIGHT_NORMAL, PDF__QUIET},
    [PDF__VALUE] = {9.5, 14, PANGO_WEIGHT_MEDIUM, PDF__INK},
    [PDF__CELL] = {8.5, 12, PANGO_WEIGHT_NORMAL, PDF__INK},
    [PDF__CELL_HEAD] = {8, 11, PANGO_WEIGHT_MEDIUM, PDF__QUIET},
    [PDF__CELL_TOTAL] = {8.5, 12, PANGO_WEIGHT_SEMIBOLD, PDF__INK},
    [PDF__MARGIN] = {8, 11, PANGO_WEIGHT_NORMAL, PDF__QUIET},
};

static PangoContext *context_new(const struct lang *lang)
{
    PangoContext *context =
        pango_font_map_create_context(pango_cairo_font_map_get_default()); /* of this thread */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72.0);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string(lang->code));
    return context;
}

void pdf__text_init(struct pdf *pdf)
{
    pdf->context = context_new(pdf->options.lang);
    for (int style = 1; style < PDF__STYLES; style++) {
        const struct style_row *row = &style_rows[style];
        PangoFontDescription *font = pango_font_description_from_string("Inter,DejaVu Sans");
        PangoAttrList *attrs = pango_attr_list_new();
        pango_font_description_set_absolute_size(font, row->size * PANGO_SCALE);
        pango_font_description_set_weight(font, row->weight);
        pango_attr_list_insert(attrs, pango_attr_font_features_new("tnum=1"));
        pdf->layouts[style] = pango_layout_new(pdf->context);
        pango_layout_set_font_description(pdf->layouts[style], font);
        pango_layout_set_attributes(pdf->layouts[style], attrs);
        pango_layout_set_wrap(pdf->layouts[style], PANGO_WRAP_WORD_CHAR);
        pango_attr_list_unref(attrs);
        pango_font_description_free(font);
    }
}

void pdf__text_done(struct pdf *pdf)
{
    for (int style = 1; style < PDF__STYLES; style++)
        if (pdf->layouts[style])
            g_object_unref(pdf->layouts[style]);
    if (pdf->context)
        g_object_unref(pdf->context);
}

double pdf__line_height(enum pdf__style style)
{
    return style_rows[style].line_height;
}

uint32_t pdf__color(enum pdf__style style)
{
    return style_rows[style].color;
}

struct pdf__lines pdf__break(struct pdf *pdf, enum pdf__style style, struct str text, double width)
{
    struct pdf__lines lines = {0};
    struct str clean = text_clean_block(pdf->arena, text);
    if (clean.len == 0)
        return lines;
    PangoLayout *layout = pdf->layouts[style];
    pango_layout_set_width(layout, width > 1 ? (int)(width * PANGO_SCALE) : PANGO_SCALE);
    pango_layout_set_text(layout, clean.at, (int)clean.len);
    pdf->unknown_glyphs += (size_t)pango_layout_get_unknown_glyphs_count(layout);
    lines.at = NEW_ARRAY(pdf->arena, struct pdf__line, (size_t)pango_layout_get_line_count(layout));
    for (GSList *at = pango_layout_get_lines_readonly(layout); at; at = at->next) {
        PangoLayoutLine *line = at->data;
        PangoRectangle logical;
        pango_layout_line_get_extents(line, NULL, &logical);
        struct str piece = str_sub(clean, (size_t)line->start_index, (size_t)line->length);
        lines.at[lines.len++] = (struct pdf__line){piece, (double)logical.width / PANGO_SCALE};
    }
    return lines;
}
