/* Cards on the page of a record that come from modules above the record's own: a partner's balance,
 * what a sale earned. Modules give them in the table of modules. */
#ifndef KONTOR_UI_CARD_H
#define KONTOR_UI_CARD_H

#include "ui/ui.h"

struct ui_record_card {
    const char *record; /* on whose page: "partner" */
    const char *permission;
    enum rc (*put)(struct op *op, int64_t id, struct out *o); /* asked only with the permission */
};
void ui_record_cards_declare(const struct ui_record_card *cards); /* ended by {0} */
/* The cards of a record that the actor may see, in the order of modules. */
enum rc ui_record_cards(struct op *op, const char *record, int64_t id, struct safe_html *out);

#endif
