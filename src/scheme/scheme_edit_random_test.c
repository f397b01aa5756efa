/* Every scheme of the examples and of the published cases, changed at random: whatever is done, the
 * text is a file that can be read and edited further, written in one form; what is done and undone
 * leaves the same bytes; and a scheme whose every name was changed is a scheme as before. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "i18n/i18n.h"
#include "scheme/scheme_edit.h"
#include "tests/tap.h"

enum { CHANGES = 25 };

struct dice {
    uint64_t state;
};

static size_t roll(struct dice *dice, size_t sides)
{
    dice->state = dice->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return sides ? (size_t)(dice->state >> 33) % sides : 0;
}

static struct str read_file(struct arena *arena, const char *path)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    char *at = arena_alloc(arena, 1 << 20);
    ssize_t len = fd < 0 ? 0 : read(fd, at, 1 << 20);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

static enum rc change(struct arena *arena, struct str *xml, struct scheme_edit edit)
{
    struct fault fault = {.arena = arena};
    struct scheme_edit_words words = {0};
    enum rc rc = scheme_edit(arena, *xml, &edit, &fault, xml, &words);
    if (rc == RC_OK && !words.key)
        printf("# %d says nothing\n", edit.kind);
    if (rc != RC_OK && fault.entries_len == 0)
        printf("# %d refuses without words\n", edit.kind);
    if (rc == RC_OK && !words.key)
        return RC_BROKEN; /* every change says what it was */
    if (rc != RC_OK && fault.entries_len == 0)
        return RC_BROKEN; /* and every refusal why */
    return rc;
}

static struct str word(struct dice *dice)
{
    static const char *const words[] = {"volume",
                                        "5 %",
                                        "Seafood",
                                        "any",
                                        "-",
                                        "",
                                        "if x then",
                                        "\"a\"",
                                        ">= 10",
                                        "terms",
                                        "event.credit.net * 2",
                                        "новая ставка",
                                        "{a: 1}",
                                        "not(\"x\")",
                                        "1,234",
                                        "a\tb\n\nc",
                                        "partner.name"};
    return str_of(words[roll(dice, LEN(words))]);
}

static struct scheme_edit random_edit(struct dice *dice, const struct scheme_outline *outline)
{
    static const struct scheme_option options[][2] = {
        {{STR_INIT("kind"), STR_INIT("line")}, {STR_INIT("scope"), STR_INIT("event")}},
        {{STR_INIT("kind"), STR_INIT("carry")}, {STR_INIT("initial"), STR_INIT("0")}},
        {{STR_INIT("kind"), STR_INIT("")}, {STR_INIT("key"), STR_INIT("x")}}};
    const struct scheme_part *part =
        outline->parts_len ? &outline->parts[roll(dice, outline->parts_len)] : NULL;
    struct scheme_edit edit = {
        .kind = (enum scheme_edit_kind)(1 + roll(dice, SCHEME_PASTE)),
        .part = part ? part->id : STR("none"),
        .name = roll(dice, 3) && outline->attributes_len
                    ? outline->attributes[roll(dice, outline->attributes_len)].name
                    : word(dice),
        .text = word(dice),
        .options = {options[roll(dice, LEN(options))], 2},
        .attribute = {.name = word(dice), .type = STR("number"), .fallback = STR("1")},
        .logic = (enum scheme_logic)(1 + roll(dice, 2)),
        .policy = (enum dmn_hit_policy)(1 + roll(dice, DMN_COLLECT_COUNT)),
        .column_now = {.text = word(dice), .label = word(dice)},
        .is_result = roll(dice, 2),
        .row = roll(dice, part && part->logic == SCHEME_TABLE ? part->grid.rows_len + 1 : 2),
        .column = roll(dice, part && part->logic == SCHEME_TABLE ? part->grid.columns_len + 1 : 2),
        .to = roll(dice, 4) ? roll(dice, 4) : SCHEME_LAST};
    return edit;
}

static bool is_stable(struct arena *arena, struct str xml)
{
    struct str again = xml;
    struct dmn_node *document = NULL;
    struct fault fault = {.arena = arena};
    return dmn_parse(arena, xml, &fault, &document) == RC_OK &&
           change(arena, &again, (struct scheme_edit){.kind = SCHEME_SET}) == RC_OK &&
           str_eq(again, xml);
}

