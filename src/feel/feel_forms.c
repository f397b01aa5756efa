/* The parser's longer forms: if, for, some and every, function definitions, and types. */
#include "feel/feel_int.h"
#include "text/text.h"

static struct feel_node *conditional(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_node *node = feel__new(p, N_IF, 3, from);
    feel__next(p);
    node->kids[0] = feel__expression(p);
    if (!node->kids[0])
        return NULL;
    if (!feel__take_word(p, "then"))
        return feel__fail(p, "\"then\"");
    node->kids[1] = feel__expression(p);
    if (!node->kids[1])
        return NULL;
    if (!feel__take_word(p, "else"))
        return feel__fail(p, "\"else\"");
    struct feel_node *no = feel__expression(p);
    node->kids[2] = no;
    return no ? node : NULL;
}

struct domains {
    struct str_list names;
    VEC(uint32_t) slots;
    VEC(bool) is_span;
    VEC(const struct feel_node *) kids;
};

static const struct feel_type *item_type(const struct feel_type *type)
{
    return type && type->form == FEEL_TYPE_LIST ? type->item : type;
}

/* "x in xs, y in 1..3": each name is known to the domains after it. */
static bool parse_domains(struct parser *p, struct domains *domains)
{
    struct arena *arena = p->c->arena;
    do {
        struct str name = feel__free_name(p, "", "in");
        if (p->is_failed || !feel__take_word(p, "in"))
            return false;
        struct feel_node *in = feel__expression(p);
        if (!in)
            return false;
        const struct feel_type *type = item_type(in->type);
        VEC_PUSH(arena, &domains->kids, in);
        bool is_span = feel__take_symbol(p, SYM2('.', '.'));
        if (is_span) {
            struct feel_node *to = feel__expression(p);
            if (!to)
                return false;
            VEC_PUSH(arena, &domains->kids, to);
            type = NULL;
        }
        VEC_PUSH(arena, &domains->is_span, is_span);
        VEC_PUSH(arena, &domains->names, name);
        VEC_PUSH(arena, &domains->slots, (uint32_t)feel_declare(p->c, name, type));
    } while (feel__take_symbol(p, ','));
    return true;
}

static struct feel_node *loop(struct parser *p, enum feel_loop kind, const char *word,
                              const char *expected)
{
    struct domains domains = {0};
    size_t from = p->token.from;
    struct loop_plan *plan = NEW(p->c->arena, struct loop_plan);
    struct feel_scope scope = feel_scope_open(p->c);
    feel__next(p);
    if (!parse_domains(p, &domains))
        return NULL;
    if (kind == FEEL_LOOP_FOR) {
        plan->has_partial = true;
        plan->partial_slot = (uint32_t)feel_declare(p->c, STR("partial"), NULL);
    }
    if (!feel__take_word(p, word))
        return feel__fail(p, expected);
    size_t partial_uses = p->c->partial_uses;
    struct feel_node *body = feel__expression(p);
    feel_scope_close(p->c, scope);
    if (!body)
        return NULL;
    plan->has_partial = plan->has_partial && p->c->partial_uses > partial_uses;
    VEC_PUSH(p->c->arena, &domains.kids, body);
    struct feel_node *node = feel__new(p, N_LOOP, 0, from);
    plan->slots = domains.slots.at;
    plan->names = domains.names.at;
    plan->is_span = domains.is_span.at;
    plan->domains_len = domains.slots.len;
    node->kids = domains.kids.at;
    node->kids_len = (uint32_t)domains.kids.len;
    node->code = (uint8_t)kind;
    node->data = plan;
    return node;
}

struct feel_node *feel__for(struct parser *p)
{
    if (feel__is_word(p, "if"))
        return conditional(p);
    return loop(p, FEEL_LOOP_FOR, "return", "\"return\"");
}

struct feel_node *feel__quantified(struct parser *p, enum feel_loop kind)
{
    return loop(p, kind, "satisfies", "\"satisfies\"");
}

/* ---- functions ---- */

static bool parse_params(struct parser *p, struct feel_field **out, size_t *out_len)
{
    VEC(struct feel_field) params = {0};
    while (!feel__is_symbol(p, ')')) {
        struct feel_field param = {.name = feel__free_name(p, ":,)", NULL)};
        if (p->is_failed)
            return false;
        if (feel__take_symbol(p, ':'))
            param.type = feel__type(p);
        if (p->is_failed)
            return false;
        VEC_PUSH(p->c->arena, &params, param);
        if (!feel__take_comma(p, ')'))
            break;
    }
    *out = params.at;
    *out_len = params.len;
    if (!feel__take_symbol(p, ')'))
        feel__fail(p, "\")\"");
    return !p->is_failed;
}

