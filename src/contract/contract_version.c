/* Terms of a contract by dates: adding a supplementary agreement, changing one that nothing was
 * paid by, binding schemes with individual values. Values are checked by the attributes of the
 * scheme's version in force on the first day; a scheme's later version brings its own defaults for
 * attributes that were not there. */
#include "contract/contract_int.h"

enum { FIXED_VALUES = 14, DAYS_MAX = 3660, NOTE_CHARS_MAX = 2000 };

static const char *const vat_modes[] = {"none", "included", "added", NULL};
static const char *const issuers[] = {"partner", "us", NULL};

struct save { /* of one version */
    struct op *op;
    struct contract_memo *memo; /* NULL: the database is asked */
    struct contract contract;
    struct contract_versions versions;  /* as they were */
    const struct contract_version *old; /* NULL: a new one */
    struct contract_version new;
    int64_t at_day; /* whose attributes the values are of */
    enum rc worst;
};

/* Every field is looked at before the answer. */
static void bad(struct save *save, enum rc rc)
{
    if (save->worst == RC_OK)
        save->worst = rc;
}

static bool is_one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, str_of(*words)))
            return true;
    return false;
}

/* ---- checking ---- */

static void check_number(struct save *save, const char *field, int64_t value, int64_t max)
{
    struct op *op = save->op;
    if (value < 0 || value > max)
        bad(save, fail(op, RC_INVALID, field, M("From 0 to {0}."),
                       str_c(op->arena, audit_text_i64(op, max))));
}

static void check_fields(struct save *save)
{
    struct op *op = save->op;
    struct contract_version *v = &save->new;
    if (!v->currency)
        bad(save, fail(op, RC_INVALID, "currency", M("Choose a currency from the list.")));
    if (!v->pay_currency)
        v->pay_currency = v->currency;
    if (v->period_kind < PERIOD_DAY || v->period_kind > PERIOD_YEAR)
        bad(save, fail(op, RC_INVALID, "period_kind", M("Choose from the list.")));
    else if (!period_anchor_ok(v->period_kind, v->period_anchor))
        bad(save, fail(op, RC_INVALID, "period_anchor", M("Periods cannot begin there.")));
    check_number(save, "due_days", v->due_days, DAYS_MAX);
    check_number(save, "hold_days", v->hold_days, DAYS_MAX);
    check_number(save, "accept_days", v->accept_days, DAYS_MAX);
    if (v->minimum_minor < 0)
        bad(save, fail(op, RC_INVALID, "minimum", M("An amount below zero makes no sense here.")));
    if (!is_one_of(v->vat_mode, vat_modes))
        bad(save, fail(op, RC_INVALID, "vat_mode", M("Choose from the list.")));
    if (!is_one_of(v->documents_by, issuers))
        bad(save, fail(op, RC_INVALID, "documents_by", M("Choose from the list.")));
    v->note = text_clean_block(op->arena, v->note);
    if (!v->note.at)
        v->note = STR("");
    if (utf8_count(v->note) > NOTE_CHARS_MAX)
        bad(save,
            fail(op, RC_INVALID, "note", M("This is too long: at most {0} characters."), "2000"));
}

static void check_day(struct save *save)
{
    struct op *op = save->op;
    int64_t day = save->new.from_day, starts = save->contract.from_day;
    bool is_first = save->old ? save->old->id == save->versions.at[0].id : save->versions.len == 0;
    if (is_first && day != starts)
        bad(save,
            fail(op, RC_INVALID, "from_day", M("The first terms begin with the contract: {0}."),
                 str_c(op->arena, contract__day_words(op, starts))));
    else if (!is_first && (day <= starts || day >= save->contract.to_day))
        bad(save, fail(op, RC_INVALID, "from_day",
                       M("The day lies outside the contract, which is in force from {0}."),
                       str_c(op->arena, contract__day_words(op, starts))));
    for (size_t i = 0; i < save->versions.len; i++)
        if (save->versions.at[i].from_day == day && save->versions.at[i].id != save->new.id)
            bad(save, fail(op, RC_INVALID, "from_day", M("Version {0} begins on that day already."),
                           str_c(op->arena, audit_text_i64(op, save->versions.at[i].number))));
}

