/* One change of a draft: the fields of a form become a pure edit of the text, the new text a step.
 */
#include "studio/studio_int.h"

const struct field studio__edit_fields[] = {
    F_STR(studio__edit_form, what, 1, 30),
    F_STR(studio__edit_form, part, 0, 200),
    F_STR(studio__edit_form, name, 0, 200),
    F_STR(studio__edit_form, label, 0, 200),
    F_BLOCK(studio__edit_form, description, 0, 4000),
    F_BLOCK(studio__edit_form, text, 0, 100000),
    F_STR(studio__edit_form, logic, 0, 20),
    F_STR(studio__edit_form, policy, 0, 20),
    F_STR(studio__edit_form, column_label, 0, 200),
    F_STR(studio__edit_form, column_text, 0, 4000),
    F_STR(studio__edit_form, column_type, 0, 100),
    F_STR(studio__edit_form, column_values, 0, 4000),
    F_STR(studio__edit_form, column_fallback, 0, 4000),
    F_STR(studio__edit_form, attribute_name, 0, 200),
    F_STR(studio__edit_form, attribute_label, 0, 200),
    F_STR(studio__edit_form, attribute_unit, 0, 40),
    F_STR(studio__edit_form, attribute_type, 0, 40),
    F_STR(studio__edit_form, attribute_default, 0, 400),
    F_STR(studio__edit_form, attribute_min, 0, 60),
    F_STR(studio__edit_form, attribute_max, 0, 60),
    F_STR(studio__edit_form, view, 0, 20),
    F_STR(studio__edit_form, sign, 0, 64),
    F_BOOL(studio__edit_form, is_result),
    F_BOOL(studio__edit_form, attribute_outlet),
    F_BOOL(studio__edit_form, is_open),
    F_OPT_I64(studio__edit_form, row, 0, SCHEME_ROWS_MAX),
    F_OPT_I64(studio__edit_form, column, 0, SCHEME_COLUMNS_MAX),
    F_OPT_I64(studio__edit_form, to, 0, SCHEME_ROWS_MAX),
    F_OPT_I64(studio__edit_form, revision, 0, INT64_MAX),
    F_PAIRS(studio__edit_form, option, STUDIO_OPTIONS_MAX),
    FIELDS_END,
};

static const struct {
    const char *word;
    enum scheme_edit_kind kind;
} kinds[] = {
    {"set", SCHEME_SET},
    {"attribute-add", SCHEME_ATTRIBUTE_ADD},
    {"attribute-set", SCHEME_ATTRIBUTE_SET},
    {"attribute-remove", SCHEME_ATTRIBUTE_REMOVE},
    {"attribute-move", SCHEME_ATTRIBUTE_MOVE},
    {"part-add", SCHEME_PART_ADD},
    {"part-set", SCHEME_PART_SET},
    {"part-rename", SCHEME_PART_RENAME},
    {"part-remove", SCHEME_PART_REMOVE},
    {"part-move", SCHEME_PART_MOVE},
    {"formula-set", SCHEME_FORMULA_SET},
    {"logic-set", SCHEME_LOGIC_SET},
    {"policy-set", SCHEME_POLICY_SET},
    {"column-add", SCHEME_COLUMN_ADD},
    {"column-set", SCHEME_COLUMN_SET},
    {"column-remove", SCHEME_COLUMN_REMOVE},
    {"column-move", SCHEME_COLUMN_MOVE},
    {"row-add", SCHEME_ROW_ADD},
    {"row-copy", SCHEME_ROW_COPY},
    {"row-remove", SCHEME_ROW_REMOVE},
    {"row-move", SCHEME_ROW_MOVE},
    {"cell-set", SCHEME_CELL_SET},
    {"note-set", SCHEME_NOTE_SET},
    {"paste", SCHEME_PASTE},
};

/* ---- the edit of a form ---- */

static bool kind_of(struct str word, enum scheme_edit_kind *out)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(word, str_of(kinds[i].word))) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

/* Texts of fields that were not sent stay as they are. */
static struct scheme_options options_of(struct op *op, const struct field_pairs *pairs)
{
    struct scheme_option *at = NEW_ARRAY(op->arena, struct scheme_option, pairs->len + 1);
    for (size_t i = 0; i < pairs->len; i++)
        at[i] = (struct scheme_option){pairs->at[i].name, str_trim(pairs->at[i].value)};
    return (struct scheme_options){at, pairs->len};
}

static struct scheme_column column_of(const struct studio__edit_form *in)
{
    return (struct scheme_column){.label = in->column_label,
                                  .text = in->column_text,
                                  .type = in->column_type,
                                  .values = in->column_values,
                                  .fallback = in->column_fallback};
}

static enum rc typed(struct op *op, const char *field, const struct scheme_attribute *attribute,
                     struct str text, struct str *out)
{
    *out = STR("");
    if (!str_trim(text).len)
        return RC_OK;
    const char *wrong = scheme_value_typed(op, attribute, text, out);
    return wrong ? fail(op, RC_INVALID, field, wrong) : RC_OK;
}

