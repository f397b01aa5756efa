/* The shared strings of a workbook. A worksheet of a million rows may refer to many millions of
 * them in any order, so they are kept by number in little memory: length and bytes one after the
 * other in blocks of 128 KiB, and the place of every sixteenth string. The first 32 MiB of blocks
 * stay in memory, the rest goes to an unlinked temporary file that is read through a small cache;
 * since programs number strings as they first occur, the file is read almost in sequence. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sheet/sheet_int.h"

enum {
    BLOCK_BYTES = SHEET_CELL_BYTES_MAX + 16, /* the longest string fits with its length */
    BLOCKS_IN_MEMORY = (32 << 20) / BLOCK_BYTES,
    CACHE_BLOCKS = 64,
    GROUP = 16, /* strings walked over to find one */
    BLOCK_BITS = 32
};

static const size_t strings_max = 16u << 20;

struct cached_block {
    char *at;
    int64_t block_i; /* -1: none */
};

struct sheet__strings {
    size_t len;
    VEC(uint64_t) groups; /* block << BLOCK_BITS | offset of every GROUP-th string */
    VEC(char *) blocks;   /* in memory */
    char *filling;        /* the block being written */
    size_t filling_i, filled_bytes, spilled_len;
    int fd; /* -1 until it is needed */
    struct cached_block cache[CACHE_BLOCKS];
};

struct reader { /* of the part */
    struct sheet *sheet;
    struct buf raw; /* the text of one string */
    struct buf text;
    int phonetic_depth; /* reading aids for East Asian text are not part of the string */
    bool is_in_item, is_in_text;
};

/* ---- blocks ---- */

static enum rc spill_open(struct sheet *sheet)
{
    AUTO_ARENA arena = arena_new(64 * 1024);
    char *path = str_c(arena, str_printf(arena, "%s/kontor-sheet-XXXXXX", sheet->folder));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return fault_add(sheet->fault, RC_FULL, NULL,
                         "There is no room for temporary files on the server. Free some space and "
                         "try again.",
                         NULL);
    (void)unlink(path);
    sheet->strings->fd = fd;
    return RC_OK;
}

static enum rc spill_write(struct sheet *sheet, const char *block)
{
    struct sheet__strings *strings = sheet->strings;
    if (strings->fd < 0)
        TRY(spill_open(sheet));
    off_t offset = (off_t)strings->spilled_len * BLOCK_BYTES;
    for (size_t done = 0; done < BLOCK_BYTES;) {
        ssize_t len = pwrite(strings->fd, block + done, BLOCK_BYTES - done, offset + (off_t)done);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return fault_add(sheet->fault, RC_FULL, NULL,
                             "There is no room for temporary files on the server. Free some space "
                             "and try again.",
                             NULL);
        done += (size_t)len;
    }
    strings->spilled_len++;
    return RC_OK;
}

/* The full block goes where it belongs, a new one begins. */
static enum rc block_turn(struct sheet *sheet)
{
    struct sheet__strings *strings = sheet->strings;
    bool is_kept = strings->filling_i < BLOCKS_IN_MEMORY;
    if (strings->filling && is_kept)
        VEC_PUSH(sheet->arena, &strings->blocks, strings->filling);
    if (strings->filling && !is_kept)
        TRY(spill_write(sheet, strings->filling));
    if (!strings->filling || is_kept)
        strings->filling = arena_alloc(sheet->arena, BLOCK_BYTES);
    strings->filling_i = strings->blocks.len + strings->spilled_len;
    strings->filled_bytes = 0;
    return RC_OK;
}

static enum rc spill_read(struct sheet *sheet, size_t block_i, const char **out)
{
    struct sheet__strings *strings = sheet->strings;
    struct cached_block *cached = &strings->cache[block_i % CACHE_BLOCKS];
    *out = cached->at;
    if (cached->at && cached->block_i == (int64_t)block_i)
        return RC_OK;
    if (!cached->at)
        *out = cached->at = arena_alloc(sheet->arena, BLOCK_BYTES);
    off_t offset = (off_t)(block_i - strings->blocks.len) * BLOCK_BYTES;
    cached->block_i = -1;
    for (size_t done = 0; done < BLOCK_BYTES;) {
        ssize_t len =
            pread(strings->fd, cached->at + done, BLOCK_BYTES - done, offset + (off_t)done);
        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            return fault_add(sheet->fault, RC_BROKEN, NULL,
                             "A temporary file on the server could not be read. Try again.", NULL);
        done += (size_t)len;
    }
    cached->block_i = (int64_t)block_i;
    return RC_OK;
}

static enum rc block_at(struct sheet *sheet, size_t block_i, const char **out)
{
    struct sheet__strings *strings = sheet->strings;
    if (block_i == strings->filling_i)
        *out = strings->filling;
    else if (block_i < strings->blocks.len)
        *out = strings->blocks.at[block_i];
    else
        return spill_read(sheet, block_i, out);
    return RC_OK;
}

