/*
 * system_tables.c: what the server knows of itself, as tables: system.databases, tables, columns, segments, parts, …
 *
 * Each table is a generator (query/table_source.h): names and types, and a function that emits rows. Tables of sources
 * and offsets are in system_sources.c.
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/table.h"

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

/* ---- databases, tables, columns */

static const char *const database_columns[] = {"name", "String", "engine",  "String", "data_path", "String",
                                               "uuid", "UUID",   "comment", "String", NULL};

static struct err *databases(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char **names;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_databases(the_server->store->catalogue, arena, &names, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        text(rows, 0, names[k]);
        text(rows, 1, "Atomic");
        text(rows, 2, the_server->config.data_dir);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static char *joined_key(struct arena *arena, const struct table_def *def)
{
    char *key = arena_format(arena, "%s", "");
    for (uint32_t k = 0; key != NULL && k < def->order_by_count; k++) {
        key = arena_format(arena, "%s%s%s", key, k == 0 ? "" : ", ", def->order_by[k]);
    }
    return key;
}

static const char *const table_columns[] = {"database",
                                            "String",
                                            "name",
                                            "String",
                                            "uuid",
                                            "UUID",
                                            "engine",
                                            "String",
                                            "is_temporary",
                                            "UInt8",
                                            "data_paths",
                                            "String",
                                            "metadata_modification_time",
                                            "DateTime",
                                            "create_table_query",
                                            "String",
                                            "engine_full",
                                            "String",
                                            "partition_key",
                                            "String",
                                            "sorting_key",
                                            "String",
                                            "primary_key",
                                            "String",
                                            "sampling_key",
                                            "String",
                                            "total_rows",
                                            "Nullable(UInt64)",
                                            "total_bytes",
                                            "Nullable(UInt64)",
                                            "head_rows",
                                            "UInt64",
                                            "head_bytes",
                                            "UInt64",
                                            "segments",
                                            "UInt64",
                                            "schema_version",
                                            "UInt32",
                                            "comment",
                                            "String",
                                            "has_own_data",
                                            "UInt8",
                                            NULL};

static void stored_table_row(struct source_rows *rows, struct arena *arena, struct table *table,
                             const struct table_def *def)
{
    struct table_numbers numbers;
    char *key = joined_key(arena, def);
    table_numbers(table, &numbers);
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_bytes(rows, 2, def->uuid);
    text(rows, 3, def->engine);
    text(rows, 5, the_server->config.data_dir);
    source_row_uint(rows, 6, (uint64_t)(def->created_at_us / 1000000));
    text(rows, 7, def->create_sql);
    text(rows, 8, def->engine);
    text(rows, 9, def->partition_by);
    text(rows, 10, key);
    text(rows, 11, def->primary_key[0] == 0 ? key : def->primary_key);
    source_row_uint(rows, 13, numbers.rows);
    source_row_uint(rows, 14, numbers.segment_bytes);
    source_row_uint(rows, 15, numbers.head_rows);
    source_row_uint(rows, 16, numbers.head_bytes);
    source_row_uint(rows, 17, numbers.segments);
    source_row_uint(rows, 18, def->schema_version);
    text(rows, 19, def->comment);
    source_row_uint(rows, 20, 1);
}

struct maker_visit {
    struct source_rows *rows;
    struct arena *arena;
    struct err *err;
    bool stop;
};

static void system_table_row(void *user, const struct source_maker *maker)
{
    struct maker_visit *visit = user;
    if (visit->err != NULL || visit->stop || maker->database == NULL) {
        return;
    }
    text(visit->rows, 0, maker->database);
    text(visit->rows, 1, maker->name);
    text(visit->rows, 3, "SystemTable");
    source_row_null(visit->rows, 13);
    source_row_null(visit->rows, 14);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static struct err *tables(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct maker_visit visit = {.arena = arena};
    struct table **list;
    struct table_def **defs;
    uint32_t count;
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    OR_DONE(catalogue_tables(the_server->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t k = 0; k < count && !visit.stop; k++) {
        stored_table_row(visit.rows, arena, list[k], defs[k]);
        OR_DONE(source_row_end(visit.rows, &visit.stop));
    }
    source_each(system_table_row, &visit);
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

static const char *const column_columns[] = {"database",
                                             "String",
                                             "table",
                                             "String",
                                             "name",
                                             "String",
                                             "type",
                                             "String",
                                             "position",
                                             "UInt64",
                                             "default_kind",
                                             "String",
                                             "default_expression",
                                             "String",
                                             "data_compressed_bytes",
                                             "UInt64",
                                             "data_uncompressed_bytes",
                                             "UInt64",
                                             "marks_bytes",
                                             "UInt64",
                                             "comment",
                                             "String",
                                             "is_in_partition_key",
                                             "UInt8",
                                             "is_in_sorting_key",
                                             "UInt8",
                                             "is_in_primary_key",
                                             "UInt8",
                                             "is_in_sampling_key",
                                             "UInt8",
                                             "compression_codec",
                                             "String",
                                             NULL};

/* Bytes on disk of one column over the segments that are open. */
static uint64_t column_bytes_on_disk(struct table *table, uint32_t column_id)
{
    struct snapshot *snapshot = NULL;
    uint64_t bytes = 0;
    struct err *err = snapshot_take(table, &snapshot);
    for (uint32_t k = 0; err == NULL && k < snapshot_segment_count(snapshot); k++) {
        struct segment *segment = NULL;
        err = snapshot_segment_reader(snapshot, k, &segment);
        int32_t found = segment == NULL ? -1 : segment_column_find(segment, column_id);
        bytes += found < 0 ? 0 : segment_column_size(segment, (uint32_t)found).bytes;
    }
    snapshot_unref(snapshot);
    err_free(err);
    return bytes;
}

static bool is_word_in(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == list || strchr(" ,()", at[-1]) != NULL;
        if (begins && (at[length] == 0 || strchr(" ,()", at[length]) != NULL)) {
            return true;
        }
    }
    return false;
}

static bool wants(const struct source_request *request, uint32_t column)
{
    for (uint32_t k = 0; k < request->column_count; k++) {
        if (request->columns[k] == column) {
            return true;
        }
    }
    return false;
}

static struct err *columns(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    static const char *const kinds[] = {"", "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL"};
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct table **list;
    struct table_def **defs;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(the_server->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t t = 0; t < count && !stop; t++) {
        const struct table_def *def = defs[t];
        char *key = joined_key(arena, def);
        for (uint32_t k = 0; k < def->column_count && !stop; k++) {
            const struct column_def *column = &def->columns[k];
            text(rows, 0, def->database);
            text(rows, 1, def->name);
            text(rows, 2, column->name);
            source_row_text(rows, 3, type_name(arena, column->type));
            source_row_uint(rows, 4, k + 1);
            text(rows, 5, kinds[column->default_kind]);
            text(rows, 6, column->default_text);
            if (wants(request, 7)) {
                source_row_uint(rows, 7, column_bytes_on_disk(list[t], column->id));
            }
            text(rows, 10, column->comment);
            source_row_uint(rows, 11, is_word_in(def->partition_by, column->name));
            source_row_uint(rows, 12, key != NULL && is_word_in(key, column->name));
            source_row_uint(rows, 13, key != NULL && is_word_in(key, column->name));
            text(rows, 15, column->codec);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- segments and parts */

static const char *const segment_columns[] = {"database",
                                              "String",
                                              "table",
                                              "String",
                                              "partition",
                                              "String",
                                              "pack",
                                              "UInt64",
                                              "offset",
                                              "UInt64",
                                              "bytes",
                                              "UInt64",
                                              "rows",
                                              "UInt64",
                                              "level",
                                              "UInt32",
                                              "schema_version",
                                              "UInt32",
                                              "time_min",
                                              "Nullable(DateTime64(6))",
                                              "time_max",
                                              "Nullable(DateTime64(6))",
                                              "expires_at",
                                              "Nullable(DateTime64(6))",
                                              "commit",
                                              "UInt64",
                                              "committed_at",
                                              "DateTime64(6)",
                                              "row_sum",
                                              "String",
                                              "footer_hash",
                                              "String",
                                              NULL};

static const char *const part_columns[] = {"database",
                                           "String",
                                           "table",
                                           "String",
                                           "partition",
                                           "String",
                                           "partition_id",
                                           "String",
                                           "name",
                                           "String",
                                           "part_type",
                                           "String",
                                           "active",
                                           "UInt8",
                                           "rows",
                                           "UInt64",
                                           "bytes_on_disk",
                                           "UInt64",
                                           "data_compressed_bytes",
                                           "UInt64",
                                           "data_uncompressed_bytes",
                                           "UInt64",
                                           "marks",
                                           "UInt64",
                                           "level",
                                           "UInt32",
                                           "modification_time",
                                           "DateTime",
                                           "min_time",
                                           "DateTime",
                                           "max_time",
                                           "DateTime",
                                           "engine",
                                           "String",
                                           "path",
                                           "String",
                                           NULL};

static void put_time(struct source_rows *rows, uint32_t column, int64_t us, bool known)
{
    if (known) {
        source_row_int(rows, column, us);
    } else {
        source_row_null(rows, column);
    }
}

static void segment_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                        const struct ledger_segment *segment)
{
    bool has_time = segment->time_min_us <= segment->time_max_us;
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_text(rows, 2, segment->partition);
    source_row_uint(rows, 3, segment->pack);
    source_row_uint(rows, 4, segment->offset);
    source_row_uint(rows, 5, segment->length);
    source_row_uint(rows, 6, segment->row_count);
    source_row_uint(rows, 7, segment->level);
    source_row_uint(rows, 8, segment->schema_version);
    put_time(rows, 9, segment->time_min_us, has_time);
    put_time(rows, 10, segment->time_max_us, has_time);
    put_time(rows, 11, segment->expires_at_us, segment->expires_at_us != INT64_MAX);
    source_row_uint(rows, 12, segment->commit);
    source_row_int(rows, 13, segment->committed_at_us);
    text(rows, 14,
         arena_format(arena, "%016llx%016llx", (unsigned long long)(segment->row_sum >> 64),
                      (unsigned long long)segment->row_sum));
    text(rows, 15, arena_format(arena, "%016llx", (unsigned long long)segment->footer_hash));
}

static void part_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                     const struct ledger_segment *segment)
{
    bool has_time = segment->time_min_us <= segment->time_max_us;
    struct slice partition = segment->partition.length == 0 ? slice_text("tuple()") : segment->partition;
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_text(rows, 2, partition);
    source_row_text(rows, 3, segment->partition.length == 0 ? slice_text("all") : segment->partition);
    text(rows, 4,
         arena_format(arena, "%.*s_%llu_%llu_%u", SLICE_ARG(segment->partition), (unsigned long long)segment->pack,
                      (unsigned long long)segment->offset, segment->level));
    text(rows, 5, "Compact");
    source_row_uint(rows, 6, 1);
    source_row_uint(rows, 7, segment->row_count);
    source_row_uint(rows, 8, segment->length);
    source_row_uint(rows, 9, segment->length);
    source_row_uint(rows, 11, (segment->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
    source_row_uint(rows, 12, segment->level);
    source_row_uint(rows, 13, (uint64_t)(segment->committed_at_us / 1000000));
    source_row_uint(rows, 14, has_time ? (uint64_t)(segment->time_min_us / 1000000) : 0);
    source_row_uint(rows, 15, has_time ? (uint64_t)(segment->time_max_us / 1000000) : 0);
    text(rows, 16, def->engine);
    text(rows, 17, arena_format(arena, "packs/%08llu.pack", (unsigned long long)segment->pack));
}

static struct err *each_segment(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output,
                                void (*put)(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                                            const struct ledger_segment *segment))
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct ledger_segment *segments;
    uint32_t count;
    bool stop = false;
    struct table_def *def = NULL;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(ledger_segments(the_server->store->ledger, arena, 0, &segments, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        if (def == NULL || def->id != segments[k].table_id) {
            table_def_unref(def);
            def = catalogue_table_def(the_server->store->catalogue, segments[k].table_id);
        }
        if (def != NULL) { /* else dropped meanwhile */
            put(rows, arena, def, &segments[k]);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    table_def_unref(def);
    return err;
}

static struct err *segments(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    return each_segment(source, arena, request, output, segment_row);
}

static struct err *parts(struct table_source *source, struct arena *arena, const struct source_request *request,
                         struct source_output *output)
{
    return each_segment(source, arena, request, output, part_row);
}

static const char *const merge_columns[] = {"database",         "String",    "table",   "String",       "partition",
                                            "String",           "elapsed",   "Float64", "progress",     "Float64",
                                            "num_parts",        "UInt64",    "level",   "UInt32",       "rows_total",
                                            "UInt64",           "rows_read", "UInt64",  "rows_written", "UInt64",
                                            "total_size_bytes", "UInt64",    NULL};

static struct err *merges(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct merge_info *list;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(merges_list(the_server->store, arena, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        source_row_text(rows, 0, list[k].database);
        source_row_text(rows, 1, list[k].table);
        source_row_text(rows, 2, list[k].partition);
        source_row_double(rows, 3, (double)(clock_wall_us() - list[k].started_at_us) * 1e-6);
        source_row_double(rows, 4,
                          list[k].rows_total == 0 ? 0 : (double)list[k].rows_read / (double)list[k].rows_total);
        source_row_uint(rows, 5, list[k].segment_count);
        source_row_uint(rows, 6, list[k].level);
        source_row_uint(rows, 7, list[k].rows_total);
        source_row_uint(rows, 8, list[k].rows_read);
        source_row_uint(rows, 9, list[k].rows_written);
        source_row_uint(rows, 10, list[k].bytes_total);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
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
        {.name = "databases", .columns = database_columns, .generate = databases},
        {.name = "tables", .columns = table_columns, .generate = tables},
        {.name = "columns", .columns = column_columns, .generate = columns},
        {.name = "segments", .columns = segment_columns, .generate = segments},
        {.name = "parts", .columns = part_columns, .generate = parts},
        {.name = "merges", .columns = merge_columns, .generate = merges},
        {.name = "settings", .columns = setting_columns, .generate = settings_rows},
        {.name = "processes", .columns = process_columns, .generate = processes},
        {.name = "query_log", .columns = log_columns, .generate = query_log},
        {.name = "metrics", .columns = metric_columns, .generate = metrics},
    };
    if (the_server == NULL) {
        for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
            system_table_register(&list[k]);
        }
    }
    the_server = server;
    system_sources_register();
}
