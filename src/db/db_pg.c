/* db_pg: the PostgreSQL driver. libpq is loaded when the first URL asks for it, so an installation
 * on SQLite does not need it. Values travel in binary both ways: integers as int8, texts as bytes;
 * result columns are checked by type instead of being parsed. A statement is prepared on its first
 * run under a name of its own; a stream is read through a cursor, so that other queries can run on
 * the connection meanwhile. */
#include "db/db_pg.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { FETCH_ROWS = 500, VALUES_MAX = 640 };

static const struct libpq *pq;

static struct connection *connection_of(const struct db *db)
{
    return db->handle;
}

static PGconn *conn_of(const struct db *db)
{
    return connection_of(db)->conn;
}

/* ---- failures ---- */

static void note_message(struct db *db, const char *text)
{
    struct str rest = str_of(text),
               line = str_sub(str_cut(&rest, '\n'), 0, sizeof(db->message) - 1);
    memcpy(db->message, line.at, line.len);
    db->message[line.len] = '\0';
}

/* "table.a,table.b" from the table's name and "Key (a, b)=(…) already exists." */
static void note_conflict(struct db *db, const PGresult *result)
{
    const char *table = pq->PQresultErrorField(result, PG_DIAG_TABLE_NAME);
    const char *detail = pq->PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *at = detail ? strchr(detail, '(') : NULL;
    size_t len = 0, max = sizeof(db->conflict);
    db->conflict[0] = '\0';
    while (table && at && *at && *at != ')' && len < max) {
        at += *at == ',';
        at += 1; /* the parenthesis or the space */
        size_t name = strcspn(at, ",)");
        int put = snprintf(db->conflict + len, max - len, "%s%s.%.*s", len ? "," : "", table,
                           (int)name, at);
        len += (size_t)put;
        at += name;
    }
}

static bool is_lost_now(struct db *db)
{
    if (pq->PQstatus(conn_of(db)) != CONNECTION_BAD)
        return false;
    db->is_lost = true;
    return true;
}

struct meaning {
    const char *state; /* SQLSTATE or its class */
    enum rc rc;
};

static const struct meaning meanings[] = {
    {"23505", RC_CONFLICT}, {"53100", RC_FULL}, {"40", RC_BUSY},  {"53300", RC_BUSY},
    {"55P03", RC_BUSY},     {"57014", RC_BUSY}, {"57P", RC_BUSY}, {"08", RC_BUSY},
    {"25006", RC_BUSY}, /* read only: a standby that was promoted away from */
};

