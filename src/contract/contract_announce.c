/* What will change: published versions of schemes that begin later, and terms of the contract that
 * do, in words. Partners read it in the portal; a version that is published for a later day is also
 * told by letter, once, to those whom it concerns. */
#include "auth/auth.h"
#include "contract/contract_view.h"
#include "contract/contract_web.h"
#include "mail/mail.h"
#include "org/org.h"
#include "setting/setting.h"

enum { FAR = 4000000, LETTER_CHANGES_MAX = 12 };

const struct setting_def contract_settings[] = {
    {.key = "contract.announce",
     .type = SETTING_BOOL,
     .fallback = "true",
     .group = M("Contracts"),
     .label = M("Tell partners by letter about changes of their schemes"),
     .help = M("When a version that begins on a later day is published; the portal shows it in any "
               "case.")},
    {0},
};

/* ---- versions of schemes ---- */

static bool has_own(const struct contract_bound *bound, struct str name)
{
    for (size_t i = 0; i < bound->terms_len; i++)
        if (str_eq(bound->terms[i].name, name))
            return true;
    return false;
}

/* A default does not concern who has a value of their own; a formula is told without its text. */
static void keep_concerning(struct op *op, const struct contract_bound *bound,
                            const struct scheme_changes *all, struct scheme_changes *out)
{
    for (size_t i = 0; i < all->len; i++) {
        struct scheme_change change = all->at[i];
        if (change.attribute.at && has_own(bound, change.attribute))
            continue;
        if (change.is_formula) {
            change.was = STR_NONE;
            change.is = tr(op->lang, M("is computed in another way"));
            change.is_formula = false;
            change.kind = SCHEME_CHANGED;
        }
        VEC_PUSH(op->arena, out, change);
    }
}

static enum rc add_version(struct op *op, const struct contract_bound *bound,
                           const struct scheme_version *was, const struct scheme_version *is,
                           struct contract__news *out)
{
    const struct scheme *old, *new;
    struct scheme_changes changes;
    struct contract__announcement one = {.title = bound->scheme_name,
                                         .version_id = is->id,
                                         .day = zone_date(op->zone, is->valid_from.v).days};
    one.from = i18n_format(op->arena, op->lang, M("from {0}"), contract__day_words(op, one.day));
    TRY(scheme_version_load(op, was->id, &old));
    TRY(scheme_version_load(op, is->id, &new));
    scheme_compare(op, old, new, &changes);
    keep_concerning(op, bound, &changes, &one.changes);
    if (one.changes.len)
        VEC_PUSH(op->arena, out, one);
    return RC_OK;
}

static enum rc add_versions(struct op *op, const struct contract_bound *bound,
                            struct contract__news *out)
{
    struct scheme_versions versions = {0};
    int64_t far = zone_day_start(op->zone, (struct date){FAR / 4});
    TRY(scheme_versions_in_force(op, bound->scheme_id, op->now, far, &versions));
    for (size_t i = 1; i < versions.len; i++)
        if (versions.at[i].valid_from.v > op->now)
            TRY(add_version(op, bound, &versions.at[i - 1], &versions.at[i], out));
    return RC_OK;
}

/* ---- terms of the contract ---- */

static void add_change(struct op *op, struct scheme_changes *out, struct str where, struct str was,
                       struct str is)
{
    struct scheme_change change = {.kind = SCHEME_CHANGED, .where = where, .was = was, .is = is};
    if (!str_eq(was.at ? was : STR(""), is.at ? is : STR("")))
        VEC_PUSH(op->arena, out, change);
}

static struct str def_words(struct op *op, const struct ui_def *def)
{
    return def->money.currency ? i18n_money(op->arena, op->lang, def->money) : def->text;
}

/* Settlement facts have the same labels in every version; one may be missing. */
static void compare_facts(struct op *op, const struct ui_defs *was, const struct ui_defs *is,
                          struct scheme_changes *out)
{
    for (size_t i = 0; i < is->len; i++)
        for (size_t k = 0; k < was->len; k++)
            if (strcmp(is->at[i].label, was->at[k].label) == 0)
                add_change(op, out, tr(op->lang, is->at[i].label), def_words(op, &was->at[k]),
                           def_words(op, &is->at[i]));
}

