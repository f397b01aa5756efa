/* The API described as OpenAPI 3.1, written from the tables that the router runs: a route or a
 * field that exists is described, and nothing else is. Objects in answers are left open, as the
 * tables do not know them. Sources: the OpenAPI Specification 3.1, JSON Schema 2020-12, RFC 9457.
 */
#include "http/http_int.h"
#include "http/http_view.h"
#include "http/http_view_int.h"

#define API_ROOT "/api/v1"
/* What crypt's public ids look like after their prefix. */
#define ID_PATTERN "_[0-9A-HJKMNP-TV-Z]{13}$"

static const char *const method_names[] = {"", "get", "post", "put", "patch", "delete"};
static const char *const method_words[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};

/* ---- schemas of fields ---- */

static void put_type(struct json_writer *w, const char *type)
{
    json_pair_str(w, "type", str_of(type));
}

static void put_id_pattern(struct json_writer *w, const char *prefix)
{
    char pattern[64];
    put_type(w, "string");
    (void)snprintf(pattern, sizeof(pattern), "^%.20s" ID_PATTERN, prefix);
    json_pair_str(w, "pattern", str_of(pattern));
}

static void put_text(struct json_writer *w, const struct field *field)
{
    put_type(w, "string");
    if (field->min > 0)
        json_pair_i64(w, "minLength", field->min);
    if (field->max > 0)
        json_pair_i64(w, "maxLength", field->max);
    if (field->type == FIELD_SECRET)
        json_pair_str(w, "format", STR("password"));
}

static void put_number(struct json_writer *w, const struct field *field)
{
    enum { SAFE_BITS = 53 };
    put_type(w, "integer");
    if (field->min == field->max)
        return;
    if (field->min >= -(INT64_C(1) << SAFE_BITS))
        json_pair_i64(w, "minimum", field->min);
    if (field->max <= INT64_C(1) << SAFE_BITS)
        json_pair_i64(w, "maximum", field->max);
}

static void put_choices(struct json_writer *w, const struct field *field)
{
    put_type(w, "string");
    json_key(w, "enum");
    json_array(w);
    for (const struct field_choice *choice = field->choices; choice->name; choice++)
        json_put_str(w, str_of(choice->name));
    json_array_end(w);
}

static void put_list(struct json_writer *w, const struct field *field)
{
    put_type(w, "array");
    if (field->max > 0)
        json_pair_i64(w, "maxItems", field->max);
    json_key(w, "items");
    json_object(w);
    if (field->prefix)
        put_id_pattern(w, field->prefix);
    else
        put_type(w, "string");
    json_object_end(w);
}

static void put_pairs(struct json_writer *w)
{
    put_type(w, "object");
    json_key(w, "additionalProperties");
    json_object(w);
    put_type(w, "string");
    json_object_end(w);
}

static void put_schema(struct json_writer *w, const struct field *field)
{
    json_object(w);
    switch (field->type) {
    case FIELD_STR:
    case FIELD_BLOCK:
    case FIELD_SECRET: put_text(w, field); break;
    case FIELD_I64:
    case FIELD_OPT_I64: put_number(w, field); break;
    case FIELD_BOOL: put_type(w, "boolean"); break;
    case FIELD_DATE:
    case FIELD_OPT_DATE:
        put_type(w, "string");
        json_pair_str(w, "format", STR("date"));
        break;
    case FIELD_DEC:
        put_type(w, "string");
        json_pair_str(w, "format", STR("decimal"));
        break;
    case FIELD_MONEY: json_pair_str(w, "$ref", STR("#/components/schemas/Money")); break;
    case FIELD_ENUM: put_choices(w, field); break;
    case FIELD_ID:
    case FIELD_OPT_ID: put_id_pattern(w, field->prefix); break;
    case FIELD_STRS:
    case FIELD_IDS: put_list(w, field); break;
    case FIELD_PAIRS: put_pairs(w); break;
    case FIELD_FILE:
        put_type(w, "string");
        json_pair_str(w, "format", STR("binary"));
        break;
    case FIELD_PAGE: break; /* is several parameters */
    }
    json_object_end(w);
}

