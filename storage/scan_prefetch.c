/*
 * scan_prefetch.c: what a scan will read is fetched while it computes.
 *
 * flow     query/scan.c says which columns of a unit it has read → here: the same columns of the units after it
 * how      units in groups of SCAN_PREFETCH_UNITS; who reads of one has it and the next one fetched, each once, so that
 *          reads wait for the disk only where a scan begins, and the disk sees many requests at once
 * thread   any
 */
#include "storage/scan_private.h"

#include "storage/block_cache.h"

#include <stdatomic.h>

#define PLACES_MAX 512U
#define BYTES_MAX  ((uint64_t)8 << 20) /* of a group: others are read when they are needed */

struct wish {
    const struct segment *segment;
    struct block_place places[PLACES_MAX];
    uint32_t count;
    uint64_t bytes;
};

static void add_unit(const struct scan *scan, const struct scan_unit *unit, const uint32_t *columns, uint32_t count,
                     struct wish *wish)
{
    const struct table_def *def = scan->snapshot->version->def;
    uint32_t version = segment_schema_version(wish->segment);
    for (uint32_t k = 0; k < count && wish->count < PLACES_MAX && wish->bytes < BYTES_MAX; k++) {
        int32_t index = columns[k] < table_column_count(def) && scan_is_stored(def, columns[k], version)
                            ? segment_column_find(wish->segment, table_column_id(def, columns[k]))
                            : -1;
        if (index >= 0) {
            struct block_place place = segment_place_of(wish->segment, unit->granule, (uint32_t)index);
            wish->places[wish->count++] = place;
            wish->bytes += place.bytes;
        }
    }
}

/* Units [first, end) of the scan. */
static void prefetch_units(const struct scan *scan, uint64_t first, uint64_t end, const uint32_t *columns,
                           uint32_t count)
{
    const struct table_version *version = scan->snapshot->version;
    struct wish wish;
    while (first < end) {
        uint32_t source = scan->units[first].source;
        struct segment *segment = NULL;
        wish.count = 0;
        wish.bytes = 0;
        if (source < version->segment_count && table_segment_damage(version->segments[source]) == NULL) {
            err_free(table_segment_open(version->segments[source], &segment)); /* who reads its rows gets it again */
        }
        wish.segment = segment;
        for (; first < end && scan->units[first].source == source; first++) {
            if (segment != NULL) {
                add_unit(scan, &scan->units[first], columns, count, &wish);
            }
        }
        if (wish.count > 0) {
            segment_prefetch(segment, wish.places, wish.count);
        }
        segment_unref(segment);
    }
}

void scan_prefetch(struct scan *scan, const struct scan_unit *unit, const uint32_t *columns, uint32_t count)
{
    uint64_t group = unit->index / SCAN_PREFETCH_UNITS;
    for (uint64_t g = group; g < group + 2 && g * SCAN_PREFETCH_UNITS < scan->unit_count; g++) {
        if (atomic_load_explicit(&scan->prefetched[g], memory_order_relaxed) ||
            atomic_exchange_explicit(&scan->prefetched[g], true, memory_order_relaxed)) {
            continue;
        }
        uint64_t first = g == group ? unit->index + 1U : g * SCAN_PREFETCH_UNITS, end = (g + 1) * SCAN_PREFETCH_UNITS;
        prefetch_units(scan, first, end < scan->unit_count ? end : scan->unit_count, columns, count);
    }
}
