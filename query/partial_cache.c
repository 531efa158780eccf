/*
 * partial_cache.c: a hash table of entries, their order of use, and who owns the rows.
 *
 * locks    cache->lock (LOCK_PARTIAL_CACHE) guards all but the entries' contents, which nobody changes; entries are
 *          freed without it
 */
#include "query/partial_cache.h"

#include "base/lock.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 1024U

/* Whose rows: a segment, a head. */
struct partial_owner {
    struct partial_owner *next;
    uint64_t name[2];
    struct partial *first;
};

struct partial_cache {
    struct lock lock;
    uint64_t bytes_max;
    struct partial **slots; /* a power of two */
    struct partial_owner **owners;
    uint32_t slot_count;
    struct partial *newest, *oldest;
    struct partial_cache_numbers numbers;
};

struct partial *partial_new(uint64_t bytes)
{
    struct partial *partial = calloc(1, bytes);
    if (partial != NULL) {
        atomic_init(&partial->references, 1);
        partial->bytes = bytes;
    }
    return partial;
}

void partial_unref(const struct partial *partial)
{
    struct partial *own = (struct partial *)(uintptr_t)partial;
    if (own != NULL && atomic_fetch_sub_explicit(&own->references, 1, memory_order_acq_rel) == 1) {
        free(own);
    }
}

struct partial_cache *partial_cache_create(uint64_t bytes_max)
{
    struct partial_cache *cache = calloc(1, sizeof(*cache));
    if (cache == NULL) {
        return NULL;
    }
    cache->bytes_max = bytes_max;
    cache->slot_count = SLOTS_MIN;
    cache->slots = calloc(SLOTS_MIN, sizeof(struct partial *));
    cache->owners = calloc(SLOTS_MIN, sizeof(struct partial_owner *));
    if (cache->slots == NULL || cache->owners == NULL) {
        free(cache->slots);
        free(cache->owners);
        free(cache);
        return NULL;
    }
    lock_init(&cache->lock, LOCK_PARTIAL_CACHE);
    return cache;
}

void partial_cache_destroy(struct partial_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    partial_cache_clear(cache);
    lock_deinit(&cache->lock);
    free(cache->slots);
    free(cache->owners);
    free(cache);
}

/* --- under the lock ---------------------------------------------------------------------------------------------- */

static struct partial **slot_of(const struct partial_cache *cache, struct digest key)
{
    struct partial **slot = &cache->slots[key.low & (cache->slot_count - 1)];
    while (*slot != NULL && !digest_equal((*slot)->key, key)) {
        slot = &(*slot)->next;
    }
    return slot;
}

static struct partial_owner **owner_slot(const struct partial_cache *cache, const uint64_t name[2])
{
    uint64_t hash = (name[0] ^ name[1] * 0x9E3779B97F4A7C15ULL) * 0x9E3779B97F4A7C15ULL;
    struct partial_owner **slot = &cache->owners[hash >> 32 & (SLOTS_MIN - 1)];
    while (*slot != NULL && ((*slot)->name[0] != name[0] || (*slot)->name[1] != name[1])) {
        slot = &(*slot)->next;
    }
    return slot;
}

static void use_leave(struct partial_cache *cache, struct partial *partial)
{
    *(partial->newer == NULL ? &cache->newest : &partial->newer->older) = partial->older;
    *(partial->older == NULL ? &cache->oldest : &partial->older->newer) = partial->newer;
}

static void use_enter(struct partial_cache *cache, struct partial *partial)
{
    partial->newer = NULL;
    partial->older = cache->newest;
    *(cache->newest == NULL ? &cache->oldest : &cache->newest->newer) = partial;
    cache->newest = partial;
}

/* Out of all lists, onto the list of those to be freed. */
static void take_out(struct partial_cache *cache, struct partial *partial, struct partial **freed)
{
    *slot_of(cache, partial->key) = partial->next;
    use_leave(cache, partial);
    if (partial->behind != NULL) {
        partial->behind->before = partial->before;
    }
    if (partial->before != NULL) {
        partial->before->behind = partial->behind;
    } else {
        partial->owner->first = partial->behind;
    }
    if (partial->owner->first == NULL) {
        struct partial_owner **slot = owner_slot(cache, partial->owner->name);
        struct partial_owner *owner = *slot;
        ASSERT(owner != NULL);
        *slot = owner->next;
        free(owner);
    }
    cache->numbers.bytes -= partial->bytes;
    cache->numbers.entries--;
    partial->next = *freed;
    *freed = partial;
}

