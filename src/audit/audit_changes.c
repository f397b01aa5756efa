/* audit_changes: the changed fields of an entry as the text that is stored with it: a list of
 * [field, before, after]. One commitment stands for the whole text; the lists of entries from
 * before that have five members, the last two the field's own salt and digest. An erased list keeps
 * its fields (and digests): what was changed stays known, the values do not. */
#include "audit/audit_int.h"

enum { CHANGES_BYTES_MAX = 64 << 20 };

/* ---- writing ---- */

static void put_values(struct json_writer *w, struct str field, struct str before, struct str after)
{
    json_array(w);
    json_put_str(w, field);
    json_put_str(w, before);
    json_put_str(w, after);
}

struct str audit__changes_text(struct arena *arena, struct buf *buf, const struct audit_change *at,
                               size_t len)
{
    struct json_writer w = JSON_WRITER(buf);
    if (len == 0)
        return STR_NONE;
    assert(len <= AUDIT_CHANGES_MAX);
    buf_reset(buf);
    json_array(&w);
    for (size_t i = 0; i < len; i++) {
        put_values(&w, str_of(at[i].field), utf8_cut(at[i].before, AUDIT_TEXT_MAX),
                   utf8_cut(at[i].after, AUDIT_TEXT_MAX));
        json_array_end(&w);
    }
    json_array_end(&w);
    assert(!buf->is_over);
    return str_dup(arena, buf_str(buf));
}

struct str audit__changes_erased(struct op *op, const struct audit__changes *changes)
{
    AUTO_BUF buf = BUF(CHANGES_BYTES_MAX);
    struct json_writer w = JSON_WRITER(&buf);
    json_array(&w);
    for (size_t i = 0; i < changes->len; i++) {
        put_values(&w, changes->at[i].field, STR_NONE, STR_NONE);
        if (changes->at[i].digest.at) {
            json_put_null(&w);
            json_put_str(&w, crypt_hex(op->arena, changes->at[i].digest));
        }
        json_array_end(&w);
    }
    json_array_end(&w);
    return str_dup(op->arena, buf_str(&buf));
}

/* ---- reading ---- */

static bool read_bytes(struct arena *arena, const struct json_value *value, struct str *out)
{
    *out = STR_NONE;
    return !json_is(value, JSON_STRING) || crypt_unhex(arena, json_text(value), out);
}

static bool read_one(struct arena *arena, const struct json_value *one, struct audit__change *out)
{
    enum { FIELD, BEFORE, AFTER, SALT, DIGEST };
    if (!json_is(one, JSON_ARRAY) || !json_is(json_at(one, FIELD), JSON_STRING))
        return false;
    *out = (struct audit__change){.field = json_text(json_at(one, FIELD)),
                                  .before = json_text(json_at(one, BEFORE)),
                                  .after = json_text(json_at(one, AFTER))};
    return read_bytes(arena, json_at(one, SALT), &out->salt) &&
           read_bytes(arena, json_at(one, DIGEST), &out->digest);
}

bool audit__changes_read(struct arena *arena, struct str text, struct audit__changes *out)
{
    const struct json_value *list;
    struct json_limits limits = {.bytes_max = CHANGES_BYTES_MAX};
    *out = (struct audit__changes){0};
    if (!text.at)
        return true;
    if (json_parse(arena, text, limits, &list, NULL) != RC_OK || !json_is(list, JSON_ARRAY) ||
        list->len > AUDIT_CHANGES_MAX)
        return false;
    struct audit__change *at = NEW_ARRAY(arena, struct audit__change, list->len + 1);
    for (size_t i = 0; i < list->len; i++)
        if (!read_one(arena, json_at(list, i), &at[i]))
            return false;
    *out = (struct audit__changes){at, list->len};
    return true;
}
