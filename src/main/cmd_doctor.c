/* kontor doctor: what an administrator would look at when something is odd, each with what to do.
 * It changes nothing, and goes on after a failure: the first line that fails is rarely the only
 * one. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "mail/mail.h"
#include "main/program.h"

enum { LINES_MAX = 24, LEAST_MB = 200, SCARCE_MB = 2000, CLOCK_S = 5 };
enum level { LEVEL_OK = 1, LEVEL_WARN, LEVEL_FAIL };

struct line {
    const char *check;
    enum level level;
    struct str says, advice; /* advice: absent when there is nothing to do */
};

struct doctor {
    struct cli *cli;
    struct line lines[LINES_MAX];
    size_t len;
    struct database *database;
    struct db *db;
    bool is_migrated;
};

static void say(struct doctor *d, const char *check, enum level level, struct str says,
                const char *advice)
{
    assert(d->len < LINES_MAX);
    d->lines[d->len++] = (struct line){check, level, says, str_of(advice)};
}

static struct str words_of_fault(struct cli *cli, struct fault *fault, enum rc rc)
{
    if (fault->entries_len == 0)
        return str_of(rc_code(rc));
    return i18n_fault(cli->arena, lang_of(LANG_EN), &fault->entries[0]);
}

static bool is_server_url(struct str url)
{
    return str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://"));
}

static const char *file_of(struct cli *cli, struct str url)
{
    if (str_starts(url, STR("sqlite:")))
        url = str_sub(url, 7, SIZE_MAX);
    return str_c(cli->arena, url);
}

/* ---- settings ---- */

static void check_settings(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct str url = conf_str("public_url"), listen = conf_str("http_listen");
    say(d, "settings", LEVEL_OK,
        str_printf(cli->arena, "read; listens on " STR_FMT, STR_ARG(listen)), NULL);
    bool is_local = str_has(url, STR("//localhost")) || str_has(url, STR("//127."));
    if (is_local)
        say(d, "address", LEVEL_WARN,
            str_printf(cli->arena, "public_url is " STR_FMT, STR_ARG(url)),
            "set public_url to the address that people use: links in letters begin with it");
    else if (!str_starts(url, STR("https://")))
        say(d, "address", LEVEL_WARN,
            str_printf(cli->arena, "public_url " STR_FMT " is not https", STR_ARG(url)),
            "put nginx or Caddy with TLS before it (deploy/) and set public_url to https://…");
    else
        say(d, "address", LEVEL_OK, url, NULL);
}

/* ---- the database ---- */

static bool open_database(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct fault fault = {.arena = cli->arena};
    struct str url = conf_str("db");
    enum rc rc = database_open(&(struct database_options){.url = url, .must_exist = true}, &fault,
                               &d->database);
    if (rc == RC_OK)
        rc = db_open(d->database, &d->db);
    if (rc == RC_OK) {
        say(d, "database", LEVEL_OK,
            str_printf(cli->arena, "opens, %s%s",
                       database_engine(d->database) == DB_SQLITE ? "SQLite " : "",
                       database_version(d->database)),
            NULL);
        return true;
    }
    say(d, "database", LEVEL_FAIL, words_of_fault(cli, &fault, rc),
        is_server_url(url) ? "check that the server runs, the URL in db, and pg_hba.conf"
                           : "check the path in db; kontor serve makes a new database");
    return false;
}

static void check_schema(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct fault fault = {.arena = cli->arena};
    int pending = 0;
    struct migrate_options options = program_migrations(cli->arena);
    enum rc rc = db_migrate_pending(d->db, &options, &fault, &pending);
    d->is_migrated = rc == RC_OK && pending == 0;
    if (rc != RC_OK)
        say(d, "schema", LEVEL_FAIL, words_of_fault(cli, &fault, rc),
            "start the program of the version that wrote it, or restore a backup");
    else if (pending > 0)
        say(d, "schema", LEVEL_WARN,
            str_printf(cli->arena, "%d changes are not applied yet", pending),
            "run kontor migrate, after a backup");
    else
        say(d, "schema", LEVEL_OK, STR("up to date, every change as it was published"), NULL);
}