static const struct contract__scheme *find_scheme(const struct contract__schemes *schemes,
                                                  struct str code)
{
    for (size_t i = 0; i < schemes->len; i++)
        if (str_eq(schemes->at[i].code, code))
            return &schemes->at[i];
    return NULL;
}

static void compare_values(struct op *op, const struct contract__scheme *was,
                           const struct contract__scheme *is, struct scheme_changes *out)
{
    for (size_t i = 0; i < is->values.len; i++)
        for (size_t k = 0; k < was->values.len; k++)
            if (str_eq(is->values.at[i].label, was->values.at[k].label) &&
                (is->values.at[i].is_own || was->values.at[k].is_own))
                add_change(op, out, is->values.at[i].label, was->values.at[k].shown,
                           is->values.at[i].shown);
}

static enum rc add_terms(struct op *op, const struct contract_version *old,
                         const struct contract_version *new, struct contract__news *out)
{
    struct contract__terms was, is;
    struct contract__announcement one = {.title = tr(op->lang, M("Terms of the contract")),
                                         .day = new->from_day};
    one.from = i18n_format(op->arena, op->lang, M("from {0}"), contract__day_words(op, one.day));
    TRY(contract__terms_make(op, old, true, &was));
    TRY(contract__terms_make(op, new, true, &is));
    compare_facts(op, &was.facts, &is.facts, &one.changes);
    for (size_t i = 0; i < is.schemes.len; i++) {
        const struct contract__scheme *before = find_scheme(&was.schemes, is.schemes.at[i].code);
        if (before)
            compare_values(op, before, &is.schemes.at[i], &one.changes);
        else
            add_change(op, &one.changes, tr(op->lang, M("Scheme")), STR_NONE,
                       is.schemes.at[i].name);
    }
    for (size_t i = 0; i < was.schemes.len; i++)
        if (!find_scheme(&is.schemes, was.schemes.at[i].code))
            add_change(op, &one.changes, tr(op->lang, M("Scheme")), was.schemes.at[i].name,
                       STR_NONE);
    if (one.changes.len)
        VEC_PUSH(op->arena, out, one);
    return RC_OK;
}

/* ---- all of a contract ---- */

static int by_day(const void *left, const void *right)
{
    const struct contract__announcement *a = left, *b = right;
    return a->day < b->day ? -1 : a->day > b->day;
}

enum rc contract__news(struct op *op, const struct contract_versions *all,
                       struct contract__news *out)
{
    int64_t today = contract__today(op);
    const struct contract_version *now = contract_version_on(all, today);
    *out = (struct contract__news){0};
    for (size_t k = 0; now && k < now->schemes_len; k++)
        TRY(add_versions(op, &now->schemes[k], out));
    for (size_t i = 1; i < all->len; i++)
        if (all->at[i].from_day > today)
            TRY(add_terms(op, &all->at[i - 1], &all->at[i], out));
    if (out->len > 1)
        qsort(out->at, out->len, sizeof(*out->at), by_day);
    return RC_OK;
}

/* ---- letters ---- */

static bool may_read(struct op *op, int64_t user_id)
{
    struct actor actor;
    size_t i = 0;
    return auth_actor(op, user_id, &actor) == RC_OK && permission_find(STR("contract.own"), &i) &&
           (actor.permissions[i / 64] >> (i % 64) & 1) != 0;
}

static struct str change_words(struct op *op, const struct scheme_change *change)
{
    if (!change->was.at)
        return change->is;
    if (!change->is.at)
        return i18n_format(op->arena, op->lang, M("no longer {0}"), change->was);
    return i18n_format(op->arena, op->lang, M("{0} → {1}"), change->was, change->is);
}

