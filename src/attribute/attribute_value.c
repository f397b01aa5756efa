/* Values: from what people or programs wrote to canonical text and back, and in forms. */
#include "attribute/attribute_int.h"
#include "attribute/attribute_q.h"
#include "text/text.h"

enum { TEXT_CHARS_MAX = 1000, CHOICES_MAX = 200, RECORDS_BYTES_MAX = 1 << 20 };

/* ---- one value ---- */

bool attribute__has_choice(const struct attribute *attribute, struct str value)
{
    struct str rest = attribute->choices;
    while (rest.len)
        if (str_eq(str_cut(&rest, '\n'), value))
            return true;
    return false;
}

static const char *check_text(const struct attribute *a, struct str text)
{
    int64_t bound, len = (int64_t)utf8_count(text);
    if (str_to_i64(a->min, &bound) && len < bound)
        return M("This is shorter than allowed.");
    if (len > (str_to_i64(a->max, &bound) ? bound : TEXT_CHARS_MAX))
        return M("This is longer than allowed.");
    return NULL;
}

static const char *check_number(struct op *op, const struct attribute *a, bool is_plain,
                                struct str *text)
{
    struct dec value, bound;
    if (is_plain ? !dec_parse(*text, &value) : i18n_parse_dec(op->lang, *text, &value) != NULL)
        return M("Enter a number.");
    if (!dec_is_finite(value))
        return M("Enter a number.");
    if (a->min.len && dec_parse(a->min, &bound) && dec_cmp(value, bound) < 0)
        return M("This is less than allowed.");
    if (a->max.len && dec_parse(a->max, &bound) && dec_cmp(value, bound) > 0)
        return M("This is more than allowed.");
    *text = dec_print(op->arena, value);
    return NULL;
}

static const char *check_date(struct op *op, const struct attribute *a, bool is_plain,
                              struct str *text)
{
    struct date value, bound;
    bool is_date = is_plain ? date_parse(*text, &value) : i18n_date_parse(op->lang, *text, &value);
    if (!is_date)
        return M("Enter a date as 2026-10-01.");
    if (a->min.len && date_parse(a->min, &bound) && value.days < bound.days)
        return M("This date is earlier than allowed.");
    if (a->max.len && date_parse(a->max, &bound) && value.days > bound.days)
        return M("This date is later than allowed.");
    *text = date_print(op->arena, value);
    return NULL;
}

const char *attribute_check(struct op *op, const struct attribute *attribute, struct str text,
                            bool is_plain, struct str *out)
{
    const char *problem = NULL;
    struct str value = text_clean_line(op->arena, text.at ? text : STR(""));
    *out = STR_NONE;
    if (value.len == 0)
        return attribute->is_required ? M("This field is required.") : NULL;
    if (str_eq(attribute->type, STR("number")))
        problem = check_number(op, attribute, is_plain, &value);
    else if (str_eq(attribute->type, STR("date")))
        problem = check_date(op, attribute, is_plain, &value);
    else if (str_eq(attribute->type, STR("choice")))
        problem =
            attribute__has_choice(attribute, value) ? NULL : M("Choose one of the offered values.");
    else if (str_eq(attribute->type, STR("bool")))
        problem = str_eq(value, STR("true")) || str_eq(value, STR("false"))
                      ? NULL
                      : M("Choose one of the offered values.");
    else
        problem = check_text(attribute, value);
    if (!problem)
        *out = value;
    return problem;
}

struct str attribute_words(struct op *op, const struct attribute *attribute, struct str text)
{
    struct dec number;
    struct date day;
    if (text.len == 0)
        return STR_NONE;
    if (str_eq(attribute->type, STR("number")) && dec_parse(text, &number))
        return i18n_dec(op->arena, op->lang, number);
    if (str_eq(attribute->type, STR("date")) && date_parse(text, &day))
        return i18n_date(op->arena, op->lang, day, DATE_MEDIUM, PLACE_START);
    if (str_eq(attribute->type, STR("bool")))
        return tr(op->lang, str_eq(text, STR("true")) ? M("Yes") : M("No"));
    return text;
}

/* ---- bounds of a definition ---- */

