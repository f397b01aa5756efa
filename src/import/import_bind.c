/* A mapping meets a file: its columns are found in the head, its formulas compiled over them, its
 * lookups filled from files beside it. Also the other way: what the head itself suggests. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "import/import_int.h"

enum { LOOKUP_ROWS_MAX = 1000000, HEAD_BYTES_MAX = 200 };

static void place(struct fault *fault, long line, long column)
{
    if (fault->entries_len == 0)
        return;
    fault->entries[fault->entries_len - 1].line = line;
    fault->entries[fault->entries_len - 1].column = column;
}

/* Exactly, else without regard to case and blanks. */
static size_t find_head(struct arena *arena, const struct str *heads, size_t len, struct str name)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(heads[i], name))
            return i;
    struct arena_mark mark = arena_mark(arena);
    struct str folded = text_fold(arena, str_trim(name));
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < len && found == SIZE_MAX; i++)
        if (str_eq(text_fold(arena, heads[i]), folded))
            found = i;
    arena_rewind(arena, mark);
    return found;
}

static enum rc no_column(struct arena *arena, const struct str *heads, size_t len, struct str name,
                         struct fault *fault)
{
    struct str nearest = text_nearest(name, heads, len);
    if (!nearest.at)
        return fault_add(fault, RC_INVALID, "from", M("The file has no column “{0}”."),
                         str_c(arena, name), NULL);
    return fault_add(fault, RC_INVALID, "from",
                     M("The file has no column “{0}”. Did you mean “{1}”?"), str_c(arena, name),
                     str_c(arena, nearest), NULL);
}

/* ---- lookups in files ---- */

static enum rc lookup_fault(struct fault *fault, struct arena *arena,
                            const struct import_lookup *lookup, enum rc rc, const char *message)
{
    enum rc result = fault_add(fault, rc, "lookup", message, str_c(arena, lookup->file), NULL);
    place(fault, lookup->line, lookup->column);
    return result;
}

