/* Built-in functions on contexts (DMN 1.5 section 10.3.4.8). */
#include "feel/feel_int.h"

struct entries {
    struct str *names;
    struct feel_value *values;
    size_t len, cap;
};

static bool put(struct feel_run *run, struct entries *entries, struct str name,
                struct feel_value value)
{
    for (size_t i = 0; i < entries->len; i++)
        if (str_eq(entries->names[i], name)) {
            entries->values[i] = value;
            return true;
        }
    if (entries->len == entries->cap) {
        size_t cap = entries->cap ? 2 * entries->cap : 8;
        struct str *names = feel__alloc(run, cap, sizeof(*names));
        struct feel_value *values = names ? feel__alloc(run, cap, sizeof(*values)) : NULL;
        if (!values || entries->len > 60000)
            return false;
        if (entries->len) {
            memcpy(names, entries->names, entries->len * sizeof(*names));
            memcpy(values, entries->values, entries->len * sizeof(*values));
        }
        *entries = (struct entries){names, values, entries->len, cap};
    }
    entries->names[entries->len] = name;
    entries->values[entries->len++] = value;
    return feel__steps(run, entries->len / 8 + 1);
}

static bool put_all(struct feel_run *run, struct entries *entries, const struct feel_value *context)
{
    const struct feel_shape *shape = context->context.shape;
    for (size_t i = 0; i < shape->len; i++)
        if (!put(run, entries, shape->names[i], feel_entry_at(context, i, run->arena)))
            return false;
    return true;
}

static struct feel_value made(struct feel_run *run, const struct entries *entries)
{
    if (!feel__alloc(run, entries->len + 8, 64)) /* the shape's share of the budget */
        return feel_null();
    return feel_context(feel_shape(run->arena, entries->names, entries->len), entries->values);
}

static struct feel_value fn_get_value(struct feel_run *run, const struct feel_value *args,
                                      size_t len)
{
    struct feel_value out;
    (void)len;
    if (feel_entry(&args[0], args[1].text, run->arena, &out))
        return out;
    return feel__no_entry(run, &args[0], args[1].text);
}

static struct feel_value fn_get_entries(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    static const struct str names[] = {STR_INIT("key"), STR_INIT("value")};
    const struct feel_shape *shape = args[0].context.shape;
    const struct feel_shape *pair_shape = feel_shape(run->arena, names, 2);
    struct feel__items out = {0};
    (void)len;
    for (size_t i = 0; i < shape->len; i++) {
        struct feel_value *pair = feel__alloc(run, 2, sizeof(*pair));
        if (!pair)
            return feel_null();
        pair[0] = feel_text(shape->names[i]);
        pair[1] = feel_entry_at(&args[0], i, run->arena);
        if (!feel__push(run, &out, feel_context(pair_shape, pair)))
            return feel_null();
    }
    return feel__items_list(&out);
}

static struct feel_value fn_context(struct feel_run *run, const struct feel_value *args, size_t len)
{
    struct entries entries = {0};
    (void)len;
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value entry = feel_item(&args[0], i, run->arena), key, value;
        size_t before = entries.len;
        if (!feel_entry(&entry, STR("key"), run->arena, &key) || key.kind != FEEL_STRING ||
            !feel_entry(&entry, STR("value"), run->arena, &value))
            return feel__expected(run, M("entries with key and value"), &entry);
        if (!put(run, &entries, key.text, value))
            return feel_null();
        if (entries.len == before)
            return feel__warn(run, M("The key \"{0}\" comes twice."), key.text, STR_NONE, STR_NONE);
    }
    return made(run, &entries);
}

struct feel_value feel__context_put(struct feel_run *run, const struct feel_value *context,
                                    struct str name, struct feel_value value)
{
    struct entries entries = {0};
    if (!put_all(run, &entries, context) || !put(run, &entries, name, value))
        return feel_null();
    return made(run, &entries);
}

/* `keys` from the i-th on lead through nested contexts. */
static struct feel_value put_path(struct feel_run *run, const struct feel_value *context,
                                  const struct feel_value *keys, size_t i,
                                  const struct feel_value *value)
{
    struct feel_value inner = *value, key = feel_item(keys, i, run->arena);
    if (context->kind != FEEL_CONTEXT)
        return feel__expected(run, M("context"), context);
    if (key.kind != FEEL_STRING)
        return feel__expected(run, M("string"), &key);
    if (i + 1 < keys->list.len) {
        struct feel_value former;
        if (!feel_entry(context, key.text, run->arena, &former) || i > FEEL_PARSE_DEPTH_MAX)
            return feel__no_entry(run, context, key.text);
        inner = put_path(run, &former, keys, i + 1, value);
        if (feel__is_null(&inner))
            return inner;
    }
    return feel__context_put(run, context, key.text, inner);
}

static struct feel_value fn_context_put(struct feel_run *run, const struct feel_value *args,
                                        size_t len)
{
    struct feel_value room;
    struct feel_value keys = feel__as_list(&args[1], &room);
    (void)len;
    if (keys.list.len == 0)
        return feel__expected(run, M("at least one key"), &args[1]);
    return put_path(run, &args[0], &keys, 0, &args[2]);
}

static struct feel_value fn_context_merge(struct feel_run *run, const struct feel_value *args,
                                          size_t len)
{
    struct entries entries = {0};
    (void)len;
    for (size_t i = 0; i < args[0].list.len; i++) {
        struct feel_value context = feel_item(&args[0], i, run->arena);
        if (context.kind != FEEL_CONTEXT)
            return feel__expected(run, M("context"), &context);
        if (!put_all(run, &entries, &context))
            return feel_null();
    }
    return made(run, &entries);
}

static const struct feel_builtin table[] = {
    {"get value", "m:c,key:s", fn_get_value},
    {"get entries", "m:c", fn_get_entries},
    {"context", "entries:l", fn_context},
    {"context put", "context:c,keys:a,value:a", fn_context_put},
    {"context put", "context:c,key:s,value:a", fn_context_put},
    {"context merge", "contexts:l", fn_context_merge},
};

const struct builtin_table feel__contexts = {table, LEN(table)};
