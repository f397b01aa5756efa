/* Tests of the commands as people call them: every one explains itself, and the key, the doctor and
 * the way back from a backup keep their promises. Each runs in a process of its own, as on a
 * terminal, with its output in a file. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main/program.h"
#include "tests/tap.h"

enum { OUTPUT_MAX = 4 << 20, WORDS_MAX = 16 };

static char folder[] = "/tmp/kontor-commands-XXXXXX";
static struct arena *arena;

static const char *in_folder(const char *name)
{
    return str_c(arena, str_printf(arena, "%s/%s", folder, name));
}

struct outcome {
    int code;
    struct str out; /* of both */
};

static struct str read_all(const char *path)
{
    char *at = arena_alloc(arena, OUTPUT_MAX);
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, at, OUTPUT_MAX);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* "--db x user list": words without quotes. */
PRINTF(1, 2) static struct outcome kontor(const char *format, ...)
{
    va_list args;
    const char *output = in_folder("output");
    char *words[WORDS_MAX + 2] = {str_c(arena, STR("kontor"))};
    int count = 1, status = 0;
    va_start(args, format);
    struct str rest = str_vprintf(arena, format, args);
    va_end(args);
    while (rest.at && rest.len > 0) {
        assert(count <= WORDS_MAX);
        words[count++] = str_c(arena, str_cut(&rest, ' '));
    }
    (void)fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir(folder) != 0)
            _exit(99);
        _exit(program_main(count, words));
    }
    while (waitpid(child, &status, 0) != child)
        ;
    return (struct outcome){WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_all(output)};
}

