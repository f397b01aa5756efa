/* Commands about decision models: dmn eval, dmn check, dmn test. They need no database; files are
 * read by cli, because dmn is pure. */
#include <dirent.h>
#include <sys/stat.h>

#include "dmn/dmn.h"
#include "main/cmd_feel.h"
#include "main/program.h"

enum { FOLDER_DEPTH_MAX = 16, MODELS_MAX = 64 };

/* ---- dmn eval, dmn check ---- */

static void print_issue(struct cli *cli, struct str file, const struct dmn_issue *issue)
{
    struct str args[2] = {str_of(issue->args[0]), str_of(issue->args[1])};
    struct str text = formula_filled(cli->arena, issue->message, args, 2);
    cli_print(cli, STR_FMT ":%ld: %s", STR_ARG(file), issue->file_line,
              issue->is_warning ? "warning: " : "");
    if (issue->element)
        cli_print(cli, "\"" STR_FMT "\" ", STR_ARG(issue->element->name));
    if (issue->rule)
        cli_print(cli, "rule %zu ", issue->rule);
    if (issue->column)
        cli_print(cli, "column %zu ", issue->column);
    if (issue->line)
        cli_print(cli, "at %ld:%ld ", issue->line, issue->at);
    cli_print(cli, "- " STR_FMT "\n", STR_ARG(text));
}

static enum rc read_model(struct cli *cli, struct str path, const struct dmn_model **out)
{
    struct str xml;
    TRY(cli_read_file(cli, path, FORMULA_FILE_MAX_BYTES, &xml));
    return dmn_read(cli->arena, xml, NULL, 0, FEEL_KONTOR, &cli->op.fault, out);
}

/* A text given for a declared date or duration is read as one. */
static struct feel_value typed(struct arena *arena, const struct dmn_element *element,
                               struct feel_value value)
{
    const struct feel_type *type = element->type;
    if (value.kind != FEEL_STRING || !type || type->form != FEEL_TYPE_KIND ||
        type->kind == FEEL_STRING)
        return value;
    struct feel_value temporal = feel_parse_temporal(arena, value.text);
    return (enum feel_kind)temporal.kind == type->kind ? temporal : value;
}

static enum rc eval_decisions(struct cli *cli, const struct dmn_model *model,
                              const struct feel_value *inputs, struct feel_value *out)
{
    struct feel_warnings warnings = {0};
    struct feel_env env = formula_env();
    const char *wanted = cli_option(cli, "decision");
    struct dmn_run *run = dmn_run_new(model, &env, cli->arena, NULL);
    struct str *names = NEW_ARRAY(cli->arena, struct str, model->elements_len + 1);
    struct feel_value *values = NEW_ARRAY(cli->arena, struct feel_value, model->elements_len + 1);
    size_t len = 0;
    dmn_run_watch(run, &warnings, NULL);
    for (size_t i = 0; i < model->elements_len; i++) {
        struct feel_value value;
        const struct dmn_element *e = model->elements[i];
        if (e->kind == DMN_INPUT && feel_entry(inputs, e->name, cli->arena, &value))
            dmn_run_set(run, e, typed(cli->arena, e, value));
    }
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *e = model->elements[i];
        if (e->kind != DMN_DECISION || (wanted && !str_eq(e->name, str_of(wanted))))
            continue;
        names[len] = e->name;
        TRY(dmn_run_value(run, e, &cli->op.fault, &values[len++]));
    }
    formula_print_warnings(cli, &warnings);
    if (wanted && len == 0)
        return fail(&cli->op, RC_MISSING, NULL, "There is no decision \"{0}\".", wanted);
    *out = wanted ? values[0] : feel_context(feel_shape(cli->arena, names, len), values);
    return RC_OK;
}

static enum rc run_dmn_eval(struct cli *cli)
{
    const struct dmn_model *model = NULL;
    struct feel_value inputs, value;
    TRY(read_model(cli, cli->args[0], &model));
    TRY(formula_read_context(cli, cli_option(cli, "input"), &inputs));
    TRY(eval_decisions(cli, model, &inputs, &value));
    formula_print_value(cli, &value);
    return RC_OK;
}

