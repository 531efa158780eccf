/*
 * view_commit.c: what views make of one commit's new rows: into its ledger records, and visible with them.
 *
 * flow     draft.c, insert.c → view_commit_rows (SELECTs, segments) → view_commit_records → ledger_commit → swap
 * memory   the rows that one view makes, and those of the views that it stands on
 * owns     the segments, until the tables have them
 * states   made with one set of feeds: what changes them meanwhile makes the commit begin anew
 */
#include "storage/draft.h"
#include "storage/flush.h"
#include "storage/ledger_private.h"
#include "storage/pressure.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/view_cache.h"

#include <stdlib.h>
#include <string.h>

struct part {
    struct table *target; /* a reference */
    uint64_t epoch;       /* of the target */
    struct ledger_segment *segments;
    struct table_segment **added;
    uint32_t segment_count;
};

struct failure {
    struct view_feed *feed;
    struct err *err;
};

struct view_commit {
    struct tables *tables;
    struct view_set *set;
    struct arena *arena;
    struct part *parts;
    uint32_t part_count;
    struct failure *failures;
    uint32_t failure_count;
    struct pack_writer *pack; /* borrowed */
    uint64_t pack_number;
    bool swapping;
};

static void part_deinit(struct part *part);

struct err *view_commit_begin(struct tables *tables, struct view_commit **out)
{
    struct view_commit *commit = calloc(1, sizeof(*commit));
    if (commit != NULL) {
        commit->tables = tables;
        commit->set = view_set_take(tables);
        commit->arena = arena_create(NULL);
        commit->failures = calloc((commit->set == NULL ? 0U : (size_t)commit->set->count) + 1, sizeof(struct failure));
    }
    if (commit == NULL || commit->arena == NULL || commit->failures == NULL) {
        view_commit_end(commit);
        return err_oom();
    }
    *out = commit;
    return NULL;
}

void view_commit_end(struct view_commit *commit)
{
    if (commit == NULL) {
        return;
    }
    for (uint32_t i = 0; i < commit->part_count; i++) {
        part_deinit(&commit->parts[i]);
    }
    for (uint32_t i = 0; i < commit->failure_count; i++) {
        err_free(commit->failures[i].err);
    }
    free(commit->parts);
    free(commit->failures);
    view_set_unref(commit->set);
    arena_destroy(commit->arena);
    free(commit);
}

bool view_commit_wants(const struct view_commit *commit, const struct table *table)
{
    struct table_def *def = commit->set == NULL ? NULL : table_definition((struct table *)(uintptr_t)table);
    bool wants = view_set_has_base(commit->set, table, def);
    table_def_unref(def);
    return wants;
}

static bool has_failed(const struct view_commit *commit, const struct view_feed *feed)
{
    bool failed = atomic_load(&feed->stopped);
    for (uint32_t i = 0; i < commit->failure_count; i++) {
        failed = failed || commit->failures[i].feed == feed;
    }
    return failed;
}

/* The view is left out of this commit, and of all later ones; or the error comes back: it may pass. */
static struct err *leave_out(struct view_commit *commit, struct view_feed *feed, struct err *err)
{
    bool memory = err_code(err) == ERR_MEMORY_LIMIT || err_code(err) == ERR_OOM;
    bool passes = memory ? atomic_fetch_add(&feed->memory_failures, 1) + 1 < VIEW_MEMORY_FAILURES_MAX
                         : !draft_error_is_final(err);
    if (passes) {
        return err;
    }
    commit->failures[commit->failure_count++] = (struct failure){feed, err};
    return NULL;
}

/* Segments of the rows, in the pack; their records go into the batch when all of them are there. */
static struct err *part_encode(struct view_commit *commit, const struct view_rows *rows, struct part *part)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    struct flush_head *heads = work == NULL ? NULL : ARENA_ARRAY(work, struct flush_head, rows->head_count + 1);
    struct chunk **chunks = NULL;
    uint32_t chunk_count = 0;

    if (heads == NULL) {
        err = work == NULL ? err_oom() : arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < rows->head_count; i++) {
        heads[i] = (struct flush_head){rows->heads[i], 0, atomic_load(&rows->heads[i]->visible)};
    }
    OR_DONE(flush_view(work, heads, rows->head_count, &chunks, &chunk_count));
    struct flush_rows flush = {
        .table = part->target, .def = rows->heads[0]->def, .chunks = chunks, .chunk_count = chunk_count};
    /* no limit of partitions: the base table's rows were accepted */
    OR_DONE(
        flush_rows(commit->arena, &flush, commit->pack, commit->pack_number, 0, &part->segments, &part->segment_count));
    part->added = calloc((size_t)part->segment_count + 1, sizeof(struct table_segment *));
    if (part->added == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < part->segment_count; i++) {
        part->added[i] = table_segment_create(commit->tables, &part->segments[i]);
        if (part->added[i] == NULL) {
            err = err_oom();
            goto done;
        }
    }
done:
    arena_destroy(work);
    return err;
}

static void part_deinit(struct part *part)
{
    for (uint32_t k = 0; part->added != NULL && k < part->segment_count; k++) {
        table_segment_unref(part->added[k]);
    }
    free(part->added);
    table_unref(part->target);
}

static struct err *rows_into(struct view_commit *commit, struct table *table, struct snapshot *rows, uint32_t depth);

