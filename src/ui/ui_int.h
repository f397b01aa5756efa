/* What the views of ui and its files share: geometry of bars and charts, the state of a list, the
 * sections of a form, the parts of a shell. */
#ifndef KONTOR_UI_INT_H
#define KONTOR_UI_INT_H

#include "ui/ui.h"

/* The generated table of files and of the icons in the sprite. */
extern const char *const asset_icons[]; /* sorted */
extern const size_t asset_icons_len;

/* ---- words ---- */

struct str ui__icons_url(void);
/* The key's translation, or the text when there is no key. */
struct str ui__words(struct out *o, const char *key, struct str text);
struct str ui__filled(struct out *o, const char *key, struct str name);
const char *ui__tint_icon(enum ui_tint tint);
const char *ui__signed_class(enum ui_tint tint);
bool ui__has_more(const struct ui_actions *actions);

/* A confirm page, and what was wrong with it when it comes back. */
struct ui_confirm_now {
    const struct ui_confirm *v;
    struct str reason, reason_problem, problem;
};

/* ---- figures ---- */

struct ui_pieces {
    struct ui_piece {
        const char *classes;
        struct str x, width; /* of an SVG rect: "12.5%" */
    } * at;
    size_t len, cap;
};
struct ui_pieces ui__bar_pieces(struct out *o, const struct ui_bar *v);
void ui__step_bar(struct out *o, const struct ui_step *v);
bool ui__job_runs(const struct ui_job *v);
void ui__job_bar(struct out *o, const struct ui_job *v);
struct str ui__job_words(struct out *o, const struct ui_job *v);
const char *ui__stage_class(enum ui_stage_state state);
struct str ui__funnel_width(struct out *o, const struct ui_funnel *v,
                            const struct ui_funnel_step *step);

struct ui_chart {
    int64_t width, height, left;
    struct {
        struct ui_chart_line {
            int64_t y;
            struct str text;
        } * at;
        size_t len, cap;
    } lines;
    struct {
        struct ui_chart_bar {
            int64_t x, y, width, height, mid, plan_y, top_y;
            bool has_plan;
            const char *classes;
            struct str label, shown, top;
        } * at;
        size_t len, cap;
    } bars;
};
/* is_narrow: the last six values with their figures instead of an axis. */
const struct ui_chart *ui__chart(struct out *o, const struct ui_bars *v, bool is_narrow);

/* ---- lists ---- */

struct ui_params { /* of a URL */
    struct ui_param {
        struct str name, value;
    } * at;
    size_t len, cap;
};
struct ui_filters_now {
    struct ui_filter_now {
        const struct ui_filter *filter;
        struct str value; /* the only or first one; absent: not filtered */
        struct str_list values;
        struct str shown;
        struct ui_options options;
    } * at;
    size_t len, cap;
};
struct ui_choices { /* the shown ones first, in their order, then the others */
    struct ui_column_choice {
        const struct ui_column *column;
        bool is_on;
    } * at;
    size_t len, cap;
};
struct ui_grid { /* columns that are shown */
    struct ui_shown {
        const struct ui_column *column;
        size_t i;
        struct str unit; /* currency of the whole column; absent: each cell says its own */
    } * at;
    size_t len, cap;
};
struct ui_list_state {
    struct ui_params params; /* what the URL holds, without the cursor */
    struct ui_filters_now filters;
    struct ui_choices choices;
    struct ui_actions bulk;
    struct ui_tabs views;          /* "All" and the saved ones; empty when nobody is signed in */
    struct str view_id, view_name; /* of the saved view that is shown; absent: none */
    bool is_default_view;          /* nothing to save */
    bool is_remembered;            /* the columns are those the person chose before */
    bool is_filtered;
    bool is_for_program; /* JSON has every column */
};
struct str ui__cell_words(struct out *o, const struct ui_column *column,
                          const struct ui_cell *cell);
struct str ui__cell_class(const struct ui_column *column);
const char *ui__head_class(const struct ui_column *column);
bool ui__is_right(const struct ui_column *column);
const struct ui_grid *ui__grid(struct out *o, const struct ui_list *list);
const struct ui_grid *ui__table_grid(struct out *o, const struct ui_table *table);
struct str ui__row_name(const struct ui_grid *grid, const struct ui_row *row);