static enum rc failed(struct db *db, const PGresult *result, bool may_have_written)
{
    const char *state = result ? pq->PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary = result ? pq->PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    note_message(db, primary ? primary : pq->PQerrorMessage(conn_of(db)));
    db->conflict[0] = '\0';
    if (is_lost_now(db))
        return may_have_written ? RC_UNSURE : RC_BUSY;
    for (size_t i = 0; state && i < LEN(meanings); i++) {
        if (!str_starts(str_of(state), str_of(meanings[i].state)))
            continue;
        if (meanings[i].rc == RC_CONFLICT)
            note_conflict(db, result);
        return meanings[i].rc;
    }
    return RC_BROKEN;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = pq->PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* ---- opening ---- */

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Of a connection: times in UTC, and what a page out of order costs. The server's own value is for
 * turning disks; by it a count of a few thousand rows is read from the table, each time from
 * another place that then has to come from outside the server's memory, instead of from an index.
 * What an administrator or the URL has set is left as it is. */
#define SETTINGS                                                                                   \
    "select set_config('random_page_cost', '1.1', false) from pg_settings "                        \
    "where name = 'random_page_cost' and source = 'default'; set timezone = 'UTC'"

static enum rc connect_now(struct db *db)
{
    struct connection *c = connection_of(db);
    /* What stands before the URL is a default, which the URL may change. */
    const char *const names[] = {"connect_timeout",
                                 "fallback_application_name",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "dbname",
                                 "client_encoding",
                                 NULL};
    const char *const values[] = {"5",    "kontor", "30", "10", "3", "30000", db->database->url.at,
                                  "UTF8", NULL};
    c->conn = pq->PQconnectdbParams(names, values, 1);
    if (!c->conn || pq->PQstatus(c->conn) != CONNECTION_OK) {
        note_message(db, c->conn ? pq->PQerrorMessage(c->conn) : "out of memory");
        db->is_lost = true;
        return RC_BUSY;
    }
    (void)pq->PQsetNoticeReceiver(c->conn, ignore_notice, NULL);
    int version = pq->PQserverVersion(c->conn);
    if (!db->database->version[0]) /* by database_open, before any other thread looks */
        (void)snprintf(db->database->version, sizeof(db->database->version), "PostgreSQL %d.%d",
                       version / 10000, version % 10000);
    if (version < 150000)
        return RC_INVALID;
    PGresult *result = pq->PQexec(
        c->conn, db->database->is_scratch ? SETTINGS "; set synchronous_commit = off" : SETTINGS);
    enum rc rc = is_good(result) ? RC_OK : failed(db, result, false);
    pq->PQclear(result);
    db->is_lost = rc != RC_OK;
    return rc;
}

static enum rc pg_open(struct db *db)
{
    if (!pq) /* by database_open, before any other thread looks */
        pq = libpq__load();
    if (!pq) {
        note_message(db, "libpq.so.5 is not installed (Debian package libpq5)");
        return RC_BROKEN;
    }
    db->handle = NEW(db->arena, struct connection);
    return connect_now(db);
}

static void pg_close(struct db *db)
{
    struct connection *c = connection_of(db);
    if (c && c->conn)
        pq->PQfinish(c->conn);
    if (c)
        c->conn = NULL;
}

/* A server that went away shows as readable input on an idle connection: looking costs one poll,
 * and a statement that was never sent need not be reported as unsure. */
static bool pg_is_alive(struct db *db)
{
    struct connection *c = connection_of(db);
    if (!db->is_lost && c->conn) {
        /* The server's farewell comes first, the end of the connection after it. */
        struct pollfd fd = {.fd = pq->PQsocket(c->conn), .events = POLLIN};
        while (!db->is_lost && poll(&fd, 1, 0) > 0)
            db->is_lost = !pq->PQconsumeInput(c->conn);
        if (!db->is_lost && pq->PQstatus(c->conn) == CONNECTION_OK)
            return true;
    }
    stmt__forget_all(db);
    pg_close(db);
    return connect_now(db) == RC_OK;
}

static enum rc pg_exec(struct db *db, const char *text)
{
    bool is_commit = str_ends(str_of(text), STR("commit"));
    bool may_write = db->depth == 0 && !str_starts(str_of(text), STR("begin"));
    PGresult *result = pq->PQexec(conn_of(db), text);
    enum rc rc = is_good(result) ? RC_OK : failed(db, result, is_commit || may_write);
    /* Committing a transaction that failed rolls it back and calls that a success. */
    if (rc == RC_OK && is_commit && !str_eq(str_of(pq->PQcmdStatus(result)), STR("COMMIT")))
        rc = RC_BROKEN;
    pq->PQclear(result);
    return rc;
}

/* ---- listening ---- */

static bool take_note(PGconn *conn, char out_name[64])
{
    static const char prefix[] = "kontor_";
    PGnotify *note = pq->PQnotifies(conn);
    if (!note)
        return false;
    bool is_ours = str_starts(str_of(note->relname), STR("kontor_"));
    (void)snprintf(out_name, 64, "%s", note->relname + (is_ours ? sizeof(prefix) - 1 : 0));
    pq->PQfreemem(note);
    return true;
}

static enum rc pg_hear(struct db *db, int wake_fd, int wait_ms, char out_name[64])
{
    PGconn *conn = conn_of(db);
    if (take_note(conn, out_name))
        return RC_OK;
    struct pollfd fds[2] = {{.fd = pq->PQsocket(conn), .events = POLLIN},
                            {.fd = wake_fd, .events = POLLIN}};
    (void)poll(fds, wake_fd >= 0 ? 2 : 1, wait_ms);
    if (fds[0].revents && (!pq->PQconsumeInput(conn) || pq->PQstatus(conn) != CONNECTION_OK)) {
        db->is_lost = true;
        return RC_BUSY;
    }
    return take_note(conn, out_name) ? RC_OK : RC_MISSING;
}

/* ---- statements ---- */

static Oid oid_of(enum db_type type, bool is_array)
{
    switch (type) {
    case DB_BOOL:
    case DB_OPT_BOOL: return is_array ? OID_BOOL_ARRAY : OID_BOOL;
    case DB_TEXT:
    case DB_OPT_TEXT:
    case DB_TEXT_LIST: return is_array ? OID_TEXT_ARRAY : OID_TEXT;
    case DB_BLOB:
    case DB_OPT_BLOB: return is_array ? OID_BYTEA_ARRAY : OID_BYTEA;
    default: return is_array ? OID_INT8_ARRAY : OID_INT8;
    }
}

static bool is_digit(struct str text, size_t i)
{
    return i < text.len && text.at[i] >= '0' && text.at[i] <= '9';
}

/* "?12" becomes "$1", the next one "$2" and so on: what is not in the text is not sent. */
static void put_text(struct pg_stmt *own, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        int slot = 0;
        if (text.at[i] != '?' || !is_digit(text, i + 1)) {
            buf_char(&own->text, text.at[i]);
            continue;
        }
        for (; is_digit(text, i + 1); i++)
            slot = slot * 10 + text.at[i + 1] - '0';
        assert(slot > 0 && slot <= own->slots);
        struct pg_value *value = &own->values[slot - 1];
        if (!value->place)
            value->place = ++own->places;
        buf_char(&own->text, '$');
        buf_i64(&own->text, value->place);
    }
    buf_char(&own->text, '\0');
}

