/* The picture of a scheme: what it reads stands at left, each decision right of all that it uses.
 * Within a column boxes stand near those that they use, so that few lines cross. */
#include "studio/studio_picture.h"

enum { GAP_X = 44, GAP_Y = 16, EDGE = 12, TEXT_CHARS = 21, SWEEPS = 4 };

/* Boxes are the inputs first, then the decisions, in the order of the outline; inputs that nothing
 * uses are not drawn. */
static size_t box_of_use(const struct scheme_outline *outline, const struct scheme_use *use)
{
    return use->is_input ? use->i : outline->inputs_len + use->i;
}

static bool is_drawn(const struct studio__box *box)
{
    return box->part || box->is_used;
}

static struct str shortened(struct op *op, struct str text)
{
    if (utf8_count(text) <= TEXT_CHARS)
        return text;
    size_t at = 0;
    for (int i = 0; i < TEXT_CHARS - 1 && at < text.len; i++)
        do
            at++;
        while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80);
    return str_join(op->arena, str_sub(text, 0, at), STR("…"));
}

static bool has_finding(const struct studio__page *v, const struct scheme_part *part)
{
    for (size_t i = 0; i < v->problems.len; i++)
        if (v->problems.at[i].part == part && !v->problems.at[i].is_meant)
            return true;
    return false;
}

static struct str note_of(struct op *op, const struct scheme_part *part)
{
    if (part->is_output && part->kind)
        return tr(op->lang, scheme_kind_label(part->kind));
    return part->logic == SCHEME_TABLE ? tr(op->lang, M("table")) : tr(op->lang, M("formula"));
}

static struct str needs_of(struct op *op, const struct scheme_outline *outline,
                           const struct scheme_part *part)
{
    struct str text = STR("–");
    for (size_t i = 0; i < part->uses_len; i++) {
        const struct scheme_use *use = &part->uses[i];
        struct str name = use->is_input ? outline->inputs[use->i] : outline->parts[use->i].label;
        text = i ? str_printf(op->arena, STR_FMT ", " STR_FMT, STR_ARG(text), STR_ARG(name)) : name;
    }
    return text;
}

static bool uses_input(const struct scheme_part *part, size_t input)
{
    for (size_t i = 0; i < part->uses_len; i++)
        if (part->uses[i].is_input && part->uses[i].i == input)
            return true;
    return false;
}

static void make_boxes(struct op *op, const struct studio__page *v, struct studio__picture *to)
{
    for (size_t i = 0; i < v->outline.inputs_len; i++) {
        struct studio__box box = {.name = v->outline.inputs[i],
                                  .note = tr(op->lang, M("what it reads"))};
        for (size_t p = 0; p < v->outline.parts_len; p++)
            box.is_used = box.is_used || uses_input(&v->outline.parts[p], i);
        VEC_PUSH(op->arena, &to->boxes, box);
    }
    for (size_t i = 0; i < v->outline.parts_len; i++) {
        const struct scheme_part *part = &v->outline.parts[i];
        struct studio__box box = {.part = part,
                                  .name = shortened(op, part->label),
                                  .note = shortened(op, note_of(op, part)),
                                  .href = studio__part_href(op, v->draft.id, part->id),
                                  .needs = needs_of(op, &v->outline, part),
                                  .is_reward = part->is_output && part->kind != SCHEME_MEASURE,
                                  .is_warn = has_finding(v, part),
                                  .column = 1};
        VEC_PUSH(op->arena, &to->boxes, box);
    }
}

/* One right of the rightmost that it uses. A circle, which the check refuses, ends by itself. */
static void make_columns(const struct studio__page *v, struct studio__picture *to)
{
    const struct scheme_outline *outline = &v->outline;
    bool is_changed = true;
    for (size_t turn = 0; turn < outline->parts_len && is_changed; turn++) {
        is_changed = false;
        for (size_t i = 0; i < outline->parts_len; i++) {
            struct studio__box *box = &to->boxes.at[outline->inputs_len + i];
            for (size_t u = 0; u < outline->parts[i].uses_len; u++) {
                size_t other = box_of_use(outline, &outline->parts[i].uses[u]);
                size_t column = to->boxes.at[other].column + 1;
                if (column > box->column && column <= outline->parts_len) {
                    box->column = column;
                    is_changed = true;
                }
            }
        }
    }
}