bool ui__is_sorted(const struct ui_list *list, const struct ui_column *column);
struct str ui__sort_url(const struct ui_list *list, const struct ui_column *column);
/* The list's address without one parameter, without all filters, as it is. */
struct str ui__url_but(const struct ui_list *list, const char *name);
struct str ui__clear_url(const struct ui_list *list);
struct str ui__own_url(const struct ui_list *list);
struct str ui__own_query(const struct ui_list *list);  /* after '?'; empty at first */
struct str ui__view_query(const struct ui_list *list); /* the same with the columns, to be kept */
struct str ui__page_url(const struct ui_list *list, bool is_backward);
struct str ui__export_url(const struct ui_list *list, const char *kind);
const struct ui_params *ui__params_but(struct out *o, const struct ui_list *list, const char *name);
const struct ui_params *ui__params_but_filters(struct out *o, const struct ui_list *list);
const struct ui_filters_now *ui__filters_now(struct out *o, const struct ui_list *list);
const struct ui_choices *ui__column_choices(struct out *o, const struct ui_list *list);
struct ui_actions ui__bulk_actions(struct out *o, const struct ui_list *list);
bool ui__may_export(const struct ui_list *list);
bool ui__is_filtered(const struct ui_list *list);
/* There is more than this page shows, and something to be done with it. */
bool ui__offers_all(const struct ui_list *list);
bool ui__is_picked(const struct ui_filter_now *now, struct str value);
/* "Select all 214", or "Select all" when the count is not known. */
struct str ui__all_words(struct out *o, const struct ui_list *list);
struct str ui__filters_words(struct out *o, const struct ui_list *list);
struct str ui__range_words(struct out *o, const struct ui_list *list);
int ui__rows(const struct ui_list *list);
struct ui_rows_choices {
    struct ui_rows_choice {
        int n;
        struct str url;
        bool is_on;
    } * at;
    size_t len, cap;
};
struct ui_rows_choices ui__rows_choices(struct out *o, const struct ui_list *list);
/* There are saved views, or there is something to save. */
bool ui__wants_views(const struct ui_list *list);
void ui__list_empty(struct out *o, const struct ui_list *list);

struct str ui__count_words(const struct ui_list *list); /* "230", "10,000+" */
/* How many, or that there are more than `limit`, where counting stopped; 0: no limit. */
struct str ui__bounded(struct out *o, int64_t n, int64_t limit);

/* All rows of a list, page after page from the first one, whatever page was being looked at; memory
 * stays that of a page (ui_list_export.c). */
struct ui_pages {
    struct ui_list *list;
    struct arena_mark mark;
    bool has_begun;
    char cursor[512];
};
void ui__pages_begin(struct ui_list *list, struct ui_pages *out);
enum rc ui__pages_next(struct req *r, struct ui_pages *pages); /* RC_MISSING at the end */

/* ui_list_query.c: reads the request; ui_list_export.c: what is not HTML. */
enum rc ui__list_prepare(struct req *r, const struct ui_list_spec *spec, struct ui_list *out);
void ui__list_finish(struct ui_list *list); /* after the last option: words of the chips */
enum rc ui__saved_read(struct req *r, struct ui_list *list);
/* How many rows the view behind a tab shows (ui_tally.c). `fresh` is how many were counted for this
 * page. */
void ui__tally(struct req *r, const struct ui_list *list, int64_t view_id, struct ui_tab *tab,
               int *fresh);
enum rc ui__list_export(struct req *r, struct ui_list *list, bool is_xlsx);
enum rc ui__list_json_answer(struct req *r, const struct ui_list *list);

/* ---- forms ---- */

