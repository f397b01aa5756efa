/* Types of formulas as far as they follow from what is declared and from the formulas themselves,
 * and what cannot be right under them: sides that do not compare, operators and functions that get
 * what they do not take. What is not known is never complained of; null fits everywhere. */
#include "feel/feel_int.h"
#include "text/text.h"

enum { FINDINGS_MAX = 200, FRAMES_MAX = 64 };

struct frame_types {
    const struct feel_type **at; /* by slot; NULL: not known */
    size_t cap;
};

struct feel_inference {
    struct arena *arena;
    struct frame_types frames[FRAMES_MAX];
    size_t frames_len;
    struct map *known; /* nodes that were walked, to struct known */
    uint64_t *used;    /* slots of the outermost frame */
    size_t used_cap;
    VEC(struct feel_finding) findings;
};

struct known {
    const struct feel_type *type;
};

static const struct feel_type *walk(struct feel_inference *in, const struct feel_node *node);

/* ---- types ---- */

static bool is_kind(const struct feel_type *type, enum feel_kind kind)
{
    return type && type->form == FEEL_TYPE_KIND && type->kind == kind;
}

/* Known, and not null, which fits everywhere. */
static bool is_known(const struct feel_type *type)
{
    return type && type->form != FEEL_TYPE_ANY && !is_kind(type, FEEL_NULL);
}

static bool is_list(const struct feel_type *type)
{
    return type && (type->form == FEEL_TYPE_LIST || is_kind(type, FEEL_LIST));
}

static enum feel_kind kind_of(const struct feel_type *type)
{
    switch (type->form) {
    case FEEL_TYPE_KIND: return type->kind;
    case FEEL_TYPE_LIST: return FEEL_LIST;
    case FEEL_TYPE_CONTEXT: return FEEL_CONTEXT;
    case FEEL_TYPE_RANGE: return FEEL_RANGE;
    case FEEL_TYPE_FUNCTION: return FEEL_FUNCTION;
    case FEEL_TYPE_ANY: break;
    }
    return FEEL_NULL;
}

static const struct feel_type *of_kind(enum feel_kind kind)
{
    return feel__type_of_kind(kind);
}

static const struct feel_type *new_type(struct feel_inference *in, enum feel_type_form form,
                                        const struct feel_type *item)
{
    struct feel_type *type = NEW(in->arena, struct feel_type);
    type->form = form;
    type->item = item;
    return type;
}

static struct str text_of(const struct feel_type *type)
{
    if (!type)
        return STR("");
    return type->name.len ? type->name : feel_kind_word(kind_of(type));
}

/* Can no value of type `is` be taken for `wanted`? Lists of one are their item. */
static bool clash(const struct feel_type *is, const struct feel_type *wanted, int depth)
{
    if (!is || !wanted || !is_known(is) || !is_known(wanted) || depth > 16)
        return false;
    if (is_list(is) != is_list(wanted))
        return is_list(is) ? clash(is->item, wanted, depth + 1)
                           : clash(is, wanted->item, depth + 1);
    if (is_list(is))
        return is->item && wanted->item && clash(is->item, wanted->item, depth + 1);
    if (kind_of(is) != kind_of(wanted))
        return !(kind_of(is) == FEEL_DATE && kind_of(wanted) == FEEL_DATE_TIME);
    for (size_t i = 0; is->form == FEEL_TYPE_CONTEXT && i < wanted->fields_len; i++)
        if (wanted->form == FEEL_TYPE_CONTEXT &&
            clash(feel__field_type(is, wanted->fields[i].name), wanted->fields[i].type, depth + 1))
            return true;
    return false;
}

static const struct feel_type *join(const struct feel_type *a, const struct feel_type *b)
{
    if (is_kind(a, FEEL_NULL))
        return b;
    if (is_kind(b, FEEL_NULL) || a == b)
        return a;
    bool is_same =
        a && b && a->form == FEEL_TYPE_KIND && b->form == FEEL_TYPE_KIND && a->kind == b->kind;
    return is_same ? of_kind(a->kind) : NULL;
}

/* ---- state ---- */

struct feel_inference *feel_inference_new(struct arena *arena)
{
    struct feel_inference *in = NEW(arena, struct feel_inference);
    in->arena = arena;
    in->frames_len = 1;
    in->known = map_new(arena);
    return in;
}

static struct frame_types *frame_at(struct feel_inference *in, size_t hops)
{
    return hops < in->frames_len && in->frames_len <= FRAMES_MAX
               ? &in->frames[in->frames_len - 1 - hops]
               : NULL;
}

