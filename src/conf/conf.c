/* Settings of the process. One table for all modules, filled in before threads start and only read
 * afterwards. Values are kept as text with where they came from, and parsed when they are set, so
 * a mistake is told at start with its place. */
#include "conf/conf.h"

#include <errno.h>

#include "text/text.h"
#include "when/when.h"

enum { CONF_MAX = 256, CONF_FILE_MAX = 1 << 20, CONF_STR_MAX = 4096 };

struct value {
    const struct conf_def *def;
    struct str text, where;
    enum conf_source source;
    int64_t number; /* of everything but CONF_STR */
};

static struct value values[CONF_MAX];
static size_t values_len;
static struct arena *values_arena; /* lives as long as the process */

/* ---- values ---- */

struct unit {
    const char *name;
    int64_t factor;
};

/* Whole number and one unit; the unit may be left out when `bare` is not 0. */
static bool parse_units(struct str text, const struct unit *units, size_t len, int64_t bare,
                        int64_t *out)
{
    size_t digits = 0;
    int64_t number;
    while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    if (digits == 0 || !str_to_i64(str_sub(text, 0, digits), &number))
        return false;
    struct str unit = str_trim(str_sub(text, digits, text.len));
    int64_t factor = unit.len == 0 ? bare : 0;
    for (size_t i = 0; i < len; i++)
        if (str_eq(unit, str_of(units[i].name)))
            factor = units[i].factor;
    if (factor == 0 && number == 0 && unit.len == 0)
        factor = 1; /* "0" needs no unit */
    return factor != 0 && !__builtin_mul_overflow(number, factor, out);
}

bool conf_parse_duration(struct str text, int64_t *out_us)
{
    static const struct unit units[] = {{"us", 1},        {"ms", US_MS},  {"s", US_SECOND},
                                        {"m", US_MINUTE}, {"h", US_HOUR}, {"d", US_DAY}};
    return parse_units(text, units, LEN(units), 0, out_us);
}

bool conf_parse_size(struct str text, int64_t *out_bytes)
{
    static const struct unit units[] = {{"B", 1},         {"KiB", 1 << 10},   {"MiB", 1 << 20},
                                        {"GiB", 1 << 30}, {"kB", 1000},       {"KB", 1000},
                                        {"MB", 1000000},  {"GB", 1000000000}, {"K", 1 << 10},
                                        {"M", 1 << 20},   {"G", 1 << 30}};
    return parse_units(text, units, LEN(units), 1, out_bytes);
}

static bool parse_bool(struct str text, int64_t *out)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    for (size_t i = 0; i < LEN(words); i++)
        if (str_eq_nocase(text, str_of(words[i]))) {
            *out = (int64_t)(i % 2);
            return true;
        }
    return false;
}

static const char *shape_of(enum conf_type type)
{
    switch (type) {
    case CONF_STR: return "a text";
    case CONF_INT: return "a whole number";
    case CONF_DURATION: return "a duration such as 250ms, 10s, 5m, 24h or 30d";
    case CONF_SIZE: return "a size such as 512, 64KiB or 20MiB";
    case CONF_BOOL: return "true or false";
    }
    return "";
}

static bool parse_number(enum conf_type type, struct str text, int64_t *out)
{
    switch (type) {
    case CONF_STR: return true;
    case CONF_INT: return str_to_i64(text, out);
    case CONF_DURATION: return conf_parse_duration(text, out);
    case CONF_SIZE: return conf_parse_size(text, out);
    case CONF_BOOL: return parse_bool(text, out);
    }
    return false;
}