static bool is_required(const struct field *field)
{
    switch (field->type) {
    case FIELD_STR:
    case FIELD_BLOCK:
    case FIELD_SECRET: return field->min > 0;
    case FIELD_I64:
    case FIELD_DATE:
    case FIELD_ID: return true;
    case FIELD_ENUM:
    case FIELD_FILE: return !field->is_optional;
    default: return false;
    }
}

/* ---- parameters ---- */

static void parameter_begin(struct json_writer *w, struct str name, const char *in, bool required)
{
    json_object(w);
    json_pair_str(w, "name", name);
    json_pair_str(w, "in", str_of(in));
    json_pair_bool(w, "required", required);
    json_key(w, "schema");
}

static void put_page_parameters(struct json_writer *w, const struct field *field)
{
    static const char *const cursors[] = {"after", "before"};
    parameter_begin(w, STR("sort"), "query", false);
    json_object(w);
    put_type(w, "string");
    json_key(w, "enum");
    json_array(w);
    for (const char *const *sort = field->sorts; sort && *sort; sort++)
        json_put_str(w, str_of(*sort));
    json_array_end(w);
    json_object_end(w);
    json_object_end(w);
    parameter_begin(w, STR("dir"), "query", false);
    json_put_raw(w, STR("{\"type\":\"string\",\"enum\":[\"asc\",\"desc\"]}"));
    json_object_end(w);
    for (size_t i = 0; i < LEN(cursors); i++) {
        parameter_begin(w, str_of(cursors[i]), "query", false);
        json_put_raw(w, STR("{\"type\":\"string\"}"));
        json_object_end(w);
    }
    parameter_begin(w, STR("limit"), "query", false);
    json_put_raw(w, STR("{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000}"));
    json_object_end(w);
}

/* ":prt", ":to=prt" or "{code}" of a path. */
static void put_segment(struct json_writer *w, struct str segment)
{
    bool is_id = segment.at[0] == ':';
    struct str prefix = str_sub(segment, 1, segment.len - (is_id ? 1 : 2));
    struct str name = is_id ? str_cut(&prefix, '=') : prefix;
    char text[32] = "";
    if (!prefix.at)
        prefix = name;
    snprintf(text, sizeof(text), STR_FMT, STR_ARG(prefix));
    parameter_begin(w, name, "path", true);
    json_object(w);
    if (is_id)
        put_id_pattern(w, text);
    else
        put_type(w, "string");
    json_object_end(w);
    json_object_end(w);
}

static bool is_in_query(const struct route *route)
{
    return route->method == HTTP_GET || route->method == HTTP_DELETE;
}

static void put_parameters(struct json_writer *w, const struct route *route)
{
    json_key(w, "parameters");
    json_array(w);
    struct str rest = str_of(route->path);
    while (rest.at) {
        struct str segment = str_cut(&rest, '/');
        if (segment.len > 0 && (segment.at[0] == ':' || segment.at[0] == '{'))
            put_segment(w, segment);
    }
    for (const struct field *field = route->fields; field && field->name && is_in_query(route);
         field++) {
        if (field->type == FIELD_PAGE) {
            put_page_parameters(w, field);
            continue;
        }
        parameter_begin(w, str_of(field->name), "query", is_required(field));
        put_schema(w, field);
        json_object_end(w);
    }
    if (route->method == HTTP_POST)
        json_put_raw(w, STR("{\"$ref\":\"#/components/parameters/IdempotencyKey\"}"));
    json_array_end(w);
}

/* ---- bodies and answers ---- */

static void put_object(struct json_writer *w, const struct route *route)
{
    json_object(w);
    put_type(w, "object");
    json_pair_bool(w, "additionalProperties", false);
    json_key(w, "properties");
    json_object(w);
    for (const struct field *field = route->fields; field->name; field++) {
        json_key(w, field->name);
        put_schema(w, field);
    }
    json_object_end(w);
    json_key(w, "required");
    json_array(w);
    for (const struct field *field = route->fields; field->name; field++)
        if (is_required(field))
            json_put_str(w, str_of(field->name));
    json_array_end(w);
    json_object_end(w);
}

