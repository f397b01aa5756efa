/* Fuzzing the JSON reader: any bytes end in a value or in an error with a place; a value written
 * out reads back the same. */
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_value(struct json_writer *w, const struct json_value *v)
{
    switch (v->kind) {
    case JSON_NULL: json_put_null(w); break;
    case JSON_BOOL: json_put_bool(w, v->is_true); break;
    case JSON_NUMBER: json_put_number(w, v->text); break;
    case JSON_STRING: json_put_str(w, v->text); break;
    case JSON_ARRAY:
        json_array(w);
        for (size_t i = 0; i < v->len; i++)
            write_value(w, &v->items[i]);
        json_array_end(w);
        break;
    case JSON_OBJECT:
        json_object(w);
        for (size_t i = 0; i < v->len; i++) {
            json_key_str(w, v->members[i].key);
            write_value(w, &v->members[i].value);
        }
        json_object_end(w);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    AUTO_ARENA arena = arena_new((size_t)256 << 20);
    struct json_limits limits = {.values_max = 20000};
    const struct json_value *value = NULL, *again = NULL;
    struct json_error error = {0};
    struct str text = {(const char *)data, len};
    enum rc rc = json_parse(arena, text, limits, &value, &error);
    if (rc != RC_OK) {
        assert((rc == RC_INVALID || rc == RC_TOO_LARGE) && error.message);
        assert(error.line >= 1 && error.column >= 1);
        return 0;
    }
    AUTO_BUF first = BUF(64 << 20), second = BUF(64 << 20);
    struct json_writer w = JSON_WRITER(&first), w2 = JSON_WRITER(&second);
    write_value(&w, value);
    assert(json_is_done(&w));
    limits.bytes_max = 64 << 20;
    rc = json_parse(arena, buf_str(&first), limits, &again, &error);
    assert(rc == RC_OK);
    write_value(&w2, again);
    assert(str_eq(buf_str(&first), buf_str(&second)));
    return 0;
}
