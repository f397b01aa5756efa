/* New schemes: from a template, or empty. */
#ifndef KONTOR_STUDIO_GALLERY_H
#define KONTOR_STUDIO_GALLERY_H

#include "studio/studio_int.h"

struct studio__template_form {
    struct str name, code;
    struct field_pairs attr;
};
extern const struct field studio__template_fields[];
enum rc studio__page_gallery(struct req *r);
enum rc studio__page_template(struct req *r);
enum rc studio__page_template_make(struct req *r);

struct studio__template_card {
    struct str name, use, example, href;
    const char *icon;
};
struct studio__gallery {
    struct ui_head head;
    struct ui_items drafts; /* that somebody is working on */
    struct {
        struct studio__template_card *at;
        size_t len, cap;
    } cards;
};

#endif
