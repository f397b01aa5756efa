/* dmn test: cases in the format of the DMN Technology Compatibility Kit, one file or folders of
 * them. A file that cannot be run is one failure; the others go on. */
#include <sys/stat.h>

#include "main/cmd_dmn.h"
#include "main/cmd_feel.h"
#include "main/program.h"

enum { FOLDER_DEPTH_MAX = 16, SHOWN_BYTES_MAX = 400 };

struct tally {
    long passed, failed;
};

static struct str shown(struct str text)
{
    return str_sub(text, 0, SHOWN_BYTES_MAX);
}

static bool is_case_end(const struct dmn_case_result *results, size_t i, size_t len)
{
    return i + 1 == len || !str_eq(results[i].case_id, results[i + 1].case_id);
}

static void print_failure(struct cli *cli, struct str file, const struct dmn_case_result *result)
{
    const struct feel_warning *w = &result->warning;
    cli_print(cli,
              STR_FMT ": case " STR_FMT ", " STR_FMT ": expected " STR_FMT ", found " STR_FMT "\n",
              STR_ARG(file), STR_ARG(result->case_id), STR_ARG(result->node),
              STR_ARG(shown(result->expected)), STR_ARG(shown(result->found)));
    if (w->message)
        cli_print(cli, "  warning: " STR_FMT "\n",
                  STR_ARG(formula_filled(cli, w->message, w->args, LEN(w->args))));
}

static void count_results(struct cli *cli, struct str file, const struct dmn_case_result *results,
                          size_t len, struct tally *tally)
{
    bool is_ok = true;
    for (size_t i = 0; i < len; i++) {
        if (!results[i].is_ok)
            print_failure(cli, file, &results[i]);
        is_ok = is_ok && results[i].is_ok;
        if (!is_case_end(results, i, len))
            continue;
        tally->passed += is_ok;
        tally->failed += !is_ok;
        is_ok = true;
    }
}

static enum rc run_cases(struct cli *cli, struct arena *arena, struct str path, struct str xml,
                         struct str wanted, struct tally *tally)
{
    const struct dmn_model *model = NULL;
    const struct dmn_case_result *results = NULL;
    struct str folder = model_folder_of(path);
    size_t len = 0;
    if (str_has(wanted, STR("/"))) /* a name beside the cases, no path */
        return fail(&cli->op, RC_INVALID, NULL, "{0} is about the model {1}, which is not there.",
                    str_c(arena, path), str_c(arena, wanted));
    struct str inner = str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(wanted));
    TRY(model_read(cli, arena, inner, FEEL_STANDARD, &cli->op.fault, &model));
    TRY(dmn_run_cases(arena, model, xml, &cli->op.fault, &results, &len));
    count_results(cli, path, results, len, tally);
    return RC_OK;
}

/* One file of cases; files that are none are passed over. */
static void test_file(struct cli *cli, struct str path, struct tally *tally)
{
    AUTO_ARENA arena = arena_new((size_t)1 << 30);
    struct str xml = STR_NONE;
    enum rc rc = cli_read_file(cli, path, FORMULA_FILE_MAX_BYTES, &xml);
    if (rc == RC_OK) {
        struct str wanted = dmn_cases_model(arena, xml);
        if (!wanted.at)
            return;
        rc = run_cases(cli, arena, path, xml, wanted, tally);
    }
    if (rc == RC_OK)
        return;
    tally->failed++;
    cli_print(cli, STR_FMT ": these cases cannot be run\n", STR_ARG(path));
    cli_fault(cli, &cli->op.fault);
    fault_clear(&cli->op.fault);
}

static enum rc test_folder(struct cli *cli, struct str path, int depth, struct tally *tally)
{
    struct str_list names = {0};
    TRY(model_folder_list(cli, path, &names));
    for (size_t i = 0; i < names.len; i++) {
        struct stat stat_of;
        struct str inner =
            str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names.at[i]));
        bool is_folder = lstat(str_c(cli->arena, inner), &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
        if (is_folder && depth < FOLDER_DEPTH_MAX)
            TRY(test_folder(cli, inner, depth + 1, tally));
        else if (!is_folder && str_ends(names.at[i], STR(".xml")))
            test_file(cli, inner, tally);
    }
    return RC_OK;
}

enum rc run_dmn_test(struct cli *cli)
{
    struct tally tally = {0};
    for (size_t i = 0; i < cli->args_len; i++) {
        struct stat stat_of;
        struct str path = cli_path(cli, cli->args[i]);
        while (path.len > 1 && path.at[path.len - 1] == '/')
            path.len--;
        if (stat(str_c(cli->arena, path), &stat_of) != 0)
            return fail(&cli->op, RC_MISSING, NULL, "The file {0} cannot be read.",
                        str_c(cli->arena, path));
        if (S_ISDIR(stat_of.st_mode))
            TRY(test_folder(cli, path, 0, &tally));
        else
            test_file(cli, path, &tally);
    }
    if (cli->is_json)
        cli_print(cli, "{\"passed\":%ld,\"failed\":%ld}\n", tally.passed, tally.failed);
    else
        cli_print(cli, "%ld passed, %ld failed\n", tally.passed, tally.failed);
    return tally.failed ? RC_INVALID : RC_OK;
}
