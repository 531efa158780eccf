/*
 * metrics.c: every number of /metrics and system.metrics: the registry's, and those that the store, the sources and the
 * HTTP server keep for themselves.
 */
#include "base/metrics.h"
#include "base/clock.h"
#include "base/pages.h"
#include "ingest/source.h"
#include "query/partial_cache.h"
#include "server/deliver.h"
#include "server/statement_cache.h"
#include "server/http.h"
#include "server/live.h"
#include "server/native.h"
#include "server/server.h"
#include "storage/block_cache.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/table.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

/* ---- errors by code */

static const struct {
    enum err_code code;
    const char *name;
} codes[] = {
#define CODE(name, number, text) {name, text},
    ERR_CODES(CODE)
#undef CODE
};
#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

static _Atomic uint64_t errors[CODE_COUNT];

/* The last one of each code. */
static pthread_mutex_t last_mutex = PTHREAD_MUTEX_INITIALIZER; /* nothing else is locked under it */
static struct {
    int64_t at_us;
    char message[256];
    char query_id[64];
} last[CODE_COUNT];

void metrics_error(const struct err *err, const char *query_id)
{
    for (size_t k = 0; err != NULL && k < CODE_COUNT; k++) {
        if (codes[k].code == err_code(err)) {
            atomic_fetch_add_explicit(&errors[k], 1, memory_order_relaxed);
            pthread_mutex_lock(&last_mutex);
            last[k].at_us = clock_wall_us();
            slice_copy(last[k].message, sizeof(last[k].message), slice_text(err_message(err)));
            slice_copy(last[k].query_id, sizeof(last[k].query_id), slice_text(query_id));
            pthread_mutex_unlock(&last_mutex);
        }
    }
}

bool metrics_error_count(uint32_t index, struct error_count *out)
{
    if (index >= CODE_COUNT) {
        return false;
    }
    out->name = codes[index].name;
    out->code = (int32_t)codes[index].code;
    out->count = atomic_load_explicit(&errors[index], memory_order_relaxed);
    pthread_mutex_lock(&last_mutex);
    out->last_at_us = last[index].at_us;
    memcpy(out->last_message, last[index].message, sizeof(out->last_message));
    memcpy(out->last_query_id, last[index].query_id, sizeof(out->last_query_id));
    pthread_mutex_unlock(&last_mutex);
    return true;
}

/* ---- one family at a time */

static void show(const struct metric_visitor *visitor, const char *name, const struct buffer *labels, double value)
{
    struct metric_sample sample = {.name = name, .suffix = "", .labels = buffer_all(labels), .value = value};
    if (!labels->failed) {
        visitor->sample(visitor->user, &sample);
    }
}

static void one(const struct metric_visitor *visitor, const char *name, enum metric_kind kind, const char *help,
                double value)
{
    static const struct buffer none;
    visitor->family(visitor->user, name, kind, help);
    show(visitor, name, &none, value);
}

static void visit_errors(const struct metric_visitor *visitor)
{
    struct buffer labels = {0};
    char code[16];
    visitor->family(visitor->user, "weir_errors_total", METRIC_KIND_COUNTER,
                    "requests answered with an error, by code");
    for (size_t k = 0; k < CODE_COUNT; k++) {
        uint64_t count = atomic_load_explicit(&errors[k], memory_order_relaxed);
        if (count > 0) {
            (void)snprintf(code, sizeof(code), "%d", (int)codes[k].code);
            labels.length = 0;
            metric_label(&labels, "code", slice_text(code));
            metric_label(&labels, "name", slice_text(codes[k].name));
            show(visitor, "weir_errors_total", &labels, (double)count);
        }
    }
    buffer_deinit(&labels);
}

