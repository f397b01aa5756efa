/* One part of a workbook as a stream of elements. libxml2's push parser takes pieces of 32 KiB, so
 * memory stays bounded by the largest element; its reader interface was rejected because it builds
 * a node for everything it passes (three times slower on a worksheet). A document type is refused
 * where it begins: no part of a workbook has one, and entities live there. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <zip.h>

#include "sheet/sheet_int.h"

struct sheet__xml {
    struct sheet *sheet;
    const struct sheet__hooks *hooks;
    void *self;
    xmlSAXHandler sax;
    xmlParserCtxtPtr parser;
    zip_file_t *file;
    uint64_t unpacked, packed_bytes;
    enum rc rc; /* what a hook returned, or a refusal */
    bool is_end;
    const xmlChar *main_uri; /* interned: the last namespace found to be the main one */
    struct sheet__element element;
    char *chunk;
};

/* Strict and transitional names of the namespaces that count. */
static bool is_main_uri(const char *uri)
{
    static const char *const uris[] = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
    };
    for (size_t i = 0; i < LEN(uris); i++)
        if (strcmp(uri, uris[i]) == 0)
            return true;
    return false;
}

static bool is_relation_uri(const xmlChar *uri)
{
    return uri &&
           (xmlStrEqual(uri, (const xmlChar *)"http://schemas.openxmlformats.org/officeDocument/"
                                              "2006/relationships") ||
            xmlStrEqual(uri, (const xmlChar *)"http://purl.oclc.org/ooxml/officeDocument/"
                                              "relationships"));
}

static void stop(struct sheet__xml *xml, enum rc rc)
{
    if (rc == RC_OK || xml->rc != RC_OK)
        return;
    xml->rc = rc;
    xmlStopParser(xml->parser);
}

static const char *name_of(struct sheet__xml *xml, const xmlChar *name, const xmlChar *uri)
{
    /* Parts without any namespace come from hand-written exporters; there is nothing to confuse. */
    if (uri && uri != xml->main_uri) {
        if (!is_main_uri((const char *)uri))
            return "";
        xml->main_uri = uri;
    }
    return (const char *)name;
}

static void on_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces_len, const xmlChar **namespaces, int attrs_len,
                     int defaulted_len, const xmlChar **attrs)
{
    (void)prefix, (void)namespaces_len, (void)namespaces, (void)defaulted_len;
    struct sheet__xml *xml = self;
    struct sheet__element *element = &xml->element;
    if (xml->rc != RC_OK)
        return;
    element->name = name_of(xml, name, uri);
    element->attrs_len = 0;
    for (int i = 0; i < attrs_len && element->attrs_len < SHEET__ATTRS_MAX; i++, attrs += 5)
        element->attrs[element->attrs_len++] = (struct sheet__attr){
            .name = (const char *)attrs[0],
            .is_relation = is_relation_uri(attrs[2]),
            .value = {(const char *)attrs[3], (size_t)(attrs[4] - attrs[3])},
        };
    stop(xml, xml->hooks->start(xml->self, element));
}

static void on_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix;
    struct sheet__xml *xml = self;
    if (xml->rc == RC_OK)
        stop(xml, xml->hooks->end(xml->self, name_of(xml, name, uri)));
}

static void on_text(void *self, const xmlChar *at, int len)
{
    struct sheet__xml *xml = self;
    if (xml->rc == RC_OK && xml->hooks->text)
        stop(xml, xml->hooks->text(xml->self, (struct str){(const char *)at, (size_t)len}));
}

static void on_doctype(void *self, const xmlChar *name, const xmlChar *external_id,
                       const xmlChar *system_id)
{
    (void)name, (void)external_id, (void)system_id;
    struct sheet__xml *xml = self;
    stop(xml, fault_add(xml->sheet->fault, RC_INVALID, NULL,
                        "The workbook holds a document type or external entities, which no "
                        "spreadsheet program writes. Save it again as .xlsx in such a program.",
                        NULL));
}

