/* Rules of partners on both engines: the record, states, blocking, trees, sets, parts, sealing. */
#include "partner/partner_scene.h"

/* ---- the record ---- */

static void saving(struct fixture *f)
{
    struct scene s;
    struct partner p, bad = {.code = STR("a b"), .kind = STR("tree"), .email = STR("nobody")};
    int64_t other = 0;
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba Móvil SL");
    ok(partner_get(&f->op, id, &p) == RC_OK && str_eq(p.state, STR("active")), "a partner is kept");
    ok(partner_save(&f->op, &bad, &other) == RC_INVALID, "nonsense is refused");
    bool has_code = false, has_email = false;
    for (size_t i = 0; i < f->op.fault.entries_len; i++) {
        has_code = has_code || strcmp(f->op.fault.entries[i].field, "code") == 0;
        has_email = has_email || strcmp(f->op.fault.entries[i].field, "email") == 0;
    }
    ok(has_code && has_email, "with every wrong field named");
    fault_clear(&f->op.fault);
    struct partner twin = p;
    twin.id = 0;
    ok(partner_save(&f->op, &twin, &other) == RC_CONFLICT && scene_fault(f, "code"),
       "a code is unique");
    struct partner spain = p;
    spain.tax.number = STR("B12345678");
    ok(partner_save(&f->op, &spain, &other) == RC_INVALID && scene_fault(f, "tax_number"),
       "check digits of a tax number are verified");
    struct partner level = p;
    level.level_id = SOME(99);
    ok(partner_save(&f->op, &level, &other) == RC_INVALID && scene_fault(f, "level_id"),
       "there must be such a level");
    struct partner nowhere = p;
    nowhere.branch_id = 99;
    ok(partner_save(&f->op, &nowhere, &other) == RC_INVALID && scene_fault(f, "branch_id"),
       "and such a branch");
    ok(scene_is(f, partner_save(&f->op, &p, &other), RC_OK), "saving what is there is fine");
    ok(partner_get(&f->op, id, &p) == RC_OK && p.revision == 1, "and changes nothing");
    p.phone = STR("8 916 123-45-67");
    ok(scene_is(f, partner_save(&f->op, &p, &other), RC_OK), "a phone may be typed as people do");
    ok(scene_is(f, partner_save(&f->op, &p, &other), RC_CONFLICT), "an old revision is a conflict");
    ok(partner_get(&f->op, id, &p) == RC_OK && str_eq(p.phone, STR("+79161234567")) &&
           p.revision == 2,
       "it is kept in one form");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'partner.edit'"), 1,
           "the journal has the change once");
    f->op.actor = fx_staff(5, (const char *const[]){"partner.read", NULL});
    ok(scene_is(f, partner_save(&f->op, &p, &other), RC_DENIED), "who may only read does not save");
}

static void states(struct fixture *f)
{
    static const char *const way[] = {"applied",   "approved", "active",
                                      "suspended", "active",   "terminated"};
    struct scene s;
    struct partner p = {.code = STR("P"), .name = STR("P"), .kind = STR("company")};
    int64_t id;
    scene_set(f, &s);
    p.branch_id = s.north;
    ok(partner_save(&f->op, &p, &id) == RC_OK, "a new partner");
    for (size_t i = 0; i < LEN(way); i++) {
        ok(partner_get(&f->op, id, &p) == RC_OK &&
               partner_state_set(&f->op, id, p.revision, str_of(way[i])) == RC_OK,
           str_c(f->arena, str_printf(f->arena, "becomes %s", way[i])));
    }
    ok(partner_get(&f->op, id, &p) == RC_OK &&
           partner_state_set(&f->op, id, p.revision, STR("active")) == RC_CONFLICT,
       "and terminated is the end");
    fault_clear(&f->op.fault);
    ok(!partner_may_become(STR("prospect"), STR("suspended")) &&
           !partner_may_become(STR("active"), STR("rejected")) &&
           !partner_may_become(STR("active"), STR("nonsense")),
       "no other steps are there");
    ok(scene_is(f, partner_archive(&f->op, id, p.revision, true), RC_OK), "it goes to the archive");
    ok(scene_is(f, partner_archive(&f->op, id, p.revision, true), RC_CONFLICT), "once a revision");
    int64_t live = scene_partner(f, s.north, "L", "Living");
    ok(scene_is(f, partner_archive(&f->op, live, 1, true), RC_CONFLICT),
       "an active partner is not archived");
}

