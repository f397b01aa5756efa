/* Messages: from key to text. A key is looked up in the generated table; its pattern is parsed at
 * first use and published by an atomic pointer, so the second use takes no lock. A key that is not
 * in the table (a text made elsewhere, a test) is its own English pattern, parsed each time. */
#include <pthread.h>
#include <stdatomic.h>

#include "i18n/i18n_int.h"

enum { MESSAGE_MAX = 64 * 1024 };

static pthread_mutex_t parse_lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena *parsed_arena; /* lives as long as the process */
static _Atomic(_Atomic(const struct pattern *) *) parsed;

/* ---- the catalogue ---- */

static const struct i18n__entry *entry_of(struct str key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 16777619u;
    for (uint32_t i = hash & i18n__slots_mask; i18n__slots[i] != 0;
         i = (i + 1) & i18n__slots_mask) {
        const struct i18n__entry *entry = &i18n__catalog[i18n__slots[i] - 1];
        if (str_eq(entry->key, key))
            return entry;
    }
    return NULL;
}

static struct str text_in(const struct i18n__entry *entry, const struct lang *lang)
{
    struct str text = entry->text[lang->id - 1];
    return text.at ? text : entry->text[0];
}

struct str tr(const struct lang *lang, const char *key)
{
    const struct i18n__entry *entry = entry_of(str_of(key));
    return entry ? text_in(entry, lang) : str_of(key);
}

/* A translation that is no pattern cannot pass tools/poc; a foreign key may be any text, and then
 * it is shown as it stands. */
static const struct pattern *parse_or_text(struct arena *arena, struct str text)
{
    const struct pattern *pattern = pattern_parse(arena, text, NULL);
    if (pattern)
        return pattern;
    struct pattern_part *part = NEW(arena, struct pattern_part);
    *part = (struct pattern_part){.kind = PATTERN_TEXT, .text = text};
    struct pattern *plain = NEW(arena, struct pattern);
    *plain = (struct pattern){part, 1};
    return plain;
}

static const struct pattern *pattern_of(struct arena *arena, const struct lang *lang,
                                        const char *key)
{
    const struct i18n__entry *entry = entry_of(str_of(key));
    if (!entry)
        return parse_or_text(arena, str_of(key));
    _Atomic(const struct pattern *) *table = atomic_load(&parsed);
    size_t i = (size_t)(entry - i18n__catalog) * LANG_COUNT + lang->id - 1;
    const struct pattern *pattern = table ? atomic_load(&table[i]) : NULL;
    if (pattern)
        return pattern;
    (void)pthread_mutex_lock(&parse_lock);
    if (!parsed_arena)
        parsed_arena = arena_new(0);
    table = atomic_load(&parsed);
    if (!table) {
        table = arena_alloc(parsed_arena,
                            base_mul(sizeof(*table), (size_t)i18n__catalog_len * LANG_COUNT));
        atomic_store(&parsed, table);
    }
    pattern = atomic_load(&table[i]);
    if (!pattern) {
        pattern = parse_or_text(parsed_arena, text_in(entry, lang));
        atomic_store(&table[i], pattern);
    }
    (void)pthread_mutex_unlock(&parse_lock);
    return pattern;
}

int i18n_pattern_args(const char *pattern, const char **out_why)
{
    AUTO_ARENA arena = arena_new(0);
    struct pattern_error error = {0};
    const struct pattern *parsed_pattern = pattern_parse(arena, str_of(pattern), &error);
    if (!parsed_pattern) {
        if (out_why)
            *out_why = error.why;
        return -1;
    }
    unsigned used = pattern_args(parsed_pattern);
    int count = 0;
    while (used >> count)
        count++;
    return count;
}

/* ---- arguments ---- */

struct i18n_arg i18n_arg_str(struct str v)
{
    return (struct i18n_arg){.kind = ARG_STR, .str = v};
}

struct i18n_arg i18n_arg_c(const char *v)
{
    return i18n_arg_str(str_of(v ? v : ""));
}

struct i18n_arg i18n_arg_i64(int64_t v)
{
    return (struct i18n_arg){.kind = ARG_I64, .i64 = v};
}

