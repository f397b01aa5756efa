/* Inputs cut into atoms and cells as sets of them. A cell that is no constant is known from two
 * sides: it surely takes nothing and may take everything; so what is said of a table is true
 * whatever such cells do. */
#include "dmn/dmn_grid.h"

enum { INPUTS_MAX = 256, ATOMS_MAX = 4096, RULES_MAX = 4096, SET_WORDS_MAX = 4 << 20 };
enum { CONSTRAINTS_MAX = 8 };

struct cell_ranges {
    struct feel_accepted ranges;
    enum cell_form { CELL_ANY = 1, CELL_NULL, CELL_IN, CELL_NOT_IN, CELL_OPAQUE } form;
};

struct dim_maker {
    struct arena *arena;
    const struct dmn_table *table;
    struct dmn__dim *dim;
    struct feel_value *points;
    size_t points_len, points_cap;
    uint8_t kind;   /* of all points; 0: not known */
    bool is_listed; /* texts and truth values: no stretches between */
};

static struct cell_ranges read_cell(struct arena *arena, const struct dmn__cell *cell,
                                    struct str text)
{
    struct cell_ranges out = {.form = CELL_OPAQUE};
    if (cell->is_any)
        out.form = CELL_ANY;
    else if (str_eq(text, STR("null")))
        out.form = CELL_NULL;
    else if (feel_accepts(arena, cell->node, &out.ranges))
        out.form = CELL_IN;
    else if (feel_excludes(arena, cell->node, &out.ranges))
        out.form = CELL_NOT_IN;
    return out;
}

/* ---- points ---- */

static bool has_low(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_BELOW;
}

static bool has_high(const struct feel_range *r)
{
    return r->form != FEEL_RANGE_ABOVE;
}

static const struct feel_value *high_of(const struct feel_range *r)
{
    return r->form == FEEL_RANGE_EQUAL ? &r->low : &r->high;
}

static bool is_kind(const struct dim_maker *m, const struct feel_range *r)
{
    return (!has_low(r) || r->low.kind == m->kind) && (!has_high(r) || high_of(r)->kind == m->kind);
}

static void note(struct dim_maker *m, const struct feel_accepted *ranges)
{
    for (size_t i = 0; i < ranges->len; i++) {
        const struct feel_range *r = &ranges->at[i];
        const struct feel_value *low = has_low(r) ? &r->low : high_of(r);
        if (!m->kind)
            m->kind = low->kind;
        if (!is_kind(m, r))
            continue;
        m->is_listed = m->is_listed && r->form == FEEL_RANGE_EQUAL;
        if (m->points_len + 2 > m->points_cap)
            continue;
        if (has_low(r))
            m->points[m->points_len++] = r->low;
        if (has_high(r) && r->form != FEEL_RANGE_EQUAL)
            m->points[m->points_len++] = r->high;
    }
}

static int by_order(const void *a, const void *b)
{
    const struct feel_value *x = a, *y = b;
    int order = 0;
    if (x->kind == FEEL_BOOL && y->kind == FEEL_BOOL)
        return (int)x->is - (int)y->is;
    return feel_order(x, y, &order) ? order : 0;
}

static void sort_points(struct dim_maker *m)
{
    size_t kept = 0;
    if (m->points_len)
        qsort(m->points, m->points_len, sizeof(*m->points), by_order);
    for (size_t i = 0; i < m->points_len; i++)
        if (kept == 0 || by_order(&m->points[kept - 1], &m->points[i]) != 0)
            m->points[kept++] = m->points[i];
    m->points_len = kept;
}

/* Have all values of the kind an order that feel_order knows (or are they truth values)? */
static bool is_orderly(const struct dim_maker *m)
{
    int order = 0;
    for (size_t i = 0; i < m->points_len; i++)
        if (m->kind != FEEL_BOOL && !feel_order(&m->points[i], &m->points[0], &order))
            return false;
    return true;
}

/* ---- atoms ---- */

/* Nothing lies between neighbouring days or months. */
static bool is_empty_between(const struct feel_value *a, const struct feel_value *b)
{
    if (a->kind == FEEL_DATE)
        return b->days - a->days <= 1;
    return a->kind == FEEL_MONTHS && b->months - a->months <= 1;
}

