/* What the files of import share: kinds and fields, mappings, a batch of rows, the engine. */
#ifndef KONTOR_IMPORT_INT_H
#define KONTOR_IMPORT_INT_H

#include "audit/audit.h"
#include "event/event.h"
#include "feel/feel.h"
#include "files/files.h"
#include "import/import.h"
#include "import/import_q.h"
#include "sheet/sheet.h"

#define imp(id) pid_of("imp", (id))
#define imm(id) pid_of("imm", (id))

enum {
    IMPORT_FIELDS_MAX = 48,
    IMPORT_REPEAT_MAX = 8, /* "partner", "partner 2"… "partner 8" */
    IMPORT_COLUMNS_MAX = 256,
    IMPORT_MAPPING_BYTES_MAX = 1 << 20
};

/* ---- kinds ---- */

enum import_type {
    IMPORT_TEXT = 1,
    IMPORT_DEC,
    IMPORT_WHOLE,
    IMPORT_DAY,     /* n: days */
    IMPORT_INSTANT, /* n: microseconds */
    IMPORT_BOOL,
    IMPORT_CHOICE,   /* text: one of `choices` */
    IMPORT_CURRENCY, /* text: a code */
    IMPORT_COUNTRY,  /* text: two letters; names in en, ru, es are understood */
    IMPORT_REF       /* n: id of the record with this code */
};

enum import_ref { /* whose code it is */
                  IMPORT_TO_NOTHING = 0,
                  IMPORT_TO_CATEGORY,
                  IMPORT_TO_PRODUCT,
                  IMPORT_TO_CUSTOMER,
                  IMPORT_TO_PARTNER,
                  IMPORT_TO_OUTLET,
                  IMPORT_TO_BRANCH,
                  IMPORT_TO_ENTITY,
                  IMPORT_TO_SCHEME,
                  IMPORT_REFS_END
};

struct import_field {
    const char *name;  /* in mapping files: "occurred at" */
    const char *label; /* M("Time of the event") */
    const char *help;  /* M(…) or NULL */
    enum import_type type;
    enum import_ref ref;
    bool is_required, is_repeated;
    const char *const *choices; /* ended by NULL */
    const char *also;           /* other names of such columns: "sku;article;артикул" */
    const char *fault;          /* the domain's name of the field when it is another one */
};

struct import_batch;

struct import_kind {
    const char *name, *label;
    const struct import_field *fields; /* in the order of the kind's own enum */
    size_t fields_len;
    size_t key;           /* the field that tells records apart: code, external id */
    bool is_by_name;      /* records that stand in indexes by name: larger batches pay there */
    const char *freely;   /* fields that name themselves begin with this: "attr", "term" */
    enum import_ref self; /* what codes of this kind are: rows may name later rows */
    const char *permission;
    /* Writes the rows that are not refused and says of each what became of it. An rc other than
     * RC_OK ends the import; what is wrong with a row is import__refuse. */
    enum rc (*apply)(struct import_batch *batch);
};
const struct import_kind *import__kind(struct str name); /* NULL when unknown */
const struct import_kind *import__kind_at(size_t i);
/* The field of a name, "partner 2" being the second of "partner"; "attr:CODE" gives *out_free. */
bool import__field(const struct import_kind *kind, struct str name, size_t *out_field,
                   size_t *out_number, struct str *out_free);

extern const struct import_kind import__categories, import__products, import__customers,
    import__partners, import__relations, import__outlets, import__contracts, import__plans,
    import__rates, import__events;

/* ---- formats of cells ---- */

/* Compiled "dd.MM.yyyy HH:mm" or "1.234,56"; length 0: what is usual. */
struct import_format {
    char pattern[40];
    size_t len;
    char decimal; /* '.' or ','; 0: either, where it is clear */
};
/* NULL when fine, else a message key. */
const char *import__format(struct str text, enum import_type type, struct import_format *out);
const char *import__parse_day(const struct import_format *format, struct str text, int64_t *out);
const char *import__parse_instant(const struct import_format *format, const struct zone *zone,
                                  struct str text, int64_t *out);
