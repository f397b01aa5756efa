/* Outcomes. An expected outcome is an `enum rc` that the compiler makes the caller look at; what
 * went wrong stands in a `struct fault`. A broken invariant is an assert. */
#ifndef KONTOR_BASE_RC_H
#define KONTOR_BASE_RC_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct str;

/*    name                value  HTTP  sysexits  code in problem+json */
#define RC_MAP(X)                                                                                  \
    X(RC_OK, 0, 200, 0, "ok")                                                                      \
    X(RC_INVALID, -1, 422, 65, "invalid")        /* what the user sent */                          \
    X(RC_SIGN_IN, -2, 401, 77, "sign_in_needed") /* nobody is signed in */                         \
    X(RC_DENIED, -3, 403, 77, "denied")          /* not this user's to do */                       \
    X(RC_MISSING, -4, 404, 66, "missing")                                                          \
    X(RC_CONFLICT, -5, 409, 65, "conflict") /* someone was first */                                \
    X(RC_LIMIT, -6, 429, 75, "limit")       /* too many tries */                                   \
    X(RC_TOO_LARGE, -7, 413, 65, "too_large")                                                      \
    X(RC_BUSY, -8, 503, 75, "busy")          /* nothing happened; try again */                     \
    X(RC_UNSURE, -9, 503, 75, "unsure")      /* a write may have happened */                       \
    X(RC_FULL, -10, 507, 74, "storage_full") /* no room; nothing happened */                       \
    X(RC_BROKEN, -11, 500, 70, "broken")     /* ours; logged where it was found */

/* clang takes the attribute on the type, so every function that gives an rc is checked there; gcc
 * has it on functions only. */
#ifdef __clang__
#define RC_MUST_USE __attribute__((warn_unused_result))
#else
#define RC_MUST_USE
#endif

enum RC_MUST_USE rc {
#define X(name, value, http, exit_code, code) name = (value),
    RC_MAP(X)
#undef X
};

int rc_http_status(enum rc rc);
int rc_exit_code(enum rc rc);
const char *rc_code(enum rc rc);

#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum rc try_rc = (call);                                                                   \
        if (try_rc != RC_OK)                                                                       \
            return try_rc;                                                                         \
    } while (0)

/* Details of what failed: one entry a field, the first entry decides the rc. Messages are English
 * ICU patterns with positional arguments ("{0} is already used by {1}"), translated when shown. */
enum { FAULT_ARGS_MAX = 4, FAULT_ENTRIES_MAX = 32 };

struct fault_entry {
    const char *field;                /* form field or column; NULL: the whole request */
    const char *message;              /* static text: the key of the message */
    const char *args[FAULT_ARGS_MAX]; /* NUL terminated copies, unused ones NULL */
    long line, column;                /* in a file or a formula, from 1; 0 when there is none */
};

struct fault {
    struct arena *arena; /* where arguments are copied; set by whoever owns the fault */
    enum rc rc;          /* RC_OK while nothing failed */
    size_t entries_len;
    struct fault_entry entries[FAULT_ENTRIES_MAX];
};

/* Records a failure and returns `rc`, so that `return fault_add(…)` reads well. `args` are
 * NUL terminated strings, copied, ended by NULL. */
enum rc fault_add(struct fault *fault, enum rc rc, const char *field, const char *message, ...)
    __attribute__((sentinel));
void fault_clear(struct fault *fault); /* keeps the arena */

/* The analyzer reads one file at a time; this tells it what fault_add gives back, so that it does
 * not follow a failure as if it were RC_OK. */
#ifdef __clang_analyzer__
#define fault_add(fault, rc, ...) ((void)fault_add((fault), (rc), __VA_ARGS__), (rc))
#endif

#endif