void feel_inference_slot(struct feel_inference *in, size_t slot, const struct feel_type *type)
{
    struct frame_types *frame = frame_at(in, 0);
    if (!frame)
        return;
    if (slot >= frame->cap) {
        size_t cap = slot * 2 + 16;
        const struct feel_type **at = NEW_ARRAY(in->arena, const struct feel_type *, cap);
        if (frame->cap)
            memcpy(at, frame->at, frame->cap * sizeof(*at));
        frame->at = at;
        frame->cap = cap;
    }
    frame->at[slot] = type;
}

void feel_inference_open(struct feel_inference *in, const struct feel_field *params, size_t len)
{
    if (in->frames_len++ < FRAMES_MAX)
        in->frames[in->frames_len - 1] = (struct frame_types){0};
    for (size_t i = 0; i < len; i++)
        feel_inference_slot(in, i, params[i].type);
}

void feel_inference_close(struct feel_inference *in)
{
    in->frames_len--;
}

static const struct feel_type *slot_type(struct feel_inference *in, size_t hops, size_t slot)
{
    const struct frame_types *frame = frame_at(in, hops);
    return frame && slot < frame->cap ? frame->at[slot] : NULL;
}

static void use(struct feel_inference *in, const struct feel_node *node)
{
    size_t word = node->slot / 64;
    if (node->hops + 1U != in->frames_len)
        return;
    if (word >= in->used_cap) {
        size_t cap = word * 2 + 4;
        uint64_t *at = NEW_ARRAY(in->arena, uint64_t, cap);
        if (in->used_cap)
            memcpy(at, in->used, in->used_cap * sizeof(*at));
        in->used = at;
        in->used_cap = cap;
    }
    in->used[word] |= UINT64_C(1) << (node->slot % 64);
}

bool feel_inference_used(const struct feel_inference *in, size_t slot)
{
    return slot / 64 < in->used_cap && ((in->used[slot / 64] >> (slot % 64)) & 1);
}

void feel_inference_forget(struct feel_inference *in)
{
    if (in->used_cap)
        memset(in->used, 0, in->used_cap * sizeof(*in->used));
}

const struct feel_finding *feel_inference_findings(const struct feel_inference *in, size_t *out_len)
{
    *out_len = in->findings.len;
    return in->findings.at;
}

void feel_inference_clear(struct feel_inference *in)
{
    in->findings.len = 0;
}

static void find_three(struct feel_inference *in, const struct feel_node *node, const char *message,
                       struct str a, struct str b, struct str c)
{
    struct feel_finding finding = {
        .line = node->line, .column = node->column, .message = message, .args = {a, b, c}};
    if (in->findings.len < FINDINGS_MAX)
        VEC_PUSH(in->arena, &in->findings, finding);
}

static void find(struct feel_inference *in, const struct feel_node *node, const char *message,
                 struct str a, struct str b)
{
    find_three(in, node, message, a, b, STR(""));
}

static struct str count_text(struct feel_inference *in, size_t count)
{
    return str_printf(in->arena, "%zu", count);
}

/* ---- operators ---- */

static bool is_span(enum feel_kind kind)
{
    return kind == FEEL_DAYS || kind == FEEL_MONTHS;
}

static bool is_day(enum feel_kind kind)
{
    return kind == FEEL_DATE || kind == FEEL_DATE_TIME;
}

/* The kind of the result; 0: the operator does not apply. */
static enum feel_kind operation(enum arithmetic op, enum feel_kind a, enum feel_kind b)
{
    bool is_numbers = a == FEEL_NUMBER && b == FEEL_NUMBER;
    if (is_numbers)
        return FEEL_NUMBER;
    switch (op) {
    case OP_ADD:
        if (a == FEEL_STRING && b == FEEL_STRING)
            return FEEL_STRING;
        if (is_span(a) && a == b)
            return a;
        if (is_span(a) && (is_day(b) || b == FEEL_TIME))
            return b;
        return (is_day(a) || a == FEEL_TIME) && is_span(b) ? a : (enum feel_kind)0;
    case OP_SUB:
        if ((is_day(a) && is_day(b)) || (a == FEEL_TIME && b == FEEL_TIME))
            return FEEL_DAYS;
        if (is_span(a) && a == b)
            return a;
        return (is_day(a) || a == FEEL_TIME) && is_span(b) ? a : (enum feel_kind)0;
    case OP_MUL:
        if (a == FEEL_NUMBER && is_span(b))
            return b;
        return is_span(a) && b == FEEL_NUMBER ? a : (enum feel_kind)0;
    case OP_DIV:
        if (is_span(a) && a == b)
            return FEEL_NUMBER;
        return is_span(a) && b == FEEL_NUMBER ? a : (enum feel_kind)0;
    case OP_POW: break;
    }
    return (enum feel_kind)0;
}

