/* Tables of a draft for a spreadsheet and back: one table as XLSX or CSV, the whole scheme as a
 * workbook. What comes back is a step like any other. */
#include "studio/studio_sheet.h"

enum { SHEET_BYTES_MAX = 16 << 20 };

const struct field studio__table_fields[] = {
    F_STR(studio__table_query, part, 0, 200),
    F_STR(studio__table_query, format, 0, 4),
    FIELDS_END,
};

static const char *const types[] = {
    [SHEET_CSV] = "text/csv; charset=utf-8",
    [SHEET_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

enum rc studio__page_table(struct req *r)
{
    struct op *op = r->op;
    const struct studio__table_query *in = form(r);
    enum sheet_kind kind = str_eq(in->format, STR("csv")) ? SHEET_CSV : SHEET_XLSX;
    struct studio_draft draft;
    struct scheme_info s;
    AUTO_BUF file = BUF(SHEET_BYTES_MAX);
    TRY(studio_get(op, path_id(r, "sdr"), &draft));
    TRY(scheme_get(op, draft.scheme_id, &s));
    if (in->part.len)
        TRY(scheme_sheet_table_put(op->arena, op->lang, draft.xml, in->part, kind, &op->fault,
                                   sheet_sink_buf(&file)));
    else
        TRY(scheme_sheet_put(op->arena, op->lang, draft.xml, &op->fault, sheet_sink_buf(&file)));
    struct str name =
        str_printf(op->arena, STR_FMT "%s" STR_FMT ".%s", STR_ARG(s.code), in->part.len ? "-" : "",
                   STR_ARG(in->part), in->part.len && kind == SHEET_CSV ? "csv" : "xlsx");
    TRY(download_begin(r, name, types[in->part.len ? kind : SHEET_XLSX], false));
    TRY(download_put(r, buf_str(&file)));
    return download_end(r);
}

enum rc studio__page_sheet(struct req *r)
{
    struct op *op = r->op;
    const struct studio__upload_form *in = form(r);
    struct studio_words words = {.key = M("Text from the file {0}"),
                                 .args = {str_c(op->arena, in->file.name)}};
    struct scheme_edit_words said = {0};
    struct studio_draft draft;
    struct str xml;
    int64_t id = path_id(r, "sdr");
    TRY(studio_get(op, id, &draft));
    if (!in->part.len) {
        TRY(scheme_sheet_take(op->arena, in->file.content, &op->fault, &xml));
    } else {
        TRY(scheme_sheet_table_take(op->arena, draft.xml, in->part, in->file.content, &op->fault,
                                    &xml, &said));
        words = studio_words_of(&said);
    }
    TRY(studio_change(op, id, in->revision.v, xml, &words));
    answer_note(r, M("The tables of the file are the draft's now."));
    if (!in->part.len)
        return REDIRECT(r, "/schemes/drafts/{0}?view=checks", sdr(id));
    return REDIRECT(r, "/schemes/drafts/{0}?part={1}", sdr(id), in->part);
}
