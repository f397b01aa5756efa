/* ui: the look of every page as C structs and compiled views: shells, page heads, lists, forms,
 * badges, charts. A module fills a struct and includes a view; it writes markup of its own only for
 * what is its own. docs/internals/ui.md shows a list, a form and a detail page from end to end.
 *
 * Two kinds of text, so that nobody asks which it is: a `const char *` is a message key, marked
 * with M() and translated here; a `struct str` is finished text (a name, an amount) printed as it
 * is. Absent means "not there": no icon, no link, no second line.
 *
 * Markup for a slot of a larger view is a `struct safe_html`, made by ui_capture. */
#ifndef KONTOR_UI_H
#define KONTOR_UI_H

#include "base/base.h"
#include "html/html.h"
#include "http/http.h"
#include "money/money.h"
#include "op/op.h"

/* ---- icons: names of @tabler/icons that stand in web/icons/used.txt ---- */

void icon(struct out *o, const char *name);   /* 18 px; NULL: none. An unknown name asserts */
void icon_s(struct out *o, const char *name); /* 16 px: beside dense text and in buttons */
void icon_x(struct out *o, const char *name); /* 14 px: in badges and small buttons */
bool icon_is_known(const char *name);

/* ---- words and values ---- */

enum ui_tint { UI_OUTLINE = 1, UI_MUTE, UI_INFO, UI_OK, UI_WARN, UI_BAD, UI_ACCENT };
const char *ui_tint_class(enum ui_tint tint); /* "ok"; "" for UI_MUTE and 0 */

/* One table says how each state of each record of the domain looks and is called. */
struct ui_state {
    const char *state; /* as stored: "in_approval" */
    enum ui_tint tint;
    const char *label; /* key; {0} is the record, because words agree with it in gender */
};
/* An unknown state asserts: add it to ui_state.c. */
const struct ui_state *ui_state_find(struct str state);
bool ui_state_exists(struct str state);
struct str ui_state_word(struct arena *arena, const struct lang *lang, const char *record,
                         struct str state);
/* {% include ui_badge(STR("partner"), v->state) %}: dot and word. Absent state: nothing. */
void ui_badge(struct out *o, const char *record, struct str state);
/* The state's tint with a text of its own: "due 10 Nov". */
void ui_badge_text(struct out *o, struct str state, struct str text);
void ui_badge_tint(struct out *o, enum ui_tint tint, struct str text);

void ui_avatar(struct out *o, struct str name, bool is_small); /* initials in a circle */
/* "4 Nov 2026, 17:40" in the operator's zone, as <time>. */
void ui_time(struct out *o, int64_t at_us);
/* "today", "3 days ago", with the whole time as its title. */
void ui_time_ago(struct out *o, int64_t at_us);
/* An amount as a link to its explanation; href absent: plain. No currency: a dash. */
void ui_amount(struct out *o, struct money amount, struct str href);
/* The same without the currency sign, for columns whose head names it. */
void ui_amount_bare(struct out *o, struct money amount, struct str href);
void ui_dash(struct out *o, struct str text); /* the text, or "–" when absent or empty */
/* "prt_0A3K…" on op's arena: for cells, links and options. */
struct str ui_pid(struct op *op, struct pid id);

/* What `view` writes, as a value for a slot. cppcheck cannot read statements inside an initialiser
 * and gets an expression of the same kind. */
