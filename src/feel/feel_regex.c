/* Regular expressions over PCRE2. XPath's dialect is rewritten: class subtraction, blocks
 * (\p{IsBasicLatin}), \i and \c, the x flag, the end anchor. A match limit bounds backtracking. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "feel/feel_regex.h"

#include <pcre2.h>
#include <pthread.h>

enum { PATTERN_MAX = 4096, MATCH_LIMIT = 200000, HEAP_LIMIT_KB = 8192, COMPILE_STEPS = 500 };

enum { CACHE_LEN = 32, KEY_MAX = 512 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    char key[KEY_MAX]; /* flags, a zero, the pattern */
    size_t key_len;    /* 0: too long to be found again */
    uint64_t used_at;
};

/* Patterns are compiled once a thread, as long as few of them are in use: a formula that runs for
 * each of a million events has the same one each time. */
static _Thread_local struct {
    struct regex at[CACHE_LEN];
    uint64_t clock;
    bool is_registered;
} cache;

static void regex_done(struct regex *regex)
{
    pcre2_match_data_free(regex->data);
    pcre2_match_context_free(regex->context);
    pcre2_code_free(regex->code);
    regex->code = NULL;
    regex->data = NULL;
    regex->context = NULL;
    regex->key_len = 0;
}

static pthread_key_t cache_key;
static pthread_once_t cache_once = PTHREAD_ONCE_INIT;

static void cache_empty(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < CACHE_LEN; i++)
        regex_done(&cache.at[i]);
}

static void cache_empty_main(void)
{
    cache_empty(NULL);
}

/* A thread's patterns go with the thread, the main thread's when the program ends. */
static void cache_key_make(void)
{
    bool is_ok = pthread_key_create(&cache_key, cache_empty) == 0 && atexit(cache_empty_main) == 0;
    assert(is_ok);
}

static void cache_register(void)
{
    (void)pthread_once(&cache_once, cache_key_make);
    (void)pthread_setspecific(cache_key, &cache);
    cache.is_registered = true;
}

/* The pattern's own place, or the place used longest ago, emptied. */
static struct regex *cache_place(struct str flags, struct str pattern, bool *out_found)
{
    char key[KEY_MAX] = {0};
    size_t len = flags.len + 1 + pattern.len;
    struct regex *oldest = &cache.at[0];
    if (!cache.is_registered)
        cache_register();
    *out_found = false;
    len = len > KEY_MAX ? 0 : len;
    if (len) {
        memcpy(key, flags.at, flags.len);
        memcpy(key + flags.len + 1, pattern.at, pattern.len);
    }
    for (size_t i = 0; i < CACHE_LEN; i++) {
        struct regex *regex = &cache.at[i];
        if (len && regex->code && regex->key_len == len && memcmp(regex->key, key, len) == 0) {
            regex->used_at = ++cache.clock;
            *out_found = true;
            return regex;
        }
        oldest = regex->used_at < oldest->used_at ? regex : oldest;
    }
    regex_done(oldest);
    oldest->used_at = ++cache.clock;
    oldest->key_len = len;
    memcpy(oldest->key, key, len);
    return oldest;
}

static const struct {
    const char *name, *range;
} blocks[] = {
    {"IsBasicLatin", "\\x00-\\x7f"},
    {"IsLatin-1Supplement", "\\x80-\\xff"},
    {"IsLatinExtended-A", "\\x{100}-\\x{17f}"},
    {"IsGreek", "\\x{370}-\\x{3ff}"},
    {"IsCyrillic", "\\x{400}-\\x{4ff}"},
    {"IsHebrew", "\\x{590}-\\x{5ff}"},
    {"IsArabic", "\\x{600}-\\x{6ff}"},
    {"IsHiragana", "\\x{3040}-\\x{309f}"},
    {"IsKatakana", "\\x{30a0}-\\x{30ff}"},
};

