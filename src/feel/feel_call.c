/* Calls: built-in functions with their arguments checked and coerced by the specification of each,
 * functions of the text with frames of their own, functions of the host. */
#include "feel/feel_int.h"

/* ---- built-in functions ---- */

static bool kind_fits(char letter, enum feel_kind kind)
{
    switch (letter) {
    case 'n': return kind == FEEL_NUMBER;
    case 's': return kind == FEEL_STRING;
    case 'b': return kind == FEEL_BOOL;
    case 'c': return kind == FEEL_CONTEXT;
    case 'd': return kind == FEEL_DATE || kind == FEEL_DATE_TIME;
    case 't': return kind == FEEL_TIME || kind == FEEL_DATE_TIME;
    case 'u': return kind == FEEL_DAYS || kind == FEEL_MONTHS;
    case 'f': return kind == FEEL_FUNCTION;
    case 'r': return kind == FEEL_RANGE;
    default: return true;
    }
}

static const char *letter_name(char letter)
{
    static const struct {
        char letter;
        const char *name;
    } names[] = {{'n', "number"}, {'s', "string"}, {'b', "boolean"},     {'c', "context"},
                 {'d', "date"},   {'t', "time"},   {'u', M("duration")}, {'f', "function"},
                 {'r', "range"},  {'l', "list"}};
    for (size_t i = 0; i < LEN(names); i++)
        if (names[i].letter == letter)
            return names[i].name;
    return M("value");
}

static bool fit_argument(struct feel_run *run, const struct builtin_param *param,
                         struct feel_value *value)
{
    if (param->letter == 'a' || (param->is_optional && feel__is_null(value)))
        return true;
    if (param->letter == 'l') {
        if (feel__is_null(value)) {
            feel__expected(run, M("list"), value);
            return false;
        }
        if (value->kind != FEEL_LIST) {
            struct feel_value *room = feel__alloc(run, 1, sizeof(*room));
            if (!room)
                return false;
            *room = *value;
            *value = feel_list(room, 1);
        }
        return true;
    }
    if (value->kind == FEEL_LIST && value->list.len == 1)
        *value = feel_item(value, 0, run->arena);
    if (kind_fits(param->letter, (enum feel_kind)value->kind))
        return value->kind != FEEL_STRING || feel__text_steps(run, value->text.len);
    feel__expected(run, letter_name(param->letter), value);
    return false;
}

/* `args` has room for every parameter; `len` of them are given. */
static struct feel_value run_builtin(struct feel_run *run, const struct builtin_info *builtin,
                                     struct feel_value *args, size_t len)
{
    const struct builtin_param *params = builtin->params;
    size_t params_len = builtin->params_len;
    if (builtin->has_rest) {
        size_t first = params_len - 1;
        size_t count = len > first ? len - first : 0;
        struct feel_value *rest = feel__alloc(run, count, sizeof(*rest));
        if (!rest)
            return feel_null();
        if (count)
            memcpy(rest, args + first, count * sizeof(*rest));
        args[first] = feel_list(rest, count);
        len = params_len;
    }
    for (size_t i = 0; i < params_len; i++) {
        if (i >= len)
            args[i] = feel_null();
        if (!fit_argument(run, &params[i], &args[i]))
            return feel_null();
    }
    return builtin->fn(run, args, len);
}

struct feel_value feel__builtin(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value fast[FEEL_ARGS_FAST], *args = fast;
    if (node->kids_len > FEEL_ARGS_FAST)
        args = feel__alloc(run, node->kids_len + FEEL_PARAMS_MAX, sizeof(*args));
    if (!args)
        return feel_null();
    for (size_t i = 0; i < node->kids_len; i++)
        args[i] = node->kids[i] ? feel__eval(run, node->kids[i]) : feel_null();
    run->node = node;
    return run_builtin(run, node->data, args, node->kids_len);
}

static struct feel_value misfit(struct feel_run *run, const struct feel_function *function)
{
    AUTO_BUF form = BUF(1000);
    if (function->form == FN_BUILTIN)
        buf_put(&form, feel__signatures(run->arena, function->builtin, function->builtin_end));
    else
        buf_printf(&form, STR_FMT "(",
                   STR_ARG(function->name.len ? function->name : STR("function")));
    for (size_t i = 0; function->form != FN_BUILTIN && i < function->params_len; i++)
        buf_printf(&form, "%s" STR_FMT, i ? ", " : "", STR_ARG(function->params[i].name));
    buf_put(&form, function->form == FN_BUILTIN ? STR("") : STR(")"));
    return feel__warn(run, M("These arguments do not fit. The function is called as {0}."),
                      buf_str(&form), STR_NONE, STR_NONE);
}

