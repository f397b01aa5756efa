/* kontor import KIND FILE…: reads files from the disk, without the queue, so that it works on an
 * empty machine and shows its bar at once. Killed, it is simply called again: what is in stays and
 * counts as unchanged. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import/import_int.h"

enum { ERRORS_SHOWN = 10 };

struct unused_of_file {
    struct str file;
    struct import_unused_list columns;
};

struct command_run {
    struct cli *cli;
    const struct import_kind *kind;
    struct str mapping_text; /* absent: suggested by each file's head */
    struct str mapping_folder;
    struct import_counts sum;
    struct {
        struct unused_of_file *at;
        size_t len, cap;
    } unused;
    bool errors_are_workbook;
    int errors_fd; /* -1: none */
    bool has_errors_head;
};

static enum rc read_all(int fd, struct arena *arena, size_t max, struct str *out)
{
    AUTO_BUF buf = BUF(max);
    char block[65536];
    ssize_t got;
    while ((got = read(fd, block, sizeof(block))) > 0)
        buf_put(&buf, (struct str){block, (size_t)got});
    if (got < 0)
        return RC_MISSING;
    if (buf.is_over)
        return RC_TOO_LARGE;
    *out = str_dup(arena, buf_str(&buf));
    return RC_OK;
}

/* A file of that name, or the mapping saved under it. */
static enum rc load_mapping(struct command_run *run, const char *option)
{
    struct cli *cli = run->cli;
    struct import_mapping_rec saved;
    struct str path = cli_path(cli, str_of(option));
    AUTO_FD fd = open(str_c(cli->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        size_t slash = path.len;
        while (slash > 0 && path.at[slash - 1] != '/')
            slash--;
        run->mapping_folder = str_sub(path, 0, slash ? slash - 1 : 0);
        enum rc rc = read_all(fd, cli->arena, IMPORT_MAPPING_BYTES_MAX, &run->mapping_text);
        return rc == RC_OK
                   ? RC_OK
                   : fail(&cli->op, rc, "mapping", M("The file {0} cannot be read."), option);
    }
    enum rc rc = import__mapping_named(&cli->op, str_of(option), &saved);
    if (rc == RC_MISSING)
        return fail(&cli->op, RC_MISSING, "mapping",
                    M("There is neither a file nor a saved mapping “{0}”."), option);
    TRY(rc);
    run->mapping_text = str_dup(cli->arena, saved.text);
    return RC_OK;
}

static void draw(struct importer *importer, int64_t done, int permille)
{
    struct cli *cli = importer->progress_self;
    int64_t total = permille > 0 ? done * 1000 / permille : 0;
    cli_progress(cli, M("Importing"), done, total);
}

/* ---- one file ---- */

static enum rc suggest(struct command_run *run, struct importer *importer, struct str *out_text)
{
    struct cli *cli = run->cli;
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = run->kind};
    AUTO_BUF buf = BUF(IMPORT_MAPPING_BYTES_MAX);
    TRY(import__preview(cli->arena, importer->source, &none, &cli->op.fault, &preview));
    import__mapping_write(
        import__mapping_suggest(cli->arena, run->kind, preview.heads.at, preview.heads.len), &buf);
    *out_text = str_dup(cli->arena, buf_str(&buf));
    return RC_OK;
}

static struct str name_of(struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/')
            return str_sub(path, i, SIZE_MAX);
    return path;
}

static enum rc prepare(struct command_run *run, struct importer *importer, struct str path)
{
    struct cli *cli = run->cli;
    struct op *op = &cli->op;
    struct import_rec rec;
    struct str text = run->mapping_text, folder = run->mapping_folder;
    const char *source = cli_option(cli, "source");
    int64_t id = 0;
    if (!text.at)
        TRY(suggest(run, importer, &text));
    TRY(import__mapping_read(cli->arena, text, &op->fault, &importer->mapping));
    if (importer->mapping->kind != run->kind)
        return fail(op, RC_INVALID, "mapping", M("The mapping is for {0}, not for {1}."),
                    importer->mapping->kind->name, run->kind->name);
    if (cli_option(cli, "sheet"))
        importer->mapping->sheet = str_of(cli_option(cli, "sheet"));
    TRY(import__lookups_load(cli->arena, importer->mapping, folder, &op->fault));
    struct import_new what = {.kind = run->kind,
                              .name = name_of(path),
                              .mapping = text,
                              .source = source ? str_of(source) : STR(""),
                              .is_dry_run = cli_switch(cli, "dry-run"),
                              .state = "waiting"};
    TRY(import__add(op, &what, &id));
    TRY(q_import(op, &(struct q_import_in){id}, &rec));
    return import__open(importer, &rec);
}

static enum rc copy_errors(struct command_run *run, int64_t file_id, char delimiter)
{
    struct cli *cli = run->cli;
    if (file_id == 0 || run->errors_fd < 0)
        return RC_OK;
    if (run->errors_are_workbook)
        return import__errors_as_workbook(&cli->op, file_id, delimiter,
                                          sheet_sink_fd(&run->errors_fd));
    return file_copy_to_fd(&cli->op, file_id, run->errors_fd);
}

