/* What the files of event share. */
#ifndef KONTOR_EVENT_INT_H
#define KONTOR_EVENT_INT_H

#include "event/event.h"
#include "event/event_q.h"

/* The table of known ids (SQLite only; its caller holds the write lane): hash of (source, external
 * id) to the seq of the event's first credit. A hit is a candidate: the stored row decides. */
enum rc event__known_load(struct op *op);
void event__known_add(uint64_t hash, int64_t seq);
/* Candidates one after the other: start with *place = 0; false when there are no more. */
bool event__known_next(uint64_t hash, size_t *place, int64_t *out_seq);
uint64_t event__id_hash(struct str source, struct str external_id);

/* The first field in which two events differ; NULL: they are the same fact. Who says that a credit
 * is so (its reason) and when it was recorded are no part of the fact. */
const char *event__differs(const struct event_new *a, const struct event_new *b);
/* With the stored rows from that event's first credit on, of which later ones may be others';
 * `roles` are the words of the event's credits. */
const char *event__differs_stored(const struct event_fact *rows, size_t len,
                                  const struct event_new *event, const int64_t *roles);

#endif