static void blocking(struct fixture *f)
{
    struct scene s;
    struct partner p;
    struct partner_block block = {.is_payouts_blocked = true};
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba");
    ok(partner_block_set(&f->op, id, 1, &block) == RC_INVALID && scene_fault(f, "reason"),
       "blocking needs a reason");
    block.reason = STR("Bank details are being checked");
    ok(scene_is(f, partner_block_set(&f->op, id, 1, &block), RC_OK), "with one it is done");
    ok(partner_get(&f->op, id, &p) == RC_OK && p.is_payouts_blocked && !p.is_sales_blocked &&
           str_eq(p.state, STR("active")),
       "for its scope only, and the state stays");
    ok(scene_is(f, partner_block_set(&f->op, id, 1, &block), RC_CONFLICT), "by revision");
    block = (struct partner_block){.reason = STR("left over")};
    ok(scene_is(f, partner_block_set(&f->op, id, 2, &block), RC_OK) &&
           partner_get(&f->op, id, &p) == RC_OK && p.block_reason.len == 0,
       "nothing blocked has no reason");
    f->op.actor = fx_staff(5, (const char *const[]){"partner.edit", NULL});
    ok(scene_is(f, partner_block_set(&f->op, id, 3, &block), RC_DENIED),
       "editing is not enough to block");
}

/* ---- trees ---- */

static enum rc relate(struct fixture *f, const char *tree, int64_t parent, int64_t child,
                      int64_t from, int64_t to)
{
    int64_t id;
    struct partner_relation relation = {.tree = str_of(tree),
                                        .parent_id = parent,
                                        .partner_id = child,
                                        .from_day = from,
                                        .to_day = to,
                                        .share = 1000000};
    enum rc rc = partner_relation_save(&f->op, &relation, &id);
    fault_clear(&f->op.fault);
    return rc;
}

static void trees(struct fixture *f)
{
    struct scene s;
    int64_t a, b, c, jan = scene_day(2026, 1, 1), jul = scene_day(2026, 7, 1);
    scene_set(f, &s);
    a = scene_partner(f, s.north, "A", "A");
    b = scene_partner(f, s.north, "B", "B");
    c = scene_partner(f, s.south, "C", "C");
    ok(relate(f, "owner", a, b, jan, jul) == RC_OK, "A above B in the first half");
    ok(relate(f, "owner", b, a, jul, PARTNER_NO_END) == RC_OK,
       "B above A in the second is no loop");
    ok(relate(f, "owner", b, a, jan, jul + 1) == RC_CONFLICT, "on one common day it would be");
    ok(relate(f, "sponsor", b, a, jan, PARTNER_NO_END) == RC_OK, "another tree does not mind");
    ok(relate(f, "owner", b, c, jan, PARTNER_NO_END) == RC_OK, "C below B");
    ok(relate(f, "owner", c, a, jan, jul) == RC_CONFLICT, "a longer loop is found as well");
    ok(relate(f, "owner", a, c, jul, PARTNER_NO_END) == RC_CONFLICT, "one parent a day in a tree");
    ok(relate(f, "owner", a, c, jul, jul) == RC_INVALID, "an empty time is refused");
    ok(relate(f, "family", a, c, jan, jul) == RC_INVALID, "so is a tree that is not ours");
    struct partner_edges edges;
    ok(partner_edges_on(&f->op, STR("owner"), jan, &edges) == RC_OK && edges.len == 2,
       "in January there are two edges");
    ok(partner_edges_on(&f->op, STR("owner"), jul, &edges) == RC_OK && edges.len == 2 &&
           edges.at[0].parent_id == b,
       "in July others");
    int64_t id = fixture_i64(f, "select max(id) from partner_relation");
    ok(scene_is(f, partner_relation_end(&f->op, id, 1, jul), RC_OK), "a relation ends");
    ok(scene_is(f, partner_relation_end(&f->op, id, 1, jul), RC_CONFLICT), "by revision");
}

static void deep(struct fixture *f)
{
    enum { LEVELS = 99 };
    struct scene s;
    int64_t above, jan = scene_day(2026, 1, 1);
    bool is_fine = true;
    scene_set(f, &s);
    int64_t top = above = scene_partner(f, s.north, "T0", "Top");
    for (int i = 1; i <= LEVELS; i++) {
        char code[20];
        (void)snprintf(code, sizeof code, "T%d", i);
        int64_t below = scene_partner(f, s.north, code, code);
        is_fine = is_fine && relate(f, "owner", above, below, jan, PARTNER_NO_END) == RC_OK;
        above = below;
    }
    ok(is_fine, "a hundred levels may stand under one another");
    ok(relate(f, "owner", above, top, jan, PARTNER_NO_END) == RC_CONFLICT,
       "a loop over all of them is found");
}

/* ---- sets ---- */

