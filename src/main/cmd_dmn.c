/* dmn eval and dmn check. They need no database; files are read by cli, because dmn is pure. */
#include "main/cmd_dmn.h"

#include "i18n/i18n.h"
#include "main/cmd_feel.h"
#include "main/program.h"

enum { OUTPUT_MAX_BYTES = 64 << 20 };

/* ---- dmn check ---- */

struct report {
    struct cli *cli;
    struct json_writer *json; /* NULL: for people */
    size_t errors, warnings;
};

static void print_issue(struct report *report, struct str file, const struct dmn_issue *issue,
                        struct str text)
{
    struct cli *cli = report->cli;
    struct str severity = issue->is_warning
                              ? i18n_format(cli->arena, report->cli->op.lang, M("warning"))
                              : i18n_format(cli->arena, report->cli->op.lang, M("error"));
    cli_print(cli, STR_FMT ":%ld:%ld: " STR_FMT ": ", STR_ARG(file), issue->file_line,
              issue->file_column, STR_ARG(severity));
    if (issue->element)
        cli_print(cli, "\"" STR_FMT "\" ", STR_ARG(issue->element->name));
    if (issue->rule)
        cli_print(
            cli, STR_FMT " ",
            STR_ARG(i18n_format(cli->arena, report->cli->op.lang, M("rule {0}"), issue->rule)));
    if (issue->column)
        cli_print(
            cli, STR_FMT " ",
            STR_ARG(i18n_format(cli->arena, report->cli->op.lang, M("column {0}"), issue->column)));
    if (issue->line)
        cli_print(cli, "%ld:%ld ", issue->line, issue->at);
    cli_print(cli, "- " STR_FMT "\n", STR_ARG(text));
}

static void put_number(struct json_writer *w, const char *key, long number)
{
    json_key(w, key);
    if (number > 0)
        json_put_i64(w, number);
    else
        json_put_null(w);
}

static void put_issue(struct json_writer *w, struct str file, const struct dmn_issue *issue,
                      struct str text)
{
    json_object(w);
    json_key(w, "file");
    json_put_str(w, file);
    json_key(w, "severity");
    json_put_str(w, issue->is_warning ? STR("warning") : STR("error"));
    json_key(w, "finding");
    json_put_str(w, str_of(dmn_finding_name(issue->kind)));
    json_key(w, "element");
    if (issue->element) {
        json_object(w);
        json_key(w, "id");
        json_put_str(w, issue->element->id);
        json_key(w, "name");
        json_put_str(w, issue->element->name);
        json_object_end(w);
    } else {
        json_put_null(w);
    }
    put_number(w, "rule", (long)issue->rule);
    put_number(w, "column", (long)issue->column);
    put_number(w, "line", issue->file_line);
    put_number(w, "line_column", issue->file_column);
    put_number(w, "formula_line", issue->line);
    put_number(w, "formula_column", issue->at);
    json_key(w, "message");
    json_put_str(w, text);
    json_object_end(w);
}

static void tell(struct report *report, struct str file, const struct dmn_issue *issue)
{
    struct arena *arena = report->cli->arena;
    struct str text =
        i18n_format_c(arena, report->cli->op.lang, issue->message, issue->args, LEN(issue->args));
    report->errors += !issue->is_warning;
    report->warnings += issue->is_warning;
    if (report->json)
        put_issue(report->json, file, issue, text);
    else
        print_issue(report, file, issue, text);
}

/* A file that is no model is one of the findings, in the form of the others. */
static void tell_fault(struct report *report, struct str file, struct fault *fault)
{
    for (size_t i = 0; i < fault->entries_len; i++) {
        const struct fault_entry *entry = &fault->entries[i];
        struct dmn_issue issue = {.kind = DMN_WRONG,
                                  .file_line = entry->line,
                                  .file_column = entry->column,
                                  .message = entry->message,
                                  .args = {entry->args[0], entry->args[1]}};
        tell(report, file, &issue);
    }
    fault_clear(fault);
}

static enum rc check_file(struct report *report, struct str file)
{
    struct cli *cli = report->cli;
    struct fault *fault = &cli->op.fault;
    const struct dmn_model *model = NULL;
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    enum rc rc = model_read(cli, cli->arena, cli_path(cli, file), FEEL_KONTOR, fault, &model);
    if (rc == RC_MISSING || (rc != RC_OK && fault->entries_len == 0))
        return rc;
    if (rc != RC_OK) {
        tell_fault(report, file, fault);
        return RC_OK;
    }
    dmn_check(cli->arena, model, &issues, &len);
    for (size_t i = 0; i < len; i++)
        tell(report, file, &issues[i]);
    return RC_OK;
}

