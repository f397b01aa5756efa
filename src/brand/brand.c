/* The brand: one record with pictures. A picture is taken by its first bytes, never by its name:
 * PNG and JPEG of a bounded size. SVG is refused, because it is a program as much as a picture and
 * would be served under our address (OWASP, File Upload). */
#include "brand/brand.h"

#include "audit/audit.h"
#include "brand/brand_q.h"
#include "text/text.h"

enum { NAME_CHARS_MAX = 60, WHITE_WORDS = 450 };

const struct permission brand_permissions[] = {
    {"brand.edit", M("Change how the portal looks"), ACTOR_STAFF},
};
const size_t brand_permissions_len = LEN(brand_permissions);

enum rc brand_get(struct op *op, struct brand *out)
{
    struct brand_row row;
    *out = (struct brand){.portal_name = STR(""), .accent = STR("")};
    enum rc rc = q_brand(op, &row);
    if (rc == RC_OK)
        *out = (struct brand){row.portal_name, row.accent, row.logo_id, row.logo_dark_id,
                              row.revision};
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- pictures ---- */

static unsigned big_endian(struct str bytes, size_t at, size_t len)
{
    unsigned value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | (unsigned char)bytes.at[at + i];
    return value;
}

static bool png_size(struct str bytes, unsigned *out_width, unsigned *out_height)
{
    if (bytes.len < 33 || !str_eq(str_sub(bytes, 12, 4), STR("IHDR")))
        return false;
    *out_width = big_endian(bytes, 16, 4);
    *out_height = big_endian(bytes, 20, 4);
    return true;
}

/* The size stands in the first frame header (SOF0…SOF15 but DHT, JPG, DAC): ITU T.81, B.2.2. */
static bool jpeg_size(struct str bytes, unsigned *out_width, unsigned *out_height)
{
    for (size_t at = 2; at + 9 < bytes.len && (unsigned char)bytes.at[at] == 0xff;) {
        unsigned marker = (unsigned char)bytes.at[at + 1];
        bool is_frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (is_frame) {
            *out_height = big_endian(bytes, at + 5, 2);
            *out_width = big_endian(bytes, at + 7, 2);
            return true;
        }
        unsigned len = big_endian(bytes, at + 2, 2);
        if (len < 2)
            return false;
        at += 2 + len;
    }
    return false;
}

static const char *measure(struct str bytes, struct brand_picture *out)
{
    unsigned width = 0, height = 0;
    const char *mime = file_sniff(str_sub(bytes, 0, 512), STR(""));
    bool is_png = strcmp(mime, "image/png") == 0, is_jpeg = strcmp(mime, "image/jpeg") == 0;
    *out = (struct brand_picture){0};
    if (!is_png && !is_jpeg)
        return M("A logo is a PNG or JPEG picture. SVG is not taken: it can hold programs.");
    if (bytes.len > BRAND_LOGO_BYTES_MAX)
        return M("The picture is larger than 256 KiB.");
    if (!(is_png ? png_size(bytes, &width, &height) : jpeg_size(bytes, &width, &height)))
        return M("The picture is damaged.");
    if (width == 0 || height == 0 || width > BRAND_WIDTH_MAX || height > BRAND_HEIGHT_MAX)
        return M("The picture has at most 2000 by 1000 points.");
    *out = (struct brand_picture){bytes, mime, (int)width, (int)height};
    return NULL;
}

const char *brand_logo_problem(struct str bytes)
{
    struct brand_picture unused;
    return measure(bytes, &unused);
}

enum rc brand_logo(struct op *op, struct brand_picture *out)
{
    struct brand b;
    struct str bytes;
    struct actor asking = op->actor;
    *out = (struct brand_picture){0};
    TRY(brand_get(op, &b));
    if (!b.logo_id.has)
        return RC_OK;
    op->actor = (struct actor){.kind = ACTOR_SYSTEM}; /* the file is the operator's */
    enum rc rc = file_load(op, b.logo_id.v, BRAND_LOGO_BYTES_MAX, &bytes);
    op->actor = asking;
    TRY(rc);
    (void)measure(bytes, out);
    return RC_OK;
}

static enum rc store(struct op *op, const char *field, struct str bytes, bool is_gone,
                     struct opt_i64 *id)
{
    int64_t new_id;
    struct opt_i64 old = *id;
    if (bytes.len == 0 && !is_gone)
        return RC_OK;
    *id = NONE;
    if (bytes.len) {
        const char *problem = brand_logo_problem(bytes);
        if (problem)
            return fail(op, RC_INVALID, field, problem);
        struct file_new what = {
            .name = STR("logo"), .purpose = "brand.logo", .bytes_max = BRAND_LOGO_BYTES_MAX};
        TRY(file_add(op, &what, bytes, &new_id));
        *id = SOME(new_id);
    }
    return old.has ? file_remove(op, old.v) : RC_OK;
}

/* ---- saving ---- */

static enum rc check(struct op *op, struct brand *b)
{
    struct brand_colour accent, white = {255, 255, 255};
    b->portal_name = text_clean_line(op->arena, b->portal_name);
    if (utf8_count(b->portal_name) > NAME_CHARS_MAX)
        return fail(op, RC_INVALID, "portal_name", M("A name has at most 60 characters."));
    if (b->accent.len == 0)
        return RC_OK;
    if (!brand_colour_parse(b->accent, &accent))
        return fail(op, RC_INVALID, "accent", M("A colour is written like #2f55d4."));
    int ratio = brand_contrast(accent, white);
    if (ratio < WHITE_WORDS)
        return fail(op, RC_INVALID, "accent",
                    M("White words on this colour are hard to read: {0} : 1, at least 4.5 : 1."),
                    str_c(op->arena, i18n_scaled(op->arena, op->lang, ratio, 2)));
    b->accent = str_printf(op->arena, "#%02x%02x%02x", (unsigned)accent.r, (unsigned)accent.g,
                           (unsigned)accent.b);
    return RC_OK;
}

enum rc brand_save(struct op *op, const struct brand *in, const struct brand_logos *logos)
{
    struct brand was, b = *in;
    TRY(op_must(op, "brand.edit"));
    TRY(check(op, &b));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(brand_get(op, &was));
    if (was.revision != in->revision)
        return fail(op, RC_CONFLICT, NULL,
                    M("Somebody else has changed this meanwhile. Look at it and save again."));
    b.logo_id = was.logo_id;
    b.logo_dark_id = was.logo_dark_id;
    TRY(store(op, "logo", logos->light, logos->no_light, &b.logo_id));
    TRY(store(op, "logo_dark", logos->dark, logos->no_dark, &b.logo_dark_id));
    if (was.revision == 0)
        TRY(q_brand_add(
            op, &(struct q_brand_add_in){b.portal_name, b.accent, b.logo_id, b.logo_dark_id}));
    else
        TRY(q_brand_change(op, &(struct q_brand_change_in){b.portal_name, b.accent, b.logo_id,
                                                           b.logo_dark_id, in->revision}));
    TRY(audit_add(op, &(struct audit_entry){.action = "brand.edit",
                                            .record = "brand",
                                            .record_id = 1,
                                            .label = b.portal_name}));
    return txn_commit(&txn);
}
