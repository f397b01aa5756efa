/* The explanation of an amount as people read it: the same for staff and partner. The order is
 * fixed: amount and scheme, why less, formula with values, tables with the row that matched,
 * measures, events with those that did not count. */
#include "reward/reward_branch.h"
#include "reward/reward_web.h"

enum { FORMULA_MAX = 400 };

/* ---- formula ---- */

/* Names of what a scheme sees, in words. */
static const struct {
    const char *name, *label;
} inputs[] = {
    {"event.credit.net", M("net amount of the sale")},
    {"event.credit.amount", M("amount of the sale")},
    {"event.credit.quantity", M("quantity")},
    {"event.net", M("net amount of the whole sale")},
    {"event.amount", M("amount of the whole sale")},
    {"event.quantity", M("quantity of the whole sale")},
    {"event.margin", M("margin")},
    {"if", M("if")},
    {"then", M("then")},
    {"else", M("otherwise")},
    {"and", M("and")},
    {"or", M("or")},
    {"not", M("not")},
    {"event.type", M("kind of event")},
    {"months elapsed", M("whole months between")},
    {"event.customer.since", M("customer since")},
    {"event.date", M("day of the event")},
};

/* The name of the loop in "for d in downline…"; absent when there is none. */
static struct str loop_name(struct str text)
{
    struct str rest = str_trim(text);
    if (!str_starts(rest, STR("for ")))
        return STR_NONE;
    rest = str_sub(rest, 4, SIZE_MAX);
    struct str name = str_cut(&rest, ' ');
    return rest.at && str_starts(str_trim(rest), STR("in downline")) ? name : STR_NONE;
}

static void add_loop_words(struct op *op, const struct reward__explanation *e, struct str loop,
                           struct reward__words *words)
{
    struct arena *arena = op->arena;
    for (size_t i = 0; i < e->scheme->outputs_len; i++) {
        const struct scheme_output *output = &e->scheme->outputs[i];
        struct str path =
            str_printf(arena, STR_FMT ".rewards." STR_FMT, STR_ARG(loop), STR_ARG(output->key));
        reward__words_add(
            arena, words, path,
            i18n_format(arena, op->lang, M("“{0}” of the partner below"), output->label));
    }
    reward__words_add(arena, words, str_join(arena, loop, STR(".depth")),
                      tr(op->lang, M("level below")));
}

static void add_names(struct op *op, const struct reward__explanation *e,
                      struct reward__words *words)
{
    const struct dmn_model *model = e->scheme->model;
    for (size_t i = 0; i < LEN(inputs); i++)
        reward__words_add(op->arena, words, str_of(inputs[i].name), tr(op->lang, inputs[i].label));
    for (size_t i = 0; i < e->scheme->attributes_len; i++)
        reward__words_add(op->arena, words,
                          str_join(op->arena, STR("terms."), e->scheme->attributes[i].name),
                          e->scheme->attributes[i].label);
    for (size_t i = 0; i < model->elements_len; i++)
        if (model->elements[i]->kind == DMN_DECISION && model->elements[i]->label.len)
            reward__words_add(op->arena, words, model->elements[i]->name,
                              model->elements[i]->label);
}

static struct str with_signs(struct arena *arena, struct str text)
{
    AUTO_BUF out = BUF(64 << 10);
    bool is_string = false;
    for (size_t i = 0; i < text.len; i++) {
        is_string ^= text.at[i] == '"';
        if (!is_string && text.at[i] == '*')
            buf_put(&out, STR("×"));
        else if (!is_string && text.at[i] == '/')
            buf_put(&out, STR("÷"));
        else if (!is_string && (text.at[i] == '<' || text.at[i] == '>') && i + 1 < text.len &&
                 text.at[i + 1] == '=')
            buf_put(&out, text.at[i++] == '<' ? STR("≤") : STR("≥"));
        else
            buf_char(&out, (char)(text.at[i] == '\n' ? ' ' : text.at[i]));
    }
    return str_dup(arena, buf_str(&out));
}

