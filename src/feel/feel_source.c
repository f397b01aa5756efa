/* The tree as text again: what is read from the result is the same tree. Parentheses stand only
 * where the operators need them. With values in the place of names it tells what was seen. */
#include "feel/feel_int.h"

enum level { /* how tightly a form binds; operands of a lower one go into parentheses */
             LEVEL_OPEN = 0, /* if, for, function: they take all that follows */
             LEVEL_OR,
             LEVEL_AND,
             LEVEL_COMPARISON,
             LEVEL_SUM,
             LEVEL_PRODUCT,
             LEVEL_POWER,
             LEVEL_MINUS,
             LEVEL_INSTANCE,
             LEVEL_POSTFIX,
             LEVEL_ATOM
};

static void write_node(struct buf *out, const struct feel_node *node);
static void write_type(struct buf *out, const struct feel_type *type);

/* Could what follows the type's name belong to it: "<" of a list, "and time" of a date? */
static bool takes_more(const struct feel_type *type)
{
    while (type && type->form == FEEL_TYPE_FUNCTION)
        type = type->item;
    return type && type->form == FEEL_TYPE_KIND &&
           (type->kind >= FEEL_LIST || type->kind == FEEL_DATE);
}

static enum level level_of(const struct feel_node *node)
{
    switch ((enum node_op)node->op) {
    case N_IF:
    case N_LOOP:
    case N_FUNCTION: return LEVEL_OPEN;
    case N_OR: return LEVEL_OR;
    case N_AND: return LEVEL_AND;
    case N_COMPARE:
    case N_BETWEEN:
    case N_IN: return LEVEL_COMPARISON;
    case N_ARITHMETIC:
        return node->code == OP_POW                           ? LEVEL_POWER
               : node->code == OP_MUL || node->code == OP_DIV ? LEVEL_PRODUCT
                                                              : LEVEL_SUM;
    case N_NEGATE: return LEVEL_MINUS;
    case N_INSTANCE: /* "of list < 5" would begin "list<…>", "of date and time" be another type */
        return takes_more(node->type) ? LEVEL_OPEN : LEVEL_INSTANCE;
    case N_PATH:
    case N_FILTER:
    case N_CALL:
    case N_BUILTIN:
    case N_BAD: return LEVEL_POSTFIX;
    case N_COERCE: return level_of(node->kids[0]);
    default: return LEVEL_ATOM;
    }
}

static void operand(struct buf *out, const struct feel_node *node, enum level least)
{
    bool is_loose = level_of(node) < least;
    if (is_loose)
        buf_char(out, '(');
    write_node(out, node);
    if (is_loose)
        buf_char(out, ')');
}

/* ---- names, texts, constants ---- */

static void quoted(struct buf *out, struct str text)
{
    static const char from[] = "\n\r\t\"\\", to[] = "nrt\"\\";
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        const char *known = text.at[i] ? strchr(from, text.at[i]) : NULL;
        if (known)
            buf_char(out, '\\');
        buf_char(out, (char)(known ? to[known - from] : text.at[i]));
    }
    buf_char(out, '"');
}

static bool is_plain(struct str name)
{
    size_t i = 0;
    if (!name.len || !feel__is_name_start(feel__utf8_next(name, &i)))
        return false;
    while (i < name.len)
        if (!feel__is_name_part(feel__utf8_next(name, &i)))
            return false;
    return true;
}

static void key(struct buf *out, struct str name)
{
    if (is_plain(name))
        buf_put(out, name);
    else
        quoted(out, name);
}

static void constant(struct buf *out, const struct feel_node *node)
{
    const struct feel_value *value = node->value;
    switch ((enum feel_kind)value->kind) {
    case FEEL_STRING: quoted(out, value->text); return;
    case FEEL_FUNCTION: buf_put(out, node->name); return;
    case FEEL_NUMBER: {
        AUTO_ARENA arena = arena_new(1 << 20);
        buf_put(out, dec_print(arena, value->number));
        return;
    }
    case FEEL_BOOL: buf_put(out, value->is ? STR("true") : STR("false")); return;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS:
    case FEEL_MONTHS:
        buf_put(out, STR("@\""));
        feel__print_temporal(out, value);
        buf_char(out, '"');
        return;
    default: buf_put(out, STR("null"));
    }
}

/* ---- types ---- */

static void write_fields(struct buf *out, const struct feel_type *type, bool is_named)
{
    buf_char(out, '<');
    for (size_t i = 0; i < type->fields_len; i++) {
        buf_put(out, i ? STR(", ") : STR(""));
        if (is_named) {
            buf_put(out, type->fields[i].name);
            buf_put(out, STR(": "));
        }
        write_type(out, type->fields[i].type);
    }
    buf_char(out, '>');
}

