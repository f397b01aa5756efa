/* kontor restore: a copy made by `kontor backup` becomes the database. The copy is looked at first
 * (sound pages, a version that this program knows); it is written beside the place and renamed, so
 * that a broken restore leaves what was there. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main/program.h"

struct place { /* the database to be */
    const char *file, *fresh, *aside;
};

static enum rc cannot(struct cli *cli, const char *what, const char *file)
{
    return fail(&cli->op, errno == ENOSPC ? RC_FULL : RC_DENIED, NULL, what, file);
}

static enum rc check_sound(struct cli *cli, struct db *db, const char *file)
{
    struct str damage = STR_NONE;
    enum rc rc = db_damage(db, cli->arena, true, &damage);
    if (rc == RC_OK && !damage.at)
        return RC_OK;
    return fail(&cli->op, RC_INVALID, NULL, "The backup {0} is damaged: {1}", file,
                damage.at ? str_c(cli->arena, damage) : rc_code(rc));
}

static enum rc check_version(struct cli *cli, struct db *db, const char *file, int *out_pending)
{
    struct migrate_options options = program_migrations(cli->arena);
    int64_t changes = 0;
    if (db_changes_applied(db, &changes) != RC_OK || changes == 0)
        return fail(&cli->op, RC_INVALID, NULL, "{0} is no backup of this program.", file);
    return db_migrate_pending(db, &options, &cli->op.fault, out_pending);
}

static enum rc check_and_copy(struct cli *cli, struct database *backup, const char *file,
                              const struct place *place, int *out_pending)
{
    struct db *db = NULL;
    TRY(db_open(backup, &db));
    enum rc rc = check_version(cli, db, file, out_pending);
    if (rc == RC_OK)
        rc = check_sound(cli, db, file);
    db_close(db);
    (void)unlink(place->fresh); /* of a restore that was killed */
    if (rc == RC_OK)
        rc = database_backup(backup, str_of(place->fresh), &cli->op.fault);
    return rc;
}

/* What was there goes aside with its log, which belongs to it. */
static enum rc put_aside(struct cli *cli, const struct place *place)
{
    static const char *const parts[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < LEN(parts); i++) {
        const char *from = str_c(cli->arena, str_printf(cli->arena, "%s%s", place->file, parts[i]));
        const char *to = str_c(cli->arena, str_printf(cli->arena, "%s%s", place->aside, parts[i]));
        if (rename(from, to) != 0 && errno != ENOENT)
            return cannot(cli, M("{0} cannot be put aside."), from);
    }
    return RC_OK;
}

static void say_key(struct cli *cli, const struct place *place)
{
    const char *key = str_c(cli->arena, program_key_path(cli->arena, str_of(place->file)));
    if (access(key, F_OK) != 0)
        cli_error(cli,
                  "the key file %s is missing: put there the key of the database that the backup "
                  "was made of, before you start the server",
                  key);
}

static enum rc restore(struct cli *cli, struct str backup_file, const struct place *place)
{
    struct database *backup = NULL;
    const char *file = str_c(cli->arena, backup_file);
    int pending = 0;
    bool is_there = access(place->file, F_OK) == 0;
    if (is_there && !cli_switch(cli, "force"))
        return fail(&cli->op, RC_CONFLICT, NULL,
                    "There is a database {0} already. With --force it is put aside first.",
                    place->file);
    TRY(database_open(&(struct database_options){.url = backup_file, .must_exist = true},
                      &cli->op.fault, &backup));
    enum rc rc = check_and_copy(cli, backup, file, place, &pending);
    database_close(backup);
    TRY(rc);
    if (is_there)
        TRY(put_aside(cli, place));
    if (rename(place->fresh, place->file) != 0)
        return cannot(cli, M("{0} cannot be written."), place->file);
    (void)chmod(place->file, 0600);
    cli_print(cli, "restored %s from %s\n", place->file, file);
    if (is_there)
        cli_print(cli, "what was there is now %s\n", place->aside);
    if (pending > 0)
        cli_print(cli,
                  "it is of an older version: the next start or kontor migrate brings it up to "
                  "date\n");
    say_key(cli, place);
    return RC_OK;
}

static enum rc run_restore(struct cli *cli)
{
    struct str url = conf_str("db");
    struct owner owner = OWNER_NONE;
    if (str_starts(url, STR("postgres")))
        return fail(&cli->op, RC_INVALID, NULL,
                    "PostgreSQL has its own backups: use pg_restore or psql.");
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, SIZE_MAX);
    enum rc rc = owner_take(url, &owner);
    if (rc == RC_BUSY)
        return fail(&cli->op, rc, NULL, "A process uses {0}: stop the server first.",
                    str_c(cli->arena, url));
    if (rc != RC_OK)
        return fail(&cli->op, rc, NULL, "{0} cannot be written.", str_c(cli->arena, url));
    struct place place = {
        .file = str_c(cli->arena, url),
        .fresh = str_c(cli->arena, str_printf(cli->arena, STR_FMT ".restoring", STR_ARG(url))),
        .aside = str_c(cli->arena, str_printf(cli->arena, STR_FMT ".aside-%lld", STR_ARG(url),
                                              (long long)(when_now() / US_SECOND)))};
    rc = restore(cli, cli_path(cli, cli->args[0]), &place);
    owner_release(&owner);
    return rc;
}

const struct command restore_commands[] = {
    {.name = "restore",
     .args = "FILE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Make a copy written by kontor backup the SQLite database",
     .help =
         "The copy is checked first: its pages, and that this version knows it. The server must "
         "be stopped. The key file is not in a backup: put it beside the database.\n\n"
         "  kontor --db /var/lib/kontor/kontor.db restore /backup/kontor-monday.db\n"
         "  kontor --db kontor.db restore copy.db --force",
     .needs = CLI_PURE,
     .options = {{"force", NULL, "put a database that is there aside, then restore"}, {0}},
     .run = run_restore},
    {0},
};
