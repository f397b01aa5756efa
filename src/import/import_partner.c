/* Partners and their places in trees. A row is a partner, found by its code; its parent may stand
 * anywhere in the same file: the row then waits for the next pass. */
#include "import/import_partner.h"

#include "org/org.h"
#include "partner/partner.h"

static const char *const partner_kinds[] = {"company",    "sole_trader",  "self_employed",
                                            "individual", "non_resident", NULL};
static const char *const partner_states[] = {"prospect",  "applied",    "approved", "active",
                                             "suspended", "terminated", "rejected", NULL};
static const char *const trees[] = {"owner", "sponsor", "placement", "territory", "supply", NULL};

static const struct import_field partner_fields[] = {
    [P_CODE] = {.name = "code",
                .label = M("Code"),
                .type = IMPORT_TEXT,
                .is_required = true,
                .also = "id;partner;partner code;dealer;dealer code;socio;код партнёра;код"},
    [P_NAME] = {.name = "name",
                .label = M("Name"),
                .type = IMPORT_TEXT,
                .is_required = true,
                .also = "partner name;company;nombre;название;наименование;партнёр"},
    [P_LEGAL_NAME] = {.name = "legal name",
                      .label = M("Legal name"),
                      .type = IMPORT_TEXT,
                      .also = "razón social;полное наименование;юридическое название",
                      .fault = "legal_name"},
    [P_KIND] = {.name = "kind",
                .label = M("Kind of partner"),
                .help = M("company, sole_trader, self_employed, individual or non_resident."),
                .type = IMPORT_CHOICE,
                .choices = partner_kinds,
                .also = "type;tipo;вид"},
    [P_STATE] = {.name = "state",
                 .label = M("State"),
                 .help = M("A new partner is active when nothing is said."),
                 .type = IMPORT_CHOICE,
                 .choices = partner_states,
                 .also = "status;estado;статус;состояние"},
    [P_BRANCH] = {.name = "branch",
                  .label = M("Branch"),
                  .help = M("Its code; not needed while there is only one branch."),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_BRANCH,
                  .also = "branch code;sucursal;филиал",
                  .fault = "branch_id"},
    [P_COUNTRY] = {.name = "country",
                   .label = M("Country"),
                   .type = IMPORT_COUNTRY,
                   .also = "país;страна"},
    [P_TAX] = {.name = "tax number",
               .label = M("Tax number"),
               .type = IMPORT_TEXT,
               .also = "inn;nif;vat;инн",
               .fault = "tax_number"},
    [P_KPP] = {.name = "tax reason code",
               .label = M("KPP"),
               .type = IMPORT_TEXT,
               .also = "kpp;кпп",
               .fault = "tax_reason_code"},
    [P_REGISTRATION] = {.name = "registration",
                        .label = M("Registration number"),
                        .type = IMPORT_TEXT,
                        .also = "ogrn;огрн;огрнип"},
    [P_VAT] = {.name = "vat mode",
               .label = M("VAT"),
               .type = IMPORT_TEXT,
               .also = "vat;ндс;iva",
               .fault = "vat_mode"},
    [P_EMAIL] = {.name = "email",
                 .label = M("E-mail"),
                 .type = IMPORT_TEXT,
                 .also = "e-mail;mail;correo;почта"},
    [P_PHONE] = {.name = "phone",
                 .label = M("Phone"),
                 .type = IMPORT_TEXT,
                 .also = "telephone;mobile;teléfono;телефон"},
    [P_SITE] = {.name = "site",
                .label = M("Site"),
                .type = IMPORT_TEXT,
                .also = "website;web;сайт"},
    [P_SINCE] = {.name = "since",
                 .label = M("Partner since"),
                 .type = IMPORT_DAY,
                 .also = "start;joined;desde;с даты"},
    [P_PARENT] = {.name = "parent",
                  .label = M("Parent partner"),
                  .help = M("Code of the partner above in the tree."),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_PARTNER,
                  .also = "parent code;reports to;padre;вышестоящий",
                  .fault = "parent_id"},
    [P_TREE] = {.name = "tree",
                .label = M("Tree"),
                .help = M("owner when nothing is said."),
                .type = IMPORT_CHOICE,
                .choices = trees,
                .also = "árbol;дерево"},
    [P_PARENT_FROM] = {.name = "parent from",
                       .label = M("Parent since"),
                       .help = M("The day from which the parent stands above."),
                       .type = IMPORT_DAY,
                       .also = "parent since"},
    [P_LEVEL] = {.name = "level",
                 .label = M("Level"),
                 .help = M("Code of the level."),
                 .type = IMPORT_TEXT,
                 .also = "nivel;уровень",
                 .fault = "level_id"},
    [P_MANAGER] = {.name = "manager",
                   .label = M("Manager’s e-mail"),
                   .help = M("Of the staff user who looks after the partner."),
                   .type = IMPORT_TEXT,
                   .also = "manager email;account manager;responsible;gestor;менеджер;"
                           "ответственный",
                   .fault = "manager_id"},
    [P_ROLES] = {.name = "roles",
                 .label = M("Roles"),
                 .help = M("Codes of roles, with commas between them."),
                 .type = IMPORT_TEXT,
                 .also = "role;papeles;роли;роль"},
    [P_GROUPS] = {.name = "groups",
                  .label = M("Groups"),
                  .help = M("Codes of groups, with commas between them."),
                  .type = IMPORT_TEXT,
                  .also = "group;grupos;группы;группа"},
    [P_TAGS] = {.name = "tags",
                .label = M("Tags"),
                .help = M("Words with commas between them."),
                .type = IMPORT_TEXT,
                .also = "labels;etiquetas;метки"},
    [P_CONTACT] = {.name = "contact",
                   .label = M("Main contact"),
                   .type = IMPORT_TEXT,
                   .also = "contact name;contacto;контактное лицо;контакт",
                   .fault = "contact_name"},
    [P_CONTACT_POSITION] = {.name = "contact position",
                            .label = M("Position of the contact"),
                            .type = IMPORT_TEXT,
                            .also = "cargo;должность",
                            .fault = "position"},
    [P_CONTACT_EMAIL] = {.name = "contact email",
                         .label = M("E-mail of the contact"),
                         .type = IMPORT_TEXT,
                         .also = "contact e-mail",
                         .fault = "contact_email"},
    [P_CONTACT_PHONE] = {.name = "contact phone",
                         .label = M("Phone of the contact"),
                         .type = IMPORT_TEXT,
                         .also = "contact telephone",
                         .fault = "contact_phone"},
    [P_ADDRESS_COUNTRY] = {.name = "address country",
                           .label = M("Country of the address"),
                           .type = IMPORT_COUNTRY,
                           .fault = "address_country"},
    [P_ADDRESS_REGION] = {.name = "region",
                          .label = M("Region"),
                          .type = IMPORT_TEXT,
                          .also = "state;región;регион;область",
                          .fault = "address_region"},
    [P_ADDRESS_POSTCODE] = {.name = "postcode",
                            .label = M("Postcode"),
                            .type = IMPORT_TEXT,
                            .also = "zip;postal code;código postal;индекс",
                            .fault = "address_postcode"},
    [P_ADDRESS_CITY] = {.name = "city",
                        .label = M("City"),
                        .type = IMPORT_TEXT,
                        .also = "town;ciudad;город",
                        .fault = "address_city"},
    [P_ADDRESS_LINE] = {.name = "address",
                        .label = M("Address"),
                        .type = IMPORT_TEXT,
                        .also = "street;dirección;адрес",
                        .fault = "address_line"},
    [P_BANK] = {.name = "bank",
                .label = M("Bank"),
                .type = IMPORT_TEXT,
                .also = "bank name;banco;банк",
                .fault = "bank_name"},
    [P_BANK_CODE] = {.name = "bank code",
                     .label = M("BIK or SWIFT"),
                     .type = IMPORT_TEXT,
                     .also = "bik;swift;bic;бик",
                     .fault = "bank_code"},
    [P_BANK_ACCOUNT] = {.name = "account",
                        .label = M("Account"),
                        .type = IMPORT_TEXT,
                        .also = "iban;account number;cuenta;расчётный счёт;счёт",
                        .fault = "number"},
    [P_BANK_CORR] = {.name = "corr account",
                     .label = M("Correspondent account"),
                     .type = IMPORT_TEXT,
                     .also = "correspondent account;корр счёт",
                     .fault = "corr_number"},
    [P_BANK_CURRENCY] = {.name = "account currency",
                         .label = M("Currency of the account"),
                         .type = IMPORT_CURRENCY,
                         .fault = "currency"},
};

