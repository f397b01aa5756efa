/* tidy: the house linter. It knows the rules of this project that no general linter does: include
 * directions (tools/layers), private headers, banned calls, SQL and HTML only where they belong,
 * no floating point near money, sizes of functions, lines and files, initialised AUTO_ variables.
 * It reads text, not syntax: the rules are chosen so that text is enough, and clang-format has
 * made the text regular. usage: tidy ROOT */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/base.h"

enum { LINE_MAX = 100, FUNCTION_MAX = 70, FILE_MAX = 800, MODULES_MAX = 128 };

struct module {
    struct str name;
    bool may_see[MODULES_MAX];
    bool is_listed;
};

struct house {
    struct arena *arena;
    struct str root;
    struct module modules[MODULES_MAX];
    size_t modules_len;
    size_t complaints;
    struct str_list files; /* paths below the root */
};

struct source {
    struct str path;   /* "src/partner/partner.c" */
    struct str module; /* "partner", or "" outside src/ */
    struct str text;
    bool is_test, is_header;
};

static void complain(struct house *house, struct str path, size_t line, const char *format, ...)
    PRINTF(4, 5);
static void complain(struct house *house, struct str path, size_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vprintf(house->arena, format, args);
    va_end(args);
    printf(STR_FMT ":%zu: " STR_FMT "\n", STR_ARG(path), line, STR_ARG(text));
    house->complaints++;
}

static struct str read_file(struct house *house, struct str path)
{
    const char *whole = str_c(house->arena, str_printf(house->arena, STR_FMT "/" STR_FMT,
                                                       STR_ARG(house->root), STR_ARG(path)));
    FILE *file = fopen(whole, "rb");
    if (!file)
        return STR_NONE;
    AUTO_BUF content = BUF(16 << 20);
    char part[65536];
    size_t got;
    while ((got = fread(part, 1, sizeof(part), file)) > 0)
        buf_put(&content, (struct str){part, got});
    (void)fclose(file);
    return str_dup(house->arena, buf_str(&content));
}

/* ---- the tree ---- */

static bool is_skipped(const char *name)
{
    return name[0] == '.' || strcmp(name, "build") == 0 || strcmp(name, "node_modules") == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void walk(struct house *house, struct str folder)
{
    const char *whole = str_c(house->arena, str_printf(house->arena, STR_FMT "/" STR_FMT,
                                                       STR_ARG(house->root), STR_ARG(folder)));
    DIR *dir = opendir(whole);
    if (!dir)
        return;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (is_skipped(entry->d_name))
            continue;
        struct str path = str_printf(house->arena, STR_FMT "/%s", STR_ARG(folder), entry->d_name);
        struct stat info;
        const char *at = str_c(house->arena, str_printf(house->arena, STR_FMT "/" STR_FMT,
                                                        STR_ARG(house->root), STR_ARG(path)));
        if (stat(at, &info) == 0 && S_ISDIR(info.st_mode))
            walk(house, path);
        else
            VEC_PUSH(house->arena, &house->files, path);
    }
    (void)closedir(dir);
}

/* ---- layers ---- */

static size_t module_index(const struct house *house, struct str name)
{
    for (size_t i = 0; i < house->modules_len; i++)
        if (str_eq(house->modules[i].name, name))
            return i;
    return SIZE_MAX;
}

static void layer_line(struct house *house, struct str line, size_t number)
{
    struct str seen = line;
    struct str name = str_trim(str_cut(&seen, ':'));
    assert(house->modules_len < MODULES_MAX);
    size_t self = house->modules_len++;
    struct module *module = &house->modules[self];
    *module = (struct module){.name = name, .is_listed = true};
    module->may_see[self] = true;
    while (seen.at) {
        struct str word = str_trim(str_cut(&seen, ' '));
        if (word.len == 0)
            continue;
        if (str_eq(word, STR("*"))) {
            memset(module->may_see, true, sizeof(module->may_see));
            continue;
        }
        size_t other = module_index(house, word);
        if (other == SIZE_MAX || other == self) {
            complain(house, STR("tools/layers"), number, "%.*s is not named above this line",
                     (int)word.len, word.at);
            continue;
        }
        for (size_t i = 0; i < MODULES_MAX; i++)
            module->may_see[i] |= house->modules[other].may_see[i];
    }
}

static void read_layers(struct house *house)
{
    struct str text = read_file(house, STR("tools/layers"));
    for (size_t number = 1; text.at; number++) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len > 0 && line.at[0] != '#')
            layer_line(house, line, number);
    }
}

/* ---- one line of C ---- */

