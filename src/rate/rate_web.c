/* Pages of exchange rates: their list, and what the pages of a record ask of its kind. */
#include "audit/audit.h"
#include "money/money.h"
#include "rate/rate.h"
#include "rate/rate_q.h"
#include "ui/ui.h"

#define rat(id) pid_of("rat", (id))

struct rate_query {
    UI_LIST_MEMBERS;
    struct str currency, state;
};
static const struct field rate_query_fields[] = {
    UI_LIST_FIELDS(rate_query, q_rate_list_sorts),
    F_STR(rate_query, currency, 0, 3),
    F_STR(rate_query, state, 0, 20),
    FIELDS_END,
};
enum { COL_PAIR, COL_DAY, COL_RATE, COL_SOURCE, COL_STATE, COLS };
static const struct ui_column columns[] = {
    [COL_PAIR] = {.name = "pair", .title = M("Currencies"), .kind = UI_TEXT, .place = UI_AT_NAME},
    [COL_DAY] = {.name = "day", .title = M("From the day"), .kind = UI_DATE, .sort = "day"},
    [COL_RATE] = {.name = "rate",
                  .title = M("Exchange rate"),
                  .kind = UI_DECIMAL,
                  .place = UI_AT_FIGURE},
    [COL_SOURCE] = {.name = "source",
                    .title = M("Source of the rates"),
                    .kind = UI_TEXT,
                    .place = UI_AT_SUB},
    [COL_STATE] = UI_STATE_COLUMN("rate"),
};
static const struct ui_filter filters[] = {
    {.name = "currency", .label = M("Currency"), .kind = UI_PICK},
    UI_STATE_FILTER("rate"),
};
static const struct ui_action actions[] = {
    {.label = M("Import"),
     .icon = "table-import",
     .href = STR_INIT("/imports/new"),
     .permission = "rate.edit"},
    UI_ADD_ACTION(M("Add exchange rate"), "/settings/rates/new", "rate.edit"),
    {.label = NULL},
};

static struct str pair_of(struct op *op, struct str from, struct str to)
{
    return str_printf(op->arena, STR_FMT " \xe2\x86\x92 " STR_FMT, STR_ARG(from), STR_ARG(to));
}

