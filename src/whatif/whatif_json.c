/* Comparisons for the API and the command line. */
#include "whatif/whatif_web.h"

static const char *const whats[] = {
    [REWARD_SUPPOSE_VERSION] = "version",
    [REWARD_SUPPOSE_BOUND] = "scheme",
    [REWARD_SUPPOSE_VALUE] = "value",
};

static void pair_id(struct json_writer *w, const char *key, const char *prefix, int64_t id)
{
    if (id)
        json_pair_str(w, key, str_of(pid_of(prefix, id).text));
}

static void put_change(struct json_writer *w, const struct reward_supposition *change)
{
    json_object(w);
    json_pair_str(w, "what", str_of(whats[change->what]));
    pair_id(w, "scheme", "sch", change->scheme_id);
    pair_id(w, "version", "scv", change->version_id);
    pair_id(w, "paid_by", "sch", change->other_id);
    pair_id(w, "partner", "prt", change->partner_id);
    if (change->what == REWARD_SUPPOSE_VALUE) {
        json_pair_str(w, "attribute", change->name);
        json_pair_str(w, "value", change->value);
        json_pair_bool(w, "for_all", change->is_for_all);
    }
    json_object_end(w);
}

static void put_month(struct json_writer *w, const char *key, struct date day)
{
    char text[PERIOD_TEXT_MAX];
    size_t len = period_print_to(text, period_of(PERIOD_MONTH, 0, day));
    json_pair_str(w, key, (struct str){text, len});
}

static void put_variants(struct json_writer *w, const struct whatif *whatif)
{
    json_key(w, "variants");
    json_array(w);
    for (size_t i = 0; i < whatif->variants_len; i++) {
        const struct whatif_variant *variant = &whatif->variants[i];
        json_object(w);
        json_pair_str(w, "letter", whatif__letter(variant->position));
        json_pair_str(w, "name", variant->name);
        json_key(w, "changes");
        json_array(w);
        for (size_t k = 0; k < variant->changes.len; k++)
            put_change(w, &variant->changes.at[k]);
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

void whatif__put(struct json_writer *w, const struct whatif *whatif)
{
    json_pair_str(w, "id", str_of(wif(whatif->id).text));
    json_pair_i64(w, "revision", whatif->revision);
    json_pair_str(w, "name", whatif->name);
    json_pair_str(w, "note", whatif->note);
    json_pair_str(w, "state", whatif->state);
    put_month(w, "from", whatif->from);
    put_month(w, "to", (struct date){whatif->to.days - 1});
    if (whatif->budget.currency)
        json_pair_money(w, "budget", whatif->budget);
    json_pair_bool(w, "shared", whatif->is_shared);
    json_pair_bool(w, "archived", whatif->archived_at.has);
    put_variants(w, whatif);
}

void whatif__put_totals(struct json_writer *w, const struct whatif_totals *totals)
{
    json_key(w, "totals");
    json_array(w);
    for (size_t i = 0; i < totals->len; i++) {
        const struct whatif_figures *f = &totals->at[i];
        json_object(w);
        json_pair_str(w, "variant", whatif__letter(f->position));
        json_pair_money(w, "paid", MONEY(f->base_minor, f->currency));
        json_pair_money(w, "total", MONEY(f->total_minor, f->currency));
        json_pair_money(w, "difference", MONEY(f->total_minor - f->base_minor, f->currency));
        json_pair_i64(w, "more", f->more);
        json_pair_money(w, "more_sum", MONEY(f->more_minor, f->currency));
        json_pair_i64(w, "less", f->less);
        json_pair_money(w, "less_sum", MONEY(f->less_minor, f->currency));
        json_pair_i64(w, "same", f->same);
        json_pair_i64(w, "incomplete", f->incomplete);
        json_object_end(w);
    }
    json_array_end(w);
}

void whatif__page_json(struct json_writer *w, const struct whatif__page *v)
{
    json_object(w);
    whatif__put(w, &v->w);
    whatif__put_totals(w, &v->totals);
    json_object_end(w);
}

void whatif__try_json(struct json_writer *w, const struct whatif__page *v)
{
    json_object(w);
    if (v->tried.note.at)
        json_pair_str(w, "problem", v->tried.note);
    json_pair_str(w, "month", v->tried.title.at ? v->tried.title : STR(""));
    if (v->tried.amount.currency) {
        json_pair_money(w, "paid", v->tried.base);
        json_pair_money(w, "total", v->tried.amount);
    }
    json_object_end(w);
}

void whatif__partner_json(struct json_writer *w, const struct whatif__partner_page *v)
{
    static const char *const keys[] = {"paid", "a", "b", "c", "d"};
    json_object(w);
    json_pair_str(w, "id", str_of(wif(v->w.id).text));
    json_key(w, "months");
    json_array(w);
    for (size_t i = 0; i < v->rows.rows.len; i++) {
        const struct ui_cell *cells = v->rows.rows.at[i].cells;
        json_object(w);
        json_pair_str(w, "month", cells[0].text);
        json_pair_str(w, "contract", cells[1].text);
        for (size_t k = 0; k <= v->w.variants_len; k++)
            if (cells[2 + k].money.currency)
                json_pair_money(w, keys[k], cells[2 + k].money);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}
