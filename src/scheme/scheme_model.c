/* What a DMN file says about itself as a scheme: kontor:scheme on the definitions, kontor:output on
 * decisions, kontor:attribute on the components of the type of `terms`. Everything is checked here,
 * so that a run meets no surprises. */
#include "scheme/scheme.h"
#include "text/text.h"

struct reader {
    struct arena *arena;
    struct fault *fault;
    struct scheme *scheme;
    enum dec_round rounding; /* of the file, unless an output has its own */
    int scale;
};

struct word_value {
    const char *word;
    int value;
};

static const struct word_value rounding_words[] = {
    {"half up", DEC_HALF_UP},     {"half even", DEC_HALF_EVEN},
    {"half down", DEC_HALF_DOWN}, {"up", DEC_UP},
    {"down", DEC_DOWN},           {"floor", DEC_FLOOR},
    {"ceiling", DEC_CEILING},     {0}};
static const struct word_value kind_words[] = {
    {"measure", SCHEME_MEASURE}, {"line", SCHEME_LINE}, {0}};
static const struct word_value scope_words[] = {
    {"event", SCHEME_EVENT}, {"contract", SCHEME_CONTRACT}, {"upward", SCHEME_UPWARD}, {0}};
static const struct word_value tree_words[] = {{"owner", 1},     {"sponsor", 2}, {"placement", 3},
                                               {"territory", 4}, {"supply", 5},  {0}};
static const struct word_value type_words[] = {
    {"number", 1}, {"string", 2}, {"boolean", 3}, {"date", 4}, {0}};

/* What each scope offers; the bits are 1 << scope. */
struct offered {
    const char *name;
    unsigned scopes;
};
enum {
    IN_EVENT = 1 << SCHEME_EVENT,
    IN_CONTRACT = 1 << SCHEME_CONTRACT,
    IN_UPWARD = 1 << SCHEME_UPWARD
};
enum { IN_ALL = IN_EVENT | IN_CONTRACT | IN_UPWARD };

static const struct offered offered_inputs[] = {
    {"sales", IN_ALL},  {"terms", IN_ALL},  {"contract", IN_ALL}, {"partner", IN_ALL},
    {"period", IN_ALL}, {"active", IN_ALL}, {"event", IN_EVENT},  {"downline", IN_UPWARD}};

static int word_find(const struct word_value *words, struct str word)
{
    for (; words->word; words++)
        if (str_eq(str_of(words->word), word))
            return words->value;
    return 0;
}

/* A word of an attribute; absent gives `fallback`; an unknown one is a fault that lists the rest.
 */
static int read_word(struct reader *reader, const char *where,
                     const struct dmn_extension *extension, const char *name,
                     const struct word_value *words, int fallback)
{
    struct str text = dmn_attribute(extension, name);
    if (!text.at)
        return fallback;
    int value = word_find(words, text);
    if (value != 0)
        return value;
    AUTO_BUF list = BUF(1024);
    for (; words->word; words++)
        buf_printf(&list, "%s%s", list.len ? ", " : "", words->word);
    (void)!fault_add(reader->fault, RC_INVALID, where, "{0} cannot be {1}; it is one of: {2}.",
                     name, str_c(reader->arena, text), str_c(reader->arena, buf_str(&list)), NULL);
    return fallback;
}

static int read_scale(struct reader *reader, const char *where,
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

/* ---- kontor:scheme ---- */

static void read_definitions(struct reader *reader)
{
    struct scheme *scheme = reader->scheme;
    const struct dmn_extension *extension = dmn_extension(&scheme->model->extensions, "scheme");
    struct str currency = dmn_attribute(extension, "currency");
    reader->rounding = (enum dec_round)read_word(reader, "scheme", extension, "rounding",
                                                 rounding_words, DEC_HALF_UP);
    reader->scale = read_scale(reader, "scheme", extension, -1);
    scheme->name = scheme->model->name;
    scheme->description = scheme->model->description;
    (void)read_word(reader, "scheme", extension, "tree", tree_words, 1);
    scheme->tree = dmn_attribute(extension, "tree");
    if (!scheme->tree.at)
        scheme->tree = STR("owner");
    if (!currency.at || str_eq(currency, STR("contract")))
        return;
    scheme->currency = currency_find(currency);
    if (!scheme->currency)
        (void)!fault_add(reader->fault, RC_INVALID, "scheme",
                         "There is no currency {0}; give its ISO code, or contract.",
                         str_c(reader->arena, currency), NULL);
}

/* ---- kontor:attribute ---- */

static struct str or_empty(struct str text)
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

static void read_attribute(struct reader *reader, const struct dmn_type *field,
                           struct scheme_attribute *out)
{
    const struct dmn_extension *extension = dmn_extension(&field->extensions, "attribute");
    const char *where = str_c(reader->arena, field->name);
    struct str label = dmn_attribute(extension, "label");
    *out = (struct scheme_attribute){.name = field->name,
                                     .label = label.at ? label : field->name,
                                     .unit = or_empty(dmn_attribute(extension, "unit")),
                                     .type = field->type_name,
                                     .fallback = dmn_attribute(extension, "default"),
                                     .min = or_empty(dmn_attribute(extension, "min")),
                                     .max = or_empty(dmn_attribute(extension, "max")),
                                     .may_differ_per_outlet =
                                         str_eq(dmn_attribute(extension, "outlet"), STR("true"))};
    if (word_find(type_words, out->type) == 0)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "An attribute is a number, string, boolean or date, not {0}.",
                         str_c(reader->arena, or_empty(out->type)), NULL);
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

static void read_attributes(struct reader *reader)
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

/* ---- kontor:output ---- */

static void check_inputs(struct reader *reader, const struct dmn_element *decision,
                         enum scheme_scope scope)
{
    const struct dmn_model *model = reader->scheme->model;
    const char *where = str_c(reader->arena, decision->name);
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *input = model->elements[i];
        if (input->kind != DMN_INPUT || !dmn_depends(model, decision, input))
            continue;
        unsigned scopes = 0;
        for (size_t k = 0; k < LEN(offered_inputs); k++)
            if (str_eq(str_of(offered_inputs[k].name), input->name))
                scopes = offered_inputs[k].scopes;
        if (scopes == 0)
            (void)!fault_add(reader->fault, RC_INVALID, where, "There is no input {0} for schemes.",
                             str_c(reader->arena, input->name), NULL);
        else if (!(scopes & (1U << scope)))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "The input {0} is not there in the scope of this output.",
                             str_c(reader->arena, input->name), NULL);
    }
}

