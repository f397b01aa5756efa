/* Pictures in the head of a page. PNG is decoded by cairo; a JPEG goes into the file as it is, so
 * nothing decodes it here: its size has to be told. A picture that cannot be read is left out, with
 * a line in the log, because the document matters more. */
#include <cairo-pdf.h>

#include "pdf/pdf_int.h"

struct bytes_left {
    struct str rest;
};

static cairo_status_t bytes_read(void *self, unsigned char *data, unsigned len)
{
    struct bytes_left *left = self;
    if (len > left->rest.len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, left->rest.at, len);
    left->rest = str_sub(left->rest, len, left->rest.len - len);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *jpeg_surface(const struct pdf_picture *picture)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        (void)cairo_surface_set_mime_data(
            surface, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)picture->bytes.at,
            picture->bytes.len, NULL, NULL); /* the bytes live as long as the document */
    return surface;
}

cairo_surface_t *pdf__picture_open(const struct pdf_picture *picture)
{
    struct bytes_left left = {picture->bytes};
    if (picture->bytes.len == 0 || picture->width <= 0 || picture->height <= 0 ||
        picture->width > PDF_PICTURE_MAX || picture->height > PDF_PICTURE_MAX)
        return NULL;
    cairo_surface_t *surface = picture->is_jpeg
                                   ? jpeg_surface(picture)
                                   : cairo_image_surface_create_from_png_stream(bytes_read, &left);
    cairo_status_t status = cairo_surface_status(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        return surface;
    log_event(LOG_WARN, "pdf_picture_left_out", "why", str_of(cairo_status_to_string(status)),
              NULL);
    cairo_surface_destroy(surface);
    return NULL;
}

double pdf__picture_scale(const struct pdf_picture *picture, double width, double height)
{
    double across = width / picture->width, down = height / picture->height;
    double scale = across < down ? across : down;
    return scale < 1 ? scale : 1;
}

void pdf__picture_draw(cairo_t *cairo, cairo_surface_t *surface, double x, double y, double scale)
{
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_paint(cairo);
    cairo_restore(cairo);
}
