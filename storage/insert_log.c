/*
 * insert_log.c: group commit of small INSERTs, their heads, and the flush of these into segments.
 *
 * flow     insert.c → insert_log_append → file → heads; the flush thread → draft → lane
 * owns     the log's files, the head writers of all tables that got small INSERTs
 * thread   any INSERT may lead a group; one flush thread
 * states   of a file: open → full (after a flush or a failure) → covered → removed, above keep_bytes
 */
#include "storage/insert_log.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "storage/insert_log_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

FAILPOINT(insert_log_write);
FAILPOINT(insert_log_sync);
FAILPOINT(insert_log_sync_dir);
FAILPOINT(insert_log_unlink);
METRIC_SECONDS(sync, "weir_insert_log_sync_seconds", "syncs of the insert log; one may carry several inserts");

void insert_file_path(const struct insert_log *log, uint64_t number, char path[STORE_PATH_BYTES])
{
    (void)snprintf(path, STORE_PATH_BYTES, "%s/%08" PRIu64 ".log", log->store->insert_log_dir, number);
}

struct err *insert_file_note(struct insert_log *log, uint64_t number, uint64_t end, uint64_t bytes)
{
    struct insert_file *last = log->file_count > 0 ? &log->files[log->file_count - 1] : NULL;
    if (last != NULL && last->number == number) {
        last->end = end;
        last->bytes = bytes;
        return NULL;
    }
    struct insert_file *files = realloc(log->files, (log->file_count + 1) * sizeof(*files));
    if (files == NULL) {
        return err_oom();
    }
    log->files = files;
    files[log->file_count++] = (struct insert_file){number, end, bytes};
    return NULL;
}

/* ---- heads */
static struct err *writer_of(struct insert_log *log, struct table *table, const struct table_def *def,
                             struct head_writer **out)
{
    struct err *err = NULL;
    struct head_writer_options options = {.def = def}; /* rows stay as the INSERT had them: an ALTER may come between */
    for (uint32_t i = 0; i < log->writer_count; i++) {
        if (log->writers[i].table == table &&
            head_writer_def(log->writers[i].writer)->schema_version == def->schema_version) {
            *out = log->writers[i].writer;
            return NULL;
        }
    }
    struct insert_writer *writers = realloc(log->writers, (log->writer_count + 1) * sizeof(*writers));
    if (writers == NULL) {
        return err_oom();
    }
    log->writers = writers;
    struct insert_writer *writer = &writers[log->writer_count];
    *writer = (struct insert_writer){table, NULL};
    OR_DONE(head_writer_open(table, &options, &writer->writer));
    log->writer_count++;
    *out = writer->writer;
done:
    return err;
}

struct err *insert_heads_append(struct insert_log *log, struct table *table, const struct table_def *def,
                                struct chunk *const *chunks, uint32_t chunk_count, uint64_t sequence)
{
    struct err *err = NULL;
    struct head_writer *writer = NULL;

    err = writer_of(log, table, def, &writer);
    if (err != NULL && err_code(err) == ERR_UNKNOWN_TABLE) {
        err_free(err); /* being dropped: the rows go with it */
        err = NULL;
        goto done;
    }
    if (err != NULL) {
        goto done;
    }
    struct builder *builder = head_builder(writer);
    builder_stream(builder, STREAM_INSERT_LOG, 0, 0);
    for (uint32_t i = 0; i < chunk_count; i++) {
        const struct chunk *chunk = chunks[i];
        int64_t offsets[CHUNK_ROWS_MAX];
        for (uint32_t row = 0; row < chunk->row_count; row++) {
            offsets[row] = (int64_t)sequence;
        }
        uint64_t before = head_memory(writer);
        OR_DONE(builder_append(builder, chunk, offsets));
        atomic_fetch_add(&log->heads_bytes, head_memory(writer) - before);
    }
    OR_DONE(head_publish(writer));
done:
    return err;
}

/* ---- group commit */
static struct err *file_begin(struct insert_log *log)
{
    struct err *err = NULL;
    char path[STORE_PATH_BYTES];
    const uint64_t header[2] = {INSERT_LOG_MAGIC, INSERT_LOG_VERSION};

    io_close(log->file);
    log->file = NULL;
    log->file_number++;
    insert_file_path(log, log->file_number, path);
    OR_DONE(io_open(log->store->io, path, IO_CREATE, &log->file));
    OR_DONE(io_write(log->file, 0, header, sizeof(header), &failpoint_insert_log_write));
    OR_DONE(io_sync_dir(log->store->io, log->store->insert_log_dir, &failpoint_insert_log_sync_dir));
    log->file_bytes = sizeof(header);
    atomic_store(&log->file_full, false);
done:
    if (err != NULL) {
        io_close(log->file);
        log->file = NULL;
    }
    return err;
}