static enum rc fill_lookup(struct arena *arena, struct sheet *sheet, struct import_lookup *lookup,
                           struct fault *fault)
{
    struct sheet_row row;
    TRY(sheet_next(sheet, &row));
    size_t key = find_head(arena, row.cells, row.len, lookup->key);
    size_t value = find_head(arena, row.cells, row.len, lookup->value);
    if (key == SIZE_MAX || value == SIZE_MAX) {
        enum rc rc = no_column(arena, row.cells, row.len,
                               key == SIZE_MAX ? lookup->key : lookup->value, fault);
        place(fault, lookup->line, lookup->column);
        return rc;
    }
    lookup->map = map_new(arena);
    enum rc rc;
    size_t count = 0;
    while ((rc = sheet_next(sheet, &row)) == RC_OK) {
        if (row.problem || key >= row.len)
            continue;
        if (++count > LOOKUP_ROWS_MAX)
            return lookup_fault(fault, arena, lookup, RC_TOO_LARGE,
                                M("The file {0} has more than 1,000,000 rows."));
        struct str *text = NEW(arena, struct str);
        *text = value < row.len ? str_dup(arena, row.cells[value]) : STR("");
        void **slot = map_put(lookup->map, str_dup(arena, str_trim(row.cells[key])));
        if (!*slot)
            *slot = text;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc load_lookup(struct arena *arena, struct import_lookup *lookup, struct str folder,
                           struct fault *fault)
{
    if (!folder.at)
        return lookup_fault(fault, arena, lookup, RC_INVALID,
                            M("The file {0} of a lookup can be read on the command line only."));
    struct str path =
        str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(lookup->file));
    AUTO_FD fd = open(str_c(arena, path), O_RDONLY | O_CLOEXEC);
    struct sheet_source source;
    AUTO_SHEET sheet = NULL;
    if (fd < 0 || sheet_source_fd(&fd, fault, &source) != RC_OK)
        return lookup_fault(fault, arena, lookup, RC_MISSING, M("The file {0} cannot be read."));
    TRY(sheet_open(source, &(struct sheet_options){0}, fault, &sheet));
    enum rc rc = fill_lookup(arena, sheet, lookup, fault);
    return rc == RC_MISSING
               ? lookup_fault(fault, arena, lookup, RC_INVALID, M("The file {0} is empty."))
               : rc;
}

enum rc import__lookups_load(struct arena *arena, struct import_mapping *mapping, struct str folder,
                             struct fault *fault)
{
    for (size_t i = 0; i < mapping->columns.len; i++) {
        struct import_lookup *lookup = mapping->columns.at[i].lookup;
        if (lookup && lookup->file.at && !lookup->map)
            TRY(load_lookup(arena, lookup, folder, fault));
    }
    return RC_OK;
}

/* ---- binding ---- */

static enum rc compile(struct arena *arena, struct import_column *column, const struct str *heads,
                       size_t len, struct fault *fault)
{
    struct feel_field *names = NEW_ARRAY(arena, struct feel_field, len + 1);
    for (size_t i = 0; i < len; i++)
        names[i].name = heads[i];
    names[len].name = STR("row"); /* get value(row, "any name") */
    struct fault inner = {.arena = arena};
    enum rc rc =
        feel_compile(arena, column->feel, names, len + 1, FEEL_STANDARD, &inner, &column->expr);
    if (rc == RC_OK)
        return RC_OK;
    const char *const *args = inner.entries[0].args;
    (void)!fault_add(fault, rc, "feel", inner.entries_len ? inner.entries[0].message : "", args[0],
                     args[1], args[2], NULL);
    place(fault, column->line, column->column);
    return rc;
}

enum rc import__mapping_bind(struct arena *arena, struct import_mapping *mapping,
                             const struct str *heads, size_t len, struct fault *fault)
{
    const struct import_kind *kind = mapping->kind;
    enum rc first = RC_OK;
    bool is_given[IMPORT_FIELDS_MAX] = {false};
    for (size_t i = 0; i < mapping->columns.len; i++) {
        struct import_column *column = &mapping->columns.at[i];
        enum rc rc = RC_OK;
        if (column->field < kind->fields_len)
            is_given[column->field] = true;
        if (column->from.at) {
            column->cell = find_head(arena, heads, len, column->from);
            if (column->cell == SIZE_MAX) {
                rc = no_column(arena, heads, len, column->from, fault);
                place(fault, column->line, column->column);
            }
        } else if (column->feel.at) {
            rc = compile(arena, column, heads, len, fault);
        }
        first = first != RC_OK ? first : rc;
    }
    for (size_t i = 0; i < kind->fields_len; i++)
        if (kind->fields[i].is_required && !is_given[i]) {
            enum rc rc = fault_add(fault, RC_INVALID, NULL,
                                   M("No column is mapped to “{0}”, which is required."),
                                   kind->fields[i].name, NULL);
            first = first != RC_OK ? first : rc;
        }
    return first;
}

/* ---- suggesting ---- */

/* Letters and digits only, folded: "Код_товара" and "код товара" are the same name. */
static struct str bare(struct arena *arena, struct str text)
{
    AUTO_BUF buf = BUF(4096);
    struct str rest = text_fold(arena, utf8_cut_bytes(text, HEAD_BYTES_MAX));
    for (size_t i = 0; i < rest.len; i++)
        if (!strchr(" _-.:/#()№", rest.at[i]) || (unsigned char)rest.at[i] >= 0x80)
            buf_char(&buf, rest.at[i]);
    return str_dup(arena, buf_str(&buf));
}

static bool is_name_of(struct arena *arena, const struct import_field *field, struct str head)
{
    if (str_eq(bare(arena, str_of(field->name)), head))
        return true;
    for (int id = 1; id <= LANG_COUNT; id++)
        if (str_eq(bare(arena, tr(lang_of((enum lang_id)id), field->label)), head))
            return true;
    for (struct str rest = str_of(field->also); rest.at;)
        if (str_eq(bare(arena, str_cut(&rest, ';')), head))
            return true;
    return false;
}

static bool suggest_one(struct arena *arena, const struct import_mapping *mapping, struct str head,
                        struct import_column *out)
{
    const struct import_kind *kind = mapping->kind;
    struct str name = head;
    *out = (struct import_column){.from = head, .to = head};
    if (import__field(kind, head, &out->field, &out->number, &out->free))
        return true;
    size_t number = 0;
    while (name.len > 1 && name.at[name.len - 1] >= '2' && name.at[name.len - 1] <= '8') {
        number = (size_t)(name.at[name.len - 1] - '1');
        name = str_trim(str_sub(name, 0, name.len - 1));
        break;
    }
    for (int stripped = 0; stripped < 2; stripped++) {
        struct str text = bare(arena, stripped ? name : head);
        for (size_t i = 0; i < kind->fields_len; i++) {
            const struct import_field *field = &kind->fields[i];
            if ((stripped && !field->is_repeated) || !is_name_of(arena, field, text))
                continue;
            out->field = i;
            out->number = stripped ? number : 0;
            out->to = out->number == 0 ? str_of(field->name)
                                       : str_printf(arena, "%s %zu", field->name, number + 1);
            return true;
        }
    }
    return false;
}

struct import_mapping *import__mapping_suggest(struct arena *arena, const struct import_kind *kind,
                                               const struct str *heads, size_t len)
{
    struct import_mapping *mapping = NEW(arena, struct import_mapping);
    mapping->kind = kind;
    for (size_t i = 0; i < len && mapping->columns.len < IMPORT_COLUMNS_MAX; i++) {
        struct import_column column;
        bool is_taken = false;
        if (heads[i].len == 0 || !suggest_one(arena, mapping, heads[i], &column))
            continue;
        for (size_t k = 0; k < mapping->columns.len; k++)
            is_taken = is_taken || str_eq(mapping->columns.at[k].to, column.to);
        if (!is_taken)
            VEC_PUSH(arena, &mapping->columns, column);
    }
    return mapping;
}
