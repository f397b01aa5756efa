/* Commands as data: one parser, one help, one progress bar for all of them. getopt was left out
 * because options belong to commands and the help must come from the same table. */
#include "cli/cli.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/text.h"

static const struct cli_option common_options[] = {
    {"db", "URL", "the database: a file, or postgres://…"},
    {"config", "FILE", "settings file"},
    {"set", "NAME=VALUE", "one setting"},
    {"json", NULL, "print JSON"},
    {"help", NULL, "print this"},
};

static size_t option_index(const struct command *command, struct str name)
{
    for (size_t i = 0; i < CLI_OPTIONS_MAX && command->options[i].name; i++)
        if (str_eq(str_of(command->options[i].name), name))
            return i;
    return SIZE_MAX;
}

const char *cli_option(const struct cli *cli, const char *name)
{
    size_t i = option_index(cli->command, str_of(name));
    assert(i != SIZE_MAX); /* a command may ask only for what it declares */
    return cli->option_values[i];
}

bool cli_switch(const struct cli *cli, const char *name)
{
    return cli_option(cli, name) != NULL;
}

struct str cli_path(struct cli *cli, struct str path)
{
    if (str_starts(path, STR("/")) || cli->folder.len == 0)
        return path;
    return str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(cli->folder), STR_ARG(path));
}

static enum rc unreadable(struct cli *cli, struct str path)
{
    return fail(&cli->op, RC_MISSING, NULL, M("The file {0} cannot be read."),
                str_c(cli->arena, path));
}

