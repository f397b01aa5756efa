/* Mapping files: which column of a file becomes which field. JSON, read strictly, so that a
 * mistyped word is found with its line and column instead of being passed over. */
#include "import/import_int.h"

static const char mapping_format[] = "kontor-mapping/1";

struct reading {
    struct arena *arena;
    struct fault *fault;
    struct import_mapping *mapping;
};

static enum rc bad_at(struct reading *reading, const struct json_value *at, const char *field,
                      const char *message, const char *arg)
{
    struct fault *fault = reading->fault;
    enum rc rc = fault_add(fault, RC_INVALID, field, message, arg, NULL);
    if (fault->entries_len > 0 && at) {
        fault->entries[fault->entries_len - 1].line = at->line;
        fault->entries[fault->entries_len - 1].column = at->column;
    }
    return rc;
}

static bool is_member(struct str key, const char *const *known)
{
    for (; *known; known++)
        if (str_eq(key, str_of(*known)))
            return true;
    return false;
}

/* Members of other names are mistakes. */
static void check_members(struct reading *reading, const struct json_value *object,
                          const char *const *known)
{
    for (size_t i = 0; i < object->len; i++)
        if (!is_member(object->members[i].key, known))
            (void)!bad_at(reading, &object->members[i].value, NULL, M("“{0}” is not known here."),
                          str_c(reading->arena, object->members[i].key));
}

static struct str text_member(struct reading *reading, const struct json_value *object,
                              const char *name)
{
    const struct json_value *value = json_get(object, name);
    if (!value)
        return STR_NONE;
    if (value->kind != JSON_STRING)
        (void)!bad_at(reading, value, NULL, M("“{0}” must be a text."), name);
    return json_text(value);
}

/* ---- lookups ---- */

static void read_inline(struct reading *reading, const struct json_value *object,
                        struct import_lookup *lookup)
{
    lookup->map = map_new(reading->arena);
    for (size_t i = 0; i < object->len; i++) {
        const struct json_value *value = &object->members[i].value;
        if (value->kind != JSON_STRING && value->kind != JSON_NUMBER) {
            (void)!bad_at(reading, value, NULL, M("A lookup gives texts or numbers."), NULL);
            continue;
        }
        struct str *text = NEW(reading->arena, struct str);
        *text = value->text;
        *map_put(lookup->map, object->members[i].key) = text;
    }
}

static struct import_lookup *read_lookup(struct reading *reading, const struct json_value *object)
{
    static const char *const known[] = {"file", "key", "value", NULL};
    struct import_lookup *lookup = NEW(reading->arena, struct import_lookup);
    lookup->line = object->line;
    lookup->column = object->column;
    if (object->kind != JSON_OBJECT) {
        (void)!bad_at(reading, object, NULL,
                      M("A lookup is an object: values, or file, key and value."), NULL);
        return lookup;
    }
    if (!json_get(object, "file")) {
        read_inline(reading, object, lookup);
        return lookup;
    }
    check_members(reading, object, known);
    lookup->file = text_member(reading, object, "file");
    lookup->key = text_member(reading, object, "key");
    lookup->value = text_member(reading, object, "value");
    if (lookup->key.len == 0 || lookup->value.len == 0)
        (void)!bad_at(reading, object, NULL,
                      M("A lookup in a file names its columns: key and value."), NULL);
    else if (str_has(lookup->file, STR("/")) || str_has(lookup->file, STR("\\")))
        (void)!bad_at(reading, json_get(object, "file"), NULL,
                      M("The file of a lookup lies beside the mapping: a name without folders."),
                      NULL);
    return lookup;
}

/* ---- columns ---- */

static void unknown_field(struct reading *reading, const struct json_value *at, struct str to)
{
    const struct import_kind *kind = reading->mapping->kind;
    struct str names[IMPORT_FIELDS_MAX];
    for (size_t i = 0; i < kind->fields_len; i++)
        names[i] = str_of(kind->fields[i].name);
    struct str nearest = text_nearest(to, names, kind->fields_len);
    if (!nearest.at) {
        (void)!bad_at(reading, at, "to", M("There is no field “{0}”."), str_c(reading->arena, to));
        return;
    }
    (void)!fault_add(reading->fault, RC_INVALID, "to",
                     M("There is no field “{0}”. Did you mean “{1}”?"), str_c(reading->arena, to),
                     str_c(reading->arena, nearest), NULL);
    if (reading->fault->entries_len > 0) {
        struct fault_entry *entry = &reading->fault->entries[reading->fault->entries_len - 1];
        entry->line = at->line;
        entry->column = at->column;
    }
}

