/* Parsers of what browsers and scripts send. Each is strict, bounded and allocates on the arena of
 * the request; whatever has two readings is refused, because a proxy in front may have chosen the
 * other one. Fuzzed by http_parse_fuzz.c. */
#include "http/http_int.h"
#include "text/text.h"

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F')
        return ch - 'A' + 10;
    return -1;
}

bool http__decode(struct arena *arena, struct str text, bool is_form, struct str *out)
{
    char *at = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.at[i];
        if (ch == '+' && is_form) {
            ch = ' ';
        } else if (ch == '%') {
            int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            ch = (char)(high * 16 + low);
            i += 2;
        }
        if (ch == 0)
            return false;
        at[len++] = ch;
    }
    struct str decoded = {at, len};
    if (!utf8_valid(decoded))
        return false;
    *out = decoded;
    return true;
}

bool http__parse_form(struct arena *arena, struct str text, struct http__raws *out)
{
    struct str rest = text;
    while (rest.at && rest.len > 0) {
        struct str value = str_cut(&rest, '&');
        if (value.len == 0)
            continue;
        struct str name = str_cut(&value, '=');
        struct http__raw raw = {.value = STR("")};
        if (!http__decode(arena, name, true, &raw.name) || raw.name.len == 0)
            return false;
        if (value.at && !http__decode(arena, value, true, &raw.value))
            return false;
        if (out->len == HTTP_FIELDS_MAX)
            return false;
        VEC_PUSH(arena, out, raw);
    }
    return true;
}

/* ---- multipart ---- */

/* A parameter of a header value: `; name="value"` or `; name=value`; quotes may escape. */
struct str http__media_param(struct arena *arena, struct str header, const char *name)
{
    size_t i = 0;
    struct str want = str_of(name);
    while (i < header.len) {
        while (i < header.len && header.at[i] != ';')
            i++;
        i++;
        while (i < header.len && (header.at[i] == ' ' || header.at[i] == '\t'))
            i++;
        size_t start = i;
        while (i < header.len && header.at[i] != '=' && header.at[i] != ';')
            i++;
        if (i >= header.len || header.at[i] == ';')
            continue;
        struct str key = str_sub(header, start, i - start);
        i++;
        AUTO_BUF value = BUF(header.len + 1);
        if (i < header.len && header.at[i] == '"') {
            for (i++; i < header.len && header.at[i] != '"'; i++) {
                if (header.at[i] == '\\' && i + 1 < header.len &&
                    (header.at[i + 1] == '"' || header.at[i + 1] == '\\'))
                    i++;
                buf_char(&value, header.at[i]);
            }
            i++;
        } else {
            while (i < header.len && header.at[i] != ';')
                buf_char(&value, header.at[i++]);
        }
        if (str_eq_nocase(key, want))
            return str_dup(arena, value.len ? buf_str(&value) : STR(""));
    }
    return STR_NONE;
}

struct str http__media_type(struct arena *arena, struct str header)
{
    struct str type = str_trim(str_cut(&header, ';'));
    char *lower = arena_alloc(arena, type.len + 1);
    for (size_t i = 0; i < type.len; i++)
        lower[i] = (char)(type.at[i] >= 'A' && type.at[i] <= 'Z' ? type.at[i] + 32 : type.at[i]);
    return (struct str){lower, type.len};
}

/* Browsers send %22, %0D and %0A for quotes and line ends in names (HTML, multipart encoding). */
static struct str unescape_part_name(struct arena *arena, struct str name)
{
    AUTO_BUF buf = BUF(name.len + 1);
    for (size_t i = 0; i < name.len; i++) {
        struct str three = str_sub(name, i, 3);
        bool is_quote = str_eq(three, STR("%22"));
        if (is_quote || str_eq(three, STR("%0D")) || str_eq(three, STR("%0A"))) {
            buf_char(&buf, is_quote ? '"' : ' ');
            i += 2;
        } else {
            buf_char(&buf, name.at[i]);
        }
    }
    return str_dup(arena, buf.len ? buf_str(&buf) : STR(""));
}

/* The header lines of one part. */
static bool parse_part_head(struct arena *arena, struct str head, struct http__raw *out)
{
    const struct str crlf = STR("\r\n");
    bool has_disposition = false;
    for (size_t at = 0; at < head.len;) {
        size_t end = str_find(head, crlf, at);
        if (end == SIZE_MAX)
            end = head.len;
        struct str line = str_sub(head, at, end - at);
        at = end + crlf.len;
        struct str name = str_cut(&line, ':');
        if (!line.at)
            return false;
        if (!str_eq_nocase(name, STR("content-disposition")))
            continue;
        struct str field = http__media_param(arena, line, "name");
        struct str file = http__media_param(arena, line, "filename");
        struct str kind = line;
        if (has_disposition || !field.at || field.len == 0 || !utf8_valid(line) ||
            !str_eq_nocase(str_trim(str_cut(&kind, ';')), STR("form-data")))
            return false;
        has_disposition = true;
        out->name = unescape_part_name(arena, field);
        out->is_file = file.at != NULL;
        if (file.at)
            out->file_name = unescape_part_name(arena, file);
    }
    return has_disposition;
}

