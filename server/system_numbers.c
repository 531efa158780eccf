/*
 * system_numbers.c: what is counted: system.metrics (how it is now), events (since the start), asynchronous_metrics (of
 * the machine and of all tables), errors, warnings.
 *
 * names    ClickHouse's for what both mean alike. Behind them system.metrics has all numbers of /metrics, by their own
 *          names. What is not counted here has no row.
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/metrics.h"
#include "server/http.h"
#include "server/native.h"
#include "storage/compactor.h"
#include "storage/quarantine.h"
#include "storage/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

static void put(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value));
}

/* ---- the numbers of all tables */

struct totals {
    uint64_t databases, tables, views, dictionaries;
    uint64_t rows, bytes, segments, merges;
    struct merges_due due;
};

static struct err *find_totals(struct arena *arena, struct totals *out)
{
    struct err *err = NULL;
    struct catalogue *catalogue = system_server()->store->catalogue;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct object_def **objects = NULL;
    struct merge_info *merges;
    const char **names;
    uint32_t count = 0;
    *out = (struct totals){0};
    OR_DONE(catalogue_databases(catalogue, arena, &names, &count));
    out->databases = count;
    OR_DONE(catalogue_tables(catalogue, arena, NULL, &tables, &defs, &count));
    out->tables = count;
    for (uint32_t k = 0; k < count; k++) {
        struct table_numbers numbers;
        table_numbers(tables[k], &numbers);
        out->rows += numbers.rows;
        out->bytes += numbers.segment_bytes;
        out->segments += numbers.segments;
        OR_DONE(merges_due(tables[k], &out->due));
    }
    OR_DONE(catalogue_objects(catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count; k++) {
        out->views += objects[k]->kind == OBJECT_VIEW;
        out->dictionaries += objects[k]->kind != OBJECT_VIEW && objects[k]->kind != OBJECT_ALERT;
    }
    OR_DONE(merges_list(system_server()->store, arena, &merges, &count));
    out->merges = count;
done:
    return err;
}

/* ---- metrics */

static const char *const metric_columns[] = {"metric", "String", "value",  "Int64",  "description",
                                             "String", "name",   "String", "number", "Float64",
                                             "kind",   "String", "labels", "String", NULL};
enum { METRIC_METRIC, METRIC_VALUE, METRIC_DESCRIPTION, METRIC_NAME, METRIC_NUMBER, METRIC_KIND, METRIC_LABELS };

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

static void put_metric(struct metric_rows *visit, const char *name, double value, const char *help, const char *kind,
                       struct slice labels)
{
    if (visit->err != NULL || visit->stop) {
        return;
    }
    put(visit->rows, METRIC_METRIC, name);
    source_row_int(visit->rows, METRIC_VALUE, fabs(value) < 9e18 ? (int64_t)value : 0);
    put(visit->rows, METRIC_DESCRIPTION, help);
    put(visit->rows, METRIC_NAME, name);
    source_row_double(visit->rows, METRIC_NUMBER, value);
    put(visit->rows, METRIC_KIND, kind);
    source_row_text(visit->rows, METRIC_LABELS, labels);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static void metric_row(void *user, const struct metric_sample *sample)
{
    struct metric_rows *visit = user;
    char name[128];
    (void)snprintf(name, sizeof(name), "%s%s", sample->name, sample->suffix);
    put_metric(visit, name, sample->value, visit->help, metric_kind_name(visit->kind), sample->labels);
}

static struct err *metrics(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    struct err *err = NULL;
    struct server *server = system_server();
    struct metric_rows visit = {0};
    struct http_numbers http = {0};
    struct native_numbers native = {0};
    struct totals totals;
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    OR_DONE(find_totals(arena, &totals));
    if (server->http != NULL) {
        http_numbers(server->http, &http);
    }
    if (server->native != NULL) {
        native_numbers(server->native, &native);
    }
    lock_take(&server->lock);
    uint32_t running = server->admission.running_count;
    lock_give(&server->lock);
    uint64_t memory = atomic_load(&server->queries_budget.bytes) + atomic_load(&server->ingest_budget.bytes);
    const struct {
        const char *name, *help;
        uint64_t value;
    } list[] = {
        {"Query", "Number of executing queries", running},
        {"Merge", "Number of executing background merges", totals.merges},
        {"HTTPConnection", "Number of connections to HTTP server", http.connections},
        {"TCPConnection", "Number of connections to TCP server (clients with native interface)", native.connections},
        {"MemoryTracking", "Memory (in bytes) taken from the budgets of queries and of ingest", memory},
        {"PartsActive", "Active data part, used by current and upcoming SELECTs", totals.segments},
        {"AttachedDatabase", "Active databases", totals.databases},
        {"AttachedTable", "Active tables", totals.tables},
        {"AttachedView", "Active views", totals.views},
        {"AttachedDictionary", "Active dictionaries", totals.dictionaries},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        put_metric(&visit, list[k].name, (double)list[k].value, list[k].help, "gauge", (struct slice){0});
    }
    struct metric_visitor visitor = {.user = &visit, .family = metric_family, .sample = metric_row};
    metrics_each(server, &visitor);
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

/* ---- events: counters of the registry, under ClickHouse's names */

static const char *const event_columns[] = {"event",  "String", "value",  "UInt64", "description",
                                            "String", "name",   "String", NULL};

static const struct event {
    const char *name, *help;
    const char *family, *suffix, *labels; /* whose sum it is; labels NULL: any */
    double factor;
} events_known[] = {
    {"Query", "Number of queries that ended, of all kinds", "weir_query_seconds", "_count", NULL, 1},
    {"SelectQuery", "Same as Query, but only for SELECT queries.", "weir_query_seconds", "_count", "kind=\"select\"",
     1},
    {"InsertQuery", "Same as Query, but only for INSERT queries.", "weir_query_seconds", "_count", "kind=\"insert\"",
     1},
    {"FailedQuery", "Number of failed queries.", "weir_queries_failed_total", "", NULL, 1},
    {"QueryTimeMicroseconds", "Total time of all queries.", "weir_query_seconds", "_sum", NULL, 1e6},
    {"SelectQueryTimeMicroseconds", "Total time of SELECT queries.", "weir_query_seconds", "_sum", "kind=\"select\"",
     1e6},
    {"InsertQueryTimeMicroseconds", "Total time of INSERT queries.", "weir_query_seconds", "_sum", "kind=\"insert\"",
     1e6},
    {"OtherQueryTimeMicroseconds", "Total time of queries that are not SELECT or INSERT.", "weir_query_seconds", "_sum",
     "kind=\"other\"", 1e6},
    {"SelectedRows", "Number of rows that queries read", "weir_read_rows_total", "", NULL, 1},
    {"SelectedBytes", "Number of bytes of columns that queries read", "weir_read_bytes_total", "", NULL, 1},
    {"InsertedRows", "Number of rows INSERTed to all tables.", "weir_inserted_rows_total", "", NULL, 1},
    {"InsertedBytes", "Number of bytes of INSERTs' bodies", "weir_inserted_bytes_total", "", NULL, 1},
    {"Merge", "Number of background merges that ended well", "weir_merge_seconds", "_count", NULL, 1},
    {"MergedRows", "Rows read for background merges.", "weir_merged_rows_total", "", NULL, 1},
    {"MergeTotalMilliseconds", "Total time spent for background merges", "weir_merge_seconds", "_sum", NULL, 1e3},
    {"RejectedInserts", "Number of INSERTs refused because a partition had too many segments",
     "weir_inserts_refused_total", "", NULL, 1},
};
#define EVENT_COUNT (sizeof(events_known) / sizeof(events_known[0]))

struct event_sums {
    double values[EVENT_COUNT];
};

static void no_family(void *user, const char *name, enum metric_kind kind, const char *help)
{
    (void)user;
    (void)name;
    (void)kind;
    (void)help;
}

static void add_event(void *user, const struct metric_sample *sample)
{
    struct event_sums *sums = user;
    for (size_t k = 0; k < EVENT_COUNT; k++) {
        const struct event *event = &events_known[k];
        if (strcmp(event->family, sample->name) == 0 && strcmp(event->suffix, sample->suffix) == 0 &&
            (event->labels == NULL || slice_equal(sample->labels, slice_text(event->labels)))) {
            sums->values[k] += sample->value * event->factor;
        }
    }
}

/* As in ClickHouse, what did not happen yet has no row. */
static struct err *events(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct event_sums sums = {0};
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    const struct metric_visitor visitor = {.user = &sums, .family = no_family, .sample = add_event};
    metrics_visit(&visitor);
    for (size_t k = 0; k < EVENT_COUNT && !stop; k++) {
        if (sums.values[k] >= 1) {
            put(rows, 0, events_known[k].name);
            source_row_uint(rows, 1, (uint64_t)sums.values[k]);
            put(rows, 2, events_known[k].help);
            put(rows, 3, events_known[k].name);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- asynchronous_metrics: computed when they are asked for */

static const char *const asynchronous_columns[] = {"metric", "String", "value",  "Float64", "description",
                                                   "String", "name",   "String", NULL};

static void put_number(struct source_rows *rows, struct err **err, bool *stop, const char *name, double value,
                       const char *help)
{
    if (*err == NULL && !*stop) {
        put(rows, 0, name);
        source_row_double(rows, 1, value);
        put(rows, 2, help);
        put(rows, 3, name);
        *err = source_row_end(rows, stop);
    }
}

static struct err *asynchronous(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct server *server = system_server();
    struct totals totals;
    struct statvfs disk;
    double load[3];
    unsigned long total = 0, resident = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(find_totals(arena, &totals));
#define PUT(name, value, help) put_number(rows, &err, &stop, name, (double)(value), help)
    PUT("Uptime", (double)(clock_wall_us() - server->started_at_us) / 1e6, "The server uptime in seconds.");
    FILE *file = fopen("/proc/self/statm", "re");
    if (file != NULL && fscanf(file, "%lu %lu", &total, &resident) == 2) {
        double page = (double)sysconf(_SC_PAGESIZE);
        PUT("MemoryVirtual", (double)total * page, "The size of the virtual address space of the process, in bytes.");
        PUT("MemoryResident", (double)resident * page, "The amount of physical memory used by the process, in bytes.");
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    if (getloadavg(load, 3) == 3) {
        PUT("LoadAverage1", load[0], "The whole system load, averaged over 1 minute.");
        PUT("LoadAverage5", load[1], "The whole system load, averaged over 5 minutes.");
        PUT("LoadAverage15", load[2], "The whole system load, averaged over 15 minutes.");
    }
    PUT("NumberOfDatabases", totals.databases, "Total number of databases on the server.");
    PUT("NumberOfTables", totals.tables, "Total number of stored tables.");
    PUT("TotalRowsOfMergeTreeTables", totals.rows, "Rows of all stored tables.");
    PUT("TotalBytesOfMergeTreeTables", totals.bytes, "Bytes of all stored tables' segments.");
    PUT("TotalPartsOfMergeTreeTables", totals.segments, "Segments of all stored tables.");
    PUT("MaxPartCountForPartition", totals.due.fullest,
        "Segments of the fullest partition whose merges are due or run; else 0.");
    if (statvfs(server->store->data_dir, &disk) == 0) {
        double block = (double)disk.f_frsize;
        double all = block * (double)disk.f_blocks, left = block * (double)disk.f_bavail;
        PUT("FilesystemMainPathTotalBytes", all, "The size of the volume where the data directory is.");
        PUT("FilesystemMainPathAvailableBytes", left, "Available bytes on that volume.");
        PUT("FilesystemMainPathUsedBytes", all - left, "Used bytes on that volume.");
        PUT("DiskTotal_default", all, "The total size in bytes of the disk of the data directory.");
        PUT("DiskAvailable_default", left, "Available bytes on that disk.");
        PUT("DiskUsed_default", all - left, "Used bytes on that disk.");
    }
#undef PUT
    OR_DONE(err);
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- errors */

static const char *const error_columns[] = {
    "name",   "String", "code",  "Int32",    "value",  "UInt64", "last_error_time", "DateTime", "last_error_message",
    "String", "remote", "UInt8", "query_id", "String", NULL};

static struct err *errors(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct error_count count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && metrics_error_count(k, &count); k++) {
        if (count.count > 0) {
            put(rows, 0, count.name);
            source_row_int(rows, 1, count.code);
            source_row_uint(rows, 2, count.count);
            source_row_uint(rows, 3, (uint64_t)(count.last_at_us / 1000000));
            put(rows, 4, count.last_message);
            put(rows, 6, count.last_query_id);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- warnings: what an operator should look at */

static const char *const warning_columns[] = {"message", "String", "message_format_string", "LowCardinality(String)",
                                              NULL};

static struct err *put_warning(struct source_rows *rows, const char *message, const char *form, bool *stop)
{
    put(rows, 0, message);
    put(rows, 1, form);
    return *stop ? NULL : source_row_end(rows, stop);
}

/* reason: freed. */
static struct err *put_reason(struct source_rows *rows, struct arena *arena, struct err *reason, const char *what,
                              bool *stop)
{
    struct err *err = NULL;
    char *message = reason == NULL ? NULL : arena_format(arena, "%s: %s", what, err_message(reason));
    if (reason != NULL) {
        err = message == NULL ? arena_error(arena) : put_warning(rows, message, what, stop);
    }
    err_free(reason);
    return err;
}

static struct err *warnings(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct store *store = system_server()->store;
    struct source_rows *rows = NULL;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct quarantined *list = NULL;
    uint32_t table_count = 0, count = 0, damaged = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(
        put_reason(rows, arena, ledger_read_only(store->ledger), "The store takes no commits until a restart", &stop));
    OR_DONE(put_reason(rows, arena, store_clock_guard(store), "Retention waits", &stop));
    OR_DONE(catalogue_tables(store->catalogue, arena, NULL, &tables, &defs, &table_count));
    for (uint32_t i = 0; i < table_count; i++) {
        OR_DONE(quarantine_list(tables[i], arena, &list, &count));
        damaged += count;
    }
    if (damaged > 0) {
        char *message = arena_format(arena, "Damaged segments: %u; see system.quarantined_segments", damaged);
        OR_DONE(message == NULL
                    ? arena_error(arena)
                    : put_warning(rows, message, "Damaged segments: {}; see system.quarantined_segments", &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_numbers_register(void)
{
    static struct system_table list[] = {
        {.name = "metrics", .columns = metric_columns, .generate = metrics},
        {.name = "events", .columns = event_columns, .generate = events},
        {.name = "asynchronous_metrics", .columns = asynchronous_columns, .generate = asynchronous},
        {.name = "errors", .columns = error_columns, .generate = errors},
        {.name = "warnings", .columns = warning_columns, .generate = warnings},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
