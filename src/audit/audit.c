/* audit: writing down. Each text that may be somebody's data is stored beside a commitment to it:
 * what is hashed into the chain is the commitment, so the text can go later. */
#include "audit/audit.h"

#include "audit/audit_int.h"

const struct permission audit_permissions[] = {
    {"audit.read", M("See the journal of changes"), ACTOR_STAFF},
};
const size_t audit_permissions_len = LEN(audit_permissions);

/* ---- names ---- */

static const struct audit_name *tables[AUDIT_TABLES_MAX];
static size_t tables_len;

void audit_name_declare(const struct audit_name *names)
{
    for (size_t i = 0; i < tables_len; i++)
        if (tables[i] == names)
            return;
    assert(tables_len < AUDIT_TABLES_MAX);
    tables[tables_len++] = names;
}

enum { AUDIT_LABELS_MAX = 16 };
static const struct audit_label *labels[AUDIT_LABELS_MAX];
static size_t labels_len;

void audit_label_declare(const struct audit_label *declared)
{
    for (size_t i = 0; i < labels_len; i++)
        if (labels[i] == declared)
            return;
    assert(labels_len < AUDIT_LABELS_MAX);
    labels[labels_len++] = declared;
}

struct str audit__label_words(struct op *op, struct str record, struct str label)
{
    if (!label.at)
        return tr(op->lang, M("Erased"));
    for (size_t i = 0; i < labels_len; i++)
        for (const struct audit_label *one = labels[i]; one->record; one++)
            if (str_eq(record, str_of(one->record)))
                return one->words(op, label);
    return label;
}

const struct audit_name *audit__name(struct str name)
{
    for (size_t i = 0; i < tables_len; i++)
        for (const struct audit_name *n = tables[i]; n->name; n++)
            if (str_eq(str_of(n->name), name))
                return n;
    return NULL;
}

const struct audit_name *audit__name_at(bool is_action, size_t n)
{
    for (size_t i = 0; i < tables_len; i++)
        for (const struct audit_name *name = tables[i]; name->name; name++) {
            if (strchr(name->name, ':') || (strchr(name->name, '.') != NULL) != is_action)
                continue;
            if (n-- == 0)
                return name;
        }
    return NULL;
}

static const struct audit_words *words_tables[AUDIT_TABLES_MAX];
static size_t words_tables_len;

void audit_words_declare(const struct audit_words *sets)
{
    for (size_t i = 0; i < words_tables_len; i++)
        if (words_tables[i] == sets)
            return;
    assert(words_tables_len < AUDIT_TABLES_MAX);
    words_tables[words_tables_len++] = sets;
}

static const struct ui_word *words_of(struct str field)
{
    for (size_t i = 0; i < words_tables_len; i++)
        for (const struct audit_words *set = words_tables[i]; set->field; set++)
            if (str_eq(str_of(set->field), field))
                return set->words;
    return NULL;
}

struct str audit__value_words(struct op *op, struct str record, const char *field, struct str text)
{
    int64_t at_us;
    struct date day;
    const struct ui_word *words =
        words_of(str_printf(op->arena, STR_FMT ":%s", STR_ARG(record), field));
    if (words)
        return ui_word_of(op->lang, words, text);
    if (strcmp(field, "state") == 0 && ui_state_exists(text))
        return ui_state_word(op->arena, op->lang, str_c(op->arena, record), text);
    if (str_eq(text, STR("true")))
        return tr(op->lang, M("Yes"));
    if (str_eq(text, STR("false")))
        return tr(op->lang, M("No"));
    if (date_parse(text, &day))
        return i18n_date(op->arena, op->lang, day, DATE_MEDIUM, PLACE_START);
    if (text.len >= 20 && text.len <= 32 && instant_parse(text, &at_us))
        return i18n_date_time(op->arena, op->lang, at_us, op->zone);
    return text;
}

static struct str label_or(struct op *op, struct str name)
{
    const struct audit_name *known = audit__name(name);
    return known ? tr(op->lang, known->label) : name;
}

struct str audit__record_words(struct op *op, struct str record)
{
    return label_or(op, record);
}

struct str audit__action_words(struct op *op, struct str action)
{
    return label_or(op, action);
}

const char *audit__field_label(struct op *op, struct str record, const char *field)
{
    struct str name = str_printf(op->arena, STR_FMT ":%s", STR_ARG(record), field);
    const struct audit_name *known = audit__name(name);
    return known ? known->label : NULL;
}

struct str audit__href(struct op *op, struct str record, int64_t record_id)
{
    const struct audit_name *known = audit__name(record);
    if (!known || !known->path || record_id <= 0)
        return STR_NONE;
    if (!known->prefix)
        return str_of(known->path);
    return str_printf(op->arena, "%s%s", known->path, pid_of(known->prefix, record_id).text);
}

/* ---- writing ---- */

