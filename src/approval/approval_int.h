/* What the files of approval share. */
#ifndef KONTOR_APPROVAL_INT_H
#define KONTOR_APPROVAL_INT_H

#include "approval/approval.h"
#include "approval/approval_q.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "setting/setting.h"
#include "text/text.h"
#include "ui/ui.h"

enum { APPROVAL_KINDS_MAX = DB_LIST_MAX, APPROVAL_TEXT_MAX = 1000 };

#define apr(id) pid_of("apr", (id))

const struct approval_kind *approval__kind(struct str name); /* NULL: not declared here */
size_t approval__kinds(const struct approval_kind *const **out);
/* Permissions of declared kinds that the actor holds: what its inbox is made of. */
void approval__held(struct op *op, struct str_list *out);
/* The branch condition of lists: the user, for staff without all branches. */
struct opt_i64 approval__branch_user(const struct op *op);
const char *approval__state_name(enum approval_state state);
enum approval_state approval__state_of(struct str name);

struct approval_page {
    struct approval approval;
    struct ui_head head;
    struct ui_defs facts;
};
void approval_show_json(struct json_writer *w, const struct approval_page *v);
void approval__stages(struct out *o, const struct approval *a);

/* A label as the kind says it to people. */
struct str approval__words(struct op *op, const struct approval_kind *kind, struct str label);

#endif