static const struct feel_type *arithmetic(struct feel_inference *in, const struct feel_node *node)
{
    static const char *const signs[] = {"", "+", "-", "*", "/", "**"};
    const struct feel_type *a = walk(in, node->kids[0]), *b = walk(in, node->kids[1]);
    if (!is_known(a) || !is_known(b) || is_list(a) || is_list(b))
        return NULL;
    enum feel_kind kind = operation((enum arithmetic)node->code, kind_of(a), kind_of(b));
    if (kind)
        return of_kind(kind);
    find_three(in, node, M("\"{0}\" does not apply to {1} and {2}."), str_of(signs[node->code]),
               text_of(a), text_of(b));
    return NULL;
}

static void compared(struct feel_inference *in, const struct feel_node *node,
                     const struct feel_type *a, const struct feel_type *b, bool is_order)
{
    if (!is_known(a) || !is_known(b) || is_list(a) || is_list(b))
        return;
    enum feel_kind kind = kind_of(a);
    bool has_order = kind != FEEL_BOOL && kind != FEEL_CONTEXT && kind != FEEL_FUNCTION;
    if (kind != kind_of(b) || (is_order && !has_order))
        find(in, node, M("{0} and {1} cannot be compared."), text_of(a), text_of(b));
}

static void must_be_boolean(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *type = walk(in, node);
    if (is_known(type) && !is_list(type) && kind_of(type) != FEEL_BOOL)
        find(in, node, M("A condition is true or false, but this is {0}."), text_of(type), STR(""));
}

static const struct feel_type *negate(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *type = walk(in, node->kids[0]);
    if (is_known(type) && !is_list(type) && kind_of(type) != FEEL_NUMBER &&
        !is_span(kind_of(type))) {
        find(in, node, M("\"{0}\" does not apply to {1}."), STR("-"), text_of(type));
        return NULL;
    }
    return type;
}

/* ---- names, paths, filters ---- */

static const struct feel_type *entry(struct feel_inference *in, const struct feel_node *node)
{
    const struct entry_sites *sites = node->data;
    for (size_t i = 0; i < sites->len; i++) {
        const struct feel_type *item = slot_type(in, sites->at[i].hops, sites->at[i].slot);
        if (!item || item->form == FEEL_TYPE_ANY || is_kind(item, FEEL_CONTEXT)) {
            (void)walk(in, node->kids[0]); /* it may be that one: it counts as used */
            return NULL;
        }
        if (item->form != FEEL_TYPE_CONTEXT)
            continue;
        for (size_t k = 0; k < item->fields_len; k++)
            if (str_eq(item->fields[k].name, node->name))
                return item->fields[k].type;
    }
    return walk(in, node->kids[0]);
}

static void no_entry(struct feel_inference *in, const struct feel_node *node,
                     const struct feel_type *type)
{
    struct str *names = NEW_ARRAY(in->arena, struct str, type->fields_len + 1);
    for (size_t i = 0; i < type->fields_len; i++)
        names[i] = type->fields[i].name;
    struct str near = text_nearest(node->name, names, type->fields_len);
    if (near.at)
        find_three(in, node, M("{0} has no entry \"{1}\". Did you mean \"{2}\"?"), text_of(type),
                   node->name, near);
    else
        find(in, node, M("{0} has no entry \"{1}\"."), text_of(type), node->name);
}

static const struct feel_type *path(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *type = walk(in, node->kids[0]);
    const struct feel_type *item = type && type->form == FEEL_TYPE_LIST ? type->item : type;
    if (is_known(item) && (kind_of(item) == FEEL_NUMBER || kind_of(item) == FEEL_STRING ||
                           kind_of(item) == FEEL_BOOL))
        find(in, node, M("{0} has no entry \"{1}\"."), text_of(item), node->name);
    if (!item || item->form != FEEL_TYPE_CONTEXT)
        return NULL;
    bool is_there = item->fields_len == 0;
    for (size_t i = 0; i < item->fields_len; i++)
        is_there = is_there || str_eq(item->fields[i].name, node->name);
    if (!is_there)
        no_entry(in, node, item);
    const struct feel_type *field = feel__field_type(item, node->name);
    return field && item != type ? new_type(in, FEEL_TYPE_LIST, field) : field;
}