static size_t required_len(const struct builtin_param *params, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += !params[i].is_optional && !params[i].is_rest;
    return count;
}

/* A built-in function as a value: the overload is chosen by the number of arguments. */
static struct feel_value apply_builtin(struct feel_run *run, const struct feel_function *function,
                                       const struct feel_value *args, size_t len)
{
    struct feel_value *room = feel__alloc(run, len + FEEL_PARAMS_MAX, sizeof(*room));
    if (!room)
        return feel_null();
    if (len)
        memcpy(room, args, len * sizeof(*args));
    for (const struct builtin_info *b = function->builtin; b < function->builtin_end; b++) {
        if (len >= required_len(b->params, b->params_len) && (len <= b->params_len || b->has_rest))
            return run_builtin(run, b, room, len);
    }
    return misfit(run, function);
}

/* The place of each named argument in one overload; the count of places, 0 when they do not fit. */
static size_t place_named(const struct builtin_param *params, size_t params_len,
                          const struct str *names, const struct feel_value *args, size_t len,
                          struct feel_value *out)
{
    size_t places = 0;
    for (size_t i = 0; i < params_len; i++)
        out[i] = (struct feel_value){0};
    for (size_t i = 0; i < len; i++) {
        size_t p = 0;
        while (p < params_len && !str_eq(params[p].name, names[i]))
            p++;
        if (p == params_len || out[p].kind)
            return 0;
        out[p] = args[i].kind ? args[i] : feel_null();
        places = p + 1 > places ? p + 1 : places;
    }
    for (size_t i = 0; i < params_len; i++)
        if (!params[i].is_optional && !out[i].kind)
            return 0;
    return places;
}

static struct feel_value apply_builtin_named(struct feel_run *run,
                                             const struct feel_function *function,
                                             const struct str *names, const struct feel_value *args,
                                             size_t len)
{
    struct feel_value room[FEEL_PARAMS_MAX];
    for (const struct builtin_info *b = function->builtin; b < function->builtin_end; b++) {
        size_t places = place_named(b->params, b->params_len, names, args, len, room);
        if (places)
            return run_builtin(run, b, room, places);
    }
    return misfit(run, function);
}

/* ---- functions of the text and of the host ---- */

