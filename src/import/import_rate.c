/* Exchange rates: a row is a rate from a day on; the same source, pair and day again changes it. */
#include "import/import_int.h"
#include "rate/rate.h"

enum { T_FROM, T_TO, T_DAY, T_RATE, T_SOURCE, T_FIELDS };

static const struct import_field fields[] = {
    [T_FROM] = {.name = "from",
                .label = M("From the currency"),
                .type = IMPORT_CURRENCY,
                .is_required = true,
                .also = "from currency;base;moneda;de;из;валюта"},
    [T_TO] = {.name = "to",
              .label = M("To the currency"),
              .type = IMPORT_CURRENCY,
              .is_required = true,
              .also = "to currency;quote;a;в"},
    [T_DAY] = {.name = "day",
               .label = M("From the day"),
               .type = IMPORT_DAY,
               .is_required = true,
               .also = "date;fecha;día;дата"},
    [T_RATE] = {.name = "rate",
                .label = M("Exchange rate"),
                .type = IMPORT_DEC,
                .is_required = true,
                .also = "exchange rate;value;tipo de cambio;курс"},
    [T_SOURCE] = {.name = "source",
                  .label = M("Source of the rates"),
                  .type = IMPORT_TEXT,
                  .also = "fuente;источник"},
};

static enum rc apply_rate(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    int64_t id;
    struct rate old = {0};
    struct rate rate = {.from = import__value(batch, row, T_FROM)->text,
                        .to = import__value(batch, row, T_TO)->text,
                        .day = import__value(batch, row, T_DAY)->n,
                        .value = dec_print(op->arena, import__value(batch, row, T_RATE)->dec),
                        .source = import__text_or(batch, row, T_SOURCE, STR(""))};
    TRY(rate_check(op, &rate));
    enum rc rc = rate_same(op, &rate, &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_MISSING)
        fault_clear(&op->fault);
    row->outcome = rc == RC_MISSING                ? IMPORT_ADDED
                   : str_eq(old.value, rate.value) ? IMPORT_UNCHANGED
                                                   : IMPORT_CHANGED;
    rate.id = old.id;
    rate.revision = old.revision;
    return row->outcome == IMPORT_UNCHANGED ? RC_OK : rate_save(op, &rate, &id);
}

static enum rc apply_rates(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_rate);
}

const struct import_kind import__rates = {.name = "rates",
                                          .label = M("Exchange rates"),
                                          .fields = fields,
                                          .fields_len = T_FIELDS,
                                          .key = T_FROM,
                                          .permission = "rate.edit",
                                          .apply = apply_rates};