enum rc cli_read_file(struct cli *cli, struct str path, size_t bytes_max, struct str *out)
{
    struct stat stat;
    AUTO_FD fd = open(str_c(cli->arena, cli_path(cli, path)), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return unreadable(cli, path);
    size_t len = 0, size = (size_t)stat.st_size;
    if (size > bytes_max)
        return fail(&cli->op, RC_TOO_LARGE, NULL, M("The file {0} is too large."),
                    str_c(cli->arena, path));
    char *at = arena_alloc(cli->arena, size + 1);
    while (len < size) {
        ssize_t got = read(fd, at + len, size - len);
        if (got < 0)
            return unreadable(cli, path);
        if (got == 0)
            break;
        len += (size_t)got;
    }
    *out = (struct str){at, len};
    return RC_OK;
}

void cli_put(struct cli *cli, struct str text)
{
    cli->sink.write(cli->sink.self, false, text);
}

void cli_print(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct arena_mark mark = arena_mark(cli->arena);
    cli_put(cli, str_vprintf(cli->arena, format, args));
    arena_rewind(cli->arena, mark);
    va_end(args);
}

void cli_error(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vprintf(cli->arena, format, args);
    va_end(args);
    cli_progress_end(cli);
    cli->sink.write(cli->sink.self, true,
                    str_printf(cli->arena, "kontor: " STR_FMT "\n", STR_ARG(text)));
}

void cli_fault(struct cli *cli, const struct fault *fault)
{
    const struct lang *lang = cli->op.lang ? cli->op.lang : lang_of(LANG_EN);
    for (size_t i = 0; i < fault->entries_len; i++) {
        const struct fault_entry *entry = &fault->entries[i];
        struct str text = i18n_fault(cli->arena, lang, entry);
        struct str where = STR("");
        if (entry->line > 0 && entry->column > 0)
            where = str_printf(cli->arena, "%ld:%ld: ", entry->line, entry->column);
        else if (entry->line > 0)
            where = str_printf(cli->arena, "%ld: ", entry->line);
        struct str field = entry->field ? str_printf(cli->arena, "%s: ", entry->field) : STR("");
        cli_error(cli, STR_FMT STR_FMT STR_FMT, STR_ARG(where), STR_ARG(field), STR_ARG(text));
    }
    if (fault->entries_len == 0)
        cli_error(cli, "%s", rc_code(fault->rc ? fault->rc : RC_BROKEN));
}

/* ---- progress ---- */

static struct str time_left(struct cli *cli, int64_t begun_us, int64_t done, int64_t total)
{
    int64_t spent_us = when_mono_us() - begun_us;
    if (done <= 0 || total <= done || spent_us < US_SECOND)
        return STR("");
    int64_t seconds = (int64_t)((__int128)spent_us * (total - done) / done / US_SECOND);
    return str_printf(cli->arena, ", %lld:%02lld left", (long long)(seconds / 60),
                      (long long)(seconds % 60));
}

void cli_progress(struct cli *cli, const char *what, int64_t done, int64_t total)
{
    enum { WIDTH = 30, EVERY_US = 100000 };
    static _Thread_local int64_t begun_us;
    int64_t now_us = when_mono_us();
    if (!cli->is_terminal || now_us - cli->progress_drawn_us < EVERY_US)
        return;
    if (cli->progress_drawn_us == 0)
        begun_us = now_us;
    cli->progress_drawn_us = now_us;
    struct arena_mark mark = arena_mark(cli->arena);
    const struct lang *lang = cli->op.lang ? cli->op.lang : lang_of(LANG_EN);
    struct str label = tr(lang, what);
    struct str line;
    if (total > 0) {
        char bar[WIDTH + 1];
        int full = (int)((__int128)done * WIDTH / total);
        full = full > WIDTH ? WIDTH : full;
        memset(bar, '#', (size_t)full);
        memset(bar + full, '.', (size_t)(WIDTH - full));
        bar[WIDTH] = 0;
        struct str left = time_left(cli, begun_us, done, total);
        line = str_printf(cli->arena, "\r" STR_FMT " [%s] %lld / %lld" STR_FMT "\033[K",
                          STR_ARG(label), bar, (long long)done, (long long)total, STR_ARG(left));
    } else {
        line = str_printf(cli->arena, "\r" STR_FMT " %lld\033[K", STR_ARG(label), (long long)done);
    }
    cli->sink.write(cli->sink.self, true, line);
    arena_rewind(cli->arena, mark);
}

void cli_progress_end(struct cli *cli)
{
    if (cli->progress_drawn_us == 0)
        return;
    cli->progress_drawn_us = 0;
    cli->sink.write(cli->sink.self, true, STR("\r\033[K"));
}

/* ---- finding and parsing ---- */

static size_t name_words(const char *name)
{
    return strchr(name, ' ') ? 2 : 1;
}

static bool name_is(const struct command *command, struct str first, struct str second)
{
    struct str rest = str_of(command->name);
    struct str head = str_cut(&rest, ' ');
    return str_eq(head, first) && (!rest.at || str_eq(rest, second));
}

static bool is_of_group(const struct command *command, struct str group)
{
    struct str rest = str_of(command->name);
    return str_eq(str_cut(&rest, ' '), group) && rest.at;
}

/* "user ad": of the group's commands the nearest, whole; else of all first words. */
static struct str nearest_name(const struct command *const *tables, struct arena *arena,
                               struct str first, struct str second)
{
    VEC(struct str) words = {0}, names = {0};
    for (const struct command *const *table = tables; *table; table++)
        for (const struct command *command = *table; command->name; command++) {
            struct str rest = str_of(command->name);
            if (!second.at || !is_of_group(command, first))
                continue;
            (void)str_cut(&rest, ' ');
            VEC_PUSH(arena, &words, rest);
            VEC_PUSH(arena, &names, str_of(command->name));
        }
    struct str nearest = text_nearest(second, words.at, words.len);
    for (size_t i = 0; nearest.at && i < words.len; i++)
        if (words.at[i].at == nearest.at)
            return names.at[i];
    if (words.len > 0)
        return STR_NONE;
    for (const struct command *const *table = tables; *table; table++)
        for (const struct command *command = *table; command->name; command++) {
            struct str rest = str_of(command->name);
            VEC_PUSH(arena, &words, str_cut(&rest, ' '));
        }
    return text_nearest(first, words.at, words.len);
}

const struct command *cli_find(const struct command *const *tables, struct str first,
                               struct str second, size_t *out_words, struct str *out_nearest)
{
    const struct command *found = NULL;
    AUTO_ARENA arena = arena_new(0);
    for (const struct command *const *table = tables; *table; table++)
        for (const struct command *command = *table; command->name; command++) {
            bool is_longer = !found || name_words(command->name) > name_words(found->name);
            if (is_longer && name_is(command, first, second))
                found = command;
        }
    if (found)
        *out_words = name_words(found->name);
    *out_nearest = nearest_name(tables, arena, first, second);
    return found;
}

static enum rc refuse(struct cli *cli, struct str what, const char *why)
{
    cli_error(cli, STR_FMT ": %s; try 'kontor %s --help'", STR_ARG(what), why, cli->command->name);
    return RC_INVALID;
}

static bool is_common(struct str name, bool *out_takes_value)
{
    for (size_t i = 0; i < LEN(common_options); i++)
        if (str_eq(str_of(common_options[i].name), name)) {
            *out_takes_value = common_options[i].value != NULL;
            return true;
        }
    return false;
}

/* One word that begins with "--"; *i moves past its value. Common options were read by main. */
static enum rc parse_option(struct cli *cli, const struct str *words, size_t words_len, size_t *i,
                            bool *out_is_help)
{
    struct str value = str_sub(words[*i], 2, SIZE_MAX);
    struct str name = str_cut(&value, '=');
    bool takes_value = false;
    size_t option = option_index(cli->command, name);
    if (option == SIZE_MAX && !is_common(name, &takes_value))
        return refuse(cli, words[*i], "there is no such option");
    if (option != SIZE_MAX)
        takes_value = cli->command->options[option].value != NULL;
    if (!takes_value && value.at)
        return refuse(cli, words[*i], "this option takes no value");
    if (takes_value && !value.at) {
        if (*i + 1 == words_len)
            return refuse(cli, words[*i], "this option needs a value");
        value = words[++*i];
    }
    if (option != SIZE_MAX)
        cli->option_values[option] = takes_value ? str_c(cli->arena, value) : "";
    else if (str_eq(name, STR("json")))
        cli->is_json = true;
    else if (str_eq(name, STR("help")))
        *out_is_help = true;
    return RC_OK;
}

enum rc cli_parse(struct cli *cli, const struct command *command, const struct str *words,
                  size_t words_len, bool *out_is_help)
{
    cli->command = command;
    *out_is_help = false;
    bool is_after_dashes = false;
    for (size_t i = 0; i < words_len; i++) {
        if (!is_after_dashes && str_eq(words[i], STR("--"))) {
            is_after_dashes = true;
        } else if (!is_after_dashes && str_starts(words[i], STR("--"))) {
            TRY(parse_option(cli, words, words_len, &i, out_is_help));
        } else {
            if (cli->args_len == CLI_ARGS_MAX)
                return refuse(cli, words[i], "there are too many arguments");
            cli->args[cli->args_len++] = words[i];
        }
    }
    if (*out_is_help) {
        cli_help(cli, command);
        return RC_OK;
    }
    if ((int)cli->args_len < command->args_min)
        return refuse(cli, str_of(command->args ? command->args : ""), "an argument is missing");
    if (command->args_max >= 0 && (int)cli->args_len > command->args_max)
        return refuse(cli, cli->args[command->args_max], "there is one argument too many");
    return RC_OK;
}

/* ---- help ---- */

static void help_options(struct cli *cli, const struct cli_option *options, size_t len)
{
    for (size_t i = 0; i < len && options[i].name; i++) {
        struct str name =
            str_printf(cli->arena, "--%s%s%s", options[i].name, options[i].value ? " " : "",
                       options[i].value ? options[i].value : "");
        cli_print(cli, "  %-24.*s %s\n", (int)name.len, name.at, options[i].help);
    }
}

void cli_help(struct cli *cli, const struct command *command)
{
    cli_print(cli, "usage: kontor %s%s%s%s\n\n%s.\n", command->name,
              command->options[0].name ? " [OPTIONS]" : "", command->args ? " " : "",
              command->args ? command->args : "", command->summary);
    if (command->help)
        cli_print(cli, "\n%s\n", command->help);
    cli_print(cli, "\nOptions:\n");
    help_options(cli, command->options, CLI_OPTIONS_MAX);
    help_options(cli, common_options, LEN(common_options));
}

bool cli_help_group(struct cli *cli, struct str group)
{
    bool has_any = false;
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *command = *table; command->name; command++) {
            if (!is_of_group(command, group))
                continue;
            if (!has_any)
                cli_print(cli,
                          "usage: kontor " STR_FMT " COMMAND [OPTIONS] [ARGUMENTS]\n\n"
                          "Commands:\n",
                          STR_ARG(group));
            has_any = true;
            cli_print(cli, "  %-18s %s\n", command->name, command->summary);
        }
    if (has_any)
        cli_print(cli, "\n'kontor " STR_FMT " COMMAND --help' tells more.\n", STR_ARG(group));
    return has_any;
}

