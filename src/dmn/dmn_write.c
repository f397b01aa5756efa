/* Models written as XML in one fixed form. The tree decides nothing but white space: between
 * elements it is ours, inside texts and mixed content it is the author's. */
#include "dmn/dmn_int.h"

static void put_escaped(struct buf *buf, struct str text, bool is_attribute)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '&')
            buf_put(buf, STR("&amp;"));
        else if (c == '<')
            buf_put(buf, STR("&lt;"));
        else if (c == '>' && !is_attribute)
            buf_put(buf, STR("&gt;"));
        else if (c == '"' && is_attribute)
            buf_put(buf, STR("&quot;"));
        else if (c == '\r' || (is_attribute && (c == '\n' || c == '\t')))
            buf_printf(buf, "&#%d;", c);
        else
            buf_char(buf, c);
    }
}

static void put_name(struct buf *buf, struct str prefix, struct str name)
{
    if (prefix.len) {
        buf_put(buf, prefix);
        buf_char(buf, ':');
    }
    buf_put(buf, name);
}

static void put_attribute(struct buf *buf, struct str prefix, struct str name, struct str value)
{
    buf_char(buf, ' ');
    put_name(buf, prefix, name);
    buf_put(buf, STR("=\""));
    put_escaped(buf, value, true);
    buf_char(buf, '"');
}

/* The first of a model's attributes: what a person looks for. */
static bool is_leading(const struct dmn_attribute *a)
{
    return !a->namespace.len && (str_eq(a->name, STR("id")) || str_eq(a->name, STR("name")));
}

static void put_attributes(struct buf *buf, const struct dmn_node *node)
{
    static const char *const leading[] = {"id", "name"};
    for (size_t i = 0; i < node->declared_len; i++) {
        const struct dmn_attribute *d = &node->declared[i];
        put_attribute(buf, d->name.len ? STR("xmlns") : STR(""),
                      d->name.len ? d->name : STR("xmlns"), d->value);
    }
    for (size_t k = 0; k < LEN(leading); k++) {
        struct str value = dmn__attr(node, leading[k]);
        if (value.at)
            put_attribute(buf, STR(""), str_of(leading[k]), value);
    }
    for (size_t i = 0; i < node->attributes_len; i++)
        if (!is_leading(&node->attributes[i]))
            put_attribute(buf, node->attributes[i].prefix, node->attributes[i].name,
                          node->attributes[i].value);
}

static bool is_blank(const struct dmn_node *node)
{
    return node->kind == DMN_NODE_TEXT && !str_trim(node->text).len;
}

/* White space that the author's text needs: beside words, or asked for. */
static bool is_verbatim(const struct dmn_node *node)
{
    for (size_t i = 0; i < node->attributes_len; i++)
        if (str_eq(node->attributes[i].name, STR("space")) &&
            str_eq(node->attributes[i].value, STR("preserve")))
            return true;
    for (const struct dmn_node *c = node->first; c; c = c->next)
        if (c->kind == DMN_NODE_TEXT && !is_blank(c))
            return true;
    /* A text of spaces alone is one: outside the model nobody knows what it means. */
    return node->first && !node->first->next && is_blank(node->first) &&
           (!dmn__tag(node).at || str_eq(node->name, STR("text")));
}

static void put_line(struct buf *buf, int level)
{
    buf_char(buf, '\n');
    for (int i = 0; i < level; i++)
        buf_put(buf, STR("  "));
}

static void put_node(struct buf *buf, const struct dmn_node *node, int level, bool is_inside);

/* The depth is that of the reader (at most 200 levels) or of the program that made the tree. */
static void put_children(struct buf *buf, const struct dmn_node *node, int level, bool is_inside)
{
    bool has_line = false;
    for (const struct dmn_node *c = node->first; c; c = c->next) {
        if (!is_inside && is_blank(c))
            continue;
        if (!is_inside && level > 0)
            put_line(buf, level);
        put_node(buf, c, level, is_inside);
        has_line = true;
        if (level == 0)
            buf_char(buf, '\n');
    }
    if (!is_inside && level > 0 && has_line)
        put_line(buf, level - 1);
}

static bool has_content(const struct dmn_node *node, bool is_inside)
{
    for (const struct dmn_node *c = node->first; c; c = c->next)
        if (is_inside || !is_blank(c))
            return true;
    return false;
}

static void put_node(struct buf *buf, const struct dmn_node *node, int level, bool is_inside)
{
    switch (node->kind) {
    case DMN_NODE_DOCUMENT: put_children(buf, node, 0, false); return;
    case DMN_NODE_TEXT: put_escaped(buf, node->text, false); return;
    case DMN_NODE_COMMENT: buf_printf(buf, "<!--" STR_FMT "-->", STR_ARG(node->text)); return;
    case DMN_NODE_INSTRUCTION:
        buf_printf(buf, "<?" STR_FMT "%s" STR_FMT "?>", STR_ARG(node->name),
                   node->text.len ? " " : "", STR_ARG(node->text));
        return;
    case DMN_NODE_ELEMENT: break;
    }
    is_inside = is_inside || is_verbatim(node);
    buf_char(buf, '<');
    put_name(buf, node->prefix, node->name);
    put_attributes(buf, node);
    if (!has_content(node, is_inside)) {
        buf_put(buf, STR("/>"));
        return;
    }
    buf_char(buf, '>');
    put_children(buf, node, level + 1, is_inside);
    buf_put(buf, STR("</"));
    put_name(buf, node->prefix, node->name);
    buf_char(buf, '>');
}

void dmn_write(struct buf *buf, const struct dmn_node *document)
{
    buf_put(buf, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    put_node(buf, document, 0, false);
}
