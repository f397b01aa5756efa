/* The kinds of import, in the order in which a new database is filled. */
#include "import/import_int.h"

static const struct import_kind *const kinds[] = {
    &import__categories, &import__products, &import__customers, &import__partners,
    &import__relations,  &import__outlets,  &import__contracts, &import__plans,
    &import__rates,      &import__events};

const struct import_kind *import__kind_at(size_t i)
{
    return i < LEN(kinds) ? kinds[i] : NULL;
}

const char *import_kind_name(size_t i)
{
    return i < LEN(kinds) ? kinds[i]->name : NULL;
}

const struct import_kind *import__kind(struct str name)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(name, str_of(kinds[i]->name)))
            return kinds[i];
    return NULL;
}

bool import__field(const struct import_kind *kind, struct str name, size_t *out_field,
                   size_t *out_number, struct str *out_free)
{
    *out_number = 0;
    *out_free = STR_NONE;
    *out_field = kind->fields_len;
    for (size_t i = 0; i < kind->fields_len; i++) {
        struct str field = str_of(kind->fields[i].name);
        if (str_eq(field, name)) {
            *out_field = i;
            return true;
        }
        int64_t number = 0;
        if (kind->fields[i].is_repeated && str_starts(name, field) && name.len > field.len + 1 &&
            name.at[field.len] == ' ' && str_to_i64(str_sub(name, field.len + 1, 8), &number) &&
            number >= 2 && number <= IMPORT_REPEAT_MAX) {
            *out_field = i;
            *out_number = (size_t)number - 1;
            return true;
        }
    }
    struct str rest = name;
    if (!kind->freely || !str_eq(str_cut(&rest, ':'), str_of(kind->freely)) || rest.len == 0)
        return false;
    *out_free = rest;
    return true;
}
