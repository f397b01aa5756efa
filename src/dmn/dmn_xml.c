/* XML of models through libxml2's reader of events, without network, entities or document types,
 * into a tree of our own: nodes know their line and column, live on the caller's arena and keep
 * all that was written (comments, extensions, diagrams), so that the tree can be written again.
 * libxml2's own tree has no columns, and its memory has no bound of ours. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include "dmn/dmn_int.h"

enum { XML_DEPTH_MAX = 200, NODE_RESERVE_BYTES = 256 * 1024 };

struct builder {
    struct arena *arena;
    struct fault *fault;
    struct str xml;
    xmlParserCtxtPtr parser;
    struct dmn_node *document, *open;
    struct map *names; /* texts of libxml2's dictionary, by their place there */
    struct buf text;
    size_t scanned, line, column; /* the place up to which lines were counted */
    int depth;
    enum rc rc;
};

/* ---- places ---- */

/* Lines and columns up to the byte; goes forward only, so that a file is counted once. */
static void count_to(struct builder *b, size_t to)
{
    for (; b->scanned < to && b->scanned < b->xml.len; b->scanned++) {
        unsigned char c = (unsigned char)b->xml.at[b->scanned];
        if (c == '\n') {
            b->line++;
            b->column = 1;
        } else if ((c & 0xC0) != 0x80) {
            b->column++;
        }
    }
}

/* Where the markup that was just read begins. Other encodings than UTF-8 have lines only. */
static void find_place(struct builder *b, char mark)
{
    xmlParserInputPtr in = b->parser->input;
    if (!in || (in->buf && in->buf->encoder)) {
        b->line = (size_t)xmlSAX2GetLineNumber(b->parser);
        b->column = 0;
        return;
    }
    size_t at = in->consumed + (size_t)(in->cur - in->base);
    at = at < b->xml.len ? at : b->xml.len;
    while (mark && at > b->scanned && (at == b->xml.len || b->xml.at[at] != mark))
        at--;
    count_to(b, at);
}

static void refuse(struct builder *b, enum rc rc, const char *message, const char *arg)
{
    if (b->rc != RC_OK)
        return;
    size_t at = b->fault->entries_len;
    b->rc = fault_add(b->fault, rc, NULL, message, arg, NULL);
    if (b->fault->entries_len > at) {
        b->fault->entries[at].line = (long)b->line;
        b->fault->entries[at].column = (long)b->column;
    }
    xmlStopParser(b->parser);
}

/* ---- events ---- */

static bool has_room(struct builder *b, size_t bytes)
{
    if (b->rc == RC_OK && arena_left_bytes(b->arena) < bytes + NODE_RESERVE_BYTES)
        refuse(b, RC_TOO_LARGE, M("The model needs more memory than it may have."), NULL);
    return b->rc == RC_OK;
}

/* One copy of each name, however often it is used. */
static struct str interned(struct builder *b, const xmlChar *text)
{
    if (!text)
        return STR_NONE;
    void **slot = map_put_i64(b->names, (int64_t)(intptr_t)text);
    if (!*slot) {
        struct str *name = NEW(b->arena, struct str);
        *name = str_dup(b->arena, str_of((const char *)text));
        *slot = name;
    }
    return *(const struct str *)*slot;
}

static struct dmn_node *append(struct builder *b, enum dmn_node_kind kind)
{
    struct dmn_node *node = NEW(b->arena, struct dmn_node);
    node->kind = kind;
    node->line = (uint32_t)b->line;
    node->column = (uint32_t)b->column;
    node->parent = b->open;
    if (b->open->last)
        b->open->last->next = node;
    else
        b->open->first = node;
    b->open->last = node;
    return node;
}

/* Text comes in pieces; it is kept as one. */
static void end_text(struct builder *b)
{
    if (!b->text.len || !has_room(b, b->text.len + sizeof(struct dmn_node)))
        return;
    struct dmn_node *node = append(b, DMN_NODE_TEXT);
    node->text = str_dup(b->arena, buf_str(&b->text));
    buf_reset(&b->text);
}

