/* base: what every module stands on. Memory by lifetime, strings with a length, bounded buffers,
 * vectors and maps on an arena, outcomes as values, one log line an event, decimal128.
 *
 * Memory: an allocator here never returns NULL. Running out of memory, or of an arena's limit,
 * stops the process: every input has a smaller limit, so reaching it is a bug. */
#ifndef KONTOR_BASE_H
#define KONTOR_BASE_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dec.h"
#include "base/rc.h"

#ifdef NDEBUG
#error "assert stays on in production: build without NDEBUG"
#endif

#define MUST_USE      __attribute__((warn_unused_result))
#define PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define LEN(array)    (sizeof(array) / sizeof((array)[0]))
#define M(text)       text /* marks a message key of people's screens; tools/poc finds it */
#define CLEANUP(func) __attribute__((cleanup(func)))

/* ---- strings: borrowed bytes, not NUL terminated, UTF-8 unless said otherwise ---- */

struct str {
    const char *at; /* NULL means absent (SQL null); an empty string has at != NULL */
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    } /* for static tables */
#define STR_NONE   ((struct str){NULL, 0})
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).len, (s).len ? (s).at : ""

struct str str_of(const char *c_string);        /* NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);        /* absent equals empty */
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */
int str_cmp(struct str a, struct str b);        /* by bytes, shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Offset of the first `part` at or after `from`; SIZE_MAX when there is none. */
size_t str_find(struct str s, struct str part, size_t from);
struct str str_sub(struct str s, size_t from, size_t len); /* clamped to the string */
struct str str_trim(struct str s);                         /* ASCII white space, both ends */
/* Cuts `s` at the first `sep`: returns what stood before, leaves the rest in *s. Without `sep`
 * returns everything and leaves *s absent, so `while (s.at)` walks all the pieces. */
struct str str_cut(struct str *s, char sep);
/* Whole string as a decimal integer with optional '-'; false on anything else or overflow. */
MUST_USE bool str_to_i64(struct str s, int64_t *out);

struct opt_i64 { /* a nullable integer column or an optional field */
    int64_t v;
    bool has;
};
#define SOME(value) ((struct opt_i64){(value), true})
#define NONE        ((struct opt_i64){0, false})

/* ---- arena: one lifetime, freed in one call ---- */

struct arena;
struct arena_mark {
    size_t chunk_i, used_bytes, total_bytes;
};

struct arena *arena_new(size_t limit_bytes); /* limit 0: 64 MiB */
void arena_free(struct arena *arena);        /* NULL is fine */
void arena_reset(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t bytes) MUST_USE; /* zeroed, 16-byte aligned */
size_t arena_used_bytes(const struct arena *arena);
/* What may still be allocated: readers of hostile input stop before it is gone. */
size_t arena_left_bytes(const struct arena *arena);
/* Everything allocated after the mark goes; earlier pointers stay valid. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
void arena_cleanup(struct arena **arena);

#define AUTO_ARENA       CLEANUP(arena_cleanup) struct arena *
#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, count)                                                              \
    ((type *)arena_alloc((arena), base_mul(sizeof(type), (count))))

size_t base_mul(size_t a, size_t b); /* stops the process on overflow */

struct str str_dup(struct arena *arena, struct str s);
char *str_c(struct arena *arena, struct str s); /* NUL terminated copy */
struct str str_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);
struct str str_vprintf(struct arena *arena, const char *format, va_list args) PRINTF(2, 0);
struct str str_join(struct arena *arena, struct str a, struct str b);

/* ---- buf: growing bytes with a maximum, on the heap ---- */

struct buf {
    char *at;
    size_t len, cap_bytes, max_bytes;
    bool is_over; /* something did not fit; the content is then cut and must not be used */
};

/* A buf cannot be made without its maximum. */
#define BUF(max)                                                                                   \
    {                                                                                              \
        .max_bytes = (max)                                                                         \
    }
#define AUTO_BUF CLEANUP(buf_done) struct buf

void buf_done(struct buf *buf);
void buf_reset(struct buf *buf); /* keeps the memory */
void buf_put(struct buf *buf, struct str s);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_i64(struct buf *buf, int64_t value);
struct str buf_str(const struct buf *buf); /* borrowed until the next change */

/* ---- vec: an array that grows on an arena ---- */

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t len, cap;                                                                           \
    }
void *vec_grow(struct arena *arena, void *at, size_t len, size_t *cap, size_t item_bytes);
/* The item is evaluated first and once: it may read the vec, and even push to it. */
#define VEC_PUSH(arena, vec, item)                                                                 \
    do {                                                                                           \
        __typeof__(*(vec)->at) vec_item_ = (item);                                                 \
        if ((vec)->len == (vec)->cap)                                                              \
            (vec)->at = vec_grow((arena), (vec)->at, (vec)->len, &(vec)->cap, sizeof(*(vec)->at)); \
        (vec)->at[(vec)->len] = vec_item_;                                                         \
        (vec)->len++;                                                                              \
    } while (0)

struct str_list { /* the common case, so that it has one name */
    struct str *at;
    size_t len, cap;
};

/* ---- map: string or integer key to pointer, keyed hash, on an arena ---- */

struct map;
struct map *map_new(struct arena *arena);
/* The key is not copied: it must live as long as the map. Returns the slot, new or existing. */
void **map_put(struct map *map, struct str key);
void *map_get(const struct map *map, struct str key); /* NULL when absent */
void **map_put_i64(struct map *map, int64_t key);
void *map_get_i64(const struct map *map, int64_t key);
size_t map_len(const struct map *map);
/* In order of insertion; start with *i = 0; false at the end. */
bool map_next(const struct map *map, size_t *i, struct str *out_key, void **out_value);

uint64_t hash_bytes(const void *at, size_t len); /* SipHash-1-3 under a per-process key */
uint64_t hash_bytes_keyed(const void *at, size_t len, uint64_t k0, uint64_t k1);
uint32_t crc32c(uint32_t crc, const void *at, size_t len); /* Castagnoli, start with 0 */

/* ---- random ---- */

void random_bytes(void *out, size_t len); /* from the kernel; never fails */

/* ---- log: one JSON line an event on stderr; no personal data ---- */

enum log_level { LOG_DEBUG = 1, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_level_set(enum log_level level);
void log_request_id_set(struct str id); /* of this thread; STR_NONE when there is none */
/* `event` names what happened (snake_case); then pairs of const char *key and struct str value,
 * ended by NULL: log_event(LOG_INFO, "listening", "address", STR("127.0.0.1"), NULL). */
void log_event(enum log_level level, const char *event, ...);
/* Where lines go; a test sets a buffer (NULL: stderr again). */
void log_to(struct buf *sink);

/* ---- kill points: with -DKILLPOINTS the n-th marked point kills the process (KONTOR_KILL_AT) */

#ifdef KILLPOINTS
void kill_point(const char *name);
#else
static inline void kill_point(const char *name)
{
    (void)name;
}
#endif

/* Closes an AUTO_FD when it is not -1. */
void fd_cleanup(int *fd);
#define AUTO_FD CLEANUP(fd_cleanup) int
/* Takes the descriptor out of an AUTO_FD, which then closes nothing. */
int fd_take(int *fd);

/* Begins an argument of a message that is a key itself: i18n shows it in the reader's words. */
#define KEY_MARK "\001"

#endif
