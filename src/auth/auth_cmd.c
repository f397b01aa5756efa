/* kontor user … and kontor key …: people and keys from the command line, for installations that
 * are set up by scripts and for an administrator who has lost the way in. They act as the system;
 * whoever may run them owns the database anyway. */
#include <fcntl.h>
#include <unistd.h>

#include "auth/auth_int.h"

enum { PASSWORD_FILE_MAX = 4096, LIST_PAGE = 200 };

static const char *const state_names[] = {"", "invited", "active", "blocked"};

/* ---- passwords ---- */

/* The first line of the file, without its end. */
static enum rc read_password(struct cli *cli, const char *path, struct str *out)
{
    char bytes[PASSWORD_FILE_MAX];
    struct str whole = cli_path(cli, str_of(path));
    AUTO_FD fd = open(str_c(cli->arena, whole), O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (len < 0)
        return fail(&cli->op, RC_MISSING, NULL, M("The file {0} cannot be read."), path);
    struct str text = {bytes, (size_t)len};
    struct str line = str_cut(&text, '\n');
    if (str_ends(line, STR("\r")))
        line.len--;
    *out = str_dup(cli->arena, line);
    crypt_wipe(bytes, sizeof bytes);
    return RC_OK;
}

/* Of the file that was named, or a new one that is printed: 80 random bits in groups of four. */
static enum rc choose_password(struct cli *cli, struct str *out, bool *out_is_made)
{
    const char *path = cli_option(cli, "password-file");
    char token[CRYPT_TOKEN_MAX];
    *out_is_made = path == NULL;
    if (path)
        return read_password(cli, path, out);
    crypt_token_base32(token);
    *out = str_printf(cli->arena, "%.4s-%.4s-%.4s-%.4s", token, token + 4, token + 8, token + 12);
    crypt_wipe(token, sizeof token);
    return RC_OK;
}

static void print_user(struct cli *cli, const struct auth_user *user, struct str password)
{
    if (!cli->is_json) {
        cli_print(cli, STR_FMT "  %s  " STR_FMT "\n", STR_ARG(user->email),
                  state_names[user->state], STR_ARG(user->name));
        if (password.at)
            cli_print(cli, "password: " STR_FMT "\n", STR_ARG(password));
        return;
    }
    AUTO_BUF buf = BUF(16 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "id", str_of(usr(user->id).text));
    json_pair_str(&w, "email", user->email);
    json_pair_str(&w, "name", user->name);
    json_pair_str(&w, "state", str_of(state_names[user->state]));
    json_pair_str(&w, "side", user->side == AUTH_STAFF ? STR("staff") : STR("partner"));
    if (password.at)
        json_pair_str(&w, "password", password);
    json_object_end(&w);
    buf_char(&buf, '\n');
    cli_put(cli, buf_str(&buf));
}

/* ---- user add ---- */

static enum rc take_roles(struct cli *cli, struct auth_user_new *in)
{
    const char *option = cli_option(cli, "role");
    struct str rest = option ? str_of(option) : STR("administrator");
    while (rest.at) {
        struct str name = str_trim(str_cut(&rest, ','));
        struct auth_role role;
        enum rc rc = auth_role_find(&cli->op, name, &role);
        if (rc == RC_MISSING)
            return fail(&cli->op, rc, NULL, M("There is no role {0}."), str_c(cli->arena, name));
        TRY(rc);
        VEC_PUSH(cli->arena, &in->roles, role.id);
    }
    return RC_OK;
}

static enum rc take_branches(struct cli *cli, struct auth_user_new *in)
{
    const char *option = cli_option(cli, "branch");
    struct str rest = option ? str_of(option) : STR_NONE;
    in->has_all_branches = option == NULL;
    while (rest.at) {
        struct str code = str_trim(str_cut(&rest, ','));
        struct org_branch branch;
        enum rc rc = org_branch_by_code(&cli->op, code, &branch);
        if (rc == RC_MISSING)
            return fail(&cli->op, rc, NULL, M("There is no branch {0}."), str_c(cli->arena, code));
        TRY(rc);
        VEC_PUSH(cli->arena, &in->branches, branch.id);
    }
    return RC_OK;
}

static enum rc run_user_add(struct cli *cli)
{
    struct op *op = &cli->op;
    const char *name = cli_option(cli, "name"), *lang = cli_option(cli, "lang");
    struct auth_user_new in = {
        .side = AUTH_STAFF,
        .email = cli->args[0],
        .name = name ? str_of(name) : cli->args[0],
        .lang = str_of(lang),
    };
    struct auth_user user;
    struct str password = STR_NONE;
    bool is_made = false;
    int64_t id;
    TRY(take_roles(cli, &in));
    TRY(take_branches(cli, &in));
    if (cli_switch(cli, "invite")) {
        TRY(auth_user_invite(op, &in, &id));
    } else {
        TRY(choose_password(cli, &password, &is_made));
        TRY(auth_user_add(op, &in, password, &id));
    }
    TRY(auth_user_get(op, id, &user));
    print_user(cli, &user, is_made ? password : STR_NONE);
    return RC_OK;
}

/* ---- user list, block, password ---- */

/* Lists are written as they are read: "[" before, "," between, "]" after. */
static void json_mark(struct cli *cli, const char *mark)
{
    if (cli->is_json)
        cli_print(cli, "%s", mark);
}

static enum rc run_user_list(struct cli *cli)
{
    struct q_user_list_in in = {.sees_partners = true, .page = {.limit = LIST_PAGE}};
    bool is_first = true;
    json_mark(cli, "[\n");
    do {
        struct user_row_page page = {0};
        TRY(q_user_list(&cli->op, &in, &page));
        for (size_t i = 0; i < page.len; i++) {
            const struct user_row *row = &page.at[i];
            struct auth_user user = {.id = row->id,
                                     .side = (enum auth_side)row->side,
                                     .state = (enum auth_user_state)row->state,
                                     .email = row->email,
                                     .name = row->name};
            json_mark(cli, is_first ? "" : ",");
            print_user(cli, &user, STR_NONE);
            is_first = false;
        }
        in.page.cursor = page.next;
    } while (in.page.cursor.at);
    json_mark(cli, "]\n");
    return RC_OK;
}

static enum rc find_user(struct cli *cli, struct auth_user *out)
{
    enum rc rc = auth_user_by_email(&cli->op, cli->args[0], out);
    if (rc == RC_MISSING)
        return fail(&cli->op, rc, NULL, M("Nobody has the e-mail address {0}."),
                    str_c(cli->arena, cli->args[0]));
    return rc;
}

static enum rc run_user_block(struct cli *cli)
{
    struct auth_user user;
    TRY(find_user(cli, &user));
    TRY(auth_user_block(&cli->op, user.id, user.revision, !cli_switch(cli, "off")));
    TRY(auth_user_get(&cli->op, user.id, &user));
    print_user(cli, &user, STR_NONE);
    return RC_OK;
}

static enum rc run_user_password(struct cli *cli)
{
    struct auth_user user;
    struct str password;
    bool is_made;
    TRY(find_user(cli, &user));
    TRY(choose_password(cli, &password, &is_made));
    TRY(auth_password_set(&cli->op, user.id, password, 0));
    if (user.has_second_factor && cli_switch(cli, "factor-off"))
        TRY(auth__factor_off(&cli->op, user.id));
    TRY(auth_user_get(&cli->op, user.id, &user));
    print_user(cli, &user, is_made ? password : STR_NONE);
    return RC_OK;
}

/* ---- keys ---- */

static void print_key(struct cli *cli, const struct key_rec *k, struct str secret)
{
    if (!cli->is_json) {
        cli_print(cli, "%s  " STR_FMT "…  " STR_FMT "  " STR_FMT "%s\n", key(k->id).text,
                  STR_ARG(k->shown), STR_ARG(k->user_name), STR_ARG(k->name),
                  k->revoked_at.has ? "  revoked" : "");
        if (secret.at)
            cli_print(cli, "secret: " STR_FMT "\n", STR_ARG(secret));
        return;
    }
    AUTO_BUF buf = BUF(80 * 1024);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "id", str_of(key(k->id).text));
    json_pair_str(&w, "name", k->name);
    json_pair_str(&w, "user", k->user_name);
    json_pair_str(&w, "scopes", k->scopes);
    json_pair_bool(&w, "revoked", k->revoked_at.has);
    if (secret.at)
        json_pair_str(&w, "secret", secret);
    json_object_end(&w);
    buf_char(&buf, '\n');
    cli_put(cli, buf_str(&buf));
}

