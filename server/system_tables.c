/*
 * system_tables.c: what the server knows of itself, as tables: system.settings, processes, query_log, metrics.
 *
 * Each table is a generator (query/table_source.h): names and types, and a function that emits rows. What is stored is
 * in system_stored.c, sources and offsets in system_sources.c.
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "base/metrics.h"

#include <stdio.h>

static struct server *the_server; /* the one that runs in this process; set before it listens */

struct server *system_server(void)
{
    return the_server;
}

static void text(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value == NULL ? "" : value));
}

/* ---- settings, processes, query_log */

static const char *const setting_columns[] = {"name",        "String", "value",   "String", "changed", "UInt8",
                                              "description", "String", "default", "String", NULL};

static struct err *settings_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char *name, *fallback, *description;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; settings_describe(k, &name, &fallback, &description) && !stop; k++) {
        text(rows, 0, name);
        text(rows, 1, fallback);
        text(rows, 3, description);
        text(rows, 4, fallback);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const process_columns[] = {"query_id",
                                              "String",
                                              "user",
                                              "String",
                                              "address",
                                              "String",
                                              "elapsed",
                                              "Float64",
                                              "read_rows",
                                              "UInt64",
                                              "read_bytes",
                                              "UInt64",
                                              "total_rows_approx",
                                              "UInt64",
                                              "memory_usage",
                                              "UInt64",
                                              "peak_memory_usage",
                                              "UInt64",
                                              "query",
                                              "String",
                                              "is_cancelled",
                                              "UInt8",
                                              NULL};

/* Copies under the lock, emits afterwards: emitting can wait for a slow client. */
static struct err *processes(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    struct process *copies = NULL;
    uint32_t count = 0;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    lock_take(&the_server->lock);
    copies = ARENA_ARRAY(arena, struct process, the_server->process_count);
    for (struct process *process = the_server->processes; copies != NULL && process != NULL; process = process->next) {
        struct process *copy = &copies[count++];
        memset(copy, 0, sizeof(*copy));
        memcpy(copy->query_id, process->query_id, sizeof(copy->query_id));
        memcpy(copy->user, process->user, sizeof(copy->user));
        memcpy(copy->address, process->address, sizeof(copy->address));
        copy->started_monotonic_us = process->started_monotonic_us;
        struct slice own = process->text == NULL
                               ? (struct slice){0}
                               : arena_slice(arena, slice_of(process->text, process->text_bytes < QUERY_LOG_TEXT_BYTES
                                                                                ? process->text_bytes
                                                                                : QUERY_LOG_TEXT_BYTES));
        copy->text = own.data;
        copy->text_bytes = own.length;
        atomic_store(&copy->budget.bytes, atomic_load(&process->budget.bytes));
        atomic_store(&copy->budget.bytes_peak, atomic_load(&process->budget.bytes_peak));
        atomic_store(&copy->progress.rows_read, atomic_load(&process->progress.rows_read));
        atomic_store(&copy->progress.bytes_read, atomic_load(&process->progress.bytes_read));
        atomic_store(&copy->progress.rows_total, atomic_load(&process->progress.rows_total));
        atomic_store(&copy->progress.cancelled, atomic_load(&process->progress.cancelled));
    }
    lock_give(&the_server->lock);
    for (uint32_t k = 0; k < count && !stop; k++) {
        struct process *process = &copies[k];
        text(rows, 0, process->query_id);
        text(rows, 1, process->user);
        text(rows, 2, process->address);
        source_row_double(rows, 3, (double)(clock_monotonic_us() - process->started_monotonic_us) * 1e-6);
        source_row_uint(rows, 4, atomic_load(&process->progress.rows_read));
        source_row_uint(rows, 5, atomic_load(&process->progress.bytes_read));
        source_row_uint(rows, 6, atomic_load(&process->progress.rows_total));
        source_row_uint(rows, 7, atomic_load(&process->budget.bytes));
        source_row_uint(rows, 8, atomic_load(&process->budget.bytes_peak));
        source_row_text(rows, 9, slice_of(process->text, process->text_bytes));
        source_row_uint(rows, 10, atomic_load(&process->progress.cancelled));
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const log_columns[] = {"type",
                                          "String",
                                          "event_time",
                                          "DateTime",
                                          "query_start_time_microseconds",
                                          "DateTime64(6)",
                                          "query_duration_ms",
                                          "UInt64",
                                          "query_duration_us",
                                          "UInt64",
                                          "query_id",
                                          "String",
                                          "user",
                                          "String",
                                          "query",
                                          "String",
                                          "read_rows",
                                          "UInt64",
                                          "read_bytes",
                                          "UInt64",
                                          "result_rows",
                                          "UInt64",
                                          "memory_usage",
                                          "UInt64",
                                          "granules_skipped",
                                          "UInt64",
                                          "exception_code",
                                          "Int32",
                                          "exception",
                                          "String",
                                          "partial_cache_hits",
                                          "UInt64",
                                          "partial_cache_misses",
                                          "UInt64",
                                          NULL};

static struct err *query_log(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    struct query_log_entry *copies = ARENA_ARRAY(arena, struct query_log_entry, QUERY_LOG_ROWS);
    uint64_t count = 0;
    if (copies == NULL) {
        return arena_error(arena);
    }
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    lock_take(&the_server->lock);
    uint64_t first = the_server->log_count > QUERY_LOG_ROWS ? the_server->log_count - QUERY_LOG_ROWS : 0;
    for (uint64_t k = first; k < the_server->log_count; k++) {
        struct query_log_entry *copy = &copies[count++];
        *copy = the_server->log[k % QUERY_LOG_ROWS];
        copy->text = copy->text == NULL ? NULL : arena_text(arena, slice_text(copy->text));
        copy->error = copy->error == NULL ? NULL : arena_text(arena, slice_text(copy->error));
    }
    lock_give(&the_server->lock);
    for (uint64_t k = 0; k < count && !stop; k++) {
        const struct query_log_entry *entry = &copies[k];
        text(rows, 0, entry->code == 0 ? "QueryFinish" : "ExceptionWhileProcessing");
        source_row_uint(rows, 1, (uint64_t)((entry->started_at_us + (int64_t)entry->duration_us) / 1000000));
        source_row_int(rows, 2, entry->started_at_us);
        source_row_uint(rows, 3, entry->duration_us / 1000);
        source_row_uint(rows, 4, entry->duration_us);
        text(rows, 5, entry->query_id);
        text(rows, 6, entry->user);
        text(rows, 7, entry->text);
        source_row_uint(rows, 8, entry->rows_read);
        source_row_uint(rows, 9, entry->bytes_read);
        source_row_uint(rows, 10, entry->rows_result);
        source_row_uint(rows, 11, entry->memory_peak);
        source_row_uint(rows, 12, entry->units_skipped);
        source_row_int(rows, 13, entry->code);
        text(rows, 14, entry->error);
        source_row_uint(rows, 15, entry->partial_hits);
        source_row_uint(rows, 16, entry->partial_misses);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- metrics: the numbers of /metrics */

static const char *const metric_columns[] = {"metric", "String", "value",  "Float64", "description", "String",
                                             "kind",   "String", "labels", "String",  NULL};

struct metric_rows {
    struct source_rows *rows;
    struct err *err;
    bool stop;
    enum metric_kind kind;
    const char *help;
};

static void metric_family(void *user, const char *name, enum metric_kind kind, const char *help)
{
    struct metric_rows *visit = user;
    (void)name;
    visit->kind = kind;
    visit->help = help;
}

static void metric_row(void *user, const struct metric_sample *sample)
{
    struct metric_rows *visit = user;
    char name[128];
    if (visit->err != NULL || visit->stop) {
        return;
    }
    (void)snprintf(name, sizeof(name), "%s%s", sample->name, sample->suffix);
    text(visit->rows, 0, name);
    source_row_double(visit->rows, 1, sample->value);
    text(visit->rows, 2, visit->help);
    text(visit->rows, 3, metric_kind_name(visit->kind));
    source_row_text(visit->rows, 4, sample->labels);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static struct err *metrics(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    struct err *err = NULL;
    struct metric_rows visit = {0};
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    struct metric_visitor visitor = {.user = &visit, .family = metric_family, .sample = metric_row};
    metrics_each(the_server, &visitor);
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

/* ---- registration */

static struct err *make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out)
{
    const struct system_table *table = maker->user;
    (void)context;
    (void)arguments;
    (void)argument_count;
    return source_make(maker, arena, table->columns, table->generate, NULL, out);
}

void system_table_register(struct system_table *table)
{
    table->maker = (struct source_maker){.database = "system", .name = table->name, .make = make, .user = table};
    source_register(&table->maker);
}

void system_tables_register(struct server *server)
{
    static struct system_table list[] = {
        {.name = "settings", .columns = setting_columns, .generate = settings_rows},
        {.name = "processes", .columns = process_columns, .generate = processes},
        {.name = "query_log", .columns = log_columns, .generate = query_log},
        {.name = "metrics", .columns = metric_columns, .generate = metrics},
    };
    if (the_server == NULL) {
        for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
            system_table_register(&list[k]);
        }
        system_stored_register();
    }
    the_server = server;
    system_sources_register();
}
