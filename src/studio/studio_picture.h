/* How the decisions of a scheme hang together, as boxes in columns and lines between them. */
#ifndef KONTOR_STUDIO_PICTURE_H
#define KONTOR_STUDIO_PICTURE_H

#include "studio/studio_int.h"

struct studio__box {
    const struct scheme_part *part; /* NULL: an input */
    struct str name, note, href;
    int64_t x, y;
    int64_t text_x, name_y, note_y;
    struct str needs; /* names, for the table */
    size_t column;
    int64_t weight; /* of its place in the column, in thousandths of a row */
    bool is_reward, is_warn;
    bool is_used; /* of inputs */
};
struct studio__line {
    struct str path; /* d="…" */
};
struct studio__picture {
    struct {
        struct studio__box *at;
        size_t len, cap;
    } boxes;
    struct {
        struct studio__line *at;
        size_t len, cap;
    } lines;
    int64_t width, height;
    struct str view_box;
};
enum { STUDIO_BOX_WIDTH = 160, STUDIO_BOX_HEIGHT = 46 };
const struct studio__picture *studio__picture_make(struct op *op, const struct studio__page *v);
void studio_picture_view(struct out *o, const struct studio__picture *v);

#endif
