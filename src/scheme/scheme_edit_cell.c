/* Cells of tables as people write them, and as the language wants them. What is already a formula
 * stays as it is: only what could not be one is changed. */
#include "scheme/scheme_edit_int.h"
#include "text/text.h"

struct scheme__words_known scheme__words_known(struct scheme__draft *draft)
{
    static const char *const words[] = {"true", "false", "null", "not", "item", "partial"};
    struct scheme__words_known known = {0};
    struct scheme__elements elements;
    scheme__elements(draft, &elements);
    for (size_t i = 0; i < elements.len; i++)
        VEC_PUSH(draft->arena, &known.names, elements.at[i].name);
    for (size_t i = 0; i < LEN(words); i++)
        VEC_PUSH(draft->arena, &known.names, str_of(words[i]));
    return known;
}

/* ---- whatever ---- */

/* What stands for "whatever it is" in the languages of the product. */
static bool is_any(struct str text)
{
    static const struct str words[] = {
        STR_INIT("-"),         STR_INIT("–"),          STR_INIT("—"),           STR_INIT("any"),
        STR_INIT("otherwise"), STR_INIT("любой"),      STR_INIT("любая"),       STR_INIT("любое"),
        STR_INIT("иначе"),     STR_INIT("cualquiera"), STR_INIT("en otro caso")};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq(text, words[i]))
            return true;
    return false;
}

/* ---- percents ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t number_end(struct str text, size_t at)
{
    while (at < text.len && (is_digit(text.at[at]) || text.at[at] == '.'))
        at++;
    return at;
}

/* Spaces, also those that do not break, before a percent sign. */
static size_t percent_end(struct str text, size_t at)
{
    for (;;) {
        struct str rest = str_sub(text, at, text.len - at);
        if (str_starts(rest, STR(" ")))
            at++;
        else if (str_starts(rest, STR("\xc2\xa0")))
            at += 2;
        else if (str_starts(rest, STR("\xe2\x80\xaf")))
            at += 3;
        else
            return str_starts(rest, STR("%")) ? at + 1 : 0;
    }
}

static struct str without_percents(struct arena *arena, struct str text)
{
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    bool is_quoted = false;
    for (size_t i = 0; i < text.len;) {
        size_t end = number_end(text, i), after = end > i ? percent_end(text, end) : 0;
        struct dec number;
        is_quoted = is_quoted != (text.at[i] == '"');
        if (!is_quoted && after && dec_parse(str_sub(text, i, end - i), &number)) {
            buf_put(&buf, dec_print(arena, dec_div(number, dec_from_i64(100))));
            i = after;
        } else {
            end = end > i ? end : i + 1;
            buf_put(&buf, str_sub(text, i, end - i));
            i = end;
        }
    }
    return str_dup(arena, buf_str(&buf));
}

/* ---- words ---- */

static bool is_among(const struct str_list *list, struct str word)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], word))
            return true;
    return false;
}

/* Letters, digits, spaces and hyphens between them: what a category is called. */
static bool is_words(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c > 127;
        if (!is_letter &&
            (i == 0 || !(is_digit(c) || c == ' ' || c == '-' || c == '_' || c == '&')))
            return false;
    }
    return text.len > 0;
}

/* "if volume" may become a formula; "Food and drink" will not. */
static bool begins_formula(struct str text)
{
    static const char *const words[] = {"if", "for", "some", "every", "function"};
    struct str first = str_cut(&text, ' ');
    for (size_t i = 0; i < LEN(words) && text.at; i++)
        if (str_eq(first, str_of(words[i])))
            return true;
    return false;
}

/* "sales", or "volume - 5", which begins with a name. */
static bool is_formula(struct scheme__draft *draft, const struct scheme__words_known *known,
                       struct str text)
{
    const struct feel_node *node = NULL;
    struct str_list none = {0};
    struct feel_mentions found = {0};
    size_t issues = 0;
    if (is_among(&known->names, text) || begins_formula(text))
        return true;
    arena_reset(draft->scratch);
    feel_mentions(draft->scratch, text, false, &known->names, &none, &found);
    if (found.len)
        return true;
    struct feel_compiler *compiler = feel_compiler_new(draft->scratch, FEEL_KONTOR);
    return feel_parse(compiler, text, NULL, &node) == RC_OK &&
           (feel_issues(compiler, &issues), issues == 0);
}