static enum rc clean_choices(struct op *op, struct attribute *a)
{
    AUTO_BUF kept = BUF(64 * 1024);
    struct str rest = text_clean_block(op->arena, a->choices.at ? a->choices : STR(""));
    size_t len = 0;
    while (rest.len) {
        struct str value = text_clean_line(op->arena, str_cut(&rest, '\n'));
        struct attribute so_far = {.choices = buf_str(&kept)};
        if (value.len == 0 || attribute__has_choice(&so_far, value))
            continue;
        if (kept.len)
            buf_char(&kept, '\n');
        buf_put(&kept, value);
        len++;
    }
    if (len == 0 || len > CHOICES_MAX || kept.is_over)
        return fail(op, RC_INVALID, "choices", M("Write 1 to 200 values, each on a line."));
    a->choices = str_dup(op->arena, buf_str(&kept));
    return RC_OK;
}

static enum rc clean_bound(struct op *op, const struct attribute *a, const char *field,
                           struct str *bound)
{
    bool is_text = str_eq(a->type, STR("text"));
    struct attribute plain = {.type = is_text ? STR("number") : a->type};
    struct str value;
    int64_t length = 0;
    const char *problem = attribute_check(op, &plain, *bound,
                                          dec_parse(str_trim(*bound), &(struct dec){{0}}), &value);
    if (!problem && is_text && value.len && (!str_to_i64(value, &length) || length < 0))
        problem = M("A length is a whole number.");
    if (problem)
        return fail(op, RC_INVALID, field, problem);
    *bound = value.at ? value : STR("");
    return RC_OK;
}

static bool is_upside_down(const struct attribute *a)
{
    struct dec min, max;
    if (a->min.len == 0 || a->max.len == 0)
        return false;
    if (str_eq(a->type, STR("date")))
        return str_cmp(a->min, a->max) > 0;
    return dec_parse(a->min, &min) && dec_parse(a->max, &max) && dec_cmp(min, max) > 0;
}

enum rc attribute__check_bounds(struct op *op, struct attribute *a)
{
    a->min = a->min.at ? a->min : STR("");
    a->max = a->max.at ? a->max : STR("");
    if (str_eq(a->type, STR("choice"))) {
        a->min = a->max = STR("");
        return clean_choices(op, a);
    }
    a->choices = STR("");
    if (str_eq(a->type, STR("bool"))) {
        a->min = a->max = STR("");
        return RC_OK;
    }
    TRY(clean_bound(op, a, "min", &a->min));
    TRY(clean_bound(op, a, "max", &a->max));
    if (is_upside_down(a))
        return fail(op, RC_INVALID, "max", M("The upper bound is below the lower one."));
    return RC_OK;
}

/* ---- values of a record ---- */

static enum rc stored_values(struct op *op, const char *owner_kind, const struct i64_list *records,
                             struct attribute_value_rec_rows *out)
{
    AUTO_BUF ids = BUF(RECORDS_BYTES_MAX);
    struct json_writer w = JSON_WRITER(&ids);
    json_array(&w);
    for (size_t i = 0; i < records->len; i++)
        json_put_i64(&w, records->at[i]);
    json_array_end(&w);
    assert(!ids.is_over);
    return q_attribute_values(
        op, &(struct q_attribute_values_in){str_of(owner_kind), buf_str(&ids)}, out);
}

static struct attribute_values without_values(struct op *op, const struct attribute_list *all)
{
    struct attribute_values values = {0};
    for (size_t i = 0; i < all->len; i++) {
        struct attribute_value value = {.attribute = &all->at[i]};
        VEC_PUSH(op->arena, &values, value);
    }
    return values;
}

static void put_value(struct attribute_values *values, const struct attribute_value_rec *row)
{
    for (size_t i = 0; i < values->len; i++)
        if (values->at[i].attribute->id == row->attribute_id)
            values->at[i].text = row->value;
}

