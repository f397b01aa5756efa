/* From cells to values: constant, cell or formula, then the lookup, then the type's own reading. A
 * value that cannot be read refuses its row with the column as the file calls it. */
#include "import/import_int.h"

enum { COUNTRIES_MAX = 300, ORIGINAL_BYTES_MAX = 1 << 20 };

/* ---- access ---- */

static const struct import_value not_mapped = {.text = STR_INIT("")};

const struct import_value *import__value_at(const struct import_batch *batch,
                                            const struct import_row *row, size_t field,
                                            size_t number)
{
    uint16_t slot = batch->importer->slots[field][number];
    return slot ? &row->values[slot - 1] : &not_mapped;
}

const struct import_value *import__value(const struct import_batch *batch,
                                         const struct import_row *row, size_t field)
{
    return import__value_at(batch, row, field, 0);
}

struct str import__text_or(const struct import_batch *batch, const struct import_row *row,
                           size_t field, struct str present)
{
    const struct import_value *value = import__value(batch, row, field);
    return value->is_mapped ? value->text : present;
}

/* ---- refusing ---- */

static struct str original_of(struct import_batch *batch, const struct import_row *row)
{
    AUTO_BUF buf = BUF(2 * ORIGINAL_BYTES_MAX);
    struct csv_writer csv = {.buf = &buf, .delimiter = batch->importer->mapping->delimiter};
    const struct str_list *heads = &batch->importer->heads;
    size_t len = heads->len;
    /* Of a corrected file of refused rows: what was wrong before is not kept. */
    for (size_t i = import__error_heads(heads->at, heads->len); i < len; i++)
        csv_put(&csv, i < row->cells_len ? row->cells[i] : STR(""));
    csv_end_row(&csv);
    return buf.is_over ? STR("") : str_dup(batch->arena, str_trim(buf_str(&buf)));
}

static void refuse(struct import_batch *batch, struct import_row *row, struct str column,
                   struct str value, struct str reason)
{
    struct import_error error = {.row_number = row->number,
                                 .column = column,
                                 .value = str_dup(batch->arena, utf8_cut(value, 200)),
                                 .reason = str_dup(batch->arena, reason),
                                 .original = original_of(batch, row)};
    row->outcome = IMPORT_REFUSED;
    VEC_PUSH(batch->arena, &batch->errors, error);
}

/* The column as whoever made the file knows it; a formula or constant by its field. */
static struct str column_name(const struct import_column *column)
{
    return column->from.at ? column->from : column->to;
}

void import__refuse_column(struct import_batch *batch, struct import_row *row,
                           const struct import_column *column, const char *message, const char *arg,
                           const char *arg2)
{
    const struct op *op = batch->op;
    const char *args[FAULT_ARGS_MAX] = {arg, arg2, NULL, NULL};
    size_t i = (size_t)(column - batch->importer->mapping->columns.at);
    struct str value = row->values[i].text;
    if (column->from.at)
        value = column->cell < row->cells_len ? row->cells[column->cell] : STR("");
    refuse(batch, row, column_name(column), value,
           i18n_format_c(op->arena, op->lang, message, args, LEN(args)));
}

void import__refuse(struct import_batch *batch, struct import_row *row, size_t field, size_t number,
                    const char *message, const char *arg, const char *arg2)
{
    const struct importer *importer = batch->importer;
    const struct op *op = batch->op;
    uint16_t slot = field < importer->kind->fields_len ? importer->slots[field][number] : 0;
    if (slot) {
        import__refuse_column(batch, row, &importer->mapping->columns.at[slot - 1], message, arg,
                              arg2);
        return;
    }
    const char *args[FAULT_ARGS_MAX] = {arg, arg2, NULL, NULL};
    struct str name =
        field < importer->kind->fields_len ? str_of(importer->kind->fields[field].name) : STR("");
    refuse(batch, row, name, STR(""), i18n_format_c(op->arena, op->lang, message, args, LEN(args)));
}

