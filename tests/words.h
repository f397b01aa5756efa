/* A message of warnings and findings as it reads in English, for tests of modules below i18n. */
#ifndef KONTOR_TESTS_WORDS_H
#define KONTOR_TESTS_WORDS_H

#include "base/base.h"

static inline struct str words_of(struct arena *arena, const char *message, const struct str *args)
{
    AUTO_BUF buf = BUF(10000);
    for (const char *c = message; *c; c++) {
        if (c[0] != '{' || c[1] < '0' || c[1] > '9' || c[2] != '}') {
            buf_char(&buf, *c);
            continue;
        }
        struct str arg = args[c[1] - '0'];
        bool is_key = arg.len && str_starts(arg, STR(KEY_MARK));
        buf_put(&buf, is_key ? str_sub(arg, sizeof(KEY_MARK) - 1, arg.len) : arg);
        c += 2;
    }
    return str_dup(arena, buf_str(&buf));
}

#endif
