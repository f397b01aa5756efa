/* Declared input: what was sent becomes the typed struct that the route names, or a list of all
 * problems at once, each at its field. Nothing that is not declared reaches a handler: an unknown
 * field is an error that names it, because it is a typing error of ours or an attack. */
#include "http/http_int.h"
#include "text/text.h"

/* ---- what was sent ---- */

static enum rc refuse(struct req *r, int status, const char *field, const char *message)
{
    r->in->wanted_status = status;
    return fail(r->op, RC_INVALID, field, message);
}

static enum rc read_body(struct req *r)
{
    struct http__exchange *x = r->in;
    struct str header = http__header(x, "Content-Type");
    struct str body = req_body(r);
    if (body.len == 0)
        return RC_OK;
    struct str type = http__media_type(r->op->arena, header);
    bool is_fine;
    if (str_eq(type, STR("application/x-www-form-urlencoded"))) {
        is_fine = http__parse_form(r->op->arena, body, &x->raws);
    } else if (str_eq(type, STR("multipart/form-data"))) {
        struct str boundary = http__media_param(r->op->arena, header, "boundary");
        is_fine = http__parse_multipart(r->op->arena, boundary, body, &x->raws);
    } else if (str_eq(type, STR("application/json")) && r->is_api) {
        return http__raws_from_json(r, body);
    } else {
        return refuse(r, 415, NULL, M("This kind of content is not accepted here."));
    }
    return is_fine ? RC_OK : refuse(r, 400, NULL, M("The form could not be read."));
}

enum rc http__fields_read(struct req *r)
{
    struct http__exchange *x = r->in;
    if (!http__parse_form(r->op->arena, r->query, &x->raws))
        return refuse(r, 400, NULL, M("The address could not be read."));
    if (r->method == HTTP_GET || r->method == HTTP_DELETE || r->route->raw_type)
        return RC_OK;
    return read_body(r);
}

bool http__is_pair(const struct field *field, struct str name)
{
    size_t len = strlen(field->name);
    return field->type == FIELD_PAIRS && name.len > len + 1 && name.at[len] == ':' &&
           str_starts(name, str_of(field->name));
}

static bool takes_pairs(const struct req *r, struct str name)
{
    for (const struct field *field = r->route->fields; field && field->name; field++)
        if (field->type == FIELD_PAIRS && str_eq(name, str_of(field->name)))
            return true;
    return false;
}

static enum rc put_raw(struct req *r, struct str name, const struct json_value *value)
{
    struct http__raw raw = {.name = name, .value = value->text};
    if (value->kind == JSON_NULL)
        return RC_OK;
    if (value->kind == JSON_BOOL)
        raw.value = value->is_true ? STR("true") : STR("false");
    if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)
        return refuse(r, 400, str_c(r->op->arena, name), M("A single value is expected here."));
    if (r->in->raws.len == HTTP_FIELDS_MAX)
        return refuse(r, 400, NULL, M("There are too many fields."));
    VEC_PUSH(r->op->arena, &r->in->raws, raw);
    return RC_OK;
}

static enum rc put_pairs(struct req *r, struct str name, const struct json_value *object)
{
    for (size_t i = 0; i < object->len; i++)
        TRY(put_raw(r,
                    str_printf(r->op->arena, STR_FMT ":" STR_FMT, STR_ARG(name),
                               STR_ARG(object->members[i].key)),
                    &object->members[i].value));
    return RC_OK;
}

/* {"a":1,"b":["x","y"],"c":{"amount":"1.00","currency":"EUR"}} as the fields a, b, b, c and
 * c_currency; an object of a field of pairs as its pairs. */
