/* What is done to many people at once: blocking, unblocking, inviting again. Staff may mean all
 * that a filter shows; a partner's own team is marked row by row. */
#include "auth/auth_int.h"
#include "jobs/jobs.h"

static enum rc name_of(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str *out)
{
    struct auth_user user;
    (void)bulk;
    TRY(auth__user_seen(op, id, &user));
    *out = user.name;
    return RC_OK;
}

static enum rc set_blocked(struct op *op, int64_t id, bool is_blocked)
{
    struct auth_user user;
    TRY(auth__user_seen(op, id, &user));
    return auth_user_block(op, user.id, user.revision, is_blocked);
}

static enum rc block(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)bulk;
    (void)value;
    return set_blocked(op, id, true);
}

static enum rc unblock(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    (void)bulk;
    (void)value;
    return set_blocked(op, id, false);
}

static enum rc invite(struct op *op, const struct ui_bulk *bulk, int64_t id, struct str value)
{
    struct auth_user user;
    (void)bulk;
    (void)value;
    TRY(auth__user_seen(op, id, &user));
    return auth_user_invite_again(op, user.id);
}

static const struct ui_bulk_step steps[] = {
    {.name = "invite",
     .title = M("Invite these people again"),
     .submit = M("Send the invitations"),
     .text = M("Links of earlier invitations stop working. Who has accepted one already cannot be "
               "invited again."),
     .done = M("The invitations are on their way."),
     .change = invite},
    {.name = "unblock",
     .title = M("Unblock these people"),
     .submit = M("Unblock"),
     .text = M("They can sign in again with the old password."),
     .done = M("Unblocked."),
     .change = unblock},
    {.name = "block",
     .title = M("Block these people"),
     .submit = M("Block"),
     .text = M("They are signed out at once and cannot come in any more; API keys stop working. "
               "What they did stays."),
     .done = M("Blocked."),
     .is_danger = true,
     .change = block},
    {.name = NULL},
};

static const struct ui_bulk staff_bulk = {
    .path = "/settings/users",
    .prefix = "usr",
    .plural = M("People"),
    .count = M("{0, plural, one {# person} other {# people}}"),
    .spec = auth__user_list_spec,
    .name = name_of,
    .steps = steps,
    .job = "user.bulk",
};
static const struct ui_bulk team_bulk = {
    .path = "/team",
    .prefix = "usr",
    .plural = M("Team"),
    .count = M("{0, plural, one {# person} other {# people}}"),
    .name = name_of,
    .steps = steps,
};

static const struct ui_bulk *bulk_of(const struct op *op)
{
    return op->actor.kind == ACTOR_PARTNER ? &team_bulk : &staff_bulk;
}

enum rc auth__user_ask_bulk(struct req *r)
{
    return ui_bulk_ask(r, bulk_of(r->op), path_str(r, "what"));
}

enum rc auth__user_bulk(struct req *r)
{
    return ui_bulk_page(r, bulk_of(r->op), path_str(r, "what"));
}

enum rc auth__user_bulk_run(struct job *job)
{
    return job_bulk_run(job, &staff_bulk);
}
