/* Search of everything: modules give a finder for each kind of record in the table of modules; the
 * field of the console's top bar, its suggestions and the page of results are here (ui_search.c).
 */
#ifndef KONTOR_UI_SEARCH_H
#define KONTOR_UI_SEARCH_H

#include "ui/ui.h"

struct ui_found {
    struct str title, sub, figure, href;
    const char *record; /* of the state's badge */
    struct str state;
    bool is_exact; /* its whole code or number was typed */
};
struct ui_founds {
    struct ui_found *at;
    size_t len, cap;
};
/* What was typed, in the forms that indexes have. Texts that begin with a part are those from it to
 * its end: "x >= :fold and x < :fold_end". */
struct ui_sought {
    struct str text; /* as typed, one line, two characters or more */
    struct str fold, fold_end;
    struct str code, code_end; /* upper case */
    int limit;                 /* so many are shown; one more says that there are others */
};
/* One kind of record, declared in the table of modules. `find` adds at most limit + 1 by indexed
 * and bounded look-ups that see what the actor sees; it is asked only with the permission. */
struct ui_finder {
    int order;         /* among the kinds on the page */
    const char *label; /* M("Partners") */
    const char *icon;
    const char *permission;
    const char *href; /* of the list: "/partners", which takes ?q= */
    enum rc (*find)(struct op *op, const struct ui_sought *sought, struct ui_founds *out);
};
void ui_finders_declare(const struct ui_finder *finders); /* ended by {0} */
/* The found one with this address, a new one when it is not yet among them. */
struct ui_found *ui_found(struct op *op, struct ui_founds *founds, struct str href);
/* The end of the range of texts that begin with the prefix, in byte order. */
struct str ui_prefix_end(struct arena *arena, struct str prefix);
extern const struct route ui_search_routes[];

#endif