static void read_output(struct reader *reader, const struct dmn_element *decision,
                        const struct dmn_extension *extension, struct scheme_output *out)
{
    const char *where = str_c(reader->arena, decision->name);
    struct str label = dmn_attribute(extension, "label"), key = dmn_attribute(extension, "key");
    *out = (struct scheme_output){
        .decision = decision->name,
        .key = key.at ? key : decision->name,
        .label = label.at ? label
                 : key.at ? key
                          : decision->name,
        .unit = or_empty(dmn_attribute(extension, "unit")),
        .kind = (enum scheme_kind)read_word(reader, where, extension, "kind", kind_words, 0),
        .scope = (enum scheme_scope)read_word(reader, where, extension, "scope", scope_words,
                                              SCHEME_CONTRACT),
        .rounding = (enum dec_round)read_word(reader, where, extension, "rounding", rounding_words,
                                              (int)reader->rounding),
        .scale = read_scale(reader, where, extension, reader->scale),
        .is_shown = !str_eq(dmn_attribute(extension, "shown"), STR("false"))};
    out->phase = out->scope == SCHEME_UPWARD ? 3 : 1;
    if (!dmn_attribute(extension, "kind").at)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "An output says its kind: measure or line.", NULL);
    if (out->kind == SCHEME_MEASURE && out->scope == SCHEME_EVENT)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "A measure is of a contract, not of one event.", NULL);
    check_inputs(reader, decision, out->scope);
}

/* Phases in order; inside one, what is of the contract before what is of its events. */
static int rank(const struct scheme_output *output)
{
    int within = output->kind == SCHEME_MEASURE ? 0 : output->scope == SCHEME_EVENT ? 2 : 1;
    return output->phase * 10 + within;
}

/* Stable insertion: outputs of one rank stay in the order of the file. */
static void insert_output(struct scheme *scheme, struct scheme_output output)
{
    size_t at = scheme->outputs_len++;
    for (; at > 0 && rank(&scheme->outputs[at - 1]) > rank(&output); at--)
        scheme->outputs[at] = scheme->outputs[at - 1];
    scheme->outputs[at] = output;
}

static void check_keys(struct reader *reader)
{
    const struct scheme *scheme = reader->scheme;
    for (size_t i = 0; i < scheme->outputs_len; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(scheme->outputs[i].key, scheme->outputs[j].key))
                (void)!fault_add(reader->fault, RC_INVALID,
                                 str_c(reader->arena, scheme->outputs[i].decision),
                                 "Two outputs have the key {0}.",
                                 str_c(reader->arena, scheme->outputs[i].key), NULL);
}

/* An earlier phase may not read a later one. */
static void check_phases(struct reader *reader)
{
    const struct scheme *scheme = reader->scheme;
    for (size_t i = 0; i < scheme->outputs_len; i++)
        for (size_t j = 0; j < scheme->outputs_len; j++) {
            const struct scheme_output *reads = &scheme->outputs[i], *later = &scheme->outputs[j];
            if (later->phase > reads->phase &&
                dmn_depends(scheme->model, dmn_find(scheme->model, DMN_DECISION, reads->decision),
                            dmn_find(scheme->model, DMN_DECISION, later->decision)))
                (void)!fault_add(reader->fault, RC_INVALID, str_c(reader->arena, reads->decision),
                                 "It reads {0}, which is computed in a later phase.",
                                 str_c(reader->arena, later->decision), NULL);
        }
}

static void read_outputs(struct reader *reader)
{
    struct scheme *scheme = reader->scheme;
    scheme->outputs = NEW_ARRAY(reader->arena, struct scheme_output, scheme->model->elements_len);
    for (size_t i = 0; i < scheme->model->elements_len; i++) {
        const struct dmn_element *decision = scheme->model->elements[i];
        const struct dmn_extension *extension = dmn_extension(&decision->extensions, "output");
        if (decision->kind != DMN_DECISION || !extension)
            continue;
        struct scheme_output output;
        read_output(reader, decision, extension, &output);
        insert_output(scheme, output);
    }
    if (scheme->outputs_len == 0)
        (void)!fault_add(reader->fault, RC_INVALID, NULL,
                         "No decision of the file is an output: mark one with kontor:output.",
                         NULL);
    check_keys(reader);
    check_phases(reader);
}

/* ---- the file ---- */

static void take_issues(struct reader *reader)
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
    struct reader reader = {.arena = arena, .fault = fault, .scheme = scheme};
    size_t before = fault->entries_len;
    TRY(dmn_read(arena, dmn_xml, NULL, 0, FEEL_KONTOR, fault, &scheme->model));
    take_issues(&reader);
    read_definitions(&reader);
    read_attributes(&reader);
    read_outputs(&reader);
    if (fault->entries_len > before)
        return RC_INVALID;
    *out = scheme;
    return RC_OK;
}