static void write_type(struct buf *out, const struct feel_type *type)
{
    if (!type || type->name.len) {
        buf_put(out, type ? type->name : STR("Any"));
        return;
    }
    switch (type->form) {
    case FEEL_TYPE_ANY: buf_put(out, STR("Any")); return;
    case FEEL_TYPE_KIND:
        buf_put(out, type->kind == FEEL_NULL ? STR("Null") : str_of(feel_kind_name(type->kind)));
        return;
    case FEEL_TYPE_LIST:
    case FEEL_TYPE_RANGE:
        buf_put(out, type->form == FEEL_TYPE_LIST ? STR("list<") : STR("range<"));
        write_type(out, type->item);
        buf_char(out, '>');
        return;
    case FEEL_TYPE_CONTEXT:
        buf_put(out, STR("context"));
        write_fields(out, type, true);
        return;
    case FEEL_TYPE_FUNCTION:
        buf_put(out, STR("function"));
        write_fields(out, type, false);
        buf_put(out, STR(" -> "));
        write_type(out, type->item);
    }
}

const char *feel__type_text(struct arena *arena, const struct feel_type *type)
{
    AUTO_BUF out = BUF(400);
    write_type(&out, type);
    return out.is_over ? "another type" : str_c(arena, buf_str(&out));
}

/* ---- operators and tests ---- */

static void binary(struct buf *out, const struct feel_node *node, const char *sign)
{
    enum level level = level_of(node);
    operand(out, node->kids[0], level);
    buf_printf(out, " %s ", sign);
    operand(out, node->kids[1], (enum level)(level + 1));
}

static const char *const comparison_signs[] = {"", "=", "!=", "<", "<=", ">", ">="};
static const char *const arithmetic_signs[] = {"", "+", "-", "*", "/", "**"};

/* A test has no name for the value that it tests. */
static bool is_input(const struct feel_node *node)
{
    return node->op == N_SLOT && !node->name.len;
}

static void test(struct buf *out, const struct feel_node *node)
{
    if (node->op == N_COMPARE && is_input(node->kids[0])) {
        buf_printf(out, "%s ", comparison_signs[node->code]);
        operand(out, node->kids[1], LEVEL_SUM);
        return;
    }
    const struct feel_node *kid = node->op == N_TEST ? node->kids[0] : node;
    /* The function stands in parentheses: a test that begins with "not(" negates tests. */
    bool is_function = kid->op == N_BUILTIN && str_eq(kid->name, STR("not"));
    operand(out, kid, is_function ? (enum level)(LEVEL_POSTFIX + 1) : LEVEL_OPEN);
}

static void tests(struct buf *out, const struct feel_node *node, size_t first)
{
    for (size_t i = first; i < node->kids_len; i++) {
        buf_put(out, i > first ? STR(", ") : STR(""));
        test(out, node->kids[i]);
    }
}

static void in(struct buf *out, const struct feel_node *node)
{
    operand(out, node->kids[0], LEVEL_COMPARISON);
    buf_put(out, STR(" in ("));
    tests(out, node, 1);
    buf_char(out, ')');
}

static void between(struct buf *out, const struct feel_node *node)
{
    operand(out, node->kids[0], LEVEL_COMPARISON);
    buf_put(out, STR(" between "));
    operand(out, node->kids[1], LEVEL_SUM);
    buf_put(out, STR(" and "));
    operand(out, node->kids[2], LEVEL_SUM);
}

/* ---- ranges, lists, contexts ---- */

static void range(struct buf *out, const struct feel_node *node)
{
    const struct range_plan *plan = node->data;
    bool is_below = plan->form == FEEL_RANGE_BELOW;
    if (plan->form == FEEL_RANGE_BOTH) {
        buf_char(out, plan->has_low ? '[' : '(');
        operand(out, node->kids[0], LEVEL_ATOM);
        buf_put(out, STR(".."));
        operand(out, node->kids[1], LEVEL_ATOM);
        buf_char(out, plan->has_high ? ']' : ')');
        return;
    }
    const char *sign = plan->form == FEEL_RANGE_EQUAL       ? "="
                       : plan->form == FEEL_RANGE_NOT_EQUAL ? "!="
                       : is_below                           ? (plan->has_high ? "<=" : "<")
                                                            : (plan->has_low ? ">=" : ">");
    buf_printf(out, "(%s ", sign);
    operand(out, node->kids[is_below ? 1 : 0], LEVEL_SUM);
    buf_char(out, ')');
}

