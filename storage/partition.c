/*
 * partition.c: see partition.h.
 *
 * flow     ALTER TABLE … DROP | DETACH | ATTACH PARTITION → here → ledger → the table's next version
 * locks    tables->commits is held exclusively from the choice of segments to the swap: a merge or a draft that
 *          commits afterwards sees what is gone
 */
#include "storage/partition.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "storage/block_cache.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/table_private.h"
#include "storage/verify.h"

#include <stdlib.h>

#define SEAL_WAIT_US ((uint64_t)60 * 1000000)
#define SEAL_LOOK_US 10000U
#define CACHE_BYTES  ((uint64_t)8 << 20)

static bool is_chosen(const struct partition_choice *choice, const struct ledger_segment *segment)
{
    if (choice->segment != NULL) {
        return segment->pack == choice->segment->pack && segment->offset == choice->segment->offset;
    }
    return choice->partition == NULL || slice_equal(segment->partition, *choice->partition);
}

static struct err *gone(const struct table *table)
{
    return table->dropping || table->dropped ? err_new(ERR_UNKNOWN_TABLE, "the table is being dropped") : NULL;
}

/* ---- values */
struct err *table_partition_type(struct table *table, struct arena *arena, const struct type **out)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    struct chunk *chunk = chunk_new(arena, table_column_count(def), 1);
    struct column *value = NULL;

    *out = NULL;
    if (def->partition_by == NULL || def->partition_by[0] == 0) {
        goto done;
    }
    if (chunk == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        chunk->columns[i] = column_default(arena, table_column_type(def, i), 1);
        if (chunk->columns[i] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    OR_DONE(table_evaluate(def, table_program_of(table, def), arena, TABLE_PARTITION_BY, 0, chunk, &value));
    *out = type_copy(arena, value->type);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    table_def_unref(def);
    return err;
}

struct err *table_partition_name(struct table *table, struct arena *arena, const struct column *value,
                                 struct slice *out)
{
    struct table_def *def = table_definition(table);
    struct err *err = table_partition_text(def, table_program_of(table, def), arena, value, 0, out);
    table_def_unref(def);
    return err;
}

/* ---- heads */
static bool has_head(struct table *table, struct head *const *heads, uint32_t count)
{
    struct table_version *version = table_version_take(table);
    bool found = false;
    for (uint32_t i = 0; i < version->head_count && !found; i++) {
        for (uint32_t k = 0; k < count && !found; k++) {
            found = version->heads[i].head == heads[k];
        }
    }
    table_version_unref(version);
    return found;
}

struct err *table_seal(struct table *table)
{
    struct err *err = NULL;
    struct table_version *version = NULL;
    struct head **heads = NULL;
    uint32_t count = 0;
    uint64_t begin = clock_monotonic_us();

    OR_DONE(insert_log_flush(table->store));
    version = table_version_take(table);
    heads = calloc((size_t)version->head_count + 1, sizeof(*heads));
    if (heads == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        struct head *head = version->heads[i].head;
        head_mark visible = atomic_load_explicit(&head->visible, memory_order_acquire);
        if (head_rows_between(head, version->heads[i].skip, visible) > 0) {
            heads[count++] = head;
        }
    }
    atomic_fetch_add(&table->seals_wanted, 1);
    while (has_head(table, heads, count)) {
        OR_DONE(interrupt_check());
        if (clock_monotonic_us() - begin >= SEAL_WAIT_US) {
            err = err_new(ERR_TIMEOUT,
                          "rows that a source has read were not committed within %u seconds; see system.sources for "
                          "what is wrong with it",
                          (unsigned)(SEAL_WAIT_US / 1000000));
            goto done;
        }
        lock_take(&table->tables->lock);
        (void)condition_wait_for(&table->tables->changed, &table->tables->lock, SEAL_LOOK_US);
        lock_give(&table->tables->lock);
    }
done:
    free(heads);
    table_version_unref(version);
    return err;
}

/* ---- leaving */
static struct err *leave_commit(struct table *table, const struct segment_name *names, uint32_t count, bool detach)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct segments_removed removed = {
        .table_id = table->id, .reason = REMOVE_DROP, .segments = names, .segment_count = count};
    struct segments_moved moved = {
        .table_id = table->id, .move = MOVE_DETACH, .segments = names, .segment_count = count};

    if (batch == NULL) {
        return err_oom();
    }
    OR_DONE(detach ? ledger_batch_move(batch, &moved) : ledger_batch_remove(batch, &removed));
    err = ledger_commit(table->store->ledger, batch, NULL);
done:
    ledger_batch_destroy(batch);
    return err;
}

