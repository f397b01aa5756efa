/* The keys of a dry run: sixteen bytes a row, so that a million rows fit where their texts would
 * not. A key is its 64-bit keyed hash: that two keys of one file collide is less likely than that
 * the disk lies. */
#include "import/import_int.h"

struct seen {
    uint64_t key, values; /* key 0: free */
};

struct import__seen {
    struct arena *arena, *own;
    struct seen *at;
    size_t len, cap;
};

struct import__seen *import__seen_new(void)
{
    struct arena *own = arena_new(0);
    struct import__seen *seen = NEW(own, struct import__seen);
    seen->own = own;
    return seen;
}

void import__seen_free(struct import__seen *seen)
{
    if (!seen)
        return;
    arena_free(seen->arena);
    arena_free(seen->own);
}

static uint64_t hash_of(struct str key)
{
    uint64_t hash = hash_bytes(key.at, key.len);
    return hash ? hash : 1;
}

static struct seen *find(const struct import__seen *seen, uint64_t key)
{
    size_t mask = seen->cap - 1, i = (size_t)key & mask;
    while (seen->at[i].key != 0 && seen->at[i].key != key)
        i = (i + 1) & mask;
    return &seen->at[i];
}

static void grow(struct import__seen *seen)
{
    enum { CAP_FIRST = 4096 };
    struct import__seen larger = *seen;
    larger.cap = seen->cap ? seen->cap * 2 : CAP_FIRST;
    larger.arena = arena_new((size_t)1 << 32);
    larger.at = NEW_ARRAY(larger.arena, struct seen, larger.cap);
    for (size_t i = 0; i < seen->cap; i++)
        if (seen->at[i].key != 0)
            *find(&larger, seen->at[i].key) = seen->at[i];
    arena_free(seen->arena);
    *seen = larger;
}

enum import_outcome import__seen_ask(const struct import__seen *seen, struct str key,
                                     uint64_t values)
{
    if (seen->cap == 0)
        return IMPORT_OPEN;
    const struct seen *found = find(seen, hash_of(key));
    if (found->key == 0)
        return IMPORT_OPEN;
    return found->values == values ? IMPORT_UNCHANGED : IMPORT_CHANGED;
}

void import__seen_add(struct import__seen *seen, struct str key, uint64_t values)
{
    if ((seen->len + 1) * 10 > seen->cap * 7)
        grow(seen);
    struct seen *found = find(seen, hash_of(key));
    seen->len += found->key == 0;
    *found = (struct seen){hash_of(key), values};
}

bool import__seen_has(const struct import__seen *seen, struct str key)
{
    return seen->cap != 0 && find(seen, hash_of(key))->key != 0;
}
