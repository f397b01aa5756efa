/* The interpreter: a switch over the tree. Three-valued logic, null with a warning on errors, and
 * budgets that are counted at every node, so that hostile text ends in a named error. */
#include "feel/feel_int.h"

enum { SLOTS_FAST = 32 };
static struct feel_limits limits_now = FEEL_LIMITS_USUAL;

const struct feel_limits *feel_limits(void)
{
    return &limits_now;
}

void feel_limits_set(struct feel_limits limits)
{
    limits_now = limits;
}

#define STOP_STEPS M("The calculation takes too many steps.")
#define STOP_DEPTH M("The calculation nests too deeply.")
#define STOP_BYTES M("The calculation needs too much memory.")
#define STOP_TEXT  M("The calculation makes a text that is too long.")

/* ---- budgets and warnings ---- */

struct feel_value feel__stop(struct feel_run *run, const char *message)
{
    if (!run->stopped)
        run->stopped = message;
    run->steps_left = -1;
    return feel_null();
}

struct feel_value feel__stop_deep(struct feel_run *run)
{
    return feel__stop(run, STOP_DEPTH);
}

void *feel__alloc(struct feel_run *run, size_t count, size_t item_bytes)
{
    size_t bytes = base_mul(count, item_bytes);
    size_t used = arena_used_bytes(run->arena) - run->bytes_start;
    if (used > run->bytes_max || bytes > run->bytes_max - used ||
        bytes + FEEL_SPARE_BYTES > arena_left_bytes(run->arena)) {
        feel__stop(run, STOP_BYTES);
        return NULL;
    }
    return arena_alloc(run->arena, bytes ? bytes : 1);
}

bool feel__steps(struct feel_run *run, size_t steps)
{
    if (run->stopped || run->steps_left < (int64_t)steps) {
        feel__stop(run, STOP_STEPS);
        return false;
    }
    run->steps_left -= (int64_t)steps;
    return true;
}

bool feel__text_steps(struct feel_run *run, size_t bytes)
{
    return bytes < 256 || feel__steps(run, bytes / 64);
}

struct feel_value feel__text_of(struct feel_run *run, const struct buf *buf)
{
    if (buf->is_over)
        return feel__stop(run, STOP_TEXT);
    char *at = feel__text_steps(run, buf->len) ? feel__alloc(run, buf->len + 1, 1) : NULL;
    if (!at)
        return feel_null();
    if (buf->len)
        memcpy(at, buf->at, buf->len);
    return feel_text((struct str){at, buf->len});
}

struct feel_value feel__warn(struct feel_run *run, const char *message, struct str a, struct str b,
                             struct str c)
{
    struct feel_warnings *warnings = run->warnings;
    if (!warnings || run->stopped)
        return feel_null();
    warnings->total++;
    if (warnings->len == FEEL_WARNINGS_MAX)
        return feel_null();
    warnings->at[warnings->len++] = (struct feel_warning){
        .where = run->where,
        .line = run->node ? (long)run->node->line : 0,
        .column = run->node ? (long)run->node->column : 0,
        .message = message,
        .args = {str_dup(run->arena, a), str_dup(run->arena, b), str_dup(run->arena, c)}};
    return feel_null();
}

struct feel_value feel_run_warn(struct feel_run *run, const char *message, struct str a,
                                struct str b)
{
    const struct feel_node *at = run->node;
    run->node = NULL; /* the host's matter stands in no formula */
    struct feel_value value = feel__warn(run, message, a, b, STR_NONE);
    run->node = at;
    return value;
}

struct feel_value feel__expected(struct feel_run *run, const char *expected,
                                 const struct feel_value *found)
{
    if (!run->warnings || run->warnings->len == FEEL_WARNINGS_MAX) {
        if (run->warnings)
            run->warnings->total++;
        return feel_null();
    }
    AUTO_BUF text = BUF(120);
    if (found->kind == FEEL_FUNCTION || feel__is_null(found))
        return feel__warn(run, M("Expected {0}, found {1}."), feel__key(run->arena, expected),
                          feel_kind_word(found->kind), STR_NONE);
    feel__print(&text, found, true, 0, run->arena);
    return feel__warn(run, M("Expected {0}, found {1} {2}."), feel__key(run->arena, expected),
                      feel_kind_word(found->kind), text.is_over ? STR("…") : buf_str(&text));
}