static void visit_budgets(struct server *server, const struct metric_visitor *visitor)
{
    static const char *const families[][2] = {
        {"weir_memory_bytes", "memory taken from a budget now"},
        {"weir_memory_peak_bytes", "the most that was ever taken from a budget at a time"},
        {"weir_memory_max_bytes", "a budget's limit; 0: none"}};
    const struct {
        const char *name;
        const struct budget *budget;
    } budgets[] = {{"queries", &server->queries_budget},
                   {"rule_panes", &server->rule_panes_budget},
                   {"ingest", &server->ingest_budget}};
    struct buffer labels = {0};
    for (size_t family = 0; family < 3; family++) {
        visitor->family(visitor->user, families[family][0], METRIC_KIND_GAUGE, families[family][1]);
        for (size_t k = 0; k < sizeof(budgets) / sizeof(budgets[0]); k++) {
            const struct budget *budget = budgets[k].budget;
            labels.length = 0;
            metric_label(&labels, "budget", slice_text(budgets[k].name));
            show(visitor, families[family][0], &labels,
                 (double)(family == 0   ? atomic_load(&budget->bytes)
                          : family == 1 ? atomic_load(&budget->bytes_peak)
                                        : budget->bytes_max));
        }
    }
    buffer_deinit(&labels);
}

/* ---- the process, the store, HTTP */

