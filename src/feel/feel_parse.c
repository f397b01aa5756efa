/* The parser, upper half: tokens, positions, operators by precedence (DMN 1.5 section 10.3.1.2),
 * unary tests, and the public entries. Recursive descent straight to the tree: names become slots
 * while they are read, which they must anyway, because only names in scope tell where one ends. */
#include "feel/feel_int.h"
#include "text/text.h"

void feel__seek(struct parser *p, size_t at)
{
    p->token = feel__lex(p->text, at);
}

void feel__next(struct parser *p)
{
    p->last_to = p->token.to;
    feel__seek(p, p->token.to);
}

bool feel__is_symbol(const struct parser *p, uint32_t symbol)
{
    return p->token.kind == T_SYMBOL && p->token.symbol == symbol;
}

static struct str token_text(const struct parser *p)
{
    return str_sub(p->text, p->token.from, p->token.to - p->token.from);
}

bool feel__is_word(const struct parser *p, const char *word)
{
    return p->token.kind == T_NAME && p->text.at[p->token.from] == word[0] &&
           str_eq(token_text(p), str_of(word));
}

bool feel__take_symbol(struct parser *p, uint32_t symbol)
{
    bool is = feel__is_symbol(p, symbol);
    if (is)
        feel__next(p);
    return is;
}

bool feel__take_word(struct parser *p, const char *word)
{
    bool is = feel__is_word(p, word);
    if (is)
        feel__next(p);
    return is;
}

bool feel__take_comma(struct parser *p, uint32_t closing)
{
    if (!feel__take_symbol(p, ','))
        return false;
    if (feel__is_symbol(p, closing))
        feel__fail(p, M("another one after the comma"));
    return !p->is_failed;
}

