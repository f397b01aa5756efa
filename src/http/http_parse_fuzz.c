/* Every parser of what clients send: no crash, bounds kept, and what was decoded and encoded again
 * decodes to the same. The first byte chooses the parser. */
#include "http/http_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_form(struct arena *arena, struct str text)
{
    struct http__raws raws = {0}, again = {0};
    if (!http__parse_form(arena, text, &raws))
        return;
    AUTO_BUF encoded = BUF(1 << 20);
    for (size_t i = 0; i < raws.len; i++) {
        buf_put(&encoded, url_part(arena, raws.at[i].name));
        buf_char(&encoded, '=');
        buf_put(&encoded, url_part(arena, raws.at[i].value));
        buf_char(&encoded, '&');
    }
    bool is_same = http__parse_form(arena, buf_str(&encoded), &again) && again.len == raws.len;
    for (size_t i = 0; is_same && i < raws.len; i++)
        is_same = str_eq(raws.at[i].name, again.at[i].name) &&
                  str_eq(raws.at[i].value, again.at[i].value);
    assert(is_same);
}

static void check_path(struct arena *arena, struct str path)
{
    struct str segments[HTTP_SEGMENTS_MAX], again[HTTP_SEGMENTS_MAX];
    size_t len, again_len;
    if (!http__parse_path(arena, path, segments, &len))
        return;
    AUTO_BUF encoded = BUF(1 << 20);
    for (size_t i = 0; i < len; i++) {
        buf_char(&encoded, '/');
        buf_put(&encoded, url_part(arena, segments[i]));
    }
    if (len == 0)
        buf_char(&encoded, '/');
    bool is_same =
        http__parse_path(arena, buf_str(&encoded), again, &again_len) && again_len == len;
    assert(is_same);
}

static void check_multipart(struct arena *arena, struct str body)
{
    struct http__raws raws = {0};
    if (!http__parse_multipart(arena, STR("b"), body, &raws))
        return;
    for (size_t i = 0; i < raws.len; i++) {
        const struct http__raw *raw = &raws.at[i];
        assert(raw->name.len > 0 && raw->value.at >= body.at &&
               raw->value.at + raw->value.len <= body.at + body.len);
        (void)http__file_name(arena, raw->is_file ? raw->file_name : STR(""));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http__networks networks = {0};
    uint8_t address[16];
    if (size < 1 || size > 16384)
        return 0;
    AUTO_ARENA arena = arena_new(0);
    struct str text = {(const char *)data + 1, size - 1};
    switch (data[0] % 6) {
    case 0: check_form(arena, text); break;
    case 1: check_path(arena, text); break;
    case 2: check_multipart(arena, text); break;
    case 3:
        (void)http__cookie(text, STR("kontor"));
        (void)http__accepts_coding(text, "br");
        break;
    case 4:
        (void)http__media_type(arena, text);
        (void)http__media_param(arena, text, "boundary");
        break;
    default:
        (void)!http__networks_parse(arena, text, &networks);
        (void)!http__address_parse(text, address);
        (void)http__is_our_path(text);
        break;
    }
    return 0;
}