enum rc http__raws_from_json(struct req *r, struct str text)
{
    struct arena *arena = r->op->arena;
    const struct json_value *root = NULL;
    struct json_error error = {0};
    enum rc rc = json_parse(arena, text, (struct json_limits){0}, &root, &error);
    if (rc != RC_OK)
        return refuse(r, 400, NULL, error.message ? error.message : M("This is no correct JSON."));
    if (root->kind != JSON_OBJECT)
        return refuse(r, 400, NULL, M("A JSON object is expected."));
    for (size_t i = 0; i < root->len; i++) {
        struct str name = root->members[i].key;
        const struct json_value *value = &root->members[i].value;
        const struct json_value *amount = json_get(value, "amount");
        const struct json_value *currency = json_get(value, "currency");
        if (value->kind == JSON_OBJECT && takes_pairs(r, name)) {
            TRY(put_pairs(r, name, value));
        } else if (value->kind == JSON_ARRAY) {
            for (size_t k = 0; k < value->len; k++)
                TRY(put_raw(r, name, json_at(value, k)));
        } else if (value->kind == JSON_OBJECT && value->len == 2 && amount && currency) {
            TRY(put_raw(r, name, amount));
            TRY(put_raw(r, str_join(arena, name, STR("_currency")), currency));
        } else {
            TRY(put_raw(r, name, value));
        }
    }
    return RC_OK;
}

/* ---- one field ---- */

struct filling {
    struct req *r;
    const struct field *field;
    struct str *values; /* all that were sent under its name */
    size_t values_len;
    struct str file_name; /* of FIELD_FILE */
    void *into;
};

static void problem(struct filling *f, const char *message, int64_t bound, int64_t bound_2)
{
    struct arena *arena = f->r->op->arena;
    char *a = str_c(arena, str_printf(arena, "%lld", (long long)bound));
    char *b = str_c(arena, str_printf(arena, "%lld", (long long)bound_2));
    (void)!fault_add(&f->r->op->fault, RC_INVALID, f->field->name, message, a, b, NULL);
}

static struct str only_value(const struct filling *f)
{
    return f->values_len ? f->values[0] : STR_NONE;
}

static void fill_text(struct filling *f)
{
    struct str value = only_value(f), *into = f->into;
    struct arena *arena = f->r->op->arena;
    if (value.at && f->field->type == FIELD_STR)
        value = text_clean_line(arena, value);
    if (value.at && f->field->type == FIELD_BLOCK)
        value = text_clean_block(arena, value);
    size_t chars = value.at ? utf8_count(value) : 0;
    if (chars == 0 && f->field->min > 0)
        problem(f, M("This field is required."), 0, 0);
    else if (f->field->max > 0 && (int64_t)chars > f->field->max)
        problem(f, M("At most {0, plural, one {# character} other {# characters}}."), f->field->max,
                0);
    else if ((int64_t)chars < f->field->min)
        problem(f, M("At least {0, plural, one {# character} other {# characters}}."),
                f->field->min, 0);
    else
        *into = value;
}

static void fill_number(struct filling *f)
{
    struct str value = str_trim(only_value(f));
    bool is_optional = f->field->type == FIELD_OPT_I64;
    int64_t number = 0;
    if (value.len == 0) {
        if (!is_optional)
            problem(f, M("This field is required."), 0, 0);
        return;
    }
    bool is_fine = str_to_i64(value, &number);
    if (!is_fine && !f->r->is_api)
        is_fine = i18n_parse_scaled(f->r->op->lang, value, 0, &number) == NULL;
    if (!is_fine) {
        problem(f, M("Enter a whole number."), 0, 0);
    } else if (f->field->min != f->field->max &&
               (number < f->field->min || number > f->field->max)) {
        problem(f, M("Enter a number from {0} to {1}."), f->field->min, f->field->max);
    } else if (is_optional) {
        *(struct opt_i64 *)f->into = (struct opt_i64){number, true};
    } else {
        *(int64_t *)f->into = number;
    }
}

static void fill_bool(struct filling *f)
{
    static const char *const yes[] = {"on", "1", "true", "yes"}, *const no[] = {"", "0", "false",
                                                                                "no", "off"};
    struct str value = only_value(f);
    for (size_t i = 0; i < LEN(yes); i++)
        if (value.at && str_eq(value, str_of(yes[i]))) {
            *(bool *)f->into = true;
            return;
        }
    for (size_t i = 0; i < LEN(no); i++)
        if (str_eq(value, str_of(no[i])))
            return;
    problem(f, M("Choose one of the offered values."), 0, 0);
}

