/* The cases of the DMN Technology Compatibility Kit, where they are present (TCK_DIR, or the shared
 * folder beside the project): at least as many pass as ever did. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dmn/dmn.h"
#include "tests/tap.h"

/* External Java functions cannot be called here, which eight cases do. */
enum { PASSED_AT_LEAST = 2409, FILES_MAX = 64 };

struct tally {
    long passed, failed;
};

static struct str read_file(struct arena *arena, struct str path)
{
    struct stat stat;
    AUTO_FD fd = open(str_c(arena, path), O_RDONLY);
    if (fd < 0 || fstat(fd, &stat) != 0)
        return STR_NONE;
    size_t size = (size_t)stat.st_size;
    char *at = arena_alloc(arena, size + 1);
    ssize_t got = read(fd, at, size);
    return got < 0 ? STR_NONE : (struct str){at, (size_t)got};
}

static size_t list_files(struct arena *arena, struct str path, struct str *out, size_t max)
{
    DIR *dir = opendir(str_c(arena, path));
    size_t len = 0;
    if (!dir)
        return 0;
    for (struct dirent *e = readdir(dir); e && len < max; e = readdir(dir))
        if (e->d_name[0] != '.')
            out[len++] = str_dup(arena, str_of(e->d_name));
    (void)closedir(dir);
    return len;
}

static void run_file(struct arena *arena, struct str xml, struct str main_xml,
                     const struct str *others, size_t others_len, struct tally *tally)
{
    struct fault fault = {.arena = arena};
    const struct dmn_model *model = NULL;
    const struct dmn_case_result *results = NULL;
    size_t len = 0;
    bool is_ok = true;
    if (dmn_read(arena, main_xml, others, others_len, FEEL_STANDARD, &fault, &model) != RC_OK ||
        dmn_run_cases(arena, model, xml, &fault, &results, &len) != RC_OK) {
        tally->failed++;
        return;
    }
    for (size_t i = 0; i < len; i++) {
        is_ok = is_ok && results[i].is_ok;
        if (i + 1 < len && str_eq(results[i].case_id, results[i + 1].case_id))
            continue;
        tally->passed += is_ok;
        tally->failed += !is_ok;
        is_ok = true;
    }
}

/* The model as dmn_write writes it, or as it was when it is no model. */
static struct str rewritten(struct arena *arena, struct str xml)
{
    struct fault fault = {.arena = arena};
    struct dmn_node *document = NULL;
    AUTO_BUF buf = BUF(16 << 20);
    if (dmn_parse(arena, xml, &fault, &document) != RC_OK)
        return xml;
    dmn_write(&buf, document);
    return str_dup(arena, buf_str(&buf));
}

static void run_folder(struct str path, bool is_rewritten, struct tally *tally)
{
    AUTO_ARENA arena = arena_new((size_t)2 << 30);
    struct str names[FILES_MAX], texts[FILES_MAX];
    size_t len = list_files(arena, path, names, FILES_MAX);
    for (size_t i = 0; i < len; i++)
        texts[i] = read_file(
            arena, str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names[i])));
    for (size_t i = 0; is_rewritten && i < len; i++)
        if (str_ends(names[i], STR(".dmn")))
            texts[i] = rewritten(arena, texts[i]);
    for (size_t i = 0; i < len; i++) {
        struct str others[FILES_MAX], main_xml = STR_NONE;
        size_t others_len = 0;
        struct str wanted =
            str_ends(names[i], STR(".xml")) ? dmn_cases_model(arena, texts[i]) : STR_NONE;
        for (size_t j = 0; wanted.at && j < len; j++) {
            if (str_eq(names[j], wanted))
                main_xml = texts[j];
            else if (str_ends(names[j], STR(".dmn")))
                others[others_len++] = texts[j];
        }
        if (main_xml.at)
            run_file(arena, texts[i], main_xml, others, others_len, tally);
    }
}

static struct tally run_kit(struct arena *arena, struct str root, bool is_rewritten)
{
    static const struct str levels[] = {STR_INIT("compliance-level-2"),
                                        STR_INIT("compliance-level-3")};
    struct tally tally = {0};
    for (size_t i = 0; i < LEN(levels); i++) {
        struct str path = str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(root), STR_ARG(levels[i]));
        struct str *folders = NEW_ARRAY(arena, struct str, FILES_MAX * 4);
        size_t len = list_files(arena, path, folders, FILES_MAX * 4);
        for (size_t j = 0; j < len; j++)
            run_folder(str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(folders[j])),
                       is_rewritten, &tally);
    }
    return tally;
}

int main(void)
{
    AUTO_ARENA arena = arena_new(0);
    const char *given = getenv("TCK_DIR");
    struct str root = str_of(given ? given : "../shared/tck");
    struct stat stat_of;
    if (stat(str_c(arena, root), &stat_of) != 0) {
        skip("conformance cases pass", "the kit is not here (TCK_DIR)");
        return done_testing();
    }
    struct tally tally = run_kit(arena, root, false);
    printf("# %ld passed, %ld failed\n", tally.passed, tally.failed);
    ok(tally.passed >= PASSED_AT_LEAST, "conformance cases pass");
    struct tally again = run_kit(arena, root, true);
    ok(again.passed == tally.passed && again.failed == tally.failed,
       "and pass as well when the models were read and written first");
    return done_testing();
}