static enum rc show_errors(struct command_run *run, const struct importer *importer)
{
    struct cli *cli = run->cli;
    struct import_error_row_rows rows;
    TRY(q_import_errors(&cli->op, &(struct q_import_errors_in){importer->id, 0, ERRORS_SHOWN},
                        &rows));
    for (size_t i = 0; i < rows.len; i++)
        cli_error(cli, STR_FMT ":%lld: " STR_FMT "%s" STR_FMT, STR_ARG(importer->name),
                  (long long)rows.at[i].row_number, STR_ARG(rows.at[i].column_name),
                  rows.at[i].column_name.len ? ": " : "", STR_ARG(rows.at[i].reason));
    if (importer->counts.refused > ERRORS_SHOWN)
        cli_error(cli, STR_FMT,
                  STR_ARG(i18n_format(cli->arena, cli->op.lang,
                                      M("…and more; --errors FILE writes all refused rows."))));
    return RC_OK;
}

static struct str problem_words(const struct op *op)
{
    return op->fault.entries_len ? i18n_fault(op->arena, op->lang, &op->fault.entries[0]) : STR("");
}

/* Said once the file's head is known, whatever became of its rows. */
static void tell_unused(struct command_run *run, const struct importer *importer)
{
    enum { UNUSED_SHOWN = 20 };
    struct cli *cli = run->cli;
    struct unused_of_file unused = {.file = str_dup(cli->arena, importer->name)};
    if (!importer->mapping || importer->heads.len == 0)
        return;
    import__mapping_unused(cli->arena, importer->mapping, importer->heads.at, importer->heads.len,
                           &unused.columns);
    VEC_PUSH(cli->arena, &run->unused, unused);
    for (size_t i = 0; !cli->is_json && i < unused.columns.len && i < UNUSED_SHOWN; i++) {
        const struct import_unused *one = &unused.columns.at[i];
        struct str words =
            i18n_format(cli->arena, cli->op.lang,
                        one->nearest.at ? M("the column “{0}” is not imported. Did you mean “{1}”?")
                                        : M("the column “{0}” is not imported."),
                        one->name, one->nearest.at ? one->nearest : STR(""));
        cli_error(cli, STR_FMT ": " STR_FMT, STR_ARG(importer->name), STR_ARG(words));
    }
    if (!cli->is_json && unused.columns.len > UNUSED_SHOWN)
        cli_error(cli, STR_FMT ": " STR_FMT, STR_ARG(importer->name),
                  STR_ARG(i18n_format(
                      cli->arena, cli->op.lang,
                      M("{0, plural, one {# more column is} other {# more columns are}} not "
                        "imported."),
                      (int64_t)(unused.columns.len - UNUSED_SHOWN))));
}

static enum rc finish(struct command_run *run, struct importer *importer, enum rc rc)
{
    struct op *op = &run->cli->op;
    cli_progress_end(run->cli);
    tell_unused(run, importer);
    if (rc != RC_OK) {
        struct fault kept = op->fault;
        enum rc ended = import__end(importer, "failed", problem_words(op));
        op->fault = kept;
        (void)ended; /* the first failure is what the person is told */
        return rc;
    }
    struct import_rec rec;
    TRY(import__end(importer, "done", STR_NONE));
    TRY(q_import(op, &(struct q_import_in){importer->id}, &rec));
    TRY(copy_errors(run, rec.error_file_id.v, importer->mapping->delimiter));
    run->sum.added += importer->counts.added;
    run->sum.changed += importer->counts.changed;
    run->sum.unchanged += importer->counts.unchanged;
    run->sum.refused += importer->counts.refused;
    return run->cli->is_json ? RC_OK : show_errors(run, importer);
}

static enum rc import_file(struct command_run *run, struct str path)
{
    struct cli *cli = run->cli;
    AUTO_FD fd = open(str_c(cli->arena, path), O_RDONLY | O_CLOEXEC);
    struct importer importer = {
        .op = &cli->op, .kind = run->kind, .progress = draw, .progress_self = cli};
    if (fd < 0)
        return fail(&cli->op, RC_MISSING, NULL, M("The file {0} cannot be read."),
                    str_c(cli->arena, path));
    TRY(sheet_source_fd(&fd, &cli->op.fault, &importer.source));
    enum rc rc = prepare(run, &importer, path);
    if (rc == RC_OK)
        rc = import__run(&importer);
    if (importer.id != 0)
        rc = finish(run, &importer, rc);
    import__close(&importer);
    return rc;
}

/* ---- the command ---- */

