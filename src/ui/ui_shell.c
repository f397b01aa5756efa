/* The document around a page. Staff get the console: navigation by job at left. Partners get the
 * portal: one row of words, a bottom bar on narrow screens. Somebody not signed in gets one card.
 * Modules only say which pages they have; words, icons, groups and order of sections stand here. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

enum { PAGES_MAX = 160, RAILS_MAX = 8 };

struct section {
    enum ui_section section;
    bool begins_group;
    const char *label, *icon;
    const char *short_label; /* in the bottom bar; NULL: the same */
};

/* In the order of the enum. */
static const struct section sections[] = {
    {UI_HOME, true, M("Home"), "home", NULL},
    {UI_PARTNERS, true, M("Partners"), "users", NULL},
    {UI_PROGRAMS, false, M("Programs"), "layout-grid", NULL},
    {UI_SALES, false, M("Sales"), "receipt-2", NULL},
    {UI_SCHEMES, false, M("Schemes"), "table-options", NULL},
    {UI_RUNS, true, M("Runs and statements"), "calculator", NULL},
    {UI_SETTLEMENTS, false, M("Settlements"), "arrows-exchange", NULL},
    {UI_DOCUMENTS, false, M("Documents"), "file-text", NULL},
    {UI_PLANS, false, M("Plans"), "target-arrow", NULL},
    {UI_DEALS, true, M("Deals and leads"), "briefcase", NULL},
    {UI_FRAUD, false, M("Fraud review"), "shield-exclamation", NULL},
    {UI_ENABLEMENT, false, M("Enablement"), "school", NULL},
    {UI_SUPPORT, false, M("Support"), "lifebuoy", NULL},
    {UI_REPORTS, true, M("Reports"), "chart-bar", NULL},
    {UI_SETTINGS, false, M("Settings"), "settings", NULL},
    {UI_MY_HOME, false, M("Home"), "home", NULL},
    {UI_MY_SALES, false, M("Sales and customers"), "receipt-2", M("Sales")},
    {UI_MY_DEALS, false, M("Opportunities"), "briefcase", NULL},
    {UI_MY_LINKS, false, M("Links and codes"), "link", NULL},
    {UI_MY_STATEMENTS, false, M("Statements"), "calculator", NULL},
    {UI_MY_PAYOUTS, false, M("Payouts"), "wallet", NULL},
    {UI_MY_DOCUMENTS, false, M("Documents"), "file-text", NULL},
    {UI_MY_LEARNING, false, M("Learning"), "school", NULL},
    {UI_MY_MATERIALS, false, M("Materials"), "photo", NULL},
    {UI_MY_NEWS, false, M("News"), "news", NULL},
    {UI_MY_SUPPORT, false, M("Support"), "lifebuoy", NULL},
    {UI_MY_TEAM, false, M("Team and profile"), "users-group", NULL},
};

static struct ui_page pages[PAGES_MAX];
static size_t pages_len;
static const struct ui_hooks *hooks;

void ui_hooks_set(const struct ui_hooks *set)
{
    hooks = set;
}

const struct ui_hooks *ui_hooks_get(void)
{
    return hooks;
}

void ui_pages_declare(const struct ui_page *declared, size_t len)
{
    assert(pages_len + len <= PAGES_MAX);
    for (size_t i = 0; i < len; i++) {
        bool is_home = strcmp(declared[i].href, "/") == 0; /* first, whoever declares it */
        if (is_home)
            memmove(pages + 1, pages, pages_len * sizeof(pages[0]));
        pages[is_home ? 0 : pages_len] = declared[i];
        pages_len++;
    }
}

static const char *rails[RAILS_MAX];
static size_t rails_len;

void ui_rail_declare(const char *path)
{
    for (size_t i = 0; i < rails_len; i++)
        if (strcmp(rails[i], path) == 0)
            return;
    assert(rails_len < RAILS_MAX);
    rails[rails_len++] = path;
}

/* ---- navigation ---- */

static bool is_at(struct str path, struct str href)
{
    if (str_eq(href, STR("/")))
        return str_eq(path, href);
    return str_starts(path, href) && (path.len == href.len || path.at[href.len] == '/');
}

