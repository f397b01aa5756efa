/* poc: gettext catalogues to C, and the check that nothing is left untranslated.
 *
 *     poc --out CATALOG.c FILE.po…     the table of translations; faulty entries are left out
 *     poc --check FILE…                .po, .c, .h and *_messages.txt: every message used is
 *                                      translated, arguments and plurals agree; status 1 if not
 *
 * In C a message is what stands in M("…"), and the message argument of fail, fault_add, tr,
 * i18n_format and its sisters; messages.txt (from tplc) holds what views use. A key may end in
 * "||context" to tell apart words that are one in English ("Name||of a person"); the English text
 * is what stands before it. Building the table and checking are apart, because a missing
 * translation must stop a release but not a test of another module. */
#include "base/base.h"
#include "i18n/i18n_pattern.h"

enum { RU, ES, LANGS };
enum { FILE_MAX = 32 << 20, DEPTH_MAX = 256 };

struct place {
    const char *path;
    long line;
};

struct translation {
    struct str text; /* absent: none */
    struct place place;
};

struct message {
    struct str key;
    struct place used; /* path NULL: not used */
    struct translation in[LANGS];
};

struct poc {
    struct arena *arena;
    struct map *by_key;
    struct buf *complaints; /* FILE:LINE: text, one a line */
    size_t errors_len, warnings_len;
};

__attribute__((format(printf, 3, 4))) static void complain(struct poc *poc, struct place place,
                                                           const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_vprintf(poc->arena, format, args);
    va_end(args);
    buf_printf(poc->complaints, "%s:%ld: " STR_FMT "\n", place.path, place.line, STR_ARG(text));
    if (str_starts(text, STR("warning:")))
        poc->warnings_len++;
    else
        poc->errors_len++;
}

static struct message *message_of(struct poc *poc, struct str key)
{
    void **slot = map_put(poc->by_key, key);
    if (!*slot) {
        struct message *message = NEW(poc->arena, struct message);
        message->key = key;
        *slot = message;
    }
    return *slot;
}

/* ---- string literals: C and .po share their escapes ---- */

