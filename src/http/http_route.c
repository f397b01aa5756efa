/* The router: all tables of routes in one tree of path segments, built and checked once. A literal
 * segment wins over a public id, and that over any text, so /partners/new and /partners/:prt live
 * side by side. A list of patterns tried in order was rejected: its cost grows with the product. */
#include "conf/conf.h"
#include "http/http_int.h"

enum child_kind { CHILD_ID = 1, CHILD_TEXT };

struct http__node {
    struct map *literals; /* segment -> node */
    struct child {
        enum child_kind kind;
        const char *name, *prefix;
        struct http__node *node;
        struct child *next;
    } * children; /* ids before texts */
    const struct route *by_method[HTTP_DELETE + 1];
    size_t route_i[HTTP_DELETE + 1];
};

const struct http__site *http__current;

static const char *const method_names[] = {[HTTP_GET] = "GET",
                                           [HTTP_POST] = "POST",
                                           [HTTP_PUT] = "PUT",
                                           [HTTP_PATCH] = "PATCH",
                                           [HTTP_DELETE] = "DELETE"};

/* A mistake in a table of routes is found at start, before anybody is served. */
static void check(bool is_fine, const struct route *route, const char *what)
{
    if (is_fine)
        return;
    fprintf(stderr, "route %s %s: %s\n",
            route->method >= HTTP_GET && route->method <= HTTP_DELETE ? method_names[route->method]
                                                                      : "?",
            route->path ? route->path : "?", what);
    abort();
}

static struct http__node *node_new(struct arena *arena)
{
    struct http__node *node = NEW(arena, struct http__node);
    node->literals = map_new(arena);
    return node;
}

static struct http__node *child_node(struct arena *arena, struct http__node *node,
                                     enum child_kind kind, const char *name, const char *prefix)
{
    struct child **place = &node->children;
    for (; *place && (*place)->kind <= kind; place = &(*place)->next)
        if ((*place)->kind == kind && strcmp((*place)->name, name) == 0 &&
            strcmp((*place)->prefix, prefix) == 0)
            return (*place)->node;
    struct child *child = NEW(arena, struct child);
    *child = (struct child){kind, name, prefix, node_new(arena), *place};
    *place = child;
    return child->node;
}

static struct http__node *segment_node(struct arena *arena, struct http__node *node,
                                       const struct route *route, struct str segment)
{
    check(segment.len > 0, route, "an empty segment");
    if (segment.at[0] == ':') {
        struct str name = str_sub(segment, 1, segment.len - 1);
        struct str prefix = name;
        name = str_cut(&prefix, '=');
        if (!prefix.at)
            prefix = name;
        return child_node(arena, node, CHILD_ID, str_c(arena, name), str_c(arena, prefix));
    }
    if (segment.at[0] == '{') {
        check(segment.len > 2 && segment.at[segment.len - 1] == '}', route, "an unclosed {");
        struct str name = str_sub(segment, 1, segment.len - 2);
        return child_node(arena, node, CHILD_TEXT, str_c(arena, name), "");
    }
    void **slot = map_put(node->literals, str_dup(arena, segment));
    if (!*slot)
        *slot = node_new(arena);
    return *slot;
}

static void check_fields(const struct route *route)
{
    for (const struct field *field = route->fields; field && field->name; field++) {
        bool is_id =
            field->type == FIELD_ID || field->type == FIELD_OPT_ID || field->type == FIELD_IDS;
        check(field->type >= FIELD_STR && field->type <= FIELD_PAGE, route, "a field has no type");
        check(field->offset < route->form_bytes, route, "a field stands outside its form");
        check(!is_id || field->prefix, route, "an id field without a prefix");
        check(field->type != FIELD_ENUM || field->choices, route, "a choice without choices");
        check(field->type != FIELD_FILE || route->method != HTTP_GET, route, "a file in a query");
        for (const struct field *other = route->fields; other != field; other++)
            check(strcmp(other->name, field->name) != 0, route, "a field stands twice");
    }
}

static void check_route(const struct route *route)
{
    size_t permission_i;
    check(route->path && route->path[0] == '/', route, "a path begins with /");
    check(route->method >= HTTP_GET && route->method <= HTTP_DELETE, route, "no method");
    check(route->permission && route->permission[0], route, "no permission");
    check(strcmp(route->permission, PERM_PUBLIC) == 0 ||
              strcmp(route->permission, PERM_SIGNED_IN) == 0 ||
              permission_find(str_of(route->permission), &permission_i),
          route, "its permission is not declared");
    check((route->page != NULL) != (route->hot != NULL), route, "needs one handler");
    check(!route->fields || route->form_bytes > 0, route, "fields without a form");
    check(!route->raw_type || !route->fields, route, "a raw body has no fields");
    check(!route->form_page || route->method != HTTP_GET, route, "a form page belongs to a POST");
    check_fields(route);
}