struct feel_value feel__closure(struct feel_run *run, const struct feel_node *node)
{
    struct feel_function *function = feel__alloc(run, 1, sizeof(*function));
    struct feel_frame *frame = function ? feel__alloc(run, 1, sizeof(*frame)) : NULL;
    struct feel_value *slots = frame ? feel__alloc(run, run->frame->len + 1, sizeof(*slots)) : NULL;
    const struct function_plan *plan = node->data;
    if (!slots)
        return feel_null();
    /* A copy: loops go on to use the same slots for their next items. */
    memcpy(slots, run->frame->slots, run->frame->len * sizeof(*slots));
    *frame =
        (struct feel_frame){.parent = run->frame->parent, .slots = slots, .len = run->frame->len};
    *function = (struct feel_function){.form = FN_USER,
                                       .node = node,
                                       .frame = frame,
                                       .name = node->name,
                                       .params = plan->params,
                                       .params_len = plan->params_len,
                                       .result = plan->result};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

static bool fit_params(struct feel_run *run, const struct feel_function *function,
                       struct feel_value *args)
{
    for (size_t i = 0; i < function->params_len; i++) {
        const struct feel_type *type = function->params[i].type;
        if (!type || feel_coerce(run, &args[i], type))
            continue;
        feel__expected(run, feel__type_text(run->arena, type), &args[i]);
        return false;
    }
    return true;
}

static struct feel_value fit_result(struct feel_run *run, const struct feel_function *function,
                                    struct feel_value result)
{
    if (!function->result || feel_coerce(run, &result, function->result))
        return result;
    return feel__expected(run, feel__type_text(run->arena, function->result), &result);
}

static struct feel_value apply_user(struct feel_run *run, const struct feel_function *function,
                                    const struct feel_value *args, size_t len)
{
    const struct function_plan *plan = function->node->data;
    struct feel_frame *former = run->frame;
    const struct feel_node *site = run->node;
    struct feel_frame frame = {.parent = function->frame, .len = plan->slots_len};
    if (plan->external.len)
        return feel__warn(run, M("External functions are not supported: {0}"), plan->external,
                          STR_NONE, STR_NONE);
    frame.slots = feel__alloc(run, (size_t)plan->slots_len + 1, sizeof(*frame.slots));
    if (!frame.slots)
        return feel_null();
    if (len)
        memcpy(frame.slots, args, len * sizeof(*args));
    if (!fit_params(run, function, frame.slots))
        return feel_null();
    run->frame = &frame;
    struct feel_value result = feel__eval(run, function->node->kids[0]);
    run->frame = former;
    run->node = site;
    return fit_result(run, function, result);
}

static struct feel_value apply_host(struct feel_run *run, const struct feel_function *function,
                                    const struct feel_value *args, size_t len)
{
    struct feel_value *room = feel__alloc(run, len, sizeof(*room));
    if (!room)
        return feel_null();
    if (len)
        memcpy(room, args, len * sizeof(*args));
    if (!fit_params(run, function, room))
        return feel_null();
    return fit_result(run, function, function->host(run, function->data, room, len));
}

struct feel_value feel__apply(struct feel_run *run, const struct feel_value *value,
                              const struct feel_value *args, size_t args_len)
{
    if (value->kind != FEEL_FUNCTION)
        return feel__expected(run, M("function"), value);
    const struct feel_function *function = value->function;
    if (function->form == FN_BUILTIN)
        return apply_builtin(run, function, args, args_len);
    if (args_len != function->params_len)
        return misfit(run, function);
    if (function->form == FN_USER)
        return apply_user(run, function, args, args_len);
    return apply_host(run, function, args, args_len);
}

struct feel_value feel_run_call(struct feel_run *run, const struct feel_value *function,
                                const struct feel_value *args, size_t args_len)
{
    return feel__apply(run, function, args, args_len);
}

/* Named arguments in the order of the parameters; false when a name is unknown or given twice. */
static bool order_named(const struct feel_function *function, const struct str *names,
                        const struct feel_value *args, size_t len, struct feel_value *out)
{
    for (size_t i = 0; i < len; i++) {
        size_t p = 0;
        while (p < function->params_len && !str_eq(function->params[p].name, names[i]))
            p++;
        if (p == function->params_len || out[p].kind)
            return false;
        out[p] = args[i];
        if (!out[p].kind)
            out[p] = feel_null();
    }
    return true;
}

struct feel_value feel__call(struct feel_run *run, const struct feel_node *node)
{
    const struct call_plan *plan = node->data;
    struct feel_value callee = feel__eval(run, node->kids[0]);
    size_t len = node->kids_len - 1;
    struct feel_value *args = feel__alloc(run, len, sizeof(*args));
    if (!args)
        return feel_null();
    for (size_t i = 0; i < len; i++)
        args[i] = feel__eval(run, node->kids[i + 1]);
    run->node = node;
    if (callee.kind != FEEL_FUNCTION || !plan->names)
        return feel__apply(run, &callee, args, len);
    const struct feel_function *function = callee.function;
    if (function->form == FN_BUILTIN)
        return apply_builtin_named(run, function, plan->names, args, len);
    struct feel_value *ordered = feel__alloc(run, function->params_len + len, sizeof(*ordered));
    if (!ordered)
        return feel_null();
    if (len != function->params_len || !order_named(function, plan->names, args, len, ordered))
        return misfit(run, function);
    return feel__apply(run, &callee, ordered, len);
}

struct feel_value
feel_host_function(struct arena *arena, struct str name, const struct feel_field *params,
                   size_t params_len, const struct feel_type *result,
                   struct feel_value (*fn)(struct feel_run *run, const void *data,
                                           const struct feel_value *args, size_t args_len),
                   const void *data)
{
    struct feel_function *function = NEW(arena, struct feel_function);
    *function = (struct feel_function){.form = FN_HOST,
                                       .name = name,
                                       .params = params,
                                       .params_len = params_len,
                                       .result = result,
                                       .host = fn,
                                       .data = data};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

struct feel_value feel_function_value(struct arena *arena, const struct feel_node *node,
                                      struct feel_value *slots)
{
    const struct function_plan *plan = node->data;
    struct feel_function *function = NEW(arena, struct feel_function);
    function->frame = NEW(arena, struct feel_frame);
    function->frame->slots = slots;
    function->form = FN_USER;
    function->node = node;
    function->params = plan->params;
    function->params_len = plan->params_len;
    function->result = plan->result;
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}
