/*
 * live_every.h: EMIT EVERY: a live query whose answer is given at certain moments, not at every change.
 *
 * time     at the multiples of it (since 1970), when the data time of the tables that it reads (data_time.h) has reached
 *          them: the answer is that of the rows whose event time is before the moment, and now() says the moment. So it
 *          does not depend on when rows came, or how they were read.
 * rows     when the rows of these tables pass a multiple of it: the answer is that of all rows that are there then
 */
#ifndef SERVER_LIVE_EVERY_H
#define SERVER_LIVE_EVERY_H

#include "server/live_private.h"

/* After binding: which emission is the newest one, + 1; 0: the time is not known yet (a source has not said anything). */
struct err *live_every_step(struct execution *execution, const struct live_spec *spec, uint64_t *step);

#endif
