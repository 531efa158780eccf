/*
 * block_cache.c: a hash table of reference-counted blocks in shards, with the clock (second-chance) rule.
 *
 * A cached block holds one reference for the table, one per pin. An entry taken out of the table lives on until its
 * last pin goes.
 *
 * locks   LOCK_BLOCK_CACHE, one per shard
 */
#include "storage/block_cache.h"

#include "base/checksum.h"
#include "base/lock.h"
#include "base/pages.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SHARDS        16U
#define BUCKETS_FIRST 256U
#define PREFETCH_GAP  (16U << 10) /* reading such a gap takes no longer than another request */

struct block {
    struct block *next; /* of its bucket */
    struct block *clock_next;
    struct block *clock_before;
    uint64_t pack;
    uint64_t offset;
    _Atomic uint32_t references;
    atomic_bool used; /* since the hand came by */
    uint32_t bytes;
    size_t pages; /* size for pages_free; 0: malloc */
    char *data;
};

struct shard {
    struct lock lock;
    struct block **buckets;
    size_t bucket_count;
    size_t block_count;
    uint64_t bytes;
    struct block *hand;
    uint64_t hits;
    uint64_t misses;
};

struct block_cache {
    uint64_t bytes_max;
    uint64_t shard_bytes_max;
    _Atomic int64_t charged;
    struct shard shards[SHARDS];
};

static uint64_t hash_name(uint64_t pack, uint64_t offset)
{
    uint64_t name[2] = {pack, offset};
    return checksum(name, sizeof(name));
}

struct block_cache *block_cache_create(uint64_t bytes_max)
{
    struct block_cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        return NULL;
    }
    cache->bytes_max = bytes_max;
    cache->shard_bytes_max = bytes_max / SHARDS;
    for (size_t k = 0; k < SHARDS; k++) {
        struct shard *shard = &cache->shards[k];
        lock_init(&shard->lock, LOCK_BLOCK_CACHE);
        shard->bucket_count = BUCKETS_FIRST;
        shard->buckets = calloc(BUCKETS_FIRST, sizeof(struct block *));
        if (shard->buckets == NULL) {
            for (size_t i = 0; i <= k; i++) {
                lock_deinit(&cache->shards[i].lock);
                free(cache->shards[i].buckets);
            }
            free(cache);
            return NULL;
        }
    }
    return cache;
}

static struct block *block_create(uint32_t bytes)
{
    struct block *block = calloc(1, sizeof(*block));
    if (block == NULL) {
        return NULL;
    }
    block->bytes = bytes;
    atomic_init(&block->references, 1);
    block->data = bytes >= PAGES_BYTES_MIN ? pages_alloc(bytes, &block->pages) : malloc(bytes == 0 ? 1 : bytes);
    if (block->data == NULL) {
        free(block);
        return NULL;
    }
    return block;
}

static void block_unref(void *object)
{
    struct block *block = object;
    if (atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1) {
        if (block->pages > 0) {
            pages_free(block->data, block->pages);
        } else {
            free(block->data);
        }
        free(block);
    }
}

/* Takes the block out of bucket and ring; the caller gives up the table's reference after the lock. */
static void unlink_block(struct shard *shard, struct block *block)
{
    struct block **link = &shard->buckets[hash_name(block->pack, block->offset) / SHARDS % shard->bucket_count];
    while (*link != block) {
        link = &(*link)->next;
    }
    *link = block->next;
    if (block->clock_next == block) {
        shard->hand = NULL;
    } else {
        block->clock_next->clock_before = block->clock_before;
        block->clock_before->clock_next = block->clock_next;
        if (shard->hand == block) {
            shard->hand = block->clock_next;
        }
    }
    shard->bytes -= block->bytes;
    shard->block_count--;
}

void block_cache_destroy(struct block_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    for (size_t k = 0; k < SHARDS; k++) {
        struct shard *shard = &cache->shards[k];
        while (shard->hand != NULL) {
            struct block *block = shard->hand;
            ASSERT(atomic_load(&block->references) == 1);
            unlink_block(shard, block);
            block_unref(block);
        }
        lock_deinit(&shard->lock);
        free(shard->buckets);
    }
    free(cache);
}