static bool had_scheme(const struct save *save, int64_t scheme_id)
{
    for (size_t i = 0; save->old && i < save->old->schemes_len; i++)
        if (save->old->schemes[i].scheme_id == scheme_id)
            return true;
    return false;
}

static const struct scheme_attribute *find_attribute(const struct scheme *scheme, struct str name)
{
    for (size_t i = 0; i < scheme->attributes_len; i++)
        if (str_eq(scheme->attributes[i].name, name))
            return &scheme->attributes[i];
    return NULL;
}

/* An empty value means the scheme's default: it is left out. */
static void check_terms(struct save *save, struct contract_bound *bound,
                        const struct scheme *scheme)
{
    struct op *op = save->op;
    struct contract_term *kept = NEW_ARRAY(op->arena, struct contract_term, bound->terms_len + 1);
    size_t len = 0;
    for (size_t i = 0; i < bound->terms_len; i++) {
        struct contract_term term = bound->terms[i];
        const struct scheme_attribute *attribute = find_attribute(scheme, term.name);
        const char *field = contract_term_field(op, bound->scheme_code, term.name);
        const char *wrong = NULL;
        if (str_trim(term.value).len == 0)
            continue;
        if (!attribute)
            wrong = M("The scheme has no such attribute.");
        else
            wrong = scheme_value_check(op->arena, attribute, term.value, &term.value);
        for (size_t k = 0; k < len && !wrong; k++)
            if (str_eq(kept[k].name, term.name))
                wrong = M("This attribute was given twice.");
        if (wrong)
            bad(save, fail(op, RC_INVALID, field, wrong));
        else
            kept[len++] = term;
    }
    bound->terms = kept;
    bound->terms_len = len;
}

static enum rc check_scheme(struct save *save, struct contract_bound *bound,
                            const struct scheme **out)
{
    struct op *op = save->op;
    struct scheme_info info;
    enum rc rc = contract__scheme_on(op, save->memo, bound->scheme_id, save->at_day, &info, out);
    if (rc == RC_MISSING)
        return fail(op, RC_INVALID, "schemes", M("There is no such scheme."));
    TRY(rc);
    bound->scheme_code = info.code;
    bound->scheme_name = info.name;
    if (info.archived_at.has && !had_scheme(save, info.id))
        return fail(op, RC_INVALID, "schemes", M("The scheme {0} is archived."),
                    str_c(op->arena, info.code));
    if (!*out)
        return fail(op, RC_INVALID, "schemes", M("The scheme {0} has no version yet."),
                    str_c(op->arena, info.code));
    return RC_OK;
}

static enum rc check_schemes(struct save *save)
{
    struct op *op = save->op;
    struct contract_version *v = &save->new;
    struct contract_bound *copy = NEW_ARRAY(op->arena, struct contract_bound, v->schemes_len + 1);
    for (size_t i = 0; i < v->schemes_len; i++) {
        const struct scheme *scheme = NULL;
        copy[i] = v->schemes[i];
        if (copy[i].combine == 0)
            copy[i].combine = CONTRACT_ADD;
        enum rc rc = check_scheme(save, &copy[i], &scheme);
        if (rc == RC_INVALID)
            bad(save, rc);
        else
            TRY(rc);
        for (size_t k = 0; k < i; k++)
            if (copy[k].scheme_id == copy[i].scheme_id)
                bad(save, fail(op, RC_INVALID, "schemes", M("The scheme {0} was given twice."),
                               str_c(op->arena, copy[i].scheme_code)));
        if (scheme)
            check_terms(save, &copy[i], scheme);
    }
    v->schemes = copy;
    return RC_OK;
}

const char *contract_term_field(struct op *op, struct str scheme_code, struct str name)
{
    return str_printf(op->arena, "term:" STR_FMT ":" STR_FMT, STR_ARG(scheme_code), STR_ARG(name))
        .at;
}

/* ---- the audit: fixed fields, then one for each individual value ---- */

static struct str scheme_codes(struct op *op, const struct contract_version *v)
{
    AUTO_BUF buf = BUF(64 * 1024);
    for (size_t i = 0; i < v->schemes_len; i++) {
        const char *combine = contract_combine_name(v->schemes[i].combine);
        buf_printf(&buf, "%s" STR_FMT "%s%s%s", i ? ", " : "", STR_ARG(v->schemes[i].scheme_code),
                   combine[0] ? " (" : "", combine, combine[0] ? ")" : "");
    }
    return str_dup(op->arena, buf_str(&buf));
}