static double resident_bytes(void)
{
    unsigned long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file != NULL) {
        if (fscanf(file, "%lu %lu", &total, &resident) != 2) {
            resident = 0;
        }
        (void)fclose(file);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void visit_process(struct server *server, const struct metric_visitor *visitor)
{
    struct http_numbers http = {0};
    struct native_numbers native = {0};
    uint64_t mapped, kept;
    if (server->http != NULL) {
        http_numbers(server->http, &http);
    }
    if (server->native != NULL) {
        native_numbers(server->native, &native);
    }
    struct live_numbers live;
    live_numbers(server, &live);
    pages_usage(&mapped, &kept);
    lock_take(&server->lock);
    uint32_t running = server->admission.running_count;
    lock_give(&server->lock);
    struct deliver_numbers alerts;
    deliver_count(server->deliver, &alerts);
#define SHOW(name, kind, help, value) one(visitor, "weir_" name, METRIC_KIND_##kind, help, (double)(value))
    SHOW("temporary_bytes", GAUGE, "bytes of queries' temporary files now", atomic_load(&server->spill.bytes));
    SHOW("temporary_max_bytes", GAUGE, "the limit of temporary files; 0: none", server->spill.bytes_max);
    SHOW("temporary_bytes_total", COUNTER, "bytes that queries wrote to temporary files",
         atomic_load(&server->spill.bytes_total));
    SHOW("temporary_files_total", COUNTER, "temporary files that queries made", atomic_load(&server->spill.number));
    SHOW("uptime_seconds", GAUGE, "time since the server started",
         (double)(clock_wall_us() - server->started_at_us) / 1e6);
    SHOW("resident_bytes", GAUGE, "resident memory of the process", resident_bytes());
    SHOW("pages_mapped_bytes", GAUGE, "big buffers mapped", mapped);
    SHOW("pages_kept_bytes", GAUGE, "big buffers kept for reuse", kept);
    SHOW("http_connections", GAUGE, "open HTTP connections", http.connections);
    SHOW("live_queries", GAUGE, "different live queries", live.queries);
    SHOW("live_viewers", GAUGE, "connections with live queries", live.viewers);
    SHOW("live_subscriptions", GAUGE, "live queries of all viewers", live.subscriptions);
    SHOW("live_memory_bytes", GAUGE, "answers and events of live queries", live.memory);
    SHOW("http_requests_total", COUNTER, "HTTP requests", http.requests_total);
    SHOW("native_connections", GAUGE, "open connections of the native protocol", native.connections);
    SHOW("native_connections_total", COUNTER, "connections of the native protocol", native.connections_total);
    SHOW("native_queries_total", COUNTER, "queries of the native protocol", native.queries_total);
    SHOW("alert_notifications_delivered_total", COUNTER, "notifications that a receiver confirmed", alerts.delivered);
    SHOW("alert_notifications_retried_total", COUNTER, "notifications that wait for another attempt after one failed",
         alerts.retried);
    SHOW("alert_notifications_refused_total", COUNTER, "notifications that a receiver refused for good",
         alerts.refused);
    SHOW("alert_notifications_dropped_total", COUNTER,
         "notifications that a newer one of the same alert replaced in a full queue", alerts.dropped);
    SHOW("alert_notifications_waiting", GAUGE, "notifications in receivers' queues", alerts.waiting);
    SHOW("alert_receivers_failing", GAUGE, "receivers whose last attempt failed", alerts.receivers_failing);
    SHOW("queries_running", GAUGE, "queries that run now", running);
}

static void visit_store(struct server *server, const struct metric_visitor *visitor)
{
    struct ledger_metrics ledger;
    struct insert_log_numbers insert_log;
    struct block_cache_numbers cache = {0};
    struct partial_cache_numbers partial = {0};
    struct statement_cache_numbers statements = {0};
    ledger_metrics(server->store->ledger, &ledger);
    insert_log_numbers(server->store, &insert_log);
    if (tables_cache(server->store) != NULL) {
        block_cache_numbers(tables_cache(server->store), &cache);
    }
    SHOW("ledger_commits_total", COUNTER, "commits to the ledger, of all kinds", ledger.commits);
    SHOW("ledger_syncs_total", COUNTER, "syncs of the ledger", ledger.syncs);
    SHOW("ledger_bytes_total", COUNTER, "bytes written to the ledger", ledger.bytes);
    SHOW("segments", GAUGE, "live segments", ledger.segments_live);
    SHOW("segment_rows", GAUGE, "rows in live segments", ledger.rows_live);
    SHOW("insert_log_bytes", GAUGE, "bytes of the insert log's files", insert_log.bytes);
    SHOW("insert_log_files", GAUGE, "files of the insert log", insert_log.files);
    if (server->partial_cache != NULL) {
        partial_cache_numbers(server->partial_cache, &partial);
    }
    SHOW("partial_cache_bytes", GAUGE, "bytes of kept groups and aggregate states", partial.bytes);
    SHOW("partial_cache_entries", GAUGE, "runs of rows whose groups are kept", partial.entries);
    SHOW("partial_cache_evicted_total", COUNTER, "entries that made room for others", partial.evicted);
    SHOW("partial_cache_invalidated_total", COUNTER, "entries whose segment is gone", partial.invalidated);
    if (server->statements != NULL) {
        statement_cache_numbers(server->statements, &statements);
    }
    SHOW("statement_cache_bytes", GAUGE, "bytes of kept syntax trees", statements.bytes);
    SHOW("statement_cache_entries", GAUGE, "statements whose syntax trees are kept", statements.entries);
    SHOW("statement_cache_hits_total", COUNTER, "statements that were not parsed again", statements.hits);
    SHOW("statement_cache_misses_total", COUNTER, "statements that were looked for and parsed", statements.misses);
    SHOW("block_cache_bytes", GAUGE, "bytes of blocks in the block cache", cache.bytes);
    SHOW("block_cache_blocks", GAUGE, "blocks in the block cache", cache.blocks);
    SHOW("block_cache_hits_total", COUNTER, "blocks found in the block cache", cache.hits);
    SHOW("block_cache_misses_total", COUNTER, "blocks read from disk", cache.misses);
}

static void visit_backlog(struct server *server, const struct metric_visitor *visitor)
{
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    uint32_t count = 0;
    struct merges_due due = {0};
    struct arena *arena = arena_create(NULL);
    struct err *err =
        arena == NULL ? err_oom() : catalogue_tables(server->store->catalogue, arena, NULL, &tables, &defs, &count);
    for (uint32_t k = 0; err == NULL && k < count; k++) {
        err = merges_due(tables[k], &due);
    }
    if (err == NULL) {
        SHOW("merge_backlog_segments", GAUGE, "segments that the next merges will read", due.segments);
        SHOW("merge_backlog_bytes", GAUGE, "bytes of the segments that the next merges will read", due.bytes);
        SHOW("partition_segments_max", GAUGE, "segments of the fullest partition whose merges are due or run; else 0",
             due.fullest);
    }
    err_free(err);
    arena_destroy(arena);
}

/* ---- sources */

static const struct {
    const char *name, *help;
    enum metric_kind kind;
} source_families[] = {
    {"weir_source_lag_rows", "messages of a partition that were not read yet", METRIC_KIND_GAUGE},
    {"weir_source_lag_seconds", "age of a partition's newest message read, while others wait; else 0",
     METRIC_KIND_GAUGE},
    {"weir_source_position", "the next offset to be read", METRIC_KIND_GAUGE},
    {"weir_source_committed", "the next offset to be committed: all below is durable", METRIC_KIND_GAUGE},
    {"weir_source_rows_stored_total", "rows stored", METRIC_KIND_COUNTER},
    {"weir_source_rows_filtered_total", "rows that WHERE left out", METRIC_KIND_COUNTER},
    {"weir_source_dead_letters_total", "messages that became dead letters", METRIC_KIND_COUNTER},
};

/* False: not known now. */
static bool source_value(const struct source_row *row, size_t family, double *value)
{
    const double values[] = {(double)row->lag_rows,    row->lag_rows < 0 ? -1 : row->lag_seconds,
                             (double)row->position,    (double)row->committed,
                             (double)row->rows_stored, (double)row->rows_filtered,
                             (double)row->rows_dead};
    *value = values[family];
    /* a clock of the producer's may be ahead */
    return row->partition >= 0 && (*value >= 0 || (family == 1 && row->lag_rows >= 0));
}

static bool same_source(const struct source_row *a, const struct source_row *b)
{
    return slice_equal(a->database, b->database) && slice_equal(a->name, b->name);
}

static void visit_sources(struct server *server, const struct metric_visitor *visitor)
{
    struct source_row *rows = NULL;
    uint32_t count = 0;
    struct buffer labels = {0};
    struct arena *arena = arena_create(NULL);
    struct err *err = arena == NULL ? err_oom() : sources_list(server->sources, arena, &rows, &count);
    if (err != NULL) {
        count = 0;
    }
    if (count > 0) {
        visitor->family(visitor->user, "weir_source_info", METRIC_KIND_GAUGE, "1 for the state that a source is in");
    }
    for (uint32_t k = 0; k < count; k++) {
        if (k == 0 || !same_source(&rows[k - 1], &rows[k])) {
            labels.length = 0;
            metric_label(&labels, "database", rows[k].database);
            metric_label(&labels, "source", rows[k].name);
            metric_label(&labels, "state", rows[k].state);
            show(visitor, "weir_source_info", &labels, 1);
        }
    }
    for (size_t family = 0; count > 0 && family < sizeof(source_families) / sizeof(source_families[0]); family++) {
        const char *name = source_families[family].name;
        visitor->family(visitor->user, name, source_families[family].kind, source_families[family].help);
        for (uint32_t k = 0; k < count; k++) {
            double value;
            char partition[16];
            if (source_value(&rows[k], family, &value)) {
                (void)snprintf(partition, sizeof(partition), "%d", rows[k].partition);
                labels.length = 0;
                metric_label(&labels, "database", rows[k].database);
                metric_label(&labels, "source", rows[k].name);
                metric_label(&labels, "topic", rows[k].topic);
                metric_label(&labels, "partition", slice_text(partition));
                show(visitor, name, &labels, value);
            }
        }
    }
    err_free(err);
    buffer_deinit(&labels);
    arena_destroy(arena);
}

void metrics_each(struct server *server, const struct metric_visitor *visitor)
{
    visit_process(server, visitor);
    visit_budgets(server, visitor);
    visit_errors(visitor);
    visit_store(server, visitor);
    visit_backlog(server, visitor);
    metrics_visit(visitor);
    visit_sources(server, visitor);
}
