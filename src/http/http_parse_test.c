/* Parsers of what comes in: one reading of everything, refusal of the rest. */
#include "http/http_int.h"
#include "tests/tap.h"

static struct arena *arena;

static bool decodes(const char *text, const char *want)
{
    struct str out;
    return http__decode(arena, str_of(text), true, &out) && str_eq(out, str_of(want));
}

static bool refuses(const char *text)
{
    struct str out;
    return !http__decode(arena, str_of(text), true, &out);
}

static void test_decoding(void)
{
    ok(decodes("a+b%20c", "a b c"), "a plus and %20 are spaces in a form");
    ok(decodes("%D0%9F", "П"), "escapes are UTF-8");
    ok(decodes("%2525", "%25"), "a text is decoded once");
    ok(refuses("%"), "a lone percent sign is refused");
    ok(refuses("%4"), "half an escape is refused");
    ok(refuses("%zz"), "an escape of no hex digits is refused");
    ok(refuses("%00"), "NUL is refused");
    ok(refuses("%ff"), "bytes that are no UTF-8 are refused");
    ok(refuses("%c0%af"), "an overlong slash is refused");
}

static void test_forms(void)
{
    struct http__raws raws = {0};
    ok(http__parse_form(arena, STR("a=1&b=x%26y&&c&a=2"), &raws) && raws.len == 4,
       "a form is pairs; empty ones are skipped");
    is_str(raws.at[1].value, "x&y", "an escaped ampersand is part of the value");
    is_str(raws.at[2].value, "", "a name alone has an empty value");
    is_str(raws.at[3].value, "2", "a repeated name stands twice");
    raws.len = 0;
    ok(!http__parse_form(arena, STR("=1"), &raws), "a value without a name is refused");
    AUTO_BUF many = BUF(1 << 20);
    for (int i = 0; i < HTTP_FIELDS_MAX + 1; i++)
        buf_put(&many, STR("a=1&"));
    raws = (struct http__raws){0};
    ok(!http__parse_form(arena, buf_str(&many), &raws), "more fields than the limit are refused");
}

static bool path_is(const char *path, size_t want_len, const char *last)
{
    struct str segments[HTTP_SEGMENTS_MAX];
    size_t len;
    return http__parse_path(arena, str_of(path), segments, &len) && len == want_len &&
           (len == 0 || str_eq(segments[len - 1], str_of(last)));
}

static void test_paths(void)
{
    static const char *const bad[] = {"",      "a",       "//",     "/a//b", "/a/",    "/.",
                                      "/a/..", "/%2e%2e", "/a%2Fb", "/a\\b", "/a%5Cb", "/a%00",
                                      "/a%0a", "/\xd0",   "/a b",   "/%",    "/a%7f",  "/%c0%ae"};
    ok(path_is("/", 0, ""), "the root has no segments");
    ok(path_is("/partners/prt_1/edit", 3, "edit"), "a path is its segments");
    ok(path_is("/a%20b", 1, "a b"), "a segment is decoded");
    ok(path_is("/%D0%9F", 1, "П"), "a segment may hold any letters");
    for (size_t i = 0; i < LEN(bad); i++)
        ok(!path_is(bad[i], 1, "") && !path_is(bad[i], 0, ""),
           "a path with two readings is refused");
    ok(http__is_our_path(STR("/a?b=1")) && !http__is_our_path(STR("//evil.example")) &&
           !http__is_our_path(STR("/\\evil.example")) && !http__is_our_path(STR("http://x/")) &&
           !http__is_our_path(STR("/a\r\nb")),
       "a return address is a path of ours");
}

static bool parse_multipart(const char *body, struct http__raws *out)
{
    *out = (struct http__raws){0};
    return http__parse_multipart(arena, STR("XyZ"), str_of(body), out);
}

static void test_multipart(void)
{
    struct http__raws raws;
    ok(parse_multipart("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
                       "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; "
                       "filename=\"C:\\\\x\\\\\xd0\x9f.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                       "1;2\r\n--XyZ--\r\n",
                       &raws) &&
           raws.len == 2,
       "a multipart body is its parts");
    is_str(raws.at[0].value, "one", "a part's value stands between its line ends");
    ok(!raws.at[0].is_file && raws.at[1].is_file, "a part with a file name is a file");
    is_str(http__file_name(arena, raws.at[1].file_name), "П.csv", "a file name has no folders");
    is_str(raws.at[1].value, "1;2", "a file's content is its bytes");
    ok(parse_multipart("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--XyZ--",
                       &raws) &&
           raws.at[0].value.len == 0,
       "a part may be empty");
    ok(parse_multipart("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                       "x\r\n--XyZW\r\n--XyZ--",
                       &raws) == false,
       "a line that only begins like the boundary ends in a refusal, not in a shorter value");
    ok(!parse_multipart("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", &raws),
       "a body that is cut off is refused");
    ok(!parse_multipart("--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--", &raws),
       "a part without a name is refused");
    ok(!parse_multipart("--XyZ\nContent-Disposition: form-data; name=\"a\"\n\nx\n--XyZ--", &raws),
       "bare line feeds are refused");
    ok(!http__parse_multipart(arena, STR(""), STR("--\r\n"), &raws), "a boundary is needed");
}

static void test_headers(void)
{
    is_str(http__cookie(STR("a=1; kontor=x y; b=2"), STR("kontor")), "x y", "a cookie by name");
    ok(!http__cookie(STR("kontor=1; kontor=2"), STR("kontor")).at,
       "a cookie that stands twice is none");
    ok(!http__cookie(STR("xkontor=1"), STR("kontor")).at, "a name is compared whole");
    is_str(http__media_type(arena, STR("Text/HTML; charset=x")), "text/html",
           "a media type is in lower case without parameters");
    is_str(http__media_param(arena, STR("a/b; x=1; boundary=\"q;\\\"w\"; z=2"), "boundary"),
           "q;\"w", "a quoted parameter");
    ok(http__accepts_coding(STR("gzip, br;q=0.5"), "br"), "a coding with a weight is taken");
    ok(!http__accepts_coding(STR("gzip, br;q=0.0"), "br"), "weight zero is a refusal");
    ok(!http__accepts_coding(STR("gzip"), "br"), "what is not named is not taken");
}

static bool have(const char *networks, const char *address)
{
    struct http__networks list = {0};
    uint8_t bytes[16];
    return http__networks_parse(arena, str_of(networks), &list) &&
           http__address_parse(str_of(address), bytes) && http__networks_have(&list, bytes);
}

static void test_networks(void)
{
    struct http__networks list = {0};
    ok(have("10.0.0.0/8, ::1", "10.200.3.4"), "an address in a network");
    ok(!have("10.0.0.0/8", "11.0.0.1"), "an address outside of it");
    ok(have("192.168.1.128/25", "192.168.1.200") && !have("192.168.1.128/25", "192.168.1.100"),
       "a network may end inside a byte");
    ok(have("2001:db8::/32", "2001:db8:1::5") && have("::1", "::1"), "IPv6");
    ok(have("127.0.0.1", "::ffff:127.0.0.1"), "a mapped IPv4 address is the IPv4 address");
    ok(!http__networks_parse(arena, STR("10.0.0.0/40"), &list) &&
           !http__networks_parse(arena, STR("example"), &list),
       "what is no network is refused");
}

int main(void)
{
    arena = arena_new(0);
    test_decoding();
    test_forms();
    test_paths();
    test_multipart();
    test_headers();
    test_networks();
    arena_free(arena);
    return done_testing();
}
