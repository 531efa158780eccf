/*
 * mutation.c: DELETE and UPDATE of committed rows.
 *
 * flow     server/mutate.c → here → row_set.c, row_pack.c → pack → ledger_commit → table_change_apply
 * owns     table->mutating between begin and end; the pack until the ledger names it
 * order    pack synced, ledger committed, version swapped: under tables->commits, exclusively, so that no segment
 *          leaves in between
 */
#include "storage/mutation_private.h"

#include "base/checksum.h"
#include "base/interrupt.h"
#include "storage/combining.h"
#include "storage/draft_private.h"
#include "storage/ledger_map.h"
#include "storage/merge.h"
#include "storage/partition.h"
#include "storage/row_pack.h"
#include "storage/row_set.h"
#include "storage/segment.h"

#include <stdlib.h>

#define WAIT_US        10000U
#define COMBINED_LEVEL 1U /* up to this one rows may not have been combined: flushes', and splits' of mixed segments */

/* ---- begin, end */

struct err *table_turn_take(struct table *table)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    bool mine = false, merging = true;

    while (err == NULL && merging) {
        lock_take(&tables->lock);
        if (!mine && !table->mutating) {
            table->mutating = mine = true;
        }
        merging = !mine;
        for (struct merge *merge = tables->merges; mine && merge != NULL; merge = merge->next) {
            merging = merging || merge->table == table;
        }
        if (merging) {
            (void)condition_wait_for(&tables->changed, &tables->lock, WAIT_US);
        }
        lock_give(&tables->lock);
        if (merging) {
            err = table->dropped ? err_new(ERR_UNKNOWN_TABLE, "the table was dropped") : interrupt_check();
        }
    }
    if (err != NULL && mine) {
        lock_take(&tables->lock);
        table->mutating = false;
        condition_broadcast(&tables->changed);
        lock_give(&tables->lock);
    }
    return err;
}

void table_turn_give(struct table *table)
{
    lock_take(&table->tables->lock);
    table->mutating = false;
    table->mutations++;
    condition_broadcast(&table->tables->changed);
    lock_give(&table->tables->lock);
}

static struct map_key name_key(uint64_t pack, uint64_t offset)
{
    return (struct map_key){pack, offset, 0};
}

struct err *mutation_new(struct table *table, struct arena *arena, struct budget *budget, struct table_version *version,
                         struct mutation **out)
{
    struct err *err = NULL;
    struct mutation *mutation = calloc(1, sizeof(*mutation));

    if (mutation == NULL) {
        table_version_unref(version);
        table_turn_give(table);
        return err_oom();
    }
    mutation->table = table_ref(table);
    mutation->arena = arena;
    mutation->version = version;
    mutation->pack = (struct row_pack){.table = table, .arena = arena, .budget = budget, .def = version->def};
    uint32_t count = version->segment_count;
    mutation->segments = arena_zalloc(arena, ((size_t)count + 1) * sizeof(*mutation->segments));
    if (mutation->segments == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct table_segment *segment = version->segments[i];
        mutation->segments[i].segment = segment;
        if (!map_insert(&mutation->by_name, name_key(segment->info.pack, segment->info.offset),
                        &mutation->segments[i])) {
            err = err_oom();
            goto done;
        }
    }
    *out = mutation;
    mutation = NULL;
done:
    mutation_end(mutation);
    return err;
}

static struct err *begin(struct table *table, struct arena *arena, struct budget *budget, bool expiry, bool with_views,
                         struct mutation **out)
{
    struct err *err = with_views ? view_mutations_turn(table) : table_turn_take(table);
    struct table_version *version = NULL;
    struct view_mutations *views = NULL;
    bool mine = err == NULL;

    *out = NULL;
    OR_DONE(err);
    OR_DONE(ledger_hold_check(table->store->ledger, table->id, expiry ? "TTL" : "DELETE and UPDATE"));
    if (!expiry) {
        OR_DONE(table_seal(table));
    }
    if (with_views) {
        OR_DONE(view_mutations_begin(table, arena, budget, &views, &version));
    } else {
        version = table_version_take(table);
    }
    mine = false; /* both are moved */
    OR_DONE(mutation_new(table, arena, budget, version, out));
    (*out)->expiry = expiry;
    (*out)->views = views;
    views = NULL;
done:
    view_mutations_end(views);
    if (mine) {
        table_turn_give(table);
    }
    return err;
}