/* STR_NONE when the value fits; otherwise what is wrong. */
static struct str misfit(struct arena *arena, const struct conf_def *def, struct str text,
                         int64_t *out_number)
{
    int64_t number = 0;
    if (!parse_number(def->type, text, &number))
        return str_printf(arena, "%s must be %s", def->name, shape_of(def->type));
    if (def->type == CONF_STR) {
        int64_t max = def->max > 0 ? def->max : CONF_STR_MAX;
        if ((int64_t)text.len < def->min || (int64_t)text.len > max)
            return str_printf(arena, "%s must have %lld to %lld bytes", def->name,
                              (long long)def->min, (long long)max);
        if (!utf8_valid(text) || memchr(text.at ? text.at : "", 0, text.len))
            return str_printf(arena, "%s must be UTF-8 text", def->name);
    } else if (def->min != def->max && (number < def->min || number > def->max)) {
        const char *unit = def->type == CONF_DURATION ? " microseconds"
                           : def->type == CONF_SIZE   ? " bytes"
                                                      : "";
        return str_printf(arena, "%s must be from %lld to %lld%s", def->name, (long long)def->min,
                          (long long)def->max, unit);
    }
    *out_number = number;
    return STR_NONE;
}

/* ---- declaring and setting ---- */

static struct value *find(struct str name)
{
    for (size_t i = 0; i < values_len; i++)
        if (str_eq(name, str_of(values[i].def->name)))
            return &values[i];
    return NULL;
}

void conf_declare(const struct conf_def *defs)
{
    if (!values_arena)
        values_arena = arena_new(0);
    for (const struct conf_def *def = defs; def->name; def++) {
        assert(values_len < CONF_MAX && !find(str_of(def->name)));
        struct value value = {.def = def,
                              .text = str_of(def->fallback ? def->fallback : ""),
                              .where = STR(""),
                              .source = CONF_FROM_DEFAULT};
        struct str wrong = misfit(values_arena, def, value.text, &value.number);
        assert(!wrong.at); /* a default outside its own bounds */
        values[values_len++] = value;
    }
}

static struct str nearest_name(struct arena *arena, struct str name)
{
    struct str *names = NEW_ARRAY(arena, struct str, values_len + 1);
    for (size_t i = 0; i < values_len; i++)
        names[i] = str_of(values[i].def->name);
    return text_nearest(name, names, values_len);
}

static enum rc set_at(struct arena *arena, struct str name, struct str text,
                      enum conf_source source, struct str where, struct str *out_error)
{
    struct value *value = find(name);
    if (!value) {
        struct str near = nearest_name(arena, name);
        *out_error = near.at ? str_printf(arena,
                                          STR_FMT ": there is no setting " STR_FMT
                                                  "; did you mean " STR_FMT "?",
                                          STR_ARG(where), STR_ARG(name), STR_ARG(near))
                             : str_printf(arena, STR_FMT ": there is no setting " STR_FMT,
                                          STR_ARG(where), STR_ARG(name));
        return RC_INVALID;
    }
    int64_t number = 0;
    struct str wrong = misfit(arena, value->def, text, &number);
    if (wrong.at) {
        *out_error = str_printf(arena, STR_FMT ": " STR_FMT, STR_ARG(where), STR_ARG(wrong));
        return RC_INVALID;
    }
    if (source < value->source) /* a stronger place has spoken */
        return RC_OK;
    value->text = str_dup(values_arena, text.at ? text : STR(""));
    value->where = str_dup(values_arena, where);
    value->source = source;
    value->number = number;
    return RC_OK;
}

enum rc conf_set(struct arena *arena, struct str name, struct str value, enum conf_source source,
                 struct str *out_error)
{
    struct str where = str_printf(arena, "--" STR_FMT, STR_ARG(name));
    return set_at(arena, name, value, source, where, out_error);
}

enum rc conf_set_arg(struct arena *arena, struct str assignment, struct str *out_error)
{
    struct str value = assignment, name = str_trim(str_cut(&value, '='));
    if (!value.at) {
        *out_error = STR("--set needs name=value");
        return RC_INVALID;
    }
    return set_at(arena, name, str_trim(value), CONF_FROM_ARGS, STR("--set"), out_error);
}

/* ---- file and environment ---- */