static void copy_attributes(struct builder *b, struct dmn_node *node, int len, const xmlChar **at)
{
    node->attributes = NEW_ARRAY(b->arena, struct dmn_attribute, (size_t)len + 1);
    for (int i = 0; i < len; i++, at += 5) {
        struct str value = {(const char *)at[3], (size_t)(at[4] - at[3])};
        if (!has_room(b, value.len + 64))
            return;
        value = value.len ? str_dup(b->arena, value) : STR("");
        struct str namespace = at[2] ? interned(b, at[2]) : STR("");
        node->attributes[node->attributes_len++] =
            (struct dmn_attribute){namespace, interned(b, at[0]), value, interned(b, at[1])};
    }
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int declared_len, const xmlChar **declared, int attributes_len,
                     int defaulted_len, const xmlChar **attributes)
{
    struct builder *b = self;
    size_t count = (size_t)declared_len + (size_t)attributes_len;
    (void)defaulted_len;
    end_text(b);
    find_place(b, '<');
    if (++b->depth > XML_DEPTH_MAX)
        refuse(b, RC_INVALID, M("The elements nest too deeply."), NULL);
    if (!has_room(b, sizeof(struct dmn_node) + (count + 2) * sizeof(struct dmn_attribute)))
        return;
    struct dmn_node *node = append(b, DMN_NODE_ELEMENT);
    node->name = interned(b, name);
    node->prefix = interned(b, prefix);
    node->namespace = uri ? interned(b, uri) : STR("");
    node->declared = NEW_ARRAY(b->arena, struct dmn_attribute, (size_t)declared_len + 1);
    for (int i = 0; i < declared_len; i++) {
        struct dmn_attribute *one = &node->declared[node->declared_len++];
        one->name = declared[2 * i] ? interned(b, declared[2 * i]) : STR("");
        one->value = declared[2 * i + 1] ? interned(b, declared[2 * i + 1]) : STR("");
    }
    copy_attributes(b, node, attributes_len, attributes);
    b->open = node;
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct builder *b = self;
    (void)name;
    (void)prefix;
    (void)uri;
    end_text(b);
    b->depth--;
    b->open = b->open->parent ? b->open->parent : b->open;
}

static void on_text(void *self, const xmlChar *text, int len)
{
    struct builder *b = self;
    buf_put(&b->text, (struct str){(const char *)text, (size_t)len});
}

static void on_comment(void *self, const xmlChar *text)
{
    struct builder *b = self;
    struct str comment = str_of((const char *)text);
    end_text(b);
    find_place(b, 0);
    if (has_room(b, comment.len + sizeof(struct dmn_node)))
        append(b, DMN_NODE_COMMENT)->text = str_dup(b->arena, comment.at ? comment : STR(""));
}

static void on_instruction(void *self, const xmlChar *target, const xmlChar *data)
{
    struct builder *b = self;
    struct str text = str_of((const char *)data);
    end_text(b);
    if (!has_room(b, text.len + sizeof(struct dmn_node)))
        return;
    struct dmn_node *node = append(b, DMN_NODE_INSTRUCTION);
    node->name = interned(b, target);
    node->text = str_dup(b->arena, text.at ? text : STR(""));
}

/* A document type brings entities (expansion bombs, files, network); models have none. */
static void on_doctype(void *self, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    struct builder *b = self;
    (void)name;
    (void)id;
    (void)system;
    find_place(b, 0);
    refuse(b, RC_INVALID, M("A model must not have a document type."), NULL);
}

static enum rc outcome(struct builder *b)
{
    const xmlError *error = xmlCtxtGetLastError(b->parser);
    if (b->rc != RC_OK)
        return b->rc;
    if (b->parser->wellFormed && b->parser->nsWellFormed && b->document->first)
        return RC_OK;
    if (error && error->line > 0) {
        b->line = (size_t)error->line;
        b->column = (size_t)error->int2;
    }
    bool is_encoding =
        error && (error->code == XML_ERR_INVALID_ENCODING || error->code == XML_ERR_INVALID_CHAR ||
                  error->code == XML_I18N_CONV_FAILED);
    refuse(b, RC_INVALID,
           is_encoding ? M("The file holds bytes that are no characters of its encoding.")
                       : M("This is not well-formed XML."),
           NULL);
    return b->rc;
}

/* The library would print what goes wrong below the parser; it is told by outcome(). */
static void say_nothing(void *self, xmlErrorPtr error)
{
    (void)self;
    (void)error;
}

enum rc dmn_parse(struct arena *arena, struct str xml, struct fault *fault,
                  struct dmn_node **out_document)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text,
                         .comment = on_comment,
                         .processingInstruction = on_instruction,
                         .internalSubset = on_doctype};
    struct builder b = {.arena = arena,
                        .fault = fault,
                        .xml = xml,
                        .names = map_new(arena),
                        .text = BUF(DMN_XML_MAX_BYTES + 1),
                        .line = 1,
                        .column = 1};
    if (xml.len > DMN_XML_MAX_BYTES)
        return fault_add(fault, RC_TOO_LARGE, NULL, M("The model is larger than 16 MB."), NULL);
    b.document = b.open = NEW(arena, struct dmn_node);
    b.document->kind = DMN_NODE_DOCUMENT;
    b.parser = xmlNewParserCtxt();
    assert(b.parser);
    xmlSAXHandler *own = b.parser->sax;
    xmlStructuredErrorFunc former = xmlStructuredError;
    void *former_self = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, say_nothing);
    b.parser->sax = &sax;
    b.parser->userData = &b;
    (void)xmlCtxtReadMemory(b.parser, xml.len ? xml.at : "", (int)xml.len, "model.dmn", NULL,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                XML_PARSE_NOENT | XML_PARSE_BIG_LINES);
    enum rc rc = outcome(&b);
    buf_done(&b.text);
    b.parser->sax = own;
    xmlSetStructuredErrorFunc(former_self, former);
    xmlFreeParserCtxt(b.parser);
    if (rc != RC_OK)
        return rc;
    dmn__lift(arena, b.document);
    *out_document = b.document;
    return RC_OK;
}