static struct i64_list list_of(struct fixture *f, int64_t a, int64_t b)
{
    struct i64_list list = {0};
    VEC_PUSH(f->arena, &list, a);
    if (b)
        VEC_PUSH(f->arena, &list, b);
    return list;
}

static void sets(struct fixture *f)
{
    struct scene s;
    struct partner p;
    struct partner_roles roles;
    struct partner_groups groups;
    struct str_list tags, wanted = {0};
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba"), group, second;
    struct i64_list ids = list_of(f, 1, 2), none = {0};
    ok(partner_roles_all(&f->op, &roles) == RC_OK && roles.len == 13 &&
           str_eq(roles.at[0].code, STR("dealer")) && roles.at[12].label_ru.len,
       "the roles of the house are there from the beginning, in three languages");
    ok(scene_is(f, partner_roles_set(&f->op, id, &ids), RC_OK) &&
           partner_roles_of(&f->op, id, &roles) == RC_OK && roles.len == 2,
       "a partner has several roles");
    ids.at[1] = 77;
    ok(partner_roles_set(&f->op, id, &ids) == RC_INVALID && scene_fault(f, "roles"),
       "of those that there are");
    struct partner_group g = {.code = STR("VIP"), .name = STR("Very important")};
    struct partner_group h = {.code = STR("NEW"), .name = STR("Newcomers")};
    ok(partner_group_save(&f->op, &g, &group) == RC_OK &&
           partner_group_save(&f->op, &h, &second) == RC_OK,
       "groups are made");
    ok(partner_group_save(&f->op, &g, &second) == RC_CONFLICT && scene_fault(f, "code"),
       "with codes of their own");
    ok(scene_is(f, partner_group_join(&f->op, id, group), RC_OK) &&
           partner_groups_of(&f->op, id, &groups) == RC_OK && groups.len == 1,
       "a partner joins one");
    ok(scene_is(f, partner_group_archive(&f->op, group, 1, true), RC_OK), "the group is archived");
    ok(partner_groups_set(&f->op, id, &none) == RC_OK &&
           partner_groups_of(&f->op, id, &groups) == RC_OK && groups.len == 1,
       "and the partner stays in it, as history");
    int64_t other = scene_partner(f, s.north, "D-2", "Boreal");
    ok(partner_group_join(&f->op, other, group) == RC_INVALID && scene_fault(f, "groups"),
       "but nobody joins it any more");
    VEC_PUSH(f->arena, &wanted, STR("  Big  Shop "));
    VEC_PUSH(f->arena, &wanted, STR("big shop"));
    ok(scene_is(f, partner_tags_set(&f->op, id, &wanted), RC_OK) &&
           partner_tags_of(&f->op, id, &tags) == RC_OK && tags.len == 1 &&
           str_eq(tags.at[0], STR("big shop")),
       "a tag has one spelling");
    ok(partner_tag_add(&f->op, id, STR("a,b")) == RC_INVALID && scene_fault(f, "tags"),
       "and no comma");
    ok(partner_tag_add(&f->op, other, STR("airport")) == RC_OK &&
           partner_tags_all(&f->op, &tags) == RC_OK && tags.len == 2,
       "the tags of all are known");
    ok(partner_get(&f->op, id, &p) == RC_OK && p.revision == 4,
       "each change of a set is a revision");
}

/* ---- contacts, addresses, bank ---- */

static void parts(struct fixture *f)
{
    struct scene s;
    struct partner_contacts contacts;
    struct partner_addresses addresses;
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba"), first, second;
    struct partner_contact c = {.partner_id = id, .name = STR("Ana"), .is_main = true};
    ok(partner_contact_save(&f->op, &c, &first) == RC_OK, "a contact is added");
    c.name = STR("Boris");
    c.email = STR("boris@example.org");
    ok(partner_contact_save(&f->op, &c, &second) == RC_OK, "and another");
    ok(partner_contacts_of(&f->op, id, &contacts) == RC_OK && contacts.len == 2 &&
           contacts.at[0].is_main && !contacts.at[1].is_main && contacts.at[0].id == second,
       "the last main one is the main one");
    c.email = STR("boris at home");
    ok(partner_contact_save(&f->op, &c, &second) == RC_INVALID && scene_fault(f, "email"),
       "an e-mail address is checked");
    ok(scene_is(f, partner_contact_archive(&f->op, first, 1), RC_CONFLICT),
       "a contact has revisions: it stopped being the main one");
    ok(scene_is(f, partner_contact_archive(&f->op, first, 2), RC_OK) &&
           partner_contacts_of(&f->op, id, &contacts) == RC_OK && contacts.len == 1,
       "an archived one is out of the way");
    struct partner_address a = {
        STR("legal"),
        {.country = STR("ES"), .city = STR("Valencia"), .line = STR("Calle Mayor 1")}};
    ok(scene_is(f, partner_address_set(&f->op, id, &a), RC_OK) &&
           partner_addresses_of(&f->op, id, &addresses) == RC_OK && addresses.len == 1,
       "an address is kept by its kind");
    a.at.country = STR("");
    ok(partner_address_set(&f->op, id, &a) == RC_INVALID && scene_fault(f, "address_country"),
       "an address has a country");
    a.at = (struct org_address){0};
    ok(scene_is(f, partner_address_set(&f->op, id, &a), RC_OK) &&
           partner_addresses_of(&f->op, id, &addresses) == RC_OK && addresses.len == 0,
       "an empty one goes");
}

