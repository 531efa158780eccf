/*
 * ledger_map.h: a hash table from three numbers to a pointer, for the ledger's state: segments by (pack, offset),
 * tables by id, coverage by (table, stream and incarnation, partition).
 *
 * owns     its slots; never what the values point to
 * order    iteration is in no order: sort before anything that must be reproducible
 * thread   one at a time (the ledger's lock)
 */
#ifndef STORAGE_LEDGER_MAP_H
#define STORAGE_LEDGER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_key {
    uint64_t a, b, c;
};

struct map_slot {
    struct map_key key;
    void *value; /* NULL: empty */
};

struct map {
    struct map_slot *slots; /* power of two, or NULL */
    size_t capacity;
    size_t count;
    size_t slot_bytes; /* as the slots were allocated */
};

void map_deinit(struct map *map);
void *map_find(const struct map *map, struct map_key key); /* NULL: none */
/* The key must be new, the value not NULL. False: memory is out. */
bool map_insert(struct map *map, struct map_key key, void *value);
/* What was there; NULL: nothing. */
void *map_remove(struct map *map, struct map_key key);
/* All values; start with *position = 0; NULL at the end. Do not change the map meanwhile. */
void *map_next(const struct map *map, size_t *position);

#endif
