/* The test framework: TAP on stdout, read by prove. A test is a sentence about a rule. */
#ifndef KONTOR_TAP_H
#define KONTOR_TAP_H

#include "base/base.h"

/* Weak, so that the test program and the fixture count together. */
__attribute__((weak)) int tap_count, tap_failed;

__attribute__((unused)) static bool tap_result(bool is_ok, const char *name, const char *file,
                                               int line)
{
    printf("%sok %d - %s\n", is_ok ? "" : "not ", ++tap_count, name);
    if (!is_ok) {
        tap_failed++;
        printf("# at %s:%d\n", file, line);
    }
    (void)fflush(stdout);
    return is_ok;
}

__attribute__((unused)) static bool tap_same(struct str is, const char *want, const char *name,
                                             const char *file, int line)
{
    bool is_ok = tap_result(str_eq(is, str_of(want)), name, file, line);
    if (!is_ok)
        printf("#   is:   " STR_FMT "\n#   want: %s\n", STR_ARG(is), want);
    return is_ok;
}

__attribute__((unused)) static bool tap_same_i64(int64_t is, int64_t want, const char *name,
                                                 const char *file, int line)
{
    bool is_ok = tap_result(is == want, name, file, line);
    if (!is_ok)
        printf("#   is:   %lld\n#   want: %lld\n", (long long)is, (long long)want);
    return is_ok;
}

#define ok(condition, name)       tap_result((condition), (name), __FILE__, __LINE__)
#define is_str(value, want, name) tap_same((value), (want), (name), __FILE__, __LINE__)
#define is_i64(value, want, name) tap_same_i64((value), (want), (name), __FILE__, __LINE__)
/* A test that cannot run here says so and why; prove counts it apart. */
#define skip(name, why) printf("ok %d - %s # SKIP %s\n", ++tap_count, (name), (why))

__attribute__((unused)) static int done_testing(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed ? 1 : 0;
}

#endif
