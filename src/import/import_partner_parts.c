/* What a partner has beside its record: roles, groups, tags, the main contact, the legal address,
 * the bank account. Each is compared with what is there, so that a repeated file changes nothing.
 */
#include "auth/auth.h"
#include "import/import_partner.h"

/* Pieces between commas or semicolons, without blanks around them. */
static void split(struct arena *arena, struct str text, struct str_list *out)
{
    while (text.at) {
        struct str piece = str_cut(&text, ';');
        while (piece.at) {
            struct str word = str_trim(str_cut(&piece, ','));
            if (word.len > 0)
                VEC_PUSH(arena, out, word);
        }
    }
}

static bool has_id(const struct i64_list *list, int64_t id)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

static bool same_ids(const struct i64_list *a, const struct i64_list *b)
{
    for (size_t i = 0; i < a->len; i++)
        if (!has_id(b, a->at[i]))
            return false;
    return a->len == b->len;
}

static void push_once(struct arena *arena, struct i64_list *list, int64_t id)
{
    if (!has_id(list, id))
        VEC_PUSH(arena, list, id);
}

/* ---- looked up once a batch ---- */

struct import__partner_memo *import__partner_memo(struct import_batch *batch)
{
    struct arena *arena = batch->arena;
    if (!batch->memo) {
        struct import__partner_memo *memo = NEW(arena, struct import__partner_memo);
        memo->places = partner_memo_new(arena);
        memo->managers = map_new(arena);
        batch->memo = memo;
    }
    return batch->memo;
}

static enum rc all_roles(struct import_batch *batch, const struct partner_roles **out)
{
    struct import__partner_memo *memo = import__partner_memo(batch);
    *out = &memo->roles;
    if (memo->has_roles)
        return RC_OK;
    struct arena *passing = import__keep(batch);
    TRY(import__pass(batch, passing, partner_roles_all(batch->op, &memo->roles)));
    memo->has_roles = true;
    return RC_OK;
}

static enum rc all_groups(struct import_batch *batch, const struct partner_groups **out)
{
    struct import__partner_memo *memo = import__partner_memo(batch);
    *out = &memo->groups;
    if (memo->has_groups)
        return RC_OK;
    struct arena *passing = import__keep(batch);
    TRY(import__pass(batch, passing, partner_groups_all(batch->op, &memo->groups)));
    memo->has_groups = true;
    return RC_OK;
}

static enum rc all_levels(struct import_batch *batch, const struct partner_levels **out)
{
    struct import__partner_memo *memo = import__partner_memo(batch);
    *out = &memo->levels;
    if (memo->has_levels)
        return RC_OK;
    struct arena *passing = import__keep(batch);
    TRY(import__pass(batch, passing, partner_levels_all(batch->op, &memo->levels)));
    memo->has_levels = true;
    return RC_OK;
}

static enum rc find_manager(struct import_batch *batch, struct str email, int64_t *out_id)
{
    struct op *op = batch->op;
    struct map *known = import__partner_memo(batch)->managers;
    struct str key = text_fold(batch->arena, email);
    int64_t *id = map_get(known, key);
    if (!id) {
        struct auth_user user;
        enum rc rc = auth_user_by_email(op, email, &user);
        if (rc != RC_OK && rc != RC_MISSING)
            return rc;
        fault_clear(&op->fault);
        id = NEW(batch->arena, int64_t);
        *id = rc == RC_OK && user.side == AUTH_STAFF ? user.id : 0;
        *map_put(known, key) = id;
    }
    *out_id = *id;
    return RC_OK;
}

/* ---- roles ---- */

static const struct partner_role *find_role(const struct partner_roles *roles, struct str word)
{
    for (size_t i = 0; i < roles->len; i++) {
        const struct partner_role *role = &roles->at[i];
        if (str_eq_nocase(role->code, word) || str_eq(role->label_en, word) ||
            str_eq(role->label_ru, word) || str_eq(role->label_es, word))
            return role;
    }
    return NULL;
}

