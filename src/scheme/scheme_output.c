/* kontor:output on decisions: what a scheme gives, over what, and what it may read for that. What
 * is allowed where is data: a kind has scopes and options, a scope has inputs. */
#include "feel/feel.h"
#include "scheme/scheme_edit.h"
#include "scheme/scheme_model.h"
#include "when/when.h"

/* ---- words ---- */

static const struct scheme__word kind_words[] = {
#define X(kind, number, word, label) {word, kind},
    SCHEME_KINDS(X)
#undef X
        {0}};
static const struct scheme__word scope_words[] = {
#define X(scope, number, phase, word, label) {word, scope},
    SCHEME_SCOPES(X)
#undef X
        {0}};
static const struct scheme__word reset_words[] = {{"period", SCHEME_RESET_PERIOD},
                                                  {"month", SCHEME_RESET_MONTH},
                                                  {"quarter", SCHEME_RESET_QUARTER},
                                                  {"year", SCHEME_RESET_YEAR},
                                                  {"contract", SCHEME_RESET_CONTRACT},
                                                  {"never", SCHEME_RESET_NEVER},
                                                  {0}};
static const struct scheme__word item_words[] = {
    {"contract", SCHEME_OF_CONTRACT}, {"customer", SCHEME_OF_CUSTOMER},
    {"outlet", SCHEME_OF_OUTLET},     {"product", SCHEME_OF_PRODUCT},
    {"category", SCHEME_OF_CATEGORY}, {0}};
static const struct scheme__word prorate_words[] = {{"none", SCHEME_PRORATE_NONE},
                                                    {"days", SCHEME_PRORATE_DAYS},
                                                    {"months", SCHEME_PRORATE_MONTHS},
                                                    {0}};
static const struct scheme__word direction_words[] = {{"pull", 1}, {"push", 2}, {0}};

const char *scheme_kind_name(enum scheme_kind kind)
{
    switch (kind) {
#define X(kind, number, word, label)                                                               \
    case kind: return word;
        SCHEME_KINDS(X)
#undef X
    }
    return NULL;
}

const char *scheme_kind_label(enum scheme_kind kind)
{
    switch (kind) {
#define X(kind, number, word, label)                                                               \
    case kind: return label;
        SCHEME_KINDS(X)
#undef X
    }
    return NULL;
}

const char *scheme_scope_name(enum scheme_scope scope)
{
    switch (scope) {
#define X(scope, number, phase, word, label)                                                       \
    case scope: return word;
        SCHEME_SCOPES(X)
#undef X
    }
    return NULL;
}

const char *scheme_scope_label(enum scheme_scope scope)
{
    switch (scope) {
#define X(scope, number, phase, word, label)                                                       \
    case scope: return label;
        SCHEME_SCOPES(X)
#undef X
    }
    return NULL;
}

int scheme_scope_phase(enum scheme_scope scope)
{
    static const int phases[] = {
#define X(name, number, phase, word, label) [name] = (phase),
        SCHEME_SCOPES(X)
#undef X
    };
    return (size_t)scope < LEN(phases) ? phases[scope] : 0;
}

/* ---- what is allowed where ---- */

#define IN(scope) (1U << (scope))
enum {
    IN_EVENT = IN(SCHEME_EVENT),
    IN_CONTRACT = IN(SCHEME_CONTRACT),
    IN_OUTLET = IN(SCHEME_OUTLET),
    IN_CUSTOMER = IN(SCHEME_CUSTOMER),
    IN_RANK = IN(SCHEME_RANK),
    IN_UPWARD = IN(SCHEME_UPWARD),
    IN_MATCHING = IN(SCHEME_MATCHING),
    IN_POOL = IN(SCHEME_POOL),
    IN_CLOSING = IN(SCHEME_CLOSING),
    IN_PHASE_1 = IN_EVENT | IN_CONTRACT | IN_OUTLET | IN_CUSTOMER,
    IN_NETWORK = IN_RANK | IN_UPWARD | IN_MATCHING | IN_CLOSING,
    IN_ONE = IN_PHASE_1 | IN_NETWORK, /* of one contract */
    IN_WHOLE = IN_CONTRACT | IN_NETWORK,
    IN_ALL = IN_ONE | IN_POOL
};

