/*
 * sort_entries.h: an order of entries of rows, and sorting them by it (sort_entries.c).
 *
 * flow     sort_order.c cuts what is to be sorted into pieces; sort_entries puts one in order
 * thread   any, for entries of its own; the ordering is only read
 */
#ifndef QUERY_SORT_ENTRIES_H
#define QUERY_SORT_ENTRIES_H

#include "query/sort.h"

enum word_kind { WORD_NUMBER, WORD_TEXT, WORD_WIDE, WORD_NONE };

struct sort_entries_key {
    const struct plan_sort_key *key;
    const struct type *type;
    enum word_kind kind;
    enum type_kind physical;
    uint64_t flip;         /* descending */
    uint64_t after;        /* of a NULL */
    const void **values;   /* per chunk */
    const uint8_t **nulls; /* per chunk; NULL: none in any */
};

struct sort_ordering {
    const struct plan *plan;
    struct execution *execution;
    const struct arena *arena; /* stands for the query's budget */
    const struct sort_kept *chunks;
    uint32_t chunk_count;
    struct sort_entries_key *keys;
    uint32_t key_count;
};

/* The keys, of the plan and the chunks that are set. */
struct err *sort_ordering_init(struct sort_ordering *ordering, struct arena *arena);
/* Order of two entries by all keys; `user` is the ordering. */
int sort_entries_compare(const void *left, const void *right, void *user);
/* Sets the entries' words to word number `step` of a key. */
struct err *sort_entries_fill(const struct sort_entries_key *key, uint32_t step, struct sort_entry *entries,
                              uint64_t count);
/* Sorts entries, whose words are those of the first key; entries of equal keys keep their order. spare: as long, for
 * the call only. */
struct err *sort_entries(const struct sort_ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                         uint64_t count);

#endif