/* ---- the record ---- */

static enum rc only_branch(const struct import_batch *batch, struct import__partner_memo *memo,
                           int64_t *out_id)
{
    struct op *op = batch->op;
    struct org_choices choices = {0};
    *out_id = memo->only_branch_id;
    if (*out_id != 0)
        return RC_OK;
    TRY(org_branch_choices(op, 0, &choices));
    if (choices.len != 1)
        return fail(op, RC_INVALID, "branch_id",
                    M("There are several branches: the file must say which one."));
    *out_id = memo->only_branch_id = choices.at[0].id;
    return RC_OK;
}

static void fill_texts(const struct import_batch *batch, const struct import_row *row,
                       struct partner *p)
{
    struct arena *arena = batch->op->arena;
    struct str text;
    p->code = import__value(batch, row, P_CODE)->text;
    p->name = text_clean_line(arena, import__text_or(batch, row, P_NAME, p->name));
    p->legal_name =
        text_clean_line(arena, import__text_or(batch, row, P_LEGAL_NAME, p->legal_name));
    p->country = import__text_or(batch, row, P_COUNTRY, p->country);
    p->tax.number = import__text_or(batch, row, P_TAX, p->tax.number);
    p->tax.reason_code = import__text_or(batch, row, P_KPP, p->tax.reason_code);
    p->tax.registration = import__text_or(batch, row, P_REGISTRATION, p->tax.registration);
    p->vat_mode = import__text_or(batch, row, P_VAT, p->vat_mode);
    p->email = import__text_or(batch, row, P_EMAIL, p->email);
    p->phone = import__text_or(batch, row, P_PHONE, p->phone);
    p->site = text_clean_line(arena, import__text_or(batch, row, P_SITE, p->site));
    if (p->email.len > 0 && !check_email(arena, p->email, &text))
        p->email = text;
    if (p->phone.len > 0 && !check_phone(arena, p->phone, &text))
        p->phone = text;
}