static enum rc run_key_add(struct cli *cli)
{
    struct op *op = &cli->op;
    struct auth_user user;
    TRY(find_user(cli, &user));
    const char *days = cli_option(cli, "days"), *scopes = cli_option(cli, "scopes");
    struct auth_key_new in = {.user_id = user.id, .name = cli->args[1]};
    struct str rest = str_of(scopes ? scopes : "*"), secret;
    struct key_rec rec;
    int64_t id, days_n;
    while (rest.at)
        VEC_PUSH(cli->arena, &in.scopes, str_trim(str_cut(&rest, ',')));
    if (days) {
        if (!str_to_i64(str_of(days), &days_n) || days_n < 1 || days_n > 36500)
            return fail(op, RC_INVALID, NULL, M("Give a number of days from 1 to 36500."));
        in.expires_at = SOME(op->now + days_n * US_DAY);
    }
    TRY(auth_key_add(op, &in, &id, &secret));
    TRY(q_key(op, &(struct q_key_in){.id = id}, &rec));
    print_key(cli, &rec, secret);
    return RC_OK;
}

static enum rc run_key_list(struct cli *cli)
{
    struct key_rec_rows rows;
    struct auth_user user = {0};
    if (cli->args_len)
        TRY(find_user(cli, &user));
    TRY(q_keys(&cli->op, &(struct q_keys_in){.user_id = user.id ? SOME(user.id) : NONE}, &rows));
    json_mark(cli, "[\n");
    for (size_t i = 0; i < rows.len; i++) {
        json_mark(cli, i ? "," : "");
        print_key(cli, &rows.at[i], STR_NONE);
    }
    json_mark(cli, "]\n");
    return RC_OK;
}

