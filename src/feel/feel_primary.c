/* The parser, lower half: literals, names, lists, ranges, contexts, calls, paths and filters. */
#include "feel/feel_int.h"

/* ---- names ---- */

/* End of the longest run of plain words from the current token: a name nobody declared. */
static size_t plain_words_end(const struct parser *p, size_t at)
{
    struct token token = feel__lex(p->text, at);
    size_t end = at;
    while (token.kind == T_NAME &&
           !feel__is_keyword(str_sub(p->text, token.from, token.to - token.from))) {
        end = token.to;
        token = feel__lex(p->text, end);
    }
    return end;
}

static struct str rest_of(const struct parser *p, size_t at)
{
    return str_sub(p->text, at, p->text.len - at);
}

/* Where the name that begins at the current token ends: the longest one known, or the plain words
 * when nothing known fits or when more words follow (only a name can stand there). */
static size_t variable_end(const struct parser *p)
{
    struct str known = STR_NONE;
    struct str rest = rest_of(p, p->token.from);
    size_t in_scope = feel__match_scope(p->c, rest, &known);
    size_t builtin = feel__builtin_match(p->c->library, rest);
    size_t best = in_scope > builtin ? in_scope : builtin;
    size_t words = plain_words_end(p, p->token.from);
    size_t end = p->token.from + best;
    if (best == 0)
        return words;
    if (words > end && words > p->token.from && plain_words_end(p, end) > end)
        return words;
    return end;
}

static struct str taken_name(struct parser *p, size_t end)
{
    struct str name =
        feel__squeeze(p->c->arena, str_sub(p->text, p->token.from, end - p->token.from));
    p->last_to = end;
    feel__seek(p, end);
    return name;
}

struct feel_node *feel__variable(struct parser *p)
{
    size_t from = p->token.from, end = variable_end(p);
    if (end <= from)
        return feel__fail(p, M("a value"));
    struct str name = taken_name(p, end);
    if (str_eq(name, STR("?")) && p->input_slot != SIZE_MAX) {
        struct feel_node *input = feel__new(p, N_SLOT, 0, from);
        input->slot = (uint32_t)p->input_slot;
        input->name = name;
        p->input_uses++;
        return input;
    }
    struct feel_node *node = feel__name_node(p->c, name);
    feel__at(p, node, from);
    feel__mention_name(p, node, from, end);
    if (node->op == N_UNKNOWN)
        feel__issue_near(p->c, node);
    if (node->op == N_ENTRY)
        feel__at(p, (struct feel_node *)(uintptr_t)node->kids[0], from);
    return node;
}

static const char *find_stop(const struct parser *p, const char *stops)
{
    return p->token.kind == T_SYMBOL && p->token.symbol < 128 ? strchr(stops, (int)p->token.symbol)
                                                              : NULL;
}

/* Both the plain and the typographic one belong to names. */
static bool is_apostrophe(const struct parser *p)
{
    struct str rest = rest_of(p, p->token.from);
    return str_starts(rest, STR("'")) || str_starts(rest, STR("\xe2\x80\x99"));
}

struct str feel__free_name(struct parser *p, const char *stops, const char *stop_word)
{
    size_t from = p->token.from, end = from;
    while (p->token.kind != T_END) {
        bool is_word = p->token.kind == T_NAME || p->token.kind == T_NUMBER;
        bool is_mark = (p->token.kind == T_SYMBOL && p->token.symbol < 128 &&
                        strchr("./-+*", (int)p->token.symbol)) ||
                       p->token.symbol == SYM2('*', '*') || is_apostrophe(p);
        if (find_stop(p, stops) || (stop_word && end > from && feel__is_word(p, stop_word)))
            break;
        if (!is_word && !is_mark)
            break;
        end = p->token.to;
        feel__next(p);
    }
    if (end == from || !(find_stop(p, stops) || (stop_word && feel__is_word(p, stop_word)))) {
        feel__fail(p, M("a name"));
        return STR_NONE;
    }
    return feel__squeeze(p->c->arena, str_sub(p->text, from, end - from));
}

/* ---- literals ---- */

static struct feel_node *constant(struct parser *p, struct feel_value value, size_t from)
{
    struct feel_node *node = feel__new(p, N_CONST, 0, from);
    struct feel_value *kept = NEW(p->c->arena, struct feel_value);
    *kept = value;
    node->value = kept;
    return node;
}

