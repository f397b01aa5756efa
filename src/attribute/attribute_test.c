/* Attributes: definitions, typed values, what forms and the journal see. */
#include "attribute/attribute_int.h"
#include "tests/fixture.h"
#include "tests/tap.h"

static struct attribute define(const char *code, const char *type)
{
    return (struct attribute){.owner_kind = STR("product"),
                              .code = str_of(code),
                              .type = str_of(type),
                              .label_en = STR("Label"),
                              .label_ru = STR("Подпись"),
                              .label_es = STR("Etiqueta")};
}

static enum rc saved(struct fixture *f, const struct attribute *a, int64_t *out_id)
{
    enum rc rc = attribute_save(&f->op, a, out_id);
    fault_clear(&f->op.fault);
    return rc;
}

static void definitions(struct fixture *f)
{
    static const char *const wrong[] = {"", "2x", "a b", "if", "a-b", "null"};
    static const char *const right[] = {"a", "_x1", "Регион", "turnover_2026"};
    int64_t id, other;
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct attribute a = define(wrong[i], "text");
        ok(saved(f, &a, &id) == RC_INVALID, "a code that is no FEEL name is refused");
    }
    for (size_t i = 0; i < LEN(right); i++) {
        struct attribute a = define(right[i], "text");
        ok(saved(f, &a, &id) == RC_OK, right[i]);
    }
    struct attribute twin = define("a", "number");
    ok(saved(f, &twin, &other) == RC_CONFLICT, "a code is unique in its kind");
    twin.owner_kind = STR("partner");
    ok(saved(f, &twin, &other) == RC_OK, "another kind may have it");
    struct attribute empty = define("size", "choice");
    ok(saved(f, &empty, &other) == RC_INVALID, "a choice has values to choose from");
    empty.choices = STR("  One \n\nTwo\nOne\n");
    struct attribute a;
    ok(saved(f, &empty, &other) == RC_OK && attribute_get(&f->op, other, &a) == RC_OK &&
           str_eq(a.choices, STR("One\nTwo")),
       "which are cleaned and stand once");
    a.choices = STR("Two\nThree");
    ok(saved(f, &a, &other) == RC_INVALID, "a value that records may have stays");
    a.choices = STR("One\nTwo\nThree");
    a.type = STR("number");
    ok(saved(f, &a, &other) == RC_OK && attribute_get(&f->op, other, &a) == RC_OK &&
           str_eq(a.type, STR("choice")) && a.revision == 2,
       "a type never changes");
    a.revision = 1;
    ok(saved(f, &a, &other) == RC_CONFLICT, "an old revision is a conflict");
    struct attribute bounds = define("n", "number");
    bounds.min = STR("10");
    bounds.max = STR("2");
    ok(saved(f, &bounds, &other) == RC_INVALID, "bounds stand in their order");
    struct attribute_list all;
    ok(attribute_archive(&f->op, id, 1, true) == RC_OK &&
           attribute_all(&f->op, "product", &all) == RC_OK && all.len == 4,
       "an archived one is out of use");
}