/* The inputs that schemes may declare, and the scopes that have them. */
static const struct offered {
    const char *name;
    unsigned scopes;
} offered_inputs[] = {
    {"chain", IN_EVENT},       {"sales", IN_ONE},
    {"terms", IN_ALL},         {"contract", IN_ONE},
    {"partner", IN_ONE},       {"period", IN_ALL},
    {"active", IN_ONE},        {"previous", IN_ONE},
    {"carried", IN_ONE},       {"event", IN_EVENT},
    {"running", IN_EVENT},     {"outlet", IN_OUTLET},
    {"customer", IN_CUSTOMER}, {"downline", IN_NETWORK},
    {"legs", IN_NETWORK},      {"lines", IN_MATCHING | IN_CLOSING},
    {"members", IN_POOL},      {"plan", IN_ONE},
    {"metrics", IN_ONE},
};

/* The scopes that a kind may have. */
static const unsigned scopes_of_kind[] = {
    [SCHEME_MEASURE] = IN_ALL & ~(unsigned)IN_EVENT,
    [SCHEME_LINE] = IN_ALL,
    [SCHEME_ACCUMULATOR] = IN_EVENT,
    [SCHEME_CARRY] = IN_WHOLE,
    [SCHEME_CHARGE] = IN_ONE,
    [SCHEME_CLAWBACK] = IN_EVENT,
    [SCHEME_REFERRED] = IN_EVENT | IN_CONTRACT | IN_CUSTOMER,
    [SCHEME_ELIGIBLE] = IN_EVENT | IN_CONTRACT,
    [SCHEME_DUE] = IN_EVENT | IN_CONTRACT,
    [SCHEME_ADJUST] = IN_POOL | IN_CLOSING,
};

/* The options of kontor:output, and the kinds that have them. */
#define OF(kind) (1U << (kind))
enum {
    OF_LINES = OF(SCHEME_LINE),
    OF_AMOUNTS = OF_LINES | OF(SCHEME_ADJUST) | OF(SCHEME_CHARGE) | OF(SCHEME_REFERRED),
    OF_ELIGIBLE = OF(SCHEME_ELIGIBLE),
    OF_CLAWBACK = OF(SCHEME_CLAWBACK),
    OF_VERDICTS = OF_ELIGIBLE | OF_CLAWBACK | OF(SCHEME_DUE),
    OF_ACCUMULATOR = OF(SCHEME_ACCUMULATOR),
    OF_CARRY = OF(SCHEME_CARRY),
    OF_MEASURE = OF(SCHEME_MEASURE),
    OF_KINDS = OF_AMOUNTS | OF_ACCUMULATOR | OF_CARRY | OF_MEASURE | OF_VERDICTS
};
static const struct option {
    const char *name;
    unsigned kinds;
} options[] = {
    {"kind", OF_KINDS},
    {"scope", OF_KINDS},
    {"label", OF_KINDS},
    {"key", OF_KINDS & ~(unsigned)OF_VERDICTS},
    {"unit", OF_KINDS & ~(unsigned)(OF_ACCUMULATOR | OF_VERDICTS)},
    {"shown", OF_MEASURE | OF_AMOUNTS},
    {"rounding", OF_MEASURE | OF_AMOUNTS},
    {"scale", OF_MEASURE | OF_AMOUNTS},
    {"level", OF_LINES},
    {"prorate", OF_LINES | OF(SCHEME_CHARGE)},
    {"direction", OF_LINES},
    {"reset", OF_ACCUMULATOR | OF_CARRY},
    {"where", OF_ACCUMULATOR},
    {"initial", OF_CARRY},
    {"expiresAfter", OF_CARRY},
    {"of", OF_VERDICTS},
    {"law", OF_LINES},
    {"partial", OF_LINES},
    {"term", OF_LINES},
    {"schedule", OF_LINES},
};