static struct str value_of(const struct reward__explanation *e, struct str name)
{
    for (size_t i = 0; i < e->values.len; i++)
        if (str_eq(e->values.at[i].name, name))
            return e->values.at[i].value;
    return STR_NONE;
}

/* The unit of a decision's value: of the attributes its table gives. */
static struct str unit_of(const struct reward__explanation *e, struct str decision)
{
    for (size_t i = 0; i < e->tables.len; i++) {
        const struct reward__table *table = &e->tables.at[i];
        if (!str_eq(table->owner, decision))
            continue;
        for (size_t r = 0; r < table->rows.len; r++)
            if (table->rows.at[r].is_matched && table->heads_len)
                return table->rows.at[r].cells[table->heads_len - 1].unit;
    }
    return STR("");
}

/* One factor with its value; false when it is not known. */
static bool put_factor(struct op *op, const struct reward__explanation *e, struct str factor,
                       const struct currency *currency, struct buf *out)
{
    struct str value = value_of(e, factor), unit = unit_of(e, factor);
    struct dec number;
    if (str_starts(factor, STR("event.")) && e->base.len) {
        value = e->base;
        unit = STR("money");
    } else if (str_starts(factor, STR("terms."))) {
        struct str name = str_sub(factor, STR("terms.").len, SIZE_MAX);
        value = reward__term_of(e->inputs, e->scheme, name);
        for (size_t i = 0; i < e->scheme->attributes_len; i++)
            if (str_eq(e->scheme->attributes[i].name, name))
                unit = e->scheme->attributes[i].unit;
    } else if (!value.at) {
        value = factor; /* a number */
    }
    if (!value.at || !dec_parse(value, &number))
        return false;
    buf_put(out, out->len ? STR(" × ") : STR(""));
    buf_put(out, reward__number(op, value, unit, currency));
    return true;
}

/* A product of known factors; else base × rate; else nothing. */
static struct str with_values(struct op *op, const struct reward__explanation *e, struct str amount,
                              const struct currency *currency)
{
    struct str_list factors = {0};
    AUTO_BUF out = BUF(4096);
    bool is_known = reward__factors(op->arena, amount, &factors) && factors.len > 1;
    for (size_t i = 0; is_known && i < factors.len; i++)
        is_known = put_factor(op, e, factors.at[i], currency, &out);
    if (is_known && !out.is_over)
        return str_dup(op->arena, buf_str(&out));
    if (!e->base.len || !e->rate.len)
        return STR_NONE;
    bool is_percent = reward__is_percent(e->scheme, e->output->decision);
    struct str base = reward__number(op, e->base, STR("money"), currency);
    struct str rate = reward__number(op, e->rate, is_percent ? STR("percent") : STR(""), currency);
    return str_printf(op->arena, STR_FMT " × " STR_FMT, STR_ARG(base), STR_ARG(rate));
}

/* ---- conditions ---- */

/* "activation" as people read it. */
static struct str with_types(struct op *op, struct str text)
{
    for (size_t from = str_find(text, STR("\""), 0); from != SIZE_MAX;) {
        enum event_type type;
        size_t to = str_find(text, STR("\""), from + 1);
        if (to == SIZE_MAX)
            break;
        size_t next = to + 1;
        if (event_type_find(str_sub(text, from + 1, to - from - 1), &type)) {
            struct str word =
                i18n_format(op->arena, op->lang, M("“{0}”"), tr(op->lang, event_type_label(type)));
            struct str head = str_sub(text, 0, from), tail = str_sub(text, to + 1, SIZE_MAX);
            text = str_printf(op->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(head), STR_ARG(word),
                              STR_ARG(tail));
            next = from + word.len;
        }
        from = str_find(text, STR("\""), next);
    }
    return text;
}

