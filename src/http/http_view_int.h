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

struct http__operation {             /* one line of the API's reference */
    const char *method, *permission; /* permission: "" for every key */
    struct str path, fields;         /* fields: names, required ones with a star */
};
struct http__reference {
    struct {
        struct http__operation *at;
        size_t len, cap;
    } operations;
};

#endif
