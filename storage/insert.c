/*
 * insert.c: one INSERT: small ones through the insert log, large ones straight into a pack.
 *
 * flow     format/ decoders fill the builder → here → insert_log.c, or flush.c on a second thread → ledger
 * owns     a large INSERT's pack writer and the records of its segments until the commit; its thread
 * pipeline the parsing thread hands over parts of PART_BYTES; one waits while another is sorted, encoded and written,
 *          so memory stays at three parts and both cores work
 */
#include "storage/insert.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/pool.h"
#include "base/queue.h"
#include "storage/combining.h"
#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/insert_combine.h"
#include "storage/insert_log.h"
#include "storage/insert_private.h"
#include "storage/pressure.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/sort.h"
#include "storage/views_private.h"

#include <stdlib.h>

#define PART_BYTES       ((uint64_t)32 << 20)
#define PARTITION_DIRECT 1 /* _partition of rows that went straight into a pack; their _offset is its number */

struct part {
    struct row_chunk **chunks;
    uint32_t count;
};

struct direct {
    struct arena *arena; /* segment records */
    struct pack_writer *pack;
    uint64_t pack_number;
    struct ledger_segment *segments;
    uint32_t segment_count;
    uint32_t segment_room;
    struct queue *queue;
    pthread_t thread;
    bool thread_started;
    _Atomic bool failed;
    struct err *err; /* the thread's, until it is joined */
    bool committing; /* from here on the ledger may name the pack */
};

struct insert {
    struct table *table;
    struct tables *tables;
    struct table_def *def;
    struct builder *builder;
    struct budget *budget; /* or NULL */
    bool *omitted;         /* columns */
    bool combine;
    unsigned __int128 token;
    bool duplicate; /* known at the beginning: rows are dropped */
    bool replaces;
    struct view_refreshed refreshed; /* object_id 0: none */
    uint64_t rows;                   /* handed to the thread */
    struct direct *direct;
};

/* The table's columns of a chunk, with DEFAULT and MATERIALIZED values; room for the hidden ones behind. */
static struct err *chunk_view(const struct insert *insert, struct arena *arena, struct row_chunk *rows,
                              struct chunk **out)
{
    struct err *err = NULL;
    uint32_t row_count = row_chunk_rows(rows), count = table_input_count(insert->def);
    struct chunk *chunk = chunk_new(arena, count + COLUMN_HIDDEN_COUNT, row_count);
    const uint8_t **missing = arena_array(arena, (size_t)count + 1, sizeof(*missing));

    if (chunk == NULL || missing == NULL) {
        err = arena_error(arena);
        goto done;
    }
    chunk->column_count = count;
    for (uint32_t i = 0; i < count; i++) {
        chunk->columns[i] = insert->omitted[i] ? NULL : row_chunk_column(arena, rows, i, row_count);
        missing[i] = row_chunk_missing(rows, i);
        if (chunk->columns[i] == NULL && !insert->omitted[i]) {
            err = arena_error(arena);
            goto done;
        }
    }
    OR_DONE(table_fill_defaults(insert->table, insert->def, arena, chunk, missing));
    chunk->column_count = insert->def->column_count;
    *out = chunk;
done:
    return err;
}

/* A view gets all rows, as ClickHouse's do. */
static bool insert_combines(const struct insert *insert)
{
    struct view_set *set = insert->combine ? view_set_take(insert->tables) : NULL;
    bool combines = insert->combine && !view_set_has_base(set, insert->table, insert->def);
    view_set_unref(set);
    return combines;
}

/* ---- large: the writing thread */
static struct err *part_write(struct insert *insert, const struct part *part)
{
    struct err *err = NULL;
    struct direct *direct = insert->direct;
    struct arena *work = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    uint32_t segment_count = 0;
    uint64_t stream = STREAM_INSERT_LOG;
    int32_t partition = PARTITION_DIRECT;
    int64_t offset = (int64_t)direct->pack_number;