static struct feel_node *number(struct parser *p)
{
    size_t from = p->token.from;
    struct dec value;
    if (!dec_parse(str_sub(p->text, from, p->token.to - from), &value) || !dec_is_finite(value))
        return feel__fail(p, M("a number of at most 34 digits"));
    feel__next(p);
    return constant(p, feel_number(value), from);
}

static struct str string_text(struct parser *p, size_t skip)
{
    struct str raw = str_sub(p->text, p->token.from + skip, p->token.to - p->token.from - skip - 1);
    return feel__unescape(p->c->arena, raw);
}

static struct feel_node *temporal(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_value value = feel_parse_temporal(p->c->arena, string_text(p, 2));
    feel__next(p);
    if (!feel__is_null(&value))
        return constant(p, value, from);
    struct feel_node *bad = feel__new(p, N_BAD, 0, from);
    bad->code = BAD_TEMPORAL;
    bad->name = str_sub(p->text, from, p->last_to - from);
    bad->source = bad->name;
    feel__issue(p->c, bad->line, bad->column, M("{0} is no date, time or duration."), bad->name);
    return bad;
}

/* ---- lists, ranges, parentheses ---- */

static struct feel_node *range_node(struct parser *p, enum feel_range_form form,
                                    struct feel_node *low, bool has_low, struct feel_node *high,
                                    bool has_high, size_t from)
{
    if (!low || !high)
        return NULL;
    struct feel_node *node = feel__new(p, N_RANGE, 2, from);
    struct range_plan *plan = NEW(p->c->arena, struct range_plan);
    *plan = (struct range_plan){.has_low = has_low, .has_high = has_high, .form = form};
    node->kids[0] = low;
    node->kids[1] = high;
    node->data = plan;
    return node;
}

struct feel_node *feel__range_tail(struct parser *p, struct feel_node *low, bool has_low,
                                   size_t from)
{
    bool was_endpoint = p->is_endpoint;
    p->is_endpoint = true;
    struct feel_node *high = feel__additive(p);
    p->is_endpoint = was_endpoint;
    bool has_high = feel__is_symbol(p, ']');
    if (!high)
        return NULL;
    if (!feel__take_symbol(p, ']') && !feel__take_symbol(p, ')') && !feel__take_symbol(p, '['))
        return feel__fail(p, M("\"]\" or \")\""));
    return range_node(p, FEEL_RANGE_BOTH, low, has_low, high, has_high, from);
}

/* What is known of the entries of a list's items, so that their names are found whatever their
 * form; the first item speaks for all. */
static const struct feel_type *list_type(struct parser *p, const struct feel_type *item)
{
    if (!item || item->form != FEEL_TYPE_CONTEXT)
        return NULL;
    struct feel_type *type = NEW(p->c->arena, struct feel_type);
    type->form = FEEL_TYPE_LIST;
    type->item = item;
    return type;
}

static struct feel_node *list_or_range(struct parser *p)
{
    VEC(const struct feel_node *) items = {0};
    size_t from = p->token.from;
    feel__next(p);
    if (feel__take_symbol(p, ']'))
        return feel__new(p, N_LIST, 0, from);
    do {
        struct feel_node *item = feel__expression(p);
        if (item && items.len == 0 && feel__take_symbol(p, SYM2('.', '.')))
            return feel__range_tail(p, item, true, from);
        if (!item)
            return NULL;
        VEC_PUSH(p->c->arena, &items, item);
    } while (feel__take_comma(p, ']'));
    if (!feel__take_symbol(p, ']'))
        return feel__fail(p, "\"]\"");
    struct feel_node *node = feel__new(p, N_LIST, 0, from);
    node->kids = items.at;
    node->kids_len = (uint32_t)items.len;
    node->type = list_type(p, items.at[0]->type);
    return node;
}

/* "]1..5]": open at its low end. */
static struct feel_node *reversed_range(struct parser *p)
{
    size_t from = p->token.from;
    feel__next(p);
    struct feel_node *low = feel__expression(p);
    if (low && !feel__take_symbol(p, SYM2('.', '.')))
        return feel__fail(p, "\"..\"");
    return low ? feel__range_tail(p, low, false, from) : NULL;
}