static enum rc run_dmn_check(struct cli *cli)
{
    const struct dmn_model *model = NULL;
    const struct dmn_issue *issues = NULL;
    size_t len = 0, errors = 0;
    TRY(read_model(cli, cli->args[0], &model));
    dmn_check(cli->arena, model, &issues, &len);
    for (size_t i = 0; i < len; i++) {
        print_issue(cli, cli->args[0], &issues[i]);
        errors += !issues[i].is_warning;
    }
    cli_print(cli, "%zu errors, %zu warnings\n", errors, len - errors);
    return errors ? RC_INVALID : RC_OK;
}

/* ---- dmn test ---- */

struct tally {
    long passed, failed;
};

struct folder {
    struct str path;
    struct str_list models, models_xml; /* names and texts */
};

static bool is_case_end(const struct dmn_case_result *results, size_t i, size_t len)
{
    return i + 1 == len || !str_eq(results[i].case_id, results[i + 1].case_id);
}

static void count_results(struct cli *cli, struct str file, const struct dmn_case_result *results,
                          size_t len, struct tally *tally)
{
    bool is_ok = true;
    for (size_t i = 0; i < len; i++) {
        if (!results[i].is_ok)
            cli_print(cli,
                      STR_FMT ": case " STR_FMT ", " STR_FMT ": expected " STR_FMT
                              ", found " STR_FMT "\n",
                      STR_ARG(file), STR_ARG(results[i].case_id), STR_ARG(results[i].node),
                      STR_ARG(str_sub(results[i].expected, 0, 200)),
                      STR_ARG(str_sub(results[i].found, 0, 200)));
        is_ok = is_ok && results[i].is_ok;
        if (!is_case_end(results, i, len))
            continue;
        tally->passed += is_ok;
        tally->failed += !is_ok;
        is_ok = true;
    }
}

static enum rc test_against(struct cli *cli, struct arena *arena, const struct folder *folder,
                            size_t model_i, struct str file, struct str xml, struct tally *tally)
{
    struct str others[MODELS_MAX];
    const struct dmn_model *model = NULL;
    const struct dmn_case_result *results = NULL;
    size_t others_len = 0, len = 0;
    for (size_t i = 0; i < folder->models.len && others_len < MODELS_MAX; i++)
        if (i != model_i)
            others[others_len++] = folder->models_xml.at[i];
    TRY(dmn_read(arena, folder->models_xml.at[model_i], others, others_len, FEEL_STANDARD,
                 &cli->op.fault, &model));
    TRY(dmn_run_cases(arena, model, xml, &cli->op.fault, &results, &len));
    count_results(cli, file, results, len, tally);
    return RC_OK;
}

/* One file of cases; files that are none (and models) are passed over. */
static enum rc test_file(struct cli *cli, const struct folder *folder, struct str name,
                         struct tally *tally)
{
    AUTO_ARENA arena = arena_new((size_t)1 << 30);
    struct str xml,
        path = str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(folder->path), STR_ARG(name));
    TRY(cli_read_file(cli, path, FORMULA_FILE_MAX_BYTES, &xml));
    struct str wanted = dmn_cases_model(arena, xml);
    if (!wanted.at)
        return RC_OK;
    for (size_t i = 0; i < folder->models.len; i++)
        if (str_eq(folder->models.at[i], wanted))
            return test_against(cli, arena, folder, i, path, xml, tally);
    return fail(&cli->op, RC_MISSING, NULL, "{0} is about the model {1}, which is not there.",
                str_c(cli->arena, path), str_c(cli->arena, wanted));
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum rc list_folder(struct cli *cli, struct str path, struct str_list *out)
{
    DIR *dir = opendir(str_c(cli->arena, path));
    if (!dir)
        return fail(&cli->op, RC_MISSING, NULL, "The file {0} cannot be read.",
                    str_c(cli->arena, path));
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (entry->d_name[0] != '.')
            VEC_PUSH(cli->arena, out, str_dup(cli->arena, str_of(entry->d_name)));
    (void)closedir(dir);
    if (out->len)
        qsort(out->at, out->len, sizeof(*out->at), by_name);
    return RC_OK;
}

