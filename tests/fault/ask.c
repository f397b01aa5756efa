/* What a database says, for the fault tests: runs each query of a file and prints its answer, one
 * text a query. The scripts compare these answers before and after a fault, on both engines,
 * without the program under test in between. usage: ask URL FILE, or ask URL -c QUERY */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"

enum { FILE_BYTES_MAX = 1 << 16 };

static bool read_file(const char *path, char *out)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t len = fread(out, 1, FILE_BYTES_MAX - 1, file);
    out[len] = '\0';
    return fclose(file) == 0;
}

static bool ask(struct db *db, struct arena *arena, struct str query)
{
    struct str text = STR_NONE;
    enum rc rc = db_ask_text(db, arena, str_c(arena, query), &text);
    if (rc == RC_MISSING)
        text = STR("(nothing)");
    else if (rc != RC_OK)
        (void)fprintf(stderr, "%s: " STR_FMT "\n", db_message(db), STR_ARG(query));
    (void)printf(STR_FMT "\n", STR_ARG(text));
    return rc == RC_OK || rc == RC_MISSING;
}

int main(int argc, char **argv)
{
    static char text[FILE_BYTES_MAX];
    AUTO_ARENA arena = arena_new(0);
    struct fault fault = {.arena = arena};
    struct database *database = NULL;
    struct db *db = NULL;
    bool is_query = argc == 4 && strcmp(argv[2], "-c") == 0;
    if (argc != 3 && !is_query)
        return 64;
    if (!is_query && !read_file(argv[2], text))
        return 66;
    struct database_options options = {.url = str_of(argv[1]), .must_exist = true};
    if (database_open(&options, &fault, &database) != RC_OK || db_open(database, &db) != RC_OK) {
        (void)fprintf(stderr, "%s cannot be opened\n", argv[1]);
        return 69;
    }
    bool is_fine = true;
    struct str rest = str_of(is_query ? argv[3] : text);
    while (rest.at) {
        struct str query = str_trim(str_cut(&rest, ';'));
        if (query.len > 0)
            is_fine = ask(db, arena, query) && is_fine;
    }
    db_close(db);
    database_close(database);
    return is_fine ? 0 : 70;
}