/* "(< 10)": a range with one end. */
static struct feel_node *one_sided(struct parser *p, size_t from)
{
    static const struct {
        uint32_t symbol;
        enum feel_range_form form;
        bool has_low, has_high;
    } forms[] = {{'<', FEEL_RANGE_BELOW, false, false},
                 {SYM2('<', '='), FEEL_RANGE_BELOW, false, true},
                 {'>', FEEL_RANGE_ABOVE, false, false},
                 {SYM2('>', '='), FEEL_RANGE_ABOVE, true, false},
                 {'=', FEEL_RANGE_EQUAL, true, true},
                 {SYM2('!', '='), FEEL_RANGE_NOT_EQUAL, false, false}};
    for (size_t i = 0; i < LEN(forms); i++) {
        if (!feel__take_symbol(p, forms[i].symbol))
            continue;
        struct feel_node *none = constant(p, feel_null(), from);
        bool was_endpoint = p->is_endpoint;
        p->is_endpoint = false;
        struct feel_node *bound = feel__additive(p);
        p->is_endpoint = was_endpoint;
        if (bound && !feel__take_symbol(p, ')'))
            return feel__fail(p, "\")\"");
        bool is_below = forms[i].form == FEEL_RANGE_BELOW;
        return range_node(p, forms[i].form, is_below ? none : bound, forms[i].has_low,
                          is_below ? bound : none, forms[i].has_high, from);
    }
    return NULL;
}

static struct feel_node *parentheses(struct parser *p)
{
    size_t from = p->token.from;
    feel__next(p);
    struct feel_node *side = one_sided(p, from);
    if (side || p->is_failed)
        return side;
    struct feel_node *inner = feel__expression(p);
    if (inner && feel__take_symbol(p, SYM2('.', '.')))
        return feel__range_tail(p, inner, false, from);
    if (inner && !feel__take_symbol(p, ')'))
        return feel__fail(p, "\")\"");
    return inner;
}

/* ---- contexts ---- */

static struct str entry_name(struct parser *p)
{
    if (p->token.kind != T_STRING)
        return feel__free_name(p, ":", NULL);
    struct str name = string_text(p, 1);
    feel__next(p);
    return name;
}

/* A context with the same entry twice has no value. */
static const struct feel_node *whole_context(struct parser *p, const struct str_list *names,
                                             const size_t *slots,
                                             const struct feel_node *const *kids, size_t from)
{
    struct map *seen = map_new(p->c->arena);
    for (size_t i = 0; i < names->len; i++) {
        void **slot = map_put(seen, names->at[i]);
        if (*slot) {
            struct feel_node *bad = feel__new(p, N_BAD, 0, from);
            bad->code = BAD_ENTRY;
            bad->name = names->at[i];
            bad->source = str_sub(p->text, from, p->last_to - from);
            feel__issue(p->c, bad->line, bad->column, M("The entry \"{0}\" comes twice."),
                        bad->name);
            return bad;
        }
        *slot = p;
    }
    return feel_build_context(p->c, names->at, slots, kids, names->len, NULL);
}

static const struct feel_type *context_type(struct parser *p, const struct str_list *names,
                                            const struct feel_node *const *kids)
{
    struct feel_type *type = NEW(p->c->arena, struct feel_type);
    type->form = FEEL_TYPE_CONTEXT;
    type->fields = NEW_ARRAY(p->c->arena, struct feel_field, names->len + 1);
    type->fields_len = names->len;
    for (size_t i = 0; i < names->len; i++)
        type->fields[i] = (struct feel_field){.name = names->at[i], .type = kids[i]->type};
    return type;
}

struct feel_node *feel__context(struct parser *p)
{
    struct str_list names = {0};
    VEC(size_t) slots = {0};
    VEC(const struct feel_node *) kids = {0};
    size_t from = p->token.from;
    struct feel_scope scope = feel_scope_open(p->c);
    feel__next(p);
    while (!feel__is_symbol(p, '}')) {
        struct str name = entry_name(p);
        if (p->is_failed || !feel__take_symbol(p, ':'))
            return feel__fail(p, "\":\"");
        /* The slot comes first so that a function may call itself; the name is known to those
         * after it and to functions within. */
        size_t slot = feel_declare(p->c, name, NULL);
        bool is_function = feel__is_word(p, "function");
        size_t names_len = p->c->frame->names.len;
        if (!is_function)
            p->c->frame->names.at[names_len - 1].name = STR("");
        struct feel_node *kid = feel__expression(p);
        if (!kid)
            return NULL;
        p->c->frame->names.at[names_len - 1].name = feel__squeeze(p->c->arena, name);
        p->c->frame->names.at[names_len - 1].type = kid->type;
        feel_know_name(p->c, name);
        VEC_PUSH(p->c->arena, &names, name);
        VEC_PUSH(p->c->arena, &slots, slot);
        VEC_PUSH(p->c->arena, &kids, kid);
        if (!feel__take_comma(p, '}'))
            break;
    }
    if (!feel__take_symbol(p, '}'))
        return feel__fail(p, "\"}\"");
    feel_scope_close(p->c, scope);
    struct feel_node *node =
        (struct feel_node *)(uintptr_t)whole_context(p, &names, slots.at, kids.at, from);
    node->type = node->op == N_CONTEXT ? context_type(p, &names, kids.at) : NULL;
    return feel__at(p, node, from);
}

