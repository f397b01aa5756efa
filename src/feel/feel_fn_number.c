/* Built-in functions on numbers and booleans, and the conversions number() and string() (DMN 1.5
 * sections 10.3.4.1, 10.3.4.5). */
#include "feel/feel_int.h"

enum { SCALE_MIN = -6111, SCALE_MAX = 6176 };

static struct feel_value checked(struct feel_run *run, struct dec number)
{
    if (dec_is_finite(number))
        return feel_number(number);
    return feel__warn(run, M("The result is not a number."), STR_NONE, STR_NONE, STR_NONE);
}

static struct feel_value rounded(struct feel_run *run, const struct feel_value *args,
                                 size_t args_len, enum dec_round mode)
{
    int64_t scale = 0;
    if (args_len > 1 && (!dec_to_i64(dec_round(args[1].number, 0, DEC_DOWN), &scale) ||
                         scale < SCALE_MIN || scale > SCALE_MAX))
        return feel__expected(run, M("a scale between -6111 and 6176"), &args[1]);
    return checked(run, dec_round(args[0].number, (int)scale, mode));
}

static struct feel_value fn_decimal(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return rounded(run, args, len, DEC_HALF_EVEN);
}

static struct feel_value fn_floor(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return rounded(run, args, len, DEC_FLOOR);
}

static struct feel_value fn_ceiling(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return rounded(run, args, len, DEC_CEILING);
}

static struct feel_value fn_round_up(struct feel_run *run, const struct feel_value *args,
                                     size_t len)
{
    return rounded(run, args, len, DEC_UP);
}

static struct feel_value fn_round_down(struct feel_run *run, const struct feel_value *args,
                                       size_t len)
{
    return rounded(run, args, len, DEC_DOWN);
}

static struct feel_value fn_half_up(struct feel_run *run, const struct feel_value *args, size_t len)
{
    return rounded(run, args, len, DEC_HALF_UP);
}

static struct feel_value fn_half_down(struct feel_run *run, const struct feel_value *args,
                                      size_t len)
{
    return rounded(run, args, len, DEC_HALF_DOWN);
}

static struct feel_value fn_abs(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value value = args[0];
    (void)len;
    if (value.kind == FEEL_LIST && value.list.len == 1)
        value = feel_item(&value, 0, run->arena);
    if (value.kind == FEEL_NUMBER)
        return feel_number(dec_abs(value.number));
    if (value.kind == FEEL_DAYS || value.kind == FEEL_MONTHS) {
        bool is_negative = value.kind == FEEL_DAYS ? value.span_nanos < 0 : value.months < 0;
        return is_negative ? feel__negate(run, &value) : value;
    }
    return feel__expected(run, M("number or duration"), &value);
}

static struct feel_value fn_modulo(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    if (dec_is_zero(args[1].number))
        return feel__warn(run, M("Division by zero."), STR_NONE, STR_NONE, STR_NONE);
    return checked(run, dec_modulo(args[0].number, args[1].number));
}

static struct feel_value fn_sqrt(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return checked(run, dec_sqrt(args[0].number));
}

static struct feel_value fn_log(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return checked(run, dec_log(args[0].number));
}

static struct feel_value fn_exp(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return checked(run, dec_exp(args[0].number));
}

static struct feel_value parity(const struct feel_value *arg, bool wants_odd)
{
    struct dec rest = dec_modulo(arg->number, dec_from_i64(2));
    return feel_bool(dec_eq(rest, dec_from_i64(wants_odd ? 1 : 0)));
}

static struct feel_value fn_odd(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return parity(&args[0], true);
}

static struct feel_value fn_even(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)run, (void)len;
    return parity(&args[0], false);
}

static struct feel_value fn_not(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct feel_value value = args[0];
    (void)len;
    if (value.kind == FEEL_LIST && value.list.len == 1)
        value = feel_item(&value, 0, run->arena);
    if (value.kind == FEEL_BOOL)
        return feel_bool(!value.is);
    return feel__is_null(&value) ? feel_null() : feel__expected(run, M("boolean"), &value);
}

static struct feel_value parse_number(struct feel_run *run, struct str text,
                                      const struct feel_value *original)
{
    struct dec number;
    if (dec_parse(text, &number) && dec_is_finite(number))
        return feel_number(number);
    return feel__expected(run, M("a number as text"), original);
}

static struct feel_value fn_number(struct feel_run *run, const struct feel_value *args, size_t len)
{
    (void)len;
    return parse_number(run, args[0].text, &args[0]);
}

static bool is_separator(const struct feel_value *value, const char *among)
{
    return feel__is_null(value) ||
           (value->text.len == 1 && strchr(among, value->text.at[0]) != NULL);
}

static struct feel_value fn_number_with(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    struct str text = args[0].text, group = STR_NONE;
    char point = 0;
    size_t out_len = 0;
    (void)len;
    if (!is_separator(&args[1], " ,."))
        return feel__expected(run, M("space, comma or point"), &args[1]);
    if (!is_separator(&args[2], ",."))
        return feel__expected(run, M("comma or point"), &args[2]);
    group = feel__is_null(&args[1]) ? group : args[1].text;
    point = (char)(feel__is_null(&args[2]) ? '.' : args[2].text.at[0]);
    if (group.len && group.at[0] == point && !feel__is_null(&args[2]))
        return feel__warn(run, M("The two separators must differ."), STR_NONE, STR_NONE, STR_NONE);
    char *out = feel__alloc(run, text.len + 1, 1);
    if (!out)
        return feel_null();
    for (size_t i = 0; i < text.len; i++) {
        if (group.len && text.at[i] == group.at[0])
            continue;
        if (text.at[i] == '.' && point != '.')
            return feel__expected(run, M("a number as text"), &args[0]);
        out[out_len++] = (char)(text.at[i] == point ? '.' : text.at[i]);
    }
    return parse_number(run, (struct str){out, out_len}, &args[0]);
}

static struct feel_value fn_string(struct feel_run *run, const struct feel_value *args, size_t len)
{
    AUTO_BUF buf = BUF(feel_limits()->text_bytes_max);
    (void)len;
    if (feel__is_null(&args[0]))
        return feel_null();
    if (args[0].kind == FEEL_STRING)
        return args[0];
    feel__print(&buf, &args[0], false, 0, run->arena);
    return feel__text_of(run, &buf);
}

static const struct feel_builtin table[] = {
    {"decimal", "n:n,scale:n", fn_decimal},
    {"floor", "n:n", fn_floor},
    {"floor", "n:n,scale:n", fn_floor},
    {"ceiling", "n:n", fn_ceiling},
    {"ceiling", "n:n,scale:n", fn_ceiling},
    {"round up", "n:n,scale:n", fn_round_up},
    {"round down", "n:n,scale:n", fn_round_down},
    {"round half up", "n:n,scale:n", fn_half_up},
    {"round half down", "n:n,scale:n", fn_half_down},
    {"abs", "n:a", fn_abs},
    {"modulo", "dividend:n,divisor:n", fn_modulo},
    {"sqrt", "number:n", fn_sqrt},
    {"log", "number:n", fn_log},
    {"exp", "number:n", fn_exp},
    {"odd", "number:n", fn_odd},
    {"even", "number:n", fn_even},
    {"not", "negand:a", fn_not},
    {"number", "from:s", fn_number},
    {"number", "from:s,grouping separator:s?,decimal separator:s?", fn_number_with},
    {"string", "from:a", fn_string},
};

const struct builtin_table feel__numbers = {table, LEN(table)};