struct err *mutation_begin(struct table *table, struct arena *arena, struct budget *budget, struct mutation **out)
{
    return begin(table, arena, budget, false, false, out);
}

struct err *mutation_begin_with_views(struct table *table, struct arena *arena, struct budget *budget,
                                      struct mutation **out)
{
    return begin(table, arena, budget, false, true, out);
}

struct err *mutation_begin_expiry(struct table *table, struct arena *arena, struct budget *budget,
                                  struct mutation **out)
{
    return begin(table, arena, budget, true, false, out);
}

void mutation_end(struct mutation *mutation)
{
    if (mutation == NULL) {
        return;
    }
    view_mutations_end(mutation->views);
    row_pack_deinit(&mutation->pack);
    map_deinit(&mutation->by_name);
    for (uint32_t i = 0; mutation->segments != NULL && i < mutation->version->segment_count; i++) {
        table_segment_unref(mutation->segments[i].next);
    }
    table_version_unref(mutation->version);
    table_turn_give(mutation->table);
    table_unref(mutation->table);
    free(mutation);
}

const struct table_def *mutation_def(const struct mutation *mutation)
{
    return mutation->version->def;
}

/* ---- which rows */

bool mutation_knows(const struct mutation *mutation, uint64_t pack, uint64_t offset)
{
    return map_find(&mutation->by_name, name_key(pack, offset)) != NULL;
}

struct err *mutation_delete(struct mutation *mutation, uint64_t pack, uint64_t offset, uint64_t row)
{
    struct err *err = NULL;
    struct touched *touched = mutation->last;

    if (touched == NULL || touched->segment->info.pack != pack || touched->segment->info.offset != offset) {
        touched = map_find(&mutation->by_name, name_key(pack, offset));
        if (touched == NULL) {
            return NULL; /* it came later */
        }
        mutation->last = touched;
    }
    if (touched->rows == NULL) {
        OR_DONE(row_set_create(mutation->arena, touched->segment->info.row_count, &touched->rows));
    }
    err = row_set_add(touched->rows, row);
done:
    return err;
}

/* ---- the pack */

bool mutation_keeps_order(const struct mutation *mutation)
{
    enum combining_kind kind;
    return engine_combines(mutation->version->def->engine, &kind);
}

bool mutation_changes_whole(const struct mutation *mutation, uint64_t pack, uint64_t offset)
{
    enum combining_kind kind;
    const struct touched *touched = map_find(&mutation->by_name, name_key(pack, offset));
    if (touched == NULL || !engine_combines(mutation->version->def->engine, &kind)) {
        return false;
    }
    bool one_per_key = kind != COMBINING_COLLAPSING && kind != COMBINING_VERSIONED;
    return !one_per_key || touched->segment->info.level <= COMBINED_LEVEL;
}

struct err *mutation_change_from(struct mutation *mutation, uint64_t pack, uint64_t offset)
{
    struct err *err = NULL;
    const struct touched *from =
        mutation_keeps_order(mutation) ? map_find(&mutation->by_name, name_key(pack, offset)) : NULL;
    if (from != mutation->from) {
        OR_DONE(row_pack_flush(&mutation->pack));
        mutation->from = from;
        mutation->pack.place = row_pack_place_of(from == NULL ? NULL : &from->segment->info);
    }
done:
    return err;
}

struct err *mutation_change(struct mutation *mutation, const struct chunk *chunk)
{
    return row_pack_add(&mutation->pack, chunk);
}

/* What the ledger is to say of a segment's deleted rows; their list goes into the pack. */
static struct err *deleted_write(struct mutation *mutation, struct touched *touched)
{
    struct err *err = NULL;
    struct buffer bytes = {0};
    struct arena *work = arena_beside(mutation->arena);
    const struct ledger_segment *info = &touched->segment->info;
    const struct segment_name name = {info->pack, info->offset};
    const struct row_set *before = NULL;
    struct segment *reader = NULL;
    struct pack_writer *writer = NULL;
    struct row_set *all = NULL;
    unsigned __int128 sum;

