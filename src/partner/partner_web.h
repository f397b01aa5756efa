/* What the page files of partner and its views share. */
#ifndef KONTOR_PARTNER_WEB_H
#define KONTOR_PARTNER_WEB_H

#include "partner/partner_int.h"

#define lvl(id)  pid_of("lvl", (id))
#define prl(id)  pid_of("prl", (id))
#define grp(id)  pid_of("grp", (id))
#define out_(id) pid_of("out", (id))
#define con(id)  pid_of("con", (id))
#define bnk(id)  pid_of("bnk", (id))
#define rel(id)  pid_of("rel", (id))
#define usr(id)  pid_of("usr", (id))

extern const struct ui_word partner__kinds[], partner__vat_modes[], partner__trees[],
    partner__address_kinds[];
const char *partner__kind_label(struct str kind);

/* Options of forms. */
enum rc partner__branch_options(struct ui_form *form, const char *field, int64_t keep_id);
enum rc partner__level_options(struct ui_form *form, const char *field);
enum rc partner__group_options(struct ui_form *form, const char *field);
enum rc partner__manager_options(struct ui_form *form, const char *field);
/* The directory with the attributes of partners, for its page and for what is done to all of it. */
enum rc partner__list_spec(struct op *op, struct ui_list_spec *out);
enum rc partner__attribute_options(struct op *op, struct ui_list *list);

/* Crumbs "Partners / NAME". */
void partner__crumbs(struct op *op, struct ui_head *head, const struct partner *partner);
/* "Sberbank, account …1234, RUB". */
struct str partner__bank_words(struct op *op, const struct partner_bank *bank);
struct str partner__day_words(struct op *op, struct opt_i64 day);

struct partner__part { /* a contact, an address, a bank account: a row with its buttons */
    struct str title, note, tag;
    struct str lines[3]; /* empty ones are not shown */
    struct ui_actions actions;
};
struct partner__parts {
    struct partner__part *at;
    size_t len, cap;
};

enum rc partner__contact_parts(struct op *op, int64_t partner_id, struct partner__parts *out);
enum rc partner__address_parts(struct op *op, int64_t partner_id, struct partner__parts *out);
enum rc partner__bank_parts(struct op *op, int64_t partner_id, struct partner__parts *out);
/* Definitions of company and taxes. */
void partner__tax_defs(struct op *op, const struct partner *partner, struct ui_defs *defs);
struct ui_hint partner__block_hint(struct op *op, const struct partner *partner);

struct partner__page {
    struct partner partner;
    struct ui_head head;
    struct ui_tabs tabs;
    struct safe_html cards; /* of other modules */
    struct ui_hint block;   /* text absent: not blocked */
    struct ui_defs facts, tax;
    struct str_list tags, groups;
    struct str roles;
    struct ui_actions contact_actions, address_actions, bank_actions;
    struct partner__parts contacts, addresses, banks;
    struct attribute_values attributes;
    struct partner_roles role_list;
};
void partner__page_json(struct json_writer *w, const struct partner__page *v);
/* Head, tabs and the hint about blocking; `tab` is the address of the open one: "", "/relations".
 */
void partner__page_begin(struct op *op, const struct partner *partner, const char *tab,
                         struct partner__page *v);

struct partner__tab { /* a tab with a list of something, or a tree */
    struct partner__page page;
    struct ui_actions actions;
    const char *title;
    struct ui_table table;
    struct ui_empty empty;
    struct {
        struct partner__tree {
            const char *label;
            struct ui_nodes nodes;
            struct ui_table table;
        } * at;
        size_t len, cap;
    } trees;
    struct safe_html history;
};

struct partner__number { /* an account in full */
    struct ui_head head;
    struct ui_defs facts;
};
struct partner__levels_page {
    struct ui_head head;
    struct ui_table table;
    struct ui_empty empty;
    struct partner_levels levels;
};
void partner__levels_json(struct json_writer *w, const struct partner__levels_page *v);
struct partner__profile {
    struct ui_head head;
    struct ui_hint block;
    struct ui_defs facts, tax;
    struct partner__parts contacts, addresses, banks;
    struct ui_items team;
};

#endif