    if (work == NULL) {
        err = err_oom();
        goto done;
    }
    struct chunk **chunks = ARENA_ARRAY(work, struct chunk *, part->count + 1);
    if (chunks == NULL) {
        err = arena_error(work);
        goto done;
    }
    uint32_t count = part->count;
    for (uint32_t i = 0; i < part->count; i++) {
        OR_DONE(chunk_view(insert, work, part->chunks[i], &chunks[i]));
    }
    if (insert_combines(insert)) {
        OR_DONE(insert_combine(work, insert->table, insert->def, &chunks, &count));
    }
    if (count == 0) {
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct chunk *chunk = chunks[i];
        const void *values[COLUMN_HIDDEN_COUNT] = {&stream, &partition, &offset};
        for (uint32_t k = 0; k < COLUMN_HIDDEN_COUNT; k++) {
            struct column *column =
                column_const(work, hidden_column_type((enum hidden_column)k), values[k], chunk->row_count);
            if (column == NULL) {
                err = arena_error(work);
                goto done;
            }
            chunk->columns[chunk->column_count + k] = column;
        }
        chunk->column_count += COLUMN_HIDDEN_COUNT;
    }
    struct flush_rows rows = {insert->table, insert->def, chunks, count, 0};
    OR_DONE(flush_rows(direct->arena, &rows, direct->pack, direct->pack_number, COMMIT_PARTITIONS_MAX, &segments,
                       &segment_count));
    if (direct->segment_count + segment_count > direct->segment_room) {
        uint32_t room = direct->segment_count * 2 + segment_count;
        struct ledger_segment *all = realloc(direct->segments, room * sizeof(*all));
        if (all == NULL) {
            err = err_oom();
            goto done;
        }
        direct->segments = all;
        direct->segment_room = room;
    }
    for (uint32_t i = 0; i < segment_count; i++) {
        direct->segments[direct->segment_count++] = segments[i];
    }
done:
    arena_destroy(work);
    return err;
}

static void part_free(struct part *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        row_chunk_unref(part->chunks[i]);
    }
    free(part->chunks);
    free(part);
}

static void *direct_run(void *object)
{
    struct insert *insert = object;
    struct direct *direct = insert->direct;
    struct part *part;
    while ((part = queue_pop(direct->queue)) != NULL) {
        if (direct->err == NULL) {
            direct->err = part_write(insert, part);
            if (direct->err != NULL) {
                atomic_store(&direct->failed, true);
            }
        }
        part_free(part);
    }
    return NULL;
}

static void direct_join(struct direct *direct)
{
    if (direct->thread_started) {
        queue_close(direct->queue);
        (void)pthread_join(direct->thread, NULL);
        direct->thread_started = false;
    }
}

static struct err *direct_open(struct insert *insert)
{
    struct err *err = NULL;
    struct direct *direct = calloc(1, sizeof(*direct));

    if (direct == NULL) {
        return err_oom();
    }
    insert->direct = direct;
    direct->arena = arena_create(NULL);
    direct->queue = queue_create(1, 0);
    if (direct->arena == NULL || direct->queue == NULL) {
        return err_oom();
    }
    direct->pack_number = store_pack_next(insert->table->store);
    OR_DONE(pack_create(insert->table->store, direct->pack_number, &direct->pack));
    OR_DONE(thread_start(&direct->thread, "insert-write", direct_run, insert));
    direct->thread_started = true;
done:
    return err;
}

/* Chunks filled so far go to the writing thread. */
static struct err *direct_push(struct insert *insert)
{
    struct err *err = NULL;
    struct part *part = calloc(1, sizeof(*part));