static struct err *group_write(struct insert_log *log, struct insert_waiter *group)
{
    struct err *err = NULL;
    uint64_t at = log->file_bytes;
    if (log->file == NULL || atomic_load(&log->file_full) || log->file_bytes > INSERT_FILE_BYTES_MAX) {
        OR_DONE(file_begin(log));
        at = log->file_bytes;
    }
    uint32_t begin = at == INSERT_FILE_HEADER_BYTES ? 0 : (uint32_t)at;
    for (struct insert_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
        struct insert_record record = {
            .sequence = waiter->sequence,
            .table_id = waiter->table->id,
            .schema_version = waiter->def->schema_version,
            .row_count = waiter->row_count,
            .token = waiter->token,
            .time_us = clock_wall_us(),
            .group = begin,
        };
        waiter->record.length = waiter->record_length;
        insert_record_seal(&waiter->record, 0, &record);
        if (waiter->record.failed) {
            err = err_oom();
            goto done;
        }
        OR_DONE(io_write(log->file, at, waiter->record.data, waiter->record.length, &failpoint_insert_log_write));
        at += waiter->record.length;
    }
    uint64_t began_us = clock_monotonic_us();
    OR_DONE(io_sync(log->file, &failpoint_insert_log_sync));
    metric_observe_us(&metric_sync, clock_monotonic_us() - began_us);
    log->file_bytes = at;
done:
    if (err != NULL) {
        io_close(log->file);
        log->file = NULL; /* given up; a later file that begins at the same sequence takes its place */
    }
    return err;
}

/* Writes, syncs and publishes a group; without locks but for the heads'. */
static void group_commit(struct insert_log *log, struct insert_waiter *group)
{
    struct err *err = NULL;
    uint64_t sequence = log->sequence;
    for (struct insert_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
        waiter->sequence = sequence++;
    }
    err = group_write(log, group);
    if (err != NULL) {
        LOG_ERROR("insert_log_write", LOG_ERR(err));
        struct err *again = group_write(log, group);
        if (again == NULL) {
            err_free(err);
            err = NULL;
        } else {
            err_free(again);
        }
    }
    if (err == NULL) {
        lock_take(&log->heads);
        for (struct insert_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
            struct err *late = insert_heads_append(log, waiter->table, waiter->def, waiter->chunks, waiter->chunk_count,
                                                   waiter->sequence);
            if (late != NULL) {
                /* durable, but not visible before a restart: it must not be forgotten by a flush */
                LOG_ERROR("insert_publish", LOG_ERR(late));
                assert_failed("rows of a durable INSERT fit into memory", __FILE__, __LINE__);
            }
        }
        log->published = sequence;
        /* before a flush can seal these rows */
        lock_take(&log->lock);
        for (struct insert_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
            for (uint32_t i = 0; waiter->token != 0 && i < log->token_count; i++) {
                struct insert_token *token = &log->tokens[i];
                if (token->table_id == waiter->table->id && token->hash == waiter->token) {
                    token->stored = true;
                    token->sequence = waiter->sequence;
                    token->used_at_us = clock_wall_us();
                }
            }
        }
        lock_give(&log->lock);
        lock_give(&log->heads);
    }
    lock_take(&log->lock);
    if (err == NULL) {
        log->sequence = sequence;
        err_free(insert_file_note(log, log->file_number, sequence, log->file_bytes));
        if (atomic_load(&log->heads_bytes) > INSERT_HEADS_FLUSH_BYTES) {
            log->flush_wanted = true;
        }
    }
    for (struct insert_waiter *waiter = group, *next; waiter != NULL; waiter = next) {
        next = waiter->next;
        waiter->err = err_copy(err);
        waiter->done = true; /* it may be gone from here on, once the lock is given */
    }
    condition_broadcast(&log->changed);
    lock_give(&log->lock);
    err_free(err);
}

/* Takes the token and encodes the rows. False: there is nothing to write. */
static bool item_prepare(struct insert_log *log, struct insert_item *item, struct insert_waiter *waiter)
{
    static const char header[INSERT_RECORD_HEADER_BYTES];
    *waiter = (struct insert_waiter){.table = item->table,
                                     .def = item->def,
                                     .chunks = item->chunks,
                                     .chunk_count = item->chunk_count,
                                     .token = item->token};
    if (item->err != NULL) {
        return false;
    }
    if (item->token != 0) {
        waiter->held = insert_token_take(log, item->table->id, item->token);
        item->duplicate = !waiter->held;
        if (item->duplicate) {
            return false;
        }
    }
    buffer_append(&waiter->record, header, sizeof(header));
    for (uint32_t i = 0; i < item->chunk_count && item->err == NULL; i++) {
        waiter->row_count += item->chunks[i]->row_count;
        item->err = insert_chunk_encode(item->chunks[i], &waiter->record);
    }
    waiter->record_length = waiter->record.length;
    return item->err == NULL;
}

