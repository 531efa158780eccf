/*
 * ledger.c: batches, and the group commit.
 *
 * flow     draft and catalogue commits → here → ledger_file.c (bytes) → file layer; then ledger_state.c (publish)
 * commit   stage (under the mutex) → queue → one thread leads: takes the whole queue, writes it with one write and one
 *          sync, publishes in order, wakes the rest. Whoever waits while it does so makes up the next group.
 * failure  write fails: the file is cut back to its last whole commit, all that is staged is undone, newest first, and
 *          every waiter gets the error. Cutting back or syncing fails: the same, and the ledger is read-only.
 * order    a group's write begins after the last group's sync: that is what commit_record.durable states
 */
#include "storage/ledger.h"

#include "base/metrics.h"
#include "base/clock.h"
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

FAILPOINT(ledger_append);
FAILPOINT(ledger_sync);

/* A group is written from one buffer. */
#define GROUP_BYTES_MAX ((size_t)64 << 20)

struct ledger_waiter {
    const struct ledger_batch *batch;
    struct stage stage;
    struct commit_info info;
    struct err *err;
    bool done;
    struct ledger_waiter *next;
};

/* ---- batches */

struct ledger_batch *ledger_batch_create(void)
{
    return calloc(1, sizeof(struct ledger_batch));
}

void ledger_batch_destroy(struct ledger_batch *batch)
{
    if (batch != NULL) {
        record_out_deinit(&batch->records);
        free(batch);
    }
}

bool ledger_batch_is_empty(const struct ledger_batch *batch)
{
    return batch->records.length == 0;
}

struct record_out *ledger_batch_records(struct ledger_batch *batch)
{
    return &batch->records;
}

static struct err *batch_end(const struct ledger_batch *batch)
{
    return batch->records.failed ? err_oom() : NULL;
}

struct err *ledger_batch_segment(struct ledger_batch *batch, const struct ledger_segment *segment)
{
    struct ledger_segment fresh = *segment;
    fresh.commit = 0;
    fresh.committed_at_us = 0;
    record_encode_segment(&batch->records, &fresh);
    place_encode(&batch->records, &fresh);
    segment_codec_encode(&batch->records, &fresh);
    return batch_end(batch);
}

struct err *ledger_batch_rewritten(struct ledger_batch *batch, const struct segment_rewritten *rewritten)
{
    record_encode_rewritten(&batch->records, rewritten);
    return batch_end(batch);
}

struct err *ledger_batch_remove(struct ledger_batch *batch, const struct segments_removed *removed)
{
    record_encode_removed(&batch->records, removed);
    return batch_end(batch);
}

struct err *ledger_batch_move(struct ledger_batch *batch, const struct segments_moved *moved)
{
    record_encode_moved(&batch->records, moved);
    return batch_end(batch);
}

struct err *ledger_batch_expiry(struct ledger_batch *batch, const struct ledger_expiry *expiry)
{
    record_encode_expiry(&batch->records, expiry);
    return batch_end(batch);
}

struct err *ledger_batch_hold(struct ledger_batch *batch, const struct ledger_hold *hold)
{
    record_encode_hold(&batch->records, hold);
    return batch_end(batch);
}

struct err *ledger_batch_release(struct ledger_batch *batch, uint64_t table_id, struct slice reason)
{
    record_encode_release(&batch->records, table_id, reason);
    return batch_end(batch);
}

struct err *ledger_batch_deleted(struct ledger_batch *batch, const struct rows_deleted *deleted)
{
    record_encode_deleted(&batch->records, deleted);
    return batch_end(batch);
}

struct err *ledger_batch_changed(struct ledger_batch *batch, const struct rows_changed *changed)
{
    record_encode_changed(&batch->records, changed);
    return batch_end(batch);
}

struct err *ledger_batch_expired(struct ledger_batch *batch, const struct rows_expired *expired)
{
    record_encode_expired(&batch->records, expired);
    return batch_end(batch);
}

struct err *ledger_batch_merge_adds(struct ledger_batch *batch, const struct merge_adds *adds)
{
    record_encode_merge_adds(&batch->records, adds);
    return batch_end(batch);
}

struct err *ledger_batch_coverage(struct ledger_batch *batch, const struct coverage_range *range)
{
    if (range->first < 0 || range->end <= range->first || range->key.partition < 0 ||
        (range->fingerprint.present && range->fingerprint.offset < 0)) {
        return err_new(ERR_LOGICAL, "a coverage range from %" PRId64 " to %" PRId64 " is empty or negative",
                       range->first, range->end);
    }
    record_encode_coverage(&batch->records, range);
    return batch_end(batch);
}

