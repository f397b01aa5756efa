/* What a DMN file says about itself as a scheme: kontor:scheme on the definitions, kontor:output on
 * decisions, kontor:attribute on the components of the type of `terms`. Everything is checked here,
 * so that a run meets no surprises. */
#include "scheme/scheme_model.h"

const struct scheme__word scheme__tree_words[] = {
    {"owner", 1}, {"sponsor", 2}, {"placement", 3}, {"territory", 4}, {"supply", 5}, {0}};
static const struct scheme__word type_words[] = {
    {"number", 1}, {"string", 2}, {"boolean", 3}, {"date", 4}, {0}};
static const char *const scheme_options[] = {
    "currency", "rounding", "scale", "level", "tree", "law", "rateMoment", "rateSource", NULL};
static const struct scheme__word rate_moments[] = {
    {"event", SCHEME_RATE_EVENT}, {"period end", SCHEME_RATE_PERIOD_END}, {0}};
static const char *const attribute_options[] = {"label", "unit",   "default", "min",
                                                "max",   "outlet", NULL};

const struct scheme__word scheme__rounding_words[] = {
    {"half up", DEC_HALF_UP},     {"half even", DEC_HALF_EVEN},
    {"half down", DEC_HALF_DOWN}, {"up", DEC_UP},
    {"down", DEC_DOWN},           {"floor", DEC_FLOOR},
    {"ceiling", DEC_CEILING},     {0}};
const struct scheme__word scheme__level_words[] = {{"line", SCHEME_PER_LINE},
                                                   {"rule and period", SCHEME_PER_RULE},
                                                   {"recipient and period", SCHEME_PER_RECIPIENT},
                                                   {"each step", SCHEME_PER_LINE},
                                                   {0}};

int scheme__word_find(const struct scheme__word *words, struct str word)
{
    for (; words->word; words++)
        if (str_eq(str_of(words->word), word))
            return words->value;
    return 0;
}

int scheme__read_word(struct scheme__reader *reader, const char *where,
                      const struct dmn_extension *extension, const char *name,
                      const struct scheme__word *words, int fallback)
{
    struct str text = dmn_attribute(extension, name);
    if (!text.at)
        return fallback;
    int value = scheme__word_find(words, text);
    if (value != 0)
        return value;
    AUTO_BUF list = BUF(1024);
    for (; words->word; words++)
        buf_printf(&list, "%s%s", list.len ? ", " : "", words->word);
    (void)!fault_add(reader->fault, RC_INVALID, where, "{0} cannot be {1}; it is one of: {2}.",
                     name, str_c(reader->arena, text), str_c(reader->arena, buf_str(&list)), NULL);
    return fallback;
}

int scheme__read_scale(struct scheme__reader *reader, const char *where,
                       const struct dmn_extension *extension, int fallback)
{
    struct str text = dmn_attribute(extension, "scale");
    int64_t scale = 0;
    if (!text.at)
        return fallback;
    if (str_to_i64(text, &scale) && scale >= 0 && scale <= 6)
        return (int)scale;
    (void)!fault_add(reader->fault, RC_INVALID, where, "The scale of a rounding is 0 to 6 digits.",
                     NULL);
    return fallback;
}

static bool is_among(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_eq(str_of(*names), name))
            return true;
    return false;
}

void scheme__check_options(struct scheme__reader *reader, const char *where,
                           const struct dmn_extension *extension, const char *const *names)
{
    AUTO_BUF list = BUF(1024);
    for (size_t i = 0; names[i]; i++)
        buf_printf(&list, "%s%s", list.len ? ", " : "", names[i]);
    for (size_t i = 0; i < (extension ? extension->attributes_len : 0); i++)
        if (!extension->attributes[i].namespace.len &&
            !is_among(extension->attributes[i].name, names))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "There is no option {0} here; there are: {1}.",
                             str_c(reader->arena, extension->attributes[i].name),
                             str_c(reader->arena, buf_str(&list)), NULL);
}