static const char *body_type(const struct route *route)
{
    if (route->raw_type)
        return route->raw_type;
    for (const struct field *field = route->fields; field && field->name; field++)
        if (field->type == FIELD_FILE)
            return "multipart/form-data";
    return route->fields ? "application/json" : NULL;
}

static void put_body(struct json_writer *w, const struct route *route)
{
    const char *type = is_in_query(route) ? NULL : body_type(route);
    if (!type)
        return;
    json_key(w, "requestBody");
    json_object(w);
    json_pair_bool(w, "required", true);
    json_key(w, "content");
    json_object(w);
    json_key(w, type);
    json_object(w);
    if (!route->raw_type) {
        json_key(w, "schema");
        put_object(w, route);
    }
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}

static void put_operation_id(struct json_writer *w, const struct route *route)
{
    AUTO_BUF id = BUF(512);
    buf_put(&id, str_of(method_names[route->method]));
    for (const char *c = route->path; *c; c++) {
        bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (is_plain)
            buf_char(&id, *c);
        else if (id.at[id.len - 1] != '_')
            buf_char(&id, '_');
    }
    json_pair_str(w, "operationId", buf_str(&id));
}

static void put_operation(struct json_writer *w, const struct route *route)
{
    json_key(w, method_names[route->method]);
    json_object(w);
    put_operation_id(w, route);
    struct str rest = str_sub(str_of(route->path), 1, SIZE_MAX);
    json_key(w, "tags");
    json_array(w);
    json_put_str(w, str_cut(&rest, '/'));
    json_array_end(w);
    bool is_public = strcmp(route->permission, PERM_PUBLIC) == 0;
    if (is_public)
        json_pair_str(w, "description", STR("For everybody."));
    else if (strcmp(route->permission, PERM_SIGNED_IN) == 0)
        json_pair_str(w, "description", STR("For every key."));
    else
        json_pair_str(w, "x-permission", str_of(route->permission));
    if (is_public) {
        json_key(w, "security");
        json_put_raw(w, STR("[]"));
    }
    put_parameters(w, route);
    put_body(w, route);
    json_key(w, "responses");
    json_put_raw(w, route->method == HTTP_GET
                        ? STR("{\"200\":{\"$ref\":\"#/components/responses/Found\"},"
                              "\"default\":{\"$ref\":\"#/components/responses/Problem\"}}")
                        : STR("{\"2XX\":{\"$ref\":\"#/components/responses/Done\"},"
                              "\"default\":{\"$ref\":\"#/components/responses/Problem\"}}"));
    json_object_end(w);
}

/* ---- the document ---- */

static void put_path(struct json_writer *w, const char *path)
{
    AUTO_BUF text = BUF(512);
    struct str rest = str_sub(str_of(path), 1, SIZE_MAX);
    while (rest.at) {
        struct str segment = str_cut(&rest, '/');
        buf_char(&text, '/');
        if (segment.len > 0 && segment.at[0] == ':') {
            struct str name = str_sub(segment, 1, SIZE_MAX);
            struct str word = str_cut(&name, '=');
            buf_printf(&text, "{" STR_FMT "}", STR_ARG(word));
        } else {
            buf_put(&text, segment);
        }
    }
    json_key_str(w, buf_str(&text));
}

static bool is_described(const struct route *route)
{
    return route->is_api && !route->hot;
}

static const struct route *route_of(const struct route *const *tables, size_t i)
{
    for (; *tables; tables++)
        for (const struct route *route = *tables; route->path; route++)
            if (is_described(route) && i-- == 0)
                return route;
    return NULL;
}

static bool is_first_of_path(const struct route *const *tables, size_t i)
{
    const char *path = route_of(tables, i)->path;
    for (size_t k = 0; k < i; k++)
        if (strcmp(route_of(tables, k)->path, path) == 0)
            return false;
    return true;
}

static void put_paths(struct json_writer *w, const struct route *const *tables)
{
    json_key(w, "paths");
    json_object(w);
    const struct route *route;
    for (size_t i = 0; (route = route_of(tables, i)) != NULL; i++) {
        if (!is_first_of_path(tables, i))
            continue;
        put_path(w, route->path);
        json_object(w);
        const struct route *same;
        for (size_t k = i; (same = route_of(tables, k)) != NULL; k++)
            if (strcmp(same->path, route->path) == 0)
                put_operation(w, same);
        json_object_end(w);
    }
    json_object_end(w);
}

