/* Compiled models of versions, kept by the process for ever: a text never changes, it is known by
 * its hash, and there are some dozens. Each model has an arena of its own, so that one which fails
 * to be read leaves nothing behind. The key is the hash and not the version's id, because a
 * process may serve several databases (tests do). */
#include <pthread.h>

#include "scheme/scheme_int.h"

enum { MODEL_BYTES_MAX = 512 << 20 };

struct kept {
    const struct scheme *scheme;
    struct arena *arena; /* in which it lives */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena *kept_arena;
static struct map *kept_by_hash;

static const struct scheme *find_kept(struct str sha256)
{
    const struct kept *found = NULL;
    (void)pthread_mutex_lock(&lock);
    if (kept_by_hash)
        found = map_get(kept_by_hash, sha256);
    (void)pthread_mutex_unlock(&lock);
    return found ? found->scheme : NULL;
}

/* Two threads may have read the same text at once: the first one's model stays, since others may
 * use it already. Gives the one that stays. */
static const struct scheme *keep(struct str sha256, const struct scheme *scheme,
                                 struct arena *arena)
{
    (void)pthread_mutex_lock(&lock);
    if (!kept_by_hash) {
        kept_arena = arena_new(0);
        kept_by_hash = map_new(kept_arena);
    }
    struct kept *stays = map_get(kept_by_hash, sha256);
    if (!stays) {
        stays = NEW(kept_arena, struct kept);
        *stays = (struct kept){scheme, arena};
        *map_put(kept_by_hash, str_dup(kept_arena, sha256)) = stays;
    }
    (void)pthread_mutex_unlock(&lock);
    return stays->scheme;
}

/* A stored file was read without a fault when it came in; one that cannot be read now was written
 * by a program that knew more, or was damaged. */
static enum rc read_model(struct op *op, int64_t version_id, struct arena *arena,
                          const struct scheme **out)
{
    struct version_text text;
    struct fault fault = {.arena = op->arena};
    TRY(q_scheme_version_file(op, &(struct q_scheme_version_file_in){.id = version_id}, &text));
    if (!str_eq(crypt_sha256_hex(op->arena, text.xml), text.sha256)) {
        log_event(LOG_ERROR, "scheme_damaged", "sha256", text.sha256, NULL);
        return fail(op, RC_BROKEN, NULL, M("The stored file of the scheme is damaged."));
    }
    enum rc rc = scheme_read(arena, text.xml, &fault, out);
    if (rc != RC_OK) {
        log_event(LOG_ERROR, "scheme_unreadable", "sha256", text.sha256, "why",
                  str_of(fault.entries_len ? fault.entries[0].message : ""), NULL);
        return fail(op, RC_BROKEN, NULL, M("This program cannot read the scheme's file."));
    }
    return RC_OK;
}

enum rc scheme_version_load(struct op *op, int64_t version_id, const struct scheme **out)
{
    struct version_rec rec;
    TRY(q_scheme_version(op, &(struct q_scheme_version_in){.id = version_id}, &rec));
    *out = find_kept(rec.sha256);
    if (*out)
        return RC_OK;
    struct arena *arena = arena_new(MODEL_BYTES_MAX);
    const struct scheme *scheme = NULL;
    enum rc rc = read_model(op, version_id, arena, &scheme);
    if (rc == RC_OK)
        *out = keep(rec.sha256, scheme, arena);
    if (rc != RC_OK || *out != scheme)
        arena_free(arena);
    return rc;
}

enum rc scheme_version_file(struct op *op, int64_t version_id, struct str *out_xml)
{
    struct version_text text;
    TRY(q_scheme_version_file(op, &(struct q_scheme_version_file_in){.id = version_id}, &text));
    *out_xml = text.xml;
    return RC_OK;
}
