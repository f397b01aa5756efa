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