/* An address with a query is that one list with these filters. */
static bool is_page_at(const struct req *r, struct str href)
{
    struct str query = href, path = str_cut(&query, '?');
    if (!query.at)
        return is_at(r->path, href);
    return str_eq(r->path, path) && str_eq(r->query, query);
}

/* The page of the navigation that is being looked at: the longest address that begins the path. */
static const struct ui_page *page_now(struct req *r, bool is_portal)
{
    const struct ui_page *best = NULL;
    for (size_t i = 0; i < pages_len; i++) {
        struct str href = str_of(pages[i].href);
        if ((pages[i].section >= UI_MY_HOME) == is_portal && is_page_at(r, href) &&
            (!best || href.len > strlen(best->href)))
            best = &pages[i];
    }
    return best;
}

static bool may_see(struct req *r, const struct ui_page *page)
{
    return !page->permission || op_may(r->op, page->permission);
}

bool ui__may_see_href(struct req *r, const char *href)
{
    for (size_t i = 0; i < pages_len; i++)
        if (strcmp(pages[i].href, href) == 0)
            return may_see(r, &pages[i]);
    return false;
}

/* False when nobody has a page in the section that this person may see. */
static bool make_item(struct req *r, const struct section *section, const struct ui_page *now,
                      const struct ui_counts *counts, struct ui_nav_item *out)
{
    *out = (struct ui_nav_item){.label = section->label, .icon = section->icon};
    out->short_label = section->short_label ? section->short_label : section->label;
    out->is_on = now && now->section == section->section;
    for (size_t i = 0; i < pages_len; i++) {
        if (pages[i].section != section->section || !may_see(r, &pages[i]))
            continue;
        struct ui_nav_item part = {.label = pages[i].label, .href = str_of(pages[i].href)};
        part.is_on = now == &pages[i];
        ui__count_item(r->op, counts, pages[i].href, &part);
        ui__count_item(r->op, counts, pages[i].href, out);
        if (!out->href.at)
            out->href = part.href;
        VEC_PUSH(r->op->arena, &out->parts, part);
    }
    if (out->parts.len < 2 || !out->is_on)
        out->parts.len = 0;
    return out->href.at != NULL;
}

struct ui_nav ui__nav(struct req *r, bool is_portal, const struct ui_counts *counts)
{
    struct ui_nav nav = {0};
    const struct ui_page *now = page_now(r, is_portal);
    struct ui_nav_item item;
    bool wants_group = true;
    for (size_t i = 0; i < LEN(sections); i++) {
        if ((sections[i].section >= UI_MY_HOME) != is_portal)
            continue;
        wants_group = wants_group || sections[i].begins_group;
        if (!make_item(r, &sections[i], now, counts, &item))
            continue;
        if (wants_group) {
            struct ui_nav_group group = {0};
            VEC_PUSH(r->op->arena, &nav, group);
            wants_group = false;
        }
        VEC_PUSH(r->op->arena, &nav.at[nav.len - 1], item);
    }
    return nav;
}

/* The portal's bottom bar: what a partner looks at most, then "More". */
static void make_bar(struct req *r, struct ui_shell_page *v)
{
    static const enum ui_section wanted[] = {UI_MY_HOME,    UI_MY_STATEMENTS, UI_MY_SALES,
                                             UI_MY_PAYOUTS, UI_MY_DOCUMENTS,  UI_MY_DEALS};
    for (size_t i = 0; i < LEN(wanted) && v->bar.len < 4; i++)
        for (size_t n = 0; n < v->all.len; n++)
            if (v->all.at[n].label == sections[wanted[i] - 1].label)
                VEC_PUSH(r->op->arena, &v->bar, v->all.at[n]);
}

/* ---- the document ---- */

static struct str theme_of(struct req *r)
{
    struct str theme = req_cookie(r, "theme");
    bool is_known = str_eq(theme, STR("light")) || str_eq(theme, STR("dark"));
    return is_known ? theme : STR("auto");
}

static void make_langs(struct req *r, struct ui_shell_page *v)
{
    bool is_limited = false;
    for (size_t id = 1; id <= LANG_COUNT; id++)
        is_limited = is_limited || v->facts.speaks[id];
    for (size_t id = 1; id <= LANG_COUNT; id++) {
        const struct lang *lang = lang_of((enum lang_id)id);
        struct ui_lang_choice choice = {lang, lang == r->op->lang};
        if (!is_limited || v->facts.speaks[id])
            VEC_PUSH(r->op->arena, &v->langs, choice);
    }
}