/* ---- the same for editors (scheme_edit.h) ---- */

enum scheme_kind scheme__kind_find(struct str word)
{
    return (enum scheme_kind)scheme__word_find(kind_words, word);
}

enum scheme_scope scheme__scope_find(struct str word)
{
    return (enum scheme_scope)scheme__word_find(scope_words, word);
}

enum scheme_scope scheme__scope_usual(enum scheme_kind kind)
{
    return kind == SCHEME_ACCUMULATOR || kind == SCHEME_CLAWBACK ? SCHEME_EVENT : SCHEME_CONTRACT;
}

bool scheme_kind_has_scope(enum scheme_kind kind, enum scheme_scope scope)
{
    return (size_t)kind < LEN(scopes_of_kind) && (scopes_of_kind[kind] & IN((unsigned)scope));
}

bool scheme_kind_has_option(enum scheme_kind kind, const char *option)
{
    for (size_t i = 0; i < LEN(options); i++)
        if (strcmp(options[i].name, option) == 0)
            return options[i].kinds & OF((unsigned)kind);
    return false;
}

const char *scheme_option_word(const char *option, size_t i)
{
    static const struct {
        const char *option;
        const struct scheme__word *words;
    } lists[] = {{"rounding", scheme__rounding_words}, {"level", scheme__level_words},
                 {"tree", scheme__tree_words},         {"reset", reset_words},
                 {"direction", direction_words},       {"key", item_words}};
    for (size_t k = 0; k < LEN(lists); k++) {
        const struct scheme__word *word = lists[k].words;
        if (strcmp(lists[k].option, option) != 0)
            continue;
        while (word->word && i > 0) {
            word++;
            i--;
        }
        return word->word;
    }
    return NULL;
}

static const struct offered *input_find(struct str name)
{
    for (size_t i = 0; i < LEN(offered_inputs); i++)
        if (str_eq(str_of(offered_inputs[i].name), name))
            return &offered_inputs[i];
    return NULL;
}

bool scheme_input_at(size_t i, const char **out_name)
{
    if (i < LEN(offered_inputs))
        *out_name = offered_inputs[i].name;
    return i < LEN(offered_inputs);
}

bool scheme_input_has_scope(const char *name, enum scheme_scope scope)
{
    const struct offered *input = input_find(str_of(name));
    return input && (input->scopes & IN((unsigned)scope));
}

static void check_options(struct scheme__reader *reader, const char *where,
                          const struct dmn_extension *extension, enum scheme_kind kind)
{
    const char *names[LEN(options) + 1];
    size_t len = 0;
    for (size_t i = 0; i < LEN(options); i++)
        if (options[i].kinds & OF((unsigned)kind))
            names[len++] = options[i].name;
    names[len] = NULL;
    scheme__check_options(reader, where, extension, names);
}

static struct str scope_list(struct arena *arena, unsigned scopes)
{
    AUTO_BUF list = BUF(1024);
    for (size_t i = 0; scope_words[i].word; i++)
        if (scopes & IN((unsigned)scope_words[i].value))
            buf_printf(&list, "%s%s", list.len ? ", " : "", scope_words[i].word);
    return str_dup(arena, buf_str(&list));
}

static void check_inputs(struct scheme__reader *reader, const struct dmn_element *decision,
                         enum scheme_scope scope)
{
    const struct dmn_model *model = reader->scheme->model;
    const char *where = str_c(reader->arena, decision->name);
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *input = model->elements[i];
        if (input->kind != DMN_INPUT || !dmn_depends(model, decision, input))
            continue;
        const struct offered *offered = input_find(input->name);
        unsigned scopes = offered ? offered->scopes : 0;
        if (scopes == 0)
            (void)!fault_add(reader->fault, RC_INVALID, where, "There is no input {0} for schemes.",
                             str_c(reader->arena, input->name), NULL);
        else if (!(scopes & IN((unsigned)scope)))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "The input {0} is not there in the scope {1}, only in: {2}.",
                             str_c(reader->arena, input->name), scheme_scope_name(scope),
                             str_c(reader->arena, scope_list(reader->arena, scopes)), NULL);
    }
}