enum rc attribute_values_of(struct op *op, const char *owner_kind, const struct i64_list *records,
                            struct attribute_values **out)
{
    struct attribute_list all;
    struct attribute_value_rec_rows rows = {0};
    struct map *places = map_new(op->arena); /* record id -> its values in *out */
    TRY(attribute_all(op, owner_kind, &all));
    if (records->len > 0 && all.len > 0)
        TRY(stored_values(op, owner_kind, records, &rows));
    *out = NEW_ARRAY(op->arena, struct attribute_values, records->len);
    for (size_t i = 0; i < records->len; i++) {
        (*out)[i] = without_values(op, &all);
        *map_put_i64(places, records->at[i]) = &(*out)[i];
    }
    for (size_t n = 0; n < rows.len; n++)
        put_value(map_get_i64(places, rows.at[n].record_id), &rows.at[n]);
    return RC_OK;
}

enum rc attribute_values_get(struct op *op, const char *owner_kind, int64_t record_id,
                             struct attribute_values *out)
{
    struct attribute_list all;
    struct attribute_value_rec_rows rows = {0};
    TRY(attribute_all(op, owner_kind, &all));
    if (record_id != 0 && all.len > 0)
        TRY(stored_values(op, owner_kind, &(struct i64_list){.at = &record_id, .len = 1}, &rows));
    *out = without_values(op, &all);
    for (size_t n = 0; n < rows.len; n++)
        put_value(out, &rows.at[n]);
    return RC_OK;
}

static const char *field_of(struct op *op, struct str code)
{
    return str_c(op->arena, str_join(op->arena, STR("attr:"), code));
}

static const struct field_pair *sent_for(const struct field_pairs *sent, struct str code)
{
    for (size_t i = 0; i < sent->len; i++)
        if (str_eq(sent->at[i].name, code))
            return &sent->at[i];
    return NULL;
}

static enum rc check_known(struct op *op, const struct attribute_values *values,
                           const struct field_pairs *sent)
{
    for (size_t i = 0; i < sent->len; i++) {
        bool is_known = false;
        for (size_t n = 0; n < values->len && !is_known; n++)
            is_known = str_eq(values->at[n].attribute->code, sent->at[i].name);
        if (!is_known)
            (void)!fail(op, RC_INVALID, field_of(op, sent->at[i].name),
                        M("There is no attribute “{0}”."), str_c(op->arena, sent->at[i].name));
    }
    return op->fault.rc;
}

struct saving {
    const struct attribute_owner *owner;
    struct audit_change changes[ATTRIBUTES_MAX];
    size_t changes_len;
};

static enum rc put(struct op *op, struct saving *saving, const struct attribute_value *old,
                   struct str now)
{
    int64_t id = old->attribute->id;
    if (str_eq(old->text, now))
        return RC_OK;
    saving->changes[saving->changes_len++] =
        (struct audit_change){str_c(op->arena, old->attribute->code), old->text, now};
    if (now.len == 0)
        return q_attribute_value_drop(
            op, &(struct q_attribute_value_drop_in){id, saving->owner->record_id});
    return q_attribute_value_put(
        op, &(struct q_attribute_value_put_in){id, saving->owner->record_id, now});
}

enum rc attribute_values_save(struct op *op, const struct attribute_owner *owner,
                              const struct field_pairs *sent, bool is_plain, bool is_new,
                              bool *out_is_changed)
{
    struct attribute_values values;
    struct str checked[ATTRIBUTES_MAX];
    TRY(attribute_values_get(op, owner->kind, is_new ? 0 : owner->record_id, &values));
    assert(values.len <= ATTRIBUTES_MAX);
    TRY(check_known(op, &values, sent));
    for (size_t i = 0; i < values.len; i++) {
        const struct attribute *a = values.at[i].attribute;
        const struct field_pair *pair = sent_for(sent, a->code);
        checked[i] = values.at[i].text;
        if (!pair && !is_new)
            continue;
        const char *problem =
            attribute_check(op, a, pair ? pair->value : STR_NONE, is_plain, &checked[i]);
        if (problem)
            (void)!fail(op, RC_INVALID, field_of(op, a->code), problem);
    }
    if (op->fault.rc != RC_OK)
        return op->fault.rc;
    struct saving saving = {.owner = owner};
    for (size_t i = 0; i < values.len; i++)
        TRY(put(op, &saving, &values.at[i], checked[i]));
    if (out_is_changed)
        *out_is_changed = saving.changes_len > 0;
    if (saving.changes_len == 0)
        return RC_OK;
    return audit_add(op, &(struct audit_entry){.action = "attribute.values",
                                               .record = owner->kind,
                                               .record_id = owner->record_id,
                                               .label = owner->label,
                                               .partner_id = owner->partner_id,
                                               .changes = saving.changes,
                                               .changes_len = saving.changes_len});
}