static bool is_word_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The offset of `word` standing alone, from `from`. */
static size_t find_word(struct str line, const char *word, size_t from)
{
    size_t len = strlen(word);
    for (size_t at = str_find(line, str_of(word), from); at != SIZE_MAX;
         at = str_find(line, str_of(word), at + 1)) {
        bool starts = at == 0 || !is_word_char(line.at[at - 1]);
        bool ends = at + len == line.len || !is_word_char(line.at[at + len]);
        if (starts && ends)
            return at;
    }
    return SIZE_MAX;
}

/* The code of the text with comments blanked and, in `code`, the content of literals blanked too;
 * newlines stay, so lines keep their numbers. */
static struct str blanked(struct arena *arena, struct str text, bool keep_strings)
{
    enum { CODE, COMMENT, STRING, CHARACTER } state = CODE;
    char *out = str_c(arena, text);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], next = i + 1 < text.len ? text.at[i + 1] : 0;
        bool is_kept = state == CODE || (state == STRING && keep_strings);
        if (state == CODE && c == '/' && next == '*') {
            state = COMMENT;
            is_kept = false;
        } else if (state == COMMENT && c == '*' && next == '/') {
            out[i] = ' ';
            out[++i] = ' ';
            state = CODE;
            continue;
        } else if (state == CODE && (c == '"' || c == '\'')) {
            state = c == '"' ? STRING : CHARACTER;
        } else if ((state == STRING || state == CHARACTER) && c == '\\') {
            if (!is_kept)
                out[i] = out[i + 1] = ' ';
            i++;
            continue;
        } else if ((state == STRING && c == '"') || (state == CHARACTER && c == '\'')) {
            state = CODE;
            is_kept = true;
        }
        if (!is_kept && c != '\n')
            out[i] = ' ';
    }
    return (struct str){out, text.len};
}

/* ---- rules over one line ---- */

static bool is_scene(struct str path)
{
    return str_ends(path, STR("_scene.h"));
}

static void check_include(struct house *house, const struct source *source, struct str line,
                          size_t number)
{
    if (!str_starts(line, STR("#include \"")) || source->module.len == 0)
        return;
    struct str path = str_sub(line, 10, line.len - 11);
    struct str file = path;
    struct str module = str_cut(&file, '/');
    bool is_of_tests = str_eq(module, STR("tests")) || str_eq(module, STR("tools"));
    if (!file.at || (source->is_test && is_of_tests)) /* a test may hold a tool whole */
        return;
    size_t self = module_index(house, source->module), other = module_index(house, module);
    if (self == SIZE_MAX)
        return; /* said once, by check_modules */
    if (other == SIZE_MAX || !house->modules[self].may_see[other]) {
        complain(house, source->path, number, "%.*s may not include %.*s (tools/layers)",
                 (int)source->module.len, source->module.at, (int)path.len, path.at);
        return;
    }
    if (str_eq(module, source->module) || str_eq(module, STR("base")))
        return;
    if (is_scene(file) && (source->is_test || is_scene(source->path)))
        return; /* tests of a module may begin with the company of one below it */
    struct str own = str_printf(house->arena, STR_FMT ".h", STR_ARG(module));
    if (!str_eq(file, own))
        complain(house, source->path, number, "%.*s is private to its module", (int)path.len,
                 path.at);
}

struct banned {
    const char *word, *instead;
    const char *except; /* modules that may, separated by blanks */
};

static const struct banned banned_words[] = {
    {"malloc", "an arena", "base db"},
    {"calloc", "an arena", "base db"},
    {"realloc", "an arena", "base db"},
    {"free", "an arena", "base db"},
    {"strdup", "str_dup", ""},
    {"sprintf", "str_printf", ""},
    {"vsprintf", "str_vprintf", ""},
    {"strcpy", "str_dup", ""},
    {"strcat", "struct buf", ""},
    {"strncpy", "struct str", ""},
    {"strtok", "str_cut", ""},
    {"atoi", "str_to_i64", ""},
    {"atol", "str_to_i64", ""},
    {"atof", "dec_parse", ""},
    {"gmtime", "when", ""},
    {"localtime", "when", ""},
    {"system", "nothing: no shell", ""},
    {"popen", "nothing: no shell", ""},
    {"goto", "early return", ""},
    {"longjmp", "enum rc", ""},
    {"gets", "fgets", ""},
    {"alloca", "an arena", ""},
    {"_Decimal128", "struct dec", ""},
};

static bool is_listed(const char *list, struct str module)
{
    struct str rest = str_of(list);
    while (rest.at)
        if (str_eq(str_cut(&rest, ' '), module))
            return true;
    return false;
}

/* Drivers stand over libraries that give memory of their own: they say so on the line. */
static bool is_excused(struct str raw)
{
    return str_has(raw, STR("/* tidy: "));
}

