/* Codes of records as ids. Found ones are remembered for the whole import, up to a limit, so a
 * million sales of a hundred partners ask the database a hundred times. Missing ones are not: a row
 * before may have made them. */
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "customer/customer.h"
#include "import/import_int.h"
#include "org/org.h"
#include "partner/partner.h"
#include "scheme/scheme.h"

enum { REMEMBERED_MAX = 200000, SUGGESTIONS_MAX = 200 };

struct import__refs {
    struct arena *arena;
    struct map *found[IMPORT_REFS_END];
    struct str_list codes[IMPORT_REFS_END]; /* to suggest from; of the first time it was needed */
    struct arena *codes_arena;
    size_t len, suggestions; /* comparing with thousands of codes is slow: only for the first */
};

static void start(struct import__refs *refs)
{
    for (size_t i = 0; i < IMPORT_REFS_END; i++)
        refs->found[i] = map_new(refs->arena);
    refs->len = 0;
}

struct import__refs *import__refs_new(void)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct import__refs *refs = NEW(arena, struct import__refs);
    refs->codes_arena = arena;
    refs->arena = arena_new((size_t)256 << 20);
    start(refs);
    return refs;
}

void import__refs_free(struct import__refs *refs)
{
    if (!refs)
        return;
    arena_free(refs->arena);
    arena_free(refs->codes_arena);
}

/* ---- finding ---- */

/* By code, or by name where there are few of them. */
static enum rc find_choice(const struct org_choices *choices, struct str text, int64_t *out_id)
{
    for (size_t i = 0; i < choices->len; i++)
        if (str_eq_nocase(choices->at[i].code, text) || str_eq(choices->at[i].name, text)) {
            *out_id = choices->at[i].id;
            return RC_OK;
        }
    return RC_MISSING;
}

static enum rc find_org(struct op *op, enum import_ref ref, struct str code, int64_t *out_id)
{
    struct org_choices choices = {0};
    TRY(ref == IMPORT_TO_BRANCH ? org_branch_choices(op, 0, &choices)
                                : org_entity_choices(op, 0, &choices));
    return find_choice(&choices, code, out_id);
}

static enum rc find_catalog(struct op *op, enum import_ref ref, struct str code, int64_t *out_id)
{
    struct catalog_category category;
    struct catalog_product product;
    if (ref == IMPORT_TO_CATEGORY) {
        TRY(catalog_category_by_code(op, code, &category));
        *out_id = category.id;
        return RC_OK;
    }
    TRY(catalog_product_by_code(op, code, &product));
    *out_id = product.id;
    return RC_OK;
}

static enum rc find_partner(struct op *op, enum import_ref ref, struct str code, int64_t *out_id)
{
    struct partner partner;
    struct import_outlet_row outlet;
    if (ref == IMPORT_TO_PARTNER) {
        TRY(partner_by_code(op, code, &partner));
        *out_id = partner.id;
        return RC_OK;
    }
    TRY(q_import_outlet(op, &(struct q_import_outlet_in){code}, &outlet));
    *out_id = outlet.id;
    return RC_OK;
}

static enum rc find(struct op *op, enum import_ref ref, struct str code, int64_t *out_id)
{
    struct customer customer;
    struct scheme_info scheme;
    switch (ref) {
    case IMPORT_TO_CATEGORY:
    case IMPORT_TO_PRODUCT: return find_catalog(op, ref, code, out_id);
    case IMPORT_TO_PARTNER:
    case IMPORT_TO_OUTLET: return find_partner(op, ref, code, out_id);
    case IMPORT_TO_BRANCH:
    case IMPORT_TO_ENTITY: return find_org(op, ref, code, out_id);
    case IMPORT_TO_CUSTOMER:
        TRY(customer_by_code(op, code, &customer));
        *out_id = customer.id;
        return RC_OK;
    case IMPORT_TO_SCHEME:
        TRY(scheme_by_code(op, code, &scheme));
        *out_id = scheme.id;
        return RC_OK;
    default: return RC_MISSING;
    }
}

/* ---- finding many ---- */

static enum rc ask_many(struct op *op, enum import_ref ref, struct str codes,
                        struct import_id_row_rows *out)
{
    switch (ref) {
    case IMPORT_TO_PRODUCT:
        return q_import_product_ids(op, &(struct q_import_product_ids_in){codes}, out);
    case IMPORT_TO_CUSTOMER:
        return q_import_customer_ids(op, &(struct q_import_customer_ids_in){codes}, out);
    case IMPORT_TO_PARTNER:
        return q_import_partner_ids(op, &(struct q_import_partner_ids_in){codes}, out);
    default: return q_import_outlet_ids(op, &(struct q_import_outlet_ids_in){codes}, out);
    }
}

bool import__refs_is_many(enum import_ref ref)
{
    return ref == IMPORT_TO_PRODUCT || ref == IMPORT_TO_CUSTOMER || ref == IMPORT_TO_PARTNER ||
           ref == IMPORT_TO_OUTLET;
}

