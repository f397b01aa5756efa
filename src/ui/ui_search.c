/* Search of everything, from the console's top bar. Each module gives a finder for its kind of
 * record: a few of the best, found by an index, as far as the person may see. The page shows them
 * by kind with the way to the whole list; what is the code or number of one thing alone leads there
 * at once. While typing the same rows come as a short list under the field. */
#include "http/http.h"
#include "text/text.h"
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

enum { FINDERS_MAX = 24, SHOWN = 5, SUGGESTED = 3, CHARS_MIN = 2 };

static const struct ui_finder *finders[FINDERS_MAX];
static size_t finders_len;

void ui_finders_declare(const struct ui_finder *declared)
{
    for (; declared->find; declared++) {
        assert(finders_len < FINDERS_MAX);
        size_t i = finders_len++;
        for (; i > 0 && finders[i - 1]->order > declared->order; i--)
            finders[i] = finders[i - 1];
        finders[i] = declared;
    }
}

bool ui__may_search(struct op *op)
{
    for (size_t i = 0; i < finders_len; i++)
        if (op_may(op, finders[i]->permission))
            return true;
    return false;
}

struct str ui_prefix_end(struct arena *arena, struct str prefix)
{
    return str_printf(arena, STR_FMT "\xf4\x8f\xbf\xbf", STR_ARG(prefix));
}

/* Upper case of ASCII: codes are written so, and typed in either way. */
static struct str upper(struct arena *arena, struct str text)
{
    char *at = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bool is_lower = text.at[i] >= 'a' && text.at[i] <= 'z';
        at[i] = text.at[i];
        if (is_lower)
            at[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[text.at[i] - 'a'];
    }
    at[text.len] = '\0';
    return (struct str){at, text.len};
}

struct ui_found *ui_found(struct op *op, struct ui_founds *founds, struct str href)
{
    for (size_t i = 0; i < founds->len; i++)
        if (str_eq(founds->at[i].href, href))
            return &founds->at[i];
    struct ui_found one = {.href = href};
    VEC_PUSH(op->arena, founds, one);
    return &founds->at[founds->len - 1];
}

static enum rc search(struct op *op, struct str typed, int limit, struct ui_search *out)
{
    *out = (struct ui_search){.text = text_clean_line(op->arena, typed)};
    out->is_too_short = utf8_count(out->text) < CHARS_MIN;
    if (out->is_too_short)
        return RC_OK;
    struct ui_sought sought = {.text = out->text, .limit = limit};
    sought.fold = text_fold(op->arena, out->text);
    sought.fold_end = ui_prefix_end(op->arena, sought.fold);
    sought.code = upper(op->arena, out->text);
    sought.code_end = ui_prefix_end(op->arena, sought.code);
    for (size_t i = 0; i < finders_len; i++) {
        struct ui_search_group group = {.finder = finders[i]};
        if (!op_may(op, finders[i]->permission))
            continue;
        TRY(finders[i]->find(op, &sought, &group.founds));
        group.has_more = group.founds.len > (size_t)limit;
        if (group.has_more)
            group.founds.len = (size_t)limit;
        for (size_t k = 0; k < group.founds.len; k++)
            if (group.founds.at[k].is_exact && out->exact_len++ == 0)
                out->exact = group.founds.at[k].href;
        out->len += group.founds.len;
        VEC_PUSH(op->arena, &out->groups, group);
    }
    return RC_OK;
}

bool ui__searches_further(const struct ui_search *v)
{
    for (size_t i = 0; i < v->groups.len; i++)
        if (v->groups.at[i].founds.len == 0)
            return true;
    return false;
}

struct search_form {
    struct str q;
};
static const struct field search_fields[] = {
    F_STR(search_form, q, 0, 200),
    FIELDS_END,
};

static enum rc page_search(struct req *r)
{
    const struct search_form *in = form(r);
    struct ui_search found;
    TRY(search(r->op, in->q, SHOWN, &found));
    if (found.exact_len == 1)
        return http_redirect_to(r, found.exact);
    return PAGE(r, M("Search"), ui_search, &found);
}

static enum rc page_suggest(struct req *r)
{
    const struct search_form *in = form(r);
    struct ui_search found;
    TRY(search(r->op, in->q, SUGGESTED, &found));
    return PAGE(r, M("Search"), ui_suggest, &found);
}

const struct route ui_search_routes[] = {
    ROUTE(GET, "/search", page_search, PERM_SIGNED_IN, FORM(search_form, search_fields)),
    ROUTE(GET, "/search/suggest", page_suggest, PERM_SIGNED_IN, FORM(search_form, search_fields)),
    {0},
};
