/* What the files of `i18n` share: the data of a language, read from ICU once, and the catalogue
 * that tools/poc generates. */
#ifndef KONTOR_I18N_INT_H
#define KONTOR_I18N_INT_H

#include "i18n/i18n.h"
#include "i18n/i18n_pattern.h"

#define I18N__NBSP  "\xC2\xA0"
#define I18N__MINUS "\xE2\x88\x92"

struct i18n__entry {
    struct str key;              /* with its context */
    struct str text[LANG_COUNT]; /* by lang id - 1; absent: not translated yet */
};
extern const struct i18n__entry i18n__catalog[];
extern const uint32_t i18n__catalog_len;
/* Open addressing by FNV-1a of the key: index + 1, 0 is free. */
extern const uint16_t i18n__slots[];
extern const uint32_t i18n__slots_mask;

struct i18n__data {
    struct str decimal, group;               /* separators */
    bool is_sign_first;                      /* €1 or 1 € */
    struct str months[12], months_short[12]; /* standing alone */
    struct str months_of[12];                /* after a day: "октября" */
    struct str months_short_of[12];
    struct str weekdays[7], weekdays_short[7]; /* from Monday */
    struct str *signs;                         /* by place in the table of currencies */
};

/* Read at first use; never changes afterwards. */
const struct i18n__data *i18n__data(const struct lang *lang);
enum plural i18n__plural(const struct lang *lang, int64_t value);
/* The first letter in its capital form. */
struct str i18n__capital(struct arena *arena, struct str text);
/* Appends value / 10^digits grouped, without a sign. */
void i18n__put_size(struct buf *buf, const struct i18n__data *data, uint64_t size, int digits);

#endif
