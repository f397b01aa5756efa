/* What a file says, in the words of people: values of attributes with their units, bounds, hit
 * policies as sentences. A percent is stored as the ratio that formulas see (0.04) and is shown and
 * typed as percent (4); moving the point is exact. */
#include "scheme/scheme_int.h"

struct str scheme__href(struct op *op, int64_t scheme_id, const char *tail)
{
    return str_printf(op->arena, "/schemes/%s%s", sch(scheme_id).text, tail);
}

struct str scheme__version_href(struct op *op, int64_t version_id, const char *tail)
{
    return str_printf(op->arena, "/schemes/versions/%s%s", scv(version_id).text, tail);
}

/* ---- values ---- */

static bool is_percent(const struct scheme_attribute *attribute)
{
    return str_eq(attribute->type, STR("number")) && str_eq(attribute->unit, STR("percent"));
}

static int digits_after_point(struct str plain)
{
    size_t point = str_find(plain, STR("."), 0);
    return point == SIZE_MAX ? 0 : (int)(plain.len - point - 1);
}

static struct str percent_words(struct op *op, struct dec ratio)
{
    struct str plain = dec_print(op->arena, dec_mul(ratio, dec_from_i64(100)));
    return i18n_percent(op->arena, op->lang, ratio, digits_after_point(plain));
}

struct str scheme_value_words(struct op *op, const struct scheme_attribute *attribute,
                              struct str text)
{
    struct dec number;
    struct date day;
    if (str_eq(attribute->type, STR("number")) && dec_parse(text, &number))
        return is_percent(attribute) ? percent_words(op, number)
                                     : i18n_dec(op->arena, op->lang, number);
    if (str_eq(attribute->type, STR("boolean")))
        return tr(op->lang, str_eq(text, STR("true")) ? M("Yes") : M("No"));
    if (str_eq(attribute->type, STR("date")) && date_parse(text, &day))
        return i18n_date(op->arena, op->lang, day, DATE_MEDIUM, PLACE_START);
    return text;
}

struct str scheme_value_input(struct op *op, const struct scheme_attribute *attribute,
                              struct str text)
{
    struct dec number;
    if (text.len == 0 || !str_eq(attribute->type, STR("number")) || !dec_parse(text, &number))
        return text;
    if (is_percent(attribute))
        number = dec_mul(number, dec_from_i64(100));
    return i18n_dec(op->arena, op->lang, number);
}

const char *scheme_value_typed(struct op *op, const struct scheme_attribute *attribute,
                               struct str text, struct str *out_canonical)
{
    struct dec number;
    struct date day;
    text = str_trim(text);
    if (str_eq(attribute->type, STR("date")) && i18n_date_parse(op->lang, text, &day))
        text = date_print(op->arena, day);
    if (!str_eq(attribute->type, STR("number")))
        return scheme_value_check(op->arena, attribute, text, out_canonical);
    if (is_percent(attribute) && str_ends(text, STR("%")))
        text = str_trim(str_sub(text, 0, text.len - 1));
    const char *wrong = i18n_parse_dec(op->lang, text, &number);
    if (wrong)
        return wrong;
    if (is_percent(attribute))
        number = dec_div(number, dec_from_i64(100));
    return scheme_value_check(op->arena, attribute, dec_print(op->arena, number), out_canonical);
}

struct str scheme_bounds_words(struct op *op, const struct scheme_attribute *attribute)
{
    struct str min = attribute->min, max = attribute->max;
    if (min.len)
        min = scheme_value_words(op, attribute, min);
    if (max.len)
        max = scheme_value_words(op, attribute, max);
    if (min.len && max.len)
        return i18n_format(op->arena, op->lang, M("from {0} to {1}"), min, max);
    if (min.len)
        return i18n_format(op->arena, op->lang, M("at least {0}"), min);
    return max.len ? i18n_format(op->arena, op->lang, M("at most {0}"), max) : STR_NONE;
}

/* ---- decisions ---- */

const char *scheme__hit_sentence(enum dmn_hit_policy policy)
{
    switch (policy) {
    case DMN_UNIQUE: return M("Exactly one row may apply.");
    case DMN_ANY: return M("Several rows may apply if they give the same.");
    case DMN_PRIORITY: return M("Of the rows that apply, the one with the highest result wins.");
    case DMN_FIRST: return M("The first row that applies wins.");
    case DMN_RULE_ORDER: return M("All rows that apply, in their order.");
    case DMN_OUTPUT_ORDER: return M("All rows that apply, in the order of their results.");
    case DMN_COLLECT: return M("All rows that apply.");
    case DMN_COLLECT_SUM: return M("All rows that apply are added.");
    case DMN_COLLECT_MIN: return M("The lowest result of the rows that apply wins.");
    case DMN_COLLECT_MAX: return M("The highest result of the rows that apply wins.");
    case DMN_COLLECT_COUNT: return M("The number of rows that apply.");
    }
    assert(false && "a hit policy without a sentence");
    return NULL;
}
