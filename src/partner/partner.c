/* Partners: rules of the record itself. States are a table of allowed steps; blocking is apart from
 * them; what people type is cleaned and checked here, whichever way it came (form, file, API). */
#include "partner/partner.h"

#include "partner/partner_int.h"
#include "partner/partner_q.h"
#include "text/text.h"

enum { NAME_CHARS_MAX = 200, VALUES = 17, PART_BYTES_MAX = 256 << 20 };

static const char *const kinds[] = {"company", "sole_trader", "self_employed", "individual",
                                    "non_resident"};

/* from -> to; "*" is any state. */
static const char *const steps[][2] = {
    {"prospect", "applied"},   {"prospect", "approved"}, {"prospect", "active"},
    {"applied", "approved"},   {"applied", "rejected"},  {"rejected", "applied"},
    {"approved", "active"},    {"approved", "rejected"}, {"active", "suspended"},
    {"suspended", "active"},   {"active", "terminated"}, {"suspended", "terminated"},
    {"approved", "terminated"}};

static void from_row(const struct partner_rec *row, struct partner *out)
{
    *out = (struct partner){
        .id = row->id,
        .revision = row->revision,
        .code = row->code,
        .name = row->name,
        .legal_name = row->legal_name,
        .state = row->state,
        .branch_id = row->branch_id,
        .manager_id = row->manager_id,
        .level_id = row->level_id,
        .kind = row->kind,
        .country = row->country,
        .tax = {row->tax_number, row->tax_reason_code, row->registration},
        .vat_mode = row->vat_mode,
        .email = row->email,
        .phone = row->phone,
        .site = row->site,
        .is_sales_blocked = row->is_sales_blocked,
        .is_links_blocked = row->is_links_blocked,
        .is_payouts_blocked = row->is_payouts_blocked,
        .block_reason = row->block_reason,
        .last_sale_at = row->last_sale_at,
        .since = row->since,
        .archived_at = row->archived_at,
    };
}