static bool is_boundary(struct str boundary)
{
    if (!boundary.at || boundary.len == 0 || boundary.len > 70)
        return false;
    for (size_t i = 0; i < boundary.len; i++)
        if (boundary.at[i] < 0x20 || boundary.at[i] > 0x7e)
            return false;
    return boundary.at[boundary.len - 1] != ' ';
}

bool http__parse_multipart(struct arena *arena, struct str boundary, struct str body,
                           struct http__raws *out)
{
    if (!is_boundary(boundary))
        return false;
    struct str mark = str_printf(arena, "\r\n--" STR_FMT, STR_ARG(boundary));
    struct str first = str_sub(mark, 2, mark.len - 2);
    if (!str_starts(body, first))
        return false;
    size_t at = first.len;
    for (;;) {
        struct str after = str_sub(body, at, 2);
        if (str_eq(after, STR("--"))) /* the last boundary; at most a line end follows */
            return body.len - at <= 4;
        if (!str_eq(after, STR("\r\n")) || out->len == HTTP_FIELDS_MAX)
            return false;
        at += 2;
        size_t head_end = str_find(str_sub(body, at, 4096), STR("\r\n\r\n"), 0);
        if (head_end == SIZE_MAX)
            return false;
        struct http__raw raw = {0};
        if (!parse_part_head(arena, str_sub(body, at, head_end), &raw))
            return false;
        at += head_end + 4;
        /* an empty value: its line end is the one of the head */
        size_t end = str_find(body, mark, at);
        if (end == SIZE_MAX)
            return false;
        raw.value = (struct str){body.at + at, end - at};
        if (!raw.is_file && (!utf8_valid(raw.value) || memchr(raw.value.at, 0, raw.value.len)))
            return false;
        VEC_PUSH(arena, out, raw);
        at = end + mark.len;
    }
}

struct str http__file_name(struct arena *arena, struct str name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == '/' || name.at[i - 1] == '\\') {
            name = str_sub(name, i, name.len - i);
            break;
        }
    return utf8_cut_bytes(text_clean_line(arena, name), 200);
}

/* ---- paths ---- */

static bool is_segment_fine(struct str segment)
{
    if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
        return false;
    for (size_t i = 0; i < segment.len; i++) {
        unsigned char ch = (unsigned char)segment.at[i];
        if (ch < 0x20 || ch == 0x7f || ch == '/' || ch == '\\')
            return false;
    }
    return true;
}

bool http__parse_path(struct arena *arena, struct str path, struct str out[HTTP_SEGMENTS_MAX],
                      size_t *out_len)
{
    size_t len = 0;
    if (path.len == 0 || path.at[0] != '/')
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] <= 0x20 || path.at[i] >= 0x7f || strchr("\"#<>\\^`{|}", path.at[i]))
            return false;
    struct str rest = str_sub(path, 1, path.len - 1);
    if (rest.len == 0) {
        *out_len = 0;
        return true;
    }
    while (rest.at) {
        struct str segment = str_cut(&rest, '/');
        if (len == HTTP_SEGMENTS_MAX || !http__decode(arena, segment, false, &out[len]) ||
            !is_segment_fine(out[len]))
            return false;
        len++;
    }
    *out_len = len;
    return true;
}

bool http__is_our_path(struct str path)
{
    if (path.len == 0 || path.len > 2048 || path.at[0] != '/')
        return false;
    if (path.len > 1 && (path.at[1] == '/' || path.at[1] == '\\'))
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] <= 0x20 || path.at[i] >= 0x7f || path.at[i] == '\\')
            return false;
    return true;
}

/* ---- header values ---- */

struct str http__cookie(struct str header, struct str name)
{
    struct str found = STR_NONE;
    while (header.at) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');
        if (!value.at || !str_eq(key, name))
            continue;
        if (found.at)
            return STR_NONE;
        found = value;
        if (found.len >= 2 && found.at[0] == '"' && found.at[found.len - 1] == '"')
            found = str_sub(found, 1, found.len - 2);
    }
    return found;
}

bool http__accepts_coding(struct str header, const char *coding)
{
    while (header.at) {
        struct str item = str_cut(&header, ',');
        struct str name = str_trim(str_cut(&item, ';'));
        if (!str_eq_nocase(name, str_of(coding)))
            continue;
        if (!item.at)
            return true;
        struct str q = str_trim(item);
        if (!str_starts(q, STR("q=")))
            return true;
        for (size_t i = 2; i < q.len; i++)
            if (q.at[i] >= '1' && q.at[i] <= '9')
                return true;
        return false;
    }
    return false;
}
