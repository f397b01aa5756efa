/* The forms of the editor: a new decision, what a decision gives, the scheme itself. Which options
 * a decision may have, and their words, are the scheme module's; here they get names for people. */
#include "studio/studio_forms.h"

static const struct ui_word words[] = {{"half up", M("half up, away from zero")},
                                       {"half even", M("half to even")},
                                       {"half down", M("half down")},
                                       {"up", M("up")},
                                       {"down", M("down")},
                                       {"floor", M("to the lower")},
                                       {"ceiling", M("to the higher")},
                                       {"line", M("each line")},
                                       {"rule and period", M("each rule of the month")},
                                       {"recipient and period", M("all of the month")},
                                       {"each step", M("as the formulas do")},
                                       {"period", M("each period")},
                                       {"month", M("each month")},
                                       {"quarter", M("each quarter")},
                                       {"year", M("each year")},
                                       {"contract", M("contract")},
                                       {"never", M("never")},
                                       {"customer", M("customer")},
                                       {"outlet", M("point of sale")},
                                       {"product", M("product")},
                                       {"category", M("category")},
                                       {"push", M("to those above")},
                                       {"pull", M("to the contract itself")},
                                       {"owner", M("who recruited whom")},
                                       {"sponsor", M("sponsors")},
                                       {"placement", M("placement")},
                                       {"territory", M("territories")},
                                       {"supply", M("suppliers")},
                                       {"true", M("yes")},
                                       {"false", M("no")},
                                       {"money", M("money")},
                                       {"percent", M("percent")},
                                       {"pieces", M("pieces")},
                                       {0}};

static const char *const kinds[] = {"measure",  "line",     "accumulator", "carry", "charge",
                                    "clawback", "referred", "eligible",    "due",   "adjust"};
static const char *const scopes[] = {"event",  "contract", "outlet", "customer", "rank",
                                     "upward", "matching", "pool",   "closing"};

static enum scheme_kind kind_of(struct str word)
{
    for (int kind = SCHEME_MEASURE; kind <= SCHEME_ADJUST; kind++)
        if (str_eq(word, str_of(scheme_kind_name((enum scheme_kind)kind))))
            return (enum scheme_kind)kind;
    return 0;
}

static enum scheme_scope scope_of(const char *word)
{
    for (int scope = SCHEME_EVENT; scope <= SCHEME_CLOSING; scope++)
        if (strcmp(word, scheme_scope_name((enum scheme_scope)scope)) == 0)
            return (enum scheme_scope)scope;
    return 0;
}

static void add_scopes(struct op *op, struct ui_form *form, enum scheme_kind kind)
{
    for (size_t i = 0; i < LEN(scopes); i++) {
        enum scheme_scope scope = scope_of(scopes[i]);
        if (scope && (!kind || scheme_kind_has_scope(kind, scope)))
            ui_form_option(form, "option:scope", str_of(scopes[i]),
                           tr(op->lang, scheme_scope_label(scope)));
    }
}

static void add_word(struct op *op, struct ui_form *form, const char *field, const char *word)
{
    ui_form_option(form, field, str_of(word), ui_word_of(op->lang, words, str_of(word)));
}

static void add_words(struct op *op, struct ui_form *form, const char *field)
{
    const char *option = field + sizeof "option:" - 1, *word;
    ui_form_option(form, field, STR(""), tr(op->lang, M("as usual")));
    if (strcmp(option, "shown") == 0) {
        add_word(op, form, field, "true");
        add_word(op, form, field, "false");
    }
    for (size_t i = 0; (word = scheme_option_word(option, i)); i++)
        add_word(op, form, field, word);
}

/* ---- a new decision ---- */