/* Salts are cut from one piece of randomness: a call of the kernel for each would cost more than
 * the rest of an entry. */
static struct str salts_make(struct op *op, size_t len)
{
    char *at = arena_alloc(op->arena, len * AUDIT_SALT);
    random_bytes(at, len * AUDIT_SALT);
    return (struct str){at, len * AUDIT_SALT};
}

static struct str salt_take(struct str *salts)
{
    struct str salt = {salts->at, AUDIT_SALT};
    *salts = str_sub(*salts, AUDIT_SALT, SIZE_MAX);
    return salt;
}

static struct str commitment(struct op *op, struct str salt, const struct str *texts, size_t len)
{
    struct audit__digest *digest = NEW(op->arena, struct audit__digest);
    *digest = audit__commit(salt, texts, len);
    return audit__bytes(digest);
}

static struct str text_of(struct str text)
{
    return text.at ? text : STR("");
}

/* What the entries of one call have in common: who did it is committed to once. */
struct who {
    const struct audit__origin *origin;
    struct str name, address, salt, digest;
};

static struct who who_of(struct op *op, const struct audit__origin *origin)
{
    struct who who = {.origin = origin,
                      .name = text_of(origin->name),
                      .address = text_of(origin->address),
                      .salt = salts_make(op, 1)};
    struct str texts[] = {who.name, who.address};
    who.digest = commitment(op, who.salt, texts, LEN(texts));
    return who;
}

static struct q_audit_add_in row_of(struct op *op, const struct audit_entry *entry,
                                    const struct who *who, struct str salt, struct buf *buf)
{
    struct str label = utf8_cut(text_of(entry->label), AUDIT_TEXT_MAX);
    struct str changes = audit__changes_text(op->arena, buf, entry->changes, entry->changes_len);
    const struct audit__origin *origin = who->origin;
    return (struct q_audit_add_in){
        .at = origin->at,
        .actor_kind = (int64_t)origin->kind,
        .user_id = origin->user_id ? SOME(origin->user_id) : NONE,
        .partner_id = entry->partner_id,
        .request_id = text_of(origin->request_id),
        .action = str_of(entry->action),
        .record = str_of(entry->record),
        .record_id = entry->record_id,
        .message_id = origin->message_id,
        .actor = who->name,
        .address = who->address,
        .actor_salt = who->salt,
        .actor_digest = who->digest,
        .label = label,
        .label_salt = salt,
        .label_digest = commitment(op, salt, &label, 1),
        .changes = changes,
        .changes_digest = changes.at ? commitment(op, salt, &changes, 1) : STR_NONE,
    };
}

