/* Schemes on the command line: the same rules as the console, for scripts and for people who keep
 * their DMN files under version control. */
#include <fcntl.h>

#include "json/json.h"
#include "scheme/scheme_sheet.h"
#include "scheme/scheme_template.h"
#include "scheme/scheme_web.h"

enum { LIST_MAX = LIST_LIMIT_MAX, JSON_MAX = 4 << 20 };

static void put_json(struct cli *cli, struct buf *buf)
{
    buf_char(buf, '\n');
    cli_put(cli, buf_str(buf));
}

static const char *instant_c(struct cli *cli, struct opt_i64 at_us)
{
    return at_us.has ? str_c(cli->arena, instant_print(cli->arena, at_us.v)) : "-";
}

static void pair_instant(struct json_writer *w, const char *key, struct opt_i64 at_us)
{
    json_key(w, key);
    if (at_us.has)
        json_put_instant(w, at_us.v);
    else
        json_put_null(w);
}

/* ---- list ---- */

static enum rc run_list(struct cli *cli)
{
    struct op *op = &cli->op;
    struct scheme_row_page page = {0};
    struct q_scheme_list_in in = {.now = op->now, .page = {.limit = LIST_MAX}};
    AUTO_BUF buf = BUF(JSON_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    in.page.sort_i = list_sort_find(q_scheme_list_sorts, STR("code"));
    json_array(&w);
    do {
        TRY(q_scheme_list(op, &in, &page));
        for (size_t i = 0; i < page.len; i++) {
            const struct scheme_row *s = &page.at[i];
            int64_t uses;
            TRY(scheme__uses(op, s->id, &uses));
            json_object(&w);
            json_pair_str(&w, "code", s->code);
            json_pair_str(&w, "name", s->name);
            json_pair_bool(&w, "archived", s->archived_at.has);
            json_pair_i64(&w, "contracts", uses);
            pair_instant(&w, "in_force_from", s->begun);
            json_object_end(&w);
            if (!cli->is_json)
                cli_print(cli, STR_FMT "\t" STR_FMT "\t%s\n", STR_ARG(s->code), STR_ARG(s->name),
                          instant_c(cli, s->begun));
        }
        in.page.cursor = page.next;
    } while (page.has_next);
    json_array_end(&w);
    if (cli->is_json)
        put_json(cli, &buf);
    return RC_OK;
}

/* ---- show ---- */

static enum rc find_scheme(struct cli *cli, struct str code, struct scheme_info *out)
{
    enum rc rc = scheme_by_code(&cli->op, code, out);
    if (rc == RC_MISSING)
        return fail(&cli->op, rc, NULL, M("There is no scheme with the code {0}."),
                    str_c(cli->arena, code));
    return rc;
}

/* What --version names, else the newest. */
static enum rc find_version(struct cli *cli, const struct scheme_info *scheme,
                            struct scheme_version *out)
{
    const char *option = cli_option(cli, "version");
    int64_t number = 0;
    struct scheme_versions versions;
    enum rc rc = RC_MISSING;
    if (option && str_to_i64(str_of(option), &number)) {
        rc = scheme_version_by_number(&cli->op, scheme->id, number, out);
    } else if (!option) {
        TRY(scheme_versions(&cli->op, scheme->id, &versions));
        if (versions.len) {
            *out = versions.at[0];
            return RC_OK;
        }
    }
    if (rc == RC_MISSING)
        return fail(&cli->op, rc, NULL, M("The scheme {0} has no such version."),
                    str_c(cli->arena, scheme->code));
    return rc;
}

static void json_attributes(struct json_writer *w, const struct scheme_attribute *attributes,
                            size_t len)
{
    json_key(w, "attributes");
    json_array(w);
    for (size_t i = 0; i < len; i++) {
        const struct scheme_attribute *attribute = &attributes[i];
        json_object(w);
        json_pair_str(w, "name", attribute->name);
        json_pair_str(w, "label", attribute->label);
        json_pair_str(w, "type", attribute->type);
        json_pair_str(w, "unit", attribute->unit);
        json_pair_str(w, "default", attribute->fallback);
        json_pair_str(w, "min", attribute->min);
        json_pair_str(w, "max", attribute->max);
        json_object_end(w);
    }
    json_array_end(w);
}

void scheme__json_model(struct json_writer *w, const struct scheme *scheme)
{
    json_pair_str(w, "currency",
                  scheme->currency ? str_of(scheme->currency->code) : STR("contract"));
    json_key(w, "outputs");
    json_array(w);
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        const struct scheme_output *output = &scheme->outputs[i];
        json_object(w);
        json_pair_str(w, "key", output->key);
        json_pair_str(w, "label", output->label);
        json_pair_str(w, "kind", str_of(scheme_kind_name(output->kind)));
        json_pair_str(w, "scope", str_of(scheme_scope_name(output->scope)));
        json_object_end(w);
    }
    json_array_end(w);
    json_attributes(w, scheme->attributes, scheme->attributes_len);
}

