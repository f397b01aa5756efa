/* Statements as records: sending, and the paper that pages, files and the portal show: the lines of
 * a result grouped by rule and derivation, its figures and measures. A result that is not posted
 * has the same paper without a statement. */
#include "reward/reward_web.h"

/* ---- sending ---- */

static bool sees_statements(struct op *op, int64_t user_id, struct actor *out)
{
    size_t i = 0;
    if (auth_actor(op, user_id, out) != RC_OK)
        return false;
    return permission_find(STR("portal.statement"), &i) &&
           (out->permissions[i / 64] >> (i % 64) & 1) != 0;
}

static enum rc write_letter(struct op *op, const struct statement_row *s,
                            const struct auth_user *user, struct str brand)
{
    const struct lang *lang = lang_find(user->lang) ? lang_find(user->lang) : op->lang;
    struct period period = {0};
    if (!period_parse(s->period, 0, &period))
        return RC_BROKEN;
    struct str when = i18n_period(op->arena, lang, period, PLACE_INSIDE);
    struct money total = MONEY(s->total_minor, currency_find(s->currency));
    struct str path = reward__href(op, "/portal/statements/", "sta", s->id, "");
    struct mail_new mail = {.kind = "statement.sent",
                            .to = user->email,
                            .to_name = user->name,
                            .lang = lang,
                            .subject =
                                i18n_format(op->arena, lang, M("Your statement for {0}"), when),
                            .brand = brand,
                            .is_portal = true};
    mail.blocks[0] = (struct mail_block){
        MAIL_TEXT,
        i18n_format(op->arena, lang, M("The statement {0} for {1} is ready."), s->number, when),
        STR_NONE};
    mail.blocks[1] =
        (struct mail_block){MAIL_FACT, tr(lang, M("Accrued")), i18n_money(op->arena, lang, total)};
    mail.blocks[2] = (struct mail_block){MAIL_BUTTON, tr(lang, M("Look at the statement")),
                                         http_url(op->arena, path)};
    mail.blocks[3] = (struct mail_block){
        MAIL_SMALL, tr(lang, M("Every amount there opens into how it was computed.")), STR_NONE};
    int64_t id = 0;
    return mail_add(op, &mail, &id);
}

static enum rc write_letters(struct op *op, const struct statement_row *s)
{
    struct auth_user_list users = {0};
    struct org_locale locale;
    struct actor unused;
    TRY(org_locale(op, &locale));
    TRY(auth_users_of_partner(op, s->partner_id, &users));
    for (size_t i = 0; i < users.len; i++)
        if (users.at[i].state == AUTH_ACTIVE && sees_statements(op, users.at[i].id, &unused))
            TRY(write_letter(op, s, &users.at[i], locale.name));
    return RC_OK;
}

