/* Boxed expressions compiled to FEEL's own tree, so that a boxed context or loop is the same thing
 * at run time as one written as text. */
#include "dmn/dmn_int.h"

static const struct feel_node *null_node(struct dmn__reader *r)
{
    return feel_build_const(r->compiler, feel_null());
}

void dmn__findings(struct dmn__reader *r)
{
    size_t len = 0;
    const struct feel_finding *at = feel_inference_findings(r->types, &len);
    for (size_t i = 0; i < len; i++) {
        size_t before = r->issues.len;
        dmn__issue(r, at[i].message, str_c(r->arena, at[i].args[0]),
                   str_c(r->arena, at[i].args[1]));
        if (r->issues.len == before)
            break;
        struct dmn_issue *issue = &r->issues.at[before];
        issue->kind = DMN_TYPES;
        issue->is_warning = true;
        issue->line = at[i].line;
        issue->at = at[i].column;
        issue->args[2] = at[i].args[2].len ? str_c(r->arena, at[i].args[2]) : NULL;
    }
    feel_inference_clear(r->types);
}

void dmn__formula_issues(struct dmn__reader *r, struct feel_compiler *compiler, size_t before)
{
    size_t after = 0;
    const struct feel_issue *issues = feel_issues(compiler, &after);
    for (size_t i = before; i < after; i++) {
        dmn__issue(r, issues[i].message, str_c(r->arena, issues[i].arg),
                   str_c(r->arena, issues[i].hint));
        r->issues.at[r->issues.len - 1].line = issues[i].line;
        r->issues.at[r->issues.len - 1].at = issues[i].column;
    }
    feel_issues_clear(compiler);
}

/* Fault entries of a failed parse become an issue with the place inside the formula. */
const struct feel_node *dmn__formula(struct dmn__reader *r, struct str text)
{
    const struct feel_node *node = NULL;
    struct fault fault = {.arena = r->arena};
    size_t before = 0;
    if (!dmn__may_read(r, text))
        return null_node(r);
    (void)feel_issues(r->compiler, &before);
    if (feel_parse(r->compiler, text, &fault, &node) != RC_OK) {
        dmn__issue(r, fault.entries[0].message, fault.entries[0].args[0], fault.entries[0].args[1]);
        r->issues.at[r->issues.len - 1].line = fault.entries[0].line;
        r->issues.at[r->issues.len - 1].at = fault.entries[0].column;
        return feel_build_bad(r->compiler, text);
    }
    dmn__formula_issues(r, r->compiler, before);
    (void)feel_infer(r->types, node);
    dmn__findings(r);
    return node;
}

static const struct feel_node *literal(struct dmn__reader *r, const struct dmn_node *node)
{
    struct str text = dmn__text(r->arena, node, "text");
    if (!text.at || !str_trim(text).len)
        return null_node(r);
    return dmn__formula(r, text);
}

/* The expression inside a child such as `in` or `then`. */
static const struct feel_node *part(struct dmn__reader *r, const struct dmn_node *node,
                                    const char *tag)
{
    const struct feel_node *inner = dmn__boxed_in(r, dmn__child(node, tag));
    return inner ? inner : null_node(r);
}

static const struct feel_node *context(struct dmn__reader *r, const struct dmn_node *node)
{
    struct str_list names = {0};
    VEC(size_t) slots = {0};
    VEC(const struct feel_node *) kids = {0};
    const struct feel_node *result = NULL;
    struct feel_scope scope = feel_scope_open(r->compiler);
    const struct dmn_node *entry = dmn__child(node, "contextEntry");
    for (; entry; entry = dmn__next(entry, "contextEntry")) {
        const struct dmn_node *variable = dmn__child(entry, "variable");
        struct str name = dmn__attr(variable, "name");
        const struct feel_type *type = dmn__type(r, dmn__attr(variable, "typeRef"));
        bool is_function = dmn__child(entry, "functionDefinition") != NULL;
        size_t slot = 0;
        if (!variable || !name.at) {
            result = dmn__boxed_in(r, entry);
            continue;
        }
        if (is_function) /* it may call itself */
            slot = feel_declare(r->compiler, name, NULL);
        const struct feel_node *kid = dmn__boxed_in(r, entry);
        kid = feel_build_coerce(r->compiler, kid ? kid : null_node(r), is_function ? NULL : type);
        if (!is_function)
            slot = feel_declare(r->compiler, name, type);
        feel_inference_slot(r->types, slot,
                            type && !is_function ? type : feel_infer(r->types, kid));
        feel_know_name(r->compiler, name);
        VEC_PUSH(r->arena, &names, name);
        VEC_PUSH(r->arena, &slots, slot);
        VEC_PUSH(r->arena, &kids, kid);
    }
    feel_scope_close(r->compiler, scope);
    return feel_build_context(r->compiler, names.at, slots.at, kids.at, kids.len, result);
}