static struct str quoted(struct scheme__draft *draft, const struct scheme__words_known *known,
                         struct str text)
{
    text = str_trim(text);
    if (!is_words(text) || is_formula(draft, known, text))
        return text;
    return str_printf(draft->arena, "\"" STR_FMT "\"", STR_ARG(text));
}

/* Where the next comma outside quotes and brackets is; the length when there is none. */
static size_t comma_in(struct str text)
{
    bool is_quoted = false;
    int depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        is_quoted = is_quoted != (c == '"');
        if (!is_quoted)
            depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
        if (c == ',' && !is_quoted && depth == 0)
            return i;
    }
    return text.len;
}

static struct str quoted_list(struct scheme__draft *draft, const struct scheme__words_known *known,
                              struct str text)
{
    AUTO_BUF buf = BUF(SCHEME_FILE_MAX);
    while (text.len) {
        size_t end = comma_in(text);
        buf_put(&buf, quoted(draft, known, str_sub(text, 0, end)));
        text = end < text.len ? str_sub(text, end + 1, text.len - end - 1) : STR("");
        if (end > 0 && text.len)
            buf_put(&buf, STR(", "));
    }
    return str_dup(draft->arena, buf_str(&buf));
}

/* ---- commas ---- */

/* Digits with commas between them and nothing else but signs: 10,000 or 0,05. How many commas, and
 * how many digits stand behind the last. */
static size_t commas_in(struct str text, size_t *out_digits)
{
    size_t at = 0, commas = 0;
    *out_digits = 0;
    while (at < text.len && strchr("<>= -", text.at[at]))
        at++;
    if (at == text.len || !is_digit(text.at[at]))
        return 0;
    for (; at < text.len && (is_digit(text.at[at]) || text.at[at] == ','); at++) {
        bool is_comma = text.at[at] == ',';
        if (is_comma && (at + 1 == text.len || !is_digit(text.at[at + 1])))
            return 0;
        commas += is_comma;
        *out_digits = is_comma ? 0 : *out_digits + 1;
    }
    return at == text.len || strchr(".% \xc2\xe2", text.at[at]) ? commas : 0;
}

/* A result cannot be several numbers: 0,05 is a fraction as half the world writes it. */
static bool is_fraction(struct str text)
{
    size_t digits = 0, commas = commas_in(text, &digits);
    return commas == 1 && digits != 3 && str_find(text, STR("."), 0) == SIZE_MAX;
}

/* ---- the whole ---- */

struct str scheme__cell_text(struct scheme__draft *draft, const struct scheme__words_known *known,
                             struct str text, bool is_result)
{
    text = str_trim(text);
    if (!text.len || is_any(text))
        return is_result ? STR("") : STR("-");
    if (is_result && is_fraction(text)) {
        size_t comma = str_find(text, STR(","), 0);
        text = str_printf(draft->arena, STR_FMT "." STR_FMT, STR_ARG(str_sub(text, 0, comma)),
                          STR_ARG(str_sub(text, comma + 1, text.len)));
    }
    if (str_find(text, STR("%"), 0) != SIZE_MAX)
        text = without_percents(draft->arena, text);
    bool has_words = false;
    for (size_t i = 0; i < text.len && !has_words; i++)
        has_words = is_words(str_sub(text, i, 1));
    if (!has_words)
        return text;
    return is_result ? quoted(draft, known, text) : quoted_list(draft, known, text);
}

const char *scheme__cell_check(struct str text, bool is_result)
{
    size_t digits = 0;
    text = str_trim(text);
    if (!commas_in(text, &digits) || (is_result && is_fraction(text)))
        return NULL;
    return M("{0} is read as several numbers: write 1234.5 without commas, or a space behind each "
             "comma.");
}