enum rc attribute_values_erase(struct op *op, const char *owner_kind, int64_t record_id)
{
    return q_attribute_values_erase(
        op, &(struct q_attribute_values_erase_in){str_of(owner_kind), record_id});
}

/* ---- in forms and pages ---- */

static enum ui_field_kind kind_of(const struct attribute *a)
{
    if (str_eq(a->type, STR("number")))
        return UI_FIELD_NUMBER;
    if (str_eq(a->type, STR("date")))
        return UI_FIELD_DATE;
    /* "no" and "not said" differ, so yes or no is a list of two and nothing */
    return str_eq(a->type, STR("text")) ? UI_FIELD_TEXT : UI_FIELD_SELECT;
}

enum rc attribute_form_fields(struct op *op, const char *owner_kind, const struct ui_field *base,
                              size_t base_len, const struct ui_field **out, size_t *out_len)
{
    struct attribute_list all;
    TRY(attribute_all(op, owner_kind, &all));
    struct ui_field *fields = NEW_ARRAY(op->arena, struct ui_field, base_len + all.len);
    memcpy(fields, base, base_len * sizeof *base);
    for (size_t i = 0; i < all.len; i++) {
        const struct attribute *a = &all.at[i];
        fields[base_len + i] = (struct ui_field){
            .name = field_of(op, a->code),
            .label = str_c(op->arena, attribute_label(op->lang, a)),
            .kind = kind_of(a),
            .is_required = a->is_required,
            .is_half = true,
            .section = i == 0 ? M("More about it") : NULL,
        };
    }
    *out = fields;
    *out_len = base_len + all.len;
    return RC_OK;
}

static void set_options(struct op *op, struct ui_form *form, const char *field,
                        const struct attribute *a)
{
    struct str rest = a->choices;
    while (rest.len) {
        struct str value = str_cut(&rest, '\n');
        ui_form_option(form, field, value, value);
    }
    if (!str_eq(a->type, STR("bool")))
        return;
    ui_form_option(form, field, STR("true"), tr(op->lang, M("Yes")));
    ui_form_option(form, field, STR("false"), tr(op->lang, M("No")));
}

enum rc attribute_form_set(struct op *op, const char *owner_kind, int64_t record_id,
                           struct ui_form *form)
{
    struct attribute_values values;
    TRY(attribute_values_get(op, owner_kind, record_id, &values));
    for (size_t i = 0; i < values.len; i++) {
        const struct attribute *a = values.at[i].attribute;
        const char *field = field_of(op, a->code);
        struct str text = values.at[i].text;
        set_options(op, form, field, a);
        if (text.len == 0)
            continue;
        ui_form_set(form, field,
                    str_eq(a->type, STR("number")) ? attribute_words(op, a, text) : text);
    }
    return RC_OK;
}

enum rc attribute_defs(struct op *op, const char *owner_kind, int64_t record_id,
                       struct ui_defs *defs)
{
    struct attribute_values values;
    TRY(attribute_values_get(op, owner_kind, record_id, &values));
    for (size_t i = 0; i < values.len; i++) {
        const struct attribute_value *v = &values.at[i];
        if (v->text.len == 0 ||
            (op->actor.kind == ACTOR_PARTNER && !v->attribute->is_shown_to_partner))
            continue;
        struct ui_def def = {.label_text = attribute_label(op->lang, v->attribute),
                             .text = attribute_words(op, v->attribute, v->text)};
        VEC_PUSH(op->arena, defs, def);
    }
    return RC_OK;
}

void attribute_json(struct json_writer *w, const struct attribute_values *values)
{
    json_key(w, "attributes");
    json_object(w);
    for (size_t i = 0; i < values->len; i++) {
        json_key_str(w, values->at[i].attribute->code);
        json_put_str(w, values->at[i].text);
    }
    json_object_end(w);
}