static enum rc check_files(struct report *report, struct json_writer *json)
{
    report->json = json;
    for (size_t i = 0; i < report->cli->args_len; i++)
        TRY(check_file(report, report->cli->args[i]));
    return RC_OK;
}

static enum rc check_as_json(struct report *report)
{
    AUTO_BUF buf = BUF(OUTPUT_MAX_BYTES);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_key(&w, "findings");
    json_array(&w);
    enum rc rc = check_files(report, &w);
    report->json = NULL;
    TRY(rc);
    json_array_end(&w);
    json_key(&w, "errors");
    json_put_i64(&w, (int64_t)report->errors);
    json_key(&w, "warnings");
    json_put_i64(&w, (int64_t)report->warnings);
    json_object_end(&w);
    buf_char(&buf, '\n');
    cli_put(report->cli, buf_str(&buf));
    return RC_OK;
}

static enum rc run_dmn_check(struct cli *cli)
{
    struct report report = {.cli = cli};
    TRY(formula_speak(cli));
    if (cli->is_json) {
        TRY(check_as_json(&report));
    } else {
        TRY(check_files(&report, NULL));
        struct str counts = i18n_format(
            cli->arena, cli->op.lang,
            M("{0, plural, one {# error} other {# errors}}, {1, plural, one {# warning} other {# "
              "warnings}}"),
            report.errors, report.warnings);
        cli_print(cli, STR_FMT "\n", STR_ARG(counts));
    }
    return report.errors ? RC_INVALID : RC_OK;
}

/* ---- dmn eval: inputs ---- */

static struct feel_value typed(struct arena *arena, const struct feel_type *type,
                               struct feel_value value);

static struct feel_value typed_list(struct arena *arena, const struct feel_type *item,
                                    const struct feel_value *list)
{
    struct feel_value *items = NEW_ARRAY(arena, struct feel_value, list->list.len + 1);
    for (size_t i = 0; i < list->list.len; i++)
        items[i] = typed(arena, item, feel_item(list, i, arena));
    return feel_list(items, list->list.len);
}

static struct feel_value typed_context(struct arena *arena, const struct feel_type *type,
                                       const struct feel_value *context)
{
    const struct feel_shape *shape = context->context.shape;
    struct feel_value *entries = NEW_ARRAY(arena, struct feel_value, shape->len + 1);
    for (size_t i = 0; i < shape->len; i++) {
        const struct feel_type *field = NULL;
        for (size_t k = 0; k < type->fields_len; k++)
            if (str_eq(type->fields[k].name, shape->names[i]))
                field = type->fields[k].type;
        entries[i] = typed(arena, field, feel_entry_at(context, i, arena));
    }
    return feel_context(shape, entries);
}

/* JSON has no dates: a text given for a declared date, time or duration is read as one. */
static struct feel_value typed(struct arena *arena, const struct feel_type *type,
                               struct feel_value value)
{
    if (!type)
        return value;
    if (type->form == FEEL_TYPE_LIST && value.kind == FEEL_LIST)
        return typed_list(arena, type->item, &value);
    if (type->form == FEEL_TYPE_CONTEXT && value.kind == FEEL_CONTEXT)
        return typed_context(arena, type, &value);
    if (value.kind != FEEL_STRING || type->form != FEEL_TYPE_KIND || type->kind == FEEL_STRING)
        return value;
    struct feel_value temporal = feel_parse_temporal(arena, value.text);
    return (enum feel_kind)temporal.kind == type->kind ? temporal : value;
}

/* ---- dmn eval: explaining ---- */

static struct str quoted(struct arena *arena, const struct feel_value *value)
{
    struct str text = feel_print(arena, value);
    if (value->kind != FEEL_STRING)
        return text;
    return str_printf(arena, "\"" STR_FMT "\"", STR_ARG(text));
}

static void print_texts(struct cli *cli, const struct str *texts, size_t len)
{
    for (size_t i = 0; i < len; i++)
        cli_print(cli, "%s" STR_FMT, i ? " | " : "", STR_ARG(texts[i].len ? texts[i] : STR("-")));
}

static void print_hit(struct cli *cli, const struct dmn_hit *hit)
{
    const struct dmn_table *table = hit->table;
    cli_print(cli, "  table %s:", dmn_hit_policy_name(table->hit_policy));
    for (size_t i = 0; i < table->inputs_len; i++)
        cli_print(cli, "%s " STR_FMT " = " STR_FMT, i ? "," : "", STR_ARG(table->inputs[i].label),
                  STR_ARG(quoted(cli->arena, &hit->inputs[i])));
    cli_print(cli, "\n");
    for (size_t i = 0; i < hit->matched_len; i++) {
        const struct dmn_rule *rule = &table->rules[hit->matched[i]];
        cli_print(cli, "    rule %u: ", hit->matched[i] + 1);
        print_texts(cli, rule->inputs, table->inputs_len);
        cli_print(cli, " -> ");
        print_texts(cli, rule->outputs, table->outputs_len);
        cli_print(cli, "\n");
    }
    if (hit->matched_len == 0)
        cli_print(cli, "    no rule\n");
}

