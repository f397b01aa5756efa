/* Contracts with their terms: a row is a contract and one version of its terms, bound schemes and
 * individual values ("term:beverages rate") with it. A row that begins later than the contract is a
 * further version, so a file may hold a contract's whole history. */
#include "approval/approval.h"
#include "contract/contract.h"
#include "import/import_int.h"
#include "org/org.h"

enum {
    C_CODE,
    C_PARTNER,
    C_ENTITY,
    C_NATURE,
    C_STATE,
    C_SIGNED,
    C_FROM,
    C_TO,
    C_TERMS_FROM,
    C_CURRENCY,
    C_PAY_CURRENCY,
    C_PERIOD,
    C_DUE,
    C_HOLD,
    C_ACCEPT,
    C_MINIMUM,
    C_VAT,
    C_DOCUMENTS,
    C_NETTING,
    C_SCHEME,
    C_FIELDS
};

static const char *const natures[] = {
    "agency",         "commission",    "services",       "supply_bonus",
    "retro_discount", "revenue_share", "referral_offer", NULL};
static const char *const states[] = {"draft",     "in_signature", "active",
                                     "suspended", "terminated",   NULL};
static const char *const periods[] = {"day", "week", "month", "quarter", "year", NULL};
static const char *const vat_modes[] = {"none", "included", "added", NULL};
static const char *const issuers[] = {"partner", "us", NULL};

static const struct import_field fields[] = {
    [C_CODE] = {.name = "code",
                .label = M("Number of the contract"),
                .type = IMPORT_TEXT,
                .is_required = true,
                .also = "contract;contract code;number;contrato;договор;номер договора"},
    [C_PARTNER] = {.name = "partner",
                   .label = M("Partner"),
                   .help = M("The partner's code."),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PARTNER,
                   .is_required = true,
                   .also = "partner code;dealer;socio;партнёр;код партнёра"},
    [C_ENTITY] = {.name = "legal entity",
                  .label = M("Legal entity"),
                  .help = M("Its name; not needed while there is only one."),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_ENTITY,
                  .also = "entity;entidad;юрлицо;юридическое лицо",
                  .fault = "entity"},
    [C_NATURE] = {.name = "nature",
                  .label = M("Kind of contract"),
                  .help = M("agency when nothing is said."),
                  .type = IMPORT_CHOICE,
                  .choices = natures,
                  .also = "type;tipo;вид"},
    [C_STATE] = {.name = "state",
                 .label = M("State"),
                 .help = M("A new contract is active when nothing is said."),
                 .type = IMPORT_CHOICE,
                 .choices = states,
                 .also = "status;estado;статус;состояние"},
    [C_SIGNED] = {.name = "signed",
                  .label = M("Signed on"),
                  .type = IMPORT_DAY,
                  .also = "signed on;firmado;дата подписания",
                  .fault = "signed_day"},
    [C_FROM] = {.name = "from",
                .label = M("From"),
                .type = IMPORT_DAY,
                .is_required = true,
                .also = "begin;start;desde;с",
                .fault = "from_day"},
    [C_TO] = {.name = "to",
              .label = M("To"),
              .help = M("The first day without it; empty: without end."),
              .type = IMPORT_DAY,
              .also = "end;until;hasta;по",
              .fault = "to_day"},
    [C_TERMS_FROM] = {.name = "terms from",
                      .label = M("Terms from"),
                      .help = M("When these terms begin later than the contract."),
                      .type = IMPORT_DAY,
                      .also = "version from"},
    [C_CURRENCY] = {.name = "currency",
                    .label = M("Currency"),
                    .type = IMPORT_CURRENCY,
                    .also = "moneda;валюта"},
    [C_PAY_CURRENCY] = {.name = "pay currency",
                        .label = M("Currency of payment"),
                        .type = IMPORT_CURRENCY,
                        .also = "payment currency",
                        .fault = "pay_currency"},
    [C_PERIOD] = {.name = "period",
                  .label = M("Settlement period"),
                  .help = M("month when nothing is said."),
                  .type = IMPORT_CHOICE,
                  .choices = periods,
                  .also = "período;период",
                  .fault = "period_kind"},
    [C_DUE] = {.name = "due days",
               .label = M("Due after days"),
               .type = IMPORT_WHOLE,
               .fault = "due_days"},
    [C_HOLD] = {.name = "hold days",
                .label = M("Held for days"),
                .type = IMPORT_WHOLE,
                .fault = "hold_days"},
    [C_ACCEPT] = {.name = "accept days",
                  .label = M("Accepted by silence after days"),
                  .type = IMPORT_WHOLE,
                  .fault = "accept_days"},
    [C_MINIMUM] = {.name = "minimum", .label = M("Smallest payout"), .type = IMPORT_DEC},
    [C_VAT] = {.name = "vat mode",
               .label = M("VAT"),
               .type = IMPORT_CHOICE,
               .choices = vat_modes,
               .also = "vat;iva;ндс",
               .fault = "vat_mode"},
    [C_DOCUMENTS] = {.name = "documents by",
                     .label = M("Documents are made by"),
                     .type = IMPORT_CHOICE,
                     .choices = issuers,
                     .fault = "documents_by"},
    [C_NETTING] = {.name = "netting", .label = M("Netting clause"), .type = IMPORT_BOOL},
    [C_SCHEME] = {.name = "scheme",
                  .label = M("Scheme"),
                  .help = M("The scheme's code."),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_SCHEME,
                  .is_repeated = true,
                  .also = "scheme code;esquema;схема"},
};