static void fill_date(struct filling *f)
{
    struct str value = str_trim(only_value(f));
    bool is_optional = f->field->type == FIELD_OPT_DATE, is_api = f->r->is_api;
    const struct lang *lang = f->r->op->lang;
    struct arena *arena = f->r->op->arena;
    struct date date;
    if (value.len == 0) {
        if (!is_optional)
            problem(f, M("This field is required."), 0, 0);
    } else if (is_api && !date_parse(value, &date)) {
        problem(f, M("Enter a date as year, month, day: 2026-10-31."), 0, 0);
    } else if (!is_api && !i18n_date_parse(lang, value, &date)) {
        struct str shown = i18n_date_field(arena, lang, date_of(2026, 10, 31));
        (void)!fault_add(&f->r->op->fault, RC_INVALID, f->field->name,
                         M("Enter a date like {0} or 2026-10-31."), str_c(arena, shown), NULL);
    } else if (is_optional) {
        *(struct opt_date *)f->into = (struct opt_date){date, true};
    } else {
        *(struct date *)f->into = date;
    }
}

static void fill_decimal(struct filling *f)
{
    struct str value = str_trim(only_value(f));
    struct opt_dec *into = f->into;
    if (value.len == 0)
        return;
    if (f->r->is_api) {
        into->has = dec_parse(value, &into->v);
        if (!into->has)
            problem(f, M("Enter a number."), 0, 0);
        return;
    }
    const char *message = i18n_parse_dec(f->r->op->lang, value, &into->v);
    into->has = !message;
    if (message)
        problem(f, message, 0, 0);
}

static void fill_money(struct filling *f)
{
    struct req *r = f->r;
    struct money *into = f->into, money = {0};
    struct str value = str_trim(only_value(f));
    if (value.len == 0)
        return;
    struct str name = str_printf(r->op->arena, "%s_currency", f->field->name);
    money.currency = currency_find(req_raw(r, str_c(r->op->arena, name)));
    if (!money.currency) {
        problem(f, M("Choose a currency."), 0, 0);
        return;
    }
    const char *message =
        r->is_api ? money_parse(value, money.currency, &money)
                  : i18n_parse_scaled(r->op->lang, value, money.currency->digits, &money.minor);
    if (message)
        problem(f, message, 0, 0);
    else
        *into = money;
}

static void fill_enum(struct filling *f)
{
    struct str value = only_value(f);
    if (value.len == 0 && f->field->is_optional)
        return;
    for (const struct field_choice *choice = f->field->choices; choice->name; choice++)
        if (value.at && str_eq(value, str_of(choice->name))) {
            *(int *)f->into = choice->value;
            return;
        }
    problem(f, value.len ? M("Choose one of the offered values.") : M("This field is required."), 0,
            0);
}

static void fill_id(struct filling *f)
{
    struct str value = str_trim(only_value(f));
    bool is_optional = f->field->type == FIELD_OPT_ID;
    int64_t id = 0;
    if (value.len == 0) {
        if (!is_optional)
            problem(f, M("This field is required."), 0, 0);
    } else if (!pid_parse(f->field->prefix, value, &id)) {
        problem(f, M("There is no such record."), 0, 0);
    } else if (is_optional) {
        *(struct opt_i64 *)f->into = (struct opt_i64){id, true};
    } else {
        *(int64_t *)f->into = id;
    }
}

static void fill_list(struct filling *f)
{
    struct arena *arena = f->r->op->arena;
    if (f->field->max > 0 && (int64_t)f->values_len > f->field->max) {
        problem(f, M("At most {0} can be chosen."), f->field->max, 0);
        return;
    }
    for (size_t i = 0; i < f->values_len; i++) {
        int64_t id;
        /* The empty choice of a filter says nothing; in a body each place of a list counts. */
        if (f->r->method == HTTP_GET && str_trim(f->values[i]).len == 0)
            continue;
        if (f->field->type == FIELD_STRS) {
            VEC_PUSH(arena, (struct str_list *)f->into, text_clean_line(arena, f->values[i]));
        } else if (pid_parse(f->field->prefix, f->values[i], &id)) {
            VEC_PUSH(arena, (struct i64_list *)f->into, id);
        } else {
            problem(f, M("There is no such record."), 0, 0);
            return;
        }
    }
}

