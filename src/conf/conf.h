/* conf: what the process is told at start. Modules declare settings as tables; values come from
 * default < file < environment (KONTOR_NAME) < command line, and are read-only afterwards. An
 * unknown name is an error with the nearest known one. Business settings that people edit in the
 * console are another thing (setting). */
#ifndef KONTOR_CONF_H
#define KONTOR_CONF_H

#include "base/base.h"

enum conf_type {
    CONF_STR = 1,
    CONF_INT,
    CONF_DURATION, /* "250ms", "10s", "5m", "24h", "30d": microseconds */
    CONF_SIZE,     /* "512", "64KiB", "20MiB", "1GiB": bytes */
    CONF_BOOL      /* true, false, yes, no, on, off, 1, 0 */
};

enum conf_source { CONF_FROM_DEFAULT = 1, CONF_FROM_FILE, CONF_FROM_ENV, CONF_FROM_ARGS };

struct conf_def {
    const char *name; /* lower_snake: "http_port"; in the environment KONTOR_HTTP_PORT */
    enum conf_type type;
    const char *fallback; /* the default, as text */
    int64_t min, max;     /* bounds of numbers in their unit; of CONF_STR: length in bytes (max 0:
                             4096). Equal bounds of a number mean none */
    const char *help;     /* one English sentence */
    bool is_secret;       /* never printed */
};

/* The table is ended by {0} and lives as long as the process. Two settings of one name, or a
 * default outside its own bounds, stop the process. */
void conf_declare(const struct conf_def *defs);

/* Each gives RC_INVALID with a ready English line in out_error (from arena): "kontor.conf:3: …". */
enum rc conf_load_file(struct arena *arena, const char *path, struct str *out_error);
enum rc conf_load_env(struct arena *arena, char *const *environment, struct str *out_error);
enum rc conf_set(struct arena *arena, struct str name, struct str value, enum conf_source source,
                 struct str *out_error);
/* "key=value" of --set. */
enum rc conf_set_arg(struct arena *arena, struct str assignment, struct str *out_error);

/* The name must be declared with that type, or the process stops. */
struct str conf_str(const char *name);
int64_t conf_int(const char *name);
int64_t conf_duration_us(const char *name);
int64_t conf_size_bytes(const char *name);
bool conf_bool(const char *name);

/* For `kontor config` and the docs: in order of declaration. */
struct conf_item {
    const struct conf_def *def;
    struct str value; /* as text; "(set)" or "" for secrets */
    enum conf_source source;
    struct str where; /* "kontor.conf:3", "KONTOR_HTTP_PORT", "--set", or "" */
};
size_t conf_count(void);
struct conf_item conf_item(struct arena *arena, size_t i);
const char *conf_type_name(enum conf_type type);
const char *conf_source_name(enum conf_source source);

void conf_reset(void); /* tests: nothing declared, nothing set */

/* The value syntaxes, usable elsewhere. */
MUST_USE bool conf_parse_duration(struct str text, int64_t *out_us);
MUST_USE bool conf_parse_size(struct str text, int64_t *out_bytes);

#endif