/* What is known, in the place of names: decisions and attributes with their units. */
static void add_values(struct op *op, const struct reward__explanation *e,
                       const struct currency *currency, struct reward__words *words)
{
    for (size_t i = 0; i < e->values.len; i++)
        reward__words_add(
            op->arena, words, e->values.at[i].name,
            reward__number(op, e->values.at[i].value, unit_of(e, e->values.at[i].name), currency));
    for (size_t i = 0; i < e->scheme->attributes_len; i++) {
        const struct scheme_attribute *a = &e->scheme->attributes[i];
        reward__words_add(
            op->arena, words, str_join(op->arena, STR("terms."), a->name),
            reward__number(op, reward__term_of(e->inputs, e->scheme, a->name), a->unit, currency));
    }
}

/* @"2026-11-04" as people read it. */
static struct str with_dates(struct op *op, struct str text)
{
    AUTO_BUF out = BUF(64 << 10);
    while (text.len) {
        size_t at = str_find(text, STR("@\""), 0), end = 0;
        struct date date;
        if (at != SIZE_MAX)
            end = str_find(text, STR("\""), at + 2);
        if (at == SIZE_MAX || end == SIZE_MAX)
            break;
        struct str literal = str_sub(text, at + 2, end - at - 2);
        buf_put(&out, str_sub(text, 0, at));
        buf_put(&out, date_parse(literal, &date)
                          ? i18n_date(op->arena, op->lang, date, DATE_MEDIUM, PLACE_INSIDE)
                          : literal);
        text = str_sub(text, end + 1, SIZE_MAX);
    }
    buf_put(&out, text);
    return str_dup(op->arena, buf_str(&out));
}

/* What a condition saw: as it was noted, else its known names with their values. */
static struct str seen_words(struct op *op, const struct reward__explanation *e, struct str owner,
                             const struct reward__test *test, struct str text,
                             const struct reward__words *labels, const struct currency *currency)
{
    struct reward__words values = {0}, rest = {0};
    for (size_t i = 0; i < e->seen.len; i++) {
        struct str seen = e->seen.at[i].text;
        if (e->seen.at[i].line == test->line && e->seen.at[i].column == test->column &&
            str_eq(e->seen.at[i].owner, owner))
            return with_signs(op->arena, reward__words_put(op->arena, labels,
                                                           with_dates(op, with_types(op, seen))));
    }
    add_values(op, e, currency, &values);
    for (size_t k = 0; k < labels->len; k++) /* of names without a value their words */
        VEC_PUSH(op->arena, &rest, labels->at[k]);
    for (size_t i = 0; i < values.len; i++)
        for (size_t k = 0; k < rest.len; k++)
            if (str_eq(rest.at[k].name, values.at[i].name))
                rest.at[k].value = values.at[i].value;
    struct str seen = reward__words_put(op->arena, &rest, text);
    return str_eq(seen, reward__words_put(op->arena, labels, text)) ? STR_NONE
                                                                    : with_signs(op->arena, seen);
}

/* "Because Activations ≥ Needed: 12 ≥ 10": why this branch and not the other. */
static void add_condition(struct op *op, const struct reward__explanation *e, struct str owner,
                          const struct reward__test *test, const struct reward__words *labels,
                          struct reward__panel *v)
{
    struct str text = with_types(op, test->text);
    struct str shown = with_signs(op->arena, reward__words_put(op->arena, labels, text));
    struct str seen = seen_words(op, e, owner, test, text, labels, v->currency);
    const char *pattern = test->is_true ? (seen.at ? M("because {0}: {1}") : M("because {0}"))
                                        : (seen.at ? M("because it does not hold that {0}: {1}")
                                                   : M("because it does not hold that {0}"));
    VEC_PUSH(op->arena, &v->formula,
             i18n_format(op->arena, op->lang, pattern, shown, seen.at ? seen : STR("")));
}

static const struct reward__ways *ways_of(const struct reward__explanation *e, struct str decision)
{
    static const struct reward__ways none;
    for (size_t i = 0; i < e->reasoned.len; i++)
        if (str_eq(e->reasoned.at[i].name, decision))
            return &e->reasoned.at[i].ways;
    return &none;
}

