/* People for the search of everything. */
#include "auth/auth_int.h"
#include "auth/auth_q.h"

static void put(struct op *op, const struct ui_sought *sought, const struct user_found_rows *rows,
                struct ui_founds *out)
{
    for (size_t i = 0; i < rows->len && out->len <= (size_t)sought->limit; i++) {
        const struct user_found *row = &rows->at[i];
        struct ui_found *found = ui_found(op, out, ui_url(op, "/settings/users", usr(row->id), ""));
        found->title = row->name;
        found->sub = row->email;
        found->is_exact = str_eq(row->email, sought->fold);
    }
}

static enum rc find(struct op *op, const struct ui_sought *sought, struct ui_founds *out)
{
    struct user_found_rows rows;
    bool is_bound = !op->actor.has_all_branches;
    struct q_user_find_name_in by_name = {
        .sees_partners = !is_bound,
        .branch_user = is_bound ? SOME(op->actor.user_id) : NONE,
        .fold = sought->fold,
        .fold_end = sought->fold_end,
        .n = sought->limit + 1,
    };
    struct q_user_find_email_in by_email = {by_name.sees_partners, by_name.branch_user,
                                            by_name.fold, by_name.fold_end, by_name.n};
    TRY(q_user_find_name(op, &by_name, &rows));
    put(op, sought, &rows, out);
    TRY(q_user_find_email(op, &by_email, &rows));
    put(op, sought, &rows, out);
    return RC_OK;
}

const struct ui_finder auth_finders[] = {
    {70, M("People"), "user-cog", "user.read", "/settings/users", find},
    {0},
};
