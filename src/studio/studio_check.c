/* What is wrong with a draft: what keeps it from being a version, and what the check warns of,
 * each with the decision and the row it is about. */
#include "crypt/crypt.h"
#include "studio/studio_int.h"
#include "studio/studio_q.h"

static const struct scheme_part *part_named(const struct scheme_outline *outline, struct str name)
{
    for (size_t i = 0; i < outline->parts_len; i++)
        if (str_eq(outline->parts[i].name, name))
            return &outline->parts[i];
    return NULL;
}

static bool is_attribute(const struct scheme_outline *outline, struct str name)
{
    for (size_t i = 0; i < outline->attributes_len; i++)
        if (str_eq(outline->attributes[i].name, name))
            return true;
    return false;
}

/* Findings about two rows name the other one first. */
static size_t other_row_of(const struct dmn_issue *issue)
{
    int64_t number;
    bool is_of_two =
        issue->kind == DMN_OVERLAP || issue->kind == DMN_CONFLICT || issue->kind == DMN_HIDDEN;
    if (!is_of_two || !issue->args[0] || !str_to_i64(str_of(issue->args[0]), &number))
        return 0;
    return number > 0 ? (size_t)number : 0;
}

static struct str sign_of(struct op *op, const struct dmn_issue *issue)
{
    struct str text =
        i18n_format_c(op->arena, lang_of(LANG_EN), issue->message, issue->args, LEN(issue->args));
    struct str name = issue->element ? issue->element->name : STR("");
    struct str whole =
        str_printf(op->arena, "%s\n" STR_FMT "\n%zu\n" STR_FMT, dmn_finding_name(issue->kind),
                   STR_ARG(name), issue->rule, STR_ARG(text));
    return crypt_sha256_hex(op->arena, whole);
}

static void place(struct op *op, const struct studio_draft *draft, struct studio__problem *problem,
                  struct str name)
{
    problem->where = problem->part ? problem->part->label : name;
    if (!problem->part) {
        problem->href = studio__href(op, draft->id, "?view=attributes");
        return;
    }
    problem->href = studio__part_href(op, draft->id, problem->part->id);
    if (problem->row)
        problem->href =
            str_printf(op->arena, STR_FMT "&row=%zu", STR_ARG(problem->href), problem->row - 1);
}

static void add_issue(struct op *op, const struct studio_draft *draft,
                      const struct scheme_outline *outline, const struct dmn_issue *issue,
                      struct studio__problems *out)
{
    struct str name = issue->element ? issue->element->name : STR("");
    struct studio__problem problem = {
        .part = part_named(outline, name),
        .text = i18n_format_c(op->arena, op->lang, issue->message, issue->args, LEN(issue->args)),
        .row = issue->rule,
        .column = issue->column,
        .other_row = other_row_of(issue),
        .is_warning = issue->is_warning};
    if (issue->is_warning)
        problem.sign = sign_of(op, issue);
    place(op, draft, &problem, name);
    VEC_PUSH(op->arena, out, problem);
}

static bool is_known(const struct dmn_issue *issues, size_t len, const struct fault_entry *entry)
{
    for (size_t i = 0; i < len; i++)
        if (!issues[i].is_warning && issues[i].message == entry->message &&
            issues[i].file_line == entry->line)
            return true;
    return false;
}

static void add_entry(struct op *op, const struct studio_draft *draft,
                      const struct scheme_outline *outline, const struct fault_entry *entry,
                      struct studio__problems *out)
{
    struct str name = entry->field ? str_of(entry->field) : STR("");
    struct studio__problem problem = {.part = part_named(outline, name),
                                      .text = i18n_fault(op->arena, op->lang, entry)};
    place(op, draft, &problem, name);
    if (!problem.part && !is_attribute(outline, name))
        problem.href = studio__href(op, draft->id, "?view=file");
    VEC_PUSH(op->arena, out, problem);
}

static enum rc mark_meant(struct op *op, int64_t scheme_id, struct studio__problems *problems)
{
    struct meant_rec_rows meant;
    TRY(q_meant(op, &(struct q_meant_in){.scheme_id = scheme_id}, &meant));
    for (size_t i = 0; i < problems->len; i++) {
        struct studio__problem *problem = &problems->at[i];
        for (size_t m = 0; m < meant.len && problem->is_warning; m++)
            problem->is_meant = problem->is_meant || str_eq(problem->sign, meant.at[m].sign);
        problems->errors += !problem->is_warning;
        problems->warnings += problem->is_warning && !problem->is_meant;
    }
    return RC_OK;
}

enum rc studio__check(struct op *op, const struct studio_draft *draft,
                      const struct scheme_outline *outline, struct studio__problems *out)
{
    struct fault unused = {.arena = op->arena}, fault = {.arena = op->arena};
    const struct dmn_model *model = NULL;
    const struct scheme *scheme = NULL;
    const struct dmn_issue *issues = NULL;
    size_t len = 0;
    *out = (struct studio__problems){0};
    if (dmn_read(op->arena, draft->xml, NULL, 0, FEEL_KONTOR, &unused, &model) == RC_OK)
        dmn_check(op->arena, model, &issues, &len);
    if (scheme_read(op->arena, draft->xml, &fault, &scheme) != RC_OK)
        for (size_t i = 0; i < fault.entries_len; i++)
            if (!is_known(issues, len, &fault.entries[i]))
                add_entry(op, draft, outline, &fault.entries[i], out);
    for (size_t i = 0; i < len; i++)
        add_issue(op, draft, outline, &issues[i], out);
    return mark_meant(op, draft->scheme_id, out);
}

enum rc studio__meant(struct op *op, int64_t scheme_id, struct str sign)
{
    TRY(op_must(op, "scheme.edit"));
    return q_meant_put(
        op, &(struct q_meant_put_in){.scheme_id = scheme_id,
                                     .sign = sign,
                                     .user_id = op->actor.user_id ? SOME(op->actor.user_id) : NONE,
                                     .now = op->now});
}