static enum rc fill(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct dec rate;
    const struct rate_query *query = form(r);
    struct q_rate_list_in in = {.page = list->page};
    struct rate_rec_page page = {0};
    in.archived = SOME(str_eq(query->state, STR("archived")));
    if (query->currency.len)
        in.currency = query->currency;
    for (size_t i = 0; i < currency_count(); i++)
        ui_list_option(list, "currency", str_of(currency_at(i)->code),
                       str_of(currency_at(i)->code));
    TRY(q_rate_list(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct rate_rec *row = &page.at[i];
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, rat(row->id)));
        cells[COL_PAIR] = ui_cell_link(pair_of(op, row->from_code, row->to_code), STR_NONE,
                                       ui_url(op, "/settings/rates", rat(row->id), ""));
        cells[COL_DAY] = ui_cell_date(SOME(row->day));
        if (dec_parse(row->rate, &rate))
            cells[COL_RATE] = (struct ui_cell){.dec = rate, .has_dec = true};
        cells[COL_SOURCE] = ui_cell_text(row->source);
        cells[COL_STATE] = ui_cell_state(ui_archive_state(row->archived_at));
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_action bulk[] = {UI_ARCHIVE_BULK("/settings/rates", "rate.edit")};

static const struct ui_list_spec rate_list = {
    .name = "rates",
    .title = M("Exchange rates"),
    .icon = "arrows-exchange",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_rate_list_sorts,
    .sort = "day",
    .empty = M("No exchange rates yet. Sales in a currency other than the contract's need them."),
    .empty_action = &actions[1],
    .actions = actions,
    .bulk = bulk,
    .fill = fill,
};

static enum rc page_list(struct req *r)
{
    return ui_list_page(r, &rate_list);
}

/* ---- form ---- */

struct rate_form {
    struct str source, from, to;
    struct date day;
    struct dec rate;
    struct opt_i64 revision;
};
static const struct field rate_fields[] = {
    F_STR(rate_form, source, 0, 40),
    F_STR(rate_form, from, 1, 3),
    F_STR(rate_form, to, 1, 3),
    F_DATE(rate_form, day),
    F_DEC(rate_form, rate),
    F_OPT_I64(rate_form, revision, 0, INT64_MAX),
    FIELDS_END,
};
static const struct ui_field shown[] = {
    {.name = "from",
     .label = M("From the currency"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "to",
     .label = M("To the currency"),
     .kind = UI_FIELD_SELECT,
     .is_required = true,
     .is_half = true},
    {.name = "rate",
     .label = M("Exchange rate"),
     .hint = M("What one unit of the first currency is in the second one."),
     .kind = UI_FIELD_NUMBER,
     .is_required = true,
     .is_half = true},
    {.name = "day",
     .label = M("From the day"),
     .hint = M("It holds until the next rate of these currencies and source."),
     .kind = UI_FIELD_DATE,
     .is_required = true,
     .is_half = true},
    {.name = "source",
     .label = M("Source of the rates"),
     .hint = M("Schemes may name another source; empty: default."),
     .kind = UI_FIELD_TEXT,
     .max_len = 40},
};

static enum rc rate_record_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct rate *rate = NEW(op->arena, struct rate);
    TRY(rate_get(op, id, rate));
    *out = (struct ui_record){.id = rate->id,
                              .revision = rate->revision,
                              .name = pair_of(op, rate->from, rate->to),
                              .archived_at = rate->archived_at,
                              .own = rate};
    return RC_OK;
}

static enum rc rate_fill(struct req *r, const struct ui_record *record, struct ui_form *form)
{
    const struct rate fresh = {.source = STR(RATE_SOURCE_USUAL),
                               .day = zone_date(r->op->zone, r->op->now).days};
    const struct rate *rate = record->own ? record->own : &fresh;
    ui_form_init(r, form, shown, LEN(shown));
    ui_form_currencies(form, "from");
    ui_form_currencies(form, "to");
    ui_form_set(form, "from", rate->from);
    ui_form_set(form, "to", rate->to);
    ui_form_set(form, "rate", rate->value);
    ui_form_set_date(form, "day", SOME(rate->day));
    ui_form_set(form, "source", rate->source);
    return RC_OK;
}

static enum rc rate_store(struct req *r, int64_t id, int64_t *out_id)
{
    const struct rate_form *in = form(r);
    struct rate rate = {.id = id,
                        .revision = in->revision.v,
                        .source = in->source,
                        .from = in->from,
                        .to = in->to,
                        .day = in->day.days,
                        .value = dec_print(r->op->arena, in->rate)};
    return rate_save(r->op, &rate, out_id);
}

static enum rc rate_facts(struct req *r, struct ui_record_page *v)
{
    struct op *op = r->op;
    const struct rate *rate = v->record.own;
    struct dec value;
    if (dec_parse(rate->value, &value))
        ui_def_text(op, &v->facts, M("Exchange rate"), i18n_dec(op->arena, op->lang, value));
    ui_def_text(op, &v->facts, M("From the day"),
                i18n_date(op->arena, op->lang, (struct date){(int32_t)rate->day}, DATE_MEDIUM,
                          PLACE_START));
    ui_def_text(op, &v->facts, M("Source of the rates"), rate->source);
    return RC_OK;
}

static void rate_json(struct json_writer *w, const struct ui_record *record)
{
    char day[DATE_TEXT_MAX];
    const struct rate *rate = record->own;
    json_pair_str(w, "source", rate->source);
    json_pair_str(w, "from", rate->from);
    json_pair_str(w, "to", rate->to);
    size_t len = date_print_to(day, (struct date){(int32_t)rate->day});
    json_pair_str(w, "day", (struct str){day, len});
    json_pair_str(w, "rate", rate->value);
}

static const struct ui_record_kind rate_kind = {
    .record = "rate",
    .path = "/settings/rates",
    .prefix = "rat",
    .permission_edit = "rate.edit",
    .plural = M("Exchange rates"),
    .title_new = M("New exchange rate"),
    .add = M("Add exchange rate"),
    .added = M("The exchange rate was added."),
    .archive_words = {M("Archive the exchange rate?"),
                      M("{0} counts no more; posted results stay as they are.")},
    .restore_words = {M("Restore the exchange rate?"), M("{0} counts again.")},
    .journal = &audit_journal,
    .get = rate_record_get,
    .form = rate_fill,
    .save = rate_store,
    .archive = rate_archive,
    .show = rate_facts,
    .json = rate_json,
};
UI_RECORD_PAGES(rate)

const struct route rate_routes[] = {
    ROUTE(GET, "/settings/rates", page_list, "rate.read", FORM(rate_query, rate_query_fields), API),
    UI_RECORD_ROUTES(rate, "/settings/rates", "rat", "rate.read", "rate.edit",
                     FORM(rate_form, rate_fields)),
    {0},
};