#ifdef __cppcheck__
#define ui_capture(o, view, ...) (view((o), ##__VA_ARGS__), out_html(o))
#else
#define ui_capture(o, view, ...)                                                                   \
    __extension__({                                                                                \
        AUTO_OUT ui_out_ = out_like(o);                                                            \
        view(&ui_out_, ##__VA_ARGS__);                                                             \
        out_html(&ui_out_);                                                                        \
    })
#endif

/* ---- actions and the head of a page ---- */

enum ui_action_kind {
    UI_SECONDARY = 0, /* at most three a page */
    UI_PRIMARY,       /* one a page */
    UI_DANGER,        /* red words, last; its label ends in "…" when it asks first */
    UI_QUIET,         /* words only */
    UI_MORE           /* in the "⋯" menu */
};
struct ui_action {
    const char *label;
    const char *icon;
    struct str href; /* a page; or where the form goes */
    enum ui_action_kind kind;
    bool is_post;           /* a form of one button; without script too */
    bool is_dialog;         /* href is a confirm page: shown over this page where script runs */
    const char *permission; /* hidden from those who lack it; NULL: everybody's */
    const char *name;       /* of the pressed button, with value: for is_post */
    struct str value;
};
struct ui_actions {
    struct ui_action *at;
    size_t len, cap;
};
/* ui_act(&actions, arena, (struct ui_action){…}) pushes; leaves out what op may not. */
void ui_act(struct op *op, struct ui_actions *actions, struct ui_action action);
void ui_button(struct out *o, const struct ui_action *action, bool is_small);

struct ui_crumb {
    const char *label; /* key, or NULL and: */
    struct str text;
    struct str href;
};
struct ui_crumbs {
    struct ui_crumb *at;
    size_t len, cap;
};
struct ui_head {
    struct ui_crumbs crumbs;
    struct str above;   /* a line instead of crumbs: a date */
    const char *title;  /* key, or NULL and: */
    struct str name;    /* the record's own name */
    const char *record; /* of the state badge: "partner" */
    struct str state;
    struct str note;        /* beside the title: "about 1,846" */
    struct safe_html below; /* second line: code, links */
    struct ui_actions actions;
};
void ui_crumb(struct op *op, struct ui_head *head, const char *label, struct str href);
void ui_crumb_text(struct op *op, struct ui_head *head, struct str text, struct str href);
void ui_head_view(struct out *o, const struct ui_head *v);

struct ui_tab {
    const char *label;
    struct str text; /* instead of a key */
    struct str href;
    struct opt_i64 count;
    int64_t count_limit; /* counting stopped here: "99+"; 0: all were counted */
    bool is_on;
    const char *icon;
};
struct ui_tabs {
    struct ui_tab *at;
    size_t len, cap;
    const char *name; /* for readers: M("Parts of the partner") */
};
void ui_tabs_view(struct out *o, const struct ui_tabs *v);

/* ---- messages ---- */

struct ui_hint { /* a tinted box */
    enum ui_tint tint;
    const char *icon; /* NULL: by tint */
    struct str title, text;
    struct ui_actions actions;
};
void ui_hint_view(struct out *o, const struct ui_hint *v);

struct ui_empty { /* inside a card: why it is empty and the next step */
    const char *icon;
    const char *text;
    struct ui_action action; /* label NULL: none */
};
void ui_empty_view(struct out *o, const struct ui_empty *v);

/* A page that asks before something that cannot be undone; works without script, and stands in a
 * dialog where there is one. */
struct ui_confirm {
    const char *title;  /* M("Suspend the partner?") */
    struct str name;    /* of what: "Dos Orillas Servicios" */
    const char *text;   /* what happens; {0} is the name */
    struct str action;  /* POST */
    const char *button; /* the verb: M("Suspend") */
    bool is_danger;
    struct str cancel_href;
    int64_t revision;   /* sent as "revision"; 0: none */
    const char *reason; /* label of a required field "reason"; NULL: none */
    struct ui_crumbs crumbs;
};
enum rc ui_confirm_page(struct req *r, const struct ui_confirm *v);

/* ---- figures ---- */

struct ui_kpi {
    const char *label;
    struct str label_text;   /* instead of a key */
    enum ui_tint key;        /* square before the label, as in the bar; 0: none */
    struct str figure, note; /* "€1,284,310"; "9 lines" */
    struct str delta;        /* "+6.2%", with its sign */
    bool is_delta_good, is_delta_bad, is_delta_down;
    struct str href;
};
struct ui_kpis {
    struct ui_kpi *at;
    size_t len, cap;
};
void ui_kpis_view(struct out *o, const struct ui_kpis *v); /* a row of cards */

struct ui_part {   /* of a bar */
    int64_t value; /* < 0 counts as 0 */
    enum ui_tint tint;
};
struct ui_bar {
    struct ui_part *at;
    size_t len, cap;
    int64_t whole;    /* 0: the sum of the parts */
    struct str label; /* for readers: what it shows */
};
void ui_bar_view(struct out *o, const struct ui_bar *v);

/* Figures in one card over one proportional bar: a statement's accrued = held + due + paid. */
struct ui_figures {
    struct ui_kpis kpis;
    struct ui_bar bar; /* len 0: none */
};
void ui_figures_view(struct out *o, const struct ui_figures *v);

struct ui_step { /* of a month-end track */
    const char *label;
    struct str figure, unit, note; /* "11 / 12", "sources", "1 difference open" */
    int64_t done, whole;
    enum ui_tint tint;
    struct str href;
};
struct ui_track {
    struct ui_step *at;
    size_t len, cap;
};
void ui_track_view(struct out *o, const struct ui_track *v);

struct ui_def { /* of a definition list; the value is text, a state, money or markup */
    const char *label;
    struct str label_text;
    struct str text, href;
    struct money money;
    const char *record;
    struct str state;
    struct safe_html html;
    bool is_strong;
    enum ui_tint key; /* square before the label, as in the bar; 0: none */
};
struct ui_defs {
    struct ui_def *at;
    size_t len, cap;
};
void ui_defs_view(struct out *o, const struct ui_defs *v); /* words beside labels */
void ui_kv_view(struct out *o, const struct ui_defs *v);   /* figures at right */
/* Adds a row; nothing is added for an absent text, so that pages have no empty rows. */
void ui_def_text(struct op *op, struct ui_defs *defs, const char *label, struct str text);

struct ui_item { /* of a list of things to do or to see */
    const char *icon;
    enum ui_tint tint;
    struct str title, note, href;
    struct str who, age;     /* a person with initials */
    struct str figure, when; /* at right */
    struct ui_action action;
};
struct ui_items {
    struct ui_item *at;
    size_t len, cap;
};
void ui_items_view(struct out *o, const struct ui_items *v);

/* A card around markup. */
struct ui_bars;
struct ui_card {
    const char *title;
    struct str name;  /* instead of a key */
    struct str note;  /* beside the title */
    const char *link; /* at right */
    struct str link_href;
    struct ui_actions actions;
    struct safe_html body;
    bool is_flush;                /* the body touches the edges: tables, items */
    const struct ui_bars *legend; /* of the chart in the body, at right */
    const char *id;
};
void ui_card_view(struct out *o, const struct ui_card *v);

/* ---- charts: SVG with the values as a table for readers ---- */

struct ui_bar_point {
    struct str label; /* "Oct" */
    int64_t value;
    struct opt_i64 plan; /* an ink tick */
    struct str shown;    /* "€1,284,310": in the table and its tooltip */
    struct str plan_shown;
    bool is_now;  /* the current one: accent */
    bool is_open; /* not final: an outline */
};
struct ui_bars {
    struct ui_bar_point *at;
    size_t len, cap;
    const char *title;                                /* for readers */
    const char *value_name, *plan_name;               /* heads of the table, and the legend */
    struct str last_label;                            /* over the last bar: "97.3%" */
    struct str (*axis)(struct out *o, int64_t value); /* gridline text; NULL: grouped number */
};
void ui_bars_view(struct out *o, const struct ui_bars *v);
void ui_spark(struct out *o, const int64_t *values, size_t len, struct str label);

struct ui_funnel_step {
    struct str label;
    int64_t count;
    struct str rate; /* from the step before */
};
struct ui_funnel {
    struct ui_funnel_step *at;
    size_t len, cap;
};
void ui_funnel_view(struct out *o, const struct ui_funnel *v);

/* ---- progress, steps, history, trees, code ---- */

/* A job: bar, count, time left, cancel. While it runs the part asks `poll_href` every second for
 * itself (the same view), so the route of poll_href answers ui_job_view as a fragment. */
struct ui_job {
    struct str id; /* public id: of the element */
    const char *title;
    int64_t done, whole; /* whole 0: not known yet */
    struct opt_i64 left_s;
    const char *unit; /* M("{0} of {1} rows") */
    struct str state; /* waiting, running, done, failed, cancelled */
    struct str note;  /* what failed, or what came out */
    struct str poll_href, cancel_href, result_href;
    const char *result_label;
};
void ui_job_view(struct out *o, const struct ui_job *v);

enum ui_stage_state { UI_STAGE_DONE = 1, UI_STAGE_NOW, UI_STAGE_NEXT, UI_STAGE_FAILED };
struct ui_stage {
    const char *label;
    struct str text, note; /* note: when */
    enum ui_stage_state state;
};
struct ui_stages {
    struct ui_stage *at;
    size_t len, cap;
};
void ui_stages_view(struct out *o, const struct ui_stages *v);  /* downwards: approval, payment */
void ui_stepper_view(struct out *o, const struct ui_stages *v); /* across: a wizard */

struct ui_change {
    const char *label;
    struct str field, was, is; /* field: instead of a key */
};
struct ui_event { /* of a history */
    int64_t at_us;
    struct str who, what, note, href;
    enum ui_tint tint;
    struct {
        struct ui_change *at;
        size_t len, cap;
    } changes;
};
struct ui_timeline {
    struct ui_event *at;
    size_t len, cap;
};
void ui_timeline_view(struct out *o, const struct ui_timeline *v);

struct ui_node {
    struct str text, note, href;
    struct str state;
    const char *record;
    bool is_on;
    struct ui_nodes {
        struct ui_node *at;
        size_t len, cap;
    } nodes;
};
void ui_tree_view(struct out *o, const struct ui_nodes *v);

void ui_code(struct out *o, struct str text, bool is_wrapped);

/* ---- lists: one declaration, one function that fills a page of rows ---- */

enum ui_kind {
    UI_TEXT = 1, /* text, with a second line and a link */
    UI_STATE,    /* a badge, with a flag under it */
    UI_MONEY,    /* right-aligned; the currency stands in the column's head or in the cell */
    UI_COUNT,    /* a whole number */
    UI_DECIMAL,  /* a dec: rates, percents */
    UI_DATE,
    UI_TIME
};
/* Where a cell goes at 360 px, where rows become cards. */
enum ui_place {
    UI_AT_LINE = 0, /* a line of its own with its label */
    UI_AT_NAME,     /* left, first line: what it is */
    UI_AT_SUB,      /* left, second line: when, whose */
    UI_AT_FIGURE,   /* right, first line: the amount */
    UI_AT_BADGE,    /* right, second line: the state */
    UI_AT_NONE      /* not shown */
};
struct ui_column {
    const char *name;  /* in ?cols=, in CSV and JSON; NULL: not offered to this person */
    const char *title; /* M("Partner") */
    enum ui_kind kind;
    const char *sort; /* name in the query's sorts; NULL: not sortable */
    enum ui_place place;
    bool is_optional;      /* not shown until chosen in Columns */
    const char *record;    /* UI_STATE: whose states */
    const char *sub_name;  /* the second line in JSON, */
    const char *sub_title; /* and as a column of its own in CSV and XLSX */
};

struct ui_cell {
    struct str text, sub, href;
    struct money money; /* UI_MONEY; currency NULL: a dash */
    struct opt_i64 at;  /* UI_COUNT: n; UI_DATE: days; UI_TIME: microseconds */
    struct dec dec;     /* UI_DECIMAL, with has_dec */
    bool has_dec;
    bool is_context;   /* said more quietly than the facts */
    struct str flag;   /* under the state: "Payouts blocked" */
    enum ui_tint tint; /* of the flag, or of a signed figure */
};
/* Shorthands; the kind of the column decides how they are shown and exported. */
struct ui_cell ui_cell_text(struct str text);
struct ui_cell ui_cell_two(struct str text, struct str sub);
struct ui_cell ui_cell_link(struct str text, struct str sub, struct str href);
struct ui_cell ui_cell_state(struct str state);
struct ui_cell ui_cell_money(struct money money, struct str href);
struct ui_cell ui_cell_count(int64_t n);
struct ui_cell ui_cell_date(struct opt_i64 days);
struct ui_cell ui_cell_time(struct opt_i64 at_us);
/* UI_DATE: "today", "18 Oct"; files and programs get the date. 0: never. */
struct ui_cell ui_cell_day_ago(struct op *op, int64_t at_us);

struct ui_option {
    struct str value, label;
    struct str group; /* <optgroup>, or the small line under a box; absent: none */
};
struct ui_options {
    struct ui_option *at;
    size_t len, cap;
};

/* What every list page accepts in its query beside its own filters: put UI_LIST_MEMBERS into the
 * form struct and UI_LIST_FIELDS into its field table.
 *     struct partner_query {
 *         UI_LIST_MEMBERS;
 *         struct opt_i64 branch;
 *     };
 *     static const struct field partner_query_fields[] = {
 *         UI_LIST_FIELDS(partner_query, q_partner_list_sorts),
 *         F_OPT_ID(partner_query, branch, "brn"),
 *         FIELDS_END,
 *     }; */
#define UI_LIST_MEMBERS                                                                            \
    struct list_page page;                                                                         \
    struct str q;         /* the search, as typed; absent or empty: none */                        \
    struct str_list cols; /* columns to show; ui reads it */                                       \
    struct str export     /* csv, xlsx; ui reads it */
#define UI_LIST_FIELDS(form_, sorts_)                                                              \
    F_PAGE(form_, page, sorts_), F_STR(form_, q, 0, 200), F_STRS(form_, cols, 60),                 \
        F_STR(form_, export, 0, 8)

enum ui_filter_kind { UI_PICK = 1, UI_DAY, UI_WORDS };
enum { UI_VALUES_MAX = DB_LIST_MAX, UI_ALL_MAX = 20000 };
struct ui_filter {
    const char *name;  /* of the declared field */
    const char *label; /* M("Branch") */
    enum ui_filter_kind kind;
    /* UI_PICK: one of several values is enough; the field is F_STRS or F_IDS of UI_VALUES_MAX */
    bool is_many;
    const char *record;        /* UI_PICK of states: their words come from the table… */
    const char *const *states; /* …of these, ended by NULL. Otherwise ui_list_option in fill */
};

struct ui_list;
struct ui_list_state;
struct ui_list_spec {
    const char *name;  /* "partners": of saved views and files */
    const char *title; /* h1 */
    const char *icon;  /* of the empty state */
    const struct ui_column *columns;
    size_t columns_len;
    const struct ui_filter *filters;
    size_t filters_len;
    const char *const *sorts; /* q_partner_list_sorts */
    const char *sort;         /* at first: "name", or "-created" downwards; NULL: the first */
    const char *search;       /* placeholder: M("Name, code, tax number"); NULL: no search */
    const char *empty;        /* M("No partners yet. Import …"): nothing at all, no filter */
    const struct ui_action *empty_action;
    const struct ui_action *actions; /* of the head; label NULL ends */
    const struct ui_action
        *bulk; /* POST to its href with ids=…; label NULL ends; destructive last */
    /* The actions of `bulk` also take everything that the filters show (ui_list_chosen). */
    bool has_all;
    const char *permission_export; /* NULL: whoever sees the list */
    bool is_dense;
    /* One page of rows: reads form(r) and list->page, calls ui_list_row for each row, sets next
     * and prev. Called again page after page for an export. */
    enum rc (*fill)(struct req *r, struct ui_list *list);
};

struct ui_row {
    struct str id; /* public id: value of the box */
    struct ui_cell *cells;
    bool is_open; /* shown in a panel beside the list */
};
struct ui_list {
    const struct ui_list_spec *spec;
    struct op *op;
    /* for fill to read */
    struct list_page page; /* use this one, not that of form(r): it knows the default sort */
    struct str search;     /* trimmed; absent when empty */
    bool is_bare;          /* the rows alone are wanted: no options of filters, no count */
    bool is_tally;         /* a saved view is counted: set count, or make rows to be counted */
    /* for fill to write */
    struct str next, prev;  /* cursors of the page; absent: none */
    struct opt_i64 count;   /* how many there are, when that is cheap to know */
    int64_t count_limit;    /* counting stopped here: "10,000+" */
    struct ui_head head;    /* crumbs, another title, more actions */
    struct ui_tabs parts;   /* tabs of the record that the list belongs to */
    struct safe_html above; /* between head and list */
    struct str path;        /* of the list; from the request */
    struct {
        struct ui_row *at;
        size_t len, cap;
    } rows;
    struct ui_cell *totals;      /* a foot; NULL: none */
    struct ui_list_state *state; /* ui's own */
};
void ui_list_option(struct ui_list *list, const char *filter, struct str value, struct str label);
/* A new row: fill cells[COLUMN] by the enum that also indexes the columns. */
struct ui_cell *ui_list_row(struct ui_list *list, struct str id);
struct ui_cell *ui_list_totals(struct ui_list *list);          /* a foot, indexed likewise */
bool ui_list_shows(const struct ui_list *list, size_t column); /* or a program asks for all */
/* After the query: cursors of its page. */
#define ui_list_cursors(list, page_) ((list)->next = (page_)->next, (list)->prev = (page_)->prev)

/* Answers with the list: page, fragment, CSV, XLSX (?export=) or, on a route with API, JSON. */
enum rc ui_list_page(struct req *r, const struct ui_list_spec *spec);
/* What a bulk action concerns, for the handler that got the POST of the list's form: the marked
 * rows in the order they were sent, or, when "all" was chosen, every row that the list at `back`
 * shows now, found again by its filters. Declare UI_CHOSEN_MEMBERS and UI_CHOSEN_FIELDS.
 * RC_TOO_LARGE over UI_ALL_MAX; RC_INVALID when `back` is no address of `path`, the list's own. */
struct ui_chosen {
    struct str_list ids; /* public ids */
    bool is_all;
    struct str filters_words; /* "State: active and suspended"; empty: no filter */
};
#define UI_CHOSEN_MEMBERS                                                                          \
    struct str_list ids;  /* public ids of the marked rows */                                      \
    struct str all, back; /* "1": all rows; the list's own address */                              \
    struct opt_i64 count  /* how many the person was asked about; absent: not asked yet */
#define UI_CHOSEN_FIELDS(form_)                                                                    \
    F_STRS(form_, ids, LIST_LIMIT_MAX), F_STR(form_, all, 0, 1), F_STR(form_, back, 0, 2000),      \
        F_OPT_I64(form_, count, 0, INT64_MAX)
enum rc ui_list_chosen(struct req *r, const struct ui_list_spec *spec, const char *path,
                       struct ui_chosen *out);
struct ui_form;
/* Hidden values for the page that asks: its POST names the same rows, with `go` = "1". */
void ui_chosen_carry(struct req *r, const struct ui_chosen *chosen, struct ui_form *form);
enum { UI_CHOSEN_NAMES = 12 };
/* "Anna, Boris and 3 more": the first UI_CHOSEN_NAMES names of `total` rows. */
struct str ui_chosen_names(struct op *op, const struct str_list *names, size_t total);
/* A list inside a page of one's own (a tab of a record): read, then include ui_list_view. */
enum rc ui_list_read(struct req *r, const struct ui_list_spec *spec, struct ui_list *out);
void ui_list_view(struct out *o, const struct ui_list *v);

/* ---- tables without paging: lines of a statement, rows of a preview ---- */

struct ui_table {
    const struct ui_column *columns;
    size_t columns_len;
    struct {
        struct ui_row *at;
        size_t len, cap;
    } rows;
    struct ui_cell *totals;
    const char *caption; /* for readers */
    struct str units;    /* "€" after the title of money columns; absent: in the cells */
    bool is_dense;
};
struct ui_cell *ui_table_row(struct op *op, struct ui_table *table, struct str id);
void ui_table_view(struct out *o, const struct ui_table *v);

/* ---- forms ---- */

/* The field for a day, wherever one is entered: a text in the form of the person's language (the
 * ISO form is always taken) with the browser's calendar behind a button. Read it with F_DATE. */
struct ui_date_input {
    const char *name;
    struct str id;
    struct str text;  /* an ISO date, or what was typed */
    struct str sayer; /* id of the hint or error; absent: none */
    bool is_required, is_disabled, is_wrong;
};
void ui_date_input(struct out *o, const struct ui_date_input *v);

enum ui_field_kind {
    UI_FIELD_TEXT = 1,
    UI_FIELD_AREA,
    UI_FIELD_CODE, /* an area in mono: FEEL, JSON */
    UI_FIELD_EMAIL,
    UI_FIELD_PHONE,
    UI_FIELD_URL,
    UI_FIELD_PASSWORD,
    UI_FIELD_NUMBER, /* as the language writes it; right-aligned, with a unit */
    UI_FIELD_MONEY,
    UI_FIELD_DATE,
    UI_FIELD_MONTH,
    UI_FIELD_SELECT,
    UI_FIELD_RADIO,
    UI_FIELD_CHECK,  /* one box, value "1" */
    UI_FIELD_CHECKS, /* several of a list: the name comes several times */
    UI_FIELD_FILE,
    UI_FIELD_SHOWN, /* a text that cannot be changed here */
    UI_FIELD_HIDDEN
};
struct ui_field {
    const char *name;  /* as declared for the route */
    const char *label; /* M("Legal name") */
    const char *hint;
    enum ui_field_kind kind;
    bool is_required;
    bool is_half;        /* two in a row where there is room */
    const char *section; /* begins a section with this title */
    const char *section_hint;
    const char *unit;         /* "%" or a key: M("days") */
    const char *autocomplete; /* "email", "current-password"… */
    const char *accept;       /* UI_FIELD_FILE: ".csv,.xlsx" */
    long max_len;
};

struct ui_value { /* of one field of a form */
    const struct ui_field *field;
    struct str text;
    struct str_list many; /* UI_FIELD_CHECKS */
    struct ui_options options;
    struct str unit;  /* instead of the field's */
    struct str error; /* in words */
    bool is_disabled;
    bool is_lost; /* a file that was sent with a form that comes back: browsers do not keep it */
};
struct ui_form {
    struct ui_head head;
    struct str action;  /* POST; absent: the page's own path */
    const char *submit; /* the verb: M("Save"), M("Add partner") */
    const char *submit_icon;
    bool is_danger;
    bool is_wide;
    struct str cancel_href;
    int64_t revision; /* sent as "revision"; 0: none */
    const char *intro;
    struct safe_html above, below; /* around the fields, inside the card */
    struct {
        struct ui_value *at;
        size_t len, cap;
    } values;
    struct {
        struct ui_hint *at;
        size_t len, cap;
    } errors; /* of the whole request */
    struct op *op;
    bool is_posted; /* comes back after an error: what people typed stands, not the record */
    bool has_files;
};
/* Values as posted and messages when the request comes back after RC_INVALID. */
void ui_form_init(struct req *r, struct ui_form *form, const struct ui_field *fields, size_t len);
/* What the record holds; what people typed is kept. */
void ui_form_set(struct ui_form *form, const char *name, struct str value);
void ui_form_set_i64(struct ui_form *form, const char *name, int64_t value);
void ui_form_set_money(struct ui_form *form, const char *name, struct money value);
void ui_form_set_date(struct ui_form *form, const char *name, struct opt_i64 days);
void ui_form_set_check(struct ui_form *form, const char *name, bool is_on);
void ui_form_add(struct ui_form *form, const char *name, struct str value); /* UI_FIELD_CHECKS */
void ui_form_option(struct ui_form *form, const char *name, struct str value, struct str label);
struct ui_value *ui_form_value(struct ui_form *form, const char *name);
void ui_form_view(struct out *o, const struct ui_form *v); /* card with fields and foot */
/* Head, errors, form: the whole page. */
enum rc ui_form_page(struct req *r, const struct ui_form *form);

/* ---- shells ---- */

enum ui_section {
    UI_HOME = 1,
    UI_PARTNERS,
    UI_PROGRAMS,
    UI_SALES,
    UI_SCHEMES,
    UI_RUNS,
    UI_SETTLEMENTS,
    UI_DOCUMENTS,
    UI_PLANS,
    UI_DEALS,
    UI_FRAUD,
    UI_ENABLEMENT,
    UI_SUPPORT,
    UI_REPORTS,
    UI_SETTINGS,
    UI_MY_HOME, /* from here: the portal */
    UI_MY_SALES,
    UI_MY_DEALS,
    UI_MY_LINKS,
    UI_MY_STATEMENTS,
    UI_MY_PAYOUTS,
    UI_MY_DOCUMENTS,
    UI_MY_LEARNING,
    UI_MY_MATERIALS,
    UI_MY_NEWS,
    UI_MY_SUPPORT,
    UI_MY_TEAM,
    UI_SECTIONS_END
};
/* A module's pages in the navigation, declared at start. A section is shown when it has a page that
 * the user may see; words, icon and order of sections are ours. */
struct ui_page {
    enum ui_section section;
    const char *label; /* inside the section: M("Contracts"); for the only page the same as it */
    const char *href;
    const char *permission; /* NULL: everybody signed in */
};
void ui_pages_declare(const struct ui_page *pages, size_t len);

void ui_rail_declare(const char *path); /* pages under it need room: the navigation is narrow */
/* What waits behind a page of the navigation, shown beside its section ("14"; over UI_COUNT_MAX
 * "99+"). `count` is one indexed count that stops at the limit and sees what the actor sees; it is
 * asked only of those who may see the page, and remembered a few seconds. */
enum { UI_COUNT_MAX = 99 };
struct ui_counter {
    const char *href;  /* of a declared page */
    const char *label; /* for readers: M("{0} waiting") */
    enum rc (*count)(struct op *op, int64_t limit, int64_t *out);
};
void ui_counters_declare(const struct ui_counter *counters, size_t len);

/* What the shell shows of the world around the page. */
struct ui_facts {
    struct str operator_name;    /* top bar; title of the portal without a brand */
    struct str person_note;      /* under the person's name: a role, a partner */
    bool speaks[LANG_COUNT + 1]; /* languages to choose from, by enum lang_id */
    struct str search_href;      /* GET with q; absent: no search in the top bar */
    struct str help_href, bell_href;
    int64_t bell_count;
    struct str sign_out_href; /* POST */
    struct ui_actions person; /* menu of the person: profile, keys */
    struct str brand_name, brand_logo_url, brand_logo_dark_url, brand_css_url; /* of the portal */
};
struct ui_hooks {
    /* Before every page; what it leaves alone is not shown. */
    void (*facts)(struct req *r, struct ui_facts *out);
    /* A signed-in person chose a language. Somebody unknown: the cookie "lang" holds it. */
    enum rc (*save_lang)(struct req *r, enum lang_id lang);
};
void ui_hooks_set(const struct ui_hooks *hooks);
const struct ui_hooks *ui_hooks_get(void); /* to add to them; NULL: none are set */
/* http_hooks.shell: console for staff, portal for partners, a centred card for nobody. */
void ui_shell(struct req *r, struct out *o, const struct http_page *page);

/* POST /preferences (theme, lang, back), the saved views. */
extern const struct route ui_routes[];
/* Every file that a browser loads, for http_options.assets. */
extern const struct asset assets[];
extern const size_t assets_len;
struct str ui_asset_url(const char *name); /* "app.css" -> "/assets/app.….css" */

#include "ui/ui_bulk.h"
#include "ui/ui_card.h"
#include "ui/ui_record.h"
#include "ui/ui_search.h"
#include "ui/ui_words.h"

#endif
