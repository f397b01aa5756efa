/* The description of the API against the tables of routes: every operation and every field is in
 * it, and nothing else. */
#include "main/modules.h"
#include "tests/tap.h"

static struct arena *arena;
static const struct json_value *document;
static const char *const methods[] = {"", "get", "post", "put", "patch", "delete"};

/* "/partners/:prt/lines/{no}" as the description spells it. */
static struct str path_of(const char *path)
{
    AUTO_BUF text = BUF(1024);
    for (const char *c = path; *c; c++) {
        if (*c != ':') {
            buf_char(&text, *c);
            continue;
        }
        buf_char(&text, '{');
        for (c++; *c && *c != '/' && *c != '='; c++)
            buf_char(&text, *c);
        buf_char(&text, '}');
        while (*c && *c != '/')
            c++;
        c--;
    }
    return str_dup(arena, buf_str(&text));
}

static const struct json_value *get(const struct json_value *object, struct str name)
{
    return json_get(object, str_c(arena, name));
}

static bool is_parameter(const struct json_value *operation, struct str name, const char *in)
{
    const struct json_value *list = json_get(operation, "parameters");
    const struct json_value *one;
    for (size_t i = 0; (one = json_at(list, i)) != NULL; i++)
        if (str_eq(json_text(json_get(one, "name")), name) &&
            str_eq(json_text(json_get(one, "in")), str_of(in)))
            return true;
    return false;
}

static const struct json_value *properties_of(const struct json_value *operation, const char *type)
{
    const struct json_value *content = json_get(json_get(operation, "requestBody"), "content");
    return json_get(json_get(json_get(content, type), "schema"), "properties");
}

static bool has_field(const struct json_value *operation, const struct route *route,
                      const struct field *field)
{
    struct str name = str_of(field->name);
    if (route->method == HTTP_GET || route->method == HTTP_DELETE)
        return is_parameter(operation, field->type == FIELD_PAGE ? STR("after") : name, "query");
    return get(properties_of(operation, "application/json"), name) ||
           get(properties_of(operation, "multipart/form-data"), name);
}

static bool is_right(const struct route *route)
{
    const struct json_value *operation =
        json_get(get(json_get(document, "paths"), path_of(route->path)), methods[route->method]);
    if (!operation)
        return false;
    bool right = true;
    struct str rest = path_of(route->path);
    while (rest.at) {
        struct str segment = str_cut(&rest, '/');
        if (segment.len > 2 && segment.at[0] == '{')
            right = right && is_parameter(operation, str_sub(segment, 1, segment.len - 2), "path");
    }
    for (const struct field *field = route->fields; field && field->name; field++)
        right = right && has_field(operation, route, field);
    if (route->permission[0] != '-')
        right = right &&
                str_eq(json_text(json_get(operation, "x-permission")), str_of(route->permission));
    return right;
}

/* Operations of the description, to be as many as there are routes. */
static size_t operations(void)
{
    size_t count = 0;
    const struct json_value *paths = json_get(document, "paths");
    for (size_t i = 0; i < paths->len; i++)
        for (size_t m = 1; m < LEN(methods); m++)
            count += json_get(&paths->members[i].value, methods[m]) != NULL;
    return count;
}

/* Each "$ref" leads somewhere. */
static int broken_references(struct str text)
{
    static const char mark[] = "\"$ref\":\"#/";
    int broken = 0;
    for (size_t at = 0; (at = str_find(text, str_of(mark), at)) != SIZE_MAX; at++) {
        struct str rest = str_sub(text, at + sizeof(mark) - 1, 200);
        struct str path = str_cut(&rest, '"');
        const struct json_value *value = document;
        while (path.at && value)
            value = get(value, str_cut(&path, '/'));
        broken += value == NULL;
    }
    return broken;
}

int main(void)
{
    arena = arena_new((size_t)256 << 20);
    AUTO_BUF text = BUF(16 << 20);
    size_t routes = 0;
    modules_start();
    http_openapi(modules_routes(), "1.2.3", &text);
    ok(json_parse(arena, buf_str(&text), (struct json_limits){.depth_max = 40}, &document, NULL) ==
           RC_OK,
       "the description is JSON");
    is_str(json_text(json_get(document, "openapi")), "3.1.0", "of OpenAPI 3.1");
    is_str(json_text(json_get(json_get(document, "info"), "version")), "1.2.3",
           "of this version of the program");
    for (const struct route *const *table = modules_routes(); *table; table++)
        for (const struct route *route = *table; route->path; route++) {
            if (!route->is_api)
                continue;
            routes++;
            ok(is_right(route), str_c(arena, str_printf(arena, "%s %s is described with its fields",
                                                        methods[route->method], route->path)));
        }
    ok(routes > 30, "the API has operations");
    is_i64((int64_t)operations(), (int64_t)routes, "and nothing is described that is not there");
    is_i64(broken_references(buf_str(&text)), 0, "every reference leads somewhere");
    arena_free(arena);
    return done_testing();
}