void cli_help_all(struct cli *cli)
{
    cli_print(cli, "usage: kontor [--db URL] COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n");
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *command = *table; command->name; command++)
            cli_print(cli, "  %-18s %s\n", command->name, command->summary);
    cli_print(cli, "\n'kontor COMMAND --help' tells more.\n");
}

void cli_man(struct cli *cli)
{
    cli_print(cli, ".TH KONTOR 1\n.SH NAME\nkontor \\- partner relationship management\n"
                   ".SH SYNOPSIS\n.B kontor\n[\\-\\-db URL] COMMAND [OPTIONS] [ARGUMENTS]\n"
                   ".SH COMMANDS\n");
    for (const struct command *const *table = cli->tables; *table; table++)
        for (const struct command *command = *table; command->name; command++) {
            cli_print(cli, ".SS %s %s\n%s.\n", command->name, command->args ? command->args : "",
                      command->summary);
            if (command->help)
                cli_print(cli, ".PP\n.nf\n%s\n.fi\n", command->help);
            for (size_t i = 0; i < CLI_OPTIONS_MAX && command->options[i].name; i++)
                cli_print(cli, ".TP\n.B \\-\\-%s %s\n%s\n", command->options[i].name,
                          command->options[i].value ? command->options[i].value : "",
                          command->options[i].help);
        }
}