static size_t field_of_fault(const struct import_kind *kind, const char *field)
{
    for (size_t i = 0; field && i < kind->fields_len; i++) {
        const char *name = kind->fields[i].fault ? kind->fields[i].fault : kind->fields[i].name;
        if (strcmp(name, field) == 0)
            return i;
    }
    return kind->fields_len;
}

static bool is_of_row(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_CONFLICT || rc == RC_MISSING || rc == RC_TOO_LARGE;
}

enum rc import__refuse_fault(struct import_batch *batch, struct import_row *row, enum rc rc)
{
    struct op *op = batch->op;
    const struct importer *importer = batch->importer;
    if (rc == RC_OK || !is_of_row(rc))
        return rc;
    for (size_t i = 0; i < op->fault.entries_len; i++) {
        const struct fault_entry *entry = &op->fault.entries[i];
        size_t field = field_of_fault(importer->kind, entry->field);
        uint16_t slot = field < importer->kind->fields_len ? importer->slots[field][0] : 0;
        const struct import_column *column = slot ? &importer->mapping->columns.at[slot - 1] : NULL;
        refuse(batch, row, column ? column_name(column) : str_of(entry->field),
               slot ? row->values[slot - 1].text : STR(""), i18n_fault(op->arena, op->lang, entry));
    }
    if (row->outcome != IMPORT_REFUSED)
        import__refuse(batch, row, importer->kind->fields_len, 0,
                       rc == RC_MISSING ? M("A record that this row needs does not exist.")
                                        : M("The row could not be taken."),
                       NULL, NULL);
    fault_clear(&op->fault);
    return RC_OK;
}

/* ---- typed values ---- */

static const char *parse_country(struct import_batch *batch, struct str text, struct str *out)
{
    struct arena *arena = batch->op->arena;
    if (!check_country(arena, text, out))
        return NULL;
    static const char *const usual[][2] = {
        {"usa", "US"}, {"uk", "GB"}, {"сша", "US"}, {"ee. uu.", "US"}, {"россия", "RU"}};
    struct str folded = text_fold(arena, text);
    for (size_t i = 0; i < LEN(usual); i++)
        if (str_eq(folded, str_of(usual[i][0]))) {
            *out = str_of(usual[i][1]);
            return NULL;
        }
    for (int id = 1; id <= LANG_COUNT; id++) {
        const struct lang *lang = lang_of((enum lang_id)id);
        struct str_list codes = {0};
        i18n_countries(arena, lang, &codes);
        for (size_t i = 0; i < codes.len; i++)
            if (str_eq(text_fold(arena, i18n_country_name(arena, lang, codes.at[i])), folded)) {
                *out = codes.at[i];
                return NULL;
            }
    }
    return M("There is no country “{0}”.");
}

static const char *parse_choice(const struct import_field *field, struct str *text)
{
    for (const char *const *choice = field->choices; *choice; choice++)
        if (str_eq_nocase(*text, str_of(*choice))) {
            *text = str_of(*choice);
            return NULL;
        }
    return M("“{0}” is not one of the values of this field.");
}

static const char *parse_plain(struct import_batch *batch, const struct import_field *field,
                               const struct import_format *format, struct import_value *value)
{
    bool is = false;
    const char *wrong = NULL;
    switch (field->type) {
    case IMPORT_DAY: return import__parse_day(format, value->text, &value->n);
    case IMPORT_INSTANT:
        return import__parse_instant(format, batch->op->zone, value->text, &value->n);
    case IMPORT_DEC: return import__parse_dec(format, value->text, &value->dec);
    case IMPORT_WHOLE:
        wrong = import__parse_dec(format, value->text, &value->dec);
        return wrong || dec_to_i64(value->dec, &value->n) ? wrong
                                                          : M("This is not a whole number.");
    case IMPORT_BOOL:
        wrong = import__parse_bool(value->text, &is);
        value->n = is;
        return wrong;
    case IMPORT_CHOICE: return parse_choice(field, &value->text);
    case IMPORT_CURRENCY:
        return currency_find(value->text) ? NULL : M("There is no currency “{0}”.");
    case IMPORT_COUNTRY: return parse_country(batch, value->text, &value->text);
    default: return NULL;
    }
}

