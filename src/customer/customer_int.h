/* What the files of customer and its views share. */
#ifndef KONTOR_CUSTOMER_INT_H
#define KONTOR_CUSTOMER_INT_H

#include "attribute/attribute.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "customer/customer.h"
#include "partner/partner.h"
#include "ui/ui.h"

#define cus(id) pid_of("cus", (id))
#define bin(id) pid_of("bin", (id))

struct customer__page {
    struct customer customer;
    struct ui_head head;
    struct ui_hint fraud; /* text absent: none */
    struct ui_defs facts;
    struct ui_table bindings;
    struct ui_actions binding_actions;
    struct safe_html history;
    struct attribute_values attributes;
};
void customer__page_json(struct json_writer *w, const struct customer__page *v);

#endif
