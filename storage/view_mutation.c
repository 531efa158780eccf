/*
 * view_mutation.c: rows of a table are deleted or changed: views that keep states of them have these rows' keys made anew,
 * in the same commit.
 *
 * flow     mutation.c → view_mutations_begin (versions of one moment) → … → view_mutations_make → its commit
 * keys     what the feed makes of the rows as they were and as they become says which keys are meant; rows of these keys
 *          leave the view's table, and what the feed makes of all rows of the base table that have them comes
 * exact    only while the base table has all rows that the view counts: SELECTs of the layer above compare (VIEW_COMPARE).
 *          What is committed meanwhile is in neither version, and adds to the keys as ever.
 * order    turns: of the base table, then of its views' tables. A view that is being filled keeps mutations waiting.
 * memory   the rows of these keys, charged to the mutation's budget
 */
#include "base/interrupt.h"
#include "storage/flush.h"
#include "storage/mutation_private.h"
#include "storage/row_set.h"
#include "storage/snapshot.h"
#include "storage/views_private.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_US 10000U

/* One view. */
struct part {
    struct view_feed *feed; /* a reference, as is */
    struct table *target;
    uint64_t epoch;
    struct mutation *mutation; /* of the target */
    struct ledger_segment *segments;
    struct table_segment **added; /* what comes */
    uint32_t segment_count;
    bool skipped; /* the view was dropped or emptied meanwhile */
    struct table_change change;
};

struct view_mutations {
    struct tables *tables;
    struct arena *arena;
    struct part *parts;
    uint32_t part_count;
};

static bool is_of(const struct view_feed *feed, const struct table *table, const struct table_def *def)
{
    return feed->states != NULL && view_feed_reads(feed, table, def);
}

/* ---- begin, end */

static bool is_being_filled(struct table *table)
{
    struct view_set *set = view_set_take(table->tables);
    struct table_def *def = table_definition(table);
    bool is = false;
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        is = is || (set->feeds[i]->object_id == 0 && is_of(set->feeds[i], table, def));
    }
    table_def_unref(def);
    view_set_unref(set);
    return is;
}

struct err *view_mutations_turn(struct table *table)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    for (;;) {
        OR_DONE(table_turn_take(table));
        if (!is_being_filled(table)) {
            return NULL;
        }
        table_turn_give(table);
        lock_take(&tables->lock);
        (void)condition_wait_for(&tables->changed, &tables->lock, WAIT_US);
        lock_give(&tables->lock);
        OR_DONE(interrupt_check());
    }
done:
    return err;
}

/* The view's table, whose turn it is then; no part is added when there is none. */
static struct err *part_begin(struct view_mutations *views, struct view_feed *feed)
{
    struct err *err = NULL;
    struct table *target = view_feed_target(views->tables, feed);
    if (target == NULL) {
        return NULL;
    }
    err = table_turn_take(target);
    if (err != NULL && err_code(err) == ERR_UNKNOWN_TABLE) { /* dropped meanwhile */
        err_free(err);
        err = NULL;
        goto done;
    }
    OR_DONE(err);
    views->parts[views->part_count++] = (struct part){.feed = view_feed_ref(feed), .target = table_ref(target)};
    err = ledger_hold_check(target->store->ledger, target->id, "DELETE and UPDATE");
done:
    table_unref(target);
    return err_while(err, "in the materialized view %s.%s", feed->database, feed->name);
}

struct err *view_mutations_begin(struct table *table, struct arena *arena, struct budget *budget,
                                 struct view_mutations **out, struct table_version **version)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct view_set *set = view_set_take(tables);
    struct table_def *def = table_definition(table);
    struct view_mutations *views = calloc(1, sizeof(*views));
    struct table_version **versions = NULL;

    *out = NULL;
    *version = NULL;
    if (views == NULL) {
        err = err_oom();
        goto done;
    }
    *views = (struct view_mutations){.tables = tables, .arena = arena};
    views->parts = calloc((set == NULL ? 0U : (size_t)set->count) + 1, sizeof(*views->parts));
    versions = calloc((set == NULL ? 0U : (size_t)set->count) + 1, sizeof(struct table_version *));
    if (views->parts == NULL || versions == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        if (is_of(set->feeds[i], table, def) && !atomic_load(&set->feeds[i]->stopped)) {
            OR_DONE(part_begin(views, set->feeds[i]));
        }
    }
    /* nothing is between the base table and its views */
    shared_lock_read(&tables->commits);
    lock_take(&tables->views);
    *version = table_version_take(table);
    for (uint32_t i = 0; i < views->part_count; i++) {
        versions[i] = table_version_take(views->parts[i].target);
        views->parts[i].epoch = views->parts[i].target->epoch;
    }
    lock_give(&tables->views);
    shared_lock_give(&tables->commits);
    for (uint32_t i = 0; i < views->part_count; i++) {
        struct part *part = &views->parts[i];
        struct err *failed = mutation_new(part->target, arena, budget, versions[i], &part->mutation);
        if (failed != NULL) { /* the turn was given back */
            part->skipped = true;
            err_keep_first(&err, failed);
        }
    }
    if (err == NULL && views->part_count > 0) {
        *out = views;
        views = NULL;
    }
