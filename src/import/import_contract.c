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
    C_COMBINE,
    C_FIELDS
};

static const char *const natures[] = {
    "agency",         "commission",    "services",       "supply_bonus",
    "retro_discount", "revenue_share", "referral_offer", NULL};
static const char *const states[] = {"draft",     "in_signature", "active",
                                     "suspended", "terminated",   NULL};
static const char *const periods[] = {"day", "week", "month", "quarter", "year", NULL};
static const char *const vat_modes[] = {"none", "included", "added", NULL};
static const char *const combines[] = {"add", "highest", "highest in period", "first", NULL};
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
    [C_COMBINE] = {.name = "combine",
                   .label = M("How several schemes combine"),
                   .help = M("Of all schemes of the row; empty: they are added."),
                   .type = IMPORT_CHOICE,
                   .choices = combines,
                   .fault = "combine"},
};

/* ---- the contract itself ---- */

/* What is looked up once a batch. */
struct memo {
    struct contract_memo *contracts;
    int64_t only_entity_id; /* 0: not looked up */
    bool has_asked, needs_approval;
};

static struct memo *memo_of(struct import_batch *batch)
{
    if (!batch->memo) {
        struct memo *memo = NEW(batch->arena, struct memo);
        memo->contracts = contract_memo_new(batch->arena);
        batch->memo = memo;
    }
    return batch->memo;
}

static enum rc only_entity(struct import_batch *batch, int64_t *out_id)
{
    struct op *op = batch->op;
    struct memo *memo = memo_of(batch);
    struct org_choices choices = {0};
    *out_id = memo->only_entity_id;
    if (*out_id != 0)
        return RC_OK;
    TRY(org_entity_choices(op, 0, &choices));
    if (choices.len != 1)
        return fail(op, RC_INVALID, "entity",
                    M("There are several legal entities: the file must say which one."));
    *out_id = memo->only_entity_id = choices.at[0].id;
    return RC_OK;
}

static bool same_contract(const struct contract *a, const struct contract *b)
{
    return a->partner_id == b->partner_id && a->entity_id == b->entity_id &&
           str_eq(a->nature, b->nature) && a->signed_day.has == b->signed_day.has &&
           (!a->signed_day.has || a->signed_day.v == b->signed_day.v) &&
           a->from_day == b->from_day && a->to_day == b->to_day;
}

static enum rc fill_contract(struct import_batch *batch, const struct import_row *row,
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
    return c->entity_id == 0 ? only_entity(batch, &c->entity_id) : RC_OK;
}

/* ---- its terms ---- */