/* The formula of a decision with its branches taken, and why these. */
static struct str add_conditions(struct op *op, const struct reward__explanation *e,
                                 const struct dmn_element *decision,
                                 const struct reward__words *words, struct reward__panel *v)
{
    struct reward__branched taken;
    reward__branches_take(op->arena, decision->text, ways_of(e, decision->name), &taken);
    for (size_t i = 0; i < taken.tests.len; i++)
        add_condition(op, e, decision->name, &taken.tests.at[i], words, v);
    return taken.text;
}

/* Its own condition, then those of the decisions that it rests on. */
static void make_formula_of_nothing(struct op *op, const struct reward__explanation *e,
                                    const struct reward__words *words, struct reward__panel *v)
{
    for (size_t i = e->reasoned.len; i > 0; i--) {
        const struct dmn_element *decision =
            dmn_find(e->scheme->model, DMN_DECISION, e->reasoned.at[i - 1].name);
        if (decision && decision->text.at)
            (void)add_conditions(op, e, decision, words, v);
    }
    VEC_PUSH(op->arena, &v->formula, i18n_format(op->arena, op->lang, M("{0}: nothing"), e->label));
}

static void put_amounts(struct op *op, const struct reward__explanation *e, struct str amount,
                        struct reward__panel *v)
{
    struct arena *arena = op->arena;
    struct str values = with_values(op, e, amount, v->currency);
    if (values.at)
        VEC_PUSH(arena, &v->formula, str_printf(arena, "= " STR_FMT, STR_ARG(values)));
    struct str exact = reward__number(op, e->exact, STR("money"), v->currency);
    struct str rounded = i18n_money(arena, op->lang, e->amount);
    struct dec value, whole = dec_from_scaled(e->amount.minor, v->currency->digits);
    bool is_exact = dec_parse(e->exact, &value) && dec_eq(value, whole);
    VEC_PUSH(arena, &v->formula,
             is_exact
                 ? str_printf(arena, "= " STR_FMT, STR_ARG(rounded))
                 : str_printf(arena, "= " STR_FMT " → " STR_FMT, STR_ARG(exact), STR_ARG(rounded)));
}

static void make_formula(struct op *op, const struct reward__explanation *e,
                         struct reward__panel *v)
{
    const struct dmn_element *decision =
        dmn_find(e->scheme->model, DMN_DECISION, e->output->decision);
    struct reward__words words = {0};
    struct reward__panel conditions = {.currency = v->currency};
    struct arena *arena = op->arena;
    if (!decision)
        return;
    struct str loop = decision->text.at ? loop_name(decision->text) : STR_NONE;
    add_names(op, e, &words);
    if (loop.at)
        add_loop_words(op, e, loop, &words);
    if (e->is_nothing) {
        make_formula_of_nothing(op, e, &words, v);
        return;
    }
    if (!decision->text.at)
        return;
    struct str taken = add_conditions(op, e, decision, &words, &conditions);
    struct str amount = reward__amount_text(taken);
    struct str shown = with_signs(arena, reward__words_put(arena, &words, amount));
    if (shown.len <= FORMULA_MAX)
        VEC_PUSH(arena, &v->formula,
                 str_printf(arena, STR_FMT " = " STR_FMT, STR_ARG(e->label), STR_ARG(shown)));
    for (size_t i = 0; i < conditions.formula.len; i++)
        VEC_PUSH(arena, &v->formula, conditions.formula.at[i]);
    if (v->value.at)
        VEC_PUSH(arena, &v->formula, str_printf(arena, "= " STR_FMT, STR_ARG(v->value)));
    else
        put_amounts(op, e, amount, v);
}

/* ---- tables ---- */

/* The matched row (or the nearest) and what stands around it; far rows of a long table are left
 * out. */
