/* The one table of outcomes, and faults. */
#include "base/base.h"

struct rc_row {
    enum rc rc;
    int http_status, exit_code;
    const char *code;
};

static const struct rc_row rc_rows[] = {
#define X(name, value, http, exit_code, code) {name, http, exit_code, code},
    RC_MAP(X)
#undef X
};

static const struct rc_row *row_of(enum rc rc)
{
    size_t i = (size_t)-rc;
    assert(rc <= 0 && i < LEN(rc_rows) && rc_rows[i].rc == rc);
    return &rc_rows[i];
}

int rc_http_status(enum rc rc)
{
    return row_of(rc)->http_status;
}

int rc_exit_code(enum rc rc)
{
    return row_of(rc)->exit_code;
}

const char *rc_code(enum rc rc)
{
    return row_of(rc)->code;
}

/* In parentheses because the name is a macro when the analyzer reads (rc.h). */
enum rc(fault_add)(struct fault *fault, enum rc rc, const char *field, const char *message, ...)
{
    assert(rc != RC_OK);
    if (fault->rc == RC_OK)
        fault->rc = rc;
    if (fault->entries_len == FAULT_ENTRIES_MAX)
        return rc;
    struct fault_entry *entry = &fault->entries[fault->entries_len++];
    *entry = (struct fault_entry){.field = field, .message = message};
    va_list args;
    va_start(args, message);
    for (size_t i = 0; i < FAULT_ARGS_MAX; i++) {
        const char *arg = va_arg(args, const char *);
        if (!arg)
            break;
        assert(fault->arena);
        entry->args[i] = str_c(fault->arena, str_of(arg));
    }
    va_end(args);
    return rc;
}

void fault_clear(struct fault *fault)
{
    fault->rc = RC_OK;
    fault->entries_len = 0;
}