done:
    if (err != NULL) {
        table_version_unref(*version);
        *version = NULL;
    }
    view_mutations_end(views);
    free(versions);
    table_def_unref(def);
    view_set_unref(set);
    return err;
}

void view_mutations_end(struct view_mutations *views)
{
    if (views == NULL) {
        return;
    }
    for (uint32_t i = 0; i < views->part_count; i++) {
        struct part *part = &views->parts[i];
        for (uint32_t k = 0; part->added != NULL && k < part->segment_count; k++) {
            table_segment_unref(part->added[k]);
        }
        if (part->mutation != NULL) {
            mutation_end(part->mutation);
        } else if (!part->skipped) {
            table_turn_give(part->target);
        }
        table_unref(part->target);
        view_feed_unref(part->feed);
    }
    free(views->parts);
    free(views);
}

/* ---- rows of the base table: as they were, as they become */

/* The segment with those rows alone that this mutation deletes. Its list of deleted rows is in no pack. */
static struct err *segment_of_gone(const struct mutation *mutation, const struct touched *touched,
                                   struct table_segment **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table_segment *segment = touched->segment, *made = NULL;
    const struct row_set *before = NULL;
    struct row_set *others = NULL;
    uint64_t count = segment->info.row_count;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(table_segment_deleted(segment, &before));
    OR_DONE(row_set_create(arena, count, &others));
    for (uint64_t row = 0; row < count; row++) {
        if ((row & 65535U) == 0) {
            OR_DONE(interrupt_check());
        }
        if (!row_set_holds(touched->rows, row) || (before != NULL && row_set_holds(before, row))) {
            OR_DONE(row_set_add(others, row));
        }
    }
    if (row_set_count(others) == 0) {
        *out = table_segment_ref(segment);
        goto done;
    }
    struct ledger_segment info = segment->info;
    info.deleted = (struct ledger_deleted){
        .pack = info.pack, .offset = info.offset, .row_count = row_set_count(others), .row_sum = info.deleted.row_sum};
    made = table_segment_create(mutation->table->tables, &info);
    if (made == NULL) {
        err = err_oom();
        goto done;
    }
    made->base = table_segment_ref(segment->base == NULL ? segment : segment->base);
    made->deleted_arena = arena;
    atomic_store_explicit(&made->deleted, others, memory_order_release);
    arena = NULL; /* moved */
    *out = made;
done:
    arena_destroy(arena);
    return err;
}

/* Snapshots of the base table's segments. */
struct bases {
    struct snapshot *gone, *came, *after;
};

static void bases_deinit(struct bases *bases)
{
    snapshot_unref(bases->gone);
    snapshot_unref(bases->came);
    snapshot_unref(bases->after);
}

static struct err *bases_make(const struct mutation *mutation, struct bases *bases)
{
    struct err *err = NULL;
    uint32_t count = mutation->version->segment_count, added = mutation->pack.added_count;
    size_t room = (size_t)count + added + 1;
    struct table_segment **gone = calloc(room, sizeof(*gone)), **after = calloc(room, sizeof(*after));
    uint32_t gone_count = 0, after_count = 0, own = 0;

    if (gone == NULL || after == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct touched *touched = &mutation->segments[i];
        if (touched->rows == NULL) {
            after[after_count++] = table_segment_ref(touched->segment);
            continue;
        }
        OR_DONE(segment_of_gone(mutation, touched, &gone[gone_count]));
        gone_count++;
        if (touched->next != NULL) {
            after[after_count++] = table_segment_ref(touched->next);
        }
    }
    own = after_count;
    for (uint32_t i = 0; i < added; i++) {
        after[after_count] = table_segment_create(mutation->table->tables, &mutation->pack.added[i]);
        if (after[after_count] == NULL) {
            err = err_oom();
            goto done;
        }
        after_count++;
    }
    OR_DONE(snapshot_of_segments(mutation->table, gone, gone_count, &bases->gone));
    OR_DONE(snapshot_of_segments(mutation->table, after + own, added, &bases->came));
    err = snapshot_of_segments(mutation->table, after, after_count, &bases->after);
done:
    for (uint32_t i = 0; gone != NULL && i < gone_count; i++) {
        table_segment_unref(gone[i]);
    }
    for (uint32_t i = 0; after != NULL && i < after_count; i++) {
        table_segment_unref(after[i]);
    }
    free(gone);
    free(after);
    return err;
}

