/* The passwords that attackers try first, of those long enough to pass the length rule, and the
 * shapes that people make them from. A list of thousands would refuse little more: what is not
 * here falls to the limits on tries. */
#include "auth/auth_int.h"

static const char *const common[] = {
    "00000000",    "0000000000",   "01234567",    "0123456789",   "09876543",      "0987654321",
    "10101010",    "11111111",     "1111111111",  "11223344",     "1122334455",    "12121212",
    "12312312",    "123123123",    "12341234",    "1234512345",   "12345678",      "123456789",
    "1234567890",  "12345679",     "1234567q",    "1234567a",     "12345qwert",    "12qwaszx",
    "13131313",    "147258369",    "14789632",    "159753456",    "1a2b3c4d",      "1q2w3e4r",
    "1q2w3e4r5t",  "1q2w3e4r5t6y", "1qaz2wsx",    "1qaz2wsx3edc", "1qazxsw2",      "20202020",
    "22222222",    "23232323",     "31415926",    "33333333",     "44444444",      "55555555",
    "66666666",    "69696969",     "77777777",    "87654321",     "88888888",      "98765432",
    "987654321",   "9876543210",   "99999999",    "a1234567",     "a12345678",     "a1b2c3d4",
    "aa123456",    "aaaaaaaa",     "abc12345",    "abc123456",    "abcd1234",      "abcdefgh",
    "abcdefg1",    "access14",     "admin123",    "admin1234",    "administrator", "alejandra",
    "alejandro",   "alexander",    "alexandra",   "anderson",     "arsenal1",      "asd123456",
    "asdasdasd",   "asdf1234",     "asdfasdf",    "asdfghjk",     "asdfghjkl",     "asdfjkl;",
    "asdqwe123",   "azertyuiop",   "babygirl",    "barcelona",    "baseball",      "baseball1",
    "basketball",  "baystate",     "benjamin",    "bismillah",    "blessed1",      "blink182",
    "brooklyn",    "bubbles1",     "butterfly",   "california",   "caroline",      "changeme",
    "changeme1",   "changeme123",  "charlie1",    "charlotte",    "chelsea1",      "chocolate",
    "christian",   "christopher",  "cocacola",    "computer",     "computer1",     "contraseña",
    "contrasena",  "corvette",     "courtney",    "cristina",     "danielle",      "dearbook",
    "december",    "default1",     "dinosaur",    "diamond1",     "dragon12",      "dragon123",
    "einstein",    "elephant",     "elizabeth",   "estrella",     "everton1",      "falcon12",
    "favorite",    "felicidad",    "fernando",    "florence",     "football",      "football1",
    "forever1",    "franklin",     "freedom1",    "friendly",     "friends1",      "fuckyou1",
    "fuckyou2",    "gabriela",     "garfield",    "gateway1",     "giovanni",      "godzilla",
    "gracias1",    "guadalupe",    "guest123",    "handball",     "hardcore",      "hello123",
    "hello1234",   "helpdesk",     "hercules",    "hockey12",     "hola1234",      "hollywood",
    "hola12345",   "homepage",     "iloveyou",    "iloveyou1",    "iloveyou2",     "internet",
    "isabella",    "jamesbond",    "jasmine1",    "jennifer",     "jessica1",      "jonathan",
    "jordan23",    "jordan123",    "justin123",   "k1234567",     "killer12",      "king1234",
    "kristina",    "langlang",     "lakers24",    "leonardo",     "letmein1",      "letmein123",
    "liberty1",    "linkedin",     "liverpool",   "liverpool1",   "lollipop",      "lovelove",
    "loveyou1",    "mariposa",     "marlboro",    "master12",     "master123",     "matthew1",
    "mercedes",    "metallica",    "michael1",    "michelle",     "microsoft",     "midnight",
    "minecraft",   "monkey12",     "monkey123",   "mustang1",     "mypassword",    "naruto12",
    "natalia1",    "newyork1",     "nicholas",    "nintendo",     "november",      "p@ssw0rd",
    "p@ssword",    "pa55w0rd",     "pa55word",    "pakistan",     "parola12",      "pass1234",
    "pass12345",   "passport",     "passw0rd",    "passw0rd1",    "password",      "password!",
    "password0",   "password01",   "password1",   "password1!",   "password11",    "password12",
    "password123", "password1234", "password2",   "password3",    "passwort",      "patricia",
    "penelope",    "pokemon1",     "politics",    "pr1ncess",     "princesa",      "princess",
    "princess1",   "property",     "q1w2e3r4",    "q1w2e3r4t5",   "q1w2e3r4t5y6",  "qawsedrf",
    "qazwsx12",    "qazwsx123",    "qazwsxedc",   "qazxswedc",    "qwe123456",     "qweasdzxc",
    "qweqweqwe",   "qwer1234",     "qwerasdf",    "qwert123",     "qwert1234",     "qwerty12",
    "qwerty123",   "qwerty1234",   "qwerty12345", "qwertyui",     "qwertyuiop",    "qwertyu1",
    "realmadrid",  "remember",     "reset123",    "roberto1",     "rockstar",      "samantha",
    "sandiego",    "santiago",     "sebastian",   "secret12",     "secret123",     "security",
    "september",   "serenity",     "shadow12",    "shadow123",    "slipknot",      "snowball",
    "softball",    "spiderman",    "spongebob",   "starwars",     "starwars1",     "stephanie",
    "steelers",    "student1",     "summer12",    "sunshine",     "sunshine1",     "superman",
    "superman1",   "superstar",    "swordfish",   "teamo123",     "temporal",      "test1234",
    "test12345",   "testing1",     "testtest",    "tiger123",     "tinkerbell",    "tottenham",
    "trustno1",    "tweety12",     "unicorns",    "universal",    "usuario1",      "valentina",
    "valentine",   "veronica",     "victoria",    "volleyball",   "welcome1",      "welcome12",
    "welcome123",  "whatever",     "whatever1",   "william1",     "windows1",      "winter12",
    "x1234567",    "yankees1",     "z1234567",    "zaq12wsx",     "zaq1xsw2",      "zxcvbnm1",
    "zxcvbnm123",  "zxcvbnm,",     "zzzzzzzz",    "zxcasdqwe",    "qwerty",        "admin",
    "welcome",     "letmein",      "dragon",      "monkey",       "master",        "test",
    "hello",       "pass",         "login",       "secret",       "summer",        "winter",
    "kontor",      "йцукенгш",     "йцукен",      "пароль",       "привет",
};

/* "aaaaaaaa", "12345678", "hgfedcba": each step is the same, -1, 0 or 1. */
static bool is_run(struct str s)
{
    int step = 0;
    for (size_t i = 1; i < s.len; i++) {
        int now = (unsigned char)s.at[i] - (unsigned char)s.at[i - 1];
        if (now < -1 || now > 1 || (i > 1 && now != step))
            return false;
        step = now;
    }
    return true;
}

/* Without the digits and marks that people put at the end of a word. */
static struct str stem(struct str s)
{
    while (s.len && !((s.at[s.len - 1] >= 'a' && s.at[s.len - 1] <= 'z') ||
                      (unsigned char)s.at[s.len - 1] >= 0x80))
        s.len--;
    return s;
}

bool auth__password_is_common(struct str password)
{
    AUTO_ARENA arena = arena_new(1024 * 1024);
    struct str fold = text_fold(arena, password);
    if (is_run(fold))
        return true;
    struct str word = stem(fold);
    for (size_t i = 0; i < LEN(common); i++)
        if (str_eq(fold, str_of(common[i])) || (word.len && str_eq(word, str_of(common[i]))))
            return true;
    return false;
}
