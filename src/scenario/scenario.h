/* scenario: acceptance cases that an accountant can read. A file `NAME.scenario` says who the
 * partners are, by which schemes they are paid, what happened, and what each must be rewarded; it
 * is played on an empty database through the functions that the product itself calls, and what
 * came out is compared. The format is docs/scenario.md.
 *
 * Everything of a file happens in one transaction that is rolled back, so a database is migrated
 * once and a file costs milliseconds. */
#ifndef KONTOR_SCENARIO_H
#define KONTOR_SCENARIO_H

#include "cli/cli.h"
#include "op/op.h"

struct scenario_problem { /* what is wrong with a file, or what came out otherwise */
    long line, column;    /* from 1; 0: of the file */
    struct str text;      /* English */
};

struct scenario_outcome {
    long passed, failed; /* expectations; a file that cannot be played is one that failed */
    struct {
        struct scenario_problem *at;
        size_t len, cap;
    } problems;
};

/* Plays the text of a file on the connection of cli->op, which must have a migrated database
 * without company and settings by scenario_prepare; leaves the database as it was. `path` is where
 * the text comes from: schemes are read beside it. Everything lives in cli->arena. */
void scenario_play(struct cli *cli, struct str path, struct str text, struct scenario_outcome *out);

/* What all files of a database share: no approvals. Once. */
enum rc scenario_prepare(struct op *op);

/* A database of its own: SQLite in memory (server_url absent), or a new one on a server of
 * PostgreSQL. RC_INVALID, RC_BUSY with the fault filled. */
struct scenario_base {
    struct database *database;
    struct db *db;
    struct str server_url, name; /* of the one on the server; absent: SQLite */
};
enum rc scenario_base_open(struct arena *arena, struct str server_url, struct fault *fault,
                           struct scenario_base *out);
void scenario_base_close(struct scenario_base *base);

extern const struct command scenario_commands[];

#endif
