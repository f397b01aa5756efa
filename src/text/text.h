/* text: what comes in as bytes and must become trustworthy text: UTF-8, encodings, CSV, names
 * made comparable, people's data checked. Functions that validate return NULL when fine and
 * otherwise the message key that tells the person what is wrong. */
#ifndef KONTOR_TEXT_H
#define KONTOR_TEXT_H

#include "base/base.h"

/* ---- UTF-8 ---- */

bool utf8_valid(struct str s); /* shortest forms, no surrogates, at most U+10FFFF */
/* Takes one character off the front of *s; false at the end. A broken byte gives U+FFFD. */
bool utf8_next(struct str *s, uint32_t *out_char);
void utf8_put(struct buf *buf, uint32_t character);
size_t utf8_count(struct str s);                           /* characters */
struct str utf8_cut(struct str s, size_t chars_max);       /* whole characters */
struct str utf8_cut_bytes(struct str s, size_t bytes_max); /* whole characters that fit */
size_t utf8_columns(struct str s);                         /* on a terminal: wide 2, marks 0 */

/* ---- cleaning what people send ---- */

/* One line: NFC, ends trimmed, white space runs to one space, control, bidi-override and
 * zero-width characters dropped, broken bytes to U+FFFD. */
struct str text_clean_line(struct arena *arena, struct str s);
/* Several lines: as above, but newlines (CRLF to LF), tabs and inner spaces stay. */
struct str text_clean_block(struct arena *arena, struct str s);

/* ---- made comparable (for `_fold`, `_sort` and slug columns) ---- */

/* NFKC case folding, ё as е: "ТЁЩА" and "теща" become equal. */
struct str text_fold(struct arena *arena, struct str s);
/* Collation key of ICU's root order as lower-case hex: ordinary byte order of the result is the
 * order people expect, in any language. At most 4 KiB of text counts. */
struct str text_sort_key(struct arena *arena, struct str s);
struct text_sorted {
    struct str key; /* of text_sort_key */
    size_t i;       /* whose it is */
};
/* Into the order of the keys when they are more than a thousand: stored so, rows that stand beside
 * each other in an index by name are written together. Fewer stay as they are. */
void text_sort_many(struct text_sorted *at, size_t len);
/* "ООО «ТелекомПлюс»" -> "ooo-telekomplus": ASCII letters, digits and single hyphens; may be
 * empty when nothing is left. */
struct str text_slug(struct arena *arena, struct str s);

/* ---- nearest word, for "did you mean" ---- */

/* Insertions, deletions, changes and swaps of neighbours; of at most 64 bytes each. */
size_t text_distance(struct str a, struct str b);
/* The closest candidate, when it is near enough to be a typing error; else STR_NONE. */
struct str text_nearest(struct str word, const struct str *candidates, size_t len);

/* ---- public ids (sealed and opened by crypt) ---- */

enum { PID_TEXT_MAX = 24 };

struct pid {                 /* "prt_0A3K5R8M2W7QF": finished text, safe in HTML and URLs */
    char text[PID_TEXT_MAX]; /* NUL terminated */
};

/* ---- reading from somewhere ---- */

struct text_source {
    /* Fills up to cap bytes; *out_len = 0 at the end. An error is passed on to the caller. */
    enum rc (*read)(void *self, char *at, size_t cap, size_t *out_len);
    void *self;
};
/* From memory; *rest is consumed. */
struct text_source text_source_str(struct str *rest);
/* From a file descriptor; *fd must live as long as the source. */
struct text_source text_source_fd(int *fd);

/* ---- encodings ---- */

enum encoding {
    ENCODING_UTF8 = 1,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_CP1251,
    ENCODING_CP1252
};

const char *encoding_name(enum encoding encoding); /* "utf-8", "windows-1251"… */
enum encoding encoding_find(struct str name);      /* also usual aliases; 0 when unknown */
/* By the byte order mark, else UTF-8 when valid, else windows-1251 or -1252 by letter shapes.
 * `is_cut`: more follows, so a character cut at the end is no error. */
enum encoding encoding_sniff(struct str head, bool is_cut);

/* ---- CSV in ---- */

