/* Nodes of the tree: the allocator that the parser uses and the public builders that DMN's boxed
 * expressions use, so that boxed logic and text run on one interpreter. */
#include "feel/feel_int.h"

struct feel_node *feel__node(struct feel_compiler *c, enum node_op op, size_t kids_len)
{
    struct feel_node *node = NEW(c->arena, struct feel_node);
    node->op = (uint8_t)op;
    node->kids_len = (uint32_t)kids_len;
    if (kids_len)
        node->kids = NEW_ARRAY(c->arena, const struct feel_node *, kids_len);
    return node;
}

const struct feel_node *feel_build_const(struct feel_compiler *c, struct feel_value value)
{
    struct feel_node *node = feel__node(c, N_CONST, 0);
    struct feel_value *kept = NEW(c->arena, struct feel_value);
    *kept = value;
    node->value = kept;
    return node;
}

const struct feel_node *feel_build_slot(struct feel_compiler *c, size_t slot)
{
    struct feel_node *node = feel__node(c, N_SLOT, 0);
    node->slot = (uint32_t)slot;
    return node;
}

static struct feel_node *with_kids(struct feel_compiler *c, enum node_op op,
                                   const struct feel_node *const *kids, size_t len)
{
    struct feel_node *node = feel__node(c, op, len);
    if (len)
        memcpy(node->kids, kids, len * sizeof(*kids));
    return node;
}

const struct feel_node *feel_build_list(struct feel_compiler *c,
                                        const struct feel_node *const *kids, size_t len)
{
    return with_kids(c, N_LIST, kids, len);
}

const struct feel_node *feel_build_context(struct feel_compiler *c, const struct str *names,
                                           const size_t *slots, const struct feel_node *const *kids,
                                           size_t len, const struct feel_node *result)
{
    struct feel_node *node = with_kids(c, N_CONTEXT, kids, len);
    struct context_plan *plan = NEW(c->arena, struct context_plan);
    uint32_t *kept = NEW_ARRAY(c->arena, uint32_t, len + 1);
    for (size_t i = 0; i < len; i++)
        kept[i] = (uint32_t)slots[i];
    plan->shape = feel_shape(c->arena, names, len);
    plan->slots = kept;
    plan->result = result;
    node->data = plan;
    return node;
}

const struct feel_node *feel_build_if(struct feel_compiler *c, const struct feel_node *test,
                                      const struct feel_node *yes, const struct feel_node *no)
{
    return with_kids(c, N_IF, (const struct feel_node *const[]){test, yes, no}, 3);
}

const struct feel_node *feel_build_loop(struct feel_compiler *c, enum feel_loop loop, size_t slot,
                                        const struct feel_node *in, const struct feel_node *body)
{
    struct feel_node *node = with_kids(c, N_LOOP, (const struct feel_node *const[]){in, body}, 2);
    struct loop_plan *plan = NEW(c->arena, struct loop_plan);
    plan->slots = NEW_ARRAY(c->arena, uint32_t, 1);
    plan->is_span = NEW_ARRAY(c->arena, bool, 1);
    plan->slots[0] = (uint32_t)slot;
    plan->domains_len = 1;
    plan->has_partial = loop == FEEL_LOOP_FOR;
    plan->partial_slot = (uint32_t)slot + 1;
    node->code = (uint8_t)loop;
    node->data = plan;
    return node;
}

const struct feel_node *feel_build_filter(struct feel_compiler *c, size_t item_slot,
                                          const struct feel_node *in, const struct feel_node *match,
                                          struct feel_scope scope)
{
    struct feel_node *node =
        with_kids(c, N_FILTER, (const struct feel_node *const[]){in, match}, 2);
    node->slot = (uint32_t)item_slot;
    feel_scope_close(c, scope);
    return node;
}

const struct feel_node *feel_build_call(struct feel_compiler *c, const struct feel_node *callee,
                                        const struct str *names,
                                        const struct feel_node *const *args, size_t len)
{
    struct feel_node *node = feel__node(c, N_CALL, len + 1);
    struct call_plan *plan = NEW(c->arena, struct call_plan);
    node->kids[0] = callee;
    if (len)
        memcpy(node->kids + 1, args, len * sizeof(*args));
    plan->names = names;
    node->data = plan;
    return node;
}

const struct feel_node *feel_build_coerce(struct feel_compiler *c, const struct feel_node *kid,
                                          const struct feel_type *type)
{
    if (!type || (type->form == FEEL_TYPE_ANY && !type->allowed))
        return kid;
    struct feel_node *node = feel__node(c, N_COERCE, 1);
    node->kids[0] = kid;
    node->type = type;
    node->line = kid->line;
    node->column = kid->column;
    return node;
}

const struct feel_node *feel_build_bad(struct feel_compiler *c, struct str text)
{
    struct feel_node *node = feel__node(c, N_BAD, 0);
    node->code = BAD_TEXT;
    node->name = str_dup(c->arena, str_sub(text, 0, 60));
    return node;
}

const struct feel_node *feel_build_host(struct feel_compiler *c, struct feel_host host)
{
    struct feel_node *node = feel__node(c, N_HOST, 0);
    node->fn = host.run;
    node->data = host.data;
    return node;
}

/* ---- built-in functions ---- */

