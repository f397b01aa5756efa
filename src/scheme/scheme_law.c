/* What of a reward is taken back when its event is: the law of a line, and outputs of kind clawback
 * that say it by a formula. Laws are of lines of events; what is computed over a period sees the
 * reversing events among its sales. */
#include "scheme/scheme_model.h"

static const struct scheme__word law_words[] = {
#define X(law, number, word, label) {word, law},
    SCHEME_LAWS(X)
#undef X
        {0}};
static const struct scheme__word partial_words[] = {{"proportional", SCHEME_PARTIAL_PROPORTIONAL},
                                                    {"full", SCHEME_PARTIAL_FULL},
                                                    {"none", SCHEME_PARTIAL_NONE},
                                                    {0}};

const char *scheme_law_name(enum scheme_law law)
{
    switch (law) {
#define X(law, number, word, label)                                                                \
    case law: return word;
        SCHEME_LAWS(X)
#undef X
    case SCHEME_LAW_DECISION: return "clawback";
    }
    return NULL;
}

const char *scheme_law_label(enum scheme_law law)
{
    switch (law) {
#define X(law, number, word, label)                                                                \
    case law: return label;
        SCHEME_LAWS(X)
#undef X
    case SCHEME_LAW_DECISION: return M("by a rule of the scheme");
    }
    return NULL;
}

enum scheme_law scheme_law_find(struct str name)
{
    if (str_eq(name, str_of(scheme_law_name(SCHEME_LAW_DECISION))))
        return SCHEME_LAW_DECISION;
    return (enum scheme_law)scheme__word_find(law_words, name);
}

enum scheme_law scheme__read_law_word(struct scheme__reader *reader, const char *where,
                                      const struct dmn_extension *extension,
                                      enum scheme_law fallback)
{
    return (enum scheme_law)scheme__read_word(reader, where, extension, "law", law_words,
                                              (int)fallback);
}

void scheme__read_law(struct scheme__reader *reader, const char *where,
                      const struct dmn_extension *extension, struct scheme_output *out)
{
    bool is_of_event = out->kind == SCHEME_LINE && out->scope == SCHEME_EVENT;
    out->law = scheme__read_law_word(reader, where, extension,
                                     is_of_event ? reader->law : SCHEME_LAW_FORMULA);
    out->has_own_law = dmn_attribute(extension, "law").at != NULL;
    out->partial = (enum scheme_partial)scheme__read_word(
        reader, where, extension, "partial", partial_words, SCHEME_PARTIAL_PROPORTIONAL);
    out->term = scheme__read_formula(reader, where, extension, "term");
    out->schedule = scheme__read_formula(reader, where, extension, "schedule");
    bool needs_term = out->law == SCHEME_LAW_WINDOW || out->law == SCHEME_LAW_STRAIGHT ||
                      out->law == SCHEME_LAW_UNEARNED;
    bool needs_schedule = out->law == SCHEME_LAW_SCHEDULE;
    if (!is_of_event && out->has_own_law)
        (void)!fault_add(reader->fault, RC_INVALID, where, "A law is for lines of the scope event.",
                         NULL);
    if ((needs_term && !out->term) || (needs_schedule && !out->schedule))
        (void)!fault_add(reader->fault, RC_INVALID, where, "The law {0} needs the option {1}.",
                         scheme_law_name(out->law), needs_term ? "term" : "schedule", NULL);
}

static bool is_about(const struct scheme_output *clawback, const struct scheme_output *line)
{
    return line->kind == SCHEME_LINE && line->scope == SCHEME_EVENT &&
           (clawback->of.len == 0 || str_eq(clawback->of, line->key));
}

static void give_law(struct scheme__reader *reader, const struct scheme_output *clawback,
                     struct scheme_output *line)
{
    const char *where = str_c(reader->arena, clawback->decision);
    if (line->law == SCHEME_LAW_DECISION || line->has_own_law)
        (void)!fault_add(reader->fault, RC_INVALID, where,
                         "What is taken back of {0} is said twice.",
                         str_c(reader->arena, line->key), NULL);
    line->law = SCHEME_LAW_DECISION;
    line->clawback = clawback->decision;
}

/* Lines that a clawback is about follow it. */
void scheme__check_laws(struct scheme__reader *reader)
{
    struct scheme *scheme = reader->scheme;
    for (size_t i = 0; i < scheme->outputs_len; i++) {
        const struct scheme_output *clawback = &scheme->outputs[i];
        size_t found = 0;
        if (clawback->kind != SCHEME_CLAWBACK)
            continue;
        for (size_t k = 0; k < scheme->outputs_len; k++)
            if (is_about(clawback, &scheme->outputs[k])) {
                give_law(reader, clawback, &scheme->outputs[k]);
                found++;
            }
        if (found == 0)
            (void)!fault_add(reader->fault, RC_INVALID, str_c(reader->arena, clawback->decision),
                             "A clawback is about lines of the scope event; there are none.", NULL);
    }
}
