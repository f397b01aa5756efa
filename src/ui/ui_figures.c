/* Geometry of what is drawn: proportional bars, a job's progress, charts. Everything is integers
 * and percents in SVG attributes, because the policy allows no style attribute. */
#include "ui/ui.h"
#include "ui/ui_int.h"
#include "ui/ui_view.h"

/* ---- bars ---- */

/* part / whole in hundredths of a percent, 0 … 10000. */
static int64_t share_of(int64_t part, int64_t whole)
{
    int64_t share = 0;
    if (part <= 0 || whole <= 0)
        return 0;
    if (!money_muldiv(part, 10000, whole, DEC_HALF_UP, &share))
        return 10000;
    return share < 10000 ? share : 10000;
}

static struct str percent(struct arena *arena, int64_t share)
{
    return str_printf(arena, "%d.%02d%%", (int)(share / 100), (int)(share % 100));
}

struct ui_pieces ui__bar_pieces(struct out *o, const struct ui_bar *v)
{
    static const char *const classes[] = {
        [UI_MUTE] = "mute", [UI_INFO] = "info",   [UI_OK] = "ok",  [UI_WARN] = "warn",
        [UI_BAD] = "bad",   [UI_OUTLINE] = "bar", [UI_ACCENT] = ""};
    struct ui_pieces pieces = {0};
    int64_t whole = v->whole, from = 0;
    for (size_t i = 0; i < v->len && !v->whole; i++)
        whole += v->at[i].value > 0 ? v->at[i].value : 0;
    for (size_t i = 0; i < v->len; i++) {
        int64_t share = share_of(v->at[i].value, whole);
        if (share == 0 || from >= 10000)
            continue;
        share = from + share > 10000 ? 10000 - from : share;
        struct ui_piece piece = {.classes = v->at[i].tint ? classes[v->at[i].tint] : "",
                                 .x = percent(o->arena, from),
                                 .width = percent(o->arena, share)};
        VEC_PUSH(o->arena, &pieces, piece);
        from += share;
        struct ui_piece gap = {.classes = "gap", .x = percent(o->arena, from), .width = STR("2")};
        if (from < 10000)
            VEC_PUSH(o->arena, &pieces, gap);
    }
    return pieces;
}

void ui__step_bar(struct out *o, const struct ui_step *v)
{
    struct ui_part part = {.value = v->done, .tint = v->tint ? v->tint : UI_ACCENT};
    struct ui_bar bar = {
        .at = &part, .len = 1, .whole = v->whole > 0 ? v->whole : 1, .label = v->figure};
    ui_bar_view(o, &bar);
}

/* ---- jobs ---- */

bool ui__job_runs(const struct ui_job *v)
{
    return str_eq(v->state, STR("waiting")) || str_eq(v->state, STR("running"));
}

void ui__job_bar(struct out *o, const struct ui_job *v)
{
    bool is_done = str_eq(v->state, STR("done"));
    enum ui_tint tint = is_done                              ? UI_OK
                        : str_eq(v->state, STR("failed"))    ? UI_BAD
                        : str_eq(v->state, STR("cancelled")) ? UI_MUTE
                                                             : UI_ACCENT;
    struct ui_part part = {.value = is_done ? 1 : v->done, .tint = tint};
    struct ui_bar bar = {.at = &part, .len = 1, .label = ui__job_words(o, v)};
    bar.whole = is_done || v->whole <= 0 ? 1 : v->whole;
    if (!is_done && v->whole <= 0)
        part.value = 0;
    ui_bar_view(o, &bar);
}

struct str ui__job_words(struct out *o, const struct ui_job *v)
{
    struct str words = i18n_i64(o->arena, o->lang, v->done);
    if (v->whole > 0)
        words = i18n_format(o->arena, o->lang, v->unit, v->done, v->whole);
    if (!ui__job_runs(v) || !v->left_s.has)
        return words;
    const char *key = v->left_s.v < 90
                          ? M("{0}, about {1, plural, one {# second} other {# seconds}} left")
                          : M("{0}, about {1, plural, one {# minute} other {# minutes}} left");
    int64_t left = v->left_s.v < 90 ? v->left_s.v : (v->left_s.v + 59) / 60;
    return i18n_format(o->arena, o->lang, key, words, left);
}

const char *ui__stage_class(enum ui_stage_state state)
{
    switch (state) {
    case UI_STAGE_DONE: return "ok";
    case UI_STAGE_NOW: return "now";
    case UI_STAGE_FAILED: return "bad";
    case UI_STAGE_NEXT: break;
    }
    return "";
}

/* ---- charts ---- */

/* The smallest of 1, 2, 5 x 10^n that makes at most three steps up to `max`. */
static int64_t grid_step(int64_t max)
{
    static const int64_t nice[] = {1, 2, 5};
    for (int64_t ten = 1; ten <= INT64_MAX / 50; ten *= 10)
        for (size_t i = 0; i < LEN(nice); i++)
            if (max / (nice[i] * ten) < 3)
                return nice[i] * ten;
    return max;
}

