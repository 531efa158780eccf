/*
 * async_insert.c: INSERTs that wait to be stored with others, and the log of what came of them.
 *
 * flow     insert.c → here → storage/insert_queue.h; its thread wakes the request, whose next step answers
 * states   of process.storing: NONE → WAITS (the rows are queued) → DONE (woken up; until the request has gone)
 * killed   an INSERT whose rows wait is stored whether its client goes, or it is killed: only its answer is lost
 * locks    the server's: the log
 */
#include "server/async_insert.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "storage/insert_queue.h"

#include <string.h>

/* Under the server's lock. */
static struct async_insert_entry entries[ASYNC_INSERT_LOG_ROWS];
static uint64_t entry_count; /* ever written */

/* ---- the log */

static void note(struct server *server, const struct async_insert_entry *entry)
{
    lock_take(&server->lock);
    entries[entry_count++ % ASYNC_INSERT_LOG_ROWS] = *entry;
    lock_give(&server->lock);
}

bool async_insert_log_read(struct server *server, uint64_t *next, struct async_insert_entry *out)
{
    lock_take(&server->lock);
    uint64_t first = entry_count > ASYNC_INSERT_LOG_ROWS ? entry_count - ASYNC_INSERT_LOG_ROWS : 0;
    *next = *next < first ? first : *next;
    bool is = *next < entry_count;
    if (is) {
        *out = entries[*next % ASYNC_INSERT_LOG_ROWS];
    }
    lock_give(&server->lock);
    return is;
}

static void stored(void *user, const struct insert_queued_info *info)
{
    struct async_insert_entry entry = {.status = info->err == NULL ? ASYNC_INSERT_OK : ASYNC_INSERT_FAILED,
                                       .batch = info->batch,
                                       .bytes = info->bytes,
                                       .rows = info->rows,
                                       .busy_us = info->busy_us,
                                       .queued_at_us = info->queued_at_us,
                                       .stored_at_us = info->stored_at_us};
    slice_copy(entry.database, sizeof(entry.database), slice_text(info->database));
    slice_copy(entry.table, sizeof(entry.table), slice_text(info->table));
    slice_copy(entry.query_id, sizeof(entry.query_id), info->query_id);
    slice_copy(entry.format, sizeof(entry.format), info->format);
    slice_copy(entry.query, sizeof(entry.query), info->query);
    slice_copy(entry.error, sizeof(entry.error), slice_text(info->err == NULL ? "" : err_message(info->err)));
    note(user, &entry);
}

void async_insert_unreadable(struct execution *execution, const struct async_insert_data *data, const struct err *err)
{
    if (!execution->settings.async_insert || err_code(err) == ERR_QUERY_CANCELLED) {
        return;
    }
    struct async_insert_entry entry = {.status = ASYNC_INSERT_UNREADABLE,
                                       .bytes = execution->summary.bytes_written,
                                       .busy_us = execution->settings.async_insert_busy_max_ms * 1000,
                                       .queued_at_us = clock_wall_us()};
    slice_copy(entry.database, sizeof(entry.database), slice_text(data->def->database));
    slice_copy(entry.table, sizeof(entry.table), slice_text(data->def->name));
    slice_copy(entry.query_id, sizeof(entry.query_id), slice_text(execution->process->query_id));
    slice_copy(entry.format, sizeof(entry.format), data->format);
    slice_copy(entry.query, sizeof(entry.query), data->query);
    slice_copy(entry.error, sizeof(entry.error), slice_text(err_message(err)));
    note(execution->server, &entry);
}

/* ---- the queue */

struct err *async_inserts_start(struct server *server)
{
    const struct insert_queue_options options = {.stored = stored, .user = server};
    return insert_queue_open(server->store, &options);
}

void async_inserts_drain(struct server *server)
{
    if (server->store != NULL) {
        insert_queue_drain(server->store);
    }
}

void async_inserts_stop(struct server *server)
{
    if (server->store != NULL) {
        insert_queue_close(server->store);
    }
}

bool async_insert_waits(const struct process *object)
{
    struct process *process = (struct process *)(uintptr_t)object; /* atomics are not read through const */
    return atomic_load(&process->storing) == STORING_WAITS && !atomic_load(&process->progress.cancelled);
}

bool async_insert_is_answered(const struct process *object)
{
    struct process *process = (struct process *)(uintptr_t)object;
    return atomic_load(&process->storing) == STORING_DONE;
}

static void wake(void *user)
{
    struct process *process = user;
    atomic_store(&process->storing, STORING_DONE);
    process->wake(process);
}

static uint64_t microseconds(uint64_t milliseconds)
{
    return milliseconds > UINT64_MAX / 4000 ? UINT64_MAX / 4 : milliseconds * 1000;
}

struct err *async_insert_store(struct execution *execution, struct insert *insert, const struct async_insert_data *data,
                               struct insert_result *result)
{
    const struct settings *settings = &execution->settings;
    struct process *process = execution->process;
    const struct insert_how how = {.wait = settings->wait_for_async_insert,
                                   .adaptive = settings->async_insert_adaptive,
                                   .deduplicate = settings->async_insert_deduplicate,
                                   .busy_us_min = microseconds(settings->async_insert_busy_min_ms),
                                   .busy_us_max = microseconds(settings->async_insert_busy_max_ms),
                                   .wait_us_max = settings->wait_for_async_insert_us == 0
                                                      ? 1 /* as ClickHouse: not at all */
                                                      : settings->wait_for_async_insert_us,
                                   .bytes_max = settings->async_insert_max_data_size,
                                   .inserts_max = settings->async_insert_max_query_number,
                                   .bytes = execution->summary.bytes_written,
                                   .query_id = slice_text(process->query_id),
                                   .format = data->format,
                                   .query = data->query,
                                   .wake = wake,
                                   .user = process};
    atomic_store(&process->storing, STORING_WAITS);
    struct err *err = insert_enqueue(insert, &how, &execution->queued, result);
    if (execution->queued == NULL) {
        atomic_store(&process->storing, STORING_NONE);
    }
    return err;
}

struct err *async_insert_continue(struct execution *execution, struct insert_result *result, bool *waits)
{
    struct err *err = NULL;
    *waits = !insert_queued_take(execution->queued, result, &err);
    if (!*waits) {
        execution->queued = NULL; /* storing stays DONE: the answer is on its way */
        return err;
    }
    return interrupt_check();
}

void async_insert_forget(struct execution *execution)
{
    if (execution->queued != NULL) {
        insert_queued_forget(execution->queued);
        execution->queued = NULL;
        atomic_store(&execution->process->storing, STORING_NONE);
    }
}
