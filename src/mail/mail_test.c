/* Tests of mail: letters reach a server as they were meant, nothing typed becomes a header, and
 * what was not sent says so. The server is a thread of this program. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/conf.h"
#include "crypt/crypt.h"
#include "mail/mail_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

/* ---- a mail server that believes everything, or refuses as it is told ---- */

static struct {
    pthread_t thread;
    int listener, port;
    const char *rcpt_reply; /* "250 ok" */
    const char *data_reply;
    char from[200], to[200];
    char data[256 * 1024];
    size_t data_len;
    int letters;
} sink = {.listener = -1};

static bool read_line(int fd, char *line, size_t cap)
{
    size_t len = 0;
    char c;
    while (len + 1 < cap && read(fd, &c, 1) == 1) {
        line[len++] = c;
        if (c == '\n')
            break;
    }
    line[len] = 0;
    return len > 0;
}

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0 || write(fd, "\r\n", 2) < 0)
        return;
}

static void take_data(int fd)
{
    char line[4096];
    sink.data_len = 0;
    say(fd, "354 go on");
    while (read_line(fd, line, sizeof(line)) && strcmp(line, ".\r\n") != 0) {
        size_t len = strlen(line);
        if (sink.data_len + len < sizeof(sink.data)) {
            memcpy(sink.data + sink.data_len, line, len);
            sink.data_len += len;
        }
    }
    if (sink.data_reply[0] == '2')
        sink.letters++;
    say(fd, sink.data_reply);
}

static void serve(int fd)
{
    char line[4096];
    say(fd, "220 sink");
    while (read_line(fd, line, sizeof(line))) {
        if (strncasecmp(line, "DATA", 4) == 0)
            take_data(fd);
        else if (strncasecmp(line, "MAIL", 4) == 0) {
            snprintf(sink.from, sizeof(sink.from), "%.150s", line);
            say(fd, "250 ok");
        } else if (strncasecmp(line, "RCPT", 4) == 0) {
            snprintf(sink.to, sizeof(sink.to), "%.150s", line);
            say(fd, sink.rcpt_reply);
        } else if (strncasecmp(line, "QUIT", 4) == 0) {
            say(fd, "221 bye");
            break;
        } else {
            say(fd, "250 ok");
        }
    }
}

