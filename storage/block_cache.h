/*
 * block_cache.h: verified blocks of packs in memory, under one budget.
 *
 * A block is named by (pack, offset). It is read with its checksum verified, kept encoded, pinned while somebody holds
 * it, and given up by the second-chance rule when the cache is full. A block larger than an eighth of a shard is read
 * but not kept.
 * thread   any; sharded locks, none held while reading from disk (two threads may read the same block; one is kept).
 */
#ifndef STORAGE_BLOCK_CACHE_H
#define STORAGE_BLOCK_CACHE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/slice.h"

#include <stdint.h>

struct block_cache;
struct block; /* a pinned block */

struct block_cache *block_cache_create(uint64_t bytes_max); /* NULL: memory is out */
void block_cache_destroy(struct block_cache *cache);        /* nothing may be pinned; accepts NULL */

struct block_place {
    const char *path; /* of the pack, relative to the io */
    uint64_t pack;
    uint64_t offset; /* in the file */
    uint32_t bytes;
    uint64_t checksum; /* XXH3-64 of the bytes */
};

/*
 * The block's bytes; pinned until the arena is destroyed or reset.
 * errors   ERR_CORRUPT names path and offset; ERR_OPEN_FILE, ERR_READ_FILE
 */
struct err *block_cache_read(struct block_cache *cache, struct io *io, const struct block_place *place,
                             struct arena *arena, struct slice *out);
/*
 * These blocks of one pack will be read soon: those that are not kept are fetched by the system meanwhile, neighbours
 * together. A hint: errors are those of the reads that follow. Sorts the places.
 */
void block_cache_prefetch(struct block_cache *cache, struct io *io, struct block_place *places, uint32_t count);
/* Memory of others under the cache's bound: so much more, or less. While they have it, blocks have less, but half of
 * the cache at the least. */
void block_cache_charge(struct block_cache *cache, int64_t bytes);
uint64_t block_cache_charged(const struct block_cache *cache);
uint64_t block_cache_bytes_max(const struct block_cache *cache);
/* Forgets the blocks of a pack that is to be removed. */
void block_cache_forget(struct block_cache *cache, uint64_t pack);

struct block_cache_numbers {
    uint64_t bytes;
    uint64_t blocks;
    uint64_t hits;
    uint64_t misses;
};
void block_cache_numbers(struct block_cache *cache, struct block_cache_numbers *out);

#endif
