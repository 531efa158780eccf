/*
 * pool.h: threads that run tasks, and groups of tasks to wait for.
 *
 * pool_run never blocks and never refuses: tasks wait in a list. Whoever bounds the work bounds the number of tasks.
 * A task may run further tasks, but must not wait for a group of its own pool (all threads could wait).
 * thread   any.  ownership: a task's object is the caller's.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/err.h"
#include "base/lock.h"

#include <stdint.h>

struct pool;

struct task_group {
    struct lock lock;
    struct condition done;
    uint64_t open; /* tasks not finished */
};

/* Threads are named "name/k" (15 characters at most) and block all signals. */
struct err *pool_create(const char *name, uint32_t thread_count, struct pool **out);
/* Runs what waits, then stops the threads. Accepts NULL. */
void pool_destroy(struct pool *pool);
uint32_t pool_thread_count(const struct pool *pool);
/* group may be NULL. An error (memory) means that the task will not run. */
struct err *pool_run(struct pool *pool, struct task_group *group, void (*task)(void *object), void *object);

void task_group_init(struct task_group *group);
void task_group_deinit(struct task_group *group); /* no task may be open */
void task_group_wait(struct task_group *group);

/* A thread of its own, named, with all signals blocked. */
struct err *thread_start(pthread_t *thread, const char *name, void *(*run)(void *object), void *object);

#endif
