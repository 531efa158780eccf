/*
 * system_queries.c: queries as tables: system.processes, those that run, and system.query_log, those that ended.
 *
 * columns  ClickHouse's by name and type, as far as there is something to say; Weir's own behind them
 * thread   what is shown is copied under server->lock and emitted afterwards: emitting can wait for a slow client
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "base/timezone.h"
#include "query/functions/normalize.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

static void put_text(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value == NULL ? "" : value));
}

/* As IPv6, v4 mapped into it. */
static void put_address(struct source_rows *rows, uint32_t column, const char *address)
{
    unsigned char bytes[16] = {0};
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, address, bytes + 12) == 1) {
        memcpy(bytes, mapped, sizeof(mapped));
    } else if (inet_pton(AF_INET6, address, bytes) != 1) {
        memset(bytes, 0, sizeof(bytes));
    }
    source_row_bytes(rows, column, bytes);
}

/* Columns from os_user on, in the order of both tables. */
static void put_client(struct source_rows *rows, uint32_t interface, const struct process_client *client)
{
    const uint32_t numbers[] = {client->revision, client->major, client->minor, client->patch};
    source_row_uint(rows, interface, client->interface);
    put_text(rows, interface + 1, client->os_user);
    put_text(rows, interface + 2, client->host);
    put_text(rows, interface + 3, client->name);
    for (uint32_t k = 0; k < 4; k++) {
        source_row_uint(rows, interface + 4 + k, numbers[k]);
    }
}

static void put_settings(struct source_rows *rows, uint32_t column, const struct texts *settings)
{
    struct slice name, value;
    for (size_t at = 0; texts_next(settings, &at, &name) && texts_next(settings, &at, &value);) {
        source_row_entry(rows, column, name, value);
    }
}

static void put_texts(struct source_rows *rows, uint32_t column, const struct texts *texts)
{
    struct slice text;
    for (size_t at = 0; texts_next(texts, &at, &text);) {
        source_row_element(rows, column, text);
    }
}

static struct texts copy_texts(struct arena *arena, const struct texts *texts)
{
    struct texts copy = {0};
    struct slice bytes = texts->bytes.failed || texts->bytes.length == 0
                             ? (struct slice){0}
                             : arena_slice(arena, buffer_all(&texts->bytes));
    if (bytes.data != NULL) {
        copy.bytes.data = (char *)(uintptr_t)bytes.data;
        copy.bytes.length = bytes.length;
    }
    return copy;
}

/* ---- processes */

#define PROCESS_COLUMNS(COLUMN)                                                                                        \
    COLUMN(is_initial_query, "UInt8")                                                                                  \
    COLUMN(user, "String")                                                                                             \
    COLUMN(query_id, "String")                                                                                         \
    COLUMN(address, "IPv6")                                                                                            \
    COLUMN(interface, "UInt8")                                                                                         \
    COLUMN(os_user, "String")                                                                                          \
    COLUMN(client_hostname, "String")                                                                                  \
    COLUMN(client_name, "String")                                                                                      \
    COLUMN(client_revision, "UInt64")                                                                                  \
    COLUMN(client_version_major, "UInt64")                                                                             \
    COLUMN(client_version_minor, "UInt64")                                                                             \
    COLUMN(client_version_patch, "UInt64")                                                                             \
    COLUMN(elapsed, "Float64")                                                                                         \
    COLUMN(is_cancelled, "UInt8")                                                                                      \
    COLUMN(read_rows, "UInt64")                                                                                        \
    COLUMN(read_bytes, "UInt64")                                                                                       \
    COLUMN(total_rows_approx, "UInt64")                                                                                \
    COLUMN(written_rows, "UInt64")                                                                                     \
    COLUMN(written_bytes, "UInt64")                                                                                    \
    COLUMN(memory_usage, "Int64")                                                                                      \
    COLUMN(peak_memory_usage, "Int64")                                                                                 \
    COLUMN(query, "String")                                                                                            \
    COLUMN(query_kind, "String")                                                                                       \
    COLUMN(current_database, "String")                                                                                 \
    COLUMN(Settings, "Map(LowCardinality(String), LowCardinality(String))")                                            \
    COLUMN(is_waiting, "UInt8")

