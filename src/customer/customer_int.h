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

struct customer__bindings { /* whose customer it is: a card of its page */
    struct ui_table table;
    struct ui_actions actions;
};

#endif
