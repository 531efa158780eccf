/*
 * parallel.c: the pool of query threads, and work that an execution spreads over it.
 *
 * flow     operators → execution_parallel → tasks of the pool, and worker 0
 * thread   the caller is worker 0; the others are tasks of the shared pool
 */
#include "query/pipeline.h"

#include "base/pool.h"

#include <unistd.h>

static struct pool *threads;

struct err *query_threads_start(uint32_t thread_count)
{
    if (thread_count == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        thread_count = processors < 1 ? 1 : (uint32_t)processors;
    }
    ASSERT(threads == NULL);
    return pool_create("query", thread_count < WORKERS_MAX ? thread_count : WORKERS_MAX, &threads);
}

void query_threads_stop(void)
{
    pool_destroy(threads);
    threads = NULL;
}

uint32_t query_thread_count(void)
{
    return threads == NULL ? 1 : pool_thread_count(threads);
}

struct parallel_task {
    struct err *(*run)(void *object, struct worker *worker);
    void *object;
    struct worker *worker;
    struct err *err;
};

static void parallel_task_run(void *object)
{
    struct parallel_task *task = object;
    struct interrupt interrupt;
    const struct execution *execution = task->worker->execution;
    interrupt_begin_until(&interrupt, &execution->progress->cancelled, execution->deadline_us,
                          execution->options->limits.max_execution_time_us);
    task->err = task->run(task->object, task->worker);
    interrupt_end(&interrupt);
}

struct parallel {
    struct parallel_task tasks[WORKERS_MAX];
    struct task_group group;
    uint32_t count;
    bool called; /* all of them */
    struct err *err;
};

static void call_others(struct parallel *parallel)
{
    parallel->called = true;
    for (uint32_t w = 1; w < parallel->count; w++) {
        err_keep_first(&parallel->err, pool_run(threads, &parallel->group, parallel_task_run, &parallel->tasks[w]));
    }
}

void execution_call_others(struct worker *worker)
{
    if (worker->index != 0) {
        return; /* the first one's alone: it writes what is read here */
    }
    struct parallel *parallel = worker->execution->lazy;
    if (parallel != NULL && !parallel->called) {
        call_others(parallel);
    }
}

static struct err *parallel_run(struct execution *execution, uint32_t count, bool lazy,
                                struct err *(*run)(void *object, struct worker *worker), void *object)
{
    struct parallel parallel = {.err = NULL};
    count = count > execution->worker_count ? execution->worker_count : count;
    parallel.count = count == 0 || threads == NULL ? 1 : count;
    task_group_init(&parallel.group);
    for (uint32_t w = 0; w < parallel.count; w++) {
        parallel.tasks[w] = (struct parallel_task){run, object, &execution->workers[w], NULL};
    }
    if (lazy) {
        struct parallel *around = execution->lazy;
        execution->lazy = &parallel;
        parallel_task_run(&parallel.tasks[0]);
        execution->lazy = around;
    } else {
        call_others(&parallel);
        parallel_task_run(&parallel.tasks[0]);
    }
    task_group_wait(&parallel.group);
    task_group_deinit(&parallel.group);
    for (uint32_t w = 0; w < parallel.count; w++) {
        err_keep_first(&parallel.err, parallel.tasks[w].err);
    }
    return parallel.err;
}

struct err *execution_parallel(struct execution *execution, uint32_t count,
                               struct err *(*run)(void *object, struct worker *worker), void *object)
{
    return parallel_run(execution, count, false, run, object);
}

struct err *execution_parallel_lazy(struct execution *execution, uint32_t count,
                                    struct err *(*run)(void *object, struct worker *worker), void *object)
{
    return parallel_run(execution, count, true, run, object);
}
