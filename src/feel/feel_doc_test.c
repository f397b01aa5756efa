/* docs/feel.md is true: each of its examples gives what stands after the arrow, the reference is
 * the one that the function table gives, and every function is in it. In a block "```feel" a line
 * "name = formula" keeps a value for the lines after it, and "formula → value" is an example; a
 * warning that comes with a null stands in parentheses. */
#include "feel/feel_int.h"
#include "tests/tap.h"
#include "tests/words.h"

enum { NAMES_MAX = 100 };

#define ARROW "\xe2\x86\x92"

struct page {
    struct arena *arena;
    struct feel_field names[NAMES_MAX];
    struct feel_value values[NAMES_MAX];
    size_t len;
    long examples, wrong;
};

/* As it would be written, and the first warning after a null. */
static struct str outcome(struct page *page, struct str text, struct feel_value *out)
{
    struct feel_warnings warnings = {0};
    struct fault fault = {.arena = page->arena};
    struct feel_expr expr;
    struct feel_env env = {
        .slots = page->values, .slots_len = page->len, .now = SOME(1732000000000000)};
    *out = feel_null();
    if (feel_compile(page->arena, text, page->names, page->len, FEEL_KONTOR, &fault, &expr) !=
        RC_OK)
        return STR("no formula");
    if (feel_eval(&expr, &env, page->arena, &warnings, &fault, out) != RC_OK)
        return str_of(fault.entries[0].message);
    struct feel_value list = feel_list(out, 1);
    struct str whole = feel_print(page->arena, &list);
    struct str is = str_sub(whole, 1, whole.len - 2);
    if (!warnings.len)
        return is;
    return str_printf(page->arena, STR_FMT " (" STR_FMT ")", STR_ARG(is),
                      STR_ARG(words_of(page->arena, warnings.at[0].message, warnings.at[0].args)));
}

static void example(struct page *page, struct str text, struct str want)
{
    struct feel_value value;
    struct str is = outcome(page, text, &value);
    page->examples++;
    if (str_eq(is, want))
        return;
    page->wrong++;
    printf("# " STR_FMT "\n#   is:   " STR_FMT "\n#   want: " STR_FMT "\n", STR_ARG(text),
           STR_ARG(is), STR_ARG(want));
}

static void keep(struct page *page, struct str line)
{
    struct str rest = line, name = str_trim(str_cut(&rest, '='));
    struct feel_value value;
    assert(page->len < NAMES_MAX);
    (void)outcome(page, rest, &value);
    page->names[page->len].name = name;
    page->values[page->len++] = value;
}

static struct str read_page(struct arena *arena)
{
    static char text[1 << 20];
    FILE *file = fopen("docs/feel.md", "r");
    size_t len = file ? fread(text, 1, sizeof(text), file) : 0;
    if (file)
        (void)fclose(file);
    return str_dup(arena, (struct str){text, len});
}

static void test_examples(struct str text)
{
    struct page page = {.arena = arena_new((size_t)256 << 20)};
    bool is_inside = false;
    struct str pending = STR("");
    while (text.at) {
        struct str line = str_cut(&text, '\n');
        if (str_starts(line, STR("```"))) {
            is_inside = !is_inside && str_eq(line, STR("```feel"));
            continue;
        }
        if (!is_inside || !str_trim(line).len)
            continue;
        line = pending.len ? str_join(page.arena, str_join(page.arena, pending, STR("\n")), line)
                           : line;
        size_t arrow = str_find(line, STR(" " ARROW " "), 0);
        bool is_name = arrow == SIZE_MAX && !pending.len && str_find(line, STR(" = "), 0) < 40;
        pending = STR("");
        if (arrow != SIZE_MAX)
            example(&page, str_trim(str_sub(line, 0, arrow)),
                    str_trim(str_sub(line, arrow + sizeof(" " ARROW), line.len)));
        else if (is_name)
            keep(&page, line);
        else
            pending = line; /* the formula goes on in the next line */
    }
    ok(page.wrong == 0 && page.examples > 60, "every example of docs/feel.md gives what it says");
    printf("# %ld examples\n", page.examples);
    arena_free(page.arena);
}

static void test_reference(struct str text)
{
    AUTO_ARENA arena = arena_new(0);
    struct page page = {.arena = arena};
    struct feel_reference at;
    struct str begin = STR("<!-- functions: written by `kontor feel functions` -->\n");
    size_t from = str_find(text, begin, 0),
           to = str_find(text, STR("<!-- end of functions -->"), 0);
    struct str section = from == SIZE_MAX || to == SIZE_MAX
                             ? STR("")
                             : str_sub(text, from + begin.len, to - from - begin.len);
    ok(str_eq(str_trim(section), str_trim(feel_reference(arena))),
       "the reference in docs/feel.md is the one that `kontor feel functions` prints");
    struct map *seen = map_new(arena);
    for (size_t i = 0; feel_reference_at(i, &at); i++) {
        *map_put(seen, str_of(at.name)) = arena;
        if (at.example)
            example(&page, str_of(at.example), str_of(at.result));
    }
    ok(page.wrong == 0, "every example of the reference gives what it says");
    size_t len = 0, missing = 0;
    const struct builtin_info *all = feel__builtins(&len);
    for (size_t i = 0; i < len; i++) {
        if (map_get(seen, all[i].name))
            continue;
        missing++;
        printf("# not described: " STR_FMT "\n", STR_ARG(all[i].name));
    }
    ok(missing == 0, "every function is described");
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    struct str text = read_page(arena);
    test_examples(text);
    test_reference(text);
    return done_testing();
}