const char *import__parse_dec(const struct import_format *format, struct str text, struct dec *out);
const char *import__parse_bool(struct str text, bool *out);
/* A number as FEEL takes it: no leading zeros, because "007" is a code. */
bool import__looks_like_number(struct str text);

/* ---- mappings ---- */

struct import_lookup {
    struct str file, key, value; /* of another file; absent: inline */
    struct map *map;             /* text to struct str */
    long line, column;
};

struct import_column {
    struct str to;
    size_t field;    /* of the kind; kind->fields_len: one that names itself, see `free` */
    size_t number;   /* 0 the first of several */
    struct str free; /* "CODE" of "attr:CODE" */
    struct str from, constant, feel, format_text;
    struct import_lookup *lookup; /* NULL: none */
    struct import_format format;
    struct feel_expr expr;
    size_t cell; /* of `from` in the file */
    long line, column;
};

struct import_mapping {
    const struct import_kind *kind;
    enum encoding encoding;
    char delimiter;
    struct str sheet;
    struct {
        struct import_column *at;
        size_t len, cap;
    } columns;
};

/* RC_INVALID with an entry a problem, each with its line and column. Everything in the arena. A
 * mapping with problems is given all the same when its kind is known: a page shows it again. */
enum rc import__mapping_read(struct arena *arena, struct str json, struct fault *fault,
                             struct import_mapping **out);
void import__mapping_write(const struct import_mapping *mapping, struct buf *out);
/* What the names in the head of a file suggest. */
struct import_mapping *import__mapping_suggest(struct arena *arena, const struct import_kind *kind,
                                               const struct str *heads, size_t len);
/* Columns of a file that no field and no formula takes, each with the field whose name is nearest.
 */
struct import_unused {
    struct str name, nearest; /* nearest: absent when no free field is near */
};
struct import_unused_list {
    struct import_unused *at;
    size_t len, cap;
};
void import__mapping_unused(struct arena *arena, const struct import_mapping *mapping,
                            const struct str *heads, size_t len, struct import_unused_list *out);
/* Fills inline-less lookups from files beside the mapping: `folder` is where they are; absent:
 * there are no other files here. */
enum rc import__lookups_load(struct arena *arena, struct import_mapping *mapping, struct str folder,
                             struct fault *fault);
/* Finds the columns in the head of the file and compiles the formulas. */
enum rc import__mapping_bind(struct arena *arena, struct import_mapping *mapping,
                             const struct str *heads, size_t len, struct fault *fault);

/* ---- rows ---- */

enum import_outcome {
    IMPORT_OPEN = 0, /* not decided yet */
    IMPORT_ADDED,
    IMPORT_CHANGED,
    IMPORT_UNCHANGED,
    IMPORT_REFUSED,
    IMPORT_WAITS /* names a record further down: next pass */
};

struct import_value {
    bool is_mapped; /* the mapping has this field */
    bool has;       /* and the cell is not blank */
    bool is_ahead;  /* IMPORT_REF in a dry run: a row before would have made the record */
    struct str text;
    int64_t n;
    struct dec dec;
};

struct import_row {
    long number;      /* as people see it in the file */
    int64_t position; /* rows before it */
    const struct str *cells;
    size_t cells_len;
    struct import_value *values; /* by column of the mapping */
    enum import_outcome outcome;
    void *record; /* what the kind's prepare found or made; NULL: apply looks itself */
};

struct import_error {
    long row_number;
    struct str column, value, reason, original;
};

struct import__refs; /* codes that were found already */
struct import__seen; /* keys of a dry run */