    if (part == NULL) {
        err = err_oom();
        goto done;
    }
    if (insert->direct == NULL) {
        OR_DONE(direct_open(insert));
    }
    if (atomic_load(&insert->direct->failed)) {
        direct_join(insert->direct);
        err = insert->direct->err;
        insert->direct->err = NULL;
        goto done;
    }
    insert->rows += builder_rows(insert->builder);
    OR_DONE(builder_take(insert->builder, &part->chunks, &part->count));
    if (part->count > 0) {
        bool pushed = queue_push(insert->direct->queue, part, 0);
        ASSERT(pushed);
        part = NULL;
    }
done:
    if (part != NULL) {
        part_free(part);
    }
    return err;
}

/* How many time partitions did all parts together touch? */
static struct err *direct_check_partitions(const struct insert *insert)
{
    const struct direct *direct = insert->direct;
    uint32_t distinct = 0;
    for (uint32_t i = 0; i < direct->segment_count; i++) {
        bool known = false;
        for (uint32_t k = 0; k < i && !known; k++) {
            known = slice_equal(direct->segments[k].partition, direct->segments[i].partition);
        }
        distinct += known ? 0 : 1;
    }
    return distinct <= COMMIT_PARTITIONS_MAX
               ? NULL
               : err_new(ERR_TOO_MANY_PARTITIONS, "rows for more than %u partitions of table %s.%s in one INSERT",
                         COMMIT_PARTITIONS_MAX, insert->def->database, insert->def->name);
}

/* What views make of the INSERT's segments, which are read again for it, in a pack of its own. */
struct direct_views {
    struct view_commit *commit;
    struct pack_writer *pack;
    uint64_t number;
    bool finished;
    bool empty; /* no commit names it */
};

static struct err *views_make(struct insert *insert, struct table_segment **segments, struct ledger_batch *batch,
                              struct direct_views *views)
{
    struct err *err = NULL;
    struct snapshot *rows = NULL;

    OR_DONE(view_commit_begin(insert->tables, &views->commit));
    if (!view_commit_wants(views->commit, insert->table)) {
        goto done;
    }
    OR_DONE(snapshot_of_segments(insert->table, segments, insert->direct->segment_count, &rows));
    views->number = store_pack_next(insert->table->store);
    OR_DONE(pack_create(insert->table->store, views->number, &views->pack));
    OR_DONE(view_commit_rows(views->commit, insert->table, rows, views->pack, views->number));
    OR_DONE(view_commit_records(views->commit, batch));
    OR_DONE(pack_writer_finish(views->pack));
    views->finished = true;
    views->empty = !view_commit_has_rows(views->commit);
done:
    snapshot_unref(rows);
    return err;
}

static void views_end(struct insert *insert, struct direct_views *views, bool discard)
{
    view_commit_end(views->commit);
    pack_writer_close(views->pack);
    if (views->finished && (discard || views->empty)) {
        pack_discard(insert->table->store, views->number);
    }
    *views = (struct direct_views){0};
}

/* All segments of the table leave; *old has them. tables->commits is held, exclusively. */
static struct err *old_remove(const struct insert *insert, struct ledger_batch *batch, struct table_version **old)
{
    struct err *err = NULL;
    struct segment_name *names = NULL;
    OR_DONE(ledger_hold_check(insert->table->store->ledger, insert->table->id, "REFRESH"));
    *old = table_version_take(insert->table);
    names = calloc((size_t)(*old)->segment_count + 1, sizeof(*names));
    if (names == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < (*old)->segment_count; i++) {
        names[i] = (struct segment_name){(*old)->segments[i]->info.pack, (*old)->segments[i]->info.offset};
    }
    const struct segments_removed removed = {.table_id = insert->table->id,
                                             .reason = REMOVE_TRUNCATE,
                                             .segments = names,
                                             .segment_count = (*old)->segment_count};
    err = removed.segment_count == 0 ? NULL : ledger_batch_remove(batch, &removed);
done:
    free(names);
    return err;
}

/* *again: what the views' rows were made with has changed. */
static struct err *direct_commit_once(struct insert *insert, struct table_segment **added, bool *again)
{
    struct err *err = NULL;
    struct direct *direct = insert->direct;
    struct table *table = insert->table;
    struct ledger_batch *batch = ledger_batch_create();
    struct direct_views views = {0};
    struct table_version *old = NULL;
    bool locked = false, uncertain = false;

