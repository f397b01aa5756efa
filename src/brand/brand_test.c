/* brand: which pictures and colours are taken, who may change them, what the portal shows. */
#include "auth/auth.h"
#include "brand/brand.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

#define PNG_OF(w, h)                                                                               \
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" w "\0\0" h "\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND"

static const char png[] = PNG_OF("\x01\x00", "\x00\x40"), wide[] = PNG_OF("\x40\x00", "\x00\x40");
static const char jpeg[] = "\xff\xd8\xff\xe0\x00\x04xx\xff\xc0\x00\x11\x08\x00\x40\x01\x00\x03xxxx";
static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>";
#define BYTES(text) ((struct str){(text), sizeof(text) - 1})

static struct brand_colour colour(const char *text)
{
    struct brand_colour c = {0};
    ok(brand_colour_parse(str_of(text), &c), text);
    return c;
}

static void colours(void)
{
    struct brand_colour c;
    const struct brand_colour white = {255, 255, 255}, black = {0, 0, 0};
    AUTO_ARENA arena = arena_new(64 * 1024);
    is_i64(brand_contrast(white, black), 2100, "black on white is 21 : 1");
    is_i64(brand_contrast(white, white), 100, "a colour on itself is 1 : 1");
    is_i64(brand_contrast(colour("#767676"), white), 454, "the grey of the textbooks is 4.54 : 1");
    ok(!brand_colour_parse(STR("#12345"), &c) && !brand_colour_parse(STR("red"), &c) &&
           !brand_colour_parse(STR("#12345g"), &c) && !brand_colour_parse(STR("#1234567"), &c),
       "anything else is no colour");
    struct str css = brand_style(arena, colour("#b93a0e"));
    ok(str_starts(css, STR("[data-brand] {\n  --k-accent: light-dark(#b93a0e, #")),
       "the accent is taken as it is on light, and lifted on dark");
    ok(!str_has(css, STR("--k-ok")) && !str_has(css, STR("--k-bad")), "states keep our colours");
    /* every colour that passes gives words that can be read on both grounds */
    size_t at = str_find(css, STR(", #"), 0);
    const struct brand_colour dark = {0x17, 0x1d, 0x26};
    ok(brand_colour_parse(str_sub(css, at + 2, 7), &c) && brand_contrast(c, dark) >= 450,
       "and readable there");
}

static void pictures(void)
{
    static char large[BRAND_LOGO_BYTES_MAX + 1];
    memcpy(large, png, sizeof png);
    ok(!brand_logo_problem(BYTES(png)), "a PNG is taken");
    ok(!brand_logo_problem(BYTES(jpeg)), "a JPEG is taken");
    ok(brand_logo_problem(BYTES(svg)) != NULL, "an SVG is refused");
    ok(brand_logo_problem(BYTES(wide)) != NULL, "so is one of a size that nobody needs");
    ok(brand_logo_problem((struct str){large, sizeof large}) != NULL, "and one of too many bytes");
    ok(brand_logo_problem(str_sub(BYTES(png), 0, 20)) != NULL, "and one that was cut off");
    ok(brand_logo_problem((struct str){jpeg, 8}) != NULL, "also a JPEG without a frame");
    ok(brand_logo_problem(STR("")) != NULL, "and nothing at all");
}

/* ---- pages ---- */

static const struct route *const routes[] = {brand_routes, approval_routes, NULL};
static const struct http_hooks hooks = {.shell = ui_shell};

static int save(struct fx *x, const struct actor *actor, const char *accent, struct str logo,
                const char *revision)
{
    static const char *const headers[] = {"Content-Type: multipart/form-data; boundary=edge", NULL};
    AUTO_BUF body = BUF(1024 * 1024);
    buf_printf(&body,
               "--edge\r\nContent-Disposition: form-data; name=\"portal_name\"\r\n\r\nSolaria\r\n"
               "--edge\r\nContent-Disposition: form-data; name=\"accent\"\r\n\r\n%s\r\n"
               "--edge\r\nContent-Disposition: form-data; name=\"revision\"\r\n\r\n%s\r\n"
               "--edge\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"a.png\"\r\n"
               "Content-Type: image/png\r\n\r\n",
               accent, revision);
    buf_put(&body, logo);
    buf_put(&body, STR("\r\n--edge--\r\n"));
    return fx_send(x, actor, "POST", "/settings/brand", headers, buf_str(&body));
}