/* Waits while the heads are too large, or what was read again is not in segments; the lock is held. */
static struct err *wait_for_room(struct insert_log *log)
{
    while ((atomic_load(&log->heads_bytes) > INSERT_HEADS_BYTES_MAX || log->covered < log->replayed) && !log->closing) {
        struct err *stuck = lane_error(log->lane);
        if (stuck != NULL) {
            return stuck;
        }
        log->flush_wanted = true;
        condition_broadcast(&log->changed);
        (void)condition_wait_for(&log->changed, &log->lock, 100000);
    }
    return NULL;
}

/* Waits until the last of its waiters, which are of one group, is done; leads when nobody does. The lock is held. */
static void wait_or_lead(struct insert_log *log, const struct insert_waiter *last)
{
    while (!last->done) {
        if (log->leading) {
            condition_wait(&log->changed, &log->lock);
            continue;
        }
        struct insert_waiter *group = log->first;
        log->first = NULL;
        log->last = &log->first;
        log->leading = true;
        lock_give(&log->lock);
        group_commit(log, group);
        lock_take(&log->lock);
        log->leading = false;
        condition_broadcast(&log->changed);
    }
}

void insert_log_append(struct insert_log *log, struct insert_item *items, uint32_t count)
{
    struct insert_waiter one[1] = {{0}}, *waiters = count == 1 ? one : calloc(count, sizeof(*waiters)), *last = NULL;

    for (uint32_t i = 0; i < count; i++) {
        items[i].duplicate = false;
        if (waiters == NULL) {
            items[i].err = items[i].err != NULL ? items[i].err : err_oom();
        }
    }
    if (waiters == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        waiters[i].wanted = item_prepare(log, &items[i], &waiters[i]);
    }
    lock_take(&log->lock);
    struct err *stuck = wait_for_room(log);
    for (uint32_t i = 0; i < count && stuck == NULL; i++) {
        if (waiters[i].wanted) {
            *log->last = last = &waiters[i];
            log->last = &last->next;
        }
    }
    if (last != NULL) {
        wait_or_lead(log, last);
    }
    lock_give(&log->lock);
    for (uint32_t i = 0; i < count; i++) {
        if (waiters[i].wanted) {
            items[i].err = err_while(stuck != NULL ? err_copy(stuck) : waiters[i].err, "writing the insert log");
        }
        if (waiters[i].held && items[i].err != NULL) {
            insert_token_give(log, items[i].table->id, items[i].token);
        }
        buffer_deinit(&waiters[i].record);
    }
    err_free(stuck);
    if (waiters != one) {
        free(waiters);
    }
}

/* ---- tokens */
bool insert_token_take(struct insert_log *log, uint64_t table_id, unsigned __int128 hash)
{
    bool taken = false;
    lock_take(&log->lock);
    for (;;) {
        const struct insert_token *found = NULL;
        for (uint32_t i = 0; i < log->token_count; i++) {
            if (log->tokens[i].table_id == table_id && log->tokens[i].hash == hash) {
                found = &log->tokens[i];
            }
        }
        if (found == NULL) {
            if (!ledger_token_known(log->store->ledger, table_id, hash)) {
                struct insert_token *tokens = realloc(log->tokens, (log->token_count + 1) * sizeof(*tokens));
                ASSERT(tokens != NULL); /* a few bytes */
                log->tokens = tokens;
                tokens[log->token_count++] = (struct insert_token){.table_id = table_id, .hash = hash};
                taken = true;
            }
            break;
        }
        if (found->stored) {
            break;
        }
        condition_wait(&log->changed, &log->lock);
    }
    lock_give(&log->lock);
    return taken;
}

void insert_token_give(struct insert_log *log, uint64_t table_id, unsigned __int128 hash)
{
    lock_take(&log->lock);
    for (uint32_t i = 0; i < log->token_count; i++) {
        if (log->tokens[i].table_id == table_id && log->tokens[i].hash == hash && !log->tokens[i].stored) {
            log->tokens[i] = log->tokens[--log->token_count];
            break;
        }
    }
    condition_broadcast(&log->changed);
    lock_give(&log->lock);
}

