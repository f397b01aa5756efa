/* Titles and words of schemes in spreadsheets. */
#include "scheme/scheme_int.h"
#include "scheme/scheme_model.h"
#include "scheme/scheme_sheet_int.h"

const char *const scheme__setting_titles[2] = {M("Setting"), M("Value")};
const char *const scheme__attribute_titles[] = {[ATTRIBUTE_NAME] = M("Name in formulas"),
                                                [ATTRIBUTE_LABEL] = M("Label"),
                                                [ATTRIBUTE_TYPE] = M("Type"),
                                                [ATTRIBUTE_UNIT] = M("Unit"),
                                                [ATTRIBUTE_DEFAULT] = M("Default"),
                                                [ATTRIBUTE_LEAST] = M("Least"),
                                                [ATTRIBUTE_MOST] = M("Most"),
                                                [ATTRIBUTE_OUTLET] = M("Per point of sale")};
const char *const scheme__part_titles[] = {
    [PART_NAME] = M("Name in formulas"), [PART_LABEL] = M("Label"),
    [PART_KIND] = M("What it is"),       [PART_SCOPE] = M("Computed for"),
    [PART_LOGIC] = M("Computed by"),     [PART_TEXT] = M("Formula or sheet"),
    [PART_OPTIONS] = M("Options"),       [PART_DESCRIPTION] = M("Description")};
const char *const scheme__table_lines[] = {[TABLE_SIDE] = M("What the column is"),
                                           [TABLE_TEXT] = M("Formula or name"),
                                           [TABLE_TYPE] = M("Type"),
                                           [TABLE_VALUES] = M("Allowed values"),
                                           [TABLE_FALLBACK] = M("When no row applies")};
const char *const scheme__table_sides[3] = {M("condition"), M("result"), M("note")};
const char *const scheme__logic_words[] = {
    [SCHEME_FORMULA] = M("formula"), [SCHEME_TABLE] = M("table")};

bool scheme__is_words(struct arena *arena, struct str text, const char *key)
{
    static const enum lang_id langs[] = {LANG_EN, LANG_RU, LANG_ES};
    struct str folded = text_fold(arena, str_trim(text));
    for (size_t i = 0; i < LEN(langs); i++)
        if (str_eq(folded, text_fold(arena, tr(lang_of(langs[i]), key))))
            return true;
    return false;
}

int scheme__words_at(struct arena *arena, struct str text, const char *const *keys, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (keys[i] && scheme__is_words(arena, text, keys[i]))
            return (int)i;
    return -1;
}

enum dmn_hit_policy scheme__policy_of(struct arena *arena, struct str text)
{
    for (int i = DMN_UNIQUE; i <= DMN_COLLECT_COUNT; i++) {
        enum dmn_hit_policy policy = (enum dmn_hit_policy)i;
        if (str_eq_nocase(str_trim(text), str_of(dmn_hit_policy_name(policy))) ||
            scheme__is_words(arena, text, scheme__hit_sentence(policy)))
            return policy;
    }
    return (enum dmn_hit_policy)0;
}

enum scheme_kind scheme__kind_of_words(struct arena *arena, struct str text)
{
    enum scheme_kind kind = scheme__kind_find(str_trim(text));
    for (int i = SCHEME_MEASURE; !kind && i <= SCHEME_ADJUST; i++)
        if (scheme__is_words(arena, text, scheme_kind_label((enum scheme_kind)i)))
            kind = (enum scheme_kind)i;
    return kind;
}

enum scheme_scope scheme__scope_of_words(struct arena *arena, struct str text)
{
    enum scheme_scope scope = scheme__scope_find(str_trim(text));
    for (int i = SCHEME_EVENT; !scope && i <= SCHEME_CLOSING; i++)
        if (scheme__is_words(arena, text, scheme_scope_label((enum scheme_scope)i)))
            scope = (enum scheme_scope)i;
    return scope;
}

struct str scheme__column_title(const struct scheme_column *column)
{
    return column->label.len ? column->label : column->text;
}