/* ---- the contract itself ---- */

static enum rc only_entity(struct op *op, int64_t *out_id)
{
    struct org_choices choices = {0};
    TRY(org_entity_choices(op, 0, &choices));
    if (choices.len != 1)
        return fail(op, RC_INVALID, "entity",
                    M("There are several legal entities: the file must say which one."));
    *out_id = choices.at[0].id;
    return RC_OK;
}

static bool same_contract(const struct contract *a, const struct contract *b)
{
    return a->partner_id == b->partner_id && a->entity_id == b->entity_id &&
           str_eq(a->nature, b->nature) && a->signed_day.has == b->signed_day.has &&
           (!a->signed_day.has || a->signed_day.v == b->signed_day.v) &&
           a->from_day == b->from_day && a->to_day == b->to_day;
}

static enum rc fill_contract(const struct import_batch *batch, const struct import_row *row,
                             struct contract *c)
{
    const struct import_value *entity = import__value(batch, row, C_ENTITY);
    const struct import_value *nature = import__value(batch, row, C_NATURE);
    const struct import_value *signed_on = import__value(batch, row, C_SIGNED);
    const struct import_value *to = import__value(batch, row, C_TO);
    c->code = import__value(batch, row, C_CODE)->text;
    c->partner_id = import__value(batch, row, C_PARTNER)->n;
    c->from_day = import__value(batch, row, C_FROM)->n;
    if (to->is_mapped)
        c->to_day = to->has ? to->n : CONTRACT_NO_END;
    if (nature->has)
        c->nature = nature->text;
    if (signed_on->is_mapped)
        c->signed_day = signed_on->has ? SOME(signed_on->n) : NONE;
    if (entity->has)
        c->entity_id = entity->n;
    return c->entity_id == 0 ? only_entity(batch->op, &c->entity_id) : RC_OK;
}

/* ---- its terms ---- */

