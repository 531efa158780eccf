/*
 * flight.c: flights by key: who waits, who runs, what came out.
 */
#include "server/flight.h"

#include "base/clock.h"
#include "base/metrics.h"

#include <stdlib.h>

METRIC_COUNTER(queries_shared, "weir_queries_shared_total", "queries answered by an identical one's execution");

METRIC_GAUGE(queries_waiting, "weir_queries_waiting", "queries that wait for an identical one's execution");

#define CHECK_INTERVAL_US 10000U /* cancelled, out of time? */

enum flight_state { FLIGHT_WAITING, FLIGHT_RUNNING, FLIGHT_ENDED };

struct flight {
    struct flight *next; /* until it has ended */
    struct digest key;
    enum flight_state state;
    uint32_t references;
    bool shared; /* somebody else waits: fixed once it runs */
    bool whole;  /* ended with a reply */
    struct buffer reply;
    size_t bytes; /* written by who leads, kept or not */
    uint64_t charged;
    struct request_summary summary;
};

void flights_init(struct flights *flights, struct budget *budget)
{
    *flights = (struct flights){.budget = budget};
    lock_init(&flights->lock, LOCK_FLIGHTS);
    condition_init(&flights->changed);
    flights->changed.lock = &flights->lock;
}

void flights_deinit(struct flights *flights)
{
    ASSERT(flights->first == NULL);
    condition_deinit(&flights->changed);
    lock_deinit(&flights->lock);
}

/* ---- under the lock */

static struct flight *find(const struct flights *flights, struct digest key, enum flight_state state)
{
    struct flight *flight = flights->first;
    while (flight != NULL && (flight->state != state || !digest_equal(flight->key, key))) {
        flight = flight->next;
    }
    return flight;
}

static void drop_reply(struct flights *flights, struct flight *flight)
{
    buffer_deinit(&flight->reply);
    budget_give(flights->budget, flight->charged);
    flight->charged = 0;
}

static void end(struct flights *flights, struct flight *flight, const struct request_summary *summary)
{
    struct flight **place = &flights->first;
    if (flight->state == FLIGHT_ENDED) {
        return;
    }
    while (*place != flight) {
        place = &(*place)->next;
    }
    *place = flight->next;
    flight->state = FLIGHT_ENDED;
    flight->whole = summary != NULL && !flight->reply.failed;
    if (flight->whole) {
        flight->summary = *summary;
    } else {
        drop_reply(flights, flight);
    }
    condition_broadcast(&flights->changed);
}

static void unref(struct flights *flights, struct flight *flight)
{
    if (--flight->references == 0) {
        drop_reply(flights, flight);
        free(flight);
    }
}

/* ---- entering and leaving */

/* Waits until the flight runs under its leader, or has ended. */
static struct err *wait_for(struct flights *flights, struct flight *flight, bool leads, struct process *process,
                            uint64_t time_us_max)
{
    while (leads ? find(flights, flight->key, FLIGHT_RUNNING) != NULL : flight->state != FLIGHT_ENDED) {
        if (atomic_load(&process->progress.cancelled)) {
            return err_new(ERR_QUERY_CANCELLED, "Query was cancelled");
        }
        if (time_us_max != 0 &&
            clock_monotonic_us() - process->started_monotonic_us > process->waited_us + time_us_max) {
            return err_new(ERR_TIMEOUT, "Timeout exceeded: the query ran longer than max_execution_time, %g seconds",
                           (double)time_us_max / 1e6);
        }
        (void)condition_wait_for(&flights->changed, &flights->lock, CHECK_INTERVAL_US);
    }
    return NULL;
}

struct err *flight_enter(struct flights *flights, struct digest key, struct process *process, uint64_t time_us_max,
                         struct flight **out, bool *leads)
{
    struct flight *made = calloc(1, sizeof(*made));
    *out = NULL;
    *leads = false;
    if (made == NULL) {
        return err_oom();
    }
    lock_take(&flights->lock);
    struct flight *flight = find(flights, key, FLIGHT_WAITING);
    if (flight != NULL) {
        flight->shared = true;
    } else {
        flight = made;
        made = NULL;
        flight->key = key;
        flight->next = flights->first;
        flights->first = flight;
        *leads = true;
    }
    flight->references++;
    metric_change(&metric_queries_waiting, 1);
    struct err *err = wait_for(flights, flight, *leads, process, time_us_max);
    metric_change(&metric_queries_waiting, -1);
    if (err != NULL) {
        if (*leads) {
            end(flights, flight, NULL);
        }
        unref(flights, flight);
    } else {
        if (*leads) {
            flight->state = FLIGHT_RUNNING;
        }
        *out = flight;
    }
    lock_give(&flights->lock);
    free(made);
    return err;
}

void flight_leave(struct flights *flights, struct flight *flight)
{
    if (flight != NULL) {
        lock_take(&flights->lock);
        unref(flights, flight);
        lock_give(&flights->lock);
    }
}

/* ---- who leads */

void flight_keep(struct flights *flights, struct flight *flight, struct slice bytes)
{
    lock_take(&flights->lock);
    if (flight->state == FLIGHT_RUNNING) {
        flight->bytes += bytes.length;
        bool fits = flight->bytes <= FLIGHT_REPLY_BYTES_MAX;
        if (fits && flight->shared && budget_take(flights->budget, bytes.length)) {
            flight->charged += bytes.length;
            buffer_slice(&flight->reply, bytes);
        } else if (flight->shared) {
            fits = false;
        }
        if (!fits || flight->reply.failed) { /* who leads may wait for its client now: nobody waits for it */
            end(flights, flight, NULL);
        }
    }
    lock_give(&flights->lock);
}

void flight_end(struct flights *flights, struct flight *flight, const struct request_summary *summary)
{
    if (flight != NULL) {
        lock_take(&flights->lock);
        end(flights, flight, summary);
        lock_give(&flights->lock);
    }
}

/* ---- the others */

const struct buffer *flight_reply(const struct flight *flight, struct request_summary *summary)
{
    if (!flight->whole) {
        return NULL;
    }
    metric_add(&metric_queries_shared, 1);
    *summary = flight->summary;
    return &flight->reply;
}
