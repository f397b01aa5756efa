/* Choices and small words of the editor's views, and its forms. */
#include "studio/studio_forms.h"

/* ---- places ---- */

static struct str moved(struct out *o, struct str index, int64_t by)
{
    int64_t place = 0;
    (void)!str_to_i64(index, &place);
    return str_printf(o->arena, "%lld", (long long)place + by);
}

struct str studio__next(struct out *o, struct str index)
{
    return moved(o, index, 1);
}

struct str studio__before(struct out *o, struct str index)
{
    return moved(o, index, -1);
}

struct str studio__column_of(const struct studio__cell *cell)
{
    struct str rest = cell->address;
    (void)str_cut(&rest, ',');
    return rest;
}

struct str studio__inputs(struct out *o, const struct studio__page *v)
{
    return str_printf(o->arena, "%zu", v->part->grid.inputs_len);
}

struct str studio__columns(struct out *o, const struct studio__page *v)
{
    return str_printf(o->arena, "%zu", v->part->grid.columns_len);
}

static size_t index_of(const struct studio__page *v, const struct studio__head *head)
{
    return (size_t)(head - v->grid.heads.at);
}

/* A column stays among the conditions or among the results. */
bool studio__has_before(const struct studio__page *v, const struct studio__head *head)
{
    size_t i = index_of(v, head);
    return i > 0 && v->grid.heads.at[i - 1].is_out == head->is_out;
}

bool studio__has_next(const struct studio__page *v, const struct studio__head *head)
{
    size_t i = index_of(v, head);
    return i + 1 < v->grid.heads.len && v->grid.heads.at[i + 1].is_out == head->is_out;
}

/* ---- choices ---- */

static const struct ui_word types[] = {{"", M("not stated")},
                                       {"number", M("number")},
                                       {"string", M("text")},
                                       {"boolean", M("yes or no")},
                                       {"date", M("date")},
                                       {"Any", M("anything")},
                                       {0}};
static const struct ui_word attribute_types[] = {{"number", M("number")},
                                                 {"string", M("text")},
                                                 {"boolean", M("yes or no")},
                                                 {"date", M("date")},
                                                 {0}};
static const struct ui_word units[] = {
    {"", M("none")}, {"percent", M("percent")}, {"money", M("money")}, {0}};

/* Of a set of words, and the value that stands there when it is none of them. */
static const struct ui_options *choices(struct out *o, const struct ui_word *words, struct str now)
{
    struct ui_options *options = NEW(o->arena, struct ui_options);
    *options = (struct ui_options){0};
    for (size_t i = 0; words[i].name; i++) {
        struct ui_option option = {.value = str_of(words[i].name),
                                   .label = tr(o->lang, words[i].label)};
        VEC_PUSH(o->arena, options, option);
    }
    if (now.len && !ui_word_label(words, now)) {
        struct ui_option option = {.value = now, .label = now};
        VEC_PUSH(o->arena, options, option);
    }
    return options;
}

const struct ui_options *studio__types(struct out *o, struct str now)
{
    return choices(o, types, now);
}

const struct ui_options *studio__attribute_types(struct out *o, struct str now)
{
    return choices(o, attribute_types, now);
}

const struct ui_options *studio__units(struct out *o, struct str now)
{
    return choices(o, units, now);
}

const struct studio__attribute *studio__attribute_new(void)
{
    static const struct studio__attribute new = {.name = STR_INIT(""),
                                                 .label = STR_INIT(""),
                                                 .type = STR_INIT("number"),
                                                 .unit = STR_INIT(""),
                                                 .fallback = STR_INIT(""),
                                                 .min = STR_INIT(""),
                                                 .max = STR_INIT(""),
                                                 .form = STR_INIT("a-new-form"),
                                                 .text = STR_INIT("new")};
    return &new;
}