static const struct ui_field table_shown[] = {
    {.name = "what", .kind = UI_FIELD_HIDDEN},
    {.name = "revision", .kind = UI_FIELD_HIDDEN},
    {.name = "logic", .kind = UI_FIELD_HIDDEN},
    {.name = "name",
     .label = M("Name"),
     .hint = M("Formulas use it too: “plan bonus rate”."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "column_text",
     .label = M("What its rows look at"),
     .hint = M("A measure, an attribute or an input: “total sales”, “event.product.category”."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 4000},
};
static const struct ui_field measure_shown[] = {
    {.name = "what", .kind = UI_FIELD_HIDDEN},
    {.name = "revision", .kind = UI_FIELD_HIDDEN},
    {.name = "logic", .kind = UI_FIELD_HIDDEN},
    {.name = "option:kind", .kind = UI_FIELD_HIDDEN},
    {.name = "name",
     .label = M("Name"),
     .hint = M("Formulas use it too: “total sales”."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "text",
     .label = M("Formula"),
     .hint = M("For example total(sales.credit.net): all sales of the month."),
     .kind = UI_FIELD_CODE,
     .max_len = 100000},
    {.name = "option:unit", .label = M("Unit"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:scope",
     .label = M("Once for"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
};
static const struct ui_field reward_shown[] = {
    {.name = "what", .kind = UI_FIELD_HIDDEN},
    {.name = "revision", .kind = UI_FIELD_HIDDEN},
    {.name = "logic", .kind = UI_FIELD_HIDDEN},
    {.name = "name",
     .label = M("Name"),
     .hint = M("Partners read it in their statement."),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 200},
    {.name = "text",
     .label = M("Formula"),
     .hint = M("For example total sales * rate."),
     .kind = UI_FIELD_CODE,
     .max_len = 100000},
    {.name = "option:kind",
     .label = M("What it gives"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "option:scope",
     .label = M("Once for"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
};

static void begin_form(struct req *r, struct studio__page *v, struct ui_form *form,
                       const struct ui_field *fields, size_t len)
{
    ui_form_init(r, form, fields, len);
    form->action = v->edit_href;
    ui_form_set_i64(form, "revision", v->draft.revision);
}

static void add_units(struct op *op, struct ui_form *form, const char *field)
{
    ui_form_option(form, field, STR(""), tr(op->lang, M("a plain number")));
    ui_form_option(form, field, STR("money"), tr(op->lang, M("money")));
    ui_form_option(form, field, STR("percent"), tr(op->lang, M("percent")));
    ui_form_option(form, field, STR("pieces"), tr(op->lang, M("pieces")));
}

void studio__add_form(struct req *r, struct studio__page *v, struct str what)
{
    struct op *op = r->op;
    struct ui_form *form = &v->form;
    bool is_table = str_eq(what, STR("table")), is_reward = str_eq(what, STR("reward"));
    *form = (struct ui_form){.submit = is_table    ? M("Add table")
                                       : is_reward ? M("Add reward")
                                                   : M("Add measure"),
                             .cancel_href = v->path};
    if (is_table)
        begin_form(r, v, form, table_shown, LEN(table_shown));
    else if (is_reward)
        begin_form(r, v, form, reward_shown, LEN(reward_shown));
    else
        begin_form(r, v, form, measure_shown, LEN(measure_shown));
    ui_form_set(form, "what", STR("part-add"));
    ui_form_set(form, "logic", is_table ? STR("table") : STR("formula"));
    if (is_table)
        return;
    enum scheme_kind kind = is_reward ? SCHEME_LINE : SCHEME_MEASURE;
    for (size_t i = 0; is_reward && i < LEN(kinds); i++)
        if (kind_of(str_of(kinds[i])) != SCHEME_MEASURE)
            ui_form_option(form, "option:kind", str_of(kinds[i]),
                           tr(op->lang, scheme_kind_label(kind_of(str_of(kinds[i])))));
    ui_form_set(form, "option:kind", str_of(scheme_kind_name(kind)));
    if (!is_reward)
        add_units(op, form, "option:unit");
    add_scopes(op, form, is_reward ? 0 : kind);
    ui_form_set(form, "option:scope", STR("contract"));
}

/* ---- what a decision gives ---- */

static const struct ui_field gives_shown[] = {
    {.name = "what", .kind = UI_FIELD_HIDDEN},
    {.name = "revision", .kind = UI_FIELD_HIDDEN},
    {.name = "part", .kind = UI_FIELD_HIDDEN},
    {.name = "label", .label = M("As people read it"), .kind = UI_FIELD_TEXT, .max_len = 200},
    {.name = "description",
     .label = M("Description"),
     .hint = M("In plain words: it stands in explanations."),
     .kind = UI_FIELD_AREA,
     .max_len = 4000},
    {.name = "option:kind", .label = M("What it gives"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:scope", .label = M("Once for"), .kind = UI_FIELD_SELECT, .is_half = true},
};
static const struct ui_field option_shown[] = {
    {.name = "option:unit", .label = M("Unit"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:shown",
     .label = M("Partners see it"),
     .kind = UI_FIELD_SELECT,
     .is_half = true},
    {.name = "option:key", .label = M("Key"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:of", .label = M("For the rule"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:rounding", .label = M("Rounding"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:scale", .label = M("Digits"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:level", .label = M("Rounded is"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:direction", .label = M("Goes"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:reset", .label = M("Begins again"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:where", .label = M("Counts where"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:initial", .label = M("At first"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:expiresAfter",
     .label = M("Expires after"),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
};

static const char *option_name(const struct ui_field *field)
{
    return field->name + sizeof "option:" - 1;
}

static void set_option(struct op *op, struct ui_form *form, const struct scheme_part *part,
                       const struct ui_field *field)
{
    const char *name = option_name(field);
    struct str value = scheme_option(&part->options, name);
    if (field->kind == UI_FIELD_SELECT)
        add_words(op, form, field->name);
    ui_form_set(form, field->name, value.at ? value : STR(""));
}

void studio__gives_form(struct req *r, struct studio__page *v)
{
    struct op *op = r->op;
    struct ui_form *form = &v->form;
    const struct scheme_part *part = v->part;
    enum scheme_kind kind = part->is_output ? part->kind : 0;
    struct ui_field *fields =
        NEW_ARRAY(op->arena, struct ui_field, LEN(gives_shown) + LEN(option_shown));
    size_t len = 0;
    for (size_t i = 0; i < LEN(gives_shown); i++)
        if (kind || strcmp(gives_shown[i].name, "option:scope") != 0)
            fields[len++] = gives_shown[i];
    size_t options_from = len;
    for (size_t i = 0; kind && i < LEN(option_shown); i++)
        if (scheme_kind_has_option(kind, option_name(&option_shown[i])))
            fields[len++] = option_shown[i];
    *form = (struct ui_form){.submit = M("Save"), .is_wide = true};
    begin_form(r, v, form, fields, len);
    ui_form_set(form, "what", STR("part-set"));
    ui_form_set(form, "part", part->id);
    ui_form_set(form, "label", part->label);
    ui_form_set(form, "description", part->description);
    ui_form_option(form, "option:kind", STR(""), tr(op->lang, M("helps other decisions")));
    for (size_t i = 0; i < LEN(kinds); i++)
        ui_form_option(form, "option:kind", str_of(kinds[i]),
                       tr(op->lang, scheme_kind_label(kind_of(str_of(kinds[i])))));
    ui_form_set(form, "option:kind", kind ? str_of(scheme_kind_name(kind)) : STR(""));
    if (!kind)
        return;
    add_scopes(op, form, kind);
    if (part->scope)
        ui_form_set(form, "option:scope", str_of(scheme_scope_name(part->scope)));
    for (size_t i = options_from; i < len; i++)
        set_option(op, form, part, &fields[i]);
}

/* ---- the scheme ---- */

static const struct ui_field file_shown[] = {
    {.name = "what", .kind = UI_FIELD_HIDDEN},
    {.name = "revision", .kind = UI_FIELD_HIDDEN},
    {.name = "view", .kind = UI_FIELD_HIDDEN},
    {.name = "name", .label = M("Name in the file"), .kind = UI_FIELD_TEXT, .max_len = 200},
    {.name = "description",
     .label = M("Description"),
     .hint = M("In plain words: partners read it in their portal."),
     .kind = UI_FIELD_AREA,
     .max_len = 4000},
    {.name = "option:currency",
     .label = M("Currency"),
     .hint = M("Empty: that of the contract."),
     .kind = UI_FIELD_TEXT,
     .is_half = true},
    {.name = "option:rounding", .label = M("Rounding"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:scale", .label = M("Digits"), .kind = UI_FIELD_TEXT, .is_half = true},
    {.name = "option:level", .label = M("Rounded is"), .kind = UI_FIELD_SELECT, .is_half = true},
    {.name = "option:tree", .label = M("Network"), .kind = UI_FIELD_SELECT, .is_half = true},
};

void studio__file_form(struct req *r, struct studio__page *v)
{
    struct op *op = r->op;
    struct ui_form *form = &v->form;
    *form = (struct ui_form){.submit = M("Save"), .is_wide = true};
    begin_form(r, v, form, file_shown, LEN(file_shown));
    ui_form_set(form, "what", STR("set"));
    ui_form_set(form, "view", STR("file"));
    ui_form_set(form, "name", v->outline.name);
    ui_form_set(form, "description", v->outline.description);
    for (size_t i = 0; i < LEN(file_shown); i++) {
        const struct ui_field *field = &file_shown[i];
        if (!str_starts(str_of(field->name), STR("option:")))
            continue;
        struct str value = scheme_option(&v->outline.options, option_name(field));
        if (field->kind == UI_FIELD_SELECT)
            add_words(op, form, field->name);
        ui_form_set(form, field->name, value.at ? value : STR(""));
    }
}
