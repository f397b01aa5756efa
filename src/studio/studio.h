/* studio: the constructor of schemes. A draft is the text of a DMN file that is being edited; every
 * change is one small pure edit (scheme/scheme_edit.h) whose result is stored as a step at once, so
 * that nothing typed is lost and everything can be taken back. Several people may work on a draft:
 * a change of a text that was changed meanwhile is refused with the words of that change. A draft
 * becomes a version of its scheme; checking, approval and publishing are scheme's. */
#ifndef KONTOR_STUDIO_H
#define KONTOR_STUDIO_H

#include "reward/reward.h"
#include "scheme/scheme.h"

enum { STUDIO_STEPS_MAX = 200 }; /* that can be taken back */

struct studio_draft {
    int64_t id, scheme_id, revision;
    struct opt_i64 base_version_id;
    int64_t step, saved_step;
    int64_t updated_at;
    struct str xml;
};

enum { STUDIO_WORDS = 5 };
struct studio_words { /* of a change: a message key and what stands in it, as faults have them */
    const char *key;
    const char *args[STUDIO_WORDS]; /* NULL: not used */
};

struct studio_words studio_words_of(const struct scheme_edit_words *said);

/* The scheme's draft; a first one is begun from `version_id`, else from the newest version that is
 * not retired, else from `xml`. Permission scheme.edit. A draft without changes of its own follows
 * a newer version. */
enum rc studio_open(struct op *op, int64_t scheme_id, struct opt_i64 version_id, struct str xml,
                    int64_t *out_id);
enum rc studio_get(struct op *op, int64_t id, struct studio_draft *out);
/* The text after a change. RC_CONFLICT: somebody else changed it since `revision`. */
enum rc studio_change(struct op *op, int64_t id, int64_t revision, struct str xml,
                      const struct studio_words *words);
/* The same by one edit. */
enum rc studio_edit(struct op *op, int64_t id, int64_t revision, const struct scheme_edit *edit);
/* One step back or forward; RC_MISSING: there is none. */
enum rc studio_undo(struct op *op, int64_t id, int64_t revision);
enum rc studio_redo(struct op *op, int64_t id, int64_t revision);
/* Away with the draft and its steps. */
enum rc studio_discard(struct op *op, int64_t id, int64_t revision);
/* The text becomes a draft version of the scheme. RC_INVALID as scheme_version_add. */
enum rc studio_save(struct op *op, int64_t id, int64_t revision, struct str note,
                    int64_t *out_version_id);

struct studio_step {
    int64_t number, revision, created_at;
    struct str words, who;
};
struct studio_steps {
    struct studio_step *at;
    size_t len, cap;
    bool has_undo, has_redo;
};
/* Newest first, in words of the operation's language. */
enum rc studio_steps(struct op *op, const struct studio_draft *draft, struct studio_steps *out);

/* "Anna, Boris": who else has it open now; empty: nobody. Marks the actor as seen. */
enum rc studio_present(struct op *op, int64_t id, struct str *out_others);

extern const struct route studio_routes[];
void studio_start(void);

#endif