static void *sink_main(void *unused)
{
    (void)unused;
    for (;;) {
        int fd = accept(sink.listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        serve(fd);
        close(fd);
    }
}

static void sink_start(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(at);
    sink.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_fine = sink.listener >= 0 && bind(sink.listener, (void *)&at, len) == 0 &&
                   listen(sink.listener, 8) == 0 &&
                   getsockname(sink.listener, (void *)&at, &len) == 0 &&
                   pthread_create(&sink.thread, NULL, sink_main, NULL) == 0;
    ok(is_fine, "a mail server listens");
    sink.port = ntohs(at.sin_port);
}

static void sink_stop(void)
{
    (void)shutdown(sink.listener, SHUT_RDWR);
    pthread_join(sink.thread, NULL);
    close(sink.listener);
}

/* ---- the tests ---- */

static void set(struct fixture *f, const char *name, struct str value)
{
    struct str error;
    if (conf_set(f->arena, str_of(name), value, CONF_FROM_ARGS, &error) != RC_OK)
        printf("# " STR_FMT "\n", STR_ARG(error));
}

static void begin(struct fixture *f, bool has_server)
{
    uint8_t key[CRYPT_KEY_BYTES] = {1};
    conf_reset();
    mail_declare();
    jobs_forget();
    job_kind_declare(mail_job_kinds);
    permission_declare(mail_permissions, mail_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    pid_key_set(key);
    when_clock_set(f->op.now);
    sink.rcpt_reply = "250 ok";
    sink.data_reply = "250 taken";
    sink.letters = 0;
    if (has_server)
        set(f, "smtp_url", str_printf(f->arena, "smtp://127.0.0.1:%d", sink.port));
    set(f, "smtp_from", STR("no-reply@kontor.example"));
    set(f, "smtp_tls", STR("off"));
}

static struct mail_new letter(void)
{
    return (struct mail_new){
        .kind = "test",
        .to = STR("anna@example.com"),
        .to_name = STR("Анна Иванова"),
        .lang = lang_of(LANG_RU),
        .subject = STR("Новый пароль"),
        .brand = STR("ООО «Контора»"),
        .blocks = {{MAIL_TEXT, STR("Здравствуйте, <Анна>!"), STR_NONE},
                   {MAIL_FACT, STR("Сумма"), STR("100 ₽")},
                   {MAIL_BUTTON, STR("Сменить пароль"), STR("https://kontor.example/reset?t=1")}},
    };
}

static int64_t add(struct fixture *f, const struct mail_new *mail)
{
    int64_t id = 0;
    ok(mail_add(&f->op, mail, &id) == RC_OK, "a letter is written");
    return id;
}

static struct mail_info look(struct fixture *f, int64_t id)
{
    struct mail_info info = {0};
    ok(mail_find(&f->op, id, &info) == RC_OK, "it is on record");
    return info;
}

/* The decoded body of the n-th part. */
static struct str part(struct fixture *f, int n)
{
    struct str data = {sink.data, sink.data_len}, body;
    size_t at = 0;
    for (int i = 0; i < n; i++)
        at = str_find(data, STR("base64\r\n\r\n"), at + 1);
    if (at == SIZE_MAX)
        return STR("");
    at += strlen("base64\r\n\r\n");
    struct str text = str_sub(data, at, str_find(data, STR("\r\n--"), at) - at);
    AUTO_BUF buf = BUF(256 * 1024);
    while (text.at) {
        struct str line = str_cut(&text, '\n');
        buf_put(&buf, str_trim(line));
    }
    return crypt_unbase64(f->arena, buf_str(&buf), &body) ? body : STR("");
}

static void sending(struct fixture *f)
{
    struct mail_new mail = letter();
    begin(f, true);
    int64_t id = add(f, &mail);
    ok(look(f, id).state == MAIL_QUEUED, "it waits");
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 1, "the mail server takes it");
    ok(look(f, id).state == MAIL_SENT && look(f, id).sent_at.has, "it was sent");
    ok(str_has(str_of(sink.from), STR("<no-reply@kontor.example>")), "from our address");
    ok(str_has(str_of(sink.to), STR("<anna@example.com>")), "to the recipient");
    struct str data = {sink.data, sink.data_len};
    ok(str_has(data, STR("Subject: =?UTF-8?B?")), "the subject is encoded");
    ok(str_has(data, STR("Auto-Submitted: auto-generated\r\n")), "it says that a program wrote it");
    is_str(part(f, 1),
           "Здравствуйте, <Анна>!\n\nСумма: 100 ₽\n\nСменить "
           "пароль:\nhttps://kontor.example/reset?t=1\n\n-- \nООО «Контора»\n",
           "the text is what was written");
    struct str html = part(f, 2);
    ok(str_has(html, STR("&lt;Анна&gt;")), "in the HTML it is escaped");
    ok(str_has(html, STR("href=\"https://kontor.example/reset?t=1\"")), "and the button leads on");
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 1, "it is sent once");
}

static void without_a_server(struct fixture *f)
{
    struct mail_new mail = letter();
    begin(f, false);
    int64_t id = add(f, &mail);
    ok(jobs_drain(&f->op) == RC_OK, "there is no mail server");
    struct mail_info info = look(f, id);
    ok(info.state == MAIL_NOT_SENT, "the letter was not sent, and says so");
    ok(str_has(info.text, STR("Здравствуйте")), "it can be read");
    begin(f, true);
    ok(mail_again(&f->op, id) == RC_OK && jobs_drain(&f->op) == RC_OK && sink.letters == 1,
       "when there is one it is sent again");
    ok(mail_again(&f->op, id) == RC_CONFLICT, "but not after it was sent");
}

static void a_refusal(struct fixture *f)
{
    struct mail_new mail = letter();
    begin(f, true);
    sink.rcpt_reply = "550 no such user";
    int64_t id = add(f, &mail);
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 0, "a recipient who does not exist");
    struct mail_info info = look(f, id);
    ok(info.state == MAIL_FAILED && info.tries == 1, "is refused for good, at the first try");
    ok(info.error.len > 0 && str_has(info.error, STR("550")), "with the server's answer");
}

