/* Names of people and companies in three languages, addresses, and numbers whose check digits are
 * right: a digit is tried until the check that forms use takes it, so the rules stand in one place.
 * Nobody here exists; domains end in .example and phones lie in ranges kept for fiction where a
 * country has one. */
#include "demo/demo_int.h"

/* ---- people ---- */

static const char *const ru_men[] = {"Алексей", "Дмитрий", "Сергей",  "Андрей", "Михаил",
                                     "Павел",   "Артём",   "Николай", "Виктор", "Илья"};
static const char *const ru_women[] = {"Анна",  "Мария", "Елена", "Ольга",    "Наталья",
                                       "Ирина", "Юлия",  "Дарья", "Светлана", "Вера"};
static const char *const ru_surnames[] = {"Соколов", "Морозов", "Волков",   "Лебедев", "Кузнецов",
                                          "Новиков", "Орлов",   "Макаров",  "Фёдоров", "Никитин",
                                          "Захаров", "Беляев",  "Гаврилов", "Титов",   "Панин",
                                          "Ершов",   "Комаров", "Осипов",   "Фролов",  "Зимин"};
static const char *const es_names[] = {"Lucía", "Carmen", "Javier", "Marta", "Álvaro",
                                       "Elena", "Diego",  "Sofía",  "Pablo", "Irene",
                                       "Raúl",  "Noelia", "Andrés", "Clara"};
static const char *const es_surnames[] = {"García", "Serrano", "Núñez",  "Ortega", "Molina",
                                          "Vidal",  "Ibáñez",  "Castro", "Prieto", "Rubio",
                                          "Campos", "Herrero", "Peña",   "Ferrer"};
static const char *const en_names[] = {"Emma",   "Oliver", "Grace",  "Thomas", "Amelia", "Harry",
                                       "Sophie", "Daniel", "Hannah", "Lewis",  "Chloe",  "Adam"};
static const char *const en_surnames[] = {"Whitfield", "Barlow",    "Hargreaves", "Bennett",
                                          "Ashworth",  "Pemberton", "Lockwood",   "Marsh",
                                          "Fletcher",  "Sutton",    "Holloway",   "Kerr"};

#define PICK(demo, list) ((list)[demo_pick((demo), LEN(list))])

struct str demo_person_name(struct demo *demo, enum demo_land land)
{
    if (land == DEMO_RU) {
        bool is_woman = demo_percent(demo, 50);
        const char *first = is_woman ? PICK(demo, ru_women) : PICK(demo, ru_men);
        return str_printf(demo->arena, "%s %s%s", first, PICK(demo, ru_surnames),
                          is_woman ? "а" : "");
    }
    if (land == DEMO_ES) {
        const char *first = PICK(demo, es_names), *father = PICK(demo, es_surnames);
        return str_printf(demo->arena, "%s %s %s", first, father, PICK(demo, es_surnames));
    }
    const char *first = PICK(demo, en_names);
    return str_printf(demo->arena, "%s %s", first, PICK(demo, en_surnames));
}

/* ---- companies: two words each, a different pair for every number ---- */

static const char *const ru_heads[] = {"Урал",    "Волга",  "Нева",   "Сибирь",  "Дон",    "Кама",
                                       "Енисей",  "Байкал", "Алтай",  "Балтика", "Восток", "Север",
                                       "Столица", "Печора", "Ладога", "Заря"};
static const char *const ru_tails[] = {"Связь",  "Телеком", "Контакт", "Мобайл",
                                       "Сервис", "Цифра",   "Линк"};
static const char *const es_heads[] = {"Telefonía", "Móviles", "Conecta",
                                       "Redes",     "Señal",   "Comunicaciones"};
static const char *const es_tails[] = {
    "Ebro",     "Levante",  "Cantábrico", "Mediterráneo", "Castilla",      "Duero",      "Guadiana",
    "Alhambra", "Montjuïc", "Retiro",     "Galicia",      "Sierra Nevada", "Costa Brava"};
static const char *const en_heads[] = {"Harbour",  "Northgate",  "Kingsway",   "Riverside",
                                       "Old Mill", "Castle",     "Greenfield", "Westbridge",
                                       "Highland", "Stonehouse", "Lakeside"};
static const char *const en_tails[] = {"Mobile", "Telecom", "Connect", "Wireless", "Networks"};

