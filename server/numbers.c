/*
 * numbers.c: see numbers.h. Events are counters of the registry, under other names.
 */
#include "server/numbers.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "server/http.h"
#include "server/native.h"
#include "storage/compactor.h"
#include "storage/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- the numbers of all tables */

struct err *numbers_of_tables(struct server *server, struct arena *arena, struct numbers_of_tables *out)
{
    struct err *err = NULL;
    struct catalogue *catalogue = server->store->catalogue;
    struct merges_due due = {0};
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct object_def **objects = NULL;
    struct merge_info *merges;
    const char **names;
    uint32_t count = 0;
    *out = (struct numbers_of_tables){0};
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
        OR_DONE(merges_due(tables[k], &due));
    }
    OR_DONE(catalogue_objects(catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count; k++) {
        out->views += objects[k]->kind == OBJECT_VIEW;
        out->dictionaries += objects[k]->kind != OBJECT_VIEW && objects[k]->kind != OBJECT_ALERT;
    }
    OR_DONE(merges_list(server->store, arena, &merges, &count));
    out->merges = count;
    out->fullest = due.fullest;
done:
    return err;
}

/* ---- now */

void numbers_current(struct server *server, const struct numbers_of_tables *tables, struct number out[CURRENT_NUMBERS])
{
    struct http_numbers http = {0};
    struct native_numbers native = {0};
    uint32_t running = 0;
    uint64_t memory = 0;
    if (server != NULL && server->http != NULL) {
        http_numbers(server->http, &http);
    }
    if (server != NULL && server->native != NULL) {
        native_numbers(server->native, &native);
    }
    if (server != NULL) {
        lock_take(&server->lock);
        running = server->admission.running_count;
        lock_give(&server->lock);
        memory = atomic_load(&server->queries_budget.bytes) + atomic_load(&server->ingest_budget.bytes);
    }
    const struct number list[CURRENT_NUMBERS] = {
        {"Query", "Number of executing queries", (double)running},
        {"Merge", "Number of executing background merges", (double)tables->merges},
        {"HTTPConnection", "Number of connections to HTTP server", (double)http.connections},
        {"TCPConnection", "Number of connections to TCP server (clients with native interface)",
         (double)native.connections},
        {"MemoryTracking", "Memory (in bytes) taken from the budgets of queries and of ingest", (double)memory},
        {"PartsActive", "Active data part, used by current and upcoming SELECTs", (double)tables->segments},
        {"AttachedDatabase", "Active databases", (double)tables->databases},
        {"AttachedTable", "Active tables", (double)tables->tables},
        {"AttachedView", "Active views", (double)tables->views},
        {"AttachedDictionary", "Active dictionaries", (double)tables->dictionaries},
    };
    memcpy(out, list, sizeof(list));
}

/* ---- since the start */

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
#define EVENTS_COUNTED (sizeof(events_known) / sizeof(events_known[0]))

static_assert(EVENTS_COUNTED + 3 == EVENT_NUMBERS, "those of getrusage stand behind them");

static void no_family(void *user, const char *name, enum metric_kind kind, const char *help)
{
    (void)user;
    (void)name;
    (void)kind;
    (void)help;
}

static void add_event(void *user, const struct metric_sample *sample)
{
    struct number *numbers = user;
    for (size_t k = 0; k < EVENTS_COUNTED; k++) {
        const struct event *event = &events_known[k];
        if (strcmp(event->family, sample->name) == 0 && strcmp(event->suffix, sample->suffix) == 0 &&
            (event->labels == NULL || slice_equal(sample->labels, slice_text(event->labels)))) {
            numbers[k].value += sample->value * event->factor;
        }
    }
}

static double microseconds(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

void numbers_events(struct server *server, struct number out[EVENT_NUMBERS])
{
    struct rusage usage = {0};
    const struct metric_visitor visitor = {.user = out, .family = no_family, .sample = add_event};
    for (size_t k = 0; k < EVENTS_COUNTED; k++) {
        out[k] = (struct number){events_known[k].name, events_known[k].help, 0};
    }
    if (server != NULL) {
        metrics_visit(&visitor);
        (void)getrusage(RUSAGE_SELF, &usage);
    }
    double user = microseconds(usage.ru_utime), kernel = microseconds(usage.ru_stime);
    out[EVENTS_COUNTED] = (struct number){"UserTimeMicroseconds", "Processor time of the process, its own code", user};
    out[EVENTS_COUNTED + 1] =
        (struct number){"SystemTimeMicroseconds", "Processor time of the process, in the kernel", kernel};
    out[EVENTS_COUNTED + 2] =
        (struct number){"OSCPUVirtualTimeMicroseconds", "Processor time of the process", user + kernel};
}

/* ---- the machine, and all tables */

void numbers_of_machine(struct server *server, const struct numbers_of_tables *tables,
                        struct number out[MACHINE_NUMBERS_MAX], uint32_t *count)
{
    struct statvfs disk;
    double load[3];
    unsigned long total = 0, resident = 0;
    *count = 0;
#define PUT(name, value, help) (out[(*count)++] = (struct number){name, help, (double)(value)})
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
    PUT("NumberOfDatabases", tables->databases, "Total number of databases on the server.");
    PUT("NumberOfTables", tables->tables, "Total number of stored tables.");
    PUT("TotalRowsOfMergeTreeTables", tables->rows, "Rows of all stored tables.");
    PUT("TotalBytesOfMergeTreeTables", tables->bytes, "Bytes of all stored tables' segments.");
    PUT("TotalPartsOfMergeTreeTables", tables->segments, "Segments of all stored tables.");
    PUT("MaxPartCountForPartition", tables->fullest,
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
    ASSERT(*count <= MACHINE_NUMBERS_MAX);
}
