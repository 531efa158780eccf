/*
 * insert_queue.c: the queue of asynchronous INSERTs: batches, when they are due, the thread that stores them; who waits
 * for their answers is insert_queue_wait.c's.
 *
 * flow     insert_enqueue → a batch's builder → the thread → insert_log.c: one group → answers
 * owns     rows that wait, charged to the budget of ingest by their INSERTs' own; answers, with who waits for them
 * locks    queue->lock (LOCK_INSERT_QUEUE): everything but batches that are being stored, which are the thread's
 * states   of a batch: waiting → due → being stored → its INSERTs are answered, it is freed
 */
#include "storage/insert_queue.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "storage/combining.h"
#include "storage/insert_log.h"
#include "storage/insert_private.h"
#include "storage/insert_queue_private.h"
#include "storage/table_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An INSERT of more is not made cheaper by company. */
#define ROWS_BYTES_MAX ((uint64_t)1 << 20)
/* Of tables; above it all are forgotten. */
#define PACES_MAX 4096U
/* What a batch's time becomes after one with several INSERTs, and after others. */
#define BUSY_LONGER(us)  ((us) + (us) / 5)
#define BUSY_SHORTER(us) ((us) - (us) / 6)

METRIC_COUNTER(queued, "weir_async_inserts_total", "INSERTs that waited to be stored with others");
METRIC_COUNTER(stored_at_once, "weir_async_inserts_at_once_total",
               "INSERTs with async_insert that were stored alone: large, or too much waited");
METRIC_COUNTER(batches, "weir_async_insert_batches_total", "batches of INSERTs that were stored as one");

/* ---- batches; under the lock */

static void group_free(struct group *group)
{
    for (uint32_t i = 0; i < group->row_chunk_count; i++) {
        row_chunk_unref(group->rows[i]);
    }
    free(group->rows);
    err_free(group->item.err);
    builder_destroy(group->builder);
    free(group);
}

static void batch_free(struct batch *batch)
{
    for (struct group *group = batch->first_group, *next; group != NULL; group = next) {
        next = group->next;
        group_free(group);
    }
    table_def_unref(batch->def);
    table_unref(batch->table);
    free(batch);
}

/* NULL: memory is out; then the table has no pace of its own. */
static struct pace *pace_of(struct insert_queue *queue, uint64_t table_id)
{
    for (uint32_t i = 0; i < queue->pace_count; i++) {
        if (queue->paces[i].table_id == table_id) {
            return &queue->paces[i];
        }
    }
    if (queue->pace_count == PACES_MAX) {
        queue->pace_count = 0;
    }
    struct pace *paces = realloc(queue->paces, (queue->pace_count + 1) * sizeof(*paces));
    if (paces == NULL) {
        return NULL;
    }
    queue->paces = paces;
    paces[queue->pace_count] = (struct pace){.table_id = table_id};
    return &paces[queue->pace_count++];
}

static void make_due(struct insert_queue *queue, struct batch *batch)
{
    batch->due_us = 0;
    condition_signal(&queue->changed);
}

/* The batch that takes rows of this table; those with another definition are due. */
static struct err *batch_of(struct insert_queue *queue, const struct insert *insert, struct batch **out)
{
    struct table *table = insert_table(insert);
    struct table_def *def = (struct table_def *)(uintptr_t)insert_def(insert);
    for (struct batch *batch = queue->first; batch != NULL; batch = batch->next) {
        if (batch->table == table && batch->def == def) {
            *out = batch;
            return NULL;
        }
        if (batch->table == table) {
            make_due(queue, batch);
        }
    }
    struct batch *batch = calloc(1, sizeof(*batch));
    if (batch == NULL) {
        return err_oom();
    }
    batch->number = ++queue->number;
    batch->table = table_ref(table);
    batch->def = table_def_ref(def);
    batch->last_group = &batch->first_group;
    batch->last = &batch->first;
    batch->due_us = UINT64_MAX;
    *queue->last = batch;
    queue->last = &batch->next;
    *out = batch;
    return NULL;
}

static struct err *group_new(struct batch *batch, unsigned __int128 token, struct budget *budget, struct group **out)
{
    struct err *err = NULL;
    const struct table_def *def = batch->def;
    struct group *group = calloc(1, sizeof(*group));
    const struct type **types = calloc((size_t)def->column_count + 1, sizeof(*types));
    struct builder_options options = {.budget = budget, .first_capacity = 64};
    if (group == NULL || types == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        types[i] = def->columns[i].type;
    }
    group->token = token;
    OR_DONE(builder_create(types, def->column_count, &options, &group->builder));
    *batch->last_group = group;
    batch->last_group = &group->next;
    batch->newest = group;
    batch->group_count++;
    *out = group;
    group = NULL;
done:
    free(types);
    if (group != NULL) {
        group_free(group);
    }
    return err;
}