struct importer {
    struct op *op;
    struct job *job; /* NULL: a command */
    void (*progress)(struct importer *importer, int64_t done, int permille);
    void *progress_self;
    struct arena *arena; /* of the whole import */
    const struct import_kind *kind;
    struct import_mapping *mapping;
    int64_t id; /* of the import's row */
    struct str name;
    struct str source_name; /* of events whose mapping does not say it */
    bool is_dry_run;
    struct sheet_source source;
    int64_t pass, position; /* rows up to position of this pass are in */
    struct import_counts counts;
    int64_t error_bytes;
    struct str_list heads;
    struct import__refs *refs;
    struct import__seen *seen;
    /* column of the mapping + 1 for a field and number; 0: not mapped */
    uint16_t slots[IMPORT_FIELDS_MAX][IMPORT_REPEAT_MAX];
    const struct currency *currency; /* of the operator: what is meant when nothing is said */
    bool is_last_pass;               /* what still waits is refused */
    size_t stretch; /* rows that share a savepoint; 0: the batch is taken without one */
};

struct import_batch {
    struct importer *importer;
    struct op *op;         /* its arena: the batch's; while a row is applied, `passing` */
    struct arena *arena;   /* of the batch: what a memo keeps belongs here (import__keep) */
    struct arena *passing; /* of the row at hand */
    struct import_row *rows;
    size_t len;
    struct {
        struct import_error *at;
        size_t len, cap;
    } errors;
    struct import_counts counts;
    void *memo;      /* of the kind: what is looked up once a batch */
    bool is_undone;  /* the transaction must be rolled back and the open rows be applied again */
    bool was_undone; /* which has happened */
};

/* A field's value; one that is not mapped has neither is_mapped nor has. */
const struct import_value *import__value(const struct import_batch *batch,
                                         const struct import_row *row, size_t field);
const struct import_value *import__value_at(const struct import_batch *batch,
                                            const struct import_row *row, size_t field,
                                            size_t number);
/* The text of a field: what the file says when it is mapped, else `present`. */
struct str import__text_or(const struct import_batch *batch, const struct import_row *row,
                           size_t field, struct str present);
/* The row is not taken; a message key with up to two arguments. May be called several times. */
void import__refuse(struct import_batch *batch, struct import_row *row, size_t field, size_t number,
                    const char *message, const char *arg, const char *arg2);
void import__refuse_column(struct import_batch *batch, struct import_row *row,
                           const struct import_column *column, const char *message, const char *arg,
                           const char *arg2);
/* What op->fault says becomes the row's errors; RC_OK then. Failures that are not the row's (no
 * room, connection lost, denied) are returned. */
enum rc import__refuse_fault(struct import_batch *batch, struct import_row *row, enum rc rc);
/* Applies one row; what is wrong with it is refused or told as a fault. */
typedef enum rc import__apply(struct import_batch *batch, struct import_row *row);
/* Does for rows [first, end) together what can be done so, and says what with row->record. May be
 * NULL, and is not called for a single row. RC_CONFLICT: not so; the rows are applied one by one.
 */
typedef enum rc import__prepare(struct import_batch *batch, size_t first, size_t end);
/* For kinds of records: calls `apply` for each open row. What a refused row did is rolled back;
 * batch->is_undone says that the whole batch is to be. */
enum rc import__each(struct import_batch *batch, import__prepare *prepare, import__apply *apply);
/* Reads all values of the batch's rows; refuses rows with values that cannot be read. */
enum rc import__read_values(struct import_batch *batch);

/* ---- asked for a batch at once (import_prepare.c) ---- */

/* The ids of records that the rows name, before their values are read. */
enum rc import__prefetch(struct import_batch *batch);
/* Open rows of [first, end) whose code stands there for the first time. */
struct import_firsts {
    struct str_list codes; /* as the rows have them */
    struct {
        struct import_row **at;
        size_t len, cap;
    } at;
    struct map *rows; /* by code, or by folded code */
};
void import__first_rows(struct import_batch *batch, size_t first, size_t end, bool is_folded,
                        struct import_firsts *out);