struct err *ledger_batch_start(struct ledger_batch *batch, const struct ledger_start *start)
{
    if (start->offset < 0 || start->key.partition < 0) {
        return err_new(ERR_LOGICAL, "a start offset cannot be %" PRId64 ": it is numeric and not negative",
                       start->offset);
    }
    record_encode_start(&batch->records, start);
    return batch_end(batch);
}

struct err *ledger_batch_claim(struct ledger_batch *batch, const struct ledger_claim *claim)
{
    if (claim->first < 0 || claim->end <= claim->first || claim->key.partition < 0) {
        return err_new(ERR_LOGICAL, "a claim from %" PRId64 " to %" PRId64 " is empty or negative", claim->first,
                       claim->end);
    }
    record_encode_claim(&batch->records, claim);
    return batch_end(batch);
}

struct err *ledger_batch_incarnation(struct ledger_batch *batch, const struct ledger_incarnation *incarnation)
{
    record_encode_incarnation(&batch->records, incarnation);
    return batch_end(batch);
}

struct err *ledger_batch_token(struct ledger_batch *batch, const struct ledger_token *token)
{
    record_encode_token(&batch->records, token);
    return batch_end(batch);
}

struct err *ledger_batch_view_stopped(struct ledger_batch *batch, uint64_t object_id, const char *reason)
{
    record_encode_view_stopped(&batch->records, object_id, clock_wall_us(), slice_text(reason));
    return batch_end(batch);
}

struct err *ledger_batch_view_refreshed(struct ledger_batch *batch, const struct view_refreshed *refreshed)
{
    record_encode_view_refreshed(&batch->records, refreshed);
    return batch_end(batch);
}

struct err *ledger_batch_insert_log(struct ledger_batch *batch, uint64_t sequence)
{
    record_encode_varint(&batch->records, LEDGER_INSERT_LOG, sequence);
    return batch_end(batch);
}

struct err *ledger_batch_restored(struct ledger_batch *batch, const struct ledger_restored *restored)
{
    record_encode_restored(&batch->records, restored);
    return batch_end(batch);
}

struct err *ledger_batch_restored_coverage(struct ledger_batch *batch, const struct coverage_state_record *coverage)
{
    record_encode_coverage_state(&batch->records, LEDGER_RESTORED_COVERAGE, coverage);
    return batch_end(batch);
}

/* ---- commits */

static struct err *stage_batch(struct ledger *ledger, struct ledger_waiter *waiter)
{
    struct err *err = NULL;
    struct slice batch = slice_of((const char *)waiter->batch->records.data, waiter->batch->records.length);
    enum ledger_record_type type = LEDGER_COMMIT;
    struct slice payload;

    if (ledger->failed != NULL) {
        err = err_copy(ledger->failed);
        goto done;
    }
    while (record_next(&batch, &type, &payload)) {
        OR_DONE(err_while(ledger_state_stage(&ledger->state, &waiter->stage, type, payload), "record \"%s\"",
                          record_type_name(type)));
    }
    OR_DONE(ledger_state_stage_end(&ledger->state, &waiter->stage));
done:
    if (err != NULL) {
        ledger_state_undo(&ledger->state, &waiter->stage);
    }
    return err;
}

/* Takes a group off the queue: one at least, GROUP_BYTES_MAX at most. */
static struct ledger_waiter *group_take(struct ledger *ledger)
{
    struct ledger_waiter *group = ledger->queue_first;
    struct ledger_waiter *last = group;
    size_t bytes = group->batch->records.length;

    while (last->next != NULL && bytes + last->next->batch->records.length <= GROUP_BYTES_MAX) {
        last = last->next;
        bytes += last->batch->records.length;
    }
    ledger->queue_first = last->next;
    if (ledger->queue_first == NULL) {
        ledger->queue_last = NULL;
    }
    last->next = NULL;
    return group;
}

METRIC_SECONDS(ledger_sync, "weir_ledger_sync_seconds", "syncs of the ledger's file; one may carry several commits");

/* Appends the group's commits and syncs. *dead: the file is not to be used any more. Without the mutex. */
static struct err *group_write(struct ledger *ledger, struct ledger_waiter *group, uint64_t durable, bool *dead)
{
    struct err *err = NULL;
    struct record_out out = {0};
    uint8_t hash[LEDGER_HASH_BYTES];
    uint64_t number = durable;

