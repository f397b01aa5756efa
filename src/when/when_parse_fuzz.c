/* Fuzzing the short texts of time: what is read prints and reads back the same. */
#include "when/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_instant(struct str text)
{
    int64_t at, again;
    char printed[INSTANT_TEXT_MAX];
    if (!instant_parse(text, &at))
        return;
    size_t len = instant_print_to(printed, at);
    /* An offset may carry the instant out of the years that print. */
    if (at < date_of(1, 1, 1).days * US_DAY || at >= date_of(9999, 12, 31).days * US_DAY)
        return;
    bool is_read = instant_parse((struct str){printed, len}, &again);
    assert(is_read && again == at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const int anchors[] = {0, 3, 15, 401, 1228};
    if (len == 0)
        return 0;
    struct str text = {(const char *)data + 1, len - 1};
    struct period period, again;
    struct date date;
    int64_t at;
    check_instant(text);
    (void)!instant_parse_in(text, zone_find(STR("Pacific/Apia")), &at);
    if (date_parse(text, &date)) {
        char printed[DATE_TEXT_MAX];
        assert(str_eq(text, (struct str){printed, date_print_to(printed, date)}));
    }
    if (period_parse(text, anchors[data[0] % LEN(anchors)], &period)) {
        char printed[PERIOD_TEXT_MAX];
        struct str shown = {printed, period_print_to(printed, period)};
        bool is_read = period_parse(shown, period.anchor, &again);
        assert(is_read && period_eq(period, again) && str_eq(shown, text));
    }
    return 0;
}
