/* Tests of json: what the standard allows and nothing else, limits, errors with their place, and
 * what is written is read back. */
#include "json/json.h"
#include "tests/tap.h"

static struct arena *arena;

static void accepts(const char *text)
{
    const struct json_value *value = NULL;
    struct json_error error = {0};
    enum rc rc = json_parse(arena, str_of(text), (struct json_limits){0}, &value, &error);
    char name[128];
    (void)snprintf(name, sizeof(name), "accepted: %.90s", text);
    if (!ok(rc == RC_OK && value, name))
        printf("# %ld:%ld %s\n", error.line, error.column, error.message);
}

static void refuses_str(struct str text, const char *what, long line, long column)
{
    const struct json_value *value = NULL;
    struct json_error error = {0};
    enum rc rc = json_parse(arena, text, (struct json_limits){0}, &value, &error);
    char name[128];
    (void)snprintf(name, sizeof(name), "refused at %ld:%ld: %.80s", line, column, what);
    bool is_right =
        rc == RC_INVALID && !value && error.message && error.line == line && error.column == column;
    if (!ok(is_right, name))
        printf("# rc %d, %ld:%ld %s\n", (int)rc, error.line, error.column,
               error.message ? error.message : "");
}

static void refuses(const char *text, long line, long column)
{
    refuses_str(str_of(text), text, line, column);
}

static void test_syntax(void)
{
    accepts("null");
    accepts(" [ ] ");
    accepts("{}");
    accepts("[1,-0,0.5,1e5,1E-5,-12.25e+3]");
    accepts("{\"a\":{\"b\":[true,false,null]},\"\":\"\"}");
    accepts("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud834\\udd1e\"");
    refuses("", 1, 1);
    refuses("nul", 1, 1);
    refuses("[1,]", 1, 4);
    refuses("[1 2]", 1, 4);
    refuses("[", 1, 2);
    refuses("{\"a\":1,}", 1, 8);
    refuses("{a:1}", 1, 2);
    refuses("{\"a\" 1}", 1, 6);
    refuses("{\"a\":\n  01}", 2, 3);
    refuses("[1.]", 1, 4);
    refuses("[.5]", 1, 2);
    refuses("[+1]", 1, 2);
    refuses("[1e]", 1, 4);
    refuses("[-]", 1, 3);
    refuses("[NaN]", 1, 2);
    refuses("'a'", 1, 1);
    refuses("\"a", 1, 2);
    refuses("\"a\\\"", 1, 2);
    refuses("\"a\nb\"", 1, 3);
    refuses("\"\\x41\"", 1, 3);
    refuses("\"\\ud834\"", 1, 8);
    refuses("\"\\udd1e\"", 1, 8);
    refuses("\"\\u0000\"", 1, 8);
    refuses("[1] 2", 1, 5);
    refuses("// note\n1", 1, 1);
    refuses("[1}", 1, 3);
    refuses("{\"a\":1,\"b\":2,\"a\":3}", 1, 17);
    refuses("{\"a\":1,\"\\u0061\":3}", 1, 16);
    refuses("\"\xC3\x28\"", 1, 2);
    refuses_str(STR("[1,\0 2]"), "a NUL byte", 1, 4);
}

static void test_limits(void)
{
    const struct json_value *value = NULL;
    struct json_error error;
    struct json_limits deep = {.depth_max = 3};
    ok(json_parse(arena, STR("[[[1]]]"), deep, &value, NULL) == RC_OK, "as deep as allowed");
    ok(json_parse(arena, STR("[[[[1]]]]"), deep, &value, &error) == RC_TOO_LARGE &&
           error.column == 4,
       "deeper is refused");
    struct json_limits few = {.values_max = 4};
    ok(json_parse(arena, STR("[1,2,3]"), few, &value, NULL) == RC_OK, "as many values as allowed");
    ok(json_parse(arena, STR("[1,2,3,4]"), few, &value, &error) == RC_TOO_LARGE,
       "more are refused");
    struct json_limits small = {.bytes_max = 4};
    ok(json_parse(arena, STR("[1, 2]"), small, &value, &error) == RC_TOO_LARGE,
       "a longer text is refused unread");
    AUTO_BUF wide = BUF(1 << 20);
    buf_char(&wide, '{');
    for (int i = 0; i < 5000; i++)
        buf_printf(&wide, "%s\"k%d\":%d", i ? "," : "", i, i);
    size_t len = wide.len;
    buf_put(&wide, STR("}"));
    ok(json_parse(arena, buf_str(&wide), (struct json_limits){0}, &value, &error) == RC_OK &&
           value->len == 5000,
       "an object may have many names");
    wide.len = len;
    buf_put(&wide, STR(",\"k17\":1}"));
    ok(json_parse(arena, buf_str(&wide), (struct json_limits){0}, &value, &error) == RC_INVALID,
       "a double among many is found");
}