static enum import_type type_of(const struct import_kind *kind, const struct import_column *column)
{
    return column->field < kind->fields_len ? kind->fields[column->field].type : IMPORT_TEXT;
}

static void read_where_from(struct reading *reading, const struct json_value *object,
                            struct import_column *column)
{
    const struct json_value *constant = json_get(object, "const");
    column->from = text_member(reading, object, "from");
    column->feel = text_member(reading, object, "feel");
    if (constant && (constant->kind == JSON_STRING || constant->kind == JSON_NUMBER))
        column->constant = constant->text;
    else if (constant && constant->kind == JSON_BOOL)
        column->constant = constant->is_true ? STR("true") : STR("false");
    else if (constant)
        (void)!bad_at(reading, constant, NULL, M("A constant is a text, a number, true or false."),
                      NULL);
    int ways = !!column->from.at + !!column->feel.at + !!constant;
    if (ways != 1)
        (void)!bad_at(reading, object, NULL, M("A column has one of: from, const, feel."), NULL);
}

static void read_column(struct reading *reading, const struct json_value *object)
{
    static const char *const known[] = {"to", "from", "const", "feel", "format", "lookup", NULL};
    struct import_mapping *mapping = reading->mapping;
    struct import_column column = {.line = object->line, .column = object->column};
    if (object->kind != JSON_OBJECT || !json_get(object, "to")) {
        (void)!bad_at(reading, object, NULL, M("A column is an object with “to”."), NULL);
        return;
    }
    check_members(reading, object, known);
    column.to = text_member(reading, object, "to");
    column.format_text = text_member(reading, object, "format");
    read_where_from(reading, object, &column);
    if (json_get(object, "lookup"))
        column.lookup = read_lookup(reading, json_get(object, "lookup"));
    if (!import__field(mapping->kind, column.to, &column.field, &column.number, &column.free)) {
        unknown_field(reading, json_get(object, "to"), column.to);
        return;
    }
    for (size_t i = 0; i < mapping->columns.len; i++)
        if (str_eq(mapping->columns.at[i].to, column.to))
            (void)!bad_at(reading, object, "to", M("“{0}” is given twice."),
                          str_c(reading->arena, column.to));
    const char *wrong =
        import__format(column.format_text, type_of(mapping->kind, &column), &column.format);
    if (wrong)
        (void)!bad_at(reading, json_get(object, "format"), "format", wrong, NULL);
    VEC_PUSH(reading->arena, &mapping->columns, column);
}

static void read_columns(struct reading *reading, const struct json_value *root)
{
    const struct json_value *columns = json_get(root, "columns");
    if (!json_is(columns, JSON_ARRAY) || columns->len > IMPORT_COLUMNS_MAX) {
        (void)!bad_at(reading, columns ? columns : root, NULL,
                      M("“columns” must be a list of at most 256."), NULL);
        return;
    }
    for (size_t i = 0; i < columns->len; i++)
        read_column(reading, &columns->items[i]);
}

/* ---- the file ---- */

static void read_csv_words(struct reading *reading, const struct json_value *root)
{
    struct import_mapping *mapping = reading->mapping;
    struct str encoding = text_member(reading, root, "encoding");
    struct str delimiter = text_member(reading, root, "delimiter");
    mapping->sheet = text_member(reading, root, "sheet");
    if (encoding.len > 0) {
        mapping->encoding = encoding_find(encoding);
        if (!mapping->encoding)
            (void)!bad_at(reading, json_get(root, "encoding"), "encoding",
                          M("The encoding “{0}” is not known: utf-8, windows-1251, "
                            "windows-1252, utf-16le, utf-16be."),
                          str_c(reading->arena, encoding));
    }
    if (str_eq(delimiter, STR("tab")))
        delimiter = STR("\t");
    if (delimiter.len == 1)
        mapping->delimiter = delimiter.at[0];
    else if (delimiter.len > 1)
        (void)!bad_at(reading, json_get(root, "delimiter"), "delimiter",
                      M("The delimiter is one character, or “tab”."), NULL);
}