static void bank(struct fixture *f)
{
    struct scene s;
    struct partner_banks banks;
    struct str number;
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba"), account, other;
    struct partner_bank b = {.partner_id = id,
                             .bank = {.kind = ORG_BANK_IBAN,
                                      .bank_name = STR("Banco Uno"),
                                      .number = STR("ES91 2100 0418 4502 0005 1332"),
                                      .currency = STR("EUR")},
                             .is_main = true};
    ok(scene_is(f, partner_bank_save(&f->op, &b, &account), RC_OK), "an account is added");
    ok(partner_banks_of(&f->op, id, &banks) == RC_OK && banks.len == 1 &&
           str_eq(banks.at[0].bank.number, STR("…1332")),
       "of which only the tail can be read");
    is_i64(fixture_i64(f, f->engine == DB_SQLITE
                              ? "select count(*) from partner_bank where "
                                "instr(cast(number_sealed as text), '21000418') > 0"
                              : "select count(*) from partner_bank where position("
                                "'21000418'::bytea in number_sealed) > 0"),
           0, "in the database it is enciphered");
    is_i64(fixture_i64(f, "select count(*) from audit_change where after like '%21000418%'"), 0,
           "and in the journal it is not at all");
    ok(partner_bank_reveal(&f->op, account, &number) == RC_OK &&
           str_eq(number, STR("ES9121000418450200051332")),
       "who may, reads it whole");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'partner.bank_read'"), 1,
           "which the journal says");
    b.bank.number = STR("ES91 2100 0418 4502 0005 1333");
    ok(partner_bank_save(&f->op, &b, &other) == RC_INVALID && scene_fault(f, "number"),
       "a wrong check digit is refused");
    fixture_sql(f, "update partner_bank set partner_id = partner_id");
    int64_t second = scene_partner(f, s.north, "D-2", "Boreal");
    char sql[100];
    (void)snprintf(sql, sizeof sql, "update partner_bank set partner_id = %lld", (long long)second);
    fixture_sql(f, sql);
    ok(scene_is(f, partner_bank_reveal(&f->op, account, &number), RC_BROKEN),
       "moved to another partner it does not open");
    f->op.actor = fx_staff(5, (const char *const[]){"partner.edit", "partner.read", NULL});
    f->op.actor.has_all_branches = true;
    ok(scene_is(f, partner_bank_reveal(&f->op, account, &number), RC_DENIED) &&
           scene_is(f, partner_bank_archive(&f->op, account, 1), RC_DENIED),
       "editing partners is not enough");
}

static void outlets(struct fixture *f)
{
    struct scene s;
    struct partner_outlet o;
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Aldaba"), outlet, other;
    struct partner_outlet in = {.partner_id = id, .code = STR("O-1"), .name = STR("Station")};
    ok(partner_outlet_save(&f->op, &in, &outlet) == RC_OK &&
           partner_outlet_by_code(&f->op, STR("O-1"), &o) == RC_OK && o.partner_id == id,
       "an outlet is found by its code");
    ok(partner_outlet_save(&f->op, &in, &other) == RC_CONFLICT && scene_fault(f, "code"),
       "which is its own");
    o.opened_day = SOME(scene_day(2026, 5, 1));
    o.closed_day = SOME(scene_day(2026, 4, 1));
    ok(partner_outlet_save(&f->op, &o, &other) == RC_INVALID && scene_fault(f, "closed"),
       "it does not close before it opens");
    f->op.actor = scene_staff_of(f, 50, s.south);
    ok(partner_outlet_get(&f->op, outlet, &o) == RC_MISSING, "staff of another branch see nothing");
    f->op.actor = fx_partner(60, id, (const char *const[]){"*", NULL});
    ok(partner_outlet_get(&f->op, outlet, &o) == RC_OK, "its partner sees it");
}