static enum rc find_kind(struct command_run *run)
{
    struct cli *cli = run->cli;
    struct str names[IMPORT_FIELDS_MAX];
    size_t len = 0;
    run->kind = import__kind(cli->args[0]);
    if (run->kind)
        return RC_OK;
    AUTO_BUF list = BUF(4096);
    for (; import__kind_at(len); len++) {
        names[len] = str_of(import__kind_at(len)->name);
        buf_printf(&list, "%s%s", len ? ", " : "", import__kind_at(len)->name);
    }
    struct str nearest = text_nearest(cli->args[0], names, len);
    return fail(&cli->op, RC_INVALID, NULL,
                nearest.at ? M("There is no kind of import “{0}”. Did you mean “{2}”?")
                           : M("There is no kind of import “{0}”. There are: {1}."),
                str_c(cli->arena, cli->args[0]), str_c(cli->arena, buf_str(&list)),
                nearest.at ? str_c(cli->arena, nearest) : "");
}

static void put_unused(const struct command_run *run, struct json_writer *w)
{
    json_key(w, "not_imported");
    json_array(w);
    for (size_t i = 0; i < run->unused.len; i++)
        for (size_t k = 0; k < run->unused.at[i].columns.len; k++) {
            const struct import_unused *one = &run->unused.at[i].columns.at[k];
            json_object(w);
            json_pair_str(w, "file", run->unused.at[i].file);
            json_pair_str(w, "column", one->name);
            json_pair_str(w, "nearest", one->nearest);
            json_object_end(w);
        }
    json_array_end(w);
}

static void print_sum(struct command_run *run)
{
    struct cli *cli = run->cli;
    const struct import_counts *sum = &run->sum;
    int64_t rows = sum->added + sum->changed + sum->unchanged + sum->refused;
    if (cli->is_json) {
        AUTO_BUF buf = BUF(16 << 20);
        struct json_writer w = JSON_WRITER(&buf);
        json_object(&w);
        json_pair_str(&w, "kind", str_of(run->kind->name));
        json_pair_i64(&w, "rows", rows);
        json_pair_i64(&w, "added", sum->added);
        json_pair_i64(&w, "changed", sum->changed);
        json_pair_i64(&w, "unchanged", sum->unchanged);
        json_pair_i64(&w, "refused", sum->refused);
        json_pair_bool(&w, "dry_run", cli_switch(cli, "dry-run"));
        put_unused(run, &w);
        json_object_end(&w);
        cli_put(cli, buf_str(&buf));
        cli_put(cli, STR("\n"));
        return;
    }
    struct str text = i18n_format(
        cli->arena, cli->op.lang,
        M("{0, plural, one {# row} other {# rows}}: {1} added, {2} changed, {3} unchanged, {4} "
          "refused"),
        rows, sum->added, sum->changed, sum->unchanged, sum->refused);
    cli_put(cli, text);
    cli_put(cli, STR("\n"));
}

static enum rc run_import(struct cli *cli)
{
    struct command_run run = {.cli = cli, .errors_fd = -1};
    AUTO_FD errors_fd = -1;
    const char *mapping = cli_option(cli, "mapping"), *errors = cli_option(cli, "errors");
    TRY(find_kind(&run));
    if (mapping)
        TRY(load_mapping(&run, mapping));
    if (errors) {
        struct str path = cli_path(cli, str_of(errors));
        errors_fd = open(str_c(cli->arena, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (errors_fd < 0)
            return fail(&cli->op, RC_INVALID, "errors", M("The file {0} cannot be written."),
                        str_c(cli->arena, path));
        run.errors_fd = errors_fd;
        run.errors_are_workbook = str_ends(path, STR(".xlsx"));
    }
    for (size_t i = 1; i < cli->args_len; i++)
        TRY(import_file(&run, cli_path(cli, cli->args[i])));
    TRY(db_optimize(cli->op.db));
    print_sum(&run);
    return run.sum.refused ? RC_INVALID : RC_OK;
}

const struct command import_commands[] = {
    {.name = "import",
     .args = "KIND FILE…",
     .args_min = 2,
     .args_max = -1,
     .summary = "Import records or events from CSV and XLSX files",
     .help = "KIND is one of: categories, products, customers, partners, relations, outlets, "
             "contracts, events. Without --mapping the columns are found by their names.\n\n"
             "A row that is wrong is refused and the rest goes in; the exit code is 65 then. "
             "Repeating a file changes nothing.\n\n"
             "  kontor import partners dealers.xlsx\n"
             "  kontor import events sales.csv --mapping sales.json --errors refused.csv\n"
             "  kontor import events *.csv --source crm --dry-run",
     .needs = CLI_WRITES,
     .options = {{"mapping", "FILE", "how columns become fields: a mapping file or a saved name"},
                 {"source", "NAME", "the system that events come from; ids are unique in it"},
                 {"sheet", "NAME", "of a workbook; the first one when not given"},
                 {"errors", "FILE",
                  "write the refused rows there, with their reasons: CSV, or .xlsx"},
                 {"dry-run", NULL, "say what would happen and change nothing"}},
     .run = run_import},
    {0},
};