static void add_route(struct http__site *site, const struct route *route)
{
    struct http__node *node = site->tree;
    check_route(route);
    struct str rest = str_of(route->path);
    size_t params = 0;
    (void)str_cut(&rest, '/');
    while (rest.len > 0) {
        struct str segment = str_cut(&rest, '/');
        params += segment.len > 0 && (segment.at[0] == ':' || segment.at[0] == '{');
        node = segment_node(site->arena, node, route, segment);
    }
    check(params <= HTTP_PARAMS_MAX, route, "too many parameters");
    check(!node->by_method[route->method], route, "stands twice");
    node->by_method[route->method] = route;
    node->route_i[route->method] = site->routes_len;
    site->routes[site->routes_len++] = route;
}

/* ---- matching ---- */

struct matching {
    const struct str *segments;
    size_t len;
    struct http__match *out;
    const struct http__node *found;
};

static bool child_takes(const struct child *child, struct str segment, struct http__param *out)
{
    *out = (struct http__param){.name = child->name, .text = segment};
    return child->kind == CHILD_TEXT ? segment.len <= 256
                                     : pid_parse(child->prefix, segment, &out->id);
}

static bool walk(struct matching *m, const struct http__node *node, size_t i, size_t params_len)
{
    if (i == m->len) {
        bool has_any = false;
        for (int method = HTTP_GET; method <= HTTP_DELETE; method++)
            has_any = has_any || node->by_method[method];
        if (!has_any)
            return false;
        m->found = node;
        m->out->params_len = params_len;
        return true;
    }
    const struct http__node *literal = map_get(node->literals, m->segments[i]);
    if (literal && walk(m, literal, i + 1, params_len))
        return true;
    for (const struct child *child = node->children; child; child = child->next)
        if (params_len < HTTP_PARAMS_MAX &&
            child_takes(child, m->segments[i], &m->out->params[params_len]) &&
            walk(m, child->node, i + 1, params_len + 1))
            return true;
    return false;
}

static bool is_reachable(const struct route *route, bool is_api)
{
    return route && (is_api ? route->is_api : !route->is_api_only);
}

static void fill_allow(const struct http__node *node, struct http__match *out)
{
    size_t len = 0;
    for (int method = HTTP_GET; method <= HTTP_DELETE; method++) {
        if (!is_reachable(node->by_method[method], out->is_api))
            continue;
        len +=
            (size_t)snprintf(out->allow + len, sizeof(out->allow) - len, "%s%s%s", len ? ", " : "",
                             method_names[method], method == HTTP_GET ? ", HEAD" : "");
    }
    out->is_other_method = len > 0;
}

static int method_of(struct str name)
{
    if (str_eq(name, STR("HEAD")))
        return HTTP_GET;
    for (int method = HTTP_GET; method <= HTTP_DELETE; method++)
        if (str_eq(name, str_of(method_names[method])))
            return method;
    return 0;
}

void http__match(const struct http__site *site, struct arena *arena, struct str method,
                 struct str path, struct http__match *out)
{
    struct str segments[HTTP_SEGMENTS_MAX];
    size_t len = 0, skip = 0;
    *out = (struct http__match){.route_i = site->routes_len};
    if (!http__parse_path(arena, path, segments, &len)) {
        out->is_bad_path = true;
        return;
    }
    if (len >= 2 && str_eq(segments[0], STR("api")) && str_eq(segments[1], STR("v1"))) {
        out->is_api = true;
        skip = 2;
    }
    struct matching m = {.segments = segments + skip, .len = len - skip, .out = out};
    if (!walk(&m, site->tree, 0, 0))
        return;
    int number = method_of(method);
    const struct route *route = number ? m.found->by_method[number] : NULL;
    if (is_reachable(route, out->is_api)) {
        out->route = route;
        out->route_i = m.found->route_i[number];
    } else {
        fill_allow(m.found, out);
    }
}

const struct route *route_find(struct str path)
{
    AUTO_ARENA arena = arena_new(64 * 1024);
    struct http__match match;
    if (!http__current)
        return NULL;
    struct str query = path;
    struct str plain = str_cut(&query, '?');
    http__match(http__current, arena, STR("GET"), plain, &match);
    return match.is_api ? NULL : match.route;
}