static enum rc pg_prepare(struct db *db, struct stmt *stmt, struct str text)
{
    const struct db_query *query = stmt->query;
    int slots = query__slots(query) + (query->is_bulk ? 0 : SLOTS_HIDDEN);
    assert(slots <= VALUES_MAX);
    struct pg_stmt *own = calloc(1, sizeof(*own) + (size_t)slots * sizeof(own->values[0]));
    assert(own);
    own->text = (struct buf)BUF(1 << 20);
    own->slots = slots;
    own->number = ++connection_of(db)->prepared;
    for (int i = 0; i < slots; i++) {
        enum db_type type = query__slot_type(query, &stmt->variant, i + 1);
        own->values[i].type = oid_of(type, query->is_bulk);
        own->values[i].bytes = (struct buf)BUF(1 << 30);
    }
    put_text(own, text);
    stmt->handle = own;
    return RC_OK;
}

static void name_of(const struct pg_stmt *own, char out[24])
{
    (void)snprintf(out, 24, "s%lld", own->number);
}

static enum rc prepare_now(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    Oid types[VALUES_MAX];
    char name[24];
    name_of(own, name);
    for (int i = 0; i < own->slots; i++)
        if (own->values[i].place)
            types[own->values[i].place - 1] = own->values[i].type;
    PGresult *result = pq->PQprepare(conn_of(stmt->db), name, own->text.at, own->places, types);
    enum rc rc = is_good(result) ? RC_OK : failed(stmt->db, result, false);
    pq->PQclear(result);
    own->is_prepared = rc == RC_OK;
    return rc;
}

static void pg_bind_null(struct stmt *stmt, int slot)
{
    struct pg_stmt *own = stmt->handle;
    if (slot <= own->slots)
        own->values[slot - 1].is_set = false;
}

static void pg_bind_i64(struct stmt *stmt, int slot, int64_t value)
{
    struct pg_stmt *own = stmt->handle;
    if (slot > own->slots)
        return;
    struct pg_value *to = &own->values[slot - 1];
    to->is_set = true;
    to->number = htobe64((uint64_t)value);
    to->flag = value != 0;
    bool is_bool = to->type == OID_BOOL;
    to->at = is_bool ? (const char *)&to->flag : (const char *)&to->number;
    to->len = is_bool ? 1 : 8;
}

static void pg_bind_bytes(struct stmt *stmt, int slot, struct str value, bool is_blob)
{
    (void)is_blob;
    struct pg_stmt *own = stmt->handle;
    if (slot > own->slots)
        return;
    struct pg_value *to = &own->values[slot - 1];
    to->is_set = true;
    to->at = value.len ? value.at : "";
    to->len = (int)value.len;
    if (!stmt->is_stream)
        return;
    buf_reset(&to->bytes); /* a stream outlives the call that bound its values */
    buf_put(&to->bytes, value);
    to->at = value.len ? to->bytes.at : "";
}

