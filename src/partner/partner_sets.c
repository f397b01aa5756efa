/* Roles, levels, groups and tags: the sets that partners belong to. Every change of a partner's
 * sets raises its revision, so that two editors of them notice each other as well. */
#include "partner/partner_int.h"
#include "partner/partner_q.h"

enum { NAME_CHARS_MAX = 100, TAG_CHARS_MAX = 40, TAGS_MAX = 30, TAGS_ALL_MAX = 200 };

/* ---- what the rules of a partner's parts share ---- */

enum rc partner__open(struct op *op, struct txn *txn, int64_t id, struct partner *out)
{
    TRY(op_must(op, "partner.edit"));
    TRY(txn_begin(op, txn));
    return partner_get(op, id, out);
}

enum rc partner__note(struct op *op, const struct partner *partner, const char *action,
                      const struct audit_value *before, const struct audit_value *after, size_t len)
{
    struct audit_entry entry = {.action = action,
                                .record = "partner",
                                .record_id = partner->id,
                                .label = partner->code,
                                .partner_id = SOME(partner->id)};
    return audit_add_diff(op, &entry, before, after, len);
}

enum rc partner__line(struct op *op, const char *field, struct str *text, int chars_max,
                      bool is_needed)
{
    *text = text_clean_line(op->arena, text->at ? *text : STR(""));
    if (is_needed && text->len == 0)
        return fail(op, RC_INVALID, field, M("This field is required."));
    if (utf8_count(*text) > (size_t)chars_max)
        return fail(op, RC_INVALID, field, M("This is too long: at most {0} characters."),
                    str_c(op->arena, audit_text_i64(op, chars_max)));
    return RC_OK;
}

enum rc partner__touch(struct op *op, int64_t id)
{
    struct partner partner;
    TRY(partner_get(op, id, &partner));
    return q_partner_touch(op, &(struct q_partner_touch_in){id, partner.revision});
}

/* One set of a partner as words, before and after, and a new revision. */
static enum rc note_set(struct op *op, const struct partner *partner, const char *field,
                        struct str before, struct str after)
{
    struct audit_value old = {field, before}, new = {field, after};
    if (str_eq(before, after))
        return RC_OK;
    TRY(q_partner_touch(op, &(struct q_partner_touch_in){partner->id, partner->revision}));
    return partner__note(op, partner, "partner.edit", &old, &new, 1);
}

static bool has_id(const struct i64_list *ids, int64_t id)
{
    for (size_t i = 0; i < ids->len; i++)
        if (ids->at[i] == id)
            return true;
    return false;
}

/* ---- roles ---- */

static void push_roles(struct op *op, const struct role_rec_rows *rows, struct partner_roles *out)
{
    *out = (struct partner_roles){0};
    for (size_t i = 0; i < rows->len; i++) {
        const struct role_rec *row = &rows->at[i];
        struct partner_role role = {row->id, row->code, row->label_en, row->label_ru,
                                    row->label_es};
        VEC_PUSH(op->arena, out, role);
    }
}

enum rc partner_roles_all(struct op *op, struct partner_roles *out)
{
    struct role_rec_rows rows;
    TRY(q_partner_roles(op, &rows));
    push_roles(op, &rows, out);
    return RC_OK;
}

enum rc partner_roles_of(struct op *op, int64_t partner_id, struct partner_roles *out)
{
    struct role_rec_rows rows;
    TRY(q_partner_roles_of(op, &(struct q_partner_roles_of_in){partner_id}, &rows));
    push_roles(op, &rows, out);
    return RC_OK;
}

struct str partner_role_label(const struct lang *lang, const struct partner_role *role)
{
    if (lang->id == LANG_RU)
        return role->label_ru;
    return lang->id == LANG_ES ? role->label_es : role->label_en;
}

struct str partner__join(struct op *op, const struct str_list *words)
{
    AUTO_BUF text = BUF(64 * 1024);
    for (size_t i = 0; i < words->len; i++) {
        if (i)
            buf_put(&text, STR(", "));
        buf_put(&text, words->at[i]);
    }
    return str_dup(op->arena, buf_str(&text));
}

static struct str role_words(struct op *op, const struct partner_roles *roles)
{
    struct str_list words = {0};
    for (size_t i = 0; i < roles->len; i++)
        VEC_PUSH(op->arena, &words, roles->at[i].code);
    return partner__join(op, &words);
}

