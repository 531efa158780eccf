/*
 * system_async_inserts.c: system.asynchronous_inserts, the batches that wait, and system.asynchronous_insert_log, what
 * came of INSERTs (async_insert.h).
 *
 * columns  ClickHouse's. A batch holds INSERTs of several columns and formats: query and format are those of the first,
 *          format '' when they differ. flush_query_id is the same for INSERTs that were stored together.
 */
#include "server/async_insert.h"
#include "server/system_tables.h"
#include "storage/insert_queue.h"

#include <stdio.h>
#include <unistd.h>

/* ---- asynchronous_inserts */

static const char *const queue_columns[] = {
    "query",         "String", "database",         "String",        "table",
    "String",        "format", "String",           "first_update",  "DateTime64(6)",
    "total_bytes",   "UInt64", "entries.query_id", "Array(String)", "entries.bytes",
    "Array(UInt64)", NULL};
enum {
    QUEUE_query,
    QUEUE_database,
    QUEUE_table,
    QUEUE_format,
    QUEUE_first_update,
    QUEUE_total_bytes,
    QUEUE_ids,
    QUEUE_bytes
};

/* Copied: putting a row out may wait for a slow client. */
struct queued_copy {
    struct queued_copy *next;
    struct insert_queued_info info;
};

struct queued_copies {
    struct arena *arena;
    struct queued_copy *first, **last;
    bool failed;
};

static void copy_queued(void *user, const struct insert_queued_info *info)
{
    struct queued_copies *copies = user;
    struct queued_copy *copy = copies->failed ? NULL : ARENA_NEW(copies->arena, struct queued_copy);
    if (copy == NULL) {
        copies->failed = true;
        return;
    }
    *copy = (struct queued_copy){.info = *info};
    copy->info.database = arena_text(copies->arena, slice_text(info->database));
    copy->info.table = arena_text(copies->arena, slice_text(info->table));
    copy->info.query = arena_slice(copies->arena, info->query);
    copy->info.format = arena_slice(copies->arena, info->format);
    copy->info.query_id = arena_slice(copies->arena, info->query_id);
    copies->failed = copy->info.database == NULL || copy->info.table == NULL || copy->info.query.data == NULL ||
                     copy->info.format.data == NULL || copy->info.query_id.data == NULL;
    *copies->last = copy;
    copies->last = &copy->next;
}

/* The INSERTs of one batch; the first of the next. */
static struct err *put_batch(struct source_rows *rows, const struct queued_copy **at, bool *stop)
{
    const struct insert_queued_info *first = &(*at)->info;
    struct slice format = first->format;
    source_row_text(rows, QUEUE_query, first->query);
    source_row_text(rows, QUEUE_database, slice_text(first->database));
    source_row_text(rows, QUEUE_table, slice_text(first->table));
    source_row_int(rows, QUEUE_first_update, first->queued_at_us);
    source_row_uint(rows, QUEUE_total_bytes, first->batch_bytes);
    for (; *at != NULL && (*at)->info.batch == first->batch; *at = (*at)->next) {
        source_row_element(rows, QUEUE_ids, (*at)->info.query_id);
        source_row_number(rows, QUEUE_bytes, (*at)->info.bytes);
        format = slice_equal(format, (*at)->info.format) ? format : slice_text("");
    }
    source_row_text(rows, QUEUE_format, format);
    return source_row_end(rows, stop);
}

static struct err *generate_queue(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct queued_copies copies = {.arena = arena};
    bool stop = false;
    copies.last = &copies.first;
    insert_queue_each(system_server()->store, copy_queued, &copies);
    if (copies.failed) {
        return arena_error(arena);
    }
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (const struct queued_copy *at = copies.first; at != NULL && !stop;) {
        OR_DONE(put_batch(rows, &at, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- asynchronous_insert_log */

#define COLUMNS(COLUMN)                                                                                                \
    COLUMN(hostname, "String")                                                                                         \
    COLUMN(event_date, "Date")                                                                                         \
    COLUMN(event_time, "DateTime")                                                                                     \
    COLUMN(event_time_microseconds, "DateTime64(6)")                                                                   \
    COLUMN(query, "String")                                                                                            \
    COLUMN(database, "String")                                                                                         \
    COLUMN(table, "String")                                                                                            \
    COLUMN(format, "String")                                                                                           \
    COLUMN(query_id, "String")                                                                                         \
    COLUMN(bytes, "UInt64")                                                                                            \
    COLUMN(rows, "UInt64")                                                                                             \
    COLUMN(exception, "String")                                                                                        \
    COLUMN(status, "Enum8('Ok' = 0, 'ParsingError' = 1, 'FlushError' = 2)")                                            \
    COLUMN(data_kind, "Enum8('Parsed' = 0, 'Preprocessed' = 1)")                                                       \
    COLUMN(flush_time, "DateTime")                                                                                     \
    COLUMN(flush_time_microseconds, "DateTime64(6)")                                                                   \
    COLUMN(flush_query_id, "String")                                                                                   \
    COLUMN(timeout_milliseconds, "UInt64")

#define COLUMN(name, type) LOG_##name,
enum { COLUMNS(COLUMN) };
#undef COLUMN
#define COLUMN(name, type) #name, type,
static const char *const log_columns[] = {COLUMNS(COLUMN) NULL};
#undef COLUMN

static struct err *put_entry(struct source_rows *rows, const char *host, const struct async_insert_entry *entry,
                             bool *stop)
{
    char batch[48];
    (void)snprintf(batch, sizeof(batch), "async-insert-%llu", (unsigned long long)entry->batch);
    source_row_text(rows, LOG_hostname, slice_text(host));
    source_row_uint(rows, LOG_event_date, (uint64_t)(entry->queued_at_us / 86400000000));
    source_row_uint(rows, LOG_event_time, (uint64_t)(entry->queued_at_us / 1000000));
    source_row_int(rows, LOG_event_time_microseconds, entry->queued_at_us);
    source_row_text(rows, LOG_query, slice_text(entry->query));
    source_row_text(rows, LOG_database, slice_text(entry->database));
    source_row_text(rows, LOG_table, slice_text(entry->table));
    source_row_text(rows, LOG_format, slice_text(entry->format));
    source_row_text(rows, LOG_query_id, slice_text(entry->query_id));
    source_row_uint(rows, LOG_bytes, entry->bytes);
    source_row_uint(rows, LOG_rows, entry->rows);
    source_row_text(rows, LOG_exception, slice_text(entry->error));
    source_row_int(rows, LOG_status, (int64_t)entry->status);
    source_row_int(rows, LOG_data_kind, 0);
    source_row_uint(rows, LOG_flush_time, (uint64_t)(entry->stored_at_us / 1000000));
    source_row_int(rows, LOG_flush_time_microseconds, entry->stored_at_us);
    source_row_text(rows, LOG_flush_query_id, slice_text(entry->batch == 0 ? "" : batch));
    source_row_uint(rows, LOG_timeout_milliseconds, entry->busy_us / 1000);
    return source_row_end(rows, stop);
}

static struct err *generate_log(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct async_insert_entry entry;
    char host[256] = "";
    bool stop = false;
    (void)gethostname(host, sizeof(host) - 1);
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint64_t next = 0; !stop && async_insert_log_read(system_server(), &next, &entry); next++) {
        OR_DONE(put_entry(rows, host, &entry, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_async_inserts_register(void)
{
    static struct system_table list[] = {
        {.name = "asynchronous_inserts", .columns = queue_columns, .generate = generate_queue},
        {.name = "asynchronous_insert_log", .columns = log_columns, .generate = generate_log},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
