/* Tests of the pages of letters. */
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "mail/mail_int.h"
#include "tests/fixture_http.h"
#include "tests/tap.h"

static const char *const all[] = {"mail.read", "mail.edit", "mail.secret", NULL};
static const char *const reader[] = {"mail.read", NULL};
static const char *const none[] = {NULL};

static void pages(struct fixture *f)
{
    static const struct route *const routes[] = {mail_routes, NULL};
    uint8_t key[CRYPT_KEY_BYTES] = {7};
    struct mail_new mail = {
        .kind = "test",
        .to = STR("anna@example.com"),
        .lang = lang_of(LANG_EN),
        .subject = STR("<Hello>"),
        .blocks = {{MAIL_TEXT, STR("the secret link"), STR_NONE}},
        .is_secret = true,
    };
    struct fx x;
    int64_t id = 0;
    conf_reset();
    mail_declare();
    jobs_forget();
    job_kind_declare(mail_job_kinds);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    pid_key_set(key);
    when_clock_set(f->op.now);
    fx_open(&x, f, routes, NULL);
    struct actor staff = fx_staff(1, all), may_read = fx_staff(2, reader),
                 other = fx_staff(3, none);
    struct actor partner = fx_partner(4, 5, none);
    ok(mail_add(&f->op, &mail, &id) == RC_OK && jobs_drain(&f->op) == RC_OK, "a letter");
    const char *page = str_c(f->arena, str_printf(f->arena, "/mail/%s", pid_of("mml", id).text));
    const char *again = str_c(f->arena, str_printf(f->arena, "%s/again", page));
    is_i64(fx_get(&x, &staff, "/mail"), 200, "the list of letters");
    ok(fx_has(&x, "&lt;Hello&gt;") && !fx_has(&x, "<Hello>"), "has its subject, escaped");
    ok(fx_has(&x, "No mail server is set."), "and says that there is no mail server");
    is_i64(fx_get(&x, &other, "/mail"), 403, "others do not see it");
    is_i64(fx_get(&x, &partner, page), 403, "nor partners");
    is_i64(fx_get(&x, &staff, page), 200, "one letter");
    ok(fx_has(&x, "the secret link") && fx_has(&x, again), "with its text, to be sent again");
    is_i64(fx_get(&x, &may_read, page), 200, "who may not read sign-in links");
    ok(!fx_has(&x, "the secret link") && !fx_has(&x, again), "does not see the text");
    is_i64(fx_post(&x, &may_read, again, ""), 403, "nor sends it again");
    is_i64(fx_post(&x, &staff, again, ""), 303, "who may, does");
    is_i64(fx_post(&x, &staff, again, ""), 409, "but not twice");
    fx_done(&x);
}

int main(void)
{
    fixture_each(pages);
    return done_testing();
}