static enum rc fill(struct import_batch *batch, struct import_row *row, struct partner *p)
{
    struct op *op = batch->op;
    const struct import_value *kind = import__value(batch, row, P_KIND);
    const struct import_value *state = import__value(batch, row, P_STATE);
    const struct import_value *branch = import__value(batch, row, P_BRANCH);
    const struct import_value *since = import__value(batch, row, P_SINCE);
    fill_texts(batch, row, p);
    if (kind->has)
        p->kind = kind->text;
    if (state->has)
        p->state = state->text;
    if (since->has)
        p->since = zone_day_start(op->zone, (struct date){(int32_t)since->n});
    if (branch->has)
        p->branch_id = branch->n;
    else if (p->branch_id == 0)
        TRY(only_branch(batch, import__partner_memo(batch), &p->branch_id));
    TRY(org_tax_check(op, p->country, &p->tax));
    TRY(import__partner_level(batch, row, &p->level_id));
    return import__partner_manager(batch, row, &p->manager_id);
}

static bool same_opt(struct opt_i64 a, struct opt_i64 b)
{
    return a.has == b.has && (!a.has || a.v == b.v);
}

static bool same_partner(const struct partner *a, const struct partner *b)
{
    return str_eq(a->name, b->name) && str_eq(a->legal_name, b->legal_name) &&
           str_eq(a->kind, b->kind) && a->branch_id == b->branch_id &&
           str_eq(a->country, b->country) && str_eq(a->tax.number, b->tax.number) &&
           str_eq(a->tax.reason_code, b->tax.reason_code) &&
           str_eq(a->tax.registration, b->tax.registration) && str_eq(a->vat_mode, b->vat_mode) &&
           str_eq(a->email, b->email) && str_eq(a->phone, b->phone) && str_eq(a->site, b->site) &&
           a->since == b->since && same_opt(a->level_id, b->level_id) &&
           same_opt(a->manager_id, b->manager_id);
}

