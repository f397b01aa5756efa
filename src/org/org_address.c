/* An address as forms, pages, the API and the journal of any module show it: the parts and their
 * names stand here once. Its rule is in org_check.c. */
#include "org/org_int.h"

struct part {
    const char *name;
    struct str value;
};

static void parts_of(const struct org_address *a, struct part out[ORG_ADDRESS_PARTS])
{
    out[0] = (struct part){"address_country", a->country};
    out[1] = (struct part){"address_region", a->region};
    out[2] = (struct part){"address_postcode", a->postcode};
    out[3] = (struct part){"address_city", a->city};
    out[4] = (struct part){"address_line", a->line};
}

struct str org_address_words(struct op *op, const struct lang *lang, const struct org_address *a)
{
    bool is_named = lang && a->country.len;
    struct str country = is_named ? i18n_country_name(op->arena, lang, a->country) : a->country;
    const struct str parts[] = {a->postcode, country, a->region, a->city, a->line};
    AUTO_BUF text = BUF(8192);
    for (size_t i = 0; i < LEN(parts); i++) {
        if (parts[i].len && text.len)
            buf_put(&text, STR(", "));
        buf_put(&text, parts[i].len ? parts[i] : STR(""));
    }
    return str_dup(op->arena, buf_str(&text));
}

void org_address_form(struct ui_form *form, const struct org_address *address)
{
    struct part parts[ORG_ADDRESS_PARTS];
    parts_of(address, parts);
    ui_form_countries(form, "address_country");
    for (size_t i = 0; i < LEN(parts); i++)
        ui_form_set(form, parts[i].name, parts[i].value);
}

void org_address_json(struct json_writer *w, const struct org_address *address)
{
    struct part parts[ORG_ADDRESS_PARTS];
    parts_of(address, parts);
    for (size_t i = 0; i < LEN(parts); i++)
        json_pair_str(w, parts[i].name, parts[i].value);
}

void org_address_values(const struct org_address *address, struct audit_value *out)
{
    struct part parts[ORG_ADDRESS_PARTS];
    parts_of(address, parts);
    for (size_t i = 0; i < LEN(parts); i++)
        out[i] = (struct audit_value){parts[i].name, parts[i].value};
}