static void list(struct buf *out, const struct feel_node *node)
{
    buf_char(out, '[');
    for (size_t i = 0; i < node->kids_len; i++) {
        buf_put(out, i ? STR(", ") : STR(""));
        write_node(out, node->kids[i]);
    }
    buf_char(out, ']');
}

static void context(struct buf *out, const struct feel_node *node)
{
    const struct context_plan *plan = node->data;
    buf_char(out, '{');
    for (size_t i = 0; i < node->kids_len; i++) {
        buf_put(out, i ? STR(", ") : STR(""));
        key(out, plan->shape->names[i]);
        buf_put(out, STR(": "));
        write_node(out, node->kids[i]);
    }
    buf_char(out, '}');
}

/* ---- loops, functions, calls ---- */

static void loop(struct buf *out, const struct feel_node *node)
{
    static const char *const words[] = {"", "for ", "some ", "every "};
    const struct loop_plan *plan = node->data;
    size_t kid = 0;
    buf_put(out, str_of(words[node->code]));
    for (size_t i = 0; i < plan->domains_len; i++) {
        buf_printf(out, "%s" STR_FMT " in ", i ? ", " : "",
                   STR_ARG(plan->names ? plan->names[i] : STR("item")));
        operand(out, node->kids[kid++], LEVEL_OR);
        if (plan->is_span[i]) {
            buf_put(out, STR(".."));
            operand(out, node->kids[kid++], LEVEL_OR);
        }
    }
    buf_put(out, node->code == FEEL_LOOP_FOR ? STR(" return ") : STR(" satisfies "));
    write_node(out, node->kids[kid]);
}

static void function(struct buf *out, const struct feel_node *node)
{
    const struct function_plan *plan = node->data;
    buf_put(out, STR("function("));
    for (size_t i = 0; i < plan->params_len; i++) {
        buf_put(out, i ? STR(", ") : STR(""));
        buf_put(out, plan->params[i].name);
        if (!plan->params[i].type)
            continue;
        buf_put(out, STR(": "));
        write_type(out, plan->params[i].type);
    }
    buf_put(out, plan->external.len ? STR(") external ") : STR(") "));
    write_node(out, node->kids[0]);
}

static void call(struct buf *out, const struct feel_node *node)
{
    const struct call_plan *plan = node->data;
    operand(out, node->kids[0], LEVEL_POSTFIX);
    buf_char(out, '(');
    for (size_t i = 1; i < node->kids_len; i++) {
        buf_put(out, i > 1 ? STR(", ") : STR(""));
        if (plan->names) {
            buf_put(out, plan->names[i - 1]);
            buf_put(out, STR(": "));
        }
        write_node(out, node->kids[i]);
    }
    buf_char(out, ')');
}

/* By position, unless an argument is left out or another overload would take them. */
static void builtin(struct buf *out, const struct feel_node *node)
{
    const struct builtin_info *info = node->data, *end = NULL;
    const struct builtin_info *first = feel__builtin_find(FEEL_KONTOR, info->name, &end);
    bool is_named = feel__builtin_fit(first, end, node->kids_len) != info, is_first = true;
    for (size_t i = 0; i < node->kids_len; i++)
        is_named = is_named || !node->kids[i];
    buf_printf(out, STR_FMT "(", STR_ARG(info->name));
    for (size_t i = 0; i < node->kids_len; i++) {
        if (!node->kids[i])
            continue;
        buf_put(out, is_first ? STR("") : STR(", "));
        is_first = false;
        if (is_named) {
            buf_put(out, info->params[i].name);
            buf_put(out, STR(": "));
        }
        write_node(out, node->kids[i]);
    }
    buf_char(out, ')');
}

static void conditional(struct buf *out, const struct feel_node *node)
{
    buf_put(out, STR("if "));
    write_node(out, node->kids[0]);
    buf_put(out, STR(" then "));
    write_node(out, node->kids[1]);
    buf_put(out, STR(" else "));
    write_node(out, node->kids[2]);
}

static void postfix(struct buf *out, const struct feel_node *node)
{
    operand(out, node->kids[0], LEVEL_POSTFIX);
    if (node->op == N_PATH) {
        /* "1.a" would begin a number */
        bool is_number = node->kids[0]->op == N_CONST && node->kids[0]->value->kind == FEEL_NUMBER;
        buf_put(out, is_number ? STR(" .") : STR("."));
        buf_put(out, node->name);
        return;
    }
    buf_char(out, '[');
    write_node(out, node->kids[1]);
    buf_char(out, ']');
}

