/* Storing of results, shared by runs and repetitions. */
#ifndef KONTOR_REWARD_STORE_H
#define KONTOR_REWARD_STORE_H

#include "reward/reward_int.h"

enum { REWARD_ARENA_BYTES_LOG2 = 34 };

/* In the caller's transaction. */
enum rc reward__store_result(struct op *op, const struct reward_run *run,
                             const struct reward_calculation *calculation,
                             const struct reward_result *result, int64_t attempt, int64_t *out_id);
enum rc reward__drop_results(struct op *op, int64_t run_id);
/* Posts an approved result: ledger, statement, states; in one transaction. */
enum rc reward__post_result(struct op *op, int64_t result_id);
/* Approves a calculated run without asking: for the command line, whose user owns the database. */
enum rc reward__approve_as_system(struct op *op, int64_t run_id);
/* A transaction of the job (which is refused when its lease is lost), or of the caller: job NULL.
 */
enum rc reward__txn(struct op *op, struct job *job, struct txn *txn);
/* As the public functions, inside a job. */
enum rc reward__run_calculate(struct op *op, int64_t id, struct job *job,
                              void (*progress)(void *self, int64_t done, int64_t total),
                              void *self);
/* The same, and what was stored, in `arena`; AUTO_CALCULATION closes it, also after a failure. */
enum rc reward__run_calculate_in(struct op *op, struct arena *arena, int64_t id, struct job *job,
                                 void (*progress)(void *self, int64_t done, int64_t total),
                                 void *self, const struct reward_calculation **out);
enum rc reward__run_post(struct op *op, int64_t id, struct job *job);
enum rc reward__due_tick(struct op *op, struct job *job, int64_t *out_moved);
/* reward_due.c: why a line is held, as it is stored: words separated by blanks. */
struct str reward__hold_words(struct arena *arena, const struct reward_gate *gate, bool is_window);
/* reward_gate.c: what conditions and balances hold is let go, or cancelled when it is too late. */
enum rc reward__gates_tick(struct op *op, struct job *job);
/* Enqueues work on a run, once; the job that is under way when there is one. */
enum rc reward__job(struct op *op, const struct reward_run *run, const char *kind,
                    int64_t *out_job_id);
/* What a job reports while it works on contracts. */
void reward__job_progress(void *self, int64_t done, int64_t total);
/* A period in a message: words for people, "2026-10" for the command line. */
struct str reward__period_said(struct op *op, struct period period);
struct cli;
enum rc reward__statement_command(struct cli *cli); /* kontor statement */
/* The operation as the system's, on the same connection and transaction. */
struct actor reward__as_system(struct op *op);

/* reward_figures.c: sums by scheme and the sales of a result that is stored with its lines. */
enum rc reward__store_figures(struct op *op, int64_t run_id, const struct reward_result *result,
                              int64_t result_id);
struct partner_figures;
extern const struct partner_figures reward__partner_figures; /* columns of the directory */

#endif