struct i18n_arg i18n_arg_u64(uint64_t v)
{
    return i18n_arg_i64(v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

struct i18n_arg i18n_arg_money(struct money v)
{
    return (struct i18n_arg){.kind = ARG_MONEY, .money = v};
}

struct i18n_arg i18n_arg_date(struct date v)
{
    return (struct i18n_arg){.kind = ARG_DATE, .date = v};
}

struct i18n_arg i18n_arg_instant(struct instant v)
{
    return (struct i18n_arg){.kind = ARG_INSTANT, .instant = v};
}

struct i18n_arg i18n_arg_dec(struct dec v)
{
    return (struct i18n_arg){.kind = ARG_DEC, .dec = v};
}

struct i18n_arg i18n_arg_pid(struct pid v)
{
    /* The text must outlive the call; a message takes at most eight arguments. */
    static _Thread_local char texts[8][PID_TEXT_MAX];
    static _Thread_local unsigned next;
    char *text = texts[next++ % 8];
    memcpy(text, v.text, PID_TEXT_MAX);
    return i18n_arg_c(text);
}

/* Text as it is, or the words of a key: "a closing quote" in "Expected {0}…". */
static struct str words(const struct lang *lang, struct str text)
{
    struct str key = str_sub(text, sizeof(KEY_MARK) - 1, text.len);
    if (!str_starts(text, STR(KEY_MARK)))
        return text;
    const struct i18n__entry *entry = entry_of(key);
    return entry ? text_in(entry, lang) : key;
}

static struct str shown(struct arena *arena, const struct lang *lang, const struct i18n_arg *arg)
{
    switch (arg->kind) {
    case ARG_STR: return words(lang, arg->str);
    case ARG_I64: return i18n_i64(arena, lang, arg->i64);
    case ARG_MONEY: return i18n_money(arena, lang, arg->money);
    case ARG_DATE: return i18n_date(arena, lang, arg->date, DATE_MEDIUM, PLACE_INSIDE);
    case ARG_INSTANT: return i18n_date_time(arena, lang, arg->instant.us, zone_utc());
    case ARG_DEC: return i18n_dec(arena, lang, arg->dec);
    }
    assert(false && "an argument made by i18n_arg_…");
    return STR_NONE;
}

/* ---- putting a pattern together ---- */

struct filling {
    struct arena *arena;
    const struct lang *lang;
    const struct i18n_arg *args;
    size_t args_len;
    struct buf *out;
};

static const struct i18n_arg *arg_at(const struct filling *f, int i)
{
    return (size_t)i < f->args_len ? &f->args[i] : NULL;
}

/* A plural of something that is no number takes "other". */
static bool number_of(const struct i18n_arg *arg, int64_t *out)
{
    if (!arg)
        return false;
    if (arg->kind == ARG_I64) {
        *out = arg->i64;
        return true;
    }
    if (arg->kind == ARG_DEC)
        return dec_to_i64(arg->dec, out);
    return arg->kind == ARG_STR && str_to_i64(arg->str, out);
}

static const struct pattern_case *choose(const struct filling *f, const struct pattern_part *part,
                                         bool is_number, int64_t number)
{
    const struct pattern_case *other = NULL;
    const struct i18n_arg *arg = arg_at(f, part->arg);
    enum plural plural = is_number ? i18n__plural(f->lang, number - part->offset) : PLURAL_OTHER;
    for (size_t i = 0; i < part->cases_len; i++) {
        const struct pattern_case *item = &part->cases[i];
        bool is_exact = part->kind == PATTERN_PLURAL && item->plural == 0;
        if (is_exact ? is_number && item->exact == number
                     : part->kind == PATTERN_SELECT && arg && arg->kind == ARG_STR &&
                           str_eq(item->name, arg->str))
            return item;
    }
    for (size_t i = 0; i < part->cases_len; i++) {
        const struct pattern_case *item = &part->cases[i];
        if (part->kind == PATTERN_PLURAL && item->plural == plural)
            return item;
        if (str_eq(item->name, STR("other")))
            other = item;
    }
    return other;
}

static void fill(const struct filling *f, const struct pattern *pattern, struct str hash)
{
    for (size_t i = 0; i < pattern->parts_len; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        const struct i18n_arg *arg = arg_at(f, part->arg);
        int64_t number = 0;
        bool is_number = false;
        switch (part->kind) {
        case PATTERN_TEXT: buf_put(f->out, part->text); break;
        case PATTERN_HASH: buf_put(f->out, hash); break;
        case PATTERN_ARG:
            if (arg)
                buf_put(f->out, shown(f->arena, f->lang, arg));
            else /* a mistake that must be seen, not hidden */
                buf_printf(f->out, "{%d}", part->arg);
            break;
        case PATTERN_PLURAL:
            is_number = number_of(arg, &number);
            struct str shown_number = is_number ? i18n_i64(f->arena, f->lang, number - part->offset)
                                      : arg     ? shown(f->arena, f->lang, arg)
                                                : STR("");
            fill(f, choose(f, part, is_number, number)->pattern, shown_number);
            break;
        case PATTERN_SELECT: fill(f, choose(f, part, false, 0)->pattern, hash); break;
        }
    }
}

struct str i18n_format_args(struct arena *arena, const struct lang *lang, const char *key,
                            const struct i18n_arg *args, size_t args_len)
{
    AUTO_BUF out = BUF(MESSAGE_MAX);
    struct filling f = {arena, lang, args, args_len, &out};
    fill(&f, pattern_of(arena, lang, key), STR("#"));
    return str_dup(arena, out.len > 0 ? buf_str(&out) : STR(""));
}

struct str i18n_format_c(struct arena *arena, const struct lang *lang, const char *key,
                         const char *const *args, size_t args_len)
{
    struct i18n_arg typed[PATTERN_ARGS_MAX];
    assert(args_len <= LEN(typed));
    size_t len = 0;
    for (size_t i = 0; i < args_len; i++) {
        typed[i] = i18n_arg_c(args[i]);
        len = args[i] ? i + 1 : len;
    }
    return i18n_format_args(arena, lang, key, typed, len);
}

struct str i18n_fault(struct arena *arena, const struct lang *lang, const struct fault_entry *entry)
{
    return i18n_format_c(arena, lang, entry->message, entry->args, FAULT_ARGS_MAX);
}
