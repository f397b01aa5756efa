/* The parts of a workbook that say where the cells are and what they mean: package relations, the
 * workbook with its list of sheets, the formats of cells. Every path comes from a relation, since
 * only most programs call the worksheet xl/worksheets/sheet1.xml. */
#include "sheet/sheet_int.h"

enum { RELATIONS_MAX = 4096, FORMATS_MAX = 65536 };

struct relation {
    struct str id, type, target; /* target: path in the package */
};

struct relations {
    struct sheet *sheet;
    struct str folder; /* of the part whose relations these are: "xl/" */
    VEC(struct relation) list;
};

struct book_sheet {
    struct str name, relation_id;
    bool is_hidden;
};

struct book {
    struct sheet *sheet;
    VEC(struct book_sheet) sheets;
};

struct formats {
    struct sheet *sheet;
    struct map *codes; /* format id to enum sheet__style */
    size_t codes_len;
    bool is_in_cell_formats;
};

static enum rc too_complex(struct sheet *sheet)
{
    return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                     "The workbook has too many sheets, styles or links. Copy the table into a new "
                     "workbook and send that.",
                     NULL);
}

/* ---- relations ---- */

/* "../a/./b" against "xl/" gives "a/b"; a target with a leading slash starts at the root. */
static struct str path_resolve(struct arena *arena, struct str folder, struct str target)
{
    struct str rest = target;
    char *path = arena_alloc(arena, folder.len + target.len + 2);
    size_t len = 0;
    if (!str_starts(target, STR("/"))) {
        memcpy(path, folder.at, folder.len);
        len = folder.len;
    }
    while (rest.at) {
        struct str piece = str_cut(&rest, '/');
        if (piece.len == 0 || str_eq(piece, STR(".")))
            continue;
        if (str_eq(piece, STR(".."))) {
            if (len > 0)
                len--;
            while (len > 0 && path[len - 1] != '/')
                len--;
            continue;
        }
        memcpy(path + len, piece.at, piece.len);
        len += piece.len;
        if (rest.at)
            path[len++] = '/';
    }
    return (struct str){path, len};
}

static enum rc relations_start(void *self, const struct sheet__element *element)
{
    struct relations *relations = self;
    struct arena *arena = relations->sheet->arena;
    if (strcmp(element->name, "Relationship") != 0)
        return RC_OK;
    if (relations->list.len == RELATIONS_MAX)
        return too_complex(relations->sheet);
    struct str target = sheet__attr_of(element, "Target");
    if (str_eq_nocase(sheet__attr_of(element, "TargetMode"), STR("External")) ||
        target.len > SHEET__PATH_MAX)
        return RC_OK;
    struct relation relation = {
        .id = str_dup(arena, sheet__attr_of(element, "Id")),
        .type = str_dup(arena, sheet__attr_of(element, "Type")),
        .target = path_resolve(arena, relations->folder, target),
    };
    VEC_PUSH(arena, &relations->list, relation);
    return RC_OK;
}

static enum rc nothing_at_end(void *self, const char *name)
{
    (void)self, (void)name;
    return RC_OK;
}

/* The relations of a part stand beside it: xl/workbook.xml has xl/_rels/workbook.xml.rels. */
static enum rc relations_read(struct sheet *sheet, struct str part, struct relations *out)
{
    static const struct sheet__hooks hooks = {.start = relations_start, .end = nothing_at_end};
    size_t slash = 0;
    for (size_t i = 0; i < part.len; i++)
        slash = part.at[i] == '/' ? i + 1 : slash;
    *out = (struct relations){.sheet = sheet, .folder = str_sub(part, 0, slash)};
    struct str file = str_sub(part, slash, part.len);
    struct str path = str_printf(sheet->arena, STR_FMT "_rels/" STR_FMT ".rels",
                                 STR_ARG(out->folder), STR_ARG(file));
    int64_t index;
    if (!sheet__part_find(&sheet->package, path, &index))
        return RC_OK;
    return sheet__xml_read(sheet, index, &hooks, out);
}

static const struct relation *relation_of_type(const struct relations *relations, struct str end)
{
    for (size_t i = 0; i < relations->list.len; i++)
        if (str_ends(relations->list.at[i].type, end))
            return &relations->list.at[i];
    return NULL;
}

static const struct relation *relation_of_id(const struct relations *relations, struct str id)
{
    for (size_t i = 0; i < relations->list.len; i++)
        if (str_eq(relations->list.at[i].id, id))
            return &relations->list.at[i];
    return NULL;
}