static void check_extension(struct doctor *d)
{
    enum db_extension state;
    if (db_extension(d->db, &state) != RC_OK || state == DB_EXTENSION_NOT_NEEDED)
        return; /* a database that does not answer was said */
    if (state == DB_EXTENSION_INSTALLED)
        say(d, "pg_trgm", LEVEL_OK, STR("installed"), NULL);
    else if (state == DB_EXTENSION_AVAILABLE)
        say(d, "pg_trgm", d->is_migrated ? LEVEL_FAIL : LEVEL_WARN,
            STR("not created in this database"),
            d->is_migrated ? "as a superuser of this database run: create extension pg_trgm;"
                           : "kontor migrate creates it, or says who must");
    else
        say(d, "pg_trgm", LEVEL_FAIL, STR("not on the server"),
            "install the package postgresql-contrib there, then run: create extension pg_trgm;");
}

static void check_damage(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct str damage = STR_NONE;
    if (database_engine(d->database) != DB_SQLITE)
        return;
    enum rc rc = db_damage(d->db, cli->arena, false, &damage);
    if (rc == RC_OK && !damage.at)
        say(d, "file", LEVEL_OK, STR("its pages are sound; kontor verify looks deeper"), NULL);
    else
        say(d, "file", LEVEL_FAIL, damage.at ? damage : str_of(rc_code(rc)),
            "stop the server, keep a copy of the file, and restore the newest backup");
}

static void check_clock(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct timex state = {0};
    int64_t theirs = 0, now = when_now();
    bool is_synced = adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
    if (d->db && db_clock(d->db, &theirs) == RC_OK) {
        int64_t apart = theirs > now ? theirs - now : now - theirs;
        if (apart > CLOCK_S * US_SECOND) {
            say(d, "clock", LEVEL_FAIL,
                str_printf(cli->arena, "%lld s from the clock of the database server",
                           (long long)(apart / US_SECOND)),
                "set both by NTP: leases of jobs and one-time codes depend on it");
            return;
        }
    }
    say(d, "clock", is_synced ? LEVEL_OK : LEVEL_WARN,
        is_synced ? STR("set by NTP") : STR("the system does not say that it is set by NTP"),
        is_synced ? NULL : "install chrony or switch on systemd-timesyncd");
}

/* ---- files ---- */

static void check_space(struct doctor *d, const char *check, const char *folder)
{
    struct cli *cli = d->cli;
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0) {
        say(d, check, LEVEL_FAIL, str_printf(cli->arena, "%s cannot be looked at", folder),
            "make the folder, for the user that runs kontor");
        return;
    }
    int64_t free_mb = (int64_t)((unsigned __int128)fs.f_bavail * fs.f_frsize / (1024 * 1024));
    struct str says = str_printf(cli->arena, "%lld MB free in %s", (long long)free_mb, folder);
    enum level level = free_mb < LEAST_MB    ? LEVEL_FAIL
                       : free_mb < SCARCE_MB ? LEVEL_WARN
                                             : LEVEL_OK;
    say(d, check, level, says,
        level == LEVEL_OK ? NULL : "make room: without it writing is refused with 507");
}

static const char *folder_of(struct cli *cli, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return ".";
    return slash == file ? "/" : str_c(cli->arena, (struct str){file, (size_t)(slash - file)});
}

static void check_mode(struct doctor *d, const char *check, const char *file, mode_t allowed)
{
    struct cli *cli = d->cli;
    struct stat stat_of;
    if (stat(file, &stat_of) != 0)
        return; /* that it is missing was said */
    mode_t mode = stat_of.st_mode & 0777;
    if (!(mode & ~allowed)) {
        say(d, check, LEVEL_OK, str_printf(cli->arena, "%s: %03o", file, mode), NULL);
        return;
    }
    say(d, check, LEVEL_WARN, str_printf(cli->arena, "%s: %03o, others may use it", file, mode),
        str_c(cli->arena, str_printf(cli->arena, "chmod %03o %s", mode & allowed, file)));
}

static void check_temporary(struct doctor *d)
{
    AUTO_FD fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        check_space(d, "uploads", "/tmp");
    else
        say(d, "uploads", LEVEL_FAIL, STR("no temporary file can be made in /tmp"),
            "uploads need it: mount /tmp writable, or PrivateTmp=yes in the unit");
}