/* ---- its place in a tree ---- */

static const struct import_edge_row *edge_on(const struct import_edge_row_rows *edges, int64_t day)
{
    for (size_t i = 0; i < edges->len; i++)
        if (edges->at[i].from_day <= day && day < edges->at[i].to_day)
            return &edges->at[i];
    return NULL;
}

static enum rc edges_of(struct op *op, const struct partner_relation *edge,
                        struct import_edge_row_rows *out)
{
    return q_import_edges(op, &(struct q_import_edges_in){edge->tree, edge->partner_id}, out);
}

/* The parent from edge->from_day on: another one before ends there. */
static enum rc put_edge(struct op *op, const struct import_edge_row_rows *edges,
                        const struct partner_relation *edge, enum import_outcome *out)
{
    int64_t id;
    const struct import_edge_row *old = edge_on(edges, edge->from_day);
    *out = old ? IMPORT_CHANGED : IMPORT_ADDED;
    if (!old)
        return partner_relation_save(op, edge, &id);
    if (old->parent_id == edge->parent_id && old->to_day == edge->to_day &&
        old->share == edge->share) {
        *out = IMPORT_UNCHANGED;
        return RC_OK;
    }
    if (old->from_day < edge->from_day) {
        TRY(partner_relation_end(op, old->id, old->revision, edge->from_day));
        return partner_relation_save(op, edge, &id);
    }
    struct partner_relation new = *edge;
    new.id = old->id;
    new.revision = old->revision;
    return partner_relation_save(op, &new, &id);
}

/* Without a date a parent holds from the partner's beginning, or, when another one stood there
 * before, from today: what was paid by the old tree stays explained by it. */
static int64_t parent_from(struct op *op, const struct import_edge_row_rows *edges,
                           const struct partner *p)
{
    int64_t today = zone_date(op->zone, op->now).days, since = zone_date(op->zone, p->since).days;
    return edges->len == 0 || today < since ? since : today;
}

static enum rc put_parent(struct import_batch *batch, const struct import_row *row,
                          const struct partner *p, bool *out_is_changed)
{
    const struct import_value *parent = import__value(batch, row, P_PARENT);
    const struct import_value *tree = import__value(batch, row, P_TREE);
    const struct import_value *from = import__value(batch, row, P_PARENT_FROM);
    struct import_edge_row_rows edges = {0};
    enum import_outcome outcome;
    *out_is_changed = false;
    if (!parent->has || parent->is_ahead)
        return RC_OK;
    struct partner_relation edge = {
        .tree = tree->has ? tree->text : STR("owner"),
        .parent_id = parent->n,
        .partner_id = p->id,
        .to_day = PARTNER_NO_END,
        .share = EVENT_SHARE_WHOLE,
    };
    TRY(edges_of(batch->op, &edge, &edges));
    edge.from_day = from->has ? from->n : parent_from(batch->op, &edges, p);
    const struct import_edge_row *old = edge_on(&edges, edge.from_day);
    if (old && old->parent_id == edge.parent_id) /* its days and share are not of this file */
        return RC_OK;
    TRY(put_edge(batch->op, &edges, &edge, &outcome));
    *out_is_changed = true;
    return RC_OK;
}

/* ---- new partners of a span by a few statements ---- */