static struct block *find(struct shard *shard, uint64_t hash, uint64_t pack, uint64_t offset)
{
    struct block *block = shard->buckets[hash / SHARDS % shard->bucket_count];
    while (block != NULL && (block->pack != pack || block->offset != offset)) {
        block = block->next;
    }
    return block;
}

static void grow(struct shard *shard)
{
    size_t count = shard->bucket_count * 2;
    struct block **buckets = calloc(count, sizeof(*buckets));
    if (buckets == NULL) {
        return; /* longer chains */
    }
    for (size_t k = 0; k < shard->bucket_count; k++) {
        while (shard->buckets[k] != NULL) {
            struct block *block = shard->buckets[k];
            shard->buckets[k] = block->next;
            struct block **bucket = &buckets[hash_name(block->pack, block->offset) / SHARDS % count];
            block->next = *bucket;
            *bucket = block;
        }
    }
    free(shard->buckets);
    shard->buckets = buckets;
    shard->bucket_count = count;
}

void block_cache_charge(struct block_cache *cache, int64_t bytes)
{
    (void)atomic_fetch_add_explicit(&cache->charged, bytes, memory_order_relaxed);
}

uint64_t block_cache_charged(const struct block_cache *cache)
{
    int64_t charged = atomic_load_explicit(&cache->charged, memory_order_relaxed);
    return charged < 0 ? 0 : (uint64_t)charged;
}

uint64_t block_cache_bytes_max(const struct block_cache *cache)
{
    return cache->bytes_max;
}

/* What the blocks of a shard may take. */
static uint64_t room(const struct block_cache *cache)
{
    uint64_t charged = block_cache_charged(cache) / SHARDS, half = cache->shard_bytes_max / 2;
    return cache->shard_bytes_max - (charged < half ? charged : half);
}

/* Puts a block in, or gives back the one that somebody else put in meanwhile. */
static struct block *insert(struct block_cache *cache, struct shard *shard, uint64_t hash, struct block *block)
{
    struct block *gone = NULL;
    lock_take(&shard->lock);
    struct block *other = find(shard, hash, block->pack, block->offset);
    if (other != NULL) {
        atomic_fetch_add(&other->references, 1);
        lock_give(&shard->lock);
        block_unref(block);
        return other;
    }
    uint64_t bytes_max = room(cache);
    while (shard->hand != NULL && shard->bytes + block->bytes > bytes_max) {
        struct block *candidate = shard->hand;
        if (atomic_exchange(&candidate->used, false)) {
            shard->hand = candidate->clock_next;
            continue;
        }
        unlink_block(shard, candidate);
        candidate->next = gone;
        gone = candidate;
    }
    if (shard->block_count > shard->bucket_count * 2) {
        grow(shard);
    }
    struct block **bucket = &shard->buckets[hash / SHARDS % shard->bucket_count];
    block->next = *bucket;
    *bucket = block;
    if (shard->hand == NULL) {
        block->clock_next = block->clock_before = block;
        shard->hand = block;
    } else {
        block->clock_next = shard->hand;
        block->clock_before = shard->hand->clock_before;
        block->clock_before->clock_next = block;
        shard->hand->clock_before = block;
    }
    shard->bytes += block->bytes;
    shard->block_count++;
    atomic_fetch_add(&block->references, 1);
    lock_give(&shard->lock);
    while (gone != NULL) {
        struct block *next = gone->next;
        block_unref(gone);
        gone = next;
    }
    return block;
}

static struct err *load(struct io *io, const struct block_place *place, struct block *block)
{
    struct io_file *file = NULL;
    struct err *err = io_open(io, place->path, IO_READ, &file);
    if (err == NULL) {
        err = io_read(file, place->offset, block->data, place->bytes);
        io_close(file);
    }
    if (err == NULL && checksum(block->data, place->bytes) != place->checksum) {
        err = err_new(ERR_CORRUPT, "\"%s/%s\": the %u bytes at byte %llu do not fit their checksum", io->root,
                      place->path, place->bytes, (unsigned long long)place->offset);
    }
    return err;
}