    *again = false;
    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < direct->segment_count; i++) {
        OR_DONE(ledger_batch_segment(batch, &direct->segments[i]));
    }
    if (insert->refreshed.object_id != 0) {
        insert->refreshed.ended_us = clock_wall_us();
        OR_DONE(ledger_batch_view_refreshed(batch, &insert->refreshed));
    }
    if (insert->token != 0) {
        struct ledger_token token = {table->id, insert->token, clock_wall_us()};
        OR_DONE(ledger_batch_token(batch, &token));
    }
    OR_DONE(views_make(insert, added, batch, &views));
    if (insert->replaces) {
        shared_lock_write(&insert->tables->commits);
    } else {
        shared_lock_read(&insert->tables->commits);
    }
    locked = true;
    if (table->dropping || table->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "table %s.%s was dropped meanwhile", insert->def->database, insert->def->name);
        goto done;
    }
    if (!view_commit_holds(views.commit)) {
        *again = true;
        goto done;
    }
    struct commit_info info = {0};
    if (insert->replaces) {
        OR_DONE(old_remove(insert, batch, &old));
    }
    uncertain = true;
    direct->committing = true;
    OR_DONE(ledger_commit(table->store->ledger, batch, &info));
    for (uint32_t i = 0; i < direct->segment_count; i++) {
        added[i]->info.commit = info.number;
        added[i]->info.committed_at_us = info.time_us;
    }
    table->epoch += insert->replaces; /* what was encoded before is void, as after TRUNCATE */
    view_commit_swap(views.commit, &info);
    table_change_apply(
        table, &(struct table_change){.add = added, .add_count = direct->segment_count, .truncate = insert->replaces});
    view_commit_swapped(views.commit);
    if (old != NULL) {
        table_retire_packs(table->store, old->segments, old->segment_count);
    }
done:
    if (locked) {
        shared_lock_give(&insert->tables->commits);
    }
    if (err == NULL && !*again) {
        view_commit_tell(views.commit);
    }
    views_end(insert, &views, !uncertain);
    table_version_unref(old);
    ledger_batch_destroy(batch);
    return err;
}

/* Does its commit do something without rows? */
static bool commits_alone(const struct insert *insert)
{
    return insert->replaces || insert->refreshed.object_id != 0;
}

/* Has the table rows of the log that are in no segments yet? */
static bool has_head_rows(struct table *table)
{
    struct table_version *version = table_version_take(table);
    bool has = false;
    for (uint32_t i = 0; i < version->head_count && !has; i++) {
        const struct version_head *entry = &version->heads[i];
        has = atomic_load_explicit(&entry->head->visible, memory_order_acquire) != entry->skip;
    }
    table_version_unref(version);
    return has;
}

static struct err *direct_commit(struct insert *insert)
{
    struct err *err = NULL;
    struct direct *direct = insert->direct;
    struct table *table = insert->table;
    struct table_segment **added = calloc((size_t)direct->segment_count + 1, sizeof(struct table_segment *));
    bool finished = false, again = true;
    enum combining_kind combining;

    if (added == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(direct_check_partitions(insert));
    if (direct->segment_count > 0) {
        OR_DONE(pack_writer_finish(direct->pack));
        finished = true;
    } else if (insert->token == 0 && !commits_alone(insert)) {
        goto done; /* its rows took each other away */
    }
    for (uint32_t i = 0; i < direct->segment_count; i++) {
        added[i] = table_segment_create(insert->tables, &direct->segments[i]);
        if (added[i] == NULL) {
            err = err_oom();
            goto done;
        }
    }
    pressure_wait(table, direct->segments, direct->segment_count);
    /* what small INSERTs left in the log came before */
    if ((insert->replaces && has_head_rows(table)) || engine_combines(insert->def->engine, &combining)) {
        OR_DONE(insert_log_flush(table->store));
    }
    while (again) {
        OR_DONE(direct_commit_once(insert, added, &again));
    }
done:
    if (finished && (!direct->committing || (err == NULL && direct->segment_count == 0))) {
        pack_discard(table->store, direct->pack_number);
    }
    for (uint32_t i = 0; added != NULL && i < direct->segment_count; i++) {
        table_segment_unref(added[i]);
    }
    free(added);
    return err;
}

/* ---- the interface */
struct err *insert_begin(struct table *table, const struct insert_options *options, struct insert **out)
{
    struct err *err = NULL;
    struct insert *insert = calloc(1, sizeof(*insert));
    bool *track = NULL;
    const struct type **types = NULL;