/* ---- kontor:scheme ---- */

static void read_definitions(struct scheme__reader *reader)
{
    struct scheme *scheme = reader->scheme;
    const struct dmn_extension *extension = dmn_extension(&scheme->model->extensions, "scheme");
    struct str currency = dmn_attribute(extension, "currency");
    reader->rounding = (enum dec_round)scheme__read_word(reader, "scheme", extension, "rounding",
                                                         scheme__rounding_words, DEC_HALF_UP);
    reader->scale = scheme__read_scale(reader, "scheme", extension, -1);
    reader->level = (enum scheme_level)scheme__read_word(reader, "scheme", extension, "level",
                                                         scheme__level_words, SCHEME_PER_LINE);
    reader->law = scheme__read_law_word(reader, "scheme", extension, SCHEME_LAW_FORMULA);
    scheme__check_options(reader, "scheme", extension, scheme_options);
    scheme->name = scheme->model->name;
    scheme->description = scheme->model->description;
    (void)scheme__read_word(reader, "scheme", extension, "tree", scheme__tree_words, 1);
    scheme->tree = dmn_attribute(extension, "tree");
    if (!scheme->tree.at)
        scheme->tree = STR("owner");
    scheme->rate_moment = (enum scheme_rate_moment)scheme__read_word(
        reader, "scheme", extension, "rateMoment", rate_moments, SCHEME_RATE_EVENT);
    scheme->rate_source = dmn_attribute(extension, "rateSource");
    if (!scheme->rate_source.len)
        scheme->rate_source = STR("default");
    if (!currency.at || str_eq(currency, STR("contract")))
        return;
    scheme->currency = currency_find(currency);
    if (!scheme->currency)
        (void)!fault_add(reader->fault, RC_INVALID, "scheme",
                         "There is no currency {0}; give its ISO code, or contract.",
                         str_c(reader->arena, currency), NULL);
}

/* ---- kontor:attribute ---- */

struct str scheme__or_empty(struct str text)
{
    return text.at ? text : STR("");
}

static bool number_of(struct str text, struct dec *out)
{
    return text.len > 0 && dec_parse(text, out);
}

const char *scheme_value_check(struct arena *arena, const struct scheme_attribute *attribute,
                               struct str text, struct str *out_canonical)
{
    struct dec value, bound;
    struct date day;
    text = str_trim(text);
    if (str_eq(attribute->type, STR("number"))) {
        if (!dec_parse(text, &value))
            return M("This is not a number: write it like 0.05.");
        if (number_of(attribute->min, &bound) && dec_cmp(value, bound) < 0)
            return M("This is less than the scheme allows.");
        if (number_of(attribute->max, &bound) && dec_cmp(value, bound) > 0)
            return M("This is more than the scheme allows.");
        *out_canonical = dec_print(arena, value);
        return NULL;
    }
    if (str_eq(attribute->type, STR("boolean")) && !str_eq(text, STR("true")) &&
        !str_eq(text, STR("false")))
        return M("This is true or false.");
    if (str_eq(attribute->type, STR("date")) && !date_parse(text, &day))
        return M("This is not a date: write it like 2026-10-01.");
    *out_canonical = str_dup(arena, text);
    return NULL;
}