    if (work == NULL) {
        return err_oom();
    }
    OR_DONE(table_segment_deleted(touched->segment, &before));
    OR_DONE(row_set_create(work, info->row_count, &all));
    OR_DONE(row_set_add_all(all, touched->rows));
    if (before != NULL) {
        OR_DONE(row_set_add_all(all, before));
    }
    if (row_set_count(all) == info->deleted.row_count) { /* nothing new */
        touched->rows = NULL;
        goto done;
    }
    if (row_set_count(all) == info->row_count) {
        goto done; /* it leaves */
    }
    OR_DONE(table_segment_open(touched->segment, &reader));
    OR_DONE(row_set_sum(touched->rows, before, reader, &sum));
    OR_DONE(row_set_encode(all, &name, &bytes));
    OR_DONE(row_pack_writer(&mutation->pack, &writer));
    struct ledger_deleted deleted = {.pack = mutation->pack.number,
                                     .length = bytes.length,
                                     .hash = checksum(bytes.data, bytes.length),
                                     .row_count = row_set_count(all),
                                     .row_sum = info->deleted.row_sum + sum};
    OR_DONE(pack_bytes(writer, buffer_all(&bytes), &deleted.offset));
    touched->next = table_segment_deleted_from(touched->segment, &deleted);
    err = touched->next == NULL ? err_oom() : NULL;
done:
    segment_unref(reader);
    buffer_deinit(&bytes);
    arena_destroy(work);
    return err;
}

/* ---- commit */

bool mutation_find_gone(struct mutation *mutation)
{
    struct table_version *now = table_version_take(mutation->table);
    bool gone = false;
    for (uint32_t i = 0; i < now->segment_count; i++) {
        const struct ledger_segment *info = &now->segments[i]->info;
        struct touched *touched = map_find(&mutation->by_name, name_key(info->pack, info->offset));
        if (touched != NULL) {
            touched->live = touched->segment == now->segments[i];
        }
    }
    for (uint32_t i = 0; i < mutation->version->segment_count; i++) {
        gone = gone || (mutation->segments[i].rows != NULL && !mutation->segments[i].live);
    }
    table_version_unref(now);
    return gone;
}

bool touched_is_changed(const struct touched *touched)
{
    return touched->rows != NULL && touched->live;
}

struct err *mutation_deleted_records(const struct mutation *mutation, struct ledger_batch *batch, uint64_t *rows,
                                     struct rows_changed *changed)
{
    struct err *err = NULL;
    uint32_t count = mutation->version->segment_count;
    struct segment_name *names = ARENA_ARRAY(mutation->arena, struct segment_name, (size_t)count + 1);
    struct segments_removed removed = {.table_id = mutation->table->id, .reason = REMOVE_DELETED, .segments = names};

    if (names == NULL) {
        return arena_error(mutation->arena);
    }
    *rows = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct touched *touched = &mutation->segments[i];
        const struct ledger_segment *info = &touched->segment->info;
        const struct segment_name name = {info->pack, info->offset};
        if (!touched_is_changed(touched)) {
            continue;
        }
        if (touched->next == NULL) {
            names[removed.segment_count++] = name;
            removed.removed_row_count += ledger_segment_live_rows(info);
            removed.removed_row_sum += info->row_sum - info->deleted.row_sum;
            continue;
        }
        const struct rows_deleted deleted = {mutation->table->id, name, touched->next->info.deleted};
        OR_DONE(ledger_batch_deleted(batch, &deleted));
        *rows += deleted.deleted.row_count - info->deleted.row_count;
        changed->old_sum += deleted.deleted.row_sum - info->deleted.row_sum;
    }
    if (removed.segment_count > 0) {
        OR_DONE(ledger_batch_remove(batch, &removed));
        *rows += removed.removed_row_count;
        changed->old_sum += removed.removed_row_sum;
    }
done:
    return err;
}

/* Records of what is deleted; then of what comes back. */
static struct err *records(const struct mutation *mutation, struct ledger_batch *batch, uint64_t *rows)
{
    struct err *err = NULL;
    struct rows_changed changed = {.table_id = mutation->table->id, .output_count = mutation->pack.added_count};

    OR_DONE(mutation_deleted_records(mutation, batch, rows, &changed));
    if (mutation->pack.added_count == 0 && !(mutation->expiry && *rows > 0)) {
        goto done;
    }
    for (uint32_t i = 0; i < mutation->pack.added_count; i++) {
        changed.row_count += mutation->pack.added[i].row_count;
        changed.new_sum += mutation->pack.added[i].row_sum;
    }
    const struct rows_expired expired = {.table_id = changed.table_id,
                                         .row_count = *rows,
                                         .old_sum = changed.old_sum,
                                         .new_row_count = changed.row_count,
                                         .new_sum = changed.new_sum,
                                         .output_count = changed.output_count};
    OR_DONE(mutation->expiry ? ledger_batch_expired(batch, &expired) : ledger_batch_changed(batch, &changed));
    for (uint32_t i = 0; i < mutation->pack.added_count; i++) {
        OR_DONE(ledger_batch_segment(batch, &mutation->pack.added[i]));
    }
done:
    return err;
}