static bool is_near(const struct reward__table *table, size_t row)
{
    enum { AROUND = 3, ALL_MAX = 9 };
    if (table->rows.len <= ALL_MAX)
        return true;
    for (size_t r = 0; r < table->rows.len; r++)
        if ((table->rows.at[r].is_matched || table->rows.at[r].is_nearest) &&
            (r > row ? r - row : row - r) <= AROUND)
            return true;
    return false;
}

/* "No row fits. Nearest is row 2, which needs Category: Seafood." */
static struct str needed_words(struct op *op, const struct reward__table *table,
                               const struct currency *currency)
{
    struct arena *arena = op->arena;
    for (size_t r = 0; r < table->rows.len; r++) {
        const struct reward__row *row = &table->rows.at[r];
        struct str_list needs = {0};
        if (!row->is_nearest)
            continue;
        for (size_t i = 0; i < row->cells_len && i < 64; i++) {
            if (!(row->failed >> i & 1) || row->cells[i].is_output)
                continue;
            struct str cell = reward__cell_words(op, &row->cells[i], currency);
            VEC_PUSH(arena, &needs,
                     str_printf(arena, STR_FMT ": " STR_FMT, STR_ARG(table->heads[i].text),
                                STR_ARG(cell)));
        }
        return i18n_format(arena, op->lang,
                           M("No row fits. The nearest is row {0}, which needs {1}."),
                           (int64_t)r + 1, i18n_list(arena, op->lang, needs.at, needs.len));
    }
    return STR_NONE;
}

static void add_table(struct op *op, const struct reward__table *table, struct reward__panel *v)
{
    struct arena *arena = op->arena;
    struct reward__panel_table shown = {.name = table->name};
    struct str_list seen = {0};
    for (size_t i = 0; i < table->seen_len && i < table->heads_len; i++) {
        struct str value = reward__number(op, table->seen[i], table->heads[i].unit, v->currency);
        VEC_PUSH(
            arena, &seen,
            str_printf(arena, STR_FMT ": " STR_FMT, STR_ARG(table->heads[i].text), STR_ARG(value)));
    }
    shown.seen = i18n_list(arena, op->lang, seen.at, seen.len);
    shown.note = table->policy ? tr(op->lang, table->policy) : STR_NONE;
    shown.needed = needed_words(op, table, v->currency);
    for (size_t r = 0; r < table->rows.len; r++) {
        const struct reward__row *row = &table->rows.at[r];
        struct reward__panel_row out = {.number = str_printf(arena, "%zu", r + 1),
                                        .is_hit = row->is_matched,
                                        .is_near_miss = row->is_nearest};
        if (!is_near(table, r))
            continue;
        for (size_t i = 0; i < row->cells_len; i++)
            VEC_PUSH(arena, &out.cells, reward__cell_words(op, &row->cells[i], v->currency));
        VEC_PUSH(arena, &shown.rows, out);
    }
    VEC_PUSH(arena, &v->tables, shown);
}

/* ---- events ---- */

static struct str event_how(struct op *op, const struct reward__explanation *e,
                            const struct reward__explained_line *line)
{
    bool is_percent = reward__is_percent(e->scheme, e->output->decision);
    struct str exact = reward__number(op, line->exact, STR("money"), line->amount.currency);
    if (!line->base.currency || !line->rate.len)
        return exact;
    struct str base = i18n_amount(op->arena, op->lang, line->base);
    struct str rate = reward__number(op, line->rate, is_percent ? STR("percent") : STR(""),
                                     line->amount.currency);
    return str_printf(op->arena, STR_FMT " × " STR_FMT " = " STR_FMT, STR_ARG(base), STR_ARG(rate),
                      STR_ARG(exact));
}

