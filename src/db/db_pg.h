/* db_pg: what the files of the PostgreSQL driver share: libpq as a table of functions, the state of
 * a statement, array values. */
#ifndef KONTOR_DB_PG_H
#define KONTOR_DB_PG_H

#include <postgresql/libpq-fe.h>

#include "db/db_int.h"

enum { /* fixed numbers of built-in types (pg_type.dat) */
       OID_BOOL = 16,
       OID_BYTEA = 17,
       OID_NAME = 19,
       OID_INT8 = 20,
       OID_INT2 = 21,
       OID_INT4 = 23,
       OID_TEXT = 25,
       OID_BOOL_ARRAY = 1000,
       OID_BYTEA_ARRAY = 1001,
       OID_TEXT_ARRAY = 1009,
       OID_INT8_ARRAY = 1016,
       OID_VARCHAR = 1043,
       OID_NUMERIC = 1700
};

#define LIBPQ_FUNCTIONS(X)                                                                         \
    X(PQconnectdbParams)                                                                           \
    X(PQfinish)                                                                                    \
    X(PQstatus)                                                                                    \
    X(PQsocket)                                                                                    \
    X(PQconsumeInput)                                                                              \
    X(PQnotifies)                                                                                  \
    X(PQfreemem)                                                                                   \
    X(PQserverVersion)                                                                             \
    X(PQerrorMessage)                                                                              \
    X(PQsetNoticeReceiver)                                                                         \
    X(PQexec)                                                                                      \
    X(PQexecParams)                                                                                \
    X(PQprepare)                                                                                   \
    X(PQexecPrepared)                                                                              \
    X(PQdescribePrepared)                                                                          \
    X(PQresultStatus)                                                                              \
    X(PQresultErrorField)                                                                          \
    X(PQcmdStatus)                                                                                 \
    X(PQcmdTuples)                                                                                 \
    X(PQclear)                                                                                     \
    X(PQntuples)                                                                                   \
    X(PQnfields)                                                                                   \
    X(PQfname)                                                                                     \
    X(PQftype)                                                                                     \
    X(PQgetisnull)                                                                                 \
    X(PQgetvalue)                                                                                  \
    X(PQgetlength)

struct libpq {
#define X(name) __typeof__(&(name)) name;
    LIBPQ_FUNCTIONS(X)
#undef X
};

const struct libpq *libpq__load(void); /* NULL: not installed */

struct connection {
    PGconn *conn;
    long long prepared; /* statements so far: names are never used twice */
};

struct pg_value {
    Oid type;
    int place; /* its number in the text that is sent; 0: not there, as most filters of a list */
    bool is_set;
    unsigned char flag;
    uint64_t number; /* big endian */
    const char *at;
    int len;
    struct buf bytes; /* of an array, or of a value that must outlive its binding */
};

struct pg_stmt {
    struct buf text;
    long long number;
    bool is_prepared, is_declared;
    PGresult *result;
    int row, rows;
    int64_t changed;
    int slots, places;
    struct pg_value values[];
};

/* One field of many rows as a binary array. */
void pg__put_array(struct buf *out, const struct db_field *field, size_t row_bytes,
                   const void *rows, size_t rows_len);

#endif