/* A cell set and set back. */
static bool is_undone(struct arena *arena, struct dice *dice, struct str xml,
                      const struct scheme_outline *outline)
{
    for (size_t i = 0; i < outline->parts_len; i++) {
        const struct scheme_part *part = &outline->parts[i];
        if (part->logic != SCHEME_TABLE || !part->grid.rows_len || !part->grid.columns_len)
            continue;
        struct scheme_edit edit = {.kind = SCHEME_CELL_SET,
                                   .part = part->id,
                                   .row = roll(dice, part->grid.rows_len),
                                   .column = part->grid.columns_len - 1,
                                   .text = STR("41")};
        struct str before = xml, now;
        if (change(arena, &before, edit) != RC_OK)
            return false;
        now = before;
        edit.text = STR("42");
        if (change(arena, &now, edit) != RC_OK || str_eq(now, before))
            return false;
        edit.text = STR("41");
        if (change(arena, &now, edit) != RC_OK || !str_eq(now, before))
            return false;
    }
    return true;
}

static bool survives(struct arena *arena, struct str xml, uint64_t seed)
{
    struct dice dice = {seed};
    if (change(arena, &xml, (struct scheme_edit){.kind = SCHEME_SET}) != RC_OK)
        return false;
    for (int i = 0; i < CHANGES; i++) {
        struct fault fault = {.arena = arena};
        struct scheme_outline outline;
        struct arena_mark mark = arena_mark(arena);
        if (scheme_outline(arena, xml, &fault, &outline) != RC_OK)
            return false;
        if (i % 8 == 0 && !is_undone(arena, &dice, xml, &outline))
            return false;
        struct scheme_edit edit = random_edit(&dice, &outline);
        enum rc rc = change(arena, &xml, edit);
        if (rc != RC_OK) {
            arena_rewind(arena, mark);
            if (rc == RC_BROKEN)
                return false;
        }
    }
    return is_stable(arena, xml);
}

/* Every decision and every attribute gets another name. */
static bool can_be_renamed(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct scheme_outline outline;
    const struct scheme *scheme = NULL;
    if (scheme_read(arena, xml, &fault, &scheme) != RC_OK)
        return true; /* of a sort that cannot be published yet */
    if (scheme_outline(arena, xml, &fault, &outline) != RC_OK)
        return false;
    size_t outputs = scheme->outputs_len, warnings = scheme->warnings_len;
    for (size_t i = 0; i < outline.parts_len; i++)
        if (change(arena, &xml,
                   (struct scheme_edit){.kind = SCHEME_PART_RENAME,
                                        .part = outline.parts[i].id,
                                        .name = str_printf(arena, "new %zu name", i)}) != RC_OK)
            return false;
    for (size_t i = 0; i < outline.attributes_len; i++) {
        struct scheme_attribute a = outline.attributes[i];
        a.name = str_printf(arena, "term %zu", i);
        if (change(arena, &xml,
                   (struct scheme_edit){.kind = SCHEME_ATTRIBUTE_SET,
                                        .name = outline.attributes[i].name,
                                        .attribute = a}) != RC_OK)
            return false;
    }
    enum rc rc = scheme_read(arena, xml, &fault, &scheme);
    for (size_t i = 0; i < fault.entries_len; i++)
        printf("# " STR_FMT "\n", STR_ARG(i18n_fault(arena, lang_of(LANG_EN), &fault.entries[i])));
    return rc == RC_OK && scheme->outputs_len == outputs && scheme->warnings_len <= warnings;
}

static void each_in(struct arena *arena, const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (!str_ends(name, STR(".dmn")))
            continue;
        arena_reset(arena);
        struct str path = str_printf(arena, "%s/" STR_FMT, folder, STR_ARG(name));
        struct str xml = read_file(arena, str_c(arena, path));
        count++;
        if (!survives(arena, xml, 7 + count))
            ok(false, str_c(arena, str_join(arena, path, STR(" survives changes at random"))));
        if (!can_be_renamed(arena, xml))
            ok(false, str_c(arena, str_join(arena, path, STR(" is the same under other names"))));
    }
    if (dir)
        (void)closedir(dir);
    ok(count > 0, str_c(arena, str_printf(arena, "%zu schemes of %s were changed", count, folder)));
}

int main(void)
{
    AUTO_ARENA arena = arena_new(1UL << 30);
    each_in(arena, "examples/northwind");
    each_in(arena, "examples/demo");
    each_in(arena, "tests/golden/cases/schemes");
    return done_testing();
}
