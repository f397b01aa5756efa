/* setting_cli: settings on the command line. */
#include "setting/setting_int.h"

static enum rc run_list(struct cli *cli)
{
    AUTO_BUF buf = BUF(256 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    const struct setting_def *def;
    json_object(&w);
    for (size_t i = 0; (def = setting__at(i)) != NULL; i++) {
        struct str value;
        TRY(setting__read(&cli->op, def, &value));
        json_pair_str(&w, def->key, value);
        if (!cli->is_json)
            cli_print(cli, "%s = " STR_FMT "\n", def->key, STR_ARG(value));
    }
    json_object_end(&w);
    if (cli->is_json) {
        cli_put(cli, buf_str(&buf));
        cli_put(cli, STR("\n"));
    }
    return RC_OK;
}

static enum rc run_set(struct cli *cli)
{
    return setting_set(&cli->op, str_c(cli->arena, cli->args[0]), cli->args[1]);
}

const struct command setting_commands[] = {
    {
        .name = "settings",
        .summary = "Show the business settings",
        .help = "These are the settings that people change in the console. What the program is "
                "told at start is shown by kontor config.\n\n  kontor settings --json",
        .needs = CLI_READS,
        .run = run_list,
    },
    {
        .name = "setting set",
        .args = "KEY VALUE",
        .args_min = 2,
        .args_max = 2,
        .summary = "Change a business setting",
        .help = "The value is checked as in the console and the change is written into the "
                "journal.\n\n  kontor setting set approval.run true",
        .needs = CLI_WRITES,
        .run = run_set,
    },
    {0},
};
