/* Events: a row is a fact with its credits, told apart by its external id. The same fact again
 * changes nothing; another fact under the same id is refused, because facts are not edited. */
#include "import/import_int.h"
#include "partner/partner.h"

enum {
    E_ID,
    E_SOURCE,
    E_TYPE,
    E_AT,
    E_CURRENCY,
    E_AMOUNT,
    E_NET,
    E_TAX,
    E_DISCOUNT,
    E_SHIPPING,
    E_COST,
    E_QUANTITY,
    E_PRODUCT,
    E_CUSTOMER,
    E_OUTLET,
    E_PARTNER,
    E_ROLE,
    E_SHARE,
    E_ORIGINAL,
    E_FIELDS
};

static const struct import_field event_fields[] = {
    [E_ID] = {.name = "external id",
              .label = M("External id"),
              .help = M("What tells this event apart where it comes from."),
              .type = IMPORT_TEXT,
              .is_required = true,
              .also = "id;event id;order;order id;number;número;номер;ид;номер заказа",
              .fault = "external_id"},
    [E_SOURCE] = {.name = "source",
                  .label = M("Source"),
                  .help = M("The system it comes from; ids are unique in it."),
                  .type = IMPORT_TEXT,
                  .also = "system;origen;источник"},
    [E_TYPE] = {.name = "type",
                .label = M("Type"),
                .help = M("sale when nothing is said."),
                .type = IMPORT_TEXT,
                .also = "event;event type;tipo;тип"},
    [E_AT] = {.name = "occurred at",
              .label = M("Time of the event"),
              .type = IMPORT_INSTANT,
              .is_required = true,
              .also = "date;time;datetime;order date;sold at;fecha;дата;время;дата продажи",
              .fault = "occurred_at"},
    [E_CURRENCY] = {.name = "currency",
                    .label = M("Currency"),
                    .type = IMPORT_CURRENCY,
                    .also = "moneda;валюта"},
    [E_AMOUNT] = {.name = "amount",
                  .label = M("Amount"),
                  .help = M("What was paid, with tax and shipping."),
                  .type = IMPORT_DEC,
                  .also = "total;gross;sum;importe;сумма;итого"},
    [E_NET] = {.name = "net",
               .label = M("Net amount"),
               .help = M("Without tax and shipping, after discount."),
               .type = IMPORT_DEC,
               .also = "net amount;neto;сумма без ндс"},
    [E_TAX] = {.name = "tax", .label = M("Tax"), .type = IMPORT_DEC, .also = "vat;iva;ндс;налог"},
    [E_DISCOUNT] = {.name = "discount",
                    .label = M("Discount"),
                    .type = IMPORT_DEC,
                    .also = "descuento;скидка"},
    [E_SHIPPING] = {.name = "shipping",
                    .label = M("Shipping"),
                    .type = IMPORT_DEC,
                    .also = "freight;delivery;envío;доставка"},
    [E_COST] = {.name = "cost",
                .label = M("Cost"),
                .type = IMPORT_DEC,
                .also = "coste;себестоимость"},
    [E_QUANTITY] = {.name = "quantity",
                    .label = M("Quantity"),
                    .help = M("1 when nothing is said."),
                    .type = IMPORT_DEC,
                    .also = "qty;pieces;cantidad;количество;кол-во"},
    [E_PRODUCT] = {.name = "product",
                   .label = M("Product"),
                   .help = M("Its code."),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PRODUCT,
                   .also = "product code;sku;article;producto;товар;код товара;артикул"},
    [E_CUSTOMER] = {.name = "customer",
                    .label = M("Customer"),
                    .help = M("The customer's code."),
                    .type = IMPORT_REF,
                    .ref = IMPORT_TO_CUSTOMER,
                    .also = "customer code;client;cliente;клиент;код клиента"},
    [E_OUTLET] = {.name = "outlet",
                  .label = M("Point of sale"),
                  .help = M("Code of the point of sale."),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_OUTLET,
                  .also = "store;shop;punto de venta;точка продаж;магазин"},
    [E_PARTNER] = {.name = "partner",
                   .label = M("Partner"),
                   .help = M("Code of the partner whose event it is."),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PARTNER,
                   .is_required = true,
                   .is_repeated = true,
                   .also = "partner code;dealer;agent;socio;партнёр;код партнёра;дилер;агент"},
    [E_ROLE] = {.name = "role",
                .label = M("Role of the partner"),
                .help = M("seller when nothing is said."),
                .type = IMPORT_TEXT,
                .is_repeated = true,
                .also = "rol;роль"},
    [E_SHARE] = {.name = "share",
                 .label = M("Share of the partner"),
                 .help = M("A part of one; equal parts when nothing is said."),
                 .type = IMPORT_DEC,
                 .is_repeated = true,
                 .also = "parte;доля"},
    [E_ORIGINAL] = {.name = "original external id",
                    .label = M("Original event"),
                    .help =
                        M("Of a refund, return or void: the external id of what it takes back."),
                    .type = IMPORT_TEXT,
                    .also = "original;original id",
                    .fault = "original"},
};