static void print_trace(struct cli *cli, const struct dmn_trace *trace)
{
    for (size_t i = 0; i < trace->steps.len; i++) {
        const struct dmn_step *step = &trace->steps.at[i];
        cli_print(cli, STR_FMT " = " STR_FMT "\n", STR_ARG(step->decision->name),
                  STR_ARG(quoted(cli->arena, &step->value)));
        for (size_t k = step->hits_from; k < step->hits_to; k++)
            print_hit(cli, &trace->hits.at[k]);
    }
}

static void put_texts(struct json_writer *w, const char *key, const struct str *texts, size_t len)
{
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < len; i++)
        json_put_str(w, texts[i]);
    json_array_end(w);
}

static void put_hit(struct cli *cli, struct json_writer *w, const struct dmn_hit *hit)
{
    const struct dmn_table *table = hit->table;
    json_object(w);
    json_key(w, "hit_policy");
    json_put_str(w, str_of(dmn_hit_policy_name(table->hit_policy)));
    json_key(w, "inputs");
    json_array(w);
    for (size_t i = 0; i < table->inputs_len; i++) {
        json_object(w);
        json_key(w, "label");
        json_put_str(w, table->inputs[i].label);
        json_key(w, "value");
        formula_json(w, &hit->inputs[i], cli->arena);
        json_object_end(w);
    }
    json_array_end(w);
    json_key(w, "rules");
    json_array(w);
    for (size_t i = 0; i < hit->matched_len; i++) {
        const struct dmn_rule *rule = &table->rules[hit->matched[i]];
        json_object(w);
        put_number(w, "rule", (long)hit->matched[i] + 1);
        put_texts(w, "inputs", rule->inputs, table->inputs_len);
        put_texts(w, "outputs", rule->outputs, table->outputs_len);
        put_texts(w, "annotations", rule->annotations, rule->annotations_len);
        json_object_end(w);
    }
    json_array_end(w);
    json_key(w, "value");
    formula_json(w, &hit->value, cli->arena);
    json_object_end(w);
}

static void put_trace(struct cli *cli, const struct dmn_trace *trace,
                      const struct feel_value *value)
{
    AUTO_BUF buf = BUF(OUTPUT_MAX_BYTES);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_key(&w, "value");
    formula_json(&w, value, cli->arena);
    json_key(&w, "steps");
    json_array(&w);
    for (size_t i = 0; i < trace->steps.len; i++) {
        const struct dmn_step *step = &trace->steps.at[i];
        json_object(&w);
        json_key(&w, "decision");
        json_put_str(&w, step->decision->name);
        json_key(&w, "value");
        formula_json(&w, &step->value, cli->arena);
        json_key(&w, "tables");
        json_array(&w);
        for (size_t k = step->hits_from; k < step->hits_to; k++)
            put_hit(cli, &w, &trace->hits.at[k]);
        json_array_end(&w);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    buf_char(&buf, '\n');
    cli_put(cli, buf_str(&buf));
}

/* ---- dmn eval ---- */

static enum rc eval_service(struct cli *cli, struct dmn_run *run, const struct dmn_model *model,
                            const struct feel_value *inputs, struct feel_value *out)
{
    const char *name = cli_option(cli, "service");
    const struct dmn_element *service = dmn_find(model, DMN_SERVICE, str_of(name));
    size_t len = 0;
    if (!service)
        return fail(&cli->op, RC_MISSING, "service", "There is no decision service \"{0}\".", name);
    const struct dmn_element *const *params = dmn_service_params(model, service, &len);
    struct feel_value *args = NEW_ARRAY(cli->arena, struct feel_value, len + 1);
    for (size_t i = 0; i < len; i++) {
        args[i] = feel_null();
        if (feel_entry(inputs, params[i]->name, cli->arena, &args[i]))
            args[i] = typed(cli->arena, params[i]->type, args[i]);
    }
    return dmn_run_invoke(run, service, args, len, &cli->op.fault, out);
}

static enum rc eval_decisions(struct cli *cli, struct dmn_run *run, const struct dmn_model *model,
                              const struct feel_value *inputs, struct feel_value *out)
{
    const char *wanted = cli_option(cli, "decision");
    struct str *names = NEW_ARRAY(cli->arena, struct str, model->elements_len + 1);
    struct feel_value *values = NEW_ARRAY(cli->arena, struct feel_value, model->elements_len + 1);
    size_t len = 0;
    for (size_t i = 0; i < model->elements_len; i++) {
        struct feel_value value;
        const struct dmn_element *e = model->elements[i];
        if (e->kind == DMN_INPUT && feel_entry(inputs, e->name, cli->arena, &value))
            dmn_run_set(run, e, typed(cli->arena, e->type, value));
    }
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *e = model->elements[i];
        if (e->kind != DMN_DECISION || (wanted && !str_eq(e->name, str_of(wanted))))
            continue;
        names[len] = e->name;
        TRY(dmn_run_value(run, e, &cli->op.fault, &values[len++]));
    }
    if (wanted && len == 0)
        return fail(&cli->op, RC_MISSING, "decision", "There is no decision \"{0}\".", wanted);
    *out = wanted ? values[0] : feel_context(feel_shape(cli->arena, names, len), values);
    return RC_OK;
}