struct feel_node *feel__function(struct parser *p)
{
    size_t from = p->token.from;
    struct feel_field *params = NULL;
    size_t params_len = 0;
    feel__next(p);
    feel__next(p);
    if (!parse_params(p, &params, &params_len))
        return NULL;
    feel_function_open(p->c, params, params_len);
    bool is_external = feel__take_word(p, "external");
    size_t body_from = p->token.from, input_slot = p->input_slot;
    p->input_slot = SIZE_MAX; /* "?" belongs to the frame outside */
    struct feel_node *body = feel__expression(p);
    p->input_slot = input_slot;
    if (!body)
        return NULL;
    struct feel_node *node = (struct feel_node *)(uintptr_t)feel_function_close(p->c, body, NULL);
    if (is_external) {
        struct function_plan *plan = (struct function_plan *)(uintptr_t)node->data;
        plan->external = str_sub(p->text, body_from, p->last_to - body_from);
    }
    return feel__at(p, node, from);
}

/* ---- types ---- */

static const struct feel_type any_type = {.form = FEEL_TYPE_ANY};
static const struct feel_type kind_types[] = {
    [FEEL_NULL] = {.form = FEEL_TYPE_KIND, .kind = FEEL_NULL},
    [FEEL_BOOL] = {.form = FEEL_TYPE_KIND, .kind = FEEL_BOOL},
    [FEEL_NUMBER] = {.form = FEEL_TYPE_KIND, .kind = FEEL_NUMBER},
    [FEEL_STRING] = {.form = FEEL_TYPE_KIND, .kind = FEEL_STRING},
    [FEEL_DATE] = {.form = FEEL_TYPE_KIND, .kind = FEEL_DATE},
    [FEEL_TIME] = {.form = FEEL_TYPE_KIND, .kind = FEEL_TIME},
    [FEEL_DATE_TIME] = {.form = FEEL_TYPE_KIND, .kind = FEEL_DATE_TIME},
    [FEEL_DAYS] = {.form = FEEL_TYPE_KIND, .kind = FEEL_DAYS},
    [FEEL_MONTHS] = {.form = FEEL_TYPE_KIND, .kind = FEEL_MONTHS},
    [FEEL_LIST] = {.form = FEEL_TYPE_KIND, .kind = FEEL_LIST},
    [FEEL_CONTEXT] = {.form = FEEL_TYPE_KIND, .kind = FEEL_CONTEXT},
    [FEEL_RANGE] = {.form = FEEL_TYPE_KIND, .kind = FEEL_RANGE},
    [FEEL_FUNCTION] = {.form = FEEL_TYPE_KIND, .kind = FEEL_FUNCTION},
};

static const struct {
    const char *name;
    const struct feel_type *type;
} type_names[] = {
    {"Any", &any_type},
    {"Null", &kind_types[FEEL_NULL]},
    {"number", &kind_types[FEEL_NUMBER]},
    {"string", &kind_types[FEEL_STRING]},
    {"boolean", &kind_types[FEEL_BOOL]},
    {"date", &kind_types[FEEL_DATE]},
    {"time", &kind_types[FEEL_TIME]},
    {"date and time", &kind_types[FEEL_DATE_TIME]},
    {"dateTime", &kind_types[FEEL_DATE_TIME]},
    {"days and time duration", &kind_types[FEEL_DAYS]},
    {"dayTimeDuration", &kind_types[FEEL_DAYS]},
    {"years and months duration", &kind_types[FEEL_MONTHS]},
    {"yearMonthDuration", &kind_types[FEEL_MONTHS]},
    {"list", &kind_types[FEEL_LIST]},
    {"context", &kind_types[FEEL_CONTEXT]},
    {"range", &kind_types[FEEL_RANGE]},
    {"function", &kind_types[FEEL_FUNCTION]},
};

const struct feel_type *feel__type_any(void)
{
    return &any_type;
}

const struct feel_type *feel__type_of_kind(enum feel_kind kind)
{
    return &kind_types[kind];
}

void feel_type_declare(struct feel_compiler *c, struct str name, const struct feel_type *type)
{
    struct str squeezed = feel__squeeze(c->arena, name);
    if (!c->types)
        c->types = map_new(c->arena);
    *map_put(c->types, squeezed) = (void *)(uintptr_t)type;
}