const struct route *http_route_at(size_t i)
{
    return http__current && i < http__current->routes_len ? http__current->routes[i] : NULL;
}

/* ---- the site ---- */

static void add_hosts(struct http__site *site, struct str list)
{
    while (list.at && list.len > 0) {
        struct str host = str_trim(str_cut(&list, ','));
        if (host.len > 0)
            VEC_PUSH(site->arena, &site->hosts, str_dup(site->arena, host));
    }
}

/* "https://kontor.example:8443/" -> origin without the slash, and the host among the hosts. */
static void read_public_url(struct http__site *site)
{
    struct str url = site->options.public_url;
    while (url.len > 0 && url.at[url.len - 1] == '/')
        url.len--;
    site->origin = str_dup(site->arena, url.at ? url : STR(""));
    site->is_https = str_starts(url, STR("https://"));
    size_t start = str_find(url, STR("://"), 0);
    if (start == SIZE_MAX)
        return;
    struct str host = str_sub(url, start + 3, url.len);
    size_t colon = str_find(host, STR(":"), str_starts(host, STR("[")) ? 1 : 0);
    struct str end = str_find(host, STR("]"), 0) != SIZE_MAX
                         ? str_sub(host, 0, str_find(host, STR("]"), 0) + 1)
                         : str_sub(host, 0, colon == SIZE_MAX ? host.len : colon);
    VEC_PUSH(site->arena, &site->hosts, str_dup(site->arena, end));
}

static bool listens_on_loopback(struct str listen)
{
    return listen.len == 0 || str_starts(listen, STR("127.")) || str_starts(listen, STR("[::1]")) ||
           str_starts(listen, STR("localhost"));
}

static void add_tables(struct http__site *site)
{
    const struct route *const none[] = {NULL};
    const struct route *const *tables = site->options.routes ? site->options.routes : none;
    size_t count = 0;
    for (const struct route *route = http__routes; route->path; route++)
        count++;
    for (size_t i = 0; tables[i]; i++)
        for (const struct route *route = tables[i]; route->path; route++)
            count++;
    site->routes = NEW_ARRAY(site->arena, const struct route *, count + 1);
    site->stats = NEW_ARRAY(site->arena, struct http__stats, count + 1);
    for (const struct route *route = http__routes; route->path; route++)
        add_route(site, route);
    for (size_t i = 0; tables[i]; i++)
        for (const struct route *route = tables[i]; route->path; route++)
            add_route(site, route);
}

struct http__site *http__site_new(const struct http_options *options)
{
    struct arena *arena = arena_new(0);
    struct http__site *site = NEW(arena, struct http__site);
    site->arena = arena;
    site->options = *options;
    site->options.public_url = str_dup(arena, options->public_url);
    site->options.temp_dir =
        str_of(str_c(arena, options->temp_dir.len ? options->temp_dir : STR("/tmp")));
    site->tree = node_new(arena);
    add_tables(site);
    read_public_url(site);
    add_hosts(site, options->hosts);
    if (listens_on_loopback(options->listen))
        add_hosts(site, STR("localhost,127.0.0.1,[::1]"));
    bool is_fine = http__networks_parse(arena, options->trusted_proxies, &site->proxies) &&
                   http__networks_parse(arena, options->metrics_from, &site->metrics_from);
    assert(is_fine); /* http_start has checked them */
    site->assets = map_new(arena);
    for (size_t i = 0; i < options->assets_len; i++) {
        const struct asset *asset = &options->assets[i];
        union {
            const struct asset *in;
            void *out;
        } borrowed = {asset};
        *map_put(site->assets, str_of(asset->path)) = borrowed.out;
    }
    crypt_derive(options->secret, "http form token", site->token_key);
    crypt_derive(options->secret, "http stash", site->stash_key);
    site->started_us = when_mono_us();
    http__current = site;
    return site;
}

void http__site_free(struct http__site *site)
{
    if (!site)
        return;
    if (http__current == site)
        http__current = NULL;
    arena_free(site->arena);
}

struct str http_url(struct arena *arena, struct str path)
{
    if (http__current)
        return str_join(arena, http__current->origin, path);
    struct str origin = conf_str("public_url"); /* a command writes letters too */
    while (str_ends(origin, STR("/")))
        origin.len--;
    return str_join(arena, origin, path);
}
