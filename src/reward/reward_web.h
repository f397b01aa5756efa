/* What the pages of reward share: addresses, words for numbers, a paper (the result of a contract
 * with or without its statement), the explanation as people read it. */
#ifndef KONTOR_REWARD_WEB_H
#define KONTOR_REWARD_WEB_H

#include "approval/approval.h"
#include "audit/audit.h"
#include "auth/auth.h"
#include "ledger/ledger.h"
#include "mail/mail.h"
#include "partner/partner.h"
#include "reward/reward_explain.h"
#include "reward/reward_q.h"
#include "reward/reward_tier.h"
#include "ui/ui.h"

/* ---- addresses and words ---- */

/* "/runs/run_…/post": path, prefix and rest. */
struct str reward__href(struct op *op, const char *path, const char *prefix, int64_t id,
                        const char *rest);
struct str reward__run_href(struct op *op, int64_t id, const char *rest);
struct str reward__statement_href(struct op *op, int64_t id, const char *rest);
struct str reward__period_words(struct op *op, struct str period, enum i18n_place place);
struct str reward__day_words(struct op *op, int64_t day); /* "10 Nov": without the year of now */
struct str reward__note_line(struct op *op, struct str a, struct str b); /* joined by " · " */
/* A decimal as people read it: "percent", "money" or empty as unit; text that is none as it is. */
struct str reward__number(struct op *op, struct str text, struct str unit,
                          const struct currency *currency);
/* A cell of a decision table in words: "from 5,000.00", "any". */
struct str reward__cell_words(struct op *op, const struct reward__cell *cell,
                              const struct currency *currency);
struct safe_html reward__escaped(struct op *op, struct str text);
/* Who, in a list; "–" for nobody. */
struct str reward__who(struct op *op, struct opt_i64 user_id);
/* The statement's or result's warnings (JSON) in words. */
struct reward__warning {
    struct str where, text, advice, event;
};
struct reward__warnings {
    struct reward__warning *at;
    size_t len, cap;
};
void reward__warnings_of(struct op *op, struct str json, struct reward__warnings *out);

/* ---- a paper ---- */

struct reward__paper_line {
    struct str label, note, href, badge, hold;
    struct str state; /* of the badge */
    struct money amount;
    int64_t derivation_id, line_id; /* line_id 0: all of the derivation */
    bool is_open;
};
struct reward__paper_measure {
    struct str label, value, href;
    int64_t derivation_id;
};
struct reward__paper_aside { /* what a rule gave that is not part of the total */
    struct str label, note, reason, amount, href;
    int64_t derivation_id;
    bool is_nothing, is_open;
};
struct reward__paper {
    struct reward_result_row result;
    struct statement_row statement; /* id 0: none yet */
    struct reward_paper_row names;
    const struct currency *currency;
    struct period period;
    struct str base; /* address of the page */
    struct str contract_href;
    bool is_portal;
    struct ui_head head;
    struct ui_figures figures;
    struct ui_hint hint; /* text absent: none */
    struct reward__warnings warnings;
    struct str lines_note, symbol;
    struct {
        struct reward__paper_line *at;
        size_t len, cap;
    } lines;
    struct {
        struct reward__paper_measure *at;
        size_t len, cap;
    } measures;
    struct {
        struct reward__paper_aside *at;
        size_t len, cap;
    } asides;
    bool has_asides, has_nothings; /* of these some, and some others */
    struct str foot;
    struct ui_timeline history;
    const struct reward__panel *panel; /* the explanation that is open, or NULL */
    const struct lang *lang;
};
/* The paper, and the explanation that is open, for programs. */
void reward_paper_json(struct json_writer *w, const struct reward__paper *v);
enum reward__paper_kind { REWARD_STATEMENT = 1, REWARD_RESULT, REWARD_PORTAL };
/* `id` is that of the statement, or of the result. RC_MISSING: not seen by this actor, or in the
 * portal not sent yet. */
enum rc reward__paper_load(struct op *op, enum reward__paper_kind kind, int64_t id,
                           struct reward__paper *out);
/* Figures over the bar; also for the portal's home. */
enum rc reward__figures(struct op *op, const struct reward__paper *paper,
                        struct reward_sum_row_rows *rows, struct ui_figures *out);
/* What the groups of a sum belong to. */
enum reward__bucket { BUCKET_HELD = 1, BUCKET_DUE, BUCKET_IN_PAYMENT, BUCKET_PAID, BUCKET_OUT };
enum reward__bucket reward__bucket_of(struct str state, bool is_held);

/* ---- the explanation beside it ---- */