struct err *block_cache_read(struct block_cache *cache, struct io *io, const struct block_place *place,
                             struct arena *arena, struct slice *out)
{
    uint64_t hash = hash_name(place->pack, place->offset);
    struct shard *shard = &cache->shards[hash % SHARDS];
    lock_take(&shard->lock);
    struct block *block = find(shard, hash, place->pack, place->offset);
    if (block != NULL && block->bytes == place->bytes) {
        atomic_fetch_add(&block->references, 1);
        atomic_store_explicit(&block->used, true, memory_order_relaxed);
        shard->hits++;
    } else {
        block = NULL;
        shard->misses++;
    }
    lock_give(&shard->lock);
    if (block == NULL) {
        block = block_create(place->bytes);
        if (block == NULL) {
            return err_oom();
        }
        block->pack = place->pack;
        block->offset = place->offset;
        struct err *err = load(io, place, block);
        if (err != NULL) {
            block_unref(block);
            return err;
        }
        if (place->bytes <= cache->shard_bytes_max / 8) {
            block = insert(cache, shard, hash, block);
        }
    }
    if (!arena_on_destroy(arena, block_unref, block)) {
        block_unref(block);
        return arena_error(arena);
    }
    *out = slice_of(block->data, block->bytes);
    return NULL;
}

static bool is_kept(struct block_cache *cache, const struct block_place *place)
{
    uint64_t hash = hash_name(place->pack, place->offset);
    struct shard *shard = &cache->shards[hash % SHARDS];
    lock_take(&shard->lock);
    bool kept = find(shard, hash, place->pack, place->offset) != NULL;
    lock_give(&shard->lock);
    return kept;
}

static int by_offset(const void *left, const void *right)
{
    const struct block_place *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

void block_cache_prefetch(struct block_cache *cache, struct io *io, struct block_place *places, uint32_t count)
{
    struct io_file *file = NULL;
    uint32_t wanted = 0;
    for (uint32_t k = 0; k < count; k++) {
        if (!is_kept(cache, &places[k])) {
            places[wanted++] = places[k];
        }
    }
    if (wanted == 0) {
        return;
    }
    qsort(places, wanted, sizeof(*places), by_offset);
    struct err *err = io_open(io, places[0].path, IO_READ, &file);
    if (err != NULL) {
        err_free(err);
        return;
    }
    for (uint32_t k = 0; k < wanted;) {
        uint64_t begin = places[k].offset, end = begin;
        for (; k < wanted && places[k].offset <= end + PREFETCH_GAP; k++) {
            uint64_t after = places[k].offset + places[k].bytes;
            end = after > end ? after : end;
        }
        io_prefetch(file, begin, end - begin);
    }
    io_close(file);
}

void block_cache_forget(struct block_cache *cache, uint64_t pack)
{
    for (size_t k = 0; k < SHARDS; k++) {
        struct shard *shard = &cache->shards[k];
        struct block *gone = NULL;
        lock_take(&shard->lock);
        for (size_t bucket = 0; bucket < shard->bucket_count; bucket++) {
            struct block *block = shard->buckets[bucket];
            while (block != NULL) {
                struct block *next = block->next;
                if (block->pack == pack) {
                    unlink_block(shard, block);
                    block->next = gone;
                    gone = block;
                }
                block = next;
            }
        }
        lock_give(&shard->lock);
        while (gone != NULL) {
            struct block *next = gone->next;
            block_unref(gone);
            gone = next;
        }
    }
}

void block_cache_numbers(struct block_cache *cache, struct block_cache_numbers *out)
{
    *out = (struct block_cache_numbers){0};
    for (size_t k = 0; k < SHARDS; k++) {
        struct shard *shard = &cache->shards[k];
        lock_take(&shard->lock);
        out->bytes += shard->bytes;
        out->blocks += shard->block_count;
        out->hits += shard->hits;
        out->misses += shard->misses;
        lock_give(&shard->lock);
    }
}
