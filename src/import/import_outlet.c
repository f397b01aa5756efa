/* Points of sale: a row is a place of a partner, found by its code. */
#include "import/import_int.h"
#include "partner/partner.h"

enum {
    O_CODE,
    O_NAME,
    O_PARTNER,
    O_COUNTRY,
    O_REGION,
    O_POSTCODE,
    O_CITY,
    O_LINE,
    O_OPENED,
    O_CLOSED,
    O_FIELDS
};

static const struct import_field fields[] = {
    [O_CODE] = {.name = "code",
                .label = M("Code"),
                .type = IMPORT_TEXT,
                .is_required = true,
                .also = "id;outlet;store;shop;outlet code;código;код точки;точка"},
    [O_NAME] = {.name = "name",
                .label = M("Name"),
                .type = IMPORT_TEXT,
                .is_required = true,
                .also = "outlet name;store name;nombre;название"},
    [O_PARTNER] = {.name = "partner",
                   .label = M("Partner"),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PARTNER,
                   .is_required = true,
                   .also = "partner code;dealer;socio;партнёр;код партнёра",
                   .fault = "partner_id"},
    [O_COUNTRY] = {.name = "country",
                   .label = M("Country"),
                   .type = IMPORT_COUNTRY,
                   .also = "país;страна",
                   .fault = "address_country"},
    [O_REGION] = {.name = "region",
                  .label = M("Region"),
                  .type = IMPORT_TEXT,
                  .also = "state;región;регион;область",
                  .fault = "address_region"},
    [O_POSTCODE] = {.name = "postcode",
                    .label = M("Postcode"),
                    .type = IMPORT_TEXT,
                    .also = "zip;postal code;código postal;индекс",
                    .fault = "address_postcode"},
    [O_CITY] = {.name = "city",
                .label = M("City"),
                .type = IMPORT_TEXT,
                .also = "town;ciudad;город",
                .fault = "address_city"},
    [O_LINE] = {.name = "address",
                .label = M("Address"),
                .type = IMPORT_TEXT,
                .also = "street;dirección;адрес",
                .fault = "address_line"},
    [O_OPENED] = {.name = "opened",
                  .label = M("Opened on"),
                  .type = IMPORT_DAY,
                  .also = "open date;apertura;дата открытия",
                  .fault = "opened_day"},
    [O_CLOSED] = {.name = "closed",
                  .label = M("Closed on"),
                  .type = IMPORT_DAY,
                  .also = "close date;cierre;дата закрытия",
                  .fault = "closed_day"},
};

static struct opt_i64 day_or(const struct import_batch *batch, const struct import_row *row,
                             size_t field, struct opt_i64 present)
{
    const struct import_value *value = import__value(batch, row, field);
    if (!value->is_mapped)
        return present;
    return value->has ? SOME(value->n) : NONE;
}

static bool same_day(struct opt_i64 a, struct opt_i64 b)
{
    return a.has == b.has && (!a.has || a.v == b.v);
}

static bool same_outlet(const struct partner_outlet *a, const struct partner_outlet *b)
{
    return str_eq(a->name, b->name) && str_eq(a->address.country, b->address.country) &&
           str_eq(a->address.region, b->address.region) &&
           str_eq(a->address.postcode, b->address.postcode) &&
           str_eq(a->address.city, b->address.city) && str_eq(a->address.line, b->address.line) &&
           same_day(a->opened_day, b->opened_day) && same_day(a->closed_day, b->closed_day);
}

static enum rc apply_outlet(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    struct partner_outlet old = {0}, new;
    int64_t id;
    struct str code = import__value(batch, row, O_CODE)->text;
    enum rc rc = partner_outlet_by_code(op, code, &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    bool is_new = rc == RC_MISSING;
    new = old;
    new.code = code;
    new.partner_id = import__value(batch, row, O_PARTNER)->n;
    if (!is_new && new.partner_id != old.partner_id) {
        import__refuse(batch, row, O_PARTNER, 0, M("A point of sale stays with its partner."), NULL,
                       NULL);
        return RC_OK;
    }
    new.name = text_clean_line(op->arena, import__text_or(batch, row, O_NAME, old.name));
    new.address.country = import__text_or(batch, row, O_COUNTRY, old.address.country);
    new.address.region = import__text_or(batch, row, O_REGION, old.address.region);
    new.address.postcode = import__text_or(batch, row, O_POSTCODE, old.address.postcode);
    new.address.city = import__text_or(batch, row, O_CITY, old.address.city);
    new.address.line = import__text_or(batch, row, O_LINE, old.address.line);
    new.opened_day = day_or(batch, row, O_OPENED, old.opened_day);
    new.closed_day = day_or(batch, row, O_CLOSED, old.closed_day);
    TRY(org_address_check(op, &new.address));
    row->outcome = is_new                    ? IMPORT_ADDED
                   : same_outlet(&old, &new) ? IMPORT_UNCHANGED
                                             : IMPORT_CHANGED;
    return row->outcome == IMPORT_UNCHANGED ? RC_OK : partner_outlet_save(op, &new, &id);
}

static enum rc apply_outlets(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_outlet);
}

const struct import_kind import__outlets = {.name = "outlets",
                                            .label = M("Points of sale"),
                                            .fields = fields,
                                            .fields_len = O_FIELDS,
                                            .key = O_CODE,
                                            .self = IMPORT_TO_OUTLET,
                                            .permission = "partner.edit",
                                            .apply = apply_outlets};
