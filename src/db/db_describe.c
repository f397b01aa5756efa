/* db_describe: what an engine says of a query's text without running it: tools/sqlc checks rows and
 * types with it, on SQLite at every build and on PostgreSQL in `make check`. */
#include "db/db_int.h"

enum rc db_describe(struct db *db, const struct db_query *query, const struct db_variant *variant,
                    struct arena *arena, struct db_described *out)
{
    AUTO_BUF text = BUF(1 << 20);
    struct stmt stmt = {.db = db, .query = query, .variant = *variant};
    *out = (struct db_described){0};
    db_query_text(query, variant, db_engine(db), &text);
    enum rc rc = db->driver->prepare(db, &stmt, buf_str(&text));
    if (rc == RC_OK)
        rc = db->driver->describe(db, &stmt, arena, out);
    if (rc != RC_OK)
        out->error = str_dup(arena, str_of(db->message));
    if (stmt.handle)
        db->driver->finish(&stmt);
    return rc;
}
