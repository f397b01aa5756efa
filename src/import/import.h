/* import: records and facts from CSV and XLSX files. A kind says which fields there are, a mapping
 * says which column becomes which field, one engine reads the file in batches, and a row that is
 * wrong never stops the rest: it comes back in a file with row, column, value and reason.
 *
 * Repeating a file changes nothing: records are found by their codes, events by their external
 * ids. A killed import goes on from its last committed batch. How mappings are written is in
 * docs/guide/import.md. */
#ifndef KONTOR_IMPORT_H
#define KONTOR_IMPORT_H

#include "cli/cli.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "op/op.h"
#include "ui/ui.h"

struct import_counts {
    int64_t added, changed, unchanged, refused;
};

/* What is imported: "partners", "events"… For lists of choices; NULL past the end. */
const char *import_kind_name(size_t i);

/* An import of bytes that are at hand, with the mapping that their head suggests; the queue reads
 * them. Permissions import.edit and that of the kind, which must exist. */
enum rc import_queue(struct op *op, const char *kind_name, struct str name, struct str bytes,
                     bool is_dry_run, int64_t *out_id);

/* Saves the mapping that the head of these bytes suggests, to be chosen again by its name.
 * Permissions as import_queue. */
enum rc import_mapping_keep(struct op *op, const char *kind_name, struct str name, struct str bytes,
                            int64_t *out_id);

/* ---- what main registers ---- */

extern const struct route import_routes[];
extern const struct permission import_permissions[]; /* import.read, import.edit */
extern const size_t import_permissions_len;
extern const struct command import_commands[];
extern const struct job_kind import_job_kinds[];
extern const struct job_tick import_ticks[];
extern const struct ui_page import_pages[];
extern const size_t import_pages_len;
void import_start(void); /* names for the audit */

#endif