    *dead = false;
    memcpy(hash, ledger->hash, sizeof hash);
    for (struct ledger_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
        struct commit_record commit = {.number = ++number, .time_us = clock_wall_us(), .durable = durable};
        ledger_file_put_commit(&out, ledger->file_number, ledger->file_bytes,
                               slice_of((const char *)waiter->batch->records.data, waiter->batch->records.length),
                               &commit, hash);
        waiter->info.number = commit.number;
        waiter->info.time_us = commit.time_us;
        memcpy(waiter->info.hash, hash, sizeof hash);
    }
    if (out.failed) {
        err = err_oom();
        goto done;
    }
    err = io_write(ledger->file, ledger->file_bytes, out.data, out.length, &failpoint_ledger_append);
    if (err != NULL) {
        struct err *cut = io_truncate(ledger->file, ledger->file_bytes);
        *dead = cut != NULL;
        err_free(cut);
        goto done;
    }
    uint64_t begin = clock_monotonic_us();
    err = io_sync(ledger->file, &failpoint_ledger_sync);
    metric_observe_us(&metric_ledger_sync, clock_monotonic_us() - begin);
    if (err != NULL) {
        *dead = true;
        goto done;
    }
    ledger->file_bytes += out.length;
    ledger->closed_cleanly = false;
    memcpy(ledger->hash, hash, sizeof hash);
done:
    record_out_deinit(&out);
    return err;
}

static void ledger_fail(struct ledger *ledger, const struct err *cause)
{
    if (ledger->failed == NULL) {
        ledger->failed = err_new(ERR_TABLE_READ_ONLY,
                                 "the store takes no more writes until it is restarted, because the ledger could not "
                                 "be made durable: %s",
                                 err_message(cause));
    }
}

static struct err *group_publish(struct ledger *ledger, struct ledger_waiter *group)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    for (struct ledger_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
        struct slice batch = slice_of((const char *)waiter->batch->records.data, waiter->batch->records.length);
        enum ledger_record_type type;
        struct slice payload;
        while (record_next(&batch, &type, &payload)) {
            OR_DONE(ledger_state_publish(&ledger->state, arena, type, payload, false, &waiter->info));
            ledger->counters.records++;
        }
        ledger_state_published(&ledger->state, &waiter->info);
        ledger->counters.commits++;
        ledger->counters.bytes += waiter->batch->records.length;
    }
    ledger->counters.syncs++;
done:
    arena_destroy(arena);
    return err;
}

