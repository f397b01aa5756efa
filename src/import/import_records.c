/* Categories, products, customers: a row is a record, found by its code. A field that the mapping
 * does not have keeps what the record says; a blank cell empties it. */
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "import/import_int.h"
#include "org/org.h"

static struct str code_of(const struct import_batch *batch, const struct import_row *row)
{
    return import__value(batch, row, batch->importer->kind->key)->text;
}

static struct opt_i64 ref_or(const struct import_batch *batch, const struct import_row *row,
                             size_t field, struct opt_i64 present)
{
    const struct import_value *value = import__value(batch, row, field);
    if (!value->is_mapped)
        return present;
    return value->has && !value->is_ahead ? SOME(value->n) : NONE;
}

static bool same_opt(struct opt_i64 a, struct opt_i64 b)
{
    return a.has == b.has && (!a.has || a.v == b.v);
}

/* Decides between saving and leaving alone. */
static bool settle(struct import_row *row, bool is_new, bool is_same)
{
    row->outcome = is_new ? IMPORT_ADDED : is_same ? IMPORT_UNCHANGED : IMPORT_CHANGED;
    return row->outcome != IMPORT_UNCHANGED;
}

/* ---- categories ---- */

enum { CATEGORY_CODE, CATEGORY_NAME, CATEGORY_PARENT, CATEGORY_FIELDS };

static const struct import_field category_fields[] = {
    [CATEGORY_CODE] = {.name = "code",
                       .label = M("Code"),
                       .type = IMPORT_TEXT,
                       .is_required = true,
                       .also = "id;category code;categoryid;código;код категории"},
    [CATEGORY_NAME] = {.name = "name",
                       .label = M("Name"),
                       .type = IMPORT_TEXT,
                       .is_required = true,
                       .also = "category;category name;categoría;категория"},
    [CATEGORY_PARENT] = {.name = "parent",
                         .label = M("Parent category"),
                         .type = IMPORT_REF,
                         .ref = IMPORT_TO_CATEGORY,
                         .also = "parent code;padre;родитель",
                         .fault = "parent_id"},
};

static enum rc apply_category(struct import_batch *batch, struct import_row *row)
{
    struct catalog_category old = {0}, new;
    int64_t id;
    enum rc rc = catalog_category_by_code(batch->op, code_of(batch, row), &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&batch->op->fault);
    new = old;
    new.code = code_of(batch, row);
    new.name =
        text_clean_line(batch->op->arena, import__text_or(batch, row, CATEGORY_NAME, old.name));
    new.parent_id = ref_or(batch, row, CATEGORY_PARENT, old.parent_id);
    bool is_same = str_eq(old.name, new.name) && same_opt(old.parent_id, new.parent_id);
    if (!settle(row, rc == RC_MISSING, is_same))
        return RC_OK;
    return catalog_category_save(batch->op, &new, &id);
}

static enum rc apply_categories(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_category);
}

const struct import_kind import__categories = {.name = "categories",
                                               .label = M("Categories"),
                                               .fields = category_fields,
                                               .fields_len = CATEGORY_FIELDS,
                                               .key = CATEGORY_CODE,
                                               .self = IMPORT_TO_CATEGORY,
                                               .permission = "catalog.edit",
                                               .apply = apply_categories};

/* ---- products ---- */

enum {
    PRODUCT_CODE,
    PRODUCT_NAME,
    PRODUCT_CATEGORY,
    PRODUCT_UNIT,
    PRODUCT_TAGS,
    PRODUCT_EARNS,
    PRODUCT_PRICE,
    PRODUCT_CURRENCY,
    PRODUCT_FIELDS
};

static const struct import_field product_fields[] = {
    [PRODUCT_CODE] = {.name = "code",
                      .label = M("Code"),
                      .type = IMPORT_TEXT,
                      .is_required = true,
                      .also = "id;sku;article;product code;productid;artículo;артикул;код товара"},
    [PRODUCT_NAME] = {.name = "name",
                      .label = M("Name"),
                      .type = IMPORT_TEXT,
                      .is_required = true,
                      .also = "product;product name;title;producto;товар;наименование"},
    [PRODUCT_CATEGORY] = {.name = "category",
                          .label = M("Category"),
                          .type = IMPORT_REF,
                          .ref = IMPORT_TO_CATEGORY,
                          .also = "category code;group;categoría;категория",
                          .fault = "category_id"},
    [PRODUCT_UNIT] = {.name = "unit",
                      .label = M("Unit"),
                      .type = IMPORT_TEXT,
                      .also = "uom;unidad;единица"},
    [PRODUCT_TAGS] = {.name = "tags",
                      .label = M("Tags"),
                      .help = M("Words with a blank between them."),
                      .type = IMPORT_TEXT,
                      .also = "labels;etiquetas;метки"},
    [PRODUCT_EARNS] = {.name = "earns rewards",
                       .label = M("Earns rewards"),
                       .type = IMPORT_BOOL,
                       .also = "commissionable",
                       .fault = "is_commissionable"},
    [PRODUCT_PRICE] = {.name = "price",
                       .label = M("Price"),
                       .type = IMPORT_DEC,
                       .also = "unit price;precio;цена"},
    [PRODUCT_CURRENCY] = {.name = "currency",
                          .label = M("Currency"),
                          .type = IMPORT_CURRENCY,
                          .also = "price currency;moneda;валюта"},
};

