/*
 * flight.h: identical queries that run at the same time share one execution.
 *
 * identical   the same key: text, settings, format, database, user and parameters (server/execute.c makes it). At most
 *             one flight of a key runs; who comes while it runs waits in the next one, which begins when that has
 *             ended. A flight takes its snapshot after all who are in it came: each sees what was acknowledged before
 *             it asked.
 * states      waiting (joined by any number) → running (by its first member) → ended: with the reply, or without, and
 *             then the others run alone
 * thread      any; flights->lock guards all. A reply that has ended is immutable.
 */
#ifndef SERVER_FLIGHT_H
#define SERVER_FLIGHT_H

#include "base/lock.h"
#include "base/text.h"
#include "query/plan_digest.h"
#include "server/request.h"

/* A longer reply is not shared. */
#define FLIGHT_REPLY_BYTES_MAX ((size_t)1 << 20)

struct flight;

struct flights {
    struct lock lock;
    struct condition changed;
    struct flight *first;
    struct budget *budget; /* of replies that are kept */
};

void flights_init(struct flights *flights, struct budget *budget);
void flights_deinit(struct flights *flights);

/*
 * Joins or begins a flight; waits until it may run, or has ended. *leads: the caller runs the query and calls
 * flight_end; else the reply is there (flight_reply) or the caller runs alone (NULL). *out: a reference.
 * errors   ERR_QUERY_CANCELLED; ERR_TIMEOUT after time_us_max since the process began
 */
struct err *flight_enter(struct flights *flights, struct digest key, struct process *process, uint64_t time_us_max,
                         struct flight **out, bool *leads);
void flight_leave(struct flights *flights, struct flight *flight); /* accepts NULL */

/* ---- who leads */
/* Every part of the reply: kept for the others. Too many bytes end the flight: they run alone. */
void flight_keep(struct flights *flights, struct flight *flight, struct slice bytes);
/* summary NULL: it failed, or must not be shared; the others run alone. May be called again: only the first counts. */
void flight_end(struct flights *flights, struct flight *flight, const struct request_summary *summary);

/* ---- the others */
/* NULL: there is none. */
const struct buffer *flight_reply(const struct flight *flight, struct request_summary *summary);

#endif