static void add_events(struct op *op, const struct reward__paper *paper,
                       const struct reward__explanation *e, size_t shown_max,
                       struct reward__panel *v)
{
    struct arena *arena = op->arena;
    for (size_t i = 0; i < e->lines.len && i < shown_max; i++) {
        const struct reward__explained_line *line = &e->lines.at[i];
        struct reward__panel_event event = {.amount = line->amount};
        if (!e->is_nothing)
            event.how = event_how(op, e, line);
        if (line->event_seq) {
            event.when = reward__note_line(
                op, reward__day_words(op, zone_date(op->zone, line->occurred_at).days),
                line->external_id);
            event.what = reward__note_line(op, line->product, line->customer);
        } else {
            event.what = line->note;
        }
        if (e->line_id == 0 && e->lines_len > 1)
            event.href =
                str_printf(arena, STR_FMT "/why/%s?line=%s", STR_ARG(paper->base),
                           pid_of("der", e->derivation_id).text, pid_of("lin", line->id).text);
        VEC_PUSH(arena, &v->events, event);
    }
    if (e->is_nothing) {
        v->events_title =
            tr(op->lang, e->times > 1 ? M("The first of these events") : M("The event"));
        return;
    }
    v->events_title =
        i18n_format(arena, op->lang, M("{0, plural, one {# line} other {# lines}} of this amount"),
                    e->lines_len);
    if (v->events.len < e->lines.len) {
        v->more = i18n_format(arena, op->lang, M("Show {0}"), (int64_t)e->lines.len);
        v->more_href = str_printf(arena, STR_FMT "/why/%s?show=500", STR_ARG(paper->base),
                                  pid_of("der", e->derivation_id).text);
    } else if (e->lines_len > (int64_t)e->lines.len) {
        v->more = i18n_format(arena, op->lang,
                              M("The first {0} of {1} are shown; the files have "
                                "all."),
                              (int64_t)e->lines.len, e->lines_len);
    }
}

/* The events themselves, for those who may see sales. */
static struct str events_href(struct op *op, const struct reward__paper *paper)
{
    struct str from = date_print(op->arena, paper->period.start);
    struct str to = date_print(op->arena, date_add_days(paper->period.end, -1));
    if (!op_may(op, paper->is_portal ? "portal.sales" : "sale.read"))
        return STR_NONE;
    if (paper->is_portal)
        return str_printf(op->arena, "/portal/sales?from=" STR_FMT "&to=" STR_FMT, STR_ARG(from),
                          STR_ARG(to));
    return str_printf(op->arena, "/events?partner=" STR_FMT "&from=" STR_FMT "&to=" STR_FMT,
                      STR_ARG(url_part(op->arena, paper->names.partner_code)), STR_ARG(from),
                      STR_ARG(to));
}

static void add_count(struct op *op, struct reward__panel *v, const char *label, int64_t n,
                      bool is_bad)
{
    struct ui_def def = {
        .label = label, .text = i18n_i64(op->arena, op->lang, n), .is_strong = is_bad};
    VEC_PUSH(op->arena, &v->counts, def);
}

static void add_counts(struct op *op, const struct reward__paper *paper,
                       const struct reward__explanation *e, struct reward__panel *v)
{
    int64_t counted = 0;
    for (size_t i = 0; i < e->lines.len; i++)
        counted += e->lines.at[i].event_seq ? 1 : 0;
    if (counted && e->lines_len > (int64_t)e->lines.len)
        counted = e->lines_len;
    add_count(op, v, M("Events of the contract in the period"), e->events, false);
    if (e->events > 0)
        v->counts.at[0].href = events_href(op, paper);
    if (e->is_nothing)
        add_count(op, v, M("Of these without a reward in this way"), e->times, false);
    else if (counted)
        add_count(op, v, M("Of these in this amount"), counted, false);
    const struct {
        const char *label;
        int64_t n;
    } reasons[] = {
        {M("Not counted: outside the days of the contract"), e->uncounted.outside},
        {M("Not counted: on days on which the contract was suspended"), e->uncounted.suspended},
        {M("Not counted: taken back by a correction"), e->uncounted.voided},
        {M("Without a reward: no scheme was in force"), e->uncounted.unbound},
    };
    for (size_t i = 0; i < LEN(reasons); i++)
        if (reasons[i].n > 0)
            add_count(op, v, reasons[i].label, reasons[i].n, true);
}