static void test_values(void)
{
    const struct json_value *v = NULL;
    struct str text =
        STR("{\"n\":12345678901234567890.12,\"i\":-7,\"s\":\"т\\u0451\\n\",\"b\":true,"
            "\"m\":{\"amount\":\"123.45\",\"currency\":\"RUB\"},\"d\":\"0.1\","
            "\"a\":[1,2],\"z\":null}");
    enum rc rc = json_parse(arena, text, (struct json_limits){0}, &v, NULL);
    ok(rc == RC_OK, "a record is read");
    is_str(json_get(v, "n")->text, "12345678901234567890.12", "numbers keep all their digits");
    int64_t i = 0;
    bool b = false;
    struct money money = {0};
    struct dec dec;
    ok(json_i64(json_get(v, "i"), &i) && i == -7, "an integer");
    ok(!json_i64(json_get(v, "n"), &i) && !json_i64(json_get(v, "s"), &i) && i == -7,
       "what is no integer is not taken for one");
    is_str(json_text(json_get(v, "s")), "тё\n", "a string is decoded");
    ok(json_bool(json_get(v, "b"), &b) && b, "a boolean");
    ok(json_money(json_get(v, "m"), &money) && money.minor == 12345 &&
           money.currency == currency_find(STR("RUB")),
       "money");
    ok(json_dec(json_get(v, "d"), &dec) && dec_eq(dec, dec_from_scaled(1, 1)),
       "a decimal in a string");
    ok(json_dec(json_get(v, "n"), &dec), "a decimal as a number");
    ok(json_at(json_get(v, "a"), 1) && !json_at(json_get(v, "a"), 2), "items by place");
    ok(!json_get(json_get(v, "none"), "deeper") && !json_text(json_get(v, "z")).at,
       "what is not there is NULL all the way");
    ok(json_get(v, "a")->line == 1 && json_get(v, "i")->column == 34, "values know their place");
}

static void test_pull(void)
{
    struct str text = STR("{\"a\":[1,[2,3],{\"x\":4}],\"b\":5}");
    struct json_reader *r = json_reader_new(arena, text, (struct json_limits){0});
    struct json_event e = {0};
    bool is_right = json_next(r, &e) == RC_OK && e.what == JSON_EV_OBJECT;
    is_right = is_right && json_next(r, &e) == RC_OK && e.what == JSON_EV_KEY;
    is_right = is_right && json_next(r, &e) == RC_OK && e.what == JSON_EV_ARRAY;
    is_right = is_right && json_skip(r) == RC_OK;
    is_right = is_right && json_next(r, &e) == RC_OK && str_eq(e.text, STR("b"));
    ok(is_right, "what is not wanted is skipped");
    is_right = json_next(r, &e) == RC_OK && str_eq(e.text, STR("5"));
    is_right = is_right && json_next(r, &e) == RC_OK && e.what == JSON_EV_OBJECT_END;
    ok(is_right && json_next(r, &e) == RC_MISSING && json_next(r, &e) == RC_MISSING,
       "after the end there is nothing more");
}

static void test_writer(void)
{
    AUTO_BUF buf = BUF(4096);
    struct json_writer w = JSON_WRITER(&buf);
    json_object(&w);
    json_pair_str(&w, "s", STR("a\"\\\n\x01т\xFF </script> \xE2\x80\xA8"));
    json_pair_str(&w, "absent", STR_NONE);
    json_pair_i64(&w, "i", -(INT64_C(1) << 53));
    json_pair_bool(&w, "b", false);
    json_pair_money(&w, "m", MONEY(-12345, currency_find(STR("RUB"))));
    json_pair_money(&w, "none", (struct money){0});
    json_pair_instant(&w, "at", 0);
    json_key(&w, "d");
    json_put_dec(&w, dec_from_scaled(-15, 1));
    json_key(&w, "list");
    json_array(&w);
    json_put_date(&w, date_of(2026, 10, 1));
    json_array(&w);
    json_array_end(&w);
    json_put_number(&w, STR("1.50"));
    json_put_null(&w);
    json_put_raw(&w, STR("{\"x\":1}"));
    json_array_end(&w);
    ok(!json_is_done(&w), "an open object is not done");
    json_object_end(&w);
    ok(json_is_done(&w), "a closed one is");
    is_str(buf_str(&buf),
           "{\"s\":\"a\\\"\\\\\\n\\u0001т\xEF\xBF\xBD <\\/script> \\u2028\",\"absent\":null,"
           "\"i\":-9007199254740992,\"b\":false,\"m\":{\"amount\":\"-123.45\",\"currency\":"
           "\"RUB\"},\"none\":null,\"at\":\"1970-01-01T00:00:00Z\",\"d\":\"-1.5\",\"list\":["
           "\"2026-10-01\",[],1.50,null,{\"x\":1}]}",
           "every kind of value is written");
    const struct json_value *back = NULL;
    struct json_error error = {0};
    ok(json_parse(arena, buf_str(&buf), (struct json_limits){0}, &back, &error) == RC_OK,
       "and is correct JSON");
    is_str(json_text(json_get(back, "s")), "a\"\\\n\x01т\uFFFD </script> \u2028",
           "texts come back as they were");
}

int main(void)
{
    arena = arena_new(0);
    test_syntax();
    test_limits();
    test_values();
    test_pull();
    test_writer();
    arena_free(arena);
    return done_testing();
}