static enum rc run_key_revoke(struct cli *cli)
{
    struct key_rec rec;
    int64_t id;
    enum rc rc = pid_parse("key", cli->args[0], &id) ? RC_OK : RC_MISSING;
    if (rc == RC_OK)
        rc = auth_key_revoke(&cli->op, id);
    if (rc == RC_MISSING)
        return fail(&cli->op, rc, NULL, M("There is no key {0}."), str_c(cli->arena, cli->args[0]));
    TRY(rc);
    TRY(q_key(&cli->op, &(struct q_key_in){.id = id}, &rec));
    print_key(cli, &rec, STR_NONE);
    return RC_OK;
}

/* ---- the table ---- */

#define PASSWORD_OPTION                                                                            \
    {                                                                                              \
        "password-file", "FILE", "first line of FILE; without it a password is made and printed"   \
    }

const struct command auth_commands[] = {
    {
        .name = "user add",
        .args = "EMAIL",
        .args_min = 1,
        .args_max = 1,
        .summary = "add a staff user, or invite one by mail",
        .help = "Examples:\n"
                "  kontor user add ann@example.com --name \"Ann Lee\"\n"
                "  kontor user add bob@example.com --role accountant,auditor --branch HQ,N1\n"
                "  kontor user add eva@example.com --invite\n",
        .needs = CLI_WRITES,
        .options = {{"name", "NAME", "as people know them; the e-mail address without it"},
                    {"role", "ROLES", "names of roles, with commas; administrator without it"},
                    {"branch", "CODES", "codes of branches, with commas; all without it"},
                    {"lang", "LANG", "en, ru or es"},
                    PASSWORD_OPTION,
                    {"invite", NULL, "send a link by mail in place of a password"},
                    {0}},
        .run = run_user_add,
    },
    {
        .name = "user list",
        .summary = "list the people of both sides",
        .help = "  kontor user list\n  kontor user list --json",
        .needs = CLI_READS,
        .run = run_user_list,
    },
    {
        .name = "user block",
        .args = "EMAIL",
        .args_min = 1,
        .args_max = 1,
        .summary = "block a person and end their sessions",
        .help = "  kontor user block eva@example.com\n  kontor user block eva@example.com --off",
        .needs = CLI_WRITES,
        .options = {{"off", NULL, "let the person in again"}, {0}},
        .run = run_user_block,
    },
    {
        .name = "user password",
        .args = "EMAIL",
        .args_min = 1,
        .args_max = 1,
        .summary = "set a new password and end all sessions",
        .help = "  kontor user password ann@example.com\n"
                "  kontor user password ann@example.com --password-file new.txt --factor-off",
        .needs = CLI_WRITES,
        .options = {PASSWORD_OPTION,
                    {"factor-off", NULL, "switch off the second factor as well"},
                    {0}},
        .run = run_user_password,
    },
    {
        .name = "key add",
        .args = "EMAIL NAME",
        .args_min = 2,
        .args_max = 2,
        .summary = "make an API key for a person; its secret is printed once",
        .help = "Examples:\n"
                "  kontor key add ann@example.com \"Till export\" --scopes event.edit --days 365\n",
        .needs = CLI_WRITES,
        .options = {{"scopes", "NAMES", "permissions, with commas; all of the person without it"},
                    {"days", "N", "for how long; until it is revoked without it"},
                    {0}},
        .run = run_key_add,
    },
    {
        .name = "key list",
        .args = "[EMAIL]",
        .args_max = 1,
        .summary = "list API keys",
        .help = "  kontor key list\n  kontor key list ann@example.com --json",
        .needs = CLI_READS,
        .run = run_key_list,
    },
    {
        .name = "key revoke",
        .args = "KEY",
        .args_min = 1,
        .args_max = 1,
        .summary = "revoke an API key at once",
        .help =
            "KEY is the id that kontor key list shows.\n\n  kontor key revoke key_0123456789ABC",
        .needs = CLI_WRITES,
        .run = run_key_revoke,
    },
    {0},
};
