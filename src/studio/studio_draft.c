/* Drafts: the text, its steps, who is there. */
#include "studio/studio_int.h"
#include "studio/studio_q.h"

enum { PRESENT_US = 45 * 1000 * 1000 }; /* the page says "here" every 15 s */

enum rc studio_get(struct op *op, int64_t id, struct studio_draft *out)
{
    struct draft_rec rec;
    struct step_text text;
    TRY(op_must(op, "scheme.read"));
    TRY(q_draft(op, &(struct q_draft_in){.id = id}, &rec));
    TRY(q_step_text(op, &(struct q_step_text_in){.draft_id = id, .number = rec.step}, &text));
    *out = (struct studio_draft){.id = rec.id,
                                 .scheme_id = rec.scheme_id,
                                 .revision = rec.revision,
                                 .base_version_id = rec.base_version_id,
                                 .step = rec.step,
                                 .saved_step = rec.saved_step,
                                 .updated_at = rec.updated_at,
                                 .xml = text.xml};
    return RC_OK;
}

static struct str word(const char *text)
{
    return text ? str_of(text) : STR("");
}

static enum rc add_step(struct op *op, int64_t draft_id, int64_t number, int64_t revision,
                        struct str xml, const struct studio_words *words)
{
    int64_t unused;
    struct q_step_insert_in in = {
        .draft_id = draft_id,
        .number = number,
        .xml = xml,
        .words = str_of(words->key),
        .word_0 = word(words->args[0]),
        .word_1 = word(words->args[1]),
        .word_2 = word(words->args[2]),
        .word_3 = word(words->args[3]),
        .word_4 = word(words->args[4]),
        .revision = revision,
        .user_id = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
        .now = op->now,
    };
    return q_step_insert(op, &in, &unused);
}

/* Goes to a step, which is there or is just being made. */
static enum rc move_to(struct op *op, int64_t id, int64_t revision, int64_t step)
{
    return op_stale_if(
        op, q_draft_move(op, &(struct q_draft_move_in){
                                 .id = id, .revision = revision, .step = step, .now = op->now}));
}

enum rc studio_change(struct op *op, int64_t id, int64_t revision, struct str xml,
                      const struct studio_words *words)
{
    struct studio_draft draft;
    TRY(op_must(op, "scheme.edit"));
    if (xml.len > SCHEME_FILE_MAX)
        return fail(op, RC_TOO_LARGE, NULL, M("The file is larger than {0}."),
                    str_c(op->arena, i18n_size(op->arena, op->lang, SCHEME_FILE_MAX)));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(studio_get(op, id, &draft));
    if (draft.revision != revision)
        return op_stale(op);
    if (str_eq(draft.xml, xml))
        return txn_commit(&txn);
    int64_t next = draft.step + 1;
    TRY(move_to(op, id, revision, next));
    TRY(q_steps_cut(op, &(struct q_steps_cut_in){.draft_id = id,
                                                 .after = draft.step,
                                                 .before = next - STUDIO_STEPS_MAX}));
    TRY(add_step(op, id, next, revision + 1, xml, words));
    return txn_commit(&txn);
}

struct studio_words studio_words_of(const struct scheme_edit_words *said)
{
    struct studio_words words = {.key = said->key};
    for (size_t i = 0; i < LEN(said->args) && i < STUDIO_WORDS; i++)
        words.args[i] = said->args[i];
    return words;
}

enum rc studio_edit(struct op *op, int64_t id, int64_t revision, const struct scheme_edit *edit)
{
    struct scheme_edit_words said = {0};
    struct studio_draft draft;
    TRY(studio_get(op, id, &draft));
    TRY(scheme_edit(op->arena, draft.xml, edit, &op->fault, &draft.xml, &said));
    struct studio_words words = studio_words_of(&said);
    return studio_change(op, id, revision, draft.xml, &words);
}