/* Values are typed as people write them: 4 % of a percent is 0.04. */
static enum rc attribute_of(struct op *op, const struct studio__edit_form *in,
                            struct scheme_attribute *out)
{
    struct scheme_attribute plain = {.type = in->attribute_type.len ? in->attribute_type
                                                                    : STR("number"),
                                     .unit = in->attribute_unit.at ? in->attribute_unit : STR(""),
                                     .min = STR(""),
                                     .max = STR("")};
    *out = plain;
    out->name = in->attribute_name;
    out->label = in->attribute_label.at ? in->attribute_label : STR("");
    out->may_differ_per_outlet = in->attribute_outlet;
    TRY(typed(op, "attribute_min", &plain, in->attribute_min, &out->min));
    TRY(typed(op, "attribute_max", &plain, in->attribute_max, &out->max));
    return typed(op, "attribute_default", out, in->attribute_default, &out->fallback);
}

static size_t place_of(struct opt_i64 to)
{
    return to.has ? (size_t)to.v : SCHEME_LAST;
}

static enum rc edit_of(struct op *op, const struct studio__edit_form *in, struct scheme_edit *out)
{
    *out = (struct scheme_edit){.part = in->part,
                                .name = in->name,
                                .label = in->label,
                                .description = in->description,
                                .text = in->text,
                                .options = options_of(op, &in->option),
                                .logic =
                                    str_eq(in->logic, STR("table")) ? SCHEME_TABLE : SCHEME_FORMULA,
                                .column_now = column_of(in),
                                .is_result = in->is_result,
                                .row = (size_t)in->row.v,
                                .column = (size_t)in->column.v,
                                .to = place_of(in->to)};
    if (!kind_of(in->what, &out->kind))
        return fail(op, RC_INVALID, "what", M("There is no such change."));
    if (out->kind == SCHEME_POLICY_SET && !studio__policy_of(in->policy, &out->policy))
        return fail(op, RC_INVALID, "policy", M("There is no such change."));
    if (out->kind == SCHEME_ATTRIBUTE_ADD || out->kind == SCHEME_ATTRIBUTE_SET)
        return attribute_of(op, in, &out->attribute);
    return RC_OK;
}

/* ---- carrying it out ---- */

static const struct scheme_part *part_named(const struct scheme_outline *outline, struct str name)
{
    for (size_t i = 0; i < outline->parts_len; i++)
        if (str_eq(outline->parts[i].name, name))
            return &outline->parts[i];
    return NULL;
}

static enum rc apply(struct op *op, const struct scheme_edit *edit, struct str *xml,
                     struct studio_words *words)
{
    struct scheme_edit_words said = {0};
    TRY(scheme_edit(op->arena, *xml, edit, &op->fault, xml, &said));
    if (!words->key)
        *words = studio_words_of(&said);
    return RC_OK;
}

/* A new table is made with its first condition and a row to type into in one step. */
static enum rc fill_table(struct op *op, const struct studio__edit_form *in, struct str part,
                          struct str *xml, struct studio_words *words)
{
    struct scheme_outline outline;
    TRY(scheme_outline(op->arena, *xml, &op->fault, &outline));
    const struct scheme_part *made = scheme_part(&outline, part);
    if (!made || made->logic != SCHEME_TABLE)
        return RC_OK;
    struct scheme_edit looks = {.kind =
                                    made->grid.inputs_len ? SCHEME_COLUMN_SET : SCHEME_COLUMN_ADD,
                                .part = part,
                                .column_now = column_of(in)};
    looks.column_now.fallback = STR_NONE;
    if (in->column_text.len)
        TRY(apply(op, &looks, xml, words));
    struct scheme_edit row = {.kind = SCHEME_ROW_ADD, .part = part, .to = SCHEME_LAST};
    return made->grid.rows_len ? RC_OK : apply(op, &row, xml, words);
}

/* The decision to show after it: the one that was changed, or was just made. */
static enum rc change(struct op *op, const struct studio_draft *draft,
                      const struct studio__edit_form *in, struct str *out_part)
{
    struct scheme_edit edit;
    struct scheme_outline outline;
    struct studio_words words = {0};
    struct str xml = draft->xml;
    *out_part = in->part;
    TRY(edit_of(op, in, &edit));
    TRY(apply(op, &edit, &xml, &words));
    if (edit.kind == SCHEME_PART_ADD) {
        TRY(scheme_outline(op->arena, xml, &op->fault, &outline));
        const struct scheme_part *made = part_named(&outline, in->name);
        *out_part = made ? made->id : STR_NONE;
        if (made)
            TRY(fill_table(op, in, made->id, &xml, &words));
    }
    if (edit.kind == SCHEME_PART_REMOVE)
        *out_part = STR_NONE;
    return studio_change(op, draft->id, in->revision.v, xml, &words);
}