size_t feel__params(const struct feel_builtin *builtin, struct builtin_param *out)
{
    struct str rest = str_of(builtin->spec);
    size_t len = 0;
    if (!rest.len)
        return 0;
    while (rest.at && len < FEEL_PARAMS_MAX) {
        struct str one = str_cut(&rest, ',');
        struct str name = str_cut(&one, ':');
        out[len++] = (struct builtin_param){.name = name,
                                            .letter = one.at[0],
                                            .is_optional = one.len > 1 && one.at[1] == '?',
                                            .is_rest = one.len > 1 && one.at[1] == '*'};
    }
    return len;
}

static const struct builtin_table *const libraries[] = {
    &feel__numbers, &feel__strings,  &feel__lists,  &feel__list_edits, &feel__temporals,
    &feel__ranges,  &feel__contexts, &feel__kontor, &feel__tiers};

static size_t libraries_len(enum feel_library library)
{
    return LEN(libraries) - (library == FEEL_KONTOR ? 0 : 2); /* the last two are Kontor's own */
}

const struct feel_builtin *feel__builtin_find(enum feel_library library, struct str name,
                                              const struct feel_builtin **out_end)
{
    for (size_t i = 0; i < libraries_len(library); i++)
        for (size_t j = 0; j < libraries[i]->len; j++) {
            const struct feel_builtin *first = &libraries[i]->at[j];
            if (!str_eq(str_of(first->name), name))
                continue;
            while (j < libraries[i]->len && str_eq(str_of(libraries[i]->at[j].name), name))
                j++;
            *out_end = libraries[i]->at + j;
            return first;
        }
    return NULL;
}

size_t feel__builtin_names(enum feel_library library, struct str *out, size_t max)
{
    size_t len = 0;
    for (size_t i = 0; i < libraries_len(library); i++)
        for (size_t j = 0; j < libraries[i]->len && len < max; j++)
            if (j == 0 || strcmp(libraries[i]->at[j].name, libraries[i]->at[j - 1].name) != 0)
                out[len++] = str_of(libraries[i]->at[j].name);
    return len;
}

struct str feel__signatures(struct arena *arena, const struct feel_builtin *first,
                            const struct feel_builtin *end)
{
    AUTO_BUF buf = BUF(4096);
    for (const struct feel_builtin *b = first; b < end; b++) {
        struct builtin_param params[FEEL_PARAMS_MAX];
        size_t len = feel__params(b, params);
        buf_printf(&buf, "%s%s(", b > first ? " or " : "", b->name);
        for (size_t i = 0; i < len; i++)
            buf_printf(&buf, "%s" STR_FMT "%s%s", i ? ", " : "", STR_ARG(params[i].name),
                       params[i].is_rest ? "…" : "", params[i].is_optional ? "?" : "");
        buf_char(&buf, ')');
    }
    return str_dup(arena, buf_str(&buf));
}

size_t feel__builtin_match(enum feel_library library, struct str text)
{
    size_t best = 0;
    for (size_t i = 0; i < libraries_len(library); i++)
        for (size_t j = 0; j < libraries[i]->len; j++) {
            const char *name = libraries[i]->at[j].name;
            size_t len = name[0] == text.at[0] ? feel__match_name(text, str_of(name)) : 0;
            best = len > best ? len : best;
        }
    return best;
}

/* Puts the arguments in the order of one overload; false when they do not fit it. */
static bool fit(const struct feel_builtin *builtin, const struct str *names,
                const struct feel_node *const *args, size_t len, struct feel_node *out)
{
    struct builtin_param params[FEEL_PARAMS_MAX];
    size_t params_len = feel__params(builtin, params);
    bool has_rest = params_len && params[params_len - 1].is_rest;
    out->kids_len = 0;
    if (len > params_len && !(has_rest && !names))
        return false;
    for (size_t i = 0; i < len && !names; i++)
        out->kids[out->kids_len++] = args[i];
    for (size_t i = 0; i < params_len && names; i++)
        out->kids[i] = NULL;
    for (size_t i = 0; i < len && names; i++) {
        size_t p = 0;
        while (p < params_len && !str_eq(params[p].name, names[i]))
            p++;
        if (p == params_len || out->kids[p])
            return false;
        out->kids[p] = args[i];
        out->kids_len = p + 1 > out->kids_len ? (uint32_t)p + 1 : out->kids_len;
    }
    for (size_t i = 0; i < params_len; i++)
        if (!params[i].is_optional && (i >= out->kids_len || !out->kids[i]))
            return false;
    return true;
}

struct feel_node *feel__link_builtin(struct feel_compiler *c, const struct feel_builtin *first,
                                     const struct feel_builtin *end, const struct str *names,
                                     const struct feel_node *const *args, size_t len)
{
    struct feel_node *node = feel__node(c, N_BUILTIN, len + FEEL_PARAMS_MAX);
    for (const struct feel_builtin *builtin = first; builtin < end; builtin++) {
        if (!fit(builtin, names, args, len, node))
            continue;
        node->data = builtin;
        node->name = str_of(builtin->name);
        return node;
    }
    node->op = N_BAD;
    node->code = BAD_ARGUMENTS;
    node->kids_len = 0;
    node->name = feel__signatures(c->arena, first, end);
    return node;
}