static void print_model(struct cli *cli, const struct scheme *scheme)
{
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        const struct scheme_output *output = &scheme->outputs[i];
        cli_print(cli, "  %-8s %-9s " STR_FMT " (" STR_FMT ")\n", scheme_kind_name(output->kind),
                  scheme_scope_name(output->scope), STR_ARG(output->key), STR_ARG(output->label));
    }
    for (size_t i = 0; i < scheme->attributes_len; i++) {
        const struct scheme_attribute *attribute = &scheme->attributes[i];
        cli_print(cli, "  terms    " STR_FMT " = " STR_FMT "\n", STR_ARG(attribute->name),
                  STR_ARG(attribute->fallback));
    }
}

static void json_version(struct json_writer *w, const struct scheme_version *version)
{
    json_pair_i64(w, "version", version->number);
    json_pair_str(w, "state", version->state);
    json_pair_str(w, "sha256", version->sha256);
    pair_instant(w, "in_force_from", version->valid_from);
    json_pair_str(w, "note", version->note);
}

static enum rc run_show(struct cli *cli)
{
    struct scheme_info info;
    struct scheme_version version;
    const struct scheme *scheme;
    AUTO_BUF buf = BUF(JSON_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    TRY(find_scheme(cli, cli->args[0], &info));
    TRY(find_version(cli, &info, &version));
    TRY(scheme_version_load(&cli->op, version.id, &scheme));
    if (!cli->is_json) {
        cli_print(cli, STR_FMT " " STR_FMT "\nversion %lld, " STR_FMT ", in force from %s\n",
                  STR_ARG(info.code), STR_ARG(info.name), (long long)version.number,
                  STR_ARG(version.state), instant_c(cli, version.valid_from));
        print_model(cli, scheme);
        return RC_OK;
    }
    json_object(&w);
    json_pair_str(&w, "code", info.code);
    json_pair_str(&w, "name", info.name);
    json_version(&w, &version);
    scheme__json_model(&w, scheme);
    json_object_end(&w);
    put_json(cli, &buf);
    return RC_OK;
}

/* ---- check, add, publish ---- */

static enum rc read_scheme(struct cli *cli, struct str *out_xml, const struct scheme **out)
{
    struct str file;
    TRY(cli_read_file(cli, cli->args[0], SCHEME_FILE_MAX, &file));
    TRY(scheme_sheet_or_dmn(cli->arena, file, &cli->op.fault, out_xml));
    return scheme_read(cli->arena, *out_xml, &cli->op.fault, out);
}

static enum rc run_check(struct cli *cli)
{
    struct str xml;
    const struct scheme *scheme;
    AUTO_BUF buf = BUF(JSON_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    TRY(read_scheme(cli, &xml, &scheme));
    if (!cli->is_json) {
        cli_print(cli, STR_FMT ": %zu outputs, %zu attributes\n", STR_ARG(scheme->name),
                  scheme->outputs_len, scheme->attributes_len);
        print_model(cli, scheme);
        return RC_OK;
    }
    json_object(&w);
    json_pair_str(&w, "name", scheme->name);
    scheme__json_model(&w, scheme);
    json_object_end(&w);
    put_json(cli, &buf);
    return RC_OK;
}

static enum rc print_version(struct cli *cli, const struct scheme_info *info, int64_t version_id)
{
    struct scheme_version version;
    AUTO_BUF buf = BUF(JSON_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    TRY(scheme_version_get(&cli->op, version_id, &version));
    if (!cli->is_json) {
        cli_print(cli, STR_FMT " version %lld: " STR_FMT ", in force from %s\n",
                  STR_ARG(info->code), (long long)version.number, STR_ARG(version.state),
                  instant_c(cli, version.valid_from));
        return RC_OK;
    }
    json_object(&w);
    json_pair_str(&w, "code", info->code);
    json_version(&w, &version);
    json_object_end(&w);
    put_json(cli, &buf);
    return RC_OK;
}

/* The scheme that the code names, made when there is none: from the options, else the file. */
static enum rc scheme_for_add(struct cli *cli, const struct scheme *scheme, struct scheme_info *out)
{
    const char *code = cli_option(cli, "code"), *name = cli_option(cli, "name");
    struct scheme_info info = {.code = code ? str_of(code) : scheme->model->id,
                               .name = name ? str_of(name) : scheme->name,
                               .description = scheme->description};
    if (info.code.len == 0)
        return fail(&cli->op, RC_INVALID, "code", M("The file has no id; give a --code."));
    enum rc rc = scheme_by_code(&cli->op, info.code, out);
    if (rc != RC_MISSING)
        return rc;
    TRY(scheme_save(&cli->op, &info, &info.id));
    return scheme_get(&cli->op, info.id, out);
}

static enum rc run_add(struct cli *cli)
{
    struct op *op = &cli->op;
    struct str xml;
    const struct scheme *scheme;
    const char *note = cli_option(cli, "note");
    struct scheme_info info;
    int64_t version_id;
    TRY(read_scheme(cli, &xml, &scheme));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_for_add(cli, scheme, &info));
    TRY(scheme_version_add(op, info.id, xml, str_of(note ? note : ""), &version_id));
    TRY(txn_commit(&txn));
    return print_version(cli, &info, version_id);
}

static enum rc run_publish(struct cli *cli)
{
    struct op *op = &cli->op;
    struct scheme_info info;
    struct scheme_version version;
    const char *from = cli_option(cli, "from");
    int64_t valid_from = op->now;
    TRY(find_scheme(cli, cli->args[0], &info));
    TRY(find_version(cli, &info, &version));
    if (from && !instant_parse_in(str_of(from), op->zone, &valid_from))
        return fail(op, RC_INVALID, "from", M("This is not a date: write it like 2026-10-01."));
    TRY(scheme_version_submit(op, version.id, version.revision, valid_from));
    return print_version(cli, &info, version.id);
}

/* ---- export ---- */

/* The language of words in what is written or made. */
static enum rc take_lang(struct cli *cli)
{
    const char *code = cli_option(cli, "lang");
    const struct lang *lang = code ? lang_find(str_of(code)) : cli->op.lang;
    if (code && !lang)
        return fail(&cli->op, RC_INVALID, "lang", M("There is no language {0}."), code);
    cli->op.lang = lang ? lang : lang_of(LANG_EN);
    return RC_OK;
}

/* The decision that --table names, by its name or label. */
static enum rc find_table(struct cli *cli, struct str xml, struct str *out_part)
{
    const char *name = cli_option(cli, "table");
    struct scheme_outline outline;
    struct str_list tables = {0};
    *out_part = STR_NONE;
    if (!name)
        return RC_OK;
    TRY(scheme_outline(cli->arena, xml, &cli->op.fault, &outline));
    for (size_t i = 0; i < outline.parts_len; i++) {
        const struct scheme_part *part = &outline.parts[i];
        bool is_it = str_eq(part->name, str_of(name)) || str_eq(part->label, str_of(name));
        if (part->logic == SCHEME_TABLE)
            VEC_PUSH(cli->arena, &tables, part->name);
        if (part->logic == SCHEME_TABLE && is_it)
            *out_part = part->id;
    }
    if (out_part->at)
        return RC_OK;
    AUTO_BUF list = BUF(8192);
    for (size_t i = 0; i < tables.len; i++)
        buf_printf(&list, "%s" STR_FMT, i ? ", " : "", STR_ARG(tables.at[i]));
    return fail(&cli->op, RC_INVALID, "table", M("The scheme has no table {0}; it has: {1}."), name,
                str_c(cli->arena, buf_str(&list)));
}

static enum rc put_file(struct cli *cli, struct str xml, enum sheet_kind kind,
                        struct sheet_sink sink)
{
    struct str part;
    TRY(find_table(cli, xml, &part));
    if (part.at)
        return scheme_sheet_table_put(cli->arena, cli->op.lang, xml, part, kind, &cli->op.fault,
                                      sink);
    if (kind == SHEET_XLSX)
        return scheme_sheet_put(cli->arena, cli->op.lang, xml, &cli->op.fault, sink);
    if (cli_option(cli, "csv"))
        return fail(&cli->op, RC_INVALID, "csv", M("CSV holds one table: say which --table."));
    return sink.write(sink.self, xml);
}

static enum rc run_export(struct cli *cli)
{
    static const struct {
        const char *option;
        enum sheet_kind kind; /* 0: DMN */
    } formats[] = {{"xlsx", SHEET_XLSX}, {"csv", SHEET_CSV}, {"dmn", (enum sheet_kind)0}};
    struct scheme_info info;
    struct scheme_version version;
    struct str xml;
    AUTO_FD fd = -1;
    TRY(take_lang(cli));
    TRY(find_scheme(cli, cli->args[0], &info));
    TRY(find_version(cli, &info, &version));
    TRY(scheme_version_file(&cli->op, version.id, &xml));
    for (size_t i = 0; i < LEN(formats); i++) {
        const char *file = cli_option(cli, formats[i].option);
        AUTO_BUF buf = BUF(64 << 20);
        if (!file)
            continue;
        struct str path = cli_path(cli, str_of(file));
        TRY(put_file(cli, xml, formats[i].kind, sheet_sink_buf(&buf)));
        fd = open(str_c(cli->arena, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd < 0)
            return fail(&cli->op, RC_INVALID, formats[i].option,
                        M("The file {0} cannot be written."), str_c(cli->arena, path));
        struct sheet_sink sink = sheet_sink_fd(&fd);
        return sink.write(sink.self, buf_str(&buf));
    }
    return fail(&cli->op, RC_INVALID, NULL,
                M("Say where to: --xlsx FILE, --csv FILE or --dmn FILE."));
}

/* ---- templates ---- */

static void json_template(struct json_writer *w, const struct scheme_template *template,
                          const struct scheme_outline *outline)
{
    json_object(w);
    json_pair_str(w, "code", str_of(template->code));
    json_pair_str(w, "name", outline->name);
    json_pair_str(w, "use", outline->description);
    json_attributes(w, outline->attributes, outline->attributes_len);
    json_object_end(w);
}

static enum rc run_templates(struct cli *cli)
{
    size_t len = 0;
    const struct scheme_template *templates = scheme_templates(&len);
    AUTO_BUF buf = BUF(JSON_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    TRY(take_lang(cli));
    json_array(&w);
    for (size_t i = 0; i < len; i++) {
        struct scheme_outline outline;
        scheme_template_outline(cli->arena, cli->op.lang, &templates[i], &outline);
        json_template(&w, &templates[i], &outline);
        if (!cli->is_json)
            cli_print(cli, "%-17s " STR_FMT "\n%18s" STR_FMT "\n", templates[i].code,
                      STR_ARG(outline.name), "", STR_ARG(outline.description));
        for (size_t k = 0; k < outline.attributes_len && !cli->is_json; k++)
            cli_print(cli, "%20s" STR_FMT " = " STR_FMT "\n", "",
                      STR_ARG(outline.attributes[k].name), STR_ARG(outline.attributes[k].fallback));
    }
    json_array_end(&w);
    if (cli->is_json)
        put_json(cli, &buf);
    return RC_OK;
}

static enum rc find_template(struct cli *cli, const struct scheme_template **out)
{
    const char *code = cli_option(cli, "template");
    struct str_list codes = {0};
    size_t len = 0;
    const struct scheme_template *templates = scheme_templates(&len);
    if (!code)
        return fail(&cli->op, RC_INVALID, "template",
                    M("Say which --template; kontor scheme templates lists them."));
    *out = scheme_template_find(str_of(code));
    if (*out)
        return RC_OK;
    for (size_t i = 0; i < len; i++)
        VEC_PUSH(cli->arena, &codes, str_of(templates[i].code));
    struct str near = text_nearest(str_of(code), codes.at, codes.len);
    if (near.at)
        return fail(&cli->op, RC_INVALID, "template",
                    M("There is no template {0}. Did you mean {1}?"), code,
                    str_c(cli->arena, near));
    return fail(&cli->op, RC_INVALID, "template",
                M("There is no template {0}; kontor scheme templates lists them."), code);
}

static enum rc run_new(struct cli *cli)
{
    const char *name = cli_option(cli, "name");
    struct scheme_template_value values[200];
    struct scheme_template_order order = {
        .code = cli->args[0], .name = str_of(name ? name : ""), .values = values};
    struct scheme_info info;
    int64_t scheme_id, version_id;
    TRY(take_lang(cli));
    TRY(find_template(cli, &order.template));
    for (size_t i = 1; i < cli->args_len && order.values_len < LEN(values); i++) {
        struct str text = cli->args[i], attribute = str_cut(&text, '=');
        if (!text.at)
            return fail(&cli->op, RC_INVALID, NULL, M("Write a value as ATTRIBUTE=VALUE, not {0}."),
                        str_c(cli->arena, cli->args[i]));
        values[order.values_len++] =
            (struct scheme_template_value){str_trim(attribute), str_trim(text)};
    }
    TRY(scheme_template_make(&cli->op, &order, &scheme_id, &version_id));
    TRY(scheme_get(&cli->op, scheme_id, &info));
    return print_version(cli, &info, version_id);
}

const struct command scheme_commands[] = {
    {.name = "scheme list",
     .summary = "List schemes",
     .help = "  kontor scheme list\n  kontor scheme list --json",
     .needs = CLI_READS,
     .run = run_list},
    {.name = "scheme show",
     .args = "CODE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Show a version of a scheme: outputs, attributes, state",
     .help = "The newest version, or the one that --version names.\n\n"
             "  kontor scheme show REPS --version 2 --json",
     .needs = CLI_READS,
     .options = {{"version", "N", "number of the version"}},
     .run = run_show},
    {.name = "scheme check",
     .args = "FILE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Check a DMN file or a workbook as a scheme",
     .help = "Says what is wrong, with the decision and the place in the file; otherwise what "
             "the scheme gives and which attributes it has.\n\n  kontor scheme check reps.dmn",
     .needs = CLI_PURE,
     .run = run_check},
    {.name = "scheme add",
     .args = "FILE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Store a DMN file or a workbook as a draft version of a scheme",
     .help = "A workbook (.xlsx) is one that kontor scheme export has written, or of that form. "
             "The scheme is made when there is none with that code. The same text as the newest "
             "version changes nothing.\n\n  kontor scheme add reps.dmn --code REPS",
     .needs = CLI_WRITES,
     .options = {{"code", "CODE", "of the scheme; the id in the file when not given"},
                 {"name", "NAME", "of a new scheme; the name in the file when not given"},
                 {"note", "TEXT", "what is new in this version"}},
     .run = run_add},
    {.name = "scheme export",
     .args = "CODE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Write a scheme, or one of its tables, as a workbook, CSV or DMN file",
     .help = "A workbook has everything that a scheme says; kontor scheme add takes it back. With "
             "--table one table is written.\n\n"
             "  kontor scheme export REPS --xlsx reps.xlsx\n"
             "  kontor scheme export REPS --csv rates.csv --table \"category rate\"",
     .needs = CLI_READS,
     .options = {{"xlsx", "FILE", "write a workbook"},
                 {"csv", "FILE", "write one table as CSV"},
                 {"dmn", "FILE", "write the DMN file"},
                 {"table", "NAME", "one table alone"},
                 {"version", "N", "number of the version; the newest when not given"},
                 {"lang", "LANG", "of the titles: en, ru or es"}},
     .run = run_export},
    {.name = "scheme templates",
     .summary = "List the templates of schemes: what they are for and what to fill",
     .help = "  kontor scheme templates\n  kontor scheme templates --json",
     .needs = CLI_PURE,
     .options = {{"lang", "LANG", "en, ru or es"}},
     .run = run_templates},
    {.name = "scheme new",
     .args = "CODE [ATTRIBUTE=VALUE]…",
     .args_min = 1,
     .args_max = 200,
     .summary = "Make a scheme from a template, with a draft version",
     .help = "Attributes that are not given keep the values of the template. Percents are typed "
             "as percents.\n\n"
             "  kontor scheme new REPS --template tiered-whole \"top rate=12%\"",
     .needs = CLI_WRITES,
     .options = {{"template", "TEMPLATE", "one of kontor scheme templates"},
                 {"name", "NAME", "of the scheme; that of the template when not given"},
                 {"lang", "LANG", "of its words: en, ru or es"}},
     .run = run_new},
    {.name = "scheme publish",
     .args = "CODE",
     .args_min = 1,
     .args_max = 1,
     .summary = "Submit a draft; it is in force from a date once approved",
     .help = "Publishes at once when schemes need no approval (setting approval.scheme). The date "
             "begins at midnight in the operator's time zone.\n\n"
             "  kontor scheme publish REPS --from 2026-10-01",
     .needs = CLI_WRITES,
     .options = {{"from", "DATE", "in force from; now when not given"},
                 {"version", "N", "number of the version; the newest when not given"}},
     .run = run_publish},
    {0},
};