/* Where rows with that token go. *repeats: they came before. */
static struct err *group_of(struct batch *batch, unsigned __int128 token, struct budget *budget, struct group **out,
                            bool *repeats)
{
    *repeats = false;
    for (struct group *group = batch->first_group; group != NULL && token != 0; group = group->next) {
        if (group->token == token && builder_rows(group->builder) > 0) {
            *repeats = true;
            *out = group;
            return NULL;
        }
    }
    if (token == 0 && batch->newest != NULL && batch->newest->token == 0) {
        *out = batch->newest;
        return NULL;
    }
    return group_new(batch, token, budget, out);
}

/* When the batch is to be stored, now that one more INSERT is in it. */
static void set_due(struct insert_queue *queue, struct batch *batch, const struct insert_how *how, uint64_t *busy_us)
{
    const struct pace *pace = pace_of(queue, batch->table->id);
    uint64_t now = clock_monotonic_us(), min = how->busy_us_min, max = how->busy_us_max;
    min = min > max ? max : min;
    *busy_us = !how->adaptive || pace == NULL ? max
               : pace->busy_us < min          ? min
               : pace->busy_us > max          ? max
                                              : pace->busy_us;
    bool full = batch->bytes >= how->bytes_max || batch->count >= how->inserts_max;
    bool all_here = how->adaptive && pace != NULL && batch->waiting_count > 0 && batch->waiting_count >= pace->answered;
    uint64_t due_us = full || all_here || queue->draining ? 0 : now + *busy_us;
    batch->busy_us_min = min;
    batch->busy_us_max = max;
    if (due_us < batch->due_us) {
        batch->due_us = due_us;
        condition_signal(&queue->changed);
    }
}

/* ---- taking an INSERT */

/* The checksum of its rows, as they are stored. */
static struct err *token_of_rows(const struct insert_rows *rows, unsigned __int128 *out)
{
    struct err *err = NULL;
    struct buffer bytes = {0};
    for (uint32_t i = 0; i < rows->count; i++) {
        OR_DONE(insert_chunk_encode(rows->chunks[i], &bytes));
    }
    *out = checksum128(bytes.data, bytes.length);
    *out = *out == 0 ? 1 : *out;
done:
    buffer_deinit(&bytes);
    return err;
}

/* Its rows go into a batch; under the lock. */
static struct err *add(struct insert_queue *queue, const struct insert *insert, const struct insert_rows *rows,
                       unsigned __int128 token, const struct insert_how *how, struct insert_queued *queued)
{
    struct err *err = NULL;
    struct batch *batch = NULL;
    struct group *group = NULL;
    OR_DONE(batch_of(queue, insert, &batch));
    OR_DONE(group_of(batch, token, insert_budget(insert), &group, &queued->repeats));
    if (!queued->repeats) {
        struct builder_mark mark = builder_mark(group->builder);
        uint64_t before = builder_memory(group->builder);
        for (uint32_t i = 0; i < rows->count && err == NULL; i++) {
            err = builder_append(group->builder, rows->chunks[i], NULL);
        }
        if (err != NULL) {
            builder_rollback(group->builder, mark);
        }
        uint64_t memory = builder_memory(group->builder) - before;
        batch->memory += memory;
        queue->memory += memory;
        OR_DONE(err);
    }
    uint64_t own = sizeof(*queued) + queued->query_bytes;
    batch->memory += own;
    queue->memory += own;
    queued->group = group;
    *batch->last = queued;
    batch->last = &queued->next;
    batch->count++;
    batch->waiting_count += how->wait;
    batch->bytes += how->bytes;
    set_due(queue, batch, how, &queued->busy_us);
    insert_queued_await(queued);
done:
    if (batch != NULL && batch->count == 0) {
        make_due(queue, batch); /* it goes without rows */
    }
    return err;
}

void insert_behind_queue(const struct insert *insert)
{
    enum combining_kind combining;
    if (engine_combines(insert_def(insert)->engine, &combining)) {
        insert_queue_flush(insert_table(insert)->store, insert_table(insert)->id);
    }
}

