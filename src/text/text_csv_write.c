/* The CSV writer and its guard against spreadsheets that run cells as formulas. The guard trims
 * what spreadsheets trim before they look (spaces, control and zero-width characters), because
 * filters that looked at the first byte only have been passed that way. */
#include <unicode/uchar.h>

#include "text/text_int.h"

static bool is_skipped(uint32_t c)
{
    return u_isUWhiteSpace((UChar32)c) || u_iscntrl((UChar32)c) || c == 0xFEFF || c == 0x2060 ||
           (c >= 0x200B && c <= 0x200F);
}

static bool is_trigger(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) /* full-width form of ASCII */
        c -= 0xFEE0;
    return c == '=' || c == '+' || c == '-' || c == '@';
}

/* "-12.50", "-1 234,5": nothing but a number can come of it. */
static bool is_negative_number(struct str text)
{
    if (text.len < 2 || text.at[0] != '-' || text.at[1] < '0' || text.at[1] > '9')
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!strchr("0123456789., ", text.at[i]) || text.at[i] == '\0')
            return false;
    return true;
}

bool text_is_formula(struct str text)
{
    if (text.len == 0 || is_negative_number(text))
        return false;
    char first = text.at[0];
    if (first == '\t' || first == '\r' || first == '\n' || first == '\0')
        return true;
    uint32_t c;
    while (utf8_next(&text, &c))
        if (!is_skipped(c))
            return is_trigger(c);
    return false;
}

static struct str after_apostrophes(struct str text)
{
    while (text.len > 0 && text.at[0] == '\'')
        text = str_sub(text, 1, text.len);
    return text;
}

struct str text_unguard(struct str text)
{
    bool is_guarded =
        text.len > 1 && text.at[0] == '\'' && text_is_formula(after_apostrophes(text));
    return is_guarded ? str_sub(text, 1, text.len) : text;
}

static char delimiter_of(const struct csv_writer *writer)
{
    return (char)(writer->delimiter ? writer->delimiter : ',');
}

static bool needs_quotes(const struct csv_writer *writer, struct str text)
{
    char delimiter = delimiter_of(writer);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == delimiter || text.at[i] == '"' || text.at[i] == '\n' ||
            text.at[i] == '\r')
            return true;
    return text.len > 0 && (text.at[0] == ' ' || text.at[text.len - 1] == ' ');
}

static void put_cell(struct csv_writer *writer, struct str text, bool is_guarded)
{
    if (writer->columns_len++ > 0)
        buf_char(writer->buf, delimiter_of(writer));
    bool is_quoted = is_guarded || needs_quotes(writer, text);
    if (is_quoted)
        buf_char(writer->buf, '"');
    if (is_guarded)
        buf_char(writer->buf, '\'');
    while (text.len > 0) {
        size_t quote = str_find(text, STR("\""), 0);
        size_t len = quote == SIZE_MAX ? text.len : quote + 1;
        buf_put(writer->buf, str_sub(text, 0, len));
        if (quote != SIZE_MAX)
            buf_char(writer->buf, '"');
        text = str_sub(text, len, text.len);
    }
    if (is_quoted)
        buf_char(writer->buf, '"');
}

void csv_put(struct csv_writer *writer, struct str text)
{
    put_cell(writer, text, text_is_formula(after_apostrophes(text)));
}

void csv_put_number(struct csv_writer *writer, struct str number)
{
    for (size_t i = 0; i < number.len; i++)
        assert((number.at[i] >= '0' && number.at[i] <= '9') || number.at[i] == '.' ||
               number.at[i] == ',' || (number.at[i] == '-' && i == 0));
    put_cell(writer, number, false);
}

void csv_end_row(struct csv_writer *writer)
{
    const struct buf *buf = writer->buf;
    bool is_blank = buf->len == 0 || buf->at[buf->len - 1] == '\n';
    if (writer->columns_len == 1 && is_blank) /* readers pass over blank lines */
        buf_put(writer->buf, STR("\"\""));
    buf_put(writer->buf, STR("\r\n"));
    writer->columns_len = 0;
}