void mutation_next(struct mutation *mutation, struct table_change *change)
{
    for (uint32_t i = 0; i < mutation->version->segment_count; i++) {
        struct touched *touched = &mutation->segments[i];
        if (!touched_is_changed(touched)) {
            continue;
        }
        change->remove[change->remove_count++] = touched->segment;
        if (touched->next != NULL) {
            /* what ALTER … MODIFY TTL found in between */
            atomic_store(&touched->next->expires_at_us, atomic_load(&touched->segment->expires_at_us));
            atomic_store(&touched->next->ttl_version, atomic_load(&touched->segment->ttl_version));
            change->add[change->add_count++] = table_segment_ref(touched->next);
        }
    }
}

/* The next version has what is in `add` instead of what is in `remove`; both have room for all. */
static struct err *commit(struct mutation *mutation, struct table_segment **add, struct table_segment **remove,
                          uint64_t *rows, uint32_t *segments)
{
    struct err *err = NULL;
    struct table *table = mutation->table;
    struct view_mutations *views = mutation->views;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_change change = {.add = add, .remove = remove};
    struct commit_info info = {0};
    bool locked = false;

    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < mutation->pack.added_count; i++) {
        add[i] = table_segment_create(table->tables, &mutation->pack.added[i]);
        if (add[i] == NULL) {
            err = err_oom();
            goto done;
        }
        change.add_count++;
    }
    shared_lock_write(&table->tables->commits);
    locked = true;
    if (table->dropping || table->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "the table is being dropped");
        goto done;
    }
    if (mutation_find_gone(mutation) && mutation->pack.added_count > 0) {
        err = err_new(ERR_ABORTED, "segments left the table while rows of them were changed; nothing was changed");
        goto done;
    }
    OR_DONE(view_mutations_check(views));
    OR_DONE(records(mutation, batch, rows));
    if (ledger_batch_is_empty(batch)) {
        goto done;
    }
    OR_DONE(view_mutations_records(views, batch));
    mutation->pack.named = true;
    view_mutations_named(views, true);
    err = ledger_commit(table->store->ledger, batch, &info);
    mutation->pack.named = err == NULL || err_code(err) != ERR_LOGICAL;
    view_mutations_named(views, mutation->pack.named);
    OR_DONE(err);
    for (uint32_t i = 0; i < mutation->pack.added_count; i++) {
        add[i]->info.commit = info.number;
        add[i]->info.committed_at_us = info.time_us;
    }
    mutation_next(mutation, &change);
    *segments = change.remove_count;
    view_mutations_swap(views, &info);
    table_change_apply(table, &change);
    view_mutations_swapped(views);
    table_retire_packs(table->store, remove, change.remove_count);
done:
    if (locked) {
        shared_lock_give(&table->tables->commits);
    }
    for (uint32_t i = 0; i < change.add_count; i++) {
        table_segment_unref(add[i]);
    }
    ledger_batch_destroy(batch);
    return err;
}

struct err *mutation_write(struct mutation *mutation)
{
    struct err *err = NULL;
    OR_DONE(row_pack_flush(&mutation->pack));
    for (uint32_t i = 0; i < mutation->version->segment_count; i++) {
        if (mutation->segments[i].rows != NULL) {
            OR_DONE(interrupt_check());
            OR_DONE(deleted_write(mutation, &mutation->segments[i]));
        }
    }
    err = row_pack_finish(&mutation->pack);
done:
    return err;
}

struct err *mutation_commit(struct mutation *mutation, uint64_t *rows, uint32_t *segments)
{
    struct err *err = NULL;
    uint32_t count = mutation->version->segment_count;

    *rows = 0;
    *segments = 0;
    OR_DONE(mutation_write(mutation));
    OR_DONE(view_mutations_make(mutation));
    size_t room = (size_t)count + mutation->pack.added_count + 1;
    struct table_segment **add = ARENA_ARRAY(mutation->arena, struct table_segment *, room);
    struct table_segment **remove = ARENA_ARRAY(mutation->arena, struct table_segment *, room);
    if (add == NULL || remove == NULL) {
        err = arena_error(mutation->arena);
        goto done;
    }
    err = commit(mutation, add, remove, rows, segments);
done:
    return err_while(err, "changing rows of %s.%s", mutation->version->def->database, mutation->version->def->name);
}
