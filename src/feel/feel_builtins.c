/* The index of built-in functions: specifications are read once in the life of the process, and
 * functions are found by the first letter of their names. Linking of calls to their overloads. */
#include <pthread.h>

#include "feel/feel_int.h"

enum { BUILTINS_MAX = 192 };

static const struct builtin_table *const libraries[] = {
    &feel__numbers,   &feel__strings, &feel__lists,    &feel__list_edits,
    &feel__temporals, &feel__ranges,  &feel__contexts, &feel__kontor,
    &feel__tiers,     &feel__shares,  &feel__chains};
enum { LIBRARIES_OURS = 4 }; /* the last ones */

static struct builtin_info infos[BUILTINS_MAX];
static size_t infos_len;
static uint16_t starts[129]; /* of the names that begin with a letter, by its code */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_spec(const struct feel_builtin *builtin, bool is_ours, struct builtin_info *out)
{
    struct str rest = str_of(builtin->spec);
    *out =
        (struct builtin_info){.name = str_of(builtin->name), .fn = builtin->fn, .is_ours = is_ours};
    while (rest.len) {
        struct str one = str_cut(&rest, ',');
        struct str name = str_cut(&one, ':');
        assert(out->params_len < FEEL_PARAMS_MAX);
        out->params[out->params_len++] =
            (struct builtin_param){.name = name,
                                   .letter = one.at[0],
                                   .is_optional = one.len > 1 && one.at[1] == '?',
                                   .is_rest = one.len > 1 && one.at[1] == '*'};
        out->has_rest = out->params[out->params_len - 1].is_rest;
    }
}

static void read_all(void)
{
    for (int letter = 0; letter < 128; letter++) {
        starts[letter] = (uint16_t)infos_len;
        for (size_t i = 0; i < LEN(libraries); i++)
            for (size_t k = 0; k < libraries[i]->len; k++) {
                if (libraries[i]->at[k].name[0] != letter)
                    continue;
                assert(infos_len < BUILTINS_MAX);
                read_spec(&libraries[i]->at[k], i + LIBRARIES_OURS >= LEN(libraries),
                          &infos[infos_len++]);
            }
    }
    starts[128] = (uint16_t)infos_len;
}

const struct builtin_info *feel__builtins(size_t *out_len)
{
    (void)pthread_once(&once, read_all);
    *out_len = infos_len;
    return infos;
}

/* Those whose names begin as the text does. */
static bool letter_range(struct str text, size_t *out_from, size_t *out_to)
{
    (void)pthread_once(&once, read_all);
    if (!text.len || (unsigned char)text.at[0] > 127)
        return false;
    *out_from = starts[(unsigned char)text.at[0]];
    *out_to = starts[(unsigned char)text.at[0] + 1];
    return *out_from < *out_to;
}

static bool is_in(enum feel_library library, const struct builtin_info *info)
{
    return library == FEEL_KONTOR || !info->is_ours;
}

const struct builtin_info *feel__builtin_find(enum feel_library library, struct str name,
                                              const struct builtin_info **out_end)
{
    size_t from = 0, to = 0;
    if (!letter_range(name, &from, &to))
        return NULL;
    for (size_t i = from; i < to; i++) {
        const struct builtin_info *first = &infos[i];
        if (!str_eq(first->name, name) || !is_in(library, first))
            continue;
        while (i < to && str_eq(infos[i].name, name))
            i++;
        *out_end = &infos[i];
        return first;
    }
    return NULL;
}

size_t feel__builtin_names(enum feel_library library, struct str *out, size_t max)
{
    size_t len = 0, all = 0;
    const struct builtin_info *at = feel__builtins(&all);
    for (size_t i = 0; i < all && len < max; i++)
        if (is_in(library, &at[i]) && (i == 0 || !str_eq(at[i].name, at[i - 1].name)))
            out[len++] = at[i].name;
    return len;
}

struct str feel__signatures(struct arena *arena, const struct builtin_info *first,
                            const struct builtin_info *end)
{
    AUTO_BUF buf = BUF(4096);
    for (const struct builtin_info *b = first; b < end; b++) {
        buf_printf(&buf, "%s" STR_FMT "(", b > first ? "; " : "", STR_ARG(b->name));
        for (size_t i = 0; i < b->params_len; i++)
            buf_printf(&buf, "%s" STR_FMT "%s%s", i ? ", " : "", STR_ARG(b->params[i].name),
                       b->params[i].is_rest ? "…" : "", b->params[i].is_optional ? "?" : "");
        buf_char(&buf, ')');
    }
    return str_dup(arena, buf_str(&buf));
}

size_t feel__builtin_match(enum feel_library library, struct str text)
{
    size_t best = 0, from = 0, to = 0;
    if (!letter_range(text, &from, &to))
        return 0;
    for (size_t i = from; i < to; i++) {
        if (i > from && str_eq(infos[i].name, infos[i - 1].name))
            continue;
        size_t len = is_in(library, &infos[i]) ? feel__match_name(text, infos[i].name) : 0;
        best = len > best ? len : best;
    }
    return best;
}

const struct builtin_info *feel__builtin_fit(const struct builtin_info *first,
                                             const struct builtin_info *end, size_t len)
{
    for (const struct builtin_info *b = first; b < end; b++) {
        size_t required = 0;
        for (size_t i = 0; i < b->params_len; i++)
            required += !b->params[i].is_optional;
        if (len >= required && (len <= b->params_len || b->has_rest))
            return b;
    }
    return NULL;
}

/* Puts the arguments in the order of one overload; false when they do not fit it. */
static bool fit(const struct builtin_info *builtin, const struct str *names,
                const struct feel_node *const *args, size_t len, struct feel_node *out)
{
    const struct builtin_param *params = builtin->params;
    size_t params_len = builtin->params_len;
    out->kids_len = 0;
    if (len > params_len && !(builtin->has_rest && !names))
        return false;
    for (size_t i = 0; i < len && !names; i++)
        out->kids[out->kids_len++] = args[i];
    for (size_t i = 0; i < params_len && names; i++)
        out->kids[i] = NULL;
    for (size_t i = 0; i < len && names; i++) {
        size_t p = 0;
        while (p < params_len && !str_eq(params[p].name, names[i]))
            p++;
        if (p == params_len || out->kids[p])
            return false;
        out->kids[p] = args[i];
        out->kids_len = p + 1 > out->kids_len ? (uint32_t)p + 1 : out->kids_len;
    }
    for (size_t i = 0; i < params_len; i++)
        if (!params[i].is_optional && (i >= out->kids_len || !out->kids[i]))
            return false;
    return true;
}

struct feel_node *feel__link_builtin(struct feel_compiler *c, const struct builtin_info *first,
                                     const struct builtin_info *end, const struct str *names,
                                     const struct feel_node *const *args, size_t len)
{
    struct feel_node *node = feel__node(c, N_BUILTIN, len + FEEL_PARAMS_MAX);
    for (const struct builtin_info *builtin = first; builtin < end; builtin++) {
        if (!fit(builtin, names, args, len, node))
            continue;
        node->data = builtin;
        node->name = builtin->name;
        return node;
    }
    node->op = N_BAD;
    node->code = BAD_ARGUMENTS;
    node->kids_len = 0;
    node->name = feel__signatures(c->arena, first, end);
    return node;
}