static const struct feel_node *list(struct dmn__reader *r, const struct dmn_node *node)
{
    VEC(const struct feel_node *) kids = {0};
    for (const struct dmn_node *c = dmn__child(node, NULL); c; c = dmn__next(c, NULL)) {
        const struct feel_node *kid = dmn__boxed(r, c);
        if (kid)
            VEC_PUSH(r->arena, &kids, kid);
    }
    return feel_build_list(r->compiler, kids.at, kids.len);
}

static const struct feel_node *relation_row(struct dmn__reader *r, const struct dmn_node *row,
                                            const struct str_list *names,
                                            const struct feel_type *const *types)
{
    VEC(const struct feel_node *) kids = {0};
    VEC(size_t) slots = {0};
    struct feel_scope scope = feel_scope_open(r->compiler);
    for (const struct dmn_node *c = dmn__child(row, NULL); c; c = dmn__next(c, NULL)) {
        const struct feel_node *kid = dmn__boxed(r, c);
        if (!kid || kids.len == names->len)
            continue;
        kid = feel_build_coerce(r->compiler, kid, types[kids.len]);
        VEC_PUSH(r->arena, &kids, kid);
        VEC_PUSH(r->arena, &slots, feel_declare(r->compiler, STR(""), NULL));
    }
    feel_scope_close(r->compiler, scope);
    return feel_build_context(r->compiler, names->at, slots.at, kids.at, kids.len, NULL);
}

static const struct feel_node *relation(struct dmn__reader *r, const struct dmn_node *node)
{
    struct str_list names = {0};
    VEC(const struct feel_type *) types = {0};
    VEC(const struct feel_node *) rows = {0};
    for (const struct dmn_node *c = dmn__child(node, "column"); c; c = dmn__next(c, "column")) {
        struct str name = dmn__attr(c, "name");
        VEC_PUSH(r->arena, &names, name.at ? name : STR(""));
        VEC_PUSH(r->arena, &types, dmn__type(r, dmn__attr(c, "typeRef")));
        feel_know_name(r->compiler, names.at[names.len - 1]);
    }
    for (const struct dmn_node *row = dmn__child(node, "row"); row; row = dmn__next(row, "row"))
        VEC_PUSH(r->arena, &rows, relation_row(r, row, &names, types.at));
    return feel_build_list(r->compiler, rows.at, rows.len);
}

static const struct feel_node *invocation(struct dmn__reader *r, const struct dmn_node *node)
{
    struct str_list names = {0};
    VEC(const struct feel_node *) args = {0};
    const struct feel_node *callee = dmn__boxed_in(r, node);
    for (const struct dmn_node *b = dmn__child(node, "binding"); b; b = dmn__next(b, "binding")) {
        struct str name = dmn__attr(dmn__child(b, "parameter"), "name");
        const struct feel_node *arg = dmn__boxed_in(r, b);
        VEC_PUSH(r->arena, &names, name.at ? name : STR(""));
        VEC_PUSH(r->arena, &args, arg ? arg : null_node(r));
    }
    return feel_build_call(r->compiler, callee ? callee : null_node(r),
                           names.at ? names.at : NEW(r->arena, struct str), args.at, args.len);
}

static struct feel_value external_called(struct feel_run *run, const void *data)
{
    (void)data;
    return feel_run_warn(run, M("External functions are not supported."), STR(""), STR(""));
}

const struct feel_node *dmn__function(struct dmn__reader *r, const struct dmn_node *node)
{
    VEC(struct feel_field) params = {0};
    struct str kind = dmn__attr(node, "kind");
    const struct dmn_node *p = dmn__child(node, "formalParameter");
    for (; p; p = dmn__next(p, "formalParameter")) {
        struct feel_field param = {.name = dmn__attr(p, "name"),
                                   .type = dmn__type(r, dmn__attr(p, "typeRef"))};
        param.name = param.name.at ? param.name : STR("");
        VEC_PUSH(r->arena, &params, param);
    }
    size_t outer_names = r->outer_names;
    r->outer_names += dmn__names_len(r);
    feel_function_open(r->compiler, params.at, params.len);
    feel_inference_open(r->types, params.at, params.len);
    const struct feel_node *body = NULL;
    if (kind.at && !str_eq(kind, STR("FEEL"))) {
        dmn__issue(r, M("External functions are not supported: {0}"), str_c(r->arena, kind), NULL);
        body = feel_build_host(r->compiler, (struct feel_host){external_called, NULL});
    } else {
        body = dmn__boxed_in(r, node);
    }
    feel_inference_close(r->types);
    r->outer_names = outer_names;
    return feel_function_close(r->compiler, body ? body : null_node(r), NULL);
}