static enum rc run_dmn_eval(struct cli *cli)
{
    const struct dmn_model *model = NULL;
    const char *given = cli_option(cli, "context");
    struct feel_value inputs, value;
    struct feel_warnings warnings = {0};
    struct feel_env env = formula_env();
    struct dmn_trace trace = {0};
    bool is_explained = cli_switch(cli, "explain");
    TRY(formula_speak(cli));
    TRY(model_read(cli, cli->arena, cli_path(cli, cli->args[0]), FEEL_KONTOR, &cli->op.fault,
                   &model));
    TRY(formula_read_context(cli, given ? given : cli_option(cli, "input"), &inputs));
    struct dmn_run *run = dmn_run_new(model, &env, cli->arena, NULL);
    dmn_run_watch(run, &warnings, is_explained ? &trace : NULL);
    enum rc rc = cli_option(cli, "service") ? eval_service(cli, run, model, &inputs, &value)
                                            : eval_decisions(cli, run, model, &inputs, &value);
    formula_print_warnings(cli, &warnings);
    TRY(rc);
    if (is_explained && cli->is_json) {
        put_trace(cli, &trace, &value);
        return RC_OK;
    }
    if (is_explained)
        print_trace(cli, &trace);
    formula_print_value(cli, &value);
    return RC_OK;
}

const struct command dmn_commands[] = {
    {.name = "dmn eval",
     .args = "MODEL",
     .args_min = 1,
     .args_max = 1,
     .summary = "Evaluate the decisions of a DMN model",
     .help =
         "Without --decision and --service all decisions are printed. Texts for declared dates, "
         "times and durations are read as such; elsewhere write \"@2026-01-31\". Imported "
         "models are looked for in the model's own folder. Warnings go to standard error.\n\n"
         "  kontor dmn eval price.dmn --context '{\"Order\": 20}'\n"
         "  kontor dmn eval price.dmn --context case.json --decision Discount --explain\n"
         "  kontor dmn eval price.dmn --context case.json --service Quote --json",
     .needs = CLI_PURE,
     .options = {{"context", "JSON", "the input data: a JSON object, or a file that holds one"},
                 {"input", "FILE", "the same, a file"},
                 {"decision", "NAME", "only this decision"},
                 {"service", "NAME", "call this decision service"},
                 {"explain", NULL, "also every decision computed and the rules that matched"},
                 FORMULA_LANG},
     .run = run_dmn_eval},
    {.name = "dmn check",
     .args = "MODEL…",
     .args_min = 1,
     .args_max = -1,
     .summary = "Check DMN models: formulas, names, types, overlapping and hidden rules, gaps",
     .help = "Each finding names its element, rule and column, with an example. Exit code 65 when "
             "there is an error; warnings alone give 0.\n\n"
             "  kontor dmn check price.dmn\n"
             "  kontor dmn check models/*.dmn --json\n"
             "  kontor dmn check price.dmn --lang es",
     .needs = CLI_PURE,
     .options = {FORMULA_LANG},
     .run = run_dmn_check},
    {.name = "dmn test",
     .args = "PATH…",
     .args_min = 1,
     .args_max = -1,
     .summary = "Run test cases in the format of the DMN TCK",
     .help = "A path is a file of cases or a folder, which is searched for .xml files of cases "
             "beside their .dmn models. Each failure is printed with what was expected and what "
             "was found; the last line counts the cases. Exit code 65 when one failed.\n\n"
             "  kontor dmn test tests/price.xml\n"
             "  kontor dmn test tck/TestCases/compliance-level-2 tck/TestCases/compliance-level-3",
     .needs = CLI_PURE,
     .run = run_dmn_test},
    {0}};
