/* The tree: the reader's events gathered on an arena, and small readers of typed values. */
#include "json/json_int.h"

struct builder {
    struct json_reader *reader;
    struct arena *arena;
};

static enum rc build(const struct builder *b, const struct json_event *event,
                     struct json_value *out);

static enum rc build_array(const struct builder *b, struct json_value *out)
{
    VEC(struct json_value) items = {0};
    struct json_event event;
    for (;;) {
        TRY(json_next(b->reader, &event));
        if (event.what == JSON_EV_ARRAY_END)
            break;
        struct json_value item;
        TRY(build(b, &event, &item));
        VEC_PUSH(b->arena, &items, item);
    }
    out->kind = JSON_ARRAY;
    out->items = items.at;
    out->len = items.len;
    return RC_OK;
}

static enum rc build_object(const struct builder *b, struct json_value *out)
{
    VEC(struct json_member) members = {0};
    struct json_event event;
    for (;;) {
        TRY(json_next(b->reader, &event));
        if (event.what == JSON_EV_OBJECT_END)
            break;
        struct json_member member = {.key = event.text};
        TRY(json_next(b->reader, &event));
        TRY(build(b, &event, &member.value));
        VEC_PUSH(b->arena, &members, member);
    }
    out->kind = JSON_OBJECT;
    out->members = members.at;
    out->len = members.len;
    return RC_OK;
}

/* The depth of calls is bounded by the reader's depth limit. */
static enum rc build(const struct builder *b, const struct json_event *event,
                     struct json_value *out)
{
    *out = (struct json_value){.line = event->line, .column = event->column};
    if (event->what == JSON_EV_ARRAY)
        return build_array(b, out);
    if (event->what == JSON_EV_OBJECT)
        return build_object(b, out);
    out->kind = event->kind;
    out->text = event->text;
    out->is_true = event->kind == JSON_BOOL && event->text.len == strlen("true");
    return RC_OK;
}

static enum rc parse(struct json_reader *reader, struct arena *arena, struct json_value *out)
{
    struct builder b = {reader, arena};
    struct json_event event;
    TRY(json_next(reader, &event));
    TRY(build(&b, &event, out));
    enum rc rc = json_next(reader, &event);
    return rc == RC_MISSING ? RC_OK : rc;
}

enum rc json_parse(struct arena *arena, struct str text, struct json_limits limits,
                   const struct json_value **out, struct json_error *out_error)
{
    struct json_reader *reader = json_reader_new(arena, text, limits);
    struct json_value *root = NEW(arena, struct json_value);
    enum rc rc = parse(reader, arena, root);
    if (rc == RC_OK)
        *out = root;
    else if (out_error)
        *out_error = json_failure(reader);
    return rc;
}

/* ---- looking inside ---- */

const struct json_value *json_get(const struct json_value *value, const char *key)
{
    if (!value || value->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < value->len; i++)
        if (str_eq(value->members[i].key, str_of(key)))
            return &value->members[i].value;
    return NULL;
}

const struct json_value *json_at(const struct json_value *value, size_t i)
{
    return value && value->kind == JSON_ARRAY && i < value->len ? &value->items[i] : NULL;
}

bool json_is(const struct json_value *value, enum json_kind kind)
{
    return value && value->kind == kind;
}

struct str json_text(const struct json_value *value)
{
    return json_is(value, JSON_STRING) ? value->text : STR_NONE;
}

bool json_i64(const struct json_value *value, int64_t *out)
{
    return json_is(value, JSON_NUMBER) && str_to_i64(value->text, out);
}

bool json_bool(const struct json_value *value, bool *out)
{
    if (!json_is(value, JSON_BOOL))
        return false;
    *out = value->is_true;
    return true;
}

bool json_dec(const struct json_value *value, struct dec *out)
{
    bool has_number = json_is(value, JSON_NUMBER) || json_is(value, JSON_STRING);
    return has_number && json__is_number(value->text) && dec_parse(value->text, out);
}

bool json_money(const struct json_value *value, struct money *out)
{
    const struct currency *currency = currency_find(json_text(json_get(value, "currency")));
    struct str amount = json_text(json_get(value, "amount"));
    return currency && amount.at && !money_parse(amount, currency, out);
}