/* ---- the workbook ---- */

static bool is_true(struct str value)
{
    return str_eq(value, STR("1")) || str_eq(value, STR("true")) || str_eq(value, STR("on"));
}

static enum rc book_start(void *self, const struct sheet__element *element)
{
    struct book *book = self;
    struct arena *arena = book->sheet->arena;
    if (strcmp(element->name, "workbookPr") == 0)
        book->sheet->is_1904 = is_true(sheet__attr_of(element, "date1904"));
    if (strcmp(element->name, "sheet") != 0)
        return RC_OK;
    if (book->sheets.len == SHEET_NAMES_MAX)
        return too_complex(book->sheet);
    struct str state = sheet__attr_of(element, "state");
    struct book_sheet sheet = {
        .name = str_dup(arena, sheet__attr_of(element, "name")),
        .is_hidden = str_eq(state, STR("hidden")) || str_eq(state, STR("veryHidden")),
    };
    for (size_t i = 0; i < element->attrs_len; i++)
        if (element->attrs[i].is_relation && strcmp(element->attrs[i].name, "id") == 0)
            sheet.relation_id = str_dup(arena, element->attrs[i].value);
    if (!sheet.name.at)
        sheet.name = STR("");
    VEC_PUSH(arena, &book->sheets, sheet);
    return RC_OK;
}

/* ---- formats of cells ---- */

static uint8_t style_of(const struct formats *formats, struct str format_id)
{
    int64_t id;
    if (!str_to_i64(format_id, &id))
        return SHEET__PLAIN;
    const void *custom = map_get_i64(formats->codes, id);
    return (uint8_t)(custom ? (intptr_t)custom : (intptr_t)sheet__style_of_id(id));
}

static enum rc formats_start(void *self, const struct sheet__element *element)
{
    struct formats *formats = self;
    struct sheet *sheet = formats->sheet;
    int64_t id;
    if (strcmp(element->name, "cellXfs") == 0) {
        formats->is_in_cell_formats = true;
    } else if (strcmp(element->name, "numFmt") == 0) {
        if (++formats->codes_len > FORMATS_MAX)
            return too_complex(sheet);
        if (str_to_i64(sheet__attr_of(element, "numFmtId"), &id))
            *map_put_i64(formats->codes, id) =
                (void *)(intptr_t)sheet__style_of_code(sheet__attr_of(element, "formatCode"));
    } else if (strcmp(element->name, "xf") == 0 && formats->is_in_cell_formats) {
        if (sheet->styles.len == FORMATS_MAX)
            return too_complex(sheet);
        VEC_PUSH(sheet->arena, &sheet->styles,
                 style_of(formats, sheet__attr_of(element, "numFmtId")));
    }
    return RC_OK;
}

static enum rc formats_end(void *self, const char *name)
{
    struct formats *formats = self;
    if (strcmp(name, "cellXfs") == 0)
        formats->is_in_cell_formats = false;
    return RC_OK;
}

static enum rc formats_read(struct sheet *sheet, const struct relations *relations)
{
    static const struct sheet__hooks hooks = {.start = formats_start, .end = formats_end};
    const struct relation *relation = relation_of_type(relations, STR("/styles"));
    int64_t index;
    if (!relation || !sheet__part_find(&sheet->package, relation->target, &index))
        return RC_OK;
    struct formats formats = {.sheet = sheet, .codes = map_new(sheet->arena)};
    return sheet__xml_read(sheet, index, &hooks, &formats);
}

/* ---- which sheet ---- */

static const struct relation *worksheet_of(const struct relations *relations,
                                           const struct book_sheet *sheet)
{
    const struct relation *relation = relation_of_id(relations, sheet->relation_id);
    return relation && str_ends(relation->type, STR("/worksheet")) ? relation : NULL;
}

static bool name_matches(struct arena *arena, struct str name, struct str wanted)
{
    return str_eq(text_fold(arena, str_trim(name)), text_fold(arena, str_trim(wanted)));
}

static enum rc sheet_missing(struct sheet *sheet, struct str name)
{
    AUTO_BUF names = BUF(2000);
    for (size_t i = 0; i < sheet->names_found.len && names.len < 1000; i++) {
        buf_put(&names, i > 0 ? STR(", ") : STR(""));
        buf_put(&names, sheet->names_found.at[i]);
    }
    return fault_add(sheet->fault, RC_MISSING, NULL,
                     "The workbook has no sheet named {0}. Its sheets: {1}.",
                     str_c(sheet->arena, name), str_c(sheet->arena, buf_str(&names)), NULL);
}

