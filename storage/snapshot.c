/*
 * snapshot.c: tables as queries see them.
 *
 * owns     a snapshot: one reference to a table, one to its version; the heads' marks as they were
 */
#include "storage/scan_private.h"

#include <stdlib.h>

struct err *snapshot_take(struct table *table, struct snapshot **out)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (snapshot == NULL) {
        return err_oom();
    }
    snapshot->references = 1;
    snapshot->table = table_ref(table);
    snapshot->version = table_version_take(table);
    const struct table_version *version = snapshot->version;
    snapshot->marks = calloc((size_t)version->head_count + 1, sizeof(head_mark));
    if (snapshot->marks == NULL) {
        snapshot_unref(snapshot);
        return err_oom();
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        struct head *head = version->heads[i].head;
        snapshot->marks[i] = atomic_load_explicit(&head->visible, memory_order_acquire);
        snapshot->head_rows += head_rows_between(head, version->heads[i].skip, snapshot->marks[i]);
    }
    snapshot->rows = snapshot->head_rows;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        snapshot->rows += ledger_segment_live_rows(&version->segments[i]->info);
    }
    *out = snapshot;
    return NULL;
}

struct err *snapshot_keep_segments(struct snapshot *snapshot,
                                   bool (*wanted)(void *user, const struct ledger_segment *segment), void *user)
{
    const struct table_version *all = snapshot->version;
    struct table_version *kept = calloc(1, sizeof(*kept));
    if (kept == NULL) {
        return err_oom();
    }
    kept->references = 1;
    kept->def = table_def_ref(all->def);
    kept->segments = calloc((size_t)all->segment_count + 1, sizeof(struct table_segment *));
    if (kept->segments == NULL) {
        table_version_unref(kept);
        return err_oom();
    }
    snapshot->rows = snapshot->head_rows = 0;
    for (uint32_t i = 0; i < all->segment_count; i++) {
        if (wanted(user, &all->segments[i]->info)) {
            kept->segments[kept->segment_count++] = table_segment_ref(all->segments[i]);
            snapshot->rows += ledger_segment_live_rows(&all->segments[i]->info);
        }
    }
    table_version_unref(snapshot->version);
    snapshot->version = kept;
    return NULL;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (snapshot == NULL || atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    /* what its scans let go last; twice around: the first time the hand sees that they were used */
    readers_make_room(snapshot->table->tables, 2 * ((uint64_t)snapshot->version->segment_count + READERS_STEPS));
    table_version_unref(snapshot->version);
    table_unref(snapshot->table);
    free(snapshot->marks);
    free(snapshot);
}

void snapshot_skip_damaged(struct snapshot *snapshot)
{
    snapshot->skip_damaged = true;
}

const struct table *snapshot_table(const struct snapshot *snapshot)
{
    return snapshot->table;
}

const struct table_def *snapshot_def(const struct snapshot *snapshot)
{
    return snapshot->version->def;
}

uint64_t snapshot_rows(const struct snapshot *snapshot)
{
    return snapshot->rows;
}

uint64_t snapshot_head_rows(const struct snapshot *snapshot)
{
    return snapshot->head_rows;
}

uint32_t snapshot_segment_count(const struct snapshot *snapshot)
{
    return snapshot->version->segment_count;
}

const struct ledger_segment *snapshot_segment(const struct snapshot *snapshot, uint32_t index)
{
    return &snapshot->version->segments[index]->info;
}

struct err *snapshot_segment_open(const struct snapshot *snapshot, uint32_t index, struct segment **out)
{
    return table_segment_open(snapshot->version->segments[index], out);
}
