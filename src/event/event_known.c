/* Known ids, in memory. One process owns a SQLite file, so a table here can refuse duplicates
 * without an index on disk, which would cost ten times the inserts (random leaves). An entry left
 * by a rollback is harmless, because the stored row decides; a missing one is not, so the table is
 * filled from the tail before the first event is stored. */
#include <pthread.h>

#include "event/event_int.h"
#include "event/event_q.h"

struct known {
    uint64_t hash;
    int64_t seq; /* 0: free */
};

static struct {
    struct arena *arena; /* of this size of the table */
    struct known *at;
    size_t len, cap;
    int64_t loaded_seq; /* ids up to here are in the table */
    bool is_loaded;
} table;

uint64_t event__id_hash(struct str source, struct str external_id)
{
    uint64_t head = hash_bytes(source.at, source.len);
    return hash_bytes(external_id.at, external_id.len) ^ (head << 1 | head >> 63);
}

static void place(struct known *at, size_t cap, struct known known)
{
    size_t mask = cap - 1;
    size_t i = (size_t)known.hash & mask;
    while (at[i].seq != 0)
        i = (i + 1) & mask;
    at[i] = known;
}

static void grow(void)
{
    enum { CAP_FIRST = 4096 };
    size_t cap = table.cap ? table.cap * 2 : CAP_FIRST;
    struct arena *arena = arena_new((size_t)1 << 40);
    struct known *at = NEW_ARRAY(arena, struct known, cap);
    for (size_t i = 0; i < table.cap; i++)
        if (table.at[i].seq != 0)
            place(at, cap, table.at[i]);
    arena_free(table.arena);
    table.arena = arena;
    table.at = at;
    table.cap = cap;
}

void event__known_add(uint64_t hash, int64_t seq)
{
    int64_t there = 0;
    for (size_t step = 0; event__known_next(hash, &step, &there);)
        if (there == seq)
            return; /* left by a rollback: the number is given again */
    if ((table.len + 1) * 10 > table.cap * 7)
        grow();
    place(table.at, table.cap, (struct known){hash, seq});
    table.len++;
}

bool event__known_next(uint64_t hash, size_t *step, int64_t *out_seq)
{
    if (table.cap == 0)
        return false;
    size_t mask = table.cap - 1;
    for (size_t i = ((size_t)hash + *step) & mask; table.at[i].seq != 0; i = (i + 1) & mask) {
        (*step)++;
        if (table.at[i].hash == hash) {
            *out_seq = table.at[i].seq;
            return true;
        }
    }
    return false;
}

enum rc event__known_load(struct op *op)
{
    if (table.is_loaded)
        return RC_OK;
    AUTO_CURSOR cursor = {0};
    TRY(q_event_ids_open(op, &(struct q_event_ids_in){table.loaded_seq}, &cursor));
    struct event_id_row row;
    enum rc rc;
    while ((rc = q_event_ids_next(&cursor, &row)) == RC_OK) {
        event__known_add(event__id_hash(row.source, row.external_id), row.seq);
        table.loaded_seq = row.seq;
    }
    if (rc != RC_MISSING)
        return rc;
    table.is_loaded = true;
    return RC_OK;
}

void event_forget(void)
{
    arena_free(table.arena);
    memset(&table, 0, sizeof(table));
}
