/*
 * system_refreshes.c: system.view_refreshes, with ClickHouse's columns.
 */
#include "base/clock.h"
#include "server/refresh_private.h"
#include "server/server.h"
#include "server/system_tables.h"

#define COLUMNS(COLUMN)                                                                                                \
    COLUMN(database, "String")                                                                                         \
    COLUMN(view, "String")                                                                                             \
    COLUMN(uuid, "UUID")                                                                                               \
    COLUMN(status, "String")                                                                                           \
    COLUMN(last_success_time, "Nullable(DateTime)")                                                                    \
    COLUMN(last_success_duration_ms, "Nullable(UInt64)")                                                               \
    COLUMN(last_refresh_time, "Nullable(DateTime)")                                                                    \
    COLUMN(last_refresh_replica, "String")                                                                             \
    COLUMN(next_refresh_time, "Nullable(DateTime)")                                                                    \
    COLUMN(exception, "String")                                                                                        \
    COLUMN(retry, "UInt64")                                                                                            \
    COLUMN(progress, "Nullable(Float64)")                                                                              \
    COLUMN(read_rows, "Nullable(UInt64)")                                                                              \
    COLUMN(read_bytes, "Nullable(UInt64)")                                                                             \
    COLUMN(total_rows, "Nullable(UInt64)")                                                                             \
    COLUMN(written_rows, "Nullable(UInt64)")                                                                           \
    COLUMN(written_bytes, "Nullable(UInt64)")

#define COLUMN(name, type) COLUMN_##name,
enum { COLUMNS(COLUMN) };
#undef COLUMN
#define COLUMN(name, type) #name, type,
static const char *const columns[] = {COLUMNS(COLUMN) NULL};
#undef COLUMN

static void put_time(struct source_rows *rows, uint32_t column, int64_t us)
{
    if (us > 0 && us != INT64_MAX) {
        source_row_uint(rows, column, (uint64_t)(us / 1000000));
    } else {
        source_row_null(rows, column);
    }
}

/* Under the lock. */
static const char *status_of(const struct refreshes *refreshes, struct refreshed_view *view,
                             const struct object_def *def, int64_t *next_us)
{
    int64_t slot = 0, now = clock_wall_us();
    bool missing = false;
    *next_us = refresh_due_us(refreshes, view, def, now, &slot);
    if (view->running) {
        return "Running";
    }
    if (*next_us == INT64_MAX) {
        return "Disabled";
    }
    if (*next_us <= now && refresh_waits_for(refreshes, view, def, slot, &missing) != NULL) {
        *next_us = INT64_MAX;
        return missing ? "MissingDependencies" : "WaitingForDependencies";
    }
    return "Scheduled";
}

/* What is shown of a view, copied under the lock: emitting may wait for a slow client. */
struct shown_view {
    bool refreshable, running;
    const char *status;
    int64_t tried_us, next_us;
    uint64_t failures, rows, rows_read, bytes_read, rows_total, bytes_result;
    char reason[sizeof(((struct refreshed_view *)NULL)->reason)];
};

static void look(const struct refreshes *refreshes, struct refreshed_view *view, const struct object_def *def,
                 struct shown_view *out)
{
    *out = (struct shown_view){.refreshable = true,
                               .running = view->running,
                               .tried_us = view->tried_us,
                               .failures = view->failures,
                               .rows = view->rows,
                               .rows_read = atomic_load(&view->progress.rows_read),
                               .bytes_read = atomic_load(&view->progress.bytes_read),
                               .rows_total = atomic_load(&view->progress.rows_total),
                               .bytes_result = atomic_load(&view->progress.bytes_result)};
    out->status = status_of(refreshes, view, def, &out->next_us);
    memcpy(out->reason, view->reason, sizeof(out->reason));
}

static struct err *put(struct source_rows *rows, const struct object_def *def, const struct shown_view *view,
                       bool *stop)
{
    uint64_t total = view->rows_total, read = view->rows_read;
    source_row_text(rows, COLUMN_database, slice_text(def->database));
    source_row_text(rows, COLUMN_view, slice_text(def->name));
    source_row_uuid(rows, COLUMN_uuid, def->uuid);
    source_row_text(rows, COLUMN_status, slice_text(view->status));
    put_time(rows, COLUMN_last_success_time, def->refreshed_began_us);
    if (def->refreshed_us != 0) {
        int64_t took = def->refreshed_us - def->refreshed_began_us;
        source_row_uint(rows, COLUMN_last_success_duration_ms, took > 0 ? (uint64_t)took / 1000 : 0);
    } else {
        source_row_null(rows, COLUMN_last_success_duration_ms);
    }
    put_time(rows, COLUMN_last_refresh_time, view->tried_us != 0 ? view->tried_us : def->refreshed_us);
    put_time(rows, COLUMN_next_refresh_time, view->next_us);
    source_row_text(rows, COLUMN_exception, slice_text(view->reason));
    source_row_uint(rows, COLUMN_retry, view->failures);
    if (view->running && total > 0) {
        source_row_double(rows, COLUMN_progress, read < total ? (double)read / (double)total : 1.0);
    } else {
        source_row_null(rows, COLUMN_progress);
    }
    source_row_uint(rows, COLUMN_read_rows, read);
    source_row_uint(rows, COLUMN_read_bytes, view->bytes_read);
    source_row_uint(rows, COLUMN_total_rows, total);
    source_row_uint(rows, COLUMN_written_rows, view->rows);
    source_row_uint(rows, COLUMN_written_bytes, view->bytes_result);
    return source_row_end(rows, stop);
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct server *server = system_server();
    struct refreshes *refreshes = server->refreshes;
    struct object_def **objects = NULL;
    uint32_t count = 0;
    bool stop = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    if (refreshes != NULL) {
        OR_DONE(refresh_look(refreshes));
        OR_DONE(catalogue_objects(server->store->catalogue, arena, &objects, &count));
    }
    for (uint32_t i = 0; i < count && !stop; i++) {
        struct shown_view view = {0};
        lock_take(&refreshes->lock);
        struct refreshed_view *known = refresh_find(refreshes, objects[i]->id);
        if (known != NULL && known->refreshable) {
            look(refreshes, known, objects[i], &view);
        }
        lock_give(&refreshes->lock);
        if (view.refreshable) {
            OR_DONE(put(rows, objects[i], &view, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_refreshes_register(void)
{
    static struct system_table table = {.name = "view_refreshes", .columns = columns, .generate = generate};
    system_table_register(&table);
}