static void copy(const char *from, const char *to)
{
    struct str bytes = read_all(in_folder(from));
    AUTO_FD fd = open(in_folder(to), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t wrote = write(fd, bytes.at, bytes.len);
    assert(wrote == (ssize_t)bytes.len);
}

static bool exists(const char *name)
{
    return access(in_folder(name), F_OK) == 0;
}

/* ---- every command explains itself ---- */

static void explaining(void)
{
    int count = 0, without = 0;
    for (const struct command *const *table = modules_commands(); *table; table++)
        for (const struct command *command = *table; command->name; command++, count++) {
            struct str example = str_printf(arena, "  kontor ");
            bool has = command->help && str_has(str_of(command->help), example) &&
                       str_has(str_of(command->help), str_of(command->name));
            without += !has;
            if (!has)
                printf("# no example: %s\n", command->name);
        }
    ok(count > 30, "commands are registered");
    is_i64(without, 0, "each has an example in its help");
}

static void finding(void)
{
    struct outcome o = kontor("feel --help");
    ok(o.code == 0 && str_has(o.out, STR("feel eval")), "a group explains itself");
    o = kontor("user");
    ok(o.code == 64 && str_has(o.out, STR("user add")), "alone it is a mistake that is explained");
    o = kontor("feel evla 1");
    ok(o.code == 64 &&
           str_has(o.out, STR("there is no command feel evla; did you mean feel eval?")),
       "the nearest command of a group is offered");
    o = kontor("migrat");
    ok(o.code == 64 && str_has(o.out, STR("did you mean migrate?")), "or of all");
    o = kontor("xyzzy --help");
    is_i64(o.code, 64, "help of nothing is a mistake");
    is_i64(kontor("config --frm").code, 64, "an unknown option is one");
    is_i64(kontor("--set nonsense=1 config").code, 78, "a wrong setting is another");
    is_i64(kontor("--db nowhere.db user list").code, 66, "no database, no input");
    ok(!exists("nowhere.db"), "and none is made by a command that reads");
}

static void as_json(void)
{
    static const char *const lines[] = {"config",
                                        "routes",
                                        "version",
                                        "doctor",
                                        "openapi",
                                        "--db c.db user list",
                                        "--db c.db key list",
                                        "--db c.db jobs",
                                        "--db c.db settings",
                                        "--db c.db scheme list",
                                        "--db c.db verify"};
    for (size_t i = 0; i < LEN(lines); i++) {
        const struct json_value *value = NULL;
        struct outcome o = kontor("%s --json", lines[i]);
        bool is_json = json_parse(arena, o.out, (struct json_limits){0}, &value, NULL) == RC_OK;
        if (!ok(is_json, str_c(arena, str_printf(arena, "%s --json is JSON", lines[i]))))
            printf("# %.300s\n", str_c(arena, o.out));
    }
}

/* ---- the key ---- */

static void the_key(void)
{
    is_i64(kontor("--db c.db org init --name Acme --country ES --currency EUR").code, 0,
           "a company is made");
    ok(exists("c.db.key"), "with a key beside it");
    struct stat stat_of;
    ok(stat(in_folder("c.db.key"), &stat_of) == 0 && (stat_of.st_mode & 0777) == 0600,
       "for its owner only");
    is_i64(kontor("--db c.db user list").code, 0, "the key opens it");

    copy("c.db.key", "kept.key");
    (void)unlink(in_folder("c.db.key"));
    struct outcome o = kontor("--db c.db user list");
    ok(o.code == 66 && str_has(o.out, STR("is missing, and this database was made with one")),
       "without its key an old database is refused");
    o = kontor("--db c.db user add ann@example.com");
    ok(o.code == 66 && !exists("c.db.key"), "and no new key is made for it");

    is_i64(kontor("--db other.db org init --name Other --country ES --currency EUR").code, 0,
           "another company");
    copy("other.db.key", "c.db.key");
    o = kontor("--db c.db user list");
    ok(o.code == 77 && str_has(o.out, STR("is not the key of this database")),
       "the key of another database is refused");
    o = kontor("--db c.db doctor");
    ok(o.code == 70 && str_has(o.out, STR("is of another database")), "the doctor says so, too");
    o = kontor("--db c.db --set key_file=kept.key user list");
    is_i64(o.code, 0, "a key elsewhere is named by a setting");
    copy("kept.key", "c.db.key");
    is_i64(kontor("--db c.db user list").code, 0, "put back, it opens again");
}

/* ---- doctor ---- */

static void the_doctor(void)
{
    struct outcome o = kontor("--db c.db doctor");
    is_i64(o.code, 0, "nothing fails on a good installation");
    ok(str_has(o.out, STR("schema    ok")) && str_has(o.out, STR("key       ok")) &&
           str_has(o.out, STR("file      ok")) && str_has(o.out, STR("mail      warn")),
       "each line says how it is");
    ok(str_has(o.out, STR("→ set smtp_url")), "and what to do");
    o = kontor("--db nowhere.db doctor");
    ok(o.code == 70 && str_has(o.out, STR("database  FAIL")) && str_has(o.out, STR("uploads")),
       "a missing database fails, and the rest is looked at all the same");
    o = kontor("--db c.db --set smtp_url=smtp://127.0.0.1:1 --set smtp_from=a@example.com doctor");
    ok(o.code == 70 && str_has(o.out, STR("mail      FAIL")),
       "so does a mail server that is not there");
    (void)chmod(in_folder("c.db.key"), 0644);
    o = kontor("--db c.db doctor");
    ok(o.code == 0 && str_has(o.out, STR("chmod 600")), "rights that are too wide are a warning");
    (void)chmod(in_folder("c.db.key"), 0600);
}

/* ---- back from a backup ---- */

static void restoring(void)
{
    is_i64(kontor("--db c.db user add ann@example.com").code, 0, "somebody is in the database");
    struct outcome o = kontor("--db c.db backup copy.bak");
    ok(o.code == 0 && str_has(o.out, STR("c.db.key")), "a backup names the key that it needs");
    is_i64(kontor("--db c.db user add bob@example.com").code, 0, "somebody comes later");

    o = kontor("--db back.db restore copy.bak");
    ok(o.code == 0 && str_has(o.out, STR("back.db.key is missing")),
       "restored elsewhere, the missing key is said");
    copy("c.db.key", "back.db.key");
    o = kontor("--db back.db user list");
    ok(o.code == 0 && str_has(o.out, STR("ann@")) && !str_has(o.out, STR("bob@")),
       "it holds what the backup held");

    o = kontor("--db c.db restore copy.bak");
    ok(o.code == 65 && str_has(o.out, STR("--force")),
       "a database that is there is not overwritten");
    ok(str_has(kontor("--db c.db user list").out, STR("bob@")), "and stays as it was");
    o = kontor("--db c.db restore copy.bak --force");
    ok(o.code == 0 && str_has(o.out, STR("what was there is now")), "with --force it goes aside");
    ok(!str_has(kontor("--db c.db user list").out, STR("bob@")), "and the backup is in its place");

    is_i64(kontor("--db new.db restore nothing.bak").code, 66, "a missing backup is said");
    ok(!exists("new.db"), "and makes nothing");
    copy("c.db.key", "text.bak");
    ok(kontor("--db new.db restore text.bak").code != 0 && !exists("new.db"),
       "a file that is no database is refused");
}

static void damaged(void)
{
    struct stat stat_of;
    const char *file = in_folder("bad.bak");
    copy("copy.bak", "bad.bak");
    int found = stat(file, &stat_of);
    assert(found == 0);
    AUTO_FD fd = open(file, O_WRONLY | O_CLOEXEC);
    char junk[4096];
    memset(junk, 0x5a, sizeof(junk));
    for (off_t at = 64 * 1024; at < stat_of.st_size; at += 32 * 1024)
        (void)!pwrite(fd, junk, sizeof(junk), at);
    struct outcome o = kontor("--db new.db restore bad.bak");
    ok(o.code != 0 && !exists("new.db"), "a damaged backup is refused");
}

int main(void)
{
    arena = arena_new((size_t)2 << 30);
    char *made = mkdtemp(folder);
    assert(made);
    (void)setenv("KONTOR_LOG_LEVEL", "error", 1);
    explaining();
    finding();
    the_key();
    as_json();
    the_doctor();
    restoring();
    damaged();
    arena_free(arena);
    return done_testing();
}