struct reward__panel_row {
    struct str number;
    struct str_list cells;
    bool is_hit, is_near_miss;
};
struct reward__panel_table {
    struct str name, note, seen, needed;
    struct {
        struct reward__panel_row *at;
        size_t len, cap;
    } rows;
};
struct reward__panel_event {
    struct str when, what, how, href;
    struct money amount;
};
struct reward__panel {
    struct str title, scheme, scheme_href, scheme_note, close_href, copy_href, description;
    struct money amount;
    struct str value; /* of a measure, in the place of an amount; absent: it is none */
    bool is_nothing;  /* it explains why there is no amount */
    struct ui_hint hint;
    struct str_list formula;
    struct str rounding;
    struct {
        struct reward__panel_table *at;
        size_t len, cap;
    } tables;
    struct ui_defs measures, counts;
    struct {
        struct reward__panel_event *at;
        size_t len, cap;
    } events;
    struct str events_title, more_href, more;
    const struct currency *currency;
};
enum rc reward__panel_load(struct op *op, const struct reward__paper *paper, int64_t derivation_id,
                           int64_t line_id, size_t shown_max, struct reward__panel *out);
/* Why a rule gave nothing, in one sentence; absent: its formula says no more. */
enum rc reward__nothing_words(struct op *op, const struct reward__paper *paper,
                              int64_t derivation_id, struct str *out);
/* The hint of why a key's amount differs from the period before; text absent: nothing to say. */
enum rc reward__why(struct op *op, const struct reward__paper *paper,
                    const struct reward__explanation *e, struct ui_hint *out);

/* ---- pages ---- */

struct reward__reason_form {
    struct str reason;
    struct opt_i64 revision;
};
extern const struct field reward__reason_fields[];
struct reward__why_query {
    struct opt_i64 line, show;
};
extern const struct field reward__why_fields[];

struct reward__run_page {
    struct ui_head head;
    struct ui_stages stages;
    struct ui_kpis kpis;
    struct ui_hint hint;
    struct safe_html job;
    struct {
        struct reward__incomplete {
            struct str partner, contract, href;
            struct reward__warnings warnings;
        } * at;
        size_t len, cap;
    } incomplete;
    struct approval approval;
    struct ui_list list;
    struct ui_timeline history;
    bool has_results;
    const struct reward_run *run;
    struct str period_code; /* "2026-10" */
    struct {
        struct money *at;
        size_t len, cap;
    } totals; /* one a currency */
};
void reward_run_page_json(struct json_writer *w, const struct reward__run_page *v);

struct reward__months { /* accrued by month, of the currency with the most */
    struct ui_bars bars;
    struct str symbol;
    bool has_open; /* a month is calculated and not yet posted */
};
/* Twelve months up to the one of `last`; partner_id 0: all that is posted, else what this partner
 * was told. `bars.len` 0: nothing. */
enum rc reward__months(struct op *op, int64_t partner_id, struct period last,
                       struct reward__months *out);

/* What a contract could still earn in the month that is open: tiers that are near. Computed as a
 * draft and remembered for some minutes. */
enum { REWARD_CHANCES_MAX = 4 };
struct reward__chance {
    struct str label; /* of the rule */
    struct reward__tier tier;
    const struct currency *currency;
};
struct reward__chances {
    struct reward__chance at[REWARD_CHANCES_MAX];
    size_t len;
};
enum rc reward__chances(struct op *op, int64_t contract_id, struct reward__chances *out);

struct reward__desk {
    struct ui_head head;
    struct ui_track track;
    struct ui_kpis kpis;
    struct ui_items left, waiting, runs;
    struct ui_funnel sources; /* schemes, by what they gave in the period */
    struct str sources_note;
    struct reward__months months;
    struct ui_empty empty;
    struct str waiting_note, left_note;
    bool has_runs, may_see_runs;
    int64_t waiting_len;
};
enum rc reward__desk_page(struct req *r, struct str period); /* absent: of the last run */

struct reward__home {
    struct ui_head head;
    struct money earned;
    struct str earned_href, earned_note, delta, delta_note;
    bool is_less, has_statement, may_see_money, may_see_sales;
    struct ui_bar bar;
    struct ui_defs parts;
    struct str pay_day, pay_amount, pay_href, pay_note, pay_overdue, pay_later;
    struct ui_stages pay_stages;
    struct ui_items todo, more;
    struct str todo_note, more_note;
    struct reward__months months;
    struct ui_table sales;
};
enum rc reward__home_page(struct req *r);

struct reward__partner_card {
    struct {
        struct reward__position {
            struct str currency;
            struct ui_defs parts;
        } * at;
        size_t len, cap;
    } positions;
    struct ui_table statements;
    struct str all_href;
};

/* CSV, XLSX and PDF of a paper, appended. */
enum rc reward__sheet(struct op *op, const struct reward__paper *paper, bool is_xlsx,
                      struct buf *out);
enum rc reward__pdf(struct op *op, const struct reward__paper *paper, struct buf *out);
struct str reward__file_name(struct op *op, const struct reward__paper *paper, const char *suffix);

/* reward_back_words.c: how a line that takes back came about. */
void reward__reversal_words(struct op *op, const struct reward__explanation *e,
                            const struct currency *currency, struct str_list *out);

#endif
