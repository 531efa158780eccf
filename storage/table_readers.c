/*
 * table_readers.c: how many segments stay open.
 *
 * A footer with its zones takes some kilobytes, dictionaries may take megabytes. Readers are charged to the block
 * cache's bound; above a quarter of it those are closed that nobody has used since the hand came by. What reads a
 * segment has a reference, a scan's threads for as long as the rows that they read: those stay open.
 * locks    LOCK_READERS for the ring; never while a segment is opened or closed
 */
#include "storage/block_cache.h"
#include "storage/segment.h"
#include "storage/table_private.h"

#define READERS_PART 4U /* of the cache's bound */

static void unlink_segment(struct readers *readers, struct table_segment *segment)
{
    if (segment->ring_next == segment) {
        readers->hand = NULL;
    } else {
        segment->ring_next->ring_before = segment->ring_before;
        segment->ring_before->ring_next = segment->ring_next;
        if (readers->hand == segment) {
            readers->hand = segment->ring_next;
        }
    }
    segment->ring_next = segment->ring_before = NULL;
    readers->count--;
}

void readers_add(struct tables *tables, struct table_segment *segment)
{
    struct readers *readers = &tables->readers;
    lock_take(&readers->lock);
    if (readers->hand == NULL) {
        segment->ring_next = segment->ring_before = segment;
        readers->hand = segment;
    } else { /* behind the hand: it comes to it last */
        segment->ring_next = readers->hand;
        segment->ring_before = readers->hand->ring_before;
        segment->ring_before->ring_next = segment;
        readers->hand->ring_before = segment;
    }
    readers->count++;
    lock_give(&readers->lock);
}

void readers_remove(struct tables *tables, struct table_segment *segment)
{
    lock_take(&tables->readers.lock);
    if (segment->ring_next != NULL) {
        unlink_segment(&tables->readers, segment);
    }
    lock_give(&tables->readers.lock);
}

/* A reference, unless the last one is gone already. */
static bool still_ref(struct table_segment *segment)
{
    uint32_t references = atomic_load_explicit(&segment->references, memory_order_relaxed);
    while (references > 0 && !atomic_compare_exchange_weak_explicit(&segment->references, &references, references + 1,
                                                                    memory_order_relaxed, memory_order_relaxed)) {
    }
    return references > 0;
}

/* The next to be closed, out of the ring, a reference; NULL: those that the hand came by are in use. A reader in the
 * ring is not closed by anybody else meanwhile. */
static struct table_segment *next_unused(struct readers *readers, uint64_t *steps)
{
    struct table_segment *found = NULL;
    lock_take(&readers->lock);
    for (; found == NULL && readers->hand != NULL && *steps > 0; --*steps) {
        struct table_segment *segment = readers->hand;
        readers->hand = segment->ring_next;
        bool used = atomic_exchange_explicit(&segment->used, false, memory_order_relaxed);
        if (!used && !segment_is_shared(segment->reader) && still_ref(segment)) {
            unlink_segment(readers, segment);
            found = segment;
        }
    }
    lock_give(&readers->lock);
    return found;
}

void readers_make_room(struct tables *tables, uint64_t steps)
{
    uint64_t bytes_max = block_cache_bytes_max(tables->cache) / READERS_PART;
    while (block_cache_charged(tables->cache) > bytes_max) {
        struct table_segment *segment = next_unused(&tables->readers, &steps);
        if (segment == NULL) {
            break;
        }
        lock_take(&segment->opening);
        struct segment *reader = segment->reader;
        segment->reader = NULL;
        lock_give(&segment->opening);
        segment_unref(reader);
        table_segment_unref(segment);
    }
}
