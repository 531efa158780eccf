/*
 * partial_cache.h: groups and aggregate states of rows that never change, kept from query to query.
 *
 * A run of rows (query/table_source.h, struct source_run) that an aggregation was computed over once need not be read
 * again: what came out is kept under a key that says which rows, which granules of them, and what was computed
 * (query/plan_digest.h). The least recently used leave when there are more than bytes_max.
 * owner    whoever runs queries: a server has one. Entries are counted: they outlive their removal while a query reads.
 * thread   any; an entry is immutable
 */
#ifndef QUERY_PARTIAL_CACHE_H
#define QUERY_PARTIAL_CACHE_H

#include "query/plan_digest.h"
#include "query/table_source.h"

#include <stdatomic.h>

/* One allocation, with everything that it points to. */
struct partial {
    _Atomic uint32_t references;
    uint32_t group_count;
    uint64_t bytes;     /* of the allocation */
    uint64_t row_count; /* that were read for it */
    bool refused;       /* nothing but the knowledge that keeping this aggregation's results does not pay */
    void **keys;        /* per key the values, as in a FLAT column; nested ones as strings (query/nested_key.h) */
    uint8_t **nulls;    /* per key; NULL: none */
    char *states;       /* stride bytes each; a state that is not plain: a slice of its bytes (write_state) */
    /* the cache's own */
    struct partial *next;            /* of its slot */
    struct partial *newer, *older;   /* by use */
    struct partial *before, *behind; /* of its owner */
    struct partial_owner *owner;
    struct digest key;
};

/* Zeroed, with this many bytes in all; one reference. NULL: memory is out. */
struct partial *partial_new(uint64_t bytes);
void partial_unref(const struct partial *partial); /* accepts NULL */

struct partial_cache;
struct partial_cache_numbers {
    uint64_t bytes, entries;
    uint64_t evicted, invalidated;
};

/* NULL: memory is out. */
struct partial_cache *partial_cache_create(uint64_t bytes_max);
void partial_cache_destroy(struct partial_cache *cache); /* accepts NULL */
/* A reference, or NULL: it is not there. */
const struct partial *partial_cache_find(struct partial_cache *cache, struct digest key);
/* Moved; owner: what the rows belong to, whose end ends the entry. */
void partial_cache_add(struct partial_cache *cache, struct digest key, const uint64_t owner[2],
                       struct partial *partial);
/* The owner is gone: its entries too. */
void partial_cache_forget(struct partial_cache *cache, uint64_t owner_high, uint64_t owner_low);
void partial_cache_clear(struct partial_cache *cache);
uint64_t partial_cache_bytes_max(const struct partial_cache *cache);
void partial_cache_numbers(struct partial_cache *cache, struct partial_cache_numbers *out);

#endif
