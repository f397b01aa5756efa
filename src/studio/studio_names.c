/* What completion offers in formulas: the inputs of schemes with their entries, the attributes, the
 * other decisions, the functions. Entries are those that the engine gives (docs/schemes.md). */
#include "studio/studio_live.h"

struct entry {
    const char *path, *type, *words; /* path: "event.credit.net"; words: message key */
};
static const struct entry entries[] = {
    {"sales", M("list"), M("the contract's events of the period")},
    {"event", M("event"), M("the event at hand")},
    {"event.id", M("text"), M("its number")},
    {"event.type", M("text"), M("sale, activation, payment, refund…")},
    {"event.date", M("date"), M("its day")},
    {"event.at", M("time"), M("its moment")},
    {"event.late", M("yes or no"), M("came after its period")},
    {"event.quantity", M("number"), M("pieces of the whole event")},
    {"event.amount", M("money"), M("the whole event, tax included")},
    {"event.net", M("money"), M("the whole event, tax excluded")},
    {"event.tax", M("money"), M("tax of the event")},
    {"event.discount", M("money"), M("discount of the event")},
    {"event.shipping", M("money"), M("shipping of the event")},
    {"event.cost", M("money"), M("what it cost")},
    {"event.margin", M("money"), M("net less cost")},
    {"event.currency", M("text"), M("its currency")},
    {"event.source", M("text"), M("where it came from")},
    {"event.attributes", M("context"), M("fields of its own")},
    {"event.credit", M("context"), M("this partner's part")},
    {"event.credit.role", M("text"), M("as what the partner took part")},
    {"event.credit.share", M("number"), M("0 to 1, sums to 1 per role")},
    {"event.credit.amount", M("money"), M("this partner's part, tax included")},
    {"event.credit.net", M("money"), M("this partner's part, tax excluded")},
    {"event.credit.quantity", M("number"), M("pieces that are this partner's")},
    {"event.credit.partner count", M("number"), M("partners in that role")},
    {"event.product", M("context"), M("what was sold")},
    {"event.product.code", M("text"), M("code of the product")},
    {"event.product.name", M("text"), M("name of the product")},
    {"event.product.category", M("text"), M("its category")},
    {"event.customer", M("context"), M("who bought")},
    {"event.customer.code", M("text"), M("code of the customer")},
    {"event.customer.country", M("text"), M("country of the customer")},
    {"event.customer.since", M("date"), M("customer since")},
    {"event.customer.fraud", M("yes or no"), M("marked as fraud")},
    {"event.outlet", M("context"), M("where it was sold")},
    {"event.outlet.code", M("text"), M("code of the point of sale")},
    {"event.outlet.name", M("text"), M("name of the point of sale")},
    {"terms", M("context"), M("the scheme's attributes with the contract's values")},
    {"contract", M("context"), M("the contract")},
    {"contract.code", M("text"), M("its code")},
    {"contract.start", M("date"), M("its first day")},
    {"contract.end", M("date"), M("the first day without it")},
    {"contract.currency", M("text"), M("its currency")},
    {"contract.nature", M("text"), M("its nature")},
    {"partner", M("context"), M("the partner")},
    {"partner.code", M("text"), M("its code")},
    {"partner.name", M("text"), M("its name")},
    {"partner.level", M("text"), M("its level")},
    {"partner.groups", M("list"), M("its groups")},
    {"partner.tags", M("list"), M("its tags")},
    {"partner.country", M("text"), M("its country")},
    {"partner.since", M("date"), M("partner since")},
    {"period", M("context"), M("the period")},
    {"period.start", M("date"), M("its first day")},
    {"period.end", M("date"), M("the first day after it")},
    {"period.days", M("number"), M("its days")},
    {"period.months", M("number"), M("its months")},
    {"active", M("context"), M("the part in which the scheme was in force")},
    {"active.days", M("number"), M("its days")},
    {"active.share by days", M("number"), M("its share of the period")},
    {"plan", M("context"), M("what was planned")},
    {"previous", M("list"), M("earlier periods, nearest first")},
    {"carried", M("context"), M("what the last posted period handed over")},
    {"running", M("context"), M("running totals before and after the event")},
    {"outlet", M("context"), M("the point of sale at hand")},
    {"customer", M("context"), M("the customer at hand")},
    {"downline", M("list"), M("everybody below")},
    {"legs", M("list"), M("the direct children with their totals")},
    {"chain", M("list"), M("those above, nearest first")},
    {"lines", M("list"), M("lines of earlier phases")},
    {"members", M("list"), M("contracts with this scheme")},
};