static char escape_of(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '"':
    case '\\':
    case '\'': return c;
    default: return 0;
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Reads one literal whose quote stands at text.at[*i]; appends what it means. False: it has an
 * escape that is not known here, or no end. */
static bool take_literal(struct str text, size_t *i, struct buf *out)
{
    bool is_known = true;
    for ((*i)++; *i < text.len && text.at[*i] != '"'; (*i)++) {
        char c = text.at[*i];
        if (c == '\n')
            return false;
        if (c != '\\') {
            buf_char(out, c);
            continue;
        }
        if (++*i >= text.len)
            return false;
        if (text.at[*i] == 'x') {
            unsigned value = 0;
            while (*i + 1 < text.len && is_hex(text.at[*i + 1])) {
                char digit = text.at[++*i];
                value =
                    value * 16 + (unsigned)(digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
            }
            buf_char(out, (char)value);
            continue;
        }
        char meant = escape_of(text.at[*i]);
        is_known = is_known && meant;
        buf_char(out, meant);
    }
    if (*i >= text.len)
        return false;
    (*i)++;
    return is_known;
}

/* ---- .po ---- */

enum po_field { NOWHERE, IN_ID, IN_TEXT };

struct po {
    struct poc *poc;
    const char *path;
    long line;
    int lang;
    enum po_field field;
    struct buf id, text;
    long id_line;
    bool is_fuzzy, is_next_fuzzy;
    struct map *seen;
};

static void finish_entry(struct po *po)
{
    struct place place = {po->path, po->id_line};
    bool is_entry = po->field == IN_TEXT && po->id.len > 0 && po->text.len > 0 && !po->is_fuzzy;
    if (is_entry) {
        struct str key = str_dup(po->poc->arena, buf_str(&po->id));
        struct str text = str_dup(po->poc->arena, buf_str(&po->text));
        struct message *message = message_of(po->poc, key);
        struct translation *known = &message->in[po->lang];
        void **slot = map_put(po->seen, key);
        if (*slot)
            complain(po->poc, place, "\"" STR_FMT "\" stands twice in this file", STR_ARG(key));
        else if (known->text.at && !str_eq(known->text, text))
            complain(po->poc, place,
                     "\"" STR_FMT "\" is translated otherwise at %s:%ld; make the texts one, or "
                     "tell the keys apart with ||context",
                     STR_ARG(key), known->place.path, known->place.line);
        else
            *known = (struct translation){text, place};
        *slot = message;
    }
    buf_reset(&po->id);
    buf_reset(&po->text);
    po->field = NOWHERE;
    po->is_fuzzy = false;
}

static void po_line(struct po *po, struct str line)
{
    struct place place = {po->path, po->line};
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#') {
        if (po->field == IN_TEXT)
            finish_entry(po);
        po->is_next_fuzzy =
            po->is_next_fuzzy || (str_starts(line, STR("#,")) && str_has(line, STR("fuzzy")));
        return;
    }
    size_t i = 0;
    if (str_starts(line, STR("msgid "))) {
        finish_entry(po);
        po->field = IN_ID;
        po->id_line = po->line;
        po->is_fuzzy = po->is_next_fuzzy;
        po->is_next_fuzzy = false;
        i = strlen("msgid ");
    } else if (str_starts(line, STR("msgstr ")) && po->field == IN_ID) {
        po->field = IN_TEXT;
        i = strlen("msgstr ");
    } else if (line.at[0] != '"' || po->field == NOWHERE) {
        complain(po->poc, place,
                 "expected msgid \"…\", msgstr \"…\" or a continued \"…\" (plurals stand inside "
                 "the message, contexts after ||)");
        return;
    }
    struct str rest = str_trim(str_sub(line, i, line.len));
    i = 0;
    bool is_fine = rest.len > 0 && rest.at[0] == '"' &&
                   take_literal(rest, &i, po->field == IN_ID ? &po->id : &po->text) &&
                   i == rest.len;
    if (!is_fine)
        complain(po->poc, place, "a string is not closed, has an unknown escape or text after it");
}

static int lang_of_path(const char *path)
{
    struct str s = str_of(path);
    return str_ends(s, STR("/ru.po")) ? RU : str_ends(s, STR("/es.po")) ? ES : -1;
}

static void read_po(struct poc *poc, const char *path, struct str file)
{
    struct po po = {.poc = poc,
                    .path = path,
                    .lang = lang_of_path(path),
                    .id = BUF(1 << 20),
                    .text = BUF(1 << 20),
                    .seen = map_new(poc->arena)};
    if (po.lang < 0) {
        complain(poc, (struct place){path, 1}, "the file must be called ru.po or es.po");
        return;
    }
    for (struct str rest = file; rest.at;) {
        po.line++;
        po_line(&po, str_cut(&rest, '\n'));
    }
    finish_entry(&po);
    buf_done(&po.id);
    buf_done(&po.text);
}

/* ---- C: which strings are messages ---- */

static const struct carrier {
    const char *name;
    int arg; /* which argument is the message, from 1 */
} carriers[] = {{"M", 1},
                {"tr", 2},
                {"fail", 4},
                {"fault_add", 4},
                {"i18n_format", 3},
                {"i18n_format_args", 3},
                {"i18n_format_c", 3},
                {"html_message", 2}};

struct scanner {
    struct poc *poc;
    const char *path;
    struct str text;
    size_t i;
    long line;
    struct frame {
        int wanted; /* the argument that is a message; 0: none */
        int arg;
    } frames[DEPTH_MAX];
    size_t depth;
    struct str word; /* the identifier just before, if any */
};

static void use(struct poc *poc, struct str key, struct place place)
{
    struct message *message = message_of(poc, key);
    if (!message->used.path)
        message->used = place;
}

/* Adjacent literals are one string, with white space between them. */
static void scan_string(struct scanner *s)
{
    AUTO_BUF key = BUF(1 << 16);
    struct place place = {s->path, s->line};
    const struct frame *frame = s->depth > 0 ? &s->frames[s->depth - 1] : NULL;
    bool is_known = take_literal(s->text, &s->i, &key);
    for (size_t next = s->i; next < s->text.len; next++) {
        char c = s->text.at[next];
        if (c == '"') {
            s->i = next;
            is_known = take_literal(s->text, &s->i, &key) && is_known;
            next = s->i - 1;
        } else if (c == '\n') {
            s->line++;
            s->i = next + 1;
        } else if (c != ' ' && c != '\t' && c != '\\') {
            break;
        }
    }
    if (!frame || frame->wanted == 0 || frame->arg != frame->wanted)
        return;
    if (!is_known)
        complain(s->poc, place, "the message has an escape that cannot be translated");
    else if (key.len > 0)
        use(s->poc, str_dup(s->poc->arena, buf_str(&key)), place);
}

static void scan_comment(struct scanner *s)
{
    bool is_block = s->text.at[s->i + 1] == '*';
    for (s->i += 2; s->i < s->text.len; s->i++) {
        bool is_end = is_block ? s->text.at[s->i] == '/' && s->text.at[s->i - 1] == '*'
                               : s->text.at[s->i] == '\n';
        if (is_end)
            break;
        s->line += s->text.at[s->i] == '\n';
    }
    s->i += is_block;
}

static void scan_open(struct scanner *s)
{
    struct frame frame = {0, 1};
    for (size_t i = 0; i < LEN(carriers); i++)
        if (str_eq(s->word, str_of(carriers[i].name)))
            frame.wanted = carriers[i].arg;
    if (s->depth < DEPTH_MAX)
        s->frames[s->depth] = frame;
    s->depth++;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void scan_c(struct poc *poc, const char *path, struct str file)
{
    struct scanner s = {.poc = poc, .path = path, .text = file, .line = 1};
    while (s.i < file.len) {
        char c = file.at[s.i], next = s.i + 1 < file.len ? file.at[s.i + 1] : '\0';
        if (c == '/' && (next == '*' || next == '/')) {
            scan_comment(&s);
            continue;
        }
        if (c == '"' && s.depth <= DEPTH_MAX) {
            scan_string(&s);
            s.word = STR_NONE;
            continue;
        }
        if (is_word(c)) {
            size_t start = s.i;
            while (s.i < file.len && is_word(file.at[s.i]))
                s.i++;
            s.word = str_sub(file, start, s.i - start);
            continue;
        }
        if (c == '\'') /* '"' and '\'' are no strings */
            s.i += next == '\\' ? 3 : 1;
        else if (c == '(' || c == '{' || c == '[')
            scan_open(&s);
        else if ((c == ')' || c == '}' || c == ']') && s.depth > 0)
            s.depth--;
        else if (c == ',' && s.depth > 0 && s.depth <= DEPTH_MAX)
            s.frames[s.depth - 1].arg++;
        if (c == '\'')
            while (s.i < file.len && file.at[s.i] != '\'' && file.at[s.i] != '\n')
                s.i++;
        s.line += c == '\n';
        if (c != ' ' && c != '\n' && c != '\t')
            s.word = STR_NONE;
        s.i++;
    }
}

/* "key"<tab>file:line, as tplc writes them. */
static void read_used(struct poc *poc, const char *path, struct str file)
{
    long line_i = 0;
    for (struct str rest = file; rest.at;) {
        struct str line = str_cut(&rest, '\n');
        struct place place = {path, ++line_i};
        if (line.len == 0)
            continue;
        AUTO_BUF key = BUF(1 << 16);
        size_t i = 0;
        bool is_fine = line.at[0] == '"' && take_literal(line, &i, &key);
        while (is_fine && i < line.len && line.at[i] == '"')
            is_fine = take_literal(line, &i, &key);
        struct str where = str_trim(str_sub(line, i, line.len)), number = where;
        struct str name = str_cut(&number, ':');
        int64_t line_of = 0;
        if (number.at && str_to_i64(number, &line_of))
            place = (struct place){str_c(poc->arena, name), (long)line_of};
        if (is_fine)
            use(poc, str_dup(poc->arena, buf_str(&key)), place);
        else
            complain(poc, place, "this line is no message");
    }
}

/* ---- checking ---- */

static struct str without_context(struct str key)
{
    size_t bar = str_find(key, STR("||"), 0);
    return bar == SIZE_MAX ? key : str_sub(key, 0, bar);
}

static const char *const lang_names[LANGS] = {"ru", "es"};

static bool has_plurals(const struct pattern *pattern, const char *lang)
{
    unsigned needed = 1u << PLURAL_OTHER | 1u << PLURAL_ONE;
    if (strcmp(lang, "ru") == 0)
        needed |= 1u << PLURAL_FEW | 1u << PLURAL_MANY;
    return (pattern_plurals(pattern) & needed) == needed;
}

/* A text with no brace is shown as it is. */
static bool is_pattern(struct str text)
{
    return str_has(text, STR("{")) || str_has(text, STR("}"));
}

static bool check_translation(struct poc *poc, const struct message *message, int lang,
                              const struct pattern *key)
{
    const struct translation *in = &message->in[lang];
    struct pattern_error error = {0};
    if (!in->text.at) {
        if (message->used.path)
            complain(poc, message->used, "no %s translation of \"" STR_FMT "\"", lang_names[lang],
                     STR_ARG(message->key));
        return false;
    }
    if (!key && !is_pattern(in->text))
        return true;
    const struct pattern *pattern = pattern_parse(poc->arena, in->text, &error);
    if (!pattern) {
        complain(poc, in->place, "%s, at byte %zu of the translation", error.why, error.at + 1);
        return false;
    }
    if (pattern_args(pattern) != (key ? pattern_args(key) : 0)) {
        complain(poc, in->place, "the translation does not name the arguments of \"" STR_FMT "\"",
                 STR_ARG(message->key));
        return false;
    }
    if (!has_plurals(pattern, lang_names[lang])) {
        complain(poc, in->place, "a %s plural needs the cases %s", lang_names[lang],
                 lang == RU ? "one, few, many and other" : "one and other");
        return false;
    }
    return true;
}

static void check_message(struct poc *poc, struct message *message)
{
    struct str english = without_context(message->key);
    struct pattern_error error = {0};
    const struct pattern *key = NULL;
    struct place place = message->used.path        ? message->used
                         : message->in[RU].text.at ? message->in[RU].place
                                                   : message->in[ES].place;
    if (is_pattern(english)) {
        key = pattern_parse(poc->arena, english, &error);
        if (!key) {
            complain(poc, place, "%s, at byte %zu of \"" STR_FMT "\"", error.why, error.at + 1,
                     STR_ARG(english));
            return;
        }
        if (!has_plurals(key, "en"))
            complain(poc, place, "an English plural needs the cases one and other");
    }
    for (int lang = 0; lang < LANGS; lang++)
        if (!check_translation(poc, message, lang, key))
            message->in[lang].text = STR_NONE;
    for (int lang = 0; lang < LANGS && !message->used.path; lang++)
        if (message->in[lang].text.at)
            complain(poc, message->in[lang].place, "warning: \"" STR_FMT "\" is not used",
                     STR_ARG(message->key));
}

static void check_all(struct poc *poc)
{
    size_t i = 0;
    struct str key;
    void *value;
    while (map_next(poc->by_key, &i, &key, &value))
        check_message(poc, value);
}

/* ---- the table ---- */

static void put_c_string(struct buf *out, struct str text)
{
    if (!text.at) {
        buf_put(out, STR("{0, 0}"));
        return;
    }
    buf_put(out, STR("STR_INIT(\""));
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\')
            buf_char(out, '\\');
        if ((unsigned char)c < 0x20)
            buf_printf(out, "\\%03o", (unsigned char)c);
        else if (c == '?') /* no trigraphs */
            buf_put(out, STR("\\?"));
        else
            buf_char(out, c);
    }
    buf_put(out, STR("\")"));
}

static uint32_t hash_of(struct str key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 16777619u;
    return hash;
}

static int by_key(const void *a, const void *b)
{
    return str_cmp((*(struct message *const *)a)->key, (*(struct message *const *)b)->key);
}

static size_t translated(struct poc *poc, struct message **out)
{
    size_t i = 0, len = 0;
    struct str key;
    void *value;
    while (map_next(poc->by_key, &i, &key, &value)) {
        struct message *message = value;
        bool has_context = str_has(message->key, STR("||"));
        if (message->in[RU].text.at || message->in[ES].text.at || has_context)
            out[len++] = message;
    }
    qsort(out, len, sizeof(struct message *), by_key);
    return len;
}

static void write_table(struct poc *poc, struct buf *out)
{
    struct message **messages = NEW_ARRAY(poc->arena, struct message *, map_len(poc->by_key) + 1);
    size_t len = translated(poc, messages), slots_len = 16;
    while (slots_len < len * 2)
        slots_len *= 2;
    uint16_t *slots = NEW_ARRAY(poc->arena, uint16_t, slots_len);
    buf_put(out, STR("/* written by poc */\n#include \"i18n/i18n_int.h\"\n\n"
                     "const struct i18n__entry i18n__catalog[] = {\n"));
    for (size_t i = 0; i < len; i++) {
        buf_put(out, STR("    {"));
        put_c_string(out, messages[i]->key);
        buf_put(out, STR(",\n     {"));
        put_c_string(out, without_context(messages[i]->key));
        for (int lang = 0; lang < LANGS; lang++) {
            buf_put(out, STR(",\n      "));
            put_c_string(out, messages[i]->in[lang].text);
        }
        buf_put(out, STR("}},\n"));
        size_t slot = hash_of(messages[i]->key) & (slots_len - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (slots_len - 1);
        slots[slot] = (uint16_t)(i + 1);
    }
    buf_put(out, STR("    {{0, 0}, {{0, 0}, {0, 0}, {0, 0}}},\n};\n"));
    buf_printf(out, "const uint32_t i18n__catalog_len = %zu;\n", len);
    buf_printf(out, "const uint32_t i18n__slots_mask = %zu;\n", slots_len - 1);
    buf_put(out, STR("const uint16_t i18n__slots[] = {"));
    for (size_t i = 0; i < slots_len; i++)
        buf_printf(out, "%s%u,", i % 16 == 0 ? "\n    " : " ", slots[i]);
    buf_put(out, STR("\n};\n"));
}

static void read_file(struct poc *poc, const char *path, struct str file)
{
    struct str name = str_of(path);
    if (str_ends(name, STR(".po")))
        read_po(poc, path, file);
    else if (str_ends(name, STR("_messages.txt")))
        read_used(poc, path, file);
    else
        scan_c(poc, path, file);
}

#ifndef POC_INSIDE

static struct str load(struct poc *poc, const char *path)
{
    FILE *file = fopen(path, "rb");
    AUTO_BUF all = BUF(FILE_MAX);
    char part[65536];
    size_t got;
    if (!file) {
        fprintf(stderr, "%s:1: cannot be read\n", path);
        exit(1);
    }
    while ((got = fread(part, 1, sizeof(part), file)) > 0)
        buf_put(&all, (struct str){part, got});
    (void)fclose(file);
    if (all.is_over) {
        fprintf(stderr, "%s:1: is too large\n", path);
        exit(1);
    }
    return str_dup(poc->arena, all.len > 0 ? buf_str(&all) : STR(""));
}

static bool save(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text.at, 1, text.len, file) != text.len || fclose(file) != 0) {
        fprintf(stderr, "%s:1: cannot be written\n", path);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    bool is_out = argc > 2 && strcmp(argv[1], "--out") == 0;
    if (!is_out && !(argc > 1 && strcmp(argv[1], "--check") == 0)) {
        fprintf(stderr, "usage: poc --out CATALOG.c FILE.po... | poc --check FILE...\n");
        return 2;
    }
    AUTO_ARENA arena = arena_new((size_t)1 << 30);
    AUTO_BUF complaints = BUF(16 << 20);
    struct poc poc = {.arena = arena, .by_key = map_new(arena), .complaints = &complaints};
    for (int i = is_out ? 3 : 2; i < argc; i++)
        read_file(&poc, argv[i], load(&poc, argv[i]));
    check_all(&poc);
    if (is_out) {
        AUTO_BUF table = BUF(64 << 20);
        write_table(&poc, &table);
        return save(argv[2], buf_str(&table)) ? 0 : 1;
    }
    fprintf(stderr, STR_FMT, STR_ARG(buf_str(&complaints)));
    if (poc.errors_len > 0)
        fprintf(stderr, "poc: %zu errors in messages, %zu warnings\n", poc.errors_len,
                poc.warnings_len);
    return poc.errors_len > 0 ? 1 : 0;
}
#endif