/* ---- one output ---- */

/* The condition of an accumulator, the term of a law: FEEL over the event and the terms. */
const struct feel_expr *scheme__read_formula(struct scheme__reader *reader, const char *where,
                                             const struct dmn_extension *extension,
                                             const char *name)
{
    struct str text = dmn_attribute(extension, name);
    size_t issues = 0;
    if (!text.at)
        return NULL;
    struct feel_compiler *compiler = feel_compiler_new(reader->arena, FEEL_KONTOR);
    struct feel_expr *expr = NEW(reader->arena, struct feel_expr);
    (void)feel_declare(compiler, STR("event"), NULL);
    (void)feel_declare(compiler, STR("terms"), NULL);
    enum rc rc = feel_parse(compiler, text, NULL, &expr->node);
    (void)feel_issues(compiler, &issues);
    expr->slots_len = feel_slots_len(compiler);
    if (rc == RC_OK && issues == 0)
        return expr;
    (void)!fault_add(reader->fault, RC_INVALID, where, "This formula could not be read: {0}",
                     str_c(reader->arena, text), NULL);
    return NULL;
}

/* What a carry is before anything was handed over: a constant. */
static void read_initial(struct scheme__reader *reader, const char *where,
                         const struct dmn_extension *extension, struct scheme_output *out)
{
    struct feel_expr expr;
    struct feel_value *value = NEW(reader->arena, struct feel_value);
    struct str text = dmn_attribute(extension, "initial");
    struct feel_warnings *warnings = NEW(reader->arena, struct feel_warnings);
    if (!text.at)
        return;
    out->initial = value;
    if (feel_compile(reader->arena, text, NULL, 0, FEEL_KONTOR, NULL, &expr) != RC_OK ||
        feel_eval(&expr, &(struct feel_env){0}, reader->arena, warnings, NULL, value) != RC_OK ||
        warnings->total > 0)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "This is not a constant of the formula language: {0}",
                         str_c(reader->arena, text), NULL);
}

/* "P6M": six months; "P10D": ten days. */
static void read_expiry(struct scheme__reader *reader, const char *where,
                        const struct dmn_extension *extension, struct scheme_output *out)
{
    static const __int128 day_nanos = (__int128)86400 * 1000000000;
    struct str text = dmn_attribute(extension, "expiresAfter");
    if (!text.at)
        return;
    struct feel_value value = feel_parse_temporal(reader->arena, text);
    if (value.kind == FEEL_MONTHS)
        out->expires_months = value.months;
    if (value.kind == FEEL_DAYS)
        out->expires_days = (int64_t)(value.span_nanos / day_nanos);
    if (out->expires_months <= 0 && out->expires_days <= 0)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "This is not a duration like P6M or P30D: {0}", str_c(reader->arena, text),
                         NULL);
}

static void read_words(struct scheme__reader *reader, const char *where,
                       const struct dmn_extension *extension, struct scheme_output *out)
{
    bool is_running = out->kind == SCHEME_ACCUMULATOR;
    out->rounding = (enum dec_round)scheme__read_word(
        reader, where, extension, "rounding", scheme__rounding_words, (int)reader->rounding);
    out->scale = scheme__read_scale(reader, where, extension, reader->scale);
    out->level = (enum scheme_level)scheme__read_word(reader, where, extension, "level",
                                                      scheme__level_words, (int)reader->level);
    out->reset =
        (enum scheme_reset)scheme__read_word(reader, where, extension, "reset", reset_words,
                                             is_running ? SCHEME_RESET_PERIOD : SCHEME_RESET_NEVER);
    out->prorate = (enum scheme_prorate)scheme__read_word(reader, where, extension, "prorate",
                                                          prorate_words, SCHEME_PRORATE_NONE);
    if (out->prorate != SCHEME_PRORATE_NONE &&
        (out->scope == SCHEME_EVENT || out->scope == SCHEME_POOL))
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "Sums of the period are prorated, not those of events or pools.", NULL);
    out->is_push =
        scheme__read_word(reader, where, extension, "direction", direction_words, 1) == 2;
    if (is_running)
        out->item = (enum scheme_item)scheme__read_word(reader, where, extension, "key", item_words,
                                                        SCHEME_OF_CONTRACT);
}

