/* org: the company that runs Kontor and its parts: one operator, its legal entities with bank
 * accounts, the branches that scope staff, approvals and data. Everything is edited in the console
 * and audited; nothing with history is deleted, it is archived. */
#ifndef KONTOR_ORG_H
#define KONTOR_ORG_H

#include "http/http.h"
#include "money/money.h"
#include "op/op.h"
#include "ui/ui.h"

/* ---- the operator: one a database ---- */

struct org_operator {
    int64_t revision; /* of what was read; org_operator_save compares it */
    struct str name;
    struct str country;   /* ISO 3166, two letters */
    struct str currency;  /* ISO 4217 code: what new contracts and screens begin with */
    struct str zone;      /* IANA name: in it times are shown and periods are cut */
    struct str lang;      /* "ru": of people who have chosen none */
    struct str languages; /* "en ru es": what people may choose, one space between */
};

/* RC_MISSING until set-up is done. */
enum rc org_operator_get(struct op *op, struct org_operator *out);
/* Makes or changes it; permission org.edit. RC_INVALID with fields; RC_CONFLICT when somebody else
 * saved first. On success op->zone is the new one. */
enum rc org_operator_save(struct op *op, const struct org_operator *in);
/* The form of the operator, also in the set-up: fields, options, values. The route declares name,
 * country, currency, zone, lang, languages. */
void org_operator_form(struct req *r, struct ui_form *form, const struct org_operator *o);
/* What a page needs of it; UTC, English and no currency before set-up. */
struct org_locale {
    struct str name;
    const struct zone *zone;
    const struct currency *currency;
    const struct lang *lang;
    bool speaks[LANG_COUNT + 1]; /* by enum lang_id */
};
enum rc org_locale(struct op *op, struct org_locale *out);

/* ---- addresses and bank accounts: shapes that other modules share ---- */

struct org_address { /* all optional; country two letters */
    struct str country, region, postcode, city, line;
};
/* Cleans every part in place; RC_INVALID names fields address_country, address_region… */
enum rc org_address_check(struct op *op, struct org_address *address);
/* One line: "28001, Spain, Madrid, Calle Mayor 1", in `lang`, or with the code of the country when
 * that is NULL (the journal); empty when there is none. */
struct str org_address_words(struct op *op, const struct lang *lang,
                             const struct org_address *address);

/* An address in a form whose struct has `struct org_address address`: what is accepted (lengths are
 * those of org_address_check), what is shown, and its options and values. */
#define ORG_ADDRESS_PART_(form_, part_, max_)                                                      \
    {                                                                                              \
        .name = "address_" #part_, .type = FIELD_STR,                                              \
        .offset = (uint32_t)offsetof(struct form_, address.part_), .max = (max_)                   \
    }
#define ORG_ADDRESS_FIELDS(form_)                                                                  \
    ORG_ADDRESS_PART_(form_, country, 2), ORG_ADDRESS_PART_(form_, region, 200),                   \
        ORG_ADDRESS_PART_(form_, postcode, 20), ORG_ADDRESS_PART_(form_, city, 200),               \
        ORG_ADDRESS_PART_(form_, line, 400)
#define ORG_ADDRESS_SHOWN(country_label_, section_, hint_)                                         \
    {.name = "address_country",                                                                    \
     .label = (country_label_),                                                                    \
     .kind = UI_FIELD_SELECT,                                                                      \
     .is_half = true,                                                                              \
     .section = (section_)},                                                                       \
        {.name = "address_postcode",                                                               \
         .label = M("Postcode"),                                                                   \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_half = true,                                                                          \
         .max_len = 20},                                                                           \
        {.name = "address_region",                                                                 \
         .label = M("Region"),                                                                     \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_half = true,                                                                          \
         .max_len = 200},                                                                          \
        {.name = "address_city",                                                                   \
         .label = M("City"),                                                                       \
         .kind = UI_FIELD_TEXT,                                                                    \
         .is_half = true,                                                                          \
         .max_len = 200},                                                                          \
    {                                                                                              \
        .name = "address_line", .label = M("Address"), .hint = (hint_), .kind = UI_FIELD_TEXT,     \
        .max_len = 400                                                                             \
    }
void org_address_form(struct ui_form *form, const struct org_address *address);
/* Its members of the API's JSON and its values in the journal have the names of the fields. */
void org_address_json(struct json_writer *w, const struct org_address *address);
enum { ORG_ADDRESS_PARTS = 5 };
struct audit_value;
void org_address_values(const struct org_address *address, struct audit_value *out);

enum org_bank_kind {
    ORG_BANK_RU = 1, /* bank_code is the BIK, number has 20 digits, corr_number optional */
    ORG_BANK_IBAN,   /* number is an IBAN, bank_code a SWIFT or empty */
    ORG_BANK_OTHER   /* number as the bank writes it, bank_code a SWIFT or empty */
};