    if (insert == NULL) {
        err = err_oom();
        goto done;
    }
    insert->table = table_ref(table);
    insert->tables = table->tables;
    insert->def = table_definition(table);
    insert->budget = options == NULL ? NULL : options->budget;
    insert->replaces = options != NULL && options->replaces;
    insert->refreshed =
        options == NULL || options->refreshed == NULL ? (struct view_refreshed){0} : *options->refreshed;
    OR_DONE(pressure_check(table));
    uint32_t count = table_input_count(insert->def);
    types = calloc((size_t)count + 1, sizeof(*types));
    track = calloc((size_t)count + 1, sizeof(*track));
    insert->omitted = calloc((size_t)count + 1, sizeof(*insert->omitted));
    if (types == NULL || track == NULL || insert->omitted == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = table_input_column(insert->def, i)->type;
        track[i] = table_column_has_default(table_input_column(insert->def, i));
    }
    insert->combine = options != NULL && options->combine;
    if (options != NULL && options->token.length > 0) {
        insert->token = checksum128(options->token.data, options->token.length);
        insert->token = insert->token == 0 ? 1 : insert->token;
        insert->duplicate = ledger_token_known(table->store->ledger, table->id, insert->token);
    }
    struct builder_options builder = {
        .budget = options == NULL ? NULL : options->budget, .first_capacity = 64, .track_missing = track};
    OR_DONE(builder_create(types, count, &builder, &insert->builder));
    *out = insert;
    insert = NULL;
done:
    insert_abort(insert);
    free(types);
    free(track);
    return err;
}

void insert_omit(struct insert *insert, uint32_t column)
{
    insert->omitted[column] = true;
}

struct builder *insert_builder(struct insert *insert)
{
    return insert->builder;
}

const struct table_def *insert_def(const struct insert *insert)
{
    return insert->def;
}

struct err *insert_poll(struct insert *insert)
{
    uint64_t bytes = builder_memory(insert->builder);
    if (insert->duplicate && bytes > INSERT_DIRECT_BYTES) {
        builder_rollback(insert->builder, (struct builder_mark){0, 0});
        return NULL;
    }
    return bytes >= PART_BYTES ? direct_push(insert) : NULL;
}

bool insert_is_small(const struct insert *insert)
{
    return !insert->duplicate && insert->direct == NULL && builder_rows(insert->builder) > 0 &&
           builder_memory(insert->builder) <= INSERT_DIRECT_BYTES;
}

struct table *insert_table(const struct insert *insert)
{
    return insert->table;
}

struct tables *insert_tables(const struct insert *insert)
{
    return insert->tables;
}

unsigned __int128 insert_token(const struct insert *insert)
{
    return insert->token;
}

struct budget *insert_budget(const struct insert *insert)
{
    return insert->budget;
}

uint64_t insert_memory(const struct insert *insert)
{
    return builder_memory(insert->builder);
}

struct err *insert_rows_take(struct insert *insert, struct insert_rows *out)
{
    struct err *err = NULL;
    *out = (struct insert_rows){.arena = arena_create(NULL)};
    if (out->arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (insert->table->dropping || insert->table->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "the table was dropped meanwhile");
        goto done;
    }
    out->row_count = builder_rows(insert->builder);
    OR_DONE(builder_take(insert->builder, &out->rows, &out->row_chunk_count));
    out->count = out->row_chunk_count;
    out->chunks = ARENA_ARRAY(out->arena, struct chunk *, out->count + 1);
    if (out->chunks == NULL) {
        err = arena_error(out->arena);
        goto done;
    }
    for (uint32_t i = 0; i < out->count; i++) {
        OR_DONE(chunk_view(insert, out->arena, out->rows[i], &out->chunks[i]));
    }
    if (insert_combines(insert)) {
        OR_DONE(insert_combine(out->arena, insert->table, insert->def, &out->chunks, &out->count));
    }
    struct flush_rows check = {insert->table, insert->def, out->chunks, out->count, 0};
    err = flush_check_partitions(&check, COMMIT_PARTITIONS_MAX);
done:
    return err;
}

void insert_rows_free(struct insert_rows *rows)
{
    for (uint32_t i = 0; i < rows->row_chunk_count; i++) {
        row_chunk_unref(rows->rows[i]);
    }
    free(rows->rows);
    arena_destroy(rows->arena);
    *rows = (struct insert_rows){0};
}

static struct err *small_finish(struct insert *insert, struct insert_result *result)
{
    struct err *err = NULL;
    struct insert_log *log = insert->tables->insert_log;
    struct insert_rows rows = {0};

