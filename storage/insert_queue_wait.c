/*
 * insert_queue_wait.c: who waits for an asynchronous INSERT: the answer that is taken or not wanted any more, and the
 * thread that answers when it does not come in time.
 *
 * flow     insert_enqueue → insert_queued_await → the thread: `wake` → insert_queued_take
 * owns     nothing: an INSERT is its batch's and its client's. One whose client gave up is stored as if nobody had
 *          waited.
 * locks    queue->lock
 * thread   one of its own: the one that stores may hang in a write just when clients lose patience
 */
#include "base/clock.h"
#include "storage/insert_queue_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a statement's text, for the log. */
#define QUERY_BYTES ((size_t)500)

struct insert_queued *insert_queued_new(struct insert_queue *queue, const struct insert_how *how, uint64_t rows)
{
    size_t bytes = how->query.length < QUERY_BYTES ? how->query.length : QUERY_BYTES;
    struct insert_queued *queued = calloc(1, sizeof(*queued) + bytes);
    if (queued == NULL) {
        return NULL;
    }
    queued->queue = queue;
    queued->references = how->wait ? 2 : 1;
    queued->waits = how->wait;
    queued->wake = how->wait ? how->wake : NULL;
    queued->user = how->user;
    queued->bytes = how->bytes;
    queued->rows = rows;
    queued->queued_at_us = clock_wall_us();
    uint64_t now = clock_monotonic_us();
    queued->wait_us_max = how->wait ? how->wait_us_max : 0;
    queued->give_up_us =
        queued->wait_us_max == 0 || queued->wait_us_max > UINT64_MAX - now ? UINT64_MAX : now + queued->wait_us_max;
    (void)snprintf(queued->query_id, sizeof(queued->query_id), "%.*s", SLICE_ARG(how->query_id));
    (void)snprintf(queued->format, sizeof(queued->format), "%.*s", SLICE_ARG(how->format));
    queued->query_bytes = bytes;
    if (bytes > 0) {
        memcpy(queued->query, how->query.data, bytes);
    }
    return queued;
}

void insert_queued_unref(struct insert_queued *queued)
{
    if (--queued->references == 0) {
        err_free(queued->err);
        free(queued);
    }
}

bool insert_queued_take(struct insert_queued *queued, struct insert_result *result, struct err **err)
{
    struct insert_queue *queue = queued->queue;
    lock_take(&queue->lock);
    bool done = queued->done;
    if (done) {
        *result = queued->result;
        *err = queued->err;
        queued->err = NULL;
        insert_queued_unref(queued);
    } else if (atomic_load(&queued->given_up)) {
        *err =
            err_new(ERR_TIMEOUT,
                    "Wait for async insert timeout (%llu ms) exceeded: the rows wait on and are stored nevertheless; "
                    "whether they were, system.asynchronous_insert_log will say "
                    "(wait_for_async_insert_timeout)",
                    (unsigned long long)(queued->wait_us_max / 1000));
        insert_queued_unref(queued);
        done = true;
    }
    lock_give(&queue->lock);
    return done;
}

void insert_queued_forget(struct insert_queued *queued)
{
    if (queued == NULL) {
        return;
    }
    struct insert_queue *queue = queued->queue;
    lock_take(&queue->lock);
    queued->wake = NULL;
    queued->give_up_us = UINT64_MAX;
    insert_queued_unref(queued);
    lock_give(&queue->lock);
}

void insert_queued_await(struct insert_queued *queued)
{
    struct insert_queue *queue = queued->queue;
    if (queued->give_up_us < queue->give_up_us) {
        queue->give_up_us = queued->give_up_us;
        condition_signal(&queue->waits_changed);
    }
}

/* Those of the batches whose time is over are told; the first time of the others. */
static uint64_t give_up(const struct batch *batch, uint64_t now)
{
    uint64_t next = UINT64_MAX;
    for (; batch != NULL; batch = batch->next) {
        for (struct insert_queued *queued = batch->first; queued != NULL; queued = queued->next) {
            if (queued->give_up_us <= now) {
                queued->give_up_us = UINT64_MAX;
                atomic_store(&queued->given_up, true);
                if (queued->wake != NULL) {
                    queued->wake(queued->user);
                    queued->wake = NULL;
                }
            }
            next = queued->give_up_us < next ? queued->give_up_us : next;
        }
    }
    return next;
}

void *insert_queue_waiter(void *object)
{
    struct insert_queue *queue = object;
    lock_take(&queue->lock);
    while (!queue->waiter_ends) {
        uint64_t now = clock_monotonic_us();
        if (queue->give_up_us <= now) {
            uint64_t waiting = give_up(queue->first, now), storing = give_up(queue->storing, now);
            queue->give_up_us = waiting < storing ? waiting : storing;
        } else if (queue->give_up_us == UINT64_MAX) {
            condition_wait(&queue->waits_changed, &queue->lock);
        } else {
            (void)condition_wait_for(&queue->waits_changed, &queue->lock, queue->give_up_us - now);
        }
    }
    lock_give(&queue->lock);
    return NULL;
}