/* ---- the whole ---- */

static void add_measures(struct op *op, const struct reward__paper *paper, struct reward__panel *v)
{
    for (size_t i = 0; i < paper->measures.len; i++) {
        struct ui_def def = {.label_text = paper->measures.at[i].label,
                             .text = paper->measures.at[i].value,
                             .href = paper->measures.at[i].href};
        VEC_PUSH(op->arena, &v->measures, def);
    }
}

static bool find_measure(const struct reward__paper *paper, int64_t derivation_id,
                         struct str *out_value)
{
    for (size_t i = 0; i < paper->measures.len; i++)
        if (paper->measures.at[i].derivation_id == derivation_id) {
            *out_value = paper->measures.at[i].value;
            return true;
        }
    return false;
}

static void make_head(struct op *op, const struct reward__paper *paper,
                      const struct reward__explanation *e, struct reward__panel *v)
{
    struct arena *arena = op->arena;
    v->title = e->label;
    v->amount = e->amount;
    v->is_nothing = e->is_nothing;
    v->description = e->description;
    v->scheme =
        i18n_format(arena, op->lang, M("“{0}”, version {1}"), e->scheme_name, e->version_number);
    if (!paper->is_portal && op_may(op, "scheme.read"))
        v->scheme_href = reward__href(op, "/schemes/", "sch", e->scheme_id, "");
    if (e->valid_from.has && e->valid_from.v > 0) {
        struct date from = zone_date(op->zone, e->valid_from.v);
        v->scheme_note = i18n_format(arena, op->lang, M("from {0}"),
                                     i18n_date(arena, op->lang, from, DATE_MEDIUM, PLACE_INSIDE));
    }
    v->close_href = paper->base;
    v->copy_href = str_printf(arena, STR_FMT "/why/%s", STR_ARG(paper->base),
                              pid_of("der", e->derivation_id).text);
    v->rounding =
        e->rounding && !e->is_nothing && !v->value.at ? tr(op->lang, e->rounding) : STR_NONE;
}

enum rc reward__panel_load(struct op *op, const struct reward__paper *paper, int64_t derivation_id,
                           int64_t line_id, size_t shown_max, struct reward__panel *out)
{
    struct reward__explanation e;
    *out = (struct reward__panel){.currency = paper->currency};
    TRY(reward__explain(op, derivation_id, line_id, shown_max, &e));
    if (e.result_id != paper->result.id)
        return RC_MISSING;
    if (e.output->kind == SCHEME_MEASURE && !find_measure(paper, derivation_id, &out->value))
        return RC_MISSING; /* not shown to the partner */
    make_head(op, paper, &e, out);
    if (!e.is_nothing && !out->value.at)
        TRY(reward__why(op, paper, &e, &out->hint));
    if (e.reversal)
        reward__reversal_words(op, &e, paper->currency, &out->formula);
    else
        make_formula(op, &e, out);
    for (size_t i = 0; i < e.tables.len; i++)
        add_table(op, &e.tables.at[i], out);
    add_measures(op, paper, out);
    add_counts(op, paper, &e, out);
    add_events(op, paper, &e, shown_max, out);
    return RC_OK;
}

enum rc reward__nothing_words(struct op *op, const struct reward__paper *paper,
                              int64_t derivation_id, struct str *out)
{
    struct reward__explanation e;
    struct reward__panel v = {.currency = paper->currency};
    *out = STR_NONE;
    TRY(reward__explain(op, derivation_id, 0, 0, &e));
    make_formula(op, &e, &v);
    for (size_t i = 0; i < e.tables.len && !out->at; i++)
        *out = needed_words(op, &e.tables.at[i], paper->currency);
    if (v.formula.len > 1)
        *out = v.formula.at[0];
    return RC_OK;
}