struct org_bank {
    enum org_bank_kind kind;
    struct str bank_name;   /* required */
    struct str bank_code;   /* BIK or SWIFT */
    struct str number;      /* account or IBAN */
    struct str corr_number; /* correspondent account, ORG_BANK_RU only */
    struct str currency;    /* ISO code */
};
/* Cleans and normalises in place, checking digits by kind; RC_INVALID names the fields. */
enum rc org_bank_check(struct op *op, struct org_bank *bank);

/* The form of an account, the operator's own or a partner's; each module words its fields. */
struct org_bank_form {
    int kind;
    struct str bank_name, bank_code, number, corr_number, currency;
    bool is_main;
    struct opt_i64 revision;
};
extern const struct field org_bank_fields[];
struct org_bank org_bank_from(const struct org_bank_form *in);
/* How a new one begins: the kind of the country, the operator's currency. */
enum rc org_bank_fresh(struct op *op, struct str country, struct org_bank *out);
/* Options of currencies, and all values but the number. */
void org_bank_fill(struct ui_form *form, const struct org_bank *bank);

/* Tax numbers of a company by its country: INN, KPP, OGRN for RU, NIF for ES, VAT and a register
 * number of letters and digits elsewhere. All three may be empty. */
struct org_tax {
    struct str number;       /* INN, NIF, VAT */
    struct str reason_code;  /* KPP; empty elsewhere */
    struct str registration; /* OGRN, company register */
};
enum rc org_tax_check(struct op *op, struct str country, struct org_tax *tax);

/* ---- legal entities ---- */

struct org_entity {
    int64_t id, revision;
    struct str name, short_name;
    struct str country;
    struct org_tax tax;
    struct org_address address;
    struct opt_i64 archived_at;
};

struct org_account {
    int64_t id, entity_id, revision;
    struct org_bank bank;
    bool is_main; /* the one that documents name first; at most one an entity and currency */
    struct opt_i64 archived_at;
};

enum rc org_entity_get(struct op *op, int64_t id, struct org_entity *out);
/* id 0: a new one. Permission org.edit. RC_INVALID, RC_CONFLICT (revision), RC_MISSING. */
enum rc org_entity_save(struct op *op, const struct org_entity *in, int64_t *out_id);
/* RC_CONFLICT while branches that are not archived belong to it. */
enum rc org_entity_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);
enum rc org_account_get(struct op *op, int64_t id, struct org_account *out);
struct org_account_list {
    struct org_account *at;
    size_t len, cap;
};
/* All of an entity, archived ones last. */
enum rc org_accounts(struct op *op, int64_t entity_id, struct org_account_list *out);
enum rc org_account_save(struct op *op, const struct org_account *in, int64_t *out_id);
enum rc org_account_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);

/* ---- branches ---- */

struct org_branch {
    int64_t id, revision;
    struct str code, name; /* code is unique, whatever its letter case */
    int64_t entity_id;
    struct opt_i64 manager_id; /* a staff user */
    struct opt_i64 archived_at;
};

enum rc org_branch_get(struct op *op, int64_t id, struct org_branch *out);
enum rc org_branch_by_code(struct op *op, struct str code, struct org_branch *out);
enum rc org_branch_save(struct op *op, const struct org_branch *in, int64_t *out_id);
enum rc org_branch_archive(struct op *op, int64_t id, int64_t revision, bool is_archived);

/* ---- what forms of other modules choose from ---- */

struct org_choice {
    int64_t id;
    struct str code, name; /* code is empty for a legal entity */
};
struct org_choices {
    struct org_choice *at;
    size_t len, cap;
};
/* In order of name, not archived; `keep_id` (or 0) is listed even when archived. */
enum rc org_entity_choices(struct op *op, int64_t keep_id, struct org_choices *out);
/* All branches; staff with branches of their own get only these. */
enum rc org_branch_choices(struct op *op, int64_t keep_id, struct org_choices *out);

/* People live in a module above; it says here who they are. Without it branches have no manager.
 * `list` fills staff users who are not blocked; `name` gives RC_MISSING for nobody. */
struct org_people {
    enum rc (*list)(struct op *op, struct org_choices *out);
    enum rc (*name)(struct op *op, int64_t user_id, struct str *out);
    /* Branches that the actor is bound to; called only for staff without all branches. */
    enum rc (*branches)(struct op *op, struct i64_list *out);
};
void org_people_set(const struct org_people *people);

/* ---- what main registers ---- */

extern const struct route org_routes[]; /* each ended by {0} */
extern const struct route org_entity_routes[];
extern const struct route org_account_routes[];
extern const struct route org_branch_routes[];
extern const struct permission org_permissions[];
extern const size_t org_permissions_len;
void org_start(void); /* names for the audit, pages of the navigation; once */

#endif