static size_t rows_before(const struct studio__picture *to, size_t i)
{
    size_t rows = 0;
    for (size_t other = 0; other < to->boxes.len; other++) {
        const struct studio__box *a = &to->boxes.at[other], *b = &to->boxes.at[i];
        if (is_drawn(a) && a->column == b->column &&
            (a->weight < b->weight || (a->weight == b->weight && other < i)))
            rows++;
    }
    return rows;
}

/* The middle of those that a box uses. */
static void weigh(const struct studio__page *v, struct studio__picture *to, const size_t *rows)
{
    const struct scheme_outline *outline = &v->outline;
    for (size_t i = 0; i < outline->parts_len; i++) {
        const struct scheme_part *part = &outline->parts[i];
        int64_t sum = 0;
        for (size_t u = 0; u < part->uses_len; u++)
            sum += (int64_t)rows[box_of_use(outline, &part->uses[u])] * 1000;
        if (part->uses_len)
            to->boxes.at[outline->inputs_len + i].weight = sum / (int64_t)part->uses_len;
    }
}

static void put_places(struct op *op, const struct studio__page *v, struct studio__picture *to)
{
    size_t *rows = NEW_ARRAY(op->arena, size_t, to->boxes.len + 1);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (size_t i = 0; i < to->boxes.len; i++)
            rows[i] = rows_before(to, i);
        weigh(v, to, rows);
    }
    for (size_t i = 0; i < to->boxes.len; i++) {
        struct studio__box *box = &to->boxes.at[i];
        if (!is_drawn(box))
            continue;
        box->x = EDGE + (int64_t)box->column * (STUDIO_BOX_WIDTH + GAP_X);
        box->y = EDGE + (int64_t)rows_before(to, i) * (STUDIO_BOX_HEIGHT + GAP_Y);
        box->text_x = box->x + 12;
        box->name_y = box->y + 20;
        box->note_y = box->y + 36;
        if (box->x + STUDIO_BOX_WIDTH + EDGE > to->width)
            to->width = box->x + STUDIO_BOX_WIDTH + EDGE;
        if (box->y + STUDIO_BOX_HEIGHT + EDGE > to->height)
            to->height = box->y + STUDIO_BOX_HEIGHT + EDGE;
    }
}

static void put_lines(struct op *op, const struct studio__page *v, struct studio__picture *to)
{
    const struct scheme_outline *outline = &v->outline;
    for (size_t i = 0; i < outline->parts_len; i++) {
        const struct studio__box *b = &to->boxes.at[outline->inputs_len + i];
        for (size_t u = 0; u < outline->parts[i].uses_len; u++) {
            const struct studio__box *a =
                &to->boxes.at[box_of_use(outline, &outline->parts[i].uses[u])];
            long long x = a->x + STUDIO_BOX_WIDTH, y = a->y + STUDIO_BOX_HEIGHT / 2;
            long long to_x = b->x, to_y = b->y + STUDIO_BOX_HEIGHT / 2, bend = GAP_X / 2;
            struct studio__line line = {str_printf(op->arena,
                                                   "M%lld %lldC%lld %lld %lld %lld %lld %lld", x, y,
                                                   x + bend, y, to_x - bend, to_y, to_x, to_y)};
            VEC_PUSH(op->arena, &to->lines, line);
        }
    }
}

const struct studio__picture *studio__picture_make(struct op *op, const struct studio__page *v)
{
    struct studio__picture *picture = NEW(op->arena, struct studio__picture);
    *picture = (struct studio__picture){0};
    make_boxes(op, v, picture);
    make_columns(v, picture);
    put_places(op, v, picture);
    put_lines(op, v, picture);
    picture->view_box = str_printf(op->arena, "0 0 %lld %lld", (long long)picture->width,
                                   (long long)picture->height);
    return picture;
}
