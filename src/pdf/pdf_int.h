/* What the files of pdf share: the page as a list of things to draw. */
#ifndef KONTOR_PDF_INT_H
#define KONTOR_PDF_INT_H

#include <pango/pangocairo.h>

#include "pdf/pdf.h"

enum pdf__style {
    PDF__H1 = 1,
    PDF__H2,
    PDF__H3,
    PDF__BODY,
    PDF__NOTE,
    PDF__LABEL,
    PDF__VALUE,
    PDF__CELL,
    PDF__CELL_HEAD,
    PDF__CELL_TOTAL,
    PDF__MARGIN, /* head and foot of the page */
    PDF__STYLES
};

enum pdf__mark { PDF__TEXT = 1, PDF__LINE };

struct pdf__op {
    enum pdf__mark mark;
    enum pdf__style style; /* of text */
    uint32_t color;
    double x, y, width; /* text: y is the baseline */
    double weight;      /* of a line; 0: a hairline */
    struct str text;
};

struct pdf__line { /* one line of text as the paragraph was broken */
    struct str text;
    double width;
};

struct pdf__lines {
    struct pdf__line *at;
    size_t len;
};

enum { PDF__WAITING_MAX = 8 }; /* rows that stay together */

enum pdf__row_kind { PDF__ROW = 1, PDF__ROW_NOTE, PDF__TOTAL };

struct pdf__row { /* a table row that waits: the one after it may have to stay with it */
    enum pdf__row_kind kind;
    size_t cells_len, lines_max;
    struct pdf__lines cells[PDF_COLUMNS_MAX];
};

struct pdf__page {
    size_t ops_from;
};

struct pdf {
    struct arena *arena;
    struct pdf_options options;
    PangoContext *context;
    PangoLayout *layouts[PDF__STYLES];
    double width, height, left, right, top, bottom; /* of the page and of what stands on it */
    double y;                                       /* where the next thing goes */
    bool is_over;
    size_t pages_done, unknown_glyphs;
    VEC(struct pdf__page) pages;
    VEC(struct pdf__op) ops;

    struct pdf_column columns[PDF_COLUMNS_MAX];
    double columns_x[PDF_COLUMNS_MAX], columns_width[PDF_COLUMNS_MAX];
    size_t columns_len; /* 0: no table is open */
    struct pdf__row waiting[PDF__WAITING_MAX];
    size_t waiting_len;
    struct pdf__row head;
};

/* ---- pdf.c ---- */

void pdf__page_new(struct pdf *pdf);
/* A new page unless `height` fits on this one (or nothing stands on it). True: there was one. */
bool pdf__room(struct pdf *pdf, double height);
void pdf__put(struct pdf *pdf, struct pdf__op op);
void pdf__hairline(struct pdf *pdf, double y, uint32_t color);
/* One broken line at the top y of its line box. */
void pdf__line_put(struct pdf *pdf, enum pdf__style style, const struct pdf__line *line, double x,
                   double y, double width, enum pdf_align align);

/* ---- pdf_text.c ---- */

void pdf__text_init(struct pdf *pdf);
void pdf__text_done(struct pdf *pdf);
double pdf__line_height(enum pdf__style style);
uint32_t pdf__color(enum pdf__style style);
/* Breaks the text into lines of at most `width`. */
struct pdf__lines pdf__break(struct pdf *pdf, enum pdf__style style, struct str text, double width);

/* ---- pdf_picture.c ---- */

cairo_surface_t *pdf__picture_open(const struct pdf_picture *picture); /* NULL: none, or damaged */
/* So that it fits; never larger than it is. */
double pdf__picture_scale(const struct pdf_picture *picture, double width, double height);
void pdf__picture_draw(cairo_t *cairo, cairo_surface_t *surface, double x, double y, double scale);

/* ---- pdf_table.c ---- */

void pdf__table_close(struct pdf *pdf); /* draws what waits */

/* ---- colours ---- */

enum { PDF__HAIR = 0xD9DEE6, PDF__INK = 0x1B2330, PDF__QUIET = 0x5B6677 };

#endif