enum rc partner_get(struct op *op, int64_t id, struct partner *out)
{
    struct partner_rec row;
    TRY(q_partner(op, &(struct q_partner_in){id}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc partner_by_code(struct op *op, struct str code, struct partner *out)
{
    struct partner_rec row;
    TRY(q_partner_by_code(op, &(struct q_partner_by_code_in){code}, &row));
    from_row(&row, out);
    return RC_OK;
}

enum rc partner_named(struct op *op, struct str code, struct partner *out)
{
    enum rc rc = partner_by_code(op, code.at ? code : STR(""), out);
    return rc == RC_MISSING ? fail(op, RC_INVALID, "partner", M("There is no such partner.")) : rc;
}

enum rc partner_by_codes(struct op *op, const struct str_list *codes, struct partner_list *out)
{
    struct partner_rec_rows rows;
    struct q_partners_by_codes_in in = {json_list(op->arena, codes)};
    *out = (struct partner_list){0};
    TRY(q_partners_by_codes(op, &in, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        struct partner partner;
        from_row(&rows.at[i], &partner);
        VEC_PUSH(op->arena, out, partner);
    }
    return RC_OK;
}

/* ---- audit ---- */

static enum rc values_of(struct op *op, struct partner_memo *memo, const struct partner *p,
                         struct audit_value out[VALUES])
{
    struct str branch, person, level; /* the journal is read by people: names, not numbers */
    TRY(partner__branch_name(op, memo, p->branch_id, &branch));
    TRY(partner__person_name(op, memo, p->manager_id, &person));
    TRY(partner__level_name(op, memo, p->level_id, &level));
    size_t n = 0;
    out[n++] = (struct audit_value){"code", p->code};
    out[n++] = (struct audit_value){"name", p->name};
    out[n++] = (struct audit_value){"legal_name", p->legal_name};
    out[n++] = (struct audit_value){"branch_id", branch};
    out[n++] = (struct audit_value){"manager_id", person};
    out[n++] = (struct audit_value){"level_id", level};
    out[n++] = (struct audit_value){"kind", p->kind};
    out[n++] = (struct audit_value){"country", p->country};
    out[n++] = (struct audit_value){"tax_number", p->tax.number};
    out[n++] = (struct audit_value){"tax_reason_code", p->tax.reason_code};
    out[n++] = (struct audit_value){"registration", p->tax.registration};
    out[n++] = (struct audit_value){"vat_mode", p->vat_mode};
    out[n++] = (struct audit_value){"email", p->email};
    out[n++] = (struct audit_value){"phone", p->phone};
    out[n++] = (struct audit_value){"site", p->site};
    out[n++] = (struct audit_value){"since", audit_text_instant(op, p->since)};
    out[n++] = (struct audit_value){"state", p->state};
    assert(n == VALUES);
    return RC_OK;
}

static enum rc note(struct op *op, const char *action, const struct partner *before,
                    const struct partner *after)
{
    struct audit_value old[VALUES], new[VALUES];
    if (before)
        TRY(values_of(op, NULL, before, old));
    TRY(values_of(op, NULL, after, new));
    return audit_add_diff(op,
                          &(struct audit_entry){.action = action,
                                                .record = "partner",
                                                .record_id = after->id,
                                                .label = after->code,
                                                .partner_id = SOME(after->id)},
                          before ? old : NULL, new, VALUES);
}

/* ---- checking ---- */

static struct str or_empty(struct str text)
{
    return text.at ? text : STR("");
}

static bool is_kind(struct str kind)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(str_of(kinds[i]), kind))
            return true;
    return false;
}

static void check_contact(struct op *op, struct partner *p)
{
    const char *problem = NULL;
    if (p->email.len > 0 && (problem = check_email(op->arena, p->email, &p->email)))
        (void)!fail(op, RC_INVALID, "email", problem);
    if (p->phone.len > 0 && (problem = check_phone(op->arena, p->phone, &p->phone)))
        (void)!fail(op, RC_INVALID, "phone", problem);
}

static enum rc clean(struct op *op, struct partner *p)
{
    p->name = text_clean_line(op->arena, or_empty(p->name));
    p->legal_name = text_clean_line(op->arena, or_empty(p->legal_name));
    p->country = or_empty(p->country);
    p->vat_mode = or_empty(p->vat_mode);
    p->email = or_empty(p->email);
    p->phone = or_empty(p->phone);
    p->site = text_clean_line(op->arena, or_empty(p->site));
    p->tax = (struct org_tax){or_empty(p->tax.number), or_empty(p->tax.reason_code),
                              or_empty(p->tax.registration)};
    const char *problem = check_code(op->arena, or_empty(p->code), &p->code);
    if (problem)
        (void)!fail(op, RC_INVALID, "code", problem);
    if (p->name.len == 0 || utf8_count(p->name) > NAME_CHARS_MAX)
        (void)!fail(op, RC_INVALID, "name", "A name has 1 to 200 characters.");
    if (!is_kind(p->kind))
        (void)!fail(op, RC_INVALID, "kind",
                    "The kind is one of: company, sole_trader, self_employed, individual, "
                    "non_resident.");
    check_contact(op, p);
    enum rc tax = org_tax_check(op, p->country, &p->tax);
    return tax != RC_OK ? tax : op->fault.rc;
}

/* Everything that a search looks in. */
static struct str search_of(struct op *op, const struct partner *p)
{
    struct str parts =
        str_printf(op->arena, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(p->name),
                   STR_ARG(p->legal_name), STR_ARG(p->code), STR_ARG(p->tax.number));
    return text_fold(op->arena, parts);
}

/* ---- writing ---- */

static struct q_partner_add_in row_of(struct op *op, const struct partner *p, struct str sort)
{
    return (struct q_partner_add_in){
        .code = p->code,
        .name = p->name,
        .name_fold = text_fold(op->arena, p->name),
        .name_sort = sort,
        .search = search_of(op, p),
        .legal_name = p->legal_name,
        .state = p->state,
        .branch_id = p->branch_id,
        .manager_id = p->manager_id,
        .level_id = p->level_id,
        .kind = p->kind,
        .country = p->country,
        .tax_number = p->tax.number,
        .tax_reason_code = p->tax.reason_code,
        .registration = p->tax.registration,
        .vat_mode = p->vat_mode,
        .email = p->email,
        .phone = p->phone,
        .site = p->site,
        .since = p->since,
        .created_at = op->now,
    };
}

static enum rc note_added(struct op *op, struct partner_memo *memo, struct partner *const *partners,
                          size_t len)
{
    struct audit_entry *entries = NEW_ARRAY(op->arena, struct audit_entry, len);
    for (size_t i = 0; i < len; i++) {
        const struct partner *p = partners[i];
        struct audit_value values[VALUES];
        TRY(values_of(op, memo, p, values));
        struct audit_changes changes = audit_diff(op, NULL, values, VALUES);
        entries[i] = (struct audit_entry){.action = "partner.add",
                                          .record = "partner",
                                          .record_id = p->id,
                                          .label = p->code,
                                          .partner_id = SOME(p->id),
                                          .changes = changes.at,
                                          .changes_len = changes.len};
    }
    return audit_add_all(op, entries, len);
}

/* In the order in which they are to be stored. */
static enum rc store_all(struct op *op, struct partner *const *partners,
                         const struct text_sorted *sorted, size_t len)
{
    struct i64_list ids = {0};
    struct q_partner_add_in *rows = NEW_ARRAY(op->arena, struct q_partner_add_in, len);
    for (size_t i = 0; i < len; i++)
        rows[i] = row_of(op, partners[i], sorted[i].key);
    TRY(q_partner_add(op, rows, len, &ids));
    assert(ids.len == len);
    for (size_t i = 0; i < len; i++)
        partners[i]->id = ids.at[i];
    if (db_engine(op->db) != DB_SQLITE)
        return RC_OK;
    assert(ids.at[len - 1] - ids.at[0] == (int64_t)len - 1); /* nobody else writes meanwhile */
    return q_partner_text_add(op, &(struct q_partner_text_add_in){ids.at[0], ids.at[len - 1]});
}

/* Values of very many would fill the caller's arena. */
static enum rc note_part(struct op *op, struct partner_memo *memo, struct partner *const *partners,
                         size_t len)
{
    AUTO_ARENA passing = arena_new(PART_BYTES_MAX);
    struct arena *own = op->arena;
    op->arena = len > 1 ? passing : own;
    enum rc rc = note_added(op, memo, partners, len);
    op->arena = own;
    return rc;
}

enum rc partner_add_all(struct op *op, struct partner_memo *memo, struct partner *const *partners,
                        size_t len)
{
    enum { PART = 5000 };
    TRY(op_must(op, "partner.edit"));
    if (len == 0)
        return RC_OK;
    struct text_sorted *sorted = NEW_ARRAY(op->arena, struct text_sorted, len);
    struct partner **in_order = NEW_ARRAY(op->arena, struct partner *, len);
    for (size_t i = 0; i < len; i++) {
        struct partner *p = partners[i];
        p->state = p->state.len ? p->state : STR("prospect");
        p->since = p->since ? p->since : op->now;
        sorted[i] = (struct text_sorted){text_sort_key(op->arena, p->name), i};
    }
    text_sort_many(sorted, len);
    for (size_t i = 0; i < len; i++)
        in_order[i] = partners[sorted[i].i];
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(store_all(op, in_order, sorted, len));
    for (size_t i = 0; i < len; i += PART)
        TRY(note_part(op, memo, in_order + i, len - i < PART ? len - i : PART));
    return txn_commit(&txn);
}

static enum rc add(struct op *op, struct partner *p)
{
    return op_code_taken(op, partner_add_all(op, NULL, &p, 1), p->code);
}

/* Then there is nothing to store, and nobody is told of a change that was none. */
static enum rc is_same(struct op *op, const struct partner *a, const struct partner *b, bool *out)
{
    struct audit_value old[VALUES], new[VALUES];
    TRY(values_of(op, NULL, a, old));
    TRY(values_of(op, NULL, b, new));
    *out = audit_diff(op, old, new, VALUES).len == 0;
    return RC_OK;
}

static enum rc edit(struct op *op, struct partner *p)
{
    struct partner before;
    bool is_unchanged;
    TRY(partner_get(op, p->id, &before));
    if (before.revision != p->revision)
        return op_stale(op);
    p->state = before.state;
    p->since = p->since ? p->since : before.since;
    TRY(is_same(op, &before, p, &is_unchanged));
    if (is_unchanged)
        return RC_OK;
    enum rc rc = q_partner_edit(
        op, &(struct q_partner_edit_in){.id = p->id,
                                        .revision = p->revision,
                                        .code = p->code,
                                        .name = p->name,
                                        .name_fold = text_fold(op->arena, p->name),
                                        .name_sort = text_sort_key(op->arena, p->name),
                                        .search = search_of(op, p),
                                        .legal_name = p->legal_name,
                                        .branch_id = p->branch_id,
                                        .manager_id = p->manager_id,
                                        .level_id = p->level_id,
                                        .kind = p->kind,
                                        .country = p->country,
                                        .tax_number = p->tax.number,
                                        .tax_reason_code = p->tax.reason_code,
                                        .registration = p->tax.registration,
                                        .vat_mode = p->vat_mode,
                                        .email = p->email,
                                        .phone = p->phone,
                                        .site = p->site,
                                        .since = p->since});
    TRY(op_code_taken(op, rc, p->code));
    return note(op, "partner.edit", &before, p);
}

enum rc partner_check(struct op *op, struct partner_memo *memo, struct partner *p)
{
    TRY(clean(op, p));
    return partner__check_places(op, memo, p);
}

enum rc partner_save(struct op *op, const struct partner *in, int64_t *out_id)
{
    struct partner p = *in;
    TRY(op_must(op, "partner.edit"));
    TRY(clean(op, &p));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(partner__check_places(op, NULL, &p));
    TRY(p.id == 0 ? add(op, &p) : edit(op, &p));
    TRY(txn_commit(&txn));
    *out_id = p.id;
    return RC_OK;
}

bool partner_may_become(struct str from, struct str to)
{
    for (size_t i = 0; i < LEN(steps); i++)
        if (str_eq(str_of(steps[i][0]), from) && str_eq(str_of(steps[i][1]), to))
            return true;
    return false;
}

enum rc partner_state_set(struct op *op, int64_t id, int64_t revision, struct str state)
{
    struct partner before, after;
    TRY(op_must(op, "partner.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(partner_get(op, id, &before));
    if (!partner_may_become(before.state, state))
        return fail(op, RC_CONFLICT, "state", "A partner cannot go from this state to that one.");
    if (before.revision != revision)
        return op_stale(op);
    TRY(q_partner_state(op, &(struct q_partner_state_in){id, revision, state}));
    after = before;
    after.state = state;
    TRY(note(op, "partner.state", &before, &after));
    return txn_commit(&txn);
}

static struct partner_block block_of(const struct partner *p)
{
    return (struct partner_block){p->is_sales_blocked, p->is_links_blocked, p->is_payouts_blocked,
                                  p->block_reason};
}

static enum rc note_block(struct op *op, const struct partner *p, const struct partner_block *after)
{
    struct partner_block before = block_of(p);
    struct audit_value old[] = {{"is_sales_blocked", audit_text_bool(before.is_sales_blocked)},
                                {"is_links_blocked", audit_text_bool(before.is_links_blocked)},
                                {"is_payouts_blocked", audit_text_bool(before.is_payouts_blocked)},
                                {"block_reason", before.reason}};
    struct audit_value new[] = {{"is_sales_blocked", audit_text_bool(after->is_sales_blocked)},
                                {"is_links_blocked", audit_text_bool(after->is_links_blocked)},
                                {"is_payouts_blocked", audit_text_bool(after->is_payouts_blocked)},
                                {"block_reason", after->reason}};
    return audit_add_diff(op,
                          &(struct audit_entry){.action = "partner.block",
                                                .record = "partner",
                                                .record_id = p->id,
                                                .label = p->code,
                                                .partner_id = SOME(p->id)},
                          old, new, LEN(old));
}

enum rc partner_block_set(struct op *op, int64_t id, int64_t revision,
                          const struct partner_block *block)
{
    struct partner partner;
    struct partner_block kept = *block;
    bool is_blocked =
        block->is_sales_blocked || block->is_links_blocked || block->is_payouts_blocked;
    TRY(op_must(op, "partner.block"));
    kept.reason = text_clean_line(op->arena, or_empty(block->reason));
    if (is_blocked && kept.reason.len == 0)
        return fail(op, RC_INVALID, "reason", "Say why this is blocked: the partner will ask.");
    if (!is_blocked)
        kept.reason = STR("");
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(partner_get(op, id, &partner));
    if (partner.revision != revision)
        return op_stale(op);
    TRY(q_partner_block(op, &(struct q_partner_block_in){id, revision, kept.is_sales_blocked,
                                                         kept.is_links_blocked,
                                                         kept.is_payouts_blocked, kept.reason}));
    TRY(note_block(op, &partner, &kept));
    return txn_commit(&txn);
}

enum rc partner_sold(struct op *op, const struct partner_sold *sold, size_t len)
{
    for (size_t i = 0; i < len; i++)
        TRY(q_partner_sold(op, &(struct q_partner_sold_in){sold[i].partner_id, sold[i].at}));
    return RC_OK;
}

/* ---- single facts that lists change for many at once ---- */

struct change {
    struct partner before, after;
};

static enum rc change_begin(struct op *op, struct txn *txn, int64_t id, int64_t revision,
                            struct change *change)
{
    TRY(op_must(op, "partner.edit"));
    TRY(txn_begin(op, txn));
    TRY(partner_get(op, id, &change->before));
    if (change->before.revision != revision)
        return op_stale(op);
    change->after = change->before;
    return RC_OK;
}

enum rc partner_manager_set(struct op *op, int64_t id, int64_t revision, struct opt_i64 manager_id)
{
    struct change change;
    AUTO_TXN txn = {0};
    TRY(change_begin(op, &txn, id, revision, &change));
    change.after.manager_id = manager_id;
    TRY(partner__check_people(op, NULL, &change.after));
    TRY(q_partner_manager(op, &(struct q_partner_manager_in){id, revision, manager_id}));
    TRY(note(op, "partner.edit", &change.before, &change.after));
    return txn_commit(&txn);
}

enum rc partner_level_set(struct op *op, int64_t id, int64_t revision, struct opt_i64 level_id)
{
    struct change change;
    AUTO_TXN txn = {0};
    TRY(change_begin(op, &txn, id, revision, &change));
    change.after.level_id = level_id;
    TRY(partner__check_people(op, NULL, &change.after));
    TRY(q_partner_level_put(op, &(struct q_partner_level_put_in){id, revision, level_id}));
    TRY(note(op, "partner.edit", &change.before, &change.after));
    return txn_commit(&txn);
}

enum rc partner_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct change change;
    AUTO_TXN txn = {0};
    TRY(change_begin(op, &txn, id, revision, &change));
    if (is_archived && str_eq(change.before.state, STR("active")))
        return fail(op, RC_CONFLICT, "state",
                    M("An active partner is not archived: suspend or terminate it first."));
    struct opt_i64 at = is_archived ? SOME(op->now) : NONE;
    TRY(q_partner_archive(op, &(struct q_partner_archive_in){id, revision, at, !is_archived}));
    struct audit_entry entry = {.action = "partner.archive",
                                .record = "partner",
                                .record_id = id,
                                .label = change.before.code,
                                .partner_id = SOME(id)};
    TRY(audit_add_flag(op, &entry, "archived", change.before.archived_at.has, is_archived));
    return txn_commit(&txn);
}

/* ---- choosing ---- */

/* Rare: fewer partners than this hold it, so they are read and sorted; else looked for on the way.
 */
enum { RARE_MAX = 2000 };

/* The text as a phrase of the trigram index. */
static struct str phrase_of(struct op *op, struct str text)
{
    AUTO_BUF phrase = BUF(4096);
    buf_char(&phrase, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_char(&phrase, '"');
        buf_char(&phrase, text.at[i]);
    }
    buf_char(&phrase, '"');
    return str_dup(op->arena, buf_str(&phrase));
}

enum rc partner__search_plan(struct op *op, struct str text, struct partner__search *out)
{
    enum { TRIGRAM = 3 };
    struct partner_weight weight;
    *out = (struct partner__search){.text = text_fold(op->arena, utf8_cut(str_trim(text), 200))};
    if (utf8_count(out->text) < TRIGRAM)
        return RC_OK;
    struct str phrase = phrase_of(op, out->text);
    TRY(q_partner_text_weight(op, &(struct q_partner_text_weight_in){phrase, RARE_MAX}, &weight));
    if (weight.n < RARE_MAX)
        out->phrase = phrase;
    return RC_OK;
}

enum rc partner_search(struct op *op, struct str text, struct partner_choices *out)
{
    struct partner_choice_row_rows rows;
    struct partner__search search;
    TRY(partner__search_plan(op, text, &search));
    if (search.phrase.at)
        TRY(q_partner_search_rare(
            op, &(struct q_partner_search_rare_in){search.text, search.phrase}, &rows));
    else
        TRY(q_partner_search_common(op, &(struct q_partner_search_common_in){search.text}, &rows));
    *out = (struct partner_choices){0};
    for (size_t i = 0; i < rows.len; i++) {
        struct partner_choice choice = {rows.at[i].id, rows.at[i].code, rows.at[i].name};
        VEC_PUSH(op->arena, out, choice);
    }
    return RC_OK;
}
