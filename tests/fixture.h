/* fixture: a test's own migrated database and an operation on it, in one call. A test program runs
 * each of its tests on SQLite and, when KONTOR_TEST_PG holds the URL of a server, again on
 * PostgreSQL. Databases are copies of a template that is migrated once a program, so each test
 * begins with an empty one and costs milliseconds.
 *
 *     static void pausing(struct fixture *f) { ok(partner_pause(&f->op, …) == RC_OK, "…"); }
 *     int main(void) { fixture_each(pausing); return done_testing(); }
 */
#ifndef KONTOR_FIXTURE_H
#define KONTOR_FIXTURE_H

#include "op/op.h"

#define FIXTURE_NOW INT64_C(1790856000000000) /* 2026-10-01 12:00 UTC */

struct fixture {
    enum db_engine engine;
    struct database *database;
    struct db *db;
    struct arena *arena;
    struct op op;   /* of the system, in English and UTC, at FIXTURE_NOW */
    char name[256]; /* of the file or of the database on the server */
};

/* False, with the test skipped, when the engine is not there. */
bool fixture_open(struct fixture *f, enum db_engine engine);
void fixture_done(struct fixture *f);
/* The test once for each engine. */
void fixture_each(void (*test)(struct fixture *f));

/* Another connection, as another worker has; close it with db_close. */
struct db *fixture_connect(struct fixture *f);
/* A number from the database, -1 when there is none: fixture_i64(f, "select count(*) from t"). */
int64_t fixture_i64(struct fixture *f, const char *sql);
/* Statements that must work, for setting a scene. */
void fixture_sql(struct fixture *f, const char *sql);
/* Forgets the operation's failures and empties its arena. */
void fixture_fresh_op(struct fixture *f);

#endif