static enum rc read_root(struct reading *reading, const struct json_value *root)
{
    static const char *const known[] = {"format",  "kind",  "encoding", "delimiter",
                                        "columns", "sheet", "note",     NULL};
    if (root->kind != JSON_OBJECT ||
        !str_eq(json_text(json_get(root, "format")), STR("kontor-mapping/1")))
        return bad_at(reading, root, "format", M("This is no mapping: its format must be “{0}”."),
                      mapping_format);
    struct str kind = json_text(json_get(root, "kind"));
    reading->mapping->kind = import__kind(kind);
    if (!reading->mapping->kind)
        return bad_at(reading, json_get(root, "kind") ? json_get(root, "kind") : root, "kind",
                      M("“{0}” is not a kind of import."), str_c(reading->arena, kind));
    check_members(reading, root, known);
    read_csv_words(reading, root);
    read_columns(reading, root);
    return reading->fault->rc;
}

enum rc import__mapping_read(struct arena *arena, struct str json, struct fault *fault,
                             struct import_mapping **out)
{
    const struct json_value *root = NULL;
    struct json_error error = {0};
    struct reading reading = {
        .arena = arena, .fault = fault, .mapping = NEW(arena, struct import_mapping)};
    struct json_limits limits = {.bytes_max = IMPORT_MAPPING_BYTES_MAX};
    enum rc rc = json_parse(arena, json, limits, &root, &error);
    if (rc != RC_OK) {
        (void)!fault_add(fault, rc, NULL, error.message, NULL);
        if (fault->entries_len > 0) {
            fault->entries[fault->entries_len - 1].line = error.line;
            fault->entries[fault->entries_len - 1].column = error.column;
        }
        return rc;
    }
    rc = read_root(&reading, root);
    if (reading.mapping->kind)
        *out = reading.mapping;
    return rc;
}

/* ---- writing ---- */

static void write_lookup(struct json_writer *w, const struct import_lookup *lookup)
{
    json_key(w, "lookup");
    json_object(w);
    if (lookup->file.at) {
        json_pair_str(w, "file", lookup->file);
        json_pair_str(w, "key", lookup->key);
        json_pair_str(w, "value", lookup->value);
    } else {
        size_t at = 0;
        struct str key;
        void *value;
        while (map_next(lookup->map, &at, &key, &value)) {
            json_key_str(w, key);
            json_put_str(w, *(const struct str *)value);
        }
    }
    json_object_end(w);
}

static void write_column(struct json_writer *w, const struct import_column *column)
{
    json_object(w);
    json_pair_str(w, "to", column->to);
    if (column->from.at)
        json_pair_str(w, "from", column->from);
    if (column->constant.at)
        json_pair_str(w, "const", column->constant);
    if (column->feel.at)
        json_pair_str(w, "feel", column->feel);
    if (column->format_text.len > 0)
        json_pair_str(w, "format", column->format_text);
    if (column->lookup)
        write_lookup(w, column->lookup);
    json_object_end(w);
}

void import__mapping_write(const struct import_mapping *mapping, struct buf *out)
{
    struct json_writer w = JSON_WRITER(out);
    json_object(&w);
    json_pair_str(&w, "format", STR("kontor-mapping/1"));
    json_pair_str(&w, "kind", str_of(mapping->kind->name));
    if (mapping->encoding)
        json_pair_str(&w, "encoding", str_of(encoding_name(mapping->encoding)));
    if (mapping->delimiter)
        json_pair_str(&w, "delimiter", (struct str){&mapping->delimiter, 1});
    if (mapping->sheet.len > 0)
        json_pair_str(&w, "sheet", mapping->sheet);
    json_key(&w, "columns");
    json_array(&w);
    for (size_t i = 0; i < mapping->columns.len; i++)
        write_column(&w, &mapping->columns.at[i]);
    json_array_end(&w);
    json_object_end(&w);
}
