/* Small parts: icons, words, badges, amounts, times, actions. What needs markup stands in
 * views/parts.html; here is what a view cannot say. */
#include "ui/ui.h"

#include "ui/ui_int.h"
#include "ui/ui_view.h"

/* ---- files and icons ---- */

struct str ui_asset_url(const char *name)
{
    for (size_t i = 0; i < assets_len; i++)
        if (strcmp(assets[i].name, name) == 0)
            return str_of(assets[i].path);
    assert(false && "no such asset");
    return STR_NONE;
}

struct str ui__icons_url(void)
{
    return ui_asset_url("icons.svg");
}

bool icon_is_known(const char *name)
{
    size_t from = 0, to = asset_icons_len;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int order = strcmp(name, asset_icons[mid]);
        if (order == 0)
            return true;
        if (order < 0)
            to = mid;
        else
            from = mid + 1;
    }
    return false;
}

static void icon_sized(struct out *o, const char *name, const char *size)
{
    if (!name)
        return;
    if (!icon_is_known(name)) {
        log_event(LOG_ERROR, "icon_unknown", "icon", str_of(name), NULL);
        assert(false && "add the icon to web/icons/used.txt");
    }
    ui__icon_view(o, name, size);
}

void icon(struct out *o, const char *name)
{
    icon_sized(o, name, "");
}

void icon_s(struct out *o, const char *name)
{
    icon_sized(o, name, "s");
}

void icon_x(struct out *o, const char *name)
{
    icon_sized(o, name, "x");
}

/* ---- words and tints ---- */

struct str ui__words(struct out *o, const char *key, struct str text)
{
    return key ? tr(o->lang, key) : text;
}

struct str ui__filled(struct out *o, const char *key, struct str name)
{
    return i18n_format(o->arena, o->lang, key, name);
}

const char *ui_tint_class(enum ui_tint tint)
{
    static const char *const classes[] = {
        [UI_OUTLINE] = "out", [UI_INFO] = "info", [UI_OK] = "ok",
        [UI_WARN] = "warn",   [UI_BAD] = "bad",   [UI_ACCENT] = "accent"};
    return (size_t)tint < LEN(classes) && classes[tint] ? classes[tint] : "";
}

const char *ui__tint_icon(enum ui_tint tint)
{
    switch (tint) {
    case UI_OK: return "circle-check";
    case UI_WARN: return "alert-triangle";
    case UI_BAD: return "alert-circle";
    default: return "info-circle";
    }
}

const char *ui__signed_class(enum ui_tint tint)
{
    return tint == UI_OK ? "k-up" : tint == UI_BAD ? "k-down" : "k-mut";
}

void ui_badge(struct out *o, const char *record, struct str state)
{
    if (state.len == 0)
        return;
    const struct ui_state *known = ui_state_find(state);
    ui__badge_view(o, ui_tint_class(known->tint),
                   ui_state_word(o->arena, o->lang, record ? record : "", state));
}

void ui_badge_text(struct out *o, struct str state, struct str text)
{
    ui__badge_view(o, ui_tint_class(ui_state_find(state)->tint), text);
}

void ui_badge_tint(struct out *o, enum ui_tint tint, struct str text)
{
    ui__badge_view(o, ui_tint_class(tint), text);
}

/* Length of the UTF-8 character that begins at s.at. */
static size_t char_len(struct str s)
{
    unsigned char lead = (unsigned char)s.at[0];
    size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return len < s.len ? len : s.len;
}

void ui_avatar(struct out *o, struct str name, bool is_small)
{
    struct str rest = str_trim(name), initials = STR("");
    for (int i = 0; i < 2 && rest.len; i++) {
        struct str word = str_trim(str_cut(&rest, ' '));
        if (word.len)
            initials = str_join(o->arena, initials, str_sub(word, 0, char_len(word)));
        rest = str_trim(rest);
    }
    ui__avatar_view(o, initials, is_small);
}

/* ---- values ---- */

void ui_dash(struct out *o, struct str text)
{
    html_text(o, text.len ? text : STR("–"));
}

void ui_time(struct out *o, int64_t at_us)
{
    ui__time_view(o, INSTANT(at_us), i18n_date_time(o->arena, o->lang, at_us, o->zone), STR_NONE);
}

void ui_time_ago(struct out *o, int64_t at_us)
{
    struct date day = zone_date(o->zone, at_us);
    ui__time_view(o, INSTANT(at_us),
                  i18n_relative_day(o->arena, o->lang, day, o->today, PLACE_INSIDE),
                  i18n_date_time(o->arena, o->lang, at_us, o->zone));
}

void ui_amount(struct out *o, struct money amount, struct str href)
{
    struct str shown = amount.currency ? i18n_money(o->arena, o->lang, amount) : STR("–");
    ui__amount_view(o, shown, amount.currency ? href : STR_NONE);
}

void ui_amount_bare(struct out *o, struct money amount, struct str href)
{
    struct str shown = amount.currency ? i18n_amount(o->arena, o->lang, amount) : STR("–");
    ui__amount_view(o, shown, amount.currency ? href : STR_NONE);
}

struct str ui_pid(struct op *op, struct pid id)
{
    return str_dup(op->arena, str_of(id.text));
}

/* ---- actions, crumbs, definitions ---- */

void ui_act(struct op *op, struct ui_actions *actions, struct ui_action action)
{
    if (!action.permission || op_may(op, action.permission))
        VEC_PUSH(op->arena, actions, action);
}

bool ui__has_more(const struct ui_actions *actions)
{
    for (size_t i = 0; i < actions->len; i++)
        if (actions->at[i].kind == UI_MORE)
            return true;
    return false;
}

void ui_button(struct out *o, const struct ui_action *action, bool is_small)
{
    static const char *const classes[][2] = {
        [UI_SECONDARY] = {"k-btn", "k-btn s"},  [UI_PRIMARY] = {"k-btn p", "k-btn s p"},
        [UI_DANGER] = {"k-btn d", "k-btn s d"}, [UI_QUIET] = {"k-btn q", "k-btn s q"},
        [UI_MORE] = {"k-item", "k-item"},
    };
    ui__button_view(o, action, classes[action->kind][is_small]);
}

void ui_crumb(struct op *op, struct ui_head *head, const char *label, struct str href)
{
    struct ui_crumb crumb = {.label = label, .href = href};
    VEC_PUSH(op->arena, &head->crumbs, crumb);
}

void ui_crumb_text(struct op *op, struct ui_head *head, struct str text, struct str href)
{
    struct ui_crumb crumb = {.text = text, .href = href};
    VEC_PUSH(op->arena, &head->crumbs, crumb);
}

void ui_def_text(struct op *op, struct ui_defs *defs, const char *label, struct str text)
{
    if (text.len == 0)
        return;
    struct ui_def def = {.label = label, .text = text};
    VEC_PUSH(op->arena, defs, def);
}

void ui_code(struct out *o, struct str text, bool is_wrapped)
{
    ui__code_view(o, text, is_wrapped);
}

enum rc ui_confirm_page(struct req *r, const struct ui_confirm *v)
{
    struct ui_confirm_now now = {.v = v};
    if (req_is_again(r)) {
        now.reason = req_raw(r, "reason");
        now.reason_problem = v->reason ? req_problem(r, "reason") : STR_NONE;
        now.problem = req_problem(r, NULL);
    }
    return PAGE(r, v->title, ui__confirm, &now);
}