/* ---- one view */

struct making {
    const struct view_functions *functions;
    struct view_remake *remake;
    enum view_step step;
    struct mutation *mutation;
};

static struct err *run_step(void *user, view_sink sink, void *sink_user)
{
    const struct making *making = user;
    return making->functions->remake(making->functions->user, making->remake, making->step, sink, sink_user);
}

static struct err *take_places(void *user, const struct chunk *chunk)
{
    struct err *err = NULL;
    const struct making *making = user;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        uint64_t place[3];
        for (uint32_t k = 0; k < 3; k++) {
            memcpy(&place[k], column_value(chunk->columns[k], row), sizeof(place[k]));
        }
        OR_DONE(mutation_delete(making->mutation, place[0], place[1], place[2]));
    }
done:
    return err;
}

static struct err *rows_snapshot(struct table *target, const struct view_rows *a, const struct view_rows *b,
                                 struct snapshot **out)
{
    struct err *err = NULL;
    OR_DONE(snapshot_of_segments(target, NULL, 0, out));
    OR_DONE(snapshot_add_heads(*out, a->heads, a->head_count));
    err = b == NULL ? NULL : snapshot_add_heads(*out, b->heads, b->head_count);
done:
    return err;
}

/* What comes: segments in the pack of the view's mutation. */
static struct err *encode(struct view_mutations *views, struct part *part, const struct view_rows *rows)
{
    struct err *err = NULL;
    struct row_pack *pack = &part->mutation->pack;
    struct arena *work = arena_create(NULL);
    struct flush_head *heads = work == NULL ? NULL : ARENA_ARRAY(work, struct flush_head, rows->head_count + 1);
    struct chunk **chunks = NULL;
    struct pack_writer *writer = NULL;
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
    OR_DONE(row_pack_writer(pack, &writer));
    OR_DONE(flush_rows(views->arena, &flush, writer, pack->number, 0, &part->segments, &part->segment_count));
    part->added = ARENA_ARRAY(views->arena, struct table_segment *, (size_t)part->segment_count + 1);
    if (part->added == NULL) {
        part->segment_count = 0;
        err = arena_error(views->arena);
        goto done;
    }
    memset(part->added, 0, part->segment_count * sizeof(struct table_segment *));
    for (uint32_t i = 0; i < part->segment_count; i++) {
        part->added[i] = table_segment_create(views->tables, &part->segments[i]);
        if (part->added[i] == NULL) {
            err = err_oom();
            goto done;
        }
    }
done:
    arena_destroy(work);
    return err;
}

static struct err *part_make(struct view_mutations *views, const struct mutation *base, struct part *part,
                             const struct bases *bases)
{
    struct err *err = NULL;
    const struct view_functions *functions = views->tables->view_functions;
    struct budget *budget = base->pack.budget == NULL ? functions->budget : base->pack.budget;
    struct view_rows gone = {0}, came = {0}, made = {0}, kept = {0};
    const struct table_def *def = part->mutation->version->def;
    const struct table_version *old = part->mutation->version;
    struct view_remake remake = {.feed = part->feed, .target = part->target, .def = def, .base = bases->after};
    struct making making = {.functions = functions, .remake = &remake, .mutation = part->mutation};

    if (snapshot_rows(bases->gone) > 0) {
        OR_DONE(view_rows_make(views->tables, part->feed, bases->gone, 0, budget, NULL, &gone));
    }
    if (snapshot_rows(bases->came) > 0) {
        OR_DONE(view_rows_make(views->tables, part->feed, bases->came, 0, budget, NULL, &came));
    }
    if (gone.row_count + came.row_count == 0) {
        goto done; /* the view's conditions leave these rows out */
    }
    OR_DONE(rows_snapshot(part->target, &gone, NULL, &remake.gone));
    OR_DONE(rows_snapshot(part->target, &came, NULL, &remake.came));
    OR_DONE(rows_snapshot(part->target, &gone, &came, &remake.dirty));
    OR_DONE(snapshot_of_segments(part->target, old->segments, old->segment_count, &remake.old));
    making.step = VIEW_FEED;
    OR_DONE(view_rows_collect(part->target, def, budget, run_step, &making, &made));
    OR_DONE(rows_snapshot(part->target, &made, NULL, &remake.made));
    making.step = VIEW_COMPARE;
    OR_DONE(run_step(&making, NULL, NULL));
    if (remake.forgotten) {
        making.step = VIEW_KEPT;
        OR_DONE(view_rows_collect(part->target, def, budget, run_step, &making, &kept));
    }
    making.step = VIEW_PLACES;
    OR_DONE(run_step(&making, take_places, &making));
    const struct view_rows *rows = remake.forgotten ? &kept : &made;
    if (rows->row_count > 0) {
        OR_DONE(encode(views, part, rows));
    }
    err = mutation_write(part->mutation);
done:
    snapshot_unref(remake.gone);
    snapshot_unref(remake.came);
    snapshot_unref(remake.dirty);
    snapshot_unref(remake.old);
    snapshot_unref(remake.made);
    view_rows_deinit(&gone);
    view_rows_deinit(&came);
    view_rows_deinit(&made);
    view_rows_deinit(&kept);
    return err_while(err, "in the materialized view %s.%s", part->feed->database, part->feed->name);
}