static void check_banned(struct house *house, const struct source *source, struct str code,
                         struct str raw, size_t number)
{
    if (source->module.len == 0 || is_excused(raw))
        return;
    for (size_t i = 0; i < LEN(banned_words); i++) {
        const struct banned *banned = &banned_words[i];
        size_t at = find_word(code, banned->word, 0);
        if (at == SIZE_MAX || is_listed(banned->except, source->module))
            continue;
        bool is_member = at > 0 && (code.at[at - 1] == '.' || code.at[at - 1] == '>');
        size_t after = at + strlen(banned->word);
        bool is_used = after < code.len && (code.at[after] == '(' || code.at[after] == ' ');
        if (is_used && !is_member && !source->is_test)
            complain(house, source->path, number, "%s is banned: use %s", banned->word,
                     banned->instead);
    }
}

/* A mark counts in comments: `kept` is the line with comments blanked and strings as they are. */
static void check_marks(struct house *house, const struct source *source, struct str kept,
                        struct str raw, size_t number)
{
    static const char *const marks[] = {"TODO", "FIXME", "XXX"};
    for (size_t i = 0; i < LEN(marks); i++)
        if (find_word(raw, marks[i], 0) != find_word(kept, marks[i], 0))
            complain(house, source->path, number, "%s does not belong in a commit", marks[i]);
}

static void check_shape(struct house *house, const struct source *source, struct str code,
                        struct str raw, size_t number)
{
    size_t columns = 0;
    for (size_t i = 0; i < raw.len; i++)
        columns += ((unsigned char)raw.at[i] & 0xc0) != 0x80;
    if (columns > LINE_MAX)
        complain(house, source->path, number, "the line has %zu columns, %d are allowed", columns,
                 LINE_MAX);
    if (str_has(code, STR("//")))
        complain(house, source->path, number, "a comment stands between /* and */");
    if (str_starts(str_trim(code), STR("typedef struct ")))
        complain(house, source->path, number, "a struct has no typedef");
}

static void check_auto(struct house *house, const struct source *source, struct str code,
                       size_t number)
{
    struct str line = str_trim(code);
    if (str_starts(line, STR("AUTO_")) && str_ends(line, STR(";")) && !str_has(line, STR("=")))
        complain(house, source->path, number, "an AUTO_ variable needs its initial value");
}

static const char money_modules[] =
    "money when ledger event contract scheme reward calc feel dmn payout partner catalog";

static void check_floats(struct house *house, const struct source *source, struct str code,
                         struct str raw, size_t number)
{
    if (!is_listed(money_modules, source->module) || is_excused(raw))
        return;
    if (find_word(code, "double", 0) != SIZE_MAX || find_word(code, "float", 0) != SIZE_MAX)
        complain(house, source->path, number, "no floating point near money");
}

static bool is_sql_text(struct str literal)
{
    static const char *const openings[] = {"select ",      "insert into ",  "update ",
                                           "delete from ", "create table ", "drop table "};
    for (size_t i = 0; i < LEN(openings); i++)
        if (str_starts(literal, str_of(openings[i])))
            return str_has(literal, STR(" from ")) || str_has(literal, STR(" set ")) ||
                   str_has(literal, STR("into ")) || str_has(literal, STR(" table "));
    return false;
}

static bool is_html_text(struct str literal)
{
    for (size_t at = str_find(literal, STR("<"), 0); at != SIZE_MAX;
         at = str_find(literal, STR("<"), at + 1)) {
        struct str rest = str_sub(literal, at + 1, SIZE_MAX);
        static const char *const tags[] = {"div", "span",  "a ",   "p>",   "table", "tr>",
                                           "td",  "input", "form", "html", "/"};
        for (size_t i = 0; i < LEN(tags); i++)
            if (str_starts(rest, str_of(tags[i])))
                return true;
    }
    return false;
}

/* String literals of a line; `kept` has comments blanked and strings as they are. */
static void check_literals(struct house *house, const struct source *source, struct str kept,
                           struct str raw, size_t number)
{
    if (source->module.len == 0 || source->is_test || is_excused(raw) ||
        str_starts(kept, STR("#include")))
        return;
    for (size_t at = str_find(kept, STR("\""), 0); at != SIZE_MAX;) {
        size_t end = str_find(kept, STR("\""), at + 1);
        if (end == SIZE_MAX)
            return;
        struct str literal = str_sub(kept, at + 1, end - at - 1);
        if (is_sql_text(literal) && !str_eq(source->module, STR("db")))
            complain(house, source->path, number, "SQL stands in .sql files");
        if (is_html_text(literal) && !is_listed("html ui http sheet dmn pdf", source->module))
            complain(house, source->path, number, "HTML stands in views");
        at = str_find(kept, STR("\""), end + 1);
    }
}