enum rc partner_roles_set(struct op *op, int64_t partner_id, const struct i64_list *role_ids)
{
    struct partner partner;
    struct partner_roles all, before, after;
    AUTO_TXN txn = {0};
    TRY(partner__open(op, &txn, partner_id, &partner));
    TRY(partner_roles_all(op, &all));
    TRY(partner_roles_of(op, partner_id, &before));
    for (size_t i = 0; i < before.len; i++)
        if (!has_id(role_ids, before.at[i].id))
            TRY(q_partner_role_drop(op,
                                    &(struct q_partner_role_drop_in){partner_id, before.at[i].id}));
    for (size_t i = 0; i < role_ids->len; i++) {
        bool is_known = false;
        for (size_t n = 0; n < all.len && !is_known; n++)
            is_known = all.at[n].id == role_ids->at[i];
        if (!is_known)
            return fail(op, RC_INVALID, "roles", M("There is no such role."));
        TRY(q_partner_role_put(op, &(struct q_partner_role_put_in){partner_id, role_ids->at[i]}));
    }
    TRY(partner_roles_of(op, partner_id, &after));
    TRY(note_set(op, &partner, "roles", role_words(op, &before), role_words(op, &after)));
    return txn_commit(&txn);
}

/* ---- levels ---- */

static struct partner_level level_from(const struct level_rec *row)
{
    return (struct partner_level){row->id, row->revision, row->code, row->name, row->position};
}

enum rc partner_levels_all(struct op *op, struct partner_levels *out)
{
    struct level_rec_rows rows;
    TRY(q_partner_levels(op, &rows));
    *out = (struct partner_levels){0};
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, out, level_from(&rows.at[i]));
    return RC_OK;
}

enum rc partner_level_get(struct op *op, int64_t id, struct partner_level *out)
{
    struct level_rec row;
    TRY(q_partner_level(op, &(struct q_partner_level_in){id}, &row));
    *out = level_from(&row);
    return RC_OK;
}

enum { LEVEL_VALUES = 3 };

static void level_values(struct op *op, const struct partner_level *l,
                         struct audit_value out[LEVEL_VALUES])
{
    out[0] = (struct audit_value){"code", l->code};
    out[1] = (struct audit_value){"name", l->name};
    out[2] = (struct audit_value){"position", audit_text_i64(op, l->position)};
}

static enum rc check_named(struct op *op, struct str *code, struct str *name)
{
    const char *problem = check_code(op->arena, code->at ? *code : STR(""), code);
    if (problem)
        (void)!fail(op, RC_INVALID, "code", problem);
    TRY(partner__line(op, "name", name, NAME_CHARS_MAX, true));
    return op->fault.rc;
}

enum rc partner_level_save(struct op *op, const struct partner_level *in, int64_t *out_id)
{
    struct partner_level l = *in, before;
    struct audit_value old[LEVEL_VALUES], new[LEVEL_VALUES];
    TRY(op_must(op, "partner.edit"));
    TRY(check_named(op, &l.code, &l.name));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    if (l.id == 0) {
        enum rc rc = q_partner_level_add(
            op, &(struct q_partner_level_add_in){l.code, l.name, l.position}, &l.id);
        TRY(op_code_taken(op, rc, l.code));
    } else {
        TRY(partner_level_get(op, l.id, &before));
        if (before.revision != l.revision)
            return op_stale(op);
        level_values(op, &before, old);
        enum rc rc = q_partner_level_edit(
            op, &(struct q_partner_level_edit_in){l.id, l.revision, l.code, l.name, l.position});
        TRY(op_code_taken(op, rc, l.code));
    }
    level_values(op, &l, new);
    struct audit_entry entry = {.action = in->id ? "partner_level.edit" : "partner_level.add",
                                .record = "partner_level",
                                .record_id = l.id,
                                .label = l.code};
    TRY(audit_add_diff(op, &entry, in->id ? old : NULL, new, LEVEL_VALUES));
    TRY(txn_commit(&txn));
    *out_id = l.id;
    return RC_OK;
}

/* ---- groups ---- */

static struct partner_group group_from(const struct group_rec *row)
{
    return (struct partner_group){row->id, row->revision, row->code, row->name, row->archived_at};
}

static void push_groups(struct op *op, const struct group_rec_rows *rows,
                        struct partner_groups *out)
{
    *out = (struct partner_groups){0};
    for (size_t i = 0; i < rows->len; i++)
        VEC_PUSH(op->arena, out, group_from(&rows->at[i]));
}