static bool is_day_begin(const struct feel_value *v)
{
    return v->kind == FEEL_TIME && v->nanos == 0;
}

static bool is_day_end(const struct feel_value *v)
{
    return v->kind == FEEL_TIME && v->nanos >= 86399LL * 1000000000;
}

static void add_atom(struct dim_maker *m, enum dmn__atom_form form, const struct feel_value *low,
                     const struct feel_value *high, bool is_there)
{
    struct dmn__dim *dim = m->dim;
    struct dmn__atom *atom = &dim->atoms[dim->atoms_len];
    *atom = (struct dmn__atom){
        .form = form, .low = low ? *low : feel_null(), .high = high ? *high : feel_null()};
    if (is_there)
        dmn__bit_set(dim->domain, dim->atoms_len);
    dim->atoms_len++;
}

/* Point i is atom i of listed kinds, else atom 2i + 1 between the stretches 2i and 2i + 2. */
static void make_atoms(struct dim_maker *m)
{
    size_t len = m->points_len;
    if (len == 0) {
        add_atom(m, DMN_ATOM_ALL, NULL, NULL, true);
    } else if (m->is_listed) {
        for (size_t i = 0; i < len; i++)
            add_atom(m, DMN_ATOM_POINT, &m->points[i], NULL, true);
        add_atom(m, DMN_ATOM_OTHER, NULL, NULL, m->kind != FEEL_BOOL);
    } else {
        add_atom(m, DMN_ATOM_BELOW, &m->points[0], NULL, !is_day_begin(&m->points[0]));
        for (size_t i = 0; i < len; i++) {
            const struct feel_value *p = &m->points[i];
            add_atom(m, DMN_ATOM_POINT, p, NULL, true);
            if (i + 1 < len)
                add_atom(m, DMN_ATOM_BETWEEN, p, p + 1, !is_empty_between(p, p + 1));
        }
        add_atom(m, DMN_ATOM_ABOVE, &m->points[len - 1], NULL, !is_day_end(&m->points[len - 1]));
    }
    add_atom(m, DMN_ATOM_NULL, NULL, NULL, true);
}

