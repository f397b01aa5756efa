/* db_pg_library: finds libpq when it is first needed, and writes binary arrays (the format of
 * array_send in PostgreSQL's arrayfuncs.c: dimensions, has-nulls, element type, length, lower
 * bound, then each element with its length, -1 for null). */
#include <dlfcn.h>
#include <endian.h>

#include "db/db_pg.h"

static struct libpq table;
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    is_loaded = true;
#define X(name)                                                                                    \
    {                                                                                              \
        void *found = dlsym(library, #name);                                                       \
        is_loaded = is_loaded && found;                                                            \
        memcpy(&table.name, &found, sizeof(found));                                                \
    }
    LIBPQ_FUNCTIONS(X)
#undef X
}

const struct libpq *libpq__load(void)
{
    (void)pthread_once(&once, load);
    return is_loaded ? &table : NULL;
}

static void put_u32(struct buf *out, uint32_t value)
{
    uint32_t wire = htobe32(value);
    buf_put(out, (struct str){(const char *)&wire, sizeof(wire)});
}

static void put_i64(struct buf *out, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    put_u32(out, 8);
    buf_put(out, (struct str){(const char *)&wire, sizeof(wire)});
}

static void put_element(struct buf *out, const struct db_field *field, const char *at)
{
    const struct opt_i64 *optional = (const void *)at;
    const struct str *bytes = (const void *)at;
    switch (field->type) {
    case DB_I64: put_i64(out, *(const int64_t *)(const void *)at); break;
    case DB_OPT_I64:
        if (optional->has)
            put_i64(out, optional->v);
        else
            put_u32(out, UINT32_MAX);
        break;
    case DB_BOOL:
        put_u32(out, 1);
        buf_char(out, (char)*(const bool *)(const void *)at);
        break;
    case DB_OPT_BOOL:
        put_u32(out, optional->has ? 1 : UINT32_MAX);
        if (optional->has)
            buf_char(out, (char)(optional->v != 0));
        break;
    case DB_OPT_TEXT:
    case DB_OPT_BLOB:
        if (!bytes->at) {
            put_u32(out, UINT32_MAX);
            break;
        }
        /* fall through */
    default: put_u32(out, (uint32_t)bytes->len); buf_put(out, *bytes);
    }
}

static uint32_t element_oid(enum db_type type)
{
    switch (type) {
    case DB_BOOL:
    case DB_OPT_BOOL: return OID_BOOL;
    case DB_I64:
    case DB_OPT_I64: return OID_INT8;
    case DB_BLOB:
    case DB_OPT_BLOB: return OID_BYTEA;
    default: return OID_TEXT;
    }
}

void pg__put_array(struct buf *out, const struct db_field *field, size_t row_bytes,
                   const void *rows, size_t rows_len)
{
    put_u32(out, 1); /* dimensions */
    put_u32(out, 1); /* may hold nulls */
    put_u32(out, element_oid(field->type));
    put_u32(out, (uint32_t)rows_len);
    put_u32(out, 1); /* lower bound */
    for (size_t i = 0; i < rows_len; i++)
        put_element(out, field, (const char *)rows + i * row_bytes + field->offset);
}