static void check_key(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct program_key key;
    struct str path = program_key_path(cli->arena, conf_str("db"));
    if (!d->is_migrated)
        return;
    if (program_key_look(&cli->op, path, &key) != RC_OK) {
        say(d, "key", LEVEL_FAIL, STR("cannot be compared"), NULL);
        return;
    }
    crypt_wipe(key.master, sizeof(key.master));
    struct str name = str_of(key.path);
    if (key.is_unreadable)
        say(d, "key", LEVEL_FAIL, str_join(cli->arena, name, STR(" cannot be read")),
            "give it to the user that runs kontor (chown), mode 600");
    else if (!key.is_there && key.state == AUTH_MASTER_UNUSED)
        say(d, "key", LEVEL_OK, STR("not made yet: the first start makes it"), NULL);
    else if (!key.is_there)
        say(d, "key", LEVEL_FAIL, str_join(cli->arena, name, STR(" is missing")),
            "put it back from where you keep it, or set key_file; a new one cannot open this "
            "database");
    else if (key.state == AUTH_MASTER_OTHER)
        say(d, "key", LEVEL_FAIL, str_join(cli->arena, name, STR(" is of another database")),
            "put back the key that this database was made with, or set key_file");
    else
        say(d, "key", LEVEL_OK,
            str_join(cli->arena, name, STR(" opens this database; keep a copy of it elsewhere")),
            NULL);
}

/* ---- mail ---- */

static void check_mail(struct doctor *d)
{
    struct str error = STR_NONE;
    if (!mail_is_configured()) {
        say(d, "mail", LEVEL_WARN, STR("smtp_url is not set: letters are kept, not sent"),
            "set smtp_url and smtp_from; invitations and password links need it");
        return;
    }
    if (conf_str("smtp_from").len == 0)
        say(d, "mail", LEVEL_FAIL, STR("smtp_from is not set"), "set the address of the sender");
    else if (mail_reach(d->cli->arena, &error) != RC_OK)
        say(d, "mail", LEVEL_FAIL, error,
            "check smtp_url, smtp_user, smtp_password, smtp_tls and the firewall");
    else
        say(d, "mail", LEVEL_OK, STR("the server answers and lets us in"), NULL);
}

/* ---- all of it ---- */

static void print_text(struct doctor *d)
{
    static const char *const names[] = {"", "ok", "warn", "FAIL"};
    for (size_t i = 0; i < d->len; i++) {
        const struct line *line = &d->lines[i];
        cli_print(d->cli, "%-9s %-5s " STR_FMT "\n", line->check, names[line->level],
                  STR_ARG(line->says));
        if (line->advice.at)
            cli_print(d->cli, "%-15s → " STR_FMT "\n", "", STR_ARG(line->advice));
    }
}

static void print_json(struct doctor *d)
{
    static const char *const names[] = {"", "ok", "warn", "fail"};
    AUTO_BUF text = BUF(1 << 20);
    struct json_writer json = JSON_WRITER(&text);
    json_array(&json);
    for (size_t i = 0; i < d->len; i++) {
        json_object(&json);
        json_pair_str(&json, "check", str_of(d->lines[i].check));
        json_pair_str(&json, "level", str_of(names[d->lines[i].level]));
        json_pair_str(&json, "says", d->lines[i].says);
        if (d->lines[i].advice.at)
            json_pair_str(&json, "advice", d->lines[i].advice);
        json_object_end(&json);
    }
    json_array_end(&json);
    buf_char(&text, '\n');
    cli_put(d->cli, buf_str(&text));
}

static void look(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct str url = conf_str("db");
    check_settings(d);
    if (open_database(d)) {
        op_init(&cli->op, cli->arena, d->db, when_now());
        check_schema(d);
        check_extension(d);
        check_damage(d);
        check_key(d);
    }
    const char *key = str_c(cli->arena, program_key_path(cli->arena, url));
    if (!is_server_url(url)) {
        const char *file = file_of(cli, url);
        check_mode(d, "rights", file, 0600);
        check_space(d, "disk", folder_of(cli, file));
    }
    check_mode(d, "rights", key, 0600);
    check_temporary(d);
    check_clock(d);
    check_mail(d);
}

static enum rc run_doctor(struct cli *cli)
{
    struct doctor *d = NEW(cli->arena, struct doctor);
    *d = (struct doctor){.cli = cli};
    look(d);
    db_close(d->db);
    database_close(d->database);
    cli->op.db = NULL;
    if (cli->is_json)
        print_json(d);
    else
        print_text(d);
    for (size_t i = 0; i < d->len; i++)
        if (d->lines[i].level == LEVEL_FAIL)
            return RC_BROKEN;
    return RC_OK;
}

const struct command doctor_commands[] = {
    {.name = "doctor",
     .summary = "Check settings, database, key, disk, rights, clock and mail, and say what to do",
     .help = "Changes nothing, and may run beside the server. Each line says ok, warn or FAIL, and "
             "below it what to do. Exit code 0: nothing fails; 70: something does.\n\n"
             "  kontor --db /var/lib/kontor/kontor.db doctor\n"
             "  kontor --config /etc/kontor.conf doctor --json",
     .needs = CLI_PURE,
     .run = run_doctor},
    {0},
};