/* What one feed makes: into the pack, and through the feeds of its target. */
static struct err *feed_rows(struct view_commit *commit, struct view_feed *feed, struct snapshot *rows, uint32_t depth)
{
    struct err *err = NULL;
    const struct view_functions *functions = commit->tables->view_functions;
    struct view_rows made = {0};
    struct snapshot *next = NULL;
    struct part part = {0};
    struct part *parts = realloc(commit->parts, (commit->part_count + 1) * sizeof(*parts));

    if (parts == NULL) {
        return err_oom();
    }
    commit->parts = parts;
    part.target = view_feed_target(commit->tables, feed);
    if (part.target != NULL) { /* before its rows are made: a TRUNCATE in between makes them anew */
        shared_lock_read(&commit->tables->commits);
        part.epoch = part.target->epoch;
        shared_lock_give(&commit->tables->commits);
    }
    err = view_rows_make(commit->tables, feed, rows, 1, functions->budget, NULL, &made);
    if (err == NULL && made.target != part.target) { /* it was dropped and made again */
        part.epoch = UINT64_MAX;
    }
    if (err == NULL && made.row_count > 0 && part.epoch != UINT64_MAX && part.target != NULL) {
        err = part_encode(commit, &made, &part);
    }
    if (err != NULL) {
        err = leave_out(commit, feed, err);
        goto done;
    }
    atomic_store(&feed->memory_failures, 0);
    commit->parts[commit->part_count++] = part; /* moved */
    struct table *target = part.target;
    part = (struct part){0};
    if (made.row_count > 0 && target != NULL && view_commit_wants(commit, target)) {
        OR_DONE(snapshot_of_segments(target, NULL, 0, &next));
        OR_DONE(snapshot_add_heads(next, made.heads, made.head_count));
        OR_DONE(rows_into(commit, target, next, depth - 1));
    }
done:
    snapshot_unref(next);
    view_rows_deinit(&made);
    part_deinit(&part);
    return err;
}

static struct err *rows_into(struct view_commit *commit, struct table *table, struct snapshot *rows, uint32_t depth)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);

    for (uint32_t i = 0; depth > 0 && i < commit->set->count; i++) {
        struct view_feed *feed = commit->set->feeds[i];
        if (view_feed_reads(feed, table, def) && !has_failed(commit, feed)) {
            OR_DONE(feed_rows(commit, feed, rows, depth));
        }
    }
done:
    table_def_unref(def);
    return err;
}

struct err *view_commit_rows(struct view_commit *commit, struct table *table, struct snapshot *rows,
                             struct pack_writer *pack, uint64_t pack_number)
{
    commit->pack = pack;
    commit->pack_number = pack_number;
    return commit->set == NULL || snapshot_rows(rows) == 0 ? NULL : rows_into(commit, table, rows, VIEW_DEPTH_MAX);
}

bool view_commit_has_rows(const struct view_commit *commit)
{
    uint32_t segments = 0;
    for (uint32_t i = 0; i < commit->part_count; i++) {
        segments += commit->parts[i].segment_count;
    }
    return segments > 0;
}

struct err *view_commit_records(struct view_commit *commit, struct ledger_batch *batch)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < commit->part_count; i++) {
        const struct part *part = &commit->parts[i];
        for (uint32_t k = 0; k < part->segment_count; k++) {
            OR_DONE(ledger_batch_segment(batch, &part->segments[k]));
        }
        if (part->segment_count > 0) {
            pressure_wait(part->target, part->segments, part->segment_count);
        }
    }
    for (uint32_t i = 0; i < commit->failure_count; i++) {
        const struct failure *failure = &commit->failures[i];
        if (failure->feed->object_id != 0) {
            OR_DONE(ledger_batch_view_stopped(batch, failure->feed->object_id, err_message(failure->err)));
        }
    }
done:
    return err;
}

bool view_commit_holds(const struct view_commit *commit)
{
    for (uint32_t i = 0; i < commit->part_count; i++) {
        const struct part *part = &commit->parts[i];
        const struct table *target = part->target;
        if (target == NULL || target->dropping || target->dropped || target->epoch != part->epoch) {
            return false;
        }
    }
    return view_set_is_current(commit->tables, commit->set);
}

void view_commit_swap(struct view_commit *commit, const struct commit_info *info)
{
    for (uint32_t i = 0; i < commit->failure_count; i++) {
        atomic_store(&commit->failures[i].feed->stopped, true);
    }
    commit->swapping = commit->part_count > 0;
    if (!commit->swapping) {
        return;
    }
    lock_take(&commit->tables->views);
    for (uint32_t i = 0; i < commit->part_count; i++) {
        struct part *part = &commit->parts[i];
        for (uint32_t k = 0; k < part->segment_count; k++) {
            part->added[k]->info.commit = info->number;
            part->added[k]->info.committed_at_us = info->time_us;
        }
        if (part->segment_count > 0) {
            table_change_apply(part->target,
                               &(struct table_change){.add = part->added, .add_count = part->segment_count});
        }
    }
}

void view_commit_swapped(struct view_commit *commit)
{
    if (commit->swapping) {
        lock_give(&commit->tables->views);
        commit->swapping = false;
    }
}

void view_commit_tell(struct view_commit *commit)
{
    view_cache_prune(commit->tables, commit->set);
    const struct view_functions *functions = commit->tables->view_functions;
    for (uint32_t i = 0; i < commit->failure_count && functions != NULL; i++) {
        functions->stopped(functions->user, commit->failures[i].feed, commit->failures[i].err);
    }
}