static void fill_pairs(struct filling *f)
{
    const struct http__raws *raws = &f->r->in->raws;
    struct field_pairs *pairs = f->into;
    size_t skipped = strlen(f->field->name) + 1;
    for (size_t i = 0; i < raws->len; i++) {
        struct str name = raws->at[i].name;
        if (!http__is_pair(f->field, name))
            continue;
        struct field_pair pair = {str_sub(name, skipped, name.len), raws->at[i].value};
        VEC_PUSH(f->r->op->arena, pairs, pair);
    }
    if (f->field->max > 0 && (int64_t)pairs->len > f->field->max)
        problem(f, M("At most {0} can be chosen."), f->field->max, 0);
}

static void fill_file(struct filling *f)
{
    struct str value = only_value(f);
    bool is_chosen = value.at && f->file_name.len > 0;
    if (!is_chosen && !f->field->is_optional)
        problem(f, M("Choose a file."), 0, 0);
    else if (is_chosen && f->field->max > 0 && (int64_t)value.len > f->field->max)
        (void)!fault_add(
            &f->r->op->fault, RC_TOO_LARGE, f->field->name, M("The file is larger than {0}."),
            str_c(f->r->op->arena, i18n_size(f->r->op->arena, f->r->op->lang, f->field->max)),
            NULL);
    else if (is_chosen)
        *(struct upload *)f->into =
            (struct upload){http__file_name(f->r->op->arena, f->file_name), value};
}

/* ---- a list's page ---- */

static const char *const page_names[] = {"sort", "dir", "after", "before", "limit"};

static void fill_page(struct filling *f)
{
    struct req *r = f->r;
    struct list_page *page = f->into;
    struct str sort = req_raw(r, "sort"), dir = req_raw(r, "dir"), limit = req_raw(r, "limit");
    int64_t number = 0;
    page->cursor = req_raw(r, "after");
    if (req_raw(r, "before").len > 0) {
        page->cursor = req_raw(r, "before");
        page->is_backward = true;
    }
    if (page->cursor.len == 0)
        page->cursor = STR_NONE;
    if (sort.len > 0)
        page->sort_i = list_sort_find(f->field->sorts, sort);
    if (page->sort_i < 0 ||
        (dir.len > 0 && !str_eq(dir, STR("asc")) && !str_eq(dir, STR("desc")))) {
        page->sort_i = 0;
        (void)!fault_add(&r->op->fault, RC_INVALID, "sort", M("Choose one of the offered values."),
                         NULL);
    }
    page->is_descending = str_eq(dir, STR("desc"));
    if (limit.len == 0)
        return;
    if (!str_to_i64(limit, &number) || number < 1 || number > LIST_LIMIT_MAX)
        (void)!fault_add(&r->op->fault, RC_INVALID, "limit", M("Enter a number from {0} to {1}."),
                         "1", str_c(r->op->arena, str_printf(r->op->arena, "%d", LIST_LIMIT_MAX)),
                         NULL);
    else
        page->limit = (int)number;
}

/* ---- the form ---- */

static void fill_one(struct filling *f)
{
    switch (f->field->type) {
    case FIELD_STR:
    case FIELD_BLOCK:
    case FIELD_SECRET: fill_text(f); return;
    case FIELD_I64:
    case FIELD_OPT_I64: fill_number(f); return;
    case FIELD_BOOL: fill_bool(f); return;
    case FIELD_DATE:
    case FIELD_OPT_DATE: fill_date(f); return;
    case FIELD_DEC: fill_decimal(f); return;
    case FIELD_MONEY: fill_money(f); return;
    case FIELD_ENUM: fill_enum(f); return;
    case FIELD_ID:
    case FIELD_OPT_ID: fill_id(f); return;
    case FIELD_STRS:
    case FIELD_IDS: fill_list(f); return;
    case FIELD_PAIRS: fill_pairs(f); return;
    case FIELD_FILE: fill_file(f); return;
    case FIELD_PAGE: fill_page(f); return;
    }
}

static bool is_page_name(struct str name)
{
    for (size_t i = 0; i < LEN(page_names); i++)
        if (str_eq(name, str_of(page_names[i])))
            return true;
    return false;
}

