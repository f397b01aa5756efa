/* demo: a company that this program makes up, so that no screen is empty on the first day: an
 * operator with legal entities in three countries, its people, partners in every state, catalogue,
 * customers, schemes, contracts, a year of sales and the runs over them. Everything goes through
 * the functions that people's clicks go through, at the time of the story. The same day gives the
 * same company; only keys, salts and password hashes differ. */
#ifndef KONTOR_DEMO_H
#define KONTOR_DEMO_H

#include "cli/cli.h"

extern const struct command demo_commands[]; /* kontor demo, kontor demo sign-ins */

#endif
