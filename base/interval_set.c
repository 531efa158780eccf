/*
 * interval_set.c: sorted disjoint intervals in one array.
 */
#include "base/interval_set.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

void interval_set_deinit(struct interval_set *set)
{
    free(set->intervals);
    *set = (struct interval_set){0};
}

/* Index of the first interval that ends at or after value (touching counts). */
static size_t lower(const struct interval_set *set, uint64_t value)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->intervals[middle].end < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool reserve(struct interval_set *set, size_t count)
{
    if (count <= set->capacity) {
        return true;
    }
    size_t capacity = set->capacity == 0 ? 8 : set->capacity * 2;
    struct interval *grown = realloc(set->intervals, capacity * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    set->intervals = grown;
    set->capacity = capacity;
    return true;
}

/* Replaces `old` intervals from index on by `new_count` ones. */
static void replace(struct interval_set *set, size_t index, size_t old, const struct interval *new_intervals,
                    size_t new_count)
{
    memmove(set->intervals + index + new_count, set->intervals + index + old,
            (set->count - index - old) * sizeof(*set->intervals));
    if (new_count > 0) {
        memcpy(set->intervals + index, new_intervals, new_count * sizeof(*new_intervals));
    }
    set->count = set->count - old + new_count;
}

bool interval_set_add(struct interval_set *set, uint64_t begin, uint64_t end)
{
    ASSERT(begin <= end);
    if (begin == end) {
        return true;
    }
    if (!reserve(set, set->count + 1)) {
        return false;
    }
    size_t first = lower(set, begin), last = first;
    struct interval joined = {begin, end};
    while (last < set->count && set->intervals[last].begin <= end) {
        joined.begin = set->intervals[last].begin < joined.begin ? set->intervals[last].begin : joined.begin;
        joined.end = set->intervals[last].end > joined.end ? set->intervals[last].end : joined.end;
        last++;
    }
    replace(set, first, last - first, &joined, 1);
    return true;
}

bool interval_set_remove(struct interval_set *set, uint64_t begin, uint64_t end)
{
    ASSERT(begin <= end);
    if (begin == end || set->count == 0) {
        return true;
    }
    if (!reserve(set, set->count + 1)) {
        return false;
    }
    size_t first = lower(set, begin), last = first;
    if (first < set->count && set->intervals[first].end == begin) {
        first++;
        last++;
    }
    struct interval rest[2];
    size_t rest_count = 0;
    while (last < set->count && set->intervals[last].begin < end) {
        struct interval one = set->intervals[last++];
        if (one.begin < begin) {
            rest[rest_count++] = (struct interval){one.begin, begin};
        }
        if (one.end > end) {
            rest[rest_count++] = (struct interval){end, one.end};
        }
    }
    replace(set, first, last - first, rest, rest_count);
    return true;
}

/* The interval that holds value, or NULL. */
static const struct interval *find(const struct interval_set *set, uint64_t value)
{
    size_t index = lower(set, value);
    if (index < set->count && set->intervals[index].end == value) {
        index++;
    }
    return index < set->count && set->intervals[index].begin <= value ? &set->intervals[index] : NULL;
}

bool interval_set_contains(const struct interval_set *set, uint64_t value)
{
    return find(set, value) != NULL;
}

bool interval_set_covers(const struct interval_set *set, uint64_t begin, uint64_t end)
{
    const struct interval *interval = begin < end ? find(set, begin) : NULL;
    return begin >= end || (interval != NULL && interval->end >= end);
}

bool interval_set_meets(const struct interval_set *set, uint64_t begin, uint64_t end)
{
    if (begin >= end) {
        return false;
    }
    size_t index = lower(set, begin);
    if (index < set->count && set->intervals[index].end == begin) {
        index++;
    }
    return index < set->count && set->intervals[index].begin < end;
}

uint64_t interval_set_first_gap(const struct interval_set *set, uint64_t from)
{
    const struct interval *interval = find(set, from);
    return interval == NULL ? from : interval->end;
}

uint64_t interval_set_size(const struct interval_set *set)
{
    uint64_t size = 0;
    for (size_t k = 0; k < set->count; k++) {
        size += set->intervals[k].end - set->intervals[k].begin;
    }
    return size;
}
