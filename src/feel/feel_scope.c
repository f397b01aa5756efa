/* The compiler's state: frames (one a function), the names in each, types, and what is known to
 * follow a dot. Names are matched against the text itself, longest first, because a name may hold
 * spaces, operators and keywords (DMN 1.5 section 10.3.1.4). */
#include "feel/feel_int.h"
#include "text/text.h"

struct feel_compiler *feel_compiler_new(struct arena *arena, enum feel_library library)
{
    struct feel_compiler *c = NEW(arena, struct feel_compiler);
    c->arena = arena;
    c->library = library;
    c->frame = NEW(arena, struct scope_frame);
    return c;
}

/* Letters, digits and single spaces between them: what most names are already. */
static bool is_squeezed(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (c > 127 || c < ' ' || c == '/')
            return false;
        if (c == ' ' && (i == 0 || i + 1 == name.len || name.at[i + 1] == ' '))
            return false;
    }
    return true;
}

struct str feel__squeeze(struct arena *arena, struct str name)
{
    if (is_squeezed(name))
        return str_dup(arena, name);
    char *out = arena_alloc(arena, name.len + 1);
    size_t len = 0;
    for (size_t i = feel__skip_space(name, 0); i < name.len;) {
        size_t next = feel__skip_space(name, i);
        if (next > i && next < name.len)
            out[len++] = ' ';
        if (next < name.len)
            out[len++] = name.at[next++];
        i = next;
    }
    return (struct str){out, len};
}

static bool is_symbol_at(struct str s, size_t i)
{
    return i < s.len && s.at[i] && strchr("./-'+*", s.at[i]);
}

size_t feel__match_name(struct str text, struct str name)
{
    size_t t = 0, n = 0;
    while (n < name.len) {
        if (name.at[n] == ' ') {
            size_t next = feel__skip_space(text, t);
            if (next == t && !is_symbol_at(name, n + 1) && !(n && is_symbol_at(name, n - 1)))
                return 0;
            t = next;
            n++;
            continue;
        }
        if (t >= text.len || text.at[t] != name.at[n])
            return 0;
        t++;
        n++;
    }
    if (n && t < text.len && !is_symbol_at(name, n - 1)) {
        size_t next = t;
        if (feel__is_name_part(feel__utf8_next(text, &next)))
            return 0;
    }
    return t;
}

/* The entries of a filter's item, when its type is known. */
static size_t match_fields(const struct feel_type *type, struct str text, size_t best,
                           struct str *out_name)
{
    if (!type || type->form != FEEL_TYPE_CONTEXT)
        return best;
    for (size_t i = 0; i < type->fields_len; i++) {
        size_t len = feel__match_name(text, type->fields[i].name);
        if (len > best) {
            best = len;
            *out_name = type->fields[i].name;
        }
    }
    return best;
}

size_t feel__match_scope(const struct feel_compiler *c, struct str text, struct str *out_name)
{
    size_t best = 0;
    for (const struct scope_frame *frame = c->frame; frame; frame = frame->parent)
        for (size_t i = frame->names.len; i-- > 0;) {
            const struct known_name *known = &frame->names.at[i];
            if (known->is_item)
                best = match_fields(known->type, text, best, out_name);
            if (known->is_item || !known->name.len || known->name.at[0] != text.at[0])
                continue;
            size_t len = feel__match_name(text, known->name);
            if (len > best) {
                best = len;
                *out_name = known->name;
            }
        }
    return best;
}

size_t feel_declare(struct feel_compiler *c, struct str name, const struct feel_type *type)
{
    uint32_t slot = feel__slot_new(c);
    feel_declare_at(c, name, slot, type);
    return slot;
}

void feel_declare_at(struct feel_compiler *c, struct str name, size_t slot,
                     const struct feel_type *type)
{
    struct known_name known = {
        .name = feel__squeeze(c->arena, name), .slot = (uint32_t)slot, .type = type};
    VEC_PUSH(c->arena, &c->frame->names, known);
}

uint32_t feel__slot_new(struct feel_compiler *c)
{
    size_t slot = c->frame->slot++;
    if (c->frame->slot > c->frame->slots_max)
        c->frame->slots_max = c->frame->slot;
    return (uint32_t)slot;
}

struct feel_scope feel_scope_open(struct feel_compiler *c)
{
    return (struct feel_scope){.names_len = c->frame->names.len, .slot = c->frame->slot};
}

void feel_scope_close(struct feel_compiler *c, struct feel_scope scope)
{
    c->frame->names.len = scope.names_len;
    c->frame->slot = scope.slot;
}

size_t feel_filter_open(struct feel_compiler *c, struct feel_scope *out_scope)
{
    *out_scope = feel_scope_open(c);
    size_t slot = feel_declare(c, STR("item"), NULL);
    struct known_name marker = {.slot = (uint32_t)slot, .is_item = true};
    VEC_PUSH(c->arena, &c->frame->names, marker);
    return slot;
}

void feel_know_name(struct feel_compiler *c, struct str name)
{
    struct str known = feel__squeeze(c->arena, name);
    bool is_plain = true;
    for (size_t i = 0; i < known.len && is_plain; i++) {
        size_t next = i;
        is_plain = known.at[i] != ' ' && feel__is_name_part(feel__utf8_next(known, &next));
        i = next - 1;
    }
    if (is_plain)
        return;
    if (!c->parts)
        c->parts = map_new(c->arena);
    void **slot = map_put(c->parts, known);
    if (!*slot)
        VEC_PUSH(c->arena, &c->part_list, known);
    *slot = c;
}

size_t feel_slots_len(const struct feel_compiler *c)
{
    return c->frame->slots_max;
}

