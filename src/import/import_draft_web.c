/* Pages before an import begins: choosing the file, saying which column becomes what. The mapping
 * stands in the import's draft, also while it has mistakes, so nothing typed is ever lost. */
#include "import/import_view.h"
#include "import/import_web.h"

enum { FORMULAS_MORE = 3, SAMPLES = 3, PREVIEW_COLUMNS = 12, PREVIEW_LINES = 8 };

const struct field import__new_fields[] = {
    F_STR(import__new_form, kind, 1, 20),
    F_FILE(import__new_form, file, FILE_BYTES_MAX),
    F_STR(import__new_form, saved, 0, 100),
    F_STR(import__new_form, source, 0, EVENT_SOURCE_MAX),
    FIELDS_END,
};
const struct field import__draft_fields[] = {
    F_STRS(import__draft_form, from, IMPORT_COLUMNS_MAX),
    F_STRS(import__draft_form, to, IMPORT_COLUMNS_MAX),
    F_STRS(import__draft_form, format, IMPORT_COLUMNS_MAX),
    F_STRS(import__draft_form, feel_to, IMPORT_COLUMNS_MAX),
    F_STRS(import__draft_form, feel, IMPORT_COLUMNS_MAX),
    F_STR(import__draft_form, encoding, 0, 20),
    F_STR(import__draft_form, delimiter, 0, 3),
    F_STR(import__draft_form, sheet, 0, 60),
    F_STR(import__draft_form, source, 0, EVENT_SOURCE_MAX),
    F_STR(import__draft_form, save_as, 0, 100),
    F_STR(import__draft_form, go, 0, 10),
    F_I64(import__draft_form, revision, 0, INT64_MAX),
    FIELDS_END,
};

/* ---- the file ---- */

static const struct ui_field new_shown[] = {
    {.name = "kind", .label = M("What is imported"), .kind = UI_FIELD_SELECT, .is_required = true},
    {.name = "file",
     .label = M("File"),
     .hint = M("CSV or Excel (.xlsx), at most 100 MB. The first row names the columns."),
     .kind = UI_FIELD_FILE,
     .is_required = true,
     .accept = ".csv,.txt,.tsv,.xlsx"},
    {.name = "saved",
     .label = M("Saved mapping"),
     .hint = M("Without one the columns are found by their names; the next page shows them."),
     .kind = UI_FIELD_SELECT},
    {.name = "source",
     .label = M("Source"),
     .hint = M("Of events: the system they come from. Their ids are unique in it."),
     .kind = UI_FIELD_TEXT,
     .max_len = EVENT_SOURCE_MAX},
};

enum rc import__page_new(struct req *r)
{
    struct op *op = r->op;
    struct ui_form form = {.submit = M("Upload"),
                           .submit_icon = "upload",
                           .action = STR("/imports"),
                           .cancel_href = STR("/imports")};
    form.head.title = M("Import a file");
    ui_crumb(op, &form.head, M("Imports"), STR("/imports"));
    ui_form_init(r, &form, new_shown, LEN(new_shown));
    ui_form_option(&form, "saved", STR(""), tr(op->lang, M("None")));
    for (size_t i = 0; import__kind_at(i); i++) {
        const struct import_kind *kind = import__kind_at(i);
        struct import_mapping_rec_rows saved;
        if (!op_may(op, kind->permission))
            continue;
        ui_form_option(&form, "kind", str_of(kind->name), tr(op->lang, kind->label));
        TRY(q_import_mappings(op, &(struct q_import_mappings_in){str_of(kind->name)}, &saved));
        for (size_t k = 0; k < saved.len; k++)
            ui_form_option(&form, "saved", saved.at[k].name,
                           str_printf(op->arena, STR_FMT " (" STR_FMT ")",
                                      STR_ARG(saved.at[k].name),
                                      STR_ARG(tr(op->lang, kind->label))));
    }
    return ui_form_page(r, &form);
}