static const struct scheme_attribute *attribute_of(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

static enum rc load_scheme(struct op *op, int64_t scheme_id, int64_t day, const struct scheme **out)
{
    struct scheme_version version;
    TRY(scheme_version_for(op, scheme_id, zone_day_start(op->zone, (struct date){(int32_t)day}),
                           &version));
    return scheme_version_load(op, version.id, out);
}

/* "NAME" belongs to every bound scheme that has it, "SCHEME:NAME" to that one. */
static bool is_term_of(struct str free, struct str scheme_code, const struct scheme *scheme,
                       const struct scheme_attribute **out)
{
    struct str rest = free, head = str_cut(&rest, ':');
    struct str name = rest.at && str_eq(head, scheme_code) ? rest : free;
    *out = attribute_of(scheme, name);
    return *out != NULL;
}

static enum rc fill_terms(struct import_batch *batch, struct import_row *row,
                          struct contract_bound *bound, int64_t day, bool *is_used)
{
    struct arena *arena = batch->op->arena;
    const struct import_mapping *mapping = batch->importer->mapping;
    const struct scheme *scheme = NULL;
    enum rc rc = load_scheme(batch->op, bound->scheme_id, day, &scheme);
    if (rc == RC_MISSING)
        return fail(batch->op, RC_INVALID, "scheme", M("This scheme has no version yet."));
    TRY(rc);
    bound->terms = NEW_ARRAY(arena, struct contract_term, mapping->columns.len + 1);
    bound->terms_len = 0;
    for (size_t i = 0; i < mapping->columns.len; i++) {
        const struct import_column *column = &mapping->columns.at[i];
        const struct scheme_attribute *attribute = NULL;
        struct str value = row->values[i].text;
        if (!column->free.at || !is_term_of(column->free, bound->scheme_code, scheme, &attribute))
            continue;
        is_used[i] = true;
        if (!row->values[i].has)
            continue;
        const char *wrong = scheme_value_check(arena, attribute, value, &value);
        if (wrong)
            import__refuse_column(batch, row, column, wrong, NULL, NULL);
        bound->terms[bound->terms_len++] = (struct contract_term){attribute->name, value};
    }
    return RC_OK;
}

static enum rc fill_schemes(struct import_batch *batch, struct import_row *row,
                            struct contract_version *v)
{
    struct arena *arena = batch->op->arena;
    const struct import_mapping *mapping = batch->importer->mapping;
    bool *is_used = NEW_ARRAY(arena, bool, mapping->columns.len + 1);
    v->schemes = NEW_ARRAY(arena, struct contract_bound, IMPORT_REPEAT_MAX);
    v->schemes_len = 0;
    for (size_t n = 0; n < IMPORT_REPEAT_MAX; n++) {
        const struct import_value *scheme = import__value_at(batch, row, C_SCHEME, n);
        if (!scheme->has)
            continue;
        struct contract_bound *bound = &v->schemes[v->schemes_len++];
        *bound = (struct contract_bound){.scheme_id = scheme->n, .scheme_code = scheme->text};
        TRY(fill_terms(batch, row, bound, v->from_day, is_used));
    }
    for (size_t i = 0; i < mapping->columns.len; i++)
        if (mapping->columns.at[i].free.at && row->values[i].has && !is_used[i])
            import__refuse_column(batch, row, &mapping->columns.at[i],
                                  M("No scheme of this contract has such an attribute."), NULL,
                                  NULL);
    return RC_OK;
}

static void put_whole(const struct import_batch *batch, const struct import_row *row, size_t field,
                      int64_t *out)
{
    const struct import_value *value = import__value(batch, row, field);
    if (value->has)
        *out = value->n;
}

static void put_choice(const struct import_batch *batch, const struct import_row *row, size_t field,
                       struct str *out)
{
    const struct import_value *value = import__value(batch, row, field);
    if (value->has)
        *out = value->text;
}

static enum rc fill_version(struct import_batch *batch, struct import_row *row,
                            struct contract_version *v)
{
    const struct import_value *currency = import__value(batch, row, C_CURRENCY);
    const struct import_value *pay = import__value(batch, row, C_PAY_CURRENCY);
    const struct import_value *period = import__value(batch, row, C_PERIOD);
    const struct import_value *minimum = import__value(batch, row, C_MINIMUM);
    int64_t netting = v->has_netting;
    if (currency->has)
        v->currency = currency_find(currency->text);
    if (!v->currency)
        v->currency = batch->importer->currency;
    if (pay->has)
        v->pay_currency = currency_find(pay->text);
    if (!v->pay_currency)
        v->pay_currency = v->currency;
    if (period->has)
        v->period_kind = period_kind_find(period->text);
    put_whole(batch, row, C_DUE, &v->due_days);
    put_whole(batch, row, C_HOLD, &v->hold_days);
    put_whole(batch, row, C_ACCEPT, &v->accept_days);
    put_whole(batch, row, C_NETTING, &netting);
    v->has_netting = netting != 0;
    put_choice(batch, row, C_VAT, &v->vat_mode);
    put_choice(batch, row, C_DOCUMENTS, &v->documents_by);
    if (minimum->has && v->currency &&
        !dec_to_scaled(minimum->dec, v->currency->digits, DEC_HALF_UP, &v->minimum_minor))
        import__refuse(batch, row, C_MINIMUM, 0, M("The amount is too large."), NULL, NULL);
    return import__value(batch, row, C_SCHEME)->is_mapped ? fill_schemes(batch, row, v) : RC_OK;
}

static bool same_terms(const struct contract_bound *a, const struct contract_bound *b)
{
    if (a->scheme_id != b->scheme_id || a->terms_len != b->terms_len)
        return false;
    for (size_t i = 0; i < a->terms_len; i++) {
        bool is_found = false;
        for (size_t k = 0; k < b->terms_len && !is_found; k++)
            is_found = str_eq(a->terms[i].name, b->terms[k].name) &&
                       str_eq(a->terms[i].value, b->terms[k].value);
        if (!is_found)
            return false;
    }
    return true;
}

static bool same_version(const struct contract_version *a, const struct contract_version *b)
{
    if (a->currency != b->currency || a->pay_currency != b->pay_currency ||
        a->period_kind != b->period_kind || a->due_days != b->due_days ||
        a->hold_days != b->hold_days || a->accept_days != b->accept_days ||
        a->minimum_minor != b->minimum_minor || a->has_netting != b->has_netting ||
        !str_eq(a->vat_mode, b->vat_mode) || !str_eq(a->documents_by, b->documents_by) ||
        a->schemes_len != b->schemes_len)
        return false;
    for (size_t i = 0; i < a->schemes_len; i++)
        if (!same_terms(&a->schemes[i], &b->schemes[i]))
            return false;
    return true;
}

/* The version that begins with the row's terms is changed, otherwise one is added, beginning as the
 * one in force then. */
static enum rc put_version(struct import_batch *batch, struct import_row *row,
                           const struct contract *c, bool *out_is_changed)
{
    const struct import_value *from = import__value(batch, row, C_TERMS_FROM);
    struct contract_versions versions = {0};
    int64_t day = from->has ? from->n : c->from_day, id;
    struct contract_version new = {.period_kind = PERIOD_MONTH,
                                   .due_days = 10,
                                   .vat_mode = STR("none"),
                                   .documents_by = STR("partner"),
                                   .note = STR("")};
    TRY(contract_versions(batch->op, c->id, &versions));
    const struct contract_version *old = NULL, *before = contract_version_on(&versions, day);
    if (before)
        new = *before;
    if (before && before->from_day == day)
        old = before;
    else
        new.id = new.revision = 0;
    new.contract_id = c->id;
    new.from_day = day;
    TRY(fill_version(batch, row, &new));
    *out_is_changed = !old || !same_version(old, &new);
    if (row->outcome == IMPORT_REFUSED || !*out_is_changed)
        return RC_OK;
    return contract_version_save(batch->op, &new, &id);
}

/* ---- a row ---- */

static enum rc put_state(struct import_batch *batch, const struct import_row *row, int64_t id,
                         bool is_new, bool *out_is_changed)
{
    struct contract c;
    bool needs = false;
    const struct import_value *state = import__value(batch, row, C_STATE);
    struct str wanted = state->has ? state->text : is_new ? STR("active") : STR_NONE;
    TRY(contract_get(batch->op, id, &c));
    *out_is_changed = false;
    if (!wanted.at || str_eq(wanted, c.state))
        return RC_OK;
    if (str_eq(c.state, STR("draft")))
        TRY(approval_is_needed(batch->op, "contract", &needs));
    if (needs && !state->has)
        wanted = STR("in_approval");
    *out_is_changed = true;
    return contract_state_set(batch->op, id, c.revision, wanted);
}

static enum rc apply_contract(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    struct contract old = {.nature = STR("agency"), .to_day = CONTRACT_NO_END}, new;
    bool has_terms = false, has_state = false;
    enum rc rc = contract_by_code(op, import__value(batch, row, C_CODE)->text, &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    fault_clear(&op->fault);
    bool is_new = rc == RC_MISSING;
    new = old;
    TRY(fill_contract(batch, row, &new));
    bool is_same = !is_new && same_contract(&old, &new);
    if (!is_same)
        TRY(contract_save(op, &new, &new.id));
    TRY(put_version(batch, row, &new, &has_terms));
    if (row->outcome == IMPORT_REFUSED)
        return RC_OK;
    TRY(put_state(batch, row, new.id, is_new, &has_state));
    row->outcome = is_new                               ? IMPORT_ADDED
                   : !is_same || has_terms || has_state ? IMPORT_CHANGED
                                                        : IMPORT_UNCHANGED;
    return RC_OK;
}

static enum rc apply_contracts(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_contract);
}

const struct import_kind import__contracts = {.name = "contracts",
                                              .label = M("Contracts"),
                                              .fields = fields,
                                              .fields_len = C_FIELDS,
                                              .key = C_CODE,
                                              .freely = "term",
                                              .permission = "contract.edit",
                                              .apply = apply_contracts};
