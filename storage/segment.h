/*
 * segment.h: packs and the segments inside: writing them once, reading them by granule and column.
 *
 * A pack is the one file that a commit (or a merge) writes; a segment is rows of one table, sorted by its key, cut into
 * granules of CHUNK_ROWS_MAX rows (the last may be shorter). docs/FORMAT.md, "Pack file", has the bytes.
 * Durability: pack_writer_finish syncs file and folder; the pack means nothing before the ledger names it.
 */
#ifndef STORAGE_SEGMENT_H
#define STORAGE_SEGMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "storage/block_cache.h"
#include "storage/codec.h"
#include "storage/column.h"
#include "storage/index.h"

#include <stdbool.h>
#include <stdint.h>

#define PACK_FORMAT_VERSION 3U

/* ---- writing */

struct segment_column {
    uint32_t id; /* column_def.id, or COLUMN_ID_HIDDEN + … */
    const struct type *type;
};

struct segment_schema {
    uint64_t table_id;
    uint32_t schema_version;
    const struct segment_column *columns;
    uint32_t column_count;
    const uint32_t *key_columns; /* indexes into columns of the sort key's plain columns, as far as they are columns */
    uint32_t key_count;
    int32_t time_column; /* index of the event time (Date, Date32, DateTime, DateTime64), or -1 */
    bool cold;           /* a merge writes it: fewer bytes count more than the time it takes; indexes by rule, too */
    const struct index_wish *indexes; /* asked for */
    uint32_t index_count;
    const struct codec_wish *wishes; /* of each column (codec_wish.h); NULL: none has any */
};

/* What the ledger's record says of a finished segment. */
struct segment_summary {
    uint64_t offset;
    uint64_t length;
    uint64_t row_count;
    unsigned __int128 row_sum;
    uint64_t footer_hash; /* XXH3-64 of the footer */
    int64_t time_min_us;  /* min > max: no time column or no rows with one */
    int64_t time_max_us;
};

struct pack_writer;

/* Creates the file; the caller gives the pack's path ("packs/00000012.pack"). budget (may be NULL) is charged for the
 * writer's buffers. Writes pass the failpoint pack_write, syncs pack_sync and pack_sync_dir. */
struct err *pack_writer_open(struct io *io, const char *path, struct budget *budget, struct pack_writer **out);
/* The schema and its types are borrowed until pack_segment_end. */
struct err *pack_segment_begin(struct pack_writer *writer, const struct segment_schema *schema);
/*
 * The next granule: sorted rows; all but the last of a segment have CHUNK_ROWS_MAX. Columns in the schema's order, any
 * form. A DICT column must have the same dictionary (pointer) in all granules of the segment, sorted ascending
 * (column_compare; a NULL entry last), without unused entries if they should not be stored.
 * Columns that are DICT in one granule are DICT in all. row_sum: the granule's chunk_row_sum if it is known already, or
 * NULL.
 */
struct err *pack_segment_granule(struct pack_writer *writer, const struct chunk *chunk,
                                 const unsigned __int128 *row_sum);
struct err *pack_segment_end(struct pack_writer *writer, struct segment_summary *out);
/* Bytes of another kind between segments (storage/row_set.h); *offset: where in the file they begin. */
struct err *pack_bytes(struct pack_writer *writer, struct slice bytes, uint64_t *offset);
/* Writes what is buffered, syncs file and folder. After an error the file is given up: pack_writer_close removes it. */
struct err *pack_writer_finish(struct pack_writer *writer);
/* Frees; removes the file unless finished. Accepts NULL. */
void pack_writer_close(struct pack_writer *writer);

/* ---- reading */

struct segment;

struct segment_place {
    const char *path; /* of the pack, relative to the io */
    uint64_t pack;
    uint64_t offset;
    uint64_t length;
    uint64_t footer_hash; /* as the ledger says */
};

/* Reads and checks the footer. One reference. errors: ERR_CORRUPT names file and place; ERR_NEWER_VERSION. */
struct err *segment_open(struct io *io, struct block_cache *cache, const struct segment_place *place,
                         struct segment **out);
struct segment *segment_ref(struct segment *segment);
void segment_unref(struct segment *segment); /* accepts NULL */
/* Is it the one at this place? */
bool segment_is_at(const struct segment *segment, uint64_t pack, uint64_t offset);
bool segment_is_shared(const struct segment *segment); /* more than one reference */

