/* Fuzzing message patterns and typed numbers: any text ends in a pattern or a reason, any pattern
 * fills in, a number that is read is shown and read back. */
#include "i18n/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    AUTO_ARENA arena = arena_new(0);
    const struct lang *lang = lang_of((enum lang_id)(data[0] % LANG_COUNT + LANG_EN));
    struct str text = {(const char *)data + 1, len - 1};
    char *pattern = str_c(arena, text);
    const char *why = NULL;
    int args = i18n_pattern_args(pattern, &why);
    assert(args >= -1 && args <= 8 && (args != -1 || why));
    (void)i18n_format(arena, lang, pattern, 1, "two", 3, STR("4"));
    (void)lang_negotiate(text);
    int64_t value, again = 0;
    if (!i18n_parse_scaled(lang, text, 2, &value)) {
        const char *wrong = i18n_parse_scaled(lang, i18n_scaled(arena, lang, value, 2), 2, &again);
        assert(!wrong && again == value);
    }
    return 0;
}
