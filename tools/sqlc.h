/* sqlc: what the files of tools/sqlc share: the queries as they were read, and what was made. */
#ifndef KONTOR_SQLC_H
#define KONTOR_SQLC_H

#include "db/db.h"

enum { TEXT_MAX = 4 << 20, FIELDS_MAX = 128 };

enum kind {
    KIND_ONE = 1,
    KIND_MANY,
    KIND_EACH,
    KIND_EXEC,
    KIND_CHANGED,
    KIND_ID,
    KIND_BULK,
    KIND_LIST
};

struct type {
    const char *word;
    enum db_type plain, filter;        /* 0: not allowed there */
    const char *c, *constant, *stored; /* stored: the engine's type of such a column */
};

struct field {
    struct str name;
    enum db_type type;
    struct str sql[2]; /* of a filter: SQLite, PostgreSQL */
    bool is_used;
    bool is_each; /* a filter: the rows of each value are read by themselves */
};

struct row {
    struct str name;
    struct field *fields;
    size_t len;
};

struct sort {
    struct str name, key;
    enum db_type type;
};

struct query {
    const char *file;
    long line;
    enum kind kind;
    struct str name, id, unscoped, bounded, unindexed;
    const struct row *row;
    VEC(struct field) in;
    size_t filters_from;
    VEC(struct sort) sorts;
    struct buf text;
    struct db_query made;
};

struct owned {
    struct str table, column;
};

struct tool {
    struct arena *arena;
    struct str module, dir, pg_url;
    VEC(const char *) migrations, files;
    VEC(struct db_module_migrations *) schema;
    VEC(struct owned) owned;
    VEC(struct row *) rows;
    VEC(struct query *) queries;
    struct db *db;
    int errors;
};

extern struct tool t;
extern const char *const kind_names[];

void complain(const char *file, long line, const char *format, ...) PRINTF(3, 4);
#define COMPLAIN(query, ...) complain((query)->file, (query)->line, __VA_ARGS__)

/* ---- words of SQL (sqlc_read.c) ---- */

enum token_kind { TOKEN_WORD = 1, TOKEN_PARAM, TOKEN_BRACES, TOKEN_QUOTED, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    struct str text; /* a parameter without ':', braces without "{{}}" */
    size_t at, end;
    int depth; /* of parentheses, before it */
};

/* The piece of `sql` that begins at token->end; false at the end of the text. */
bool next_token(struct str sql, struct token *token);
/* Where `word` stands outside all parentheses at or after `from`; SIZE_MAX when it does not. */
size_t find_top(struct str sql, struct str word, size_t from);
bool is_name_char(char c);
struct str cut_word(struct str *rest);
const struct type *plain_type(enum db_type type);

/* ---- the steps ---- */

struct str read_file(const char *path);
void add_migration(const char *path); /* reads its text and its owner marks */
void read_queries(const char *file);  /* sqlc_read.c */
bool make_query(struct query *query); /* sqlc_make.c: the parts of its text */
void write_code(void);                /* sqlc_write.c */

#endif
