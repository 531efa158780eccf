/*
 * admission.c: the queue of statements above queries_max.
 *
 * locks    server->lock guards all
 */
#include "server/admission.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "server/server.h"
#include "sql/ast.h"

METRIC_GAUGE(queued, "weir_queries_queued", "statements that wait because queries_max others run");
METRIC_SECONDS(queue_wait, "weir_query_queue_seconds", "how long statements waited that did not run at once");
METRIC_COUNTER(refused, "weir_queries_refused_total",
               "statements that did not run: the queue was full, or they waited too long");

/* ---- under the lock */

static bool is_in_queue(const struct process *process)
{
    return atomic_load(&((struct process *)(uintptr_t)process)->admission) == ADMISSION_WAITING;
}

static void enqueue(struct server *server, struct process *process, uint64_t wait_us_max)
{
    struct admission *admission = &server->admission;
    process->wait_next = NULL;
    process->wait_before = admission->last;
    *(admission->last == NULL ? &admission->first : &admission->last->wait_next) = process;
    admission->last = process;
    process->wait_bytes = atomic_load(&process->budget.bytes);
    process->wait_from_us = clock_monotonic_us();
    process->wait_until_us =
        wait_us_max > UINT64_MAX - process->wait_from_us ? UINT64_MAX : process->wait_from_us + wait_us_max;
    admission->waiting_count++;
    admission->waiting_bytes += process->wait_bytes;
    metric_change(&metric_queued, 1);
    atomic_store(&process->admission, ADMISSION_WAITING);
}

static void dequeue(struct server *server, struct process *process, enum admission_state to)
{
    struct admission *admission = &server->admission;
    *(process->wait_before == NULL ? &admission->first : &process->wait_before->wait_next) = process->wait_next;
    *(process->wait_next == NULL ? &admission->last : &process->wait_next->wait_before) = process->wait_before;
    process->wait_next = process->wait_before = NULL;
    admission->waiting_count--;
    admission->waiting_bytes -= process->wait_bytes;
    process->waited_us = clock_monotonic_us() - process->wait_from_us;
    metric_change(&metric_queued, -1);
    metric_observe_us(&metric_queue_wait, process->waited_us);
    atomic_store(&process->admission, to);
}

static void admit(struct server *server, struct process *process)
{
    process->admitted = true;
    server->admission.running_count++;
}

/* Gives free places to those that wait. */
static void grant(struct server *server)
{
    while (server->admission.first != NULL && server->admission.running_count < server->config.queries_max) {
        struct process *process = server->admission.first;
        admit(server, process);
        dequeue(server, process, ADMISSION_GRANTED);
        process->wake(process);
    }
}

void admission_leave(struct server *server, struct process *process)
{
    if (is_in_queue(process)) {
        dequeue(server, process, ADMISSION_NONE);
    }
    server->admission.running_count -= process->admitted ? 1 : 0;
    server->admission.urgent_count -= process->urgent ? 1 : 0;
    process->admitted = process->urgent = false;
    grant(server);
}

void admission_cancel(struct server *server, struct process *process)
{
    if (is_in_queue(process)) {
        process->dropped = true;
        dequeue(server, process, ADMISSION_NONE);
    }
}

/* ---- taking the lock */

bool admission_is_urgent(const struct ast_statement *statement)
{
    if (statement->kind != AST_SELECT || statement->query->part_count != 1 ||
        statement->query->parts[0].select == NULL) {
        return statement->kind == AST_KILL_QUERY;
    }
    const struct ast_select *select = statement->query->parts[0].select;
    return select->table_count == 1 && slice_equal(select->tables[0].database, slice_text("system")) &&
           slice_equal(select->tables[0].name, slice_text("processes"));
}

struct err *admission_enter(struct server *server, struct process *process, bool urgent, uint64_t wait_us_max,
                            bool *runs)
{
    struct err *err = NULL;
    struct admission *admission = &server->admission;
    uint64_t bytes = atomic_load(&process->budget.bytes);
    *runs = true;
    lock_take(&server->lock);
    if (urgent && admission->urgent_count < URGENT_MAX) {
        process->urgent = true;
        admission->urgent_count++;
    } else if (admission->first == NULL && admission->running_count < server->config.queries_max) {
        admit(server, process);
    } else if (wait_us_max == 0) {
        err = err_new(ERR_TOO_MANY_QUERIES,
                      "Too many simultaneous queries: %u run, queries_max is %u, and queue_max_wait_ms is 0; try again",
                      admission->running_count, server->config.queries_max);
    } else if (admission->waiting_count >= server->config.queries_waiting_max ||
               bytes > WAITING_BYTES_MAX - admission->waiting_bytes) {
        err = err_new(ERR_TOO_MANY_QUERIES,
                      "Too many simultaneous queries: %u run (queries_max is %u) and %u wait with %llu bytes "
                      "(queries_waiting_max is %u, bytes at most %llu); try again later",
                      admission->running_count, server->config.queries_max, admission->waiting_count,
                      (unsigned long long)admission->waiting_bytes, server->config.queries_waiting_max,
                      (unsigned long long)WAITING_BYTES_MAX);
    } else {
        *runs = false;
        enqueue(server, process, wait_us_max);
    }
    lock_give(&server->lock);
    if (err != NULL) {
        metric_add(&metric_refused, 1);
    }
    return err;
}

struct err *admission_continue(struct server *server, struct process *process, bool *runs)
{
    struct err *err = NULL;
    lock_take(&server->lock);
    if (is_in_queue(process) && clock_monotonic_us() >= process->wait_until_us) {
        dequeue(server, process, ADMISSION_NONE);
        err = err_new(ERR_TOO_MANY_QUERIES,
                      "Too many simultaneous queries: waited %.3g s (queue_max_wait_ms) for one of the %u that run "
                      "(queries_max is %u); try again later",
                      (double)process->waited_us / 1e6, server->admission.running_count, server->config.queries_max);
    }
    *runs = process->admitted;
    if (process->admitted) {
        atomic_store(&process->admission, ADMISSION_NONE);
    }
    lock_give(&server->lock);
    if (err != NULL) {
        metric_add(&metric_refused, 1);
    }
    return err;
}

bool admission_waits(const struct process *object)
{
    struct process *process = (struct process *)(uintptr_t)object; /* atomics are not read through const */
    return atomic_load(&process->admission) == ADMISSION_WAITING && !atomic_load(&process->progress.cancelled) &&
           clock_monotonic_us() < process->wait_until_us;
}