static enum rc add_all(struct op *op, const struct audit_entry *entries, size_t len,
                       const struct audit__origin *origin)
{
    enum { BUF_MAX = 64 << 20 };
    struct q_audit_add_in *rows = NEW_ARRAY(op->arena, struct q_audit_add_in, len);
    struct q_audit_pending_add_in *pending =
        NEW_ARRAY(op->arena, struct q_audit_pending_add_in, len);
    struct who who = who_of(op, origin);
    struct str salts = salts_make(op, len);
    struct i64_list ids = {0};
    AUTO_BUF buf = BUF(BUF_MAX);
    for (size_t i = 0; i < len; i++)
        rows[i] = row_of(op, &entries[i], &who, salt_take(&salts), &buf);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_audit_add(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        pending[i].audit_id = ids.at[i];
    TRY(q_audit_pending_add(op, pending, len, NULL));
    return txn_commit(&txn);
}

/* The rows of very many entries would fill the arena of the caller, who has no use for them. */
static enum rc add_in_parts(struct op *op, const struct audit_entry *entries, size_t len,
                            const struct audit__origin *origin)
{
    enum { PART = 5000, PART_BYTES_MAX = 256 << 20 };
    AUTO_ARENA passing = arena_new(PART_BYTES_MAX);
    struct arena *own = op->arena;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    for (size_t i = 0; i < len; i += PART) {
        op->arena = passing;
        enum rc rc = add_all(op, entries + i, len - i < PART ? len - i : PART, origin);
        op->arena = own;
        TRY(rc);
        arena_reset(passing);
    }
    return txn_commit(&txn);
}

enum rc audit__add(struct op *op, const struct audit_entry *entry,
                   const struct audit__origin *origin)
{
    return add_all(op, entry, 1, origin);
}

enum rc audit_add_all(struct op *op, const struct audit_entry *entries, size_t len)
{
    struct audit__origin origin = {
        .at = op->now,
        .kind = op->actor.kind,
        .user_id = op->actor.user_id,
        .name = op->actor.name,
        .address = op->actor.address,
        .request_id = op->request_id,
    };
    for (size_t i = 0; i < len; i++) { /* declared by their modules */
        bool is_like_last = i > 0 && entries[i].action == entries[i - 1].action &&
                            entries[i].record == entries[i - 1].record;
        assert(is_like_last || audit__name(str_of(entries[i].action)));
        assert(is_like_last || audit__name(str_of(entries[i].record)));
    }
    if (len == 0)
        return RC_OK;
    return len == 1 ? add_all(op, entries, 1, &origin) : add_in_parts(op, entries, len, &origin);
}

enum rc audit_add(struct op *op, const struct audit_entry *entry)
{
    return audit_add_all(op, entry, 1);
}

/* ---- what modules below tell by a message ---- */

static int64_t number(const struct json_value *object, const char *key)
{
    int64_t value;
    return json_i64(json_get(object, key), &value) ? value : 0;
}

static enum rc take_note(struct op *op, const struct outbox_message *message)
{
    const struct json_value *note = message->payload;
    struct audit_id_row row;
    enum rc rc = q_audit_by_message(op, &(struct q_audit_by_message_in){message->id}, &row);
    if (rc != RC_MISSING)
        return rc; /* written down already */
    struct audit__origin origin = {
        .at = message->created_at,
        .kind = (enum actor_kind)number(note, "actor_kind"),
        .user_id = number(note, "user_id"),
        .name = json_text(json_get(note, "actor")),
        .address = json_text(json_get(note, "address")),
        .request_id = json_text(json_get(note, "request_id")),
        .message_id = SOME(message->id),
    };
    struct audit_entry entry = {
        .action = str_c(op->arena, json_text(json_get(note, "action"))),
        .record = str_c(op->arena, json_text(json_get(note, "record"))),
        .record_id = number(note, "record_id"),
        .label = json_text(json_get(note, "label")),
    };
    return audit__add(op, &entry, &origin);
}

const struct outbox_subscriber audit_subscribers[] = {
    {.name = "audit.note", .topic = "audit.note", .deliver = take_note},
    {0},
};

/* ---- the usual case ---- */

struct str audit_text_i64(struct op *op, int64_t value)
{
    return str_printf(op->arena, "%lld", (long long)value);
}

struct str audit_text_opt(struct op *op, struct opt_i64 value)
{
    return value.has ? audit_text_i64(op, value.v) : STR_NONE;
}

struct str audit_text_bool(bool value)
{
    return value ? STR("true") : STR("false");
}

struct str audit_text_instant(struct op *op, int64_t at_us)
{
    return instant_print(op->arena, at_us);
}

struct audit_changes audit_diff(struct op *op, const struct audit_value *before,
                                const struct audit_value *after, size_t len)
{
    struct audit_change *at = NEW_ARRAY(op->arena, struct audit_change, len ? len : 1);
    size_t n = 0;
    assert(before || after);
    for (size_t i = 0; i < len; i++) {
        assert(!before || !after || strcmp(before[i].field, after[i].field) == 0);
        struct str was = before ? before[i].text : STR_NONE;
        struct str is = after ? after[i].text : STR_NONE;
        if (str_eq(was, is)) /* absent equals empty: people see no difference */
            continue;
        at[n++] = (struct audit_change){
            .field = (before ? before : after)[i].field, .before = was, .after = is};
    }
    return (struct audit_changes){at, n};
}

enum rc audit_add_diff(struct op *op, const struct audit_entry *entry,
                       const struct audit_value *before, const struct audit_value *after,
                       size_t len)
{
    struct audit_changes changes = audit_diff(op, before, after, len);
    struct audit_entry whole = *entry;
    if (before && after && changes.len == 0)
        return RC_OK;
    whole.changes = changes.at;
    whole.changes_len = changes.len;
    return audit_add(op, &whole);
}

enum rc audit_add_flag(struct op *op, const struct audit_entry *entry, const char *field, bool was,
                       bool is)
{
    struct audit_value old = {field, audit_text_bool(was)}, new = {field, audit_text_bool(is)};
    return audit_add_diff(op, entry, &old, &new, 1);
}

/* ---- erasing ---- */

enum rc audit_erase_actor(struct op *op, int64_t user_id)
{
    return q_audit_erase_actor(op, &(struct q_audit_erase_actor_in){.user_id = user_id});
}

static enum rc erase(struct op *op, const struct audit_text *entry)
{
    struct audit__changes changes;
    struct str erased = STR_NONE;
    /* What cannot be read goes as a whole: the journal's proof says that it is broken. */
    if (entry->changes.at && audit__changes_read(op->arena, entry->changes, &changes))
        erased = audit__changes_erased(op, &changes);
    return q_audit_erase(op, &(struct q_audit_erase_in){.id = entry->id, .changes = erased});
}

enum rc audit_erase_record(struct op *op, const char *record, int64_t record_id)
{
    struct audit_text_rows rows;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_audit_texts(
        op, &(struct q_audit_texts_in){.record = str_of(record), .record_id = record_id}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(erase(op, &rows.at[i]));
    return txn_commit(&txn);
}