static const struct feel_type *item_of(const struct feel_type *type)
{
    if (!type || is_kind(type, FEEL_LIST))
        return NULL;
    return type->form == FEEL_TYPE_LIST ? type->item : type;
}

static const struct feel_type *filter(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *list = walk(in, node->kids[0]);
    feel_inference_slot(in, node->slot, is_kind(list, FEEL_NULL) ? NULL : item_of(list));
    const struct feel_type *match = walk(in, node->kids[1]);
    const struct feel_type *item = item_of(list);
    if (is_kind(match, FEEL_NUMBER))
        return item;
    return is_kind(match, FEEL_BOOL) && item ? new_type(in, FEEL_TYPE_LIST, item) : NULL;
}

static const struct feel_type *loop(struct feel_inference *in, const struct feel_node *node)
{
    const struct loop_plan *plan = node->data;
    size_t kid = 0;
    for (size_t i = 0; i < plan->domains_len; i++) {
        const struct feel_type *type = walk(in, node->kids[kid]);
        if (plan->is_span && plan->is_span[i])
            (void)walk(in, node->kids[++kid]);
        else
            type = is_list(type) ? item_of(type) : NULL;
        feel_inference_slot(in, plan->slots[i], type);
        kid++;
    }
    if (plan->has_partial)
        feel_inference_slot(in, plan->partial_slot, of_kind(FEEL_LIST));
    const struct feel_node *body = node->kids[node->kids_len - 1];
    if (node->code == FEEL_LOOP_FOR)
        return new_type(in, FEEL_TYPE_LIST, walk(in, body));
    must_be_boolean(in, body);
    return of_kind(FEEL_BOOL);
}

/* ---- values with parts ---- */

static const struct feel_type *list_of(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *item = NULL;
    for (size_t i = 0; i < node->kids_len; i++) {
        const struct feel_type *kid = walk(in, node->kids[i]);
        item = i == 0 ? kid : join(item, kid);
    }
    return new_type(in, FEEL_TYPE_LIST, is_kind(item, FEEL_NULL) ? NULL : item);
}

static const struct feel_type *context(struct feel_inference *in, const struct feel_node *node)
{
    const struct context_plan *plan = node->data;
    struct feel_type *type = NEW(in->arena, struct feel_type);
    type->form = FEEL_TYPE_CONTEXT;
    type->fields = NEW_ARRAY(in->arena, struct feel_field, node->kids_len + 1);
    type->fields_len = node->kids_len;
    for (size_t i = 0; i < node->kids_len; i++) {
        type->fields[i].type = walk(in, node->kids[i]);
        type->fields[i].name = i < plan->shape->len ? plan->shape->names[i] : STR("");
        feel_inference_slot(in, plan->slots[i], type->fields[i].type);
    }
    if (plan->result)
        return walk(in, plan->result);
    return plan->shape->len == node->kids_len ? type : of_kind(FEEL_CONTEXT);
}

static bool is_descending(struct feel_inference *in, const struct feel_node *range)
{
    struct feel_value low, high;
    int order = 0;
    return feel_constant(in->arena, range->kids[0], &low) &&
           feel_constant(in->arena, range->kids[1], &high) && low.kind == high.kind &&
           feel_order(&low, &high, &order) && order > 0;
}

static const struct feel_type *range(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *a = walk(in, node->kids[0]);
    const struct feel_type *b = node->kids_len > 1 ? walk(in, node->kids[1]) : NULL;
    compared(in, node, a, b, true);
    if (b && is_descending(in, node))
        find(in, node, M("A range must not begin after its end."), STR(""), STR(""));
    return new_type(in, FEEL_TYPE_RANGE, is_known(a) ? a : is_known(b) ? b : NULL);
}

static const struct feel_type *function(struct feel_inference *in, const struct feel_node *node)
{
    const struct function_plan *plan = node->data;
    struct feel_type *type = NEW(in->arena, struct feel_type);
    type->form = FEEL_TYPE_FUNCTION;
    type->fields = NEW_ARRAY(in->arena, struct feel_field, plan->params_len + 1);
    type->fields_len = plan->params_len;
    if (plan->params_len)
        memcpy(type->fields, plan->params, plan->params_len * sizeof(*plan->params));
    feel_inference_open(in, plan->params, plan->params_len);
    const struct feel_type *result = node->kids_len ? walk(in, node->kids[0]) : NULL;
    feel_inference_close(in);
    type->item = plan->result ? plan->result : result;
    return type;
}

