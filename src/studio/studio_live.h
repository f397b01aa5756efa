/* The live pane and what completion offers. */
#ifndef KONTOR_STUDIO_LIVE_H
#define KONTOR_STUDIO_LIVE_H

#include "studio/studio_int.h"

struct studio__live_line {
    struct str label, note, amount, delta;
    bool is_more, is_less;
};
struct studio__live {
    struct str path;   /* of the pane itself */
    struct str code;   /* of the contract; empty: none chosen */
    struct str period; /* "2026-10" */
    struct str who;    /* the partner */
    struct ui_options contracts;
    struct str trouble;              /* why there is no result, in words; absent: there is one */
    struct str_list problems;        /* of the draft */
    struct str total, delta, stored; /* stored: "was €6,377.00" */
    bool is_more, is_less, is_unbound;
    struct {
        struct studio__live_line *at;
        size_t len, cap;
    } lines;
    struct ui_defs measures;
    struct str events; /* "259 events" */
    struct str_list warnings;
};

struct studio__live_pane {
    const struct studio__live *live;
    struct str result_href;
};

/* For the page: the choice and, where a contract is named in the address, the result too. */
enum rc studio__live_of(struct req *r, const struct studio_draft *draft, struct str contract,
                        struct str period, struct safe_html *out);
/* GET /schemes/drafts/:sdr/live: the pane again. */
struct studio__live_query {
    struct str contract, period;
};
extern const struct field studio__live_fields[];
enum rc studio__page_live(struct req *r);

/* Inputs, attributes, decisions and functions as JSON for the formula editor. */
struct safe_json studio__names(struct op *op, const struct studio__page *v);
/* The i-th entry of an input that completion offers; false at the end. For tests. */
bool studio__name_at(size_t i, const char **out_path, const char **out_type);

#endif