static enum rc suggested(struct op *op, const struct import_kind *kind, struct str content,
                         struct str *out)
{
    AUTO_BUF buf = BUF(IMPORT_MAPPING_BYTES_MAX);
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = kind};
    enum rc rc =
        import__preview(op->arena, sheet_source_str(&content), &none, &op->fault, &preview);
    if (rc != RC_OK) {
        for (size_t i = 0; i < op->fault.entries_len; i++)
            op->fault.entries[i].field = "file";
        return rc == RC_TOO_LARGE || rc == RC_MISSING ? RC_INVALID : rc;
    }
    import__mapping_write(
        import__mapping_suggest(op->arena, kind, preview.heads.at, preview.heads.len), &buf);
    *out = str_dup(op->arena, buf_str(&buf));
    return RC_OK;
}

enum rc import__page_create(struct req *r)
{
    struct op *op = r->op;
    const struct import__new_form *in = form(r);
    const struct import_kind *kind = import__kind(in->kind);
    struct import_mapping_rec saved = {0};
    struct str mapping = STR("");
    int64_t file_id, id;
    if (!kind || !op_may(op, kind->permission))
        return fail(op, RC_INVALID, "kind", M("Choose from the list."));
    TRY(suggested(op, kind, in->file.content, &mapping));
    if (in->saved.len > 0) {
        enum rc rc = import__mapping_named(op, in->saved, &saved);
        if (rc != RC_OK || !str_eq(saved.kind, in->kind))
            return fail(op, RC_INVALID, "saved", M("This mapping is for something else."));
        mapping = saved.text;
    }
    TRY(file_add(op, &(struct file_new){.name = in->file.name, .purpose = "import.source"},
                 in->file.content, &file_id));
    TRY(import__add(op,
                    &(struct import_new){.kind = kind,
                                         .name = in->file.name,
                                         .mapping = mapping,
                                         .source = in->source,
                                         .file_id = SOME(file_id),
                                         .state = "draft"},
                    &id));
    return CREATED(r, "/imports/{0}", imp(id));
}

/* ---- the mapping as lines of a form ---- */

static void add_target(struct op *op, struct import__targets *targets, struct str value,
                       struct str label, bool is_required, struct str chosen)
{
    struct import__target target = {value, label, is_required, str_eq(value, chosen)};
    VEC_PUSH(op->arena, targets, target);
}

static void list_targets(struct op *op, const struct import_mapping *mapping, struct str head,
                         struct str chosen, struct import__targets *out)
{
    const struct import_kind *kind = mapping->kind;
    bool is_listed = chosen.len == 0;
    add_target(op, out, STR(""), tr(op->lang, M("not imported")), false, chosen);
    for (size_t i = 0; i < kind->fields_len; i++) {
        const struct import_field *field = &kind->fields[i];
        struct str label = tr(op->lang, field->label);
        size_t times = field->is_repeated ? 4 : 1;
        for (size_t n = 0; n < times; n++) {
            struct str value =
                n == 0 ? str_of(field->name) : str_printf(op->arena, "%s %zu", field->name, n + 1);
            struct str text =
                n == 0 ? label : str_printf(op->arena, STR_FMT " %zu", STR_ARG(label), n + 1);
            is_listed = is_listed || str_eq(value, chosen);
            add_target(op, out, value, text, field->is_required && n == 0, chosen);
        }
    }
    if (kind->freely && head.len > 0) {
        struct str name = str_starts(head, str_of(kind->freely))
                              ? head
                              : str_printf(op->arena, "%s:" STR_FMT, kind->freely, STR_ARG(head));
        is_listed = is_listed || str_eq(name, chosen);
        add_target(op, out, name, name, false, chosen);
    }
    if (!is_listed)
        add_target(op, out, chosen, chosen, false, chosen);
}

static struct str samples_of(struct op *op, const struct import_preview *preview, size_t column)
{
    AUTO_BUF buf = BUF(4096);
    int count = 0;
    for (size_t i = 0; i < preview->rows.len && count < SAMPLES; i++) {
        const struct str_list *row = &preview->rows.at[i];
        if (column >= row->len || row->at[column].len == 0)
            continue;
        buf_printf(&buf, "%s" STR_FMT, count ? " · " : "", STR_ARG(utf8_cut(row->at[column], 30)));
        count++;
    }
    return str_dup(op->arena, buf_str(&buf));
}

