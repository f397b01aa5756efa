/* Tests of text: UTF-8, cleaning, comparison keys, encodings, nearest words. */
#include "tests/tap.h"
#include "text/text_int.h"

static void test_utf8(void)
{
    static const char *const good[] = {"", "abc", "тёща", "€", "𝄞", "\xEF\xBF\xBF", "ñandú"};
    static const char *const bad[] = {"\x80",         "\xC0\xAF",         "\xE0\x80\xAF",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
                                      "abc\xD0",      "\xE2\x82",         "12345678\xFF"};
    bool is_right = true;
    for (size_t i = 0; i < LEN(good); i++)
        is_right = is_right && utf8_valid(str_of(good[i]));
    for (size_t i = 0; i < LEN(bad); i++)
        is_right = is_right && !utf8_valid(str_of(bad[i]));
    ok(is_right, "only shortest forms of real characters are valid");

    AUTO_BUF buf = BUF(64);
    size_t wrong = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        buf_reset(&buf);
        utf8_put(&buf, c);
        struct str s = buf_str(&buf);
        uint32_t back = 0;
        wrong += !utf8_valid(s) || !utf8_next(&s, &back) || back != c || s.len != 0;
    }
    is_i64((int64_t)wrong, 0, "every character is written and read back");
    struct str broken = STR("a\xD0z");
    uint32_t c[4] = {0};
    size_t len = 0;
    while (len < 4 && utf8_next(&broken, &c[len]))
        len++;
    ok(len == 3 && c[1] == 0xFFFD && c[2] == 'z', "a broken byte is one replacement, no more");
    is_i64((int64_t)utf8_count(STR("тёща€")), 5, "characters are counted, not bytes");
    is_str(utf8_cut(STR("тёща"), 2), "тё", "a cut keeps whole characters");
    is_str(utf8_cut_bytes(STR("тёща"), 5), "тё", "also when bytes are limited");
    is_str(utf8_cut_bytes(STR("тё"), 9), "тё", "a short text stays whole");
    is_i64((int64_t)utf8_columns(STR("ab漢字e\u0301")), 7,
           "wide signs take two columns, marks none");
}

static void test_cleaning(struct arena *arena)
{
    is_str(text_clean_line(arena, STR("  ООО\t\n «Ромашка»\xC2\xA0 1 ")), "ООО «Ромашка» 1",
           "a line is trimmed and its white space is single");
    is_str(text_clean_line(arena, STR("a\0b\x07"
                                      "c\u202Ed\u200B\uFEFF")),
           "abcd", "control, invisible and direction characters go");
    is_str(text_clean_line(arena, STR("e\u0301")), "é", "marks join their letters");
    is_str(text_clean_line(arena, STR("x\xFFy")), "x\uFFFDy", "broken bytes are shown as such");
    is_str(text_clean_line(arena, STR(" \u200B ")), "", "nothing is left of nothing");
    is_str(text_clean_block(arena, STR("\r\none\r\n\ttwo\0  x\rthree\n\n")), "one\n\ttwo  x\nthree",
           "a block keeps lines, tabs and inner spaces");
}

static void test_comparison(struct arena *arena)
{
    is_str(text_fold(arena, STR("ТЁЩА")), "теща", "folding: case and ё");
    is_str(text_fold(arena, STR("е\u0308Ж")), "еж", "also ё of two parts");
    is_str(text_fold(arena, STR("Straße ＡＢＣ ﬁ")), "strasse abc fi",
           "also ß, full width, ligatures");
    is_str(text_fold(arena, STR("HELLO 1")), "hello 1", "plain letters");
    is_str(text_fold(arena, STR("")), "", "of nothing, nothing");
    static const char *const sorted[] = {"2 точки", "10 точек", "Ana",     "ángel", "Ángela",
                                         "Zorro",   "ёж",       "Ежевика", "жук",   "Яна"};
    bool is_sorted = true;
    for (size_t i = 1; i < LEN(sorted); i++)
        is_sorted = is_sorted && str_cmp(text_sort_key(arena, str_of(sorted[i - 1])),
                                         text_sort_key(arena, str_of(sorted[i]))) < 0;
    ok(is_sorted, "sort keys put names of three languages and numbers in the expected order");
    ok(str_cmp(text_sort_key(arena, STR("")), text_sort_key(arena, STR("1"))) < 0,
       "nothing comes before everything");
    struct text_sorted *many = NEW_ARRAY(arena, struct text_sorted, 1001);
    for (size_t i = 0; i < 1001; i++)
        many[i] = (struct text_sorted){i % 2 ? STR("a") : STR("b"), i};
    text_sort_many(many, 1000);
    ok(many[0].i == 0 && many[999].i == 999, "a thousand rows stay in their order");
    text_sort_many(many, 1001);
    ok(many[0].i == 1 && many[499].i == 999 && many[500].i == 0 && many[1000].i == 1000,
       "more come into the order of their keys, equal ones as they were");
    is_str(text_slug(arena, STR("ООО «ТелекомПлюс»")), "ooo-telekomplus", "a Russian slug");
    is_str(text_slug(arena, STR("  Señor Ñandú & hijos, S.L.")), "senor-nandu-hijos-s-l",
           "a Spanish slug");
    is_str(text_slug(arena, STR("漢字")), "han-zi", "a Chinese one");
    is_str(text_slug(arena, STR("—…!")), "", "nothing is left of signs");
}

