/* What auth registers: permissions, settings of the process, names for the audit. */
#include "auth/auth.h"

#include "auth/auth_int.h"

const struct permission auth_permissions[] = {
    {"user.read", M("See people and what they may do"), ACTOR_STAFF},
    {"user.edit", M("Invite, change and block people"), ACTOR_STAFF},
    {"role.read", M("See roles"), ACTOR_STAFF},
    {"role.edit", M("Edit roles"), ACTOR_STAFF},
    {"key.read", M("See API keys of everybody"), ACTOR_STAFF},
    {"key.edit", M("Make own API keys"), ACTOR_STAFF},
    {"team.read", M("See the partner's own people"), ACTOR_PARTNER},
    {"team.edit", M("Invite, change and block the partner's own people"), ACTOR_PARTNER},
    {0},
};
const size_t auth_permissions_len = LEN(auth_permissions) - 1;

const struct conf_def auth_conf[] = {
    {.name = "session_idle",
     .type = CONF_DURATION,
     .fallback = "12h",
     .min = 5 * US_MINUTE,
     .max = 90 * US_DAY,
     .help = "A session ends when it was not used for this long."},
    {.name = "session_max",
     .type = CONF_DURATION,
     .fallback = "30d",
     .min = 5 * US_MINUTE,
     .max = 365 * US_DAY,
     .help = "A session ends after this long in any case."},
    {.name = "password_memory",
     .type = CONF_SIZE,
     .fallback = "19MiB",
     .min = INT64_C(19) * 1024 * 1024,
     .max = INT64_C(1024) * 1024 * 1024,
     .help = "Memory of one argon2id password hash; at most two are computed at a time."},
    {.name = "password_passes",
     .type = CONF_INT,
     .fallback = "2",
     .min = 2,
     .max = 20,
     .help = "Passes of one argon2id password hash."},
    {0},
};

static const struct audit_name names[] = {
    {"user", M("Person"), "/settings/users/", "usr"},
    {"role", M("Role"), "/settings/roles/", "rol"},
    {"api_key", M("API key"), NULL, NULL},
    {"user.add", M("Person added"), NULL, NULL},
    {"user.invite", M("Person invited"), NULL, NULL},
    {"user.invite_again", M("Invitation sent again"), NULL, NULL},
    {"user.accept", M("Invitation accepted"), NULL, NULL},
    {"user.edit", M("Person changed"), NULL, NULL},
    {"user.profile", M("Profile changed"), NULL, NULL},
    {"user.block", M("Person blocked"), NULL, NULL},
    {"user.unblock", M("Person unblocked"), NULL, NULL},
    {"user.password", M("Password changed"), NULL, NULL},
    {"user.reset_asked", M("New password asked for"), NULL, NULL},
    {"user.sign_in", M("Signed in"), NULL, NULL},
    {"user.sign_out", M("Signed out"), NULL, NULL},
    {"user.sessions_end", M("Sessions ended"), NULL, NULL},
    {"user.factor_on", M("Second factor switched on"), NULL, NULL},
    {"user.factor_off", M("Second factor switched off"), NULL, NULL},
    {"role.add", M("Role added"), NULL, NULL},
    {"role.edit", M("Role changed"), NULL, NULL},
    {"role.delete", M("Role deleted"), NULL, NULL},
    {"api_key.add", M("API key made"), NULL, NULL},
    {"api_key.revoke", M("API key revoked"), NULL, NULL},
    {"user:name", M("Name||of a person"), NULL, NULL},
    {"user:email", M("E-mail"), NULL, NULL},
    {"user:state", M("State"), NULL, NULL},
    {"user:roles", M("Roles"), NULL, NULL},
    {"user:branches", M("Branches"), NULL, NULL},
    {"user:lang", M("Language"), NULL, NULL},
    {"role:name", M("Name"), NULL, NULL},
    {"role:permissions", M("Permissions"), NULL, NULL},
    {"api_key:name", M("Name"), NULL, NULL},
    {"api_key:scopes", M("Permissions"), NULL, NULL},
    {0},
};

/* Groups of the permission table; a noun that is not here is shown as it is written. */
static const struct {
    const char *noun, *label;
} nouns[] = {
    {"approval", M("Approvals")},
    {"attribute", M("Custom attributes")},
    {"audit", M("Audit trail")},
    {"catalog", M("Products and categories")},
    {"contract", M("Contracts")},
    {"customer", M("Customers")},
    {"file", M("Files")},
    {"import", M("Imports")},
    {"job", M("Background work")},
    {"key", M("API keys")},
    {"ledger", M("Ledger")},
    {"mail", M("Letters")},
    {"org", M("Company")},
    {"outlet", M("Points of sale")},
    {"partner", M("Partners")},
    {"portal", M("Portal")},
    {"product", M("Products")},
    {"reward", M("Rewards")},
    {"role", M("Roles")},
    {"run", M("Runs")},
    {"sale", M("Sales and other events")},
    {"scheme", M("Schemes")},
    {"setting", M("Settings")},
    {"statement", M("Statements")},
    {"team", M("Team")},
    {"user", M("People")},
};

const char *auth__noun_label(struct str noun)
{
    for (size_t i = 0; i < LEN(nouns); i++)
        if (str_eq(noun, str_of(nouns[i].noun)))
            return nouns[i].label;
    return NULL;
}

static const struct ui_page pages[] = {
    {UI_SETTINGS, M("People"), "/settings/users", "user.read"},
    {UI_SETTINGS, M("Roles"), "/settings/roles", "role.read"},
    {UI_SETTINGS, M("API keys"), "/settings/keys", "key.edit"},
    {UI_MY_TEAM, M("Team"), "/team", "team.read"},
};

void auth_start(void)
{
    audit_name_declare(names);
    org_people_set(&auth__people);
    ui_pages_declare(pages, LEN(pages));
    ui_hooks_set(&auth_ui_hooks);
}