static bool put_block(struct buf *out, struct str name, bool is_negated, bool is_in_class)
{
    for (size_t i = 0; i < LEN(blocks); i++) {
        if (!str_eq(name, str_of(blocks[i].name)))
            continue;
        if (is_in_class && is_negated)
            return false;
        if (!is_in_class)
            buf_put(out, is_negated ? STR("[^") : STR("["));
        buf_put(out, str_of(blocks[i].range));
        if (!is_in_class)
            buf_char(out, ']');
        return true;
    }
    return false;
}

/* The escape at *i; false when XPath has none such. */
static bool put_escape(struct buf *out, struct str in, size_t *i, bool is_in_class)
{
    char c = (char)(*i + 1 < in.len ? in.at[*i + 1] : 0);
    size_t end = SIZE_MAX;
    if (c == 0 || (is_in_class && c >= '0' && c <= '9') || c == '0')
        return false;
    if ((c == 'p' || c == 'P') && *i + 2 < in.len && in.at[*i + 2] == '{')
        end = str_find(in, STR("}"), *i);
    if (end != SIZE_MAX) {
        struct str name = str_sub(in, *i + 3, end - *i - 3);
        size_t from = *i;
        *i = end + 1;
        if (str_starts(name, STR("Is")))
            return put_block(out, name, c == 'P', is_in_class);
        buf_put(out, str_sub(in, from, *i - from));
        return true;
    }
    if (c == 'i' || c == 'c') {
        *i += 2;
        buf_put(out, is_in_class ? STR("\\p{L}_:") : STR("[\\p{L}_:"));
        if (c == 'c')
            buf_put(out, STR("\\p{N}\\-."));
        if (!is_in_class)
            buf_char(out, ']');
        return true;
    }
    if ((c >= '0' && c <= '9') || strchr("nrtsSdDwWpPbB\\|.-^?*+{}()[]$", c)) {
        buf_put(out, str_sub(in, *i, 2));
        *i += 2;
        return c != 'b' && c != 'B';
    }
    return false;
}

static bool put_class(struct buf *out, struct str in, size_t *i, int depth);

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The inside of a class up to its ']'; a subtraction "-[…]" goes to `less`. */
static bool put_members(struct buf *out, struct buf *less, struct str in, size_t *i, int depth)
{
    while (*i < in.len && in.at[*i] != ']') {
        if (in.at[*i] == '-' && *i + 1 < in.len && in.at[*i + 1] == '[') {
            (*i)++;
            return put_class(less, in, i, depth + 1) && *i < in.len && in.at[*i] == ']';
        }
        if (in.at[*i] == '[')
            return false;
        if (in.at[*i] == '\\') {
            if (!put_escape(out, in, i, true))
                return false;
            continue;
        }
        buf_char(out, in.at[(*i)++]);
    }
    return *i < in.len;
}

static bool put_class(struct buf *out, struct str in, size_t *i, int depth)
{
    AUTO_BUF base = BUF(PATTERN_MAX);
    AUTO_BUF less = BUF(PATTERN_MAX);
    if (depth > 8)
        return false;
    buf_char(&base, in.at[(*i)++]);
    if (*i < in.len && in.at[*i] == '^')
        buf_char(&base, in.at[(*i)++]);
    if (*i >= in.len || in.at[*i] == ']' || !put_members(&base, &less, in, i, depth))
        return false;
    (*i)++;
    buf_char(&base, ']');
    if (less.len) {
        buf_put(out, STR("(?:(?!"));
        buf_put(out, buf_str(&less));
        buf_char(out, ')');
    }
    buf_put(out, buf_str(&base));
    if (less.len)
        buf_char(out, ')');
    return !base.is_over && !less.is_over;
}

