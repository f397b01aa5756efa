/* setting: declared records, values with defaults, and a copy of them in memory. The copy is of one
 * database, belongs to one revision, and is compared with the database's revision at most once a
 * second and after each commit of this process that changed something. Inside a transaction the
 * database itself is asked, so that a change made there is seen there and nowhere else. */
#include "setting/setting.h"

#include <pthread.h>

#include "conf/conf.h"
#include "setting/setting_int.h"
#include "setting/setting_web.h"

static const struct setting_def *defs[SETTINGS_MAX];
static size_t defs_len;
static struct audit_name names[SETTINGS_MAX + 3]; /* of record, action and fields; ended by {0} */
static char field_names[SETTINGS_MAX][96];

const struct permission setting_permissions[] = {
    {"setting.read", M("See the settings"), ACTOR_STAFF},
    {"setting.edit", M("Change the settings"), ACTOR_STAFF},
};
const size_t setting_permissions_len = LEN(setting_permissions);

static struct {
    pthread_mutex_t mutex;
    struct arena *arena;
    struct str url; /* of the database that the copy is of; absent: no copy */
    int64_t revision, checked_mono;
    struct str values[SETTINGS_MAX]; /* by number of the setting; absent: the default */
} copy = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void lock(void)
{
    int failed = pthread_mutex_lock(&copy.mutex);
    assert(!failed);
}

static void unlock(void)
{
    int failed = pthread_mutex_unlock(&copy.mutex);
    assert(!failed);
}

/* ---- declaring ---- */

const struct setting_def *setting__at(size_t i)
{
    return i < defs_len ? defs[i] : NULL;
}

const struct setting_def *setting__find(struct str key)
{
    for (size_t i = 0; i < defs_len; i++)
        if (str_eq(str_of(defs[i]->key), key))
            return defs[i];
    return NULL;
}

static bool is_in_conf(struct str key)
{
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < conf_count(); i++)
        if (str_eq(str_of(conf_item(arena, i).def->name), key))
            return true;
    return false;
}

static void check_def(const struct setting_def *def)
{
    AUTO_ARENA arena = arena_new(0);
    struct op op = {.arena = arena, .lang = lang_of(LANG_EN), .fault = {.arena = arena}};
    const char *args[2];
    struct str text;
    assert(def->label && def->group && def->fallback && def->type);
    assert(!setting__find(str_of(def->key)));
    assert(!is_in_conf(str_of(def->key)));
    const char *wrong = setting__check(&op, def, str_of(def->fallback), &text, args);
    assert(!wrong);
}

static void name_in_audit(const struct setting_def *def)
{
    if (!names[0].name) {
        names[0] = (struct audit_name){"setting", M("Settings"), "/settings", NULL};
        names[1] = (struct audit_name){"setting.edit", M("Settings changed"), NULL, NULL};
        audit_name_declare(names);
    }
    snprintf(field_names[defs_len], sizeof(field_names[0]), "setting:%s", def->key);
    names[defs_len + 2] = (struct audit_name){field_names[defs_len], def->label, NULL, NULL};
}

static void drop_copy(void);
static const struct signal copy_signal = {"settings", drop_copy};

void setting_declare(const struct setting_def *table)
{
    signal_declare(&copy_signal);
    for (const struct setting_def *def = table; def->key; def++) {
        if (setting__find(str_of(def->key)) == def)
            return; /* a module may be set up twice by a test */
        check_def(def);
        assert(defs_len < SETTINGS_MAX && strlen(def->key) < sizeof(field_names[0]) - 10);
        name_in_audit(def);
        defs[defs_len++] = def;
        setting__web_add(def, defs_len - 1);
    }
}

void setting_forget(void)
{
    lock();
    defs_len = 0;
    memset(names + 2, 0, sizeof(names) - 2 * sizeof(names[0]));
    copy.url = STR_NONE;
    setting__web_forget();
    unlock();
}