/* Of the items of a list; NULL when it is not known. */
static const struct feel_type *item_type(struct dmn__reader *r, const struct feel_node *list)
{
    const struct feel_type *type = feel_infer(r->types, list);
    return type && type->form == FEEL_TYPE_LIST ? type->item : NULL;
}

static const struct feel_node *loop(struct dmn__reader *r, const struct dmn_node *node,
                                    enum feel_loop kind, const char *tag)
{
    struct str name = dmn__attr(node, "iteratorVariable");
    const struct feel_node *in = part(r, node, "in");
    struct feel_scope scope = feel_scope_open(r->compiler);
    size_t slot = feel_declare(r->compiler, name.at ? name : STR(""), NULL);
    feel_inference_slot(r->types, slot, item_type(r, in));
    if (kind == FEEL_LOOP_FOR)
        feel_declare(r->compiler, STR("partial"), NULL);
    const struct feel_node *body = part(r, node, tag);
    feel_scope_close(r->compiler, scope);
    return feel_build_loop(r->compiler, kind, slot, in, body);
}

static const struct feel_node *filter(struct dmn__reader *r, const struct dmn_node *node)
{
    struct feel_scope scope;
    const struct feel_node *in = part(r, node, "in");
    size_t slot = feel_filter_open(r->compiler, &scope);
    feel_inference_slot(r->types, slot, item_type(r, in));
    const struct feel_node *match = part(r, node, "match");
    return feel_build_filter(r->compiler, slot, in, match, scope);
}

static const struct feel_node *conditional(struct dmn__reader *r, const struct dmn_node *node)
{
    const struct feel_node *test = part(r, node, "if");
    const struct feel_node *yes = part(r, node, "then");
    return feel_build_if(r->compiler, test, yes, part(r, node, "else"));
}

static const struct feel_node *by_tag(struct dmn__reader *r, const struct dmn_node *node)
{
    struct str tag = dmn__tag(node);
    if (str_eq(tag, STR("literalExpression")))
        return literal(r, node);
    if (str_eq(tag, STR("decisionTable")))
        return dmn__table_node(r, node);
    if (str_eq(tag, STR("context")))
        return context(r, node);
    if (str_eq(tag, STR("list")))
        return list(r, node);
    if (str_eq(tag, STR("relation")))
        return relation(r, node);
    if (str_eq(tag, STR("invocation")))
        return invocation(r, node);
    if (str_eq(tag, STR("functionDefinition")))
        return dmn__function(r, node);
    if (str_eq(tag, STR("conditional")))
        return conditional(r, node);
    if (str_eq(tag, STR("filter")))
        return filter(r, node);
    if (str_eq(tag, STR("for")))
        return loop(r, node, FEEL_LOOP_FOR, "return");
    if (str_eq(tag, STR("some")))
        return loop(r, node, FEEL_LOOP_SOME, "satisfies");
    if (str_eq(tag, STR("every")))
        return loop(r, node, FEEL_LOOP_EVERY, "satisfies");
    return NULL;
}

const struct feel_node *dmn__boxed(struct dmn__reader *r, const struct dmn_node *node)
{
    const struct dmn_node *place = r->place;
    r->place = node;
    const struct feel_node *built = by_tag(r, node);
    struct str type = dmn__attr(node, "typeRef");
    /* The typeRef of a function is that of its result, as modelers write it. */
    if (built && type.at && !dmn__is(node, "functionDefinition"))
        built = feel_build_coerce(r->compiler, built, dmn__type(r, type));
    if (built) {
        (void)feel_infer(r->types, built);
        dmn__findings(r);
    }
    r->place = place;
    return built;
}

const struct feel_node *dmn__boxed_in(struct dmn__reader *r, const struct dmn_node *node)
{
    if (!node)
        return NULL;
    for (const struct dmn_node *c = dmn__child(node, NULL); c; c = dmn__next(c, NULL)) {
        const struct feel_node *built = dmn__boxed(r, c);
        if (built)
            return built;
    }
    return NULL;
}