static enum rc put_roles(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                         bool *is_changed)
{
    struct op *op = batch->op;
    const struct import_value *value = import__value(batch, row, P_ROLES);
    const struct partner_roles *all;
    struct partner_roles present = {0};
    struct i64_list wanted = {0}, had = {0};
    struct str_list words = {0};
    if (!value->is_mapped)
        return RC_OK;
    TRY(all_roles(batch, &all));
    TRY(partner_roles_of(op, partner_id, &present));
    split(op->arena, value->text, &words);
    for (size_t i = 0; i < words.len; i++) {
        const struct partner_role *role = find_role(all, words.at[i]);
        if (role)
            push_once(op->arena, &wanted, role->id);
        else
            import__refuse(batch, row, P_ROLES, 0, M("There is no role with the code “{0}”."),
                           str_c(op->arena, words.at[i]), NULL);
    }
    for (size_t i = 0; i < present.len; i++)
        VEC_PUSH(op->arena, &had, present.at[i].id);
    if (row->outcome == IMPORT_REFUSED || same_ids(&wanted, &had))
        return RC_OK;
    *is_changed = true;
    return partner_roles_set(op, partner_id, &wanted);
}

/* ---- groups, tags, level ---- */

static enum rc put_groups(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                          bool *is_changed)
{
    struct op *op = batch->op;
    const struct import_value *value = import__value(batch, row, P_GROUPS);
    const struct partner_groups *all;
    struct partner_groups present = {0};
    struct i64_list wanted = {0}, had = {0};
    struct str_list words = {0};
    if (!value->is_mapped)
        return RC_OK;
    TRY(all_groups(batch, &all));
    TRY(partner_groups_of(op, partner_id, &present));
    split(op->arena, value->text, &words);
    for (size_t i = 0; i < words.len; i++) {
        size_t k = 0;
        while (k < all->len && !str_eq_nocase(all->at[k].code, words.at[i]) &&
               !str_eq(all->at[k].name, words.at[i]))
            k++;
        if (k < all->len)
            push_once(op->arena, &wanted, all->at[k].id);
        else
            import__refuse(batch, row, P_GROUPS, 0, M("There is no group with the code “{0}”."),
                           str_c(op->arena, words.at[i]), NULL);
    }
    for (size_t i = 0; i < present.len; i++)
        VEC_PUSH(op->arena, &had, present.at[i].id);
    if (row->outcome == IMPORT_REFUSED || same_ids(&wanted, &had))
        return RC_OK;
    *is_changed = true;
    return partner_groups_set(op, partner_id, &wanted);
}

static bool has_word(const struct str_list *list, struct str word)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], word))
            return true;
    return false;
}

static enum rc put_tags(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                        bool *is_changed)
{
    struct op *op = batch->op;
    const struct import_value *value = import__value(batch, row, P_TAGS);
    struct str_list words = {0}, wanted = {0}, had = {0};
    if (!value->is_mapped)
        return RC_OK;
    TRY(partner_tags_of(op, partner_id, &had));
    split(op->arena, value->text, &words);
    for (size_t i = 0; i < words.len; i++) {
        struct str tag = text_fold(op->arena, text_clean_line(op->arena, words.at[i]));
        if (!has_word(&wanted, tag))
            VEC_PUSH(op->arena, &wanted, tag);
    }
    bool is_same = wanted.len == had.len;
    for (size_t i = 0; i < wanted.len; i++)
        is_same = is_same && has_word(&had, wanted.at[i]);
    if (is_same)
        return RC_OK;
    *is_changed = true;
    return partner_tags_set(op, partner_id, &wanted);
}

