/*
 * queue.h: a bounded first-in first-out queue of pointers between threads.
 *
 * Bounded twice: by count and by a weight in bytes that each item brings. An item heavier than the bound enters an
 * empty queue, so that nothing waits for ever. Closing wakes all: pushes are refused, pops drain what is left. thread
 * any number on both sides.  ownership: an item pushed is moved to whoever pops it.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queue *queue_create(size_t count_max, uint64_t bytes_max); /* bytes_max 0: by count alone; NULL: memory is out */
void queue_destroy(struct queue *queue);                          /* must be empty; accepts NULL */
/* Waits for room. False: closed, the item stays the caller's. */
bool queue_push(struct queue *queue, void *item, uint64_t bytes);
/* False: full or closed. */
bool queue_try_push(struct queue *queue, void *item, uint64_t bytes);
/* Waits for an item. NULL: closed and empty. */
void *queue_pop(struct queue *queue);
/* NULL: nothing came within the time, or closed and empty. */
void *queue_pop_for(struct queue *queue, uint64_t timeout_us);
void queue_close(struct queue *queue);
size_t queue_count(struct queue *queue);
uint64_t queue_bytes(struct queue *queue);

#endif