/* Undoes the stages of a list, the last first. */
static void undo_list(struct ledger *ledger, struct ledger_waiter *list)
{
    struct ledger_waiter *reversed = NULL;

    while (list != NULL) {
        struct ledger_waiter *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    for (; reversed != NULL; reversed = reversed->next) {
        ledger_state_undo(&ledger->state, &reversed->stage);
    }
}

static void finish(struct ledger_waiter *list, const struct err *err)
{
    while (list != NULL) {
        struct ledger_waiter *next = list->next;
        list->err = err_copy(err);
        list->done = true;
        list = next;
    }
}

/* The group failed: nothing staged after it can stand either. */
static void group_fail(struct ledger *ledger, struct ledger_waiter *group, const struct err *err)
{
    struct ledger_waiter *last = group;

    while (last->next != NULL) {
        last = last->next;
    }
    last->next = ledger->queue_first;
    ledger->queue_first = NULL;
    ledger->queue_last = NULL;
    for (struct ledger_waiter *waiter = group; waiter != NULL; waiter = waiter->next) {
        waiter->err = err_copy(err);
        waiter->done = true;
    }
    undo_list(ledger, group);
}

/* One group, by the leader; holds the mutex at entry and return, not while it writes. */
static void lead(struct ledger *ledger)
{
    struct ledger_waiter *group = group_take(ledger);
    uint64_t durable = ledger->state.last.number;
    bool dead = false;

    lock_give(&ledger->mutex);
    struct err *err = group_write(ledger, group, durable, &dead);
    lock_take(&ledger->mutex);
    if (err != NULL) {
        if (dead) {
            ledger_fail(ledger, err);
        }
        group_fail(ledger, group, err);
    } else {
        err = group_publish(ledger, group);
        if (err != NULL) { /* durable, but the state does not know all of it */
            ledger_fail(ledger, err);
        }
        finish(group, err);
        if (ledger->failed == NULL && ledger->file_bytes > ledger->rotate_bytes) {
            bool lost = false;
            lock_give(&ledger->mutex);
            struct err *rotation = ledger_rotate(ledger, &lost);
            lock_take(&ledger->mutex);
            if (rotation != NULL) {
                if (lost) {
                    ledger_fail(ledger, rotation);
                }
                ledger->rotate_bytes = ledger->file_bytes * 2; /* try again later */
            }
            err_free(rotation);
        }
    }
    err_free(err);
}

static struct err *commit_once(struct ledger *ledger, const struct ledger_batch *batch, struct commit_info *commit)
{
    struct ledger_waiter waiter = {.batch = batch};

    lock_take(&ledger->mutex);
    struct err *err = stage_batch(ledger, &waiter);
    if (err == NULL) {
        if (ledger->queue_last == NULL) {
            ledger->queue_first = &waiter;
        } else {
            ledger->queue_last->next = &waiter;
        }
        ledger->queue_last = &waiter;
        while (!waiter.done) {
            if (ledger->leading) {
                condition_wait(&ledger->moved, &ledger->mutex);
                continue;
            }
            ledger->leading = true;
            lead(ledger);
            ledger->leading = false;
            condition_broadcast(&ledger->moved);
        }
        err = waiter.err;
    }
    lock_give(&ledger->mutex);
    if (err == NULL && commit != NULL) {
        *commit = waiter.info;
    }
    stage_deinit(&waiter.stage);
    return err;
}

/* Will files go when this is committed? A merge adds what it removes. */
static bool frees_space(const struct ledger_batch *batch)
{
    struct slice rest = slice_of((const char *)batch->records.data, batch->records.length);
    enum ledger_record_type type;
    struct slice payload;
    bool removes = false, adds = false;
    while (record_next(&rest, &type, &payload)) {
        removes |= type == LEDGER_TABLE_DROP || type == LEDGER_SEGMENTS_REMOVE;
        adds |= type == LEDGER_SEGMENT_ADD;
    }
    return removes && !adds;
}

struct err *ledger_commit(struct ledger *ledger, const struct ledger_batch *batch, struct commit_info *commit)
{
    struct err *err = NULL;
    OR_DONE(batch_end(batch));
    err = commit_once(ledger, batch, commit);
    if (err_code(err) == ERR_NOT_ENOUGH_SPACE && ledger->options.make_room != NULL && frees_space(batch) &&
        ledger->options.make_room(ledger->options.make_room_user)) {
        err_free(err);
        err = commit_once(ledger, batch, commit);
    }
done:
    return err_while(err, "committing to the ledger");
}

struct err *ledger_checkpoint(struct ledger *ledger)
{
    struct err *err = NULL;
    bool lost = false;

    lock_take(&ledger->mutex);
    while (ledger->leading) {
        condition_wait(&ledger->moved, &ledger->mutex);
    }
    if (ledger->failed != NULL) {
        err = err_copy(ledger->failed);
    } else {
        ledger->leading = true;
        lock_give(&ledger->mutex);
        err = ledger_rotate(ledger, &lost);
        lock_take(&ledger->mutex);
        if (err != NULL && lost) {
            ledger_fail(ledger, err);
        }
        ledger->leading = false;
        condition_broadcast(&ledger->moved);
    }
    lock_give(&ledger->mutex);
    return err_while(err, "writing a checkpoint of the ledger");
}

struct err *ledger_stream(struct ledger *ledger, struct slice identity, uint32_t *stream_id)
{
    struct err *err = NULL;
    struct ledger_batch *batch = NULL;

    if (identity.length == 0) {
        return err_new(ERR_LOGICAL, "a stream's identity is empty");
    }
    lock_take(&ledger->streams);
    stream_find(ledger, identity, stream_id);
    if (*stream_id == 0) {
        batch = ledger_batch_create();
        if (batch == NULL) {
            err = err_oom();
            goto done;
        }
        struct ledger_state *state = ledger_state_lock(ledger);
        uint32_t id = state->stream_count + 1;
        ledger_state_unlock(ledger);
        record_encode_stream(&batch->records, id, identity);
        OR_DONE(ledger_commit(ledger, batch, NULL));
        *stream_id = id;
    }
done:
    lock_give(&ledger->streams);
    ledger_batch_destroy(batch);
    return err;
}