static void check_kind(struct scheme__reader *reader, const char *where,
                       const struct dmn_extension *extension, const struct scheme_output *output)
{
    if (!dmn_attribute(extension, "kind").at)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "An output says its kind, for example line or measure.", NULL);
    if (output->kind == 0)
        return;
    check_options(reader, where, extension, output->kind);
    unsigned scopes = scopes_of_kind[output->kind];
    if (!(scopes & IN((unsigned)output->scope)))
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "The kind {0} has no scope {1}, only: {2}.",
                         scheme_kind_name(output->kind), scheme_scope_name(output->scope),
                         str_c(reader->arena, scope_list(reader->arena, scopes)), NULL);
    if (output->is_push && output->scope != SCHEME_EVENT)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "Lines are pushed to others in the scope event.", NULL);
}

/* A condition on later events is looked at again long after the run, from what is kept then. */
static void check_due(struct scheme__reader *reader, const struct dmn_element *decision,
                      const struct scheme_output *output)
{
    const struct dmn_model *model = reader->scheme->model;
    for (size_t i = 0; i < model->elements_len; i++) {
        const struct dmn_element *input = model->elements[i];
        if (output->kind == SCHEME_DUE && output->scope == SCHEME_EVENT &&
            input->kind == DMN_INPUT && dmn_depends(model, decision, input) &&
            !str_eq(input->name, STR("event")) && !str_eq(input->name, STR("terms")))
            (void)!fault_add(reader->fault, RC_INVALID, str_c(reader->arena, decision->name),
                             "When lines of an event are due depends on event and terms alone, "
                             "not on {0}.",
                             str_c(reader->arena, input->name), NULL);
    }
}

static void read_output(struct scheme__reader *reader, const struct dmn_element *decision,
                        const struct dmn_extension *extension, struct scheme_output *out)
{
    const char *where = str_c(reader->arena, decision->name);
    struct str label = dmn_attribute(extension, "label"), key = dmn_attribute(extension, "key");
    *out = (struct scheme_output){
        .decision = decision->name,
        .unit = scheme__or_empty(dmn_attribute(extension, "unit")),
        .of = scheme__or_empty(dmn_attribute(extension, "of")),
        .kind =
            (enum scheme_kind)scheme__read_word(reader, where, extension, "kind", kind_words, 0),
        .is_shown = !str_eq(dmn_attribute(extension, "shown"), STR("false"))};
    out->scope = (enum scheme_scope)scheme__read_word(
        reader, where, extension, "scope", scope_words, (int)scheme__scope_usual(out->kind));
    out->phase = scheme_scope_phase(out->scope);
    /* of an accumulator the option says what is counted apart: it is known by its name */
    out->key = key.at && out->kind != SCHEME_ACCUMULATOR ? key : decision->name;
    out->label = label.at ? label : out->key;
    read_words(reader, where, extension, out);
    if (out->is_push) /* it sees the ranks of those above, so it comes after them */
        out->phase = 3;
    out->where = scheme__read_formula(reader, where, extension, "where");
    scheme__read_law(reader, where, extension, out);
    read_initial(reader, where, extension, out);
    read_expiry(reader, where, extension, out);
    check_kind(reader, where, extension, out);
    check_inputs(reader, decision, out->scope);
    check_due(reader, decision, out);
}

/* ---- all outputs ---- */

static bool is_about_lines(const struct scheme_output *output)
{
    return output->kind == SCHEME_ELIGIBLE || output->kind == SCHEME_DUE;
}

/* Phases in order; inside one, what is of the contract before what is of its events, and what
 * decides about lines before them. */
