/* Outlets: places of a partner, found by their own codes. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"

enum { NAME_CHARS_MAX = 200, VALUES = 9 };

static void from_row(const struct outlet_rec *row, struct partner_outlet *out)
{
    *out = (struct partner_outlet){
        .id = row->id,
        .partner_id = row->partner_id,
        .revision = row->revision,
        .code = row->code,
        .name = row->name,
        .address = {row->country, row->region, row->postcode, row->city, row->line},
        .opened_day = row->opened_day,
        .closed_day = row->closed_day,
        .archived_at = row->archived_at,
    };
}

enum rc partner_outlet_get(struct op *op, int64_t id, struct partner_outlet *out)
{
    struct outlet_rec row;
    TRY(q_outlet(op, &(struct q_outlet_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc partner_outlet_by_code(struct op *op, struct str code, struct partner_outlet *out)
{
    struct outlet_rec row;
    TRY(q_outlet_by_code(op, &(struct q_outlet_by_code_in){code}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc partner_outlets_of(struct op *op, int64_t partner_id, struct partner_outlets *out)
{
    struct outlet_rec_rows rows;
    TRY(q_outlets_of(op, &(struct q_outlets_of_in){partner_id}, &rows));
    *out = (struct partner_outlets){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct partner_outlet outlet;
        from_row(&rows.at[i], &outlet);
        VEC_PUSH(op->arena, out, outlet);
    }
    return RC_OK;
}

static struct str day_text(struct op *op, struct opt_i64 day)
{
    return day.has ? date_print(op->arena, (struct date){(int32_t)day.v}) : STR("");
}

static void values_of(struct op *op, const struct partner_outlet *o, struct audit_value out[VALUES])
{
    size_t n = 0;
    out[n++] = (struct audit_value){"code", o->code};
    out[n++] = (struct audit_value){"name", o->name};
    org_address_values(&o->address, out + n);
    n += ORG_ADDRESS_PARTS;
    out[n++] = (struct audit_value){"opened", day_text(op, o->opened_day)};
    out[n++] = (struct audit_value){"closed", day_text(op, o->closed_day)};
    assert(n == VALUES);
}

static enum rc note(struct op *op, const struct partner_outlet *before,
                    const struct partner_outlet *after)
{
    struct audit_value old[VALUES], new[VALUES];
    struct audit_entry entry = {.action = before ? "outlet.edit" : "outlet.add",
                                .record = "outlet",
                                .record_id = after->id,
                                .label = after->code,
                                .partner_id = SOME(after->partner_id)};
    if (before)
        values_of(op, before, old);
    values_of(op, after, new);
    return audit_add_diff(op, &entry, before ? old : NULL, new, VALUES);
}

static enum rc clean(struct op *op, struct partner_outlet *o)
{
    const char *problem = check_code(op->arena, o->code.at ? o->code : STR(""), &o->code);
    if (problem)
        (void)!fail(op, RC_INVALID, "code", problem);
    (void)!partner__line(op, "name", &o->name, NAME_CHARS_MAX, true);
    (void)!org_address_check(op, &o->address);
    if (o->opened_day.has && o->closed_day.has && o->closed_day.v < o->opened_day.v)
        (void)!fail(op, RC_INVALID, "closed", M("The end must be after the beginning."));
    return op->fault.rc;
}

static enum rc write(struct op *op, struct partner_outlet *o)
{
    const struct org_address *a = &o->address;
    struct str fold = text_fold(
        op->arena, str_printf(op->arena, STR_FMT "\n" STR_FMT, STR_ARG(o->name), STR_ARG(o->code)));
    struct str sort = text_sort_key(op->arena, o->name);
    if (o->id == 0)
        return q_outlet_add(op,
                            &(struct q_outlet_add_in){o->partner_id, o->code, o->name, fold, sort,
                                                      a->country, a->region, a->postcode, a->city,
                                                      a->line, o->opened_day, o->closed_day,
                                                      op->now},
                            &o->id);
    return q_outlet_edit(op, &(struct q_outlet_edit_in){o->id, o->revision, o->code, o->name, fold,
                                                        sort, a->country, a->region, a->postcode,
                                                        a->city, a->line, o->opened_day,
                                                        o->closed_day});
}

enum rc partner_outlet_save(struct op *op, const struct partner_outlet *in, int64_t *out_id)
{
    struct partner partner;
    struct partner_outlet o = *in, before = {0};
    AUTO_TXN txn = {0};
    if (o.id != 0) { /* an outlet stays with its partner: its results do */
        TRY(partner_outlet_get(op, o.id, &before));
        o.partner_id = before.partner_id;
    }
    enum rc rc = partner__open(op, &txn, o.partner_id, &partner);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "partner_id", M("There is no such partner."));
    TRY(rc);
    TRY(clean(op, &o));
    if (o.id != 0 && before.revision != o.revision)
        return op_stale(op);
    TRY(op_code_taken(op, write(op, &o), o.code));
    TRY(note(op, in->id ? &before : NULL, &o));
    TRY(txn_commit(&txn));
    *out_id = o.id;
    return RC_OK;
}

enum rc partner_outlet_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct partner partner;
    struct partner_outlet o;
    AUTO_TXN txn = {0};
    TRY(partner_outlet_get(op, id, &o));
    TRY(partner__open(op, &txn, o.partner_id, &partner));
    if (o.revision != revision)
        return op_stale(op);
    TRY(q_outlet_archive(
        op, &(struct q_outlet_archive_in){id, revision, is_archived ? SOME(op->now) : NONE}));
    struct audit_entry entry = {.action = "outlet.archive",
                                .record = "outlet",
                                .record_id = id,
                                .label = o.code,
                                .partner_id = SOME(o.partner_id)};
    TRY(audit_add_flag(op, &entry, "archived", o.archived_at.has, is_archived));
    return txn_commit(&txn);
}
