/*
 * aggregate_list.h: states that collect values: what aggregate_list.c and aggregate_place.c share.
 *
 * state    values one behind the other, doubling in the states' arena; bytes of strings are copied there. Arrays,
 *          tuples and maps come as strings (aggregate.c, "nested values").
 */
#ifndef QUERY_AGGREGATE_LIST_H
#define QUERY_AGGREGATE_LIST_H

#include "query/aggregates.h"

struct list {
    char *cells;
    uint32_t count;
    uint32_t capacity;
    uint64_t total;  /* rows seen: LAST, SAMPLE */
    uint64_t random; /* SAMPLE: the generator's state */
    uint32_t *slots; /* DISTINCT: index + 1; 0: free. AT: which places are set, one bit each */
    uint32_t slot_count;
    uint32_t unused;
};

struct list_kind {
    int tag;                 /* enum list_tag of aggregate_list.c */
    const struct type *type; /* of values */
    uint64_t limit;          /* UINT64_MAX: none */
    uint64_t seed;
    const void *blank; /* AT: what stands in places without a value */
};

/* Room for so many values. */
struct err *list_room(struct list *list, struct arena *arena, uint32_t width, uint64_t count);
/* Puts a value, or a copy of its bytes, at a place that there is room for. */
struct err *list_set(struct list *list, const struct type *type, struct arena *arena, uint32_t at, const void *value);
/* A parameter that must be a positive number. */
struct err *list_parameter(const struct aggregate_bind *bind, uint32_t index, uint64_t *out);

#endif
