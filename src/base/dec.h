/* IEEE 754 decimal128 (34 digits), the number of FEEL. A wrapper over Intel's BID library so that
 * no other file sees it; round half even unless a function says otherwise.
 * Source: IEEE 754-2008; DMN 1.5 section 10.3.2.3.1. */
#ifndef KONTOR_BASE_DEC_H
#define KONTOR_BASE_DEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;
struct arena;

struct dec {
    _Alignas(16) uint64_t w[2]; /* BID encoding, as the library lays it out */
};

enum dec_round { /* all are DMN's rounding functions or money's */
                 DEC_HALF_EVEN = 1,
                 DEC_HALF_UP,   /* away from zero on a tie */
                 DEC_HALF_DOWN, /* toward zero on a tie */
                 DEC_UP,        /* away from zero */
                 DEC_DOWN,      /* toward zero */
                 DEC_FLOOR,
                 DEC_CEILING
};

enum { DEC_TEXT_MAX = 6200 }; /* bytes of the longest plain text of a decimal128 */

struct dec dec_from_i64(int64_t value);
/* minor / 10^scale, exact. */
struct dec dec_from_scaled(int64_t value, int scale);
/* Digits with optional sign, fraction and exponent; false on anything else. */
__attribute__((warn_unused_result)) bool dec_parse(struct str text, struct dec *out);
/* Plain notation without trailing zeros ("0.1", "1200"); never an exponent. */
struct str dec_print(struct arena *arena, struct dec x);
/* Plain notation keeping the quantum ("1.50" stays "1.50"). */
struct str dec_print_exact(struct arena *arena, struct dec x);

struct dec dec_add(struct dec a, struct dec b);
struct dec dec_sub(struct dec a, struct dec b);
struct dec dec_mul(struct dec a, struct dec b);
struct dec dec_div(struct dec a, struct dec b); /* by zero: not finite; check dec_is_finite */
struct dec dec_pow(struct dec a, struct dec b); /* exact for integer exponents that fit */
struct dec dec_neg(struct dec a);
struct dec dec_abs(struct dec a);
struct dec dec_sqrt(struct dec a);
struct dec dec_exp(struct dec a);
struct dec dec_log(struct dec a);
/* a - b * floor(a / b): the sign of the divisor (DMN 1.5 modulo). */
struct dec dec_modulo(struct dec a, struct dec b);
/* To `scale` digits after the point (negative: tens, hundreds…). */
struct dec dec_round(struct dec a, int scale, enum dec_round mode);

int dec_cmp(struct dec a, struct dec b); /* both finite */
bool dec_eq(struct dec a, struct dec b);
bool dec_is_finite(struct dec a);
bool dec_is_zero(struct dec a);
bool dec_is_integer(struct dec a);
int dec_sign(struct dec a); /* -1, 0, 1 */
/* Exact value as integer; false when fractional or out of range. */
__attribute__((warn_unused_result)) bool dec_to_i64(struct dec a, int64_t *out);
/* round(a * 10^scale) by `mode`; false when out of range. */
__attribute__((warn_unused_result)) bool dec_to_scaled(struct dec a, int scale, enum dec_round mode,
                                                       int64_t *out);
uint64_t dec_hash(struct dec a); /* equal values hash equal whatever their quantum */

#endif
