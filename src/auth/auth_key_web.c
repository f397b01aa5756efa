/* API keys: own ones, or everybody's for those who may see them. A new secret is shown on the
 * answer to the form and nowhere again. */
#include "auth/auth_int.h"
#include "auth/auth_view.h"

static struct str key_note(struct op *op, const struct key_rec *k)
{
    struct str used = k->used_at.has
                          ? i18n_format(op->arena, op->lang, M("last used {0}"),
                                        i18n_date_time(op->arena, op->lang, k->used_at.v, op->zone))
                          : tr(op->lang, M("never used"));
    return str_printf(op->arena, STR_FMT "\xe2\x80\xa6 \xc2\xb7 " STR_FMT " \xc2\xb7 " STR_FMT,
                      STR_ARG(k->shown), STR_ARG(k->user_name), STR_ARG(used));
}

static const char *key_state(const struct op *op, const struct key_rec *k)
{
    if (k->revoked_at.has)
        return "revoked";
    return k->expires_at.has && k->expires_at.v <= op->now ? "expired" : "active";
}

struct key_list {
    const struct op *op;
    const struct key_rec_rows *rows;
};

static void key_pair_time(struct json_writer *w, const char *name, struct opt_i64 at)
{
    json_key(w, name);
    if (at.has)
        json_put_instant(w, at.v);
    else
        json_put_null(w);
}

static void put_key(struct json_writer *w, const struct op *op, const struct key_rec *k)
{
    struct str rest = k->scopes;
    json_pair_str(w, "id", str_of(key(k->id).text));
    json_pair_str(w, "name", k->name);
    json_pair_str(w, "begins_with", k->shown);
    json_pair_str(w, "user", str_of(usr(k->user_id).text));
    json_pair_str(w, "user_name", k->user_name);
    json_pair_str(w, "state", str_of(key_state(op, k)));
    json_key(w, "scopes");
    json_array(w);
    while (rest.at && rest.len > 0)
        json_put_str(w, str_cut(&rest, ' '));
    json_array_end(w);
    key_pair_time(w, "expires_at", k->expires_at);
    key_pair_time(w, "used_at", k->used_at);
    key_pair_time(w, "revoked_at", k->revoked_at);
}

static void key_list_json(struct json_writer *w, const struct key_list *v)
{
    json_object(w);
    json_key(w, "data");
    json_array(w);
    for (size_t i = 0; i < v->rows->len; i++) {
        json_object(w);
        put_key(w, v->op, &v->rows->at[i]);
        json_object_end(w);
    }
    json_array_end(w);
    json_pair_str(w, "next_cursor", STR_NONE);
    json_object_end(w);
}

static enum rc page_list(struct req *r)
{
    struct op *op = r->op;
    struct key_rec_rows rows;
    bool sees_all = op_may(op, "key.read");
    struct auth_keys_page v = {.head = {.title = M("API keys")}};
    ui_act(op, &v.head.actions,
           (struct ui_action){.label = M("Make a key"),
                              .icon = "plus",
                              .kind = UI_PRIMARY,
                              .href = STR("/settings/keys/new"),
                              .permission = "key.edit"});
    ui_act(op, &v.head.actions,
           (struct ui_action){
               .label = M("API reference"), .icon = "api", .href = STR("/api-reference")});
    TRY(q_keys(op, &(struct q_keys_in){.user_id = sees_all ? NONE : SOME(op->actor.user_id)},
               &rows));
    if (http_wants_json(r))
        return JSON(r, key_list, (&(struct key_list){op, &rows}));
    for (size_t i = 0; i < rows.len; i++) {
        const struct key_rec *k = &rows.at[i];
        struct auth_key_row row = {
            .name = k->name,
            .note = key_note(op, k),
            .state = str_of(key_state(op, k)),
            .expires = k->expires_at.has
                           ? i18n_date(op->arena, op->lang, zone_date(op->zone, k->expires_at.v),
                                       DATE_MEDIUM, PLACE_START)
                           : STR_NONE,
        };
        if (!k->revoked_at.has)
            row.revoke_href = ui_url(op, "/settings/keys", key(k->id), "/revoke");
        VEC_PUSH(op->arena, &v, row);
    }
    return PAGE(r, M("API keys"), auth_keys, &v);
}

/* ---- making one ---- */

struct key_form {
    struct str name;
    struct str_list scopes;
    struct opt_date expires;
};
static const struct field key_fields[] = {
    F_STR(key_form, name, 1, 80),
    F_STRS(key_form, scopes, PERMISSIONS_MAX),
    F_OPT_DATE(key_form, expires),
    FIELDS_END,
};
static const struct ui_field key_shown[] = {
    {.name = "name",
     .label = M("What the key is for"),
     .kind = UI_FIELD_TEXT,
     .is_required = true,
     .max_len = 80},
    {.name = "expires",
     .label = M("Works until"),
     .hint = M("Without a day it works until it is revoked."),
     .kind = UI_FIELD_DATE},
};

