/* cli: commands as data. A module declares its commands in a table; parsing, --help, --json, exit
 * codes, progress on a terminal and running inside the server are done once, here.
 *
 * A command that writes while a server owns the database is run by that server: the client sends
 * its arguments over the server's socket and copies what comes back. So a command must write only
 * through cli_print and cli_error, and read files by paths made whole with cli_path. */
#ifndef KONTOR_CLI_H
#define KONTOR_CLI_H

#include "base/base.h"
#include "op/op.h"

enum cli_needs {
    CLI_PURE = 1, /* no database */
    CLI_READS,    /* a database; may run beside a server */
    CLI_WRITES,   /* a database that it owns, or the server that owns it */
    CLI_OWNS      /* a database that nobody else has open (restore, serve) */
};

struct cli_option {
    const char *name;  /* "from" for --from */
    const char *value; /* "DATE": takes a value; NULL: a switch */
    const char *help;
};

enum { CLI_OPTIONS_MAX = 24, CLI_ARGS_MAX = 4096 };

struct cli;

struct command {
    const char *name;       /* one or two words: "run", "feel eval" */
    const char *args;       /* "PERIOD", "KIND FILE…", NULL: none */
    int args_min, args_max; /* args_max -1: any number */
    const char *summary;    /* one sentence, no full stop */
    const char *help;       /* paragraphs and examples; NULL: none */
    enum cli_needs needs;
    struct cli_option
        options[CLI_OPTIONS_MAX]; /* ended by {0}; --db, --json, --help are everywhere */
    enum rc (*run)(struct cli *cli);
};

/* Where output goes: the terminal, or a client of the server's socket. */
struct cli_sink {
    void (*write)(void *self, bool is_error, struct str text);
    void *self;
};

struct cli {
    const struct command *command;
    struct op op;              /* of commands with a database: actor SYSTEM */
    struct database *database; /* NULL for CLI_PURE */
    struct arena *arena;
    struct str args[CLI_ARGS_MAX];
    size_t args_len;
    const char *option_values[CLI_OPTIONS_MAX]; /* "" for a switch that is on, NULL: not given */
    bool is_json;
    bool is_terminal;                    /* progress may be drawn */
    struct str folder;                   /* the caller's working folder */
    struct str program;                  /* how the program was called */
    const struct command *const *tables; /* all tables, for help */
    struct cli_sink sink;
    int64_t progress_drawn_us;
};

/* The value of a declared option; NULL when it was not given. */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_switch(const struct cli *cli, const char *name);
/* An argument or option as a path: whole, by the caller's folder. */
struct str cli_path(struct cli *cli, struct str path);
/* The whole of a regular file named by an argument; RC_MISSING, RC_TOO_LARGE with a message. */
enum rc cli_read_file(struct cli *cli, struct str path, size_t bytes_max, struct str *out);

void cli_print(struct cli *cli, const char *format, ...) PRINTF(2, 3);
void cli_put(struct cli *cli, struct str text);
void cli_error(struct cli *cli, const char *format, ...) PRINTF(2, 3); /* a line on stderr */
/* What op->fault holds, one line an entry, in the language of the operation. */
void cli_fault(struct cli *cli, const struct fault *fault);
/* A bar with count and time left, at most ten times a second, only on a terminal. total 0: not
 * known. `what` is a message key: "Importing". */
void cli_progress(struct cli *cli, const char *what, int64_t done, int64_t total);
void cli_progress_end(struct cli *cli);

/* The command that the words name (tables: NULL-ended array of {0}-ended tables); NULL when none
 * does, and then *out_nearest (may be absent) is the nearest name. */
const struct command *cli_find(const struct command *const *tables, struct str first,
                               struct str second, size_t *out_words, struct str *out_nearest);
/* Fills command, args, option values and switches from what follows the command's words. An
 * unknown option or a wrong number of arguments: RC_INVALID after a line on the sink. --help:
 * prints it and sets *out_is_help. */
enum rc cli_parse(struct cli *cli, const struct command *command, const struct str *words,
                  size_t words_len, bool *out_is_help);
void cli_help(struct cli *cli, const struct command *command);
/* The commands of a group: of "user" those that are called "user …". False when there are none. */
bool cli_help_group(struct cli *cli, struct str group);
void cli_help_all(struct cli *cli); /* every command with its summary */
void cli_man(struct cli *cli);      /* the man page, from the same tables */

#endif