static enum rc carry_out(struct op *op, int64_t id, const struct studio__edit_form *in,
                         struct str *out_part)
{
    struct studio_draft draft;
    *out_part = in->part;
    TRY(op_must(op, "scheme.edit"));
    TRY(studio_get(op, id, &draft));
    if (str_eq(in->what, STR("meant")))
        return studio__meant(op, draft.scheme_id, in->sign);
    if (draft.revision != in->revision.v)
        return op_stale(op);
    if (str_eq(in->what, STR("undo")))
        return studio_undo(op, id, in->revision.v);
    if (str_eq(in->what, STR("redo")))
        return studio_redo(op, id, in->revision.v);
    return change(op, &draft, in, out_part);
}

enum rc studio__page_edit(struct req *r)
{
    struct op *op = r->op;
    const struct studio__edit_form *in = form(r);
    struct studio__page v;
    struct str part;
    int64_t id = path_id(r, "sdr");
    TRY(carry_out(op, id, in, &part));
    struct studio__ask ask = {.part = part, .view = in->view};
    if (in->is_open) {
        ask.row = in->row;
        ask.column = in->column;
    }
    if (r->is_htmx) {
        TRY(studio__page_load(r, id, &ask, &v));
        return studio__page_answer(r, &v);
    }
    if (in->view.len)
        return REDIRECT(r, "/schemes/drafts/{0}?view={1}", sdr(id), in->view);
    if (!part.len)
        return REDIRECT(r, "/schemes/drafts/{0}", sdr(id));
    return REDIRECT(r, "/schemes/drafts/{0}?part={1}", sdr(id), part);
}

/* ---- when it was refused ---- */

static void keep(struct req *r, struct studio__page *v)
{
    static const char *const names[] = {"what",
                                        "part",
                                        "name",
                                        "label",
                                        "description",
                                        "text",
                                        "logic",
                                        "policy",
                                        "column_label",
                                        "column_text",
                                        "column_type",
                                        "column_values",
                                        "column_fallback",
                                        "is_result",
                                        "row",
                                        "column",
                                        "is_open",
                                        "to",
                                        "attribute_name",
                                        "attribute_label",
                                        "attribute_unit",
                                        "attribute_type",
                                        "attribute_default",
                                        "attribute_min",
                                        "attribute_max",
                                        "attribute_outlet",
                                        "view"};
    for (size_t i = 0; i < LEN(names); i++) {
        struct studio__kept kept = {str_of(names[i]), req_raw(r, names[i])};
        if (kept.value.at)
            VEC_PUSH(r->op->arena, &v->kept, kept);
    }
}

static struct str problems_words(struct op *op)
{
    struct str text = STR_NONE;
    for (size_t i = 0; i < op->fault.entries_len && i < 5; i++) {
        struct str next = i18n_fault(op->arena, op->lang, &op->fault.entries[i]);
        text = text.at ? str_printf(op->arena, STR_FMT " " STR_FMT, STR_ARG(text), STR_ARG(next))
                       : next;
    }
    return text;
}

/* What others did since the text that was typed at: "Anna: Rate, row 2: 0.06 → 0.07." */
static void tell_conflict(struct req *r, struct studio__page *v)
{
    struct op *op = r->op;
    int64_t revision = 0;
    struct str text = STR_NONE;
    if (!str_to_i64(req_raw(r, "revision"), &revision))
        revision = INT64_MAX;
    for (size_t i = 0; i < v->steps.len && !text.at; i++) {
        const struct studio_step *step = &v->steps.at[i];
        if (step->revision > revision && step->number <= v->draft.step)
            text = i18n_format(op->arena, op->lang, M("{0}: {1}"), step->who, step->words);
    }
    v->conflict = (struct ui_hint){
        .tint = UI_WARN,
        .title = tr(op->lang, M("The draft was changed meanwhile.")),
        .text = text.at ? text : tr(op->lang, M("Somebody undid or redid a step.")),
    };
}

enum rc studio__page_edit_again(struct req *r)
{
    struct op *op = r->op;
    struct studio__page v;
    bool is_conflict = op->fault.rc == RC_CONFLICT;
    struct studio__ask ask = {.part = req_raw(r, "part"), .view = req_raw(r, "view")};
    struct str what = req_raw(r, "what"), words = problems_words(op);
    int64_t row, column;
    if (str_to_i64(req_raw(r, "row"), &row) && row >= 0)
        ask.row = SOME(row);
    if (str_to_i64(req_raw(r, "column"), &column) && column >= 0)
        ask.column = SOME(column);
    if (str_starts(what, STR("part-add")))
        ask.add = req_raw(r, "logic");
    TRY(studio__page_load(r, path_id(r, "sdr"), &ask, &v));
    v.note = words;
    keep(r, &v);
    if (is_conflict)
        tell_conflict(r, &v);
    return studio__page_answer(r, &v);
}
