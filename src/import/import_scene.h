/* A scene for the tests of import: a company with one branch, and files in memory. */
#ifndef KONTOR_IMPORT_SCENE_H
#define KONTOR_IMPORT_SCENE_H

#include "approval/approval.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "customer/customer.h"
#include "import/import_int.h"
#include "org/org.h"
#include "partner/partner.h"
#include "plan/plan.h"
#include "rate/rate.h"
#include "setting/setting.h"
#include "tests/fixture.h"
#include "tests/tap.h"

#define SCENE __attribute__((unused)) static

SCENE void scene_start(void)
{
    static const uint8_t key[CRYPT_KEY_BYTES] = {7};
    struct crypt_keys keys = {.len = 1};
    keys.at[0].id = 1;
    pid_key_set(key);
    crypt_field_keys_set(&keys);
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(org_permissions, org_permissions_len);
    permission_declare(approval_permissions, approval_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(partner_permissions, partner_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(plan_permissions, plan_permissions_len);
    permission_declare(rate_permissions, rate_permissions_len);
    permission_declare(catalog_permissions, catalog_permissions_len);
    permission_declare(customer_permissions, customer_permissions_len);
    permission_declare(event_permissions, event_permissions_len);
    permission_declare(import_permissions, import_permissions_len);
    permission_declare(job_permissions, job_permissions_len);
    org_start();
    partner_start();
    catalog_start();
    customer_start();
    approval_start();
    scheme_start();
    contract_start();
    plan_start();
    rate_start();
    import_start();
}

/* What is already there is forgotten with the database before. */
SCENE void scene_set(struct fixture *f)
{
    int64_t entity = 0, branch = 0;
    event_forget();
    struct org_operator operator_ = {.name = STR("Kontor Iberia"),
                                     .country = STR("ES"),
                                     .currency = STR("EUR"),
                                     .zone = STR("UTC"),
                                     .lang = STR("en"),
                                     .languages = STR("en ru es")};
    struct org_entity iberia = {
        .name = STR("Kontor Iberia S.L."), .short_name = STR("Iberia"), .country = STR("ES")};
    if (org_operator_save(&f->op, &operator_) != RC_OK ||
        org_entity_save(&f->op, &iberia, &entity) != RC_OK)
        ok(false, "the company is set up");
    struct org_branch north = {.code = STR("N"), .name = STR("North"), .entity_id = entity};
    if (org_branch_save(&f->op, &north, &branch) != RC_OK)
        ok(false, "a branch is added");
}

SCENE void scene_no_progress(struct importer *importer, int64_t done, int permille)
{
    (void)importer;
    (void)done;
    (void)permille;
}

struct trial { /* one import */
    enum rc rc;
    int64_t id;
    struct import_counts counts;
    struct str reason; /* of the first refused row */
    struct str column;
    long row;
};

/* The mapping may be NULL: then the head of the file suggests it. */
SCENE struct str scene_mapping(struct fixture *f, const struct import_kind *kind, struct str csv,
                               const char *mapping)
{
    AUTO_BUF buf = BUF(1 << 20);
    struct import_preview preview = {0};
    struct import_mapping none = {.kind = kind};
    if (mapping)
        return str_of(mapping);
    if (import__preview(f->arena, sheet_source_str(&csv), &none, &f->op.fault, &preview) != RC_OK)
        return STR("");
    import__mapping_write(
        import__mapping_suggest(f->arena, kind, preview.heads.at, preview.heads.len), &buf);
    return str_dup(f->arena, buf_str(&buf));
}

SCENE void scene_first_error(struct fixture *f, struct trial *out)
{
    struct import_error_row_rows rows = {0};
    if (q_import_errors(&f->op, &(struct q_import_errors_in){out->id, 0, 1}, &rows) == RC_OK &&
        rows.len > 0) {
        out->reason = str_dup(f->arena, rows.at[0].reason);
        out->column = str_dup(f->arena, rows.at[0].column_name);
        out->row = (long)rows.at[0].row_number;
    }
}

/* Goes on with an import whose record exists. */
SCENE void scene_run(struct fixture *f, struct str csv, struct trial *out)
{
    struct import_rec rec;
    struct importer importer = {.op = &f->op, .progress = scene_no_progress};
    importer.source = sheet_source_str(&csv);
    out->rc = q_import(&f->op, &(struct q_import_in){out->id}, &rec);
    if (out->rc == RC_OK)
        out->rc = import__open(&importer, &rec);
    if (out->rc == RC_OK)
        out->rc = import__run(&importer);
    if (out->rc == RC_OK)
        out->rc = import__end(&importer, "done", STR_NONE);
    out->counts = importer.counts;
    import__close(&importer);
}

SCENE struct trial scene_import(struct fixture *f, const struct import_kind *kind, const char *csv,
                                const char *mapping, bool is_dry_run)
{
    struct trial trial = {.reason = STR(""), .column = STR("")};
    struct import_new what = {.kind = kind,
                              .name = STR("test.csv"),
                              .mapping = scene_mapping(f, kind, str_of(csv), mapping),
                              .source = STR("test"),
                              .is_dry_run = is_dry_run,
                              .state = "waiting"};
    fault_clear(&f->op.fault);
    trial.rc = import__add(&f->op, &what, &trial.id);
    if (trial.rc == RC_OK)
        scene_run(f, str_of(csv), &trial);
    scene_first_error(f, &trial);
    return trial;
}

SCENE bool counted(const struct trial *trial, int64_t added, int64_t changed, int64_t unchanged,
                   int64_t refused)
{
    const struct import_counts *c = &trial->counts;
    bool is_right = trial->rc == RC_OK && c->added == added && c->changed == changed &&
                    c->unchanged == unchanged && c->refused == refused;
    if (!is_right)
        printf("# %s: %lld added, %lld changed, %lld unchanged, %lld refused; " STR_FMT "\n",
               rc_code(trial->rc), (long long)c->added, (long long)c->changed,
               (long long)c->unchanged, (long long)c->refused, STR_ARG(trial->reason));
    return is_right;
}

#endif
