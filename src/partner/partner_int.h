/* What the files of partner share. */
#ifndef KONTOR_PARTNER_INT_H
#define KONTOR_PARTNER_INT_H

#include "audit/audit.h"
#include "partner/partner.h"

#endif
