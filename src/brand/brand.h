/* brand: how the partners' portal looks: name, logo on light and on dark, accent colour. */
#ifndef KONTOR_BRAND_H
#define KONTOR_BRAND_H

#include "approval/approval.h"
#include "files/files.h"
#include "http/http.h"
#include "op/op.h"
#include "ui/ui.h"

enum { BRAND_LOGO_BYTES_MAX = 256 * 1024, BRAND_WIDTH_MAX = 2000, BRAND_HEIGHT_MAX = 1000 };

struct brand {
    struct str portal_name; /* empty: the operator's */
    struct str accent;      /* "#2f55d4"; empty: ours */
    struct opt_i64 logo_id, logo_dark_id;
    int64_t revision; /* 0: nothing is set yet */
};
/* RC_OK with an empty one while nothing is set. */
enum rc brand_get(struct op *op, struct brand *out);
struct brand_picture {
    struct str bytes; /* absent: there is none */
    const char *mime; /* "image/png", "image/jpeg" */
    int width, height;
};
/* The logo on light, for letters and documents: whoever makes them, partners get them. */
enum rc brand_logo(struct op *op, struct brand_picture *out);
struct brand_logos { /* pictures as they were sent; absent: keep the one there is */
    struct str light, dark;
    bool no_light, no_dark; /* take it away */
};
/* Permission brand.edit. RC_INVALID on accent, logo, logo_dark; RC_CONFLICT: revision. */
enum rc brand_save(struct op *op, const struct brand *in, const struct brand_logos *logos);

/* NULL when the bytes are a picture that we take, else a message key. Reads only their head. */
const char *brand_logo_problem(struct str bytes);

struct brand_colour {
    int r, g, b; /* 0…255 */
};
/* "#2f55d4", also without the sign; false for anything else. */
bool brand_colour_parse(struct str text, struct brand_colour *out);
/* WCAG 2.2 contrast ratio times 100: 450 is 4.5 : 1. */
int brand_contrast(struct brand_colour a, struct brand_colour b);
/* The accent group for light and dark as CSS under [data-brand]. */
struct str brand_style(struct arena *arena, struct brand_colour accent);

extern const struct route brand_routes[];
extern const struct permission brand_permissions[];
extern const size_t brand_permissions_len;
void brand_start(void); /* after approval_start: it adds to what the shell shows */

#endif