struct ui_form_sections {
    struct ui_form_section {
        const struct ui_value *at;
        size_t len;
        const char *title, *hint;
        bool is_first;
    } * at;
    size_t len, cap;
};
const struct ui_form_sections *ui__sections(struct out *o, const struct ui_form *form);
size_t ui__errors_len(const struct ui_form *form);
struct str ui__form_action(struct out *o, const struct ui_form *form);
bool ui__is_described(const struct ui_value *v);
bool ui__is_figure(const struct ui_value *v);
const char *ui__input_mode(const struct ui_value *v);
bool ui__has_option(const struct ui_value *v, struct str value);
bool ui__is_chosen(const struct ui_value *v, struct str value);
struct str_list ui__option_groups(struct out *o, const struct ui_value *v);

void ui__date_field(struct out *o, const struct ui_value *v);
void ui__date_filter(struct out *o, const struct ui_filter_now *v);
struct str ui__date_text(struct out *o, struct str text); /* as the language writes it in a field */
struct str ui__date_example(struct out *o);
const char *ui__date_pattern(struct out *o); /* for the script: "d.m.y" */

/* ---- shells ---- */

struct ui_nav_item {
    const char *label, *short_label, *icon; /* short_label: in the bottom bar */
    struct str href;
    bool is_on;
    struct str count, count_words; /* "14", "14 waiting"; absent: nothing waits */
    int64_t total;
    struct {
        struct ui_nav_item *at;
        size_t len, cap;
    } parts; /* further pages of the open section */
};
struct ui_nav_group {
    struct ui_nav_item *at;
    size_t len, cap;
};
struct ui_nav {
    struct ui_nav_group *at;
    size_t len, cap;
};
struct ui_langs {
    struct ui_lang_choice {
        const struct lang *lang;
        bool is_on;
    } * at;
    size_t len, cap;
};
struct ui_shell_page {
    const struct http_page *page;
    struct ui_facts facts;
    struct ui_nav nav;       /* groups */
    struct ui_nav_group all; /* without groups: the portal's row */
    struct ui_nav_group bar; /* the portal's bottom bar: the first four */
    struct ui_langs langs;
    struct str person, theme, back, site;
    enum actor_kind kind;
    bool is_rail; /* icons only */
};
/* What waits behind pages (ui_counter.c). */
struct ui_counts {
    struct ui_count {
        const struct ui_counter *counter;
        int64_t n;
    } * at;
    size_t len, cap;
};
void ui__counts(struct req *r, bool is_fresh, struct ui_counts *out);
/* Adds what waits behind the page to the item's figure. */
void ui__count_item(struct op *op, const struct ui_counts *counts, const char *href,
                    struct ui_nav_item *item);
bool ui__may_see_href(struct req *r, const char *href);
struct ui_nav ui__nav(struct req *r, bool is_portal, const struct ui_counts *counts);

/* ---- search (ui_search.c) ---- */

struct ui_search {
    struct str text;
    bool is_too_short;
    size_t len; /* shown of all kinds */
    struct {
        struct ui_search_group {
            const struct ui_finder *finder;
            struct ui_founds founds;
            bool has_more;
        } * at;
        size_t len, cap;
    } groups; /* of every kind that the person may see, also those without a row */
    struct str exact;
    size_t exact_len;
};
bool ui__may_search(struct op *op);
bool ui__searches_further(const struct ui_search *v); /* a kind without a row has a list */

/* ---- what a person has chosen (ui_choice.c) ---- */

enum rc ui__choice_get(struct op *op, struct str name, struct str *out);  /* absent: nothing */
enum rc ui__choice_put(struct op *op, struct str name, struct str value); /* empty: forget it */
struct str ui__columns_choice(struct op *op, const char *list);           /* "cols:partners" */
struct columns_form {
    struct str list, back, up, down; /* the column to move, where no script moves it */
    struct str_list cols;
    bool reset;
};
extern const struct field ui__columns_fields[];
enum rc ui__columns_put(struct req *r);

/* ---- saved views (ui_saved.c); their routes stand in ui_routes ---- */

struct saved_view_form {
    struct str list, name, query, back;
};
struct saved_view_drop_form {
    struct str back;
};
extern const struct field ui__saved_fields[], ui__saved_drop_fields[];
enum rc ui__saved_put(struct req *r);
enum rc ui__saved_drop(struct req *r);

#endif
