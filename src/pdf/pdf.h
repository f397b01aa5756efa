/* pdf: documents on paper: A4 pages with a head, a foot with page numbers, headings, paragraphs,
 * labelled values and tables that run over pages. Text is text (it can be searched and copied, in
 * any script), fonts are embedded. Lengths are points (1/72 inch).
 *
 * A document is laid out as it is described and drawn by pdf_finish; only then the number of
 * pages is known. Calls in between cannot fail: what went wrong, pdf_finish says.
 *
 * Format source: ISO 32000-1. Fonts: Inter, else DejaVu Sans (packages fonts-inter,
 * fonts-dejavu-core), found by fontconfig. */
#ifndef KONTOR_PDF_H
#define KONTOR_PDF_H

#include "base/base.h"
#include "i18n/i18n.h"

enum { PDF_COLUMNS_MAX = 32, PDF_PAGES_MAX = 2000, PDF_PICTURE_MAX = 4096 };

struct pdf_picture {  /* as it stands in its file */
    struct str bytes; /* PNG or JPEG; absent: none */
    bool is_jpeg;
    int width, height; /* as the file says, at most PDF_PICTURE_MAX */
};

struct pdf_options {
    const struct lang *lang;    /* of the page numbers, and told to readers of the file */
    struct str title;           /* in the file's properties and the window's title */
    struct str author, subject; /* properties; may be absent */
    struct str head_left;       /* on top of every page; may be absent */
    struct str head_right;
    struct str foot_left;
    struct pdf_picture logo; /* on top of every page, before head_left */
    uint32_t accent; /* 0xRRGGBB: of head_left and the line under it; 0: ink and a hairline */
    int64_t made_at; /* microseconds UTC, in the properties: the same description with
                      * the same time gives the same bytes */
    bool is_landscape;
};

enum pdf_align { PDF_LEFT = 1, PDF_RIGHT, PDF_CENTER };

struct pdf_column {
    struct str title;
    enum pdf_align align; /* figures: PDF_RIGHT */
    int width;            /* points; 0: an equal share of what the others leave */
};

struct pdf_pair {
    struct str label, value;
};

struct pdf;
/* All texts are copied. */
struct pdf *pdf_new(const struct pdf_options *options);
void pdf_free(struct pdf *pdf); /* NULL is fine */
void pdf_cleanup(struct pdf **pdf);
#define AUTO_PDF CLEANUP(pdf_cleanup) struct pdf *

/* Level 1…3; never the last thing on a page. */
void pdf_heading(struct pdf *pdf, int level, struct str text);
void pdf_paragraph(struct pdf *pdf, struct str text); /* newlines break lines */
void pdf_note(struct pdf *pdf, struct str text);      /* small and quiet */
void pdf_space(struct pdf *pdf, int points);
void pdf_rule(struct pdf *pdf); /* a hairline over the whole width */
void pdf_page_break(struct pdf *pdf);
/* Labels over their values, `across` (1…4) beside each other. */
void pdf_pairs(struct pdf *pdf, const struct pdf_pair *pairs, size_t len, int across);

/* A table: the head comes again on each page, a row is parted only when it is higher than a page,
 * a totals row stays with the row before it. At most PDF_COLUMNS_MAX columns, len <= columns_len
 * in rows. Other calls than these end the table. */
void pdf_table(struct pdf *pdf, const struct pdf_column *columns, size_t columns_len);
void pdf_row(struct pdf *pdf, const struct str *cells, size_t len);
void pdf_row_note(struct pdf *pdf, struct str text); /* under the row before, over all columns */
void pdf_total(struct pdf *pdf, const struct str *cells, size_t len);
void pdf_table_end(struct pdf *pdf);

/* Draws everything and appends the file to `out`. RC_TOO_LARGE: more than PDF_PAGES_MAX pages, or
 * more than `out` may hold. Once only. */
enum rc pdf_finish(struct pdf *pdf, struct buf *out);
size_t pdf_pages(const struct pdf *pdf); /* after pdf_finish */

#endif