/* XPath's "." stops at both ends of a line. */
static bool translate(struct str in, bool is_dotall, struct buf *out)
{
    for (size_t i = 0; i < in.len;) {
        if (in.at[i] == '[') {
            if (!put_class(out, in, &i, 0))
                return false;
        } else if (in.at[i] == '\\') {
            if (!put_escape(out, in, &i, false))
                return false;
        } else {
            if (in.at[i] == '(' && i + 1 < in.len && in.at[i + 1] == '?' &&
                !(i + 2 < in.len && in.at[i + 2] == ':'))
                return false; /* look-around and inline options are not XPath's */
            if (in.at[i] == '.' && !is_dotall)
                buf_put(out, STR("[^\\n\\r]"));
            else
                buf_char(out, in.at[i]);
            i++;
        }
    }
    return !out->is_over;
}

/* With the x flag white space goes before anything else, except inside classes. */
static void strip_space(struct str in, struct buf *out)
{
    bool is_in_class = false;
    for (size_t i = 0; i < in.len; i++) {
        if (in.at[i] == '\\') {
            buf_char(out, in.at[i++]);
            while (!is_in_class && i < in.len && is_space(in.at[i]))
                i++;
            if (i == in.len)
                return;
        } else if (in.at[i] == '[' || in.at[i] == ']') {
            is_in_class = in.at[i] == '[';
        } else if (!is_in_class && is_space(in.at[i])) {
            continue;
        }
        buf_char(out, in.at[i]);
    }
}

static bool read_flags(struct str flags, uint32_t *out, bool *out_skips_space)
{
    *out = PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    *out_skips_space = false;
    for (size_t i = 0; i < flags.len; i++) {
        if (flags.at[i] == 's')
            *out |= PCRE2_DOTALL;
        else if (flags.at[i] == 'm')
            *out |= PCRE2_MULTILINE;
        else if (flags.at[i] == 'i')
            *out |= PCRE2_CASELESS;
        else if (flags.at[i] == 'x')
            *out_skips_space = true;
        else
            return false;
    }
    return true;
}

/* False, with a warning, when pattern or flags cannot be used. */
static bool compile(struct feel_run *run, struct str pattern, struct str flags, struct regex *out)
{
    AUTO_BUF stripped = BUF(PATTERN_MAX);
    AUTO_BUF translated = BUF(4 * PATTERN_MAX);
    uint32_t options = 0;
    int error = 0;
    PCRE2_SIZE offset = 0;
    bool skips_space = false;
    if (!read_flags(flags, &options, &skips_space)) {
        feel__warn(run, M("\"{0}\" are no flags of a pattern."), flags, STR_NONE, STR_NONE);
        return false;
    }
    if (skips_space)
        strip_space(pattern, &stripped);
    if (!stripped.is_over && pattern.len <= PATTERN_MAX &&
        translate(skips_space ? buf_str(&stripped) : pattern, options & PCRE2_DOTALL,
                  &translated)) {
        struct str text = buf_str(&translated);
        out->code = pcre2_compile((PCRE2_SPTR)(text.len ? text.at : ""), text.len, options, &error,
                                  &offset, NULL);
    }
    if (!out->code) {
        feel__warn(run, M("\"{0}\" is no pattern."), pattern, STR_NONE, STR_NONE);
        return false;
    }
    out->data = pcre2_match_data_create_from_pattern(out->code, NULL);
    out->context = pcre2_match_context_create(NULL);
    assert(out->data && out->context);
    (void)pcre2_set_match_limit(out->context, MATCH_LIMIT);
    (void)pcre2_set_depth_limit(out->context, 10000);
    (void)pcre2_set_heap_limit(out->context, HEAP_LIMIT_KB);
    return true;
}

/* Good until the thread asks for another one. NULL, with a warning, when it cannot be used. */
static const struct regex *regex_of(struct feel_run *run, struct str pattern, struct str flags)
{
    bool is_found = false;
    struct regex *regex = cache_place(flags, pattern, &is_found);
    if (!is_found && !(feel__steps(run, COMPILE_STEPS) && compile(run, pattern, flags, regex))) {
        regex_done(regex);
        return NULL;
    }
    return regex;
}

