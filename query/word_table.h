/*
 * word_table.h: keys of 64-bit words as numbers 0, 1, … in the order in which they are first seen.
 *
 * near     keys of one word that lie close together (numbers of users, time buckets) need no hash: an array by their
 *          distance from the smallest has their numbers, and keys in its range are nowhere else.
 * slots    of all other keys: open addressing, at most half full
 * memory   the arena's; arrays double
 * thread   one at a time
 */
#ifndef QUERY_WORD_TABLE_H
#define QUERY_WORD_TABLE_H

#include "base/arena.h"

struct word_table {
    struct arena *arena;
    uint32_t word_count; /* of a key */
    bool spread;         /* near keys are not looked for: keys lie far from one another, or come a few times at most */
    uint64_t *words;     /* word_count a key, by number */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* number + 1; 0: free */
    uint32_t slot_count;
    uint32_t slotted; /* keys in slots */
    uint32_t *near;   /* number + 1, of the words from near_base on */
    uint64_t near_base;
    uint32_t near_words;
    uint32_t near_tried; /* number of keys when a larger one was looked at last */
    uint64_t hashed;     /* rows that were looked up in slots, since it was emptied */
};

/* numbers[i]: of the key at words + i × word_count. */
struct err *words_find(struct word_table *table, const uint64_t *words, uint32_t row_count, uint32_t *numbers);
struct err *words_find_one(struct word_table *table, const uint64_t *words, uint32_t *number);

/* A range of `size` words, a power of two. */
struct word_range {
    uint64_t base;
    uint32_t size; /* 0: there is none */
};
/* The range that all keys lie in as near ones; size 0: some do not. */
struct word_range words_range(const struct word_table *table);
/* Room for so many keys that are not near. */
struct err *words_reserve(struct word_table *table, uint32_t count);
/* Of an empty table: keys in the range will be near ones, and there will be no others. */
struct err *words_expect(struct word_table *table, struct word_range range);
/* Keys in [base, base + size), in order, and their numbers; returns how many. Room for `size` of each. */
uint32_t words_in(const struct word_table *table, struct word_range range, uint64_t *words, uint32_t *numbers);

/* Forgets all keys; keeps the arrays. */
void words_clear(struct word_table *table);
/* The same, and gives the arrays back. */
void words_release(struct word_table *table);

#endif