static struct feel_node *keyword_value(struct parser *p)
{
    static const struct {
        const char *word;
        int truth;
    } words[] = {{"true", 1}, {"false", 0}, {"null", -1}};
    struct str known;
    struct str rest = rest_of(p, p->token.from);
    if (!feel__is_keyword(str_sub(rest, 0, p->token.to - p->token.from)))
        return NULL;
    if (feel__match_scope(p->c, rest, &known) > p->token.to - p->token.from)
        return NULL; /* a longer name that begins with the word */
    for (size_t i = 0; i < LEN(words); i++) {
        size_t from = p->token.from;
        if (feel__take_word(p, words[i].word))
            return constant(p, feel__truth_value(words[i].truth), from);
    }
    if (feel__is_word(p, "if") || feel__is_word(p, "for"))
        return feel__for(p);
    if (feel__is_word(p, "some"))
        return feel__quantified(p, FEEL_LOOP_SOME);
    if (feel__is_word(p, "every"))
        return feel__quantified(p, FEEL_LOOP_EVERY);
    if (feel__is_word(p, "function") && feel__lex(p->text, p->token.to).symbol == '(')
        return feel__function(p);
    return NULL;
}

struct feel_node *feel__primary(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *node = NULL;
    switch (p->token.kind) {
    case T_NUMBER: return number(p);
    case T_STRING:
        node = constant(p, feel_text(string_text(p, 1)), from);
        feel__next(p);
        return node;
    case T_AT: return temporal(p);
    case T_NAME: node = keyword_value(p); return node || p->is_failed ? node : feel__variable(p);
    case T_SYMBOL:
        if (feel__is_symbol(p, '('))
            return parentheses(p);
        if (feel__is_symbol(p, '['))
            return list_or_range(p);
        if (feel__is_symbol(p, ']'))
            return reversed_range(p);
        if (feel__is_symbol(p, '{'))
            return feel__context(p);
        return feel__fail(p, M("a value"));
    default: return feel__fail(p, M("a value"));
    }
}

/* ---- what follows a value ---- */

const struct feel_type *feel__field_type(const struct feel_type *type, struct str name)
{
    if (type && type->form == FEEL_TYPE_LIST)
        type = type->item;
    if (!type || type->form != FEEL_TYPE_CONTEXT)
        return NULL;
    for (size_t i = 0; i < type->fields_len; i++)
        if (str_eq(type->fields[i].name, name))
            return type->fields[i].type;
    return NULL;
}

/* Where the name after a dot ends: one of the type's entries, or a known one with symbols, or the
 * plain words. */
static size_t part_end(const struct parser *p, const struct feel_type *type)
{
    static const struct str properties[] = {STR_INIT("time offset"), STR_INIT("start included"),
                                            STR_INIT("end included")};
    size_t best = 0;
    struct str rest = rest_of(p, p->token.from);
    if (type && type->form == FEEL_TYPE_LIST)
        type = type->item;
    bool is_typed = type && type->form == FEEL_TYPE_CONTEXT;
    for (size_t i = 0; is_typed && i < type->fields_len; i++) {
        size_t len = feel__match_name(rest, type->fields[i].name);
        best = len > best ? len : best;
    }
    for (size_t i = 0; !best && i < p->c->part_list.len; i++) {
        size_t len = feel__match_name(rest, p->c->part_list.at[i]);
        best = len > best ? len : best;
    }
    for (size_t i = 0; !best && i < LEN(properties); i++)
        best = feel__match_name(rest, properties[i]);
    size_t words = plain_words_end(p, p->token.from);
    if (best && plain_words_end(p, p->token.from + best) == p->token.from + best)
        return p->token.from + best;
    return words > p->token.from ? words : p->token.to;
}