static void a_busy_server(struct fixture *f)
{
    struct mail_new mail = letter();
    begin(f, true);
    sink.data_reply = "451 later";
    int64_t id = add(f, &mail);
    ok(jobs_drain(&f->op) == RC_OK && look(f, id).state == MAIL_QUEUED, "a busy server");
    sink.data_reply = "250 ok";
    f->op.now += US_HOUR;
    when_clock_set(f->op.now);
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 1, "gets the letter again later");
    ok(look(f, id).state == MAIL_SENT, "and takes it");
    set(f, "smtp_url", STR("smtp://127.0.0.1:1"));
    id = add(f, &mail);
    for (int i = 0; i < 14; i++) {
        if (jobs_drain(&f->op) != RC_OK)
            ok(false, "draining");
        f->op.now += 2 * US_HOUR;
        when_clock_set(f->op.now);
    }
    struct mail_info info = look(f, id);
    ok(info.state == MAIL_FAILED && info.tries == 12,
       "a server that is gone is given up in the end");
}

static void secrets(struct fixture *f)
{
    struct mail_new mail = letter();
    begin(f, true);
    mail.is_secret = true;
    int64_t id = add(f, &mail);
    size_t bit = 0;
    ok(permission_find(STR("mail.read"), &bit), "a person who may see letters");
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    f->op.actor.permissions[bit / 64] |= UINT64_C(1) << (bit % 64);
    ok(!look(f, id).text.at, "may not read one that holds a sign-in link");
    f->op.actor = (struct actor){.kind = ACTOR_STAFF, .user_id = 1};
    struct mail_info info;
    ok(mail_find(&f->op, id, &info) == RC_DENIED, "others see no letters");
    fault_clear(&f->op.fault);
    f->op.actor = (struct actor){.kind = ACTOR_SYSTEM};
    ok(look(f, id).text.at != NULL, "the holder of mail.secret may, before it is sent");
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 1 && !look(f, id).text.at,
       "when it was sent its text is gone");
    is_i64(fixture_i64(f, "select count(*) from mail where body_text is not null or "
                          "body_html is not null"),
           0, "everywhere");
}

/* Header lines that are ours, and no others, whatever people typed. */
static bool headers_are_ours(struct str message)
{
    static const char *const known[] = {
        "Date: ",       "From: ",         "To: ",           "Subject: ",
        "Message-ID: ", "MIME-Version: ", "Auto-Submitted", "Content-Type: "};
    struct str head = str_sub(message, 0, str_find(message, STR("\r\n\r\n"), 0));
    size_t lines = 0;
    while (head.at) {
        struct str line = str_trim(str_cut(&head, '\n'));
        bool is_known = str_starts(line, STR("=?UTF-8?B?")) || str_starts(line, STR("<"));
        for (size_t i = 0; i < LEN(known); i++)
            if (str_starts(line, str_of(known[i]))) {
                is_known = true;
                lines++;
            }
        if (!is_known)
            return false;
    }
    return lines == LEN(known);
}

static void hostile_texts(struct fixture *f)
{
    static const struct str texts[] = {
        STR_INIT("a\r\nBcc: eve@example.com"),
        STR_INIT("a\nX: y\n\n.\r\nQUIT"),
        STR_INIT("=?UTF-8?B?aGk=?="),
        STR_INIT("\"<eve@example.com>\""),
        STR_INIT("\xff\xfe\x00 broken"),
        STR_INIT(
            "Ein sehr langer Name, der in mehrere Wörter zerlegt werden muss, weil er lang ist"),
    };
    begin(f, true);
    for (size_t i = 0; i < LEN(texts); i++) {
        struct mail__wire wire = {
            .from = STR("no-reply@kontor.example"),
            .from_name = texts[i],
            .to = STR("anna@example.com"),
            .to_name = texts[i],
            .subject = texts[i],
            .message_id = texts[i],
            .text = texts[i],
            .html = texts[i],
        };
        ok(headers_are_ours(mail__message(f->arena, &wire)), "no text becomes a header");
        struct mail_new mail = letter();
        int64_t id = 0;
        mail.to = str_join(f->arena, STR("anna@example.com"), texts[i]);
        ok(mail_add(&f->op, &mail, &id) == RC_INVALID, "an address with more in it is refused");
        fault_clear(&f->op.fault);
    }
    struct mail_new mail = letter();
    mail.blocks[0].text = STR("one\r\n.\r\nQUIT\r\n..two");
    (void)add(f, &mail);
    ok(jobs_drain(&f->op) == RC_OK && sink.letters == 1, "a dot alone on a line");
    ok(str_starts(part(f, 1), STR("one\n.\nQUIT\n..two")), "does not end the letter");
}

static void probing(struct fixture *f)
{
    begin(f, false);
    ok(mail_probe(&f->op, STR("a@example.com")) == RC_INVALID, "without a server a test says so");
    fault_clear(&f->op.fault);
    begin(f, true);
    ok(mail_probe(&f->op, STR("a@example.com")) == RC_OK && sink.letters == 1,
       "with one it sends a letter");
}