/* As insert_finish, when its rows were taken already. */
static struct err *store_alone(const struct insert *insert, const struct insert_rows *rows, unsigned __int128 token,
                               struct insert_result *result)
{
    struct insert_item item = {.table = insert_table(insert),
                               .def = insert_def(insert),
                               .chunks = rows->chunks,
                               .chunk_count = rows->count,
                               .token = token};
    metric_add(&metric_stored_at_once, 1);
    insert_behind_queue(insert);
    if (rows->count > 0) { /* else its rows took each other away */
        insert_log_append(insert_tables(insert)->insert_log, &item, 1);
    }
    result->duplicate = item.duplicate;
    result->rows = item.duplicate ? 0 : rows->row_count;
    return item.err;
}

struct err *insert_enqueue(struct insert *insert, const struct insert_how *how, struct insert_queued **out,
                           struct insert_result *result)
{
    struct err *err = NULL;
    struct insert_queue *queue = insert_tables(insert)->insert_queue;
    struct insert_rows rows = {0};
    struct insert_queued *queued = NULL;
    unsigned __int128 token = insert_token(insert);
    bool alone;

    *out = NULL;
    *result = (struct insert_result){0};
    if (queue == NULL || !insert_is_small(insert) || how->bytes > how->bytes_max ||
        insert_memory(insert) > ROWS_BYTES_MAX) {
        return insert_finish(insert, result);
    }
    OR_DONE(insert_rows_take(insert, &rows));
    if (token == 0 && how->deduplicate) {
        OR_DONE(token_of_rows(&rows, &token));
    }
    queued = insert_queued_new(queue, how, rows.row_count);
    if (queued == NULL) {
        err = err_oom();
        goto done;
    }
    lock_take(&queue->lock);
    alone = queue->draining || queue->memory > INSERT_QUEUE_BYTES_MAX;
    if (!alone) {
        err = add(queue, insert, &rows, token, how, queued);
    }
    if (!alone && err == NULL) {
        *out = how->wait ? queued : NULL;
        result->rows = rows.row_count;
        queued = NULL;
        metric_add(&metric_queued, 1);
    }
    lock_give(&queue->lock);
    if (alone) {
        err = store_alone(insert, &rows, token, result);
    }
done:
    if (queued != NULL) {
        free(queued);
    }
    insert_rows_free(&rows);
    err = err_while(err, "inserting into %s.%s", insert_def(insert)->database, insert_def(insert)->name);
    insert_abort(insert);
    return err;
}

/* ---- the thread */

/* Takes out what is due, of each table its oldest batch; NULL: *wait_us says how long nothing will be. */
static struct batch *take_due(struct insert_queue *queue, uint64_t *wait_us)
{
    struct batch *due = NULL, **end = &due;
    uint64_t now = clock_monotonic_us();
    *wait_us = UINT64_MAX;
    for (struct batch **at = &queue->first; *at != NULL;) {
        struct batch *batch = *at;
        bool is_due = batch->due_us <= now || queue->draining;
        for (const struct batch *other = queue->first; other != batch && is_due; other = other->next) {
            is_due = other->table != batch->table;
        }
        for (const struct batch *other = due; other != NULL && is_due; other = other->next) {
            is_due = other->table != batch->table;
        }
        if (is_due) {
            *at = batch->next;
            batch->next = NULL;
            *end = batch;
            end = &batch->next;
        } else {
            uint64_t left = batch->due_us > now ? batch->due_us - now : 0;
            *wait_us = left < *wait_us ? left : *wait_us;
            at = &batch->next;
        }
    }
    queue->last = &queue->first;
    while (*queue->last != NULL) {
        queue->last = &(*queue->last)->next;
    }
    return due;
}