bool studio__name_at(size_t i, const char **out_path, const char **out_type)
{
    if (i >= LEN(entries))
        return false;
    *out_path = entries[i].path;
    *out_type = entries[i].type;
    return true;
}

/* The last part of a path below `parent`; absent when it is not right below. */
static struct str below(const char *path, struct str parent)
{
    struct str text = str_of(path);
    if (!parent.len)
        return str_find(text, STR("."), 0) == SIZE_MAX ? text : STR_NONE;
    if (text.len <= parent.len || !str_starts(text, parent) || text.at[parent.len] != '.')
        return STR_NONE;
    text = str_sub(text, parent.len + 1, SIZE_MAX);
    return str_find(text, STR("."), 0) == SIZE_MAX ? text : STR_NONE;
}

static void put(struct json_writer *w, struct str name, struct str detail, struct str info)
{
    json_object(w);
    json_pair_str(w, "name", name);
    json_pair_str(w, "detail", detail);
    json_pair_str(w, "info", info);
}

static void put_attributes(struct op *op, struct json_writer *w, const struct studio__page *v)
{
    for (size_t i = 0; i < v->outline.attributes_len; i++) {
        const struct scheme_attribute *attribute = &v->outline.attributes[i];
        put(w, attribute->name, tr(op->lang, M("attribute")), attribute->label);
        json_object_end(w);
    }
}

/* Three levels are enough: event.credit.net. */
static void put_entries(struct op *op, struct json_writer *w, const struct studio__page *v,
                        struct str parent, enum scheme_scope scope, int depth)
{
    for (size_t i = 0; i < LEN(entries); i++) {
        struct str name = below(entries[i].path, parent);
        if (!name.at || (depth == 0 && scope && !scheme_input_has_scope(entries[i].path, scope)))
            continue;
        put(w, name, tr(op->lang, entries[i].type), tr(op->lang, entries[i].words));
        json_key(w, "entries");
        json_array(w);
        if (depth == 0 && str_eq(name, STR("terms")))
            put_attributes(op, w, v);
        if (depth < 2)
            put_entries(op, w, v, str_of(entries[i].path), scope, depth + 1);
        json_array_end(w);
        json_object_end(w);
    }
}

static void put_parts(struct op *op, struct json_writer *w, const struct studio__page *v)
{
    for (size_t i = 0; i < v->outline.parts_len; i++) {
        const struct scheme_part *part = &v->outline.parts[i];
        if (part == v->part)
            continue;
        put(w, part->name, tr(op->lang, M("decision")), part->description);
        json_object_end(w);
    }
}

static void put_functions(struct json_writer *w)
{
    struct feel_reference reference;
    for (size_t i = 0; feel_reference_at(i, &reference); i++) {
        if (reference.name[0] == '#')
            continue;
        put(w, str_of(reference.name), STR(""), str_of(reference.example));
        json_object_end(w);
    }
}

struct safe_json studio__names(struct op *op, const struct studio__page *v)
{
    AUTO_BUF buf = BUF(512 << 10);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_key(&w, "variables");
    json_array(&w);
    put_entries(op, &w, v, STR(""), v->part ? v->part->scope : 0, 0);
    put_parts(op, &w, v);
    json_array_end(&w);
    json_key(&w, "functions");
    json_array(&w);
    put_functions(&w);
    json_array_end(&w);
    json_object_end(&w);
    return (struct safe_json){str_dup(op->arena, buf_str(&buf))};
}