/* ---- flush */
struct flush_user {
    struct insert_log *log;
    uint64_t sequence;
    uint64_t bytes;
};

/* Of the files that could go. */
static uint64_t covered_bytes(const struct insert_log *log, uint64_t sequence)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i + 1 < log->file_count && log->files[i].end <= sequence; i++) {
        bytes += log->files[i].bytes;
    }
    return bytes;
}

/* All records below are in segments: tokens are the ledger's, files may go. */
static void covered_now(struct insert_log *log, uint64_t sequence)
{
    char path[STORE_PATH_BYTES];
    lock_take(&log->lock);
    log->covered = sequence;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < log->token_count; i++) {
        if (!log->tokens[i].stored || log->tokens[i].sequence >= sequence) {
            log->tokens[kept++] = log->tokens[i];
        }
    }
    log->token_count = kept;
    /* the newest may still be written to; of those before as many are kept as REPAIR may want */
    while (log->file_count > 1 && log->files[0].end <= sequence &&
           covered_bytes(log, sequence) > log->options.keep_bytes) {
        uint64_t number = log->files[0].number;
        memmove(log->files, log->files + 1, --log->file_count * sizeof(*log->files));
        lock_give(&log->lock);
        insert_file_path(log, number, path);
        struct err *err = io_unlink(log->store->io, path, &failpoint_insert_log_unlink);
        if (err != NULL) {
            LOG_WARNING("insert_log_remove", LOG_ERR(err)); /* found again, and covered, at the next start */
            err_free(err);
        }
        lock_take(&log->lock);
    }
    condition_broadcast(&log->changed);
    lock_give(&log->lock);
}

static void flush_done(void *user, const struct err *err, const struct commit_info *commit)
{
    struct flush_user *flush = user;
    struct insert_log *log = flush->log;
    (void)commit;
    if (err == NULL) {
        covered_now(log, flush->sequence);
    }
    atomic_fetch_sub(&log->heads_bytes, flush->bytes);
    lock_take(&log->lock);
    condition_broadcast(&log->changed);
    lock_give(&log->lock);
    free(flush);
}

/* Seals the heads of all tables into one draft and hands it to the lane. */
static struct err *flush_start(struct insert_log *log)
{
    struct err *err = NULL;
    struct draft *draft = NULL;
    struct flush_user *user = calloc(1, sizeof(*user));
    bool heads_held = false, flush_held = false;

