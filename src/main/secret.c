/* The master key: 32 random bytes in a file of their own (0600), made at the first start. From it
 * come the keys that encipher public ids, sign forms and seal fields (bank details, second
 * factors). It stands beside a SQLite database, and is not in it: a stolen copy of the database
 * alone opens nothing. Several processes over one PostgreSQL share the file (setting key_file). The
 * database remembers a print of its key: a key that is lost or wrong is refused, and never replaced
 * by a new one under an old database. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "auth/auth.h"
#include "crypt/crypt.h"
#include "main/program.h"

enum { FIELD_KEY_ID = 1 };

struct str program_key_path(struct arena *arena, struct str url)
{
    struct str path = conf_str("key_file");
    if (path.len > 0)
        return path;
    bool is_server = str_starts(url, STR("postgres")) || str_eq(url, STR(":memory:"));
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, SIZE_MAX);
    return is_server ? STR("kontor.key") : str_printf(arena, STR_FMT ".key", STR_ARG(url));
}

static bool read_key(const char *path, uint8_t out[CRYPT_KEY_BYTES])
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, out, CRYPT_KEY_BYTES) == CRYPT_KEY_BYTES;
}

/* Written beside and linked into place, so that a killed process leaves no half of a key and of two
 * that start at once one wins. */
static enum rc make_key(struct cli *cli, const char *path)
{
    uint8_t key[CRYPT_KEY_BYTES];
    const char *fresh = str_c(cli->arena, str_printf(cli->arena, "%s.%d", path, (int)getpid()));
    AUTO_FD fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    random_bytes(key, sizeof(key));
    bool is_written =
        fd >= 0 && write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) && fsync(fd) == 0;
    crypt_wipe(key, sizeof(key));
    bool is_linked = is_written && (link(fresh, path) == 0 || errno == EEXIST);
    (void)unlink(fresh);
    if (is_linked)
        return RC_OK;
    cli_error(cli, "the key file %s cannot be written", path);
    return RC_FULL;
}

static void spread(const uint8_t master[CRYPT_KEY_BYTES])
{
    uint8_t key[CRYPT_KEY_BYTES];
    struct crypt_keys keys = {.len = 1};
    crypt_derive(master, "public ids", key);
    pid_key_set(key);
    keys.at[0].id = FIELD_KEY_ID;
    crypt_derive(master, "fields", keys.at[0].key);
    crypt_field_keys_set(&keys);
    crypt_wipe(key, sizeof(key));
    crypt_wipe(&keys, sizeof(keys));
}

static struct str print_of(struct arena *arena, const uint8_t master[CRYPT_KEY_BYTES])
{
    uint8_t key[CRYPT_KEY_BYTES];
    crypt_derive(master, "print", key);
    return str_dup(arena, (struct str){(const char *)key, sizeof(key)});
}

enum rc program_key_look(struct op *op, struct str path, struct program_key *out)
{
    const char *name = str_c(op->arena, path);
    *out = (struct program_key){.path = name};
    out->is_there = read_key(name, out->master);
    out->is_unreadable = !out->is_there && (errno == EACCES || access(name, F_OK) == 0);
    struct str print = out->is_there ? print_of(op->arena, out->master) : STR_NONE;
    return auth_master_key(op, print, &out->state);
}

/* Not to be gone on with. */
static enum rc refuse(struct cli *cli, const struct program_key *key)
{
    if (key->is_unreadable) {
        cli_error(cli, "the key file %s cannot be read or is no key of 32 bytes", key->path);
        return RC_DENIED;
    }
    if (!key->is_there) {
        cli_error(cli,
                  "the key file %s is missing, and this database was made with one: put it back "
                  "from where you keep it, or name it with --set key_file=FILE. A new key would "
                  "make bank details, second factors and links of this database unreadable",
                  key->path);
        return RC_MISSING;
    }
    cli_error(cli,
              "the key file %s is not the key of this database: put back the one that it was made "
              "with, or name it with --set key_file=FILE",
              key->path);
    return RC_DENIED;
}

enum rc program_keys(struct cli *cli, uint8_t out_http[CRYPT_KEY_BYTES])
{
    struct program_key key;
    struct str path = program_key_path(cli->arena, conf_str("db"));
    TRY(program_key_look(&cli->op, path, &key));
    bool is_fresh = key.state == AUTH_MASTER_UNUSED;
    if (key.is_unreadable || key.state == AUTH_MASTER_OTHER || (!key.is_there && !is_fresh))
        return refuse(cli, &key);
    if (!key.is_there) {
        TRY(make_key(cli, key.path));
        TRY(program_key_look(&cli->op, path, &key));
        if (!key.is_there)
            return refuse(cli, &key);
    }
    if (key.state != AUTH_MASTER_SAME && cli->command->needs != CLI_READS)
        TRY(auth_master_key_keep(&cli->op, print_of(cli->arena, key.master)));
    spread(key.master);
    if (out_http)
        crypt_derive(key.master, "forms", out_http);
    crypt_wipe(key.master, sizeof(key.master));
    return RC_OK;
}