struct feel_value feel__no_entry(struct feel_run *run, const struct feel_value *context,
                                 struct str name)
{
    struct str near = STR_NONE;
    if (run->warnings && run->warnings->len < FEEL_WARNINGS_MAX)
        near = feel__near_entry(context->context.shape, name);
    if (!near.at)
        return feel__warn(run, M("There is no \"{0}\" in the context."), name, STR_NONE, STR_NONE);
    return feel__warn(run, M("There is no \"{0}\" in the context. Did you mean \"{1}\"?"), name,
                      near, STR_NONE);
}

/* ---- names ---- */

static struct feel_frame *frame_out(struct feel_run *run, uint32_t hops)
{
    const struct feel_frame *frame = run->frame;
    while (hops-- > 0) {
        assert(frame->parent); /* the compiler counted the functions around a name */
        frame = frame->parent;
    }
    return (struct feel_frame *)(uintptr_t)frame;
}

/* The item of the innermost filter around that has the entry; NULL when none has. Lazy entries are
 * made in *room. */
static const struct feel_value *entry_of_item(struct feel_run *run, const struct feel_node *node,
                                              struct feel_value *room)
{
    const struct entry_sites *sites = node->data;
    for (size_t i = 0; i < sites->len; i++) {
        const struct feel_value *item =
            &frame_out(run, sites->at[i].hops)->slots[sites->at[i].slot];
        if (item->kind != FEEL_CONTEXT)
            continue;
        const struct feel_value *at =
            feel__entry_ref(item, node->name, node->hash, run->arena, room);
        if (at)
            return at;
    }
    return NULL;
}

const struct feel_value *feel__operand(struct feel_run *run, const struct feel_node *node,
                                       struct feel_value *room)
{
    const struct feel_value *at = NULL;
    if (node->op == N_CONST)
        return node->value;
    if (node->op == N_SLOT) {
        at = &frame_out(run, node->hops)->slots[node->slot];
        if (at->kind)
            return at;
    } else if (node->op == N_ENTRY) {
        at = entry_of_item(run, node, room);
        if (at)
            return at;
    } else if (node->op == N_PATH && node->kids[0]->op == N_SLOT) {
        at = &frame_out(run, node->kids[0]->hops)->slots[node->kids[0]->slot];
        if (at->kind == FEEL_CONTEXT)
            at = feel__entry_ref(at, node->name, node->hash, run->arena, room);
        else
            at = NULL;
        if (at)
            return at;
    }
    *room = feel__eval(run, node);
    return room;
}

static struct feel_value slot_value(struct feel_run *run, const struct feel_node *node)
{
    const struct feel_value *value = &frame_out(run, node->hops)->slots[node->slot];
    return value->kind ? *value : feel_null();
}

static struct feel_value entry_value(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value room;
    const struct feel_value *at = entry_of_item(run, node, &room);
    return at ? *at : feel__eval(run, node->kids[0]);
}

/* Comparing two numbers is what conditions mostly are. */
int feel__truth_of(struct feel_run *run, const struct feel_node *node, struct feel_value *out)
{
    struct feel_value room;
    if (node->op == N_COMPARE && node->kids[1]->op == N_CONST && run->steps_left > 0) {
        const struct feel_value *a = feel__operand(run, node->kids[0], &room);
        const struct feel_value *b = node->kids[1]->value;
        run->steps_left--;
        run->node = node;
        if (a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER) {
            int order = dec_cmp(a->number, b->number);
            switch ((enum comparison)node->code) {
            case OP_EQ: return order == 0;
            case OP_NE: return order != 0;
            case OP_LT: return order < 0;
            case OP_LE: return order <= 0;
            case OP_GT: return order > 0;
            case OP_GE: return order >= 0;
            }
        }
        if (a->kind == FEEL_STRING && b->kind == FEEL_STRING && node->code <= OP_NE)
            return str_eq(a->text, b->text) == (node->code == OP_EQ);
        *out = feel__compare(run, (enum comparison)node->code, a, b);
        return feel__truth(out);
    }
    *out = feel__eval(run, node);
    return feel__truth(out);
}