static struct str two_words(struct demo *demo, const char *const *heads, size_t heads_len,
                            const char *const *tails, size_t tails_len, size_t i,
                            const char *between)
{
    size_t head = i % heads_len, tail = (i / heads_len + head) % tails_len;
    return str_printf(demo->arena, "%s%s%s", heads[head], between, tails[tail]);
}

struct str demo_company_name(struct demo *demo, enum demo_land land, size_t i)
{
    if (land == DEMO_RU)
        return two_words(demo, ru_heads, LEN(ru_heads), ru_tails, LEN(ru_tails), i, "-");
    if (land == DEMO_ES)
        return two_words(demo, es_heads, LEN(es_heads), es_tails, LEN(es_tails), i, " ");
    return two_words(demo, en_heads, LEN(en_heads), en_tails, LEN(en_tails), i, " ");
}

struct str demo_legal_name(struct demo *demo, const struct demo_partner *partner)
{
    const char *kind = partner->kind;
    bool is_company = strcmp(kind, "company") == 0;
    if (partner->land == DEMO_RU && is_company)
        return str_printf(demo->arena, "ООО «" STR_FMT "»", STR_ARG(partner->name));
    if (partner->land == DEMO_RU && strcmp(kind, "sole_trader") == 0)
        return str_printf(demo->arena, "ИП " STR_FMT, STR_ARG(partner->person));
    if (!is_company)
        return partner->person;
    return str_printf(demo->arena, STR_FMT " %s", STR_ARG(partner->name),
                      partner->land == DEMO_ES ? "SL" : "Ltd");
}

/* ---- numbers ---- */

static void digits(struct demo *demo, char *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (char)('0' + demo_pick(demo, 10));
    out[len] = '\0';
}

static const char control_signs[] = "0123456789ABCDEFGHIJKLMNPQRSTVWXYZ";

typedef const char *check_fn(struct arena *arena, struct str text, struct str *out);

/* The sign at `at` that makes the text right. A wrong rule is found here, at once. */
static struct str complete(struct demo *demo, char *text, size_t at, check_fn *check)
{
    struct str out = STR("");
    for (const char *sign = control_signs; *sign; sign++) {
        text[at] = *sign;
        if (!check(demo->arena, str_of(text), &out))
            return str_dup(demo->arena, out);
    }
    assert(false && "no check digit fits");
    return out;
}

/* The two last digits of a person's INN depend on each other. */
static struct str person_inn(struct demo *demo)
{
    char text[16];
    struct str out;
    digits(demo, text, 12);
    text[0] = text[1] = '7';
    for (int pair = 0; pair < 100; pair++) {
        text[10] = (char)('0' + pair / 10);
        text[11] = (char)('0' + pair % 10);
        if (!check_inn(demo->arena, str_of(text), &out))
            return str_dup(demo->arena, out);
    }
    assert(false && "no check digits fit");
    return STR("");
}

struct str demo_tax_number(struct demo *demo, enum demo_land land, bool is_company)
{
    char text[16];
    digits(demo, text, 12);
    switch (land) {
    case DEMO_RU:
        if (!is_company)
            return person_inn(demo);
        text[0] = text[1] = '7';
        text[10] = '\0';
        return complete(demo, text, 9, check_inn);
    case DEMO_ES:
        text[0] = is_company ? 'B' : '5';
        text[9] = '\0';
        return complete(demo, text, 8, check_nif);
    default: return str_printf(demo->arena, "GB%.9s", text);
    }
}

struct str demo_registration(struct demo *demo, enum demo_land land, bool is_company)
{
    char text[20];
    digits(demo, text, 15);
    if (land == DEMO_RU) {
        memcpy(text, is_company ? "117" : "317", 3);
        text[is_company ? 13 : 15] = '\0';
        return complete(demo, text, is_company ? 12 : 14, check_ogrn);
    }
    if (!is_company)
        return STR("");
    return str_printf(demo->arena, "%.8s", text);
}

struct str demo_phone(struct demo *demo, enum demo_land land)
{
    char text[8];
    digits(demo, text, 6);
    switch (land) {
    case DEMO_RU:
        return str_printf(demo->arena, "+7495%.7s%c", text, (char)('0' + demo_pick(demo, 10)));
    case DEMO_ES: return str_printf(demo->arena, "+34910%.6s", text);
    default: return str_printf(demo->arena, "+442079460%.3s", text); /* kept for fiction */
    }
}

