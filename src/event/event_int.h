/* What the files of event share. */
#ifndef KONTOR_EVENT_INT_H
#define KONTOR_EVENT_INT_H

#include "event/event.h"

/* The table of known ids (SQLite only; its caller holds the write lane): hash of (source, external
 * id) to the seq of the event's first credit. A hit is a candidate: the stored row decides. */
enum rc event__known_load(struct op *op);
void event__known_add(uint64_t hash, int64_t seq);
/* Candidates one after the other: start with *place = 0; false when there are no more. */
bool event__known_next(uint64_t hash, size_t *place, int64_t *out_seq);
uint64_t event__id_hash(struct str source, struct str external_id);

#endif