/* A price of more decimals than the currency has is refused: rounding would change it. */
static bool read_price(struct import_batch *batch, struct import_row *row, struct money *price)
{
    const struct import_value *value = import__value(batch, row, PRODUCT_PRICE);
    const struct import_value *currency = import__value(batch, row, PRODUCT_CURRENCY);
    if (!value->is_mapped)
        return true;
    *price = (struct money){0};
    if (!value->has)
        return true;
    price->currency = currency->has ? currency_find(currency->text) : batch->importer->currency;
    if (!price->currency) {
        import__refuse(batch, row, PRODUCT_CURRENCY, 0, M("An amount needs its currency."), NULL,
                       NULL);
        return false;
    }
    int digits = price->currency->digits;
    if (!dec_eq(dec_round(value->dec, digits, DEC_HALF_UP), value->dec) ||
        !dec_to_scaled(value->dec, digits, DEC_HALF_UP, &price->minor)) {
        import__refuse(batch, row, PRODUCT_PRICE, 0,
                       M("The amount has more decimals than {0} has, or is too large."),
                       price->currency->code, NULL);
        return false;
    }
    return true;
}

static bool same_product(const struct catalog_product *a, const struct catalog_product *b)
{
    return str_eq(a->name, b->name) && str_eq(a->unit, b->unit) && str_eq(a->tags, b->tags) &&
           same_opt(a->category_id, b->category_id) &&
           a->is_commissionable == b->is_commissionable && a->price.minor == b->price.minor &&
           a->price.currency == b->price.currency;
}

struct prepared_product {
    struct catalog_product product; /* as it is stored */
    bool is_new;                    /* and just made */
};

static bool fill_product(struct import_batch *batch, struct import_row *row,
                         struct catalog_product *p)
{
    struct arena *arena = batch->op->arena;
    const struct import_value *earns = import__value(batch, row, PRODUCT_EARNS);
    p->code = code_of(batch, row);
    p->name = text_clean_line(arena, import__text_or(batch, row, PRODUCT_NAME, p->name));
    p->unit = text_clean_line(arena, import__text_or(batch, row, PRODUCT_UNIT, p->unit));
    p->tags = text_clean_line(arena, import__text_or(batch, row, PRODUCT_TAGS, p->tags));
    p->category_id = ref_or(batch, row, PRODUCT_CATEGORY, p->category_id);
    if (earns->has)
        p->is_commissionable = earns->n != 0;
    return read_price(batch, row, &p->price);
}

static enum rc find_products(struct import_batch *batch, const struct import_firsts *firsts)
{
    struct catalog_product_list found = {0};
    TRY(catalog_products_by_codes(batch->op, &firsts->codes, &found));
    for (size_t i = 0; i < found.len; i++) {
        struct import_row *row = map_get(firsts->rows, found.at[i].code);
        struct prepared_product *prepared = NEW(batch->arena, struct prepared_product);
        prepared->product = found.at[i];
        if (row)
            row->record = prepared;
    }
    return RC_OK;
}

static enum rc prepare_products(struct import_batch *batch, size_t first, size_t end)
{
    struct op *op = batch->op;
    struct import_firsts firsts;
    struct catalog_memo *memo = catalog_memo_new(batch->arena);
    VEC(struct catalog_product *) new = {0};
    import__first_rows(batch, first, end, false, &firsts);
    TRY(find_products(batch, &firsts));
    for (size_t i = 0; i < firsts.at.len; i++) {
        struct import_row *row = firsts.at.at[i];
        if (row->record)
            continue;
        struct prepared_product *prepared = NEW(batch->arena, struct prepared_product);
        *prepared = (struct prepared_product){{.is_commissionable = true}, true};
        if (!fill_product(batch, row, &prepared->product))
            continue;
        enum rc rc = catalog_product_check(op, memo, &prepared->product);
        if (rc == RC_OK && !str_eq(prepared->product.code, firsts.codes.at[i]))
            continue; /* under its clean code there may be one: the row looks itself */
        TRY(import__refuse_fault(batch, row, rc));
        if (row->outcome == IMPORT_REFUSED)
            continue;
        row->record = prepared;
        VEC_PUSH(op->arena, &new, &prepared->product);
    }
    return catalog_product_add_all(op, memo, new.at, new.len);
}