static enum rc open_folder(struct cli *cli, struct str path, const struct str_list *names,
                           struct folder *out)
{
    out->path = path;
    for (size_t i = 0; i < names->len; i++) {
        struct str xml;
        if (!str_ends(names->at[i], STR(".dmn")))
            continue;
        struct str inner =
            str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names->at[i]));
        TRY(cli_read_file(cli, inner, FORMULA_FILE_MAX_BYTES, &xml));
        VEC_PUSH(cli->arena, &out->models, names->at[i]);
        VEC_PUSH(cli->arena, &out->models_xml, xml);
    }
    return RC_OK;
}

static enum rc test_folder(struct cli *cli, struct str path, int depth, struct tally *tally)
{
    struct str_list names = {0};
    struct folder folder = {0};
    TRY(list_folder(cli, path, &names));
    TRY(open_folder(cli, path, &names, &folder));
    for (size_t i = 0; i < names.len; i++) {
        struct stat stat_of;
        struct str inner =
            str_printf(cli->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names.at[i]));
        bool is_folder = stat(str_c(cli->arena, inner), &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
        if (is_folder && depth < FOLDER_DEPTH_MAX)
            TRY(test_folder(cli, inner, depth + 1, tally));
        else if (!is_folder && str_ends(names.at[i], STR(".xml")))
            TRY(test_file(cli, &folder, names.at[i], tally));
    }
    return RC_OK;
}

static enum rc test_path(struct cli *cli, struct str path, struct tally *tally)
{
    struct stat stat_of;
    struct str_list names = {0};
    struct folder folder = {0};
    if (stat(str_c(cli->arena, path), &stat_of) == 0 && S_ISDIR(stat_of.st_mode))
        return test_folder(cli, path, 0, tally);
    size_t slash = path.len;
    while (slash > 0 && path.at[slash - 1] != '/')
        slash--;
    struct str parent = slash ? str_sub(path, 0, slash - 1) : STR(".");
    TRY(list_folder(cli, parent, &names));
    TRY(open_folder(cli, parent, &names, &folder));
    return test_file(cli, &folder, str_sub(path, slash, path.len), tally);
}

static enum rc run_dmn_test(struct cli *cli)
{
    struct tally tally = {0};
    for (size_t i = 0; i < cli->args_len; i++) {
        struct str path = cli_path(cli, cli->args[i]);
        while (path.len > 1 && path.at[path.len - 1] == '/')
            path.len--;
        TRY(test_path(cli, path, &tally));
    }
    cli_print(cli, "%ld passed, %ld failed\n", tally.passed, tally.failed);
    return tally.failed ? RC_INVALID : RC_OK;
}

const struct command dmn_commands[] = {
    {.name = "dmn eval",
     .args = "MODEL",
     .args_min = 1,
     .args_max = 1,
     .summary = "Evaluate the decisions of a DMN model",
     .help = "Without --decision all decisions are printed.\n\n"
             "  kontor dmn eval scheme.dmn --input case.json --decision own",
     .needs = CLI_PURE,
     .options = {{"input", "FILE", "JSON object with the input data"},
                 {"decision", "NAME", "only this decision"}},
     .run = run_dmn_eval},
    {.name = "dmn check",
     .args = "MODEL",
     .args_min = 1,
     .args_max = 1,
     .summary = "Check a DMN model: formulas, names, overlapping and unreachable rules, gaps",
     .help = "Exit code 65 when there is an error.\n\n  kontor dmn check scheme.dmn\n"
             "  kontor dmn check scheme.dmn --json",
     .needs = CLI_PURE,
     .run = run_dmn_check},
    {.name = "dmn test",
     .args = "PATH…",
     .args_min = 1,
     .args_max = -1,
     .summary = "Run conformance cases in the format of the DMN TCK",
     .help = "Folders are searched for .xml files of cases beside their .dmn models. The last line "
             "counts the cases.\n\n  kontor dmn test tck/TestCases/compliance-level-2",
     .needs = CLI_PURE,
     .run = run_dmn_test},
    {0}};