static void write_node(struct buf *out, const struct feel_node *node)
{
    switch ((enum node_op)node->op) {
    case N_CONST: constant(out, node); return;
    case N_SLOT:
    case N_ENTRY:
    case N_UNKNOWN: buf_put(out, node->name.len ? node->name : STR("?")); return;
    case N_PATH:
    case N_FILTER: postfix(out, node); return;
    case N_LIST: list(out, node); return;
    case N_CONTEXT: context(out, node); return;
    case N_RANGE: range(out, node); return;
    case N_NEGATE:
        buf_char(out, '-');
        operand(out, node->kids[0], LEVEL_INSTANCE);
        return;
    case N_ARITHMETIC: binary(out, node, arithmetic_signs[node->code]); return;
    case N_COMPARE: binary(out, node, comparison_signs[node->code]); return;
    case N_AND: binary(out, node, "and"); return;
    case N_OR: binary(out, node, "or"); return;
    case N_BETWEEN: between(out, node); return;
    case N_IN: in(out, node); return;
    case N_INSTANCE:
        operand(out, node->kids[0], LEVEL_INSTANCE);
        buf_put(out, STR(" instance of "));
        write_type(out, node->type);
        return;
    case N_IF: conditional(out, node); return;
    case N_LOOP: loop(out, node); return;
    case N_CALL: call(out, node); return;
    case N_BUILTIN: builtin(out, node); return;
    case N_FUNCTION: function(out, node); return;
    case N_TEST:
    case N_COERCE: write_node(out, node->kids[0]); return;
    case N_NOT:
        buf_put(out, STR("not("));
        tests(out, node, 0);
        buf_char(out, ')');
        return;
    case N_BAD: buf_put(out, node->source); return;
    case N_HOST: buf_put(out, STR("null")); return;
    }
}

struct str feel_source(struct arena *arena, const struct feel_node *node)
{
    AUTO_BUF out = BUF(4 * FEEL_TEXT_MAX_BYTES);
    write_node(&out, node);
    return str_dup(arena, buf_str(&out));
}

/* ---- with values ---- */

static bool is_scalar(const struct feel_value *value)
{
    return value->kind != FEEL_LIST && value->kind != FEEL_CONTEXT && value->kind != FEEL_RANGE &&
           value->kind != FEEL_FUNCTION;
}

static struct feel_node *copy_of(struct arena *arena, const struct feel_node *node)
{
    struct feel_node *copy = NEW(arena, struct feel_node);
    *copy = *node;
    return copy;
}

/* Names in places of their own (loops, filters, functions) have no one value and stay. */
static const struct feel_node *with_values(struct feel_run *run, const struct feel_node *node)
{
    struct arena *arena = run->arena;
    if (!node || node->op == N_CONST || node->op == N_LOOP || node->op == N_FILTER ||
        node->op == N_FUNCTION)
        return node;
    if (node->op == N_SLOT || node->op == N_PATH) {
        struct feel_value *value = NEW(arena, struct feel_value);
        *value = feel__eval(run, node);
        if (!is_scalar(value))
            return node;
        struct feel_node *constant = copy_of(arena, node);
        *constant = (struct feel_node){.op = N_CONST, .value = value};
        return constant;
    }
    struct feel_node *copy = copy_of(arena, node);
    copy->kids = NEW_ARRAY(arena, const struct feel_node *, node->kids_len + 1);
    for (size_t i = 0; i < node->kids_len; i++)
        copy->kids[i] = with_values(run, node->kids[i]);
    return copy;
}

/* Of conditions joined by "and" only those that do not hold are of interest. */
static void put_failed(struct feel_run *run, const struct feel_node *node, struct buf *out)
{
    struct feel_value ignored;
    if (node->op == N_AND) {
        for (size_t i = 0; i < node->kids_len; i++)
            put_failed(run, node->kids[i], out);
        return;
    }
    if (feel__truth_of(run, node, &ignored) == 1)
        return;
    buf_put(out, out->len ? STR(" and ") : STR(""));
    operand(out, with_values(run, node), LEVEL_AND);
}

struct str feel_run_seen(struct feel_run *run, const struct feel_choice *choice)
{
    const struct feel_node *test = choice->node->kids[0];
    AUTO_BUF out = BUF(4 * FEEL_TEXT_MAX_BYTES);
    if (choice->is_true)
        write_node(&out, with_values(run, test));
    else
        put_failed(run, test, &out);
    return str_dup(run->arena, buf_str(&out));
}

struct str feel_tests_source(struct arena *arena, const struct feel_node *node)
{
    AUTO_BUF out = BUF(4 * FEEL_TEXT_MAX_BYTES);
    if (node->op == N_CONST)
        return STR("-");
    if (node->op == N_IN && is_input(node->kids[0]))
        tests(&out, node, 1);
    else
        test(&out, node);
    return str_dup(arena, buf_str(&out));
}