enum { CSV_FIELD_MAX = 64 * 1024, CSV_LINE_MAX = 1024 * 1024, CSV_COLUMNS_MAX = 1024 };

struct csv_options {
    enum encoding encoding; /* 0: sniffed */
    char delimiter;         /* 0: sniffed among , ; tab | */
};

struct csv_row {
    const struct str *at; /* fields, decoded and unquoted; valid until the next csv_next */
    size_t len;
    long line; /* of the file, from 1, where the record starts */
};

struct csv_error {
    const char *message; /* key; "{0}" is `arg` */
    char arg[24];
    long line, column; /* column is the number of the field, from 1; 0 when none */
    bool is_fatal;     /* reading cannot go on; otherwise csv_next continues with the next record */
};

struct csv;
/* Reads the head (64 KiB) to sniff. RC_INVALID: csv_failure() says why (csv is made even so). */
enum rc csv_open(struct text_source source, const struct csv_options *options,
                 struct csv **out) MUST_USE;
/* RC_OK a record (blank lines are skipped), RC_MISSING the end, RC_INVALID see csv_failure(), or
 * what the source returned. */
enum rc csv_next(struct csv *csv, struct csv_row *out);
const struct csv_error *csv_failure(const struct csv *csv);
enum encoding csv_encoding(const struct csv *csv);
char csv_delimiter(const struct csv *csv);
int64_t csv_bytes_read(const struct csv *csv); /* taken from the source, for progress */
void csv_close(struct csv *csv);               /* NULL is fine */
void csv_cleanup(struct csv **csv);
#define AUTO_CSV CLEANUP(csv_cleanup) struct csv *

/* ---- CSV out ---- */

/* RFC 4180 with CRLF. A text cell that a spreadsheet would run as a formula (after white space,
 * control characters, BOM and full-width forms: = + - @, or a leading tab or return) gets an
 * apostrophe in front, except a plain negative number. */
struct csv_writer {
    struct buf *buf;
    char delimiter; /* 0: comma */
    size_t columns_len;
};
void csv_put(struct csv_writer *writer, struct str text);
void csv_put_number(struct csv_writer *writer, struct str number); /* ours: digits . , - only */
void csv_end_row(struct csv_writer *writer);
bool text_is_formula(struct str text); /* would need the apostrophe */
/* Takes the apostrophe off again where csv_put has put it, so that an export can be imported. */
struct str text_unguard(struct str text);

/* ---- people's data: NULL when fine, *out normalised; else a message key ---- */

MUST_USE const char *check_email(struct arena *arena, struct str text, struct str *out);
/* E.164 "+79161234567"; 8XXXXXXXXXX and ten digits are read as Russian. */
MUST_USE const char *check_phone(struct arena *arena, struct str text, struct str *out);
MUST_USE const char *check_inn(struct arena *arena, struct str text, struct str *out); /* 10, 12 */
MUST_USE const char *check_kpp(struct arena *arena, struct str text, struct str *out);
MUST_USE const char *check_ogrn(struct arena *arena, struct str text, struct str *out); /* 13, 15 */
MUST_USE const char *check_bik(struct arena *arena, struct str text, struct str *out);
/* Twenty digits whose check digit fits the bank (BIK) they belong to. Correspondent accounts
 * (301…) use the other rule, chosen by the account itself. */
MUST_USE const char *check_ru_account(struct arena *arena, struct str text, struct str bik,
                                      struct str *out);
MUST_USE const char *check_iban(struct arena *arena, struct str text, struct str *out);
MUST_USE const char *check_swift(struct arena *arena, struct str text, struct str *out);
MUST_USE const char *check_nif(struct arena *arena, struct str text, struct str *out); /* Spain */
MUST_USE const char *check_country(struct arena *arena, struct str text,
                                   struct str *out); /* ISO 2 */
/* http or https, a host, no user and no control characters. */
MUST_USE const char *check_url(struct arena *arena, struct str text, struct str *out);
/* A code that people choose: letters, digits, . _ - /, 1…64 characters; case is kept. */
MUST_USE const char *check_code(struct arena *arena, struct str text, struct str *out);

#endif
