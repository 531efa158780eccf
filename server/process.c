/*
 * process.c: running queries and the log of those that ended.
 *
 * locks    server->lock guards both
 */
#include "server/server.h"

#include "base/clock.h"
#include "base/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME "weir_query_seconds"
#define HELP "statements that ended, by what they do; none: not understood"
METRIC_SECONDS_OF(none, NAME, "kind=\"none\"", HELP);
METRIC_SECONDS_OF(select, NAME, "kind=\"select\"", HELP);
METRIC_SECONDS_OF(insert, NAME, "kind=\"insert\"", HELP);
METRIC_SECONDS_OF(other, NAME, "kind=\"other\"", HELP);
METRIC_COUNTER(queries_failed, "weir_queries_failed_total", "statements that ended with an error");

static struct metric *const queries[] = {[PROCESS_NONE] = &metric_none,
                                         [PROCESS_SELECT] = &metric_select,
                                         [PROCESS_INSERT] = &metric_insert,
                                         [PROCESS_OTHER] = &metric_other};

struct err *process_begin(struct server *server, struct process *process)
{
    struct err *err = NULL;
    process->started_at_us = clock_wall_us();
    process->started_monotonic_us = clock_monotonic_us();
    lock_take(&server->lock);
    for (struct process *other = server->processes; err == NULL && other != NULL; other = other->next) {
        if (strcmp(other->query_id, process->query_id) == 0) {
            err = err_new(ERR_QUERY_EXISTS, "Query with id = %s is already running", process->query_id);
        }
    }
    if (err == NULL) {
        process->next = server->processes;
        process->before = NULL;
        if (process->next != NULL) {
            process->next->before = process;
        }
        server->processes = process;
        server->process_count++;
    }
    lock_give(&server->lock);
    return err;
}

struct err *process_admit(struct server *server, struct process *process)
{
    struct err *err = NULL;
    lock_take(&server->lock);
    if (server->running_count >= server->config.queries_max) {
        err = err_new(ERR_TOO_MANY_QUERIES,
                      "Too many simultaneous queries: %u run, queries_max is %u; try again, or raise it",
                      server->running_count, server->config.queries_max);
    } else {
        process->admitted = true;
        server->running_count++;
    }
    lock_give(&server->lock);
    return err;
}

void process_text(struct server *server, struct process *process, struct slice text)
{
    lock_take(&server->lock);
    process->text = text.data;
    process->text_bytes = text.length;
    lock_give(&server->lock);
}

static void log_entry(struct server *server, const struct process *process, const struct err *err)
{
    struct query_log_entry *entry = &server->log[server->log_count++ % QUERY_LOG_ROWS];
    free(entry->text);
    free(entry->error);
    *entry = (struct query_log_entry){
        .started_at_us = process->started_at_us,
        .duration_us = clock_monotonic_us() - process->started_monotonic_us,
        .rows_read = atomic_load(&((struct process *)process)->progress.rows_read),
        .bytes_read = atomic_load(&((struct process *)process)->progress.bytes_read),
        .rows_result = atomic_load(&((struct process *)process)->progress.rows_result),
        .units_skipped = atomic_load(&((struct process *)process)->progress.units_skipped),
        .partial_hits = atomic_load(&((struct process *)process)->progress.partial_hits),
        .partial_misses = atomic_load(&((struct process *)process)->progress.partial_misses),
        .memory_peak = atomic_load(&((struct process *)process)->budget.bytes_peak),
        .code = (int32_t)err_code(err),
    };
    (void)snprintf(entry->query_id, sizeof(entry->query_id), "%s", process->query_id);
    (void)snprintf(entry->user, sizeof(entry->user), "%s", process->user);
    size_t length = process->text_bytes < QUERY_LOG_TEXT_BYTES ? process->text_bytes : QUERY_LOG_TEXT_BYTES;
    entry->text = strndup(process->text == NULL ? "" : process->text, process->text == NULL ? 0 : length);
    entry->error = err == NULL ? NULL : strdup(err_message(err));
}

void process_end(struct server *server, struct process *process, const struct err *err)
{
    metric_observe_us(queries[process->kind], clock_monotonic_us() - process->started_monotonic_us);
    if (err != NULL) {
        metric_add(&metric_queries_failed, 1);
    }
    lock_take(&server->lock);
    log_entry(server, process, err);
    if (process->before != NULL) {
        process->before->next = process->next;
    } else {
        server->processes = process->next;
    }
    if (process->next != NULL) {
        process->next->before = process->before;
    }
    server->process_count--;
    server->running_count -= process->admitted ? 1 : 0;
    lock_give(&server->lock);
}

bool process_kill(struct server *server, struct slice query_id)
{
    bool found = false;
    lock_take(&server->lock);
    for (struct process *process = server->processes; process != NULL; process = process->next) {
        if (slice_equal(slice_text(process->query_id), query_id)) {
            query_cancel(&process->progress);
            process->wake(process);
            found = true;
        }
    }
    lock_give(&server->lock);
    return found;
}