/* ---- lists, contexts, ranges ---- */

static struct feel_value list_value(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value *items = feel__alloc(run, node->kids_len, sizeof(*items));
    if (!items)
        return feel_null();
    for (size_t i = 0; i < node->kids_len; i++)
        items[i] = feel__eval(run, node->kids[i]);
    return feel_list(items, node->kids_len);
}

static struct feel_value context_value(struct feel_run *run, const struct feel_node *node)
{
    const struct context_plan *plan = node->data;
    struct feel_value *entries = feel__alloc(run, node->kids_len, sizeof(*entries));
    if (!entries)
        return feel_null();
    for (size_t i = 0; i < node->kids_len; i++) {
        entries[i] = feel__eval(run, node->kids[i]);
        run->frame->slots[plan->slots[i]] = entries[i];
        /* A function made here kept a copy of the frame; let it see itself. */
        const struct feel_function *function =
            entries[i].kind == FEEL_FUNCTION ? entries[i].function : NULL;
        if (function && function->form == FN_USER && node->kids[i]->op == N_FUNCTION)
            function->frame->slots[plan->slots[i]] = entries[i];
    }
    if (plan->result)
        return feel__eval(run, plan->result);
    return feel_context(plan->shape, entries);
}

static struct feel_value range_value(struct feel_run *run, const struct feel_node *node)
{
    const struct range_plan *plan = node->data;
    struct feel_value low = feel__eval(run, node->kids[0]);
    struct feel_value high = feel__eval(run, node->kids[1]);
    int order = 0;
    struct feel_range *range = feel__alloc(run, 1, sizeof(*range));
    run->node = node;
    if (!range)
        return feel_null();
    bool has_both = !feel__is_null(&low) && !feel__is_null(&high);
    if (has_both && (low.kind != high.kind || !feel_order(&low, &high, &order)))
        return feel__expected(run, feel_kind_name(low.kind), &high);
    if (has_both && order > 0)
        return feel__warn(run, M("A range must not begin after its end."), STR_NONE, STR_NONE,
                          STR_NONE);
    *range = (struct feel_range){.low = low,
                                 .high = high,
                                 .has_low = plan->has_low,
                                 .has_high = plan->has_high,
                                 .form = plan->form};
    return (struct feel_value){.kind = FEEL_RANGE, .range = range};
}

/* ---- logic ---- */

static struct feel_value logic(struct feel_run *run, const struct feel_node *node)
{
    int deciding = node->op == N_OR; /* true decides "or", false decides "and" */
    struct feel_value a, b;
    int left = feel__truth_of(run, node->kids[0], &a);
    if (left == deciding)
        return feel_bool(deciding);
    int right = feel__truth_of(run, node->kids[1], &b);
    run->node = node;
    if (right == deciding)
        return feel_bool(deciding);
    if (left < 0 && !feel__is_null(&a))
        return feel__expected(run, M("boolean"), &a);
    if (right < 0 && !feel__is_null(&b))
        return feel__expected(run, M("boolean"), &b);
    return left < 0 || right < 0 ? feel_null() : feel_bool(!deciding);
}

static struct feel_value between_value(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value value = feel__eval(run, node->kids[0]);
    struct feel_value low = feel__eval(run, node->kids[1]);
    struct feel_value high = feel__eval(run, node->kids[2]);
    run->node = node;
    struct feel_value above = feel__compare(run, OP_GE, &value, &low);
    struct feel_value below = feel__compare(run, OP_LE, &value, &high);
    int a = feel__truth(&above), b = feel__truth(&below);
    if (a == 0 || b == 0)
        return feel_bool(false);
    return a < 0 || b < 0 ? feel_null() : feel_bool(true);
}

