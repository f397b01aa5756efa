/* Plans: a row is a target of one metric in one period; the same partner, contract, outlet, metric,
 * kind and period again changes its figures. */
#include "contract/contract.h"
#include "import/import_int.h"
#include "plan/plan.h"

enum {
    L_PARTNER,
    L_CONTRACT,
    L_OUTLET,
    L_METRIC,
    L_PERIOD,
    L_TARGET,
    L_UNIT,
    L_KIND,
    L_PRORATION,
    L_PROFILE,
    L_ROUNDING,
    L_SCALE,
    L_NOTE,
    L_FIELDS
};

static const char *const kinds[] = {"target", "minimum", "stretch", NULL};
static const char *const prorations[] = {"none", "days", "whole months", "profile", NULL};
static const char *const roundings[] = {"half up", "up", "down", NULL};

static const struct import_field fields[] = {
    [L_PARTNER] = {.name = "partner",
                   .label = M("Partner"),
                   .type = IMPORT_REF,
                   .ref = IMPORT_TO_PARTNER,
                   .is_required = true,
                   .also = "partner code;dealer;socio;партнёр;код партнёра",
                   .fault = "partner"},
    [L_CONTRACT] = {.name = "contract",
                    .label = M("Contract"),
                    .type = IMPORT_TEXT,
                    .also = "contract number;contrato;договор;номер договора"},
    [L_OUTLET] = {.name = "outlet",
                  .label = M("Point of sale"),
                  .type = IMPORT_REF,
                  .ref = IMPORT_TO_OUTLET,
                  .also = "outlet code;store;punto de venta;точка;точка продаж"},
    [L_METRIC] = {.name = "metric",
                  .label = M("Metric"),
                  .type = IMPORT_TEXT,
                  .is_required = true,
                  .also = "measure;kpi;métrica;показатель"},
    [L_PERIOD] = {.name = "period",
                  .label = M("Period"),
                  .help = M("2026-10, 2026-Q4 or 2026"),
                  .type = IMPORT_TEXT,
                  .is_required = true,
                  .also = "month;quarter;year;período;период;месяц"},
    [L_TARGET] = {.name = "target",
                  .label = M("Plan||a figure to reach"),
                  .type = IMPORT_DEC,
                  .is_required = true,
                  .also = "plan;quota;objective;objetivo;план;цель"},
    [L_UNIT] = {.name = "unit",
                .label = M("Unit"),
                .type = IMPORT_TEXT,
                .also = "currency;unidad;moneda;единица;валюта"},
    [L_KIND] = {.name = "kind",
                .label = M("Kind"),
                .type = IMPORT_CHOICE,
                .choices = kinds,
                .also = "tipo;вид"},
    [L_PRORATION] = {.name = "proration",
                     .label = M("For a part of the time"),
                     .type = IMPORT_CHOICE,
                     .choices = prorations,
                     .also = "prorrateo;за часть времени"},
    [L_PROFILE] = {.name = "profile",
                   .label = M("Profile"),
                   .help = M("Weights of equal parts of the period, such as 25 25 50."),
                   .type = IMPORT_TEXT,
                   .also = "weights;perfil;профиль"},
    [L_ROUNDING] = {.name = "rounding",
                    .label = M("Rounding"),
                    .type = IMPORT_CHOICE,
                    .choices = roundings,
                    .also = "redondeo;округление"},
    [L_SCALE] = {.name = "scale",
                 .label = M("Digits after the point"),
                 .type = IMPORT_WHOLE,
                 .also = "digits;decimales;знаков после запятой"},
    [L_NOTE] = {.name = "note",
                .label = M("Note"),
                .type = IMPORT_TEXT,
                .also = "comment;nota;заметка;примечание"},
};

static enum rc find_contract(struct import_batch *batch, struct import_row *row, struct plan *plan)
{
    struct contract contract;
    struct str code = import__value(batch, row, L_CONTRACT)->text;
    if (!import__value(batch, row, L_CONTRACT)->has)
        return RC_OK;
    enum rc rc = contract_by_code(batch->op, code, &contract);
    if (rc == RC_MISSING)
        return fail(batch->op, RC_INVALID, "contract", M("The partner has no such contract."));
    plan->contract_id = SOME(contract.id);
    return rc;
}

/* What a column does not say stays as it is. */
static void put_figures(const struct import_batch *batch, const struct import_row *row,
                        struct plan *plan)
{
    const struct import_value *scale = import__value(batch, row, L_SCALE);
    plan->target = dec_print(batch->op->arena, import__value(batch, row, L_TARGET)->dec);
    plan->unit = import__text_or(batch, row, L_UNIT, plan->unit);
    plan->proration = import__text_or(batch, row, L_PRORATION, plan->proration);
    plan->profile = import__text_or(batch, row, L_PROFILE, plan->profile);
    plan->rounding = import__text_or(batch, row, L_ROUNDING, plan->rounding);
    plan->note = import__text_or(batch, row, L_NOTE, plan->note);
    if (scale->has)
        plan->scale = scale->n;
}

static bool same_plan(const struct plan *a, const struct plan *b)
{
    return str_eq(a->target, b->target) && str_eq(a->unit, b->unit) &&
           str_eq(a->proration, b->proration) && str_eq(a->profile, b->profile) &&
           str_eq(a->rounding, b->rounding) && a->scale == b->scale && str_eq(a->note, b->note);
}

static enum rc apply_plan(struct import_batch *batch, struct import_row *row)
{
    struct op *op = batch->op;
    const struct import_value *outlet = import__value(batch, row, L_OUTLET);
    struct plan plan = {.partner_id = import__value(batch, row, L_PARTNER)->n,
                        .metric = import__value(batch, row, L_METRIC)->text,
                        .period = import__value(batch, row, L_PERIOD)->text,
                        .kind = import__text_or(batch, row, L_KIND, STR(""))};
    struct plan old = {0};
    int64_t id;
    if (outlet->has)
        plan.outlet_id = SOME(outlet->n);
    TRY(find_contract(batch, row, &plan));
    put_figures(batch, row, &plan);
    TRY(plan_check(op, &plan));
    enum rc rc = plan_same(op, &plan, &old);
    if (rc != RC_OK && rc != RC_MISSING)
        return rc;
    if (rc == RC_OK) {
        struct plan new = old;
        put_figures(batch, row, &new);
        TRY(plan_check(op, &new));
        plan = new;
    } else {
        fault_clear(&op->fault);
    }
    row->outcome = rc == RC_MISSING         ? IMPORT_ADDED
                   : same_plan(&old, &plan) ? IMPORT_UNCHANGED
                                            : IMPORT_CHANGED;
    return row->outcome == IMPORT_UNCHANGED ? RC_OK : plan_save(op, &plan, &id);
}

static enum rc apply_plans(struct import_batch *batch)
{
    return import__each(batch, NULL, apply_plan);
}

const struct import_kind import__plans = {.name = "plans",
                                          .label = M("Plans"),
                                          .fields = fields,
                                          .fields_len = L_FIELDS,
                                          .key = L_PARTNER,
                                          .permission = "plan.edit",
                                          .apply = apply_plans};