static enum rc parse_ref(struct import_batch *batch, struct import_row *row,
                         const struct import_column *column, enum import_ref ref,
                         struct import_value *value)
{
    struct importer *importer = batch->importer;
    enum rc rc = import__ref_find(batch, ref, value->text, &value->n);
    if (rc != RC_MISSING)
        return rc;
    bool is_own = importer->kind->self == ref;
    if (is_own && importer->is_dry_run && import__seen_has(importer->seen, value->text)) {
        value->is_ahead = true;
        return RC_OK;
    }
    if (is_own && !importer->is_last_pass) {
        if (row->outcome == IMPORT_OPEN)
            row->outcome = IMPORT_WAITS;
        return RC_OK;
    }
    import__refuse_column(batch, row, column, import__ref_missing(ref),
                          str_c(batch->op->arena, value->text), NULL);
    struct str nearest;
    TRY(import__ref_nearest(batch, ref, value->text, &nearest));
    if (nearest.at) {
        struct str *reason = &batch->errors.at[batch->errors.len - 1].reason;
        *reason = str_printf(batch->op->arena, STR_FMT " " STR_FMT, STR_ARG(*reason),
                             STR_ARG(i18n_format(batch->op->arena, batch->op->lang,
                                                 M("Did you mean “{0}”?"), nearest)));
    }
    return RC_OK;
}

static enum rc parse_value(struct import_batch *batch, struct import_row *row,
                           const struct import_column *column, struct import_value *value)
{
    const struct import_kind *kind = batch->importer->kind;
    value->has = value->text.len > 0;
    if (column->field >= kind->fields_len)
        return RC_OK;
    const struct import_field *field = &kind->fields[column->field];
    if (!value->has) {
        if (field->is_required && column->number == 0)
            import__refuse_column(batch, row, column, M("This must not be empty."), NULL, NULL);
        return RC_OK;
    }
    if (field->type == IMPORT_REF)
        return parse_ref(batch, row, column, field->ref, value);
    const char *wrong = parse_plain(batch, field, &column->format, value);
    if (wrong)
        import__refuse_column(batch, row, column, wrong,
                              column->format.len ? column->format.pattern
                                                 : str_c(batch->op->arena, value->text),
                              NULL);
    return RC_OK;
}

/* ---- formulas ---- */

struct cells_env {
    struct feel_value *slots; /* one a head, then `row` */
    struct feel_shape *shape;
    bool *is_used;
    size_t len;
};

static void env_new(struct import_batch *batch, struct cells_env *env)
{
    const struct importer *importer = batch->importer;
    const struct str_list *heads = &importer->heads;
    struct arena *arena = batch->op->arena;
    *env = (struct cells_env){.slots = NEW_ARRAY(arena, struct feel_value, heads->len + 1),
                              .shape = feel_shape(arena, heads->at, heads->len),
                              .is_used = NEW_ARRAY(arena, bool, heads->len + 1),
                              .len = heads->len};
    for (size_t i = 0; i < heads->len; i++) {
        env->slots[i] = feel_null();
        for (size_t k = 0; k < importer->mapping->columns.len; k++) {
            struct str feel = importer->mapping->columns.at[k].feel;
            if (feel.at && (str_has(feel, heads->at[i]) || str_has(feel, STR("row"))))
                env->is_used[i] = true;
        }
    }
    env->slots[heads->len] = feel_context(env->shape, env->slots);
}