static const struct scheme_attribute *attribute_of(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
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
    enum rc rc =
        contract_scheme_on(batch->op, memo_of(batch)->contracts, bound->scheme_id, day, &scheme);
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
    const struct import_value *combine = import__value(batch, row, C_COMBINE);
    v->schemes = NEW_ARRAY(arena, struct contract_bound, IMPORT_REPEAT_MAX);
    v->schemes_len = 0;
    for (size_t n = 0; n < IMPORT_REPEAT_MAX; n++) {
        const struct import_value *scheme = import__value_at(batch, row, C_SCHEME, n);
        if (!scheme->has)
            continue;
        struct contract_bound *bound = &v->schemes[v->schemes_len++];
        *bound = (struct contract_bound){
            .scheme_id = scheme->n, .scheme_code = scheme->text, .combine = CONTRACT_ADD};
        if (combine->has)
            bound->combine = contract_combine_find(combine->text);
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
    if (a->scheme_id != b->scheme_id || a->combine != b->combine || a->terms_len != b->terms_len)
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

static struct contract_version blank_version(void)
{
    return (struct contract_version){.period_kind = PERIOD_MONTH,
                                     .due_days = 10,
                                     .vat_mode = STR("none"),
                                     .documents_by = STR("partner"),
                                     .note = STR("")};
}

static int64_t terms_day(const struct import_batch *batch, const struct import_row *row,
                         const struct contract *c)
{
    const struct import_value *from = import__value(batch, row, C_TERMS_FROM);
    return from->has ? from->n : c->from_day;
}

/* The version that begins with the row's terms is changed, otherwise one is added, beginning as the
 * one in force then. */
static enum rc put_version(struct import_batch *batch, struct import_row *row,
                           const struct contract *c, bool *out_is_changed)
{
    struct contract_versions versions = {0};
    int64_t day = terms_day(batch, row, c), id;
    struct contract_version new = blank_version();
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

/* ---- new contracts of a span by a few statements ---- */

struct prepared {
    struct contract_new new; /* `contract` as it is stored */
    bool is_new;             /* and just made */
};

static enum rc mark_found(struct import_batch *batch, const struct import_firsts *firsts)
{
    struct contract_list found = {0};
    TRY(contract_by_codes(batch->op, &firsts->codes, &found));
    for (size_t i = 0; i < found.len; i++) {
        struct str key = text_fold(batch->arena, found.at[i].code);
        struct import_row *row = map_get(firsts->rows, key);
        struct prepared *prepared = NEW(batch->arena, struct prepared);
        prepared->new.contract = found.at[i];
        if (row)
            row->record = prepared;
    }
    return RC_OK;
}

/* The state in which a new contract can be made right away; absent: it takes steps. */
static enum rc state_at_once(struct import_batch *batch, const struct import_row *row,
                             struct str *out)
{
    struct memo *memo = memo_of(batch);
    const struct import_value *state = import__value(batch, row, C_STATE);
    if (!memo->has_asked)
        TRY(approval_is_needed(batch->op, "contract", &memo->needs_approval));
    memo->has_asked = true;
    *out = state->has ? state->text : STR("active");
    if (!str_eq(*out, STR("draft")) && (memo->needs_approval || !str_eq(*out, STR("active"))))
        *out = STR_NONE;
    return RC_OK;
}

static enum rc fill_new(struct import_batch *batch, struct import_row *row,
                        struct contract_new *new)
{
    struct contract_memo *contracts = memo_of(batch)->contracts;
    const struct import_value *partner = import__value(batch, row, C_PARTNER);
    TRY(fill_contract(batch, row, &new->contract));
    contract_memo_partner(contracts, partner->n, partner->text);
    new->version.from_day = terms_day(batch, row, &new->contract);
    TRY(fill_version(batch, row, &new->version));
    return row->outcome == IMPORT_REFUSED ? RC_OK : contract_new_check(batch->op, contracts, new);
}

/* The record of a row that is new. A row that is wrong is refused: it has done nothing yet. */
static enum rc draft(struct import_batch *batch, struct import_row *row)
{
    struct str state;
    struct prepared *prepared = NEW(batch->arena, struct prepared);
    TRY(state_at_once(batch, row, &state));
    if (!state.at)
        return RC_OK;
    prepared->is_new = true;
    prepared->new = (struct contract_new){
        .contract = {.nature = STR("agency"), .state = state, .to_day = CONTRACT_NO_END},
        .version = blank_version()};
    TRY(import__refuse_fault(batch, row, fill_new(batch, row, &prepared->new)));
    if (row->outcome != IMPORT_REFUSED)
        row->record = prepared;
    return RC_OK;
}

static enum rc prepare_contracts(struct import_batch *batch, size_t first, size_t end)
{
    struct import_firsts firsts;
    VEC(struct contract_new *) new = {0};
    import__first_rows(batch, first, end, true, &firsts);
    TRY(mark_found(batch, &firsts));
    for (size_t i = 0; i < firsts.at.len; i++) {
        struct import_row *row = firsts.at.at[i];
        if (row->record)
            continue;
        TRY(draft(batch, row));
        struct prepared *prepared = row->record;
        if (prepared)
            VEC_PUSH(batch->op->arena, &new, &prepared->new);
    }
    return contract_add_all(batch->op, memo_of(batch)->contracts, new.at, new.len);
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
    const struct prepared *prepared = row->record;
    bool has_terms = false, has_state = false;
    enum rc rc = RC_OK;
    if (prepared && prepared->is_new) {
        row->outcome = IMPORT_ADDED;
        return RC_OK;
    }
    if (prepared)
        old = prepared->new.contract;
    else
        rc = contract_by_code(op, import__value(batch, row, C_CODE)->text, &old);
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
    return import__each(batch, prepare_contracts, apply_contract);
}

const struct import_kind import__contracts = {.name = "contracts",
                                              .label = M("Contracts"),
                                              .fields = fields,
                                              .fields_len = C_FIELDS,
                                              .key = C_CODE,
                                              .freely = "term",
                                              .permission = "contract.edit",
                                              .apply = apply_contracts};