/* The type whose name the text begins with, the longest; its length in *out_len. */
static const struct feel_type *match_type(const struct feel_compiler *c, struct str text,
                                          size_t *out_len)
{
    const struct feel_type *best = NULL;
    struct str name;
    void *type = NULL;
    *out_len = 0;
    for (size_t i = 0; c->types && map_next(c->types, &i, &name, &type);) {
        size_t len = feel__match_name(text, name);
        if (len > *out_len) {
            *out_len = len;
            best = type;
        }
    }
    for (size_t i = 0; i < LEN(type_names); i++) {
        size_t len = feel__match_name(text, str_of(type_names[i].name));
        if (len > *out_len) {
            *out_len = len;
            best = type_names[i].type;
        }
    }
    return best;
}

static bool parse_fields(struct parser *p, struct feel_type *type, bool is_named)
{
    VEC(struct feel_field) fields = {0};
    while (!feel__is_symbol(p, '>')) {
        struct feel_field field = {0};
        if (is_named) {
            field.name = feel__free_name(p, ":", NULL);
            if (p->is_failed)
                return false;
            feel__next(p);
            feel_know_name(p->c, field.name);
        }
        field.type = feel__type(p);
        if (!field.type)
            return false;
        VEC_PUSH(p->c->arena, &fields, field);
        if (!feel__take_comma(p, '>'))
            break;
    }
    type->fields = fields.at;
    type->fields_len = fields.len;
    if (!feel__take_symbol(p, '>'))
        feel__fail(p, "\">\"");
    return !p->is_failed;
}

static const struct feel_type *generic(struct parser *p, const struct feel_type *plain)
{
    struct feel_type *type = NEW(p->c->arena, struct feel_type);
    feel__next(p);
    if (plain->kind == FEEL_LIST || plain->kind == FEEL_RANGE) {
        type->form = plain->kind == FEEL_LIST ? FEEL_TYPE_LIST : FEEL_TYPE_RANGE;
        type->item = feel__type(p);
        if (type->item && !feel__take_symbol(p, '>'))
            feel__fail(p, "\">\"");
        return p->is_failed ? NULL : type;
    }
    type->form = plain->kind == FEEL_CONTEXT ? FEEL_TYPE_CONTEXT : FEEL_TYPE_FUNCTION;
    if (!parse_fields(p, type, plain->kind == FEEL_CONTEXT))
        return NULL;
    if (type->form == FEEL_TYPE_FUNCTION) {
        if (!feel__take_symbol(p, SYM2('-', '>'))) {
            feel__fail(p, "\"->\"");
            return NULL;
        }
        type->item = feel__type(p);
    }
    return p->is_failed ? NULL : type;
}

const struct feel_type *feel__type(struct parser *p)
{
    size_t len = 0;
    if (p->depth_left <= 0 || p->token.kind != T_NAME) {
        feel__fail(p, M("a type"));
        return NULL;
    }
    const struct feel_type *type =
        match_type(p->c, str_sub(p->text, p->token.from, p->text.len - p->token.from), &len);
    if (!type) {
        feel__fail(p, M("a type"));
        return NULL;
    }
    p->last_to = p->token.from + len;
    feel__seek(p, p->last_to);
    bool is_generic = type->form == FEEL_TYPE_KIND && type->kind >= FEEL_LIST;
    if (!is_generic || !feel__is_symbol(p, '<'))
        return type;
    p->depth_left--;
    type = generic(p, type);
    p->depth_left++;
    return type;
}

struct str feel_type_near(struct feel_compiler *c, struct str text)
{
    struct str_list names = {0};
    struct str name;
    void *type = NULL;
    for (size_t i = 0; i < LEN(type_names); i++)
        VEC_PUSH(c->arena, &names, str_of(type_names[i].name));
    for (size_t i = 0; c->types && names.len < 500 && map_next(c->types, &i, &name, &type);)
        if (type)
            VEC_PUSH(c->arena, &names, name);
    return text_nearest(text, names.at, names.len);
}

const struct feel_type *feel_type_find(struct feel_compiler *c, struct str text)
{
    struct parser p;
    void *declared = c->types ? map_get(c->types, feel__squeeze(c->arena, text)) : NULL;
    if (declared)
        return declared;
    if (feel__parser_init(&p, c, str_dup(c->arena, text), NULL) != RC_OK)
        return NULL;
    const struct feel_type *type = feel__type(&p);
    return type && p.token.kind == T_END ? type : NULL;
}