enum rc import__partner_level(struct import_batch *batch, struct import_row *row,
                              struct opt_i64 *level_id)
{
    const struct import_value *value = import__value(batch, row, P_LEVEL);
    const struct partner_levels *levels;
    if (!value->is_mapped)
        return RC_OK;
    *level_id = NONE;
    if (!value->has)
        return RC_OK;
    TRY(all_levels(batch, &levels));
    for (size_t i = 0; i < levels->len; i++)
        if (str_eq_nocase(levels->at[i].code, value->text) ||
            str_eq(levels->at[i].name, value->text)) {
            *level_id = SOME(levels->at[i].id);
            return RC_OK;
        }
    return fail(batch->op, RC_INVALID, "level_id", M("There is no level with the code “{0}”."),
                str_c(batch->op->arena, value->text));
}

enum rc import__partner_manager(struct import_batch *batch, struct import_row *row,
                                struct opt_i64 *manager_id)
{
    const struct import_value *value = import__value(batch, row, P_MANAGER);
    int64_t id = 0;
    if (!value->is_mapped)
        return RC_OK;
    *manager_id = NONE;
    if (!value->has)
        return RC_OK;
    TRY(find_manager(batch, value->text, &id));
    if (id == 0)
        return fail(batch->op, RC_INVALID, "manager_id",
                    M("Nobody of the staff has the e-mail “{0}”."),
                    str_c(batch->op->arena, value->text));
    *manager_id = SOME(id);
    return RC_OK;
}

/* ---- contact, address ---- */

static enum rc put_contact(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                           bool *is_changed)
{
    struct op *op = batch->op;
    struct partner_contacts contacts = {0};
    struct partner_contact old = {.partner_id = partner_id, .is_main = true}, new;
    int64_t id;
    struct str text;
    if (!import__value(batch, row, P_CONTACT)->has)
        return RC_OK;
    TRY(partner_contacts_of(op, partner_id, &contacts));
    for (size_t i = 0; i < contacts.len; i++)
        if (contacts.at[i].is_main && !contacts.at[i].archived_at.has)
            old = contacts.at[i];
    new = old;
    new.name = text_clean_line(op->arena, import__value(batch, row, P_CONTACT)->text);
    new.position = import__text_or(batch, row, P_CONTACT_POSITION, old.position);
    new.email = import__text_or(batch, row, P_CONTACT_EMAIL, old.email);
    new.phone = import__text_or(batch, row, P_CONTACT_PHONE, old.phone);
    if (new.email.len > 0 && !check_email(op->arena, new.email, &text))
        new.email = text;
    if (new.phone.len > 0 && !check_phone(op->arena, new.phone, &text))
        new.phone = text;
    if (old.id != 0 && str_eq(old.name, new.name) && str_eq(old.position, new.position) &&
        str_eq(old.email, new.email) && str_eq(old.phone, new.phone))
        return RC_OK;
    *is_changed = true;
    return partner_contact_save(op, &new, &id);
}

static bool same_address(const struct org_address *a, const struct org_address *b)
{
    return str_eq(a->country, b->country) && str_eq(a->region, b->region) &&
           str_eq(a->postcode, b->postcode) && str_eq(a->city, b->city) && str_eq(a->line, b->line);
}

static enum rc put_address(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                           bool *is_changed)
{
    struct op *op = batch->op;
    struct partner_addresses addresses = {0};
    struct partner_address old = {.kind = STR("legal")}, new;
    bool is_mapped = false;
    for (size_t field = P_ADDRESS_COUNTRY; field <= P_ADDRESS_LINE; field++)
        is_mapped = is_mapped || import__value(batch, row, field)->is_mapped;
    if (!is_mapped)
        return RC_OK;
    TRY(partner_addresses_of(op, partner_id, &addresses));
    for (size_t i = 0; i < addresses.len; i++)
        if (str_eq(addresses.at[i].kind, STR("legal")))
            old = addresses.at[i];
    new = old;
    struct str country = import__value(batch, row, P_COUNTRY)->text;
    new.at.country = import__text_or(batch, row, P_ADDRESS_COUNTRY,
                                     old.at.country.len ? old.at.country : country);
    new.at.region = import__text_or(batch, row, P_ADDRESS_REGION, old.at.region);
    new.at.postcode = import__text_or(batch, row, P_ADDRESS_POSTCODE, old.at.postcode);
    new.at.city = import__text_or(batch, row, P_ADDRESS_CITY, old.at.city);
    new.at.line = import__text_or(batch, row, P_ADDRESS_LINE, old.at.line);
    if (new.at.region.len + new.at.postcode.len + new.at.city.len + new.at.line.len == 0 &&
        !import__value(batch, row, P_ADDRESS_COUNTRY)->has)
        new.at.country = STR("");
    TRY(org_address_check(op, &new.at));
    if (same_address(&old.at, &new.at))
        return RC_OK;
    *is_changed = true;
    return partner_address_set(op, partner_id, &new);
}

