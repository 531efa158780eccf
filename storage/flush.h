/*
 * flush.h: rows of heads become sorted segments of a pack.
 *
 * split    by PARTITION BY value; above DRAFT_PARTITIONS_MAX values the rows of the smallest ones share one mixed
 *          segment (partition "*")
 * order    within a segment: the sort key; dictionaries of all chunks unified, sorted
 * thread   any; one flush at a time per pack
 */
#ifndef STORAGE_FLUSH_H
#define STORAGE_FLUSH_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/ledger.h"
#include "storage/table_private.h"

#include <stdint.h>

struct pack_writer;

/* Rows [from, to) of a head. */
struct flush_head {
    struct head *head;
    head_mark from;
    head_mark to;
};

/* Rows of one table from anywhere, as chunks with all columns, hidden ones behind. */
struct flush_rows {
    struct table *table;
    const struct table_def *def;
    struct chunk *const *chunks;
    uint32_t chunk_count;
    uint32_t split_max; /* partitions that get a segment of their own; 0: DRAFT_PARTITIONS_MAX */
};

/* Views of the rows of heads as chunks, in the arena. */
struct err *flush_view(struct arena *arena, const struct flush_head *heads, uint32_t head_count, struct chunk ***chunks,
                       uint32_t *chunk_count);

/*
 * Writes the segments of these rows into the pack; their records (without commit) into the arena.
 * partitions_max  ERR_TOO_MANY_PARTITIONS above; 0: no limit
 */
struct err *flush_rows(struct arena *arena, const struct flush_rows *rows, struct pack_writer *pack,
                       uint64_t pack_number, uint32_t partitions_max, struct ledger_segment **segments,
                       uint32_t *segment_count);

/* ERR_TOO_MANY_PARTITIONS when the rows have more than partitions_max PARTITION BY values. */
struct err *flush_check_partitions(const struct flush_rows *rows, uint32_t partitions_max);

/* When a row expires whose TTL has this value; INT64_MAX: never. */
int64_t ttl_expires_at_us(const struct column *ttl, uint32_t row);
/* Microseconds since the epoch of a time value; false: the value is NULL. Date values at midnight UTC. */
bool time_value_us(const struct column *column, uint32_t row, int64_t *us);

#endif
