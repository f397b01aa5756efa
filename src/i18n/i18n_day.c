/* Dates in form fields: how a language writes one there, and what people type. A browser's own date
 * field was rejected because it follows the machine's locale, not the language that the person has
 * chosen here. Day, month, year with any of the usual signs between; the ISO form is always taken.
 * Where English leaves it open which number is the month, nothing is guessed. */
#include "i18n/i18n_int.h"
#include "text/text.h"

enum { TOKENS_MAX = 3, WORD_LETTERS_MIN = 3 };

struct token {
    struct str text;
    bool is_number;
};

struct typed {
    struct token tokens[TOKENS_MAX];
    size_t len;
    bool has_slash;
};

struct str i18n_date_field(struct arena *arena, const struct lang *lang, struct date date)
{
    struct ymd d = date_ymd(date);
    switch (lang->id) {
    case LANG_EN:
        return str_printf(arena, "%d " STR_FMT " %04d", d.day,
                          STR_ARG(i18n__data(lang)->months_short_of[d.month - 1]), d.year);
    case LANG_RU: return str_printf(arena, "%02d.%02d.%04d", d.day, d.month, d.year);
    case LANG_ES: return str_printf(arena, "%02d/%02d/%04d", d.day, d.month, d.year);
    }
    return STR_NONE;
}

static bool is_gap(uint32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x202F || c == '.' || c == '/' || c == '-' || c == ',';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* "de", "of" and "г" say nothing. */
static bool is_filler(struct str word)
{
    return str_eq_nocase(word, STR("de")) || str_eq_nocase(word, STR("of")) ||
           str_eq(word, STR("г")) || str_eq(word, STR("Г"));
}

static bool put_token(struct typed *typed, struct str text)
{
    bool is_number = is_digit((unsigned char)text.at[0]);
    if (!is_number && is_filler(text))
        return true;
    if (typed->len == TOKENS_MAX)
        return false;
    typed->tokens[typed->len++] = (struct token){text, is_number};
    return true;
}

/* Numbers and words; false when there are more than three. */
static bool split(struct str text, struct typed *out)
{
    struct str rest = text, word = STR_NONE;
    bool was_digit = false;
    for (;;) {
        struct str before = rest;
        uint32_t c = 0;
        bool has_more = utf8_next(&rest, &c);
        bool ends = !has_more || is_gap(c) || (word.at && is_digit(c) != was_digit);
        if (ends && word.at) {
            if (!put_token(out, word))
                return false;
            word = STR_NONE;
        }
        if (!has_more)
            return true;
        out->has_slash = out->has_slash || c == '/';
        if (is_gap(c))
            continue;
        if (!word.at)
            word = (struct str){before.at, 0};
        word.len = (size_t)(rest.at - word.at);
        was_digit = is_digit(c);
    }
}

static bool begins(struct arena *arena, struct str name, struct str folded)
{
    return str_starts(text_fold(arena, name), folded);
}

/* 1…12; 0 when the word begins no month, or several. */
static int month_of(struct arena *arena, const struct lang *lang, struct str word)
{
    const struct i18n__data *data = i18n__data(lang);
    struct str folded = text_fold(arena, word);
    int found = 0;
    if (utf8_count(folded) < WORD_LETTERS_MIN)
        return 0;
    for (int i = 0; i < 12; i++) {
        if (!begins(arena, data->months[i], folded) && !begins(arena, data->months_of[i], folded) &&
            !begins(arena, data->months_short_of[i], folded))
            continue;
        if (found)
            return 0;
        found = i + 1;
    }
    return found;
}

static bool number_of(const struct token *token, int64_t *out)
{
    return token->is_number && token->text.len <= 4 && str_to_i64(token->text, out);
}

static bool year_of(const struct token *token, int64_t *out)
{
    if (!number_of(token, out) || (token->text.len != 4 && token->text.len != 2))
        return false;
    if (token->text.len == 2)
        *out += 2000;
    return true;
}

/* Which token is day, month and year; false when that cannot be told. */
static bool place(struct arena *arena, const struct lang *lang, const struct typed *typed,
                  int64_t out[3])
{
    const struct token *t = typed->tokens;
    if (typed->len != TOKENS_MAX)
        return false;
    if (t[0].is_number && t[0].text.len == 4)
        return number_of(&t[2], &out[0]) && number_of(&t[1], &out[1]) && year_of(&t[0], &out[2]);
    if (!year_of(&t[2], &out[2]))
        return false;
    size_t day_i = t[0].is_number ? 0 : 1;
    if (!number_of(&t[day_i], &out[0]))
        return false;
    const struct token *month = &t[1 - day_i];
    if (!month->is_number) {
        out[1] = month_of(arena, lang, month->text);
        return out[1] > 0;
    }
    if (!number_of(month, &out[1]))
        return false;
    bool is_open = lang->id == LANG_EN && typed->has_slash && out[0] <= 12 && out[0] != out[1];
    return !is_open;
}

bool i18n_date_parse(const struct lang *lang, struct str text, struct date *out)
{
    struct typed typed = {0};
    int64_t dmy[3];
    AUTO_ARENA arena = arena_new(4096);
    text = str_trim(text);
    if (date_parse(text, out))
        return true;
    if (text.len == 0 || text.len > 60 || !split(text, &typed) || !place(arena, lang, &typed, dmy))
        return false;
    return date_parse(str_printf(arena, "%04lld-%02lld-%02lld", (long long)dmy[2],
                                 (long long)dmy[1], (long long)dmy[0]),
                      out);
}