/* ---- bank ---- */

static enum org_bank_kind kind_of(struct str code, struct str number)
{
    bool is_bik = code.len == 9, has_letters = number.len > 2 && number.at[0] >= 'A';
    for (size_t i = 0; i < code.len; i++)
        is_bik = is_bik && code.at[i] >= '0' && code.at[i] <= '9';
    return is_bik ? ORG_BANK_RU : has_letters ? ORG_BANK_IBAN : ORG_BANK_OTHER;
}

/* The stored number is sealed: what can be compared is its tail and the bank. */
static bool same_bank(const struct org_bank *stored, const struct org_bank *given)
{
    struct str tail = stored->number;
    if (str_starts(tail, STR("…")))
        tail = str_sub(tail, sizeof("…") - 1, SIZE_MAX);
    return str_eq(stored->bank_name, given->bank_name) &&
           str_eq(stored->bank_code, given->bank_code) && str_ends(given->number, tail) &&
           str_eq(stored->corr_number, given->corr_number) &&
           str_eq(stored->currency, given->currency);
}

static enum rc put_bank(struct import_batch *batch, struct import_row *row, int64_t partner_id,
                        bool *is_changed)
{
    struct op *op = batch->op;
    const struct import_value *account = import__value(batch, row, P_BANK_ACCOUNT);
    const struct import_value *currency = import__value(batch, row, P_BANK_CURRENCY);
    struct partner_banks banks = {0};
    struct partner_bank new = {.partner_id = partner_id, .is_main = true};
    int64_t id;
    if (!account->has)
        return RC_OK;
    new.bank = (struct org_bank){.bank_name = import__value(batch, row, P_BANK)->text,
                                 .bank_code = import__value(batch, row, P_BANK_CODE)->text,
                                 .number = account->text,
                                 .corr_number = import__value(batch, row, P_BANK_CORR)->text,
                                 .currency = currency->has ? currency->text : STR("")};
    if (new.bank.currency.len == 0 && batch->importer->currency)
        new.bank.currency = str_of(batch->importer->currency->code);
    new.bank.kind = kind_of(new.bank.bank_code, new.bank.number);
    TRY(org_bank_check(op, &new.bank));
    TRY(partner_banks_of(op, partner_id, &banks));
    for (size_t i = 0; i < banks.len; i++)
        if (!banks.at[i].archived_at.has && same_bank(&banks.at[i].bank, &new.bank))
            return RC_OK;
    *is_changed = true;
    return partner_bank_save(op, &new, &id);
}

enum rc import__partner_parts(struct import_batch *batch, struct import_row *row,
                              int64_t partner_id, bool *out_is_changed)
{
    *out_is_changed = false;
    TRY(put_roles(batch, row, partner_id, out_is_changed));
    TRY(put_groups(batch, row, partner_id, out_is_changed));
    TRY(put_tags(batch, row, partner_id, out_is_changed));
    TRY(put_contact(batch, row, partner_id, out_is_changed));
    TRY(put_address(batch, row, partner_id, out_is_changed));
    return put_bank(batch, row, partner_id, out_is_changed);
}