static struct err *leave(struct table *table, const struct partition_choice *choice, bool detach, uint32_t *count)
{
    struct err *err = NULL;
    struct table_version *version = NULL;
    struct table_segment **leaving = NULL;
    struct segment_name *names = NULL;
    uint32_t n = 0;
    bool locked = false;

    OR_DONE(ledger_hold_check(table->store->ledger, table->id, detach ? "DETACH" : "DROP PARTITION"));
    OR_DONE(table_seal(table));
    if (choice->partition != NULL) {
        OR_DONE(table_split_mixed(table));
    }
    shared_lock_write(&table->tables->commits);
    locked = true;
    OR_DONE(gone(table));
    version = table_version_take(table);
    leaving = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    names = calloc((size_t)version->segment_count + 1, sizeof(*names));
    if (leaving == NULL || names == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (is_chosen(choice, &segment->info)) {
            names[n] = (struct segment_name){segment->info.pack, segment->info.offset};
            leaving[n++] = segment;
        }
    }
    if (n > 0) {
        OR_DONE(leave_commit(table, names, n, detach));
        table_change_apply(table, &(struct table_change){.remove = leaving, .remove_count = n});
        table_retire_packs(table->store, leaving, n);
    }
    if (count != NULL) {
        *count = n;
    }
done:
    if (locked) {
        shared_lock_give(&table->tables->commits);
    }
    table_version_unref(version);
    free(names);
    free(leaving);
    return err;
}

struct err *table_drop_segments(struct table *table, const struct partition_choice *choice, uint32_t *count)
{
    return err_while(leave(table, choice, false, count), "dropping a partition");
}

struct err *table_detach(struct table *table, const struct partition_choice *choice, uint32_t *count)
{
    return err_while(leave(table, choice, true, count), "detaching a partition");
}

/* ---- coming back */
/* The chosen ones of the detached segments, as records and names; in the arena. */
static struct err *choose_detached(struct table *table, const struct partition_choice *choice, struct arena *arena,
                                   struct ledger_segment **out, struct segment_name **names, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t all = 0;

    *count = 0;
    OR_DONE(ledger_detached(table->store->ledger, arena, table->id, out, &all));
    *names = ARENA_ARRAY(arena, struct segment_name, (size_t)all + 1);
    if (*names == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < all; i++) {
        if (is_chosen(choice, &(*out)[i])) {
            (*out)[*count] = (*out)[i];
            (*names)[(*count)++] = (struct segment_name){(*out)[i].pack, (*out)[i].offset};
        }
    }
done:
    return err;
}

static struct err *check_segments(struct table *table, const struct ledger_segment *segments, uint32_t count)
{
    struct err *err = NULL;
    struct block_cache *cache = block_cache_create(CACHE_BYTES);
    char path[STORE_PATH_BYTES];

    if (cache == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < count; i++) {
        store_pack_path(table->store, segments[i].pack, path);
        OR_DONE(interrupt_check());
        OR_DONE(pack_verify_header(table->store->io, path));
        OR_DONE(segment_verify(table->store->io, cache, path, &segments[i]));
    }
done:
    block_cache_destroy(cache);
    return err;
}

static struct err *move_commit(struct table *table, const struct segment_name *names, uint32_t count,
                               enum segment_move move)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct segments_moved moved = {.table_id = table->id, .move = move, .segments = names, .segment_count = count};

    if (batch == NULL) {
        return err_oom();
    }
    OR_DONE(ledger_batch_move(batch, &moved));
    err = ledger_commit(table->store->ledger, batch, NULL);
done:
    ledger_batch_destroy(batch);
    return err;
}