static enum rc apply_product(struct import_batch *batch, struct import_row *row)
{
    struct catalog_product old = {.is_commissionable = true}, new;
    const struct prepared_product *prepared = row->record;
    enum rc rc = RC_OK;
    int64_t id;
    if (prepared && prepared->is_new) {
        row->outcome = IMPORT_ADDED;
        return RC_OK;
    }
    if (prepared)
        old = prepared->product;
    else
        rc = catalog_product_by_code(batch->op, code_of(batch, row), &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&batch->op->fault);
    new = old;
    if (!fill_product(batch, row, &new))
        return RC_OK;
    if (!settle(row, rc == RC_MISSING, same_product(&old, &new)))
        return RC_OK;
    return catalog_product_save(batch->op, &new, &id);
}

static enum rc apply_products(struct import_batch *batch)
{
    return import__each(batch, prepare_products, apply_product);
}

const struct import_kind import__products = {.name = "products",
                                             .label = M("Products"),
                                             .fields = product_fields,
                                             .fields_len = PRODUCT_FIELDS,
                                             .key = PRODUCT_CODE,
                                             .self = IMPORT_TO_PRODUCT,
                                             .is_by_name = true,
                                             .permission = "catalog.edit",
                                             .apply = apply_products};

/* ---- customers ---- */

enum {
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_COUNTRY,
    CUSTOMER_REGION,
    CUSTOMER_CITY,
    CUSTOMER_EMAIL,
    CUSTOMER_PHONE,
    CUSTOMER_TAX,
    CUSTOMER_SINCE,
    CUSTOMER_FRAUD,
    CUSTOMER_FIELDS
};

static const struct import_field customer_fields[] = {
    [CUSTOMER_CODE] = {.name = "code",
                       .label = M("Code"),
                       .type = IMPORT_TEXT,
                       .is_required = true,
                       .also = "id;customer code;customerid;cliente;код клиента"},
    [CUSTOMER_NAME] = {.name = "name",
                       .label = M("Name"),
                       .type = IMPORT_TEXT,
                       .is_required = true,
                       .also = "customer;company;company name;nombre;клиент;название"},
    [CUSTOMER_COUNTRY] = {.name = "country",
                          .label = M("Country"),
                          .type = IMPORT_COUNTRY,
                          .also = "país;страна"},
    [CUSTOMER_REGION] = {.name = "region",
                         .label = M("Region"),
                         .type = IMPORT_TEXT,
                         .also = "state;región;регион;область"},
    [CUSTOMER_CITY] = {.name = "city",
                       .label = M("City"),
                       .type = IMPORT_TEXT,
                       .also = "town;ciudad;город"},
    [CUSTOMER_EMAIL] = {.name = "email",
                        .label = M("E-mail"),
                        .type = IMPORT_TEXT,
                        .also = "e-mail;mail;correo;почта"},
    [CUSTOMER_PHONE] = {.name = "phone",
                        .label = M("Phone"),
                        .type = IMPORT_TEXT,
                        .also = "telephone;mobile;teléfono;телефон"},
    [CUSTOMER_TAX] = {.name = "tax number",
                      .label = M("Tax number"),
                      .type = IMPORT_TEXT,
                      .also = "vat;nif;inn;инн",
                      .fault = "tax_number"},
    [CUSTOMER_SINCE] = {.name = "since",
                        .label = M("Customer since"),
                        .type = IMPORT_DAY,
                        .also = "registered;created;desde;с даты"},
    [CUSTOMER_FRAUD] = {.name = "fraud",
                        .label = M("Marked as fraud"),
                        .type = IMPORT_BOOL,
                        .also = "fraude;фрод",
                        .fault = "is_fraud"},
};

static bool same_customer(const struct customer *a, const struct customer *b)
{
    return str_eq(a->name, b->name) && str_eq(a->country, b->country) &&
           str_eq(a->region, b->region) && str_eq(a->city, b->city) && str_eq(a->email, b->email) &&
           str_eq(a->phone, b->phone) && str_eq(a->tax_number, b->tax_number) &&
           a->since == b->since && a->is_fraud == b->is_fraud;
}

/* As the record will keep them, so that a repeated file compares equal. What is wrong stays as it
 * is: saving says so. */