/* The column of the mapping that a head's line shows; the first of several. */
static const struct import_column *column_of(const struct import_mapping *mapping, struct str head)
{
    for (size_t i = 0; i < mapping->columns.len; i++)
        if (mapping->columns.at[i].from.at && str_eq_nocase(mapping->columns.at[i].from, head))
            return &mapping->columns.at[i];
    return NULL;
}

static struct str as_formula(struct op *op, const struct import_column *column)
{
    if (column->feel.at)
        return column->feel;
    if (column->from.at)
        return column->from;
    if (import__looks_like_number(column->constant))
        return column->constant;
    return str_printf(op->arena, "\"" STR_FMT "\"", STR_ARG(column->constant));
}

static void fill_lines(struct op *op, const struct import_mapping *mapping,
                       const struct import_preview *preview, struct import__draft_page *v)
{
    for (size_t i = 0; i < preview->heads.len; i++) {
        struct str head = preview->heads.at[i];
        const struct import_column *column = column_of(mapping, head);
        struct import__line line = {.name = head,
                                    .number = i + 1,
                                    .samples = samples_of(op, preview, i),
                                    .format = column && column->format_text.at ? column->format_text
                                                                               : STR("")};
        list_targets(op, mapping, head, column ? column->to : STR(""), &line.targets);
        VEC_PUSH(op->arena, &v->columns, line);
    }
    for (size_t i = 0; i < mapping->columns.len + FORMULAS_MORE; i++) {
        const struct import_column *column =
            i < mapping->columns.len ? &mapping->columns.at[i] : NULL;
        if (column && column->from.at && column_of(mapping, column->from) == column)
            continue;
        struct import__line line = {.number = v->formulas.len + 1,
                                    .feel = column ? as_formula(op, column) : STR("")};
        list_targets(op, mapping, STR(""), column ? column->to : STR(""), &line.targets);
        VEC_PUSH(op->arena, &v->formulas, line);
    }
}

static void fill_choices(struct op *op, const struct import_mapping *mapping,
                         const struct import_preview *preview, struct import__draft_page *v)
{
    static const enum encoding encodings[] = {ENCODING_UTF8, ENCODING_CP1251, ENCODING_CP1252,
                                              ENCODING_UTF16LE, ENCODING_UTF16BE};
    static const char *const delimiters[] = {",", ";", "|", "tab"};
    struct str encoding = mapping->encoding ? str_of(encoding_name(mapping->encoding)) : STR("");
    struct str delimiter = (struct str){&mapping->delimiter, mapping->delimiter ? 1 : 0};
    if (mapping->delimiter == '\t')
        delimiter = STR("tab");
    add_target(op, &v->encodings, STR(""), tr(op->lang, M("found by itself")), false, encoding);
    for (size_t i = 0; i < LEN(encodings); i++)
        add_target(op, &v->encodings, str_of(encoding_name(encodings[i])),
                   str_of(encoding_name(encodings[i])), false, encoding);
    add_target(op, &v->delimiters, STR(""), tr(op->lang, M("found by itself")), false, delimiter);
    for (size_t i = 0; i < LEN(delimiters); i++)
        add_target(op, &v->delimiters, str_of(delimiters[i]), str_of(delimiters[i]), false,
                   delimiter);
    for (size_t i = 0; i < preview->sheets.len; i++)
        add_target(op, &v->sheets, preview->sheets.at[i], preview->sheets.at[i], false,
                   mapping->sheet.at ? mapping->sheet : preview->sheets.at[0]);
}