static enum rc load_line(struct arena *arena, const char *path, long line_i, struct str line,
                         struct str *out_error)
{
    struct str where = str_printf(arena, "%s:%ld", path, line_i);
    struct str value = str_trim(line);
    if (value.len == 0 || value.at[0] == '#')
        return RC_OK;
    struct str name = str_trim(str_cut(&value, '='));
    if (!value.at) {
        *out_error = str_printf(arena, STR_FMT ": expected name = value", STR_ARG(where));
        return RC_INVALID;
    }
    return set_at(arena, name, str_trim(value), CONF_FROM_FILE, where, out_error);
}

enum rc conf_load_file(struct arena *arena, const char *path, struct str *out_error)
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        *out_error = str_printf(arena, "%s: %s", path, strerror(errno));
        return RC_INVALID;
    }
    AUTO_BUF text = BUF(CONF_FILE_MAX);
    char part[4096];
    size_t got;
    while ((got = fread(part, 1, sizeof(part), file)) > 0)
        buf_put(&text, (struct str){part, got});
    bool is_broken = ferror(file) != 0;
    (void)fclose(file);
    if (is_broken || text.is_over) {
        *out_error = str_printf(arena, "%s: %s", path,
                                is_broken ? "cannot be read" : "is larger than 1 MiB");
        return RC_INVALID;
    }
    long line_i = 0;
    for (struct str rest = buf_str(&text); rest.at;)
        TRY(load_line(arena, path, ++line_i, str_cut(&rest, '\n'), out_error));
    return RC_OK;
}

/* Variables of our prefix that are for tests, not settings. */
static bool is_for_tests(struct str variable)
{
    return str_starts(variable, STR("KONTOR_TEST_")) || str_starts(variable, STR("KONTOR_KILL_"));
}

enum rc conf_load_env(struct arena *arena, char *const *environment, struct str *out_error)
{
    for (char *const *entry = environment; *entry; entry++) {
        struct str value = str_of(*entry), variable = str_cut(&value, '=');
        if (!value.at || !str_starts(variable, STR("KONTOR_")) || is_for_tests(variable))
            continue;
        struct str upper = str_sub(variable, strlen("KONTOR_"), variable.len);
        char *name = str_c(arena, upper);
        for (size_t i = 0; i < upper.len; i++)
            name[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
        TRY(set_at(arena, str_of(name), value, CONF_FROM_ENV, variable, out_error));
    }
    return RC_OK;
}

/* ---- reading ---- */

static const struct value *get(const char *name, enum conf_type type)
{
    const struct value *value = find(str_of(name));
    assert(value && value->def->type == type); /* undeclared, or of another type */
    return value;
}

struct str conf_str(const char *name)
{
    return get(name, CONF_STR)->text;
}

int64_t conf_int(const char *name)
{
    return get(name, CONF_INT)->number;
}

int64_t conf_duration_us(const char *name)
{
    return get(name, CONF_DURATION)->number;
}

int64_t conf_size_bytes(const char *name)
{
    return get(name, CONF_SIZE)->number;
}

bool conf_bool(const char *name)
{
    return get(name, CONF_BOOL)->number != 0;
}

/* ---- listing ---- */

size_t conf_count(void)
{
    return values_len;
}

struct conf_item conf_item(struct arena *arena, size_t i)
{
    assert(i < values_len);
    const struct value *value = &values[i];
    struct str shown = value->text;
    if (value->def->is_secret)
        shown = shown.len > 0 ? STR("(set)") : STR("");
    return (struct conf_item){value->def, str_dup(arena, shown), value->source, value->where};
}

const char *conf_type_name(enum conf_type type)
{
    static const char *const names[] = {"", "text", "number", "duration", "size", "yes or no"};
    assert(type >= CONF_STR && type <= CONF_BOOL);
    return names[type];
}

const char *conf_source_name(enum conf_source source)
{
    static const char *const names[] = {"", "default", "file", "environment", "command line"};
    assert(source >= CONF_FROM_DEFAULT && source <= CONF_FROM_ARGS);
    return names[source];
}

void conf_reset(void)
{
    values_len = 0;
    arena_free(values_arena);
    values_arena = NULL;
}