/* ---- places ---- */

static const struct {
    enum demo_land land;
    const char *region, *city, *postcode;
} places[DEMO_BRANCHES] = {
    {DEMO_RU, "", "Москва", "101000"},
    {DEMO_RU, "", "Санкт-Петербург", "190000"},
    {DEMO_RU, "Свердловская область", "Екатеринбург", "620014"},
    {DEMO_ES, "Madrid", "Madrid", "28013"},
    {DEMO_ES, "Barcelona", "Barcelona", "08002"},
    {DEMO_GB, "Greater London", "London", "EC1A 1BB"},
};

static const char *const ru_streets[] = {"ул. Садовая",  "пр. Мира",      "ул. Лесная",
                                         "ул. Заречная", "наб. Северная", "ул. Полевая"};
static const char *const es_streets[] = {"Calle Mayor", "Calle del Olmo", "Avenida de la Paz",
                                         "Calle Nueva", "Paseo del Prado"};
static const char *const en_streets[] = {"High Street", "Station Road", "Church Lane", "Mill Road",
                                         "Queen Street"};

enum demo_land demo_branch_land(size_t branch)
{
    return places[branch].land;
}

void demo_address(struct demo *demo, size_t branch, struct org_address *out)
{
    enum demo_land land = places[branch].land;
    int number = 1 + (int)demo_pick(demo, 120);
    struct str line;
    if (land == DEMO_RU)
        line = str_printf(demo->arena, "%s, д. %d", PICK(demo, ru_streets), number);
    else if (land == DEMO_ES)
        line = str_printf(demo->arena, "%s, %d", PICK(demo, es_streets), number);
    else
        line = str_printf(demo->arena, "%d %s", number, PICK(demo, en_streets));
    *out = (struct org_address){.country = str_of(demo_country(land)),
                                .region = str_of(places[branch].region),
                                .postcode = str_of(places[branch].postcode),
                                .city = str_of(places[branch].city),
                                .line = line};
}

const char *demo_country(enum demo_land land)
{
    static const char *const countries[DEMO_LANDS] = {"RU", "ES", "GB"};
    return countries[land];
}

/* ---- money ---- */

const struct currency *demo_currency(enum demo_land land)
{
    static const char *const codes[DEMO_LANDS] = {"RUB", "EUR", "GBP"};
    return currency_find(str_of(codes[land]));
}

int64_t demo_minor(enum demo_land land, int64_t euro_cents)
{
    return land == DEMO_RU ? euro_cents * 100 : land == DEMO_ES ? euro_cents : euro_cents * 4 / 5;
}

static struct str ru_account(struct demo *demo, const char *bik)
{
    static const struct str kind = STR_INIT("40702810"); /* a company's, in roubles */
    char text[24];
    struct str out;
    digits(demo, text, 20);
    memcpy(text, kind.at, kind.len);
    for (int key = 0; key <= 9; key++) {
        text[8] = (char)('0' + key);
        if (!check_ru_account(demo->arena, str_of(text), str_of(bik), &out))
            return str_dup(demo->arena, out);
    }
    assert(false && "no key fits");
    return STR("");
}

static struct str iban(struct demo *demo, const char *head, size_t digits_len)
{
    char tail[32];
    struct str out;
    digits(demo, tail, digits_len);
    for (int pair = 2; pair < 99; pair++) {
        struct str text = str_printf(demo->arena, "%.2s%02d%s%s", head, pair, head + 2, tail);
        if (!check_iban(demo->arena, text, &out))
            return out;
    }
    assert(false && "no check digits fit");
    return STR("");
}

void demo_bank(struct demo *demo, enum demo_land land, struct org_bank *out)
{
    *out = (struct org_bank){.corr_number = STR(""), .currency = str_of(demo_currency(land)->code)};
    if (land == DEMO_RU) {
        out->kind = ORG_BANK_RU;
        out->bank_name = STR("АО «Банк Примерный»");
        out->bank_code = STR("044525997");
        out->number = ru_account(demo, "044525997");
        return;
    }
    out->kind = ORG_BANK_IBAN;
    out->bank_name = land == DEMO_ES ? STR("Banco Ejemplar") : STR("Sample Bank");
    out->bank_code = STR("");
    out->number = land == DEMO_ES ? iban(demo, "ES", 20) : iban(demo, "GBKONT", 14);
}