/* Around what a memo keeps: passing = import__keep(batch); rc = import__pass(batch, passing, …). */
struct arena *import__keep(struct import_batch *batch);
enum rc import__pass(struct import_batch *batch, struct arena *passing, enum rc rc);

/* ---- codes of records ---- */

struct import__refs *import__refs_new(void);
void import__refs_free(struct import__refs *refs); /* NULL is fine */
/* RC_MISSING: there is none. */
enum rc import__ref_find(struct import_batch *batch, enum import_ref ref, struct str code,
                         int64_t *out_id);
bool import__refs_is_many(enum import_ref ref); /* there may be very many of them */
bool import__refs_knows(const struct import__refs *refs, enum import_ref ref, struct str code);
/* Finds those of the codes that there are, in one query, and remembers them. */
enum rc import__refs_load(struct import_batch *batch, enum import_ref ref,
                          const struct str_list *codes);
/* A code of such a record that is nearly the same; absent: none. */
enum rc import__ref_nearest(struct import_batch *batch, enum import_ref ref, struct str code,
                            struct str *out);
const char *import__ref_missing(enum import_ref ref); /* message key with the code as {0} */

/* ---- the keys of a dry run, whose rows leave no trace ---- */

struct import__seen *import__seen_new(void);
void import__seen_free(struct import__seen *seen);
/* What this row would find of the rows before it: IMPORT_OPEN nothing, IMPORT_UNCHANGED the same
 * values, IMPORT_CHANGED others. */
enum import_outcome import__seen_ask(const struct import__seen *seen, struct str key,
                                     uint64_t values);
void import__seen_add(struct import__seen *seen, struct str key, uint64_t values);
bool import__seen_has(const struct import__seen *seen, struct str key);

/* ---- the engine ---- */

/* Reads the whole file; counts, position and errors are kept with the import's row. RC_BUSY: it
 * was stopped between batches and can go on. */
enum rc import__run(struct importer *importer);
/* The file of refused rows; *out 0 when there are none. */
enum rc import__error_file(struct importer *importer, int64_t *out_file_id);
/* The same as a workbook; `delimiter` is that of the import's mapping. */
enum rc import__errors_as_workbook(struct op *op, int64_t file_id, char delimiter,
                                   struct sheet_sink sink);
/* How many columns at the head are those of a file of refused rows: 0 when it is another file. */
size_t import__error_heads(const struct str *heads, size_t len);
/* First rows of a file for a preview, cells in the arena. */
struct import_preview {
    struct str_list heads;
    struct {
        struct str_list *at;
        size_t len, cap;
    } rows;
    struct str_list sheets;
    enum encoding encoding;
    char delimiter;
};
enum rc import__preview(struct arena *arena, struct sheet_source source,
                        const struct import_mapping *mapping, struct fault *fault,
                        struct import_preview *out);

/* ---- imports as records ---- */

struct import_new {
    const struct import_kind *kind;
    struct str name, mapping, source, sheet;
    struct opt_i64 file_id;
    bool is_dry_run;
    const char *state;
};
enum rc import__add(struct op *op, const struct import_new *what, int64_t *out_id);
/* Prepares an importer from its row; op and arena are set. */
enum rc import__open(struct importer *importer, const struct import_rec *rec);
void import__close(struct importer *importer);
enum rc import__end(struct importer *importer, const char *state, struct str problem);
/* The mapping saved under a name. */
enum rc import__mapping_named(struct op *op, struct str name, struct import_mapping_rec *out);
enum rc import__mapping_save(struct op *op, struct str name, const struct import_kind *kind,
                             struct str text, int64_t *out_id);
enum rc import__mapping_rename(struct op *op, int64_t id, int64_t revision, struct str name);
enum rc import__mapping_remove(struct op *op, int64_t id, int64_t revision);
enum rc import__enqueue(struct op *op, const struct import_rec *rec, bool is_dry_run);

void import__counters(void); /* figures of the navigation */

#endif