static const struct field *find_field(const struct route *route, struct str name)
{
    for (const struct field *field = route->fields; field && field->name; field++) {
        struct str known = str_of(field->name);
        if (field->type == FIELD_PAGE    ? is_page_name(name)
            : field->type == FIELD_PAIRS ? http__is_pair(field, name)
                                         : str_eq(known, name))
            return field;
        if (field->type == FIELD_MONEY && str_starts(name, known) &&
            str_eq(str_sub(name, known.len, name.len), STR("_currency")))
            return field;
    }
    return NULL;
}

/* The page's own fields that every form and htmx may send. */
static bool is_always_allowed(const struct req *r, struct str name)
{
    return !r->is_api && r->method != HTTP_GET && str_eq(name, STR("_csrf"));
}

static enum rc check_names(struct req *r)
{
    struct http__raws *raws = &r->in->raws;
    for (size_t i = 0; i < raws->len; i++) {
        const struct http__raw *raw = &raws->at[i];
        const struct field *field = find_field(r->route, raw->name);
        const char *name = str_c(r->op->arena, utf8_cut(raw->name, 60));
        if (!field && !is_always_allowed(r, raw->name)) {
            r->in->wanted_status = 400;
            return fail(r->op, RC_INVALID, name, M("There is no field \"{0}\" here."), name);
        }
        if (field && raw->is_file != (field->type == FIELD_FILE))
            return refuse(r, 400, field->name, M("This field takes another kind of content."));
        for (size_t k = 0; k < i; k++)
            if (str_eq(raws->at[k].name, raw->name) && field && field->type != FIELD_STRS &&
                field->type != FIELD_IDS)
                return refuse(r, 400, field->name, M("This field was sent twice."));
    }
    return RC_OK;
}

/* The exchange is copied, so that what is read aside cannot reach the answer of this request. */
enum rc req_aside(struct req *r, struct str address, struct req *out)
{
    struct str query = address, path = str_cut(&query, '?');
    struct http__exchange *x = NEW(r->op->arena, struct http__exchange);
    struct req aside = {.op = r->op,
                        .method = HTTP_GET,
                        .path = str_dup(r->op->arena, path),
                        .query = str_dup(r->op->arena, query.at ? query : STR("")),
                        .address = r->address,
                        .is_https = r->is_https,
                        .csrf_secret = r->csrf_secret,
                        .session = r->session,
                        .in = x};
    *x = *r->in;
    x->raws = (struct http__raws){0};
    x->form = NULL;
    x->is_again = false;
    http__match(x->site, r->op->arena, STR("GET"), aside.path, &x->match);
    aside.route = x->match.route;
    if (!aside.route || !aside.route->page || x->match.is_api)
        return RC_MISSING;
    if (strcmp(aside.route->permission, PERM_PUBLIC) != 0 &&
        strcmp(aside.route->permission, PERM_SIGNED_IN) != 0)
        TRY(op_must(r->op, aside.route->permission));
    struct fault before = r->op->fault; /* a form shown again still has to say what was wrong */
    fault_clear(&r->op->fault);
    TRY(http__fields_read(&aside));
    TRY(http__fields_fill(&aside));
    r->op->fault = before;
    *out = aside;
    return RC_OK;
}

enum rc http__fields_fill(struct req *r)
{
    const struct route *route = r->route;
    struct http__raws *raws = &r->in->raws;
    TRY(check_names(r));
    r->in->form = arena_alloc(r->op->arena, route->form_bytes ? route->form_bytes : 1);
    struct str *values = NEW_ARRAY(r->op->arena, struct str, raws->len + 1);
    struct str revision = req_header(r, "If-Match");
    for (const struct field *field = route->fields; field && field->name; field++) {
        struct filling f = {.r = r, .field = field, .values = values};
        f.into = (char *)r->in->form + field->offset;
        for (size_t i = 0; i < raws->len; i++)
            if (str_eq(raws->at[i].name, str_of(field->name))) {
                values[f.values_len++] = raws->at[i].value;
                f.file_name = raws->at[i].file_name;
            }
        if (f.values_len == 0 && revision.len > 2 && strcmp(field->name, "revision") == 0)
            values[f.values_len++] = str_sub(revision, 1, revision.len - 2);
        fill_one(&f);
    }
    return r->op->fault.rc;
}
