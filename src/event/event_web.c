/* Pages of facts. */
#include "event/event_int.h"

const struct permission event_permissions[] = {
    {"sale.read", M("See sales and other events"), ACTOR_STAFF},
    {"sale.add", M("Add sales and other events"), ACTOR_STAFF},
    {"portal.sales", M("See own sales"), ACTOR_PARTNER},
};
const size_t event_permissions_len = LEN(event_permissions);
const struct route event_routes[] = {{0}};
const struct route event_api_routes[] = {{0}};
const struct ui_page event_pages[] = {{0}};
const size_t event_pages_len = 0;