struct prepared {
    struct partner partner; /* as it is stored */
    bool is_new;            /* and just made */
};

static struct partner blank(const struct op *op)
{
    return (struct partner){.kind = STR("company"), .state = STR("active"), .since = op->now};
}

static enum rc mark_found(struct import_batch *batch, const struct import_firsts *firsts)
{
    struct partner_list found = {0};
    TRY(partner_by_codes(batch->op, &firsts->codes, &found));
    for (size_t i = 0; i < found.len; i++) {
        struct import_row *row = map_get(firsts->rows, found.at[i].code);
        struct prepared *prepared = NEW(batch->arena, struct prepared);
        prepared->partner = found.at[i];
        if (row)
            row->record = prepared;
    }
    return RC_OK;
}

/* The record of a row that is new. A row that is wrong is refused: it has done nothing yet. */
static enum rc draft(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    struct prepared *prepared = NEW(op->arena, struct prepared);
    prepared->is_new = true;
    prepared->partner = blank(op);
    enum rc rc = fill(batch, row, &prepared->partner);
    if (rc == RC_OK)
        rc = partner_check(op, import__partner_memo(batch)->places, &prepared->partner);
    if (rc == RC_OK)
        row->record = prepared;
    return import__refuse_fault(batch, row, rc);
}

static enum rc prepare_partners(struct import_batch *batch, size_t first, size_t end)
{
    struct op *op = batch->op;
    struct import_firsts firsts;
    VEC(struct partner *) new = {0};
    import__first_rows(batch, first, end, false, &firsts);
    TRY(mark_found(batch, &firsts));
    for (size_t i = 0; i < firsts.at.len; i++) {
        struct import_row *row = firsts.at.at[i];
        struct str clean;
        if (row->record || check_code(op->arena, firsts.codes.at[i], &clean) ||
            !str_eq(firsts.codes.at[i], clean))
            continue; /* there is one, or the row says itself what is wrong */
        TRY(draft(batch, row));
        struct prepared *prepared = row->record;
        if (prepared)
            VEC_PUSH(op->arena, &new, &prepared->partner);
    }
    return partner_add_all(op, import__partner_memo(batch)->places, new.at, new.len);
}

/* ---- a row ---- */