struct err *table_attach(struct table *table, const struct partition_choice *choice, uint32_t *count)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    struct segment_name *names = NULL;
    struct table_segment **added = NULL;
    uint32_t n = 0, now = 0, made = 0;
    bool locked = false;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(choose_detached(table, choice, arena, &segments, &names, &n));
    OR_DONE(check_segments(table, segments, n));
    added = calloc((size_t)n + 1, sizeof(struct table_segment *));
    if (added == NULL) {
        err = err_oom();
        goto done;
    }
    for (; made < n; made++) {
        added[made] = table_segment_create(table->tables, &segments[made]);
        if (added[made] == NULL) {
            err = err_oom();
            goto done;
        }
    }
    shared_lock_write(&table->tables->commits);
    locked = true;
    OR_DONE(gone(table));
    OR_DONE(choose_detached(table, choice, arena, &segments, &names, &now));
    bool same = now == n;
    for (uint32_t i = 0; i < n && same; i++) {
        same = names[i].pack == added[i]->info.pack && names[i].offset == added[i]->info.offset;
    }
    if (!same) {
        err = err_new(ERR_ABORTED, "another statement attached or dropped detached segments meanwhile; try again");
        goto done;
    }
    if (n > 0) {
        OR_DONE(move_commit(table, names, n, MOVE_ATTACH));
        table_change_apply(table, &(struct table_change){.add = added, .add_count = n});
    }
    if (count != NULL) {
        *count = n;
    }
done:
    if (locked) {
        shared_lock_give(&table->tables->commits);
    }
    for (uint32_t i = 0; i < made; i++) {
        table_segment_unref(added[i]);
    }
    free(added);
    arena_destroy(arena);
    return err_while(err, "attaching a partition");
}

struct err *table_drop_detached(struct table *table, const struct partition_choice *choice, uint32_t *count)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    struct segment_name *names = NULL;
    uint32_t n = 0;
    bool locked = false;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    shared_lock_write(&table->tables->commits);
    locked = true;
    OR_DONE(gone(table));
    OR_DONE(choose_detached(table, choice, arena, &segments, &names, &n));
    if (n > 0) {
        OR_DONE(move_commit(table, names, n, MOVE_DROP_DETACHED));
    }
    for (uint32_t i = 0; i < n; i++) {
        tables_pack_gone(table->tables, names[i].pack);
        if (segments[i].deleted.row_count > 0) {
            tables_pack_gone(table->tables, segments[i].deleted.pack);
        }
    }
    if (count != NULL) {
        *count = n;
    }
done:
    if (locked) {
        shared_lock_give(&table->tables->commits);
    }
    arena_destroy(arena);
    return err_while(err, "dropping detached segments");
}

/* ---- holds */
static struct err *hold_find(struct table *table, struct slice reason, bool *found)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_hold *holds = NULL;
    uint32_t count = 0;

    *found = false;
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(ledger_holds(table->store->ledger, arena, table->id, &holds, &count));
    for (uint32_t i = 0; i < count; i++) {
        *found = *found || slice_equal(holds[i].reason, reason);
    }
    if (count >= HOLDS_MAX && !*found) {
        err = err_new(ERR_LIMIT_EXCEEDED, "a table has at most %u holds", HOLDS_MAX);
    }
done:
    arena_destroy(arena);
    return err;
}

/* One at a time: tables->commits is held, so that nothing leaves between the look and the commit. */
static struct err *hold_change(struct table *table, struct slice reason, bool place)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    bool found = false;

    shared_lock_write(&table->tables->commits);
    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(gone(table));
    if (reason.length == 0 || reason.length > HOLD_REASON_BYTES_MAX) {
        err = err_new(ERR_BAD_ARGUMENTS, "the reason of a hold has 1 to %u bytes, not %zu", HOLD_REASON_BYTES_MAX,
                      reason.length);
        goto done;
    }
    OR_DONE(hold_find(table, reason, &found));
    if (found == place) {
        err = err_new(ERR_BAD_ARGUMENTS, "the table is %s for this reason: '%.*s'; see system.holds",
                      place ? "held already" : "not held", SLICE_ARG(reason));
        goto done;
    }
    struct ledger_hold hold = {table->id, reason, clock_wall_us()};
    OR_DONE(place ? ledger_batch_hold(batch, &hold) : ledger_batch_release(batch, table->id, reason));
    err = ledger_commit(table->store->ledger, batch, NULL);
done:
    shared_lock_give(&table->tables->commits);
    ledger_batch_destroy(batch);
    return err_while(err, place ? "holding a table" : "releasing a hold");
}

struct err *table_hold(struct table *table, struct slice reason)
{
    return hold_change(table, reason, true);
}

struct err *table_release(struct table *table, struct slice reason)
{
    return hold_change(table, reason, false);
}
