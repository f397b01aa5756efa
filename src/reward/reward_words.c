/* Words for people: addresses, periods, decimals with their units, cells of decision tables,
 * warnings and what to do about them. */
#include "reward/reward_web.h"

struct str reward__href(struct op *op, const char *path, const char *prefix, int64_t id,
                        const char *rest)
{
    return str_printf(op->arena, "%s%s%s", path, pid_of(prefix, id).text, rest);
}

struct str reward__run_href(struct op *op, int64_t id, const char *rest)
{
    return reward__href(op, "/runs/", "run", id, rest);
}

struct str reward__statement_href(struct op *op, int64_t id, const char *rest)
{
    const char *path = op->actor.kind == ACTOR_PARTNER ? "/portal/statements/" : "/statements/";
    return reward__href(op, path, "sta", id, rest);
}

struct str reward__period_words(struct op *op, struct str text, enum i18n_place place)
{
    struct period period;
    if (!period_parse(text, 0, &period))
        return text;
    return i18n_period(op->arena, op->lang, period, place);
}

struct str reward__day_words(struct op *op, int64_t day)
{
    struct date date = {(int32_t)day}, today = zone_date(op->zone, op->now);
    bool is_this_year = date_ymd(date).year == date_ymd(today).year;
    return i18n_date(op->arena, op->lang, date, is_this_year ? DATE_SHORT : DATE_MEDIUM,
                     PLACE_INSIDE);
}

struct str reward__note_line(struct op *op, struct str a, struct str b)
{
    if (!a.len || !b.len)
        return a.len ? a : b;
    return str_printf(op->arena, STR_FMT " \xc2\xb7 " STR_FMT, STR_ARG(a), STR_ARG(b));
}

struct str reward__who(struct op *op, struct opt_i64 user_id)
{
    struct str name = STR_NONE;
    if (!user_id.has || auth_user_name(op, user_id.v, &name) != RC_OK)
        return STR_NONE;
    return name;
}

struct safe_html reward__escaped(struct op *op, struct str text)
{
    AUTO_OUT o = OUT(op->arena, 64 << 10);
    o.lang = op->lang;
    o.zone = op->zone;
    html_text(&o, text);
    return out_html(&o);
}

/* ---- numbers ---- */

/* As many digits as the value has, at least `min`. */
static int digits_of(struct dec value, int min)
{
    enum { DIGITS_MAX = 6 };
    int digits = min;
    while (digits < DIGITS_MAX && dec_cmp(dec_round(value, digits, DEC_HALF_UP), value) != 0)
        digits++;
    return digits;
}

static struct str percent(struct op *op, struct dec ratio)
{
    int digits = digits_of(dec_mul(ratio, dec_from_i64(100)), 0);
    return i18n_percent(op->arena, op->lang, ratio, digits);
}

static struct str amount(struct op *op, struct dec value, const struct currency *currency)
{
    int64_t minor = 0;
    int digits = currency ? currency->digits : 2;
    if (digits_of(value, digits) == digits && dec_to_scaled(value, digits, DEC_HALF_UP, &minor))
        return i18n_scaled(op->arena, op->lang, minor, digits);
    return i18n_dec(op->arena, op->lang, value);
}

struct str reward__number(struct op *op, struct str text, struct str unit,
                          const struct currency *currency)
{
    struct dec value;
    if (!dec_parse(str_trim(text), &value))
        return text;
    if (str_eq(unit, STR("percent")))
        return percent(op, value);
    if (str_eq(unit, STR("money")))
        return amount(op, value, currency);
    return i18n_dec(op->arena, op->lang, value);
}

/* ---- cells ---- */

static struct str bound_words(struct op *op, const struct reward__bounds *bounds, struct str from,
                              struct str to)
{
    const char *pattern = NULL;
    if (bounds->has_from && bounds->has_to && dec_eq(bounds->from, bounds->to))
        return from;
    if (bounds->has_from && bounds->has_to)
        pattern = bounds->is_to_open ? M("from {0} to below {1}") : M("from {0} to {1}");
    else if (bounds->has_from)
        pattern = bounds->is_from_open ? M("above {0}") : M("from {0}||number");
    else
        pattern = bounds->is_to_open ? M("below {1}") : M("up to {1}");
    return i18n_format(op->arena, op->lang, pattern, from, to);
}

struct str reward__cell_words(struct op *op, const struct reward__cell *cell,
                              const struct currency *currency)
{
    struct reward__bounds bounds = {0};
    struct str text = str_trim(cell->text);
    if (str_eq(text, STR("-")))
        return tr(op->lang, M("any other"));
    if (!cell->is_output && reward__bounds(text, &bounds)) {
        struct str from = dec_print(op->arena, bounds.from), to = dec_print(op->arena, bounds.to);
        return bound_words(op, &bounds, reward__number(op, from, cell->unit, currency),
                           reward__number(op, to, cell->unit, currency));
    }
    if (text.len > 1 && text.at[0] == '"' && str_find(text, STR("\""), 1) == text.len - 1)
        return str_sub(text, 1, text.len - 2);
    return reward__number(op, text, cell->unit, currency);
}

/* ---- warnings ---- */

static const struct {
    const char *message, *advice;
} advices[] = {
    {M("There is no exchange rate {0}."),
     M("Add the exchange rate in the settings; then calculate again.")},
    {M("No version of the scheme {0} is in force."),
     M("Publish a version that is in force in this period; then calculate again.")},
    {M("The computation took more steps or memory than allowed."),
     M("Simplify the decision; then calculate again.")},
};

static struct str advice_of(struct op *op, struct str message)
{
    for (size_t i = 0; i < LEN(advices); i++)
        if (str_eq(message, str_of(advices[i].message)))
            return tr(op->lang, advices[i].advice);
    return tr(op->lang, M("Complete the data that is missing, or repair the scheme; then "
                          "calculate again."));
}

static struct str event_name(struct op *op, const struct json_value *stored)
{
    int64_t seq = 0;
    struct reward_event_id event;
    if (!json_i64(json_get(stored, "event"), &seq) || seq == 0)
        return STR_NONE;
    if (q_reward_event(op, &(struct q_reward_event_in){seq}, &event) != RC_OK)
        return STR_NONE;
    return i18n_format(op->arena, op->lang, M("first at event {0}"), event.external_id);
}

void reward__warnings_of(struct op *op, struct str json, struct reward__warnings *out)
{
    const struct json_value *list = NULL;
    struct json_limits limits = {.bytes_max = 2 << 20};
    if (json.len == 0 || json_parse(op->arena, json, limits, &list, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < list->len; i++) {
        const struct json_value *stored = &list->items[i], *texts = json_get(stored, "args");
        struct str message = json_text(json_get(stored, "message"));
        struct i18n_arg args[3];
        for (size_t k = 0; k < LEN(args); k++) {
            struct str text = json_text(json_at(texts, k));
            args[k] = i18n_arg_str(text.at ? text : STR(""));
        }
        struct reward__warning warning = {
            .where = json_text(json_get(stored, "where")),
            .text =
                i18n_format_args(op->arena, op->lang, str_c(op->arena, message), args, LEN(args)),
            .advice = advice_of(op, message),
            .event = event_name(op, stored)};
        VEC_PUSH(op->arena, out, warning);
    }
}