static int64_t chart_max(const struct ui_bars *v, size_t from)
{
    int64_t max = 1;
    for (size_t i = from; i < v->len; i++) {
        max = v->at[i].value > max ? v->at[i].value : max;
        max = v->at[i].plan.has && v->at[i].plan.v > max ? v->at[i].plan.v : max;
    }
    return max;
}

static size_t chars_of(struct str s)
{
    size_t chars = 0;
    for (size_t i = 0; i < s.len; i++)
        chars += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return chars;
}

/* Six figures stand side by side on a narrow screen: long ones as the axis would write them. */
static struct str narrow_text(struct out *o, const struct ui_bars *v,
                              const struct ui_bar_point *point)
{
    struct str text = point->shown;
    if (chars_of(text) > 7 && v->axis)
        text = v->axis(o, point->value);
    else if (point->is_open) /* what is shown of it says so in words */
        text = i18n_i64(o->arena, o->lang, point->value);
    return chars_of(text) > 7 && !point->is_now ? STR_NONE : text;
}

static void chart_bars(struct out *o, const struct ui_bars *v, struct ui_chart *chart, size_t from,
                       bool is_narrow)
{
    int64_t top = is_narrow ? 24 : 28, floor_y = chart->height - 24;
    int64_t span = floor_y - top, max = chart_max(v, from);
    int64_t slot = (chart->width - chart->left) / (int64_t)(v->len - from);
    for (size_t i = from; i < v->len; i++) {
        const struct ui_bar_point *point = &v->at[i];
        int64_t width = slot * 64 / 100 < 64 ? slot * 64 / 100 : 64;
        struct ui_chart_bar bar = {.width = width, .label = point->label, .shown = point->shown};
        bar.mid = chart->left + slot * (int64_t)(i - from) + slot / 2;
        bar.x = bar.mid - width / 2;
        bar.height = share_of(point->value, max) * span / 10000;
        bar.y = floor_y - bar.height;
        bar.classes = point->is_open ? "open" : point->is_now ? "now" : "past";
        bar.has_plan = point->plan.has && !is_narrow;
        bar.plan_y = floor_y - share_of(point->plan.v, max) * span / 10000;
        bar.top_y = (bar.has_plan && bar.plan_y < bar.y ? bar.plan_y : bar.y) - 7;
        if (is_narrow)
            bar.top = narrow_text(o, v, point);
        else if (i + 1 == v->len && point->value > 0) /* a month that has not begun says nothing */
            bar.top = v->last_label;
        VEC_PUSH(o->arena, &chart->bars, bar);
    }
    for (int64_t value = 0; !is_narrow && value <= max; value += grid_step(max)) {
        struct ui_chart_line line = {.y = floor_y - share_of(value, max) * span / 10000};
        line.text = v->axis ? v->axis(o, value) : i18n_i64(o->arena, o->lang, value);
        VEC_PUSH(o->arena, &chart->lines, line);
    }
}

const struct ui_chart *ui__chart(struct out *o, const struct ui_bars *v, bool is_narrow)
{
    struct ui_chart *chart = NEW(o->arena, struct ui_chart);
    *chart = (struct ui_chart){.width = 650, .height = 252, .left = 32};
    if (is_narrow)
        *chart = (struct ui_chart){.width = 320, .height = 140};
    for (int64_t value = 0; !is_narrow && v->len && value <= chart_max(v, 0);) {
        struct str text = v->axis ? v->axis(o, value) : i18n_i64(o->arena, o->lang, value);
        int64_t left = 14 + (int64_t)chars_of(text) * 6;
        chart->left = left > chart->left ? left : chart->left;
        value += grid_step(chart_max(v, 0));
    }
    if (v->len)
        chart_bars(o, v, chart, is_narrow && v->len > 6 ? v->len - 6 : 0, is_narrow);
    return chart;
}

void ui_spark(struct out *o, const int64_t *values, size_t len, struct str label)
{
    struct str path = STR("");
    int64_t min = INT64_MAX, max = INT64_MIN, x = 3, y = 12;
    for (size_t i = 0; i < len; i++) {
        min = values[i] < min ? values[i] : min;
        max = values[i] > max ? values[i] : max;
    }
    for (size_t i = 0; i < len; i++) {
        x = len > 1 ? 3 + (int64_t)i * 90 / (int64_t)(len - 1) : 48;
        y = max > min ? 21 - share_of(values[i] - min, max - min) * 18 / 10000 : 12;
        path =
            str_printf(o->arena, STR_FMT "%s%d %d", STR_ARG(path), i ? "L" : "M", (int)x, (int)y);
    }
    ui__spark_view(o, path, x, y, label);
}

struct str ui__funnel_width(struct out *o, const struct ui_funnel *v,
                            const struct ui_funnel_step *step)
{
    int64_t max = 1;
    for (size_t i = 0; i < v->len; i++)
        max = v->at[i].count > max ? v->at[i].count : max;
    int64_t share = share_of(step->count, max);
    return percent(o->arena, share < 100 ? 100 : share);
}