/* A group's rows as chunks of all its columns. */
static struct err *group_item(struct arena *arena, const struct batch *batch, struct group *group)
{
    struct err *err = NULL;
    struct insert_item *item = &group->item;
    if (batch->table->dropping || batch->table->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "the table was dropped meanwhile");
        goto done;
    }
    OR_DONE(builder_take(group->builder, &group->rows, &group->row_chunk_count));
    struct chunk **chunks = ARENA_ARRAY(arena, struct chunk *, group->row_chunk_count + 1);
    if (chunks == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < group->row_chunk_count; i++) {
        chunks[i] = row_chunk_view(arena, group->rows[i], row_chunk_rows(group->rows[i]));
        if (chunks[i] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    *item = (struct insert_item){.table = batch->table,
                                 .def = batch->def,
                                 .chunks = chunks,
                                 .chunk_count = group->row_chunk_count,
                                 .token = group->token};
done:
    item->err = err;
    return err;
}

/* Stores all groups of the batches together; their items hold what came of them. */
static void store_batches(struct insert_queue *queue, struct batch *batches)
{
    struct arena *arena = arena_create(NULL);
    uint32_t count = 0, ready = 0;
    for (const struct batch *batch = batches; batch != NULL; batch = batch->next) {
        count += batch->group_count;
        metric_add(&metric_batches, 1);
    }
    struct insert_item *items = calloc((size_t)count + 1, sizeof(*items));
    for (struct batch *batch = batches; batch != NULL; batch = batch->next) {
        for (struct group *group = batch->first_group; group != NULL; group = group->next) {
            if (arena == NULL || items == NULL) {
                group->item.err = err_oom();
            } else if (builder_rows(group->builder) > 0 && group_item(arena, batch, group) == NULL) {
                items[ready++] = group->item;
            }
        }
    }
    if (ready > 0) {
        insert_log_append(queue->tables->insert_log, items, ready);
    }
    uint32_t at = 0;
    for (struct batch *batch = batches; batch != NULL; batch = batch->next) {
        for (struct group *group = batch->first_group; group != NULL; group = group->next) {
            if (group->item.err == NULL && group->item.chunks != NULL) {
                group->item = items[at++];
                group->item.chunks = NULL;
            }
        }
    }
    free(items);
    arena_destroy(arena);
}

static struct insert_queued_info info_of(const struct batch *batch, const struct insert_queued *queued)
{
    return (struct insert_queued_info){.batch = batch->number,
                                       .database = batch->def->database,
                                       .table = batch->def->name,
                                       .query_id = slice_text(queued->query_id),
                                       .format = slice_text(queued->format),
                                       .query = slice_of(queued->query, queued->query_bytes),
                                       .bytes = queued->bytes,
                                       .rows = queued->rows,
                                       .queued_at_us = queued->queued_at_us,
                                       .busy_us = queued->busy_us,
                                       .batch_bytes = batch->memory};
}

/* What came of each INSERT is told, and written down; without the lock. */
static void tell(const struct insert_queue *queue, const struct batch *batch)
{
    int64_t now = clock_wall_us();
    for (struct insert_queued *queued = batch->first; queued != NULL; queued = queued->next) {
        const struct insert_item *item = &queued->group->item;
        queued->err = err_while(err_copy(item->err), "inserting into %s.%s", batch->def->database, batch->def->name);
        queued->result.duplicate = item->err == NULL && (item->duplicate || queued->repeats);
        queued->result.rows = item->err != NULL || queued->result.duplicate ? 0 : queued->rows;
        if (queued->err != NULL && (!queued->waits || atomic_load(&queued->given_up))) {
            LOG_ERROR("async_insert", LOG_ERR(queued->err)); /* nobody else will say it */
        }
        if (queue->options.stored != NULL) {
            struct insert_queued_info info = info_of(batch, queued);
            info.stored_at_us = now;
            info.err = queued->err;
            queue->options.stored(queue->options.user, &info);
        }
    }
}

static void answer(struct insert_queue *queue, struct batch *batch)
{
    struct pace *pace = pace_of(queue, batch->table->id);
    if (pace != NULL && batch->count > 0) {
        uint64_t busy_us = pace->busy_us < batch->busy_us_min ? batch->busy_us_min : pace->busy_us;
        busy_us = batch->count > 1 ? BUSY_LONGER(busy_us) : BUSY_SHORTER(busy_us);
        pace->busy_us = busy_us > batch->busy_us_max ? batch->busy_us_max : busy_us;
        pace->answered = batch->waiting_count;
    }
    for (struct insert_queued *queued = batch->first, *next; queued != NULL; queued = next) {
        next = queued->next;
        queued->done = true;
        if (queued->wake != NULL) {
            queued->wake(queued->user);
        }
        insert_queued_unref(queued);
    }
    queue->memory -= batch->memory;
}

static void *run(void *object)
{
    struct insert_queue *queue = object;
    uint64_t wait_us;
    lock_take(&queue->lock);
    for (;;) {
        struct batch *batches = take_due(queue, &wait_us);
        if (batches == NULL && queue->closing) {
            break;
        }
        if (batches == NULL) {
            (void)condition_wait_for(&queue->changed, &queue->lock, wait_us);
            continue;
        }
        queue->storing = batches;
        lock_give(&queue->lock);
        store_batches(queue, batches);
        for (const struct batch *batch = batches; batch != NULL; batch = batch->next) {
            tell(queue, batch);
        }
        lock_take(&queue->lock);
        for (struct batch *batch = batches; batch != NULL; batch = batch->next) {
            answer(queue, batch);
        }
        queue->storing = NULL;
        condition_broadcast(&queue->stored);
        lock_give(&queue->lock);
        for (struct batch *batch = batches, *next; batch != NULL; batch = next) {
            next = batch->next;
            batch_free(batch);
        }
        lock_take(&queue->lock);
    }
    lock_give(&queue->lock);
    return NULL;
}

/* ---- all of them */

static bool is_there(const struct batch *batch, uint64_t table_id, uint64_t number)
{
    for (; batch != NULL; batch = batch->next) {
        if (batch->number <= number && (table_id == 0 || batch->table->id == table_id)) {
            return true;
        }
    }
    return false;
}

static void flush(struct insert_queue *queue, uint64_t table_id)
{
    uint64_t number = queue->number;
    for (struct batch *batch = queue->first; batch != NULL; batch = batch->next) {
        if (table_id == 0 || batch->table->id == table_id) {
            make_due(queue, batch);
        }
    }
    while (is_there(queue->first, table_id, number) || is_there(queue->storing, table_id, number)) {
        condition_wait(&queue->stored, &queue->lock);
    }
}

void insert_queue_flush(struct store *store, uint64_t table_id)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL && tables->insert_queue != NULL) {
        lock_take(&tables->insert_queue->lock);
        flush(tables->insert_queue, table_id);
        lock_give(&tables->insert_queue->lock);
    }
    tables_unref(tables);
}