/* ---- calls ---- */

static void argument(struct feel_inference *in, const struct feel_node *node,
                     const struct feel_type *is, const struct feel_type *wanted)
{
    if (clash(is, wanted, 0))
        find(in, node, M("The argument is {0}, but the function needs {1}."), text_of(is),
             text_of(wanted));
}

/* Which parameter the argument is for; SIZE_MAX when it names none. */
static size_t parameter(struct feel_inference *in, const struct feel_node *node,
                        const struct feel_type *callee, size_t i)
{
    const struct call_plan *plan = node->data;
    if (!plan || !plan->names)
        return i;
    for (size_t k = 0; k < callee->fields_len; k++)
        if (str_eq(callee->fields[k].name, plan->names[i]))
            return k;
    find(in, node, M("The function has no parameter \"{0}\"."), plan->names[i], STR(""));
    return SIZE_MAX;
}

static const struct feel_type *call(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *callee = walk(in, node->kids[0]);
    size_t given = node->kids_len - 1;
    bool is_function = is_known(callee) && callee->form == FEEL_TYPE_FUNCTION;
    if (is_known(callee) && !is_function && !is_list(callee) && kind_of(callee) != FEEL_FUNCTION)
        find(in, node, M("{0} is no function."), text_of(callee), STR(""));
    if (is_function && given != callee->fields_len)
        find(in, node, M("The function takes {0} arguments, but {1} are given."),
             count_text(in, callee->fields_len), count_text(in, given));
    for (size_t i = 0; i < given; i++) {
        const struct feel_type *type = walk(in, node->kids[i + 1]);
        size_t at = is_function ? parameter(in, node, callee, i) : 0;
        if (is_function && at < callee->fields_len)
            argument(in, node->kids[i + 1], type, callee->fields[at].type);
    }
    return is_function ? callee->item : NULL;
}

/* What functions give when they give anything. */
static const struct feel_type *result_of(struct str name)
{
    static const struct {
        enum feel_kind kind;
        const char *names; /* between bars */
    } results[] = {
        {FEEL_NUMBER, "|count|floor|ceiling|decimal|round up|round down|round half up|"
                      "round half down|modulo|sqrt|log|exp|number|string length|day of year|"
                      "week of year|"},
        {FEEL_STRING, "|string|substring|upper case|lower case|substring before|substring after|"
                      "replace|string join|day of week|month of year|"},
        {FEEL_BOOL, "|contains|starts with|ends with|matches|list contains|all|any|odd|even|"
                    "before|after|meets|met by|overlaps|overlaps before|overlaps after|finishes|"
                    "finished by|includes|during|starts|started by|coincides|is|"},
        {FEEL_DATE, "|date|today|"},
        {FEEL_DATE_TIME, "|date and time|now|"},
        {FEEL_TIME, "|time|"},
        {FEEL_MONTHS, "|years and months duration|"}};
    char wanted[64];
    if (name.len + 3 > sizeof(wanted))
        return NULL;
    (void)snprintf(wanted, sizeof(wanted), "|" STR_FMT "|", STR_ARG(name));
    for (size_t i = 0; i < LEN(results); i++)
        if (strstr(results[i].names, wanted))
            return of_kind(results[i].kind);
    return NULL;
}

static const struct feel_type *builtin(struct feel_inference *in, const struct feel_node *node)
{
    const struct builtin_info *info = node->data;
    for (size_t i = 0; i < node->kids_len; i++) {
        const struct feel_type *type = node->kids[i] ? walk(in, node->kids[i]) : NULL;
        if (i >= info->params_len || info->params[i].is_rest)
            continue;
        char letter = info->params[i].letter;
        enum feel_kind kind = letter == 'n'   ? FEEL_NUMBER
                              : letter == 's' ? FEEL_STRING
                              : letter == 'b' ? FEEL_BOOL
                                              : FEEL_NULL;
        if (kind != FEEL_NULL)
            argument(in, node->kids[i] ? node->kids[i] : node, type, of_kind(kind));
    }
    return result_of(node->name);
}

/* ---- dispatch ---- */

static const struct feel_type *constant(struct feel_inference *in, const struct feel_node *node)
{
    if (node->value->kind == FEEL_LIST || node->value->kind == FEEL_CONTEXT ||
        node->value->kind == FEEL_FUNCTION || node->value->kind == FEEL_RANGE)
        return NULL;
    (void)in;
    return of_kind((enum feel_kind)node->value->kind);
}

