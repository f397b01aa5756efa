/* The accent of a brand: a customer gives one colour, and everything that is drawn with it is
 * derived, so that words stay readable on light and on dark. Contrast by WCAG 2.2 (relative
 * luminance of sRGB). */
#include <math.h>

#include "brand/brand.h"

static const struct brand_colour white = {255, 255, 255}, dark = {0x17, 0x1d, 0x26};

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool brand_colour_parse(struct str text, struct brand_colour *out)
{
    int values[6];
    if (text.len && text.at[0] == '#')
        text = str_sub(text, 1, text.len - 1);
    if (text.len != 6)
        return false;
    for (size_t i = 0; i < 6; i++) {
        values[i] = digit(text.at[i]);
        if (values[i] < 0)
            return false;
    }
    *out = (struct brand_colour){values[0] * 16 + values[1], values[2] * 16 + values[3],
                                 values[4] * 16 + values[5]};
    return true;
}

static double linear(int part)
{
    double c = part / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(struct brand_colour c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

int brand_contrast(struct brand_colour a, struct brand_colour b)
{
    double one = luminance(a) + 0.05, two = luminance(b) + 0.05;
    return (int)((one > two ? one / two : two / one) * 100.0);
}

/* So many percent of `a`, the rest of `b`. */
static struct brand_colour mixed(struct brand_colour a, struct brand_colour b, int percent)
{
    return (struct brand_colour){(a.r * percent + b.r * (100 - percent) + 50) / 100,
                                 (a.g * percent + b.g * (100 - percent) + 50) / 100,
                                 (a.b * percent + b.b * (100 - percent) + 50) / 100};
}

/* Towards `to` until it can be read on `ground`. */
static struct brand_colour readable(struct brand_colour c, struct brand_colour to,
                                    struct brand_colour ground, int ratio)
{
    struct brand_colour now = c;
    for (int percent = 100; percent >= 0 && brand_contrast(now, ground) < ratio; percent -= 4)
        now = mixed(c, to, percent);
    return now;
}

static void put(struct buf *out, const char *name, struct brand_colour light,
                struct brand_colour on_dark)
{
    buf_printf(out, "  --k-%s: light-dark(#%02x%02x%02x, #%02x%02x%02x);\n", name,
               (unsigned)light.r, (unsigned)light.g, (unsigned)light.b, (unsigned)on_dark.r,
               (unsigned)on_dark.g, (unsigned)on_dark.b);
}

struct str brand_style(struct arena *arena, struct brand_colour accent)
{
    enum { TEXT = 450, CLEAR = 550 };
    const struct brand_colour black = {0, 0, 0}, ink_dark = {0x0f, 0x16, 0x30};
    struct brand_colour soft = mixed(accent, white, 8), soft_dark = mixed(accent, dark, 24);
    struct brand_colour bright = readable(accent, white, dark, CLEAR);
    AUTO_BUF out = BUF(2048);
    buf_put(&out, STR("[data-brand] {\n"));
    put(&out, "accent", accent, bright);
    put(&out, "accent-ink", readable(accent, black, soft, TEXT),
        readable(bright, white, soft_dark, TEXT));
    put(&out, "accent-soft", soft, soft_dark);
    put(&out, "on-accent", white, ink_dark);
    put(&out, "bar", mixed(accent, white, 35), mixed(accent, dark, 55));
    put(&out, "bar-2", mixed(accent, white, 16), mixed(accent, dark, 30));
    buf_put(&out, STR("}\n"));
    return str_dup(arena, buf_str(&out));
}