static void checking(struct fixture *f)
{
    static const struct {
        const char *type, *min, *max, *text;
        const char *canonical; /* NULL: refused */
    } cases[] = {
        {"number", "0", "10", "1.50", "1.5"},
        {"number", "0", "10", "11", NULL},
        {"number", "0", "10", "-1", NULL},
        {"number", "", "", "abc", NULL},
        {"date", "", "", "2026-02-28", "2026-02-28"},
        {"date", "", "", "2026-02-30", NULL},
        {"date", "2026-01-01", "", "2025-12-31", NULL},
        {"bool", "", "", "true", "true"},
        {"bool", "", "", "maybe", NULL},
        {"text", "2", "3", "abcd", NULL},
        {"text", "2", "3", "a", NULL},
        {"text", "", "", "  a  b ", "a b"},
        {"choice", "", "", "Two", "Two"},
        {"choice", "", "", "two", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str out;
        struct attribute a = define("x", cases[i].type);
        a.min = str_of(cases[i].min);
        a.max = str_of(cases[i].max);
        a.choices = STR("One\nTwo");
        const char *problem = attribute_check(&f->op, &a, str_of(cases[i].text), true, &out);
        ok(cases[i].canonical ? !problem && str_eq(out, str_of(cases[i].canonical))
                              : problem != NULL,
           cases[i].text);
    }
    struct attribute a = define("x", "number");
    struct str out;
    f->op.lang = lang_of(LANG_RU);
    ok(!attribute_check(&f->op, &a, STR("1 250,5"), false, &out) && str_eq(out, STR("1250.5")),
       "people write numbers as their language does");
    is_str(attribute_words(&f->op, &a, STR("1250.5")),
           "1\xc2\xa0"
           "250,5",
           "and read them so");
    a.is_required = true;
    ok(attribute_check(&f->op, &a, STR("  "), false, &out) != NULL, "a required one is not empty");
}

static struct field_pairs pairs(struct fixture *f, const char *name, const char *value)
{
    struct field_pairs list = {0};
    struct field_pair pair = {str_of(name), str_of(value)};
    VEC_PUSH(f->arena, &list, pair);
    return list;
}

static void values(struct fixture *f)
{
    int64_t id;
    bool is_changed = true;
    struct attribute size = define("size", "number"), name = define("name", "text");
    struct attribute_owner owner = {"product", 7, STR("P-7"), NONE};
    struct attribute_values got;
    struct field_pairs none = {0}, sent = pairs(f, "size", "4.20");
    size.is_required = true;
    ok(saved(f, &size, &id) == RC_OK && saved(f, &name, &id) == RC_OK, "two attributes");
    ok(attribute_values_save(&f->op, &owner, &none, true, true, NULL) == RC_INVALID,
       "a new record needs the required one");
    ok(f->op.fault.entries_len == 1 && strcmp(f->op.fault.entries[0].field, "attr:size") == 0,
       "which is named");
    fault_clear(&f->op.fault);
    ok(attribute_values_save(&f->op, &owner, &sent, true, true, NULL) == RC_OK, "with it");
    ok(attribute_values_get(&f->op, "product", 7, &got) == RC_OK && got.len == 2 &&
           str_eq(got.at[0].text, STR("4.2")) && !got.at[1].text.at,
       "it is kept in one form, the other has none");
    ok(attribute_values_save(&f->op, &owner, &none, true, false, &is_changed) == RC_OK &&
           !is_changed,
       "what is not sent stays");
    ok(attribute_values_get(&f->op, "product", 8, &got) == RC_OK && !got.at[0].text.at,
       "another record has its own");
    ok(attribute_values_get(&f->op, "customer", 7, &got) == RC_OK && got.len == 0,
       "so has another kind");
    struct attribute_values *both;
    ok(attribute_values_of(&f->op, "product", &(struct i64_list){.at = (int64_t[]){8, 7}, .len = 2},
                           &both) == RC_OK &&
           both[0].len == 2 && !both[0].at[0].text.at && both[1].len == 2 &&
           str_eq(both[1].at[0].text, STR("4.2")) && !both[1].at[1].text.at,
       "those of several records are read at once, each in its place");
    ok(attribute_values_of(&f->op, "product", &(struct i64_list){0}, &both) == RC_OK,
       "also of none");
    sent = pairs(f, "colour", "red");
    ok(attribute_values_save(&f->op, &owner, &sent, true, false, NULL) == RC_INVALID,
       "an unknown name is refused");
    fault_clear(&f->op.fault);
    sent = pairs(f, "name", "Box");
    ok(attribute_values_save(&f->op, &owner, &sent, true, false, &is_changed) == RC_OK &&
           is_changed,
       "a change says so");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'attribute.values'"), 2,
           "and stands in the journal");
    sent = pairs(f, "name", "");
    ok(attribute_values_save(&f->op, &owner, &sent, true, false, NULL) == RC_OK, "empty is none");
    is_i64(fixture_i64(f, "select count(*) from attribute_value"), 1, "and no row");
    ok(attribute_values_erase(&f->op, "product", 7) == RC_OK, "all of a record go together");
    is_i64(fixture_i64(f, "select count(*) from attribute_value"), 0, "when it is anonymised");
}

static const struct audit_name names[] = {{"product", "Product", NULL, NULL}, {0}};

int main(void)
{
    permission_declare(attribute_permissions, attribute_permissions_len);
    attribute_start();
    audit_name_declare(names);
    fixture_each(definitions);
    fixture_each(checking);
    fixture_each(values);
    return done_testing();
}