bool import__refs_knows(const struct import__refs *refs, enum import_ref ref, struct str code)
{
    return map_get(refs->found[ref], code) != NULL;
}

static void remember(struct import__refs *refs, enum import_ref ref, struct str code, int64_t id)
{
    if (refs->len == REMEMBERED_MAX) {
        arena_reset(refs->arena);
        start(refs);
    }
    int64_t *kept = NEW(refs->arena, int64_t);
    *kept = id;
    *map_put(refs->found[ref], str_dup(refs->arena, code)) = kept;
    refs->len++;
}

enum rc import__refs_load(struct import_batch *batch, enum import_ref ref,
                          const struct str_list *codes)
{
    struct import__refs *refs = batch->importer->refs;
    struct import_id_row_rows found = {0};
    TRY(ask_many(batch->op, ref, json_list(batch->arena, codes), &found));
    if (refs->len + found.len > REMEMBERED_MAX) { /* those of this batch stay together */
        arena_reset(refs->arena);
        start(refs);
    }
    for (size_t i = 0; i < found.len; i++)
        remember(refs, ref, found.at[i].code, found.at[i].id);
    return RC_OK;
}

enum rc import__ref_find(struct import_batch *batch, enum import_ref ref, struct str code,
                         int64_t *out_id)
{
    struct import__refs *refs = batch->importer->refs;
    const int64_t *known = map_get(refs->found[ref], code);
    if (known) {
        *out_id = *known;
        return RC_OK;
    }
    enum rc rc = find(batch->op, ref, code, out_id);
    if (rc == RC_MISSING)
        fault_clear(&batch->op->fault);
    if (rc != RC_OK)
        return rc;
    /* What a batch made may still be rolled back with it. */
    if (ref == batch->importer->kind->self)
        return RC_OK;
    remember(refs, ref, code, *out_id);
    return RC_OK;
}

/* ---- suggesting ---- */

static enum rc read_codes(struct op *op, enum import_ref ref, struct import_code_row_rows *out)
{
    switch (ref) {
    case IMPORT_TO_CATEGORY: return q_import_category_codes(op, out);
    case IMPORT_TO_PRODUCT: return q_import_product_codes(op, out);
    case IMPORT_TO_PARTNER: return q_import_partner_codes(op, out);
    case IMPORT_TO_OUTLET: return q_import_outlet_codes(op, out);
    case IMPORT_TO_CUSTOMER: return q_import_customer_codes(op, out);
    case IMPORT_TO_SCHEME: return q_import_scheme_codes(op, out);
    default: return RC_OK;
    }
}

static enum rc load_codes(struct op *op, enum import_ref ref, struct arena *arena,
                          struct str_list *out)
{
    struct import_code_row_rows rows = {0};
    TRY(read_codes(op, ref, &rows));
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(arena, out, str_dup(arena, rows.at[i].code));
    return RC_OK;
}

static enum rc load_org(struct op *op, enum import_ref ref, struct arena *arena,
                        struct str_list *out)
{
    struct org_choices choices = {0};
    TRY(ref == IMPORT_TO_BRANCH ? org_branch_choices(op, 0, &choices)
                                : org_entity_choices(op, 0, &choices));
    for (size_t i = 0; i < choices.len; i++)
        VEC_PUSH(arena, out,
                 str_dup(arena, choices.at[i].code.len ? choices.at[i].code : choices.at[i].name));
    return RC_OK;
}

enum rc import__ref_nearest(struct import_batch *batch, enum import_ref ref, struct str code,
                            struct str *out)
{
    struct import__refs *refs = batch->importer->refs;
    struct str_list *codes = &refs->codes[ref];
    *out = STR_NONE;
    if (refs->suggestions++ >= SUGGESTIONS_MAX)
        return RC_OK;
    if (!codes->at) {
        struct str_list found = {0};
        if (ref == IMPORT_TO_BRANCH || ref == IMPORT_TO_ENTITY)
            TRY(load_org(batch->op, ref, refs->codes_arena, &found));
        else
            TRY(load_codes(batch->op, ref, refs->codes_arena, &found));
        *codes = found;
        if (!codes->at)
            codes->at = NEW_ARRAY(refs->codes_arena, struct str, 1);
    }
    *out = text_nearest(code, codes->at, codes->len);
    return RC_OK;
}

const char *import__ref_missing(enum import_ref ref)
{
    switch (ref) {
    case IMPORT_TO_CATEGORY: return M("There is no category with the code “{0}”.");
    case IMPORT_TO_PRODUCT: return M("There is no product with the code “{0}”.");
    case IMPORT_TO_CUSTOMER: return M("There is no customer with the code “{0}”.");
    case IMPORT_TO_PARTNER: return M("There is no partner with the code “{0}”.");
    case IMPORT_TO_OUTLET: return M("There is no point of sale with the code “{0}”.");
    case IMPORT_TO_BRANCH: return M("There is no branch with the code “{0}”.");
    case IMPORT_TO_ENTITY: return M("There is no legal entity “{0}”.");
    default: return M("There is no scheme with the code “{0}”.");
    }
}
