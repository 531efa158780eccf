/*
 * number_ranges.h: a set of numbers of one type as ranges: what conditions such as x BETWEEN 1 AND 5, x != 3 and
 * x IN (1, 7) leave over.
 *
 * A number is what `number_order` makes of it: 64 bits, unsigned, in the type's order. Ranges ascend, have both ends,
 * do not meet, and lie within the type's values.
 * thread   any: pure functions; memory is the arena's
 */
#ifndef STORAGE_NUMBER_RANGES_H
#define STORAGE_NUMBER_RANGES_H

#include "base/arena.h"
#include "storage/type.h"

#include <stdbool.h>
#include <stdint.h>

struct number_range {
    uint64_t low, high; /* both belong to it */
};

struct number_ranges {
    uint32_t count;
    struct number_range *ranges;
};

/* Types whose values these can be: whole numbers of up to 64 bits, and what is stored as such. */
bool number_ranges_suit(const struct type *type);
/* A value of such a type, as in a flat column; and of its lowest bytes, as many as the type is wide. */
uint64_t number_order(const struct type *type, const void *value);
uint64_t number_order_of_bits(const struct type *type, uint64_t bits);
/* The lowest bytes of a value, from its place in the order. */
uint64_t number_bits(const struct type *type, uint64_t order);
/* The least and the greatest value. */
struct number_range number_range_of_type(const struct type *type);

/* What is in both; what of the type is not in it. NULL: memory. */
struct number_ranges *number_ranges_meet(struct arena *arena, const struct number_ranges *a,
                                         const struct number_ranges *b);
struct number_ranges *number_ranges_others(struct arena *arena, const struct type *type,
                                           const struct number_ranges *ranges);
bool number_ranges_have(const struct number_ranges *ranges, uint64_t order);

#endif
