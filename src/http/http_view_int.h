/* What the views of http show. */
#ifndef KONTOR_HTTP_VIEW_INT_H
#define KONTOR_HTTP_VIEW_INT_H

#include "base/base.h"

struct http__error {
    int status;
    struct str title;
    struct str_list messages;
    struct str request_id;
};

#endif