static void portal(struct fixture *f)
{
    struct fx x;
    fx_open(&x, f, routes, &hooks);
    struct actor staff = fx_staff(1, (const char *const[]){"brand.edit", NULL});
    struct actor reader = fx_staff(2, (const char *const[]){NULL});
    struct actor partner = fx_partner(3, 7, (const char *const[]){NULL});
    is_i64(fx_get(&x, &staff, "/settings/brand"), 200, "the page opens before anything is set");
    is_i64(fx_get(&x, &reader, "/settings/brand"), 403, "for those who may change it");
    is_i64(fx_get(&x, NULL, "/brand/logo/light"), 404, "there is no logo yet");
    is_i64(save(&x, &staff, "#ffcc00", BYTES(png), "0"), 422, "a light accent is refused");
    ok(fx_has(&x, "4.5 : 1") && fx_has(&x, "value=\"Solaria\"") && fx_has(&x, "#ffcc00"),
       "in words, with what was typed");
    ok(fx_has(&x, "Choose the file again"), "and says that the file has to be chosen again");
    is_i64(save(&x, &staff, "#b93a0e", BYTES(svg), "0"), 422, "an SVG is refused");
    is_i64(fixture_i64(f, "select count(*) from brand"), 0, "and nothing is kept of it");
    is_i64(save(&x, &staff, "B93A0E", BYTES(png), "0"), 303, "a good one is saved");
    is_i64(save(&x, &staff, "#123456", BYTES(jpeg), "0"), 409, "not over somebody else's change");
    is_i64(fx_get(&x, &partner, "/brand/logo/light"), 200, "the portal gets the logo");
    ok(str_eq(fx_header(&x, "Content-Type"), STR("image/png")) &&
           str_eq(fx_header(&x, "X-Content-Type-Options"), STR("nosniff")),
       "as the picture that it is");
    ok(str_starts(x.answer.body, STR("\x89PNG")), "byte by byte");
    is_i64(fx_get(&x, NULL, "/brand/style"), 200, "and the colours");
    ok(fx_has(&x, "--k-accent: light-dark(#b93a0e") &&
           str_starts(fx_header(&x, "Content-Type"), STR("text/css")),
       "as a style sheet");
    is_i64(fx_get(&x, &partner, "/approvals"), 200, "a page of the portal");
    ok(fx_has(&x, "data-brand") && fx_has(&x, "/brand/style") && fx_has(&x, "alt=\"Solaria\""),
       "has them all");
    fx_get(&x, &staff, "/settings/brand");
    ok(!fx_has(&x, "data-brand"), "the console stays as it is");
    struct brand_picture logo;
    f->op.actor = partner;
    ok(brand_logo(&f->op, &logo) == RC_OK && str_eq(logo.bytes, BYTES(png)) && logo.width == 256 &&
           logo.height == 64 && strcmp(logo.mime, "image/png") == 0,
       "documents and letters get it with its size");
    ok(f->op.actor.kind == ACTOR_PARTNER, "whoever asks stays who it is");
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    is_i64(save(&x, &staff, "#123456", BYTES(jpeg), "1"), 303, "a new logo");
    is_i64(fixture_i64(f, "select count(*) from file"), 1, "takes the place of the old one");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'brand.edit'"), 2,
           "and the journal knows");
    fx_done(&x);
}

int main(void)
{
    permission_declare(brand_permissions, brand_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    permission_declare(auth_permissions, auth_permissions_len);
    approval_start();
    brand_start();
    colours();
    pictures();
    fixture_each(portal);
    return done_testing();
}
