/* Tests of the checks of people's data, with numbers that exist. */
#include "tests/tap.h"
#include "text/text.h"

typedef const char *check(struct arena *arena, struct str text, struct str *out);

static struct arena *arena;

static void accepts(check *run_check, const char *text, const char *want)
{
    struct str out = STR_NONE;
    const char *wrong = run_check(arena, str_of(text), &out);
    char name[160];
    (void)snprintf(name, sizeof(name), "%s is accepted%s%s", text, wrong ? ": " : "",
                   wrong ? wrong : "");
    if (ok(!wrong, name))
        is_str(out, want, "and stored as");
}

static void refuses(check *run_check, const char *text, const char *words)
{
    struct str out = STR("untouched");
    const char *wrong = run_check(arena, str_of(text), &out);
    char name[160];
    (void)snprintf(name, sizeof(name), "\"%s\" is refused: %s", text, words);
    if (!ok(wrong && strstr(wrong, words) && str_eq(out, STR("untouched")), name))
        printf("# said: %s\n", wrong ? wrong : "nothing");
}

static void test_people(void)
{
    accepts(check_email, " ana.perez+x@Example.COM ", "ana.perez+x@example.com");
    accepts(check_email, "info@телеком.рф", "info@xn--e1aapchlx.xn--p1ai");
    refuses(check_email, "ana", "not an e-mail");
    refuses(check_email, "ana@", "not an e-mail");
    refuses(check_email, "@example.com", "not an e-mail");
    refuses(check_email, "a..b@example.com", "not an e-mail");
    refuses(check_email, "a@b@example.com", "not an e-mail");
    refuses(check_email, "a b@example.com", "not an e-mail");
    refuses(check_email, "a@localhost", "not an e-mail");
    refuses(check_email, "a@example..com", "not an e-mail");
    refuses(check_email, "a@example.com\r\nBcc: x@y.z", "not an e-mail");

    accepts(check_phone, "+34 612 34 56 78", "+34612345678");
    accepts(check_phone, "8 (916) 123-45-67", "+79161234567");
    accepts(check_phone, "916 123 45 67", "+79161234567");
    accepts(check_phone, "7 916 123-45-67", "+79161234567");
    accepts(check_phone, "0034 612.345.678", "+34612345678");
    refuses(check_phone, "612345678", "country code");
    refuses(check_phone, "+7 916", "not a whole");
    refuses(check_phone, "+7 916 123 45 67 89 01 2", "not a whole");
    refuses(check_phone, "call me", "only digits");
    refuses(check_phone, "", "country code");

    accepts(check_country, "es", "ES");
    refuses(check_country, "XX", "country code");
    accepts(check_url, "HTTPS://Example.com:8443/a?b=c#d", "https://example.com:8443/a?b=c#d");
    accepts(check_url, "http://телеком.рф", "http://xn--e1aapchlx.xn--p1ai");
    refuses(check_url, "javascript:alert(1)", "not a web address");
    refuses(check_url, "ftp://example.com", "Only http");
    refuses(check_url, "https://user:pw@example.com/", "user name");
    refuses(check_url, "https://", "not a web address");
    refuses(check_url, "https://example.com:0/", "not a web address");
    refuses(check_url, "https://exa mple.com/", "not a web address");
    refuses(check_url, "https://example.com/\"x", "not a web address");
    accepts(check_code, " АГ-2024/117 ", "АГ-2024/117");
    refuses(check_code, "", "needed");
    refuses(check_code, "a b", "only letters");
    refuses(check_code, "12345678901234567890123456789012345678901234567890123456789012345",
            "at most 64");
}

static void test_russia(void)
{
    accepts(check_inn, "7707083893", "7707083893");
    accepts(check_inn, "5001 0073 2259", "500100732259");
    refuses(check_inn, "7707083894", "check digit");
    refuses(check_inn, "500100732269", "check digit");
    refuses(check_inn, "0000000000", "check digit");
    refuses(check_inn, "770708389", "10 digits");
    accepts(check_kpp, "773601001", "773601001");
    accepts(check_kpp, "7736ab001", "7736AB001");
    refuses(check_kpp, "77360100A", "nine digits");
    accepts(check_ogrn, "1027700132195", "1027700132195");
    accepts(check_ogrn, "304500116000157", "304500116000157");
    refuses(check_ogrn, "1027700132196", "check digit");
    refuses(check_ogrn, "102770013219", "13 digits");
    accepts(check_bik, "044525225", "044525225");
    refuses(check_bik, "144525225", "begins with 0");
}

static const char *account_of(const char *account, const char *bik)
{
    struct str out;
    return check_ru_account(arena, str_of(account), str_of(bik), &out);
}

static void test_banks(void)
{
    ok(!account_of("30101810400000000225", "044525225"), "a correspondent account fits its bank");
    ok(!account_of("40102810445370000059", "017003983"), "a treasury account fits its body");
    ok(!account_of("03100643000000018500", "017003983"), "a budget account fits it too");
    ok(account_of("03100643000000018500", "044525225"), "but not a commercial bank");
    const char *wrong = account_of("30101810500000000225", "044525225");
    ok(wrong && strstr(wrong, "does not fit the BIK"), "a wrong key is refused");
    wrong = account_of("3010181040000000022", "044525225");
    ok(wrong && strstr(wrong, "20 digits"), "so is another length");
    wrong = account_of("30101810400000000225", "04452522");
    ok(wrong && strstr(wrong, "without a correct BIK"), "a wrong BIK is named");
    int fitting = 0;
    for (int key = 0; key <= 9; key++) {
        char account[] = "40817810x00000012345";
        account[8] = (char)('0' + key);
        fitting += !account_of(account, "044525225");
    }
    is_i64(fitting, 1, "exactly one key digit of ten fits");

    accepts(check_iban, "ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332");
    accepts(check_iban, "gb82west12345698765432", "GB82WEST12345698765432");
    accepts(check_iban, "DE89370400440532013000", "DE89370400440532013000");
    accepts(check_iban, "NO9386011117947", "NO9386011117947");
    accepts(check_iban, "MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S");
    refuses(check_iban, "ES9121000418450200051333", "check digits");
    refuses(check_iban, "ES912100041845020005133", "another length");
    refuses(check_iban, "US9121000418450200051332", "no IBAN");
    refuses(check_iban, "", "begins with");
    accepts(check_swift, "caixesbbxxx", "CAIXESBBXXX");
    accepts(check_swift, "SABRRUMM", "SABRRUMM");
    refuses(check_swift, "SABRQQMM", "8 or 11");
    refuses(check_swift, "SABRRUM", "8 or 11");

    accepts(check_nif, "12345678-z", "12345678Z");
    accepts(check_nif, "X1234567L", "X1234567L");
    accepts(check_nif, "ESA58818501", "A58818501");
    accepts(check_nif, "Q2818002D", "Q2818002D");
    refuses(check_nif, "12345678A", "control character");
    refuses(check_nif, "A58818502", "control character");
    refuses(check_nif, "1234", "nine characters");
}

int main(void)
{
    arena = arena_new(0);
    test_people();
    test_russia();
    test_banks();
    arena_free(arena);
    return done_testing();
}
