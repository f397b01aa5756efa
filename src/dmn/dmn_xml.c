/* XML of models through libxml2: parsed without network, entities or document types, then only
 * asked for tags, attributes and texts, which are copied out so that the document can go. */
#include <libxml/parser.h>

#include "dmn/dmn_int.h"

/* A document type brings entities (expansion bombs, files, network); models have none. */
static bool has_doctype(struct str xml)
{
    return str_find(xml, STR("<!DOCTYPE"), 0) != SIZE_MAX ||
           str_find(xml, STR("<!ENTITY"), 0) != SIZE_MAX;
}

enum rc dmn__xml_parse(struct str xml, struct fault *fault, xmlDocPtr *out)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                  XML_PARSE_BIG_LINES;
    if (xml.len > DMN_XML_MAX_BYTES)
        return fault_add(fault, RC_TOO_LARGE, NULL, "The model is larger than 16 MB.", NULL);
    if (has_doctype(xml))
        return fault_add(fault, RC_INVALID, NULL, "A model must not have a document type.", NULL);
    xmlDocPtr doc = xmlReadMemory(xml.len ? xml.at : "", (int)xml.len, "model.dmn", NULL, options);
    if (doc && xmlDocGetRootElement(doc)) {
        *out = doc;
        return RC_OK;
    }
    if (doc)
        xmlFreeDoc(doc);
    const xmlError *error = xmlGetLastError();
    size_t at = fault->entries_len;
    enum rc rc = fault_add(fault, RC_INVALID, NULL, "This is not well-formed XML.", NULL);
    if (error && fault->entries_len > at) {
        fault->entries[at].line = error->line;
        fault->entries[at].column = error->int2;
    }
    return rc;
}

static bool is_model_namespace(const xmlNs *ns)
{
    return ns && ns->href && strstr((const char *)ns->href, "omg.org/spec/DMN");
}

struct str dmn__tag(xmlNodePtr node)
{
    if (!node || node->type != XML_ELEMENT_NODE || !is_model_namespace(node->ns))
        return STR_NONE;
    return str_of((const char *)node->name);
}

bool dmn__is(xmlNodePtr node, const char *tag)
{
    struct str is = dmn__tag(node);
    return is.at && str_eq(is, str_of(tag));
}

static xmlNodePtr from(xmlNodePtr node, const char *tag)
{
    while (node && !(tag ? dmn__is(node, tag) : dmn__tag(node).at != NULL))
        node = node->next;
    return node;
}

xmlNodePtr dmn__child(xmlNodePtr node, const char *tag)
{
    return node ? from(node->children, tag) : NULL;
}

xmlNodePtr dmn__next(xmlNodePtr node, const char *tag)
{
    return from(node->next, tag);
}

static struct str taken(struct arena *arena, xmlChar *text)
{
    if (!text)
        return STR_NONE;
    struct str copy = str_dup(arena, str_of((const char *)text));
    xmlFree(text);
    return copy;
}

struct str dmn__attr(struct arena *arena, xmlNodePtr node, const char *name)
{
    return node ? taken(arena, xmlGetNoNsProp(node, (const xmlChar *)name)) : STR_NONE;
}

struct str dmn__text(struct arena *arena, xmlNodePtr node, const char *tag)
{
    if (node && tag)
        node = dmn__child(node, tag);
    return node ? taken(arena, xmlNodeGetContent(node)) : STR_NONE;
}

static struct str namespace_of(struct arena *arena, const xmlNs *ns)
{
    return ns && ns->href ? str_dup(arena, str_of((const char *)ns->href)) : STR("");
}

static void attributes_of(struct arena *arena, xmlNodePtr node, bool only_foreign,
                          struct dmn_attribute **out, size_t *out_len)
{
    VEC(struct dmn_attribute) list = {0};
    for (xmlAttrPtr a = node->properties; a; a = a->next) {
        if (only_foreign && (!a->ns || is_model_namespace(a->ns)))
            continue;
        struct dmn_attribute one = {
            .namespace = namespace_of(arena, a->ns),
            .name = str_dup(arena, str_of((const char *)a->name)),
            .value = taken(arena, xmlNodeListGetString(node->doc, a->children, 1))};
        one.value = one.value.at ? one.value : STR("");
        VEC_PUSH(arena, &list, one);
    }
    *out = list.at;
    *out_len = list.len;
}

void dmn__foreign(struct arena *arena, xmlNodePtr node, struct dmn_attribute **out, size_t *out_len)
{
    attributes_of(arena, node, true, out, out_len);
}

static struct dmn_extensions children_of(struct arena *arena, xmlNodePtr parent, int depth)
{
    VEC(struct dmn_extension) list = {0};
    for (xmlNodePtr node = parent->children; node && depth < 32; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        struct dmn_extension one = {.namespace = namespace_of(arena, node->ns),
                                    .name = str_dup(arena, str_of((const char *)node->name)),
                                    .text = str_trim(dmn__text(arena, node, NULL))};
        struct dmn_attribute *attributes = NULL;
        struct dmn_extensions inner = children_of(arena, node, depth + 1);
        attributes_of(arena, node, false, &attributes, &one.attributes_len);
        one.attributes = attributes;
        one.children = inner.at;
        one.children_len = inner.len;
        VEC_PUSH(arena, &list, one);
    }
    return (struct dmn_extensions){list.at, list.len};
}

struct dmn_extensions dmn__extensions(struct arena *arena, xmlNodePtr node)
{
    xmlNodePtr extensions = dmn__child(node, "extensionElements");
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
