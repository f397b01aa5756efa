/* What the commands about formulas (cmd_feel.c) and decision models (cmd_dmn.c) share. */
#ifndef KONTOR_CMD_FEEL_H
#define KONTOR_CMD_FEEL_H

#include "cli/cli.h"
#include "feel/feel.h"
#include "json/json.h"

enum { FORMULA_FILE_MAX_BYTES = 32 << 20 };
/* The option that formula_speak reads. */
#define FORMULA_LANG                                                                               \
    {                                                                                              \
        "lang", "CODE", "language of what is said: en, ru, es"                                     \
    }

/* The context of a JSON file, or of JSON text that begins with "{"; an empty one when nothing is
 * given (NULL). */
enum rc formula_read_context(struct cli *cli, const char *given, struct feel_value *out);
/* A value as JSON: numbers, dates and durations travel as texts. */
void formula_json(struct json_writer *w, const struct feel_value *value, struct arena *arena);
/* The language of --lang, else English: that of everything the command says from now on. */
enum rc formula_speak(struct cli *cli);
/* A message in words. */
struct str formula_filled(const struct cli *cli, const char *message, const struct str *args,
                          size_t args_len);
/* How many warnings were not kept. */
struct str formula_more(const struct cli *cli, const struct feel_warnings *warnings);
void formula_print_warnings(struct cli *cli, const struct feel_warnings *warnings);
/* As FEEL text, or as JSON with --json. */
void formula_print_value(struct cli *cli, const struct feel_value *value);
/* Makes the budgets that the settings name those of the process. */
void formula_limits_apply(void);
/* feel repl, in cmd_repl.c. */
enum rc formula_repl(struct cli *cli);
/* The clock and the zone that these commands evaluate with. */
struct feel_env formula_env(void);

#endif
