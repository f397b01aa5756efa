/* Fuzzing of the bytes of a letter: whatever stands in its texts, it has our eight headers, two
 * parts, lines that fit, and no byte above ASCII in its head. */
#include "mail/mail_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(struct str text, struct str what)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(text, what, at)) != SIZE_MAX; at += what.len)
        n++;
    return n;
}

static void check_head(struct str head)
{
    size_t headers = 0;
    while (head.at) {
        struct str line = str_cut(&head, '\n');
        assert(line.len <= 998);
        for (size_t i = 0; i < line.len; i++)
            assert((unsigned char)line.at[i] < 0x80 && line.at[i] != 0);
        if (line.len && line.at[0] != ' ')
            headers++;
    }
    assert(headers == 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    AUTO_ARENA arena = arena_new(0);
    struct str text = {(const char *)data, size};
    struct mail__wire wire = {
        .from = STR("no-reply@kontor.example"),
        .from_name = text,
        .to = STR("anna@example.com"),
        .to_name = text,
        .subject = text,
        .message_id = STR("token"),
        .text = text,
        .html = text,
    };
    struct str message = mail__message(arena, &wire);
    size_t end = str_find(message, STR("\r\n\r\n"), 0);
    assert(end != SIZE_MAX);
    check_head(str_sub(message, 0, end));
    assert(count(message, STR("Content-Transfer-Encoding: base64\r\n\r\n")) == 2);
    assert(str_ends(message, STR("--\r\n")));
    return 0;
}