/* 1 found, 0 not, -1 stopped. */
static int find(struct feel_run *run, const struct regex *regex, struct str input, size_t from)
{
    if (!feel__steps(run, 1))
        return -1;
    int found = pcre2_match(regex->code, (PCRE2_SPTR)(input.len ? input.at : ""), input.len, from,
                            from ? PCRE2_NO_UTF_CHECK : 0, regex->data, regex->context);
    if (found >= 0)
        return 1;
    if (found == PCRE2_ERROR_NOMATCH)
        return 0;
    feel__warn(run, M("The pattern takes too many steps on this text."), STR_NONE, STR_NONE,
               STR_NONE);
    bool may_go_on = feel__steps(run, MATCH_LIMIT); /* so that many of them end soon */
    (void)may_go_on;
    return -1;
}

struct feel_value feel__matches(struct feel_run *run, struct str input, struct str pattern,
                                struct str flags)
{
    const struct regex *regex = regex_of(run, pattern, flags);
    return regex ? feel__truth_value(find(run, regex, input, 0)) : feel_null();
}

/* "$1" and "\$" in a replacement; false when it is none. */
static bool put_replacement(struct buf *out, struct str text, struct str input,
                            const struct regex *regex)
{
    const PCRE2_SIZE *groups = pcre2_get_ovector_pointer(regex->data);
    uint32_t count = pcre2_get_ovector_count(regex->data);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], next = (char)(i + 1 < text.len ? text.at[i + 1] : 0);
        if (c == '\\') {
            if (next != '\\' && next != '$')
                return false;
            buf_char(out, next);
            i++;
        } else if (c != '$') {
            buf_char(out, c);
        } else {
            if (next < '0' || next > '9')
                return false;
            uint32_t group = (uint32_t)(next - '0');
            if (group < count && groups[2 * group] != PCRE2_UNSET)
                buf_put(out, str_sub(input, groups[2 * group],
                                     groups[2 * group + 1] - groups[2 * group]));
            i++;
        }
    }
    return true;
}

struct feel_value feel__replace(struct feel_run *run, struct str input, struct str pattern,
                                struct str replacement, struct str flags)
{
    const struct regex *regex = regex_of(run, pattern, flags);
    AUTO_BUF out = BUF(feel_limits()->text_bytes_max);
    size_t from = 0;
    if (!regex)
        return feel_null();
    while (from <= input.len && !out.is_over) {
        int found = find(run, regex, input, from);
        if (found < 0)
            return feel_null();
        if (!found)
            break;
        const PCRE2_SIZE *match = pcre2_get_ovector_pointer(regex->data);
        if (match[1] == match[0])
            return feel__warn(run, M("The pattern \"{0}\" matches nothing at all."), pattern,
                              STR_NONE, STR_NONE);
        buf_put(&out, str_sub(input, from, match[0] - from));
        if (!put_replacement(&out, replacement, input, regex))
            return feel__warn(run, M("\"{0}\" is no replacement."), replacement, STR_NONE,
                              STR_NONE);
        from = match[1];
    }
    buf_put(&out, str_sub(input, from, input.len - from));
    return feel__text_of(run, &out);
}

struct feel_value feel__split(struct feel_run *run, struct str input, struct str delimiter)
{
    const struct regex *regex = regex_of(run, delimiter, STR(""));
    struct feel__items pieces = {0};
    size_t from = 0;
    if (!regex)
        return feel_null();
    for (;;) {
        int found = find(run, regex, input, from);
        if (found < 0)
            return feel_null();
        const PCRE2_SIZE *match = pcre2_get_ovector_pointer(regex->data);
        if (!found || match[1] == match[0])
            break;
        if (!feel__push(run, &pieces, feel_text(str_sub(input, from, match[0] - from))))
            return feel_null();
        from = match[1];
    }
    if (!feel__push(run, &pieces, feel_text(str_sub(input, from, input.len - from))))
        return feel_null();
    return feel__items_list(&pieces);
}