static struct feel_value in_value(struct feel_run *run, const struct feel_node *node)
{
    bool is_unknown = false;
    run->frame->slots[node->slot] = feel__eval(run, node->kids[0]);
    for (size_t i = 1; i < node->kids_len; i++) {
        struct feel_value test = feel__eval(run, node->kids[i]);
        int truth = feel__truth(&test);
        if (truth == 1)
            return feel_bool(true);
        is_unknown = is_unknown || truth < 0;
    }
    return is_unknown ? feel_null() : feel_bool(false);
}

enum { TEST_USES_INPUT = 1, TEST_IS_CELL = 2 };

static struct feel_value test_value(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value test = feel__eval(run, node->kids[0]);
    const struct feel_value *input = &run->frame->slots[node->slot];
    run->node = node;
    if (node->kids[0]->op == N_RANGE && feel__is_null(&test))
        return feel_null(); /* a range in error takes nothing, not even what is missing */
    if (test.kind == FEEL_BOOL && ((node->code & TEST_USES_INPUT) ||
                                   ((node->code & TEST_IS_CELL) && node->kids[0]->op != N_CONST &&
                                    input->kind != FEEL_BOOL && input->kind != FEEL_LIST)))
        return test;
    return feel__truth_value(feel__satisfies(run, input, &test));
}

static struct feel_value not_value(struct feel_run *run, const struct feel_node *node)
{
    bool is_unknown = false;
    for (size_t i = 0; i < node->kids_len; i++) {
        struct feel_value test = feel__eval(run, node->kids[i]);
        if (feel__truth(&test) == 1)
            return feel_bool(false);
        is_unknown = is_unknown || (feel__truth(&test) < 0 && node->kids_len == 1);
    }
    return feel_bool(true);
}

static void note_choice(struct feel_run *run, const struct feel_node *node, bool is_true)
{
    enum { CHOICES_MAX = 32 };
    struct feel_choices *choices = run->choices;
    const struct feel_formula *formula = &choices->formula;
    struct feel_choice choice = {formula->number, node->line, node->column, is_true, node};
    size_t same = 0;
    if (formula->frame != run->frame || node->line == 0)
        return;
    for (size_t i = formula->from; i < choices->len; i++) {
        const struct feel_choice *known = &choices->at[i];
        same += known->formula == choice.formula;
        if (known->formula == choice.formula && known->line == choice.line &&
            known->column == choice.column && known->is_true == is_true)
            return;
    }
    if (same < CHOICES_MAX)
        VEC_PUSH(run->arena, choices, choice);
}

static struct feel_value if_value(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value test;
    int truth = feel__truth_of(run, node->kids[0], &test);
    run->node = node;
    if (truth < 0 && !feel__is_null(&test))
        return feel__expected(run, M("boolean"), &test);
    if (run->choices)
        note_choice(run, node, truth == 1);
    return feel__eval(run, node->kids[truth == 1 ? 1 : 2]);
}

/* ---- dispatch ---- */

static struct feel_value two(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value room_a, room_b;
    const struct feel_value *a = feel__operand(run, node->kids[0], &room_a);
    const struct feel_value *b = feel__operand(run, node->kids[1], &room_b);
    run->node = node;
    if (node->op == N_COMPARE)
        return feel__compare(run, (enum comparison)node->code, a, b);
    if (a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER && node->code <= OP_MUL) {
        struct feel_value is = {.kind = FEEL_NUMBER};
        is.number = node->code == OP_MUL   ? dec_mul(a->number, b->number)
                    : node->code == OP_ADD ? dec_add(a->number, b->number)
                                           : dec_sub(a->number, b->number);
        if (dec_is_finite(is.number))
            return is;
    }
    return feel__arithmetic(run, (enum arithmetic)node->code, a, b);
}

static struct feel_value one(struct feel_run *run, const struct feel_node *node)
{
    struct feel_value a = feel__eval(run, node->kids[0]);
    run->node = node;
    if (node->op == N_PATH)
        return feel__path(run, &a, node->name, node->hash);
    if (node->op == N_NEGATE)
        return feel__negate(run, &a);
    if (node->op == N_INSTANCE && feel__is_null(&a)) /* null is of its own type only */
        return feel_bool(node->type->form == FEEL_TYPE_KIND && node->type->kind == FEEL_NULL);
    if (node->op == N_INSTANCE)
        return feel_bool(feel__type_has(run, node->type, &a, false));
    if (feel_coerce(run, &a, node->type)) /* N_COERCE */
        return a;
    return feel__expected(run, feel__type_text(run->arena, node->type), &a);
}