/* ---- checking ---- */

static const char *check_number(struct op *op, const struct setting_def *def, struct str text,
                                struct str *out, const char *out_args[2])
{
    int64_t value;
    const char *wrong = NULL;
    struct str bare = str_trim(text);
    if (!str_to_i64(bare, &value))
        wrong = i18n_parse_scaled(op->lang, bare, 0, &value); /* with the language's grouping */
    if (wrong)
        return wrong;
    if (def->min < def->max && (value < def->min || value > def->max)) {
        out_args[0] = str_c(op->arena, i18n_i64(op->arena, op->lang, def->min));
        out_args[1] = str_c(op->arena, i18n_i64(op->arena, op->lang, def->max));
        return M("A number from {0} to {1}.");
    }
    *out = str_printf(op->arena, "%lld", (long long)value);
    return NULL;
}

static const char *check_text(struct op *op, const struct setting_def *def, struct str text,
                              struct str *out, const char *out_args[2])
{
    struct str line = text_clean_line(op->arena, text);
    int64_t max = def->max ? def->max : SETTING_TEXT_MAX;
    int64_t len = (int64_t)utf8_count(line);
    if (len < def->min || len > max) {
        out_args[0] = str_c(op->arena, i18n_i64(op->arena, op->lang, def->min));
        out_args[1] = str_c(op->arena, i18n_i64(op->arena, op->lang, max));
        return M("A text of {0} to {1} characters.");
    }
    *out = line;
    return NULL;
}

const char *setting__check(struct op *op, const struct setting_def *def, struct str text,
                           struct str *out, const char *out_args[2])
{
    out_args[0] = out_args[1] = NULL;
    switch (def->type) {
    case SETTING_BOOL:
        if (!str_eq(text, STR("true")) && !str_eq(text, STR("false")))
            return M("Either true or false.");
        *out = text;
        return NULL;
    case SETTING_INT: return check_number(op, def, text, out, out_args);
    case SETTING_TEXT: return check_text(op, def, text, out, out_args);
    case SETTING_CHOICE:
        for (const struct setting_choice *c = def->choices; c->value; c++)
            if (str_eq(str_of(c->value), text)) {
                *out = text;
                return NULL;
            }
        return M("Not one of the choices.");
    }
    return M("Not one of the choices.");
}

/* ---- reading ---- */

enum rc setting__read(struct op *op, const struct setting_def *def, struct str *out)
{
    struct setting_row row;
    enum rc rc = q_setting_one(op, &(struct q_setting_one_in){.key = str_of(def->key)}, &row);
    if (rc == RC_MISSING) {
        *out = str_of(def->fallback);
        return RC_OK;
    }
    TRY(rc);
    *out = row.value;
    return RC_OK;
}

static void drop_copy(void)
{
    lock();
    copy.checked_mono = 0;
    unlock();
}

static size_t number_of(struct str key)
{
    for (size_t i = 0; i < defs_len; i++)
        if (str_eq(str_of(defs[i]->key), key))
            return i;
    return SIZE_MAX;
}

static enum rc copy_all(struct op *op, int64_t revision)
{
    struct setting_row_rows rows;
    TRY(q_setting_all(op, &rows));
    if (!copy.arena)
        copy.arena = arena_new(0);
    arena_reset(copy.arena);
    memset(copy.values, 0, sizeof(copy.values));
    copy.url = str_dup(copy.arena, database_url(db_database(op->db)));
    for (size_t i = 0; i < rows.len; i++) {
        size_t n = number_of(rows.at[i].key);
        if (n != SIZE_MAX) /* of a version that knew more: kept, not used */
            copy.values[n] = str_dup(copy.arena, rows.at[i].value);
    }
    copy.revision = revision;
    return RC_OK;
}

