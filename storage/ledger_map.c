/*
 * ledger_map.c: open addressing with linear probing; removal shifts the following slots back, so there are no
 * tombstones. Slots of 64 KiB and more are pages.
 */
#include "storage/ledger_map.h"

#include "base/err.h"
#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 16U

static uint64_t key_hash(struct map_key key)
{
    /* multiply-xorshift, after Steele et al., "Fast splittable pseudorandom number generators" (2014) */
    uint64_t hash = key.a * 0x9e3779b97f4a7c15U ^ (key.b + 0x7f4a7c15U) * 0xbf58476d1ce4e5b9U ^
                    (key.c + 0x1ce4e5b9U) * 0x94d049bb133111ebU;

    hash ^= hash >> 30;
    hash *= 0xbf58476d1ce4e5b9U;
    hash ^= hash >> 27;
    hash *= 0x94d049bb133111ebU;
    return hash ^ hash >> 31;
}

static bool key_equal(struct map_key a, struct map_key b)
{
    return a.a == b.a && a.b == b.b && a.c == b.c;
}

static bool slots_alloc(struct map *map)
{
    map->slot_bytes = map->capacity * sizeof *map->slots;
    if (map->slot_bytes < PAGES_BYTES_MIN) {
        map->slots = calloc(map->capacity, sizeof *map->slots);
        return map->slots != NULL;
    }
    map->slots = pages_alloc(map->slot_bytes, &map->slot_bytes);
    if (map->slots != NULL) {
        memset(map->slots, 0, map->capacity * sizeof *map->slots);
    }
    return map->slots != NULL;
}

void map_deinit(struct map *map)
{
    if (map->slot_bytes < PAGES_BYTES_MIN) {
        free(map->slots);
    } else {
        pages_free(map->slots, map->slot_bytes);
    }
    *map = (struct map){0};
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t slot_of(const struct map *map, struct map_key key)
{
    size_t mask = map->capacity - 1;
    size_t at = (size_t)key_hash(key) & mask;

    while (map->slots[at].value != NULL && !key_equal(map->slots[at].key, key)) {
        at = (at + 1) & mask;
    }
    return at;
}

void *map_find(const struct map *map, struct map_key key)
{
    return map->count == 0 ? NULL : map->slots[slot_of(map, key)].value;
}

static bool map_grow(struct map *map)
{
    struct map bigger = {.capacity = map->capacity == 0 ? CAPACITY_MIN : map->capacity * 2, .count = map->count};

    if (!slots_alloc(&bigger)) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].value != NULL) {
            bigger.slots[slot_of(&bigger, map->slots[i].key)] = map->slots[i];
        }
    }
    map_deinit(map);
    *map = bigger;
    return true;
}

bool map_insert(struct map *map, struct map_key key, void *value)
{
    ASSERT(value != NULL);
    if ((map->count + 1) * 4 > map->capacity * 3 && !map_grow(map)) {
        return false;
    }
    size_t at = slot_of(map, key);
    ASSERT(map->slots[at].value == NULL);
    map->slots[at] = (struct map_slot){key, value};
    map->count++;
    return true;
}

void *map_remove(struct map *map, struct map_key key)
{
    if (map->count == 0) {
        return NULL;
    }
    size_t mask = map->capacity - 1;
    size_t hole = slot_of(map, key);
    void *value = map->slots[hole].value;
    if (value == NULL) {
        return NULL;
    }
    for (size_t at = (hole + 1) & mask; map->slots[at].value != NULL; at = (at + 1) & mask) {
        size_t home = (size_t)key_hash(map->slots[at].key) & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) { /* its home is not after the hole */
            map->slots[hole] = map->slots[at];
            hole = at;
        }
    }
    map->slots[hole] = (struct map_slot){0};
    map->count--;
    return value;
}

void *map_next(const struct map *map, size_t *position)
{
    while (*position < map->capacity) {
        void *value = map->slots[(*position)++].value;
        if (value != NULL) {
            return value;
        }
    }
    return NULL;
}