enum rc partner_groups_all(struct op *op, struct partner_groups *out)
{
    struct group_rec_rows rows;
    TRY(q_partner_groups(op, &rows));
    push_groups(op, &rows, out);
    return RC_OK;
}

enum rc partner_groups_of(struct op *op, int64_t partner_id, struct partner_groups *out)
{
    struct group_rec_rows rows;
    TRY(q_partner_groups_of(op, &(struct q_partner_groups_of_in){partner_id}, &rows));
    push_groups(op, &rows, out);
    return RC_OK;
}

enum rc partner_group_get(struct op *op, int64_t id, struct partner_group *out)
{
    struct group_rec row;
    TRY(q_partner_group(op, &(struct q_partner_group_in){id}, &row));
    *out = group_from(&row);
    return RC_OK;
}

static enum rc note_group(struct op *op, const struct partner_group *before,
                          const struct partner_group *after)
{
    struct audit_value old[] = {{"code", before ? before->code : STR_NONE},
                                {"name", before ? before->name : STR_NONE},
                                {"archived", audit_text_bool(before && before->archived_at.has)}};
    struct audit_value new[] = {{"code", after->code},
                                {"name", after->name},
                                {"archived", audit_text_bool(after->archived_at.has)}};
    struct audit_entry entry = {.action = before ? "partner_group.edit" : "partner_group.add",
                                .record = "partner_group",
                                .record_id = after->id,
                                .label = after->code};
    return audit_add_diff(op, &entry, before ? old : NULL, new, LEN(new));
}

enum rc partner_group_save(struct op *op, const struct partner_group *in, int64_t *out_id)
{
    struct partner_group g = *in, before;
    TRY(op_must(op, "partner.edit"));
    TRY(check_named(op, &g.code, &g.name));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    struct str fold = text_fold(op->arena, g.name), sort = text_sort_key(op->arena, g.name);
    if (g.id == 0) {
        struct q_partner_group_add_in row = {g.code, g.name, fold, sort, op->now};
        TRY(op_code_taken(op, q_partner_group_add(op, &row, &g.id), g.code));
        TRY(note_group(op, NULL, &g));
    } else {
        TRY(partner_group_get(op, g.id, &before));
        if (before.revision != g.revision)
            return op_stale(op);
        g.archived_at = before.archived_at;
        struct q_partner_group_edit_in row = {g.id, g.revision, g.code, g.name, fold, sort};
        TRY(op_code_taken(op, q_partner_group_edit(op, &row), g.code));
        TRY(note_group(op, &before, &g));
    }
    TRY(txn_commit(&txn));
    *out_id = g.id;
    return RC_OK;
}