static void test_nearest(void)
{
    static const struct str names[] = {STR_INIT("http_port"), STR_INIT("http_host"),
                                       STR_INIT("db")};
    is_str(text_nearest(STR("htpp_port"), names, LEN(names)), "http_port", "a swap is near");
    is_str(text_nearest(STR("bd"), names, LEN(names)), "db", "in short words too");
    ok(!text_nearest(STR("colour"), names, LEN(names)).at, "another word is not suggested");
    is_i64((int64_t)text_distance(STR("kitten"), STR("sitting")), 3, "distance counts edits");
    is_i64((int64_t)text_distance(STR("abcd"), STR("abdc")), 1, "a swap counts once");
    is_i64((int64_t)text_distance(STR(""), STR("abc")), 3, "from nothing: insertions");
}

static struct str encode_utf16(struct arena *arena, struct str s, bool is_big, bool has_mark)
{
    struct text__utf16 text = text__to_utf16(arena, s);
    char *out = arena_alloc(arena, (size_t)text.len * 2 + 2);
    size_t len = 0;
    for (int32_t i = has_mark ? -1 : 0; i < text.len; i++) {
        unsigned unit = i < 0 ? 0xFEFF : text.at[i];
        out[len++] = (char)(is_big ? unit >> 8 : unit & 0xFF);
        out[len++] = (char)(is_big ? unit & 0xFF : unit >> 8);
    }
    return (struct str){out, len};
}

/* Decodes in pieces of every size; all must give the same text. */
static bool decodes(struct arena *arena, struct str bytes, enum encoding encoding, const char *want)
{
    for (size_t size = 1; size <= bytes.len; size++) {
        struct text__decoder decoder = {.encoding = encoding};
        char *out = arena_alloc(arena, bytes.len * 16 + 64);
        size_t len = 0;
        for (size_t from = 0; from < bytes.len; from += size)
            len += text__decode(&decoder, str_sub(bytes, from, size), from + size >= bytes.len,
                                out + len);
        if (!str_eq((struct str){out, len}, str_of(want)))
            return false;
    }
    return true;
}

static void test_encodings(struct arena *arena)
{
    struct str cyrillic = STR("\xCF\xE0\xF0\xF2\xED\xB8\xF0;\x97;100 \x88\n");
    ok(encoding_sniff(cyrillic, false) == ENCODING_CP1251, "runs of high bytes are windows-1251");
    ok(decodes(arena, cyrillic, ENCODING_CP1251, "Партнёр;—;100 €\n"), "and read as Cyrillic");
    struct str spanish = STR("Se\xF1or;Mu\xF1oz y C\xED"
                             "a;5 \x80\n");
    ok(encoding_sniff(spanish, false) == ENCODING_CP1252, "single accents are windows-1252");
    ok(decodes(arena, spanish, ENCODING_CP1252, "Señor;Muñoz y Cía;5 €\n"), "and read as Spanish");
    const char *text = "код;Имя;𝄞\n1;Ñ;2\n12345;678\n";
    for (int i = 0; i < 4; i++) {
        bool is_big = i % 2, has_mark = i / 2;
        struct str bytes = encode_utf16(arena, str_of(text), is_big, has_mark);
        enum encoding want = is_big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
        ok(encoding_sniff(bytes, false) == want, "UTF-16 is recognised, with and without a mark");
        struct text__decoder whole = {.encoding = want};
        char out[256];
        size_t len = text__decode(&whole, bytes, true, out);
        is_str(((struct str){out, len}), text, "and decoded");
        if (!has_mark)
            ok(decodes(arena, bytes, want, text), "in pieces of any size");
    }
    ok(encoding_sniff(STR("имя\xD0"), true) == ENCODING_UTF8, "a cut character is still UTF-8");
    ok(encoding_sniff(STR("abc"), false) == ENCODING_UTF8, "plain ASCII is UTF-8");
    ok(encoding_find(STR("Windows-1251")) == ENCODING_CP1251 && !encoding_find(STR("koi8-r")),
       "encodings are found by name");
    struct text__decoder torn = {.encoding = ENCODING_UTF16LE};
    char out[64];
    size_t len = text__decode(&torn, STR("a\0\x00\xD8z\0q"), true, out);
    is_str(((struct str){out, len}), "a\uFFFDz\uFFFD", "half characters become replacements");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    test_utf8();
    test_cleaning(arena);
    test_comparison(arena);
    test_nearest();
    test_encodings(arena);
    return done_testing();
}
