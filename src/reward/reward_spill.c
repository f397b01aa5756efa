/* What is held goes to the file whole, key by key, when it reaches the budget: few large writes,
 * and a key is read back with one read for each time that happened. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_TMPFILE */
#endif

#include "reward/reward_spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_MIN = 256, BLOCK_MAX = 16 << 10 };

struct block { /* in memory */
    struct block *next;
    size_t len, cap;
    char *at;
};

struct part { /* in the file */
    int64_t at;
    size_t len;
};

struct keyed {
    struct block *first, *last;
    VEC(struct part) parts;
};

struct reward__spill {
    struct arena *arena, *blocks;
    struct map *keys; /* to struct keyed */
    size_t budget_bytes, held_bytes;
    int64_t written_bytes;
    int fd; /* -1: nothing was written yet */
};

struct reward__spill *reward__spill_new(struct arena *arena, size_t budget_bytes)
{
    struct reward__spill *spill = NEW(arena, struct reward__spill);
    *spill = (struct reward__spill){.arena = arena,
                                    .blocks = arena_new(3 * budget_bytes + (64 << 20)),
                                    .keys = map_new(arena),
                                    .budget_bytes = budget_bytes,
                                    .fd = -1};
    return spill;
}

void reward__spill_done(struct reward__spill *spill)
{
    if (!spill)
        return;
    if (spill->fd >= 0)
        close(spill->fd);
    spill->fd = -1;
    arena_free(spill->blocks);
    spill->blocks = NULL;
}

/* ---- the file ---- */

static enum rc cannot(struct op *op, const char *dir)
{
    return fail(op, RC_FULL, NULL, M("A calculation needs room for a temporary file in {0}: {1}"),
                dir, strerror(errno));
}

static const char *temp_dir(void)
{
    const char *dir = getenv("TMPDIR");
    return dir && *dir ? dir : "/var/tmp";
}

static enum rc write_all(struct op *op, struct reward__spill *spill, const char *at, size_t len)
{
    while (len > 0) {
        ssize_t n = pwrite(spill->fd, at, len, spill->written_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cannot(op, temp_dir());
        at += n;
        len -= (size_t)n;
        spill->written_bytes += n;
    }
    return RC_OK;
}

static enum rc write_keyed(struct op *op, struct reward__spill *spill, struct keyed *keyed)
{
    struct part part = {.at = spill->written_bytes};
    for (const struct block *block = keyed->first; block; block = block->next) {
        TRY(write_all(op, spill, block->at, block->len));
        part.len += block->len;
    }
    if (part.len > 0)
        VEC_PUSH(spill->arena, &keyed->parts, part);
    keyed->first = keyed->last = NULL;
    return RC_OK;
}

static enum rc write_held(struct op *op, struct reward__spill *spill)
{
    if (spill->fd < 0)
        spill->fd = open(temp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spill->fd < 0)
        return cannot(op, temp_dir());
    size_t i = 0;
    struct str key;
    void *keyed;
    while (map_next(spill->keys, &i, &key, &keyed))
        TRY(write_keyed(op, spill, keyed));
    arena_reset(spill->blocks);
    spill->held_bytes = 0;
    return RC_OK;
}

/* ---- putting ---- */

static struct block *block_need(struct reward__spill *spill, struct keyed *keyed)
{
    struct block *last = keyed->last;
    if (last && last->len < last->cap)
        return last;
    size_t cap = last ? 2 * last->cap : BLOCK_MIN;
    struct block *block = NEW(spill->blocks, struct block);
    block->cap = cap < BLOCK_MAX ? cap : BLOCK_MAX;
    block->at = arena_alloc(spill->blocks, block->cap);
    *(last ? &last->next : &keyed->first) = block;
    spill->held_bytes += sizeof(*block) + block->cap;
    return keyed->last = block;
}

enum rc reward__spill_put(struct op *op, struct reward__spill *spill, int64_t key, struct str bytes)
{
    void **slot = map_put_i64(spill->keys, key);
    if (!*slot)
        *slot = NEW(spill->arena, struct keyed);
    struct keyed *keyed = *slot;
    while (bytes.len > 0) {
        struct block *block = block_need(spill, keyed);
        size_t room = block->cap - block->len, len = bytes.len < room ? bytes.len : room;
        memcpy(block->at + block->len, bytes.at, len);
        block->len += len;
        bytes = str_sub(bytes, len, SIZE_MAX);
    }
    return spill->held_bytes > spill->budget_bytes ? write_held(op, spill) : RC_OK;
}

/* ---- getting ---- */

static enum rc read_part(struct op *op, const struct reward__spill *spill, struct part part,
                         char *out)
{
    while (part.len > 0) {
        ssize_t n = pread(spill->fd, out, part.len, part.at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(op, RC_BROKEN, NULL,
                        M("A temporary file of the calculation cannot be read."));
        out += n;
        part.at += n;
        part.len -= (size_t)n;
    }
    return RC_OK;
}

enum rc reward__spill_get(struct op *op, const struct reward__spill *spill, int64_t key,
                          struct arena *arena, struct str *out)
{
    const struct keyed *keyed = map_get_i64(spill->keys, key);
    size_t len = 0, filled = 0;
    *out = STR("");
    if (!keyed)
        return RC_OK;
    for (size_t i = 0; i < keyed->parts.len; i++)
        len += keyed->parts.at[i].len;
    for (const struct block *block = keyed->first; block; block = block->next)
        len += block->len;
    char *at = arena_alloc(arena, len);
    for (size_t i = 0; i < keyed->parts.len; i++) {
        TRY(read_part(op, spill, keyed->parts.at[i], at + filled));
        filled += keyed->parts.at[i].len;
    }
    for (const struct block *block = keyed->first; block; block = block->next) {
        memcpy(at + filled, block->at, block->len);
        filled += block->len;
    }
    *out = (struct str){at, len};
    return RC_OK;
}