/* Under the mutex. */
static enum rc refresh(struct op *op)
{
    struct setting_revision now;
    int64_t mono = when_mono_us();
    bool is_same = copy.url.at && str_eq(copy.url, database_url(db_database(op->db)));
    if (is_same && copy.checked_mono && mono - copy.checked_mono < US_SECOND)
        return RC_OK;
    TRY(q_setting_revision(op, &now));
    if (!is_same || now.revision != copy.revision)
        TRY(copy_all(op, now.revision));
    copy.checked_mono = mono;
    return RC_OK;
}

static enum rc value_of(struct op *op, const struct setting_def *def, struct str *out)
{
    if (db_in_transaction(op->db))
        return setting__read(op, def, out);
    lock();
    enum rc rc = refresh(op);
    struct str value = copy.values[number_of(str_of(def->key))];
    if (rc == RC_OK)
        *out = str_dup(op->arena, value.at ? value : str_of(def->fallback));
    unlock();
    return rc;
}

static const struct setting_def *must_find(const char *key, enum setting_type type)
{
    const struct setting_def *def = setting__find(str_of(key));
    assert(def); /* declared by its module */
    assert(def->type == type || (def->type == SETTING_CHOICE && type == SETTING_TEXT));
    return def;
}

enum rc setting_bool(struct op *op, const char *key, bool *out)
{
    struct str text;
    TRY(value_of(op, must_find(key, SETTING_BOOL), &text));
    *out = str_eq(text, STR("true"));
    return RC_OK;
}

enum rc setting_int(struct op *op, const char *key, int64_t *out)
{
    const struct setting_def *def = must_find(key, SETTING_INT);
    struct str text;
    TRY(value_of(op, def, &text));
    if (!str_to_i64(text, out)) {
        bool is_fine = str_to_i64(str_of(def->fallback), out); /* checked when declared */
        assert(is_fine);
    }
    return RC_OK;
}

enum rc setting_text(struct op *op, const char *key, struct str *out)
{
    return value_of(op, must_find(key, SETTING_TEXT), out);
}

/* ---- changing ---- */

enum rc setting__store(struct op *op, const struct str *texts, int64_t revision)
{
    struct audit_value before[SETTINGS_MAX], after[SETTINGS_MAX];
    size_t len = 0;
    for (size_t i = 0; i < defs_len; i++) {
        struct str old;
        if (!texts[i].at)
            continue;
        TRY(setting__read(op, defs[i], &old));
        if (str_eq(old, texts[i]))
            continue;
        before[len] = (struct audit_value){defs[i]->key, old};
        after[len++] = (struct audit_value){defs[i]->key, texts[i]};
        TRY(q_setting_put(op, &(struct q_setting_put_in){
                                  .key = str_of(defs[i]->key), .value = texts[i], .now = op->now}));
    }
    if (len == 0)
        return RC_OK;
    enum rc rc = RC_OK;
    if (revision)
        rc = q_setting_bump_from(op, &(struct q_setting_bump_from_in){.revision = revision});
    else
        rc = q_setting_bump(op);
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL,
                    M("Somebody else changed the settings meanwhile. Look at them again."));
    TRY(rc);
    op_signal(op, &copy_signal);
    return audit_add_diff(
        op,
        &(struct audit_entry){
            .action = "setting.edit", .record = "setting", .record_id = 1, .label = STR("")},
        before, after, len);
}

enum rc setting_set(struct op *op, const char *key, struct str value)
{
    const struct setting_def *def = setting__find(str_of(key));
    struct str texts[SETTINGS_MAX] = {{0}};
    const char *args[2];
    TRY(op_must(op, "setting.edit"));
    if (!def)
        return fail(op, RC_MISSING, NULL, M("There is no setting {0}."), key);
    const char *wrong = setting__check(op, def, value, &texts[number_of(str_of(key))], args);
    if (wrong)
        return fail(op, RC_INVALID, def->key, wrong, args[0], args[1]);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(setting__store(op, texts, 0));
    return txn_commit(&txn);
}
