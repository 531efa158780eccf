/*
 * segment_private.h: an open segment's insides, for the files that parse its footer (segment_footer.c) and read it
 * (segment_reader.c).
 */
#ifndef STORAGE_SEGMENT_PRIVATE_H
#define STORAGE_SEGMENT_PRIVATE_H

#include "base/lock.h"
#include "storage/segment.h"

#include <stdatomic.h>

struct granule_place {
    uint64_t offset; /* in the segment */
    uint64_t checksum;
    uint32_t bytes;
};

struct column_info {
    struct segment_column column;
    uint32_t dictionary_count;
    struct granule_place *dictionary_blocks;
    _Atomic(const struct column *) dictionary; /* NULL: not loaded yet; released by load_dictionary */
    uint64_t dictionary_id;
    struct granule_place *granules;
    struct zone *zones;
    struct zone all;
};

struct index_info {
    struct index_shape shape;
    struct granule_place *groups; /* bytes 0: no block */
};

struct segment {
    _Atomic uint32_t references;
    struct io *io;
    struct block_cache *cache;
    char *path;
    uint64_t pack;
    uint64_t offset;
    uint64_t length;
    struct arena *arena; /* footer; dictionaries, under the lock */
    uint64_t charged;    /* of the cache's bound, for the arena */
    struct lock lock;
    uint64_t table_id;
    uint32_t schema_version;
    uint64_t row_count;
    unsigned __int128 row_sum;
    uint32_t granule_count;
    uint32_t column_count;
    struct column_info *columns;
    uint32_t key_count;
    uint32_t *key_columns;
    struct slice keys;
    uint32_t index_count;
    struct index_info *indexes;
    _Atomic(const struct slice *) key_texts; /* NULL: not loaded yet, or nothing to load */
};

/* ERR_CORRUPT: which segment, and what of its footer. */
struct err *segment_damaged(const struct segment *segment, const char *what);

/* Fills an open segment whose place and arena are set. footer: its bytes, hostile, which must live as long as the arena.
 * pack_version: as the file's beginning says. */
struct err *segment_parse_footer(struct segment *segment, struct slice footer, uint32_t pack_version);

#endif
