/* Runs and papers for the API and the command line: the same words as on the pages, with amounts
 * and instants that programs can read. An explanation stands under "explanation". */
#include "reward/reward_web.h"

static void put_texts(struct json_writer *w, const char *key, const struct str_list *texts)
{
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < texts->len; i++)
        json_put_str(w, texts->at[i]);
    json_array_end(w);
}

static void pair_id(struct json_writer *w, const char *key, const char *prefix, int64_t id)
{
    struct pid pid = pid_of(prefix, id);
    json_pair_str(w, key, str_of(pid.text));
}

static void pair_day_at(struct json_writer *w, const char *key, struct opt_i64 at_us)
{
    if (at_us.has)
        json_pair_instant(w, key, at_us.v);
}

/* Empty texts say nothing. */
static void pair_some(struct json_writer *w, const char *key, struct str text)
{
    if (text.at && text.len)
        json_pair_str(w, key, text);
}

/* ---- the explanation ---- */

static void put_table(struct json_writer *w, const struct reward__panel_table *table)
{
    json_object(w);
    json_pair_str(w, "name", table->name);
    pair_some(w, "note", table->note);
    pair_some(w, "seen", table->seen);
    pair_some(w, "needed", table->needed);
    json_key(w, "rows");
    json_array(w);
    for (size_t i = 0; i < table->rows.len; i++) {
        json_object(w);
        json_pair_str(w, "number", table->rows.at[i].number);
        put_texts(w, "cells", &table->rows.at[i].cells);
        json_pair_bool(w, "matched", table->rows.at[i].is_hit);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static void put_defs(struct json_writer *w, const char *key, const struct ui_defs *defs,
                     const struct lang *lang)
{
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < defs->len; i++) {
        const struct ui_def *def = &defs->at[i];
        json_object(w);
        json_pair_str(w, "label", def->label ? tr(lang, def->label) : def->label_text);
        if (def->money.currency)
            json_pair_money(w, "amount", def->money);
        else
            json_pair_str(w, "value", def->text);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_events(struct json_writer *w, const struct reward__panel *panel)
{
    json_key(w, "events");
    json_array(w);
    for (size_t i = 0; i < panel->events.len; i++) {
        const struct reward__panel_event *event = &panel->events.at[i];
        json_object(w);
        pair_some(w, "what", event->what);
        pair_some(w, "when", event->when);
        pair_some(w, "calculation", event->how);
        json_pair_money(w, "amount", event->amount);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_panel(struct json_writer *w, const struct reward__panel *panel,
                      const struct lang *lang)
{
    json_key(w, "explanation");
    json_object(w);
    json_pair_str(w, "title", panel->title);
    if (panel->value.at)
        json_pair_str(w, "value", panel->value);
    else
        json_pair_money(w, "amount", panel->amount);
    json_pair_str(w, "scheme", panel->scheme);
    pair_some(w, "scheme_note", panel->scheme_note);
    pair_some(w, "description", panel->description);
    pair_some(w, "why", panel->hint.text);
    put_texts(w, "formula", &panel->formula);
    pair_some(w, "rounding", panel->rounding);
    json_key(w, "tables");
    json_array(w);
    for (size_t i = 0; i < panel->tables.len; i++)
        put_table(w, &panel->tables.at[i]);
    json_array_end(w);
    put_defs(w, "measures", &panel->measures, lang);
    put_defs(w, "counts", &panel->counts, lang);
    put_events(w, panel);
    json_object_end(w);
}

/* ---- the paper ---- */

static void put_lines(struct json_writer *w, const struct reward__paper *v)
{
    json_key(w, "lines");
    json_array(w);
    for (size_t i = 0; i < v->lines.len; i++) {
        const struct reward__paper_line *line = &v->lines.at[i];
        json_object(w);
        json_pair_str(w, "label", line->label);
        pair_some(w, "calculation", line->note);
        json_pair_money(w, "amount", line->amount);
        json_pair_str(w, "state", line->state);
        pair_some(w, "hold", line->hold);
        json_pair_str(w, "why", line->href);
        json_object_end(w);
    }
    json_array_end(w);
}

/* Nothing where there is nothing, which is nearly everywhere. */
static void put_asides(struct json_writer *w, const struct reward__paper *v, const char *key,
                       bool is_nothing)
{
    if (!(is_nothing ? v->has_nothings : v->has_asides))
        return;
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < v->asides.len; i++) {
        const struct reward__paper_aside *aside = &v->asides.at[i];
        if (aside->is_nothing != is_nothing)
            continue;
        json_object(w);
        json_pair_str(w, "label", aside->label);
        pair_some(w, "amount", aside->amount);
        json_pair_str(w, "reason", aside->reason);
        if (is_nothing)
            pair_some(w, "because", aside->note);
        else
            json_pair_str(w, "note", aside->note);
        json_pair_str(w, "why", aside->href);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_measures(struct json_writer *w, const struct reward__paper *v)
{
    json_key(w, "measures");
    json_array(w);
    for (size_t i = 0; i < v->measures.len; i++) {
        json_object(w);
        json_pair_str(w, "label", v->measures.at[i].label);
        json_pair_str(w, "value", v->measures.at[i].value);
        pair_some(w, "why", v->measures.at[i].href);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_warnings(struct json_writer *w, const struct reward__paper *v)
{
    json_key(w, "warnings");
    json_array(w);
    for (size_t i = 0; i < v->warnings.len; i++) {
        const struct reward__warning *warning = &v->warnings.at[i];
        json_object(w);
        json_pair_str(w, "text", warning->text);
        pair_some(w, "where", warning->where);
        pair_some(w, "event", warning->event);
        pair_some(w, "advice", warning->advice);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_names(struct json_writer *w, const struct reward__paper *v)
{
    json_key(w, "partner");
    json_object(w);
    json_pair_str(w, "code", v->names.partner_code);
    json_pair_str(w, "name", v->names.partner_name);
    json_object_end(w);
    json_pair_str(w, "contract", v->names.contract_code);
    json_pair_str(w, "entity", v->names.entity_name);
    json_pair_str(w, "period", v->result.period);
}

void reward_paper_json(struct json_writer *w, const struct reward__paper *v)
{
    json_object(w);
    if (v->statement.id) {
        pair_id(w, "id", "sta", v->statement.id);
        json_pair_str(w, "number", v->statement.number);
        json_pair_instant(w, "created_at", v->statement.created_at);
        pair_day_at(w, "sent_at", v->statement.sent_at);
    }
    pair_id(w, "result", "res", v->result.id);
    json_pair_str(w, "state", v->statement.id ? v->statement.state : v->result.state);
    put_names(w, v);
    json_pair_money(w, "total", MONEY(v->result.total_minor, v->currency));
    put_lines(w, v);
    put_asides(w, v, "not_in_total", false);
    put_asides(w, v, "nothing", true);
    put_measures(w, v);
    put_warnings(w, v);
    if (v->panel)
        put_panel(w, v->panel, v->lang);
    json_object_end(w);
}

/* ---- a run ---- */

void reward_run_page_json(struct json_writer *w, const struct reward__run_page *v)
{
    const struct reward_run *run = v->run;
    json_object(w);
    pair_id(w, "id", "run", run->id);
    json_pair_str(w, "period", v->period_code);
    json_pair_str(w, "state", run->state);
    json_pair_i64(w, "revision", run->revision);
    json_pair_i64(w, "contracts", run->contracts);
    json_pair_i64(w, "incomplete", run->incomplete);
    pair_some(w, "note", run->note);
    json_pair_instant(w, "created_at", run->created_at);
    pair_day_at(w, "calculated_at", run->calculated_at);
    pair_day_at(w, "posted_at", run->posted_at);
    json_key(w, "totals");
    json_array(w);
    for (size_t i = 0; i < v->totals.len; i++)
        json_put_money(w, v->totals.at[i]);
    json_array_end(w);
    json_object_end(w);
}