/* Whoever cannot be asked gets the words: a page is never refused for a preference. */
static bool is_rail(struct req *r)
{
    struct str nav = STR_NONE;
    for (size_t i = 0; i < rails_len; i++)
        if (is_at(r->path, str_of(rails[i])))
            return true;
    return ui__choice_get(r->op, STR("nav"), &nav) == RC_OK && str_eq(nav, STR("rail"));
}

void ui_shell(struct req *r, struct out *o, const struct http_page *page)
{
    struct ui_shell_page v = {.page = page, .kind = r->op->actor.kind, .theme = theme_of(r)};
    if (hooks && hooks->facts)
        hooks->facts(r, &v.facts);
    bool is_portal = v.kind == ACTOR_PARTNER;
    v.person = r->op->actor.name;
    v.back = r->method == HTTP_GET && r->query.len ? str_printf(r->op->arena, STR_FMT "?" STR_FMT,
                                                                STR_ARG(r->path), STR_ARG(r->query))
                                                   : r->path;
    v.site = STR("Kontor");
    if (is_portal && v.facts.brand_name.at)
        v.site = v.facts.brand_name;
    else if (is_portal && v.facts.operator_name.at)
        v.site = v.facts.operator_name;
    make_langs(r, &v);
    struct ui_counts counts = {0};
    if (v.kind == ACTOR_STAFF) {
        ui__counts(r, page->note.at != NULL, &counts);
        v.is_rail = is_rail(r);
        if (!v.facts.search_href.at && ui__may_search(r->op))
            v.facts.search_href = STR("/search");
        v.nav = ui__nav(r, false, &counts);
        ui__console_view(o, &v);
    } else if (is_portal) {
        v.nav = ui__nav(r, true, &counts);
        if (v.nav.len)
            v.all = v.nav.at[0];
        make_bar(r, &v);
        ui__portal_view(o, &v);
    } else {
        ui__solo_view(o, &v);
    }
}

/* ---- preferences: theme and language ---- */

struct preferences_form {
    struct str theme, lang, nav, back;
};
static const struct field preferences_fields[] = {
    F_STR(preferences_form, theme, 0, 5),
    F_STR(preferences_form, lang, 0, 2),
    F_STR(preferences_form, nav, 0, 5),
    F_STR(preferences_form, back, 0, 2000),
    FIELDS_END,
};

enum { YEAR_S = 365 * 24 * 3600 };

static enum rc page_preferences(struct req *r)
{
    const struct preferences_form *in = form(r);
    const struct lang *lang = lang_find(in->lang);
    if (str_eq(in->theme, STR("light")) || str_eq(in->theme, STR("dark")) ||
        str_eq(in->theme, STR("auto")))
        answer_cookie(r, "theme", in->theme, YEAR_S);
    if (lang)
        answer_cookie(r, "lang", str_of(lang->code), YEAR_S);
    if (lang && hooks && hooks->save_lang && r->op->actor.user_id)
        TRY(hooks->save_lang(r, lang->id));
    if (str_eq(in->nav, STR("rail")) || str_eq(in->nav, STR("words")))
        TRY(ui__choice_put(r->op, STR("nav"), str_eq(in->nav, STR("rail")) ? in->nav : STR("")));
    return http_redirect_to(r, in->back.len ? in->back : STR("/"));
}

const struct route ui_routes[] = {
    ROUTE(POST, "/preferences", page_preferences, PERM_PUBLIC,
          FORM(preferences_form, preferences_fields)),
    ROUTE(POST, "/columns", ui__columns_put, PERM_SIGNED_IN,
          FORM(columns_form, ui__columns_fields)),
    ROUTE(POST, "/views", ui__saved_put, PERM_SIGNED_IN, FORM(saved_view_form, ui__saved_fields)),
    ROUTE(POST, "/views/:svw/remove", ui__saved_drop, PERM_SIGNED_IN,
          FORM(saved_view_drop_form, ui__saved_drop_fields)),
    {0},
};