/* ---- amounts ---- */

struct amounts {
    const struct currency *currency;
    int64_t minor[E_COST - E_AMOUNT + 1];
    bool has[E_COST - E_AMOUNT + 1];
};

static bool read_amount(struct import_batch *batch, struct import_row *row, size_t field,
                        struct amounts *out)
{
    const struct import_value *value = import__value(batch, row, field);
    int digits = out->currency->digits;
    size_t i = field - E_AMOUNT;
    if (!value->has)
        return true;
    out->has[i] = true;
    if (dec_eq(dec_round(value->dec, digits, DEC_HALF_UP), value->dec) &&
        dec_to_scaled(value->dec, digits, DEC_HALF_UP, &out->minor[i]))
        return true;
    import__refuse(batch, row, field, 0,
                   M("The amount has more decimals than {0} has, or is too large."),
                   out->currency->code, NULL);
    return false;
}

/* Either of the amount and its net part follows from the other. */
static bool read_amounts(struct import_batch *batch, struct import_row *row, struct amounts *out)
{
    const struct import_value *currency = import__value(batch, row, E_CURRENCY);
    *out = (struct amounts){.currency = currency->has ? currency_find(currency->text)
                                                      : batch->importer->currency};
    if (!out->currency) {
        import__refuse(batch, row, E_CURRENCY, 0, M("An event needs its currency."), NULL, NULL);
        return false;
    }
    for (size_t field = E_AMOUNT; field <= E_COST; field++)
        if (!read_amount(batch, row, field, out))
            return false;
    int64_t *amount = &out->minor[0], *net = &out->minor[E_NET - E_AMOUNT];
    int64_t between = 0;
    bool fits = !__builtin_add_overflow(out->minor[E_TAX - E_AMOUNT],
                                        out->minor[E_SHIPPING - E_AMOUNT], &between);
    if (!out->has[0] && out->has[E_NET - E_AMOUNT])
        fits = fits && !__builtin_add_overflow(*net, between, amount);
    else if (out->has[0] && !out->has[E_NET - E_AMOUNT])
        fits = fits && !__builtin_sub_overflow(*amount, between, net);
    if (!fits)
        import__refuse(batch, row, E_AMOUNT, 0, M("The amount is too large."), NULL, NULL);
    return fits;
}

/* ---- credits ---- */

/* Shares that the file does not say are equal parts of what is left to their role. */
static void share_rest(struct event_credit *credits, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int64_t left = EVENT_SHARE_WHOLE, open = 0, given = 0;
        if (credits[i].share != 0)
            continue;
        for (size_t k = 0; k < len; k++)
            if (str_eq(credits[k].role, credits[i].role)) {
                left -= credits[k].share;
                open += credits[k].share == 0;
            }
        assert(open > 0); /* i is one of them */
        for (size_t k = i; k < len; k++)
            if (credits[k].share == 0 && str_eq(credits[k].role, credits[i].role)) {
                credits[k].share = left / open + (given < left % open ? 1 : 0);
                given++;
            }
    }
}

static bool read_credits(struct import_batch *batch, struct import_row *row,
                         struct event_credit *credits, size_t *out_len)
{
    size_t len = 0;
    for (size_t n = 0; n < IMPORT_REPEAT_MAX; n++) {
        const struct import_value *partner = import__value_at(batch, row, E_PARTNER, n);
        const struct import_value *role = import__value_at(batch, row, E_ROLE, n);
        const struct import_value *share = import__value_at(batch, row, E_SHARE, n);
        if (!partner->has)
            continue;
        struct event_credit *credit = &credits[len++];
        *credit = (struct event_credit){.partner_id = partner->n,
                                        .role = role->has ? role->text : STR("seller"),
                                        .reason = STR("file")};
        if (share->has && (!dec_to_scaled(share->dec, 6, DEC_HALF_UP, &credit->share) ||
                           credit->share <= 0 || credit->share > EVENT_SHARE_WHOLE)) {
            import__refuse(batch, row, E_SHARE, n, M("A share is above 0 and at most 1."), NULL,
                           NULL);
            return false;
        }
    }
    share_rest(credits, len);
    *out_len = len;
    return true;
}

