/*
 * intern.h: strings as numbers 0, 1, … in the order in which they are first seen.
 *
 * shape    a hash table of numbers, open addressing, beside arrays of the strings and their hashes
 * thread   one at a time
 */
#ifndef QUERY_INTERN_H
#define QUERY_INTERN_H

#include "base/arena.h"
#include "base/slice.h"

#include <xxhash.h>

/* Hash tables of more slots than this miss the cache: lookups are made in batches, whose misses overlap. */
#define SLOTS_CACHED 4096U
#define BATCH        32U

struct interner {
    struct arena *arena; /* of the arrays */
    struct arena *texts; /* of the entries' bytes; NULL: these are not copied, they outlive the interner */
    struct slice *entries;
    uint64_t *hashes;
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* entry + 1; 0: free */
    uint32_t slot_count;
};

static inline uint64_t text_hash(struct slice text)
{
    return XXH3_64bits(text.length == 0 ? "" : text.data, text.length);
}

/* Room for more after `have` in an array that doubles. */
static inline uint32_t next_room(uint32_t have)
{
    return have == 0 ? 64 : have > UINT32_MAX / 2 ? UINT32_MAX : have * 2;
}

/* A new entry, known not to be there. */
struct err *intern_new(struct interner *interner, struct slice text, uint64_t hash, uint32_t *out);
struct err *intern(struct interner *interner, struct slice text, uint32_t *out);
/* Room for so many. */
struct err *interner_reserve(struct interner *interner, uint32_t count);
/* Many strings: slots, entries and bytes are fetched ahead, a batch at a time, so that misses overlap. */
struct err *intern_texts(struct interner *interner, const struct slice *texts, uint32_t row_count, uint32_t *numbers);

/* Forgets all entries, keeps the arrays; whoever owns `texts` empties it. */
void interner_clear(struct interner *interner);

#endif