enum rc reward_statement_send(struct op *op, int64_t statement_id)
{
    struct statement_row s;
    TRY(op_must(op, "statement.send"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(q_statement(op, &(struct q_statement_in){statement_id}, &s));
    enum rc rc = q_statement_state(op, &(struct q_statement_state_in){.id = s.id,
                                                                      .before = STR("draft"),
                                                                      .state = STR("sent"),
                                                                      .sent_at = SOME(op->now)});
    if (rc == RC_CONFLICT)
        return fail(op, RC_CONFLICT, NULL, "Only a draft can be sent.");
    TRY(rc);
    TRY(write_letters(op, &s));
    TRY(audit_add(op, &(struct audit_entry){.action = "statement.send",
                                            .record = "statement",
                                            .record_id = s.id,
                                            .label = s.number,
                                            .partner_id = SOME(s.partner_id)}));
    return txn_commit(&txn);
}

enum rc reward_statements_send(struct op *op, int64_t run_id, int64_t *out_sent)
{
    struct reward_id_row_rows drafts;
    int64_t sent = 0;
    TRY(op_must(op, "statement.send"));
    TRY(q_statement_drafts(op, &(struct q_statement_drafts_in){run_id}, &drafts));
    for (size_t i = 0; i < drafts.len; i++) {
        enum rc rc = reward_statement_send(op, drafts.at[i].id);
        if (rc == RC_MISSING) /* of a branch that this person does not see */
            continue;
        TRY(rc);
        sent++;
    }
    *out_sent = sent;
    return RC_OK;
}

/* ---- figures ---- */

enum reward__bucket reward__bucket_of(struct str state, bool is_held)
{
    if (str_eq(state, STR("reversed")) || str_eq(state, STR("cancelled")))
        return BUCKET_OUT;
    if (str_eq(state, STR("paid")) || str_eq(state, STR("fulfilled")))
        return BUCKET_PAID;
    if (str_eq(state, STR("in_payment")))
        return BUCKET_IN_PAYMENT;
    return is_held ? BUCKET_HELD : BUCKET_DUE;
}

struct bucket {
    int64_t minor, lines, first_day, last_day;
};

static void gather(const struct reward_sum_row_rows *rows, struct bucket buckets[BUCKET_OUT + 1])
{
    for (size_t i = 0; i < rows->len; i++) {
        const struct reward_sum_row *row = &rows->at[i];
        struct bucket *b = &buckets[reward__bucket_of(row->state, row->is_held)];
        int64_t first = row->is_held ? row->held_until.v : row->first_due_day;
        int64_t last = row->is_held ? row->held_until.v : row->due_day;
        b->first_day = b->lines == 0 || first < b->first_day ? first : b->first_day;
        b->last_day = last > b->last_day ? last : b->last_day;
        b->minor += row->amount_minor;
        b->lines += row->lines;
    }
}

static void add_figure(struct op *op, struct ui_figures *out, struct str label, enum ui_tint tint,
                       const struct currency *currency, const struct bucket *b)
{
    struct ui_kpi kpi = {.label_text = label,
                         .key = tint,
                         .figure = i18n_amount(op->arena, op->lang, MONEY(b->minor, currency)),
                         .note =
                             i18n_format(op->arena, op->lang,
                                         M("{0, plural, one {# line} other {# lines}}"), b->lines)};
    VEC_PUSH(op->arena, &out->kpis, kpi);
    if (tint)
        VEC_PUSH(op->arena, &out->bar, ((struct ui_part){b->minor, tint}));
}

static struct str dated(struct op *op, const struct bucket *b, const char *plain, const char *on)
{
    if (b->lines == 0 || b->last_day == 0)
        return tr(op->lang, plain);
    return i18n_format(op->arena, op->lang, on, reward__day_words(op, b->last_day));
}

enum rc reward__figures(struct op *op, const struct reward__paper *paper,
                        struct reward_sum_row_rows *rows, struct ui_figures *out)
{
    struct bucket buckets[BUCKET_OUT + 1] = {0};
    const struct currency *currency = paper->currency;
    TRY(q_reward_figures(op, &(struct q_reward_figures_in){paper->result.id}, rows));
    gather(rows, buckets);
    struct bucket whole = {.minor = paper->result.total_minor, .lines = paper->result.lines};
    add_figure(op, out, tr(op->lang, M("Accrued")), 0, currency, &whole);
    add_figure(op, out, dated(op, &buckets[BUCKET_HELD], M("On hold"), M("On hold until {0}")),
               UI_WARN, currency, &buckets[BUCKET_HELD]);
    add_figure(op, out, dated(op, &buckets[BUCKET_DUE], M("To pay"), M("To pay on {0}")), UI_INFO,
               currency, &buckets[BUCKET_DUE]);
    if (buckets[BUCKET_IN_PAYMENT].lines)
        add_figure(op, out, tr(op->lang, M("In payment")), UI_ACCENT, currency,
                   &buckets[BUCKET_IN_PAYMENT]);
    add_figure(op, out, tr(op->lang, M("Paid")), UI_OK, currency, &buckets[BUCKET_PAID]);
    out->bar.label = tr(op->lang, M("Parts of what was accrued"));
    return RC_OK;
}

/* ---- lines ---- */

static struct str badge_of(struct op *op, const struct reward_group_row *g, struct str *out_state)
{
    *out_state = g->state;
    if (g->hold.len && str_eq(g->state, STR("pending"))) {
        *out_state = STR("held");
        if (!g->held_until.has)
            return tr(op->lang, M("on hold"));
        struct str last = reward__day_words(op, g->held_until.v);
        if (g->held_from.v == g->held_until.v)
            return i18n_format(op->arena, op->lang, M("on hold until {0}"), last);
        return i18n_format(op->arena, op->lang, M("on hold, ends {0} to {1}"),
                           reward__day_words(op, g->held_from.v), last);
    }
    if (str_eq(g->state, STR("pending")) || str_eq(g->state, STR("due"))) {
        *out_state = STR("due");
        return i18n_format(op->arena, op->lang, M("due {0}"), reward__day_words(op, g->due_day));
    }
    return ui_state_word(op->arena, op->lang, "line", g->state);
}

static const struct {
    const char *reason, *label;
} holds[] = {{"window", M("return window")},
             {"fraud", M("fraud review")},
             {"dispute", M("dispute")},
             {"documents", M("documents missing")},
             {"quality", M("condition not met yet")},
             {"threshold", M("balance below the threshold")}};

static struct str hold_words(struct op *op, struct str hold)
{
    struct str_list words = {0};
    while (hold.at && hold.len) {
        struct str one = str_cut(&hold, ' ');
        for (size_t i = 0; i < LEN(holds); i++)
            if (str_eq(one, str_of(holds[i].reason)))
                VEC_PUSH(op->arena, &words, tr(op->lang, holds[i].label));
    }
    return words.len ? i18n_list(op->arena, op->lang, words.at, words.len) : STR_NONE;
}

/* One line a row: what is of no event and comes from others. */
static bool is_alone(const struct reward_group_row *g)
{
    return g->phase != 1 && g->lines == 1;
}

/* "38 × 4.4%", or of one line its note: "Boris · 330.02 × 10%". */
static struct str group_note(struct op *op, const struct reward_group_row *g, bool is_percent,
                             const struct currency *currency)
{
    struct str rate = STR_NONE;
    if (g->rate.len)
        rate = reward__number(op, g->rate, is_percent ? STR("percent") : STR(""), currency);
    if (is_alone(g)) {
        if (rate.at && g->base.len)
            rate = str_printf(op->arena, STR_FMT " × " STR_FMT,
                              STR_ARG(reward__number(op, g->base, STR("money"), currency)),
                              STR_ARG(rate));
        return rate.at ? reward__note_line(op, g->note, rate) : g->note;
    }
    struct str count = i18n_format(op->arena, op->lang,
                                   M("{0, plural, one {# event} other {# events}}"), g->lines);
    struct str how =
        rate.at ? str_printf(op->arena, STR_FMT " × " STR_FMT, STR_ARG(count), STR_ARG(rate))
                : count;
    return reward__note_line(op, how, g->note);
}

/* What the tables of the derivation gave, apart from the amount: "Beverages". */
static enum rc seen_words(struct op *op, int64_t derivation_id, struct str *out)
{
    struct reward_derivation_row row;
    const struct json_value *json = NULL;
    struct json_limits limits = {.bytes_max = 4 << 20};
    struct str_list texts = {0};
    *out = STR_NONE;
    TRY(q_reward_derivation(op, &(struct q_reward_derivation_in){derivation_id}, &row));
    if (json_parse(op->arena, row.body, limits, &json, NULL) != RC_OK)
        return RC_OK;
    const struct json_value *steps = json_get(json, "steps");
    for (size_t i = 0; i < (steps ? steps->len : 0); i++) {
        const struct json_value *inputs =
            json_get(json_at(json_get(&steps->items[i], "tables"), 0), "inputs");
        for (size_t k = 0; k < (inputs ? inputs->len : 0); k++) {
            struct dec number;
            struct str text = json_text(&inputs->items[k]);
            if (text.len && text.len < 60 && !dec_parse(text, &number))
                VEC_PUSH(op->arena, &texts, text);
        }
    }
    if (texts.len)
        *out = i18n_list(op->arena, op->lang, texts.at, texts.len);
    return RC_OK;
}

static enum rc decision_of(struct op *op, const struct reward_group_row *g, bool *out_is_percent)
{
    const struct scheme *scheme = NULL;
    *out_is_percent = false;
    TRY(scheme_version_load(op, g->scheme_version_id, &scheme));
    struct str item;
    const struct scheme_output *output = reward__output_of(scheme, g->key, &item);
    if (output)
        *out_is_percent = reward__is_percent(scheme, output->decision);
    return RC_OK;
}

static struct str why_href(struct op *op, const struct reward__paper *v, int64_t derivation_id)
{
    return str_printf(op->arena, STR_FMT "/why/%s", STR_ARG(v->base),
                      pid_of("der", derivation_id).text);
}

static enum rc add_lines(struct op *op, struct reward__paper *v)
{
    enum { SEEN_MAX = 100 }; /* second lines that need their derivation */
    struct reward_group_row_rows groups;
    TRY(q_reward_groups_of_result(op, &(struct q_reward_groups_of_result_in){v->result.id},
                                  &groups));
    for (size_t i = 0; i < groups.len; i++) {
        const struct reward_group_row *g = &groups.at[i];
        struct reward__paper_line line = {.amount = MONEY(g->amount_minor, v->currency),
                                          .derivation_id = g->derivation_id};
        struct str seen = STR_NONE;
        bool is_percent = false;
        TRY(reward__label(op, g->scheme_version_id, g->key, &line.label));
        TRY(decision_of(op, g, &is_percent));
        if (i < SEEN_MAX)
            TRY(seen_words(op, g->derivation_id, &seen));
        line.note = reward__note_line(op, seen, group_note(op, g, is_percent, v->currency));
        line.badge = badge_of(op, g, &line.state);
        if (str_eq(line.state, STR("held")))
            line.hold = hold_words(op, g->hold);
        line.href = why_href(op, v, g->derivation_id);
        if (is_alone(g)) { /* it is explained alone */
            line.line_id = g->line_id;
            line.href = str_printf(op->arena, STR_FMT "?line=%s", STR_ARG(line.href),
                                   pid_of("lin", g->line_id).text);
        }
        VEC_PUSH(op->arena, &v->lines, line);
    }
    v->lines_note = i18n_format(op->arena, op->lang, M("{0, plural, one {# row} other {# rows}}"),
                                (int64_t)v->lines.len);
    return RC_OK;
}

static enum rc add_measures(struct op *op, struct reward__paper *v)
{
    struct reward_measure_row_rows rows;
    TRY(q_reward_measures(op, &(struct q_reward_measures_in){v->result.id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct reward_measure_row *m = &rows.at[i];
        struct reward__paper_measure measure = {
            .value = reward__number(op, m->value, m->unit, v->currency),
            .derivation_id = m->derivation_id.has ? m->derivation_id.v : 0};
        if (v->is_portal && !m->is_shown_to_partner)
            continue;
        if (measure.derivation_id)
            measure.href = why_href(op, v, measure.derivation_id);
        TRY(reward__label(op, m->scheme_version_id, m->name, &measure.label));
        VEC_PUSH(op->arena, &v->measures, measure);
    }
    return RC_OK;
}

/* ---- what is not part of the total ---- */

static struct str aside_reason(struct op *op, const struct reward_aside_row *a)
{
    switch ((enum reward_aside)a->kind) {
    case REWARD_NO_CONTRACT:
        return i18n_format(op->arena, op->lang, M("Not payable: {0} has no contract."),
                           a->recipient);
    case REWARD_CHARGE: return tr(op->lang, M("Charged to the partner"));
    case REWARD_REFERRED:
        return i18n_format(op->arena, op->lang, M("For the customer {0}"), a->recipient);
    case REWARD_OUTDONE:
        return i18n_format(op->arena, op->lang, M("Another scheme counts: {0}."), a->recipient);
    case REWARD_NOTHING:
        return a->event_seq
                   ? i18n_format(op->arena, op->lang,
                                 M("Nothing for {0, plural, one {# event} other {# events}}."),
                                 a->times)
                   : tr(op->lang, M("Nothing for the period."));
    case REWARD_POINTS: break;
    }
    return tr(op->lang, M("No money"));
}

static struct str aside_amount(struct op *op, const struct reward__paper *v,
                               const struct reward_aside_row *a)
{
    if (a->unit.len == 0)
        return i18n_money(op->arena, op->lang, MONEY(a->amount_minor, v->currency));
    return str_printf(op->arena, STR_FMT " " STR_FMT,
                      STR_ARG(reward__number(op, a->exact, STR(""), v->currency)),
                      STR_ARG(a->unit));
}

static enum rc add_asides(struct op *op, struct reward__paper *v)
{
    enum { NOTHINGS_TOLD = 20 };
    struct reward_aside_row_rows rows;
    TRY(q_reward_asides(op, &(struct q_reward_asides_in){v->result.id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct reward__paper_aside aside = {.reason = aside_reason(op, &rows.at[i]),
                                            .note = rows.at[i].note,
                                            .derivation_id = rows.at[i].derivation_id,
                                            .is_nothing = rows.at[i].kind == REWARD_NOTHING};
        if (!aside.is_nothing)
            aside.amount = aside_amount(op, v, &rows.at[i]);
        aside.href = why_href(op, v, rows.at[i].derivation_id);
        if (aside.is_nothing && i < NOTHINGS_TOLD)
            TRY(reward__nothing_words(op, v, rows.at[i].derivation_id, &aside.note));
        *(aside.is_nothing ? &v->has_nothings : &v->has_asides) = true;
        TRY(reward__label(op, rows.at[i].scheme_version_id, rows.at[i].key, &aside.label));
        VEC_PUSH(op->arena, &v->asides, aside);
    }
    return RC_OK;
}

/* ---- the paper ---- */

static bool is_shown_in_portal(const struct statement_row *s)
{
    return s->id && !str_eq(s->state, STR("draft")) && !str_eq(s->state, STR("superseded"));
}

static enum rc load_records(struct op *op, enum reward__paper_kind kind, int64_t id,
                            struct reward__paper *v)
{
    int64_t result_id = id;
    if (kind != REWARD_RESULT) {
        TRY(q_statement(op, &(struct q_statement_in){id}, &v->statement));
        result_id = v->statement.result_id;
        if (kind == REWARD_PORTAL && !is_shown_in_portal(&v->statement))
            return RC_MISSING;
    }
    TRY(q_reward_result(op, &(struct q_reward_result_in){result_id}, &v->result));
    return q_reward_paper(op, &(struct q_reward_paper_in){v->result.contract_id}, &v->names);
}

enum rc reward__paper_load(struct op *op, enum reward__paper_kind kind, int64_t id,
                           struct reward__paper *out)
{
    struct reward_sum_row_rows sums;
    *out = (struct reward__paper){.is_portal = kind == REWARD_PORTAL, .lang = op->lang};
    TRY(load_records(op, kind, id, out));
    out->currency = currency_find(out->result.currency);
    if (!period_parse(out->result.period, 0, &out->period))
        return RC_BROKEN;
    out->base =
        kind == REWARD_RESULT
            ? reward__href(op, "/results/", "res", id, "")
            : reward__href(op, kind == REWARD_PORTAL ? "/portal/statements/" : "/statements/",
                           "sta", id, "");
    out->symbol = i18n_currency_symbol(op->lang, out->currency);
    TRY(reward__figures(op, out, &sums, &out->figures));
    TRY(add_lines(op, out));
    TRY(add_asides(op, out));
    TRY(add_measures(op, out));
    reward__warnings_of(op, out->result.warnings, &out->warnings);
    return RC_OK;
}