static enum rc write_letter(struct op *op, const struct auth_user *user, struct str brand,
                            int64_t contract_id, const struct contract__announcement *news)
{
    struct str path = str_printf(op->arena, "/portal/contracts/%s", ctr(contract_id).text);
    struct mail_new mail = {.kind = "contract.announced",
                            .to = user->email,
                            .to_name = user->name,
                            .lang = op->lang,
                            .subject =
                                i18n_format(op->arena, op->lang, M("Your terms change {0}: {1}"),
                                            news->from, news->title),
                            .brand = brand,
                            .is_portal = true};
    size_t n = 0, shown = 0;
    mail.blocks[n++] =
        (struct mail_block){MAIL_TEXT,
                            i18n_format(op->arena, op->lang, M("The scheme “{0}” changes {1}."),
                                        news->title, news->from),
                            STR_NONE};
    for (; shown < news->changes.len && shown < LETTER_CHANGES_MAX; shown++)
        mail.blocks[n++] = (struct mail_block){MAIL_FACT, news->changes.at[shown].where,
                                               change_words(op, &news->changes.at[shown])};
    if (shown < news->changes.len)
        mail.blocks[n++] = (struct mail_block){
            MAIL_TEXT,
            i18n_format(op->arena, op->lang,
                        M("{0, plural, one {And # more change.} other {And # more changes.}}"),
                        (int64_t)(news->changes.len - shown)),
            STR_NONE};
    mail.blocks[n++] = (struct mail_block){MAIL_BUTTON, tr(op->lang, M("Look at the contract")),
                                           http_url(op->arena, path)};
    mail.blocks[n] = (struct mail_block){
        MAIL_SMALL, tr(op->lang, M("Until that day everything stays as it is.")), STR_NONE};
    int64_t id = 0;
    return mail_add(op, &mail, &id);
}

/* Of the first contract that the version concerns. */
static enum rc news_of_version(struct op *op, int64_t partner_id, int64_t version_id,
                               int64_t *out_contract_id, struct contract__announcement *out)
{
    struct partner_contract_row_rows contracts;
    *out_contract_id = 0;
    TRY(q_contracts_of_partner_now(
        op, &(struct q_contracts_of_partner_now_in){partner_id, contract__today(op)}, &contracts));
    for (size_t i = 0; i < contracts.len; i++) {
        struct contract_versions all;
        struct contract__news news;
        TRY(contract_versions(op, contracts.at[i].id, &all));
        TRY(contract__news(op, &all, &news));
        for (size_t k = 0; k < news.len; k++)
            if (news.at[k].version_id == version_id) {
                *out = news.at[k];
                *out_contract_id = contracts.at[i].id;
                return RC_OK;
            }
    }
    return RC_OK;
}

static enum rc tell_user(struct op *op, const struct auth_user *user, struct str brand,
                         int64_t partner_id, int64_t version_id)
{
    const struct lang *before = op->lang;
    struct contract__announcement news;
    int64_t contract_id = 0;
    if (lang_find(user->lang))
        op->lang = lang_find(user->lang);
    enum rc rc = news_of_version(op, partner_id, version_id, &contract_id, &news);
    if (rc == RC_OK && contract_id)
        rc = write_letter(op, user, brand, contract_id, &news);
    op->lang = before;
    return rc;
}

static enum rc tell_partner(struct job *job, int64_t partner_id, int64_t version_id)
{
    struct op *op = job->op;
    struct auth_user_list users = {0};
    struct org_locale locale;
    AUTO_TXN txn = {0};
    TRY(job_txn(job, &txn));
    TRY(org_locale(op, &locale));
    TRY(auth_users_of_partner(op, partner_id, &users));
    for (size_t i = 0; i < users.len; i++)
        if (users.at[i].state == AUTH_ACTIVE && may_read(op, users.at[i].id))
            TRY(tell_user(op, &users.at[i], locale.name, partner_id, version_id));
    TRY(q_contract_announced(op,
                             &(struct q_contract_announced_in){version_id, partner_id, op->now}));
    return txn_commit(&txn);
}

