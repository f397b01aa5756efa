/* The address of a second factor as a QR code (libqrencode), drawn as one path of an inline SVG: an
 * image file would be a second request that carries the secret. */
#include <qrencode.h>

#include "auth/auth_int.h"

enum { PATH_MAX_BYTES = 64 * 1024 };

/* Each run of dark modules of a row is one flat rectangle. */
static void put_row(struct buf *path, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int from = x;
        while (x < width && (row[x] & 1))
            x++;
        if (x > from)
            buf_printf(path, "M%d %dh%dv1h-%dz", from + AUTH_QR_QUIET, y + AUTH_QR_QUIET, x - from,
                       x - from);
    }
}

enum rc auth__qr(struct op *op, struct str text, struct auth_qr *out)
{
    AUTO_BUF path = BUF(PATH_MAX_BYTES);
    QRcode *code = QRcode_encodeString8bit(str_c(op->arena, text), 0, QR_ECLEVEL_M);
    if (!code)
        return RC_BROKEN; /* longer than any address that we make */
    for (int y = 0; y < code->width; y++)
        put_row(&path, code->data + (size_t)y * (size_t)code->width, code->width, y);
    *out = (struct auth_qr){.side = code->width + 2 * AUTH_QR_QUIET,
                            .path = str_dup(op->arena, buf_str(&path))};
    QRcode_free(code);
    return path.is_over ? RC_BROKEN : RC_OK;
}