static void place(const struct parser *p, size_t at, long *out_line, long *out_column)
{
    size_t low = 0, high = p->lines_len;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (p->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *out_line = (long)low + 1;
    if (p->is_ascii) {
        *out_column = (long)(at - p->lines[low]) + 1;
        return;
    }
    *out_column = (long)feel__utf8_len(str_sub(p->text, p->lines[low], at - p->lines[low])) + 1;
}

struct feel_node *feel__fail(struct parser *p, const char *expected)
{
    long line = 0, column = 0;
    if (p->is_failed)
        return NULL;
    p->is_failed = true;
    place(p, p->token.from, &line, &column);
    if (p->token.kind == T_BAD)
        expected = p->token.error;
    if (!p->fault)
        return NULL;
    struct str found = utf8_cut_bytes(token_text(p), 40);
    const char *words = str_c(p->c->arena, feel__key(p->c->arena, expected));
    size_t before = p->fault->entries_len;
    enum rc rc = p->token.kind == T_END
                     ? fault_add(p->fault, RC_INVALID, NULL,
                                 "Expected {0}, but the formula ends here.", words, NULL)
                     : fault_add(p->fault, RC_INVALID, NULL, "Expected {0}, found \"{1}\".", words,
                                 str_c(p->c->arena, found), NULL);
    (void)rc;
    if (p->fault->entries_len > before) {
        p->fault->entries[before].line = line;
        p->fault->entries[before].column = column;
    }
    return NULL;
}

struct feel_node *feel__at(struct parser *p, struct feel_node *node, size_t from)
{
    long line = 0, column = 0;
    place(p, from, &line, &column);
    node->line = (uint32_t)line;
    node->column = (uint32_t)column;
    return node;
}

struct feel_node *feel__new(struct parser *p, enum node_op op, size_t kids_len, size_t from)
{
    return feel__at(p, feel__node(p->c, op, kids_len), from);
}

static struct feel_node *binary(struct parser *p, enum node_op op, int code, struct feel_node *a,
                                struct feel_node *b, size_t from)
{
    if (!a || !b)
        return NULL;
    struct feel_node *node = feel__new(p, op, 2, from);
    node->code = (uint8_t)code;
    node->kids[0] = a;
    node->kids[1] = b;
    return node;
}

/* ---- arithmetic ---- */

static struct feel_node *instance(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = feel__postfix(p);
    while (left && feel__is_word(p, "instance")) {
        feel__next(p);
        if (!feel__take_word(p, "of"))
            return feel__fail(p, "\"of\"");
        struct feel_node *node = feel__new(p, N_INSTANCE, 1, from);
        node->kids[0] = left;
        node->type = feel__type(p);
        left = node->type ? node : NULL;
    }
    return left;
}

static struct feel_node *negation(struct parser *p)
{
    size_t from = p->token.from;
    bool is_odd = false, is_any = false;
    while (feel__take_symbol(p, '-')) {
        is_odd = !is_odd;
        is_any = true;
    }
    struct feel_node *kid = instance(p);
    if (!kid || !is_any)
        return kid;
    struct feel_node *node = feel__new(p, N_NEGATE, 1, from);
    node->kids[0] = kid;
    if (is_odd)
        return node;
    struct feel_node *twice = feel__new(p, N_NEGATE, 1, from);
    twice->kids[0] = node;
    return twice;
}

static struct feel_node *power(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = negation(p);
    while (left && feel__take_symbol(p, SYM2('*', '*')))
        left = binary(p, N_ARITHMETIC, OP_POW, left, negation(p), from);
    return left;
}

static struct feel_node *product(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = power(p);
    while (left && (feel__is_symbol(p, '*') || feel__is_symbol(p, '/'))) {
        int code = feel__is_symbol(p, '*') ? OP_MUL : OP_DIV;
        feel__next(p);
        left = binary(p, N_ARITHMETIC, code, left, power(p), from);
    }
    return left;
}

struct feel_node *feel__additive(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = product(p);
    while (left && (feel__is_symbol(p, '+') || feel__is_symbol(p, '-'))) {
        int code = feel__is_symbol(p, '+') ? OP_ADD : OP_SUB;
        feel__next(p);
        left = binary(p, N_ARITHMETIC, code, left, product(p), from);
    }
    return left;
}

/* ---- comparison ---- */

static int comparison_code(const struct parser *p)
{
    if (p->token.kind != T_SYMBOL)
        return 0;
    switch (p->token.symbol) {
    case '=': return OP_EQ;
    case SYM2('!', '='): return OP_NE;
    case '<': return OP_LT;
    case SYM2('<', '='): return OP_LE;
    case '>': return OP_GT;
    case SYM2('>', '='): return OP_GE;
    default: return 0;
    }
}

static struct feel_node *slot_node(struct parser *p, size_t slot, size_t from)
{
    struct feel_node *node = feel__new(p, N_SLOT, 0, from);
    node->slot = (uint32_t)slot;
    return node;
}

static struct feel_node *test_of(struct parser *p, struct feel_node *kid, size_t slot, int flags,
                                 size_t from)
{
    if (!kid)
        return NULL;
    struct feel_node *node = feel__new(p, N_TEST, 1, from);
    node->kids[0] = kid;
    node->slot = (uint32_t)slot;
    node->code = (uint8_t)flags;
    return node;
}

enum { TEST_USES_INPUT = 1, TEST_IS_CELL = 2 };

struct feel_node *feel__test(struct parser *p, size_t slot, bool is_cell)
{
    size_t from = p->token.from, uses = p->input_uses;
    int code = comparison_code(p);
    if (code) {
        feel__next(p);
        return binary(p, N_COMPARE, code, slot_node(p, slot, from), feel__additive(p), from);
    }
    struct feel_node *kid = is_cell ? feel__expression(p) : feel__additive(p);
    int flags = (is_cell ? TEST_IS_CELL : 0) | (p->input_uses > uses ? TEST_USES_INPUT : 0);
    return test_of(p, kid, slot, flags, from);
}

/* After "in (": either tests in parentheses or a range that begins with one. */
static struct feel_node *in_parentheses(struct parser *p, struct feel_node *in, size_t slot)
{
    VEC(struct feel_node *) tests = {0};
    size_t from = p->token.from;
    feel__next(p);
    do {
        size_t at = p->token.from, uses = p->input_uses;
        struct feel_node *test = NULL;
        if (comparison_code(p)) {
            test = feel__test(p, slot, false);
        } else {
            struct feel_node *kid = feel__expression(p);
            int flags = p->input_uses > uses ? TEST_USES_INPUT : 0;
            if (kid && !tests.len && feel__take_symbol(p, SYM2('.', '.'))) {
                in->kids[1] = test_of(p, feel__range_tail(p, kid, false, from), slot, 0, from);
                return in->kids[1] ? in : NULL;
            }
            test = test_of(p, kid, slot, flags, at);
        }
        if (!test)
            return NULL;
        VEC_PUSH(p->c->arena, &tests, test);
    } while (feel__take_symbol(p, ','));
    if (!feel__take_symbol(p, ')'))
        return feel__fail(p, "\")\"");
    in->kids_len = (uint32_t)tests.len + 1;
    const struct feel_node *value = in->kids[0];
    in->kids = NEW_ARRAY(p->c->arena, const struct feel_node *, tests.len + 1);
    in->kids[0] = value;
    for (size_t i = 0; i < tests.len; i++)
        in->kids[i + 1] = tests.at[i];
    return in;
}

static struct feel_node *in_operator(struct parser *p, struct feel_node *value, size_t from)
{
    struct feel_scope scope = feel_scope_open(p->c);
    struct feel_node *in = feel__new(p, N_IN, 2, from);
    size_t slot = feel__slot_new(p->c), outer_slot = p->input_slot;
    in->kids[0] = value;
    in->slot = (uint32_t)slot;
    p->input_slot = slot; /* "?" in these tests is the value before "in" */
    if (feel__is_symbol(p, '(')) {
        in = in_parentheses(p, in, slot);
    } else {
        in->kids[1] = feel__test(p, slot, false);
        in = in->kids[1] ? in : NULL;
    }
    p->input_slot = outer_slot;
    feel_scope_close(p->c, scope);
    return in;
}

static struct feel_node *between(struct parser *p, struct feel_node *value, size_t from)
{
    struct feel_node *node = feel__new(p, N_BETWEEN, 3, from);
    node->kids[0] = value;
    node->kids[1] = feel__additive(p);
    if (!node->kids[1])
        return NULL;
    if (!feel__take_word(p, "and"))
        return feel__fail(p, "\"and\"");
    node->kids[2] = feel__additive(p);
    return node->kids[2] ? node : NULL;
}

static struct feel_node *comparison(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = feel__additive(p);
    while (left) {
        int code = comparison_code(p);
        if (code) {
            feel__next(p);
            left = binary(p, N_COMPARE, code, left, feel__additive(p), from);
        } else if (feel__take_word(p, "between")) {
            left = between(p, left, from);
        } else if (feel__take_word(p, "in")) {
            left = in_operator(p, left, from);
        } else {
            break;
        }
    }
    return left;
}

static struct feel_node *conjunction(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = comparison(p);
    while (left && feel__take_word(p, "and"))
        left = binary(p, N_AND, 0, left, comparison(p), from);
    return left;
}

static struct feel_node *disjunction(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *left = conjunction(p);
    while (left && feel__take_word(p, "or"))
        left = binary(p, N_OR, 0, left, conjunction(p), from);
    return left;
}

struct feel_node *feel__expression(struct parser *p)
{
    bool was_endpoint = p->is_endpoint;
    if (p->depth_left <= 0)
        return feel__fail(p, M("less nesting"));
    if (arena_used_bytes(p->c->arena) - p->bytes_start > FEEL_PARSE_BYTES_MAX ||
        arena_left_bytes(p->c->arena) < FEEL_SPARE_BYTES)
        return feel__fail(p, M("a shorter expression"));
    p->depth_left--;
    p->is_endpoint = false;
    struct feel_node *node = disjunction(p);
    p->is_endpoint = was_endpoint;
    p->depth_left++;
    return node;
}

/* ---- unary tests ---- */

static struct feel_node *test_list(struct parser *p, enum node_op op, size_t slot)
{
    VEC(struct feel_node *) tests = {0};
    size_t from = p->token.from;
    do {
        struct feel_node *test = feel__test(p, slot, true);
        if (!test)
            return NULL;
        VEC_PUSH(p->c->arena, &tests, test);
    } while (feel__take_symbol(p, ','));
    if (op == N_IN && tests.len == 1)
        return tests.at[0];
    size_t first = op == N_IN ? 1 : 0;
    struct feel_node *node = feel__new(p, op, tests.len + first, from);
    node->slot = (uint32_t)slot;
    if (first)
        node->kids[0] = slot_node(p, slot, from);
    for (size_t i = 0; i < tests.len; i++)
        node->kids[i + first] = tests.at[i];
    return node;
}

/* "not" that is the function's name and no call: it stands alone or before an operator. */
static bool is_plain_not(const struct parser *p)
{
    static const struct str operators[] = {STR_INIT("and"), STR_INIT("or"), STR_INIT("in"),
                                           STR_INIT("between"), STR_INIT("instance")};
    struct token next = feel__lex(p->text, p->token.to);
    struct str word = str_sub(p->text, next.from, next.to - next.from);
    for (size_t i = 0; next.kind == T_NAME && i < LEN(operators); i++)
        if (str_eq(word, operators[i]))
            return true;
    return next.kind == T_END || (next.kind == T_SYMBOL && next.symbol != '(');
}

struct feel_node *feel__tests(struct parser *p, size_t slot)
{
    size_t from = p->token.from;
    if (feel__is_symbol(p, '-') && feel__lex(p->text, p->token.to).kind == T_END) {
        struct feel_node *any = feel__new(p, N_CONST, 0, from);
        struct feel_value *yes = NEW(p->c->arena, struct feel_value);
        *yes = feel_bool(true);
        any->value = yes;
        feel__next(p);
        return any;
    }
    if (feel__is_word(p, "not") && !is_plain_not(p)) {
        feel__next(p);
        if (!feel__take_symbol(p, '('))
            return feel__fail(p, "\"(\"");
        struct feel_node *node = test_list(p, N_NOT, slot);
        if (!node)
            return NULL;
        if (!feel__take_symbol(p, ')'))
            return feel__fail(p, "\")\"");
        if (p->token.kind == T_END)
            return node;
        feel__seek(p, from); /* "not(a) and b": an expression that begins with the function */
    }
    return test_list(p, N_IN, slot);
}

/* ---- entries ---- */

enum rc feel__parser_init(struct parser *p, struct feel_compiler *c, struct str text,
                          struct fault *fault)
{
    VEC(uint32_t) lines = {0};
    if (text.len > FEEL_TEXT_MAX_BYTES) {
        return fault ? fault_add(fault, RC_TOO_LARGE, NULL, "The expression is too long.", NULL)
                     : RC_TOO_LARGE;
    }
    text = text.at ? text : STR("");
    *p = (struct parser){.c = c,
                         .text = text,
                         .fault = fault,
                         .bytes_start = arena_used_bytes(c->arena),
                         .depth_left = FEEL_PARSE_DEPTH_MAX,
                         .input_slot = SIZE_MAX};
    VEC_PUSH(c->arena, &lines, 0);
    p->is_ascii = true;
    for (size_t i = 0; i < text.len; i++) {
        p->is_ascii = p->is_ascii && (unsigned char)text.at[i] < 128;
        if (text.at[i] == '\n')
            VEC_PUSH(c->arena, &lines, (uint32_t)i + 1);
    }
    p->lines = lines.at;
    p->lines_len = lines.len;
    feel__seek(p, 0);
    return RC_OK;
}

/* Long chains of operators make deep trees too; everything that walks a tree trusts this limit. */
static bool is_shallow(const struct feel_node *node, int depth_left)
{
    if (depth_left <= 0)
        return false;
    for (size_t i = 0; i < node->kids_len; i++)
        if (node->kids[i] && !is_shallow(node->kids[i], depth_left - 1))
            return false;
    return true;
}

static enum rc finish(struct parser *p, struct feel_node *node, const struct feel_node **out)
{
    if (node && p->token.kind != T_END)
        node = feel__fail(p, M("the end of the expression"));
    if (node && !is_shallow(node, FEEL_TREE_DEPTH_MAX))
        node = feel__fail(p, M("less nesting"));
    if (!node || p->is_failed)
        return RC_INVALID;
    *out = node;
    return RC_OK;
}

/* A failed parse may leave scopes open: the state of before is put back. */
static enum rc parse(struct feel_compiler *c, struct str text, size_t input_slot,
                     struct fault *fault, const struct feel_node **out)
{
    struct parser p;
    struct scope_frame *frame = c->frame;
    struct feel_scope scope = feel_scope_open(c);
    TRY(feel__parser_init(&p, c, str_dup(c->arena, text), fault));
    p.input_slot = input_slot;
    struct feel_node *node =
        input_slot == SIZE_MAX ? feel__expression(&p) : feel__tests(&p, input_slot);
    enum rc rc = finish(&p, node, out);
    c->frame = frame;
    feel_scope_close(c, scope);
    return rc;
}

enum rc feel_parse(struct feel_compiler *c, struct str text, struct fault *fault,
                   const struct feel_node **out)
{
    return parse(c, text, SIZE_MAX, fault, out);
}

enum rc feel_parse_tests(struct feel_compiler *c, struct str text, size_t input_slot,
                         struct fault *fault, const struct feel_node **out)
{
    return parse(c, text, input_slot, fault, out);
}

static enum rc compile(struct arena *arena, struct str text, const struct feel_field *names,
                       size_t names_len, enum feel_library library, bool is_tests,
                       struct fault *fault, struct feel_expr *out)
{
    struct feel_compiler *c = feel_compiler_new(arena, library);
    const struct feel_node *node = NULL;
    for (size_t i = 0; i < names_len; i++)
        feel_declare(c, names[i].name, names[i].type);
    if (is_tests)
        TRY(feel_parse_tests(c, text, 0, fault, &node));
    else
        TRY(feel_parse(c, text, fault, &node));
    *out = (struct feel_expr){.node = node, .slots_len = feel_slots_len(c)};
    return RC_OK;
}

enum rc feel_compile(struct arena *arena, struct str text, const struct feel_field *names,
                     size_t names_len, enum feel_library library, struct fault *fault,
                     struct feel_expr *out)
{
    return compile(arena, text, names, names_len, library, false, fault, out);
}

enum rc feel_compile_tests(struct arena *arena, struct str text, const struct feel_field *names,
                           size_t names_len, enum feel_library library, struct fault *fault,
                           struct feel_expr *out)
{
    return compile(arena, text, names, names_len, library, true, fault, out);
}
