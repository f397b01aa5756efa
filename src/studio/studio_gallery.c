/* The gallery: a new scheme begins from a template whose attributes are filled in, or empty. */
#include "studio/studio_gallery.h"

#include "studio/studio_view.h"

enum { ATTRIBUTES_SHOWN_MAX = 64 };

const struct field studio__template_fields[] = {
    F_STR(studio__template_form, name, 1, 200),
    F_STR(studio__template_form, code, 0, 64),
    F_PAIRS(studio__template_form, attr, ATTRIBUTES_SHOWN_MAX),
    FIELDS_END,
};

static struct studio__template_card blank_card(struct op *op)
{
    return (struct studio__template_card){
        .icon = "file-plus",
        .name = tr(op->lang, M("Empty scheme")),
        .use = tr(op->lang, M("Attributes, measures, tables and rewards from nothing.")),
        .href = STR("/schemes/templates/empty")};
}

enum rc studio__page_gallery(struct req *r)
{
    struct op *op = r->op;
    struct studio__gallery v = {0};
    v.head.title = M("New scheme");
    ui_crumb(op, &v.head, M("Schemes"), STR("/schemes"));
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Upload a .dmn file"),
                              .icon = "upload",
                              .href = STR("/schemes/new"),
                              .permission = "scheme.edit"});
    VEC_PUSH(op->arena, &v.cards, blank_card(op));
    return PAGE(r, M("New scheme"), studio_gallery, &v);
}

/* ---- one template ---- */

static const struct ui_field shown[] = {
    {.name = "name",
     .label = M("Name"),
     .hint = M("Partners read it."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "code",
     .label = M("Code"),
     .hint = M("Files and the command line use it. Empty: made from the name."),
     .kind = UI_FIELD_TEXT,
     .max_len = 64},
};

enum rc studio__page_template(struct req *r)
{
    struct op *op = r->op;
    if (!str_eq(path_str(r, "code"), STR("empty")))
        return RC_MISSING;
    struct ui_form form = {.submit = M("Create"), .cancel_href = STR("/schemes/templates")};
    form.head.title = M("Empty scheme");
    ui_crumb(op, &form.head, M("Schemes"), STR("/schemes"));
    ui_crumb(op, &form.head, M("New scheme"), STR("/schemes/templates"));
    ui_form_init(r, &form, shown, LEN(shown));
    return ui_form_page(r, &form);
}

/* Latin letters and digits of the name in capitals: "Dealer bonus" is DEALER-BONUS. */
static struct str code_of(struct op *op, struct str name)
{
    struct str fold = text_fold(op->arena, name);
    char *at = arena_alloc(op->arena, fold.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < fold.len && len < 40; i++) {
        char c = fold.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            at[len++] = (char)(c >= 'a' ? c - 'a' + 'A' : c);
        else if (len && at[len - 1] != '-')
            at[len++] = '-';
    }
    while (len && at[len - 1] == '-')
        len--;
    return len ? (struct str){at, len} : str_printf(op->arena, "SCHEME-%lld", (long long)op->now);
}

enum rc studio__page_template_make(struct req *r)
{
    struct op *op = r->op;
    const struct studio__template_form *in = form(r);
    int64_t draft_id;
    if (!str_eq(path_str(r, "code"), STR("empty")))
        return RC_MISSING;
    struct scheme_info s = {.name = in->name,
                            .code = in->code.len ? in->code : code_of(op, in->name)};
    struct str xml = scheme_edit_new(op->arena, s.code, s.name);
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_save(op, &s, &s.id));
    TRY(studio_open(op, s.id, NONE, xml, &draft_id));
    TRY(txn_commit(&txn));
    return CREATED(r, "/schemes/drafts/{0}", sdr(draft_id));
}