static struct feel_value warn_only(struct feel_run *run, const struct feel_node *node)
{
    if (node->op == N_UNKNOWN && node->data)
        return feel__warn(run, M("The name \"{0}\" is not known here. Did you mean \"{1}\"?"),
                          node->name, *(const struct str *)node->data, STR_NONE);
    if (node->op == N_UNKNOWN)
        return feel__warn(run, M("The name \"{0}\" is not known here."), node->name, STR_NONE,
                          STR_NONE);
    static const char *const messages[] = {
        [BAD_ARGUMENTS] = M("These arguments do not fit. The function is called as {0}."),
        [BAD_TEMPORAL] = M("{0} is no date, time or duration."),
        [BAD_TEXT] = M("This formula could not be read: {0}"),
        [BAD_ENTRY] = M("The entry \"{0}\" comes twice."),
    };
    return feel__warn(run, messages[node->code], node->name, STR_NONE, STR_NONE);
}

static struct feel_value dispatch(struct feel_run *run, const struct feel_node *node)
{
    switch ((enum node_op)node->op) {
    case N_CONST: return *node->value;
    case N_SLOT: return slot_value(run, node);
    case N_ENTRY: return entry_value(run, node);
    case N_LIST: return list_value(run, node);
    case N_CONTEXT: return context_value(run, node);
    case N_RANGE: return range_value(run, node);
    case N_PATH:
    case N_NEGATE:
    case N_INSTANCE:
    case N_COERCE: return one(run, node);
    case N_ARITHMETIC:
    case N_COMPARE: return two(run, node);
    case N_AND:
    case N_OR: return logic(run, node);
    case N_BETWEEN: return between_value(run, node);
    case N_IN: return in_value(run, node);
    case N_IF: return if_value(run, node);
    case N_LOOP: return feel__loop(run, node);
    case N_FILTER: return feel__filter(run, node);
    case N_CALL: return feel__call(run, node);
    case N_BUILTIN: return feel__builtin(run, node);
    case N_FUNCTION: return feel__closure(run, node);
    case N_TEST: return test_value(run, node);
    case N_NOT: return not_value(run, node);
    case N_UNKNOWN:
    case N_BAD: return warn_only(run, node);
    case N_HOST: return node->fn(run, node->data);
    }
    return feel_null();
}

struct feel_value feel__eval(struct feel_run *run, const struct feel_node *node)
{
    if (--run->steps_left < 0)
        return feel__stop(run, STOP_STEPS);
    if (--run->depth_left < 0) {
        run->depth_left++;
        return feel__stop_deep(run);
    }
    run->node = node;
    struct feel_value value = dispatch(run, node);
    run->depth_left++;
    return value;
}

/* ---- runs ---- */

/* `frame` has zeroed slots. */
static void run_init(const struct feel_env *env, struct arena *arena,
                     struct feel_warnings *warnings, struct feel_frame *frame, struct feel_run *out)
{
    size_t given = env->slots_len < frame->len ? env->slots_len : frame->len;
    if (given)
        memcpy(frame->slots, env->slots, given * sizeof(*frame->slots));
    *out = (struct feel_run){.arena = arena,
                             .warnings = warnings,
                             .frame = frame,
                             .steps_left = env->steps_max ? env->steps_max : limits_now.steps_max,
                             .depth_left = env->depth_max ? env->depth_max : limits_now.depth_max,
                             .bytes_start = arena_used_bytes(arena),
                             .bytes_max = env->bytes_max ? env->bytes_max : limits_now.bytes_max,
                             .now = env->now,
                             .now_offset_s = env->now_offset_s,
                             .now_zone = env->now_zone,
                             .exchange = env->exchange};
}

