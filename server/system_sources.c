/*
 * system_sources.c: system.sources and system.offset_ledger.
 */
#include "base/checksum.h"
#include "ingest/source.h"
#include "server/completeness.h"
#include "server/secrets.h"
#include "server/system_tables.h"
#include "storage/coverage.h"
#include "storage/ledger.h"
#include "storage/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const source_columns[] = {"database",
                                             "String",
                                             "name",
                                             "String",
                                             "table",
                                             "String",
                                             "topic",
                                             "String",
                                             "brokers",
                                             "String",
                                             "state",
                                             "String",
                                             "last_error",
                                             "String",
                                             "partition",
                                             "Int32",
                                             "incarnation",
                                             "UInt32",
                                             "position",
                                             "Int64",
                                             "committed",
                                             "Int64",
                                             "high_watermark",
                                             "Nullable(Int64)",
                                             "lag_rows",
                                             "Nullable(Int64)",
                                             "lag_seconds",
                                             "Float64",
                                             "rows_stored",
                                             "UInt64",
                                             "rows_filtered",
                                             "UInt64",
                                             "rows_dead",
                                             "UInt64",
                                             "last_commit",
                                             "DateTime64(6)",
                                             "create_source_query",
                                             "String",
                                             "rows_late",
                                             "UInt64",
                                             "rows_ahead",
                                             "UInt64",
                                             "event_time_max",
                                             "Nullable(DateTime64(6))",
                                             "complete_through",
                                             "Nullable(DateTime64(6))",
                                             NULL};

static void put_time(struct source_rows *rows, uint32_t column, int64_t us)
{
    if (us == INT64_MIN) {
        source_row_null(rows, column);
    } else {
        source_row_int(rows, column, us);
    }
}

static void put_optional(struct source_rows *rows, uint32_t column, int64_t value)
{
    if (value < 0) {
        source_row_null(rows, column);
    } else {
        source_row_int(rows, column, value);
    }
}