    if (user == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(draft_create(log->store, &draft));
    draft_allow_partitions(draft);
    lock_take(&log->flush);
    flush_held = true;
    lock_take(&log->heads);
    heads_held = true;
    if (log->published == log->flushed) {
        goto done;
    }
    *user = (struct flush_user){log, log->published, 0};
    lock_take(&log->lock);
    for (uint32_t i = 0; i < log->token_count && err == NULL; i++) {
        const struct insert_token *token = &log->tokens[i];
        for (uint32_t k = 0; k < log->writer_count && err == NULL; k++) {
            if (token->stored && token->sequence >= log->flushed && token->sequence < log->published &&
                log->writers[k].table->id == token->table_id) {
                err = draft_token(draft, log->writers[k].table, token->hash, token->used_at_us);
                break;
            }
        }
    }
    lock_give(&log->lock);
    if (err != NULL) {
        goto done;
    }
    for (uint32_t i = 0; i < log->writer_count;) {
        struct insert_writer *writer = &log->writers[i];
        user->bytes += head_memory(writer->writer);
        OR_DONE(draft_seal(draft, writer->writer));
        if (head_is_stale(writer->writer) || writer->table->dropped) {
            head_writer_close(writer->writer);
            *writer = log->writers[--log->writer_count];
        } else {
            i++;
        }
    }
    atomic_store(&log->file_full, true); /* what comes now goes to a file of its own: this one is covered as a whole */
    OR_DONE(ledger_batch_insert_log(draft_batch(draft), log->published));
    log->flushed = log->published;
    lock_give(&log->heads);
    heads_held = false;
    lane_submit(log->lane, draft, flush_done, user);
    draft = NULL;
    user = NULL;
done:
    if (heads_held) {
        lock_give(&log->heads);
    }
    if (flush_held) {
        lock_give(&log->flush);
    }
    if (err != NULL && draft != NULL) {
        /* sealed rows cannot go back to their heads: they would be missing until the next start */
        LOG_ERROR("insert_flush", LOG_ERR(err));
        assert_failed("the records of a flush fit into memory", __FILE__, __LINE__);
    }
    draft_destroy(draft);
    free(user);
    return err;
}

static void *flush_run(void *object)
{
    struct insert_log *log = object;
    lock_take(&log->lock);
    while (!log->closing) {
        uint64_t until = clock_monotonic_us() + log->options.commit_interval_us;
        for (;;) {
            uint64_t now = clock_monotonic_us();
            if (log->closing || log->flush_wanted || now >= until) {
                break;
            }
            (void)condition_wait_for(&log->changed, &log->lock, until - now);
        }
        if (log->closing) {
            break;
        }
        log->flush_wanted = false;
        lock_give(&log->lock);
        struct err *err = flush_start(log);
        if (err != NULL) {
            LOG_ERROR("insert_flush", LOG_ERR(err));
            err_free(err);
        }
        lock_take(&log->lock);
    }
    lock_give(&log->lock);
    return NULL;
}

struct err *insert_log_flush(struct store *store)
{
    struct err *err = NULL;
    struct tables *tables = tables_of(store);
    if (tables == NULL) {
        return err_oom();
    }
    if (tables->insert_log != NULL) {
        OR_DONE(flush_start(tables->insert_log));
        OR_DONE(lane_settle(tables->insert_log->lane));
    }
done:
    tables_unref(tables);
    return err;
}

/* ---- open and close */

/* Ends the flush thread, also when it waits behind commits that fail again and again. */
static void thread_stop(struct insert_log *log)
{
    if (!log->thread_started) {
        return;
    }
    lock_take(&log->lock);
    log->closing = true;
    condition_broadcast(&log->changed);
    lock_give(&log->lock);
    struct err *err = lane_settle(log->lane);
    if (err != NULL) {
        lane_give_up(log->lane);
        err_free(err);
    }
    (void)pthread_join(log->thread, NULL);
    log->thread_started = false;
}

static void log_free(struct insert_log *log)
{
    thread_stop(log);
    lane_close(log->lane);
    for (uint32_t i = 0; i < log->writer_count; i++) {
        head_writer_close(log->writers[i].writer);
    }
    io_close(log->file);
    free(log->writers);
    free(log->files);
    free(log->tokens);
    condition_deinit(&log->changed);
    lock_deinit(&log->lock);
    lock_deinit(&log->heads);
    lock_deinit(&log->flush);
    tables_unref(log->tables);
    free(log);
}

struct err *insert_log_open(struct store *store, const struct insert_log_options *options)
{
    struct err *err = NULL;
    struct insert_log *log = calloc(1, sizeof(*log));

    if (log == NULL) {
        return err_oom();
    }
    log->store = store;
    log->last = &log->first;
    lock_init(&log->flush, LOCK_INSERT_FLUSH);
    lock_init(&log->heads, LOCK_INSERT_HEADS);
    lock_init(&log->lock, LOCK_INSERT_LOG);
    condition_init(&log->changed);
    if (options != NULL) {
        log->options = *options;
    }
    if (log->options.commit_interval_us == 0) {
        log->options.commit_interval_us = 5000000;
    }
    log->tables = tables_of(store);
    if (log->tables == NULL) {
        err = err_oom();
        goto done;
    }
    log->covered = log->flushed = ledger_insert_log_sequence(store->ledger);
    OR_DONE(insert_log_replay(log));
    OR_DONE(lane_open(store, "insert log", &log->lane));
    OR_DONE(thread_start(&log->thread, "insert-flush", flush_run, log));
    log->thread_started = true;
    covered_now(log, log->covered); /* files that were covered before the stop */
    log->tables->insert_log = log;
    log = NULL;
done:
    if (log != NULL) {
        log_free(log);
    }
    return err;
}

void insert_log_close(struct store *store)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL && tables->insert_log != NULL) {
        thread_stop(tables->insert_log);
        /* one attempt: closing the lane gives up what would be tried again */
        struct err *err = flush_start(tables->insert_log);
        if (err != NULL) {
            LOG_ERROR("insert_log_close", LOG_ERR(err)); /* the rows stay in the log */
            err_free(err);
        }
        struct insert_log *log = tables->insert_log;
        tables->insert_log = NULL;
        log_free(log);
    }
    tables_unref(tables);
}

void insert_log_numbers(struct store *store, struct insert_log_numbers *out)
{
    struct tables *tables = tables_of(store);
    *out = (struct insert_log_numbers){0};
    if (tables != NULL && tables->insert_log != NULL) {
        struct insert_log *log = tables->insert_log;
        lock_take(&log->lock);
        out->sequence = log->sequence;
        out->covered = log->covered;
        out->files = log->file_count;
        for (uint32_t i = 0; i < log->file_count; i++) {
            out->bytes += log->files[i].bytes;
        }
        lock_give(&log->lock);
    }
    tables_unref(tables);
}
