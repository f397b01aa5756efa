/* mail_wire: a letter as bytes. All that people typed goes into encoded words or base64, whose
 * letters cannot end a line, so no text can add a header, a recipient or a part. curl's own MIME
 * builder was left aside: it takes headers as they are given.
 * Sources: RFC 5322 (message), 2047 (encoded words), 2045 and 2046 (MIME), 3834 (automatic mail).
 */
#include "crypt/crypt.h"
#include "mail/mail_int.h"

enum { WORD_BYTES = 39, LINE_BYTES = 57 }; /* 57 bytes are 76 characters of base64 */

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == ' ' || c == '-';
        if (!is_word)
            return false;
    }
    return text.len <= 60 && !str_has(text, STR("  "));
}

/* "=?UTF-8?B?…?=" folded, or the text itself when it is plain and short. */
static void put_words(struct arena *arena, struct buf *buf, struct str text)
{
    bool is_first = true;
    if (is_plain(text)) {
        buf_put(buf, text);
        return;
    }
    while (text.len > 0) {
        struct str word = utf8_cut_bytes(text, WORD_BYTES);
        if (word.len == 0) /* a broken byte: its own word */
            word = str_sub(text, 0, 1);
        buf_put(buf, is_first ? STR("=?UTF-8?B?") : STR("\r\n =?UTF-8?B?"));
        buf_put(buf, crypt_base64(arena, word));
        buf_put(buf, STR("?="));
        text = str_sub(text, word.len, text.len - word.len);
        is_first = false;
    }
}

/* Our own address or one that check_email has passed; what could end the header is dropped even
 * so. */
static void put_address(struct buf *buf, struct str address)
{
    for (size_t i = 0; i < address.len; i++) {
        unsigned char c = (unsigned char)address.at[i];
        if (c > 0x20 && c != 0x7f && c != '<' && c != '>' && c != ',')
            buf_char(buf, (char)c);
    }
}

static void put_mailbox(struct arena *arena, struct buf *buf, const char *header, struct str name,
                        struct str address)
{
    buf_printf(buf, "%s: ", header);
    if (name.len) {
        put_words(arena, buf, name);
        buf_put(buf, STR("\r\n "));
    }
    buf_char(buf, '<');
    put_address(buf, address);
    buf_put(buf, STR(">\r\n"));
}

static void put_date(struct buf *buf, int64_t at_us)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct local_time t = zone_local(zone_utc(), at_us);
    struct ymd ymd = date_ymd(t.date);
    int64_t s = t.us_of_day / US_SECOND;
    buf_printf(buf, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[date_weekday(t.date) - 1],
               ymd.day, months[ymd.month - 1], ymd.year, (int)(s / 3600), (int)(s / 60 % 60),
               (int)(s % 60));
}

static void put_base64(struct arena *arena, struct buf *buf, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i += LINE_BYTES) {
        buf_put(buf, crypt_base64(arena, str_sub(bytes, i, LINE_BYTES)));
        buf_put(buf, STR("\r\n"));
    }
}

static void put_part(struct arena *arena, struct buf *buf, const char *boundary, const char *type,
                     struct str body)
{
    buf_printf(buf,
               "--%s\r\nContent-Type: %s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               boundary, type);
    put_base64(arena, buf, body);
}

struct str mail__logo_cid(struct arena *arena, struct str message_id)
{
    return str_printf(arena, "logo@" STR_FMT, STR_ARG(message_id));
}

/* The page and the picture that it shows (RFC 2387, 2392), as one of the alternatives. */
static void put_related(struct arena *arena, struct buf *buf, const char *outer,
                        const struct mail__wire *wire)
{
    char inner[CRYPT_TOKEN_MAX + 8];
    char token[CRYPT_TOKEN_MAX];
    struct str cid = mail__logo_cid(arena, wire->message_id);
    crypt_token(token);
    (void)snprintf(inner, sizeof inner, "r_%s", token);
    buf_printf(buf,
               "--%s\r\nContent-Type: multipart/related; type=\"text/html\"; "
               "boundary=\"%s\"\r\n\r\n",
               outer, inner);
    put_part(arena, buf, inner, "text/html", wire->html);
    buf_printf(buf,
               "--%s\r\nContent-Type: %s\r\n"
               "Content-Disposition: inline; filename=\"logo.%s\"\r\nContent-ID: <",
               inner, wire->logo.mime, strcmp(wire->logo.mime, "image/png") == 0 ? "png" : "jpg");
    put_address(buf, cid);
    buf_put(buf, STR(">\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    put_base64(arena, buf, wire->logo.bytes);
    buf_printf(buf, "--%s--\r\n", inner);
}

static struct str host_of(struct str address)
{
    size_t at = str_find(address, STR("@"), 0);
    return at == SIZE_MAX ? STR("localhost") : str_sub(address, at + 1, address.len - at - 1);
}

struct str mail__message(struct arena *arena, const struct mail__wire *wire)
{
    AUTO_BUF buf = BUF(4 * MAIL_BYTES_MAX);
    char boundary[CRYPT_TOKEN_MAX + 8];
    char token[CRYPT_TOKEN_MAX];
    crypt_token(token);
    snprintf(boundary, sizeof(boundary), "k_%s", token);
    put_date(&buf, wire->at_us);
    put_mailbox(arena, &buf, "From", wire->from_name, wire->from);
    put_mailbox(arena, &buf, "To", wire->to_name, wire->to);
    buf_put(&buf, STR("Subject: "));
    put_words(arena, &buf, wire->subject);
    buf_put(&buf, STR("\r\nMessage-ID: <"));
    put_address(&buf, wire->message_id);
    buf_char(&buf, '@');
    put_address(&buf, host_of(wire->from));
    buf_put(&buf, STR(">\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"));
    buf_printf(&buf, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
    put_part(arena, &buf, boundary, "text/plain", wire->text);
    if (wire->logo.bytes.len)
        put_related(arena, &buf, boundary, wire);
    else
        put_part(arena, &buf, boundary, "text/html", wire->html);
    buf_printf(&buf, "--%s--\r\n", boundary);
    assert(!buf.is_over);
    return str_dup(arena, buf_str(&buf));
}