static enum rc worksheet_choose(struct sheet *sheet, const struct book *book,
                                const struct relations *relations, struct str wanted,
                                const struct relation **out)
{
    const struct book_sheet *chosen = NULL;
    for (size_t i = 0; i < book->sheets.len; i++) {
        const struct book_sheet *at = &book->sheets.at[i];
        if (!worksheet_of(relations, at))
            continue; /* a chart, a dialogue */
        VEC_PUSH(sheet->arena, &sheet->names_found, at->name);
        bool is_better = wanted.at ? !chosen && name_matches(sheet->arena, at->name, wanted)
                                   : !chosen || (chosen->is_hidden && !at->is_hidden);
        chosen = is_better ? at : chosen;
    }
    sheet->info.names = sheet->names_found.at;
    sheet->info.names_len = sheet->names_found.len;
    if (!chosen && wanted.at)
        return sheet_missing(sheet, wanted);
    if (!chosen)
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The workbook has no sheet with cells. Send one with a header row and at "
                         "least one row of data.",
                         NULL);
    sheet->info.name = chosen->name;
    *out = worksheet_of(relations, chosen);
    return RC_OK;
}

/* ---- other things that come as ZIP archives ---- */

static bool has_part(const struct sheet *sheet, struct str path)
{
    int64_t index;
    return sheet__part_find(&sheet->package, path, &index);
}

static enum rc not_a_workbook(struct sheet *sheet)
{
    if (has_part(sheet, STR("xl/workbook.bin")))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "This is a binary workbook (.xlsb). Save it as .xlsx or CSV and send "
                         "that.",
                         NULL);
    if (has_part(sheet, STR("content.xml")) && has_part(sheet, STR("mimetype")))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "This is an OpenDocument file (.ods). Save it as .xlsx or CSV and send "
                         "that.",
                         NULL);
    if (has_part(sheet, STR("word/document.xml")) || has_part(sheet, STR("ppt/presentation.xml")))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "This is a text document or a presentation. Send a table as .xlsx or "
                         "CSV.",
                         NULL);
    if (has_part(sheet, STR("[content_types].xml")))
        return sheet__broken(sheet);
    return fault_add(sheet->fault, RC_INVALID, NULL,
                     "This is a ZIP archive, not a workbook. Unpack it and send the CSV or .xlsx "
                     "file that is inside.",
                     NULL);
}

static enum rc workbook_find(struct sheet *sheet, struct str *out_path, int64_t *out_index)
{
    struct relations relations;
    TRY(relations_read(sheet, STR(""), &relations));
    const struct relation *relation = relation_of_type(&relations, STR("/officeDocument"));
    *out_path = relation ? relation->target : STR("xl/workbook.xml");
    if (!str_ends(*out_path, STR(".xml")) || str_starts(*out_path, STR("word/")) ||
        str_starts(*out_path, STR("ppt/")) ||
        !sheet__part_find(&sheet->package, *out_path, out_index))
        return not_a_workbook(sheet);
    return RC_OK;
}

enum rc sheet__book_open(struct sheet *sheet, struct str sheet_name)
{
    static const struct sheet__hooks hooks = {.start = book_start, .end = nothing_at_end};
    struct str path = STR_NONE;
    int64_t index = -1, strings = -1;
    struct relations relations = {0};
    struct book book = {.sheet = sheet};
    const struct relation *worksheet = NULL, *relation;
    TRY(workbook_find(sheet, &path, &index));
    TRY(sheet__xml_read(sheet, index, &hooks, &book));
    TRY(relations_read(sheet, path, &relations));
    TRY(worksheet_choose(sheet, &book, &relations, sheet_name, &worksheet));
    if (!worksheet || !sheet__part_find(&sheet->package, worksheet->target, &index))
        return sheet__broken(sheet);
    TRY(formats_read(sheet, &relations));
    relation = relation_of_type(&relations, STR("/sharedStrings"));
    if (relation && !sheet__part_find(&sheet->package, relation->target, &strings))
        return sheet__broken(sheet);
    TRY(sheet__strings_read(sheet, strings));
    return sheet__rows_open(sheet, index);
}