static enum rc step_aside(struct op *op, int64_t id, int64_t revision, bool is_back)
{
    struct studio_draft draft;
    struct step_edge edge;
    TRY(op_must(op, "scheme.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(studio_get(op, id, &draft));
    TRY(q_step_edge(op, &(struct q_step_edge_in){.draft_id = id, .number = draft.step}, &edge));
    struct opt_i64 step = is_back ? edge.before : edge.after;
    if (!step.has)
        return fail(op, RC_CONFLICT, NULL,
                    is_back ? M("There is nothing to undo.") : M("There is nothing to redo."));
    TRY(move_to(op, id, revision, step.v));
    return txn_commit(&txn);
}

enum rc studio_undo(struct op *op, int64_t id, int64_t revision)
{
    return step_aside(op, id, revision, true);
}

enum rc studio_redo(struct op *op, int64_t id, int64_t revision)
{
    return step_aside(op, id, revision, false);
}

enum rc studio_discard(struct op *op, int64_t id, int64_t revision)
{
    TRY(op_must(op, "scheme.edit"));
    return op_stale_if(
        op, q_draft_delete(op, &(struct q_draft_delete_in){.id = id, .revision = revision}));
}

/* ---- beginning and saving ---- */

/* Of the newest version that is not retired; RC_MISSING: there is none. */
static enum rc newest_version(struct op *op, int64_t scheme_id, struct scheme_version *out)
{
    struct scheme_versions all;
    TRY(scheme_versions(op, scheme_id, &all));
    for (size_t i = 0; i < all.len; i++)
        if (!str_eq(all.at[i].state, STR("retired"))) {
            *out = all.at[i];
            return RC_OK;
        }
    return RC_MISSING;
}

static struct studio_words begun_words(struct op *op, const struct scheme_version *version)
{
    if (!version->id)
        return (struct studio_words){.key = M("Begun")};
    return (struct studio_words){
        .key = M("Begun from version {0}"),
        .args = {str_c(op->arena, str_printf(op->arena, "%lld", (long long)version->number))}};
}

static enum rc begin(struct op *op, int64_t scheme_id, const struct scheme_version *version,
                     struct str xml, int64_t *out_id)
{
    struct q_draft_insert_in in = {.scheme_id = scheme_id,
                                   .base_version_id = version->id ? SOME(version->id) : NONE,
                                   .saved_step = version->id ? 0 : -1,
                                   .now = op->now};
    struct studio_words words = begun_words(op, version);
    TRY(q_draft_insert(op, &in, out_id));
    return add_step(op, *out_id, 0, 1, xml, &words);
}

/* A draft that holds nothing of its own goes on with the newer version. */
static enum rc follow(struct op *op, const struct draft_rec *draft,
                      const struct scheme_version *version)
{
    struct str xml;
    struct studio_words words = begun_words(op, version);
    if (draft->saved_step != draft->step || draft->base_version_id.v == version->id)
        return RC_OK;
    TRY(scheme_version_file(op, version->id, &xml));
    TRY(studio_change(op, draft->id, draft->revision, xml, &words));
    return q_draft_saved(op, &(struct q_draft_saved_in){.id = draft->id,
                                                        .base_version_id = version->id,
                                                        .saved_step = draft->step + 1});
}

enum rc studio_open(struct op *op, int64_t scheme_id, struct opt_i64 version_id, struct str xml,
                    int64_t *out_id)
{
    struct scheme_version version = {0};
    struct scheme_info info;
    struct draft_rec draft;
    TRY(op_must(op, "scheme.edit"));
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(scheme_get(op, scheme_id, &info));
    enum rc rc = version_id.has ? scheme_version_get(op, version_id.v, &version)
                                : newest_version(op, scheme_id, &version);
    if (rc != RC_OK && (rc != RC_MISSING || version_id.has))
        return rc;
    if (version.id && version.scheme_id != scheme_id)
        return RC_MISSING;
    rc = q_draft_of(op, &(struct q_draft_of_in){.scheme_id = scheme_id}, &draft);
    if (rc == RC_OK) {
        *out_id = draft.id;
        if (version.id)
            TRY(follow(op, &draft, &version));
        return txn_commit(&txn);
    }
    if (rc != RC_MISSING)
        return rc;
    if (version.id)
        TRY(scheme_version_file(op, version.id, &xml));
    if (!xml.len)
        return fail(op, RC_MISSING, NULL, M("The scheme has no version to begin from."));
    TRY(begin(op, scheme_id, &version, xml, out_id));
    return txn_commit(&txn);
}

enum rc studio_save(struct op *op, int64_t id, int64_t revision, struct str note,
                    int64_t *out_version_id)
{
    struct studio_draft draft;
    AUTO_TXN txn = {0};
    TRY(txn_begin(op, &txn));
    TRY(studio_get(op, id, &draft));
    if (draft.revision != revision)
        return op_stale(op);
    TRY(scheme_version_add(op, draft.scheme_id, draft.xml, note, out_version_id));
    TRY(q_draft_saved(op, &(struct q_draft_saved_in){.id = id,
                                                     .base_version_id = *out_version_id,
                                                     .saved_step = draft.step}));
    return txn_commit(&txn);
}

/* ---- steps and people ---- */

static struct str words_of(struct op *op, const struct step_rec *rec)
{
    const char *args[STUDIO_WORDS] = {str_c(op->arena, rec->word_0), str_c(op->arena, rec->word_1),
                                      str_c(op->arena, rec->word_2), str_c(op->arena, rec->word_3),
                                      str_c(op->arena, rec->word_4)};
    return i18n_format_c(op->arena, op->lang, str_c(op->arena, rec->words), args, LEN(args));
}

enum rc studio_steps(struct op *op, const struct studio_draft *draft, struct studio_steps *out)
{
    struct step_rec_rows rows;
    *out = (struct studio_steps){0};
    TRY(q_steps(op, &(struct q_steps_in){.draft_id = draft->id}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct step_rec *rec = &rows.at[i];
        struct studio_step step = {
            .number = rec->number, .revision = rec->revision, .created_at = rec->created_at};
        step.words = words_of(op, rec);
        TRY(auth_user_name(op, rec->user_id.v, &step.who));
        out->has_undo = out->has_undo || rec->number < draft->step;
        out->has_redo = out->has_redo || rec->number > draft->step;
        VEC_PUSH(op->arena, out, step);
    }
    return RC_OK;
}

enum rc studio_present(struct op *op, int64_t id, struct str *out_others)
{
    struct presence_rec_rows rows;
    struct str name;
    *out_others = STR("");
    if (op->actor.user_id)
        TRY(q_presence_put(op, &(struct q_presence_put_in){
                                   .draft_id = id, .user_id = op->actor.user_id, .now = op->now}));
    TRY(q_presence(op, &(struct q_presence_in){.draft_id = id, .since = op->now - PRESENT_US},
                   &rows));
    for (size_t i = 0; i < rows.len; i++) {
        if (rows.at[i].user_id == op->actor.user_id)
            continue;
        TRY(auth_user_name(op, rows.at[i].user_id, &name));
        *out_others = out_others->len ? str_printf(op->arena, STR_FMT ", " STR_FMT,
                                                   STR_ARG(*out_others), STR_ARG(name))
                                      : name;
    }
    return RC_OK;
}