static void fixed_values(struct op *op, const struct contract_version *v, struct audit_value *out)
{
    const struct audit_value values[FIXED_VALUES] = {
        {"version", audit_text_i64(op, v->number)},
        {"terms_from", contract__day_text(op, v->from_day)},
        {"currency", str_of(v->currency->code)},
        {"pay_currency", str_of(v->pay_currency->code)},
        {"period", str_printf(op->arena, "%s%s%.0d", period_kind_name(v->period_kind),
                              v->period_anchor ? " " : "", v->period_anchor)},
        {"due_days", audit_text_i64(op, v->due_days)},
        {"hold_days", audit_text_i64(op, v->hold_days)},
        {"accept_days", audit_text_i64(op, v->accept_days)},
        {"minimum", money_print(op->arena, MONEY(v->minimum_minor, v->pay_currency))},
        {"vat_mode", v->vat_mode},
        {"documents_by", v->documents_by},
        {"netting", audit_text_bool(v->has_netting)},
        {"note", v->note},
        {"schemes", scheme_codes(op, v)},
    };
    memcpy(out, values, sizeof values);
}

static struct str find_term(const struct contract_version *v, int64_t scheme_id, struct str name)
{
    for (size_t i = 0; v && i < v->schemes_len; i++)
        for (size_t k = 0; v->schemes[i].scheme_id == scheme_id && k < v->schemes[i].terms_len; k++)
            if (str_eq(v->schemes[i].terms[k].name, name))
                return v->schemes[i].terms[k].value;
    return STR_NONE;
}

/* The terms of `of`, as they stand in `before` and in `after`; those of `seen` are done. */
static void term_values(struct op *op, const struct contract_version *of,
                        const struct contract_version *seen, const struct contract_version *old,
                        const struct contract_version *new, struct contract__values *before,
                        struct contract__values *after)
{
    for (size_t i = 0; of && i < of->schemes_len; i++)
        for (size_t k = 0; k < of->schemes[i].terms_len; k++) {
            const struct contract_bound *bound = &of->schemes[i];
            struct str name = bound->terms[k].name;
            if (seen && find_term(seen, bound->scheme_id, name).at)
                continue;
            const char *field = str_printf(op->arena, STR_FMT ": " STR_FMT,
                                           STR_ARG(bound->scheme_code), STR_ARG(name))
                                    .at;
            struct audit_value was = {field, find_term(old, bound->scheme_id, name)};
            struct audit_value is = {field, find_term(new, bound->scheme_id, name)};
            VEC_PUSH(op->arena, before, was);
            VEC_PUSH(op->arena, after, is);
        }
}

static enum rc audit_version(struct op *op, const struct contract *contract, const char *action,
                             const struct contract_version *old, const struct contract_version *new)
{
    struct contract__values before = {0}, after = {0};
    struct audit_entry entry = contract__entry(contract, action);
    before.at = NEW_ARRAY(op->arena, struct audit_value, FIXED_VALUES);
    after.at = NEW_ARRAY(op->arena, struct audit_value, FIXED_VALUES);
    before.len = before.cap = after.len = after.cap = FIXED_VALUES;
    if (new)
        fixed_values(op, new, after.at);
    if (old)
        fixed_values(op, old, before.at);
    term_values(op, old, NULL, old, new, &before, &after);
    term_values(op, new, old, old, new, &before, &after);
    return audit_add_diff(op, &entry, old ? before.at : NULL, new ? after.at : NULL, after.len);
}

void contract__version_values(struct op *op, const struct contract_version *v,
                              struct contract__values *out)
{
    struct audit_value fixed[FIXED_VALUES];
    struct contract__values none = {0};
    fixed_values(op, v, fixed);
    for (size_t i = 0; i < FIXED_VALUES; i++)
        VEC_PUSH(op->arena, out, fixed[i]);
    term_values(op, v, NULL, NULL, v, &none, out);
}

/* ---- storing ---- */

