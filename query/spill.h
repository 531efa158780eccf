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
    uint64_t bytes_max;     /* 0: no limit */
    _Atomic uint64_t bytes; /* in files now */
    _Atomic uint64_t number;
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