/* Those who were told are not asked for again, so it goes on where it was interrupted. */
enum rc contract__announce_job(struct job *job)
{
    struct op *op = job->op;
    struct scheme_version version;
    struct to_announce_row_rows rows;
    int64_t version_id = 0, done = 0;
    if (!json_i64(json_get(job->args, "version"), &version_id))
        return RC_INVALID;
    TRY(scheme_version_get(op, version_id, &version));
    int64_t day = zone_date(op->zone, version.valid_from.v).days;
    do {
        struct q_contract_to_announce_in in = {version.scheme_id, version_id, day};
        if (!str_eq(version.state, STR("published")) || version.valid_from.v <= op->now)
            break; /* retired meanwhile, or begun */
        TRY(q_contract_to_announce(op, &in, &rows));
        for (size_t i = 0; i < rows.len; i++) {
            TRY(job_check(job));
            TRY(tell_partner(job, rows.at[i].partner_id, version_id));
            job_progress(job, ++done, 0, JOB_ITEMS);
        }
    } while (rows.len > 0);
    struct job_result result = {
        .message = M("{0, plural, one {# partner was told.} other {# partners were told.}}"),
        .args = {str_printf(op->arena, "%lld", (long long)done)}};
    job_result_set(job, &result);
    return RC_OK;
}

static enum rc on_published(struct op *op, const struct outbox_message *message)
{
    bool is_on = false;
    int64_t version_id = 0, job_id = 0;
    TRY(setting_bool(op, "contract.announce", &is_on));
    if (!is_on || !json_i64(json_get(message->payload, "version"), &version_id))
        return RC_OK;
    struct job_new what = {
        .kind = "contract.announce",
        .payload = str_printf(op->arena, "{\"version\":%lld}", (long long)version_id),
        .once_key = str_printf(op->arena, "announce:%lld", (long long)version_id),
        .is_system = true};
    return job_enqueue(op, &what, &job_id);
}

const struct outbox_subscriber contract_subscribers[] = {
    {.name = "contract.on_scheme_published", .topic = "scheme.published", .deliver = on_published},
    {0},
};

/* ---- whom a version concerns ---- */

const struct field contract__affected_fields[] = {
    UI_LIST_FIELDS(contract__affected_query, q_contract_affected_sorts),
    F_STR(contract__affected_query, own, 0, 3),
    FIELDS_END,
};

enum { COL_PARTNER, COL_CONTRACT, COL_STATE, COL_TERMS, COL_OWN, COLS };
static const struct ui_column columns[] = {
    [COL_PARTNER] = {.name = "partner",
                     .title = M("Partner"),
                     .kind = UI_TEXT,
                     .sort = "partner",
                     .place = UI_AT_NAME,
                     .sub_name = "partner_code",
                     .sub_title = M("Code")},
    [COL_CONTRACT] = {.name = "contract",
                      .title = M("Contract"),
                      .kind = UI_TEXT,
                      .sort = "code",
                      .place = UI_AT_SUB},
    [COL_STATE] = {.name = "state",
                   .title = M("State"),
                   .kind = UI_STATE,
                   .record = "contract",
                   .place = UI_AT_BADGE},
    [COL_TERMS] = {.name = "terms_from", .title = M("Its terms since"), .kind = UI_DATE},
    [COL_OWN] = {.name = "individual_values", .title = M("Individual values"), .kind = UI_TEXT},
};
static const struct ui_filter filters[] = {
    {.name = "own", .label = M("Individual values"), .kind = UI_PICK},
};

static enum rc own_words(struct op *op, const struct scheme *scheme, int64_t bound_id,
                         struct str *out)
{
    struct own_term_row_rows rows;
    struct str_list words = {0};
    TRY(q_contract_own_terms(op, &(struct q_contract_own_terms_in){bound_id}, &rows));
    for (size_t i = 0; i < rows.len; i++)
        for (size_t k = 0; k < scheme->attributes_len; k++) {
            const struct scheme_attribute *a = &scheme->attributes[k];
            if (!str_eq(a->name, rows.at[i].name))
                continue;
            struct str value = scheme_value_words(op, a, rows.at[i].value);
            VEC_PUSH(op->arena, &words,
                     i18n_format(op->arena, op->lang, M("{0}: {1}"), a->label, value));
        }
    *out = words.len ? i18n_list(op->arena, op->lang, words.at, words.len) : STR_NONE;
    return RC_OK;
}

