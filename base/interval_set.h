/*
 * interval_set.h: sets of uint64_t kept as sorted, disjoint, not touching half-open intervals [begin, end).
 *
 * A set starts as {0}. Lookups are binary searches; adding and removing move the tail.
 * errors   false: memory is out, the set is unchanged.  thread: one at a time.
 */
#ifndef BASE_INTERVAL_SET_H
#define BASE_INTERVAL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct interval {
    uint64_t begin;
    uint64_t end;
};

struct interval_set {
    struct interval *intervals;
    size_t count;
    size_t capacity;
};

void interval_set_deinit(struct interval_set *set);
bool interval_set_add(struct interval_set *set, uint64_t begin, uint64_t end);    /* begin ≤ end */
bool interval_set_remove(struct interval_set *set, uint64_t begin, uint64_t end); /* begin ≤ end */
bool interval_set_contains(const struct interval_set *set, uint64_t value);
/* Does the set hold all of [begin, end)? */
bool interval_set_covers(const struct interval_set *set, uint64_t begin, uint64_t end);
/* Does the set hold anything of [begin, end)? */
bool interval_set_meets(const struct interval_set *set, uint64_t begin, uint64_t end);
/* The first value ≥ from that is not in the set. */
uint64_t interval_set_first_gap(const struct interval_set *set, uint64_t from);
uint64_t interval_set_size(const struct interval_set *set); /* number of values */

#endif
