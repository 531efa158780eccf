/*
 * queue.c: a ring under one lock.
 */
#include "base/queue.h"

#include "base/err.h"
#include "base/lock.h"

#include <stdlib.h>

struct entry {
    void *item;
    uint64_t bytes;
};

struct queue {
    struct lock lock;
    struct condition room;
    struct condition filled;
    struct entry *ring;
    size_t count_max;
    size_t first;
    size_t count;
    uint64_t bytes_max;
    uint64_t bytes;
    bool closed;
};

struct queue *queue_create(size_t count_max, uint64_t bytes_max)
{
    ASSERT(count_max > 0);
    struct queue *queue = calloc(1, sizeof(*queue));
    struct entry *ring = calloc(count_max, sizeof(*ring));
    if (queue == NULL || ring == NULL) {
        free(queue);
        free(ring);
        return NULL;
    }
    lock_init(&queue->lock, LOCK_POOL);
    condition_init(&queue->room);
    condition_init(&queue->filled);
    queue->ring = ring;
    queue->count_max = count_max;
    queue->bytes_max = bytes_max;
    return queue;
}

void queue_destroy(struct queue *queue)
{
    if (queue != NULL) {
        ASSERT(queue->count == 0);
        condition_deinit(&queue->room);
        condition_deinit(&queue->filled);
        lock_deinit(&queue->lock);
        free(queue->ring);
        free(queue);
    }
}

static bool has_room(const struct queue *queue, uint64_t bytes)
{
    return queue->count < queue->count_max &&
           (queue->bytes_max == 0 || queue->count == 0 || queue->bytes + bytes <= queue->bytes_max);
}

static void put(struct queue *queue, void *item, uint64_t bytes)
{
    queue->ring[(queue->first + queue->count) % queue->count_max] = (struct entry){item, bytes};
    queue->count++;
    queue->bytes += bytes;
    condition_signal(&queue->filled);
}

bool queue_push(struct queue *queue, void *item, uint64_t bytes)
{
    lock_take(&queue->lock);
    while (!queue->closed && !has_room(queue, bytes)) {
        condition_wait(&queue->room, &queue->lock);
    }
    bool taken = !queue->closed;
    if (taken) {
        put(queue, item, bytes);
    }
    lock_give(&queue->lock);
    return taken;
}

bool queue_try_push(struct queue *queue, void *item, uint64_t bytes)
{
    lock_take(&queue->lock);
    bool taken = !queue->closed && has_room(queue, bytes);
    if (taken) {
        put(queue, item, bytes);
    }
    lock_give(&queue->lock);
    return taken;
}

void *queue_pop_for(struct queue *queue, uint64_t timeout_us)
{
    void *item = NULL;
    lock_take(&queue->lock);
    while (queue->count == 0 && !queue->closed) {
        if (!condition_wait_for(&queue->filled, &queue->lock, timeout_us) && queue->count == 0) {
            break;
        }
    }
    if (queue->count > 0) {
        struct entry entry = queue->ring[queue->first];
        queue->first = (queue->first + 1) % queue->count_max;
        queue->count--;
        queue->bytes -= entry.bytes;
        item = entry.item;
        /* items differ in weight, so whoever waits must look for itself */
        condition_broadcast(&queue->room);
    }
    lock_give(&queue->lock);
    return item;
}

void *queue_pop(struct queue *queue)
{
    return queue_pop_for(queue, UINT64_MAX);
}

void queue_close(struct queue *queue)
{
    lock_take(&queue->lock);
    queue->closed = true;
    condition_broadcast(&queue->room);
    condition_broadcast(&queue->filled);
    lock_give(&queue->lock);
}

size_t queue_count(struct queue *queue)
{
    lock_take(&queue->lock);
    size_t count = queue->count;
    lock_give(&queue->lock);
    return count;
}

uint64_t queue_bytes(struct queue *queue)
{
    lock_take(&queue->lock);
    uint64_t bytes = queue->bytes;
    lock_give(&queue->lock);
    return bytes;
}