/* What is wrong is told once, after the step; libxml2 must not print it. */
static void on_error(void *self, xmlErrorPtr error)
{
    (void)self, (void)error;
}

enum rc sheet__xml_open(struct sheet *sheet, int64_t part, const struct sheet__hooks *hooks,
                        void *self, struct sheet__xml **out)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(sheet->package.zip, (zip_uint64_t)part, 0, &stat) < 0)
        return sheet__broken(sheet);
    struct sheet__xml *xml = NEW(sheet->arena, struct sheet__xml);
    *xml = (struct sheet__xml){
        .sheet = sheet, .hooks = hooks, .self = self, .packed_bytes = stat.comp_size};
    xml->sax.initialized = XML_SAX2_MAGIC;
    xml->sax.startElementNs = on_start;
    xml->sax.endElementNs = on_end;
    xml->sax.characters = on_text;
    xml->sax.ignorableWhitespace = on_text;
    xml->sax.cdataBlock = on_text;
    xml->sax.internalSubset = on_doctype;
    xml->sax.serror = on_error;
    xml->chunk = arena_alloc(sheet->arena, SHEET__CHUNK_BYTES);
    xml->file = zip_fopen_index(sheet->package.zip, (zip_uint64_t)part, 0);
    xml->parser = xmlCreatePushParserCtxt(&xml->sax, xml, NULL, 0, NULL);
    if (!xml->file || !xml->parser) {
        sheet__xml_close(xml);
        return sheet->package.source_rc != RC_OK ? sheet->package.source_rc : sheet__broken(sheet);
    }
    (void)xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET);
    *out = xml;
    return RC_OK;
}

static enum rc step_result(struct sheet__xml *xml)
{
    if (xml->rc == RC_OK && (!xml->parser->wellFormed || xml->parser->disableSAX))
        xml->rc = sheet__broken(xml->sheet);
    return xml->rc;
}

enum rc sheet__xml_step(struct sheet__xml *xml)
{
    struct sheet__package *package = &xml->sheet->package;
    if (xml->rc != RC_OK)
        return xml->rc;
    if (xml->is_end)
        return RC_MISSING;
    zip_int64_t len = zip_fread(xml->file, xml->chunk, SHEET__CHUNK_BYTES);
    if (len < 0) { /* libzip compares size and CRC at the end */
        xml->rc = package->source_rc != RC_OK ? package->source_rc : sheet__broken(xml->sheet);
        return xml->rc;
    }
    xml->unpacked += (uint64_t)len;
    xml->rc = sheet__unpacked(xml->sheet, (uint64_t)len, xml->unpacked, xml->packed_bytes);
    TRY(xml->rc);
    xml->is_end = len == 0;
    (void)xmlParseChunk(xml->parser, xml->chunk, (int)len, xml->is_end);
    return step_result(xml);
}

int64_t sheet__xml_bytes(const struct sheet__xml *xml)
{
    return (int64_t)xml->unpacked;
}

void sheet__xml_close(struct sheet__xml *xml)
{
    if (!xml)
        return;
    if (xml->parser)
        xmlFreeParserCtxt(xml->parser);
    if (xml->file)
        (void)zip_fclose(xml->file);
    xml->parser = NULL;
    xml->file = NULL;
}

enum rc sheet__xml_read(struct sheet *sheet, int64_t part, const struct sheet__hooks *hooks,
                        void *self)
{
    struct sheet__xml *xml = NULL;
    TRY(sheet__xml_open(sheet, part, hooks, self, &xml));
    assert(xml);
    enum rc rc;
    do {
        rc = sheet__xml_step(xml);
    } while (rc == RC_OK);
    sheet__xml_close(xml);
    return rc == RC_MISSING ? RC_OK : rc;
}

struct str sheet__attr_of(const struct sheet__element *element, const char *name)
{
    for (size_t i = 0; i < element->attrs_len; i++)
        if (!element->attrs[i].is_relation && strcmp(element->attrs[i].name, name) == 0)
            return element->attrs[i].value;
    return STR_NONE;
}
