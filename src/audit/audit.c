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

static struct str salt_make(struct op *op)
{
    char *at = arena_alloc(op->arena, AUDIT_SALT);
    random_bytes(at, AUDIT_SALT);
    return (struct str){at, AUDIT_SALT};
}

static struct str text_of(struct str text)
{
    return text.at ? text : STR("");
}

static enum rc add_changes(struct op *op, const struct audit_entry *entry, int64_t audit_id)
{
    assert(entry->changes_len <= AUDIT_CHANGES_MAX);
    for (size_t i = 0; i < entry->changes_len; i++) {
        const struct audit_change *c = &entry->changes[i];
        struct str salt = salt_make(op);
        struct str texts[] = {str_of(c->field), utf8_cut(c->before, AUDIT_TEXT_MAX),
                              utf8_cut(c->after, AUDIT_TEXT_MAX)};
        struct audit__digest digest = audit__commit(salt, texts, LEN(texts));
        TRY(q_audit_change_add(op, &(struct q_audit_change_add_in){
                                       .audit_id = audit_id,
                                       .place = (int64_t)i,
                                       .field = texts[0],
                                       .before = texts[1],
                                       .after = texts[2],
                                       .salt = salt,
                                       .digest = audit__bytes(&digest),
                                   }));
    }
    return RC_OK;
}

enum rc audit__add(struct op *op, const struct audit_entry *entry,
                   const struct audit__origin *origin)
{
    struct str actor_salt = salt_make(op), label_salt = salt_make(op);
    struct str who[] = {text_of(origin->name), text_of(origin->address)};
    struct str label = utf8_cut(text_of(entry->label), AUDIT_TEXT_MAX);
    struct audit__digest actor_digest = audit__commit(actor_salt, who, LEN(who));
    struct audit__digest label_digest = audit__commit(label_salt, &label, 1);
    int64_t id;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_audit_add(op,
                    &(struct q_audit_add_in){
                        .at = origin->at,
                        .actor_kind = (int64_t)origin->kind,
                        .user_id = origin->user_id ? SOME(origin->user_id) : NONE,
                        .partner_id = entry->partner_id,
                        .request_id = text_of(origin->request_id),
                        .action = str_of(entry->action),
                        .record = str_of(entry->record),
                        .record_id = entry->record_id,
                        .message_id = origin->message_id,
                        .actor = who[0],
                        .address = who[1],
                        .actor_salt = actor_salt,
                        .actor_digest = audit__bytes(&actor_digest),
                        .label = label,
                        .label_salt = label_salt,
                        .label_digest = audit__bytes(&label_digest),
                    },
                    &id));
    TRY(add_changes(op, entry, id));
    TRY(q_audit_pending_add(op, &(struct q_audit_pending_add_in){.audit_id = id}));
    return txn_commit(&txn);
}

enum rc audit_add(struct op *op, const struct audit_entry *entry)
{
    struct audit__origin origin = {
        .at = op->now,
        .kind = op->actor.kind,
        .user_id = op->actor.user_id,
        .name = op->actor.name,
        .address = op->actor.address,
        .request_id = op->request_id,
    };
    assert(audit__name(str_of(entry->action))); /* declared by its module */
    assert(audit__name(str_of(entry->record)));
    return audit__add(op, entry, &origin);
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

/* ---- erasing ---- */

enum rc audit_erase_actor(struct op *op, int64_t user_id)
{
    return q_audit_erase_actor(op, &(struct q_audit_erase_actor_in){.user_id = user_id});
}

enum rc audit_erase_record(struct op *op, const char *record, int64_t record_id,
                           const char *const *fields)
{
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_audit_erase_label(
        op, &(struct q_audit_erase_label_in){.record = str_of(record), .record_id = record_id}));
    if (!fields)
        TRY(q_audit_erase_changes(op, &(struct q_audit_erase_changes_in){.record = str_of(record),
                                                                         .record_id = record_id}));
    for (size_t i = 0; fields && fields[i]; i++)
        TRY(q_audit_erase_field(op, &(struct q_audit_erase_field_in){.record = str_of(record),
                                                                     .record_id = record_id,
                                                                     .field = str_of(fields[i])}));
    return txn_commit(&txn);
}