static void env_row(struct cells_env *env, const struct import_row *row)
{
    for (size_t i = 0; i < env->len; i++) {
        struct str cell = i < row->cells_len ? row->cells[i] : STR("");
        struct dec number;
        if (!env->is_used[i])
            continue;
        if (cell.len == 0)
            env->slots[i] = feel_null();
        else if (import__looks_like_number(cell) && dec_parse(cell, &number))
            env->slots[i] = feel_number(number);
        else
            env->slots[i] = feel_text(cell);
    }
}

static struct str feel_words(struct arena *arena, const struct lang *lang,
                             const struct feel_warning *warning)
{
    const char *args[FAULT_ARGS_MAX] = {NULL};
    for (size_t i = 0; i < LEN(warning->args); i++)
        args[i] = warning->args[i].at ? str_c(arena, warning->args[i]) : "";
    return i18n_format_c(arena, lang, warning->message, args, LEN(args));
}

/* Null with a warning is a mistake; null without one (`if … else null`) is a blank cell. */
static void eval(struct import_batch *batch, struct import_row *row, struct cells_env *env,
                 const struct import_column *column, struct import_value *out)
{
    const struct op *op = batch->op;
    struct feel_warnings warnings;
    struct fault fault = {.arena = op->arena};
    struct feel_value value;
    struct feel_env frame = {.slots = env->slots, .slots_len = env->len + 1};
    warnings.len = warnings.total = 0;
    out->text = STR("");
    if (feel_eval(&column->expr, &frame, op->arena, &warnings, &fault, &value) != RC_OK) {
        import__refuse_column(batch, row, column, M("The formula takes too long."), NULL, NULL);
    } else if (value.kind == FEEL_NULL && warnings.len > 0) {
        import__refuse_column(batch, row, column, M("The formula gives no value: {0}"),
                              str_c(op->arena, feel_words(op->arena, op->lang, &warnings.at[0])),
                              NULL);
    } else if (value.kind != FEEL_NULL) {
        out->text = str_trim(feel_print(op->arena, &value));
    }
}

/* ---- a batch ---- */

static void raw_value(struct import_batch *batch, struct import_row *row, struct cells_env *env,
                      const struct import_column *column, struct import_value *out)
{
    out->is_mapped = true;
    if (column->constant.at)
        out->text = column->constant;
    else if (column->feel.at)
        eval(batch, row, env, column, out);
    else
        out->text = column->cell < row->cells_len ? row->cells[column->cell] : STR("");
    if (!column->lookup || out->text.len == 0 || row->outcome == IMPORT_REFUSED)
        return;
    const struct str *found = map_get(column->lookup->map, out->text);
    if (!found) {
        import__refuse_column(batch, row, column, M("The lookup has nothing for “{0}”."),
                              str_c(batch->op->arena, out->text), NULL);
        out->text = STR("");
        return;
    }
    out->text = str_trim(*found);
}

static enum rc read_row(struct import_batch *batch, struct import_row *row, struct cells_env *env)
{
    const struct import_mapping *mapping = batch->importer->mapping;
    row->values = NEW_ARRAY(batch->op->arena, struct import_value, mapping->columns.len + 1);
    env_row(env, row);
    for (size_t i = 0; i < mapping->columns.len; i++) {
        const struct import_column *column = &mapping->columns.at[i];
        size_t errors = batch->errors.len;
        raw_value(batch, row, env, column, &row->values[i]);
        if (batch->errors.len == errors)
            TRY(parse_value(batch, row, column, &row->values[i]));
    }
    return RC_OK;
}

enum rc import__read_values(struct import_batch *batch)
{
    struct cells_env env;
    TRY(import__prefetch(batch));
    env_new(batch, &env);
    for (size_t i = 0; i < batch->len; i++)
        if (batch->rows[i].outcome == IMPORT_OPEN)
            TRY(read_row(batch, &batch->rows[i], &env));
    return RC_OK;
}