#define AS_NUMBER(name, type) PROCESS_##name,
#define AS_PAIR(name, type)   #name, type,
enum { PROCESS_COLUMNS(AS_NUMBER) PROCESS_COLUMN_COUNT };
static const char *const process_columns[] = {PROCESS_COLUMNS(AS_PAIR) NULL};
#undef AS_NUMBER

static void copy_process(struct arena *arena, const struct process *from, struct process *to)
{
    struct process *process = (struct process *)(uintptr_t)from; /* atomics are not read through const */
    memset(to, 0, sizeof(*to));
    memcpy(to->query_id, process->query_id, sizeof(to->query_id));
    memcpy(to->user, process->user, sizeof(to->user));
    memcpy(to->address, process->address, sizeof(to->address));
    to->client = process->client;
    to->started_monotonic_us = process->started_monotonic_us;
    size_t bytes = process->text_bytes < QUERY_LOG_TEXT_BYTES ? process->text_bytes : QUERY_LOG_TEXT_BYTES;
    struct slice own = process->text == NULL ? (struct slice){0} : arena_slice(arena, slice_of(process->text, bytes));
    to->text = own.data;
    to->text_bytes = own.length;
    atomic_store(&to->budget.bytes, atomic_load(&process->budget.bytes));
    atomic_store(&to->budget.bytes_peak, atomic_load(&process->budget.bytes_peak));
    atomic_store(&to->progress.rows_read, atomic_load(&process->progress.rows_read));
    atomic_store(&to->progress.bytes_read, atomic_load(&process->progress.bytes_read));
    atomic_store(&to->progress.rows_total, atomic_load(&process->progress.rows_total));
    atomic_store(&to->progress.cancelled, atomic_load(&process->progress.cancelled));
    atomic_store(&to->admission, atomic_load(&process->admission));
    to->query_kind = process->query_kind;
    memcpy(to->database, process->database, sizeof(to->database));
    to->settings = copy_texts(arena, &process->settings);
}

static struct err *put_process(struct source_rows *rows, struct process *process, bool *stop)
{
    source_row_uint(rows, PROCESS_is_initial_query, 1);
    put_text(rows, PROCESS_user, process->user);
    put_text(rows, PROCESS_query_id, process->query_id);
    put_address(rows, PROCESS_address, process->address);
    put_client(rows, PROCESS_interface, &process->client);
    source_row_double(rows, PROCESS_elapsed, (double)(clock_monotonic_us() - process->started_monotonic_us) * 1e-6);
    source_row_uint(rows, PROCESS_is_cancelled, atomic_load(&process->progress.cancelled));
    source_row_uint(rows, PROCESS_read_rows, atomic_load(&process->progress.rows_read));
    source_row_uint(rows, PROCESS_read_bytes, atomic_load(&process->progress.bytes_read));
    source_row_uint(rows, PROCESS_total_rows_approx, atomic_load(&process->progress.rows_total));
    source_row_uint(rows, PROCESS_memory_usage, atomic_load(&process->budget.bytes));
    source_row_uint(rows, PROCESS_peak_memory_usage, atomic_load(&process->budget.bytes_peak));
    source_row_text(rows, PROCESS_query, slice_of(process->text, process->text_bytes));
    put_text(rows, PROCESS_query_kind, process->query_kind);
    put_text(rows, PROCESS_current_database, process->database);
    put_settings(rows, PROCESS_Settings, &process->settings);
    source_row_uint(rows, PROCESS_is_waiting, atomic_load(&process->admission) == ADMISSION_WAITING);
    return source_row_end(rows, stop);
}