/* ---- asking the tree ---- */

const struct dmn_node *dmn__root(const struct dmn_node *document)
{
    const struct dmn_node *node = document->first;
    while (node && node->kind != DMN_NODE_ELEMENT)
        node = node->next;
    return node;
}

struct str dmn__tag(const struct dmn_node *node)
{
    if (!node || node->kind != DMN_NODE_ELEMENT || !str_eq(node->namespace, STR(DMN_NAMESPACE)))
        return STR_NONE;
    return node->name;
}

bool dmn__is(const struct dmn_node *node, const char *tag)
{
    struct str is = dmn__tag(node);
    return is.at && str_eq(is, str_of(tag));
}

static const struct dmn_node *from(const struct dmn_node *node, const char *tag)
{
    while (node && !(tag ? dmn__is(node, tag) : dmn__tag(node).at != NULL))
        node = node->next;
    return node;
}

const struct dmn_node *dmn__child(const struct dmn_node *node, const char *tag)
{
    return node ? from(node->first, tag) : NULL;
}

const struct dmn_node *dmn__next(const struct dmn_node *node, const char *tag)
{
    return from(node->next, tag);
}

struct str dmn__attr(const struct dmn_node *node, const char *name)
{
    for (size_t i = 0; node && i < node->attributes_len; i++)
        if (!node->attributes[i].namespace.len && str_eq(node->attributes[i].name, str_of(name)))
            return node->attributes[i].value;
    return STR_NONE;
}

static void gather_text(struct buf *buf, const struct dmn_node *node)
{
    for (const struct dmn_node *c = node->first; c; c = c->next) {
        if (c->kind == DMN_NODE_TEXT)
            buf_put(buf, c->text);
        else if (c->kind == DMN_NODE_ELEMENT)
            gather_text(buf, c);
    }
}

struct str dmn__text(struct arena *arena, const struct dmn_node *node, const char *tag)
{
    if (node && tag)
        node = dmn__child(node, tag);
    if (!node)
        return STR_NONE;
    if (!node->first)
        return STR("");
    if (!node->first->next && node->first->kind == DMN_NODE_TEXT)
        return node->first->text;
    AUTO_BUF buf = BUF(DMN_XML_MAX_BYTES);
    gather_text(&buf, node);
    if (arena_left_bytes(arena) < buf.len + NODE_RESERVE_BYTES) /* the reader refuses it soon */
        return STR("");
    return buf.len ? str_dup(arena, buf_str(&buf)) : STR("");
}

void dmn__foreign(struct arena *arena, const struct dmn_node *node, struct dmn_attribute **out,
                  size_t *out_len)
{
    VEC(struct dmn_attribute) list = {0};
    for (size_t i = 0; i < node->attributes_len; i++) {
        struct str namespace = node->attributes[i].namespace;
        if (namespace.len && !str_eq(namespace, STR(DMN_NAMESPACE)))
            VEC_PUSH(arena, &list, node->attributes[i]);
    }
    *out = list.at;
    *out_len = list.len;
}

static struct dmn_extensions children_of(struct arena *arena, const struct dmn_node *parent,
                                         int depth)
{
    VEC(struct dmn_extension) list = {0};
    for (const struct dmn_node *node = parent->first; node && depth < 32; node = node->next) {
        if (node->kind != DMN_NODE_ELEMENT || arena_left_bytes(arena) < NODE_RESERVE_BYTES)
            continue;
        struct dmn_extensions inner = children_of(arena, node, depth + 1);
        struct dmn_extension one = {.namespace = node->namespace,
                                    .name = node->name,
                                    .text = inner.len ? STR("")
                                                      : str_trim(dmn__text(arena, node, NULL)),
                                    .attributes = node->attributes,
                                    .attributes_len = node->attributes_len,
                                    .children = inner.at,
                                    .children_len = inner.len};
        VEC_PUSH(arena, &list, one);
    }
    return (struct dmn_extensions){list.at, list.len};
}

struct dmn_extensions dmn__extensions(struct arena *arena, const struct dmn_node *node)
{
    const struct dmn_node *extensions = dmn__child(node, "extensionElements");
    return extensions ? children_of(arena, extensions, 0) : (struct dmn_extensions){NULL, 0};
}

const struct dmn_extension *dmn_extension(const struct dmn_extensions *extensions, const char *name)
{
    for (size_t i = 0; i < extensions->len; i++)
        if (str_eq(extensions->at[i].namespace, STR(DMN_KONTOR_NAMESPACE)) &&
            str_eq(extensions->at[i].name, str_of(name)))
            return &extensions->at[i];
    return NULL;
}

struct str dmn_attribute(const struct dmn_extension *extension, const char *name)
{
    for (size_t i = 0; extension && i < extension->attributes_len; i++)
        if (str_eq(extension->attributes[i].name, str_of(name)))
            return extension->attributes[i].value;
    return STR_NONE;
}