struct q_contract_version_insert_in contract__version_row(struct op *op, const struct contract *c,
                                                          const struct contract_version *v)
{
    return (struct q_contract_version_insert_in){
        .contract_id = c->id,
        .partner_id = c->partner_id,
        .number = v->number,
        .from_day = v->from_day,
        .currency = str_of(v->currency->code),
        .pay_currency = str_of(v->pay_currency->code),
        .period_kind = str_of(period_kind_name(v->period_kind)),
        .period_anchor = v->period_anchor,
        .due_days = v->due_days,
        .hold_days = v->hold_days,
        .minimum_minor = v->minimum_minor,
        .vat_mode = v->vat_mode,
        .accept_days = v->accept_days,
        .netting_clause = v->has_netting,
        .documents_by = v->documents_by,
        .note = v->note,
        .now = op->now,
    };
}

static enum rc store_version(struct save *save)
{
    struct op *op = save->op;
    struct contract_version *v = &save->new;
    struct version_numbers last;
    if (v->id)
        return q_contract_version_update(
            op, &(struct q_contract_version_update_in){
                    .id = v->id,
                    .revision = v->revision,
                    .from_day = v->from_day,
                    .currency = str_of(v->currency->code),
                    .pay_currency = str_of(v->pay_currency->code),
                    .period_kind = str_of(period_kind_name(v->period_kind)),
                    .period_anchor = v->period_anchor,
                    .due_days = v->due_days,
                    .hold_days = v->hold_days,
                    .minimum_minor = v->minimum_minor,
                    .vat_mode = v->vat_mode,
                    .accept_days = v->accept_days,
                    .netting_clause = v->has_netting,
                    .documents_by = v->documents_by,
                    .note = v->note});
    TRY(q_contract_version_last_number(
        op, &(struct q_contract_version_last_number_in){.contract_id = save->contract.id}, &last));
    v->number = last.number + 1;
    struct i64_list ids = {0};
    struct q_contract_version_insert_in row = contract__version_row(op, &save->contract, v);
    TRY(q_contract_version_insert(op, &row, 1, &ids));
    v->id = ids.at[0];
    return RC_OK;
}

static enum rc drop_bound(struct op *op, const struct contract_bound *bound, bool with_scheme)
{
    TRY(q_contract_terms_delete(
        op, &(struct q_contract_terms_delete_in){.contract_scheme_id = bound->id}));
    if (!with_scheme)
        return RC_OK;
    return q_contract_bound_delete(op, &(struct q_contract_bound_delete_in){.id = bound->id});
}

void contract__term_rows_add(struct op *op, const struct contract *c,
                             const struct contract_bound *bound, struct contract__term_rows *out)
{
    for (size_t i = 0; i < bound->terms_len; i++) {
        struct q_contract_term_insert_in row = {.contract_scheme_id = bound->id,
                                                .partner_id = c->partner_id,
                                                .name = bound->terms[i].name,
                                                .value = bound->terms[i].value};
        VEC_PUSH(op->arena, out, row);
    }
}

static enum rc insert_bound(struct save *save, struct contract_bound *bound, int64_t position)
{
    struct i64_list ids = {0};
    struct q_contract_bound_insert_in row = {.version_id = save->new.id,
                                             .contract_id = save->contract.id,
                                             .partner_id = save->contract.partner_id,
                                             .scheme_id = bound->scheme_id,
                                             .position = position,
                                             .combine =
                                                 str_of(contract_combine_name(bound->combine))};
    TRY(q_contract_bound_insert(save->op, &row, 1, &ids));
    bound->id = ids.at[0];
    return RC_OK;
}

/* A scheme that stays keeps its row. */
static enum rc store_bound(struct save *save, struct contract_bound *bound, int64_t position)
{
    struct op *op = save->op;
    bound->id = 0;
    for (size_t i = 0; save->old && i < save->old->schemes_len; i++)
        if (save->old->schemes[i].scheme_id == bound->scheme_id)
            bound->id = save->old->schemes[i].id;
    if (bound->id)
        TRY(q_contract_bound_place(op,
                                   &(struct q_contract_bound_place_in){
                                       .id = bound->id,
                                       .position = position,
                                       .combine = str_of(contract_combine_name(bound->combine))}));
    else
        TRY(insert_bound(save, bound, position));
    struct contract__term_rows rows = {0};
    contract__term_rows_add(op, &save->contract, bound, &rows);
    return rows.len ? q_contract_term_insert(op, rows.at, rows.len, NULL) : RC_OK;
}