static size_t point_of(const struct dim_maker *m, const struct feel_value *value)
{
    size_t low = 0, high = m->points_len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (by_order(&m->points[middle], value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_range(const struct dim_maker *m, const struct feel_range *r, uint64_t *set)
{
    size_t last = m->dim->atoms_len - 2; /* the last one is null */
    size_t from = 0, to = last;
    if (!is_kind(m, r))
        return;
    if (m->is_listed) {
        dmn__bit_set(set, point_of(m, &r->low));
        return;
    }
    if (has_low(r))
        from = 2 * point_of(m, &r->low) + (r->has_low ? 1 : 2);
    if (has_high(r)) {
        size_t at = 2 * point_of(m, high_of(r));
        to = r->has_high ? at + 1 : at;
    }
    for (size_t i = from; i <= to && i <= last; i++)
        dmn__bit_set(set, i);
}

/* ---- sets ---- */

static uint64_t *new_set(const struct dim_maker *m)
{
    return NEW_ARRAY(m->arena, uint64_t, m->dim->words);
}

static uint64_t *set_of(const struct dim_maker *m, const struct cell_ranges *cell)
{
    uint64_t *set = new_set(m);
    size_t null_atom = m->dim->atoms_len - 1;
    if (cell->form == CELL_NULL)
        dmn__bit_set(set, null_atom);
    if (cell->form == CELL_IN || cell->form == CELL_NOT_IN)
        for (size_t i = 0; i < cell->ranges.len; i++)
            add_range(m, &cell->ranges.at[i], set);
    for (size_t w = 0; w < m->dim->words; w++) {
        if (cell->form == CELL_ANY || cell->form == CELL_OPAQUE)
            set[w] = ~UINT64_C(0);
        else if (cell->form == CELL_NOT_IN)
            set[w] = ~set[w];
        set[w] &= m->dim->domain[w];
    }
    return set;
}

static bool is_empty(const uint64_t *set, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (set[w])
            return false;
    return true;
}

static const uint64_t *both(const struct dim_maker *m, const uint64_t *a, const uint64_t *b)
{
    uint64_t *set = new_set(m);
    for (size_t w = 0; w < m->dim->words; w++)
        set[w] = a[w] & b[w];
    return set;
}

static void put_cell(struct dim_maker *m, const struct cell_ranges *cell, struct str text,
                     struct dmn__set *out, bool *out_is_never)
{
    const uint64_t *maybe = set_of(m, cell);
    const uint64_t *sure = cell->form == CELL_OPAQUE ? new_set(m) : maybe;
    *out_is_never = is_empty(maybe, m->dim->words);
    if (!out->sure) {
        *out = (struct dmn__set){.sure = sure,
                                 .maybe = maybe,
                                 .text = text,
                                 .is_any = cell->form == CELL_ANY,
                                 .is_known = cell->form != CELL_OPAQUE};
    } else { /* a second column that asks the same */
        out->sure = both(m, out->sure, sure);
        out->maybe = both(m, out->maybe, maybe);
        out->text = str_printf(m->arena, STR_FMT "\n" STR_FMT, STR_ARG(out->text), STR_ARG(text));
        out->is_any = out->is_any && cell->form == CELL_ANY;
        out->is_known = out->is_known && cell->form != CELL_OPAQUE;
    }
    out->is_never = is_empty(out->maybe, m->dim->words);
}

/* ---- one input ---- */

/* What is declared of the values: by the column, and by the type of what it looks at. */
static size_t constraints_of(const struct dmn_table *table, size_t column,
                             const struct feel_node *out[CONSTRAINTS_MAX])
{
    const struct feel_type *type = table->compiled->input_types[column];
    size_t len = 0;
    if (table->compiled->input_values[column])
        out[len++] = table->compiled->input_values[column];
    for (; type && len < CONSTRAINTS_MAX; type = type->base)
        if (type->allowed)
            out[len++] = type->allowed;
    return len;
}

static bool asks_same(const struct dmn_table *table, size_t a, size_t b)
{
    return a == b ||
           (table->inputs[a].text.len && str_eq(table->inputs[a].text, table->inputs[b].text));
}

/* Only atoms that the declared values leave. */
static void narrow(struct dim_maker *m, const struct cell_ranges *constraint)
{
    uint64_t *set = set_of(m, constraint);
    size_t null_atom = m->dim->atoms_len - 1;
    dmn__bit_set(set, null_atom);
    for (size_t w = 0; w < m->dim->words; w++)
        m->dim->domain[w] &= set[w];
}

static void start_kind(struct dim_maker *m)
{
    const struct feel_type *type = m->table->compiled->input_types[m->dim->column];
    if (type && type->form == FEEL_TYPE_KIND && type->kind != FEEL_NULL)
        m->kind = (uint8_t)type->kind;
    m->is_listed = true;
}

static void finish_kind(struct dim_maker *m)
{
    if (m->kind == FEEL_BOOL) {
        m->points[0] = feel_bool(false);
        m->points[1] = feel_bool(true);
        m->points_len = 2;
    }
    m->is_listed = m->is_listed && (m->kind == FEEL_STRING || m->kind == FEEL_BOOL);
    sort_points(m);
}

/* Kinds that do not compare, and truth values in a column of something else, prove nothing. */
static bool is_foreign(const struct dim_maker *m, const struct cell_ranges *cell)
{
    bool is_declared = m->table->compiled->input_types[m->dim->column] != NULL;
    for (size_t i = 0; i < cell->ranges.len; i++)
        if (!is_kind(m, &cell->ranges.at[i]) &&
            (!is_declared || cell->ranges.at[i].low.kind == FEEL_BOOL))
            return true;
    return false;
}

/* Cells mean something else for lists: one of the items, or all of them. */
static bool is_plain(const struct feel_type *type)
{
    return !type || (type->form == FEEL_TYPE_KIND && type->kind != FEEL_LIST);
}

static void make_dim(struct dmn__grid *grid, size_t d, struct cell_ranges *cells)
{
    const struct dmn_table *table = grid->table;
    struct dmn__dim *dim = &grid->dims[d];
    struct dim_maker m = {.arena = grid->arena, .table = table, .dim = dim};
    const struct feel_node *nodes[CONSTRAINTS_MAX];
    struct cell_ranges constraints[CONSTRAINTS_MAX];
    size_t len = constraints_of(table, dim->column, nodes), count = 2;
    size_t width = table->inputs_len;
    for (size_t i = 0; i < len; i++) {
        struct dmn__cell cell = {.node = nodes[i]};
        constraints[i] = read_cell(grid->arena, &cell, STR(""));
        dim->is_closed = dim->is_closed && constraints[i].form != CELL_OPAQUE;
        count += constraints[i].ranges.len * 2;
    }
    for (size_t i = 0; i < table->rules_len * width; i++)
        if (asks_same(table, dim->column, i % width))
            count += cells[i].ranges.len * 2;
    m.points = NEW_ARRAY(grid->arena, struct feel_value, count + 2);
    m.points_cap = count;
    start_kind(&m);
    for (size_t i = 0; i < len; i++)
        note(&m, &constraints[i].ranges);
    for (size_t i = 0; i < table->rules_len * width; i++)
        if (asks_same(table, dim->column, i % width))
            note(&m, &cells[i].ranges);
    finish_kind(&m);
    bool is_lost = m.points_len * 2 + 3 > ATOMS_MAX || !is_orderly(&m) ||
                   !is_plain(table->compiled->input_types[dim->column]);
    if (is_lost)
        m.points_len = 0;
    dim->atoms = NEW_ARRAY(grid->arena, struct dmn__atom, m.points_len * 2 + 3);
    dim->words = (m.points_len * 2 + 3) / 64 + 1;
    dim->domain = NEW_ARRAY(grid->arena, uint64_t, dim->words);
    make_atoms(&m);
    for (size_t i = 0; i < len && !is_lost; i++)
        narrow(&m, &constraints[i]);
    for (size_t i = 0; i < table->rules_len * width; i++) {
        struct cell_ranges *cell = &cells[i];
        if (!asks_same(table, dim->column, i % width))
            continue;
        if (cell->ranges.len && (is_lost || is_foreign(&m, cell)))
            cell->form = CELL_OPAQUE;
        put_cell(&m, cell, table->rules[i / width].inputs[i % width],
                 &grid->sets[i / width * grid->dims_len + d], &grid->is_never[i]);
    }
}

static bool is_first_of(const struct dmn_table *table, size_t column)
{
    for (size_t i = 0; i < column; i++)
        if (asks_same(table, i, column))
            return false;
    return true;
}

bool dmn__grid(struct arena *arena, const struct dmn_table *table, struct dmn__grid *out)
{
    size_t width = table->inputs_len, cells_len = table->rules_len * width;
    if (width > INPUTS_MAX || table->rules_len > RULES_MAX || cells_len > SET_WORDS_MAX / 16)
        return false;
    struct dmn__grid grid = {.arena = arena, .table = table, .words = table->rules_len / 64 + 1};
    struct cell_ranges *cells = NEW_ARRAY(arena, struct cell_ranges, cells_len + 1);
    size_t points = 0;
    grid.dims = NEW_ARRAY(arena, struct dmn__dim, width + 1);
    grid.is_never = NEW_ARRAY(arena, bool, cells_len + 1);
    for (size_t i = 0; i < width; i++)
        if (is_first_of(table, i))
            grid.dims[grid.dims_len++] = (struct dmn__dim){.column = i, .is_closed = true};
    grid.sets = NEW_ARRAY(arena, struct dmn__set, table->rules_len * grid.dims_len + 1);
    for (size_t i = 0; i < cells_len; i++) {
        cells[i] =
            read_cell(arena, &table->compiled->cells[i], table->rules[i / width].inputs[i % width]);
        points += cells[i].ranges.len;
    }
    /* Sets of atoms by cell, and sets of rules by atom. */
    if ((points / 16 + 4) * cells_len > SET_WORDS_MAX ||
        (points * 2 + width * 3) * grid.words > SET_WORDS_MAX)
        return false;
    for (size_t d = 0; d < grid.dims_len; d++)
        make_dim(&grid, d, cells);
    *out = grid;
    return true;
}

const struct dmn__set *dmn__grid_set(const struct dmn__grid *grid, size_t rule, size_t dim)
{
    return &grid->sets[rule * grid->dims_len + dim];
}

/* ---- examples ---- */

static struct feel_value plus(const struct feel_value *v, int64_t step)
{
    struct feel_value out = *v;
    if (v->kind == FEEL_NUMBER)
        out.number = dec_add(v->number, dec_from_i64(step));
    else if (v->kind == FEEL_MONTHS)
        out.months += step;
    else if (v->kind == FEEL_DAYS)
        out.span_nanos += (__int128)step * 86400 * 1000000000;
    else
        out.days += step;
    return out;
}

static bool can_step(const struct feel_value *v)
{
    return v->kind == FEEL_NUMBER || v->kind == FEEL_MONTHS || v->kind == FEEL_DAYS ||
           v->kind == FEEL_DATE;
}

/* A whole one where there is one. */
static struct feel_value between(const struct feel_value *a, const struct feel_value *b)
{
    struct feel_value whole = plus(a, 1);
    int order = 0;
    if (a->kind == FEEL_NUMBER)
        whole.number = dec_add(dec_round(a->number, 0, DEC_FLOOR), dec_from_i64(1));
    if (feel_order(&whole, b, &order) && order < 0)
        return whole;
    if (a->kind == FEEL_NUMBER)
        whole.number = dec_div(dec_add(a->number, b->number), dec_from_i64(2));
    else if (a->kind == FEEL_DAYS)
        whole.span_nanos = (a->span_nanos + b->span_nanos) / 2;
    return whole;
}

static struct str literal(const struct dmn__grid *grid, const struct feel_value *value)
{
    struct str text = feel_print(grid->arena, value);
    if (value->kind == FEEL_STRING)
        return str_printf(grid->arena, "\"" STR_FMT "\"", STR_ARG(text));
    return text;
}

static struct str other_text(const struct dmn__grid *grid, const struct dmn__dim *dim)
{
    AUTO_BUF buf = BUF(4096);
    size_t shown = 0;
    buf_put(&buf, STR("not("));
    for (size_t i = 0; i < dim->atoms_len; i++) {
        if (dim->atoms[i].form != DMN_ATOM_POINT)
            continue;
        if (shown++)
            buf_put(&buf, STR(", "));
        if (shown > 5) {
            buf_put(&buf, STR("…"));
            break;
        }
        buf_put(&buf, literal(grid, &dim->atoms[i].low));
    }
    buf_put(&buf, STR(")"));
    return str_dup(grid->arena, buf_str(&buf));
}

struct str dmn__atom_text(const struct dmn__grid *grid, size_t d, size_t i)
{
    const struct dmn__dim *dim = &grid->dims[d];
    const struct dmn__atom *atom = &dim->atoms[i];
    struct str low = literal(grid, &atom->low), high = literal(grid, &atom->high);
    struct feel_value value = atom->low;
    bool is_sampled = can_step(&atom->low);
    switch (atom->form) {
    case DMN_ATOM_POINT: return low;
    case DMN_ATOM_ALL: return STR("-");
    case DMN_ATOM_NULL: return STR("null");
    case DMN_ATOM_OTHER: return other_text(grid, dim);
    case DMN_ATOM_BELOW:
        if (!is_sampled)
            return str_printf(grid->arena, "< " STR_FMT, STR_ARG(low));
        value = plus(&atom->low, -1);
        break;
    case DMN_ATOM_ABOVE:
        if (!is_sampled)
            return str_printf(grid->arena, "> " STR_FMT, STR_ARG(low));
        value = plus(&atom->low, 1);
        break;
    case DMN_ATOM_BETWEEN:
        if (!is_sampled)
            return str_printf(grid->arena, "(" STR_FMT ".." STR_FMT ")", STR_ARG(low),
                              STR_ARG(high));
        value = between(&atom->low, &atom->high);
        break;
    }
    return literal(grid, &value);
}