/* ---- the event ---- */

/* {"channel":"web"}: columns "attr:channel". */
static struct str attributes_of(struct import_batch *batch, const struct import_row *row)
{
    const struct import_mapping *mapping = batch->importer->mapping;
    if (!batch->importer->kind->freely)
        return STR("");
    AUTO_BUF buf = BUF(4 * EVENT_ATTRIBUTES_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    bool has_any = false;
    for (size_t i = 0; i < mapping->columns.len; i++) {
        const struct import_column *column = &mapping->columns.at[i];
        if (!column->free.at || !row->values[i].has)
            continue;
        if (!has_any)
            json_object(&w);
        has_any = true;
        json_key_str(&w, column->free);
        if (import__looks_like_number(row->values[i].text))
            json_put_number(&w, row->values[i].text);
        else
            json_put_str(&w, row->values[i].text);
    }
    if (!has_any)
        return STR("");
    json_object_end(&w);
    return str_dup(batch->op->arena, buf_str(&buf));
}

static bool read_type(struct import_batch *batch, struct import_row *row, enum event_type *out)
{
    const struct import_value *type = import__value(batch, row, E_TYPE);
    *out = EVENT_SALE;
    if (!type->has || event_type_find(type->text, out))
        return true;
    import__refuse(batch, row, E_TYPE, 0, M("There is no type of event “{0}”."),
                   str_c(batch->op->arena, type->text), NULL);
    return false;
}

static bool read_quantity(struct import_batch *batch, struct import_row *row, int64_t *out)
{
    const struct import_value *quantity = import__value(batch, row, E_QUANTITY);
    *out = EVENT_QUANTITY_ONE;
    if (!quantity->has || (dec_eq(dec_round(quantity->dec, 6, DEC_HALF_UP), quantity->dec) &&
                           dec_to_scaled(quantity->dec, 6, DEC_HALF_UP, out)))
        return true;
    import__refuse(batch, row, E_QUANTITY, 0, M("A quantity has at most six decimals."), NULL,
                   NULL);
    return false;
}

static bool read_event(struct import_batch *batch, struct import_row *row, struct event_new *out)
{
    struct arena *arena = batch->op->arena;
    struct amounts amounts;
    struct event_credit *credits = NEW_ARRAY(arena, struct event_credit, IMPORT_REPEAT_MAX);
    const struct import_value *source = import__value(batch, row, E_SOURCE);
    *out = (struct event_new){
        .source = source->has ? source->text : batch->importer->source_name,
        .external_id = import__value(batch, row, E_ID)->text,
        .occurred_at = import__value(batch, row, E_AT)->n,
        .product_id = import__value(batch, row, E_PRODUCT)->n,
        .customer_id = import__value(batch, row, E_CUSTOMER)->n,
        .outlet_id = import__value(batch, row, E_OUTLET)->n,
        .credits = credits,
    };
    if (!read_type(batch, row, &out->type) || !read_amounts(batch, row, &amounts) ||
        !read_quantity(batch, row, &out->quantity) ||
        !read_credits(batch, row, credits, &out->credits_len))
        return false;
    out->currency = amounts.currency;
    out->amount_minor = amounts.minor[0];
    out->net_minor = amounts.minor[E_NET - E_AMOUNT];
    out->tax_minor = amounts.minor[E_TAX - E_AMOUNT];
    out->discount_minor = amounts.minor[E_DISCOUNT - E_AMOUNT];
    out->shipping_minor = amounts.minor[E_SHIPPING - E_AMOUNT];
    if (amounts.has[E_COST - E_AMOUNT])
        out->cost_minor = SOME(amounts.minor[E_COST - E_AMOUNT]);
    out->attributes = attributes_of(batch, row);
    return true;
}

/* ---- storing a batch ---- */

struct storing {
    struct import_batch *batch;
    struct event_new *events;
    struct import_row **rows;
    struct event_answer *answers;
    size_t len;
    struct map *sold; /* partner to struct partner_sold */
};

static void note_sold(struct storing *storing, const struct event_new *event)
{
    struct arena *arena = storing->batch->op->arena;
    for (size_t i = 0; event->type == EVENT_SALE && i < event->credits_len; i++) {
        void **slot = map_put_i64(storing->sold, event->credits[i].partner_id);
        struct partner_sold *sold = *slot;
        if (!sold)
            *slot = sold = NEW(arena, struct partner_sold);
        sold->partner_id = event->credits[i].partner_id;
        if (sold->at < event->occurred_at)
            sold->at = event->occurred_at;
    }
}

/* At the column that differs, or at the id when no column has it. */
static void refuse_other(struct import_batch *batch, struct import_row *row, const char *differs)
{
    const struct op *op = batch->op;
    bool is_credits = strcmp(differs, "credits") == 0;
    size_t field = is_credits ? E_PARTNER : E_ID;
    for (size_t i = 0; i < E_FIELDS; i++)
        if (strcmp(event_fields[i].fault ? event_fields[i].fault : event_fields[i].name, differs) ==
            0)
            field = i;
    struct str what = field == E_ID ? str_of(differs) : tr(op->lang, event_fields[field].label);
    if (is_credits)
        what = tr(op->lang, M("partners, roles and shares"));
    import__refuse(batch, row, field, 0,
                   M("This event is already stored with other figures ({0}). To correct it, void "
                     "it and add it under a new id."),
                   str_c(op->arena, what), NULL);
}

static enum rc flush(struct storing *storing)
{
    struct import_batch *batch = storing->batch;
    TRY(event_store(batch->op, storing->events, storing->len, storing->answers));
    for (size_t i = 0; i < storing->len; i++) {
        struct import_row *row = storing->rows[i];
        switch (storing->answers[i].outcome) {
        case EVENT_STORED:
            row->outcome = IMPORT_ADDED;
            note_sold(storing, &storing->events[i]);
            break;
        case EVENT_DUPLICATE: row->outcome = IMPORT_UNCHANGED; break;
        default: refuse_other(batch, row, storing->answers[i].differs);
        }
    }
    storing->len = 0;
    return RC_OK;
}

/* A refund may follow its sale in the same batch: that is stored first, then. */
static enum rc find_original(struct storing *storing, struct import_row *row,
                             struct event_new *event)
{
    struct import_batch *batch = storing->batch;
    const struct import_value *original = import__value(batch, row, E_ORIGINAL);
    if (!original->has)
        return RC_OK;
    enum rc rc = event_find(batch->op, event->source, original->text, &event->original_seq);
    if (rc == RC_MISSING && storing->len > 0) {
        TRY(flush(storing));
        rc = event_find(batch->op, event->source, original->text, &event->original_seq);
    }
    if (rc != RC_MISSING)
        return rc;
    if (batch->importer->is_dry_run && import__seen_has(batch->importer->seen, original->text)) {
        event->original_seq = 1; /* only so that the check passes: all of it is rolled back */
        return RC_OK;
    }
    import__refuse(batch, row, E_ORIGINAL, 0, M("There is no event “{0}” of this source."),
                   str_c(batch->op->arena, original->text), NULL);
    return RC_OK;
}

static enum rc take(struct storing *storing, struct import_row *row)
{
    struct import_batch *batch = storing->batch;
    struct event_new event;
    if (!read_event(batch, row, &event))
        return RC_OK;
    TRY(find_original(storing, row, &event));
    if (row->outcome == IMPORT_REFUSED)
        return RC_OK;
    enum rc rc = event_check(batch->op, &event);
    if (rc != RC_OK)
        return import__refuse_fault(batch, row, rc);
    storing->events[storing->len] = event;
    storing->rows[storing->len++] = row;
    return RC_OK;
}

static enum rc apply_events(struct import_batch *batch)
{
    struct arena *arena = batch->op->arena;
    struct storing storing = {
        .batch = batch,
        .events = NEW_ARRAY(arena, struct event_new, batch->len + 1),
        .rows = NEW_ARRAY(arena, struct import_row *, batch->len + 1),
        .answers = NEW_ARRAY(arena, struct event_answer, batch->len + 1),
        .sold = map_new(arena),
    };
    for (size_t i = 0; i < batch->len; i++)
        if (batch->rows[i].outcome == IMPORT_OPEN)
            TRY(take(&storing, &batch->rows[i]));
    TRY(flush(&storing));
    struct str key;
    void *sold;
    for (size_t i = 0; map_next(storing.sold, &i, &key, &sold);)
        TRY(partner_sold(batch->op, sold, 1));
    return RC_OK;
}

const struct import_kind import__events = {.name = "events",
                                           .label = M("Events"),
                                           .fields = event_fields,
                                           .fields_len = E_FIELDS,
                                           .key = E_ID,
                                           .freely = "attr",
                                           .permission = "sale.add",
                                           .apply = apply_events};