    if (log == NULL) {
        err = err_new(ERR_LOGICAL, "the insert log is not open");
        goto done;
    }
    OR_DONE(insert_rows_take(insert, &rows));
    result->rows = rows.row_count;
    if (rows.count > 0) {
        struct insert_item item = {.table = insert->table,
                                   .def = insert->def,
                                   .chunks = rows.chunks,
                                   .chunk_count = rows.count,
                                   .token = insert->token};
        insert_log_append(log, &item, 1);
        result->duplicate = item.duplicate;
        err = item.err;
    }
done:
    insert_rows_free(&rows);
    return err;
}

struct err *insert_finish(struct insert *insert, struct insert_result *result)
{
    struct err *err = NULL;
    struct insert_log *log = insert->tables->insert_log;
    bool token_held = false;

    *result = (struct insert_result){.duplicate = insert->duplicate};
    if (insert->duplicate) {
        goto done;
    }
    bool direct = commits_alone(insert);
    if (builder_rows(insert->builder) == 0 && insert->rows == 0 && !direct) {
        goto done;
    }
    insert_behind_queue(insert);
    if (!direct && insert_is_small(insert)) {
        err = small_finish(insert, result);
        goto done;
    }
    OR_DONE(direct_push(insert));
    direct_join(insert->direct);
    err = insert->direct->err;
    insert->direct->err = NULL;
    if (err != NULL) {
        goto done;
    }
    if (insert->token != 0 && log != NULL) {
        token_held = insert_token_take(log, insert->table->id, insert->token);
        if (!token_held) {
            result->duplicate = true;
            goto done;
        }
    }
    OR_DONE(direct_commit(insert));
    result->rows = insert->rows;
done:
    if (token_held) {
        insert_token_give(log, insert->table->id, insert->token); /* the ledger knows it now, or it was not used */
    }
    if (result->duplicate) {
        result->rows = 0;
    }
    err = err_while(err, "inserting into %s.%s", insert->def->database, insert->def->name);
    insert_abort(insert);
    return err;
}

void insert_abort(struct insert *insert)
{
    if (insert == NULL) {
        return;
    }
    struct direct *direct = insert->direct;
    if (direct != NULL) {
        direct_join(direct);
        err_free(direct->err);
        pack_writer_close(direct->pack);
        queue_destroy(direct->queue);
        free(direct->segments);
        arena_destroy(direct->arena);
        free(direct);
    }
    builder_destroy(insert->builder);
    table_def_unref(insert->def);
    table_unref(insert->table);
    free(insert->omitted);
    free(insert);
}
