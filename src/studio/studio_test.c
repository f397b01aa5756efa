/* Drafts: steps back and forth, two people at once, versions that come of them. */
#include <fcntl.h>
#include <unistd.h>

#include "studio/studio_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct str example;

static struct str read_example(struct arena *arena)
{
    AUTO_FD fd = open("examples/northwind/reps.dmn", O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* The example with another rate: another text. */
static struct str with_rate(struct fixture *f, const char *rate)
{
    static const char was[] = "default=\"0.04\"";
    size_t at = str_find(example, STR("default=\"0.04\""), 0);
    return str_printf(f->arena, STR_FMT "default=\"%s\"" STR_FMT, STR_ARG(str_sub(example, 0, at)),
                      rate, STR_ARG(str_sub(example, at + sizeof was - 1, example.len)));
}

static int64_t add_scheme(struct fixture *f)
{
    int64_t id = 0;
    struct scheme_info info = {.code = STR("REPS"), .name = STR("Sales representatives")};
    ok(scheme_save(&f->op, &info, &id) == RC_OK, "a scheme is added");
    return id;
}

static struct studio_draft draft_of(struct fixture *f, int64_t id)
{
    struct studio_draft draft = {0};
    ok(studio_get(&f->op, id, &draft) == RC_OK, "the draft is there");
    return draft;
}

static enum rc change(struct fixture *f, const struct studio_draft *draft, struct str xml)
{
    struct studio_words words = {.key = "{0}: {1}", .args = {"Rate", "0.05"}};
    return studio_change(&f->op, draft->id, draft->revision, xml, &words);
}

static int64_t begun(struct fixture *f, int64_t *out_scheme)
{
    int64_t version, id = 0;
    *out_scheme = add_scheme(f);
    ok(scheme_version_add(&f->op, *out_scheme, example, STR(""), &version) == RC_OK &&
           studio_open(&f->op, *out_scheme, NONE, STR_NONE, &id) == RC_OK,
       "a draft is begun");
    return id;
}

static void beginning(struct fixture *f)
{
    int64_t scheme, id, again = 0, nothing;
    struct studio_draft draft;
    id = begun(f, &scheme);
    draft = draft_of(f, id);
    ok(str_eq(draft.xml, example), "it begins with the text of the newest version");
    ok(studio_open(&f->op, scheme, NONE, STR_NONE, &again) == RC_OK && again == id,
       "a scheme has one draft, whoever opens it");
    struct scheme_info info = {.code = STR("NEW"), .name = STR("New")};
    ok(scheme_save(&f->op, &info, &nothing) == RC_OK, "another scheme");
    ok(studio_open(&f->op, nothing, NONE, STR_NONE, &again) == RC_MISSING,
       "without a version and without a text there is nothing to begin from");
    ok(studio_open(&f->op, nothing, NONE, scheme_edit_new(f->op.arena, STR("NEW"), STR("New")),
                   &again) == RC_OK,
       "a text of its own will do");
}

static void undoing(struct fixture *f)
{
    int64_t scheme, id = begun(f, &scheme);
    struct studio_steps steps;
    struct studio_draft first = draft_of(f, id), now;
    ok(change(f, &first, with_rate(f, "0.05")) == RC_OK, "a change");
    now = draft_of(f, id);
    ok(change(f, &now, with_rate(f, "0.06")) == RC_OK, "and another");
    now = draft_of(f, id);
    ok(studio_undo(&f->op, id, now.revision) == RC_OK, "undone");
    now = draft_of(f, id);
    ok(str_eq(now.xml, with_rate(f, "0.05")), "the text before is back");
    ok(studio_steps(&f->op, &now, &steps) == RC_OK && steps.len == 3 && steps.has_undo &&
           steps.has_redo && str_eq(steps.at[0].words, STR("Rate: 0.05")),
       "the steps are told in words, the undone one too");
    ok(studio_redo(&f->op, id, now.revision) == RC_OK, "redone");
    now = draft_of(f, id);
    ok(str_eq(now.xml, with_rate(f, "0.06")), "as it was");
    ok(studio_redo(&f->op, id, now.revision) == RC_CONFLICT, "then there is nothing to redo");
    fixture_fresh_op(f);
    ok(studio_undo(&f->op, id, draft_of(f, id).revision) == RC_OK &&
           studio_undo(&f->op, id, draft_of(f, id).revision) == RC_OK,
       "back to the beginning");
    now = draft_of(f, id);
    ok(str_eq(now.xml, example) && studio_undo(&f->op, id, now.revision) == RC_CONFLICT,
       "which has nothing before it");
    fixture_fresh_op(f);
    ok(change(f, &now, with_rate(f, "0.09")) == RC_OK, "a change after undoing");
    now = draft_of(f, id);
    ok(studio_steps(&f->op, &now, &steps) == RC_OK && steps.len == 2 && !steps.has_redo,
       "takes the place of what was undone");
}

static void two_people(struct fixture *f)
{
    int64_t scheme, id = begun(f, &scheme);
    struct studio_draft mine = draft_of(f, id), theirs = mine, now;
    ok(change(f, &theirs, with_rate(f, "0.05")) == RC_OK, "they were faster");
    ok(change(f, &mine, with_rate(f, "0.06")) == RC_CONFLICT,
       "a change of a text that was changed meanwhile is refused");
    fixture_fresh_op(f);
    now = draft_of(f, id);
    ok(str_eq(now.xml, with_rate(f, "0.05")), "and theirs stands");
    ok(studio_undo(&f->op, id, mine.revision) == RC_CONFLICT, "so is undoing what was not seen");
    fixture_fresh_op(f);
    now = draft_of(f, id);
    ok(change(f, &now, now.xml) == RC_OK && draft_of(f, id).revision == now.revision,
       "a change that changes nothing is no step");
}

static void presence(struct fixture *f)
{
    int64_t scheme, id = begun(f, &scheme);
    struct str others;
    fixture_sql(f, "insert into auth_user (id, side, state, email, email_fold, name, name_fold, "
                   "name_sort, lang, has_all_branches, created_at) values "
                   "(1, 1, 2, 'a@x.example', 'a@x.example', 'Anna', 'a', 'a', 'en', true, 0), "
                   "(2, 1, 2, 'b@x.example', 'b@x.example', 'Boris', 'b', 'b', 'en', true, 0)");
    f->op.actor.user_id = 1;
    ok(studio_present(&f->op, id, &others) == RC_OK && others.len == 0, "Anna is alone");
    f->op.actor.user_id = 2;
    ok(studio_present(&f->op, id, &others) == RC_OK && str_eq(others, STR("Anna")),
       "Boris sees her");
    f->op.now += INT64_C(3600000000);
    ok(studio_present(&f->op, id, &others) == RC_OK && others.len == 0,
       "who was not seen for a while is gone");
}

static void saving(struct fixture *f)
{
    int64_t scheme, id = begun(f, &scheme), version = 0, other, again;
    struct studio_draft draft = draft_of(f, id), now;
    struct scheme_version saved;
    ok(change(f, &draft, with_rate(f, "0.05")) == RC_OK, "a change");
    ok(studio_save(&f->op, id, draft.revision, STR("more"), &version) == RC_CONFLICT,
       "a version of a text that was not seen is refused");
    fixture_fresh_op(f);
    now = draft_of(f, id);
    ok(studio_save(&f->op, id, now.revision, STR("more"), &version) == RC_OK &&
           scheme_version_get(&f->op, version, &saved) == RC_OK && saved.number == 2 &&
           str_eq(saved.state, STR("draft")),
       "it becomes the next version, as a draft");
    now = draft_of(f, id);
    ok(now.base_version_id.v == version && now.saved_step == now.step,
       "from which the draft goes on");
    ok(scheme_version_add(&f->op, scheme, with_rate(f, "0.08"), STR(""), &other) == RC_OK &&
           studio_open(&f->op, scheme, NONE, STR_NONE, &again) == RC_OK && again == id,
       "a file is uploaded beside it");
    now = draft_of(f, id);
    ok(str_eq(now.xml, with_rate(f, "0.08")) && now.base_version_id.v == other,
       "a draft without changes of its own follows");
    ok(change(f, &now, with_rate(f, "0.09")) == RC_OK &&
           scheme_version_add(&f->op, scheme, with_rate(f, "0.01"), STR(""), &other) == RC_OK &&
           studio_open(&f->op, scheme, NONE, STR_NONE, &again) == RC_OK &&
           str_eq(draft_of(f, id).xml, with_rate(f, "0.09")),
       "one with changes stays as it is");
    now = draft_of(f, id);
    ok(studio_change(&f->op, id, now.revision, STR("<definitions/>"),
                     &(struct studio_words){.key = "x"}) == RC_OK,
       "a draft may be wrong");
    now = draft_of(f, id);
    ok(studio_save(&f->op, id, now.revision, STR(""), &other) == RC_INVALID, "a version may not");
}

static void many_steps(struct fixture *f)
{
    int64_t scheme, id = begun(f, &scheme);
    struct studio_steps steps;
    struct studio_draft now = draft_of(f, id);
    for (int i = 0; i < STUDIO_STEPS_MAX + 20; i++) {
        struct studio_words words = {.key = "x"};
        if (studio_change(&f->op, id, now.revision + i, str_printf(f->op.arena, "<a n=\"%d\"/>", i),
                          &words) != RC_OK)
            ok(false, "a change");
    }
    now = draft_of(f, id);
    ok(studio_steps(&f->op, &now, &steps) == RC_OK && steps.len == STUDIO_STEPS_MAX + 1,
       "the oldest steps go");
    ok(studio_discard(&f->op, id, now.revision - 1) == RC_CONFLICT, "discarding sees the newest");
    fixture_fresh_op(f);
    ok(studio_discard(&f->op, id, now.revision) == RC_OK &&
           studio_get(&f->op, id, &now) == RC_MISSING &&
           fixture_i64(f, "select count(*) from studio_step") == 0,
       "a draft goes with its steps");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    example = read_example(arena);
    ok(example.len > 0, "the example is there");
    permission_declare(setting_permissions, setting_permissions_len);
    permission_declare(scheme_permissions, scheme_permissions_len);
    permission_declare(contract_permissions, contract_permissions_len);
    permission_declare(reward_permissions, reward_permissions_len);
    approval_start();
    scheme_start();
    fixture_each(beginning);
    fixture_each(undoing);
    fixture_each(two_people);
    fixture_each(presence);
    fixture_each(saving);
    fixture_each(many_steps);
    return done_testing();
}