static void fill_preview(struct op *op, const struct import_preview *preview,
                         struct import__draft_page *v)
{
    size_t columns = preview->heads.len < PREVIEW_COLUMNS ? preview->heads.len : PREVIEW_COLUMNS;
    for (size_t i = 0; i < columns; i++)
        v->preview_columns[i] = (struct ui_column){.name = str_c(op->arena, preview->heads.at[i]),
                                                   .title = str_c(op->arena, preview->heads.at[i]),
                                                   .kind = UI_TEXT,
                                                   .place = i == 0 ? UI_AT_NAME : UI_AT_LINE};
    v->preview = (struct ui_table){.columns = v->preview_columns,
                                   .columns_len = columns,
                                   .caption = M("First rows of the file"),
                                   .is_dense = true};
    for (size_t i = 0; i < preview->rows.len && i < PREVIEW_LINES; i++) {
        struct ui_cell *cells = ui_table_row(op, &v->preview, STR_NONE);
        for (size_t k = 0; k < columns; k++)
            cells[k] =
                ui_cell_text(k < preview->rows.at[i].len ? preview->rows.at[i].at[k] : STR(""));
    }
}

/* ---- reading the draft ---- */

static enum rc read_at(void *self, int64_t offset, char *at, size_t cap, size_t *out_len)
{
    struct str part;
    TRY(file_read_at(self, offset, &part));
    size_t len = part.len < cap ? part.len : cap;
    if (len > 0)
        memcpy(at, part.at, len);
    *out_len = len;
    return RC_OK;
}

/* What is wrong with mapping and file goes into op->fault; the rest is shown even so. */
static enum rc look(struct op *op, const struct import_rec *rec, struct import_mapping **out,
                    struct import_preview *preview)
{
    struct file_reader *reader = NULL;
    struct file_info info;
    enum rc rc = import__mapping_read(op->arena, rec->mapping, &op->fault, out);
    if (!*out)
        return rc;
    if (rec->sheet.len > 0)
        (*out)->sheet = rec->sheet;
    TRY(file_open(op, rec->file_id.v, &info, &reader));
    struct sheet_source source = {read_at, reader, info.size_bytes};
    TRY(import__preview(op->arena, source, *out, &op->fault, preview));
    enum rc bound = import__lookups_load(op->arena, *out, STR_NONE, &op->fault);
    if (bound == RC_OK)
        bound = import__mapping_bind(op->arena, *out, preview->heads.at, preview->heads.len,
                                     &op->fault);
    return rc != RC_OK ? rc : bound;
}

static void move_problems(struct op *op, struct import__draft_page *v)
{
    for (size_t i = 0; i < op->fault.entries_len; i++) {
        struct import__problem problem = {
            .text = i18n_fault(op->arena, op->lang, &op->fault.entries[i])};
        VEC_PUSH(op->arena, &v->problems, problem);
    }
    fault_clear(&op->fault);
}

enum rc import__page_draft(struct req *r, const struct import_rec *rec)
{
    struct op *op = r->op;
    struct import_mapping *mapping = NULL;
    struct import_preview preview = {0};
    struct import__draft_page v = {.id = rec->id,
                                   .revision = rec->revision,
                                   .source = rec->source,
                                   .is_events = str_eq(rec->kind, STR("events"))};
    enum rc rc = look(op, rec, &mapping, &preview);
    if (rc != RC_OK && rc != RC_INVALID && rc != RC_TOO_LARGE && rc != RC_MISSING)
        return rc;
    move_problems(op, &v);
    v.head = (struct ui_head){.name = rec->name, .record = "import", .state = rec->state};
    ui_crumb(op, &v.head, M("Imports"), STR("/imports"));
    v.head.note = tr(op->lang, import__kind_label(rec->kind));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Mapping as a file"),
                              .icon = "download",
                              .kind = UI_MORE,
                              .href = import__href(op, rec->id, "/mapping")});
    if (mapping) {
        fill_lines(op, mapping, &preview, &v);
        fill_choices(op, mapping, &preview, &v);
    }
    v.is_csv = preview.sheets.len == 0;
    fill_preview(op, &preview, &v);
    page_title(r, rec->name);
    return PAGE(r, NULL, import__draft, &v);
}

/* ---- what was sent ---- */

static const struct import_column *same_column(const struct import_mapping *old, struct str to,
                                               struct str from)
{
    for (size_t i = 0; i < old->columns.len; i++)
        if (str_eq(old->columns.at[i].to, to) && str_eq(old->columns.at[i].from, from))
            return &old->columns.at[i];
    return NULL;
}