static struct err *processes(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct server *server = system_server();
    struct source_rows *rows = NULL;
    bool stop = false;
    uint32_t count = 0, live_count;
    struct process *live;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    lock_take(&server->lock);
    struct process *copies = ARENA_ARRAY(arena, struct process, server->process_count + 1U);
    for (struct process *process = server->processes; copies != NULL && process != NULL; process = process->next) {
        copy_process(arena, process, &copies[count++]);
    }
    lock_give(&server->lock);
    if (copies == NULL) {
        return arena_error(arena);
    }
    OR_DONE(system_live_processes(arena, &live, &live_count));
    for (uint32_t k = 0; k < count + live_count && !stop; k++) {
        OR_DONE(put_process(rows, k < count ? &copies[k] : &live[k - count], &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- query_log */

/* The same for queries that differ in their literals alone; 0: memory is out. */
static uint64_t normalized_hash(const char *text)
{
    struct slice query = slice_text(text == NULL ? "" : text);
    char *bytes = malloc(NORMALIZE_ROOM(query.length));
    uint64_t hash = bytes == NULL ? 0 : normalize_hash(slice_of(bytes, normalize_for_hash(query, false, bytes)));
    free(bytes);
    return hash;
}

#define LOG_COLUMNS(COLUMN)                                                                                            \
    COLUMN(hostname, "LowCardinality(String)")                                                                         \
    COLUMN(type,                                                                                                       \
           "Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4)")   \
    COLUMN(event_date, "Date")                                                                                         \
    COLUMN(event_time, "DateTime")                                                                                     \
    COLUMN(event_time_microseconds, "DateTime64(6)")                                                                   \
    COLUMN(query_start_time, "DateTime")                                                                               \
    COLUMN(query_start_time_microseconds, "DateTime64(6)")                                                             \
    COLUMN(query_duration_ms, "UInt64")                                                                                \
    COLUMN(read_rows, "UInt64")                                                                                        \
    COLUMN(read_bytes, "UInt64")                                                                                       \
    COLUMN(written_rows, "UInt64")                                                                                     \
    COLUMN(written_bytes, "UInt64")                                                                                    \
    COLUMN(result_rows, "UInt64")                                                                                      \
    COLUMN(result_bytes, "UInt64")                                                                                     \
    COLUMN(memory_usage, "UInt64")                                                                                     \
    COLUMN(current_database, "LowCardinality(String)")                                                                 \
    COLUMN(query, "String")                                                                                            \
    COLUMN(query_kind, "LowCardinality(String)")                                                                       \
    COLUMN(databases, "Array(LowCardinality(String))")                                                                 \
    COLUMN(tables, "Array(LowCardinality(String))")                                                                    \
    COLUMN(columns, "Array(LowCardinality(String))")                                                                   \
    COLUMN(exception_code, "Int32")                                                                                    \
    COLUMN(exception, "String")                                                                                        \
    COLUMN(is_initial_query, "UInt8")                                                                                  \
    COLUMN(user, "LowCardinality(String)")                                                                             \
    COLUMN(query_id, "String")                                                                                         \
    COLUMN(address, "IPv6")                                                                                            \
    COLUMN(initial_user, "LowCardinality(String)")                                                                     \
    COLUMN(initial_query_id, "String")                                                                                 \
    COLUMN(initial_address, "IPv6")                                                                                    \
    COLUMN(interface, "UInt8")                                                                                         \
    COLUMN(os_user, "LowCardinality(String)")                                                                          \
    COLUMN(client_hostname, "LowCardinality(String)")                                                                  \
    COLUMN(client_name, "LowCardinality(String)")                                                                      \
    COLUMN(client_revision, "UInt32")                                                                                  \
    COLUMN(client_version_major, "UInt32")                                                                             \
    COLUMN(client_version_minor, "UInt32")                                                                             \
    COLUMN(client_version_patch, "UInt32")                                                                             \
    COLUMN(http_method, "UInt8")                                                                                       \
    COLUMN(http_user_agent, "LowCardinality(String)")                                                                  \
    COLUMN(http_referer, "String")                                                                                     \
    COLUMN(forwarded_for, "String")                                                                                    \
    COLUMN(ProfileEvents, "Map(LowCardinality(String), UInt64)")                                                       \
    COLUMN(Settings, "Map(LowCardinality(String), LowCardinality(String))")                                            \
    COLUMN(log_comment, "String")                                                                                      \
    COLUMN(normalized_query_hash, "UInt64")                                                                            \
    COLUMN(query_duration_us, "UInt64")                                                                                \
    COLUMN(granules_skipped, "UInt64")                                                                                 \
    COLUMN(partial_cache_hits, "UInt64")                                                                               \
    COLUMN(partial_cache_misses, "UInt64")                                                                             \
    COLUMN(is_shared, "UInt8")                                                                                         \
    COLUMN(queue_wait_us, "UInt64")

#define AS_NUMBER(name, type) LOG_##name,
enum { LOG_COLUMNS(AS_NUMBER) LOG_COLUMN_COUNT };
static const char *const log_columns[] = {LOG_COLUMNS(AS_PAIR) NULL};

/* Databases of "database.table". */
static void put_databases(struct source_rows *rows, const struct texts *tables)
{
    struct slice text, last = {0};
    for (size_t at = 0; texts_next(tables, &at, &text);) {
        const char *dot = memchr(text.data, '.', text.length);
        struct slice database = slice_of(text.data, dot == NULL ? text.length : (size_t)(dot - text.data));
        if (!slice_equal(database, last)) {
            source_row_element(rows, LOG_databases, database);
        }
        last = database;
    }
}

/* The method, 1 GET, 2 POST, as ClickHouse has them, and what the headers say. */
static void put_http(struct source_rows *rows, const struct texts *http)
{
    struct slice text;
    size_t at = 0;
    if (!texts_next(http, &at, &text)) {
        return; /* of another interface */
    }
    source_row_uint(rows, LOG_http_method, slice_is_word(text, "POST") ? 2 : slice_is_word(text, "GET") ? 1 : 0);
    for (uint32_t column = LOG_http_user_agent; column <= LOG_forwarded_for && texts_next(http, &at, &text); column++) {
        source_row_text(rows, column, text);
    }
}

static void put_events(struct source_rows *rows, const struct query_log_entry *entry)
{
    const struct {
        const char *name;
        uint64_t count;
    } events[] = {
        {"Query", 1},
        {"FailedQuery", entry->code != 0},
        {"RealTimeMicroseconds", entry->duration_us},
        {"SelectedRows", entry->rows_read},
        {"SelectedBytes", entry->bytes_read},
        {"InsertedRows", entry->rows_written},
        {"InsertedBytes", entry->bytes_written},
        {"ExternalProcessingCompressedBytesTotal", entry->bytes_spilled},
        {"GranulesSkipped", entry->units_skipped},
        {"GranulesSkippedByIndexes", entry->units_skipped_by_indexes},
        {"GranulesFilteredEncoded", entry->units_filtered_encoded},
        {"DamagedSegmentsSkipped", entry->parts_missing},
        {"PartialCacheHits", entry->partial_hits},
        {"PartialCacheMisses", entry->partial_misses},
        {"SharedExecutions", entry->shared},
    };
    for (size_t k = 0; k < sizeof(events) / sizeof(events[0]); k++) {
        if (events[k].count > 0) {
            source_row_count(rows, LOG_ProfileEvents, slice_text(events[k].name), events[k].count);
        }
    }
}

static struct err *put_entry(struct source_rows *rows, const struct query_log_entry *entry, bool *stop)
{
    int64_t ended_at_us = entry->started_at_us + (int64_t)entry->duration_us;
    put_text(rows, LOG_hostname, "weir");
    source_row_int(rows, LOG_type, entry->code == 0 ? 2 : entry->began ? 4 : 3);
    int64_t ended_at_s = ended_at_us / 1000000;
    source_row_uint(rows, LOG_event_date,
                    (uint64_t)((ended_at_s + timezone_offset(system_server()->zone, ended_at_s)) / 86400));
    source_row_uint(rows, LOG_event_time, (uint64_t)(ended_at_us / 1000000));
    source_row_int(rows, LOG_event_time_microseconds, ended_at_us);
    source_row_uint(rows, LOG_query_start_time, (uint64_t)(entry->started_at_us / 1000000));
    source_row_int(rows, LOG_query_start_time_microseconds, entry->started_at_us);
    source_row_uint(rows, LOG_query_duration_ms, entry->duration_us / 1000);
    source_row_uint(rows, LOG_read_rows, entry->rows_read);
    source_row_uint(rows, LOG_read_bytes, entry->bytes_read);
    source_row_uint(rows, LOG_written_rows, entry->rows_written);
    source_row_uint(rows, LOG_written_bytes, entry->bytes_written);
    source_row_uint(rows, LOG_result_rows, entry->rows_result);
    source_row_uint(rows, LOG_result_bytes, entry->bytes_result);
    source_row_uint(rows, LOG_memory_usage, entry->memory_peak);
    put_text(rows, LOG_current_database, entry->database);
    put_text(rows, LOG_query, entry->text);
    put_text(rows, LOG_query_kind, entry->query_kind);
    put_databases(rows, &entry->tables);
    put_texts(rows, LOG_tables, &entry->tables);
    put_texts(rows, LOG_columns, &entry->columns);
    source_row_int(rows, LOG_exception_code, entry->code);
    put_text(rows, LOG_exception, entry->error);
    source_row_uint(rows, LOG_is_initial_query, 1);
    put_text(rows, LOG_user, entry->user);
    put_text(rows, LOG_query_id, entry->query_id);
    put_address(rows, LOG_address, entry->address);
    put_text(rows, LOG_initial_user, entry->user);
    put_text(rows, LOG_initial_query_id, entry->query_id);
    put_address(rows, LOG_initial_address, entry->address);
    put_client(rows, LOG_interface, &entry->client);
    put_http(rows, &entry->http);
    put_events(rows, entry);
    put_settings(rows, LOG_Settings, &entry->settings);
    struct slice name, value;
    for (size_t at = 0; texts_next(&entry->settings, &at, &name) && texts_next(&entry->settings, &at, &value);) {
        if (slice_equal(name, slice_text("log_comment"))) {
            source_row_text(rows, LOG_log_comment, value);
        }
    }
    source_row_uint(rows, LOG_normalized_query_hash, normalized_hash(entry->text));
    source_row_uint(rows, LOG_query_duration_us, entry->duration_us);
    source_row_uint(rows, LOG_granules_skipped, entry->units_skipped);
    source_row_uint(rows, LOG_partial_cache_hits, entry->partial_hits);
    source_row_uint(rows, LOG_partial_cache_misses, entry->partial_misses);
    source_row_uint(rows, LOG_is_shared, entry->shared);
    source_row_uint(rows, LOG_queue_wait_us, entry->waited_us);
    return source_row_end(rows, stop);
}

static struct err *query_log(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct server *server = system_server();
    struct source_rows *rows = NULL;
    bool stop = false;
    struct query_log_entry *copies = ARENA_ARRAY(arena, struct query_log_entry, QUERY_LOG_ROWS);
    uint64_t count = 0;
    if (copies == NULL) {
        return arena_error(arena);
    }
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    lock_take(&server->lock);
    uint64_t first = server->log_count > QUERY_LOG_ROWS ? server->log_count - QUERY_LOG_ROWS : 0;
    for (uint64_t k = first; k < server->log_count; k++) {
        struct query_log_entry *copy = &copies[count++];
        *copy = server->log[k % QUERY_LOG_ROWS];
        copy->text = copy->text == NULL ? NULL : arena_text(arena, slice_text(copy->text));
        copy->error = copy->error == NULL ? NULL : arena_text(arena, slice_text(copy->error));
        copy->settings = copy_texts(arena, &copy->settings);
        copy->tables = copy_texts(arena, &copy->tables);
        copy->columns = copy_texts(arena, &copy->columns);
        copy->http = copy_texts(arena, &copy->http);
    }
    lock_give(&server->lock);
    for (uint64_t k = 0; k < count && !stop; k++) {
        OR_DONE(put_entry(rows, &copies[k], &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_queries_register(void)
{
    static struct system_table list[] = {
        {.name = "processes", .columns = process_columns, .generate = processes},
        {.name = "query_log", .columns = log_columns, .generate = query_log},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
