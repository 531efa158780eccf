/*
 * spill.h: what an operator holds, written to temporary files instead, in chunks, and read back.
 *
 * space    one per server: a folder of the data directory, and how many bytes all queries may have there. Files are
 *          unlinked as soon as they are made, so that they are gone with their query, whatever ends it; what a crash
 *          left between the two is removed when the space is opened.
 * file     one per operator and worker, or so; chunks are only ever appended. A list names chunks of one file that
 *          belong together: a sorted run, a partition.
 * bytes    a chunk is its columns (nulls, values, lengths and bytes of strings, offsets and children of nested ones)
 *          through LZ4, behind a checksum. Codes keep their dictionary when it has no more entries than the chunk rows.
 * parts    what is too large to be worked on at once goes to lists by a hash of its keys. A list that is too large
 *          itself is split again by another hash (spill_part), up to SPILL_DEPTH_MAX times
 * limits   bytes on disk of the query (ERR_TOO_MANY_ROWS_OR_BYTES) and of the space; a full disk is
 *          ERR_NOT_ENOUGH_SPACE, and SPILL_FREE_BYTES of it are left to those who store rows
 * memory   a write takes about twice the chunk's bytes from the query's budget for as long as it lasts
 * thread   a space: any; a file: one writes, any read
 */
#ifndef QUERY_SPILL_H
#define QUERY_SPILL_H

#include "base/arena.h"
#include "base/io.h"
#include "storage/column.h"

#include <stdatomic.h>

#define SPILL_FREE_BYTES ((uint64_t)256 << 20)

struct spill_space {
    struct io *io;
    uint64_t bytes_max;           /* 0: no limit */
    _Atomic uint64_t bytes;       /* in files now */
    _Atomic uint64_t bytes_total; /* ever written */
    _Atomic uint64_t number;      /* of files ever made */
};

/* Makes the folder, removes what a crash left. The io outlives the space. */
struct err *spill_space_open(struct spill_space *space, struct io *io, uint64_t bytes_max);

/* What one query has on disk. */
struct spill_use {
    struct spill_space *space; /* NULL: nothing may be written */
    uint64_t bytes_max;        /* 0: no limit */
    struct budget *budget;
    _Atomic uint64_t bytes;        /* now */
    _Atomic uint64_t *bytes_total; /* ever; or NULL */
};

struct spill_file;
struct spill_list {
    uint64_t *offsets;
    uint32_t count, capacity;
    uint64_t row_count;
    uint64_t bytes; /* of chunks before they are packed */
};

/* Closed when owner is destroyed or reset. */
struct err *spill_file_create(struct spill_use *use, struct arena *owner, struct spill_file **out);
/* list's own memory is taken from `arena`. Columns that are NULL are left out: they are NULL when read. */
struct err *spill_write(struct spill_file *file, struct arena *arena, struct spill_list *list,
                        const struct chunk *chunk);
/* Of rows of so many bytes, how many make a chunk of about 128 KiB: many lists can be read at once. */
uint32_t spill_chunk_rows(uint64_t bytes_per_row);
/* The chunk at an offset of a list; types: one per column. It lives in the arena. */
struct err *spill_read(struct spill_file *file, struct arena *arena, uint64_t offset, const struct type *const *types,
                       struct chunk **out);

/* How often a part is split again, and into how many. */
#define SPILL_DEPTH_MAX 4U
#define SPILL_SPLIT     16U
#define SPILL_PARTS_MAX 64U
/* Is a list so small that splitting it is not worth it? */
static inline bool spill_is_small(uint64_t row_count, uint64_t bytes)
{
    return row_count <= 256 && bytes < (uint64_t)1 << 20;
}

/* The part of `part_count` (a power of two, at least 2) that rows of this hash belong to. Each depth has its own hash:
 * what is one part at a depth is spread over all at the next. */
static inline uint32_t spill_part(uint64_t hash, uint32_t depth, uint32_t part_count)
{
    hash = (hash + (depth + 1U) * 0x9E3779B97F4A7C15ULL) ^ hash >> 31;
    hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9ULL;
    hash = (hash ^ hash >> 27) * 0x94D049BB133111EBULL;
    return (uint32_t)((hash ^ hash >> 31) >> 32) & (part_count - 1U);
}

/* Positions of rows by part: those of part p are positions[begins[p]…begins[p + 1]). The hash of row i is
 * hashes[numbers[i]]; numbers NULL: hashes[i]. */
void spill_order(const uint64_t *hashes, const uint32_t *numbers, uint32_t row_count, uint32_t depth,
                 uint32_t part_count, uint32_t *positions, uint32_t *begins);

/* --- spill_column.c: a column as bytes ------------------------------------------------------------------------------
 */

/* The same values in the form that is written: codes only where they are fewer bytes, of lists only what they hold. */
const struct column *spill_column_ready(struct arena *arena, const struct column *column); /* NULL: memory is out */
/* Of columns that are ready, or NULL: */
uint64_t spill_column_bytes(const struct column *column);
char *spill_column_put(const struct column *column, char *to); /* exactly so many bytes; returns the end */
/* *at moves behind the column. Strings point into the bytes. ERR_CORRUPT: they are none. */
struct err *spill_column_get(struct arena *arena, const struct type *type, uint32_t row_count, const char **at,
                             const char *end, struct column **out);

#endif