static struct str nth(const struct str_list *list, size_t i)
{
    return i < list->len ? list->at[i] : STR("");
}

/* Lookups have no place in the form; those of columns that stay are kept. */
static void put_columns(struct op *op, const struct import__draft_form *in,
                        const struct import_mapping *old, struct import_mapping *new)
{
    for (size_t i = 0; i < in->from.len; i++) {
        struct str to = nth(&in->to, i);
        if (to.len == 0)
            continue;
        const struct import_column *kept = same_column(old, to, in->from.at[i]);
        struct import_column column = {.to = to,
                                       .from = in->from.at[i],
                                       .format_text = nth(&in->format, i),
                                       .lookup = kept ? kept->lookup : NULL};
        VEC_PUSH(op->arena, &new->columns, column);
    }
    for (size_t i = 0; i < in->feel_to.len; i++) {
        struct str feel = nth(&in->feel, i);
        if (in->feel_to.at[i].len == 0 || feel.len == 0)
            continue;
        struct import_column column = {.to = in->feel_to.at[i], .feel = feel};
        VEC_PUSH(op->arena, &new->columns, column);
    }
}

static enum rc new_mapping(struct op *op, const struct import__draft_form *in,
                           const struct import_rec *rec, struct str *out)
{
    AUTO_BUF buf = BUF(IMPORT_MAPPING_BYTES_MAX);
    struct import_mapping *old = NULL;
    struct import_mapping new = {.kind = import__kind(rec->kind)};
    if (!new.kind)
        return fail(op, RC_INVALID, NULL, M("There is no such kind of import."));
    (void)!import__mapping_read(op->arena, rec->mapping, &op->fault, &old);
    fault_clear(&op->fault);
    put_columns(op, in, old ? old : &new, &new);
    new.encoding = encoding_find(in->encoding);
    new.delimiter = (char)(str_eq(in->delimiter, STR("tab")) ? '\t'
                           : in->delimiter.len == 1          ? in->delimiter.at[0]
                                                             : 0);
    import__mapping_write(&new, &buf);
    if (buf.is_over)
        return fail(op, RC_TOO_LARGE, NULL, M("The mapping is too long."));
    *out = str_dup(op->arena, buf_str(&buf));
    return RC_OK;
}

static bool is_ready(struct op *op, const struct import_rec *rec)
{
    struct import_mapping *mapping = NULL;
    struct import_preview preview = {0};
    bool is_right = look(op, rec, &mapping, &preview) == RC_OK;
    fault_clear(&op->fault);
    return is_right;
}

enum rc import__page_remap(struct req *r)
{
    struct op *op = r->op;
    const struct import__draft_form *in = form(r);
    struct import_rec rec;
    struct str text;
    int64_t saved_id;
    TRY(import__seen_by(op, path_id(r, "imp"), &rec));
    if (!str_eq(rec.state, STR("draft")))
        return REDIRECT(r, "/imports/{0}", imp(rec.id));
    TRY(new_mapping(op, in, &rec, &text));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct q_import_remap_in remap = {.id = rec.id,
                                      .revision = in->revision,
                                      .mapping = text,
                                      .source = in->source.at ? in->source : STR(""),
                                      .sheet = in->sheet.at ? in->sheet : STR("")};
    TRY(op_stale_if(op, q_import_remap(op, &remap)));
    if (in->save_as.len > 0)
        TRY(import__mapping_save(op, in->save_as, import__kind(rec.kind), text, &saved_id));
    TRY(q_import(op, &(struct q_import_in){rec.id}, &rec));
    bool is_started = str_eq(in->go, STR("start")) || str_eq(in->go, STR("try"));
    if (is_started && is_ready(op, &rec))
        TRY(import__enqueue(op, &rec, str_eq(in->go, STR("try"))));
    TRY(txn_commit(&txn));
    return REDIRECT(r, "/imports/{0}", imp(rec.id));
}
