/*
 * metrics.c: the numbers of /metrics and system.metrics, in Prometheus' text exposition format: those of
 * base/metrics.h, and those that store, sources and server tell when they are asked.
 */
#include "base/clock.h"
#include "base/metrics.h"
#include "base/number.h"
#include "base/pages.h"
#include "ingest/source.h"
#include "server/http.h"
#include "server/system_tables.h"
#include "storage/insert.h"

#include <stdio.h>
#include <unistd.h>

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

/* What is looked up when somebody asks. */
static void collect(struct server *server,
                    void (*visit)(void *user, const char *name, const char *kind, const char *help, double value),
                    void *user)
{
    struct ledger_metrics ledger;
    struct insert_log_numbers insert_log;
    struct http_numbers http = {0};
    uint64_t mapped, kept;
    ledger_metrics(server->store->ledger, &ledger);
    insert_log_numbers(server->store, &insert_log);
    if (server->http != NULL) {
        http_numbers(server->http, &http);
    }
    pages_usage(&mapped, &kept);
    lock_take(&server->lock);
    uint32_t running = server->running_count;
    lock_give(&server->lock);
#define METRIC(name, kind, help, value) visit(user, "weir_" name, kind, help, (double)(value))
    METRIC("uptime_seconds", "gauge", "since the server started", (clock_wall_us() - server->started_at_us) / 1000000);
    METRIC("resident_bytes", "gauge", "resident memory of the process", resident_bytes());
    METRIC("pages_mapped_bytes", "gauge", "big buffers mapped", mapped);
    METRIC("pages_kept_bytes", "gauge", "big buffers kept for reuse", kept);
    METRIC("http_connections", "gauge", "open HTTP connections", http.connections);
    METRIC("http_requests_total", "counter", "HTTP requests", http.requests_total);
    METRIC("queries_running", "gauge", "queries that run now", running);
    METRIC("queries_memory_bytes", "gauge", "memory of running queries", atomic_load(&server->queries_budget.bytes));
    METRIC("ingest_memory_bytes", "gauge", "memory of heads, queues and decoding",
           atomic_load(&server->ingest_budget.bytes));
    METRIC("ledger_commits_total", "counter", "commits since start", ledger.commits);
    METRIC("ledger_syncs_total", "counter", "syncs of the ledger since start", ledger.syncs);
    METRIC("ledger_bytes_total", "counter", "bytes written to the ledger since start", ledger.bytes);
    METRIC("segments", "gauge", "live segments", ledger.segments_live);
    METRIC("segment_rows", "gauge", "rows in live segments", ledger.rows_live);
    METRIC("insert_log_bytes", "gauge", "bytes of the insert log's files", insert_log.bytes);
    METRIC("insert_log_files", "gauge", "files of the insert log", insert_log.files);
#undef METRIC
}

void metrics_each(struct server *server,
                  void (*visit)(void *user, const char *name, const char *kind, const char *help, double value),
                  void *user)
{
    collect(server, visit, user);
    metrics_visit(visit, user);
}

static void write_metric(void *user, const char *name, const char *kind, const char *help, double value)
{
    struct buffer *out = user;
    char text[NUMBER_TEXT_MAX];
    size_t length = number_print_double(value, text);
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.*s\n", name, help, name, kind, name, (int)length, text);
}

/* A label's value with Prometheus' escapes. */
static void label(struct buffer *out, const char *name, struct slice value)
{
    buffer_printf(out, "%s=\"", name);
    for (size_t k = 0; k < value.length; k++) {
        char c = value.data[k];
        if (c == '"' || c == '\\') {
            buffer_char(out, '\\');
        }
        if (c == '\n') {
            buffer_text(out, "\\n");
        } else {
            buffer_char(out, c);
        }
    }
    buffer_char(out, '"');
}

static void source_metric(struct buffer *out, const struct source_row *row, const char *name, double value)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_print_double(value, text);
    buffer_printf(out, "%s{", name);
    label(out, "source", row->name);
    buffer_char(out, ',');
    label(out, "topic", row->topic);
    buffer_printf(out, ",partition=\"%d\"} %.*s\n", row->partition, (int)length, text);
}

void metrics_write(struct server *server, struct buffer *out)
{
    struct source_row *rows = NULL;
    uint32_t count = 0;
    collect(server, write_metric, out);
    metrics_expose(out);
    struct arena *arena = arena_create(NULL);
    struct err *err = arena == NULL ? err_oom() : sources_list(server->sources, arena, &rows, &count);
    static const char *const names[][3] = {
        {"weir_source_lag_rows", "gauge", "messages behind the broker"},
        {"weir_source_lag_seconds", "gauge", "age of the newest read message while behind"},
        {"weir_source_rows_stored_total", "counter", "rows stored since start"},
        {"weir_source_dead_letters_total", "counter", "dead letters since start"}};
    for (size_t metric = 0; err == NULL && count > 0 && metric < 4; metric++) {
        buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", names[metric][0], names[metric][2], names[metric][0],
                      names[metric][1]);
        for (uint32_t k = 0; k < count; k++) {
            double value = metric == 0   ? (double)rows[k].lag_rows
                           : metric == 1 ? rows[k].lag_seconds
                           : metric == 2 ? (double)rows[k].rows_stored
                                         : (double)rows[k].rows_dead;
            if (rows[k].partition >= 0 && value >= 0) {
                source_metric(out, &rows[k], names[metric][0], value);
            }
        }
    }
    err_free(err);
    arena_destroy(arena);
}