enum rc partner_group_archive(struct op *op, int64_t id, int64_t revision, bool is_archived)
{
    struct partner_group before, after;
    TRY(op_must(op, "partner.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(partner_group_get(op, id, &before));
    if (before.revision != revision)
        return op_stale(op);
    after = before;
    after.archived_at = is_archived ? SOME(op->now) : NONE;
    TRY(q_partner_group_archive(
        op, &(struct q_partner_group_archive_in){id, revision, after.archived_at}));
    TRY(note_group(op, &before, &after));
    return txn_commit(&txn);
}

static struct str group_words(struct op *op, const struct partner_groups *groups)
{
    struct str_list words = {0};
    for (size_t i = 0; i < groups->len; i++)
        VEC_PUSH(op->arena, &words, groups->at[i].name);
    return partner__join(op, &words);
}

static enum rc join_group(struct op *op, int64_t partner_id, int64_t group_id)
{
    struct partner_group group;
    enum rc rc = partner_group_get(op, group_id, &group);
    if (rc == RC_MISSING || (rc == RC_OK && group.archived_at.has))
        return fail(op, RC_INVALID, "groups", M("There is no such group."));
    TRY(rc);
    return q_partner_group_put(op, &(struct q_partner_group_put_in){partner_id, group_id});
}

/* `wanted` NULL: the group joined or left by itself. */
static enum rc groups_change(struct op *op, int64_t partner_id, const struct i64_list *wanted,
                             int64_t join_id, int64_t leave_id)
{
    struct partner partner;
    struct partner_groups before, after;
    AUTO_TXN txn = {0};
    TRY(partner__open(op, &txn, partner_id, &partner));
    TRY(partner_groups_of(op, partner_id, &before));
    for (size_t i = 0; i < before.len; i++) {
        int64_t id = before.at[i].id;
        if (id == leave_id || (wanted && !has_id(wanted, id) && !before.at[i].archived_at.has))
            TRY(q_partner_group_drop(op, &(struct q_partner_group_drop_in){partner_id, id}));
    }
    for (size_t i = 0; wanted && i < wanted->len; i++)
        TRY(join_group(op, partner_id, wanted->at[i]));
    if (join_id)
        TRY(join_group(op, partner_id, join_id));
    TRY(partner_groups_of(op, partner_id, &after));
    TRY(note_set(op, &partner, "groups", group_words(op, &before), group_words(op, &after)));
    return txn_commit(&txn);
}

enum rc partner_group_join(struct op *op, int64_t partner_id, int64_t group_id)
{
    return groups_change(op, partner_id, NULL, group_id, 0);
}

enum rc partner_group_leave(struct op *op, int64_t partner_id, int64_t group_id)
{
    return groups_change(op, partner_id, NULL, 0, group_id);
}

enum rc partner_groups_set(struct op *op, int64_t partner_id, const struct i64_list *group_ids)
{
    return groups_change(op, partner_id, group_ids, 0, 0);
}

/* ---- tags ---- */

enum rc partner_tags_of(struct op *op, int64_t partner_id, struct str_list *out)
{
    struct tag_rec_rows rows;
    TRY(q_partner_tags_of(op, &(struct q_partner_tags_of_in){partner_id}, &rows));
    *out = (struct str_list){0};
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, out, rows.at[i].tag);
    return RC_OK;
}

enum rc partner_tags_all(struct op *op, struct str_list *out)
{
    struct tag_rec_rows rows;
    TRY(q_partner_tags(op, &(struct q_partner_tags_in){TAGS_ALL_MAX}, &rows));
    *out = (struct str_list){0};
    for (size_t i = 0; i < rows.len; i++)
        VEC_PUSH(op->arena, out, rows.at[i].tag);
    return RC_OK;
}

static enum rc clean_tag(struct op *op, struct str *tag)
{
    *tag = text_fold(op->arena, text_clean_line(op->arena, tag->at ? *tag : STR("")));
    if (tag->len == 0 || utf8_count(*tag) > TAG_CHARS_MAX || str_has(*tag, STR(",")))
        return fail(op, RC_INVALID, "tags", M("A tag has 1 to 40 characters and no comma."));
    return RC_OK;
}

static bool has_tag(const struct str_list *tags, struct str tag)
{
    for (size_t i = 0; i < tags->len; i++)
        if (str_eq(tags->at[i], tag))
            return true;
    return false;
}

static enum rc tags_change(struct op *op, int64_t partner_id, const struct str_list *wanted,
                           bool is_whole)
{
    struct partner partner;
    struct str_list before, after, clean = {0};
    AUTO_TXN txn = {0};
    TRY(partner__open(op, &txn, partner_id, &partner));
    TRY(partner_tags_of(op, partner_id, &before));
    for (size_t i = 0; i < wanted->len; i++) {
        struct str tag = wanted->at[i];
        TRY(clean_tag(op, &tag));
        VEC_PUSH(op->arena, &clean, tag);
    }
    for (size_t i = 0; is_whole && i < before.len; i++)
        if (!has_tag(&clean, before.at[i]))
            TRY(q_partner_tag_drop(op, &(struct q_partner_tag_drop_in){partner_id, before.at[i]}));
    for (size_t i = 0; i < clean.len; i++)
        TRY(q_partner_tag_put(op, &(struct q_partner_tag_put_in){partner_id, clean.at[i]}));
    TRY(partner_tags_of(op, partner_id, &after));
    if (after.len > TAGS_MAX)
        return fail(op, RC_INVALID, "tags", M("A partner has at most {0} tags."), "30");
    TRY(note_set(op, &partner, "tags", partner__join(op, &before), partner__join(op, &after)));
    return txn_commit(&txn);
}

enum rc partner_tags_set(struct op *op, int64_t partner_id, const struct str_list *tags)
{
    return tags_change(op, partner_id, tags, true);
}

enum rc partner_tag_add(struct op *op, int64_t partner_id, struct str tag)
{
    struct str_list one = {.at = &tag, .len = 1, .cap = 1};
    return tags_change(op, partner_id, &one, false);
}