static struct feel_node *path_tail(struct parser *p, struct feel_node *left)
{
    if (p->token.kind != T_NAME)
        return feel__fail(p, M("a name"));
    struct feel_node *node = feel__new(p, N_PATH, 1, p->token.from); /* the name's own place */
    node->kids[0] = left;
    size_t from = p->token.from, end = part_end(p, left->type);
    node->name = taken_name(p, end);
    feel__mention_part(p, node, from, end);
    node->hash = feel__hash(node->name);
    node->type = feel__field_type(left->type, node->name);
    return node;
}

static struct feel_node *filter_tail(struct parser *p, struct feel_node *list, size_t from)
{
    struct feel_scope scope;
    size_t slot = feel_filter_open(p->c, &scope);
    size_t names_len = p->c->frame->names.len;
    if (list->type) { /* entries of a typed item are found by the parser, whatever their form */
        const struct feel_type *type = list->type;
        type = type->form == FEEL_TYPE_LIST ? type->item : type;
        p->c->frame->names.at[names_len - 2].type = type;
        p->c->frame->names.at[names_len - 1].type = type;
    }
    feel__next(p);
    struct feel_node *match = feel__expression(p);
    if (match && !feel__take_symbol(p, ']'))
        return feel__fail(p, "\"]\"");
    if (!match)
        return NULL;
    struct feel_node *node =
        (struct feel_node *)(uintptr_t)feel_build_filter(p->c, slot, list, match, scope);
    node->type = list->type;
    return feel__at(p, node, from);
}

/* Arguments are named when a name and a colon come first. */
static bool is_named(const struct parser *p)
{
    struct token token = p->token;
    if (token.kind != T_NAME)
        return false;
    while (token.kind == T_NAME || token.kind == T_NUMBER ||
           (token.kind == T_SYMBOL && token.symbol && token.symbol < 128 &&
            strchr("./-+*", (int)token.symbol)))
        token = feel__lex(p->text, token.to);
    return token.kind == T_SYMBOL && token.symbol == ':';
}

static struct feel_node *linked_call(struct parser *p, struct feel_node *callee,
                                     const struct str *names, const struct feel_node **args,
                                     size_t len, size_t from)
{
    const struct feel_node *plain = callee->op == N_ENTRY ? callee->kids[0] : callee;
    if (plain->op == N_CONST && plain->name.len && plain->value->kind == FEEL_FUNCTION) {
        const struct feel_function *function = plain->value->function;
        struct feel_node *node = feel__at(
            p, feel__link_builtin(p->c, function->builtin, function->builtin_end, names, args, len),
            from);
        node->source = str_sub(p->text, from, p->last_to - from);
        if (node->op == N_BAD)
            feel__issue(p->c, node->line, node->column,
                        M("These arguments do not fit. The function is called as {0}."),
                        node->name);
        return node;
    }
    const struct feel_node *node = feel_build_call(p->c, callee, names, args, len);
    return feel__at(p, (struct feel_node *)(uintptr_t)node, from);
}

static struct feel_node *call_tail(struct parser *p, struct feel_node *callee, size_t from)
{
    struct str_list names = {0};
    VEC(const struct feel_node *) args = {0};
    feel__next(p);
    bool has_names = is_named(p);
    while (!feel__is_symbol(p, ')')) {
        if (has_names) {
            struct str name = feel__free_name(p, ":", NULL);
            if (p->is_failed)
                return NULL;
            feel__next(p);
            VEC_PUSH(p->c->arena, &names, name);
        }
        struct feel_node *arg = feel__expression(p);
        if (!arg)
            return NULL;
        VEC_PUSH(p->c->arena, &args, arg);
        if (!feel__take_comma(p, ')'))
            break;
    }
    if (!feel__take_symbol(p, ')'))
        return feel__fail(p, "\")\"");
    return linked_call(p, callee, has_names ? names.at : NULL, args.at, args.len, from);
}

struct feel_node *feel__postfix(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *node = feel__primary(p);
    while (node) {
        if (feel__is_symbol(p, '(')) {
            node = call_tail(p, node, from);
        } else if (feel__is_symbol(p, '[') && !p->is_endpoint) {
            node = filter_tail(p, node, from);
        } else if (feel__is_symbol(p, '.')) {
            feel__next(p);
            node = path_tail(p, node);
        } else {
            break;
        }
    }
    return node;
}
