/* docs/dmn.md is true: every command in it prints what the page says, and every table that it
 * shows is the model's. Commands run in a process of their own, as on a terminal. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dmn/dmn.h"
#include "main/program.h"
#include "tests/tap.h"

enum { PAGE_MAX = 1 << 20, WORDS_MAX = 32 };

static struct arena *arena;
static char output[] = "/tmp/kontor-dmn-docs-XXXXXX";

static struct str read_all(const char *path)
{
    char *at = arena_alloc(arena, PAGE_MAX);
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, at, PAGE_MAX);
    return (struct str){at, len > 0 ? (size_t)len : 0};
}

/* ---- commands ---- */

/* Words as a shell cuts them; only single quotes are used on the page. */
static int words_of(struct str line, char **words)
{
    int count = 0;
    for (size_t i = 0; i < line.len;) {
        bool is_quoted = line.at[i] == '\'';
        size_t end = i += is_quoted;
        while (end < line.len && line.at[end] != (is_quoted ? '\'' : ' '))
            end++;
        if (end > i) {
            assert(count < WORDS_MAX);
            words[count++] = str_c(arena, str_sub(line, i, end - i));
        }
        i = end + 1;
    }
    return count;
}

static struct str run(struct str line)
{
    char *words[WORDS_MAX + 1] = {NULL};
    int count = words_of(line, words), status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
            _exit(99);
        _exit(program_main(count, words));
    }
    while (waitpid(child, &status, 0) != child)
        ;
    return str_trim(read_all(output));
}

static int run_block(struct str block)
{
    int count = 0;
    while (block.at) {
        struct str line = str_cut(&block, '\n');
        if (!str_starts(line, STR("$ ")))
            continue;
        struct str rest = block, wanted = block;
        size_t len = 0;
        while (rest.at && !str_starts(rest, STR("$ "))) {
            len += str_cut(&rest, '\n').len + 1;
            block = rest;
        }
        wanted = str_trim(str_sub(wanted, 0, len));
        struct str found = run(str_sub(line, 2, line.len));
        is_str(found, str_c(arena, wanted), str_c(arena, str_sub(line, 2, 90)));
        count++;
    }
    return count;
}

static void test_commands(struct str page)
{
    size_t at = 0;
    int count = 0;
    while ((at = str_find(page, STR("```console\n"), at)) != SIZE_MAX) {
        size_t from = at + strlen("```console\n"), to = str_find(page, STR("```"), from);
        count += run_block(str_trim(str_sub(page, from, to - from)));
        at = to;
    }
    ok(count >= 8, "the page has commands");
}

/* ---- tables ---- */

static const struct dmn_table *table_of(struct str path, struct str decision)
{
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    if (dmn_read(arena, read_all(str_c(arena, path)), NULL, 0, FEEL_STANDARD, &fault, &model) !=
        RC_OK)
        return NULL;
    const struct dmn_element *element = dmn_find(model, DMN_DECISION, decision);
    return element ? element->table : NULL;
}

/* "| a | b | c |" against the rule's cells. */
static bool is_rule(struct str line, const struct dmn_table *table, const struct dmn_rule *rule)
{
    (void)str_cut(&line, '|');
    for (size_t i = 0; i < table->inputs_len + table->outputs_len; i++) {
        struct str cell = str_trim(str_cut(&line, '|'));
        struct str is =
            i < table->inputs_len ? rule->inputs[i] : rule->outputs[i - table->inputs_len];
        if (!str_eq(cell, is))
            return false;
    }
    return true;
}

static void test_tables(struct str page)
{
    size_t at = 0;
    int count = 0;
    while ((at = str_find(page, STR("<!-- table "), at)) != SIZE_MAX) {
        struct str rest = str_sub(page, at + strlen("<!-- table "), page.len);
        struct str head = str_cut(&rest, '\n');
        struct str path = str_cut(&head, ' ');
        head.len -= strlen(" -->");
        const struct dmn_table *table = table_of(path, head);
        bool is_same = table != NULL;
        (void)str_cut(&rest, '\n');
        (void)str_cut(&rest, '\n');
        for (size_t i = 0; table && i < table->rules_len; i++)
            is_same = is_same && is_rule(str_cut(&rest, '\n'), table, &table->rules[i]);
        ok(is_same && !str_starts(rest, STR("|")), str_c(arena, path));
        at++;
        count++;
    }
    ok(count >= 1, "the page has tables");
}

int main(void)
{
    AUTO_ARENA own = arena_new((size_t)256 << 20);
    arena = own;
    int fd = mkstemp(output);
    assert(fd >= 0);
    (void)close(fd);
    struct str page = read_all("docs/dmn.md");
    test_commands(page);
    test_tables(page);
    (void)unlink(output);
    return done_testing();
}