/* Chains stay short; when memory is out they grow. */
static void slots_grow(struct partial_cache *cache)
{
    if (cache->numbers.entries < cache->slot_count || cache->slot_count > UINT32_MAX / 4) {
        return;
    }
    uint32_t count = cache->slot_count * 2;
    struct partial **slots = calloc(count, sizeof(*slots));
    if (slots == NULL) {
        return;
    }
    for (uint32_t s = 0; s < cache->slot_count; s++) {
        for (struct partial *partial = cache->slots[s], *next; partial != NULL; partial = next) {
            next = partial->next;
            partial->next = slots[partial->key.low & (count - 1)];
            slots[partial->key.low & (count - 1)] = partial;
        }
    }
    free(cache->slots);
    cache->slots = slots;
    cache->slot_count = count;
}

/* --- the lock is free -------------------------------------------------------------------------------------------- */

static void free_all(struct partial *freed)
{
    for (struct partial *next; freed != NULL; freed = next) {
        next = freed->next;
        partial_unref(freed);
    }
}

const struct partial *partial_cache_find(struct partial_cache *cache, struct digest key)
{
    lock_take(&cache->lock);
    struct partial *found = *slot_of(cache, key);
    if (found != NULL) {
        atomic_fetch_add_explicit(&found->references, 1, memory_order_relaxed);
        use_leave(cache, found);
        use_enter(cache, found);
    }
    lock_give(&cache->lock);
    return found;
}

void partial_cache_add(struct partial_cache *cache, struct digest key, const uint64_t owner[2], struct partial *partial)
{
    struct partial *freed = NULL;
    struct partial_owner *made = calloc(1, sizeof(*made));
    partial->key = key;
    lock_take(&cache->lock);
    struct partial **slot = slot_of(cache, key);
    if (made == NULL || *slot != NULL || partial->bytes > cache->bytes_max) {
        partial->next = freed; /* another query was faster, or there is no room */
        freed = partial;
    } else {
        struct partial_owner **named = owner_slot(cache, owner);
        if (*named == NULL) {
            made->name[0] = owner[0];
            made->name[1] = owner[1];
            *named = made;
            made = NULL;
        }
        partial->owner = *named;
        partial->before = NULL;
        partial->behind = partial->owner->first;
        if (partial->behind != NULL) {
            partial->behind->before = partial;
        }
        partial->owner->first = partial;
        partial->next = NULL;
        *slot = partial;
        use_enter(cache, partial);
        cache->numbers.bytes += partial->bytes;
        cache->numbers.entries++;
        while (cache->numbers.bytes > cache->bytes_max) {
            take_out(cache, cache->oldest, &freed);
            cache->numbers.evicted++;
        }
        slots_grow(cache);
    }
    lock_give(&cache->lock);
    free(made);
    free_all(freed);
}

void partial_cache_forget(struct partial_cache *cache, uint64_t owner_high, uint64_t owner_low)
{
    struct partial *freed = NULL;
    const uint64_t name[2] = {owner_high, owner_low};
    lock_take(&cache->lock);
    struct partial_owner *owner = *owner_slot(cache, name);
    for (struct partial *partial = owner == NULL ? NULL : owner->first, *behind; partial != NULL; partial = behind) {
        behind = partial->behind; /* the last one takes its owner along */
        take_out(cache, partial, &freed);
        cache->numbers.invalidated++;
    }
    lock_give(&cache->lock);
    free_all(freed);
}

void partial_cache_clear(struct partial_cache *cache)
{
    struct partial *freed = NULL;
    lock_take(&cache->lock);
    while (cache->oldest != NULL) {
        take_out(cache, cache->oldest, &freed);
    }
    lock_give(&cache->lock);
    free_all(freed);
}

uint64_t partial_cache_bytes_max(const struct partial_cache *cache)
{
    return cache->bytes_max;
}

void partial_cache_numbers(struct partial_cache *cache, struct partial_cache_numbers *out)
{
    lock_take(&cache->lock);
    *out = cache->numbers;
    lock_give(&cache->lock);
}