static enum rc store_schemes(struct save *save)
{
    const struct contract_version *new = &save->new;
    for (size_t i = 0; save->old && i < save->old->schemes_len; i++) {
        bool stays = false;
        for (size_t k = 0; k < new->schemes_len; k++)
            stays = stays || new->schemes[k].scheme_id == save->old->schemes[i].scheme_id;
        TRY(drop_bound(save->op, &save->old->schemes[i], !stays));
    }
    for (size_t i = 0; i < new->schemes_len; i++)
        TRY(store_bound(save, &new->schemes[i], (int64_t)i));
    return RC_OK;
}

/* ---- the calls ---- */

enum rc contract__check_first(struct op *op, struct contract_memo *memo, const struct contract *c,
                              struct contract_version *v)
{
    struct save save = {.op = op, .memo = memo, .contract = *c, .new = *v, .at_day = c->from_day};
    check_fields(&save);
    check_day(&save);
    TRY(check_schemes(&save));
    TRY(save.worst);
    *v = save.new;
    return RC_OK;
}

static enum rc check_contract_open(struct op *op, const struct contract *c)
{
    if (c->archived_at.has)
        return fail(op, RC_CONFLICT, NULL, M("The contract is archived. Restore it first."));
    if (str_eq(c->state, STR("in_approval")) || str_eq(c->state, STR("in_signature")))
        return fail(op, RC_CONFLICT, NULL,
                    M("The terms are being approved or signed. Return the contract to draft "
                      "first."));
    return RC_OK;
}

static enum rc begin_save(struct save *save, const struct contract_version *in)
{
    struct op *op = save->op;
    TRY(contract__hold(op, in->contract_id, &save->contract));
    TRY(check_contract_open(op, &save->contract));
    TRY(contract_versions(op, in->contract_id, &save->versions));
    for (size_t i = 0; i < save->versions.len && in->id; i++)
        if (save->versions.at[i].id == in->id)
            save->old = &save->versions.at[i];
    if (in->id && !save->old)
        return RC_MISSING;
    save->new = *in;
    save->at_day = in->from_day;
    if (in->from_day < save->contract.from_day || in->from_day >= CONTRACT_NO_END)
        save->at_day = save->contract.from_day; /* a wrong day is a fault of its own */
    if (save->old) {
        save->new.number = save->old->number;
        TRY(contract__check_free(op, in->contract_id, "from_day", save->old->from_day));
    }
    return contract__check_free(op, in->contract_id, "from_day", in->from_day);
}

enum rc contract_version_save(struct op *op, const struct contract_version *in, int64_t *out_id)
{
    struct save save = {.op = op};
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(begin_save(&save, in));
    check_fields(&save);
    check_day(&save);
    TRY(check_schemes(&save));
    TRY(save.worst);
    TRY(op_stale_if(op, store_version(&save)));
    TRY(store_schemes(&save));
    TRY(audit_version(op, &save.contract, save.old ? "contract.version_edit" : "contract.version",
                      save.old, &save.new));
    TRY(txn_commit(&txn));
    *out_id = save.new.id;
    return RC_OK;
}

enum rc contract_version_remove(struct op *op, int64_t version_id, int64_t revision)
{
    struct contract_version version;
    struct contract contract;
    TRY(op_must(op, "contract.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(contract_version_get(op, version_id, &version));
    TRY(contract__hold(op, version.contract_id, &contract));
    TRY(contract_version_get(op, version_id, &version)); /* as it is now that it is held */
    TRY(check_contract_open(op, &contract));
    if (version.revision != revision)
        return op_stale(op);
    if (version.from_day == contract.from_day)
        return fail(op, RC_CONFLICT, NULL, M("The first terms stay; change them instead."));
    if (version.from_day <= contract__today(op) && !str_eq(contract.state, STR("draft")))
        return fail(op, RC_CONFLICT, NULL, M("These terms have begun already."));
    TRY(contract__check_free(op, contract.id, NULL, version.from_day));
    for (size_t i = 0; i < version.schemes_len; i++)
        TRY(drop_bound(op, &version.schemes[i], true));
    TRY(q_contract_version_delete(op, &(struct q_contract_version_delete_in){.id = version_id}));
    TRY(audit_version(op, &contract, "contract.version_remove", &version, NULL));
    return txn_commit(&txn);
}