/* From its first day on; of a draft from today on. */
static int64_t day_of(struct op *op, const struct scheme_version *version)
{
    int64_t at = version->valid_from.has && version->valid_from.v > op->now ? version->valid_from.v
                                                                            : op->now;
    return zone_date(op->zone, at).days;
}

static enum rc fill_affected(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    const struct contract__affected_query *query = form(r);
    const struct scheme *scheme;
    struct scheme_version version;
    struct affected_row_page page = {0};
    TRY(scheme_version_get(op, path_id(r, "scv"), &version));
    TRY(scheme_version_load(op, version.id, &scheme));
    struct q_contract_affected_in in = {
        .scheme_id = version.scheme_id, .day = day_of(op, &version), .page = list->page};
    if (list->search.len)
        in.q = text_fold(op->arena, list->search);
    if (query->own.len)
        in.own = SOME(str_eq(query->own, STR("yes")) ? 1 : 0);
    ui_list_option(list, "own", STR("yes"), tr(op->lang, M("With values of their own")));
    ui_list_option(list, "own", STR("no"), tr(op->lang, M("With the scheme's values")));
    TRY(q_contract_affected(op, &in, &page));
    for (size_t i = 0; i < page.len; i++) {
        const struct affected_row *row = &page.at[i];
        struct str own;
        struct ui_cell *cells = ui_list_row(list, ui_pid(op, ctr(row->id)));
        TRY(own_words(op, scheme, row->bound_id, &own));
        cells[COL_PARTNER] = ui_cell_two(row->partner_name, row->partner_code);
        cells[COL_CONTRACT] = ui_cell_link(row->code, STR_NONE, contract_href(op, row->id));
        cells[COL_STATE] = ui_cell_state(row->state);
        cells[COL_TERMS] = ui_cell_date(SOME(row->terms_from));
        cells[COL_OWN] = ui_cell_text(own);
    }
    ui_list_cursors(list, &page);
    return RC_OK;
}

static const struct ui_list_spec affected_list = {
    .name = "affected",
    .title = M("Who is affected"),
    .icon = "writing",
    .columns = columns,
    .columns_len = COLS,
    .filters = filters,
    .filters_len = LEN(filters),
    .sorts = q_contract_affected_sorts,
    .sort = "partner",
    .search = M("Partner, contract"),
    .empty = M("No contract has this scheme from that day on."),
    .fill = fill_affected,
};

static enum rc fill_head(struct req *r, struct ui_list *list)
{
    struct op *op = r->op;
    struct scheme_version version;
    struct scheme_info scheme;
    struct affected_sum count;
    TRY(scheme_version_get(op, path_id(r, "scv"), &version));
    TRY(scheme_get(op, version.scheme_id, &scheme));
    int64_t day = day_of(op, &version);
    TRY(q_contract_affected_sum(op, &(struct q_contract_affected_sum_in){version.scheme_id, day},
                                &count));
    struct str href = str_printf(op->arena, "/schemes/versions/%s", pid_of("scv", version.id).text);
    ui_crumb(op, &list->head, M("Schemes"), STR("/schemes"));
    ui_crumb_text(op, &list->head, scheme.name,
                  str_printf(op->arena, "/schemes/%s", pid_of("sch", scheme.id).text));
    ui_crumb_text(op, &list->head,
                  i18n_format(op->arena, op->lang, M("Version {0}"), version.number), href);
    list->head.note = i18n_format(
        op->arena, op->lang,
        M("{0, plural, one {# contract} other {# contracts}} of {1, plural, one {# partner} other "
          "{# partners}}, from {2}"),
        count.contracts, count.partners, contract__day_words(op, day));
    return fill_affected(r, list);
}

enum rc contract__page_affected(struct req *r)
{
    struct ui_list_spec spec = affected_list;
    spec.fill = fill_head;
    TRY(op_must(r->op, "scheme.read"));
    return ui_list_page(r, &spec);
}
