/* Rates: rules of the record, and finding one among all of them for a run. */
#include "rate/rate.h"

#include "audit/audit.h"
#include "money/money.h"
#include "rate/rate_q.h"
#include "text/text.h"
#include "ui/ui.h"

enum { SOURCE_CHARS_MAX = 40, VALUE_BYTES_MAX = 30, VALUES = 5 };

const struct permission rate_permissions[] = {
    {"rate.read", M("See exchange rates"), ACTOR_STAFF},
    {"rate.edit", M("Edit exchange rates"), ACTOR_STAFF},
};
const size_t rate_permissions_len = LEN(rate_permissions);

static const struct audit_name names[] = {
    {"rate", M("Exchange rate"), "/settings/rates/", "rat"},
    {"rate.add", M("Exchange rate added"), NULL, NULL},
    {"rate.edit", M("Exchange rate changed"), NULL, NULL},
    {"rate.archive", M("Exchange rate archived or restored"), NULL, NULL},
    {"rate:archived", M("Archived"), NULL, NULL},
    {"rate:source", M("Source of the rates"), NULL, NULL},
    {"rate:from", M("From the currency"), NULL, NULL},
    {"rate:to", M("To the currency"), NULL, NULL},
    {"rate:day", M("From the day"), NULL, NULL},
    {"rate:rate", M("Exchange rate"), NULL, NULL},
    {0}};

static const struct ui_page pages[] = {
    {UI_SETTINGS, M("Exchange rates"), "/settings/rates", "rate.read"}};

void rate_start(void)
{
    audit_name_declare(names);
    ui_pages_declare(pages, LEN(pages));
}

/* ---- reading ---- */

static void from_row(const struct rate_rec *row, struct rate *out)
{
    *out = (struct rate){.id = row->id,
                         .revision = row->revision,
                         .source = row->source,
                         .from = row->from_code,
                         .to = row->to_code,
                         .day = row->day,
                         .value = row->rate,
                         .archived_at = row->archived_at};
}

