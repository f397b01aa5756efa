/* The master key: 32 random bytes in a file of their own (0600), made at the first start. From it
 * come the keys that encipher public ids, sign forms and seal fields (bank details, second
 * factors). It stands beside a SQLite database, and is not in it: a stolen copy of the database
 * alone opens nothing. Several processes over one PostgreSQL share the file (setting key_file). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypt/crypt.h"
#include "main/program.h"

enum { FIELD_KEY_ID = 1 };

static struct str key_path(struct cli *cli)
{
    struct str path = conf_str("key_file"), url = conf_str("db");
    if (path.len > 0)
        return path;
    bool is_server = str_starts(url, STR("postgres")) || str_eq(url, STR(":memory:"));
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, SIZE_MAX);
    return is_server ? STR("kontor.key") : str_printf(cli->arena, STR_FMT ".key", STR_ARG(url));
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

enum rc program_keys(struct cli *cli, uint8_t out_http[CRYPT_KEY_BYTES])
{
    uint8_t master[CRYPT_KEY_BYTES];
    const char *path = str_c(cli->arena, key_path(cli));
    if (!read_key(path, master)) {
        if (errno == EACCES || access(path, F_OK) == 0) {
            cli_error(cli, "the key file %s cannot be read", path);
            return RC_DENIED;
        }
        TRY(make_key(cli, path));
        if (!read_key(path, master))
            return RC_BROKEN;
    }
    spread(master);
    if (out_http)
        crypt_derive(master, "forms", out_http);
    crypt_wipe(master, sizeof(master));
    return RC_OK;
}