struct feel_run *feel_run_new(const struct feel_env *env, size_t slots_len, struct arena *arena,
                              struct feel_warnings *warnings)
{
    struct feel_run *run = NEW(arena, struct feel_run);
    struct feel_frame *frame = NEW(arena, struct feel_frame);
    frame->slots = NEW_ARRAY(arena, struct feel_value, slots_len + 1);
    frame->len = slots_len;
    run_init(env, arena, warnings, frame, run);
    return run;
}

struct feel_value feel_run_node(struct feel_run *run, const struct feel_node *node)
{
    return feel__eval(run, node);
}

struct feel_value *feel_run_slot(struct feel_run *run, size_t slot)
{
    return &run->frame->slots[slot];
}

struct feel_value feel_run_framed(struct feel_run *run, const struct feel_value *slots, size_t len,
                                  struct feel_host host)
{
    struct feel_frame *former = run->frame;
    struct feel_frame frame = {.len = len};
    frame.slots = feel__alloc(run, len + 1, sizeof(*frame.slots));
    if (!frame.slots)
        return feel_null();
    memcpy(frame.slots, slots, len * sizeof(*slots));
    run->frame = &frame;
    struct feel_value value = host.run(run, host.data);
    run->frame = former;
    return value;
}

struct arena *feel_run_arena(struct feel_run *run)
{
    return run->arena;
}

struct arena *feel_run_arena_set(struct feel_run *run, struct arena *arena)
{
    struct arena *former = run->arena;
    if (arena == former)
        return former;
    run->arena = arena;
    run->bytes_start = arena_used_bytes(arena);
    return former;
}

void feel_run_restart(struct feel_run *run, const struct feel_env *env)
{
    run->steps_left = env->steps_max ? env->steps_max : limits_now.steps_max;
    run->depth_left = env->depth_max ? env->depth_max : limits_now.depth_max;
    run->bytes_start = arena_used_bytes(run->arena);
    run->stopped = NULL;
}

void feel_run_warnings_set(struct feel_run *run, struct feel_warnings *warnings)
{
    run->warnings = warnings;
}

void feel_run_choices_set(struct feel_run *run, struct feel_choices *choices)
{
    run->choices = choices;
}

struct feel_formula feel_run_formula_begin(struct feel_run *run)
{
    struct feel_choices *choices = run->choices;
    if (!choices)
        return (struct feel_formula){0};
    struct feel_formula former = choices->formula;
    choices->formula = (struct feel_formula){++choices->formulas_len, choices->len, run->frame};
    return former;
}

void feel_run_formula_end(struct feel_run *run, struct feel_formula former)
{
    if (run->choices)
        run->choices->formula = former;
}

void *feel_run_user(const struct feel_run *run)
{
    return run->user;
}

void feel_run_user_set(struct feel_run *run, void *user)
{
    run->user = user;
}

struct str feel_run_where_set(struct feel_run *run, struct str where)
{
    struct str former = run->where;
    run->where = where;
    return former;
}

enum rc feel_run_outcome(const struct feel_run *run, struct fault *fault)
{
    if (!run->stopped)
        return RC_OK;
    return fault ? fault_add(fault, RC_LIMIT, NULL, run->stopped, NULL) : RC_LIMIT;
}

enum rc feel_eval(const struct feel_expr *expr, const struct feel_env *env, struct arena *arena,
                  struct feel_warnings *warnings, struct fault *fault, struct feel_value *out)
{
    struct feel_value slots[SLOTS_FAST];
    struct feel_frame frame = {.slots = slots, .len = expr->slots_len};
    struct feel_run run;
    /* A closure copies the slots it sees, so nothing outlives the frame. */
    if (expr->slots_len > SLOTS_FAST)
        frame.slots = NEW_ARRAY(arena, struct feel_value, expr->slots_len);
    else
        memset(slots, 0, expr->slots_len * sizeof(*slots));
    run_init(env, arena, warnings, &frame, &run);
    struct feel_value value = feel__eval(&run, expr->node);
    TRY(feel_run_outcome(&run, fault));
    *out = value;
    return RC_OK;
}
