/*
 * pool.c: a list of tasks under one lock.
 *
 * Of the threads that have nothing to do the one is called that fell asleep last: its stack is warm still. Each task calls
 * one, also when another is on its way: those who run may take the tasks before, but a thread that is called can wait a
 * time slice for a core, and the tasks with it (measured: p99 of short queries four times as long).
 */
#include "base/pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct task {
    struct task *next;
    struct task_group *group;
    void (*run)(void *object);
    void *object;
};

struct worker {
    struct pool *pool;
    pthread_t thread;
    struct worker *next; /* of idle */
    struct condition called;
    bool idle; /* in the list */
};

struct pool {
    struct lock lock;
    struct task *first;
    struct task *last;
    struct worker *idle; /* the last to fall asleep first */
    bool stopping;
    uint32_t thread_count;
    struct worker workers[];
};

struct err *thread_start(pthread_t *thread, const char *name, void *(*run)(void *object), void *object)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(thread, NULL, run, object);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result != 0) {
        return err_errno(ERR_OOM, result, "starting the thread \"%s\"", name);
    }
    char short_name[16];
    (void)snprintf(short_name, sizeof(short_name), "%s", name);
    (void)pthread_setname_np(*thread, short_name);
    return NULL;
}

static void finish(struct task_group *group)
{
    if (group != NULL) {
        lock_take(&group->lock);
        ASSERT(group->open > 0);
        if (--group->open == 0) {
            condition_broadcast(&group->done);
        }
        lock_give(&group->lock);
    }
}

/* Until it is called. */
static void sleep_idle(struct worker *worker)
{
    struct pool *pool = worker->pool;
    worker->next = pool->idle;
    pool->idle = worker;
    worker->idle = true;
    while (worker->idle && !pool->stopping) {
        condition_wait(&worker->called, &pool->lock);
    }
}

static void *work(void *object)
{
    struct worker *worker = object;
    struct pool *pool = worker->pool;
    for (;;) {
        lock_take(&pool->lock);
        while (pool->first == NULL && !pool->stopping) {
            sleep_idle(worker);
        }
        struct task *task = pool->first;
        if (task != NULL) {
            pool->first = task->next;
        }
        lock_give(&pool->lock);
        if (task == NULL) {
            return NULL;
        }
        task->run(task->object);
        finish(task->group);
        free(task);
    }
}

struct err *pool_create(const char *name, uint32_t thread_count, struct pool **out)
{
    ASSERT(thread_count > 0);
    struct pool *pool = calloc(1, sizeof(*pool) + thread_count * sizeof(pool->workers[0]));
    if (pool == NULL) {
        return err_oom();
    }
    lock_init(&pool->lock, LOCK_POOL);
    for (; pool->thread_count < thread_count; pool->thread_count++) {
        struct worker *worker = &pool->workers[pool->thread_count];
        worker->pool = pool;
        condition_init(&worker->called);
        char thread_name[32];
        (void)snprintf(thread_name, sizeof(thread_name), "%s/%u", name, pool->thread_count);
        struct err *err = thread_start(&worker->thread, thread_name, work, worker);
        if (err != NULL) {
            pool_destroy(pool);
            return err;
        }
    }
    *out = pool;
    return NULL;
}

void pool_destroy(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    lock_take(&pool->lock);
    pool->stopping = true;
    for (uint32_t k = 0; k < pool->thread_count; k++) {
        condition_signal(&pool->workers[k].called);
    }
    lock_give(&pool->lock);
    for (uint32_t k = 0; k < pool->thread_count; k++) {
        ASSERT(pthread_join(pool->workers[k].thread, NULL) == 0);
        condition_deinit(&pool->workers[k].called);
    }
    lock_deinit(&pool->lock);
    free(pool);
}

uint32_t pool_thread_count(const struct pool *pool)
{
    return pool->thread_count;
}

struct err *pool_run(struct pool *pool, struct task_group *group, void (*run)(void *object), void *object)
{
    struct task *task = malloc(sizeof(*task));
    if (task == NULL) {
        return err_oom();
    }
    *task = (struct task){.group = group, .run = run, .object = object};
    if (group != NULL) {
        lock_take(&group->lock);
        group->open++;
        lock_give(&group->lock);
    }
    lock_take(&pool->lock);
    if (pool->first == NULL) {
        pool->first = task;
    } else {
        pool->last->next = task;
    }
    pool->last = task;
    struct worker *worker = pool->idle;
    if (worker != NULL) {
        pool->idle = worker->next;
        worker->idle = false;
        condition_signal(&worker->called);
    }
    lock_give(&pool->lock);
    return NULL;
}

void task_group_init(struct task_group *group)
{
    lock_init(&group->lock, LOCK_POOL);
    condition_init(&group->done);
    group->open = 0;
}

void task_group_deinit(struct task_group *group)
{
    ASSERT(group->open == 0);
    condition_deinit(&group->done);
    lock_deinit(&group->lock);
}

void task_group_wait(struct task_group *group)
{
    lock_take(&group->lock);
    while (group->open > 0) {
        condition_wait(&group->done, &group->lock);
    }
    lock_give(&group->lock);
}