static void normalise(struct arena *arena, struct customer *customer)
{
    struct str text;
    customer->name = text_clean_line(arena, customer->name);
    customer->region = text_clean_line(arena, customer->region);
    customer->city = text_clean_line(arena, customer->city);
    customer->tax_number = text_clean_line(arena, customer->tax_number);
    if (customer->email.len > 0 && !check_email(arena, customer->email, &text))
        customer->email = text;
    if (customer->phone.len > 0 && !check_phone(arena, customer->phone, &text))
        customer->phone = text;
}

struct prepared_customer {
    struct customer customer; /* as it is stored */
    bool is_new;              /* and just made */
};

static void fill_customer(struct import_batch *batch, struct import_row *row, struct customer *c)
{
    struct op *op = batch->op;
    const struct import_value *since = import__value(batch, row, CUSTOMER_SINCE);
    const struct import_value *fraud = import__value(batch, row, CUSTOMER_FRAUD);
    c->code = code_of(batch, row);
    c->name = import__text_or(batch, row, CUSTOMER_NAME, c->name);
    c->country = import__text_or(batch, row, CUSTOMER_COUNTRY, c->country);
    c->region = import__text_or(batch, row, CUSTOMER_REGION, c->region);
    c->city = import__text_or(batch, row, CUSTOMER_CITY, c->city);
    c->email = import__text_or(batch, row, CUSTOMER_EMAIL, c->email);
    c->phone = import__text_or(batch, row, CUSTOMER_PHONE, c->phone);
    c->tax_number = import__text_or(batch, row, CUSTOMER_TAX, c->tax_number);
    if (since->has)
        c->since = zone_day_start(op->zone, (struct date){(int32_t)since->n});
    if (fraud->has)
        c->is_fraud = fraud->n != 0;
    normalise(op->arena, c);
}

static enum rc find_customers(struct import_batch *batch, const struct import_firsts *firsts)
{
    struct customer_list found = {0};
    TRY(customer_by_codes(batch->op, &firsts->codes, &found));
    for (size_t i = 0; i < found.len; i++) {
        struct import_row *row = map_get(firsts->rows, found.at[i].code);
        struct prepared_customer *prepared = NEW(batch->arena, struct prepared_customer);
        prepared->customer = found.at[i];
        if (row)
            row->record = prepared;
    }
    return RC_OK;
}

static enum rc prepare_customers(struct import_batch *batch, size_t first, size_t end)
{
    struct op *op = batch->op;
    struct import_firsts firsts;
    VEC(struct customer *) new = {0};
    import__first_rows(batch, first, end, false, &firsts);
    TRY(find_customers(batch, &firsts));
    for (size_t i = 0; i < firsts.at.len; i++) {
        struct import_row *row = firsts.at.at[i];
        if (row->record)
            continue;
        struct prepared_customer *prepared = NEW(batch->arena, struct prepared_customer);
        *prepared = (struct prepared_customer){{.since = op->now}, true};
        fill_customer(batch, row, &prepared->customer);
        enum rc rc = customer_check(op, &prepared->customer);
        if (rc == RC_OK && !str_eq(prepared->customer.code, firsts.codes.at[i]))
            continue; /* under its clean code there may be one: the row looks itself */
        TRY(import__refuse_fault(batch, row, rc));
        if (row->outcome == IMPORT_REFUSED)
            continue;
        row->record = prepared;
        VEC_PUSH(op->arena, &new, &prepared->customer);
    }
    return customer_add_all(op, new.at, new.len);
}

static enum rc apply_customer(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    struct customer old = {.since = op->now}, new;
    const struct prepared_customer *prepared = row->record;
    enum rc rc = RC_OK;
    int64_t id;
    if (prepared && prepared->is_new) {
        row->outcome = IMPORT_ADDED;
        return RC_OK;
    }
    if (prepared)
        old = prepared->customer;
    else
        rc = customer_by_code(op, code_of(batch, row), &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    if (rc == RC_OK && old.anonymised_at.has) {
        import__refuse(batch, row, CUSTOMER_CODE, 0,
                       M("This person was anonymised; the record is not changed."), NULL, NULL);
        return RC_OK;
    }
    new = old;
    fill_customer(batch, row, &new);
    if (!settle(row, rc == RC_MISSING, same_customer(&old, &new)))
        return RC_OK;
    return customer_save(op, &new, &id);
}

static enum rc apply_customers(struct import_batch *batch)
{
    return import__each(batch, prepare_customers, apply_customer);
}

const struct import_kind import__customers = {.name = "customers",
                                              .label = M("Customers"),
                                              .fields = customer_fields,
                                              .fields_len = CUSTOMER_FIELDS,
                                              .key = CUSTOMER_CODE,
                                              .self = IMPORT_TO_CUSTOMER,
                                              .is_by_name = true,
                                              .permission = "customer.edit",
                                              .apply = apply_customers};
