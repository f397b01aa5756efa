/* What the files of main share: one command from words to exit code, on a terminal or for a client
 * of the server. */
#ifndef KONTOR_PROGRAM_H
#define KONTOR_PROGRAM_H

#include "auth/auth.h"
#include "crypt/crypt.h"
#include "main/modules.h"
#include "main/owner.h"

#ifndef KONTOR_VERSION
#define KONTOR_VERSION "0.1.0"
#endif

/* Settings of the process itself: database, log. */
extern const struct conf_def program_settings[];
/* Commands of main: serve, migrate, verify, backup… */
extern const struct command program_commands[];
/* Formulas (cmd_feel.c) and decision models (cmd_dmn.c). */
extern const struct command feel_commands[];
extern const struct conf_def feel_settings[];
extern const struct command dmn_commands[];
/* The company of an empty database, in cmd_org.c. */
extern const struct command org_commands[];
/* doctor and restore, in cmd_doctor.c and cmd_restore.c. */
extern const struct command doctor_commands[], restore_commands[];

/* All changes of this program, for db_migrate and db_migrate_pending. */
struct migrate_options program_migrations(struct arena *arena);
/* Brings the schema up to date; says so on the sink. */
enum rc program_migrate(struct cli *cli, struct db *db, int *out_applied);
/* Reads the master key (makes it for a new database) and gives each module its keys. `out_http`
 * (may be NULL) signs forms: http_options.secret. A key that is missing or another than the one the
 * database was made with is refused, with words. After program_migrate. */
enum rc program_keys(struct cli *cli, uint8_t out_http[CRYPT_KEY_BYTES]);
/* Where the key of a database lies: the setting key_file, or beside it. */
struct str program_key_path(struct arena *arena, struct str url);
struct program_key {
    const char *path;
    bool is_there, is_unreadable;
    uint8_t master[CRYPT_KEY_BYTES]; /* when it is there; wipe it */
    enum auth_master state;
};
enum rc program_key_look(struct op *op, struct str path, struct program_key *out);
/* Language, zone and nothing else: the system's op for jobs and commands. */
void program_prepare(struct op *op);

/* The whole program. */
int program_main(int argc, char **argv);
/* The server, in cmd_serve.c: until SIGTERM or SIGINT. */
enum rc program_serve(struct cli *cli);
/* Runs words inside this process on an open database (the server does, for its clients). */
int program_run_words(struct database *database, const struct owner_client_words *words,
                      struct cli_sink sink);

#endif