/* ---- scope and faults ---- */

static void scope(struct fixture *f)
{
    struct scene s;
    struct partner p;
    struct partner_choices found;
    scene_set(f, &s);
    int64_t north = scene_partner(f, s.north, "D-1", "Aldaba");
    int64_t south = scene_partner(f, s.south, "D-2", "Alameda");
    f->op.actor = scene_staff_of(f, 50, s.south);
    ok(partner_get(&f->op, north, &p) == RC_MISSING && partner_get(&f->op, south, &p) == RC_OK,
       "staff see the partners of their branches");
    ok(partner_search(&f->op, STR("ala"), &found) == RC_OK && found.len == 1,
       "also when they search");
    ok(scene_is(f, partner_archive(&f->op, north, 1, true), RC_MISSING),
       "what is not seen cannot be changed");
    f->op.actor = fx_partner(60, north, (const char *const[]){"*", NULL});
    ok(partner_get(&f->op, north, &p) == RC_OK && partner_get(&f->op, south, &p) == RC_MISSING,
       "a partner sees itself");
}

static void searching(struct fixture *f)
{
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {{"теле", 1}, {"ТЕЛЕ", 1},   {"d-00", 2},   {"7707083893", 1},
                 {"ё", 1},    {"100%", 1},   {"\"quo", 1},  {"_", 0},
                 {"100_", 0}, {"nobody", 0}, {"a' or 1", 0}};
    struct scene s;
    struct partner_choices found;
    int64_t id;
    scene_set(f, &s);
    (void)scene_partner(f, s.north, "D-001", "Тёплый ТелеКом");
    (void)scene_partner(f, s.north, "D-002", "100% Shop \"Quo\"");
    struct partner ru = {.code = STR("R-1"),
                         .name = STR("Bank"),
                         .kind = STR("company"),
                         .country = STR("RU"),
                         .branch_id = s.north,
                         .tax = {.number = STR("7707083893")}};
    ok(scene_is(f, partner_save(&f->op, &ru, &id), RC_OK), "a partner with a tax number");
    for (size_t i = 0; i < LEN(cases); i++)
        ok(partner_search(&f->op, str_of(cases[i].text), &found) == RC_OK &&
               found.len == cases[i].len,
           str_c(f->arena, str_printf(f->arena, "“%s” finds %zu", cases[i].text, cases[i].len)));
    ru.id = id;
    ru.revision = 1;
    ru.name = STR("Renamed");
    ok(scene_is(f, partner_save(&f->op, &ru, &id), RC_OK) &&
           partner_search(&f->op, STR("renam"), &found) == RC_OK && found.len == 1 &&
           partner_search(&f->op, STR("bank"), &found) == RC_OK && found.len == 0,
       "the index follows a new name");
}

/* Whatever statement fails, the partner is as before or as asked, and the journal says the same. */
static void faults(struct fixture *f)
{
    struct scene s;
    struct partner p;
    bool is_whole = true, has_fired = true;
    int64_t out;
    scene_set(f, &s);
    int64_t id = scene_partner(f, s.north, "D-1", "Before");
    int tries = 0;
    for (int n = 1; has_fired && n < 100; n++, tries++) {
        fixture_fresh_op(f);
        is_whole = is_whole && partner_get(&f->op, id, &p) == RC_OK;
        struct str name = str_printf(f->op.arena, "After %d", n);
        p.name = name;
        db_faulty_arm(f->db, n, DB_FAIL_FULL);
        enum rc rc = partner_save(&f->op, &p, &out);
        has_fired = db_faulty_fired(f->db);
        db_faulty_arm(f->db, 0, DB_FAIL_FULL);
        int64_t revision = p.revision;
        fault_clear(&f->op.fault);
        is_whole = is_whole && partner_get(&f->op, id, &p) == RC_OK;
        is_whole = is_whole && (rc == RC_OK ? p.revision == revision + 1 : p.revision == revision);
        is_whole = is_whole && (rc == RC_OK) == !has_fired;
    }
    ok(tries > 3 && is_whole, "a save that fails anywhere has not happened");
    is_i64(fixture_i64(f, "select count(*) from audit where action = 'partner.edit'"), 1,
           "and the journal has only the one that has");
}

int main(void)
{
    scene_declare();
    fixture_each(saving);
    fixture_each(states);
    fixture_each(blocking);
    fixture_each(trees);
    fixture_each(deep);
    fixture_each(sets);
    fixture_each(parts);
    fixture_each(bank);
    fixture_each(outlets);
    fixture_each(scope);
    fixture_each(searching);
    fixture_each(faults);
    return done_testing();
}
