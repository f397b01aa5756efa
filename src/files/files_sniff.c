/* files_sniff: what a file is by its first bytes. The list is short on purpose: what is not on it
 * is bytes. HTML and SVG are never called what they are, for a browser would run them under our
 * address. Source: magic numbers of each format's own specification. */
#include "files/files.h"

static const struct magic {
    struct str at_start;
    const char *mime;
} magics[] = {
    {STR_INIT("%PDF-"), "application/pdf"},
    {STR_INIT("\x89PNG\r\n\x1a\n"), "image/png"},
    {STR_INIT("\xff\xd8\xff"), "image/jpeg"},
    {STR_INIT("GIF87a"), "image/gif"},
    {STR_INIT("GIF89a"), "image/gif"},
    {STR_INIT("\x1f\x8b"), "application/gzip"},
    {STR_INIT("\x28\xb5\x2f\xfd"), "application/zstd"},
    {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/vnd.ms-excel"},
};

static const char *sniff_zip(struct str head)
{
    if (!str_has(head, STR("[Content_Types].xml")) && !str_has(head, STR("_rels/.rels")))
        return str_has(head, STR("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"))
                   ? "application/vnd.oasis.opendocument.spreadsheet"
                   : "application/zip";
    if (str_has(head, STR("xl/")))
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (str_has(head, STR("word/")))
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    return "application/zip";
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f')
            return true;
    }
    return false;
}

static bool ends_nocase(struct str s, struct str end)
{
    return s.len >= end.len && str_eq_nocase(str_sub(s, s.len - end.len, end.len), end);
}

static bool has_tag(struct str s, struct str name)
{
    size_t at = 0;
    while ((at = str_find(s, STR("<"), at)) != SIZE_MAX) {
        if (str_eq_nocase(str_sub(s, ++at, name.len), name))
            return true;
    }
    return false;
}

static const char *sniff_text(struct str head, struct str name)
{
    struct str s = str_starts(head, STR("\xef\xbb\xbf")) ? str_sub(head, 3, head.len - 3) : head;
    s = str_trim(s);
    if (ends_nocase(name, STR(".csv")))
        return "text/csv";
    if (ends_nocase(name, STR(".tsv")))
        return "text/tab-separated-values";
    if (ends_nocase(name, STR(".json")) && s.len && (s.at[0] == '{' || s.at[0] == '['))
        return "application/json";
    bool is_xml = str_starts(s, STR("<?xml")) && !has_tag(s, STR("svg")) &&
                  !has_tag(s, STR("html")) && !str_has(s, STR("http://www.w3.org/1999/xhtml"));
    return is_xml ? "application/xml" : "text/plain";
}

const char *file_sniff(struct str head, struct str name)
{
    for (size_t i = 0; i < LEN(magics); i++)
        if (str_starts(head, magics[i].at_start))
            return magics[i].mime;
    if (str_starts(head, STR("RIFF")) && str_eq(str_sub(head, 8, 4), STR("WEBP")))
        return "image/webp";
    if (str_starts(head, STR("PK\x03\x04")) || str_starts(head, STR("PK\x05\x06")))
        return sniff_zip(head);
    bool is_utf16 = str_starts(head, STR("\xff\xfe")) || str_starts(head, STR("\xfe\xff"));
    if (!is_utf16 && has_control(head))
        return "application/octet-stream";
    return sniff_text(head, name);
}