static const struct feel_type *tested(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *test = walk(in, node->kids[0]);
    const struct feel_type *value = slot_type(in, 0, node->slot);
    const struct feel_type *one = test && test->form == FEEL_TYPE_RANGE ? test->item : test;
    if (!is_kind(one, FEEL_BOOL) && !is_kind(one, FEEL_RANGE))
        compared(in, node, value, one, false);
    return of_kind(FEEL_BOOL);
}

static const struct feel_type *truth(struct feel_inference *in, const struct feel_node *node)
{
    for (size_t i = 0; i < node->kids_len; i++)
        must_be_boolean(in, node->kids[i]);
    return of_kind(FEEL_BOOL);
}

static const struct feel_type *between(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *value = walk(in, node->kids[0]);
    for (size_t i = 1; i < node->kids_len; i++)
        compared(in, node, value, walk(in, node->kids[i]), true);
    return of_kind(FEEL_BOOL);
}

static const struct feel_type *among(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *value = walk(in, node->kids[0]);
    feel_inference_slot(in, node->slot, value);
    for (size_t i = 1; i < node->kids_len; i++)
        (void)walk(in, node->kids[i]);
    return of_kind(FEEL_BOOL);
}

static const struct feel_type *coerced(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *type = walk(in, node->kids[0]);
    if (clash(type, node->type, 0))
        find(in, node, M("The value is {0}, but {1} is declared."), text_of(type),
             text_of(node->type));
    return node->type;
}

static const struct feel_type *branches(struct feel_inference *in, const struct feel_node *node)
{
    must_be_boolean(in, node->kids[0]);
    const struct feel_type *yes = walk(in, node->kids[1]);
    return join(yes, walk(in, node->kids[2]));
}

static const struct feel_type *others(struct feel_inference *in, const struct feel_node *node)
{
    for (size_t i = 0; i < node->kids_len; i++)
        if (node->kids[i])
            (void)walk(in, node->kids[i]);
    return node->op == N_NOT || node->op == N_INSTANCE ? of_kind(FEEL_BOOL) : NULL;
}

static const struct feel_type *comparison(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *a = walk(in, node->kids[0]), *b = walk(in, node->kids[1]);
    compared(in, node, a, b, node->code != OP_EQ && node->code != OP_NE);
    return of_kind(FEEL_BOOL);
}

static const struct feel_type *slot(struct feel_inference *in, const struct feel_node *node)
{
    use(in, node);
    return node->type ? node->type : slot_type(in, node->hops, node->slot);
}

static const struct feel_type *walk(struct feel_inference *in, const struct feel_node *node)
{
    const struct known *known = map_get_i64(in->known, (int64_t)(intptr_t)node);
    if (known)
        return known->type;
    switch ((enum node_op)node->op) {
    case N_CONST: return constant(in, node);
    case N_SLOT: return slot(in, node);
    case N_ENTRY: return entry(in, node);
    case N_PATH: return path(in, node);
    case N_LIST: return list_of(in, node);
    case N_CONTEXT: return context(in, node);
    case N_RANGE: return range(in, node);
    case N_NEGATE: return negate(in, node);
    case N_ARITHMETIC: return arithmetic(in, node);
    case N_COMPARE: return comparison(in, node);
    case N_AND:
    case N_OR: return truth(in, node);
    case N_BETWEEN: return between(in, node);
    case N_IN: return among(in, node);
    case N_IF: return branches(in, node);
    case N_LOOP: return loop(in, node);
    case N_FILTER: return filter(in, node);
    case N_CALL: return call(in, node);
    case N_BUILTIN: return builtin(in, node);
    case N_FUNCTION: return function(in, node);
    case N_TEST: return tested(in, node);
    case N_COERCE: return coerced(in, node);
    default: return others(in, node);
    }
}

void feel_inference_know(struct feel_inference *in, const struct feel_node *node,
                         const struct feel_type *type)
{
    struct known *known = NEW(in->arena, struct known);
    known->type = type;
    *map_put_i64(in->known, (int64_t)(intptr_t)node) = known;
}

const struct feel_type *feel_infer(struct feel_inference *in, const struct feel_node *node)
{
    const struct feel_type *type = walk(in, node);
    feel_inference_know(in, node, type);
    return type;
}

void feel_infer_tests(struct feel_inference *in, const struct feel_node *test, size_t slot_i,
                      const struct feel_type *type)
{
    feel_inference_slot(in, slot_i, type);
    (void)walk(in, test);
}
