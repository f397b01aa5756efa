/* See ui_card.h. */
#include "ui/ui_int.h"

enum { CARDS_MAX = 32, CARDS_BYTES_MAX = 1 << 20 };

static const struct ui_record_card *cards[CARDS_MAX];
static size_t cards_len;

void ui_record_cards_declare(const struct ui_record_card *declared)
{
    for (; declared->put; declared++) {
        assert(cards_len < CARDS_MAX);
        cards[cards_len++] = declared;
    }
}

enum rc ui_record_cards(struct op *op, const char *record, int64_t id, struct safe_html *out)
{
    AUTO_OUT o = OUT(op->arena, CARDS_BYTES_MAX);
    o.lang = op->lang;
    o.zone = op->zone;
    for (size_t i = 0; i < cards_len; i++)
        if (strcmp(cards[i]->record, record) == 0 && op_may(op, cards[i]->permission))
            TRY(cards[i]->put(op, id, &o));
    *out = out_html(&o);
    return RC_OK;
}
