/* money: amounts in minor units of an ISO 4217 currency, exact arithmetic with named rounding,
 * splits that always sum to the whole. No floating point anywhere; a product goes through 128
 * bits. Decimals of arbitrary precision (rates, FEEL numbers) are base/dec.h; formatting for
 * people is i18n. Source of the table: ISO 4217 List One (active codes and minor units). */
#ifndef KONTOR_MONEY_H
#define KONTOR_MONEY_H

#include "base/base.h"

struct currency {
    char code[4];    /* "EUR", NUL terminated; compared by pointer: there is one object a code */
    uint16_t number; /* ISO numeric code, 978 */
    int8_t digits;   /* minor digits, 2 */
};

/* Upper-case code; NULL when there is no such currency. */
const struct currency *currency_find(struct str code);
size_t currency_count(void);
const struct currency *currency_at(size_t i); /* in order of code */

struct money {
    int64_t minor;
    const struct currency *currency; /* NULL: no amount at all (shown as a dash) */
};

#define MONEY(minor_units, currency_ptr) ((struct money){(minor_units), (currency_ptr)})

enum { MONEY_TEXT_MAX = 32 };

/* False (and *out untouched) on overflow, and when the currencies differ. */
MUST_USE bool money_add(struct money a, struct money b, struct money *out);

/* round(amount * num / den) by `mode`; den != 0; false when the result does not fit. */
MUST_USE bool money_muldiv(int64_t amount, int64_t num, int64_t den, enum dec_round mode,
                           int64_t *out);
/* value * 10^(to - from), rounded: from one number of decimal digits to another (0…18). */
MUST_USE bool money_rescale(int64_t value, int from_digits, int to_digits, enum dec_round mode,
                            int64_t *out);

/* Splits `total` by `weights` (each >= 0, their sum > 0) by largest remainder; equal remainders
 * go to the earlier part. The parts always sum to the total, and the split of -total is the
 * mirror of the split of total. `arena` is scratch (rewound). False: a weight is negative, all
 * are zero, or their sum does not fit int64. */
MUST_USE bool money_split(struct arena *arena, int64_t total, const int64_t *weights, size_t len,
                          int64_t *out_parts);

/* "1234.50", "-0.5", "+7": digits with an optional sign and a point, no grouping, exact. Returns
 * NULL when fine, else the message key that says what is wrong. */
MUST_USE const char *money_parse_scaled(struct str text, int digits, int64_t *out);
MUST_USE const char *money_parse(struct str text, const struct currency *currency,
                                 struct money *out);

/* Plain text, always with all the digits: "1234.50", "-0.05", "1234" for 0 digits. */
size_t money_print_to(char out[MONEY_TEXT_MAX], int64_t value, int digits); /* NUL terminated */
struct str money_print_scaled(struct arena *arena, int64_t value, int digits);
struct str money_print(struct arena *arena, struct money money); /* without the currency */

#endif
