/* What the commands about formulas (cmd_feel.c) and decision models (cmd_dmn.c) share. */
#ifndef KONTOR_CMD_FEEL_H
#define KONTOR_CMD_FEEL_H

#include "cli/cli.h"
#include "feel/feel.h"
#include "json/json.h"

enum { FORMULA_FILE_MAX_BYTES = 32 << 20 };

/* The context of a JSON file, or of JSON text that begins with "{"; an empty one when nothing is
 * given (NULL). */
enum rc formula_read_context(struct cli *cli, const char *given, struct feel_value *out);
/* A value as JSON: numbers, dates and durations travel as texts. */
void formula_json(struct json_writer *w, const struct feel_value *value, struct arena *arena);
/* A message in words; these commands speak English, as all output for programs does. */
struct str formula_filled(struct arena *arena, const char *message, const struct str *args,
                          size_t args_len);
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