static void pg_bind_array(struct stmt *stmt, int slot, const struct db_field *field,
                          const void *rows, size_t rows_len)
{
    struct pg_stmt *own = stmt->handle;
    struct pg_value *to = &own->values[slot - 1];
    buf_reset(&to->bytes);
    pg__put_array(&to->bytes, field, stmt->query->in_bytes, rows, rows_len);
    assert(!to->bytes.is_over);
    to->is_set = true;
    to->at = to->bytes.at;
    to->len = (int)to->bytes.len;
}

struct arguments {
    const char *at[VALUES_MAX];
    int len[VALUES_MAX], format[VALUES_MAX];
    Oid types[VALUES_MAX];
};

static void gather(const struct pg_stmt *own, struct arguments *out)
{
    for (int i = 0; i < own->slots; i++) {
        const struct pg_value *value = &own->values[i];
        int place = value->place - 1;
        if (place < 0)
            continue;
        out->at[place] = value->is_set ? value->at : NULL;
        out->len[place] = value->is_set ? value->len : 0;
        out->format[place] = 1;
        out->types[place] = value->type;
    }
}

static enum rc take_result(struct stmt *stmt, PGresult *result)
{
    struct pg_stmt *own = stmt->handle;
    if (!is_good(result)) {
        enum rc rc = failed(stmt->db, result, stmt->is_write && stmt->db->depth == 0);
        pq->PQclear(result);
        return rc;
    }
    pq->PQclear(own->result);
    own->result = result;
    own->row = -1;
    own->rows = pq->PQntuples(result);
    return RC_OK;
}

static enum rc run_prepared(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    struct arguments arguments;
    char name[24];
    if (!own->is_prepared)
        TRY(prepare_now(stmt));
    gather(own, &arguments);
    name_of(own, name);
    PGresult *result = pq->PQexecPrepared(conn_of(stmt->db), name, own->places, arguments.at,
                                          arguments.len, arguments.format, 1);
    if (stmt->query->is_write && is_good(result))
        own->changed = strtoll(pq->PQcmdTuples(result), NULL, 10);
    return take_result(stmt, result);
}

/* `with hold`, because a stream may be read outside a transaction; inside one it costs nothing. */
static enum rc declare_cursor(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    struct arguments arguments;
    AUTO_BUF text = BUF(1 << 20);
    gather(own, &arguments);
    buf_printf(&text, "declare s%lld no scroll cursor with hold for %s", own->number, own->text.at);
    buf_char(&text, '\0');
    PGresult *result = pq->PQexecParams(conn_of(stmt->db), text.at, own->places, arguments.types,
                                        arguments.at, arguments.len, arguments.format, 1);
    own->is_declared = is_good(result);
    return take_result(stmt, result);
}

static enum rc fetch(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    char text[64];
    (void)snprintf(text, sizeof(text), "fetch %d from s%lld", FETCH_ROWS, own->number);
    return take_result(stmt,
                       pq->PQexecParams(conn_of(stmt->db), text, 0, NULL, NULL, NULL, NULL, 1));
}

static enum rc pg_step(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    if (!stmt->is_started) {
        own->changed = 0;
        TRY(stmt->is_stream ? declare_cursor(stmt) : run_prepared(stmt));
        if (stmt->is_stream)
            TRY(fetch(stmt));
    } else if (stmt->is_stream && own->row + 1 == own->rows && own->rows == FETCH_ROWS) {
        TRY(fetch(stmt));
    }
    if (own->row + 1 >= own->rows)
        return RC_MISSING;
    own->row++;
    return RC_OK;
}

static void pg_reset(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    pq->PQclear(own->result);
    own->result = NULL;
    own->rows = own->row = 0;
    if (own->is_declared && !stmt->db->is_lost && !stmt->db->is_doomed) {
        char text[48];
        (void)snprintf(text, sizeof(text), "close s%lld", own->number);
        pq->PQclear(pq->PQexec(conn_of(stmt->db), text));
    }
    own->is_declared = false;
    for (int i = 0; i < own->slots; i++) {
        own->values[i].is_set = false;
        buf_done(&own->values[i].bytes);
        own->values[i].bytes = (struct buf)BUF(1 << 30);
    }
}