static enum rc page_new(struct req *r)
{
    struct op *op = r->op;
    struct permission_set own, chosen = {{0}};
    struct ui_form form = {.action = STR("/settings/keys"),
                           .submit = M("Make the key"),
                           .is_wide = true,
                           .cancel_href = STR("/settings/keys")};
    ui_crumb(op, &form.head, M("API keys"), STR("/settings/keys"));
    form.head.title = M("New key");
    ui_form_init(r, &form, key_shown, LEN(key_shown));
    TRY(auth__permissions_of(op, op->actor.user_id, &own));
    if (req_is_again(r))
        auth__matrix_sent(r, "scopes", &chosen);
    struct auth_role_page v = {.is_editable = true, .is_scopes = true};
    enum auth_side side = op->actor.kind == ACTOR_PARTNER ? AUTH_PARTNER : AUTH_STAFF;
    auth__matrix(op, side, &chosen, &own, &v.matrix);
    (void)http_page_begin(r, NULL);
    v.problem = req_problem(r, "scopes");
    form.below = ui_capture(http_out(r), auth_matrix_view, &v);
    return ui_form_page(r, &form);
}

struct key_made {
    const struct op *op;
    struct key_rec key;
    struct str secret; /* absent when the key is only looked at */
};

static void key_made_json(struct json_writer *w, const struct key_made *v)
{
    json_object(w);
    put_key(w, v->op, &v->key);
    if (v->secret.at)
        json_pair_str(w, "secret", v->secret);
    json_object_end(w);
}

static enum rc page_make(struct req *r)
{
    const struct key_form *in = form(r);
    struct op *op = r->op;
    struct auth_key_new new = {
        .user_id = op->actor.user_id,
        .name = in->name,
        .scopes = in->scopes,
    };
    if (in->expires.has)
        new.expires_at = SOME(zone_day_start(op->zone, date_add_days(in->expires.v, 1)));
    int64_t id;
    struct auth_key_page v = {.name = in->name};
    TRY(auth_key_add(op, &new, &id, &v.secret));
    if (http_wants_json(r)) {
        struct key_made made = {.op = op, .secret = v.secret};
        TRY(q_key(op, &(struct q_key_in){.id = id}, &made.key));
        answer_status(r, 201);
        return JSON(r, key_made, &made);
    }
    return PAGE(r, M("The new key"), auth_key, &v);
}

/* ---- revoking ---- */

/* Own keys; others by who may see all of them (auth_key_revoke then asks for more). */
static enum rc key_seen(struct op *op, int64_t id, struct key_rec *out)
{
    TRY(q_key(op, &(struct q_key_in){.id = id}, out));
    return out->user_id == op->actor.user_id || op_may(op, "key.read") ? RC_OK : RC_MISSING;
}

static enum rc page_show(struct req *r)
{
    struct key_made v = {.op = r->op};
    TRY(key_seen(r->op, path_id(r, "key"), &v.key));
    return JSON(r, key_made, &v);
}

static enum rc key_kind_get(struct op *op, int64_t id, struct ui_record *out)
{
    struct key_rec k;
    TRY(key_seen(op, id, &k));
    *out = (struct ui_record){.id = id, .name = k.name};
    return RC_OK;
}

static const struct ui_record_kind key_kind = {
    .path = "/settings/keys", .prefix = "key", .get = key_kind_get};

static enum rc page_ask_revoke(struct req *r)
{
    static const struct ui_record_step step = {
        .name = "revoke",
        .title = M("Revoke the key?"),
        .text = M("Programs that use {0} are refused at once. This cannot be undone."),
        .button = M("Revoke"),
        .is_danger = true,
    };
    return ui_record_ask(r, &key_kind, &step);
}

static enum rc page_revoke(struct req *r)
{
    struct key_rec k;
    TRY(key_seen(r->op, path_id(r, "key"), &k));
    TRY(auth_key_revoke(r->op, k.id));
    return ui_record_done(r, &key_kind, k.id, M("The key was revoked."));
}

const struct route auth_key_routes[] = {
    ROUTE(GET, "/settings/keys", page_list, "key.edit", API),
    ROUTE(GET, "/settings/keys/new", page_new, "key.edit"),
    ROUTE(POST, "/settings/keys", page_make, "key.edit", FORM(key_form, key_fields),
          FORM_PAGE(page_new), API),
    ROUTE(GET, "/settings/keys/:key", page_show, "key.edit", API_ONLY),
    ROUTE(GET, "/settings/keys/:key/revoke", page_ask_revoke, "key.edit"),
    ROUTE(POST, "/settings/keys/:key/revoke", page_revoke, "key.edit", FORM_PAGE(page_ask_revoke),
          API),
    {0},
};
