/* Hash map on an arena: entries in order of insertion, an open-addressing index over them. Nothing
 * is removed: the maps of one operation only grow. */
#include "base/base.h"

struct entry {
    struct str key; /* of an integer key: at == NULL */
    int64_t number;
    uint64_t hash;
    void *value;
};

struct map {
    struct arena *arena;
    VEC(struct entry) entries;
    uint32_t *index; /* entry number + 1; 0 is free */
    size_t index_cap;
};

struct map *map_new(struct arena *arena)
{
    struct map *map = NEW(arena, struct map);
    map->arena = arena;
    return map;
}

size_t map_len(const struct map *map)
{
    return map->entries.len;
}

static bool same_key(const struct entry *entry, const struct entry *key)
{
    return entry->hash == key->hash && (entry->key.at == NULL) == (key->key.at == NULL) &&
           (key->key.at ? str_eq(entry->key, key->key) : entry->number == key->number);
}

/* The place of the key in the index: holding it, or free. */
static size_t place_of(const struct map *map, const struct entry *key)
{
    size_t mask = map->index_cap - 1;
    size_t i = (size_t)key->hash & mask;
    while (map->index[i] != 0 && !same_key(&map->entries.at[map->index[i] - 1], key))
        i = (i + 1) & mask;
    return i;
}

static void index_grow(struct map *map)
{
    map->index_cap = map->index_cap ? map->index_cap * 2 : 16;
    map->index = NEW_ARRAY(map->arena, uint32_t, map->index_cap);
    for (size_t i = 0; i < map->entries.len; i++)
        map->index[place_of(map, &map->entries.at[i])] = (uint32_t)i + 1;
}

static void **put(struct map *map, struct entry key)
{
    if ((map->entries.len + 1) * 4 > map->index_cap * 3)
        index_grow(map);
    size_t place = place_of(map, &key);
    if (map->index[place] == 0) {
        VEC_PUSH(map->arena, &map->entries, key);
        assert(map->entries.len < UINT32_MAX);
        map->index[place] = (uint32_t)map->entries.len;
    }
    return &map->entries.at[map->index[place] - 1].value;
}

static void *get(const struct map *map, struct entry key)
{
    if (map->index_cap == 0)
        return NULL;
    size_t place = place_of(map, &key);
    return map->index[place] ? map->entries.at[map->index[place] - 1].value : NULL;
}

static struct entry string_key(struct str key)
{
    struct str kept = key.at ? key : STR("");
    return (struct entry){.key = kept, .hash = hash_bytes(kept.at, kept.len)};
}

static struct entry number_key(int64_t key)
{
    return (struct entry){.number = key, .hash = hash_bytes(&key, sizeof(key))};
}

void **map_put(struct map *map, struct str key)
{
    return put(map, string_key(key));
}

void *map_get(const struct map *map, struct str key)
{
    return get(map, string_key(key));
}

void **map_put_i64(struct map *map, int64_t key)
{
    return put(map, number_key(key));
}

void *map_get_i64(const struct map *map, int64_t key)
{
    return get(map, number_key(key));
}

bool map_next(const struct map *map, size_t *i, struct str *out_key, void **out_value)
{
    if (*i >= map->entries.len)
        return false;
    const struct entry *entry = &map->entries.at[(*i)++];
    *out_key = entry->key;
    *out_value = entry->value;
    return true;
}