/* ---- rules over a file ---- */

/* A function begins with '{' alone in column 1 and ends with '}' in column 1 (clang-format). */
static void check_functions(struct house *house, const struct source *source)
{
    struct str text = source->text;
    size_t begun = 0;
    for (size_t number = 1; text.at; number++) {
        struct str line = str_cut(&text, '\n');
        if (str_eq(line, STR("{")))
            begun = number;
        if (begun > 0 && str_starts(line, STR("}"))) {
            size_t lines = number - begun - 1;
            if (lines > FUNCTION_MAX)
                complain(house, source->path, begun, "the function has %zu lines, %d are allowed",
                         lines, FUNCTION_MAX);
            begun = 0;
        }
    }
}

static void check_source(struct house *house, struct source *source)
{
    struct arena_mark mark = arena_mark(house->arena);
    struct str code = blanked(house->arena, source->text, false);
    struct str kept = blanked(house->arena, source->text, true);
    struct str raw = source->text;
    size_t number = 0;
    while (raw.at) {
        number++;
        struct str raw_line = str_cut(&raw, '\n');
        struct str code_line = str_cut(&code, '\n'), kept_line = str_cut(&kept, '\n');
        check_include(house, source, raw_line, number);
        check_banned(house, source, code_line, raw_line, number);
        check_shape(house, source, code_line, raw_line, number);
        check_marks(house, source, kept_line, raw_line, number);
        check_auto(house, source, code_line, number);
        check_floats(house, source, code_line, raw_line, number);
        check_literals(house, source, kept_line, raw_line, number);
    }
    if (number > FILE_MAX + 1 && source->module.len > 0)
        complain(house, source->path, number, "the file has %zu lines, %d are allowed", number - 1,
                 FILE_MAX);
    if (!str_starts(source->text, STR("/*")))
        complain(house, source->path, 1, "a file begins by saying what it is and why");
    check_functions(house, source);
    arena_rewind(house->arena, mark);
}

static void check_modules(struct house *house)
{
    struct map *seen = map_new(house->arena);
    struct map *readmes = map_new(house->arena);
    for (size_t i = 0; i < house->files.len; i++) {
        struct str path = house->files.at[i];
        if (!str_starts(path, STR("src/")))
            continue;
        struct str rest = str_sub(path, 4, SIZE_MAX);
        struct str module = str_cut(&rest, '/');
        *map_put(seen, module) = house;
        if (rest.at && str_eq(rest, STR("README.md")))
            *map_put(readmes, module) = house;
    }
    struct str module;
    void *value;
    for (size_t i = 0; map_next(seen, &i, &module, &value);) {
        struct str path = str_printf(house->arena, "src/" STR_FMT, STR_ARG(module));
        if (module_index(house, module) == SIZE_MAX)
            complain(house, path, 1, "the module is missing in tools/layers");
        if (!map_get(readmes, module))
            complain(house, path, 1, "the module has no README.md");
    }
}

static void check_file(struct house *house, struct str path)
{
    bool is_header = str_ends(path, STR(".h"));
    if (!is_header && !str_ends(path, STR(".c")))
        return;
    struct source source = {.path = path, .module = STR(""), .is_header = is_header};
    if (str_starts(path, STR("src/"))) {
        struct str rest = str_sub(path, 4, SIZE_MAX);
        source.module = str_cut(&rest, '/');
    }
    source.is_test = str_ends(path, STR("_test.c")) || str_ends(path, STR("_fuzz.c")) ||
                     str_ends(path, STR("_scene.h")) || str_starts(path, STR("tests/"));
    struct arena_mark mark = arena_mark(house->arena);
    source.text = read_file(house, path);
    if (source.text.at)
        check_source(house, &source);
    arena_rewind(house->arena, mark);
}

int main(int argc, char **argv)
{
    static const char *const folders[] = {"src", "tools", "tests", "bench"};
    AUTO_ARENA arena = arena_new((size_t)1 << 30);
    struct house house = {.arena = arena, .root = str_of(argc > 1 ? argv[1] : ".")};
    read_layers(&house);
    for (size_t i = 0; i < LEN(folders); i++)
        walk(&house, str_of(folders[i]));
    qsort(house.files.at, house.files.len, sizeof(struct str), by_bytes);
    check_modules(&house);
    for (size_t i = 0; i < house.files.len; i++)
        check_file(&house, house.files.at[i]);
    if (house.complaints > 0)
        printf("tidy: %zu complaints\n", house.complaints);
    return house.complaints > 0 ? 1 : 0;
}
