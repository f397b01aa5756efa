/* Types at run time: conformance ("instance of") and the implicit conversions of DMN 1.5 section
 * 10.3.2.9.4: a singleton list to its item, an item to a singleton list, a date to midnight UTC. */
#include "feel/feel_int.h"
#include "when/when.h"

/* What a type allows are values of its base: both constrain (DMN 1.5 section 7.3.3). */
static bool allowed_has(struct feel_run *run, const struct feel_type *type,
                        const struct feel_value *value)
{
    if (type->base && !allowed_has(run, type->base, value))
        return false;
    if (!type->allowed_expr || feel__is_null(value))
        return true;
    struct feel_frame *former = run->frame;
    const struct feel_node *site = run->node;
    struct feel_frame frame = {.len = type->allowed_expr->slots_len};
    frame.slots = feel__alloc(run, frame.len + 1, sizeof(*frame.slots));
    if (!frame.slots)
        return false;
    frame.slots[0] = *value;
    run->frame = &frame;
    struct feel_value is = feel__eval(run, type->allowed_expr->node);
    run->frame = former;
    run->node = site;
    return feel__truth(&is) == 1;
}

static bool items_have(struct feel_run *run, const struct feel_type *item,
                       const struct feel_value *list, bool is_strict)
{
    for (size_t i = 0; item && i < list->list.len; i++) {
        struct feel_value value = feel_item(list, i, run->arena);
        if (!feel__steps(run, 1) || !feel__type_has(run, item, &value, is_strict))
            return false;
    }
    return true;
}

static bool fields_have(struct feel_run *run, const struct feel_type *type,
                        const struct feel_value *context, bool is_strict)
{
    for (size_t i = 0; i < type->fields_len; i++) {
        struct feel_value value;
        if (!feel_entry(context, type->fields[i].name, run->arena, &value) ||
            !feel__type_has(run, type->fields[i].type, &value, is_strict))
            return false;
    }
    return true;
}

static bool is_any(const struct feel_type *type)
{
    return !type || type->form == FEEL_TYPE_ANY;
}

/* Do all values of type `a` belong to type `b`? */
static bool type_fits(const struct feel_type *a, const struct feel_type *b)
{
    if (is_any(b))
        return true;
    if (is_any(a) || a->form != b->form)
        return false;
    if (a->form == FEEL_TYPE_KIND)
        return a->kind == b->kind;
    if (!type_fits(a->item, b->item))
        return false;
    for (size_t i = 0; i < b->fields_len; i++) {
        const struct feel_type *field = i < a->fields_len ? a->fields[i].type : NULL;
        if (a->form == FEEL_TYPE_CONTEXT)
            field = feel__field_type(a, b->fields[i].name);
        if (!type_fits(field, b->fields[i].type))
            return false;
    }
    return true;
}

static bool function_fits(const struct feel_function *function, const struct feel_type *type)
{
    if (function->form == FN_BUILTIN)
        return is_any(type->item) || type->fields_len > 0;
    if (type->fields_len != function->params_len)
        return type->fields_len == 0;
    for (size_t i = 0; i < type->fields_len; i++) /* parameters: the wider type fits */
        if (!is_any(function->params[i].type) &&
            !type_fits(type->fields[i].type, function->params[i].type))
            return false;
    return is_any(type->item) || is_any(function->result) ||
           type_fits(function->result, type->item);
}

static bool range_fits(struct feel_run *run, const struct feel_range *range,
                       const struct feel_type *type)
{
    return is_any(type->item) || (feel__type_has(run, type->item, &range->low, false) &&
                                  feel__type_has(run, type->item, &range->high, false) &&
                                  !(feel__is_null(&range->low) && feel__is_null(&range->high)));
}

static bool form_has(struct feel_run *run, const struct feel_type *type,
                     const struct feel_value *value, bool is_strict)
{
    switch (type->form) {
    case FEEL_TYPE_ANY: return true;
    case FEEL_TYPE_KIND: return type->kind == (enum feel_kind)value->kind;
    case FEEL_TYPE_LIST:
        return value->kind == FEEL_LIST && items_have(run, type->item, value, is_strict);
    case FEEL_TYPE_CONTEXT:
        return value->kind == FEEL_CONTEXT && fields_have(run, type, value, is_strict);
    case FEEL_TYPE_RANGE: return value->kind == FEEL_RANGE && range_fits(run, value->range, type);
    case FEEL_TYPE_FUNCTION:
        return value->kind == FEEL_FUNCTION && function_fits(value->function, type);
    }
    return false;
}

bool feel__type_has(struct feel_run *run, const struct feel_type *type,
                    const struct feel_value *value, bool is_strict)
{
    if (!type || feel__is_null(value))
        return true;
    return form_has(run, type, value, is_strict) && (!is_strict || allowed_has(run, type, value));
}

bool feel_coerce(struct feel_run *run, struct feel_value *value, const struct feel_type *type)
{
    if (feel__type_has(run, type, value, true))
        return true;
    bool wants_list =
        type->form == FEEL_TYPE_LIST || (type->form == FEEL_TYPE_KIND && type->kind == FEEL_LIST);
    if (value->kind == FEEL_LIST && value->list.len == 1 && !wants_list) {
        struct feel_value item = feel_item(value, 0, run->arena);
        if (!feel__type_has(run, type, &item, true))
            return false;
        *value = item;
        return true;
    }
    if (wants_list && value->kind != FEEL_LIST) {
        struct feel_value *room = feel__alloc(run, 1, sizeof(*room));
        if (!room)
            return false;
        *room = *value;
        struct feel_value list = feel_list(room, 1);
        if (!feel__type_has(run, type, &list, true))
            return false;
        *value = list;
        return true;
    }
    if (type->form == FEEL_TYPE_KIND && type->kind == FEEL_DATE_TIME && value->kind == FEEL_DATE) {
        struct feel_value midnight = *value;
        midnight.kind = FEEL_DATE_TIME;
        midnight.zoning = FEEL_OFFSET;
        midnight.offset_s = 0;
        midnight.nanos = 0;
        *value = midnight;
        return true;
    }
    return false;
}