static struct err *sources_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct source_row *list;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(sources_list(system_server()->sources, arena, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        source_row_text(rows, 0, list[k].database);
        source_row_text(rows, 1, list[k].name);
        source_row_text(rows, 2, list[k].table);
        source_row_text(rows, 3, list[k].topic);
        source_row_text(rows, 4, list[k].brokers);
        source_row_text(rows, 5, list[k].state);
        source_row_text(rows, 6, list[k].last_error);
        source_row_int(rows, 7, list[k].partition);
        source_row_uint(rows, 8, list[k].incarnation);
        source_row_int(rows, 9, list[k].position);
        source_row_int(rows, 10, list[k].committed);
        put_optional(rows, 11, list[k].high_watermark);
        put_optional(rows, 12, list[k].lag_rows);
        source_row_double(rows, 13, list[k].lag_seconds);
        source_row_uint(rows, 14, list[k].rows_stored);
        source_row_uint(rows, 15, list[k].rows_filtered);
        source_row_uint(rows, 16, list[k].rows_dead);
        source_row_int(rows, 17, list[k].last_commit_us);
        source_row_text(rows, 18, secrets_hide(arena, list[k].sql));
        source_row_uint(rows, 19, list[k].rows_late);
        source_row_uint(rows, 20, list[k].rows_ahead);
        put_time(rows, 21, list[k].event_time_max_us);
        put_time(rows, 22, list[k].complete_us);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const watermark_columns[] = {
    "database", "String",    "table",       "String",           "time_column",
    "String",   "watermark", "String",      "complete_through", "Nullable(DateTime64(6))",
    "lag_rows", "UInt64",    "lag_seconds", "Float64",          "rows_late",
    "UInt64",   NULL};

/* Tables that have an event time. */
static struct err *watermark_rows(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct server *server = system_server();
    struct table **list = NULL;
    struct table_def **defs = NULL;
    uint32_t count = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(server->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        struct completeness complete;
        int column = defs[k]->internal ? -1 : table_time_column(defs[k]);
        if (column < 0) {
            continue;
        }
        OR_DONE(server_completeness(server, arena, defs[k], &complete, NULL));
        source_row_text(rows, 0, slice_text(defs[k]->database));
        source_row_text(rows, 1, slice_text(defs[k]->name));
        source_row_text(rows, 2, slice_text(defs[k]->columns[column].name));
        source_row_text(rows, 3, slice_text(defs[k]->watermark));
        put_time(rows, 4, complete.known ? complete.complete_us : INT64_MIN);
        source_row_uint(rows, 5, complete.lag_rows);
        source_row_double(rows, 6, complete.lag_s);
        source_row_uint(rows, 7, complete.late_rows);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const late_columns[] = {"database",
                                           "String",
                                           "table",
                                           "String",
                                           "source",
                                           "String",
                                           "topic",
                                           "String",
                                           "partition",
                                           "Int32",
                                           "first_offset",
                                           "Int64",
                                           "last_offset",
                                           "Int64",
                                           "rows",
                                           "UInt64",
                                           "event_time_min",
                                           "DateTime64(6)",
                                           "event_time_max",
                                           "DateTime64(6)",
                                           "complete_through",
                                           "DateTime64(6)",
                                           "lateness_seconds",
                                           "Float64",
                                           "received_at",
                                           "DateTime64(6)",
                                           NULL};

/* Runs of rows that came late, since the server started. */
static struct err *late_list(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct source_late *list = NULL;
    uint32_t count = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(sources_late(system_server()->sources, arena, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        const struct late_run *run = &list[k].run;
        source_row_text(rows, 0, list[k].database);
        source_row_text(rows, 1, list[k].table);
        source_row_text(rows, 2, list[k].source);
        source_row_text(rows, 3, list[k].topic);
        source_row_int(rows, 4, run->partition);
        source_row_int(rows, 5, run->first_offset);
        source_row_int(rows, 6, run->last_offset);
        source_row_uint(rows, 7, run->rows);
        source_row_int(rows, 8, run->event_min_us);
        source_row_int(rows, 9, run->event_max_us);
        source_row_int(rows, 10, run->complete_us);
        source_row_double(rows, 11, (double)(run->complete_us - run->event_min_us) / 1e6);
        source_row_int(rows, 12, run->seen_us);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const offset_columns[] = {
    "database",    "String", "table",        "String", "stream",      "String", "incarnation",  "UInt32",
    "partition",   "Int32",  "first_offset", "Int64",  "last_offset", "Int64",  "stored",       "UInt64",
    "filtered",    "UInt64", "dead",         "UInt64", "duplicate",   "UInt64", "absent",       "UInt64",
    "expired",     "UInt64", "ranges",       "UInt32", "commit",      "UInt64", "committed_at", "DateTime64(6)",
    "hash",        "String", "reason",       "String", "removed",     "UInt64", "added",        "UInt64",
    "removed_sum", "String", "added_sum",    "String", NULL};

static void put_hash(struct source_rows *rows, uint32_t column, const uint8_t hash[32])
{
    struct hash value;
    char text[65];
    memcpy(value.bytes, hash, sizeof value.bytes);
    hash_text(&value, text);
    source_row_text(rows, column, slice_of(text, 64));
}

static void put_sum(struct source_rows *rows, uint32_t column, unsigned __int128 sum)
{
    char text[33];
    (void)snprintf(text, sizeof text, "%016" PRIx64 "%016" PRIx64, (uint64_t)(sum >> 64), (uint64_t)sum);
    source_row_text(rows, column, slice_text(text));
}

/* Rows that left tables though their coverage stays: of no stream. */
static struct err *removal_rows(struct source_rows *rows, struct arena *arena, struct store *store, bool *stop)
{
    static const char *const reasons[REMOVAL_REASONS] = {
        [REMOVAL_MERGE] = "MERGE",   [REMOVAL_TTL] = "TTL",         [REMOVAL_TRUNCATE] = "TRUNCATE",
        [REMOVAL_DROP] = "DROP",     [REMOVAL_REPLACE] = "REPLACE", [REMOVAL_DELETE] = "DELETE",
        [REMOVAL_UPDATE] = "UPDATE", [REMOVAL_REPAIR] = "REPAIR",   [REMOVAL_MOVE] = "MOVE",
        [REMOVAL_COPY] = "COPY"};
    struct err *err = NULL;
    struct ledger_removal *list;
    struct table_def *def = NULL;
    uint32_t count;

    OR_DONE(ledger_removals(store->ledger, arena, 0, &list, &count));
    for (uint32_t k = 0; k < count && !*stop; k++) {
        const struct ledger_removal *row = &list[k];
        if (def == NULL || def->id != row->table_id) {
            table_def_unref(def);
            def = catalogue_table_def(store->catalogue, row->table_id);
        }
        if (def == NULL) {
            continue; /* its table was dropped meanwhile */
        }
        source_row_text(rows, 0, slice_text(def->database));
        source_row_text(rows, 1, slice_text(def->name));
        source_row_text(rows, 2, slice_text(""));
        source_row_uint(rows, 3, 0);
        source_row_int(rows, 4, -1);
        source_row_int(rows, 5, 0);
        source_row_int(rows, 6, -1);
        for (uint32_t column = 7; column < 13; column++) {
            source_row_uint(rows, column, 0);
        }
        source_row_uint(rows, 13, row->commit_count);
        source_row_uint(rows, 14, row->commit);
        source_row_int(rows, 15, row->committed_at_us);
        put_hash(rows, 16, row->hash);
        source_row_text(rows, 17, slice_text(reasons[row->reason]));
        source_row_uint(rows, 18, row->removed_rows);
        source_row_uint(rows, 19, row->added_rows);
        put_sum(rows, 20, row->removed_sum);
        put_sum(rows, 21, row->added_sum);
        OR_DONE(source_row_end(rows, stop));
    }
done:
    table_def_unref(def);
    return err;
}

static struct err *offset_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct coverage_row *list;
    struct table_def *def = NULL;
    uint32_t count;
    bool stop = false;
    struct store *store = system_server()->store;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(coverage_rows(store->ledger, arena, 0, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        const struct coverage_row *row = &list[k];
        if (def == NULL || def->id != row->key.table_id) {
            table_def_unref(def);
            def = catalogue_table_def(store->catalogue, row->key.table_id);
        }
        if (def == NULL) {
            continue; /* its table was dropped meanwhile */
        }
        source_row_text(rows, 0, slice_text(def->database));
        source_row_text(rows, 1, slice_text(def->name));
        source_row_text(rows, 2, stream_identity(store->ledger, arena, row->key.stream_id));
        source_row_uint(rows, 3, row->key.incarnation);
        source_row_int(rows, 4, row->key.partition);
        source_row_int(rows, 5, row->first);
        source_row_int(rows, 6, row->end - 1);
        source_row_uint(rows, 7, row->counts.stored);
        source_row_uint(rows, 8, row->counts.filtered);
        source_row_uint(rows, 9, row->counts.dead);
        source_row_uint(rows, 10, row->counts.duplicate);
        source_row_uint(rows, 11, row->counts.absent);
        source_row_uint(rows, 12, row->counts.expired);
        source_row_uint(rows, 13, row->range_count);
        source_row_uint(rows, 14, row->commit);
        source_row_int(rows, 15, row->committed_at_us);
        put_hash(rows, 16, row->hash);
        source_row_text(rows, 17, slice_text(""));
        source_row_uint(rows, 18, 0);
        source_row_uint(rows, 19, 0);
        source_row_text(rows, 20, slice_text(""));
        source_row_text(rows, 21, slice_text(""));
        OR_DONE(source_row_end(rows, &stop));
    }
    if (!stop) {
        OR_DONE(removal_rows(rows, arena, store, &stop));
    }
    err = source_rows_end(rows);
done:
    table_def_unref(def);
    return err;
}

void system_sources_register(void)
{
    static struct system_table list[] = {
        {.name = "sources", .columns = source_columns, .generate = sources_rows},
        {.name = "watermarks", .columns = watermark_columns, .generate = watermark_rows},
        {.name = "late_rows", .columns = late_columns, .generate = late_list},
        {.name = "offset_ledger", .columns = offset_columns, .generate = offset_rows},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
