/*
 * process.c: running queries and the log of those that ended.
 *
 * locks    server->lock guards both
 */
#include "server/live.h"
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
METRIC_COUNTER(read_rows, "weir_read_rows_total", "rows that statements read");
METRIC_COUNTER(read_bytes, "weir_read_bytes_total", "bytes of columns that statements read");

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

struct err *process_may_run(struct server *server, const struct process *process, uint64_t count_max)
{
    uint64_t count = 0;
    if (count_max == 0) {
        return NULL;
    }
    lock_take(&server->lock);
    for (const struct process *other = server->processes; other != NULL; other = other->next) {
        count += other != process && other->query_kind != NULL && strcmp(other->user, process->user) == 0;
    }
    lock_give(&server->lock);
    return count < count_max ? NULL
                             : err_new(ERR_TOO_MANY_QUERIES,
                                       "Too many simultaneous queries for user %s. Current: %llu, maximum: %llu",
                                       process->user, (unsigned long long)count, (unsigned long long)count_max);
}

void process_text(struct server *server, struct process *process, struct slice text)
{
    lock_take(&server->lock);
    process->text = text.data;
    process->text_bytes = text.length;
    lock_give(&server->lock);
}

void process_statement(struct server *server, struct process *process, const char *kind, struct texts *settings)
{
    lock_take(&server->lock);
    process->query_kind = kind;
    process->settings = *settings;
    lock_give(&server->lock);
    *settings = (struct texts){0};
}

void texts_add(struct texts *texts, struct slice text)
{
    if (texts->bytes.length + text.length < TEXTS_BYTES_MAX) {
        buffer_slice(&texts->bytes, text);
        buffer_char(&texts->bytes, 0);
    }
}

bool texts_next(const struct texts *texts, size_t *at, struct slice *text)
{
    if (texts->bytes.failed || *at >= texts->bytes.length) {
        return false;
    }
    *text = slice_text(texts->bytes.data + *at);
    *at += text->length + 1;
    return true;
}

static bool texts_have(const struct texts *texts, struct slice text)
{
    struct slice other;
    for (size_t at = 0; texts_next(texts, &at, &other);) {
        if (slice_equal(other, text)) {
            return true;
        }
    }
    return false;
}

static void add_scans(struct process *process, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->input_count; i++) {
        add_scans(process, plan->inputs[i]);
    }
    if (plan->kind != PLAN_SCAN || plan->source->database.length == 0) {
        return;
    }
    struct buffer name = {0};
    buffer_slice(&name, plan->source->database);
    buffer_char(&name, '.');
    buffer_slice(&name, plan->source->name);
    bool again = texts_have(&process->tables, buffer_all(&name));
    if (!again) {
        texts_add(&process->tables, buffer_all(&name));
    }
    buffer_char(&name, '.');
    size_t table_bytes = name.length;
    for (uint32_t c = 0; c < plan->column_count && !name.failed; c++) {
        name.length = table_bytes;
        buffer_slice(&name, plan->source->columns[plan->source_columns[c]].name);
        if (!again || !texts_have(&process->columns, buffer_all(&name))) {
            texts_add(&process->columns, buffer_all(&name));
        }
    }
    buffer_deinit(&name);
}

void process_plan(struct process *process, const struct query_plan *plan)
{
    add_scans(process, plan->plan);
    for (uint32_t k = 0; k < plan->subquery_count; k++) {
        add_scans(process, plan->subqueries[k].plan);
    }
}

void query_log_entry_deinit(struct query_log_entry *entry)
{
    free(entry->text);
    free(entry->error);
    buffer_deinit(&entry->settings.bytes);
    buffer_deinit(&entry->tables.bytes);
    buffer_deinit(&entry->columns.bytes);
    buffer_deinit(&entry->http.bytes);
}

/* The process's texts move into the log. */
static void log_entry(struct server *server, struct process *process, const struct err *err)
{
    struct query_log_entry *entry = &server->log[server->log_count++ % QUERY_LOG_ROWS];
    query_log_entry_deinit(entry);
    *entry = (struct query_log_entry){
        .started_at_us = process->started_at_us,
        .duration_us = clock_monotonic_us() - process->started_monotonic_us,
        .rows_read = atomic_load(&process->progress.rows_read),
        .bytes_read = atomic_load(&process->progress.bytes_read),
        .rows_result = atomic_load(&process->progress.rows_result),
        .units_skipped = atomic_load(&process->progress.units_skipped),
        .parts_missing = atomic_load(&process->progress.parts_missing),
        .units_skipped_by_indexes = atomic_load(&process->progress.units_skipped_by_indexes),
        .units_filtered_encoded = atomic_load(&process->progress.units_filtered_encoded),
        .partial_hits = atomic_load(&process->progress.partial_hits),
        .partial_misses = atomic_load(&process->progress.partial_misses),
        .memory_peak = atomic_load(&process->budget.bytes_peak),
        .code = (int32_t)err_code(err),
        .query_kind = process->query_kind,
        .began = process->began,
        .shared = process->shared,
        .waited_us = process->waited_us,
        .settings = process->settings,
        .tables = process->tables,
        .columns = process->columns,
        .http = process->http,
        .rows_written = process->rows_written,
        .bytes_written = process->bytes_written,
        .bytes_result = process->bytes_result,
        .bytes_spilled = atomic_load(&process->progress.bytes_spilled),
    };
    entry->client = process->client;
    process->settings = process->tables = process->columns = process->http = (struct texts){0};
    memcpy(entry->address, process->address, sizeof(entry->address));
    memcpy(entry->database, process->database, sizeof(entry->database));
    (void)snprintf(entry->query_id, sizeof(entry->query_id), "%s", process->query_id);
    (void)snprintf(entry->user, sizeof(entry->user), "%s", process->user);
    size_t length = process->text_bytes < QUERY_LOG_TEXT_BYTES ? process->text_bytes : QUERY_LOG_TEXT_BYTES;
    entry->text = strndup(process->text == NULL ? "" : process->text, process->text == NULL ? 0 : length);
    entry->error = err == NULL ? NULL : strdup(err_message(err));
}

void process_end(struct server *server, struct process *process, const struct err *err)
{
    metric_observe_us(queries[process->kind], clock_monotonic_us() - process->started_monotonic_us);
    metric_add(&metric_read_rows, atomic_load(&process->progress.rows_read));
    metric_add(&metric_read_bytes, atomic_load(&process->progress.bytes_read));
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
    admission_leave(server, process);
    lock_give(&server->lock);
}

bool process_exists(struct server *server, struct slice query_id)
{
    bool found = false;
    lock_take(&server->lock);
    for (struct process *process = server->processes; process != NULL; process = process->next) {
        found |= !process->dropped && slice_equal(slice_text(process->query_id), query_id);
    }
    lock_give(&server->lock);
    return found;
}

bool process_kill(struct server *server, struct slice query_id)
{
    bool found = false;
    lock_take(&server->lock);
    for (struct process *process = server->processes; process != NULL; process = process->next) {
        if (slice_equal(slice_text(process->query_id), query_id)) {
            query_cancel(&process->progress);
            admission_cancel(server, process);
            process->wake(process);
            found = true;
        }
    }
    lock_give(&server->lock);
    return found || live_kill(server, query_id);
}