static int rank(const struct scheme_output *output)
{
    int within = 1;
    switch (output->scope) {
    case SCHEME_OUTLET: within = 2; break;
    case SCHEME_CUSTOMER: within = 3; break;
    case SCHEME_EVENT: within = is_about_lines(output) ? 4 : 5; break;
    default: within = output->kind == SCHEME_MEASURE || is_about_lines(output) ? 0 : 1; break;
    }
    return output->phase * 10 + within;
}

/* Stable insertion: outputs of one rank stay in the order of the file. */
static void insert_output(struct scheme *scheme, struct scheme_output output)
{
    size_t at = scheme->outputs_len++;
    for (; at > 0 && rank(&scheme->outputs[at - 1]) > rank(&output); at--)
        scheme->outputs[at] = scheme->outputs[at - 1];
    scheme->outputs[at] = output;
    if (output.phase > scheme->last_phase)
        scheme->last_phase = output.phase;
}

static bool has_line(const struct scheme *scheme, struct str key)
{
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (str_eq(scheme->outputs[i].key, key) &&
            (scheme->outputs[i].kind == SCHEME_LINE || scheme->outputs[i].kind == SCHEME_CHARGE))
            return true;
    return false;
}

static void check_keys(struct scheme__reader *reader)
{
    const struct scheme *scheme = reader->scheme;
    for (size_t i = 0; i < scheme->outputs_len; i++)
        if (scheme->outputs[i].of.len > 0 && !has_line(scheme, scheme->outputs[i].of))
            (void)!fault_add(
                reader->fault, RC_INVALID, str_c(reader->arena, scheme->outputs[i].decision),
                "No line has the key {0}.", str_c(reader->arena, scheme->outputs[i].of), NULL);
    for (size_t i = 0; i < scheme->outputs_len; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(scheme->outputs[i].key, scheme->outputs[j].key))
                (void)!fault_add(reader->fault, RC_INVALID,
                                 str_c(reader->arena, scheme->outputs[i].decision),
                                 "Two outputs have the key {0}.",
                                 str_c(reader->arena, scheme->outputs[i].key), NULL);
}

static const struct dmn_element *decision_of(const struct scheme *scheme,
                                             const struct scheme_output *output)
{
    return dmn_find(scheme->model, DMN_DECISION, output->decision);
}

static bool reads_input(const struct scheme *scheme, const struct scheme_output *output,
                        const char *name)
{
    const struct dmn_element *input = dmn_find(scheme->model, DMN_INPUT, str_of(name));
    return input && dmn_depends(scheme->model, decision_of(scheme, output), input);
}

/* An earlier phase may not read a later one, nothing is added up from what is added up, and only
 * what is pushed sees whom it can be pushed to. */
static void check_order(struct scheme__reader *reader)
{
    const struct scheme *scheme = reader->scheme;
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        const struct scheme_output *reads = &scheme->outputs[i];
        const char *where = str_c(reader->arena, reads->decision);
        for (size_t j = 0; j < scheme->outputs_len; j++) {
            const struct scheme_output *later = &scheme->outputs[j];
            if (later->phase > reads->phase &&
                dmn_depends(scheme->model, decision_of(scheme, reads), decision_of(scheme, later)))
                (void)!fault_add(reader->fault, RC_INVALID, where,
                                 "It reads {0}, which is computed in a later phase.",
                                 str_c(reader->arena, later->decision), NULL);
        }
        if (reads->kind == SCHEME_CLAWBACK && reads_input(scheme, reads, "running"))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "What is taken back cannot depend on running totals.", NULL);
        if (reads->kind == SCHEME_ACCUMULATOR && reads_input(scheme, reads, "running"))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "A running total cannot be added up from running totals.", NULL);
        if (!reads->is_push && reads_input(scheme, reads, "chain"))
            (void)!fault_add(reader->fault, RC_INVALID, where,
                             "The input chain is there for lines with the direction push.", NULL);
    }
}

void scheme__read_outputs(struct scheme__reader *reader)
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
    scheme__check_laws(reader);
    check_order(reader);
}