static void reaching(struct fixture *f)
{
    struct str error = STR_NONE;
    begin(f, true);
    int before = sink.letters;
    ok(mail_reach(f->arena, &error) == RC_OK, "a mail server that answers is reached");
    is_i64(sink.letters, before, "without a letter");
    set(f, "smtp_url", STR("smtp://127.0.0.1:1"));
    ok(mail_reach(f->arena, &error) != RC_OK && error.len > 0, "one that is not there is said");
}

static enum rc test_brand(struct op *op, struct mail_brand *out)
{
    (void)op;
    *out = (struct mail_brand){.name = STR("Solaria"), .accent = STR("#b93a0e")};
    return RC_OK;
}

static struct str sent_html(struct fixture *f, const struct mail_new *mail)
{
    add(f, mail);
    ok(jobs_drain(&f->op) == RC_OK, "it is sent");
    return part(f, 2);
}

static void brand(struct fixture *f)
{
    begin(f, true);
    mail_brand_set(test_brand);
    struct mail_new mail = letter();
    struct str ours = sent_html(f, &mail);
    ok(str_has(ours, STR("#2f55d4")) && !str_has(ours, STR("Solaria")),
       "a letter to staff has the house's colour and name");
    mail.is_portal = true;
    struct str theirs = sent_html(f, &mail);
    ok(str_has(theirs, STR("bgcolor=\"#b93a0e\"")) && str_has(theirs, STR("Solaria")) &&
           !str_has(theirs, STR("#2f55d4")),
       "a letter to a partner has those of the portal");
    mail_brand_set(NULL);
}

static struct str test_logo;

static enum rc logo_brand(struct op *op, struct mail_brand *out)
{
    (void)op;
    *out = (struct mail_brand){.name = STR("Solaria"), .logo = {test_logo, "image/png", 200, 50}};
    return RC_OK;
}

static void logos(struct fixture *f)
{
    begin(f, true);
    mail_brand_set(logo_brand);
    test_logo = STR("\x89PNG first");
    struct mail_new mail = letter();
    mail.is_portal = true;
    struct str html = sent_html(f, &mail);
    ok(str_has(html, STR("<img src=\"cid:logo@")) &&
           str_has(html, STR("alt=\"Solaria\" width=\"112\" height=\"28\"")),
       "the logo stands in the head, in its proportions, with the name for readers");
    struct str sent = {sink.data, sink.data_len};
    struct str cid = str_sub(html, str_find(html, STR("cid:"), 0) + 4, 200);
    cid = str_sub(cid, 0, str_find(cid, STR("\""), 0));
    ok(str_has(sent, str_printf(f->arena, "Content-ID: <" STR_FMT ">", STR_ARG(cid))),
       "the picture travels with the letter under the name that the page uses");
    ok(str_has(sent, STR("multipart/related")) &&
           str_has(sent, STR("Content-Disposition: inline; filename=\"logo.png\"")),
       "beside the page, not as a file to be opened");
    ok(str_eq(part(f, 3), test_logo), "byte by byte");
    (void)sent_html(f, &mail);
    is_i64(fixture_i64(f, "select count(*) from mail_picture"), 1, "letters share a picture");
    set(f, "smtp_url", STR(""));
    int64_t kept = add(f, &mail);
    test_logo = STR("\x89PNG second");
    ok(jobs_drain(&f->op) == RC_OK, "a letter that waits");
    set(f, "smtp_url", str_printf(f->arena, "smtp://127.0.0.1:%d", sink.port));
    ok(mail_again(&f->op, kept) == RC_OK && jobs_drain(&f->op) == RC_OK, "and is sent later");
    ok(str_eq(part(f, 3), STR("\x89PNG first")), "has the logo that it was written with");
    mail.is_portal = false;
    ok(!str_has(sent_html(f, &mail), STR("cid:")), "letters to staff have none");
    mail_brand_set(NULL);
}

int main(void)
{
    sink_start();
    fixture_each(brand);
    fixture_each(logos);
    fixture_each(reaching);
    fixture_each(sending);
    fixture_each(without_a_server);
    fixture_each(a_refusal);
    fixture_each(a_busy_server);
    fixture_each(secrets);
    fixture_each(hostile_texts);
    fixture_each(probing);
    sink_stop();
    return done_testing();
}