const struct feel_issue *feel_issues(const struct feel_compiler *c, size_t *out_len)
{
    *out_len = c->issues.len;
    return c->issues.at;
}

void feel_issues_clear(struct feel_compiler *c)
{
    c->issues.len = 0;
}

void feel__issue(struct feel_compiler *c, long line, long column, const char *message,
                 struct str arg)
{
    if (c->issues.len < 1000)
        VEC_PUSH(c->arena, &c->issues,
                 ((struct feel_issue){.line = line,
                                      .column = column,
                                      .message = message,
                                      .arg = str_dup(c->arena, arg)}));
}

/* ---- suggestions ---- */

enum { HINTS_MAX = 16, HINT_NAMES_MAX = 500 };

static struct str nearest_name(const struct feel_compiler *c, struct str name)
{
    struct str near[HINT_NAMES_MAX];
    size_t len = 0;
    for (const struct scope_frame *frame = c->frame; frame; frame = frame->parent)
        for (size_t i = frame->names.len; i-- > 0 && len < HINT_NAMES_MAX / 2;)
            if (frame->names.at[i].name.len && !frame->names.at[i].is_item)
                near[len++] = frame->names.at[i].name;
    len += feel__builtin_names(c->library, near + len, HINT_NAMES_MAX - len);
    return text_nearest(name, near, len);
}

void feel__issue_near(struct feel_compiler *c, struct feel_node *unknown)
{
    struct str near = STR_NONE;
    if (c->hints_len++ < HINTS_MAX)
        near = nearest_name(c, unknown->name);
    if (!near.at) {
        feel__issue(c, unknown->line, unknown->column, M("The name \"{0}\" is not known here."),
                    unknown->name);
        return;
    }
    struct str *kept = NEW(c->arena, struct str);
    *kept = str_dup(c->arena, near);
    unknown->data = kept;
    feel__issue(c, unknown->line, unknown->column,
                M("The name \"{0}\" is not known here. Did you mean \"{1}\"?"), unknown->name);
    if (c->issues.len)
        c->issues.at[c->issues.len - 1].hint = *kept;
}

struct str feel__near_entry(const struct feel_shape *shape, struct str name)
{
    return text_nearest(name, shape->names, shape->len < HINT_NAMES_MAX ? shape->len : 0);
}

/* ---- names to nodes ---- */

static const struct known_name *find_in(const struct scope_frame *frame, struct str name,
                                        uint32_t hops, struct entry_sites *sites,
                                        struct arena *arena)
{
    for (size_t i = frame->names.len; i-- > 0;) {
        const struct known_name *known = &frame->names.at[i];
        if (known->is_item) {
            struct entry_site *at = NEW_ARRAY(arena, struct entry_site, sites->len + 1);
            if (sites->len)
                memcpy(at, sites->at, sites->len * sizeof(*at));
            at[sites->len++] = (struct entry_site){hops, known->slot};
            sites->at = at;
        } else if (str_eq(known->name, name)) {
            return known;
        }
    }
    return NULL;
}

struct feel_node *feel__name_node(struct feel_compiler *c, struct str name)
{
    struct entry_sites sites = {0};
    const struct known_name *known = NULL;
    c->partial_uses += str_eq(name, STR("partial"));
    struct feel_node *node = NULL;
    uint32_t hops = 0;
    for (const struct scope_frame *frame = c->frame; frame && !known; frame = frame->parent) {
        known = find_in(frame, name, hops, &sites, c->arena);
        hops += !known;
    }
    if (known) {
        node = feel__node(c, N_SLOT, 0);
        node->hops = (uint16_t)hops;
        node->slot = known->slot;
        node->type = known->type;
    } else {
        const struct builtin_info *end = NULL;
        const struct builtin_info *builtin = feel__builtin_find(c->library, name, &end);
        node = feel__node(c, builtin ? N_CONST : N_UNKNOWN, 0);
        if (builtin) {
            struct feel_function *function = NEW(c->arena, struct feel_function);
            struct feel_value *value = NEW(c->arena, struct feel_value);
            *function = (struct feel_function){
                .form = FN_BUILTIN, .builtin = builtin, .builtin_end = end, .name = name};
            *value = (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
            node->value = value;
        }
    }
    node->name = name;
    node->hash = feel__hash(name);
    if (!sites.len)
        return node;
    struct feel_node *entry = feel__node(c, N_ENTRY, 1);
    struct entry_sites *kept = NEW(c->arena, struct entry_sites);
    *kept = sites;
    entry->name = name;
    entry->hash = node->hash;
    entry->kids[0] = node;
    entry->data = kept;
    return entry;
}

/* ---- functions ---- */

void feel_function_open(struct feel_compiler *c, const struct feel_field *params, size_t len)
{
    struct scope_frame *frame = NEW(c->arena, struct scope_frame);
    frame->parent = c->frame;
    frame->params = params;
    frame->params_len = len;
    c->frame = frame;
    for (size_t i = 0; i < len; i++)
        feel_declare(c, params[i].name, params[i].type);
}

const struct feel_node *feel_function_close(struct feel_compiler *c, const struct feel_node *body,
                                            const struct feel_type *result)
{
    struct scope_frame *frame = c->frame;
    struct function_plan *plan = NEW(c->arena, struct function_plan);
    *plan = (struct function_plan){.params = frame->params,
                                   .params_len = frame->params_len,
                                   .result = result,
                                   .slots_len = (uint32_t)frame->slots_max};
    c->frame = frame->parent;
    struct feel_node *node = feel__node(c, N_FUNCTION, 1);
    node->kids[0] = body;
    node->data = plan;
    return node;
}