static void pg_finish(struct stmt *stmt)
{
    struct pg_stmt *own = stmt->handle;
    struct db *db = stmt->db;
    if (!own)
        return;
    if (own->is_prepared && !db->is_lost && !db->is_doomed && !db->is_closing) {
        char text[48];
        (void)snprintf(text, sizeof(text), "deallocate s%lld", own->number);
        pq->PQclear(pq->PQexec(conn_of(db), text));
    }
    pq->PQclear(own->result);
    for (int i = 0; i < own->slots; i++)
        buf_done(&own->values[i].bytes);
    buf_done(&own->text);
    free(own);
    stmt->handle = NULL;
}

/* ---- rows ---- */

static int pg_columns(struct stmt *stmt)
{
    const struct pg_stmt *own = stmt->handle;
    return pq->PQnfields(own->result);
}

static bool pg_is_null(struct stmt *stmt, int column)
{
    const struct pg_stmt *own = stmt->handle;
    return pq->PQgetisnull(own->result, own->row, column) != 0;
}

static bool pg_get_i64(struct stmt *stmt, int column, int64_t *out)
{
    const struct pg_stmt *own = stmt->handle;
    const char *at = pq->PQgetvalue(own->result, own->row, column);
    if (column >= pq->PQnfields(own->result) || pg_is_null(stmt, column))
        return false;
    uint64_t wide;
    uint32_t half;
    uint16_t small;
    switch (pq->PQftype(own->result, column)) {
    case OID_INT8:
        memcpy(&wide, at, sizeof(wide));
        *out = (int64_t)be64toh(wide);
        return true;
    case OID_INT4:
        memcpy(&half, at, sizeof(half));
        *out = (int32_t)be32toh(half);
        return true;
    case OID_INT2:
        memcpy(&small, at, sizeof(small));
        *out = (int16_t)be16toh(small);
        return true;
    case OID_BOOL: *out = at[0] != 0; return true;
    default: return false;
    }
}

static struct str pg_get_bytes(struct stmt *stmt, int column)
{
    const struct pg_stmt *own = stmt->handle;
    return (struct str){pq->PQgetvalue(own->result, own->row, column),
                        (size_t)pq->PQgetlength(own->result, own->row, column)};
}

static int64_t pg_changed(struct stmt *stmt)
{
    const struct pg_stmt *own = stmt->handle;
    return own->changed;
}

/* ---- what it says of a text ---- */

static const char *type_name(struct arena *arena, Oid type)
{
    switch (type) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2: return "integer";
    case OID_BOOL: return "boolean";
    case OID_BYTEA: return "blob";
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_NAME: return "text";
    case OID_NUMERIC: return "numeric (cast it to bigint)";
    default: return str_c(arena, str_printf(arena, "of type %u", type));
    }
}

static enum rc pg_describe(struct db *db, struct stmt *stmt, struct arena *arena,
                           struct db_described *out)
{
    const struct pg_stmt *own = stmt->handle;
    char name[24];
    name_of(own, name);
    TRY(prepare_now(stmt));
    PGresult *result = pq->PQdescribePrepared(conn_of(db), name);
    if (!is_good(result)) {
        enum rc rc = failed(db, result, false);
        pq->PQclear(result);
        return rc;
    }
    int len = pq->PQnfields(result);
    out->columns_len = (size_t)len;
    out->columns = NEW_ARRAY(arena, struct db_described_column, (size_t)len);
    for (int i = 0; i < len; i++)
        out->columns[i] = (struct db_described_column){
            .name = str_c(arena, str_of(pq->PQfname(result, i))),
            .type = type_name(arena, pq->PQftype(result, i)),
        };
    pq->PQclear(result);
    return RC_OK;
}

const struct driver db__pg = {
    .open = pg_open,
    .close = pg_close,
    .exec = pg_exec,
    .prepare = pg_prepare,
    .bind_null = pg_bind_null,
    .bind_i64 = pg_bind_i64,
    .bind_bytes = pg_bind_bytes,
    .bind_array = pg_bind_array,
    .step = pg_step,
    .reset = pg_reset,
    .finish = pg_finish,
    .columns = pg_columns,
    .is_null = pg_is_null,
    .get_i64 = pg_get_i64,
    .get_bytes = pg_get_bytes,
    .changed = pg_changed,
    .is_alive = pg_is_alive,
    .hear = pg_hear,
    .describe = pg_describe,
};