void insert_queue_each(struct store *store, void (*visit)(void *user, const struct insert_queued_info *info),
                       void *user)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL && tables->insert_queue != NULL) {
        struct insert_queue *queue = tables->insert_queue;
        lock_take(&queue->lock);
        for (const struct batch *batch = queue->first; batch != NULL; batch = batch->next) {
            for (const struct insert_queued *queued = batch->first; queued != NULL; queued = queued->next) {
                struct insert_queued_info info = info_of(batch, queued);
                visit(user, &info);
            }
        }
        lock_give(&queue->lock);
    }
    tables_unref(tables);
}

static void queue_free(struct insert_queue *queue)
{
    if (queue->thread_started) {
        lock_take(&queue->lock);
        queue->draining = queue->closing = true;
        condition_signal(&queue->changed);
        lock_give(&queue->lock);
        (void)pthread_join(queue->thread, NULL);
    }
    if (queue->waiter_started) {
        lock_take(&queue->lock);
        queue->waiter_ends = true;
        condition_signal(&queue->waits_changed);
        lock_give(&queue->lock);
        (void)pthread_join(queue->waiter, NULL);
    }
    condition_deinit(&queue->changed);
    condition_deinit(&queue->stored);
    condition_deinit(&queue->waits_changed);
    lock_deinit(&queue->lock);
    tables_unref(queue->tables);
    free(queue->paces);
    free(queue);
}

struct err *insert_queue_open(struct store *store, const struct insert_queue_options *options)
{
    struct err *err = NULL;
    struct insert_queue *queue = calloc(1, sizeof(*queue));
    if (queue == NULL) {
        return err_oom();
    }
    queue->last = &queue->first;
    queue->options = options == NULL ? (struct insert_queue_options){0} : *options;
    lock_init(&queue->lock, LOCK_INSERT_QUEUE);
    condition_init(&queue->changed);
    condition_init(&queue->stored);
    condition_init(&queue->waits_changed);
    queue->give_up_us = UINT64_MAX;
    queue->tables = tables_of(store);
    if (queue->tables == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(thread_start(&queue->thread, "insert-queue", run, queue));
    queue->thread_started = true;
    OR_DONE(thread_start(&queue->waiter, "insert-wait", insert_queue_waiter, queue));
    queue->waiter_started = true;
    queue->tables->insert_queue = queue;
    queue = NULL;
done:
    if (queue != NULL) {
        queue_free(queue);
    }
    return err;
}

void insert_queue_drain(struct store *store)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL && tables->insert_queue != NULL) {
        struct insert_queue *queue = tables->insert_queue;
        lock_take(&queue->lock);
        queue->draining = true;
        condition_signal(&queue->changed);
        flush(queue, 0);
        lock_give(&queue->lock);
    }
    tables_unref(tables);
}

void insert_queue_close(struct store *store)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL && tables->insert_queue != NULL) {
        struct insert_queue *queue = tables->insert_queue;
        insert_queue_drain(store);
        tables->insert_queue = NULL;
        queue_free(queue);
    }
    tables_unref(tables);
}
