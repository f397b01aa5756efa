/* Arenas: memory by lifetime. Chunks double up to 1 MiB; a mark remembers where the bump stood.
 * Under -DARENA_PER_ALLOC (the asan flavour) each object is its own malloc, because inside a chunk
 * an overrun from one object into the next is invisible to the sanitizer. */
#include "base/base.h"

enum { ARENA_CHUNK_MIN = 4096, ARENA_CHUNK_MAX = 1 << 20, ARENA_ALIGN = 16 };
enum { ARENA_LIMIT_DEFAULT = 64 << 20 };

struct chunk {
    char *at;
    size_t cap_bytes;
};

struct arena {
    struct chunk *chunks; /* only the last one that is in use has free room that counts */
    size_t chunks_len, chunks_cap;
    size_t chunk_i;    /* the chunk being filled */
    size_t used_bytes; /* in that chunk */
    size_t total_bytes, limit_bytes;
};

static _Noreturn void out_of_memory(void)
{
    static const char text[] = "{\"level\":\"error\",\"event\":\"out_of_memory\"}\n";
    (void)!fwrite(text, 1, sizeof(text) - 1, stderr);
    abort();
}

size_t base_mul(size_t a, size_t b)
{
    size_t bytes;
    bool is_over = __builtin_mul_overflow(a, b, &bytes);
    assert(!is_over);
    return bytes;
}

struct arena *arena_new(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (!arena)
        out_of_memory();
    arena->limit_bytes = limit_bytes ? limit_bytes : ARENA_LIMIT_DEFAULT;
    return arena;
}

static void chunks_release(struct arena *arena, size_t keep)
{
    for (size_t i = keep; i < arena->chunks_len; i++)
        free(arena->chunks[i].at);
    arena->chunks_len = keep < arena->chunks_len ? keep : arena->chunks_len;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    chunks_release(arena, 0);
    free(arena->chunks);
    free(arena);
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
}

void arena_reset(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){0});
}

size_t arena_used_bytes(const struct arena *arena)
{
    return arena->total_bytes;
}

size_t arena_left_bytes(const struct arena *arena)
{
    return arena->limit_bytes - arena->total_bytes;
}

static void chunk_add(struct arena *arena, size_t bytes)
{
    if (arena->chunks_len == arena->chunks_cap) {
        size_t cap = arena->chunks_cap ? arena->chunks_cap * 2 : 16;
        arena->chunks = realloc(arena->chunks, base_mul(cap, sizeof(*arena->chunks)));
        if (!arena->chunks)
            out_of_memory();
        arena->chunks_cap = cap;
    }
    struct chunk chunk = {.at = malloc(bytes), .cap_bytes = bytes};
    if (!chunk.at)
        out_of_memory();
    arena->chunk_i = arena->chunks_len;
    arena->chunks[arena->chunks_len++] = chunk;
    arena->used_bytes = 0;
}

#ifdef ARENA_PER_ALLOC

void *arena_alloc(struct arena *arena, size_t bytes)
{
    arena->total_bytes += bytes;
    assert(arena->total_bytes <= arena->limit_bytes);
    chunk_add(arena, bytes ? bytes : 1);
    return memset(arena->chunks[arena->chunk_i].at, 0, bytes);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){.chunk_i = arena->chunks_len, .total_bytes = arena->total_bytes};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    chunks_release(arena, mark.chunk_i);
    arena->total_bytes = mark.total_bytes;
}

#else

static void *bump(struct arena *arena, size_t bytes)
{
    struct chunk *chunk = &arena->chunks[arena->chunk_i];
    void *at = chunk->at + arena->used_bytes;
    arena->used_bytes += bytes;
    return memset(at, 0, bytes);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    assert(bytes <= arena->limit_bytes);
    bytes = (bytes + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    arena->total_bytes += bytes;
    assert(arena->total_bytes <= arena->limit_bytes);
    if (arena->chunks_len > 0 &&
        arena->chunks[arena->chunk_i].cap_bytes - arena->used_bytes >= bytes)
        return bump(arena, bytes);
    size_t grown = (size_t)ARENA_CHUNK_MIN << (arena->chunks_len < 8 ? arena->chunks_len : 8);
    chunk_add(arena, bytes > grown ? bytes : grown);
    return bump(arena, bytes);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->chunk_i, arena->used_bytes, arena->total_bytes};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    if (arena->chunks_len == 0)
        return;
    chunks_release(arena, mark.chunk_i + 1);
    arena->chunk_i = mark.chunk_i;
    arena->used_bytes = mark.used_bytes;
    arena->total_bytes = mark.total_bytes;
    if (mark.total_bytes == 0 && arena->chunks[0].cap_bytes > ARENA_CHUNK_MAX)
        chunks_release(arena, 0);
}

#endif

void *vec_grow(struct arena *arena, void *at, size_t len, size_t *cap, size_t item_bytes)
{
    size_t grown = *cap ? base_mul(*cap, 2) : 8;
    void *moved = arena_alloc(arena, base_mul(grown, item_bytes));
    if (len > 0)
        memcpy(moved, at, len * item_bytes);
    *cap = grown;
    return moved;
}
