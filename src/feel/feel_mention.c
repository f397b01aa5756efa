/* Which names a text mentions, and where: for those who rename things and for those who ask what a
 * formula depends on. The parser itself says it, because only it knows what a name belongs to: a
 * variable of a loop, an entry of a context and a parameter hide what is outside. A text with a
 * mistake is read as far as it goes, and from there on word by word. */
#include "feel/feel_int.h"

static void push(struct parser *p, struct feel_mention mention)
{
    VEC_PUSH(p->c->arena, p->c->mentions, mention);
}

static uint32_t frames_around(const struct feel_compiler *c)
{
    uint32_t count = 0;
    for (const struct scope_frame *frame = c->frame; frame->parent; frame = frame->parent)
        count++;
    return count;
}

void feel__mention_name(struct parser *p, const struct feel_node *node, size_t from, size_t to)
{
    const struct feel_node *plain = node->op == N_ENTRY ? node->kids[0] : node;
    if (p->c->mentions && plain->op == N_SLOT && plain->slot < p->c->mentioned_len &&
        plain->hops == frames_around(p->c))
        push(p, (struct feel_mention){.from = from, .to = to, .name = plain->name});
}

/* "sales" of sales[type = "sale"].net: what is before the dot, filters aside. */
static struct str owner_of(const struct feel_node *node)
{
    while (node->op == N_FILTER && node->kids_len)
        node = node->kids[0];
    return node->name.at ? node->name : STR("");
}

void feel__mention_part(struct parser *p, const struct feel_node *path, size_t from, size_t to)
{
    if (p->c->mentions)
        push(p, (struct feel_mention){
                    .from = from, .to = to, .name = path->name, .owner = owner_of(path->kids[0])});
}

/* ---- a text with a mistake ---- */

static size_t known_length(const struct parser *p, size_t at, bool is_part, struct str *out_name)
{
    struct str rest = str_sub(p->text, at, p->text.len - at);
    size_t best = 0;
    if (!is_part)
        return feel__match_scope(p->c, rest, out_name);
    for (size_t i = 0; i < p->c->part_list.len; i++) {
        size_t len = feel__match_name(rest, p->c->part_list.at[i]);
        if (len > best) {
            best = len;
            *out_name = p->c->part_list.at[i];
        }
    }
    return best;
}

static void scan(struct parser *p, size_t at)
{
    struct str owner = STR_NONE, last = STR("");
    for (struct token token = feel__lex(p->text, at); token.kind != T_END;
         token = feel__lex(p->text, at)) {
        struct str word = str_sub(p->text, token.from, token.to - token.from), known = word;
        bool is_part = owner.at != NULL;
        at = token.to > at ? token.to : at + 1;
        if (token.kind == T_NAME) {
            size_t len = known_length(p, token.from, is_part, &known);
            if (len)
                at = token.from + len;
            if (is_part || len)
                push(p, (struct feel_mention){
                            .from = token.from, .to = at, .name = known, .owner = owner});
        }
        owner = token.kind == T_SYMBOL && token.symbol == '.' ? last : STR_NONE;
        last = token.kind == T_NAME ? known : STR("");
    }
}

/* ---- the whole ---- */

/* In the order of the text; of those that a second attempt read again, the last. */
static void put_in_order(struct feel_mentions *list)
{
    size_t len = 0;
    for (size_t i = 1; i < list->len; i++) {
        struct feel_mention one = list->at[i];
        size_t at = i;
        for (; at > 0 && list->at[at - 1].from > one.from; at--)
            list->at[at] = list->at[at - 1];
        list->at[at] = one;
    }
    for (size_t i = 0; i < list->len; i++) {
        if (len && list->at[len - 1].from == list->at[i].from)
            len--;
        list->at[len++] = list->at[i];
    }
    list->len = len;
}

void feel_mentions(struct arena *arena, struct str text, bool is_tests,
                   const struct str_list *names, const struct str_list *parts,
                   struct feel_mentions *out)
{
    struct parser p;
    struct feel_compiler *c = feel_compiler_new(arena, FEEL_KONTOR);
    struct feel_mentions all = {0};
    c->mentions = &all;
    c->mentioned_len = names->len;
    *out = all;
    for (size_t i = 0; i < names->len; i++)
        (void)feel_declare(c, names->at[i], NULL);
    for (size_t i = 0; i < parts->len; i++)
        feel_know_name(c, parts->at[i]);
    size_t input = feel_declare(c, STR(""), NULL);
    struct scope_frame *frame = c->frame;
    struct feel_scope scope = feel_scope_open(c);
    if (feel__parser_init(&p, c, text, NULL) != RC_OK)
        return;
    p.input_slot = is_tests ? input : SIZE_MAX;
    if (is_tests)
        (void)feel__tests(&p, input);
    else
        (void)feel__expression(&p);
    c->frame = frame;
    feel_scope_close(c, scope);
    if (p.token.kind != T_END)
        scan(&p, p.token.from);
    put_in_order(&all);
    *out = all;
}