static void read_attribute(struct scheme__reader *reader, const struct dmn_type *field,
                           struct scheme_attribute *out)
{
    const struct dmn_extension *extension = dmn_extension(&field->extensions, "attribute");
    const char *where = str_c(reader->arena, field->name);
    struct str label = dmn_attribute(extension, "label");
    *out = (struct scheme_attribute){.name = field->name,
                                     .label = label.at ? label : field->name,
                                     .unit = scheme__or_empty(dmn_attribute(extension, "unit")),
                                     .type = field->type_name,
                                     .fallback = dmn_attribute(extension, "default"),
                                     .min = scheme__or_empty(dmn_attribute(extension, "min")),
                                     .max = scheme__or_empty(dmn_attribute(extension, "max")),
                                     .may_differ_per_outlet =
                                         str_eq(dmn_attribute(extension, "outlet"), STR("true"))};
    scheme__check_options(reader, where, extension, attribute_options);
    if (scheme__word_find(type_words, out->type) == 0)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "An attribute is a number, string, boolean or date, not {0}.",
                         str_c(reader->arena, scheme__or_empty(out->type)), NULL);
    else if (!out->fallback.at)
        (void)!fault_add(reader->fault, RC_INVALID, where, "The attribute has no default.", NULL);
    else {
        const char *problem = scheme_value_check(reader->arena, out, out->fallback, &out->fallback);
        if (problem)
            (void)!fault_add(reader->fault, RC_INVALID, where, problem, NULL);
    }
}

static const struct dmn_type *type_find(const struct dmn_model *model, struct str name)
{
    for (size_t i = 0; i < model->types_len; i++)
        if (str_eq(model->types[i].name, name))
            return &model->types[i];
    return NULL;
}

static void read_attributes(struct scheme__reader *reader)
{
    struct scheme *scheme = reader->scheme;
    const struct dmn_element *terms = dmn_find(scheme->model, DMN_INPUT, STR("terms"));
    const struct dmn_type *type = terms ? type_find(scheme->model, terms->type_name) : NULL;
    if (!terms)
        return;
    if (!type || type->fields_len == 0) {
        (void)!fault_add(reader->fault, RC_INVALID, "terms",
                         "The input terms needs a type with the scheme's attributes.", NULL);
        return;
    }
    scheme->attributes = NEW_ARRAY(reader->arena, struct scheme_attribute, type->fields_len);
    scheme->attributes_len = type->fields_len;
    for (size_t i = 0; i < type->fields_len; i++)
        read_attribute(reader, &type->fields[i], &scheme->attributes[i]);
}

/* ---- the file ---- */

static void take_issues(struct scheme__reader *reader)
{
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    dmn_check(reader->arena, reader->scheme->model, &issues, &len);
    struct dmn_issue *warnings = NEW_ARRAY(reader->arena, struct dmn_issue, len + 1);
    reader->scheme->warnings = warnings;
    for (size_t i = 0; i < len; i++) {
        const struct dmn_issue *issue = &issues[i];
        if (issue->is_warning) {
            warnings[reader->scheme->warnings_len++] = *issue;
            continue;
        }
        const char *where = issue->element ? str_c(reader->arena, issue->element->name) : NULL;
        size_t entry = reader->fault->entries_len;
        (void)!fault_add(reader->fault, RC_INVALID, where, issue->message, issue->args[0],
                         issue->args[0] ? issue->args[1] : NULL,
                         issue->args[0] && issue->args[1] ? issue->args[2] : NULL, NULL);
        if (entry < reader->fault->entries_len) {
            reader->fault->entries[entry].line = issue->file_line;
            reader->fault->entries[entry].column = issue->at;
        }
    }
}

enum rc scheme_read(struct arena *arena, struct str dmn_xml, struct fault *fault,
                    const struct scheme **out)
{
    struct scheme *scheme = NEW(arena, struct scheme);
    struct scheme__reader reader = {.arena = arena, .fault = fault, .scheme = scheme};
    size_t before = fault->entries_len;
    TRY(dmn_read(arena, dmn_xml, NULL, 0, FEEL_KONTOR, fault, &scheme->model));
    scheme->reads_original = str_has(dmn_xml, STR("original"));
    scheme->reads_attributes = str_has(dmn_xml, STR("attributes"));
    scheme->reads_bindings = str_has(dmn_xml, STR("bound on")) || str_has(dmn_xml, STR("customer"));
    take_issues(&reader);
    read_definitions(&reader);
    read_attributes(&reader);
    scheme__read_outputs(&reader);
    if (fault->entries_len > before)
        return RC_INVALID;
    *out = scheme;
    return RC_OK;
}