uint64_t segment_row_count(const struct segment *segment);
uint32_t segment_granule_count(const struct segment *segment);
uint32_t segment_granule_rows(const struct segment *segment, uint32_t granule);
uint32_t segment_schema_version(const struct segment *segment);
uint64_t segment_table_id(const struct segment *segment);
const char *segment_path(const struct segment *segment); /* of its pack */
unsigned __int128 segment_row_sum(const struct segment *segment);
uint32_t segment_column_count(const struct segment *segment);
const struct segment_column *segment_column(const struct segment *segment, uint32_t index);
/* Index of the column with this id, or -1: the segment was written before it was added. */
int32_t segment_column_find(const struct segment *segment, uint32_t id);

/* Of a granule, or of the whole segment. Borrowed; lives as long as the segment. */
const struct zone *segment_zone(const struct segment *segment, uint32_t granule, uint32_t column);
const struct zone *segment_zone_all(const struct segment *segment, uint32_t column);
/*
 * Sparse index of the sort key: the first row's value of key column number `key` in each granule, granule_count rows,
 * in the arena. Rows are sorted by (key 0, key 1, …), so granules that can hold a key range are neighbours.
 */
struct err *segment_key_index(const struct segment *segment, struct arena *arena, uint32_t key, struct column **out);
/* Zones cut strings. Of the sort key's first column, where it is a String that is never NULL and was cut somewhere, the
 * first value of each granule, whole: the bounds of this granule and of the one before. Loaded once, at first use. */
struct err *segment_load_key_texts(struct segment *segment);
/* NULL: the column is not such a one, or they are not loaded. Lives as long as the segment. */
const struct slice *segment_key_texts(const struct segment *segment, uint32_t column);
uint32_t segment_key_count(const struct segment *segment);
uint32_t segment_key_column(const struct segment *segment, uint32_t key); /* index of its column */

/* All rows of one column of a granule. The column shares memory with pinned blocks that the arena releases; its
 * dictionary lives as long as the segment: hold a reference. threads: any. */
struct err *segment_read(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                         struct column **out);
/* As much of it as its reader looks at. */
struct err *segment_read_need(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                              const struct column_need *need, struct column **out);

/* Where a granule's column lies; and that such blocks of it will be read soon (block_cache_prefetch). */
struct block_place segment_place_of(const struct segment *segment, uint32_t granule, uint32_t column);
void segment_prefetch(const struct segment *segment, struct block_place *places, uint32_t count);

/* The rows of a granule at these positions: codec_pick; *out NULL: read them all. */
struct err *segment_pick(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                         const uint32_t *positions, uint32_t count, struct column **out);

/* Rows of a granule whose value of a String column is this text: codec_find_text. */
struct err *segment_find_text(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                              struct slice text, uint32_t *positions, uint32_t *count, bool *known);

/* Rows of a granule whose number lies in the ranges: codec_filter. */
struct err *segment_filter(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                           const struct number_ranges *ranges, uint64_t *bits, bool *known);

/* The sorted dictionary of a column, loaded at first use; lives as long as the segment. *out NULL: it has none. */
struct err *segment_dictionary(struct segment *segment, uint32_t column, const struct column **out);

/* ---- indexes (storage/index.h) */
uint32_t segment_index_count(const struct segment *segment);
const struct index_shape *segment_index(const struct segment *segment, uint32_t index);
/* Has it one of this shape, of the column with this id? */
bool segment_has_index(const struct segment *segment, const struct index_shape *shape, uint32_t column_id);
uint64_t segment_index_bytes(const struct segment *segment, uint32_t index);
/* The block that a granule is in; empty: there is none, nothing is known. Pinned until the arena is reset. */
struct err *segment_index_block(const struct segment *segment, struct arena *arena, uint32_t index, uint32_t granule,
                                struct slice *out);

/* Sizes for system.segments and for benchmarks. */
struct segment_column_size {
    uint64_t bytes;            /* blocks and dictionary, not indexes */
    uint64_t dictionary_count; /* entries; 0: none */
};
struct segment_column_size segment_column_size(const struct segment *segment, uint32_t column);

/* Reads and decodes every block and checks all that the footer says of the rows: zones, dictionaries, key index, order,
 * row sum (segment_check.c); for weir check. The first error. */
struct err *segment_check(struct segment *segment);

#endif