enum rc rate_get(struct op *op, int64_t id, struct rate *out)
{
    struct rate_rec row;
    TRY(q_rate(op, &(struct q_rate_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc rate_same(struct op *op, const struct rate *in, struct rate *out)
{
    struct rate_rec row;
    TRY(q_rate_same(op, &(struct q_rate_same_in){in->source, in->from, in->to, in->day}, &row));
    from_row(&row, out);
    return RC_OK;
}

/* ---- rules ---- */

static void check_currency(struct op *op, const char *field, struct str *code)
{
    const struct currency *currency = currency_find(code->at ? *code : STR(""));
    if (!currency)
        (void)!fail(op, RC_INVALID, field, M("Give the code of a currency, such as EUR."));
    else
        *code = str_of(currency->code);
}

enum rc rate_check(struct op *op, struct rate *r)
{
    struct dec value;
    struct str text = str_trim(r->value.at ? r->value : STR(""));
    r->source = text_clean_line(op->arena, r->source.at ? r->source : STR(""));
    if (!r->source.len)
        r->source = STR(RATE_SOURCE_USUAL);
    if (utf8_count(r->source) > SOURCE_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "source", M("This text is too long."));
    check_currency(op, "from", &r->from);
    check_currency(op, "to", &r->to);
    if (op->fault.rc == RC_OK && str_eq(r->from, r->to))
        (void)!fail(op, RC_INVALID, "to", M("A rate is between two currencies."));
    if (text.len > VALUE_BYTES_MAX || !dec_parse(text, &value) || dec_sign(value) <= 0)
        (void)!fail(op, RC_INVALID, "rate", M("A rate is a number above zero."));
    else
        r->value = dec_print(op->arena, value);
    return op->fault.rc;
}

/* ---- writing ---- */

static struct str label(struct op *op, const struct rate *r)
{
    return str_printf(op->arena, STR_FMT " " STR_FMT, STR_ARG(r->from), STR_ARG(r->to));
}

static enum rc note(struct op *op, const struct rate *before, const struct rate *after)
{
    struct audit_value values[2][VALUES];
    const struct rate *const both[] = {before ? before : after, after};
    for (size_t i = 0; i < LEN(both); i++) {
        struct str day = date_print(op->arena, (struct date){(int32_t)both[i]->day});
        const struct audit_value of[VALUES] = {{"source", both[i]->source},
                                               {"from", both[i]->from},
                                               {"to", both[i]->to},
                                               {"day", day},
                                               {"rate", both[i]->value}};
        memcpy(values[i], of, sizeof(of));
    }
    return audit_add_diff(op,
                          &(struct audit_entry){.action = before ? "rate.edit" : "rate.add",
                                                .record = "rate",
                                                .record_id = after->id,
                                                .label = label(op, after)},
                          before ? values[0] : NULL, values[1], VALUES);
}

static enum rc check_only(struct op *op, const struct rate *r)
{
    struct rate other;
    enum rc rc = rate_same(op, r, &other);
    if (rc == RC_MISSING || (rc == RC_OK && other.id == r->id))
        return RC_OK;
    TRY(rc);
    return fail(op, RC_CONFLICT, "day", M("There is a rate of this source and day already."));
}

enum rc rate_save(struct op *op, const struct rate *in, int64_t *out_id)
{
    struct rate r = *in, before = {0};
    TRY(op_must(op, "rate.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(rate_check(op, &r));
    if (r.id != 0) {
        TRY(rate_get(op, r.id, &before));
        if (before.revision != r.revision)
            return op_stale(op);
        r.archived_at = before.archived_at;
    }
    if (!r.archived_at.has)
        TRY(check_only(op, &r));
    if (r.id == 0)
        TRY(q_rate_add(op, &(struct q_rate_add_in){r.source, r.from, r.to, r.day, r.value, op->now},
                       &r.id));
    else
        TRY(q_rate_edit(op, &(struct q_rate_edit_in){r.id, r.revision, r.source, r.from, r.to,
                                                     r.day, r.value}));
    TRY(note(op, in->id ? &before : NULL, &r));
    TRY(txn_commit(&txn));
    *out_id = r.id;
    return RC_OK;
}

enum rc rate_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct rate r;
    TRY(op_must(op, "rate.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(rate_get(op, id, &r));
    if (r.revision != revision)
        return op_stale(op);
    if (!is_archived)
        TRY(check_only(op, &r));
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_rate_archive(op, &(struct q_rate_archive_in){id, revision, at}));
    struct audit_entry entry = {
        .action = "rate.archive", .record = "rate", .record_id = id, .label = label(op, &r)};
    TRY(audit_add_flag(op, &entry, "archived", r.archived_at.has, is_archived));
    return txn_commit(&txn);
}

/* ---- for calculation ---- */

struct day_rate {
    int64_t day;
    struct dec rate;
};
struct series { /* of a source and pair, in order of days */
    VEC(struct day_rate) days;
};
struct rates {
    struct map *series; /* by "source\nfrom to" */
};

enum { KEY_BYTES = 256 };

static void put_key(struct buf *buf, struct str source, struct str from, struct str to)
{
    buf_printf(buf, STR_FMT "\n" STR_FMT " " STR_FMT, STR_ARG(source), STR_ARG(from), STR_ARG(to));
}

enum rc rates_load(struct op *op, int64_t last_day, const struct rates **out)
{
    struct rates *rates = NEW(op->arena, struct rates);
    struct rate_rec row;
    enum rc rc;
    AUTO_CURSOR cursor = {0};
    rates->series = map_new(op->arena);
    TRY(q_rates_until_open(op, &(struct q_rates_until_in){last_day}, &cursor));
    while ((rc = q_rates_until_next(&cursor, &row)) == RC_OK) {
        struct day_rate rate = {.day = row.day};
        AUTO_BUF key = BUF(KEY_BYTES);
        put_key(&key, row.source, row.from_code, row.to_code);
        if (!dec_parse(row.rate, &rate.rate))
            continue; /* stored by rate_save, which checks it */
        void **slot = map_put(rates->series, str_dup(op->arena, buf_str(&key)));
        if (!*slot)
            *slot = NEW(op->arena, struct series);
        struct series *series = *slot;
        VEC_PUSH(op->arena, &series->days, rate);
    }
    *out = rates;
    return rc == RC_MISSING ? RC_OK : rc;
}

bool rates_find(const struct rates *rates, struct str source, struct str from, struct str to,
                int64_t day, struct dec *out_rate, int64_t *out_day)
{
    AUTO_BUF key = BUF(KEY_BYTES);
    put_key(&key, source, from, to);
    const struct series *series = key.is_over ? NULL : map_get(rates->series, buf_str(&key));
    for (size_t i = series ? series->days.len : 0; i > 0; i--)
        if (series->days.at[i - 1].day <= day) {
            *out_rate = series->days.at[i - 1].rate;
            *out_day = series->days.at[i - 1].day;
            return true;
        }
    return false;
}