static enum rc find_partner(struct import_batch *batch, const struct import_row *row,
                            struct partner *out, bool *out_is_new)
{
    const struct prepared *prepared = row->record;
    *out = blank(batch->op);
    *out_is_new = false;
    if (prepared) {
        *out = prepared->partner;
        return RC_OK;
    }
    enum rc rc = partner_by_code(batch->op, import__value(batch, row, P_CODE)->text, out);
    *out_is_new = rc == RC_MISSING;
    if (rc == RC_MISSING)
        fault_clear(&batch->op->fault);
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The record itself; *out as it is stored. */
static enum rc put_record(struct import_batch *batch, struct import_row *row, struct partner *out,
                          enum import_outcome *outcome)
{
    struct op *op = batch->op;
    const struct prepared *prepared = row->record;
    struct partner old;
    bool is_new;
    TRY(find_partner(batch, row, &old, &is_new));
    *out = old;
    *outcome = IMPORT_ADDED;
    if (prepared && prepared->is_new)
        return RC_OK;
    TRY(fill(batch, row, out));
    bool is_same = !is_new && same_partner(&old, out);
    bool is_other_state = !is_new && !str_eq(old.state, out->state);
    if (!is_same)
        TRY(partner_save(op, out, &out->id));
    if (is_other_state)
        TRY(partner_state_set(op, out->id, old.revision + !is_same, out->state));
    if (!is_new)
        *outcome = is_same && !is_other_state ? IMPORT_UNCHANGED : IMPORT_CHANGED;
    return RC_OK;
}

static enum rc apply_partner(struct import_batch *batch, struct import_row *row)
{
    bool is_moved = false, has_parts = false;
    enum import_outcome outcome;
    struct partner partner;
    TRY(put_record(batch, row, &partner, &outcome));
    TRY(put_parent(batch, row, &partner, &is_moved));
    TRY(import__partner_parts(batch, row, partner.id, &has_parts));
    if (row->outcome == IMPORT_REFUSED)
        return RC_OK;
    row->outcome =
        outcome == IMPORT_UNCHANGED && (is_moved || has_parts) ? IMPORT_CHANGED : outcome;
    return RC_OK;
}

static enum rc apply_partners(struct import_batch *batch)
{
    return import__each(batch, prepare_partners, apply_partner);
}

const struct import_kind import__partners = {.name = "partners",
                                             .label = M("Partners"),
                                             .fields = partner_fields,
                                             .fields_len = P_FIELDS,
                                             .key = P_CODE,
                                             .self = IMPORT_TO_PARTNER,
                                             .is_by_name = true,
                                             .permission = "partner.edit",
                                             .apply = apply_partners};

/* ---- relations by themselves ---- */

enum { R_PARTNER, R_PARENT, R_TREE, R_FROM, R_TO, R_SHARE, R_FIELDS };

static const struct import_field relation_fields[] = {
    [R_PARTNER] = {.name = "partner",
                   .label = M("Partner"),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PARTNER,
                   .is_required = true,
                   .also = "partner code;child;socio;партнёр",
                   .fault = "partner_id"},
    [R_PARENT] = {.name = "parent",
                  .label = M("Parent partner"),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_PARTNER,
                  .is_required = true,
                  .also = "parent code;padre;вышестоящий",
                  .fault = "parent_id"},
    [R_TREE] = {.name = "tree",
                .label = M("Tree"),
                .type = IMPORT_CHOICE,
                .choices = trees,
                .is_required = true,
                .also = "árbol;дерево"},
    [R_FROM] = {.name = "from",
                .label = M("From"),
                .type = IMPORT_DAY,
                .is_required = true,
                .also = "since;desde;с",
                .fault = "from_day"},
    [R_TO] = {.name = "to",
              .label = M("To"),
              .help = M("The first day on which it no longer holds; empty: without end."),
              .type = IMPORT_DAY,
              .also = "until;hasta;по",
              .fault = "to_day"},
    [R_SHARE] = {.name = "share",
                 .label = M("Share"),
                 .help = M("A part of one: 0.5 is half. Empty: the whole."),
                 .type = IMPORT_DEC,
                 .also = "parte;доля"},
};

static enum rc apply_relation(struct import_batch *batch, struct import_row *row)
{
    const struct import_value *to = import__value(batch, row, R_TO);
    const struct import_value *share = import__value(batch, row, R_SHARE);
    struct partner_relation edge = {
        .tree = import__value(batch, row, R_TREE)->text,
        .parent_id = import__value(batch, row, R_PARENT)->n,
        .partner_id = import__value(batch, row, R_PARTNER)->n,
        .from_day = import__value(batch, row, R_FROM)->n,
        .to_day = to->has ? to->n : PARTNER_NO_END,
        .share = EVENT_SHARE_WHOLE,
    };
    if (share->has && (!dec_to_scaled(share->dec, 6, DEC_HALF_UP, &edge.share) || edge.share <= 0 ||
                       edge.share > EVENT_SHARE_WHOLE)) {
        import__refuse(batch, row, R_SHARE, 0, M("A share is above 0 and at most 1."), NULL, NULL);
        return RC_OK;
    }
    struct import_edge_row_rows edges = {0};
    TRY(edges_of(batch->op, &edge, &edges));
    return put_edge(batch->op, &edges, &edge, &row->outcome);
}

static enum rc apply_relations(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_relation);
}

const struct import_kind import__relations = {.name = "relations",
                                              .label = M("Relations of partners"),
                                              .fields = relation_fields,
                                              .fields_len = R_FIELDS,
                                              .key = R_PARTNER,
                                              .permission = "partner.edit",
                                              .apply = apply_relations};