static const char components[] =
    "{\"securitySchemes\":{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\","
    "\"description\":\"An API key: kontor_sk_… or kontor_pk_…\"}},"
    "\"parameters\":{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
    "\"required\":false,\"description\":\"Repeating a POST with the same key within 24 hours gives "
    "the first answer again.\",\"schema\":{\"type\":\"string\",\"maxLength\":200}}},"
    "\"schemas\":{\"Money\":{\"type\":\"object\",\"required\":[\"amount\",\"currency\"],"
    "\"properties\":{\"amount\":{\"type\":\"string\",\"examples\":[\"123.45\"]},"
    "\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}}},"
    "\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
    "\"request_id\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},"
    "\"message\":{\"type\":\"string\"}}}}}}},"
    "\"responses\":{\"Found\":{\"description\":\"What was asked for; a list is {data, "
    "next_cursor}.\",\"content\":{\"application/json\":{}}},"
    "\"Done\":{\"description\":\"It is done; what was made has id and location.\","
    "\"content\":{\"application/json\":{}}},"
    "\"Problem\":{\"description\":\"It was refused; nothing happened unless code is unsure.\","
    "\"content\":{\"application/problem+json\":{\"schema\":{"
    "\"$ref\":\"#/components/schemas/Problem\"}}}}}}";

static void put_document(struct json_writer *w, const struct route *const *tables,
                         const char *version)
{
    json_object(w);
    json_pair_str(w, "openapi", STR("3.1.0"));
    json_key(w, "info");
    json_object(w);
    json_pair_str(w, "title", STR("Kontor"));
    json_pair_str(w, "version", str_of(version));
    json_object_end(w);
    json_key(w, "servers");
    json_put_raw(w, STR("[{\"url\":\"" API_ROOT "\"}]"));
    json_key(w, "security");
    json_put_raw(w, STR("[{\"key\":[]}]"));
    put_paths(w, tables);
    json_key(w, "components");
    json_put_raw(w, str_of(components));
    json_object_end(w);
}

void http_openapi(const struct route *const *tables, const char *version, struct buf *out)
{
    struct json_writer w = JSON_WRITER(out);
    put_document(&w, tables, version);
    buf_char(out, '\n');
}

/* ---- the reference page ---- */

static struct str fields_of(struct arena *arena, const struct route *route)
{
    AUTO_BUF names = BUF(64 * 1024);
    for (const struct field *field = route->fields; field && field->name; field++) {
        const char *name =
            field->type == FIELD_PAGE ? "sort, dir, after, before, limit" : field->name;
        buf_printf(&names, "%s%s%s", names.len ? ", " : "", name, is_required(field) ? "*" : "");
    }
    return names.len ? str_dup(arena, buf_str(&names)) : STR("");
}

static enum rc page_openapi(struct req *r)
{
    const struct http_options *options = &r->in->site->options;
    put_document(http_json(r), options->routes, options->version ? options->version : "");
    return http_json_end(r);
}

static enum rc page_reference(struct req *r)
{
    const struct route *const *tables = r->in->site->options.routes;
    struct http__reference page = {0};
    const struct route *route;
    for (size_t i = 0; (route = route_of(tables, i)) != NULL; i++) {
        struct http__operation operation = {
            .method = method_words[route->method],
            .path = str_join(r->op->arena, STR(API_ROOT), str_of(route->path)),
            .fields = fields_of(r->op->arena, route),
            .permission = route->permission[0] == '-' ? "" : route->permission};
        VEC_PUSH(r->op->arena, &page.operations, operation);
    }
    return PAGE(r, M("The API"), http_reference, &page);
}

const struct route http_openapi_routes[] = {
    ROUTE(GET, "/openapi.json", page_openapi, PERM_PUBLIC, API_ONLY),
    ROUTE(GET, "/api-reference", page_reference, PERM_SIGNED_IN),
    {0},
};