/* ---- strings: varint of length + 1, bytes; a zero length says "go on in the next block" ---- */

static enum rc string_add(struct sheet *sheet, struct str text)
{
    struct sheet__strings *strings = sheet->strings;
    if (strings->len == strings_max)
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "The workbook has more than {0} different texts. Split it, or send it as "
                         "CSV.",
                         "16777216", NULL);
    if (!strings->filling || strings->filled_bytes + text.len + 4 > BLOCK_BYTES) {
        if (strings->filling && strings->filled_bytes < BLOCK_BYTES)
            strings->filling[strings->filled_bytes] = 0;
        TRY(block_turn(sheet));
    }
    if (strings->len % GROUP == 0)
        VEC_PUSH(sheet->arena, &strings->groups,
                 (uint64_t)strings->filling_i << BLOCK_BITS | strings->filled_bytes);
    for (size_t left = text.len + 1;; left >>= 7) {
        strings->filling[strings->filled_bytes++] = (char)((left & 127) | (left > 127 ? 128 : 0));
        if (left <= 127)
            break;
    }
    if (text.len > 0)
        memcpy(strings->filling + strings->filled_bytes, text.at, text.len);
    strings->filled_bytes += text.len;
    strings->len++;
    return RC_OK;
}

static size_t length_take(const char *block, size_t *offset)
{
    size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = (unsigned char)block[(*offset)++];
        value |= (size_t)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
}

size_t sheet__strings_len(const struct sheet__strings *strings)
{
    return strings->len;
}

enum rc sheet__strings_put(struct sheet *sheet, size_t i, struct buf *out)
{
    struct sheet__strings *strings = sheet->strings;
    assert(i < strings->len);
    uint64_t place = strings->groups.at[i / GROUP];
    size_t block_i = (size_t)(place >> BLOCK_BITS), offset = (size_t)(uint32_t)place;
    const char *block;
    TRY(block_at(sheet, block_i, &block));
    for (size_t left = i % GROUP;;) {
        size_t len = offset < BLOCK_BYTES ? length_take(block, &offset) : 0;
        if (len == 0) {
            TRY(block_at(sheet, ++block_i, &block));
            offset = 0;
            continue;
        }
        if (left == 0) {
            buf_put(out, (struct str){block + offset, len - 1});
            return RC_OK;
        }
        offset += len - 1;
        left--;
    }
}

/* ---- reading the part ---- */

static enum rc strings_start(void *self, const struct sheet__element *element)
{
    struct reader *reader = self;
    if (strcmp(element->name, "si") == 0) {
        reader->is_in_item = true;
        buf_reset(&reader->raw);
    } else if (strcmp(element->name, "rPh") == 0) {
        reader->phonetic_depth++;
    } else if (strcmp(element->name, "t") == 0) {
        reader->is_in_text = reader->is_in_item && reader->phonetic_depth == 0;
    }
    return RC_OK;
}

static enum rc strings_text(void *self, struct str text)
{
    struct reader *reader = self;
    if (reader->is_in_text)
        buf_put(&reader->raw, text);
    if (!reader->raw.is_over)
        return RC_OK;
    return fault_add(reader->sheet->fault, RC_TOO_LARGE, NULL,
                     "A cell holds more than {0} KiB of text. Shorten it and send the file "
                     "again.",
                     "128", NULL);
}

static enum rc strings_end(void *self, const char *name)
{
    struct reader *reader = self;
    if (strcmp(name, "t") == 0)
        reader->is_in_text = false;
    if (strcmp(name, "rPh") == 0 && reader->phonetic_depth > 0)
        reader->phonetic_depth--;
    if (strcmp(name, "si") != 0 || !reader->is_in_item)
        return RC_OK;
    reader->is_in_item = false;
    reader->phonetic_depth = 0;
    buf_reset(&reader->text);
    sheet__text_put(buf_str(&reader->raw), &reader->text);
    return string_add(reader->sheet, buf_str(&reader->text));
}

enum rc sheet__strings_read(struct sheet *sheet, int64_t part)
{
    static const struct sheet__hooks hooks = {
        .start = strings_start, .end = strings_end, .text = strings_text};
    sheet->strings = NEW(sheet->arena, struct sheet__strings);
    sheet->strings->fd = -1;
    if (part < 0)
        return RC_OK;
    struct reader reader = {
        .sheet = sheet, .raw = BUF(SHEET_CELL_BYTES_MAX), .text = BUF(SHEET_CELL_BYTES_MAX)};
    enum rc rc = sheet__xml_read(sheet, part, &hooks, &reader);
    buf_done(&reader.raw);
    buf_done(&reader.text);
    return rc;
}

void sheet__strings_close(struct sheet__strings *strings)
{
    if (strings && strings->fd >= 0)
        (void)close(strings->fd);
}