struct err *view_mutations_make(struct mutation *mutation)
{
    struct err *err = NULL;
    struct view_mutations *views = mutation->views;
    struct bases bases = {0};

    if (views == NULL) {
        return NULL;
    }
    if (views->tables->view_functions == NULL) {
        return err_new(ERR_IO, "the server stops");
    }
    OR_DONE(bases_make(mutation, &bases));
    for (uint32_t i = 0; i < views->part_count; i++) {
        OR_DONE(part_make(views, mutation, &views->parts[i], &bases));
    }
done:
    bases_deinit(&bases);
    return err;
}

/* ---- commit */

struct err *view_mutations_check(struct view_mutations *views)
{
    struct err *err = NULL;
    for (uint32_t i = 0; views != NULL && i < views->part_count; i++) {
        struct part *part = &views->parts[i];
        const struct table *target = part->target;
        part->skipped = target->dropping || target->dropped || target->epoch != part->epoch;
        if (!part->skipped && mutation_find_gone(part->mutation)) {
            err = err_new(ERR_ABORTED,
                          "segments left the materialized view %s.%s while rows of it were made anew; nothing was "
                          "changed",
                          part->feed->database, part->feed->name);
            goto done;
        }
        size_t room = (size_t)part->mutation->version->segment_count + part->segment_count + 1;
        part->change = (struct table_change){.add = ARENA_ARRAY(views->arena, struct table_segment *, room),
                                             .remove = ARENA_ARRAY(views->arena, struct table_segment *, room)};
        if (part->change.add == NULL || part->change.remove == NULL) {
            return arena_error(views->arena);
        }
    }
done:
    return err;
}

struct err *view_mutations_records(struct view_mutations *views, struct ledger_batch *batch)
{
    struct err *err = NULL;
    for (uint32_t i = 0; views != NULL && i < views->part_count; i++) {
        const struct part *part = &views->parts[i];
        struct rows_changed changed = {0};
        uint64_t rows = 0;
        if (part->skipped) {
            continue;
        }
        OR_DONE(mutation_deleted_records(part->mutation, batch, &rows, &changed));
        for (uint32_t k = 0; k < part->segment_count; k++) {
            OR_DONE(ledger_batch_segment(batch, &part->segments[k]));
        }
    }
done:
    return err;
}

void view_mutations_named(struct view_mutations *views, bool named)
{
    for (uint32_t i = 0; views != NULL && i < views->part_count; i++) {
        views->parts[i].mutation->pack.named = named && !views->parts[i].skipped;
    }
}

void view_mutations_swap(struct view_mutations *views, const struct commit_info *info)
{
    if (views == NULL) {
        return;
    }
    lock_take(&views->tables->views);
    for (uint32_t i = 0; i < views->part_count; i++) {
        struct part *part = &views->parts[i];
        if (part->skipped) {
            continue;
        }
        for (uint32_t k = 0; k < part->segment_count; k++) {
            part->added[k]->info.commit = info->number;
            part->added[k]->info.committed_at_us = info->time_us;
            part->change.add[part->change.add_count++] = table_segment_ref(part->added[k]);
        }
        mutation_next(part->mutation, &part->change);
        if (part->change.add_count + part->change.remove_count > 0) {
            table_change_apply(part->target, &part->change);
        }
    }
}

void view_mutations_swapped(struct view_mutations *views)
{
    if (views == NULL) {
        return;
    }
    lock_give(&views->tables->views);
    for (uint32_t i = 0; i < views->part_count; i++) {
        const struct part *part = &views->parts[i];
        if (part->skipped) {
            continue;
        }
        table_retire_packs(views->tables->store, part->change.remove, part->change.remove_count);
        for (uint32_t k = 0; k < part->change.add_count; k++) {
            table_segment_unref(part->change.add[k]);
        }
    }
}
